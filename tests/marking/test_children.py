"""A process in which answers run: what it gets, what it refuses, when another one takes its place."""

import io
import os
import queue
import signal
import subprocess
import sys
import types

import pytest

from course.marking import children as children_module
from course.marking.answers import _in_cells
from course.marking.children import FLOOD, Child, Children, Ended
from course.marking.marks import _given


def answer(body, name="softmax"):
    """Return what a child is given of an answer with these lines."""
    code = f"def {name}(*given):\n    " + body.replace("\n", "\n    ")
    (found,) = _in_cells("a.ipynb", [f'{code}\n\n\ncheck("{name}", {name})'])
    return _given(found)


GOES_ON = {
    "a thread": "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()",
    "an alarm": "import signal\nsignal.setitimer(signal.ITIMER_REAL, 1000)",
    "an alarm of the processor": "import signal\nsignal.setitimer(signal.ITIMER_PROF, 1000)",
}


@pytest.fixture(scope="module")
def children():
    """One process for all tests here, unless an answer spoils it."""
    with Children(60) as those:
        yield those


@pytest.mark.slow
@pytest.mark.parametrize("what", GOES_ON)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such alarms")
def test_an_answer_that_leaves_something_running_has_had_a_process_of_its_own(children, what):
    """What goes on may change at any later moment what the answers after it need."""
    children.ask(answer("return 1"))
    process = children.child
    children.ask(answer(GOES_ON[what]))
    assert process is not None
    assert children.child is None


