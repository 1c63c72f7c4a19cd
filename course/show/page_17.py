"""The pictures of page 17: how a state is corrected, what it says afterwards, and where its line comes from; and what
stored networks recalled.

A state S is a table (n, m): a row for each number of a value, a column for each number of a key. Here both are 2.
"""

import csv
import re

import numpy as np

from course.base.place import ROOT
from course.models.delta import delta_step
from course.show.drawing import Sheet, claim, color, signed
from course.show.live import Live
from course.show.pictures import dot_picture, line_picture

WIDE, HIGH = 0.6, 0.4  # a cell


def corrections(writes):
    """What does a write change? The state before and after each, what it said of the key, and what was missing.

    writes  list of (name, key, value); the state begins with zeros, and what is missing is written whole
    """
    steps = _corrected(writes)
    holds = all(np.allclose(after @ key, value) for (_, key, value), (*_, after) in zip(writes, steps))
    title = "After each correction the state is right about its key"
    sheet = Sheet(claim(holds, title, "What each correction changes"), 0.8 + 1.33 * len(writes))
    top = sheet.axes.get_ylim()[1] - 0.58
    heads = ("state before", 1.4, "state"), ("says", 2.7, "state"), ("should say", 3.5, "letter")
    for name, x, kind in (*heads, ("missing", 4.36, "slope"), ("state after", 6.22, "state")):
        sheet.write(x, top, name, kind, "small", weight="bold")
    for row, ((name, key, value), (before, says, missing, after)) in enumerate(zip(writes, steps)):
        y = top - 1.05 - 1.33 * row  # the middle of the tables
        sheet.line((0.15, y + 0.86), (6.85, y + 0.86))
        sheet.write(0.15, y + 0.61, f"key {name}", "letter", align="left", weight="bold")
        sheet.write(5.58, y + 0.61, "missing × key", "quiet", "small", align="right")
        for column, entry in enumerate(key):
            x, end = 1.1 + WIDE * column, 5.92 + WIDE * column
            sheet.box(x, y + 0.61, _short(entry), "letter", WIDE - 0.1, 0.28)
            sheet.box(end, y + 0.61, _short(entry), "letter", WIDE - 0.1, 0.28)
            _column(sheet, x, y, before[:, column], "state")
            _column(sheet, end, y, after[:, column], "state", missing * entry)
        for x, values, kind in ((2.7, says, "state"), (3.5, value, "letter"), (4.36, missing, "slope")):
            _column(sheet, x, y, values, kind)
        sheet.arrow((2.04, y), (2.36, y), kind="state")
        sheet.arrow((4.74, y), (5.56, y), kind="slope", width=2)
        numbers = f"says {_said(says)}, should say {_said(value)}, missing {_said(missing)}"
        sheet.say(f"key {name} {_said(key)}: {numbers}", f"  state after: {'; '.join(map(_said, after))}")
    return sheet


def what_is_read(writes):
    """What does the state say of each key after all writes, if it was corrected, and if all was added up?

    writes  as for corrections
    """
    told = {name: (key, value) for name, key, value in writes}
    corrected, added = _corrected(writes)[-1][-1], sum(np.outer(value, key) for _, key, value in writes)
    near, far = (sum(abs(S @ key - value).sum() for key, value in told.values()) for S in (corrected, added))
    title = "A corrected state is near the last value, but a sum isn't"
    sheet = Sheet(claim(near < far / 2, title, "What the state says of each key"), 1.08 + 0.98 * len(told))
    top = sheet.axes.get_ylim()[1] - 0.58
    ways = ("correction", corrected, 3.4), ("sum", added, 5.7)
    sheet.write(1.4, top - 0.24, "told last", "letter", "small", weight="bold")
    for way, _, x in ways:
        sheet.write(x, top, way, weight="bold")
        sheet.write(x - 0.4, top - 0.24, "says", "state", "small", weight="bold")
        sheet.write(x + 0.4, top - 0.24, "missing", "slope", "small", weight="bold")
    for row, (name, (key, value)) in enumerate(told.items()):
        y = top - 0.86 - 0.98 * row
        sheet.write(0.15, y, f"key {name}", "letter", align="left", weight="bold")
        _column(sheet, 1.4, y, value, "letter")
        sheet.say(f"key {name}, told last {_said(value)}")
        for way, S, x in ways:
            _column(sheet, x - 0.4, y, S @ key, "state")
            _column(sheet, x + 0.4, y, value - S @ key, "slope")
            sheet.say(f"  {way}: says {_said(S @ key)}, missing {_said(value - S @ key)}")
    return sheet


