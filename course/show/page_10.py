"""The patients of page 10: their six curves, and whether a step has helped the sequence that it was made from."""

import csv
import functools

import numpy as np

from course.base.place import ROOT
from course.show.drawing import SIZES, Sheet, claim, color

GUESS = 50 * np.log(35)  # nats: what a sequence costs whoever knows nothing
LOW, HIGH = 90, 220  # the scale of all six curves, in nats


@functools.cache
def stored():
    """Return dict: (patient, start, "smoothed" or "helped") -> (2, n): sequences read, or quarters, and the values."""
    found = {}
    with open(ROOT / "data/clinic.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = row["patient"], int(row["start"]), row["what"]
            found.setdefault(key, []).append((int(row["at"]), float(row["value"])))
    return {key: np.array(points).T for key, points in found.items()}


def six_curves(title="Three of the six curves climb"):
    """Can you see what is wrong with a training? The smoothed losses of the patients A to F, on one scale."""
    sheet = Sheet(title, 4.3)
    sheet.write(0.15, 3.78, "smoothed loss in nats; the gray line is a blind guess", "quiet", "small", align="left")
    sheet.say(f"across: sequences read; up: smoothed loss, nats, from {LOW} to {HIGH}", f"a blind guess: {GUESS:.2f}")
    for k, name in enumerate("ABCDEF"):
        read, losses = stored()[name, 0, "smoothed"]
        axes = sheet.chart(
            0.6 + (k % 3) * 2.15, 2.2 - (k // 3) * 1.75, 1.85, 1.25, xlim=(0, read[-1]), ylim=(LOW, HIGH)
        )
        axes.axhline(GUESS, color=color("rule"), linewidth=1.2)
        axes.plot(read, losses, color=color("slope"), linewidth=2)
        axes.set_xlabel("sequences read")
        axes.xaxis.set_label_coords(0.46, -0.145)  # between the two numbers below the axis
        first, last = axes.set_xticks([0, read[-1]], ["0", f"{read[-1]:,.0f}"])
        first.label1.set_ha("left")
        last.label1.set_ha("right")
        axes.set_yticks([100, 150, 200], [] if k % 3 else None)
        axes.text(0.06, 0.08, name, transform=axes.transAxes, fontsize=SIZES["title"], weight="bold")
        places = np.unique(np.linspace(0, len(read) - 1, 5).round().astype(int))
        lowest = losses.argmin()
        heights = ", ".join(f"{losses[i]:.1f} at {read[i]:,.0f}" for i in places)
        sheet.say(f"{name}: {heights}; lowest {losses[lowest]:.1f} at {read[lowest]:,.0f}")
    return sheet


def read_again(shares=None):
    """How many steps have lowered the loss of their own sequence? A healthy training, D and E, in four quarters.

    shares  dict: name -> four percentages; None: what is stored of the first start
    """
    shares = shares or {name: stored()[name, 0, "helped"][1] for name in ("healthy", "D", "E")}
    holds = min(shares["healthy"]) == 100 and min(shares["D"]) > 50 and max(shares["E"][2:]) == 0
    title = claim(holds, "E's later steps never help their own sequence", "How many steps help their own sequence")
    sheet = Sheet(title, 2.3)
    unit = "percent of the steps that lowered the loss of their own sequence, in each quarter of the training"
    sheet.write(0.15, 1.77, unit, "quiet", "small", align="left")
    sheet.say(unit)
    for k, (name, row) in enumerate(shares.items()):
        y = 1.35 - 0.48 * k
        sheet.write(0.15, y, name, align="left")
        for quarter, share in enumerate(row):
            left = 1.2 + 1.4 * quarter
            sheet.line((left, y - 0.14), (left, y + 0.14), kind="rule")
            if share:
                sheet.bar((left, y), (left + share / 100, y), "slope" if name == "E" else "state")
            sheet.write(left + share / 100 + 0.08, y, f"{share:.0f}", size="small", align="left")
        sheet.say(f"{name}: {', '.join(f'{share:.0f}' for share in row)}")
    return sheet
