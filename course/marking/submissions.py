"""Who has handed in which files: a folder for each learner, or files named after learners."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from course.base.place import OWN
from course.lessons import pages_with_exercises
from course.lessons.contents import PAGES

_STEMS = dict.fromkeys(page.stem for page in [*PAGES, *pages_with_exercises()])
PAGE = re.compile(rf"(?<!\d)(?:notebooks_)?(?:{'|'.join(_STEMS)})(?![a-z])")


@dataclass
class Submission:
    """What one learner has handed in. problems: what could not be used, a sentence each."""

    learner: str
    files: list = field(default_factory=list)
    problems: list = field(default_factory=list)


def find_submissions(folder):
    """Return a list of Submissions, sorted by learner. ValueError if the folder is not a folder, or is empty.

    Each folder inside belongs to a learner, with everything in it. A notebook directly in the folder is named after a
    learner, with or without the name of a page: ann_01_softmax.ipynb.
    """
    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(f"There is no folder {str(folder)!r}: name the folder with what the class has handed in.")
    found = {}
    for path in sorted(folder.iterdir(), key=lambda path: path.name.lower()):
        if path.name.startswith((".", "__")):
            continue
        one = _of_folder(path) if path.is_dir() else _of_file(path)
        if one is None:
            continue
        key = one.learner.lower()
        if key in found and path.is_dir():  # another learner of the same name
            one.learner, key = path.name, path.name.lower()
        known = found.setdefault(key, one)
        if known is not one:
            known.files += one.files
            known.problems += one.problems
    if not found:
        raise ValueError(
            f"The folder {str(folder)!r} contains no notebooks: name one with a folder or notebook for each learner."
        )
    return [found[key] for key in sorted(found)]


def _of_folder(folder):
    submission = Submission(_learner(folder.name) or folder.name)
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not any(part.startswith((".", "__")) for part in inside.parts):
            _take(submission, path, inside.as_posix())
    if not (submission.files or submission.problems):
        submission.problems.append("No notebook is in what was handed in.")
    return submission


def _of_file(path):
    if path.suffix.lower() not in (".ipynb", ".zip"):
        return None
    submission = Submission(_learner(path.stem) or path.stem)
    if not _learner(path.stem):
        submission.problems.append(f"{path.name} has no learner's name in it.")
    _take(submission, path, path.name)
    return submission


def _take(submission, path, shown):
    """Add a file, or the reason why it cannot be used. Files of other kinds, such as texts, are ignored."""
    kind = path.suffix.lower()
    if kind == ".zip":
        submission.problems.append(f"{shown} is a zip file: unpack it first.")
    elif kind == ".ipynb" or (kind == ".py" and path.parent.name == OWN):
        if path.stat().st_size:
            submission.files.append((shown, path))
        else:
            submission.problems.append(f"{shown} is empty.")


def _learner(name):
    """Return the learner's name from that of a folder or file, as Moodle and Canvas write it; "" if there is none."""
    name = re.sub(r"_\d+_assignsubmission_.*$", "", name)  # Moodle
    name = PAGE.sub(" ", name)
    name = re.sub(r"(?<=[a-z])_(?:LATE_)?\d+_\d+(?:_|\b)", " ", name)  # Canvas: name_number_number_file
    name = re.sub(r"\(\d+\)|\s-\d+$", " ", name)  # handed in again, or a second download
    return re.sub(r"^[\s_-]+|[\s_-]+$", "", re.sub(r"\s+", " ", name))
