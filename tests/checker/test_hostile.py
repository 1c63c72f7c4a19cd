"""Hostile answers: check does not raise, comes back in time, accepts none, and leaves Python as it was."""

import functools
import gc
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
import warnings
from pathlib import Path

import hostile_results  # noqa: F401 (it adds to HOSTILE and LOOPS)
import numpy as np
import pytest
from hostile_answers import DEADLY, HOSTILE, LOOPS

ROOT = Path(__file__).resolve().parents[2]
NAMES = [name for name in HOSTILE if name not in DEADLY]
GROUPS = 2  # a process each
SECONDS = 0.3  # an endless loop may run so long, to save time
# These say something of threads themselves, or of how deep calls may lie.
OF_THREADS = """starts_a_busy_thread starts_a_thread_that_waits refuses_new_threads ends_its_own_thread
returns_numbers_from_freed_memory starts_an_event_loop calls_itself""".split()


def as_it_is():
    """Return {what: how it is now} of all that an answer must leave alone. Objects are told by their id."""
    import course.lessons.bank as exercises
    import rnn_helpers

    modules = [name for name in sys.modules if name.partition(".")[0] in ("course", "rnn_helpers")]
    spaces = {name: vars(sys.modules[name]) for name in ("builtins", "time", "threading", "linecache", *modules)}
    spaces |= {"numpy": vars(np), "numpy.random": vars(np.random), "numpy.linalg": vars(np.linalg)}
    found = {
        f"names of {name}": {
            key: id(value)
            for key, value in space.items()
            if not isinstance(value, type(sys)) and key != "__warningregistry__"  # Python itself changes this one
        }
        for name, space in spaces.items()
    }
    del found["names of course.checker.guard"]["_tracked"]  # it is made anew when a module is imported
    found["code of rnn_helpers"] = id(rnn_helpers.softmax.__code__)
    found["exercises"] = {name: id(exercise) for name, exercise in exercises.EXERCISES.items()}
    found["softmax"] = {name: id(value) for name, value in vars(exercises.EXERCISES["softmax"]).items()}
    found["mistakes"] = len(exercises.EXERCISES["softmax"].mistakes)
    found["folder"], found["environment"] = os.getcwd(), dict(os.environ)
    found["path"], found["path list"] = list(sys.path), id(sys.path)
    found["limits"] = sys.getrecursionlimit(), round(sys.getswitchinterval(), 6)
    found["hooks"] = list(map(id, (sys.excepthook, sys.unraisablehook, sys.displayhook, threading.excepthook)))
    found["trace"] = list(map(id, (sys.gettrace(), sys.getprofile(), threading.gettrace(), threading.getprofile())))
    found["collecting"] = gc.isenabled(), gc.get_threshold(), len(gc.callbacks)
    found["signals"] = list(map(str, map(signal.getsignal, (signal.SIGINT, signal.SIGTERM))))
    found["warnings"] = list(map(str, warnings.filters)), id(warnings.filters)
    found["output"] = id(sys.stdout), id(sys.stderr), id(sys.stdin), os.fstat(1).st_ino, os.fstat(2).st_ino
    found["random"] = random.getstate(), np.random.get_state()[1].tolist()
    found["numbers"] = np.geterr(), np.geterrcall(), str(np.get_printoptions())
    mask = os.umask(0)
    os.umask(mask)
    found["umask"] = mask
    return found


def softmax(logits):
    powers = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def no_threads(thread):
    """In place of Thread.start: what a browser says."""
    raise RuntimeError("can't start new thread")


def try_all(names, path, threads=True):
    """Check each of the hostile answers, in this process, and write down what came of it: one line of JSON each."""
    from course import check
    from course.checker import timed

    timed.SECONDS = SECONDS
    if not threads:
        threading.Thread.start = no_threads
    dump, perf_counter, file = json.dumps, time.perf_counter, open(path, "w")
    check("softmax", softmax), check("softmax", np.square)  # what is imported at the first check is no trace
    for name in names:
        before, began = as_it_is(), perf_counter()
        found = {"name": name, "raised": "", "changed": []}
        try:
            result = check("softmax", HOSTILE[name][1])
            found |= {"verdict": result.verdict, "message": result.message, "shown": len(repr(result))}
        except BaseException as error:
            found["raised"] = repr(error)
        found["seconds"] = perf_counter() - began
        try:
            after = as_it_is()
            found["changed"] = [key for key in before if before[key] != after.get(key)]
            found["right"] = check("softmax", softmax).verdict
        except BaseException as error:
            found["raised"] += repr(error)
        file.write(dump(found) + "\n")
        file.flush()


