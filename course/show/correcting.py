"""The pictures of page 21: how a state is corrected, what it says afterwards, and who found the line for it.

A state S is a table (n, m). A key has m numbers, one for each column, and a value has n, one for each row.
"""

import numpy as np

from course.show.drawing import Sheet, claim, color, signed

WIDE, HIGH = 0.6, 0.4  # of a cell


def corrections(writes):
    """What does a write change? The state before and after each write, and what was missing.

    writes  list of (name, key, value), two numbers each; the state begins with zeros, and corrections are made whole
    """
    steps = _corrected(writes)
    holds = all(np.allclose(after @ key, value) for (_, key, value), (*_, after) in zip(writes, steps))
    title = "After each correction the key reads what it should say"
    sheet = Sheet(claim(holds, title, "What each correction changes"), 0.75 + 1.33 * len(writes))
    top = sheet.axes.get_ylim()[1] - 0.58
    heads = ("state before", 1.4, "state"), ("says", 2.7, "state"), ("should say", 3.52, "letter")
    for name, x, kind in (*heads, ("missing", 4.34, "slope"), ("state after", 6.12, "state")):
        sheet.write(x, top, name, kind, "small", weight="bold")
    for row, ((name, key, value), (before, says, missing, after)) in enumerate(zip(writes, steps)):
        y = top - 1.05 - 1.33 * row  # the middle of the tables
        sheet.line((0.15, y + 0.88), (6.85, y + 0.88))
        sheet.write(0.15, y + 0.6, f"key {name}", "letter", align="left", weight="bold")
        for column, entry in enumerate(key):
            sheet.box(1.1 + WIDE * column, y + 0.6, _short(entry), "letter", WIDE - 0.1, 0.28)
            _column(sheet, 1.1 + WIDE * column, y, before[:, column], "state")
        sheet.arrow((2.02, y), (2.36, y), kind="state")
        for x, values, kind in ((2.7, says, "state"), (3.52, value, "letter"), (4.34, missing, "slope")):
            _column(sheet, x, y, values, kind)
        sheet.arrow((4.68, y), (5.36, y), kind="slope", width=2)
        sheet.write(5.0, y + 0.16, "× key", "quiet", "small")
        _state_after(sheet, y, before, after)
        numbers = f"says {_said(says)}, should say {_said(value)}, missing {_said(missing)}"
        sheet.say(f"key {name} {_said(key)}: {numbers}", f"  state after: {', '.join(map(_said, after))}")
    return sheet


def what_is_read(writes):
    """What does each key read after all writes? What a corrected state says of it, and what a sum says.

    writes  as for corrections
    """
    told = {name: (np.asarray(key, float), np.asarray(value, float)) for name, key, value in writes}
    states = {"correction": _corrected(writes)[-1][-1], "sum": sum(np.outer(value, key) for _, key, value in writes)}
    far = {way: sum(np.abs(S @ key - value).sum() for key, value in told.values()) for way, S in states.items()}
    title = claim(far["correction"] < far["sum"] / 2, "The correction is near to what it was told last", "What is read")
    sheet = Sheet(title, 1.05 + 1.0 * len(told))
    top = sheet.axes.get_ylim()[1] - 0.62
    sheet.write(1.5, top, "told last", "letter", "small", weight="bold")
    for way, x in zip(states, (3.3, 5.7)):
        sheet.write(x - 0.38, top, f"{way} says", "state", "small", weight="bold")
        sheet.write(x + 0.52, top, "missing", "slope", "small", weight="bold")
    for row, (name, (key, value)) in enumerate(told.items()):
        y = top - 0.62 - 1.0 * row
        sheet.write(0.15, y, f"key {name}", "letter", align="left", weight="bold")
        _column(sheet, 1.5, y, value, "letter")
        sheet.say(f"key {name}, told last {_said(value)}")
        for (way, S), x in zip(states.items(), (3.3, 5.7)):
            _column(sheet, x - 0.38, y, S @ key, "state")
            _column(sheet, x + 0.52, y, value - S @ key, "slope")
            sheet.say(f"  {way}: says {_said(S @ key)}, missing {_said(value - S @ key)}")
    return sheet


def delta_years():
    """Where does the line come from? Six stations, and what each of them added to it."""
    same = ("", "S +=", "β (v − S k)", "kᵀ")
    stations = [  # the year, who, what they added; the line in four parts, and the place of the new one
        ("1960", "Widrow and Hoff", "each mistake corrects the weights", ("", "W +=", "rate · error", "xᵀ"), 2),
        ("1992", "Schmidhuber", "a network writes the table while it reads", ("", "S +=", "a", "bᵀ"), 1),
        ("2020", "Katharopoulos and others", "attention without softmax is such a table", ("", "S +=", "v", "kᵀ"), 2),
        ("2021", "Schlag, Irie, Schmidhuber", "only what is missing is written", same, 2),
        ("2024", "Yang and others", "all steps are trained at once, in blocks", same, None),
        ("2025", "Yang and others", "a gate lets go of the old first", ("S *= α", *same[1:]), 0),
    ]
    sheet = Sheet("Each of them added one thing to the line", 4.25)
    top = sheet.axes.get_ylim()[1] - 0.75
    sheet.line((0.85, top), (0.85, top - 0.6 * 5), width=2)
    for row, (year, who, added, parts, new) in enumerate(stations):
        y = top - 0.6 * row
        sheet.write(0.15, y, year, align="left", weight="bold")
        sheet.circle(0.85, y, "", "first", 0.06)
        sheet.write(1.05, y + 0.12, who, align="left")
        sheet.write(1.05, y - 0.12, added, "first" if new is None else "quiet", "small", align="left")
        for place, (x, part) in enumerate(zip((4.15, 4.85, 5.3, 6.45), parts)):
            ours = {"kind": "first", "on": "first", "weight": "bold"} if place == new else {}
            sheet.write(x, y, part, align="left", family="monospace", **ours)
        sheet.say(f"{year}, {who}: {added}", f"  {' '.join(parts).strip().replace('ᵀ', '^T')}")
    return sheet


def _corrected(writes):
    """Return for each write the state before, what it says of the key, what is missing, and the state after."""
    steps, S = [], np.zeros((len(writes[0][2]), len(writes[0][1])))
    for _, key, value in writes:
        says = S @ key
        missing = value - says
        steps.append((S, says, missing, S + np.outer(missing, key)))
        S = steps[-1][-1]
    return steps


def _column(sheet, x, y, values, kind):
    for value, place in zip(values, (y + HIGH / 2, y - HIGH / 2)):
        sheet.cell(x, place, _short(value), kind, WIDE, HIGH)


def _state_after(sheet, y, before, after):
    """Draw a state. A frame marks each cell that changed, and small writing in it says by how much."""
    for (row, column), value in np.ndenumerate(after):
        x, place, change = 5.75 + 0.74 * column, y + HIGH / 2 - HIGH * row, value - before[row, column]
        if abs(change) < 0.005:
            sheet.cell(x, place, _short(value), "state", 0.74, HIGH)
            continue
        sheet.cell(x, place, "", "state", 0.72, HIGH - 0.02, ec=color("slope"), lw=1.6, zorder=3)
        sheet.write(x, place + 0.07, _short(value), weight="bold")
        sheet.write(x, place - 0.1, ("+" if change > 0 else "") + _short(change), "slope", "small")


def _short(value):
    return signed(value, 2).rstrip("0").rstrip(".")


def _said(values):
    return " ".join(map(_short, values))
