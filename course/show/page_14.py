"""Page 14's scores: what they cost, how two models are compared, and the pictures of a file, dropout, and the contest.

A cost is what a character cost a model, in bits. Costs are one number for each character, (N-1,), or one for each block
of 100 characters, (93,): the page has nothing finer of a packer, which it cannot run.
"""

import math

import numpy as np

from course.base.place import ROOT
from course.models.judging import standard_error
from course.show.drawing import Sheet, claim, color, signed
from course.show.pictures import line_picture

BLOCK = 100
LONGEST = 1000  # blocks: more numbers than that are costs of single characters


# ---------------------------------------------------------------- numbers
def costs_of(probs):
    """Return what each character cost a model, in bits, from the probabilities that it gave to those that came."""
    return -np.log2(np.asarray(probs, float))


def dropout_scores(own):
    """Return what six small networks need, trained without and with dropout, by experiments.page_runs.

    own  (5, 2): what the first network with dropout needs after 2, 4, 6, 8 and 10 epochs, in bits for a character of
         the text that it was trained on, and of unseen text. It takes the place of the stored one
    Returns dict: "without" or "dropout" -> (3, 5, 2), the same for three starts.
    """
    scores = np.loadtxt(ROOT / "data/dropout.csv", delimiter=",", skiprows=1)[:, 2:].reshape(2, 3, 5, 2)
    scores[1, 0] = own
    return {"without": scores[0], "dropout": scores[1]}


def in_blocks(costs):
    """Return the means of blocks of 100 characters; a rest too short is left out. Blocks stay as they are."""
    if len(costs) < LONGEST:
        return costs
    blocks = len(costs) // BLOCK
    return costs[: blocks * BLOCK].reshape(blocks, BLOCK).mean(axis=1)


def lead(costs, other):
    """Return (how many bits fewer one model needs than another at the same characters, the standard error of that)."""
    if min(len(costs), len(other)) < LONGEST:
        costs, other = in_blocks(costs), in_blocks(other)
    difference = other - costs
    return difference.mean(), standard_error(difference, BLOCK if len(difference) >= LONGEST else 1)


def compare(name, costs, other):
    """Print how far one model is ahead of another, and whether this is more than two standard errors."""
    ahead, error = lead(costs, other)
    verdict = "a tie" if abs(ahead) < 2 * error else f"{abs(ahead) / error:.1f} standard errors"
    print(f"{name} {ahead:+.3f} ± {error:.3f}, {verdict}")


# ---------------------------------------------------------------- pictures
def narrowing(text, rows, chars):
    """What becomes of a bit in a file? The numbers from 0 to 1, cut anew by each character of a text.

    rows  for each character of the text, the probabilities of all characters, in the order of chars
    """
    width = math.prod(row[chars.index(char)] for char, row in zip(text, rows))
    sheet = Sheet(f"The text {text!r} costs {-math.log2(width):.2f} bits", 0.35 + 0.85 * len(text))
    left, right, top = 0.35, 5.55, sheet.axes.get_ylim()[1] - 0.75
    for step, (char, row) in enumerate(zip(text, rows)):
        y, ends = top - 0.85 * step, np.append(0, np.cumsum(row))
        places = left + (right - left) * ends
        for other, start, end in zip(chars, places, places[1:]):
            name = {" ": "␣", "\n": "↵"}.get(other, other) if end - start > 0.16 else ""
            kind = "chance" if other == char else "letter"
            sheet.cell((start + end) / 2, y, name, kind, end - start, 0.36, lw=0.6)
        at = chars.index(char)
        if step + 1 < len(text):  # what is left is as wide as the next row
            for start, end in ((places[at], left), (places[at + 1], right)):
                sheet.line((start, y - 0.18), (end, y - 0.67), kind="chance", width=1.0)
        sheet.write(5.7, y + 0.1, f"p = {row[at]:.3f}", "chance", "small", align="left")
        sheet.write(5.7, y - 0.1, f"{-math.log2(row[at]):.2f} bits", "slope", "small", align="left")
        sheet.say(f"{char}: from {ends[at]:.3f} to {ends[at + 1]:.3f}, p = {row[at]:.3f}")
    return sheet


