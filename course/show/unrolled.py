"""Pictures of the network at work: its cell, and the slopes that flow back through its unrolled graph.

Each one is a Picture: an image with a text of its numbers, which nbval checks (pictures.py says why).
Letters as in rnn_helpers: V characters, H hidden units, T time steps. Steps count from 0: h_k is the state after
character k (row k + 1 of `hidden`), L_t the loss of the prediction that is made from h_t.
"""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle

from course.show.drawing import Picture, color
from course.show.pictures import _visible, number
from rnn_helpers import forward_pass, one_hot, output_probs, rnn_step, tanh_backward

STATE, LETTER, CHANCE = "#DCE9F5", "#F2F2F2", "#FBE5D6"  # the background colors of unrolled_graph
LATER = "#F4F4F4"  # the background where there is nothing, because the state comes after the loss
WRITING = {"ha": "center", "va": "center", "fontsize": 10}
CROSSED = {"color": "#595959", "bbox": {"boxstyle": "round,pad=0.15", "fc": "white", "ec": "none"}}


# ---------------------------------------------------------------- the triangle of slopes
def triangle(parameters, inputs, targets, h_prev):
    """Return d L_t / d h_k of every loss (row t) for every state (column k), (T, T, H).

    Above the diagonal all is 0, because no loss depends on a later state. On the diagonal is what a state gets from its
    own prediction, left of it what comes back through the states in between. A column adds up to d loss / d h_k.
    inputs, targets  (T,) int; h_prev (H,), the state before the first character
    """
    forward = forward_pass(inputs, targets, h_prev, parameters)
    dlogits = forward.probs - one_hot(targets, len(parameters.b_y))  # (T, V)
    T, H = len(inputs), len(parameters.b_h)
    slopes = np.zeros((T, T, H))
    for t in range(T):
        dh = dlogits[t] @ parameters.W_hy  # (H,)
        for k in range(t, -1, -1):
            slopes[t, k] = dh
            dh = tanh_backward(dh, forward.hidden[k + 1]) @ parameters.W_hh  # one step further back
    return slopes


def truncated(slopes, length):
    """Return the slopes that remain if the text is read in pieces of `length` steps: 0 if L_t and h_k are separated.

    slopes  (T, T) or (T, T, H), a triangle
    """
    piece = np.arange(len(slopes)) // length  # the piece that each step is in
    kept = piece[:, None] == piece  # (T, T), True in blocks along the diagonal
    return slopes * kept.reshape(kept.shape + (1,) * (slopes.ndim - 2))


def triangle_picture(title, slopes, *, length=None):
    """Draw a triangle with its numbers: one row for each loss L_t, one column for each state h_k.

    slopes  (T, T), the slopes of one unit, with the sum of each column below; or (T, T, H): then each cell is the
            length of H slopes, and there are no sums (lengths do not add). T at most 10
    length  cut the text into pieces of this many steps: what truncation loses is crossed out and not in the sums
    """
    slopes = np.asarray(slopes, float)
    T, one_unit = len(slopes), slopes.ndim == 2
    digits = 4 if T < 7 else 2  # as on the page, where there is room
    if T > 10:
        raise ValueError(f"The triangle has {T} rows: at most 10 can be read. Use fading_picture for more.")
    whole = slopes if one_unit else np.linalg.norm(slopes, axis=2)
    kept = whole if length is None else truncated(whole, length)
    cut = np.zeros((T, T), bool) if length is None else np.tril(truncated(np.ones((T, T)), length) == 0)
    figure = Figure(figsize=(7.5, 1.3 + 0.42 * (T + one_unit)))
    axes = figure.subplots()
    for t, k in np.ndindex(T, T):
        if k <= t:
            share = whole[t, k] / (np.abs(whole).max() or 1.0)
            _ground(axes, k, t, share if one_unit else -share, cut[t, k])  # lengths in blue, as in fading_picture
            axes.text(k, t, _decimal(whole[t, k], digits), **WRITING, **(CROSSED if cut[t, k] else {}))
    if one_unit:
        for k, total in enumerate(kept.sum(axis=0)):
            axes.text(k, T + 0.1, _decimal(total, digits), fontweight="bold", **WRITING)
    rows = [f"$L_{{{t}}}$" for t in range(T)] + ["sum"] * one_unit
    axes.set_yticks([*range(T), T + 0.1][: len(rows)], rows)
    axes.set_xticks(range(T), [f"$h_{{{k}}}$" for k in range(T)])
    _frame(axes, T, one_unit)
    axes.set_title(title, fontsize=12, pad=8)
    return Picture(figure, _triangle_text(title, whole, kept, cut, length, digits, one_unit))


