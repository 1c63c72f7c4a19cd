"""data/optimizers.csv is what the code gives: all rows exist, and one of them is trained again."""

import csv

import pytest
from optimizers_table import FILE, RUNS, SEEDS, last_loss

from course.engine import OPTIMIZERS


def rows():
    with open(FILE, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_each_run_is_there_with_each_seed():
    found = [(row["optimizer"], float(row["learning_rate"]), int(row["seed"])) for row in rows()]
    assert found == [(*run, seed) for run in RUNS for seed in range(SEEDS)]


@pytest.mark.slow
def test_a_row_can_be_trained_again():
    row = next(row for row in rows() if row["optimizer"] == "momentum" and row["seed"] == "1")
    again = last_loss(row["optimizer"], float(row["learning_rate"]), int(row["seed"]))
    assert again == pytest.approx(float(row["loss"]), abs=0.011)
    assert set(OPTIMIZERS) == {"sgd", "adam", "muon"}, "nothing stays behind"
