"""Inputs that do not hide mistakes, for the cases of several lessons."""

import math

import numpy as np

from course.lessons import hand_over  # noqa: F401  the checker is told of the course where its inputs are made
from rnn_helpers import Parameters

SPREAD = np.array([1500.0, 0.0, 0.0, -1500.0, 0.0, 0.0])  # added to six scores: character 0 is certain
LAST = np.roll(SPREAD, -1)  # character 5 is


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


def large_outputs(shift=1000):
    """Return Parameters (H = 3, V = 6) with scores near 1000, close together: the loss stays finite."""
    p = network(3, 6, 16)
    return p._replace(b_y=p.b_y + shift)


def random_ids(T, V, seed):
    return np.random.default_rng(seed).integers(0, V, T)


def probabilities_remark(case, parts):
    """Say which law of probabilities a result breaks."""
    got = parts.get("probs", parts.get(""))
    sums = np.atleast_1d(got.sum(axis=-1))
    if (got < 0).any():
        return "A probability is never negative."
    if np.isfinite(sums).all() and not np.allclose(sums, 1):
        row = int(np.argmax(~np.isclose(sums, 1)))
        return f"{'It' if got.ndim == 1 else f'Row {row}'} adds up to {sums[row]:.6g}: probabilities add up to 1."
    return ""


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
