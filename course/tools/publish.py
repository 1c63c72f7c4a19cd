"""Write the course's public address into every page and into README.md, with links that open the pages in Colab.

    python -m course.tools.publish https://github.com/OWNER/NAME    write it; run it again for another address
    python -m course.tools.publish --check                          compare with the address in the first page

It writes the line COURSE = "..." of each setup cell, a Colab badge under each page's title, and in the tables of
README.md a Colab link after the link of each page. Colab opens the pages from the branch main. Nothing else changes.
"""

import argparse
import json
import re
import sys

from course.base.place import NOTEBOOKS, ROOT
from course.lessons.contents import PAGES

ADDRESS = re.compile(r"https://github\.com/[\w-]+/[\w.-]+")
COURSE_LINE = re.compile(r'^COURSE = "(.*?)"', re.MULTILINE)
COLAB = "https://colab.research.google.com"


def colab_link(address, page):
    """Return the address that opens a page of the course in Colab."""
    repository = address.removeprefix("https://github.com/")
    return f"{COLAB}/github/{repository}/blob/main/notebooks/{page}"


def find_setup_cell(notebook, page):
    """Return the cell with the line COURSE = "..."."""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code" and COURSE_LINE.search("".join(cell["source"])):
            return cell
    raise ValueError(f'notebooks/{page} has no setup cell, the one with the line COURSE = "...": put it in.')


def publish_page(text, page, address):
    """Return the text of an .ipynb file with this address in it. The address "" takes address and badge out."""
    notebook = json.loads(text)
    setup = find_setup_cell(notebook, page)
    source = COURSE_LINE.sub(f'COURSE = "{address}"', "".join(setup["source"]))
    setup["source"] = source.splitlines(keepends=True)

    title = notebook["cells"][0]
    lines = [line for line in "".join(title["source"]).split("\n") if not line.startswith("[![Open in Colab]")]
    if address:
        lines.insert(1, f"[![Open in Colab]({COLAB}/assets/colab-badge.svg)]({colab_link(address, page)})")
    title["source"] = "\n".join(lines).splitlines(keepends=True)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"  # as Jupyter writes it


def publish_readme(text, pages, address):
    """Return the text of README.md with a Colab link after each page's link in a table. "" takes them out."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        for page in pages if line.startswith("|") else []:
            link = f"](notebooks/{page})"
            line = re.sub(re.escape(link) + r" \(\[Colab\]\(.*?\)\)", link, line)
            if address:
                line = line.replace(link, f"{link} ([Colab]({colab_link(address, page)}))")
        lines[number] = line
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    choice = parser.add_mutually_exclusive_group(required=True)
    choice.add_argument("address", nargs="?", help="where the course is: https://github.com/OWNER/NAME")
    choice.add_argument("--check", action="store_true", help="write nothing; exit 1 if something differs")
    options = parser.parse_args()

    readme, pages = ROOT / "README.md", [NOTEBOOKS / f"{page.stem}.ipynb" for page in PAGES]
    texts = {path: path.read_text(encoding="utf-8") for path in [*pages, readme]}
    try:
        if options.check:
            setup = find_setup_cell(json.loads(texts[pages[0]]), pages[0].name)
            address = COURSE_LINE.search("".join(setup["source"]))[1]
        else:
            address = options.address.removesuffix("/").removesuffix(".git")
            if not ADDRESS.fullmatch(address):
                raise ValueError(f"The address is {address!r}: it must look like https://github.com/OWNER/NAME.")
        published = {path: publish_page(texts[path], path.name, address) for path in pages}
        published[readme] = publish_readme(texts[readme], [path.name for path in pages], address)
    except ValueError as error:
        parser.error(str(error))

    different = {path: text for path, text in published.items() if text != texts[path]}
    names = ", ".join(path.relative_to(ROOT).as_posix() for path in different)
    if options.check and different:
        print(f"For the address {address!r}, course.tools.publish would change {names}: run it with the right address.")
        return 1
    for path, text in different.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    print(f"The address is {address!r} everywhere. Changed: {names or 'nothing'}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
