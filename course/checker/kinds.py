"""Tries an answer to an exercise of any kind. A new kind needs a class in a file of its own, and a line here."""

from course.checker import catching, choosing
from course.checker.bank import broken_outcomes, expected_outcomes
from course.checker.errors import describe_error
from course.checker.exercise import CATCH, CHOOSE, REPAIR, WRITE, Finding
from course.checker.notes import NOT_STARTED, NOT_YET
from course.checker.outcomes import alike
from course.checker.running import run
from course.checker.verdict import judge


def examine(exercise, answer):
    """Return the Finding on a learner's answer. Never raises."""
    try:
        return _EXAMINE[exercise.kind](exercise, answer)
    except Exception as error:  # from an object that does not want to be looked at
        return Finding(NOT_YET, f"This answer cannot be tried. Looking at it raised {describe_error(error)}")


def examine_trial(exercise, trial, is_as_given=False):
    """Return the Finding on a Trial of a function that ran elsewhere, and whose code is not at hand.

    exercise  to write or to repair;  is_as_given: the function is the one that was to be repaired
    """
    if exercise.kind == REPAIR:
        return _mended_as(exercise, None, lambda: trial, is_as_given)
    return _judged(exercise, None, trial, expected_outcomes(exercise.name))


def _written(exercise, function):
    expected = expected_outcomes(exercise.name)  # before the learner's code runs
    return _judged(exercise, function, run(exercise, function), expected)


def _mended(exercise, function):
    return _mended_as(exercise, function, lambda: run(exercise, function), exercise.is_as_given(function))


def _mended_as(exercise, function, make_trial, is_as_given):
    name = exercise.name
    expected, broken = expected_outcomes(name), broken_outcomes(name)
    says = f'report("{name}") shows a broken function, and what is known of it. Copy it, mend it, and run the cell.'
    not_started = Finding(NOT_STARTED, f'{says} {exercise.effort} For a nudge: hint("{name}").')
    if is_as_given:
        return not_started
    trial = make_trial()
    if not (trial.stopped or trial.refused) and all(map(alike, trial.outcomes, broken)):
        mistake = f"{exercise.original.name}/{exercise.broken.id}"
        says = f"What you changed makes no difference: the results are those of the broken one. {exercise.nudge}"
        return Finding(NOT_YET, says, mistake, trial.printed(0))
    finding = _judged(exercise, function, trial, expected)
    if finding.verdict == NOT_STARTED:
        return not_started
    return finding._replace(mistake=finding.mistake.replace(name, exercise.original.name, 1))


def _judged(exercise, function, trial, expected):
    verdict, message, index, mistake = judge(exercise, trial, expected, function)
    return Finding(verdict, message, mistake, trial.printed(index) if verdict == NOT_YET else "")


_EXAMINE = {WRITE: _written, REPAIR: _mended, CATCH: catching.examine, CHOOSE: choosing.examine}
