"""A character RNN in NumPy: the finished functions of the course.

Read it from top to bottom. The lessons in notebooks/ build these functions; what they import from here is what trains.
What is no part of the story, such as files, settings and the checks of arguments, stands in course/base.

Letters used in every docstring:
    V  characters in the vocabulary      T  characters in one sequence
    H  hidden units                      B  streams of text read side by side
One stream is the plain case. With B streams every array gets an axis of length B:
inputs and targets (T, B), hidden (T+1, B, H), probs (T, B, V), h_prev (B, H).
Losses are cross-entropies in nats, summed over all characters.
"""

from course.base import threads  # noqa: F401  before NumPy: one thread is the fastest at these sizes

# isort: split
import math
import os
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from course.base import checks
from course.base.arrays import copied
from course.base.own_models import CheckedModel
from course.base.progress_line import ProgressLine
from course.base.runs import (
    Settings,
    TrainingDiverged,
    TrainingRun,
    check_model,
    ids_sha256,
    network_of,
    read_run,
    resumed,
)
from course.base.runs import save_run as save_run  # pages import it from here
from course.base.texts import read_text

# The words of the type hints.
Array = np.ndarray
Arrays = Sequence[np.ndarray]  # parameters or gradients: Parameters, or the NamedTuple of another model
State = np.ndarray | tuple[np.ndarray, ...]


# ---------------------------------------------------------------- text
REMOVED = re.compile(r"[]\d[&=%()\-@\ufeff;_é$]+")


def preprocess(text: str) -> str:
    """Return the text in lower case, without digits and without ] [ & = % ( ) - @ U+FEFF ; _ é $.
    A smaller vocabulary is easier to learn. The list is the one of the 2019 notebook."""
    checks.text("The text", text)
    return "\n".join([REMOVED.sub("", line.lower()) for line in text.split("\n")])


class Vocabulary:
    """The characters of a text. Each has a number, its id: its place among them."""

    def __init__(self, text: str, name: str):
        """text: any that holds them all; name: of the text that they come from, for messages."""
        self.chars = "".join(sorted(set(checks.text("The text", text))))  # sorted: so the ids are the same everywhere
        self.size = len(self.chars)  # V
        self.name = name

    def encode(self, text: str) -> Array:
        """Return the ids of a text, (len(text),) int. ValueError names a character outside chars."""
        id_of = {char: id for id, char in enumerate(self.chars)}
        checks.text("The text", text)
        small = np.int16 if self.size <= 181 else np.int32  # V * V still fits, so ids of pairs do not overflow
        try:
            return np.fromiter(map(id_of.__getitem__, text), small, len(text))
        except KeyError as error:
            (char,) = error.args
            known = f" Its lower case {char.lower()!r} is." if char.lower() in id_of else ""
            raise ValueError(
                f"The character {char!r} at position {text.index(char)} of {text[:30]!r} is not in the vocabulary of "
                f"{self.name!r}.{known} Use only these characters: {self.chars[:100]!r}."
            ) from None

    def decode(self, ids: ArrayLike) -> str:
        """Return the text of some ids, (N,). ValueError if one is outside 0 ... V-1."""
        ids = checks.row("ids", ids)
        checks.ids("ids", ids, self.size)
        return "".join([self.chars[id] for id in ids.tolist()])

    def __repr__(self) -> str:
        return f"Vocabulary({self.chars!r}, {self.name!r})"


class Corpus:
    """A text as the network sees it: every character is a number, its id."""

    def __init__(self, name: str, text: str, vocabulary: Vocabulary | None = None):
        """vocabulary: that of the whole text, if this is a piece of it. None: the characters of this text."""
        self.name, self.text = checks.text("The name of the text", name), checks.text(f"The text {name!r}", text)
        if not text:
            raise ValueError(f"The text {name!r} is empty: give it some characters.")
        if vocabulary is None:
            vocabulary = Vocabulary(text, name)
        self.vocabulary = checks.kind("vocabulary", vocabulary, Vocabulary, "corpus.vocabulary")
        self.ids = self.encode(text)  # (number of characters,) int, the text as positions in chars

    @property
    def chars(self) -> str:
        """The characters of the vocabulary, sorted."""
        return self.vocabulary.chars

    @property
    def vocab_size(self) -> int:
        """V, the number of characters in the vocabulary."""
        return self.vocabulary.size

    def encode(self, text: str) -> Array:
        """Return the ids of a text, (len(text),) int. ValueError names a character outside chars."""
        return self.vocabulary.encode(text)

    def decode(self, ids: ArrayLike) -> str:
        """Return the text of some ids, (N,). ValueError if one is outside 0 ... V-1."""
        return self.vocabulary.decode(ids)

    def __repr__(self) -> str:
        return f"Corpus({self.name!r}: {len(self.ids):,} characters, vocabulary of {self.vocab_size})"


def load_corpus(name_or_path: str | os.PathLike) -> Corpus:
    """Return a Corpus by name ("sonnets", "speeches", ...) or from any UTF-8 text file, after preprocess.
    The names are those of data/corpora.json; course/base/texts.py says where a named text is looked for.
    ValueError: text empty or not UTF-8, or its checksum differs. FileNotFoundError: it is not found anywhere."""
    name, text = read_text(checks.path(name_or_path, "sonnets"))
    text = preprocess(text)
    if not text.strip():
        raise ValueError(f"The text {name!r} is empty after preprocess: give it some characters.")
    return Corpus(name, text)


