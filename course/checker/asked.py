"""What a learner's check asks of a function, part by part: which part is not true of a right one."""

import ast
import contextlib
import operator
import textwrap

import numpy as np

from course.checker.page import with_helpers

_NOTE, _COMPARE = "note a part", "compare two sides"  # no names of a page, because they contain a space
_COMPARED = {"Eq of": operator.eq, "NotEq of": operator.ne}


class Asked(ast.NodeTransformer):
    """The parts of a check, which is rebuilt so that it notes each part that speaks against a function.

    function  the rebuilt check
    part      the last such part, with its line and its value, or "";  near: a sentence if it fails by little, or ""
    An error is raised if the source of the check is not found.
    """

    def __init__(self, check):
        self.part, self.near, self._near, self._parts = "", "", "", []
        scope = {**check.__globals__, **_COMPARED, _NOTE: self._note, _COMPARE: self._compare}
        main, *helpers = with_helpers(check)
        for one in [main, *helpers]:
            tree = ast.parse(one.source)
            self._source, self._before = one.source, one.code.co_firstlineno - 1
            self._place = "line" if one is main else f"your `{one.name}`, line"
            self._own = [arg.arg for arg in tree.body[0].args.args[:1]]
            self._rebuild(list(ast.walk(tree)))
            exec(compile(ast.fix_missing_locations(tree), "<asked>", "exec"), scope)
            scope[one.name] = scope[one.code.co_name]
        self.function = scope[main.name]

    def _note(self, number, value):
        near, self._near = self._near, ""
        text, wanted = self._parts[number]
        if isinstance(value, (bool, np.bool_)) and value != wanted:
            self.part, self.near = f"{text} is {value}", near
        return value

    def _compare(self, call, one, other, *more, **options):
        result = call(one, other, *more, **options)
        with contextlib.suppress(Exception):
            apart = np.abs(np.subtract(one, other)).max()
            share = apart / max(np.abs(one).max(), np.abs(other).max()) if apart > 1e-9 else 0.0
            if np.any(result) if call is operator.ne else not np.all(result):
                if share < 1e-5 and call in (operator.eq, operator.ne, np.array_equal):
                    self._near = (
                        "Two right functions differ in the last digits: np.allclose allows for that, == does not."
                    )
                elif share < 0.02:
                    self._near = f"The two sides are {apart:.1g} apart at most: allow for that, or write more digits."
        return result

    def _rebuild(self, nodes):
        """Split what decides: the tests of assert and of some `if`, what is returned, and what its names are set to."""
        names = {_name_of(part) for node in nodes if isinstance(node, ast.Return) for part in ast.walk(node)} - {""}

        def says(block, verdict):
            found = [getattr(getattr(one, "value", None), "value", None) for one in block]
            return any(one is verdict for one in found + [False for one in block if isinstance(one, ast.Raise)])

        for node in nodes:
            target = _name_of(getattr(node, "targets", [getattr(node, "target", None)])[0])
            if isinstance(node, ast.Return) or (isinstance(node, (ast.Assign, ast.AugAssign)) and target in names):
                node.value = node.value and self._split(node.value, True)
            elif isinstance(node, ast.Assert):
                node.test = self._split(node.test, True)
            elif isinstance(node, ast.If):
                no, yes = [says(node.body, verdict) or says(node.orelse, not verdict) for verdict in (False, True)]
                node.test = self._split(node.test, not no) if yes or no else node.test

    def _split(self, node, wanted):
        """Return an expression whose parts are noted. wanted: its value if the function is right"""
        name, inner = (_name_of(node.func), (node.args or [None])[0]) if isinstance(node, ast.Call) else ("", None)
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And if wanted else ast.Or):
            node.values = [self._split(part, wanted) for part in node.values]
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            node.operand = self._split(node.operand, not wanted)
        elif name == "bool" and inner:
            node.args = [self._split(inner, wanted)]
        elif name == ("all" if wanted else "any") and isinstance(inner, (ast.List, ast.Tuple)):
            inner.elts = [self._split(part, wanted) for part in inner.elts]
        elif not isinstance(node, (ast.Constant, ast.Name)) and _name_of(inner) not in self._own:
            return self._noted(node, wanted)
        return node  # a name has been noted where it was set, and what gets the function to try notes its own parts

    def _noted(self, node, wanted):
        text = textwrap.shorten(ast.get_source_segment(self._source, node), 90, placeholder=" ...")
        self._parts.append((f"{self._place} {node.lineno + self._before}: `{text}`", wanted))
        return ast.Call(ast.Name(_NOTE, ast.Load()), [ast.Constant(len(self._parts) - 1), self.visit(node)], [])

    def visit_Compare(self, node):
        name, sides = f"{type(node.ops[0]).__name__} of", [node.left, *node.comparators]
        self.generic_visit(node)
        return (
            ast.Call(ast.Name(_COMPARE, ast.Load()), [ast.Name(name, ast.Load()), *sides], [])
            if name in _COMPARED and len(sides) == 2
            else node
        )

    def visit_Call(self, node):
        self.generic_visit(node)
        if _name_of(node.func) in ("array_equal", "allclose", "isclose") and len(node.args) > 1:
            node.func, node.args = ast.Name(_COMPARE, ast.Load()), [node.func, *node.args]
        return node


def _name_of(node):
    return getattr(node, "id", "") or getattr(node, "attr", "")
