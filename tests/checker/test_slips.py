"""The small edits of an expression: what the rules make of telling ones, and how the matcher reads a table."""

import ast
import textwrap
from types import SimpleNamespace

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from course.checker.slips.edits import expression_edits, missing_edits
from course.checker.slips.lines import line_edits, missing_lines
from course.checker.slips.rebuild import place_watch
from course.checker.slips.rules import MISSING, RULES, Matcher, rules_in


def parsed(text):
    return ast.parse(text, mode="eval").body


def words():
    """Return what may come into a function of x and h, with parameters that have the fields W_xh and W_hh."""
    return SimpleNamespace(
        names=["x", "h"], fields=[("W_xh", "W_hh")], numbers=[4], parts=[parsed("x"), parsed("h.T")], modules={"np"}
    )


def edits_of(text, table=RULES):
    """Return what may stand in place of an expression, one edit a line, each with its level and its kind."""
    lines = []
    for rule, new in Matcher(words(), table).edits_of(parsed(text)):
        piece = f" [{rule.piece}]" if rule.piece else ""
        lines.append(f"{rule.level}{'~' * rule.loose} {rule.kind}: {ast.unparse(new)}{piece}")
    return lines


# An expression, and all its edits in their order.
TELLING = """
a @ b
    1 operation: a + b
    1 operation: a - b
    0 operation: a * b
    0 operation: a / b
    1 too much: a [right]
    1 too much: b [left]
    0 transposed: a.T @ b
    0 transposed: a @ b.T
    1 transposed: a.T @ b.T
    1 transposed: b.T @ a
    1 transposed: b @ a.T
    0 sides: b @ a

1 - h ** 2
    0 sign: 1 + h ** 2 [right]
    1 operation: 1 / h ** 2
    1 operation: 1 @ h ** 2
    1 too much: 1 [right]
    1 too much: h ** 2 [left]
    1 too much: -h ** 2 [left]
    1 sides: h ** 2 - 1
    1 parentheses: (1 - h) ** 2

a - b - c
    0 sign: a - b + c [right]
    1 operation: (a - b) * c
    1 operation: (a - b) / c
    1 operation: (a - b) @ c
    1 too much: a - b [right]
    1 too much: c [left]
    1 too much: -c [left]
    1 too much: a [rest]
    1 sides: c - (a - b)
    1 parentheses: a - (b - c)

-2
    0 sign: 2
    1~ number: 0
    1~ number: -3

a and b and c
    0 condition: a or b or c
    1 condition: b and c
    1 condition: a and c
    1 condition: a and b

a < b
    0 comparison: a <= b
    0 comparison: a > b
    0 comparison: a >= b
    0 comparison: a == b
    0 comparison: a != b

np.sum(x, axis=1)
    1 too much: x [function]
    0 axis: np.sum(x)
    0 axis: np.sum(x, axis=0) [axis]
    0 axis: np.sum(x, axis=-1) [axis]
    0 axis: np.sum(x, axis=None) [axis]
    0 shape: np.sum(x, axis=1, keepdims=True)

x.max()
    1 too much: x [function]
    0 axis: x.max(axis=-1, keepdims=True)
    0 axis: x.max(axis=0)
    0 axis: x.max(axis=1)

np.exp(x - h)
    1 too much: x - h [function]
    1 parentheses: np.exp(x) - h
    1 parentheses: x - np.exp(h)

np.zeros(n)
    0 type: np.zeros(n, dtype=float)

range(1, n)
    0 loop begin: range(1 + 1, n)
    0 loop begin: range(1 - 1, n)
    0 loop end: range(1, n + 1)
    0 loop end: range(1, n - 1)
    0 loop begin: range(0, n)
    1 arguments: range(n, 1)

probs[t]
    0 index: probs[t + 1]
    0 index: probs[t - 1]
    2 index: probs[h.T]
    1 index: probs[:, t]
    1~ index: probs

hidden[:-1]
    0 index: hidden[:-1 + 1]
    0 index: hidden[:-1 - 1]
    0 index: hidden[:]
    0 index: hidden[:]
    0 index: hidden[1:]
    1 index: hidden[:, :-1]
    1~ index: hidden

W[:, ids]
    0 index: W[:, ids + 1]
    0 index: W[:, ids - 1]
    0 index: W[1:, ids]
    0 index: W[:-1, ids]
    2 index: W[:, h.T]
    0 index: W[ids, :]
    0 index: W[np.arange(len(ids)), ids]
    0 index: W[ids]
    1~ index: W

0.5
    1~ number: 1.5
    1~ number: -0.5
    1~ number: 0
    1~ number: 1
    1~ number: 2
    1~ number: 4

x
    1 name: h
    2 value: 0
    2 value: 1

parameters.W_hh.T
    0 transposed: parameters.W_hh
    1 name: parameters.W_xh

np.log
    0 function: np.log10
    0 function: np.log1p
    0 function: np.log2
"""


