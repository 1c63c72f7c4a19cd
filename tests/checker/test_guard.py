"""What an answer changes by accident is put back and told; what does not return is ended, in a thread and without."""

import os
import random
import sys
import threading
import time
import warnings

import numpy as np
import pytest
from accidents import ACCIDENTS, LOOPS

from course import check
from course.checker import guard, limit, trial
from course.checker.guard import Guard
from course.checker.trial import run
from course.checker.words import CORRECT, NOT_YET
from course.lessons import EXERCISES

BY_COUNT = hasattr(sys, "monitoring")  # without it, a loop that catches every error is not ended in a browser
# The error names a system's limit, or how deep calls may lie: other words in a thread than without.
IN_OTHER_WORDS = ("calls_itself",)
TOLD = {
    "deletes_len": "Your code changes builtins.len, which all other code uses too. It was put back: leave it as it is.",
    "replaces_isinstance": "Your code changes builtins.isinstance, ",
    "replaces_exp": "Your code changes numpy.exp, ",
    "replaces_abs": "numpy.abs",
    "replaces_norm": "Your code changes numpy.linalg.norm, ",
    "replaces_random_numbers": "Your code changes numpy.random.default_rng, ",
    "replaces_the_engine": "Your code changes rnn_helpers.softmax, ",
    "replaces_the_comparison": "Your code changes course.checker.trial.",
    "exits": "It raised SystemExit: 3",
    "quits": "This would end Python itself, with all that is on the page. Leave it out",
    "leaves_the_process": "This would end Python itself, with all that is on the page. Leave it out",
    "aborts": "This would end Python itself, with all that is on the page. Leave it out",
}


@pytest.fixture(autouse=True)
def a_short_search(monkeypatch):
    """What the search in the code finds is tested in test_repair.py."""
    monkeypatch.setattr(limit, "MOST_CALLS", 200)


@pytest.fixture
def small_limits(monkeypatch):
    """For loops that never end, so that nobody waits: of what does end, no test may depend on a clock."""
    monkeypatch.setattr(limit, "SECONDS", 0.1)
    monkeypatch.setattr(limit, "WAITING", 0.5)
    monkeypatch.setattr(limit, "JUMPS", 50_000)


def as_it_is():
    """Return {what: how it is now} of all that an accident may change. Objects are told by their id."""
    modules = [name for name in sys.modules if name.partition(".")[0] in ("course", "rnn_helpers")]
    found = {
        f"names of {name}": {
            key: id(value)
            for key, value in vars(sys.modules[name]).items()
            if not isinstance(value, type(sys)) and key != "__warningregistry__"  # Python itself changes this one
        }
        for name in ("builtins", "numpy", "numpy.random", "numpy.linalg", *modules)
    }
    found["folder"], found["environment"] = os.getcwd(), dict(os.environ)
    found["depth"] = sys.getrecursionlimit()
    found["warnings"] = list(map(str, warnings.filters)), id(warnings.filters)
    found["output"] = id(sys.stdout), id(sys.stderr), id(sys.stdin)
    found["random"] = random.getstate(), np.random.get_state()[1].tolist()
    found["numbers"] = np.geterr(), str(np.get_printoptions())
    return found


def softmax(logits):
    powers = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)


def no_threads(thread):
    """In place of Thread.start: what a browser says."""
    raise RuntimeError("can't start new thread")


def quit_of_a_notebook():
    raise AssertionError("the notebook ends")


@pytest.mark.parametrize("name", ACCIDENTS)
def test_an_accident_is_refused_in_the_same_words_and_leaves_no_trace(name, monkeypatch, request):
    if name in LOOPS:
        request.getfixturevalue("small_limits")
    monkeypatch.setitem(vars(sys.modules["__main__"]), "quit", quit_of_a_notebook)
    said = []
    for threads in (True, False):
        if not threads and name in LOOPS and not BY_COUNT:
            continue
        with monkeypatch.context() as patch:
            if not threads:
                patch.setattr(threading.Thread, "start", no_threads)
            before = as_it_is()
            result = check("softmax", ACCIDENTS[name][1])
            after = as_it_is()
        assert [key for key in before if before[key] != after[key]] == []
        assert result.verdict == NOT_YET and len(repr(result)) < 4000
        assert check("softmax", softmax).verdict == CORRECT
        said.append(result.message)
    assert TOLD.get(name, "") in said[0]
    assert name in IN_OTHER_WORDS or said[0] == said[-1]
    assert said[0].startswith("It did not come to an end, and was stopped.") == (name in LOOPS)


