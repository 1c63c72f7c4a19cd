"""Recurrences without a loop: the linear recurrence, the minGRU that is built from it, and attention.

Letters as in rnn_helpers: T steps, B streams, H units, V characters. All that is `(T, ...)` here may be (T,), (T, H) or
(T, B, H): every unit and stream runs by itself.
"""

import math
from collections import namedtuple
from typing import NamedTuple

import numpy as np

from course.base import checks
from course.engine import Model, loss_of, read_out, read_out_backward
from course.engine.model import one_hot_rows
from course.models.gates import sigmoid
from rnn_helpers import softmax


# ---------------------------------------------------------------- the linear recurrence
def linear_loop(f, b, h_prev):
    """Return the states h_t = f_t * h_{t-1} + b_t of all T steps, (T, H), one after the other.

    f, b    (T, H), what is kept of the state before, and what comes in
    h_prev  (H,), the state before the first step
    """
    h = 1.0 * b  # a copy that holds floats, whatever b holds
    for t in range(len(b)):
        h[t] += f[t] * h_prev
        h_prev = h[t]
    return h


def scan(f, b, h_prev):
    """Return what linear_loop returns, by doubling: in about log2(T) passes over all steps at once.

    Source: Hillis and Steele, 1986.
    """
    F, S = 1.0 * f, 1.0 * b  # copies that hold floats, whatever f and b hold
    S[0] = f[0] * h_prev + b[0]
    reach = 1  # row t tells what happens from `reach` steps before: the state there times F[t], plus S[t]
    while reach < len(S):
        S[reach:] = F[reach:] * S[:-reach] + S[reach:]
        F[reach:] = F[reach:] * F[:-reach]
        reach = 2 * reach
    return S


def scan_backward(dh_from_output, f, hidden, recurrence=scan):
    """Go back through h_t = f_t * h_{t-1} + b_t: return (df, db), each (T, ...).

    dh_from_output  (T, ...), what each state gets from its own prediction
    hidden          (T+1, ...), row 0 is the state before, row t+1 the one after step t
    recurrence      scan or linear_loop

    The slope of a state is g_t = dh_t + f_{t+1} * g_{t+1}: the same recurrence, from the last step to the first.
    """
    f_after = np.concatenate([f[1:], np.zeros_like(f[:1])])  # the last state goes into no further step
    db = recurrence(f_after[::-1], dh_from_output[::-1], np.zeros_like(hidden[0]))[::-1]
    return db * hidden[:-1], db


def as_matrix(f):
    """Return the table M, (T, T): what is left at step t (a row) of what came in at step k (a column).

    f  (T,), the gates of one unit. From a state of zeros, its states are M @ b
    """
    T = len(f)
    M = np.zeros((T, T))
    for t in range(T):
        for k in range(t + 1):
            M[t, k] = np.prod(f[k + 1 : t + 1])  # the gates between; of none, the product is 1
    return M


# ---------------------------------------------------------------- minGRU
class MinGRUPass(NamedTuple):
    """A ForwardPass, and what the way back needs. S: the units of all layers, H in each."""

    loss: float
    probs: np.ndarray
    hidden: np.ndarray  # (T+1, ..., S)
    seen: np.ndarray  # (T, ..., S), what W_hy reads: the units; or (T, ..., S + V), the units and the letter, one-hot
    letters: np.ndarray | None  # (T+1, ..., V), one-hot: the letter before, then those that were read; with look-back
    gates: list  # f of each layer, (T, ..., H), between 0 and 1
    candidates: list  # n of each layer, (T, ..., H)

    @property
    def state(self):
        """With look-back, what the next sequence begins with: the units, (..., S), and the last letter, (..., V)."""
        return self.hidden[-1], self.letters[-1]


