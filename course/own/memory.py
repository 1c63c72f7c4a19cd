"""The last result of check for each exercise, stored in the folder my_rnn/progress.

NAME.json holds {key: text} of an exercise, and if NAME.solved exists, the exercise was right once. Each exercise has
its own files, so two open pages lose nothing, and a damaged file costs no more than the last message.
"""

import contextlib
import json

from course.base.files import write_whole
from course.base.place import own_folder
from course.checker.words import CORRECT, NOT_YET
from course.own import folder

_unwritten = {}  # {(folder, name): what could not be written}, as long as Python runs


def recall(name):
    """Return what is stored about an exercise, {key: text}: verdict, mistake, line, kept, practiced, solved."""
    place, found = own_folder() / "progress", {}
    with contextlib.suppress(OSError, ValueError, RecursionError):
        found = json.loads((place / f"{name}.json").read_text(encoding="utf-8"))
    found = {key: text for key, text in found.items() if isinstance(text, str)} if isinstance(found, dict) else {}
    if (place / f"{name}.solved").exists():
        found["solved"] = "yes"
    return found | _unwritten.get((place, name), {})


def note(name, **texts):
    """Store texts about an exercise; an empty one is deleted. Nothing is written if nothing is new."""
    place, before = own_folder() / "progress", recall(name)
    entry = {key: text for key, text in {**before, **texts}.items() if text}
    if entry == before and (place, name) not in _unwritten:
        return
    text = json.dumps({key: text for key, text in entry.items() if key != "solved"}, indent=1)
    try:
        folder.make()
        write_whole(place / f"{name}.json", lambda file: file.write(text.encode()), wait_for_disk=False)
        if "solved" in entry:
            (place / f"{name}.solved").touch()
        _unwritten.pop((place, name), None)
    except OSError:  # the folder cannot be written to
        _unwritten[place, name] = entry


def remember(name, verdict, mistake="", line=""):
    """Store the result of check for an exercise. A stub changes nothing, so running an unedited page leaves no trace.

    An exercise that was right once stays solved, whatever is tried later. line: what is wrong, in one line
    """
    if verdict == NOT_YET:
        note(name, verdict=verdict, mistake=mistake, line=line)
    elif verdict == CORRECT:
        note(name, verdict=verdict, mistake="", line="", solved="yes")
