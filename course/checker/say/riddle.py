"""Describes a wrong function by what it does: when it is right, when it is wrong and how, but never why."""

import numpy as np

from course.checker.course import COURSE
from course.checker.trial import group_of, outcome_of, same, same_parts

DRAWS = "the next random number"  # the part that shows how many random numbers a call has used


def riddle(exercise, mistakes, subject):
    """Return what one of the wrong functions does, in a sentence or two about the subject ("one that passed").

    It is the one that is wrong in most cases, which is the easiest to catch.
    """
    with COURSE.as_imported():
        cases = exercise.cases()
        expected = [outcome_of(exercise, exercise.function, case) for case in exercise.cases()]
        tried = [[outcome_of(exercise, mistake.function, case) for case in exercise.cases()] for mistake in mistakes]
    wrong = [[k for k, want in enumerate(expected) if not _is_right(outcomes[k], want)] for outcomes in tried]
    easiest = max(range(len(tried)), key=lambda k: len(wrong[k]))  # the first if there are several
    outcomes, wrong = tried[easiest], wrong[easiest]
    right = [case.label for k, case in enumerate(cases) if k not in wrong and not case.silenced]
    first = wrong[0]
    fault = _fault(exercise.name, cases[first], outcomes[first], expected[first])
    if right:
        return f"{subject} is right for {' and '.join(right[:2])}. But {fault}"
    return f"{subject} has this fault: {fault}"


def _is_right(got, want):
    return not (got.error or got.problem or got.changed) and same_parts(got, want)


def _fault(name, case, got, want):
    """Say what a wrong function does in a case."""
    where = f"for {case.label}"
    if all(map(_is_small, case.args)) and list(got.parts) == [""] and got.parts[""].size <= 6:
        given = " and ".join(_numbers(np.asarray(arg)) for arg in case.args)
        return f"of {given} it makes {_numbers(got.parts[''])}."
    if got.error:
        return f"{where}, it raises an error."
    if got.problem:
        return f"{where}, {got.problem.replace('It returned', 'it returns')}"
    if got.parts.keys() != want.parts.keys():
        return f"{where}, what it returns is not what a {name} returns."
    if same_parts(got, want):
        return f"{where}, its result is right, and yet something is not as it was before the call."
    off = [part for part in want.parts if not same(got.parts[part], want.parts[part])]
    fine = [part for part in want.parts if part not in off]
    shapes = [part for part in off if got.parts[part].shape != want.parts[part].shape]
    if shapes:
        return f"{where}, {_names(shapes)} another shape than {'it' if len(shapes) < 2 else 'they'} should."
    lost = [part for part in off if not np.isfinite(got.parts[part]).all()]
    if lost:
        return f"{where}, there are numbers in {_listed(lost)} that are no numbers any more (inf or nan)."
    text = _by_its_draws(where, off, got.parts) if DRAWS in off else ""
    if text:
        return text
    if off == [""]:
        shown = DRAWS in want.parts and _is_short(got.parts[""])
        return f"{where}, it makes {_numbers(got.parts[''])}." if shown else f"{where}, its numbers are off."
    return f"{where}, {_listed(off)} {'is' if len(off) < 2 else 'are'} off" + (
        f", and {_listed(fine)} right." if fine else "."
    )


def _by_its_draws(where, off, parts):
    """Say that a function uses its random numbers differently, and what it makes of them if that is short."""
    draws = "it takes too many random numbers from rng, or too few"
    if off == [DRAWS]:
        return f"{where}, its result is right, but {draws}."
    if off != ["", DRAWS] and off != [DRAWS, ""]:
        return ""
    made = f"it makes {_numbers(parts[''])}" if _is_short(parts[""]) else "its numbers are off"
    return f"{where}, {made}, and {draws}."


def _is_short(array):
    return array.ndim == 1 and array.size <= 10


def _is_small(arg):
    return isinstance(arg, (float, np.ndarray)) and np.size(arg) <= 6


def _names(parts):
    return "the result has" if parts == [""] else f"{_listed(parts)} {'has' if len(parts) < 2 else 'have'}"


def _listed(parts):
    names = [group_of(part) or "the result" for part in parts]
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))


def _numbers(array):
    if array.ndim > 1:
        return "[" + ", ".join(map(_numbers, array)) + "]"
    return "[" + ", ".join(f"{number:.4g}" for number in array) + "]" if array.ndim else f"{array:.4g}"
