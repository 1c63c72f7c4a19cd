"""Random draws, writing a text character by character, and temperature."""

import numpy as np

import rnn_helpers
from course.checker.catch import Catch
from course.checker.exercise import Case, Exercise
from course.checker.mistakes import mistakes_beside
from course.lessons.cases import (
    hard,
    large_outputs,
    network,
    next_random_number,
    pencil_network,
    probabilities_remark,
    silenced,
)
from rnn_helpers import Parameters, apply_temperature, draw, sample_ids, softmax

known = mistakes_beside(__file__)


def draw_by_search(probs, u):
    running_sums = np.cumsum(probs)
    picked = int(np.searchsorted(running_sums, u, side="right"))  # how many running sums u has passed
    return min(picked, len(probs) - 1)


def draw_cases():
    probs = np.array([0.1, 0.4, 0.2, 0.3])
    gaps = np.array([0.0, 0.25, 0.0, 0.6, 0.15])
    cases = [Case(f"u = {u}", (probs.copy(), u), {"V": 4}) for u in (0.05, 0.3, 0.45, 0.62, 0.75, 0.999, 0.0, 0.12)]
    cases += [
        Case(f"probabilities with some zeros, and u = {u}", (gaps.copy(), u), {"V": 5})
        for u in (0.01, 0.2, 0.4, 0.8, 0.9)
    ]
    cases.append(Case("a first probability of 0, and u = 0.0", (np.array([0.0, 0.5, 0.5]), 0.0), {"V": 3}))
    cases.append(
        Case("u = 0.5, where one piece ends and the next begins", (np.array([0.5, 0.25, 0.25]), 0.5), {"V": 3})
    )
    label = "u just below 1, where rounding has left the last running sum even lower"
    cases.append(Case(label, (np.full(27, 1 / 27), 1 - 2.0**-53), {"V": 27}))
    label = "u = 0.75 - 1e-12, just below where a piece ends"
    cases.append(Case(label, (np.array([0.25, 0.5, 0.25]), 0.75 - 1e-12), {"V": 3}))
    label = "two equal probabilities, and u = 0.4"
    cases.append(Case(label, (np.array([0.25, 0.25, 0.5]), 0.4), {"V": 3}))
    cases.append(Case("one character alone, with probability 1", (np.array([1.0]), 0.3), {"V": 1}))
    label = "u in the piece of a character of probability 0.0005"
    cases.append(Case(label, (np.array([0.5, 0.0005, 0.4995]), 0.5003), {"V": 3}))
    cases.append(Case("301 characters, and u near the end", (np.full(301, 1 / 301), 0.999), {"V": 301}))
    return cases


DRAW = Exercise(
    draw,
    draw_cases,
    difficulty=2,
    result="ids",
    rare=6,
    unsteady="All the randomness must come from u: draw makes no random numbers, and it keeps nothing from one call to "
    "the next.",
    mistakes=known("draw", draw, draw_by_search),
    hints=[
        "Lay the probabilities end to end: together they fill the line from 0 to 1. u is a place on that line.",
        "The ends of the pieces are the running sums of probs: np.cumsum.",
        "Find the first running sum above u: its place is the id. A loop can add up and stop there.",
        "In words: total starts at 0; for each id and its p, add p to total; return the id once u is below total.",
    ],
    why="A character with probability 0.3 owns a piece of length 0.3, and u falls into it 30% of the time. The "
    "function makes no random numbers, so the same u gives the same character on every computer.",
    notice="All the randomness is in u, so the same seed writes the same text everywhere.",
)


def apply_temperature_by_steps(logits, temperature):
    exps = np.exp((logits - logits.max()) / temperature)
    return exps / exps.sum()


