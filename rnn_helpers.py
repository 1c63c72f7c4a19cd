"""A character RNN in NumPy: the finished functions of the course.

Read it from top to bottom. The lessons in notebooks/ build these functions; what they import from here is what trains.
Letters used in every docstring:
    V  characters in the vocabulary      T  characters in one sequence
    H  hidden units                      B  streams of text read side by side
One stream is the plain case. With B streams every array gets an axis of length B:
inputs and targets (T, B), hidden (T+1, B, H), probs (T, B, V), h_prev (B, H).
Losses are cross-entropies in nats, summed over all characters.
"""

import contextlib
import json
import math
import os
import re
import sys
import time
from collections import namedtuple
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from course.base.texts import read_text, write_whole

# One thread for NumPy's matrix products: at these sizes more gain little, and beside any other busy program they wait
# for each other (data/README.md has the times). A number that you have set in the environment stays.
THREADS = ["OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"]
if not {*THREADS, "OMP_NUM_THREADS", "GOTO_NUM_THREADS"} & {*os.environ}:
    os.environ |= dict.fromkeys(THREADS, "1")  # read when NumPy is loaded; if it is loaded already, too late, so:
    with contextlib.suppress(ImportError):
        from threadpoolctl import threadpool_limits

        threadpool_limits(1, "blas")

import numpy as np  # noqa: E402

np.empty(16 << 20, np.uint8)  # freeing a large block makes Linux keep later ones for the next step: a fifth faster


# ---------------------------------------------------------------- text
def preprocess(text):
    """Return the text in lower case, without digits and without ] [ & = % ( ) - @ U+FEFF ; _ é $.
    A smaller vocabulary is easier to learn. The list is the one of the 2019 notebook."""
    # In pieces of a million characters and the rest of the line: all at once, a long text would need much memory.
    pieces = re.finditer(r"(?s:.{1,1000000})[^\n]*\n?", text)
    return "".join([re.sub(r"[]\d[&=%()\-@\ufeff;_é$]+", "", piece[0].lower()) for piece in pieces])


class Corpus:
    """A text as the network sees it: every character is a number, its id."""

    def __init__(self, name, text):
        if not text:
            raise ValueError(f"The text {name!r} is empty: give it some characters.")
        self.name, self.text = name, text
        self.chars = "".join(sorted(set(text)))  # the vocabulary, sorted: so the ids are the same everywhere
        self.vocab_size = len(self.chars)  # V
        self.ids = self.encode(text)  # (number of characters,) int, the text as positions in chars

    def encode(self, text):
        """Return the ids of a text, (len(text),) int. ValueError names a character outside chars."""
        table = np.full(ord(self.chars[-1]) + 2, -1, np.int32)  # from code point to id; -1: no such character
        table[[ord(char) for char in self.chars]] = np.arange(self.vocab_size)
        # Small integers keep a long text small. V * V still fits, so ids of pairs do not overflow.
        ids = np.empty(len(text), np.int16 if self.vocab_size <= 181 else np.int32)
        for start in range(0, len(text), 1_000_000):  # in pieces: looking up takes four bytes a character
            piece = text[start : start + 1_000_000].encode("utf-32-le", "surrogatepass")
            ids[start : start + 1_000_000] = table[np.minimum(np.frombuffer(piece, np.uint32), len(table) - 1)]
        if len(ids) and ids.min() < 0:
            position = int(np.argmax(ids < 0))
            char = text[position]
            known = f" Its lower case {char.lower()!r} is." if char.lower() in self.chars else ""
            unknown = f"The character {char!r} at position {position} of {text[:30]!r} is not in the vocabulary of"
            raise ValueError(f"{unknown} {self.name!r}.{known} Use only these characters: {self.chars[:100]!r}.")
        return ids

    def decode(self, ids):
        """Return the text of some ids. ValueError if one is outside 0 ... V-1."""
        _check_ids("ids", np.asarray(ids), self.vocab_size)
        return "".join([self.chars[id] for id in np.asarray(ids).tolist()])

    def __repr__(self):
        return f"Corpus({self.name!r}: {len(self.ids):,} characters, vocabulary of {self.vocab_size})"


def load_corpus(name_or_path):
    """Return a Corpus by name ("sonnets", "speeches", ...) or from any UTF-8 text file, after preprocess.
    The names are those of data/corpora.json; course/base/texts.py says where a named text is looked for.
    ValueError: text empty or not UTF-8, or its checksum differs. FileNotFoundError: it is nowhere to be had."""
    name, text = read_text(name_or_path)
    text = preprocess(text)
    if not text.strip():
        raise ValueError(f"The text {name!r} is empty after preprocess: give it some characters.")
    return Corpus(name, text)


def one_hot(ids, vocab_size, dtype=float):
    """Return one row per id: a 1 in the column of the id, zeros elsewhere. (T,) int gives (T, V), (T, B) (T * B, V)."""
    ids = np.ravel(ids)
    rows = np.zeros((len(ids), vocab_size), dtype)
    rows[np.arange(len(ids)), ids] = 1  # the pairs (0, ids[0]), (1, ids[1]), ...
    return rows


# ---------------------------------------------------------------- model
def softmax(logits):
    """Turn scores into probabilities along the last axis, exp(z) / sum(exp(z)): (..., V) of any leading shape.
    Subtracting the largest score changes nothing in the result and keeps exp from overflowing. Source: Bridle, 1990."""
    logits = np.asarray(logits)
    exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)