def one_hot(ids: ArrayLike, vocab_size: int, dtype: type = float) -> Array:
    """Return one row per id: a 1 in the column of the id, zeros elsewhere.
    ids (T,) int gives (T, V), ids (T, B) gives (T * B, V)."""
    ids = np.ravel(ids)
    rows = np.zeros((len(ids), vocab_size), dtype)
    rows[np.arange(len(ids)), ids] = 1  # the pairs (0, ids[0]), (1, ids[1]), ...
    return rows


# ---------------------------------------------------------------- model
def softmax(logits: ArrayLike) -> Array:
    """Turn scores into probabilities along the last axis, exp(z) / sum(exp(z)): (..., V) of any leading shape.
    Subtracting the largest score changes nothing in the result and keeps exp from overflowing. Source: Bridle, 1990."""
    logits = np.asarray(logits)
    exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)


def cross_entropy(probs: ArrayLike, targets: ArrayLike) -> float:
    """Return the surprise at the characters that really came, -sum(ln probs[target]), a float in nats.
    probs (..., V), the predicted probabilities; targets (...) int, the ids of the characters that came
    ValueError if the shapes do not fit or an id is outside 0 ... V-1. Source: after Shannon, 1948."""
    probs, targets = np.asarray(probs), np.asarray(targets)
    checks.targets("probs", probs, targets)
    rows = probs.reshape(-1, probs.shape[-1])
    return 0.0 - float(np.log(rows[np.arange(targets.size), targets.ravel()]).sum())


def softmax_gradient(logits: ArrayLike, targets: ArrayLike) -> Array:
    """Return d loss / d logits, (T, V), from scores (T, V) and ids (T,): probabilities minus one-hot rows."""
    checks.targets("logits", np.asarray(logits), np.asarray(targets))
    return softmax(logits) - one_hot(targets, np.shape(logits)[-1])


class Parameters(NamedTuple):
    """All that the network learns. The gradients of the loss come in the same shape."""

    W_xh: Array  # (H, V), input to hidden
    W_hh: Array  # (H, H), hidden to hidden
    W_hy: Array  # (V, H), hidden to output
    b_h: Array  # (H,), bias of the hidden units
    b_y: Array  # (V,), bias of the outputs


class ForwardPass(NamedTuple):
    """What the forward pass found, and what the backward pass needs."""

    loss: float  # nats, summed over the sequence (and over the streams)
    probs: Array  # (T, V) or (T, B, V), the predicted probabilities of the next character
    hidden: Array  # (T+1, H) or (T+1, B, H): row 0 is the state that came in, row t+1 the one after character t


def initialize_parameters(
    hidden_size: int, vocab_size: int, rng: np.random.Generator, scale: float | str = 0.01
) -> Parameters:
    """Return random Parameters: normal weights and zero biases; rng is np.random.default_rng(seed).
    scale  standard deviation of the weights (2019: 0.01); or "fan_in", 1 / sqrt(number of inputs) of each matrix
           (LeCun and others, 1998); or "orthogonal", the same with W_hh a random rotation (Saxe and others, 2014)"""
    H, V = checks.count("hidden_size", hidden_size), checks.count("vocab_size", vocab_size)
    if isinstance(scale, str) and scale not in ("fan_in", "orthogonal"):
        raise ValueError(f'The initial scale is {scale!r}: use a number, "fan_in" or "orthogonal".')
    checks.generator("rng", rng, "standard_normal")
    with checks.memory_for(f"a network of hidden_size={H} and vocab_size={V}"):
        weights = [rng.standard_normal(shape) for shape in [(H, V), (H, H), (V, H)]]
    if isinstance(scale, str):
        W_xh, W_hh, W_hy = [W / math.sqrt(W.shape[1]) for W in weights]
    else:
        scale = checks.positive("The initial scale", scale)
        W_xh, W_hh, W_hy = [W * scale for W in weights]
    if scale == "orthogonal":
        Q, R = np.linalg.qr(weights[1])
        W_hh = Q * np.sign(np.diag(R))  # without the signs, some rotations would be more likely
    return Parameters(W_xh, W_hh, W_hy, np.zeros(H), np.zeros(V))


def rnn_step(char_id: int, h_prev: Array, parameters: Parameters) -> Array:
    """Return the hidden state after one more character, (H,), from its id and the state before. Source: Elman, 1990."""
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    return np.tanh(W_hh @ h_prev + W_xh[:, char_id] + b_h)  # W_xh times a one-hot vector is a column of W_xh


def output_probs(h: Array, parameters: Parameters) -> Array:
    """Return the probabilities of the next character: from one hidden state (H,), or from many (..., H), (..., V)."""
    states = h.reshape(-1, h.shape[-1])
    # In this order (the result transposed) a character's scores at all steps lie side by side: faster for softmax.
    return softmax((parameters.W_hy @ states.T).T + parameters.b_y).reshape(*h.shape[:-1], -1)


