"""Optimizers, and what goes with them: streams, clipping."""

import contextlib
import math

import numpy as np

from course.base import checks
from rnn_helpers import sgd_step


def adam_step(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Step along m, a running mean of the gradients, divided by the root of v, one of their squares.

    parameters, gradients, m, v  lists or tuples of arrays of the same shapes; parameters, m and v change in place
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


def orthogonalize(matrix, rounds):
    """Return a matrix that stretches every direction about equally, and turns them as the given one does: its
    singular values are near 1. Source: an iteration of Newton and Schulz, with the numbers of Jordan, 2024."""
    is_tall = len(matrix) > matrix.shape[1]
    X = matrix.T if is_tall else matrix  # wide, not tall: so its square below is small
    X = X / (np.linalg.norm(matrix) + 1e-7)
    for _ in range(rounds):  # each brings the singular values of X nearer to 1
        square = X @ X.T
        X = 3.4445 * X + (2.0315 * square @ square - 4.7750 * square) @ X
    return X.T if is_tall else X


def muon_step(parameters, gradients, m, v, step, learning_rate):
    """Step each matrix along the running mean of its gradients made orthogonal: equally far in every direction.

    The biases take adam_step; arguments as there. Source: Jordan, 2024, who takes 5 rounds; 3 do here, and cost less.
    The size of the steps, that of Adam's: Liu and others, 2025.
    """
    checks.count("step", step)
    checks.positive("learning_rate", learning_rate)
    for parameter, gradient, m_mean in zip(parameters, gradients, m):
        if parameter.ndim == 2:
            m_mean *= 0.9
            m_mean += (1 - 0.9) * gradient
            ahead = 0.9 * m_mean + (1 - 0.9) * gradient  # a look ahead (Nesterov)
            size = learning_rate * 0.2 * math.sqrt(max(parameter.shape))
            parameter -= size * orthogonalize(ahead, 3)
    vectors = [[array for array in arrays if array.ndim != 2] for arrays in (parameters, gradients, m, v)]
    adam_step(*vectors, step, learning_rate)


# Each optimizer: how many running means it keeps, and its step (p: parameters, g: gradients). A new one is named in the
# docstring of train, too.
OPTIMIZERS = {
    "sgd": (0, lambda p, g, means, step, rate: sgd_step(p, g, rate)),
    "adam": (2, lambda p, g, means, step, rate: adam_step(p, g, *means, step, rate)),
    "adam_short": (2, lambda p, g, means, step, rate: adam_step(p, g, *means, step, rate, 0.7, 0.99)),  # forgets sooner
    "muon": (2, lambda p, g, means, step, rate: muon_step(p, g, *means, step, rate)),
}


@contextlib.contextmanager
def another_optimizer(name, number_of_means, take_step):
    """Let train(optimizer=name) take steps of your own, inside of a with block.

    take_step  function(parameters, gradients, means, step, rate) that changes parameters and means in place: means is
               a tuple of so many running means, each like the parameters, which begin at zero; step counts from 1
    ValueError: the name is that of an optimizer of the course.
    """
    if name in OPTIMIZERS:
        raise ValueError(f"{name!r} is the name of an optimizer of the course. Take another one.")
    OPTIMIZERS[name] = number_of_means, take_step
    try:
        yield
    finally:
        del OPTIMIZERS[name]


def global_norm(gradients):
    """Return the length of all gradients as one long vector, a float."""
    return math.sqrt(sum(float(np.vdot(gradient, gradient)) for gradient in gradients))


def make_streams(ids, streams):
    """Cut a text into B consecutive pieces of equal length; return them side by side, (length, B).

    Column b is the b-th piece. Up to B - 1 characters at the end are left out.
    Source: Zaremba, Sutskever and Vinyals, 2014.
    """
    length = len(ids) // streams
    return ids[: length * streams].reshape(streams, length).T
