"""The learner's function, and the functions of the page that it calls, as trees that can be edited and run again."""

import ast
import contextlib
import copy
import inspect
import types

import numpy as np

from course.checker.errors import is_learners
from course.checker.slips.watch import Watch, place_watch

_MOST_HELPERS = 8
_FROM_FUTURE = 0x1FE0000  # the flags of `from __future__ import ...` in a code object
# Code that reaches out of Python, or for ever, is not run with edits: who knows what they would do there.
_REACHES_OUT = {"open", "exec", "eval", "compile", "__import__", "globals", "setattr", "delattr"}
_REACHES_OUT |= {"os", "sys", "io", "shutil", "subprocess", "pathlib", "Path", "threading", "socket", "ctypes", "gc"}
_REACHES_OUT |= {"itertools", "importlib", "signal", "multiprocessing", "builtins"}
_NO_COPY = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodType)


class Code:
    """One function of the learner: its text, and its tree with a watch in every loop.

    function  as the learner has it;  name: under which the page knows it
    tree      ast.FunctionDef, with the line numbers of its file or cell;  text, lines: of all that file or cell
    ValueError if the source is not the one that the function was made from.
    """

    def __init__(self, function, name):
        self.function, self.name = function, name
        self.lines = [line.rstrip("\n") for line in inspect.findsource(function.__code__)[0]]
        self.text = "\n".join(self.lines)
        self.tree = self._find_tree()
        place_watch(self.tree)

    def _find_tree(self):
        code, found, cell = self.function.__code__, [], ast.parse(self.text)
        # Python 3.10 to 3.12 makes other code of np.exp(...) where np is imported in the same cell.
        self.imports = [line for line in cell.body if isinstance(line, (ast.Import, ast.ImportFrom))]
        for node in ast.walk(cell):
            if _first_line(node) == code.co_firstlineno and getattr(node, "name", "<lambda>") == code.co_name:
                self.tree = _plain(node)
                with contextlib.suppress(SyntaxError):
                    if _same_code(self._compiled(), code):
                        found.append(self.tree)
        if len(found) != 1:
            raise ValueError("The source has changed, or has two such functions.")
        return found[0]

    def _compiled(self):
        """Return the code object of the tree as it is now."""
        free = self.function.__code__.co_freevars
        body = [self.tree]
        if free:  # they must be names of a function around it, or they would be looked up on the page
            names = [ast.Assign([ast.Name(name, ast.Store())], ast.Constant(None)) for name in free]
            around = _empty_function("around", self.tree)
            around.body = [*names, self.tree]
            body = [ast.fix_missing_locations(around)]
        flags = self.function.__code__.co_flags & _FROM_FUTURE
        module = compile(ast.Module([*self.imports, *body], []), "<edited>", "exec", flags, dont_inherit=True)
        return _code_in(module, self.tree.name)

    def make(self, scope, cells, defaults):
        """Return the function that the tree is now.

        scope     the names of the page;  cells: {name: cell} of the function around it
        defaults  the values of arguments that are not given, in order and by name
        """
        code = self._compiled()
        closure = tuple(cells[name] for name in code.co_freevars)
        made = types.FunctionType(code, scope, self.tree.name, defaults[0], closure or None)
        made.__kwdefaults__ = defaults[1]
        return made


class Page:
    """The learner's function and the functions of the page that it calls, each as Code.

    What they could change, such as a list of the page, is a copy here.
    OSError, SyntaxError, TypeError, ValueError or AttributeError if the function has no source that can be read.
    """

    def __init__(self, function):
        if isinstance(getattr(function, "__wrapped__", None), types.FunctionType):
            function = inspect.unwrap(function)  # if the decorator matters, the results will tell
        if not isinstance(function, (types.FunctionType, types.MethodType)):
            function = function.__call__  # of an object
        plain = getattr(function, "__func__", function)
        if not isinstance(plain, types.FunctionType) or not is_learners(plain.__code__.co_filename):
            raise TypeError("not written by the learner")
        self.codes = [Code(plain, plain.__name__), *_helpers(plain)]
        self.main = self.codes[0]
        self.watch = Watch()
        copies = {}  # id -> copy: what two functions share stays one thing
        self.instance = _copy_of(getattr(function, "__self__", None), copies)
        page, names = plain.__globals__, {name for code in self.codes for name in _names_in(code.function.__code__)}
        if names & _REACHES_OUT or any(getattr(page.get(name), "__module__", "") == "itertools" for name in names):
            raise TypeError("not to be run with edits")
        self.scope = page | {name: _copy_of(page[name], copies) for name in names if name in page}
        self.scope |= {**self.watch.names(), "print": _print_nothing}
        self.cells, self.defaults = {}, {}  # of each code
        for code in self.codes:
            one = code.function
            mine = [_copied_cell(cell, copies) for cell in one.__closure__ or ()]
            self.cells[code] = dict(zip(one.__code__.co_freevars, mine))
            self.defaults[code] = _copy_of(one.__defaults__, copies), _copy_of(one.__kwdefaults__, copies)
        self.made = {}
        for code in self.codes:
            self._place(code, self._make(code))

    def function(self):
        """Return the learner's function, rebuilt."""
        made = self.made[self.main]
        return made if self.instance is None else types.MethodType(made, self.instance)

    @contextlib.contextmanager
    def edited(self, edit):
        """Rebuild the function of an edit for a while. SyntaxError, ... if nothing can be made of it."""
        before = self.made[edit.code]
        edit.swap()
        try:
            self._place(edit.code, self._make(edit.code))
            yield
        finally:
            edit.swap()
            self._place(edit.code, before)

    def _make(self, code):
        return code.make(self.scope, self.cells[code], self.defaults[code])

    def _place(self, code, made):
        """Let a rebuilt function stand wherever the learner's stood."""
        self.made[code], original = made, code.function
        if original.__globals__.get(code.name) is original:
            self.scope[code.name] = self.watch.call_of(made)
        for user in self.codes:
            for name, cell in zip(user.function.__code__.co_freevars, user.function.__closure__ or ()):
                if _content(cell) is original:
                    self.cells[user][name].cell_contents = made


