"""The pictures of page 01: how scores become probabilities, and what a guess costs."""

import math

import numpy as np

from course.show.drawing import Sheet, color, named, shade, signed
from course.show.live import Live
from rnn_helpers import softmax, softmax_gradient


def line_against_weights(names, wanted):
    """Why are ids not enough? On the left the best straight line over the ids, on the right a weight for each letter.

    wanted: the answer, 0 or 1, for each letter
    """
    ids, wanted = np.arange(len(names)), np.asarray(wanted)
    slope, constant = np.polyfit(ids, wanted, 1)
    answers = slope * ids + constant
    sheet = Sheet("One weight per letter can do what no line can", 2.9)
    sheet.write(0.15, 2.38, "id times one number, plus another", "quiet", align="left")
    axes = sheet.chart(0.55, 0.55, 2.7, 1.55, xlim=(-0.4, len(ids) - 0.6), ylim=(-0.15, 1.15), yticks=[0, 1])
    axes.set_xticks(ids, [f"{name}\nid {id}" for name, id in zip(names, ids)])
    axes.vlines(ids, answers, wanted, color=color("slope"), ls=(0, (3, 2)), lw=1.4)
    axes.plot(ids, answers, color=color("weight"), lw=2.2)
    axes.plot(ids, wanted, "o", color=color("chance", "bar"), mec=color("chance"), ms=9, ls="none")
    axes.annotate("wanted", (ids[0] + 0.14, 0.98), color=color("chance"), fontsize=9, va="center")
    axes.annotate(
        f"the best line says {answers.mean():.1f}",
        (1.5, answers.mean() + 0.09),
        color=color("weight"),
        fontsize=9,
        ha="center",
    )
    told = ", ".join(f"{name} {answer:.1f} for {goal}" for name, answer, goal in zip(names, answers, wanted))
    sheet.say(f"the best line over the ids says: {told}")

    sheet.write(3.75, 2.38, "each place of the row times its own weight", "quiet", align="left")
    left, pitch = 4.3, 0.42
    sheet.write(left - 0.25, 2.0, "weights", "weight", align="right", size="small")
    for place, weight in enumerate(wanted):
        sheet.cell(left + pitch * place, 2.0, f"{weight}", "weight", pitch, 0.34)
    for id, name in enumerate(names):
        y = 1.52 - 0.36 * id
        sheet.write(left - 0.35, y, name, family="monospace", weight="bold")
        row = (ids == id).astype(int)
        for place, number in enumerate(row):
            ground = shade("letter", 0.9) if number else "letter"
            sheet.cell(left + pitch * place, y, f"{number}", ground, pitch, 0.32)
        sheet.arrow((left + pitch * 3.6, y), (left + pitch * 3.6 + 0.4, y))
        sheet.write(left + pitch * 3.6 + 0.6, y, f"{row @ wanted}", "chance", weight="bold")
        sheet.say(f"{name}: {' '.join(map(str, row))} times the weights gives {row @ wanted}")
    return sheet


def softmax_bars(names, scores):
    """How do scores become probabilities? Three rows of bars: the scores, their powers of e, and their shares."""
    powers = np.exp(scores)
    total = powers.sum()
    sheet = Sheet("Softmax turns any scores into positive shares of 1", 4.1)
    rows = [
        ("scores $z$", scores, "letter", "any numbers", 0.24, 0),
        ("powers $e^z$", powers, "first", f"positive; their sum is {total:.3f}", 0.095, 3),
        ("probabilities $p$", powers / total, "chance", f"each power divided by {total:.3f}", 0.095 * total, 3),
    ]
    for (title, values, kind, what, scale, digits), base in zip(rows, (2.85, 1.6, 0.38)):
        sheet.write(0.15, base + 0.42, title, kind, align="left", weight="bold")
        sheet.write(0.15, base + 0.16, what, "quiet", "small", align="left")
        sheet.line((2.6, base), (6.85, base))
        for k, value in enumerate(values):
            x, end = 3.15 + 1.07 * k, base + scale * value
            sheet.bar((x, base), (x, end), kind, 0.5)
            sheet.write(x, end + (0.14 if value >= 0 else -0.14), signed(value, digits), kind)
        sheet.say(f"{title}: " + ", ".join(f"{name} {signed(value, digits)}" for name, value in zip(names, values)))
    for k, name in enumerate(names):
        sheet.write(3.15 + 1.07 * k, 0.19, name, family="monospace", weight="bold")
    return sheet


