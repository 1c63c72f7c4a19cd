"""Slips that the code of a wrong answer shows by itself, such as `x == 3` as a line of its own."""

import ast
import math
import re
from types import ModuleType

import numpy as np

from course.checker.course import PARAMETER_NAMES
from course.checker.errors import is_about_sizes
from course.checker.page import with_helpers
from course.checker.slips.rules import function_name

_METHODS = "random integers choice normal copy sum mean max min argmax argmin cumsum prod astype reshape ravel flatten"
_METHODS = {*_METHODS.split(), "tolist", "transpose", "item", "items", "append"}
_TAKE_FUNCTIONS = {"map", "filter", "sorted", "max", "min", "iter", "partial"}
_SIZES = {3, 4, 5, 6, 35, 50, 75, 100}  # of the page: those of its network, and of the small ones worked by hand
_SIZED = {"zeros", "ones", "empty", "full", "eye", "range", "arange", "one_hot", "reshape"}
_MAKES_NEW = {"append", "clip", "concatenate", "cumsum", "delete", "insert", "reshape", "sort"}
_COPIES = {"copy", "array", "deepcopy"}
_BEGINNINGS = {"zeros", "ones", "empty", "full", "zeros_like", "ones_like", "empty_like", "full_like"}
_IDS = {"ids", "inputs", "targets", "read", "seen"}  # arguments that hold a text
_TABLES = {"hidden", "h", "hs", "states", "probs", "da", "dlogits"}  # with a row for each place of it
_ORDERS = [("loss", "probs", "hidden"), ("dW_xh", "dW_hh", "db_h"), ("da_r", "da_z", "da_n", "dh_prev")]
_LOST = "you compute `{}`, but nothing stores the result."
_EXACT = {"e": math.e, "pi": math.pi, "ln 2": math.log(2), "1 / ln 2": 1 / math.log(2)}


def seen_at_once(function, got, want):
    """Return what the code shows for sure to be a slip, or ""."""
    finds = [_lines_without_effect, _signs_after_equals, _methods_not_called, _names_in_other_order]
    finds += [_copies_changed, _copies_by_index, _changed_after_loop, _places_for_numbers, _results_printed]
    finds += [_empty_ranges, _states_for_steps]
    return _first_of(finds, function, got, want)


def seen_perhaps(function, got, want):
    """Return what may be a slip, if nothing else is known of a wrong outcome, or ""."""
    shapes = [{name: part.shape for name, part in one.parts.items()} for one in (got, want)]
    is_of_sizes = is_about_sizes(got.error) if got.error else shapes[0] != shapes[1]
    finds = [_ids_for_places, _rounded_numbers, _begun_anew, _overwritten, _several_returned, _nothing_returned]
    return _first_of([*finds, _left_in_memory, *[_fixed_sizes] * is_of_sizes], function, got, want)


def seen_at_last(function, got, want):
    """Return what the code shows to be wrong, though perhaps not alone, if no edit explains a wrong outcome, or ""."""
    return _first_of([_returned_in_loop, _old_ones_returned, _found_by_value], function, got, want)


def seen_to_end_loop(function):
    """Return which line ends a loop in its first round, or ""."""
    return _first_of([_returned_in_loop], function, None, None)


def seen_in_check(function):
    """Return what the code of a check that fails shows to be a slip, or ""."""
    return _first_of([_names_in_other_order, _returned_in_loop], function, None, None)


def seen_unused(function):
    """Return which variable a function makes and does not use, or ""."""
    return _first_of([_never_read], function, None, None)


def _first_of(finds, function, got, want):
    for number, one in enumerate(with_helpers(function)):
        nodes = list(ast.walk(ast.parse(one.source or "pass")))
        for find in finds:
            for node, says in find(nodes, one, got, want):
                place = f"line {node.lineno + one.code.co_firstlineno - 1}"
                return f"In your `{one.name}`, {place}: {says}" if number else f"{place.capitalize()}: {says}"
    return ""


