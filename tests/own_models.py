"""Models other than the course's RNN, each with its own forward and backward pass, for test_own_model.py."""

from typing import NamedTuple

import numpy as np

import rnn_helpers as rnn
from course import engine

# ---------------------------------------------------------------- a learner's functions: loops, one column at a time


def plain_forward(inputs, targets, h_prev, parameters):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    h, loss, probs, hidden = h_prev, 0.0, [], [h_prev]
    for t in range(len(inputs)):
        x = np.zeros(W_xh.shape[1])
        x[inputs[t]] = 1
        h = np.tanh(W_xh @ x + W_hh @ h + b_h)
        y = W_hy @ h + b_y
        p = np.exp(y) / np.sum(np.exp(y))
        loss -= np.log(p[targets[t]])
        hidden.append(h)
        probs.append(p)
    return loss, np.array(probs), np.array(hidden)


def plain_backward(inputs, targets, parameters, forward):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    loss, probs, hidden = forward
    dW_xh, dW_hh, dW_hy = np.zeros_like(W_xh), np.zeros_like(W_hh), np.zeros_like(W_hy)
    db_h, db_y, dh_next = np.zeros_like(b_h), np.zeros_like(b_y), np.zeros_like(b_h)
    for t in reversed(range(len(inputs))):
        dy = probs[t].copy()
        dy[targets[t]] -= 1
        dW_hy += np.outer(dy, hidden[t + 1])
        db_y += dy
        da = (W_hy.T @ dy + dh_next) * (1 - hidden[t + 1] ** 2)
        dW_xh[:, inputs[t]] += da
        dW_hh += np.outer(da, hidden[t])
        db_h += da
        dh_next = W_hh.T @ da
    return dW_xh, dW_hh, dW_hy, db_h, db_y


PLAIN = engine.Model(engine.initialize_rnn, plain_forward, plain_backward, name="plain")

# ---------------------------------------------------------------- a leaky cell: a part of the old state stays

KEEP = 0.3


def predict(inputs, targets, hidden, W_hy, b_y):
    """Return the loss, the probabilities, and d loss / d scores, of one or many streams."""
    probs = rnn.softmax(hidden[1:] @ W_hy.T + b_y)
    return engine.loss_of(probs, targets), probs, probs - np.eye(len(b_y), dtype=probs.dtype)[targets]


def leaky_forward(inputs, targets, h_prev, parameters):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    hidden = [np.array(h_prev)]
    for x in inputs:
        hidden.append(KEEP * hidden[-1] + (1 - KEEP) * np.tanh(W_xh.T[x] + hidden[-1] @ W_hh.T + b_h))
    hidden = np.array(hidden)
    return *predict(inputs, targets, hidden, W_hy, b_y)[:2], hidden


def leaky_backward(inputs, targets, parameters, forward):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    hidden = forward.hidden
    dscores = predict(inputs, targets, hidden, W_hy, b_y)[2]
    d = rnn.Parameters(*map(np.zeros_like, parameters))
    from_after = np.zeros_like(hidden[0])
    for t in reversed(range(len(inputs))):
        H, V = W_hh.shape[0], len(b_y)
        dh = dscores[t] @ W_hy + from_after
        tanh = (hidden[t + 1] - KEEP * hidden[t]) / (1 - KEEP)
        da = (1 - KEEP) * dh * (1 - tanh**2)
        from_after = KEEP * dh + da @ W_hh
        da, before = da.reshape(-1, H), hidden[t].reshape(-1, H)
        np.add.at(d.W_xh.T, np.ravel(inputs[t]), da)
        d.W_hh[:] += da.T @ before
        d.W_hy[:] += dscores[t].reshape(-1, V).T @ hidden[t + 1].reshape(-1, H)
        d.b_h[:] += da.sum(axis=0)
        d.b_y[:] += dscores[t].reshape(-1, V).sum(axis=0)
    return list(d)


LEAKY = engine.Model(engine.initialize_rnn, leaky_forward, leaky_backward, name="leaky")