@pytest.mark.parametrize(
    "block", [pytest.param(block, id=block.split("\n")[0]) for block in TELLING.strip().split("\n\n")]
)
def test_edits_of_telling_expressions(block):
    expression, *lines = block.split("\n")
    assert edits_of(expression) == [line.strip() for line in lines]


# ---------------------------------------------------------------- the notation of the table


@pytest.mark.parametrize(
    ("rule", "expression", "new"),
    [
        ("A + B -> B + A", "a + b * c", ["b * c + a"]),
        ("A + B -> B + A", "a - b", []),
        ("(A ? B) ? C -> A ? (B ? C)", "a - b + c", ["a - (b + c)"]),
        ("A {+, -} B -> A {*, /} B", "a - b", ["a * b", "a / b"]),
        ("A.{log, exp} -> A.{}", "np.log", ["np.exp"]),
        ("P * Q -> P / Q", "1 * a", []),
        ("A * S -> A ** S", "a * 0.5", ["a ** 0.5"]),
        ("A * S -> A ** S", "a * 5", []),
        ("F(X, A) -> F(A, X)", "f(a, b, c)", ["f(c, a, b)"]),
        ("F(X, A, Y) -> F(A)", "f(a, b)", ["f(a)", "f(b)"]),
        ("F(A) -> A", "f(a, axis=0)", []),
        ("F(A, **O) -> A", "x.f(a, axis=0)", ["a"]),
        ("np.F(A) -> A", "x.f(a)", []),
        ("np.F(A) -> A", "np.f(a)", ["a"]),
        ("np.F(A) -> A", "f(a)", ["a"]),
        ("V.F(X) -> V", "x.f(a, b)", ["x"]),
        ("V.F(X) -> V", "np.f(a)", []),
        ("F(U) -> F()", "f(a, b)", []),
        ("ALONG(X) -> ALONG(X, axis=0)", "x.sum()", ["x.sum(axis=0)"]),
        ("ALONG(X) -> ALONG(X, axis=0)", "np.exp(x)", []),
        ("ALONG(X, **O) -> ALONG(X, **O, axis=0)", "np.sum(x, axis=1)", []),  # that would give axis twice
        ("F(X, OPTION=A, **O) -> F(X, **O)", "f(x, side=1, axis=0)", ["f(x, axis=0)"]),
        ("X and A -> X or A", "a and b and c", ["a or b or c"]),
        ("X and A and Y -> X and Y", "a and b", ["b", "a"]),
        ("A[X, B, Y] -> A[X, B + 1, Y]", "a[i, 1:]", ["a[i + 1, 1:]"]),
        ("A[X, K:L, Y] -> A[X, K:, Y]", "a[i, 1:3]", ["a[i, 1:]"]),
        ("A[X, K:L, Y] -> A[X, K:, Y]", "a[1:3:2]", []),
        ("A[I] -> A[:, I]", "a[1:]", ["a[:, 1:]"]),
        ("N -> NUMBER", "4", ["5", "3", "-4", "0", "1", "2"]),
        ("-N -> -NEXT", "-1", ["-2"]),
        ("NAME -> OTHER", "h", ["x"]),
        ("OWN -> 0", "np", []),
        ("A.FIELD -> A.OTHER", "p.W_xh", ["p.W_hh"]),
        ("A.FIELD -> A.OTHER", "p.b_h", []),
        ("A + B -> A + PART", "a + b", ["a + h.T"]),
        ("A or B -> B or A", "a or a", []),  # that is what stands there
    ],
)
def test_notation(rule, expression, new):
    lines = edits_of(expression, f"0  kind  {rule}")
    assert [line.removeprefix("0 kind: ") for line in lines] == new


