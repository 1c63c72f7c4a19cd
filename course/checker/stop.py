"""Stops code in the thread that runs it when its time is up: for a browser, where no second thread can be started."""

import contextlib
import dis
import signal
import sys
import threading
import time

from course.checker.errors import is_learners, own_line, stack


class Deadline:
    """Raises an error in all code of this thread, from `seconds` on, again and again until the block is left.

    where  the learner's line that ran when the time was up, as text, or ""
    is_over, interrupted  whether the time was up, and whether the learner pressed the button to stop

    From Python 3.12 on, sys.monitoring calls it at every jump back and at the start of every function. Before that,
    sys.settrace calls it at every line, but only until the first error: code that catches it inside of all its loops,
    and loops on, is not ended.
    """

    def __init__(self, seconds, error):
        self.seconds, self.error = seconds, error
        self.where, self.is_over, self.interrupted = "", False, False
        self.thread = threading.get_ident()
        self.now, self.never = time.monotonic, float("inf")  # at hand, whatever becomes of the modules

    def __enter__(self):
        self.end = self.now() + self.seconds
        self.outside, self.last = sys._getframe(1), self.end + 0.1
        self.way_out = self.__exit__.__func__.__code__
        self.tool = _free_tool()
        self.handler = None
        with contextlib.suppress(ValueError):  # only the main thread hears of an interrupt
            self.handler = signal.signal(signal.SIGINT, self._interrupt)
        if self.tool is None:
            self.trace = sys.gettrace()
            sys.settrace(self._at_line)
        else:
            monitoring = sys.monitoring
            monitoring.use_tool_id(self.tool, "exercises")
            for event in _events():
                monitoring.register_callback(self.tool, event, self._at_event)
            monitoring.set_events(self.tool, sum(_events()))
        return self

    def __exit__(self, *error):
        self.end = self.never
        if self.tool is None:
            sys.settrace(self.trace)
        else:
            monitoring = sys.monitoring
            with contextlib.suppress(ValueError):  # the learner's code may have given it back
                monitoring.set_events(self.tool, 0)
                for event in _events():
                    monitoring.register_callback(self.tool, event, None)
                monitoring.free_tool_id(self.tool)
        if self.handler is not None:
            signal.signal(signal.SIGINT, self.handler)

    def _at_event(self, *place):
        if self.now() > self.end and threading.get_ident() == self.thread:
            frame = sys._getframe(1)
            # Not on the way out: it would be raised for ever. The `pass` of an `except` is a jump too in Python 3.12.
            if frame is not self.outside and frame.f_code is not self.way_out:
                self._note(frame)
                raise self.error

    def _at_line(self, frame, event, argument):
        if self.now() > self.end:
            self._note(frame)
            # After an error that is raised here Python traces no more. So it is best raised where nothing catches it.
            if not _may_be_caught(frame, self.outside) or self.now() > self.last:
                raise self.error
        return self._at_line

    def _note(self, frame):
        if not self.is_over:
            calls = stack(frame)
            self.is_over, self.where = True, own_line(calls[: len(calls) - len(stack(self.outside))])

    def _interrupt(self, number, frame):
        self.interrupted = True
        self.end = -1.0  # if it catches this, it is raised again
        if self.tool is None and _may_be_caught(frame, self.outside):
            return  # it would be caught, and Python trace no more: _at_line raises it at a better place
        raise self.error


def _may_be_caught(frame, outside):
    """True if code between a frame and the one outside stands in a try, or if that is not known (Python 3.10)."""
    while frame is not outside and frame is not None:
        code = frame.f_code
        if is_learners(code.co_filename):
            ranges = getattr(dis, "_parse_exception_table", lambda code: None)(code)
            if ranges is None or any(one.start <= frame.f_lasti < one.end for one in ranges):
                return True
        frame = frame.f_back
    return False


def _free_tool():
    """Return the number of a tool that nobody uses, or None before Python 3.12 or if there is none."""
    monitoring = getattr(sys, "monitoring", None)
    free = [tool for tool in (4, 3, 2, 1) if monitoring and monitoring.get_tool(tool) is None]
    return free[0] if free else None


def _events():
    events = sys.monitoring.events
    return events.JUMP, events.PY_START, events.PY_RESUME
