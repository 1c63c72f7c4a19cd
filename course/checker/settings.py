"""The settings of Python, of NumPy and of the process that a learner's function can change."""

import contextlib
import gc
import locale
import os
import signal
import sys
from functools import partial

import numpy as np


def _environment():
    return os.environ._data.copy() if hasattr(os.environ, "_data") else dict(os.environ)


def _set_environment(before):
    raw = os.environ._data if hasattr(os.environ, "_data") else None
    names = {} if raw is None else {name: os.environ.decodekey(name) for name in {*raw, *before}}
    for name in {*_environment(), *before}:
        text = names.get(name, name)
        if name in before:
            os.environ[text] = before[name] if raw is None else os.environ.decodevalue(before[name])
        else:
            del os.environ[text]


_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGALRM", "SIGUSR1") if hasattr(signal, name)]


def _handlers():
    return list(map(signal.getsignal, _SIGNALS))


def _set_handlers(before):
    for number, handler in zip(_SIGNALS, before):
        signal.signal(number, handler)


def _alarm():
    return signal.getitimer(signal.ITIMER_REAL)


def _set_alarm(before):
    signal.setitimer(signal.ITIMER_REAL, *before)


def _umask():
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _decimals():
    context = sys.modules["decimal"].DefaultContext
    return context.prec, context.rounding


def _set_decimals(before):
    context = sys.modules["decimal"].DefaultContext
    context.prec, context.rounding = before


# How to ask for a setting, and how to set it.
SETTINGS = (
    (os.getcwd, os.chdir),
    (_environment, _set_environment),
    (_umask, os.umask),
    (_alarm, _set_alarm),
    (_decimals, _set_decimals),
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (sys.getswitchinterval, sys.setswitchinterval),
    (gc.isenabled, lambda on: gc.enable() if on else gc.disable()),
    (gc.get_threshold, lambda counts: gc.set_threshold(*counts)),
    (gc.get_debug, gc.set_debug),
    (np.get_printoptions, lambda options: np.set_printoptions(**options)),
    (partial(locale.setlocale, locale.LC_ALL), partial(locale.setlocale, locale.LC_ALL)),
)
# These belong to one thread.
OF_A_THREAD = (
    (sys.gettrace, sys.settrace),
    (sys.getprofile, sys.setprofile),
    (np.geterr, lambda errors: np.seterr(**errors)),
    (np.geterrcall, np.seterrcall),
    (_handlers, _set_handlers),
)


def outputs():
    """Return [(number, what tells it from others, a copy to put back)] of the input and the outputs of the process."""
    found = []
    for number in (0, 1, 2):
        with contextlib.suppress(OSError):
            found.append((number, os.fstat(number)[:3], os.dup(number)))
    return found


def set_outputs(before):
    """Put them back, and close the copies."""
    while before:
        number, it, copy = before.pop()
        try:
            is_same = os.fstat(number)[:3] == it
        except OSError:
            is_same = False
        if not is_same:
            os.dup2(copy, number)
        os.close(copy)


def ask(settings):
    found = []
    for get, put in settings:
        try:
            found.append((get, put, get()))
        except Exception:  # the working folder may have been deleted
            pass
    return found


def set_all(settings):
    for get, put, before in settings:
        try:
            if get() != before:
                put(before)
        except Exception:  # the old working folder may be gone, and signals belong to the main thread
            pass
