"""First tries at the exercises of lesson 09, and words that the answer of check must hold."""

# Each is (name of the exercise, what a beginner types, the words).
TRIES = [
    (
        "leaky_backward",
        """
def leaky_backward(dh, n, parameters, keep):
    da = (1 - keep) * dh * (1 - n**2)
    return da
""",
        ("That is da alone",),
    ),
    (
        "leaky_backward",
        """
def leaky_backward(dh, n, parameters, keep):
    da = tanh_backward(dh, n)
    dh_prev = parameters.W_hh.T @ da
    return da, dh_prev
""",
        ("keep is not used",),
    ),
    (
        "leaky_backward",
        """
def leaky_backward(dh, n, parameters, keep):
    da = tanh_backward((1 - keep) * dh, n)
    dh_prev = parameters.W_hh @ da + keep * dh
    return da, dh_prev
""",
        ("going back turns the matrix around",),
    ),
    (
        "leaky_backward",
        """
def leaky_backward(dh, n, parameters, keep):
    da = dh * (1 - n**2)
    dh_prev = keep * dh + (1 - keep) * parameters.W_hh.T @ da
    return da, dh_prev
""",
        ("where is its share in da",),
    ),
    (
        "leaky_backward",
        """
def leaky_backward(dh, n, parameters, keep):
    da = (1 - keep) * (1 - n**2)
    dh_prev = keep + parameters.W_hh.T @ da
    return da, dh_prev
""",
        ("do not use dh",),
    ),
    (
        "leaky_backward",
        """
def leaky_backward(dh, n, parameters, keep):
    h = np.tanh(n)
    da = dh * (1 - h**2) * (1 - keep)
    return da, keep * dh
""",
        ("tanh is taken of n again",),
    ),
    (
        "leaky_backward",
        """
def leaky_backward(dh, n, parameters, keep):
    da = (1 - keep) * dh * (1 - n**2)
    dh_prev = keep * n + parameters.W_hh.T @ da
    return da, dh_prev
""",
        ("look at `n`",),
    ),
    (
        "leaky_backward",
        """
def leaky_backward(dh, n, parameters, keep):
    da = dh * (1 - keep) * (1 - n**2)
    dh_prev = np.outer(da, n)
    return da, dh_prev
""",
        ("dh_prev is an array of shape (H, H)", "does not use W_hh"),
    ),
    (
        "leaky_backward",
        """
def leaky_backward(dh, n, parameters, keep):
    dn = dh * (1 - keep)
    da = dn * n
    return da, keep * dh + parameters.W_hh.T @ da
""",
        ("look at `n`",),
    ),
    (
        "flip_flop",
        """
def flip_flop(pairs, rng):
    text = ""
    for k in range(pairs):
        instruction = rng.choice(["w", "i", "r"])
        letter = rng.choice(list("abcdefgh"))
        text += instruction + letter
    return text
""",
        ("The first pair must write", "whatever the random numbers are"),
    ),
    (
        "flip_flop",
        """
def flip_flop(pairs, rng):
    text = ""
    for k in range(pairs):
        u, v = rng.random(), rng.random()
        if u < 0.8:
            ins = "i"
        elif u < 0.9:
            ins = "w"
        else:
            ins = "r"
        text += ins + "abcdefgh"[int(8 * v)]
    return text
""",
        ("The first pair must write",),
    ),
    (
        "flip_flop",
        """
def flip_flop(pairs, rng):
    result = []
    last = "a"
    for k in range(pairs):
        u, v = rng.random(2)
        letter = "abcdefgh"[int(v * 8)]
        if k == 0:
            result.append("w" + letter)
            last = letter
        elif k == pairs - 1:
            result.append("r" + last)
        elif u < 0.8:
            result.append("i" + letter)
        elif u < 0.9:
            result.append("w" + letter)
        else:
            result.append("r" + last)
    return "".join(result)
""",
        ("A later w replaces it",),
    ),
    (
        "flip_flop",
        """
def flip_flop(pairs, rng):
    u = rng.random(pairs)
    v = rng.random(pairs)
    text = ""
    for k in range(pairs):
        if k == 0 or 0.8 <= u[k] < 0.9:
            memory = "abcdefgh"[int(v[k] * 8)]
            text += "w" + memory
        elif k == pairs - 1 or u[k] >= 0.9:
            text += "r" + memory
        else:
            text += "i" + "abcdefgh"[int(v[k] * 8)]
    return text
""",
        ("what does each pair draw",),
    ),
    (
        "flip_flop",
        """
def flip_flop(pairs, rng):
    text = "w"
    memory = "abcdefgh"[int(rng.random() * 8)]
    text += memory
    for k in range(pairs - 2):
        u, v = rng.random(2)
        letter = "abcdefgh"[int(v * 8)]
        if u < 0.8:
            text += "i" + letter
        elif u < 0.9:
            text += "w" + letter
            memory = letter
        else:
            text += "r" + memory
    return text + "r" + memory
""",
        ("out of step", "first and the last pair draw two"),
    ),
    (
        "flip_flop",
        """
def flip_flop(pairs, rng):
    text = ""
    for k in range(pairs):
        u = rng.random()
        if k == 0 or (k < pairs - 1 and 0.8 <= u < 0.9):
            memory = "abcdefgh"[int(rng.random() * 8)]
            text += "w" + memory
        elif k == pairs - 1 or u >= 0.9:
            text += "r" + memory
        else:
            text += "i" + "abcdefgh"[int(rng.random() * 8)]
    return text
""",
        ("out of step", "also where it needs only one"),
    ),
    (
        "flip_flop",
        """
def flip_flop(pairs, rng):
    letters = "abcdefgh"
    out = []
    for k in range(pairs):
        u, v = rng.random(2)
        ins = "i" if u < 0.8 else "w" if u < 0.9 else "r"
        if k == 0:
            ins = "w"
        if k == pairs - 1:
            ins = "r"
        letter = letters[int(8 * v)]
        if ins == "w":
            mem = letter
        elif ins == "r":
            letter = mem
        out.append(ins)
        out.append(letter)
    return out
""",
        ("put its pieces together",),
    ),
    (
        "flip_flop",
        """
def flip_flop(pairs, rng):
    letters = "abcdefgh"
    text = ""
    for k in range(pairs):
        u, v = rng.random(2)
        ins = "i" if u < 0.8 else "w" if u < 0.9 else "r"
        if k == 0:
            ins = "w"
        if k == pairs - 1:
            ins = "r"
        letter = letters[round(8 * v)]
        if ins == "w":
            mem = letter
        elif ins == "r":
            letter = mem
        text += ins + letter
    return text
""",
        ("A text has no character at that place",),
    ),
    (
        "flip_flop",
        """
def flip_flop(pairs, rng):
    text = ""
    for k in range(pairs):
        u, v = rng.random(2)
        letter = "abcdefgh"[8 * v]
        text += "i" + letter
    return text
""",
        ("`int()` cuts off",),
    ),
    (
        "gru_step",
        """
def gru_step(char_id, h_prev, parameters):
    p = parameters
    r = sigmoid(p.W_xr[:, char_id] + p.W_hr @ h_prev + p.b_r)
    z = sigmoid(p.W_xz[:, char_id] + p.W_hz @ h_prev + p.b_z)
    n = np.tanh(p.W_xn[:, char_id] + r * (p.W_hn @ h_prev) + p.b_n)
    h = z * h_prev + (1 - z) * n
    return h, r, z, n
""",
        ("before the matrix mixes",),
    ),
    (
        "gru_step",
        """
def gru_step(char_id, h_prev, parameters):
    p = parameters
    r = sigmoid(p.W_xr @ char_id + p.W_hr @ h_prev + p.b_r)
    z = sigmoid(p.W_xz @ char_id + p.W_hz @ h_prev + p.b_z)
    n = np.tanh(p.W_xn @ char_id + p.W_hn @ (r * h_prev) + p.b_n)
    return z * h_prev + (1 - z) * n, r, z, n
""",
        ("An id is no array",),
    ),
    (
        "gru_step",
        """
def gru_step(char_id, h_prev, parameters):
    p = parameters
    r = sigmoid(p.W_xr * char_id + p.W_hr @ h_prev + p.b_r)
    z = sigmoid(p.W_xz * char_id + p.W_hz @ h_prev + p.b_z)
    n = np.tanh(p.W_xn * char_id + p.W_hn @ (r * h_prev) + p.b_n)
    return z * h_prev + (1 - z) * n, r, z, n
""",
        ("which product adds up along a row",),
    ),
    (
        "gru_step",
        """
def gru_step(char_id, h_prev, parameters):
    p = parameters
    r = sigmoid(p.W_xr[:, char_id] + p.W_hr @ h_prev + p.b_r)
    z = sigmoid(p.W_xz[:, char_id] + p.W_hz @ h_prev + p.b_z)
    n = np.tanh(p.W_xn[:, char_id] + p.W_hn @ r * h_prev + p.b_n)
    return z * h_prev + (1 - z) * n, r, z, n
""",
        ("what is done first",),
    ),
    (
        "gru_step",
        """
def gru_step(char_id, h_prev, parameters):
    p = parameters
    r = sigmoid(p.W_xr[:, char_id] + p.W_hr @ h_prev + p.b_r)
    z = sigmoid(p.W_xz[:, char_id] + p.W_hz @ h_prev + p.b_z)
    n = np.tanh(p.W_xn[:, char_id] + p.W_hn @ (r * h_prev) + p.b_n)
    return (1 - z) * h_prev + z * n, r, z, n
""",
        ("changed places in h",),
    ),
    (
        "gru_step",
        """
def gru_step(char_id, h_prev, parameters):
    p = parameters
    r = sigmoid(p.W_xr[:, char_id] + p.W_hr @ h_prev + p.b_r)
    z = sigmoid(p.W_xz[:, char_id] + p.W_hz @ h_prev + p.b_z)
    n = np.tanh(p.W_xn[:, char_id] + p.W_hn @ (r * h_prev) + p.b_n)
    h = z @ h_prev + (1 - z) @ n
    return h, r, z, n
""",
        ("h is one number", "entry by entry"),
    ),
    (
        "gru_step",
        """
def gru_step(char_id, h_prev, parameters):
    p = parameters
    r = 1 / (1 + np.exp(p.W_xr[:, char_id] + p.W_hr @ h_prev + p.b_r))
    z = 1 / (1 + np.exp(p.W_xz[:, char_id] + p.W_hz @ h_prev + p.b_z))
    n = np.tanh(p.W_xn[:, char_id] + p.W_hn @ (r * h_prev) + p.b_n)
    h = z * h_prev + (1 - z) * n
    return h, r, z, n
""",
        ("which sign",),
    ),
    (
        "gru_step",
        """
def gru_step(char_id, h_prev, parameters):
    p = parameters
    r = softmax(p.W_xr[:, char_id] + p.W_hr @ h_prev + p.b_r)
    z = softmax(p.W_xz[:, char_id] + p.W_hz @ h_prev + p.b_z)
    n = np.tanh(p.W_xn[:, char_id] + p.W_hn @ (r * h_prev) + p.b_n)
    h = z * h_prev + (1 - z) * n
    return h, r, z, n
""",
        ("share one opening",),
    ),
    (
        "gru_step",
        """
def gru_step(char_id, h_prev, parameters):
    p = parameters
    h_prev = r * h_prev
    n = np.tanh(p.W_xn[:, char_id] + p.W_hn @ h_prev + p.b_n)
    r = sigmoid(p.W_xr[:, char_id] + p.W_hr @ h_prev + p.b_r)
    z = sigmoid(p.W_xz[:, char_id] + p.W_hz @ h_prev + p.b_z)
    return z * h_prev + (1 - z) * n, r, z, n
""",
        ("no value yet at that point",),
    ),
    (
        "gru_step",
        """
def gru_step(char_id, h_prev, parameters):
    p = parameters
    r = sigmoid(p.W_xr[:, char_id] + p.W_hr @ h_prev + p.b_r)
    h_prev *= r
    z = sigmoid(p.W_xz[:, char_id] + p.W_hz @ h_prev + p.b_z)
    n = np.tanh(p.W_xn[:, char_id] + p.W_hn @ h_prev + p.b_n)
    return z * h_prev + (1 - z) * n, r, z, n
""",
        ("changes its argument h_prev in place", "which z, h and the caller still need"),
    ),
    (
        "gru_step_backward",
        """
def gru_step_backward(dh, h_prev, r, z, n, parameters):
    dn = dh * (1 - z)
    dz = dh * (h_prev - n)
    da_n = dn * (1 - n**2)
    da_z = dz * z * (1 - z)
    dr = (parameters.W_hn.T @ da_n) * h_prev
    da_r = dr * r * (1 - r)
    dh_prev = dh * z
    return da_r, da_z, da_n, dh_prev
""",
        ("has the straight way alone",),
    ),
    (
        "gru_step_backward",
        """
def gru_step_backward(dh, h_prev, r, z, n, parameters):
    dn = dh * (1 - z)
    dz = dh * h_prev - n
    da_n = dn * (1 - n**2)
    da_z = dz * z * (1 - z)
    dr = (parameters.W_hn.T @ da_n) * h_prev
    da_r = dr * r * (1 - r)
    dh_prev = dh * z + parameters.W_hn.T @ (da_n * r) + parameters.W_hr.T @ da_r + parameters.W_hz.T @ da_z
    return da_r, da_z, da_n, dh_prev
""",
        ("difference of old and new needs",),
    ),
    (
        "gru_step_backward",
        """
def gru_step_backward(dh, h_prev, r, z, n, parameters):
    da_n = dh * (1 - z) * (1 - n**2)
    da_z = dh * (h_prev - n) * z * (1 - z)
    dr = (parameters.W_hn.T @ da_n) * h_prev
    da_r = dr * r * (1 - r)
    dh_prev = dh * z + parameters.W_hn.T @ (da_n * r) + parameters.W_hr.T @ da_r + parameters.W_hz.T @ da_z
    return da_r, da_z, da_n, dh_prev
""",
        ("wrong side of W_hn",),
    ),
    (
        "gru_step_backward",
        """
def gru_step_backward(dh, h_prev, r, z, n, parameters):
    da_n = tanh_backward(dh * (1 - z), n)
    da_z = dh * (h_prev - n) * sigmoid(z) * (1 - sigmoid(z))
    drh = parameters.W_hn.T @ da_n
    da_r = drh * h_prev * sigmoid(r) * (1 - sigmoid(r))
    dh_prev = dh * z + drh * r + parameters.W_hr.T @ da_r + parameters.W_hz.T @ da_z
    return da_r, da_z, da_n, dh_prev
""",
        ("gone through it already",),
    ),
    (
        "gru_step_backward",
        """
def gru_step_backward(dh, h_prev, r, z, n, parameters):
    da_n = dh * (1 - z) * (1 - n**2)
    da_z = dh * (n - h_prev) * z * (1 - z)
    drh = parameters.W_hn.T @ da_n
    da_r = drh * h_prev * r * (1 - r)
    dh_prev = dh * z + drh * r + parameters.W_hr.T @ da_r + parameters.W_hz.T @ da_z
    return da_r, da_z, da_n, dh_prev
""",
        ("does h move to the old state or to n",),
    ),
    (
        "gru_step_backward",
        """
def gru_step_backward(dh, h_prev, r, z, n, parameters):
    da_n = dh * (1 - z) * (1 - n**2)
    da_z = dh * (h_prev - n) * z * (1 - z)
    drh = parameters.W_hn @ da_n
    da_r = drh * h_prev * r * (1 - r)
    dh_prev = dh * z + drh * r + parameters.W_hr @ da_r + parameters.W_hz @ da_z
    return da_r, da_z, da_n, dh_prev
""",
        ("it must be turned around",),
    ),
    (
        "gru_step_backward",
        """
def gru_step_backward(dh, h_prev, r, z, n, parameters):
    dn = dh * (1 - z)
    dz = dh * (h_prev - n)
    dr = parameters.W_hn.T @ dn * h_prev
    da_n = dn * (1 - n**2)
    da_z = dz * z * (1 - z)
    da_r = dr * r * (1 - r)
    dh_prev = dh * z + parameters.W_hn.T @ da_n * r + parameters.W_hr.T @ da_r + parameters.W_hz.T @ da_z
    return da_r, da_z, da_n, dh_prev
""",
        ("not gone through the tanh of n yet",),
    ),
    (
        "gru_step_backward",
        """
def gru_step_backward(dh, h_prev, r, z, n, parameters):
    dn = dh * (1 - z)
    dz = dh * (h_prev - n)
    da_n = dn * (1 - n**2)
    da_z = dz * z * (1 - z)
    dr = dn * h_prev
    da_r = dr * r * (1 - r)
    dh_prev = dh * z + parameters.W_hn.T @ da_n + parameters.W_hr.T @ da_r + parameters.W_hz.T @ da_z
    return da_r, da_z, da_n, dh_prev
""",
        ("lie the tanh of n and the matrix W_hn",),
    ),
    (
        "position_probe",
        """
def position_probe(states, positions, new_states, new_positions):
    weights = np.linalg.lstsq(states, positions)[0]
    guess = new_states @ weights
    return 1 - ((guess - new_positions) ** 2).mean() / new_positions.var()
""",
        ("there is no constant",),
    ),
    (
        "position_probe",
        """
def position_probe(states, positions, new_states, new_positions):
    weights = np.linalg.lstsq(states, positions, rcond=None)
    guess = new_states @ weights
    return 1 - ((guess - new_positions) ** 2).mean() / new_positions.var()
""",
        ("four things",),
    ),
    (
        "position_probe",
        """
def position_probe(states, positions, new_states, new_positions):
    A = np.c_[states, np.ones(len(states))]
    w = np.linalg.lstsq(A, positions, rcond=None)[0]
    guess = new_states @ w[:-1] + w[-1]
    return np.corrcoef(guess, new_positions)[0, 1] ** 2
""",
        ("It forgives a guess that is too high",),
    ),
    (
        "position_probe",
        """
def position_probe(states, positions, new_states, new_positions):
    A = np.c_[states, np.ones(len(states))]
    w = np.linalg.lstsq(A, positions, rcond=None)[0]
    guess = np.c_[new_states, np.ones(len(states))] @ w
    return 1 - ((guess - new_positions) ** 2).mean() / new_positions.var()
""",
        ("How many new characters",),
    ),
    (
        "position_probe",
        """
def position_probe(states, positions, new_states, new_positions):
    A = np.c_[states, np.ones(len(states))]
    w = np.linalg.lstsq(A, positions, rcond=None)[0]
    B = np.c_[new_states, np.ones(len(new_states))]
    return ((B @ w - new_positions) ** 2).mean()
""",
        ("beside the spread",),
    ),
    (
        "position_probe",
        """
def position_probe(states, positions, new_states, new_positions):
    A = np.c_[states, np.ones(len(states))]
    w = np.linalg.solve(A, positions)
    B = np.c_[new_states, np.ones(len(new_states))]
    return 1 - ((B @ w - new_positions) ** 2).mean() / np.var(new_positions)
""",
        ("least squares",),
    ),
    (
        "position_probe",
        """
def position_probe(states, positions, new_states, new_positions):
    A = np.c_[states, np.ones(len(states))]
    w = np.linalg.lstsq(A, positions, rcond=None)[0]
    B = np.c_[new_states, np.ones(len(new_states))]
    return 1 - ((B @ w - new_positions) ** 2).sum() / np.var(new_positions)
""",
        ("compare the mean with it",),
    ),
    (
        "position_probe",
        """
def position_probe(states, positions, new_states, new_positions):
    A = np.concatenate([states, np.ones(len(states))], axis=1)
    w = np.linalg.lstsq(A, positions, rcond=None)[0]
    B = np.concatenate([new_states, np.ones(len(new_states))], axis=1)
    return 1 - ((B @ w - new_positions) ** 2).mean() / np.var(new_positions)
""",
        ("one long row",),
    ),
]
