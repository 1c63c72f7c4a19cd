"""Puts back what a learner's code has changed by accident for all other code, and tells it.

The code runs in the learner's own Python, where the worst that may happen is an accident: a name of NumPy or of Python
that is written over, a seed, another working folder, a setting. What only somebody with bad intentions would do is not
looked for. The class report, which tries the code of strangers, does so in a process of its own (course/marking).
"""

import ast
import builtins
import contextlib
import ctypes
import dis
import functools
import io
import linecache
import os
import random
import signal
import sys
import threading
import time
import warnings
from operator import is_
from types import ModuleType

import numpy as np

from course.checker import limit
from course.checker.errors import is_learners, own_line
from course.checker.limit import PRINTED, Meter, Stopped
from course.checker.words import lines

_BUILTINS = vars(builtins)
# Whoever changes a name of one of these is told so: all that is computed depends on them.
_TOLD = ("numpy", "numpy.random", "numpy.linalg")
_COURSE = ("course", "rnn_helpers")  # with all modules inside
_NO_CHANGE = ("__warningregistry__", "__annotations__", "__annotations_cache__")  # Python itself changes these
_MISSING = object()


class Printed(io.StringIO):
    """What the learner's code prints: the beginning, if it prints for ever. It stays open if the code closes it."""

    def write(self, text):
        room = PRINTED - self.tell()
        super().write(text[: max(room, 0)])
        return len(text)

    def close(self):
        pass


class Guard:
    """How Python is now. Code that runs in it is ended if it does not return, and what it changes is put back.

    Several things may run in one Guard, one after the other: how Python was is written down once.
    """

    def __init__(self):
        names = [name for name in sys.modules if name in _TOLD or name.partition(".")[0] in _COURSE]
        modules = [(name, sys.modules[name]) for name in names if type(sys.modules[name]) is ModuleType]
        spaces = [("builtins", _BUILTINS), *((name, vars(module)) for name, module in modules)]
        self.spaces = [(label, space, space.copy()) for label, space in spaces]
        self.settings = [(get, put, get()) for get, put in _SETTINGS]
        self.seeds = random.getstate(), np.random.get_state(legacy=False)

    def run(self, work, buffer, times=1):
        """Run work(), which calls the learner's code, and print into the buffer. times: for within_limits

        Return "" or, if it had to be ended or has changed what all other code uses, what to tell the learner. What
        work() raises is not raised here.
        """

        def quietly():
            with np.errstate(all="ignore"):
                work()

        held = [(space, name, space[name]) for space, name in _held() if name in space]
        outputs = {name: getattr(sys, name) for name in ("stdin", "stdout", "stderr")}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                for space, name, value in held:
                    space[name] = _in_place_of(name, value)
                sys.stdout = sys.stderr = buffer
                stopped = within_limits(quietly, times)
            finally:
                changed = self._put_back(held, outputs)
        return stopped or _say_changed(changed)

    def _put_back(self, held, outputs):
        """Return the names that the code has changed, such as "numpy.exp"."""
        # First the names of Python, with methods alone: this very function works with them.
        for space, name, value in held:
            space[name] = value
        _, _, before = self.spaces[0]
        found = _BUILTINS.copy()
        _BUILTINS.update(before)
        changed = _changed("builtins", found, before)
        vars(sys).update(outputs)
        for label, space, before in self.spaces[1:]:
            if not (len(space) == len(before) and all(map(is_, space.values(), before.values()))):
                changed += _changed(label, space, before)
                space.update({name: value for name, value in before.items() if name not in _NO_CHANGE})
        for get, put, before in self.settings:
            if get() != before:
                put(before)
        random.setstate(self.seeds[0])
        np.random.set_state(self.seeds[1])
        return changed


def guarded(work, buffer):
    """Run work() in a Guard of its own."""
    return Guard().run(work, buffer)


def _changed(label, space, before):
    names = [name for name in before if space.get(name, _MISSING) is not before[name] and name not in _NO_CHANGE]
    return [f"{label}.{name}" for name in names]