def forward_pass(inputs: Array, targets: Array, h_prev: Array, parameters: Parameters) -> ForwardPass:
    """Read a sequence, predict each next character, and measure the surprise: return a ForwardPass.

    inputs, targets  (T,) or (T, B) int; targets are the inputs shifted by one character
    h_prev           (H,) or (B, H), the state before the first character; it is not changed

        h_t = tanh(W_hh h_{t-1} + W_xh x_t + b_h)        p_t = softmax(W_hy h_t + b_y)
        loss = -sum over t of ln p_t[target_t]

    ValueError if shapes do not fit or an id is outside 0 ... V-1. Source: Elman, 1990.
    """
    inputs, targets, h_prev = checks.sequence(inputs, targets, h_prev, parameters)
    W_xh, W_hh, W_hy, b_h, b_y = parameters

    hidden = np.empty((len(inputs) + 1, *h_prev.shape), W_hh.dtype)
    hidden[0] = h_prev
    hidden[1:] = (W_xh.T + b_h)[inputs]  # the input's share of all T steps is one look-up
    W_hh_T = W_hh.T.copy()  # with its rows in order, products of several streams are faster
    a, tanh = np.empty_like(hidden[0]), np.tanh
    for h, h_next in pairwise(hidden):  # each row is a view: writing to it fills hidden
        h.dot(W_hh_T, out=a)
        a += h_next  # which holds the input's share so far
        tanh(a, out=h_next)  # now it is the new state, as in rnn_step

    probs = output_probs(hidden[1:], parameters)  # the outputs do not feed back, so they can wait for each other
    return ForwardPass(cross_entropy(probs, targets), probs, hidden)


def count_parameters(hidden_size: int, vocab_size: int) -> int:
    """Return how many numbers the network learns."""
    H, V = hidden_size, vocab_size
    return H * V + H * H + V * H + H + V  # W_xh, W_hh, W_hy, b_h, b_y


# ---------------------------------------------------------------- gradients
# "dh" is d loss / d h, and "da" is d loss / d a, where a_t = W_hh h_{t-1} + W_xh x_t + b_h is what goes into tanh.
def output_backward(targets: Array, probs: Array, states: Array, W_hy: Array) -> tuple[Array, Array, Array]:
    """Go back through output_probs: return (dlogits, dh_from_output, dW_hy).
    targets, probs, states  (T,), (T, V) and (T, H), or with streams: which characters came, and probs of which states
    dlogits (T, V) or (T * B, V), a row for each prediction; dh_from_output in the shape of states; dW_hy (V, H)"""
    V, H = W_hy.shape
    dlogits = probs.reshape(-1, V) - one_hot(targets, V, probs.dtype)  # softmax_gradient; the softmax is there already
    return dlogits, (dlogits @ W_hy).reshape(states.shape), dlogits.T @ states.reshape(-1, H)


def tanh_backward(dh: Array, h: Array) -> Array:
    """Return da from dh, where h = tanh(a). All of the same shape."""
    return dh * (1 - h**2)  # tanh'(a) = 1 - tanh(a)**2, and tanh(a) is h


def hidden_gradients(dh_from_output: Array, hidden: Array, parameters: Parameters) -> Array:
    """Go back through the states: return da_t = (1 - h_t**2) * (dh_from_output_t + W_hh^T da_{t+1}) of all steps.
    dh_from_output  (T, H) or (T, B, H), what each state gets from its own prediction; hidden: as in a ForwardPass
    Backpropagation through time (Werbos, 1990), truncated: it stops at the first step (Williams and Peng, 1990)."""
    W_hh = parameters.W_hh
    da = tanh_backward(1, hidden[1:])  # the slopes of tanh at all T steps; each row becomes da when its dh is known
    dh = np.zeros_like(hidden[0])  # what a state gets from the future: nothing after the last step
    for dh_t, da_t in zip(dh_from_output[::-1], da[::-1], strict=True):
        dh += dh_t
        da_t *= dh
        da_t.dot(W_hh, out=dh)  # W_hh^T da_t, for the state before
    return da


def weight_gradients(inputs: Array, hidden: Array, da: Array, vocab_size: int) -> tuple[Array, Array, Array]:
    """Return (dW_xh, dW_hh, db_h), summed over the T steps (and B streams): a sum of outer products is one product."""
    H = da.shape[-1]
    da = da.reshape(-1, H)
    before = hidden[:-1].reshape(-1, H)  # the state that W_hh multiplied: the one before
    ones = np.ones(len(da), da.dtype)  # ones @ x is x.sum(axis=0), in half the time
    return da.T @ one_hot(inputs, vocab_size, da.dtype), da.T @ before, ones @ da


def backward_pass(inputs: Array, targets: Array, parameters: Parameters, forward: ForwardPass) -> Parameters:
    """Return the gradient of the loss for every parameter, as Parameters, summed over the T steps (and B streams).
    inputs, targets, parameters  as given to forward_pass; forward: the ForwardPass that it returned
    Backpropagation through time. ValueError if shapes do not fit. Source: Werbos, 1990."""
    checks.forward(forward, inputs, targets, parameters)
    hidden, W_hy = forward.hidden, parameters.W_hy
    dlogits, dh_from_output, dW_hy = output_backward(targets, forward.probs, hidden[1:], W_hy)
    da = hidden_gradients(dh_from_output, hidden, parameters)
    dW_xh, dW_hh, db_h = weight_gradients(inputs, hidden, da, len(W_hy))
    ones = np.ones(len(dlogits), dlogits.dtype)
    return Parameters(dW_xh, dW_hh, dW_hy, db_h, ones @ dlogits)


