"""Edits that are tried last, because there are many: a step or a term that is missing, another size, other levels."""

import ast
import copy
import functools

import numpy as np

from course.checker.page import PageFunction
from course.checker.slips.edits import Edit, placed
from course.checker.slips.place import STEP, TERM
from course.checker.slips.rules import code_of, filled
from course.checker.watch import place_watch, watched

FURTHER = 3  # the level of these edits
_ROUND = "number of the round"  # no name of a page, because it contains a space


def further_edits(code, exercise, args, misfits):
    """Yield the Edits of one function, made one by one, because the rounds may end before.

    args     of one case of the exercise
    misfits  True if the answer raises an error there, or its result has another shape: then sizes are tried, too
    """
    yield from _moved_lines(code)
    yield from _done_once(code)
    yield from _kept_values(code)
    values = dict(zip(exercise.arguments, args))
    if misfits:
        yield from _sizes(code, values)
    yield from _steps(code, exercise)
    yield from _terms(code, values)


def _edit(kind, look, changes, code):
    return Edit(FURTHER, kind, look, "", changes, code)


def _expressions(tree):
    """Yield (holder, key, node, statement) of each expression that gives a value."""
    for statement in [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]:
        parts = list(_inside(statement))
        while parts:
            holder, key, node = parts.pop(0)
            if place := watched(node):
                holder, key = place
                node = holder[key]
            if isinstance(getattr(node, "ctx", ast.Load()), ast.Load) and not isinstance(node, (ast.Slice, ast.Tuple)):
                yield holder, key, node, statement
            parts += _inside(node)


def _inside(node):
    """Yield (holder, key, expression) of the parts of a node; of a call, without the name of what is called."""
    for name, value in ast.iter_fields(node):
        if isinstance(node, ast.Call) and name == "func":
            continue
        several = (
            [(value, k, part) for k, part in enumerate(value)] if isinstance(value, list) else [(node, name, value)]
        )
        yield from (one for one in several if isinstance(one[2], ast.expr))


def _names(tree):
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


# ---------------------------------------------------------------- whole lines
def _loops(tree):
    """Yield (parent, name of the field, block, place, loop) of each loop."""
    for parent in ast.walk(tree):
        for name in ("body", "orelse"):
            block = getattr(parent, name, None)
            for place, one in enumerate(block if isinstance(block, list) else ()):
                if isinstance(one, (ast.For, ast.While)):
                    yield parent, name, block, place, one


def _moved_lines(code):
    """Move a line of a loop, or of a loop or a branch in it, in front of the loop or behind it."""
    for parent, name, block, place, loop in _loops(code.tree):
        inner = [one for one in loop.body if isinstance(one, (ast.For, ast.While, ast.If))]
        for holder in [loop, *inner]:
            for number, line in enumerate(holder.body):
                rest = [*holder.body[:number], *holder.body[number + 1 :]] or [placed(ast.Pass(), line)]
                without = holder, "body", rest
                for put in (0, 1):
                    moved = parent, name, [*block[: place + put], line, *block[place + put :]]
                    yield _edit("level", line, [without, moved], code)


def _done_once(code):
    """Do a line in a loop that changes an entry by its number: x[-2] += x[-1] for each pair of neighbors."""
    for parent in ast.walk(code.tree):
        for block in [getattr(parent, name, None) for name in ("body", "orelse")]:
            for number, line in enumerate(block if isinstance(block, list) else ()):
                target = getattr(line, "targets", [getattr(line, "target", None)])[0]
                if not isinstance(line, (ast.Assign, ast.AugAssign)) or not isinstance(target, ast.Subscript):
                    continue
                new, places = copy.deepcopy(line), []
                for node in ast.walk(new):
                    if isinstance(node, ast.Subscript) and (whole := _whole(node.slice)) is not None:
                        places.append(whole)
                        sign = "-" if whole < 0 else "+"
                        moved = code_of(f"({whole}) {sign} K", K=ast.Name(_ROUND, ast.Load()))
                        node.slice = placed(moved, node)
                if places and isinstance(target.value, ast.Name) and len({place < 0 for place in places}) == 1:
                    least = max(-place - 1 if place < 0 else place for place in places)
                    for order in "", "[::-1]":
                        rounds = f"range(len(X) - {least}){order}"
                        rounds = code_of(rounds, X=ast.Name(target.value.id, ast.Load()))
                        loop = ast.For(ast.Name(_ROUND, ast.Store()), rounds, [copy.deepcopy(new)], [])
                        loop = placed(loop, line)
                        place_watch(loop)
                        yield _edit("once", line, [(block, number, placed(loop, line))], code)


