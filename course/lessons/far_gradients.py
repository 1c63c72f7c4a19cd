"""Gradients over many steps: back through a leaky state."""

import numpy as np

from course.checker.exercise import Case, Exercise
from course.checker.mistakes import mistakes_beside
from course.lessons.cases import BY_1000, hard, network, pencil_network
from course.models.gates import leaky_backward

known = mistakes_beside(__file__)


# ---------------------------------------------------------------- leaky_backward


def leaky_backward_by_rows(dh, n, parameters, keep):
    da = (1 - keep) * dh * (1 - n**2)
    kept = keep * dh  # two paths lead from h_prev to h: straight, and through a
    through_tanh = parameters.W_hh.T @ da
    return da, kept + through_tanh


def leaky_backward_cases():
    rng = np.random.default_rng(90)

    def case(label, parameters, keep):
        H = len(parameters.b_h)
        return Case(label, (rng.normal(0, 1, H), np.tanh(rng.normal(0, 1, H)), parameters, keep), {"H": H})

    return [
        case("keep = 0.9", pencil_network(), 0.9),
        case("keep = 0.25, a larger state", network(6, 5, 91), 0.25),
        case("keep = 0, the plain network", network(4, 5, 92), 0.0),
        case("one hidden unit (H = 1)", network(1, 3, 93), 0.6),
        case("keep = 1, the state stays as it is", network(5, 4, 94), 1.0),
        Case("slopes above 1,000", (BY_1000[0].copy(), np.array([0.3, -0.5, 0.9]), network(3, 4, 95), 0.5), {"H": 3}),
        *hard("state", lambda n: (n + 0.5, n, network(len(n), 3, 96), 0.7), lambda n: {"H": len(n)}),
    ]


LEAKY_BACKWARD = Exercise(
    leaky_backward,
    leaky_backward_cases,
    difficulty=3,
    rare=3,
    returns=("da", "dh_prev"),
    groups=("da", "dh_prev"),
    mistakes=known("leaky_backward", leaky_backward_by_rows),
    hints=[
        "Draw it. From h_prev one arrow goes straight to h, with the factor keep. Another goes to a, and then through "
        "tanh to h, with the factor 1 - keep.",
        "Begin with da: walk from h back to a. Multiply dh by everything on this path: the share, and the slope of "
        "tanh.",
        "Then dh_prev: one part for each arrow that leaves h_prev. Where paths meet, add.",
        "In words: da is (1 - keep) times dh times (1 minus n squared). dh_prev is keep times dh, plus W_hh "
        "transposed times da.",
    ],
    why="Multiply along a path, and add where paths meet: these two rules give the backward pass of any cell. On the "
    "straight path there's no matrix and no slope, only the number keep. With keep = 0 it's the plain cell.",
    notice="On the straight path each step multiplies a slope by keep, whatever W_hh and tanh do. With 0.98, almost "
    "half is left after 40 steps. Cells with gates (LSTM, GRU) learn how much to keep.",
)
