"""The small edits of an expression: how the matcher reads a table of rules, and what a message says about a place."""

import ast
from collections import namedtuple
from types import SimpleNamespace

import pytest
from answers import in_words

from course.checker.slips.edits import Edit, Inserts
from course.checker.slips.lines import missing_lines
from course.checker.slips.place import place_of, say_one
from course.checker.slips.rules import RULES, Matcher


def parsed(text):
    return ast.parse(text, mode="eval").body


def inserts():
    """Return the Inserts for a function of x and h, with parameters that have the fields W_xh and W_hh."""
    return SimpleNamespace(names=["x", "h"], fields=[("W_xh", "W_hh")], numbers=[4], modules={"np"})


def edits_of(text, table=RULES):
    """Return the replacements of an expression, one edit per line, each with its level and its kind."""
    lines = []
    for rule, new in Matcher(inserts(), table).edits_of(parsed(text)):
        piece = f" [{rule.piece}]" if rule.piece else ""
        lines.append(f"{rule.level}{'~' * rule.loose} {rule.kind}: {ast.unparse(new)}{piece}")
    return lines


# ---------------------------------------------------------------- the notation of the table


@pytest.mark.parametrize(
    ("rule", "expression", "new"),
    [
        ("A + B -> B + A", "a + b * c", ["b * c + a"]),
        ("(A ? B) ? C -> A ? (B ? C)", "a - b + c", ["a - (b + c)"]),
        ("A {+, -} B -> A {*, /} B", "a - b", ["a * b", "a / b"]),
        ("A.{log, exp} -> A.{}", "np.log", ["np.exp"]),
        ("P * Q -> P / Q", "1 * a", []),
        ("A * S -> A ** S", "a * 5", []),
        ("F(X, A, Y) -> F(A)", "f(a, b)", ["f(a)", "f(b)"]),
        ("F(A) -> A", "f(a, axis=0)", []),
        ("F(A, **O) -> A", "x.f(a, axis=0)", ["a"]),
        ("np.F(A) -> A", "x.f(a)", []),
        ("np.F(A) -> A", "np.f(a)", ["a"]),
        ("V.F(X) -> V", "x.f(a, b)", ["x"]),
        ("V.F(X) -> V", "np.f(a)", []),
        ("F(U) -> F()", "f(a, b)", []),
        ("ALONG(X) -> ALONG(X, axis=0)", "x.sum()", ["x.sum(axis=0)"]),
        ("ALONG(X) -> ALONG(X, axis=0)", "np.exp(x)", []),
        ("ALONG(X, **O) -> ALONG(X, **O, axis=0)", "np.sum(x, axis=1)", []),  # that would give axis twice
        ("F(X, axis=A, **O) -> F(X, **O)", "f(x, side=1, axis=0)", ["f(x, side=1)"]),
        ("X and A -> X or A", "a and b and c", ["a or b or c"]),
        ("X and A and Y -> X and Y", "a and b", ["b", "a"]),
        ("A[X, K:L, Y] -> A[X, K:, Y]", "a[i, 1:3]", ["a[i, 1:]"]),
        ("A[X, K:L, Y] -> A[X, K:, Y]", "a[1:3:2]", []),
        ("N -> NUMBER", "4", ["5", "3", "-4", "0", "1", "2"]),
        ("-N -> -NEXT", "-1", ["-2"]),
        ("NAME -> OTHER", "h", ["x"]),
        ("OWN -> 0", "np", []),
        ("A.FIELD -> A.OTHER", "p.W_xh", ["p.W_hh"]),
        ("A.FIELD -> A.OTHER", "p.b_h", []),
        ("A or B -> B or A", "a or a", []),  # equal to the old code
    ],
)
def test_notation(rule, expression, new):
    lines = edits_of(expression, f"0  kind  {rule}")
    assert [line.removeprefix("0 kind: ") for line in lines] == new


def test_rules_for_what_is_read_and_for_what_is_stored():
    table = "0  kind  = NAME -> OTHER\n1~ two words  NAME = -> OTHER  [left]"
    line = ast.parse("x = h").body[0]
    matcher = Matcher(inserts(), table)
    ((read, one),), ((stored, other),) = matcher.edits_of(line.value), matcher.edits_of(line.targets[0])
    assert (read.level, read.kind, read.piece, read.loose) == (0, "kind", "", False)
    assert (stored.level, stored.kind, stored.piece, stored.loose) == (1, "two words", "left", True)
    assert (one.id, type(one.ctx), other.id, type(other.ctx)) == ("x", ast.Load, "h", ast.Store)


# ---------------------------------------------------------------- what may be inserted


