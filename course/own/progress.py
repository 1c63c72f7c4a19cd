"""How far a learner has come: what is done, what is open and what comes next."""

import html
import re

from course.base.place import TO_KEEP, lasting, own_folder
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET, lines
from course.lessons import EXERCISES, OWN, page_of
from course.lessons.contents import LAST_OF_YOUR_NETWORK, PAGES, QUESTIONS, WARM_UP, YOUR_NETWORK
from course.notes import COLORS, Note, in_a_box
from course.own import folder
from course.own.memory import recall

DONE, RIGHT = "done", "right"  # right, and in my_rnn if it belongs there; right, but not there
_COLORS = COLORS | {DONE: COLORS[CORRECT], RIGHT: COLORS[CORRECT]}
_CELL = "text-align: left; padding: 0.1em 0.8em 0.1em 0"


def progress(everything=False):
    """Return a Note with the exercises: done, not yet (and with which mistake) or not started. Never raises.

    As long as the first book is open, pages of the second one on which nothing was tried are left out, unless
    everything is asked for.
    """
    if not isinstance(everything, bool):
        return Note("progress", "It takes no name, because it shows all exercises: write progress().")
    mine = {name: folder.path_of(name) for name in folder.yours()}
    damaged = {name: path for name, path in mine.items() if folder.fault_in(folder.read(path))}
    problem = lines(*[f"{folder.shown(path)} is not valid Python." for path in damaged.values()])
    until = "" if lasting() else f"What you have done is kept until this Colab session ends. {TO_KEEP}"
    rows = [Row(name, name in mine and name not in damaged, recall(name)) for name in EXERCISES]
    return Progress(rows, lines(problem, until), everything)


def _say(book, rows, comes_later=False):
    """Say how many exercises of a book are done and, unless the book comes later, how long its open pages take.

    A page is open until all its exercises are done, one without exercises until all of the book are. What is done of a
    page takes no more time.
    """
    left = [row for row in rows if row.is_open]
    says = f"{book}: {len(rows) - len(left)} of {len(rows)} exercises done."
    if not left and book == YOUR_NETWORK:
        return f"{says} On page {LAST_OF_YOUR_NETWORK} it trains and writes."
    if comes_later or not left:
        return says
    pages = [row.on for row in left]
    pages = [page for page in PAGES if page in pages or (page.book == book and not page.exercises)]
    minutes = sum(page.minutes for page in pages)
    minutes -= sum(row.minutes for row in rows if row.on in pages and row not in left)
    takes = "page that is left takes" if len(pages) == 1 else "pages that are left take"
    return f"{says} The {takes} about {minutes:,} minutes."


class Row:
    """One exercise: its kind, how long it takes, its state, and what is still wrong."""

    def __init__(self, name, is_mine, remembered):
        exercise = EXERCISES[name]
        self.name, self.on, self.kind = name, page_of(name), exercise.kind
        self.page = self.on.label
        self.minutes, self.difficulty = exercise.minutes, exercise.how_hard
        self.line = ""
        solved = "solved" in remembered or remembered.get("verdict") == CORRECT
        if is_mine or (solved and name not in OWN):  # only functions of the network are kept in files
            self.status = DONE
        elif solved:
            self.status, self.line = RIGHT, f"not in {own_folder().name}"
        elif remembered.get("verdict") == NOT_YET:
            self.status, self.line = NOT_YET, remembered.get("line", "")
        else:
            self.status = NOT_STARTED
        self.is_open = self.status in (NOT_STARTED, NOT_YET)


class Progress(Note):
    """The rows as text, and as a table in a notebook. mine: the names of the exercises in my_rnn."""

    def __init__(self, rows, problem="", everything=False):
        self.rows = rows
        self.mine = [row.name for row in rows if row.status == DONE and row.name in OWN]
        books = {book: [row for row in rows if row.on.book == book] for book in (YOUR_NETWORK, QUESTIONS, WARM_UP)}
        in_second = not any(row.is_open for row in books[YOUR_NETWORK])
        if in_second:
            books = {QUESTIONS: books.pop(QUESTIONS), **books}
        short = not (in_second or everything)
        says = [_say(book, group, short and book == QUESTIONS) for book, group in books.items()]
        following = [row for group in books.values() for row in group if row.is_open]
        if following:
            one = following[0]
            says.append(f"Next: {one.name} ({one.page}, {one.difficulty}, {one.minutes} minutes).")
        self.hidden = []  # pages that are left out
        if short:
            tried = [row.on for row in rows if row.status != NOT_STARTED]
            self.hidden = [page for page in PAGES if page.book == QUESTIONS and page not in tried]
            later = f"The questions come after page {LAST_OF_YOUR_NETWORK}, in any order"
            says.append(f"{later}: progress(everything=True) lists them.")
        self.summary = lines(*says, problem)
        table = []
        for page, group in self._pages():
            table += ["", page]
            for row in group:
                line = row.line if len(row.line) <= 52 else row.line[:52] + " ..."
                effort = f"{row.kind:8}  {row.minutes:2} min  {row.difficulty:6}"
                table.append(f"{row.status:11}  {row.name:20}  {effort}  {line}".rstrip())
        super().__init__("your progress", self.summary + "\n" + "\n".join(table))

    def _pages(self):
        shown = [page for page in PAGES if page.exercises and page not in self.hidden]
        return [(page.label, [row for row in self.rows if row.on == page]) for page in shown]

    def __repr__(self):
        return re.sub(r"[ ]+$", "", super().__repr__(), flags=re.MULTILINE)

    def _repr_html_(self):
        table = ""
        for page, group in self._pages():
            table += f'<tr><th colspan="6" style="{_CELL}">{page}</th></tr>'
            for row in group:
                dot = f'<span style="color: {_COLORS[row.status]}">&#9679;</span> {row.status}'
                line = re.sub(r"`([^`\n]+)`", r"<code>\1</code>", html.escape(row.line, quote=False))
                cells = [dot, f"<code>{row.name}</code>", row.kind, f"{row.minutes} min", row.difficulty, line]
                styles = [f"{_CELL}; white-space: nowrap"] * 5 + [_CELL]
                table += "<tr>" + "".join(f'<td style="{s}">{c}</td>' for s, c in zip(styles, cells)) + "</tr>"
        summary = html.escape(self.summary, quote=False).replace("\n", "<br>")
        return in_a_box(self.title, f"{summary}<table>{table}</table>", self.color)
