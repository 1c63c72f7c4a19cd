"""Hands a function to a learner's check so that the check can call it, and cannot tell which one it is."""

import contextlib
import random
import sys
from types import CodeType, FunctionType

from course.base.hints import signature_without_hints
from course.checker.course import COURSE
from course.checker.page import codes_in, with_helpers

_behind = {}  # a key -> the function that is called with it
# Words that stand in a check which looks into the code of what it gets, or for where it comes from.
_LOOKS_INSIDE = """__closure__ __code__ __defaults__ __globals__ __traceback__ _current_frames _getframe co_code
currentframe exercises f_back f_globals f_locals format_exc format_stack getclosurevars getsource get_objects
get_referents get_referrers getmodule tb_frame""".split()


@contextlib.contextmanager
def handed(function, like, answer):
    """Give a function that does what another one does. All that are handed out look the same.

    like    the right function: its name and its arguments are shown
    answer  notes the .calls, and in .inside an error that is raised by the function itself
    """
    key = object()
    _behind[key] = function

    def given(*args, **keywords):
        answer.calls += 1
        try:
            with COURSE.as_imported():
                return _behind[key](*args, **keywords)
        except Exception as error:
            answer.inside = error
            raise error.with_traceback(None) from None  # where it arose would tell which function it is

    given.__name__ = given.__qualname__ = like.__name__
    given.__signature__ = signature_without_hints(like)
    try:
        yield given
    finally:
        _behind.pop(key, None)


def mixed(items, round_number):
    """Return the items in an order that nobody can foresee, another one for each round, and the same each time."""
    return random.Random(round_number).sample(items, len(items))


class Finished:
    """Watches, while a check runs, whether it calls the finished function of the course. used: whether it did."""

    def __init__(self, name):
        self.name, self.used = name, False

    @contextlib.contextmanager
    def watched(self):
        """Put a function in the place of the finished one, which notes who calls it: the engine itself may."""
        home = COURSE.home_of(self.name)
        engine = vars(home) if home else {}
        finished, caller = engine.get(self.name), sys._getframe

        def noted(*args, **keywords):
            self.used = self.used or caller(1).f_globals is not engine
            return finished(*args, **keywords)

        if finished is not None:
            engine[self.name] = noted
        try:
            yield
        finally:
            if finished is not None:
                engine[self.name] = finished


def names_finished(target, check):
    """Return by which name a check takes a function called `target` from outside, or ""."""
    for one in with_helpers(check):
        values = {**one.taken, **one.closure}
        names = [name for name, value in values.items() if callable(value) and name_of(value) == target]
        if names:
            return names[0]
        if any(target in code.co_names for code in codes_in(one.code)):  # as in rnn_helpers.softmax, or in an import
            return target
    return ""


def looks_inside(check):
    """Return the word by which a check looks into the code of functions, or ""."""
    for code in [code for one in with_helpers(check) for code in codes_in(one.code)]:
        texts = [one for one in code.co_consts if isinstance(one, str)]  # as in getattr(softmax, "__code__")
        for word in _LOOKS_INSIDE:
            is_name = any(word == name.partition(".")[0] for name in code.co_names)
            if is_name or "_" in word and any(word in text for text in texts):
                return word
    return ""


def name_of(value):
    """Return the name of a function, or ""."""
    return getattr(value, "__name__", "") if isinstance(value, (FunctionType, type(len), CodeType)) else ""
