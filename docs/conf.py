"""Sphinx settings for the pages to read. build.py prepares its input."""

import html
import re
import sys
from pathlib import Path

from docutils import nodes

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent)]

import get_mathjax  # noqa: E402
from head import head  # noqa: E402

from course.base.ready import FILTER  # noqa: E402
from course.lessons.contents import COURSE  # noqa: E402

project = html_title = COURSE
author = "the authors of the course"
copyright = f"{author} (words and pictures: CC BY 4.0, code: BSD 3-Clause)"
language = "en"
extensions = ["myst_nb", "sphinx_copybutton"]
root_doc = "README"
nb_execution_mode = "off"
nb_code_prompt_show = "Show the {type}"  # of outputs: build.py names each folded cell after its first comment
nb_code_prompt_hide = "Hide the {type}"
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3  # README links to its own headings
copybutton_exclude = ".linenos, .gp, .go"

html_theme = "pydata_sphinx_theme"
html_static_path = [str(HERE / "static"), str(get_mathjax.folder())]
mathjax_path = "mathjax/tex-chtml.js"
mathjax3_config = {"tex": {"macros": {"texttt": [r"\mathtt{#1}", 1]}}}  # its own would show the backslash of \_
html_logo = html_favicon = str(HERE / "static" / "icon.svg")
templates_path = [str(HERE / "templates")]
html_css_files = ["course.css"]
html_js_files = ["course.js"]
html_search_scorer = str(Path(html_static_path[0], "scorer.js"))
html_copy_source = html_show_sourcelink = False
html_context = {"default_mode": "auto", "night": FILTER}  # light or dark, as the system says
html_sidebars = {"**": ["menu.html"]}
html_theme_options = {
    "logo": {"text": COURSE},
    "search_bar_text": "Search",
    "back_to_top_button": False,  # it would cover a line
    "navbar_center": [],
    "navbar_end": ["theme-switcher"],
    "navbar_persistent": ["search-button"],
    "article_header_start": [],
    "secondary_sidebar_items": ["page-toc"],
    "primary_sidebar_end": [],
    "show_toc_level": 2,
    "footer_start": ["copyright"],
    "footer_end": [],
}


def first_words(doctree, most=200):
    """Return the first sentences of a page, as many as fit."""
    parts = doctree.findall(
        lambda part: isinstance(part, nodes.paragraph | nodes.literal_block) and part.astext().strip()
    )
    words = " ".join(next(parts).astext().split())
    if len(words) > most:
        end = max(words.rfind(mark, 0, most) for mark in (". ", "? "))
        words = words[: end + 1] if end > 0 else words[: words.rfind(" ", 0, most)] + " ..."
    return words


def tell_others(app, pagename, templatename, context, doctree):
    """Give a page its whole title, a description, what a link to it shows, and the way home."""
    context["theme_logo_link"] = context["pathto"]("index")
    if doctree:  # not the index of words, nor the search
        title = html.unescape(re.sub("<.*?>", "", context["title"]))
        title = f"{'Install' if pagename == app.config.root_doc else title} · {COURSE}"
        tags = head(title, first_words(doctree), app.config.html_baseurl, f"{pagename}.html")
        # docutils writes a tag for the viewport, and the template has one already
        context["metatags"] = re.sub('<meta name="viewport".*?>', "", context["metatags"]) + tags
        context["whole_title"] = title


def setup(app):
    app.connect("html-page-context", tell_others)
