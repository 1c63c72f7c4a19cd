"""The learner's function, and the functions of the page that it calls, as trees that can be edited and run again."""

import ast
import contextlib
import copy
import inspect
import types

import numpy as np

from course.checker.errors import is_learners
from course.checker.page import PageFunction, codes_in, first_line
from course.checker.watch import Watch, place_watch

_MOST_HELPERS = 8  # that are tried with edits
_FROM_FUTURE = 0x1FE0000  # the flags of `from __future__ import ...` in a code object
# Code that acts outside of Python, or that is endless, is not run with edits: nobody knows what they would do there.
_REACHES_OUT = {"open", "exec", "eval", "compile", "__import__", "globals", "setattr", "delattr"}
_REACHES_OUT |= {"os", "sys", "io", "shutil", "subprocess", "pathlib", "Path", "threading", "socket", "ctypes", "gc"}
_REACHES_OUT |= {"itertools", "importlib", "signal", "multiprocessing", "builtins"}
_REACHES_OUT |= {"resize", "tile"}  # an array of ids taken for a size fills all memory
_NO_COPY = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodType)


class Code:
    """One of the learner's functions: its text, and its tree with a watch in every loop.

    function  as the learner has it;  name: its name on the page
    tree      ast.FunctionDef, with the line numbers of its file or cell;  text, lines: of that whole file or cell
    ValueError if the source is not the one that the function was made from, or if it takes names from a function around
    it.
    """

    def __init__(self, one):
        self.function, self.name = one.function, one.name
        self.lines = [line.rstrip("\n") for line in one.lines]
        self.text = "\n".join(self.lines)
        self.tree = self._find_tree()
        place_watch(self.tree)

    def _find_tree(self):
        code, found, cell = self.function.__code__, [], ast.parse(self.text)
        name = code.co_name
        # Python 3.10 to 3.12 compiles np.exp(...) differently if np is imported in the same cell.
        self.imports = [line for line in cell.body if isinstance(line, (ast.Import, ast.ImportFrom))]
        for node in ast.walk(cell):
            is_function = isinstance(node, (ast.FunctionDef, ast.Lambda)) and getattr(node, "name", "<lambda>") == name
            if is_function and first_line(node) == code.co_firstlineno:
                self.tree = _plain(node)
                with contextlib.suppress(SyntaxError):
                    if _same_code(self._compiled(), code):
                        found.append(self.tree)
        if len(found) != 1:
            raise ValueError("The source has changed, or has two such functions.")
        return found[0]

    def _compiled(self, file="<edited>"):
        """Return the code object of the tree as it is now."""
        flags = self.function.__code__.co_flags & _FROM_FUTURE
        module = compile(ast.Module([*self.imports, self.tree], []), file, "exec", flags, dont_inherit=True)
        return next(code for code in codes_in(module) if code.co_name == self.tree.name)

    def make(self, scope, defaults, file="<edited>"):
        """Return the function that the tree defines now.

        scope     the names of the page
        defaults  the values of arguments that are not given, in order and by name
        file      where an error in it says that it is
        """
        made = types.FunctionType(self._compiled(file), scope, self.tree.name, defaults[0])
        made.__kwdefaults__ = defaults[1]
        return made


class Rebuilt:
    """The learner's function and the functions of the page that it calls, each as Code.

    Whatever they could change, such as a list on the page, is a copy here.
    OSError, SyntaxError, TypeError, ValueError or AttributeError if the function has no readable source.
    """

    def __init__(self, function):
        if not isinstance(function, types.FunctionType) or not is_learners(function.__code__.co_filename):
            raise TypeError("not a function that the learner wrote")
        one = PageFunction(function)
        self.codes = [Code(one), *helpers(one, _MOST_HELPERS)]
        self.main = self.codes[0]
        self.watch = Watch()
        copies = {}  # id -> copy: what two functions share stays shared
        page = one.page
        codes = [inner for code in self.codes for inner in codes_in(code.function.__code__)]
        names = {name for code in codes for name in code.co_names}
        if names & _REACHES_OUT or any(getattr(page.get(name), "__module__", "") == "itertools" for name in names):
            raise TypeError("not to be run with edits")
        self.scope = page | {name: _copy_of(page[name], copies) for name in names if name in page}
        self.scope |= {**self.watch.names(), "print": _print_nothing}
        self.defaults = {}  # of each Code
        for code in self.codes:
            one = code.function
            self.defaults[code] = _copy_of(one.__defaults__, copies), _copy_of(one.__kwdefaults__, copies)
        self.made = {}
        for code in self.codes:
            self._place(code, self._make(code))

    def function(self):
        """Return the learner's function, rebuilt."""
        return self.made[self.main]

    @contextlib.contextmanager
    def edited(self, edit):
        """Rebuild the function of an edit for a while. SyntaxError or the like if the edit does not compile."""
        before = self.made[edit.code]
        edit.swap()
        try:
            self._place(edit.code, self._make(edit.code))
            yield
        finally:
            edit.swap()
            self._place(edit.code, before)

    def _make(self, code):
        return code.make(self.scope, self.defaults[code])

    def _place(self, code, made):
        """Put a rebuilt function wherever the learner's was."""
        self.made[code], original = made, code.function
        if original.__globals__.get(code.name) is original:
            self.scope[code.name] = self.watch.call_of(made)


def _print_nothing(*values, **options):
    pass


def _plain(node):
    """Return a def or a lambda as a plain def, without decorators and the like."""
    if isinstance(node, ast.Lambda):
        function = ast.parse("def empty(): pass").body[0]  # the fields of a def depend on the version of Python
        function = ast.copy_location(function, node)
        function.name = "<lambda>"
        function.args, function.body = node.args, [ast.copy_location(ast.Return(node.body), node.body)]
    else:
        function = node
    for argument in ast.walk(function.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    function.args.defaults = []  # the default values stay those of the learner's function
    function.args.kw_defaults = [None] * len(function.args.kwonlyargs)
    function.decorator_list, function.returns = [], None
    return function


def _same_code(one, other):
    """True if two code objects do the same."""
    if (one.co_code, one.co_names, one.co_varnames) != (other.co_code, other.co_names, other.co_varnames):
        return False
    pairs = list(zip(one.co_consts, other.co_consts))
    return len(one.co_consts) == len(other.co_consts) and all(
        _same_code(mine, yours) if inspect.iscode(mine) and inspect.iscode(yours) else repr(mine) == repr(yours)
        for mine, yours in pairs
    )


def _copy_of(value, copies):
    """Return a copy of a value that can be changed. TypeError if it cannot be copied or is too large."""
    if isinstance(value, _NO_COPY):
        return value
    if isinstance(value, np.ndarray) and value.nbytes > 1e7:
        raise TypeError("too large")
    return copy.deepcopy(value, copies)


def helpers(one, most):
    """Return the functions of the page that a PageFunction calls, those that they call, and so on, as Code."""
    codes = []
    for helper in one.with_helpers()[1 : most + 1]:
        if is_learners(helper.code.co_filename):
            with contextlib.suppress(OSError, SyntaxError, TypeError, ValueError):
                codes.append(Code(helper))
    return codes
