"""What is said about wrong numbers, from the numbers alone. Each row of a table: a result, the right one, words."""

import re
from types import SimpleNamespace

import numpy as np
import pytest

from course.checker.exercise import Case
from course.checker.say.numbers import say_difference, where_right
from course.checker.trial import Outcome

# A table of T = 3 steps and V = 4 characters, five numbers in a row, and a square.
TABLE = np.array([[0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.15, 0.05], [0.25, 0.3, 0.35, 0.1]])
LONG, SQUARE = np.array([1.5, 2.25, -3.125, 4.0625, 6.5]), np.array([[1.5, 2.5], [4.5, 8.5]])
IDS = np.array([5, 2, 9, 4])


def texts(sentences):
    return [text for _, text in sentences if text]


def exercise_of(*cases, **fields):
    """Return a stand-in for an Exercise. fields: those with unusual values"""
    usual = {"groups": (), "in_place": (), "arguments": ["x"], "result": "numbers", "remark": None, "backwards": False}
    return SimpleNamespace(**usual | fields, cases=lambda: list(cases))


def outcome(**parts):
    return Outcome(parts={name: np.array(value) for name, value in parts.items()})


def said_of(mine, right, sizes=None, argument=0.0, **fields):
    """Return what is said about the only result in one case, line by line, after the line that names the case."""
    case = Case("some rows", (argument,), {"T": 3, "V": 4} if sizes is None else sizes)
    got, want = outcome(**{"": mine}), outcome(**{"": right})
    return texts(say_difference(exercise_of(case, **fields), case, 0, [got], [want]))[1:]


# ---------------------------------------------------------------- one number
@pytest.mark.parametrize(
    "mine, right, says",
    [
        (3.0, 2.0, "is 3, expected: 2."),
        (2.00001, 2.00002, "is 2.00001, expected: 2.00002."),
        (np.inf, 2.0, "is inf, expected: 2 (an overflow, a division by 0, or the logarithm of 0)."),
    ],
)
def test_a_wrong_number_is_shown_beside_the_right_one(mine, right, says):
    found = say_difference(exercise_of(), Case("a", (), {}), 0, [outcome(loss=mine)], [outcome(loss=right)])
    assert dict(found)["difference"] == f"loss {says}"


# ---------------------------------------------------------------- a whole array
@pytest.mark.parametrize(
    "mine, right, says",
    [
        (TABLE[::-1], TABLE, "the rows are in reverse order."),
        (0 * TABLE, TABLE, "all entries are 0."),
        (-TABLE, TABLE, "every entry has the wrong sign."),
        (TABLE / 3, TABLE, "every entry is 0.333333 times as large as it should be."),
        (LONG[[1, 0, 2, 3, 4]], LONG, "the numbers are right, but they're in other places."),
    ],
)
def test_one_thing_explains_a_whole_array(mine, right, says):
    assert said_of(mine, right) == [f"The result: {says}"]


# ---------------------------------------------------------------- a part of an array
@pytest.mark.parametrize(
    "off, where, first",
    [
        (
            [[0, 0, 1, 2]] * 3,
            "is right up to character id 1 and wrong from character id 2 on.",
            "[0, 2] (time step 0, character id 2)",
        ),
        ([[0] * 4, [0, 0, 1, 0], [0] * 4], "is right except for time step 1.", "[1, 2] (time step 1, character id 2)"),
        (
            [[0, 1, 1, 2], [0, 0, 1, 2], [0] * 4],
            "is wrong up to time step 1 and right from time step 2 on.",
            "[0, 1] (time step 0, character id 1)",
        ),
        ([[1, 0, 0, 0], [0] * 4, [0, 1, 2, 2]], "is right except for time steps 0, 2.", "[0, 0] (time step 0, "),
    ],
)
def test_which_rows_or_columns_of_a_table_are_wrong(off, where, first):
    begin, entry = said_of(TABLE + off, TABLE)
    assert begin == f"The result {where}"
    assert entry.startswith(f"The first difference: entry {first}") and re.search(r"\) is .*, expected: .*\.$", entry)


