"""Takes over my_rnn.py, the one file in which an earlier edition kept the learner's functions."""

import contextlib
import json
import linecache
import os
import re
import sys
import types
import warnings

from course.base.place import own_folder
from course.checker.course import COURSE
from course.checker.guard import within_limits
from course.checker.page import plain_function
from course.lessons import EXERCISES, OWN
from course.own import folder
from course.own.gather import Unkept
from course.own.progress import note, recall

_HEADING = re.compile(r"^(?=# -{4,} )", re.MULTILINE)
_FILE = "<my_rnn.py>"  # where errors and sources of the old file are said to stand


def take_over(keep_in_file):
    """If there is an old file, keep its functions in the folder and give it another name. Return what to say, or "".

    keep_in_file  (name, function) -> what to say; Unkept if the function cannot be kept
    Nothing of the old file is lost: it stays beside the folder, as my_rnn_old.py.
    """
    path = own_folder().with_suffix(".py")
    _take_over_progress()
    if not path.is_file():
        return ""
    found, left = _functions_in(path), []
    for name, function in found.items():
        if name not in folder.yours():
            try:
                keep_in_file(name, function)
            except Unkept:
                left.append(name)
    number, new = 1, path.with_name(f"{path.stem}_old.py")
    while new.exists():
        number += 1
        new = path.with_name(f"{path.stem}_old_{number}.py")
    try:
        os.replace(path, new)
    except FileNotFoundError:  # another page was faster
        return ""
    says = (
        f"Your functions of {path.name} stand in the folder {path.stem} now, a file for each. The file is {new.name}."
    )
    return says + (f" Not right any more, and left in it: {', '.join(left)}." if left else "")


def _functions_in(path):
    """Return {name: function} of the exercises whose function stands in an old file, whole or in a part of it."""
    text = path.read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n").replace("\r", "\n")
    parts = [_without_faults(part) for part in _HEADING.split(_with_new_modules(text))]
    linecache.cache[_FILE] = (1, None, "".join(parts).splitlines(keepends=True), _FILE)
    module, line, before = types.ModuleType("my_rnn"), 0, list(sys.path)
    module.__file__ = str(path)  # its head looks there for the course

    def work():
        nonlocal line
        for part in parts:
            with contextlib.suppress(Exception, SystemExit):  # a part that cannot run stays, the others come along
                exec(compile("\n" * line + part, _FILE, "exec"), vars(module))
            line += part.count("\n")

    with COURSE.as_imported(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        within_limits(work)
    sys.path[:] = before
    functions = {name: plain_function(vars(module).get(name)) for name in OWN}
    return {name: one for name, one in functions.items() if one and one.__code__.co_filename == _FILE}


def _without_faults(part):
    """Return a part as it is: of one that is no Python the lines that import, of what was never run nothing."""
    if re.match(r"# -{4,} yours\b", part):
        return "\n" * part.count("\n")
    if not folder.fault_in(part):
        return part
    lines = [line if line.startswith(("import ", "from ")) else "" for line in part.split("\n")]
    return "\n".join("" if folder.fault_in(line) else line for line in lines)


def _with_new_modules(text):
    """Return the text with the places where modules are today: the first edition wrote `from gates import ...`."""
    for name, module in COURSE.short_names().items():
        home = module.__name__
        if name != home:
            text = re.sub(rf"^([ \t]*)from {name} import ", rf"\1from {home} import ", text, flags=re.MULTILINE)
            text = re.sub(rf"^([ \t]*)import {name} as ", rf"\1import {home} as ", text, flags=re.MULTILINE)
            text = re.sub(rf"^([ \t]*)import {name}[ \t]*$", rf"\1import {home} as {name}", text, flags=re.MULTILINE)
    return text


def _take_over_progress():
    """Take over what was remembered beside the old file, of exercises of which the folder knows nothing yet."""
    path = own_folder().with_name(f".{own_folder().name}_progress.json")
    try:
        memory = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return
    folder.make()
    for name, entry in memory.items() if isinstance(memory, dict) else ():
        if name in EXERCISES and isinstance(entry, dict) and not recall(name):
            known = {key: entry.get(key) for key in ("verdict", "mistake", "line") if isinstance(entry.get(key), str)}
            solved = "yes" if known.get("verdict") == "correct" else ""
            note(name, **known, solved=solved)
    path.unlink(missing_ok=True)
