"""Instant answers for the exercises on the pages.

    check("softmax", softmax)   not started, not yet (and where the mistake is) or correct
    hint("softmax")             one more hint at each call
    solution("softmax")         the finished function, and why it is so

End a cell with one of these calls: the result shows itself. What the exercises are, and which mistakes are
known, stands in exercise_bank.py.
"""

import builtins
import contextlib
import ctypes
import difflib
import dis
import functools
import html
import inspect
import io
import linecache
import numbers
import random
import re
import sys
import threading
import time
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from exercise_bank import EXERCISES, ZEROS

from rnn_helpers import Parameters

__all__ = ["check", "hint", "solution"]

NOT_STARTED, NOT_YET, CORRECT = "not started", "not yet", "correct"
SECONDS = 4.0  # code that runs longer is stopped

_hints_shown = {}


def check(name, function=None):
    """Try the function on the inputs of an exercise and return a CheckResult. Never raises.

    name      of the exercise, such as "softmax"
    function  yours
    The result has .verdict ("not started", "not yet" or "correct") and .message. Your variables, the global random
    numbers and the screen stay as they are: the function gets fresh inputs, and what it prints is collected.
    """
    exercise = EXERCISES.get(name) if isinstance(name, str) else None
    if exercise is None:
        return CheckResult("check", NOT_YET, _unknown(name))
    expected = _expected_outcomes(name)
    trial = _run(name, exercise, function)
    if trial.stopped:
        verdict, message, index = NOT_YET, trial.stopped, len(trial.outcomes)
    else:
        verdict, message, index = _judge(name, exercise, trial, expected)
    printed = ""
    if verdict == NOT_YET:
        message += f'\nStuck? hint("{name}") helps.'
        printed = trial.printed(index)
    return CheckResult(name, verdict, message, printed)


def hint(name):
    """Return the hints of an exercise that you have asked for so far, one more at each call."""
    exercise = _find(name)
    count = len(exercise.hints)
    _hints_shown[name] = shown = min(_hints_shown.get(name, 0) + 1, count)
    lines = [f"{number} of {count}: {text}" for number, text in enumerate(exercise.hints[:shown], 1)]
    if shown == count:
        lines.append(f'That was the last one. solution("{name}") shows the finished function.')
    return Note(f"hints for {name}", "\n".join(lines))


def solution(name):
    """Return the source of the finished function of an exercise, and why it is so."""
    exercise = _find(name)
    source = inspect.getsource(exercise.function).rstrip()
    return Note(f"a solution for {name}", f"Why: {exercise.why}", _imports(exercise.function) + source)


def _imports(function):
    """Return the imports that a function needs to run anywhere, as code."""
    codes = [function.__code__]  # and those of the comprehensions in it
    for code in codes:
        codes += [constant for constant in code.co_consts if inspect.iscode(constant)]
    names = dict.fromkeys(name for code in codes for name in code.co_names)
    used = {name: function.__globals__[name] for name in names if name in function.__globals__}
    modules = {name: value.__name__ for name, value in used.items() if inspect.ismodule(value)}
    lines = [f"import {module}" + f" as {name}" * (name != module) for name, module in modules.items()]
    for module in ("rnn_helpers", "exercise_bank"):
        names = [name for name, value in used.items() if getattr(value, "__module__", "") == module]
        lines += [f"from {module} import {', '.join(names)}"] * bool(names)
    return "\n".join(lines) + "\n\n\n" if lines else ""


# ---------------------------------------------------------------- what is shown


class Note:
    """A title and some text, for a notebook (HTML that fits light and dark pages) and for a terminal."""

    color = "#3b82c4"  # of the bar at the left; the letters keep the color of the page

    def __init__(self, title, text, code=""):
        self.title = title
        self.text = text
        self.code = code

    def __repr__(self):
        code = f"\n\n{self.code}\n" if self.code else ""
        return f"{self.title}{code}\n" + "\n".join(f"  {line}" for line in self.text.split("\n"))

    def _repr_html_(self):
        text = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(self.text, quote=False))
        code = f"<pre>{html.escape(self.code, quote=False)}</pre>" if self.code else "\n"
        return (
            f'<div style="border-left: 4px solid {self.color}; padding: 0.3em 0.8em; white-space: pre-wrap">'
            f"<b>{html.escape(self.title, quote=False)}</b>{code}{text}</div>"
        )


class CheckResult(Note):
    """What check found: .verdict, .message, and what the function .printed (shown if it is not yet right)."""

    colors = {NOT_STARTED: "#888888", NOT_YET: "#d97706", CORRECT: "#2e9e4f"}

    def __init__(self, name, verdict, message, printed=""):
        self.name = name
        self.verdict = verdict
        self.message = message
        self.printed = printed
        self.color = self.colors[verdict]
        super().__init__(f"{name}: {verdict}", message + (f"\nIt printed:\n{printed}" if printed else ""))


# ---------------------------------------------------------------- names


def _unknown(name):
    names = ", ".join(EXERCISES)
    if callable(name):
        return f'First the name, then the function: check("softmax", softmax). The names are {names}.'
    if not isinstance(name, str):
        return f"The name of an exercise is text, such as {'softmax'!r}, not {_describe(name)}. The names are {names}."
    close = difflib.get_close_matches(name, EXERCISES, 1)
    meant = f" Did you mean {close[0]!r}?" if close else ""
    return f"There is no exercise {name!r}.{meant} The names are {names}."


