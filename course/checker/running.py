"""Calls the learner's function on all cases of an exercise, and looks at the function itself."""

import _thread
import builtins
import contextlib
import dis
import inspect
import io
import os
import signal
import sys
import warnings

import numpy as np

from course.base.hints import signature_without_hints
from course.checker.errors import describe_error
from course.checker.outcome import outcome_of
from course.checker.page import data_from_outside
from course.checker.restore import Snapshot
from course.checker.say.words import describe
from course.checker.timed import Stopped, within_time


class Trial:
    """All calls of the learner's function: each case twice, to see whether it answers the same again."""

    def __init__(self):
        self.refused = ""  # why it was not called at all
        self.idle = False  # True if it is a stub
        self.own_name = ""
        self.outside = {}  # what it, and each function that it calls, takes from the page
        self.stopped = ""  # why it was stopped
        self.outcomes = []
        self.again = []
        self.buffer = Printed()
        self.start = 0  # where in the buffer the last call began

    def printed(self, index):
        """Return what the call on one case printed, or what the call that was stopped printed, cut short."""
        return cut_short(
            self.outcomes[index].printed if index < len(self.outcomes) else self.buffer.getvalue()[self.start :]
        )


class Printed(io.StringIO):
    """What the learner's code prints. It stays open, also if the code closes its output."""

    def close(self):
        pass


def cut_short(text):
    """Return the beginning of what was printed."""
    lines = text.rstrip().split("\n") if text.strip() else []
    shown = [line[:100] + (" ..." if len(line) > 100 else "") for line in lines[:8]]
    return "\n".join(shown + (["..."] if len(lines) > 8 else []))


def run(exercise, function):
    """Call the learner's function on all cases and return a Trial."""
    trial = Trial()

    count = len(exercise.cases())

    def work():
        try:
            trial.refused = not_callable(exercise, function)
            trial.idle = does_nothing(function)
            trial.own_name = str(getattr(function, "__name__", ""))
            trial.outside = data_from_outside(function)
        except Exception as error:
            trial.refused = f"This cannot be called: {describe_error(error)}"
        if trial.refused:
            return
        for outcomes in (trial.outcomes, trial.again):
            for case in exercise.cases():
                trial.start = trial.buffer.tell()
                outcome = outcome_of(exercise, function, case)
                outcome.printed = trial.buffer.getvalue()[trial.start :]
                outcomes.append(outcome)

    trial.stopped = guarded(work, trial.buffer)
    is_whole = len(trial.outcomes) == len(trial.again) == count
    if not (trial.stopped or trial.refused or is_whole):
        trial.stopped = "Your code breaks off the check itself. A function takes its arguments and returns a result."
    return trial


def guarded(work, buffer, seconds=None):
    """Run work(), which calls the learner's code, in a thread of its own; print into the buffer.

    Return "" or, if its time was up, what to tell the learner. The thread makes three things safe at once: an endless
    loop can be stopped on every system, an interrupt by the learner ends the check as usual, and np.seterr in the
    learner's code ends with the thread. What the code has changed for all others is put back, and it is told.
    """

    def quietly():
        with contextlib.suppress(Stopped), np.errstate(all="ignore"):
            work()

    before = Snapshot()
    before.hold(vars(builtins), "input", _no_input)
    for module, names in _ENDING.items():
        for name in names:
            before.hold(vars(module), name, _no_ending)
    before.hold(vars(sys), "stdout", buffer)
    before.hold(vars(sys), "stderr", buffer)
    restore = before.restore  # at hand, whatever becomes of its class
    try:
        warnings.simplefilter("ignore")
        stopped = within_time(quietly, restore, seconds)
    finally:
        if not before.is_back:
            restore()
    return stopped or _say_spoiled(before.changed)


def _say_spoiled(names):
    """Say which names the learner's code has changed, or ""."""
    names = list(dict.fromkeys(names))
    if not names:
        return ""
    shown = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
    return f"Your code changes {shown}, which all other code uses too. It was put back: leave it as it is."


# What would end Python, or press the button to stop, from within a function.
_ENDING = {os: ("_exit", "abort", "kill", "killpg", "fork", "execv", "execve"), signal: ("raise_signal",)}
_ENDING |= {_thread: ("interrupt_main",)}


def _no_ending(*args):
    raise RuntimeError("This would end Python itself, with all that is on the page. Leave it out")


def _no_input(*prompt):
    raise RuntimeError("input() waits for the keyboard. Take the values from the arguments")


def not_callable(exercise, function):
    """Return why the function cannot be tried, or ""."""
    name, arguments = exercise.name, exercise.arguments
    example = f'check("{name}", {name})'
    if function is None:
        return f"There is no function to check. Write {example}."
    if inspect.isclass(function):
        return f"{function.__name__} is a class. This exercise wants a function: def {name}({', '.join(arguments)})."
    if not callable(function):
        return f"You gave {describe(function)}, not a function. Write {example}: no parentheses after the second name."
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
            wanted = signature_without_hints(exercise.function)
            return f"It must work as {name}{wanted}, but your function takes {signature}."
    own = [parameter for parameter in signature.parameters if parameter in arguments]
    if own != [argument for argument in arguments if argument in own]:
        return (
            f"The arguments are in another order than in the exercise: it is called as {name}({', '.join(arguments)})."
        )
    return ""


# How the instructions begin that a stub is made of, in all versions of Python: LOAD_FAST_BORROW and
# LOAD_COMMON_CONSTANT among them, and INSTRUMENTED_RESUME if the check runs in the main thread.
_HARMLESS = tuple(
    """
CACHE EXTENDED_ARG INSTRUMENTED_RESUME INSTRUMENTED_RETURN LOAD_COMMON_CONSTANT LOAD_CONST LOAD_FAST LOAD_SMALL_INT
NOP NOT_TAKEN POP_TOP RESUME RETURN STORE_FAST UNPACK_SEQUENCE
    """.split()
)


def does_nothing(function):
    """True if the body is only ..., pass, a docstring, or names given to the arguments: a stub."""
    code = getattr(function, "__code__", None)
    if code is None:
        return False
    return all(step.opname.startswith(_HARMLESS) for step in dis.get_instructions(code))
