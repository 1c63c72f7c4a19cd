"""Edits of whole lines: `=` and `+=`, the order of lines, what stands inside a loop, what is missing."""

import ast
import itertools

from course.checker.slips.edits import Edit, placed
from course.checker.slips.rebuild import ALL_OF, bare, watched
from course.checker.slips.rules import code_of

_UPDATES = (ast.Add, ast.Sub, ast.Mult, ast.Div)


def line_edits(code):
    """Return the Edits of all statements of a function."""
    found = []
    for parent, name, block in _blocks(code.tree):
        for number, statement in enumerate(block):

            def add(level, kind, new, piece="", look=statement, block=block, number=number, loose=False):
                found.append(Edit(level, kind, look, piece, [(block, number, placed(new, look))], code, loose))

            def rebuild(level, kind, look, *changes):
                found.append(Edit(level, kind, look, "", [(one, key, new) for one, key, new in changes], code))

            if isinstance(statement, ast.AugAssign):
                _of_update(statement, add)
            elif isinstance(statement, ast.Assign) and len(statement.targets) == 1:
                _of_assignment(statement, add)
            elif isinstance(statement, ast.For):
                _of_loop(statement, code, found)
            elif isinstance(statement, ast.If):
                _of_branch(statement, add, rebuild)
            elif isinstance(statement, ast.Expr):
                _of_call(statement, code, found)
            if not isinstance(statement, (ast.Return, ast.FunctionDef)) and not _is_text(statement):
                add(int(not isinstance(statement, ast.Assign)), "too much", ast.Pass(), "line")
            after = block[number + 1 :]
            if after and not _is_text(statement):
                swapped = [*block[:number], block[number + 1], statement, *block[number + 2 :]]
                rebuild(1, "order", statement, (parent, name, swapped))
            if len(after) > 1 and not _is_text(statement):
                later = [*block[:number], *after[:2], statement, *block[number + 3 :]]
                rebuild(1, "order", statement, (parent, name, later))
                sooner = [*block[:number], after[1], statement, after[0], *block[number + 3 :]]
                rebuild(1, "order", after[1], (parent, name, sooner))
            if isinstance(statement, (ast.For, ast.While, ast.If)):
                _of_levels(statement, parent, name, block, number, rebuild)
    return found


def _blocks(tree):
    """Yield (parent, name of the field, list) of every list of statements."""
    for node in ast.walk(tree):
        for name in ("body", "orelse"):
            block = getattr(node, name, None)
            if isinstance(block, list) and block:
                yield node, name, block


def _is_text(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _of_update(statement, add):
    """x += y"""
    target, op, value = statement.target, type(statement.op), bare(statement.value)
    for other in _UPDATES:
        if other is not op:
            kind = "sign" if {other, op} == {ast.Add, ast.Sub} else "operation"
            add(int(kind == "operation"), kind, ast.AugAssign(target, other(), value))
    add(0, "update", ast.Assign([target], value))
    if op is ast.Sub:
        add(1, "update", ast.Assign([target], ast.UnaryOp(ast.USub(), value)))
    new = ast.BinOp(_loaded(target), statement.op, value)
    add(1, "in place", ast.Assign([target], new))


def _of_assignment(statement, add):
    """x = y"""
    (target,), value = statement.targets, bare(statement.value)
    if isinstance(target, (ast.Name, ast.Subscript, ast.Attribute)):
        add(0, "update", ast.AugAssign(target, ast.Add(), value))
        add(1, "update", ast.AugAssign(target, ast.Sub(), value), loose=True)  # from 0, this is another sign
    if isinstance(value, (ast.Name, ast.Attribute, ast.Subscript)):
        add(0, "copy", ast.Assign([target], code_of("X.copy()", X=value)))
    if isinstance(target, ast.Name):
        whole = ast.Subscript(ast.Name(target.id, ast.Load()), ast.Constant(...), ast.Store())
        add(1, "new array", ast.Assign([whole], value))


def _of_loop(statement, code, found):
    """for x in y"""
    holder, key = watched(statement.iter)
    values = holder[key]
    for level, kind, text in (
        (0, "direction", "ALL(X)[::-1]"),
        (0, "loop begin", "ALL(X)[1:]"),
        (0, "loop end", "ALL(X)[:-1]"),
    ):
        new = placed(code_of(text, X=values, ALL=ast.Name(ALL_OF, ast.Load())), values)
        found.append(Edit(level, kind, values, "", [(holder, key, new)], code))


def _of_branch(statement, add, rebuild):
    """if x:"""
    opposite = ast.UnaryOp(ast.Not(), statement.test)
    rebuild(0, "condition", statement.test, (statement, "test", placed(opposite, statement.test)))
    add(1, "condition", ast.If(ast.Constant(True), statement.body, []), "", statement.test)


def _of_call(statement, code, found):
    """results.append(x)"""
    call = statement.value
    if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "append" and len(call.args) == 1:
        new = placed(code_of("X.copy()", X=bare(call.args[0])), call)
        found.append(Edit(0, "copy", statement, "", [(call.args, 0, new)], code))


def _of_levels(statement, parent, name, block, number, rebuild):
    """Lines at the edges of a loop or a branch: inside or outside?"""
    inside, before, after = statement.body, block[:number], block[number + 1 :]
    loop = not isinstance(statement, ast.If)
    last, first = inside[-1], inside[0]
    rest = inside[:-1] or [placed(ast.Pass(), last)]
    if not statement.orelse:
        level = 0 if isinstance(last, ast.Return) else 1
        out = [*before, statement, last, *after]
        rebuild(level, "level", last, (statement, "body", rest), (parent, name, out))
        if after:
            taken = [*before, statement, *after[1:]]
            rebuild(
                int(not isinstance(after[0], ast.Return)),
                "level",
                after[0],
                (statement, "body", [*inside, after[0]]),
                (parent, name, taken),
            )
    if loop:
        rest = inside[1:] or [placed(ast.Pass(), first)]
        rebuild(1, "level", first, (statement, "body", rest), (parent, name, [*before, first, statement, *after]))
        for back, line in list(enumerate(before))[-3:]:
            if not _is_text(line) and not isinstance(line, (ast.For, ast.While)):
                taken = before[:back] + before[back + 1 :] + [statement] + after
                rebuild(1, "level", line, (statement, "body", [line, *inside]), (parent, name, taken))


def _loaded(target):
    """Return what stands left of `=` as it is written on its right."""
    if isinstance(target, ast.Name):
        return ast.Name(target.id, ast.Load())
    if isinstance(target, ast.Subscript):
        return ast.Subscript(target.value, target.slice, ast.Load())
    return ast.Attribute(target.value, target.attr, ast.Load())


def missing_lines(code, words):
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
        line = ast.Assign([ast.Name(name, ast.Store())], code_of("X.copy()", X=ast.Name(name, ast.Load())))
        new = [placed(line, tree.body[0]), *tree.body]
        found.append(Edit(2, "copy", argument, "", [(tree, "body", new)], code))
    return found


def _names_in(statements, context):
    nodes = [node for statement in statements for node in ast.walk(statement) if isinstance(node, ast.Name)]
    return {node.id for node in nodes if isinstance(node.ctx, context)}
