"""Pictures of a state that chooses: the cell of a GRU, the four ways back through it, and how networks compare.

Each one is a Sheet (drawing.py). A gated unit has the numbers of page 12 in them. What leads back is dashed.
"""

import csv
import functools

import numpy as np
from matplotlib.colors import to_hex

from course.base.place import ROOT
from course.models.gates import GRUParameters
from course.show.drawing import SIZES, Sheet, claim, color, shade, signed
from course.show.live import Live
from course.show.pictures import DIVERGING, dot_picture

TOP, GATES, LOW, LETTER = 3.0, 2.1, 1.2, 0.3  # heights: the road of the state, the gates, the new content, the letter


# ---------------------------------------------------------------- the cell
def two_cells(h_prev, r, z, n, h):
    """What does a gated unit do that a plain one can't? Both in the same places, with the numbers of one gated unit.

    h_prev, r, z, n, h  numbers: the old state, both gates, the new content and the new state
    """
    sheet = Sheet("A gated cell keeps part of its state", 3.95)
    sheet.write(1.35, 3.5, "plain", weight="bold")
    sheet.arrow((0.42, TOP), (0.42, LOW), (0.92, LOW))
    sheet.arrow((1.38, LOW), (1.6, LOW))
    sheet.arrow((2.1, LOW), (2.45, LOW), (2.45, TOP - 0.21))
    _new_content(sheet, 1.85, "$W_{hh}$", "$W_{xh}$")
    sheet.box(0.42, TOP, "$h_{t-1}$", "state", 0.54)
    sheet.box(2.45, TOP, "$h_t$", "state", 0.54)
    sheet.line((2.9, 0.15), (2.9, 3.6))

    first, reset, keep, mix, last = 3.4, 4.05, 5.05, 6.0, 6.65
    sheet.write(5.0, 3.5, "gated (GRU), with the unit by hand", weight="bold")
    for start, end, share in [(first, keep - 0.15, 1), (keep + 0.15, mix - 0.15, z), (mix + 0.15, last - 0.28, 1)]:
        sheet.arrow((start, TOP), (end, TOP), kind="state", width=4 * share)
    sheet.arrow((first, TOP), (first, LOW), (reset - 0.15, LOW))
    sheet.arrow((reset + 0.15, LOW), (reset + 0.35, LOW))
    sheet.arrow((reset + 0.81, LOW), (reset + 1.03, LOW))
    sheet.arrow((reset + 1.53, LOW), (mix, LOW), (mix, GATES - 0.15))
    sheet.arrow((mix, GATES + 0.15), (mix, TOP - 0.15), kind="state", width=4 * (1 - z))
    _new_content(sheet, reset + 1.28, "$W_{hn}$", "$W_{xn}$")
    sheet.arrow((keep, GATES), (keep, TOP - 0.15), kind="chance")
    sheet.arrow((keep, GATES), (mix - 0.15, GATES), kind="chance")
    sheet.arrow((reset, GATES), (reset, LOW + 0.15), kind="chance")
    for x, y, sign in [(keep, TOP, "×"), (mix, TOP, "+"), (mix, GATES, "×"), (reset, LOW, "×")]:
        sheet.circle(x, y, sign)
    sheet.box(first, TOP, f"$h_{{t-1}}$\n{h_prev:g}", "state", 0.54, 0.56)
    sheet.box(last, TOP, f"$h_t$\n{h:.3f}", "state", 0.58, 0.56)
    sheet.box(reset, GATES, f"$r$ = {r:g}", "chance", 0.74, 0.34)
    sheet.box(keep, GATES, f"$z$ = {z:g}", "chance", 0.74, 0.34)
    sheet.write(mix + 0.2, GATES, f"$1-z$ = {1 - z:g}", "chance", "small", align="left")
    sheet.write(mix + 0.1, 1.6, f"$n$ = {n:.3f}", size="small", align="left")
    # What the gates look at: the old state from above, the letter from below
    sheet.arrow((first, GATES), (reset - 0.37, GATES), kind="quiet", width=0.8)
    sheet.arrow((first, GATES + 0.42), (keep - 0.2, GATES + 0.42), (keep - 0.2, GATES + 0.17), kind="quiet", width=0.8)
    aside, below = keep - 0.12, GATES - 0.45
    sheet.line((reset + 1.16, LETTER), (aside, LETTER), (aside, below), kind="quiet", width=0.8)
    sheet.arrow((aside, below), (aside, GATES - 0.17), kind="quiet", width=0.8)
    sheet.arrow((aside, below), (reset + 0.2, below), (reset + 0.2, GATES - 0.17), kind="quiet", width=0.8)
    sheet.write(3.1, 0.42, "thin: the old state and\nthe letter, to both gates", "quiet", "small", align="left")
    sheet.say("plain: W_hh times the old state, plus W_xh times the letter -> tanh -> new state")
    sheet.say(f"gated: r = {r:g} times the old state, {h_prev:g} -> W_hn, plus the letter -> tanh -> n = {n:.3f}")
    sheet.say(f"gated: {z:g} * {h_prev:g} + {1 - z:g} * {n:.3f} = {h:.3f}, the new state")
    sheet.say("the old state and the letter also go into both gates, r and z")
    return sheet


