"""The home page of the site, one file that fetches nothing: the template home.html, with the Sonnets in it.

What it shows where it cannot learn comes from learned.py, and the pictures of its cards from cards.py. The cards and
the map are made here, from the list of pages and README.
"""

import base64
import html
import json
import re
import sys
import zlib
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

import learned  # noqa: E402
from cards import pictures  # noqa: E402
from head import head  # noqa: E402

from course.engine import load_run  # noqa: E402
from course.lessons.contents import COURSE, MAP, PAGES, SUBJECT, YOUR_NETWORK  # noqa: E402
from course.show import alive  # noqa: E402
from course.show.drawing import KINDS, NIGHT  # noqa: E402
from rnn_helpers import forward_pass  # noqa: E402

TITLE = f"{COURSE}: {SUBJECT}"
ABOUT = (
    "A network of 10,985 numbers learns to write on this page, in your browser. In seven pages, which are Jupyter "
    "notebooks, you build one like it in NumPy: softmax, forward pass, backpropagation through time, training and "
    "sampling."
)
CARD = "Watch a network learn to write. Then write the network."
CARD_TEXT = (
    "It learns from the Sonnets, or from a text of yours. Then build one like it yourself in NumPy, in seven pages."
)
GOAL = 83.96  # the last smoothed loss of the notebook of 2019, in nats for 50 letters
SENTENCES = {
    "00": "See one learn in five minutes. Then guess letters against it.",
    "01": "Scores become probabilities, and each letter gets its price in bits.",
    "02": "A state carries what the network has read, from letter to letter.",
    "03": "Which number is to blame, and by how much? Walk back and find out.",
    "04": "One loop, and noise turns into <i>thou</i>, <i>thee</i> and <i>fame</i>.",
    "05": "Draw a letter, read it, draw again: it writes.",
    "06": "Your functions read the Sonnets forty times (ten in a browser), and then a text of yours.",
}
PLAIN = ("ink", "quiet", "rule", "page")  # kinds of one strength
IN_BROWSER = "lite/notebooks/index.html?path=notebooks/{}.ipynb"
LOADS = "Both open Python in your browser: {} MB, nothing to install. "
BOOKS = [f"files/{book}_book.{kind}" for book in ("first", "second") for kind in ("pdf", "epub")]
TERMS = "docs/terms.html"
BESIDE = (*BOOKS, TERMS)  # what a site may have besides the pages
ICON = (HERE / "static" / "icon.svg").read_text(encoding="utf-8").strip()


def still(network):
    """Return what the page shows where it cannot learn, as fields: the verse, the curve, and the line of 2019."""
    blind, end = network.bits[0], len(network.bits) - 1

    def height(bits):  # as in home.js
        return 100 - 92 * bits / blind

    way = "L".join(f"{step},{height(bits):.1f}" for step, bits in enumerate(network.bits) if step % 4 == 0)
    goal = GOAL / learned.LENGTH / np.log(2)
    return {
        "VERSE": learned.known_words(network.verse().strip(), network.text),
        "CURVE": f"M{way}",
        "FILL": f"M0,100L{way}L{end},100Z",
        "BLIND": f"{blind:.2f}",
        "GOAL": f"{goal:.2f}",
        "GOAL_HEIGHT": f"{height(goal):.2f}",
    }


def packed(text, address):
    """Return a text, and the page of the file that one can keep, deflated and in letters."""
    course = f'<a href="{html.escape(address)}"><i>{COURSE}</i></a>' if address else f"<i>{COURSE}</i>"
    words = "This network learned to write in a browser."
    page = re.sub("<!-- program -->.*?<!-- end -->", "", alive.PAGE, flags=re.DOTALL)
    for name, value in {"TITLE": words, "HEADLINE": words, "COURSE": course, "UNSEEN": ""}.items():
        page = page.replace(f"@{name}@", value)
    press = zlib.compressobj(9, zlib.DEFLATED, -15)
    return in_text(press.compress(json.dumps([text, page], ensure_ascii=False).encode()) + press.flush())


def what_readme_says(stem, readme=""):
    """Return what README's map of questions says of a page, in a line: what follows its link and its minutes."""
    readme = readme or (ROOT / "README.md").read_text(encoding="utf-8")
    said = re.search(rf"\(notebooks/{stem}\.ipynb\)(.*)", readme)[1]
    return html.escape(re.split(r"\||\(\d+ minutes[^)]*\)", said.strip(" |"))[-1].strip(), quote=False)


def entry(page):
    """Return a page as an entry of the map."""
    said = what_readme_says(page.stem)
    link = f'<a href="notebooks/{page.stem}.html">{html.escape(page.title)}</a>'
    return f'<li><span class="number">{page.number}</span>{link}{said and f"<p>{said}</p>"}</li>'


def the_map(drawn):
    """Return the map of the second book, and of the appendices. In a group, a page that is drawn is a card on top."""
    pages, parts = {page.number: page for page in PAGES}, []
    for group, numbers in MAP.items():
        here = [pages[number] for number in numbers.split()]
        entries = [card(page, drawn, what_readme_says(page.stem)) for page in here if page.number in drawn]
        entries += [entry(page) for page in here if page.number not in drawn]
        heading = group.replace("Appendices", "Appendices, without exercises")
        parts.append("\n".join((f"<section><h3>{heading}</h3><ul>", *entries, "</ul></section>")))
    return "\n".join(parts)