def _lines_without_effect(nodes, one, got, want):
    for node in nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Compare) and isinstance(node.value.ops[0], ast.Eq):
            yield node, f"`{ast.unparse(node)}` compares, and it stores nothing. To store a value, write a single `=`."
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.BinOp):
            yield node, _LOST.format(ast.unparse(node))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _is_lost(node.value, one):
            yield node, _LOST.format(ast.unparse(node))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and function_name(node.value) == "_replace":
            if _changed_in_place(one, want):  # then to store the new tuple would not help
                continue
            call = f"{ast.unparse(node.value.func)}(...)"
            yield node, f"`{call}` makes a new tuple and leaves the old one as it was. Nothing stores the new one."


def _is_lost(call, one):
    """True for a call of a function of NumPy that gives a new array, and is not told where else to put the numbers."""
    is_of_numpy = isinstance(call.func, ast.Attribute) and one.taken.get(_name(call.func.value)) is np
    function = getattr(np, call.func.attr, None) if is_of_numpy else None
    stored = any(option.arg in ("out", None) for option in call.keywords)
    is_ufunc = isinstance(function, np.ufunc) and len(call.args) <= function.nin
    return (is_ufunc or (is_of_numpy and call.func.attr in _MAKES_NEW)) and not stored


def _signs_after_equals(nodes, one, got, want):
    for node in nodes:
        if isinstance(node, ast.Assign):
            line, at = one.source.split("\n")[node.value.lineno - 1], node.value.col_offset
            is_number = isinstance(getattr(node.value, "operand", None), ast.Constant)  # x =-1 may be meant
            if line[at - 1 : at + 1] in ("=-", "=+") and (
                line[at + 1] == " " or (line[at - 2] == " " and not is_number)
            ):
                name = ast.unparse(node.targets[0])
                yield node, f"`{name} ={line[at]}` gives {name} a new value. To change it, write `{line[at]}=`."


def _methods_not_called(nodes, one, got, want):
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
                says = f"`{ast.unparse(node)}` is only the name of a function"
                yield node, f"{says}. To call it, write parentheses after it."


def _names_in_other_order(nodes, one, got, want):
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


def _arguments(one):
    return one.code.co_varnames[: one.code.co_argcount]


def _changed_in_place(one, want):
    """Return the names of the arguments that the function must change in place."""
    return {name.split(".")[0] for name in want.parts} & set(_arguments(one))


def _copies_changed(nodes, one, got, want):
    """A copy of what the function must change in place."""
    in_place = _changed_in_place(one, want)
    for loop in nodes:
        if isinstance(loop, ast.For) and in_place & _names_in(loop.iter):
            for node in ast.walk(loop):
                name = _name(node.targets[0]) if isinstance(node, ast.Assign) else ""
                is_copy = name and isinstance(node.value, ast.Call) and function_name(node.value) in _COPIES
                if is_copy and name in _names_in(node.value) and name in _names_in(loop.target):
                    says = f"`{ast.unparse(node.value)}` makes a new array, and from here on `{name}` is that one"
                    yield node, f"{says}. What {' and '.join(in_place)} holds doesn't change."


def _copies_by_index(nodes, one, got, want):
    """What is written into an array that an index with an array in it has made."""
    made = {_name(node.targets[0]) for node in nodes if isinstance(node, ast.Assign) and _is_array_made(node.value)}
    arrays = (made | (_IDS & set(_arguments(one)))) - {""}
    for node in nodes:
        targets = getattr(node, "targets", [getattr(node, "target", None)])
        for target in targets if isinstance(node, (ast.Assign, ast.AugAssign)) else ():
            inner = getattr(target, "value", None) if isinstance(target, ast.Subscript) else None
            index = getattr(inner, "slice", None)
            for part in getattr(index, "elts", [index]):
                if _is_array_made(part) or isinstance(part, ast.List) or _name(part) in arrays:
                    says = f"`{ast.unparse(inner)}` is a copy, because there's an array in its index"
                    yield node, f"{says}. What you write into it is lost. Put both indices into one pair of brackets."


def _is_array_made(node):
    return isinstance(node, ast.Call) and function_name(node) in ("arange", "array", "asarray", "nonzero")


