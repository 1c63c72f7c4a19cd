"""Answers as learners type them, tests/answers/*.txt: are the verdict and the message of each what its head says?"""

import contextlib

import answers
import pytest
from answers import ANSWERS, RIGHT, finding, of

from course.checker.exercise import CHOOSE
from course.checker.finding import Look
from course.checker.words import CORRECT, NOT_YET
from course.lessons import EXERCISES, WRITTEN


@pytest.mark.slow
@pytest.mark.parametrize("name", WRITTEN)
def test_right_answers_of_any_style_are_accepted(name, subtests):
    for answer, function in zip(of(name, "right"), RIGHT[name]):
        with subtests.test(str(answer)):
            found = finding(answer, function)
            assert found.verdict == CORRECT and found.message.startswith(EXERCISES[name].notice), found.message


def assert_told(answer, found):
    assert found.verdict == NOT_YET
    answer.check_message(found.message)
    assert not answer.mistake or found.mistake == f"{answer.name}/{answer.mistake}"


@pytest.mark.slow
@pytest.mark.parametrize("name", WRITTEN)
def test_wrong_answers_are_refused_and_told_what_helps(name, subtests, monkeypatch, request):
    """Without --all their code is searched, which takes long, only if the head asks for what the search says."""
    search_all = request.config.getoption("all")
    for answer in of(name, "wrong"):
        with subtests.test(str(answer)), monkeypatch.context() as patch:
            if not (answer.must_not_say or search_all):
                patch.setattr(Look, "may_be_searched", False)
                with contextlib.suppress(AssertionError):
                    assert_told(answer, finding(answer))
                    continue
                patch.undo()
            assert_told(answer, finding(answer))


def test_each_exercise_has_right_answers_and_wrong_ones_that_are_told_something(subtests):
    """Each function to write has two right ones in other styles than the solution's, and three wrong first tries."""
    for name, exercise in EXERCISES.items():
        if exercise.kind != CHOOSE:
            with subtests.test(name):
                told = {answer.code for answer in of(name) if answer.is_told_something}
                right, wrong = len(of(name, "right")), len(told)
                least = (2, 3) if name in WRITTEN else (1, 1)
                assert right >= least[0], f"it has {right} right ones; write {least[0]} or more"
                assert wrong >= least[1], f"{wrong} wrong ones must be told something; write {least[1]} or more"


def test_each_answer_is_to_an_exercise():
    assert {answer.name for answer in ANSWERS} <= set(EXERCISES)


@pytest.mark.parametrize(
    "head, says",
    [
        ("softmax | wrnog", "x.txt:1: the kind is 'wrnog'; use one of right, "),
        ("softmax | wrong | must  say: a", "x.txt:1: a field is called 'must  say'; use one of must say, "),
    ],
)
def test_a_head_that_is_not_understood_is_an_error(head, says):
    with pytest.raises(ValueError, match=says):
        answers.read(f"=== {head}\ndef softmax(z):\n    return z\n", "x.txt")
