"""Pictures of the network at work: its cell, and the slopes that flow back through its unrolled graph.

Each one is a Picture: an image with a text of its numbers, which nbval checks (pictures.py says why).
Letters as in rnn_helpers: V characters, H hidden units, T time steps. Steps count from 0: h_k is the state after
character k (row k + 1 of `hidden`), L_t the loss of the prediction that is made from h_t.
"""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from course.show.drawing import SIZES, WIDTH, Picture, Sheet, color, dress, shade
from course.show.pictures import RISING, _visible, number
from rnn_helpers import forward_pass, one_hot, tanh_backward

LATER = "#F4F4F4"  # the background where there is nothing, because the state comes after the loss


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


def triangle_picture(title, slopes, *, length):
    """Draw the lengths of the slopes of a triangle: one row for each loss L_t, one column for each state h_k.

    slopes  (T, T, H), T from 7 to 10
    length  cut the text into pieces of this many steps: what truncation loses, because L_t and h_k are separated, is
            crossed out
    """
    T, sizes = len(slopes), np.linalg.norm(slopes, axis=2)
    piece = np.arange(T) // length  # the piece that each step is in
    cut = np.tril(piece[:, None] != piece)
    sheet = Sheet(title, 1.05 + 0.36 * T)
    what = "length of the slopes of L_t for all units of h_k"
    sheet.say(f"across: h_k, {T} columns; down: L_t, {T} rows; numbers: {what}")
    top, width = sheet.figure.get_figheight() - 0.95, 5.8 / T
    left = 0.9 + width / 2  # the middle of the first column
    sheet.axes.add_patch(Rectangle((0.9, top + 0.18 - 0.36 * T), width * T, 0.36 * T, fc=LATER, lw=0, zorder=0))
    for k in range(T):
        sheet.write(left + k * width, top + 0.4, f"{'state ' * (k == 0)}$h_{{{k}}}$", "state")
        sheet.write(0.75, top - 0.36 * k, f"{'loss ' * (k == 0)}$L_{{{k}}}$", "slope", align="right")
    for t in range(T):
        for k in range(t + 1):
            ground = shade("state", (sizes[t, k] / sizes.max()) ** 0.7)
            lost = {"fc": "white", "ec": "#999999", "hatch": "///", "lw": 0} if cut[t, k] else {"lw": 1.5}
            place = (left + k * width, top - 0.36 * t)
            sheet.cell(*place, "", ground, width, 0.36, **lost)
            on = {"on": "page", "kind": "quiet"} if cut[t, k] else {}
            sheet.write(*place, f"{sizes[t, k]:.2f}", size="small", **on)
        shown = [f"h{k} {sizes[t, k]:.2f}{' (cut)' * bool(cut[t, k])}" for k in range(t + 1)]
        sheet.say(f"row L{t}: {', '.join(shown)}")
    sheet.say(f"pieces of {length} steps: {cut.sum()} of {T * (T + 1) // 2} numbers are cut")
    return sheet


# ---------------------------------------------------------------- fading along the rows
def sizes_of(slopes):
    """Return the sizes of the slopes of a triangle relative to the diagonal of their row, (T, T): 1 on the diagonal.

    slopes  (T, T, H); the length of d L_t / d h_k divided by that of d L_t / d h_t. nan above the diagonal
    """
    sizes = np.linalg.norm(slopes, axis=2)
    sizes = sizes / np.diag(sizes)[:, None]
    sizes[np.triu_indices(len(sizes), 1)] = np.nan
    return sizes


def fading_picture(title, triangles):
    """Draw triangles side by side as colors: how much of each loss reaches the states before it, on a log scale.

    triangles  dict: label -> slopes (T, T, H). Each row begins with 1 at the diagonal and is read from right to left
    """
    limit = 4  # the colors go from 10**-limit (white) to 10**limit (dark)
    side = min(3.2, (WIDTH - 1.5 - 0.25 * (len(triangles) - 1)) / len(triangles))  # inches
    height = round(side + 1.55, 2)
    figure = Figure(figsize=(WIDTH, height), facecolor="white")
    style = {"fontsize": SIZES["title"], "weight": "bold", "color": color("ink"), "va": "center"}
    small = {"fontsize": SIZES["small"], "color": color("quiet"), "va": "center"}
    figure.text(0.15 / WIDTH, 1 - 0.22 / height, title, **style)
    panels = [
        figure.add_axes(((0.6 + k * (side + 0.25)) / WIDTH, 0.55 / height, side / WIDTH, side / height))
        for k in range(len(triangles))
    ]
    text = [
        f"Picture: {title}",
        "across: h_k; down: L_t; color: size of the slope beside that at its own state, log scale",
    ]
    for axes, (label, slopes) in zip(panels, triangles.items()):
        with np.errstate(divide="ignore"):  # a slope of 0 is white
            powers = np.log10(sizes_of(slopes))
        axes.set_facecolor(LATER)
        image = axes.imshow(powers, cmap=RISING, vmin=-limit, vmax=limit, interpolation="nearest")
        axes.set_title(label, fontsize=SIZES["text"], color=color("ink"))
        axes.set_xlabel("state $h_k$")
        dress(axes)
        axes.spines[:].set_visible(False)
        if axes is not panels[0]:
            axes.set_yticks([])
        T = len(powers)
        back = [np.diag(powers, -d).mean() for d in range(T)]  # (T,), over all rows that reach that far
        places = np.unique(np.linspace(0, T - 1, 5).round().astype(int))
        means = ", ".join(f"{number(10 ** back[d])} at {d}" for d in places)
        text.append(f"panel {label!r}, {T} x {T}: steps back from the loss, geometric mean {means}")
    figure.text(0.15 / WIDTH, 1 - 0.55 / height, "size of the slope, beside that at its own state", **small)
    panels[0].set_ylabel("loss $L_t$")
    place = (0.75 + len(triangles) * (side + 0.25)) / WIDTH - 0.25 / WIDTH, 0.55 / height, 0.14 / WIDTH, side / height
    bar = figure.colorbar(image, cax=figure.add_axes(place), ticks=range(-limit, limit + 1, 2))
    bar.ax.set_yticklabels([f"$10^{{{power}}}$" if power else "1" for power in range(-limit, limit + 1, 2)])
    bar.ax.tick_params(colors=color("quiet"), labelsize=SIZES["small"], length=0)
    bar.outline.set_visible(False)
    return Picture(figure, "\n".join(text))