def run_in_child(names, tmp_path, threads=True):
    """Return ({name: what came of it}, the exit code, the errors) of hostile answers in a process of their own."""
    paths = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "checker")]
    written = tmp_path / f"results {threads}"
    call = f"test_hostile.try_all({names!r}, {str(written)!r}, {threads})"
    code = f"import sys; sys.path[:0] = {paths}; import test_hostile; {call}"
    environment = {**os.environ, "MY_RNN": str(tmp_path / "my_rnn.py")}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, timeout=120, check=False
    )
    lines = written.read_text(encoding="utf-8").splitlines() if written.exists() else []
    results = {result["name"]: result for result in map(json.loads, lines)}
    return results, done.returncode, done.stderr.decode(errors="replace")[-2000:]


@pytest.fixture(scope="module")
def with_threads(tmp_path_factory):
    """A function that tries a group of the answers, once, and returns what run_in_child does."""

    @functools.cache
    def run(group):
        return run_in_child(NAMES[group::GROUPS], tmp_path_factory.mktemp("hostile"))

    return run


def test_there_are_many_and_each_says_what_it_does():
    assert len(HOSTILE) >= 94
    assert all(says and "\n" not in says for says, _ in HOSTILE.values())
    assert len(DEADLY) <= 3 and set(DEADLY) <= set(HOSTILE)


def faults_in(results):
    """Return {name: what is wrong} of the answers that were not refused in time, or that left something changed."""
    wrong = {}
    for name, found in results.items():
        limit = 10  # seconds; most take none
        faults = [
            found["raised"],
            *found["changed"],
            "" if found.get("verdict") == "not yet" else f"verdict {found.get('verdict')}",
            "" if found.get("right") == "correct" else "a right answer fails after it",
            "" if found["seconds"] < limit else f"it takes {found['seconds']:.1f} s",
            "" if found.get("shown", 0) < 4000 else "a message without end",
        ]
        if any(faults):
            wrong[name] = list(filter(None, faults))
    return wrong


@pytest.mark.parametrize("group", range(GROUPS))
def test_a_hostile_answer_is_refused_and_leaves_no_trace(group, with_threads):
    results, code, errors = with_threads(group)
    assert list(results) == NAMES[group::GROUPS] and code == 0, f"the process ended early: {code} {errors}"
    assert not faults_in(results)


@pytest.mark.parametrize("name", DEADLY)
def test_these_end_the_process_whatever_the_check_does(name, tmp_path):
    results, code, _ = run_in_child([name], tmp_path)
    assert not results and code != 0


def test_hostile_answers_are_refused_in_the_same_words(with_threads, tmp_path):
    """Where no second thread can be started (test_without_threads.py) as where one can."""
    past_an_error = () if hasattr(sys, "monitoring") else LOOPS  # sys.settrace cannot end these
    names = [name for name in NAMES[::3] if name not in OF_THREADS and name not in past_an_error]
    here, code, errors = run_in_child(names, tmp_path, threads=False)
    assert list(here) == names and code == 0, f"the process ended early: {code} {errors}"
    assert not faults_in(here)
    there = {name: found for group in range(GROUPS) for name, found in with_threads(group)[0].items()}
    assert set(names) <= set(there)
    in_time = [name for name in names if "still running" not in here[name]["message"] + there[name]["message"]]
    assert len(in_time) > 25
    # Where the search in the code finds a place, it says that instead: it ends when its time is up, here or there.
    both = [(here[name]["message"], there[name]["message"]) for name in in_time]
    compared = [pair for pair in both if not any(found_a_place(message) for message in pair)]
    assert len(compared) > 20
    assert [pair for pair in compared if pair[0] != pair[1]] == []


def found_a_place(message):
    return re.search("^(Line |Look at |Two places|Once that |Your result )", message, re.MULTILINE)
