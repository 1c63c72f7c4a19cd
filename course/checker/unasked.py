"""What a learner's check does not ask of a function, as a wrong one that passed shows. Only what was tried is said.

Either that one is right in all calls that the check makes, so the inputs hide what is wrong with it. Or it is wrong
there, too, and the check does not look.
"""

import contextlib
import functools
import inspect

import numpy as np

from course.checker.say.riddle import call_of, fault_of
from course.checker.slips.depends import fresh, moves
from course.checker.trial import alike, outcome_of, same, same_parts
from course.checker.words import listed

_MOST_CALLS = 500  # of a check, that are looked at
_MOST_TRIED = 5  # of these, in which an argument is moved
_MOST_NAMES = 2  # of arguments in a sentence


def say_unasked(exercise, accepts, missed):
    """Return in a sentence or two what a check does not ask of a wrong function that passed, or "".

    exercise  the Catch;  missed: that function;  accepts: (function) -> does the check say yes to it?
    """
    with contextlib.suppress(Exception):  # such as arguments that cannot be copied: then nothing is known
        return _say_blind(exercise, accepts) if exercise.original.after else _say_calls(exercise, accepts, missed)
    return ""


def _say_calls(exercise, accepts, missed):
    calls = _calls(exercise.original, accepts, missed)
    if not 0 < len(calls) <= _MOST_CALLS:
        return ""
    pairs = [_pair(exercise, missed, case) for case in calls]
    if None in pairs:
        return ""
    wrong = [k for k, (got, want) in enumerate(pairs) if not alike(got, want)]
    if not wrong:
        return _say_inputs(exercise, missed, calls)
    if says := _say_blind(exercise, accepts):
        return says
    first = wrong[0]
    changed = [name for k in wrong for name in pairs[k][0].changed]
    if all(same_parts(*pairs[k]) for k in wrong):
        return f"That one changes {changed[0]} when your check calls it, too, and your check still says yes."
    call, fault = call_of(exercise.original.name, calls[first].args), fault_of(calls[first], *pairs[first])
    where = f"in {len(wrong)} of the {len(calls)} calls" if len(calls) > 1 else "in the call"
    shown = f" The first: {call} {fault}" if call.startswith("`") and len(calls) > 1 else ""
    return f"That function is also wrong {where} that your check makes, and your check still says yes.{shown}"


# ---------------------------------------------------------------- the calls of a check
def _calls(exercise, accepts, function):
    """Return the calls that a check makes of a function, as Cases."""
    found, signature, case = [], inspect.signature(exercise.function), exercise.cases()[0]

    @functools.wraps(function)
    def noting(*args, **options):
        if len(found) <= _MOST_CALLS:
            bound = signature.bind(*args, **options)
            bound.apply_defaults()
            found.append(case._replace(args=tuple(map(fresh, bound.args)), sizes={}))
        return function(*args, **options)

    return found if accepts(noting) else []


def _pair(exercise, function, case):
    """Return the outcome of a function in a case and the right one, or None if the right functions do not agree."""
    fresh_case = [case._replace(args=tuple(map(fresh, case.args))) for _ in range(len(exercise.rights) + 1)]
    wants = [outcome_of(exercise.original, one, this) for one, this in zip(exercise.rights.values(), fresh_case)]
    want = wants[0]
    if want.error or want.problem or not all(alike(one, want) for one in wants):
        return None
    return outcome_of(exercise.original, function, fresh_case[-1]), want


def _say_inputs(exercise, missed, calls):
    """Say which argument is the same in all calls, and hides what is wrong."""
    names, found = exercise.original.arguments, {}
    values = [_named(names, case.args) for case in calls]
    for name, value in values[0].items():
        if not all(_is_same(value, other.get(name)) for other in values):
            continue
        for case in calls[:_MOST_TRIED]:
            others = [_named(names, one.args).get(name) for one in exercise.original.cases()]
            moved = [new for seed in (None, 0, 1) for label, new in moves(name, value, seed) if label == name]
            if any(_shows(exercise, missed, case, name, new) for new in [*moved, *others]):
                found[name] = _described(value)
                break
    special = {name: says for name, says in found.items() if says == "all zeros"}
    found = special or found
    if not 0 < len(found) <= _MOST_NAMES:
        return "Each time your check calls that one, it gives the right result. Other inputs tell it from a right one."
    names = " or ".join(f"another {name}" for name in found)
    told = listed([f"{name} is {'always ' * (len(calls) > 1)}{says}" for name, says in found.items() if says])
    if not told:
        return f"That function is right where your check calls it, but not with {names}."
    return f"When your check calls that one, {told}. There it is right, but with {names} it isn't."


def _named(names, args):
    """Return {name: value} of arguments; of those of several arrays, {"argument.field": array}."""
    found = {}
    for name, value in zip(names, args):
        fields = value._asdict() if hasattr(value, "_fields") else None
        found |= {f"{name}.{key}": part for key, part in fields.items()} if fields else {name: value}
    return found


def _is_same(one, other):
    return type(one) is type(other) and np.array_equal(one, other)


def _shows(exercise, missed, case, name, value):
    """True if the wrong function is wrong with another value of one argument."""
    names, (argument, _, field) = exercise.original.arguments, name.partition(".")
    place = names.index(argument)
    value = case.args[place]._replace(**{field: value}) if field else value
    args = (*case.args[:place], value, *case.args[place + 1 :])
    if exercise.unfit and exercise.unfit(*args):
        return False
    pair = _pair(exercise, missed, case._replace(args=args))
    return bool(pair) and not alike(*pair)


def _described(value):
    if isinstance(value, np.ndarray) and not value.any():
        return "all zeros"
    numbers = np.ravel(value).tolist()
    text = repr(np.asarray(value).tolist())
    return text if len(numbers) <= 4 and len(text) <= 30 else ""


# ---------------------------------------------------------------- what a check does not look at
def _say_blind(exercise, accepts):
    """Say to which spoiled results of a right function a check says yes, or ""."""
    names = exercise.original.returns
    if len(names) > 1:
        blind = [name for name in names if _passes(exercise, accepts, np.zeros_like, [name])]
        if blind and _passes(exercise, accepts, np.zeros_like, blind):
            return f"Your check also says yes if {listed(blind)} hold{'s' * (len(blind) == 1)} only zeros."
        return ""
    spoils = [
        (np.zeros_like, "all that comes back is 0"),
        (lambda array: array[..., ::-1], "the numbers in each row of a right result come in reverse order"),
        (
            lambda array: array * 0 + array.mean(-1, keepdims=True),
            "each number of a right result is the mean of its row",
        ),
    ]
    for spoil, says in spoils[: 1 if exercise.original.after else None]:  # random numbers have no right places
        if _passes(exercise, accepts, spoil, names):
            return f"Your check also says yes if {says}."
    return ""


def _passes(exercise, accepts, spoil, names):
    """True if a check says yes to a right function of whose results some are spoiled. spoil: (array) -> array"""
    changed, right = [], exercise.original.function

    @functools.wraps(right)
    def spoiled(*args, **options):
        result = right(*args, **options)
        if len(exercise.original.returns) < 2:
            return _spoiled(result)
        parts = [_spoiled(part) if name in names else part for name, part in zip(exercise.original.returns, result)]
        return type(result)(*parts) if hasattr(result, "_fields") else tuple(parts)

    def _spoiled(part):
        array = np.asarray(part)
        new = spoil(array)
        changed.append(not same(new, array))
        return new if isinstance(part, np.ndarray) else type(part)(new)

    with contextlib.suppress(Exception):  # one that cannot be spoiled like that
        return accepts(spoiled) and any(changed)
    return False