def _triangle_text(title, whole, kept, cut, length, digits, one_unit):
    T = len(whole)
    what = "slope of L_t for one unit of h_k" if one_unit else "length of the slopes of L_t for all units of h_k"
    text = [f"Picture: {title}", f"across: h_k, {T} columns; down: L_t, {T} rows; numbers: {what}"]
    for t in range(T):
        shown = [f"h{k} {_decimal(whole[t, k], digits)}{' (cut)' if cut[t, k] else ''}" for k in range(t + 1)]
        text.append(f"row L{t}: {', '.join(shown)}")
    if one_unit:
        text.append(f"sum: {', '.join(f'h{k} {_decimal(total, digits)}' for k, total in enumerate(kept.sum(axis=0)))}")
    if length is not None:
        text.append(f"pieces of {length} steps: {cut.sum()} of {T * (T + 1) // 2} numbers are cut")
    return "\n".join(text)


def _ground(axes, x, y, share, cut):
    """Draw the background of a number: blue below zero, red above, by its share of the largest; hatched if cut."""
    strength, far = 0.55 * abs(share) ** 0.7, (0.70, 0.09, 0.17) if share > 0 else (0.13, 0.40, 0.67)
    color = [1 - strength * (1 - part) for part in far]  # light enough for black text
    look = {"fc": "white", "ec": "#999999", "hatch": "///", "lw": 0} if cut else {"fc": color, "ec": "white", "lw": 1.5}
    axes.add_patch(Rectangle((x - 0.5, y - 0.5), 1, 1, **look))


def _frame(axes, T, one_unit):
    axes.set_xlim(-0.5, T - 0.5)
    axes.set_ylim(T - 0.5 + one_unit, -0.5)  # row 0 on top, and room for the sums
    if one_unit:
        axes.axhline(T - 0.44, color="black", lw=1)
    axes.spines[:].set_visible(False)
    axes.set_facecolor(LATER)
    axes.axhspan(T - 0.5, T + 0.5, color="white", zorder=0)
    axes.tick_params(length=0, labelsize=11)
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.set_xlabel("state $h_k$")
    axes.set_ylabel("loss $L_t$")


def _decimal(value, digits):
    """Write a number with this many decimals, and never as -0."""
    return f"{round(float(value), digits) + 0.0:.{digits}f}"


# ---------------------------------------------------------------- fading along the rows
def sizes_of(slopes):
    """Return the sizes of the slopes of a triangle relative to the diagonal of their row, (T, T): 1 on the diagonal.

    slopes  (T, T, H); the length of d L_t / d h_k divided by that of d L_t / d h_t. nan above the diagonal
    """
    sizes = np.linalg.norm(slopes, axis=2)
    sizes = sizes / np.diag(sizes)[:, None]
    sizes[np.triu_indices(len(sizes), 1)] = np.nan
    return sizes