def _new_content(sheet, x, from_state, from_letter):
    sheet.arrow((x, LETTER + 0.55), (x, LOW - 0.18))
    sheet.line((x, LETTER + 0.14), (x, LETTER + 0.29), kind="ink", width=1.4)
    sheet.box(x, LOW, "tanh", "page", 0.5, 0.36, size="small", ec=color("ink"))
    sheet.box(x - 0.7, LOW, from_state, "weight", 0.46, 0.36, size="small")
    sheet.box(x, LETTER + 0.42, from_letter, "weight", 0.46, 0.28, size="small")
    sheet.write(x, LETTER, "$x_t$", "quiet")


def four_ways(gru_step, h_prev, r, z, W_hr, W_hz, W_hn):
    """How does the error come back to the old state of a GRU? All four ways of one unit, from right to left, dh = 1.

    gru_step  the function that is asked for the new content, and for the slope: by steps from beside h_prev
    h_prev, r, z, W_hr, W_hz, W_hn  numbers. The gates get biases that make them r and z
    """
    one, none = np.ones((1, 1)), np.zeros((1, 1))
    biases = [np.array([np.log(gate / (1 - gate)) - W * h_prev]) for gate, W in ((r, W_hr), (z, W_hz))]
    unit = GRUParameters(none, none, none, W_hr * one, W_hz * one, W_hn * one, *biases, none[0], none, none[0])
    n = gru_step(0, np.array([h_prev]), unit)[3].item()
    above, below = [gru_step(0, np.array([h_prev + move]), unit)[0].item() for move in (1e-5, -1e-5)]
    measured = (above - below) / 2e-5
    da_n, da_z = (1 - z) * (1 - n**2), (h_prev - n) * z * (1 - z)
    d_prod = W_hn * da_n
    da_r = d_prod * h_prev * r * (1 - r)
    ways = [z, d_prod * r, W_hr * da_r, W_hz * da_z]
    sheet = Sheet("The four ways back to the old state add up", 3.65)
    straight, through_n, through_r, through_z = lanes = 2.85, 2.05, 1.25, 0.45
    end, a, W, prod, r_at = 6.62, 4.55, 3.62, 2.85, 2.02  # where things stand, from right to left
    back = {"kind": "slope", "back": True, "width": 1.6}

    def slope(x, y, name, value):
        sheet.box(x, y, f"{name}\n{signed(value)}", "slope", 0.74, 0.5, "small")

    def told(x, y, words):
        sheet.write(x, y + 0.17, words, "quiet", "small")

    for y, way in zip(lanes, ways):
        sheet.write(1.3, y, signed(way), "slope", on="page", weight="bold")
    sheet.arrow((end, straight), (0.78, straight), **back)
    told(5.63, straight, f"× $z$ = {z:g}")
    sheet.arrow((end, through_n), (a + 0.37, through_n), **back)
    told(5.63, through_n, "× $(1-z)(1-n^2)$")
    sheet.arrow((a - 0.37, through_n), (prod + 0.37, through_n), **back)
    sheet.arrow((prod - 0.37, through_n), (0.78, through_n), **back)
    told(r_at, through_n, f"× $r$ = {r:g}")
    sheet.arrow((prod, through_n), (prod, through_r + 0.25), **back)
    sheet.write(prod + 0.1, (through_n + through_r) / 2 - 0.02, "× $h_{t-1}\\,r(1-r)$", "quiet", "small", align="left")
    sheet.arrow((prod - 0.37, through_r), (0.78, through_r), **back)
    sheet.arrow((end, through_z), (a + 0.37, through_z), **back)
    told(5.63, through_z, "× $(h_{t-1}-n)\\,z(1-z)$")
    sheet.arrow((a - 0.37, through_z), (0.78, through_z), **back)
    slope(a, through_n, "$da_n$", da_n)
    slope(prod, through_n, "$d_{prod}$", d_prod)
    slope(prod, through_r, "$da_r$", da_r)
    slope(a, through_z, "$da_z$", da_z)
    for x, y, name, value in [
        (W, through_n, "$W_{hn}$", W_hn),
        (r_at, through_r, "$W_{hr}$", W_hr),
        (W, through_z, "$W_{hz}$", W_hz),
    ]:
        sheet.box(x, y, f"{name}\n{signed(value, 0)}", "weight", 0.5, 0.5, "small")
    for y, name in zip(lanes, ["straight", "through n", "through r", "through z"]):
        sheet.write(1.3, y + 0.22, name.replace(" n", " $n$").replace(" r", " $r$").replace(" z", " $z$"), size="small")
    middle, tall = (straight + through_z) / 2, straight - through_z + 0.5
    sheet.box(
        0.45,
        middle,
        f"$h_{{t-1}}$\n\nsum\n{signed(sum(ways))}\n\nmeasured\n{signed(measured)}",
        "state",
        0.7,
        tall,
        "small",
    )
    sheet.box(end, middle, "$h_t$\n\n$dh$\n1", "state", 0.5, tall, "small")
    sheet.say(f"straight: z = {z:g} -> {ways[0]:.4f}")
    sheet.say(f"through n: da_n {da_n:.4f}, times W_hn {W_hn:g} = {d_prod:.4f}, times r {r:g} -> {ways[1]:.4f}")
    sheet.say(f"through r: {d_prod:.4f} -> da_r {da_r:.4f}, times W_hr {W_hr:g} -> {ways[2]:.4f}")
    sheet.say(f"through z: da_z {da_z:.4f}, times W_hz {W_hz:g} -> {ways[3]:.4f}")
    sheet.say(f"all four: {sum(ways):.4f}; measured: {measured:.4f}")
    return sheet


