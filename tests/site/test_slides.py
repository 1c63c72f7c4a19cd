"""The slides of the Predicts: each has its question, output and answer, and no text runs over its box."""

import math
import re
import sys
import zipfile
from xml.etree import ElementTree

import pytest
from helpers import ROOT
from notebook_pages import PAGES, page_named

from course.lessons.contents import PAGES as CONTENTS
from course.lessons.contents import QUESTIONS

pytest.importorskip("pypandoc", reason="the slides need docs/requirements.txt")
sys.path.append(str(ROOT / "docs"))

import slides

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
POINT = 12700  # the unit of PowerPoint's files, in a point
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("slides")
    slides.write(folder)
    return folder


def read(path):
    """Return the slides of a file as XML, in order, and its master."""
    with zipfile.ZipFile(path) as file:
        names = [name for name in file.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", name)]
        names.sort(key=lambda name: int(re.search(r"\d+", name)[0]))
        master = ElementTree.fromstring(file.read("ppt/slideMasters/slideMaster1.xml"))
        return [ElementTree.fromstring(file.read(name)) for name in names], master


def box_of(shape, master):
    """Return the width and height of the box of a shape, without its margins, in points."""
    size = shape.find(f"{P}spPr/{A}xfrm/{A}ext")
    if size is None:
        kind = shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph").get("type", "body")
        (size,) = (
            of_master.find(f"{P}spPr/{A}xfrm/{A}ext")
            for of_master in master.iter(f"{P}sp")
            if of_master.find(f"{P}nvSpPr/{P}nvPr/{P}ph").get("type") == kind
        )
    return int(size.get("cx")) / POINT - 14.4, int(size.get("cy")) / POINT - 7.2


def lines_of(paragraph, size):
    """Yield how wide each line of a paragraph is, and the size of its letters, in points. size: if none is said."""
    wide = 0
    for part in paragraph:
        if part.tag not in (f"{A}r", f"{A}br"):
            continue
        said = part.find(f"{A}rPr")
        of_part = int(said.get("sz", size * 100)) / 100 if said is not None else size
        if part.tag == f"{A}br":
            yield wide, of_part
            wide = 0
        else:
            mono = said.find(f"{A}latin") is not None
            wide += len(part.find(f"{A}t").text or "") * of_part * (0.6 if mono else 0.5)
    yield wide, of_part


def test_no_text_runs_over_its_box(folder):
    for name in slides.BOOKS:
        found, master = read(folder / f"{name}.pptx")
        style = {
            kind: int(master.find(f"{P}txStyles/{P}{kind}Style/{A}lvl1pPr/{A}defRPr").get("sz")) / 100
            for kind in ("title", "body")
        }
        for slide in found:
            for shape in slide.iter(f"{P}sp"):
                wide, high = box_of(shape, master)
                is_title = "itle" in shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph").get("type", "body")
                size, used, text = style["title" if is_title else "body"], 0, "".join(shape.itertext())
                for paragraph in shape.iter(f"{A}p"):
                    used += 0.2 * size * (not is_title)
                    for line, of_line in lines_of(paragraph, size):
                        used += max(1, math.ceil(line / wide - 1e-9)) * 1.2 * of_line
                assert used <= high + 1, f"{name}: {used:.0f} of {high:.0f} points: {text}"


@pytest.mark.parametrize("name", slides.BOOKS)
def test_each_predict_has_its_question_code_outputs_and_answer(folder, name):
    found, _ = read(folder / f"{name}.pptx")
    texts = [re.sub(r"\s+", "", "".join(slide.itertext())) for slide in found]
    pages = [page.stem for page in CONTENTS if (page.book == QUESTIONS) == ("second" in name)]
    asked = sum(page_named(page).prose.count("**Predict.**") for page in pages)
    assert sum("Predict." in text for text in texts) == sum("Answer." in text for text in texts) == asked > 40
    everything = "".join(texts)
    for page in pages:
        cells = page_named(page).notebook.cells
        for k, cell in enumerate(cells):
            if cell.cell_type == "markdown" and "**Predict.**" in cell.source:
                code = next(other.source for other in cells[k + 1 :] if other.cell_type == "code")
                assert re.sub(r"\s+", "", code) in everything, code
    assert "$" not in re.sub(r"'\$'|\"\$\"", "", everything) and "\\frac" not in everything


@pytest.mark.parametrize("name", slides.BOOKS)
def test_each_picture_has_its_words_and_is_on_its_slide(folder, name):
    found, _ = read(folder / f"{name}.pptx")
    pictures = [picture for slide in found for picture in slide.iter(f"{P}pic")]
    assert len(pictures) > 8
    for picture in pictures:
        words = picture.find(f"{P}nvPicPr/{P}cNvPr").get("descr")
        assert len(words) > 20 and ".png" not in words
        place, size = picture.find(f"{P}spPr/{A}xfrm/{A}off"), picture.find(f"{P}spPr/{A}xfrm/{A}ext")
        assert int(place.get("x")) + int(size.get("cx")) <= 9144000
        assert int(place.get("y")) + int(size.get("cy")) <= 5143500


def test_long_code_goes_on_between_two_statements_and_long_lines_break():
    code = "\n".join(f"for k in range({k}):\n    print(k)" for k in range(20))
    first, second = slides.on_slides("python", code)
    assert first + second == code.split("\n") and second[0].startswith("for")
    ((*_, rest),) = slides.on_slides("output", "long " * 30)
    assert rest.startswith("  long")
    for rows in slides.on_slides("output", "long " * 3000):
        assert slides.size_for(rows, slides.HEIGHT) >= slides.SMALLEST
    assert slides.size_for(["x"], 300) == slides.LARGEST > slides.size_for(["x"] * 20, 300) >= slides.SMALLEST


def test_a_formula_becomes_text_that_pandoc_reads_like_tex():
    assert slides.with_formulas(r"$1+\frac1{50}$, $1/\sqrt n$") == "$1+1/{50}$, $1/√n$"


def test_the_archive_has_each_stored_picture_and_its_words(folder):
    with zipfile.ZipFile(folder / "pictures.zip") as archive:
        names, words = archive.namelist(), archive.read("words.txt").decode()
        assert all(archive.read(name).startswith(b"\x89PNG") for name in names if name != "words.txt")
    stored = dict.fromkeys(PAGES, 0)
    for page in PAGES:
        for cell in page_named(page).code_cells:
            for output in cell.outputs:
                if "image/png" in output.get("data", {}):
                    stored[page] += 1
                    name = f"{page}_{stored[page]:02d}.png"
                    assert name in names and f"\n{name}\n{output.metadata['image/png']['alt']}\n" in words
    assert len(names) == sum(stored.values()) + 1
