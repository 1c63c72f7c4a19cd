"""Edits of an operation, a sign, a comparison or a condition."""

import ast

from course.checker.edits import filled

_SIGNS = {ast.Add: ast.Sub, ast.Sub: ast.Add}
_OPERATIONS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult)
_PRODUCTS = (ast.Mult, ast.Div, ast.MatMult)
_NEAR = {
    ast.FloorDiv: (ast.Div, ast.Mod),
    ast.Div: (ast.FloorDiv,),
    ast.Mod: (ast.FloorDiv,),
    ast.BitXor: (ast.Pow,),
    ast.Pow: (ast.Mult,),
}
_COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)


def of_operation(node, words):
    """Edits of a op b. Like the others here: yield (level, kind, new expression, piece to show)."""
    yield from _other_operation(node)
    yield from _one_side(node)
    if isinstance(node.op, ast.MatMult):
        yield from _transposed(node)
    yield from _other_order(node)
    yield from _around_a_call(node)


def _other_operation(node):
    left, kind, right = node.left, type(node.op), node.right
    if kind in _SIGNS:
        yield 0, "sign", ast.BinOp(left, _SIGNS[kind](), right), "right"
    for other in _OPERATIONS:
        if other not in (kind, _SIGNS.get(kind)) and not _is_idle(left, other, right):
            yield int(not {kind, other} <= set(_PRODUCTS)), "operation", ast.BinOp(left, other(), right), ""
    near = (ast.Pow,) if kind is ast.Mult and _is_small(right) else _NEAR.get(kind, ())
    for other in near:
        yield 0, "operation", ast.BinOp(left, other(), right), ""


def _is_small(node):
    return isinstance(node, ast.Constant) and node.value in (2, 3, 0.5)


def _is_idle(left, kind, right):
    """True for 1 * x, x * 1 and x / 1: this is another way to leave something out."""
    sides = {ast.Mult: (left, right), ast.Div: (right,)}.get(kind, ())
    return any(isinstance(side, ast.Constant) and side.value == 1 for side in sides)


def _one_side(node):
    """a, b, or all but the rest of a chain."""
    left, right = node.left, node.right
    yield 1, "too much", left, "right"
    yield 1, "too much", right, "left"
    if isinstance(node.op, ast.Sub):
        yield 1, "too much", ast.UnaryOp(ast.USub(), right), "left"
    if isinstance(left, ast.BinOp):
        yield 1, "too much", left.left, "rest"


def _transposed(node):
    left, right = node.left, node.right
    yield 0, "transposed", ast.BinOp(ast.Attribute(left, "T", ast.Load()), node.op, right), ""
    yield 0, "transposed", ast.BinOp(left, node.op, ast.Attribute(right, "T", ast.Load())), ""
    for text in ("A.T @ B.T", "B.T @ A", "B @ A.T"):
        yield 1, "transposed", filled(text, A=left, B=right), ""


def _other_order(node):
    """b op a, and of a op b op c what is done first."""
    left, op, right = node.left, node.op, node.right
    if isinstance(op, (ast.Sub, ast.Div, ast.FloorDiv, ast.MatMult, ast.Pow)):
        yield int(isinstance(op, ast.Sub)), "sides", ast.BinOp(right, op, left), ""
    if isinstance(left, ast.BinOp):
        yield 1, "parentheses", ast.BinOp(left.left, left.op, ast.BinOp(left.right, op, right)), ""
        inner = left.left
        if isinstance(inner, ast.BinOp):
            later = ast.BinOp(ast.BinOp(inner.right, left.op, left.right), op, right)
            yield 1, "parentheses", ast.BinOp(inner.left, inner.op, later), ""
    if isinstance(right, ast.BinOp):
        yield 1, "parentheses", ast.BinOp(ast.BinOp(left, op, right.left), right.op, right.right), ""
    if isinstance(left, ast.UnaryOp) and isinstance(left.op, ast.USub):
        yield 1, "parentheses", ast.UnaryOp(left.op, ast.BinOp(left.operand, op, right)), ""


def _around_a_call(node):
    """f(a) - b becomes f(a - b)."""
    left, op, right = node.left, node.op, node.right
    for one, other in ((left, right), (right, left)):
        if isinstance(one, ast.Call) and len(one.args) == 1:
            inside = ast.BinOp(one.args[0], op, other) if one is left else ast.BinOp(other, op, one.args[0])
            yield 1, "parentheses", ast.Call(one.func, [inside], one.keywords), ""


def of_sign(node, words):
    """Edits of -a and not a."""
    inner = node.operand
    if isinstance(node.op, ast.Not):
        yield 0, "condition", inner, ""
    elif isinstance(node.op, ast.USub):
        yield 0, "sign", inner, ""
        if isinstance(inner, ast.BinOp):  # -a + b and -(a + b)
            yield 1, "parentheses", ast.BinOp(ast.UnaryOp(node.op, inner.left), inner.op, inner.right), ""
        if isinstance(inner, ast.Constant) and type(inner.value) in (int, float):
            yield 1, "number", ast.Constant(0), ""
            yield 1, "number", ast.UnaryOp(node.op, ast.Constant(inner.value + 1)), ""


def of_condition(node, words):
    """Edits of a and b."""
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield 0, "condition", ast.BoolOp(other, node.values), ""
    for number in range(len(node.values)):
        rest = node.values[:number] + node.values[number + 1 :]
        yield 1, "condition", rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest), ""


def of_comparison(node, words):
    """Edits of a < b."""
    if len(node.ops) == 1:
        for other in _COMPARISONS:
            if not isinstance(node.ops[0], other):
                yield 0, "comparison", ast.Compare(node.left, [other()], node.comparators), ""


def of_choice(node, words):
    """Edits of a if b else c."""
    yield 0, "condition", ast.IfExp(node.test, node.orelse, node.body), ""
