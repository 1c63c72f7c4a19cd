"""Counts the calls of the taught functions, the learner's and the course's, while they run."""

import contextlib
import sys
from collections import Counter

from course.checker.page import plain_function
from course.lessons import OWN
from course.own.loading import codes_of_the_course, course_name


class Counts:
    """How often each taught function was called. yours, courses: {name: calls}, in the order of the pages."""

    def __init__(self):
        self.yours, self.courses = {}, {}

    def __repr__(self):
        """Return a table. As long as no function is the learner's, it does not ask whose they are."""
        head, rows = f"{'function':20s}{'calls':>12s}", []
        for whose, counted in (("yours", self.yours), ("the course's", self.courses)):
            rows += [(whose, f"{name:20s}{calls:12,}") for name, calls in counted.items()]
        if not self.yours:
            lent = "The course lends all of these. The table will say which ones are yours."
            return "\n".join([head, *[row for _, row in rows], lent])
        return "\n".join([f"{whose:14s}{row}" for whose, row in [("whose", head), *rows]])


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

    sys.setprofile(look)
    try:
        yield counts
    finally:
        sys.setprofile(before)
        for counted, is_yours in ((counts.yours, True), (counts.courses, False)):
            counted |= {name: found[is_yours, name] for name in OWN if found[is_yours, name]}