def _say_changed(names):
    """Say which names the learner's code has changed, or ""."""
    if not names:
        return ""
    shown = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
    return f"Your code changes {shown}, which all other code uses too. It was put back: leave it as it is."


# ------------------------------------------- what would end Python, wait for the keyboard, or print past Python's back
def _held():
    """Return (dict, name) of what must not be called as it is; a notebook has its own quit and exit, on the page."""
    page = vars(sys.modules["__main__"])
    yield from ((vars(os), "_exit"), (vars(os), "abort"), (_BUILTINS, "input"), (vars(np.linalg), "lstsq"))
    yield from ((space, name) for space in (_BUILTINS, page) for name in ("quit", "exit"))


def _in_place_of(name, value):
    """Return what stands there for what is held while the learner's code runs."""
    if name == "lstsq":
        return _quiet_lstsq(value)
    return _no_input if name == "input" else _no_ending


def _quiet_lstsq(lstsq):
    """Return NumPy's least squares with its own error for a matrix of nan or inf, which LAPACK does not take well: for
    nan it prints to the terminal, past sys.stderr, and for inf it may never return."""

    @functools.wraps(lstsq)
    def quiet(a, *more, **named):
        with contextlib.suppress(TypeError):  # what is no array of numbers is for NumPy to refuse
            if not np.isfinite(a).all():
                raise np.linalg.LinAlgError("SVD did not converge in Linear Least Squares")
        return lstsq(a, *more, **named)

    return quiet


def _no_ending(*args):
    raise RuntimeError("This would end Python itself, with all that is on the page. Leave it out")


def _no_input(*prompt):
    raise RuntimeError("input() waits for the keyboard. Take the values from the arguments")


# ---------------------------------------------------------------- settings of Python and of NumPy
def _set_environment(before):
    os.environ.clear()
    os.environ.update(before)


def _folder():
    try:
        return os.getcwd()
    except OSError:  # it was deleted
        return None


def _set_folder(before):
    if before is not None:
        os.chdir(before)


# How to ask for a setting, and how to set it.
_SETTINGS = (
    (_folder, _set_folder),
    (lambda: dict(os.environ), _set_environment),
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (np.geterr, lambda errors: np.seterr(**errors)),
    (np.get_printoptions, lambda options: np.set_printoptions(**options)),
)


# ---------------------------------------------------------------- code that does not return is ended
class Worker(threading.Thread):
    """The thread in which the learner's code runs. Its lock `running` is open again when it has ended.

    Not asked: Thread.join and Thread.is_alive. In Python 3.10 to 3.12, an interrupt during join makes a thread
    pass for ended while it runs on.
    """

    park = parked = False

    def __init__(self, work, meter):
        super().__init__(daemon=True)
        self.out_of_memory = False  # it is there from the start: where no memory is left, none is needed to change it
        self.work, self.meter = work, meter
        self.running, self.leaving = threading.Lock(), threading.Lock()
        self.running.acquire()
        self.leaving.acquire()

    def run(self):
        try:
            self._work()
            self.leaving.acquire()  # until it is sure that no Stopped comes any more: Python would print it
        except BaseException as error:  # here, too, a Stopped may come
            self.out_of_memory = self.out_of_memory or isinstance(error, MemoryError)

    def _work(self):
        try:
            self.meter.begin()
            self.work()
        except BaseException as error:  # a second Stopped may come while the first is on its way
            # So little may be left that telling a MemoryError fails, with another one or with any other error.
            while error is not None:
                self.out_of_memory = self.out_of_memory or isinstance(error, MemoryError)
                error = error.__context__
        finally:
            self.running.release()

    def let_go(self):
        """Let it end, if its work has ended."""
        self.work = None  # what it holds is free at once, and not when the thread has ended
        self.leaving.release()


