"""Natural code on which check once failed: it accepted a wrong answer, refused a right one, or gave no useful help."""

import re

import numpy as np
import pytest
from answers import finished_page
from cells import page

from course.calls import check
from course.checker.exercise import Case
from course.checker.judge import judge
from course.checker.say.shapes import letters_of, say_wrong_shape
from course.checker.trial import Outcome, run
from course.checker.words import NOT_YET
from course.lessons import BANK, WRITTEN
from rnn_helpers import chunks, sgd_step


@pytest.fixture(autouse=True)
def a_short_search(monkeypatch):
    """Shorten the search in the code, which is tested elsewhere (test_repair.py), to save time."""
    monkeypatch.setattr("course.checker.limit.ALL_ROUNDS", 75_000)


def checked(name, code):
    """Run a cell that defines a function, and return what check says about it."""
    return check(name, page(code, finished_page(name))[name])


@pytest.mark.parametrize(
    "kind, words", [("complex", "holds complex numbers"), ("object", "holds objects of Python"), ("str", "holds text")]
)
def test_an_array_of_no_plain_numbers_is_named_for_what_it_holds(kind, words):
    result = checked(
        "softmax",
        f"""
        def softmax(logits):
            exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
            return (exps / exps.sum(axis=-1, keepdims=True)).astype({kind})
        """,
    )
    assert words in result.message
    assert "rows of different length" not in result.message


def test_the_earliest_case_that_fails_is_shown():
    def softmax(logits):
        exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
        return exps / exps.sum(axis=-1, keepdims=True) + 1e-3 * (logits.ndim == 2)

    message = judge(WRITTEN["softmax"], run(WRITTEN["softmax"], softmax), BANK).message
    assert "Tried with several rows of scores (T = 5, V = 4)." in message


def test_a_size_that_could_be_two_letters_stays_a_number():
    case = Case("", (), {"T": 3, "H": 4, "V": 4})
    assert letters_of(case) == {3: "T"}  # 4 is H, V and T+1
    want, got = Outcome(parts={"": np.zeros((3, 4))}), Outcome(parts={"": np.zeros((4, 3))})
    message = say_wrong_shape(WRITTEN["softmax"], case, got, want, "")[0][1]
    assert message.startswith("The result is an array of shape (4, T) = (4, 3), expected: an array of shape (T, 4)")


def test_a_wrong_w_hh_is_not_blamed_on_h_prev():
    """If h_prev is all zeros, W_hh has no effect, so it is not clear which of the two is wrong."""
    result = checked(
        "rnn_step",
        """
        def rnn_step(char_id, h_prev, parameters):
            W_xh, W_hh, W_hy, b_h, b_y = parameters
            return np.tanh(np.tril(W_hh) @ h_prev + W_xh[:, char_id] + b_h)
        """,
    )
    assert not re.search(r"look at (what you do with )?`?h_prev", result.message), result.message


def test_a_step_that_returns_something():
    def step(*args):
        sgd_step(*args)
        return args[0]

    result = check("sgd_step", step)
    assert result.verdict == NOT_YET
    assert "But your function also returns" in result.message and "asks for None" in result.message


@pytest.mark.parametrize("count", [1, 5])
def test_what_is_wrong_in_the_first_pair_comes_before_the_number_of_pairs(count):
    def targets_swapped(ids, seq_length):
        return [(targets, inputs) for inputs, targets in chunks(ids, seq_length)][:count] * 2

    result = check("chunks", targets_swapped)
    assert result.mistake == "chunks/swapped"
    assert result.message.startswith("In the first sequence: You swap inputs and targets")
    unknown = check("chunks", lambda ids, n: [(a + 1, b) for a, b in chunks(ids, n)][:count]).message
    assert unknown and "It returned" not in unknown


@pytest.mark.parametrize(
    "line, note",
    [
        ("pairs.append(ids[0], ids[1])", "append takes one thing"),
        ("return [1, 2][ids]", "where one whole number should go"),
    ],
)
def test_an_error_is_quoted_with_its_line_and_explained(line, note):
    said = checked("chunks", f"def chunks(ids, seq_length):\n    pairs = []\n    {line}\n").message
    assert "It raised " in said and f"in line 3: `{line}`" in said
    assert note in said
