"""Lesson 01: one-hot rows, softmax, cross-entropy, and the gradient of the two together."""

import math

import numpy as np

import rnn_helpers
from course.checker.broken import mend
from course.checker.catching import Catch
from course.checker.exercise import Case, Exercise, mistakes_in
from course.lessons.cases import probabilities_remark, random_ids
from rnn_helpers import softmax, softmax_gradient


def one_hot(ids, vocab_size):
    """Return one row per id: a 1 in the column of the id, zeros elsewhere, (T, V)."""
    rows = np.zeros((len(ids), vocab_size))
    rows[np.arange(len(ids)), ids] = 1  # the pairs (0, ids[0]), (1, ids[1]), ...
    return rows


def one_hot_by_loop(ids, vocab_size):
    rows = np.zeros((len(ids), vocab_size))
    for t in range(len(ids)):
        rows[t, ids[t]] = 1
    return rows


def one_hot_by_identity(ids, vocab_size):
    return np.eye(vocab_size)[ids]


def one_hot_cases():
    return [
        Case("six ids, one of them twice", (np.array([2, 0, 4, 4, 1, 3]), 5), {"T": 6, "V": 5}),
        Case("ids that leave out the last characters", (np.array([1, 4, 1]), 7), {"T": 3, "V": 7}),
        Case("one id (T = 1)", (np.array([2]), 4), {"T": 1, "V": 4}),
        Case("many ids", (random_ids(12, 8, 1), 8), {"T": 12, "V": 8}),
    ]


ONE_HOT = Exercise(
    one_hot,
    one_hot_cases,
    minutes=6,
    difficulty=1,
    mistakes=mistakes_in(
        one_hot,
        """
        transposed: Rows and columns are swapped: you have one column per character of the text. Each character of the
        text gets a row.
        - (len(ids), vocab_size)
        + (vocab_size, len(ids))
        - rows[np.arange(len(ids)), ids]
        + rows[ids, np.arange(len(ids))]

        columns_from_largest_id: The number of columns comes from the largest id in ids. The text may leave out the last
        characters of the vocabulary: which argument tells you how many columns there are?
        - (len(ids), vocab_size)
        + (len(ids), max(ids) + 1)

        every_row: All rows hold the ones of all ids. In `rows[:, ids] = 1` the colon means every row; and one list that
        is appended again and again is still one list. Row t must get its own id only, in a row of its own.
        - rows[np.arange(len(ids)), ids]
        + rows[:, ids]

        indices_swapped: The index of the row and that of the column are in the wrong order. The first one picks the
        row, and there is one row per position in the text.
        - rows[np.arange(len(ids)), ids]
        + rows[ids, np.arange(len(ids))]

        whole_rows: `rows[ids] = 1` has one index, so it picks whole rows and fills them. An entry needs two indices:
        its row, which is the place in the text, and its column.
        - rows[np.arange(len(ids)), ids]
        + rows[ids]

        one_column_left: The ones are one column too far to the left: ids count from 0, as columns do.
        - rows[np.arange(len(ids)), ids]
        + rows[np.arange(len(ids)), ids - 1]

        id_for_one: You wrote the id itself where a 1 belongs: the place says which character it is, the number is
        always 1. Character 0 shows the trouble: its row is all zeros.
        - ids] = 1
        + ids] = ids

        one_row_for_all: You return one row for the whole text: it says which characters occur, and nothing of their
        order. Each place of the text needs a row of its own.
        - (len(ids), vocab_size)
        + vocab_size
        - rows[np.arange(len(ids)), ids]
        + rows[ids]

        rows_added_up: You added up the rows, so you count how often each character comes and lose the order. Keep one
        row per position.
        - return rows
        + return rows.sum(axis=0)

        zeros_and_ones_swapped: The zeros and ones are the wrong way round: the one belongs where the id is.
        - np.zeros(
        + np.ones(
        - ids] = 1
        + ids] = 0
        """,
    )
    + mistakes_in(
        one_hot_by_loop,
        """
        return_in_loop: Only the first row is filled. Is your `return` inside the loop? Then the function ends after the
        first pass.
        - return rows
        +     return rows

        last_row_empty: The last row is still empty: your loop ends one step too soon.
        - range(len(ids))
        + range(len(ids) - 1)
        """,
    )
    + mistakes_in(
        one_hot_by_identity,
        """
        no_rows_picked: That is the whole table np.eye(vocab_size), a row for every character of the vocabulary. You
        still have to pick the rows that the ids ask for, in the order of the text.
        - np.eye(vocab_size)[ids]
        + np.eye(vocab_size)

        identity_of_text: Your table of np.eye is as large as the text is long. Its rows stand for the characters of the
        vocabulary, and the ids pick among them: how large must it be?
        - np.eye(vocab_size)[ids]
        + np.eye(len(ids))[ids]
        """,
    ),
    hints=[
        "Start from a table of zeros. How many rows does it need, how many columns?",
        "Row t belongs to position t of the text. In it, one entry becomes 1: the one in column ids[t].",
        "A loop does it: for t and id together (enumerate gives both), set the entry in row t, column id. NumPy can "
        "do it without a loop: give it two lists of the same length, the row numbers and the column numbers.",
        "In words: make zeros of shape (len(ids), vocab_size); then at [np.arange(len(ids)), ids] write 1; return it.",
    ],
    why="A pair of index arrays picks one entry per pair, so one line fills all rows. The number of columns is "
    "vocab_size, never the largest id: a short text does not hold every character.",
    notice="A matrix times such a row picks one column of the matrix. That is why lesson 02 can look the column up "
    "and skip the product.",
)