def _changed_after_loop(nodes, one, got, want):
    """A name that a loop uses and that gets its next value only after the loop."""
    for block in [getattr(node, "body", None) for node in nodes]:
        for place, loop in enumerate(block if isinstance(block, list) else ()):
            following = block[place + 1] if place + 1 < len(block) else None
            if not isinstance(loop, (ast.For, ast.While)) or not isinstance(following, (ast.Assign, ast.AugAssign)):
                continue
            name = _name(getattr(following, "target", None) or following.targets[0])
            later = [other for statement in block[place + 2 :] for other in ast.walk(statement)]
            is_of_round = _stored_in(loop) & _names_in(following.value)
            if name and is_of_round and name in _loaded_in(loop) - _stored_in(loop) and name not in map(_name, later):
                yield (
                    following,
                    f"`{name}` changes only after the loop, so the loop always works with its first value.",
                )


def _places_for_numbers(nodes, one, got, want):
    for node in nodes:
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub) and isinstance(node.right, ast.Call):
            call, name = node.right, function_name(node.right)
            of = [*call.args[:1], getattr(call.func, "value", None)]
            if name in ("argmax", "argmin") and ast.dump(node.left) in [ast.dump(part) for part in of if part]:
                yield node, f"`{ast.unparse(call)}` is the place of that number in its row, not the number itself."


def _results_printed(nodes, one, got, want):
    """The five new arrays in a print, where those that came in are returned."""
    returned = {_name(node.value) for node in nodes if isinstance(node, ast.Return)}
    for node in nodes if len(returned) == 1 and returned <= set(_arguments(one)) else ():
        call = node.value if isinstance(node, ast.Expr) else None
        shown = call.args[0] if isinstance(call, ast.Call) and function_name(call) == "print" and call.args else None
        is_new = isinstance(shown, ast.Call) and function_name(shown) == "Parameters" and not got.changed
        if is_new and _names_in(shown) - {"Parameters", *_arguments(one)}:
            says = f"you print `{ast.unparse(shown)}`, but you return `{', '.join(returned)}`"
            yield node, f"{says}. Return what you print."


def _empty_ranges(nodes, one, got, want):
    """A loop that should count down: range(T, 0) without a step is empty, whatever T is."""
    for loop in nodes:
        numbers = loop.iter if isinstance(loop, ast.For) else None
        if not isinstance(numbers, ast.Call) or function_name(numbers) != "range" or len(numbers.args) != 2:
            continue
        start, end = numbers.args
        if ast.unparse(end) in ("0", "-1") and not isinstance(start, (ast.UnaryOp, ast.Constant)):
            says = f"`{ast.unparse(numbers)}` is empty, because it counts up"
            yield loop, f"{says}. To count down, it needs a third number."


def _states_for_steps(nodes, one, got, want):
    """The rows of hidden, which has one more than there are steps, if a loop over them leads outside of a table."""
    found = re.search(r"index (\d+) is out of bounds for axis 0 with size \1$", got.error)
    for node in nodes if found else ():
        value = ast.unparse(node.value) if isinstance(node, ast.Assign) else ""
        if re.fullmatch(r"len\((\w+\.)?hidden\)|(\w+\.)?hidden\.shape(\[0\])?", value):
            name = ast.unparse(getattr(node.targets[0], "elts", node.targets)[0])
            goes_through_all = re.search(rf"\brange\({name}(\)| - 1, -1, -1\))", ast.unparse(nodes[0]))
            if not goes_through_all or [_name(other) for other in nodes if _is_stored(other)].count(name) > 1:
                continue
            says = "hidden has one row more than there are steps, because it begins with the state that came in"
            yield node, f"{says}. So your `{name}` is one too large."


def _begun_anew(nodes, one, got, want):
    """What a loop collects, and begins anew in each round."""
    for _, name, node, uses in _set_in_loops(nodes):
        is_empty = ast.unparse(node.value) in ("[]", "{}", "0", "0.0", "list()") or _is_filled(node.value)
        if is_empty and "grow" in uses and "use" not in uses:
            yield node, f"`{name}` starts again in each round of the loop, so in the end it holds only the last round."


