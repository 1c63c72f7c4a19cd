"""A page of the web site in Firefox: it can be read, and when it runs it gives its documented outputs."""

import pytest
from in_chromium import address, needs_browser_version, needs_site, stored  # noqa: F401
from in_firefox import needs_firefox, tab  # noqa: F401
from test_browser import differences

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
