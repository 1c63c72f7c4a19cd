"""Exercises of the kind catch it: the learner writes a check, which is tried on right and on wrong functions."""

import functools
import inspect
import random
from dataclasses import dataclass, field
from types import CodeType, FunctionType

import numpy as np

from course.checker.course import COURSE
from course.checker.errors import calls_of, describe_error, error_note, own_function, own_line
from course.checker.exercise import CATCH, Case, Exercise, Finding, Task, unless_another_is_to_blame
from course.checker.guard import Printed, guarded
from course.checker.limit import Stopped, new_call
from course.checker.page import codes_in, freshly, runnable_source, with_helpers
from course.checker.say.riddle import riddle
from course.checker.spelling import meant
from course.checker.trial import cut_short, does_nothing, not_callable
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET, describe, lines, where

_AS_ASSERTS = "Write each thing that you ask as an `assert` of its own: then the one that fails is named here."
_BY_ITS_RESULTS = "Judge a function by what it returns: on which inputs must a wrong one give itself away?"


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
        answers, buffer = Answers(), Printed()

        def work():
            answers.early = _cannot_be_tried(self, check)
            if answers.early is None:
                _ask_all(self, answers, lambda function: _ask(check, function, refresh, buffer), check)
            answers.has_ended = True

        with freshly(check if type(check) is FunctionType else None) as refresh:
            stopped = guarded(work, buffer)
        if stopped or not answers.has_ended:
            stopped = stopped or "This cannot be called."
            return Finding(NOT_YET, stopped if answers.has_ended else lines(stopped, _how_far(self, answers)))
        return answers.early or _score(self, check, answers)


@dataclass
class Answer:
    """What the check said of one function."""

    value: object = None
    failed: bool = False  # by an assert
    error: str = ""
    line: str = ""
    within: str = ""  # as in Outcome
    meant: str = ""
    is_inside: bool = False  # the error was raised by the function that the check got
    inside: object = None  # the last such error
    calls: int = 0  # how often the check called the function
    printed: str = ""

    @property
    def is_yes_or_no(self):
        return self.value is None or isinstance(self.value, (bool, np.bool_))

    def accepts(self, by_return):
        """True if the function passed. by_return: True if the check returns True for right functions, so None fails."""
        if self.failed or self.error or not self.is_yes_or_no:
            return False
        return bool(self.value) if by_return or self.value is not None else True

    @property
    def gist(self):
        """Return what must be the same when the check is asked again."""
        return self.failed or bool(self.error), self.value if self.is_yes_or_no else ""


@dataclass
class Answers:
    """The answers on all functions: on_right by what is special about them, on_wrong by the id of the mistake."""

    on_right: dict = field(default_factory=dict)
    on_wrong: dict = field(default_factory=dict)
    early: object = None  # the Finding, if the check could not be tried
    is_steady: bool = True  # it said the same when it was asked again
    has_ended: bool = False

    @property
    def by_return(self):
        return all(answer.value is not None for answer in self.on_right.values())


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
            return Finding(NOT_YET, _say_finished(target, name))
    except Exception as error:
        return Finding(NOT_YET, f"This cannot be called: {describe_error(error)}")
    return None


def names_finished(target, check):
    """Return the name by which a check takes a function called `target` from outside, or ""."""
    for one in with_helpers(check):
        values = {**one.taken, **one.closure}
        names = [name for name, value in values.items() if callable(value) and name_of(value) == target]
        if names:
            return names[0]
        if any(target in code.co_names for code in codes_in(one.code)):  # as in rnn_helpers.softmax, or in an import
            return target
    return ""


def name_of(value):
    """Return the name of a function, or ""."""
    return getattr(value, "__name__", "") if isinstance(value, (FunctionType, type(len), CodeType)) else ""


def mixed(items, round_number):
    """Return the items in a different order for each round, always the same, that gives nothing away about them."""
    return random.Random(round_number).sample(items, len(items))