def _find(name):
    if not isinstance(name, str) or name not in EXERCISES:
        raise ValueError(_unknown(name))
    return EXERCISES[name]


# ---------------------------------------------------------------- running the learner's code


class _Stopped(BaseException):
    """Ends the learner's code when its time is up.

    Code that catches everything, in an endless loop, would run on. So in the end the thread is parked: it
    waits here for ever, where it costs nothing.
    """

    def __init__(self):
        thread = threading.current_thread()
        if thread.park:
            thread.parked = True
            threading.Event().wait()


class _Worker(threading.Thread):
    """The thread in which the learner's code runs. Its lock `running` is open again when it has ended.

    Not asked: Thread.join and Thread.is_alive. In Python 3.10 to 3.12, an interrupt during join makes a thread
    pass for ended while it runs on.
    """

    park = parked = False

    def __init__(self, work):
        super().__init__(target=work, daemon=True)
        self.running = threading.Lock()
        self.running.acquire()

    def run(self):
        # work() catches _Stopped too. This is for one that comes while the first is on its way out.
        with contextlib.suppress(_Stopped):
            try:
                super().run()
            finally:
                self.running.release()


@dataclass
class _Outcome:
    """What one call did: an error, or a result that is no answer at all (problem), or the parts of an answer."""

    error: str = ""
    line: str = ""
    problem: str = ""
    nothing: bool = False
    parts: dict = field(default_factory=dict)
    word: str = "an array"  # what the result is called in a message
    changed: list = field(default_factory=list)
    printed: str = ""


class _Trial:
    """All calls of the learner's function: each case twice, to see whether it answers the same again."""

    def __init__(self):
        self.refused = ""  # why it was not called at all
        self.idle = False  # True if it is a stub
        self.own_name = ""
        self.outside = []  # the names of data, not functions, that it takes from the page
        self.stopped = ""  # why it was stopped
        self.outcomes = []
        self.again = []
        self.buffer = io.StringIO()
        self.start = 0  # where in the buffer the last call began

    def printed(self, index):
        text = self.outcomes[index].printed if index < len(self.outcomes) else self.buffer.getvalue()[self.start :]
        lines = text.rstrip().split("\n") if text.strip() else []
        shown = [line[:100] + (" ..." if len(line) > 100 else "") for line in lines[:8]]
        return "\n".join(shown + (["..."] if len(lines) > 8 else []))


def _run(name, exercise, function):
    """Call the learner's function on all cases, in a thread of its own, and return a _Trial.

    The thread makes three things safe at once: an endless loop can be stopped on every system, an interrupt by
    the learner ends the check as usual, and np.seterr in the learner's code ends with the thread.
    """
    trial = _Trial()

    def work():
        with contextlib.suppress(_Stopped), np.errstate(all="ignore"):
            try:
                trial.refused = _not_callable(name, exercise, function)
                trial.idle = _does_nothing(function)
                trial.own_name = str(getattr(function, "__name__", ""))
                trial.outside = _data_from_outside(function)
            except Exception as error:
                trial.refused = f"This cannot be called: {_describe_error(error)}"
            if trial.refused:
                return
            for outcomes in (trial.outcomes, trial.again):
                for case in exercise.cases():
                    trial.start = trial.buffer.tell()
                    outcome = _outcome(exercise, function, case)
                    outcome.printed = trial.buffer.getvalue()[trial.start :]
                    outcomes.append(outcome)

    states = random.getstate(), np.random.get_state(), builtins.input
    builtins.input = _no_input
    try:
        with (
            warnings.catch_warnings(),
            contextlib.redirect_stdout(trial.buffer),
            contextlib.redirect_stderr(trial.buffer),
        ):
            warnings.simplefilter("ignore")
            trial.stopped = _within_time(work)
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
        builtins.input = states[2]
    return trial


def _no_input(*prompt):
    raise RuntimeError("input() waits for the keyboard. Take the values from the arguments")


def _within_time(work):
    """Run work() in a thread for at most SECONDS. Return "" or, if it had to be stopped, what to tell the learner."""
    thread = _Worker(work)
    end = time.monotonic() + SECONDS
    in_time, where = False, ""
    try:
        thread.start()
        while not in_time and time.monotonic() < end:
            in_time = thread.running.acquire(timeout=0.05)  # in small pieces: an interrupt comes through on Windows too
        if not in_time:
            where = _own_line(_stack(sys._current_frames().get(thread.ident)))
    finally:  # also after an interrupt
        ended = in_time or _stop(thread)
    if in_time:
        return ""
    return _lines(
        f"It was still running after {SECONDS:g} seconds and was stopped.",
        f"in {where}" if where else "",
        "Is there a loop that never ends? What must change in each round so that it does?",
        "" if ended else "It waits inside that one call, and stops when the call ends.",
    )


def _stop(thread):
    """Raise _Stopped in the thread until it ends, and park it if it does not. True if it is out of the way."""
    started = time.monotonic()
    while time.monotonic() < started + 1:
        with contextlib.suppress(KeyboardInterrupt):  # the learner presses the button again: it is being done
            thread.park = time.monotonic() > started + 0.5
            ident, error = ctypes.c_ulong(thread.ident or 0), ctypes.py_object(_Stopped)
            if ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, error) == 0 and thread.ident:
                return True  # there is no such thread any more
            if thread.running.acquire(timeout=0.05) or thread.parked:
                return True
    return False


