"""A fault that follows from another exercise does not count as a mistake: not in counts, examples, or stuck."""

import pytest
from planted import IMPORTS, cell, right_answer, stub
from test_child import NAMES, found, own_folder  # noqa: F401

from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import EXERCISES
from course.marking.answers import _in_cells
from course.marking.marks import Mark, Marked, _mark_of
from course.marking.summary import Summary

pytestmark = pytest.mark.slow

ONE_HOT = cell("one_hot", "def one_hot(ids, vocab_size):\n    return np.eye(vocab_size)[ids]")
OF_TABLE = "def softmax(logits):\n    e = np.exp(logits - logits.max())\n    return e / e.sum()"
RIGHT = OF_TABLE.replace("max()", "max(axis=-1, keepdims=True)").replace("sum()", "sum(axis=-1, keepdims=True)")
ENTROPY = "def cross_entropy(probs, targets):\n    return probs.sum()"
GRADIENT = "def softmax_gradient(logits, targets):\n    return softmax(logits) - one_hot(targets, logits.shape[-1])"
ADDED = GRADIENT.replace(" - ", " + ")
CAUGHT = EXERCISES["catch_softmax"].solution.replace("probs.sum(axis=-1), 1)", "row_shares(probs), probs)", 1)
TABLE_SHARES = "def row_shares(counts):\n    return counts / counts.sum()"
HELPED = "def probs_of(z):\n    return softmax(z)\n\n\n" + GRADIENT.replace("softmax(l", "probs_of(l")
CLASS = {
    "Bob": [ONE_HOT, cell("softmax", OF_TABLE), cell("cross_entropy", ENTROPY), cell("softmax_gradient", GRADIENT)],
    "Hal": [ONE_HOT, cell("softmax", OF_TABLE), cell("softmax_gradient", ADDED)],  # wrong twice
    "Lea": [ONE_HOT, stub("softmax"), cell("softmax_gradient", HELPED)],
    "Max": [ONE_HOT, cell("softmax_gradient", GRADIENT)],  # the cell of softmax is gone
    "Ned": [ONE_HOT, cell("softmax", RIGHT), cell("softmax_gradient", ADDED)],
    "Ova": [TABLE_SHARES, cell("catch_softmax", CAUGHT)],
    "Pia": [
        "softmax = 0.5",
        right_answer("one_hot"),
        cell("softmax_gradient", ADDED.replace("softmax(l", "np.exp(softmax * l")),
    ],
}


@pytest.fixture
def summary(own_folder):  # noqa: F811
    marked = []
    for learner, sources in CLASS.items():
        marks = {name: Mark(learner, name) for name in EXERCISES}
        answers, told = _in_cells("a.ipynb", [NAMES, *sources]), found(*sources)
        marks |= {one.name: _mark_of(learner, one, told[one.name]) for one in answers if not one.is_stub}
        marked.append(Marked(learner, list(marks.values()), []))
    return Summary(marked)


def test_what_follows_is_right_and_what_does_not_is_told_with_right_functions_around_it(summary, tmp_path):
    for who in ("Bob", "Lea", "Max"):
        mark = summary.marks[who, "softmax_gradient"]
        assert (mark.verdict, mark.mistake, mark.follows) == (CORRECT, "", "softmax"), mark
        says = ", which isn't on this page yet. Run its cell" if who == "Max" else "; yours isn't right yet."
        assert f"Tried with the finished `softmax`{says}" in mark.message
        assert mark.line == ""
    assert [summary.marks[who, "softmax"].verdict for who in ("Bob", "Lea", "Max")] == [
        NOT_YET,
        NOT_STARTED,
        NOT_STARTED,
    ]
    mark = summary.marks["Ova", "catch_softmax"]
    assert (mark.verdict, mark.follows) == (CORRECT, "row_shares")
    hal, ned, pia = [summary.marks[who, "softmax_gradient"] for who in ("Hal", "Ned", "Pia")]
    assert hal.mistake == ned.mistake == "softmax_gradient/one_hot_added" and hal.follows == ned.follows == ""
    assert hal.message == ned.message and hal.line == ned.line != ""
    assert "Tried with the finished" not in ned.message + pia.message
    # In no count, no example, and not in stuck
    known = {one.marks[0].mistake or one.exercise: one.learners for one in summary.mistakes()}
    assert [known[id] for id in known if id.startswith("softmax_gradient/")] == [["Hal", "Ned"]]
    assert [known[id] for id in known if id.startswith("softmax/")] == [["Bob", "Hal"]]
    assert "Bob" not in summary.stuck(), "three wrong in a row, but one follows from the other"
    assert known["softmax_gradient"] == ["Pia"]
    assert (summary.count("softmax_gradient", CORRECT), summary.count("softmax_gradient", NOT_YET)) == (3, 3)


def test_it_names_the_functions_with_which_it_was_tried():
    mark = found(cell("softmax_gradient", GRADIENT))["softmax_gradient"]
    assert (mark["verdict"], mark["follows"]) == (CORRECT, "softmax, one_hot")


def test_a_function_taken_from_the_course_is_none_of_the_learners():
    mark = found(IMPORTS, cell("softmax", OF_TABLE), right_answer("softmax_gradient"))["softmax_gradient"]
    assert (mark["verdict"], mark["follows"]) == (CORRECT, ""), "the cell imports the finished ones"
