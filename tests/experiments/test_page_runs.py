"""The results that pages load instead of training can be reproduced: all runs exist, and some are trained again.

The pages themselves train others, and nbval compares what they print.
"""

import numpy as np
import pytest
from notebook_pages import page_named, texts

from experiments.page_runs import NAMES, is_near, runs_of, stored


@pytest.mark.parametrize("name", NAMES)
def test_all_runs_are_stored_and_no_others(name):
    assert list(stored(name)) == list(runs_of(name))


@pytest.mark.parametrize(
    "name, key, page, digits",
    [
        ("one_change", ("verse", "75", "50", "0"), "07_experiments_of_2019", 3),
        ("five_epochs", "0.01, one epoch, seed 0", "10_train_well", 2),
        ("left_out", ("nothing", "0"), "11_train_in_a_second", 2),
        ("flip_flop", ("minGRU, 16 units and look-back", "0"), "15_no_loop", 0),
    ],
)
def test_what_a_page_trains_itself_is_stored_as_it_prints_it(name, key, page, digits):
    printed = "".join(text for cell in page_named(page).code_cells for text in texts(cell))
    numbers = stored(name)[key]
    mean = np.repeat(numbers, 100)[:9333].mean()  # of a score, or of the means of 100 consecutive characters
    assert f" {mean:.{digits}f}" in printed


def test_the_ninth_tenth_of_each_tenth_is_what_page_08_trains():
    printed = "".join(text for cell in page_named("08_tables_and_packers").code_cells for text in texts(cell))
    network, _, _, _, difference, error, *_ = stored("each_tenth")["Sonnets", "9"]
    assert f"validation text: {network:.3f}\n" in printed
    assert f"network and tuned table:    {difference:+.4f} ± {error:.4f}" in printed


def test_the_patients_of_page_10_have_the_traces_that_the_page_tells():
    values = {key: numbers.item() for key, numbers in stored("clinic").items()}
    curves = {}
    for (name, _, what, _), value in values.items():
        if what == "smoothed":
            curves.setdefault(name, []).append(value)
    assert [name for name, curve in curves.items() if curve[-1] == min(curve)] == ["A", "C", "F"]
    assert [name for name in "DE" if min(curves[name]) + 10 < curves[name][-1]] == ["D", "E"]
    assert max(values["E", start, "helped", quarter] for start in "012" for quarter in "34") == 0
    assert min(values["D", start, "helped", quarter] for start in "012" for quarter in "1234") > 60
    assert min(values["healthy", "0", "helped", quarter] for quarter in "1234") == 100


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize(
    "name, key",
    [
        ("clinic", ("B", "0", "smoothed", "750")),
        ("clinic", ("E", "0", "helped", "2")),
        ("each_tenth", ("speeches", "4")),
        ("by_size", ("network", "20", "1")),
        ("dropout", ("0.0", "1")),
        ("flip_flop", ("minGRU, 64 units", "1")),
        ("recall", ("34", "8", "6", "16", "0.04", "1")),
        ("three_epochs", ("W_xh of size 2",)),
        ("three_epochs", ("rate that rises to 0.004, start 1",)),
        ("three_epochs", ("W_hh alone with fan-in, start 1",)),
        ("clip_each", "each alone, rate 0.05, seed 0"),
        ("left_out", ("the short average of squares", "1")),
        ("left_out", ("Adam", "2")),
        ("fast_bits", "4 epochs, start 1"),
        ("first_start", "plain W_hh"),
        ("one_gate", ("reset gate alone", "0.015")),
        ("other_starts", "W_hh, seed 2"),
        ("little_text", "first half, seed 0"),
        ("nudges", ("0.004", "0", "7")),
        ("twins", "twin, rate 0.02, seed 1"),
    ],
)
def test_a_run_comes_out_again(name, key):
    assert is_near(name, key, runs_of(name)[key](), stored(name)[key])
