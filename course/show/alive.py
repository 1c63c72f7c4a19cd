"""A network alive in one HTML file: whoever opens it, even on a phone and without a network, can let it write."""

import base64
import datetime
import html
import itertools
import json
import math
import re
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from pygments.lexers import PythonLexer
from pygments.token import Token

from course.lessons import NETWORK
from course.lessons.contents import COURSE
from course.own.kept import own_functions
from course.own.one_page import pieces
from course.show.drawing import color
from rnn_helpers import Parameters, initialize_parameters

LARGEST = 2**15 - 1  # of a number in two bytes
MOST_BARS = 40
FIRST_DICE = 2019  # of each page that writes: the year of the notebook that the course follows, and no other was tried
TEXTS = {"sonnets": "Shakespeare's Sonnets", "speeches": "State of the Union addresses"}
UNSEEN = (  # page 06, sections 6 and 9: the best of three recipes pays 2.55 bits
    "For a letter of verse that it hasn't read, such a network still pays more than 2.5 bits. A table that only counts "
    "which letters follow which needs 2.33."
)
HEAD = {  # what the head of my_network.py says to the learner, and what it says to others
    "Your network on": "The network on",
    "Your functions in it": "The functions of its author",
}
TAGS = {Token.Keyword: "b", Token.Operator.Word: "b", Token.Comment: "i", Token.Literal.String: "em"}  # in the code


def write_alive(path, corpus, parameters, losses, seq_length, name="", first_line=""):
    """Write a trained network, its verse and its code to an HTML file that needs nothing else. Return a line about it.

    corpus      the text that it has read
    losses      the smoothed loss after each sequence of seq_length characters
    name        of the learner, as the page shows it, or ""
    first_line  is in the field of the page at first
    ValueError: there are no losses.
    """
    steps = len(losses)
    if not steps:
        raise ValueError("This network has read nothing yet: train it first.")
    name, mine = " ".join(str(name).split())[:80], own_functions()
    count = sum(one in mine for one in NETWORK)
    readings = steps // ((len(corpus.ids) - 1) // seq_length)
    bits = np.array(losses) / seq_length / math.log(2)
    before = initialize_parameters(len(parameters.W_hh), corpus.vocab_size, np.random.default_rng(0))
    scales, numbers = in_two_bytes(parameters)
    today, who = datetime.date.today(), html.escape(name)
    fields = {
        "TITLE": _headline(who, count),
        "HEADLINE": _headline(f"<bdi>{who}</bdi>" if who else "", count),
        "READ": html.escape(f"{TEXTS.get(corpus.name, corpus.name)} {_times(readings)}"),
        "LINE": html.escape(" ".join(first_line.split())),
        "STATE_SIZE": f"{len(parameters.W_hh)}",
        "READINGS": "1 reading" if readings == 1 else f"{readings} readings",
        "BEFORE": html.escape(_four_lines(written(mine.network, before, corpus))),
        "AFTER": html.escape(_four_lines(written(mine.network, parameters, corpus))),
        "COUNT": f"{numbers.size:,}",
        "STEPS": f"{steps:,}",
        "LENGTH": f"{seq_length}",
        "BITS": f"{bits[-1]:.2f}",
        "BLIND": f"{math.log2(corpus.vocab_size):.2f}",
        "POINTS": _points(bits),
        "UNSEEN": UNSEEN if (corpus.name, len(parameters.W_hh)) == ("sonnets", 75) else "",
        "WHOSE": f"What <bdi>{who or 'someone'}</bdi> wrote has a blue background." if mine else "",
        "CODE": _code(name or "Someone"),
        "COURSE": _course(),
        "FOOT": html.escape(
            f"{today.day} {today:%B %Y}. Text: {corpus.name}, {len(corpus.ids):,} characters. "
            f"Seed 0. NumPy {np.__version__}."
        ),
        "DARING": "0.6",
        "DICE": str(FIRST_DICE),
        "CHARS": json.dumps(list(corpus.chars)),
        "SCALES": json.dumps(scales),
        "NETWORK": NETWORK_JS.strip(),
        "NUMBERS": base64.b64encode(numbers.tobytes()).decode(),
        "BARS": json.dumps(_bars(corpus)),
    }
    text = re.sub("@([A-Z_]+)@", lambda found: fields[found[1]], PAGE)  # in one go: what a name says is left alone
    Path(path).write_text(text, encoding="utf-8", errors="replace", newline="\n")
    are = f"{count} of its {len(NETWORK)} functions {'is' if count == 1 else 'are'} yours"
    whose = "" if not count else f": all {count} functions are yours" if count == len(NETWORK) else f": {are}"
    return f"{Path(path).name} has all {numbers.size:,} numbers in it, and the code{whose}."