def cross_entropy(probs, targets):
    """Return the surprise at the characters that really came, -sum(ln probs[target]), a float in nats.
    probs (..., V), the predicted probabilities; targets (...) int, the ids of the characters that came
    ValueError if the shapes do not fit or an id is outside 0 ... V-1. Source: Shannon, 1948."""
    probs, targets = np.asarray(probs), np.asarray(targets)
    if probs.shape[:-1] != targets.shape:
        raise ValueError(f"probs has shape {probs.shape} and targets {targets.shape}: give one target for each row.")
    _check_ids("targets", targets, probs.shape[-1])
    rows = probs.reshape(-1, probs.shape[-1])
    return 0.0 - float(np.log(rows[np.arange(targets.size), targets.ravel()]).sum())


def softmax_gradient(logits, targets):
    """Return d loss / d logits, (T, V), from scores (T, V) and ids (T,): probabilities minus one-hot rows."""
    return softmax(logits) - one_hot(targets, np.shape(logits)[-1])


class Parameters(NamedTuple):
    """All that the network learns. The gradients of the loss come in the same shape."""

    W_xh: np.ndarray  # (H, V), input to hidden
    W_hh: np.ndarray  # (H, H), hidden to hidden
    W_hy: np.ndarray  # (V, H), hidden to output
    b_h: np.ndarray  # (H,), bias of the hidden units
    b_y: np.ndarray  # (V,), bias of the outputs


class ForwardPass(NamedTuple):
    """What the forward pass found, and what the backward pass needs."""

    loss: float  # nats, summed over the sequence (and over the streams)
    probs: np.ndarray  # (T, V) or (T, B, V), the predicted probabilities of the next character
    hidden: np.ndarray  # (T+1, H) or (T+1, B, H): row 0 is the state that came in, row t+1 the one after character t


def initialize_parameters(hidden_size, vocab_size, rng, scale=0.01):
    """Return random Parameters: normal weights and zero biases; rng is np.random.default_rng(seed).
    scale  standard deviation of the weights (2019: 0.01); or "fan_in", 1 / sqrt(number of inputs) of each matrix
           (LeCun and others, 1998); or "orthogonal", the same with W_hh a random rotation (Saxe and others, 2014)"""
    H, V = _check_number("hidden_size", hidden_size, 1), _check_number("vocab_size", vocab_size, 1)
    if isinstance(scale, str) and scale not in ("fan_in", "orthogonal"):
        raise ValueError(f'The initial scale is {scale!r}: use a number, "fan_in" or "orthogonal".')
    scale = scale if isinstance(scale, str) else _check_number("The initial scale", scale)
    weights = [rng.standard_normal(shape) for shape in [(H, V), (H, H), (V, H)]]
    W_xh, W_hh, W_hy = [W / math.sqrt(W.shape[1]) if isinstance(scale, str) else W * scale for W in weights]
    if scale == "orthogonal":
        Q, R = np.linalg.qr(weights[1])
        W_hh = Q * np.sign(np.diag(R))  # without the signs, some rotations would be more likely
    return Parameters(W_xh, W_hh, W_hy, np.zeros(H), np.zeros(V))


def rnn_step(char_id, h_prev, parameters):
    """Return the hidden state after one more character, (H,), from its id and the state before. Source: Elman, 1990."""
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    return np.tanh(W_hh @ h_prev + W_xh[:, char_id] + b_h)  # W_xh times a one-hot vector is a column of W_xh


def output_probs(h, parameters):
    """Return the probabilities of the next character: from one hidden state (H,), or from many (..., H), (..., V)."""
    states = h.reshape(-1, h.shape[-1])
    # In this order (the result transposed) a character's scores at all steps lie side by side: faster for softmax.
    return softmax((parameters.W_hy @ states.T).T + parameters.b_y).reshape(*h.shape[:-1], -1)


def forward_pass(inputs, targets, h_prev, parameters):
    """Read a sequence, predict each next character, and measure the surprise: return a ForwardPass.

    inputs, targets  (T,) or (T, B) int; targets are the inputs shifted by one character
    h_prev           (H,) or (B, H), the state before the first character; it is not changed

        h_t = tanh(W_hh h_{t-1} + W_xh x_t + b_h)        p_t = softmax(W_hy h_t + b_y)
        loss = -sum over t of ln p_t[target_t]

    ValueError if shapes do not fit or an id is outside 0 ... V-1. Source: Elman, 1990.
    """
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    inputs, targets, h_prev = _check_sequence(inputs, targets, h_prev, parameters)

    hidden = np.empty((len(inputs) + 1, *h_prev.shape), W_hh.dtype)
    hidden[0] = h_prev
    hidden[1:] = (W_xh.T + b_h)[inputs]  # the input's share of all T steps is one look-up
    W_hh_T = W_hh.T.copy()  # with its rows in order, products of several streams are faster
    a, tanh = np.empty_like(hidden[0]), np.tanh
    for h, h_next in pairwise(hidden):  # rnn_step, in place: each row is a view, writing to it fills hidden
        h.dot(W_hh_T, a)  # the last argument is where the result goes: no new array in the loop
        a += h_next
        tanh(a, h_next)

    probs = output_probs(hidden[1:], parameters)  # the outputs do not feed back, so they can wait for each other
    return ForwardPass(cross_entropy(probs, targets), probs, hidden)


def count_parameters(hidden_size, vocab_size):
    """Return how many numbers the network learns."""
    H, V = hidden_size, vocab_size
    return H * V + H * H + V * H + H + V  # W_xh, W_hh, W_hy, b_h, b_y


