"""The charts on the pages: lines, bars, dots, heat maps. Each has a text with its key numbers, which nbval checks.

nbval does not compare the pixels of a picture, so it would miss a wrong curve. A Picture therefore shows itself twice:
as an image, and as a text (title, axes, numbers of each line) that nbval compares and that screen readers get as the
alternative text of the image.
"""

import textwrap
from functools import partial

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.ticker import MaxNLocator

from course.show.colored import visible as _visible
from course.show.drawing import SIZES, WIDTH, Figure, Picture, color, dress, room_for_runs, write_runs

ORDER = ("first", "second", "chance", "weight", "slope", "state", "letter")  # meanings of lines, where none is told
LEFT, BOTTOM, TOP = 0.75, 0.58, 0.8  # inches between the edge of a picture and its axes
GAP = 0.18  # inches between the names of two lines
DIVERGING = LinearSegmentedColormap.from_list("diverging", [color("state"), "#FFFFFF", color("slope")])
RISING = LinearSegmentedColormap.from_list("rising", ["#FFFFFF", color("state", "bar"), "#00395C"])


def number(value):
    """Return a number as text with four digits, as every picture text has it."""
    return f"{value:.4g}"


def _mean(values, largest=None):
    """Return the mean, or 0 if it is only rounding noise beside the largest value, which differs between processors."""
    largest = np.abs(values).max() if largest is None else largest
    return values.mean() if abs(values.mean()) > 1e-12 * largest else 0.0


# ---------------------------------------------------------------- lines
def line_picture(
    title,
    x_label,
    y_label,
    lines,
    *,
    log_x=False,
    log_y=False,
    marks=None,
    kinds=None,
    heavy=(),
    under=(),
    errors=None,
    places=None,
    below="",
    height=3.6,
    runs="",
):
    """Draw lines in one set of axes, each with its name at its end. More than five lines have a legend.

    lines   dict: label -> (x, y), or y alone (then x counts from 0)
    marks   dict: label -> height of a thin horizontal line, for comparison
    kinds   dict: label -> its meaning, a key of drawing.KINDS. One line alone is the network's if nothing is told
    heavy   the label of the line that matters most, or a tuple of labels: the other lines become thin. A line lies over
            those before it
    under   labels of lines that others may cover: they become wide and pale, and look out on both sides
    errors  dict: label -> what each of its heights may be wrong by, up and down
    places  dict: label -> (x, y), where its name begins, for a name that would hide something. With more than five
            lines, only these have names. A thin line leads to the end of a line that is not near
    below   a line of text to write under the axes
    height  of the picture, in inches, for lines that lie close together
    runs    how often something was trained, in one line under the picture: see drawing.write_runs
    The text gives the number of points of each line, its height at five places from start to end and, if that leaves
    out points, the mean of all heights (on a log scale the geometric mean), which shows changes in between.
    """
    marks, errors, places = marks or {}, errors or {}, places or {}
    kinds, heavy = _kinds(lines, kinds or {}), (heavy,) if isinstance(heavy, str) else heavy
    legend = len(lines) > 5 and not places
    named = [
        label for label in [*lines, *marks] if label not in places and (legend or len(lines) <= 5 or label in marks)
    ]
    low = room_for_runs(runs)
    figure = Figure(figsize=(WIDTH, height + 0.35 * bool(below) + low), facecolor="white")
    right = 0.2 + 0.7 * legend + _widest(figure, map(_wrapped, named))
    axes = _axes(figure, title, x_label, y_label, right=right, bottom=BOTTOM + 0.35 * bool(below) + low)
    text = [f"Picture: {title}", f"across: {x_label}{', log scale' * log_x}; up: {y_label}{', log scale' * log_y}"]
    ends = {}
    for label, values in lines.items():
        x, y = values if isinstance(values, tuple) else (np.arange(len(values)), values)
        x, y, error = np.asarray(x, float), np.asarray(y, float), errors.get(label)
        line, few = color(kinds[label], "bar" if label in under else "line"), len(x) <= 25
        width, dot = 7 if label in under else 1.2 if heavy and label not in heavy else 2.2, "o" if few else None
        axes.plot(x, y, label=label, color=line, lw=width, marker=dot, markersize=3.5, zorder=3 - (label in under))
        if error is not None and few:
            axes.errorbar(x, y, error, fmt="none", ecolor=line, elinewidth=1, capsize=3, zorder=3)
        elif error is not None:
            axes.fill_between(x, y - error, y + error, color=color(kinds[label], "ground"), lw=0)
        ends[label] = x, y
        text.append(f"line {label!r}, {len(x)} points: {_heights(x, y, log_y, error)}")
    for label, level in marks.items():
        axes.axhline(level, color=color("quiet"), lw=1, ls=(0, (2, 2)), label=label, zorder=2)
        text.append(f"level {label!r}: {number(level)}")
    if log_x:
        axes.set_xscale("log")
    elif all((x == x.round()).all() for x, _ in ends.values()):
        axes.xaxis.set_major_locator(MaxNLocator("auto", steps=[1, 2, 2.5, 5, 10], integer=True))
    if log_y:
        axes.set_yscale("log")
    axes.margins(x=0.015)
    if legend:
        handles, labels = axes.get_legend_handles_labels()
        beside = {"loc": "upper left", "bbox_to_anchor": (1.01, 1), "fontsize": SIZES["text"]}
        axes.legend(handles, map(_wrapped, labels), frameon=False, **beside)
    else:
        ends |= {label: (axes.get_xlim(), (level, level)) for label, level in marks.items()}
        _name_lines(axes, {label: ends[label] for label in [*named, *places]}, kinds, places)
    if below:
        style = {"family": "DejaVu Sans Mono", "fontsize": SIZES["small"], "parse_math": False}
        figure.text(LEFT / WIDTH, (0.12 + low) / figure.get_figheight(), below, **style)
        text.append(below)
    text += [write_runs(figure, runs)] * bool(runs)
    return Picture(figure, "\n".join(text))


