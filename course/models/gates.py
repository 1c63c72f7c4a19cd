"""Cells that choose what to keep: the gated networks of the later lessons, for `train(..., model=GRU)`.

Letters as in rnn_helpers: V characters, H hidden units, T characters of a sequence, B streams. All functions take one
stream, (T,) and (H,), or several side by side, (T, B) and (B, H).
"""

import math
from itertools import groupby
from typing import NamedTuple

import numpy as np

from course.base import checks
from course.base.arrays import exactly
from course.engine import Model, initialize_rnn, loss_of, read_out, read_out_backward, weight_gradients_of
from course.engine.model import MODELS, one_hot_rows
from rnn_helpers import Corpus, Parameters


def sigmoid(a):
    """Return numbers between 0 and 1, 1 / (1 + exp(-a)), in the shape of a: the opening of a gate.
    Written with tanh, so that no exp can overflow."""
    return 0.5 * np.tanh(0.5 * a) + 0.5


# ---------------------------------------------------------------- the gated recurrent unit
class GRUParameters(NamedTuple):
    """All that a gated recurrent unit learns: for each of r, z and n what the input, the state and a bias add."""

    W_xr: np.ndarray  # (H, V), input to reset gate
    W_xz: np.ndarray  # (H, V), input to update gate
    W_xn: np.ndarray  # (H, V), input to new state
    W_hr: np.ndarray  # (H, H), state to reset gate
    W_hz: np.ndarray  # (H, H), state to update gate
    W_hn: np.ndarray  # (H, H), state, as far as r lets it through, to new state
    b_r: np.ndarray  # (H,)
    b_z: np.ndarray  # (H,)
    b_n: np.ndarray  # (H,)
    W_hy: np.ndarray  # (V, H), state to output
    b_y: np.ndarray  # (V,)


class GRUForward(NamedTuple):
    """What the forward pass found, and what the backward pass needs."""

    loss: float  # nats, summed over the sequence (and over the streams)
    probs: np.ndarray  # (T, V) or (T, B, V), the predicted probabilities of the next character
    hidden: np.ndarray  # (T+1, H) or (T+1, B, H), row 0 is the state that came in
    gates: np.ndarray  # (T, 2H) or (T, B, 2H), r and behind it z
    new: np.ndarray  # (T, H) or (T, B, H), the new state n, before z mixes it with the old one


def initialize_gru(hidden_size, vocab_size, rng, scale="fan_in"):
    """Return random GRUParameters: normal weights, biases of 0, but b_z of 1: at first, most of the state is kept.
    scale  standard deviation of the weights, or "fan_in", 1 / sqrt(number of inputs) of each matrix"""
    H, V = checks.count("hidden_size", hidden_size), checks.count("vocab_size", vocab_size)
    scale = checks.scale(scale)
    checks.room("hidden_size", H, 3 * H * H)
    matrices = [rng.standard_normal(shape) for shape in [*[(H, V)] * 3, *[(H, H)] * 3, (V, H)]]
    *weights, W_hy = [W * (1 / math.sqrt(W.shape[1]) if scale == "fan_in" else scale) for W in matrices]
    return GRUParameters(*weights, np.zeros(H), np.ones(H), np.zeros(H), W_hy, np.zeros(V))


def gru_step(char_id, h_prev, parameters):
    """Read one more character: return (h, r, z, n), each (H,), from its id and the state before, (H,).

        r = sigmoid(W_xr x + W_hr h_prev + b_r)              reset gate: how much of the old state n may look at
        z = sigmoid(W_xz x + W_hz h_prev + b_z)              update gate: how much of the old state is kept
        n = tanh(W_xn x + W_hn (r * h_prev) + b_n)           new state
        h = z * h_prev + (1 - z) * n

    Source: Cho and others, 2014.
    """
    p = parameters
    r = sigmoid(p.W_xr[:, char_id] + p.W_hr @ h_prev + p.b_r)
    z = sigmoid(p.W_xz[:, char_id] + p.W_hz @ h_prev + p.b_z)
    n = np.tanh(p.W_xn[:, char_id] + p.W_hn @ (r * h_prev) + p.b_n)
    return z * h_prev + (1 - z) * n, r, z, n


def gru_step_backward(dh, h_prev, r, z, n, parameters):
    """Go back through gru_step: return (da_r, da_z, da_n, dh_prev), each (H,).

    dh   slope of the loss for the state that the step made; r, z, n: as gru_step returned them
    da_  slopes for what goes into the sigmoid of r, the sigmoid of z and the tanh of n
    """
    da_n = dh * (1 - z) * (1 - n**2)
    da_z = dh * (h_prev - n) * z * (1 - z)
    through_r = parameters.W_hn.T @ da_n  # slope for r * h_prev
    da_r = through_r * h_prev * r * (1 - r)
    dh_prev = dh * z + through_r * r + parameters.W_hr.T @ da_r + parameters.W_hz.T @ da_z
    return da_r, da_z, da_n, dh_prev


