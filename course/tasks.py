"""A page as text, for a terminal: its words, its code, and what each exercise asks for.

What is folded on the page stays folded: the finished functions, the answers below a Predict, and the outputs that one
should guess first. answers() returns the last two.
"""

import argparse
import itertools
import json
import re
import textwrap

from course import calls
from course.base.place import NOTEBOOKS
from course.base.wording import call
from course.lessons import EXERCISES, pages_with_exercises
from course.lessons.contents import PAGES

_CHECK = re.compile(r'^check\("(\w+)".*\n?', re.MULTILINE)
_SHOWS = re.compile(r'(?:^#.*\n)*^(finished|report)\("(\w+)"\)\n?', re.MULTILINE)  # with what its cell says about it
_FOLDED = re.compile(r"<details>\s*<summary>(.*?)</summary>\s*(.*?)\s*</details>", re.DOTALL)


def page_named(name):
    """Return the Page with this number, such as "02", or this name. ValueError if there is none."""
    known = {page.number or page.stem: page for page in PAGES}
    if name not in known:
        raise ValueError(f"There is no page {name!r}. The pages are {', '.join(known)}.")
    return known[name]


def pages_named(text):
    """Return the pages with these numbers, such as "02,03", or names. ArgumentTypeError if one has no exercises."""
    known = {page.number or page.stem: page for page in pages_with_exercises()}
    names = [name.strip() for name in text.split(",")]
    if unknown := [name for name in names if name not in known]:
        raise argparse.ArgumentTypeError(f"no page {unknown[0]!r} has exercises. Those that have: {', '.join(known)}.")
    return [known[name] for name in names]


def tasks(page):
    """Return a page as text. In place of an answer it names the call that returns it. ValueError if it is not here."""
    numbers = itertools.count(1)

    def folded(found):
        asks = "Answer:" if found[1] == "Answer" else re.sub("</?em>", "*", found[1])  # or a question, as of an aside
        return f"({asks} {_answer(f'{page.number or page.stem}.{next(numbers)}')})"

    return "\n\n".join(filter(None, (_FOLDED.sub(folded, _as_text(cell)) for cell in _cells(page))))


def _answer(name):
    return call(f'answers("{name}")', f"--answers {name}")


def answers(text):
    """Return the answers that a page folds, each with what the code above it printed, if the page has stored that.

    text  the name of one answer, such as "01.3", or "01" for all of the page
    ValueError if there is no such page or answer.
    """
    name, dot, number = text.partition(".")
    found, printed = [], []
    for cell in _cells(page_named(name)):
        if _is_to_guess(cell):
            printed += map(_as_shown, cell["outputs"])
        for _, answer in _FOLDED.findall("".join(cell["source"])):
            found.append("\n\n".join(filter(None, [f"Answer {name}.{len(found) + 1}", *printed, answer])))
            printed = []
    if dot and number not in map(str, range(1, len(found) + 1)):
        raise ValueError(f"There is no answer {text!r}: page {name} has {name}.1 to {name}.{len(found)}.")
    return "\n\n".join(found[int(number) - 1 : int(number)] if dot else found)


def _cells(page):
    """Return the cells of a page. ValueError if it is not here."""
    file = NOTEBOOKS / f"{page.stem}.ipynb"
    if not file.is_file():
        raise ValueError(f"The page {page.name} is not here: {file} is missing.")
    return json.loads(file.read_text(encoding="utf-8"))["cells"]


def _as_text(cell):
    """Return a cell as text; "" for the setup cell."""
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        return source
    if source.startswith("# @title Setup"):
        return ""
    names, boxes = _CHECK.findall(source), [_box(*shows) for shows in _SHOWS.findall(source)]
    source = _CHECK.sub("", _SHOWS.sub("", source)).rstrip()
    heads = [f"Exercise: {name} ({EXERCISES[name].kind}). {EXERCISES[name].effort}" for name in names]
    shown = boxes
    if not (names or boxes or _is_to_guess(cell)):
        shown = [_as_shown(output) for output in cell["outputs"]]
    return "\n\n".join(filter(None, [*heads, textwrap.indent(source, "    "), *shown]))


def _box(call, name):
    """Return what a call of finished or report shows, as text, or how to see it if the page folds it."""
    box = getattr(calls, call)(name)
    look = f'In Python, after `from course import {call}`, {call}("{name}") shows it.'
    return f"(Folded: {box.title}. {look})" if box.closed else repr(box)


def _is_to_guess(cell):
    """True if the page folds what the code of a cell shows."""
    return cell["metadata"].get("jupyter", {}).get("outputs_hidden", False)


def _as_shown(output):
    """Return what an output says: a text as it is, and of a picture or a walk its words."""
    return "".join(output.get("text") or output["data"].get("text/plain", "")).strip()