class Model(NamedTuple):
    """Functions that train, evaluate, sample and gradient_check can use. RNN is the model of the course.

    The parameters are a NamedTuple of arrays, W_hy (V, ...) among them. forward may return a NamedTuple that holds
    more than loss, probs and hidden, for backward. A model keeps one state of (H,) numbers (or (B, H), if it can read
    B streams): it begins with zeros, and the last row of hidden is the next one. For a state of any other shape, an
    array or a tuple of arrays, there is zero_state; then forward must return a NamedTuple with the next one as .state.
    """

    initialize: Callable[..., Arrays]  # (hidden_size, vocab_size, rng, scale) -> parameters
    forward: Callable[..., Any]  # (inputs, targets, state, parameters) -> (loss, probs, hidden), as in a ForwardPass
    backward: Callable[..., Arrays]  # (inputs, targets, parameters, forward) -> gradients, one for each parameter
    zero_state: Callable[..., State] | None = None  # (parameters, streams) -> state; streams is () or (B,)
    name: str = ""  # by which a run remembers its model; "": that of forward

    @property
    def title(self) -> str:
        """What the model is called: by this a run remembers which one it is of."""
        return self.name or getattr(self.forward, "__name__", "") or type(self.forward).__name__

    def first_state(self, parameters: Arrays, streams: tuple[int, ...] = ()) -> State:
        """Return the state before the first character. streams: () for one text, (B,) for B side by side."""
        if self.zero_state is not None:
            return self.zero_state(parameters, streams)
        return np.zeros((*streams, parameters.W_hy.shape[1]), parameters.W_hy.dtype)

    def state_after(self, forward: Any) -> State:
        """Return the state after the last character of a forward pass."""
        return forward.hidden[-1] if self.zero_state is None else forward.state


RNN = Model(initialize_parameters, forward_pass, backward_pass, name="RNN")


def _checked(model):
    """Return RNN as it is; another Model so that what its functions return first is checked."""
    if model is RNN or isinstance(model, CheckedModel):
        return model
    return CheckedModel(checks.model(model, Model), ForwardPass)


def numerical_gradient(f: Callable[[Array], float], x: ArrayLike, epsilon: float = 1e-5) -> Array:
    """Return the slope of f, which takes an array like x and returns a number, for each entry of x; x stays as it is.
    Source: central differences, the slope between x - epsilon and x + epsilon."""
    checks.positive("epsilon", epsilon)
    x = np.array(x, dtype=float)  # a copy: the caller's array stays as it is
    checks.number("What f returns", f(x))
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


class Compared(NamedTuple):
    """The gradient of one parameter beside its measured slopes, at the entry where they differ most."""

    parameter: str
    entry: tuple[int, ...]
    relative_error: float  # of this entry, beside the largest slope of the parameter
    got: float  # what backward says
    expected: float  # the slope that was measured


class GradientCheck(NamedTuple):
    """The verdict of gradient_check. Behind ok, wrong and right comes what a Compared says of the worst parameter."""

    ok: bool
    wrong: tuple[str, ...]  # names of the parameters
    right: tuple[str, ...]
    parameter: str
    entry: tuple[int, ...]
    relative_error: float
    got: float
    expected: float
    time_step: int | None = None  # the first that is wrong

    def __repr__(self) -> str:
        if self.ok:
            return "Gradient check passed: every gradient agrees with the measured slope."
        return (
            f"Gradient check FAILED, worst in {self.parameter}[{', '.join(map(str, self.entry))}]: backward says "
            f"{self.got:.6f}, measured {self.expected:.6f} (relative error {self.relative_error:.0e}).\n"
            f"Wrong: {', '.join(self.wrong)}. Right: {', '.join(self.right) or 'none'}.\n"
            f"The gradients first go wrong at time step {self.time_step}."
        )


def gradient_check(
    inputs: ArrayLike,
    targets: ArrayLike,
    h_prev: State,
    parameters: Arrays,
    backward: Callable[..., Arrays] | None = None,
    *,
    model: Model = RNN,
    epsilon: float = 1e-5,
    tolerance: float = 1e-6,
) -> GradientCheck:
    """Compare the gradients of backward with slopes measured by numerical_gradient; return a GradientCheck.
    inputs, targets, h_prev, parameters  as for forward_pass (float64; use small sizes, the check is slow)
    backward   a function with the arguments and the result of backward_pass; None: that of the model
    epsilon    how far each parameter is moved to both sides
    tolerance  largest relative error that passes
    backward gets copies, so it cannot spoil what it is compared with.
    ValueError: an argument makes no sense, or the loss or a measured slope is nan or inf: nothing can be compared."""
    inputs, targets = checks.array("inputs", inputs), checks.array("targets", targets)
    checks.pair(inputs, targets)
    for name, value in checks.parameters(parameters)._asdict().items():
        kind = getattr(value, "dtype", type(value).__name__)
        if kind != np.float64:
            raise ValueError(f"The parameters are {kind} ({name}): measuring slopes needs arrays of float64.")
    epsilon, tolerance = checks.positive("epsilon", epsilon), checks.positive("tolerance", tolerance)
    checks.model(model, Model)
    if backward is not None:
        model = model._replace(backward=checks.function("backward", backward))
    model = _checked(model)
    checks.ids("inputs", inputs, len(parameters.W_hy))
    checks.ids("targets", targets, len(parameters.W_hy))
    checks.state(h_prev, model.first_state(parameters, inputs.shape[1:]))

    def compare(length):
        return compare_gradients(inputs[:length], targets[:length], h_prev, parameters, model, epsilon)

    def wrong_in(compared):
        return tuple(one.parameter for one in compared if not one.relative_error <= tolerance)  # nan is wrong, too

    compared = compare(len(inputs))
    wrong = wrong_in(compared)
    right = tuple(one.parameter for one in compared if one.parameter not in wrong)
    worst = max(compared, key=lambda one: one.relative_error)
    if not wrong:
        return GradientCheck(True, wrong, right, *worst)
    # The shortest beginning of the sequence that is wrong tells at which step it goes wrong.
    beginnings = (length for length in range(1, len(inputs)) if wrong_in(compare(length)))
    return GradientCheck(False, wrong, right, *worst, time_step=next(beginnings, len(inputs)) - 1)


