"""A trial of an answer: the answer is called on all cases, and the outcome of each call is recorded and compared.

The Bank holds the outcomes of the right and the wrong functions of the course in the same cases.
"""

import dis
import functools
import inspect
import itertools
import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from course.checker import limit
from course.checker.course import as_imported
from course.checker.errors import calling_line, calls_of, describe_error, own_function, own_line, own_place
from course.checker.guard import Guard, Printed
from course.checker.limit import LARGE, MANY, Stopped
from course.checker.page import data_from_outside
from course.checker.spelling import meant
from course.checker.watched import Meter, watched
from course.checker.words import describe, rounded


class Trial:
    """All calls of the learner's function: the usual cases twice, to see whether it gives the same result again."""

    def __init__(self, rounds, before=0):
        self.refused = ""  # why it was not called
        self.idle = False  # True if it is a stub
        self.own_name = ""
        self.outside = {}  # of it and of each function that it calls: the data that it takes from the page
        self.stopped = ""  # why it was stopped
        self.guard = None  # the Guard in which it ran, for further runs
        self.rounds, self.before = rounds, before  # that it may make, and those of earlier tries in the same check
        self.meter = Meter(rounds)  # what its code may still do
        self.function = None  # the function that is called: the learner's, in which the meter counts
        self.outcomes = []
        self.again = []
        self.buffer = Printed()
        self.buffer.meter = self.meter
        self.start = 0  # where the output of the last call begins in the buffer

    @property
    def spent(self):
        """The rounds of this try and of those before it in the same check."""
        return self.before + self.rounds - max(self.meter.left, 0)

    @property
    def needs_page(self):
        """True if the answer takes more than numbers from the page: then it is known what is wrong."""
        return not all(isinstance(value, (int, float)) for data in self.outside.values() for value in data.values())

    def printed(self, index):
        """Return what the call on one case printed, or the call that was stopped, cut short."""
        return cut_short(
            self.outcomes[index].printed if index < len(self.outcomes) else self.buffer.getvalue()[self.start :]
        )


def cut_short(text):
    """Return the beginning of what was printed."""
    lines = text.rstrip().split("\n") if text.strip() else []
    shown = [line[:100] + (" ..." if len(line) > 100 else "") for line in lines[:8]]
    return "\n".join(shown + (["..."] if len(lines) > 8 else []))


def run(exercise, function, source=None, rounds=None, spent=0):
    """Call the learner's function on all cases and return a Trial.

    source  its text, if that is in no file or cell
    spent   the rounds of earlier tries in the same check;  rounds: those that it may make, None for all that are left
    """
    trial = Trial(limit.ROUNDS - spent if rounds is None else rounds, spent)
    trial.guard = Guard()
    trial.function = watched(function, trial.meter, source) or function
    count = len(exercise.cases())
    usual = count - exercise.rare
    held = []  # the result of the first case, so that its memory is not reused

    def holding(*args):
        held.append(trial.function(*args))
        return held[-1]

    def work():
        trial.meter.outside = sys._getframe()
        trial.refused = not_callable(exercise, function)
        if trial.refused:
            return
        trial.idle = does_nothing(function)
        trial.own_name = str(getattr(function, "__name__", ""))
        trial.outside = data_from_outside(function)
        for outcomes, cases in ((trial.outcomes, exercise.cases()), (trial.again, exercise.cases()[:usual])):
            for number, case in enumerate(cases):
                trial.start = trial.buffer.tell()
                trial.meter.new_call()
                outcome = outcome_of(exercise, trial.function if number else holding, case, look=True)
                if trial.meter.message:
                    return
                outcome.printed = outcome.printed or trial.buffer.getvalue()[trial.start :]
                outcome.rounds = trial.meter.most
                outcomes.append(outcome)
        if len(held) == 2:
            trial.again[0].shared = _share_memory(*held)

    trial.stopped = trial.guard.run(work, trial.buffer)
    is_whole = (len(trial.outcomes), len(trial.again)) == (count, usual)
    if not (trial.stopped or trial.refused or is_whole):
        trial.stopped = "Your code breaks off the check itself. A function takes its arguments and returns a result."
    return trial


