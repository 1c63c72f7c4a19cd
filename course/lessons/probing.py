"""A probe of what a state knows."""

import re

import numpy as np

from course.checker.exercise import Case, Exercise
from course.checker.mistakes import mistakes_beside
from course.models import gates

known = mistakes_beside(__file__)


# ---------------------------------------------------------------- position_probe


def position_probe_with_ones(states, positions, new_states, new_positions):
    A = np.concatenate([states, np.ones((len(states), 1))], axis=1)
    B = np.concatenate([new_states, np.ones((len(new_states), 1))], axis=1)
    weights = np.linalg.lstsq(A, positions, rcond=None)[0]
    guesses = B @ weights
    error = ((guesses - new_positions) ** 2).mean()
    spread = np.var(new_positions)
    return float(1 - error / spread)


def position_probe_cases():
    def case(label, H, N, M, seed, noise):
        rng = np.random.default_rng(seed)
        states, new_states = rng.normal(0.3, 1, (N, H)), rng.normal(0.1, 1.2, (M, H))
        weights = rng.normal(0, 3, H)
        positions, new_positions = [
            np.round(20 + rows @ weights + noise * rng.normal(0, 1, len(rows))).astype(int)
            for rows in (states, new_states)
        ]
        return Case(label, (states, positions, new_states, new_positions + 2), {"H": H, "N": N, "M": M})

    silent = case("a unit that is always 0", 3, 20, 15, 106, 2.0)
    for states in (silent.args[0], silent.args[2]):
        states[:, 1] = 0

    return [
        case("three units that tell much", 3, 40, 30, 102, 1.0),
        case("units that tell little", 4, 60, 25, 103, 12.0),
        case("many units, few characters: the line fits them by heart", 12, 18, 20, 104, 8.0),
        case("one unit (H = 1)", 1, 30, 25, 105, 3.0),
        silent,
    ]


def position_probe_error(error, where):
    """Return a remark if two texts are mixed up, as their lengths show, else ""."""
    if re.search(r"broadcast together with shapes \(\d+,\) \(\d+,\)", error):
        return (
            "You compare the guesses for one text with the positions of the other, and they don't have the same length."
        )
    if "LinAlgError: Incompatible dimensions" in error:
        return (
            "lstsq needs a row in its first array for each number in its second. There's one position for each "
            "character, so where does each character have its row, and where do the ones go?"
        )
    return ""


POSITION_PROBE = Exercise(
    gates.position_probe,
    position_probe_cases,
    on_error=position_probe_error,
    difficulty=2,
    rare=2,
    mistakes=known("position_probe", position_probe_with_ones),
    hints=[
        "np.linalg.lstsq(A, y, rcond=None)[0] are the weights for which A @ weights comes nearest to y. Here A holds "
        "the states, one row for each character, and a column of ones.",
        "np.column_stack([states, np.ones(len(states))]) adds the column. Do the same with new_states, and guess: that "
        "matrix times the weights.",
        "R2 compares two means of squares on the new text: the errors of the guesses, and the distances of the new "
        "positions from their own mean, which np.var gives.",
        "In words: weights from the old states and positions; guesses for the new states; 1 minus (mean squared error "
        "divided by the variance of the new positions).",
    ],
    why="If you know nothing, you guess the mean. Then the mean squared error is the variance, so R2 is 0. The new "
    "text makes the score honest, because many weights fit any few numbers.",
    notice="A probe shows what a ruler can read off a state. It doesn't show whether the network itself reads it.",
)