# ---------------------------------------------------------------- one unit
def story(text, keeps, states, before):
    """What does a gated unit do while it reads? Of a flip-flop text each character, what the unit keeps, what it holds.

    text           of T+1 characters
    keeps, states  (T, H), the update gates and the states. The unit is the one whose gate is open at the letters of i
                   and shut at those of w, most of all
    before         (T, H), the update gates of the untrained network, of which the best unit is shown, too
    """
    unit, letters = _best(text, keeps), np.array(list(text[::2]))
    at_letters = keeps[1::2, unit]
    wrote, ignored = (at_letters[letters[: len(at_letters)] == instruction] for instruction in "wi")
    keeping = wrote.max(initial=0) < 0.1 and ignored.min(initial=1) > 0.9
    title = claim(keeping, "One unit takes what is written, and keeps it", "What one unit keeps, and what it holds")
    sheet, step = Sheet(title, 2.13), 5.75 / len(keeps)
    rows = {
        "reads": [(char, "letter" if t % 2 else "page") for t, char in enumerate(text[: len(keeps)])],
        "keeps, %": [(f"{100 * z:.0f}", shade("chance", z)) for z in keeps[:, unit]],
        "holds": [(signed(h, 0), to_hex(DIVERGING(0.5 + 0.3 * h))) for h in states[:, unit]],  # red above 0, blue below
        "untrained, %": [(f"{100 * z:.0f}", shade("chance", z)) for z in before[:, _best(text, before)]],
    }
    for k, (name, row) in enumerate(rows.items()):
        sheet.write(0.15, 1.51 - 0.38 * k, name, "quiet", "small", align="left")
        for t, (written, ground) in enumerate(row):
            size = "small" if k else "text"
            sheet.cell(1.1 + step * (t + 0.5), 1.51 - 0.38 * k, written, ground, step, 0.34, size=size)
        sheet.say(f"{name}: " + " ".join(written for written, _ in row))
    return sheet