def not_callable(exercise, function):
    """Return why the function cannot be tried, or ""."""
    name, arguments = exercise.name, exercise.arguments
    example = f'check("{name}", {name})'
    if function is None:
        return f"There is no function to check. Write {example}."
    if inspect.isclass(function):
        return f"{function.__name__} is a class. This exercise wants a function: def {name}({', '.join(arguments)})."
    if not callable(function):
        return f"You gave {describe(function)}, not a function. Write {example}: the second name as it is."
    if inspect.isgeneratorfunction(function) or inspect.iscoroutinefunction(function):
        word = "yield" if inspect.isgeneratorfunction(function) else "async"
        return f"Your function has `{word}` in it, so a call does not give a result. Use a plain def with `return`."
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some functions written in C have no signature
        return ""
    for case in exercise.cases():
        try:
            signature.bind(*case.args)
        except TypeError:
            wanted = inspect.signature(exercise.function)
            return f"It must work as {name}{wanted}, but your function takes {signature}{_lacks(wanted, signature)}."
    own = [parameter for parameter in signature.parameters if parameter in arguments]
    if own != [argument for argument in arguments if argument in own]:
        return (
            f"The arguments are in another order than in the exercise: it is called as {name}({', '.join(arguments)})."
        )
    return ""


def _lacks(wanted, signature):
    """Say what is wrong with the last argument if it is optional: its name and default are easy to miss.

    wanted, signature  of the right function and of the learner's, which has the arguments before it
    """
    *others, last = wanted.parameters.values()
    if last.default is last.empty:
        return ""
    if last.name in signature.parameters:
        return f": {last.name} has no default" if signature.parameters[last.name].default is last.empty else ""
    return f": argument {len(others) + 1}, {last}, is missing" if len(signature.parameters) == len(others) else ""


# Prefixes of the instructions in a stub, for all versions of Python. They include LOAD_FAST_BORROW,
# LOAD_COMMON_CONSTANT, and INSTRUMENTED_RESUME under a debugger or a profiler.
_HARMLESS = tuple(
    """
CACHE EXTENDED_ARG INSTRUMENTED_RESUME INSTRUMENTED_RETURN LOAD_COMMON_CONSTANT LOAD_CONST LOAD_FAST LOAD_SMALL_INT
NOP NOT_TAKEN POP_TOP RESUME RETURN STORE_FAST UNPACK_SEQUENCE
    """.split()
)


def does_nothing(function):
    """True for a stub: the body is only ..., pass, a docstring, or names given to the arguments."""
    code = getattr(function, "__code__", None)
    return code is not None and all(step.opname.startswith(_HARMLESS) for step in dis.get_instructions(code))


# ---------------------------------------------------------------- what one call did
TEXT = "a text"  # the name of a result that is one


@dataclass
class Outcome:
    """What one call did: an error, a result that is not an answer at all (problem), or the parts of an answer."""

    error: str = ""
    line: str = ""
    number: int = 0  # of that line
    within: str = ""  # the function that contains that line, if it is another one of the learner's
    meant: str = ""  # the result of spelling.meant, if the error is about an unknown name
    problem: str = ""
    form: tuple = ()  # the shapes in a result with too many or too few parts, to distinguish such results
    nothing: bool = False
    endless: bool = False  # lists nested too deeply: it must not be used, because NumPy would not return
    surplus: str = ""  # what it returned where it should return nothing
    loose: str = ""  # what holds the results instead of the type that the exercise names, such as "a tuple of 3"
    listed: str = ""  # the first part that came as a list, such as "hidden comes as a list"
    shared: bool = False  # True if the result is in the same memory as that of the same call before
    parts: dict = field(default_factory=dict)
    word: str = "an array"  # what the result is called in a message
    after: list = field(default_factory=list)  # the parts that are not results but left behind by the call
    changed: list = field(default_factory=list)
    printed: str = ""
    rounds: int = 0  # of the busiest call of one of the learner's functions; watched.py says what a round is


