"""Runs files of the folder my_rnn afresh: a running Python would keep what it has loaded once."""

import contextlib
import importlib
import importlib.abc
import importlib.util
import io
import os
import sys
import warnings

from course.base.place import own_folder
from course.checker.course import COURSE
from course.checker.errors import describe_error
from course.checker.guard import within_limits
from course.own import folder

ENDLESS = "a loop does not end"


def load(names, texts=None):
    """Run the files of these names, and of all that they import. Return ({name: function}, {name: what is wrong}).

    texts  {name: text} to take in place of what a file holds
    Where a file of the learner cannot run, the course's function stands in.
    """
    finder = _Finder(texts or {})

    def work():
        for name in names:
            importlib.import_module(f"{finder.package}.{name}")

    before, silence = list(sys.path), contextlib.redirect_stdout(io.StringIO())
    forget()
    others = _take_out(finder.package)
    sys.meta_path.insert(0, finder)
    try:
        with COURSE.as_imported(), silence, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            stopped = within_limits(work)
        modules = {name: sys.modules.get(f"{finder.package}.{name}") for name in names}
    finally:
        sys.meta_path.remove(finder)
        sys.path[:] = before
        _take_out(finder.package)
        sys.modules.update(others)
    if stopped:
        finder.problems.setdefault(finder.running, ENDLESS)
    functions = {name: vars(module)[name] for name, module in modules.items() if module and name in vars(module)}
    return functions, finder.problems


def forget():
    """Make Python forget the modules of the folder: the next import reads the files again."""
    package = own_folder().name
    for name in list(sys.modules):
        if name.partition(".")[0] == package and _is_of_folder(sys.modules[name]):
            del sys.modules[name]


def _take_out(package):
    """Take all modules of a name out of Python, and return them."""
    return {name: sys.modules.pop(name) for name in list(sys.modules) if name.partition(".")[0] == package}


def _is_of_folder(module):
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", [])]
    here = str(own_folder())
    return any(os.path.realpath(place).startswith(here) for place in places if isinstance(place, str))


class _Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Finds the folder and its files, and runs their texts as they are now, without bytecode of before."""

    def __init__(self, texts):
        self.texts, self.package = texts, own_folder().name
        self.problems, self.running = {}, ""

    def find_spec(self, fullname, path=None, target=None):
        if fullname == self.package:
            spec = importlib.util.spec_from_loader(fullname, self, is_package=True)
            spec.submodule_search_locations = [str(own_folder())]
            return spec
        name = folder.taught_name(fullname)
        return importlib.util.spec_from_loader(fullname, self, origin=str(folder.path_of(name))) if name else None

    def exec_module(self, module):
        name = folder.taught_name(module.__name__)
        if not name:  # the folder itself: its __init__ would load all
            return
        module.__file__ = str(folder.path_of(name))
        text = self.texts[name] if name in self.texts else folder.read(name)
        if folder.is_yours(text) and self._run(name, text, module):
            return
        for key in [key for key in vars(module) if not key.startswith("__")]:
            del vars(module)[key]
        exec(compile(folder.stand_in_text(name), "<stand-in>", "exec"), vars(module))

    def _run(self, name, text, module):
        """Run the text of a learner's file; return False, and note why, if that cannot be."""
        before, self.running = self.running, name
        try:
            if line := folder.fault_in(text):
                self.problems[name] = f"a fault in line {line}"
                return False
            exec(compile(text, module.__file__, "exec"), vars(module))
        except Exception as error:
            self.problems[name] = _circle(name, error) or describe_error(error)
        else:
            if callable(vars(module).get(name)):
                self.running = before
                return True
            self.problems[name] = f"there is no function {name} in it"
        self.running = before
        return False


def _circle(name, error):
    """Say so if a file imports another one that imports it."""
    if isinstance(error, ImportError) and "partially initialized" in str(error):
        return f"it calls a function that calls {name} itself: {error.name}"
    return ""
