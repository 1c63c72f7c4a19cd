"""The small edits of one expression, as a table with one rule per line, and the matcher that applies it.

A rule says what may replace an expression that matches its pattern:

    level  kind  pattern -> new code ; new code  [piece]

level    how likely the slip is, from 0. `~` behind it: there are many edits like it, so one may fit by luck
kind     what was wrong, if the edit mends it: place.py has the words of each kind for a message
pattern  an expression, as Python writes it; `= ` before it: only where it is read; ` =` after it: where it is stored
piece    which part of the expression a message shows (see place.py); all of it if there is none

In a pattern, and with the same meaning in the new code behind it:

    A B C D    any expression              P Q    any but the number 1
    I J        also a slice, or *a         K L M  an end of a slice, given or not
    N          a number                    S      a small one: 2, 3 or 0.5
    X Y Z      any number of expressions   U W    one or none
    NAME       a name                      OWN    a name that the function gives a value
    **O        any number of options       V      any expression that is not a module
    FIELD      a field of an argument, such as W_hh of parameters
    f(A)       a call of sum(a), np.sum(a) or a.sum();  np.f(A): not of a method;  V.f(A): only of a method
    F G ...    a name of a function or an option: see _NAMES
    A ? B      any operation: the first ? of the new code is the first of the pattern, and so on
    {a, b}     a choice: the rule applies to each of them;  {} in the new code is each choice of the pattern

Only in the new code, each of these means several expressions, one after the other:

    OTHER      the function's other names, or the other fields
    NUMBER     numbers near N, and those of the right answers;  NEXT: N + 1

All rules that match are applied in order. New code that equals the old, or gives an option twice, is left out.
"""

import ast
import itertools
import re
from functools import cache, lru_cache
from typing import NamedTuple

# Each word means one of these names, or any name but these.
_NAMES = {
    "F": "any but",
    "G": "any but",
    "ALONG": "sum mean max min amax amin argmax argmin cumsum prod concatenate stack",
    "FILLED": "zeros ones empty zeros_like ones_like empty_like array asarray",
    "FULL": "full full_like",
    "WHOLE": "int astype",
    "REDUCES": "any but reversed int astype round floor rint range zip enumerate arange ndindex"
    " zeros ones empty zeros_like ones_like empty_like",
    "ORDERED": "any but outer",
}

