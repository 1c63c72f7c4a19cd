"""Counts what code does while it runs, and ends what takes too much: calls of a Watch, put into its tree.

It uses no clock, so the same code is ended at the same place on every computer, in every Python and in a browser.
"""

import ast
import contextlib
import math
import types

import numpy as np

# These cannot clash with a learner's names, because they contain a space.
_LOOP, TEST, _PUT, SIZE, ALL_OF, CALL = "each of", "test of", "put into", "size of", "all of", "call of"
_NAMES = (_LOOP, TEST, _PUT, SIZE)
_PUTS = ("append", "insert", "extend")
MAKES = "zeros ones empty full eye identity arange random normal uniform integers".split()
_LARGEST = 1e6  # numbers in an array, characters in a text, entries of a list
_MOST_BITS = 1e4  # of a whole number
_DEEPEST = 5  # lists in lists


class TooMuch(BaseException):
    """Stops an edited function that is endless, or that would make NumPy work without end."""


class Watch:
    """Holds what the calls do that place_watch() puts into a function. They count and use no clock, so a function that
    an edit makes endless is stopped at the same place on every computer.

    left    rounds of loops, and calls of functions of the page, that the function may still make
    rounds  how many it has made
    """

    def __init__(self):
        self.left, self.rounds = math.inf, 0

    def names(self):
        mine = self._each_of, self._test_of, self._put_into, self._size_of, self._all_of, self.call_of
        return dict(zip((_LOOP, TEST, _PUT, SIZE, ALL_OF, CALL), mine))

    def _count(self):
        self.rounds += 1
        self.left -= 1
        if self.left < 0:
            raise TooMuch

    def _each_of(self, values):
        for value in values:
            self._count()
            yield value

    def _all_of(self, values):
        return list(self._each_of(values))

    def _test_of(self, value):
        self._count()
        return value

    def call_of(self, function):
        """Return a function that does the same and counts its calls, because it may call itself without end."""

        def watched_call(*args, **options):
            self._count()
            if any(map(_is_large, args)):
                raise TooMuch
            return function(*args, **options)

        return watched_call

    def _put_into(self, *values):
        """Return the last value. It must not be too large, a list that holds one of the others, or lists nested too
        deeply. The calls of a lambda are counted."""
        *holders, value = values
        if isinstance(value, types.LambdaType) and value.__name__ == "<lambda>":
            return self.call_of(value)
        if _is_large(value) or (isinstance(value, (list, tuple)) and _is_endless(value, holders, _DEEPEST)):
            raise TooMuch
        return value

    def _size_of(self, value):
        if numbers_in(value) > _LARGEST:
            raise TooMuch
        return value


def _is_large(value):
    """True for a value so large that it would take all memory if a loop doubled it a few more times."""
    if isinstance(value, np.ndarray):
        return value.size > _LARGEST
    if isinstance(value, int):
        return value.bit_length() > _MOST_BITS
    return isinstance(value, (str, list, tuple)) and len(value) > _LARGEST


def _is_endless(value, holders, depth):
    if not depth or any(value is holder for holder in holders if isinstance(holder, list)):
        return True
    return any(isinstance(one, (list, tuple)) and _is_endless(one, holders, depth - 1) for one in value)


def numbers_in(shape):
    """Return how many numbers an array of this shape has, or 0 if it is no shape: NumPy says so."""
    with contextlib.suppress(Exception):
        sizes = shape if isinstance(shape, (list, tuple)) or np.ndim(shape) == 1 else [shape]
        return float(np.nan_to_num(np.prod([abs(float(size)) for size in sizes if np.ndim(size) == 0]), posinf=np.inf))
    return 0


def place_watch(tree):
    """Put the calls of a Watch into the tree of a function: around what loops go through, what is added to lists, and
    sizes, and into the functions inside it, which may call themselves."""
    for node in list(ast.walk(tree)):
        if isinstance(node, ast.FunctionDef) and node is not tree:
            node.decorator_list.append(ast.copy_location(ast.Name(CALL, ast.Load()), node))
        elif isinstance(node, (ast.For, ast.comprehension)):
            node.iter = _call(_LOOP, node.iter)
        elif isinstance(node, ast.While):
            node.test = _call(TEST, node.test)
        elif isinstance(node, ast.Assign):
            node.value = _call(_PUT, node.value, *_holder(node.targets[0]))
        elif isinstance(node, ast.AugAssign):
            node.value = _call(_PUT, node.value, *(_name(node.target) or _holder(node.target)))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            if node.func.attr in _PUTS:
                node.args[-1] = _call(_PUT, node.args[-1], *_name(node.func.value))
            elif node.func.attr in MAKES:
                node.args[0] = _call(SIZE, node.args[0])


def watched(node):
    """Return the list and the index of the value inside a call of the Watch, or None for other nodes."""
    if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _NAMES:
        return node.args, len(node.args) - 1
    return None


def bare(node):
    """Return an expression without the watch around it."""
    place = watched(node)
    return place[0][place[1]] if place else node


def _holder(target):
    return _name(target.value) if isinstance(target, ast.Subscript) else []


def _name(node):
    return [ast.copy_location(ast.Name(node.id, ast.Load()), node)] if isinstance(node, ast.Name) else []


def _call(name, value, *first):
    if isinstance(value, ast.Starred):
        return value
    call = ast.Call(ast.Name(name, ast.Load()), [*first, value], [])
    ast.copy_location(call.func, value)
    return ast.copy_location(call, value)
