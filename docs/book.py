"""Make the two books from the pages, as PDF and EPUB: with pandoc, and for the PDF with Typst.

    python docs/book.py FOLDER      writes first_book.pdf, first_book.epub, second_book.pdf, second_book.epub

docs/build.py does it for the site. Nothing is run: the books show the stored outputs of the pages. What a page folds,
because one should guess or write first, stands at its end.
"""

import dataclasses
import itertools
import json
import re
import sys
import tempfile
from pathlib import Path

import pypandoc
import typst

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT)]

import terms  # noqa: E402
from as_markdown import FORMAT, parts  # noqa: E402

import course  # noqa: E402
from course.lessons.contents import COURSE, MAP, PAGES, QUESTIONS, SUBJECT, YOUR_NETWORK  # noqa: E402

AUTHORS = "The authors of the course"
BOOKS = {
    "first_book": (
        f"The first book: {YOUR_NETWORK.lower()}",
        "Pages 00 to 06, and the NumPy warm-up",
        [page for page in PAGES if page.book != QUESTIONS],
    ),
    "second_book": (
        f"The second book: {QUESTIONS.lower()}",
        "Pages 07 to 21",
        [page for page in PAGES if page.book == QUESTIONS],
    ),
}
# What libraries and reading programs are told of both.
ABOUT = {
    "lang": "en",
    "author": AUTHORS,
    "rights": "Words and pictures: CC BY 4.0. Code: BSD 3-Clause.",
    "accessModes": ["textual", "visual"],
    "accessibilityFeatures": ["alternativeText", "MathML", "structuralNavigation", "tableOfContents", "index"],
    "accessibilityHazards": ["none"],
    "accessibilitySummary": "Each picture has its words, formulas are MathML, and links lead to answers and back.",
}
# Sections that each page has: a table of contents need not list them.
EVERYWHERE = re.compile(r"^(## (?:When it goes wrong|Take away|Next))$", re.MULTILINE)
# A link to what is not in the book, and no picture.
OUTSIDE = re.compile(r"(?<!!)\[([^][]*)\]\((?!#|https?:)[^)]*\.(?:ipynb|md)\)")


def block(kind, text, place=""):
    """Return Markdown in a box: a class in the EPUB, a function of book.typ in the PDF. place: its id."""
    return f"::: {{.{kind}{place and f' #{place}'}}}\n{text}\n:::"


def parts_of(page, pictures):
    """Return the parts of a page, a list. A picture right behind an answer shows it, so it's closed, with its code."""
    listed = list(parts(page, pictures))
    for k, part in enumerate(listed):
        if part.kind == "answer":
            shows = list(itertools.takewhile(shows_something, listed[k + 1 :]))
            if any(one.text.startswith("![") for one in shows):
                closed = [dataclasses.replace(one, number=part.number, closed=True) for one in shows]
                listed[k + 1 : k + 1 + len(shows)] = closed
    return listed


def shows_something(part):
    """Is it code, what that shows, or the line on the runs of a picture?"""
    return part.kind in ("code", "output") or bool(re.fullmatch(r"\[[^]]*\]\{\.small\}", part.text))


def chapter(page, pictures):
    """Return the words of a page, and those of its end, as Markdown. Its pictures go into the folder pictures."""
    body, end, told, task = [], [], set(), ""
    listed = parts_of(page, pictures)
    finished = {part.name for part in listed if part.kind == "finished" and part.closed}

    def place(kind, part):
        return f"{kind}-{page.stem}-{part.name or part.number}"

    def back(part, title, here, there, words):
        end.append(f"### {title} {{#{place(here, part)}}}\n\n{block('back', f'[{words}](#{place(there, part)})')}")

    for part, after in zip(listed, [*listed[1:], None]):
        if part.closed and part.kind == "finished":
            back(part, f"`{part.name}`", "done", "task", "Back to the exercise")
            end.append(part.text)
        elif part.closed:
            if part.number not in told:
                back(part, f"Answer\u00a0{part.number}", "answer", "predict", "Back to the question")
                told.add(part.number)
            end.append(part.text)
        elif part.kind == "predict":
            question = part.text.replace("**Predict.**", f"**Predict {part.number}.**", 1)
            link = f"[Answer\u00a0{part.number}](#{place('answer', part)})"
            body.append(block("predict", f"{question} {link}", place("predict", part)))
        elif part.kind == "task" and after.kind == "start":
            task = part.text + "\n\n"  # one box with the code
        elif part.kind in ("task", "start"):
            link = f" [Finished function](#{place('done', part)})" if part.name in finished else ""
            # The words may stand apart from the code, behind a cell that shows a first try.
            body.append(block("task", task + part.text + link, "" if part.name in told else place("task", part)))
            told.add(part.name)
            task = ""
        else:
            body.append(part.text)
    return body, end


def front(name, address, printed):
    """Return the chapter on how to use a book: docs/book.md, filled in."""
    pages = BOOKS[name][2]
    first = name == "first_book"
    fields = {
        "elsewhere": "Pages 07 to 21 are in the second book." if first else "Pages 00 to 06 are in the first book.",
        "printed": "A link inside the book also tells the printed page, such as (p. 20)." * printed,
        "map": "" if first else question_map(pages),
        "title": f"{COURSE}: {SUBJECT}",
        "version": course.__version__,
        "found": f"You find the course at <{address}>." * bool(address),
    }
    words = (HERE / "book.md").read_text(encoding="utf-8")
    return re.sub(r"\{(\w+)\}", lambda found: fields[found[1]], words)


