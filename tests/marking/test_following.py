"""A fault that follows from another exercise is no mistake of its own: not in the counts, the examples, or in stuck."""

import csv

import pytest
from planted import IMPORTS, cell, notebook, right_answer, stub

from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import EXERCISES
from course.marking import children
from course.marking.marks import Mark, Marked, mark
from course.marking.report_page import as_page
from course.marking.submissions import find_submissions
from course.marking.summary import Summary, as_text, sign, write_csv

pytestmark = pytest.mark.slow  # each answer runs in a process of its own

NAMES = "import numpy as np\n\nfrom course import check"
ONE_HOT = cell("one_hot", "def one_hot(ids, vocab_size):\n    return np.eye(vocab_size)[ids]")
OF_TABLE = "def softmax(logits):\n    e = np.exp(logits - logits.max())\n    return e / e.sum()"
RIGHT = OF_TABLE.replace("max()", "max(axis=-1, keepdims=True)").replace("sum()", "sum(axis=-1, keepdims=True)")
ENTROPY = "def cross_entropy(probs, targets):\n    return probs.sum()"
GRADIENT = "def softmax_gradient(logits, targets):\n    return softmax(logits) - one_hot(targets, logits.shape[-1])"
ADDED = GRADIENT.replace(" - ", " + ")
ENDLESS = "def softmax(logits):\n    while True:\n        pass"
CAUGHT = EXERCISES["catch_softmax"].solution.replace("probs.sum(axis=-1), 1)", "row_shares(probs), probs)", 1)
TABLE_SHARES = "def row_shares(counts):\n    return counts / counts.sum()"
HELPED = "def probs_of(z):\n    return softmax(z)\n\n\n" + GRADIENT.replace("softmax(l", "probs_of(l")
CLASS = {
    "Bob": [ONE_HOT, cell("softmax", OF_TABLE), cell("cross_entropy", ENTROPY), cell("softmax_gradient", GRADIENT)],
    "Hal": [ONE_HOT, cell("softmax", OF_TABLE), cell("softmax_gradient", ADDED)],  # wrong twice
    "Kim": [ONE_HOT, cell("softmax", OF_TABLE), cell("softmax_gradient", GRADIENT)],
    "Lea": [ONE_HOT, stub("softmax"), cell("softmax_gradient", HELPED)],
    "Max": [ONE_HOT, cell("softmax_gradient", GRADIENT)],  # the cell of softmax is gone
    "Ned": [ONE_HOT, cell("softmax", RIGHT), cell("softmax_gradient", ADDED)],
    "Ova": [cell("softmax", OF_TABLE), ONE_HOT, cell("softmax_gradient", GRADIENT), cell("catch_softmax", CAUGHT)],
    "Pia": [ONE_HOT, cell("softmax", ENDLESS), cell("softmax_gradient", GRADIENT)],
}
CLASS["Ova"].insert(0, TABLE_SHARES)


