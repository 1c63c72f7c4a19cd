"""One-hot rows, softmax, cross-entropy, and the gradient of the two together."""

import math

import numpy as np

import rnn_helpers
from course.checker.catch import Catch
from course.checker.exercise import Case, Exercise
from course.checker.mistakes import mistakes_beside
from course.lessons.cases import hard, impossible_remark, many_ids, probabilities_remark, random_ids
from rnn_helpers import cross_entropy, one_hot, softmax, softmax_gradient

known = mistakes_beside(__file__)


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
        Case("the last character at the end", (np.array([3, 0, 3]), 4), {"T": 3, "V": 4}),
        Case("ids above 255", many_ids(), {"T": 4, "V": 301}),
        Case("a vocabulary of one character (V = 1)", (np.array([0, 0]), 1), {"T": 2, "V": 1}),
    ]


ONE_HOT = Exercise(
    one_hot,
    one_hot_cases,
    difficulty=1,
    rare=3,
    mistakes=known("one_hot", one_hot, one_hot_by_loop, one_hot_by_identity),
    hints=[
        "Start from a table of zeros. How many rows does it need, and how many columns?",
        "Row t is for place t of the text. One entry of this row becomes 1, in column ids[t].",
        "With a loop: for t and id together (enumerate gives you both), set the entry in row t, column id. NumPy can "
        "do it without a loop: give it two lists of the same length, the row numbers and the column numbers.",
        "In words: make zeros of shape (len(ids), vocab_size), write 1 at [np.arange(len(ids)), ids], and return them.",
    ],
    why="Two index arrays pick one entry per pair, so one line fills all rows. The number of columns is vocab_size, "
    "never the largest id, because a short text doesn't have every character.",
    notice="A matrix times a row like this picks one column of the matrix. That's why page 02 can look up the column "
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
        Case(
            "an array of ints, such as np.array([2, 0, 1])",
            (np.array([[2, 0, 1, -1], [0, -1, 3, 1]]),),
            {"T": 2, "V": 4},
        ),
        Case("as many rows as scores", (np.array([[1.0, 2.5, 0.0], [-1.0, 0.5, 3.0], [2.0, -2.0, 0.3]]),), {"n": 3}),
        Case("the last score far above the others", (np.array([-900.0, 20.0, 0.0, 800.0]),), {"V": 4}),
        Case("one score in each row (V = 1)", (np.array([[0.4], [-3.0]]),), {"T": 2, "V": 1}),
        *hard("scores", lambda scores: (scores,), lambda scores: dict(zip("TV", scores.shape))),
    ]


SOFTMAX = Exercise(
    softmax,
    softmax_cases,
    difficulty=2,
    rare=6,
    remark=probabilities_remark,
    mistakes=known("softmax", softmax),
    hints=[
        "Two steps: make every score positive with exp, then make each row add up to 1.",
        "A row goes along the last axis, axis=-1. With keepdims=True a sum has shape (T, 1), and it fits under (T, V).",
        "exp(1000) is inf. But if you shift all scores of a row by the same amount, the probabilities don't change. "
        "So shift each row until its largest score is 0.",
        "In words: subtract each row's maximum (axis=-1, keepdims=True), take exp, divide by each row's sum "
        "(axis=-1, keepdims=True).",
    ],
    why="exp(z - m) / sum(exp(z - m)): the factor exp(-m) is in the top and in the bottom, so it cancels, and the "
    "shift changes nothing. If m is the largest score, the largest exp is exp(0) = 1, and nothing overflows. The axis "
    "is -1, so the same line works for one row, a table, or more.",
    notice="Your function survives scores of 1000, and each row has its own maximum and its own sum.",
)


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
        Case(  # as softmax gives it where a score is far below the others
            "characters with probability 0 that do not come",
            (np.array([[0.5, 0.0, 0.5, 0.0], [0.0, 0.25, 0.0, 0.75]]), np.array([2, 1])),
            {"T": 2, "V": 4},
        ),
        *hard("probabilities", lambda given: given, lambda given: {"T": 2, "V": 3}),
    ]


