"""my_rnn between processes: another Python, and one that is killed."""

import contextlib
import os
import subprocess
import sys
import textwrap

import pytest
from cells import GRADIENT, SOFTMAX, keep, page
from helpers import ROOT

from course.calls import check
from course.own.kept import own_functions
from course.own.memory import recall

pytestmark = pytest.mark.slow  # each test fills a folder, and many run everything in it


def start(code, cwd, **options):
    """Start another Python that writes bytecode, as Python does by default."""
    surroundings = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", textwrap.dedent(code)]
    surroundings["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "tests")])
    return subprocess.Popen(command, cwd=cwd, env=surroundings, stdout=subprocess.PIPE, text=True, **options)


def printed(code, cwd):
    process = start(code, cwd)
    output = process.communicate(timeout=600)[0]
    assert process.returncode == 0
    return output


def test_a_function_that_is_replaced_is_the_new_one_in_the_next_process(mine):
    """Also within a second and with the same length, when Python would take old bytecode for the new file's."""
    asked = "import my_rnn as m; print(m.softmax.__doc__[:9], m.softmax_gradient.__globals__['softmax'] is m.softmax)"
    version = SOFTMAX.replace("exps = np", "'''Version 1.'''\n        exps = np")
    keep("softmax_gradient", GRADIENT)
    assert printed(asked, mine.parent) == "Turn scor True\n", "the course's"
    for number in (1, 2):
        keep("softmax", version.replace("Version 1", f"Version {number}"))
        assert printed(asked, mine.parent) == f"Version {number} True\n"


# ---------------------------------------------------------------- ended


def test_a_page_that_ends_at_any_place_leaves_the_old_function_or_the_new_one(mine, monkeypatch):
    # Each call that makes or names a file is once the last one. Of a single file: tests/engine/test_saving.py.
    texts = [SOFTMAX.replace("exps = np", f"'''Version {k}.'''\n        exps = np") for k in (1, 2)]
    calls = []

    def ending(function, last):
        def call(*given, **options):
            calls.append(function)
            if len(calls) == last:
                raise KeyboardInterrupt
            return function(*given, **options)

        return call

    for last in range(1, 20):
        monkeypatch.setenv("MY_RNN", str(mine.parent / f"{last}" / "my_rnn"))
        (mine.parent / f"{last}").mkdir()
        keep("softmax", texts[0])
        calls.clear()
        with monkeypatch.context() as patch, contextlib.suppress(KeyboardInterrupt):
            for name in ("replace", "mkdir", "unlink"):
                patch.setattr(os, name, ending(getattr(os, name), last))
            check("softmax", page(texts[1])["softmax"])
        functions = own_functions()
        assert functions["softmax"].__doc__ in ("Version 1.", "Version 2.") and functions.message == ""
        assert check("softmax", page(texts[1])["softmax"]).kept.startswith("Kept in my_rnn/softmax.py: 1 of")
        assert own_functions()["softmax"].__doc__ == "Version 2." and recall("softmax")["solved"] == "yes"
        if len(calls) < last:
            break
    assert 2 < last < 19, "all of them were tried"
