"""Can all that is written on a picture be read? Typical pictures, and the fullest that the helpers should bear."""

import numpy as np
import pytest
from overlaps import overlaps

from course.show.drawing import Sheet
from course.show.pictures import bar_picture, dot_picture, heat_map, line_picture

X = np.arange(11.0)
LONG = "a name as long as the longest of the pages"


def lines(count, name="line {}", end=0.001):
    return {name.format(k): (X, k * (10 - X) + k * end + 1) for k in range(count)}


LINES = {
    "one": lambda: line_picture("One", "x", "y", {"tanh": np.tanh(X)}),
    "all end at one place": lambda: line_picture("Five", "x", "y", lines(5), marks={"goal": 1, "start": 1.001}),
    "long names": lambda: line_picture("Long", "x", LONG, lines(2, LONG + " {}"), marks={LONG: 1}),
    "some end early": lambda: line_picture("Early", "x", "y", lines(3) | {f"short {k}": X[: k + 2] for k in range(2)}),
    "a legend": lambda: line_picture("Many", "x", "y", lines(7, "number {}"), marks={"goal": 3}),
    "log scales": lambda: line_picture("Log", LONG, "y", {"a": 10 ** (X - 9), "b": 9.0**X}, log_x=True, log_y=True),
    "less than a decade": lambda: line_picture("Log", "x", "y", {"a": 3 + X / 9, "b": 3 + X / 8}, log_y=True),
    "large": lambda: line_picture("Large", "x", "y", {"a": (X * 1e6, X * 1e8), "b": (X * 1e6, -X * 1e8)}),
    "small": lambda: line_picture("Small", "x", "y", {"a": (X / 1e6, X / 1e7)}, below="it writes: " + "m" * 49),
    "no heights": lambda: line_picture("Flat", "x", "y", {"a": 0 * X, "b": 0 * X}, errors={"a": 0 * X}),
}
BARS = {
    "one": lambda: bar_picture("One", "bits", {"network": 2.0}),
    "long names": lambda: bar_picture("Long", LONG, {LONG: 2.0, "\n" + LONG: 1e-3}, errors={LONG: 0.5}),
    "both sides": lambda: bar_picture("Both", "bits", {"a": -3.0, "b": 1.0}, errors={"a": 0.1, "b": 4.0}, digits=".3f"),
    "below zero": lambda: bar_picture("Below", "bits", {"a": -3.0, "b": -1.0}),
    "many": lambda: bar_picture("Many", "percent", {str(k): k for k in range(20)}, digits=".1f"),
    "nothing": lambda: bar_picture("Nothing", "bits", {"a": 0.0, "b": 0.0}),
}
DOTS = {
    "three starts": lambda: dot_picture("Three", "bits", {LONG: [(2.5, 0.02), (2.4, 0.03), (2.45, 0)]}),
    "no errors": lambda: dot_picture("None", "percent", {"a": [100, 98.5], "b": [-37.5]}, digits=".1f"),
    "many": lambda: dot_picture("Many", LONG, {f"row {k}": [(k, 1)] * 10 for k in range(12)}, marks={LONG: 6}),
}
LETTERS = "no, it was builded far from accident\n"
TABLES = {
    "small": lambda: heat_map("Small", "x", "y", -np.eye(4), x_ticks="ehlo", y_ticks="hell"),
    "a line": lambda: heat_map("Line", "letter", "unit", np.ones((1, 37)), x_ticks=LETTERS, y_ticks=["a control"]),
    "large": lambda: heat_map("Large", "x", "y", 1e-5 * np.ones((75, 75)), diverging=False),
    "tall": lambda: heat_map("Tall", "x", "y", 1e6 * np.eye(20)[:, :3], y_ticks=LETTERS[:20]),
}
ALL = {
    **LINES,
    **{f"bars, {k}": v for k, v in BARS.items()},
    **{f"dots, {k}": v for k, v in DOTS.items()},
    **{f"table, {k}": v for k, v in TABLES.items()},
}


@pytest.mark.slow
@pytest.mark.parametrize("make", ALL.values(), ids=ALL)
def test_all_that_is_written_can_be_read(make):
    assert overlaps(make()) == []


def test_what_cannot_be_read_is_found():
    sheet = Sheet("A title", 2)
    sheet.write(3, 1, "under")
    assert overlaps(sheet) == []
    sheet.write(3.2, 1.05, "over")
    sheet.write(6.9, 0.5, "outside")
    assert overlaps(sheet) == ["'outside' leaves the picture", "'under' lies on 'over'"]