def watch_unit(text, keeps, contents, before):
    """The unit of story, to be watched letter by letter: what it keeps of its old value, and what it takes.

    contents  (T, H), the new contents that the units are offered; the others are as for story
    """
    unit, untrained = _best(text, keeps), _best(text, before)
    gate, new = keeps[:, unit].round(4), contents[:, unit].round(4)
    holds = [0.0]
    for kept, offered in zip(gate, new):
        holds.append(kept * holds[-1] + (1 - kept) * offered)
    step = 1
    lines = [
        "One unit, to be watched letter by letter",
        f"reads: {' '.join(text[: len(gate)])}",
        f"It reads {text[step]}, keeps {100 * gate[step]:.0f} % of {holds[step]:.2f}, "
        f"takes {100 - 100 * gate[step]:.0f} % of {new[step]:.2f}, and holds {holds[step + 1]:.2f}.",
    ]
    data = {
        "reads": list(text[: len(gate)]),
        "trained": gate.tolist(),
        "untrained": before[:, untrained].round(4).tolist(),
        "contents": new.tolist(),
    }
    return Live("gates", data, "\n".join(lines))


def _best(text, keeps):
    """Return the unit that keeps most at the letters of i, and least at those of w."""
    at_letters = keeps[1::2]
    instructions = np.array(list(text[::2]))[: len(at_letters)]
    return (at_letters[instructions == "i"].mean(axis=0) - at_letters[instructions == "w"].mean(axis=0)).argmax()


# ---------------------------------------------------------------- who remembers, and who needs fewer bits
LOOKS = {  # cell in the stored tables: its name, its color, and on which side of its dots the name stands
    "plain": ("plain", "letter", "right"),
    "leaky 0.8": ("leaky 0.8", "weight", "left"),
    "leaky mixed": ("leaky in part", "chance", "right"),
    "update gate": ("update gate alone", "first", "left"),
    "reset gate": ("reset gate alone", "slope", "left"),
    "GRU": ("GRU", "state", "left"),
    "GRU, b_z 0": ("GRU, b_z from 0", "state", "left"),
}