def _not_callable(name, exercise, function):
    """Return why the function cannot be tried, or ""."""
    arguments = exercise.arguments
    example = f'check("{name}", {name})'
    if function is None:
        return f"There is no function to check. Write {example}."
    if inspect.isclass(function):
        return f"{function.__name__} is a class. This exercise wants a function: def {name}({', '.join(arguments)})."
    if not callable(function):
        return f"You gave {_describe(function)}, not a function. Write {example}: no parentheses after the second name."
    if inspect.isgeneratorfunction(function) or inspect.iscoroutinefunction(function):
        word = "yield" if inspect.isgeneratorfunction(function) else "async"
        return f"Your function has `{word}` in it, so a call does not give a result. Use a plain def with `return`."
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):  # some functions made in C do not tell
        return ""
    for case in exercise.cases():
        try:
            signature.bind(*case.args)
        except TypeError:
            wanted = inspect.signature(exercise.function)
            return f"It must work as {name}{wanted}, but your function takes {signature}."
    own = [parameter for parameter in signature.parameters if parameter in arguments]
    if own != [argument for argument in arguments if argument in own]:
        return (
            f"The arguments are in another order than in the exercise: it is called as {name}({', '.join(arguments)})."
        )
    return ""


def _outcome(exercise, function, case):
    """Call the function on one case and return an _Outcome; nothing of it is shared with the arguments."""
    arrays = _named_arrays(exercise, case.args)
    before = {name: array.copy() for name, array in arrays.items()}
    outcome = _Outcome()
    with np.errstate(all="ignore"):
        try:
            result = function(*case.args)
            if exercise.in_place:
                kept = {name: array for name, array in arrays.items() if name.split(".")[0] in exercise.in_place}
                outcome.parts = {name: array.copy() for name, array in kept.items()}
            else:
                _take_apart(exercise, result, outcome)
            if exercise.function.__name__ == "sample_ids":  # the draws must have come from rng, one for each id
                outcome.parts["the next random number"] = np.array(case.args[-1].random())
        except _Stopped:
            raise
        except BaseException as error:  # also SystemExit: whatever the code does, the check goes on
            outcome.error = _describe_error(error)
            outcome.line = _own_line(_traceback(error))
    outcome.changed = [
        name
        for name, array in arrays.items()
        if name.split(".")[0] not in exercise.in_place and not _unchanged(before[name], array)
    ]
    return outcome


@functools.cache
def _expected_outcomes(name):
    """Return what the right function does in each case."""
    exercise = EXERCISES[name]
    return [_outcome(exercise, exercise.function, case) for case in exercise.cases()]


@functools.cache
def _bank(name):
    """Return (message, what the wrong function does in each case) for each known mistake of an exercise."""
    exercise = EXERCISES[name]
    return [(text, [_outcome(exercise, wrong, case) for case in exercise.cases()]) for text, wrong in exercise.bugs]


def _named_arrays(exercise, args):
    arrays = {}
    for name, value in zip(exercise.arguments, args):
        if isinstance(value, np.ndarray):
            arrays[name] = value
        elif isinstance(value, Parameters):
            arrays |= {f"{name}.{key}": array for key, array in value._asdict().items()}
    return arrays


def _unchanged(before, after):
    # A hair of rounding is no change: x + epsilon - epsilon need not be x.
    return before.shape == after.shape and bool(_close(after, before, 1e-12, 1e-12).all())


def _take_apart(exercise, result, outcome):
    """Fill outcome.parts with the arrays of a result, or say in outcome.problem why it is none."""
    names, pairs = exercise.returns, exercise.kind == "pairs"
    if _too_deep(result):
        outcome.problem = "It returned lists inside lists inside lists: is a list appended to itself?"
        return
    if result is None or result is Ellipsis:
        outcome.nothing, outcome.problem = True, "It returned nothing (None)."
        return
    if not names:
        values = {"": result}
        outcome.word = f"a {type(result).__name__}" if isinstance(result, (tuple, list)) else "an array"
    elif not isinstance(result, (tuple, list, np.ndarray)):
        outcome.problem = f"It returned {_describe(result)}."
        return
    elif not pairs:
        if len(result) != len(names):
            outcome.problem = f"It returned {_describe(result)}."
            return
        values = dict(zip(names, result))
    else:
        values = {}
        for index, pair in enumerate(result):
            if not isinstance(pair, (tuple, list, np.ndarray)) or len(pair) != 2:
                outcome.problem = f"It returned {_describe(result)}, and entry {index} is {_describe(pair)}."
                return
            values |= {f"{name} of sequence {index}": value for name, value in zip(names, pair)}
    whole = exercise.kind in ("ids", "pairs")
    for name, value in values.items():
        subject = name or "The result"
        if value is None:
            outcome.problem = f"{subject} is None."
            return
        try:
            array = np.array(value)  # a copy: the next call may change the original
        except Exception:
            array = np.array(None)
        if array.dtype.kind not in "biuf":
            mixed = ""
            if isinstance(value, (tuple, list, np.ndarray)):
                mixed = ", no table of numbers: rows of different length, or an entry that is not a number"
            outcome.problem = f"{subject} is {_describe(value)}{mixed}."
            return
        if whole and array.size and array.dtype.kind not in "iu":
            example = array.ravel()[0]
            kind = "True or False" if array.dtype.kind == "b" else "a number with a decimal point"
            verb = "holds" if array.ndim else "is"
            outcome.problem = f"{subject} {verb} {example}, {kind}. An id or a count is a whole number."
            return
        outcome.parts[name] = array