def softmax_cases():
    rng = np.random.default_rng(2)
    return [
        Case("one row of four scores", (np.array([2.0, 1.0, 0.1, -1.0]),), {"V": 4}),
        Case("several rows of scores", (rng.normal(0, 2, (5, 4)),), {"T": 5, "V": 4}),
        Case("one row in a table (T = 1)", (np.array([[0.3, -1.2, 2.5]]),), {"T": 1, "V": 3}),
        Case("large scores", (np.array([1000.0, 1001.0, 999.5, 998.0]),), {"V": 4}),
        Case(
            "rows of very different size",
            (np.array([[1000.0, 1001.0, 1002.0], [-1000.0, -999.0, -1001.0]]),),
            {"T": 2, "V": 3},
        ),
        Case("scores far apart in one row", (np.array([900.0, 1.0, 0.0, 2.0, 3.0]),), {"V": 5}),
        Case("scores far apart on both sides of 0", (np.array([690.0, -690.0, 0.0]),), {"V": 3}),
        Case("scores far below 0", (np.array([-1000.0, -1001.0, -999.0]),), {"V": 3}),
        Case("a table of scores far apart", (np.array([[2000.0, 1.0, 0.0], [4.0, 5.0, -2000.0]]),), {"T": 2, "V": 3}),
        Case("a longer table", (rng.normal(0, 3, (7, 10)),), {"T": 7, "V": 10}),
        Case("scores that are whole numbers", (np.array([[2, 0, 1, -1], [0, -1, 3, 1]]),), {"T": 2, "V": 4}),
    ]