def gru_forward(inputs, targets, h_prev, parameters):
    """gru_step for a whole sequence, and its loss: return a GRUForward. Arguments as in forward_pass."""
    p = checks.fields(parameters, GRUParameters._fields)
    V, H = p.W_hy.shape
    inputs, targets = checks.sequence(inputs, targets, V, (h_prev, H))
    # One matrix product for both gates, and one look-up for what the inputs add to all three.
    W_h_gates, W_hn = np.concatenate([p.W_hr, p.W_hz]).T.copy(), p.W_hn.T.copy()
    from_inputs = np.concatenate([p.W_xr, p.W_xz, p.W_xn]).T + np.concatenate([p.b_r, p.b_z, p.b_n])
    gates, new = from_inputs[:, : 2 * H][inputs], from_inputs[:, 2 * H :][inputs]
    hidden = np.empty((len(inputs) + 1, *np.shape(h_prev)), W_hn.dtype)
    hidden[0] = h_prev
    for h, h_next, rz, n in zip(hidden, hidden[1:], gates, new):  # rows are views: what is written there stays
        rz += h @ W_h_gates
        rz *= 0.5
        np.tanh(rz, out=rz)
        rz *= 0.5
        rz += 0.5
        n += (rz[..., :H] * h) @ W_hn
        np.tanh(n, out=n)
        np.subtract(h, n, out=h_next)
        h_next *= rz[..., H:]
        h_next += n  # z * h + (1 - z) * n
    probs = read_out(hidden[1:], p)
    return GRUForward(loss_of(probs, targets), probs, hidden, gates, new)


def gru_reader(parameters):
    """Return the function that reads a character by gru_step: (id, h) -> (h, scores), (H,) and (V,). It copies no
    matrix, as gru_forward does for a sequence."""
    p = checks.fields(parameters, GRUParameters._fields)

    def read(char_id, h):
        h, _, _, _ = gru_step(char_id, h, p)
        return h, p.W_hy @ h + p.b_y

    return read


def gru_backward(inputs, targets, parameters, forward):
    """Return the gradient of the loss for every parameter, as GRUParameters, summed over all steps (and streams).
    Backpropagation through time, truncated at the first step, with gru_step_backward in place of tanh_backward."""
    p, (H, V) = parameters, parameters.W_xr.shape
    hidden, r, z, n = forward.hidden, forward.gates[..., :H], forward.gates[..., H:], forward.new
    before = hidden[:-1]
    dlogits, dh_from_output, dW_hy = read_out_backward(targets, forward.probs, hidden[1:], p.W_hy)

    # All slopes that do not depend on later steps, for all steps at once. Row by row they become da below.
    da_gates = np.concatenate([before * r * (1 - r), (before - n) * z * (1 - z)], axis=-1)
    da_n = (1 - z) * (1 - n**2)
    W_h_gates, from_after = np.concatenate([p.W_hr, p.W_hz]), np.zeros_like(hidden[0])
    for dh, rz, da_rz, da_new in zip(*[rows[::-1] for rows in (dh_from_output, forward.gates, da_gates, da_n)]):
        dh += from_after
        da_new *= dh
        through_r = da_new @ p.W_hn
        da_rz[..., :H] *= through_r
        da_rz[..., H:] *= dh
        from_after = da_rz @ W_h_gates
        dh *= rz[..., H:]
        through_r *= rz[..., :H]
        from_after += dh
        from_after += through_r

    da_gates, da_n, before = da_gates.reshape(-1, 2 * H), da_n.reshape(-1, H), before.reshape(-1, H)
    da = np.concatenate([da_gates, da_n], axis=1)
    dW_x, db = da.T @ one_hot_rows(inputs, V, da.dtype), da.sum(axis=0)
    dW_h_gates, dW_hn = da_gates.T @ before, da_n.T @ (r.reshape(-1, H) * before)
    dW_x, dW_h, db = np.split(dW_x, 3), [*np.split(dW_h_gates, 2), dW_hn], np.split(db, 3)
    return GRUParameters(*dW_x, *dW_h, *db, dW_hy, dlogits.sum(axis=0))


gru_forward.reader = gru_reader
GRU = Model(initialize_gru, gru_forward, gru_backward, name="GRU")
MODELS[GRUParameters._fields] = GRU  # so that sample knows it


