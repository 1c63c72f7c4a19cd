"""Keeps watch in a learner's function that is edited: an edit may make it endless, or put a list into itself."""

import ast
import time

import numpy as np

# No learner's name can be one of these: they have a space.
_LOOP, _TEST, _PUT, _SIZE, ALL_OF = "each of", "test of", "put into", "size of", "all of"
_NAMES = (_LOOP, _TEST, _PUT, _SIZE)
_PUTS = ("append", "insert", "extend")
_MAKES = ("zeros", "ones", "empty", "full", "eye", "identity", "arange")
_LARGEST = 1e6  # numbers in a new array
_DEEPEST = 5  # lists in lists


class TooMuch(BaseException):
    """Ends an edited function that goes on for ever, or for which NumPy would not come to an end."""


class Watch:
    """What the calls do that watched() puts into a function. limit: when it has taken too long, of time.monotonic()."""

    def __init__(self):
        self.limit = float("inf")

    def names(self):
        return {_LOOP: self._each_of, _TEST: self._test_of, _PUT: _put_into, _SIZE: _size_of, ALL_OF: self._all_of}

    def _each_of(self, values):
        for value in values:
            if time.monotonic() > self.limit:
                raise TooMuch
            yield value

    def _all_of(self, values):
        return list(self._each_of(values))

    def _test_of(self, value):
        if time.monotonic() > self.limit:
            raise TooMuch
        return value

    def call_of(self, function):
        """Return a function that does the same, as long as there is time: it may call itself without end."""

        def watched_call(*args, **options):
            self._test_of(None)
            return function(*args, **options)

        return watched_call


def _put_into(*values):
    """Return the last value; it must be no list that holds one of the others, or lists in lists without end."""
    *holders, value = values
    if isinstance(value, (list, tuple)) and _is_endless(value, holders, _DEEPEST):
        raise TooMuch
    return value


def _is_endless(value, holders, depth):
    if not depth or any(value is holder for holder in holders if isinstance(holder, list)):
        return True
    return any(isinstance(one, (list, tuple)) and _is_endless(one, holders, depth - 1) for one in value)


def _size_of(value):
    sizes = value if isinstance(value, (list, tuple)) or np.ndim(value) == 1 else [value]
    if np.prod([abs(float(size)) for size in sizes if np.ndim(size) == 0]) > _LARGEST:
        raise TooMuch
    return value


def place_watch(tree):
    """Put the calls of a Watch into a tree: around what loops go through, what lists are given, and sizes."""
    for node in list(ast.walk(tree)):
        if isinstance(node, (ast.For, ast.comprehension)):
            node.iter = _call(_LOOP, node.iter)
        elif isinstance(node, ast.While):
            node.test = _call(_TEST, node.test)
        elif isinstance(node, ast.Assign):
            node.value = _call(_PUT, node.value, *_holder(node.targets[0]))
        elif isinstance(node, ast.AugAssign):
            node.value = _call(_PUT, node.value, *(_name(node.target) or _holder(node.target)))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            if node.func.attr in _PUTS:
                node.args[-1] = _call(_PUT, node.args[-1], *_name(node.func.value))
            elif node.func.attr in _MAKES:
                node.args[0] = _call(_SIZE, node.args[0])


def watched(node):
    """Return the list and the index of the value inside a call that only keeps watch, or None for other nodes."""
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
