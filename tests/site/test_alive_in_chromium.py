"""The network in one HTML file, in Chromium: with the keyboard alone, on a phone, and without any request."""

import pytest
from in_chromium import ROOT, browser  # noqa: F401

from course.engine import load_run
from course.show.alive import write_alive

pytestmark = pytest.mark.slow


@pytest.fixture(params=["no-preference", "reduce"])
def phone(request, browser, tmp_path):  # noqa: F811
    """The file, open on a small screen. The parameter: whether its reader wants things to stand still."""
    run = load_run(ROOT / "data" / "sonnets_run.npz")
    write_alive(tmp_path / "it.html", run.parameters, run.vocabulary, "It has read the Sonnets")
    context = browser.new_context(viewport={"width": 360, "height": 740}, reduced_motion=request.param)
    tab, faults = context.new_page(), []
    tab.on("console", lambda message: faults.append(message.text))
    tab.on("pageerror", lambda error: faults.append(str(error)))
    tab.on("request", lambda asked: faults.append(asked.url) if not asked.url.endswith("it.html") else None)
    tab.goto((tmp_path / "it.html").as_uri())
    yield tab
    assert faults == []
    context.close()


def test_it_writes_on_from_a_line_at_a_temperature(phone):
    phone.keyboard.press("Tab")
    phone.keyboard.type("Shall I compare thee§")
    phone.keyboard.press("Enter")
    assert phone.inner_text("#given") == "shall i compare thee"
    phone.locator("#bars .drawn").wait_for()  # the file's own rules forbid wait_for_function, which needs eval
    still = phone.evaluate("matchMedia('(prefers-reduced-motion: reduce)').matches")
    if still:  # it has written all at once
        assert phone.inner_text("#go") == "Write" and len(phone.inner_text("#new")) > 250
    else:
        assert phone.inner_text("#note") == "It has never seen “§”, so that is left out."
        phone.keyboard.press("Enter")  # the same key stops it
        assert phone.inner_text("#go") == "Write"
    assert phone.evaluate("document.querySelectorAll('#bars .drawn').length") == 1
    phone.focus("#dial")
    phone.keyboard.press("ArrowRight")
    assert phone.inner_text("#value") == "0.7"
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
