"""Models other than the course's RNN, as train(model=...) takes them: a learner's own functions, and two more."""

import numpy as np

from course import engine
from course.models import gates

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

# ---------------------------------------------------------------- with a name of their own

LEAKY = gates.leaky(0.3)
GRU = gates.GRU