# ---------------------------------------------------------------- gradients
# "dh" is d loss / d h, and "da" is d loss / d a, where a_t = W_hh h_{t-1} + W_xh x_t + b_h is what goes into tanh.
def tanh_backward(dh, h):
    """Return da from dh, where h = tanh(a). All of the same shape."""
    return dh * (1 - h**2)  # tanh'(a) = 1 - tanh(a)**2, and tanh(a) is h


def hidden_gradients(dh_from_output, hidden, parameters):
    """Go back through the states: return da_t = (1 - h_t**2) * (dh_from_output_t + W_hh^T da_{t+1}) of all steps.
    dh_from_output  (T, H) or (T, B, H), what each state owes to its own output; hidden: as in a ForwardPass
    Backpropagation through time (Werbos, 1990), truncated: it stops at the first step (Williams and Peng, 1990)."""
    da = tanh_backward(1, hidden[1:])  # the slopes of all T steps at once; each becomes da when dh is known
    from_after = np.zeros_like(hidden[0])  # what a state owes to all later outputs: nothing after the last step
    dh, W_hh = np.empty_like(hidden[0]), parameters.W_hh
    for dh_t, da_t in zip(dh_from_output[::-1], da[::-1], strict=True):
        np.add(dh_t, from_after, dh)
        da_t *= dh
        da_t.dot(W_hh, from_after)
    return da


def weight_gradients(inputs, hidden, da, vocab_size):
    """Return (dW_xh, dW_hh, db_h), summed over the T steps (and B streams): a sum of outer products is one product."""
    H = da.shape[-1]
    da, before = da.reshape(-1, H), hidden[:-1].reshape(-1, H)  # the state that W_hh multiplied: the one before
    ones = np.ones(len(da), da.dtype)  # ones @ x is x.sum(axis=0), in half the time
    return da.T @ one_hot(inputs, vocab_size, da.dtype), da.T @ before, ones @ da


def backward_pass(inputs, targets, parameters, forward):
    """Return the gradient of the loss for every parameter, as Parameters, summed over the T steps (and B streams).
    inputs, targets, parameters  as given to forward_pass; forward: the ForwardPass that it returned
    Backpropagation through time. Source: Werbos, 1990."""
    V, H = parameters.W_hy.shape
    probs, hidden = forward.probs.reshape(-1, V), forward.hidden
    dlogits = probs - one_hot(targets, V, probs.dtype)  # softmax_gradient, with the softmax that is there already
    da = hidden_gradients((dlogits @ parameters.W_hy).reshape(hidden[1:].shape), hidden, parameters)
    dW_xh, dW_hh, db_h = weight_gradients(inputs, hidden, da, V)
    ones = np.ones(len(dlogits), dlogits.dtype)
    return Parameters(dW_xh, dW_hh, dlogits.T @ hidden[1:].reshape(-1, H), db_h, ones @ dlogits)


class Model(NamedTuple):
    """Three functions that train, evaluate, sample and gradient_check can use. RNN is the one of the course.
    A model keeps one state of (H,) numbers (or (B, H), if it can read B streams). Its parameters are a NamedTuple of
    arrays, W_hy (V, H) among them. forward may return a NamedTuple that holds more behind the three, for backward."""

    initialize: object  # (hidden_size, vocab_size, rng, scale) -> parameters
    forward: object  # (inputs, targets, h_prev, parameters) -> (loss, probs, hidden), as in a ForwardPass
    backward: object  # (inputs, targets, parameters, forward) -> gradients, one array for each of the parameters


RNN = Model(initialize_parameters, forward_pass, backward_pass)


def _forward(model, inputs, targets, h, parameters):
    """Call the forward of a model. ValueError if it returned something else than loss, probs and hidden."""
    result = given = _check_kind("model", model, Model).forward(inputs, targets, np.array(h), parameters)
    with contextlib.suppress(ValueError):  # rows of different lengths make no array: they are refused below
        if type(given) is tuple and len(given) == 3:
            result = ForwardPass(given[0], *map(np.asarray, given[1:]))
    P, S = (*inputs.shape, len(parameters.W_hy)), (len(inputs) + 1, *np.shape(h))  # shapes of probs and hidden
    parts = [np.asarray(getattr(result, name, None)) for name in ForwardPass._fields]
    if [part.shape for part in parts] != [(), P, S] or any(part.dtype.kind not in "fiu" for part in parts):
        raise ValueError(f"forward returned {_shapes(given)}: it must return (loss, probs {P}, hidden {S}).")
    return result


def _backward(model, inputs, targets, parameters, forward):
    """Call the backward of a model. ValueError if it returned something else than a gradient for each parameter."""
    result, names = model.backward(inputs, targets, parameters, forward), parameters._fields
    if not isinstance(result, (tuple, list)) or len(result) != len(names):
        raise ValueError(f"backward returned {_shapes(result)}: it must return the gradients of {', '.join(names)}.")
    for name, gradient, value in zip(names, result, parameters):
        if np.shape(gradient) != value.shape:
            raise ValueError(f"The gradient of {name} has shape {np.shape(gradient)}: it must be {value.shape}.")
    return type(parameters)(*map(np.asarray, result))


def _shapes(result):
    kind, parts = f"a {type(result).__name__}", result if isinstance(result, (tuple, list)) else []
    shapes = ", ".join(str(getattr(part, "shape", type(part).__name__)) for part in parts)
    return f"{kind} of {len(parts)} ({shapes})" if parts else kind.replace("a NoneType", "nothing")


def numerical_gradient(f, x, epsilon=1e-5):
    """Return the slope of f, which takes an array like x and returns a number, for each entry of x; x stays as it is.
    Source: central differences, the slope between x - epsilon and x + epsilon."""
    x = np.array(x, dtype=float)  # a copy: the caller's array stays as it is
    slopes = np.zeros_like(x)
    for entry in np.ndindex(x.shape):
        original = x[entry]
        x[entry] = original + epsilon
        above = f(x)
        x[entry] = original - epsilon
        below = f(x)
        x[entry] = original
        slopes[entry] = (above - below) / (2 * epsilon)
    return slopes


