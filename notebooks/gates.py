"""Cells that choose what to keep: the gated networks of the later lessons, for `train(..., model=GRU)`.

Letters as in rnn_helpers: V characters, H hidden units, T characters of a sequence, B streams. All functions take one
stream, (T,) and (H,), or several side by side, (T, B) and (B, H).
"""

import math
from typing import NamedTuple

import numpy as np

from rnn_helpers import Model, cross_entropy, one_hot, output_probs


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
    if scale != "fan_in" and isinstance(scale, str):
        raise ValueError(f'The initial scale is {scale!r}: for this network use a number or "fan_in".')
    H, V = hidden_size, vocab_size
    weights = [rng.standard_normal(shape) for shape in [*[(H, V)] * 3, *[(H, H)] * 3, (V, H)]]
    *weights, W_hy = [W * (1 / math.sqrt(W.shape[1]) if scale == "fan_in" else scale) for W in weights]
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
    p = parameters
    H, T = len(p.b_r), len(inputs)
    # One matrix product for both gates, and one look-up for what the inputs add to all three.
    W_h_gates, W_hn = np.concatenate([p.W_hr, p.W_hz]).T.copy(), p.W_hn.T.copy()
    from_inputs = np.concatenate([p.W_xr, p.W_xz, p.W_xn]).T + np.concatenate([p.b_r, p.b_z, p.b_n])
    gates, new = from_inputs[:, : 2 * H][inputs], from_inputs[:, 2 * H :][inputs]
    hidden = np.empty((T + 1, *np.shape(h_prev)), W_hn.dtype)
    hidden[0] = h_prev
    for h, h_next, rz, n in zip(hidden, hidden[1:], gates, new):  # rows are views: what is written there stays
        rz += h @ W_h_gates
        rz *= 0.5
        np.tanh(rz, rz)
        rz *= 0.5
        rz += 0.5
        n += (rz[..., :H] * h) @ W_hn
        np.tanh(n, n)
        np.subtract(h, n, h_next)
        h_next *= rz[..., H:]
        h_next += n  # z * h + (1 - z) * n
    probs = output_probs(hidden[1:], p)
    return GRUForward(cross_entropy(probs, targets), probs, hidden, gates, new)


def gru_backward(inputs, targets, parameters, forward):
    """Return the gradient of the loss for every parameter, as GRUParameters, summed over all steps (and streams).
    Backpropagation through time, truncated at the first step, with gru_step_backward in place of tanh_backward."""
    p, (H, V) = parameters, parameters.W_xr.shape
    hidden, r, z, n = forward.hidden, forward.gates[..., :H], forward.gates[..., H:], forward.new
    before = hidden[:-1]
    probs = forward.probs.reshape(-1, V)
    dlogits = probs - one_hot(targets, V, probs.dtype)
    dh_from_output = (dlogits @ p.W_hy).reshape(before.shape)

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
    dW_x, db = da.T @ one_hot(inputs, V, da.dtype), da.sum(axis=0)
    dW_h_gates, dW_hn = da_gates.T @ before, da_n.T @ (r.reshape(-1, H) * before)
    dW_hy, db_y = dlogits.T @ hidden[1:].reshape(-1, H), dlogits.sum(axis=0)
    return GRUParameters(*np.split(dW_x, 3), *np.split(dW_h_gates, 2), dW_hn, *np.split(db, 3), dW_hy, db_y)


GRU = Model(initialize_gru, gru_forward, gru_backward)