SOFTMAX = Exercise(
    softmax,
    softmax_cases,
    minutes=10,
    difficulty=2,
    rare=1,
    remark=probabilities_remark,
    mistakes=mistakes_in(
        softmax,
        """
        no_shift: Right for small scores, but exp(1000) is too large for a float: it overflows to inf, and inf / inf is
        nan. What can you subtract from all scores of a row without changing the result?
        - logits - logits.max(axis=-1, keepdims=True)
        + logits

        shift_by_mean: Shifting by the mean leaves positive numbers, and where scores lie far apart, exp of those still
        overflows. After the shift no score should be above 0.
        - logits.max(
        + logits.mean(

        shift_by_largest_absolute: You shift by the largest absolute value. In a row of scores far below 0 that is no
        shift up to 0: exp(...) is 0 everywhere, and 0 / 0 is nan. Take the largest score itself.
        - logits.max(
        + np.abs(logits).max(

        no_shift_sum_of_table: The sum runs over the whole table, so all rows together add up to 1: each row needs its
        own sum (axis=-1, keepdims=True). And large scores overflow.
        - logits - logits.max(axis=-1, keepdims=True)
        + logits
        - exps.sum(axis=-1, keepdims=True)
        + exps.sum()

        max_and_sum_of_table: The maximum and the sum run over the whole table. Each row needs its own (axis=-1,
        keepdims=True).
        - logits.max(axis=-1, keepdims=True)
        + logits.max()
        - exps.sum(axis=-1, keepdims=True)
        + exps.sum()

        sum_of_columns: Each column adds up to 1, but each row should: the sum runs over the wrong axis. The characters
        of the vocabulary lie along the last axis.
        - exps.sum(axis=-1, keepdims=True)
        + exps.sum(axis=0, keepdims=True)

        sum_of_table: All rows together add up to 1: the sum runs over the whole table. Each row is a prediction of its
        own and needs its own sum.
        - exps.sum(axis=-1, keepdims=True)
        + exps.sum()

        max_of_table: The maximum is taken over the whole table. A row far below it then has exp(...) = 0 everywhere,
        and 0 / 0 is nan. Each row needs its own maximum.
        - logits.max(axis=-1, keepdims=True)
        + logits.max()

        shift_by_smallest: Shifting by the smallest score leaves large positive numbers, and exp of those still
        overflows. After the shift no score should be above 0.
        - logits.max(
        + logits.min(

        sum_not_shifted: The top of the fraction is shifted by the maximum, the bottom is not. The shift cancels only if
        both have it.
        - exps.sum(
        + np.exp(logits).sum(

        shifted_after_exp: The largest exp(...) is subtracted after exp. The shift belongs to the scores, before exp:
        there it keeps the numbers small and cancels in the fraction.
        - logits - logits.max(axis=-1, keepdims=True)
        + logits
        - exps / exps.sum(axis=-1, keepdims=True)
        + (e := exps - exps.max(axis=-1, keepdims=True)) / e.sum(axis=-1, keepdims=True)

        not_divided: The largest number of each row is 1, so the row adds up to more than 1. Either nothing divides the
        exponentials, or you divide by the largest one and not by their sum.
        - exps / exps.sum(axis=-1, keepdims=True)
        + exps

        no_shift_not_divided: The exponentials are there, but nothing divides them, so a row does not add up to 1. And
        exp(1000) is too large for a float.
        - logits - logits.max(axis=-1, keepdims=True)
        + logits
        - exps / exps.sum(axis=-1, keepdims=True)
        + exps

        no_exp: exp is left out: you divide the scores by their sum. A score can be negative, a probability cannot.
        - exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
        + total = logits.sum(axis=-1, keepdims=True)
        - exps / exps.sum(axis=-1, keepdims=True)
        + logits / total

        logarithms: These are the logarithms of the probabilities. Leave out the last logarithm.
        - exps / exps.sum(axis=-1, keepdims=True)
        + np.log(exps / exps.sum(axis=-1, keepdims=True))

        log_softmax: These are the logarithms of the probabilities. Take exp at the end, or divide instead of
        subtracting a logarithm.
        - exps / exps.sum(axis=-1, keepdims=True)
        + logits - logits.max(axis=-1, keepdims=True) - np.log(exps.sum(axis=-1, keepdims=True))

        log_softmax_no_shift: These are the logarithms of the probabilities, not the probabilities. And exp(1000) is too
        large for a float: large scores overflow to inf.
        - logits - logits.max(axis=-1, keepdims=True)
        + logits
        - exps / exps.sum(axis=-1, keepdims=True)
        + logits - np.log(exps.sum(axis=-1, keepdims=True))

        sign_turned: The sign is turned: your largest score gets the smallest probability. Look at what goes into exp.
        - logits - logits.max(axis=-1, keepdims=True)
        + logits.max(axis=-1, keepdims=True) - logits

        sign_turned_first: The sign is turned: your largest score gets the smallest probability. The scores go in as
        they are, without a minus.
        - np.asarray(logits)
        + -np.asarray(logits)

        base_2: The base is 2 here, not e: look at the function that you raise to the scores.
        - np.exp(
        + np.exp2(

        divided_by_norm: The squares of each row add up to 1, not the entries: you divide by the length of the row, not
        by its sum.
        - exps.sum(axis=-1, keepdims=True)
        + np.linalg.norm(exps, axis=-1, keepdims=True)

        sigmoid: Each score is turned into a probability by itself. All probabilities of a row must share one sum.
        - exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
        + exps = np.exp(-logits)
        - exps / exps.sum(axis=-1, keepdims=True)
        + 1 / (1 + exps)

        cut_to_whole_numbers: Where the scores are whole numbers, your probabilities are cut off to whole numbers: 0 or
        1. An array made like logits holds only what logits holds: which numbers must yours hold?
        - exps / exps.sum(axis=-1, keepdims=True)
        + (exps / exps.sum(axis=-1, keepdims=True)).astype(logits.dtype)
        """,
    ),
    hints=[
        "Two steps: make every score positive with exp, then make each row add up to 1.",
        "The rows lie along the last axis, axis=-1. With keepdims=True a sum has shape (T, 1) and fits under (T, V).",
        "exp(1000) is inf. Scores that are shifted by the same amount give the same probabilities: shift each row so "
        "that its largest score is 0.",
        "In words: subtract each row's maximum (axis=-1, keepdims=True), take exp, divide by each row's sum "
        "(axis=-1, keepdims=True).",
    ],
    why="exp(z - m) / sum(exp(z - m)): the factor exp(-m) stands above and below and cancels, so the shift changes "
    "nothing. With m the largest score, the largest exp is exp(0) = 1, and nothing overflows. The axis is -1, so "
    "the same line works for one row, a table, or more.",
    notice="Your function survives scores of 1000, and each row has its own maximum and its own sum.",
)


