"""The exercises of all lessons, and the bank that is handed to the checker."""

import difflib
import importlib

from course.base.place import ROOT
from course.checker.bank import Bank
from course.checker.exercise import WRITE, Task
from course.checker.notes import describe

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
BANK = Bank(EXERCISES)
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
