"""The home page: what it says, for everyone. What its network does: test_learns.py."""

import json
import re
import sys

import numpy as np
import pytest
from in_chromium import ROOT, browser  # noqa: F401

from course.lessons.contents import MAP, PAGES, YOUR_NETWORK
from course.show.drawing import KINDS, NIGHT

sys.path.insert(0, str(ROOT / "docs"))
home, head, cards = __import__("home"), __import__("head"), __import__("cards")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the site's tests need docs/requirements.txt")
pytestmark = pytest.mark.slow
DRAWN = [[".chart"], [".card svg"]]  # axe cannot judge what stands on a drawing
STILL, PHONE = {"reduced_motion": "reduce"}, {"viewport": {"width": 390, "height": 844}}


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    path = tmp_path_factory.mktemp("home") / "index.html"
    path.write_text(home.home("", 37), encoding="utf-8")
    return path


@pytest.fixture
def tab(request, browser, written):  # noqa: F811
    """The page, open. The parameter: options of the browser. Faults, and requests for anything else, fail the test."""
    context = browser.new_context(**{"viewport": {"width": 1400, "height": 900}} | getattr(request, "param", {}))
    tab, faults = context.new_page(), []
    tab.on("console", lambda message: faults.append(message.text))
    tab.on("pageerror", lambda error: faults.append(str(error)))
    context.on(
        "request", lambda one: one.url.startswith((written.as_uri(), "data:", "blob:")) or faults.append(one.url)
    )
    tab.goto(written.as_uri())
    yield tab
    assert faults == []
    context.close()


def test_what_readme_says_of_a_page_begins_behind_its_minutes_and_those_of_its_extra():
    for minutes in ("110 minutes", "110 minutes and an extra of 10 minutes"):
        line = f"* [15 Can the loop go?](notebooks/15_no_loop.ipynb) ({minutes}) In ten passes.\n"
        assert home.what_readme_says("15_no_loop", line) == "In ten passes."


@pytest.mark.parametrize("tab", [PHONE], indirect=True)
def test_a_phone_shows_the_field_the_verse_and_the_curve_at_once(tab):
    tab.wait_for_selector("#words:has-text('of its')")
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    assert tab.evaluate("document.querySelector('.chart').getBoundingClientRect().bottom") <= 780
    # A way into the course, a label, the seconds and the readings are there, too.
    way, box = (tab.locator(one).first.bounding_box() for one in (".lead a[href='#pages']", ".live"))
    assert way["y"] + way["height"] < box["y"]
    assert tab.locator("#form label").bounding_box()["width"] > 100
    assert tab.locator("#clock").is_visible() and re.fullmatch(r"\d+\.\d s", tab.inner_text("#clock"))
    assert tab.inner_text("#readings").split() == ["first", "reading", "second", "third", "fourth"]
    assert tab.evaluate(
        "[...document.querySelectorAll('#readings span')].every(one => one.scrollWidth <= one.clientWidth)"
    )


@pytest.mark.parametrize("tab", [STILL | PHONE, STILL | {"viewport": {"width": 1280, "height": 860}}], indirect=True)
def test_the_words_in_the_pictures_are_large_enough_and_inside(tab):
    size = """svg => [...svg.querySelectorAll("text")].map(text => {
        const {x, width} = text.getBBox();
        return [parseFloat(getComputedStyle(text).fontSize) * svg.getScreenCTM().a, x, x + width];
    })"""
    found = [word for picture in tab.locator(".card svg").all() for word in picture.evaluate(size)]
    assert len(found) > 50
    assert min(points for points, _, _ in found) >= 12
    assert min(left for _, left, _ in found) > 8 and max(right for _, _, right in found) < 272


@pytest.mark.parametrize("tab", [STILL, STILL | PHONE, {}, PHONE], indirect=True)
def test_everyone_can_use_it_by_day_and_by_night(tab):
    tab.wait_for_selector(".idle, #words:has-text('of its')")
    # Nothing may change while axe looks, and it cannot judge a sign such as ↵.
    tab.evaluate("() => { if (run) { run.ended || stop(); at.value = 0; at.oninput(); } }")
    tab.evaluate("[...document.querySelectorAll('[hidden]')].forEach(one => one.hidden = false)")
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    for theme in ("light", "dark"):
        tab.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        found = axe.Axe().run(tab, {"exclude": DRAWN}, {"resultTypes": ["violations", "incomplete"]}).response
        unsure = [one for one in found["incomplete"] if one["id"] == "color-contrast"]
        told = [
            (theme, one["id"], node["html"], node["failureSummary"])
            for one in found["violations"] + unsure
            for node in one["nodes"]
        ]
        assert told == []


