"""The three verdicts, and the words for values in a message."""

import inspect

import numpy as np

NOT_STARTED, NOT_YET, CORRECT = "not started", "not yet", "correct"


def lines(*texts):
    """Join the texts that are not empty, one per line."""
    return "\n".join(text for text in texts if text)


def listed(names):
    """Return names as a list in a sentence: "a, b and c"."""
    *first, last = names
    return " and ".join(filter(None, [", ".join(first), last]))


def where(got):
    """Return where an error occurred: the learner's line, and the function if it is not the one that was called."""
    place = f"your `{got.within}`, {got.line}" if got.within else got.line
    return f"in {place}" if place else ""


def describe(value):
    """Return a short description of any value, the same for Python and NumPy numbers."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, tuple) and hasattr(value, "_fields") and all(isinstance(a, np.ndarray) for a in value):
        return f"{type(value).__name__}, {len(value)} arrays of the shapes {', '.join(str(a.shape) for a in value)}"
    if isinstance(value, (tuple, list)):
        more = ", ..." if len(value) > 5 else ""
        return f"a {type(value).__name__} of {len(value)} ({', '.join(map(_describe_entry, value[:5]))}{more})"
    if inspect.isgenerator(value):
        return "a generator, which makes its values later"
    if isinstance(value, (zip, map, filter, enumerate, reversed)):
        return f"a {type(value).__name__} object, which makes its values later: list(...) makes a list of it"
    if isinstance(value, (bool, int, float, complex, np.generic)):
        value = value.item() if isinstance(value, np.generic) else value
        return f"{rounded(value)} (type {type(value).__name__})"
    if inspect.isroutine(value):
        return "a function, not what it returns (are its parentheses missing?)"
    return f"a value of type {type(value).__name__}"


def rounded(number):
    """Return a number as it is shown, without the last digits, which depend on the order of the sums."""
    return float(f"{number:.6g}") if isinstance(number, (float, np.floating)) else number


def _describe_entry(entry):
    is_single = isinstance(entry, (np.ndarray, np.generic)) and entry.ndim == 0 and entry.dtype.kind in "biufc"
    if is_single or isinstance(entry, (int, float, complex)):
        return "number"
    return f"shape {entry.shape}" if isinstance(entry, np.ndarray) else type(entry).__name__