def cross_entropy(probs, targets):
    """Return the surprise at the characters that came, in nats: row t of probs is the guess at targets[t]."""
    return -np.log(probs[np.arange(len(targets)), targets]).sum()


def cross_entropy_by_loop(probs, targets):
    loss = 0.0
    for t in range(len(targets)):
        loss += -np.log(probs[t, targets[t]])
    return loss


def cross_entropy_cases():
    rng = np.random.default_rng(3)
    pencil = np.array([[0.1, 0.2, 0.3, 0.4], [0.7, 0.1, 0.15, 0.05], [0.25, 0.05, 0.6, 0.1]])
    return [
        Case("three predictions", (pencil, np.array([2, 0, 3])), {"T": 3, "V": 4}),
        Case("one prediction (T = 1)", (np.array([[0.2, 0.5, 0.3]]), np.array([0])), {"T": 1, "V": 3}),
        Case(
            "a longer sequence",
            (softmax(rng.normal(0, 1, (9, 6))), np.array([5, 0, 0, 3, 2, 1, 4, 3, 5])),
            {"T": 9, "V": 6},
        ),
        Case(
            "a long text, badly predicted",  # the product of these probabilities is too small for a float64
            (softmax(rng.normal(0, 3, (200, 10))), rng.integers(0, 10, 200)),
            {"T": 200, "V": 10},
        ),
    ]