def test_rules_for_what_is_read_and_for_what_is_stored():
    table = "0  kind  = NAME -> OTHER\n1~ two words  NAME = -> OTHER  [left]"
    line = ast.parse("x = h").body[0]
    matcher = Matcher(words(), table)
    ((read, one),), ((stored, other),) = matcher.edits_of(line.value), matcher.edits_of(line.targets[0])
    assert (read.level, read.kind, read.piece, read.loose) == (0, "kind", "", False)
    assert (stored.level, stored.kind, stored.piece, stored.loose) == (1, "two words", "left", True)
    assert (one.id, type(one.ctx), other.id, type(other.ctx)) == ("x", ast.Load, "h", ast.Store)


@pytest.mark.parametrize("table", [RULES, MISSING])
def test_every_line_of_a_table_is_a_rule(table):
    assert len({rule.kind for rule in rules_in(table)}) > 5
    for line in table.strip().splitlines():
        assert not line or rules_in(line), line


# ---------------------------------------------------------------- any function

NAMES = st.sampled_from(
    ["x", "h", "np.pi", "W.W_hh", "W.W_xh.T", "0", "1", "2.5", "-3", "True", "None", "(x, h)", "[h, 1]"]
)


def wider(inner):
    """Return a strategy of expressions that hold others."""
    operation = st.sampled_from("+ - * / @ // % ** < <= == and or".split())
    call = ["np.exp({})", "{}.sum(axis=0)", "np.sum({}, axis=1, keepdims=True)", "len({})", "range({}, 3)", "x.dot({})"]
    index = [
        "h[{}]",
        "h[{}, 1:]",
        "h[:{}]",
        "h[1:{}:2]",
        "h[:, {}]",
        "-({})",
        "(not {})",
        "f(*{}, 1)",
        "np.zeros({}, int)",
    ]
    return st.one_of(
        st.builds("({} {} {})".format, inner, operation, inner),
        st.builds(str.format, st.sampled_from(call + index), inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("np.outer({}, {})".format, inner, inner),
    )


EXPRESSIONS = st.recursive(NAMES, wider, max_leaves=6)
BODY = """
    def f(x, h):
        total = x.copy()
        for t in range(len(h)):
            total[t] += {}
            h = {}
        return total
    """


@pytest.mark.filterwarnings("ignore::SyntaxWarning")  # such as that a number is called
@settings(max_examples=15, deadline=None, derandomize=True, phases=[Phase.generate])
@given(EXPRESSIONS, EXPRESSIONS)
def test_each_edit_is_python_and_is_taken_back(one, other):
    tree = ast.parse(textwrap.dedent(BODY).format(one, other)).body[0]
    place_watch(tree)
    code, before, text = SimpleNamespace(tree=tree), ast.dump(tree, include_attributes=True), ast.dump(tree)
    small = expression_edits(code, words())
    put_in = missing_edits(code, words()) + missing_lines(code, words())
    for number, edit in enumerate(small + line_edits(code) + put_in[::7]):
        edit.swap()
        assert number >= len(small) or ast.dump(tree) != text
        compile(ast.Module([tree], []), "<edited>", "exec")
        edit.swap()
        assert ast.dump(tree, include_attributes=True) == before


def test_a_line_that_is_missing_in_a_loop_takes_names_that_the_loop_uses():
    """At its end, what it has made goes into what it reads; before it, an argument into a first row that it reads."""
    source = "def f(x, h):\n    for t in x:\n        new = x[t] @ h\n    return new"
    tree = ast.parse(source).body[0]
    place_watch(tree)
    names = SimpleNamespace(**{**vars(words()), "names": ["x", "h", "new"]})
    put_in = set()
    for edit in missing_lines(SimpleNamespace(tree=tree), names):
        before = ast.unparse(tree).split("\n")
        edit.swap()
        after = ast.unparse(tree).split("\n")
        edit.swap()
        (line,) = [line for line in after if line not in before]
        put_in.add((line.strip(), line.startswith(" " * 8)))
    inside, before_it = {"x = new", "h = new"}, {"x[0] = h", "h[0] = x", "x = x.copy()", "h = h.copy()"}
    assert put_in == {(line, True) for line in inside} | {(line, False) for line in before_it}