def compare_gradients(
    inputs: Array, targets: Array, h_prev: State, parameters: Arrays, model: Model, epsilon: float
) -> list[Compared]:
    """Measure the slopes of each parameter, and compare with them what the backward of a model says.
    ValueError: the loss or a measured slope is nan or inf."""
    copies = inputs.copy(), targets.copy(), copied(parameters)
    forward = model.forward(*copies[:2], h_prev, copies[2])
    if not math.isfinite(forward.loss):
        spoiled = [name for name, value in parameters._asdict().items() if not np.isfinite(value).all()]
        raise ValueError(
            f"The loss is {forward.loss}, so no slope can be measured: look for nan or inf in "
            f"{', '.join(spoiled) or 'h_prev, and for a logarithm of 0 or a division by 0 in forward'}."
        )
    gradients = model.backward(*copies, forward)

    slopes = {}
    for name, value in parameters._asdict().items():

        def loss(moved, name=name):
            return model.forward(inputs, targets, h_prev, parameters._replace(**{name: moved})).loss

        slopes[name] = numerical_gradient(loss, value, epsilon)
        if not np.isfinite(slopes[name]).all():
            entry = ", ".join(map(str, np.argwhere(~np.isfinite(slopes[name]))[0]))
            raise ValueError(
                f"The measured slope of {name}[{entry}] is not finite: the loss becomes nan or inf, or very large, "
                f"when this entry is moved by epsilon={epsilon:g}. Look into forward, or use a smaller epsilon."
            )

    largest = max(np.abs(expected).max() for expected in slopes.values())
    compared = []
    for got, (name, expected) in zip(gradients, slopes.items(), strict=True):
        difference = np.where(np.isfinite(got), np.abs(got - expected), np.inf)
        entry = tuple(map(int, np.unravel_index(difference.argmax(), difference.shape)))
        # A gradient of almost zero is compared with the others: its own size would be rounding noise.
        size = max(np.abs(expected).max(), 1e-3 * largest, 1e-12)
        compared.append(
            Compared(name, entry, float(difference[entry] / size), float(got[entry]), float(expected[entry]))
        )
    return compared


def clip_gradients(gradients: Arrays, max_norm: float) -> Arrays:
    """Return the gradients, Parameters, scaled down together if their global norm is above max_norm, a number above 0.
    The direction stays, only the length changes; small gradients are returned as they are. ValueError: the norm is nan
    or inf. Source: Pascanu, Mikolov and Bengio, 2013."""
    max_norm = checks.positive("max_norm", max_norm)
    norm = math.sqrt(sum(float(np.vdot(gradient, gradient)) for gradient in gradients))
    if norm <= max_norm:
        return gradients
    checks.norm(norm)
    return type(gradients)(*[gradient * (max_norm / norm) for gradient in gradients])


# ---------------------------------------------------------------- training
def chunks(ids: Array, seq_length: int) -> list[tuple[Array, Array]]:
    """Cut a text into whole sequences; return a list of (inputs, targets), each (T,), or (T, B) of ids (N, B).
    The targets are the inputs shifted by one character; a rest that is too short for a sequence is left out."""
    seq_length = checks.count("seq_length", seq_length)
    pieces = []
    for start in range(0, len(ids) - seq_length, seq_length):  # the last target is ids[start + seq_length]
        inputs = ids[start : start + seq_length]
        targets = ids[start + 1 : start + seq_length + 1]
        pieces.append((inputs, targets))
    return pieces


def sgd_step(parameters: Arrays, gradients: Arrays, learning_rate: float) -> None:
    """Move every parameter downhill, in place; return None. Stochastic gradient descent: Robbins and Monro, 1951."""
    checks.alike(parameters, gradients=gradients)
    for parameter, gradient in zip(parameters, gradients):
        parameter -= learning_rate * gradient


def smooth_loss(previous: float, loss: float, sequences: int = 1) -> float:
    """Return 0.999 of the previous smoothed loss and 0.001 of the loss of one sequence (or the mean of several).
    Source: the running mean of Karpathy, 2015 (min-char-rnn)."""
    keep = 0.999**sequences
    return keep * previous + (1 - keep) * loss


def adam_step(
    parameters: Arrays,
    gradients: Arrays,
    m: Arrays,
    v: Arrays,
    step: int,
    learning_rate: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    epsilon: float = 1e-8,
) -> None:
    """Step along m, a running mean of the gradients, divided by the root of v, one of their squares.
    parameters, gradients, m, v  lists or tuples of arrays of the same shapes; parameters, m and v change in place
    step                         1 at the first call: m and v start at zero, and the first steps make up for that
    Source: Kingma and Ba, 2015."""
    checks.alike(parameters, gradients=gradients, m=m, v=v)
    step = checks.count("step", step)
    rate = learning_rate / (1 - beta1**step)
    correction = 1 - beta2**step
    for parameter, gradient, m_mean, v_mean in zip(parameters, gradients, m, v):
        m_mean *= beta1
        m_mean += (1 - beta1) * gradient
        v_mean *= beta2
        v_mean += (1 - beta2) * gradient**2
        parameter -= rate * m_mean / (np.sqrt(v_mean / correction) + epsilon)


