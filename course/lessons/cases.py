"""Inputs that do not hide mistakes, for the cases of several lessons."""

import math

import numpy as np

from course.checker.exercise import Case
from rnn_helpers import Parameters

SPREAD = np.array([1500.0, 0.0, 0.0, -1500.0, 0.0, 0.0])  # added to six scores: character 0 is certain
LAST = np.roll(SPREAD, -1)  # character 5 is

# ---------------------------------------------------------------- hard values
BY_1000 = 1000 * np.array([[2.0, -1.5, 3.0], [-1.25, 1.75, -5.0], [1.0, 2.5, 4.0], [-3.5, 2.25, 1.5]])
WITH_GAPS = np.array([[0.5, -1.0, 2.0], [0.0, 0.0, 0.0], [1.5, 0.0, -0.5], [0.0, 0.0, 0.0]])
# What an answer may get wrong without anybody noticing, for each kind of argument: {kind: {what is special: value}}.
# The exercises take it as their last, rare cases, and the tests with random inputs draw from it, too.
HARD = {
    "text": {
        "a word that begins with a letter twice": "llama",
        "a word of two letters": "ab",
        "a letter twice, and nothing else": "oo",
        "capitals, and two blanks in a row": "So  It Is",
    },
    "ids": {"ids above 255": np.array([300, 44, 2, 300])},  # 44 is what is left of 300 in 8 bits
    "probabilities": {  # and the targets
        "a target of probability 0": (np.array([[0.5, 0.25, 0.25], [0.0, 1.0, 0.0]]), np.array([0, 0])),
        "a target of probability 0.0005": (np.array([[0.25, 0.7495, 0.0005], [0.0005, 0.5, 0.4995]]), np.array([2, 0])),
    },
    "scores": {
        "scores that are all 0": np.zeros((2, 3)),
        "rows 300 apart": np.array(
            [[300.0, 301.0, 299.5, 298.0], [1.0, 0.0, 2.5, -1.0], [-301.0, -300.5, -300.0, -299.0]]
        ),
    },
    "temperature": {  # and the scores
        "temperature 0.05": (np.array([0.1, 0.0, 0.15, -0.05]), 0.05),
        "temperature 0.001, and scores as close together": (np.array([0.002, 0.001, 0.0, 0.0025]), 0.001),
        "temperature 1,000, and scores far apart": (np.array([90.0, -70.0, 10.0]), 1000.0),
    },
    "table": {"numbers above 1,000": BY_1000, "rows of zeros": WITH_GAPS},
    "state": {
        "a state of exactly 1, -1 and 0": np.array([1.0, -1.0, 0.0]),
        "a state of one unit (H = 1)": np.array([0.6]),
    },
    "losses": {
        "losses above 1,000": [1777.7, 1500.0, 1600.0, 1550.0],
        "losses above 1e30": [4e30, 3e30, 3.5e30, 3.25e30],
        "a loss that is lower by a millionth": [2.5, 2.499999, 2.6, 2.7],
        "losses that are whole numbers": [5, 4, 3, 4, 3],
        "a loss of 0": [1.0, 0.0, 0.5, 0.25],
    },
    "gates": {"gates that are all 1": np.ones(4), "gates that are all 0": np.zeros(3)},
    "rows": {"probabilities that are 0": np.array([[0.0, 1.0, 0.0], [0.0, 0.5, 0.5]])},
}


def hard(kind, arguments, sizes=lambda value: {}):
    """Return a Case for each hard value of a kind. arguments, sizes: (value) -> those of the case"""
    return [Case(label, arguments(value), sizes(value)) for label, value in HARD[kind].items()]


def many_ids():
    """Return (ids above 255, how large the vocabulary is)."""
    return HARD["ids"]["ids above 255"].copy(), 301


def without(name, case):
    """Return a case as one in which the argument of that name is all zeros, and so plays no part."""
    return case._replace(label=f"{name} all zeros", silenced=name)


