"""Draw docs/static/link.png, the picture that a link to the site shows: the home page in Chromium, as it ends.

    python docs/link_picture.py

The picture is stored, because the home page needs it only at an address, and few computers have the same fonts.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import home  # noqa: E402

DEBIAN = Path("/usr/bin/chromium")
STYLE = """
body { font-size: 21px; }
nav, .onward, .tools, .buttons, .band, footer { display: none !important; }
.width { max-width: none; padding-left: 56px; padding-right: 56px; }
header .width { padding-top: 44px; padding-bottom: 0; }
.name { font-size: 30px; } .name svg { width: 46px; height: 46px; }
.first { grid-template-columns: 25rem 1fr; gap: 52px; padding-top: 0; }
h1 { font-size: 58px; margin-top: 4px; }
.lead { font-size: 27px; line-height: 1.4; }
.live { padding: 24px 28px; margin-top: -66px; }
.live h2 { font-size: 21px; }
#out, #given { font-size: 25px; }
.chart { height: 236px; } .chart span { font-size: 17px; }
"""


def main():
    with sync_playwright() as playwright:
        where = {"executable_path": str(DEBIAN)} if DEBIAN.exists() else {}
        browser = playwright.chromium.launch(**where)
        tab = browser.new_page(viewport={"width": 1200, "height": 630}, reduced_motion="reduce")
        tab.set_content(home.home("", 0))
        tab.add_style_tag(content=STYLE)
        tab.evaluate("words => { document.querySelector('.lead').textContent = words; }", "A" + home.SUBJECT[1:] + ".")
        tab.wait_for_selector(".idle")
        tab.screenshot(path=HERE / "static" / "link.png")
        browser.close()


if __name__ == "__main__":
    main()