def within_limits(work, times=1):
    """Run work(), in a thread if one can be started, and end it if it does not return.

    times: so many times the limits are allowed. Return "" or, if it had to be ended, what to tell the learner. What
    work() raises is not raised here; a KeyboardInterrupt by the learner comes through.
    """
    meter = Meter(times)
    thread = Worker(work, meter)
    in_time = ended = False
    where = too_large = ""
    with _Memory() as memory:
        try:
            thread.start()
        except RuntimeError:  # in a browser
            return _in_this_thread(work, meter)
        try:
            while not (in_time or too_large or meter.is_over()):
                in_time = thread.running.acquire(timeout=0.05)  # in small pieces: an interrupt comes through everywhere
                too_large = not in_time and memory.is_over()
            if not in_time:
                where = where_it_runs(sys._current_frames().get(thread.ident))
        finally:  # also after an interrupt
            ended = in_time or _stop(thread)
            if not in_time:
                _take_back(thread)
            thread.let_go()
    if in_time and not thread.out_of_memory:
        return ""
    waits = not ended and meter.computed() < limit.SECONDS / 10
    return _say_stopped(where, waits, too_large or thread.out_of_memory)


def _say_stopped(where, waits=False, too_large=False):
    says = "It did not come to an end, and was stopped."
    asks = "Is there a loop that never ends? What must change in each round so that it does?"
    if too_large:
        says = f"It took more than {limit.MEMORY / 1e9:g} GB of memory, and was stopped."
        asks = "Which array or list is so large, or grows in each round?"
    goes_on = "It waits inside that one call, and stops when the call ends."
    return lines(says, f"in {where}" if where else "", asks, goes_on if waits else "")


def _raise_in(ident, error):
    """Let an error be raised in the thread of that number; None: what was still to be raised is not. False if none."""
    what = None if error is None else ctypes.py_object(error)
    return ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(ident or 0), what) > 0


class _Found(BaseException):
    """Raised and caught at once."""


def _take_back(thread):
    """Let nothing more be raised in a thread."""
    _raise_in(thread.ident, None)
    # Python looks for an error to raise until it has found one. In version 3.11 it would look for ever at the next call
    # that a debugger or a profiler watches. So here is one.
    with contextlib.suppress(_Found):
        _raise_in(threading.get_ident(), _Found)
        for _ in range(1000):
            pass


def _stop(thread):
    """Raise Stopped in the thread until it ends, and park it if it does not. True if it is out of the way."""
    started = time.monotonic()
    while time.monotonic() < started + limit.ENDING:
        with contextlib.suppress(KeyboardInterrupt):  # the learner presses the button again: it is being done
            thread.park = time.monotonic() > started + limit.ENDING / 3
            if not _raise_in(thread.ident, Stopped) and thread.ident:
                return True
            if thread.running.acquire(timeout=0.05) or thread.parked:
                return True
    return False


class _Memory:
    """Limits the memory that Python may take in a block: then an array that is too large is a MemoryError at once.

    Only Linux keeps such a limit. Elsewhere is_over() tells whether Python has grown as much, if psutil is there, as
    in a notebook.
    """

    def __enter__(self):
        self.limits = self.process = None
        with contextlib.suppress(ImportError, OSError, ValueError):
            import resource

            if sys.platform == "linux" and resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY:
                with open("/proc/self/statm", encoding="ascii") as file:
                    pages = int(file.read().split()[0])
                self.limits = resource.getrlimit(resource.RLIMIT_AS)
                soft = pages * resource.getpagesize() + limit.MEMORY
                resource.setrlimit(resource.RLIMIT_AS, (soft, self.limits[1]))
        if self.limits is None and "psutil" in sys.modules:
            self.process = sys.modules["psutil"].Process()
            self.before = self.process.memory_info().rss
        return self

    def is_over(self):
        return self.process is not None and self.process.memory_info().rss > self.before + limit.MEMORY

    def __exit__(self, *error):
        if self.limits is not None:
            import resource

            resource.setrlimit(resource.RLIMIT_AS, self.limits)


# ---------------------------------------------------------------- without a second thread
def _in_this_thread(work, meter):
    """within_limits where no thread can be started."""
    with Deadline(meter) as deadline:
        # No contextlib.suppress: what it calls on its way out would be ended, too.
        try:  # noqa: SIM105
            work()
        except BaseException:
            pass
        deadline.on = False
    if deadline.interrupted:
        raise KeyboardInterrupt
    return _say_stopped(deadline.where) if deadline.is_over else ""


