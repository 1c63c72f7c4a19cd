"""Models: what train, evaluate, sample and gradient_check can use; and RNN, the network of the lessons, made fast.

RNN computes what forward_pass and backward_pass of rnn_helpers compute, in fewer and larger operations: all inputs in
one look-up, all outputs in one product, sums of outer products as one product. It reads one text, or B streams.
"""

import math
from collections import namedtuple

import numpy as np

import rnn_helpers
from course.base import checks
from rnn_helpers import ForwardPass, Parameters, rnn_step, softmax


# ---------------------------------------------------------------- for models of your own
# Passes, below, does the same for RNN with arrays that it keeps.
def read_out(states, parameters):
    """Return the probabilities of the next character, (..., V), from many states, (..., H)."""
    rows = states.reshape(-1, states.shape[-1])
    # In this order (the result transposed) a character's scores at all steps lie side by side: faster for softmax.
    return softmax((parameters.W_hy @ rows.T).T + parameters.b_y).reshape(*states.shape[:-1], -1)


def loss_of(probs, targets):
    """Return the surprise at the characters that came, in nats: cross_entropy of probs (..., V) and targets (...).

    ValueError: there is not one target for each row, or an id is outside 0 ... V-1.
    """
    probs, targets = np.asarray(probs), np.asarray(targets)
    if probs.shape[:-1] != targets.shape or not probs.ndim:
        raise ValueError(f"probs has shape {probs.shape} and targets {targets.shape}: give one target for each row.")
    checks.ids("targets", targets, probs.shape[-1])
    given = probs.reshape(-1, probs.shape[-1])[np.arange(targets.size), targets.ravel()]
    with np.errstate(divide="ignore"):  # a character of probability 0 costs inf, and train says so
        return 0.0 - float(np.log(given).sum())  # 0.0 -: a sure guess costs 0.0, not -0.0


def read_out_backward(targets, probs, states, W_hy):
    """Go back through loss_of and read_out: return (dlogits, dh_from_output, dW_hy).

    targets, probs, states  (T,), (T, V) and (T, H), or with streams: which characters came, and probs of which states
    dlogits (T, V) or (T * B, V), a row for each prediction; dh_from_output in the shape of states; dW_hy (V, H)
    """
    V, H = W_hy.shape
    dlogits = probs.reshape(-1, V) - one_hot_rows(targets, V, probs.dtype)
    return dlogits, (dlogits @ W_hy).reshape(states.shape), dlogits.T @ states.reshape(-1, H)


def one_hot_rows(ids, vocab_size, dtype=float):
    """Return one row per id, as rnn_helpers.one_hot does: (T, V) from ids (T,), (T * B, V) from ids (T, B)."""
    checks.ids("ids", np.asarray(ids), vocab_size)
    return rnn_helpers.one_hot(np.ravel(ids), vocab_size).astype(dtype, copy=False)


def weight_gradients_of(inputs, hidden, da, vocab_size):
    """Return (dW_xh, dW_hh, db_h), as weight_gradients of rnn_helpers does, also summed over the B streams."""
    H = da.shape[-1]
    da = da.reshape(-1, H)
    before = hidden[:-1].reshape(-1, H)  # the state that W_hh multiplied: the one before
    ones = np.ones(len(da), da.dtype)  # ones @ x is x.sum(axis=0), in half the time
    return da.T @ one_hot_rows(inputs, vocab_size, da.dtype), da.T @ before, ones @ da


