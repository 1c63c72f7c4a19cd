"""Stops code that does not return, and says in which loop it was.

It counts calls and rounds of loops, so that an endless loop is stopped at the same place on every computer. It cannot
count inside a single call that does not return, for example a product of huge matrices or a long sleep. Only the
learner's stop button ends that.
"""

import ast
import contextlib
import linecache
import signal
import sys
import threading

from course.checker import limit
from course.checker.errors import is_learners, own_line
from course.checker.limit import Stopped
from course.checker.words import lines


def within_limits(work, counted=True):
    """Run work(), and stop it if it does not return.

    counted  False if work() counts by itself: then only the stop button ends it here
    Return "" or, if it had to be stopped, a message for the learner. What work() raises is not raised here, except the
    learner's KeyboardInterrupt.
    """
    with Deadline(counted) as deadline:
        # No contextlib.suppress: the calls that it makes on its way out would be stopped, too.
        try:  # noqa: SIM105
            work()
        except BaseException:
            pass
        deadline.on = False
    if deadline.interrupted:
        raise KeyboardInterrupt
    return deadline.message


class Deadline:
    """Raises Stopped in all code of this thread, from the moment a limit is reached until the block is left.

    message      the message for the learner once a limit is reached, or ""
    interrupted  whether the learner pressed the stop button
    jumps, held  of the current call: the count, and whether it is now in code of the course

    From Python 3.12 on, sys.monitoring calls it at every jump back and at the start of every function. Before that,
    sys.settrace calls it at every call and at every line of the learner's code, but only until the first error. So code
    that catches Stopped and goes on looping is not stopped.
    """

    def __init__(self, counted=True):
        self.counted, self.message, self.interrupted, self.held = counted, "", False, 0
        self.thread = threading.get_ident()

    def __enter__(self):
        self.on, self.every = True, 16  # every: jumps between two looks
        self.outside, self.way_out = sys._getframe(1), self.__exit__.__func__.__code__
        self.memory = _memory()
        self.before = limit.use(self)
        self.tool = _free_tool()
        self.handler = None
        with contextlib.suppress(ValueError):  # only the main thread can be interrupted
            self.handler = signal.signal(signal.SIGINT, self._interrupt)
        self.trace = sys.gettrace()
        self.restart()
        if self.counted and self.tool is not None:
            sys.monitoring.use_tool_id(self.tool, "course")
            for event in _events():
                sys.monitoring.register_callback(self.tool, event, self._at_event)
            sys.monitoring.set_events(self.tool, sum(_events()))
        return self

    def restart(self):
        """Start counting anew, for a new call of the learner's code."""
        self.jumps = 0
        if self.counted and self.tool is None:
            sys.settrace(self._at_call)

    def __exit__(self, *error):
        self.on = False
        limit.use(self.before)
        if self.counted and self.tool is None:
            sys.settrace(self.trace)
        elif self.counted:
            sys.monitoring.set_events(self.tool, 0)
            for event in _events():
                sys.monitoring.register_callback(self.tool, event, None)
            sys.monitoring.free_tool_id(self.tool)
        if self.handler is not None:
            signal.signal(signal.SIGINT, self.handler)
        self.outside = None  # otherwise the two would keep each other, and what they hold, in memory

    def _ends(self, frame):
        """True if the code must be stopped."""
        if self.held or not self.on:
            return False
        if not (self.message or self.interrupted):
            too_large = _memory() > self.memory + limit.MEMORY
            if too_large or self.jumps > limit.JUMPS:
                self.message, self.every = _say_stopped(where_it_runs(frame, self.outside), too_large), 1
        return self.interrupted or self.message != ""

    def _at_event(self, *place):
        self.jumps += 1
        if self.jumps % self.every == 0 and threading.get_ident() == self.thread:
            frame = sys._getframe(1)
            # Not on the way out: it would be raised forever. In Python 3.12 the `pass` of an `except` is a jump, too.
            if frame is not self.outside and frame.f_code is not self.way_out and self._ends(frame):
                raise Stopped

    def _at_call(self, frame, event, argument):
        self._at_line(frame, event, argument)
        return self._at_line if is_learners(frame.f_code.co_filename) else None

    def _at_line(self, frame, event, argument):
        self.jumps += 1
        if self.jumps % self.every == 0 and self._ends(frame):
            raise Stopped
        return self._at_line

    def _interrupt(self, number, frame):
        self.interrupted, self.every = True, 1  # if the code catches this, it is raised again
        if self.on:
            raise Stopped


def _nodes(text):
    """Return the syntax nodes of a text, or [] for a cell with a magic or without a source."""
    with contextlib.suppress(SyntaxError, ValueError, RecursionError):
        return list(ast.walk(ast.parse(text)))
    return []


def _free_tool():
    """Return the number of a free monitoring tool, or None before Python 3.12 or if all are taken."""
    monitoring = getattr(sys, "monitoring", None)
    free = [tool for tool in (4, 3, 2, 1) if monitoring and monitoring.get_tool(tool) is None]
    return free[0] if free else None


def _events():
    events = sys.monitoring.events
    return events.JUMP, events.PY_START, events.PY_RESUME


def _memory():
    """Return the most bytes that Python has used so far, or 0 where the system does not report it."""
    try:
        from resource import RUSAGE_SELF, getrusage  # Windows has no such module, and in a browser it is empty
    except ImportError:
        return 0
    size = getrusage(RUSAGE_SELF).ru_maxrss
    return size if sys.platform == "darwin" else 1024 * size


# ---------------------------------------------------------------- what the message says
def _say_stopped(where, too_large):
    says = "It did not come to an end, and was stopped."
    asks = "Is there a loop that never ends? What must change in each round so that it does?"
    if too_large:
        says = f"It took more than {limit.MEMORY / 1e9:g} GB of memory, and was stopped."
        asks = "Which array or list is so large, or grows in each round?"
    return lines(says, f"in {where}" if where else "", asks)


def where_it_runs(frame, outside=None):
    """Return as text the first line of the loop in which a frame runs, or the learner's line, or "".

    The loop is the outermost `while`, because few `for` loops are endless; without a `while`, the outermost `for`.
    outside: the frame from which the learner's code was called, in the same thread
    """
    frames, one = [], frame
    while one is not None and one is not outside:
        frames.append(one)
        one = one.f_back
    loops = [loop for one in reversed(frames) for loop in _loops_around(one)]
    first = [loop for loop in loops if isinstance(loop[1], ast.While)] or loops
    return own_line([(file, node.lineno) for file, node in first[:1]] or _lines(frames))


def _lines(frames):
    return [(frame.f_code.co_filename, frame.f_lineno) for frame in frames]


def _loops_around(frame):
    """Return (file, node) of the loops of a function around the current line, the outermost first."""
    file, line, begins = frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_firstlineno
    if not is_learners(file) or line is None:
        return []
    nodes = _nodes("".join(linecache.getlines(file)))
    loops = [node for node in nodes if isinstance(node, (ast.While, ast.For))]
    around = [node for node in loops if begins <= node.lineno <= line <= node.end_lineno]
    return [(file, node) for node in sorted(around, key=lambda node: node.lineno)]
