"""Exercises of the kind choose: a number, or one of several answers, and a run that shows its effect."""

import numbers
import warnings
from dataclasses import dataclass

import numpy as np

from course.base.wording import either, hint_of, report_of
from course.checker.course import as_imported
from course.checker.exercise import CHOOSE, Finding, Task
from course.checker.guard import Printed, guarded
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET, describe, lines


@dataclass(frozen=True, kw_only=True)
class Choose(Task):
    """A choice to make. Which answers are right is not stored: each one is tried.

    name      of the exercise
    asks      what is to be chosen, in a sentence or two
    try_it    (answer) -> (True if it does what is asked, what happened); a number is passed as float
    good      an answer that is right
    answers   the names to choose from; if empty, any number
    look      () -> text to see before choosing, or None
    example   a number of the kind that is asked for, which is not right
    """

    kind = CHOOSE
    lines_to_write = 1
    name: str
    asks: str
    try_it: object
    good: object
    answers: tuple = ()
    look: object = None
    example: float = 3.5

    @property
    def solution(self):
        """Return the code of a right answer."""
        return f"{self.name} = {self.good!r}"

    def report(self):
        """Return the text to see before choosing."""
        with as_imported():
            return self.look()

    def examine(self, answer, bank):
        """Return the Finding on a learner's choice. bank: not used"""
        if answer is None or answer is Ellipsis:
            see = f" See {report_of(self.name)}." if self.look else ""
            says = f"{self.asks}{see} {self._wanted()} {self.effort} Stuck? Try {hint_of(self.name)}."
            return Finding(NOT_STARTED, says)
        found = []
        guarded(lambda: found.append(self._value_of(answer)), Printed())
        value, refused = found[0] if found else (None, "This is no answer.")
        if refused:
            return Finding(NOT_YET, refused)
        with as_imported(), np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            right, happened = self.try_it(value)
        return Finding(CORRECT, lines(happened, self.notice)) if right else Finding(NOT_YET, happened)

    def _value_of(self, answer):
        """Return (the answer as a plain float or one of the names, why it is not valid or "")."""
        if callable(answer):
            return None, f"You gave {describe(answer)}. {self._wanted()}"
        if self.answers:
            given = f"the text {answer[:40]!r}" if isinstance(answer, str) else describe(answer)
            chosen = [name for name in self.answers if isinstance(answer, str) and _plain(answer) == _plain(name)]
            return (chosen[0], "") if chosen else (None, f"You gave {given}. {self._wanted()}")
        if isinstance(answer, str):
            how = "Write a point for the comma, and leave out the quotes." if "," in answer else "Leave out the quotes."
            return None, f"You gave the text {answer[:40]!r}. {self._wanted()} {how}"
        if isinstance(answer, np.ndarray) and answer.ndim == 0:
            answer = answer[()]
        if isinstance(answer, (bool, np.bool_)) or not isinstance(answer, numbers.Real):
            return None, f"You gave {describe(answer)}. {self._wanted()}"
        try:
            value = float(answer)
        except OverflowError:  # a whole number with hundreds of digits
            value = float("inf")
        return (value, "") if np.isfinite(value) else (None, f"You gave {value}. {self._wanted()}")

    def _wanted(self):
        if self.answers:
            return f"The answer is one of {', '.join(map(repr, self.answers))}."
        example = either(f'check("{self.name}", {self.example})', f"{self.name} = {self.example}")
        return f"The answer is one number, as in {example}."


def _plain(text):
    """Return a name without capitals, blanks around it and a final full stop."""
    return text.strip().removesuffix(".").rstrip().lower()
