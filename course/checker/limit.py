"""Runs code in a thread that is stopped when its time is up."""

import contextlib
import ctypes
import sys
import threading
import time

from course.checker.stop import Deadline
from course.checker.errors import own_line, stack
from course.checker.say.words import lines

SECONDS = 4.0  # code that runs longer is stopped


class Stopped(BaseException):
    """Ends the learner's code when its time is up.

    Code that catches everything, in an endless loop, would run on. So in the end the thread is parked: it
    waits here for ever, where it costs nothing.
    """

    def __init__(self):
        thread = threading.current_thread()
        if getattr(thread, "park", False):
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
        self.work = work
        self.running = threading.Lock()
        self.running.acquire()

    def run(self):
        # work() catches Stopped too. This is for one that comes while the first is on its way out, and no name is
        # looked up: not even BaseException may be there any more.
        try:
            self.work()
        except:  # noqa: E722
            pass
        finally:
            self.running.release()


def within_time(work, restore=lambda release=True: None, seconds=None):
    """Run work() for some seconds at most (SECONDS, if none are given), in a thread if one can be started.

    Return "" or, if it had to be stopped, what to tell the learner. What work() raises is not raised here; a
    KeyboardInterrupt by the learner comes through. restore() puts back what the code has spoiled. It is called before
    code that runs on is stopped, since that needs the names of Python, and again when it is out of the way.
    """
    others = set(sys._current_frames())
    count = len
    # What is used while the code runs is at hand here: the code may write over the names of a module.
    thread, now, frames = Worker(work), time.monotonic, sys._current_frames
    stop, stop_others = _stop, _stop_others
    seconds = seconds or SECONDS
    acquire, end = thread.running.acquire, now() + seconds
    in_time = alone = False
    where = ""
    try:
        try:
            thread.start()
        except RuntimeError:  # in a browser
            alone = True
        while not (in_time or alone) and now() < end:
            in_time = acquire(timeout=0.05)  # in small pieces: an interrupt comes through on Windows too
        if not (in_time or alone):
            frame = frames().get(thread.ident)
            restore(False)
            where = own_line(stack(frame))
    finally:  # also after an interrupt
        if not alone:
            restore(in_time)
        ended = in_time or alone or stop(thread)
        if count(frames()) > count(others):
            stop_others(others, thread)
            restore()
        elif not (in_time or alone):
            restore()
    if alone:
        return _in_this_thread(work, restore, seconds)
    return "" if in_time else _say_stopped(where, seconds, ended)


def _say_stopped(where, seconds, ended=True):
    return lines(
        f"It was still running after {seconds:g} seconds and was stopped.",
        f"in {where}" if where else "",
        "Is there a loop that never ends? What must change in each round so that it does?",
        "" if ended else "It waits inside that one call, and stops when the call ends.",
    )


def _in_this_thread(work, restore, seconds):
    """within_time without a second thread."""
    with Deadline(seconds, Stopped) as deadline:
        try:
            work()
        except:  # noqa: E722
            pass
        deadline.end = deadline.never
        restore()
    if deadline.interrupted:
        raise KeyboardInterrupt
    return _say_stopped(deadline.where, seconds) if deadline.is_over else ""


def _raise_in(ident, error):
    """Let an error be raised in a thread. False if there is no such thread."""
    return ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident or 0), ctypes.py_object(error)) > 0


def _stop(thread):
    """Raise Stopped in the thread until it ends, and park it if it does not. True if it is out of the way."""
    started = time.monotonic()
    while time.monotonic() < started + 1:
        with contextlib.suppress(KeyboardInterrupt):  # the learner presses the button again: it is being done
            thread.park = time.monotonic() > started + 0.5
            if not _raise_in(thread.ident, Stopped) and thread.ident:
                return True  # there is no such thread any more
            if thread.running.acquire(timeout=0.05) or thread.parked:
                return True
    return False


def _stop_others(before, worker):
    """Stop the threads that the learner's code has started and that still run it."""
    end = time.monotonic() + 0.5
    while time.monotonic() < end:
        new = {ident: frame for ident, frame in sys._current_frames().items() if ident not in {*before, worker.ident}}
        theirs = [ident for ident, frame in new.items() if own_line(stack(frame))]
        if not theirs:
            return
        for ident in theirs:
            _raise_in(ident, SystemExit)  # which a thread takes as its end, without a word
        time.sleep(0.01)
