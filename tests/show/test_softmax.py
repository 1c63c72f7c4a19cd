"""The pictures of pages 00 and 01: their numbers are those of the functions, and no writing lies on another."""

import math
import re

import numpy as np
import pytest
from overlaps import overlaps

from course.show import softmax as show
from rnn_helpers import apply_temperature, cross_entropy, softmax, softmax_gradient

LETTERS = "ehlo"
LOGITS = np.array([[2, 0, 1, -1], [0, -1, 3, 1], [1, 1, 1, 1], [0, 2, 1, -1]], float)
TARGETS = np.array([0, 2, 2, 3])
PROBS = softmax(LOGITS)
CHARS = ["\n", " ", *"abcdefgh"]
GUESSED = dict(zip(CHARS, softmax(np.linspace(0, 4, 10))))
VERSE = np.array([[0.1, 0.6, 0.2, 0.1], [0.7, 0.1, 0.1, 0.1], [0.02, 0.5, 0.3, 0.18]])
PICTURES = {
    "most probable": lambda: show.most_probable("shall i", GUESSED),
    "pieces": lambda: show.pieces_of_a_line(GUESSED, (0.1, 1, 1.5)),
    "costs": lambda: show.bars_of_costs("aH ", 0.5, "ah\n", [GUESSED] * 3),
    "dear costs": lambda: show.bars_of_costs("aaaa", 0.999, "bbbb", [GUESSED] * 4),
    "five parts": lambda: show.five_parts(),
    "line": lambda: show.line_against_weights(LETTERS, [1, 0, 0, 1]),
    "bars": lambda: show.softmax_bars(LETTERS, LOGITS[0]),
    "curve": lambda: show.surprises_on_the_curve("ello", PROBS[np.arange(4), TARGETS]),
    "pushes": lambda: show.pushes_on_scores(LETTERS, "hell", LOGITS, TARGETS),
    "expectations": lambda: show.expectations(LETTERS, "hole", VERSE, (0, 1, 2)),
}


def numbers(text):
    return [float(number) for number in re.findall(r"-?\d+\.\d+", text)]


@pytest.mark.parametrize("name", PICTURES)
def test_writing_has_its_place(name):
    picture = PICTURES[name]()
    assert overlaps(picture) == []
    assert len(picture.text.splitlines()[0]) <= len("Picture: ") + 62


def test_the_pieces_of_a_line_are_the_probabilities_at_the_temperature():
    picture = PICTURES["pieces"]()
    logits = np.log(sorted(GUESSED.values(), reverse=True))
    for line, temperature in zip(picture.lines[1:], (0.1, 1, 1.5)):
        shares = apply_temperature(logits, temperature)
        told = numbers(line.partition(": ")[2])
        assert told == pytest.approx([*shares[:6], shares[6:].sum()], abs=0.0051)


def test_costs_are_bits_and_a_guess_shares_what_is_left():
    picture = PICTURES["costs"]()
    left = -math.log2(0.5 / 9)
    network = [-math.log2(GUESSED[char]) for char in "ah\n"]
    rows = [numbers(line) for line in picture.lines[1:]]
    assert np.allclose(rows, list(zip([1, 1, left], network)), atol=0.051)
    assert numbers(picture.lines[0]) == pytest.approx([(2 + left) / 3, np.mean(network)], abs=0.051)


@pytest.mark.parametrize("guesses, sure", [("ab", 0.5), ("abcd", 0.5), ("abc", 0), ("abc", 1)])
def test_guesses_that_cannot_be_judged_are_refused(guesses, sure):
    with pytest.raises(ValueError, match="Give 3 guesses in a row"):
        show.bars_of_costs(guesses, sure, "abc", [GUESSED] * 3)


def test_a_task_that_a_line_can_do_gets_a_plain_title():
    text = show.line_against_weights(LETTERS, [1, 1, 1, 1]).text
    assert text.startswith("Picture: A line over the ids, and a weight for each letter\n")


def test_the_bars_are_scores_powers_and_probabilities():
    _, scores, powers, probs = PICTURES["bars"]().lines
    assert scores.endswith("e 2, h 0, l 1, o -1")
    assert numbers(powers) == pytest.approx(np.exp(LOGITS[0]), abs=0.0005)
    assert numbers(probs) == pytest.approx(PROBS[0], abs=0.0005)


def test_the_curve_tells_what_cross_entropy_gives():
    *_, total, mean = PICTURES["curve"]().lines
    loss = cross_entropy(PROBS, TARGETS)
    assert numbers(total) == pytest.approx([loss], abs=0.0005)
    assert numbers(mean) == pytest.approx([loss / 4, loss / 4 / math.log(2)], abs=0.0005)
    nothing_worse = show.surprises_on_the_curve("ello", [0.2, 0.3, 0.3, 0.3])
    assert nothing_worse.text.startswith("Picture: The surprise at each target")


def test_the_pushes_are_the_gradient():
    told = [numbers(line) for line in PICTURES["pushes"]().lines[1:]]
    assert np.allclose(told, softmax_gradient(LOGITS, TARGETS), atol=0.0051)


def test_expectations_end_with_what_came():
    first, *_, last = PICTURES["expectations"]().lines[1:]
    assert first == "after 'h': h 0.60, l 0.20, e 0.10, o 0.10; came o"
    assert last == "after 'hol': h 0.50, l 0.30, o 0.18, e 0.02; came e"
