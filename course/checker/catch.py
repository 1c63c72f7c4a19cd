"""Exercises of the kind catch it: the learner writes a check, which is tried on right and on wrong functions."""

import contextlib
import functools
import inspect
import random
import re
from dataclasses import dataclass, field
from types import FunctionType

import numpy as np

from course.checker.asked import Asked
from course.checker.course import COURSE
from course.checker.errors import calls_of, describe_error, error_note, own_function, own_line
from course.checker.exercise import CATCH, Case, Exercise, Finding, Task, unless_another_is_to_blame
from course.checker.guard import Printed, guarded
from course.checker.limit import Stopped, new_call
from course.checker.page import codes_in, freshly, runnable_source, with_helpers
from course.checker.say.riddle import riddle
from course.checker.spelling import meant
from course.checker.trial import Outcome, cut_short, does_nothing, not_callable
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET, describe, lines, where

_AS_ASSERTS = "Write each thing that you ask as an `assert` of its own: then the one that fails is named here."


@dataclass(frozen=True, kw_only=True)
class Catch(Task):
    """A check to write. It takes a function and reports whether it is right, in one of two ways:

        it returns True for a right function and False for a wrong one, or
        it raises an AssertionError for a wrong one (as `assert` does), and does nothing for a right one.

    Any other error on a wrong function also counts as caught. The check must not call the finished function.

    function  a good check, shown by solution(); the exercise has its name
    original  the exercise with the known mistakes that must be caught
    rights    {what is special about it: a right function}
    beyond    ids of the mistakes that need not be caught, because a good check of this kind does not see them
    """

    kind = CATCH
    function: object
    original: Exercise
    rights: dict
    beyond: tuple = ()

    @property
    def name(self):
        return self.function.__name__

    @property
    def solution(self):
        """Return the source of the good check, with the imports that it needs."""
        return runnable_source(self.function)

    @property
    def arguments(self):
        return list(inspect.signature(self.function).parameters)

    def cases(self):
        """Return the one Case that the check is called with: its argument is a function."""
        return [Case("a function", (self.original.function,), {})]

    @property
    def wrong_ones(self):
        """The Mistakes that must be caught."""
        return [mistake for mistake in self.original.mistakes if mistake.id not in self.beyond]

    def examine(self, check, bank, last_verdict=None):
        """Return the Finding on a learner's check."""
        finding = self._finding(check)
        if finding.verdict != NOT_YET:
            return finding
        return unless_another_is_to_blame(self, check, bank, last_verdict, lambda: finding)

    def _finding(self, check):
        """Try a learner's check on all functions, and return the Finding on the check alone."""
        answers, buffer, early = Answers(), Printed(), []

        def work():
            early.append(_cannot_be_tried(self, check) or _ask_all(self, answers, ask, check))

        def ask(function, check=check):
            return _ask(check, function, refresh, buffer)

        with freshly(check if type(check) is FunctionType else None) as refresh:
            stopped = guarded(work, buffer)
        if stopped or not early:
            return Finding(NOT_YET, stopped or "This cannot be called.")
        return early[0] or _score(self, answers)


@dataclass
class Answer(Outcome):
    """What the check said of one function."""

    value: object = None
    failed: bool = False  # by an assert
    inside: object = None  # the last error that was raised by the function that the check got
    is_inside: bool = False  # that is the error of the check
    calls: int = 0  # how often the check called the function

    @property
    def is_yes_or_no(self):
        return self.value is None or isinstance(self.value, (bool, np.bool_))

    def accepts(self, by_return):
        """True if the function passed. by_return: True if the check returns True for right functions, so None fails."""
        is_silent = self.value is None and not by_return
        return not (self.failed or self.error) and (is_silent or (self.is_yes_or_no and bool(self.value)))


@dataclass
class Answers:
    """The answers on all functions: on_right by what is special about them, on_wrong by the id of the mistake."""

    on_right: dict = field(default_factory=dict)
    on_wrong: dict = field(default_factory=dict)
    part: str = ""  # what it asked of a right function that it refuses
    near: str = ""  # and how little is missing; as in Asked

    def accepted(self, side):
        """Return the keys of the functions that pass, of the right ones or of the wrong ones."""
        by_return = all(answer.value is not None for answer in self.on_right.values())
        return [key for key, answer in side.items() if answer.accepts(by_return)]

    @property
    def refused(self):
        """What is special about the right functions that do not pass, as a list."""
        return [label for label in self.on_right if label not in self.accepted(self.on_right)]


def _cannot_be_tried(exercise, check):
    """Return the Finding on a value that is not a check at all, or None."""
    target = exercise.original.name
    try:
        if name_of(check) == target:
            call = f'check("{exercise.name}", {exercise.name})'
            return Finding(NOT_YET, f"This is a {target}. Here the answer is a check, which gets one: write {call}.")
        if refused := not_callable(exercise, check):
            return Finding(NOT_YET, refused)
        if name := names_finished(target, check):
            says = f"Your check uses {name} from outside, not only the one that it gets. Do without"
            return Finding(NOT_YET, f"{says}: what must be true of the results of a right {target}?")
    except Exception as error:
        return Finding(NOT_YET, f"This cannot be called: {describe_error(error)}")
    return None


def names_finished(target, check):
    """Return the name by which a check takes a function called `target` from outside, or ""."""
    for one in with_helpers(check):
        taken = {**one.taken, **one.closure}.items()
        names = [name for name, value in taken if callable(value) and name_of(value) == target]
        names += [target for code in codes_in(one.code) if target in code.co_names]  # as in rnn_helpers.softmax
        if names:
            return names[0]
    return ""


