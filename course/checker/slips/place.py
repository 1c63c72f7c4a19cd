"""The place of an edit: its line, the piece of code there as the learner wrote it, and what to say about it."""

import ast
from typing import NamedTuple

_LONGEST = 60  # characters of code in a message
_MOST_LINES = 3  # in a message: more lines point nowhere

# What a message says after the piece of code, for each kind of edit.
WORDS = {
    "sign": "the sign",
    "operation": "the operation",
    "sides": "which of the two comes first?",
    "transposed": "rows and columns",
    "index": "the index",
    "part": "which part of it do you need there?",
    "axis": "the axis",
    "shape": "which shape does it give?",
    "type": "the type of its numbers",
    "too much": "is it needed?",
    "missing": "something is missing there",
    "shift": "each row needs a shift that fits its own scores",
    "name": "is that the one you need there?",
    "function": "is that the function you want?",
    "number": "the number",
    "size": "a fixed number, but each call has another one",
    "arguments": "the order of the arguments",
    "entries": "the order",
    "comparison": "the comparison",
    "update": "`=`, `+=` or `-=`?",
    "copy": "that isn't a copy, only a second name for the same array",
    "in place": "it changes the caller's array",
    "new array": "it makes a new array",
    "order": "the order of the lines",
    "level": "should it be inside or outside of the loop?",
    "loop begin": "where the loop begins",
    "loop end": "where the loop ends",
    "loop step": "the step of the loop",
    "parentheses": "what is done first?",
}
_SYMBOLS = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.MatMult: "@",
    ast.Pow: "**",
    ast.BitXor: "^",
}


class Place(NamedTuple):
    """Where something is wrong: lines (one, or several possible ones), a piece of code, and a kind, "" if not sure.

    function is the name of the function on the page, if it is not the one that is checked.
    """

    lines: tuple
    code: str
    kind: str
    function: str = ""

    def __str__(self):
        where = f"line {' or '.join(map(str, self.lines))}"
        return f"in {self.function}, {where}" if self.function else where


def place_of(edits, main):
    """Return the Place that Edits with the same effect share, or None if they point to different places.

    main: the Code of the function that is checked
    """
    code = edits[0].code
    if any(edit.code is not code for edit in edits):
        return None
    edits = [edit for edit in edits if not edit.loose] or edits
    edits = _in_agreement([edit for edit in edits if edit.kind == "type"] or edits)
    lines = sorted({edit.node.lineno for edit in edits})
    kinds = {edit.kind for edit in edits}
    kind = _shared_kind(kinds)
    if len(lines) > 1:
        if len(kinds) > 1 or len(lines) > _MOST_LINES:
            return None
        piece = _shared_variable(edits)
    else:
        piece = _shared_piece([edit for edit in edits if edit.kind == kind] or edits, kind)
    name = "" if code is main else code.name
    return Place(tuple(lines), piece, kind, name)


def _in_agreement(edits):
    """Return those of the Edits in several lines that say the same about each line, or all if there are none."""
    lines = {edit.node.lineno for edit in edits}
    if len(lines) > 1:  # prefer the line where a variable is made to lines that only use its name
        edits = [edit for edit in edits if edit.kind != "name"] or edits
        lines = {edit.node.lineno for edit in edits}
        for kind in dict.fromkeys(edit.kind for edit in edits):
            same = [edit for edit in edits if edit.kind == kind]
            if {edit.node.lineno for edit in same} == lines:
                return same
    return edits


def _shared_kind(kinds):
    """Return the kind of several Edits with the same effect, or ""."""
    if "too much" in kinds:  # the others do the same in a roundabout way, such as * 1 or - 0
        return "too much"
    if "transposed" in kinds and kinds <= {"transposed", "sides", "arguments", "index"}:
        return "transposed"
    return kinds.pop() if len(kinds) == 1 else ""


def _shared_variable(edits):
    """Return the variable that is made in one line and used in another, or ""."""
    names = {edit.node.id for edit in edits if isinstance(edit.node, ast.Name)}
    return names.pop() if len(names) == 1 else ""


def _shared_piece(edits, kind):
    """Return the piece of code that one or more Edits in the same line are about."""
    pieces = list(dict.fromkeys(piece_of(edit) for edit in edits))
    if len(pieces) == 1:
        return pieces[0]
    for edit in edits:
        inside = set(ast.walk(edit.node))
        if all(other.node in inside for other in edits):
            return piece_of(edit) if kind else _cut(_text(edit.code, edit.node))
    return _line(edits[0].code, edits[0].node)


def piece_of(edit):
    """Return the piece of code that an Edit is about."""
    code, node = edit.code, edit.node
    if edit.piece == "right":
        return _cut(f"{_SYMBOLS[type(node.op)]} {_operand(code, node.right)}")
    if edit.piece == "left":
        return _cut(f"{_operand(code, node.left)} {_SYMBOLS[type(node.op)]}")
    if edit.piece == "rest":  # all but the first of a chain of factors or terms
        whole, first = _text(code, node), _text(code, node.left.left)
        return _cut(whole.partition(first)[2].lstrip(") "))
    if edit.piece == "function":
        if isinstance(node.func, ast.Attribute) and not isinstance(node.func.value, ast.Name):
            return f".{node.func.attr}"
        return _cut(_text(code, node.func))
    if edit.piece == "axis":
        return next(_text(code, keyword) for keyword in node.keywords if keyword.arg == "axis")
    return _line(code, node) if isinstance(node, ast.stmt) else _cut(_text(code, node))


def _operand(code, node):
    text = _text(code, node)
    is_sum = isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Sub))
    return f"({text})" if is_sum or isinstance(node, (ast.Compare, ast.IfExp, ast.BoolOp)) else text


def _line(code, node):
    return _cut(code.lines[node.lineno - 1].partition("  #")[0].strip())


def _text(code, node):
    text = ast.get_source_segment(code.text, node) or ast.unparse(node)
    return " ".join(text.split())


def _cut(text):
    return text if len(text) <= _LONGEST else text[: _LONGEST - 4].rstrip() + " ..."


def say_one(place):
    """Say where one mistake is."""
    where = str(place)
    where = where[0].upper() + where[1:]
    if not place.code:
        words = WORDS.get(place.kind, "")
        return f"Look at {place}{': ' + words if words else ''}{'' if words.endswith('?') else '.'}"
    words = WORDS.get(place.kind, "it goes wrong there")
    end = "" if words.endswith("?") else "."
    return f"{where}: look at `{place.code}`{': ' + words if words else ''}{end}"
