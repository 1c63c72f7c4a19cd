"""How answers are judged. They run in this process, as a child runs them: see test_class_report.py for real ones."""

import json

import numpy as np
import pytest
from planted import cell, notebook, right_answer
from test_following import ADDED, CAUGHT, GRADIENT, HELPED, NAMES, OF_TABLE, ONE_HOT, RIGHT, TABLE_SHARES

from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import EXERCISES
from course.marking import child, marks
from course.marking.answers import Answer, _in_cells
from course.marking.submissions import Submission

SHORT = "def chunks(ids, length):\n    return [(ids[:length], ids[1 : length + 1])]"
MENDED = EXERCISES["mend_train_epoch"].solution.replace("import chunks, ", "import ")


class HereAndNow:
    """Children that are no processes. .asked: what each was given;  .change: what to do to a reply"""

    asked, change = [], staticmethod(lambda told: told)

    def __init__(self, seconds, own_files=()):
        self.own_files, self.missing = own_files, ["memory"]
        HereAndNow.last = self

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def ask(self, given):
        self.asked.append(given)
        return self.change(json.loads(json.dumps(child.RUN[given["kind"]](given))))


@pytest.fixture(autouse=True)
def here(monkeypatch):
    monkeypatch.setattr(marks, "Children", HereAndNow)
    monkeypatch.setattr(HereAndNow, "asked", [])
    return HereAndNow


def submission(folder, **files):
    """Return what ann has handed in: {stem of a page: its cells, or of a file of Python: its text}."""
    found = []
    for stem, given in files.items():
        path = folder / (f"{stem}.py" if isinstance(given, str) else f"{stem}.ipynb")
        path.write_text(given if isinstance(given, str) else notebook([NAMES, *given]), encoding="utf-8")
        found.append((path.name, path))
    return Submission("ann", found, ["before."])


def marks_of(folder, *cells):
    """Return {exercise: Mark} of a page with these cells."""
    return {one.exercise: one for one in marks.mark(submission(folder, page=list(cells))).marks}


def asked():
    """Return what was asked for: (exercise, the function called in its place, those that are finished)."""
    return [(one["name"], one["callee"], one["finished"]) for one in HereAndNow.asked]


# ---------------------------------------------------------------- which answers are tried
def test_what_is_handed_in_is_tried_once_checks_last_and_stubs_not_at_all(tmp_path, here):
    cells = [right_answer("catch_softmax"), right_answer("softmax"), cell("one_hot", "def one_hot(i, v):\n    ...")]
    marked = marks.mark(submission(tmp_path, page=cells, my_rnn="import math\n"))
    assert [one["name"] for one in here.asked] == ["softmax", "catch_softmax"]
    assert (marked.learner, marked.missing, here.last.own_files) == ("ann", ["memory"], [tmp_path / "my_rnn.py"])
    assert marked.problems == ["before.", "my_rnn.py holds no exercise of this course."]
    found = {one.exercise: one.verdict for one in marked.marks}
    assert list(found) == list(EXERCISES) and [name for name in found if found[name] != NOT_STARTED] == [
        "softmax",
        "catch_softmax",
    ]
    assert all(one.learner == "ann" for one in marked.marks)


def test_pages_count_before_my_rnn_the_first_page_before_others_and_a_stub_hides_nothing(tmp_path):
    stub, first, second = [f"def softmax(z):\n    {body}" for body in ("...", "return 1", "return 2")]
    own = second + "\n\n\ndef one_hot(i, v):\n    return 3"
    pages = {"my_rnn": own, "a": [cell("softmax", stub)], "b": [cell("softmax", first)], "c": [cell("softmax", second)]}
    answers, problems = marks._answers_of(submission(tmp_path, **pages))
    assert {name: answer.file for name, answer in answers.items()} == {"softmax": "b.ipynb", "one_hot": "my_rnn.py"}
    assert problems == ["before.", "softmax is answered in b.ipynb and in c.ipynb: the first counts."]
    same = {"a": [cell("softmax", first)], "b": [cell("softmax", f"\n{first}  ")], "c": [cell("softmax", stub)]}
    assert marks._answers_of(submission(tmp_path, **same))[1] == ["before."]


def test_an_answer_whose_cell_is_no_python_is_not_tried(tmp_path, here):
    found = marks_of(tmp_path, "def softmax(z:\n    pass\ncheck('softmax', softmax)")["softmax"]
    assert found.verdict == NOT_YET and found.message.startswith("The cell cannot run: line 1") and here.asked == []


