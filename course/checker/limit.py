"""All limits, and what is charged to a learner.

What is said of an answer depends on counts alone, so it is the same on a slow computer, on a busy one, and in a
browser. A clock ends only code that waits and computes nothing.
"""

import contextlib
import threading
import time

# ---------------------------------------------------------------- of the code as the learner has it, for one call
JUMPS = 20_000_000  # rounds of loops, and calls: the slowest way to an answer that is known makes 8 million
WAITING = 30.0  # seconds on the clock, for code that waits and computes nothing: it sleeps, or wants a lock
MEMORY = 1_000_000_000  # bytes that it may take beside what Python has already
LARGE = 1_000_000  # bytes of an array that it returns: no right one has more than 20,000
PRINTED = 1_000_000  # letters that are kept of what it prints

# ---------------------------------------------------------------- of the search for small edits that make it right
# The search ends by these counts alone. They are the same on every computer, and so is what is found.
MOST_CALLS = 4500  # of edited functions, in all: 2 seconds of a computer of 2024, and seldom as much
MOST_ROUNDS = 1_000_000  # of their loops, in all: it ends the search in a function that is slow itself
OWN_ROUNDS = 200_000  # of the loops of the function as it is, in all cases: above that its edits are not tried
ROUNDS = 1000, 10  # for one call of an edited function: so many, and so many times those of the function as it is

_here = threading.local()  # .deadline, where a learner's code runs in this thread


class Stopped(BaseException):
    """Ends the learner's code."""


def use(deadline):
    """Charge to a Deadline what this thread does from now on. Return the one before, or None."""
    before, _here.deadline = getattr(_here, "deadline", None), deadline
    return before


def new_call():
    """Let the limits begin anew: a call of the learner's code begins."""
    if deadline := getattr(_here, "deadline", None):
        deadline.restart()


def charge(rounds):
    """Count so many rounds more: what takes time without a jump, such as a text that is printed."""
    if deadline := getattr(_here, "deadline", None):
        deadline.jumps += rounds


@contextlib.contextmanager
def not_charged():
    """Do not count what is done in this block: it is code of the course that the learner's code has called."""
    deadline = getattr(_here, "deadline", None)
    if deadline is None:
        yield
        return
    jumps, began, worked = deadline.jumps, time.monotonic(), time.thread_time()
    deadline.held += 1
    try:
        yield
    finally:
        deadline.held -= 1
        deadline.jumps = jumps
        deadline.began += time.monotonic() - began
        deadline.worked += time.thread_time() - worked
