"""The pictures of page 00: what a network expects, what its guesses cost, and its five parts."""

import math

import numpy as np

from course.show.drawing import Sheet, color, named, shade
from rnn_helpers import apply_temperature


def most_probable(read, probs):
    """Which character does the network expect next? A bar for each of the most probable ones.

    read: the text that it has read; probs: {character: probability}
    """
    best = sorted(probs, key=lambda char: -probs[char])[:8]
    sheet = Sheet(f"{_with_article(named(best[0]))} is the most probable next character", 3.32)
    sheet.write(0.15, 2.77, f"after “{read}”", "quiet", align="left")
    for row, char in enumerate(best):
        y, end = 2.42 - 0.29 * row, 1.2 + 4.6 * probs[char] / probs[best[0]]
        sheet.write(1.05, y, named(char), align="right", weight="normal" if row else "bold")
        sheet.bar((1.2, y), (end, y), "chance", 0.2)
        sheet.write(end + 0.1, y, f"{probs[char]:.2f}", "chance", align="left")
        sheet.say(f"{named(char)} {probs[char]:.2f}")
    return sheet


def _with_article(name):
    return f"A {name}" if len(name) > 1 else name


def pieces_of_a_line(probs, temperatures):
    """What does the temperature do to the probabilities? Each line from 0 to 1 is cut into pieces, one a character.

    probs  {character: probability} at the temperature 1; the six most probable ones get a piece of their own
    """
    chars = sorted(probs, key=lambda char: -probs[char])
    logits = np.log([probs[char] for char in chars])
    sheet = Sheet("A low temperature favors the likeliest character", 0.65 + 0.6 * len(temperatures))
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


def bars_of_costs(guesses, sure, came, expected):
    """Who is surprised less, you or the network? Two bars for each place, in bits, and two for the mean.

    guesses, came  one character for each place: yours, and the one that came; sure: the probability of your guesses
    expected       the network's {character: probability} at each place
    """
    if len(guesses) != len(came) or not 0 < sure < 1:
        raise ValueError(
            f"Give {len(came)} guesses in a row, such as 'eeeeeeeeeeee', and for sure a number between 0 and 1."
        )
    yours = [
        -math.log2(sure if guess == char else (1 - sure) / (len(probs) - 1))
        for guess, char, probs in zip(guesses.lower(), came, expected)
    ]
    networks = [-math.log2(probs[char]) for char, probs in zip(came, expected)]
    mine, its = np.mean(yours), np.mean(networks)
    sheet = Sheet(f"You pay {mine:.1f} bits a character, the network {its:.1f}", 1.22 + 0.36 * len(came))
    left, unit = 2.75, 2.8 / max(*yours, *networks)

    def bars(y, pair, names=("", "")):
        # Yours are darker: some eyes see the violet of one as the blue of the other.
        for cost, kind, use, name, up in zip(pair, ("first", "state"), ("line", "bar"), names, (0.08, -0.08)):
            sheet.cell(left + unit * cost / 2, y + up, "", color(kind, use), unit * cost, 0.13, ec=color(kind), lw=1)
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
    sheet = Sheet("The network reads, guesses, draws, and learns from surprise", 3.35)
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
