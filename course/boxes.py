"""What check, hint and solution show. In Jupyter each Box is seen, wherever in its cell it was made.

Outside of it only what the learner's own call returns is printed (shows): whatever the course makes for itself is not.
"""

import functools
import html
import inspect
import itertools
import re
import sys
import textwrap

from course.checker.words import CORRECT, NOT_STARTED, NOT_YET

COLORS = {NOT_STARTED: "#888888", NOT_YET: "#d97706", CORRECT: "#2e9e4f"}  # of the bar on the left

_unseen = []  # Notes of the cell that runs now that have not been shown yet, in order
_shells = []  # where they are shown at the end of a cell


def _show_unseen(up_to=None):
    """Show the Notes that the cell has made but not shown: above its last line, in a loop, or given a name.

    up_to  a Box: only those before it, because IPython shows it now
    """
    from IPython.display import display

    while _unseen and (note := _unseen.pop(0)) is not up_to:
        display(note)


def _shell():
    """Return the shell of IPython, in which this runs, or None."""
    get_shell = getattr(sys.modules.get("IPython"), "get_ipython", None)
    return get_shell and get_shell()


def _see_to(note):
    """Have a Box shown at the end of the cell, unless the cell shows it. Outside of IPython, do nothing."""
    if shell := _shell():
        if not any(shell is known for known in _shells):
            _shells.append(shell)
            shell.events.register("post_run_cell", lambda result: _show_unseen())
        _unseen.append(note)


def shows(call):
    """Return a call as the learner gets it: outside of IPython, it also prints the Box that it returns.

    TypeError, in one sentence, if it does not take what it gets.
    """
    taken = inspect.signature(call)
    told = [one for one in taken.parameters.values() if one.kind != one.VAR_POSITIONAL]
    form = f"{call.__name__}{taken.replace(parameters=told)}"

    @functools.wraps(call)
    def asked(*given, **named):
        try:
            taken.bind(*given, **named)
        except TypeError as error:
            raise TypeError(f"{call.__name__} cannot be called like this ({error}): write {form}.") from None
        result = call(*given, **named)
        if isinstance(result, Box) and not _shell() and not _is_at_the_prompt(sys._getframe(1)):
            encoding = getattr(sys.stdout, "encoding", None) or "utf-8"  # a Windows console lacks letters
            print(repr(result).encode(encoding, "backslashreplace").decode(encoding))
            result.is_printed = True
        return result

    asked.__module__ = "course"  # from which the pages import it
    return asked


def _is_at_the_prompt(frame):
    """True if a call was typed after >>>, where Python itself shows what it returns."""
    return hasattr(sys, "ps1") and frame.f_code.co_name == "<module>" and frame.f_globals.get("__name__") == "__main__"


_AS_TYPED = "white-space: pre; word-break: normal; overflow-x: auto"  # unbroken lines: a narrow screen scrolls
# The parts of code that have a color, in order of search: the kind of pygments, the tag, and the color. Half of it is
# the color of the page's own letters, so that it is dark on a light page and light on a dark one. Where styles are
# taken away, as on GitHub, the tags are left.
_PARTS = {
    "Comment": ("i", "#22999a"),
    "Keyword": ("b", "#00aa30"),
    "Operator.Word": ("b", "#00aa30"),
    "Literal.String": ("span", "#f45a4a"),
    "Literal.Number": ("span", "#00aa30"),
    "Name.Function": ("span", "#4c84ff"),
    "Name.Builtin": ("span", "#00aa30"),
}


def _as_typed(inside):
    """Return HTML in a monospaced font. inside: HTML, too."""
    return f'<pre style="{_AS_TYPED}">{inside}</pre>'


def _colored(code):
    """Return Python code as HTML, in which the words have colors as in a cell."""
    from pygments import lex
    from pygments.lexers import PythonLexer
    from pygments.token import string_to_tokentype

    def color_of(token):
        return next((looks for part, looks in _PARTS.items() if token[0] in string_to_tokentype(part)), None)

    inside = ""
    for looks, tokens in itertools.groupby(lex(code, PythonLexer(stripnl=False, ensurenl=False)), color_of):
        text = html.escape("".join(text for _, text in tokens), quote=False)
        if looks:
            tag, color = looks
            text = f'<{tag} style="color: color-mix(in srgb, {color} 60%, currentColor)">{text}</{tag}>'
        inside += text
    return inside


def as_html(text):
    """Return a text as HTML, with what stands in backquotes as code."""
    # Line breaks, not a style, because GitHub shows a page without its styles.
    text = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(text, quote=False))
    return re.sub("^ +", lambda indent: "&nbsp;" * len(indent[0]), text, flags=re.MULTILINE).replace("\n", "<br>\n")


def in_a_box(title, inside, color):
    """Return HTML: a title and, with a colored bar on its left, the content below it. Both are HTML, too."""
    style = f"border-left: 4px solid {color}; padding: 0.3em 0.8em; margin-top: 0.3em"
    return f'{title}\n<div style="{style}">{inside}</div>'


class Box:
    """A title and some text, for a notebook (HTML that fits light and dark pages) and for a terminal.

    In IPython, one that its cell does not show is shown when the cell ends, also if it ends with an error.
    closed: on a page, a click on the title shows the rest. Whoever runs all cells does not want to see an answer yet.
    is_printed: outside of IPython, print(check(...)) then adds the title alone, since all of it has just been printed.
    """

    is_printed = False
    color = "#3b82c4"  # of the bar on the left; the letters keep the color of the page

    def __init__(self, title, text, code="", closed=False):
        self.title = title
        self.text = text
        self.code = code
        self.closed = closed
        _see_to(self)

    def __repr__(self):  # IPython calls it for whatever it shows
        if self in _unseen:
            _show_unseen(up_to=self)
        code = f"\n\n{self.code}\n" if self.code else ""
        text = "\n" + textwrap.indent(self.text, "  ") if self.text else ""
        return self.title + code + text

    def __str__(self):
        return self.title if self.is_printed else repr(self)

    def _repr_html_(self):
        title, inside = html.escape(self.title, quote=False), self._text_as_html()
        if not self.code:
            return in_a_box(title, inside, self.color)
        text = f'<div style="margin-top: 0.6em">{inside}</div>' if inside else ""
        box = in_a_box(f"<summary>{title}</summary>", _as_typed(_colored(self.code)) + text, self.color)
        return f"<details{'' if self.closed else ' open'}>{box}</details>"

    def _text_as_html(self):
        return as_html(self.text)


class Report(Box):
    """A Box with a table as its text, in a monospaced font so that the columns line up."""

    def _text_as_html(self):
        return _as_typed(html.escape(self.text, quote=False))
