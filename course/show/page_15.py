"""The pictures of page 15: a cell that needs no loop next to the plain one, and two ways to join its steps; and what
networks got right in flip-flop, and what the Sonnets cost them."""

import csv

import numpy as np

from course.base.place import ROOT
from course.show.drawing import Sheet, claim, color
from course.show.pictures import dot_picture

LEFT, STEP = 2.2, 0.63


# ---------------------------------------------------------------- two cells
def two_cells():
    """What stands between two states? Of the plain network a matrix and a tanh, of a linear recurrence one product."""
    sheet = Sheet("A gate replaces the matrix and the tanh", 3.6)
    names = ("plain", 2.75, "a matrix and a tanh"), ("no loop", 1.05, "one product for each unit")
    for name, y, between in names:
        sheet.write(0.15, y + 0.12, name, align="left", weight="bold")
        sheet.write(0.15, y - 0.12, between, "quiet", "small", align="left")
        sheet.box(2.2, y, "$h_{t-1}$", "state", 0.62)
        sheet.circle(4.4, y, "+")
        sheet.box(6.5, y, "$h_t$", "state", 0.62)
        sheet.box(4.4, y - 0.75, "$x_t$", "letter", 0.5, 0.36)
    y = 2.75
    sheet.box(3.35, y, "$W_{hh}$", "weight", 0.66)
    sheet.box(5.4, y, "tanh", "page", 0.62, ec=color("ink"))
    for start, end in ((2.51, 3.02), (3.68, 4.25), (4.55, 5.09), (5.71, 6.19)):
        sheet.arrow((start, y), (end, y), kind="state", width=2)
    sheet.arrow((4.4, y - 0.57), (4.4, y - 0.15))
    sheet.write(4.52, y - 0.4, "$W_{xh}$", "weight", "small", align="left")
    sheet.say("plain: h_t-1, times W_hh, plus W_xh x_t, tanh, h_t")
    y = 1.05
    sheet.circle(3.35, y, "×", "chance")
    for start, end in ((2.51, 3.2), (3.5, 4.25), (4.55, 6.19)):
        sheet.arrow((start, y), (end, y), kind="state", width=2)
    sheet.arrow((4.15, y - 0.75), (3.35, y - 0.75), (3.35, y - 0.15), kind="chance")
    sheet.arrow((4.4, y - 0.57), (4.4, y - 0.15))
    sheet.write(3.23, y - 0.42, "gate $f_t$", "chance", align="right")
    sheet.write(4.52, y - 0.36, "$b_t$", align="left")
    sheet.say("no loop: h_t-1, times the gate f_t, plus b_t, h_t; the letter x_t gives f_t and b_t")
    return sheet


# ---------------------------------------------------------------- scans
def scan_doubling(values):
    """How does a scan reach all steps in few passes? Each row takes in the one 1, 2, 4, ... before; it adds."""
    rows, reach = [list(values)], 1
    while reach < len(values):
        rows.append([v + (rows[-1][t - reach] if t >= reach else 0) for t, v in enumerate(rows[-1])])
        reach *= 2
    joins = sum(len(values) - 2**k for k in range(len(rows) - 1))
    sheet = Sheet(f"Doubling the reach takes {joins} joins", 0.8 + 0.72 * len(rows))
    _steps(sheet, len(values))
    for k, row in enumerate(rows):
        y, reach = sheet.top - 0.72 * k, 2 ** max(k - 1, 0)
        sheet.write(0.15, y, f"pass {k}, from {reach} before" if k else "what comes in", align="left")
        for t, value in enumerate(row):
            joined = k > 0 and t >= reach
            if k:
                _join(sheet, t, t, y, 0.72, "rule")
            if joined:
                _join(sheet, t - reach, t, y, 0.72, "state")
            _number(sheet, t, y, value, t < 2**k, k == 0 or joined)
        sheet.say(f"{f'pass {k}, reach {reach}' if k else 'in'}: {' '.join(map(str, row))}")
    _key(sheet, joins)
    return sheet


