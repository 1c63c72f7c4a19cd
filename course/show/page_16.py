"""The picture of page 16: how one step looks back; and what stored networks recalled."""

import csv

import numpy as np

from course.base.place import ROOT
from course.show.drawing import Sheet, signed


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
