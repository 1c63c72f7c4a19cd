"""Makes the course to hand out, or the lab of one sitting: pages without outputs, and all that they need."""

import json
import re
import shutil
from pathlib import Path

from course.base.place import NOTEBOOKS, ROOT, added_folder
from course.lessons.contents import EXTRA_TAG, PAGES

# What only teachers and maintainers need is left out.
FILES = ("rnn_helpers.py", "requirements.txt", "LICENSE", "LICENSE-TEXT.md")
OF_THE_WHOLE = ("requirements-scale.txt",)
LEFT_BEHIND = ("marking", "tools")
OF_MARKING = ("__init__.py", "answers.py", "child.py", "children.py")  # with these, python -m course tries an answer
# Of README, the handout leaves out what stands between two comments, and says what the second one holds.
ONLY_WHOLE = re.compile(r"<!-- whole -->.*?<!-- handout:\s?(.*?) ?-->", re.DOTALL)
# The lab is some pages, of which each has a file with its first words there, and a notebook of its own that comes last.
LAB, BRIDGE = ROOT / "docs" / "lab", "from_a_word_to_a_text"
AFTER_THE_PAGES = "[04 Training](04_training.ipynb)", f"[From a word to a text]({BRIDGE}.ipynb)"


def of_the_lab(page, first_words):
    """Return the cells of a page in the lab: without its extra, those that are marked, and links to other pages."""
    cells = [cell for cell in page["cells"] if "lab" not in cell["metadata"]]
    cells = [cell for cell in cells if EXTRA_TAG not in cell["metadata"].get("tags", [])]
    cells[0]["source"] = first_words
    for cell in cells:
        if cell["cell_type"] == "markdown":
            text = "".join(cell["source"]).replace(*AFTER_THE_PAGES)
            other = rf"\[([^]]+)\]\((?!0[23]_|{BRIDGE})\w+\.ipynb\)"
            cell["source"] = re.sub(other, r"\1", text).splitlines(keepends=True)
    return cells


def hand_out(folder, lab=False):
    """Write the course for learners, or only the lab, into a new folder, and return how many pages it has.

    ValueError if there is something there already.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(f"{str(folder)!r} is there already, and not empty: give the name of a new folder.")
    notebooks = folder / "notebooks"
    notebooks.mkdir(parents=True, exist_ok=True)
    first_words = {path.stem: path.read_text(encoding="utf-8") for path in LAB.glob("0*.md")}
    shutil.copytree(ROOT / "docs" / "handout", folder, dirs_exist_ok=True)  # for assistants, editors and git
    for path in (*FILES, *(() if lab else OF_THE_WHOLE)):
        shutil.copy(ROOT / path, folder)
    readme = ((LAB if lab else ROOT) / "README.md").read_text(encoding="utf-8")
    (folder / "README.md").write_text(ONLY_WHOLE.sub(r"\1", readme), encoding="utf-8", newline="\n")
    no_caches = shutil.ignore_patterns("__pycache__", ".*", "*.part")
    shutil.copytree(ROOT / "data", folder / "data", ignore=no_caches)
    shutil.copytree(ROOT / "course", folder / "course", ignore=shutil.ignore_patterns("__pycache__", *LEFT_BEHIND))
    (folder / "course" / "marking").mkdir()
    for name in OF_MARKING:
        shutil.copy(ROOT / "course" / "marking" / name, folder / "course" / "marking")
    paths = [NOTEBOOKS / f"{page.stem}.ipynb" for page in PAGES if not lab or page.stem in first_words]
    if added_folder().is_dir() and not lab:
        shutil.copytree(added_folder(), folder / "exercises", ignore=no_caches)
        own = [NOTEBOOKS / f"{path.stem}.ipynb" for path in sorted(added_folder().glob("*.py"))]
        paths += [path for path in own if path.is_file()]
    for path in paths + [LAB / f"{BRIDGE}.ipynb"] * lab:
        page = json.loads(path.read_text(encoding="utf-8"))
        if lab and path.stem in first_words:
            page["cells"] = of_the_lab(page, first_words[path.stem])
        for cell in page["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
        text = json.dumps(page, indent=1, ensure_ascii=False) + "\n"
        (notebooks / path.name).write_text(text, encoding="utf-8", newline="\n")
    return len(paths) + lab