def test_there_are_many_and_each_says_what_it_does():
    assert len(ACCIDENTS) >= 60 and set(TOLD) <= set(ACCIDENTS)
    assert all(says and "\n" not in says for says, _ in ACCIDENTS.values())


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps a limit of memory")
def test_an_array_that_is_too_large_is_told_at_once_with_its_line():
    lines = check("softmax", ACCIDENTS["makes_an_array_of_two_gigabytes"][1]).message.split("\n")
    assert lines[0].startswith("It raised MemoryError: Unable to allocate ")
    assert lines[1].endswith(": `return np.zeros(250_000_000)`")
    assert "No answer needs so much memory" in "\n".join(lines)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps a limit of memory")
def test_a_list_that_grows_until_no_memory_is_left_is_told(monkeypatch):
    """Then an error while the error is told is likely, and it is no fault of the check."""
    monkeypatch.setattr(limit, "SECONDS", 60)  # on a busy computer, too, memory ends before time does
    monkeypatch.setattr(limit, "WAITING", 120)

    def grows(logits):
        rows = []
        while True:
            rows.append((logits[:1], logits[:2]))

    message = check("softmax", grows).message
    assert "Your code breaks off the check" not in message
    assert message.startswith(("It took more than 1 GB of memory, and was stopped.", "It raised MemoryError"))


def test_what_has_taken_all_memory_is_not_called_again():
    calls = []

    def takes_too_much(logits):
        calls.append(len(calls))
        if len(calls) > 2:
            raise MemoryError
        return softmax(logits)

    message = check("softmax", takes_too_much).message
    assert len(calls) == 3 and message.startswith("It raised MemoryError")


def test_an_error_while_a_memory_error_is_told_is_no_fault_of_the_code(monkeypatch):
    """With little memory left, Python may fail to read the learner's line, with an error of any kind."""

    def tells(error):
        raise OSError("no file can be opened")

    def takes_too_much(logits):
        raise MemoryError

    monkeypatch.setattr(trial, "describe_error", tells)
    message = check("softmax", takes_too_much).message
    assert message.startswith("It took more than 1 GB of memory, and was stopped.")


def test_what_a_computer_without_such_a_limit_says_of_memory(monkeypatch):
    """Where Python may grow, psutil tells how large it is."""
    sizes = iter([0, 0, 2 * limit.MEMORY])

    class Process:
        def memory_info(self):
            return type("", (), {"rss": next(sizes)})

    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setitem(sys.modules, "psutil", type("psutil", (), {"Process": Process}))
    monkeypatch.setattr(limit, "SECONDS", 20)
    monkeypatch.setattr(limit, "WAITING", 20)

    def grows(logits):
        while True:
            logits = logits + 1

    lines = check("softmax", grows).message.split("\n")
    assert lines[0] == "It took more than 1 GB of memory, and was stopped."
    assert lines[1].endswith(": `while True:`")
    assert lines[2] == "Which array or list is so large, or grows in each round?"


def test_several_things_run_in_one_guard_and_each_is_put_back():
    guard, exp, place = Guard(), np.exp, os.getcwd()
    for _ in range(2):

        def work():
            np.exp = None
            os.chdir(os.sep)

        assert guard.run(work, sys.stdout).startswith("Your code changes numpy.exp, ")
        assert np.exp is exp and os.getcwd() == place
    assert guard.run(lambda: None, sys.stdout) == ""


