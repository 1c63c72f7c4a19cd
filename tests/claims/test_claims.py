"""The claims that the pages draw are those that tests/claims tries, on both texts and from all starts."""

import importlib

import claims
import pytest

from course.show.two_texts import two_texts


@pytest.mark.parametrize("page", claims.pages())
def test_all_that_is_tried_is_stored_and_nothing_else(page):
    module = importlib.import_module(f"page_{page}")
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
