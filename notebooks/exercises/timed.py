"""Runs code in a thread that is stopped when its time is up."""

import contextlib
import ctypes
import sys
import threading
import time

from exercises.errors import own_line, stack
from exercises.notes import lines

SECONDS = 4.0  # code that runs longer is stopped


class Stopped(BaseException):
    """Ends the learner's code when its time is up.

    Code that catches everything, in an endless loop, would run on. So in the end the thread is parked: it
    waits here for ever, where it costs nothing.
    """

    def __init__(self):
        thread = threading.current_thread()
        if thread.park:
            thread.parked = True
            threading.Event().wait()


class Worker(threading.Thread):
    """The thread in which the learner's code runs. Its lock `running` is open again when it has ended.

    Not asked: Thread.join and Thread.is_alive. In Python 3.10 to 3.12, an interrupt during join makes a thread
    pass for ended while it runs on.
    """

    park = parked = False

    def __init__(self, work):
        super().__init__(target=work, daemon=True)
        self.running = threading.Lock()
        self.running.acquire()

    def run(self):
        # work() catches Stopped too. This is for one that comes while the first is on its way out.
        with contextlib.suppress(Stopped):
            try:
                super().run()
            finally:
                self.running.release()


def within_time(work):
    """Run work() in a thread for at most SECONDS. Return "" or, if it had to be stopped, what to tell the learner."""
    thread = Worker(work)
    end = time.monotonic() + SECONDS
    in_time, where = False, ""
    try:
        thread.start()
        while not in_time and time.monotonic() < end:
            in_time = thread.running.acquire(timeout=0.05)  # in small pieces: an interrupt comes through on Windows too
        if not in_time:
            where = own_line(stack(sys._current_frames().get(thread.ident)))
    finally:  # also after an interrupt
        ended = in_time or _stop(thread)
    if in_time:
        return ""
    return lines(
        f"It was still running after {SECONDS:g} seconds and was stopped.",
        f"in {where}" if where else "",
        "Is there a loop that never ends? What must change in each round so that it does?",
        "" if ended else "It waits inside that one call, and stops when the call ends.",
    )


def _stop(thread):
    """Raise Stopped in the thread until it ends, and park it if it does not. True if it is out of the way."""
    started = time.monotonic()
    while time.monotonic() < started + 1:
        with contextlib.suppress(KeyboardInterrupt):  # the learner presses the button again: it is being done
            thread.park = time.monotonic() > started + 0.5
            ident, error = ctypes.c_ulong(thread.ident or 0), ctypes.py_object(Stopped)
            if ctypes.pythonapi.PyThreadState_SetAsyncExc(ident, error) == 0 and thread.ident:
                return True  # there is no such thread any more
            if thread.running.acquire(timeout=0.05) or thread.parked:
                return True
    return False