CROSS_ENTROPY = Exercise(
    cross_entropy,
    cross_entropy_cases,
    minutes=10,
    difficulty=2,
    rare=1,
    mistakes=mistakes_in(
        cross_entropy,
        """
        mean: That is the mean over the characters. In this course the loss of a sequence is the sum.
        - .sum()
        + .mean()

        no_minus: The minus is missing: the logarithm of a probability is negative, and a loss is not.
        - -np.log(
        + np.log(

        bits: The logarithm has base 2, which measures in bits. The loss is in nats: which base is that?
        - np.log(
        + np.log2(

        base_10: The logarithm has base 10. The loss is in nats: which base is that?
        - np.log(
        + np.log10(

        not_added_up: You have the surprise at each character, one number per row. The loss is one number for all of
        them.
        - targets]).sum()
        + targets])

        columns_of_all_targets: Every row pays for the targets of all rows, so T x T numbers are summed. `:` means every
        row, and so does a loop inside a loop. Which one number of row t counts?
        - probs[np.arange(len(targets)), targets]
        + probs[:, targets]

        all_entries: All entries of probs are summed, whatever the targets are. Only the probability of the character
        that came counts.
        - probs[np.arange(len(targets)), targets]
        + probs

        entropy: You sum p ln p over all entries. That measures how unsure the predictions are, and does not ask which
        character came.
        - -np.log(probs[np.arange(len(targets)), targets]).sum()
        + -(probs * np.log(probs)).sum()

        no_logarithm: Your result is minus the sum of the probabilities of the targets. Where is the logarithm?
        - np.log(probs[np.arange(len(targets)), targets])
        + probs[np.arange(len(targets)), targets]

        logarithm_of_sum: The logarithm is taken once, of the sum. Each character has its own logarithm; then they are
        summed.
        - targets]).sum()
        + targets].sum())

        one_minus_p: You sum 1 - p instead of a logarithm. That measures an error too, but it is not the cross-entropy.
        - -np.log(probs[
        + (1 - probs[

        largest_probability: You take the largest probability of each row. The character that came may be another one:
        targets says which.
        - probs[np.arange(len(targets)), targets]
        + probs.max(axis=1)

        log_of_one_minus_p: You take the logarithm of 1 - p, the probability of every other character. How surprised are
        you at the character that came, which had probability p?
        - np.log(probs[np.arange(len(targets)), targets])
        + np.log(1 - probs[np.arange(len(targets)), targets])

        yes_or_no_loss: You also add ln(1 - p) for the characters that did not come. That is the loss for yes-or-no
        questions; here only the character that came counts.
        - return -np.log(probs[np.arange(len(targets)), targets]).sum()
        + truth = np.eye(probs.shape[1])[targets]
        + return -(truth * np.log(probs) + (1 - truth) * np.log(1 - probs)).sum()

        whole_rows: Look at `probs[targets]`: with one index it picks whole rows, as if targets were row numbers. You
        need row t and column targets[t] together.
        - probs[np.arange(len(targets)), targets]
        + probs[targets]

        indices_swapped: The two indices are in the wrong order: the first one picks the row (the time step), the second
        one the column (the character).
        - probs[np.arange(len(targets)), targets]
        + probs[targets, np.arange(len(targets))]

        mean_in_bits: Two things: it is the mean over the characters, and it is in bits. This loss is a sum, in nats.
        - np.log(
        + np.log2(
        - .sum()
        + .mean()

        mean_over_entries: You divide by all T times V entries of probs. The loss is the sum over the characters, not a
        mean.
        - -np.log(probs[np.arange(len(targets)), targets]).sum()
        + -(np.eye(probs.shape[1])[targets] * np.log(probs)).mean()

        product_underflows: For a long text it is infinite: the product of so many probabilities is too small for a
        float64 and becomes 0. What do logarithms make of a product?
        - np.log(probs[np.arange(len(targets)), targets]).sum()
        + np.log(np.prod(probs[np.arange(len(targets)), targets]))

        product_underflows_in_math: The product of so many probabilities is too small for a float64 and becomes 0, which
        has no logarithm. What do logarithms make of a product?
        - np.log(probs[np.arange(len(targets)), targets]).sum()
        + math.log(np.prod(probs[np.arange(len(targets)), targets]))

        perplexity: That is the perplexity, exp of the mean. The loss is the sum itself.
        - -np.log(probs[np.arange(len(targets)), targets]).sum()
        + np.exp(-np.log(probs[np.arange(len(targets)), targets]).mean())
        """,
    )
    + mistakes_in(
        cross_entropy_by_loop,
        """
        last_only: Only the last character is counted: is the sum overwritten in the loop instead of added to?
        - loss +=
        + loss =

        last_left_out: The last character is left out: your loop ends one step too soon.
        - range(len(targets))
        + range(len(targets) - 1)

        return_in_loop: Only the first character is counted. Is your `return` inside the loop?
        - return loss
        +     return loss
        """,
    ),
    hints=[
        "For one character: how surprised are you if something with probability p happens? 0 for p = 1, large for "
        "small p.",
        "From row t of probs you need one entry: the one in column targets[t].",
        "Take the natural logarithm of each picked probability, add them up, turn the sign.",
        "In words: minus the sum of np.log of probs[rows, targets], where rows is np.arange(len(targets)).",
    ],
    why="Each character costs -ln p nats, p being the probability that the network gave it. Costs of characters in a "
    "row add up, because probabilities multiply. The finished function also takes several streams: it flattens them "
    "to rows first.",
    notice="A network that knows nothing gives each character 1/V, so its loss is T ln V. Remember that number.",
)


def softmax_gradient_by_index(logits, targets):
    """Return the slope of the summed loss for each score, (T, V), from scores (T, V) and ids (T,)."""
    gradient = rnn_helpers.softmax(logits)
    gradient[np.arange(len(targets)), targets] -= 1  # probs minus one-hot
    return gradient


def softmax_gradient_by_loop(logits, targets):
    gradient = softmax(logits)
    for t in range(len(targets)):
        gradient[t, targets[t]] -= 1
    return gradient


