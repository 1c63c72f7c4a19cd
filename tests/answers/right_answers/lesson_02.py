"""Right answers to the exercises of lesson 02."""

import math

import numpy as np

import rnn_helpers
from right_answers import right
from rnn_helpers import cross_entropy, output_probs, rnn_step, softmax


@right("rnn_step")
def _(char_id, h_prev, parameters):
    x = np.zeros(parameters.W_xh.shape[1])
    x[char_id] = 1
    return np.tanh(parameters.W_hh.dot(h_prev) + parameters.W_xh.dot(x) + parameters.b_h)


@right("rnn_step")
def _(char_id, h_prev, parameters):
    W_xh, W_hh, _, b_h, _ = parameters
    new = []
    for i in range(len(b_h)):
        a = W_xh[i, char_id] + b_h[i]
        for j in range(len(h_prev)):
            a += W_hh[i, j] * h_prev[j]
        new.append(math.tanh(a))
    return new


@right("rnn_step")
def _(char_id, h_prev, parameters):
    a = np.einsum("ij,j->i", parameters[1], h_prev)
    a += parameters[0].T[char_id] + parameters[3]
    return 1 - 2 / (np.exp(2 * a) + 1)


@right("output_probs")
def _(h, parameters):
    scores = h @ parameters.W_hy.T + parameters.b_y
    scores -= scores.max()
    return np.exp(scores) / np.exp(scores).sum()


@right("output_probs")
def _(h, parameters):
    scores = [sum(w * x for w, x in zip(row, h)) + b for row, b in zip(parameters.W_hy, parameters.b_y)]
    exps = [math.exp(s - max(scores)) for s in scores]
    return [e / sum(exps) for e in exps]


@right("forward_pass")
def _(inputs, targets, h_prev, parameters):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    h, states, rows, loss = h_prev, [h_prev], [], 0
    for char_id, target in zip(inputs, targets):
        h = np.tanh(W_hh @ h + W_xh[:, char_id] + b_h)
        states.append(h)
        rows.append(softmax(W_hy @ h + b_y))
        loss -= np.log(rows[-1][target])
    return loss, rows, states


@right("forward_pass")
def _(inputs, targets, h_prev, parameters):
    """Columns, and dicts that count from -1, as in min-char-rnn."""
    xs, hs, ps, loss = {}, {-1: h_prev.reshape(-1, 1)}, {}, 0.0
    for t in range(len(inputs)):
        xs[t] = np.zeros((len(parameters.b_y), 1))
        xs[t][inputs[t]] = 1
        hs[t] = np.tanh(parameters.W_xh @ xs[t] + parameters.W_hh @ hs[t - 1] + parameters.b_h[:, None])
        y = parameters.W_hy @ hs[t] + parameters.b_y[:, None]
        ps[t] = np.exp(y - y.max()) / np.sum(np.exp(y - y.max()))
        loss += float(-np.log(ps[t][targets[t], 0]))
    steps = range(len(inputs))
    return [loss, np.hstack([ps[t] for t in steps]).T, np.hstack([hs[t] for t in (-1, *steps)]).T]


@right("forward_pass")
def _(inputs, targets, h_prev, parameters):
    """A batch of one sequence, (1, ...), and the characters looked up all at once."""
    T, H = len(inputs), len(h_prev)
    from_input = (parameters.W_xh.T + parameters.b_h)[inputs][:, None]
    hidden = np.zeros((T + 1, 1, H))
    hidden[0] = h_prev
    for t in range(T):
        hidden[t + 1] = np.tanh(hidden[t] @ parameters.W_hh.T + from_input[t])
    scores = hidden[1:] @ parameters.W_hy.T + parameters.b_y
    scores -= scores.max(axis=-1, keepdims=True)
    log_probs = scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))
    loss = -log_probs[np.arange(T), 0, targets].sum()
    return loss, np.exp(log_probs[:, 0]), hidden[:, 0]


@right("forward_pass")
def _(inputs, targets, h_prev, parameters):
    hidden = [h_prev]
    for char_id in inputs:
        hidden.append(rnn_step(char_id, hidden[-1], parameters))
    probs = np.array([output_probs(h, parameters) for h in hidden[1:]])
    return cross_entropy(probs, targets), probs, np.array(hidden)


@right("forward_pass")
def _(inputs, targets, h_prev, parameters):
    return rnn_helpers.forward_pass(inputs, targets, h_prev, parameters)


@right("count_parameters")
def _(hidden_size, vocab_size):
    shapes = [(hidden_size, vocab_size), (hidden_size, hidden_size), (vocab_size, hidden_size)]
    return sum(np.zeros(shape).size for shape in shapes) + hidden_size + vocab_size


@right("count_parameters")
def _(hidden_size, vocab_size):
    return np.int64(hidden_size * (2 * vocab_size + hidden_size + 1) + vocab_size)
