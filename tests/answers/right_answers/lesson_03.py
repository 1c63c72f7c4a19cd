"""Right answers to the exercises of lesson 03."""

import numpy as np

import rnn_helpers
from right_answers import right
from rnn_helpers import Parameters, hidden_gradients, softmax_gradient, weight_gradients


@right("tanh_backward")
def _(dh, h):
    return np.multiply(dh, 1 - np.square(h))


@right("tanh_backward")
def _(dh, h):
    return (1 + h) * (1 - h) * dh


@right("tanh_backward")
def _(dh, h):
    return (np.array(dh) - dh * h * h).tolist()


@right("hidden_gradients")
def _(dh_from_output, hidden, parameters):
    da = [None] * len(dh_from_output)
    later = 0
    for t in range(len(dh_from_output) - 1, -1, -1):
        da[t] = (dh_from_output[t] + later) * (1 - hidden[t + 1] ** 2)
        later = da[t] @ parameters.W_hh
    return da


@right("hidden_gradients")
def _(dh_from_output, hidden, parameters):
    rows, after = [], np.zeros((len(parameters.b_h), 1))
    for dh, h in zip(dh_from_output[::-1], hidden[:0:-1]):
        column = (1 - h[:, None] ** 2) * (dh[:, None] + after)
        rows.insert(0, column.ravel())
        after = parameters[1].T @ column
    return np.stack(rows)


@right("hidden_gradients")
def _(dh_from_output, hidden, parameters):
    dh = dh_from_output.copy()
    da = np.empty_like(dh)
    for t in reversed(range(len(dh))):
        da[t] = dh[t] - dh[t] * hidden[t + 1] ** 2
        if t > 0:
            dh[t - 1] += np.einsum("ij,i->j", parameters.W_hh, da[t])
    return da


@right("weight_gradients")
def _(inputs, hidden, da, vocab_size):
    return da.T @ np.eye(vocab_size)[inputs], da.T @ hidden[:-1], da.sum(axis=0)


@right("weight_gradients")
def _(inputs, hidden, da, vocab_size):
    dW_xh = np.zeros((da.shape[1], vocab_size))
    np.add.at(dW_xh.T, inputs, da)
    return [dW_xh, np.einsum("ti,tj->ij", da, hidden[: len(da)]), np.ones(len(da)) @ da]


@right("weight_gradients")
def _(inputs, hidden, da, vocab_size):
    H = da.shape[1]
    W, U, b = np.zeros((H, vocab_size)), np.zeros((H, H)), np.zeros(H)
    for t in range(len(da) - 1, -1, -1):
        for i in range(H):
            W[i, inputs[t]] += da[t, i]
            b[i] += da[t, i]
            for j in range(H):
                U[i, j] += da[t, i] * hidden[t, j]
    return W, U, b


@right("backward_pass")
def _(inputs, targets, parameters, forward):
    """Character by character, the last one first, and a plain tuple of five."""
    loss, probs, hidden = forward
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    dW_xh, dW_hh, dW_hy, db_h, db_y = [np.zeros_like(value) for value in parameters]
    dh_next = np.zeros_like(b_h)
    for t in reversed(range(len(inputs))):
        dy = probs[t].copy()
        dy[targets[t]] -= 1
        dW_hy += np.outer(dy, hidden[t + 1])
        db_y += dy
        da = (1 - hidden[t + 1] ** 2) * (W_hy.T @ dy + dh_next)
        dW_xh[:, inputs[t]] += da
        dW_hh += np.outer(da, hidden[t])
        db_h += da
        dh_next = W_hh.T @ da
    return dW_xh, dW_hh, dW_hy, db_h, db_y


@right("backward_pass")
def _(inputs, targets, parameters, forward):
    """Columns, and dicts that count from -1, as in min-char-rnn."""
    hs = {t - 1: h[:, None] for t, h in enumerate(forward.hidden)}
    ps = {t: p[:, None] for t, p in enumerate(forward.probs)}
    grads = {name: 0 for name in Parameters._fields}
    carried = 0
    for t in range(len(inputs) - 1, -1, -1):
        dy = np.copy(ps[t])
        dy[targets[t]] -= 1
        x = np.zeros_like(dy)
        x[inputs[t]] = 1
        grads["W_hy"] = grads["W_hy"] + dy @ hs[t].T
        grads["b_y"] = grads["b_y"] + dy
        dh_raw = (1 - hs[t] * hs[t]) * (parameters.W_hy.T @ dy + carried)
        grads["W_xh"] = grads["W_xh"] + dh_raw @ x.T
        grads["W_hh"] = grads["W_hh"] + dh_raw @ hs[t - 1].T
        grads["b_h"] = grads["b_h"] + dh_raw
        carried = parameters.W_hh.T @ dh_raw
    grads["b_h"], grads["b_y"] = grads["b_h"].ravel(), grads["b_y"].ravel()
    return Parameters(**grads)


