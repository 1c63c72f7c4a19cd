"""Slips that the code of a check, or of a repair, shows by itself."""

import ast

from course.checker.course import PARAMETER_NAMES
from course.checker.page import with_helpers

_ORDERS = [("loss", "probs", "hidden"), ("dW_xh", "dW_hh", "db_h"), ("da_r", "da_z", "da_n", "dh_prev")]


def seen_in_check(function):
    """Return what the code of a check that fails shows to be a slip, or ""."""
    return _first_of([_names_in_other_order, _returned_in_loop], function)


def seen_unused(function):
    """Return which variable a function makes and does not use, or ""."""
    return _first_of([_never_read], function)


def _first_of(finds, function):
    for number, one in enumerate(with_helpers(function)):
        nodes = list(ast.walk(ast.parse(one.source or "pass")))
        for find in finds:
            for node, says in find(nodes):
                place = f"line {node.lineno + one.code.co_firstlineno - 1}"
                return f"In your `{one.name}`, {place}: {says}" if number else f"{place.capitalize()}: {says}"
    return ""


def _names_in_other_order(nodes):
    five = PARAMETER_NAMES
    used = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    for node in nodes:
        if not isinstance(node, ast.Assign) or isinstance(node.value, (ast.Tuple, ast.List)):
            continue
        names = [_name(part) for part in getattr(node.targets[0], "elts", [])]
        for order in [five, [f"d{name}" for name in five], *_ORDERS]:
            moved = {name for name, right in zip(names, order) if _plain(name) != _plain(right)}
            if sorted(map(_plain, names)) == sorted(map(_plain, order)) and moved & used:
                yield node, f"the names are in a different order from the values: {', '.join(order)}."


def _returned_in_loop(nodes):
    """A loop that ends in its first round, whatever is in it."""
    for loop in nodes:
        if isinstance(loop, (ast.For, ast.While)) and not any(
            isinstance(part, ast.Continue) for part in ast.walk(loop)
        ):
            last = loop.body[-1]
            while isinstance(last, ast.If) and last.orelse and isinstance(last.body[-1], ast.Return):
                last = last.orelse[-1]
            if isinstance(last, ast.Return):
                yield last, f"`{ast.unparse(last)}` is inside the loop, so the loop ends in its first round."


def _never_read(nodes):
    written = [_base(node) for node in nodes if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)]
    read = {_name(node) for node in nodes if isinstance(getattr(node, "ctx", None), ast.Load) and node not in written}
    for node in nodes:
        name = _name(node.targets[0]) if isinstance(node, ast.Assign) else ""
        if name and name not in read:
            yield node, f"you make `{name}` here, but nothing uses it."


def _base(target):
    while isinstance(target, ast.Subscript):
        target = target.value
    return target


def _name(node):
    return getattr(node, "id", "")


def _plain(name):
    return name.replace("_", "").lower()
