"""How far a learner has come: what check said last of each exercise, what is done, what is open and what comes next.

It is remembered beside the file of the learner's functions, in a small JSON file, {name of an exercise: {key: text}}.
That may be lost at any time: then the next check starts it anew.
"""

import contextlib
import html
import json
import re

from course.base.files import write_whole
from course.base.place import own_path
from course.checker.say.words import CORRECT, NOT_STARTED, NOT_YET, lines
from course.lessons import EXERCISES, OWN, is_practice, page_of
from course.lessons.contents import RENAMED
from course.notes import COLORS, Note, in_a_box
from course.own.own_file import OwnFile

_unwritten = {}  # what could not be written, for as long as Python runs

DONE, RIGHT = "done", "right"  # right, and in my_rnn.py if it is kept there; right, but not there
_COLORS = COLORS | {DONE: COLORS[CORRECT], RIGHT: COLORS[CORRECT]}
_CELL = "text-align: left; padding: 0.1em 0.8em 0.1em 0"


# ---------------------------------------------------------------- what is remembered
def recall():
    """Return {name of an exercise: {key: text}}."""
    path, found = _memory_path(), {}
    with contextlib.suppress(OSError, ValueError, RecursionError):
        found = json.loads(path.read_text(encoding="utf-8"))
    found = found if isinstance(found, dict) else {}
    found = {name: entry for name, entry in found.items() if isinstance(entry, dict)}
    return found | _unwritten.get(path, {})


def note(name, **texts):
    """Remember texts on an exercise; an empty one is forgotten. Nothing is written if nothing is new."""
    path, before = _memory_path(), recall()
    entry = {key: text for key, text in {**before.get(name, {}), **texts}.items() if text}
    if entry == before.get(name, {}):
        return
    now = {**before, name: entry}
    text = json.dumps(now, indent=1)
    try:
        write_whole(path, lambda file: file.write(text.encode()), wait_for_disk=False)
        _unwritten.pop(path, None)
    except OSError:  # a folder that cannot be written to
        _unwritten.setdefault(path, {})[name] = entry


def _memory_path():
    path = own_path()
    return path.with_name(f".{path.stem}_progress.json")


# ---------------------------------------------------------------- what is shown of it
def remember(name, verdict, mistake="", first_line=""):
    """Remember what check said of an exercise. A stub changes nothing: pages as they come leave no trace."""
    if verdict == NOT_YET:
        note(name, verdict=verdict, mistake=mistake, line=first_line.partition("\n")[0][:300])
    elif verdict == CORRECT:
        note(name, verdict=verdict, mistake="", line="")


def progress():
    """Return a Note with all exercises: done, not yet (and with which mistake) or not started. Never raises."""
    path, file, problem = own_path(), OwnFile(), ""
    try:
        file = OwnFile.read(path)
        problem = f"{path.name} has a fault in line {file.damaged[0][0]}." if file.damaged else ""
    except OSError as error:
        problem = f"{path.name} cannot be read ({error.strerror})."
    mine, memory = file.names(), recall()
    memory = {RENAMED[name]: entry for name, entry in memory.items() if name in RENAMED} | memory
    return Progress([Row(name, name in mine, memory.get(name, {})) for name in EXERCISES], problem)


class Row:
    """One exercise: its kind, how long it takes, how it stands, and what is still wrong."""

    def __init__(self, name, is_mine, remembered):
        exercise = EXERCISES[name]
        self.name, self.page, self.kind = name, page_of(name).label, exercise.kind
        self.minutes, self.difficulty = exercise.minutes, exercise.how_hard
        self.status, self.line = remembered.get("verdict"), str(remembered.get("line", ""))
        if is_mine or (self.status == CORRECT and name not in OWN):  # only functions of the network are kept
            self.status, self.line = DONE, ""
        elif self.status == CORRECT:
            self.status, self.line = RIGHT, f"not in {own_path().name}"
        elif self.status != NOT_YET:
            self.status, self.line = NOT_STARTED, ""


class Progress(Note):
    """The rows as text, and as a table in a notebook. mine: the names of the exercises in my_rnn.py."""

    def __init__(self, rows, problem=""):
        self.rows = rows
        self.mine = [row.name for row in rows if row.status == DONE and row.name in OWN]
        still = [row for row in rows if row.status in (NOT_STARTED, NOT_YET)]
        says = f"{len(self.mine)} of {len(OWN)} {'is' if len(self.mine) == 1 else 'are'} yours."
        if still:
            # A learner who has begun with the network is not sent back to the warm-up.
            one = next((row for row in still if not is_practice(row.name) or not self.mine), still[0])
            says += f" What is open takes about {sum(row.minutes for row in still)} minutes."
            says += f"\nNext: {one.name} ({one.page}, {one.difficulty}, {one.minutes} minutes)."
        self.summary = lines(says, problem)
        table = []
        for page, group in self._pages():
            table += ["", page]
            for row in group:
                line = row.line if len(row.line) <= 52 else row.line[:52] + " ..."
                effort = f"{row.kind:8}  {row.minutes:2} min  {row.difficulty:6}"
                table.append(f"{row.status:11}  {row.name:20}  {effort}  {line}".rstrip())
        super().__init__("your progress", self.summary + "\n" + "\n".join(table))

    def _pages(self):
        pages = dict.fromkeys(row.page for row in self.rows)
        return [(page, [row for row in self.rows if row.page == page]) for page in pages]

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
