"""The home page: its network writes what the course's would, for everyone, and it asks for nothing."""

import json
import re
import sys
from types import SimpleNamespace

import numpy as np
import pytest
from in_chromium import ROOT, browser  # noqa: F401

from course.engine import load_run
from course.lessons.contents import MAP, PAGES, YOUR_NETWORK
from course.show.alive import rounded
from rnn_helpers import forward_pass, sample_ids

sys.path.insert(0, str(ROOT / "docs"))
home, head = __import__("home"), __import__("head")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="the site's tests need docs/requirements.txt")
pytestmark = pytest.mark.slow
STILL, PHONE = {"reduced_motion": "reduce"}, {"viewport": {"width": 390, "height": 844}}
RUN = load_run(ROOT / "data" / "sonnets_run.npz")


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
    context.on("request", lambda one: one.url.startswith((written.as_uri(), "data:")) or faults.append(one.url))
    tab.goto(written.as_uri())
    yield tab
    assert faults == []
    context.close()


def heights(tab):
    return tab.evaluate("[...document.querySelectorAll('#bars div')].map(one => +one.style.getPropertyValue('--p'))")


def test_what_readme_says_of_a_page_begins_behind_its_minutes_and_those_of_its_extra():
    for minutes in ("110 minutes", "110 minutes and an extra of 10 minutes"):
        line = f"* [15 Can the loop go?](notebooks/15_no_loop.ipynb) ({minutes}) In ten passes.\n"
        assert home.what_readme_says("15_no_loop", line) == "In ten passes."


# ---------------------------------------------------------------- the network
def test_it_writes_the_characters_of_sample_ids(tab):
    numbers, parameters = np.random.default_rng(5).random(1200).tolist(), rounded(RUN.parameters)
    line, temperatures = "so long lives this,", [0.3, 0.6, 1.0, 1.5]
    found = tab.evaluate(
        """([line, temperatures, numbers]) => temperatures.map(temperature => {
            let k = 0;
            const letters = written(line, () => temperature, () => numbers[k++]);
            return numbers.map(() => letters.next().value[0]);
        })""",
        [line, temperatures, numbers],
    )
    *ids, last = RUN.vocabulary.encode("\n" + line)
    h = forward_pass(ids, ids, np.zeros(75), parameters).hidden[-1]
    for temperature, one in zip(temperatures, found):
        again = iter(numbers)
        rng = SimpleNamespace(random=lambda again=again: next(again))
        assert one == sample_ids(parameters, h, last, len(numbers), rng, temperature), temperature


def verse(written):
    return re.search('<span id="fresh">(.*?)</span>', written.read_text(encoding="utf-8"), re.DOTALL)[1]


@pytest.mark.parametrize("tab", [STILL], indirect=True)
def test_its_first_text_is_the_one_that_python_wrote(tab, written):
    assert len(verse(written)) > 200 and tab.text_content("#fresh") == verse(written)
    assert tab.text_content("[role=status]") == f"It wrote: {verse(written)}"
    assert tab.locator("[role=status]").count() == 1
    script = (ROOT / "course" / "show" / "network.js").read_text(encoding="utf-8")
    code = tab.text_content("#code")
    assert len(code) < 5000 and script[script.index("const row") :].strip() in code


@pytest.mark.parametrize("tab", [{"java_script_enabled": False}], indirect=True)
def test_without_javascript_it_has_one_text(tab, written):
    assert tab.text_content("#fresh") == verse(written) and tab.locator(".live noscript p").is_visible()
    assert not tab.locator("#form").is_visible() and not tab.locator("#bars").is_visible()


