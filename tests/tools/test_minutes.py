"""The minutes of all pages and exercises are counted, and keep to limits; in the first book also the size."""

import re

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


def test_the_first_book_takes_530_minutes_at_most_and_page_03_no_more_than_130():
    found = {page.number: sum(minutes.count(page)[0].values()) for page in FIRST_BOOK}  # before they are rounded
    assert list(found) == ["00", "01", "02", "03", "04", "05", "06"]
    assert sum(found.values()) <= 530 and found["03"] < 132.5, found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_no_other_page_takes_more_than_110_minutes_and_11_no_more_than_90(page):
    longest = {"03": 130, "11": 90}.get(page.number, 110)
    assert minutes.minutes(page) <= longest


def test_the_minutes_of_an_exercise_are_those_of_its_parts():
    """Thinking, half a minute for each line, two wrong tries, and a look at the finished function."""
    softmax, choice = EXERCISES["softmax"], EXERCISES["choose_diagnosis"]
    assert (softmax.how_hard, softmax.lines_to_write) == ("medium", 3) and softmax.minutes == round(4 + 1.5 + 2 * 2 + 1)
    assert (choice.how_hard, choice.lines_to_write, choice.minutes) == ("easy", 1, round(2 + 0.5 + 2 * 2 + 1))


def test_the_pages_are_light():
    sizes = {page.stem: (ROOT / "notebooks" / f"{page.stem}.ipynb").stat().st_size for page in FIRST_BOOK}
    assert sum(sizes.values()) < 2_000_000, sizes