def _kinds(labels, told):
    """Return the kind of each label: what is told, or else one that no other has."""
    free = [kind for kind in ORDER if kind not in told.values()] if len(labels) > 1 else ["state"]
    others = [label for label in labels if label not in told]
    return {label: (free or ORDER)[k % len(free or ORDER)] for k, label in enumerate(others)} | told


def _heights(x, y, log_y, error):
    """Return the heights of a line at five places, and the mean of all, as text."""
    places = np.unique(np.linspace(0, len(x) - 1, 5).round().astype(int))
    give = [""] * len(x) if error is None else [f" ± {size:.2g}" for size in np.broadcast_to(error, x.shape)]
    heights = ", ".join(f"{number(y[i])}{give[i]} at {number(x[i])}" for i in places)
    if len(x) > len(places) and log_y:
        heights += f"; geometric mean {number(np.exp(np.log(y[y > 0]).mean()))}"
    elif len(x) > len(places):
        heights += f"; mean {number(_mean(y))}"
    return heights


def _name_lines(axes, ends, kinds, places):
    """Write the name of each line: at its given place; beside its end, if it ends early and there is room; or to the
    right of the axes. There, names move up or down so that none lies on another, and thin lines lead to them.

    ends  dict: label -> (x, y), the line
    """
    axes.set(xlim=axes.get_xlim(), ylim=axes.get_ylim())  # what is written does not change the limits
    figure, inches = axes.figure, axes.figure.dpi_scale_trans
    (left, bottom), (right, top) = inches.inverted().transform(axes.bbox.get_points())
    lines = {}  # label -> points along it, in inches
    for label, (x, y) in ends.items():
        seen = np.isfinite(np.asarray(y, float))
        points = np.column_stack([np.asarray(x, float)[seen], np.asarray(y, float)[seen]])
        lines[label] = _along(inches.inverted().transform(axes.transData.transform(points)))

    def leader(start, end, color):
        axes.plot(*zip(start, end), color=color, lw=0.6, transform=inches, clip_on=False, zorder=2, label="_leader")

    rooms, beside = [], []
    for label, points in lines.items():
        style = {"color": color(kinds.get(label, "quiet")), "fontsize": SIZES["text"], "zorder": 6, "va": "center"}
        (x, y), room = points[-1], (_widest(figure, [_wrapped(label)]), GAP * (1 + _wrapped(label).count("\n")))
        near = [(x + 0.1, y), (x + 0.05, y + 0.2), (x + 0.05, y - 0.2), (x - room[0] - 0.1, y)]
        near = [(*place, *room) for place in near if x < right - 0.2 * (right - left) and bottom < place[1] < top]
        near = [place for place in near if not any(map(partial(_touches, place), rooms))]
        free = [place for place in near if not any(map(partial(_hits, place), lines.values()))]
        if label in places:
            start = inches.inverted().transform(axes.transData.transform(places[label]))
            axes.text(*start, label, transform=inches, **style)
            sides = [np.add(start, (shift, 0)) for shift in (-0.04, room[0] + 0.04)]
            if min(np.linalg.norm(points - side, axis=1).min() for side in sides) > 0.35:
                leader(min(sides, key=lambda side: np.linalg.norm(side - (x, y))), (x, y), style["color"])
        elif free:
            rooms.append(free[0])
            axes.text(*free[0][:2], _wrapped(label), transform=inches, **style)
        else:
            beside.append((y, x, room[1], label, style))
    beside.sort(key=lambda name: name[0])
    heights = _spread(np.array([name[0] for name in beside]), np.array([name[2] for name in beside]), bottom, top + 0.1)
    for (y, x, _, label, style), height in zip(beside, heights):
        axes.text(right + 0.1, height, _wrapped(label), transform=inches, **style)
        if right - x > 0.2 or abs(height - y) > 0.06:
            leader((x + 0.04, y), (right + 0.07, height), style["color"])


