"""Which loss does each optimizer reach after three epochs of the Sonnets? Writes data/optimizers.csv, for page 11.

    python tests/engine/optimizers_table.py

Takes two or three minutes: six optimizers, three seeds, and two more rates for two of them. The page shows it.
"""

import csv
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from course.engine import OPTIMIZERS, train  # noqa: E402
from rnn_helpers import load_corpus  # noqa: E402

FILE = ROOT / "data" / "optimizers.csv"
RUNS = [("sgd", 0.016), ("momentum", 0.008), ("momentum", 0.016), ("momentum", 0.032), ("one size", 0.002)]
RUNS += [("one size", 0.004), ("one size", 0.008), ("rmsprop", 0.004), ("v alone", 0.004), ("adam", 0.004)]
SEEDS = 3


def momentum_step(parameters, gradients, means, step, rate):
    """Step along a running mean of the gradients: Adam's m without its v."""
    for weights, gradient, m in zip(parameters, gradients, means[0], strict=True):
        m *= 0.9
        m += 0.1 * gradient
        weights -= rate * m


def one_size_step(parameters, gradients, means, step, rate):
    """Divide the whole gradient by one number, its usual size: the root of a running mean of all squares."""
    v = means[0].b_y  # one number is kept, in the first entry of this array
    squares = sum((gradient**2).sum() for gradient in gradients) / sum(gradient.size for gradient in gradients)
    v[0] = 0.9 * v[0] + 0.1 * squares
    for weights, gradient in zip(parameters, gradients, strict=True):
        weights -= rate * gradient / (np.sqrt(v[0] / (1 - 0.9**step)) + 1e-8)


def rmsprop_step(parameters, gradients, means, step, rate):
    """Divide the gradient by the root of a running mean of its squares: Tieleman and Hinton, 2012."""
    for weights, gradient, v in zip(parameters, gradients, means[0], strict=True):
        v *= 0.9
        v += 0.1 * gradient**2
        weights -= rate * gradient / (np.sqrt(v) + 1e-8)


def v_alone_step(parameters, gradients, means, step, rate):
    """Divide the gradient as Adam does, but keep no running mean of it: Adam's v without its m."""
    for weights, gradient, v in zip(parameters, gradients, means[0], strict=True):
        v *= 0.999
        v += 0.001 * gradient**2
        weights -= rate * gradient / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)


def last_loss(optimizer, rate, seed, num_epochs=3):
    """Return the smoothed loss at the end of a training on the Sonnets."""
    more = {"momentum": (1, momentum_step), "one size": (1, one_size_step)}
    more |= {"rmsprop": (1, rmsprop_step), "v alone": (1, v_alone_step)}
    before = dict(OPTIMIZERS)
    OPTIMIZERS.update(more)
    try:
        settings = {"init": "fan_in", "max_norm": 20, "optimizer": optimizer, "seed": seed, "progress": False}
        return train(load_corpus("sonnets"), 75, 50, rate, num_epochs, **settings).losses[-1]
    finally:
        for name in more.keys() - before.keys():
            del OPTIMIZERS[name]


def main():
    with open(FILE, "w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["optimizer", "learning_rate", "seed", "loss"])
        for optimizer, rate in RUNS:
            for seed in range(SEEDS):
                rows.writerow([optimizer, rate, seed, f"{last_loss(optimizer, rate, seed):.2f}"])


if __name__ == "__main__":
    main()
