"""Lesson 00, the warm-up: picking entries and columns, sums along an axis, outer products, in place, measured slopes.

These functions are no part of the network, so none of them goes to my_rnn.py.
"""

import math

import numpy as np

from course.checker.exercise import Case, Exercise, mistakes_in
from course.lessons.cases import one_over, random_ids, square, wave


def pick_targets(probs, targets):
    """Return the entry targets[t] of each row t: probs (T, V) and targets (T,) int give (T,)."""
    return probs[np.arange(len(targets)), targets]


def pick_targets_by_loop(probs, targets):
    picked = np.zeros(len(targets))
    for t in range(len(targets)):
        picked[t] = probs[t, targets[t]]
    return picked


def pick_targets_cases():
    rng = np.random.default_rng(1)
    pencil = np.array([[0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.15, 0.05], [0.25, 0.05, 0.6, 0.1]])
    return [
        Case("three rows", (pencil, np.array([2, 0, 3])), {"T": 3, "V": 4}),
        Case("one row (T = 1)", (np.array([[0.2, 0.5, 0.3]]), np.array([1])), {"T": 1, "V": 3}),
        Case("more rows than columns", (rng.random((7, 5)), np.array([4, 0, 0, 3, 2, 1, 4])), {"T": 7, "V": 5}),
    ]