def _overwritten(nodes, one, got, want):
    """An array that is made before a loop, and replaced in each round."""
    for loop, name, node, uses in _set_in_loops(nodes):
        made = [other for other in nodes if isinstance(other, ast.Assign) and _name(other.targets[0]) == name]
        made = [other.value for other in made if other.lineno < loop.lineno][-1:]
        if not uses and any(isinstance(value, ast.List) or _is_filled(value) for value in made):
            says = f"`{name} = ...` gives {name} a new value in each round, so you lose the old one"
            yield node, f"{says}. Should you add to it, or does each round have its own place in {name}?"


def _is_filled(node):
    return isinstance(node, ast.Call) and function_name(node) in _BEGINNINGS


def _set_in_loops(nodes):
    """Yield (loop, name, statement, uses) of each name that gets a value once in a loop, and is used after it. The uses
    in the loop are "grow" (it gets an entry, or is added to) and "use"."""
    for loop in nodes:
        if not isinstance(loop, (ast.For, ast.While)):
            continue
        inside = [part for statement in loop.body for part in ast.walk(statement)]
        for node in [node for node in loop.body if isinstance(node, ast.Assign) and _name(node.targets[0])]:
            name = _name(node.targets[0])
            grown = [part.target for part in inside if isinstance(part, ast.AugAssign)]
            grown += [target for part in inside if isinstance(part, ast.Assign) for target in part.targets]
            grown = [_base(target) for target in grown if target is not node.targets[0]]
            grown += [part.func.value for part in inside if isinstance(part, ast.Call) and _is_append(part)]
            own = [part for part in inside if _name(part) == name and part is not node.targets[0]]
            uses = {"grow" if part in grown else "use" for part in own}
            later = [part for part in nodes if _name(part) == name and part.lineno > loop.end_lineno]
            if later and isinstance(min(later, key=lambda part: part.lineno).ctx, ast.Load):
                yield loop, name, node, uses


def _is_append(call):
    return isinstance(call.func, ast.Attribute) and call.func.attr in ("append", "extend", "insert")


def _base(target):
    while isinstance(target, ast.Subscript):
        target = target.value
    return target


def _several_returned(nodes, one, got, want):
    if got.word != "a tuple" or len(want.parts) != 1:
        return
    for node in nodes:
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple) and len(node.value.elts) > 1:
            count = len(node.value.elts)
            yield node, f"`{ast.unparse(node)}` returns {count} results, but it should return one. Which one?"
        if isinstance(node, ast.Call) and function_name(node) in ("where", "nonzero") and len(node.args) < 2:
            says = f"np.{function_name(node)} gives a tuple with one array for each axis"
            yield node, f"{says}. It holds every place where the condition is true. Which one do you need?"


def _nothing_returned(nodes, one, got, want):
    """Arguments that are changed, where a result is wanted."""
    if got.nothing and got.changed:
        for node in nodes:
            if isinstance(node, ast.AugAssign):
                name = got.changed[0].split(".")[0]
                says = f"`{ast.unparse(node)}` changes what came in as {name}, and nothing comes back"
                yield node, f"{says}. Make something new, and return it."


def _returned_in_loop(nodes, one, got, want):
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


def _old_ones_returned(nodes, one, got, want):
    """A name for an array of a list, which gets a new array, while the list is returned with the old one."""
    returned = {name for node in nodes if isinstance(node, ast.Return) and node.value for name in _names_in(node.value)}
    for taken in nodes:
        if isinstance(taken, ast.Assign) and _name(taken.value) in returned:
            names = set(map(_name, getattr(taken.targets[0], "elts", []))) - {""} - returned
            for node in nodes:
                name = _name(node.targets[0]) if isinstance(node, ast.Assign) else ""
                if name in names and name in _names_in(node.value):
                    says = f"`{name} = ...` gives {name} a new array, but {taken.value.id} still holds the old one"
                    yield node, f"{says}. `+=` writes into the array itself."


