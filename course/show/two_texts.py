"""Does a claim hold on a second text? A picture for each page: its general claims, on both texts."""

import csv
import functools

from course.base.place import ROOT
from course.show.drawing import Sheet, color, signed

TEXTS = {"Sonnets": "first", "speeches": "second"}  # and their colors
ROW, LINE = 0.36, 0.24  # inches, for the claim, and for each text


@functools.cache
def stored():
    """Return dict: page -> claim -> text -> list of (value, error), one for each start, by experiments.claims."""
    pages = {}
    with open(ROOT / "data/two_texts.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            values = pages.setdefault(row["page"], {}).setdefault(row["claim"], {}).setdefault(row["text"], [])
            values.append((float(row["value"]), float(row["error"])))
    return pages


def two_texts(page, title="What holds on a second text?", runs=""):
    """Draw the claims of a page, such as "10": a dot for each start, with an error bar to both sides.

    A claim says how much one thing is ahead of another, so a dot to the right of 0 bears it out. Each claim has a scale
    of its own, from 0 to the end of its longest bar; the numbers stand at the right. runs: see drawing.write_runs
    """
    claims = stored()[page]
    sheet = Sheet(title, 0.75 + len(claims) * (ROW + len(TEXTS) * LINE))
    sheet.say("a dot for each start, with one standard error to both sides; right of 0 the claim holds")
    middle, half, top = 3.1, 1.75, sheet.axes.get_ylim()[1] - 0.5
    for claim, texts in claims.items():
        sheet.write(0.15, top - 0.08, claim, align="left")
        sheet.say(claim)
        widest = max(abs(value) + error for dots in texts.values() for value, error in dots)
        below = top - ROW - (len(texts) - 0.5) * LINE
        sheet.line((middle, top - ROW + 0.1), (middle, below), kind="quiet", width=0.8)
        for k, (text, dots) in enumerate(texts.items()):
            y = top - ROW - k * LINE
            sheet.write(0.35, y, text, TEXTS[text], size="small", align="left")
            for start, (value, error) in enumerate(dots):
                x, bar = middle + half * value / widest, half * error / widest
                up = 0.05 * ((len(dots) - 1) / 2 - start)
                sheet.line((x - bar, y + up), (x + bar, y + up), kind=TEXTS[text], width=1.2, zorder=2)
                sheet.axes.plot(x, y + up, "o", ms=4.5, color=color(TEXTS[text], "line"), zorder=3)
            digits = 3 if widest < 2 else 1
            numbers = [signed(value, digits) for value, _ in dots]
            sheet.write(6.85, y, ",  ".join(numbers), size="small", align="right")
            given = [f"{signed(value, digits)} ± {signed(error, digits)}" for value, error in dots]
            sheet.say(f"  {text}: {', '.join(given)}")
        top -= ROW + len(TEXTS) * LINE
    sheet.write(middle, top - 0.02, "0", "quiet", size="small")
    sheet.write(6.85, top - 0.02, "each claim on a scale of its own", "quiet", size="small", align="right")
    return sheet.with_runs(runs)