def book_link(book, kind):
    """Return a link to a book. kind: PDF or EPUB."""
    return f'<a href="files/{book}_book.{kind.lower()}">{kind}<span class="unseen"> of the {book} book</span></a>'


def to_read(there):
    """Return lines of links to what one can read besides the pages. there: as of home."""
    lines = ['<a href="reference/rnn_helpers.html">Read the network</a>']
    if {*BOOKS} <= {*there}:
        lines.append(
            f"The first book as {book_link('first', 'PDF')} or {book_link('first', 'EPUB')}, "
            f"the second book as {book_link('second', 'PDF')} or {book_link('second', 'EPUB')}"
        )
    if TERMS in there:
        lines.append(f'<a href="{TERMS}">List of terms</a>')
    return "".join(f"<li>{one}</li>" for one in lines)


def put(text, fields):
    """Return a text with each @FIELD@ replaced."""
    return re.sub("@([A-Z_]+)@", lambda found: fields[found[1]], text)


def colors():
    """Return the colors of KINDS as CSS variables, light and dark: --state-ground, --state and --state-bar."""
    uses = ("-ground", "", "-bar")
    names = ((kind, use, place) for kind in NIGHT for place, use in enumerate(uses) if place == 1 or kind not in PLAIN)
    return " ".join(f"--{kind}{use}: light-dark({KINDS[kind][k]}, {NIGHT[kind][k]});" for kind, use, k in names)


def in_text(data):
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def card(page, drawn, words):
    """Return a page as a card. drawn: dict, its number -> its picture."""
    words = f'<strong>{html.escape(page.name)}</strong><span class="small">{page.minutes} minutes</span>{words}'
    return f'<li><a class="card" href="notebooks/{page.stem}.html">{drawn[page.number]}<div>{words}</div></a></li>'


def home(address, megabytes, there=()):
    """Return the home page as HTML.

    address    of the site
    megabytes  loaded by pages that run in the browser, or 0 if there are none
    there      which of BESIDE the site has: the others are not linked
    """
    run = load_run(ROOT / "data" / "sonnets_run.npz")
    parameters, vocabulary = alive.rounded(run.parameters), run.vocabulary

    def read(text):
        ids = vocabulary.encode(f"\n{text}")
        return forward_pass(ids, ids, np.zeros(len(parameters.W_hh)), parameters)

    network = learned.learn()
    pages = {page.number: page for page in PAGES if page.book == YOUR_NETWORK}
    drawn = pictures(read, vocabulary.chars)
    course = {
        "@context": "https://schema.org",
        "@type": "Course",
        "name": TITLE,
        "description": ABOUT,
        "inLanguage": "en",
        "isAccessibleForFree": True,
        "timeRequired": "PT8H",
        "provider": {"@type": "Organization", "name": "The authors of the course"},
    }
    fields = {
        "TITLE": TITLE,
        "NAME": COURSE,
        "HEAD": head(CARD, CARD_TEXT, address, description=ABOUT),
        "ICON": in_text(ICON),
        "MARK": ICON,
        "COLORS": colors(),
        "COURSE": json.dumps(course),
        "MEET": (IN_BROWSER if megabytes else "notebooks/{}.html").format(pages["00"].stem),
        "BEGIN": (IN_BROWSER if megabytes else "notebooks/{}.html").format(pages["01"].stem),
        "LOADS": LOADS.format(megabytes) if megabytes else "",
        "MEET_MINUTES": str(pages["00"].minutes),
        "TO_READ": to_read(there),
        "LINE": html.escape(learned.LINE),
        "DARING": str(learned.DARING),
        "COUNT": f"{sum(value.size for value in network.parameters):,}",
        "UNITS": str(learned.UNITS),
        "STEPS": str(len(network.bits) - 1),
        "CARDS": "\n".join(card(page, drawn, SENTENCES[number]) for number, page in pages.items()),
        "WARM_UP": str(PAGES[-1].minutes),
        "MAP": the_map(drawn),
        "PACKED": packed(network.text, address),
        "NETWORK": alive.NETWORK_JS,
        "LEARNER": (HERE / "learner.js").read_text(encoding="utf-8"),
    }
    numbers = {
        "LETTERS": learned.LETTERS,
        "LENGTH": learned.LENGTH,
        "STREAMS": learned.STREAMS,
        "AT_ONCE": learned.LENGTH * learned.STREAMS,
        "START": learned.START,
        "DICE": alive.FIRST_DICE,
    }
    fields |= still(network)
    script = (HERE / "home.js").read_text(encoding="utf-8")
    fields["SCRIPT"] = put(script, fields | {name: str(number) for name, number in numbers.items()})
    return put((HERE / "home.html").read_text(encoding="utf-8"), fields)


def lost(address):
    """Return the page that GitHub Pages shows in the place of one that is not there, at any depth."""
    fields = {
        "FRONT": html.escape(address or "index.html"),
        "COLORS": colors(),
        "NAME": COURSE,
        "ICON": in_text(ICON),
    }
    return put((HERE / "lost.html").read_text(encoding="utf-8"), fields)
