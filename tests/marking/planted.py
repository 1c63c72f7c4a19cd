"""A class with known answers: notebooks with right answers, known mistakes and stubs, as learners hand them in."""

import json

from course.checker.exercise import CHOOSE, WRITE
from course.checker.page import runnable_source
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import EXERCISES, page_of

LEARNERS = ("ann", "bob", "cy")

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


WRONG = {"softmax": "no_shift", "sgd_step": "uphill", "mend_train_epoch": "no_step"}  # known mistakes
YES = "def catch_softmax(softmax):\n    return True"


def planted_class(folder):
    """Write the notebooks of three learners, and return {(learner, exercise): (verdict, id of the mistake)}.

    The first has all right, the second some known mistakes, and the third nothing but stubs.
    """
    planted = {}
    for learner in LEARNERS:
        pages = {}
        for name, exercise in EXERCISES.items():
            original = getattr(exercise, "original", exercise)
            planted[learner, name] = NOT_STARTED, ""
            if learner == LEARNERS[0]:
                planted[learner, name], source = (CORRECT, ""), right_answer(name)
            elif learner == LEARNERS[1] and name in WRONG:
                (mistake,) = [one for one in original.mistakes if one.id == WRONG[name]]
                planted[learner, name] = NOT_YET, f"{original.name}/{mistake.id}"
                source = wrong_answer(name, mistake)
            elif learner == LEARNERS[1] and name == "catch_softmax":
                planted[learner, name], source = (NOT_YET, ""), cell(name, YES)
            else:
                source = f"{name} = ...\ncheck('{name}', {name})" if exercise.kind == CHOOSE else stub(name)
            pages.setdefault(page_of(name).number, [IMPORTS]).append(source)
        for lesson, sources in pages.items():
            place = folder / learner / f"{lesson}_page.ipynb"
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(notebook(sources), encoding="utf-8")
    return planted