# What may replace an expression.
RULES = """
0  sign         A + B -> A - B  [right]
0  sign         A - B -> A + B  [right]
1  operation    A {*, /, @, //, %, **, ^, &, |} B -> A + B ; A - B
1  operation    P {+, -, //, %, **, ^, &, |} Q -> P * Q
1  operation    A {+, -, //, %, **, ^, &, |} Q -> A / Q
1  operation    A {+, -, //, %, **, ^, &, |} B -> A @ B
0  operation    P {/, @} Q -> P * Q
0  operation    A {*, @} Q -> A / Q
0  operation    A {*, /} B -> A @ B
0  operation    A // B -> A / B ; A % B
0  operation    A {/, %} B -> A // B
0  operation    A ^ B -> A ** B
0  operation    A ** B -> A * B
1  operation    P * Q -> P ** Q
0  operation    A * S -> A ** S
0  operation    S * A -> A ** S
1  too much     A ? B -> A  [right]
1  too much     A ? B -> B  [left]
1  too much     A - B -> -B  [left]
1  too much     (A ? B) ? C -> A  [rest]
0  transposed   A @ B -> A.T @ B ; A @ B.T
1  transposed   A @ B -> A.T @ B.T ; B.T @ A ; B @ A.T
0  sides        A / B -> B / A
0  sides        A // B -> B // A
0  sides        A @ B -> B @ A
0  sides        A ** B -> B ** A
1  sides        A - B -> B - A
1  parentheses  (A ? B) ? C -> A ? (B ? C)
1  parentheses  ((A ? B) ? C) ? D -> A ? ((B ? C) ? D)
1  parentheses  A ? (B ? C) -> (A ? B) ? C
1  parentheses  (-A) ? B -> -(A ? B)
1  parentheses  F(A, **O) ? B -> F(A ? B, **O)
1  parentheses  A ? F(B, **O) -> F(A ? B, **O)

0  sign         -A -> A
1  parentheses  -(A ? B) -> (-A) ? B
1~ number       -N -> 0 ; -NEXT

0  comparison   A {<, <=, >, >=, ==, !=, in, not in, is, is not} B -> A {<, <=, >, >=, ==, !=} B

1  type         V.WHOLE(X, **O) -> V  [function]
1  type         np.WHOLE(A, X, **O) -> A  [function]
1  too much     V.REDUCES(X, **O) -> V  [function]
1  too much     np.REDUCES(A, X, **O) -> A  [function]
1  too much     np.REDUCES(A, B) -> B  [function]
0  axis         F(X, axis=A, **O) -> F(X, **O)
0  axis         ALONG(X, axis=A, **O) -> ALONG(X, **O, axis={0, 1, -1, None})  [axis]
0  type         F(X, dtype=A, **O) -> F(X, **O)
0  shape        F(X, keepdims=A, **O) -> F(X, **O)
0  axis         ALONG(U, **O) -> ALONG(U, **O, axis=-1, keepdims=True) ; ALONG(U, **O, axis={0, 1})
0  axis         take(X, **O) -> take(X, **O, axis={0, 1}) ; take(X, **O, axis={0, 1}).T
0  shape        V.ALONG(X, axis=A, **O) -> V.ALONG(X, axis=A, **O, keepdims=True)
0  shape        np.ALONG(I, X, **O) -> np.ALONG(I, X, **O, keepdims=True)
0  type         A.{float16, float32} -> A.float64
0  type         FILLED(**O) -> FILLED(**O, dtype=float)
0  type         FILLED(dtype=A, **O) -> FILLED(**O, dtype=float)
0  type         FILLED(I, X, **O) -> FILLED(I, **O, dtype={float, int})
0  type         FILLED(I, X, dtype=A, **O) -> FILLED(I, **O, dtype=float)
0  type         FULL(I, J, X, **O) -> FULL(I, J, **O, dtype=float)
0  type         FULL(I, J, X, dtype=A, **O) -> FULL(I, J, **O, dtype=float)
0  loop end     range(A) -> range(A {+, -} 1)
0  loop begin   range(A) -> range(1, A)
0  loop begin   range(A, B, X) -> range(A {+, -} 1, B, X)
0  loop end     range(A, B, X) -> range(A, B {+, -} 1, X)
0  loop begin   range(A, B, X) -> range(0, B, X)
0  transposed   outer(X, I, J, Y, **O) -> outer(X, J, I, Y, **O)
1  arguments    ORDERED(X, I, J, Y, **O) -> ORDERED(X, J, I, Y, **O)
1  arguments    ORDERED(I, A, J, **O) -> ORDERED(J, A, I, **O)
1  arguments    ORDERED(I, A, B, X, **O) -> ORDERED(A, B, X, I, **O)
1  arguments    ORDERED(A, B, X, J, **O) -> ORDERED(J, A, B, X, **O)
0  transposed   V.dot(A, **O) -> A.dot(V, **O)
0  sides        V.searchsorted(A, **O) -> A.searchsorted(V, **O)
1  parentheses  np.F(np.G(A, **O), **P) -> np.G(np.F(A, **P), **O)
1  parentheses  np.F(V.G(U, **O), **P) -> np.F(V, **P).G(U, **O)
1  parentheses  np.G(A, **O).F(U, **P) -> np.G(A.F(U, **P), **O)
1  parentheses  V.G(U, **O).F(W, **P) -> V.F(W, **P).G(U, **O)
1  parentheses  F(A ? B, **O) -> F(A, **O) ? B ; A ? F(B, **O)

0  index        A[X, B, Y] -> A[X, B {+, -} 1, Y]
0  index        A[X, B:L:M, Y] -> A[X, B + 1:L:M, Y]
0  index        A[X, K:B:M, Y] -> A[X, K:B + 1:M, Y]
0  index        A[X, B:C:M, Y] -> A[X, B + 1:C + 1:M, Y]
0  index        A[X, B:L:M, Y] -> A[X, B - 1:L:M, Y]
0  index        A[X, K:B:M, Y] -> A[X, K:B - 1:M, Y]
0  index        A[X, B:C:M, Y] -> A[X, B - 1:C - 1:M, Y]
0  index        A[X, K:L, Y] -> A[X, :L, Y] ; A[X, K:, Y] ; A[X, :, Y] ; A[X, 1:, Y] ; A[X, :-1, Y]
0  index        A[X, K:L:B, Y] -> A[X, K:L, Y]
1  index        A[I] -> A[:, I]
0  index        A[I, J] -> A[J, I]
0  index        A[K:L:M, B] -> A[np.arange(len(B)), B] ; A[B]
0  index        A[B, K:L:M] -> A[B, np.arange(len(B))] ; A[B]
1~ index        = A[X] -> A

0  value        {True, False} -> {}
1~ number       N -> NUMBER
1  name         = NAME -> OTHER
2  name         NAME = -> OTHER
1  entries      = (X, I, Y, J, Z) -> (X, J, Y, I, Z)
2  entries      (X, I, Y, J, Z) = -> (X, J, Y, I, Z)
1  entries      = [X, I, Y, J, Z] -> [X, J, Y, I, Z]
2  entries      [X, I, Y, J, Z] = -> [X, J, Y, I, Z]

0  transposed   A.T -> A
1  name         A.FIELD.T -> A.OTHER
2  name         NAME.T -> OTHER
0  function     A.{cumprod, cumsum, max, mean, min, prod, sum} -> A.{}
0  function     A.{maximum, minimum} -> A.{}
0  function     A.{log, log10, log1p, log2} -> A.{}
0  function     A.{exp, exp2, expm1} -> A.{}
0  function     A.{arctan, cos, sin, sinh, tan, tanh} -> A.{}
0  function     A.{argmax, argmin} -> A.{}
0  function     A.{empty, ones, zeros} -> A.{ones, zeros}
0  function     A.{empty_like, ones_like, zeros_like} -> A.{ones_like, zeros_like}
0  function     A.{ceil, floor, rint, round} -> A.{}
0  function     A.{dot, matmul, multiply, outer} -> A.{}
0  function     A.{add, subtract} -> A.{}
0  function     A.{cbrt, sqrt, square} -> A.{}
0  name         A.FIELD -> A.OTHER
"""

