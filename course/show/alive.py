"""A network alive in one HTML file: whoever opens it, even on a phone and without a network, can let it write."""

import base64
import html
import json
from pathlib import Path

import numpy as np

from course.show.drawing import KINDS
from rnn_helpers import Parameters

LARGEST = 2**15 - 1  # of a number in two bytes


def write_alive(path, parameters, vocabulary, title):
    """Write a network of the lessons to an HTML file that needs nothing else. Return a line that tells its size.

    parameters, vocabulary  the trained Parameters, and the Vocabulary of their text
    title                   what stands above it, such as "It has read Shakespeare's Sonnets"
    """
    scales, numbers = in_two_bytes(parameters)
    fields = {
        "TITLE": html.escape(title),
        "COUNT": f"{sum(value.size for value in parameters):,}",
        "CHARS": json.dumps(list(vocabulary.chars)).replace("<", "\\u003c"),
        "SIZES": json.dumps([len(parameters.W_hh), *[value.size for value in parameters]]),
        "SCALES": json.dumps(scales),
        "NUMBERS": base64.b64encode(numbers.tobytes()).decode(),
    }
    for kind in ("state", "chance", "page"):
        fields[kind.upper()] = KINDS[kind][2 if kind == "chance" else 1]
    text = PAGE
    for name, value in fields.items():
        text = text.replace(f"@{name}@", value)
    Path(path).write_text(text, encoding="utf-8", newline="\n")
    return (
        f"{Path(path).name}: one file of {len(text.encode()) / 1000:.0f} kB, with all {fields['COUNT']} numbers in it"
    )


def in_two_bytes(parameters):
    """Return (a scale for each parameter, all numbers as whole ones of two bytes): about number / scale."""
    scales = [float(np.abs(value).max() or 1) / LARGEST for value in parameters]
    whole = [np.round(value / scale).astype("<i2").ravel() for value, scale in zip(parameters, scales)]
    return scales, np.concatenate(whole)


def rounded(parameters):
    """Return the Parameters as the file has them, rounded to two bytes each."""
    scales, numbers = in_two_bytes(parameters)
    pieces = np.split(numbers, np.cumsum([value.size for value in parameters])[:-1])
    parts = zip(pieces, scales, parameters)
    return Parameters(*[(piece.astype(float) * scale).reshape(value.shape) for piece, scale, value in parts])


_PAGE, _NETWORK = [(Path(__file__).parent / name).read_text(encoding="utf-8") for name in ("alive.html", "network.js")]
PAGE = _PAGE.replace("@NETWORK@", _NETWORK)
