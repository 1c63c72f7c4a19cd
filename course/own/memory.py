"""What is remembered beside the file of the learner's functions.

That is what check said last of each exercise, the open mistakes, and which versions of functions were kept.

A small JSON file, {name of an exercise: {key: text}}. It may be lost at any time: then the next check starts it anew.
"""

import contextlib
import json
import os
import secrets
from pathlib import Path

from course.base.place import NOTEBOOKS

_unwritten = {}  # what could not be written, for as long as Python runs


def own_path():
    """Return the path of the learner's functions: my_rnn.py beside the pages, or what MY_RNN names."""
    named = os.environ.get("MY_RNN")
    return Path(os.path.realpath(os.path.expanduser(named) if named else NOTEBOOKS / "my_rnn.py"))


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
    temporary = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}.part")
    try:
        temporary.write_text(json.dumps(now, indent=1), encoding="utf-8")
        os.replace(temporary, path)  # not write_whole: this may be lost, and waiting for the disk takes time
        _unwritten.pop(path, None)
    except OSError:  # a folder that cannot be written to
        _unwritten.setdefault(path, {})[name] = entry
        with contextlib.suppress(OSError):
            temporary.unlink()


def _memory_path():
    path = own_path()
    return path.with_name(f".{path.stem}_progress.json")
