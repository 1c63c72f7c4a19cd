"""Small edits of one expression: each stands for a slip of the pen, and has the name of its kind."""

import ast

from course.checker import call_edits, index_edits, operation_edits, value_edits
from course.checker.edits import Edit, function_name, placed
from course.checker.slips.watch import watched

# What may stand in place of an expression: functions that yield (level, kind, new expression, piece to show).
# What a kind is called here, and what a message says of it, stands in places.py.
_REPLACEMENTS = {
    ast.BinOp: operation_edits.of_operation,
    ast.UnaryOp: operation_edits.of_sign,
    ast.BoolOp: operation_edits.of_condition,
    ast.Compare: operation_edits.of_comparison,
    ast.IfExp: operation_edits.of_choice,
    ast.Constant: value_edits.of_constant,
    ast.Name: value_edits.of_name,
    ast.Attribute: value_edits.of_attribute,
    ast.Tuple: value_edits.of_row,
    ast.List: value_edits.of_row,
    ast.Call: call_edits.of_call,
    ast.Subscript: index_edits.of_index,
}


def expression_edits(code, words):
    """Return the Edits of all expressions of a function. words: which names and numbers may come in (Words)."""
    found = []

    def visit(node, holder, key, around):
        place = watched(node)
        if place:
            visit(place[0][place[1]], *place, around)
            return
        if isinstance(node, ast.expr):
            for level, kind, new, piece in _REPLACEMENTS.get(type(node), _of_nothing)(node, words):
                look, loose = node, _is_loose(node, new, kind, around)
                if around and kind not in ("transposed",):
                    (look, kind), piece = around, ""
                found.append(Edit(level, kind, look, piece, [(holder, key, placed(new, node))], code, loose))
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


def _is_loose(node, new, kind, around):
    """True for another number, also with another sign in an index, and for an index that is dropped."""
    in_index = around is not None and around[1] == "index"
    is_number = isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)
    dropped = isinstance(node, ast.Subscript) and kind == "index" and new is node.value
    return kind == "number" or dropped or (in_index and is_number)


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
        if function in call_edits.ALONG and isinstance(node.args[index], (ast.Constant, ast.UnaryOp)):
            return node, "axis"
        return around
    if isinstance(node, ast.keyword) and node.arg in call_edits.OPTIONS:
        return node, call_edits.OPTIONS[node.arg]
    return around if isinstance(node, (ast.expr, ast.keyword)) else None


def _of_nothing(node, words):
    return ()
