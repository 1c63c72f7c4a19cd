"""How long does a page take? A strict count, by rules, for someone who works through all of it.

    python -m course.tools.minutes                 the pages of the first book, one line each
    python -m course.tools.minutes 03 04           these pages
    python -m course.tools.minutes --write         put the minutes of all pages where they are said: into the line
                                                   **Time** of each page, the first line of its extra, and README

Counted are the words of prose at 150 a minute (a formula is one word, and the table When it goes wrong is looked up,
not read); a minute for each line of a display formula, each "by hand" and each Predict; a minute for 8 lines of code,
without the setup, the imports, the exercises and the finished functions; the exercises, as their check announces them;
and what a cell says in its metadata, "minutes": for walking, playing and waiting. The cells of an extra (they have the
tag "extra") are left out, and counted apart.
"""

import json
import re
import sys

from course.base.place import ROOT
from course.lessons import EXERCISES
from course.lessons.contents import EXTRA, EXTRA_TAG, PAGES, YOUR_NETWORK

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


def count(page, folder=ROOT / "notebooks", extra=False):
    """Return {what: minutes} of a page, and its words. page: a Page of the contents, or a notebook in the folder.

    extra  True: of its extra; False: of all the rest
    """
    cells = json.loads((folder / f"{page.stem}.ipynb").read_text(encoding="utf-8"))["cells"]
    cells = [cell for cell in cells if (EXTRA_TAG in cell["metadata"].get("tags", [])) == extra]
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


def minutes(page, folder=ROOT / "notebooks", extra=False):
    """Return the minutes of a page, as README gives them: to the nearest five, because nobody has measured them.

    extra  True: those of its extra, 5 or more, or 0 if it has none
    """
    found = sum(count(page, folder, extra)[0].values())
    return max(5, 5 * round(found / 5)) if found else 0


def places_of(page, root=ROOT):
    """Return [(file, pattern of what comes before the minutes of a page in it)]."""
    return [
        (root / "notebooks" / f"{page.stem}.ipynb", r"\*\*Time\*\* "),
        (root / "README.md", _line_of(page)),
    ]


def places_of_extra(page, root=ROOT):
    """Return the same for the minutes of its extra."""
    return [
        (root / "notebooks" / f"{page.stem}.ipynb", EXTRA),
        (root / "README.md", _line_of(page) + r"\d+(?: minutes)? and an extra of "),
    ]


def _line_of(page):
    """Return a pattern of README's link to a page, up to its minutes."""
    return rf"\(notebooks/{re.escape(page.stem)}\.ipynb\)(?: \(\[Colab\]\([^)]*\)\))? [|(] ?"


def write(pages=PAGES, root=ROOT):
    """Write the minutes of all pages where they are said, and return the names of what has changed.

    In README the minutes of an extra appear behind those of its page, and disappear when there is no extra any more.
    """
    changed = []
    for page in pages:
        folder, (of_page, of_readme), of_extra = (
            root / "notebooks",
            places_of(page, root),
            places_of_extra(page, root)[0],
        )
        shown, more = minutes(page, folder), minutes(page, folder, extra=True)
        behind = f" and an extra of {more} minutes" if more else ""
        for (path, before), old, new in (
            (of_page, r"\d+", f"{shown}"),
            (of_extra, r"\d+", f"{more}"),
            (of_readme, r"\d+(?P<unit> minutes)?(?: and an extra of \d+ minutes)?", rf"{shown}\g<unit>{behind}"),
        ):
            text = path.read_text(encoding="utf-8")
            changed_text = re.sub(f"({before}){old}", rf"\g<1>{new}", text, count=1)
            if changed_text != text:
                path.write_text(changed_text, encoding="utf-8", newline="\n")
                changed.append(path.name)
    return list(dict.fromkeys(changed))


def main(arguments):
    numbers = [argument for argument in arguments if not argument.startswith("--")]
    wanted = [page for page in PAGES if page.number in numbers] if numbers else FIRST_BOOK
    if "--write" in arguments:
        print("Changed:", ", ".join(write()) or "nothing.")
    totals = [0, 0]
    for page in wanted:
        for extra in (False, True):
            (parts, words), shown = count(page, extra=extra), minutes(page, extra=extra)
            totals[extra] += shown
            if shown or not extra:
                of = "  ".join(f"{what} {value:.1f}" for what, value in parts.items())
                print(f"{'  its extra' if extra else page.stem:24} {shown:4} minutes, {words:5} words:  {of}")
    more = f", and extras of {totals[True]} minutes" if totals[True] else ""
    print(f"{'together':24} {totals[False]:4} minutes{more}")


if __name__ == "__main__":
    main(sys.argv[1:])