def nailed(**biases):
    """Return a GRU of which a gate stands still, because its bias is so large that nothing else counts.
    biases  b_r=30: r is 1, and z works alone. b_z=-30: z is 0, and r works alone"""
    for wrong in biases.keys() - {"b_r", "b_z", "b_n"}:
        raise ValueError(f"{wrong!r} is not the bias of a gate: give b_r, b_z or b_n, for example nailed(b_r=30).")

    def initialize(hidden_size, vocab_size, rng, scale="fan_in"):
        start = initialize_gru(hidden_size, vocab_size, rng, scale)
        return start._replace(**{name: np.full(hidden_size, float(bias)) for name, bias in biases.items()})

    return GRU._replace(initialize=initialize, name=f"GRU nailed at {biases}")


# ---------------------------------------------------------------- a state that leaks
class LeakyForward(NamedTuple):
    """What the forward pass found, and what the backward pass needs."""

    loss: float  # nats, summed over the sequence (and over the streams)
    probs: np.ndarray  # (T, V) or (T, B, V), the predicted probabilities of the next character
    hidden: np.ndarray  # (T+1, H) or (T+1, B, H), row 0 is the state that came in
    new: np.ndarray  # (T, H) or (T, B, H), the new part n of each state


def leaky_backward(dh, n, parameters, keep):
    """Go back through one step of a leaky state: return (da, dh_prev), the slopes for what goes into the tanh, and for
    the state before.

        h = keep * h_prev + (1 - keep) * n        n = tanh(a)        a = W_xh x + W_hh h_prev + b_h

    dh  (H,) or (B, H), slope of the loss for h; n: of the same shape, as the step made it; keep: between 0 and 1
    """
    da = dh * (1 - keep) * (1 - n**2)
    dh_prev = dh * keep + da @ parameters.W_hh
    return da, dh_prev


def leaky(keep):
    """Return a Model whose state keeps a fixed share of itself: h = keep * h_prev + (1 - keep) * n, n as in rnn_step.

    keep  a number from 0, the plain network, to below 1; or an array (H,) of such numbers, one for each unit

    Its parameters are those of the plain network. ValueError: a share makes no sense, or there is not one for each
    unit. Source: leaky units, Jaeger and others, 2007.
    """
    if mixed := isinstance(keep, np.ndarray) and keep.ndim == 1:
        for unit, share in enumerate(keep):
            checks.share(f"keep[{unit}]", share)
    else:
        checks.share("keep", keep)

    def initialize(hidden_size, vocab_size, rng, scale=0.01):
        if mixed and len(keep) != hidden_size:
            raise ValueError(f"keep has {len(keep)} shares and hidden_size is {hidden_size}: each unit needs one.")
        return initialize_rnn(hidden_size, vocab_size, rng, scale)

    def shares_of(parameters):
        """Return the shares in the precision of the parameters, so that float32 stays float32."""
        return keep.astype(parameters.W_hh.dtype) if mixed else keep

    def forward(inputs, targets, h_prev, parameters):
        p = parameters
        V, H = checks.plain(p)
        inputs, targets = checks.sequence(inputs, targets, V, (h_prev, H))
        new, W_hh_T = (p.W_xh.T + p.b_h)[inputs], p.W_hh.T.copy()
        share = shares_of(p)
        hidden = np.empty((len(inputs) + 1, *np.shape(h_prev)), W_hh_T.dtype)
        hidden[0] = h_prev
        for h, h_next, n in zip(hidden, hidden[1:], new):  # rows are views: what is written there stays
            n += h @ W_hh_T
            np.tanh(n, out=n)
            h_next[...] = share * h + (1 - share) * n
        probs = read_out(hidden[1:], p)
        return LeakyForward(loss_of(probs, targets), probs, hidden, new)

    def backward(inputs, targets, parameters, forward):
        p, hidden, da = parameters, forward.hidden, np.empty_like(forward.new)
        share = shares_of(p)
        dlogits, dh, dW_hy = read_out_backward(targets, forward.probs, hidden[1:], p.W_hy)
        from_after = 0
        for t in reversed(range(len(da))):
            da[t], from_after = leaky_backward(dh[t] + from_after, forward.new[t], p, share)  # share: a number or (H,)
        dW_xh, dW_hh, db_h = weight_gradients_of(inputs, hidden, da, len(p.W_hy))
        return Parameters(dW_xh, dW_hh, dW_hy, db_h, dlogits.sum(axis=0))

    rows = groupby(map(exactly, keep)) if mixed else []  # shares that are equal, one after the other
    shares = ", ".join(f"{len([*row])} x {share}" for share, row in rows) or exactly(keep)
    return Model(initialize, forward, backward, name=f"leaky {shares}")