def apply_temperature_cases():
    logits = np.array([2.0, 1.0, 0.1, -1.0])
    rng = np.random.default_rng(41)
    return [
        Case("temperature 0.5", (logits.copy(), 0.5), {"V": 4}),
        Case("temperature 2", (logits.copy(), 2.0), {"V": 4}),
        Case("temperature 1", (rng.normal(0, 2, 6), 1.0), {"V": 6}),
        Case("temperature 0.002, where scores get large", (logits.copy(), 0.002), {"V": 4}),
        Case("scores far below 0", (logits - 900, 0.5), {"V": 4}),
        Case("scores far apart on both sides of 0", (np.array([-800.0, 800.0, -300.0, 1.0, 799.0]), 1.5), {"V": 5}),
        Case("scores that are whole numbers", (np.array([3, 1, 0, -2]), 1.5), {"V": 4}),
        Case("the last score far above the others", (np.array([-900.0, 20.0, 300.0]), 0.3), {"V": 3}),
        Case("the first score far above the others", (np.array([300.0, 20.0, -900.0]), 0.3), {"V": 3}),
        *hard("temperature", lambda given: given, lambda given: {"V": len(given[0])}),
    ]


APPLY_TEMPERATURE = Exercise(
    apply_temperature,
    apply_temperature_cases,
    difficulty=1,
    rare=6,
    remark=probabilities_remark,
    mistakes=known("apply_temperature", apply_temperature, apply_temperature_by_steps),
    hints=[
        "The temperature changes how far apart the scores are, before they become probabilities.",
        "A low temperature must push the scores further apart, so that the best one wins more often.",
        "In words: the softmax of (logits divided by temperature).",
    ],
    why="Dividing the scores by 0.5 doubles their distances, so the best one gains; dividing by 2 halves them. With "
    "softmax last, the result is always a row of probabilities.",
    notice="At temperature 1 nothing changes. Near 0 only the best character is left, and far above 1 all count alike.",
)


def sample_ids_by_hand(parameters, h, first_id, length, rng, temperature=1.0):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    ids, char_id = [], first_id
    for _ in range(length):
        h = np.tanh(W_hh @ h + W_xh[:, char_id] + b_h)
        probs = softmax((W_hy @ h + b_y) / temperature)
        char_id = draw(probs, rng.random())
        ids.append(char_id)
    return ids


def sample_ids_cases():
    def case(label, parameters, first_id, length, seed, *temperature):
        H, V = parameters.W_xh.shape
        h = np.random.default_rng(seed + 100).normal(0, 0.5, H)
        args = (parameters, h, first_id, length, np.random.default_rng(seed), *temperature)
        return Case(label, args, {"H": H, "V": V, "length": length})

    times_three = Parameters(*[3 * value for value in pencil_network()])
    return [
        case("a small network with larger weights", times_three, 1, 12, 1),
        case("a larger network", network(6, 8, 43, 1.0), 5, 40, 2),
        case("length = 1", network(6, 8, 44, 1.0), 0, 1, 3),
        case("another seed", network(5, 9, 45, 1.2), 2, 30, 4),
        case("temperature = 0.5", network(5, 7, 48, 1.0), 3, 40, 29, 0.5),
        case("temperature = 2.5", network(4, 6, 49, 1.5), 0, 40, 18, 2.5),
        *silenced(lambda: case("", network(5, 9, 46, 1.2), 2, 30, 5), "W_xh", "W_hh", "b_h", "b_y"),
        case("scores near 1000", large_outputs(), 2, 20, 6),
        case("a vocabulary of one character (V = 1)", network(2, 1, 47), 0, 3, 7),
        case("temperature 0.05", network(3, 6, 50, 0.05), 1, 12, 10, 0.05),
        case("length = 0", network(3, 6, 50, 1.0), 1, 0, 11),
    ]