def _ask_all(exercise, answers, ask, check):
    """Ask the check about all functions, and about some of them once more in another order."""
    (label, function), *others = exercise.rights.items()
    answers.on_right[label] = ask(function)
    if does_nothing(check) and answers.on_right[label].value in (None, ...):
        answers.early = Finding(NOT_STARTED, _not_started(exercise))
        return
    if _fault(exercise, label, check, answers.on_right[label]):
        return
    everyone = [(answers.on_right, label, function) for label, function in others]
    everyone += [(answers.on_wrong, mistake.id, mistake.function) for mistake in exercise.original.mistakes]
    for side, key, function in mixed(everyone, 1):
        side[key] = ask(function)
    if _missed(exercise, answers) or not all(answer.accepts(answers.by_return) for answer in answers.on_right.values()):
        return
    again = [one for one in everyone if one[0] is answers.on_right] + mixed(everyone, 2)[: len(exercise.rights)]
    for side, key, function in mixed(again, 3):
        answers.is_steady = answers.is_steady and ask(function).gist == side[key].gist


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


def _missed(exercise, answers):
    """Return the Mistakes that the check did not catch."""
    return [one for one in exercise.wrong_ones if answers.on_wrong[one.id].accepts(answers.by_return)]


def _score(exercise, check, answers):
    """Return the Finding on a check after it was tried on all functions."""
    target, on_right, by_return = exercise.original.name, answers.on_right, answers.by_return
    for label, answer in on_right.items():
        if fault := _fault(exercise, label, check, answer):
            return Finding(NOT_YET, fault, printed=answer.printed)
    missed, count = _missed(exercise, answers), len(exercise.wrong_ones)
    score = f"{count - len(missed)} of {count} wrong ones caught"
    refused = [label for label, answer in on_right.items() if not answer.accepts(by_return)]
    if refused:
        first = on_right[refused[0]]
        if len(refused) == len(on_right):
            says = f"It refuses all {len(refused)} right ones, so what it asks is not true of a right {target}."
        else:
            says = f"It refuses a right {target}: {refused[0]}."
        at = where(first) or _AS_ASSERTS
        last = f"{score}, but {len(refused)} of {len(on_right)} right ones refused."
        return Finding(NOT_YET, lines(says, at, last), printed=first.printed)
    if not answers.is_steady:
        return Finding(
            NOT_YET,
            "Asked again about the same functions in another order, it says something else. Does it count its calls, "
            f"or keep what it has seen? {_BY_ITS_RESULTS}",
        )
    score += ", no right one refused."
    if not missed:
        beyond = [answers.on_wrong[id].accepts(by_return) for id in exercise.beyond]
        return Finding(CORRECT, lines(score, exercise.notice, _beyond(exercise, beyond)))
    values = [answer.value for answer in [*on_right.values(), *answers.on_wrong.values()]]
    told = ""
    if all(value is None for value in values) and not any(answer.failed for answer in answers.on_wrong.values()):
        told = "It returned None each time: return True or False, or use `assert`."
    elif len(missed) == count:
        told = "Whatever comes in, it says yes. What would be otherwise with a wrong one?"
    return Finding(NOT_YET, lines(score, told, f"A riddle: {riddle(exercise.original, missed, 'one that passed')}"))


def _fault(exercise, label, check, answer):
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
        argument = _argument_of(check) or target
        return f"It never calls the function that it gets, in your check `{argument}`. Try it on inputs of your own."
    return ""


def _beyond(exercise, passed):
    """Say how many of the wrong functions that need not be caught were caught. passed: whether each passed"""
    return f"Of {len(passed)} more that need not be caught, it catches {passed.count(False)}." if passed else ""


def _how_far(exercise, answers):
    """Say how many functions were judged before the one on which the check does not end."""
    done, count = len(answers.on_right) + len(answers.on_wrong), len(exercise.rights) + len(exercise.original.mistakes)
    return f"It had judged {done} of {count} functions by then, and did not end with the next." if done else ""


def _not_started(exercise):
    target, count = exercise.original.name, len(exercise.wrong_ones)
    return (
        f"Put your check where the ... is: it gets a {target}, and returns True if that is right and False if it is "
        f"wrong, or uses `assert`. {count} wrong ones and {len(exercise.rights)} right ones wait for it. "
        f'{exercise.effort} For a nudge: hint("{exercise.name}").'
    )


def _say_finished(target, name):
    return (
        f"Your check uses {name} from outside, not only the one that it gets. Do without: whoever has a right {target} "
        "at hand needs no check. What must be true of its results?"
    )


def _argument_of(check):
    return check.__code__.co_varnames[0] if type(check) is FunctionType else ""
