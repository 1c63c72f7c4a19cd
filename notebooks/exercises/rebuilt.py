"""The learner's function, and the functions of the page that it calls, as trees that can be edited and run again."""

import ast
import contextlib
import inspect
import time
import types

from exercises.errors import _is_learners

_MOST_HELPERS = 8
_FROM_FUTURE = 0x1FE0000  # the flags of `from __future__ import ...` in a code object
# No learner's name can be one of these: they have a space.
_LOOP, _TEST, _PUT = "each of", "test of", "put into"


class TooMuch(BaseException):
    """Ends an edited function that loops for ever, or puts a list into itself: np.array would not come to an end."""


class Code:
    """One function of the learner: its text, and its tree with a watch in every loop.

    function  as the learner has it;  name: under which the page knows it
    tree      ast.FunctionDef;  first: what to add to a line of the tree for that of the cell or file
    """

    def __init__(self, function, name):
        lines, first = inspect.getsourcelines(function.__code__)
        before = "if 1:" if lines[0][:1].isspace() else ""  # a function inside a class or a function is indented
        self.function, self.name = function, name
        self.text = f"{before}\n{''.join(lines)}"
        self.lines = self.text.split("\n")
        self.first = first - 2
        self.tree = _only_function(ast.parse(self.text), function.__code__)
        _watch(self.tree)

    def make(self, scope):
        """Return the function that the tree is now, with the names of scope around it."""
        free = self.function.__code__.co_freevars
        body = [self.tree]
        if free:  # they must be names of a function around it, or they would be looked up on the page
            names = [ast.Assign([ast.Name(name, ast.Store())], ast.Constant(None)) for name in free]
            around = _empty_function("around", self.tree)
            around.body = [*names, self.tree]
            body = [ast.fix_missing_locations(around)]
        flags = self.function.__code__.co_flags & _FROM_FUTURE
        module = compile(ast.Module(body, []), "<edited>", "exec", flags, dont_inherit=True)
        code = _code_in(module, self.tree.name)
        cells = dict(zip(free, self.function.__closure__ or ()))
        closure = tuple(types.CellType(cells[name].cell_contents) for name in code.co_freevars)
        made = types.FunctionType(code, scope, self.tree.name, self.function.__defaults__, closure or None)
        made.__kwdefaults__ = self.function.__kwdefaults__
        return made


class Page:
    """The learner's function and the functions of the page that it calls, each as Code.

    OSError, SyntaxError, TypeError or ValueError if the function has no source that can be read.
    """

    def __init__(self, function):
        self.instance = getattr(function, "__self__", None)
        plain = getattr(function, "__func__", function)
        if type(plain) is not types.FunctionType or hasattr(plain, "__wrapped__"):
            raise TypeError("no plain function")
        self.main = Code(plain, plain.__name__)
        self.codes = [self.main, *_helpers(plain)]
        self.limit = float("inf")  # when the trial that runs has taken too long
        self.scope = dict(plain.__globals__)
        self.scope |= {_LOOP: self._each_of, _TEST: self._test_of, _PUT: _put_into, "print": _print_nothing}
        self.made = {code: code.make(self.scope) for code in self.codes}
        for code in self.codes:
            self._place(code)

    def function(self):
        """Return the learner's function, rebuilt."""
        made = self.made[self.main]
        return made if self.instance is None else types.MethodType(made, self.instance)

    @contextlib.contextmanager
    def edited(self, edit):
        """Rebuild the function of an edit for a while. SyntaxError, ... if nothing can be made of it."""
        code, before = edit.code, self.made[edit.code]
        edit.swap()
        try:
            self.made[code] = code.make(self.scope)
            self._place(code)
            yield
        finally:
            edit.swap()
            self.made[code] = before
            self._place(code)

    def _place(self, code):
        if code is not self.main or isinstance(self.scope.get(code.name), types.FunctionType):
            self.scope[code.name] = self.made[code]

    def _each_of(self, values):
        for value in values:
            if time.monotonic() > self.limit:
                raise TooMuch
            yield value

    def _test_of(self, value):
        if time.monotonic() > self.limit:
            raise TooMuch
        return value


def watched(node):
    """Return the list and the index of the value inside a call that only keeps watch, or None for other nodes."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in (_LOOP, _TEST, _PUT):
        return node.args, len(node.args) - 1
    return None


def bare(node):
    """Return an expression without the watch around it."""
    place = watched(node)
    return place[0][place[1]] if place else node


def _put_into(values, value):
    if isinstance(values, list) and isinstance(value, (list, tuple)) and _holds(value, values):
        raise TooMuch
    return value


def _holds(value, values, depth=3):
    if value is values or not depth:
        return True
    return any(isinstance(one, (list, tuple)) and _holds(one, values, depth - 1) for one in value)


def _print_nothing(*values, **options):
    pass


def _only_function(tree, code):
    """Return the def or the lambda that a code object was compiled from, as a def without what stands around it."""
    if code.co_name == "<lambda>":
        found = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
        made = [_empty_function("<lambda>", one) for one in found]
        for new, old in zip(made, found):
            new.args, new.body = old.args, [ast.copy_location(ast.Return(old.body), old.body)]
    else:
        made = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == code.co_name][:1]
    if len(made) != 1:
        raise ValueError("not one function")
    (function,) = made
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


def _watch(tree):
    """Put calls that keep watch into every loop and around what is put into a list: an edit may make it endless."""
    for node in list(ast.walk(tree)):
        if isinstance(node, (ast.For, ast.comprehension)):
            node.iter = _call(_LOOP, node.iter)
        elif isinstance(node, ast.While):
            node.test = _call(_TEST, node.test)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            if isinstance(node.targets[0].value, ast.Name):
                node.value = _call(_PUT, node.value, node.targets[0].value)
        elif isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "append" and len(node.args) == 1:
            if isinstance(node.func.value, ast.Name):
                node.args[0] = _call(_PUT, node.args[0], node.func.value)


def _call(name, value, *first):
    call = ast.Call(ast.Name(name, ast.Load()), [*first, value], [])
    ast.copy_location(call.func, value)
    return ast.copy_location(call, value)


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


def _helpers(function):
    """Return the functions of the page that a function calls, those that they call, and so on, as Code."""
    page, found, names = function.__globals__, {}, []
    codes = [function.__code__]
    for code in codes:
        codes += [constant for constant in code.co_consts if inspect.iscode(constant)]
        for name in code.co_names:
            value = page.get(name)
            known = value is function or value in found.values()
            if type(value) is not types.FunctionType or known or len(found) == _MOST_HELPERS:
                continue
            plain = value.__globals__ is page and not hasattr(value, "__wrapped__")
            if plain and _is_learners(value.__code__.co_filename):
                with contextlib.suppress(OSError, SyntaxError, TypeError, ValueError):
                    names.append(Code(value, name))
                    found[name] = value
                    codes.append(value.__code__)
    return names
