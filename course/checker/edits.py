"""What an edit of a learner's function is, and tools to write new code for one."""

import ast
from dataclasses import dataclass

from course.checker.course import COURSE


@dataclass(eq=False)
class Edit:
    """One change of a tree, made and taken back by swap().

    level    0 for what is likely and sure, up to 3
    kind     what was wrong, if this edit mends it
    look     the part of the tree that a message shows;  piece: which part of it ("" for all, see places.py)
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
    stack = [new]
    while stack:
        node = stack.pop()
        if "lineno" in node._attributes:
            if getattr(node, "lineno", None) is not None:
                continue
            ast.copy_location(node, old)
        stack += ast.iter_child_nodes(node)
    return new


def filled(text, **parts):
    """Return the expression of a text, with nodes in place of the names of parts."""
    tree = ast.parse(text, mode="eval")
    for node in ast.walk(tree):  # its line is not one of the learner's
        if hasattr(node, "lineno"):
            del node.lineno
    return _Fill(parts).visit(tree).body


class _Fill(ast.NodeTransformer):
    def __init__(self, parts):
        self.parts = parts

    def visit_Name(self, node):
        return self.parts.get(node.id, node)


def function_name(call):
    """Return the name of what is called: "sum" in np.sum(x) and in x.sum()."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def is_module(node):
    return isinstance(node, ast.Name) and node.id in ("np", "numpy", "math", *COURSE.short_names())
