"""First tries at the exercises of lesson 11, and words that the answer of check must hold."""

# Each is (name of the exercise, what a beginner types, the words).
TRIES = [
    (
        "linear_loop",
        """
def linear_loop(f, b, h_prev):
    h = np.zeros_like(b)
    for t in range(len(b)):
        h[t] = f[t] * h[t - 1] + b[t]
    return h
""",
        ("h_prev",),
    ),
    (
        "linear_loop",
        """
def linear_loop(f, b, h_prev):
    for t in range(len(b)):
        h = f[t] * h_prev + b[t]
        h_prev = h
    return h
""",
        ("the last state alone",),
    ),
    (
        "linear_loop",
        """
def linear_loop(f, b, h_prev):
    return f * h_prev + b
""",
        ("Each step starts from the state before the first one",),
    ),
    (
        "scan",
        """
def scan(f, b, h_prev):
    F = np.cumprod(f, axis=0)
    return F * h_prev + F * np.cumsum(b / F, axis=0)
""",
        ("0 / 0",),
    ),
    (
        "scan",
        """
def scan(f, b, h_prev):
    F, S = f.copy(), b.copy()
    S[0] += F[0] * h_prev
    n = 1
    while n < len(f):
        F[n:] *= F[:-n]
        S[n:] += F[n:] * S[:-n]
        n *= 2
    return S
""",
        ("F is joined before S is",),
    ),
    (
        "scan",
        """
def scan(f, b, h_prev):
    b[0] += f[0] * h_prev
    n = 1
    while n < len(f):
        b[n:] += f[n:] * b[:-n]
        f[n:] *= f[:-n]
        n *= 2
    return b
""",
        ("still needs",),
    ),
    (
        "scan",
        """
def scan(f, b, h_prev):
    F, S = f.copy(), b.copy()
    n = 1
    while n < len(f):
        S[n:] = F[n:] * S[:-n] + S[n:]
        F[n:] = F[n:] * F[:-n]
        n *= 2
    return S
""",
        ("The state before the first step is left out",),
    ),
    (
        "scan_backward",
        """
def scan_backward(dh_from_output, f, hidden):
    db = np.zeros_like(f)
    g = 0
    for t in reversed(range(len(f))):
        g = dh_from_output[t] + f[t] * g
        db[t] = g
    return db * hidden[:-1], db
""",
        ("Which gate did that state pass",),
    ),
    (
        "scan_backward",
        """
def scan_backward(dh_from_output, f, hidden):
    df, db = np.zeros_like(f), np.zeros_like(f)
    g = np.zeros(f.shape[1])
    for t in reversed(range(len(f))):
        g = dh_from_output[t] + g
        db[t] = g
        df[t] = g * hidden[t + 1]
        g = f[t] * g
    return df, db
""",
        ("Which state did the gate multiply",),
    ),
    (
        "scan_backward",
        """
def scan_backward(dh_from_output, f, hidden):
    db = dh_from_output
    df = dh_from_output * hidden[:-1]
    return df, db
""",
        ("Nothing is carried",),
    ),
    (
        "as_matrix",
        """
def as_matrix(f):
    T = len(f)
    M = np.zeros((T, T))
    for t in range(T):
        for k in range(t + 1):
            M[t, k] = np.prod(f[k:t])
    return M
""",
        ("The gates are those from step k",),
    ),
    (
        "as_matrix",
        """
def as_matrix(f):
    M = np.zeros((len(f), len(f)))
    for t in range(len(f)):
        for k in range(t):
            M[t, k] = np.prod(f[k + 1:t + 1])
    return M
""",
        ("The diagonal is zero",),
    ),
    (
        "as_matrix",
        """
def as_matrix(f):
    c = np.cumsum(np.log(f))
    return np.tril(np.exp(c[:, None] - c[None, :]))
""",
        ("A gate of 0 makes that 0 / 0",),
    ),
    (
        "attention_backward",
        """
def attention_backward(do, q, k, v, weights):
    dv = weights.T @ do
    dw = do @ v.T
    ds = weights * (1 - weights) * dw / np.sqrt(q.shape[1])
    return ds @ k, ds.T @ q, dv
""",
        ("counts only its own score",),
    ),
    (
        "attention_backward",
        """
def attention_backward(do, q, k, v, weights):
    dv = weights @ do
    dw = do @ v.T
    ds = weights * (dw - (weights * dw).sum(axis=1, keepdims=True)) / np.sqrt(q.shape[1])
    return ds @ k, ds.T @ q, dv
""",
        ("dv is wrong", "down a column"),
    ),
    (
        "attention_backward",
        """
def attention_backward(do, q, k, v, weights):
    dv = weights.T @ do
    dw = do @ v.T
    ds = weights * (dw - (weights * dw).sum(axis=1)) / np.sqrt(q.shape[1])
    return ds @ k, ds.T @ q, dv
""",
        ("`(weights * dw).sum(axis=1)`: which shape",),
    ),
]
