"""The minutes of all pages and exercises are counted, and keep to limits; in the first book also the size."""

import json
import re
from types import SimpleNamespace

import pytest
from helpers import ROOT

from course.lessons import EXERCISES
from course.lessons.contents import PAGES
from course.tools import minutes
from course.tools.minutes import FIRST_BOOK


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_and_readme_say_the_count_to_the_nearest_five(page):
    """They may be off by five before this speaks; python -m course.tools.minutes --write mends them."""
    count = sum(minutes.count(page)[0].values())
    for path, before in minutes.places_of(page):
        (shown,) = re.findall(rf"{before}(\d+)", path.read_text(encoding="utf-8"))
        assert int(shown) % 5 == 0 and abs(int(shown) - count) <= 5, f"{path.name} says {shown}, counted: {count:.0f}"
        assert int(shown) == page.minutes


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_and_readme_say_the_count_of_its_extra_and_name_no_other(page):
    count = sum(minutes.count(page, extra=True)[0].values())
    for path, before in minutes.places_of_extra(page):
        shown = re.findall(rf"{before}(\d+)", path.read_text(encoding="utf-8"))
        assert len(shown) == bool(count), f"{path.name} says {shown}, counted: {count:.0f}"
        assert [one for one in shown if int(one) % 5 or abs(int(one) - count) > 5] == [], f"counted: {count:.0f}"
        assert page.extra_minutes == int([*shown, 0][0])


# ---------------------------------------------------------------- a made-up page with an extra
MADE_UP = SimpleNamespace(stem="99_made_up")
LINE = "*An extra, 45 minutes. Nothing later needs it.*"
ONE_HOT = 'def one_hot(ids, vocab_size):\n    ...  # your code\n\n\ncheck("one_hot", one_hot)'


def made_up(root, readme, extra=(f"## An extra: more\n\n{LINE}\n\n{'word ' * 1500}", ONE_HOT)):
    """Make a course of one page: 600 words, then an extra of these cells, and 150 more words. Return its folder."""

    def cell(source, tag=""):
        kind = "code" if source == ONE_HOT else "markdown"
        return {
            "cell_type": kind,
            "metadata": {"tags": [tag]} if tag else {},
            "source": source.splitlines(keepends=True),
        }

    first = cell(f"# 99 Made up\n\n**Time** 90 minutes\n\n{'word ' * 600}")
    cells = [first, *(cell(one, "extra") for one in extra), cell(f"## Next\n\n{'word ' * 150}")]
    (root / "notebooks").mkdir()
    (root / "notebooks/99_made_up.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    (root / "README.md").write_text(readme, encoding="utf-8")
    return root


def test_an_extra_is_counted_apart(tmp_path):
    folder = made_up(tmp_path, "") / "notebooks"
    (page, words), (extra, more) = (minutes.count(MADE_UP, folder, extra) for extra in (False, True))
    assert 755 <= words <= 760 and page["exercises"] == 0 and minutes.minutes(MADE_UP, folder) == 5
    assert 1510 <= more <= 1520 and extra["exercises"] == EXERCISES["one_hot"].minutes
    assert minutes.minutes(MADE_UP, folder, extra=True) == 5 * round((10 + EXERCISES["one_hot"].minutes) / 5)


@pytest.mark.parametrize("line", ["[99 Made up](notebooks/99_made_up.ipynb) | {} | learn", "({} minutes) It learns."])
def test_its_minutes_are_written_into_its_first_line_and_into_the_line_of_readme(tmp_path, line):
    line = line if "notebooks" in line else f"[99 Made up](notebooks/99_made_up.ipynb) {line}"
    unit = "" if "|" in line else " minutes"
    root = made_up(tmp_path, line.format("90").replace("minutes minutes", "minutes"))
    more = minutes.minutes(MADE_UP, root / "notebooks", extra=True)
    with_it = line.replace("{}" + unit, f"5{unit} and an extra of {more} minutes")
    for again in (["99_made_up.ipynb", "README.md"], []):
        assert minutes.write([MADE_UP], root) == again
        page, readme = (
            (root / name).read_text(encoding="utf-8") for name in ("notebooks/99_made_up.ipynb", "README.md")
        )
        assert f"*An extra, {more} minutes. Nothing later needs it.*" in page and "**Time** 5 minutes" in page
        assert readme == with_it


def test_an_extra_that_is_gone_is_gone_from_readme(tmp_path):
    line = "[99 Made up](notebooks/99_made_up.ipynb) (90 minutes and an extra of 20 minutes) It learns."
    root = made_up(tmp_path, line, extra=())
    assert minutes.write([MADE_UP], root) == ["99_made_up.ipynb", "README.md"]
    assert (root / "README.md").read_text(
        encoding="utf-8"
    ) == "[99 Made up](notebooks/99_made_up.ipynb) (5 minutes) It learns."


def test_the_first_book_takes_535_minutes_at_most_and_page_03_no_more_than_130():
    found = {page.number: sum(minutes.count(page)[0].values()) for page in FIRST_BOOK}  # before they are rounded
    assert list(found) == ["00", "01", "02", "03", "04", "05", "06"]
    assert sum(found.values()) <= 535 and found["03"] < 132.5, found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_other_page_takes_more_than_115_minutes_and_11_no_more_than_90(page):
    longest = {"03": 130, "11": 90}.get(page.number, 115)
    assert minutes.minutes(page) <= longest


def test_the_minutes_of_an_exercise_are_those_of_its_parts():
    """Thinking, half a minute for each line, two wrong tries, and a look at the finished function."""
    softmax, choice = EXERCISES["softmax"], EXERCISES["choose_diagnosis"]
    assert (softmax.how_hard, softmax.lines_to_write) == ("medium", 3) and softmax.minutes == round(4 + 1.5 + 2 * 2 + 1)
    assert (choice.how_hard, choice.lines_to_write, choice.minutes) == ("easy", 1, round(2 + 0.5 + 2 * 2 + 1))


def test_the_pages_are_light():
    sizes = {page.stem: (ROOT / "notebooks" / f"{page.stem}.ipynb").stat().st_size for page in FIRST_BOOK}
    assert sum(sizes.values()) < 2_000_000, sizes
