"""Restores what a learner's code has changed by accident for all other code, and reports it.

The code runs in the learner's own Python, where the worst that can happen is an accident: a name of NumPy or Python is
overwritten, or a seed or a setting of NumPy is changed. Malicious code is not looked for. The class report,
which tries the code of strangers, does so in a separate process (course/marking).
"""

import builtins
import contextlib
import functools
import io
import os
import random
import sys
import warnings
from operator import is_
from types import ModuleType, SimpleNamespace

import numpy as np

from course.base.wording import either
from course.checker.limit import PRINTED
from course.checker.stop import stoppable

_BUILTINS = vars(builtins)
# Changes to the names of these are reported, because everything that is computed depends on them.
_TOLD = ("numpy", "numpy.random", "numpy.linalg")
_COURSE = ("course", "rnn_helpers")  # with all their modules
# The class of np.c_ and np.r_. Without their brackets, NumPy takes them for sequences without an end.
_UNENDING = type(np.c_).__mro__[1]
_NO_CHANGE = ("__warningregistry__", "__annotations__", "__annotations_cache__")  # Python itself changes these
_MISSING = object()


class Printed(io.StringIO):
    """Collects what the learner's code prints, up to a limit. It stays open if the code closes it.

    meter  the Meter that counts in that code, or None: a long text takes time without a loop
    """

    meter = None

    def write(self, text):
        if self.meter:
            self.meter.spend(2 + len(text) / 1000)
        room = PRINTED - self.tell()
        super().write(text[: max(room, 0)])
        return len(text)

    def close(self):
        pass


class Guard:
    """The state of Python now. The changes of code that runs in it are undone.

    Several things may run in one Guard, one after the other: the state is recorded once.
    """

    def __init__(self):
        names = [name for name in sys.modules if name in _TOLD or name.partition(".")[0] in _COURSE]
        modules = [(name, sys.modules[name]) for name in names if type(sys.modules[name]) is ModuleType]
        spaces = [("builtins", _BUILTINS), *((name, vars(module)) for name, module in modules)]
        self.spaces = [(label, space, space.copy()) for label, space in spaces]
        self.settings = [(get, put, get()) for get, put in _SETTINGS]
        self.seeds = random.getstate(), np.random.get_state(legacy=False)

    def run(self, work, buffer):
        """Run work(), which calls the learner's code, and collect its output in the buffer, which is Printed.

        Return "" or a message for the learner, if a Meter has ended it or it has changed what all other code uses. What
        work() raises is not raised here.
        """

        def quietly():
            with np.errstate(all="ignore"):
                work()

        held = [(space, name, space[name]) for space, name in _held() if name in space]
        outputs = {name: getattr(sys, name) for name in ("stdin", "stdout", "stderr")}
        is_outermost = "__iter__" not in vars(_UNENDING)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                for space, name, value in held:
                    space[name] = _in_place_of(name, value)
                sys.stdout = sys.stderr = buffer
                if is_outermost:
                    _UNENDING.__iter__ = None  # for Python: it can't be iterated over
                stoppable(quietly, buffer.meter)
            finally:
                if is_outermost:
                    del _UNENDING.__iter__
                changed = self._put_back(held, outputs)
        return (buffer.meter and buffer.meter.message) or _say_changed(changed)

    def _put_back(self, held, outputs):
        """Undo the changes, and return the names that the code has changed, such as "numpy.exp"."""
        # First the names of Python, using only methods, because this function itself needs those names.
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
    """Run work() in a new Guard."""
    return Guard().run(work, buffer)


def _changed(label, space, before):
    names = [name for name in before if space.get(name, _MISSING) is not before[name] and name not in _NO_CHANGE]
    return [f"{label}.{name}" for name in names]


def _say_changed(names):
    """Say which names the learner's code has changed, or ""."""
    if not names:
        return ""
    shown = ", ".join(names[:3]) + (", ..." if len(names) > 3 else "")
    return f"Your code changes {shown}, which all other code uses, too. The course has put it back: leave it alone."


# ---------------------------- what would end Python, wait for the keyboard, or print and show behind Python's back
def _held():
    """Return (dict, name) of what must be replaced while the code runs. A notebook has its own quit and exit."""
    page = vars(sys.modules["__main__"])
    yield from ((vars(os), "_exit"), (_BUILTINS, "input"), (vars(np.linalg), "lstsq"))
    yield from ((space, name) for space in (_BUILTINS, page) for name in ("quit", "exit"))
    if shell := getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)():
        yield vars(shell), "display_pub"


def _in_place_of(name, value):
    """Return the replacement for a held name while the learner's code runs."""
    if name == "lstsq":
        return _quiet_lstsq(value)
    if name == "display_pub":
        return _AS_TEXT
    return _no_input if name == "input" else _no_ending


def _quiet_lstsq(lstsq):
    """Return NumPy's least squares, but with an error for a matrix of nan or inf, which LAPACK cannot handle: for nan
    it prints to the terminal, past sys.stderr, and for inf it may never return."""

    @functools.wraps(lstsq)
    def quiet(a, *more, **named):
        with contextlib.suppress(TypeError):  # anything but an array of numbers is left for NumPy to refuse
            if not np.isfinite(a).all():
                raise np.linalg.LinAlgError("SVD did not converge in Linear Least Squares")
        return lstsq(a, *more, **named)

    return quiet


# Takes the place of what shows displays in a notebook: their text is collected with what is printed.
_AS_TEXT = SimpleNamespace(
    publish=lambda data, *more, **named: print(data.get("text/plain", "")), clear_output=lambda *given: None
)


def _no_ending(*args):
    raise RuntimeError(f"This would end Python itself{either(', with everything on the page', '')}. Leave it out")


def _no_input(*prompt):
    raise RuntimeError("input() waits for the keyboard. Take the values from the arguments")


def _working_directory():
    """Return the path, or "" if somebody has deleted it."""
    with contextlib.suppress(OSError):
        return os.getcwd()
    return ""


def _go_to(path):
    with contextlib.suppress(OSError):
        os.chdir(path)


# How to ask for a setting of Python or NumPy, and how to set it.
_SETTINGS = (
    (_working_directory, _go_to),
    (sys.getrecursionlimit, sys.setrecursionlimit),
    (np.geterr, lambda errors: np.seterr(**errors)),
    (np.get_printoptions, lambda options: np.set_printoptions(**options)),
)
