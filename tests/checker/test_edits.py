"""The small edits of a whole function: of its expressions in their places, and of what may be missing."""

import ast
import copy
import textwrap
from types import SimpleNamespace

import pytest
from test_slips import inserts

from course.checker.slips.edits import expression_edits, missing_edits
from course.checker.watch import bare, place_watch


def code_of(body):
    """Return the Code of a function of x and h with this body. Its first line has the number 1."""
    tree = ast.parse("def f(x, h):\n" + textwrap.indent(body, "    ")).body[0]
    ast.increment_lineno(tree, -1)
    place_watch(tree)
    return SimpleNamespace(tree=tree)


class Bare(ast.NodeTransformer):
    """Removes the calls of the Watch from a tree."""

    def visit(self, node):
        return self.generic_visit(bare(node))


def text_of(tree):
    """Return the code of a tree, or of the body of a function with a | between its lines."""
    tree = Bare().visit(copy.deepcopy(tree))
    lines = ast.unparse(tree.body if isinstance(tree, ast.FunctionDef) else tree).split("\n")
    return " | ".join(line.replace("all of(", "all(") for line in lines)


def loose(edit):
    return "~" * edit.loose


# ---------------------------------------------------------------- expressions in their places
def old_part(edit):
    """Return what an edit of one place changes, as code."""
    ((holder, key, _),) = edit.changes
    return text_of(holder[key] if isinstance(holder, list) else getattr(holder, key))


@pytest.mark.parametrize(
    "body, part, says",
    [
        ("return x[t - 1]", "t - 1", {"index: x[t - 1]"}),
        ("return x[t - 1]", "1", {"~index: x[t - 1]"}),
        ("return x[:, -1]", "-1", {"~index: x[:, -1]"}),
        ("return -1", "-1", {"sign: -1", "~number: -1"}),
        ("return x.T[h.T]", "h.T", {"transposed: h.T", "index: x.T[h.T]"}),
        ("for t in range(1, len(x), 2): pass", "1", {"~loop begin: range(1, len(x), 2)"}),
        ("for t in range(1, len(x), 2): pass", "len(x)", {"loop end: range(1, len(x), 2)"}),
        ("for t in range(1, len(x), 2): pass", "2", {"~loop step: range(1, len(x), 2)"}),
        ("for t in range(n): pass", "n", {"loop end: range(n)"}),
        ("return np.sum(x, axis=1)", "1", {"~axis: axis=1"}),
        ("return np.sum(x, 1)", "1", {"~axis: np.sum(x, 1)"}),
        ("return np.exp(x, 1)", "1", {"~number: 1"}),
        ("return np.sum(x, keepdims=True)", "True", {"shape: keepdims=True"}),
        ("return np.zeros(3, dtype=int)", "int", {"type: dtype=int"}),
        ("x.append(h)", "h", {"name: h"}),
        ("'text'", "'text'", set()),
    ],
)
def test_an_edit_inside_of_an_index_a_loop_or_an_option_is_told_as_one_of_it(body, part, says):
    edits = [edit for edit in expression_edits(code_of(body), inserts()) if old_part(edit) == part]
    found = {
        f"{loose(edit)}{edit.kind}: {text_of(edit.node)}" + f" [{edit.piece}]" * bool(edit.piece) for edit in edits
    }
    assert found == says


# ---------------------------------------------------------------- what is missing
@pytest.mark.parametrize(
    "body, parts",
    [
        ("return x.sum(axis=0)[h]", "x.sum(axis=0)[h]; x.sum(axis=0); x"),
        ("for t in range(n): x[t] = 2 * h", "x; 2 * h; 2; h"),
        ("x.append((h, 1))", "x.append((h, 1)); x; h; 1"),
        ("return x if h > 0 else [n]", "x if h > 0 else [n]; h; 0; x; n"),
        ("return np.log(lambda y: y, *x)", "np.log(lambda y: y, *x); y; x"),
        ("return 'text', True, None", ""),
    ],
)
def test_a_call_a_term_or_a_factor_may_be_missing_at_what_has_a_value(body, parts):
    """But not at an index, a shape, an option, a comparison, or what a loop goes through."""
    edits = [edit for edit in missing_edits(code_of(body), inserts()) if edit.kind == "copy"]
    assert "; ".join(old_part(edit) for edit in edits) == parts


def test_in_place_of_a_number_a_name_may_belong():
    edits = [
        edit for edit in missing_edits(code_of("return x[2] + 'a' + 0.5 + True"), inserts()) if edit.kind == "size"
    ]
    found = [(old_part(edit), ast.unparse(edit.changes[0][2]), edit.level, edit.loose) for edit in edits]
    assert sorted(found) == [(old, new, 2, True) for old in ("0.5", "2") for new in ("h", "x")]


def test_nothing_is_put_into_its_own_places():
    """In x[x] = ..., NumPy reads places that it has just overwritten, and older versions end Python itself."""
    texts = []
    for edit in expression_edits(code_of("x[h] = 1"), inserts()):
        edit.swap()
        texts.append(ast.unparse(edit.code.tree))
        edit.swap()
    assert texts and not any("x[x]" in text or "h[h]" in text for text in texts)
