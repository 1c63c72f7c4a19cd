"""A class with known answers: notebooks with right answers, known mistakes and stubs, as learners hand them in."""

import inspect
import json
import random

import rnn_helpers
from course.checker.exercise import CATCH, CHOOSE, REPAIR, WRITE
from course.checker.judge import judge
from course.checker.page import runnable_source
from course.checker.trial import run
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import BANK, EXERCISES, page_of

IMPORTS = "import math\n\nimport numpy as np\n\nimport rnn_helpers\nfrom course import check\nfrom rnn_helpers import *"


def notebook(sources):
    """Return the text of a notebook with these code cells."""
    empty = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [{**empty, "source": source} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def cell(name, source, given=None):
    return f'{source}\n\n\ncheck("{name}", {given or name})'


def right_answer(name):
    exercise = EXERCISES[name]
    if exercise.kind == CHOOSE:
        return cell(name, exercise.solution)
    if exercise.kind == WRITE:
        return cell(name, runnable_source(exercise.function), exercise.function.__name__)
    return cell(name, exercise.solution)


def wrong_answer(name, mistake):
    """Return the source of a function with a known mistake, under the name of the right function."""
    return cell(name, runnable_source(mistake.right, mistake.source), mistake.right.__name__)


def stub(name):
    return cell(name, f"def {name}(*arguments):\n    ...  # your code")


def planted_class(folder, count, seed=0):
    """Write the notebooks of count learners, and return {(learner, exercise): (verdict, id of the mistake)}."""
    rng, planted = random.Random(seed), {}
    for number in range(count):
        learner = f"learner {number:02}"
        pages = {}
        for name, exercise in EXERCISES.items():
            kind = rng.choice(["right", "wrong", "wrong", "stub"])
            if kind == "wrong" and exercise.kind in (WRITE, REPAIR):
                original = exercise if exercise.kind == WRITE else exercise.original
                broken = exercise.broken.id if exercise.kind == REPAIR else ""  # the given code is not started
                mistakes = [one for one in usable(original) if one.id != broken]
                if exercise.kind == REPAIR:
                    mistakes = [one for one in mistakes if shows(exercise, one)]
                mistake = rng.choice(mistakes)
                planted[learner, name] = NOT_YET, f"{original.name}/{mistake.id}"
                source = wrong_answer(name, mistake)
            elif kind == "wrong" and exercise.kind == CATCH:
                target = exercise.original.name
                planted[learner, name] = NOT_YET, ""
                source = cell(name, f"def {name}({target}):\n    return True")
            elif kind == "stub":
                planted[learner, name] = NOT_STARTED, ""
                source = f"{name} = ...\ncheck('{name}', {name})" if exercise.kind == CHOOSE else stub(name)
            else:
                planted[learner, name] = CORRECT, ""
                source = right_answer(name)
            pages.setdefault(page_of(name).number, [IMPORTS]).append(source)
        for lesson, sources in pages.items():
            place = folder / learner / f"{lesson}_page.ipynb"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(notebook(sources), encoding="utf-8")
    return planted


# With the finished draw, which refuses nan, this one is reported as an error.
OTHERWISE = ("sample_ids", "overflow")


def usable(exercise):
    """Return the mistakes that need only the names that every page imports, and that do the same there as here."""
    return [one for one in exercise.mistakes if not needs_its_lesson(one) and (exercise.name, one.id) != OTHERWISE]


def shows(exercise, mistake):
    """True if the cases of an exercise show a mistake: a repair leaves out some cases of the function to write."""
    return judge(exercise, run(exercise, mistake.function), BANK).verdict != CORRECT


def needs_its_lesson(mistake):
    lesson = inspect.getmodule(mistake.right)
    own = {name for name, value in vars(lesson).items() if getattr(value, "__module__", "") == lesson.__name__}
    if not lesson.__name__.startswith("course."):
        own = {name for name in vars(lesson) if name.startswith("_")}  # `import *` leaves them out
    names = set(mistake.function.__code__.co_names) - {mistake.right.__name__}
    return bool(names & own - {*vars(rnn_helpers)})
