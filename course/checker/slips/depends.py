"""Finds what the results of a function depend on: it moves one argument at a time a little and compares the results."""

import copy

import numpy as np

from course.checker.course import as_imported
from course.checker.trial import group_of, named_arrays, outcome_of
from course.checker.words import listed

_MOST_CASES = 4  # in which it is asked what a result depends on
_MOST_NAMES = 3  # of arguments in a sentence


def say_dependence(exercise, function, fine):
    """Say which argument the results should depend on and do not, or the other way round; "" if that is not sure.

    fine  for each case, whether the learner's numbers can be compared with the right ones
    """

    def in_all_cases(tried):
        cases = [case for case, is_fine in zip(exercise.cases(), fine) if is_fine][:_MOST_CASES]
        found = [dependence(exercise, tried, case) for case in cases]
        pairs = [] if None in found else found[0]
        return {pair: [one.get(pair) for one in found] for pair in pairs}

    mine = in_all_cases(function)
    with as_imported():
        right = in_all_cases(exercise.function)
    unused, extra = {}, {}
    for pair in mine.keys() & right.keys():
        if None not in mine[pair] + right[pair] and any(mine[pair]) != any(right[pair]):
            (extra if any(mine[pair]) else unused).setdefault(pair[0], []).append(pair[1])
    for found, says in (
        (unused, "doesn't depend on {} in anything we tried"),
        (extra, "depends on {}, but it shouldn't"),
    ):
        for group, names in sorted(found.items()):
            if len(names) <= _MOST_NAMES:
                subject = f"The change of {group}" if group in exercise.in_place else group or "Your result"
                return f"{subject} {says.format(listed(sorted(names)))}."
    return ""


def dependence(exercise, function, case, changes=False):
    """Return {(result, argument): does it depend on it?} in one case, or None after an error.

    A result is one of exercise.groups, or "" if there is only one. For what is changed in place, the change counts. An
    argument of several arrays counts as "argument.field" for each. The answer is None if no move of the argument gives
    a result. changes: may the function change an argument that it should leave alone?
    """
    base = _results(exercise, function, case, changes)
    if base is None:
        return None
    found = {}
    # An id, or the largest of several numbers, stays the same after a small move, so there are large moves too.
    seeds = (None, 0, 1, 2, 3) if exercise.result in ("ids", "text") else (None, 0, 1)
    for number, (name, value) in enumerate(zip(exercise.arguments, case.args)):
        for seed in seeds:
            for label, moved in moves(name, value, seed):
                if all(found.get((group, label)) for group in base):
                    continue
                args = (*case.args[:number], moved, *case.args[number + 1 :])
                results = _results(exercise, function, case._replace(args=args), changes)
                for group, arrays in base.items():
                    answer = found.setdefault((group, label), None)
                    if results is not None:
                        found[group, label] = bool(answer) or not _same(arrays, results.get(group))
    return found


def moves(name, value, seed):
    """Yield (name of the argument or of its field, another value) for all that can be moved; by a little if no seed."""
    rng = np.random.default_rng(seed or 0)
    if hasattr(value, "_fields"):
        for field, part in value._asdict().items():
            for label, moved in moves(f"{name}.{field}", part, seed):
                yield label, value._replace(**{field: moved})
    elif isinstance(value, np.ndarray) and value.dtype.kind == "f":
        sizes = rng.uniform(0, 1, (2, *value.shape))
        if seed is None:
            yield name, value * (0.95 + 0.2 * sizes[0]) + 0.01 * sizes[1]
        elif seed % 2:
            yield name, value + rng.normal(0, 30, value.shape)
        else:  # positive values stay positive
            yield name, value * 4 * sizes[0] + 0.5 * sizes[1]
    elif isinstance(value, np.ndarray) and value.dtype.kind in "iu" and value.max(initial=0) > 0:
        yield name, (value + 1) % (value.max() + 1)
        yield name, value[::-1].copy()
    elif isinstance(value, list) and value and all(isinstance(one, float) for one in value):
        yield from ((label, moved.tolist()) for label, moved in moves(name, np.array(value), seed))
    elif isinstance(value, float):
        yield name, value * (1.1 if seed is None else rng.uniform(0, 3)) + 0.001
    elif isinstance(value, int):
        yield name, value + 1
        if value > 0:
            yield name, value - 1
    elif isinstance(value, np.random.Generator):
        yield name, np.random.default_rng(987)


def _results(exercise, function, case, changes):
    """Return {group: list of arrays}, or None after an error or for a result that is not an answer or not finite."""
    before = named_arrays(exercise, with_fresh(case).args)
    outcome = outcome_of(exercise, function, with_fresh(case))
    if outcome.error or outcome.problem or (outcome.changed and not changes):
        return None
    results = {}
    for name, array in outcome.parts.items():
        if name in outcome.after:
            continue
        if not np.isfinite(array).all():
            return None
        group = "" if exercise.result == "pairs" else group_of(name)
        array = np.asarray(array, float)
        results.setdefault(group, []).append(array - before[name] if group in exercise.in_place else array)
    if exercise.in_place and not any(array.any() for group in exercise.in_place for array in results[group]):
        return None  # nothing has changed: there is a message for that
    return results


def with_fresh(case):
    """Return a case whose arguments may be changed."""
    return case._replace(args=tuple(map(fresh, case.args)))


def fresh(value):
    """Return a copy of an argument, for one call."""
    if isinstance(value, np.ndarray):
        return value.copy()
    if isinstance(value, tuple):
        values = map(fresh, value)
        return type(value)(*values) if hasattr(value, "_fields") else tuple(values)
    return value if isinstance(value, (int, float, str)) or callable(value) else copy.deepcopy(value)


def _same(ones, others):
    if others is None or len(ones) != len(others):
        return False
    for one, other in zip(ones, others):
        if one.shape != other.shape:
            return False
        largest = max(np.abs(one).max(initial=0), np.abs(other).max(initial=0))
        if not (np.abs(one - other) <= 1e-12 * largest + 1e-15).all():
            return False
    return True
