"""Train the three GRUs that page 13 probes, and store them in data/gru_run.npz.

    python -m experiments.gru_run

Takes about ten seconds. They are stored because the last digits of such a training differ between computers.
"""

import argparse

import numpy as np

from course.base.place import ROOT
from course.engine import train
from course.models.gates import GRU, GRUParameters
from course.models.judging import split
from rnn_helpers import load_corpus

FILE = ROOT / "data" / "gru_run.npz"
SEEDS = range(3)


def train_gru(seed):
    """Return the parameters of a GRU of 75 units, trained on eight tenths of the Sonnets by the recipe of page 00."""
    eight_tenths, _, _ = split(load_corpus("sonnets"))
    recipe = {"optimizer": "muon", "streams": 24, "init": "fan_in", "decay": "linear", "progress": False}
    return train(eight_tenths, 75, 50, 0.085, 8, **recipe, model=GRU, seed=seed).parameters


def main():
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    networks = [train_gru(seed) for seed in SEEDS]
    # One array per name, with one row per seed; float32, because seven digits are more than enough.
    arrays = [np.array(those, np.float32) for those in zip(*networks)]
    np.savez_compressed(FILE, **dict(zip(GRUParameters._fields, arrays)))


if __name__ == "__main__":
    main()
