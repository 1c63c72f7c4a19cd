"""What a function of a page needs to stand in a file of its own: its source, helpers, constants and imports."""

import cmath
import inspect
import sys
from dataclasses import dataclass, field

import numpy as np

from course.base.place import own_folder
from course.checker.course import COURSE
from course.checker.page import PageFunction, plain_function
from course.lessons import OWN
from course.own import folder
from course.own.names import changes_outside, defined_as, outer_names

_LONGEST = 1000  # characters of a constant that is written down
_NUMBERS = {"bool", "float16", "float32", "float64", *[f"{u}int{n}" for u in ("", "u") for n in (8, 16, 32, 64)]}


class Unkept(Exception):
    """Says why a function cannot be written into a file, as the end of a sentence."""


@dataclass
class Needs:
    """A function of a page, and what it needs: pieces of source by name (the function itself comes last) and imports.

    A piece may also be a line that gives something a second name.
    """

    pieces: dict = field(default_factory=dict)
    imports: dict = field(default_factory=dict)  # name: (module, name in it or "")

    def import_lines(self, theirs):
        """Return the lines that import the learner's other functions, or those that import all else."""
        of_folder = f"{own_folder().name}."
        places = self.imports.items()
        lines = [_import_line(*place, name) for name, place in places if place[0].startswith(of_folder) == theirs]
        return sorted(lines, key=lambda line: (line.startswith("from"), line))


def _import_line(module, attribute, name):
    if not attribute:
        return f"import {module}" + f" as {name}" * (name != module)
    return f"from {module} import {attribute}" + f" as {name}" * (name != attribute)


THEIRS, HELPERS, COURSES = range(3)


def gather(name, function, taught=THEIRS):
    """Return the Needs of a function that is kept under the name of an exercise. Unkept if it cannot stand in a file.

    taught  THEIRS: what has the name of another exercise on the page is that exercise's function in the folder,
            whatever it is on the page. HELPERS: but a function of the page is a helper, whatever its name. COURSES: and
            a function of the course is that of the course.
    """
    own_name = function.__code__.co_name
    gathering = _Gathering(name, function.__globals__, taught)
    with COURSE.as_imported():
        gathering.add_function(name if own_name == "<lambda>" else own_name, function)
    needs = gathering.needs
    needs.pieces |= gathering.second_names
    if name not in needs.pieces:
        needs.pieces[name] = f"{name} = {own_name}"
    return needs