def scan_tree(values):
    """What does doubling do twice? Pairs, pairs of pairs, and then the steps between; T is a power of 2."""
    T, table, plan, reach = len(values), list(values), [], 1
    while reach < T:
        plan.append(("up", [(t - reach, t) for t in range(2 * reach - 1, T, 2 * reach)]))
        reach *= 2
    while reach > 2:
        reach //= 2
        plan.append(("down", [(t - reach // 2, t) for t in range(3 * reach // 2 - 1, T, reach)]))
    joins = sum(len(pairs) for _, pairs in plan)
    sheet = Sheet(f"Going up and down takes {joins} joins", 0.95 + 0.56 * (len(plan) + 1))
    _steps(sheet, T)
    last, y = [sheet.top] * T, sheet.top
    sheet.write(0.15, y, "what comes in", align="left")
    for t, value in enumerate(values):
        _number(sheet, t, y, value, t == 0)
    sheet.say(f"in: {' '.join(map(str, values))}")
    for name, pairs in plan:
        y -= 0.56
        reach = pairs[0][1] - pairs[0][0]
        sheet.write(0.15, y, f"{name}, from {reach} before", align="left")
        for source, t in pairs:
            table[t] += table[source]
            _join(sheet, t, t, y, last[t] - y, "rule")
            _join(sheet, source, t, y, last[source] - y, "state", bent=bool(last[source] - y > 0.6))
            _number(sheet, t, y, table[t], table[t] == sum(values[: t + 1]))
        for _, t in pairs:
            last[t] = y
        sheet.say(f"{name}, reach {reach}: {', '.join(f'{table[t]} at {t}' for _, t in pairs)}")
    _key(sheet, joins)
    return sheet


def _key(sheet, joins):
    sheet.write(LEFT - 0.22, 0.2, "blue: reaches back to the start, so it is a state", "state", "small", align="left")
    sheet.say(f"{joins} joins")


def _steps(sheet, count):
    sheet.top = sheet.axes.get_ylim()[1] - 0.9
    sheet.write(0.15, sheet.top + 0.33, "step", "quiet", "small", align="left")
    for t in range(count):
        sheet.write(LEFT + STEP * t, sheet.top + 0.33, t, "quiet", "small")


def _number(sheet, t, y, value, is_state, new=True):
    look = {} if new else {"ec": "none"}
    sheet.box(LEFT + STEP * t, y, value, "state" if is_state else "letter", 0.44, 0.3, **look)


def _join(sheet, source, t, y, height, kind, bent=False):
    x, to = LEFT + STEP * source, LEFT + STEP * t
    way = [(x, y + height - 0.15), *[(x, y + 0.4)] * bent, (to - 0.1 * (source != t), y + 0.15)]
    ours = kind == "state"
    sheet.arrow(*way, kind=kind, width=1.6 if ours else 1.0, zorder=3 if ours else 1)


# ---------------------------------------------------------------- what is stored
def stored_percents(network):
    """Return what a network of data/flip_flop.csv gets right after r, in percent, from each start."""
    with open(ROOT / "data/flip_flop.csv", encoding="utf-8") as file:
        return [float(row["percent"]) for row in csv.DictReader(file) if row["network"] == network]


def sonnet_bits(network, recipe, characters):
    """Return what each character of the ninth tenth costs the best try of a network, in bits, (starts, characters).

    The best try is the best of the first start, of those that are level to two decimals the first.
    data/loop_free.npz holds means of 100 characters in a row, so 100 in a row have the same number.
    """
    with np.load(ROOT / "data/loop_free.npz") as file:
        costs = {key: file[key] for key in file if key.startswith(f"{network}, {recipe}, ")}
    bits = {key: np.repeat(means, 100)[:characters] for key, means in costs.items()}
    best = min((key for key in bits if key.endswith("seed 0")), key=lambda key: round(bits[key].mean(), 2))
    one = best.removesuffix("0")
    return np.array([bits[f"{one}{seed}"] for seed in range(sum(key.startswith(one) for key in bits))])


# ---------------------------------------------------------------- who is ahead
def remembered(yours, rules):
    """How much is remembered if gate and candidate see one letter? What the network trained on the page, stored ones
    and two rules get right after r, in percent. rules: the percentages of all three rules by their names on the page"""
    rows = {
        "your network, 32 units": [yours],
        "minGRU, 32 units": stored_percents("minGRU, 32 units"),
        "minGRU, 64 units": stored_percents("minGRU, 64 units"),
        "32 units, twelve epochs": stored_percents("minGRU, 32 units, twelve epochs"),
        "plain, 32 units": stored_percents("a plain network, 32 units"),
    }
    return dot_picture(
        claim(yours < 90, "Gate and candidate that see one letter remember too little", "What each network remembers"),
        "percent right after r",
        rows,
        marks={
            "most frequent": rules["most frequent since w"],
            "first of several": rules["the same, first of several"],
        },
        kinds={"plain, 32 units": "second"},
        digits=".0f",
        runs="3 starts, yours and the twelve epochs 1 · one epoch, twelve in the fourth row · 300 new texts "
        "· your network is trained here, the others are stored",
    )


def cured():
    """What do one more letter and one more layer change? What stored networks get right after r, in percent."""
    rows = {
        "minGRU, 32 units": stored_percents("minGRU, 32 units"),
        "16 units and look-back": stored_percents("minGRU, 16 units and look-back"),
        "two layers of 16 units": stored_percents("minGRU, two layers of 16 units"),
    }
    return dot_picture(
        "One more letter or one more layer is enough",
        "percent right after r",
        rows,
        digits=".0f",
        runs="3 starts · one epoch of 6,400 texts · 300 new texts · all stored",
    )


def ahead_by_recipe(leads):
    """Which cell is ahead? leads: dict, a recipe -> for each start (bits that the minGRU saves, the standard error)."""
    means = np.array([np.mean([lead for lead, _ in starts]) for starts in leads.values()])
    title = "The recipe decides which cell is ahead"
    return dot_picture(
        claim(means.min() < 0 < means.max(), title, "Which cell is ahead"),
        "bits per character: right of 0 the minGRU needs less, left of 0 the plain network",
        leads,
        marks={"equal": 0},
        runs="5 starts · 4, 20 and 4 tries of each network · chosen by the first start on the ninth tenth "
        "· 6, 8 and 8 epochs · the ninth tenth · bar: standard error "
        "· one minGRU is trained here, the others are stored",
    )
