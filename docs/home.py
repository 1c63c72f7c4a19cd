"""The home page of the site, one file that fetches nothing: the template home.html, with the network of page 06 in it.

The first verse, the pictures of the cards and the map are made here, from the network, the list of pages and README.
"""

import base64
import html
import json
import re
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(ROOT))

from cards import pictures  # noqa: E402
from head import head  # noqa: E402

from course.engine import load_run  # noqa: E402
from course.lessons.contents import COURSE, MAP, PAGES, SUBJECT, YOUR_NETWORK  # noqa: E402
from course.show.alive import in_two_bytes, rounded  # noqa: E402
from course.show.drawing import KINDS, NIGHT  # noqa: E402
from rnn_helpers import forward_pass, sample_ids  # noqa: E402

TITLE = f"{COURSE}: {SUBJECT}"
ABOUT = (
    "A network of 10,985 numbers writes verse on this page. In seven Jupyter notebooks you build one like it in NumPy: "
    "softmax, forward pass, backpropagation through time, training and sampling."
)
CARD = "This network writes. Now write the network."
CARD_TEXT = "Give it a first line, and it continues. Then build one like it yourself in NumPy, in seven notebooks."
LINE, DARING, SEED = "shall i compare thee to a summer's day?", 0.5, 27000081  # a text with lines, of eighty looked at
SENTENCES = {
    "00": "See one learn in five minutes. Then guess letters against it.",
    "01": "Scores become probabilities, and each letter gets its price in bits.",
    "02": "A state carries what the network has read, from letter to letter.",
    "03": "Which number is to blame, and by how much? Walk back and find out.",
    "04": "One loop, and noise turns into <i>thou</i>, <i>thee</i> and <i>fame</i>.",
    "05": "Draw a letter, read it, draw again: it writes.",
    "06": "Your functions read the Sonnets forty times, and then a text of yours.",
}
SIZE = ' width="280" height="132"'  # of a card's picture
PLAIN = ("ink", "quiet", "rule", "page")  # kinds of one strength
IN_BROWSER = "lite/notebooks/index.html?path=notebooks/{}.ipynb"
LOADS = (
    "<i>Watch it learn</i> opens page 00 with Python in your browser, where you press <i>Run all</i>. It loads {} MB "
    "and installs nothing. "
)
ICON = (HERE / "static" / "icon.svg").read_text(encoding="utf-8").strip()


class Numbers:
    """Stands in for a random generator: Lehmer's numbers, which are the same in JavaScript."""

    def __init__(self, seed):
        self.seed = seed

    def random(self):
        self.seed = self.seed * 48271 % 2147483647
        return self.seed / 2147483647


def first_verse(read, parameters, vocabulary):
    """Return what the page writes first: to the end of a line after 200 letters, 280 at most."""
    ids = sample_ids(parameters, read(LINE).hidden[-1], vocabulary.encode("\n")[0], 280, Numbers(SEED), DARING)
    text = vocabulary.decode(ids)
    return text[: (text.find("\n", 200) + 1) or None]


def what_readme_says(stem, readme=""):
    """Return what README's map of questions says of a page, in a line: what follows its link and its minutes."""
    readme = readme or (ROOT / "README.md").read_text(encoding="utf-8")
    said = re.search(rf"\(notebooks/{stem}\.ipynb\)(.*)", readme)[1]
    return html.escape(re.split(r"\||\(\d+ minutes[^)]*\)", said.strip(" |"))[-1].strip(), quote=False)


def question(page):
    return f'<a href="notebooks/{page.stem}.html">{html.escape(page.title)}</a>'


def the_map():
    """Return the map of the second book, and the line of its appendices."""
    pages, parts = {page.number: page for page in PAGES}, []
    for group, numbers in MAP.items():
        here = [pages[number] for number in numbers.split()]
        if group == "Appendices":
            return "\n".join(parts), "Appendices, without exercises: " + " · ".join(map(question, here))
        items = "\n".join(
            f'<li><span class="number">{page.number}</span>{question(page)}<p>{what_readme_says(page.stem)}</p></li>'
            for page in here
        )
        parts.append(f"<section><h3>{group}</h3><ul>\n{items}\n</ul></section>")