class _Gathering:
    """The Needs found so far, and what each name in them stands for on the page."""

    def __init__(self, exercise_name, page, taught):
        self.exercise_name, self.page, self.taught = exercise_name, page, taught
        self.needs, self.values, self.second_names = Needs(), {}, {}

    def add_function(self, name, function):
        """Add a function under this name, after all that it needs."""
        one = PageFunction(function)
        source = one.source
        if not source:
            raise Unkept(f"the source of `{name}` is not found. Does its cell begin with `%%time` or the like?")
        if function.__code__.co_name == "<lambda>":
            source = f"{name} = ({source})" if "\n" in source else f"{name} = {source}"
        else:
            source = defined_as(source, name)
        if changed := changes_outside(source):
            raise Unkept(f"it changes `{changed[0]}`, which stands outside of it")
        self.values[name] = function
        around = {**one.page, **one.closure}
        for other in outer_names(source):
            # One that is not on the page is a builtin, or no call has needed it; __name__ and the like are everywhere.
            if other in around and not other.startswith("__"):
                self.add_value(other, around[other])
        self.needs.pieces[name] = source

    def add_value(self, name, value):
        """Add what a name stands for: something to import, a helper function, or a constant."""
        needs, helper = self.needs, plain_function(value)
        if name in self.values:
            if self.values[name] is not value and self.values[name] is not helper:
                raise Unkept(f"two things that it uses are called `{name}`")
            return
        twins = [known for known, other in self.values.items() if helper is not None and other is helper]
        place = None if twins else self.where_to_import(name, value, helper)
        self.values[name] = value
        if twins and twins[0] in needs.pieces:
            needs.pieces[name] = f"{name} = {twins[0]}"
        elif twins and twins[0] in needs.imports:
            needs.imports[name] = needs.imports[twins[0]]
        elif twins:  # a function that is still being written down
            self.second_names[name] = f"{name} = {twins[0]}"
        elif place:
            needs.imports[name] = place
        elif helper:
            self.add_function(name, helper)
        else:
            self.add_constant(name, value)

    def where_to_import(self, name, value, helper):
        """Return (module, name in it or "") of a thing that is not of the page itself, or None."""
        if inspect.ismodule(value):
            if value.__name__.partition(".")[0] == own_folder().name:
                package = own_folder().name
                raise Unkept(f"it uses all of `{name}`. Import what it calls: from {package} import softmax")
            return (value.__name__, "")
        if helper and (stem := folder.stem_in_folder(helper.__code__.co_filename)):
            return self._taught(stem, helper.__code__.co_name)
        own_name, home = getattr(value, "__name__", name), str(getattr(value, "__module__", ""))
        if own_name in OWN and home.startswith("course.") and plain_function(value):  # as a lesson has it
            return self._of_course(own_name) or (home, own_name)
        for module_name in (*COURSE.modules, home.lstrip("_"), home, "numpy"):
            module = sys.modules.get(module_name)
            if module_name == "__main__" or module is None or vars(module) is self.page or _is_simple(value):
                continue
            if getattr(module, own_name, None) is value:
                of_the_course = module_name in COURSE.modules and own_name in OWN
                return (of_the_course and self._of_course(own_name)) or (module_name, own_name)
        if self.taught == THEIRS and name in OWN and helper:
            return self._taught(name, name)
        return None

    def _of_course(self, name):
        return self._taught(name, name) if self.taught != COURSES else None

    def _taught(self, stem, name):
        """Return where a file of the folder has a name; None in that file itself, which cannot import from itself."""
        return (f"{own_folder().name}.{stem}", name) if stem != self.exercise_name else None

    def add_constant(self, name, value):
        text = literal(value)
        if not text:
            raise Unkept(f"it uses `{name}` of the page, which cannot be written down in a line")
        if "np." in text:
            self.add_value("np", np)
        self.needs.pieces[name] = f"{name} = {text}"


def _is_simple(value):
    return value is None or type(value) in (bool, int, float, complex, str, bytes, tuple, list, dict, set, frozenset)


def literal(value):
    """Return a text that Python reads as exactly this value, or "" if it is no small simple value."""
    try:
        text = _written(value)
    except (ValueError, RecursionError):
        return ""
    return text if len(text) <= _LONGEST else ""


def _written(value):
    kind = type(value)
    if kind in (float, complex) and not cmath.isfinite(value):
        return f'{kind.__name__}("{value}")'
    if kind in (tuple, list, dict, set, frozenset) and len(value) <= _LONGEST:
        entries = [_written(entry) for entry in value]
        entries = sorted(entries) if kind in (set, frozenset) else entries  # their order changes from start to start
        if kind is dict:
            entries = [f"{key}: {_written(entry)}" for key, entry in zip(entries, value.values())]
        if kind is tuple:
            return f"({', '.join(entries)}{',' * (len(entries) == 1)})"
        if kind is list:
            return f"[{', '.join(entries)}]"
        return (
            f"{{{', '.join(entries)}}}"
            if entries and kind in (dict, set)
            else f"{kind.__name__}([{', '.join(entries)}])"
        )
    if _is_simple(value):
        return repr(value)
    if isinstance(value, (np.ndarray, np.generic)) and value.dtype.name in _NUMBERS and value.size:
        if kind is np.ndarray and value.size <= _LONGEST:
            dtype = "" if value.dtype.name in ("float64", "bool") else f", {value.dtype.name!r}"
            return f"np.array({_written(value.tolist())}{dtype})"
        if kind is not np.ndarray and isinstance(value, np.generic):
            return f"np.{kind.__name__}({_written(value.item())})"
    raise ValueError("no simple value")