def orthogonalize(matrix: Array, rounds: int) -> Array:
    """Return a matrix that stretches every direction about equally, and turns them as the given one does: its
    singular values are near 1. Source: an iteration of Newton and Schulz, with the numbers of Jordan, 2024."""
    is_tall = len(matrix) > matrix.shape[1]
    X = matrix.T if is_tall else matrix  # wide, not tall: so its square below is small
    X = X / (np.linalg.norm(matrix) + 1e-7)
    for _ in range(rounds):  # each brings the singular values of X nearer to 1
        square = X @ X.T
        X = 3.4445 * X + (2.0315 * square @ square - 4.7750 * square) @ X
    return X.T if is_tall else X


def muon_step(
    parameters: Arrays,
    gradients: Arrays,
    m: Arrays,
    v: Arrays,
    step: int,
    learning_rate: float,
    momentum: float = 0.9,
    rounds: int = 3,
) -> None:
    """Step each matrix along the running mean of its gradients made orthogonal: equally far in every direction.
    The biases take adam_step; arguments as there. Source: Jordan, 2024, who takes 5 rounds; 3 do here, and cost less.
    The size of the steps, that of Adam's: Liu and others, 2025."""
    checks.alike(parameters, gradients=gradients, m=m, v=v)
    for parameter, gradient, m_mean in zip(parameters, gradients, m):
        if parameter.ndim == 2:
            m_mean *= momentum
            m_mean += (1 - momentum) * gradient
            ahead = momentum * m_mean + (1 - momentum) * gradient  # a look ahead (Nesterov)
            size = learning_rate * 0.2 * math.sqrt(max(parameter.shape))
            parameter -= size * orthogonalize(ahead, rounds)
    vectors = [[array for array in arrays if array.ndim != 2] for arrays in (parameters, gradients, m, v)]
    adam_step(*vectors, step, learning_rate)


# Each optimizer: how many running means it keeps, and its step (p: parameters, g: gradients). A new one is named in the
# docstring of train, too.
OPTIMIZERS: dict[str, tuple[int, Callable[..., None]]] = {
    "sgd": (0, lambda p, g, means, step, rate: sgd_step(p, g, rate)),
    "adam": (2, lambda p, g, means, step, rate: adam_step(p, g, *means, step, rate)),
    "muon": (2, lambda p, g, means, step, rate: muon_step(p, g, *means, step, rate)),
}
SNAPSHOT_EVERY = 25  # steps of train; copying the parameters this often costs less than 1 % of the time


def linear_decay(learning_rate: float, done: int, total: int) -> float:
    """Return the learning rate after `done` of `total` steps, on a line down to 0. Source: Mikolov and others, 2013."""
    return learning_rate * (1 - done / total)


def make_streams(ids: ArrayLike, streams: int) -> Array:
    """Cut a text into B consecutive pieces of equal length; return them side by side, (length, B), a column each.
    Up to B - 1 characters at the end are left out. Source: Zaremba, Sutskever and Vinyals, 2014."""
    ids, streams = checks.streams(ids, streams)
    length = len(ids) // streams
    return ids[: length * streams].reshape(streams, length).T


def train(
    corpus: Corpus,
    hidden_size: int,
    seq_length: int,
    learning_rate: float,
    num_epochs: int,
    *,
    seed: int = 0,
    max_norm: float | None = None,
    optimizer: str = "sgd",
    streams: int = 1,
    init: float | str = 0.01,
    decay: str | None = None,
    dtype: str = "float64",
    progress: bool | Callable[..., Any] = True,
    resume: TrainingRun | None = None,
    model: Model = RNN,
) -> TrainingRun:
    """Train a network on a text and return a TrainingRun. The defaults are the recipe of 2019.

    The text is read in consecutive sequences of seq_length characters; the hidden state is carried from one to the
    next, and starts from zeros at each epoch (a pass over the text). The smoothed loss starts at T ln V, of a guess.

    corpus         the text
    hidden_size    H, the number of hidden units
    seq_length     T, characters in one sequence
    learning_rate  how far a step goes
    num_epochs     how often the text is read
    seed           of the random initial parameters
    max_norm       clip gradients above this global norm; None: never
    optimizer      "sgd", "adam" or "muon"
    streams        B, pieces of the text to read side by side
    init           the scale of initialize_parameters
    decay          None, or "linear": the learning rate goes down to 0
    dtype          "float64" or "float32"
    progress       show a line with the share done, the loss and the time left; or watch, of course/show/watching.py
    resume         a TrainingRun to go on from, up to num_epochs in all; gives the digits of a run without a break
    model          the Model to train, maybe your own

    Interrupting (the stop button, Ctrl-C) returns the run so far, at most SNAPSHOT_EVERY steps back, .interrupted.
    TrainingDiverged, if the loss is nan or inf, has the last good run in .run. ValueError: an argument makes no sense.
    """
    checks.kind("corpus", corpus, Corpus, "load_corpus('sonnets')")
    checks.model(model, Model)
    checks.progress(progress)
    settings = Settings(
        corpus=corpus.name,
        characters=len(corpus.ids),
        hidden_size=hidden_size,
        seq_length=seq_length,
        learning_rate=learning_rate,
        num_epochs=num_epochs,
        seed=seed,
        max_norm=max_norm,
        optimizer=checks.choice("optimizer", optimizer, OPTIMIZERS),
        streams=streams,
        init=init,
        decay=decay,
        dtype=dtype,
        model=model.title,
        ids_sha256=ids_sha256(corpus.ids),
    )
    start = _start_run(corpus, settings, model)
    run = start if resume is None else resumed(resume, start)
    return _train_on(run, corpus.ids, model, progress)