def put(text, fields):
    """Return a text with each @FIELD@ replaced."""
    return re.sub("@([A-Z_]+)@", lambda found: fields[found[1]], text)


def colors():
    """Return the colors of KINDS as CSS variables, light and dark: --state-ground, --state and --state-bar."""
    uses = ("-ground", "", "-bar")
    names = ((kind, use, place) for kind in NIGHT for place, use in enumerate(uses) if place == 1 or kind not in PLAIN)
    return " ".join(f"--{kind}{use}: light-dark({KINDS[kind][k]}, {NIGHT[kind][k]});" for kind, use, k in names)


def image(svg, alt, more=""):
    """Return an SVG as an image that is part of the page."""
    return f'<img src="{link(svg)}" alt="{html.escape(alt)}"{more}>'


def link(svg):
    return f"data:image/svg+xml;base64,{in_text(svg)}"


def in_text(data):
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


def card(page, picture):
    words = f'<strong>{page.name}</strong><span class="small">{page.minutes} minutes</span>{SENTENCES[page.number]}'
    return (
        f'<li><a class="card" href="notebooks/{page.stem}.html">{image(picture, "", SIZE)}<div>{words}</div></a></li>'
    )


def film():
    """Return the moving picture of learning, as wide as a page and as narrow as a phone, and its seconds."""
    wide, narrow = (
        (ROOT / "data" / name).read_text(encoding="utf-8") for name in ("learning.svg", "learning_narrow.svg")
    )
    title, sizes = re.search("<title>(.*?)</title>", wide)[1], r'width="\d+" height="\d+"'
    phone = f'<source media="(max-width: 600px)" srcset="{link(narrow)}" {re.search(sizes, narrow)[0]}>'
    page = image(wide, html.unescape(title), f' class="film" {re.search(sizes, wide)[0]}')
    return f"<picture>{phone}{page}</picture>", re.search(r"animation:grow ([\d.]+)s", wide)[1]


def home(address, megabytes):
    """Return the home page as HTML. address: of the site. megabytes: loaded by pages that run in the browser, or 0."""
    run = load_run(ROOT / "data" / "sonnets_run.npz")
    parameters, vocabulary = rounded(run.parameters), run.vocabulary

    def read(text):
        ids = vocabulary.encode(f"\n{text}")
        return forward_pass(ids, ids, np.zeros(len(parameters.W_hh)), parameters)

    scales, numbers = in_two_bytes(run.parameters)
    pages = {page.number: page for page in PAGES if page.book == YOUR_NETWORK}
    drawn = pictures(read, vocabulary.chars, colors())
    questions, appendices = the_map()
    moving, seconds = film()
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
        "WATCH": (IN_BROWSER if megabytes else "notebooks/{}.html").format(pages["00"].stem),
        "LOADS": LOADS.format(megabytes) if megabytes else "",
        "LINE": html.escape(LINE),
        "VERSE": html.escape(first_verse(read, parameters, vocabulary)),
        "DARING": str(DARING),
        "SEED": str(SEED),
        "UNITS": str(len(parameters.W_hh)),
        "COUNT": f"{numbers.size:,}",
        "SIZE": f"{numbers.nbytes / 1000:.0f}",
        "FILM": moving,
        "SECONDS": seconds,
        "CARDS": "\n".join(card(page, drawn[number]) for number, page in pages.items()),
        "WARM_UP": str(PAGES[-1].minutes),
        "MAP": questions,
        "APPENDICES": appendices,
        "CHARS": json.dumps(list(vocabulary.chars)).replace("<", "\\u003c"),
        "SIZES": json.dumps([len(parameters.W_hh), *[value.size for value in parameters]]),
        "SCALES": json.dumps(scales),
        "NUMBERS": in_text(numbers.tobytes()),
    }
    network = (ROOT / "course" / "show" / "network.js").read_text(encoding="utf-8")
    return put((HERE / "home.html").read_text(encoding="utf-8"), fields | {"NETWORK": put(network, fields)})


def lost(address):
    """Return the page that GitHub Pages shows in the place of one that is not there, at any depth."""
    fields = {
        "FRONT": html.escape(address or "index.html"),
        "COLORS": colors(),
        "NAME": COURSE,
        "ICON": in_text(ICON),
    }
    return put((HERE / "lost.html").read_text(encoding="utf-8"), fields)
