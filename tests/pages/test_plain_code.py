"""The code that learners read and copy: short lines, plain statements, and cells that can be run again."""

import ast
import copy

import pytest
from notebook_pages import NOTEBOOKS, PAGES, Page, page_named, texts

from course.lessons.contents import LAST_OF_YOUR_NETWORK
from course.tools.run_page import run
from course.tools.stored import UNCHECKED

# The pages whose cells all keep these rules. On the others, the setup cell does.
PLAIN = """
    00_meet_the_network
    01_softmax
    02_forward_pass
    03_bptt
    04_training
    05_sampling
    06_your_network
    07_experiments_of_2019
    08_tables_and_packers
    09_far_gradients
    10_train_well
    11_train_in_a_second
    12_gates
    13_what_it_knows
    14_mix_and_pack
    15_no_loop
    16_attention
    17_a_state_that_corrects_itself
    18_what_it_writes
    21_calm_or_chaotic
    numpy_warm_up
    """.split()

LONGEST_LINE = 100  # characters
# Lines: with what it prints, more does not fit on a screen. The setup cell is folded, and an exercise has no limit.
LONGEST_CELL, LONGEST_IN_FIRST_BOOK = 24, 20

# What trains long on a page trains shorter here, because the digits are compared elsewhere.
SHORTER = {
    "else 40": "else 3",
    "[0.01, 0.008, 0.006, 0.004, 0.002, 0.001]": "[0.01, 0.001]",
    "[0.005, 0.004, 0.003, 0.002, 0.001, 0.0005]": "[0.005, 0.001]",
}

COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
LOOPS = (ast.For, ast.While, *COMPREHENSIONS)
TRUTHS = (ast.Compare, ast.BoolOp, ast.Not)
ARITHMETIC = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)


def holds(node, kind):
    """Does a node of the syntax tree hold another one of this kind?"""
    return any(isinstance(other, kind) for other in ast.walk(node) if other is not node)


def names(nodes, context):
    """Return the names that are read (ast.Load) or set (ast.Store) in nodes and all that they hold."""
    found = [node for root in nodes for node in ast.walk(root) if isinstance(node, ast.Name)]
    return {node.id for node in found if isinstance(node.ctx, context)}


def looked_up_late(loop):
    """Return the names that a loop changes, and that functions made in the loop look up when they are called."""
    late = set()
    for node in ast.walk(loop):
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):
            body = node.body if isinstance(node.body, list) else [node.body]
            own = {argument.arg for argument in ast.walk(node.args) if isinstance(argument, ast.arg)}
            late |= names(body, ast.Load) - names(body, ast.Store) - own
    return late & names([loop], ast.Store)


def trick(node):
    """Return what a node of the syntax tree does that is not plain, or None."""
    match node:
        case ast.BinOp(left=left, right=right):
            truth = any(isinstance(getattr(side, "op", side), TRUTHS) for side in (left, right))
            return "calculates with True and False" if truth and isinstance(node.op, ARITHMETIC) else None
        case ast.NamedExpr():
            return "sets a name inside an expression"
        case ast.Global() | ast.Nonlocal():
            return "changes a name from inside a function"
        case ast.Call(func=ast.Name("next"), args=[ast.GeneratorExp(), *_]):
            return "searches with next"
        case ast.Assign(targets=[ast.Subscript(slice=ast.Slice(upper=ast.Constant(0)))]):
            return "writes into an empty slice"
        case ast.Set() if any(isinstance(part, ast.Starred) for part in node.elts):
            return "unpacks into a set"
        case ast.IfExp() if holds(node, ast.IfExp):
            return "has two ifs in one expression"
    if isinstance(node, COMPREHENSIONS) and (len(node.generators) > 1 or holds(node, COMPREHENSIONS)):
        return "has two loops in one expression"
    if isinstance(node, LOOPS) and looked_up_late(node):
        return f"makes a function in a loop over {', '.join(sorted(looked_up_late(node)))}"
    return None


def faults(source):
    """Return a text for each line of a cell that is too long or does what is not plain."""
    lines = enumerate(source.splitlines(), 1)
    found = [f"line {number} is too long" for number, line in lines if len(line) > LONGEST_LINE]
    return found + [f"line {node.lineno} {trick(node)}" for node in ast.walk(ast.parse(source)) if trick(node)]


@pytest.mark.parametrize("name", PAGES)
def test_code_is_plain(name):
    setup, *others = page_named(name).code_cells
    others = others if name in PLAIN else []
    found = [f"{cell.source[:40]!r}: {fault}" for cell in (setup, *others) for fault in faults(cell.source)]
    limit = LONGEST_IN_FIRST_BOOK if name[:2] <= LAST_OF_YOUR_NETWORK else LONGEST_CELL
    exercises = [cell for _, cell in page_named(name).exercises]
    long = [cell for cell in others if cell not in exercises and cell.source.count("\n") >= limit]
    found += [f"{cell.source[:40]!r} is too long" for cell in long]
    assert found == []


@pytest.mark.slow
@pytest.mark.sampled(share=0)  # they train for minutes, so only --all runs them
@pytest.mark.parametrize("name", PLAIN)
def test_a_cell_gives_the_same_when_it_runs_again(name):
    """After the whole page, the last cell runs once more, then the one before it, and so on up to the first."""
    setup, *cells = Page(name).code_cells
    cells = [cell for cell in cells if UNCHECKED not in cell.metadata.get("tags", [])]
    for cell in cells:
        for long, short in SHORTER.items():
            cell.source = cell.source.replace(long, short)
    later_cells = copy.deepcopy(cells)
    page = Page(name).notebook
    page.cells = [setup, *cells, *reversed(later_cells)]
    run(page, NOTEBOOKS)
    assert [cell.source[:40] for cell, later in zip(cells, later_cells) if texts(cell) != texts(later)] == []


@pytest.mark.parametrize(
    ("source", "fault"),
    [
        ('print("start" + "s" * (seeds > 1))', "line 1 calculates with True and False"),
        ("now = slow + (not fast)", "line 1 calculates with True and False"),
        ("inside = (ids > 1) & (ids < 5)", None),
        ("if (n := len(ids)) > 3:\n    print(n)", "line 1 sets a name inside an expression"),
        ("def count():\n    global n\n    n = n + 1", "line 2 changes a name from inside a function"),
        ("first = next((place for place in places if place), None)", "line 1 searches with next"),
        ("sys.path[:0] = [folder]", "line 1 writes into an empty slice"),
        ("ids[:2] = 0", None),
        ("new = {folder, *sys.path}", "line 1 unpacks into a set"),
        ('size = "large" if n > 9 else "middle" if n > 5 else "small"', "line 1 has two ifs in one expression"),
        ("flat = [n for row in table for n in row]", "line 1 has two loops in one expression"),
        (
            "rows = {name: [n + 1 for n in row] for name, row in table.items()}",
            "line 1 has two loops in one expression",
        ),
        ("for n in ids:\n    slope(lambda x: n * x)", "line 1 makes a function in a loop over n"),
        ("slopes = [slope(lambda x: n * x) for n in ids]", "line 1 makes a function in a loop over n"),
        ("for n in ids:\n    slope(lambda x, n=n: n * x)", None),
        ("x = 1  # " + "a" * (LONGEST_LINE - 9), None),
        ("x = 1  # " + "a" * (LONGEST_LINE - 8), "line 1 is too long"),
    ],
)
def test_what_is_not_plain_is_found(source, fault):
    assert faults(source) == ([fault] if fault else [])