def _too_deep(value, depth=5):
    """True if lists lie in lists deeper than any answer does, as in one that holds itself: NumPy would not end."""
    return isinstance(value, (tuple, list)) and (depth == 0 or any(_too_deep(entry, depth - 1) for entry in value))


def _describe(value):
    """Return a short description of any value."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, (tuple, list)):
        inside = ", ".join(
            f"shape {entry.shape}" if isinstance(entry, np.ndarray) else type(entry).__name__ for entry in value[:5]
        )
        more = ", ..." if len(value) > 5 else ""
        return f"a {type(value).__name__} of {len(value)} ({inside}{more})"
    if inspect.isgenerator(value):
        return "a generator, which makes its values later"
    if isinstance(value, (bool, int, float, complex, np.generic)):
        return f"{value} (type {type(value).__name__})"
    return f"a value of type {type(value).__name__}"


# ---------------------------------------------------------------- finding the learner's line


_COURSE_FILES = {
    check.__code__.co_filename,
    EXERCISES["one_hot"].function.__code__.co_filename,
    EXERCISES["softmax"].function.__code__.co_filename,
}
_LIBRARIES = (str(Path(np.__file__).parent), str(Path(inspect.__file__).parent), "<frozen", "<__array_function__")


def _is_learners(file):
    return not (file in _COURSE_FILES or file.startswith(_LIBRARIES) or "site-packages" in file)


def _traceback(error):
    """Return (file, line) of each call that led to the error, the innermost first."""
    calls, step = [], error.__traceback__
    while step is not None:
        calls.append((step.tb_frame.f_code.co_filename, step.tb_lineno))
        step = step.tb_next
    return calls[::-1]


def _stack(frame):
    calls = []
    while frame is not None:
        calls.append((frame.f_code.co_filename, frame.f_lineno))
        frame = frame.f_back
    return calls


def _own_line(calls):
    """Return the innermost of the learner's own lines among the calls, as text, or ""."""
    for file, number in calls:
        if _is_learners(file) and number:
            code = linecache.getline(file, number).strip()
            return f"line {number}: `{code}`" if code else f"line {number}"
    return ""


def _one_line(error):
    text = " ".join(str(error).split()) or "no message"
    text = re.sub(r"0x[0-9a-fA-F]{6,}", "0x...", text)
    return text[:300] + (" ..." if len(text) > 300 else "")


def _describe_error(error):
    try:
        return f"{type(error).__name__}: {_one_line(error)}"
    except Exception:  # an error whose own str() fails
        return type(error).__name__


# What a message of Python or NumPy means here. The first whose pattern is found is shown.
_ERROR_NOTES = [
    (
        "Cannot interpret '.*' as a data type",
        "The shape is one argument: np.zeros((rows, columns)), in double parentheses.",
    ),
    (
        "arrays used as indices must be of integer",
        "An array used as an index must hold whole numbers, and here they have a decimal point: np.arange gives whole "
        "ones, np.zeros only with dtype=int.",
    ),
    (
        "broadcast|matmul|not aligned|mismatch",
        "Two sizes do not fit together. Write the shape of each side in letters, and see which one is not what you "
        "think.",
    ),
    (
        "UnboundLocalError",
        "The name has no value yet at that point: it gets one only further down, or in a branch that was not taken. "
        "For `+=` it needs a start value.",
    ),
    (
        "NameError",
        "Python does not know this name at that point: is it spelled right, and set before it is used?",
    ),
    (
        "RecursionError",
        "Your function calls itself without end. Did you mean to call a function of another name?",
    ),
    ("NoneType", "Something is None there. A function without `return` gives None."),
    (
        "IndexError.*(too many indices|integer|scalar)",
        "Look at the number and the kind of the indices: does the array have so many axes?",
    ),
    ("IndexError", "An index lies outside the array. How many rows and columns does it have? They count from 0."),
    ("truth value", "A comparison of arrays gives many answers, and `if` or `while` needs one."),
    (
        "setting an array element|inhomogeneous",
        "An array is written where one number belongs, or rows of different length are put together.",
    ),
    ("only .* can be converted", "An array stands where one number is needed."),
    ("bitwise_xor", "In Python `^` is not a power. Write `**`."),
    (
        "tuple indices",
        "That is a tuple, such as the five parameters: take one by its name, parameters.W_hh, or give all five names.",
    ),
    (
        "can't set attribute|has no setter",
        "parameters.W_xh cannot be given a new array, and `-=` tries to. Give the array a name of its own first, or go "
        "through all five with a loop.",
    ),
    ("multiply sequence", "A tuple or list cannot be multiplied by a number. Go through its arrays with a loop."),
    ("unsupported operand type.*(tuple|list)", "A tuple or list is no array. Take out the arrays one by one."),
    ("not callable", "Parentheses call a function, square brackets take an entry. Which do you want there?"),
    ("not iterable", "A single number cannot be looped over. range(n) gives the numbers 0 to n - 1."),
    (
        "not subscriptable|item assignment",
        "That is one number, or a function, not an array: it has no entries to take.",
    ),
    ("read-only", "You write into an array that may not be changed. Make a copy."),
    (
        "AxisError",
        "The array has fewer axes than you think: what is its shape? axis=-1 means the last one, however many there "
        "are.",
    ),
    ("unpack", "The number of names on the left is not the number of values on the right."),
    ("NotImplementedError", "Take out the line that raises it and put your code there."),
    ("ZeroDivisionError", "Something is divided by 0."),
    ("SystemExit|KeyboardInterrupt", "Leave out the call that ends the program: a function ends with `return`."),
]


