"""What exercises.py knows about each exercise: the right answer, inputs to try, and the mistakes people make.

For each lesson: the finished functions, then one Exercise per function. A mistake ("bug") is a wrong function
with the message that a teacher would give; check shows it when a learner's results equal that function's.
Letters as in rnn_helpers: V characters in the vocabulary, H hidden units, T characters in one sequence.
"""

import inspect
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from rnn_helpers import (
    Parameters,
    adam_step,
    clip_gradients,
    cross_entropy,
    linear_decay,
    make_streams,
    sgd_step,
    softmax,
)


class Case(NamedTuple):
    """One call to try: what is special about it, the arguments, and what the letters stand for in it."""

    label: str
    args: tuple
    sizes: dict


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    function  the right answer, also shown by solution()
    cases     () -> list of Case, made anew at each call so that nobody can spoil them
    bugs      list of (message, wrong function); no two give the same results on all cases
    hints     from a nudge to the code in words
    why       shown under the solution;  notice: shown after a right answer
    returns   names of the results if there are several
    in_place  names of the arguments that the function must change; it returns None then
    kind      "numbers", "ids" (whole numbers) or "pairs" (a list of pairs named by returns)
    remark    (case, parts of the result) -> what else to look at if it is wrong in an unknown way, or None
    backwards True if the function works from the last row to the first
    """

    function: object
    cases: object
    bugs: list
    hints: list
    why: str
    notice: str
    returns: tuple = ()
    in_place: tuple = ()
    kind: str = "numbers"
    remark: object = None
    backwards: bool = False

    @property
    def arguments(self):
        return list(inspect.signature(self.function).parameters)


ZEROS = " all zeros"  # at the end of a label: this argument plays no part in the case


def silenced(make, *names):
    """Return one Case for each name: make() with that one of its Parameters all zeros."""
    cases = []
    for name in names:
        case = make()
        args = [
            value._replace(**{name: np.zeros_like(getattr(value, name))}) if isinstance(value, Parameters) else value
            for value in case.args
        ]
        cases.append(Case(name + ZEROS, tuple(args), case.sizes))
    return cases


def probabilities_remark(case, parts):
    """Say which law of probabilities a result breaks."""
    got = parts[""]
    sums = np.atleast_1d(got.sum(axis=-1))
    if (got < 0).any():
        return "A probability is never negative."
    if np.isfinite(sums).all() and not np.allclose(sums, 1):
        row = int(np.argmax(~np.isclose(sums, 1)))
        return f"{'It' if got.ndim == 1 else f'Row {row}'} adds up to {sums[row]:.6g}: probabilities add up to 1."
    return ""


def network(H, V, seed, scale=0.6):
    """Return Parameters that hide no mistake: no zeros, no symmetry, biases too."""
    rng = np.random.default_rng(seed)
    return Parameters(*[rng.normal(0, scale, shape) for shape in [(H, V), (H, H), (V, H), (H,), (V,)]])


def pencil_network():
    """Return Parameters in tenths, small enough to check by hand: H = 3, V = 4."""
    return Parameters(
        W_xh=np.array([[0.5, -0.3, 0.8, 0.1], [-0.4, 0.6, 0.2, -0.7], [0.3, 0.9, -0.5, 0.4]]),
        W_hh=np.array([[0.2, -0.6, 0.4], [0.7, 0.1, -0.3], [-0.5, 0.8, 0.3]]),
        W_hy=np.array([[0.6, -0.2, 0.5], [-0.7, 0.4, 0.1], [0.3, 0.8, -0.6], [-0.1, 0.2, 0.9]]),
        b_h=np.array([0.1, -0.2, 0.3]),
        b_y=np.array([-0.3, 0.2, 0.1, 0.4]),
    )


def random_ids(T, V, seed):
    return np.random.default_rng(seed).integers(0, V, T)


# ---------------------------------------------------------------- lesson 01


def one_hot(ids, vocab_size):
    """Return one row per id: a 1 in the column of the id, zeros elsewhere, (T, V)."""
    rows = np.zeros((len(ids), vocab_size))
    rows[np.arange(len(ids)), ids] = 1  # the pairs (0, ids[0]), (1, ids[1]), ...
    return rows


def softmax_gradient(logits, targets):
    """Return d loss / d logits, (T, V), of loss = -sum(ln softmax(logits)[target])."""
    gradient = softmax(logits)
    gradient[np.arange(len(targets)), targets] -= 1  # probs minus one-hot
    return gradient


def one_hot_cases():
    return [
        Case("five ids, one of them twice", (np.array([2, 0, 3, 3, 1]), 4), {"T": 5, "V": 4}),
        Case("ids that leave out the last characters", (np.array([1, 4, 1]), 7), {"T": 3, "V": 7}),
        Case("one id (T = 1)", (np.array([2]), 4), {"T": 1, "V": 4}),
        Case("many ids", (random_ids(12, 8, 1), 8), {"T": 12, "V": 8}),
    ]


def _write_ids(ids, vocab_size):
    rows = one_hot(ids, vocab_size)
    return rows * np.asarray(ids)[:, None]


def _first_row_only(ids, vocab_size):
    rows = one_hot(ids, vocab_size)
    rows[1:] = 0
    return rows


def _skip_last_row(ids, vocab_size):
    rows = one_hot(ids, vocab_size)
    rows[-1] = 0
    return rows


def _whole_columns(ids, vocab_size):
    rows = np.zeros((len(ids), vocab_size))
    rows[:, ids] = 1
    return rows


def _rows_and_columns_swapped(ids, vocab_size):
    rows = np.zeros((len(ids), vocab_size))
    rows[ids, np.arange(len(ids))] = 1
    return rows


ONE_HOT = Exercise(
    one_hot,
    one_hot_cases,
    bugs=[
        (
            "Rows and columns are swapped: you have one column per character of the text. Each character of the "
            "text gets a row.",
            lambda ids, vocab_size: one_hot(ids, vocab_size).T,
        ),
        (
            "The number of columns comes from the largest id in ids. The text may leave out the last characters "
            "of the vocabulary: which argument tells you how many columns there are?",
            lambda ids, vocab_size: one_hot(ids, max(ids) + 1),
        ),
        (
            "That is the whole identity matrix, a row for every character of the vocabulary. You still have to pick "
            "the rows that the ids ask for, in the order of the text.",
            lambda ids, vocab_size: np.eye(vocab_size),
        ),
        (
            "All rows hold the ones of all ids. In `rows[:, ids] = 1` the colon means every row; and one list that is "
            "appended again and again is still one list. Row t must get its own id only, in a row of its own.",
            _whole_columns,
        ),
        (
            "The index of the row and the index of the column are in the wrong order: the first index picks the "
            "row, and there is one row per position in the text.",
            _rows_and_columns_swapped,
        ),
        (
            "The ones are one column too far to the left: ids count from 0, as columns do.",
            lambda ids, vocab_size: one_hot(np.asarray(ids) - 1, vocab_size),
        ),
        (
            "You wrote the id itself where a 1 belongs: the place says which character it is, the number is "
            "always 1. Character 0 shows the trouble: its row is all zeros.",
            _write_ids,
        ),
        (
            "You added up the rows, so you count how often each character comes and lose the order. Keep one "
            "row per position.",
            lambda ids, vocab_size: one_hot(ids, vocab_size).sum(axis=0),
        ),
        (
            "Only the first row is filled. Is your `return` inside the loop? Then the function ends after the "
            "first pass.",
            _first_row_only,
        ),
        ("The last row is still empty: your loop ends one step too soon.", _skip_last_row),
        (
            "The zeros and ones are the wrong way round: the one belongs where the id is.",
            lambda ids, vocab_size: 1 - one_hot(ids, vocab_size),
        ),
    ],
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
    ]


def _shifted(logits, shift):
    exps = np.exp(logits - shift)
    return exps / exps.sum(axis=-1, keepdims=True)


def _exps(logits):
    return np.exp(logits - logits.max(axis=-1, keepdims=True))


SOFTMAX = Exercise(
    softmax,
    softmax_cases,
    remark=probabilities_remark,
    bugs=[
        (
            "Right for small scores, but exp(1000) is too large for a float: it overflows to inf, and inf / inf is "
            "nan. What can you subtract from all scores of a row without changing the result?",
            lambda logits: np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True),
        ),
        (
            "Shifting by the mean leaves positive numbers, and where scores lie far apart, exp of those still "
            "overflows. After the shift no score should be above 0.",
            lambda logits: _shifted(logits, logits.mean(axis=-1, keepdims=True)),
        ),
        (
            "You shift by the largest absolute value. In a row of scores far below 0 that is no shift up to 0: "
            "exp(...) is 0 everywhere, and 0 / 0 is nan. Take the largest score itself.",
            lambda logits: _shifted(logits, np.abs(logits).max(axis=-1, keepdims=True)),
        ),
        (
            "The sum runs over the whole table, so all rows together add up to 1: each row needs its own sum "
            "(axis=-1, keepdims=True). And large scores overflow.",
            lambda logits: np.exp(logits) / np.exp(logits).sum(),
        ),
        (
            "The maximum and the sum run over the whole table. Each row needs its own (axis=-1, keepdims=True).",
            lambda logits: np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum(),
        ),
        (
            "Each column adds up to 1, but each row should: the sum runs over the wrong axis. The characters of the "
            "vocabulary lie along the last axis.",
            lambda logits: _exps(logits) / _exps(logits).sum(axis=0, keepdims=True),
        ),
        (
            "All rows together add up to 1: the sum runs over the whole table. Each row is a prediction of its own "
            "and needs its own sum.",
            lambda logits: _exps(logits) / _exps(logits).sum(),
        ),
        (
            "The maximum is taken over the whole table. A row far below it then has exp(...) = 0 everywhere, and "
            "0 / 0 is nan. Each row needs its own maximum.",
            lambda logits: np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum(axis=-1, keepdims=True),
        ),
        (
            "Shifting by the smallest score leaves large positive numbers, and exp of those still overflows. After "
            "the shift no score should be above 0.",
            lambda logits: (
                np.exp(logits - logits.min(axis=-1, keepdims=True))
                / np.exp(logits - logits.min(axis=-1, keepdims=True)).sum(axis=-1, keepdims=True)
            ),
        ),
        (
            "The top of the fraction is shifted by the maximum, the bottom is not. The shift cancels only if both "
            "have it.",
            lambda logits: _exps(logits) / np.exp(logits).sum(axis=-1, keepdims=True),
        ),
        (
            "The largest number of each row is 1, so the row adds up to more than 1. Either nothing divides the "
            "exponentials, or you divide by the largest one and not by their sum.",
            _exps,
        ),
        (
            "The exponentials are there, but nothing divides them, so a row does not add up to 1. And exp(1000) is "
            "too large for a float.",
            np.exp,
        ),
        (
            "exp is left out: you divide the scores by their sum. A score can be negative, a probability cannot.",
            lambda logits: logits / logits.sum(axis=-1, keepdims=True),
        ),
        (
            "These are the logarithms of the probabilities. Leave out the last logarithm.",
            lambda logits: (
                logits - logits.max(axis=-1, keepdims=True) - np.log(_exps(logits).sum(axis=-1, keepdims=True))
            ),
        ),
        (
            "The sign is turned: your largest score gets the smallest probability. Look at what goes into exp.",
            lambda logits: softmax(-logits),
        ),
        (
            "The base is 2 here, not e: look at the function that you raise to the scores.",
            lambda logits: softmax(logits * np.log(2)),
        ),
        (
            "The squares of each row add up to 1, not the entries: you divide by the length of the row (a norm), not "
            "by its sum.",
            lambda logits: _exps(logits) / np.linalg.norm(_exps(logits), axis=-1, keepdims=True),
        ),
        (
            "That is the sigmoid, which looks at one score at a time. The probabilities of a row share one sum.",
            lambda logits: 1 / (1 + np.exp(-logits)),
        ),
    ],
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
    ]


def _picked(probs, targets):
    return probs[np.arange(len(targets)), targets]


def _binary(probs, targets):
    truth = one_hot(targets, probs.shape[1])
    return -(truth * np.log(probs) + (1 - truth) * np.log(1 - probs)).sum()


CROSS_ENTROPY = Exercise(
    cross_entropy,
    cross_entropy_cases,
    bugs=[
        (
            "That is the mean over the characters. In this course the loss of a sequence is the sum.",
            lambda probs, targets: -np.log(_picked(probs, targets)).mean(),
        ),
        (
            "The minus is missing: the logarithm of a probability is negative, and a loss is not.",
            lambda probs, targets: np.log(_picked(probs, targets)).sum(),
        ),
        (
            "The logarithm has base 2, which measures in bits. The loss is in nats: which base is that?",
            lambda probs, targets: -np.log2(_picked(probs, targets)).sum(),
        ),
        (
            "The logarithm has base 10. The loss is in nats: which base is that?",
            lambda probs, targets: -np.log10(_picked(probs, targets)).sum(),
        ),
        (
            "You have the surprise at each character, one number per row. The loss is one number for all of them.",
            lambda probs, targets: -np.log(_picked(probs, targets)),
        ),
        (
            "Look at `probs[:, targets]`: it takes the columns of all targets in every row, T x T numbers. From row t "
            "you need one number only.",
            lambda probs, targets: -np.log(probs[:, targets]).sum(),
        ),
        (
            "All entries of probs are summed, whatever the targets are. Only the probability of the character that "
            "came counts.",
            lambda probs, targets: -np.log(probs).sum(),
        ),
        (
            "That is the entropy of the predictions, -sum(p ln p): it does not ask which character came.",
            lambda probs, targets: -(probs * np.log(probs)).sum(),
        ),
        (
            "Your result is minus the sum of the probabilities of the targets. Where is the logarithm?",
            lambda probs, targets: -_picked(probs, targets).sum(),
        ),
        (
            "The logarithm is taken once, of the sum. Each character has its own logarithm; then they are summed.",
            lambda probs, targets: -np.log(_picked(probs, targets).sum()),
        ),
        (
            "You sum 1 - p instead of a logarithm. That measures an error too, but it is not the cross-entropy.",
            lambda probs, targets: (1 - _picked(probs, targets)).sum(),
        ),
        (
            "You take the largest probability of each row. The character that came may be another one: targets "
            "says which.",
            lambda probs, targets: -np.log(probs.max(axis=1)).sum(),
        ),
        (
            "You also add ln(1 - p) for the characters that did not come. That is the loss for yes-or-no questions; "
            "here only the character that came counts.",
            _binary,
        ),
        (
            "Look at `probs[targets]`: with one index it picks whole rows, as if targets were row numbers. You need "
            "row t and column targets[t] together.",
            lambda probs, targets: -np.log(probs[targets]).sum(),
        ),
        (
            "Only the last character is counted: is the sum overwritten in the loop instead of added to?",
            lambda probs, targets: -np.log(_picked(probs, targets))[-1],
        ),
        (
            "The last character is left out: your loop ends one step too soon.",
            lambda probs, targets: -np.log(_picked(probs, targets))[:-1].sum(),
        ),
        (
            "The two indices are in the wrong order: the first one picks the row (the time step), the second one the "
            "column (the character).",
            lambda probs, targets: -np.log(probs[targets, np.arange(len(targets))]).sum(),
        ),
        (
            "That is the perplexity, exp of the mean. The loss is the sum itself.",
            lambda probs, targets: np.exp(-np.log(_picked(probs, targets)).mean()),
        ),
        (
            "Only the first character is counted. Is your `return` inside the loop?",
            lambda probs, targets: -np.log(_picked(probs, targets))[0],
        ),
    ],
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
    ]


def _subtract_columns(logits, targets):
    gradient = softmax(logits)
    gradient[:, targets] -= 1
    return gradient


def _subtract_first(logits, targets):
    gradient = softmax(logits)
    gradient[0, targets[0]] -= 1
    return gradient


def _unshifted_gradient(logits, targets):
    exps = np.exp(logits)
    return exps / exps.sum(axis=1, keepdims=True) - one_hot(targets, logits.shape[1])


def _truth(logits, targets):
    return one_hot(targets, logits.shape[1])


def _gradient_remark(case, parts):
    return "" if np.allclose(parts[""].sum(axis=1), 0) else "Each row of this gradient must add up to 0."


SOFTMAX_GRADIENT = Exercise(
    softmax_gradient,
    softmax_gradient_cases,
    remark=_gradient_remark,
    bugs=[
        (
            "The sign is turned: you have one-hot minus probs. Raising the score of the right character must lower "
            "the loss, so its gradient is negative.",
            lambda logits, targets: _truth(logits, targets) - softmax(logits),
        ),
        (
            "You divided by T. The loss is the sum over the sequence, not the mean, and so is its gradient.",
            lambda logits, targets: softmax_gradient(logits, targets) / len(targets),
        ),
        (
            "These are the probabilities alone. The character that came has to enter: the targets are not used, or "
            "what you do with them is lost in a copy.",
            lambda logits, targets: softmax(logits),
        ),
        (
            "targets are ids, the numbers of columns, not amounts to subtract. Subtract 1 in the column of each "
            "target, or one-hot rows.",
            lambda logits, targets: softmax(logits) - targets,
        ),
        (
            "Look at `[:, targets]`: it subtracts in the columns of all targets, in every row. Row t has one target.",
            _subtract_columns,
        ),
        (
            "Only the first row has its target subtracted. Does your loop reach all rows?",
            _subtract_first,
        ),
        (
            "Only the entry of the target is filled. The other scores matter too: raising one of them takes "
            "probability away from the target.",
            lambda logits, targets: softmax_gradient(logits, targets) * _truth(logits, targets),
        ),
        (
            "That is p (1 - p), the slope of each probability with respect to its own score. You want the slope of "
            "the loss.",
            lambda logits, targets: softmax(logits) * (1 - softmax(logits)),
        ),
        (
            "That is -1 / p at the target: the slope with respect to the probabilities. One more step of the chain "
            "rule leads to the scores.",
            lambda logits, targets: -_truth(logits, targets) / softmax(logits),
        ),
        (
            "The one-hot is subtracted from the scores. Turn the scores into probabilities first.",
            lambda logits, targets: logits - _truth(logits, targets),
        ),
        (
            "The difference is right, but you multiply it by the probabilities once more. The slope of softmax is "
            "already in it: for softmax and cross-entropy together it cancels.",
            lambda logits, targets: softmax(logits) * softmax_gradient(logits, targets),
        ),
        (
            "Large scores overflow: exp(1000) is inf. Shift each row by its maximum, as in your softmax.",
            _unshifted_gradient,
        ),
        (
            "Softmax runs over the wrong axis: each column adds up to 1, but each row should.",
            lambda logits, targets: softmax(logits.T).T - _truth(logits, targets),
        ),
        (
            "You added up the rows. Each score has its own gradient, so the result is as large as logits.",
            lambda logits, targets: softmax_gradient(logits, targets).sum(axis=0),
        ),
        (
            "The entry of the target is set to a number. It must be lowered from the probability that stands there.",
            lambda logits, targets: np.where(_truth(logits, targets) == 1, -1.0, softmax(logits)),
        ),
        (
            "The entry of the target is set to 0. It must be lowered from the probability that stands there.",
            lambda logits, targets: np.where(_truth(logits, targets) == 1, 0.0, softmax(logits)),
        ),
        (
            "1 is taken away from every entry. Only the entry of the target, one per row, is lowered.",
            lambda logits, targets: softmax(logits) - 1,
        ),
        (
            "The 1 is taken away one column too far to the left: ids count from 0, as columns do.",
            lambda logits, targets: softmax(logits) - _truth(logits, np.asarray(targets) - 1),
        ),
        (
            "The one-hot is added where it should be subtracted: a gradient of a row must add up to 0.",
            lambda logits, targets: softmax(logits) + _truth(logits, targets),
        ),
    ],
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


# ---------------------------------------------------------------- lesson 02


def rnn_step(char_id, h_prev, parameters):
    """Return the hidden state after one more character, (H,)."""
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    from_input = W_xh[:, char_id]  # W_xh times a one-hot vector is a column of W_xh
    from_before = W_hh @ h_prev
    return np.tanh(from_before + from_input + b_h)


def output_probs(h, parameters):
    """Return the probabilities of the next character, (V,), from the hidden state h, (H,)."""
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    return softmax(W_hy @ h + b_y)


def forward_pass(inputs, targets, h_prev, parameters):
    """Return (loss, hidden): the summed cross-entropy in nats, and the states, (T+1, H).

    Row 0 of hidden is the state that comes in, row t+1 the state after character t.
    """
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    hidden = np.zeros((len(inputs) + 1, len(h_prev)))
    hidden[0] = h_prev
    for t, char_id in enumerate(inputs):
        hidden[t + 1] = np.tanh(W_hh @ hidden[t] + W_xh[:, char_id] + b_h)
    probs = softmax(hidden[1:] @ W_hy.T + b_y)  # all T predictions at once: they do not feed back
    return cross_entropy(probs, targets), hidden


def count_parameters(hidden_size, vocab_size):
    """Return how many numbers the network learns."""
    H, V = hidden_size, vocab_size
    return H * V + H * H + V * H + H + V  # W_xh, W_hh, W_hy, b_h, b_y


def rnn_step_cases():
    def pencil():
        args = (3, np.array([0.3, -0.5, 0.2]), pencil_network())
        return Case("a small network", args, {"H": 3, "V": 4})

    def larger():
        args = (2, np.random.default_rng(5).normal(0, 0.5, 6), network(6, 5, 6))
        return Case("a larger network", args, {"H": 6, "V": 5})

    return [
        pencil(),
        Case("character 0", (0, np.array([-0.4, 0.1, 0.6]), pencil_network()), {"H": 3, "V": 4}),
        larger(),
        Case("h_prev" + ZEROS, (3, np.zeros(3), pencil_network()), {"H": 3, "V": 4}),
        *silenced(larger, "W_xh", "b_h"),
    ]


def _step_in_place(char_id, h_prev, p):
    h_prev += W_minus_identity(p) @ h_prev + p.W_xh[:, char_id] + p.b_h
    return np.tanh(h_prev, out=h_prev)


def W_minus_identity(p):
    return p.W_hh - np.eye(len(p.W_hh))


def _sigmoid(a):
    return 1 / (1 + np.exp(-a))


RNN_STEP = Exercise(
    rnn_step,
    rnn_step_cases,
    bugs=[
        (
            "tanh is left out: these are the sums that go into it. Without it, the states can grow without bound.",
            lambda c, h, p: p.W_hh @ h + p.W_xh[:, c] + p.b_h,
        ),
        ("The bias b_h is left out.", lambda c, h, p: np.tanh(p.W_hh @ h + p.W_xh[:, c])),
        (
            "The character is left out: the new state must depend on char_id, through W_xh.",
            lambda c, h, p: np.tanh(p.W_hh @ h + p.b_h),
        ),
        (
            "The old state is left out: without h_prev and W_hh the cell has no memory.",
            lambda c, h, p: np.tanh(p.W_xh[:, c] + p.b_h),
        ),
        (
            "W_hh is transposed: check on which side of the product h_prev stands. Row i of W_hh holds the weights "
            "into hidden unit i.",
            lambda c, h, p: np.tanh(h @ p.W_hh + p.W_xh[:, c] + p.b_h),
        ),
        (
            "You take a row of W_xh. W_xh is (H, V): one column per character.",
            lambda c, h, p: np.tanh(p.W_hh @ h + p.W_xh[c] + p.b_h),
        ),
        (
            "The bias is added after tanh. It belongs to the sum that goes into tanh.",
            lambda c, h, p: np.tanh(p.W_hh @ h + p.W_xh[:, c]) + p.b_h,
        ),
        (
            "tanh is taken of the two parts one by one. First add everything up, then take tanh once.",
            lambda c, h, p: np.tanh(p.W_hh @ h) + np.tanh(p.W_xh[:, c] + p.b_h),
        ),
        (
            "That squashes with the sigmoid, between 0 and 1. This cell uses a function between -1 and 1.",
            lambda c, h, p: _sigmoid(p.W_hh @ h + p.W_xh[:, c] + p.b_h),
        ),
        (
            "Negative values are cut off to 0 (ReLU). This cell uses another function, with values between -1 and 1.",
            lambda c, h, p: np.maximum(0, p.W_hh @ h + p.W_xh[:, c] + p.b_h),
        ),
        (
            "The bias of the output, b_y, is added here. The hidden units have their own bias.",
            lambda c, h, p: np.tanh(p.W_hh @ h + p.W_xh[:, c] + p.b_y),
        ),
        (
            "A column (H, 1) and a row (H,) were added, which NumPy spreads out to (H, H). Is your one-hot vector or "
            "your column of W_xh two-dimensional? Make it one-dimensional.",
            lambda c, h, p: np.tanh(p.W_hh @ h + p.W_xh[:, [c]] + p.b_h),
        ),
        (
            "`W_hh * h_prev` multiplies entry by entry and gives a table. A matrix product adds up over the old "
            "hidden units: which sign does it have in Python?",
            lambda c, h, p: np.tanh(p.W_hh * h + p.W_xh[:, c] + p.b_h),
        ),
        (
            "The new state is written into h_prev, so the caller loses the old one. Make a new array.",
            _step_in_place,
        ),
        (
            "W_xh does not fit to what it meets: it is (H, V), and takes a vector of V numbers on its right. Or are "
            "the five names in another order? It is W_xh, W_hh, W_hy, b_h, b_y.",
            lambda c, h, p: np.tanh(p.W_xh @ h + p.W_hh[:, c % 3] + p.b_h),
        ),
        ("That is tan, not tanh.", lambda c, h, p: np.tan(p.W_hh @ h + p.W_xh[:, c] + p.b_h)),
        (
            "The character goes in through W_hy. That matrix leads to the output; which one leads from the input?",
            lambda c, h, p: np.tanh(p.W_hh @ h + p.W_hy[c] + p.b_h),
        ),
        (
            "The column is one too far to the left: ids count from 0, as columns do.",
            lambda c, h, p: np.tanh(p.W_hh @ h + p.W_xh[:, c - 1] + p.b_h),
        ),
        (
            "The id is used as a number that multiplies. An id is a name: it says which column of W_xh to take.",
            lambda c, h, p: np.tanh(p.W_hh @ h + p.W_xh.sum(axis=1) * c + p.b_h),
        ),
    ],
    hints=[
        "Three things go into the new state: the old state, the character, the bias. Which parameter belongs to each?",
        "W_hh (H, H) times h_prev (H,) gives (H,). For the character you need one column of W_xh (H, V).",
        "Column c of a matrix is W[:, c]. Add the three parts, each (H,).",
        "In words: tanh of (W_hh @ h_prev, plus the column of W_xh for char_id, plus b_h).",
    ],
    why="It is the formula h = tanh(W_hh h_prev + W_xh x + b_h), where x is one-hot: the product W_xh x picks column "
    "char_id, so no product is needed.",
    notice="The same character gives another state when h_prev differs: that is the memory of the network.",
)


def output_probs_cases():
    def larger():
        return Case(
            "a larger network",
            (np.random.default_rng(7).normal(0, 0.5, 6), network(6, 5, 8)),
            {"H": 6, "V": 5},
        )

    return [
        Case("a small network", (np.array([0.3, -0.5, 0.2]), pencil_network()), {"H": 3, "V": 4}),
        larger(),
        Case("large scores", (np.array([0.9, -0.8, 0.7]), _large_outputs()), {"H": 3, "V": 6}),
        Case("scores far below 0", (np.array([0.9, -0.8, 0.7]), _large_outputs(-1000)), {"H": 3, "V": 6}),
        Case("scores far apart", (np.array([0.9, -0.8, 0.7]), _large_outputs(SPREAD)), {"H": 3, "V": 6}),
        *silenced(larger, "W_hy", "b_y"),
    ]


def _scores(h, p):
    return p.W_hy @ h + p.b_y


OUTPUT_PROBS = Exercise(
    output_probs,
    output_probs_cases,
    remark=probabilities_remark,
    bugs=[
        ("The bias b_y is left out.", lambda h, p: softmax(p.W_hy @ h)),
        (
            "These are the scores. Softmax is left out: probabilities are positive and add up to 1.",
            _scores,
        ),
        (
            "Large scores overflow: exp of them is inf, and inf / inf is nan. Use the softmax of lesson 01, which "
            "shifts by the maximum.",
            lambda h, p: np.exp(_scores(h, p)) / np.exp(_scores(h, p)).sum(),
        ),
        (
            "Each score is squashed by itself (sigmoid). The probabilities share one sum: use softmax.",
            lambda h, p: _sigmoid(_scores(h, p)),
        ),
        (
            "The scores go through tanh before softmax. Only the hidden state has a tanh; the output has none.",
            lambda h, p: softmax(np.tanh(_scores(h, p))),
        ),
        (
            "h goes through tanh once more. h is the hidden state already.",
            lambda h, p: softmax(p.W_hy @ np.tanh(h) + p.b_y),
        ),
        (
            "W_hy is (V, H): in the product `h @ W_hy` the sizes do not meet. Which one must stand on the left?",
            lambda h, p: softmax(h @ p.W_hy + p.b_y),
        ),
        (
            "The hidden bias b_h is added here. The outputs have their own bias, one per character.",
            lambda h, p: softmax(p.W_hy @ h + p.b_h),
        ),
        (
            "The bias is added after softmax, so the result does not add up to 1. It belongs to the scores.",
            lambda h, p: softmax(p.W_hy @ h) + p.b_y,
        ),
        (
            "Softmax is taken of the hidden state, before the scores. It comes last.",
            lambda h, p: p.W_hy @ softmax(h) + p.b_y,
        ),
        (
            "Softmax is taken twice. The second one flattens the probabilities.",
            lambda h, p: softmax(softmax(_scores(h, p))),
        ),
        (
            "Those are the logarithms of the probabilities. Leave out the last logarithm.",
            lambda h, p: (
                _scores(h, p) - _scores(h, p).max() - np.log(np.exp(_scores(h, p) - _scores(h, p).max()).sum())
            ),
        ),
        (
            "That is a 1 for the best character and 0 for all others. Keep the probability of every character.",
            lambda h, p: (np.arange(len(p.b_y)) == _scores(h, p).argmax()).astype(float),
        ),
        (
            "`W_hh` is used here. It leads from state to state; which matrix leads to the output?",
            lambda h, p: softmax(p.W_hh @ h + p.b_y),
        ),
    ],
    hints=[
        "Two steps: from the state to one score per character, then from scores to probabilities.",
        "W_hy (V, H) times h (H,) gives V scores. Something of shape (V,) is added.",
        "Lesson 01 made scores into probabilities, also large ones.",
        "In words: softmax of (W_hy @ h plus b_y). You can use softmax from rnn_helpers.",
    ],
    why="The scores are a linear reading of the hidden state; softmax turns them into probabilities. No tanh here: "
    "scores may be as large as they like.",
    notice="The output does not feed back into the state, so all T outputs of a sequence can wait for one product.",
)


def forward_pass_cases():
    def pencil():
        inputs, targets = np.array([1, 0, 2, 2, 3, 1]), np.array([0, 2, 2, 3, 1, 0])
        return Case(
            "a small network",
            (inputs, targets, np.array([0.3, -0.5, 0.2]), pencil_network()),
            {"T": 6, "H": 3, "V": 4},
        )

    return [
        pencil(),
        Case(
            "one character (T = 1)",
            (np.array([2]), np.array([0]), np.array([-0.2, 0.4, 0.6]), pencil_network()),
            {"T": 1, "H": 3, "V": 4},
        ),
        Case(
            "a larger network",
            (
                random_ids(9, 7, 11),
                random_ids(9, 7, 12),
                np.random.default_rng(10).normal(0, 0.5, 6),
                network(6, 7, 13),
            ),
            {"T": 9, "H": 6, "V": 7},
        ),
        Case(
            "large scores",
            (random_ids(4, 6, 14), random_ids(4, 6, 15), np.array([0.5, -0.5, 0.8]), _large_outputs()),
            {"T": 4, "H": 3, "V": 6},
        ),
        Case(
            "scores far below 0",
            (random_ids(4, 6, 14), random_ids(4, 6, 15), np.array([0.5, -0.5, 0.8]), _large_outputs(-1000)),
            {"T": 4, "H": 3, "V": 6},
        ),
        Case(
            "scores far apart",
            (random_ids(4, 6, 14), np.array([0, 0, 0, 0]), np.array([0.5, -0.5, 0.8]), _large_outputs(SPREAD)),
            {"T": 4, "H": 3, "V": 6},
        ),
        *silenced(pencil, "W_xh", "W_hh", "b_h", "b_y"),
    ]


SPREAD = np.array([1500.0, 0.0, 0.0, -1500.0, 0.0, 0.0])  # character 0 is certain


def _large_outputs(shift=1000):
    # Scores near 1000, all close together: no probability is 0, so the loss stays finite.
    p = network(3, 6, 16)
    return p._replace(b_y=p.b_y + shift)


def _forward_with(
    cell=lambda p, h, x, first: np.tanh(p.W_hh @ h + x + p.b_h),
    scores=lambda p, hidden: hidden[1:] @ p.W_hy.T + p.b_y,
    read=lambda inputs, targets: inputs,
    start=lambda h_prev: h_prev,
    to_probs=softmax,
    loss=lambda probs, inputs, targets: -np.log(_picked(probs, targets)).sum(),
    result=lambda loss, probs, hidden: (loss, hidden),
):
    """Return a forward pass with one part replaced by a wrong one."""

    def wrong_forward_pass(inputs, targets, h_prev, parameters):
        hidden = [start(h_prev)]
        for char_id in read(inputs, targets):
            hidden.append(cell(parameters, hidden[-1], parameters.W_xh[:, char_id], hidden[0]))
        hidden = np.array(hidden)
        probs = to_probs(scores(parameters, hidden))
        return result(loss(probs, inputs, targets), probs, hidden)

    return wrong_forward_pass


def _with_row_0(h_prev, result):
    loss, hidden = result
    hidden[0] = h_prev
    return loss, hidden


def _no_row_0_stored(inputs, targets, h_prev, parameters):
    loss, hidden = forward_pass(inputs, targets, h_prev, parameters)
    hidden[0] = 0
    return loss, hidden


def _one_array_for_all(inputs, targets, h_prev, parameters):
    loss, hidden = forward_pass(inputs, targets, h_prev, parameters)
    hidden[:] = hidden[-1]
    return loss, hidden


def _h_prev_overwritten(inputs, targets, h_prev, parameters):
    loss, hidden = forward_pass(inputs, targets, h_prev, parameters)
    h_prev[:] = hidden[-1]
    return loss, hidden


def _same_array_appended(inputs, targets, h_prev, parameters):
    loss, hidden = _h_prev_overwritten(inputs, targets, h_prev, parameters)
    hidden[:] = hidden[-1]
    return loss, hidden


def _last_character_unread(inputs, targets, h_prev, parameters):
    loss, hidden = forward_pass(inputs, targets, h_prev, parameters)
    hidden[-1] = 0
    probs = softmax(hidden[1:] @ parameters.W_hy.T + parameters.b_y)
    return cross_entropy(probs, targets), hidden


def _read_backwards(inputs, targets, h_prev, parameters):
    W_xh, W_hh, _, b_h, _ = parameters
    hidden = np.zeros((len(inputs) + 1, len(h_prev)))
    hidden[0] = h_prev
    for t in reversed(range(len(inputs))):
        hidden[t + 1] = np.tanh(W_hh @ hidden[t] + W_xh[:, inputs[t]] + b_h)
    probs = softmax(hidden[1:] @ parameters.W_hy.T + parameters.b_y)
    return cross_entropy(probs, targets), hidden


def _loss_of_too_few(inputs, targets, h_prev, parameters):
    loss, hidden = forward_pass(inputs, targets, h_prev, parameters)
    probs = softmax(hidden[1:-1] @ parameters.W_hy.T + parameters.b_y)
    return cross_entropy(probs, targets[:-1]), hidden


def _unshifted(scores):
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


FORWARD_PASS = Exercise(
    forward_pass,
    forward_pass_cases,
    returns=("loss", "hidden"),
    bugs=[
        (
            "tanh is left out of the cell: the states are the bare sums.",
            _forward_with(cell=lambda p, h, x, first: p.W_hh @ h + x + p.b_h),
        ),
        (
            "The bias b_h is left out of the cell.",
            _forward_with(cell=lambda p, h, x, first: np.tanh(p.W_hh @ h + x)),
        ),
        (
            "The states are right. The bias b_y is left out of the scores.",
            _forward_with(scores=lambda p, hidden: hidden[1:] @ p.W_hy.T),
        ),
        (
            "Both biases are left out: b_h in the cell, b_y in the scores.",
            _forward_with(
                cell=lambda p, h, x, first: np.tanh(p.W_hh @ h + x), scores=lambda p, hidden: hidden[1:] @ p.W_hy.T
            ),
        ),
        (
            "The state is not carried: every step starts again from h_prev. Step t needs the state that step t - 1 "
            "left.",
            _forward_with(cell=lambda p, h, x, first: np.tanh(p.W_hh @ first + x + p.b_h)),
        ),
        (
            "The pass starts from zeros, and h_prev is not used. Where does the state before the first character "
            "come from?",
            _forward_with(start=np.zeros_like),
        ),
        (
            "Row 0 holds h_prev, but the loop starts from a state of zeros. The first step needs h_prev too.",
            lambda i, t, h, p: _with_row_0(h, forward_pass(i, t, np.zeros_like(h), p)),
        ),
        (
            "Row 0 of hidden is still zero. The states after it are right, so you use h_prev: now also store it.",
            _no_row_0_stored,
        ),
        (
            "h_prev is overwritten: at the end it holds the last state, and the caller loses the old one. "
            "Work on a copy or on rows of hidden.",
            _h_prev_overwritten,
        ),
        (
            "One array is changed in place and stored again and again, so all rows of hidden show the last state, and "
            "h_prev is overwritten. Make a new array at each step.",
            _same_array_appended,
        ),
        (
            "All rows of hidden are the same, the last state: you store one array again and again and change it in "
            "place. Make a new array at each step, or store a copy.",
            _one_array_for_all,
        ),
        (
            "The loop runs backwards over the characters. State t + 1 needs state t: go from the first to the last.",
            _read_backwards,
        ),
        (
            "The states are right. The loss takes the probability of the wrong character or row: prediction t, from "
            "row t + 1 of hidden, belongs to targets[t].",
            _forward_with(loss=lambda probs, inputs, targets: -np.log(_picked(probs, np.roll(targets, 1))).sum()),
        ),
        (
            "hidden has no row for the state that comes in. Row 0 is h_prev, row t+1 the state after character t: "
            "T + 1 rows.",
            _forward_with(result=lambda loss, probs, hidden: (loss, hidden[1:])),
        ),
        (
            "hidden lacks the state after the last character: T + 1 rows, from h_prev to the state after "
            "character T - 1.",
            _forward_with(result=lambda loss, probs, hidden: (loss, hidden[:-1])),
        ),
        (
            "hidden is transposed: one row per state, one column per hidden unit.",
            _forward_with(result=lambda loss, probs, hidden: (loss, hidden.T)),
        ),
        (
            "Only the last state is returned as hidden. The backward pass needs all of them.",
            _forward_with(result=lambda loss, probs, hidden: (loss, hidden[-1])),
        ),
        (
            "W_hh is transposed: check on which side of the product the state stands.",
            _forward_with(cell=lambda p, h, x, first: np.tanh(h @ p.W_hh + x + p.b_h)),
        ),
        (
            "The old state is left out of the cell: W_hh is not used, or it meets the row that is still empty, "
            "hidden[t + 1].",
            _forward_with(cell=lambda p, h, x, first: np.tanh(x + p.b_h)),
        ),
        (
            "The old state is added without W_hh. It has to go through the hidden-to-hidden weights.",
            _forward_with(cell=lambda p, h, x, first: np.tanh(h + x + p.b_h)),
        ),
        (
            "The characters are left out of the cell: W_xh is not used.",
            _forward_with(cell=lambda p, h, x, first: np.tanh(p.W_hh @ h + p.b_h)),
        ),
        (
            "The bias b_h is added after tanh. It belongs inside.",
            _forward_with(cell=lambda p, h, x, first: np.tanh(p.W_hh @ h + x) + p.b_h),
        ),
        (
            "tanh is taken of the parts one by one. Add them all up, then take tanh once.",
            _forward_with(cell=lambda p, h, x, first: np.tanh(p.W_hh @ h) + np.tanh(x + p.b_h)),
        ),
        (
            "The cell squashes with the sigmoid. This cell uses tanh.",
            _forward_with(cell=lambda p, h, x, first: _sigmoid(p.W_hh @ h + x + p.b_h)),
        ),
        (
            "The cell reads the targets. The targets are what it should predict; it reads the inputs.",
            _forward_with(read=lambda inputs, targets: targets),
        ),
        (
            "The characters are read from back to front. Character 0 comes first.",
            _forward_with(read=lambda inputs, targets: inputs[::-1]),
        ),
        (
            "The states are right. The loss is the mean; in this course it is the sum over the sequence.",
            _forward_with(loss=lambda probs, inputs, targets: cross_entropy(probs, targets) / len(targets)),
        ),
        (
            "The states are right. The loss is negative: the minus in front of the logarithm is missing.",
            _forward_with(loss=lambda probs, inputs, targets: -cross_entropy(probs, targets)),
        ),
        (
            "The states are right. The loss is in bits: the logarithm has base 2. Use nats.",
            _forward_with(loss=lambda probs, inputs, targets: cross_entropy(probs, targets) / np.log(2)),
        ),
        (
            "The states are right. The loss looks up the probability of the inputs, the characters that it has read. "
            "Look up the ones that came next.",
            _forward_with(loss=lambda probs, inputs, targets: cross_entropy(probs, inputs)),
        ),
        (
            "The states are right. The loss is that of the last character only: is it overwritten in the loop instead "
            "of added to?",
            _forward_with(loss=lambda probs, inputs, targets: cross_entropy(probs[-1:], targets[-1:])),
        ),
        (
            "The states are right. The loss is one number per character: add them up.",
            _forward_with(loss=lambda probs, inputs, targets: -np.log(_picked(probs, targets))),
        ),
        (
            "The states are right. The loss leaves out the last character: its prediction counts too.",
            _loss_of_too_few,
        ),
        (
            "The states are right. The prediction after character t is made from the state before it. Row t of hidden "
            "is the state before character t, so which row is the one after?",
            _forward_with(scores=lambda p, hidden: hidden[:-1] @ p.W_hy.T + p.b_y),
        ),
        (
            "The states are right. Softmax runs over the wrong axis: the probabilities of one time step must add up "
            "to 1.",
            _forward_with(to_probs=lambda scores: softmax(scores.T).T),
        ),
        (
            "Large scores overflow: exp of them is inf. Use the softmax of lesson 01, which shifts by the maximum.",
            _forward_with(to_probs=_unshifted),
        ),
        (
            "The states are right. The logarithm is taken of the scores: softmax is left out.",
            _forward_with(to_probs=lambda scores: scores),
        ),
        (
            "The states are right. The scores go through tanh before softmax: the output has no tanh.",
            _forward_with(to_probs=lambda scores: softmax(np.tanh(scores))),
        ),
        (
            "The last character is never read: the last row of hidden is still zero. Your loop ends one step too soon.",
            _last_character_unread,
        ),
        (
            "You return three things, as the finished function does: loss, probs, hidden. Here the result is "
            "(loss, hidden).",
            _forward_with(result=lambda loss, probs, hidden: (loss, probs, hidden)),
        ),
        (
            "The two results are swapped: loss first, then hidden.",
            _forward_with(result=lambda loss, probs, hidden: (hidden, loss)),
        ),
    ],
    hints=[
        "Make the table hidden first: T + 1 rows of H zeros. Which state goes into row 0?",
        "Loop over the characters: row t+1 comes from row t and inputs[t], as in rnn_step.",
        "Then the outputs: the prediction after character t comes from row t+1, as in output_probs. The loss adds up "
        "-ln of the probability of targets[t].",
        "In words: hidden[0] is h_prev; for each t, hidden[t+1] is tanh(W_hh @ hidden[t] + column inputs[t] of W_xh + "
        "b_h); probs is the softmax of hidden[1:] @ W_hy.T + b_y; return the cross-entropy of probs and targets, and "
        "hidden.",
    ],
    why="Only the recurrence has to be a loop: state t+1 needs state t. The outputs do not feed back, so all T rows of "
    "scores are one product, hidden[1:] @ W_hy.T. The finished function in rnn_helpers also looks up all columns of "
    "W_xh at once, and returns probs too, because the backward pass needs them.",
    notice="The last row of hidden is the h_prev of the next sequence: so a long text can be read piece by piece.",
)


def count_parameters_cases():
    return [
        Case("H = 3, V = 4", (3, 4), {}),
        Case("H = 75, V = 35", (75, 35), {}),
        Case("H = 1, V = 2", (1, 2), {}),
        Case("H = 150, V = 41", (150, 41), {}),
    ]


COUNT_PARAMETERS = Exercise(
    count_parameters,
    count_parameters_cases,
    kind="ids",
    bugs=[
        (
            "The biases are left out: they are learned too.",
            lambda H, V: H * V + H * H + V * H,
        ),
        (
            "In Python `^` is not a power, it compares bits. Write `**`, or multiply.",
            lambda H, V: 2 * H * V + (H ^ 2) + H + V,
        ),
        (
            "The hidden-to-hidden matrix is left out. What does the state of a step go through on its way to the next?",
            lambda H, V: 2 * H * V + H + V,
        ),
        (
            "Only one of the two matrices between characters and hidden units is counted: there is one for the "
            "input and one for the output.",
            lambda H, V: H * V + H * H + H + V,
        ),
        ("The bias of the outputs, b_y, is left out.", lambda H, V: 2 * H * V + H * H + H),
        ("The bias of the hidden units, b_h, is left out.", lambda H, V: 2 * H * V + H * H + V),
        (
            "Both biases are counted as H. The outputs have a bias per character.",
            lambda H, V: 2 * H * V + H * H + 2 * H,
        ),
        (
            "Each bias is counted as one number. Every hidden unit and every character has its own.",
            lambda H, V: 2 * H * V + H * H + 2,
        ),
        (
            "H and V are swapped: the square matrix leads from hidden units to hidden units.",
            lambda H, V: 2 * H * V + V * V + H + V,
        ),
        (
            "A matrix of H rows and H columns has H times H entries: the hidden-to-hidden one is counted as 2 H.",
            lambda H, V: 2 * H * V + 2 * H + H + V,
        ),
        (
            "You added the two sides of each matrix. The number of entries is rows times columns.",
            lambda H, V: (H + V) + (H + H) + (V + H) + H + V,
        ),
        (
            "There is one hidden-to-hidden matrix, used at every step. You counted it twice.",
            lambda H, V: 2 * H * V + 2 * H * H + H + V,
        ),
    ],
    hints=[
        "List the five parameters: three matrices, two biases. What is the shape of each?",
        "A matrix of shape (rows, columns) holds rows times columns numbers; a bias of shape (n,) holds n.",
        "W_xh is (H, V), W_hh is (H, H), W_hy is (V, H), b_h is (H,), b_y is (V,).",
        "In words: H times V, plus H times H, plus V times H, plus H, plus V.",
    ],
    why="Five arrays, each counted by its shape. Nothing depends on T: the same weights are used at every time step.",
    notice="The length of the sequence is not in the formula: a longer sequence needs no new weights.",
)


# ---------------------------------------------------------------- lesson 03


def tanh_backward(dh, h):
    """Return d loss / d a from dh = d loss / d h, where h = tanh(a). All of the same shape."""
    return dh * (1 - h**2)  # tanh'(a) = 1 - tanh(a)**2, and tanh(a) is h


def hidden_gradients(dh_from_output, hidden, parameters):
    """Return da, (T, H): d loss / d a_t, where a_t is what goes into tanh at step t.

    dh_from_output  (T, H), what each state owes to its own output
    hidden          (T+1, H), row t+1 is the state after character t
    """
    W_hh = parameters.W_hh
    da = np.zeros_like(dh_from_output)
    from_after = np.zeros(len(W_hh))  # after the last step there is nothing
    for t in reversed(range(len(da))):
        dh = dh_from_output[t] + from_after  # what the state owes to its own output and to all later ones
        da[t] = dh * (1 - hidden[t + 1] ** 2)
        from_after = W_hh.T @ da[t]  # the state before entered step t through W_hh
    return da


def weight_gradients(inputs, hidden, da, vocab_size):
    """Return (dW_xh, dW_hh, db_h), of shapes (H, V), (H, H), (H,), summed over the time steps."""
    T, H = da.shape
    dW_xh, dW_hh, db_h = np.zeros((H, vocab_size)), np.zeros((H, H)), np.zeros(H)
    for t in range(T):
        dW_xh[:, inputs[t]] += da[t]  # only one column of W_xh was used
        dW_hh += np.outer(da[t], hidden[t])  # hidden[t] is the state before character t
        db_h += da[t]
    return dW_xh, dW_hh, db_h


def numerical_gradient(f, x, epsilon=1e-5):
    """Return the slope of f for each entry of x, by central differences; an array like x."""
    x = np.array(x, dtype=float)  # a copy: the caller's array stays as it is
    slopes = np.zeros_like(x)
    for entry in np.ndindex(x.shape):
        original = x[entry]
        x[entry] = original + epsilon
        above = f(x)
        x[entry] = original - epsilon
        below = f(x)
        x[entry] = original
        slopes[entry] = (above - below) / (2 * epsilon)
    return slopes


def tanh_backward_cases():
    rng = np.random.default_rng(20)
    return [
        Case("one state", (np.array([0.4, -0.3, 0.2]), np.array([0.3, -0.5, 0.9])), {"H": 3}),
        Case("several states", (rng.normal(0, 1, (5, 4)), np.tanh(rng.normal(0, 1, (5, 4)))), {"T": 5, "H": 4}),
        Case("h near 1 and -1", (np.array([0.5, -2.0, 3.0]), np.array([0.99, 0.999, -0.999])), {"H": 3}),
        Case("h" + ZEROS, (np.array([0.5, -2.0, 3.0]), np.zeros(3)), {"H": 3}),
    ]


TANH_BACKWARD = Exercise(
    tanh_backward,
    tanh_backward_cases,
    bugs=[
        ("The slope is 1 - h here. Something in the slope of tanh is squared.", lambda dh, h: dh * (1 - h)),
        ("The sign is turned: the slope of tanh is never negative.", lambda dh, h: dh * (h**2 - 1)),
        (
            "tanh is taken of h again. h is tanh(a) already, so it goes into the slope as it is.",
            lambda dh, h: dh * (1 - np.tanh(h) ** 2),
        ),
        (
            "The whole difference is squared. Only h is squared.",
            lambda dh, h: dh * (1 - h) ** 2,
        ),
        (
            "That is the slope of tanh alone. By the chain rule, what comes from behind, dh, is a factor.",
            lambda dh, h: 1 - h**2,
        ),
        ("dh comes back as it went in. Where is the slope of tanh?", lambda dh, h: 1.0 * dh),
        ("That is the slope of the sigmoid, h (1 - h). tanh has another one.", lambda dh, h: dh * h * (1 - h)),
        ("dh and the slope are added. The chain rule multiplies.", lambda dh, h: dh + (1 - h**2)),
        (
            "You divide by the slope. The chain rule multiplies by it.",
            lambda dh, h: dh / (1 - h**2),
        ),
        (
            "There is a plus in the slope where a minus belongs: at h near 1 tanh is flat.",
            lambda dh, h: dh * (1 + h**2),
        ),
        (
            "The roles of dh and h are swapped: the slope is made from h.",
            lambda dh, h: h * (1 - dh**2),
        ),
        ("The slope is h squared here: where is the 1 from which it is taken away?", lambda dh, h: dh * h**2),
        ("The slope is applied twice.", lambda dh, h: dh * (1 - h**2) ** 2),
        (
            "You multiply by tanh itself. The chain rule needs its slope.",
            lambda dh, h: dh * np.tanh(h),
        ),
        (
            "Parentheses are missing: `dh * 1 - h ** 2` subtracts after the product.",
            lambda dh, h: dh * 1 - h**2,
        ),
    ],
    hints=[
        "Chain rule: how the loss moves with a is how it moves with h, times how h moves with a.",
        "The second factor is the slope of tanh. It can be written with tanh(a) alone, and that is h.",
        "At h = 0 the slope is 1, near h = 1 or -1 it is almost 0.",
        "In words: dh times (1 minus the square of h), entry by entry.",
    ],
    why="tanh'(a) = 1 - tanh(a)**2, and tanh(a) is the h that the forward pass stored. So no a has to be kept.",
    notice="The slope is at most 1, and near 0 for a saturated unit. Many such factors make a gradient vanish.",
)


def hidden_gradients_cases():
    rng = np.random.default_rng(21)

    def case(label, T, parameters, spread=0.5):
        H = len(parameters.b_h)
        hidden = np.tanh(rng.normal(0, spread, (T + 1, H)))
        return Case(label, (rng.normal(0, 1, (T, H)), hidden, parameters), {"T": T, "H": H})

    return [
        case("a small network", 5, pencil_network()),
        case("one character (T = 1)", 1, pencil_network()),
        case("two characters (T = 2)", 2, network(4, 6, 22)),
        case("a larger network", 9, network(6, 7, 23)),
        case("hidden" + ZEROS, 4, network(3, 6, 24), spread=0),
        *silenced(lambda: case("", 4, network(3, 6, 25)), "W_hh"),
    ]


def _bptt_with(
    total=lambda own, after, slope: (own + after) * slope,
    carry=lambda p, da, dh, own: p.W_hh.T @ da,
    keep=lambda new, old: new,
    slope=lambda hidden: 1 - hidden[1:] ** 2,
    steps=lambda T: reversed(range(T)),
    start=lambda own, p: np.zeros(len(p.b_h)),
    result=lambda da: da,
):
    """Return a backward recurrence with one part replaced by a wrong one."""

    def wrong_hidden_gradients(dh_from_output, hidden, parameters):
        da, slopes = np.zeros_like(dh_from_output), slope(hidden)
        after = start(dh_from_output, parameters)
        for t in steps(len(da)):
            da[t] = total(dh_from_output[t], after, slopes[t])
            new = carry(parameters, da[t], dh_from_output[t] + after, dh_from_output[t] * slopes[t])
            after = keep(new, after)
        return result(da)

    return wrong_hidden_gradients


def _dh_instead_of_da(dh_from_output, hidden, parameters):
    dh, after = np.zeros_like(dh_from_output), np.zeros(hidden.shape[1])
    for t in reversed(range(len(dh))):
        dh[t] = dh_from_output[t] + after
        after = parameters.W_hh.T @ (dh[t] * (1 - hidden[t + 1] ** 2))
    return dh


def _dh_changed(dh_from_output, hidden, parameters):
    for t in reversed(range(len(dh_from_output))):
        dh_from_output[t] *= 1 - hidden[t + 1] ** 2
        if t:
            dh_from_output[t - 1] += parameters.W_hh.T @ dh_from_output[t]
    return dh_from_output


def _dh_added_to(dh_from_output, hidden, parameters):
    da = np.zeros_like(dh_from_output)
    for t in reversed(range(len(da))):
        da[t] = dh_from_output[t] * (1 - hidden[t + 1] ** 2)
        if t:
            dh_from_output[t - 1] += parameters.W_hh.T @ da[t]
    return da


def _own_scaled_too(dh_from_output, hidden, parameters):
    da, after = np.zeros_like(dh_from_output), np.zeros(hidden.shape[1])
    for t in reversed(range(len(da))):
        da[t] = parameters.W_hh.T @ (dh_from_output[t] + after) * (1 - hidden[t + 1] ** 2)
        after = da[t]
    return da


HIDDEN_GRADIENTS = Exercise(
    hidden_gradients,
    hidden_gradients_cases,
    backwards=True,
    bugs=[
        (
            "The gradient from the future is not carried: each step counts its own output only. A state also acts on "
            "all later outputs.",
            _bptt_with(total=lambda own, after, slope: own * slope),
        ),
        (
            "The gradient reaches back one step and stops: what you carry holds only the own output of the next step. "
            "It must hold everything that came from still later.",
            _bptt_with(carry=lambda p, da, dh, own: p.W_hh.T @ own),
        ),
        (
            "The carried gradient is never replaced: you add each new one to all the old ones. What step t hands "
            "back takes the place of what it got.",
            _bptt_with(keep=lambda new, old: old + new),
        ),
        (
            "The carried gradient does not start from zero: after the last step there is no future. The steps before "
            "it inherit the error.",
            _bptt_with(start=lambda own, p: own[-1].copy()),
        ),
        (
            "The carried gradient starts from ones. After the last step there is no future, so nothing flows in.",
            _bptt_with(start=lambda own, p: np.ones(len(p.b_h))),
        ),
        (
            "The slope belongs to the wrong step: you use row t of hidden, the state before character t. Which row did "
            "tanh of step t make?",
            _bptt_with(slope=lambda hidden: 1 - hidden[:-1] ** 2),
        ),
        ("The slope is 1 - h here. In the slope of tanh, h is squared.", _bptt_with(slope=lambda h: 1 - h[1:])),
        (
            "tanh is taken of the states again in the slope. hidden holds tanh(a) already.",
            _bptt_with(slope=lambda hidden: 1 - np.tanh(hidden[1:]) ** 2),
        ),
        (
            "The recurrence runs forwards, from step 0. The gradient of a step needs the one of the step after it, so "
            "which step comes first?",
            _bptt_with(steps=range),
        ),
        (
            "On the way back the gradient goes through W_hh as it is. Forwards the step used W_hh @ h; going back "
            "turns the matrix around.",
            _bptt_with(carry=lambda p, da, dh, own: p.W_hh @ da),
        ),
        (
            "The slope of tanh multiplies the own output's share only. The share from the future goes through the same "
            "tanh.",
            _bptt_with(total=lambda own, after, slope: own * slope + after),
        ),
        (
            "The slope of tanh multiplies the share from the future only. The own output's share goes through the same "
            "tanh.",
            _bptt_with(total=lambda own, after, slope: own + after * slope),
        ),
        (
            "The slope of tanh is left out everywhere.",
            _bptt_with(slope=lambda hidden: np.ones_like(hidden[1:])),
        ),
        (
            "What you carry back has not gone through tanh: W_hh gets d loss / d h. The state before entered inside "
            "tanh, so da is what goes through W_hh.",
            _bptt_with(carry=lambda p, da, dh, own: p.W_hh.T @ dh),
        ),
        (
            "The gradient is carried back without W_hh. The state before entered the step through W_hh.",
            _bptt_with(carry=lambda p, da, dh, own: da),
        ),
        (
            "You return d loss / d h. One factor is missing to get to da, the gradient of what goes into tanh.",
            _dh_instead_of_da,
        ),
        (
            "The rows come in reverse order: you work from the last step to the first and collect in that order. Row t "
            "of the result belongs to step t.",
            _bptt_with(result=lambda da: da[::-1]),
        ),
        (
            "There is one row too many: row 0 of hidden was made before this sequence, so it has no da.",
            _bptt_with(result=lambda da: np.concatenate([np.zeros((1, da.shape[1])), da])),
        ),
        (
            "There is one row too many at the end: after the last step there is nothing to return.",
            _bptt_with(result=lambda da: np.concatenate([da, np.zeros((1, da.shape[1]))])),
        ),
        (
            "The last step is left out: its row is still zero. At which t does your loop start?",
            _bptt_with(steps=lambda T: reversed(range(T - 1))),
        ),
        (
            "Step 0 is left out: its row is still zero. At which t does your loop end?",
            _bptt_with(steps=lambda T: range(T - 1, 0, -1)),
        ),
        (
            "The result is written over dh_from_output. The caller still needs it: work in a new array.",
            _dh_changed,
        ),
        (
            "The share from the future is added into dh_from_output itself. The caller still needs it: add into a new "
            "array or a copy.",
            _dh_added_to,
        ),
        (
            "The own output's share goes through W_hh too. It came through the output weights, and that is done: only "
            "the share from the future goes through W_hh.",
            _own_scaled_too,
        ),
        (
            "The slope is applied twice: da has it already, and you use it again on the way to the step before.",
            _bptt_with(slope=lambda hidden: (1 - hidden[1:] ** 2) ** 2),
        ),
    ],
    hints=[
        "Begin with the last step: nothing comes after it, so its state owes something to its own output only.",
        "Go backwards through t. Keep one vector of shape (H,), what the later steps hand back; before the last step "
        "it is zero.",
        "At step t: add that vector to row t of dh_from_output, then go back through tanh with the slope of the state "
        "that step t made, row t+1 of hidden.",
        "In words: for t from T - 1 down to 0: dh is dh_from_output[t] plus the carried vector; da[t] is dh times (1 - "
        "hidden[t+1] squared); the carried vector becomes W_hh transposed times da[t].",
    ],
    why="Each state acts on the loss in two ways: through its own output, and through the next state. The second way "
    "is known once the next step is done, so the loop runs backwards. da_t = (1 - h**2) * (dh_from_output_t + "
    "W_hh^T da_{t+1}).",
    notice="At each step back the gradient is multiplied by W_hh^T and by a slope of at most 1: that is where it "
    "vanishes or explodes.",
)


def weight_gradients_cases():
    rng = np.random.default_rng(24)

    def case(label, inputs, H, V):
        T = len(inputs)
        args = (np.array(inputs), np.tanh(rng.normal(0, 0.7, (T + 1, H))), rng.normal(0, 1, (T, H)), V)
        return Case(label, args, {"T": T, "H": H, "V": V})

    return [
        case("inputs that do not repeat", [1, 0, 3], 5, 6),
        case("a character that comes more than once", [1, 0, 2, 2, 1], 3, 4),
        case("one character (T = 1)", [2], 3, 4),
        case("a longer sequence", [5, 2, 2, 0, 5, 1, 6, 2, 0], 4, 8),
    ]


def _weights_with(
    before=lambda hidden: hidden[:-1],
    scale=lambda da, hidden: da,
    W_xh=lambda inputs, da, V: da.T @ one_hot(inputs, V),
    W_hh=lambda da, before: da.T @ before,
    b_h=lambda da: da.sum(axis=0),
    result=lambda W_xh, W_hh, b_h: (W_xh, W_hh, b_h),
):
    """Return weight gradients with one part replaced by a wrong one."""

    def wrong_weight_gradients(inputs, hidden, da, vocab_size):
        da = scale(da, hidden)
        return result(W_xh(inputs, da, vocab_size), W_hh(da, before(hidden)), b_h(da))

    return wrong_weight_gradients


def _assign_columns(inputs, da, V):
    dW_xh = np.zeros((da.shape[1], V))
    dW_xh[:, inputs] += da.T
    return dW_xh


def _columns_once(inputs, da, V):
    dW_xh = np.zeros((da.shape[1], V))
    for t, char_id in enumerate(inputs):
        if not dW_xh[:, char_id].any():
            dW_xh[:, char_id] = da[t]
    return dW_xh


def _last_column(inputs, da, V):
    return da[-1:].T @ one_hot(inputs[-1:], V)


WEIGHT_GRADIENTS = Exercise(
    weight_gradients,
    weight_gradients_cases,
    returns=("dW_xh", "dW_hh", "db_h"),
    bugs=[
        (
            "dW_hh uses the state after each step. W_hh multiplied the state before: which row of hidden is that?",
            _weights_with(before=lambda hidden: hidden[1:]),
        ),
        (
            "dW_xh counts a character that comes twice only once: the last time wins. With repeated indices, "
            "`+=` on `dW_xh[:, inputs]` does not add up in NumPy (nor does `=`). Go step by step, or use one-hot rows.",
            _weights_with(W_xh=_assign_columns),
        ),
        (
            "dW_xh counts a character that comes twice only once: the first time wins. All its steps add up.",
            _weights_with(W_xh=_columns_once),
        ),
        (
            "Only the last step is left: the gradients are overwritten at each step, or `return` stands inside a loop "
            "that runs backwards. The same weights act at every step: their gradients add up.",
            _weights_with(
                W_xh=_last_column, W_hh=lambda da, before: np.outer(da[-1], before[-1]), b_h=lambda da: da[-1].copy()
            ),
        ),
        (
            "dW_hh is overwritten at each step, so only the last step is left. Add up all steps.",
            _weights_with(W_hh=lambda da, before: np.outer(da[-1], before[-1])),
        ),
        (
            "dW_xh holds the last step only. Add up all steps.",
            _weights_with(W_xh=_last_column),
        ),
        (
            "db_h holds the last step only. The bias acts at every step: add them up.",
            _weights_with(b_h=lambda da: da[-1].copy()),
        ),
        (
            "db_h is summed over the wrong axis: you have one number per time step, but each hidden unit has a bias.",
            _weights_with(b_h=lambda da: da.sum(axis=1)),
        ),
        (
            "db_h is summed over everything: each hidden unit has a bias of its own. Sum over time only.",
            _weights_with(b_h=lambda da: da.sum()),
        ),
        (
            "db_h is not summed over time: you return da itself.",
            _weights_with(b_h=lambda da: da.copy()),
        ),
        (
            "db_h is the mean over time. The loss is a sum over time, so the gradient is too.",
            _weights_with(b_h=lambda da: da.mean(axis=0)),
        ),
        (
            "dW_hh is transposed: rows belong to the unit that receives (da), columns to the unit that sends.",
            _weights_with(W_hh=lambda da, before: before.T @ da),
        ),
        (
            "dW_xh is transposed: it has the shape of W_xh, (H, V).",
            _weights_with(W_xh=lambda inputs, da, V: one_hot(inputs, V).T @ da),
        ),
        (
            "dW_xh has too few columns: the sequence may leave out the last characters. Which argument says how many "
            "there are?",
            _weights_with(W_xh=lambda inputs, da, V: da.T @ one_hot(inputs, max(inputs) + 1)),
        ),
        (
            "The sum is divided by T. The loss is a sum over time, so a gradient is a sum too.",
            _weights_with(scale=lambda da, hidden: da / len(da)),
        ),
        (
            "The slope of tanh is applied once more. da has gone through tanh already.",
            _weights_with(scale=lambda da, hidden: da * (1 - hidden[1:] ** 2)),
        ),
        (
            "The sign is wrong. This is the gradient itself; the minus comes with the step downhill.",
            _weights_with(scale=lambda da, hidden: -da),
        ),
        (
            "Step 0 is left out of dW_hh. It has a state before it too: row 0 of hidden.",
            _weights_with(W_hh=lambda da, before: da[1:].T @ before[1:]),
        ),
        (
            "Step 0 is left out. It has a state before it too: row 0 of hidden.",
            _weights_with(
                W_xh=lambda inputs, da, V: da[1:].T @ one_hot(inputs[1:], V),
                W_hh=lambda da, before: da[1:].T @ before[1:],
                b_h=lambda da: da[1:].sum(axis=0),
            ),
        ),
        (
            "The last step is left out: your loop ends one step too soon.",
            _weights_with(
                W_xh=lambda inputs, da, V: da[:-1].T @ one_hot(inputs[:-1], V),
                W_hh=lambda da, before: da[:-1].T @ before[:-1],
                b_h=lambda da: da[:-1].sum(axis=0),
            ),
        ),
        (
            "dW_hh multiplies entry by entry and gives one number per unit. Every pair of units has a weight, so you "
            "need the outer product of da and the state.",
            _weights_with(W_hh=lambda da, before: (da * before).sum(axis=0)),
        ),
        (
            "dW_hh pairs each step with states in reverse order. Step t goes with row t of hidden.",
            _weights_with(before=lambda hidden: hidden[:-1][::-1]),
        ),
        (
            "The first two results are swapped: dW_xh, then dW_hh, then db_h.",
            _weights_with(result=lambda W_xh, W_hh, b_h: (W_hh, W_xh, b_h)),
        ),
    ],
    hints=[
        "The weights are the same at every time step, so their gradients are sums over the T steps. Start from zeros.",
        "At step t: a = W_hh h_before + W_xh x + b_h. da[t] says how the loss moves with a. What multiplies W_hh in a?",
        "The gradient of a matrix in a product is the outer product of da and what the matrix multiplied. For W_xh "
        "that is a one-hot vector, so da goes into one column.",
        "In words: for each t, add da[t] to column inputs[t] of dW_xh; add the outer product of da[t] and hidden[t] to "
        "dW_hh; add da[t] to db_h.",
    ],
    why="hidden[t] is the state before character t, the one that W_hh multiplied. All T outer products together are "
    "one matrix product, da.T @ hidden[:-1], and for W_xh it is da.T @ one_hot: the finished backward_pass does it so.",
    notice="dW_xh[:, inputs] += da.T would count a repeated character once only: a quiet mistake that many make.",
)


def _bumpy(shape):
    """Return a function of arrays of this shape, curved in every direction."""
    weights = np.arange(1.0, np.prod(shape) + 1).reshape(shape)

    def f(x):
        if np.shape(x) != shape:
            raise ValueError(f"f was called with shape {np.shape(x)}: it wants an array like x, of shape {shape}")
        x = np.asarray(x)
        return float((weights * x**3).sum() + np.exp(x.ravel()[0] * x.ravel()[-1]) + (x * x[..., ::-1]).sum())

    return f


def numerical_gradient_cases():
    rng = np.random.default_rng(25)
    return [
        Case("a function of three numbers", (_bumpy((3,)), np.array([0.5, -1.2, 0.8])), {}),
        Case("a function of a matrix", (_bumpy((2, 3)), rng.normal(0, 1, (2, 3))), {}),
        Case("epsilon = 0.1", (_bumpy((4,)), rng.normal(0, 1, 4), 0.1), {}),
        Case("a matrix and epsilon = 0.5", (_bumpy((3, 2)), rng.normal(0, 1, (3, 2)), 0.5), {}),
    ]


def _slopes_with(difference, epsilon_of=lambda epsilon, value: epsilon):
    """Return a numerical gradient whose slope is difference(value of f around an entry, epsilon)."""

    def wrong_numerical_gradient(f, x, epsilon=1e-5):
        slopes = np.zeros_like(x)
        for entry in np.ndindex(x.shape):

            def around(shift, entry=entry):
                moved = x.copy()
                moved[entry] += shift
                return f(moved)

            slopes[entry] = difference(around, epsilon_of(epsilon, x[entry]))
        return slopes

    return wrong_numerical_gradient


def _not_restored(f, x, epsilon=1e-5):
    slopes = np.zeros_like(x)
    for entry in np.ndindex(x.shape):
        x[entry] += epsilon
        above = f(x)
        x[entry] -= 2 * epsilon
        slopes[entry] = (above - f(x)) / (2 * epsilon)
    return slopes


def _left_above(f, x, epsilon=1e-5):
    slopes = np.zeros_like(x)
    for entry in np.ndindex(x.shape):
        below = f(x)
        x[entry] += epsilon
        slopes[entry] = (f(x) - below) / epsilon
    return slopes


def _copy_not_restored(f, x, epsilon=1e-5):
    return _not_restored(f, x.copy(), epsilon)


def _all_at_once(f, x, epsilon=1e-5):
    return (f(x + epsilon) - f(x - epsilon)) / (2 * epsilon)


def _all_at_once_filled(f, x, epsilon=1e-5):
    return np.full(x.shape, _all_at_once(f, x, epsilon))


def _row_by_row(f, x, epsilon=1e-5):
    slopes = np.zeros_like(x)
    for i in range(len(x)):
        above, below = x.copy(), x.copy()
        above[i] += epsilon
        below[i] -= epsilon
        slopes[i] = (f(above) - f(below)) / (2 * epsilon)
    return slopes


def _flat(f, x, epsilon=1e-5):
    return numerical_gradient(f, x, epsilon).ravel()


NUMERICAL_GRADIENT = Exercise(
    numerical_gradient,
    numerical_gradient_cases,
    bugs=[
        (
            "The difference is one-sided: f(x + epsilon) - f(x). Move to both sides, and divide by the whole distance.",
            _slopes_with(lambda f, e: (f(e) - f(0)) / e),
        ),
        (
            "The difference is one-sided, to the left: f(x) - f(x - epsilon). Move to both sides.",
            _slopes_with(lambda f, e: (f(0) - f(-e)) / e),
        ),
        (
            "Twice too large: the two points are not epsilon apart. How far is it from x - epsilon to x + epsilon?",
            _slopes_with(lambda f, e: (f(e) - f(-e)) / e),
        ),
        (
            "You divide by the whole distance between two points, but only one of them is moved: below is f(x) itself. "
            "Was the entry moved back only half of the way?",
            _slopes_with(lambda f, e: (f(e) - f(0)) / (2 * e)),
        ),
        (
            "The difference is not divided by anything. A slope is a difference per distance.",
            _slopes_with(lambda f, e: f(e) - f(-e)),
        ),
        (
            "Parentheses are missing in the division: `/ 2 * epsilon` divides by 2 and then multiplies by epsilon.",
            _slopes_with(lambda f, e: (f(e) - f(-e)) / 2 * e),
        ),
        (
            "The sign is turned: above minus below, not below minus above.",
            _slopes_with(lambda f, e: (f(-e) - f(e)) / (2 * e)),
        ),
        (
            "The argument epsilon is not used: your distance is always the same.",
            _slopes_with(lambda f, e: (f(e) - f(-e)) / (2 * e), epsilon_of=lambda epsilon, value: 1e-5),
        ),
        (
            "The distance depends on the size of the entry. Move every entry by epsilon itself.",
            _slopes_with(
                lambda f, e: (f(e) - f(-e)) / (2 * e), epsilon_of=lambda epsilon, value: epsilon * max(1, abs(value))
            ),
        ),
        (
            "x is changed and not restored: after each entry it stays at x - epsilon, so the next slopes are measured "
            "from another point.",
            _not_restored,
        ),
        (
            "x is changed and not restored: each entry stays moved by epsilon. And the difference goes to one side "
            "only.",
            _left_above,
        ),
        (
            "Your copy is not restored between entries: the entries moved before stay moved while the next one is "
            "measured.",
            _copy_not_restored,
        ),
        (
            "All entries are moved at once, which gives one number. You need a slope for each entry: move one, keep "
            "the others.",
            _all_at_once,
        ),
        (
            "All entries are moved at once, so every slope is the same. Move one entry, keep the others.",
            _all_at_once_filled,
        ),
        (
            "In a matrix you move a whole row at once. Each entry has its own slope: np.ndindex(x.shape) visits "
            "them all.",
            _row_by_row,
        ),
        (
            "All slopes are 0. Is each slope stored in its place? Are above and below measured at different points? "
            "`x_plus = x` gives x a second name, it does not make a copy.",
            lambda f, x, epsilon=1e-5: np.zeros_like(x),
        ),
        (
            "The slopes come as one flat row. Return them in the shape of x.",
            _flat,
        ),
    ],
    hints=[
        "The slope at one entry: move this entry a little up and a little down, and see how far f moves.",
        "Between the two points lies a distance of two epsilon.",
        "Go through all entries, also of a matrix: for entry in np.ndindex(x.shape) gives an index that works as "
        "x[entry]. Put the entry back before you go on.",
        "In words: for each entry, keep its value; f with value + epsilon; f with value - epsilon; put the value back; "
        "the slope is the first minus the second, divided by (2 * epsilon).",
    ],
    why="The two-sided difference is wrong by about epsilon squared, the one-sided by about epsilon: with 1e-5 that is "
    "five digits more. Working on a copy keeps the caller's array safe even if f fails half way.",
    notice="It calls f twice per entry, so it is slow: good for checking a gradient, not for training.",
)


def _gradients(seed, scale, H=3, V=4):
    return network(H, V, seed, scale)


def clip_gradients_cases():
    quiet = _gradients(26, 0.1)
    big_W = quiet._replace(W_hh=np.random.default_rng(27).normal(0, 3, (3, 3)))
    return [
        Case("a norm far above max_norm", (_gradients(28, 4.0), 2.0), {"H": 3, "V": 4}),
        Case("a norm below max_norm", (_gradients(29, 0.3), 5.0), {"H": 3, "V": 4}),
        Case("one large array and four small ones", (big_W, 3.0), {"H": 3, "V": 4}),
        Case("all arrays below max_norm, together above", (_gradients(30, 0.35, 5, 6), 2.5), {"H": 5, "V": 6}),
        Case("a norm a little below max_norm", (_gradients(31, 1.0), 7.0), {"H": 3, "V": 4}),
    ]


def _norm(gradients):
    return np.sqrt(sum((g**2).sum() for g in gradients))


def _clip_with(norm=_norm, factor=lambda norm, limit: limit / norm, above=lambda norm, limit: norm > limit):
    """Return a clipping function with one part replaced by a wrong one."""

    def wrong_clip_gradients(gradients, max_norm):
        n = norm(gradients)
        return Parameters(*[g * (factor(n, max_norm) if above(n, max_norm) else 1) for g in gradients])

    return wrong_clip_gradients


def _clip_each(gradients, max_norm):
    return Parameters(*[g * min(1, max_norm / np.linalg.norm(g)) for g in gradients])


def _clip_in_place(gradients, max_norm):
    norm = _norm(gradients)
    if norm > max_norm:
        for g in gradients:
            g *= max_norm / norm
    return gradients


def _clip_or_nothing(gradients, max_norm):
    return clip_gradients(gradients, max_norm) if _norm(gradients) > max_norm else None


def _clip_matrices(gradients, max_norm):
    clipped = clip_gradients(gradients, max_norm)
    return gradients._replace(W_xh=clipped.W_xh, W_hh=clipped.W_hh, W_hy=clipped.W_hy)


def _norm_remark(case, parts):
    gradients, max_norm = case.args
    norms = f"The norm was {_norm(gradients):.3g}, max_norm is {max_norm:.3g}"
    return f"{norms}, and the norm of your result is {_norm(list(parts.values())):.6g}."


CLIP_GRADIENTS = Exercise(
    clip_gradients,
    clip_gradients_cases,
    remark=_norm_remark,
    returns=Parameters._fields,
    bugs=[
        (
            "Each array is clipped by its own norm. That bends the direction of the step: all five share one norm and "
            "one factor.",
            _clip_each,
        ),
        (
            "Small gradients are scaled up to max_norm. Clipping only makes large ones smaller.",
            _clip_with(above=lambda norm, limit: True),
        ),
        (
            "Each entry is cut at max_norm. Clipping by norm keeps the direction: all entries get the same factor.",
            lambda gradients, limit: Parameters(*[np.clip(g, -limit, limit) for g in gradients]),
        ),
        (
            "The root is missing: you compare the sum of the squares with max_norm.",
            _clip_with(norm=lambda gradients: _norm(gradients) ** 2),
        ),
        (
            "You add the norms of the five arrays. Add all squares first, then take one root.",
            _clip_with(norm=lambda gradients: sum(np.linalg.norm(g) for g in gradients)),
        ),
        (
            "The factor is upside down: it makes large gradients still larger.",
            _clip_with(factor=lambda norm, limit: norm / limit),
        ),
        (
            "You use the largest entry as the norm. The norm is the length of all entries together: the root of the "
            "sum of squares.",
            _clip_with(norm=lambda gradients: max(np.abs(g).max() for g in gradients)),
        ),
        (
            "Scaled to length 1: the factor forgets max_norm.",
            _clip_with(factor=lambda norm, limit: 1 / norm),
        ),
        (
            "You divide by max_norm. The result still has a length that depends on the input; it must be max_norm.",
            _clip_with(factor=lambda norm, limit: 1 / limit),
        ),
        (
            "You multiply by max_norm, but do not divide by the norm.",
            _clip_with(factor=lambda norm, limit: limit),
        ),
        (
            "The comparison is the wrong way round: small gradients are scaled, large ones stay.",
            _clip_with(above=lambda norm, limit: norm < limit),
        ),
        (
            "The biases are left out of the norm. All five arrays count.",
            _clip_with(norm=lambda gradients: _norm(gradients[:3])),
        ),
        (
            "The biases are not scaled. All five arrays get the same factor.",
            _clip_matrices,
        ),
        (
            "The gradients that you got are changed in place. Return new arrays, and leave the old ones as they are.",
            _clip_in_place,
        ),
        (
            "When the norm is below max_norm the function ends without a `return`. Then the gradients come back as "
            "they are.",
            _clip_or_nothing,
        ),
        (
            "You take the mean of the squares. The norm is the root of their sum.",
            _clip_with(
                norm=lambda gradients: np.sqrt(np.mean(np.concatenate([g.ravel() ** 2 for g in gradients]))),
            ),
        ),
        (
            "The gradients come back as they are, however large. Is the result of the scaling lost? `g = g * factor` "
            "in a loop gives a new array a name, and the old one stays in the tuple.",
            lambda gradients, limit: gradients,
        ),
        (
            "The norm is that of W_hh alone. All five arrays count.",
            _clip_with(norm=lambda gradients: np.linalg.norm(gradients.W_hh)),
        ),
        (
            "You sum the absolute values. The norm is the root of the sum of squares.",
            _clip_with(norm=lambda gradients: sum(np.abs(g).sum() for g in gradients)),
        ),
    ],
    hints=[
        "Think of all five arrays as one long vector. How long is it?",
        "The length is the root of the sum of all squares, over all five arrays.",
        "If the length is at most max_norm, everything stays. If not, which one factor makes it exactly max_norm?",
        "In words: norm is the root of the sum of (g**2).sum() over the five; if norm is above max_norm, return "
        "Parameters of the five arrays, each times (max_norm / norm); otherwise return the gradients.",
    ],
    why="One factor for all keeps the direction of the step and shortens it. Clipping array by array, or entry by "
    "entry, would step in another direction. `np.vdot(g, g)` is the sum of squares of one array.",
    notice="After clipping the norm is max_norm or less, and never more than it was.",
)


# ---------------------------------------------------------------- lesson 04


def chunks(ids, seq_length):
    """Cut the text into whole sequences; return a list of (inputs, targets), each (T,)."""
    pieces = []
    for start in range(0, len(ids) - seq_length, seq_length):  # the last target is ids[start + seq_length]
        inputs = ids[start : start + seq_length]
        targets = ids[start + 1 : start + seq_length + 1]
        pieces.append((inputs, targets))
    return pieces


def smooth_loss(previous, loss):
    """Return the next value of the smoothed loss: 0.999 of the old value and 0.001 of the new loss."""
    return 0.999 * previous + 0.001 * loss


def chunks_cases():
    return [
        Case("16 ids, three sequences of 5", (np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3]), 5), {"T": 5}),
        Case("15 ids, where the last target of the third sequence is missing", (random_ids(15, 9, 32), 5), {"T": 5}),
        Case("ids that leave a rest", (random_ids(24, 9, 33), 7), {"T": 7}),
        Case("one sequence", (random_ids(7, 9, 34), 6), {"T": 6}),
        Case("sequences of one character", (random_ids(6, 9, 35), 1), {"T": 1}),
        Case("fewer ids than one sequence needs: an empty list", (random_ids(4, 9, 36), 5), {"T": 5}),
    ]


def _chunks_with(starts, piece=lambda ids, i, T: (ids[i : i + T], ids[i + 1 : i + T + 1])):
    """Return a cutting function with other places to start, or other pieces."""
    return lambda ids, T: [piece(ids, i, T) for i in starts(len(ids), T)]


def _whole(N, T):
    return range(0, N - T, T)


CHUNKS = Exercise(
    chunks,
    chunks_cases,
    returns=("inputs", "targets"),
    kind="pairs",
    bugs=[
        (
            "The targets are the same as the inputs. The target of a character is the one after it.",
            _chunks_with(_whole, lambda ids, i, T: (ids[i : i + T], ids[i : i + T])),
        ),
        (
            "The sequences overlap: each starts one character after the one before. They must follow each other, "
            "seq_length apart.",
            _chunks_with(lambda N, T: range(N - T)),
        ),
        (
            "The rest at the end comes as a short sequence. Keep whole sequences only.",
            _chunks_with(lambda N, T: range(0, N - 1, T)),
        ),
        (
            "The last pair is short: you start a sequence at every place up to the end of the text. Keep whole "
            "sequences only, whose last target exists.",
            _chunks_with(lambda N, T: range(0, N, T)),
        ),
        (
            "The last sequence has one target too few: its last character has no character after it. "
            "A sequence needs seq_length + 1 ids.",
            _chunks_with(lambda N, T: range(0, N - T + 1, T)),
        ),
        (
            "A last sequence that fits exactly is left out. It needs seq_length + 1 ids, and there are as many: look "
            "at the end of your range.",
            _chunks_with(lambda N, T: range(0, N - T - 1, T)),
        ),
        (
            "The last sequence is always left out: it is one too few.",
            _chunks_with(lambda N, T: _whole(N, T)[:-1]),
        ),
        (
            "Only the first sequence comes back. Is your `return` inside the loop?",
            _chunks_with(lambda N, T: _whole(N, T)[:1]),
        ),
        (
            "inputs and targets are swapped, or the shift goes the wrong way: the target of a character is the one "
            "after it.",
            _chunks_with(_whole, lambda ids, i, T: (ids[i + 1 : i + T + 1], ids[i : i + T])),
        ),
        (
            "Each sequence has one target, the character after the whole sequence. Every position has a target of its "
            "own.",
            _chunks_with(_whole, lambda ids, i, T: (ids[i : i + T], ids[i + T])),
        ),
        (
            "One character is lost between two sequences: the steps are seq_length + 1. The last target of a sequence "
            "is also the first input of the next.",
            _chunks_with(lambda N, T: range(0, N - T, T + 1)),
        ),
        (
            "The targets are the whole next sequence. They are the same stretch of text, shifted by one character.",
            _chunks_with(
                lambda N, T: range(0, N - 2 * T + 1, T), lambda ids, i, T: (ids[i : i + T], ids[i + T : i + 2 * T])
            ),
        ),
        (
            "You return two lists, all inputs and all targets. Return one list of pairs.",
            lambda ids, T: ([i for i, t in chunks(ids, T)], [t for i, t in chunks(ids, T)]),
        ),
        (
            "Each piece holds seq_length + 1 characters in one. Split it: inputs without the last one, targets without "
            "the first.",
            _chunks_with(_whole, lambda ids, i, T: ids[i : i + T + 1]),
        ),
        (
            "inputs and targets are one character short: you cut seq_length characters and lose one in the shift. Cut "
            "one more.",
            _chunks_with(_whole, lambda ids, i, T: (ids[i : i + T - 1], ids[i + 1 : i + T])),
        ),
    ],
    hints=[
        "Sequences start at 0, seq_length, 2 * seq_length, ... A range with a step does that.",
        "inputs are seq_length ids from the start; targets are as many, one place later.",
        "The last sequence must still have its last target, the id at start + seq_length. So up to which start can you "
        "go?",
        "In words: for start in range(0, len(ids) - seq_length, seq_length), append the pair of ids[start : start + "
        "seq_length] and the same slice one later; return the list.",
    ],
    why="A sequence needs seq_length + 1 ids, because the targets are shifted by one. So there are (N - 1) // T whole "
    "sequences of N ids. The last target of one sequence is the first input of the next: nothing is skipped.",
    notice="The state after one sequence is the h_prev of the next, because they follow each other in the text.",
)


def sgd_step_cases():
    return [
        Case("a small network", (network(3, 4, 36), network(3, 4, 37, 2.0), 0.1), {"H": 3, "V": 4}),
        Case("a large learning rate", (network(5, 2, 38), network(5, 2, 39), 1.5), {"H": 5, "V": 2}),
        Case("the learning rate of 2019", (pencil_network(), network(3, 4, 40, 5.0), 0.001), {"H": 3, "V": 4}),
    ]


def _step_with(change):
    """Return a step that sets each parameter to change(parameter, gradient, learning rate)."""

    def wrong_sgd_step(parameters, gradients, learning_rate):
        for parameter, gradient in zip(parameters, gradients):
            parameter[:] = change(parameter, gradient, learning_rate)

    return wrong_sgd_step


def _new_arrays_only(parameters, gradients, learning_rate):
    for parameter, gradient in zip(parameters, gradients):
        parameter = parameter - learning_rate * gradient


def _three_of_five(parameters, gradients, learning_rate):
    for parameter, gradient in zip(parameters[:3], gradients[:3]):
        parameter -= learning_rate * gradient


def _first_of_five(parameters, gradients, learning_rate):
    parameters[0][:] -= learning_rate * gradients[0]


def _gradients_scaled(parameters, gradients, learning_rate):
    for parameter, gradient in zip(parameters, gradients):
        gradient *= learning_rate
        parameter -= gradient


SGD_STEP = Exercise(
    sgd_step,
    sgd_step_cases,
    in_place=("parameters",),
    bugs=[
        (
            "The step goes uphill: the gradient points to where the loss grows. Step the other way.",
            _step_with(lambda p, g, rate: p + rate * g),
        ),
        (
            "The parameters have not changed. `parameter - ...` makes a new array and leaves the old one as it was, "
            "also if you return it. You need an operation that writes into the array itself.",
            _new_arrays_only,
        ),
        (
            "The learning rate is left out: the step is the whole gradient.",
            _step_with(lambda p, g, rate: p - g),
        ),
        (
            "The gradient is divided by the learning rate. A small learning rate means a small step.",
            _step_with(lambda p, g, rate: p - g / rate),
        ),
        (
            "The old value is lost: each parameter becomes the step itself. The step is taken from where you are.",
            _step_with(lambda p, g, rate: -rate * g),
        ),
        (
            "The biases are not updated. All five parameters learn.",
            _three_of_five,
        ),
        ("Only W_xh is updated. Does your loop reach all five parameters?", _first_of_five),
        (
            "The gradients are changed: `gradient *= ...` writes into them. Make the product as a new array.",
            _gradients_scaled,
        ),
        (
            "Only the sign of the gradient is used. The size of the step depends on its size too.",
            _step_with(lambda p, g, rate: p - rate * np.sign(g)),
        ),
        (
            "The step is multiplied by the parameter itself.",
            _step_with(lambda p, g, rate: p * (1 - rate * g)),
        ),
        (
            "The learning rate is subtracted, whatever the gradient says. Multiply it by the gradient.",
            _step_with(lambda p, g, rate: p - rate),
        ),
        (
            "The parameters shrink by themselves: you multiplied the parameter by the learning rate, not the gradient.",
            _step_with(lambda p, g, rate: p - rate * p),
        ),
        (
            "The step is taken twice. Is there a second loop, or a second subtraction?",
            _step_with(lambda p, g, rate: p - 2 * rate * g),
        ),
    ],
    hints=[
        "Downhill is against the gradient. How long is the step?",
        "parameters and gradients hold five arrays each, in the same order: zip walks through both together.",
        "The arrays must change themselves. `a -= b` writes into the array a; `a = a - b` makes a new one.",
        "In words: for each parameter and its gradient, parameter -= learning_rate * gradient. Return nothing.",
    ],
    why="`-=` on an array writes into it, so the caller's parameters move. Nothing has to be returned, and no second "
    "copy of the network is made.",
    notice="Nothing is returned: the arrays that the caller holds have moved.",
)


def smooth_loss_cases():
    return [
        Case("a smoothed loss of 0, a new loss of 12", (0.0, 12.0), {}),
        Case("a smoothed loss of 50, a new loss of 0", (50.0, 0.0), {}),
        Case("a first loss near T ln V", (177.77, 170.0), {}),
        Case("a loss above the old value", (100.0, 130.5), {}),
        Case("numbers of many digits", (1 / 7, 2 / 3), {}),
    ]


SMOOTH_LOSS = Exercise(
    smooth_loss,
    smooth_loss_cases,
    bugs=[
        (
            "The weights are swapped: the old value has the large weight, so that the curve is calm.",
            lambda previous, loss: 0.001 * previous + 0.999 * loss,
        ),
        (
            "The weights are 0.99 and 0.01. The curve of this course is calmer: one part in a thousand is new.",
            lambda previous, loss: 0.99 * previous + 0.01 * loss,
        ),
        ("That is the plain mean of the two.", lambda previous, loss: (previous + loss) / 2),
        (
            "The new loss has its full weight. The two weights must add up to 1.",
            lambda previous, loss: 0.999 * previous + loss,
        ),
        (
            "The old value has its full weight. The two weights must add up to 1, or the curve climbs for ever.",
            lambda previous, loss: previous + 0.001 * loss,
        ),
        ("That is the new loss, not smoothed at all.", lambda previous, loss: loss),
        ("That is the old value: the new loss does not enter.", lambda previous, loss: previous),
        ("The new loss does not enter: only the old value, a little smaller.", lambda previous, loss: 0.999 * previous),
        (
            "There is a minus between the two parts: both are added.",
            lambda previous, loss: 0.999 * previous - 0.001 * loss,
        ),
        (
            "The two weights do not add up to 1: one part in a thousand is new, so how much is old?",
            lambda previous, loss: 0.999 * previous + 0.01 * loss,
        ),
        (
            "The weights are 0.9 and 0.1. The curve of this course is calmer: one part in a thousand is new.",
            lambda previous, loss: 0.9 * previous + 0.1 * loss,
        ),
        (
            "The correction has the wrong sign: the curve moves away from the new loss.",
            lambda previous, loss: previous - 0.001 * (loss - previous),
        ),
    ],
    hints=[
        "The smoothed loss keeps almost all of its old value and takes in a little of the new loss.",
        "Two weights that add up to 1. One part in a thousand is new.",
        "In words: 0.999 times previous, plus 0.001 times loss.",
    ],
    why="A running mean that forgets slowly: a loss of 1,000 sequences ago still counts with a weight of about 0.37 of "
    "a new one. The 2019 notebook plots this curve.",
    notice="If the loss stays the same, the smoothed loss moves towards it and never past it.",
)


# ---------------------------------------------------------------- lesson 05


def apply_temperature(logits, temperature):
    """Return the probabilities of the next character, (V,): low temperature safer, high temperature wilder."""
    return softmax(logits / temperature)


def draw(probs, u):
    """Return the id that the number u in [0, 1) picks: where it falls among the running sums of probs."""
    running_sums = np.cumsum(probs)
    picked = int(np.searchsorted(running_sums, u, side="right"))  # how many running sums u has passed
    return min(picked, len(probs) - 1)  # rounding can leave the last sum a hair below 1


def sample_ids(parameters, h, first_id, length, rng):
    """Read first_id, then draw `length` ids, each read in turn; return them as a list."""
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    ids, char_id = [], first_id
    for _ in range(length):
        h = np.tanh(W_hh @ h + W_xh[:, char_id] + b_h)
        probs = softmax(W_hy @ h + b_y)
        char_id = draw(probs, rng.random())
        ids.append(char_id)
    return ids


def bits_per_character(loss, num_characters):
    """Return the mean surprise per character, in bits, from a summed loss in nats."""
    return loss / num_characters / np.log(2)


def apply_temperature_cases():
    logits = np.array([2.0, 1.0, 0.1, -1.0])
    rng = np.random.default_rng(41)
    return [
        Case("temperature 0.5", (logits.copy(), 0.5), {"V": 4}),
        Case("temperature 2", (logits.copy(), 2.0), {"V": 4}),
        Case("temperature 1", (rng.normal(0, 2, 6), 1.0), {"V": 6}),
        Case("temperature 0.002, where scores get large", (logits.copy(), 0.002), {"V": 4}),
        Case("scores far below 0", (logits - 900, 0.5), {"V": 4}),
        Case("scores far apart on both sides of 0", (np.array([-800.0, 800.0, -300.0, 1.0, 799.0]), 1.5), {"V": 5}),
    ]


APPLY_TEMPERATURE = Exercise(
    apply_temperature,
    apply_temperature_cases,
    remark=probabilities_remark,
    bugs=[
        (
            "A low temperature makes your text wilder: the effect is the wrong way round. Is the temperature on the "
            "right side of the division?",
            lambda logits, temperature: softmax(logits * temperature),
        ),
        (
            "The temperature divides the probabilities, after softmax, so they do not add up to 1. It works on the "
            "scores.",
            lambda logits, temperature: softmax(logits) / temperature,
        ),
        (
            "The temperature has no effect: either it is not used, or it cancels when the probabilities are made to "
            "add up to 1 again. It works on the scores, before softmax.",
            lambda logits, temperature: softmax(logits),
        ),
        (
            "These are scores. Softmax is left out.",
            lambda logits, temperature: logits / temperature,
        ),
        (
            "At a low temperature the scores get large, exp overflows, and the result is nan. Shift by the maximum, "
            "as in the softmax of lesson 01.",
            lambda logits, temperature: np.exp(logits / temperature) / np.exp(logits / temperature).sum(),
        ),
        (
            "The temperature is subtracted. Softmax does not notice a shift: divide.",
            lambda logits, temperature: logits - temperature,
        ),
        (
            "The exponentials are there, but nothing makes them add up to 1.",
            lambda logits, temperature: np.exp(logits / temperature),
        ),
        (
            "Softmax is taken twice, the first time without the temperature.",
            lambda logits, temperature: softmax(softmax(logits) / temperature),
        ),
        (
            "The temperature is left inside the top of the fraction only: the sum below needs it too.",
            lambda logits, temperature: (
                np.exp((logits - logits.max()) / temperature) / np.exp(logits - logits.max()).sum()
            ),
        ),
        (
            "The probabilities are raised to the power of the temperature and not brought back to a sum of 1.",
            lambda logits, temperature: softmax(logits) ** temperature,
        ),
        (
            "The probabilities are raised to the power 1 / temperature: a good idea, but then they no longer add up to "
            "1.",
            lambda logits, temperature: softmax(logits) ** (1 / temperature),
        ),
        (
            "The best character gets 1, all others 0. That is temperature 0; here you keep all of them.",
            lambda logits, temperature: (np.arange(len(logits)) == logits.argmax()).astype(float),
        ),
    ],
    hints=[
        "The temperature changes how far the scores lie apart, before they become probabilities.",
        "A low temperature must push the scores further apart, so that the best one wins more often.",
        "In words: the softmax of (logits divided by temperature).",
    ],
    why="Dividing the scores by 0.5 doubles their distances, so the best one gains; dividing by 2 halves them. With "
    "softmax last, the result is always a row of probabilities.",
    notice="At temperature 1 nothing changes, near 0 only the best character is left, and far above 1 all get alike.",
)


def draw_cases():
    probs = np.array([0.1, 0.4, 0.2, 0.3])
    gaps = np.array([0.0, 0.25, 0.0, 0.6, 0.15])
    cases = [Case(f"u = {u}", (probs.copy(), u), {"V": 4}) for u in (0.05, 0.3, 0.45, 0.62, 0.75, 0.999, 0.0, 0.12)]
    cases += [
        Case(f"some probabilities are 0, and u = {u}", (gaps.copy(), u), {"V": 5}) for u in (0.01, 0.2, 0.4, 0.8, 0.9)
    ]
    cases.append(Case("probability 0 comes first, and u = 0.0", (np.array([0.0, 0.5, 0.5]), 0.0), {"V": 3}))
    cases.append(
        Case("u = 0.5, where one piece ends and the next begins", (np.array([0.5, 0.25, 0.25]), 0.5), {"V": 3})
    )
    return cases


def _first_above(probs, u):
    for id, p in enumerate(probs):
        if p > u:
            return id
    return len(probs) - 1


def _first_above_or_nothing(probs, u):
    for id, p in enumerate(probs):
        if p > u:
            return id


DRAW = Exercise(
    draw,
    draw_cases,
    kind="ids",
    bugs=[
        (
            "Right, but for a u at the very end of a piece: it belongs to the next one, for u = 0 is possible and "
            'u = 1 is not. Take the first running sum above u, not equal to it (side="right" in searchsorted).',
            lambda probs, u: int(np.searchsorted(np.cumsum(probs), u)),
        ),
        (
            "u is compared with each probability by itself, and where none is above u nothing comes back. Put the "
            "probabilities end to end: it is their running sum that counts.",
            _first_above_or_nothing,
        ),
        (
            "You take the most probable character, whatever u is. That is greedy: u must decide.",
            lambda probs, u: probs.argmax(),
        ),
        (
            "All characters get the same share of [0, 1): the probabilities are not used.",
            lambda probs, u: int(u * len(probs)),
        ),
        (
            "u is compared with each probability by itself. Put the probabilities end to end: it is their running sum "
            "that counts.",
            _first_above,
        ),
        (
            "The id is one too high: id 0 belongs to u below the first running sum.",
            lambda probs, u: draw(probs, u) + 1,
        ),
        (
            "The id is one too low: you stop one character too early.",
            lambda probs, u: draw(probs, u) - 1,
        ),
        (
            "You take the probability nearest to u. u says how far to walk along the running sum.",
            lambda probs, u: int(np.abs(probs - u).argmin()),
        ),
        (
            "You take the running sum nearest to u. The character is the first whose running sum is above u.",
            lambda probs, u: int(np.abs(np.cumsum(probs) - u).argmin()),
        ),
        (
            "You walk from the last character to the first. Start with character 0.",
            lambda probs, u: len(probs) - 1 - draw(probs[::-1], u),
        ),
        (
            "You always get the last character: does the loop go on after it has found the first running sum above u?",
            lambda probs, u: len(probs) - 1,
        ),
        (
            "You always get character 0. Is the comparison the wrong way round, or the `return` in the wrong place?",
            lambda probs, u: 0,
        ),
        (
            "The probabilities are sorted first, so the result is a place in the sorted order. Ids must keep their "
            "places.",
            lambda probs, u: draw(np.sort(probs)[::-1], u),
        ),
        (
            "The probabilities are sorted first, so the result is a place in the sorted order, smallest first. Ids "
            "must keep their places.",
            lambda probs, u: draw(np.sort(probs), u),
        ),
        (
            "You return a probability. The result is the id, the place of the character.",
            lambda probs, u: probs[draw(probs, u)],
        ),
        (
            "You return the running sum. The result is the id, the place of the character.",
            lambda probs, u: np.cumsum(probs)[draw(probs, u)],
        ),
        (
            "You return a list or array of ids. One number u picks one id.",
            lambda probs, u: np.flatnonzero(np.cumsum(probs) > u),
        ),
    ],
    hints=[
        "Lay the probabilities end to end: together they fill the line from 0 to 1. u is a place on that line.",
        "The ends of the pieces are the running sums of probs: np.cumsum.",
        "The id is that of the first running sum above u. A loop can add up and stop there.",
        "In words: total starts at 0; for each id and its p, add p to total; return the id once u is below total.",
    ],
    why="A character with probability 0.3 owns a piece of length 0.3, and u falls into it in 30 % of all cases. The "
    "function has no random numbers of its own, so the same u gives the same character on every computer.",
    notice="All the chance is in u, so the same seed writes the same text everywhere.",
)


def sample_ids_cases():
    def case(label, parameters, first_id, length, seed):
        H, V = parameters.W_xh.shape
        h = np.random.default_rng(seed + 100).normal(0, 0.5, H)
        args = (parameters, h, first_id, length, np.random.default_rng(seed))
        return Case(label, args, {"H": H, "V": V, "length": length})

    return [
        case("a small network with larger weights", _times(pencil_network(), 3), 1, 12, 1),
        case("a larger network", network(6, 8, 43, 1.0), 5, 40, 2),
        case("length = 1", network(6, 8, 44, 1.0), 0, 1, 3),
        case("another seed", network(5, 9, 45, 1.2), 2, 60, 4),
        *silenced(lambda: case("", network(5, 9, 46, 1.2), 2, 60, 5), "W_xh", "W_hh", "b_h", "b_y"),
    ]


def _times(parameters, factor):
    return Parameters(*[value * factor for value in parameters])


def _sample_with(
    cell=lambda p, h, x, first: np.tanh(p.W_hh @ h + x + p.b_h),
    scores=lambda p, h: p.W_hy @ h + p.b_y,
    pick=lambda probs, rng, u: draw(probs, rng.random()),
    feed=lambda drawn, first_id: drawn,
    result=lambda ids, first_id: ids,
    extra=0,
    output_first=False,
):
    """Return a sampling loop with one part replaced by a wrong one."""

    def wrong_sample_ids(parameters, h, first_id, length, rng):
        u = rng.random() if pick is _same_u else None
        ids, char_id, first = [], first_id, h
        for _ in range(length + extra):
            before = h
            h = cell(parameters, h, parameters.W_xh[:, char_id], first)
            drawn = pick(softmax(scores(parameters, before if output_first else h)), rng, u)
            ids.append(drawn)
            char_id = feed(drawn, first_id)
        return result(ids, first_id)

    return wrong_sample_ids


def _same_u(probs, rng, u):
    return draw(probs, u)


def _two_draws(probs, rng, u):
    rng.random()
    return draw(probs, rng.random())


SAMPLE_IDS = Exercise(
    sample_ids,
    sample_ids_cases,
    kind="ids",
    bugs=[
        (
            "The result begins with first_id. It is read, not drawn: return only what comes after it.",
            _sample_with(result=lambda ids, first_id: [first_id, *ids][:-1]),
        ),
        (
            "There is one id too many: first_id is read, not drawn, so it is not part of the result.",
            _sample_with(result=lambda ids, first_id: [first_id, *ids]),
        ),
        ("One id too many is drawn.", _sample_with(extra=1)),
        ("One id too few is drawn.", _sample_with(extra=-1)),
        (
            "The state is not carried: each step starts again from the h that was given.",
            _sample_with(cell=lambda p, h, x, first: np.tanh(p.W_hh @ first + x + p.b_h)),
        ),
        (
            "The network always reads first_id. It must read the character that it has drawn.",
            _sample_with(feed=lambda drawn, first_id: first_id),
        ),
        (
            "The state does not depend on what is read: W_xh is left out of the cell.",
            _sample_with(cell=lambda p, h, x, first: np.tanh(p.W_hh @ h + p.b_h)),
        ),
        (
            "You take the most probable character at each step (greedy). Draw instead, with one rng.random() each.",
            _sample_with(pick=lambda probs, rng, u: int(probs.argmax())),
        ),
        (
            "One random number is used for all characters. Each draw needs its own.",
            _sample_with(pick=_same_u),
        ),
        (
            "Two random numbers are taken per character. One is enough, and the results of the course count on it.",
            _sample_with(pick=_two_draws),
        ),
        (
            "All characters are drawn alike: the probabilities are not used.",
            _sample_with(pick=lambda probs, rng, u: int(rng.random() * len(probs))),
        ),
        (
            "The random numbers are not those of rng. Use the rng that you are given, so that the seed decides.",
            lambda p, h, first_id, length, rng: sample_ids(p, h, first_id, length, np.random.default_rng(0)),
        ),
        (
            "The prediction is made before the character is read. First the new state, then the probabilities from it.",
            _sample_with(output_first=True),
        ),
        ("The bias b_h is left out of the cell.", _sample_with(cell=lambda p, h, x, first: np.tanh(p.W_hh @ h + x))),
        ("The bias b_y is left out of the scores.", _sample_with(scores=lambda p, h: p.W_hy @ h)),
        ("tanh is left out of the cell.", _sample_with(cell=lambda p, h, x, first: p.W_hh @ h + x + p.b_h)),
        (
            "The old state is left out of the cell: W_hh is not used.",
            _sample_with(cell=lambda p, h, x, first: np.tanh(x + p.b_h)),
        ),
        (
            "W_hh is transposed: check on which side of the product the state stands.",
            _sample_with(cell=lambda p, h, x, first: np.tanh(h @ p.W_hh + x + p.b_h)),
        ),
    ],
    hints=[
        "It is a loop over `length` steps. What does a step read, and what does it leave for the next?",
        "Each step: new state from the character and the old state (as rnn_step), probabilities from the new state (as "
        "output_probs), one draw (as draw).",
        "The drawn id goes into the list, and it is the character that the next step reads. The first step reads "
        "first_id.",
        "In words: char_id is first_id at first; repeat length times: h is tanh(W_hh @ h + column char_id of W_xh + "
        "b_h); probs is the softmax of W_hy @ h + b_y; char_id is draw(probs, rng.random()); append it.",
    ],
    why="The network writes by reading what it has written. h is replaced by a new array at each step, so the "
    "caller's h stays as it is. One random number per character keeps the text the same on every computer.",
    notice="The drawn character is the only link from an output to the next step: change one, and the rest differs.",
)


def bits_per_character_cases():
    return [
        Case("177.77 nats for 50 characters", (177.77, 50), {}),
        Case("84 nats for 50 characters", (84.0, 50), {}),
        Case("one character", (2.5, 1), {}),
        Case("a whole text", (180000.0, 93344), {}),
    ]


BITS_PER_CHARACTER = Exercise(
    bits_per_character,
    bits_per_character_cases,
    bugs=[
        ("That is in nats per character. One more factor turns nats into bits.", lambda loss, n: loss / n),
        (
            "You multiply by ln 2. A nat is more than a bit, so the number of bits must be the larger one.",
            lambda loss, n: loss / n * np.log(2),
        ),
        ("That is in bits, but for all characters together.", lambda loss, n: loss / np.log(2)),
        (
            "You take the logarithm of the loss. The loss is made of logarithms already; only their base changes.",
            lambda loss, n: np.log2(loss / n),
        ),
        (
            "You take the logarithm of the loss, then divide. The loss is made of logarithms already; only their base "
            "changes.",
            lambda loss, n: np.log2(loss) / n,
        ),
        (
            "That is the perplexity: among how many characters the network is undecided. Bits are its logarithm.",
            lambda loss, n: np.exp(loss / n),
        ),
        ("That is 2 to the power of the loss per character. Bits are not a power.", lambda loss, n: 2 ** (loss / n)),
        ("You divide by 2. It is the natural logarithm of 2 that turns nats into bits.", lambda loss, n: loss / n / 2),
        ("The fraction is upside down.", lambda loss, n: n / loss / np.log(2)),
        (
            "You divide by ln 10. Bits have base 2.",
            lambda loss, n: loss / n / np.log(10),
        ),
        (
            "The base is 10 in your logarithm of 2. The loss is in nats, so use the natural logarithm.",
            lambda loss, n: loss / n / np.log10(2),
        ),
        (
            "You multiply by the number of characters. Per character means that the loss is shared out among them.",
            lambda loss, n: loss * n / np.log(2),
        ),
    ],
    hints=[
        "Per character: share the loss out among the characters.",
        "A nat is 1 / ln 2 bits, about 1.44.",
        "In words: loss divided by num_characters, divided by the natural logarithm of 2.",
    ],
    why="log2(p) = ln(p) / ln(2), so a sum of nats becomes bits when divided by ln 2. Per character, texts of "
    "different lengths can be compared.",
    notice="A network that knows nothing needs log2(V) bits per character: 5.13 for V = 35.",
)


# ---------------------------------------------------------------- lesson 08


def adam_step_cases():
    def moments(H, V, seed):
        return network(H, V, seed, 0.3), Parameters(*[value**2 + 0.01 for value in network(H, V, seed + 1, 0.3)])

    zeros = [Parameters(*[np.zeros_like(value) for value in network(3, 4, 0)]) for _ in range(2)]
    m, v = moments(5, 2, 52)
    m2, v2 = moments(3, 4, 56)
    return [
        Case(
            "the first step, m and v zero",
            (network(3, 4, 50), network(3, 4, 51), *zeros, 1, 0.01),
            {"H": 3, "V": 4},
        ),
        Case("step 3", (network(5, 2, 54), network(5, 2, 55), m, v, 3, 0.1), {"H": 5, "V": 2}),
        Case(
            "other values of beta1, beta2 and epsilon",
            (network(3, 4, 58), network(3, 4, 59), m2, v2, 2, 0.05, 0.8, 0.95, 0.1),
            {"H": 3, "V": 4},
        ),
    ]


def _adam_with(
    m_new=lambda m, g, beta: beta * m + (1 - beta) * g,
    v_new=lambda v, g, m, beta: beta * v + (1 - beta) * g**2,
    m_corrected=lambda m, g, beta, step: m / (1 - beta**step),
    v_corrected=lambda v, beta, step: v / (1 - beta**step),
    move=lambda p, m, v, rate, epsilon: p - rate * m / (np.sqrt(v) + epsilon),
    betas=lambda beta1, beta2: (beta1, beta2),
    keep=("p", "m", "v"),
    corrected_kept=False,
    move_first=False,
    arrays=5,
):
    """Return an Adam step with one part replaced by a wrong one."""

    def wrong_adam_step(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
        beta1, beta2 = betas(beta1, beta2)
        for p, g, m_mean, v_mean in list(zip(parameters, gradients, m, v))[:arrays]:
            m_next, v_next = m_new(m_mean, g, beta1), v_new(v_mean, g, m_mean, beta2)
            m_used, v_used = (m_mean, v_mean) if move_first else (m_next, v_next)
            m_hat, v_hat = m_corrected(m_used, g, beta1, step), v_corrected(v_used, beta2, step)
            if "p" in keep:
                p[:] = move(p, m_hat, v_hat, learning_rate, epsilon)
            if "m" in keep:
                m_mean[:] = m_hat if corrected_kept else m_next
            if "v" in keep:
                v_mean[:] = v_hat if corrected_kept else v_next

    return wrong_adam_step


ADAM_STEP = Exercise(
    adam_step,
    adam_step_cases,
    in_place=("parameters", "m", "v"),
    bugs=[
        (
            "m and v are right. The correction for the first steps is left out, for both: m and v start at zero and "
            "are too small at first.",
            _adam_with(m_corrected=lambda m, g, beta, step: m, v_corrected=lambda v, beta, step: v),
        ),
        (
            "m and v are right. Only v is corrected for the first steps: m starts at zero too.",
            _adam_with(m_corrected=lambda m, g, beta, step: m),
        ),
        (
            "m and v are right. Only m is corrected for the first steps: v starts at zero too.",
            _adam_with(v_corrected=lambda v, beta, step: v),
        ),
        (
            "m and v are right. The correction uses one step too many: step is 1 at the first call already.",
            _adam_with(
                m_corrected=lambda m, g, beta, step: m / (1 - beta ** (step + 1)),
                v_corrected=lambda v, beta, step: v / (1 - beta ** (step + 1)),
            ),
        ),
        (
            "The correction multiplies beta by step. The weight that is still missing shrinks with each step: it is a "
            "power.",
            _adam_with(
                m_corrected=lambda m, g, beta, step: m / (1 - beta * step),
                v_corrected=lambda v, beta, step: v / (1 - beta * step),
            ),
        ),
        (
            "The correction is the same at every step: step is not used, only beta itself.",
            _adam_with(
                m_corrected=lambda m, g, beta, step: m / (1 - beta),
                v_corrected=lambda v, beta, step: v / (1 - beta),
            ),
        ),
        (
            "The corrected values are written back into m and v. Keep the plain running means; the corrected ones are "
            "for this step only.",
            _adam_with(corrected_kept=True),
        ),
        (
            "The parameters move as they should, but m and v keep their old values. `m = ...` gives a new array a "
            "name; write into the old one.",
            _adam_with(keep=("p",)),
        ),
        (
            "m keeps its old value, it is not updated in place. The next step needs the new one.",
            _adam_with(keep=("p", "v")),
        ),
        (
            "v keeps its old value, it is not updated in place. The next step needs the new one.",
            _adam_with(keep=("p", "m")),
        ),
        (
            "m and v are right, but the parameters have not moved. `parameter = parameter - ...` makes a new array; "
            "write into the old one.",
            _adam_with(keep=("m", "v")),
        ),
        (
            "Nothing has changed. All three, parameters, m and v, change in place: `a = ...` gives a new array a name, "
            "it does not write into the old one.",
            _adam_with(keep=()),
        ),
        (
            "m and v are right. epsilon is under the root. It is added after the root.",
            _adam_with(move=lambda p, m, v, rate, epsilon: p - rate * m / np.sqrt(v + epsilon)),
        ),
        (
            "m and v are right. epsilon is left out.",
            _adam_with(move=lambda p, m, v, rate, epsilon: p - rate * m / np.sqrt(v)),
        ),
        (
            "m and v are right. The root is left out: the step is divided by v itself.",
            _adam_with(move=lambda p, m, v, rate, epsilon: p - rate * m / (v + epsilon)),
        ),
        (
            "m and v are right. The step goes uphill: look at the sign.",
            _adam_with(move=lambda p, m, v, rate, epsilon: p + rate * m / (np.sqrt(v) + epsilon)),
        ),
        (
            "m and v are right. The learning rate is left out.",
            _adam_with(move=lambda p, m, v, rate, epsilon: p - m / (np.sqrt(v) + epsilon)),
        ),
        (
            "m and v are right. The step goes along the corrected mean without being divided by the root of v.",
            _adam_with(move=lambda p, m, v, rate, epsilon: p - rate * m),
        ),
        (
            "m and v are right. The step goes along the gradient itself. Adam goes along its running mean, m.",
            _adam_with(m_corrected=lambda m, g, beta, step: g),
        ),
        (
            "v is the running mean of the gradients. It must be the mean of their squares.",
            _adam_with(v_new=lambda v, g, m, beta: beta * v + (1 - beta) * g),
        ),
        (
            "The two betas are swapped: beta1 belongs to m, beta2 to v.",
            _adam_with(betas=lambda beta1, beta2: (beta2, beta1)),
        ),
        (
            "The arguments beta1 and beta2 are not used: 0.9 and 0.999 are fixed in your code.",
            _adam_with(betas=lambda beta1, beta2: (0.9, 0.999)),
        ),
        (
            "The new part of a running mean has its full weight. The two weights must add up to 1.",
            _adam_with(
                m_new=lambda m, g, beta: beta * m + g,
                v_new=lambda v, g, m, beta: beta * v + g**2,
            ),
        ),
        (
            "The two weights of a running mean are swapped: most of the old value stays.",
            _adam_with(
                m_new=lambda m, g, beta: (1 - beta) * m + beta * g,
                v_new=lambda v, g, m, beta: (1 - beta) * v + beta * g**2,
            ),
        ),
        (
            "A running mean adds everything up: its old value must be multiplied by beta, so that it fades.",
            _adam_with(
                m_new=lambda m, g, beta: m + (1 - beta) * g,
                v_new=lambda v, g, m, beta: v + (1 - beta) * g**2,
            ),
        ),
        (
            "The parameters move with the m and v of the step before. Update m and v first.",
            _adam_with(move_first=True),
        ),
        (
            "The biases are left out: all five arrays take the step.",
            _adam_with(arrays=3),
        ),
    ],
    hints=[
        "Four arrays belong together each time: a parameter, its gradient, its m and its v. zip walks through all.",
        "First update the two running means in place: m keeps beta1 of its old value and takes in (1 - beta1) of the "
        "gradient; v does the same with beta2 and the squared gradient.",
        "They start at zero, so divide by how much weight they have gathered: 1 - beta1 ** step for m, 1 - beta2 ** "
        "step for v. Do not write that back.",
        "In words: m *= beta1, m += (1 - beta1) * g; v *= beta2, v += (1 - beta2) * g squared; parameter -= "
        "learning_rate * corrected m / (root of corrected v, plus epsilon).",
    ],
    why="m smooths the direction, the root of v gives each weight a step of its own size. After t steps from zero the "
    "running means have gathered a weight of 1 - beta**t, hence the division. The finished code puts the first "
    "correction into the learning rate: the same number, one array less.",
    notice="At step 1 the correction makes every step about learning_rate long, however small the gradient is.",
)


def linear_decay_cases():
    return [
        Case("the start", (0.002, 0, 100), {}),
        Case("a quarter of the way", (0.002, 25, 100), {}),
        Case("the end", (0.1, 40, 40), {}),
        Case("one step before the end", (0.5, 9, 10), {}),
        Case("a third of the way", (3.0, 4, 12), {}),
        Case("a seventh of the way", (0.01, 1, 7), {}),
    ]


LINEAR_DECAY = Exercise(
    linear_decay,
    linear_decay_cases,
    bugs=[
        (
            "The rate rises from 0. It must start at learning_rate and go down.",
            lambda rate, done, total: rate * done / total,
        ),
        (
            "`//` drops everything after the decimal point, so the rate stays the same until the end.",
            lambda rate, done, total: rate * (1 - done // total),
        ),
        (
            "The rate is one step too low: before the first step, done is 0 and nothing has decayed yet.",
            lambda rate, done, total: rate * (1 - (done + 1) / total),
        ),
        (
            "The rate reaches 0 one step too soon: done goes up to total.",
            lambda rate, done, total: rate * (1 - done / (total - 1)),
        ),
        (
            "The share done is subtracted from the rate. It must shrink the rate by this share: multiply.",
            lambda rate, done, total: rate - done / total,
        ),
        (
            "That is a curve that never reaches 0. A straight line ends at 0.",
            lambda rate, done, total: rate / (1 + done / total),
        ),
        (
            "That is an exponential curve. A straight line ends at 0.",
            lambda rate, done, total: rate * np.exp(-done / total),
        ),
        ("The rate does not change at all.", lambda rate, done, total: rate),
        (
            "The steps that are left are not divided by total: the share that is left lies between 0 and 1.",
            lambda rate, done, total: rate * (total - done),
        ),
        ("The learning rate is left out: that is the share that is left.", lambda rate, done, total: 1 - done / total),
        (
            "The share left is squared, so the line is bent.",
            lambda rate, done, total: rate * (1 - done / total) ** 2,
        ),
        (
            "A rate below 0 would climb uphill: look at the sign. At the start the factor is 1.",
            lambda rate, done, total: rate * (done / total - 1),
        ),
        (
            "Half of the rate is left at the end. It must go down to 0.",
            lambda rate, done, total: rate * (1 - done / (2 * total)),
        ),
    ],
    hints=[
        "Two points of the line: with done = 0 it is learning_rate, with done = total it is 0.",
        "Which share of the way is done? Which share is left?",
        "In words: learning_rate times (1 minus done divided by total).",
    ],
    why="The share that is left, 1 - done / total, falls on a straight line from 1 to 0; the rate is that share of "
    "learning_rate.",
    notice="Large steps at first, ever smaller ones at the end: the network settles.",
)


def make_streams_cases():
    return [
        Case(
            "15 ids in 3 streams", (np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9]), 3), {"length": 5, "B": 3}
        ),
        Case("ids that leave a rest", (random_ids(23, 9, 60), 4), {"length": 5, "B": 4}),
        Case("more streams than steps", (random_ids(20, 9, 61), 7), {"length": 2, "B": 7}),
        Case("one stream", (random_ids(6, 9, 62), 1), {"length": 6, "B": 1}),
    ]


def _cut(ids, streams):
    return ids[: len(ids) // streams * streams]


MAKE_STREAMS = Exercise(
    make_streams,
    make_streams_cases,
    kind="ids",
    bugs=[
        (
            "The text is dealt out like cards: each row holds neighbors, and each column jumps. Read down a column: it "
            "must be a piece of the text as it stands.",
            lambda ids, streams: _cut(ids, streams).reshape(-1, streams),
        ),
        (
            "The pieces lie in rows. Each piece must be a column.",
            lambda ids, streams: _cut(ids, streams).reshape(streams, -1),
        ),
        (
            "The rest is cut off at the start of the text. Leave out the characters at the end.",
            lambda ids, streams: ids[len(ids) % streams :].reshape(streams, -1).T,
        ),
        (
            "The text does not divide evenly into the streams: leave out the rest at the end first.",
            lambda ids, streams: ids.reshape(streams, -1).T,
        ),
        (
            "You use the number of streams as the length of a piece. How long is each piece, if the text is cut into "
            "that many?",
            lambda ids, streams: ids[: len(ids) // streams * streams].reshape(-1, streams).T,
        ),
        (
            "The pieces stand in reverse order: column 0 is the first piece.",
            lambda ids, streams: make_streams(ids, streams)[:, ::-1],
        ),
        (
            "Each piece is read from its end. Row 0 holds the first character of each piece.",
            lambda ids, streams: make_streams(ids, streams)[::-1],
        ),
        (
            "Each piece is one character too short: all whole pieces fit.",
            lambda ids, streams: make_streams(ids, streams)[:-1],
        ),
        (
            "The text is not cut into pieces: every column is the same beginning.",
            lambda ids, streams: np.repeat(make_streams(ids, streams)[:, :1], streams, axis=1),
        ),
        (
            "The pieces overlap: each starts one character after the one before. They must follow each other.",
            lambda ids, streams: np.stack([ids[b : b + len(ids) // streams] for b in range(streams)], axis=1),
        ),
        (
            "The pieces of a row are one after the other in one long row. Put them side by side, as columns.",
            _cut,
        ),
    ],
    hints=[
        "How long is each piece, if all are equally long and only whole ones count? `//` divides and drops the rest.",
        "Leave out the rest at the end, so that the pieces fill a table.",
        "reshape fills row by row: a table with one piece per row is one reshape away. How do rows become columns?",
        "In words: length is len(ids) // streams; take the first length * streams ids; reshape to (streams, length); "
        "transpose.",
    ],
    why="reshape keeps the order of the text along the rows, so a row is a piece of it; .T turns rows into columns "
    "without a copy. Step t then reads row t: one character of each stream.",
    notice="Each column goes on where it stopped, so each stream carries its own hidden state through its piece.",
)


EXERCISES = {
    exercise.function.__name__: exercise
    for exercise in [
        ONE_HOT,
        SOFTMAX,
        CROSS_ENTROPY,
        SOFTMAX_GRADIENT,
        RNN_STEP,
        OUTPUT_PROBS,
        FORWARD_PASS,
        COUNT_PARAMETERS,
        TANH_BACKWARD,
        HIDDEN_GRADIENTS,
        WEIGHT_GRADIENTS,
        NUMERICAL_GRADIENT,
        CLIP_GRADIENTS,
        CHUNKS,
        SGD_STEP,
        SMOOTH_LOSS,
        APPLY_TEMPERATURE,
        DRAW,
        SAMPLE_IDS,
        BITS_PER_CHARACTER,
        ADAM_STEP,
        LINEAR_DECAY,
        MAKE_STREAMS,
    ]
}
