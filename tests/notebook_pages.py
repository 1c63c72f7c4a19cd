"""The pages as tests read them."""

import functools
import re

import nbformat
from helpers import ROOT

from course.lessons import contents

NOTEBOOKS = ROOT / "notebooks"
PAGES = [page.stem for page in contents.PAGES]
EXERCISE = re.compile(r'^check\("(\w+)", \1\)$', re.MULTILINE)


class Page:
    """A page, and the parts of it that the tests need."""

    def __init__(self, name):
        self.name = name
        self.notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
        self.code_cells = [cell for cell in self.notebook.cells if cell.cell_type == "code"]
        self.markdown = [cell.source for cell in self.notebook.cells if cell.cell_type == "markdown"]
        self.prose = "\n\n".join(self.markdown)
        self.exercises = [(name, cell) for cell in self.code_cells for name in EXERCISE.findall(cell.source)]


@functools.cache
def page_named(name):
    """Return a page. It is read once for all tests, because none of them changes it."""
    return Page(name)


def texts(cell):
    """Return the stored output of a cell as texts."""
    found = []
    for output in cell.outputs:
        found += [output.get("text", ""), output.get("evalue", ""), output.get("data", {}).get("text/plain", "")]
    return found
