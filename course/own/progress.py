"""How far a learner has come: what is done, what is open and what comes next."""

from course.base.place import TO_KEEP, lasting, own_folder
from course.base.wording import all_of_progress, call, either
from course.boxes import COLORS, Box, as_html, in_a_box
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET, lines
from course.lessons import EXERCISES, NETWORK, OWN, is_extra, page_of
from course.lessons.contents import LAST_OF_YOUR_NETWORK, PAGES, QUESTIONS, WARM_UP, YOUR_NETWORK
from course.own import folder
from course.own.kept import counted
from course.own.memory import recall
from course.own.practice import to_find

DONE, RIGHT = "done", "right"  # right, and in my_rnn if it belongs there; right, but not there
_COLORS = COLORS | {DONE: COLORS[CORRECT], RIGHT: COLORS[CORRECT]}
_CELL = "text-align: left; padding: 0.1em 0.8em 0.1em 0"
_BOOKS = (YOUR_NETWORK, QUESTIONS, WARM_UP)
_CAN = {  # what the network can do when a page of the first book is done
    "01": "tell what a letter costs",
    "02": "read",
    "03": "find out which of its numbers are to blame",
    "04": "learn",
    "05": "write",
}


def progress(everything=False):
    """Return a Box with the exercises: done, not yet (and with which mistake) or not started. Never raises.

    As long as the first book is open, pages of the second one on which nothing was tried are left out, unless
    everything is asked for.
    """
    if not isinstance(everything, bool):
        return Box("progress", "It takes no name, because it shows all exercises. Write progress().")
    mine, problem = counted()
    rows = _rows(mine)
    done = {row.page for row in rows} - {row.page for row in rows if row.is_open and not row.is_extra}
    offer = "practice() shows a function you've done, with one wrong line to find. (from course import practice)"
    until = "" if lasting() else f"What you have done is kept until this Colab session ends. {TO_KEEP}"
    return Progress(rows, lines(offer if done and to_find() else "", problem, until), everything)


def page_done(name):
    """Return a line about the page of an exercise and what the network can do now, or "" if the page is not done.

    A page is done without its extra, and of an exercise of that, or of a teacher's own, nothing is said.
    """
    rows, page = _rows(counted()[0]), page_of(name)
    asked = [row for row in rows if row.on == page and not row.is_extra]
    if not asked or is_extra(name) or any(row.is_open for row in asked):
        return ""
    done = f"All exercises of page {page.number} are done." if page.number else f"The {page.title} is done."
    if len(asked) == 1:
        done = f"The exercise of page {page.number} is done."
    if page.book == QUESTIONS:
        return f"{done} {_exercises(QUESTIONS, rows)}"
    if page.number not in _CAN:
        begins = f" Your network begins on page {min(_CAN)}."
        return done + begins * all(row.is_open for row in rows if row.name in NETWORK)
    count = "" if name in NETWORK else f": {_yours(rows)}"  # of such a name the line above says it
    last = f" {_last_page_lets('Page')}." if page.number == max(_CAN) else ""
    return f"{done} Your network can now {_CAN[page.number]}{count}.{last}"


def _rows(mine):
    return [Row(name, name in mine, recall(name)) for page in PAGES for name in page.exercises]


def _network(rows):
    """Return a line: how far the network is, what it can do, and what comes after that."""
    open_pages = {row.on.number for row in rows if row.is_open and not row.is_extra}
    ahead = [number for number in _CAN if number in open_pages]
    done = [number for number in _CAN if not ahead or number < ahead[0]]
    if ahead:
        can = f"after page {ahead[0]} it can {_CAN[ahead[0]]}."
        can = f"It can {_CAN[done[-1]]}, and {can}" if done else can.capitalize()
    elif _is_finished():
        return f"{YOUR_NETWORK} is finished, and my_network.html shows it to others: {_yours(rows)}."
    else:
        can = f"It can {_CAN[done[-1]]}, and {_last_page_lets('page')}."
    return f"{YOUR_NETWORK}: {_yours(rows)}. {can}"


def _last_page_lets(page):
    on_page = f"{page} {LAST_OF_YOUR_NETWORK} lets it read the Sonnets"
    return either(on_page, f"{call('', '--network')} lets it read a text")


def _is_finished():
    """True if page 06 has put a network that is all the learner's into its file: the title there says whose it is."""
    return "wrote the network" in folder.read(own_folder() / "my_network.html")[:2000]


def _yours(rows):
    """Return how many functions of the network are the learner's, in words."""
    count = sum(row.status == DONE for row in rows if row.name in NETWORK)
    if not count:
        return f"its {len(NETWORK)} functions wait for you"  # nothing done yet is no failure
    which = f"all {count}" if count == len(NETWORK) else f"{count} of {len(NETWORK)}"
    return f"{which} functions {'is' if count == 1 else 'are'} yours"


def _exercises(book, rows):
    """Return a line: how many exercises of a book are done, without those of extras."""
    return _done(book, [row for row in rows if row.on.book == book and not row.is_extra])


def _done(what, rows):
    return f"{what}: {sum(not row.is_open for row in rows)} of {len(rows)} exercises done."


