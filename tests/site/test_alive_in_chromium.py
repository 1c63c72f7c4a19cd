"""The network in one HTML file, in Chromium: with the keyboard alone, on a phone, and without any request."""

import re

import numpy as np
import pytest
from in_chromium import ROOT, browser  # noqa: F401

from course.engine import load_run
from course.show.alive import write_alive
from rnn_helpers import Corpus, initialize_parameters

axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="it needs docs/requirements.txt")
pytestmark = pytest.mark.slow
RUN = load_run(ROOT / "data" / "sonnets_run.npz")


@pytest.fixture
def opened(browser, tmp_path, monkeypatch):  # noqa: F811
    """Write the file of a network, open it on a small screen, and return the tab. No request may leave it."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    contexts, faults = [], []

    def in_a_tab(text=RUN.chars * 3, parameters=RUN.parameters, first_line="", **options):
        write_alive(tmp_path / "it.html", Corpus("sonnets", text), parameters, RUN.losses, 50, "Ann", first_line)
        contexts.append(browser.new_context(viewport={"width": 360, "height": 740}, **options))
        tab = contexts[-1].new_page()
        tab.on("console", lambda message: faults.append(message.text))
        tab.on("pageerror", lambda error: faults.append(str(error)))
        tab.on("request", lambda asked: faults.append(asked.url) if not asked.url.endswith("it.html") else None)
        tab.goto((tmp_path / "it.html").as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= 360
        return tab

    yield in_a_tab
    assert [fault for fault in faults if not fault.startswith(("data:", "blob:"))] == []
    for context in contexts:
        context.close()


def test_with_the_keyboard_it_writes_on_from_a_line_at_a_temperature(opened):
    tab = opened()
    tab.keyboard.press("Tab")
    tab.keyboard.type("Shall I compare thee")
    assert re.fullmatch("You typed “e”. It had given that .* %.", tab.inner_text("#note"))
    assert tab.inner_text("#go") == "Write" and tab.inner_text("#given") == "shall i compare thee"
    tab.keyboard.type("§")
    assert tab.inner_text("#note") == "It has never seen “§”, so that is left out."
    tab.keyboard.press("Enter")
    tab.locator("#bars .drawn").wait_for()  # the file's own rules forbid wait_for_function, which needs eval
    tab.keyboard.press("Enter")  # the same key stops it
    assert tab.inner_text("#go") == "Write" and tab.inner_text("#given") == "shall i compare thee"
    assert tab.locator("#bars .drawn").count() == 1 and tab.locator("#state i").count() == 75
    tab.focus("#dial")
    tab.keyboard.press("ArrowRight")
    assert tab.inner_text("#value") == "0.7" and tab.locator("#bars .drawn").count() == 0


def test_the_code_can_be_saved(opened, tmp_path):
    tab = opened()
    tab.click("summary")
    with tab.expect_download() as download:
        tab.click("#save")
    assert download.value.suggested_filename == "my_network.py"
    download.value.save_as(tmp_path / "my_network.py")
    text = (tmp_path / "my_network.py").read_text(encoding="utf-8")
    assert "def train_epoch(" in text and compile(text, "my_network.py", "exec")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(opened, scheme):
    tab = opened(first_line="o love", reduced_motion="reduce", color_scheme=scheme)
    assert len(tab.inner_text("#new")) >= 200 and tab.inner_text("#go") == "Write", "at once, as nothing may move"
    assert tab.inner_text("#said").startswith("It wrote: ")
    tab.click("summary")
    found = axe.Axe().run(tab).response
    told = [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"] + found["incomplete"]]
    assert told == []


def test_a_text_from_right_to_left_stays_one(opened):
    text = "אבגדהוזחט ינכל\n"
    tab = opened(text * 9, initialize_parameters(7, len({*text}), np.random.default_rng(0), 0.5), "אבג")
    assert tab.evaluate("getComputedStyle(document.getElementById('out')).direction") == "rtl"
    assert tab.inner_text("#given") == "אבג" and tab.locator("#state i").count() == 7
