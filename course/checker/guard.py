"""What a learner's function can change outside of itself: how it was, and how to put it back."""

import builtins
import gc
import random
import re
import sys
import threading
import warnings
from functools import cache
from itertools import chain
from operator import attrgetter, is_, methodcaller
from types import FunctionType, ModuleType

import numpy as np
import numpy.random  # or the first who needs it would change numpy
from numpy import ndarray

from course.checker.settings import OF_A_THREAD, SETTINGS, ask, outputs, set_all, set_outputs

# Whoever changes one of these is told so: all that is computed depends on them.
_COURSE = ("rnn_helpers", "course")
_TOLD = ("builtins", "numpy", *_COURSE)
# These are put back in silence: the checker works with them.
_SILENT = """_thread ast collections contextlib copy ctypes difflib dis functools genericpath inspect io itertools json
linecache math numbers os posixpath random re signal sys textwrap threading time types warnings""".split()
# Inside NumPy there are thousands of names more. These are the ones that its functions work with.
_INSIDE_NUMPY = re.compile(
    r"numpy(\.random|\.linalg(\._?linalg)?|\._?core\.(_methods|fromnumeric|numeric|_ufunc_config))?$"
)
_CLASSES_OF = ("contextlib", "inspect", "io", "numpy", "random", "threading", "warnings")
_LEFT_ALONE = ("__warningregistry__", "__annotations__", "__annotations_cache__")  # Python itself changes these
_MADE_IN_PYTHON = 1 << 9  # the flag of a class whose names can be changed
_MISSING = object()
_Cache = type(cache(len))  # functools.cache makes these
_values = methodcaller("values")
_inner = attrgetter("__code__", "__defaults__", "__kwdefaults__")


class _Tracked:
    """What is watched, each with a label such as "numpy.errstate".

    spaces     the names of modules and of exercises, as dicts;  classes
    tables     dicts, lists, sets and arrays of the course;  functions  of the course, whose code can be changed
    caches     results of functions of the course that are kept
    """

    def __init__(self):
        self.spaces, self.classes, self.tables, self.functions, self.caches = {}, {}, {}, {}, {}  # {id: (label, it)}
        modules = [(name, module) for name, module in list(sys.modules.items()) if type(module) is ModuleType]
        for name, module in modules:
            package = name.partition(".")[0]
            is_inside = package == "numpy" and not _INSIDE_NUMPY.match(name)
            if package not in _TOLD and name not in _SILENT or is_inside:
                continue
            self._add(self.spaces, name, vars(module))
            for key, value in list(vars(module).items()):
                is_watched = name in _CLASSES_OF or package in _COURSE
                if is_watched and isinstance(value, type) and value.__flags__ & _MADE_IN_PYTHON:
                    self._add(self.classes, f"{name}.{key}", value)
                if package in _COURSE and not key.startswith("__"):
                    self._look_into(f"{name}.{key}", value)
        for label, one in list(self.classes.values()):
            for key, value in vars(one).items() if label.startswith(_COURSE) else ():
                if type(value) is FunctionType or not key.startswith("__"):
                    self._look_into(f"{label}.{key}", value)
        self.spaces, self.classes, self.tables, self.functions = (
            list(found.values()) for found in (self.spaces, self.classes, self.tables, self.functions)
        )
        self.plain_functions = [function for _, function in self.functions]
        self.caches = [cache for _, cache in self.caches.values()]

    def _add(self, found, label, value):
        """True if it was not known."""
        return found.setdefault(id(value), (label, value))[0] is label

    def _look_into(self, label, value):
        if type(value) is FunctionType:
            self._add(self.functions, label, value)
        elif type(value) is _Cache:
            self._add(self.caches, label, value)
            self._look_into(label, value.__wrapped__)
        elif type(value) in (dict, list, set, ndarray):
            if self._add(self.tables, label, value) and type(value) in (dict, list):
                for one in list(value.values() if type(value) is dict else value):
                    self._look_into(label, one)
        elif any(one.__name__ == "Task" for one in type(value).__mro__):
            if self._add(self.spaces, label, vars(value)):
                for one in list(vars(value).values()):
                    self._look_into(label, one)