class GradientCheck(namedtuple("Check", "ok wrong right parameter entry relative_error got expected time_step")):
    """The verdict of gradient_check: ok; the names of wrong and right gradients; and of the worst of all its parameter,
    entry, error relative to the largest entry, what backward got, the slope expected; the first wrong time_step."""

    def __repr__(self):
        if self.ok:
            return "Gradient check passed: every gradient agrees with the measured slope."
        return (
            f"Gradient check FAILED, worst in {self.parameter}[{', '.join(map(str, self.entry))}]: backward says "
            f"{self.got:.6f}, measured {self.expected:.6f} (relative error {self.relative_error:.0e}).\n"
            f"Wrong: {', '.join(self.wrong)}. Right: {', '.join(self.right) or 'none'}.\n"
            f"The gradients first go wrong at time step {self.time_step}."
        )


def gradient_check(inputs, targets, h_prev, parameters, backward=None, *, model=RNN, epsilon=1e-5, tolerance=1e-6):
    """Compare the gradients of backward with slopes measured by numerical_gradient; return a GradientCheck.
    inputs, targets, h_prev, parameters  as for forward_pass (float64; use small sizes, the check is slow)
    backward   a function with the arguments and the result of backward_pass; None: that of the model
    epsilon    how far each parameter is moved to both sides
    tolerance  largest relative error that passes
    backward gets copies, so it cannot spoil what it is compared with."""
    inputs, targets, h_prev = np.asarray(inputs), np.asarray(targets), np.asarray(h_prev)
    names = _check_parameters(parameters)._fields
    for name, value in zip(names, parameters):
        if value.dtype != np.float64:
            raise ValueError(f"The parameters are {value.dtype} ({name}): measuring slopes needs float64.")

    def slopes(name, i, t):
        def loss(value):
            return _forward(model, i, t, h_prev, parameters._replace(**{name: value})).loss

        return numerical_gradient(loss, getattr(parameters, name), epsilon)

    def check(length):
        i, t, p = inputs[:length].copy(), targets[:length].copy(), _copy(parameters)
        forward = _forward(model, i, t, h_prev, p)
        gradients = _backward(model if backward is None else model._replace(backward=backward), i, t, p, forward)
        measured = [slopes(name, inputs[:length], targets[:length]) for name in names]
        largest, found = max(np.abs(expected).max() for expected in measured), []
        for name, got, expected in zip(names, gradients, measured):
            difference = np.where(np.isfinite(got), np.abs(got - expected), np.inf)
            # A gradient of almost zero is compared with the others: its own size would be rounding noise.
            size = max(np.abs(expected).max(), 1e-3 * largest, 1e-12)
            entry = tuple(map(int, np.unravel_index(difference.argmax(), difference.shape)))
            error = float(difference[entry] / size)
            found.append((name, entry, error, float(got[entry]), float(expected[entry]), None))
        wrong = tuple(name for name, _, error, *_ in found if error > tolerance)
        right = tuple(name for name in names if name not in wrong)
        return GradientCheck(not wrong, wrong, right, *max(found, key=lambda one: one[2]))

    result = check(len(inputs))
    if result.ok:
        return result
    # The shortest beginning of the sequence that is wrong tells at which step it goes wrong.
    shortest = next((length for length in range(1, len(inputs)) if not check(length).ok), len(inputs))
    return result._replace(time_step=shortest - 1)


def clip_gradients(gradients, max_norm):
    """Return the gradients, Parameters, scaled down together if their global norm is above max_norm, a number above 0.
    The direction stays, only the length changes; small gradients are returned as they are.
    Source: Pascanu, Mikolov and Bengio, 2013."""
    max_norm = _check_number("max_norm", max_norm)
    norm = math.sqrt(sum(float(np.vdot(gradient, gradient)) for gradient in gradients))
    if norm <= max_norm:
        return gradients
    return type(gradients)(*[gradient * (max_norm / norm) for gradient in gradients])


# ---------------------------------------------------------------- training
def chunks(ids, seq_length):
    """Cut a text into whole sequences; return a list of (inputs, targets), each (T,), or (T, B) of ids (N, B).
    The targets are the inputs shifted by one character; a rest that is too short for a sequence is left out."""
    pieces = []
    for start in range(0, len(ids) - seq_length, seq_length):  # the last target is ids[start + seq_length]
        inputs = ids[start : start + seq_length]
        targets = ids[start + 1 : start + seq_length + 1]
        pieces.append((inputs, targets))
    return pieces


def sgd_step(parameters, gradients, learning_rate):
    """Move every parameter downhill, in place; return None. Stochastic gradient descent: Robbins and Monro, 1951."""
    for parameter, gradient in zip(parameters, gradients):
        parameter -= learning_rate * gradient


def smooth_loss(previous, loss, sequences=1):
    """Return 0.999 of the previous smoothed loss and 0.001 of the loss of one sequence (or the mean of several).
    Source: the running mean of Karpathy, 2015 (min-char-rnn)."""
    keep = 0.999**sequences
    return keep * previous + (1 - keep) * loss


