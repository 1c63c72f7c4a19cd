"""The exercises of all lessons, and what the right and the wrong functions of each give."""

import copy
import difflib
import functools
import importlib
import pickle
from collections.abc import Sequence

from course.base.place import ROOT
from course.checker.engine import engine_as_imported
from course.checker.exercise import WRITE, Task
from course.checker.notes import describe
from course.checker.outcomes import outcome_of

LESSONS = {}  # the name of an exercise -> the number of its lesson, as text
WARM_UP = "00"  # the lesson whose functions are no part of the network


def _find_all():
    """Return {name: exercise} of all that stand in the files lesson_*.py beside this one, in their order."""
    found = {}
    for file in sorted((ROOT / "course" / "lessons").glob("lesson_*.py")):
        lesson = importlib.import_module(f"course.lessons.{file.stem}")
        for exercise in vars(lesson).values():
            if not isinstance(exercise, Task):
                continue
            if found.setdefault(exercise.name, exercise) is not exercise:
                raise ValueError(f"{file.name} has a second exercise {exercise.name}: give it another name.")
            LESSONS[exercise.name] = file.stem.removeprefix("lesson_")
    return found


EXERCISES = _find_all()
WRITTEN = {name: exercise for name, exercise in EXERCISES.items() if exercise.kind == WRITE}
# Functions of the network: the right ones go to my_rnn.py.
OWN = {name: exercise for name, exercise in WRITTEN.items() if LESSONS[name] != WARM_UP}


def find(name):
    """Return the exercise of that name. ValueError if there is none."""
    if not isinstance(name, str) or name not in EXERCISES:
        raise ValueError(unknown(name))
    return EXERCISES[name]


def unknown(name):
    """Say what was given in place of the name of an exercise, and which names there are."""
    names = ", ".join(EXERCISES)
    if callable(name):
        return f'First the name, then the function: check("softmax", softmax). The names are {names}.'
    if not isinstance(name, str):
        return f"The name of an exercise is text, such as {'softmax'!r}, not {describe(name)}. The names are {names}."
    close = difflib.get_close_matches(name, EXERCISES, 1)
    meant = f" Did you mean {close[0]!r}?" if close else ""
    return f"There is no exercise {name!r}.{meant} The names are {names}."


def expected_outcomes(name):
    """Return what the right function does in each case, made anew at each call so that nobody can spoil it."""
    return pickle.loads(_expected(name))


@functools.cache
def _expected(name):
    return pickle.dumps(_outcomes(EXERCISES[name], EXERCISES[name]))


@functools.cache
def broken_outcomes(name):
    """Return what the function that is to be mended does in each case."""
    return _outcomes(EXERCISES[name], EXERCISES[name].broken)


@functools.cache
def mistake_outcomes(name):
    """Return (mistake, what the wrong function does in each case) for each known mistake of an exercise.

    What it does is found out when a case is asked for: most mistakes differ from the learner's in the first one.
    """
    exercise = EXERCISES[name]
    count = len(expected_outcomes(name))
    return [(mistake, _Outcomes(exercise, mistake, count)) for mistake in exercise.mistakes]


class _Outcomes(Sequence):
    """What a wrong function does in each case: it is called when a case is asked for the first time."""

    def __init__(self, exercise, mistake, count):
        self.exercise, self.mistake, self.found = exercise, mistake, [None] * count

    def __len__(self):
        return len(self.found)

    def __getitem__(self, k):
        if self.found[k] is None:
            self.found[k] = _outcome(self.exercise, self.mistake, k)
        return self.found[k]


def _outcomes(exercise, answer):
    """Return what a right or wrong answer's function does in each case, with rnn_helpers as it should be."""
    with engine_as_imported():
        return [outcome_of(exercise, answer.function, case) for case in exercise.cases()]


def _outcome(exercise, mistake, k):
    """Return what a wrong function does in case k. Its arguments are copies: to make all cases anew takes longer."""
    with engine_as_imported():
        case = _cases(exercise.name)[k]
        return outcome_of(exercise, mistake.function, case._replace(args=copy.deepcopy(case.args)))


@functools.cache
def _cases(name):
    return EXERCISES[name].cases()