@pytest.mark.slow
def test_the_files_of_my_rnn_lie_where_the_pages_of_the_learner_find_them(tmp_path):
    """Of two files of one name the first counts. A file that is broken, or stands in for a right answer, keeps no other
    from being imported from the folder."""
    files = {
        "my_rnn/softmax.py": "from my_rnn.one_hot import one_hot\nsoftmax = 'first'",
        "my_rnn/one_hot.py": "def one_hot():\n    return 'function'",
        "my_rnn/broken.py": "broken = (",
        "my_rnn/two words.py": "words = 2",
        "my_rnn/surprise.py": "from course.lessons.bits import surprise",
        "later/my_rnn/softmax.py": "softmax = 'second'",
        "my_rnn_old.py": "old = 'first'",
        "my_rnn.py": "old = 'second'",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    code = "import os, sys\nfrom my_rnn import softmax, one_hot\nfrom my_rnn.softmax import softmax as same\n"
    code += "found = sorted(os.listdir('my_rnn')), sorted(os.listdir()), open('my_rnn.py').read()\n"
    code += "own = os.path.relpath(os.environ['MY_RNN']), sys.flags.no_user_site\n"
    code += "raise ValueError((softmax, same, one_hot(), found, own))"
    with Children(60, [tmp_path / name for name in files]) as children:
        told = children.ask(answer(code))
        workplace = children.child.workplace
    folder = ["__init__.py", "broken.py", "one_hot.py", "softmax.py", "surprise.py", "two words.py"]
    found = "first", "first", "function", (folder, ["my_rnn", "my_rnn.py"], "old = 'first'"), ("kept.py", 1)
    assert told["outcomes"][0]["error"] == f"ValueError: {found}" and told["seen"] == ""
    assert not os.path.exists(workplace), "nothing is left behind"


def child_that_does_not_run(**values):
    """Return a Child without a process."""
    child = object.__new__(Child)
    vars(child).update({"written": 0, "seconds": 7, "token": "token", "lines": queue.SimpleQueue()}, **values)
    return child


def test_what_comes_back_from_a_process(monkeypatch):
    child = child_that_does_not_run()
    child._why = lambda: "It has ended."
    for line in (b'token{"a": 1}\n', b'other{"a": 1}\n', None):
        child.lines.put(line)
    assert child._next(1) == {"a": 1}
    for says in ("It sent back results of its own making.", "It has ended."):
        with pytest.raises(Ended, match=says):
            child._next(1)
    with pytest.raises(Ended, match=r"^It did not end within 0.01 seconds, and its process was stopped\.$"):
        child._next(0.01)


@pytest.mark.parametrize("size", [FLOOD, FLOOD + 1])
def test_who_writes_more_than_that_past_the_output_is_ended_and_it_is_told(size):
    killed = []
    process = types.SimpleNamespace(stderr=io.BytesIO(b"x" * size), kill=lambda: killed.append(size))
    process.wait, process.poll = (lambda seconds: None), (lambda: -9)
    child = child_that_does_not_run(process=process)
    child._count()
    assert killed == ([size] if size > FLOOD else [])
    flood = "It wrote more than 1 MB past its output, and its process was stopped."
    assert child._why() == (flood if size > FLOOD else "It ended Python itself (signal SIGKILL).")


def test_who_closes_the_output_and_runs_on_is_ended_and_it_is_told():
    asked = []

    def wait(seconds):
        asked.append(seconds)
        raise subprocess.TimeoutExpired("child", seconds)

    child = child_that_does_not_run(process=types.SimpleNamespace(wait=wait, poll=lambda: None))
    assert child._why() == "It closed its output and did not end within 7 seconds, and its process was stopped."
    assert asked == [7], "as long as one answer may take"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
@pytest.mark.parametrize("system", ["posix", "nt"])
def test_what_an_answer_has_started_is_ended_with_its_process_where_the_system_can(system, tmp_path, monkeypatch):
    ended, place = [], tmp_path / "answers"
    place.mkdir()
    known = types.SimpleNamespace(name=system, killpg=lambda *given: ended.append(given))
    monkeypatch.setattr(children_module, "os", known)
    process = types.SimpleNamespace(pid=7, kill=lambda: ended.append("kill"), wait=lambda: ended.append("wait"))
    process.stdin, process.stdout, process.stderr = pipes = io.BytesIO(), io.BytesIO(), io.BytesIO()
    child_that_does_not_run(process=process, workplace=place).end()
    assert ended == [(7, signal.SIGKILL) if system == "posix" else "kill", "wait"]
    assert all(pipe.closed for pipe in pipes) and not place.exists()


class Known:
    """A process that gives known replies, and notes when it is ended."""

    replies, made = [], []

    def __init__(self, whole, seconds, own_files):
        self.whole, self.given, self.missing, self.ends = whole, (seconds, own_files), ["memory"], 0
        self.made.append(self)

    def ask(self, given):
        reply = self.replies.pop(0)
        if isinstance(reply, Exception):
            raise reply
        return reply

    def end(self):
        self.ends += 1


@pytest.mark.parametrize(
    "asked, ended",
    [
        (["write", "repair", "choose"], [1]),
        (["write", "catch it", "catch it", "write"], [1, 1, 1]),
        (["spoiled", "write", "write"], [1, 1]),
        (["ended", "write"], [1, 1]),
        ([], []),
    ],
)
def test_when_another_process_takes_the_place_of_the_last(asked, ended, monkeypatch):
    monkeypatch.setattr(children_module, "Child", Known)
    monkeypatch.setattr(Known, "made", [])
    with Children(7, ["a.py"]) as children:
        assert children.missing == []
        for kind in asked:
            reply = {"spoiled": {"spoiled": True}, "ended": Ended("It has ended.")}.get(kind, {"spoiled": False})
            monkeypatch.setattr(Known, "replies", [reply])
            found = children.ask({"kind": kind})
            assert found == (reply if isinstance(reply, dict) else {"fault": "It has ended."})
            assert children.missing == ["memory"] and (children.child is None) == (kind in ("spoiled", "ended"))
    assert [one.ends for one in Known.made] == ended and children.child is None
    assert all(one.given == (7, ["a.py"]) for one in Known.made)
    assert [one.whole for one in Known.made][:2] == ([False, True] if "catch it" in asked else [False] * len(ended))
