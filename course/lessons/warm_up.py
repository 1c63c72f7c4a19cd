"""The warm-up: picking entries and columns, sums along an axis, outer products, in-place changes, measured slopes."""

import math

import numpy as np

from course.checker.exercise import Case, Exercise
from course.checker.mistakes import mistakes_beside
from course.lessons.cases import hard, many_ids, one_over, random_ids, square, wave

known = mistakes_beside(__file__)


def pick_targets(probs, targets):
    """Return the entry targets[t] of each row t: probs (T, V) and targets (T,) int give (T,)."""
    return probs[np.arange(len(targets)), targets]


def pick_targets_by_loop(probs, targets):
    picked = np.zeros(len(targets))
    for t in range(len(targets)):
        picked[t] = probs[t, targets[t]]
    return picked


def pick_targets_cases():
    rng, (ids, V) = np.random.default_rng(1), many_ids()
    pencil = np.array([[0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.15, 0.05], [0.25, 0.05, 0.6, 0.1]])
    return [
        Case("three rows", (pencil, np.array([2, 0, 3])), {"T": 3, "V": 4}),
        Case("one row (T = 1)", (np.array([[0.2, 0.5, 0.3]]), np.array([1])), {"T": 1, "V": 3}),
        Case("more rows than columns", (rng.random((7, 5)), np.array([4, 0, 0, 3, 2, 1, 4])), {"T": 7, "V": 5}),
        *hard("probabilities", lambda given: given, lambda given: {"T": 2, "V": 3}),
        Case("targets above 255", (rng.random((4, V)), ids), {"T": 4, "V": V}),
    ]


PICK_TARGETS = Exercise(
    pick_targets,
    pick_targets_cases,
    difficulty=1,
    rare=3,
    mistakes=known("pick_targets", pick_targets, pick_targets_by_loop),
    hints=[
        "Row 0 gives the entry in column targets[0], row 1 the entry in column targets[1], and so on.",
        "Two lists of the same length in the brackets make pairs. The second list is there already: targets.",
        "The first list is 0, 1, 2, ... up to T - 1. np.arange(n) makes the whole numbers from 0 to n - 1.",
        "In words: index probs with two lists, the row numbers np.arange(len(targets)) and the columns targets.",
    ],
    why="Two index arrays of the same length make pairs (0, targets[0]), (1, targets[1]), ...: one entry for each row. "
    "With a colon in place of the first one, you'd get every row.",
    notice="This is how the loss of page 01 finds the probability of the character that came.",
)


def gather_columns(W, ids):
    """Return the column of W for each id, as rows: W (H, V) and ids (T,) int give (T, H)."""
    return W.T[ids]


def gather_columns_by_loop(W, ids):
    rows = np.zeros((len(ids), len(W)))
    for t, id in enumerate(ids):
        rows[t] = W[:, id]
    return rows


def gather_columns_cases():
    rng, (ids, V) = np.random.default_rng(2), many_ids()
    pencil = np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], [9.0, 10.0, 11.0, 12.0]])
    return [
        Case("five ids, one of them twice", (pencil, np.array([3, 0, 2, 0, 1])), {"T": 5, "H": 3, "V": 4}),
        Case("one id (T = 1)", (pencil, np.array([2])), {"T": 1, "H": 3, "V": 4}),
        Case("more rows than columns", (rng.normal(0, 1, (6, 3)), random_ids(8, 3, 2)), {"T": 8, "H": 6, "V": 3}),
        Case("a column of zeros", (pencil * [1, 1, 0, 1], np.array([2, 0, 2, 1, 3])), {"T": 5, "H": 3, "V": 4}),
        Case("ids above 255", (rng.normal(0, 1, (2, V)), ids), {"T": 4, "H": 2, "V": V}),
    ]


