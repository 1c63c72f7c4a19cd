"""Right answers to the exercises of lesson 08."""

import numpy as np

from right_answers import right
from rnn_helpers import Parameters


@right("adam_step")
def _(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    for i in range(len(parameters)):
        m[i][:] = beta1 * m[i] + (1 - beta1) * gradients[i]
        v[i][:] = beta2 * v[i] + (1 - beta2) * gradients[i] * gradients[i]
        m_hat = m[i] / (1 - beta1**step)
        v_hat = v[i] / (1 - beta2**step)
        parameters[i][:] -= learning_rate * m_hat / (v_hat**0.5 + epsilon)


@right("adam_step")
def _(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    for name in Parameters._fields:
        p, g, first, second = (getattr(group, name) for group in (parameters, gradients, m, v))
        first += (1 - beta1) * (g - first)
        second += (1 - beta2) * (g**2 - second)
        p -= learning_rate / (1 - beta1**step) * first / (np.sqrt(second / (1 - beta2**step)) + epsilon)


@right("linear_decay")
def _(learning_rate, done, total):
    return learning_rate * (total - done) / total


@right("linear_decay")
def _(learning_rate, done, total):
    return float(np.interp(done, [0, total], [learning_rate, 0]))


@right("make_streams")
def _(ids, streams):
    length = len(ids) // streams
    return np.column_stack([ids[b * length : (b + 1) * length] for b in range(streams)])


@right("make_streams")
def _(ids, streams):
    length = len(ids) // streams
    return [[int(ids[b * length + t]) for b in range(streams)] for t in range(length)]


@right("make_streams")
def _(ids, streams):
    length = len(ids) // streams
    return ids[: length * streams].reshape((length, streams), order="F")