def fading_picture(title, triangles, *, limit=4):
    """Draw triangles side by side as colors: how much of each loss reaches the states before it, on a log scale.

    triangles  dict: label -> slopes (T, T, H). Each row begins with 1 at the diagonal and is read from right to left
    limit      the colors go from 10**-limit (white) to 10**limit (dark)
    """
    figure = Figure(figsize=(7.5, 4.1 if len(triangles) < 3 else 3.2), layout="constrained")
    panels = figure.subplots(1, len(triangles), sharey=True, squeeze=False)[0]
    text = [
        f"Picture: {title}",
        "across: h_k; down: L_t; color: size of the slope beside that at its own state, log scale",
    ]
    for axes, (label, slopes) in zip(panels, triangles.items()):
        with np.errstate(divide="ignore"):  # a slope of 0 is white
            powers = np.log10(sizes_of(slopes))
        axes.set_facecolor(LATER)
        image = axes.imshow(powers, cmap="Blues", vmin=-limit, vmax=limit, interpolation="nearest")
        axes.set_title(label, fontsize=11)
        axes.set_xlabel("state $h_k$")
        T = len(powers)
        back = [np.diag(powers, -d).mean() for d in range(T)]  # (T,), over all rows that reach that far
        places = np.unique(np.linspace(0, T - 1, 5).round().astype(int))
        means = ", ".join(f"{number(10 ** back[d])} at {d}" for d in places)
        text.append(f"panel {label!r}, {T} x {T}: steps back from the loss, geometric mean {means}")
    panels[0].set_ylabel("loss $L_t$")
    bar = figure.colorbar(image, ax=panels, shrink=0.85, ticks=range(-limit, limit + 1, 2))
    bar.ax.set_yticklabels([f"$10^{{{power}}}$" if power else "1" for power in range(-limit, limit + 1, 2)])
    bar.set_label("size, beside that at its own state")
    figure.suptitle(title, fontsize=12)
    return Picture(figure, "\n".join(text))


# ---------------------------------------------------------------- the cell
def cell_picture(chars, char, hidden_size=3, *, parameters=None, h_prev=None):
    """Draw what happens when the network reads a letter: the old state and the letter give the new state and p.

    chars, char         the vocabulary, V letters, and the letter that is read
    parameters, h_prev  if given, the numbers of this step are shown: h_prev (H,) is the state before
    """
    V, H, numbers = len(chars), hidden_size, {}
    if max(V, H) > 6:
        raise ValueError(f"A cell of {V} characters and {H} hidden units has no room: at most 6 of each can be drawn.")
    if parameters is not None:
        h = rnn_step(chars.index(char), h_prev, parameters)
        numbers = {"before": h_prev, "h": h, "p": output_probs(h, parameters)}
    figure = Figure(figsize=(9.4, 4.7))
    axes = figure.subplots()
    axes.set_axis_off()
    axes.set_aspect("equal")
    axes.set_xlim(-0.75, 12.9)
    axes.set_ylim(0, 6.35)
    letters = [_visible(c) for c in chars]
    one = ["1" if c == char else "0" for c in chars]
    _column(axes, 0.6, 4.35, numbers.get("before", [""] * H), STATE, "$h$ before", f"the state: {H} numbers")
    _column(axes, 0.6, 1.4, one, LETTER, "$x$", f"the letter {_visible(char)}, one-hot", letters, -0.56)
    _column(axes, 6.75, 3.3, numbers.get("h", [""] * H), STATE, "$h$", "new state")
    _column(axes, 11.75, 3.3, numbers.get("p", [""] * V), CHANCE, "$p$", "probability to be next", letters, 0.56)
    _weights(axes, 2.75, 4.35, H, H, "$W_{hh}$")
    _weights(axes, 2.75, 1.4, H, V, "$W_{xh}$")
    _weights(axes, 8.35, 3.3, V, H, "$W_{hy}$")
    _operation(axes, 4.2, 3.3, "+", "$b_h$")
    _operation(axes, 5.4, 3.3, "tanh")
    _operation(axes, 9.55, 3.3, "+", "$b_y$")
    _operation(axes, 10.55, 3.3, "soft-\nmax")
    _arrow(axes, (1.02, 4.35), (2.22, 4.35))
    _arrow(axes, (1.02, 1.4), (2.1, 1.4))
    _arrow(axes, (3.3, 4.25), (4.0, 3.5))
    _arrow(axes, (3.42, 1.6), (4.05, 3.08))
    for left, right in [(4.42, 4.96), (5.82, 6.31), (7.17, 7.83), (8.87, 9.31), (9.77, 10.11), (10.97, 11.31)]:
        _arrow(axes, (left, 3.3), (right, 3.3))
    _loop(axes)
    title = "The cell: what happens when a letter is read"
    axes.set_title(title, fontsize=12)
    return Picture(figure, _cell_text(title, letters, one, V, H, numbers))


