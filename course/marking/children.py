"""Starts the processes in which answers are tried (child.py), and ends them if an answer takes too long."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from pathlib import Path

from course.base.place import NOTEBOOKS, OWN, ROOT, own_folder
from course.base.wording import COMMAND

TELLS = ("verdict", "mistake", "message", "follows", "seed", "line", "says")  # what a child reports about an answer
# What is started forks before NumPy is loaded, and only waits: os.getppid() of an answer does not lead to the report.
START = """import os, sys
if os.name == 'posix' and os.fork():
    os.wait()
    sys.exit()
from course.marking.child import main
main(*sys.argv[1:])"""
# All that it gets of the teacher's environment, which may hold tokens:
NEEDED = (
    *("PATH", "SYSTEMROOT"),  # programs; on Windows also libraries, and random numbers
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"),  # libraries in unusual places
    *("PYTHONPATH", "HOME", "USERPROFILE", "APPDATA"),  # NumPy, if it is installed for this user alone
    *("TMPDIR", "TEMP", "TMP"),  # where there is room for files
    *("RNN_CORPORA", "RNN_EXERCISES"),  # the texts of the course, and a teacher's own exercises
    COMMAND,  # if the command line tries an answer
)
OF_NUMPY = ("NPY_", "OPENBLAS_", "OMP_", "MKL_", "KMP_", "BLIS_", "VECLIB_", "GOTO_")  # its threads, the processor


def try_all(answers, own_files=(), seconds=60, is_mine=False):
    """Return {name: the report on the answer, or {"message": why there is none}}.

    All answers of a learner run in one process. If it ends, or has to be ended, at one answer, a new process goes on
    with the next.
    own_files  the files of my_rnn that were handed in
    seconds    the limit for one answer; endless loops of functions are stopped much earlier
    is_mine    True for the learner's own answers: they are told what a page tells, and what is right is kept in my_rnn
    """
    told, left = {}, list(answers)
    while left:
        found, why = _in_a_process(left, own_files, seconds, is_mine)
        told |= found
        left = [answer for answer in left if answer.name not in told]
        if left:
            told[left.pop(0).name] = {"message": why}
    return told


def _in_a_process(answers, own_files, seconds, is_mine):
    """Return what a process reported before it ended, and why it ended, as a sentence."""
    with tempfile.TemporaryDirectory(prefix="answers_", ignore_cleanup_errors=True) as folder:
        work = Path(folder, "work")
        (work / OWN if own_files else work).mkdir(parents=True)
        for path in reversed(own_files):  # of two files with one name, the first counts
            shutil.copyfile(path, work / OWN / path.name)
        Path(folder, "answers.json").write_text(json.dumps([asdict(answer) for answer in answers]), encoding="utf-8")
        kept = {key: value for key, value in os.environ.items() if key in NEEDED or key.startswith(OF_NUMPY)}
        place = own_folder() if is_mine else work / OWN
        homes = [str(ROOT), *[str(NOTEBOOKS), str(place.parent)] * is_mine]  # where a page finds what it imports
        path = os.pathsep.join(filter(None, [*homes, kept.get("PYTHONPATH")]))
        environment = kept | {"MY_RNN": str(place), "PYTHONUTF8": "1", "PYTHONPATH": path}
        with open(Path(folder, "replies"), "w+b") as replies:  # stays open, because an answer may delete it
            process = subprocess.Popen(
                [sys.executable, *["-s"] * sys.flags.no_user_site, "-c", START, folder, *["mine"] * is_mine],
                cwd=work,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=os.name == "posix",
            )
            try:
                why = _wait(process, replies, len(answers), seconds)
            finally:
                _end(process)
            return _read(replies), why


def _wait(process, replies, count, seconds):
    """Wait for this many replies while they arrive in time. Return why one is missing, as a sentence, or ""."""
    done, since = 0, time.monotonic()
    while done < count and process.poll() is None:
        time.sleep(0.02)
        if (lines := _all_of(replies).count(b"\n")) != done:
            done, since = lines, time.monotonic()
        elif time.monotonic() > since + seconds:
            return f"It did not finish within {seconds:g} seconds, so its process was stopped."
    return "It ended Python itself."


def _end(process):
    """End a process and, where the system can do that, all processes that it has started."""
    with contextlib.suppress(OSError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _all_of(file):
    file.seek(0)
    return file.read()


def _read(replies):
    """Return {name: the report on its answer}. A line that is cut short, or makes no sense, is left out."""
    told = {}
    for line in _all_of(replies).decode(errors="replace").splitlines():
        with contextlib.suppress(ValueError, TypeError, KeyError, RecursionError):
            found = json.loads(line)
            told[str(found["name"])] = {key: str(found[key]) for key in TELLS}
    return told
