"""Training in a second: Adam, and a text cut into streams."""

import numpy as np

from course.checker.exercise import Case, Exercise
from course.checker.mistakes import mistakes_beside
from course.engine.optimizers import make_streams
from course.lessons.cases import network, random_ids
from rnn_helpers import Parameters

known = mistakes_beside(__file__)


# The paper's lines, with m_hat and v_hat. The engine's has fewer arrays to make, and so other last digits.
def adam_step(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Step along m, a running mean of the gradients, divided by the root of v, one of their squares.

    parameters, gradients, m, v  tuples of arrays of the same shapes; parameters, m and v change in place
    step                         1 at the first call: m and v start at zero, and the first steps make up for that
    Source: Kingma and Ba, 2015.
    """
    for parameter, gradient, m_mean, v_mean in zip(parameters, gradients, m, v):
        m_mean[:] = beta1 * m_mean + (1 - beta1) * gradient
        v_mean[:] = beta2 * v_mean + (1 - beta2) * gradient**2
        m_hat = m_mean / (1 - beta1**step)
        v_hat = v_mean / (1 - beta2**step)
        parameter -= learning_rate * m_hat / (np.sqrt(v_hat) + epsilon)


def _zeros(H, V):
    return [Parameters(*[np.zeros_like(value) for value in network(H, V, 0)]) for _ in range(2)]


def adam_step_cases():
    def moments(H, V, seed):
        return network(H, V, seed, 0.3), Parameters(*[value**2 + 0.01 for value in network(H, V, seed + 1, 0.3)])

    m, v = moments(5, 2, 52)
    m2, v2 = moments(3, 4, 56)
    return [
        Case(
            "the first step, m and v zero",
            (network(3, 4, 50), network(3, 4, 51), *_zeros(3, 4), 1, 0.01),
            {"H": 3, "V": 4},
        ),
        Case("step 3", (network(5, 2, 54), network(5, 2, 55), m, v, 3, 0.1), {"H": 5, "V": 2}),
        Case(
            "other values of beta1, beta2 and epsilon",
            (network(3, 4, 58), network(3, 4, 59), m2, v2, 2, 0.05, 0.8, 0.95, 0.1),
            {"H": 3, "V": 4},
        ),
        Case(
            "gradients so small that the default epsilon counts",
            (network(5, 2, 60), network(5, 2, 61, 1e-7), *_zeros(5, 2), 1, 0.01),
            {"H": 5, "V": 2},
        ),
        Case(
            "gradients that are all 0, late in training",
            (network(3, 2, 62), network(3, 2, 63, 0.0), *moments(3, 2, 64), 2000, 0.01),
            {"H": 3, "V": 2},
        ),
        Case(
            "gradients, m and v that are all 0",
            (network(3, 2, 65), network(3, 2, 66, 0.0), *_zeros(3, 2), 1, 0.01),
            {"H": 3, "V": 2},
        ),
        Case(
            "gradients above 1,000",
            (network(3, 2, 67), network(3, 2, 68, 3000.0), *_zeros(3, 2), 1, 0.01),
            {"H": 3, "V": 2},
        ),
    ]


ADAM_STEP = Exercise(
    adam_step,
    adam_step_cases,
    difficulty=3,
    rare=4,
    in_place=("parameters", "m", "v"),
    groups=("m", "v", "parameters"),
    mistakes=known("adam_step", adam_step),
    hints=[
        "Four arrays belong together: a parameter, its gradient, its m and its v. zip walks through all of them.",
        "First update the two running means in place. m keeps beta1 of its old value and takes in (1 - beta1) of the "
        "gradient. v does the same with beta2 and the squared gradient.",
        "They start at zero, so divide by the weight they have gathered: 1 - beta1 ** step for m, 1 - beta2 ** step "
        "for v. Don't write that back.",
        "In words: m *= beta1, m += (1 - beta1) * g; v *= beta2, v += (1 - beta2) * g squared; parameter -= "
        "learning_rate * corrected m / (root of corrected v, plus epsilon).",
    ],
    why="m smooths the direction, and the root of v gives each weight a step of its own size. After t steps from zero, "
    "the running means have gathered a weight of 1 - beta**t. That's why you divide by it.",
    notice="At step 1 every weight moves by about the learning rate, even if its gradient is tiny.",
)


# ---------------------------------------------------------------- make_streams


def make_streams_by_pieces(ids, streams):
    length = len(ids) // streams
    pieces = [ids[b * length : (b + 1) * length] for b in range(streams)]
    return np.stack(pieces, axis=1)


def make_streams_cases():
    return [
        Case(
            "15 ids in 3 streams", (np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9]), 3), {"length": 5, "B": 3}
        ),
        Case("ids that leave a rest", (random_ids(23, 9, 60), 4), {"length": 5, "B": 4}),
        Case("more streams than steps", (random_ids(20, 9, 61), 7), {"length": 2, "B": 7}),
        Case("one stream", (random_ids(6, 9, 62), 1), {"length": 6, "B": 1}),
        Case("pieces of one character", (random_ids(5, 9, 64), 4), {"length": 1, "B": 4}),
        Case(
            "ids up to 399, of the type int16",
            (random_ids(17, 400, 63).astype(np.int16), 3),
            {"length": 5, "B": 3},
        ),
    ]


MAKE_STREAMS = Exercise(
    make_streams,
    make_streams_cases,
    difficulty=2,
    rare=2,
    result="ids",
    mistakes=known("make_streams", make_streams, make_streams_by_pieces),
    hints=[
        "How long is each piece, if all are equally long and only whole ones count? `//` divides and drops the rest.",
        "Leave out the rest at the end, so that the pieces fill a table.",
        "reshape fills a table row by row, so one reshape gives you a piece in each row. How do rows become columns?",
        "In words: length is len(ids) // streams; take the first length * streams ids; reshape to (streams, length); "
        "transpose.",
    ],
    why="reshape keeps the order of the text along the rows, so each row is a piece of the text. .T turns rows into "
    "columns, without a copy. Then step t reads row t: one character of each stream.",
    notice="Each column continues where it stopped, so each stream carries its own hidden state through its piece.",
)