def right_sum(parameters, ids):
    W, b = parameters
    return 0.5 + W[ids] @ b


def test_names_fields_and_numbers_may_be_inserted():
    fields = namedtuple("Pair", "W b")

    def my_sum(pair, numbers):
        total = numbers
        return total

    tree = ast.parse("def my_sum(pair, numbers):\n    total = numbers\n    return total").body[0]
    exercise = SimpleNamespace(function=right_sum, mistakes=())
    found = Inserts(SimpleNamespace(tree=tree, function=my_sum), exercise, (fields(1, 2), [3]))
    assert (found.names, found.fields, found.numbers) == (["pair", "numbers", "total"], [("W", "b")], [0.5])


def test_an_argument_is_copied_at_the_top():
    tree = ast.parse("def f(x, h):\n    x[0] = h\n    return x @ h").body[0]
    put_in = []
    for edit in missing_lines(SimpleNamespace(tree=tree)):
        edit.swap()
        put_in.append(ast.unparse(tree).split("\n")[1].strip())
        edit.swap()
    assert put_in == ["x = x.copy()"], "only what is written into"


# ---------------------------------------------------------------- the place in a message
CELL = """\
def f(x, h):
    a = x + h * 2
    b = a - (x + h)
    c = np.exp(a, axis=0)  # a comment
    d = a * b * c
    return d"""


def place_in_cell(edits):
    """Return what is said about Edits in CELL, each written as its line, its kind, and the code that it is about."""
    code = SimpleNamespace(tree=ast.parse(CELL).body[0], text=CELL, lines=CELL.split("\n"), name="f")
    found = []
    for edit in edits.split("; "):
        line, kind, text = edit.split(": ")
        text, _, piece = text.partition(" [")
        nodes = [node for node in ast.walk(code.tree) if getattr(node, "lineno", 0) == int(line)]
        (look,) = [node for node in nodes if ast.get_source_segment(CELL, node) == text][:1]
        found.append(Edit(0, kind, look, piece.rstrip("]"), [], code))
    place = place_of(found, code)
    return place and say_one(place)


@pytest.mark.parametrize(
    "edits, says",
    [
        ("2: sign: x + h * 2 [right]", "Line 2: look at `+ h * 2`: {sign}."),
        ("2: too much: x + h * 2 [left]", "Line 2: look at `x +`: {too much}"),
        ("3: sign: a - (x + h) [right]", "Line 3: look at `- (x + h)`: {sign}."),
        ("4: axis: np.exp(a, axis=0) [axis]", "Line 4: look at `axis=0`: {axis}."),
        ("4: function: np.exp(a, axis=0) [function]", "Line 4: look at `np.exp`: {function}"),
        ("5: too much: a * b * c [rest]", "Line 5: look at `* b * c`: {too much}"),
        ("4: update: c = np.exp(a, axis=0)", "Line 4: look at `c = np.exp(a, axis=0)`: {update}"),
        # Several edits in a line: the piece that holds all of them, or the line.
        ("2: sign: x + h * 2 [right]; 2: number: 2", "Line 2: look at `x + h * 2`: it goes wrong there."),
        ("2: number: 2; 2: name: x", "Line 2: look at `a = x + h * 2`: it goes wrong there."),
        ("2: too much: h * 2 [right]; 2: number: 2", "Line 2: look at `* 2`: {too much}"),
        # In two lines: what is the same in both, rather than a name that is only in one.
        ("2: name: x; 3: sign: a - (x + h) [right]", "Line 3: look at `- (x + h)`: {sign}."),
        ("2: sign: x; 2: number: 2; 3: sign: x", "Line 2 or 3: look at `x`: {sign}."),
        ("2: sign: x; 3: sign: h", "Look at line 2 or 3: {sign}."),
        ("2: sign: x; 3: number: x", None),
        ("2: sign: x; 3: sign: x; 5: sign: b", "Look at line 2 or 3 or 5: {sign}."),
        ("2: sign: x; 3: sign: x; 4: sign: a; 5: sign: b", None),
    ],
)
def test_the_place_that_edits_of_one_effect_share(edits, says):
    assert place_in_cell(edits) == (says and in_words(says))


def test_a_long_piece_of_code_is_cut():
    place = f"return {' + '.join('abcdefghijklmnopqrstuvwxyz')}"
    code = SimpleNamespace(tree=None, text=f"def f():\n    {place}", lines=["def f():", f"    {place}"], name="f")
    look = ast.parse(code.text).body[0].body[0]
    piece = place_of([Edit(0, "order", look, "", [], code)], code).code
    assert piece.endswith(" ...") and place.startswith(piece[:-4]) and len(piece) <= 60
