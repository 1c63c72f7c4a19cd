"""Copy the setup cell of the first page into all others, where it must be the same.

    python -m course.tools.setup_cell

Only its code is copied. Its output is that of `ready` in course/__init__.py: if that changes, run the pages again.
"""

import json

from course.base.place import NOTEBOOKS
from course.lessons.contents import PAGES
from course.tools.publish import find_setup_cell


def copy_setup_cell(folder=NOTEBOOKS):
    """Copy it, and return the names of the pages that have changed. ValueError: a page has none."""
    names = [f"{page.stem}.ipynb" for page in PAGES]
    notebooks = {name: json.loads((folder / name).read_text(encoding="utf-8")) for name in names}
    cells = {name: find_setup_cell(notebook, name) for name, notebook in notebooks.items()}
    source = cells[names[0]]["source"]
    changed = [name for name, cell in cells.items() if cell["source"] != source]
    for name in changed:
        cells[name]["source"] = source
        text = json.dumps(notebooks[name], indent=1, ensure_ascii=False) + "\n"  # as Jupyter writes it
        (folder / name).write_text(text, encoding="utf-8")
    return changed


if __name__ == "__main__":
    print("changed:", ", ".join(copy_setup_cell()) or "nothing, it is the same everywhere")
