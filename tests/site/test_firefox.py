"""Pages of the site in Firefox: one to read, one that gives its documented outputs, and the home page, which learns."""

import sys

import numpy as np
import pytest
from in_chromium import ROOT, address, needs_browser_version, needs_site, stored  # noqa: F401
from in_firefox import needs_firefox, tab  # noqa: F401
from test_browser import differences

sys.path.insert(0, str(ROOT / "docs"))
pytestmark = [needs_firefox, needs_site, pytest.mark.slow]
PAGE = "01_softmax"


def test_a_page_to_read_opens_without_errors(tab, address):  # noqa: F811
    tab.goto(f"{address}notebooks/{PAGE}.html")
    title = "".join(stored(PAGE)["cells"][0]["source"]).split("\n")[0].removeprefix("# ")
    titles = "[...document.querySelectorAll('h1')].filter(one => one.offsetParent).map(one => one.innerText)"
    assert tab.evaluate(titles) == [title]
    assert tab.evaluate("document.title").startswith(title)
    formulas = "window.MathJax.startup.promise.then(() => document.querySelectorAll('main mjx-container').length)"
    assert tab.evaluate(formulas) > 0
    assert tab.errors == []


@needs_browser_version
def test_a_page_says_in_firefox_what_it_documents(tab, address):  # noqa: F811
    assert differences(tab, address, PAGE, {}) == []


def test_the_network_of_the_home_page_learns_in_firefox_what_numpy_learns(tab, address):  # noqa: F811
    tab.goto(f"{address}index.html")
    tab.wait_for_function("typeof run !== 'undefined' && run?.bits.length > 20")
    bits = __import__("learned").learn().bits
    np.testing.assert_allclose(tab.evaluate("run.bits.slice(0, 21)"), bits[:21], rtol=1e-9)
    assert " of its " in tab.evaluate("document.getElementById('words').innerText") and tab.errors == []
