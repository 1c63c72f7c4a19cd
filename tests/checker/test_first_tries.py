"""First tries, as a beginner types them: check refuses each, and says the words that help."""

import importlib
import math
import random
from collections import Counter

import numpy as np
import pytest
from cells import page
from helpers import ROOT, every_case

from course import check
from course.checker.course import COURSE
from course.checker.exercise import WRITE
from course.checker.say.words import NOT_YET
from course.lessons import EXERCISES

FOLDER = ROOT / "tests" / "answers" / "first_tries"
TRIES = [
    (f"{file.stem}-{number}-{name}", name, code, needles)
    for file in sorted(FOLDER.glob("lesson_*.py"))
    for number, (name, code, needles) in enumerate(importlib.import_module(f"first_tries.{file.stem}").TRIES)
]
FINISHED = {
    name: value
    for module in COURSE.modules.values()
    for name, value in vars(module).items()
    if callable(value) and not name.startswith("_")
}
WRITTEN = [name for name, exercise in EXERCISES.items() if exercise.kind == WRITE]


def answer_to(name, code):
    """Return what check says to code that is run as a cell, where all finished functions but its own are imported."""
    names = {"__name__": "__main__", "np": np, "math": math, "random": random, **FINISHED}
    names.pop(name, None)
    return check(name, page(code, names)[name])


@pytest.mark.parametrize("name", dict.fromkeys(name for _, name, *_ in TRIES))
def test_a_first_try_is_told_what_helps(name):
    with every_case() as case:
        for label, other, code, needles in TRIES:
            if other != name:
                continue
            with case(label):
                result = answer_to(name, code)
                assert result.verdict == NOT_YET
                for needle in needles:
                    assert needle in result.message


def test_each_function_to_write_has_three_first_tries_of_different_code():
    with every_case() as case:
        for name in WRITTEN:
            with case(name):
                codes = {code for _, other, code, needles in TRIES if other == name and needles and all(needles)}
                assert len(codes) >= 3, Counter(other for _, other, *_ in TRIES)