def _along(points):
    """Return some 1000 points, evenly spaced along a line through the given ones, which begin and end it."""
    way = np.append(0, np.linalg.norm(np.diff(points, axis=0), axis=1).cumsum())
    places = np.linspace(0, way[-1], 1000)
    return np.column_stack([np.interp(places, way, part) for part in points.T])


def _touches(room, other):
    """Do two rooms (left, middle, width, height) have a part in common?"""
    return -other[2] < other[0] - room[0] < room[2] and abs(other[1] - room[1]) < (other[3] + room[3]) / 2


def _hits(room, points):
    """Does the line through the points go through a room (left, middle, width, height)? All in inches."""
    left, middle, width, height = room
    inside = (points > (left - 0.03, middle - height / 2)) & (points < (left + width, middle + height / 2))
    return inside.all(axis=1).any()


def _spread(wanted, tall, low, high):
    """Return places for names, in order, as near as possible to those wanted: none lies on another or leaves.

    wanted, tall  (n,): where the middle of each name should be, and the room that it takes
    """
    if not len(wanted):
        return wanted
    offset = np.cumsum(tall) - tall / 2  # of the middles if all names stood on each other
    groups = []  # of names that touch: the sum of their wanted starts, and how many they are
    for start in wanted - offset:
        groups.append([start, 1])
        while len(groups) > 1 and groups[-2][0] / groups[-2][1] > groups[-1][0] / groups[-1][1]:
            total, count = groups.pop()
            groups[-1][0] += total
            groups[-1][1] += count
    starts = np.concatenate([np.full(count, total / count) for total, count in groups])
    return np.clip(starts, low, max(low, high - tall.sum())) + offset


def _wrapped(label):
    return textwrap.fill(str(label), 21)


# ---------------------------------------------------------------- bars
def bar_picture(title, unit, bars, *, digits=".4g", errors=None, kinds=None, runs=""):
    """Draw one bar for each label -> length of the dict `bars`, with its name before it and its number at its end.

    unit    what the numbers are
    errors  dict: label -> what the number may be wrong by, up and down
    kinds   dict: label -> its meaning, a key of drawing.KINDS. Otherwise the bars are the network's
    runs    how often something was trained, in one line under the picture: see drawing.write_runs
    """
    names, errors, kinds = [str(label).replace("\n", " ") for label in bars], errors or {}, kinds or {}
    lengths = np.array([float(length) for length in bars.values()])
    sizes = np.array([float(errors.get(label, 0)) for label in bars])
    numbers = [format(length, digits) for length in lengths]
    numbers = [
        one + (f" ± {format(errors[label], digits)}" if label in errors else "") for label, one in zip(bars, numbers)
    ]
    row, low = 0.34 if len(bars) < 10 else 0.25, room_for_runs(runs)  # inches
    figure = Figure(figsize=(WIDTH, round(TOP + 0.2 + row * len(bars), 2) + low), facecolor="white")
    left, room = 0.3 + _widest(figure, names), 0.15 + _widest(figure, numbers)
    axes = _axes(figure, title, "", unit, left=left, right=0.15, bottom=0.15 + low)
    axes.barh(range(len(bars)), lengths, 0.62, color=[color(kinds.get(label, "state"), "bar") for label in bars])
    ink = color("ink")
    for k, (label, length, size, one) in enumerate(zip(bars, lengths, sizes, numbers)):
        if label in errors:
            axes.errorbar(length, k, xerr=size, ecolor=ink, elinewidth=1, capsize=3)
        side = -1 if length < 0 else 1
        style = {"ha": "right" if length < 0 else "left", "va": "center", "fontsize": SIZES["text"], "color": ink}
        axes.annotate(one, (length + side * size, k), (5 * side, 0), textcoords="offset points", **style)
    axes.set_yticks(range(len(bars)), names, fontsize=SIZES["text"], color=ink)
    axes.set_ylim(len(bars) - 0.5, -0.5)
    share = 1 - room / (WIDTH - left - 0.15)  # of the width is for bars, the rest for the numbers at their ends
    low, high = min(0, (lengths - sizes).min()), max(0, (lengths + sizes).max())
    room = ((high - low) or 1) * (1 - share) / (share - (1 - share) * (low < 0))
    axes.set_xlim(low - room * (low < 0), high + room * (high >= 0))
    axes.axvline(0, color=color("rule"), lw=1)
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.xaxis.set_visible(False)
    axes.tick_params(left=False)
    text = [f"Picture: {title}", f"bars: {unit}"]
    text += [f"{label!r}: {one}" for label, one in zip(bars, numbers)]
    text += [write_runs(figure, runs)] * bool(runs)
    return Picture(figure, "\n".join(text).replace("\\n", " "))