def _start_run(corpus, settings, model):
    """Return the TrainingRun of zero steps: random parameters, a state of zeros."""
    rng = np.random.default_rng(settings.seed)
    start = checks.parameters(model.initialize(settings.hidden_size, corpus.vocab_size, rng, settings.init))
    parameters = type(start)(*[np.array(value, settings.dtype) for value in start])
    number_of_means, _ = OPTIMIZERS[settings.optimizer]
    means = tuple(type(start)(*map(np.zeros_like, parameters)) for _ in range(number_of_means))
    state = model.first_state(parameters, () if settings.streams == 1 else (settings.streams,))
    return TrainingRun(parameters, state, np.empty(0), settings, corpus.vocabulary, means)


def _train_on(run, ids, model, progress):
    """Train a run to the end of its settings, and return what it becomes; the given one stays as it is."""
    settings, first = run.settings, len(run.losses)
    total = settings.num_epochs * run.sequences_per_epoch
    good = run.copy()  # where an interrupt or a divergence falls back to
    run = run.copy()  # the one that is trained
    with checks.memory_for(f"the losses of num_epochs={settings.num_epochs}, {total:,} steps"):
        run.losses = np.concatenate([run.losses, np.empty(total - first)])
    line = progress(first, total, run.copy, model) if callable(progress) else ProgressLine(first, total, progress)
    checks.line(line)
    try:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):  # a bad loss is caught
            for good in _steps(run, first, ids, _checked(model), line):  # noqa: B007  the last one is used
                pass
        line.end(f"{settings.num_epochs} epochs, {total:,} steps, smoothed loss {good.losses[-1]:.2f}", good)
        return good
    except KeyboardInterrupt:
        good.interrupted = True
        line.end(f"interrupted after {len(good.losses):,} of {total:,} steps; go on with resume=", good)
        return good
    except TrainingDiverged as error:
        line.end(f"diverged at step {error.step:,} of {total:,}", error.run)
        raise


def _steps(run, first, ids, model, line):
    """Train a run that has done `first` of its steps; yield a copy of it every SNAPSHOT_EVERY steps and at the end.
    run.losses has room for all steps; run.parameters and run.means change in place."""
    settings, good = run.settings, run.copy(first)
    pieces = chunks(ids if settings.streams == 1 else make_streams(ids, settings.streams), settings.seq_length)
    smoothed = run.losses[first - 1] if first else settings.seq_length * math.log(run.vocabulary.size)
    total, rate = len(run.losses), settings.learning_rate
    _, optimizer_step = OPTIMIZERS[settings.optimizer]
    for step in range(first, total):
        inputs, targets = pieces[step % len(pieces)]
        if step % len(pieces) == 0:  # a new epoch starts from zeros
            run.h = model.first_state(run.parameters, inputs.shape[1:])
        forward = model.forward(inputs, targets, run.h, run.parameters)
        if not math.isfinite(forward.loss):
            raise TrainingDiverged(f"The loss became {forward.loss}", step, good)
        if step % SNAPSHOT_EVERY == 0:  # these parameters have just given a finite loss
            good = run.copy(step)
            yield good
        gradients = model.backward(inputs, targets, run.parameters, forward)
        if settings.max_norm is not None:
            try:
                gradients = clip_gradients(gradients, settings.max_norm)
            except ValueError:  # their norm is nan or inf
                raise TrainingDiverged("The gradients became infinite", step, good) from None
        if settings.decay is not None:
            rate = linear_decay(settings.learning_rate, step, total)
        optimizer_step(run.parameters, gradients, run.means, step + 1, rate)
        run.h = model.state_after(forward)
        smoothed = smooth_loss(smoothed, forward.loss / settings.streams, sequences=settings.streams)
        run.losses[step] = smoothed
        line.show(step + 1, smoothed)
    if not all(np.isfinite(value).all() for value in run.parameters):
        raise TrainingDiverged("The parameters became infinite", total - 1, good)
    yield run.copy(total)


def load_run(path: str | os.PathLike) -> TrainingRun:
    """Read the TrainingRun that save_run wrote. ValueError if the file is damaged or is something else."""
    return read_run(path, Parameters, Vocabulary)


def bits_per_character(loss: float, num_characters: int) -> float:
    """Return the mean surprise per character, in bits, from a summed loss in nats."""
    return loss / num_characters / np.log(2)


