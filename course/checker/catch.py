"""Exercises of the kind catch it: the learner writes a check, which is tried on right and on wrong functions."""

import contextlib
import functools
import inspect
import random
import sys
from dataclasses import dataclass
from types import FunctionType

import numpy as np

from course.base.wording import hint_of
from course.checker import limit
from course.checker.asked import Asked
from course.checker.course import OF_A_TYPE, as_imported
from course.checker.errors import calls_of, describe_error, error_note, own_function, own_line
from course.checker.exercise import CATCH, Case, Exercise, Finding, Task
from course.checker.guard import Printed, guarded
from course.checker.limit import Stopped
from course.checker.page import codes_in, freshly, with_helpers
from course.checker.say.riddle import call_of, riddle
from course.checker.spelling import meant
from course.checker.trial import Outcome, cut_short, does_nothing, not_callable
from course.checker.unasked import say_unasked
from course.checker.watched import Meter, watched
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET, describe, lines, where


@dataclass(frozen=True, kw_only=True)
class Catch(Task):
    """A check to write. It takes a function, and returns True for a right one and False for a wrong one, or it does
    nothing for a right one and raises an AssertionError for a wrong one, as `assert` does. Any other error on a wrong
    function also counts as caught. The check must not call the finished function.

    function  a good check, shown by solution(); the exercise has its name
    original  the exercise with the known mistakes that must be caught
    rights    {what is special about it: a right function}
    beyond    ids of the mistakes that need not be caught, because a good check of this kind does not see them
    unfit     (arguments of a call) -> why no right answer can be foretold for them, or "": said if a right function
              is rejected after that call; or None
    """

    kind = CATCH
    function: object
    original: Exercise
    rights: dict
    beyond: tuple = ()
    unfit: object = None

    @property
    def name(self):
        return self.function.__name__

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

    def examine(self, check, bank):
        """Return the Finding on a learner's check: as it is, and if that is not right, with finished parts."""
        parts, rounds = self.finished_parts(check, bank), limit.ROUNDS_OF_A_CHECK
        first = Meter(rounds // 2 if parts.finished else rounds)
        finding = self._asked(check, first)
        if finding.verdict != NOT_YET or not parts.finished:
            return finding
        with parts:
            then = Meter(rounds // 2 + max(first.left, 0))
            return parts.finish(self._asked(check, then), bank, limit.ROUNDS - min(then.left, limit.ROUNDS))

    def _asked(self, check, meter):
        buffer, found = Printed(), []
        buffer.meter = meter
        tried = watched(check, meter) or check

        def ask(function, check=tried):
            return _ask(check, function, refresh, buffer)

        def work():
            meter.outside = sys._getframe()
            found.append(_cannot_be_tried(self, check) or _judged(self, check, ask, meter))

        # Once for all calls, because a check may make very many.
        with as_imported(), freshly(check if type(check) is FunctionType else None) as refresh:
            stopped = guarded(work, buffer)
        return Finding(NOT_YET, stopped or "This cannot be called.") if stopped or not found else found[0]


@dataclass
class Reply(Outcome):
    """What the check said of one function."""

    value: object = None
    failed: bool = False  # by an assert
    inside: object = None  # the last error that was raised by the function that the check got
    is_inside: bool = False  # that is the error of the check
    calls: int = 0  # how often the check called the function
    asked: tuple = ((), {})  # what it gave to the function in the last of these calls

    @property
    def is_yes_or_no(self):
        return self.value is None or isinstance(self.value, (bool, np.bool_))

    def accepts(self, by_return):
        """True if the function passed. by_return: True if the check returns True for right functions, so None fails."""
        is_silent = self.value is None and not by_return
        return not (self.failed or self.error) and (is_silent or (self.is_yes_or_no and bool(self.value)))


def _cannot_be_tried(exercise, check):
    """Return the Finding on a value that is not a check at all, or None."""
    target = exercise.original.name
    if name_of(check) == target:
        call = f'check("{exercise.name}", {exercise.name})'
        return Finding(NOT_YET, f"This is a {target}. Your answer should be a check that gets one: write {call}.")
    if refused := not_callable(exercise, check):
        return Finding(NOT_YET, refused)
    if name := names_finished(target, check):
        says = f"Your check uses {name} from outside, not only the one that it gets. Try without it"
        return Finding(NOT_YET, f"{says}: what must be true of the results of a right {target}?")
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


def _judged(exercise, check, ask, meter):
    """Ask a check about all functions, and return the Finding on it. meter: counts in the check"""
    target, on_right, on_wrong = exercise.original.name, {}, {}
    (label, function), *others = exercise.rights.items()
    first = on_right[label] = ask(function)
    if does_nothing(check) and first.value in (None, ...):
        return Finding(NOT_STARTED, _not_started(exercise))
    everyone = [(on_right, label, function) for label, function in others]
    everyone += [(on_wrong, mistake.id, mistake.function) for mistake in exercise.wrong_ones]
    if not _fault(exercise, label, first):
        for side, key, function in random.Random(1).sample(everyone, len(everyone)):  # an order that gives nothing away
            side[key] = ask(function)
    for label, answer in on_right.items():
        if fault := _fault(exercise, label, answer):
            return Finding(NOT_YET, fault, printed=answer.printed)
    by_return = all(answer.value is not None for answer in on_right.values())
    refused = [label for label, answer in on_right.items() if not answer.accepts(by_return)]
    missed, count = [one for one in exercise.wrong_ones if on_wrong[one.id].accepts(by_return)], len(on_wrong)
    score = f"{count - len(missed)} of {count} wrong ones caught"
    if refused:
        first = on_right[refused[0]]
        part, is_turned = _part_refused(exercise, check, ask, exercise.rights[refused[0]], first)
        says = f"It rejects a correct {target}: {refused[0]}."
        unfit = _unfit(exercise, first)
        if unfit:
            says = f"It rejects a correct {target}. {unfit}"
        elif len(refused) == len(on_right):
            says = f"It rejects all {len(refused)} correct ones, so what it asks isn't true of a correct {target}."
            if len(missed) > count / (4 if is_turned else 2):
                says = f"It says no to all correct ones and yes to {len(missed)} wrong ones. Did you swap yes and no?"
        part = part or "It says no to every function we tried." * (not missed and not unfit)
        last = f"{score}, but {len(refused)} of {len(on_right)} correct ones rejected."
        return Finding(NOT_YET, lines(says, part, last), printed=first.printed)
    score += ", no correct one rejected."
    says_something = any(one.value is not None for one in [*on_right.values(), *on_wrong.values()])
    nothing = says_something and not by_return  # no right one is rejected, so one of them got None
    told = f"For a right {target} it returns nothing (None): let it end with `return True`." if nothing else ""
    if not missed:
        return Finding(NOT_YET, lines(score, told)) if nothing else Finding(CORRECT, lines(score, exercise.notice))
    if all(one.value is None and not one.failed for one in [*on_right.values(), *on_wrong.values()]):
        told = "It returned None each time: return True or False, or use `assert`."
    elif len(missed) == count:
        told = "It says yes to every function we tried. What would be different for a wrong one?"
    says, easiest = riddle(exercise.original, missed, "one that passed")

    def unasked():
        return say_unasked(exercise, lambda one: ask(one).accepts(by_return), easiest.function)

    return Finding(NOT_YET, lines(score, told, f"A riddle: {says}", "" if told else _as_far_as_it_goes(unasked, meter)))


def _as_far_as_it_goes(work, meter):
    """Return the text of further calls of a check, or "" if one of them, unlike those before, does not end."""
    left = meter.left
    meter.left = allowed = min(left, limit.ROUNDS)
    try:
        return work()
    except Stopped:
        return ""
    finally:
        meter.left, meter.message = left - allowed + max(meter.left, 0), ""


def _part_refused(exercise, check, ask, right, before):
    """Return (which part of a check a right function fails, True if that may be the wrong way round).

    before  the Reply of the check about it
    """
    with contextlib.suppress(Exception):  # without a source its parts are unknown
        asked = Asked(check)

        @functools.wraps(right)
        def noted(*args, **keywords):
            result = right(*args, **keywords)
            asked.last = None if keywords else (args, result)
            return result

        again = ask(noted, asked.function)
        if asked.part and (again.failed, again.value) == (before.failed, before.value):
            call = _say_call(exercise.original.name, *asked.at) if asked.at else ""
            return lines(f"In {asked.part}.", asked.near, call), asked.may_be_turned
    return where(before), False


def _say_call(name, args, result):
    """Say what a right function gave back in a call, if both have a short form, or ""."""
    call = call_of(name, args) if isinstance(result, (int, float)) else ""
    return f"Just before that, {call} gave {result:.4g}, as a right one does." if call else ""


def _ask(check, function, refresh, buffer):
    """Return the Reply of the check to one function."""
    answer, start = Reply(), buffer.tell()
    refresh()
    buffer.meter.new_call()
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
    if buffer.meter.message:
        raise Stopped
    answer.printed = cut_short(buffer.getvalue()[start:])
    return answer


def _counted(function, answer):
    """Return a function that does the same, and records in an Reply its calls, what the last one got, and the errors
    that it raises itself."""

    @functools.wraps(function)
    def given(*args, **keywords):
        answer.calls += 1
        answer.asked = args, keywords
        try:
            return function(*args, **keywords)
        except Exception as error:
            answer.inside = error
            raise

    return given


def _unfit(exercise, answer):
    """Return why nobody can foretell the result of the last call of the function, or ""."""
    args, keywords = answer.asked
    if exercise.unfit and answer.calls:
        with contextlib.suppress(Exception):  # of arguments that are no numbers the function says so itself
            return exercise.unfit(*args, **keywords)
    return ""


def _fault(exercise, label, answer):
    """Say what is wrong with the check itself, as its answer to a right function shows, or ""."""
    target = exercise.original.name
    given = f"That was with a right {target}: {label}."
    at = where(answer)
    if answer.is_inside:
        says = f"With the inputs of your check, a right {target} raises {answer.error}"
        wanted = ", ".join(exercise.original.arguments)
        advice = _unfit(exercise, answer) or f"Give it what it gets on the page: ({wanted})."
        if "'list' object" in answer.error:
            advice = "You give it a list, but it needs an array: np.array(...) makes one."
        return lines(says, at, advice, given)
    if answer.error and not answer.failed:
        return lines(f"It raised {answer.error}", at, error_note(answer.error, answer.line, answer.meant), given)
    if not answer.is_yes_or_no:
        hint = "`.all()` makes one answer of many." if isinstance(answer.value, np.ndarray) else ""
        hint = OF_A_TYPE.get(type(answer.value), hint)
        says = f"It returned {describe(answer.value)}. Return True for a right one and False for a wrong one. {hint}"
        return lines(says.strip(), given)
    if not answer.calls:
        return f"It never calls the {target} that it gets. Call it with inputs that you choose."
    return ""


def _not_started(exercise):
    return (
        f"Put your check in place of the ...: it gets a {exercise.original.name}, and returns True if that "
        f"{exercise.original.name} is right and False if it is wrong, or it uses `assert`. We try it on "
        f"{len(exercise.wrong_ones)} wrong ones and {len(exercise.rights)} right ones. {exercise.effort} Stuck? "
        f"Try {hint_of(exercise.name)}."
    )
