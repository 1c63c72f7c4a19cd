"""Make slides of the Predicts for a lecture (.pptx, which one can edit), and an archive of all pictures.

    python docs/slides.py FOLDER    writes first_book_slides.pptx, second_book_slides.pptx and pictures.zip

docs/build.py does it for the site. Each Predict becomes a slide with the question and the code, one with what the code
gives, and one with the answer. Nothing runs over the edge: code and what it gives get the largest size that fits, and
what doesn't fit at the smallest size goes on on the next slide.
"""

import base64
import math
import re
import subprocess
import sys
import tempfile
import textwrap
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pypandoc

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

from as_markdown import FORMAT, fenced, parts, read_page  # noqa: E402

from course.base.place import NOTEBOOKS  # noqa: E402
from course.lessons.contents import COURSE, PAGES, QUESTIONS, YOUR_NETWORK  # noqa: E402

BOOKS = {
    "first_book_slides": (YOUR_NETWORK, [page for page in PAGES if page.book != QUESTIONS]),
    "second_book_slides": (QUESTIONS, [page for page in PAGES if page.book == QUESTIONS]),
}
# In points: the box for the text of a slide, without its margins and the space above code, and the sizes of words,
# of code and of captions.
WIDTH, HEIGHT = 633, 307
WORDS, LARGEST, SMALLEST, CAPTION = 20, 16, 10, 10
# The height of a line, and the width of a letter in words and in code, as shares of the size.
LINE, LETTER, MONO = 1.2, 0.5, 0.6
# What pandoc's own slides look like, and what these look like: a small title on the left, and more room below it.
LOOKS = {
    "ppt/slideMasters/slideMaster1.xml": [
        ('<a:off x="457200" y="205979"/><a:ext cx="8229600" cy="857250"/>', (457200, 130000, 8229600, 560000)),
        ('<a:off x="457200" y="1200151"/><a:ext cx="8229600" cy="3394472"/>', (457200, 760000, 8229600, 4050000)),
        ('<p:titleStyle><a:lvl1pPr algn="ctr"', '<p:titleStyle><a:lvl1pPr algn="l"'),
        ('sz="2400"', f'sz="{WORDS}00"'),
        ('sz="3300"', 'sz="2400"'),
    ],
    "ppt/slideLayouts/slideLayout3.xml": [(' cap="all"', "")],
}
CODE = re.compile(r"`{5}\{\.(python|output)\}\n(.*)\n`{5}", re.DOTALL)
PICTURE = re.compile(r"!\[(.*)\]\((.*)\)")
# In what pandoc writes: a paragraph that is code, one below a picture, and the words of a picture with its file.
CODE_IN_SLIDE = re.compile(r'<a:p><a:pPr lvl="0" indent="0"><a:buNone />.*?</a:p>', re.DOTALL)
CAPTION_IN_SLIDE = re.compile(r'<a:p><a:pPr [^>]*algn="ctr">.*?</a:p>', re.DOTALL)
FILE_IN_WORDS = re.compile(r'(descr="[^"]*?)\s+[\w-]+\.png"')


@dataclass(frozen=True)
class Slide:
    """A slide: its title, what is on it (Markdown), and the size of its code in points."""

    title: str
    text: str
    size: float = SMALLEST


def height_of(words):
    """Return how high words stand on a slide, in points."""
    rows = math.ceil(len(words) / (WIDTH / (WORDS * LETTER)))
    return rows * WORDS * LINE + 0.2 * WORDS


def size_for(lines, height):
    """Return the size with which lines of code fit into a height, in points: at most LARGEST."""
    wide = WIDTH / (max(map(len, lines)) * MONO)
    return min(LARGEST, math.floor(2 * min(wide, height / (len(lines) * LINE))) / 2)


def broken(lines, size):
    """Return lines of code as rows that are not wider than a slide."""
    columns = int(WIDTH / (size * MONO))
    return [row for line in lines for row in textwrap.wrap(line, columns, subsequent_indent="  ") or [""]]


def on_slides(language, text):
    """Yield the lines of a code or an output, as many as fit on a slide: code is parted between two statements."""
    lines, rows = text.split("\n"), int(HEIGHT / (SMALLEST * LINE))
    if broken(lines, SMALLEST) != lines:  # it has to break anyhow, so it may as well be larger
        fitting = (size for size in range(LARGEST, SMALLEST, -1) if len(broken(lines, size)) * size * LINE <= HEIGHT)
        lines = broken(lines, next(fitting, SMALLEST))
    while lines:
        end = min(rows, len(lines))
        if language == "python" and end < len(lines):
            end = max(k for k in range(1, end + 1) if not lines[k].startswith((" ", ")", "]", "}")))
        yield lines[:end]
        lines = lines[end:]


def with_formulas(text):
    """Return Markdown whose formulas pandoc can write as text."""

    def plain(match):
        return re.sub(r"\\frac(\w|{\w+})(\w|{\w+})", r"\1/\2", match[0]).replace(r"\sqrt ", "√")

    return re.sub(r"\$[^$]+\$", plain, text)


