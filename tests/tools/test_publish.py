"""publish.py: the same setup cell, address and request to Colab on all pages, links, and nothing else changes."""

import difflib
import shutil

import nbformat
import pytest
from helpers import ROOT

from course.base.ready import sha256_of_rnn_helpers
from course.lessons import contents
from course.tools.publish import published, with_checksum

PAGES = [f"{page.stem}.ipynb" for page in contents.PAGES]
ADDRESS = "https://github.com/someone/rnn-course"
COLAB = "https://colab.research.google.com/github/someone/rnn-course/blob/main/notebooks/"
BADGE = "[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]"


@pytest.fixture
def course(tmp_path):
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".*", "my_rnn*"))
    shutil.copy(ROOT / "README.md", tmp_path)
    return tmp_path


def texts(folder, address=None):
    """Return the texts that publish.py would write, by name."""
    return {path.name: text for path, text in published(address, folder).items()}


def write(folder, address):
    for path, text in published(address, folder).items():
        path.write_text(text, encoding="utf-8", newline="\n")


def changed_lines(old, new):
    """Return the deleted lines and the added lines."""
    lines = list(difflib.ndiff(old.splitlines(), new.splitlines()))
    return [line[2:] for line in lines if line[0] == "-"], [line[2:] for line in lines if line[0] == "+"]


def test_as_shipped_all_pages_agree():
    for path, text in published().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: run python -m course.tools.publish"


@pytest.mark.slow
def test_pages_get_address_and_badge_and_readme_gets_links_and_nothing_else_changes():
    before, after = texts(ROOT), texts(ROOT, ADDRESS)
    for page in PAGES:
        went, came = changed_lines(before[page], after[page])
        assert all("COURSE = " in line or BADGE in line for line in went)
        badge, setup = sorted(came, key=lambda line: "COURSE = " in line)
        assert f'"COURSE = \\"{ADDRESS}\\"' in setup
        assert badge.strip() == f'"{BADGE}({COLAB}{page})\\n",'
        first_cell = nbformat.reads(after[page], as_version=4).cells[0].source
        assert first_cell.splitlines()[1] == f"{BADGE}({COLAB}{page})"
    went, came = changed_lines(before["README.md"], after["README.md"])
    assert all("](notebooks/" in line for line in went + came)
    for page in PAGES:
        assert f"](notebooks/{page}) ([Colab]({COLAB}{page}))" in "\n".join(came)


@pytest.mark.slow
def test_an_address_stays_until_another_replaces_it(course):
    expected = texts(course, ADDRESS)
    write(course, "https://github.com/some-one/other.course.git/")
    assert "https://github.com/some-one/other.course/blob" not in "".join(texts(course, ADDRESS).values())
    write(course, ADDRESS + "/")
    assert texts(course) == expected


@pytest.mark.slow
def test_a_change_of_the_setup_cell_comes_from_the_first_page_into_all_others(course):
    before, first = texts(course), course / "notebooks" / PAGES[0]
    first.write_text(before[PAGES[0]].replace("# @title Setup", "# @title Set up", 1), encoding="utf-8")
    assert texts(course) == {
        name: text.replace("# @title Setup", "# @title Set up", 1) for name, text in before.items()
    }


def test_every_page_asks_colab_not_to_complete_code(course):
    pages = {name: nbformat.reads(text, as_version=4) for name, text in texts(ROOT).items() if name != "README.md"}
    assert {*pages} == {*PAGES, "from_a_word_to_a_text.ipynb"}
    assert all(page.metadata.colab == {"generative_ai_disabled": True} for page in pages.values())
    expected, path = texts(course), course / "notebooks" / PAGES[2]
    for metadata in ({}, {"colab": {"provenance": []}}):  # a page from elsewhere, and one that Colab has saved
        page = nbformat.reads(expected[path.name], as_version=4)
        del page.metadata["colab"]
        page.metadata.update(metadata)
        nbformat.write(page, path)
        assert texts(course) == expected


def test_a_wrong_address_and_a_page_without_setup_cell_are_errors(course):
    with pytest.raises(ValueError, match="it must look like https"):
        published(ADDRESS + "/tree/main")
    path = course / "notebooks" / PAGES[-1]
    path.write_text(path.read_text(encoding="utf-8").replace("COURSE = ", "COARSE = "), encoding="utf-8")
    with pytest.raises(ValueError, match=f"notebooks/{PAGES[-1]} has no setup cell"):
        published(ADDRESS, course)


def test_the_checksum_is_that_of_the_file():
    (text,) = with_checksum().values()
    assert f'\nRNN_HELPERS = "{sha256_of_rnn_helpers()}"\n' in text
