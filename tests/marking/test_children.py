"""The process in which a learner's answers run: what it gets, when it is ended, and what happens then."""

import io
import json
import os
import subprocess
import sys
import tempfile
import time
from types import SimpleNamespace

import pytest
from planted import cell, right_answer
from test_child import NAMES, SOFTMAX

from course.checker.page import runnable_source
from course.lessons import EXERCISES, WRITTEN
from course.marking import children
from course.marking.answers import _in_cells
from course.marking.children import try_all


def answers_of(*cells):
    return _in_cells("a.ipynb", [NAMES, *cells])


def softmax(body):
    """Return a cell with a right softmax that first does something else."""
    return cell("softmax", SOFTMAX.replace("    e =", "    {}\n    e =".format(body.replace("\n", "\n    ")), 1))


# ---------------------------------------------------------------- what a process gets
@pytest.mark.slow
def test_a_child_is_a_process_of_its_own_with_a_fresh_folder_and_nothing_of_the_teachers_python(tmp_path, monkeypatch):
    monkeypatch.setenv("MY_RNN", str(tmp_path / "teacher"))
    given = {"RNN_CORPORA", "OPENBLAS_NUM_THREADS", "HOME"}
    for name in ("PYTHONOPTIMIZE", "PYTHONSTARTUP", "MY_RNN_OF_THE_TEACHER", "RNN_TOKEN", "NETRC", "LC_ALL", *given):
        monkeypatch.setenv(name, "2")
    one = "def chunks(ids, length):\n    return {}"
    files = {"my_rnn/chunks.py": one.format(1), "later/my_rnn/chunks.py": one.format(2), "my_rnn/one_hot.py": "x = ("}
    files["my_rnn/cross_entropy.py"] = "cross_entropy = 'wrong'"
    (tmp_path / "only_here.py").write_text("")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))  # NumPy may be there
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    body = "import os, sys\nimport only_here\nfrom my_rnn import chunks, cross_entropy, one_hot\nfirst = chunks(0, 0)\n"
    body += "own = [key for key in sorted(os.environ) if 'PYTHON' in key or 'RNN' in key or os.environ[key] == '2']\n"
    body += "found = own, first, callable(one_hot), sys.flags.no_user_site, os.path.relpath(os.environ['MY_RNN'])\n"
    body += "raise ValueError((*found, callable(cross_entropy), os.getcwd()))"
    own_files = [tmp_path / name for name in files]
    told = try_all(answers_of(softmax(body), right_answer("cross_entropy")), own_files, 60)
    names = sorted({"MY_RNN", "PYTHONPATH", "PYTHONUTF8"} | given)
    found = str((names, 1, True, sys.flags.no_user_site, "my_rnn", True))[:-1]
    assert f"ValueError: {found}, " in told["softmax"]["message"]
    work = told["softmax"]["message"].partition(f"{found}, '")[2].partition("'")[0]
    assert work.startswith(os.path.realpath(tempfile.gettempdir())) and not os.path.exists(work)
    assert told["cross_entropy"]["verdict"] == "correct" and not (tmp_path / "teacher").exists(), (
        "nothing is kept there"
    )