# ---------------------------------------------------------------- the cell
def cell_picture(chars, char):
    """Draw what happens when the network reads a letter: the old state and the letter give the new state and p.

    chars, char  the vocabulary, V letters, and the letter that is read
    """
    V, H = len(chars), 3
    title = "The old state and a letter make a new state"
    letters, one = [_visible(c) for c in chars], ["1" if c == char else "0" for c in chars]
    low = 0.5 + 0.15 * V  # the heights of the letter, of the old state, and of what comes of them
    up = 1.3 + 0.3 * V + 0.15 * H
    middle, loop = (up + low) / 2, up + 0.15 * H + 0.62
    sheet = Sheet(title, loop + 0.65)
    sheet.say(f"x, the letter read, one-hot, {V} numbers: {', '.join(map(' '.join, zip(letters, one)))}")
    sheet.say(f"old h, the state before, {H} numbers")
    sheet.say(f"W_xh ({H}, {V}) times x, plus W_hh ({H}, {H}) times old h, plus b_h ({H} numbers) -> a -> tanh")
    sheet.say(f"tanh -> h, the new state, {H} numbers")
    sheet.say(f"W_hy ({V}, {H}) times h, plus b_y ({V} numbers) -> softmax")
    sheet.say(f"softmax -> p, the probability of each letter to be next, {V} numbers")
    sheet.say("dashed: h becomes the old state for the next letter")
    _column(sheet, 0.72, up, [""] * H, "state", "old $h$", f"the state before:\n{H} numbers")
    _column(sheet, 0.72, low, one, "letter", "$x$", f"the letter {_visible(char)},\none-hot", letters, -0.36)
    _column(sheet, 3.56, middle, [""] * H, "state", "$h$", "new state")
    _column(sheet, 6.38, middle, [""] * V, "chance", "$p$", "probability\nto be next", letters, 0.36)
    _weights(sheet, 1.65, up, H, H, "$W_{hh}$")
    _weights(sheet, 1.65, low, H, V, "$W_{xh}$")
    _weights(sheet, 4.4, middle, V, H, "$W_{hy}$")
    for x, bias in ((2.3, "$b_h$"), (5.08, "$b_y$")):
        sheet.circle(x, middle, "+")
        sheet.write(x, middle - 0.62, bias)
        sheet.arrow((x, middle - 0.5), (x, middle - 0.16))
    sheet.box(2.88, middle, "tanh", "page", ec=color("ink"))
    sheet.box(5.68, middle, "soft-\nmax", "page", width=0.52, height=0.5, size="small", ec=color("ink"))
    sheet.arrow((0.97, up), (1.3, up))
    sheet.arrow((0.97, low), (1.3, low))
    sheet.arrow((2.0, up), (2.2, middle + 0.14))
    sheet.arrow((2.0, low), (2.2, middle - 0.14))
    sheet.write(2.54, middle + 0.2, "$a$")
    for left, right in ((2.46, 2.62), (3.14, 3.32), (3.8, 4.05), (4.74, 4.92), (5.24, 5.41), (5.95, 6.14)):
        sheet.arrow((left, middle), (right, middle))
    over = [(3.56, middle + 0.15 * H + 0.34), (3.56, loop), (0.72, loop), (0.72, up + 0.15 * H + 0.32)]
    sheet.arrow(*over, kind="state", back=True, width=1.6)
    sheet.write(2.14, loop + 0.15, "for the next letter", "state", "small")
    return sheet


def _column(sheet, x, y, values, kind, name, what, labels=None, beside=0.0):
    """Draw a vector as a column of boxes around (x, y): name above, what it is below, labels `beside` the boxes."""
    for row, value in enumerate(values):
        at = y + 0.3 * ((len(values) - 1) / 2 - row)
        sheet.cell(x, at, value, kind, 0.46, 0.3, size="small", ec=color(kind), lw=1)
        if labels:
            sheet.write(x + beside, at, labels[row])
    sheet.write(x, y + 0.15 * len(values) + 0.16, name)
    sheet.write(x, y - 0.15 * len(values) - 0.06, what, "quiet", "small", va="top")


def _weights(sheet, x, y, rows, columns, name):
    """Draw a matrix as a grid of small boxes around (x, y), with its name above and its shape below."""
    size = min(0.2, 0.66 / max(rows, columns))
    for row, column in np.ndindex(rows, columns):
        place = (x + size * (column - (columns - 1) / 2), y + size * ((rows - 1) / 2 - row))
        sheet.cell(*place, "", "weight", size, size, ec=color("weight"), lw=1)
    sheet.write(x, y + size * rows / 2 + 0.18, name)
    sheet.write(x, y - size * rows / 2 - 0.06, f"{rows} × {columns}\nweights", "quiet", "small", va="top")