def adam_step(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Step along m, a running mean of the gradients, divided by the root of v, one of their squares.
    parameters, gradients, m, v  lists or tuples of arrays of the same shapes; parameters, m and v change in place
    step                         1 at the first call: m and v start at zero, and the first steps make up for that
    Source: Kingma and Ba, 2015."""
    rate = learning_rate / (1 - beta1**step)
    correction = 1 - beta2**step
    for parameter, gradient, m_mean, v_mean in zip(parameters, gradients, m, v):
        m_mean *= beta1
        m_mean += (1 - beta1) * gradient
        v_mean *= beta2
        v_mean += (1 - beta2) * gradient**2
        parameter -= rate * m_mean / (np.sqrt(v_mean / correction) + epsilon)


def muon_step(parameters, gradients, m, v, step, learning_rate, momentum=0.9, rounds=3):
    """Step each matrix along the running mean of its gradients made orthogonal: equally far in every direction.
    The biases take adam_step; arguments as there. Source: Jordan, 2024, who takes 5 rounds; 3 do here, and cost less.
    The size of the steps, that of Adam's: Liu and others, 2025."""
    for parameter, gradient, m_mean in zip(parameters, gradients, m):
        if parameter.ndim == 2:
            m_mean *= momentum
            m_mean += (1 - momentum) * gradient
            X = momentum * m_mean + (1 - momentum) * gradient  # a look ahead (Nesterov)
            X = (X if len(X) <= X.shape[1] else X.T) / (np.linalg.norm(X) + 1e-7)  # lying, so that its square is small
            for _ in range(rounds):  # Newton-Schulz: each brings the singular values of X nearer to 1
                square = X @ X.T
                X = 3.4445 * X + (2.0315 * square @ square - 4.7750 * square) @ X
            parameter -= learning_rate * 0.2 * math.sqrt(max(X.shape)) * (X if X.shape == parameter.shape else X.T)
    vectors = [[array for array in arrays if array.ndim != 2] for arrays in (parameters, gradients, m, v)]
    adam_step(*vectors, step, learning_rate)


# Each optimizer: how many running means it keeps, and its step (p: parameters, g: gradients).
OPTIMIZERS = {
    "sgd": (0, lambda p, g, means, step, rate: sgd_step(p, g, rate)),
    "adam": (2, lambda p, g, means, step, rate: adam_step(p, g, *means, step, rate)),
    "muon": (2, lambda p, g, means, step, rate: muon_step(p, g, *means, step, rate)),
}
SNAPSHOT_EVERY = 25  # steps of train; copying the parameters this often costs less than 1 % of the time


def linear_decay(learning_rate, done, total):
    """Return the learning rate after `done` of `total` steps, on a line down to 0. Source: Mikolov and others, 2013."""
    return learning_rate * (1 - done / total)


def make_streams(ids, streams):
    """Cut a text into B consecutive pieces of equal length; return them side by side, (length, B), a column each.
    Up to B - 1 characters at the end are left out. Source: Zaremba, Sutskever and Vinyals, 2014."""
    length = len(ids) // _check_number("streams", streams, 1)
    return np.asarray(ids)[: length * streams].reshape(streams, length).T


@dataclass
class TrainingRun:
    """What train returns: the network, how it got there, and all that is needed to go on."""

    parameters: Parameters  # trained; of another model: its own NamedTuple
    h: np.ndarray  # (H,) or (B, H), the hidden state after the last sequence
    losses: np.ndarray  # (sequences read,) the smoothed loss after each of them, in nats per sequence
    settings: dict  # the settings of train, and the name and length of the text
    chars: str  # the vocabulary
    means: tuple = ()  # the optimizer's running means, none for sgd
    interrupted: bool = False  # True if training was stopped before its end

    @property
    def sequences_per_epoch(self):
        """How many steps one pass over the text takes."""
        return (self.settings["characters"] // self.settings["streams"] - 1) // self.settings["seq_length"]

    @property
    def epoch_losses(self):
        """The smoothed loss after the first sequence and after each whole epoch (the table of 2019)."""
        ends = np.arange(0, len(self.losses) + 1, self.sequences_per_epoch) - 1
        ends[0] = 0
        return self.losses[ends] if len(self.losses) else self.losses[:0]

    def __repr__(self):
        name, done = self.settings["corpus"], len(self.losses)
        loss = f", smoothed loss {self.losses[-1]:.2f}" if done else ""
        state = ", interrupted" if self.interrupted else ""
        return f"TrainingRun({name!r}: {done / self.sequences_per_epoch:.4g} epochs, {done:,} steps{loss}{state})"


class TrainingDiverged(ArithmeticError):
    """The loss became nan or inf. `.run` is the last good TrainingRun, `.step` counts from 0."""

    def __init__(self, what, step, run):
        clip = "" if run.settings["max_norm"] is not None else ", or clip the gradients, for example max_norm=5"
        where = f"at step {step:,} (epoch {step // run.sequences_per_epoch + 1})"
        advice = f"Use a learning rate below {run.settings['learning_rate']:g}{clip}"
        good = f"The last good run, after {len(run.losses):,} steps, is in this error's .run"
        super().__init__(f"{what} {where}: the steps were too large. {advice}. {good}.")
        self.run, self.step = run, step


def train(corpus, hidden_size, seq_length, learning_rate, num_epochs, *, seed=0, max_norm=None, optimizer="sgd",
          streams=1, init=0.01, decay=None, dtype="float64", progress=True, resume=None, model=RNN):  # fmt: skip
    """Train a network on a text and return a TrainingRun. The defaults are the recipe of 2019.

    The text is read in consecutive sequences of seq_length characters; the hidden state is carried from one to the
    next, and starts from zeros at each epoch (a pass over the text). The smoothed loss starts at T ln V, of a guess.
    corpus, hidden_size, seq_length, learning_rate, num_epochs   the text, H, T, and how long to train
    seed    of the random initial parameters      max_norm   clip gradients above this global norm; None: never
    init    the scale of initialize_parameters    optimizer  "sgd", "adam" or "muon"
    dtype   "float64" or "float32"                decay      None, or "linear": the learning rate goes down to 0
    model   the Model to train, maybe your own    streams    B, pieces of the text to read side by side
    resume  a TrainingRun to go on from, up to num_epochs in all; gives the digits of a run without a break
    progress  show a line with the share done, the loss and the time left; or watch, of course/show/watching.py

    Interrupting (the stop button, Ctrl-C) returns the run so far, at most SNAPSHOT_EVERY steps back, .interrupted.
    TrainingDiverged, if the loss is nan or inf, has the last good run in .run. ValueError: an argument makes no sense.
    """
    s = _check_settings(corpus, locals())  # from here on, only what has been checked
    start = _start_run(corpus, s, _check_kind("model", model, Model))
    run = start if resume is None else _check_resume(resume, corpus, s, start.parameters._fields)
    B, (_, optimizer_step) = s["streams"], OPTIMIZERS[s["optimizer"]]
    pieces = chunks(corpus.ids if B == 1 else make_streams(corpus.ids, B), s["seq_length"])
    parameters, h, means = _copy(run.parameters), run.h.copy(), tuple(map(_copy, run.means))
    first, total = len(run.losses), s["num_epochs"] * len(pieces)
    losses = np.concatenate([run.losses, np.empty(total - first)])
    smoothed = run.losses[-1] if first else s["seq_length"] * math.log(corpus.vocab_size)

    def run_so_far(step):
        return TrainingRun(_copy(parameters), h.copy(), losses[:step], s, corpus.chars, tuple(map(_copy, means)))

    good = run_so_far(first)  # where an interrupt or a divergence falls back to
    line = progress(first, total, run_so_far, model) if callable(progress) else _ProgressLine(first, total, progress)
    try:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # a bad loss is caught below
            for step in range(first, total):
                if step % len(pieces) == 0:
                    h = np.zeros_like(h)
                inputs, targets = pieces[step % len(pieces)]
                forward = _forward(model, inputs, targets, h, parameters)
                if not math.isfinite(forward.loss):
                    raise TrainingDiverged(f"The loss became {forward.loss}", step, good)
                if step % SNAPSHOT_EVERY == 0:  # these parameters have just given a finite loss
                    good = run_so_far(step)
                gradients = _backward(model, inputs, targets, parameters, forward)
                if s["max_norm"] is not None:
                    gradients = clip_gradients(gradients, s["max_norm"])
                rate = s["learning_rate"] if s["decay"] is None else linear_decay(s["learning_rate"], step, total)
                optimizer_step(parameters, gradients, means, step + 1, rate)
                h = forward.hidden[-1]
                losses[step] = smoothed = smooth_loss(smoothed, forward.loss / B, sequences=B)
                line.show(step + 1, smoothed)
        if not all(np.isfinite(value).all() for value in parameters):
            raise TrainingDiverged("The parameters became infinite", total - 1, good)
        good = run_so_far(total)
        line.end(f"{s['num_epochs']} epochs, {total:,} steps, smoothed loss {smoothed:.2f}", good)
        return good
    except KeyboardInterrupt:
        good.interrupted = True
        line.end(f"interrupted after {len(good.losses):,} of {total:,} steps; go on with resume=", good)
        return good
    except TrainingDiverged as error:
        line.end(f"diverged at step {error.step:,} of {total:,}", error.run)
        raise


def _start_run(corpus, s, model):
    """Return the TrainingRun of zero steps: random parameters, a state of zeros."""
    H, B, dtype = s["hidden_size"], s["streams"], s["dtype"]
    start = model.initialize(H, corpus.vocab_size, np.random.default_rng(s["seed"]), s["init"])
    start = type(start)(*[np.array(value, dtype) for value in _check_parameters(start)])
    means = tuple(type(start)(*map(np.zeros_like, start)) for _ in range(OPTIMIZERS[s["optimizer"]][0]))
    return TrainingRun(start, np.zeros(H if B == 1 else (B, H), dtype), np.empty(0), s, corpus.chars, means)


def _copy(arrays):
    return type(arrays)(*[array.copy() for array in arrays])


class _ProgressLine:
    """One line on stdout, written over and over; its last text holds no time. What progress=f makes can replace it."""

    def __init__(self, first, total, visible):
        self.first, self.total, self.visible = first, total, visible
        self.started = self.shown = time.monotonic()

    def show(self, done, loss):
        now = time.monotonic()
        if self.visible and now - self.shown >= 0.2:
            self.shown, left = now, (now - self.started) / (done - self.first) * (self.total - done)
            bar = f"[{'#' * (20 * done // self.total):.<20}] {done / self.total:4.0%}"
            self.end(f"{bar}  loss {loss:.2f}  {left:.0f} s left", None, "")

    def end(self, text, run, last="\n"):
        if self.visible:  # JupyterLab writes over the old text without deleting it: fill the line with spaces
            print(f"\r{text:<70}", end=last, flush=True)


def bits_per_character(loss, num_characters):
    """Return the mean surprise per character, in bits, from a summed loss in nats."""
    return loss / num_characters / np.log(2)


def evaluate(parameters, ids, *, model=RNN):
    """Return how surprised the network is by a text, in nats per character (divide by ln 2 for bits).
    ids (N,) or (N, B) int, N at least 2: N - 1 characters are predicted, the state is carried through, from zeros."""
    ids, W_hy = np.asarray(ids), _check_parameters(parameters).W_hy
    if ids.ndim == 0 or len(ids) < 2:
        raise ValueError(f"The ids have shape {ids.shape}: evaluating needs those of 2 characters or more.")
    total, h = 0.0, np.zeros((*ids.shape[1:], W_hy.shape[1]), W_hy.dtype)
    for start in range(0, len(ids) - 1, 1000):  # characters at a time, so that a long text needs little memory
        piece = ids[start : start + 1001]
        forward = _forward(model, piece[:-1], piece[1:], h, parameters)
        total, h = total + forward.loss, forward.hidden[-1]
    return total / ids[1:].size


# ---------------------------------------------------------------- sampling
def apply_temperature(logits, temperature):
    """Return the probabilities, (V,), of scores divided by a temperature. Source: Ackley and others, 1985."""
    with np.errstate(over="ignore"):  # at a tiny temperature all but the largest score become -inf: probability 0
        return softmax((logits - logits.max()) / temperature)


def draw(probs, u):
    """Return the id that the number u in [0, 1) picks: where it falls among the running sums of probs, (V,).
    One random number gives one id, the same on every computer. Source: inverse transform sampling (Devroye, 1986)."""
    running_sums = np.cumsum(probs)
    picked = int(np.searchsorted(running_sums, u, side="right"))  # how many running sums u has passed
    return min(picked, len(probs) - 1)  # rounding can leave the last sum a hair below 1


def sample_ids(parameters, h, first_id, length, rng, temperature=1.0, model=RNN):
    """Read first_id in the state h, (H,), then draw `length` ids, each read in turn; return them as a list of int.
    Each draw takes one rng.random(). Source: Sutskever, Martens and Hinton, 2011."""
    ids, char_id = [], first_id
    for _ in range(length):
        h, logits = _read(char_id, h, parameters, model)
        char_id = draw(apply_temperature(logits, temperature), rng.random())
        ids.append(char_id)
    return ids


def _read(char_id, h, parameters, model):
    """Return the state after one more character, and a score for each character that may follow it."""
    if model is RNN:
        h = rnn_step(char_id, h, parameters)
        return h, (parameters.W_hy @ h + parameters.b_y).astype(np.float64)
    forward = _forward(model, np.array([char_id]), np.array([char_id]), h, parameters)
    with np.errstate(divide="ignore"):  # ln p is as good as the score: softmax gives p again
        return forward.hidden[-1], np.log(np.asarray(forward.probs[-1], np.float64))


def sample(parameters, corpus, length, *, prompt="", temperature=1.0, seed=0, model=RNN):
    """Let the network write: return `length` characters, each drawn from its own prediction (sample_ids).
    prompt       text that the network reads first; it is not part of the result. Without one it reads a line end (or
                 the first character of the text, if that has no line end)
    temperature  divides the scores: below 1 safer, above 1 wilder. ValueError: a prompt outside the vocabulary"""
    W_hy = _check_parameters(parameters).W_hy
    _check_vocabulary(len(W_hy), _check_kind("corpus", corpus, Corpus))
    length, temperature = _check_number("length", length, 1), _check_number("temperature", temperature)
    h, rng = np.zeros(W_hy.shape[1], W_hy.dtype), np.random.default_rng(_check_number("seed", seed, 0))
    line_end = corpus.chars.index("\n") if "\n" in corpus.chars else int(corpus.ids[0])
    *before, last = corpus.encode(prompt).tolist() if prompt else [line_end]
    for char_id in before:
        h, _ = _read(char_id, h, parameters, model)
    return corpus.decode(sample_ids(parameters, h, last, length, rng, temperature, model))


# ---------------------------------------------------------------- files
def save_run(run, path):
    """Write a TrainingRun to an .npz file, whole or not at all. The file holds numbers and text, no code."""
    names = run.parameters._fields
    settings = json.dumps({**run.settings, "interrupted": run.interrupted, "parameters": names})
    arrays = {f"means_{k}_{name}": value for k, mean in enumerate(run.means) for name, value in zip(names, mean)}
    arrays |= {"h": run.h, "losses": run.losses, "settings": settings, "chars": run.chars}
    if taken := [name for name in names if name in {*arrays, "file", "allow_pickle"}]:
        raise ValueError(f"A parameter is called {taken[0]!r}, a name that the file needs: give it another name.")
    write_whole(path, lambda file: np.savez(file, **arrays, **run.parameters._asdict()))


def load_run(path):
    """Read the TrainingRun that save_run wrote. ValueError if the file is damaged or is something else."""
    if not os.path.exists(path):
        raise FileNotFoundError(f"There is no file {str(path)!r}: save a run first, with save_run(run, path).")
    try:
        with np.load(path, allow_pickle=False) as file:
            settings = json.loads(str(file["settings"]))
            names = tuple(settings.pop("parameters", Parameters._fields))
            kind = Parameters if names == Parameters._fields else namedtuple("Parameters", names)
            starts = ["", *[f"means_{k}_" for k in range(OPTIMIZERS[settings["optimizer"]][0])]]
            parameters, *means = [kind(*[file[start + name] for name in names]) for start in starts]
            interrupted, chars = settings.pop("interrupted"), str(file["chars"])
            return TrainingRun(parameters, file["h"], file["losses"], settings, chars, tuple(means), interrupted)
    except (PermissionError, IsADirectoryError):
        raise
    except Exception as error:  # a damaged file can fail in many ways
        broken = f"{str(path)!r} is not a whole file of save_run ({error}): it may have been cut short"
        raise ValueError(f"{broken}. Use another copy, or train and save again.") from error


# ---------------------------------------------------------------- checks of arguments
def _check_number(name, value, least=None):
    whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    number = int(value) if whole else float(value) if isinstance(value, (float, np.floating)) else math.nan
    if 0 < number <= sys.float_info.max if least is None else whole and number >= least:
        return float(number) if least is None else number
    kind = "a number above 0, and finite" if least is None else f"a whole number, {least} or more"
    raise ValueError(f"{name} is {value!r}: it must be {kind}.")


def _check_choice(name, value, *choices):
    choice = getattr(value, "__name__", getattr(value, "name", value))  # np.float32 is as good as "float32"
    choice = choice.lower() if isinstance(choice, str) else choice
    if not isinstance(choice, (str, type(None))) or choice not in choices:
        raise ValueError(f"{name} is {value!r}: it must be one of {', '.join(map(repr, choices))}.")
    return choice


def _check_kind(name, value, kind):
    if not isinstance(value, kind):
        example = {Corpus: "load_corpus('sonnets')", TrainingRun: "load_run(path)", Model: "RNN"}[kind]
        raise ValueError(f"{name} is {str(value)[:80]!r}: give a {kind.__name__}, for example {example}.")
    return value


SETTINGS = {  # of a run, by the names that train gives them, and how each is checked
    **dict.fromkeys(["hidden_size", "seq_length", "num_epochs", "streams"], lambda *given: _check_number(*given, 1)),
    "learning_rate": _check_number,
    "seed": lambda name, value: _check_number(name, value, 0),
    "max_norm": lambda name, value: None if value is None else _check_number(name, value),
    "optimizer": lambda name, value: _check_choice(name, value, *OPTIMIZERS),
    "init": lambda name, value: value if isinstance(value, str) else _check_number(name, value),
    "decay": lambda name, value: _check_choice(name, value, None, "linear"),
    "dtype": lambda name, value: _check_choice(name, value, "float64", "float32"),
}


def _check_settings(corpus, asked):
    s = {"corpus": _check_kind("corpus", corpus, Corpus).name, "characters": len(corpus.ids)}
    s |= {name: check(name, asked[name]) for name, check in SETTINGS.items()}
    has, T, B = f"The text {corpus.name!r} has {len(corpus.ids):,} characters", s["seq_length"], s["streams"]
    if len(corpus.ids) // B <= T:
        needs = f"seq_length={T} with streams={B} needs {(T + 1) * B:,}"
        raise ValueError(f"{has}, too few for one sequence: {needs}. Use a longer text or a smaller seq_length.")
    return s


def _check_resume(run, corpus, s, names):
    _check_vocabulary(len(_check_kind("resume", run, TrainingRun).chars), corpus, run.chars)
    has, needs = {"parameters": run.parameters._fields, **run.settings}, {"parameters": names, **s}
    fixed = ["parameters", "characters", "hidden_size", "seq_length", "optimizer", "streams", "decay", "dtype"]
    for key in fixed + ["num_epochs"] * bool(s["decay"]):  # the slope of the learning rate depends on num_epochs
        if has[key] != needs[key]:
            differs = f"The run to resume has {key}={has[key]!r}, not {needs[key]!r}"
            raise ValueError(f"{differs}: give the same settings, or leave out resume to start anew.")
    done, epochs = len(run.losses) / run.sequences_per_epoch, s["num_epochs"]
    if done > epochs:
        done = f"The run to resume has done {done:.4g} epochs already"
        raise ValueError(f"{done}: num_epochs counts them too, so it must be more than {epochs}.")
    return run


def _check_vocabulary(size, corpus, chars=None):
    if size != corpus.vocab_size or chars not in (None, corpus.chars):
        trained = f"a vocabulary of {size} characters{'' if chars is None else f' {chars[:100]!r}'}"
        other = f"the text {corpus.name!r} has another one, {corpus.vocab_size} characters {corpus.chars[:100]!r}"
        raise ValueError(f"The network was trained with {trained}, but {other}: use the text that it was trained on.")


def _check_sequence(inputs, targets, h_prev, parameters):
    inputs, targets, h_prev, (H, V) = np.asarray(inputs), np.asarray(targets), np.asarray(h_prev), parameters[0].shape
    if inputs.shape != targets.shape or inputs.ndim not in (1, 2) or not inputs.size:
        sizes = f"inputs has shape {inputs.shape} and targets {targets.shape}"
        raise ValueError(f"{sizes}: both must be (T,) or both (T, B), T at least 1.")
    if h_prev.shape != (*inputs.shape[1:], H):
        raise ValueError(f"h_prev has shape {h_prev.shape}: here it must be {(*inputs.shape[1:], H)}.")
    _check_ids("inputs", inputs, V)
    return inputs, targets, h_prev


def _check_ids(name, ids, V):
    if ids.dtype.kind not in "iu" and ids.size:
        raise ValueError(f"{name} are of type {ids.dtype}: character ids must be whole numbers.")
    if ids.size and (ids.min() < 0 or ids.max() >= V):
        wrong = int(ids.min() if ids.min() < 0 else ids.max())
        raise ValueError(f"{name} hold the id {wrong}: with {V} characters, ids go from 0 to {V - 1}.")


def _check_parameters(parameters):
    if isinstance(parameters, TrainingRun):
        raise ValueError("This is a whole TrainingRun: give its parameters, run.parameters.")
    if not hasattr(parameters, "_fields") or np.ndim(getattr(parameters, "W_hy", 0)) != 2:
        found = ", ".join(getattr(parameters, "_fields", [type(parameters).__name__]))
        raise ValueError(f"The parameters are {found}: they must be a NamedTuple of arrays, W_hy (V, H) among them.")
    return parameters
