"""More answers to the exercise softmax that do harm: errors, results, threads, loops and strange functions."""

import _thread
import asyncio
import atexit
import builtins
import ctypes
import functools
import os
import signal
import sys
import threading
import time
import weakref

import numpy as np
from hostile_answers import HOSTILE, endless, hostile, right

import rnn_helpers


# ---------------------------------------------------------------- errors
@hostile
def exits(logits):
    """sys.exit"""
    sys.exit(3)


@hostile
def interrupts(logits):
    """raises KeyboardInterrupt"""
    raise KeyboardInterrupt


@hostile
def raises_a_base_exception(logits):
    """raises an error of its own that is no Exception"""
    raise type("Hidden", (BaseException,), {})


@hostile
def raises_an_error_without_text(logits):
    """the text of its error raises"""

    class Silent(Exception):
        def __str__(self):
            raise SystemExit

        __repr__ = __str__

    raise Silent


@hostile
def raises_an_error_with_a_long_name(logits):
    """the kind of its error has a very long name"""
    raise type("E" * 100_000, (Exception,), {})("x" * 1_000_000)


@hostile
def raises_the_error_of_the_deadline(logits):
    """raises what stops an endless loop"""
    from course.checker.timed import Stopped

    raise Stopped


@hostile
def raises_a_group(logits):
    """errors inside errors, and one that is its own cause"""
    error = ValueError("a")
    error.__context__ = error.__cause__ = KeyError("b")
    error.__cause__.__context__ = error
    raise error


@hostile
def raises_without_memory(logits):
    """raises MemoryError"""
    np.zeros((10**7, 10**7, 10**3))


@hostile
def calls_itself(logits):
    """calls itself without end"""
    return calls_itself(logits)


# ---------------------------------------------------------------- results
class Yes:
    """Equal to all, and everything at once."""

    shape, ndim, size, dtype = (2, 3), 2, 6, np.dtype(float)

    def __eq__(self, other):
        return True

    def __getattr__(self, name):
        return lambda *args, **keywords: self

    def __bool__(self):
        return True

    __hash__ = None


@hostile
def returns_what_equals_all(logits):
    """its result says that it is equal to everything"""
    return Yes()


@hostile
def returns_an_array_that_equals_all(logits):
    """its result is a kind of array that says so"""

    class Array(np.ndarray):
        def __eq__(self, other):
            return np.ones(self.shape, bool)

        def __sub__(self, other):
            return np.zeros(self.shape)

        __rsub__ = __sub__

        def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
            return np.zeros(self.shape)

    return logits.view(Array)


@hostile
def returns_what_raises_when_made_an_array(logits):
    """__array__ raises"""

    class Raises:
        def __array__(self, *args, **keywords):
            raise SystemExit

    return Raises()


@hostile
def returns_what_changes_python_when_made_an_array(logits):
    """__array__ replaces the comparison of numbers"""

    class Changes:
        def __array__(self, *args, **keywords):
            np.isfinite = np.ones_like
            builtins.abs = lambda x: 0
            return np.zeros(logits.shape)

    return Changes()


@hostile
def returns_what_lies_about_its_class(logits):
    """__class__ says that it is an array"""

    class Lies:
        __class__ = np.ndarray

        def __repr__(self):
            raise KeyboardInterrupt

    return Lies()


@hostile
def returns_what_has_no_class(logits):
    """asking for __class__ raises"""

    class Raises:
        @property
        def __class__(self):
            raise SystemExit

    return Raises()


@hostile
def returns_a_class_with_a_strange_name(logits):
    """its class has a name that cannot be read"""

    class Meta(type):
        @property
        def __name__(cls):
            raise KeyboardInterrupt

    return Meta("Odd", (), {})()


@hostile
def returns_a_list_in_itself(logits):
    """a list that holds itself"""
    held = []
    held.append(held)
    return held


@hostile
def returns_a_generator(logits):
    """a generator that raises SystemExit"""
    return (sys.exit() for _ in range(3))


@hostile
def returns_a_strange_length(logits):
    """a list whose length raises"""

    class Long(list):
        def __len__(self):
            raise KeyboardInterrupt

        def __iter__(self):
            raise SystemExit

    return Long([1.0])


@hostile
def returns_itself(logits):
    """the function itself"""
    return returns_itself


@hostile
def returns_objects(logits):
    """an array of objects whose comparison raises"""
    return np.array([[Yes()] * logits.shape[-1]] * len(logits), dtype=object)


@hostile
def returns_numbers_from_freed_memory(logits):
    """an array whose memory changes later on"""
    shared = np.zeros(logits.shape)
    shared[...] = right(logits)
    threading.Timer(0.0, shared.fill, [7]).start()
    time.sleep(0.02)
    return shared


@hostile
def returns_a_hog(logits):
    """a result of 100 megabytes"""
    return np.zeros((100, 125_000))


@hostile
def returns_a_weak_reference(logits):
    """a weak reference to what is gone"""
    return weakref.proxy(Yes())


