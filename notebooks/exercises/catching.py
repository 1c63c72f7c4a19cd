"""Exercises of the kind catch it: the learner writes a check, and it is tried on right and on wrong functions."""

import inspect
import io
from dataclasses import dataclass
from types import FunctionType

import numpy as np

import rnn_helpers
from exercises.engine import engine_as_imported
from exercises.errors import calls_of, describe_error, error_note, own_line
from exercises.exercise import CATCH, Case, Exercise, Finding, Task
from exercises.fresh import freshly, parts_of
from exercises.notes import CORRECT, NOT_STARTED, NOT_YET, describe, lines
from exercises.riddles import riddle
from exercises.running import cut_short, does_nothing, guarded, not_callable
from exercises.source import runnable_source
from exercises.timed import Stopped


@dataclass(frozen=True, kw_only=True)
class Catch(Task):
    """A check to write. It takes a function and tells whether that is right, in one of two ways:

        it returns True for a right function and False for a wrong one, or
        it raises an AssertionError for a wrong one (as `assert` does), and nothing happens with a right one.

    Another error on a wrong function counts as caught too. The check must not call a finished function of the same name.

    function  a good check, shown by solution(); the exercise has its name
    original  the exercise whose known mistakes are to be caught
    rights    {what is special about it: a right function}
    beyond    ids of the mistakes that need not be caught, since a good check of the kind does not see them
    seconds   for all functions together
    """

    kind = CATCH
    function: object
    original: Exercise
    rights: dict
    beyond: tuple = ()
    seconds: float = 9.0

    @property
    def name(self):
        return self.function.__name__

    @property
    def solution(self):
        """The source of the good check, with the imports that it needs."""
        return runnable_source(self.function)

    @property
    def arguments(self):
        return list(inspect.signature(self.function).parameters)

    def cases(self):
        """Return the one call that the check must stand: a function goes in."""
        return [Case("a function", (self.original.function,), {})]

    @property
    def wrong_ones(self):
        """The Mistakes that must be caught."""
        return [mistake for mistake in self.original.mistakes if mistake.id not in self.beyond]


@dataclass
class Answer:
    """What the check said of one function."""

    value: object = None
    failed: bool = False  # an assert
    error: str = ""
    line: str = ""
    calls: int = 0  # how often it called the function
    printed: str = ""

    @property
    def is_yes_or_no(self):
        return self.value is None or isinstance(self.value, (bool, np.bool_))

    def accepts(self, by_return):
        """True if the function passed. by_return: True if right functions get a True, so that None is no True."""
        if self.failed or self.error or not self.is_yes_or_no:
            return False
        return bool(self.value) if by_return or self.value is not None else True


def examine(exercise, check):
    """Return the Finding on a learner's check."""
    target, buffer, early = exercise.original.name, io.StringIO(), []
    on_right, on_wrong = {}, {}

    def work():
        try:
            refused = not_callable(exercise, check) or _uses_finished(target, check)
            idle = does_nothing(check)
        except Exception as error:
            refused, idle = f"This cannot be called: {describe_error(error)}", False
        if refused:
            early.append(Finding(NOT_YET, refused))
            return
        for label, function in exercise.rights.items():
            on_right[label] = _ask(check, function, target, refresh, buffer)
            if idle and on_right[label].value is None:
                early.append(Finding(NOT_STARTED, _not_started(exercise)))
                return
        for mistake in exercise.original.mistakes:
            on_wrong[mistake.id] = _ask(check, mistake.function, target, refresh, buffer)

    with freshly(check) as refresh:
        stopped = guarded(work, buffer, exercise.seconds)
    if early:
        return early[0]
    if stopped:
        return Finding(NOT_YET, lines(stopped, _too_slow(exercise, on_right, on_wrong)))
    return _score(exercise, check, on_right, on_wrong)


def _ask(check, function, target, refresh, buffer):
    """Return the Answer of the check to one function."""
    answer, start = Answer(), buffer.tell()

    def given(*args, **keywords):
        answer.calls += 1
        with engine_as_imported():
            return function(*args, **keywords)

    given.__name__ = given.__qualname__ = target  # nothing of it tells which one it is
    refresh()
    try:
        with np.errstate(all="ignore"):
            answer.value = check(given)
    except Stopped:
        raise
    except BaseException as error:  # also SystemExit: whatever the code does, the check goes on
        answer.failed = isinstance(error, AssertionError)
        answer.error, answer.line = describe_error(error), own_line(calls_of(error))
    answer.printed = cut_short(buffer.getvalue()[start:])
    return answer


