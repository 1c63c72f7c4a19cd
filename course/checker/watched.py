"""A learner's code as it is tried: rebuilt with a Meter in it that counts whatever can go on, so that nothing does for
ever. The search in slips/ has the plain Watch, in trees that its rules can still read.
"""

import ast
import contextlib
import functools
import sys
from types import FunctionType, GeneratorType

import numpy as np

from course.checker import limit, watch
from course.checker.course import FILES
from course.checker.limit import Stopped
from course.checker.page import PageFunction
from course.checker.slips.rebuild import Code, helpers
from course.checker.stop import say_stopped, where_it_runs

# These cannot clash with a learner's names, because they contain a space.
_ARGUMENT, _CALLED, _FACTOR = "argument of", "called function", "factor of"
_ENTER, _LEAVE = "enter function", "leave function"
_GROWS = {ast.Pow: "power of", ast.Mult: "times of", ast.LShift: "shift of"}
_GROWS_BY = {op: f"{name} the same name" for op, name in _GROWS.items()}
# Which argument is the size of what they make, in calls of NumPy's functions and of rng.
_SIZES = {"arange": 1, "linspace": 2, "repeat": 1, "tile": 1, "resize": 1, "normal": 2, "uniform": 2, "integers": 2}
_SIZED = ("size", "shape", "num", "repeats", "reps")
_NOT_WRAPPED = ("super", "locals", "globals", "vars", "dir", "eval", "exec")  # they ask from where they are called
_SEQUENCES = (list, tuple, str, bytes, dict, set, frozenset)
_PRODUCTS = ("dot", "matmul", "einsum", "tensordot", "kron", "outer", "inner", "convolve", "correlate", "vdot")


class Meter(watch.Watch):
    """The Watch of all calls of a check: when what it allows is used up, it ends the code, whatever that catches.

    left     what is left, in rounds of a small loop
    most     the rounds of the busiest call since new_call(): of its loops, and calls from it to the learner's functions
    message  for the learner, once the code was ended
    outside  the frame from which the learner's code is called
    """

    def __init__(self, rounds=None):
        super().__init__()
        self.left = limit.ROUNDS if rounds is None else rounds
        self.message, self.outside = "", None
        self.new_call()

    def new_call(self):
        self.made, self.most, self.deep, self.calls = 0, 0, 0, [0]  # calls: the rounds of each that runs now

    def names(self):
        more = {_ARGUMENT: self._argument_of, _CALLED: self._called, _FACTOR: self._factor_of}
        more |= {_ENTER: self._enter, _LEAVE: self._leave}
        for op, grown in ((ast.Pow, self._power), (ast.Mult, self._times), (ast.LShift, self._shift)):
            more |= {_GROWS[op]: grown, _GROWS_BY[op]: functools.partial(grown, only_look=True)}
        return super().names() | more

    def spend(self, rounds):
        self.left -= int(rounds)
        if self.left < 0:
            self.end()

    def end(self, too_large=False):
        """End the code: from now on, each count does so again."""
        self.left = -1
        self.message = self.message or say_stopped(where_it_runs(sys._getframe(1), self.outside), too_large)
        raise Stopped

    def _round(self, weight):
        self.calls[-1] += 1
        self.spend(weight)

    # ---------------------------------------------------------------- loops and calls
    def _each_of(self, values, weight=1):
        for value in values:
            self._round(weight)
            yield value

    def _test_of(self, value, weight=1):
        self._round(weight)
        return value

    def _enter(self):
        self._round(1)
        if len(self.calls) > limit.DEEPEST:  # even if the code has moved Python's own limit
            self.deep += 1
            if self.deep > limit.TOO_DEEP:
                self.end()
            raise RecursionError("maximum recursion depth exceeded")
        self.calls.append(0)
        return True

    def _leave(self):
        self.most = max(self.most, self.calls.pop())

    def _called(self, function):
        """Return what is called in the place of a function: the same, after it was charged."""
        self.spend(1)
        if type(function) is FunctionType:
            if function.__code__.co_filename.startswith(FILES):
                return functools.partial(self._of_course, function)
        elif isinstance(home := getattr(function, "__module__", None), str) and home.startswith("numpy"):
            self.spend(2)
            if home == "numpy.linalg" or getattr(function, "__name__", "") in _PRODUCTS:
                return functools.partial(self._product, function)
        return function

    def _of_course(self, function, *args, **options):
        """Call a function of the course, which may go through ids one by one."""
        steps = max(map(_steps_of, (*args, *options.values())), default=0)
        self.spend(limit.CALL_OF_COURSE + limit.STEP_OF_COURSE * steps)
        return function(*args, **options)

    def _product(self, function, *args, **options):
        for value in args:
            self._factor_of(value)
        return function(*args, **options)

    # ---------------------------------------------------------------- what goes on, or grows, inside a single call
    def _factor_of(self, value):
        if isinstance(value, np.ndarray):
            self.spend(value.size**1.5 / 1000)
        return value

    def _argument_of(self, value):
        """Return an argument of a call; an iterator as one that counts what is taken from it."""
        kind = type(value)
        if kind is np.ndarray:
            self.spend(value.size / 200)
        elif kind is range:
            self.spend(max((value.stop - value.start) / value.step, 0) / 100)  # its len may be too large for a length
        elif kind in _SEQUENCES:
            self.spend(len(value) / (1000 if kind in (str, bytes) else 100))
        elif kind.__module__ in ("builtins", "itertools") and hasattr(kind, "__next__") and kind is not GeneratorType:
            return self._each_of(value)
        return value

    def _put_into(self, *values):
        value = values[-1]
        for one in values:
            if isinstance(one, np.ndarray):
                self.spend(one.size / 1000)
        if (
            (isinstance(value, np.ndarray) and value.nbytes > limit.MEMORY)
            or (isinstance(value, (str, list, tuple)) and len(value) > limit.ENTRIES)
            or (isinstance(value, int) and value.bit_length() > limit.BITS)
        ):
            self.end(too_large=True)
        return value

    def _size_of(self, value):
        size = watch.numbers_in(value)
        self.made += 8 * size
        if self.made > limit.MEMORY:
            self.end(too_large=True)
        self.spend(size / 1000)
        return value

    def _power(self, one, other, only_look=False):
        if isinstance(one, int) and isinstance(other, int) and abs(one) > 1 and one.bit_length() * other > limit.BITS:
            self.end(too_large=True)
        return other if only_look else one**other

    def _times(self, one, other, only_look=False):
        for many, count in ((one, other), (other, one)):
            if isinstance(many, (list, tuple, str, bytes)) and isinstance(count, (int, np.integer)):
                if len(many) * count > limit.ENTRIES:
                    self.end(too_large=True)
                self.spend(len(many) * max(count, 0) / 1000)
        if isinstance(one, int) and isinstance(other, int) and one.bit_length() + other.bit_length() > limit.BITS:
            self.end(too_large=True)
        return other if only_look else one * other

    def _shift(self, one, other, only_look=False):
        if isinstance(other, int) and other > limit.BITS:
            self.end(too_large=True)
        return other if only_look else one << other