# What may be missing around an expression A, from the likely to the less likely.
MISSING = """
2  sign        A -> -A
2  transposed  A -> A.T
2  missing     A -> A**2
2  missing     A -> 1 - A
2  missing     A -> np.sum(A)
2  missing     A -> np.sum(A, axis=0)
2  missing     A -> EXP(A)
2  missing     A -> np.log(A)
2  missing     A -> np.tanh(A)
2  missing     A -> np.sqrt(A)
2  missing     A -> np.cumsum(A)
2  missing     A -> A / np.sum(A, axis=-1, keepdims=True)
2  shift       A -> A - np.max(A, axis=-1, keepdims=True)
2  missing     A -> A + 1
2  missing     A -> A - 1
2  missing     A -> 1 / A
2  missing     A -> SOFTMAX(A)
2  type        A -> np.asarray(A, float)
2  part        A -> A[1:]
2  part        A -> A[:-1]
2  part        A -> A[-1]
2  copy        A -> A.copy()
"""


class Rule(NamedTuple):
    """One pattern of a table, and the new code for it."""

    level: int
    kind: str
    pattern: ast.expr
    new: list  # of trees, each with the word in it that means several expressions, or ""
    piece: str
    loose: bool  # there are many edits like it, so one may fit by luck
    context: type  # ast.Load for what is read, ast.Store for what is stored, None for both


