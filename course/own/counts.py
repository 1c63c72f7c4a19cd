"""Counts the calls of the taught functions, the learner's and the course's, while they run, and the steps of a call."""

import contextlib
import sys
from collections import Counter

from course.checker.guard import Printed, guarded
from course.checker.limit import Stopped
from course.checker.page import plain_function
from course.lessons import OWN
from course.own.loading import codes_of_the_course, course_name


class Counts:
    """How often each taught function was called. yours, courses: {name: calls}, in the order of the pages."""

    def __init__(self):
        self.yours, self.courses = {}, {}

    def __repr__(self):
        rows = []
        for title, counted in (("yours", self.yours), ("the course's", self.courses)):
            rows += [f"{title:14s}{name:20s}{calls:12,}" for name, calls in counted.items()]
        return "\n".join([f"{'whose':14s}{'function':20s}{'calls':>12s}", *rows])


@contextlib.contextmanager
def counting(network):
    """Count the calls in a with block. network: that of own_functions(); the Counts are filled when the block ends.

    with counting(mine.network) as counts: ...
    """
    found, counts = Counter(), Counts()
    owners = {code: (False, name) for code, name in codes_of_the_course().items() if name in OWN}
    for name in OWN:
        kept = plain_function(getattr(network, name, None))
        if kept and not course_name(kept):
            owners[kept.__code__] = (True, name)

    before = sys.getprofile()

    def look(frame, event, argument):
        if event == "call" and frame.f_code in owners:
            found[owners[frame.f_code]] += 1
        if callable(before):  # a block around this one also counts
            before(frame, event, argument)

    sys.setprofile(look)
    try:
        yield counts
    finally:
        sys.setprofile(before)
        for counted, is_yours in ((counts.yours, True), (counts.courses, False)):
            counted |= {name: found[is_yours, name] for name in OWN if found[is_yours, name]}


SLOW = 100  # times as many steps as the finished function


def is_slow(exercise, answer):
    """True if a right function takes more than SLOW times as many steps as the finished one, in all cases together.

    A step is a line of Python that runs, wherever it is, so a slow computer makes no difference.
    """
    found = []

    def work():
        most = SLOW * sum(_steps(exercise.function, case.args, float("inf")) for case in exercise.cases())
        found.append(sum(_steps(answer, case.args, most) for case in exercise.cases()) > most)

    guarded(work, Printed())
    return found == [True]


def _steps(function, args, most):
    """Return the number of steps of a call, which is ended soon after there are too many."""
    count, before = 0, sys.gettrace()

    def look(frame, event, argument):
        nonlocal count
        count += event == "line"
        if count > most:
            raise Stopped
        return look

    sys.settrace(look)
    try:
        function(*args)
    except Stopped:
        pass
    finally:
        sys.settrace(before)
    return count
