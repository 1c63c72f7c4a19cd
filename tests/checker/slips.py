"""Right answers with one or two slips, for the tests of the diagnosis, made without the edits of the diagnosis."""

import ast
import difflib
import functools
import linecache
from typing import NamedTuple

from answers import finished_page, of

from course.lessons import OWN

_OPERATORS = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div, ast.Add),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
    ast.MatMult: (ast.Mult,),
}
_COMPARISONS = {ast.Lt: ast.GtE, ast.Gt: ast.Lt, ast.LtE: ast.Lt, ast.GtE: ast.Gt}


class Wrong(NamedTuple):
    """A function with slips: the name of the exercise, the function, its text, and the lines of each slip."""

    name: str
    function: object
    text: str
    places: tuple


def right_texts():
    """Yield (name of an exercise, text, globals) of each right answer that is more than one call of the course.

    Answers of the warm-up are left out, because some of them leave no room for a slip, and those of a half, so that the
    slips stay the same when answers are added.
    """
    for name in OWN:
        for answer in of(name, "right"):
            if answer.half or answer.about:
                continue
            tree = ast.parse(answer.code)
            definition = tree.body[-1]
            if ast.get_docstring(definition):
                del definition.body[0]
            if not (isinstance(definition.body[0], ast.Return) and "rnn_helpers." in answer.code):
                yield name, ast.unparse(tree), finished_page(name)


@functools.cache
def slips(text):
    """Return (kind, wrong text) for each possible slip in a text."""
    found, tree = [], ast.parse(text)
    nodes = list(ast.walk(tree))
    for number in range(len(nodes)):
        for choice in range(4):
            kind = _slip(nodes[number], choice, nodes)
            if kind:
                found.append((kind, ast.unparse(ast.fix_missing_locations(tree))))
                tree = ast.parse(text)  # a fresh copy of the right one
                nodes = list(ast.walk(tree))
    return [(kind, wrong) for kind, wrong in found if wrong != text]


def _slip(node, choice, nodes):
    """Change a node, and return the kind of the slip, or "" if there is none."""
    if isinstance(node, ast.BinOp):
        others = _OPERATORS.get(type(node.op), ())
        if choice < len(others):
            node.op = others[choice]()
            return "sign" if isinstance(node.op, (ast.Add, ast.Sub)) and choice == 0 else "operator"
        if choice == 2:  # a term or a factor is dropped
            _become(node, node.left if not isinstance(node.left, ast.Constant) else node.right, nodes)
            return "dropped"
        if choice == 3 and isinstance(node.left, ast.BinOp) and type(node.op) is not type(node.left.op):
            left = node.left  # (a + b) * c becomes a + b * c
            node.left, node.op, node.right = left.left, left.op, ast.BinOp(left.right, node.op, node.right)
            return "parentheses"
    is_minus = isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and choice == 0
    if is_minus and not isinstance(node.operand, ast.Constant):
        _become(node, node.operand, nodes)
        return "sign"
    if isinstance(node, ast.keyword) and node.arg == "axis" and choice == 0 and isinstance(node.value, ast.Constant):
        node.value = ast.Constant(1 if node.value.value == 0 else 0)
        return "axis"
    if isinstance(node, ast.Subscript) and isinstance(node.ctx, ast.Load):
        return _index_slip(node, choice)
    if isinstance(node, ast.Attribute) and node.attr == "T" and choice == 0:
        _become(node, node.value, nodes)
        return "transpose"
    if isinstance(node, ast.Attribute) and choice == 0:
        swapped = {"W_hh": "W_xh", "W_hy": "W_hh", "b_h": "b_y", "b_y": "b_h", "zeros_like": "empty_like"}
        swapped |= {"sum": "mean", "max": "min", "log": "log2", "hidden": "probs"}
        if node.attr in swapped and node.attr != "zeros_like":
            node.attr = swapped[node.attr]
            return "name"
    if isinstance(node, ast.Call):
        return _call_slip(node, choice, nodes)
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and choice == 0 and type(node.ops[0]) in _COMPARISONS:
        node.ops = [_COMPARISONS[type(node.ops[0])]()]
        return "comparison"
    if isinstance(node, ast.AugAssign) and choice < 2:
        if choice == 0:
            _become(node, ast.Assign([node.target], node.value), nodes)
            return "update"
        if isinstance(node.op, (ast.Add, ast.Sub)):
            node.op = ast.Sub() if isinstance(node.op, ast.Add) else ast.Add()
            return "sign"
    if isinstance(node, (ast.For, ast.While)) and choice < 2:
        return _loop_slip(node, choice, nodes)
    if isinstance(node, ast.FunctionDef) and choice < 3 and len(node.body) > choice + 2:
        body = node.body  # two lines are swapped
        if not isinstance(body[choice + 1], ast.Return):
            body[choice], body[choice + 1] = body[choice + 1], body[choice]
            return "order"
    if isinstance(node, ast.Constant) and type(node.value) in (int, float) and choice == 0:
        node.value = node.value + 1 if isinstance(node.value, int) else node.value * 2
        return "number"
    return ""