def silenced(make, *names):
    """Return one Case for each name: make() with that one of its Parameters all zeros."""
    cases = []
    for name in names:
        case = make()
        args = [
            value._replace(**{name: np.zeros_like(getattr(value, name))}) if isinstance(value, Parameters) else value
            for value in case.args
        ]
        cases.append(without(name, case._replace(args=tuple(args))))
    return cases


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


# The network of pages 02 to 04, which reads "hell" and should predict "ello". The reports of repairs run it; it is no
# case, because the pages print its numbers.
PENCIL = Parameters(
    W_xh=np.array([[0.5, -0.3, 0.2, 0.1], [-0.2, 0.4, 0.1, -0.5], [0.3, 0.1, -0.4, 0.2]]),
    W_hh=np.array([[0.3, -0.1, 0.2], [0.1, 0.4, -0.2], [-0.3, 0.2, 0.1]]),
    W_hy=np.array([[0.4, -0.2, 0.1], [-0.1, 0.3, 0.5], [0.2, 0.1, -0.3], [-0.4, 0.2, 0.3]]),
    b_h=np.array([0.1, -0.1, 0.2]),
    b_y=np.array([0.1, 0.0, -0.1, 0.2]),
)


def large_outputs(shift=1000):
    """Return Parameters (H = 3, V = 6) with scores near 1000, close together: the loss stays finite."""
    p = network(3, 6, 16)
    return p._replace(b_y=p.b_y + shift)


def random_ids(T, V, seed):
    return np.random.default_rng(seed).integers(0, V, T)


def probabilities_remark(case, parts):
    """Return which law of probabilities a result breaks, or ""."""
    got = parts.get("probs", parts.get(""))
    sums = np.atleast_1d(got.sum(axis=-1))
    if got.ndim == 1 and got.size > 1 and np.allclose(got, 1):
        return "Each score of a single row comes out as 1. Does a loop take each score for a row of its own?"
    if (got < 0).any():
        return "A probability is never negative."
    if np.isfinite(sums).all() and not np.allclose(sums, 1):
        row = int(np.argmax(~np.isclose(sums, 1)))
        return f"{'It' if got.ndim == 1 else f'Row {row}'} adds up to {sums[row]:.6g}: probabilities add up to 1."
    return ""


def impossible_remark(case, parts):
    """Return what a target of probability 0 costs if there is one, else ""."""
    probs, targets = case.args
    if probs[np.arange(len(targets)), targets].all():
        return ""
    return (
        "A character came that had the probability 0. That costs infinitely much, and the result must say so: is it "
        "left out, or is the probability kept away from 0?"
    )


# ---------------------------------------------------------------- functions that are arguments, or look at them
# They stand here and not with their exercise: so a case can go to another process without the right answer.
def square(x):
    return x * x


def wave(x):
    return math.sin(5 * x)


def one_over(x):
    return 1 / x


class Bumpy:
    """A function of arrays of a shape, curved in every direction."""

    def __init__(self, shape):
        self.shape = shape

    def __call__(self, x):
        shape = self.shape
        if np.shape(x) != shape:
            raise ValueError(f"f was called with shape {np.shape(x)}: it wants an array like x, of shape {shape}")
        x, weights = np.asarray(x), np.arange(1.0, np.prod(shape) + 1).reshape(shape)
        return float((weights * x**3).sum() + np.exp(x.ravel()[0] * x.ravel()[-1]) + (x * x[..., ::-1]).sum())


def ripples(x):
    """A function of arrays so uneven that its measured slopes show how far apart the two points lie."""
    return float(np.sin(1000 * np.asarray(x)).sum())


def next_random_number(args):
    """Tell how many random numbers a call has taken: the draws must come from rng, one for each id."""
    (rng,) = [arg for arg in args if isinstance(arg, np.random.Generator)]
    return {"the next random number": rng.random()}