def read_notes(text, keys):
    """A state of ten rows, one for each digit, to be watched while it reads notes and questions, such as "g6h2g=6".

    keys  {letter: its key, of length 1}
    """
    notes = re.findall(r"\w=?\d", text)
    keys = {letter: np.asarray(key, float).round(4) for letter, key in keys.items()}
    shown = notes.index("g9")
    S, right, says = np.zeros((10, len(keys["g"]))), 0, []
    for letter, *question, digit in notes:
        says.append(S @ keys[letter])
        if question:
            right += says[-1].argmax() == int(digit)
        else:
            S = delta_step(S, keys[letter], np.eye(10)[int(digit)], 1)
    old = f"{says[shown].argmax()} ({says[shown].max():.2f})"
    lines = [
        f"A state that reads notes and corrects itself at the rate 1, to be watched: {text}",
        f"Told that g is 9. It said {old} about g before.",
        f"To the end, it answers {right} of {text.count('=')} questions right.",
    ]
    data = {"notes": notes, "keys": {letter: key.tolist() for letter, key in keys.items()}, "shown": shown}
    return Live("notes", data, "\n".join(lines))


def delta_years():
    """Where does the line come from? Six stations, and what each of them added to it."""
    same = "S += β (v − S k) kᵀ"
    stations = [  # the year, who, what they added; the line, with the new part in the middle
        ("1960", "Widrow and Hoff", "a mistake corrects the weights", "W +=", "rate · error", "xᵀ"),
        ("1992", "Schmidhuber", "a network writes a table while it reads", "", "S +=", "a bᵀ"),
        ("2020", "Katharopoulos and others", "attention without softmax is such a table", "S += v kᵀ", "", ""),
        ("2021", "Schlag, Irie, Schmidhuber", "only what is missing is written", "S +=", "β (v − S k)", "kᵀ"),
        ("2024", "Yang and others", "training does all steps of a block at once", same, "", ""),
        ("2025", "Yang, Kautz, Hatamizadeh", "first a gate lets the whole table fade", "", "S *= α;", same),
    ]
    sheet = Sheet("Each paper adds one idea, and four change the formula", 4.5)
    top, mark = sheet.axes.get_ylim()[1] - 0.75, {"kind": "first", "on": "first"}
    sheet.line((0.85, top), (0.85, top - 0.6 * 5), width=2)
    for row, (year, who, added, *parts) in enumerate(stations):
        y, line = top - 0.6 * row, " ".join(filter(None, parts))
        sheet.write(0.15, y, year, align="left", weight="bold")
        sheet.circle(0.85, y, "", "first", 0.06)
        sheet.write(1.1, y + 0.12, who, align="left")
        sheet.write(1.1, y - 0.12, added, size="small", align="left", **{"kind": "quiet"} if parts[1] else mark)
        x = 5.03 - 0.085 * line.index("+=")  # a letter is 0.085 wide; the lines are aligned at +=
        for part, look in zip(parts, ({}, mark, {})):
            sheet.write(x, y, part, align="left", family="monospace", **look if part else {})
            x += 0.085 * (len(part) + 1) if part else 0
        sheet.say(f"{year}, {who}: {added}", f"  {line.replace('ᵀ', '^T')}")
    letters = "W: weights; x: input; S: a state; a, b: made by a network; v: value; k: key; β: rate; α: gate"
    sheet.write(0.15, 0.25, letters, "quiet", "small", align="left")
    sheet.write(4.86, top + 0.3, "marked: what is new", "first", "small", align="left")
    sheet.say(letters)
    return sheet


def _corrected(writes):
    """Return for each write the state before, what it says of the key, what is missing, and the state after."""
    steps, S = [], np.zeros((2, 2))
    for _, key, value in writes:
        missing = value - S @ key
        steps.append((S, S @ key, missing, S + np.outer(missing, key)))
        S = steps[-1][-1]
    return steps


def _column(sheet, x, y, values, kind, changes=(0, 0)):
    """Draw a column of a table. What changed has a frame, and says in small writing by how much."""
    for value, change, place in zip(values, changes, (y + HIGH / 2, y - HIGH / 2)):
        new = abs(change) >= 0.005
        sheet.cell(x, place, "", kind, WIDE, HIGH, **{"ec": color("slope"), "lw": 1.6, "zorder": 3} if new else {})
        sheet.write(x, place + 0.07 * new, _short(value), weight="bold" if new else "normal")
        if new:
            sheet.write(x, place - 0.1, ("+" if change > 0 else "") + _short(change), "slope", "small")