# ---------------------------------------------------------------- a GRU (Cho and others, 2014)


class GRUParameters(NamedTuple):
    W_xr: np.ndarray  # (H, V), the reset gate r
    W_hr: np.ndarray  # (H, H)
    b_r: np.ndarray  # (H,)
    W_xz: np.ndarray  # the update gate z
    W_hz: np.ndarray
    b_z: np.ndarray
    W_xn: np.ndarray  # the new state n
    W_hn: np.ndarray
    b_n: np.ndarray
    W_hy: np.ndarray  # (V, H)
    b_y: np.ndarray  # (V,)


class GRUForward(NamedTuple):
    loss: float
    probs: np.ndarray
    hidden: np.ndarray
    r: np.ndarray  # (T, H) or (T, B, H), what else the backward pass needs
    z: np.ndarray
    n: np.ndarray


def gru_initialize(hidden_size, vocab_size, rng, scale):
    def matrix(*shape):
        return rng.normal(0, 1 / np.sqrt(shape[1]) if isinstance(scale, str) else scale, shape)

    H, V = hidden_size, vocab_size
    gates = [[matrix(H, V), matrix(H, H), np.zeros(H)] for _ in range(3)]
    return GRUParameters(*gates[0], *gates[1], *gates[2], matrix(V, H), np.zeros(V))


def sigmoid(a):
    return 1 / (1 + np.exp(-a))


def gru_forward(inputs, targets, h_prev, parameters):
    p = parameters
    h, hidden, gates = np.array(h_prev), [h_prev], []
    for x in inputs:
        r = sigmoid(p.W_xr.T[x] + h @ p.W_hr.T + p.b_r)
        z = sigmoid(p.W_xz.T[x] + h @ p.W_hz.T + p.b_z)
        n = np.tanh(p.W_xn.T[x] + (r * h) @ p.W_hn.T + p.b_n)
        h = z * h + (1 - z) * n
        hidden.append(h)
        gates.append((r, z, n))
    hidden = np.array(hidden)
    return GRUForward(*predict(inputs, targets, hidden, p.W_hy, p.b_y)[:2], hidden, *map(np.array, zip(*gates)))


def gru_backward(inputs, targets, parameters, forward):
    p, d = parameters, GRUParameters(*map(np.zeros_like, parameters))
    hidden, (V, H) = forward.hidden, p.W_hy.shape
    dscores = predict(inputs, targets, hidden, p.W_hy, p.b_y)[2]
    from_after = np.zeros_like(hidden[0])
    for t in reversed(range(len(inputs))):
        h, r, z, n = hidden[t], forward.r[t], forward.z[t], forward.n[t]
        dh = dscores[t] @ p.W_hy + from_after
        da_n = dh * (1 - z) * (1 - n**2)
        da_z = dh * (h - n) * z * (1 - z)
        d_rh = da_n @ p.W_hn
        da_r = d_rh * h * r * (1 - r)
        from_after = dh * z + d_rh * r + da_z @ p.W_hz + da_r @ p.W_hr
        for gate, da, state in [("r", da_r, h), ("z", da_z, h), ("n", da_n, r * h)]:
            da, state = da.reshape(-1, H), state.reshape(-1, H)
            np.add.at(getattr(d, f"W_x{gate}").T, np.ravel(inputs[t]), da)
            getattr(d, f"W_h{gate}")[:] += da.T @ state
            getattr(d, f"b_{gate}")[:] += da.sum(axis=0)
        d.W_hy[:] += dscores[t].reshape(-1, V).T @ hidden[t + 1].reshape(-1, H)
        d.b_y[:] += dscores[t].reshape(-1, V).sum(axis=0)
    return d


GRU = engine.Model(gru_initialize, gru_forward, gru_backward, name="GRU")

# ---------------------------------------------------------------- the course's RNN, hidden behind another function


def wrapped_forward(inputs, targets, h_prev, parameters):
    return engine.RNN.forward(inputs, targets, h_prev, parameters)


WRAPPED = engine.RNN._replace(forward=wrapped_forward)
