"""What other sites show of a page when somebody sends its link: the head of the home page and of each other page."""

import html
import re

from course.lessons.contents import COURSE

PICTURE = "_static/link.png"  # made by link_picture.py
PICTURE_TEXT = "A network has read the Sonnets four times, and continues: shall i compare thee to a summer's day?"


def site_address(repository):
    """Return where GitHub Pages shows the site of https://github.com/OWNER/NAME, or "" if there is no such address."""
    found = re.fullmatch(r"https://github\.com/([^/]+)/([^/]+?)/?", repository)
    if not found:
        return ""
    owner, name = found[1].lower(), found[2]
    return f"https://{owner}.github.io/" + ("" if name.lower() == f"{owner}.github.io" else f"{name}/")


def head(title, words, address, place="", description=""):
    """Return the meta tags of a page as HTML: what it is about, and what a link to it shows.

    address      of the site, without which a link has no picture
    place        of the page in the site
    description  for those who search, if it is not the words that a link shows
    """
    told = {"description": description or words}
    told |= {"og:type": "website", "og:site_name": COURSE, "og:title": title, "og:description": words}
    if address:
        told |= {"og:url": address + place, "og:image": address + PICTURE, "og:image:alt": PICTURE_TEXT}
        told |= {"og:image:width": "1200", "og:image:height": "630", "twitter:card": "summary_large_image"}
    kinds = {name: "property" if name.startswith("og:") else "name" for name in told}
    return "\n".join(f'<meta {kinds[name]}="{name}" content="{html.escape(value)}">' for name, value in told.items())
