"""How long does a page take? A strict count, by rules, for someone who works through all of it.

    python -m course.tools.minutes                 the pages of the first book, one line each
    python -m course.tools.minutes 03 04           these pages
    python -m course.tools.minutes --write         put the minutes of all pages where they stand: into the line
                                                   **Time** of each page and into README

Counted are the words of prose at 150 a minute (a formula is one word, and the table When it goes wrong is looked up,
not read); a minute for each line of a display formula, each "by hand" and each Predict; a minute for 8 lines of code,
without the setup, the imports, the exercises and the finished functions; the exercises, as their check announces them;
and what a cell says in its metadata, "minutes": for walking, playing and waiting.
"""

import json
import re
import sys

from course.base.place import ROOT
from course.lessons import EXERCISES
from course.lessons.contents import PAGES, YOUR_NETWORK

FIRST_BOOK = [page for page in PAGES if page.book == YOUR_NETWORK]
WORDS_A_MINUTE, LINES_A_MINUTE = 150, 8
CHECK = re.compile(r'^check\("(\w+)", \1\)$', re.MULTILINE)
DISPLAY = re.compile(r"\$\$(.*?)\$\$", re.DOTALL)


def words_in(markdown):
    """Return the number of words that are read in a cell of text."""
    text = re.sub(r"## When it goes wrong.*?(?=\n## |\Z)", "", markdown, flags=re.DOTALL)
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    text = DISPLAY.sub("", text)
    text = re.sub(r"\$[^$\n]+\$", "formula", text)
    text = re.sub(r"`[^`\n]+`", "name", text)
    text = re.sub(r"\]\([^)]*\)|</?[a-z]+[^>]*>", "", text)
    return len(re.findall(r"\w[\w'’.,-]*", text))


def kind_of(cell):
    """Return what a cell of code is for: "setup", "imports", "exercise", "finished" or "code"."""
    source = "".join(cell["source"])
    if source.startswith("# @title Setup"):
        return "setup"
    if re.search(r"^(check|report)\(", source, re.MULTILINE) and ("def " in source or "check(" in source):
        return "exercise"
    if re.search(r"^finished\(", source, re.MULTILINE):
        return "finished"
    lines = [line for line in source.splitlines() if line.strip()]
    return (
        "imports"
        if lines and all(re.match(r"(import|from|np\.set_printoptions)\b", line) for line in lines)
        else "code"
    )


def count(page, folder=ROOT / "notebooks"):
    """Return {what: minutes} of a page, and its words. page: a Page of the contents, or a notebook in the folder."""
    cells = json.loads((folder / f"{page.stem}.ipynb").read_text(encoding="utf-8"))["cells"]
    markdown = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    code = [cell for cell in cells if cell["cell_type"] == "code" and kind_of(cell) == "code"]
    words = sum(map(words_in, markdown))
    formulas = [line for text in markdown for found in DISPLAY.findall(text) for line in re.split(r"\\\\", found)]
    exercises = [
        name for cell in cells for name in CHECK.findall("".join(cell["source"])) if kind_of(cell) == "exercise"
    ]
    lines = sum(bool(line.strip()) for cell in code for line in "".join(cell["source"]).splitlines())
    return {
        "prose": words / WORDS_A_MINUTE,
        "formulas": len(formulas),
        "by hand": sum(len(re.findall(r"\bby hand\b", text, re.IGNORECASE)) for text in markdown),
        "Predict": sum(text.count("**Predict.**") for text in markdown),
        "code": lines / LINES_A_MINUTE,
        "playing": sum(cell["metadata"].get("minutes", 0) for cell in cells),
        "exercises": sum(EXERCISES[name].minutes for name in exercises),
    }, words


def minutes(page, folder=ROOT / "notebooks"):
    """Return the minutes of a page, as README gives them: to the nearest five, because nobody has measured them."""
    return 5 * round(sum(count(page, folder)[0].values()) / 5)


def places_of(page):
    """Return [(file, pattern of what stands before the minutes of a page in it)]."""
    stem = re.escape(page.stem)
    return [
        (ROOT / "notebooks" / f"{page.stem}.ipynb", r"\*\*Time\*\* "),
        (ROOT / "README.md", rf"\(notebooks/{stem}\.ipynb\)(?: \(\[Colab\]\([^)]*\)\))? [|(] ?"),
    ]


def write():
    """Write the minutes of all pages where they stand, and return the names of what has changed."""
    changed = []
    for page in PAGES:
        for path, before in places_of(page):
            text = path.read_text(encoding="utf-8")
            new = re.sub(rf"({before})\d+", rf"\g<1>{minutes(page)}", text, count=1)
            if new != text:
                path.write_text(new, encoding="utf-8", newline="\n")
                changed.append(path.name)
    return list(dict.fromkeys(changed))


def main(arguments):
    numbers = [argument for argument in arguments if not argument.startswith("--")]
    wanted = [page for page in PAGES if page.number in numbers] if numbers else FIRST_BOOK
    if "--write" in arguments:
        print("Changed:", ", ".join(write()) or "nothing.")
    total = 0
    for page in wanted:
        parts, words = count(page)
        total += minutes(page)
        shown = "  ".join(f"{what} {value:.1f}" for what, value in parts.items())
        print(f"{page.stem:24} {minutes(page):4} minutes, {words:5} words:  {shown}")
    print(f"{'together':24} {total:4} minutes")


if __name__ == "__main__":
    main(sys.argv[1:])
