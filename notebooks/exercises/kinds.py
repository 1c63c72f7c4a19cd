"""Tries an answer to an exercise of any kind. A new kind needs a class in a file of its own, and a line here."""

from exercises import catching, choosing
from exercises.bank import broken_outcomes, expected_outcomes
from exercises.errors import describe_error
from exercises.exercise import CATCH, CHOOSE, REPAIR, WRITE, Finding
from exercises.notes import NOT_STARTED, NOT_YET
from exercises.outcomes import alike
from exercises.running import run
from exercises.verdict import judge


def examine(exercise, answer):
    """Return the Finding on a learner's answer. Never raises."""
    try:
        return _EXAMINE[exercise.kind](exercise, answer)
    except Exception as error:  # from an object that does not want to be looked at
        return Finding(NOT_YET, f"This answer cannot be tried. Looking at it raised {describe_error(error)}")


def _written(exercise, function):
    expected = expected_outcomes(exercise.name)  # before the learner's code runs
    return _judged(exercise, function, run(exercise, function), expected)


def _mended(exercise, function):
    name = exercise.name
    expected, broken = expected_outcomes(name), broken_outcomes(name)
    says = f'report("{name}") shows a broken function, and what is known of it. Copy it, mend it, and run the cell.'
    not_started = Finding(NOT_STARTED, f'{says} {exercise.effort} For a nudge: hint("{name}").')
    if exercise.is_as_given(function):
        return not_started
    trial = run(exercise, function)
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
