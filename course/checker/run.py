"""Calls the learner's function on all cases of an exercise, and looks at the function itself."""

import dis
import inspect

from course.base.hints import signature_without_hints
from course.checker.errors import describe_error
from course.checker.guard import Guard, Printed
from course.checker.limit import new_call
from course.checker.outcome import outcome_of
from course.checker.page import data_from_outside
from course.checker.say.words import describe


class Trial:
    """All calls of the learner's function: each case twice, to see whether it answers the same again."""

    def __init__(self):
        self.refused = ""  # why it was not called at all
        self.idle = False  # True if it is a stub
        self.own_name = ""
        self.outside = {}  # what it, and each function that it calls, takes from the page
        self.stopped = ""  # why it was stopped
        self.guard = None  # the Guard in which it ran: other things may be tried there too
        self.outcomes = []
        self.again = []
        self.buffer = Printed()
        self.start = 0  # where in the buffer the last call began

    def printed(self, index):
        """Return what the call on one case printed, or what the call that was stopped printed, cut short."""
        return cut_short(
            self.outcomes[index].printed if index < len(self.outcomes) else self.buffer.getvalue()[self.start :]
        )


def cut_short(text):
    """Return the beginning of what was printed."""
    lines = text.rstrip().split("\n") if text.strip() else []
    shown = [line[:100] + (" ..." if len(line) > 100 else "") for line in lines[:8]]
    return "\n".join(shown + (["..."] if len(lines) > 8 else []))


def run(exercise, function):
    """Call the learner's function on all cases and return a Trial."""
    trial = Trial()
    trial.guard = Guard()
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
                new_call()
                outcome = outcome_of(exercise, function, case)
                outcome.printed = trial.buffer.getvalue()[trial.start :]
                outcomes.append(outcome)

    trial.stopped = trial.guard.run(work, trial.buffer)
    if trial.stopped:  # nothing more will be tried, and a thread that cannot be ended may hold the Trial for ever
        trial.guard = None
    is_whole = len(trial.outcomes) == len(trial.again) == count
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
