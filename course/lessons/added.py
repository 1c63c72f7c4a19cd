"""Exercises of a teacher's own: each file of Python in the folder exercises, beside the folder course, adds some.

    import numpy as np

    from course.lessons.added import exercise

    def top_k(probs, k):
        ...

    exercise(top_k, inputs={"two of four": (np.array([0.1, 0.4, 0.2, 0.3]), 2)}, hints=["..."])

The name of the file is that of the notebook that asks for them, and the first line of its docstring is the title. They
are no part of the network, and progress() does not list them. docs/contributing.md has a whole example.
"""

import dataclasses
import importlib.util
import inspect
import re
import sys

import numpy as np

from course.base.place import added_folder
from course.checker.errors import calls_of, describe_error, own_line
from course.checker.exercise import Case, Exercise
from course.checker.mistakes import KnownMistakes
from course.checker.page import data_from_outside, with_helpers
from course.checker.slips.depends import with_fresh
from course.checker.trial import Bank, alike
from course.lessons.contents import Page

# The inputs that are made from shapes: what is special about them, and the middle and the spread of their numbers.
_MADE = {"numbers around 0": (0, 1), "numbers far from 0": (5, 3), "numbers near 0": (0.01, 0.005)}
_SIZES = (3, 4, 5, 2, 6, 7, 3, 4)  # of the letters, in the order in which they come
problems = []  # a sentence for each file that cannot be used
_found = []  # the exercises of the file that is read now


def exercise(function, inputs, mistakes="", hints=(), difficulty=2, why="", notice="", **more):
    """Add the exercise to write a function.

    function  the right one, which needs nothing of its file but what that imports
    inputs    the shapes of its arguments, such as "x (T, H), gain (H,)", for which random numbers are made; or
              {what is special about it: the arguments of a call}
    mistakes  a text in the form of course/checker/mistakes.py, without its line with ==
    hints     from a nudge up to the code in words;  difficulty: 1 (easy) to 3 (hard)
    why       shown below the solution;  notice: after a right answer
    more      what else an Exercise has (course/checker/exercise.py): returns=("mean", "spread") for two results
    ValueError, in a sentence, if something does not fit.
    """
    name, signature = function.__name__, inspect.signature(function)
    others = [*data_from_outside(function).get(name, ()), *(one.name for one in with_helpers(function)[1:])]
    if others:
        raise ValueError(f"{name} takes {', '.join(others)} from its file: put that into the function.")
    if isinstance(hints, str) or difficulty not in (1, 2, 3):
        raise ValueError(f"{name}: hints= takes a list of texts, and difficulty= is 1 (easy), 2 or 3 (hard).")
    if unknown := more.keys() - {one.name for one in dataclasses.fields(Exercise)}:
        raise ValueError(f"{name}: an exercise takes no {unknown.pop()}=. Is it spelled as in course/lessons/added.py?")
    cases = _made(name, signature, inputs) if isinstance(inputs, str) else _given(name, signature, inputs)
    known = KnownMistakes(f"== {name}\n{inspect.cleandoc(mistakes)}", f"mistakes of {name}")
    found = known(name, function)
    for one in known.unfit:
        _ = one.source  # which says what does not fit
    results = _results(name, _first_result(function, cases[0]), more)
    texts = {"hints": [*hints], "difficulty": difficulty, "why": why, "notice": notice}
    _found.append(_tried(Exercise(function=function, make=lambda: cases, mistakes=found, **texts, **results)))


def _given(name, signature, inputs):
    """Return the Cases of {label: arguments}."""
    for label, args in inputs.items():
        try:
            signature.bind(*args)
        except TypeError as error:
            says = f"{name}: the input {label!r} is no tuple of its arguments {signature} ({error})."
            raise ValueError(says) from None
    if not inputs:
        raise ValueError(f"{name} has no inputs. Give one, or the shapes of its arguments.")
    return [Case(label, args, {}) for label, args in inputs.items()]


