"""Makes the course to hand out: pages without outputs, and all that they need, in a new folder."""

import json
import shutil
from pathlib import Path

from course.base.place import NOTEBOOKS, ROOT
from course.lessons.contents import PAGES

# What only teachers and maintainers need is left out.
FILES = ("rnn_helpers.py", "requirements.txt", "requirements-scale.txt", "CHANGELOG.md", "LICENSE", "LICENSE-TEXT.md")
LEFT_BEHIND = ("marking", "tools")
LAST_OF_README = "\n## For teachers and maintainers\n"


def hand_out(folder):
    """Write the course for learners into a new folder, and return how many pages it has.

    ValueError if there is something there already.
    """
    folder = Path(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ValueError(f"{str(folder)!r} is there already, and not empty: give the name of a new folder.")
    notebooks = folder / "notebooks"
    notebooks.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        shutil.copy(ROOT / name, folder)
    readme = (ROOT / "README.md").read_text(encoding="utf-8").partition(LAST_OF_README)[0]
    (folder / "README.md").write_text(readme, encoding="utf-8", newline="\n")
    no_caches = shutil.ignore_patterns("__pycache__", ".*", "*.part")
    shutil.copytree(ROOT / "data", folder / "data", ignore=no_caches)
    shutil.copytree(ROOT / "course", folder / "course", ignore=shutil.ignore_patterns("__pycache__", *LEFT_BEHIND))
    for path in [NOTEBOOKS / f"{page.stem}.ipynb" for page in PAGES]:
        page = json.loads(path.read_text(encoding="utf-8"))
        for cell in page["cells"]:
            if cell["cell_type"] == "code":
                cell["outputs"], cell["execution_count"] = [], None
        text = json.dumps(page, indent=1, ensure_ascii=False) + "\n"
        (notebooks / path.name).write_text(text, encoding="utf-8", newline="\n")
    return len(PAGES)
