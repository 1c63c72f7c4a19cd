"""Sphinx settings for the pages to read. build.py prepares its input."""

from pathlib import Path

project = html_title = "A character RNN from scratch, in NumPy"
author = copyright = "the authors of the course"
language = "en"
extensions = ["myst_nb", "sphinx_copybutton", "sphinx-mathjax-offline"]
root_doc = "README"
nb_execution_mode = "off"
nb_code_prompt_show = "Show the {type}"
nb_code_prompt_hide = "Hide the {type}"
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3  # README links to its own headings
copybutton_exclude = ".linenos, .gp, .go"

html_theme = "sphinx_book_theme"
html_static_path = [str(Path(__file__).resolve().parent / "static")]
html_css_files = ["course.css"]
html_js_files = ["course.js"]
html_search_scorer = str(Path(html_static_path[0], "scorer.js"))
html_copy_source = html_show_sourcelink = False
html_theme_options = {
    "use_download_button": False,
    "show_toc_level": 2,
    "home_page_in_toc": True,
    "navbar_persistent": [],  # the search is only on the left
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}


def only_the_mathjax_that_is_used(app, error):
    """Delete what the pages do not use: the extension copies 24 MB, but one file and its fonts, 1.5 MB, suffice."""
    folder = app.outdir / "_static" / "mathjax"
    if error is None:
        for path in sorted(folder.rglob("*"), reverse=True):
            if path.is_file() and path.name != "tex-chtml.js" and path.suffix != ".woff":
                path.unlink()
            elif path.is_dir() and not any(path.iterdir()):
                path.rmdir()


def setup(app):
    app.connect("build-finished", only_the_mathjax_that_is_used, priority=900)
