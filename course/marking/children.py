"""Processes in which answers run: started, limited, listened to and ended."""

import contextlib
import json
import os
import queue
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from course.checker.exercise import CATCH
from course.marking.submissions import OWN

CHILD = Path(__file__).with_name("child.py")
MEGABYTES = 2000  # of memory for a child
FLOOD = 1_000_000  # bytes that a child may write past its output
LONGEST = 50_000_000  # bytes of a result


class Ended(Exception):
    """A child has ended, or had to be ended: str() says why."""


class Children:
    """The processes of one learner: one at a time, a new one where the last has ended.

    missing: what this system cannot limit.
    """

    def __init__(self, seconds, own_files=()):
        self.seconds, self.own_files = seconds, own_files
        self.child, self.missing = None, []

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._end()

    def ask(self, given):
        """Return what a child found of an answer, or {"fault": why there is nothing}."""
        whole = given["kind"] == CATCH  # a check needs functions to try: it runs apart from the other answers
        if self.child is not None and self.child.whole != whole:
            self._end()
        try:
            if self.child is None:
                self.child = Child(whole, self.seconds, self.own_files)
                self.missing = self.child.missing
            found = self.child.ask(given)
        except Ended as reason:
            self._end()
            return {"fault": str(reason)}
        if found.get("spoiled"):  # the answer has changed what all others need: they get a process of their own
            self._end()
        return found

    def _end(self):
        if self.child is not None:
            self.child.end()
        self.child = None


def make_package(folder):
    """Let `from my_rnn import softmax` give the function of that file, as it does for the learner, and not the module.

    A file that cannot be loaded keeps no other from it. What stands in for a right answer is not looked at: the import
    would be refused.
    """
    if folder.is_dir():
        files = [path for path in sorted(folder.glob("*.py")) if path.stem.isidentifier()]
        names = [path.stem for path in files if b"course.lessons" not in path.read_bytes()]
        lines = [f"with suppress(Exception):\n    from {folder.name}.{name} import {name}\n" for name in names]
        (folder / "__init__.py").write_text("from contextlib import suppress\n\n" + "".join(lines), encoding="utf-8")


class Child:
    """One process. whole: it has all of the exercises at hand, not only their inputs."""

    def __init__(self, whole, seconds, own_files):
        self.whole, self.seconds, self.token = whole, seconds, secrets.token_hex(8)
        self.written, self.lines = 0, queue.SimpleQueue()
        self.workplace = tempfile.mkdtemp(prefix="answers_")
        for path in reversed(own_files):  # of two files with one name, the first counts
            place = os.path.join(self.workplace, *([OWN, path.name] if path.parent.name == OWN else [f"{OWN}.py"]))
            os.makedirs(os.path.dirname(place), exist_ok=True)
            shutil.copyfile(path, place)
        make_package(Path(self.workplace, OWN))
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "MY_RNN"))}
        environment = kept | {"MY_RNN": os.path.join(self.workplace, "kept.py"), "PYTHONUTF8": "1"}
        pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
        apart = {"start_new_session": True} if os.name == "posix" else {}
        self.process = subprocess.Popen(
            [sys.executable, "-s", str(CHILD)], cwd=self.workplace, env=environment, **pipes, **apart
        )
        for listen in (self._listen, self._count):
            threading.Thread(target=listen, daemon=True).start()
        seconds = int(60 * seconds)  # of processor time for all answers together
        self._send(token=self.token, workplace=self.workplace, whole=whole, megabytes=MEGABYTES, seconds=seconds)
        self.missing = self._next(60)["missing"]

    def ask(self, given):
        """Return what the process found of an answer. Ended if it has ended, was too slow, or wrote too much."""
        self._send(**given)
        found = self._next(self.seconds)
        if found.get("exercise") != given["name"]:
            raise Ended("It sent back results of its own making.")
        return found

    def end(self):
        """End the process and all that it has started."""
        with contextlib.suppress(OSError):
            if os.name == "posix":
                os.killpg(self.process.pid, signal.SIGKILL)
            else:
                self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            with contextlib.suppress(OSError):
                pipe.close()
        shutil.rmtree(self.workplace, ignore_errors=True)

    def _send(self, **given):
        try:
            self.process.stdin.write(json.dumps(given).encode() + b"\n")
            self.process.stdin.flush()
        except OSError:
            raise Ended(self._why()) from None

    def _next(self, seconds):
        try:
            line = self.lines.get(timeout=seconds)
        except queue.Empty:
            raise Ended(f"It did not end within {seconds:g} seconds, and its process was stopped.") from None
        if line is None:
            raise Ended(self._why())
        if not line.startswith(self.token.encode()):
            raise Ended("It sent back results of its own making.")
        return json.loads(line[len(self.token) :])

    def _why(self):
        """Say how the process has ended."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(self.seconds)
        code = self.process.poll()
        if self.written > FLOOD:
            return f"It wrote more than {FLOOD // 1_000_000} MB past its output, and its process was stopped."
        if code is None:
            return f"It closed its output and did not end within {self.seconds:g} seconds, and its process was stopped."
        if code < 0:
            name = signal.Signals(-code).name if -code in {*map(int, signal.Signals)} else str(-code)
            return f"It ended Python itself (signal {name})."
        return f"It ended Python itself (exit code {code})."

    def _listen(self):
        with contextlib.suppress(OSError, ValueError):
            while line := self.process.stdout.readline(LONGEST):
                self.lines.put(line)
        self.lines.put(None)

    def _count(self):
        with contextlib.suppress(OSError, ValueError):
            while data := self.process.stderr.read1(65536):
                self.written += len(data)
                if self.written > FLOOD:
                    self.process.kill()
                    return
