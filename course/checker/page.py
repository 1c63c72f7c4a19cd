"""A function of a learner's page: its source, what it takes from its page, and whether it is the learner's own."""

import ast
import contextlib
import copy
import dis
import functools
import inspect
import linecache
import random
import textwrap
import warnings
from types import FunctionType, ModuleType

import numpy as np

from course.checker.course import MODULES, as_imported, finished_function

_OF_NUMBERS = {"numpy", "math", "cmath", "random", "itertools", "functools", "operator"}

# ---------------------------------------------------------------- code objects, and texts of Python


def codes_in(code):
    """Return a code object and those of the functions defined inside it, the outer ones first."""
    codes = [code]
    for one in codes:
        codes += [constant for constant in one.co_consts if inspect.iscode(constant)]
    return codes


def looked_up(code):
    """Return the global names that code looks up: on its page or among the builtins."""
    steps = [step for one in codes_in(code) for step in dis.get_instructions(one)]
    return list(dict.fromkeys(step.argval for step in steps if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")))


def first_line(node):
    """Return the number of the first line of a definition, including its decorators."""
    return min(part.lineno for part in [node, *getattr(node, "decorator_list", [])])


@functools.lru_cache(maxsize=8)  # a long file is searched for many functions, one after the other
def _last_lines(text):
    """Return {(name, first line): last line} of the functions in a text, including those inside others."""
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    return {(node.name, first_line(node)): node.end_lineno for node in nodes}


def _lambda_of(code, tree, source):
    """Return the source of the only lambda that starts in the line of this code or has the same code."""
    nodes = [n for n in ast.walk(tree) if isinstance(n, ast.Lambda) and n.lineno == code.co_firstlineno]
    sources = [ast.get_source_segment(source, node) for node in nodes]
    if len(nodes) > 1:
        for number, node in enumerate(nodes):  # give each a line of its own, to tell which code is whose
            node.lineno = node.end_lineno = len(source) + number
        keys = "co_code", "co_names", "co_varnames", "co_consts"
        codes = codes_in(compile(tree, "", "exec"))
        same = [part for part in codes if all(getattr(part, key) == getattr(code, key) for key in keys)]
        numbers = {part.co_firstlineno - len(source) for part in same}
        sources = [text for number, text in enumerate(sources) if number in numbers]
    return sources[0] if len(set(sources)) == 1 else ""


# ---------------------------------------------------------------- a function


class PageFunction:
    """A function of a learner's page.

    name       the name by which the page, or the function that calls it, knows it
    code       its code object;  page: the names of its page, {name: value}
    lines      of the whole cell or file that it is in;  text: the same as one text
    source     its source: a def, or the expression of a lambda; "" if it is not found
    looked_up  the global names that it looks up
    taken      {name: value} of those that are on the page
    closure    {name: value} of those that it takes from a function around it
    """

    def __init__(self, function, name=""):
        self.function, self.name = function, name or function.__name__
        self.code, self.page = function.__code__, function.__globals__

    @functools.cached_property
    def lines(self):
        linecache.checkcache(self.code.co_filename)  # a file may have changed, but the cells of a page do not
        return linecache.getlines(self.code.co_filename, self.page)

    @property
    def text(self):
        return "".join(self.lines)

    @functools.cached_property
    def source(self):
        code, place = self.code, (self.code.co_name, self.code.co_firstlineno)
        try:
            if code.co_name == "<lambda>":
                return _lambda_of(code, ast.parse(self.text), self.text)
            if place in _last_lines(self.text):
                lines = self.lines[code.co_firstlineno - 1 : _last_lines(self.text)[place]]
                source = textwrap.dedent("".join(lines)).strip("\n")
                ast.parse(source)
                return source
        except (SyntaxError, ValueError):  # no longer Python, or it has a text that begins further left
            pass
        return ""

    @functools.cached_property
    def looked_up(self):
        return looked_up(self.code)

    @property
    def taken(self):
        return {name: self.page[name] for name in self.looked_up if name in self.page}

    @property
    def closure(self):
        found = {}
        for name, cell in zip(self.code.co_freevars, self.function.__closure__ or ()):
            with contextlib.suppress(ValueError):  # the cell has no value yet
                found[name] = cell.cell_contents
        return found

    def with_helpers(self):
        """Return this function, the functions of the page that it calls, those that they call, and so on."""
        found = [self]
        for one in found:
            for name, value in {**one.taken, **one.closure}.items():
                is_of_page = type(value) is FunctionType and value.__globals__ is self.page
                if is_of_page and not any(value is other.function for other in found):
                    found.append(PageFunction(value, name))
        return found

    def data(self):
        """Return {name: value} of the data that it takes from the page: not functions, classes or modules."""
        taken = self.taken.items()
        return {name: value for name, value in taken if not (callable(value) or type(value) is ModuleType)}


def plain_function(function):
    """Return the function as it was written, without its decorators, or None if it is not a function."""
    try:
        function = inspect.unwrap(function)
    except ValueError:  # it wraps itself
        return None
    return function if isinstance(function, FunctionType) else None


def with_helpers(function):
    """Return the PageFunctions of a function or method and of those of the page that it calls; [] for other values."""
    function = getattr(function, "__func__", function)  # of a method
    return PageFunction(function).with_helpers() if type(function) is FunctionType else []


def data_from_outside(function):
    """Return {name of a function: the data that it takes from the page}, for it and for those that it calls.

    Data are {name: value}, with arrays, numbers, texts and the like, not functions, classes or modules. The function
    itself comes first.
    """
    found = {one.function.__name__: one.data() for one in with_helpers(function)}
    return {name: data for name, data in found.items() if data}


def only_computes(function):
    """True if neither the function nor any function of the page that it calls makes a class or uses modules other than
    those for numbers. Only then is it safe to try edited versions of it."""
    functions = with_helpers(function)
    modules = [value.__name__ for one in functions for value in one.taken.values() if type(value) is ModuleType]
    others = {name.partition(".")[0] for name in modules if name not in MODULES}
    codes = [code for one in functions for code in codes_in(one.code)]
    makes_class = any(step.opname == "LOAD_BUILD_CLASS" for code in codes for step in dis.get_instructions(code))
    return bool(functions) and _OF_NUMBERS.issuperset(others) and not makes_class


# ---------------------------------------------------------------- the same state at each call


@contextlib.contextmanager
def freshly(function):
    """Return a function that restores the random numbers and the arrays that a function takes from the page.

    It also makes np.random.default_rng without a seed start from the same numbers each time.
    """
    values = [value for one in with_helpers(function) for value in (*one.taken.values(), *one.closure.values())]
    arrays = [(array, array.copy()) for array in _arrays(values) if array.flags.writeable]
    rngs = [(rng, copy.deepcopy(rng.bit_generator.state)) for rng in values if isinstance(rng, np.random.Generator)]
    default_rng = np.random.default_rng

    def refresh():
        for array, before in arrays:
            array[...] = before
        for rng, state in rngs:
            rng.bit_generator.state = state
        np.random.seed(0)
        random.seed(0)

    np.random.default_rng = lambda seed=0: default_rng(0 if seed is None else seed)
    try:
        yield refresh
    finally:
        np.random.default_rng = default_rng
        refresh()


def _arrays(values, depth=3):
    """Return the arrays among values, including those in tuples, lists and dicts, such as the five of Parameters."""
    found = []
    for value in values if depth else ():
        if isinstance(value, np.ndarray):
            found.append(value)
        elif isinstance(value, (tuple, list)) and len(value) < 100:
            found += _arrays(value, depth - 1)
        elif isinstance(value, dict) and len(value) < 100:
            found += _arrays(value.values(), depth - 1)
    return found


# ---------------------------------------------------------------- is it the finished function of the course?


def is_finished_function(exercise, function):
    """True if the function is the finished one of the same name, or does nothing but return what a call of it gives.
    False if unsure."""
    try:
        with as_imported(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            finished = [finished_function(exercise.name), exercise.function]
            return _is_finished(function, [one.__code__ for one in finished if one is not None])
    except Exception:  # a strange function, which raises when it is inspected, is the learner's
        return False


def _is_finished(function, finished):
    function = plain_function(function)
    if function is None:
        return False
    if function.__code__ in finished:
        return True
    one = PageFunction(function)
    (node,) = ast.parse(one.source).body
    if isinstance(node, ast.Expr):  # a lambda
        last = node.value.body
    else:
        *others, last = node.body
        if not all(map(_is_docstring, others)):
            return False
        last = last.value
    return isinstance(last, ast.Call) and getattr(_value_of(last.func, one), "__code__", None) in finished


def _is_docstring(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _value_of(node, one):
    """Return the value of a name of a page, or of a name in a module, such as rnn_helpers.softmax, or None."""
    if isinstance(node, ast.Attribute):
        return getattr(_value_of(node.value, one), node.attr, None)
    return one.taken.get(getattr(node, "id", ""))


# ---------------------------------------------------------------- the source of a function of the course


def runnable_source(function, source=None):
    """Return the source of a function of the course, or the given source, so that it runs when pasted into a page."""
    source = (source or inspect.getsource(function)).rstrip()
    used = {name: function.__globals__.get(name) for name in looked_up(compile(source, "<source>", "exec"))}
    modules = {name: value.__name__ for name, value in used.items() if inspect.ismodule(value)}
    imports = [f"import {module}" + f" as {name}" * (name != module) for name, module in modules.items()]
    left = [name for name in used if name not in (*modules, function.__name__)]
    for home, module in MODULES.items():
        names = [name for name in left if hasattr(module, name)]
        left = [name for name in left if name not in names]
        imports += [f"from {home} import {', '.join(names)}"] * bool(names)
    return "\n".join(imports) + "\n\n\n" + source if imports else source