def min_gru(look_back=False, layers=1, lowest=0):
    """Return the Model of a network whose states are linear recurrences, so that it needs no loop.

        f_t = sigmoid(W_f x_t + b_f)    n_t = W_n x_t + b_n    h_t = f_t * h_{t-1} + (1 - f_t) * n_t

    look_back  the first layer reads the letter before, too: W_f x_t + V_f x_{t-1} + b_f, and so for n
    layers     each layer reads the states of the one below as its x
    lowest     the gates f go from here to 1; with -1, a gate can turn the sign of a state (Grazzi and others, 2024)

    The hidden_size of train is S, the units of all layers: ValueError if they do not divide so. W_hy (V, S) reads them.
    With look_back a state holds the last letter beside the units, and W_hy (V, S + V) reads the letter, too.
    The scores of f and n come from one table: W_1 (2H, V), W_2 (2H, H) and so on, f in the first H rows.
    Source: minGRU, Feng and others, 2024; the look-back is a convolution of two letters: Mamba, Gu and Dao, 2023.
    """
    checks.share("lowest", lowest, least=-1)  # below -1 a gate would let the state grow
    network = _MinGRU(look_back, checks.count("layers", layers), lowest)
    zero_state = network.zero_state if look_back else None
    name = f"minGRU of {layers}" + ", looking back" * look_back + f", gates from {lowest}" * (lowest != 0)
    return Model(network.initialize, network.forward, network.backward, zero_state, name)


class _MinGRU:
    """The functions of a min_gru."""

    def __init__(self, look_back, layers, lowest):
        self.look_back, self.layers, self.lowest = look_back, layers, lowest
        inner = [f"{kind}_{layer}" for layer in range(1, layers + 1) for kind in "Wb"]
        self.Parameters = namedtuple("MinGRU", [*inner, *["W_back"] * look_back, "W_hy", "b_y"])

    def initialize(self, hidden_size, vocab_size, rng, scale=0.01):
        """scale: a number, or "fan_in", as in initialize_parameters. f starts above a half: it keeps more than not."""
        V, (H, rest) = vocab_size, divmod(checks.count("hidden_size", hidden_size), self.layers)
        scale = checks.scale(scale)
        if rest or H < 1:
            raise ValueError(f"A state of {hidden_size} does not divide into {self.layers} equal layer(s).")
        shapes = {f"W_{layer}": (2 * H, H if layer > 1 else V) for layer in range(1, self.layers + 1)}
        if self.look_back:
            shapes["W_back"] = (2 * H, V)
        shapes["W_hy"] = (V, hidden_size + V * self.look_back)
        checks.room("hidden_size", hidden_size, sum(map(math.prod, shapes.values())))
        weights = {}
        for name, shape in shapes.items():
            weights[name] = rng.standard_normal(shape) * (shape[1] ** -0.5 if scale == "fan_in" else scale)
        biases = {f"b_{layer}": np.repeat([1.0, 0.0], H) for layer in range(1, self.layers + 1)}
        return self.Parameters(**weights, **biases, b_y=np.zeros(V))

    def zero_state(self, parameters, streams=()):
        """With look-back: no units at work, and no letter before the first."""
        dtype, V = checks.fields(parameters, self.Parameters._fields).W_hy.dtype, len(parameters.W_hy)
        return np.zeros((*streams, parameters.W_hy.shape[1] - V), dtype), np.zeros((*streams, V), dtype)

    def forward(self, inputs, targets, state, parameters):
        """Arguments as in forward_pass. With look-back the state is (units, last letter one-hot)."""
        p = checks.fields(parameters, self.Parameters._fields)
        dtype, V = p.W_hy.dtype, len(p.W_hy)
        units, letter = state if self.look_back else (state, None)
        letters, size = None, len(p.b_1) // 2 * self.layers
        states = [(units, size), (letter, V)] if self.look_back else [(units, size)]
        inputs, targets = checks.sequence(inputs, targets, V, *states)
        if self.look_back:
            read = one_hot_rows(inputs, len(p.W_hy), dtype).reshape(*inputs.shape, -1)
            letters = np.concatenate([letter[None], read]).astype(dtype, copy=False)
        hidden = np.empty((len(inputs) + 1, *units.shape), dtype)
        hidden[0] = units
        gates, candidates = [], []
        for layer in range(self.layers):
            f, n, part = *self._scores(layer, inputs, hidden, letters, p), hidden[..., self._units_of(layer, p)]
            part[1:] = linear_loop(f, (1 - f) * n, part[0])
            gates.append(f)
            candidates.append(n)
        seen = np.concatenate([hidden[1:], letters[1:]], axis=-1) if self.look_back else hidden[1:]
        probs = read_out(seen, p)
        return MinGRUPass(loss_of(probs, targets), probs, hidden, seen, letters, gates, candidates)

    def _scores(self, layer, inputs, hidden, letters, p):
        """Return f and n of a layer at all steps, (T, ..., H), from the letters or from the layer below."""
        W, b, H = p[2 * layer], p[2 * layer + 1], len(p.b_1) // 2
        scores = (hidden[1:, ..., self._units_of(layer - 1, p)] @ W.T if layer else W.T[inputs]) + b
        if self.look_back and layer == 0:
            scores += letters[:-1] @ p.W_back.T
        return self.lowest + (1 - self.lowest) * sigmoid(scores[..., :H]), scores[..., H:]

    def _units_of(self, layer, p):
        H = len(p.b_1) // 2
        return slice(layer * H, (layer + 1) * H)

    def backward(self, inputs, targets, parameters, forward):
        """Return the gradient of the loss for every parameter, summed over all steps (and streams)."""
        p, hidden = parameters, forward.hidden
        dlogits, dseen, dW_hy = read_out_backward(targets, forward.probs, forward.seen, p.W_hy)
        dhidden = dseen[..., : hidden.shape[-1]]
        gradients = {"W_hy": dW_hy, "b_y": dlogits.sum(axis=0)}
        for layer in reversed(range(self.layers)):
            f, n, part = forward.gates[layer], forward.candidates[layer], self._units_of(layer, p)
            df, db = scan_backward(dhidden[..., part], f, hidden[..., part], linear_loop)
            df -= db * n  # what comes in is b = (1 - f) * n: f is in it, too
            df *= (f - self.lowest) * (1 - f) / (1 - self.lowest)
            dscores = np.concatenate([df, db * (1 - f)], axis=-1)
            if layer:
                below = self._units_of(layer - 1, p)
                dhidden[..., below] += dscores @ p[2 * layer]
                read = rows(hidden[1:, ..., below])
            else:
                read = one_hot_rows(inputs, len(p.W_hy), p.W_hy.dtype)
            gradients[f"W_{layer + 1}"] = rows(dscores).T @ read
            gradients[f"b_{layer + 1}"] = rows(dscores).sum(axis=0)
            if self.look_back and layer == 0:
                gradients["W_back"] = rows(dscores).T @ rows(forward.letters[:-1])
        return self.Parameters(**gradients)


