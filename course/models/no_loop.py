"""Recurrences without a loop: the linear recurrence, the minGRU that is made of it, and attention.

Letters as in rnn_helpers: T steps, B streams, H units, V characters. All that is `(T, ...)` here may be (T,), (T, H) or
(T, B, H): every unit and stream runs by itself.
"""

from collections import namedtuple
from typing import NamedTuple

import numpy as np

from course.models.gates import sigmoid
from rnn_helpers import Model, cross_entropy, one_hot, output_probs, softmax


# ---------------------------------------------------------------- the linear recurrence
def linear_loop(f, b, h_prev):
    """Return all states of h_t = f_t * h_{t-1} + b_t, one step after the other.
    f, b  (T, ...), what is kept of the state and what comes in;  h_prev  (...), the state before; result (T, ...)"""
    h = np.array(b)  # what comes in; each row becomes the state when the one before is known
    for t in range(len(h)):
        h[t] += f[t] * h_prev
        h_prev = h[t]
    return h


def scan(f, b, h_prev):
    """Return what linear_loop returns, in about log2(T) passes over all steps at once.
    After a pass each row tells what happens from `reach` steps before: the state there times F, plus S. The next pass
    puts two such stretches together, so the reach doubles. Source: Hillis and Steele, 1986."""
    F, S = np.array(f), np.array(b)
    S[0] += f[0] * h_prev
    reach = 1
    while reach < len(S):
        S[reach:] += F[reach:] * S[:-reach]
        F[reach:] = F[reach:] * F[:-reach]
        reach *= 2
    return S


def scan_backward(dh_from_output, f, hidden, recurrence=scan):
    """Go back through h_t = f_t * h_{t-1} + b_t: return (df, db), each (T, ...).

    dh_from_output  (T, ...), what each state owes to its own output
    hidden          (T+1, ...), row 0 is the state before, row t+1 the one after step t
    recurrence      scan or linear_loop

    The slope of a state is g_t = dh_t + f_{t+1} * g_{t+1}: the same recurrence, from the last step to the first.
    """
    f_after = np.concatenate([f[1:], np.zeros_like(f[:1])])  # the last state goes into no further step
    db = recurrence(f_after[::-1], dh_from_output[::-1], np.zeros_like(hidden[0]))[::-1]
    return db * hidden[:-1], db


def as_matrix(f):
    """Return the (T, T, ...) table M of what is left at step t of what came in at step k: f_{k+1} * ... * f_t.
    f  (T, ...). Zero above the diagonal, one on it. From a state of zeros, one unit's states are M @ b."""
    M = np.zeros((len(f), *np.shape(f)))
    for t in range(len(f)):
        M[t] = f[t] * M[t - 1] if t else 0.0
        M[t, t] = 1
    return M


# ---------------------------------------------------------------- minGRU
class MinGRUPass(NamedTuple):
    """A ForwardPass, and what the way back needs of each layer."""

    loss: float
    probs: np.ndarray
    hidden: np.ndarray
    gates: list  # f of each layer, (T, ..., H), between 0 and 1
    candidates: list  # n of each layer, (T, ..., H)