def _steps_of(value):
    """Return how many steps a function of the course may take with an argument: one for each id or entry of a list."""
    if isinstance(value, (int, np.integer)):  # an id, or a size
        return min(max(int(value), 0), limit.ROUNDS) / 500
    if isinstance(value, np.ndarray):
        return len(value) if value.ndim and value.dtype.kind in "iu" else value.size / 500
    return len(value) if isinstance(value, _SEQUENCES) and not hasattr(value, "_fields") else 0


class _Everywhere(ast.NodeTransformer):
    """Adds to the watch in the loops of a tree what matters where code is run as a learner wrote it."""

    def visit_FunctionDef(self, node):
        makes_values = any(isinstance(part, (ast.Yield, ast.YieldFrom)) for part in _inside(node))
        self.generic_visit(node)
        node.decorator_list = [
            one for one in node.decorator_list if getattr(one, "id", "") != watch.CALL
        ]  # counted here
        if not makes_values:  # the call of one that does returns before its code runs
            enter, leave = (ast.Expr(_named(name)) for name in (_ENTER, _LEAVE))
            whole = ast.Try(body=node.body, handlers=[], orelse=[], finalbody=[leave])
            node.body = [_placed(enter, node.body[0]), _placed(whole, node.body[0])]
        return node

    def visit_Lambda(self, node):
        self.generic_visit(node)
        count = ast.Call(ast.Name(watch.TEST, ast.Load()), [ast.Constant(True)], [])
        node.body = _placed(ast.IfExp(count, node.body, ast.Constant(None)), node.body)
        return node

    def visit_For(self, node):
        node.iter.args.append(_weight(node, node.body))
        return self.generic_visit(node)

    def visit_While(self, node):
        node.test.args.append(_weight(node, [*node.body, node.test.args[-1]]))
        return self.generic_visit(node)

    def visit_Assign(self, node):
        self.generic_visit(node)
        if any(isinstance(target, (ast.Tuple, ast.List, ast.Subscript)) for target in node.targets):
            self._into(node)
        return node

    def visit_AugAssign(self, node):
        self.generic_visit(node)
        self._into(node)
        if type(node.op) in _GROWS_BY and isinstance(node.target, ast.Name):
            name = ast.Name(node.target.id, ast.Load())
            node.value = _placed(_named(_GROWS_BY[type(node.op)], name, node.value), node.value)
        return node

    def _into(self, node):
        """What is unpacked, or put into an array or a list, may be an iterator."""
        node.value = self._argument(node.value)

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if type(node.op) in _GROWS:
            return _placed(_named(_GROWS[type(node.op)], node.left, node.right), node)
        if isinstance(node.op, ast.MatMult):
            node.left = _placed(_named(_FACTOR, node.left), node.left)
        return node

    def visit_Call(self, node):
        if " " in getattr(node.func, "id", ""):  # a call of the Watch
            node.args = [self.visit(one) for one in node.args]
            return node
        name = getattr(node.func, "attr", "")
        self.generic_visit(node)
        sized = _SIZES.get(name)
        if sized == 2 and node.args:
            node.args[0] = watch.bare(node.args[0])  # a limit or a mean
        node.args = [_size(one) if number == sized else self._argument(one) for number, one in enumerate(node.args)]
        for one in node.keywords:
            if one.arg:
                one.value = _size(one.value) if one.arg in _SIZED else self._argument(one.value)
        if getattr(node.func, "id", "") not in _NOT_WRAPPED:
            node.func = _placed(_named(_CALLED, node.func), node.func)
        return node

    def visit_Starred(self, node):
        self.generic_visit(node)
        if isinstance(node.ctx, ast.Load):
            node.value = self._argument(node.value)
        return node

    def visit_YieldFrom(self, node):
        self.generic_visit(node)
        node.value = self._argument(node.value)
        return node

    def visit_Compare(self, node):
        self.generic_visit(node)
        if isinstance(node.ops[-1], (ast.In, ast.NotIn)):
            node.comparators[-1] = self._argument(node.comparators[-1])
        return node

    def _argument(self, node):
        if isinstance(node, (ast.Starred, ast.Constant, ast.Lambda, ast.GeneratorExp)):
            return node
        if place := watch.watched(node):
            place[0][place[1]] = self._argument(place[0][place[1]])
            return node
        return _placed(_named(_ARGUMENT, node), node)


