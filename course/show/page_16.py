"""The pictures of page 16: how one step looks back, and what stored networks recalled."""

import csv

import numpy as np

from course.base.place import ROOT
from course.show.drawing import Sheet, claim, signed
from course.show.pictures import dot_picture, line_picture


def one_look(q, k, v, t):
    """What does a step of attention take from each step so far? Its scores, its weights, and their mean of the values.

    q, k, v  (T,), T at most 5: queries, keys and values of one unit; t: the step that looks
    """
    scores = np.where(np.arange(len(k)) <= t, q[t] * np.asarray(k, float), -np.inf)
    powers = np.exp(scores)
    weights = powers / powers.sum()
    o = float(weights @ v)
    sheet = Sheet("What a step gets is a weighted mean of the values", 3.95)
    left, step = 2.65, 1.15
    end = left + step * (len(k) - 1) + 1.3
    rows = {"key": 2.95, f"score: query {q[t]:g} × key": 2.5, "e to the score": 2.12, "weight": 1.75, "value": 1.15}
    for name, y in rows.items():
        sheet.write(0.15, y, name, "chance" if name == "weight" else "ink", align="left")
    sheet.write(0.15, 3.3, "step", "quiet", "small", align="left")
    for s in range(len(k)):
        x, later = left + step * s, s > t
        sheet.write(x, 3.3, f"{s}, to come" if later else s, "quiet", "small")
        sheet.box(x, 2.95, _short(k[s]), "letter" if later else "first", 0.6, 0.34)
        sheet.write(x, 2.5, "−∞" if later else _short(scores[s]), "quiet" if later else "ink")
        sheet.write(x, 2.12, _short(powers[s]), "quiet" if later else "ink")
        sheet.write(x, 1.75, _short(weights[s]), "quiet" if later else "chance", weight="normal" if later else "bold")
        sheet.box(x, 1.15, _short(v[s]), "letter" if later else "state", 0.6, 0.34)
        if not later:
            sheet.arrow((x, 0.97), (x, 0.42), (end - 0.42, 0.42), kind="chance", width=1 + 3 * weights[s])
        score = "-inf" if later else _short(scores[s])
        sheet.say(f"step {s}: key {_short(k[s])}, score {score}, weight {_short(weights[s])}, value {_short(v[s])}")
    sheet.box(end, 0.42, f"$o_{t}$ = {_short(o)}", "state", 0.82)
    terms = " + ".join(f"{_short(weights[s])} · {_short(v[s])}" for s in range(t + 1))
    sheet.write(0.15, 0.42, terms, align="left")
    sheet.say(f"o_{t} = {terms} = {_short(o)}")
    return sheet


def _short(value):
    return signed(value, 2).removesuffix(".00")


def gru_recalls(units, notes, thousands=6, streams=16):
    """Return what a GRU of data/recall.csv recalled, in percent, from each start, at the best of four learning rates.

    thousands  of texts that it has read;  streams  how many of them at a step
    """
    asked, tries = [units, notes, thousands, streams], {}
    with open(ROOT / "data/recall.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if [int(row[name]) for name in ("units", "notes", "thousands", "streams")] == asked:
                tries.setdefault(row["rate"], []).append(float(row["percent"]))
    return max(tries.values(), key=np.mean)


# ---------------------------------------------------------------- recall
def gru_and_rule(notes, scores, rule):
    """How much does a GRU recall, and how much does a rule get right that reads no letters?

    notes   (K,), how many notes a text has; scores (K, starts), in percent; rule (K,), what the rule gets right
    """
    percents, half = scores.mean(axis=1), np.ptp(scores, axis=1) / 2
    lead = percents - rule
    title = "With more notes, the GRU falls behind the rule"
    return line_picture(
        claim(lead[-1] < min(lead[0], 0), title, "What the GRU and the rule get right"),
        "notes in a text",
        "percent of the answers right",
        {"GRU, 64 units": (notes, percents), "the rule": (notes, rule)},
        errors={"GRU, 64 units": half},
        kinds={"GRU, 64 units": "state", "the rule": "letter"},
        heavy="GRU, 64 units",
        runs="3 starts · 4 learning rates · chosen by the same questions · 375 steps of 16 texts · 300 new texts "
        "· bar: from lowest to highest start · all stored",
    )


def recalled_side_by_side(found, controls, rule):
    """Who answers all eight questions? Stored GRUs, and two networks of attention that are trained on the page.

    found, controls  with look-back and without it: what each start gets right, in percent; rule: what the rule does
    """
    rows = {
        "GRU, 34 units": gru_recalls(34, 8),
        "GRU, 64 units": gru_recalls(64, 8),
        "64 units, 24,000 texts": gru_recalls(64, 8, thousands=24),
        "64 units, 6,000 steps": gru_recalls(64, 8, streams=1),
        "attention, 28 units": controls,
        "look-back, 16 units": found,
    }
    title = "Attention with look-back answers all questions"
    return dot_picture(
        claim(min(found) > 99, title, "How many questions each network answers"),
        "percent of the answers right, eight notes",
        rows,
        marks={"the rule": rule},
        kinds={name: "first" for name in rows if name not in ("attention, 28 units", "look-back, 16 units")},
        digits=".0f",
        runs="3 starts · 4 learning rates for a GRU, 1 for attention · chosen by the same questions "
        "· 375, 375, 1,500, 6,000, 1,500 and 1,500 steps · 300 new texts "
        "· attention is trained here, the GRUs are stored",
    )