_tracked = None, 0


def _what_is_tracked():
    global _tracked
    if _tracked[1] != len(sys.modules):  # something was imported
        _tracked = _Tracked(), len(sys.modules)
    return _tracked[0]


class Snapshot:
    """How everything is now. All that an answer can change, except for the variables of the page, can be put back.

    changed  the names of what was found changed and concerns all other code, such as "numpy.exp"
    is_back  True after restore()
    """

    def __init__(self):
        tracked = _what_is_tracked()
        self.changed, self.held, self.is_back = [], [], False
        self.thread = threading.get_ident()
        self.first = [(space, space.copy()) for space in (builtins.__dict__, globals())]
        self.modules = sys.modules, sys.modules.copy()
        self.tracked = tracked
        # The namespaces, classes and tables of the course and of what it works with, one copy for each that is tracked.
        self.spaces = [space.copy() for _, space in tracked.spaces]
        self.classes = [one.__dict__.copy() for _, one in tracked.classes]
        self.tables = [table.copy() for _, table in tracked.tables]
        self.inner = list(map(_inner, tracked.plain_functions))
        self.copies = [*self.first, *((space, copy) for (_, space), copy in zip(tracked.spaces, self.spaces))]
        self.counts = [_counts(one) for one in tracked.caches]
        # Plain functions: methods of this very object would be a ring, which only the garbage collector takes apart.
        kind = type(self)
        self.tell, self.steps = (
            kind._tell,
            (
                kind._restore_names,
                kind._restore_tables,
                kind._restore_functions,
                kind._restore_modules,
                kind._restore_lists,
                kind._restore_settings,
                kind._restore_caches,
            ),
        )
        lists = (sys.path, sys.meta_path, sys.path_hooks, sys.argv, warnings.filters, gc.callbacks)
        self.lists = [(one, one.copy()) for one in lists]
        self.settings, self.of_this_thread = ask(SETTINGS), ask(OF_A_THREAD)
        self.random = random.getstate(), np.random.get_state()
        self.outputs = outputs()

    def hold(self, space, name, value):
        """Let a name of a module stand for something else until restore(True)."""
        if name in space:
            copies = [copy for copy in self.copies if copy[0] is space]
            self.held += [(where, name, space[name]) for where in (space, *(copy for _, copy in copies))]
            for where in (space, *(copy for _, copy in copies)):
                where[name] = value

    def restore(self, release=True):
        """Put everything back, and what is held only if release is True. May be called in any thread, and again."""
        # First what this very function works with: the names of Python may be gone, so none is used up to here.
        tell, now = self.tell, [(space, space.copy(), before.copy()) for space, before in self.first]
        if release:
            for space, name, value in self.held:
                space[name] = value
        for space, before in self.first:
            space.update(before)
        for (_, found, before), label in zip(now, ("builtins", __name__)):
            tell(self, label, found, before)
        if release:
            self.held.clear()
        for step in self.steps:
            try:
                step(self)
            except Exception:  # from an object that the code has put somewhere: the other steps still matter
                self.changed.append("the checker")
        self.is_back = release

    def _restore_names(self):
        """Put back the names of modules and classes, and take out those that were added to what all code works with."""
        spaces, classes = self.tracked.spaces, self.tracked.classes
        if not _hold_the_same([space for _, space in spaces], self.spaces):
            for (label, space), before in zip(spaces, self.spaces):
                if not _is_same(space, before):
                    told = self._tell(label, space, before)
                    space.update({name: value for name, value in before.items() if name not in _LEFT_ALONE})
                    for name in _added(space, before) if told else ():
                        space.pop(name, None)
        if not _hold_the_same([one.__dict__ for _, one in classes], self.classes):
            for (label, one), before in zip(classes, self.classes):
                if not _is_same(vars(one), before):
                    self._tell(label, vars(one), before)
                    for name, value in before.items():
                        if vars(one).get(name, _MISSING) is not value and name not in _LEFT_ALONE:
                            type.__setattr__(one, name, value)
                    for name in _added(vars(one), before):
                        type.__delattr__(one, name)

    def _restore_tables(self):
        for (label, table), before in zip(self.tracked.tables, self.tables):
            if not _is_same(table, before):
                self.changed.append(label)
                _refill(table, before)

    def _restore_functions(self):
        inner = chain.from_iterable(map(_inner, self.tracked.plain_functions))
        if all(map(is_, inner, chain.from_iterable(self.inner))):
            return
        for (label, function), before in zip(self.tracked.functions, self.inner):
            if not all(map(is_, _inner(function), before)):
                self.changed.append(label)
                function.__code__, function.__defaults__, function.__kwdefaults__ = before

    def _restore_modules(self):
        """Put back the modules that were there. New ones stay, unless they pass for one of the course."""
        modules, before = self.modules
        if _is_same(modules, before):
            return
        for name, module in modules.copy().items():
            is_import = isinstance(module, ModuleType) and name.partition(".")[0] not in _COURSE
            if name not in before and not is_import:
                del modules[name]
        for name, module in before.items():
            if modules.get(name, _MISSING) is not module:
                modules[name] = module
                self.changed += [name] if name.partition(".")[0] in _TOLD else []

    def _restore_lists(self):
        for one, before in self.lists:
            if not _is_same(one, before):
                one[:] = before
                if one is warnings.filters:
                    warnings._filters_mutated()

    def _restore_settings(self):
        set_all(self.settings)
        if threading.get_ident() == self.thread:
            set_all(self.of_this_thread)
        set_outputs(self.outputs)
        random.setstate(self.random[0])
        np.random.set_state(self.random[1])

    def _restore_caches(self):
        """Empty what is kept of results if it was emptied before, or filled while other things were changed."""
        for one, before in zip(self.tracked.caches, self.counts):
            if self.changed or any(now < count for now, count in zip(_counts(one), before)):
                one.cache_clear()

    def _tell(self, label, now, before):
        """Note what is otherwise than before, if it is to be told. Return whether it is."""
        if label.partition(".")[0] not in _TOLD:
            return False
        for name, value in before.items():
            if now.get(name, _MISSING) is not value and name not in _LEFT_ALONE:
                self.changed.append(f"{label}.{name}")
        return True