# ---------------------------------------------------------------- a task that asks for memory
def flip_flop(pairs, rng):
    """Return a text of so many pairs, an instruction and a letter from a to h: such as "wciarc".

    w writes its letter, the letter of i is to be ignored, r reads: its letter is the last one written. The first pair
    writes, the last one reads. Each pair takes two numbers of rng.random(), also where one is not needed: the first
    gives the instruction, i below 0.8, w below 0.9, else r; the second, times 8, the place of the letter.
    pairs  2 or more; rng: np.random.default_rng(seed). With bits for letters: Liu and others, 2023.
    """
    text = written = ""
    for k in range(pairs):
        u, v = rng.random(2)
        instruction = "w" if k == 0 else "r" if k == pairs - 1 else "i" if u < 0.8 else "w" if u < 0.9 else "r"
        letter = written if instruction == "r" else "abcdefgh"[int(8 * v)]
        if instruction == "w":
            written = letter
        text += instruction + letter
    return text


def judged_by(model, corpus, char):
    """Return the Model with a loss that counts only what comes after one character, such as the letter after "r".
    model  any whose backward uses forward.probs for nothing but probs - one_hot(targets), as all of the course do"""
    asked = checks.char("char", char, checks.kind("corpus", corpus, Corpus, "Corpus(name, text)").chars)

    def forward(inputs, targets, h_prev, parameters):
        checks.vocabulary(corpus.name, corpus.vocabulary, len(parameters.W_hy))
        result, counts = model.forward(inputs, targets, h_prev, parameters), np.asarray(inputs) == asked
        probs = result.probs.reshape(*counts.shape, -1)
        return result._replace(loss=loss_of(probs[counts], np.asarray(targets)[counts]))

    def backward(inputs, targets, parameters, forward):
        # Where nothing is asked, the prediction is taken for perfect: its slope is 0 then.
        perfect = one_hot_rows(targets, corpus.vocab_size, forward.probs.dtype).reshape(forward.probs.shape)
        counts = np.asarray(inputs)[..., None] == asked
        return model.backward(
            inputs, targets, parameters, forward._replace(probs=np.where(counts, forward.probs, perfect))
        )

    name = f"{model.title} judged after {char!r}"
    return model._replace(forward=forward, backward=backward, name=name, chars=corpus.chars)


def each_alone(model):
    """Return the Model that begins every sequence with zeros, for texts that have nothing to do with each other."""

    def forward(inputs, targets, state, parameters):
        return model.forward(inputs, targets, model.first_state(parameters, np.shape(inputs)[1:]), parameters)

    return model._replace(forward=forward, name=f"{model.title}, each text alone")


def share_right(model, parameters, corpus, texts, char):
    """Return the share of the texts' characters after `char` for which the right one got the highest probability.
    texts  of one length, each read from a state of zeros"""
    checks.parameters(parameters)
    checks.kind("corpus", corpus, Corpus, "Corpus(name, text)")
    asked = checks.char("char", char, corpus.chars)
    ids = checks.array("texts", [corpus.encode(text) for text in texts]).T  # (T+1, B)
    inputs, targets = ids[:-1], ids[1:]
    state = model.first_state(parameters, ids.shape[1:])
    guesses = model.forward(inputs, targets, state, parameters).probs.argmax(axis=-1)
    return float((guesses == targets)[inputs == asked].mean())


# ---------------------------------------------------------------- looking into a state
def line_positions(text):
    """Return how many characters stand in the line up to each character of a text, (N,) int: 0 for the line end."""
    positions, position = [], 0
    for char in text:
        position = 0 if char == "\n" else position + 1
        positions.append(position)
    return np.array(positions)


def states_of(model, parameters, ids):
    """Return (states, probs), (N-1, H) and (N-1, V), after each character of a text but the last, read from zeros."""
    ids = checks.long_enough(ids)
    checks.ids("ids", ids, len(checks.parameters(parameters).W_hy))
    forward = model.forward(ids[:-1], ids[1:], model.first_state(parameters), parameters)
    return forward.hidden[1:], forward.probs


def position_probe(states, positions, new_states, new_positions):
    """Return how well a straight line from the states tells the positions of a new text: R2, at most 1, a float.

    states, positions  (N, H) and (N,), from which the weights are found: least squares, with a constant
    new_states, new_positions  (M, H) and (M,), on which they are judged: 1 - mean squared error / variance
    R2 is 1 for a perfect guess, 0 for one no better than the mean of the new positions, and below 0 for a worse one.
    Source: linear probes, Alain and Bengio, 2016.
    """
    if np.ndim(positions) != 1 or np.ndim(new_positions) != 1:
        raise ValueError("positions and new_positions must be (N,) and (M,): one number for each state.")
    weights = np.linalg.lstsq(with_constant(states), positions, rcond=None)[0]
    errors = with_constant(new_states) @ weights - new_positions
    return float(1 - (errors**2).mean() / np.var(new_positions))


def with_constant(states):
    """Return the states, (N, H), with a column of ones behind them, (N, H+1): its weight is the constant."""
    return np.concatenate([states, np.ones((len(states), 1))], axis=1)