def question_map(pages):
    """Return the questions of the second book, each with links to the pages that ask a part of it."""
    stems = {page.number: page.stem for page in pages}
    groups = [
        f"* **{question}** {', '.join(f'[{number}](#page-{stems[number]})' for number in numbers.split())}"
        for question, numbers in MAP.items()
    ]
    return "## The questions\n\nYou may read them in any order.\n\n" + "\n".join(groups)


def with_places(page, body, end, places):
    """Return both with a place at each bold term that this page explains. places: pairs (Term, id)"""
    found = {f"**{term.name}**": place for term, place in places if term.page == page}
    marked = []
    for text in (*body, *end):
        for name in [name for name in found if name in text]:
            text = text.replace(name, f"[{name}]{{#{found.pop(name)}}}", 1)
        marked.append(text)
    if found:
        raise LookupError(f"{page.stem}: these terms are not where docs/terms.py has them: {', '.join(found)}.")
    return marked[: len(body)], marked[len(body) :]


def markdown(name, address, pictures, printed):
    """Return a whole book as Markdown, from its name in BOOKS. printed: for the PDF, with the numbers of its pages."""
    pages = BOOKS[name][2]
    listed = [term for term in terms.listed() if term.page in pages]
    places = [(term, f"term-{k}") for k, term in enumerate(listed)]
    texts = [front(name, address, printed)]
    for page in pages:
        body, end = with_places(page, *chapter(page, pictures), places)
        if end:
            body += [f"## Answers to {page.label if page.number else page.title} {{.answers}}", *end]
        text = re.sub(r"^# (.*)", rf"# \1 {{#page-{page.stem}}}", "\n\n".join(body), count=1)
        texts.append(EVERYWHERE.sub(r"\1 {.unlisted .unnumbered}", text))
    texts.append(index(places, printed))
    text = "\n\n".join(texts).replace("; `Run > Run All Above Selected Cell` brings you back.", ".")
    here = "|".join(page.stem for page in pages)
    text = re.sub(rf"\]\(({here})\.ipynb\)", r"](#page-\1)", text)
    return OUTSIDE.sub(r"\1", text)


def index(places, printed):
    """Return the index of a book. places: pairs (Term, id), sorted by name"""
    lines = [f"[{term.name}](#{place})" + f", {term.page.name}" * (not printed) for term, place in places]
    return "# Index {#index}\n\n" + block("terms", "\n\n".join(lines))


def quoted(text):
    """Return a text as Typst writes it in its code."""
    return json.dumps(text, ensure_ascii=False)


def as_typst(text):
    """Return Markdown for Typst, with calls of the functions of book.typ."""
    options = ["--syntax-highlighting=idiomatic", f"--lua-filter={HERE / 'book.lua'}"]
    return pypandoc.convert_text(text, "typst", format=FORMAT, extra_args=options)


def compiled(source, target, **more):
    """Make a PDF or picture of a file for Typst, with the fonts that Typst brings. RuntimeError: what Typst says."""
    try:
        _, told = typst.compile_with_warnings(str(source), output=str(target), ignore_system_fonts=True, **more)
    except typst.TypstError as problem:
        told = [problem]
    if told := [one.diagnostic for one in told]:
        raise RuntimeError(f"Typst says of {target.name}:\n" + "\n".join(told))


def write_epub(text, cover, about, target):
    """Write an EPUB from Markdown. cover: a picture; about: what others know it by, as pandoc's metadata."""
    told = cover.with_name("about.json")
    told.write_text(json.dumps(about), encoding="utf-8")
    options = ["--mathml", "--toc", "--toc-depth=2", "--split-level=1", "--syntax-highlighting=monochrome"]
    options += [f"--css={HERE / 'book.css'}", f"--metadata-file={told}"]
    options += [f"--epub-cover-image={cover}", f"--resource-path={cover.parent}"]
    pypandoc.convert_text(text, "epub3", format=FORMAT, outputfile=target, extra_args=options)


def write(folder, address=""):
    """Write both books into a folder (a Path), each as PDF and as EPUB. address: where the course is found, or ""."""
    look = (HERE / "book.typ").read_text(encoding="utf-8")
    for name, (title, what, _) in BOOKS.items():
        about = ABOUT | {"title": f"{COURSE}. {title}", "identifier": f"{COURSE}, {name}, {course.__version__}"}
        words = [COURSE, SUBJECT, title, what, AUTHORS]
        begin = f"{look}#set document(title: {quoted(about['title'])}, author: {quoted(AUTHORS)})\n"
        begin += f"#cover({', '.join(map(quoted, words))})\n"
        with tempfile.TemporaryDirectory() as work:
            work = Path(work)
            (work / "cover.typ").write_text(begin, encoding="utf-8")
            compiled(work / "cover.typ", work / "cover.png", format="png", ppi=110)
            text = markdown(name, address, work, printed=False)
            write_epub(text, work / "cover.png", about, folder / f"{name}.epub")
            text = markdown(name, address, work, printed=True)
            (work / "book.typ").write_text(f"{begin}#contents()\n{as_typst(text)}", encoding="utf-8")
            # By this standard, a letter that no font has is an error, and so is a picture without words.
            compiled(work / "book.typ", folder / f"{name}.pdf", pdf_standards="ua-1")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    write(Path(sys.argv[1]))
