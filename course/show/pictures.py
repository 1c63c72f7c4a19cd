"""The pictures on the pages. Each has a text with its key numbers, which nbval checks.

nbval does not compare the pixels of a picture, so it would miss a wrong curve. A Picture therefore shows itself twice:
as an image, and as a text (title, axes, numbers of each line) that nbval compares and that screen readers get as the
alternative text of the image.
"""

import numpy as np
from matplotlib.ticker import MaxNLocator

from course.show.colored import ColoredText  # noqa: F401  pages take it from here, too
from course.show.colored import visible as _visible
from course.show.drawing import Figure, Picture

# Colors of Okabe and Ito (2008), distinct for people with any kind of color vision, except two that are too faint on
# white and were replaced. Each line also has its own style, so nothing depends on color alone.
COLORS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#882255", "#5B4FA2", "#000000"]
STYLES = ["-", "--", "-.", ":", (0, (9, 2)), (0, (5, 1, 1, 1, 1, 1)), (0, (1, 4))]


def number(value):
    """Write a number with four digits, the way every picture text does."""
    return f"{value:.4g}"


def _mean(values, largest=None):
    """Return the mean, or 0 if it is only rounding noise beside the largest value, which differs between processors."""
    largest = np.abs(values).max() if largest is None else largest
    return values.mean() if abs(values.mean()) > 1e-12 * largest else 0.0


def line_picture(title, x_label, y_label, lines, *, log_x=False, log_y=False, marks=None):
    """Draw lines in one set of axes.

    lines  dict: label -> (x, y), or y alone (then x counts from 0)
    marks  dict: label -> height of a thin horizontal line, for comparison
    The text gives the number of points of each line, its height at five places from start to end and, if that leaves
    out points, the mean of all heights (on a log scale the geometric mean), which shows changes in between.
    """
    figure = Figure(figsize=(7.5, 3.8))
    axes = figure.subplots()
    text = [f"Picture: {title}", f"across: {x_label}{', log scale' * log_x}; up: {y_label}{', log scale' * log_y}"]
    for k, (label, values) in enumerate(lines.items()):
        x, y = values if isinstance(values, tuple) else (np.arange(len(values)), values)
        x, y = np.asarray(x, float), np.asarray(y, float)
        marker = "o" if len(x) <= 45 else None
        style = {"linestyle": STYLES[k % 7], "color": COLORS[k % 7], "marker": marker, "markersize": 3.5}
        axes.plot(x, y, label=label, **style)
        places = np.unique(np.linspace(0, len(x) - 1, 5).round().astype(int))
        heights = ", ".join(f"{number(y[i])} at {number(x[i])}" for i in places)
        if len(x) > len(places) and log_y:
            heights += f"; geometric mean {number(np.exp(np.log(y[y > 0]).mean()))}"
        elif len(x) > len(places):
            heights += f"; mean {number(_mean(y))}"
        text.append(f"line {label!r}, {len(x)} points: {heights}")
    for k, (label, height) in enumerate((marks or {}).items()):
        axes.axhline(height, color="#555555", linewidth=1, linestyle=(0, (1 + 3 * k, 2)), label=label)
        text.append(f"level {label!r}: {number(height)}")
    if log_x:
        axes.set_xscale("log")
    if log_y:
        axes.set_yscale("log")
    _finish(axes, title, x_label, y_label)
    if len(lines) + len(marks or {}) > 1:
        many = {"loc": "upper left", "bbox_to_anchor": (1.01, 1)}  # beside the axes: inside, it would hide a line
        axes.legend(frameon=False, **(many if len(lines) + len(marks or {}) > 3 else {}))
    axes.grid(alpha=0.25)
    return Picture(figure, "\n".join(text))


def bar_picture(title, y_label, bars, *, log_y=False, digits=".4g"):
    """Draw one bar for each label -> height of the dict `bars`, with the height written on top."""
    figure = Figure(figsize=(7.5, 3.6))
    axes = figure.subplots()
    heights = [float(height) for height in bars.values()]
    drawn = axes.bar(range(len(bars)), heights, color=COLORS[0], width=0.65)
    axes.bar_label(drawn, [format(height, digits) for height in heights], fontsize=9)
    axes.set_xticks(range(len(bars)), list(bars), rotation=0 if len("".join(bars)) < 80 else 25, ha="center")
    if log_y:
        axes.set_yscale("log")
    axes.margins(y=0.12)
    _finish(axes, title, "", y_label)
    text = [f"Picture: {title}", f"bars: {y_label}{', log scale' * log_y}"]
    text += [f"{label!r}: {format(height, digits)}" for label, height in zip(bars, heights)]
    return Picture(figure, "\n".join(text).replace("\\n", " "))


