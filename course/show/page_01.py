"""The pictures of pages 00 and 01: what a network expects, how scores become probabilities, and what a guess costs."""

import math

import numpy as np

from course.show.drawing import Sheet, color, shade, signed
from rnn_helpers import apply_temperature, softmax, softmax_gradient

NAMES = {" ": "space", "\n": "line end", ",": "comma"}


def named(char):
    """Return a character, or a name for one that is hard to see."""
    return NAMES.get(char, char)


# ---------------------------------------------------------------- page 00
def most_probable(read, probs):
    """Which character does the network expect next? A bar for each of the most probable ones.

    read: the text that it has read; probs: {character: probability}
    """
    best = sorted(probs, key=lambda char: -probs[char])[:8]
    sheet = Sheet(f"It takes {_with_article(named(best[0]))} for the most probable", 3.32)
    sheet.write(0.15, 2.77, f"after “{read}”", "quiet", align="left")
    for row, char in enumerate(best):
        y, end = 2.42 - 0.29 * row, 1.2 + 4.6 * probs[char] / probs[best[0]]
        sheet.write(1.05, y, named(char), align="right", weight="normal" if row else "bold")
        sheet.bar((1.2, y), (end, y), "chance", 0.2)
        sheet.write(end + 0.1, y, f"{probs[char]:.2f}", "chance", align="left")
        sheet.say(f"{named(char)} {probs[char]:.2f}")
    return sheet


def _with_article(name):
    return f"a {name}" if len(name) > 1 else name


def pieces_of_a_line(probs, temperatures):
    """What does the temperature do to the probabilities? Each line from 0 to 1 is cut into pieces, one a character.

    probs  {character: probability} at the temperature 1; the six most probable ones get a piece of their own
    """
    chars = sorted(probs, key=lambda char: -probs[char])
    logits = np.log([probs[char] for char in chars])
    sheet = Sheet("The lower the temperature, the more the likeliest one gets", 0.65 + 0.6 * len(temperatures))
    left, length = 1.55, 5.25
    colors = [shade("chance", share) for share in np.linspace(1, 0.3, 6)] + ["letter"]
    for row, temperature in enumerate(temperatures):
        y, start = sheet.axes.get_ylim()[1] - 0.8 - 0.6 * row, left
        pieces = apply_temperature(logits, temperature)
        pieces = np.append(pieces[:6], pieces[6:].sum())
        sheet.write(1.4, y, f"temperature {temperature:g}", align="right")
        named_pieces = list(zip([*map(named, chars[:6]), "all others"], pieces))
        for (name, share), ground in zip(named_pieces, colors):
            width = length * share
            sheet.cell(start + width / 2, y, "", ground, width, 0.4)
            label = f"{name} {share:.2f}" if len(name) > 1 else name
            for text in (label, name):
                if width > 0.085 * len(text) + 0.08:
                    sheet.write(start + width / 2, y, text)
                    break
            start += width
        sheet.say(f"temperature {temperature:g}: " + ", ".join(f"{name} {share:.2f}" for name, share in named_pieces))
    return sheet


def bars_of_costs(guesses, sure, came, chances):
    """Who is surprised less, you or the network? Two bars for each place, in bits, and two for the mean.

    guesses, came  one character for each place: yours, and the one that came; sure: the probability of your guesses
    chances        the network's {character: probability} at each place
    """
    if len(guesses) != len(came) or not 0 < sure < 1:
        raise ValueError(
            f"Give {len(came)} guesses in a row, such as 'eeeeeeeeeeee', and for sure a number between 0 and 1."
        )
    yours = [
        -math.log2(sure if guess == char else (1 - sure) / (len(probs) - 1))
        for guess, char, probs in zip(guesses.lower(), came, chances)
    ]
    networks = [-math.log2(probs[char]) for char, probs in zip(came, chances)]
    mine, its = np.mean(yours), np.mean(networks)
    sheet = Sheet(f"You pay {mine:.1f} bits a character, the network {its:.1f}", 1.22 + 0.36 * len(came))
    left, unit = 2.75, 2.8 / max(*yours, *networks)

    def bars(y, pair, names=("", "")):
        for cost, kind, name, up in zip(pair, ("first", "state"), names, (0.08, -0.08)):
            sheet.bar((left, y + up), (left + unit * cost, y + up), kind, 0.13)
            sheet.write(left + unit * cost + 0.08, y + up, f"{cost:.1f}{name}", kind, "small", align="left")

    top = 0.6 + 0.36 * len(came)
    sheet.line((left, 0.2), (left, top + 0.2))
    sheet.write(2.6, top, "on average", align="right", weight="bold")
    bars(top, (mine, its), (" bits: you", " bits: the network"))
    for row, pair in enumerate(zip(yours, networks)):
        y = top - 0.1 - 0.36 * (row + 1)
        guess, it_was = named(guesses[row].lower()), named(came[row])
        sheet.write(0.4, y, f"{row + 1}", "quiet", align="right")
        sheet.write(0.6, y, f"you: {guess}", "first", align="left", weight="bold" if guess == it_was else "normal")
        sheet.write(2.6, y, f"it was {it_was}", align="right")
        bars(y, pair)
        sheet.say(f"{row + 1}: you {guess}, it was {it_was}; you {pair[0]:.1f} bits, the network {pair[1]:.1f}")
    return sheet