GATHER_COLUMNS = Exercise(
    gather_columns,
    gather_columns_cases,
    difficulty=1,
    rare=2,
    mistakes=known("gather_columns", gather_columns, gather_columns_by_loop),
    hints=[
        "A list of numbers in the brackets picks whole rows: places[[2, 0]]. But here you want columns.",
        "W.T is W with rows and columns swapped. What is its row 3?",
        "Row 3 of W.T is column 3 of W. So pick rows from W.T, with the ids as the list.",
        "In words: transpose W, then index it with ids.",
    ],
    why="W.T has a row for each character, and a list of ids picks these rows, repeats included. W[:, ids] has the "
    "same numbers with the columns side by side. Transpose it, and you get the same table.",
    notice="Page 02 looks up the network's input like this: a whole text in one line.",
)


def row_shares(counts):
    """Return each number divided by the sum of its row: counts (rows, columns) give shares of the same shape."""
    return counts / counts.sum(axis=1, keepdims=True)


def row_shares_cases():
    rng = np.random.default_rng(3)
    counts = np.array([[1, 3, 4, 0], [2, 2, 1, 5]])
    return [
        Case("counts of four things", (counts,), {"rows": 2, "columns": 4}),
        Case("one row", (np.array([[1, 4, 5]]),), {"rows": 1, "columns": 3}),
        Case("numbers with a decimal point", (rng.random((5, 3)),), {"rows": 5, "columns": 3}),
        Case("as many rows as columns", (np.array([[1, 1, 2], [3, 0, 5], [2, 6, 8]]),), {"n": 3}),
        Case("rows whose sum is below 1", (np.array([[0.1, 0.2, 0.3], [0.01, 0.0, 0.0]]),), {"rows": 2, "columns": 3}),
        Case("one column", (np.array([[2.0], [5.0], [0.5]]),), {"rows": 3, "columns": 1}),
    ]


def shares_remark(case, parts):
    sums = parts[""].sum(axis=-1)
    return "" if np.allclose(sums, 1) else "Each row of shares must add up to 1."


ROW_SHARES = Exercise(
    row_shares,
    row_shares_cases,
    difficulty=1,
    rare=2,
    remark=shares_remark,
    mistakes=known("row_shares", row_shares),
    hints=[
        "Take one row by hand: add up its numbers, then divide each of them by that sum.",
        "Which axis runs along a row? sum(axis=...) adds up along it, and then this axis is gone.",
        "The sums have shape (rows,). To divide row by row, they need the shape (rows, 1): keepdims=True keeps that "
        "axis.",
        "In words: divide counts by their sum along axis 1, with keepdims=True.",
    ],
    why="NumPy lines up shapes from the right. (rows, columns) over (rows, 1) stretches each sum along its own row. "
    "With (rows,) you'd get an error or, in a square table, a wrong answer without one.",
    notice="On page 01, softmax gives a table like this, with rows that add up to 1.",
)


def outer_sum(left, right):
    """Return the sum over t of the outer products of left[t] and right[t]: (T, H) and (T, V) give (H, V)."""
    return left.T @ right


def outer_sum_by_loop(left, right):
    total = np.zeros((left.shape[1], right.shape[1]))
    for t in range(len(left)):
        total += np.outer(left[t], right[t])
    return total


def outer_sum_cases():
    rng = np.random.default_rng(4)
    left = np.array([[1.0, 2.0], [-1.0, 3.0], [0.5, 4.0]])
    right = np.array([[2.0, 1.0, 4.0, -3.0, 0.5], [1.0, -2.0, 3.0, 5.0, 6.0], [-4.0, 0.5, 2.0, 1.0, 3.0]])
    return [
        Case("three steps", (left, right), {"T": 3, "H": 2, "V": 5}),
        Case("one step (T = 1)", (rng.normal(0, 1, (1, 3)), rng.normal(0, 1, (1, 4))), {"T": 1, "H": 3, "V": 4}),
        Case("many steps", (rng.normal(0, 1, (6, 3)), rng.normal(0, 1, (6, 5))), {"T": 6, "H": 3, "V": 5}),
        *hard("table", lambda rows: (rows[:, 1:], rows), lambda rows: {"T": len(rows), "H": 2, "V": 3}),
    ]


