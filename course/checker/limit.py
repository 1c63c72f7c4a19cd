"""All limits, and what is charged to a learner.

A clock only ends code that does not return (guard.py). It decides nothing else: what is said of an answer depends on
counts alone, so it is the same on a slow computer, on a busy one, and in a browser. What the clock measures is what the
learner's own code computes in one call: not the time that other programs take, and not what the course computes.
"""

import contextlib
import threading
import time

# ---------------------------------------------------------------- of the code as the learner has it, for one call
SECONDS = 5.0  # of the processor. The slowest right answer known takes 0.03: a computer may be 150 times as slow
WAITING = 30.0  # on the clock, for code that waits and computes nothing: it sleeps, or wants a lock
ENDING = 3.0  # on the clock, until code that does not end when it is told to is left alone; parked after a third of it
JUMPS = 5_000_000  # rounds of loops, and calls: in place of SECONDS where no second thread can be started, in a browser
MEMORY = 1_000_000_000  # bytes that it may take beside what Python has already
PRINTED = 1_000_000  # letters that are kept of what it prints

# ---------------------------------------------------------------- of the search for small edits that make it right
# The search ends by these counts alone. They are the same on every computer, and so is what is found.
MOST_CALLS = 4500  # of edited functions, in all: 2 seconds of a computer of 2024, and seldom as much
MOST_ROUNDS = 1_000_000  # of their loops, in all: it ends the search in a function that is slow itself
OWN_ROUNDS = 200_000  # of the loops of the function as it is, in all cases: above that its edits are not tried
ROUNDS = 1000, 10  # for one call of an edited function: so many, and so many times those of the function as it is
SEARCH = 30  # times the limits for one call, for a search as a whole: it ends by counts long before

_here = threading.local()  # .meter, of the thread that runs the learner's code


class Stopped(BaseException):
    """Ends the learner's code.

    Code that catches everything, in an endless loop, would run on. So in the end the thread is parked: it waits here
    for ever, where it costs nothing.
    """

    def __init__(self):
        thread = threading.current_thread()
        if getattr(thread, "park", False):
            thread.parked = True
            threading.Event().wait()


# ---------------------------------------------------------------- what is charged to the learner
class Meter:
    """What the learner's code has taken since its last call began: seconds of the processor, and on the clock.

    times    so many times the limits are allowed
    clock    () -> seconds of the processor: of the thread alone, where the system can tell
    held     what was taken when the course began to compute inside of the learner's code, or None
    """

    def __init__(self, times=1):
        self.times, self.held, self.depth, self.jumps = times, None, 0, 0
        self.clock = time.process_time
        self.start = self.clock(), time.monotonic()

    def begin(self):
        """Start in the thread that runs the code."""
        use(self)
        if hasattr(time, "pthread_getcpuclockid"):
            number = time.pthread_getcpuclockid(threading.get_ident())
            self.clock = lambda: time.clock_gettime(number)
        self.restart()

    def restart(self):
        self.jumps, self.start = 0, (self.clock(), time.monotonic())

    def taken(self):
        """Return (seconds of the processor, seconds on the clock)."""
        held, (cpu, wall) = self.held, self.start
        return held or (self.clock() - cpu, time.monotonic() - wall)

    def computed(self):
        """Return the seconds of the processor alone."""
        with contextlib.suppress(OSError):  # the thread has just ended
            return self.taken()[0]
        return 0.0

    def is_over(self):
        with contextlib.suppress(OSError):
            cpu, wall = self.taken()
            return cpu > self.times * SECONDS or wall > self.times * WAITING
        return False

    def hold(self):
        self.depth += 1
        if self.depth == 1:
            self.held = self.taken()

    def go_on(self):
        self.depth -= 1
        if self.depth == 0:
            cpu, wall = self.held
            self.start, self.held = (self.clock() - cpu, time.monotonic() - wall), None


def use(meter):
    """Charge to a meter what this thread computes from now on. Return the one before, or None."""
    before, _here.meter = getattr(_here, "meter", None), meter
    return before


def new_call():
    """Let the limits begin anew: a call of the learner's code begins."""
    meter = getattr(_here, "meter", None)
    if meter is not None:
        meter.restart()


@contextlib.contextmanager
def not_charged():
    """Do not count what is computed in this block: it is code of the course that the learner's code has called."""
    meter = getattr(_here, "meter", None)
    if meter is None:
        yield
        return
    meter.hold()
    try:
        yield
    finally:
        meter.go_on()