def _next(rows, tried):
    """Return which exercise comes next and how long the open pages of its book take, or "" if all are done.

    A page is open until all its exercises are done, one without exercises until all of the book are. What is done of a
    page takes no more time. An extra comes last, after all the pages. tried: the pages on which something was tried
    """
    extras = [row for row in rows if row.is_open and row.is_extra]
    rows = [row for row in rows if not row.is_extra]
    left = [row for row in rows if row.is_open]
    if not left and extras and _is_finished():
        one = extras[0]
        return f"Next, if you like: {one.name} ({one.page}, an extra, {one.difficulty}, {one.minutes} minutes)."
    if not left:
        return ""
    # A page that was left out waits, and so do questions that nobody has begun while another one is open.
    last = max((page.number for page in tried if page.book == YOUR_NETWORK), default="")
    waits = [row.on not in tried and (row.on.book == QUESTIONS or row.on.number < last) for row in left]
    one = min(zip(left, waits), key=lambda pair: (_BOOKS.index(pair[0].on.book), pair[1]))[0]
    book, pages = one.on.book, [row.on for row in left]
    if book != YOUR_NETWORK and not _is_finished() and not any(page.book == QUESTIONS for page in tried):
        how = either("", f" ({call('', f'--tasks {LAST_OF_YOUR_NETWORK}')})")
        return f"Next: page {LAST_OF_YOUR_NETWORK}{how}."
    pages = [page for page in PAGES if page.book == book and (page in pages or not page.exercises)]
    minutes = sum(page.minutes for page in pages)
    minutes -= sum(row.minutes for row in rows if row.on in pages and not row.is_open)
    says = f"Next: {one.name} ({one.page}, {one.difficulty}, {one.minutes} minutes)"
    says += ", or any other page" * (book == QUESTIONS)
    takes = "page that is left takes" if len(pages) == 1 else "pages that are left take"
    return f"{says}.\nThe {takes} about {minutes:,} minutes."


class Row:
    """One exercise: its kind, how long it takes, its state, and what is still wrong."""

    def __init__(self, name, is_mine, remembered):
        exercise = EXERCISES[name]
        self.name, self.on, self.kind = name, page_of(name), exercise.kind
        self.page, self.is_extra = self.on.label, is_extra(name)
        self.minutes, self.difficulty = exercise.minutes, exercise.how_hard
        self.line = ""
        solved = "solved" in remembered or remembered.get("verdict") == CORRECT
        if is_mine or (solved and name not in OWN):  # only functions of the network are kept in files
            self.status = DONE
        elif solved:
            self.status, self.line = RIGHT, f"not {'right ' * (name in folder.yours())}in {own_folder().name}"
        elif remembered.get("verdict") == NOT_YET:
            self.status, self.line = NOT_YET, remembered.get("line", "")
        else:
            self.status = NOT_STARTED
        self.is_open = self.status in (NOT_STARTED, NOT_YET)


class Progress(Box):
    """The rows as text, and as a table in a notebook. mine: the names of the exercises in my_rnn."""

    def __init__(self, rows, problem="", everything=False):
        self.rows = rows
        self.mine = [row.name for row in rows if row.status == DONE and row.name in OWN]
        tried = [row.on for row in rows if row.status != NOT_STARTED]
        asked = [row for row in rows if not row.is_extra]
        short = not everything and any(row.is_open for row in asked if row.on.book == YOUR_NETWORK)
        self.hidden = [page for page in PAGES if short and page.book == QUESTIONS and page not in tried]
        says = [_network(rows)]
        for book in (QUESTIONS, WARM_UP):
            if everything or (book == QUESTIONS and not short) or any(page.book == book for page in tried):
                says.append(_exercises(book, rows))
        extras = [row for row in rows if row.is_extra and row.on not in self.hidden]
        if extras and (everything or any(row.status != NOT_STARTED for row in extras)):
            says.append(_done("Extras", extras))
        says.append(_next(rows, tried))
        if short:
            later = f"The questions come after page {LAST_OF_YOUR_NETWORK}, in any order"
            says.append(f"{later}: {all_of_progress()} lists them.")
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
        """Return [(name, its rows)] of the pages to show, and of their extras after them."""
        found = []
        for page in [page for page in PAGES if page not in self.hidden]:
            here = [row for row in self.rows if row.on == page]
            found.append((page.name, [row for row in here if not row.is_extra]))
            found.append((f"{page.name}, an extra", [row for row in here if row.is_extra]))
        return [(name, group) for name, group in found if group]

    def _repr_html_(self):
        table = ""
        for page, group in self._pages():
            table += f'<tr><th colspan="6" style="{_CELL}">{page}</th></tr>'
            for row in group:
                dot = f'<span style="color: {_COLORS[row.status]}">&#9679;</span> {row.status}'
                name, minutes = f"<code>{row.name}</code>", f"{row.minutes} min"
                cells = [dot, name, row.kind, minutes, row.difficulty, as_html(row.line)]
                styles = [f"{_CELL}; white-space: nowrap"] * 5 + [_CELL]
                table += "<tr>" + "".join(f'<td style="{s}">{c}</td>' for s, c in zip(styles, cells)) + "</tr>"
        return in_a_box(self.title, f"{as_html(self.summary)}<table>{table}</table>", self.color)
