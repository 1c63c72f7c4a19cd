"""How long does a page take in the browser: until its first output, and until its last?

Chromium starts anew each time and has nothing stored; the site comes from a server on this computer. It needs
docs/requirements.txt, and the site: python docs/build.py --browser.
"""

import argparse
import functools
import http.server
import statistics
import sys
import threading
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]


def seconds_of(page, address, playwright, cells_wanted):
    """Run a page in a new browser: return the seconds from the click to the first output, and to the last."""
    from in_chromium import DEBIAN, QUIET
    from test_browser import open_page, run

    where = {"executable_path": str(DEBIAN)} if DEBIAN.exists() else {}
    browser = playwright.chromium.launch(args=QUIET, **where)
    tab, first = browser.new_page(), None
    began = time.perf_counter()
    cells = open_page(tab, address, page)
    for number in [number for number, (kind, _) in enumerate(cells) if kind == "code"][:cells_wanted]:
        outputs = run(tab, number)
        first = first or (outputs and time.perf_counter() - began)
    whole = time.perf_counter() - began
    browser.close()
    return first, whole


def spread(seconds):
    """Return the median of some times, with the shortest and the longest."""
    return f"{statistics.median(seconds):.1f} ({min(seconds):.1f}-{max(seconds):.1f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", nargs="+", default=["01"], help="their numbers, such as 01 06")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--quick", action="store_true", help="one run of the first cell: does this program work?")
    asked = parser.parse_args()

    sys.path[:0] = [str(TESTS.parent), str(TESTS), str(TESTS / "site")]
    from in_chromium import PAGES, SITE, Handler, sync_api

    if not (SITE / "lite").exists():
        parser.error("the site is not built: python docs/build.py --browser")
    handler = functools.partial(Handler, directory=str(SITE))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/course/"
    runs, cells = (1, 1) if asked.quick else (asked.runs, None)
    print("seconds from the click: median (shortest-longest)\n")
    print(f"{'page':24}  {'first output':16}  whole page\n{'-' * 24}  {'-' * 16}  {'-' * 16}")
    with sync_api.sync_playwright() as playwright:
        for page in [page for page in PAGES if page[:2] in asked.pages]:
            first, whole = zip(*[seconds_of(page, address, playwright, cells) for _ in range(runs)])
            print(f"{page:24}  {spread(first):16}  {spread(whole)}", flush=True)


if __name__ == "__main__":
    main()
