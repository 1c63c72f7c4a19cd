"""Describes a wrong function by what it does on the smallest input that gives it away, but never by its code."""

import re

import numpy as np

from course.checker.course import as_imported
from course.checker.trial import group_of, outcome_of, same, same_parts

DRAWS = "the next random number"  # the part that shows how many random numbers a call has used
_LONGEST, _MOST = 90, 8  # characters of a call, and numbers in a result, that are shown as they are


def riddle(exercise, mistakes, subject):
    """Return (what one of the wrong functions does, in a sentence or two about the subject "one that passed"; its
    Mistake).

    It is the one that is wrong in most cases, which is the easiest to catch. Of these cases the smallest is shown.
    """
    with as_imported():
        cases = exercise.cases()
        expected = [outcome_of(exercise, exercise.function, case) for case in exercise.cases()]
        tried = [[outcome_of(exercise, mistake.function, case) for case in exercise.cases()] for mistake in mistakes]
    wrong = [[k for k, want in enumerate(expected) if not _is_right(outcomes[k], want)] for outcomes in tried]
    easiest = max(range(len(tried)), key=lambda k: len(wrong[k]))  # the first if there are several
    outcomes, wrong, usual = tried[easiest], wrong[easiest], len(cases) - exercise.rare
    right = [case.label for k, case in enumerate(cases[:usual]) if k not in wrong and not case.silenced]
    k = min(wrong, key=lambda k: (bool(cases[k].silenced), k >= usual, max(5, sum(cases[k].sizes.values()))))
    call = call_of(exercise.name, cases[k].args) or f"for {cases[k].label}, it"
    fault = f"{call} {fault_of(cases[k], outcomes[k], expected[k])}"
    fault += "" if call.startswith("`") else _given(exercise.arguments, cases[k])
    says = f"{subject} is right for {' and '.join(right[:2])}. But {fault}" if right else f"with {subject}, {fault}"
    return says, mistakes[easiest]


def _is_right(got, want):
    return not (got.error or got.problem or got.changed) and same_parts(got, want)


def call_of(name, args):
    """Return a call as it is written, or "" if its arguments have no short form."""
    given = [_argument(arg) for arg in args]
    call = f"`{name}({', '.join(given)})`"
    return call if all(given) and len(call) < _LONGEST else ""


def _given(names, case):
    """Return the first arguments of a case that have a short form, as a sentence."""
    texts = [f"{name} = {text}" for name, text in zip(names, map(_argument, case.args)) if text]
    shown = [text for k, text in enumerate(texts) if sum(map(len, texts[: k + 1])) < _LONGEST]
    return f" There {' and '.join(shown)}." if shown else ""


def _argument(arg):
    if isinstance(arg, np.random.Generator):
        return "rng"
    if isinstance(arg, (np.ndarray, float)):  # 2.0, because 2 is another kind of number
        text = _numbers(np.asarray(arg), digits=4 if np.ndim(arg) else 12)
        return re.sub(r"(?<![\d.e-])(-?\d+)(?![\d.e])", r"\1.0", text) if np.asarray(arg).dtype.kind == "f" else text
    return repr(arg) if type(arg) in (int, tuple, list, str) else ""


def fault_of(case, got, want):
    """Say what a wrong function does in a case, and what a right one does."""
    if got.error:
        return "raises an error."
    if got.problem:
        return f"gives something else. {got.problem}"
    if same_parts(got, want):
        return f"returns the right result, but changes {_listed(got.changed)}, which the caller may still need."
    off = [part for part in want.parts if part != DRAWS and not same(got.parts[part], want.parts[part])]
    if not off:
        return "returns a right result, but takes too many random numbers from rng, or too few."
    first = min(off, key=lambda part: want.parts[part].size)
    if DRAWS in want.parts:  # many results are right
        unused = any(isinstance(arg, np.random.Generator) and arg.random() == got.parts[DRAWS] for arg in case.args)
        return f"returns {_numbers(got.parts[first])}" + (", and takes no random number from rng." if unused else ".")
    others = are([p for p in off if p != first], "wrong, too") + are([p for p in want.parts if p not in off], "right")
    return f"returns {_two(first, got.parts[first], want.parts[first])}.{others}"


def _two(part, got, want):
    """Say how a part of a result differs from the right one: whole if it is short, or else in one entry."""
    if got.shape != want.shape:
        right = f"shape {want.shape}" if want.ndim else "one id" if want.dtype.kind == "i" else "one number"
        return f"{group_of(part) or 'an array'} of shape {got.shape}, where a right one returns {right}"
    if got.size <= _MOST:
        equals = f"{part} = " if part else ""
        return f"{equals}{_numbers(got)}, where a right one returns {_numbers(want)}"
    place = tuple(map(int, np.argwhere(~np.isclose(got, want, 1e-6, 1e-9, equal_nan=True))[0]))
    return f"{got[place]:.4g} at {part}{list(place)}, where a right one returns {want[place]:.4g}"


def are(parts, how):
    """Say how some parts of a result are, in a sentence behind others."""
    are_many = len(parts) > 1 or parts[:1] in (["probs"], ["losses"], ["parameters"])
    return f" {_listed(parts)} {'are' if are_many else 'is'} {how}." if parts else ""


def _listed(parts):
    names = list(dict.fromkeys(map(group_of, parts)))
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _numbers(array, digits=4):
    return f"[{', '.join(map(_numbers, array))}]" if array.ndim else f"{array + 0.0:.{digits}g}"  # 0, not -0
