"""docs/terms.py finds each term of the course once, with the sentence that explains it."""

import pytest
from helpers import ROOT


@pytest.fixture
def terms(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "docs")
    import terms

    return terms


def test_the_list_is_sorted_and_holds_what_it_says(terms):
    listed = terms.listed()
    names = [term.name.lower() for term in listed]
    assert names == sorted(set(names)) and len(names) > 150
    (found,) = (term for term in listed if term.name == "cross-entropy")
    assert (found.page.number, found.heading) == ("01", "5. Measure a guess")
    assert "Divide it by the number of characters" in found.sentence
    for term in listed:
        assert f"**{term.name}**" in term.sentence
        page = (ROOT / "notebooks" / f"{term.page.stem}.ipynb").read_text(encoding="utf-8")
        assert f"# {term.heading}" in page
