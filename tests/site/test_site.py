"""The web site to read, in Chromium: its contents, and whether everyone can read it."""

import re
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest
from in_chromium import PAGES, ROOT, SITE, address, browser, needs_site, stored, tab  # noqa: F401

from course.lessons import contents
from course.lessons.contents import COURSE, MAP, YOUR_NETWORK

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the site's tests need docs/requirements.txt")
pytestmark = [needs_site, pytest.mark.slow]
PHONE_AT_NIGHT = {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MORE = {"label-content-name-mismatch": {"enabled": True}}  # axe calls this one an experiment
# What axe cannot judge: a single sign such as ↵, what its own box has scrolled out of view, and what lies below a clear
# box: on a phone, the title of a walk. And what stands on the curve of the home page, of which test_home.py says more.
UNSEEN = ("nonBmp", "elmPartiallyObscured", "bgOverlap", "imgNode")
READ = ["index", *(f"notebooks/{page}" for page in PAGES), "reference/rnn_helpers", "reference/gates", "data/README"]
READ += "docs/teaching docs/goals docs/survey docs/contributing CODE_OF_CONDUCT CHANGELOG LICENSE-TEXT README".split()
READ += ["docs/terms"]  # no file of the course: made from the pages


def markdown(page):
    """Return the text of all markdown cells of a page."""
    return "\n".join("".join(cell["source"]) for cell in stored(page)["cells"] if cell["cell_type"] == "markdown")


def outputs(page):
    """Yield each output of a page that has data, with its cell."""
    for cell in stored(page)["cells"]:
        for output in cell.get("outputs", []):
            if "data" in output:
                yield cell, output


class Links(HTMLParser):
    """Collects the links of a page, what it shows, and its anchors."""

    def __init__(self, text):
        super().__init__()
        self.links, self.places, self.words, self.inside = [], {""}, [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.links += [attributes[key] for key in ("href", "src") if attributes.get(key)]
        self.places |= {attributes[key] for key in ("id", "name") if attributes.get(key)}
        if tag == "a" and attributes.get("href"):
            self.inside = ""

    def handle_data(self, data):
        if self.inside is not None:
            self.inside += data

    def handle_endtag(self, tag):
        if tag == "a" and self.inside is not None:
            self.words.append(" ".join(self.inside.split()))
            self.inside = None


# ---------------------------------------------------------------- what is on it


def test_the_menu_has_the_first_book_and_the_groups_of_questions():
    captions = re.findall(r'class="caption-text">([^<]+)<', (SITE / "README.html").read_text(encoding="utf-8"))
    groups = [YOUR_NETWORK, *MAP, "Reference", "For teachers and maintainers"]
    assert list(dict.fromkeys(captions)) == groups


def test_each_page_has_its_title_once_and_says_what_it_is_about():
    for name in READ:
        text = (SITE / f"{name}.html").read_text(encoding="utf-8")
        (title,) = re.findall("<title>(.*?)</title>", text.partition("<body")[0])
        assert title.count(COURSE) == 1 and text.count('name="viewport"') == 1, name
        (about,) = re.findall('<meta name="description" content="(.*?)">', text)
        assert 20 < len(about) <= 250, name
    for page in contents.PAGES:
        text = (SITE / "notebooks" / f"{page.stem}.html").read_text(encoding="utf-8")
        assert f"<title>{page.name} · {COURSE}</title>" in text and 'href="../index.html"' in text


def test_every_link_leads_to_a_place_that_is_there():
    files = [path for path in SITE.rglob("*.html") if path.relative_to(SITE).parts[0] not in ("lite", "_static")]
    assert len(files) > len(PAGES) + 5
    found = {path.resolve(): Links(path.read_text(encoding="utf-8")) for path in files}
    lost = []
    for path, page in found.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            inside = found.get(target)
            if not target.exists() or (parts.fragment and inside and unquote(parts.fragment) not in inside.places):
                lost.append((path.relative_to(SITE).as_posix(), link))
    assert lost == []


def test_what_readme_says_of_the_site_is_a_link_there():
    named = re.findall(r"\*<!-- (\S+) -->", (ROOT / "README.md").read_text(encoding="utf-8"))
    links = Links((SITE / "README.html").read_text(encoding="utf-8")).links
    assert "files/course.zip" in named and {*named} <= {*links}


def test_the_words_of_a_link_say_where_it_leads():
    vague = {"here", "link", "this", "click here", "more", "read more", "page"}
    for name in READ:
        words = Links((SITE / f"{name}.html").read_text(encoding="utf-8")).words
        assert words and not vague & {word.lower() for word in words}, name


def test_the_slides_and_pictures_for_a_lecture_are_there():
    for name in ("first_book_slides.pptx", "second_book_slides.pptx", "pictures.zip"):
        assert zipfile.is_zipfile(SITE / "files" / name), name


@pytest.mark.parametrize("page", PAGES)
def test_the_ways_to_open_a_page_stand_under_its_title(page):
    text = (SITE / "notebooks" / f"{page}.html").read_text(encoding="utf-8")
    (ways,) = re.findall(r'<div class="ways">(.*?)</div>', text, re.DOTALL)
    words = re.findall(r'<a [^>]*href="([^"]*)"[^>]*>([^<]*)</a>', ways)
    assert [word for _, word in words][-2:] == ["Download this page", "Download the whole course"]
    if (SITE / "lite").exists():
        runs = [link for link, word in words if word == "Run in the browser"]
        assert bool(runs) == (page < "07" or page == "numpy_warm_up") and all(page in link for link in runs)
        assert "<b>Run all</b>" in ways if runs else "does not run in the browser" in ways


@pytest.mark.parametrize("page", PAGES)
def test_a_fold_says_what_it_holds_and_an_exercise_leads_to_where_one_can_write(page):
    text = (SITE / "notebooks" / f"{page}.html").read_text(encoding="utf-8")
    assert "Show the source" not in text and "Setup (only needed to run the page)" in text
    told = [(cell["id"], "".join(output["data"].get("text/plain", ""))) for cell, output in outputs(page)]
    exercises = [cell for cell, words in told if ": not started\n" in words]
    found = re.findall('<p class="try"><a href="(.*?)">(.*?)</a> (.*?)</p>', text, re.DOTALL)
    place = "../README.html#start"
    if (SITE / "lite").exists() and (page < "07" or page == "numpy_warm_up"):
        place = f"../lite/notebooks/index.html?path=notebooks/{page}.ipynb#cell-id="
    assert [link for link, *_ in found] == [place + cell * ("lite" in place) for cell in exercises]
    assert not any("run the cell" in words or "hint(" in words for *_, words in found)


def test_an_address_brings_the_button_of_colab(tmp_path):
    code = (
        "import build; print(build.ways_in('01_softmax.ipynb', 'https://github.com/someone/rnn-course', False)); "
        "print(build.ways_in('01_softmax.ipynb', '', False))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT / "docs", capture_output=True, text=True, check=True)
    with_address, without = done.stdout.split("</div>")[:2]
    assert "colab.research.google.com/github/someone/rnn-course/blob/main/notebooks/01_softmax.ipynb" in with_address
    assert "colab" not in without


@pytest.mark.parametrize("tab", [PHONE_AT_NIGHT], indirect=True)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_can_be_read_on_a_telephone_at_night(tab, address, page):  # noqa: F811
    tab.goto(f"{address}notebooks/{page}.html")
    tab.wait_for_function("!document.querySelector('mjx-container') || window.MathJax?.startup?.promise")
    tab.evaluate("window.MathJax?.startup?.promise")
    assert tab.evaluate("document.documentElement.dataset.theme") == "dark"
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    # A table of sentences does not scroll, and has no column of single words.
    lists = tab.locator("table.sentences").evaluate_all("all => all.map(one => one.scrollWidth - one.clientWidth)")
    assert lists and max(lists) == 0
    # A formula that is wider than the phone scrolls by itself.
    too_wide = """[...document.querySelectorAll('main :is(span.math, mjx-container[display])')].filter(formula =>
        formula.scrollWidth > formula.clientWidth && getComputedStyle(formula).overflowX !== 'auto').length"""
    assert tab.evaluate(too_wide) == 0
    # A line of code that is too long goes on further right: at the left edge stand as many rows as there are lines.
    pieces = tab.evaluate(ROWS)
    assert [at_edge for at_edge, _, _ in pieces] == [lines for _, _, lines in pieces]
    assert sum(further for _, further, _ in pieces) > 10
    formulas = tab.locator("mjx-container").all_text_contents()
    assert not [formula for formula in formulas if "\\_" in formula]
    # A picture that is wider than the phone says so.
    pictures = "[...document.querySelectorAll('.cell_output:has(img)')]"
    says = f"{pictures}.map(one => [one.scrollWidth > one.clientWidth, getComputedStyle(one, '::after').content])"
    assert all(wide == ("goes on to the right" in words) for wide, words in tab.evaluate(says))
    words = tab.evaluate("[...document.querySelectorAll('main p, main li')].map(p => p.innerText).join(' ')")
    assert "$" not in re.sub(r"\$\{?\w", "", words), "a formula is not set"
    if "$" in markdown(page):
        assert tab.evaluate("document.querySelectorAll('mjx-container').length") > 0


CUT = """[...document.querySelectorAll('main pre')].filter(one => one.scrollWidth > one.clientWidth)
    .map(one => one.innerText.slice(0, 60))"""
# Of each cell of code: how many rows of letters begin at its left edge, how many further right, and how many lines.
ROWS = """[...document.querySelectorAll('main .cell_input pre')].filter(one => one.offsetParent).map(one => {
    const height = parseFloat(getComputedStyle(one).lineHeight), rows = {}, letters = document.createRange();
    letters.selectNodeContents(one);
    for (const {left, top, width} of letters.getClientRects()) {
        const row = Math.round(top / height);
        if (width) rows[row] = Math.min(left, rows[row] ?? left);
    }
    const begins = Object.values(rows), edge = Math.min(...begins), at_edge = begins.filter(left => left < edge + 1);
    const lines = one.textContent.split('\\n').filter(line => line.trim());
    return [at_edge.length, begins.length - at_edge.length, lines.length];
})"""
EDGES = """[...document.querySelectorAll('article section[id] > :is(h1, h2, h3, p, div.cell)')]
    .map(one => Math.round(one.getBoundingClientRect().left))"""
FOLDED = "document.querySelectorAll('main details:not([open])').length"
MEASURE = "Math.max(...[...document.querySelectorAll('article p')].map(one => one.getBoundingClientRect().width))"


def assert_whole(tab):  # noqa: F811
    """Assert that a page has one left edge, and that nothing of it is cut, nor folded on paper."""
    folded = tab.evaluate(FOLDED)
    tab.set_viewport_size({"width": 718, "height": 1000})  # A4 without its margins
    tab.emulate_media(media="print")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert tab.evaluate(CUT) == [] and tab.evaluate(FOLDED) == 0
    assert not tab.is_visible("main .ways") and not tab.is_visible("main details.hide > summary")
    tab.evaluate("dispatchEvent(new Event('afterprint'))")
    assert tab.evaluate(FOLDED) == folded
    tab.emulate_media(media="screen")
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    for width in (1265, 1920):  # 1280 with the bar for scrolling
        tab.set_viewport_size({"width": width, "height": 900})
        assert tab.evaluate(CUT) == [] and len(set(tab.evaluate(EDGES))) == 1, width
    assert 500 < tab.evaluate(MEASURE) < 700


@pytest.mark.parametrize("page", PAGES)
def test_every_answer_is_folded_every_picture_has_its_text_and_no_code_is_cut(tab, address, page):  # noqa: F811
    tab.goto(f"{address}notebooks/{page}.html")
    cells = [cell for cell in stored(page)["cells"] if cell["cell_type"] == "code"]
    hidden = [cell for cell in cells if cell["metadata"].get("jupyter", {}).get("outputs_hidden") and cell["outputs"]]
    folded = "document.querySelectorAll('details.below-input:not([open]) .cell_output').length"
    assert tab.evaluate(folded) == len(hidden) >= 4
    answers = "document.querySelectorAll('main details:not([class]):not([open])').length"
    pages = ["".join(output["data"].get("text/html", "")) for _, output in outputs(page)]
    assert tab.evaluate(answers) == markdown(page).count("<details>") + sum(
        html.startswith("<details>") for html in pages
    )
    texts = [output["metadata"]["image/png"]["alt"] for _, output in outputs(page) if "image/png" in output["data"]]
    shown = tab.evaluate("[...document.querySelectorAll('.cell_output img')].map(image => image.alt)")
    # A text begins with what the picture shows, and ends where a listener would stop.
    wholes = [re.sub(r" \(\d+ more lines of numbers\)$", "", " ".join(text.split())) for text in shown]
    assert len(texts) == len(wholes) and max(map(len, shown)) < 300
    for text, whole in zip(texts, wholes):
        title, rest = text.removeprefix("Picture: ").split("\n", 1) if "\n" in text else (text[9:], "")
        assert whole.startswith(title) and " ".join(f"{title}\n{rest}".split()).startswith(whole)
    # Every printed number of the page is on the site: nothing is cut off.
    printed = tab.evaluate("[...document.querySelectorAll('.cell_output')].map(o => o.textContent).join(' ')")
    lines = [
        line.split("\r")[-1].strip()
        for cell in cells
        for output in cell["outputs"]
        if output["output_type"] == "stream"
        for line in "".join(output["text"]).splitlines()
    ]
    assert [line for line in lines if line and line not in printed] == []
    assert_whole(tab)


@pytest.mark.parametrize("tab", [{"color_scheme": "dark"}], indirect=True)
def test_the_search_leads_to_the_right_page_first(tab, address):  # noqa: F811
    found = "document.querySelector('.search-summary')?.innerText.includes('found')"
    wanted = {"calm": "21_", "how+do+I+install": "README", "cross-entropy": "docs/terms.html#term-cross-entropy"}
    terms = {"softmax": "01_", "backpropagation": "03_", "temperature": "05_"}
    for words, page in (wanted | terms).items():
        tab.goto(f"{address}search.html?q={words}")
        tab.wait_for_function(found, timeout=20_000)  # the results come one after the other
        links = tab.locator("#search-results li a").evaluate_all("all => all.map(one => one.href)")
        if words in terms:  # what it means, then where it's explained
            assert "#term-" in links.pop(0), words
        assert page in links[0], words
    assert broken_rules(tab) == []


def test_a_function_on_a_page_leads_to_the_reference(tab, address):  # noqa: F811
    tab.goto(f"{address}notebooks/02_forward_pass.html")
    tab.click("main a[href$='#rnn-helpers-rnn-step']")
    tab.wait_for_url("**/reference/rnn_helpers.html#*")
    place = tab.evaluate("document.getElementById(location.hash.slice(1)).closest('section').innerText")
    assert "Return the hidden state after one more character" in place and "from its id and the state before" in place


def test_the_reference_has_every_public_function_with_its_docstring():
    text = (SITE / "reference" / "rnn_helpers.html").read_text(encoding="utf-8")
    helpers = __import__("rnn_helpers")
    names = [
        name
        for name, value in vars(helpers).items()
        if getattr(value, "__module__", "") == "rnn_helpers" and callable(value) and not name.startswith("_")
    ]
    assert len(names) > 25 and [name for name in names if f">{name}<" not in text] == []


# ---------------------------------------------------------------- whether everyone can read it


# A page of code has thousands of words in a few colors, and axe is slow for each word: three of each color will do.
FEWER_WORDS = """() => {
    const words = [...document.querySelectorAll('.highlight span')], seen = {};
    const looks = words.map(word => getComputedStyle(word)).map(style => [style.color, style.backgroundColor].join());
    const kinds = words.map((word, k) => looks[k] + word.parentElement.className);
    const later = words.filter((word, k) => (seen[kinds[k]] = (seen[kinds[k]] ?? 0) + 1) > 3);
    later.forEach(word => word.replaceWith(...word.childNodes));
    document.body.normalize();  // one text again, not thousands
}"""


def unseen(check):
    """Is this what axe cannot judge? Of one letter it says that it is short, even if it only could not see it."""
    key, ratio = check["data"]["messageKey"], check["data"].get("contrastRatio")
    return key in UNSEEN or (key == "shortTextContent" and ratio == 0)


def broken_rules(tab, rules=None):  # noqa: F811
    """Return what axe finds on the page in the tab, with all folds opened: rule, element, what is wrong."""
    tab.add_style_tag(content="* { animation: none !important; transition: none !important; }")
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    tab.evaluate(FEWER_WORDS)
    only = {"type": "rule", "values": rules} if rules else {"type": "tag", "values": RULES}
    options = {"runOnly": only, "rules": {} if rules else MORE, "resultTypes": ["violations", "incomplete"]}
    found = axe.Axe().run(tab, options=options).response
    unsure = [
        (one["id"], node["html"][:200], node["failureSummary"][:300])
        for one in found["incomplete"]
        for node in one["nodes"]
        if one["id"] == "color-contrast" and not any(map(unseen, node["any"]))
    ]
    headless = "[...document.querySelectorAll('main table')].filter(t => !t.querySelector('th')).map(t => t.outerHTML)"
    titles = "[...document.querySelectorAll('h1')].filter(one => one.offsetParent).map(one => one.outerHTML)"
    return [
        *unsure,
        *[
            (one["id"], node["html"][:200], node["failureSummary"][:300])
            for one in found["violations"]
            for node in one["nodes"]
        ],
        *[("table-without-headers", table[:200], "") for table in tab.evaluate(headless)],
        *[("second-title", title, "") for title in tab.evaluate(titles)[1:]],  # the theme has another one, for print
    ]


@pytest.mark.parametrize("name", READ)
def test_everyone_can_read_it(tab, address, name):  # noqa: F811
    tab.goto(f"{address}{name}.html")
    tab.evaluate("window.MathJax?.startup?.promise")
    assert broken_rules(tab) == []


@pytest.mark.parametrize("tab", [PHONE_AT_NIGHT], indirect=True)
@pytest.mark.parametrize("name", READ)
def test_everyone_can_read_it_on_a_telephone_at_night(tab, address, name):  # noqa: F811
    tab.goto(f"{address}{name}.html")
    tab.evaluate("window.MathJax?.startup?.promise")
    assert broken_rules(tab, ["color-contrast", "scrollable-region-focusable", "link-in-text-block"]) == []