@functools.cache
def stored(name):
    """Return the rows of a stored table: "gates.csv", "gates_sonnets.csv" or "one_gate.csv", which experiments make."""
    with open(ROOT / "data" / name, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def at_each_rate(name, column, **wanted):
    """Return dict: (rate, times) -> the numbers of three starts in a column, of the rows that are as wanted."""
    found = {}
    for row in stored(name):
        if all(row[key] == str(value) for key, value in wanted.items()):
            found.setdefault((row["rate"], row.get("times")), []).append(float(row[column]))
    return found


def at_best(name, *columns, **wanted):
    """Return the numbers of the three starts in each column, at the rate that has the best mean in the first one."""
    rates, most = [at_each_rate(name, column, **wanted) for column in columns], 1 if columns[0] == "percent" else -1
    best = max(rates[0], key=lambda rate: most * np.mean(rates[0][rate]))
    return [found[best] for found in rates]


def percents_right(cell, steps, judged="all"):
    """Return which percentage of the letters after r three starts of a network get right, at the best of its rates.
    judged  the letters that counted in the loss, "all" or the "asked" ones"""
    (percents,) = at_best("gates.csv", "percent", cell=cell, steps=steps, judged=judged)
    return percents


def right_in_words(*networks):
    """Return a line for each network: which percentage of the letters after r its three starts get right. networks: as
    in flip_flops"""
    lines = ["the letters after r, from three starts:"]
    for cell, steps, judged in networks:
        percents = ", ".join(f"{percent:3.0f}" for percent in percents_right(cell, steps, judged))
        lines.append(f"{LOOKS[cell][0]:10}{steps:6,} steps: {percents} % right")
    return "\n".join(lines)


def flip_flops(title, *networks):
    """Who gets the letters after r right? A row for each network, each at the best of its rates.

    networks  (cell, steps, judged), as percents_right takes them
    """
    rows, kinds = {}, {}
    for cell, steps, judged in networks:
        label = f"{LOOKS[cell][0]}, {steps:,} steps" + ", asked ones count" * (judged == "asked")
        rows[label] = [(percent, 0) for percent in percents_right(cell, steps, judged)]
        kinds[label] = LOOKS[cell][1]
    marks = {"the letter of the previous pair": 30}
    unit, look = "percent of the letters after r that are right", {"digits": ".0f", "kinds": kinds, "marks": marks}
    steps = {f"{steps:,}" for _, steps, _ in networks}
    runs = "3 starts · 3 learning rates · chosen by the same questions"
    runs += f" · {steps.pop() + ' ' if len(steps) == 1 else ''}steps of 16 texts of 40 pairs"
    return dot_picture(title, unit, rows, **look, runs=f"{runs} · 200 new texts · all stored")


def bits_and_spreads(cell):
    """Return what three starts of a network need on the ninth tenth, in bits, and how much the lines that they write
    vary, in characters: with the recipe of page 12, at the best of its rates."""
    return at_best("gates_sonnets.csv", "bits", "lines", recipe="page 12", cell=cell)


def scores_in_words(cells):
    """Return for each cell, in a line, what lines_and_bits draws of its three starts."""
    lines = ["bits on the ninth tenth and standard deviation of the line length, from three starts:"]
    for cell in cells:
        bits, spreads = bits_and_spreads(cell)
        bits, spreads = [
            ", ".join(format(one, form) for one in ones) for ones, form in ((bits, ".2f"), (spreads, "2.0f"))
        ]
        lines.append(f"{LOOKS[cell][0]:18} {bits} bits   lines {spreads}")
    return "\n".join(lines)


def lines_and_bits(title, cells, marks, table):
    """Does a network that knows its line need fewer bits? A dot for each start: bits across, and up, how much the
    lines that it writes vary.

    cells  of the stored table, each at its best rate with the recipe of page 12
    marks  dict: name -> spread of somebody's lines; table: the bits of the table of counts
    """
    sheet, dots = Sheet(title, 4.0), {cell: bits_and_spreads(cell) for cell in cells}
    high = max(max(bits) for bits, _ in dots.values()) + 0.02
    top = max(max(spreads) for _, spreads in dots.values()) + 3
    axes = sheet.chart(0.45, 0.62, 6.3, 2.75, xlim=(table - 0.02, high), ylim=(0, top))
    sheet.write(0.15, 3.52, "standard deviation of the line length, in characters", "quiet", "small", align="left")
    sheet.write(6.75, 0.2, "bits per character on the ninth tenth", "quiet", "small", align="right")
    style = {"fontsize": SIZES["small"], "zorder": 5}
    for name, spread in marks.items():
        axes.axhline(spread, color=color("rule"), lw=1, zorder=0)
        axes.text(high, spread, f"{name}, {spread:.0f}", color=color("quiet"), ha="right", va="bottom", **style)
        sheet.say(f"{name}: lines vary by {spread:.0f}")
    axes.axvline(table, color=color("second"), lw=1.2, zorder=0)
    axes.text(table + 0.003, top, f"table, {table:.2f}", color=color("second"), va="top", **style)
    sheet.say(f"the table of counts: {table:.2f} bits")
    for cell, (bits, spreads) in dots.items():
        name, kind, side = LOOKS[cell]
        axes.plot(bits, spreads, "o", ms=7, color=color(kind), zorder=3)
        x, align = (max(bits) + 0.006, "left") if side == "right" else (min(bits) - 0.006, "right")
        ground = {"fc": "white", "ec": "none", "pad": 0.5}  # so that no line runs through the name
        axes.text(x, np.median(spreads), name, color=color(kind), va="center", ha=align, bbox=ground, **style)
        sheet.say(f"{name}: " + ", ".join(f"{b:.2f} bits and {s:.0f}" for b, s in zip(bits, spreads)))
    return sheet.with_runs(
        "3 starts · 4 learning rates · chosen by the ninth tenth · 10 epochs"
        " · scored on the ninth tenth, lines from 10,000 written characters · all stored"
    )


def worth_of_a_line():
    """Return two lines on what it is worth to know the line: of the settings with which some starts of a network with
    an update gate know their line, and others don't."""
    settings, worth = {}, []
    for row in stored("gates_sonnets.csv"):
        if row["cell"] in ("update gate", "GRU"):
            key = [row[name] for name in ("recipe", "cell", "rate", "times")]
            settings.setdefault(tuple(key), []).append((float(row["lines"]), float(row["bits"])))
    for starts in settings.values():
        know, not_yet = [[bits for spread, bits in starts if (spread < 20) == knows] for knows in (True, False)]
        if know and not_yet:
            worth.append(np.mean(not_yet) - np.mean(know))
    better = sum(more > 0 for more in worth)
    return (
        f"Settings where some starts know their line, and others don't: {len(worth)}.\n"
        f"In {better} of them, the starts that know it need fewer bits, by {np.mean(worth):.2f} on average."
    )
