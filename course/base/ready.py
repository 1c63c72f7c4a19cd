"""Is this computer ready for the course? Says what is missing or changed, and what to do about it."""

import hashlib
import os
import re
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version

from course.base.place import DATA, ROOT, own_folder

# SHA-256 of rnn_helpers.py in this release. python -m course.tools.publish writes it.
RNN_HELPERS = "a6192c3d25d183cdb6c0090252c5a56c71c42d377f16a4a6b20ddfadd9c66180"

# At night it turns the lightness of a picture over, and keeps each hue: out = 0.99 + c - 2 * (r + g + b) / 3. So gold
# stays gold, and hue-rotate of CSS would make it brown. On the web site docs/static/course.css uses it.
FILTER = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="0" height="0" style="position: absolute" aria-hidden="true">'
    '<filter id="night" color-interpolation-filters="sRGB"><feColorMatrix '
    'values=".333 -.667 -.667 0 .99 -.667 .333 -.667 0 .99 -.667 -.667 .333 0 .99 0 0 0 1 0"/></filter></svg>'
)
# In JupyterLab's dark theme the filter is in the rule itself: where a page has it in an output that is hidden, Firefox
# shows no picture. On "screen", the ground of a picture, which is black now, is that of the page.
AT_NIGHT = (
    '<style>body[data-jp-theme-light="false"] :is(.jp-RenderedImage img, svg.training) '
    f"{{filter: url('data:image/svg+xml,{FILTER}#night'); mix-blend-mode: screen}}</style>"
)

PYTHON = (3, 10)
PACKAGES = {"numpy": (1, 26), "matplotlib": (3, 8)}  # the oldest versions that the course is tested with
_INSTALL = "run python -m pip install -r requirements.txt in the folder of the course, then restart the kernel"


_RELOAD = "reload the page, and run this cell again"  # in the browser, where all of the course comes with the page


class Missing(str):
    """A sentence on what is missing and what .to_do about it, with more at its end that may help, such as addresses.

    in_browser  what to do there, in place of all that
    """

    def __new__(cls, says, to_do, more="", in_browser=_RELOAD):
        if sys.platform == "emscripten":
            to_do, more = in_browser, ""
        sentence = super().__new__(cls, f"{says}: {to_do}. {more}".rstrip())
        sentence.to_do = to_do
        return sentence


def is_changed():
    """Return a list of one sentence if rnn_helpers.py has been changed, else []."""
    if sha256_of_rnn_helpers() == RNN_HELPERS:
        return []
    return ["rnn_helpers.py has been changed: check and finished() use its functions as they are now."]


def sha256_of_rnn_helpers():
    """Return the SHA-256 of rnn_helpers.py, which does not depend on its line endings."""
    return hashlib.sha256((ROOT / "rnn_helpers.py").read_text(encoding="utf-8").encode()).hexdigest()


def in_notebook():
    """Can a display be shown? IPython in a terminal shows only its text."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return shell is not None and type(shell).__name__ != "TerminalInteractiveShell"


def turn_pictures_at_night():
    """Give a notebook what turns its pictures at night. Where styles are taken away, they stay white."""
    if in_notebook():
        from IPython.display import display

        display({"text/plain": "", "text/html": AT_NIGHT}, raw=True)


def what_is_missing():
    """Return a sentence (Missing) for each thing that is missing or too old; [] if the computer is ready."""
    found = []
    if sys.version_info < PYTHON:
        says = f"Python is {sys.version.split()[0]}, and the course needs 3.10 or newer"
        found.append(Missing(says, "install a newer Python, and then the course as README says"))
    for name, oldest in PACKAGES.items():
        try:
            now = version(name)
        except PackageNotFoundError:
            found.append(Missing(f"{name} is not installed", _INSTALL))
            continue
        if tuple(map(int, re.findall(r"\d+", now)[:2])) < oldest:
            says = f"{name} is {now}, and the course needs {'.'.join(map(str, oldest))} or newer"
            found.append(Missing(says, _INSTALL))
    if not (DATA / "corpora.json").is_file():
        found.append(Missing(f"{ROOT} is not the whole course", "get the folder again, with everything in it"))
    place = own_folder() if own_folder().is_dir() else own_folder().parent
    if why := _cannot_write(place):
        to_do = "let MY_RNN name a folder" if os.environ.get("MY_RNN") else "move the course to"
        found.append(Missing(f"The course can't write in {place} ({why})", f"{to_do} where you can write"))
    return found


def _cannot_write(folder):
    """Return why nothing can be written in a folder, or ""."""
    try:
        # It is closed before it is deleted, so this works in the browser, too.
        with tempfile.NamedTemporaryFile(dir=folder, buffering=0) as file:
            file.write(bytes(1000))  # on a full disk a file can still be made
        return ""
    except OSError as error:
        return error.strerror or "no reason given"