def heat_map(title, x_label, y_label, values, *, x_ticks=None, y_ticks=None, limit=None, diverging=True, write=False):
    """Draw a table of numbers as colors: one cell for each entry of `values` (rows, columns).

    x_ticks, y_ticks  labels of the columns and rows
    limit             the color scale ends here (default: the largest size)
    diverging         blue below zero, red above; otherwise from light (0) to dark
    write             write each number into its cell (for small tables)
    """

    values = np.asarray(values, float)
    rows, columns = values.shape
    limit = limit or np.abs(values).max() or 1.0
    figure = Figure(figsize=(7.5, float(np.clip(max(7.0 * rows / columns, 0.28 * rows), 1.6, 5.5))))
    axes = figure.subplots()
    scale = {"cmap": "RdBu_r", "vmin": -limit} if diverging else {"cmap": "Blues", "vmin": 0}
    image = axes.imshow(values, aspect="auto", vmax=limit, interpolation="nearest", **scale)
    figure.colorbar(image, ax=axes, fraction=0.04, pad=0.02)
    for ticks, axis in ((x_ticks, axes.xaxis), (y_ticks, axes.yaxis)):
        axis.set_major_locator(MaxNLocator(integer=True))
        if ticks is not None:
            axis.set_ticks(range(len(ticks)), [_visible(tick) for tick in ticks], fontsize=9)
    if write:
        for r, c in np.ndindex(rows, columns):
            color = "white" if abs(values[r, c]) > 0.6 * limit else "black"
            axes.text(c, r, f"{values[r, c]:.2f}", ha="center", va="center", color=color, fontsize=9)
    _finish(axes, title, x_label, y_label)
    text = [f"Picture: {title}", f"across: {x_label}, {columns} columns; down: {y_label}, {rows} rows"]
    text.append(f"from {number(values.min())} to {number(values.max())}, mean {number(_mean(values))}")
    shown = values if rows <= 12 else values[np.linspace(0, rows - 1, 6).round().astype(int)]
    names = y_ticks if y_ticks is not None else range(rows)
    names = list(names) if rows <= 12 else [list(names)[i] for i in np.linspace(0, rows - 1, 6).round().astype(int)]
    largest = np.abs(values).max()
    for name, row in zip(names, shown):
        text.append(f"row {_visible(name)}: mean {number(_mean(row, largest))}, spread {number(row.std())}")
    return Picture(figure, "\n".join(text))


def unrolled_graph(characters, *, targets=None, probs=None, backward=False):
    """Draw the network unrolled over time: a column with input, hidden state and output for each character.

    characters  the inputs, one string per time step
    targets     the next characters, written above the outputs
    probs       the probability of each target
    backward    draw the path of the gradients, from right to left, in a second color
    """
    T = len(characters)
    figure = Figure(figsize=(1.6 + 1.6 * T, 4.2))
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_xlim(-1.15, T - 0.4)
    axes.set_ylim(-0.65, 3.6)
    nodes = {"h": "#DCE9F5", "x": "#F2F2F2", "p": "#FBE5D6"}

    def node(x, y, label, kind):
        axes.text(
            x, y, label, ha="center", va="center", fontsize=12, bbox={"boxstyle": "round,pad=0.4", "fc": nodes[kind]}
        )

    def arrow(start, end, label="", shift=(0, 0), color="black", style="-"):
        how = {"arrowstyle": "->", "color": color, "lw": 1.4, "linestyle": style, "shrinkA": 17, "shrinkB": 17}
        axes.annotate("", end, start, arrowprops=how)
        middle = ((start[0] + end[0]) / 2 + shift[0], (start[1] + end[1]) / 2 + shift[1])
        axes.text(*middle, label, ha="center", va="center", fontsize=9, color=color)

    node(-0.9, 1.3, "$h$ in", "h")
    for t, character in enumerate(characters):
        node(t, 0, f"{_visible(character)}", "x")
        node(t, 1.3, f"$h_{{{t}}}$", "h")
        node(t, 2.6, f"$p_{{{t}}}$", "p")
        arrow((t, 0), (t, 1.3), "$W_{xh}$", (0.2, 0))
        arrow((t - 1 if t else -0.9, 1.3), (t, 1.3), "$W_{hh}$", (0, 0.16))
        arrow((t, 1.3), (t, 2.6), "$W_{hy}$", (0.2, 0))
        if backward:
            arrow((t - 0.1, 2.6), (t - 0.1, 1.3), color=COLORS[1], style="--")
            if t:
                arrow((t, 1.12), (t - 1, 1.12), color=COLORS[1], style="--")
        if targets is not None:
            chance = "" if probs is None else f"\nchance {probs[t]:.2f}"
            axes.text(t, 3.28, f"target {_visible(targets[t])}{chance}", ha="center", va="center", fontsize=10)
    title = f"The network unrolled over {T} time steps"
    axes.set_title(title, fontsize=12)
    text = [f"Picture: {title}"]
    for t, character in enumerate(characters):
        line = f"step {t}: input {_visible(character)} and state {'in' if t == 0 else f'h{t - 1}'} -> h{t} -> p{t}"
        line += "" if targets is None else f", target {_visible(targets[t])}"
        text.append(line + ("" if probs is None else f", chance {probs[t]:.2f}"))
    if backward:
        text.append("dashed: gradients flow from each p to its h, and from each h to the h before")
    return Picture(figure, "\n".join(text))


def _finish(axes, title, x_label, y_label):
    axes.set_title(title, fontsize=12)
    axes.set_xlabel(x_label)
    axes.set_ylabel(y_label)
    axes.spines[["top", "right"]].set_visible(False)