# ---------------------------------------------------------------- any model
class Model(namedtuple("Model", "initialize forward backward zero_state name chars", defaults=(None, "", None))):
    """Functions that train, evaluate, sample and gradient_check can use. RNN is the model of the lessons.

    initialize  (hidden_size, vocab_size, rng, scale) -> parameters
    forward     (inputs, targets, state, parameters) -> (loss, probs, hidden), as in a ForwardPass
    backward    (inputs, targets, parameters, forward) -> gradients, one for each parameter
    zero_state  (parameters, streams) -> state; streams is () or (B,). None: see below
    name        by which a run remembers its model; "": that of forward
    chars       the characters of the texts that it can read, sorted, as judged_by sets them; None: any

    The parameters are a NamedTuple of arrays, W_hy (V, ...) among them. forward may return a NamedTuple that holds
    more than loss, probs and hidden, for backward. A model keeps one state of (H,) numbers (or (B, H), if it can read
    B streams): it begins with zeros, and the last row of hidden is the next one. For a state of any other shape, an
    array or a tuple of arrays, there is zero_state; then forward must return a NamedTuple with the next one as .state.
    A forward that has an attribute .reader writes faster: see there.
    """

    __slots__ = ()

    @property
    def title(self):
        """What the model is called: by this a run remembers which one it is of."""
        return self.name or getattr(self.forward, "__name__", "") or type(self.forward).__name__

    @property
    def reader(self):
        """The function of parameters that returns the one that reads a character: (id, state) -> (state, scores (V,)).
        None: forward reads each. It belongs to forward, so a model with another forward has not got it."""
        return getattr(self.forward, "reader", None)

    def first_state(self, parameters, streams=()):
        """Return the state before the first character. streams: () for one text, (B,) for B side by side."""
        if self.zero_state is not None:
            return self.zero_state(parameters, streams)
        return np.zeros((*streams, parameters.W_hy.shape[1]), parameters.W_hy.dtype)

    def state_after(self, forward):
        """Return the state after the last character of a forward pass."""
        return forward.hidden[-1] if self.zero_state is None else forward.state


# ---------------------------------------------------------------- the network of the lessons
def initialize_rnn(hidden_size, vocab_size, rng, scale=0.01):
    """Return random Parameters, as rnn_helpers.initialize_parameters does.

    ValueError: a size is no whole number, or scale is neither a number above 0 nor "fan_in".
    """
    H, V = checks.count("hidden_size", hidden_size), checks.count("vocab_size", vocab_size)
    checks.room("hidden_size", H, H * H)
    return rnn_helpers.initialize_parameters(H, V, rng, checks.scale(scale))


class Passes:
    """The forward and the backward pass of RNN for sequences of one shape, and all the arrays that they write into.

    What a pass returns lies in these arrays and holds until the next one. So they belong to one training.
    """

    def __init__(self, parameters, shape):
        """parameters: Parameters, for their shapes and type; shape: that of inputs, (T,) or (T, B)."""
        (V, H), dtype = parameters.W_hy.shape, parameters.W_hh.dtype
        N = math.prod(shape)  # predictions
        self.shape = shape
        self.hidden = np.empty((shape[0] + 1, *shape[1:], H), dtype)
        self.before, self.states = (
            self.hidden[:-1].reshape(N, H),
            self.hidden[1:].reshape(N, H),
        )  # views, as are all reshaped arrays here
        self.steps = list(zip(self.hidden, self.hidden[1:]))
        self.table, self.W_hh_T = np.empty((V, H), dtype), np.empty((H, H), dtype)
        self.scores, self.dscores = np.empty((V, N), dtype), np.empty((V, N), dtype)
        self.a, self.dh = np.empty_like(self.hidden[0]), np.empty_like(self.hidden[0])
        self.da, self.dh_from_output = np.empty((N, H), dtype), np.empty((N, H), dtype)
        per_step = [rows.reshape(self.hidden[1:].shape)[::-1] for rows in (self.dh_from_output, self.da)]
        self.steps_back = list(zip(*per_step))
        self.one_hot, self.ones, self.places = np.empty((N, V), dtype), np.ones(N, dtype), np.arange(N)
        self.gradients = Parameters(*[np.empty(value.shape, dtype) for value in parameters])

    def forward(self, inputs, targets, h_prev, parameters):
        """Return the ForwardPass of forward_pass in rnn_helpers."""
        W_xh, W_hh, W_hy, b_h, b_y = parameters
        hidden, scores, a, W_hh_T, tanh = self.hidden, self.scores, self.a, self.W_hh_T, np.tanh
        hidden[0] = h_prev
        np.add(W_xh.T, b_h, out=self.table)
        # The input's share of all steps is one look-up. The ids are checked before: mode="raise" would copy once more.
        self.table.take(inputs, axis=0, out=hidden[1:], mode="clip")
        np.copyto(W_hh_T, W_hh.T)  # with its rows in order, products of several streams are faster
        for h, h_next in self.steps:
            h.dot(W_hh_T, out=a)
            a += h_next  # which holds the input's share so far
            tanh(a, out=h_next)  # now it is the new state, as in rnn_step

        np.dot(W_hy, self.states.T, out=scores)  # the outputs do not feed back, so all are made at once
        scores += b_y[:, None]
        scores -= scores.max(axis=0)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=0)  # softmax, with a column for each prediction
        loss = 0.0 - float(np.log(scores[targets.ravel(), self.places]).sum())  # of a sure guess 0.0, not -0.0
        return ForwardPass(loss, scores.T.reshape(*self.shape, -1), hidden)

    def backward(self, inputs, targets, parameters, forward):
        """Return the gradients of backward_pass in rnn_helpers, also summed over the B streams.

        forward: what the forward pass of this object returned last; the states are read from the arrays here.
        """
        W_hh, W_hy, dscores, da, dh = parameters.W_hh, parameters.W_hy, self.dscores, self.da, self.dh
        dW_xh, dW_hh, dW_hy, db_h, db_y = self.gradients
        np.copyto(dscores, forward.probs.reshape(-1, len(dscores)).T)
        dscores[targets.ravel(), self.places] -= 1  # softmax_gradient; the softmax is there already
        np.dot(dscores.T, W_hy, out=self.dh_from_output)
        np.dot(dscores, self.states, out=dW_hy)
        np.dot(dscores, self.ones, out=db_y)

        np.multiply(self.states, self.states, out=da)
        np.subtract(1, da, out=da)  # the slopes of tanh at all steps; each row becomes da when its dh is known
        dh[...] = 0  # what a state gets from the future: nothing after the last step
        for dh_t, da_t in self.steps_back:
            dh += dh_t
            da_t *= dh
            da_t.dot(W_hh, out=dh)  # W_hh^T da_t, for the state before

        self.one_hot[...] = 0
        self.one_hot[self.places, inputs.ravel()] = 1
        np.dot(da.T, self.one_hot, out=dW_xh)
        np.dot(da.T, self.before, out=dW_hh)  # a sum of outer products is one product
        np.dot(self.ones, da, out=db_h)
        return self.gradients


