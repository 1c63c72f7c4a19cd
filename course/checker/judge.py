"""The verdict on all calls of a learner's function: right, not begun, or wrong, and then what explains it."""

import copy
from dataclasses import replace
from typing import NamedTuple

from course.base.wording import either, hint_of
from course.checker.causes import CAUSES
from course.checker.finding import Look, Sentence
from course.checker.say.message import say_outside, sentences
from course.checker.say.shapes import say_surplus, say_wrong_form
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET, lines


class Verdict(NamedTuple):
    """The verdict, the Sentences for the learner, the case that shows it, and the Cause, or None."""

    verdict: str
    says: tuple
    index: int = 0
    cause: object = None

    @property
    def message(self):
        return lines(*[sentence.text for sentence in self.says])

    @property
    def mistake(self):
        return self.cause.id if self.cause else ""


def judge(exercise, trial, bank, function=None):
    """Return the Verdict on a Trial.

    bank      a Bank, with what the right function and the known mistakes do in each case
    function  the learner's, if its code may be searched when no known mistake explains the results
    """
    if trial.stopped:
        says = *say_outside(exercise.name, trial, bank), Sentence("stopped", trial.stopped)
        return Verdict(NOT_YET, says, len(trial.outcomes))
    if trial.refused:
        return Verdict(NOT_YET, (Sentence("refused", trial.refused),))
    look = Look(exercise, trial, bank, function)
    if all(look.right) and look.steady:
        if fault := _fault_of_form(look):
            return Verdict(NOT_YET, (Sentence("form", fault),))
        slow = _say_rounds(exercise.slow, max(got.rounds for got in look.outcomes))
        return Verdict(CORRECT, (Sentence("notice", exercise.notice), Sentence("slow", slow)))
    usual = len(look.cases) - exercise.rare
    if exercise.rare and not all(look.right[:usual]):  # the rare cases wait until the others are right
        trial = copy.copy(trial)
        trial.outcomes, trial.again = trial.outcomes[:usual], trial.again[:usual]
        look = Look(exercise.usual, trial, bank, function)
    if trial.idle and all(got.nothing or not exercise.has_result for got in look.outcomes):
        says = f"Put your code in place of the ... and {either('run the cell again', 'check it again')}."
        says = f"{says} {exercise.effort} Stuck? Try {hint_of(exercise.name)}."
        return Verdict(NOT_STARTED, (Sentence("not started", says),))
    for cause in CAUSES:
        if found := cause(look):
            look.cause = replace(found, by=cause.__name__)
            break
    return Verdict(NOT_YET, sentences(look), look.index, look.cause)


def _fault_of_form(look):
    """Say what is wrong with an answer whose numbers are all right, or ""."""
    outcomes, exercise = look.outcomes, look.exercise
    return (
        say_surplus(outcomes)
        or say_wrong_form(exercise, outcomes, look.trial.again, look.expected)
        or _say_rounds(exercise.few_rounds, outcomes[-1].rounds)
    )


def _say_rounds(allowed, rounds):
    """Say that an answer makes more rounds than the exercise allows, or ""."""
    most, says = allowed or (rounds, "")
    return says.format(rounds=f"{rounds:,}") if rounds > most else ""