@cache
def rules_in(table):
    """Return the Rules of a table."""
    return [rule for line in table.strip().splitlines() if line for rule in _rules_of(line)]


def _rules_of(line):
    form = r"(\d)(~?) +(\S+(?: \S+)*) {2,}(= )?(.+?)( =)? -> (.+?)(?:  \[(.*)\])?"
    level, loose, kind, read, head, stored, code, piece = re.fullmatch(form, line).groups()
    context = ast.Load if read else ast.Store if stored else None
    choice = re.search(r"\{.*\}", head)
    texts = [text for one in code.split(" ; ") for text in _choices(one.replace("{}", choice[0] if choice else ""))]
    new = [(_tree_of(text), re.search("OTHER|NUMBER|NEXT|$", text)[0]) for text in texts]
    for pattern in _choices(head):
        yield Rule(int(level), kind, _tree_of(pattern), new, piece or "", loose == "~", context)


def _choices(text):
    """Yield the texts that a text with {a, b} in it abbreviates."""
    parts = re.split(r"\{(.*?)\}", text)
    return map("".join, itertools.product(*(part.split(", ") if k % 2 else [part] for k, part in enumerate(parts))))


@cache
def _tree_of(text):
    """Return the tree of a pattern or of new code. Its nodes have no line numbers: they are not the learner's."""
    numbers = itertools.count(1)
    text = re.sub(r"\?", lambda _: f"<<OP{next(numbers)}<<", text)  # A ? B is parsed as (A << OP1) << B
    tree = ast.parse(text, mode="eval").body
    for node in ast.walk(tree):
        for name in node._attributes:
            delattr(node, name)
        if isinstance(node, ast.BinOp) and isinstance(getattr(node.left, "op", None), ast.LShift):
            node.left, node.op = node.left.left, node.left.right
    return tree


def _is_expression(node, inserts=None):
    return isinstance(node, ast.expr) and not isinstance(node, (ast.Slice, ast.Starred))


def _is_number(node, inserts=None):
    return isinstance(node, ast.Constant) and type(node.value) in (int, float)


def is_module(node, inserts):
    """True for np and other names of modules on the learner's page."""
    return isinstance(node, ast.Name) and node.id in inserts.modules


# Does a word of a pattern match a part of the learner's code? Functions of that part and of the Inserts.
_FITS = {
    **dict.fromkeys("ABCD", _is_expression),
    **dict.fromkeys("IJ", lambda node, inserts: isinstance(node, ast.expr)),
    **dict.fromkeys("KLM", lambda node, inserts: node is None or isinstance(node, ast.expr)),
    **dict.fromkeys("PQ", lambda node, inserts: _is_expression(node) and getattr(node, "value", None) != 1),
    **dict.fromkeys(["OP1", "OP2", "OP3"], lambda node, inserts: isinstance(node, ast.operator)),
    "N": _is_number,
    "S": lambda node, inserts: _is_number(node) and node.value in (2, 3, 0.5),
    "V": lambda node, inserts: _is_expression(node) and not is_module(node, inserts),
    "NAME": lambda node, inserts: isinstance(node, ast.Name),
    "OWN": lambda node, inserts: isinstance(node, ast.Name) and node.id in inserts.names,
    "FIELD": lambda name, inserts: any(name in fields for fields in inserts.fields),
}
_MOST = {**dict.fromkeys("XYZ", 1000), **dict.fromkeys("UW", 1)}  # how many expressions a letter can match


@cache
def is_one_of(word, name):
    """True if a word of a rule, such as ALONG, matches the name of a function or an option."""
    names = _NAMES.get(word, word)
    others = names.removeprefix("any but")
    return name in names.split() if others == names else name not in others.split()


def function_name(call):
    """Return the name of what is called: "sum" in np.sum(x) and in x.sum()."""
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


@lru_cache(maxsize=1000)
def _rules_for(table, kind, detail):
    """Return the rules of a table that may match nodes of one type: see _detail."""
    return [rule for rule in rules_in(table) if _type_of(rule.pattern) is kind and _may_fit(rule.pattern, detail)]


