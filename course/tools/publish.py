"""Before a release: write what is the same on all pages, and what the course knows of itself.

    python -m course.tools.publish                                  the setup cell of the first page, into all others
    python -m course.tools.publish https://github.com/OWNER/NAME    and this address

The address goes into the line COURSE = "..." of each setup cell and into links that open the pages in Colab, from the
branch main: a badge below each title, and one beside each page in README.md. Each page asks Colab not to complete code,
because it's the learner who writes. course/base/ready.py gets the checksum of rnn_helpers.py, by which a page tells
that somebody has changed it. Nothing else changes.
"""

import argparse
import json
import re

from course.base.place import ROOT
from course.base.ready import sha256_of_rnn_helpers
from course.lessons.contents import PAGES

ADDRESS = re.compile(r"https://github\.com/[\w-]+/[\w.-]+")
COURSE_LINE = re.compile(r'^COURSE = "(.*?)"', re.MULTILINE)
COLAB = "https://colab.research.google.com"
LEARNERS_WRITE = {"generative_ai_disabled": True}  # in Colab: Edit, Notebook settings, Hide generative AI features


def colab_link(address, page):
    """Return the address that opens a page of the course in Colab."""
    return f"{COLAB}/github/{address.removeprefix('https://github.com/')}/blob/main/notebooks/{page}"


def find_setup_cell(notebook, page):
    """Return the cell with the line COURSE = "..."."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and COURSE_LINE.search("".join(cell["source"])):
            return cell
    raise ValueError(f'notebooks/{page} has no setup cell, the one with the line COURSE = "...": put it in.')


def published(address=None, root=ROOT):
    """Return dict: path -> its text with this address, or the first page's, for all pages and README.md.

    ValueError: the address is not valid, or a page has no setup cell.
    """
    paths = [root / "notebooks" / f"{page.stem}.ipynb" for page in PAGES]
    paths += (root / "docs" / "lab").glob("*.ipynb")  # it is handed out, so it gets no link to Colab
    notebooks = {path: json.loads(path.read_text(encoding="utf-8")) for path in paths}
    cells = [find_setup_cell(notebook, path.name) for path, notebook in notebooks.items()]
    setup = "".join(cells[0]["source"])
    if address is None:
        address = COURSE_LINE.search(setup)[1]
    elif not ADDRESS.fullmatch(address := address.removesuffix("/").removesuffix(".git")):
        raise ValueError(f"The address is {address!r}: it must look like https://github.com/OWNER/NAME.")
    setup = COURSE_LINE.sub(f'COURSE = "{address}"', setup)

    texts, readme = {}, (root / "README.md").read_text(encoding="utf-8")
    readme = re.sub(r" \(\[Colab\]\(.*?\)\)", "", readme)
    for (path, notebook), cell in zip(notebooks.items(), cells):
        notebook["metadata"] = dict(sorted({**notebook["metadata"], "colab": LEARNERS_WRITE}.items()))
        cell["source"], title = setup.splitlines(keepends=True), notebook["cells"][0]
        lines = [line for line in "".join(title["source"]).split("\n") if not line.startswith("[![Open in Colab]")]
        if address and path.parent.name == "notebooks":
            link = colab_link(address, path.name)
            lines.insert(1, f"[![Open in Colab]({COLAB}/assets/colab-badge.svg)]({link})")
            here = re.escape(f"](notebooks/{path.name})")
            readme = re.sub(here, rf"\g<0> ([Colab]({link}))", readme)
        title["source"] = "\n".join(lines).splitlines(keepends=True)
        texts[path] = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"  # as Jupyter writes it
    return texts | {root / "README.md": readme}


def with_checksum():
    """Return {path of ready.py: its text with the checksum of rnn_helpers.py as that is now}."""
    path = ROOT / "course" / "base" / "ready.py"
    line = f'RNN_HELPERS = "{sha256_of_rnn_helpers()}"'
    return {path: re.sub(r'^RNN_HELPERS = ".*"$', line, path.read_text(encoding="utf-8"), flags=re.MULTILINE)}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", nargs="?", help="where the course is: https://github.com/OWNER/NAME")
    try:
        texts = published(parser.parse_args().address) | with_checksum()
    except ValueError as error:
        parser.error(str(error))
    changed = [path for path, text in texts.items() if text != path.read_text(encoding="utf-8")]
    for path in changed:
        path.write_text(texts[path], encoding="utf-8", newline="\n")
    print("Changed:", ", ".join(path.name for path in changed) or "nothing.")
