"""Where the course is on this computer. Every other module asks here."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]  # the folder with rnn_helpers.py
DATA = ROOT / "data"
NOTEBOOKS = ROOT / "notebooks"
OWN = "my_rnn"  # the folder of the learner's functions, beside the pages
TO_KEEP = "To keep your work longer, choose Mount Drive in Colab's list of files, and run the setup cell again."


def own_folder():
    """Return the folder of the learner's functions: my_rnn beside the pages, or the one that MY_RNN names."""
    named = os.environ.get("MY_RNN")
    return Path(os.path.realpath(os.path.expanduser(named) if named else NOTEBOOKS / OWN))


def added_folder():
    """Return the folder of a teacher's own exercises, or the one that RNN_EXERCISES names. It may not be there."""
    return Path(os.environ.get("RNN_EXERCISES") or ROOT / "exercises")


def in_colab():
    """Does this page run on a machine of Colab, which ends with its session?"""
    return "google.colab" in sys.modules


def lasting():
    """Will the folder of the learner's functions outlive this session? In Colab only Google Drive does."""
    return not in_colab() or "MyDrive" in str(own_folder()).replace(" ", "")