def _type_of(pattern):
    return ast.Constant if getattr(pattern, "id", "") == "N" else type(pattern)


def _detail(node):
    """Return what distinguishes rules for nodes of the same type: an operation, the name of a function, a slice."""
    if isinstance(node, (ast.BinOp, ast.UnaryOp)):
        return type(node.op)
    if isinstance(node, ast.Call):
        return function_name(node)
    if isinstance(node, ast.Subscript):
        return any(isinstance(part, ast.Slice) for part in _content(node)[1])
    return getattr(node, "attr", None)


def _may_fit(pattern, detail):
    mine = _detail(pattern)
    if isinstance(pattern, ast.Call):
        return is_one_of(mine, detail)
    if isinstance(pattern, ast.Subscript):
        return detail or not mine
    return mine in (detail, ast.Name, "FIELD")  # a Name matches any operation


class Matcher:
    """Applies the rules of a table to the expressions of one function. inserts: what may be inserted."""

    def __init__(self, inserts, table=RULES):
        self.inserts, self.table = inserts, table

    def edits_of(self, node):
        """Yield (Rule, new expression) for all replacements of an expression."""
        is_stored = isinstance(getattr(node, "ctx", None), ast.Store)
        for rule in _rules_for(self.table, type(node), _detail(node)):
            if rule.context and not isinstance(node.ctx, rule.context):
                continue
            for found in self._ways_of_all([rule.pattern], [node], {}):
                for new in self._new_code(rule, found):
                    if _same(new, node) or _has_option_twice(new):
                        continue
                    if is_stored:
                        new.ctx = node.ctx
                    yield rule, new

    def _ways_of_all(self, patterns, nodes, found):
        """Yield {word: what it matches} for each way in which patterns match nodes. found: the words so far."""
        for number, pattern in enumerate(patterns):
            word = _word(pattern)
            if word in _MOST:
                others = nodes[number:]
                for count in range(min(_MOST[word], len(others)) + 1):
                    more = found | {word: others[:count]}
                    yield from self._ways_of_all(patterns[number + 1 :], others[count:], more)
                return
            if number == len(nodes):
                return
            node = nodes[number]
            if word:
                if not _FITS[word](node, self.inserts):
                    return
                found = found | {word: node}
            elif isinstance(pattern, list) or getattr(pattern, "_fields", ()):
                for more in self._ways_inside(pattern, node, found):
                    yield from self._ways_of_all(patterns[number + 1 :], nodes[number + 1 :], more)
                return
            elif not _is_equal(pattern, node):
                return
        if len(nodes) == len(patterns):
            yield found

    def _ways_inside(self, pattern, node, found):
        """Yield {word: what it matches} for each way in which the parts of a pattern match those of a node."""
        if isinstance(pattern, list):
            yield from self._ways_of_all(pattern, node, found)
        elif type(pattern) is type(node):
            if isinstance(pattern, ast.Call):
                yield from self._ways_of_call(pattern, node, found)
            else:
                yield from self._ways_of_all(_pattern_content(pattern), _content(node), found)

    def _ways_of_call(self, pattern, node, found):
        for one in self._ways_of_function(pattern.func, node.func, function_name(node), found):
            for other in self._ways_of_all(pattern.args, node.args, one):
                yield from self._ways_of_options(pattern.keywords, node.keywords, other)

    def _ways_of_function(self, pattern, function, name, found):
        is_method = isinstance(function, ast.Attribute) and not is_module(function.value, self.inserts)
        if isinstance(pattern, ast.Name):
            if is_one_of(pattern.id, name):
                yield found | {pattern.id: function}
        elif is_one_of(pattern.attr, name):
            if not _is_np(pattern.value):
                if is_method:
                    yield from self._ways_of_all([pattern.value], [function.value], found | {pattern.attr: name})
            elif not is_method:
                yield found | {f"np.{pattern.attr}": function}

    def _ways_of_options(self, patterns, options, found):
        """Like _ways, for options in any order. **O is the last of the patterns."""
        if not patterns:
            if not options:
                yield found
        elif patterns[0].arg is None:
            yield found | {patterns[0].value.id: options}
        else:
            for number, option in enumerate(options):
                if is_one_of(patterns[0].arg, option.arg):
                    others = options[:number] + options[number + 1 :]
                    for more in self._ways_of_all([patterns[0].value], [option.value], found):
                        yield from self._ways_of_options(patterns[1:], others, more)

    def _new_code(self, rule, found):
        """Yield the new expressions of a rule. found: what its words match."""
        for new, word in rule.new:
            if not word:
                yield filled(new, found)
            else:
                for one in self._several(word, found):
                    yield filled(new, found | {word: one})

    def _several(self, word, found):
        """Return all expressions that OTHER, NUMBER or NEXT means in new code."""
        if word == "OTHER" and "FIELD" in found:
            mine = found["FIELD"]
            return [one for fields in self.inserts.fields if mine in fields for one in fields if one != mine]
        if word == "OTHER":
            return [ast.Name(name, ast.Load()) for name in self.inserts.names if name != found["NAME"].id]
        if word == "NEXT":
            return [ast.Constant(found["N"].value + 1)]
        if word == "NUMBER":
            value = found["N"].value
            near = [value + 1, value - 1, -value, 0, 1, 2, *self.inserts.numbers]
            return [ast.Constant(number) for number in dict.fromkeys(near) if number != value]
        raise ValueError(f"No word of a rule: {word}")


