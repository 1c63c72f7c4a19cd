"""Edits of a learner's function: of each expression, and insertions of what may be missing around one."""

import ast
import inspect
from dataclasses import dataclass

from course.checker.page import codes_in
from course.checker.slips.rules import MISSING, Matcher, filled, function_name, is_one_of, rules_in
from course.checker.watch import watched

COURSE_SOFTMAX, COURSE_EXP = "softmax of the course", "exp of the course"  # names in the scope of an edited function
_OPTIONS = {"axis": "axis", "dtype": "type", "keepdims": "shape"}  # the kind of mistake in each option


@dataclass(eq=False)
class Edit:
    """One change of a tree, made and undone by swap().

    level    0, 1 or 2: from what is likely and sure to what is not
    kind     what was wrong, if this edit mends it
    node     the part of the tree that a message shows;  piece: which part of it ("" for all of it, see place.py)
    changes  list of (node or list, name of the field or index, the new value)
    code     the Code that the tree belongs to
    loose    True if there are many edits like it, so one may fit by luck: it is believed only if it mends everything
    """

    level: int
    kind: str
    node: ast.AST
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
    """Return a new node with the line numbers of the old one wherever it has none."""
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


def expression_edits(code, inserts):
    """Return the Edits that the table of rules makes of all expressions of a function. inserts: what may come in."""
    found, matcher = [], Matcher(inserts)

    def visit(node, holder, key, around):
        place = watched(node)
        if place:
            visit(place[0][place[1]], *place, around)
            return
        if isinstance(node, ast.expr):
            for rule, new in matcher.edits_of(node):
                shown, kind, piece = node, rule.kind, rule.piece
                if around and kind != "transposed":
                    (shown, kind), piece = around, ""
                if isinstance(new, ast.Name) and _indexes_itself(new.id, holder, key, around):
                    continue
                loose = rule.loose or _is_signed_index(node, around)
                found.append(Edit(rule.level, kind, shown, piece, [(holder, key, placed(new, node))], code, loose))
        for name, value in ast.iter_fields(node):
            if name == "decorator_list":  # of a function inside: the watch alone
                continue
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
    """True for -1 in x[-1]: many other numbers fit there, so one may be right by luck."""
    in_index = around is not None and around[1] == "index"
    return in_index and isinstance(node, ast.UnaryOp) and isinstance(node.operand, ast.Constant)


def _indexes_itself(name, holder, key, around):
    """True for x in x[x] = ...: NumPy looks at the index while it changes it, and can write anywhere in memory."""
    if isinstance(holder, ast.Subscript) and key == "value":
        return any(getattr(part, "id", "") == name for part in ast.walk(holder.slice))
    return around is not None and around[1] == "index" and getattr(around[0].value, "id", "") == name


def _is_docstring(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _around(node, name, index, around):
    """Return (node, kind) of the index, loop or axis that a child of a node belongs to, or None.

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


def missing_edits(code, inserts):
    """Return the Edits that insert a call, or a name for a number. inserts: what may be inserted (Inserts)."""
    found = []
    insides = {word: ast.Name(name, ast.Load()) for word, name in (("SOFTMAX", COURSE_SOFTMAX), ("EXP", COURSE_EXP))}
    for holder, key, node in _places(code.tree):
        for rule in rules_in(MISSING):
            ((new, _),) = rule.new
            change = holder, key, placed(filled(new, {"A": node, **insides}), node)
            found.append(Edit(rule.level, rule.kind, node, "", [change], code, isinstance(node, ast.Constant)))
    for holder, key, node in _numbers(code.tree):
        for name in inserts.names:
            change = holder, key, placed(ast.Name(name, ast.Load()), node)
            found.append(Edit(2, "size", node, "", [change], code, loose=True))
    return found


def _places(tree):
    """Yield (holder, key, node) of the expressions that are a value by themselves: no index, no shape."""
    stack = [(tree.body, number, node, tree) for number, node in reversed(list(enumerate(tree.body)))]
    while stack:
        holder, key, node, parent = stack.pop()
        place = watched(node)
        if place:
            stack.append((*place, place[0][place[1]], parent))
            continue
        if isinstance(node, ast.expr) and _takes_more(node, parent):
            yield holder, key, node
        stack += reversed([child for child in _children(node) if isinstance(child[2], ast.AST)])


def _children(node):
    """Yield (holder, key, child, node) for the parts of a node, except its index and the numbers of a loop."""
    for name, value in ast.iter_fields(node):
        if name == "decorator_list" or (isinstance(node, ast.Subscript) and name == "slice"):
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
    """Yield (holder, key, node) of the numbers, where a name may belong."""
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            for key, child in enumerate(value) if isinstance(value, list) else [(name, value)]:
                if isinstance(child, ast.Constant) and type(child.value) in (int, float):
                    yield (value if isinstance(value, list) else parent), key, child


# ---------------------------------------------------------------- what may be inserted
_MODULES = {"np", "numpy", "math"}


class Inserts:
    """The names, the fields of tuples and the numbers that may be inserted into one function.

    modules  the names of modules on the learner's page
    code     the learner's Code;  exercise, args: the Exercise, and the arguments of one of its cases
    """

    def __init__(self, code, exercise, args):
        self.names = _names(code.tree)
        page = code.function.__globals__
        self.modules = {name for name in code.function.__code__.co_names if inspect.ismodule(page.get(name))} | _MODULES
        self.fields = list(dict.fromkeys(value._fields for value in args if hasattr(value, "_fields")))
        rights = dict.fromkeys([exercise.function, *(mistake.right for mistake in exercise.mistakes)])
        constants = [one for right in rights for inner in codes_in(right.__code__) for one in inner.co_consts]
        self.numbers = [one for one in dict.fromkeys(constants) if type(one) in (int, float)]


def _names(tree):
    """Return the names of the arguments and the variables of a function."""
    nodes = list(ast.walk(tree))
    names = [node.arg for node in nodes if isinstance(node, ast.arg)]
    names += [node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    return [name for name in dict.fromkeys(names) if name != "_"]