def _index_slip(node, choice):
    """Change x[i] to x[i + 1] or x[i - 1]."""
    index = node.slice
    if choice < 2 and isinstance(index, (ast.Name, ast.BinOp)):
        node.slice = ast.BinOp(index, (ast.Add, ast.Sub)[choice](), ast.Constant(1))
        return "index"
    if choice == 2 and isinstance(index, ast.Slice) and index.lower is not None:
        node.slice = ast.Slice(None, index.upper, index.step)
        return "index"
    if choice == 3 and isinstance(index, ast.Tuple) and len(index.elts) == 2:
        node.slice = ast.Tuple(index.elts[::-1], ast.Load())
        return "index"
    return ""


def _call_slip(node, choice, nodes):
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name == "copy" and choice == 0:
        _become(node, node.func.value if not node.args else node.args[0], nodes)
        return "copy"
    if name in ("reversed", "exp", "tanh", "sqrt", "cumsum", "log") and choice == 0 and node.args:
        _become(node, node.args[0], nodes)
        return "direction" if name == "reversed" else "dropped"
    if name == "range" and choice == 0 and len(node.args) == 1:
        node.args = [ast.Constant(1), *node.args]
        return "bounds"
    if name == "range" and choice == 1:
        last = min(1, len(node.args) - 1)
        node.args[last] = ast.BinOp(node.args[last], ast.Sub(), ast.Constant(1))
        return "bounds"
    if name.startswith("zeros") and choice == 2:
        node.keywords = [*node.keywords, ast.keyword("dtype", ast.Name("int", ast.Load()))]
        return "dtype"
    if name not in ("range", "zeros") and len(node.args) == 2 and choice == 3:
        node.args = node.args[::-1]
        return "arguments"
    return ""


def _loop_slip(node, choice, nodes):
    """Move the return into the loop, or swap the last two lines of the loop."""
    if choice == 0:
        for parent in nodes:
            body = getattr(parent, "body", None)
            if isinstance(body, list) and node in body and isinstance(body[-1], ast.Return) and node is body[-2]:
                node.body.append(body.pop())
                return "return"
    elif len(node.body) > 1:
        node.body[-1], node.body[-2] = node.body[-2], node.body[-1]
        return "order"
    return ""


def _become(node, new, nodes):
    """Replace a node of the tree by a new one."""
    for parent in nodes:
        for field, value in ast.iter_fields(parent):
            if value is node:
                setattr(parent, field, new)
            elif isinstance(value, list) and any(one is node for one in value):
                value[:] = [new if one is node else one for one in value]


def changed_lines(text, wrong):
    """Return the numbers of the lines of a wrong text that are not in the right one, or the neighbors of a gap."""
    lines = set()
    matcher = difflib.SequenceMatcher(None, text.split("\n"), wrong.split("\n"), autojunk=False)
    for tag, _, _, start, end in matcher.get_opcodes():
        if tag != "equal":
            lines |= set(range(start + 1, end + 1)) or {start, start + 1}
    return lines


def learner(name, text, scope):
    """Run a text as a cell of a page, and return its function."""
    file = f"<cell {name} {abs(hash(text))}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    names = {**scope, "__name__": "__main__"}
    exec(compile(text, file, "exec"), names)
    return names[name]


def sample(rng, count):
    """Yield Wrongs with one slip each, from the right answers in turn. All kinds of slip are equally likely.

    rng  random.Random
    """
    texts = list(right_texts())
    found = 0
    while found < count:
        name, text, scope = rng.choice(texts)
        choices = slips(text)
        kind = rng.choice(sorted({kind for kind, _ in choices}))
        wrong = rng.choice([wrong for one, wrong in choices if one == kind])
        if wrong != text:
            found += 1
            yield kind, Wrong(name, learner(name, wrong, scope), wrong, (changed_lines(text, wrong),))