def test_a_line_is_answered_with_the_keyboard_alone(tab):
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")  # skip to the network
    tab.keyboard.press("ControlOrMeta+A")
    tab.keyboard.type("My love is 7")
    assert tab.inner_text("#note") == "It has never seen “7”, so that is left out."
    assert tab.inner_text("#given") == "my love is " and tab.inner_text("#fresh") == ""
    tab.keyboard.press("Backspace")
    tab.keyboard.press("Backspace")
    tab.keyboard.type("s")
    assert re.fullmatch(r"You typed “s”\. It had given that (less than 1|\d+) %\.", tab.inner_text("#note"))
    tab.keyboard.press("Enter")
    tab.wait_for_selector("#bars .drawn", state="attached")
    assert tab.inner_text("#go") == "Stop" and tab.inner_text("#given") == "my love iss"
    tab.keyboard.press("Enter")
    assert tab.inner_text("#go") == "Write" and tab.text_content("#fresh")


@pytest.mark.parametrize("tab", [STILL], indirect=True)
def test_the_slider_moves_the_bars_and_each_text_is_new(tab, written):
    before = heights(tab)
    assert len(before) == 35 and sum(before) == pytest.approx(1, abs=0.01)
    tab.focus("#daring")
    tab.keyboard.press("Home")
    assert tab.inner_text("#value") == "temperature 0.1" and max(heights(tab)) > max(before)
    tab.keyboard.press("End")
    assert tab.inner_text("#value") == "temperature 1.5" and max(heights(tab)) < max(before)
    assert tab.text_content("#fresh") == verse(written)
    tab.click("text=to code or not")
    first = tab.text_content("#fresh")
    tab.click("#go")
    assert tab.input_value("#line") == "to code or not" and len(first) > 200 and tab.text_content("#fresh") != first


def test_what_moves_can_be_stopped(tab):
    tab.locator("#again").scroll_into_view_if_needed()
    tab.wait_for_selector(".film[src*='#']")
    tab.click("#again")
    assert tab.inner_text("#again") == "Play it again"
    seen = [tab.locator(".film").screenshot() for _ in range(2) if not tab.wait_for_timeout(700)]
    assert seen[0] == seen[1]


@pytest.mark.parametrize("tab", [PHONE | STILL], indirect=True)
def test_a_phone_shows_the_field_the_verse_and_the_bars_at_once(tab):
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    assert tab.evaluate("document.getElementById('bars').getBoundingClientRect().bottom") <= 740


@pytest.mark.parametrize("tab", [STILL, STILL | PHONE], indirect=True)
def test_everyone_can_use_it_by_day_and_by_night(tab):
    tab.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    for theme in ("light", "dark"):
        tab.evaluate("theme => { document.documentElement.dataset.theme = theme; }", theme)
        found = axe.Axe().run(tab, options={"resultTypes": ["violations", "incomplete"]}).response
        kept = found["violations"] + [one for one in found["incomplete"] if one["id"] == "color-contrast"]
        assert [(theme, one["id"], node["html"][:200]) for one in kept for node in one["nodes"]] == []


# ---------------------------------------------------------------- what it says
def test_it_is_one_small_file_with_all_pages(written):
    text = written.read_text(encoding="utf-8")
    assert len(text.encode()) < 400_000
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
    # Numbers that its words say.
    assert f"{sum(value.size for value in RUN.parameters):,}" in home.ABOUT and "forty times" in text
    assert len(RUN.losses) == 40 * RUN.sequences_per_epoch and "seventeen seconds" in text
    assert 16.5 <= float(re.search(r"seconds = ([\d.]+);", text)[1]) < 17.5
    minutes = sum(page.minutes for page in PAGES if page.book == YOUR_NETWORK)
    assert 480 < minutes < 540 and "Eight or nine hours" in text


def test_a_link_to_a_page_has_a_picture_if_the_site_has_an_address():
    place = head.site_address("https://github.com/Someone/rnn")
    assert place == "https://someone.github.io/rnn/"
    assert head.site_address("https://github.com/Someone/someone.github.io") == "https://someone.github.io/"
    assert head.site_address("") == ""
    assert f'<meta property="og:image" content="{place}_static/link.png">' in head.head("a", "b", place)
    assert "og:image" not in head.head("a", "b", "") and f'href="{place}"' in home.lost(place)
