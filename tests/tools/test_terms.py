"""docs/terms.py finds each term of the course once, with the sentence that explains it."""

import collections
import re

import pytest
from helpers import ROOT
from notebook_pages import PAGES, page_named

from course.lessons.contents import PAGES as CONTENTS


@pytest.fixture
def terms(monkeypatch):
    monkeypatch.syspath_prepend(ROOT / "docs")
    import terms

    return terms


def test_the_list_is_sorted_and_leads_to_the_pages(terms):
    listed = terms.listed()
    names = [term.name.lower() for term in listed]
    assert names == sorted(set(names)) and len(names) > 150
    (found,) = (term for term in listed if term.name == "cross-entropy")
    assert (found.page.number, found.heading) == ("01", "5. Measure a guess")
    for term in listed:
        assert re.search(rf"^#+ {re.escape(term.heading)}$", page_named(term.page.stem).prose, re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_bold_begins_a_paragraph_with_a_rubric_or_is_a_term(terms, page):
    for paragraph in terms.paragraphs(page_named(page).prose):
        for name in filter(terms.is_rubric, terms.BOLD.findall(paragraph)):
            assert paragraph.startswith(f"**{name}**"), f"{name!r} begins no paragraph: make it italic, or a term."


def test_each_term_is_explained_once(terms):
    found = collections.Counter(term.name.lower() for page in CONTENTS for term in terms.on_page(page))
    assert [name for name, times in found.items() if times > 1] == [], "Make the later ones italic."


def test_the_sentence_explains_the_term_alone(terms):
    for term in terms.listed():
        assert f"**{term.name}**" in term.sentence and term.name.count(" ") < 4
        first = terms.END.split(term.sentence)[0]
        assert not terms.POINTS_BACK.match(first), f"{term.name}: what does {first!r} point to?"
        assert term.sentence.count("(") == term.sentence.count(")") and term.sentence.count("$") % 2 == 0
        assert 5 < len(term.sentence.split()) < 70, term.sentence


def test_a_sentence_that_points_back_brings_the_one_before_it(terms):
    paragraph = "One. (So draw it as a chain. Then it's **unrolled** (Elman, 1990).) A chain is **long**. It has ends."
    assert terms.explained(paragraph, "unrolled") == "Draw it as a chain. Then it's **unrolled** (Elman, 1990)."
    assert terms.explained(paragraph, "long") == "A chain is **long**. It has ends."
    (formula,) = terms.paragraphs("So this is **softmax**:\n\n$$p=1$$")
    assert terms.explained(formula, "softmax") == "This is **softmax**: $p=1$"


def test_the_list_as_a_page_has_each_term_with_its_place(terms):
    page = terms.as_page()
    assert all(page.count(f"\n{term.name}\n  ") == 1 for term in terms.listed())
    assert "[Page 01, section 5](../notebooks/01_softmax.ipynb#5-measure-a-guess)" in page
    assert "[Page 15, An extra: what gates above zero cannot do](../notebooks/15_no_loop.ipynb#an-extra-" in page
    assert "](09_" not in page