def _error_note(error, line):
    lost_axis = re.search(r"shapes \((\d+),(\d+)\) \(\1,\)", error)
    if lost_axis and re.search(r"\b(sum|max|mean)\(|[-/]", line) and not re.search(r"[@*]|targets|ids", line):
        return (
            "A sum or a maximum over the last axis loses that axis. With keepdims=True it keeps it, and the sides fit."
        )
    return next((note for pattern, note in _ERROR_NOTES if re.search(pattern, error)), "")


# ---------------------------------------------------------------- the verdict


def _judge(name, exercise, trial, expected):
    """Return (verdict, message, index of the case that shows it)."""
    if trial.refused:
        return NOT_YET, trial.refused, 0
    outcomes, cases = trial.outcomes, exercise.cases()
    right = [
        not (got.error or got.problem or got.changed) and _same_parts(got, want)
        for got, want in zip(outcomes, expected)
    ]
    steady = all(_alike(got, again) for got, again in zip(outcomes, trial.again))
    if all(right) and steady:
        return CORRECT, exercise.notice, 0
    if trial.idle and all(got.nothing or exercise.in_place for got in outcomes):
        return NOT_STARTED, f'Put your code where the ... is, and run the cell again. For a nudge: hint("{name}").', 0

    known = _known_mistake(name, outcomes, expected)
    other = trial.own_name
    mixed_up = (
        f"You gave the function {other} to the exercise {name}.\n" if other in EXERCISES and other != name else ""
    )
    if trial.outside:
        mixed_up += (
            f"It takes {', '.join(trial.outside)} from outside the function: use what comes in through the arguments.\n"
        )
    for find in (_say_raised, _say_wrong_type, _say_wrong_shape, _say_changed):
        for index, (case, got, want) in enumerate(zip(cases, outcomes, expected)):
            message = find(exercise, case, got, want, known)
            if message:
                return NOT_YET, mixed_up + message, index
    if not steady:
        return (
            NOT_YET,
            "Called again with the same arguments, it gives another result. Does it use random numbers of its own, "
            "np.empty (which is not zeros), or a variable outside the function that keeps its value?",
            0,
        )
    index = right.index(False)
    message = known or _lines(
        _where_right(cases, right), _say_difference(exercise, cases[index], index, outcomes, expected)
    )
    return NOT_YET, mixed_up + message, index


def _lines(*lines):
    return "\n".join(line for line in lines if line)