def _inside(node):
    """Yield the nodes of a function, but not those of the functions inside it."""
    for child in ast.iter_child_nodes(node):
        yield child
        if not isinstance(child, (ast.FunctionDef, ast.Lambda)):
            yield from _inside(child)


def _weight(node, parts):
    """Return as a node how much a round of a loop costs: the more it computes, the more. Loops inside count alone."""
    costs, stack = 0, list(parts)
    while stack:
        one = stack.pop()
        costs += isinstance(one, (ast.Call, ast.BinOp, ast.Compare, ast.Subscript, ast.Attribute))
        stack += [] if isinstance(one, (ast.For, ast.While)) else ast.iter_child_nodes(one)
    return _placed(ast.Constant(1 + costs // 4), node)


def _size(node):
    return node if isinstance(node, ast.Starred) else _placed(_named(watch.SIZE, node), node)


def _named(name, *args):
    return ast.Call(ast.Name(name, ast.Load()), list(args), [])


def _placed(new, old):
    return ast.fix_missing_locations(ast.copy_location(new, old))


def watched(function, meter, source=None):
    """Return a learner's function, rebuilt with the functions of its page that it calls so that a Meter counts, or None
    if it cannot be: it has no source, or takes names from a function around it. source: if it is in no file or cell"""
    if type(function) is not FunctionType:
        return None
    with contextlib.suppress(OSError, SyntaxError, TypeError, ValueError, AttributeError, RecursionError):
        one = PageFunction(function)
        if source:
            one.lines = source.splitlines(keepends=True)
        codes = [Code(one), *helpers(one, limit.HELPERS)]
        scope, made = {**function.__globals__, **meter.names()}, []
        for code in codes:
            _Everywhere().visit(code.tree)
            original = code.function
            new = code.make(scope, (original.__defaults__, original.__kwdefaults__), original.__code__.co_filename)
            vars(new).update(vars(original))
            made.append(new)
            if original.__globals__.get(code.name) is original:
                scope[code.name] = new
        return made[0]
    return None


def watched_text(text, file, meter, scope):
    """Return a code object for the text of a file, in which a Meter counts, and put what it needs into the scope."""
    tree = ast.parse(text)
    watch.place_watch(tree)
    scope.update(meter.names())
    return compile(_Everywhere().visit(tree), file, "exec", dont_inherit=True)