OUTER_SUM = Exercise(
    outer_sum,
    outer_sum_cases,
    difficulty=2,
    rare=2,
    mistakes=known("outer_sum", outer_sum, outer_sum_by_loop),
    hints=[
        "A loop over t does it: start from zeros of shape (H, V), and add np.outer(left[t], right[t]) at each step.",
        "Without a loop: entry [i, j] is the sum over t of left[t, i] * right[t, j]. Compare it with the formula of @, "
        "where the sum runs over the columns of the first and the rows of the second.",
        "In the formula of @ the index of the sum comes last in the first table. In left it comes first. What swaps "
        "the two?",
        "In words: the transpose of left, times right, with @.",
    ],
    why="(left.T @ right)[i, j] is the sum over t of left.T[i, t] * right[t, j], which is left[t, i] * right[t, j]: "
    "the outer products of all steps, added up.",
    notice="A sum of outer products is one matrix product. On page 03 all slopes of a matrix come from a line like "
    "this.",
)


def move_downhill(w, slopes, rate):
    """Take rate times slopes away from w, in place: all arrays of one shape, rate a number. Returns nothing."""
    w -= rate * slopes


def move_downhill_cases():
    rng = np.random.default_rng(5)
    return [
        Case("three weights", (np.array([1.0, -2.0, 3.0]), np.array([0.5, 1.0, -2.0]), 0.1), {"H": 3}),
        Case("a table", (rng.normal(0, 1, (3, 4)), rng.normal(0, 1, (3, 4)), 0.25), {"H": 3, "V": 4}),
        Case("a long step", (rng.normal(0, 1, 5), rng.normal(0, 1, 5), 2.0), {"H": 5}),
        *hard("table", lambda rows: (np.ones_like(rows), rows, 0.5), lambda rows: {"T": len(rows), "H": 3}),
        Case("a rate of 0", (rng.normal(0, 1, 4), rng.normal(0, 1, 4), 0.0), {"H": 4}),
    ]


MOVE_DOWNHILL = Exercise(
    move_downhill,
    move_downhill_cases,
    difficulty=2,
    rare=3,
    in_place=("w",),
    mistakes=known("move_downhill", move_downhill),
    hints=[
        "Each entry of w becomes smaller by rate times the slope at the same place.",
        "The caller keeps the array w and looks into it later. So don't make a new one: change the numbers in w.",
        "There are two ways to change the numbers in an array: `-=`, or an assignment to all entries, w[:].",
        "In words: w, minus-equals, rate times slopes. Nothing is returned.",
    ],
    why="`-=` writes into the array that's there, so everyone who holds it sees the new numbers. `w = w - ...` would "
    "make a second array that only the function knows.",
    notice="This is one step of training. Page 04 takes it for all five arrays of the network.",
)


def slope_of(f, x, epsilon):
    """Return the slope of f at x, measured between x - epsilon and x + epsilon: all are numbers but f, a function."""
    return (f(x + epsilon) - f(x - epsilon)) / (2 * epsilon)


def slope_of_cases():
    return [
        Case("x squared, at 3", (square, 3.0, 0.01), {}),
        Case("exp, at 1, with a wide step", (math.exp, 1.0, 0.5), {}),
        Case("the sine of 5 x, at 0.2", (wave, 0.2, 0.1), {}),
        Case("1 / x, at -2", (one_over, -2.0, 0.25), {}),
        Case("the sine of 5 x, at 0", (wave, 0.0, 0.1), {}),
        Case("x squared, at 0, where it is flat", (square, 0.0, 0.5), {}),
        Case("the sine of 5 x, at 3,000", (wave, 3000.0, 0.1), {}),
    ]


SLOPE_OF = Exercise(
    slope_of,
    slope_of_cases,
    difficulty=2,
    rare=3,
    mistakes=known("slope_of", slope_of),
    hints=[
        "A slope is rise over run. Call f twice: once a little to the right of x, once a little to the left.",
        "The rise is the value at x + epsilon minus the value at x - epsilon.",
        "The run is how far apart these two places are. Watch the parentheses, above and below.",
        "In words: f at x plus epsilon, minus f at x minus epsilon, all of it divided by two times epsilon.",
    ],
    why="The two sides are off in opposite directions, so most of the error cancels. It shrinks with the square of "
    "epsilon. With one side alone, the error shrinks only with epsilon.",
    notice="You can now check any derivative yourself. Pages 01 and 03 check theirs like this.",
)
