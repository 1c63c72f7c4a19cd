"""Says what is wrong with a result in all cases together: zeros in the wrong places, a shape that never changes."""

import ast

import numpy as np

from course.checker.course import as_imported
from course.checker.page import PageFunction
from course.checker.slips.depends import with_fresh
from course.checker.trial import outcome_of, same_parts


def say_turned(outcomes, expected):
    """Say that a result is 0 exactly where it should not be, or ""."""
    names = [name for name in expected[0].parts if name not in expected[0].after]
    pairs = [(got.parts.get(name), want.parts.get(name)) for got, want in zip(outcomes, expected) for name in names]
    if any(mine is None or want is None or mine.shape != want.shape for mine, want in pairs):
        return ""
    zeros = [np.concatenate([np.ravel(pair[k] == 0) for pair in pairs]) for k in (0, 1)] if pairs else []
    if not pairs or (zeros[0] == zeros[1]).any() or zeros[1].all() or not zeros[1].any():
        return ""
    return "It is 0 exactly where it should not be. Did you swap what stays and what goes?"


def say_shape(cases, outcomes, expected):
    """Say in letters which shape a result has in all cases, if a size of the right one is not in it, or ""."""
    for name in [name for name in expected[0].parts if all(name in one.parts for one in expected)]:
        shapes = [one.parts[name].shape for one in outcomes if name in one.parts]
        rights = [one.parts[name].shape for one in expected]
        if len(shapes) < len(cases) or len(cases) < 2 or len({*map(len, shapes)}) > 1 or not shapes[0]:
            continue
        if np.prod(shapes[0]) == np.prod(rights[0]):  # as many numbers in another form: that is said elsewhere
            continue
        mine, right = [[_letters(cases, sizes) for sizes in zip(*several)] for several in (shapes, rights)]
        missing = [one for axis in right for one in axis if len(axis) == 1 and not any(one in other for other in mine)]
        missing = [one for one in missing if one.isalpha()]
        counts = list(dict.fromkeys(case.sizes[missing[0]] for case in cases)) if missing else []
        if len(counts) > 1 and all(mine):
            at = "With " + " as with ".join(f"{missing[0]} = {count}" for count in counts[:2])
            if len(mine) == 1:
                return f"{at}, you return {mine[0][0]} {'number' if mine[0][0] == '1' else 'numbers'}."
            shape = ", ".join(axis[0] for axis in mine)
            return f"{at}, its shape is ({shape}): it has no axis of size {missing[0]}."
    return ""


def _letters(cases, sizes):
    """Return what an axis can be, which has these sizes in the cases: letters, or a number as text."""
    letters = [letter for letter in cases[0].sizes if all(case.sizes.get(letter) == n for case, n in zip(cases, sizes))]
    return letters + [str(sizes[0])] * (len({*sizes}) == 1)


def say_single_row(exercise, function, tried, cases, right):
    """Say that a single row is not taken for a row, if the answer is right for it in a table of one row, or "".

    function  the learner's;  tried: the same, counted
    """
    single = [k for k, case in enumerate(cases) if _ndim(case) == 1]
    if not 0 < len(single) < len(cases) or right != [k not in single for k in range(len(cases))]:
        return ""
    for k in single:
        table = cases[k]._replace(args=(cases[k].args[0][None], *cases[k].args[1:]))
        got = outcome_of(exercise, tried, with_fresh(table))
        with as_imported():
            want = outcome_of(exercise, exercise.function, with_fresh(table))
        if got.error or got.problem or not same_parts(got, want):
            return ""
    name = exercise.arguments[0]
    if line := _loop_along(PageFunction(function), name):
        return f"Line {line}: with a single row, this loop treats each number as a row."
    return "A single row comes out right inside a table of one row. Alone, with one axis, it doesn't."


def _ndim(case):
    return getattr(case.args[0], "ndim", 0)


def _loop_along(one, name):
    """Return the number of the line of the loop along the first axis of an argument, or 0."""
    tree = ast.parse(one.source or "pass")
    if any(isinstance(node, (ast.If, ast.IfExp, ast.Try)) for node in ast.walk(tree)):
        return 0  # a single row may go another way
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in ast.walk(tree):
        along = ast.unparse(node.iter) if isinstance(node, (ast.For, ast.comprehension)) else ""
        if name not in stored and along in (
            name,
            f"range(len({name}))",
            f"range({name}.shape[0])",
            f"enumerate({name})",
        ):
            return node.iter.lineno + one.code.co_firstlineno - 1
    return 0
