"""The numbers in the words are true: something confirms each of them, or numbers.txt says why not (tests/witness.py).

nbval does not read the words on a page, and nothing runs README.
"""

import re
from types import SimpleNamespace

import pytest
from helpers import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from notebook_pages import PAGES
from witness import Witnesses, agrees, numbers_in, numbers_of_formula, read_paragraphs, witnesses_of

LIST = (ROOT / "tests" / "pages" / "numbers.txt").read_text(encoding="utf-8")
FILES = ["README.md", "docs/teaching.md"]
A_FILE = re.compile(r"\b[\w/]+\.(?:ipynb|md|csv|py)\b")


def read_list(text):
    """Return dict: page or file -> dict: number -> reason."""
    listed, entries = {}, {}
    for line in text.splitlines():
        if line.startswith("== "):
            entries = listed[line[3:]] = {}
        elif line and not line.startswith("#"):
            numbers, reason = line.split(": ", 1)
            for number in numbers.split(", "):
                assert number not in entries, f"{number} stands twice in one part of numbers.txt: {line}"
                entries[number] = reason
    return listed


LISTED = read_list(LIST)


def in_need(name):
    """Return the numbers of a page or file that nothing in it confirms."""
    if name in PAGES:
        return list(witnesses_of(name).unwitnessed())
    text = (ROOT / name).read_text(encoding="utf-8")
    # The words of the picture are compared by test_learning, and a comment is for the handout and the site.
    text = re.sub(r"<picture>.*?</picture>|<!--.*?-->", "", text, flags=re.DOTALL)
    minutes = r"\d+(?: minutes)?(?: and an extra of \d+ minutes)?"  # compared by test_minutes
    text = re.sub(r"(\(notebooks/\w+\.ipynb\) [|(]) ?" + minutes, r"\1", text)
    paragraphs = read_paragraphs(text)
    return [number for paragraph in paragraphs for number in paragraph.numbers]


@pytest.mark.slow
@pytest.mark.parametrize("name", [*PAGES, *FILES])
def test_something_bears_out_each_number_in_the_words(name):
    listed = LISTED.get(name, {})
    unknown = [f"{number.text}  in  {number.around}" for number in in_need(name) if number.text not in listed]
    advice = "mend the words, let a cell or a formula give the number, or name it and its reason in numbers.txt"
    assert not unknown, f"nothing bears out these numbers; {advice}:\n" + "\n".join(unknown)


@pytest.mark.parametrize("name", PAGES)
def test_formulas_are_true_and_sections_and_pages_that_are_named_are_there(name):
    assert list(witnesses_of(name).faults()) == []


@pytest.mark.slow
def test_each_entry_of_the_list_is_needed():
    assert set(LISTED) <= {*PAGES, *FILES}
    needless = []
    for name, entries in LISTED.items():
        needed = {number.text for number in in_need(name)}
        needless += [f"{name}: {number}" for number in entries if number not in needed]
    assert not needless, "delete these from numbers.txt, for they are borne out or gone:\n" + "\n".join(needless)


def numbers_of_file(path):
    return witnesses_of(path.stem).all if path.suffix == ".ipynb" else numbers_in(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", [*PAGES, *FILES])
def test_reasons_hold(name):
    """A file that a reason names has the number in it; a formula in a reason is true and gives the number."""
    wrong = []
    for number, reason in LISTED.get(name, {}).items():
        assert len(reason) > 10, f"{number}: say more than {reason!r}"
        held, formulas = set(), re.findall(r"\$[^$]+\$", reason)
        for file in A_FILE.findall(reason):
            held |= numbers_of_file(ROOT / file)
        for formula in formulas:
            _, calculated, faults = numbers_of_formula(formula)
            held |= calculated
            wrong += faults
        if held and not any(agrees(number, one) for one in held):
            wrong.append(f"{number} is not to be found in what is named: {reason}")
    assert wrong == []


# ---------------------------------------------------------------- what is false


def page_with(words):
    """Return a page with these words in section 1, and a section 2."""
    setup = new_code_cell("edition = 64")
    cells = [setup, new_markdown_cell(f"## 1. Title\n\n{words}\n\n## 2. Title")]
    return Witnesses(SimpleNamespace(name="", notebook=new_notebook(cells=cells), code_cells=[setup]))


@pytest.mark.parametrize(
    "words, fault",
    [
        ("$3\\ln2=2.078$", r"$3\ln2=2.078$ is false: 3\ln2 is 2.07944."),
        ("$2\\ln3=\\ln8$", r"$2\ln3=\ln8$ is false: \ln8 is 2.07944."),
        ("$0.8^{40}\\approx0.0002$", r"$0.8^{40}\approx0.0002$ is false: 0.8^{40} is 0.000132923."),
        ("See section 3.", "Section 3 is named, and the page has none: See section 3."),
        ("See page 77.", "Page 77 is named, and there is none: See page 77."),
    ],
)
def test_what_is_false(words, fault):
    assert list(page_with(words).faults()) == [fault]
