"""Where the course lies on this computer. Every other module asks here."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]  # the folder with rnn_helpers.py
DATA = ROOT / "data"
NOTEBOOKS = ROOT / "notebooks"
