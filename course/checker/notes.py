"""What check, hint and solution show, and the words for values in it."""

import html
import inspect
import re

import numpy as np

NOT_STARTED, NOT_YET, CORRECT = "not started", "not yet", "correct"
COLORS = {NOT_STARTED: "#888888", NOT_YET: "#d97706", CORRECT: "#2e9e4f"}  # of the bar at the left


def _as_typed(text):
    """Return HTML of letters of one width, whose lines are not broken: a narrow screen scrolls."""
    style = "white-space: pre; word-break: normal; overflow-x: auto"
    return f'<pre style="{style}">{html.escape(text, quote=False)}</pre>'


def in_a_box(title, inside, color):
    """Return HTML: a title and, with a colored bar at its left, what comes under it.

    The title is plain text on the first line: that is all that JupyterLab shows of an output which is folded.
    """
    style = f"border-left: 4px solid {color}; padding: 0.3em 0.8em; margin-top: 0.3em"
    return f'{html.escape(title, quote=False)}\n<div style="{style}">{inside}</div>'


class Note:
    """A title and some text, for a notebook (HTML that fits light and dark pages) and for a terminal."""

    color = "#3b82c4"  # of the bar at the left; the letters keep the color of the page

    def __init__(self, title, text, code=""):
        self.title = title
        self.text = text
        self.code = code

    def __repr__(self):
        code = f"\n\n{self.code}\n" if self.code else ""
        text = "".join(f"\n  {line}" for line in self.text.split("\n")) if self.text else ""
        return self.title + code + text

    def _repr_html_(self):
        code = _as_typed(self.code) if self.code else ""
        return in_a_box(self.title, code + self._text_as_html(), self.color)

    def _text_as_html(self):
        # Line breaks and not a style: GitHub shows a page without its styles.
        text = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(self.text, quote=False))
        return re.sub("^ +", lambda indent: "&nbsp;" * len(indent[0]), text, flags=re.MULTILINE).replace("\n", "<br>\n")


class Report(Note):
    """A Note whose text is a table: its columns stand one below the other."""

    def _text_as_html(self):
        return _as_typed(self.text)


class CheckResult(Note):
    """What check found: .verdict, .message, what the function .printed (shown if it is not yet right), .mistake, .kept.

    .mistake is the id of the known mistake whose message is shown, such as "softmax/not_divided", or "".
    .kept says, of a right function, whether it now stands in my_rnn.py; it is "" for the other kinds of answer.
    """

    def __init__(self, name, verdict, message, printed="", mistake="", kept=""):
        self.name = name
        self.verdict = verdict
        self.message = message
        self.printed = printed
        self.mistake = mistake
        self.kept = kept
        self.color = COLORS[verdict]
        super().__init__(f"{name}: {verdict}", lines(message, printed and f"It printed:\n{printed}", kept))


def lines(*texts):
    """Join the texts that are not empty, one in each line."""
    return "\n".join(text for text in texts if text)


def describe(value):
    """Return a short description of any value, the same for a number of Python and for one of NumPy."""
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    if isinstance(value, (tuple, list)):
        more = ", ..." if len(value) > 5 else ""
        return f"a {type(value).__name__} of {len(value)} ({', '.join(map(_describe_entry, value[:5]))}{more})"
    if inspect.isgenerator(value):
        return "a generator, which makes its values later"
    if isinstance(value, (bool, int, float, complex, np.generic)):
        value = value.item() if isinstance(value, np.generic) else value
        return f"{rounded(value)} (type {type(value).__name__})"
    if inspect.isroutine(value):
        return "a function, not what a call of it gives (are its parentheses missing?)"
    return f"a value of type {type(value).__name__}"


def rounded(number):
    """Return a number as it is shown. The last digits depend on the order of the sums, and tell nothing."""
    return float(f"{number:.6g}") if isinstance(number, (float, np.floating)) else number


def _describe_entry(entry):
    if isinstance(entry, (bool, int, float, complex, np.number, np.bool_)) or (
        isinstance(entry, np.ndarray) and entry.ndim == 0 and entry.dtype.kind in "biufc"
    ):
        return "number"
    return f"shape {entry.shape}" if isinstance(entry, np.ndarray) else type(entry).__name__
