"""Small edits of one expression: each stands for a slip of the pen, and has the name of its kind."""

import ast
from dataclasses import dataclass

from exercises.watch import watched

# What a kind is called here, and what a message says of it, stands in places.py.
_SIGNS = {ast.Add: ast.Sub, ast.Sub: ast.Add}
_OPERATIONS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult)
_PRODUCTS = (ast.Mult, ast.Div, ast.MatMult)
_COMPARISONS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Eq, ast.NotEq)
_ALIKE = [
    {"sum", "mean", "cumsum"},
    {"max", "min", "mean"},
    {"maximum", "minimum"},
    {"log", "log2", "log10", "log1p"},
    {"exp", "exp2", "expm1"},
    {"tanh", "tan", "sin", "cos", "arctan", "sinh"},
    {"argmax", "argmin"},
    {"zeros", "ones", "empty"},
    {"zeros_like", "ones_like", "empty_like"},
    {"floor", "ceil", "round", "rint"},
    {"dot", "outer", "multiply", "matmul"},
    {"add", "subtract"},
    {"sqrt", "square", "cbrt"},
]
_ALONG = ("sum", "mean", "max", "min", "amax", "amin", "argmax", "argmin", "cumsum", "prod", "concatenate", "stack")
_MAKES = ("zeros", "ones", "empty", "zeros_like", "ones_like", "empty_like", "array", "asarray", "full", "full_like")
_TO_WHOLE = ("int", "astype", "round", "floor", "rint")


@dataclass(eq=False)
class Edit:
    """One change of a tree, made and taken back by swap().

    level    0 for what is likely and sure, up to 3
    kind     what was wrong, if this edit mends it
    look     the part of the tree that a message shows;  piece: which part of it ("" for all, see places.py)
    changes  list of (node or list, name of the field or index, what comes there)
    code     whose tree it is
    """

    level: int
    kind: str
    look: ast.AST
    piece: str
    changes: list
    code: object

    def swap(self):
        self.changes.reverse()
        for number, (holder, key, new) in enumerate(self.changes):
            if isinstance(holder, list):
                old, holder[key] = holder[key], new
            else:
                old = getattr(holder, key)
                setattr(holder, key, new)
            self.changes[number] = holder, key, old


def placed(new, old):
    """Return a new node with the line numbers of the old one, wherever it has none of its own."""
    stack = [new]
    while stack:
        node = stack.pop()
        if "lineno" in node._attributes:
            if getattr(node, "lineno", None) is not None:
                continue
            ast.copy_location(node, old)
        stack += ast.iter_child_nodes(node)
    return new


def expression_edits(code, words):
    """Return the Edits of all expressions of a function. words: which names and numbers may come in (Words)."""
    found = []

    def visit(node, holder, key, around):
        place = watched(node)
        if place:
            visit(place[0][place[1]], *place, around)
            return
        if isinstance(node, ast.expr):
            for level, kind, new, piece in _replacements(node, words):
                look = node
                if around and kind not in ("transposed",):
                    (look, kind), piece = around, ""
                found.append(Edit(level, kind, look, piece, [(holder, key, placed(new, node))], code))
        for name, value in ast.iter_fields(node):
            children = enumerate(value) if isinstance(value, list) else [(None, value)]
            for index, child in children:
                if isinstance(child, ast.AST) and not isinstance(child, (ast.expr_context, ast.operator)):
                    place = (node, name) if index is None else (value, index)
                    visit(child, *place, _around(node, name, index, around))

    for number, statement in enumerate(code.tree.body):
        if number or not _is_docstring(statement):
            visit(statement, code.tree.body, number, None)
    return found