def test_least_squares_of_nan_prints_nothing_past_python_and_of_inf_returns(capfd):
    """LAPACK would print lines to the terminal for nan, and would not return for inf."""
    before, told = np.linalg.lstsq, []

    def work():
        for spoiled in (np.nan, np.inf):
            with pytest.raises(np.linalg.LinAlgError) as error:
                np.linalg.lstsq(np.array([[1.0, spoiled], [2.0, 1.0]]), np.ones(2), rcond=None)
            told.append(str(error.value))
        told.append(np.linalg.lstsq(np.eye(2), np.ones(2), rcond=None)[0].tolist())

    assert Guard().run(work, trial.Printed()) == ""
    assert told == [*["SVD did not converge in Linear Least Squares"] * 2, [1, 1]]
    assert capfd.readouterr() == ("", "")
    assert np.linalg.lstsq is before


@pytest.mark.parametrize("count, told, more", [(1, 1, ""), (3, 3, ""), (4, 3, ", ..."), (5, 3, ", ...")])
def test_of_many_changed_names_three_are_told(count, told, more):
    names = sorted(["exp", "log", "sin", "tan", "tanh"], key=list(vars(np)).index)[:count]

    def work():
        for name in names:
            setattr(np, name, None)

    shown = ", ".join(f"numpy.{name}" for name in names[:told])
    assert Guard().run(work, sys.stdout).startswith(f"Your code changes {shown}{more}, which all other code uses too.")


# ---------------------------------------------------------------- what is charged
def test_each_call_begins_anew_and_what_other_programs_compute_costs_nothing(monkeypatch):
    """One call takes a part of SECONDS, all of them more than that."""

    def slow(logits):
        compute(0.02)
        return softmax(logits)

    monkeypatch.setattr(limit, "SECONDS", 0.2)
    monkeypatch.setattr(limit, "WAITING", 600.0)
    trial = run(EXERCISES["softmax"], slow)
    assert not trial.stopped and len(trial.outcomes) + len(trial.again) > 10


def compute(seconds):
    """Use so many seconds of the processor."""
    end = time.thread_time() + seconds
    while time.thread_time() < end:
        pass


@pytest.mark.skipif(not hasattr(time, "pthread_getcpuclockid"), reason="here Python cannot tell one thread's time")
def test_what_other_threads_compute_is_not_charged():
    meter, before = limit.Meter(), limit.use(None)
    try:
        meter.begin()
        other = threading.Thread(target=compute, args=[0.2])
        other.start()
        other.join()
        assert meter.computed() < 0.1
        compute(0.2)
        assert meter.computed() >= 0.2
    finally:
        limit.use(before)


def test_what_the_course_computes_inside_of_the_learners_code_is_not_charged(monkeypatch):
    monkeypatch.setattr(limit, "SECONDS", 0.1)
    monkeypatch.setattr(limit, "WAITING", 600.0)
    meter = limit.Meter()
    meter.clock = time.thread_time
    before = limit.use(meter)
    try:
        limit.new_call()
        with limit.not_charged():
            with limit.not_charged():
                compute(0.12)
            assert not meter.is_over()
        assert not meter.is_over()
        compute(0.12)
        assert meter.is_over()
        limit.new_call()
        assert not meter.is_over()
    finally:
        limit.use(before)


def test_what_is_printed_for_ever_is_kept_only_in_part(small_limits):
    def prints(logits):
        while True:
            print("again" * 1000)

    result = check("softmax", prints)
    assert len(result.printed) < 1000 and result.printed.startswith("againagain")


# ---------------------------------------------------------------- beside other tools
@pytest.mark.parametrize("free, taken", [([1, 2, 3, 4], 4), ([1, 2], 2), ([1], 1), ([], None)])
def test_of_the_tools_of_python_one_is_taken_that_nobody_uses(free, taken, monkeypatch):
    """Debuggers and profilers are such tools, and they keep theirs."""

    class Monitoring:
        def get_tool(tool):
            return None if tool in free else "another"

    monkeypatch.setattr(sys, "monitoring", Monitoring, raising=False)
    assert guard._free_tool() == taken


def test_before_python_3_12_there_are_no_tools(monkeypatch):
    monkeypatch.delattr(sys, "monitoring", raising=False)
    assert guard._free_tool() is None