def _counts(kept):
    return kept.cache_info()[:2]  # how often a result was at hand, and how often not: both only grow


def _hold_the_same(spaces, before):
    """True if many dicts hold the very same objects as before. Comparing them takes no loop in Python."""
    try:
        values, old = (chain.from_iterable(map(_values, some)) for some in (spaces, before))
        return list(map(len, spaces)) == list(map(len, before)) and all(map(is_, values, old))
    except RuntimeError:  # another thread works on one of them at this moment
        return False


def _added(space, before):
    return [
        name
        for name, value in list(space.items())
        if name not in before and name not in _LEFT_ALONE and not isinstance(value, ModuleType)
    ]


def _is_same(now, before):
    """True if a table holds the very same objects as before; the numbers of an array are compared."""
    if isinstance(now, ndarray):
        return (now.shape, now.dtype) == (before.shape, before.dtype) and now.tobytes() == before.tobytes()
    if len(now) != len(before):
        return False
    if isinstance(now, set):
        return all(one in now for one in before)
    return all(map(is_, list(now), list(before))) and (
        isinstance(now, list) or all(map(is_, list(now.values()), before.values()))
    )


def _refill(table, before):
    """Give a dict, list, set or array what it held before."""
    if isinstance(table, ndarray):
        table.setflags(write=True)
        table.dtype, table.shape = before.dtype, before.shape
        table[...] = before
    elif isinstance(table, list):
        table[:] = before
    else:
        table.clear()
        table.update(before)
