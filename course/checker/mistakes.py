"""Known mistakes: each is an edit of a right answer, with what a teacher says about it.

They are in text files, one for each topic: softmax.mistakes is beside softmax.py. A part of such a file:

    # A comment.
    == sgd_step
    @ parameter -= learning_rate * gradient
    uphill: parameter += learning_rate * gradient
        You climb: the gradient points to where the loss grows.
    gradients_changed:
        The gradients are changed too, and the caller still needs them.
    + gradient *= learning_rate
    + parameter -= gradient

    @
    from_the_first:
        Each step starts from the first parameter.
    - for parameter, gradient in zip(parameters, gradients):
    + for gradient in gradients:
    +     parameter = parameters[0]

    == sgd_step as sgd_step_by_index
    ...

== opens the mistakes of an exercise. They are edits of its right function, or of another right one, named after "as".
@  is followed by a part of that function, which occurs there once. Below it come the mistakes that change it: an id,
   the code that replaces the part (nothing if the part is deleted), and the message, indented. Code of several lines
   comes below the message, behind "+".
@  alone opens mistakes that change several places, or a part that no other mistake changes: "-" marks what is taken
   out, "+" what replaces it ("+" by itself if nothing does), as often as needed.

A part of several lines has a sign before each of them and begins at the left margin: its lines take the indentation of
the line in the function where the part begins. A comment behind a part is deleted with it, and so is its line if
nothing replaces it. Blank lines are for the eye alone. If several mistakes fit an answer, the message is the first's.
"""

import difflib
import functools
import inspect
import itertools
import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path

_SECTION = re.compile(r"== (\w+)(?: as (\w+))?")
_ENTRY = re.compile(r"([a-z][a-z0-9_]*):(?: (.*))?")


@dataclass(frozen=True)
class Mistake:
    """A wrong function, and what a teacher says to its author.

    id       stable, such as "no_bias": a report on a class counts it
    message  shown when a learner's results equal this function's
    right    the function that it is an edit of
    edits    tuple of (part of the right function's source, its replacement); later lines are indented from the line
             in which the first one is
    place    where it is written, for error messages: "softmax.mistakes, line 12"
    """

    id: str
    message: str
    right: object
    edits: tuple
    place: str = field(default="", compare=False)

    @property
    def source(self):
        """Return the source of the wrong function. ValueError if an edit does not fit the right one."""
        code = _source_of(self.right)
        for old, new in self.edits:
            code = self._with_edit(code, old, new)
        return code

    @property
    def fits(self):
        """True if its edits fit the right function."""
        try:
            return bool(self.source)
        except ValueError:
            return False

    @functools.cached_property
    def function(self):
        """Return the wrong function."""
        return self.made_from(self.source)

    def made_from(self, source):
        """Return the function that a source defines under the name of the right one. KeyError if it defines none, or
        whatever running the source raises."""
        scope = {name: value for name, value in self.right.__globals__.items() if value is not self.right}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # some mistakes look odd to Python
            exec(compile(source, f"<mistake {self.id}>", "exec"), scope)
        return scope[self.right.__name__]

    def function_with(self, other):
        """Return the function that has this mistake and another one. None if they change the same part, or if there is
        a `while`, which might not end with both."""
        changes = sorted(self.changes + other.changes)
        is_apart = all(one[1] <= two[0] and one[:2] != two[:2] for one, two in itertools.pairwise(changes))
        if not is_apart:
            return None
        words = _words_of(_source_of(self.right))
        for start, end, new in reversed(changes):
            words[start:end] = new
        source = "".join(words)
        try:
            return None if "while " in source else self.made_from(source)
        except SyntaxError:
            return None

    @functools.cached_property
    def changes(self):
        """What the edits change, word by word: list of (start, end, the new words)."""
        right, mine = _words_of(_source_of(self.right)), _words_of(self.source)
        steps = difflib.SequenceMatcher(None, right, mine, autojunk=False).get_opcodes()
        return [(start, end, mine[new:last]) for step, start, end, new, last in steps if step != "equal"]

    def _with_edit(self, code, old, new):
        places = _places_of(old, code)
        if len(places) != 1:
            where = f"{self.place}: " if self.place else ""
            name, count = self.right.__name__, len(places)
            raise ValueError(f"{where}{self.id}: {old!r} must occur once in {name}, not {count} times.")
        ((start, end),) = places
        before, after = code[:start], code[end:]
        line_start, line_end = before.rpartition("\n")[2], after.partition("\n")[0]
        after = after[len(line_end) :]
        line_end = line_end.partition("  # ")[0]  # a comment on the right code is deleted with it
        if not (line_start + new + line_end).strip():  # nothing is left of the line, so delete it, too
            return before.removesuffix(line_start) + after.removeprefix("\n")
        return before + new.replace("\n", f"\n{_indent_of(line_start)}") + line_end + after


def _words_of(code):
    """Return the names, numbers, symbols and spaces of a piece of code in order."""
    return re.findall(r"\w+|\s+|[^\w\s]", code)


def _places_of(part, code):
    """Return where a part occurs in a piece of code, as a list of (start, end)."""
    first, *later = part.split("\n")
    places = []
    for found in re.finditer(re.escape(first), code):
        start = found.start()
        indent = _indent_of(code[:start].rpartition("\n")[2])
        whole = "\n".join([first, *[(indent + line).rstrip() for line in later]])
        if code.startswith(whole, start):
            places.append((start, start + len(whole)))
    return places


def _indent_of(line):
    return line[: len(line) - len(line.lstrip())]


@functools.cache
def _source_of(function):
    return inspect.getsource(function)