def contrast(one, other):
    def light(color):
        parts = [int(color[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        return np.dot([0.2126, 0.7152, 0.0722], [((part + 0.055) / 1.055) ** 2.4 for part in parts])

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("night, colors", list(enumerate([KINDS, NIGHT])), ids=["day", "night"])
def test_what_stands_on_the_curve_and_in_the_pictures_can_be_read(night, colors, written):
    assert contrast(colors["quiet"][1], colors["state"][0]) > 4.5
    assert contrast(colors["page"][1], colors["state"][1]) > 4.5
    soft = re.search(r"--soft: light-dark\((.*?), (.*?)\)", written.read_text(encoding="utf-8")).groups()[night]
    assert min(contrast(colors[kind][1], soft) for kind in ("ink", "quiet", "state", "chance")) > 4.5
    assert min(contrast(colors["ink"][1], colors[kind][0]) for kind in ("letter", "state", "chance", "slope")) > 4.5
    assert contrast(colors["ink"][1], colors["letter"][2]) > 4.5
    assert contrast(re.search("#.{6}", cards.DARK)[0], colors["chance"][2]) > 4.5


# ---------------------------------------------------------------- what it says
def test_it_is_one_small_file_with_all_pages(written):
    text = written.read_text(encoding="utf-8")
    assert len(text.encode()) < 161_000
    assert not re.search(r"(src|srcset)=[\"'](?!data:)|@import|url\(", text)
    pages = {page.number: page for page in PAGES}
    for page in PAGES:
        assert f'"notebooks/{page.stem}.html"' in text, page
        if page.book == YOUR_NETWORK:
            assert f'<strong>{page.name}</strong><span class="small">{page.minutes} minutes</span>' in text
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for page in (pages[number] for numbers in list(MAP.values())[:-1] for number in numbers.split()):
        said = home.what_readme_says(page.stem)
        assert len(said) > 20 and said[-1] in ".?" and said in readme
    course = json.loads(re.search(r'ld\+json">(.*?)</script>', text)[1])
    assert (course["@type"], course["description"]) == ("Course", home.ABOUT)
    # A page is a page of the course, and the notebook is that of 2019.
    words = re.sub("<(style|script).*?</(style|script)>|<[^>]*>", "", text, flags=re.DOTALL)
    assert "esson" not in words
    assert len(re.findall("notebook", words)) == 3 == len(re.findall(r"notebook (?:of|from) 2019", words))
    # Numbers that its words say.
    assert "10,985 numbers" in home.ABOUT and "10,985 random numbers" in text and "after every 1,200 letters" in text
    assert home.learned.LENGTH * home.learned.STREAMS == 1200 and home.learned.READINGS == 4
    ways = {"An hour or so": ("00 06", 45, 75), "An afternoon": ("00 01 02 06", 180, 270)}
    ways["Eight or nine hours"] = ("00 01 02 03 04 05 06", 480, 540)
    for name, (numbers, least, most) in ways.items():
        assert f"<li><strong>{name}</strong>" in text
        assert least < sum(pages[number].minutes for number in numbers.split()) < most, name
    assert f"Meet it on page 00 <small>{pages['00'].minutes} minutes</small>" in text
    assert "After five of them, you'll have seen it learn." in cards.said("00") and "in five minutes" in text
    assert 'num_epochs = 10 if sys.platform == "emscripten" else 40' in cards.said("06")
    assert "forty times (ten in a browser)" in text


def test_it_links_a_book_and_a_list_of_terms_only_where_they_are(tmp_path, monkeypatch):
    build, asked = __import__("build"), []
    monkeypatch.setattr(home, "home", lambda address, megabytes, there: asked.append(there) or "")
    (tmp_path / "docs").mkdir()
    (tmp_path / home.TERMS).write_text("")
    build.write_home(tmp_path, "", 0)
    assert asked == [[home.TERMS]]
    links = {tuple(there): re.findall('href="(.*?)"', home.to_read(there)) for there in ([], home.BOOKS, home.BESIDE)}
    assert links[()] == ["reference/rnn_helpers.html"]
    assert links[tuple(home.BOOKS)][1:] == home.BOOKS and links[home.BESIDE][1:] == list(home.BESIDE)


# What a page says, what it says in its place, and what its picture has then.
SAYS = {
    "08": ("network: 2.465", "network: 3.465", ["network: 3.465 bits", "M18 34.7H262"]),
    "11": ("285 times as fast", "385 times as fast", ["385 times as fast", 'width="0.6"']),
    "13": ("n 0.0   o 0.0   , 0.0", "n 0.0   o 0.9   , 0.0", ["M22.0 104L24.0 23L26.0 104L"]),
    "17": ("`g6h2g=6g9h=2g=9`", "`g6h2g=6g8h=2g=8`", ["g is 8 now, and no longer 6"]),
    "18": ("   76.3 ± 0.6 %", "   26.3 ± 0.6 %", ["L140.0 81.0L"]),
}


@pytest.mark.parametrize("number", cards.QUESTIONS_DRAWN)
def test_the_picture_of_a_question_shows_what_its_page_says(number, monkeypatch):
    said, draw, (old, new, shown) = cards.said(number), cards.QUESTIONS_DRAWN[number], SAYS[number]
    assert said.count(old) == 1 and not any(part in draw() for part in shown)
    monkeypatch.setattr(cards, "said", lambda number: said.replace(old, new))
    assert [part for part in shown if part not in draw()] == []
    monkeypatch.setattr(cards, "said", lambda number: "")
    with pytest.raises(ValueError, match=f"Page {number} does not say .* any more"):
        draw()


def test_a_group_of_questions_has_one_card_at_most():
    for group, numbers in MAP.items():
        assert len(set(numbers.split()) & {*cards.QUESTIONS_DRAWN}) == (group != "Appendices"), group


def test_a_link_to_a_page_has_a_picture_if_the_site_has_an_address():
    place = head.site_address("https://github.com/Someone/rnn")
    assert place == "https://someone.github.io/rnn/"
    assert head.site_address("https://github.com/Someone/someone.github.io") == "https://someone.github.io/"
    assert head.site_address("") == ""
    assert f'<meta property="og:image" content="{place}_static/link.png">' in head.head("a", "b", place)
    assert "og:image" not in head.head("a", "b", "") and f'href="{place}"' in home.lost(place)
