"""The small pictures on the home page: one for each page of the first book, and one for each group of questions.

Those of the first book show the network of page 06. Those of the questions show what their pages say, as it is stored
there. Each is an SVG of 280 times 132 that stands in the page, and has its colors, light or dark.
"""

import functools
import html
import json
import re
from itertools import pairwise

import numpy as np

from course.base.place import NOTEBOOKS
from course.lessons.contents import PAGES
from rnn_helpers import softmax

DARK = 'style="fill:#1f2328"'  # ink on a bar that stays bright at night
BIGGER = 'style="font-size:13px"'
START, END = 'style="text-anchor:start"', 'style="text-anchor:end"'
DASHED = 'stroke-dasharray="5 4"'


def rect(x, y, width, height, fill, more=""):
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" fill="var(--{fill})" {more}/>'


def write(x, y, text, fill="ink", more=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" fill="var(--{fill})" {more}>{html.escape(text)}</text>'


def line(way, stroke, width=2, more=""):
    return (
        f'<path d="{way}" fill="none" stroke="var(--{stroke})" stroke-width="{width}" stroke-linecap="round" {more}/>'
    )


def dot(x, y, fill, radius=5, more=""):
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="var(--{fill})" {more}/>'


def tip(x, y, stroke, turn):
    """An arrowhead at (x, y) that points to the right, turned by so many degrees."""
    return f'<path d="M0 0l-7-4v8z" fill="var(--{stroke})" transform="translate({x:.1f} {y:.1f})rotate({turn})"/>'


def tile(x, y, char, kind="letter", wide=22):
    box = rect(x - wide / 2, y - 11, wide, 22, f"{kind}-ground", f'rx="4" stroke="var(--{kind})"')
    return box + write(x, y + 4.5, {" ": "␣"}.get(char, char), more=BIGGER)


def shades(fill, boxes):
    """Return boxes in 16 shades of a color, each shade in one path. boxes: pairs of a strength, 0 to 1, and a way."""
    paths = [""] * 16
    for strength, way in boxes:
        paths[round(15 * strength)] += way
    return "".join(
        f'<path d="{way}" fill="var(--{fill})" fill-opacity="{k / 15:.2f}"/>' for k, way in enumerate(paths) if way
    )


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
    drawn, boxes = "", []
    for k, (char, h) in enumerate(zip("tho", read("tho").hidden[2:])):
        y = 30 + 36 * k
        drawn += tile(30, y, char)
        boxes += [((value + 1) / 2, f"M{52 + 2.8 * i:.1f} {y - 9}h2.9v18h-2.9z") for i, value in enumerate(h)]
    return drawn + shades("state-bar", boxes)


def blame(read, chars):
    """03: three states in a row, a loss at each, and the way back from the losses."""
    drawn = ""
    for k in range(3):
        x = 60 + 80 * k
        if k:
            drawn += line(f"M{x - 64} 90H{x - 22}", "quiet", 1.6) + tip(x - 16, 90, "quiet", 0)
            back = f"M{x - 8} 106Q{x - 40} 128 {x - 68} 110"
            drawn += line(back, "slope", 2, DASHED) + tip(x - 72, 106, "slope", 218)
        drawn += line(f"M{x} 46V70", "slope", 2, DASHED) + tip(x, 75, "slope", 90)
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
            ink = "" if k % 2 else DARK
            drawn += write(24 + 232 * (start + probs[one] / 2), 66, {" ": "␣"}.get(chars[one], chars[one]), more=ink)
        start += probs[one]
    x = 24 + 232 * u
    drawn += line(f"M{x} 112V90", "state", 2.5) + tip(x, 84, "state", -90) + write(x + 36, 110, f"u = {u}", "state")
    return drawn + write(24, 32, "0", "quiet") + write(256, 32, "1", "quiet")


def surprise(read, chars):
    """06: verse, and behind each letter how much it surprises."""
    verse = "when in disgrace with fortune\nand men's eyes,\ni all alone beweep my outcast\nstate,"
    probs, drawn, boxes, place = read(verse).probs, "", [], 0
    for row, words in enumerate(verse.split("\n")):
        y, places = 36 + 24 * row, [24 + 8 * k for k in range(len(words))]
        for k, (x, char) in enumerate(zip(places, words)):
            bits = -np.log2(probs[place + k][chars.index(char)])
            boxes.append((min(bits / 10, 0.75), f"M{x - 4} {y - 13}h8.1v19h-8.1z"))
        drawn += f'<text x="{" ".join(map(str, places))}" y="{y}" fill="var(--ink)">{html.escape(words)}</text>'
        place += len(words) + 1
    return shades("slope-bar", boxes) + drawn


# ---------------------------------------------------------------- the questions: what their pages say
@functools.cache
def said(number):
    """Return all that a page says: its words, and its stored outputs as text."""
    (page,) = (page for page in PAGES if page.number == number)
    text = []
    for cell in json.loads((NOTEBOOKS / f"{page.stem}.ipynb").read_text(encoding="utf-8"))["cells"]:
        text += cell["source"]
        for output in cell.get("outputs", []):
            text += ["\n", *output.get("text", []), *output.get("data", {}).get("text/plain", [])]
        text.append("\n")
    return "".join(text)


def found(number, pattern):
    """Return what matches a pattern on a page, each time: a text, or several. It must be there."""
    matches = re.findall(pattern, said(number), re.MULTILINE)
    if not matches:
        raise ValueError(f"Page {number} does not say {pattern!r} any more: change its picture in docs/cards.py.")
    return matches


def tables():
    """08: what a letter costs tables of one to six letters and the tuned one, and the line of the network."""
    costs = dict(found("08", r"^(\d-gram|network): ([\d.]+)$"))
    (tuned,) = found("08", r"^line 's = 6'.* ([\d.]+) at 6")
    network, drawn = costs.pop("network"), ""
    for k, cost in enumerate(map(float, costs.values())):
        x = 24 + 27 * k
        drawn += rect(x, 104 - 20 * cost, 22, 20 * cost, "letter-bar", 'rx="2"') + write(x + 11, 98, str(k + 1))
    tall = 20 * float(tuned)
    drawn += rect(215, 104 - tall, 46, tall, "chance-bar", 'rx="2"') + write(238, 98, tuned, more=DARK)
    y = 104 - 20 * float(network)
    drawn += line(f"M18 {y:.1f}H262", "state", 2, DASHED) + write(262, y - 8, f"network: {network} bits", "state", END)
    return drawn + write(102, 122, "letters counted together", "quiet") + write(238, 122, "tuned", "quiet")


def sooner():
    """11: how long the loop of 2019 takes, and the last one of the page."""
    ((now, old, times),) = found(
        "11", r"in (a [\w ]+ second), and that loop takes (a [\w ]+)\. That's (\d+) times as fast"
    )
    drawn = write(24, 30, f"2019: {old}", "quiet", START) + rect(24, 38, 232, 18, "letter-bar", 'rx="2"')
    drawn += write(24, 84, f"page 11: {now}", "quiet", START) + rect(24, 92, 232 / int(times), 18, "state")
    return drawn + write(34, 105, f"{times} times as fast", "state", START)


def unit():
    """13: a unit along three lines of verse."""
    (block,) = found("13", r"^One unit grows along the line \(of full scale\)\n((?:.+\n)+)")
    verse = re.findall(r"(\S) (\d\.\d)", block)
    ends = [k for k, (char, _) in enumerate(verse) if char == "↵"]
    drawn = line("M20 104H260", "rule", 1)
    for k, (begin, end) in enumerate(list(pairwise(ends))[:3]):
        x, values = 22 + 82 * k, [float(value) for _, value in verse[begin + 1 : end]]
        begun = "".join(char for char, _ in verse[begin + 1 : end]).replace("␣", " ")[:11].rpartition(" ")[0]
        way = "L".join(f"{x + 72 * i / len(values):.1f} {104 - 90 * value:.0f}" for i, value in enumerate(values))
        drawn += f'<path d="M{way}V104H{x}z" fill="var(--state-ground)"/>' + line(f"M{way}", "state", 2)
        drawn += write(x, 122, begun, "quiet", START)
    return drawn


def note():
    """17: a phone book in which a note is changed, and the question for it."""
    (book,) = found("17", r"^`([a-z\d=]+)`$")
    letter, last = book[-3], len(book) - 1
    first, newest = book.index(letter) + 1, book.rindex(letter, 0, last - 2) + 1
    kinds = {newest - 1: "state", newest: "state", last: "chance"}
    drawn = "".join(tile(25 + 16.5 * k, 40, char, kinds.get(k, "letter"), 15) for k, char in enumerate(book))
    here, there = 25 + 16.5 * newest, 25 + 16.5 * last
    drawn += line(f"M{here:.1f} 58Q{(here + there) / 2:.1f} 108 {there - 3:.1f} 66", "slope", 2, DASHED)
    drawn += tip(there, 60, "slope", -60)
    return drawn + write(140, 113, f"{letter} is {book[newest]} now, and no longer {book[first]}", "quiet")


def words():
    """18: how many words of its writing are known, and how many are different, as it gets more daring."""
    rows = np.array(found("18", r"^ +(\d\.\d) +([\d.]+) ± [\d.]+ % +([\d.]+) ±"), dtype=float)
    across = 30 + 220 * (rows[:, 0] - rows[0, 0]) / (rows[-1, 0] - rows[0, 0])
    drawn = line("M24 106H256", "rule", 1)
    for column, kind in ((1, "state"), (2, "chance-bar")):
        way = "L".join(f"{x:.1f} {106 - 0.95 * share:.1f}" for x, share in zip(across, rows[:, column]))
        drawn += line(f"M{way}", kind, 2.5)
    drawn += write(108, 16, "known words", "state", START) + write(104, 98, "different words", "chance", START)
    return drawn + write(24, 123, "careful", "quiet", START) + write(256, 123, "daring", "quiet", END)


PAGES_DRAWN = dict(zip("00 01 02 03 04 05 06".split(), (guess, scores, states, blame, downhill, pieces, surprise)))
QUESTIONS_DRAWN = {"08": tables, "11": sooner, "13": unit, "17": note, "18": words}


def pictures(read, chars):
    """Return dict: number of a page -> its picture, an SVG for those who see: what it shows is said beside it.

    read    a text to its ForwardPass, as after the end of a line
    chars   the characters of the network that reads, a list
    """
    drawn = {number: draw(read, chars) for number, draw in PAGES_DRAWN.items()}
    drawn |= {number: draw() for number, draw in QUESTIONS_DRAWN.items()}
    return {number: f'<svg viewBox="0 0 280 132" aria-hidden="true">{one}</svg>' for number, one in drawn.items()}