def name_of(value):
    """Return the name of a function, or ""."""
    return getattr(value, "__name__", "") if isinstance(value, (FunctionType, type(len))) else ""


def _ask_all(exercise, answers, ask, check):
    """Ask the check about all functions, and if it refuses a right one, what it has asked of it. Return the Finding if
    the first answer shows that there is no check yet."""
    (label, function), *others = exercise.rights.items()
    first = answers.on_right[label] = ask(function)
    if does_nothing(check) and first.value in (None, ...):
        return Finding(NOT_STARTED, _not_started(exercise))
    if fault := _fault(exercise, label, first):
        return Finding(NOT_YET, fault, printed=first.printed)
    everyone = [(answers.on_right, label, function) for label, function in others]
    everyone += [(answers.on_wrong, mistake.id, mistake.function) for mistake in exercise.wrong_ones]
    for side, key, function in random.Random(1).sample(everyone, len(everyone)):  # an order that gives nothing away
        side[key] = ask(function)
    for label in answers.refused[:1]:
        with contextlib.suppress(Exception):  # without a source its parts are unknown
            before, asked = answers.on_right[label], Asked(check)
            again = ask(exercise.rights[label], asked.function)
            if (again.failed, again.value) == (before.failed, before.value):
                answers.part, answers.near = asked.part, asked.near
    return None


def _ask(check, function, refresh, buffer):
    """Return the Answer of the check to one function."""
    answer, start = Answer(), buffer.tell()
    refresh()
    new_call()
    try:
        with np.errstate(all="ignore"):
            answer.value = check(_counted(function, answer))
    except Stopped:
        raise
    except BaseException as error:  # also SystemExit: whatever the code does, the check goes on
        answer.is_inside = error is answer.inside
        answer.failed = isinstance(error, AssertionError) and not answer.is_inside
        answer.error, answer.line = describe_error(error), own_line(calls_of(error))
        answer.within, answer.meant = own_function(error), meant(error)
    answer.printed = cut_short(buffer.getvalue()[start:])
    return answer


def _counted(function, answer):
    """Return a function that does the same, with the course as it was imported, and that records in an Answer its calls
    and the errors that it raises itself."""

    @functools.wraps(function)
    def given(*args, **keywords):
        answer.calls += 1
        try:
            with COURSE.as_imported():
                return function(*args, **keywords)
        except Exception as error:
            answer.inside = error
            raise

    return given


def _score(exercise, answers):
    """Return the Finding on a check after it was tried on all functions."""
    target, on_right = exercise.original.name, answers.on_right
    for label, answer in on_right.items():
        if fault := _fault(exercise, label, answer):
            return Finding(NOT_YET, fault, printed=answer.printed)
    passed = answers.accepted(answers.on_wrong)
    missed, count = [one for one in exercise.wrong_ones if one.id in passed], len(exercise.wrong_ones)
    score = f"{count - len(missed)} of {count} wrong ones caught"
    if refused := answers.refused:
        first, part = on_right[refused[0]], answers.part
        says = f"It rejects a correct {target}: {refused[0]}."
        if len(refused) == len(on_right):
            says = f"It rejects all {len(refused)} correct ones, so what it asks is not true of a correct {target}."
            if len(missed) > count / (4 if re.search("!=|>|True$", part) else 2):
                says = f"It says no to all correct ones and yes to {len(missed)} wrong ones. Is it the wrong way round?"
        at = lines(f"In {part}.", answers.near) if part else where(first) or _AS_ASSERTS
        last = f"{score}, but {len(refused)} of {len(on_right)} correct ones rejected."
        return Finding(NOT_YET, lines(says, at, last), printed=first.printed)
    score += ", no correct one rejected."
    if not missed:
        return Finding(CORRECT, lines(score, exercise.notice))
    told = ""
    if all(one.value is None and not one.failed for one in [*on_right.values(), *answers.on_wrong.values()]):
        told = "It returned None each time: return True or False, or use `assert`."
    elif len(missed) == count:
        told = "Whatever comes in, it says yes. What would be otherwise with a wrong one?"
    return Finding(NOT_YET, lines(score, told, f"A riddle: {riddle(exercise.original, missed, 'one that passed')}"))


def _fault(exercise, label, answer):
    """Say what is wrong with the check itself, as its answer to a right function shows, or ""."""
    target = exercise.original.name
    given = f"That was with a right {target}: {label}."
    at = where(answer)
    if answer.is_inside:
        says = f"With what your check gives it, a right {target} raises {answer.error}"
        wanted = ", ".join(exercise.original.arguments)
        advice = f"Give it arguments of the kind that it gets on the page: ({wanted})."
        if "'list' object" in answer.error:
            advice = "Give it an array where you give it a list: np.array(...) makes one."
        return lines(says, at, advice, given)
    if answer.error and not answer.failed:
        return lines(f"It raised {answer.error}", at, error_note(answer.error, answer.line, answer.meant), given)
    if not answer.is_yes_or_no:
        hint = "`.all()` makes one answer of many." if isinstance(answer.value, np.ndarray) else ""
        hint = COURSE.of_a_type.get(type(answer.value), hint)
        says = f"It returned {describe(answer.value)}. Return True for a right one and False for a wrong one. {hint}"
        return lines(says.strip(), given)
    if not answer.calls:
        return f"It never calls the {target} that it gets. Try it on inputs of your own."
    return ""


def _not_started(exercise):
    target, count = exercise.original.name, len(exercise.wrong_ones)
    return (
        f"Put your check where the ... is: it gets a {target}, and returns True if that is right and False if it is "
        f"wrong, or uses `assert`. {count} wrong ones and {len(exercise.rights)} right ones wait for it. "
        f'{exercise.effort} For a nudge: hint("{exercise.name}").'
    )