def min_gru(look_back=False, layers=1):
    """Return the Model of a network whose states are linear recurrences, so that it needs no loop.

        f_t = sigmoid(W_f x_t + b_f)    n_t = W_n x_t + b_n    h_t = f_t * h_{t-1} + (1 - f_t) * n_t

    look_back  the first layer reads the letter before, too: W_f x_t + V_f x_{t-1} + b_f, and so for n
    layers     each layer reads the states of the one below as its x

    The scores of f and n come from one table: W_1 (2H, V), W_2 (2H, H) and so on, f in the first H rows.
    The state of S numbers, the hidden_size of train, holds the H units of each layer, and with look_back behind them
    the last letter, one-hot. W_hy (V, S) reads all of it. ValueError if S does not divide so.
    Source: minGRU, Feng and others, 2024; the look-back is a convolution of two letters: Mamba, Gu and Dao, 2023.
    """
    inner = [f"{kind}_{layer}" for layer in range(1, layers + 1) for kind in "Wb"]
    MinGRU = namedtuple("MinGRU", [*inner, *["W_back"] * look_back, "W_hy", "b_y"])

    def units(hidden_size, V):
        H, rest = divmod(hidden_size - V * look_back, layers)
        if rest or H < 1:
            last = f", and {V} numbers for the last letter" * look_back
            raise ValueError(f"A state of {hidden_size} does not divide into {layers} equal layer(s){last}.")
        return H

    def initialize(hidden_size, vocab_size, rng, scale=0.01):
        """scale: a number, or "fan_in", as in initialize_parameters. f starts above a half: it keeps more than not."""
        V, H = vocab_size, units(hidden_size, vocab_size)
        shapes = {f"W_{layer}": (2 * H, H if layer > 1 else V) for layer in range(1, layers + 1)}
        shapes |= {"W_back": (2 * H, V)} if look_back else {}
        shapes |= {"W_hy": (V, hidden_size)}
        weights = {
            name: rng.standard_normal(shape) * (shape[1] ** -0.5 if isinstance(scale, str) else scale)
            for name, shape in shapes.items()
        }
        biases = {f"b_{layer}": np.repeat([1.0, 0.0], H) for layer in range(1, layers + 1)}
        return MinGRU(**weights, **biases, b_y=np.zeros(V))

    def forward(inputs, targets, h_prev, parameters):
        p, V, S = parameters, *parameters.W_hy.shape
        H = units(S, V)
        hidden = np.empty((len(inputs) + 1, *h_prev.shape), p.W_hy.dtype)
        hidden[0] = h_prev
        if look_back:
            hidden[1:, ..., -V:] = one_hot(inputs, V).reshape(*inputs.shape, V)
        gates, candidates = [], []
        for layer in range(layers):
            W, b, part = p[2 * layer], p[2 * layer + 1], hidden[..., layer * H : (layer + 1) * H]
            scores = (hidden[1:, ..., (layer - 1) * H : layer * H] @ W.T if layer else W.T[inputs]) + b
            if look_back and layer == 0:
                scores += hidden[:-1, ..., -V:] @ p.W_back.T  # the letter that the state before holds
            f, n = sigmoid(scores[..., :H]), scores[..., H:]
            part[1:] = linear_loop(f, (1 - f) * n, part[0])
            gates.append(f)
            candidates.append(n)
        probs = output_probs(hidden[1:], p)
        return MinGRUPass(cross_entropy(probs, targets), probs, hidden, gates, candidates)

    def backward(inputs, targets, parameters, forward):
        p, V, S = parameters, *parameters.W_hy.shape
        H, hidden = units(S, V), forward.hidden
        dlogits = forward.probs.reshape(-1, V) - one_hot(targets, V, p.W_hy.dtype)
        dhidden = (dlogits @ p.W_hy).reshape(hidden[1:].shape)
        gradients = {"W_hy": dlogits.T @ rows(hidden[1:]), "b_y": dlogits.sum(axis=0)}
        for layer in reversed(range(layers)):
            f, n, part = forward.gates[layer], forward.candidates[layer], slice(layer * H, (layer + 1) * H)
            df, db = scan_backward(dhidden[..., part], f, hidden[..., part], linear_loop)
            df -= db * n  # what comes in is b = (1 - f) * n: f is in it, too
            scores = np.concatenate([df * f * (1 - f), db * (1 - f)], axis=-1)  # the slopes of the scores
            below = slice((layer - 1) * H, layer * H)
            read = rows(hidden[1:, ..., below]) if layer else one_hot(inputs, V, p.W_hy.dtype)
            gradients |= {f"W_{layer + 1}": rows(scores).T @ read, f"b_{layer + 1}": rows(scores).sum(axis=0)}
            if layer:
                dhidden[..., below] += scores @ p[2 * layer]
            elif look_back:
                gradients["W_back"] = rows(scores).T @ rows(hidden[:-1, ..., -V:])
        return MinGRU(**gradients)

    return Model(initialize, forward, backward)


def rows(array):
    """Put all steps and streams below each other: (T, ..., H) becomes (T * ..., H)."""
    return array.reshape(-1, array.shape[-1])


