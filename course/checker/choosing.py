"""Exercises of the kind choose: a number, or one of several answers, and a run that shows what comes of it."""

import io
import numbers
from dataclasses import dataclass

import numpy as np

from course.checker.engine import engine_as_imported
from course.checker.errors import describe_error
from course.checker.exercise import CHOOSE, Finding, Task
from course.checker.notes import CORRECT, NOT_STARTED, NOT_YET, describe, lines
from course.checker.running import guarded


@dataclass(frozen=True, kw_only=True)
class Choose(Task):
    """A choice to make. Nothing says beforehand which answers are right: each is tried.

    name      of the exercise
    asks      what is to be chosen, in a sentence or two
    try_it    (answer) -> (True if it does what is asked, what happened); a number comes as float
    good      an answer that is right
    answers   the names to choose from; none: any number
    look      () -> text, what there is to see before one chooses; None: nothing
    """

    kind = CHOOSE
    name: str
    asks: str
    try_it: object
    good: object
    answers: tuple = ()
    look: object = None

    @property
    def solution(self):
        """The code of an answer that is right."""
        return f"{self.name} = {self.good!r}"

    def report(self):
        """Return what there is to see before one chooses, as text."""
        with engine_as_imported():
            return self.look()


def examine(exercise, answer):
    """Return the Finding on a learner's choice."""
    if answer is None or answer is Ellipsis:
        see = f' What there is to see: report("{exercise.name}").' if exercise.look else ""
        says = f"{exercise.asks}{see} {_wanted(exercise)} {exercise.effort}"
        return Finding(NOT_STARTED, f'{says} For a nudge: hint("{exercise.name}").')
    found = []
    stopped = guarded(lambda: found.append(examine_value(exercise, answer)), io.StringIO())
    return Finding(NOT_YET, stopped) if stopped else found[0]


def examine_value(exercise, answer):
    """Return the Finding on a choice, in this thread and without a limit: for numbers and names that can do no harm."""
    try:
        value, refused = _value_of(exercise, answer)
    except Exception as error:  # a strange object that does not want to be looked at
        value, refused = None, f"This is no answer: {describe_error(error)}"
    if refused:
        return Finding(NOT_YET, refused)
    with engine_as_imported():
        right, happened = exercise.try_it(value)
    return Finding(CORRECT, lines(happened, exercise.notice)) if right else Finding(NOT_YET, happened)


def _value_of(exercise, answer):
    """Return (the answer as a float or a name, why it is none or "")."""
    if callable(answer):
        return None, f"You gave {describe(answer)}. {_wanted(exercise)}"
    if exercise.answers:
        if isinstance(answer, str) and answer.strip() in exercise.answers:
            return answer.strip(), ""
        given = f"the text {answer[:40]!r}" if isinstance(answer, str) else describe(answer)
        return None, f"You gave {given}. {_wanted(exercise)}"
    if isinstance(answer, str):
        return None, f"You gave the text {answer[:40]!r}. {_wanted(exercise)} Leave out the quotes."
    if isinstance(answer, np.ndarray) and answer.ndim == 0:
        answer = answer[()]
    if isinstance(answer, (bool, np.bool_)) or not isinstance(answer, numbers.Real):
        return None, f"You gave {describe(answer)}. {_wanted(exercise)}"
    try:
        value = float(answer)
    except OverflowError:  # a whole number of hundreds of digits
        value = float("inf")
    if not np.isfinite(value):
        return None, f"You gave {value}. {_wanted(exercise)}"
    return value, ""


def _wanted(exercise):
    if exercise.answers:
        return f"The answer is one of {', '.join(map(repr, exercise.answers))}."
    return f'The answer is one number, as in check("{exercise.name}", 3.5).'