def _score(exercise, check, on_right, on_wrong):
    """Return the Finding on a check that was tried on all functions."""
    target = exercise.original.name
    for label, answer in on_right.items():
        fault = _fault(_argument_of(check) or target, answer)
        if fault:
            return Finding(NOT_YET, lines(fault, f"That was with a right {target}: {label}."), printed=answer.printed)
    by_return = all(answer.value is not None for answer in on_right.values())
    caught = {id for id, answer in on_wrong.items() if not answer.accepts(by_return)}
    wanted = [mistake.id for mistake in exercise.wrong_ones]
    number = sum(id in caught for id in wanted)
    score = f"{number} of {len(wanted)} wrong ones caught"
    refused = [label for label, answer in on_right.items() if not answer.accepts(by_return)]
    if refused:
        first = on_right[refused[0]]
        says = [
            f"It refuses a right {target}: {refused[0]}.",
            f"in {first.line}" if first.line else "",
            f"{score}, but {len(refused)} of {len(on_right)} right ones refused.",
        ]
        if len(refused) == len(on_right) and number == len(wanted):
            says.append("Whatever comes in, it says no. What is true of each right one, and not of a wrong one?")
        return Finding(NOT_YET, lines(*says), printed=first.printed)
    score += ", no right one refused."
    missed = [mistake for mistake in exercise.original.mistakes if mistake.id not in caught]
    wanted_missed = [mistake for mistake in missed if mistake.id in wanted]
    if not wanted_missed:
        return Finding(CORRECT, lines(score, exercise.notice, _beyond(exercise, missed)))
    told = ""
    values = [answer.value for answer in [*on_right.values(), *on_wrong.values()]]
    if not caught and all(value is None for value in values):
        told = "It ended without an error and returned None each time: return True or False, or use `assert`."
    return Finding(
        NOT_YET, lines(score, told, f"A riddle: {riddle(exercise.original, wanted_missed, 'one that passed')}")
    )


def _fault(argument, answer):
    """Say what is wrong with the check itself, as its answer to a right function shows."""
    if answer.error and not answer.failed:
        at = f"in {answer.line}" if answer.line else ""
        return lines(f"It raised {answer.error}", at, error_note(answer.error, answer.line))
    if not answer.is_yes_or_no:
        hint = "`.all()` makes one answer of many." if isinstance(answer.value, np.ndarray) else ""
        hint = "Its `.ok` tells." if isinstance(answer.value, rnn_helpers.GradientCheck) else hint
        return f"It returned {describe(answer.value)}. Return True for a right one and False for a wrong one. {hint}".strip()
    if not answer.calls:
        return f"It never calls the function that it gets, in your check `{argument}`. Try it on inputs of your own."
    return ""


def _beyond(exercise, missed):
    """Say how many of the wrong functions that need not be caught were caught."""
    extra = [mistake for mistake in exercise.original.mistakes if mistake.id in exercise.beyond]
    left = [mistake for mistake in missed if mistake in extra]
    if not extra:
        return ""
    says = f"Of {len(extra)} more that need not be caught, it catches {len(extra) - len(left)}."
    return says + (f" A riddle, if you like: {riddle(exercise.original, left, 'one of them')}" if left else "")


def _too_slow(exercise, on_right, on_wrong):
    done, all_of_them = len(on_right) + len(on_wrong), len(exercise.rights) + len(exercise.original.mistakes)
    if done < 2:
        return ""
    return f"It had judged {done} of {all_of_them} functions by then. A smaller network, or fewer numbers, is quicker."


def _not_started(exercise):
    target, count = exercise.original.name, len(exercise.wrong_ones)
    return (
        f"Put your check where the ... is: it gets a {target}, and returns True if that is right and False if it is "
        f"wrong, or uses `assert`. {count} wrong ones and {len(exercise.rights)} right ones wait for it. "
        f'{exercise.effort} For a nudge: hint("{exercise.name}").'
    )


def _uses_finished(target, check):
    """Say that a check takes a finished function of the name from outside, or ""."""
    for code, values in parts_of(check):
        names = [name for name, value in values.items() if callable(value) and _name_of(value) == target]
        if names or target in code.co_names:  # the latter as in rnn_helpers.softmax, or in an import
            return (
                f"Your check uses {names[0] if names else target} from outside, not only the one that it gets. Do "
                f"without: whoever has a right {target} at hand needs no check. What must be true of its results?"
            )
    return ""


def _argument_of(check):
    return check.__code__.co_varnames[0] if isinstance(check, FunctionType) else ""


def _name_of(function):
    return getattr(function, "__name__", "")