def dot_picture(title, unit, rows, *, digits=".3f", kinds=None, marks=None, runs=""):
    """Draw dots with error bars: a row for each label of the dict `rows`, with its mean at the end.

    rows   dict: label -> list of (value, standard error), or of numbers alone, one for each start
    kinds  dict: label -> its meaning, a key of drawing.KINDS. Otherwise the dots are the network's
    marks  dict: label -> value, upright lines across all rows, such as a score to compare with
    runs   how often something was trained, in one line under the picture: see drawing.write_runs
    """
    names, kinds, marks = [str(label) for label in rows], kinds or {}, marks or {}
    rows = {label: [dot if isinstance(dot, tuple) else (dot, 0) for dot in dots] for label, dots in rows.items()}
    means = [format(np.mean([value for value, _ in dots]), digits) for dots in rows.values()]
    low = room_for_runs(runs)
    figure = Figure(figsize=(WIDTH, round(TOP + BOTTOM + 0.32 * len(rows), 2) + low), facecolor="white")
    left, right = 0.3 + _widest(figure, names), 0.25 + _widest(figure, means)
    axes = _axes(figure, title, unit, "", left=left, right=right, bottom=BOTTOM + low)
    drawn = ", with one standard error to both sides" if any(size for dots in rows.values() for _, size in dots) else ""
    text = [f"Picture: {title}", f"across: {unit}; a dot for each start{drawn}"]
    ink = color("ink")
    for k, (label, dots) in enumerate(rows.items()):
        look = {"color": color(kinds.get(label, "state")), "marker": "o", "ms": 4.5, "elinewidth": 1.2}
        for start, (value, error) in enumerate(dots):
            y = k + 0.16 * (start - (len(dots) - 1) / 2) * min(1, 3 / len(dots)) * any(size for _, size in dots)
            axes.errorbar(value, y, xerr=error or None, **look)
        place = {"xycoords": ("axes fraction", "data"), "va": "center", "fontsize": SIZES["text"], "color": ink}
        axes.annotate(means[k], (1, k), (6, 0), textcoords="offset points", **place)
        given = [format(value, digits) + (f" ± {format(error, digits)}" if error else "") for value, error in dots]
        text.append(f"{label!r}: {', '.join(given)}; mean {means[k]}")
    axes.set_yticks(range(len(rows)), names, fontsize=SIZES["text"], color=ink)
    axes.set_ylim(len(rows) - 0.4, -0.6)
    axes.tick_params(axis="y", left=False, labelsize=SIZES["text"], labelcolor=ink)
    axes.spines["left"].set_visible(False)
    for label, value in marks.items():
        axes.axvline(value, color=color("quiet"), lw=0.9, zorder=1)
        above = {"ha": "center", "fontsize": SIZES["small"], "color": color("quiet"), "textcoords": "offset points"}
        axes.annotate(label, (value, 1), (0, 4), xycoords=("data", "axes fraction"), **above)
        text.append(f"line {label!r}: {format(value, digits)}")
    text += [write_runs(figure, runs)] * bool(runs)
    return Picture(figure, "\n".join(text))