@pytest.fixture(scope="module")
def summary(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    for learner, sources in CLASS.items():
        (folder / learner).mkdir()
        (folder / learner / "01_softmax.ipynb").write_text(notebook([NAMES, *sources]), encoding="utf-8")
    return Summary([mark(one) for one in find_submissions(folder)])


def test_who_is_right_with_the_finished_function_in_place_has_no_mistake(summary):
    following = [("Bob", "softmax_gradient"), ("Kim", "softmax_gradient"), ("Lea", "softmax_gradient")]
    following += [("Max", "softmax_gradient"), ("Ova", "softmax_gradient"), ("Pia", "softmax_gradient")]
    for key in following:
        found = summary.marks[key]
        assert (found.verdict, found.mistake, found.points, found.follows) == (CORRECT, "", 1.0, "softmax"), found
        assert found.message == "Right, with the course's softmax in place of their own." and found.line == ""
    found = summary.marks["Ova", "catch_softmax"]
    assert (found.verdict, found.follows) == (CORRECT, "row_shares")
    assert {(one.learner, one.exercise) for one in summary.following()} == {*following, ("Ova", "catch_softmax")}
    assert [summary.marks[who, "softmax"].verdict for who in ("Bob", "Lea", "Max", "Pia")] == [
        NOT_YET,
        NOT_STARTED,
        NOT_STARTED,
        NOT_YET,
    ]


def test_a_mistake_of_its_own_is_that_with_the_finished_function_in_place(summary):
    hal, ned = [summary.marks[who, "softmax_gradient"] for who in ("Hal", "Ned")]
    assert hal.mistake == ned.mistake == "softmax_gradient/one_hot_added" and hal.follows == ned.follows == ""
    assert hal.message.startswith("It also calls your `softmax`, which is not right yet.")
    assert hal.points == ned.points and hal.line == ned.line != ""


def test_what_follows_is_in_no_count_no_example_and_not_in_stuck(summary):
    known = {one.id: one.learners for one in summary.mistakes()}
    assert [sorted(known[id]) for id in known if id.startswith("softmax_gradient/")] == [["Hal", "Ned"]]
    assert [sorted(known[id]) for id in known if id.startswith("softmax/")] == [["Bob", "Hal", "Kim", "Ova"]]
    assert summary.stuck() == []  # of Bob two in a row are wrong, and one follows
    assert all(mark.verdict == NOT_YET for _, marks in summary.others() for mark in marks)
    assert "softmax_gradient" not in dict(summary.others())
    assert summary.counts("softmax_gradient") == (6, 2, 0)


def test_text_page_and_table_show_what_follows(summary, tmp_path):
    text, page = as_text(summary), as_page(summary)
    for shown in (text, page):
        assert "right with the course's function in place of one of their own" in " ".join(shown.split())
        assert "Right, with the course's functions in place of their own" in shown
    assert "Kim  softmax_gradient, with softmax\n" in text and ">(✓)</td>" in page
    assert sign(summary.marks["Kim", "softmax_gradient"]) == "+"
    write_csv(summary, tmp_path / "marks.csv")
    with open(tmp_path / "marks.csv", encoding="utf-8-sig", newline="") as file:
        rows = {(row["learner"], row["exercise"]): row for row in csv.DictReader(file)}
    row = rows["Kim", "softmax_gradient"]
    assert (row["verdict"], row["mistake"], row["points"], row["follows"]) == ("correct", "", "1", "softmax")
    assert rows["Ned", "softmax_gradient"]["follows"] == ""
    nobody = Summary([Marked("ann", [Mark("ann", name) for name in EXERCISES], [], [])])
    assert "in place of their own" not in as_text(nobody) + as_page(nobody)


def test_a_function_taken_from_the_course_is_none_of_the_learners(tmp_path):
    (tmp_path / "ann").mkdir()
    sources = [IMPORTS, cell("softmax", OF_TABLE), right_answer("softmax_gradient")]  # which imports the finished one
    (tmp_path / "ann" / "01_softmax.ipynb").write_text(notebook(sources), encoding="utf-8")
    (marked,) = [mark(one) for one in find_submissions(tmp_path)]
    found = {one.exercise: one for one in marked.marks}
    assert found["softmax_gradient"].verdict == CORRECT and found["softmax_gradient"].follows == ""


@pytest.mark.parametrize(
    "calls", [None, "no", {"": "no"}, {"": {"softmax": "strange"}}, {"": {"train_epoch": "own"}}, {"x": {"y": "own"}}]
)
def test_calls_that_make_no_sense_are_left_out(calls, tmp_path, monkeypatch):
    ask = children.Children.ask
    monkeypatch.setattr(children.Children, "ask", lambda *given: ask(*given) | {"calls": calls})
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "01_softmax.ipynb").write_text(notebook([NAMES, *CLASS["Ned"]]), encoding="utf-8")
    (marked,) = [mark(one) for one in find_submissions(tmp_path)]
    found = {one.exercise: one for one in marked.marks}
    assert found["softmax_gradient"].mistake == "softmax_gradient/one_hot_added"


def test_the_finding_of_a_check_may_not_name_what_is_no_exercise(tmp_path, monkeypatch):
    finding = [NOT_YET, "It may be right.", "", "", ["row_shares", "<b>"]]
    monkeypatch.setattr(children.Children, "ask", lambda self, given: {"finding": finding})
    (tmp_path / "ann").mkdir()
    (tmp_path / "ann" / "01_softmax.ipynb").write_text(
        notebook([NAMES, cell("catch_softmax", CAUGHT)]), encoding="utf-8"
    )
    (submission,) = find_submissions(tmp_path)
    monkeypatch.setattr(children.Children, "missing", [], raising=False)
    found = {one.exercise: one for one in mark(submission).marks}["catch_softmax"]
    assert found.follows == "row_shares"