def slides_of(page, pictures):
    """Return the slides of a page. pictures: an empty folder, which gets its pictures."""
    slides, question, caption = [], "", ""
    asked = [part for part in parts(page, pictures) if part.number]
    for part, after in zip(asked, [*asked[1:], None], strict=True):
        found, picture = CODE.fullmatch(part.text), PICTURE.fullmatch(part.text)
        if question and not found:
            slides.append(Slide(part.heading, question))
            question = ""
        line = part.kind == "output" and found and "\n" not in found[2]
        if line and after and PICTURE.fullmatch(after.text):
            caption = found[2]  # a line above a picture stands below it, so it needs no slide
        elif found:
            for lines in on_slides(*found.groups()):
                left = HEIGHT - height_of(question) * bool(question)
                if question and size_for(lines, left) < SMALLEST:
                    slides.append(Slide(part.heading, question))
                    question, left = "", HEIGHT
                text = f"{question}\n\n{fenced(chr(10).join(lines), found[1])}"
                slides.append(Slide(part.heading, text, size_for(lines, left)))
                question = ""
        elif picture:
            if after and (small := re.fullmatch(r"\[(.*)\]\{\.small\}", after.text)):
                caption = f"{caption} {small[1]}".strip()
            words = re.sub(r"\\(.)", r"\1", picture[1]).replace('"', "'")
            slides.append(Slide(part.heading, f'![{caption}]({picture[2]} "{words}")'))
            caption = ""
        elif part.kind == "predict":
            question = with_formulas(part.text)
        elif not part.text.endswith("{.small}"):  # this line is below its picture
            slides.append(Slide(part.heading, "**Answer.** " * (part.kind == "answer") + with_formulas(part.text)))
    return slides


def rewritten(source, target, change):
    """Copy a zip file. change: a function of a name and a text that returns the text to write."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(name, content.decode()).encode() if name.endswith(".xml") else content)


def write_looks(path):
    """Write the slides without words whose looks pandoc takes over."""

    def change(name, text):
        for old, new in LOOKS.get(name, ()):
            if old not in text:
                sys.exit(f"pandoc's slides do not contain {old!r} any more: adapt LOOKS in docs/slides.py.")
            if isinstance(new, tuple):
                new = '<a:off x="{}" y="{}"/><a:ext cx="{}" cy="{}"/>'.format(*new)
            text = text.replace(old, new)
        return text

    command = [pypandoc.get_pandoc_path(), "--print-default-data-file", "reference.pptx"]
    path.write_bytes(subprocess.run(command, check=True, capture_output=True).stdout)
    rewritten(path, path.with_suffix(".new"), change)
    path.with_suffix(".new").replace(path)


def in_size(paragraph, size):
    """Return a paragraph of a slide (XML) with its letters in a size, in points."""
    sized = f'<a:rPr sz="{round(size * 100)}"'
    paragraph = paragraph.replace("<a:rPr", sized).replace("<a:br />", f"<a:br>{sized} /></a:br>")
    return paragraph.replace('lvl="0" indent="0">', 'lvl="0" indent="0" marL="0">')


def write_slides(title, pages, target):
    """Write the slides of some pages as PowerPoint's file target."""
    with tempfile.TemporaryDirectory() as work:
        work = Path(work)
        text, slides = "", [None]
        for page in pages:
            (work / page.stem).mkdir()
            if of_page := slides_of(page, work / page.stem):
                slides += [None, *of_page]
                text += f"\n# {page.name}\n"
                text += "".join(f"\n## {slide.title}\n\n{slide.text}\n" for slide in of_page)
        write_looks(work / "looks.pptx")
        # By way of HTML, a formula becomes text, which every program shows, and which can be edited.
        html = pypandoc.convert_text(text, "html", format=FORMAT)
        extra = [f"--metadata=title:{COURSE}", f"--metadata=subtitle:The Predicts: {title}", "--slide-level=2"]
        extra += [f"--reference-doc={work / 'looks.pptx'}", "--variable=monofont:Courier New"]
        extra += ["--syntax-highlighting=monochrome"]
        extra += [f"--resource-path={':'.join(str(work / p.stem) for p in pages)}"]
        pypandoc.convert_text(html, "pptx", format="html", outputfile=str(work / "raw.pptx"), extra_args=extra)

        def change(name, xml):
            if found := re.fullmatch(r"ppt/slides/slide(\d+)\.xml", name):
                slide = slides[int(found[1]) - 1]
                xml = CODE_IN_SLIDE.sub(lambda match: in_size(match[0], slide.size), xml)
                xml = CAPTION_IN_SLIDE.sub(lambda match: in_size(match[0], CAPTION), xml)
                xml = FILE_IN_WORDS.sub(r'\1"', xml)
            return xml

        rewritten(work / "raw.pptx", target, change)


def write_pictures(target):
    """Write the stored pictures of all pages as an archive, named by page and order, with a text of their words."""
    words = f"The pictures of {COURSE}, in the order of the pages, and what they show. CC BY 4.0.\n"
    with zipfile.ZipFile(target, "w") as archive:
        for page in PAGES:
            stored = [
                output
                for cell in read_page(NOTEBOOKS / f"{page.stem}.ipynb")["cells"]
                for output in cell.get("outputs", [])
                if "image/png" in output.get("data", {})
            ]
            for k, output in enumerate(stored, 1):
                name = f"{page.stem}_{k:02d}.png"
                archive.writestr(name, base64.b64decode(output["data"]["image/png"]))
                words += f"\n{name}\n{output['metadata']['image/png']['alt']}\n"
        archive.writestr("words.txt", words)


def write(folder):
    """Write the slides of both books and the pictures into a folder."""
    for name, (title, pages) in BOOKS.items():
        write_slides(title, pages, folder / f"{name}.pptx")
    write_pictures(folder / "pictures.zip")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