def forward_passes(parameters: Arrays, ids: Array, model: Model = RNN) -> Iterator[tuple[Array, Any]]:
    """Read a text from a state of zeros; yield (targets, forward) of 1,000 characters at a time, and of the rest.
    ids (N,) or (N, B) int. So a long text needs little memory."""
    checks.parameters(parameters)
    checks.ids("ids", ids, len(parameters.W_hy))
    model = _checked(model)
    state = model.first_state(parameters, ids.shape[1:])
    for start in range(0, len(ids) - 1, 1000):
        inputs, targets = ids[start : start + 1001][:-1], ids[start + 1 : start + 1001]
        forward = model.forward(inputs, targets, state, parameters)
        yield targets, forward
        state = model.state_after(forward)


def evaluate(parameters: Arrays | TrainingRun, ids: ArrayLike, *, model: Model = RNN) -> float:
    """Return how surprised the network is by a text, in nats per character (divide by ln 2 for bits).
    parameters: of a network, or the TrainingRun that made it, which knows whether it is one of this model.
    ids (N,) or (N, B) int, N at least 2: N - 1 characters are predicted, the state is carried through, from zeros."""
    parameters = _parameters_of(parameters, model)
    ids = checks.long_enough(ids)
    return sum(forward.loss for _, forward in forward_passes(parameters, ids, model)) / ids[1:].size


def _parameters_of(given, model):
    """Return the parameters that are given, or those of the run that is given, which must be one of this model."""
    if not isinstance(given, TrainingRun):
        return checks.parameters(given)
    checks.model(model, Model)
    check_model(network_of(given.settings.model), network_of(model.title))
    return given.parameters


# ---------------------------------------------------------------- sampling
def apply_temperature(logits: Array, temperature: float) -> Array:
    """Return the probabilities, (V,), of scores divided by a temperature. Source: Ackley and others, 1985."""
    temperature = checks.positive("temperature", temperature)
    with np.errstate(over="ignore"):  # at a tiny temperature all but the largest score become -inf: probability 0
        return softmax((logits - logits.max()) / temperature)


def draw(probs: Array, u: float) -> int:
    """Return the id that the number u in [0, 1) picks: where it falls among the running sums of probs, (V,).
    One random number gives one id, the same on every computer. Source: inverse transform sampling (Devroye, 1986)."""
    checks.distribution(probs, u)
    running_sums = np.cumsum(probs)
    picked = int(np.searchsorted(running_sums, u, side="right"))  # how many running sums u has passed
    return min(picked, len(probs) - 1)  # rounding can leave the last sum a hair below 1


def sample_ids(
    parameters: Arrays,
    h: State,
    first_id: int,
    length: int,
    rng: np.random.Generator,
    temperature: float = 1.0,
    model: Model = RNN,
) -> list[int]:
    """Read first_id in the state h, (H,), then draw `length` ids, each read in turn; return them as a list of int.
    Each draw takes one rng.random(). Source: Sutskever, Martens and Hinton, 2011."""
    ids, char_id, model = [], first_id, _checked(model)
    checks.writing(parameters, h, first_id, length, rng, model)
    for _ in range(length):
        h, logits = _read(char_id, h, parameters, model)
        char_id = draw(apply_temperature(logits, temperature), rng.random())
        ids.append(char_id)
    return ids


def _read(char_id, h, parameters, model):
    """Return the state after one more character, and a score for each character that may follow it."""
    if model is RNN:
        h = rnn_step(char_id, h, parameters)
        return h, (parameters.W_hy @ h + parameters.b_y).astype(np.float64, copy=False)
    ids = np.array([char_id])
    forward = model.forward(ids, ids, h, parameters)  # any target will do
    with np.errstate(divide="ignore"):  # ln p is as good as the score: softmax gives p again
        return model.state_after(forward), np.log(np.asarray(forward.probs[-1], np.float64))


def sample(
    parameters: Arrays | TrainingRun,
    corpus: Corpus | Vocabulary,
    length: int,
    *,
    prompt: str = "",
    temperature: float = 1.0,
    seed: int = 0,
    model: Model = RNN,
) -> str:
    """Let the network write: return `length` characters, each drawn from its own prediction (sample_ids).
    parameters   of a network, or the TrainingRun that made it, which knows whether it is one of this model
    corpus       the text that it was trained on, or its vocabulary
    prompt       text that the network reads first; it is not part of the result. Without one it reads a line end (or
                 the first character of the text, if that has no line end)
    temperature  divides the scores: below 1 safer, above 1 wilder. ValueError: a prompt outside the vocabulary"""
    chars = parameters.chars if isinstance(parameters, TrainingRun) else None
    parameters = _parameters_of(parameters, model)
    if isinstance(corpus, Vocabulary):
        vocabulary, text = corpus, corpus.chars
    else:
        checks.kind("corpus", corpus, Corpus, "load_corpus('sonnets')")
        vocabulary, text = corpus.vocabulary, corpus.text
    checks.vocabulary(corpus.name, vocabulary, len(parameters.W_hy), chars)
    length = checks.count("length", length)
    temperature = checks.positive("temperature", temperature)
    rng = np.random.default_rng(checks.count("seed", seed, least=0))
    model = _checked(model)

    if prompt is not None:
        checks.text("prompt", prompt)
    if not prompt:
        prompt = "\n" if "\n" in vocabulary.chars else text[0]
    *before, last = vocabulary.encode(prompt).tolist()
    h = model.first_state(parameters)
    for char_id in before:
        h, _ = _read(char_id, h, parameters, model)
    return vocabulary.decode(sample_ids(parameters, h, last, length, rng, temperature, model))
