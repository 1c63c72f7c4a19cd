"""The pictures: is each one a visible image, and does its text say what it shows?"""

import io
import subprocess
import sys
from itertools import pairwise

import numpy as np
import pytest
from helpers import ROOT
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.image import imread

from course.show.drawing import Figure, color
from course.show.pictures import (
    Picture,
    bar_picture,
    dot_picture,
    heat_map,
    line_picture,
)

X = np.linspace(0, 10, 201)


def wave():
    return line_picture("Waves", "time", "height", {"sine": (X, np.sin(X)), "short": [1, 2]}, marks={"top": 1})


def bars():
    return bar_picture("Chances", "probability", {"a": 0.5, "b": 0.25})


def table():
    return heat_map("Table", "column", "row", [[1, -2.0], [0.5, 0.0]], x_ticks=" \n", y_ticks="pq")


PICTURES = [wave, bars, table]


@pytest.mark.slow
@pytest.mark.parametrize("make", PICTURES)
def test_picture_is_an_image_on_white_with_its_text_as_alternative(make):
    data, metadata = make()._repr_png_()
    image = imread(io.BytesIO(data))
    edge = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    assert (edge == 1).all(), "the edge is not opaque white: a dark theme would show through"
    assert (image[..., :3] < 0.5).any(), "nothing is drawn"
    size = {"width": 700, "height": image.shape[0] // 2}
    assert image.shape[1] == 1400 and metadata == {"alt": repr(make()), "needs_background": "light"} | size


def test_line_picture_text_tells_of_changes_between_its_five_places():
    """A curve, and the same curve with a bump between two of the places."""
    curve = np.exp(-X)
    bumped = curve + 0.1 * (np.abs(X - 3.75) < 0.5)
    for log_y, mean in [(False, "; mean "), (True, "; geometric mean ")]:
        texts = [repr(line_picture("t", "x", "y", {"line": (X, y)}, log_y=log_y)) for y in (curve, bumped)]
        assert mean in texts[0]
        assert [text.split(mean)[0] for text in texts] == [texts[0].split(mean)[0]] * 2
        assert texts[0] != texts[1]
    cancelling = line_picture("t", "x", "y", {"line": np.r_[0.1, 0.2, 0.3, -0.3, -0.2, -0.1, 1e-17]})
    assert repr(cancelling).endswith("; mean 0"), "rounding noise, which differs between processors"


def test_line_picture_draws_its_lines_and_levels_and_names_them_at_their_ends():
    picture = wave()
    (axes,) = picture.figure.axes
    assert [line.get_label() for line in axes.lines] == ["sine", "short", "top"]
    np.testing.assert_array_equal(axes.lines[0].get_xydata(), np.column_stack([X, np.sin(X)]))
    np.testing.assert_array_equal(axes.lines[1].get_xydata(), [[0, 1], [1, 2]])
    assert axes.get_legend() is None
    right, ends = axes.bbox.x1, {line.get_label(): line.get_xydata()[-1] for line in axes.lines}
    for text in axes.texts:
        box, (x, y) = text.get_window_extent(), axes.transData.transform(ends[text.get_text()])
        x = right if text.get_text() == "top" else x
        assert 0 < box.x0 - x < 20 and box.y0 < y < box.y1, "the end of a line is beside its name"
        assert text.get_color() == color({"sine": "first", "short": "second", "top": "quiet"}[text.get_text()])
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("time", "height")
    assert picture.figure.texts[0].get_text() == "Waves"


def test_names_of_lines_that_end_close_together_move_apart():
    """They keep their order, and a thin line leads to each that moved."""
    lines = {f"line {k}": [3.0 * k, 1 + 0.01 * k] for k in (2, 0, 1)}
    picture = line_picture("Close", "x", "y", lines, marks={"a level with a long name": 1.015})
    (axes,) = picture.figure.axes
    boxes = {text.get_text().replace("\n", " "): text.get_window_extent() for text in axes.texts}
    order = ["line 0", "line 1", "a level with a long name", "line 2"]
    assert sorted(boxes, key=lambda name: boxes[name].y0) == order
    assert all(boxes[low].y1 < boxes[high].y0 + 2 for low, high in pairwise(order))
    leaders = [line for line in axes.lines if line.get_label() == "_leader"]
    assert len(leaders) >= 2 and all(line.get_linewidth() < 1 for line in leaders)


def test_a_name_beside_an_early_end_hides_no_line():
    x = np.arange(101.0)
    lines = {"early": (x[:31], x[:31]), "passes": (x, np.abs(x - 30) * 0.5 + 28), "low": (x, 0 * x)}
    picture = line_picture("Early", "x", "y", lines)
    (axes,) = picture.figure.axes
    box = next(text.get_window_extent() for text in axes.texts if text.get_text() == "early")
    for line in axes.lines[1:3]:
        points = axes.transData.transform(
            np.column_stack([np.interp(np.linspace(0, 100, 4001), x, y) for y in line.get_xydata().T])
        )
        assert not any(box.contains(*point) for point in points)


def test_kinds_heavy_lines_places_and_errors():
    lines = {"table": [3.0, 2.0], "network": [4.0, 1.0]}
    more = {"kinds": {"network": "state"}, "heavy": "network", "places": {"table": (0.25, 3.0)}}
    picture = line_picture("One wins", "x", "y", lines, errors={"network": [0.5, 0.25]}, **more)
    axes, text = picture.figure.axes[0], repr(picture)
    drawn = {line.get_label(): line for line in axes.lines}
    assert drawn["network"].get_color() == color("state") and drawn["table"].get_color() == color("first")
    assert drawn["network"].get_linewidth() > 1.5 * drawn["table"].get_linewidth()
    box = next(text.get_window_extent() for text in axes.texts if text.get_text() == "table")
    start = axes.transData.inverted().transform((box.x0, (box.y0 + box.y1) / 2))
    np.testing.assert_allclose(start, (0.25, 3.0), atol=0.05)
    assert not [line for line in axes.lines if line.get_label() == "_leader"], "it is near its line"
    wide = line_picture("Under", "x", "y", lines, under=["table"]).figure.axes[0].lines[0]
    assert wide.get_linewidth() > 5 and wide.get_color() == color("first", "bar"), "it looks out from under the other"
    far = line_picture("Far", "x", "y", lines, places={"table": (0.1, 1.2)}).figure.axes[0]
    (leader,) = [line for line in far.lines if line.get_label() == "_leader"]
    ends = far.transData.transform((1, 2.0)) / far.figure.dpi
    np.testing.assert_allclose(leader.get_xydata()[1], ends, atol=0.01)
    assert "line 'network', 2 points: 4 ± 0.5 at 0, 1 ± 0.25 at 1" in text and "line 'table', 2 points: 3 at 0" in text
    (bars,) = [piece for piece in axes.collections if isinstance(piece, LineCollection)]
    assert [list(segment[:, 1]) for segment in bars.get_segments()] == [[3.5, 4.5], [0.75, 1.25]]
    band = line_picture("Band", "x", "y", {"sine": (X, np.sin(X))}, errors={"sine": 0 * X + 0.5})
    heights = band.figure.axes[0].collections[0].get_paths()[0].vertices[:, 1]
    assert heights.min() < -1.49 and heights.max() > 1.49


def test_every_line_can_be_seen_and_more_than_five_have_a_legend():
    """Contrast by the formula of WCAG 2.1, here of writing, 4.5 to 1, against the white background."""

    def light(color):
        parts = [int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return np.dot([0.2126, 0.7152, 0.0722], linear)

    axes = line_picture("Many", "x", "y", {str(k): [k, k + 1] for k in range(7)}).figure.axes[0]
    colors = [line.get_color() for line in axes.lines]
    assert len(set(colors)) == 7 and [color for color in colors if 1.05 / (light(color) + 0.05) < 4.5] == []
    assert [text.get_text() for text in axes.get_legend().get_texts()] == list("0123456") and not axes.texts


@pytest.mark.slow
def test_bar_picture_text_and_bars():
    picture = bar_picture("Guesses", "bits", {"one": 4.3, "two": 0.25}, digits=".3f")
    assert repr(picture).splitlines() == ["Picture: Guesses", "bars: bits", "'one': 4.300", "'two': 0.250"]
    axes = picture.figure.axes[0]
    assert [bar.get_width() for bar in axes.patches] == [4.3, 0.25]
    assert [bar.get_y() for bar in axes.patches] == sorted(bar.get_y() for bar in axes.patches)
    assert axes.get_ylim()[0] > axes.get_ylim()[1], "the first is on top"
    assert [label.get_text() for label in axes.get_yticklabels()] == ["one", "two"]
    assert [(text.get_text(), text.xy) for text in axes.texts] == [("4.300", (4.3, 0)), ("0.250", (0.25, 1))]


def test_bars_with_errors_and_kinds():
    bars, kinds = {"table\n(best)": 2.0, "network": -1.0}, {"table\n(best)": "second"}
    picture = bar_picture("Bars", "bits", bars, digits=".2f", errors={"network": 0.25}, kinds=kinds)
    assert repr(picture).splitlines()[2:] == ["'table (best)': 2.00", "'network': -1.00 ± 0.25"]
    axes = picture.figure.axes[0]
    table, network = axes.patches
    assert [to_hex(bar.get_facecolor()) for bar in (table, network)] == [
        color("second", "bar").lower(),
        color("state", "bar").lower(),
    ]
    assert [list(segment[:, 0]) for segment in axes.collections[0].get_segments()] == [[-1.25, -0.75]]
    low, high = axes.get_xlim()
    assert low < -1.25 and high > 2.0


def test_dots_with_errors_their_mean_and_a_mark():
    rows = {"plain": [(2.5, 0.25), (3.0, 0.5)], "gated": [(1.0, 0)]}
    picture = dot_picture("Dots", "bits", rows, digits=".2f", kinds={"gated": "first"}, marks={"table": 2.0})
    assert picture.text.split("\n")[2:] == [
        "'plain': 2.50 ± 0.25, 3.00 ± 0.50; mean 2.75",
        "'gated': 1.00; mean 1.00",
        "line 'table': 2.00",
    ]
    axes = picture.figure.axes[0]
    dots = [(*line.get_xdata(), line.get_color()) for line in axes.lines if line.get_marker() == "o"]
    assert dots == [(2.5, color("state")), (3.0, color("state")), (1.0, color("first"))]
    bars = [tuple(bar.get_paths()[0].vertices[:, 0]) for bar in axes.collections]
    assert bars == [(2.25, 2.75), (2.5, 3.5)]  # a dot without an error has no bar


def test_heat_map_text_and_ticks():
    picture = table()
    assert repr(picture).splitlines() == [
        "Picture: Table",
        "across: column, 2 columns; down: row, 2 rows",
        "from -2 to 1, mean -0.125",
        "row p: mean -0.5, spread 1.5",
        "row q: mean 0.25, spread 0.25",
    ]
    axes = picture.figure.axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["␣", "↵"]
    assert axes.images[0].get_clim() == (-2, 2)


@pytest.mark.slow
def test_heat_map_of_many_rows_tells_six_of_them():
    picture = heat_map("Rows", "c", "r", np.arange(40.0).reshape(20, 2), limit=50, diverging=False)
    rows = [line for line in repr(picture).splitlines() if line.startswith("row ")]
    assert [row.split(":")[0] for row in rows] == ["row 0", "row 4", "row 8", "row 11", "row 15", "row 19"]
    assert picture.figure.axes[0].images[0].get_clim() == (0, 50)


@pytest.mark.slow
@pytest.mark.parametrize("height", [2.01, 2.4375, 3.333])
def test_a_figure_may_have_any_height(height):
    assert imread(io.BytesIO(Picture(Figure(figsize=(7, height)), "Picture: one").png())).shape[:2] == (
        int(200 * height + 1e-6),
        1400,
    )


@pytest.mark.slow
def test_pictures_leave_pyplot_alone():
    """pyplot would show every figure twice, and needs a backend."""
    code = "import sys; from course.show.pictures import bar_picture; "
    code += "bar_picture('', '', {'a': 1})._repr_png_(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=1200)
    assert "matplotlib.figure" in done.stdout.split(), done.stderr
    assert "matplotlib.pyplot" not in done.stdout.split()


def test_what_is_drawn_is_what_the_text_tells():
    """Rows in order, blue below zero, levels at their height."""
    values = np.array([[1.0, -2.0, 0.5], [0.25, 0.0, -0.75]])
    axes = heat_map("Table", "column", "row", values).figure.axes[0]
    (image,) = axes.images
    np.testing.assert_array_equal(image.get_array(), values)
    assert image.origin == "upper"
    red, _, blue, _ = image.to_rgba(-2.0, norm=True)
    assert blue > red, "blue is negative"
    level = wave().figure.axes[0].lines[-1]
    assert list(level.get_ydata()) == [1, 1]