def softmax_gradient_cases():
    rng = np.random.default_rng(4)
    return [
        Case(
            "three rows of scores",
            (np.array([[2.0, 1.0, 0.1, -1.0], [0.5, 0.2, -0.3, 0.9], [0.0, 1.5, -0.7, 0.4]]), np.array([0, 3, 2])),
            {"T": 3, "V": 4},
        ),
        Case("one row (T = 1)", (np.array([[0.3, -1.2, 2.5]]), np.array([1])), {"T": 1, "V": 3}),
        Case(
            "large scores", (np.array([[1000.0, 999.0, 1001.0], [5.0, 3.0, 4.0]]), np.array([1, 0])), {"T": 2, "V": 3}
        ),
        Case(
            "scores far apart, or far below 0",
            (
                np.array([[2000.0, 1.0, 0.0], [-1000.0, -1001.0, -999.0], [4.0, 5.0, -2000.0], [0.0, 690.0, -690.0]]),
                np.array([0, 1, 1, 2]),
            ),
            {"T": 4, "V": 3},
        ),
        Case(
            "a longer sequence",
            (rng.normal(0, 1.5, (9, 6)), np.array([5, 0, 0, 3, 2, 1, 4, 3, 5])),
            {"T": 9, "V": 6},
        ),
        Case(
            "scores that are whole numbers",
            (np.array([[2, 0, 1, -1], [0, -1, 3, 1]]), np.array([0, 2])),
            {"T": 2, "V": 4},
        ),
    ]


def gradient_remark(case, parts):
    return "" if np.allclose(parts[""].sum(axis=1), 0) else "Each row of this gradient must add up to 0."