# ---------------------------------------------------------------- tables of numbers
def heat_map(title, x_label, y_label, values, *, x_ticks=None, y_ticks=None, limit=None, diverging=True, runs=""):
    """Draw a table of numbers as colors: one cell for each entry of `values` (rows, columns).

    x_ticks, y_ticks  labels of the columns and rows
    limit             the color scale ends here (default: the largest size)
    diverging         blue below zero, red above; otherwise from light (0) to dark
    runs              how often something was trained, in one line under the picture: see drawing.write_runs
    """
    values = np.asarray(values, float)
    rows, columns = values.shape
    limit = limit or np.abs(values).max() or 1.0
    tall = float(np.clip(max(5.5 * rows / columns, 0.28 * rows), 0.8, min(4.6, 0.5 + 0.4 * rows)))
    low = room_for_runs(runs)
    figure = Figure(figsize=(WIDTH, round(TOP + BOTTOM + tall, 2) + low), facecolor="white")
    names = [_visible(tick) for tick in (range(rows) if y_ticks is None else y_ticks)]
    left = 0.3 + _widest(figure, names, "small")
    axes = _axes(figure, title, x_label, y_label, left=left, right=0.95, bottom=BOTTOM + low)
    scale = {"cmap": DIVERGING, "vmin": -limit} if diverging else {"cmap": RISING, "vmin": 0}
    image = axes.imshow(values, aspect="auto", vmax=limit, interpolation="nearest", **scale)
    axes.spines[:].set(visible=True, color=color("rule"))
    for ticks, axis in ((x_ticks, axes.xaxis), (y_ticks, axes.yaxis)):
        axis.set_major_locator(MaxNLocator(integer=True))
        axis.set_tick_params(length=0)
        if ticks is not None:
            axis.set_ticks(range(len(ticks)), [_visible(tick) for tick in ticks])
    beside = figure.add_axes(((WIDTH - 0.8) / WIDTH, axes.get_position().y0, 0.14 / WIDTH, axes.get_position().height))
    bar = figure.colorbar(image, cax=beside, ticks=[-limit, 0, limit] if diverging else [0, limit], format="%.3g")
    bar.outline.set_visible(False)
    beside.tick_params(colors=color("quiet"), labelsize=SIZES["small"], length=0)
    text = [f"Picture: {title}", f"across: {x_label}, {columns} columns; down: {y_label}, {rows} rows"]
    text.append(f"from {number(values.min())} to {number(values.max())}, mean {number(_mean(values))}")
    shown = values if rows <= 12 else values[np.linspace(0, rows - 1, 6).round().astype(int)]
    names = names if rows <= 12 else [names[i] for i in np.linspace(0, rows - 1, 6).round().astype(int)]
    largest = np.abs(values).max()
    for name, row in zip(names, shown):
        text.append(f"row {name}: mean {number(_mean(row, largest))}, spread {number(row.std())}")
    text += [write_runs(figure, runs)] * bool(runs)
    return Picture(figure, "\n".join(text))


# ---------------------------------------------------------------- what charts have in common
def _axes(figure, title, x_label, y_label, left=LEFT, right=0.3, bottom=BOTTOM):
    """Return axes in the look of the course, with a title; lengths are the inches between them and the edges."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes(
        (left / width, bottom / height, (width - left - right) / width, (height - bottom - TOP) / height)
    )
    bold = {"fontsize": SIZES["title"], "weight": "bold", "color": color("ink")}
    figure.text(0.15 / width, 1 - 0.22 / height, title, va="center", **bold)
    axes.set(xlabel=x_label, ylabel=y_label)
    dress(axes)
    axes.tick_params(which="both", colors=color("quiet"), labelsize=SIZES["small"])
    axes.yaxis.label.set(rotation=0, ha="left", va="center")  # it stands above the axis, so nobody turns the head
    axes.yaxis.set_label_coords(0.15 / width, 1 - 0.55 / height, transform=figure.transFigure)
    return axes


def _widest(figure, writings, size="text"):
    """Return the width of the widest writing, in inches."""
    FigureCanvasAgg(figure)
    texts = [figure.text(0, 0, writing, fontsize=SIZES[size]) for writing in writings]
    widths = [text.get_window_extent().width / figure.dpi for text in texts]
    for text in texts:
        text.remove()
    return max(widths, default=0.0)
