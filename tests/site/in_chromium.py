"""Shared by the tests of the web site: the built site on a small local server, and Chromium.

The site is in a subfolder, as on GitHub Pages. A request to any other host fails the test.
"""

import functools
import http.server
import json
import os
import threading
from pathlib import Path

import pytest

from course.lessons import contents

sync_api = pytest.importorskip("playwright.sync_api", reason="the site's tests need docs/requirements.txt")
ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_site"
PAGES = [page.stem for page in contents.PAGES]
DEBIAN = Path("/usr/bin/chromium")  # elsewhere: python -m playwright install chromium
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
QUIET += ["--disable-component-update", "--disable-sync"]

needs_site = pytest.mark.skipif(
    not (SITE / "index.html").exists(), reason="the site is not built: python docs/build.py --browser"
)
needs_browser_version = pytest.mark.skipif(
    not (SITE / "lite").exists(), reason="the pages to run are not built: python docs/build.py --browser"
)


SENT = []  # the size of each file that the server sent


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves the site at /course/, and nothing above it."""

    def copyfile(self, source, output):
        SENT.append(os.fstat(source.fileno()).st_size)
        super().copyfile(source, output)

    def translate_path(self, path):
        return super().translate_path(path.removeprefix("/course")) if path.startswith("/course/") else "/nowhere"

    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def address():
    handler = functools.partial(Handler, directory=str(SITE))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/course/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser():
    with sync_api.sync_playwright() as playwright:
        where = {"executable_path": str(DEBIAN)} if DEBIAN.exists() else {}
        browser = playwright.chromium.launch(args=QUIET, **where)
        yield browser
        browser.close()


@pytest.fixture
def tab(browser, request):
    """A new tab. Its options may be passed as the fixture's parameter."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **getattr(request, "param", {})})
    outside = []
    local = ("http://127.0.0.1:", "data:", "blob:")
    context.on("request", lambda asked: None if asked.url.startswith(local) else outside.append(asked.url))
    yield context.new_page()
    context.close()
    assert outside == [], f"the site asked another host: {outside[0]}"


def stored(page):
    """Return a stored page of the course as a dict."""
    return json.loads((ROOT / "notebooks" / f"{page}.ipynb").read_text(encoding="utf-8"))