def five_parts():
    """What must a network be able to do? Its five parts, the page that builds each, and how they hang together."""
    sheet = Sheet("It reads, guesses and draws; its surprise leads back", 3.35)
    high, low = 2.35, 1.05
    parts = {  # page: where, how wide, what it does, and the kind
        "02": (2.2, high, 1.55, "reads, and keeps\nit in mind", "state"),
        "01": (4.1, high, 1.55, "gives probabilities,\nmeasures surprise", "chance"),
        "05": (6.1, high, 1.1, "draws a\ncharacter", "chance"),
        "03": (4.1, low, 1.55, "finds the numbers\nthat are to blame", "slope"),
        "04": (2.2, low, 1.55, "changes these\nnumbers a little", "weight"),
    }
    sheet.box(0.6, high, "a text", "letter", 0.8, 0.5)
    for page, (x, y, width, what, kind) in parts.items():
        sheet.box(x, y, what, kind, width, 0.72)
        sheet.write(x, y + (0.49 if y == high else -0.49), f"page {page}", kind, "small", weight="bold")
        sheet.say(f"page {page}: {what}".replace("\n", " "))
    for start, end in ((1.0, 1.42), (2.98, 3.32), (4.88, 5.54)):
        sheet.arrow((start, high), (end, high))
    sheet.arrow((4.1, high - 0.37), (4.1, low + 0.37), kind="slope", back=True)
    sheet.arrow((3.32, low), (2.98, low), kind="slope", back=True)
    sheet.arrow((2.2, low + 0.37), (2.2, high - 0.37), kind="weight")
    sheet.arrow((6.1, high - 0.37), (6.1, 0.22), (0.6, 0.22), (0.6, high - 0.26))
    sheet.write(5.0, 0.22, "this character is read next", "quiet", "small", on="page")
    return sheet


# ---------------------------------------------------------------- page 01
def line_against_weights(names, wanted):
    """Why are ids not enough? On the left the best straight line over the ids, on the right a weight for each letter.

    wanted: the answer, 0 or 1, for each letter
    """
    ids, wanted = np.arange(len(names)), np.asarray(wanted)
    slope, constant = np.polyfit(ids, wanted, 1)
    answers = slope * ids + constant
    sheet = Sheet("A line misses all the answers, a weight for each hits them", 2.9)
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
    sheet = Sheet("The power makes scores positive, the sum makes them shares", 4.1)
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
    sheet = Sheet("The one bad guess costs more than the three others together", 3.9)
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


def pushes_on_scores(names, read, logits, targets):
    """Which scores should rise, which should fall, and how much? The slope is the probability, minus 1 at the target.

    names  of the columns; read: the letters after which the rows of logits, (T, V), were given
    """
    probs, slopes = softmax(logits), softmax_gradient(logits, targets)
    sheet = Sheet("A slope is a probability, minus 1 for the target", 3.15)
    pitch, base, tall = 0.37, 0.78, 1.4
    sheet.write(0.15, base + tall / 2, "prob-\nability", "chance", "small", align="left")
    sheet.write(0.15, base - 0.45, "slope", "slope", "small", align="left")
    for t, (letter, target) in enumerate(zip(read, targets)):
        left = 0.8 + 1.6 * t
        sheet.write(left + 1.5 * pitch, 2.62, f"after {letter} came {names[target]}", "quiet")
        sheet.line((left - 0.22, base), (left + 3.6 * pitch, base))
        for i, name in enumerate(names):
            x, top, weight = left + pitch * i, base + tall * probs[t, i], "bold" if i == target else "normal"
            sheet.bar((x, base), (x, top), "chance", 0.24)
            if i == target:
                sheet.arrow((x, top), (x, base + tall), kind="slope", back=True, width=1.8)
                sheet.line((x - 0.15, base + tall), (x + 0.15, base + tall), kind="slope", width=1.4)
                sheet.write(x, base + tall + 0.12, "1", "slope", "small")
            sheet.write(x, base - 0.17, name, family="monospace", weight=weight)
            sheet.write(x, base - 0.45, signed(slopes[t, i], 2), "slope", "small")
        told = ", ".join(f"{name} {signed(slope, 2)}" for name, slope in zip(names, slopes[t]))
        sheet.say(f"after {letter} came {names[target]}; slopes: {told}")
    return sheet


def expectations(chars, line, probs, places):
    """What did the network expect, and what came? The three most probable characters at some places of a line.

    chars: the vocabulary; probs (T, V): row t is the guess after line[: t + 1]; places: the rows to be shown
    """
    places = [(line[: t + 1], dict(zip(chars, probs[t])), line[t + 1]) for t in places]
    chances = [probs[came] for _, probs, came in places]
    best, worst = int(np.argmax(chances)), int(np.argmin(chances))
    said = [f"{named(places[k][2])} with {chances[k]:.2f}" for k in (best, worst)]
    sheet = Sheet(f"It expected the {said[0]}, but the {said[1]}", 2.5)
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