def surprises_on_the_curve(names, probs):
    """What does a bad guess cost? The targets on the curve -ln p, each with its probability and its surprise.

    names  what each target is called; probs: the probability that it got
    """
    surprises = -np.log(probs)
    sheet = Sheet("One bad guess costs more than the other three together", 3.9)
    axes = sheet.chart(0.7, 0.6, 6.05, 2.75, xlim=(0, 1.02), ylim=(0, 4.2), xticks=np.linspace(0, 1, 6))
    axes.set_xlabel("probability $p$ of the character that came")
    p = np.geomspace(0.015, 1, 200)
    axes.plot(p, -np.log(p), color=color("slope"), lw=2.2)
    axes.set_ylabel("surprise $-\\ln p$, in nats")
    for name, chance, surprise in zip(names, probs, surprises):
        bits = surprise / math.log(2)
        axes.vlines(chance, 0, surprise, color=color("chance", "bar"), lw=1.4)
        axes.plot([chance], [surprise], "o", color=color("slope", "bar"), mec=color("slope"), ms=8)
        told = f"$p$ = {chance:.4f}: {surprise:.3f} nats, {bits:.3f} bits"
        axes.annotate(f"{name}", (chance + 0.02, surprise + 0.12), weight="bold", fontsize=10.5, va="bottom")
        lines = f"$p$ = {chance:.4f}\n{surprise:.3f} nats\n{bits:.3f} bits"
        axes.annotate(lines, (chance + 0.055, surprise + 0.12), fontsize=9, va="bottom", color=color("quiet"))
        sheet.say(f"{name}, {told}")
    total = surprises.sum()
    mean, bits = total / len(probs), total / len(probs) / math.log(2)
    sums = [f"loss: {total:.3f} nats in all", f"per character: {mean:.3f} nats, {bits:.3f} bits"]
    for row, line in enumerate(sums):
        sheet.write(6.75, 3.2 - 0.24 * row, line, "slope", align="right")
    sheet.say(*sums)
    return sheet


def move_scores(names, scores, came):
    """Scores to be moved, with their powers, probabilities and slopes, and what the letter that came costs.

    names, scores  of the letters; came: the id of the one that came
    """
    probs, powers = softmax(scores), np.exp(scores)
    (slopes,) = softmax_gradient(scores[None], np.array([came]))
    lines = ["Scores to be moved, and what follows from them"]
    for name, score, power, p, slope in zip(names, scores, powers, probs, slopes):
        lines.append(f"{name}: score {score:.1f}, power {power:.2f}, probability {p:.3f}, slope {slope:.3f}")
    price = -math.log(probs[came])
    lines.append(f"{names[came]} costs {price / math.log(2):.2f} bits, {price:.4f} nats.")
    data = {"names": list(names), "scores": np.round(scores, 4).tolist(), "came": int(came)}
    return Live("scores", data, "\n".join(lines))


def expectations(chars, line, probs, places):
    """What did the network expect, and what came? The three most probable characters at some places of a line.

    chars: the vocabulary; probs (T, V): row t is the guess after line[: t + 1]; places: the rows to be shown
    """
    places = [(line[: t + 1], dict(zip(chars, probs[t])), line[t + 1]) for t in places]
    chances = [probs[came] for _, probs, came in places]
    best, worst = int(np.argmax(chances)), int(np.argmin(chances))
    said = [f"{named(places[k][2])} with {chances[k]:.2f}" for k in (best, worst)]
    sheet = Sheet(f"The network expects {said[0]}, but {said[1]}", 2.5)
    for column, (read, probs, came) in enumerate(places):
        left = 0.2 + 2.28 * column
        sheet.write(left, 2.0, "after", "quiet", align="left")
        end = ("…" if len(read) > 12 else "") + read[-12:].replace(" ", "␣")
        sheet.write(left + 0.5, 2.0, end, align="left", family="monospace")
        best = sorted(probs, key=lambda char: -probs[char])[:3]
        shown = best if came in best else [*best, came]
        for row, char in enumerate(shown):
            y = 1.55 - 0.36 * row - (0.2 if row == 3 else 0)
            sheet.write(left + 0.5, y, named(char), align="right", weight="bold" if char == came else "normal")
            sheet.bar((left + 0.6, y), (left + 0.6 + 0.95 * probs[char], y), "chance")
            note = f"{probs[char]:.2f}" + ("  came" if char == came else "")
            sheet.write(left + 0.68 + 0.95 * probs[char], y, note, "chance", "small", align="left")
        told = ", ".join(f"{named(char)} {probs[char]:.2f}" for char in shown)
        sheet.say(f"after {read!r}: {told}; came {named(came)}")
    return sheet
