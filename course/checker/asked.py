"""What a learner's check asks of a function, part by part: which part is not true of a right one."""

import ast
import contextlib
import operator
import textwrap

import numpy as np

from course.checker.page import with_helpers

_NOTE, _COMPARE = "note a part", "compare two sides"  # no names of a page, because they contain a space
_MORE = (ast.NotEq, ast.Gt, ast.GtE)
_COMPARED = {"Eq of": operator.eq, "NotEq of": operator.ne}


class Asked(ast.NodeTransformer):
    """The parts of a check, which is rebuilt so that it notes each part that speaks against a function.

    function  the rebuilt check
    part      the last such part, with its line and its value, or "";  near: a sentence if it fails by little, or ""
    may_be_turned  True if that may be the wrong way round: it is true, or asks for a difference or for more
    last      the last call of the function that the check got, (arguments, result), which it is told;  at: that of
              the part
    An error is raised if the source of the check is not found.
    """

    def __init__(self, check):
        self.part, self.near, self.may_be_turned, self._near, self._parts = "", "", False, "", []
        self.last = self.at = None
        scope = {**check.__globals__, **_COMPARED, _NOTE: self._note, _COMPARE: self._compare}
        trees = {one: ast.parse(one.source) for one in with_helpers(check)}
        self._long = {one.name for one, tree in trees.items() if len(tree.body[0].body) > 1}
        for one, tree in trees.items():
            self._source, self._before = one.source, one.code.co_firstlineno - 1
            self._place = "line" if one.function is check else f"your `{one.name}`, line"
            self._own = [arg.arg for arg in tree.body[0].args.args[:1]]
            self._rebuild(list(ast.walk(tree)))
            exec(compile(ast.fix_missing_locations(tree), "<asked>", "exec"), scope)
            scope[one.name] = scope[one.code.co_name]
        self.function = scope[check.__name__]

    def _note(self, number, value):
        near, self._near = self._near, ""
        text, wanted, is_weak, asks_for_more = self._parts[number]
        if isinstance(value, (bool, np.bool_)) and value != wanted and not (is_weak and self.part):
            self.part, self.near, self.at = f"{text} is {value}", near, self.last
            self.may_be_turned = bool(value) or asks_for_more
        return value

    def _compare(self, call, one, other, *more, **options):
        result = call(one, other, *more, **options)
        with contextlib.suppress(Exception):
            apart, largest = np.abs(np.subtract(one, other)), max(np.abs(one).max(), np.abs(other).max())
            if call in (operator.eq, operator.ne, np.array_equal) and 0 < apart.max() < 1e-5 * largest:
                self._near = "Two right functions differ in the last digits: compare them with np.allclose."
        return result

    def _rebuild(self, nodes):
        """Split what decides: the tests of assert and of some `if`, what is returned, and what its names are set to."""
        ends = [node for node in nodes if isinstance(node, (ast.Return, ast.Assert))]
        names = {_name_of(part) for node in ends for part in ast.walk(node)} - {""}

        def says(block, verdict):
            found = [getattr(getattr(one, "value", None), "value", None) for one in block]
            return any(one is verdict for one in found + [False for one in block if isinstance(one, ast.Raise)])

        for node in nodes:
            target = _name_of(getattr(node, "targets", [getattr(node, "target", None)])[0])
            if isinstance(node, ast.Return) or (isinstance(node, (ast.Assign, ast.AugAssign)) and target in names):
                node.value = node.value and self._split(node.value, True)
            elif isinstance(node, ast.Assert):
                node.test = self._split(node.test, True)
            elif _name_of(getattr(node, "func", None)) == "append":
                node.args = [self._split(part, True) for part in node.args]
            elif isinstance(node, ast.If):
                no, yes = [says(node.body, verdict) or says(node.orelse, not verdict) for verdict in (False, True)]
                node.test = self._split(node.test, not no) if yes or no else node.test

    def _split(self, node, wanted):
        """Return an expression whose parts are noted. wanted: its value if the function is right"""
        name, inner = (_name_of(node.func), (node.args or [None])[0]) if isinstance(node, ast.Call) else ("", None)
        is_each = name == ("all" if wanted else "any")
        if isinstance(node, ast.BoolOp) and isinstance(node.op, ast.And if wanted else ast.Or):
            node.values = [self._split(part, wanted) for part in node.values]
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
            node.operand = self._split(node.operand, not wanted)
        elif inner and (name == "bool" or (is_each and isinstance(inner, (ast.List, ast.Tuple)))):
            node.args = [self._split(inner, wanted)]
        elif isinstance(node, (ast.List, ast.Tuple)):
            node.elts = [self._split(part, wanted) for part in node.elts]
        elif not isinstance(node, ast.Constant):
            # Its parts say more: of a name or a list where it was set, of a long function inside of it.
            is_set = ast.Name in (type(node), is_each and type(inner))
            is_weak = is_set or name in self._long or _name_of(inner) in self._own
            text = textwrap.shorten(ast.get_source_segment(self._source, node), 90, placeholder=" ...")
            place = f"{self._place} {node.lineno + self._before}: `{text}`"
            self._parts.append((place, wanted, is_weak, any(isinstance(part, _MORE) for part in ast.walk(node))))
            return ast.Call(ast.Name(_NOTE, ast.Load()), [ast.Constant(len(self._parts) - 1), self.visit(node)], [])
        return node

    def visit_Compare(self, node):
        name, sides = f"{type(node.ops[0]).__name__} of", [node.left, *node.comparators]
        self.generic_visit(node)
        if name not in _COMPARED or len(sides) != 2:
            return node
        return ast.Call(ast.Name(_COMPARE, ast.Load()), [ast.Name(name, ast.Load()), *sides], [])

    def visit_Call(self, node):
        self.generic_visit(node)
        if _name_of(node.func) in ("array_equal", "allclose", "isclose") and len(node.args) > 1:
            node.func, node.args = ast.Name(_COMPARE, ast.Load()), [node.func, *node.args]
        return node


def _name_of(node):
    return getattr(node, "id", "") or getattr(node, "attr", "")