def code_of(text, **parts):
    """Return the expression in a text, with the names of parts replaced by nodes."""
    return filled(_tree_of(text), parts)


def filled(new, found):
    """Return new code with its words replaced by what was found."""
    if isinstance(new, list):
        parts = [filled(one, found) for one in new]
        return [one for part in parts for one in (part if isinstance(part, list) else [part])]
    if isinstance(new, str):
        return found.get(new, new)
    if not isinstance(new, ast.AST) or not new._fields:  # an operation, or the context of a name, may be shared
        return new
    if isinstance(new, ast.Name) and new.id in found:
        return found[new.id]
    if isinstance(new, ast.keyword) and new.arg is None:
        return found[new.value.id]
    if isinstance(new, ast.Attribute) and _is_np(new.value) and f"np.{new.attr}" in found:
        return found[f"np.{new.attr}"]
    made = type(new)(*[filled(getattr(new, name), found) for name in new._fields])
    if isinstance(made, ast.Subscript) and isinstance(made.slice, ast.Tuple) and len(made.slice.elts) == 1:
        made.slice = made.slice.elts[0]
    return made.values[0] if isinstance(made, ast.BoolOp) and len(made.values) == 1 else made


def _content(node):
    """Return the parts of a node that distinguish it from others of its type. An index always has a list of parts."""
    if isinstance(node, ast.Subscript):
        return [node.value, node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]]
    return [getattr(node, name) for name in node._fields if name not in ("ctx", "kind")]


_pattern_content = cache(_content)


def _word(pattern):
    """Return the word, such as A or OWN, if a part of a pattern is one, or ""."""
    word = getattr(pattern, "id", pattern)
    return word if isinstance(word, str) and (word in _FITS or word in _MOST) else ""


def _is_equal(pattern, node):
    """True if two parts without parts of their own, such as operations, numbers or None, are equal."""
    return type(pattern) is type(node) and (isinstance(pattern, ast.AST) or pattern == node)


def _same(one, other):
    """True if two expressions are written alike."""
    if one is other:
        return True
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if not isinstance(one, ast.AST):
        return type(one) is type(other) and one == other
    if type(one) is not type(other):
        return False
    return one.id == other.id if isinstance(one, ast.Name) else _same(_content(one), _content(other))


def _has_option_twice(node):
    if not isinstance(node, ast.Call):
        return False
    names = [option.arg for option in node.keywords if option.arg]
    return len(set(names)) < len(names)


def _is_np(node):
    return isinstance(node, ast.Name) and node.id == "np"