@pytest.mark.parametrize(
    "off, where, first",
    [
        ([0, 0, 1, 2, 3], "is right up to entry 1 and wrong from entry 2 on.", 2),
        ([1, 0, 0, 0, 2], "is right except for entries 0, 4.", 0),
    ],
)
def test_which_entries_of_a_row_are_wrong(off, where, first):
    begin, entry = said_of(LONG + off, LONG)
    shown = f"is {LONG[first] + 1:.3g}, expected: {LONG[first]:.3g}."
    assert (begin, entry) == (f"The result {where}", f"The first difference: entry [{first}] {shown}")


def test_if_all_is_wrong_the_first_entry_is_told():
    assert said_of(TABLE + [[1, 2, 3, 4]] * 3, TABLE) == [
        "The first difference: entry [0, 0] (time step 0, character id 0) is 1.1, expected: 0.1."
    ]
    assert said_of([2.0], [3.0]) == ["The first difference: entry [0] is 2, expected: 3."]
    nan = said_of(TABLE * np.nan, TABLE)
    assert nan[0].startswith(
        "The first difference: entry [0, 0] (time step 0, character id 0) is nan, expected: 0.1 (an"
    )


def test_of_a_text_the_two_texts_are_shown():
    texts = [[ord(char) for char in text] for text in ("ama", "lama")]
    assert said_of(*texts, result="text") == ["It returned 'ama', expected: 'lama'."]


@pytest.mark.parametrize(
    "wrong_rows, begin, row",
    [
        ([2], "The walk starts at the last step, and your result is wrong there already.", 2),
        ([0, 1], "It's right from the last step down to time step 2, and it goes wrong at 1.", 1),
    ],
)
def test_where_the_loop_runs_backwards_the_last_wrong_row_is_the_first_one(wrong_rows, begin, row):
    off = np.zeros((3, 4))
    off[wrong_rows] = [0, 0.5, 0.25, 0]
    entry = f"The first difference: entry [{row}, 1] (time step {row}, character id 1) is "
    said = said_of(TABLE + off, TABLE, backwards=True)
    assert said[0] == begin and said[1].startswith(entry)


# ---------------------------------------------------------------- several results
def test_the_first_result_that_is_wrong_is_told():
    case, right = Case("a", (), {}), {"loss": 2.0, "probs": SQUARE, "hidden": LONG}
    order = exercise_of(case, groups=("hidden", "probs", "loss"))

    def said(**wrong):
        return texts(say_difference(order, case, 0, [outcome(**right | wrong)], [outcome(**right)]))[1:]

    assert said(loss=3.5) == ["loss is 3.5, expected: 2."]
    assert said(probs=SQUARE + 1, hidden=LONG + 2) == ["The first difference: hidden[0] is 3.5, expected: 1.5."]


# ---------------------------------------------------------------- in which cases
@pytest.mark.parametrize(
    "cases, says",
    [
        ("a+ b-", "Of the inputs tried, it's right only with: a."),
        ("a- b+ c+ d+", "Of the inputs tried, it's wrong only with: a."),
        ("a+ b- c+ d-", "Of the inputs tried, it's right only with: a; c."),
        ("a+ b+ c+ d+ e- f- g- h- i- j-", "Of the inputs tried, it's right only with: a; b; c; d."),
        ("a+ b+ c+ d+ e+ f- g- h- i- j- k-", "Of the inputs tried, it's right only with: a; b; c; d; and 1 more."),
        ("a+ b+", ""),
        # Some cases in which an argument is all zeros: its name comes after the sign.
        ("a+ b-h c-b_h", "Of the inputs tried, it's wrong only with: b; c."),
        ("a- b+h c+b_h d-", "It is right when h or b_h is all zeros, and wrong otherwise."),
        ("a- b+h c-b_h d+", "It is right when h is all zeros."),
        ("a- b-h c+", "Of the inputs tried, it's right only with: c."),
    ],
)
def test_in_which_cases_a_result_is_right(cases, says):
    cases = cases.split()
    tried = [Case(case[0], (), {}, case[2:]) for case in cases]
    assert where_right(tried, [case[1] == "+" for case in cases]) == says
