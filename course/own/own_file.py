"""The text of my_rnn.py: a head with the imports, a block for each exercise, and an end that is the learner's alone."""

import ast
import builtins
import functools
import itertools
import re
import warnings
from dataclasses import dataclass, replace

from course.base.place import NOTEBOOKS, ROOT, own_path
from course.checker.course import COURSE
from course.lessons import OWN, page_of
from course.own.gather import Unkept
from course.own.names import imported, outer_names, renamed, top_level

_ABOUT = '''"""Your own functions: check() puts each one here when it is right, in the order of the lessons.

Read the file, run it, use it elsewhere: from my_rnn import softmax. You may change it: a block is written anew only
when a new version on a page is right, and what stands below the last line of dashes never is. A name that begins with
finished_ stands for a finished function of the course.
"""


'''
_END = "# ---------------- yours: what stands below this line is never changed\n"
_HEADING = re.compile(r"^# -{4,} (?:(?:lesson|page) \w+: (\w+)|yours\b.*)[ \t]*\n", re.MULTILINE)


@dataclass(frozen=True)
class OwnFile:
    """The parts of the file, as they stand there. damaged: what was left out since it is no Python, as (line, part)."""

    head: str = _ABOUT
    blocks: tuple = ()  # pairs of the name of an exercise and its text, the heading included
    end: str = _END
    damaged: tuple = ()
    is_old: bool = False  # it imported modules of the course from where they were in an earlier edition

    @classmethod
    def read(cls, path):
        """Return the OwnFile at a path, a new one if there is none. OSError if it cannot be read."""
        try:
            raw = path.read_bytes()
        except FileNotFoundError:
            return cls()
        try:
            text = raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
        except UnicodeDecodeError as error:
            return cls(damaged=((raw[: error.start].count(b"\n") + 1, "head"),))
        new = _with_new_modules(text)
        return replace(cls.parse(new), is_old=new != text)

    @classmethod
    def parse(cls, text):
        headings = list(_HEADING.finditer(text))
        starts = [0, *[heading.start() for heading in headings], len(text)]
        names = [None, *[heading[1] or "" for heading in headings]]
        found, damaged = cls(), []
        for name, start, end in zip(names, starts, starts[1:]):
            part = text[start:end]
            if line := _first_fault(part):
                damaged.append((text[:start].count("\n") + line, name))
                part = "".join(_whole_imports(part)) if name is None else None
            if name is None:
                found = replace(found, head=part if part.strip() else _ABOUT)
            elif name and part is not None:
                found = replace(found, blocks=(*found.blocks, (name, part)))
            elif part is not None:
                found = replace(found, end=part if found.end == _END else found.end + part)
        return replace(found, damaged=tuple(damaged))

    @property
    def text(self):
        return self.head + "".join(text for _, text in self.blocks) + self.end

    def block(self, name):
        """Return the text of the block of an exercise, or ""."""
        return "".join(text for other, text in self.blocks if other == name)

    def names(self):
        """Return the names of the exercises whose function is in a block."""
        found = {name for _, text in self.blocks for name in top_level(text)}
        return [name for name in OWN if name in found]

    def users_of(self, name):
        """Return the names of the other exercises whose blocks use what this name stands for."""
        return [other for other, text in self.blocks if other != name and name in outer_names(text)]

    def with_function(self, name, needs):
        """Return the file with a new version of a function; needs: as gathered on the page."""
        old = self.block(name)
        file = replace(self, blocks=tuple((other, text) for other, text in self.blocks if other != name))
        file = file._with_orphans(name, top_level(old), needs)
        new_names, shared = file._choose_names(name, needs)
        parts = [_with_names(text, new_names) for piece, text in needs.pieces.items() if piece not in shared]
        *_, last = needs.pieces
        last = new_names.get(last, last)
        if last != name:
            parts.append(f"{name} = {last}")
        imports = {new_names.get(known, known): place for known, place in needs.imports.items()}
        file = replace(file, head=_with_imports(file.head, imports), blocks=file._put(name, parts))
        return file._without_imports(set(outer_names(old)))

    def _put(self, name, parts):
        """Return the blocks with a new one before the first of a later exercise."""
        block = f"# ---------------- {page_of(name).label}: {name}\n" + "\n\n\n".join(parts) + "\n\n\n"
        order = list(OWN)
        later = order[order.index(name) + 1 :]
        place = next((k for k, (other, _) in enumerate(self.blocks) if other in later), len(self.blocks))
        return (*self.blocks[:place], (name, block), *self.blocks[place:])

    def _with_orphans(self, name, old, needs):
        """Return the file in which helpers that only the old block of an exercise had stand where they are used.

        Other exercises in that block, whose headings were deleted, get blocks of their own.
        """
        file = self
        for key, text in old.items():
            if key in OWN and key != name and not self.block(key):
                file = replace(file, blocks=file._put(key, [text]))
        moving = {key: text for key, text in old.items() if key not in OWN and needs.pieces.get(key) != text}
        for key, text in reversed(moving.items()):
            users = [n for n, block in file.blocks if key in outer_names(block) and key not in top_level(block)]
            if users:
                first = users[0]
                heading, body = file.block(first).split("\n", 1)
                block = f"{heading}\n{text}\n\n\n{body}"
                file = replace(file, blocks=tuple((n, block if n == first else b) for n, b in file.blocks))
        return file

    def _choose_names(self, name, needs):
        """Return ({name on the page: name in the file}, names of the pieces that the file has already)."""
        taken = {key: text for _, block in self.blocks for key, text in top_level(block).items()}
        heads, (*helpers, own) = imported(self.head), needs.pieces
        reserved = {*taken, *heads, *top_level(self.head), *top_level(self.end), *OWN, *vars(builtins)}
        new_names = {key: other for key, other in needs.same.items() if key != other}
        for key, place in needs.imports.items():
            if key in OWN or (heads.get(key) != place and key in reserved):
                new = f"finished_{key}" if place[1] == key and place[0] in COURSE.modules else f"{key}_for_{name}"
                new_names[key] = new if heads.get(new) == place else _free(new, reserved)
        shared = {key for key in helpers if taken.get(key) == _with_names(needs.pieces[key], new_names)}
        changed = {key for key in needs.pieces if key in reserved and key not in shared and not key == own == name}
        while touched := {key for key in shared if not changed.isdisjoint(outer_names(needs.pieces[key]))}:
            shared, changed = shared - touched, changed | touched  # the same text, but what it calls is not the same
        new_names |= {key: _free(f"{key}_for_{name}", reserved) for key in sorted(changed)}
        return {key: new_names.get(other, other) for key, other in new_names.items()}, shared

    def _without_imports(self, candidates):
        """Return the file without those imports of the candidates that nothing in it uses any more."""
        used = {name for text in (*[block for _, block in self.blocks], self.end) for name in outer_names(text)}
        lines = self.head.splitlines(keepends=True)
        kept = [line for line in lines if len(_import_of(line)) != 1 or not _import_of(line) & (candidates - used)]
        return replace(self, head="".join(kept))