CROSS_ENTROPY = Exercise(
    cross_entropy,
    cross_entropy_cases,
    difficulty=2,
    rare=4,
    remark=impossible_remark,
    mistakes=known("cross_entropy", cross_entropy, cross_entropy_by_loop),
    hints=[
        "Start with one character. How surprised are you if something with probability p happens? Not at all for "
        "p = 1, and a lot for a small p.",
        "From row t of probs you need one entry, in column targets[t].",
        "Take the natural logarithm of each probability you picked, add them up, and turn the sign.",
        "In words: minus the sum of np.log of probs[rows, targets], where rows is np.arange(len(targets)).",
    ],
    why="Each character costs -ln p nats, where p is the probability that the network gave it. The probabilities of "
    "characters that follow each other multiply, so their costs add up. (The finished function also takes several "
    "streams: it flattens them to rows first.)",
    notice="The surprises add up, so a text that is twice as long costs about twice as much.",
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
    rng, (ids, V) = np.random.default_rng(4), many_ids()
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
        Case(
            "as many rows as scores",
            (np.array([[1.0, 2.5, 0.0], [-1.0, 0.5, 3.0], [2.0, -2.0, 0.3]]), np.array([1, 1, 2])),
            {"n": 3},
        ),
        Case(
            "the last score far above the others",
            (np.array([[-900.0, 20.0, 0.0, 800.0], [1.0, 0.5, -2.0, 3.0]]), np.array([1, 3])),
            {"T": 2, "V": 4},
        ),
        *hard("scores", lambda scores: (scores, np.arange(len(scores))), lambda scores: dict(zip("TV", scores.shape))),
        Case(
            "a target of probability 0",
            (np.array([[2000.0, 1.0, 0.0], [0.5, 1.0, 0.0]]), np.array([2, 1])),
            {"T": 2, "V": 3},
        ),
        Case("targets above 255", (rng.normal(0, 1, (4, V)), ids), {"T": 4, "V": V}),
    ]


def gradient_remark(case, parts):
    if np.isnan(parts[""]).any():
        return (
            "Do you measure the slopes? If a probability is rounded to 0, the loss is infinite, and inf - inf is nan."
        )
    return "" if np.allclose(parts[""].sum(axis=1), 0) else "Each row of this gradient must add up to 0."


SOFTMAX_GRADIENT = Exercise(
    softmax_gradient,
    softmax_gradient_cases,
    difficulty=2,
    rare=7,
    remark=gradient_remark,
    mistakes=known("softmax_gradient", softmax_gradient, softmax_gradient_by_index, softmax_gradient_by_loop),
    hints=[
        "For each score, the result says how the loss moves when this score rises a little. So it has the shape of "
        "logits.",
        "The derivation on the page ends in a difference of two tables of shape (T, V).",
        "One table has the predicted probabilities. The other one has what really came, as one-hot rows.",
        "In words: take softmax of logits. In row t, column targets[t], subtract 1. Return the table.",
    ],
    why="loss = -z[target] + ln(sum(exp(z))). The first part has slope -1 at the target. The second part has slope "
    "exp(z) / sum(exp(z)) = probs everywhere. Together that's probs minus one-hot.",
    notice="Each row of the gradient adds up to 0: softmax doesn't care if all scores rise together.",
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
    # One raises an error with a single row, so a check catches it that looks at nothing. One is wrong only where two
    # scores of a row are very large, and not alike.
    beyond=("rows_only", "clipped"),
    rights={
        "the finished one": softmax,
        "one that goes row by row, with a loop": softmax_row_by_row,
        "one that compares the scores two by two": softmax_by_pairs,
        "one that goes through logarithms, so that its last digits differ": softmax_by_logarithm,
    },
    difficulty=2,
    hints=[
        "Give it your own scores, and ask what must be true of the result, whatever the scores are.",
        "If you ask only for a sum of 1, many wrong ones pass: a row of equal numbers adds up to 1, too. How do two "
        "probabilities of a row compare if their scores are 1 apart?",
        "Some go wrong only with a table, where each row needs its own sum. Others need scores as large as 1000.",
        "In words: in a table of two rows, each row adds up to 1; the ratio of two probabilities of a row is exp of "
        "the difference of their scores; a row alone gives the same as in the table; scores like 1000, 0, -1000 give "
        "no nan.",
    ],
    why="Two facts fix softmax: the row adds up to 1, and the ratio of two probabilities is exp of the difference of "
    "their scores. The rest asks if this also holds in tables and for scores far apart.",
    notice="A check with only one row of small scores misses everything that goes wrong elsewhere. The inputs of a "
    "check count as much as its formula.",
)
