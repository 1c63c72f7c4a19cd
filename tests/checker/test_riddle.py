"""Descriptions of wrong functions by what they do, and short descriptions of any value."""

from types import SimpleNamespace

import numpy as np
import pytest

from course.checker.say.riddle import riddle
from course.checker.words import describe
from course.lessons import EXERCISES
from course.models.judging import dropout_mask
from rnn_helpers import chunks, forward_pass, softmax

IN_A_ROW = "one that passed is right for one row of four scores and large scores. But for several rows of scores, "
AT_ALL = "one that passed has this fault: "
SMALL = f"{AT_ALL}for a small network, "


def riddle_of(name, *functions):
    return riddle(EXERCISES[name], [SimpleNamespace(function=function) for function in functions], "one that passed")


def right_in_a_row(wrong):
    return lambda z: softmax(z) if z.ndim == 1 else wrong(z)


def spoils_its_argument(z):
    result = softmax(z)
    z[...] = 0
    return result


@pytest.mark.parametrize(
    "function, says",
    [
        (lambda z: 2 * z, f"{AT_ALL}of [2, 1, 0.1, -1] it makes [4, 2, 0.2, -2]."),
        (lambda z: z[:2], f"{AT_ALL}of [2, 1, 0.1, -1] it makes [2, 1]."),
        (lambda z: z[:1] * np.ones((2, 2)), f"{AT_ALL}of [2, 1, 0.1, -1] it makes [[2, 2], [2, 2]]."),
        (
            lambda z: np.ones((3, 3)),
            f"{AT_ALL}for one row of four scores, the result has another shape than it should.",
        ),
        (lambda z: 1 / 0, f"{AT_ALL}for one row of four scores, it raises an error."),
        (lambda z: None, f"{AT_ALL}for one row of four scores, it returns nothing (None)."),
        (right_in_a_row(lambda z: 2 * softmax(z)), f"{IN_A_ROW}its numbers are off."),
        (right_in_a_row(lambda z: 1 / 0), f"{IN_A_ROW}it raises an error."),
        (right_in_a_row(lambda z: softmax(z).T), f"{IN_A_ROW}the result has another shape than it should."),
        (
            right_in_a_row(lambda z: z * np.inf),
            f"{IN_A_ROW}there are numbers in the result that are no numbers any more (inf or nan).",
        ),
        (
            right_in_a_row(spoils_its_argument),
            f"{IN_A_ROW}its result is right, and yet something is not as it was before the call.",
        ),
    ],
)
def test_a_wrong_function_is_described_by_what_it_does(function, says):
    assert riddle_of("softmax", function) == says


@pytest.mark.parametrize(
    "changes, says",
    [
        ({"loss": 0.5}, "loss is off, and probs and hidden right."),
        ({"loss": 0.5, "probs": 0}, "loss and probs are off, and hidden right."),
        ({"loss": 0.5, "probs": 0, "hidden": 0}, "loss, probs and hidden are off."),
        ({"hidden": np.nan}, "there are numbers in hidden that are no numbers any more (inf or nan)."),
        ({"probs": None}, "probs has another shape than it should."),
        ({"probs": None, "hidden": None}, "probs and hidden have another shape than they should."),
    ],
)
def test_of_several_results_those_are_named_that_are_off(changes, says):
    """changes: the factor of a result after 1 is added; None: its first row is lost"""

    def wrong(*given):
        forward = forward_pass(*given)
        parts = {name: getattr(forward, name) for name in changes}
        new = {name: parts[name][1:] if by is None else (parts[name] + 1) * by for name, by in changes.items()}
        return forward._replace(**new)

    assert riddle_of("forward_pass", wrong) == SMALL + says


@pytest.mark.parametrize(
    "wrong, says",
    [
        (
            lambda shape, rate, rng: (rng.random(shape) >= rate) * 1.0,
            "it makes [0, 0, 1, 1, 1, 0, 1, 1, 1, 0].",
        ),
        (
            lambda shape, rate, rng: np.zeros(shape),
            "it makes [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], and it takes too many random numbers from rng, or too few.",
        ),
        (
            lambda shape, rate, rng: dropout_mask(shape, rate, rng) + 0 * rng.random(),
            "its result is right, but it takes too many random numbers from rng, or too few.",
        ),
    ],
)
def test_of_random_results_a_short_one_is_shown_and_the_draws_are_counted(wrong, says):
    assert riddle_of("dropout_mask", wrong).endswith("for 10 units at rate 0.2, " + says)


def test_of_a_result_with_other_parts_only_that_is_said():
    text = riddle_of("chunks", lambda ids, T: chunks(ids, T)[:1])
    assert text.endswith(" But for 16 ids, three sequences of 5, what it returns is not what a chunks returns.")
    text = riddle_of("forward_pass", lambda *given: forward_pass(*given)[:2])
    assert text == f"{SMALL}it returns a tuple of 2 (number, shape (6, 4))."


def test_of_several_functions_the_one_is_described_that_goes_wrong_most_often_and_of_equal_ones_the_first():
    often, seldom = lambda z: 2 * z, right_in_a_row(lambda z: 0 * z)
    for functions in ((often, seldom), (seldom, often), (often, lambda z: 3 * z)):
        assert riddle_of("softmax", *functions).endswith("it makes [4, 2, 0.2, -2].")


# ---------------------------------------------------------------- any value
@pytest.mark.parametrize(
    "value, says",
    [
        (np.zeros((2, 3)), "an array of shape (2, 3)"),
        ((1, 2.5), "a tuple of 2 (number, number)"),
        (
            [np.zeros(2), "a", None, np.array(1), np.float32(2)],
            "a list of 5 (shape (2,), str, NoneType, number, number)",
        ),
        ([True, np.bool_(1), 1j, [1], {}, 5], "a list of 6 (number, number, number, list, dict, ...)"),
        ([np.array("a")], "a list of 1 (shape ())"),
        ((one for one in "a"), "a generator, which makes its values later"),
        (True, "True (type bool)"),
        (np.bool_(True), "True (type bool)"),
        (1 / 3, "0.333333 (type float)"),
        (np.float32(1 / 3), "0.333333 (type float)"),
        (np.int64(1234567), "1234567 (type int)"),
        (2j, "2j (type complex)"),
        (len, "a function, not what a call of it gives (are its parentheses missing?)"),
        ("text", "a value of type str"),
        (None, "a value of type NoneType"),
    ],
)
def test_a_value_is_described_in_a_few_words(value, says):
    assert describe(value) == says