def test_an_answer_under_the_name_of_an_earlier_edition_counts_for_the_exercise_of_today(tmp_path, here):
    code = "def leaky_backward_step(dh, n, W_hh, keep):\n    return 0 * dh, 0 * dh"
    found = marks_of(tmp_path, cell("leaky_backward_step", code))
    assert found["leaky_backward"].verdict == NOT_YET and "leaky_backward_step" not in found
    assert here.asked[0]["name"] == "leaky_backward"
    assert {len(one.args) for one in child.exercise_of(here.asked[0]).cases()} == {4}


# ---------------------------------------------------------------- what follows from another exercise
def test_what_follows_is_found_out_with_as_few_trials_as_it_takes(tmp_path):
    found = marks_of(tmp_path, ONE_HOT, cell("softmax", OF_TABLE), cell("softmax_gradient", GRADIENT))
    mark = found["softmax_gradient"]
    assert (mark.verdict, mark.follows, mark.points, mark.mistake, mark.line) == (CORRECT, "softmax", 1.0, "", "")
    assert mark.message == "Right, with the course's softmax in place of their own." and mark.code == GRADIENT
    assert asked()[2:] == [
        ("softmax_gradient", "", []),
        ("softmax", "softmax", []),
        ("one_hot", "one_hot", ["softmax"]),
        ("softmax_gradient", "", ["softmax"]),
    ]


def test_a_fault_of_its_own_is_told_with_the_finished_function_in_place(tmp_path):
    found = marks_of(tmp_path, ONE_HOT, cell("softmax", OF_TABLE), cell("softmax_gradient", ADDED))
    mark = found["softmax_gradient"]
    assert (mark.verdict, mark.mistake, mark.follows) == (NOT_YET, "softmax_gradient/one_hot_added", "")
    says = "It also calls your `softmax`, which is not right yet. With the finished one in its place, this is left:"
    assert mark.message.startswith(says) and mark.line == "return softmax(logits) + one_hot(targets, logits.shape[-1])"


def test_with_right_functions_around_it_nothing_is_said_of_them(tmp_path):
    mark = marks_of(tmp_path, ONE_HOT, cell("softmax", RIGHT), cell("softmax_gradient", ADDED))["softmax_gradient"]
    assert mark.mistake == "softmax_gradient/one_hot_added" and "It also calls" not in mark.message
    assert [one for one in asked() if one[2]] == [], "no finished function was put in"


def test_a_helper_a_function_that_is_gone_and_a_repair_follow_too(tmp_path):
    found = marks_of(tmp_path, ONE_HOT, cell("softmax_gradient", HELPED), SHORT, cell("mend_train_epoch", MENDED))
    for name, other in (("softmax_gradient", "softmax"), ("mend_train_epoch", "chunks")):
        assert (found[name].verdict, found[name].follows) == (CORRECT, other), found[name]
    found = marks_of(tmp_path, cell("softmax_gradient", GRADIENT))["softmax_gradient"]
    assert found.message == "Right, with the course's softmax, one_hot in place of their own."
    assert found.follows == "softmax, one_hot"


def test_a_check_that_follows_is_told_by_the_child(tmp_path):
    mark = marks_of(tmp_path, TABLE_SHARES, cell("catch_softmax", CAUGHT))["catch_softmax"]
    assert (mark.verdict, mark.follows, mark.points) == (CORRECT, "row_shares", 1.0)


def test_calls_that_a_child_tells_of_count_only_where_they_make_sense():
    answer = Answer("softmax_gradient")
    calls = {"": {"softmax": "own", "one_hot": "strange", "softmax_gradient": "own", "nobody": "own"}, "one_hot": {}}
    calls |= {"nobody": {"softmax": "own"}, "softmax": "no", "rnn_step": {"softmax": "wrong"}}
    found = {"": {"softmax": "own"}, "one_hot": {}, "rnn_step": {"softmax": "wrong"}}
    assert marks._calls(answer, {"calls": calls}) == found
    for nothing in ({}, {"calls": None}, {"calls": ["softmax"]}):
        assert marks._calls(answer, nothing) == {}


def test_what_a_child_is_given_of_each_kind():
    plain = {"name", "kind", "expression", "code", "parts"}
    for name in ("catch_softmax", "choose_learning_rate"):
        assert set(marks._given(Answer(name))) == plain
    form = {"signature", "returns", "type", "in_place", "result", "cases", "after", "few_rounds"}
    given = marks._given(Answer("softmax_gradient", "f", {"a": "x"}, [("a", 1, 1)]))
    assert set(given) == plain | form | {"others", "callee", "finished"}
    assert (given["expression"], given["code"], given["parts"]) == ("f", {"a": "x"}, [("a", 1, 1)])
    assert (given["callee"], given["finished"], given["kind"]) == ("", [], "write")
    assert "softmax" in given["others"] and "softmax_gradient" not in given["others"]
    assert not {"surprise", "catch_softmax"} & set(given["others"]), "a child has no right answer at hand"
    called = marks._given(Answer("softmax_gradient", "f"), "softmax", ("one_hot",))
    assert (called["name"], called["callee"], called["finished"]) == ("softmax", "softmax", ["one_hot"])
    assert called["signature"] == "(logits)" and called["others"] == given["others"]