def written(network, parameters, corpus):
    """Return 200 characters that a network writes after a line end, or the first character if there is none."""
    first_id = corpus.chars.index("\n" if "\n" in corpus.chars else corpus.chars[0])
    h, rng = np.zeros(len(parameters.b_h)), np.random.default_rng(0)
    return corpus.decode(network.sample_ids(parameters, h, first_id, 200, rng, 1.0))


def _headline(who, count):
    """Return the headline: who wrote the network. who: a name as HTML, or ""; count: how many of the functions"""
    if count == len(NETWORK):
        wrote = f"{who} wrote the network." if who else "Someone wrote the network, letter by letter."
    elif count:
        wrote = f"{who or 'Someone'} wrote {count} of its {len(NETWORK)} functions, and the course lent the others."
    else:
        wrote = f"{who or 'Someone'} trained it with the functions of a course."
    return f"This network writes. {wrote}"


def _course():
    """Return the name of the course as HTML: a link, if the page that runs has a setup cell that knows the address."""
    address, name = str(getattr(sys.modules["__main__"], "COURSE", "")), f"<i>{COURSE}</i>"
    return f'<a href="{html.escape(address)}">{name}</a>' if address.startswith("https://") else name


def _times(readings):
    return {1: "once", 2: "twice"}.get(readings, f"{readings} times")


def _four_lines(text):
    return "\n".join(text.split("\n")[:4])


def _points(bits):
    """Return the points of the curve, in a box of 600 times 100."""
    steps, least, most = np.linspace(0, len(bits) - 1, 300).astype(int), bits.min(), bits.max()
    return " ".join(f"{600 * k / len(bits):.1f},{100 * (most - bits[k]) / (most - least or 1):.1f}" for k in steps)


def _bars(corpus):
    """Return the ids of the most frequent characters, in the order of their bars: the letters come before the signs."""
    common = [char for char, _ in Counter(corpus.text).most_common(MOST_BARS)]
    common.sort(key=lambda char: (char != " ", not char.isspace(), not char.isalpha(), char))
    return [corpus.chars.index(char) for char in common]


def _code(who):
    """Return my_network.py as HTML, in which each function of the learner's says whose it is."""
    found = ""
    for is_mine, group in itertools.groupby(pieces(), lambda piece: "\n# yours" in f"\n{piece}"):
        text = "".join(f"{piece}\n" for piece in group)
        if is_mine:
            text = re.sub("^# yours(?=$|, from)", lambda _: f"# {who}'s", text, flags=re.MULTILINE)
        for to_learner, to_others in HEAD.items() if not found else ():
            text = text.replace(to_learner, to_others, 1)
        found += f'<span class="mine">{_colored(text)}</span>' if is_mine else _colored(text)
    return found


def _colored(code):
    """Return Python code as HTML: keywords in b, remarks in i, and texts in em."""
    found = ""
    for tag, group in itertools.groupby(LEXER.get_tokens(code), lambda pair: _tag(pair[0])):
        text = html.escape("".join(text for _, text in group), quote=False)
        found += f"<{tag}>{text}</{tag}>" if tag else text
    return found


def _tag(token):
    return next((tag for kind, tag in TAGS.items() if token in kind), "")


def in_two_bytes(parameters):
    """Return (a scale for each parameter, all numbers as whole ones of two bytes): about number / scale."""
    scales = [float(np.abs(value).max() or 1) / LARGEST for value in parameters]
    whole = [np.round(value / scale).astype("<i2").ravel() for value, scale in zip(parameters, scales)]
    return scales, np.concatenate(whole)


def rounded(parameters):
    """Return the Parameters as the file has them, rounded to two bytes each."""
    scales, numbers = in_two_bytes(parameters)
    flat = np.split(numbers, np.cumsum([value.size for value in parameters])[:-1])
    parts = zip(flat, scales, parameters)
    return Parameters(*[(piece.astype(float) * scale).reshape(value.shape) for piece, scale, value in parts])


LEXER = PythonLexer(stripnl=False, ensurenl=False)
NETWORK_JS = (Path(__file__).parent / "network.js").read_text(encoding="utf-8")
PAGE = (Path(__file__).parent / "alive.html").read_text(encoding="utf-8")
for _kind, _use in {"state": "line", "chance": "bar", "page": "line"}.items():
    PAGE = PAGE.replace(f"@{_kind.upper()}@", color(_kind, _use))
