"""Edits that put something in: a call, a term, a factor or a line that may be missing."""

import ast
import itertools

from course.checker.edits import Edit, filled, placed
from course.checker.slips.watch import watched

COURSE_SOFTMAX = "softmax of the course"  # a name in the scope of an edited function

# What may be missing around an expression, from the likely to the less likely.
_AROUND = [
    ("sign", "-X"),
    ("transposed", "X.T"),
    ("missing", "X**2"),
    ("missing", "1 - X"),
    ("missing", "np.sum(X)"),
    ("missing", "np.sum(X, axis=0)"),
    ("missing", "np.exp(X)"),
    ("missing", "np.log(X)"),
    ("missing", "np.tanh(X)"),
    ("missing", "np.sqrt(X)"),
    ("missing", "np.cumsum(X)"),
    ("missing", "X / np.sum(X, axis=-1, keepdims=True)"),
    ("missing", "X - np.max(X, axis=-1, keepdims=True)"),
    ("missing", "X + 1"),
    ("missing", "X - 1"),
    ("missing", "1 / X"),
    ("missing", "SOFTMAX(X)"),
    ("type", "np.asarray(X, float)"),
    ("type", "int(X)"),
    ("direction", "X[::-1]"),
    ("part", "X[1:]"),
    ("part", "X[:-1]"),
    ("part", "X[-1]"),
    ("copy", "X.copy()"),
]
_SUMS, _PRODUCTS = (ast.Add, ast.Sub), (ast.Mult, ast.Div)


def insertion_edits(code, words):
    """Return the Edits that put something in. words: what may come in (Words)."""
    found = []
    softmax = ast.Name(COURSE_SOFTMAX, ast.Load())
    for holder, key, node, parent in _places(code.tree):

        def add(level, kind, new, holder=holder, key=key, node=node):
            loose = isinstance(node, ast.Constant)
            found.append(Edit(level, kind, node, "", [(holder, key, placed(new, node))], code, loose))

        for kind, text in _AROUND:
            add(2, kind, filled(text, X=node, SOFTMAX=softmax))
        if isinstance(node, ast.Constant):
            continue
        inside = type(parent.op) if isinstance(parent, ast.BinOp) else None
        for part in words.parts:
            if isinstance(part, ast.Name) and isinstance(node, ast.Name) and part.id == node.id:
                continue
            if inside not in _SUMS:  # a + b + c: the new term may stand at the end as well
                add(3, "missing", ast.BinOp(node, ast.Add(), part))
                add(3, "missing", ast.BinOp(node, ast.Sub(), part))
            if inside not in _PRODUCTS:
                add(3, "missing", ast.BinOp(node, ast.Mult(), part))
                add(3, "missing", ast.BinOp(node, ast.Div(), part))
    for holder, key, node in _numbers(code.tree):
        for part in words.parts:
            found.append(Edit(2, "number", node, "", [(holder, key, placed(_copy(part), node))], code, loose=True))
    return found + _missing_lines(code, words)


def _copy(node):
    return filled("X", X=node) if not isinstance(node, ast.Name) else ast.Name(node.id, ast.Load())


def _places(tree):
    """Yield (holder, key, node, parent) of the expressions that are a value of their own: no index, no shape."""
    stack = [(tree.body, number, node, tree) for number, node in reversed(list(enumerate(tree.body)))]
    while stack:
        holder, key, node, parent = stack.pop()
        if isinstance(node, ast.expr) and not watched(node) and _takes_more(holder, key, node, parent):
            yield holder, key, node, parent
        place = watched(node)
        if place:
            stack.append((*place, place[0][place[1]], parent))
            continue
        children = []
        for name, value in ast.iter_fields(node):
            if isinstance(node, ast.Subscript) and name == "slice":
                continue
            if isinstance(node, ast.Call) and (name == "func" or getattr(node.func, "id", "") == "range"):
                if isinstance(node.func, ast.Attribute) and name == "func":
                    children.append((node.func, "value", node.func.value, node))
                continue
            if isinstance(value, list):
                children += [(value, number, child, node) for number, child in enumerate(value)]
            else:
                children.append((node, name, value, node))
        stack += [child for child in reversed(children) if isinstance(child[2], ast.AST)]


def _takes_more(holder, key, node, parent):
    if isinstance(node, (ast.Tuple, ast.List, ast.Starred, ast.Slice, ast.Compare, ast.JoinedStr, ast.Lambda)):
        return False
    if isinstance(parent, (ast.keyword, ast.arguments, ast.For)):
        return False
    if isinstance(node, ast.Name) and node.id in ("np", "math"):
        return False
    if isinstance(node, ast.Constant) and type(node.value) not in (int, float):
        return False
    return isinstance(getattr(node, "ctx", ast.Load()), ast.Load)


def _numbers(tree):
    """Yield (holder, key, node) of the numbers: a name may belong there."""
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            for key, child in enumerate(value) if isinstance(value, list) else [(name, value)]:
                if isinstance(child, ast.Constant) and type(child.value) in (int, float):
                    yield (value if isinstance(value, list) else parent), key, child


def _missing_lines(code, words):
    """Return the Edits that put in a line: `a = b` at the end of a loop, `a[0] = b` before it, a copy at the top."""
    found, tree = [], code.tree
    arguments = [argument.arg for argument in tree.args.args]
    for parent in ast.walk(tree):
        block = getattr(parent, "body", None)
        for number, loop in enumerate(block) if isinstance(block, list) else ():
            if not isinstance(loop, (ast.For, ast.While)):
                continue
            made, used = _names_in(loop.body, ast.Store), _names_in(loop.body, ast.Load)
            for one, other in itertools.permutations(words.names, 2):
                value = ast.Name(other, ast.Load())
                if one in used and other in made:  # what is carried to the next round
                    line = placed(ast.Assign([ast.Name(one, ast.Store())], value), loop.body[-1])
                    found.append(Edit(3, "missing line", loop, "", [(loop, "body", [*loop.body, line])], code))
                if one in used and other in arguments:  # what the first round begins with
                    first = ast.Subscript(ast.Name(one, ast.Load()), ast.Constant(0), ast.Store())
                    new = [*block[:number], placed(ast.Assign([first], value), loop), *block[number:]]
                    found.append(Edit(3, "missing line", loop, "", [(parent, "body", new)], code))
    for argument in tree.args.args:
        name = argument.arg
        line = ast.Assign([ast.Name(name, ast.Store())], filled("X.copy()", X=ast.Name(name, ast.Load())))
        new = [placed(line, tree.body[0]), *tree.body]
        found.append(Edit(2, "copy", argument, "", [(tree, "body", new)], code))
    return found


def _names_in(statements, context):
    nodes = [node for statement in statements for node in ast.walk(statement) if isinstance(node, ast.Name)]
    return {node.id for node in nodes if isinstance(node.ctx, context)}
