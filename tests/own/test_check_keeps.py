"""What check does besides its verdict: it keeps a right function, says so in a line, and remembers a wrong one."""

import pytest
from answers import RIGHT
from cells import COUNT, SOFTMAX, file_of, page

from course import check, own_functions, progress
from course.checker.exercise import CHOOSE
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import EXERCISES, is_practice
from course.lessons.contents import FIRST_ROUND
from course.own import folder
from course.own.progress import recall

WRONG = SOFTMAX.replace("return exps / exps.sum(axis=-1, keepdims=True)", "return exps")


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    """The folder of a learner who has done nothing yet."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    return tmp_path / "my_rnn"


def check_cell(name, code):
    return check(name, page(code)[name])


def test_a_right_function_is_kept_and_check_says_so_in_one_short_line():
    result = check_cell("softmax", SOFTMAX)
    assert result.verdict == CORRECT and result.message == EXERCISES["softmax"].notice
    assert result.kept == f"Kept in my_rnn/softmax.py: 1 of {len(FIRST_ROUND)} of the first round is yours."
    assert repr(result).endswith(f"\n  {result.kept}") and result.kept in result._repr_html_()
    assert list(own_functions()) == ["softmax"] and progress().mine == ["softmax"]


def test_a_wrong_function_is_not_kept_but_remembered_until_it_is_right():
    result = check_cell("softmax", WRONG)
    assert (result.verdict, result.kept) == (NOT_YET, "") and folder.yours() == []
    assert recall("softmax")["mistake"] == result.mistake == "softmax/not_divided"
    first = result.message.partition("\n")[0]
    assert "not yet      softmax" in repr(progress()) and first[:50] in repr(progress())
    check_cell("softmax", SOFTMAX)
    assert "mistake" not in recall("softmax") and first[:50] not in repr(progress())


def test_a_wrong_version_after_a_right_one_leaves_the_right_one():
    check_cell("softmax", SOFTMAX)
    kept = file_of("softmax")
    assert check_cell("softmax", WRONG).verdict == NOT_YET
    assert file_of("softmax") == kept and list(own_functions()) == ["softmax"]


def test_a_right_function_of_the_warm_up_is_not_kept(mine):
    names = [name for name in EXERCISES if is_practice(name)]
    results = [check(name, RIGHT[name][0]) for name in names]
    assert len(names) >= 4 and {(result.verdict, result.kept) for result in results} == {(CORRECT, "")}
    assert folder.yours() == [] and progress().mine == []
    assert not {f"{name}.py" for name in names} & {path.name for path in mine.iterdir()}


def test_a_stub_leaves_no_trace(mine):
    for name, exercise in EXERCISES.items():
        stub = ... if exercise.kind == CHOOSE else lambda *given: ...
        assert check(name, stub).verdict == NOT_STARTED
    assert list(mine.parent.iterdir()) == []


@pytest.mark.parametrize("code", ["from rnn_helpers import softmax", "import rnn_helpers as r\nsoftmax = r.softmax"])
def test_the_finished_function_is_called_so_and_not_kept(code):
    result = check_cell("softmax", code)
    assert result.verdict == CORRECT and folder.yours() == []
    assert result.kept == "This is the finished softmax of rnn_helpers: write your own to make it yours."


def test_a_place_that_does_not_exist_gets_one_sentence(mine, monkeypatch):
    monkeypatch.setenv("MY_RNN", str(mine.parent / "nowhere" / "my_rnn"))
    result = check_cell("count_parameters", COUNT)
    assert result.verdict == CORRECT
    assert result.kept == "It is right, but not kept: my_rnn cannot be written (there is no such folder)."
    assert progress().rows[list(EXERCISES).index("count_parameters")].status == "right"


def test_what_an_old_page_holds_is_not_kept_but_right():
    """Under its old name an exercise takes the arguments of before: what would be kept could not be called today."""
    code = "def step(dh, squashed, W_hh, keep):\n    da = (1 - keep) * dh * (1 - squashed**2)\n"
    result = check("leaky_backward_step", page(code + "    return da, keep * dh + W_hh.T @ da\n")["step"])
    assert result.verdict == CORRECT and folder.yours() == []
    assert result.kept.endswith("Write it in that form, and it is kept.")


def test_solved_is_remembered_whatever_comes_of_the_copy(mine):
    function = type("Softmax", (), {"__call__": lambda self, logits: page(SOFTMAX)["softmax"](logits)})()
    result = check("softmax", function)
    assert result.verdict == CORRECT and result.kept.startswith("It is right, but not kept in my_rnn: ")
    assert recall("softmax")["solved"] == "yes" and folder.yours() == []
