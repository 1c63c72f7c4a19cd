"""Slips that the code of a wrong answer shows by itself, such as `x == 3` as a line of its own."""

import ast
import math
from types import ModuleType

from course.checker.course import COURSE
from course.checker.errors import is_about_sizes
from course.checker.page import with_helpers
from course.checker.slips.rules import function_name

_METHODS = "random integers choice normal copy sum mean max min argmax argmin cumsum prod astype reshape ravel flatten"
_METHODS = {*_METHODS.split(), "tolist", "transpose", "item", "items", "append"}
_TAKE_FUNCTIONS = {"map", "filter", "sorted", "max", "min", "iter", "partial"}
_SIZES = {3, 4, 5, 6, 35, 50, 75, 100}  # of the page: those of its network, and of the small ones worked by hand
_SIZED = {"zeros", "ones", "empty", "full", "eye", "range", "arange", "one_hot", "reshape"}
_IDS = {"ids", "inputs", "targets", "read", "seen"}  # arguments that hold a text
_TABLES = {"hidden", "h", "hs", "states", "probs", "da", "dlogits"}  # with a row for each place of it
_ORDERS = [("loss", "probs", "hidden"), ("dW_xh", "dW_hh", "db_h")]
_EXACT = {"e": math.e, "pi": math.pi, "ln 2": math.log(2), "1 / ln 2": 1 / math.log(2)}


def seen_at_once(function):
    """Return what the code shows for sure to be a slip, or ""."""
    return _first_of((_lines_without_effect, _signs_after_equals, _methods_not_called, _names_in_other_order), function)


def seen_perhaps(function, got, want):
    """Return what may be a slip, if nothing else is known of a wrong outcome, or ""."""
    shapes = [{name: part.shape for name, part in one.parts.items()} for one in (got, want)]
    is_of_sizes = is_about_sizes(got.error) if got.error else shapes[0] != shapes[1]
    return _first_of([_ids_for_places, _rounded_numbers, _fixed_sizes][: 2 + is_of_sizes], function)


def _first_of(finds, function):
    for number, one in enumerate(with_helpers(function)):
        nodes = list(ast.walk(ast.parse(one.source or "pass")))
        for find in finds:
            for node, says in find(nodes, one):
                place = f"line {node.lineno + one.code.co_firstlineno - 1}"
                return f"In your `{one.name}`, {place}: {says}" if number else f"{place.capitalize()}: {says}"
    return ""


def _lines_without_effect(nodes, one):
    for node in nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Compare) and isinstance(node.value.ops[0], ast.Eq):
            yield node, f"`{ast.unparse(node)}` only compares, and stores nothing. To store a value, write one `=`."
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.BinOp):
            yield node, f"the value of `{ast.unparse(node)}` is computed, and then it is lost: nothing stores it."


def _signs_after_equals(nodes, one):
    for node in nodes:
        if isinstance(node, ast.Assign):
            line, at = one.source.split("\n")[node.value.lineno - 1], node.value.col_offset
            is_number = isinstance(getattr(node.value, "operand", None), ast.Constant)  # x =-1 may be meant
            if line[at - 1 : at + 1] in ("=-", "=+") and (
                line[at + 1] == " " or (line[at - 2] == " " and not is_number)
            ):
                name = ast.unparse(node.targets[0])
                yield node, f"`{name} ={line[at]}` gives {name} a new value. To change it, write `{line[at]}=`."


def _methods_not_called(nodes, one):
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    taken = [call.func for call in calls]
    for call in calls:
        if function_name(call) in _TAKE_FUNCTIONS:
            taken += [*call.args, *(option.value for option in call.keywords)]
    names = {getattr(call.func, "id", None) for call in calls}
    taken += [node.value for node in nodes if isinstance(node, ast.Assign) and _name(node.targets[0]) in names]
    for node in nodes:
        if isinstance(node, ast.Attribute) and node.attr in _METHODS and node not in taken:
            root = next(part for part in ast.walk(node) if not isinstance(part, (ast.Attribute, ast.expr_context)))
            if not isinstance({**one.taken, **one.closure}.get(_name(root)), ModuleType):
                yield node, f"`{ast.unparse(node)}` is only the name of a function. Parentheses behind it call it."


def _names_in_other_order(nodes, one):
    five = COURSE.parameter_names
    used = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    for node in nodes:
        if not isinstance(node, ast.Assign) or isinstance(node.value, (ast.Tuple, ast.List)):
            continue
        names = [_name(part) for part in getattr(node.targets[0], "elts", [])]
        for order in [five, [f"d{name}" for name in five], *_ORDERS]:
            moved = {name for name, right in zip(names, order) if _plain(name) != _plain(right)}
            if sorted(map(_plain, names)) == sorted(map(_plain, order)) and moved & used:
                yield node, f"the names are in another order than the values, which are {', '.join(order)}."


def _ids_for_places(nodes, one):
    for loop in nodes:
        if not isinstance(loop, ast.For) or _name(loop.iter) not in _IDS:
            continue
        for node in ast.walk(loop):
            index = getattr(node, "slice", None)
            index = index.elts[0] if isinstance(index, ast.Tuple) else index
            used = _name(index.left if isinstance(index, ast.BinOp) else index)
            if used and used == _name(loop.target) and _name(node.value) in _IDS | _TABLES:
                place = "a place in the text" if _name(node.value) in _IDS else "the number of a row"
                yield loop, f"{used} is an id from {loop.iter.id}, but `{ast.unparse(node)}` takes it for {place}."


def _rounded_numbers(nodes, one):
    for node in nodes:
        value = getattr(node, "value", None) if isinstance(node, ast.Constant) else None
        for name, exact in _EXACT.items() if isinstance(value, float) else ():
            if 1e-5 < abs(value / exact - 1) < 0.005:
                says = f"{value} has only the first digits of {name}. The functions of NumPy and math know them all."
                yield node, says


def _fixed_sizes(nodes, one):
    for node in nodes:
        parts = []
        if isinstance(node, ast.Call) and function_name(node) in _SIZED and ast.unparse(node) != "range(5)":
            parts = [part for argument in node.args for part in ast.walk(argument)]  # there are five parameters
        elif isinstance(node, ast.Assign):
            parts = getattr(node.value, "elts", [node.value])
        for part in parts:
            if isinstance(part, ast.Constant) and type(part.value) is int and part.value in _SIZES:
                says = f"the size {part.value} does not fit all networks and texts that the check tries."
                yield part, f"{says} Work out the sizes from the arguments."


def _name(node):
    return getattr(node, "id", "")


def _plain(name):
    return name.replace("_", "").lower()
