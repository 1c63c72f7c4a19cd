"""The picture of page 08, what a score owes to luck, and the scores that it compares and draws."""

import csv

import numpy as np

from course.base.place import ROOT
from course.models.judging import standard_error
from course.show.drawing import Sheet, claim, color, signed

LANE = 0.82  # inches


def bits_by_size(trained):
    """Return what models of all sizes need on the ninth tenth of the Sonnets, by experiments.page_runs.

    trained  (numbers that a network keeps, its bits from each start): it takes the place of the stored one of this size
    Returns dict: "network" or "table" -> dict: how many numbers are kept -> list of bits per character, one of each
    start. A table is the best of those with so many numbers or fewer.
    """
    found = {}
    with open(ROOT / "data/by_size.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            found.setdefault(row["model"], {}).setdefault(int(row["numbers"]), []).append(float(row["bits"]))
    numbers, bits = trained
    if numbers not in found["network"]:
        raise ValueError(f"No stored network keeps {numbers:,} numbers.")
    found["network"][numbers] = [float(value) for value in bits]
    return found


def stored_tenths():
    """Return what each of the first nine tenths of a text costs models that have read the other eight.

    Returns dict: "Sonnets" or "speeches" -> dict: "network", "table", "network − table", "another start" (of the
    network, less the first one) or "s = 1" (that table less the tuned one) -> rows of (bits, standard error), (9, 2).
    """
    names = "network", "table", "network − table", "another start", "s = 1"
    numbers = np.loadtxt(ROOT / "data/each_tenth.csv", delimiter=",", skiprows=1, usecols=range(2, 12))
    texts = numbers.reshape(2, 9, len(names), 2).swapaxes(1, 2)
    return {text: dict(zip(names, rows)) for text, rows in zip(("Sonnets", "speeches"), texts)}


def compare(name, one, other):
    """Print how many bits more one model needs than another, and whether it is a tie.

    one, other  what each character cost, in bits, (N,). The error is that of the paired difference, in blocks of 100
    """
    difference = one - other
    more, error = difference.mean(), standard_error(difference)
    verdict = "a tie" if abs(more) < 2 * error else f"{abs(more) / error:.0f} standard errors"
    print(f"{name} {more:+.4f} ± {error:.4f}, {verdict}")


def each_tenth(scores):
    """Do error bars say how much the scores of other tenths differ?

    scores  dict: label -> list of (bits, standard error), one for each tenth; the last one is a difference
    """
    found = {}
    for label, dots in scores.items():
        bits, errors = np.array(dots, float).T
        found[label] = bits - bits.mean(), errors, bits.std(ddof=1), errors.mean()
    *singles, paired = [spread / printed for _, _, spread, printed in found.values()]
    holds = min(singles) > 1.5 and max(paired, 1 / paired) < 1.25
    title = "The error bars of single scores are too short"
    title = claim(holds, title, "What the error bars say, and how much the tenths differ")
    sheet = Sheet(title, 0.95 + LANE * len(found))
    widest = max(abs(apart).max() + errors.max() for apart, errors, _, _ in found.values())
    kinds = dict(zip(found, ("state", "second", "ink")))
    middle, scale, top = 3.2, 1.75 / widest, sheet.axes.get_ylim()[1] - 0.45
    sheet.say("a dot for each tenth: its bits, less their mean, with one standard error to both sides")
    sheet.line((middle, top), (middle, 0.5), kind="quiet", width=0.8)
    for tick in (-0.1, 0, 0.1):
        if abs(tick) < widest:
            sheet.write(middle + scale * tick, 0.36, signed(tick, 1), "quiet", "small")
    sheet.write(middle, 0.15, "bits per character, less the mean of the nine", "quiet", "small")
    for lane, (label, (apart, errors, spread, printed)) in enumerate(found.items()):
        y = top - LANE * (lane + 0.5)
        sheet.write(0.15, y, label, kinds[label], align="left")
        for k, (value, error) in enumerate(zip(apart, errors)):
            x, bar, up = middle + scale * value, scale * error, y + 0.078 * ((len(apart) - 1) / 2 - k)
            sheet.line((x - bar, up), (x + bar, up), kind=kinds[label], width=1.1, zorder=2)
            sheet.axes.plot(x, up, "o", ms=4.5, color=color(kinds[label]), zorder=3)
        sheet.write(5.2, y + 0.12, f"they differ by {spread:.3f}", kinds[label], align="left", weight="bold")
        sheet.write(5.2, y - 0.12, f"the bars say {printed:.3f}", kinds[label], align="left")
        sheet.say(f"{label}: {', '.join(signed(value, 3) for value in apart)}")
        sheet.say(f"  they differ by {spread:.3f}, the bars say {printed:.3f}")
    return sheet