class Deadline:
    """Raises Stopped in all code of this thread, from when a limit is reached, until the block is left.

    where  the learner's line that ran then, as text, or ""
    is_over, interrupted  whether a limit was reached, and whether the learner pressed the button to stop

    From Python 3.12 on, sys.monitoring calls it at every jump back and at the start of every function. Before that,
    sys.settrace calls it at every line, but only until the first error: code that catches it inside of all its loops,
    and loops on, is not ended.
    """

    def __init__(self, meter):
        self.meter, self.where, self.is_over, self.interrupted = meter, "", False, False
        self.thread = threading.get_ident()

    def __enter__(self):
        self.on, self.late = True, 0  # late: how often it was over already
        self.outside, self.way_out = sys._getframe(1), self.__exit__.__func__.__code__
        self.before = limit.use(self.meter)
        self.tool = _free_tool()
        self.handler = None
        with contextlib.suppress(ValueError):  # only the main thread hears of an interrupt
            self.handler = signal.signal(signal.SIGINT, self._interrupt)
        if self.tool is None:
            self.trace = sys.gettrace()
            sys.settrace(self._at_line)
        else:
            sys.monitoring.use_tool_id(self.tool, "course")
            for event in _events():
                sys.monitoring.register_callback(self.tool, event, self._at_event)
            sys.monitoring.set_events(self.tool, sum(_events()))
        self.meter.restart()
        return self

    def __exit__(self, *error):
        self.on = False
        limit.use(self.before)
        if self.tool is None:
            sys.settrace(self.trace)
        else:
            sys.monitoring.set_events(self.tool, 0)
            for event in _events():
                sys.monitoring.register_callback(self.tool, event, None)
            sys.monitoring.free_tool_id(self.tool)
        if self.handler is not None:
            signal.signal(signal.SIGINT, self.handler)

    def _ends(self, frame):
        """True if the code must end. Each jump counts, and each line where Python tells of lines."""
        meter = self.meter
        if meter.held is not None or not self.on:
            return False
        meter.jumps += 1
        if not (self.is_over or self.interrupted):
            waited = time.monotonic() - meter.start[1]
            self.is_over = meter.jumps > meter.times * limit.JUMPS or waited > meter.times * limit.WAITING
            if self.is_over:
                self.where = where_it_runs(frame, self.outside)
        return self.is_over or self.interrupted

    def _at_event(self, *place):
        if threading.get_ident() == self.thread:
            frame = sys._getframe(1)
            # Not on the way out: it would be raised for ever. The `pass` of an `except` is a jump too in Python 3.12.
            if frame is not self.outside and frame.f_code is not self.way_out and self._ends(frame):
                raise Stopped

    def _at_line(self, frame, event, argument):
        if self._ends(frame):
            self.late += 1
            # After an error that is raised here Python traces no more. So it is best raised where nothing catches it.
            if not _may_be_caught(frame, self.outside) or self.late > 100_000:
                raise Stopped
        return self._at_line

    def _interrupt(self, number, frame):
        self.interrupted = True  # if the code catches this, it is raised again
        if self.tool is None and _may_be_caught(frame, self.outside):
            return  # it would be caught, and Python trace no more: _at_line raises it at a better place
        raise Stopped


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


# ---------------------------------------------------------------- the loop that does not end
def where_it_runs(frame, outside=None):
    """Return the first line of the loop in which a frame of Python runs, as text, or the learner's line, or "".

    It is the outermost `while`, since few `for` loops are without an end; without a `while`, the outermost `for`.
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
    """Return (file, node) of the loops of a function around the line that runs, the outermost first."""
    file, line, begins = frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_firstlineno
    if not is_learners(file) or line is None:
        return []
    try:
        nodes = ast.walk(ast.parse("".join(linecache.getlines(file))))
    except (SyntaxError, ValueError, RecursionError):  # a cell with a magic, or without a source
        return []
    loops = [node for node in nodes if isinstance(node, (ast.While, ast.For))]
    around = [node for node in loops if begins <= node.lineno <= line <= node.end_lineno]
    return [(file, node) for node in sorted(around, key=lambda node: node.lineno)]
