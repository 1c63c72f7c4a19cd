"""What check, hint and solution show. In Jupyter each Note is seen, wherever in its cell it was made."""

import html
import re
import sys

from course.checker.words import CORRECT, NOT_STARTED, NOT_YET

COLORS = {NOT_STARTED: "#888888", NOT_YET: "#d97706", CORRECT: "#2e9e4f"}  # of the bar on the left

_unseen = []  # Notes of the cell that runs now that have not been shown yet, in order
_shells = []  # where they are shown at the end of a cell


def _show_unseen(up_to=None):
    """Show the Notes that the cell has made but not shown: above its last line, in a loop, or given a name.

    up_to  a Note: only those before it, because IPython shows it now
    """
    from IPython.display import display

    while _unseen and (note := _unseen.pop(0)) is not up_to:
        display(note)


def _see_to(note):
    """Have a Note shown at the end of the cell, unless the cell shows it. Outside of IPython, do nothing."""
    get_shell = getattr(sys.modules.get("IPython"), "get_ipython", None)
    shell = get_shell and get_shell()
    if shell:
        if not any(shell is known for known in _shells):
            _shells.append(shell)
            shell.events.register("post_run_cell", lambda result: _show_unseen())
        _unseen.append(note)


def _as_typed(text):
    """Return HTML in a monospaced font with unbroken lines: a narrow screen scrolls."""
    style = "white-space: pre; word-break: normal; overflow-x: auto"
    return f'<pre style="{style}">{html.escape(text, quote=False)}</pre>'


def in_a_box(title, inside, color):
    """Return HTML: a title and, with a colored bar on its left, the content below it.

    The title is plain text on the first line, because that is all that JupyterLab shows of a folded output.
    """
    style = f"border-left: 4px solid {color}; padding: 0.3em 0.8em; margin-top: 0.3em"
    return f'{html.escape(title, quote=False)}\n<div style="{style}">{inside}</div>'


class Note:
    """A title and some text, for a notebook (HTML that fits light and dark pages) and for a terminal.

    In IPython, one that its cell does not show is shown when the cell ends, also if it ends with an error.
    """

    color = "#3b82c4"  # of the bar on the left; the letters keep the color of the page

    def __init__(self, title, text, code=""):
        self.title = title
        self.text = text
        self.code = code
        _see_to(self)

    def __repr__(self):  # IPython calls it for whatever it shows
        if self in _unseen:
            _show_unseen(up_to=self)
        code = f"\n\n{self.code}\n" if self.code else ""
        text = "".join(f"\n  {line}" for line in self.text.split("\n")) if self.text else ""
        return self.title + code + text

    def _repr_html_(self):
        code = _as_typed(self.code) if self.code else ""
        return in_a_box(self.title, code + self._text_as_html(), self.color)

    def _text_as_html(self):
        # Line breaks, not a style, because GitHub shows a page without its styles.
        text = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(self.text, quote=False))
        return re.sub("^ +", lambda indent: "&nbsp;" * len(indent[0]), text, flags=re.MULTILINE).replace("\n", "<br>\n")


class Report(Note):
    """A Note with a table as its text, in a monospaced font so that the columns line up."""

    def _text_as_html(self):
        return _as_typed(self.text)