SAMPLE_IDS = Exercise(
    sample_ids,
    sample_ids_cases,
    difficulty=2,
    result="ids",
    rare=4,
    after=next_random_number,
    unsteady="All the randomness must come from rng: sample_ids takes no other random numbers, and it keeps nothing "
    "from one call to the next.",
    mistakes=known("sample_ids", sample_ids, sample_ids_by_hand),
    hints=[
        "It's a loop over `length` steps. What does a step read, and what does it leave for the next?",
        "Each step reads a character with rnn_step, and gets a new state. It makes a score for each character from "
        "that state, turns the scores into probabilities with apply_temperature, and picks an id with draw.",
        "The drawn id goes into the list, and the next step reads it. The first step reads first_id.",
        "In words: char_id is first_id at first; repeat length times: h is rnn_step(char_id, h, parameters); the "
        "scores are W_hy @ h + b_y; the probabilities are apply_temperature(scores, temperature); char_id is "
        "draw(probabilities, rng.random()); append it.",
    ],
    why="The network writes by reading what it has written. Each step gives the name h to a new array, so the "
    "caller's h stays as it is. One random number per character keeps the text the same on every computer.",
    notice="The drawn character is the only link from an output to the next step. Change one, and the rest changes.",
)


# ---------------------------------------------------------------- catch_draw


def catch_draw(draw):
    """Return True if draw gives the id whose piece of the line holds u, at points in all pieces and at their ends."""
    probs = np.array([0.0, 0.125, 0.0, 0.625, 0.25])
    points = [0.0, 0.1, 0.125, 0.4, 0.7, 0.75, 0.9]
    return [draw(probs, u) for u in points] == [1, 1, 3, 3, 3, 4, 4]


def draw_by_count(probs, u):
    return sum(end <= u for end in np.cumsum(probs)[:-1])


def draw_by_argmax(probs, u):
    ends = np.cumsum(probs)
    ends[-1] = 1.0
    return np.argmax(ends > u)


def no_place_to_ask_for(probs, u):
    """Return why nobody can tell which id draw gives for u, or ""."""
    if not 0 <= u < 1:
        return f"You ask for u = {u:g}, and u is always below 1." if u >= 1 else f"You ask for u = {u:g}, below 0."
    ends = np.cumsum(probs)
    if not np.any((ends != u) & (np.abs(ends - u) < 1e-12)):
        return ""
    return (
        f"You ask for u = {u:g} as if a piece ended there, but tenths don't add up exactly: 0.1 + 0.2 is a little "
        "more than 0.3. Halves, quarters and eighths do."
    )


CATCH_DRAW = Catch(
    function=catch_draw,
    original=DRAW,
    rights={
        "the finished one": rnn_helpers.draw,
        "one that walks along the line in a loop": draw,
        "one that counts the ends that u has passed": draw_by_count,
        "one that takes the first end above u, and gives a NumPy integer": draw_by_argmax,
    },
    unfit=no_place_to_ask_for,
    # They are wrong only where the running sum ends a hair below 1, and u lies in between.
    beyond=(
        "no_guard",
        "no_guard_argmax",
        "no_guard_first_of_all",
        "no_guard_while",
        "no_guard_loop",
        "no_id_at_the_end",
        # These go wrong where many others do, and ask nothing new of a check.
        "laid_by_size",
        "piece_before",
    ),
    difficulty=1,
    hints=[
        "You know the right id without any draw: lay the pieces on the line yourself, and choose u.",
        "Take several probabilities, not in order of size, and several u: in every piece, and where a piece ends.",
        "What about u = 0? And what if the first character has the probability 0? It must never be drawn.",
        "In words: for [0.25, 0.5, 0.25] the ids at u = 0, 0.1, 0.25, 0.7, 0.75 are 0, 0, 1, 1, 2. Do the same for "
        "[0, 0.125, 0, 0.625, 0.25], and return False at the first id that differs.",
    ],
    why="All the randomness is in u, so you can check a draw without any: each u has one right answer. Eighths and "
    "quarters add up without rounding, so you can hit the ends of the pieces.",
    notice="Ten thousand random draws would almost never hit the end of a piece. A few well-chosen points see more.",
)