SOFTMAX_GRADIENT = Exercise(
    softmax_gradient,
    softmax_gradient_cases,
    minutes=10,
    difficulty=2,
    rare=1,
    remark=gradient_remark,
    mistakes=mistakes_in(
        softmax_gradient,
        """
        sign_turned: The sign is turned: you have one-hot minus probs. Raising the score of the right character must
        lower the loss, so its gradient is negative.
        - return softmax(logits) - one_hot(targets, np.shape(logits)[-1])
        + return one_hot(targets, np.shape(logits)[-1]) - softmax(logits)

        mean: You divided by T. The loss is the sum over the sequence, not the mean, and so is its gradient.
        - return softmax(logits) - one_hot(targets, np.shape(logits)[-1])
        + return (softmax(logits) - one_hot(targets, np.shape(logits)[-1])) / len(targets)

        targets_not_used: These are the probabilities alone. The character that came has to enter: the targets are not
        used, or what you do with them is lost in a copy.
        - return softmax(logits) - one_hot(targets, np.shape(logits)[-1])
        + return softmax(logits)

        ids_subtracted: targets are ids, the numbers of columns, not amounts to subtract. Subtract 1 in the column of
        each target, or one-hot rows.
        - one_hot(targets, np.shape(logits)[-1])
        + targets

        slope_of_probability: That is p (1 - p), the slope of each probability with respect to its own score. You want
        the slope of the loss.
        - return softmax(logits) - one_hot(targets, np.shape(logits)[-1])
        + return softmax(logits) * (1 - softmax(logits))

        slope_for_probability: That is -1 / p at the target: the slope with respect to the probabilities. One more step
        of the chain rule leads to the scores.
        - return softmax(logits) - one_hot(targets, np.shape(logits)[-1])
        + return -one_hot(targets, np.shape(logits)[-1]) / softmax(logits)

        no_softmax: The one-hot is subtracted from the scores. Turn the scores into probabilities first.
        - return softmax(logits) -
        + return logits -

        times_probabilities: The difference is right, but you multiply it by the probabilities once more. The slope of
        softmax is already in it: for softmax and cross-entropy together it cancels.
        - return softmax(logits) - one_hot(targets, np.shape(logits)[-1])
        + return softmax(logits) * (softmax(logits) - one_hot(targets, np.shape(logits)[-1]))

        no_shift: Large scores overflow: exp(1000) is inf. Shift each row by its maximum, as in your softmax.
        - return softmax(logits) -
        + exps = np.exp(logits)
        + return exps / exps.sum(axis=-1, keepdims=True) -

        softmax_of_columns: Softmax runs over the wrong axis: each column adds up to 1, but each row should.
        - return softmax(logits) -
        + exps = np.exp(logits - logits.max(axis=0))
        + return exps / exps.sum(axis=0) -

        target_entries_only: You return one number per row, that of the target. The other scores have slopes too:
        raising one of them takes probability away from the target.
        - return softmax(logits) - one_hot(targets, np.shape(logits)[-1])
        + return softmax(logits)[np.arange(len(targets)), targets] - 1

        softmax_of_table: All rows of your probabilities together add up to 1. Each row is a prediction of its own, with
        its own maximum and its own sum.
        - return softmax(logits) -
        + exps = np.exp(logits - logits.max())
        + return exps / exps.sum() -

        rows_added_up: You added up the rows. Each score has its own gradient, so the result is as large as logits.
        - return softmax(logits) - one_hot(targets, np.shape(logits)[-1])
        + return (softmax(logits) - one_hot(targets, np.shape(logits)[-1])).sum(axis=0)

        cut_to_whole_numbers: Where the scores are whole numbers, your slopes are cut off to whole numbers. An array
        made like logits holds only what logits holds: which numbers must yours hold?
        - return softmax(logits) - one_hot(targets, np.shape(logits)[-1])
        + return (softmax(logits) - one_hot(targets, np.shape(logits)[-1])).astype(logits.dtype)

        one_from_every_entry: 1 is taken away from every entry. Only the entry of the target, one per row, is lowered.
        - one_hot(targets, np.shape(logits)[-1])
        + 1

        one_hot_added: The one-hot is added where it should be subtracted: a gradient of a row must add up to 0.
        - return softmax(logits) -
        + return softmax(logits) +
        """,
    )
    + mistakes_in(
        softmax_gradient_by_index,
        """
        columns_of_all_targets: In every row, 1 is taken away in the columns of all targets. `:` means every row, and so
        does a loop inside a loop: row t has one target only.
        - gradient[np.arange(len(targets)), targets]
        + gradient[:, targets]

        whole_rows: With one index, `gradient[targets]` picks whole rows, as if targets were row numbers. An entry needs
        its row and its column together.
        - gradient[np.arange(len(targets)), targets]
        + gradient[targets]

        set_to_minus_one: The entry of the target is set to a number. It must be lowered from the probability that
        stands there.
        - targets] -= 1
        + targets] = -1

        set_to_zero: The entry of the target is set to 0. It must be lowered from the probability that stands there.
        - targets] -= 1
        + targets] = 0

        one_column_left: The 1 is taken away one column too far to the left: ids count from 0, as columns do.
        - gradient[np.arange(len(targets)), targets]
        + gradient[np.arange(len(targets)), targets - 1]
        """,
    )
    + mistakes_in(
        softmax_gradient_by_loop,
        """
        return_in_loop: Only the first row has its target subtracted. Does your loop reach all rows?
        - return gradient
        +     return gradient

        whole_rows_in_loop: With one index, a target picks a whole row, as if it were the number of a row. Which row
        does step t have, and which column in it?
        - gradient[t, targets[t]]
        + gradient[targets[t]]

        only_target_filled: Only the entry of the target is filled. The other scores matter too: raising one of them
        takes probability away from the target.
        - gradient = softmax(logits)
        + probs = softmax(logits)
        + gradient = np.zeros_like(probs)
        - gradient[t, targets[t]] -= 1
        + gradient[t, targets[t]] = probs[t, targets[t]] - 1
        """,
    ),
    hints=[
        "The result says, for each score, how the loss moves when this score rises a little. So it has the shape of "
        "logits.",
        "Lesson 01 finds that the long derivative shrinks to a difference of two tables of shape (T, V).",
        "One table holds the predicted probabilities. The other holds what really came, as one-hot rows.",
        "In words: softmax of logits; in row t, column targets[t], take away 1; return the table.",
    ],
    why="loss = -z[target] + ln(sum(exp(z))). The first part has slope -1 at the target, the second has slope "
    "exp(z) / sum(exp(z)) = probs everywhere. Together: probs minus one-hot.",
    notice="Each row of the gradient adds up to 0: softmax does not care if all scores rise together.",
)


def catch_softmax(softmax):
    """Return True if the function turns scores into probabilities as softmax does, along the last axis."""
    scores = np.array([[1, 2, 4, -3], [0, -1, 5, 2]])  # whole numbers are scores too
    before = scores.copy()
    probs = softmax(scores)
    far_apart = softmax(np.array([[1000.0, 0.0, -1000.0], [-1000.0, -1001.0, -1003.0]]))
    return (
        probs.shape == scores.shape
        and np.allclose(probs.sum(axis=-1), 1)
        and np.allclose(np.log(probs[:, 1:] / probs[:, :-1]), np.diff(scores))  # a score 1 higher: e times as likely
        and np.array_equal(scores, before)
        and np.allclose(softmax(scores[0]), probs[0])  # a row alone gives what it gives in the table
        and np.allclose(far_apart[0], [1, 0, 0])
        and np.allclose(far_apart.sum(axis=-1), 1)
    )


