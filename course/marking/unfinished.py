"""The marks of a report that is not finished, in a file beside it: the same command goes on where it stopped."""

import collections
import contextlib
import functools
import hashlib
import json
import sys
import threading
from dataclasses import asdict

import numpy as np

from course.base.place import ROOT
from course.lessons import EXERCISES
from course.marking.marks import ABSENT, Mark, Marked, mark

TWICE = "The report ended twice while these answers ran, so they were not tried a third time."


class Unfinished:
    """What is known of the submissions that a report has tried. path: the file

    A line of it is [key, fields of Marked], or [key, None] before the answers run, because they can end the report.
    """

    def __init__(self, path):
        self.path, self.marked, self.begun, self._lock = path, {}, collections.Counter(), threading.Lock()
        for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else ():
            with contextlib.suppress(ValueError):  # a line that was cut short
                key, found = json.loads(line)
                if found:
                    self.marked[key] = Marked(**found | {"marks": [Mark(**one) for one in found["marks"]]})
                else:
                    self.begun[key] += 1

    def is_suspect(self, submission):
        """True if the report ended once while these answers ran. They, or others that ran beside them, may be why."""
        key = _key_of(submission)
        return self.begun[key] == 1 and key not in self.marked

    def mark(self, submission):
        """Return the Marked of a submission: what is known of it, or else what its trial gives."""
        key, learner = _key_of(submission), submission.learner
        if key in self.marked:
            return self.marked[key]
        if self.begun[key] > 1:
            return Marked(learner, [Mark(learner, name, ABSENT) for name in EXERCISES], [*submission.problems, TWICE])
        self._write(key, None)
        marked = mark(submission)
        self._write(key, asdict(marked))
        return marked

    def _write(self, key, found):
        with self._lock, open(self.path, "a", encoding="utf-8") as file:
            file.write(f"\n{json.dumps([key, found])}")  # begins a line: the one before may have been cut short


def _key_of(submission):
    """Return what is the same for the same files, tried by the same course and the same NumPy."""
    about = submission.learner, submission.problems, [shown for shown, _ in submission.files]
    digest = hashlib.sha256(repr((about, sys.version, np.__version__)).encode(errors="backslashreplace") + _course())
    for _, path in submission.files:
        with contextlib.suppress(OSError):  # its problem is told by who reads it
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@functools.cache
def _course():
    files = [path for path in (ROOT / "course").rglob("*") if path.suffix in (".py", ".mistakes")]
    return b"".join(path.read_bytes() for path in [*sorted(files), ROOT / "rnn_helpers.py"])
