"""Edits of a number, a name, the name of a function or of a field, and the order of several values."""

import ast

_ALIKE = [
    {"sum", "mean", "max", "min", "cumsum", "prod", "cumprod"},
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


def of_constant(node, words):
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


def of_name(node, words):
    stored = isinstance(node.ctx, ast.Store)
    for other in words.names:
        if other != node.id:
            yield 1 + stored, "name", ast.Name(other, node.ctx), ""
    if not stored and node.id in words.names:
        for value in (0, 1):
            yield 2, "value", ast.Constant(value), ""


def of_attribute(node, words):
    inner = node.value
    if node.attr == "T":
        yield 0, "transposed", inner, ""
        for fields in words.fields:  # W_xh.T where W_hy belongs: it has the same shape
            for other in fields if isinstance(inner, ast.Attribute) and inner.attr in fields else ():
                if other != inner.attr:
                    yield 1, "name", ast.Attribute(inner.value, other, inner.ctx), ""
        if isinstance(inner, ast.Name):
            for other in words.names:
                if other != inner.id:
                    yield 2, "name", ast.Name(other, inner.ctx), ""
    for group in _ALIKE:
        for other in sorted(group - {node.attr}) if node.attr in group else ():
            if not other.startswith("empty"):  # its numbers are right by luck
                yield 0, "function", ast.Attribute(node.value, other, node.ctx), ""
    for fields in words.fields:
        for other in fields if node.attr in fields else ():
            if other != node.attr:
                yield 0, "name", ast.Attribute(node.value, other, node.ctx), ""


def of_row(node, words):
    entries = node.elts
    for number in range(len(entries) - 1):
        for other in range(number + 1, len(entries)):
            swapped = list(entries)
            swapped[number], swapped[other] = entries[other], entries[number]
            yield 1 + isinstance(node.ctx, ast.Store), "entries", type(node)(swapped, node.ctx), ""