def _made(name, signature, shapes):
    """Return Cases of random numbers in these shapes: of three kinds, and with each letter once as 1."""
    axes = {one: re.findall(r"\w+", inside) for one, inside in re.findall(r"(\w+) ?\((.*?)\)", shapes)}
    if list(axes) != list(signature.parameters):
        says = f"{name}{signature} gets no shapes from {shapes!r}"
        raise ValueError(f"{says}: write its arguments, as in x (T, H), b (H,).")
    letters = dict.fromkeys(letter for inside in axes.values() for letter in inside)
    kinds = [(label, dict(zip(letters, _SIZES[k:])), numbers) for k, (label, numbers) in enumerate(_MADE.items())]
    kinds += [(f"{letter} = 1", dict(zip(letters, _SIZES)) | {letter: 1}, (0, 1)) for letter in letters]
    rng = np.random.default_rng(0)
    return [
        Case(label, tuple(rng.normal(*numbers, [sizes[one] for one in inside]) for inside in axes.values()), sizes)
        for label, sizes, numbers in kinds
    ]


def _first_result(function, case):
    try:
        return function(*with_fresh(case).args)
    except Exception as error:
        raise ValueError(f"{function.__name__} raises {describe_error(error)} on the input {case.label!r}.") from error


def _results(name, result, more):
    """Return what an Exercise says of its results, by those of the right function in the first case, and by more."""
    found = {}
    if isinstance(result, tuple):
        found["returns"] = more.get("returns", getattr(result, "_fields", ()))
        found["groups"] = found["returns"]
        if len(found["returns"]) != len(result):
            raise ValueError(f"{name} gives back {len(result)} results: name them, as in returns=('mean', 'spread').")
    elif result is None and "in_place" not in more:
        raise ValueError(f"{name} gives nothing back. Name the arguments that it changes, as in in_place=('x',).")
    elif isinstance(result, str):
        found["result"] = "text"
    elif result is not None and np.asarray(result).dtype.kind in "iu":
        found["result"] = "ids"
    elif isinstance(result, list):
        found["result"] = "list"
    return found | more


def _tried(one):
    """Return an Exercise. ValueError if its function does not work on all inputs, or none shows a known mistake."""
    bank = Bank({one.name: one})
    right = bank.expected(one.name)
    for case, got in zip(one.cases(), right):
        if got.error or got.problem:
            raise ValueError(f"{one.name} gives no result on the input {case.label!r}. {got.error or got.problem}")
    for mistake, wrong in bank.mistakes(one.name):
        try:
            if all(map(alike, wrong, right)):
                raise ValueError(f"{mistake.place}: no input of {one.name} shows {mistake.id}. Give one that does.")
        except SyntaxError as error:
            raise ValueError(f"{mistake.place}: {mistake.id} is no Python ({error.msg}).") from None
    return one


def load(taken):
    """Return [(Page, its exercises)] of all files. One that cannot be used is told in problems, and harms no other.

    taken: the names of exercises that are there already
    """
    pages, taken = [], {*taken}
    for path in sorted(added_folder().glob("*.py")):
        _found.clear()
        spec = importlib.util.spec_from_file_location(f"exercises_{path.stem}", path)
        sys.modules[spec.name] = module = importlib.util.module_from_spec(spec)
        try:
            spec.loader.exec_module(module)
            if twice := [one.name for one in _found if one.name in taken]:
                raise ValueError(f"there is an exercise {twice[0]} already. Give the function another name.")
        except Exception as error:
            says = error.msg if isinstance(error, SyntaxError) else describe_error(error)
            says = str(error) if type(error) is ValueError else says
            at = f"line {error.lineno}" if isinstance(error, SyntaxError) else own_line(calls_of(error))
            problems.append(f"exercises/{path.name}{', ' * bool(at)}{at}: {says}")
            continue
        taken |= {one.name for one in _found}
        title = (module.__doc__ or path.stem).strip().partition("\n")[0].rstrip(".")
        pages.append((Page(path.stem, title, [f"{path.stem}: {' '.join(one.name for one in _found)}"]), [*_found]))
    return pages
