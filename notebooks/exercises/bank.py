"""The exercises of all lessons, and what the right and the wrong functions of each give."""

import difflib
import functools
import importlib
from pathlib import Path

from exercises.engine import engine_as_imported
from exercises.exercise import Exercise
from exercises.notes import describe
from exercises.outcomes import outcome_of


def _find_all():
    """Return {name: exercise} of all that stand in the files lesson_*.py beside this one, in their order."""
    found = {}
    for file in sorted(Path(__file__).parent.glob("lesson_*.py")):
        lesson = importlib.import_module(f"exercises.{file.stem}")
        for exercise in vars(lesson).values():
            if isinstance(exercise, Exercise) and found.setdefault(exercise.name, exercise) is not exercise:
                raise ValueError(f"{file.name} has a second exercise {exercise.name}: give its function another name.")
    return found


EXERCISES = _find_all()


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


@functools.cache
def expected_outcomes(name):
    """Return what the right function does in each case."""
    return _outcomes(EXERCISES[name], EXERCISES[name])


@functools.cache
def mistake_outcomes(name):
    """Return (mistake, what the wrong function does in each case) for each known mistake of an exercise."""
    return [(mistake, _outcomes(EXERCISES[name], mistake)) for mistake in EXERCISES[name].mistakes]


def _outcomes(exercise, answer):
    """Return what a right or wrong answer's function does in each case, with rnn_helpers as it should be."""
    with engine_as_imported():
        return [outcome_of(exercise, answer.function, case) for case in exercise.cases()]
