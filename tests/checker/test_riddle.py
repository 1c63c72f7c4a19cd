"""Descriptions of wrong functions by what they do, and short descriptions of any value."""

from types import SimpleNamespace

import numpy as np
import pytest

from course.checker.say.riddle import riddle
from course.checker.words import describe
from course.lessons import EXERCISES
from course.models.judging import dropout_mask
from course.models.no_loop import scan
from rnn_helpers import forward_pass, softmax

IN_A_ROW = "one that passed is right for one row of four scores and large scores. But `softmax([[0.3, -1.2, 2.5]])` "
AT_ALL = "with one that passed, `softmax([2.0, 1.0, 0.1, -1.0])` "
RIGHT = "where a right one returns [0.6381, 0.2347, 0.09543, 0.03177]."
RIGHT_IN_A_TABLE = "where a right one returns [[0.09758, 0.02177, 0.8806]]."
GIVEN = " There inputs = [2] and targets = [0] and h_prev = [-0.2, 0.4, 0.6]."
SMALL = "with one that passed, for one character (T = 1), it "


def riddle_of(name, *functions):
    return riddle(EXERCISES[name], [SimpleNamespace(function=function) for function in functions], "one that passed")[0]


def right_in_a_row(wrong):
    return lambda z: softmax(z) if z.ndim == 1 else wrong(z)


def spoils_its_argument(z):
    result = softmax(z)
    z[...] = 0
    return result


@pytest.mark.parametrize(
    "function, says",
    [
        (lambda z: 2 * z, f"{AT_ALL}returns [4, 2, 0.2, -2], {RIGHT}"),
        (lambda z: z[:2], f"{AT_ALL}returns an array of shape (2,), where a right one returns shape (4,)."),
        (lambda z: 1 / 0, f"{AT_ALL}raises an error."),
        (lambda z: None, f"{AT_ALL}gives something else. It returned nothing (None)."),
        (right_in_a_row(lambda z: 2 * softmax(z)), f"{IN_A_ROW}returns [[0.1952, 0.04355, 1.761]], {RIGHT_IN_A_TABLE}"),
        (right_in_a_row(lambda z: z * np.inf), f"{IN_A_ROW}returns [[inf, -inf, inf]], {RIGHT_IN_A_TABLE}"),
        (
            right_in_a_row(spoils_its_argument),
            f"{IN_A_ROW}returns the right result, but changes logits, which the caller may still need.",
        ),
    ],
)
def test_a_wrong_function_is_shown_by_a_call(function, says):
    assert riddle_of("softmax", function) == says


def test_whole_numbers_in_a_call_are_told_from_others():
    text = riddle_of("softmax", lambda z: 0 * z if z.dtype == int else softmax(z))
    assert "But `softmax([[2, 0, 1, -1], [0, -1, 3, 1]])` returns [[0, 0, 0, 0], [0, 0, 0, 0]], where" in text


@pytest.mark.parametrize(
    "changes, says",
    [
        ({"loss": 0.5}, "returns loss = 1.11, where a right one returns 1.219. probs and hidden are right."),
        (
            {"hidden": 0},
            "returns hidden = [[0, 0, 0], [0, 0, 0]], where a right one returns "
            "[[-0.2, 0.4, 0.6], [0.6963, -0.2729, 0.3799]]. loss and probs are right.",
        ),
        (
            {"probs": None},
            "returns probs of shape (0, 4), where a right one returns shape (1, 4). loss and hidden are right.",
        ),
    ],
)
def test_of_several_results_the_smallest_that_is_wrong_is_shown(changes, says):
    """changes: the factor of a result after 1 is added; None: its first row is lost"""

    def wrong(*given):
        forward = forward_pass(*given)
        parts = {name: getattr(forward, name) for name in changes}
        new = {name: parts[name][1:] if by is None else (parts[name] + 1) * by for name, by in changes.items()}
        return forward._replace(**new)

    assert riddle_of("forward_pass", wrong) == SMALL + says + GIVEN


def test_of_a_large_result_an_entry_is_shown():
    text = riddle_of("scan", lambda f, b, h_prev: f * 0 + 5 if len(f) == 5 else scan(f, b, h_prev))
    assert text.endswith("But for five steps, it returns 5 at [0, 0], where a right one returns 0.8832.")


@pytest.mark.parametrize(
    "wrong, says",
    [
        (lambda shape, rate, rng: (rng.random(shape) >= rate) * 1.0, "returns [0, 0, 1, 1, 1, 0, 1, 1, 1, 0]."),
        (
            lambda shape, rate, rng: np.zeros(shape),
            "returns [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], and takes no random number from rng.",
        ),
        (
            lambda shape, rate, rng: dropout_mask(shape, rate, rng) + 0 * rng.random(),
            "returns a right result, but takes too many random numbers from rng, or too few.",
        ),
    ],
)
def test_of_random_results_no_right_one_is_shown(wrong, says):
    """There are many."""
    assert riddle_of("dropout_mask", wrong).endswith("`dropout_mask(10, 0.2, rng)` " + says)


def test_of_a_result_with_other_parts_only_that_is_said():
    text = riddle_of("forward_pass", lambda *given: forward_pass(*given)[:2])
    assert text == f"{SMALL}gives something else. It returned a tuple of 2 (number, shape (1, 4)).{GIVEN}"


def test_of_several_functions_the_one_is_described_that_goes_wrong_most_often_and_of_equal_ones_the_first():
    often, seldom = lambda z: 2 * z, right_in_a_row(lambda z: 0 * z)
    for functions in ((often, seldom), (seldom, often), (often, lambda z: 3 * z)):
        assert "returns [4, 2, 0.2, -2]," in riddle_of("softmax", *functions)


# ---------------------------------------------------------------- any value
@pytest.mark.parametrize(
    "value, says",
    [
        (
            [np.zeros(2), "a", None, np.array(1), np.float32(2)],
            "a list of 5 (shape (2,), str, NoneType, number, number)",
        ),
        ([True, np.bool_(1), 1j, [1], {}, 5], "a list of 6 (number, number, number, list, dict, ...)"),
        ((one for one in "a"), "a generator, which makes its values later"),
        (np.bool_(True), "True (type bool)"),
        (np.int64(1234567), "1234567 (type int)"),
        (len, "a function, not what it returns (are its parentheses missing?)"),
        ("text", "a value of type str"),
    ],
)
def test_a_value_is_described_in_a_few_words(value, says):
    assert describe(value) == says
