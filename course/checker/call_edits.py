"""Edits of a call: of the function that is called, of its arguments and its options."""

import ast

from course.checker.edits import filled, function_name, is_module

ALONG = ("sum", "mean", "max", "min", "amax", "amin", "argmax", "argmin", "cumsum", "prod", "concatenate", "stack")
_MAKES = ("zeros", "ones", "empty", "zeros_like", "ones_like", "empty_like", "array", "asarray", "full", "full_like")
_TO_WHOLE = ("int", "astype", "round", "floor", "rint")
OPTIONS = {"axis": "axis", "dtype": "type", "keepdims": "shape"}  # and what kind of mistake each makes


def of_call(node, words):
    """Edits of f(a, b, option=c). Like the others here: yield (level, kind, new expression, piece to show)."""
    on_object = isinstance(node.func, ast.Attribute) and not is_module(node.func.value)
    first = node.args[0] if node.args and not isinstance(node.args[0], ast.Starred) else None
    inner = node.func.value if on_object else first
    yield from _without_call(node, inner, on_object)
    yield from _options(node, on_object)
    if function_name(node) == "range":
        yield from _of_range(node)
    yield from _order_of_arguments(node, on_object)
    yield from _nested_calls(node, inner)
    if len(node.args) == 1 and isinstance(node.args[0], ast.BinOp):  # f(a - b) and f(a) - b
        a, op, b = node.args[0].left, node.args[0].op, node.args[0].right
        yield 1, "parentheses", ast.BinOp(ast.Call(node.func, [a], node.keywords), op, b), ""
        yield 1, "parentheses", ast.BinOp(a, op, ast.Call(node.func, [b], node.keywords)), ""


def _without_call(node, inner, on_object):
    """a in place of f(a)."""
    name = function_name(node)
    if inner is not None and name not in ("range", "zip", "enumerate", "arange", "ndindex", *_MAKES[:6]):
        kind = "direction" if name == "reversed" else "type" if name in _TO_WHOLE else "too much"
        yield 1, kind, inner, "function"
        if len(node.args) == 2 and not on_object and not node.keywords:
            yield 1, kind, node.args[1], "function"


def _options(node, on_object):
    """An option less, more or with another value."""
    name, args, keywords = function_name(node), node.args, node.keywords
    given = {keyword.arg for keyword in keywords}

    def with_option(text, kept=keywords, args=args):
        return ast.Call(node.func, args, [*kept, *filled(f"f({text})").keywords])

    for number, keyword in enumerate(keywords):
        others = keywords[:number] + keywords[number + 1 :]
        yield 0, OPTIONS.get(keyword.arg, "option"), ast.Call(node.func, args, others), ""
        if name in ALONG and keyword.arg == "axis":
            for axis in (0, 1, -1, None):
                yield 0, "axis", with_option(f"axis={axis}", others), "axis"
    if name in ALONG and "axis" not in given and len(args) < 2:
        for text in ("axis=-1, keepdims=True", "axis=0", "axis=1"):
            yield 0, "axis", with_option(text), ""
    if name in ALONG and "keepdims" not in given and ("axis" in given or len(args) > on_object):
        yield 0, "shape", with_option("keepdims=True"), ""
    if name in _MAKES and not (name.startswith("full") and len(args) < 2):
        kept = [keyword for keyword in keywords if keyword.arg != "dtype"]
        yield 0, "type", with_option("dtype=float", kept, args[: 2 if name.startswith("full") else 1]), ""
    if name == "searchsorted" and "side" not in given:
        yield 0, "option", with_option("side='right'"), ""


def _order_of_arguments(node, on_object):
    """f(b, a) in place of f(a, b), and b.f(a) in place of a.f(b)."""
    name, args = function_name(node), node.args
    for number in range(len(args) - 1):
        swapped = args[:number] + [args[number + 1], args[number]] + args[number + 2 :]
        kind = "transposed" if name == "outer" else "arguments"
        yield int(kind == "arguments"), kind, ast.Call(node.func, swapped, node.keywords), ""
    if on_object and len(args) == 1 and name in ("dot", "searchsorted"):
        kind = "transposed" if name == "dot" else "sides"
        yield 0, kind, ast.Call(ast.Attribute(args[0], name, ast.Load()), [node.func.value], node.keywords), ""


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


def _nested_calls(node, inner):
    """g(f(x)) in place of f(g(x)), written as np.f(x) or as x.f()."""
    if not isinstance(inner, ast.Call) or len(node.args) > 1 or len(inner.args) > 1:
        return

    def around(call, value):
        if isinstance(call.func, ast.Attribute) and not is_module(call.func.value):
            return ast.Call(ast.Attribute(value, call.func.attr, ast.Load()), call.args, call.keywords)
        return ast.Call(call.func, [value], call.keywords)

    is_method = isinstance(inner.func, ast.Attribute) and not is_module(inner.func.value)
    value = inner.func.value if is_method else inner.args[0] if inner.args else None
    if value is not None:
        yield 1, "parentheses", around(inner, around(node, value)), ""