# ---------------------------------------------------------------- verdicts and points
def test_points_are_the_share_of_the_cases_that_are_right_in_every_way(tmp_path):
    count = len(EXERCISES["softmax"].cases())
    start = "calls = []\n" + RIGHT.replace("    e =", "    calls.append(1)\n    {}\n    e =")
    for harm, passed in {
        "if len(calls) == 1: raise ValueError": count - 1,
        "if len(calls) < 3: return None": count - 2,
        "if len(calls) > 1: return logits * 0": 1,
        "if len(calls) == 1: logits += 1": count - 1,
        "1 / 0": 0,
    }.items():
        mark = marks_of(tmp_path, cell("softmax", start.format(harm)))["softmax"]
        assert (mark.verdict, mark.points) == (NOT_YET, round(passed / count, 2)), harm


def test_short_numbers_need_not_be_as_near_as_long_ones(tmp_path):
    count = len(EXERCISES["softmax"].cases())
    for kind, points in {"float32": round((count - 1) / count, 2), "float64": 0.0}.items():
        result = f"result = (e / e.sum(axis=-1, keepdims=True) * 1.00002).astype(np.{kind})"
        code = RIGHT.replace("return e / e.sum(axis=-1, keepdims=True)", result)
        code += "\n    calls.append(1)\n    return result if len(calls) > 1 else 0 * result"
        assert marks_of(tmp_path, "calls = []\n" + cell("softmax", code))["softmax"].points == points


def test_a_right_answer_a_finished_one_and_code_as_given(tmp_path):
    found = marks_of(tmp_path, cell("softmax", RIGHT), right_answer("choose_learning_rate"))
    mark = found["softmax"]
    assert (mark.verdict, mark.points, mark.mistake, mark.line, mark.code) == (CORRECT, 1.0, "", "", RIGHT)
    assert mark.message == EXERCISES["softmax"].notice
    assert (found["choose_learning_rate"].verdict, found["choose_learning_rate"].points) == (CORRECT, 1.0)
    given = EXERCISES["mend_train_epoch"].given
    found = marks_of(tmp_path, cell("mend_train_epoch", given), 'import rnn_helpers as r\ncheck("softmax", r.softmax)')
    assert (found["mend_train_epoch"].verdict, found["mend_train_epoch"].points) == (NOT_STARTED, 0.0)
    mark = found["softmax"]
    assert (mark.verdict, mark.points, mark.message) == (CORRECT, 0.0, "This is the finished function of the course.")


def test_a_choice_is_wrong_right_or_not_made(tmp_path):
    name = "choose_learning_rate"
    verdicts = {}
    for value in ("-1.0", "True", "1", EXERCISES[name].good, "'b'"):
        verdicts[value] = marks_of(tmp_path, f"{name} = {value}\ncheck('{name}', {name})")[name]
    assert [mark.verdict for mark in verdicts.values()] == [NOT_YET, NOT_YET, NOT_YET, CORRECT, NOT_YET]
    assert all(mark.points == (mark.verdict == CORRECT) for mark in verdicts.values())
    assert verdicts["True"].message != verdicts["1"].message, "True is not taken for 1"
    answer = Answer(name, "given", own="given")
    assert marks._judged(EXERCISES[name], answer, {"value": None}).finding.verdict == NOT_STARTED


def judged(told, name="softmax"):
    return marks._judged(EXERCISES[name], Answer(name, name, own="x"), told)


def test_what_a_child_has_seen_or_could_not_do_is_told(here):
    tried = judged({"seen": "deletes a file", "fault": "not this"})
    assert tried.finding.verdict == NOT_YET and tried.points == 0.0
    says = "It deletes a file. An answer has no business doing that: it was refused."
    assert tried.finding.message == tried.trial.stopped == says
    assert judged({"seen": "", "fault": "x" * 5001}).finding.message == "x" * 5000
    for nonsense in ({}, {"refused": ""}, {"outcomes": 3}):
        assert judged(nonsense).finding.message == "What came back from it makes no sense (KeyError): it was left out."