# ---------------------------------------------------------------- attention
def attention(q, k, v, slope=0.0):
    """Return (o, weights): for each step a mean of the values of all steps up to it, (..., T, H), and its (..., T, T).

        weights_t = softmax over s <= t of (q_t . k_s / sqrt(H) - slope * (t - s))        o_t = sum of weights_ts v_s

    q, k, v  (..., T, H), what a step asks for, what it offers, and what it gives
    slope    what each step of distance takes off a score (ALiBi, Press and others, 2022)
    Source: Vaswani and others, 2017, with the mask for what is still to come.
    """
    T, H = q.shape[-2:]
    distance = np.arange(T)[:, None] - np.arange(T)  # of step t (a row) from step s (a column)
    scores = q @ k.swapaxes(-1, -2) / H**0.5 - (slope * distance).astype(q.dtype)
    weights = softmax(np.where(distance < 0, -np.inf, scores).astype(q.dtype))
    return weights @ v, weights


def attention_backward(do, q, k, v, weights):
    """Return (dq, dk, dv), each (..., T, H): the way back through attention. do (..., T, H): slopes of o."""
    dweights = do @ v.swapaxes(-1, -2)
    mean = (weights * dweights).sum(axis=-1, keepdims=True)
    dscores = weights * (dweights - mean) / q.shape[-1] ** 0.5  # weights are 0 for what is to come, so this is too
    return dscores @ k, dscores.swapaxes(-1, -2) @ q, weights.swapaxes(-1, -2) @ do


class AttentionPass(NamedTuple):
    """A ForwardPass, and what the way back needs. hidden holds the results o."""

    loss: float
    probs: np.ndarray
    hidden: np.ndarray
    q: np.ndarray  # (..., T, H), and so k and v
    k: np.ndarray
    v: np.ndarray
    weights: np.ndarray  # (..., T, T)


def attention_model(look_back=False, slope=0.0):
    """Return the Model of one layer of attention over a sequence. It keeps nothing from one sequence to the next.

        q_t, k_t, v_t = rows of W_1 x_t + W_back x_{t-1}        o = attention(q, k, v)        logits = W_hy o + b_y

    look_back  whether q, k and v also see the letter before;  slope  of the bias for what is recent
    W_1 and W_back (3H, V) hold the rows of q, then k, then v. The state is o, H numbers. Without look_back: no W_back.
    """
    Attention = namedtuple("Attention", ["W_1", *["W_back"] * look_back, "W_hy", "b_y"])

    def before(inputs, V, dtype):  # (T, ..., V): the letter before, one-hot; none at the first step
        letters = one_hot(inputs, V, dtype).reshape(*inputs.shape, V)
        return np.concatenate([np.zeros_like(letters[:1]), letters[:-1]])

    def initialize(hidden_size, vocab_size, rng, scale=0.01):
        H, V = hidden_size, vocab_size
        tables, shape = 1 + look_back, (3 * H, V)
        sizes = (0.5, H**-0.5) if isinstance(scale, str) else (scale, scale)
        weights = [rng.standard_normal(shape) * sizes[0] for _ in range(tables)]
        return Attention(*weights, rng.standard_normal((V, H)) * sizes[1], np.zeros(V))

    def forward(inputs, targets, h_prev, parameters):
        p, V = parameters, len(parameters.W_hy)
        seen = p.W_1.T[inputs]
        if look_back:
            seen += before(inputs, V, seen.dtype) @ p.W_back.T
        q, k, v = np.split(np.moveaxis(seen, 0, -2), 3, axis=-1)  # (..., T, H): the steps go last but one
        o, weights = attention(q, k, v, slope)
        hidden = np.concatenate([h_prev[None], np.moveaxis(o, -2, 0)])
        probs = output_probs(hidden[1:], p)
        return AttentionPass(cross_entropy(probs, targets), probs, hidden, q, k, v, weights)

    def backward(inputs, targets, parameters, forward):
        p, V, hidden = parameters, len(parameters.W_hy), forward.hidden
        dlogits = forward.probs.reshape(-1, V) - one_hot(targets, V, p.W_hy.dtype)
        do = np.moveaxis((dlogits @ p.W_hy).reshape(hidden[1:].shape), 0, -2)
        dseen = np.concatenate(attention_backward(do, forward.q, forward.k, forward.v, forward.weights), axis=-1)
        dseen = rows(np.moveaxis(dseen, -2, 0))
        gradients = {"W_1": dseen.T @ one_hot(inputs, V, dseen.dtype)}
        if look_back:
            gradients["W_back"] = dseen.T @ rows(before(inputs, V, dseen.dtype))
        return Attention(**gradients, W_hy=dlogits.T @ rows(hidden[1:]), b_y=dlogits.sum(axis=0))

    return Model(initialize, forward, backward)
