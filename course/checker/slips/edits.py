"""Edits of a learner's function: of each expression, and of what may be missing around one."""

import ast
from dataclasses import dataclass

from course.checker.slips.rules import MISSING, Matcher, filled, function_name, is_one_of, rules_in
from course.checker.slips.watch import watched

COURSE_SOFTMAX = "softmax of the course"  # a name in the scope of an edited function
_OPTIONS = {"axis": "axis", "dtype": "type", "keepdims": "shape"}  # the kind of a mistake in each option
_SUMS, _PRODUCTS = (ast.Add, ast.Sub), (ast.Mult, ast.Div)


@dataclass(eq=False)
class Edit:
    """One change of a tree, made and taken back by swap().

    level    0 for what is likely and sure, up to 3
    kind     what was wrong, if this edit mends it
    look     the part of the tree that a message shows;  piece: which part of it ("" for all, see place.py)
    changes  list of (node or list, name of the field or index, what comes there)
    code     whose tree it is
    loose    True if there are many edits like it, of which one may fit by luck: only if it mends all is it believed
    """

    level: int
    kind: str
    look: ast.AST
    piece: str
    changes: list
    code: object
    loose: bool = False

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
    if "lineno" in new._attributes:
        if getattr(new, "lineno", None) is not None:
            return new
        new.lineno, new.end_lineno = old.lineno, old.end_lineno  # by hand: ast.copy_location takes three times as long
        new.col_offset, new.end_col_offset = old.col_offset, old.end_col_offset
    for name in new._fields:
        value = getattr(new, name, None)
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, ast.AST):
                placed(part, old)
    return new


def expression_edits(code, words):
    """Return the Edits of all expressions of a function that the table of rules makes. words: what may come in."""
    found, matcher = [], Matcher(words)

    def visit(node, holder, key, around):
        place = watched(node)
        if place:
            visit(place[0][place[1]], *place, around)
            return
        if isinstance(node, ast.expr):
            for rule, new in matcher.edits_of(node):
                look, kind, piece = node, rule.kind, rule.piece
                if around and kind != "transposed":
                    (look, kind), piece = around, ""
                loose = rule.loose or _is_signed_index(node, around)
                found.append(Edit(rule.level, kind, look, piece, [(holder, key, placed(new, node))], code, loose))
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


def _is_signed_index(node, around):
    """True for -1 in x[-1]: with so many other numbers that fit there, one may be right by luck."""
    in_index = around is not None and around[1] == "index"
    return in_index and isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)


def _is_docstring(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _around(node, name, index, around):
    """Return (node, kind) of the index, the loop or the axis that a child of a node belongs to, or None.

    name, index: the field of the node that holds the child, and the child's place in it if that is a list
    """
    if isinstance(node, ast.Subscript):
        return (node, "index") if name == "slice" else around
    if isinstance(node, ast.Call) and name == "args":
        function = function_name(node)
        if function == "range":
            kinds = ["loop end"] if len(node.args) == 1 else ["loop begin", "loop end", "loop step"]
            return node, kinds[min(index, len(kinds) - 1)]
        if is_one_of("ALONG", function) and isinstance(node.args[index], (ast.Constant, ast.UnaryOp)):
            return node, "axis"
        return around
    if isinstance(node, ast.keyword) and node.arg in _OPTIONS:
        return node, _OPTIONS[node.arg]
    return around if isinstance(node, (ast.expr, ast.keyword)) else None


def missing_edits(code, words):
    """Return the Edits that put in a call, a term or a factor. words: what may come in (Words)."""
    found = []
    softmax = ast.Name(COURSE_SOFTMAX, ast.Load())
    for holder, key, node, parent in _places(code.tree):

        def add(level, kind, new, holder=holder, key=key, node=node):
            loose = isinstance(node, ast.Constant)
            found.append(Edit(level, kind, node, "", [(holder, key, placed(new, node))], code, loose))

        for rule in rules_in(MISSING):
            ((new, _),) = rule.new
            add(rule.level, rule.kind, filled(new, {"A": node, "SOFTMAX": softmax}))
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
            new = ast.Name(part.id, ast.Load()) if isinstance(part, ast.Name) else part
            found.append(Edit(2, "number", node, "", [(holder, key, placed(new, node))], code, loose=True))
    return found


def _places(tree):
    """Yield (holder, key, node, parent) of the expressions that are a value of their own: no index, no shape."""
    stack = [(tree.body, number, node, tree) for number, node in reversed(list(enumerate(tree.body)))]
    while stack:
        holder, key, node, parent = stack.pop()
        place = watched(node)
        if place:
            stack.append((*place, place[0][place[1]], parent))
            continue
        if isinstance(node, ast.expr) and _takes_more(node, parent):
            yield holder, key, node, parent
        stack += reversed([child for child in _children(node) if isinstance(child[2], ast.AST)])


def _children(node):
    """Yield (holder, key, child, node) for the parts of a node, but for its index, and for the numbers of a loop."""
    for name, value in ast.iter_fields(node):
        if isinstance(node, ast.Subscript) and name == "slice":
            continue
        if isinstance(node, ast.Call) and name == "func":
            if isinstance(value, ast.Attribute):
                yield value, "value", value.value, node
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "range":
            continue
        elif isinstance(value, list):
            yield from ((value, number, child, node) for number, child in enumerate(value))
        else:
            yield node, name, value, node


def _takes_more(node, parent):
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
