"""More answers to the exercise softmax that do harm: errors, results, threads, loops and strange functions."""

import _thread
import asyncio
import atexit
import builtins
import ctypes
import os
import signal
import sys
import threading
import time

import numpy as np
from hostile_answers import endless, hostile, right

# ---------------------------------------------------------------- errors


@hostile
def raises_the_error_of_the_deadline(logits):
    """raises what stops an endless loop"""
    from course.checker.limit import Stopped

    raise Stopped


# ---------------------------------------------------------------- results


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
def returns_numbers_from_freed_memory(logits):
    """an array whose memory changes later on"""
    shared = np.zeros(logits.shape)
    shared[...] = right(logits)
    threading.Timer(0.0, shared.fill, [7]).start()
    time.sleep(0.02)
    return shared


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
def deletes_python_and_loops(logits):
    """takes every name out of Python and goes on"""
    builtins.__dict__.clear()
    while True:
        pass


# ---------------------------------------------------------------- strange functions


# ---------------------------------------------------------------- what ends Python


@hostile
def kills_the_process(logits):
    """kills the process"""
    os.kill(os.getpid(), signal.SIGTERM)


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
