"""The claims that the pages draw are those that experiments/claims tries, on both texts and from all starts."""

import importlib

import numpy as np
import pytest

from course.engine import gradient_check
from course.show.two_texts import two_texts
from experiments.claims import __main__ as claims
from experiments.claims import page_15, page_16


@pytest.mark.parametrize("page", claims.pages())
def test_all_that_is_tried_is_stored_and_nothing_else(page):
    module = importlib.import_module(f"experiments.claims.page_{page}")
    tried = [
        [page, claim, text, str(start)]
        for claim in getattr(module, "CLAIMS", {})
        for text in claims.texts()
        for start in claims.STARTS
    ]
    assert [row[:4] for row in claims.stored("CLAIMS") if row[0] == page] == tried
    asides = [row[1] for row in claims.stored("ASIDES") if row[0] == page]
    assert list(dict.fromkeys(asides)) == list(getattr(module, "ASIDES", {}))
    if tried:
        drawn = two_texts(page).text.split("\n")
        assert [line for line in drawn if line in module.CLAIMS] == list(module.CLAIMS)


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize(
    "page, claim, text, start",
    [
        ("08", "tuned, the table beats Kneser-Ney by", "speeches", 0),
        ("11", "a rate for each matrix", "speeches", 1),
        ("15", "short training: the minGRU is ahead by", "Sonnets", 2),
    ],
)
def test_a_claim_comes_out_as_it_is_stored(page, claim, text, start):
    key = [page, claim, text, str(start)]
    (before,) = [row for row in claims.stored("CLAIMS") if row[:4] == key]
    value, error = importlib.import_module(f"experiments.claims.page_{page}").CLAIMS[claim](claims.texts()[text], start)
    assert claims.is_near([*key, value, error], before)
    assert not claims.is_near([*key, value + 3 * error, error], before)


def test_a_gru_that_looks_back_has_right_gradients_and_sees_the_letter_before():
    inputs, targets = np.array([0, 3, 1, 3, 7, 2]), np.array([3, 1, 3, 7, 2, 9])
    small = page_16.initialize(4, 11, np.random.default_rng(1), "fan_in")
    report = gradient_check(inputs, targets, np.zeros(4), small, model=page_16.LOOKS_BACK)
    assert str(report).startswith("Gradient check passed")
    blind = small._replace(**{name: getattr(small, name) * ([1] * 11 + [0] * 11) for name in page_16.LETTERS})
    states = [page_16.forward(inputs, targets, np.zeros(4), one).hidden for one in (small, blind)]
    assert (states[0][1] == states[1][1]).all() and (states[0][2] != states[1][2]).any()


def test_the_letters_since_the_last_w_are_those_that_the_network_could_know():
    model, *_ = page_15.FLIP_FLOP["minGRU, 32 units"]
    parameters = model.initialize(32, 11, np.random.default_rng(0))
    (first, second) = page_15.answers("minGRU, 32 units", parameters, ["wciawbigrb", "wicirc"])
    assert first[:2] == (["b", "g"], "b") and second[:2] == (["c"], "c")