def outcome_of(exercise, function, case, look=False):
    """Call the function on one case and return an Outcome, which shares no memory with the arguments.

    look: True to find out more about an error, for a message
    """
    arrays = named_arrays(exercise, case.args)
    before = {name: array.copy() for name, array in arrays.items()}
    outcome = Outcome()
    with np.errstate(all="ignore"):
        try:
            result = function(*case.args)
            if exercise.has_result:
                _take_apart(exercise, result, outcome)
            elif result is not None:
                outcome.surplus = describe(result)
            outcome.parts |= {
                name: array.copy() for name, array in arrays.items() if group_of(name) in exercise.in_place
            }
            if exercise.after:
                left = exercise.after(case.args)
                outcome.parts |= {name: np.array(number) for name, number in left.items()}
                outcome.after = list(left)
        except Stopped:
            raise
        except BaseException as error:  # also SystemExit: whatever the code does, the check goes on
            if isinstance(error, KeyboardInterrupt) and not look:  # the stop button, while the course's functions run
                raise
            if isinstance(error, MemoryError):  # reporting it takes memory, too: free what the code holds
                traceback.clear_frames(error.__traceback__)
            outcome.error = describe_error(error)
            calls = calls_of(error)
            outcome.line, (_, outcome.number) = own_line(calls), own_place(calls)
            if look:
                outcome.within, outcome.meant = own_function(error), meant(error)
                outcome.line += calling_line(error)
    outcome.changed = [
        name
        for name, array in arrays.items()
        if group_of(name) not in exercise.in_place and not _unchanged(before[name], array)
    ]
    return outcome


class Outcomes(Sequence):
    """The outcomes of a known mistake in the cases of an exercise.

    Its function is made by make() and called when a case is first asked for, because most mistakes already differ from
    the learner's function in the first case. None in place of it is unlike any function.
    """

    def __init__(self, exercise, make):
        self.exercise, self.make, self.function, self.found = exercise, make, None, {}

    def __len__(self):
        return len(self.exercise.cases())

    def __getitem__(self, k):
        if k not in self.found:
            case = self.exercise.cases()[k]
            with as_imported():
                self.function = self.function or self.make()
                self.found[k] = outcome_of(self.exercise, self.function, case) if self.function else Outcome("not made")
        return self.found[k]


class Bank:
    """The exercises of a course, {name: exercise}, and the outcomes of their functions, computed once when needed.
    The lessons make it and hand it to the checker.

    expected(name)  list of Outcomes of the right function of an exercise, one for each case
    broken(name, mistake)  the same for the function with that Mistake: one exercise may ask to mend several
    mistakes(name)  list of (Mistake, the Outcomes of its function)
    pairs(name)     list of (Mistake, another one, the Outcomes of a function with both)
    """

    def __init__(self, exercises):
        self.exercises = exercises
        self.expected = functools.cache(lambda name: self._outcomes(name, exercises[name].function))
        self.broken = functools.cache(lambda name, mistake: self._outcomes(name, mistake.function))
        self.mistakes = functools.cache(
            lambda name: [
                (one, Outcomes(exercises[name], lambda one=one: one.function)) for one in exercises[name].mistakes
            ]
        )
        self.pairs = functools.cache(lambda name: list(self._pairs(exercises[name])))

    def _pairs(self, exercise):
        for one, other in itertools.combinations(exercise.mistakes, 2):
            if one.right is other.right:
                yield one, other, Outcomes(exercise, functools.partial(one.function_with, other))

    def _outcomes(self, name, function):
        exercise = self.exercises[name]
        with as_imported():
            return [outcome_of(exercise, function, case) for case in exercise.cases()]