def _does_nothing(function):
    """True if the body is only ..., pass, a docstring, or names given to the arguments: a stub."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    harmless = (
        "RESUME",
        "LOAD_CONST",
        "LOAD_FAST",
        "STORE_FAST",
        "UNPACK_SEQUENCE",
        "RETURN",
        "NOP",
        "POP_TOP",
        "CACHE",
    )
    return all(step.opname.startswith(harmless) for step in dis.get_instructions(code))


def _data_from_outside(function):
    """Return the names of arrays, numbers and the like that a function takes from the page."""
    code, page = getattr(function, "__code__", None), getattr(function, "__globals__", {})
    names = [step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"] if code else []
    data = (np.ndarray, numbers.Number, tuple, list, dict, str)
    return [name for name in dict.fromkeys(names) if isinstance(page.get(name), data)]


def _close(got, want, rtol=1e-6, atol=1e-9):
    """Return where the numbers agree. Sums in another order differ in the last digits; float32 has only seven."""
    if got.dtype == np.float32:
        rtol, atol = 1e-4, 1e-5
    got, want = np.asarray(got, float), np.asarray(want, float)
    with np.errstate(all="ignore"):
        return (np.abs(got - want) <= atol + rtol * np.abs(want)) | (got == want) | (np.isnan(got) & np.isnan(want))


def _same(got, want):
    return got.shape == want.shape and bool(_close(got, want).all())


def _same_parts(got, want):
    return got.parts.keys() == want.parts.keys() and all(_same(got.parts[key], want.parts[key]) for key in want.parts)


def _alike(one, other):
    """True if two calls did the same: same error, or same kind of wrong result, or same numbers."""
    if one.error or other.error or one.problem or other.problem:
        return (one.error, one.problem) == (other.error, other.problem)
    return one.changed == other.changed and _same_parts(one, other)


# ---------------------------------------------------------------- the bug bank


def _known_mistake(name, outcomes, expected):
    """Return the message of the mistake that gives the learner's results, or "".

    If no mistake explains all of it, the first part that is wrong is compared alone: of two mistakes in
    two parts, the learner hears of the first.
    """
    cases = range(len(outcomes))
    exercise, bank = EXERCISES[name], _bank(name)
    for message, wrong in bank:
        if all(_alike(outcomes[k], wrong[k]) for k in cases):
            return message
    group = _first_wrong_group(exercise, outcomes, expected)
    if not group:
        return ""

    def same_in(group, ones, others):
        return all(_same_group(ones[k], others[k], group) for k in cases)

    def same_changes(wrong):
        return all(outcomes[k].changed == wrong[k].changed for k in cases)

    matches = [known for known in bank if same_in(group, outcomes, known[1]) and same_changes(known[1])]
    for message, wrong in matches:  # best: a mistake that is in this part alone
        if all(same_in(other, wrong, expected) for other in _groups(exercise) if other != group):
            return message
    return f"In {group}: {matches[0][0]}" if matches else ""


def _groups(exercise):
    """Return the parts of a result that can go wrong one by one, in the order in which they are computed."""
    if len(exercise.in_place) > 1:
        return [*exercise.in_place[1:], exercise.in_place[0]]
    if exercise.kind != "numbers" or exercise.returns == Parameters._fields:
        return []
    return ["hidden", "loss"] if exercise.returns == ("loss", "hidden") else list(exercise.returns)


def _group(outcome, group):
    return {name: array for name, array in outcome.parts.items() if name.split(".")[0] == group}


def _same_group(one, other, group):
    mine, yours = _group(one, group), _group(other, group)
    return bool(mine) and mine.keys() == yours.keys() and all(_same(mine[name], yours[name]) for name in mine)


def _first_wrong_group(exercise, outcomes, expected):
    if any(outcome.error or outcome.problem for outcome in outcomes):
        return ""
    for group in _groups(exercise):
        if not all(_same_group(got, want, group) for got, want in zip(outcomes, expected)):
            return group
    return ""


# ---------------------------------------------------------------- messages: raised, type, shape, changed


def _say_raised(exercise, case, got, want, known):
    if not got.error:
        return ""
    at = f"in {got.line}" if got.line else ""
    note = known or _error_note(got.error, got.line)
    return _lines(f"It raised {got.error}", at, _sizes_named(got.error, case), f"Tried with {_with_sizes(case)}.", note)


def _sizes_named(error, case):
    """Say what the sizes in a message of NumPy stand for."""
    letters = _letters(case)
    places = re.findall(r"size (\d+)|different from (\d+)|\(([\d, ]+)\)", error)
    sizes = dict.fromkeys(int(size) for place in places for size in re.findall(r"\d+", " ".join(place)))
    named = [f"{size} is {letters[size]}" for size in sizes if size in letters]
    return f"Here {', '.join(named)}." if named else ""


def _say_wrong_type(exercise, case, got, want, known):
    if not got.problem:
        return ""
    note = known
    if got.nothing and not known:
        note = "Does every way through the function end in a `return`?"
        if got.printed.strip():
            note = "It printed something, but to print is not to return: end with `return`."
    return _lines(
        f"{got.problem} Expected: {_expected(exercise, case, want)}.", f"Tried with {_with_sizes(case)}.", note
    )


def _say_wrong_shape(exercise, case, got, want, known):
    if exercise.kind == "pairs" and len(got.parts) != len(want.parts):
        count = f"It returned {len(got.parts) // 2} sequences, expected: {len(want.parts) // 2}."
        return _lines(count, f"Tried with {_with_sizes(case)}.", known)
    for name, right in want.parts.items():
        array = got.parts[name]
        if array.shape != right.shape:
            is_swapped = not known and len(want.parts) > 1 and _only_swapped(got, want)
            note = "The results seem to come in another order than asked for." if is_swapped else known
            return _lines(
                f"{name or 'The result'} is {_shape(array, case, got.word)}, expected: {_shape(right, case)}.",
                f"Tried with {_with_sizes(case)}.",
                note or _shape_note(array, right),
            )
    return ""


def _shape_note(array, right):
    if array.shape == right.shape[::-1]:
        return "Rows and columns are swapped."
    if array.size == right.size == 1:
        return "It is one number inside a list or an array: return the number itself."
    if array.size == right.size:
        return "As many numbers as expected, but arranged in another way."
    return ""


def _only_swapped(got, want):
    shapes = [array.shape for array in got.parts.values()], [array.shape for array in want.parts.values()]
    return sorted(shapes[0]) == sorted(shapes[1])


def _say_changed(exercise, case, got, want, known):
    if not got.changed:
        return ""
    message = (
        f"It changes its argument {' and '.join(got.changed)} in place. The caller still needs the old values: work on "
        "a copy, or make a new array."
    )
    return _lines(message, known)


def _expected(exercise, case, want):
    if exercise.kind == "pairs":
        return "a list of pairs (inputs, targets)"
    whole = exercise.kind == "ids"
    shapes = {
        name: _shape(array, case, whole=whole) for name, array in want.parts.items() if name in ("", *exercise.returns)
    }
    if "" in shapes:
        return shapes[""]
    return f"{len(shapes)} results, " + ", ".join(f"{name} ({shape})" for name, shape in shapes.items())


def _with_sizes(case):
    sizes = ", ".join(f"{letter} = {size}" for letter, size in case.sizes.items() if f"{letter} = " not in case.label)
    return f"{case.label} ({sizes})" if sizes else case.label


def _letters(case):
    """Return what each size stands for in this case, such as {5: "T", 6: "T+1"}; a size of 1 stays a number."""
    letters = {size: letter for letter, size in case.sizes.items() if size > 1}
    if "T" in case.sizes:
        letters.setdefault(case.sizes["T"] + 1, "T+1")
    return letters


def _shape(array, case, word="an array", whole=False):
    if array.ndim == 0:
        return "one whole number" if whole else "one number"
    letters = _letters(case)
    named = [letters.get(size, str(size)) for size in array.shape]
    comma = "," if array.ndim == 1 else ""
    numbers = "" if named == [str(size) for size in array.shape] else f" = {array.shape}"
    return f"{word} of shape ({', '.join(named)}{comma}){numbers}"


# ---------------------------------------------------------------- messages: the first difference


_AXES = {"T": "time step", "T+1": "row", "V": "character id", "H": "hidden unit", "B": "stream", "length": "position"}


def _where_right(cases, right):
    """Return for which inputs the results are right, if there are any."""
    good = [case.label for case, fine in zip(cases, right) if fine]
    bad = [case.label for case, fine in zip(cases, right) if not fine]
    if not good or not bad:
        return ""
    # In some cases one argument is all zeros: what is done with it, right or wrong, then plays no part.
    silent = [label.removesuffix(ZEROS) for label in good if label.endswith(ZEROS)]
    if silent and (len(silent) == len(good) or any(label.endswith(ZEROS) for label in bad)):
        names = " or ".join(silent)
        return f"It is right when {names} is all zeros, and wrong otherwise: look at what you do with {names}."
    good = [label for label in good if not label.endswith(ZEROS)]
    bad = [label for label in bad if not label.endswith(ZEROS)]
    if not good or not bad:
        return ""
    word, labels = ("Right", good) if len(good) <= len(bad) else ("Wrong", bad)
    more = f"; and {len(labels) - 4} more" if len(labels) > 4 else ""
    return f"{word} only with: {'; '.join(labels[:4])}{more}."


def _say_difference(exercise, case, index, outcomes, expected):
    """Say where a result first differs, and by how much, but not what is right."""
    got, want = outcomes[index], expected[index]
    groups = [group for group in _groups(exercise) if _group(want, group)]
    order = [name for group in groups for name in _group(want, group)] or list(want.parts)
    wrong = [name for name in order if not _same(got.parts[name], want.parts[name])]
    name = wrong[0]
    if name == "the next random number":
        return "The ids are right, but another number of random numbers was taken from rng: one for each id."
    fine = [group for group in groups if _same_group(got, want, group)]
    if not groups and exercise.kind == "numbers" and len(order) > 1:
        fine = [part for part in order if part not in wrong]
    intro = f"{', '.join(fine)} {'are' if len(fine) > 1 else 'is'} right." if fine else ""
    tried = f"Tried with {_with_sizes(case)}."
    mine, right = got.parts[name], want.parts[name]
    for argument, array in _named_arrays(exercise, case.args).items():
        if array.shape == mine.shape and mine.ndim and _same(mine, array):
            verb = "has not changed" if exercise.in_place else f"is the same as the argument {argument}"
            return _lines(tried, intro, f"{name or 'The result'} {verb}.")
    if mine.ndim == 0:
        found = _scalar_pattern(name, outcomes, expected)
    else:
        found = _common_factor(exercise, case, got, want, wrong)
    remark = exercise.remark(case, got.parts) if exercise.remark else ""
    return _lines(tried, intro, found or _pattern(name, mine, right, case, exercise.backwards), remark)


def _scalar_pattern(name, outcomes, expected):
    """Return what is wrong with a number in the same way in all cases, or ""."""
    mine = np.array([outcome.parts[name] for outcome in outcomes], float)
    right = np.array([outcome.parts[name] for outcome in expected], float)
    subject = name or "The result"
    if not np.isfinite(mine).all():
        return ""
    ratios = mine[right != 0] / right[right != 0]
    if len(ratios) > 1 and np.allclose(ratios, ratios[0], rtol=1e-6) and np.allclose(mine[right == 0], 0):
        if abs(ratios[0] + 1) < 1e-6:
            return f"{subject} has the wrong sign, each time."
        if abs(ratios[0]) < 1e-9:
            return f"{subject} is 0, each time."
        return f"{subject} is {ratios[0]:.4g} times as large as it should be, each time."
    offsets = mine - right
    if len(mine) > 1 and np.allclose(offsets, offsets[0], rtol=1e-6) and abs(offsets[0]) > 1e-9:
        return f"{subject} is too {'large' if offsets[0] > 0 else 'small'} by {_number(abs(offsets[0]))}, each time."
    return ""


def _common_factor(exercise, case, got, want, wrong):
    """Return by which factor several arrays are off together, or the steps of an in-place exercise, or ""."""
    group = wrong[0].split(".")[0]
    if exercise.in_place:
        wrong = [name for name in wrong if name.split(".")[0] == group]
    mine = np.concatenate([got.parts[name].ravel() for name in wrong])
    right = np.concatenate([want.parts[name].ravel() for name in wrong])
    if exercise.in_place:
        before = _named_arrays(exercise, case.args)
        before = np.concatenate([before[name].ravel() for name in wrong])
        mine, right = mine - before, right - before
    elif len(wrong) == 1:
        return ""
    factor = _single_factor(mine, right)
    if factor is None:
        return ""
    what = f"The change of {group}" if exercise.in_place else ", ".join(wrong)
    if abs(factor + 1) < 1e-6:
        return f"{what}: the wrong sign everywhere."
    return f"{what}: every entry is {_factor(factor, case)} times as large as it should be."


def _single_factor(mine, right):
    """Return the factor between two arrays if there is one for all entries, else None."""
    large = np.abs(right) > 1e-6
    if not np.isfinite(mine).all() or not large.any():
        return None
    factor = float(mine[large][0] / right[large][0])
    is_one_factor = np.allclose(mine, factor * right, rtol=1e-6, atol=1e-9)
    return factor if is_one_factor and f"{factor:.6g}" != "1" else None


def _pattern(name, mine, right, case, backwards):
    """Describe how an array differs from the right one: a pattern if there is one, then the first entry."""
    subject = name or "The result"
    if mine.ndim == 0:
        ratio = float(mine / right) if right else 0.0
        round_ratio = ratio not in (0, 1) and abs(float(f"{ratio:.2g}") / ratio - 1) < 1e-6
        times = f" ({ratio:.2g} times as large as it should be)" if round_ratio else ""
        return f"{subject} {_how_far(mine[()], right[()])}{times}."
    wrong = ~_close(mine, right)
    if mine.size > 1:
        whole = _whole_pattern(mine, right, case)
        if whole:
            return f"{subject}: {whole}"
    if backwards:  # the loop that makes it begins at the last row
        row = int(np.flatnonzero(wrong.any(axis=1))[-1])
        first = (row, int(np.argmax(wrong[row])))
        begin = "The loop runs backwards, and the step it begins with is wrong already."
        if row < len(mine) - 1:
            begin = f"The loop runs backwards: it is right down to time step {row + 1}, and goes wrong at {row}."
    else:
        first = tuple(int(index[0]) for index in np.nonzero(wrong))
        begin = _which(subject, wrong, case)
    entry = _entry(subject, first, right, case)
    if right.dtype.kind in "iu":  # ids: how far one is off says nothing
        return _lines(begin, f"The first that differs: {entry}.")
    return _lines(begin, f"The first that differs: {entry} {_how_far(mine[first], right[first])}.")


def _how_far(value, right):
    value, right = float(value), float(right)
    if not np.isfinite(value):
        return f"is {value}: an overflow, a division by 0, or the logarithm of 0 or of a negative number"
    off = value - right
    text = f"is too {'large' if off > 0 else 'small'} by {_number(abs(off))}"
    return text + (", and has the wrong sign" if value * right < 0 else "")


def _number(x):
    return f"{int(x)}" if float(x).is_integer() and abs(x) < 1e6 else f"{x:.3g}"


def _entry(subject, index, right, case):
    letters = _letters(case)
    names = [_AXES.get(letters.get(size, ""), "") for size in right.shape]
    words = ", ".join(f"{word} {number}" for word, number in zip(names, index) if word)
    place = ", ".join(map(str, index))
    label = f"entry [{place}]" if subject == "The result" else f"{subject}[{place}]"
    return f"{label} ({words})" if words else label


def _whole_pattern(mine, right, case):
    """Return what has happened to the whole array, if one thing explains it all."""
    if not np.isfinite(mine).all():
        return ""
    if mine.ndim == 2 and mine.shape[0] == mine.shape[1] and _same(mine.T, right):
        return "rows and columns are swapped (transposed)."
    if len(mine) > 1 and _same(mine[::-1], right):
        return "the rows are in reverse order." if mine.ndim > 1 else "the entries are in reverse order."
    if len(mine) > 2 and _same(mine[1:], right[:-1]):
        return "everything stands one place too late: place t + 1 holds what belongs at t."
    if len(mine) > 2 and _same(mine[:-1], right[1:]):
        return "everything stands one place too early: place t holds what belongs at t + 1."
    if not mine.any():
        return "all entries are 0."
    factor = _single_factor(mine, right)
    if factor is not None:
        if abs(factor + 1) < 1e-6:
            return "every entry has the wrong sign."
        return f"every entry is {_factor(factor, case)} times as large as it should be."
    offset = float((mine - right).ravel()[0])
    if np.allclose(mine - right, offset, rtol=1e-6, atol=1e-9):
        return f"every entry is too {'large' if offset > 0 else 'small'} by the same amount, {_number(abs(offset))}."
    if np.allclose(np.sort(mine.ravel()), np.sort(right.ravel()), rtol=1e-6, atol=1e-9):
        return "the numbers are right, but they stand in other places."
    return ""


def _factor(factor, case):
    known = {"ln 2": np.log(2), "1 / ln 2": 1 / np.log(2), "ln 10": np.log(10), "1 / ln 10": 1 / np.log(10)}
    for letter, size in case.sizes.items():
        known |= {letter: size, f"1/{letter}": 1 / size}
    names = [name for name, value in known.items() if value != 1 and abs(factor - value) < 1e-6 * abs(value)]
    return f"{factor:.6g}" + (f" (that is {names[0]} here)" if names else "")


def _which(subject, wrong, case):
    """Say which rows or columns are wrong, if not all are."""
    letters = _letters(case)
    if wrong.ndim == 0:
        return ""
    for axis in range(wrong.ndim):
        bad = wrong.any(axis=tuple(other for other in range(wrong.ndim) if other != axis))
        if bad.all() or wrong.shape[axis] == 1:
            continue
        word = _AXES.get(letters.get(wrong.shape[axis], ""), "") or ("row", "column")[axis % 2]
        numbers = np.flatnonzero(bad).tolist()
        count = len(bad)
        if len(numbers) > 1 and numbers == list(range(numbers[0], count)):
            return f"{subject} is right up to {word} {numbers[0] - 1} and wrong from {word} {numbers[0]} on."
        if len(numbers) > 1 and numbers == list(range(numbers[-1] + 1)):
            return f"{subject} is wrong up to {word} {numbers[-1]} and right from {word} {numbers[-1] + 1} on."
        plural = "s" if len(numbers) > 1 else ""
        return f"{subject} is right but for {word}{plural} {', '.join(map(str, numbers))}."
    return ""