def _short(value):
    return signed(value, 2).rstrip("0").rstrip(".")


def _said(values):
    return " ".join(map(_short, values))


def recall(network, thousands, letters=8, part="percent", rate=None):
    """Return what a network of data/phone_book.csv recalled, in percent, from each start: at this learning rate, or at
    the best of those that were tried.

    thousands  of texts that it has read;  part  "percent" of all questions, or the name of another column
    """
    tries = {}
    with open(ROOT / "data/phone_book.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if (row["network"], float(row["thousands"]), int(row["letters"])) == (network, thousands, letters):
                tries.setdefault(float(row["rate"]), []).append(row)
    rows = tries[rate] if rate else max(tries.values(), key=lambda rows: sum(float(row["percent"]) for row in rows))
    return [float(row[part]) for row in rows]


# ---------------------------------------------------------------- what stored networks recalled
RIGHT = "percent of the questions answered right"


def recall_while_reading(rule, runs=""):
    """How many texts does a network with gates need? rule: the percentage of a rule that knows no letters; runs: see
    drawing.write_runs"""
    read = [6.4, 64, 256]  # thousands of texts
    names = ["plain", "GRU", "minGRU"]
    scores = {name: np.array([recall(name, thousands) for thousands in read]) for name in names}
    texts = 1000 * np.array(read)
    title = "The GRU learns to answer, but very slowly"
    look = {"errors": _errors(scores), "kinds": {"GRU": "quiet"}, "heavy": "GRU", "log_x": True, "runs": runs}
    return line_picture(title, "texts read", RIGHT, _means(texts, scores), marks={"the rule": rule}, **look)


def recall_by_notes_before(correction, runs=""):
    """Which state keeps up, if a letter is noted again? The corrected table, and three networks that are stored.

    correction  (starts, 5), what recall_by_notes returns for each start
    runs        see drawing.write_runs
    """
    scores = {"correction": np.array(correction)[:, 1:].T}
    for name in ["sum", "sum that forgets", "GRU"]:
        scores[name] = np.array([recall(name, 6.4, part=part) for part in ["once", "twice", "thrice", "more"]])
    kinds = dict(zip(scores, ["state", "second", "first", "quiet"]))
    title = "Only the corrected table keeps up with changes"
    across = "how often the letter was noted before the question"
    look = {"kinds": kinds, "heavy": "correction", "below": "4: four times or more", "runs": runs}
    return line_picture(title, across, RIGHT, _means([1, 2, 3, 4], scores), errors=_errors(scores), **look)


def recall_side_by_side(rule, runs=""):
    """What is each kind of state worth after 6,400 texts? rule, runs: as for recall_while_reading"""
    rows = {name: recall(name, 6.4) for name in ["plain", "GRU", "minGRU", *TABLES, "attention"]}
    kinds = dict.fromkeys(rows, "first") | {"correction": "state"}
    title = "A corrected table answers nearly all questions"
    return dot_picture(title, RIGHT, rows, marks={"the rule": rule}, kinds=kinds, digits=".0f", runs=runs)


def recall_by_letters(runs=""):
    """How many entries does a table of 8 by 8 hold? runs: see drawing.write_runs"""
    letters = [4, 8, 12, 16, 24]
    scores = {name: np.array([recall(name, 3.2, count) for count in letters]) for name in [*TABLES, "attention"]}
    kinds = dict(zip(scores, ["second", "first", "state", "quiet"]))
    title = "A table with eight columns holds about eight letters"
    look = {"errors": _errors(scores), "kinds": kinds, "heavy": "correction", "runs": runs}
    return line_picture(title, "letters that may be noted", RIGHT, _means(letters, scores), **look)


TABLES = ["sum", "sum that forgets", "correction"]


def _means(across, scores):
    """Return the lines of a picture: name -> (across, means of the starts). scores: name -> (points, starts)"""
    return {name: (across, values.mean(axis=1)) for name, values in scores.items()}


def _errors(scores):
    """Return half of what is between the lowest and the highest start, at each point."""
    return {name: np.ptp(values, axis=1) / 2 for name, values in scores.items()}
