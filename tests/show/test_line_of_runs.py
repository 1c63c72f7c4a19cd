"""The line of runs: how often something was trained, under its picture. One form everywhere."""

import re
from functools import partial

import numpy as np
import pytest
from notebook_pages import PAGES, page_named, texts
from overlaps import overlaps

from course.show import states
from course.show.drawing import SIZES, Sheet, color, room_for_runs
from course.show.pictures import bar_picture, dot_picture, heat_map, line_picture
from course.show.two_texts import two_texts

EXAMPLES = [
    "3 starts · 4 learning rates (2 for the longest) · chosen by the same questions · 200, 2,000, 8,000 steps of 32 "
    "texts · 3,600 questions · bar: from lowest to highest start · all stored",
    "3 starts · 4 learning rates · chosen by the ninth tenth · 10 epochs · the ninth tenth, 9,333 characters · bar: "
    "standard error, blocks of 100 · all stored",
    "1 start · tables: 240 of each size range, networks: 1 recipe · tables chosen by the ninth tenth · 8 epochs · the "
    "ninth tenth · all trained here",
    "1 start · 8 epochs · trained here",
]
# What a field is known by, in the order of the fields.
FIELDS = {
    "starts": r"(?:[\w ]+: )?\d+ starts?\b",
    "tries": r".*\b\d[\d,]* .*\b(?:rates?|settings?|recipes?|tries|temperatures?)\b",
    "chosen by": r"(?:\w+ )?chosen by ",
    "how long": r".*\b(?:epochs?|steps?|sequences|readings?|read once)\b",
    "scored on": r".*\b(?:tenths?|sequences|characters|letters|questions|texts?|verse|lines|loss|places)\b",
    "bar": r"bar: ",
    "yours": r".*\b(?:stored|trained here|measured here|is yours|are yours)\b",
}


def wrong_with(runs):
    """Return what is wrong with the words of a line of runs, or ""."""
    fields = runs.split(" · ")
    if re.search(r"\b(?:seeds?|runs?)\b", runs):
        return "the word is start"
    if runs != runs.strip() or ";" in runs or re.search(r"\.$|\.\s|\s\s|·\S|\S·", runs):
        return "fields are separated by ' · ', and are no sentences"
    if not re.match(FIELDS["starts"], fields[0]):
        return "it begins with the number of starts"
    return "" if _in_order(fields, [*FIELDS.values()]) else "a field is not known, or comes too late"


def _in_order(fields, kinds):
    """Is each field of a later kind than the one before it? A field may be of several kinds."""
    return not fields or any(
        re.match(kind, fields[0]) and _in_order(fields[1:], kinds[place + 1 :]) for place, kind in enumerate(kinds)
    )


@pytest.mark.parametrize("runs", EXAMPLES)
def test_a_good_line_has_the_form(runs):
    assert wrong_with(runs) == ""


@pytest.mark.parametrize(
    "runs, says",
    [
        ("3 seeds · 8 epochs · all stored", "start"),
        ("3 starts · 8 epochs · the first run is yours", "start"),
        ("8 epochs · all stored", "begins"),
        ("3 starts · 8 epochs · 4 learning rates", "too late"),
        ("3 starts · all stored · 8 epochs", "too late"),
        ("3 starts · some more", "not known"),
        ("3 starts· all stored", "separated"),
        ("3 starts; all stored", "separated"),
        ("3 starts · all stored. They are good.", "separated"),
    ],
)
def test_what_is_wrong_with_a_line_is_said(runs, says):
    assert says in wrong_with(runs)


@pytest.mark.parametrize("name", PAGES)
def test_each_line_on_a_page_has_the_form(name):
    """Those in pictures, and those in small writing below a cell."""
    page = page_named(name)
    told = [line for cell in page.code_cells for text in texts(cell) for line in re.findall(r"^runs: (.*)", text, re.M)]
    told += re.findall(r"^<small>(.* · .*)</small>", page.prose, re.MULTILINE)
    assert [f"{line}: {wrong_with(line)}" for line in told if wrong_with(line)] == []


# ---------------------------------------------------------------- under a picture
MAKE = {
    "lines": partial(line_picture, "Lines", "x", "y", {"a": [1, 2, 3], "b": [2, 3, 1]}, below="it writes: mm"),
    "bars": partial(bar_picture, "Bars", "bits", {"a": 1, "b": 3}),
    "dots": partial(dot_picture, "Dots", "bits", {"a": [(1, 0.1), (2, 0.1)], "b": [1.5]}, marks={"plain": 0}),
    "table": partial(heat_map, "Table", "x", "y", np.eye(4)),
    "two texts": partial(two_texts, "12"),
    "exchange": partial(states.exchange_picture, {"plain network": [(2, 1.7, 0.07, 0.77), (8, 0.0, 0.006, 0.0)]}),
    "commas": partial(states.comma_picture, {"GRU": [0.0], "plain": [0.4]}, {"GRU": [0.9], "plain": [0.5]}),
}


@pytest.mark.parametrize("make", MAKE.values(), ids=MAKE)
@pytest.mark.parametrize("runs", [EXAMPLES[0], EXAMPLES[3]], ids=["long", "short"])
def test_it_is_the_last_line_of_the_text_and_the_lowest_gray_one_of_the_picture(make, runs):
    plain, told = make(), make(runs=runs)
    assert repr(told) == f"{plain}\nruns: {runs}"
    assert overlaps(told) == []
    before, after = (np.array(one.figure.get_size_inches()) for one in (plain, told))
    np.testing.assert_allclose(after - before, (0, room_for_runs(runs)), atol=1e-9)
    gray = [one for one in told.figure.texts if one.get_text().rstrip(" ·") in runs]
    assert " ".join(one.get_text() for one in sorted(gray, key=lambda one: -one.get_position()[1])) == runs
    assert {(one.get_color(), one.get_fontsize()) for one in gray} == {(color("quiet"), SIZES["small"])}
    top = max(one.get_window_extent().y1 for one in gray)
    assert top <= told.figure.dpi * room_for_runs(runs)


def test_nothing_that_is_drawn_moves_for_it():
    """Measured from the upper edge, in inches: charts on a sheet, and its own lines."""

    def places(sheet):
        height, inches = sheet.figure.get_figheight(), sheet.figure.dpi_scale_trans.inverted()
        corners = [inches.transform(axes.bbox.get_points()) for axes in sheet.figure.axes[1:]]
        words = inches.transform(sheet.axes.transData.transform([text.get_position() for text in sheet.axes.texts]))
        return [np.abs(np.array(points) - (0, height)) for points in (*corners, words)]

    def sheet():
        drawn = Sheet("A title", 2.5)
        drawn.chart(1, 0.5, 3, 1.5)
        drawn.write(2, 1, "words")
        return drawn

    for before, after in zip(places(sheet()), places(sheet().with_runs(EXAMPLES[0])), strict=True):
        np.testing.assert_allclose(after, before, atol=1e-9)
    assert repr(sheet().with_runs("")) == repr(sheet())