PICK_TARGETS = Exercise(
    pick_targets,
    pick_targets_cases,
    minutes=3,
    difficulty=1,
    mistakes=mistakes_in(
        pick_targets,
        """
        columns_of_all_targets: Every row gives the entries of all targets, so there are T x T numbers. `:` means every
        row. Row t should give one entry only: its own.
        - np.arange(len(targets)), targets
        + :, targets

        rows_picked: One list alone in the brackets picks whole rows, and the targets are numbers of columns. Which rows
        do you want, and in which order?
        - np.arange(len(targets)), targets
        + targets

        indices_swapped: The two lists are in the wrong order: in the brackets the row comes first, then the column.
        - np.arange(len(targets)), targets
        + targets, np.arange(len(targets))

        all_from_first_row: All your entries come from row 0. The row has to go along with t.
        - np.arange(len(targets))
        + 0

        diagonal: You take entry t of row t: the targets are not used. The row number goes up by one each time, the
        column is what the target says.
        - np.arange(len(targets)), targets
        + np.arange(len(targets)), np.arange(len(targets)) % probs.shape[1]

        all_in_a_row: You have the entries of all targets in all rows, T x T of them: a loop inside a loop does that
        too. Row t should give one entry only: its own.
        - probs[np.arange(len(targets)), targets]
        + probs[:, targets].ravel()

        rows_from_1: Your rows count from 1. In NumPy, as in Python, the first row is row 0.
        - np.arange(len(targets))
        + np.arange(1, len(targets) + 1)

        as_many_rows_as_columns: Your list of rows is as long as probs is wide. There are T rows, one for each target.
        - np.arange(len(targets))
        + np.arange(probs.shape[1])

        one_column: Every row gives the entry in the same column, that of the first target. Each row has a target of its
        own.
        - np.arange(len(targets)), targets
        + :, targets[0]

        one_column_left: Your entries stand one column too far to the left: ids count from 0, as columns do.
        - np.arange(len(targets)), targets
        + np.arange(len(targets)), targets - 1

        one_column_right: You look one column too far to the right: ids count from 0, as columns do.
        - np.arange(len(targets)), targets
        + np.arange(len(targets)), targets + 1

        largest: That is the largest number of each row, whatever the targets are. Look where the target says, even if
        the number there is small.
        - probs[np.arange(len(targets)), targets]
        + probs.max(axis=1)

        place_of_largest: Those are the places of the largest numbers. Wanted are the numbers that stand at the places
        of the targets.
        - probs[np.arange(len(targets)), targets]
        + probs.argmax(axis=1)

        sorted: The targets are sorted, so they no longer belong to their rows. Leave them in the order of the text.
        - np.arange(len(targets)), targets
        + np.arange(len(targets)), np.sort(targets)

        added_up: You added up what you picked. One number for each row is wanted.
        - targets]
        + targets].sum()

        logarithms: The entries are the right ones, but you took their logarithms. That comes in lesson 01.
        - return probs[np.arange(len(targets)), targets]
        + return np.log(probs[np.arange(len(targets)), targets])
        """,
    )
    + mistakes_in(
        pick_targets_by_loop,
        """
        return_in_loop: Only the first entry is filled. Is your `return` inside the loop? Then the function ends after
        the first pass.
        - return picked
        +     return picked

        first_alone: That is the entry of the first row alone. Is your `return` inside the loop? Then the function ends
        after the first pass.
        - return picked
        + return picked[0]

        last_left_out: The last entry is still empty: your loop ends one step too soon.
        - range(len(targets))
        + range(len(targets) - 1)

        overwritten: Every pass of the loop writes over all entries, so only the last one is left. Write to entry t.
        - picked[t] =
        + picked[:] =
        """,
    ),
    hints=[
        "Row 0 gives the entry in column targets[0], row 1 that in column targets[1], and so on.",
        "Two lists of the same length in the brackets make pairs. The second list is there already: targets.",
        "The first list is 0, 1, 2, ... up to T - 1. np.arange(n) makes the whole numbers from 0 to n - 1.",
        "In words: index probs with two lists, the row numbers np.arange(len(targets)) and the columns targets.",
    ],
    why="Two index arrays of the same length make pairs (0, targets[0]), (1, targets[1]), ...: one entry for each row. "
    "A colon in place of the first one would mean every row.",
    notice="This is how the loss of lesson 01 finds the probability of the character that came.",
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
    rng = np.random.default_rng(2)
    pencil = np.array([[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0], [9.0, 10.0, 11.0, 12.0]])
    return [
        Case("five ids, one of them twice", (pencil, np.array([3, 0, 2, 0, 1])), {"T": 5, "H": 3, "V": 4}),
        Case("one id (T = 1)", (pencil, np.array([2])), {"T": 1, "H": 3, "V": 4}),
        Case("more rows than columns", (rng.normal(0, 1, (6, 3)), random_ids(8, 3, 2)), {"T": 8, "H": 6, "V": 3}),
    ]


GATHER_COLUMNS = Exercise(
    gather_columns,
    gather_columns_cases,
    minutes=3,
    difficulty=1,
    mistakes=mistakes_in(
        gather_columns,
        """
        rows_for_columns: An id alone in the brackets picks a row of W, and a character owns a column of it. Where do
        the columns of W become rows?
        - W.T[ids]
        + W[ids]

        side_by_side: The right columns, but they stand side by side. Wanted is one row for each id: rows and columns
        change places.
        - W.T[ids]
        + W[:, ids]

        rows_turned: An id alone in the brackets picks a row of W, and turning comes too late after that. Turn first,
        then pick.
        - W.T[ids]
        + W[ids].T

        turned_and_columns: W is turned already, so a character owns a row of it now. The colon still picks columns.
        - W.T[ids]
        + W.T[:, ids]

        reshaped: Reshape does not turn a table: it takes the numbers row by row and fills them into new rows. Now each
        row mixes several columns.
        - W.T[ids]
        + W[:, ids].reshape(len(ids), len(W))

        reshaped_first: Reshape does not turn a table: it takes the numbers of W row by row and fills them into new
        rows. What swaps rows and columns?
        - W.T[ids]
        + W.reshape(W.shape[::-1])[ids]

        whole_table: That is all of W, turned. You still have to pick what the ids ask for, in the order of the text.
        - W.T[ids]
        + W.T

        one_column: That is the column of the first id alone. Each id gets a row.
        - W.T[ids]
        + W.T[ids[0]]

        added_up: You added up the columns. Keep one row for each id.
        - W.T[ids]
        + W.T[ids].sum(axis=0)

        sorted: The ids are sorted, so the order of the text is lost.
        - W.T[ids]
        + W.T[np.sort(ids)]

        each_once: An id that comes twice gets one row only, and the order of the text is lost. Each position of the
        text gets a row.
        - W.T[ids]
        + W.T[np.unique(ids)]

        one_column_left: Your columns stand one place too far to the left: ids count from 0, as columns do.
        - W.T[ids]
        + W.T[ids - 1]

        one_column_right: You look one column too far to the right: ids count from 0, as columns do.
        - W.T[ids]
        + W.T[ids + 1]

        flat: The right numbers, but all in one long row. Each id gets a row of its own.
        - W.T[ids]
        + W.T[ids].ravel()
        """,
    )
    + mistakes_in(
        gather_columns_by_loop,
        """
        overwritten: Every pass of the loop writes over all rows, so only the last column is left. Write to row t.
        - rows[t] =
        + rows[:] =

        return_in_loop: Only the first row is filled. Is your `return` inside the loop? Then the function ends after the
        first pass.
        - return rows
        +     return rows
        """,
    ),
    hints=[
        "A list of numbers in the brackets picks whole rows: places[[2, 0]]. But here you want columns.",
        "W.T is W with rows and columns swapped. What is row 3 of it?",
        "Row 3 of W.T is column 3 of W. So pick rows from W.T, with the ids as the list.",
        "In words: transpose W, then index it with ids.",
    ],
    why="W.T has a row for each character, and a list of ids picks these rows, repeats included. W[:, ids] has the "
    "same numbers with the columns side by side: transposed, it gives the same.",
    notice="Lesson 02 looks up the network's input in this way: a whole text in one line.",
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
    ]


def shares_remark(case, parts):
    sums = parts[""].sum(axis=-1)
    return "" if np.allclose(sums, 1) else "Each row of shares must add up to 1."


ROW_SHARES = Exercise(
    row_shares,
    row_shares_cases,
    minutes=4,
    difficulty=1,
    remark=shares_remark,
    mistakes=mistakes_in(
        row_shares,
        """
        no_keepdims: There is one sum for each row, but they lie in a row themselves: NumPy lines up shapes from the
        right, so each sum meets a column. The sums should stand below each other, in a column.
        - axis=1, keepdims=True
        + axis=1

        sum_of_columns: Each column adds up to 1, but each row should. The axis that you name is the one that the sum
        runs along.
        - axis=1
        + axis=0

        sum_of_table: All numbers of the table together add up to 1. Each row needs its own sum.
        - axis=1, keepdims=True
        +

        sums_alone: Those are the sums. The shares are what comes out when you divide by them.
        - return counts / counts.sum(axis=1, keepdims=True)
        + return counts.sum(axis=1, keepdims=True)

        not_divided: These are the counts as they came. A share is a count divided by the sum of its row.
        - counts / counts.sum(axis=1, keepdims=True)
        + counts

        divided_by_largest: You divide by the largest number of the row, so the largest share is 1. Divide by the sum of
        the row.
        - counts.sum(
        + counts.max(

        divided_by_number: You divide by how many numbers a row has. Divide by their sum.
        - counts.sum(axis=1, keepdims=True)
        + counts.shape[1]

        whole_division: `//` cuts off what stands after the decimal point. A share lies between 0 and 1, and those
        digits are all it has.
        - counts / counts
        + counts // counts

        cut_to_whole_numbers: Where the counts are whole numbers, your shares are cut off to whole numbers: all 0. An
        array made like counts holds only what counts holds.
        - counts / counts.sum(axis=1, keepdims=True)
        + (counts / counts.sum(axis=1, keepdims=True)).astype(counts.dtype)

        upside_down: The fraction stands on its head: you divide the sum by the counts.
        - counts / counts.sum(axis=1, keepdims=True)
        + counts.sum(axis=1, keepdims=True) / counts

        percent: These are percent, and a row of them adds up to 100. Shares add up to 1.
        - counts / counts
        + 100 * counts / counts

        subtracted: The sum is subtracted. To get a share, divide by it.
        - counts / counts
        + counts - counts

        squares: The squares of each row add up to 1, not the numbers: you divide by the length of the row, not by its
        sum.
        - counts.sum(axis=1, keepdims=True)
        + np.sqrt((counts**2).sum(axis=1, keepdims=True))
        """,
    ),
    hints=[
        "Take one row by hand: add up its numbers, then divide each of them by that sum.",
        "Along which axis do the numbers of one row lie? sum(axis=...) adds up along it, and then it is gone.",
        "The sums have shape (rows,). To divide row by row they must have shape (rows, 1): keepdims=True keeps that "
        "axis.",
        "In words: divide counts by their sum along axis 1, with keepdims=True.",
    ],
    why="Shapes are lined up from the right. (rows, columns) over (rows, 1) stretches each sum along its own row; with "
    "(rows,) it would be an error, or, in a square table, a wrong answer without one.",
    notice="A table of rows that add up to 1 is what softmax gives in lesson 01.",
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
    ]


OUTER_SUM = Exercise(
    outer_sum,
    outer_sum_cases,
    minutes=5,
    difficulty=2,
    mistakes=mistakes_in(
        outer_sum,
        """
        no_transpose: The two sizes in the middle of a product must be the same, and here they are H and T. What has to
        run along the middle is t, for you add over t.
        - left.T @ right
        + left @ right

        right_transposed: The two sizes in the middle of a product must be the same, and here they are H and V. You add
        over t: which of the two has to be turned so that both T stand in the middle?
        - left.T @ right
        + left @ right.T

        turned: Rows and columns are swapped: the result should have a row for each entry of left[t].
        - left.T @ right
        + right.T @ left

        entry_by_entry: `*` multiplies entry by entry, and these two tables have different shapes. In an outer product
        each entry of left[t] meets each entry of right[t].
        - left.T @ right
        + left * right

        all_at_once: np.outer makes one long row of each table first, so every step meets every other step. Only what
        belongs to the same t is multiplied.
        - left.T @ right
        + np.outer(left, right)

        not_added: There is one table for each step. Add them up: t is gone from the result.
        - left.T @ right
        + left[:, :, None] * right[:, None, :]

        added_first: You add up over t first and multiply then. So step 0 of left meets step 1 of right too. Multiply
        within each step, then add.
        - left.T @ right
        + np.outer(left.sum(axis=0), right.sum(axis=0))

        mean: You divided by T. The sum is wanted, not the mean.
        - left.T @ right
        + left.T @ right / len(left)

        one_number: You added up the whole table. Only t is summed over: a table of shape (H, V) is left.
        - left.T @ right
        + (left.T @ right).sum()
        """,
    )
    + mistakes_in(
        outer_sum_by_loop,
        """
        entry_by_entry_in_loop: `*` multiplies entry by entry, and left[t] and right[t] differ in length. In an outer
        product each entry of the one meets each entry of the other.
        - np.outer(left[t], right[t])
        + left[t] * right[t]

        overwritten: Only the last step is left: each pass of the loop replaces what was there. It should be added.
        - total +=
        + total =

        return_in_loop: Only the first step is there. Is your `return` inside the loop? Then the function ends after the
        first pass.
        - return total
        +     return total

        first_left_out: The first step is missing: t counts from 0.
        - range(len(left))
        + range(1, len(left))

        swapped_in_loop: In each outer product the two change places, so it has the shape (V, H). The first argument of
        np.outer gives the rows.
        - left[t], right[t]
        + right[t], left[t]
        """,
    ),
    hints=[
        "A loop over t does it: start from zeros of shape (H, V), and add np.outer(left[t], right[t]) at each step.",
        "Without a loop: entry [i, j] is the sum over t of left[t, i] * right[t, j]. Compare it with the formula of @, "
        "where the sum runs over the columns of the first and the rows of the second.",
        "In the formula of @ the index that is summed over comes last in the first table. In left it comes first. What "
        "swaps the two?",
        "In words: the transpose of left, times right, with @.",
    ],
    why="(left.T @ right)[i, j] is the sum over t of left.T[i, t] * right[t, j], which is left[t, i] * right[t, j]: "
    "the outer products of all steps, added up.",
    notice="A sum of outer products is one matrix product. In lesson 03 all slopes of a matrix come from such a line.",
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
    ]


MOVE_DOWNHILL = Exercise(
    move_downhill,
    move_downhill_cases,
    minutes=3,
    difficulty=1,
    in_place=("w",),
    mistakes=mistakes_in(
        move_downhill,
        """
        new_array: The caller's w is as before. An assignment to the name, `w = ...`, only makes the name stand for a
        new array, inside the function. The numbers in the old array have to change.
        - w -= rate * slopes
        + w = w - rate * slopes

        uphill: The step is added, so it goes uphill. Where the slope is positive, w has to become smaller.
        - w -=
        + w +=

        no_rate: The rate is left out, so every step has full length.
        - rate * slopes
        + slopes

        no_slopes: The same number is taken away from every entry. How far an entry moves depends on its slope.
        - rate * slopes
        + rate

        divided_by_rate: You divide by the rate: a smaller rate gives a longer step. It should be the other way round.
        - rate * slopes
        + slopes / rate

        replaced: The old values are gone: w is now the step alone. The step starts from where w was.
        - w -= rate * slopes
        + w[:] = -rate * slopes

        slopes_changed: Both w and the slopes change in place. Only w may: put the product into an array of its own.
        - w -= rate * slopes
        + slopes *= rate
        + w -= slopes

        signs_alone: Only the sign of the slope counts here. A steep slope should make a longer step than a flat one.
        - rate * slopes
        + rate * np.sign(slopes)

        mean_slope: All entries move by the same amount, the mean of the slopes. Each entry has its own slope.
        - rate * slopes
        + rate * slopes.mean()

        multiplied: w is multiplied where something should be taken away from it.
        - w -= rate * slopes
        + w *= rate * slopes

        first_entry: Only the first entry, or the first row, is changed. All of w takes the step.
        - w -= rate * slopes
        + w[0] -= rate * slopes[0]

        set_to_zero: w is all zeros now. Take the step from where it was.
        - w -= rate * slopes
        + w[:] = 0
        """,
    ),
    hints=[
        "Each entry of w becomes smaller by rate times the slope at the same place.",
        "The caller keeps the array w and looks into it afterwards. So no new array: the numbers in this one change.",
        "Two ways to change the numbers that are there: an assignment that ends in `-=`, or one to all entries, w[:].",
        "In words: w, minus-equals, rate times slopes. Nothing is returned.",
    ],
    why="`-=` writes into the array that is there, so everyone who holds it sees the new numbers. `w = w - ...` would "
    "make a second array that only the function knows.",
    notice="This is one step of training. Lesson 04 takes it for all five arrays of the network.",
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
    ]


SLOPE_OF = Exercise(
    slope_of,
    slope_of_cases,
    minutes=3,
    difficulty=1,
    mistakes=mistakes_in(
        slope_of,
        """
        one_sided: You measure to one side only: from x to x + epsilon. Go to both sides of x, for that is much more
        exact.
        - (f(x + epsilon) - f(x - epsilon)) / (2 * epsilon)
        + (f(x + epsilon) - f(x)) / epsilon

        one_sided_left: You measure to one side only: from x - epsilon to x. Go to both sides of x, for that is much
        more exact.
        - (f(x + epsilon) - f(x - epsilon)) / (2 * epsilon)
        + (f(x) - f(x - epsilon)) / epsilon

        divided_by_epsilon: The slope is twice as large as it should be. How far apart are x + epsilon and x - epsilon?
        - (2 * epsilon)
        + epsilon

        not_divided: That is the rise alone. A slope is the rise divided by the run.
        - (f(x + epsilon) - f(x - epsilon)) / (2 * epsilon)
        + f(x + epsilon) - f(x - epsilon)

        divided_by_two: You divide by 2, but the run is longer or shorter than that: it depends on epsilon.
        - (2 * epsilon)
        + 2

        parentheses_above: `/` comes before `-`, so only the second value is divided. Put parentheses around the whole
        rise.
        - (f(x + epsilon) - f(x - epsilon)) / (2 * epsilon)
        + f(x + epsilon) - f(x - epsilon) / (2 * epsilon)

        parentheses_below: `/ 2 * epsilon` divides by 2 and then multiplies by epsilon. Put parentheses around the run.
        - (2 * epsilon)
        + 2 * epsilon

        sign_turned: The sign is turned: the value at the right comes first, then that at the left is taken away.
        - f(x + epsilon) - f(x - epsilon)
        + f(x - epsilon) - f(x + epsilon)

        added: The two values are added. The rise is their difference.
        - f(x + epsilon) - f(x - epsilon)
        + f(x + epsilon) + f(x - epsilon)

        one_side_half: The rise is that of one side, but the run is that of both, so the slope comes out half as large.
        - f(x - epsilon)
        + f(x)

        own_epsilon: You use a step of your own. Which one to take is what the argument epsilon says.
        - return (f(x + epsilon)
        + epsilon = 1e-5
        + return (f(x + epsilon)

        value: That is the value of f at x, not its slope.
        - (f(x + epsilon) - f(x - epsilon)) / (2 * epsilon)
        + f(x)

        relative_step: You move x by a part of itself. Move it by epsilon, whatever x is.
        - f(x + epsilon) - f(x - epsilon)
        + f(x * (1 + epsilon)) - f(x * (1 - epsilon))
        """,
    ),
    hints=[
        "A slope is rise over run. Call f twice: once a little to the right of x, once a little to the left.",
        "The rise is the value at x + epsilon minus the value at x - epsilon.",
        "The run is how far apart these two places are. Mind the parentheses, above and below.",
        "In words: f at x plus epsilon, minus f at x minus epsilon, all of it divided by two times epsilon.",
    ],
    why="The two sides err in opposite directions, and most of the error cancels: it shrinks with the square of "
    "epsilon, that of one side only with epsilon.",
    notice="You can now check any derivative without trusting it. Lessons 01 and 03 check theirs in this way.",
)