def mistakes_beside(file):
    """Return the KnownMistakes of a topic from the text beside its module. file: the module's __file__"""
    path = Path(file).with_suffix(".mistakes")
    return KnownMistakes(path.read_text(encoding="utf-8"), path.name)


class KnownMistakes:
    """The mistakes in a text. Called with an exercise and its right functions, it returns a list of Mistakes.

        known = mistakes_beside(__file__)
        known("one_hot", one_hot, one_hot_by_loop)

    A mistake whose edit no longer fits is left out, so that it costs no learner anything, and is in .unfit. ValueError,
    with the file and the line, if the text is malformed or does not name all right functions.
    """

    def __init__(self, text, name):
        self.name, self._asked, self.unfit = name, set(), []
        self.sections = _Reader(text, name).sections

    def __call__(self, exercise, *rights):
        by_name = {right.__name__: right for right in rights}
        sections = [section for section in self.sections if section.exercise == exercise]
        found, seen = [], {}
        for section in sections:
            if section.right not in by_name:
                raise ValueError(f"{section.place}: {exercise} has no right function {section.right} in its module.")
            right = by_name.pop(section.right)
            for mistake in section.mistakes:
                if mistake.id in seen:
                    raise ValueError(f"{mistake.place}: {exercise} has a mistake {mistake.id} in {seen[mistake.id]}.")
                seen[mistake.id] = mistake.place
                one = Mistake(mistake.id, mistake.message, right, mistake.edits, mistake.place)
                (found if one.fits else self.unfit).append(one)
        if by_name:
            raise ValueError(f"{self.name} has no mistakes of {exercise} as {', '.join(by_name)}: write a section.")
        self._asked.add(exercise)
        return found

    def check_that_all_are_used(self):
        """Raise ValueError if a section is for an exercise that has not asked for it."""
        for section in self.sections:
            if section.exercise not in self._asked:
                raise ValueError(f"{section.place}: no exercise {section.exercise} of this topic asks for these.")


@dataclass
class _Section:
    """The mistakes of an exercise that are edits of one right function. mistakes: still without that function."""

    exercise: str
    right: str
    place: str
    mistakes: list = field(default_factory=list)


@dataclass
class _Entry:
    """A mistake while it is read. instead: the code in the line of its id;  changes: pairs of lists of lines"""

    id: str
    instead: str
    place: str
    words: list = field(default_factory=list)
    changes: list = field(default_factory=list)


class _Reader:
    """Reads a text line by line into .sections."""

    def __init__(self, text, name):
        self.name, self.sections = name, []
        self.number, self.part, self.entry = 0, None, None  # part: lines behind @; None before the first one
        for self.number, line in enumerate(text.split("\n"), 1):
            self._read(line.rstrip())
        self._end_entry()

    @property
    def _place(self):
        return f"{self.name}, line {self.number}"

    def _fault(self, says, place=""):
        raise ValueError(f"{place or self._place}: {says}")

    def _read(self, line):
        if not line or line.startswith("#"):
            return
        if line.startswith("=="):
            self._open_section(line)
        elif line == "@" or line.startswith("@ "):
            self._open_group(line[2:])
        elif line.startswith(("- ", "+ ")) or line in ("-", "+"):
            self._change(line[0], line[2:])
        elif line.startswith("    "):
            if self.entry is None or self.entry.changes:
                self._fault("A message stands below the id of its mistake, above the changes.")
            self.entry.words.append(line.strip())
        elif entry := _ENTRY.fullmatch(line):
            self._open_entry(entry[1], entry[2] or "")
        else:
            self._fault(f"{line[:60]!r} is neither ==, @, an id with a colon, an indented message, - nor +.")

    def _open_section(self, line):
        self._end_entry()
        found = _SECTION.fullmatch(line)
        if not found:
            self._fault(f"{line!r} should read == exercise, or == exercise as right_function.")
        section = _Section(found[1], found[2] or found[1], self._place)
        self.sections.append(section)
        self.part = None

    def _open_group(self, part):
        if not self.sections:
            self._fault("Name the exercise first, in a line such as == softmax.")
        if self.entry is None and self.part and part:  # one more line of the same part
            self.part.append(part)
            return
        self._end_entry()
        self.part = [part] if part else []

    def _open_entry(self, id, instead):
        if self.part is None:
            self._fault("Say first what these mistakes change: @ and a part of the right function, or @ alone.")
        self._end_entry()
        self.entry = _Entry(id, instead, self._place)

    def _change(self, sign, line):
        entry = self.entry
        if entry is None:
            self._fault("A change stands below the id and the message of its mistake.")
        if entry.instead or (self.part and sign == "-"):
            self._fault(f"{entry.id} is an edit of the part behind @ already: put it below an @ alone.")
        if self.part:
            entry.changes = entry.changes or [(self.part, [])]
        elif sign == "-" and (not entry.changes or entry.changes[-1][1]):
            entry.changes.append(([], []))
        elif not entry.changes:
            self._fault(f"What is taken out comes first: {entry.id} begins with +.")
        entry.changes[-1]["-+".index(sign)].append(line)

    def _end_entry(self):
        entry, self.entry = self.entry, None
        if entry is None:
            return
        if not entry.words:
            self._fault(f"{entry.id} has no message.", entry.place)
        changes = entry.changes or [(self.part, [entry.instead])]
        if not changes[0][0]:
            self._fault(f"{entry.id} changes nothing: below an @ alone write - and +.", entry.place)
        edits = tuple(("\n".join(old), "\n".join(new)) for old, new in changes)
        self.sections[-1].mistakes.append(Mistake(entry.id, " ".join(entry.words), None, edits, entry.place))
