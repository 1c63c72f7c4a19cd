"""The claims that the pages draw are those that experiments/claims tries, on both texts and from all starts."""

import importlib

import pytest

from course.show.two_texts import two_texts
from experiments.claims import __main__ as claims


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
