"""The small pictures of the first book's pages on the home page. Their numbers are those of the network of page 06.

Each is an SVG of 280 times 132 in the colors of the page, light or dark.
"""

import html

import numpy as np

from rnn_helpers import softmax


def rect(x, y, width, height, fill, more=""):
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="var(--{fill})" {more}/>'


def write(x, y, text, fill="ink", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" style="fill:var(--{fill});{more}">{html.escape(text)}</text>'


def line(way, stroke, width=2, more=""):
    return (
        f'<path d="{way}" fill="none" stroke="var(--{stroke})" stroke-width="{width}" stroke-linecap="round" {more}/>'
    )


def dot(x, y, fill, radius=5, more=""):
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="var(--{fill})" {more}/>'


def tip(x, y, stroke, turn):
    """An arrowhead at (x, y) that points to the right, turned by so many degrees."""
    return f'<path d="M0 0l-7-4v8z" fill="var(--{stroke})" transform="translate({x:.1f} {y:.1f})rotate({turn})"/>'


def tile(x, y, char, kind="letter", size=22):
    box = rect(x - size / 2, y - size / 2, size, size, f"{kind}-ground", f'rx="4" stroke="var(--{kind})"')
    return box + write(x, y + 4.5, {" ": "␣"}.get(char, char), more="font-size:13px")


def guess(read, chars):
    """00: letters of a verse, and what may come next."""
    text = "shall i c"
    probs = read(text).probs[-1]
    drawn = "".join(tile(31 + 24 * k, 30, char) for k, char in enumerate(text)) + tile(31 + 24 * 9, 30, "?", "chance")
    for k, one in enumerate(np.argsort(-probs)[:4]):
        x, tall = 97 + 30 * k, 46 * probs[one] / probs.max()
        drawn += rect(x - 10, 108 - tall, 20, tall, "chance-bar", 'rx="2"') + write(x, 123, chars[one])
    return drawn


def scores(read, chars):
    """01: three scores, and their softmax."""
    values = np.array([2.0, 1.0, -1.0])
    drawn = line("M30 80H112", "rule", 1) + line("M126 66H150", "quiet") + tip(156, 66, "quiet", 0)
    drawn += line("M172 106H250", "rule", 1)
    for k, (score, p) in enumerate(zip(values, softmax(values))):
        x, up = 45 + 26 * k, 26 * score
        drawn += rect(x - 9, 80 - max(up, 0), 18, abs(up), "letter-bar", 'rx="2"')
        drawn += write(x, 80 - up - 6 if up > 0 else 80 - up + 15, f"{score:.0f}".replace("-", "−"), "quiet")
        drawn += rect(x + 132, 106 - 100 * p, 18, 100 * p, "chance-bar", 'rx="2"')
        drawn += write(x + 141, 99 - 100 * p, f"{p:.2f}"[1:], "quiet")
    return drawn


def states(read, chars):
    """02: the state after each of three letters."""
    drawn, shades = "", [""] * 16  # a path for each shade, since 225 boxes of their own would be long
    for k, (char, h) in enumerate(zip("tho", read("tho").hidden[2:])):
        y = 30 + 36 * k
        drawn += tile(30, y, char)
        for i, value in enumerate(h):
            shades[round(7.5 * (value + 1))] += f"M{52 + 2.8 * i:.1f} {y - 9}h2.9v18h-2.9z"
    for k, boxes in enumerate(shades):
        drawn += f'<path d="{boxes}" fill="var(--state-bar)" fill-opacity="{k / 15:.2f}"/>'
    return drawn


def blame(read, chars):
    """03: three states in a row, a loss at each, and the way back from the losses."""
    drawn = ""
    for k in range(3):
        x = 60 + 80 * k
        if k:
            drawn += line(f"M{x - 64} 90H{x - 22}", "quiet", 1.6) + tip(x - 16, 90, "quiet", 0)
            back = f"M{x - 8} 106Q{x - 40} 128 {x - 68} 110"
            drawn += line(back, "slope", 2, 'stroke-dasharray="5 4"') + tip(x - 72, 106, "slope", 218)
        drawn += line(f"M{x} 46V70", "slope", 2, 'stroke-dasharray="5 4"') + tip(x, 75, "slope", 90)
        drawn += dot(x, 90, "state-ground", 15, 'stroke="var(--state)" stroke-width="1.5"') + write(x, 94, "h")
        drawn += tile(x, 30, "−ln p", "slope").replace(">−ln p<", ">L<")
    return drawn


def downhill(read, chars):
    """04: a loss along one weight, and steps that follow its slope."""

    def height(w):
        return 108 - 0.0062 * (w - 150) ** 2

    way = " ".join(f"{w} {height(w):.1f}" for w in range(32, 269, 4))
    drawn, w = line("M24 118H256", "rule", 1) + line(f"M{way}", "slope-bar", 2.5), 40.0
    for _ in range(5):
        slope = -0.0124 * (w - 150)
        drawn += line(f"M{w - 14:.1f} {height(w) - 14 * slope:.1f}l28 {28 * slope:.1f}", "slope", 1.4)
        drawn += dot(w, height(w), "slope")
        w += 33 * slope
    return drawn


def pieces(read, chars):
    """05: the line from 0 to 1, a piece for each letter, and the random number that falls into one."""
    probs, u = read("and th").probs[-1], 0.58
    order, drawn, start = np.argsort(-probs), "", 0.0
    for k, one in enumerate(order):
        wide = 232 * probs[one]
        drawn += rect(24 + 232 * start, 42, wide, 38, ("chance-bar", "chance-ground")[k % 2])
        if wide > 14:
            ink = "" if k % 2 else "fill:#1f2328"
            drawn += write(24 + 232 * (start + probs[one] / 2), 66, {" ": "␣"}.get(chars[one], chars[one]), more=ink)
        start += probs[one]
    x = 24 + 232 * u
    drawn += line(f"M{x} 112V90", "state", 2.5) + tip(x, 84, "state", -90) + write(x + 36, 110, f"u = {u}", "state")
    return drawn + write(24, 32, "0", "quiet") + write(256, 32, "1", "quiet")


def surprise(read, chars):
    """06: verse, and behind each letter how much it surprises."""
    verse = "when in disgrace with fortune\nand men's eyes,\ni all alone beweep my outcast\nstate,"
    probs, drawn, place = read(verse).probs, "", 0
    for row, words in enumerate(verse.split("\n")):
        y, places = 36 + 24 * row, [24 + 8 * k for k in range(len(words))]
        for k, (x, char) in enumerate(zip(places, words)):
            bits = -np.log2(probs[place + k][chars.index(char)])
            drawn += rect(x - 4, y - 13, 8.1, 19, "slope-bar", f'fill-opacity="{min(bits / 10, 0.75):.2f}"')
        drawn += f'<text x="{" ".join(map(str, places))}" y="{y}" fill="var(--ink)">{html.escape(words)}</text>'
        place += len(words) + 1
    return drawn


FONT = 'font:12px ui-monospace,Menlo,Consolas,"Liberation Mono",monospace;text-anchor:middle'
DRAWN = dict(zip("00 01 02 03 04 05 06".split(), (guess, scores, states, blame, downhill, pieces, surprise)))


def pictures(read, chars, colors):
    """Return dict: number of a page -> its picture, an SVG.

    read    a text to its ForwardPass, as after the end of a line
    colors  CSS variables: --state-ground, --state, --state-bar and the like
    """
    style = f":root{{color-scheme:light dark;{colors}}}text{{{FONT}}}"
    frame = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 280 132"><style>{style}</style>'
    return {number: f"{frame}{draw(read, chars)}</svg>" for number, draw in DRAWN.items()}