@right("backward_pass")
def _(inputs, targets, parameters, forward):
    """A batch of one sequence, (T, 1, ...), the weights summed over time and batch together."""
    V, H = parameters.W_hy.shape
    probs, hidden = forward.probs[:, None], forward.hidden[:, None]
    dlogits = probs - np.eye(V)[targets[:, None]]
    dh = dlogits @ parameters.W_hy
    da = np.zeros_like(dh)
    for t in range(len(da))[::-1]:
        after = da[t + 1] @ parameters.W_hh if t + 1 < len(da) else 0
        da[t] = (dh[t] + after) * (1 - hidden[t + 1] ** 2)
    x = np.eye(V)[inputs[:, None]]
    return Parameters(
        np.einsum("tbh,tbv->hv", da, x),
        np.einsum("tbi,tbj->ij", da, hidden[:-1]),
        np.tensordot(dlogits, hidden[1:], ([0, 1], [0, 1])),
        da.reshape(-1, H).sum(axis=0),
        dlogits.reshape(-1, V).sum(axis=0),
    )


@right("backward_pass")
def _(inputs, targets, parameters, forward):
    """Put together from the functions of the lessons."""
    logits = np.log(forward.probs)
    dlogits = softmax_gradient(logits, targets)
    da = hidden_gradients(dlogits @ parameters.W_hy, forward.hidden, parameters)
    first_three = weight_gradients(inputs, forward.hidden, da, len(parameters.b_y))
    dW_hy = sum(np.outer(d, h) for d, h in zip(dlogits, forward.hidden[1:]))
    return Parameters(*first_three[:2], dW_hy, first_three[2], dlogits.sum(0))


@right("backward_pass")
def _(inputs, targets, parameters, forward):
    return rnn_helpers.backward_pass(inputs, targets, parameters, forward)


@right("numerical_gradient")
def _(f, x, epsilon=1e-5):
    slopes = np.zeros_like(x)
    for i in np.ndindex(*x.shape):  # in place, and put back by sums that round
        x[i] += epsilon
        above = f(x)
        x[i] -= 2 * epsilon
        below = f(x)
        x[i] += epsilon
        slopes[i] = (above - below) / (2 * epsilon)
    return slopes


@right("numerical_gradient")
def _(f, x, epsilon=1e-5):
    slopes = []
    for k in range(x.size):
        step = np.zeros(x.size)
        step[k] = epsilon
        step = step.reshape(x.shape)
        slopes.append((f(x + step) - f(x - step)) / 2 / epsilon)
    return np.array(slopes).reshape(x.shape)


@right("clip_gradients")
def _(gradients, max_norm):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in gradients]))
    scale = min(1, max_norm / norm)
    return gradients._make(g * scale for g in gradients)


@right("clip_gradients")
def _(gradients, max_norm):
    total = 0
    for g in gradients:
        for x in g.ravel():
            total += x * x
    if total**0.5 <= max_norm:
        return gradients
    return Parameters(*(g / (total**0.5 / max_norm) for g in gradients))


@right("clip_gradients")
def _(gradients, max_norm):
    norm = sum(np.linalg.norm(g) ** 2 for g in gradients) ** 0.5
    clipped = {name: g * max_norm / max(norm, max_norm) for name, g in gradients._asdict().items()}
    return Parameters(**clipped)


@right("leaky_backward")
def _(dh, n, parameters, keep):
    da = dh * (1 - n * n) * (1 - keep)
    return [da, da @ parameters.W_hh + dh * keep]


@right("leaky_backward")
def _(dh, n, parameters, keep):
    through_tanh = dh - keep * dh
    da = rnn_helpers.tanh_backward(through_tanh, n)
    before = np.zeros(len(dh))
    for j in range(len(dh)):
        before[j] = keep * dh[j] + sum(parameters.W_hh[i, j] * da[i] for i in range(len(dh)))
    return da, before
