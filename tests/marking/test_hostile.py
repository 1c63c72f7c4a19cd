"""Answers of somebody with bad intentions, in the process of the class report: none passes that is not right, and the
other answers of that learner are judged as if it were not there."""

import contextlib
import inspect
import sys

import hostile_answers
import hostile_results
import pytest
from hostile_answers import HOSTILE
from planted import cell, right_answer
from test_class_report import cache, hand_in, hasty, marks_of  # noqa: F401

from course.checker.words import CORRECT, NOT_YET
from course.marking import marks
from course.marking.children import Children
from course.marking.submissions import find_submissions

pytestmark = pytest.mark.slow  # each answer runs in a process of its own

IMPORTS = "\n".join(
    sorted(
        {
            line
            for module in (hostile_answers, hostile_results)
            for line in inspect.getsource(module).split("\n")
            if line.startswith("import ") and "hostile" not in line
        }
    )
)
FUNCTIONS = {name: function for name, (_, function) in HOSTILE.items() if inspect.isfunction(function)}
# What these leave behind keeps their process from its end.
RUN_ON = {"traces_all_threads", "starts_a_busy_thread"}
HELPERS = [inspect.getsource(hostile_answers.right), inspect.getsource(hostile_answers.exercise)]


def answer_of(name):
    """Return the cells of a page with that answer to softmax."""
    source = inspect.getsource(FUNCTIONS[name])
    lines = [line for line in source.split("\n") if not line.startswith("@")]
    return [f"{IMPORTS}\n\n\n" + "\n\n\n".join(HELPERS), cell("softmax", "\n".join(lines) + f"\nsoftmax = {name}")]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not limit memory, and has no fork")
def test_no_hostile_answer_passes_that_is_not_right_and_no_other_answer_suffers(tmp_path, monkeypatch, hasty):  # noqa: F811
    """They run one after the other in the process of one learner, which is replaced where an answer has spoiled it: so
    each finds what the ones before it have left."""
    for name in FUNCTIONS.keys() - RUN_ON:
        hand_in(tmp_path / "class", name, *answer_of(name), right_answer("one_hot"))
    before = contents_of(tmp_path / "class")
    wrong = {}
    with Children(seconds=60) as children:
        monkeypatch.setattr(marks, "Children", lambda *given: contextlib.nullcontext(children))
        for submission in find_submissions(tmp_path / "class"):
            found = {one.exercise: one for one in marks.mark(submission).marks}
            gives_right_numbers = "right(logits)" in inspect.getsource(FUNCTIONS[submission.learner])
            allowed = (NOT_YET, CORRECT) if gives_right_numbers else (NOT_YET,)
            if found["softmax"].verdict not in allowed or found["one_hot"].verdict != CORRECT:
                wrong[submission.learner] = found["softmax"], found["one_hot"]
    assert len(FUNCTIONS) > 50
    assert wrong == {}
    assert contents_of(tmp_path / "class") == before


def contents_of(folder):
    """Return all files of a folder: {path: content}."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_what_runs_on_is_ended_with_its_process(tmp_path):
    for name in RUN_ON:
        hand_in(tmp_path, name, *answer_of(name))
    found, _ = marks_of(tmp_path, seconds=3)
    assert {found[name, "softmax"].verdict for name in RUN_ON} == {NOT_YET}


# ---------------------------------------------------------------- checks that look into the code of what they judge
LOOKS = [
    "import traceback\n    try:\n        softmax('x')\n    except Exception as error:\n"
    "        return '<mistake' not in ''.join(traceback.format_exception(error))\n    return True",
    "return 'mistake' not in softmax.__wrapped__.__code__.co_filename",
    "return 'mistake' not in getattr(getattr(softmax, '__wrapped__'), '__code__').co_filename",
    "import inspect\n    return 'mistake' not in inspect.unwrap(softmax).__code__.co_filename",
]


@pytest.mark.parametrize("body", LOOKS)
def test_a_check_that_looks_into_the_code_of_what_it_judges_is_refused_in_the_class_report(body, tmp_path):
    source = f"def catch_softmax(softmax):\n    softmax(np.ones((1, 3)))\n    {body}"
    hand_in(tmp_path, "ann", cell("catch_softmax", source))
    found = marks_of(tmp_path)[0]["ann", "catch_softmax"]
    assert found.verdict == NOT_YET and found.message.startswith("Your check uses `"), found.message
