"""A probe of what a state knows."""

import re

import numpy as np

from course.checker.exercise import Case, Exercise
from course.checker.mend import mend
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
    """Say that two texts are mixed up, if their lengths show it."""
    if re.search(r"broadcast together with shapes \(\d+,\) \(\d+,\)", error):
        return "Here the guesses for one text meet the positions of the other, and the two are not equally long."
    return ""


POSITION_PROBE = Exercise(
    gates.position_probe,
    position_probe_cases,
    on_error=position_probe_error,
    minutes=12,
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
    why="Whoever knows nothing guesses the mean, and the mean squared error of that is the variance: R2 is 0. The new "
    "text makes it honest, since a line with many weights fits any few numbers.",
    notice="A probe tells what can be read off a state with a ruler. It does not tell whether the network itself reads "
    "it.",
)


# ---------------------------------------------------------------- mend_position_probe


def probe_report(broken_probe):
    """Return what the broken probe says of states that know nothing, and of some that know the position, as text."""
    rng = np.random.default_rng(0)
    positions, new_positions = rng.integers(0, 45, (2, 80))
    rows = [
        "80 characters of one text, 80 of another, their positions drawn at random from 0 to 44.",
        "The states know nothing: they are random numbers too, and as many as there are units.",
        "",
        "units   the probe says R2",
    ]
    for units in (1, 20, 40, 60, 79):
        states, new_states = rng.normal(0, 1, (2, 80, units))
        rows.append(f"{units:5}   {broken_probe(states, positions, new_states, new_positions):17.2f}")
    states, new_states = [np.array([place / 44]).T for place in (positions, new_positions)]
    told = broken_probe(states, positions, new_states, new_positions)
    rows += ["", f"One unit that holds the position, divided by 44: R2 {told:.2f}"]
    return "\n".join(rows)


MEND_POSITION_PROBE = mend(
    POSITION_PROBE,
    "not_held_out",
    look=probe_report,
    nudge="In the report, random numbers seem to know the position, and more of them know it better. On which text is "
    "the guess judged?",
    minutes=6,
    difficulty=1,
    hints=[
        'report("mend_position_probe") shows states of random numbers. How much can they know about a new text?',
        "With 79 units and a constant there are 80 weights for 80 positions: they can be met exactly, whatever they "
        "are.",
        "The function gets a second text, and uses it nowhere. What is it for?",
        "In words: find the weights from the first text as it stands; take guesses, errors and variance from the new "
        "states and the new positions.",
    ],
    why="A line with as many weights as there are positions meets them all. Only a text that the weights have not seen "
    "tells whether the states know anything.",
    notice="On new text, random states score below 0: worse than the mean. So even a score of 0 can be above chance.",
)