def rows(array):
    """Put all steps and streams below each other: (T, ..., H) becomes (T * ..., H)."""
    return array.reshape(-1, array.shape[-1])


# ---------------------------------------------------------------- attention
def attention(q, k, v):
    """Return (o, weights), (T, H) and (T, T): each step's mean of the values so far, and the weights of that mean.

        weights_t = softmax over s <= t of (q_t . k_s / sqrt(H))        o_t = sum of weights_ts v_s

    q, k, v  (T, H), the queries, keys and values of all steps: what each asks for, what it offers, and what it gives
    Source: Vaswani and others, 2017, with the mask for what is still to come.
    """
    T, H = q.shape
    scores = q @ k.T / np.sqrt(H)
    later = np.triu(np.ones((T, T)), 1) == 1  # above the diagonal: the column's step is still to come
    scores[later] = -np.inf  # softmax makes 0 of it
    weights = softmax(scores)
    o = weights @ v
    return o, weights


def attention_backward(do, q, k, v, weights):
    """Return (dq, dk, dv), each (T, H), the way back through one layer of attention.

    do       (T, H), the slopes of its result o = weights @ v
    q, k, v  (T, H)
    weights  (T, T), softmax of q @ k.T / sqrt(H) along each row, 0 for what is still to come
    """
    T, H = q.shape
    dv = weights.T @ do
    dweights = do @ v.T
    mean = (weights * dweights).sum(axis=1, keepdims=True)
    dscores = weights * (dweights - mean)
    dscores = dscores / np.sqrt(H)
    dq = dscores @ k
    dk = dscores.T @ q
    return dq, dk, dv
