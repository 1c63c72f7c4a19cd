"""The pictures of page 17: are their numbers those of the delta rule, and do they claim only what is so?"""

import pytest
from overlaps import overlaps

from course.show.drawing import color
from course.show.page_17 import (
    corrections,
    delta_years,
    recall_by_letters,
    recall_by_notes_before,
    recall_side_by_side,
    recall_while_reading,
    what_is_read,
)

WRITES = [("g", (1, 0), (2, 1)), ("g", (1, 0), (0, 3)), ("f", (0.6, 0.8), (1, 2))]
PICTURES = {
    "corrections": lambda: corrections(WRITES),
    "two long ones": lambda: corrections([("a", (-0.28, 0.96), (-7.25, 9.75)), ("b", (0.96, 0.28), (-9.5, -9.25))]),
    "read": lambda: what_is_read(WRITES),
    "years": delta_years,
}


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_lies_on_anything_and_the_title_is_short(name):
    assert overlaps(PICTURES[name]()) == []
    assert len(PICTURES[name]().lines[0].removeprefix("Picture: ")) <= 62


def drawn(picture):
    return " ".join(text.get_text() for text in picture.axes.texts if text.get_text())


def test_the_numbers_are_those_worked_out_by_hand():
    picture = corrections(WRITES)
    assert picture.text.endswith("should say 1 2, missing 1 0.2\n  state after: 0.6 0.8; 3.12 0.16")
    tables = "0.6 0.6 0 3 0.6 +0.6 3.12 +0.12 0.8 0.8 0 0 0.8 +0.8 0.16 +0.16"  # key, before, after; column by column
    assert drawn(picture).endswith(f" {tables} 0 1.8 1 2 1 0.2")
    picture = what_is_read(WRITES)
    assert "key g, told last 0 3\n  correction: says 0.6 3.12, missing -0.6 -0.12\n  sum: says 2.6 5.2" in picture.text
    assert drawn(picture).endswith(
        "key g 0 3 0.6 3.12 −0.6 −0.12 2.6 5.2 −2.6 −2.2 key f 1 2 1 2 0 0 2.2 4.4 −1.2 −2.4"
    )


def test_titles_claim_only_what_the_numbers_show():
    assert corrections([("g", (1, 1), (2, 1))]).text.startswith("Picture: What each correction changes\n")  # a long key
    far = [WRITES[0], ("f", (0.6, 0.8), (0, 0))]  # corrected, it is more than half as far off as the sum
    assert what_is_read(far).text.startswith("Picture: What the state says of each key\n")


def test_each_year_has_one_thing_that_is_new():
    texts = delta_years().axes.texts
    new = [text.get_position()[1] for text in texts if text.get_bbox_patch() and text.get_color() == color("first")]
    years = [text.get_position()[1] for text in texts if text.get_text().isdigit()]
    in_the_formula = [text for text in texts if text.get_bbox_patch() and text.get_family() == ["monospace"]]
    assert len(in_the_formula) == 4 and "four change the formula" in delta_years().text
    assert len(years) == 6 and new == pytest.approx(years, abs=0.2)


RUNS = "3 starts · 4 learning rates · 3,600 questions · all stored"
STORED = {
    "while reading": lambda **runs: recall_while_reading(34.2, **runs),
    "by notes": lambda **runs: recall_by_notes_before([[99, 99, 99, 99, 99]], **runs),
    "side by side": lambda **runs: recall_side_by_side(34.2, **runs),
    "by letters": recall_by_letters,
}


@pytest.mark.parametrize("draw", STORED.values(), ids=STORED)
def test_what_was_stored_says_how_often_it_was_trained(draw):
    assert repr(draw(runs=RUNS)) == f"{draw()}\nruns: {RUNS}"
    assert overlaps(draw(runs=RUNS)) == []