def dropped_network(draws, rate):
    """What does dropout do to a sum over the units? The same sum in training, with units away, and later with all.

    draws  a random number for each unit, which is dropped if its number is below the rate
    """
    away = np.array(draws) < rate
    factor = f"{1 / (1 - rate):.3g}"
    height = 0.95 + 0.42 * len(draws)
    sheet = Sheet(f"{away.sum()} of {len(draws)} units are away, but the others count more", height)
    middle = 0.2 + 0.21 * len(draws)
    for left, name in ((1.75, "while it trains"), (5.0, "when it is judged")):
        training = left < 3
        sheet.write(left - 0.17, height - 0.58, name, "quiet", align="left")
        for k, (draw, gone) in enumerate(zip(draws, away)):
            y = 0.2 + 0.42 * (len(draws) - k - 0.5)
            gone = gone and training
            sheet.circle(left, y, "" if gone else f"$h_{k}$", "rule" if gone else "state", 0.17)
            if training:
                sheet.write(left - 0.3, y, f"{draw:g}", "chance", align="right")
            if gone:
                for rise in (-0.13, 0.13):
                    sheet.line((left - 0.13, y - rise), (left + 0.13, y + rise), kind="slope", width=2.2, zorder=6)
            else:
                start, end = (left + 0.18, y), (left + 1.27, middle + 0.08 * (y - middle))
                sheet.line(start, end, kind="weight", width=3.2 if training else 1.6)
                if training:
                    sheet.write(left + 0.48, y + 0.27 * (end[1] - y), f"× {factor}", "weight", "small", on="page")
        sheet.circle(left + 1.45, middle, "+", radius=0.18)
    sheet.write(1.45, height - 0.58, "drawn", "chance", align="right")
    fate = ["away" if gone else f"* {factor}" for gone in away]
    sheet.say(*[f"unit {k}, drawn {draw:g}: {what}" for k, (draw, what) in enumerate(zip(draws, fate))])
    sheet.say("when it is judged: all units, * 1")
    return sheet


def with_and_without(epochs, scores):
    """When does unseen text get worse again? With and without dropout, and what the networks need for their own text.

    epochs  (5,) after which they were scored; scores: as dropout_scores returns them
    """
    lines, errors = {}, {}
    for name, starts in scores.items():
        for column, text in enumerate(("trained", "unseen")):
            lines[f"{name}, {text}"] = (epochs, starts[:, :, column].mean(axis=0))
            errors[f"{name}, {text}"] = starts[:, :, column].std(axis=0, ddof=1)
    _, unseen = lines["dropout, unseen"]
    return line_picture(
        claim(
            unseen.argmin() == len(unseen) - 1,
            "With dropout, unseen text doesn't get worse again",
            "What the networks need, with dropout and without",
        ),
        "epoch",
        "bits per character, after training on a quarter",
        lines,
        kinds={label: "first" if label.startswith("without") else "state" for label in lines},
        errors=errors,
        heavy=("without, unseen", "dropout, unseen"),
        runs="3 starts · 2 to 10 epochs · unseen: the ninth tenth · bar: standard deviation of the starts "
        "· yours is the first with dropout, the others are stored",
    )