def softmax_row_by_row(logits):
    if np.ndim(logits) > 1:
        return np.array([softmax_row_by_row(row) for row in logits])
    top = max(logits)
    exps = [math.exp(score - top) for score in logits]
    return np.array([number / sum(exps) for number in exps])


def softmax_by_logarithm(logits):
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    return np.exp(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def softmax_by_pairs(logits):
    differences = np.expand_dims(logits, -2) - np.expand_dims(logits, -1)
    return 1 / np.exp(differences).sum(axis=-1)  # where exp is inf, the probability is 0


CATCH_SOFTMAX = Catch(
    function=catch_softmax,
    original=SOFTMAX,
    rights={
        "the finished one": softmax,
        "one that goes row by row, with a loop": softmax_row_by_row,
        "one that compares the scores two by two": softmax_by_pairs,
        "one that goes through logarithms, so that its last digits differ": softmax_by_logarithm,
    },
    minutes=20,
    difficulty=2,
    hints=[
        "Give it scores of your own, and ask what must be true of the result, whatever the scores are.",
        "That the probabilities add up to 1 lets many wrong ones pass: a row of equal numbers adds up to 1 too. How do "
        "two probabilities of a row compare if their scores are 1 apart?",
        "Some go wrong with a table only, where each row needs its own sum, and some with scores as large as 1000.",
        "In words: in a table of two rows, each row adds up to 1; the ratio of two probabilities of a row is exp of "
        "the difference of their scores; a row alone gives the same as in the table; scores like 1000, 0, -1000 give "
        "no nan.",
    ],
    why="Two facts fix softmax: the row adds up to 1, and the ratio of two probabilities is exp of the difference of "
    "their scores. The rest asks whether this also holds in tables and for scores far apart.",
    notice="A check for a row of small scores alone lets through all that goes wrong elsewhere: the inputs of a check "
    "count as much as its formula.",
)


# ---------------------------------------------------------------- mend_softmax_gradient


def slopes_report(gradient):
    """Return what a function says of the slopes for some scores, beside the measured ones: of one row, and of three."""
    logits, targets = np.array([[2.0, 0, 1, -1], [0, -1, 3, 1], [1, 1, 1, 1]]), np.array([0, 2, 2])
    texts = []
    for T in (1, 3):
        rows, ids = logits[:T], targets[:T]
        measured = rnn_helpers.numerical_gradient(lambda moved, ids=ids: _loss_of(moved, ids), rows)
        texts.append(f"{T} row{'s' * (T > 1)} of scores, targets {ids.tolist()}")
        texts.append(f"{'the function says':34}measured")
        texts += [
            f"{_in_columns(says)}      {_in_columns(slopes)}" for says, slopes in zip(gradient(rows, ids), measured)
        ]
        texts.append("")
    return "\n".join(texts[:-1])


def _loss_of(logits, targets):
    return rnn_helpers.cross_entropy(softmax(logits), targets)


def _in_columns(numbers):
    return " ".join(f"{number:6.3f}" for number in numbers)


MEND_SOFTMAX_GRADIENT = mend(
    SOFTMAX_GRADIENT,
    "columns_of_all_targets",
    look=slopes_report,
    nudge="In the report, by how much is each wrong number off, and in which columns do they stand?",
    minutes=8,
    difficulty=1,
    hints=[
        'report("mend_softmax_gradient") puts what the function says beside the measured slopes. Which numbers differ? '
        "Take the difference of each pair.",
        "A row of right slopes adds up to 0. What do the wrong rows add up to? And why is a single row right?",
        "Each wrong number is 1 too low, and it stands in the column of a target, but that of another row. Which line "
        "takes 1 away, and in which rows does it do so?",
        "In words: the colon means every row. Each row needs its own target only, so give the row numbers, "
        "np.arange(len(targets)), where the colon is.",
    ],
    why="`[:, targets]` is every row with all the columns in targets. Two lists of the same length make pairs: row t "
    "with column targets[t]. With one row both are the same, so only a check with several rows, and different targets, "
    "sees it.",
    notice="A single row hid the fault, and so would rows with the same target: a check needs inputs that can tell.",
)