def _never_read(nodes, one, got, want):
    written = [_base(node) for node in nodes if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)]
    read = {_name(node) for node in nodes if isinstance(getattr(node, "ctx", None), ast.Load) and node not in written}
    for node in nodes:
        name = _name(node.targets[0]) if isinstance(node, ast.Assign) else ""
        if name and name not in read:
            yield node, f"you make `{name}` here, but nothing uses it."


def _left_in_memory(nodes, one, got, want):
    """np.empty, if only numbers are wrong that should be 0."""
    wrong = []
    for name, right in want.parts.items():
        part = got.parts.get(name)
        if part is None or part.shape != right.shape:
            return
        wrong += list(right[~np.isclose(part, right)])
    if not wrong or any(wrong):
        return
    for node in nodes:
        if isinstance(node, ast.Call) and function_name(node) in ("empty", "empty_like"):
            yield node, f"`{ast.unparse(node)}` holds what was in the memory before, and that isn't always 0."


def _names_in(tree):
    return {_name(node) for node in ast.walk(tree)} - {""}


def _loaded_in(tree):
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _is_stored(node):
    return isinstance(getattr(node, "ctx", None), ast.Store)


def _stored_in(tree):
    """Return the names that get a value in a tree, or new entries."""
    stored = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store):
            stored.add(_name(_base(node)))
    return stored


def _ids_for_places(nodes, one, got, want):
    for loop in nodes:
        if not isinstance(loop, ast.For) or _name(loop.iter) not in _IDS:
            continue
        for node in ast.walk(loop):
            index = getattr(node, "slice", None)
            index = index.elts[0] if isinstance(index, ast.Tuple) else index
            used = _name(index.left if isinstance(index, ast.BinOp) else index)
            if used and used == _name(loop.target) and _name(node.value) in _IDS | _TABLES:
                place = "a place in the text" if _name(node.value) in _IDS else "the number of a row"
                yield loop, f"{used} is an id from {loop.iter.id}, but `{ast.unparse(node)}` uses it as {place}."


def _found_by_value(nodes, one, got, want):
    """A place that is looked for by what is there, in a loop over all that is there: two entries can be equal."""
    for loop in nodes:
        name, table = (_name(loop.target), _name(loop.iter)) if isinstance(loop, ast.For) else ("", "")
        for node in ast.walk(loop) if name and table else ():
            is_search = isinstance(node, ast.Call) and function_name(node) == "index" and len(node.args) == 1
            if is_search and _name(node.args[0]) == name and table in _names_in(node.func):
                says = f"`{ast.unparse(node)}` gives the first place with this value, but two entries can be equal"
                yield node, f"{says}. Count the rounds of the loop instead."


def _rounded_numbers(nodes, one, got, want):
    for node in nodes:
        value = getattr(node, "value", None) if isinstance(node, ast.Constant) else None
        for name, exact in _EXACT.items() if isinstance(value, float) else ():
            if 1e-5 < abs(value / exact - 1) < 0.005:
                says = f"{value} has only the first digits of {name}. NumPy and math know more of them."
                yield node, says


def _fixed_sizes(nodes, one, got, want):
    if got.error:  # then the size that does not fit is in its text
        seen = set(map(int, re.findall(r"\d+", got.error)))
    else:
        seen = {size for part in got.parts.values() for size in part.shape} or _SIZES
    for node in nodes:
        parts = []
        if isinstance(node, ast.Call) and function_name(node) in _SIZED and ast.unparse(node) != "range(5)":
            parts = [part for argument in node.args for part in ast.walk(argument)]  # there are five parameters
        elif isinstance(node, ast.Assign):
            parts = getattr(node.value, "elts", [node.value])
        for part in parts:
            if isinstance(part, ast.Constant) and type(part.value) is int and part.value in _SIZES & seen:
                says = f"the size {part.value} doesn't fit all the networks and texts that the check tries."
                yield part, f"{says} Work out the sizes from the arguments."


def _name(node):
    return getattr(node, "id", "")


def _plain(name):
    return name.replace("_", "").lower()
