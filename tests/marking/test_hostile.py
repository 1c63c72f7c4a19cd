"""Answers of somebody with bad intentions, in the process of the class report: none passes that is not right, and the
other answers of that learner are judged as if it were not there."""

import inspect
import sys

import hostile_answers
import hostile_results
import pytest
from hostile_answers import HOSTILE
from planted import cell, right_answer
from test_class_report import cache, hand_in, hasty, marks_of  # noqa: F401

from course.checker.say.words import CORRECT, NOT_YET

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
HELPERS = [inspect.getsource(hostile_answers.right), inspect.getsource(hostile_answers.exercise)]


def answer_of(name):
    """Return the cells of a page with that answer to softmax."""
    source = inspect.getsource(FUNCTIONS[name])
    lines = [line for line in source.split("\n") if not line.startswith("@")]
    return [f"{IMPORTS}\n\n\n" + "\n\n\n".join(HELPERS), cell("softmax", "\n".join(lines) + f"\nsoftmax = {name}")]


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not limit memory, and has no fork")
def test_no_hostile_answer_passes_that_is_not_right_and_no_other_answer_suffers(tmp_path, hasty):  # noqa: F811
    for name in FUNCTIONS:
        hand_in(tmp_path / "class", name, *answer_of(name), right_answer("one_hot"))
    marks, _ = marks_of(tmp_path / "class", seconds=30)
    wrong = {}
    for name, function in FUNCTIONS.items():
        gives_right_numbers = "right(logits)" in inspect.getsource(function)
        verdicts = marks[name, "softmax"].verdict, marks[name, "one_hot"].verdict
        if verdicts[0] not in ((NOT_YET, CORRECT) if gives_right_numbers else (NOT_YET,)) or verdicts[1] != CORRECT:
            wrong[name] = verdicts, marks[name, "softmax"].message, marks[name, "one_hot"].message
    assert len(FUNCTIONS) > 50
    assert wrong == {}


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