def test_what_comes_back_of_a_trial_is_taken_apart():
    empty = {"refused": "r" * 5001, "own_name": "f", "stopped": 3, "idle": 1, "outcomes": [], "again": [], "rounds": 7}
    trial = marks._trial(empty | {"outside": {"n" * 101: ["v" * 101, 7]}})
    assert (trial.refused, trial.own_name, trial.stopped, trial.idle, trial.rounds) == ("r" * 5000, "f", "3", False, 7)
    assert trial.outside == {"n" * 100: ["v" * 100, "7"]} and trial.outcomes == trial.again == []
    assert marks._trial(empty | {"outside": {}, "idle": True}).idle is True
    first = child.run_function(marks._given(_in_cells("a", [f"import numpy as np\n{cell('softmax', RIGHT)}"])[0]))
    first["outcomes"] = first["outcomes"][:2]
    assert [len(many) for many in (marks._trial(first).outcomes, marks._trial(first).again)] == [2, len(first["again"])]
    array = marks._array(first["outcomes"][0]["parts"][""])
    assert np.allclose(array.sum(axis=-1), 1) and array.flags.writeable


@pytest.mark.parametrize(
    "message, points",
    [
        ("9 of 12 wrong ones caught, no right one refused.", 0.75),
        ("More is to do.\n1 of 3 wrong ones caught, no right one refused", 0.33),
        ("12 of 12 wrong ones caught, no right one refused", 0.95),
        ("It refuses a right one.", 0.0),
    ],
)
def test_the_points_of_a_check_are_the_share_that_it_catches(message, points):
    finding, found = marks._judge_check({"finding": [NOT_YET, message, "", "", ["softmax", "<b>"]]})
    assert found == points and finding == (NOT_YET, message, "", "", ("softmax",))


def test_a_check_tells_no_more_letters_than_others():
    finding, _ = marks._judge_check({"finding": [CORRECT, "x" * 6000, "m", 3, []]})
    assert finding == (CORRECT, "x" * 5000, "m", "3", ())


# ---------------------------------------------------------------- the line that shows it
DOCUMENTED = '''def softmax(z):
    """Return the shares,
    np.exp(z) / np.exp(z).sum().
    """
    def inner(z):
        "np.exp(z)"
        return z  # np.exp
    # e = np.exp(z)

    return inner(z)'''


def test_lines_of_code_are_those_below_the_first_without_what_does_not_run():
    lines = ["", "", "", "def inner(z):", "", "return z  # np.exp", "", "", "return inner(z)"]
    assert marks._code_lines(DOCUMENTED) == lines
    assert marks._code_lines("def f(z:\n  # no\n    z = 1") == ["", "z = 1"], "where it is no Python"
    assert marks._code_lines("def f(z):\n    x = 1\n    'no docstring'\n    return x") == [
        "x = 1",
        "'no docstring'",
        "return x",
    ]


def line_of(source, message="", mistake=""):
    answer = Answer("softmax", own=source)
    return marks._line_of(answer, marks.Finding(NOT_YET, message, mistake))


def test_the_line_that_shows_a_mistake_is_the_one_named_or_the_one_most_like_it():
    source = DOCUMENTED.replace("return inner(z)", "e = np.exp(logits)\n    return e / e.sum(axis=-1, keepdims=True)")
    assert line_of(source, "It raised.\nin line 3: `a = b`\nTried with x.") == "a = b"
    assert line_of(source, "in your `inner`, line 3: `a = b`", "softmax/no_shift") == "a = b"
    assert line_of(source, "seen in line 3: `a = b`", "softmax/no_shift") == "e = np.exp(logits)"
    for unknown in ("", "softmax/nobody", "nobody/no_shift", "choose_learning_rate/no_shift"):
        assert line_of(source, "", unknown) == ""
    assert line_of("def softmax(z):\n    # nothing", "", "softmax/no_shift") == ""
    long = "e = np.exp(logits)" + " + 0" * 100
    assert line_of(f"def softmax(logits):\n    {long}", "", "softmax/no_shift") == long[:200]


def test_two_answers_are_the_same_without_comments_and_docstrings():
    plain = "def softmax(z):\n\n    def inner(z):\n        return z\n    return inner(z)"
    assert marks._plain(DOCUMENTED) == plain
    assert marks._plain("def f():\n    'only words'") == "def f():\n    pass"
    assert marks._plain("def f(:  # no Python") == "def f(:  # no Python"
    assert marks._plain("def f():\n    x = 1\n    return (x)") == "def f():\n    x = 1\n    return x"


def test_numbers_of_a_child_have_the_shape_and_the_lists_that_it_tells():
    told = child.array_told(np.arange(6.0).reshape(2, 3))
    assert marks._array(json.loads(json.dumps(told))).tolist() == [[0, 1, 2], [3, 4, 5]]
    assert marks._as_tuple([1, [2, [3]], "a"]) == (1, (2, (3,)), "a")