# ---------------------------------------------------------------- answers that do harm
HARM = {
    "ends Python": ("import os\nos._exit(3)", "This would end Python itself"),
    "leaves": ("import sys\nsys.exit(3)", "It raised SystemExit: 3"),
    "is killed": ("import os\nos.kill(os.getpid(), 9)", "It ended Python itself."),
    "ends its parent": ("import os\nos.kill(os.getppid(), 15)\nos.read(os.pipe()[0], 1)", "It ended Python itself."),
    "kills its parent": ("import os\nos.kill(os.getppid(), 9)\nos.read(os.pipe()[0], 1)", "It ended Python itself."),
    "ends its group": ("import os\nos.killpg(os.getpgrp(), 15)", "It ended Python itself."),
    "ends its session": ("import os\nos.killpg(os.getsid(0), 9)", "It ended Python itself."),
    "deletes what it tells": ("import os\nos.remove('../replies')", "It ended Python itself."),
    "crashes": ("import ctypes\nctypes.string_at(0)", "It ended Python itself."),
    "prints without end": ("while True: print('x' * 10_000)", "It didn't end"),
    "prints past Python": ("import os\nfor _ in range(9): os.write(1, b'x' * 10**6)", ""),
    "fills the disk": ("open('x', 'wb').write(bytes(10**7))", "File too large"),
    "takes all memory": ("np.ones(10**10)", "It takes more memory than any answer needs"),
    "closes all": ("import os\nos.closerange(0, 50)", ""),
    "changes the course": ("import rnn_helpers\nrnn_helpers.softmax = len", "Your code changes rnn_helpers.softmax"),
    "begins what goes on": ("import threading\nthreading.Thread(target=threading.Event().wait).start()", ""),
    "starts a program": (f"import subprocess\nsubprocess.Popen(['sleep', '9{os.getpid()}'])", ""),
}


def harmful(name, body):
    """Return a cell with a right answer that first does something else."""
    function = EXERCISES[name].function
    source = runnable_source(function).replace(f"def {function.__name__}(", f"def right_{name}(", 1)
    body = body.replace("\n", "\n    ")
    return cell(name, f"{source}\n\n\ndef {name}(*given):\n    {body}\n    return right_{name}(*given)")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not limit memory, and has no signals")
def test_harm_costs_its_own_answer_alone_and_is_told(subtests):
    """All of it comes from one learner, each in another answer, and the last answer does none."""
    names = dict(zip(HARM, WRITTEN))
    answers = answers_of(*[harmful(names[what], code) for what, (code, _) in HARM.items()], right_answer("mix"))
    told = try_all(answers, [], 120)
    for what, (_, says) in HARM.items():
        with subtests.test(what):
            found = told[names[what]]
            assert says in found["message"] and (says == "") == (found.get("verdict") == "correct"), found
    assert told["mix"]["verdict"] == "correct", told["mix"]
    assert not is_still_there(f"sleep 9{os.getpid()}")


def is_still_there(program):
    """True if a program still runs. One that was killed takes a moment to end."""
    for _ in range(100):
        if program not in subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout:
            return False
        time.sleep(0.05)
    return True


@pytest.mark.slow
def test_an_answer_that_takes_too_long_is_ended_with_its_process(tmp_path, monkeypatch):
    """The clock shows 0 until that answer has begun, and 1000 from then on, however busy the computer is."""
    begun = tmp_path / "begun"
    clock = SimpleNamespace(monotonic=lambda: 1000 * begun.exists(), sleep=time.sleep)
    monkeypatch.setattr(children, "time", clock)
    waits = softmax(f"import time\nopen({str(begun)!r}, 'w')\ntime.sleep(1000)")
    told = try_all(answers_of(waits, right_answer("cross_entropy")), [], 60)
    assert told["softmax"] == {"message": "It did not finish within 60 seconds, so its process was stopped."}
    assert told["cross_entropy"]["verdict"] == "correct"


@pytest.mark.slow
def test_why_an_answer_cannot_run_is_reported():
    told = try_all(answers_of("scale = 1 / 0", cell("softmax", "def softmax(z):\n    return z * scale")), [], 60)
    assert "ZeroDivisionError: division by zero in line 1: `scale = 1 / 0`" in told["softmax"]["message"]


def test_a_line_that_was_cut_off_or_makes_no_sense_is_left_out():
    one = json.dumps({"name": "one_hot", **dict.fromkeys(children.TELLS, ""), "verdict": "v", "more": 1})
    lines = [one, "[1]", "[" * 100_000, '{"name": "softmax"}', one[:-3]]
    found = dict.fromkeys(children.TELLS, "") | {"verdict": "v"}
    assert children._read(io.BytesIO("\n".join(lines).encode())) == {"one_hot": found}
