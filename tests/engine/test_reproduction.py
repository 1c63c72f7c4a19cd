"""The code gives the documented results: the two runs of 2019, the stored network."""

import csv
import dataclasses
import os
from pathlib import Path

import numpy as np
import pytest

from course.engine import load_run, train
from rnn_helpers import load_corpus

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SETTINGS = {"sonnets": (75, 50, 0.001, 40), "speeches": (150, 100, 0.001, 12)}


def rows_of(experiment):
    with open(ROOT / "data" / "reproduction.csv", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["experiment"] == experiment]
    return rows, np.array([float(row["loss_2019"]) for row in rows]), np.array([float(row["loss"]) for row in rows])


@pytest.mark.parametrize("experiment, count, characters", [("sonnets", 41, 96_100), ("speeches", 13, 891_400)])
def test_each_stored_row_is_within_half_a_percent_of_2019(experiment, count, characters):
    rows, losses_2019, losses = rows_of(experiment)
    assert [int(row["row"]) for row in rows] == list(range(1, count + 1))
    assert [int(row["characters_read"]) for row in rows] == [SETTINGS[experiment][1]] + [characters] * (count - 1)
    assert np.abs(losses / losses_2019 - 1).max() < 0.005


def corpus_of_2019(experiment):
    name = f"seed-{experiment}"
    folders = [ROOT / "data", Path(os.environ.get("RNN_CORPORA") or ROOT / "data")]
    if not any((folder / f"{name}.txt").exists() for folder in folders):
        pytest.skip(
            f"{name}.txt is neither in data/ nor in the folder of RNN_CORPORA; load_corpus({name!r}) fetches it"
        )
    return load_corpus(name)


@pytest.mark.parametrize("experiment", SETTINGS)
def test_the_run_of_2019_repeated_gives_the_stored_digits(experiment):
    run = train(corpus_of_2019(experiment), *SETTINGS[experiment], progress=False)
    _, losses_2019, losses = rows_of(experiment)
    assert np.abs(run.epoch_losses - losses).max() < 1e-7  # the file has eight decimals
    assert np.abs(run.epoch_losses / losses_2019 - 1).max() < 0.005


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("experiment", SETTINGS)
def test_other_random_starts_begin_with_the_stored_digits(experiment, seed):
    run = train(corpus_of_2019(experiment), *SETTINGS[experiment][:3], 1, seed=seed, progress=False)
    stored = [float(row[f"seed_{seed}"]) for row in rows_of(experiment)[0]]
    assert np.abs(run.epoch_losses - stored[:2]).max() < 1e-7
    assert len(stored) == {"sonnets": 41, "speeches": 13}[experiment] and min(stored) == stored[-1]


def test_the_stored_network_is_what_train_gives():
    stored = load_run(ROOT / "data" / "sonnets_run.npz")
    run = train(load_corpus("sonnets"), 75, 50, 0.001, 1, progress=False)
    assert dataclasses.replace(run.settings, num_epochs=40) == stored.settings
    assert np.abs(run.losses - stored.losses[: len(run.losses)]).max() < 1e-9