def cheaper_together(p, q):
    """Why does a mixture cost less than its models do on average? The curve of -log2 p, and a chord of it."""
    sheet = Sheet("The mixture pays less than the models pay on average", 3.7)
    axes = sheet.chart(0.75, 0.6, 5.9, 2.5, xlim=(0, 1), ylim=(0, 4.6), xlabel="probability of what came")
    sheet.write(0.15, 3.27, "bits", "quiet", "small", align="left")
    line = np.linspace(0.04, 1, 300)
    axes.plot(line, -np.log2(line), color=color("state"), lw=2.2)
    (cost, other), mixed = costs_of([p, q]), costs_of((p + q) / 2)
    mean, middle = (cost + other) / 2, (p + q) / 2
    axes.plot((p, q), (cost, other), color=color("slope"), lw=2.2, zorder=3)
    axes.plot((middle, middle), (mean, 0.8), color=color("quiet"), lw=1, ls=(0, (2, 2)))
    for x, y, kind in ((p, cost, "ink"), (q, other, "ink"), (middle, mean, "slope"), (middle, mixed, "state")):
        axes.plot(x, y, "o", color=color(kind), ms=6, zorder=4)

    def label(x, y, text, kind):
        sheet.write(0.75 + 5.9 * x, 0.6 + 2.5 * y / 4.6, text, kind, align="left", on="page")
        sheet.say(text)

    label(q + 0.025, other + 0.3, f"one model gives {q:g} and pays {other:.2f}", "ink")
    label(p + 0.02, cost + 0.32, f"the other gives {p:g} and pays {cost:.2f}", "ink")
    label(middle + 0.025, mean + 0.28, f"on average they pay {mean:.2f}", "slope")
    label(0.04, 0.6, f"together they give {middle:g} and pay {mixed:.2f}", "state")
    return sheet


def scoreboard(rows, name, characters):
    """Who beats the packer? A dot for each model: how many bits fewer it needs, with a bar of two standard errors.

    rows  dict: name of a model -> (its score, its costs, its kind; kind "first" is a mixture); name: of the packer
    characters  how many are packed, so that the bits can be told in bytes
    """
    packed, level, _ = rows[name]
    rows = {model: row for model, row in rows.items() if model != name}
    leads = {model: lead(costs, level) for model, (_, costs, _) in rows.items()}
    single = [model for model, (*_, kind) in rows.items() if kind != "first"]
    won = {model for model, (ahead, error) in leads.items() if ahead > 2 * error}
    title = claim(
        not won,
        f"No model is ahead of {name}",
        claim(
            not won & set(single),
            f"Of these, only mixtures with a table beat {name}",
            f"How far each model is ahead of {name}",
        ),
    )
    row, bottom, left, width = 0.29, 0.62, 2.75, 3.2
    sheet = Sheet(title, bottom + 0.75 + row * len(rows))
    sizes = np.array([*leads.values()])
    low, high = (sizes[:, 0] - 2 * sizes[:, 1]).min(), (sizes[:, 0] + 2 * sizes[:, 1]).max()
    low, high = min(low, 0) - 0.01, max(high, 0) + 0.01

    def across(bits):
        return left + width * (bits - low) / (high - low)

    top = bottom + row * len(rows)
    sheet.line((across(0), bottom - 0.12), (across(0), top), kind="quiet", width=1.4)
    sheet.write(min(across(0), 5.4), top + 0.14, f"{name}: {_bytes(packed, characters)} bytes", "quiet", "small")
    sheet.write(6.85, top + 0.14, "bytes", "quiet", "small", align="right")
    sheet.say(f"{name}: {packed:.3f} bits per character, {_bytes(packed, characters)} bytes")
    for k, (model, (score, _, kind)) in enumerate(rows.items()):
        y, (ahead, error) = top - row * (k + 0.5), leads[model]
        sheet.write(left - 0.12, y, model, align="right")
        sheet.line((across(ahead - 2 * error), y), (across(ahead + 2 * error), y), kind=kind, width=2.4, zorder=3)
        sheet.axes.plot(across(ahead), y, "o", color=color(kind), ms=6.5, zorder=4)
        size = _bytes(score, characters)
        sheet.write(6.85, y, size, kind, align="right")
        sheet.say(f"{model}: {score:.3f} bits, {size} bytes, ahead by {signed(ahead, 3)} ± {error:.3f}")
    sheet.line((left, bottom - 0.12), (left + width, bottom - 0.12))
    for tick in np.arange(np.ceil(low * 10), np.floor(high * 10) + 1) / 10:
        sheet.line((across(tick), bottom - 0.12), (across(tick), bottom - 0.17))
        sheet.write(across(tick), bottom - 0.27, signed(tick, 1), "quiet", "small")
    below = f"bits per character fewer than {name}; bars: two standard errors"
    sheet.write(left + width / 2, 0.12, below, "quiet", "small")
    return sheet


def _bytes(bits, characters):
    return f"{bits * characters / 8:,.0f}"