def _cell_text(title, letters, one, V, H, numbers):
    def written(name, names):
        values = numbers.get(name)
        return "" if values is None else ": " + ", ".join(f"{n}{v:.2f}" for n, v in zip(names, values))

    none, before = [""] * H, [f"{letter} " for letter in letters]
    lines = [
        f"Picture: {title}",
        f"x, the letter read, one-hot, {V} numbers: {', '.join(map(' '.join, zip(letters, one)))}",
        f"h before, the state, {H} numbers{written('before', none)}",
        f"W_xh ({H}, {V}) times x, plus W_hh ({H}, {H}) times h before, plus b_h ({H} numbers) -> tanh",
        f"tanh -> h, the new state, {H} numbers{written('h', none)}",
        f"W_hy ({V}, {H}) times h, plus b_y ({V} numbers) -> softmax",
        f"softmax -> p, the probability of each letter to be next, {V} numbers{written('p', before)}",
        "dashed: h becomes the state before, when the next letter is read",
    ]
    return "\n".join(lines)


def _column(axes, x, y, values, ground, name, what, labels=None, beside=0.0):
    """Draw a vector as a column of boxes around (x, y): name above, what it is below, labels `beside` the boxes."""
    for row, value in enumerate(values):
        middle = y + 0.42 * ((len(values) - 1) / 2 - row)
        axes.add_patch(Rectangle((x - 0.4, middle - 0.21), 0.8, 0.42, fc=ground, ec="black", lw=1))
        shown = value if isinstance(value, str) else _decimal(value, 2)
        axes.text(x, middle, shown, ha="center", va="center", fontsize=9)
        if labels:
            axes.text(x + beside, middle, labels[row], ha="center", va="center", fontsize=10)
    half = 0.21 * len(values)
    axes.text(x, y + half + 0.24, name, ha="center", va="center", fontsize=12)
    axes.text(x, y - half - 0.25, what, ha="center", va="center", fontsize=9)


def _weights(axes, x, y, rows, columns, name):
    """Draw a matrix as a grid of small boxes around (x, y), with its name above and its shape below."""
    size = min(0.3, 1.3 / max(rows, columns))
    for row, column in np.ndindex(rows, columns):
        corner = (x + size * (column - columns / 2), y + size * (rows / 2 - row - 1))
        axes.add_patch(Rectangle(corner, size, size, fc="white", ec=color("weight"), lw=1))
    half = size * rows / 2
    axes.text(x, y + half + 0.25, name, ha="center", va="center", fontsize=12)
    axes.text(x, y - half - 0.22, f"{rows} × {columns} weights", ha="center", va="center", fontsize=9)


def _operation(axes, x, y, name, bias=None):
    """Draw a circle (a sum, with a bias that comes in from below) or a box (a function)."""
    if bias is None:
        axes.add_patch(Rectangle((x - 0.42, y - 0.36), 0.84, 0.72, fc="white", ec="black", lw=1.2))
        axes.text(x, y, name, ha="center", va="center", fontsize=10, linespacing=0.9)
        return
    axes.add_patch(Circle((x, y), 0.22, fc="white", ec="black", lw=1.2))
    axes.text(x, y, name, ha="center", va="center", fontsize=13)
    axes.text(x, y - 1.0, bias, ha="center", va="center", fontsize=12)
    _arrow(axes, (x, y - 0.78), (x, y - 0.25))


def _arrow(axes, start, end):
    how = {"arrowstyle": "-|>", "color": "black", "lw": 1.3, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 11}
    axes.annotate("", end, start, arrowprops=how)


def _loop(axes):
    """Draw a dashed line over the top, from the new state back to the place of the old one."""
    how = {"color": color("state"), "lw": 1.6, "linestyle": (0, (4, 2))}
    axes.plot([6.75, 6.75, 0.6], [4.5, 5.9, 5.9], **how)
    arrow = {"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, "mutation_scale": 12, **how}
    axes.annotate("", (0.6, 5.42), (0.6, 5.92), arrowprops=arrow)
    axes.text(3.7, 6.12, "when the next letter is read", ha="center", va="center", fontsize=9, color=color("state"))
