"""Edits of whole lines: `=` and `+=`, the order of lines, what is inside a loop, what is missing."""

import ast

from course.checker.slips.edits import Edit, placed
from course.checker.slips.rules import code_of
from course.checker.watch import ALL_OF, bare, watched

_UPDATES = (ast.Add, ast.Sub, ast.Mult, ast.Div)
_ABOVE = 3  # lines above a loop that may belong inside it: a slip moves no line further


def line_edits(code):
    """Return the Edits of all statements of a function."""
    found = []
    for parent, name, block in _blocks(code.tree):
        for number in range(len(block)):
            line = _Line(code, parent, name, block, number)
            line.find()
            found += line.found
    return found


def _blocks(tree):
    """Yield (parent, name of the field, list) of every list of statements."""
    for node in ast.walk(tree):
        for name in ("body", "orelse"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block:
                yield node, name, block


class _Line:
    """One statement, and the Edits of it.

    parent, name, block, number   the statement is parent.name[number], and block is that list
    """

    def __init__(self, code, parent, name, block, number):
        self.code, self.parent, self.name, self.block, self.number = code, parent, name, block, number
        self.statement = block[number]
        self.before, self.after = block[:number], block[number + 1 :]
        self.found = []

    def find(self):
        kinds = {
            ast.AugAssign: self.of_update,
            ast.Assign: self.of_assignment,
            ast.For: self.of_loop,
            ast.Expr: self.of_call,
        }
        kinds.get(type(self.statement), lambda: None)()
        if _is_text(self.statement):
            return
        if not isinstance(self.statement, (ast.Return, ast.FunctionDef)):
            self.replace(int(not isinstance(self.statement, ast.Assign)), "too much", ast.Pass(), "line")
        self.of_order()
        if isinstance(self.statement, (ast.For, ast.While)):
            self.of_levels()

    def replace(self, level, kind, new, piece="", node=None, loose=False):
        """Add the Edit that replaces this statement. node: what a message shows, if not all of it."""
        node = node or self.statement
        change = self.block, self.number, placed(new, node)
        self.found.append(Edit(level, kind, node, piece, [change], self.code, loose))

    def rebuild(self, level, kind, node, *changes):
        """Add the Edit that makes several changes."""
        self.found.append(Edit(level, kind, node, "", list(changes), self.code))

    def whole(self, *statements):
        """Return the change that replaces all lines of the block."""
        return self.parent, self.name, list(statements)

    def of_update(self):
        """Add the edits of x += y."""
        target, op, value = self.statement.target, type(self.statement.op), bare(self.statement.value)
        for other in _UPDATES:
            if other is not op:
                kind = "sign" if {other, op} == {ast.Add, ast.Sub} else "operation"
                self.replace(int(kind == "operation"), kind, ast.AugAssign(target, other(), value))
        self.replace(0, "update", ast.Assign([target], value))
        if op is ast.Sub:
            self.replace(1, "update", ast.Assign([target], ast.UnaryOp(ast.USub(), value)))
        new = ast.BinOp(_loaded(target), self.statement.op, value)
        self.replace(1, "in place", ast.Assign([target], new))

    def of_assignment(self):
        """Add the edits of x = y."""
        if len(self.statement.targets) > 1:
            return
        (target,), value = self.statement.targets, bare(self.statement.value)
        if isinstance(target, (ast.Name, ast.Subscript, ast.Attribute)):
            self.replace(0, "update", ast.AugAssign(target, ast.Add(), value))
            # If the sum begins with 0, this only changes its sign, so it may fit by luck.
            self.replace(1, "update", ast.AugAssign(target, ast.Sub(), value), loose=True)
        if isinstance(value, (ast.Name, ast.Attribute, ast.Subscript)):
            self.replace(0, "copy", ast.Assign([target], code_of("X.copy()", X=value)))
        if isinstance(target, ast.Name):
            whole = ast.Subscript(_loaded(target), ast.Constant(...), ast.Store())
            self.replace(1, "new array", ast.Assign([whole], value))

    def of_loop(self):
        """Add the edits of for x in y."""
        holder, key = watched(self.statement.iter)
        values = holder[key]
        for kind, part in (("loop begin", "[1:]"), ("loop end", "[:-1]")):
            new = code_of(f"ALL(X){part}", X=values, ALL=ast.Name(ALL_OF, ast.Load()))
            self.rebuild(0, kind, values, (holder, key, placed(new, values)))

    def of_call(self):
        """Add the edits of results.append(x)."""
        call = self.statement.value
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "append" and len(call.args) == 1:
            new = placed(code_of("X.copy()", X=bare(call.args[0])), call)
            self.rebuild(0, "copy", self.statement, (call.args, 0, new))

    def of_order(self):
        """Move the line one or two lines down, or the line after the next one up."""
        line = self.statement
        if self.after:
            then, *rest = self.after
            self.rebuild(1, "order", line, self.whole(*self.before, then, line, *rest))
        if len(self.after) > 1:
            then, last, *rest = self.after
            self.rebuild(1, "order", line, self.whole(*self.before, then, last, line, *rest))
            self.rebuild(1, "order", last, self.whole(*self.before, last, line, then, *rest))

    def of_levels(self):
        """Move lines at the edges of a loop in or out."""
        block, inside, before, after = self.statement, self.statement.body, self.before, self.after
        if not block.orelse:
            *rest, last = inside
            rest = rest or [placed(ast.Pass(), last)]
            level = int(not isinstance(last, ast.Return))
            self.rebuild(level, "level", last, (block, "body", rest), self.whole(*before, block, last, *after))
            if after:
                then, *others = after
                level = int(not isinstance(then, ast.Return))
                longer = block, "body", [*inside, then]
                self.rebuild(level, "level", then, longer, self.whole(*before, block, *others))
        first, *rest = inside
        rest = rest or [placed(ast.Pass(), first)]
        self.rebuild(1, "level", first, (block, "body", rest), self.whole(*before, first, block, *after))
        for line in before[-_ABOVE:]:
            if not _is_text(line) and not isinstance(line, (ast.For, ast.While)):
                others = [one for one in before if one is not line]
                self.rebuild(1, "level", line, (block, "body", [line, *inside]), self.whole(*others, block, *after))


def _is_text(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _loaded(target):
    """Return the left side of `=` as an expression for its right side."""
    parts = [getattr(target, name) for name in target._fields if name != "ctx"]
    return type(target)(*parts, ast.Load())


def missing_lines(code):
    """Return the Edits that insert at the top a copy of an argument which is written into below."""
    found, tree = [], code.tree
    stored = [node for node in ast.walk(tree) if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Store)]
    for argument in tree.args.args:
        copied = code_of("X.copy()", X=ast.Name(argument.arg, ast.Load()))
        line = placed(ast.Assign([ast.Name(argument.arg, ast.Store())], copied), tree.body[0])
        for node in [place for place in stored if getattr(place.value, "id", "") == argument.arg][:1]:
            found.append(Edit(2, "in place", node, "", [(tree, "body", [line, *tree.body])], code))
    return found
