"""First tries at the exercises of lesson 03 that are wrong, as a beginner types them."""

# (exercise, code, what of the message helps)
TRIES = [
    (
        "tanh_backward",
        """
def tanh_backward(dh, h):
    return 1 - np.tanh(h) ** 2
""",
        ("`np.tanh`", "slope of tanh alone"),
    ),
    (
        "tanh_backward",
        """
def tanh_backward(dh, h):
    return dh * 1 - h ** 2
""",
        ("Parentheses are missing",),
    ),
    (
        "tanh_backward",
        """
def tanh_backward(dh, h):
    return dh @ (1 - h ** 2)
""",
        ("one number is left", "entry by entry"),
    ),
    (
        "tanh_backward",
        """
def tanh_backward(dh, h):
    return (1 - h ^ 2) * dh
""",
        ("`^` is not a power",),
    ),
    (
        "hidden_gradients",
        """
def hidden_gradients(dh_from_output, hidden, parameters):
    da = np.zeros_like(dh_from_output)
    for t in range(len(da)):
        da[t] = tanh_backward(dh_from_output[t], hidden[t + 1])
    return da
""",
        ("The gradient from the future is not carried",),
    ),
    (
        "hidden_gradients",
        """
def hidden_gradients(dh_from_output, hidden, parameters):
    da = np.zeros_like(dh_from_output)
    dh_next = np.zeros(len(parameters.b_h))
    for t in range(len(da)):
        da[t] = tanh_backward(dh_from_output[t] + dh_next, hidden[t + 1])
        dh_next = parameters.W_hh.T @ da[t]
    return da
""",
        ("The recurrence runs forwards",),
    ),
    (
        "hidden_gradients",
        """
def hidden_gradients(dh_from_output, hidden, parameters):
    da = np.zeros_like(dh_from_output)
    dh_next = np.zeros(len(parameters.b_h))
    for t in reversed(range(len(da))):
        da[t] = tanh_backward(dh_from_output[t] + dh_next, hidden[t])
        dh_next = parameters.W_hh.T @ da[t]
    return da
""",
        ("The slope belongs to the wrong step",),
    ),
    (
        "hidden_gradients",
        """
def hidden_gradients(dh_from_output, hidden, parameters):
    da = []
    dh_next = 0
    for t in reversed(range(len(dh_from_output))):
        d = tanh_backward(dh_from_output[t] + dh_next, hidden[t + 1])
        da.append(d)
        dh_next = parameters.W_hh.T @ d
    return np.array(da)
""",
        ("reverse order",),
    ),
    (
        "hidden_gradients",
        """
def hidden_gradients(dh_from_output, hidden, parameters):
    da = np.zeros_like(dh_from_output)
    for t in range(len(da), 0, -1):
        da[t] = tanh_backward(dh_from_output[t] + parameters.W_hh.T @ da[t + 1], hidden[t + 1])
    return da
""",
        ("IndexError", "row T"),
    ),
    (
        "weight_gradients",
        """
def weight_gradients(inputs, hidden, da, vocab_size):
    dW_xh = np.zeros((da.shape[1], vocab_size))
    dW_xh[:, inputs] += da.T
    dW_hh = da.T @ hidden[:-1]
    return dW_xh, dW_hh, da.sum(axis=0)
""",
        ("comes twice only once", "does not add up in NumPy"),
    ),
    (
        "weight_gradients",
        """
def weight_gradients(inputs, hidden, da, vocab_size):
    T, H = da.shape
    dW_xh = np.zeros((H, vocab_size))
    dW_hh = np.zeros((H, H))
    db_h = np.zeros(H)
    for t in range(T):
        dW_xh[inputs[t]] += da[t]
        dW_hh += np.outer(da[t], hidden[t])
        db_h += da[t]
    return dW_xh, dW_hh, db_h
""",
        ("You add to a row of dW_xh", "column"),
    ),
    (
        "weight_gradients",
        """
def weight_gradients(inputs, hidden, da, vocab_size):
    T, H = da.shape
    dW_xh = np.zeros((H, vocab_size))
    dW_hh = np.zeros((H, H))
    db_h = np.zeros(H)
    for t in range(T):
        dW_xh[:, inputs[t]] += da[t]
        dW_hh += np.outer(da[t], hidden[t + 1])
        db_h += da[t]
    return dW_xh, dW_hh, db_h
""",
        ("uses the state after each step",),
    ),
    (
        "weight_gradients",
        """
def weight_gradients(inputs, hidden, da, vocab_size):
    dW_hh = da.T @ hidden
    dW_xh = da.T @ one_hot(inputs, vocab_size)
    return dW_xh, dW_hh, da.sum(axis=0)
""",
        ("hidden has one row more",),
    ),
    (
        "backward_pass",
        """
def backward_pass(inputs, targets, parameters, forward):
    loss, probs, hidden = forward
    dlogits = probs
    dlogits[np.arange(len(targets)), targets] -= 1
    dh = dlogits @ parameters.W_hy
    da = hidden_gradients(dh, hidden, parameters)
    dW_xh, dW_hh, db_h = weight_gradients(inputs, hidden, da, len(parameters.b_y))
    return Parameters(dW_xh, dW_hh, dlogits.T @ hidden[1:], db_h, dlogits.sum(axis=0))
""",
        ("forward.probs", "copy"),
    ),
    (
        "backward_pass",
        """
def backward_pass(inputs, targets, parameters, forward):
    loss, probs, hidden = forward
    dlogits = probs - one_hot(targets, len(parameters.b_y))
    da = hidden_gradients(dlogits, hidden, parameters)
    dW_xh, dW_hh, db_h = weight_gradients(inputs, hidden, da, len(parameters.b_y))
    return Parameters(dW_xh, dW_hh, dlogits.T @ hidden[1:], db_h, dlogits.sum(axis=0))
""",
        ("hidden_gradients gets dlogits", "go back through W_hy first"),
    ),
    (
        "backward_pass",
        """
def backward_pass(inputs, targets, parameters, forward):
    loss, probs, hidden = forward
    dlogits = probs - one_hot(targets, len(parameters.b_y))
    dh = dlogits @ parameters.W_hy
    da = hidden_gradients(dh, hidden, parameters)
    dW_xh, dW_hh, db_h = weight_gradients(inputs, hidden, da, len(parameters.b_y))
    return Parameters(dW_xh, dW_hh, dlogits.T @ hidden, db_h, dlogits.sum(axis=0))
""",
        ("hidden has one row more",),
    ),
    (
        "backward_pass",
        """
def backward_pass(inputs, targets, parameters, forward):
    loss, probs, hidden = forward
    dlogits = probs - one_hot(targets, len(parameters.b_y))
    dh = dlogits @ parameters.W_hy
    da = hidden_gradients(dh, hidden, parameters)
    return weight_gradients(inputs, hidden, da, len(parameters.b_y))
""",
        ("There are three gradients", "W_hy and b_y"),
    ),
    (
        "numerical_gradient",
        """
def numerical_gradient(f, x, epsilon=1e-5):
    return (f(x + epsilon) - f(x - epsilon)) / (2 * epsilon)
""",
        ("All entries are moved at once",),
    ),
    (
        "numerical_gradient",
        """
def numerical_gradient(f, x, epsilon=1e-5):
    grad = np.zeros_like(x)
    for i in range(len(x)):
        grad[i] = (f(x[i] + epsilon) - f(x[i] - epsilon)) / (2 * epsilon)
    return grad
""",
        ("it wants an array like x",),
    ),
    (
        "numerical_gradient",
        """
def numerical_gradient(f, x, epsilon=1e-5):
    grad = np.zeros_like(x)
    for i in range(len(x)):
        x[i] += epsilon
        plus = f(x)
        x[i] -= 2 * epsilon
        minus = f(x)
        x[i] += epsilon
        grad[i] = (plus - minus) / (2 * epsilon)
    return grad
""",
        ("a whole row at once",),
    ),
    (
        "numerical_gradient",
        """
def numerical_gradient(f, x, epsilon=1e-5):
    grad = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        x_plus = x
        x_minus = x
        x_plus[i] += epsilon
        x_minus[i] -= epsilon
        grad[i] = (f(x_plus) - f(x_minus)) / (2 * epsilon)
    return grad
""",
        ("All slopes are 0", "does not make a copy"),
    ),
    (
        "clip_gradients",
        """
def clip_gradients(gradients, max_norm):
    for g in gradients:
        norm = np.linalg.norm(g)
        if norm > max_norm:
            g *= max_norm / norm
    return gradients
""",
        ("in place",),
    ),
    (
        "clip_gradients",
        """
def clip_gradients(gradients, max_norm):
    return np.clip(gradients, -max_norm, max_norm)
""",
        ("five arrays of different shapes",),
    ),
    (
        "clip_gradients",
        """
def clip_gradients(gradients, max_norm):
    norm = 0
    for g in gradients:
        norm += np.sum(g ** 2)
    if norm > max_norm:
        return Parameters(*[g * max_norm / norm for g in gradients])
    return gradients
""",
        ("The root is missing",),
    ),
    (
        "clip_gradients",
        """
def clip_gradients(gradients, max_norm):
    norm = np.sqrt(sum((g ** 2).sum() for g in gradients))
    for g in gradients:
        g = g * max_norm / norm
    return gradients
""",
        ("the result of the scaling lost",),
    ),
    (
        "leaky_backward",
        """
def leaky_backward(dh, n, parameters, keep):
    da = tanh_backward(dh, n)
    return da, parameters.W_hh.T @ da
""",
        ("cell without a leak",),
    ),
    (
        "leaky_backward",
        """
def leaky_backward(dh, n, parameters, keep):
    da = (1 - keep) * (1 - n ** 2) * dh
    dh_prev = parameters.W_hh.T @ da
    return da, dh_prev
""",
        ("There is a second one",),
    ),
    (
        "leaky_backward",
        """
def leaky_backward(dh, n, parameters, keep):
    da = (1 - keep) * tanh_backward(dh, n)
    dh_prev = keep * dh + (1 - keep) * parameters.W_hh.T @ da
    return da, dh_prev
""",
        ("applied twice",),
    ),
    (
        "leaky_backward",
        """
def leaky_backward(dh, n, parameters, keep):
    h = keep * dh + (1 - keep) * n
    da = dh * (1 - h ** 2)
    return da, parameters.W_hh.T @ da
""",
        ("Right only with: keep = 0",),
    ),
]
