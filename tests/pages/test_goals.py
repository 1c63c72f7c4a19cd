"""docs/goals.md has each goal of each page, and what it says of exercises and sections is true."""

import re

from helpers import ROOT
from notebook_pages import page_named

from course.lessons.contents import PAGES

GOALS = (ROOT / "docs" / "goals.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| \[[\w-]+\]\(\.\./notebooks/(\w+)\.ipynb\) \| (.*?) \| (.*) \|$", GOALS, re.MULTILINE)


def goals_of(page):
    """Return what a page says that you will do, without the signs at the ends."""
    listed = page_named(page.stem).markdown[0].partition("**You will**")[2].partition("**You need**")[0]
    return [" ".join(goal.split()).rstrip(";.") for goal in re.split(r"^\* ", listed, flags=re.MULTILINE)[1:]]


def test_each_goal_of_each_page_has_its_row():
    assert [(stem, goal) for stem, goal, _ in ROWS] == [(page.stem, goal) for page in PAGES for goal in goals_of(page)]
    without = [goal for _, goal, how in ROWS if how.startswith("not assessed: ")]
    assert f"all {len(ROWS)} of these goals" in GOALS and f"{len(without)} goals have no exercise" in GOALS


def test_the_exercises_of_each_page_are_in_its_rows_and_no_others():
    """That of an extra may be left out, as a page does not promise it."""
    for page in PAGES:
        rows = [how for stem, _, how in ROWS if stem == page.stem]
        named = {name for how in rows for name in re.findall(r"`(\w+)`", how)}
        assert {*page.exercises} - {*page.in_its_extra} <= named <= {*page.exercises}, page.stem
        assert [how for how in rows if how.startswith("not assessed: ") == bool(re.search(r"`\w+`", how))] == []


def test_the_sections_are_there_and_ask_where_a_predict_is_named():
    for stem, goal, how in ROWS:
        parts = re.split(r"^## (\d+)\. ", page_named(stem).prose, flags=re.MULTILINE)
        sections = dict(zip(parts[1::2], parts[2::2]))
        named = re.findall(r"(\*Predict\* in )?sections? (\d+(?:(?:,| and) \d+)*)", how)
        assert named or not how.startswith("not assessed"), f"{stem}: {goal}: where is it shown?"
        for asks, numbers in named:
            for number in re.findall(r"\d+", numbers):
                assert number in sections and (not asks or "**Predict.**" in sections[number]), f"{stem}: {goal}"