def named_arrays(exercise, args):
    """Return the arrays among the arguments; one of a NamedTuple is named "argument.field"."""
    arrays = {}
    for name, value in zip(exercise.arguments, args):
        if isinstance(value, np.ndarray):
            arrays[name] = value
        elif hasattr(value, "_fields"):
            fields = value._asdict().items()
            arrays |= {f"{name}.{key}": array for key, array in fields if isinstance(array, np.ndarray)}
    return arrays


def _unchanged(before, after):
    if (before.shape, before.dtype) == (after.shape, after.dtype) and before.tobytes() == after.tobytes():
        return True
    # Tiny rounding errors are not a change: x + epsilon - epsilon need not be x.
    return before.shape == after.shape and bool(close(after, before, 1e-12, 1e-12).all())


def _take_apart(exercise, result, outcome):
    """Fill outcome.parts with the arrays of a result, or say in outcome.problem why it is not an answer."""
    names, pairs = exercise.returns, exercise.result == "pairs"
    if isinstance(result, (tuple, list)) and len(result) > (MANY if pairs else LARGE // 8):
        # Its entries are not looked at: how many they are says enough.
        outcome.problem, outcome.form = f"It returned a {type(result).__name__} of {len(result):,}.", (len(result),)
        return
    if _too_deep(result):
        outcome.endless = True
        outcome.problem = "It returned lists inside lists inside lists: is a list appended to itself?"
        return
    if result is None or result is Ellipsis:
        outcome.nothing, outcome.problem = True, "It returned nothing (None)."
        return
    if len(names) < 2 and not pairs:
        values = {"".join(names): result}
        outcome.word = f"a {type(result).__name__}" if isinstance(result, (tuple, list)) else "an array"
    elif not isinstance(result, (tuple, list, np.ndarray)):
        outcome.problem = f"It returned {describe(result)}."
        return
    elif not pairs:
        if len(result) != len(names):
            outcome.problem, outcome.form = f"It returned {describe(result)}.", _shapes(result)
            return
        values = dict(zip(names, result))
    else:
        values = {}
        for index, pair in enumerate(result):
            if not isinstance(pair, (tuple, list, np.ndarray)) or len(pair) != 2:
                outcome.problem = f"It returned {describe(result)}, and entry {index} is {describe(pair)}."
                outcome.form = _shapes(result)
                return
            values |= {f"{name} of sequence {index}": value for name, value in zip(names, pair)}
    if exercise.type and getattr(result, "_fields", ()) != exercise.type._fields:
        word = "an array" if isinstance(result, np.ndarray) else f"a {type(result).__name__}"
        outcome.loose = f"{word} of {len(result)}"
    if exercise.result == "text":
        _take_text(result, outcome)
        return
    whole = exercise.result in ("ids", "pairs")
    for name, value in values.items():
        subject = name or "The result"
        if value is None:
            outcome.problem = f"{subject} is None."
            return
        if isinstance(value, (tuple, list)):
            outcome.listed = outcome.listed or f"{name or 'the result'} comes as a {type(value).__name__}"
        if issubclass(type(value), np.ndarray) and value.nbytes > LARGE:  # not copied: its shape says enough
            outcome.problem = f"{subject} is {describe(value)}."
            return
        try:
            array = np.array(value)  # a copy: the next call may change the original
        except MemoryError:
            raise
        except Exception:
            array = np.array(None)
        if array.dtype.kind not in "biuf":
            outcome.problem = f"{subject} is {describe(value)}{_why_no_numbers(value, array)}."
            return
        if whole and array.size and array.dtype.kind not in "iu":
            example = rounded(array.ravel()[0])
            kind = "the answer of a comparison" if array.dtype.kind == "b" else "a number with a decimal point"
            verb = "holds" if array.ndim else "is"
            outcome.problem = f"{subject} {verb} {example}, {kind}. An id or a count is a whole number."
            return
        outcome.parts[name] = array


def _share_memory(one, other):
    """True if an array of one result shares memory with the other result, or both are the same list."""
    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        return np.may_share_memory(one, other)
    if not (isinstance(one, (tuple, list)) and isinstance(other, (tuple, list))) or _too_deep(one) or _too_deep(other):
        return False
    return (one is other and isinstance(one, list)) or any(map(_share_memory, one, other))


def _take_text(result, outcome):
    """Fill outcome.parts with a text, as the numbers of its characters, or say in outcome.problem why it is not one."""
    if isinstance(result, str):
        outcome.word = TEXT
        outcome.parts[""] = np.array([ord(char) for char in result], int)
    else:
        outcome.problem = f"The result is {describe(result)}."


def _why_no_numbers(value, array):
    """Say why a value is not a table of numbers; "" if its description says so. array: what NumPy makes of it"""
    if not isinstance(value, (tuple, list, np.ndarray)):
        return ""
    if array.dtype.kind == "c":
        return ", and holds complex numbers, with a part `j`: ordinary ones are wanted"
    if array.dtype.kind in "SU":
        return ", and holds text where numbers belong"
    if isinstance(value, np.ndarray):
        return ", and holds objects of Python where plain numbers belong"
    if isinstance(value, list):
        return ", no table of numbers: rows of different length, or an entry that is not a number"
    return ""  # a tuple of several results: its description says enough


def _shapes(results):
    """Return the shape of each result, the same for an array and for a list of its rows; or its type."""

    def shape_of(result):
        try:
            return np.shape(result)
        except Exception:
            return type(result).__name__

    return tuple(map(shape_of, results))


def _too_deep(value, depth=5):
    """True if lists are nested deeper than in any answer, as in one that contains itself: NumPy would not return."""
    return isinstance(value, (tuple, list)) and (depth == 0 or any(_too_deep(entry, depth - 1) for entry in value))


def close(got, want, rtol=1e-6, atol=1e-9):
    """Return where the numbers agree. Sums in another order differ in the last digits, and float32 has only seven."""
    if got.dtype == np.float32:
        rtol, atol = 1e-4, 1e-5
    got, want = np.asarray(got, float), np.asarray(want, float)
    with np.errstate(all="ignore"):
        near = np.isfinite(want) & (np.abs(got - want) <= atol + rtol * np.abs(want))
        return near | (got == want) | (np.isnan(got) & np.isnan(want))


def same(got, want):
    """True if two arrays have the same shape and agree."""
    if got.shape != want.shape:
        return False
    # The last number alone distinguishes most arrays, in a tenth of the time. NaN and inf are left to close.
    if got.size and abs(got.item(-1) - want.item(-1)) > 1e-3 * (1 + abs(want.item(-1))):
        return False
    return bool(close(got, want).all())


def same_parts(got, want):
    """True if all parts of two outcomes agree."""
    return got.parts.keys() == want.parts.keys() and all(same(got.parts[key], want.parts[key]) for key in want.parts)


def is_comparable(exercise, got, want):
    """True if the numbers of a result can be compared with the right ones: nothing else is wrong with it."""
    if exercise.result == "pairs" or got.error or got.problem or got.changed:
        return False
    return all(got.parts[name].shape == array.shape for name, array in want.parts.items())


def alike(one, other):
    """True if two calls did the same: the same error, kind of wrong result, or numbers."""
    if one.error or other.error or one.problem or other.problem:
        return (one.error, one.form or one.problem) == (other.error, other.form or other.problem)
    return one.changed == other.changed and same_parts(one, other)


def group_of(name):
    """Return the result or argument that a part belongs to: "parameters" for "parameters.W_xh"."""
    return name.split(".")[0]


def in_group(outcome, group):
    """Return the parts of one result or argument."""
    return {name: array for name, array in outcome.parts.items() if group_of(name) == group}


def same_group(one, other, group):
    """True if two outcomes agree in one result or argument."""
    mine, yours = in_group(one, group), in_group(other, group)
    return bool(mine) and mine.keys() == yours.keys() and all(same(mine[name], yours[name]) for name in mine)