def _forward(inputs, targets, h_prev, parameters):
    """Read a sequence, (T,) or (T, B), as forward_pass of rnn_helpers does; return a ForwardPass, the caller's own.

    ValueError if shapes do not fit or an id is outside 0 ... V-1.
    """
    V, H = checks.plain(parameters)
    inputs, targets = checks.sequence(inputs, targets, V, (h_prev, H))
    checks.ids("targets", targets, V)
    return Passes(parameters, inputs.shape).forward(inputs, targets, h_prev, parameters)


def _backward(inputs, targets, parameters, forward):
    """Return the gradients of a sequence as backward_pass of rnn_helpers does, for (T,) or (T, B): the caller's own.

    ValueError if shapes do not fit or an id is outside 0 ... V-1.
    """
    V, H = checks.plain(parameters)
    inputs, targets = checks.sequence(inputs, targets, V)
    checks.ids("targets", targets, V)
    passes = Passes(parameters, inputs.shape)
    if forward.probs.shape != (*inputs.shape, V) or forward.hidden.shape != passes.hidden.shape:
        raise ValueError(
            f"forward is of probs {forward.probs.shape} and hidden {forward.hidden.shape}, for inputs {inputs.shape}: "
            "hand over what forward returned for the same inputs, targets and parameters."
        )
    passes.hidden[...] = forward.hidden
    return passes.backward(inputs, targets, parameters, forward)


def _reader(parameters):
    """Return the function that reads a character by rnn_step: (id, h) -> (h, scores), (H,) and (V,)."""
    _, _, W_hy, _, b_y = parameters
    checks.plain(parameters)

    def read(char_id, h):
        h = rnn_step(char_id, h, parameters)
        return h, W_hy @ h + b_y

    return read


_forward.reader = _reader
RNN = Model(initialize_rnn, _forward, _backward, name="RNN")
MODELS = {Parameters._fields: RNN}  # names of parameters -> the Model that has them, unless another is named
