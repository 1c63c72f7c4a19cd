"""All limits, and what is charged to a learner's code.

The verdict on an answer depends only on counts, so it is the same on a slow computer, on a busy one and in a browser.
"""

import contextlib
import threading

# ---------------------------------------------------------------- for one call of the learner's code
JUMPS = 8_000_000  # rounds of loops, and calls: the slowest right answer known makes 3 million
MEMORY = 1_000_000_000  # bytes that it may use in addition to what Python uses already
LARGE = 1_000_000  # bytes of an array that it returns: no right answer has more than 20,000
PRINTED = 1_000_000  # characters of its output that are kept

# ---------------------------------------------------------------- for the search for small edits that make it right
# Only these counts end the search. They are the same on every computer, and so is what it finds.
MOST_WORK = 4000  # in calls of a small function: about a second on a computer of 2024
NODES = 200  # in the syntax tree of a function: to compile so many takes as long as such a call
CALLS_OF_COURSE = 15  # calls of functions of the course that take as long
MOST_ROUNDS = 1_000_000  # of their loops, in all: this ends the search in a function that is slow itself
OWN_ROUNDS = 200_000  # of the loops of the unedited function, in all cases: above that no edits are tried
ROUNDS = 1000, 10  # for one call of an edited function: this many, plus this many times those of the unedited function

_here = threading.local()  # has .deadline while a learner's code runs in this thread


class Stopped(BaseException):
    """Ends the learner's code."""


def use(deadline):
    """Charge what this thread does from now on to a Deadline. Return the previous one, or None."""
    before, _here.deadline = getattr(_here, "deadline", None), deadline
    return before


def new_call():
    """Reset the limits for a new call of the learner's code."""
    if deadline := getattr(_here, "deadline", None):
        deadline.restart()


def charge(rounds):
    """Add this many rounds, for work that takes time without a jump, such as printing a text."""
    if deadline := getattr(_here, "deadline", None):
        deadline.jumps += rounds


@contextlib.contextmanager
def not_charged():
    """Do not count what runs in this block: it is code of the course, called by the learner's code."""
    deadline = getattr(_here, "deadline", None)
    if deadline is None:
        yield
        return
    jumps = deadline.jumps
    deadline.held += 1
    try:
        yield
    finally:
        deadline.held -= 1
        deadline.jumps = jumps