@hostile
def reshapes_its_argument(logits):
    """changes the shape and the kind of its argument"""
    logits.shape = (-1,)
    logits.dtype = np.int8
    return logits


@hostile
def locks_its_argument(logits):
    """its argument may not be written any more, and is filled with nan before"""
    logits.fill(np.nan)
    logits.setflags(write=False)
    return logits


# ---------------------------------------------------------------- other threads and processes
@hostile
def starts_a_busy_thread(logits):
    """starts a thread that works on for ever"""

    def work():
        while True:
            np.add(1, 1)

    threading.Thread(target=work, daemon=True).start()
    return logits


@hostile
def starts_a_thread_that_waits(logits):
    """starts a thread that changes np.exp a little later"""

    def later():
        for _ in range(5):
            time.sleep(0.01)
            np.exp = None

    threading.Thread(target=later, daemon=True).start()
    time.sleep(0.03)
    return right(logits)


@hostile
def interrupts_the_main_thread(logits):
    """presses the button to stop"""
    _thread.interrupt_main()
    return logits


@hostile
def refuses_new_threads(logits):
    """no thread can be started any more"""
    threading.Thread.start = threading.Thread.run = None
    _thread.start_new_thread = None
    return logits


@hostile
def forks(logits):
    """a second process goes on with the check"""
    if os.fork() == 0:
        os._exit(0)
    os.wait()
    return logits


@hostile
def ends_its_own_thread(logits):
    """ends its thread"""
    _thread.exit()


@hostile
def raises_an_alarm(logits):
    """lets an alarm come"""
    signal.setitimer(signal.ITIMER_REAL, 1.0)
    return logits


@hostile
def starts_an_event_loop(logits):
    """runs a coroutine that exits"""

    async def work():
        sys.exit()

    asyncio.run(work())


@hostile
def waits_at_the_end(logits):
    """leaves a function that runs when Python ends"""
    atexit.register(lambda: None)
    return logits


# ---------------------------------------------------------------- what never ends
@endless
def loops_past_every_error(logits):
    """a loop that catches every error"""
    while True:
        try:
            while True:
                np.add(logits, 1)
        except BaseException:
            pass


@endless
def loops_in_finally(logits):
    """leaves a loop only to begin it again"""
    try:
        while True:
            pass
    finally:
        loops_in_finally(logits)


@endless
def loops_with_a_replaced_clock(logits):
    """the clock is gone, and it never ends"""
    time.monotonic = None
    while True:
        builtins.len = None


@endless
def loops_in_a_repr(logits):
    """the text of its error never comes to an end"""

    class Endless(Exception):
        def __str__(self):
            while True:
                pass

    raise Endless


@endless
def waits_for_a_lock(logits):
    """waits for a lock that is never opened"""
    lock = threading.Lock()
    lock.acquire()
    while not lock.acquire(timeout=0.02):
        pass


@endless
def deletes_python_and_loops(logits):
    """takes every name out of Python and goes on"""
    builtins.__dict__.clear()
    while True:
        pass


# ---------------------------------------------------------------- strange functions
class Strange:
    """A callable that is hostile when it is looked at."""

    def __getattr__(self, name):
        raise SystemExit

    def __call__(self, logits):
        return logits


class Impostor:
    """A callable with the name, the code and the signature of a right one."""

    __name__, __code__, __wrapped__ = "softmax", rnn_helpers.softmax.__code__, rnn_helpers.softmax
    __globals__ = None

    def __call__(self, logits):
        return np.zeros(logits.shape)


class Unreadable:
    """A callable whose signature never ends: it wraps itself."""

    def __init__(self):
        self.__wrapped__ = self

    def __call__(self, logits):
        return logits


HOSTILE["strange_callable"] = "each question about it ends the program", Strange()
HOSTILE["impostor"] = "it has the code of the right function, and does another thing", Impostor()
HOSTILE["wraps_itself"] = "it says that it wraps itself", Unreadable()
HOSTILE["partial_exit"] = "a partial of sys.exit", functools.partial(sys.exit)
HOSTILE["a_hostile_class"] = "a class", Yes
HOSTILE["eval"] = "runs its argument as a program", eval


# ---------------------------------------------------------------- what ends Python
@hostile
def leaves_the_process(logits):
    """ends the process at once"""
    os._exit(3)


@hostile
def kills_the_process(logits):
    """kills the process"""
    os.kill(os.getpid(), signal.SIGTERM)


@hostile
def aborts(logits):
    """ends the process with a fault"""
    os.abort()


@hostile
def presses_the_button(logits):
    """presses the button to stop"""
    _thread.interrupt_main()
    signal.raise_signal(signal.SIGINT)


@hostile
def leaves_from_below(logits):
    """ends the process through the library of C"""
    ctypes.CDLL(None)._exit(3)


@hostile
def reads_at_address_zero(logits):
    """reads memory that it does not have"""
    ctypes.string_at(0)
