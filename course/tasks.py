"""The tasks of a page as text, for a terminal: its words up to its last exercise, and what each exercise asks for.

What is folded on the page stays folded: the answers below a Predict, the outputs that one should guess first, and the
finished functions.
"""

import argparse
import json
import re
import textwrap

from course import calls
from course.base.place import NOTEBOOKS
from course.lessons import EXERCISES
from course.lessons.contents import PAGES

_CHECK = re.compile(r'^check\("(\w+)".*\n?', re.MULTILINE)
_SHOWS = re.compile(r'(?:^#.*\n)*^(finished|report)\("(\w+)"\)\n?', re.MULTILINE)  # with what its cell says about it
_FOLDED = re.compile(r"<details>.*?</details>", re.DOTALL)


def pages_named(text):
    """Return the pages with these numbers, such as "02,03", or names. ArgumentTypeError if there is none of a name."""
    known = {page.number or page.stem: page for page in PAGES if page.exercises}
    names = [name.strip() for name in text.split(",")]
    if unknown := [name for name in names if name not in known]:
        raise argparse.ArgumentTypeError(f"no page {unknown[0]!r} has exercises. Those that have: {', '.join(known)}.")
    return [known[name] for name in names]


def tasks(page):
    """Return the text of a page up to its last exercise. ValueError if the page is not here."""
    file = NOTEBOOKS / f"{page.stem}.ipynb"
    if not file.is_file():
        raise ValueError(f"The page {page.name} is not here: {file} is missing.")
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    last = max(number for number, cell in enumerate(cells) if _CHECK.search("".join(cell["source"])))
    return "\n\n".join(filter(None, map(_as_text, cells[: last + 1])))


def _as_text(cell):
    """Return a cell as text; "" for the setup cell."""
    source, look = "".join(cell["source"]), cell["metadata"].get("jupyter", {})
    if cell["cell_type"] == "markdown":
        return _FOLDED.sub("(The answer is folded. Open the page to read it.)", source)
    if look.get("source_hidden"):
        return ""
    names, boxes = _CHECK.findall(source), [getattr(calls, call)(name) for call, name in _SHOWS.findall(source)]
    source = _CHECK.sub("", _SHOWS.sub("", source)).rstrip()
    heads = [f"Exercise: {name} ({EXERCISES[name].kind}). {EXERCISES[name].effort}" for name in names]
    shown = [repr(box) for box in boxes if not box.closed]
    if not (names or boxes or look.get("outputs_hidden")):
        shown += [_as_shown(output) for output in cell["outputs"]]
    return "\n\n".join(filter(None, [*heads, textwrap.indent(source, "    "), *shown]))


def _as_shown(output):
    """Return what an output says: a text as it is, and of a picture or a walk its words."""
    return "".join(output.get("text") or output["data"].get("text/plain", "")).strip()