def _with_new_modules(text):
    """Return the text with the places where modules are today: an earlier edition wrote `from gates import ...`."""
    for name, module in COURSE.short_names().items():
        home = module.__name__
        if name != home:
            text = re.sub(rf"^([ \t]*)from {name} import ", rf"\1from {home} import ", text, flags=re.MULTILINE)
            text = re.sub(rf"^([ \t]*)import {name} as ", rf"\1import {home} as ", text, flags=re.MULTILINE)
            text = re.sub(rf"^([ \t]*)import {name}[ \t]*$", rf"\1import {home} as {name}", text, flags=re.MULTILINE)
    return text


def _with_names(text, new_names):
    try:
        return renamed(text, new_names)
    except ValueError:
        raise Unkept("a name in it stands for something else in the file") from None


def _free(name, reserved):
    """Return the name, with a number if it is there already."""
    numbers = itertools.count(2)
    new = name
    while new in reserved:
        new = f"{name}_{next(numbers)}"
    return new


def _with_imports(head, imports):
    """Return the head with the imports that it does not have yet, and the course's folder if they need it.

    Those from rnn_helpers come last.
    """
    tree, known = ast.parse(head), imported(head)
    lines = head.rstrip("\n").split("\n")
    about = tree.body[0].end_lineno if ast.get_docstring(tree) is not None else 0
    last = tree.body[-1].end_lineno if tree.body else 0
    lines[last:last] = [""] * (last == about)
    for line in sorted(_import_line(*place, name) for name, place in imports.items() if known.get(name) != place):
        theirs = [k for k, other in enumerate(lines) if "rnn_helpers import" in other and "rnn_helpers" not in line]
        place = theirs[0] if theirs else len(lines)
        lines.insert(place, line)
    if "sys.path" not in head and any(module in COURSE.modules for module, _ in [*known.values(), *imports.values()]):
        if own_path().parent == NOTEBOOKS:  # which is on the path wherever this file can be imported
            path = (
                "sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))  # the folder of rnn_helpers.py"
            )
        else:
            path = f"sys.path.insert(0, {str(ROOT)!r})  # the folder of the course"
        lines[about:about] = ["", "import pathlib, sys", path]
    return "\n".join(lines) + "\n\n\n"


def _import_line(module, attribute, name):
    if not attribute:
        return f"import {module}" + f" as {name}" * (name != module)
    return f"from {module} import {attribute}" + f" as {name}" * (name != attribute)


def _import_of(line):
    """Return the names that a line imports, an empty set if it is no import."""
    return set(imported(line)) if line.startswith(("import ", "from ")) and not _first_fault(line) else set()


def _whole_imports(head):
    return [_ABOUT, *[line for line in head.splitlines(keepends=True) if _import_of(line)], "\n\n"]


@functools.cache
def _first_fault(text):
    """Return the number of the line in which a text is no Python, or 0."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "my_rnn.py", "exec")
        except SyntaxError as error:
            return error.lineno or 1
        except ValueError:  # a null character
            return 1
    return 0