def _print_nothing(*values, **options):
    pass


def _first_line(node):
    """Return the line that a code object counts as its first: that of the first decorator, if there is one."""
    if isinstance(node, ast.Lambda):
        return node.lineno
    return min(one.lineno for one in [node, *node.decorator_list]) if isinstance(node, ast.FunctionDef) else None


def _plain(node):
    """Return a def or a lambda as a def without what stands around it."""
    if isinstance(node, ast.Lambda):
        function = _empty_function("<lambda>", node)
        function.args, function.body = node.args, [ast.copy_location(ast.Return(node.body), node.body)]
    else:
        function = node
    for argument in ast.walk(function.args):
        if isinstance(argument, ast.arg):
            argument.annotation = None
    function.args.defaults = []  # the values stay those of the learner's function
    function.args.kw_defaults = [None] * len(function.args.kwonlyargs)
    function.decorator_list, function.returns = [], None
    return function


def _empty_function(name, where):
    function = ast.parse("def empty(): pass").body[0]  # which fields a def has depends on the version of Python
    function.name = name
    return ast.copy_location(function, where)


def _code_in(module, name):
    """Return the code object of that name inside a compiled module, at any depth."""
    codes = [module]
    for code in codes:
        inner = [constant for constant in code.co_consts if inspect.iscode(constant)]
        for one in inner:
            if one.co_name == name:
                return one
        codes += inner
    raise ValueError("no such code")


def _same_code(one, other):
    """True if two code objects do the same."""
    if (one.co_code, one.co_names, one.co_varnames) != (other.co_code, other.co_names, other.co_varnames):
        return False
    pairs = list(zip(one.co_consts, other.co_consts))
    return len(one.co_consts) == len(other.co_consts) and all(
        _same_code(mine, yours) if inspect.iscode(mine) and inspect.iscode(yours) else repr(mine) == repr(yours)
        for mine, yours in pairs
    )


def _names_in(code):
    """Return the names that a code object and those inside it look up."""
    names = set(code.co_names)
    for constant in code.co_consts:
        names |= _names_in(constant) if inspect.iscode(constant) else set()
    return names


def _content(cell):
    try:
        return cell.cell_contents
    except ValueError:  # still empty
        return None


def _copied_cell(cell, copies):
    try:
        return types.CellType(_copy_of(cell.cell_contents, copies))
    except ValueError:  # still empty
        return types.CellType()


def _copy_of(value, copies):
    """Return a copy of what can be changed. TypeError if there is none, or if it is too large."""
    if isinstance(value, _NO_COPY):
        return value
    if isinstance(value, np.ndarray) and value.nbytes > 1e7:
        raise TypeError("too large")
    return copy.deepcopy(value, copies)


def _helpers(function):
    """Return the functions of the page that a function calls, those that they call, and so on, as Code."""
    page, found, codes = function.__globals__, [function], []
    for one in found:
        named = [(name, page.get(name)) for name in sorted(_names_in(one.__code__))]
        named += zip(one.__code__.co_freevars, map(_content, one.__closure__ or ()))
        for name, value in named:
            if type(value) is not types.FunctionType or value in found or len(codes) == _MOST_HELPERS:
                continue
            if value.__globals__ is page and is_learners(value.__code__.co_filename):
                with contextlib.suppress(OSError, SyntaxError, TypeError, ValueError):
                    codes.append(Code(value, name))
                    found.append(value)
    return codes
