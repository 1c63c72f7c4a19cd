"""The terms of the course: what is bold on a page and no rubric, with the sentences that explain it.

On a page, bold means one of two things. A rubric ("**Predict.**", "**Time** 40 minutes") begins a paragraph or an item
of a list, and ends in a full stop, a colon or a question mark, or is one of RUBRICS. All the rest is a term, bold where
the page explains it, once in the course: wherever it comes back, it is plain or italic.
"""

import itertools
import json
import re
from dataclasses import dataclass

from course.base.place import NOTEBOOKS
from course.lessons.contents import PAGES, Page

RUBRICS = ("Time", "You need", "You will")
BOLD = re.compile(r"\*\*([^*]+)\*\*")
HEADING = re.compile(r"^#+ (.*)", re.MULTILINE)
# A sentence ends behind its mark, and behind what closes after it.
END = re.compile(r"(?<=[.?!])\s|(?<=[.?!][)*])\s")
# A sentence that points back explains nothing alone: it comes with the one before it. One that begins with a pronoun
# goes on, so it comes along, too.
POINTS_BACK = re.compile(
    r"(This|That|That's|These|It|It's|Its|They|Then|All of them|Add them)\b|The \w+ of this \w+ is\b"
    r"|The \w+ (is|are) (called|the)\b|.*\blike this\b"
)
GOES_ON = re.compile(r"(It|It's|Its|They|They're|Both)\b")


@dataclass(frozen=True)
class Term:
    """A term: its name, the sentences that explain it (Markdown), the page (a Page), and its section's heading."""

    name: str
    sentence: str
    page: Page
    heading: str


def is_rubric(name):
    """Is a bold text a rubric?"""
    return name in RUBRICS or name[-1] in ".:?!"


def paragraphs(text):
    """Return the paragraphs of a Markdown text and the items of its lists, each in one line, formulas with theirs."""
    text = re.sub(r"^\s*[*-] ", "\n\n", text, flags=re.MULTILINE)
    text = re.sub(r":\s*\n\n\$\$(.*?)\$\$", r": $\1$", text, flags=re.DOTALL)
    return [" ".join(part.split()) for part in re.split(r"\n\s*\n", text)]


def explained(paragraph, name):
    """Return the sentence of a paragraph that holds a bold name, with the ones that belong to it."""
    sentences = END.split(paragraph)
    first = last = next(k for k, sentence in enumerate(sentences) if f"**{name}**" in sentence)
    while first and POINTS_BACK.match(sentences[first].lstrip("(")):
        first -= 1
    last += last + 1 < len(sentences) and bool(GOES_ON.match(sentences[last + 1]))
    words = " ".join(sentences[first : last + 1])
    words = re.sub(r"^(\(|\*Read on:\* |(So|But|Or) )+", "", words)
    if words.count(")") > words.count("("):  # the beginning of the brackets is not here
        words = words.removesuffix(")")
    return words[0].upper() + re.sub(":$", ".", words[1:])


def on_page(page):
    """Yield the terms of a page, in order."""
    heading = ""
    for cell in json.loads((NOTEBOOKS / f"{page.stem}.ipynb").read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "markdown":
            for paragraph in paragraphs("".join(cell["source"])):
                if found := HEADING.match(paragraph):
                    heading = found[1]
                for name in BOLD.findall(paragraph):
                    if not is_rubric(name):
                        yield Term(name, explained(paragraph, name), page, heading)


def listed():
    """Return all terms of the course, as Term, sorted by name."""
    return sorted((term for page in PAGES for term in on_page(page)), key=lambda term: term.name.lower())


def as_page():
    """Return the list as a page of the site: Markdown for Sphinx, with an anchor for each term."""
    page = (
        "# List of terms\n\nA word is **bold** on the page that explains it. Here are all of these words, each with "
        "its explanation. If it's too short for you, its link leads to the page.\n"
    )
    for letter, terms in itertools.groupby(listed(), key=lambda term: term.name[0].upper()):
        page += f"\n## {letter}\n\n````{{glossary}}\n"
        for term in terms:
            anchor = re.sub(r"[^\w-]", "", term.heading.lower().replace(" ", "-"))
            section = re.sub(r"^(\d+)\..*", r"section \1", term.heading)
            place = f"Page {term.page.number}" if term.page.number else term.page.name
            link = f"[{place}, {section}](../notebooks/{term.page.stem}.ipynb#{anchor})"
            sentence = re.sub(r"(?<=\]\()(?=\w+\.ipynb)", "../notebooks/", term.sentence)
            page += f"{term.name}\n  {sentence} {link}\n\n"
        page += "````\n"
    return page