def _is_docstring(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _around(node, name, index, around):
    """Return (node, kind) of the index, the loop or the axis that a child of a node belongs to, or None."""
    if isinstance(node, ast.Subscript):
        return (node, "index") if name == "slice" else around
    if isinstance(node, ast.Call) and name == "args":
        function = function_name(node)
        if function == "range":
            kinds = ["loop end"] if len(node.args) == 1 else ["loop begin", "loop end", "loop step"]
            return node, kinds[min(index, len(kinds) - 1)]
        if function in _ALONG and isinstance(node.args[index], (ast.Constant, ast.UnaryOp)):
            return node, "axis"
        return around
    if isinstance(node, ast.keyword) and node.arg in ("axis", "dtype", "keepdims"):
        return node, {"axis": "axis", "dtype": "type", "keepdims": "shape"}[node.arg]
    return around if isinstance(node, (ast.expr, ast.keyword)) else None


def function_name(call):
    """Return the name of what is called: "sum" in np.sum(x) and in x.sum()."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def is_module(node):
    return isinstance(node, ast.Name) and node.id in ("np", "numpy", "math", "rnn_helpers")


def filled(text, **parts):
    """Return the expression of a text, with nodes in place of the names of parts."""

    class Fill(ast.NodeTransformer):
        def visit_Name(self, node):
            return parts.get(node.id, node)

    tree = ast.parse(text, mode="eval")
    for node in ast.walk(tree):  # its line is not one of the learner's
        if hasattr(node, "lineno"):
            del node.lineno
    return Fill().visit(tree).body


def _replacements(node, words):
    """Yield (level, kind, what may stand in place of an expression, piece to show)."""
    kind_of = {
        ast.BinOp: _of_operation,
        ast.UnaryOp: _of_sign,
        ast.BoolOp: _of_condition,
        ast.Compare: _of_comparison,
        ast.IfExp: _of_choice,
        ast.Constant: _of_constant,
        ast.Name: _of_name,
        ast.Attribute: _of_attribute,
        ast.Call: _of_call,
        ast.Subscript: _of_index,
        ast.Tuple: _of_row,
        ast.List: _of_row,
    }
    return kind_of.get(type(node), _of_nothing)(node, words)


def _of_nothing(node, words):
    return ()


def _of_operation(node, words):
    left, op, right = node.left, node.op, node.right
    kind = type(op)
    if kind in _SIGNS:
        yield 0, "sign", ast.BinOp(left, _SIGNS[kind](), right), "right"
    for other in _OPERATIONS:
        if other not in (kind, _SIGNS.get(kind)):
            yield int(not {kind, other} <= set(_PRODUCTS)), "operation", ast.BinOp(left, other(), right), ""
    others = {ast.FloorDiv: [ast.Div, ast.Mod], ast.Div: [ast.FloorDiv], ast.Mod: [ast.FloorDiv], ast.BitXor: [ast.Pow]}
    if kind is ast.Mult and isinstance(right, ast.Constant):
        others[kind] = [ast.Pow]
    for other in others.get(kind, [ast.Mult] if kind is ast.Pow else []):
        yield 0, "operation", ast.BinOp(left, other(), right), ""
    yield 1, "too much", left, "right"
    yield 1, "too much", ast.UnaryOp(ast.USub(), right) if kind is ast.Sub else right, "left"
    if isinstance(left, ast.BinOp):
        yield 1, "too much", left.left, "rest"
    if kind in (ast.Sub, ast.Div, ast.FloorDiv, ast.MatMult, ast.Pow):
        yield int(kind is ast.Sub), "sides", ast.BinOp(right, op, left), ""
    if kind is ast.MatMult:
        yield 0, "transposed", ast.BinOp(ast.Attribute(left, "T", ast.Load()), op, right), ""
        yield 0, "transposed", ast.BinOp(left, op, ast.Attribute(right, "T", ast.Load())), ""
        yield 1, "transposed", filled("A.T @ B.T", A=left, B=right), ""
        yield 1, "transposed", filled("B.T @ A", A=left, B=right), ""
        yield 1, "transposed", filled("B @ A.T", A=left, B=right), ""
    # a op b op c: what is done first?
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
    for one, other in ((left, right), (right, left)):  # f(a) - b and f(a - b)
        if isinstance(one, ast.Call) and len(one.args) == 1 and one.func is not node:
            inside = ast.BinOp(one.args[0], op, other) if one is left else ast.BinOp(other, op, one.args[0])
            yield 1, "parentheses", ast.Call(one.func, [inside], one.keywords), ""


def _of_sign(node, words):
    if isinstance(node.op, ast.USub) and not isinstance(node.operand, ast.Constant):
        yield 0, "sign", node.operand, ""
        inner = node.operand
        if isinstance(inner, ast.BinOp):  # -a + b and -(a + b)
            yield 1, "parentheses", ast.BinOp(ast.UnaryOp(node.op, inner.left), inner.op, inner.right), ""
    elif isinstance(node.op, ast.USub):
        yield 0, "sign", node.operand, ""
        yield 1, "number", ast.Constant(0), ""
        yield 1, "number", ast.UnaryOp(node.op, ast.Constant(node.operand.value + 1)), ""
    elif isinstance(node.op, ast.Not):
        yield 0, "condition", node.operand, ""


def _of_condition(node, words):
    other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield 0, "condition", ast.BoolOp(other, node.values), ""
    for number in range(len(node.values)):
        rest = node.values[:number] + node.values[number + 1 :]
        yield 1, "condition", rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest), ""


def _of_comparison(node, words):
    if len(node.ops) == 1:
        for other in _COMPARISONS:
            if not isinstance(node.ops[0], other):
                yield 0, "comparison", ast.Compare(node.left, [other()], node.comparators), ""


def _of_choice(node, words):
    yield 0, "condition", ast.IfExp(node.test, node.orelse, node.body), ""


def _of_constant(node, words):
    value = node.value
    if isinstance(value, bool):
        yield 0, "value", ast.Constant(not value), ""
    elif isinstance(value, (int, float)):
        near = [value + 1, value - 1, -value, 0, 1, 2, *words.numbers]
        for other in dict.fromkeys(near):
            if other != value:
                yield 1, "number", ast.Constant(other), ""
    elif value in ("left", "right"):
        yield 0, "value", ast.Constant("left" if value == "right" else "right"), ""


def _of_name(node, words):
    stored = isinstance(node.ctx, ast.Store)
    for other in words.names:
        if other != node.id:
            yield 1 + stored, "name", ast.Name(other, node.ctx), ""
    if not stored and node.id in words.names:
        for value in (0, 1):
            yield 2, "value", ast.Constant(value), ""


def _of_attribute(node, words):
    if node.attr == "T":
        yield 0, "transposed", node.value, ""
    for group in _ALIKE:
        for other in sorted(group - {node.attr}) if node.attr in group else ():
            yield 0, "function", ast.Attribute(node.value, other, node.ctx), ""
    for fields in words.fields:
        for other in fields if node.attr in fields else ():
            if other != node.attr:
                yield 0, "name", ast.Attribute(node.value, other, node.ctx), ""


def _of_call(node, words):
    name, args, keywords = function_name(node), node.args, node.keywords
    on_object = isinstance(node.func, ast.Attribute) and not is_module(node.func.value)
    inner = node.func.value if on_object else args[0] if args and not isinstance(args[0], ast.Starred) else None
    if inner is not None and name not in ("range", "zip", "enumerate", "arange", "ndindex", *_MAKES[:6]):
        kind = "direction" if name == "reversed" else "type" if name in _TO_WHOLE else "too much"
        yield 1, kind, inner, "function"
        if len(args) == 2 and not on_object and not keywords:
            yield 1, kind, args[1], "function"
    given = {keyword.arg for keyword in keywords}
    for number in range(len(keywords)):
        kind = {"axis": "axis", "dtype": "type", "keepdims": "shape"}.get(keywords[number].arg, "option")
        yield 0, kind, ast.Call(node.func, args, keywords[:number] + keywords[number + 1 :]), ""
    if name in _ALONG:
        for number, keyword in enumerate(keywords):
            if keyword.arg == "axis":
                for axis in (0, 1, -1, None):
                    new = keywords[:number] + [ast.keyword("axis", ast.Constant(axis))] + keywords[number + 1 :]
                    yield 0, "axis", ast.Call(node.func, args, new), "axis"
        if "axis" not in given and len(args) < 2:
            for options in ("axis=-1, keepdims=True", "axis=0", "axis=1"):
                yield 0, "axis", ast.Call(node.func, args, [*keywords, *filled(f"f({options})").keywords]), ""
        if "keepdims" not in given and ("axis" in given or len(args) > on_object):
            yield 0, "shape", ast.Call(node.func, args, [*keywords, *filled("f(keepdims=True)").keywords]), ""
    if name in _MAKES and not (name.startswith("full") and len(args) < 2):
        kept = [keyword for keyword in keywords if keyword.arg != "dtype"]
        count = 2 if name.startswith("full") else 1
        yield 0, "type", ast.Call(node.func, args[:count], [*kept, *filled("f(dtype=float)").keywords]), ""
    if name == "searchsorted" and "side" not in given:
        yield 0, "option", ast.Call(node.func, args, [*keywords, *filled("f(side='right')").keywords]), ""
    if name == "range":
        yield from _of_range(node)
    for number in range(len(args) - 1):
        swapped = args[:number] + [args[number + 1], args[number]] + args[number + 2 :]
        kind = "transposed" if name == "outer" else "arguments"
        yield int(kind == "arguments"), kind, ast.Call(node.func, swapped, keywords), ""
    if on_object and len(args) == 1 and name in ("dot", "searchsorted"):
        kind = "transposed" if name == "dot" else "sides"
        yield 0, kind, ast.Call(ast.Attribute(args[0], name, ast.Load()), [node.func.value], keywords), ""
    yield from _of_nested_calls(node, inner)
    if len(args) == 1 and isinstance(args[0], ast.BinOp):  # f(a - b) and f(a) - b
        a, op, b = args[0].left, args[0].op, args[0].right
        yield 1, "parentheses", ast.BinOp(ast.Call(node.func, [a], keywords), op, b), ""
        yield 1, "parentheses", ast.BinOp(a, op, ast.Call(node.func, [b], keywords)), ""


def _of_range(node):
    args = node.args
    if len(args) == 1:
        for text in ("range(A + 1)", "range(A - 1)"):
            yield 0, "loop end", filled(text, A=args[0]), ""
        yield 0, "loop begin", filled("range(1, A)", A=args[0]), ""
        return
    for number, kind in zip(range(len(args)), ("loop begin", "loop end", "loop step")):
        for text in ("A + 1", "A - 1"):
            new = args[:number] + [filled(text, A=args[number])] + args[number + 1 :]
            yield 0, kind, ast.Call(node.func, new, []), ""
    yield 0, "loop begin", ast.Call(node.func, [ast.Constant(0), *args[1:]], []), ""


def _of_nested_calls(node, inner):
    """f(g(x)) and g(f(x)), written as np.f(x) or as x.f()."""
    if not isinstance(inner, ast.Call) or len(node.args) > 1 or len(inner.args) > 1:
        return

    def around(call, value):
        if isinstance(call.func, ast.Attribute) and not is_module(call.func.value):
            return ast.Call(ast.Attribute(value, call.func.attr, ast.Load()), call.args, call.keywords)
        return ast.Call(call.func, [value], call.keywords)

    method = isinstance(inner.func, ast.Attribute) and not is_module(inner.func.value)
    value = inner.func.value if method else inner.args[0] if inner.args else None
    if value is not None:
        yield 1, "parentheses", around(inner, around(node, value)), ""


def _of_index(node, words):
    index, value = node.slice, node.value
    parts = index.elts if isinstance(index, ast.Tuple) else [index]

    def indexed(parts):
        return ast.Subscript(value, parts[0] if len(parts) == 1 else ast.Tuple(parts, ast.Load()), node.ctx)

    for number, part in enumerate(parts):
        for new in _moved(part):
            yield 0, "index", indexed(parts[:number] + [new] + parts[number + 1 :]), ""
        for new in words.parts if not isinstance(part, ast.Slice) else ():
            if not isinstance(new, ast.Name):
                yield 2, "index", indexed(parts[:number] + [new] + parts[number + 1 :]), ""
    if len(parts) == 1:
        yield 1, "index", indexed([ast.Slice(), index]), ""
    if len(parts) == 2:
        yield 0, "index", indexed(parts[::-1]), ""
        for number in (0, 1):
            if isinstance(parts[number], ast.Slice) and not isinstance(parts[1 - number], ast.Slice):
                rows = filled("np.arange(len(A))", A=parts[1 - number])
                yield 0, "index", indexed(parts[:number] + [rows] + parts[number + 1 :]), ""
                yield 0, "index", indexed([parts[1 - number]]), ""
    if isinstance(node.ctx, ast.Load):
        yield 1, "index", value, ""


def _moved(part):
    """Yield an index or a slice, one further and one back."""
    if not isinstance(part, ast.Slice):
        for text in ("A + 1", "A - 1"):
            yield filled(text, A=part)
        return
    low, high, step = part.lower, part.upper, part.step
    for text in ("A + 1", "A - 1"):
        if low is not None:
            yield ast.Slice(filled(text, A=low), high, step)
        if high is not None:
            yield ast.Slice(low, filled(text, A=high), step)
        if low is not None and high is not None:
            yield ast.Slice(filled(text, A=low), filled(text, A=high), step)
    if step is None:
        yield from (ast.Slice(*ends, None) for ends in ((None, high), (low, None), (None, None)) if ends != (low, high))
        one, last = ast.Constant(1), ast.UnaryOp(ast.USub(), ast.Constant(1))
        yield from (ast.Slice(one, None, None), ast.Slice(None, last, None))
    else:
        yield ast.Slice(low, high, None)


def _of_row(node, words):
    entries = node.elts
    for number in range(len(entries) - 1):
        for other in range(number + 1, len(entries)):
            swapped = list(entries)
            swapped[number], swapped[other] = entries[other], entries[number]
            yield 1 + isinstance(node.ctx, ast.Store), "entries", type(node)(swapped, node.ctx), ""
