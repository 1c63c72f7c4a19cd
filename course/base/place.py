"""Where the course is on this computer. Every other module asks here."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]  # the folder with rnn_helpers.py
DATA = ROOT / "data"
NOTEBOOKS = ROOT / "notebooks"


def own_folder():
    """Return the folder of the learner's functions: my_rnn beside the pages, or the one that MY_RNN names."""
    named = os.environ.get("MY_RNN")
    return Path(os.path.realpath(os.path.expanduser(named) if named else NOTEBOOKS / "my_rnn"))
