"""The picture of page 08: what a score owes to luck."""

import numpy as np

from course.show.drawing import Sheet, claim, color, signed

LANE = 0.82  # inches


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
    title = "Single scores differ more than their bars say, this paired one does not"
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