def _whole(node):
    """Return the whole number that an index is, or None."""
    try:
        value = ast.literal_eval(node)
    except ValueError:
        return None
    return value if type(value) is int else None


def _kept_values(code):
    """Put a line at the end of a loop: what it computed becomes the value with which the next round begins."""
    for *_, loop in _loops(code.tree):
        lines = [node for node in loop.body if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)]
        made = {node.targets[0].id: node for node in lines}
        used = {node.id for line in loop.body for node in ast.walk(line) if isinstance(node, ast.Name)} - made.keys()
        for new, line in made.items():
            for old in sorted(used & _names(line.value)):
                kept = placed(ast.Assign([ast.Name(old, ast.Store())], ast.Name(new, ast.Load())), loop.body[-1])
                yield _edit("missing after", loop.body[-1], [(loop, "body", [*loop.body, kept])], code)


# ---------------------------------------------------------------- parts of lines
def _sizes(code, values):
    """Put the size of an argument in the place of another size. values: {name: value} of the arguments"""
    sizes, own = [], [argument.arg for argument in code.tree.args.args]
    for name, value in values.items() if values.keys() <= {*own} else ():
        arrays = {f"{name}.{key}": part for key, part in value._asdict().items()} if hasattr(value, "_fields") else {}
        for text, array in (arrays or {name: value}).items():
            sizes += [f"{text}.shape[{axis}]" for axis in range(len(getattr(array, "shape", ())))]
    for holder, key, node, _ in _expressions(code.tree):
        text = ast.unparse(node) if isinstance(node, (ast.Call, ast.Subscript)) else ""
        if text.startswith("len(") or ".shape[" in text[:-3]:
            for new in sizes:
                yield _edit("size of what", node, [(holder, key, placed(code_of(new), node))], code)


def _terms(code, values):
    """Add what another argument has at the same index, or multiply by a size that is an argument."""
    given = [argument.arg for argument in code.tree.args.args if argument.arg in values]
    sizes = [name for name in given if type(values[name]) is int]
    arrays = [name for name in given if isinstance(values[name], np.ndarray)]
    for holder, key, node, statement in _expressions(code.tree):
        if isinstance(statement, (ast.If, ast.While)) or isinstance(holder, ast.keyword):
            continue
        indexes = {ast.unparse(part.slice): part.slice for part in ast.walk(node) if isinstance(part, ast.Subscript)}
        new = [("*", name, ast.Name(name, ast.Load())) for name in sizes]
        for name in arrays if isinstance(node, (ast.BinOp, ast.Call, ast.Subscript)) else ():
            term = ast.Name(name, ast.Load())
            new += [("+", name, ast.Subscript(term, index, ast.Load())) for index in indexes.values()]
        for op, name, term in new:
            if name not in _names(node):
                made = placed(code_of(f"A {op} B", A=node, B=term), node)
                yield _edit(f"{TERM}{name}", node, [(holder, key, made)], code)


def _steps(code, exercise):
    """Put a step of the right function around an expression: a line that makes one value of another."""
    steps = _steps_of(exercise.function, tuple(exercise.arguments))
    for holder, key, node, _ in _expressions(code.tree) if steps else ():
        if isinstance(node, (ast.BinOp, ast.Call)):
            for name, step, used in steps:
                made = placed(filled(step, {name: node}), node)
                yield _edit(f"{STEP}{' and '.join(used)}", node, [(holder, key, made)], code)


@functools.cache
def _steps_of(function, arguments):
    """Return [(name of the value, expression that makes a later one, arguments in it)] of the right function."""
    tree, found = ast.parse(PageFunction(function).source or "pass"), []
    nodes = list(ast.walk(tree))
    stored = [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    lines = [node for node in nodes if isinstance(node, (ast.Assign, ast.Return)) and node.value]
    made = {_name(line.targets[0]): line.value for line in lines if isinstance(line, ast.Assign)}
    for line in lines:
        for name in _names(line.value) & {*stored} if isinstance(line.value, (ast.BinOp, ast.Call)) else ():
            others = _names(line.value) & {*stored} - {name}
            step = filled(line.value, {one: made[one] for one in others if one in made and stored.count(one) == 1})
            given = sorted(_names(step) & {*arguments})
            if given and _names(step) <= {name, *given, "np"}:
                found.append((name, step, given))
    return found


def _name(node):
    return getattr(node, "id", "")
