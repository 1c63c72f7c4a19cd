"""Is this computer ready for the course? Says what is missing or changed, and what to do about it."""

import hashlib
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version

from course.base.place import DATA, ROOT, own_folder

# SHA-256 of rnn_helpers.py in this version of the course. A test compares it with the file.
RNN_HELPERS = "78d40cf4d23b5b1edd510da0009517d22743ebe9abd6178cca95649401e634cf"

# In JupyterLab's dark theme, the white of pictures becomes black, and each color keeps its hue.
# docs/static/course.css has the same rule for the web site.
AT_NIGHT = 'body[data-jp-theme-light="false"] :is(.jp-RenderedImage img, svg.training)'
AT_NIGHT += " {filter: invert(1) hue-rotate(180deg) contrast(.93)}"

PYTHON = (3, 10)
PACKAGES = {"numpy": (1, 26), "matplotlib": (3, 8)}  # the oldest versions that the course is tested with
_INSTALL = "python -m pip install -r requirements.txt in the folder of the course, then restart the kernel"


def is_changed():
    """Return a list of one sentence if rnn_helpers.py has been changed, else []."""
    if sha256_of_rnn_helpers() == RNN_HELPERS:
        return []
    return ["rnn_helpers.py has been changed: check and finished() take its functions as they are now."]


def sha256_of_rnn_helpers():
    """Return the SHA-256 of rnn_helpers.py, which does not depend on its line endings."""
    return hashlib.sha256((ROOT / "rnn_helpers.py").read_text(encoding="utf-8").encode()).hexdigest()


def in_notebook():
    """Can a display be shown? IPython in a terminal shows only its text."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return shell is not None and type(shell).__name__ != "TerminalInteractiveShell"


def turn_pictures_at_night():
    """Give a notebook the rule for its pictures at night. Where styles are taken away, they stay white."""
    if in_notebook():
        from IPython.display import display

        display({"text/plain": "", "text/html": f"<style>{AT_NIGHT}</style>"}, raw=True)


def what_is_missing():
    """Return a sentence for each thing that is missing or too old, with what to do; [] if the computer is ready."""
    found = []
    if sys.version_info < PYTHON:
        found.append(f"Python is {sys.version.split()[0]}: the course needs 3.10 or newer.")
    for name, oldest in PACKAGES.items():
        try:
            now = version(name)
        except PackageNotFoundError:
            found.append(f"{name} is not installed: {_INSTALL}.")
            continue
        if tuple(int(part) for part in now.split(".")[:2]) < oldest:
            found.append(f"{name} is {now}, and the course needs {'.'.join(map(str, oldest))} or newer: {_INSTALL}.")
    if not (DATA / "corpora.json").is_file():
        found.append(f"{ROOT} is not the whole course: get the folder again, with all that is in it.")
    place = own_folder() if own_folder().is_dir() else own_folder().parent
    if not _can_write(place):
        found.append(f"Nothing can be written in {place}: move the course to where you may write.")
    return found


def _can_write(folder):
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
