"""Code that runs forever, interrupts, prints, or damages what it can reach: check returns, and nothing is changed."""

import _thread
import functools
import re
import sys
import threading
import types
import warnings

import numpy as np
import pytest

import rnn_helpers
from course.calls import check
from course.checker import deadline, limit
from course.checker import trial as running
from course.checker.exercise import Exercise
from course.checker.trial import alike
from course.checker.words import CORRECT, NOT_YET
from course.lessons import BANK, EXERCISES
from rnn_helpers import softmax


@pytest.fixture(autouse=True)
def a_short_search(monkeypatch):
    """Shorten the search in the code, which is tested elsewhere (test_repair.py), to save time."""
    monkeypatch.setattr(limit, "MOST_WORK", 300)


NAMES = [name for name, exercise in EXERCISES.items() if isinstance(exercise, Exercise)]


# ---------------------------------------------------------------- time
def forever(logits):
    while True:
        pass


def grows(logits):
    found = []
    while len(found) >= 0:
        found.append(len(found))


def prints(logits):
    while True:
        print("again")


def catches_everything_around_its_loop(logits):
    while True:
        try:
            while True:
                np.add(logits, 1)
        except BaseException:
            pass


@pytest.fixture
def few_jumps(monkeypatch):
    """Stop endless loops soon, to save time."""
    monkeypatch.setattr(limit, "ROUNDS", 50_000)


@pytest.mark.parametrize("function", [forever, grows, prints])
def test_an_endless_loop_is_stopped(function, few_jumps, capsys):
    result = check("softmax", function)
    assert (result.verdict, result.mistake) == (NOT_YET, "")
    lines = result.message.split("\n")
    assert lines[0] == "It did not come to an end, and was stopped."
    assert re.match(r"in line \d+: `while ", lines[1]), "wherever in the loop it was"
    assert check("softmax", softmax).verdict == CORRECT
    assert capsys.readouterr() == ("", "")


def test_what_is_printed_for_ever_is_kept_only_in_part(few_jumps):
    assert check("softmax", prints).printed == "again\n" * 8 + "..."


def test_a_loop_is_stopped_after_an_error_in_an_earlier_call(few_jumps):
    """Before Python 3.12, an error like this one ends the tracing of lines."""
    calls = []

    def too_deep_then_endless(logits):
        calls.append(1)
        while len(calls) > 2000:
            pass
        return too_deep_then_endless(logits)

    assert check("softmax", too_deep_then_endless).message.startswith("It did not come to an end, and was stopped.")


def test_what_takes_too_much_memory_is_stopped(monkeypatch):
    """The system reports how much memory Python uses; here each round takes ten megabytes."""
    taken = iter(range(0, 10**12, 10**7))
    monkeypatch.setattr(deadline, "_memory", lambda: next(taken))
    lines = check("softmax", grows).message.split("\n")
    assert lines[0] == "It took more than 1 GB of memory, and was stopped."
    assert lines[1].endswith(": `while len(found) >= 0:`")
    assert lines[2] == "Which array or list is so large, or grows in each round?"


@pytest.mark.skipif(sys.platform not in ("linux", "darwin"), reason="only these tell what Python has taken")
def test_the_memory_that_python_has_taken_is_known():
    before, held = deadline._memory(), np.ones(50_000_000)
    assert before > 10_000_000 and deadline._memory() > held.nbytes


def test_each_call_begins_anew(monkeypatch):
    """One call makes only a part of the allowed jumps, but all calls together make more."""

    def slow(logits):
        for _ in range(1000):
            pass
        return softmax(logits)

    monkeypatch.setattr(limit, "ROUNDS", 5000)
    trial = running.run(EXERCISES["softmax"], slow)
    assert not trial.stopped and len(trial.outcomes) + len(trial.again) > 10


def test_what_counts_by_itself_is_not_counted(few_jumps):
    rounds = []
    assert deadline.within_limits(lambda: rounds.extend(range(1) for _ in range(100_000)), counted=False) == ""
    assert len(rounds) == 100_000


def test_the_button_to_stop_works(monkeypatch):
    monkeypatch.setattr(limit, "ROUNDS", 10**12)
    for moment in range(8):  # the interrupt hits another instruction each time
        timer = threading.Timer(0.05 + 0.0013 * moment, _thread.interrupt_main)
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            check("softmax", forever)
        timer.join()
        assert check("softmax", softmax).verdict == CORRECT


@pytest.mark.skipif(not hasattr(sys, "monitoring"), reason="before Python 3.12, Python has to be restarted")
def test_a_loop_that_catches_everything_around_it_is_stopped(few_jumps):
    said = check("softmax", catches_everything_around_its_loop).message
    assert said.startswith("It did not come to an end, and was stopped.")


def test_nothing_is_left_of_the_deadline(few_jumps):
    trace, monitoring = sys.gettrace(), getattr(sys, "monitoring", None)
    for function in (softmax, forever):
        check("softmax", function)
        assert sys.gettrace() is trace
        assert not monitoring or not any(monitoring.get_tool(tool) == "course" for tool in range(6))


# ---------------------------------------------------------------- what a function prints
def test_of_what_a_right_function_prints_only_the_fact_is_shown(capsys):
    def tanh_backward(dh, h):
        print("working", file=sys.stderr)
        print("on", len(dh))
        return dh * (1 - h**2)

    result = check("tanh_backward", tanh_backward)
    assert result.verdict == CORRECT
    assert result.message.endswith("\nIt prints, though: take the print out, or it will print at every call.")
    assert "working" not in repr(result)
    assert capsys.readouterr() == ("", "")


def test_a_call_of_check_in_the_function_that_it_tries_is_found():
    def softmax(logits):
        check("softmax", softmax)
        return logits

    lines = check("softmax", softmax).message.split("\n")
    assert lines[0].endswith(
        "check is called by the function that it tries. Move the call out of it, to the left margin"
    )
    assert lines[1].endswith(': `check("softmax", softmax)`')


def test_what_a_wrong_function_prints_is_shown_for_one_call_and_cut(capsys):
    def tanh_backward(dh, h):
        print("dh has", len(dh))
        for _ in range(20):
            print("x" * 200)
        return dh * (h > 90)

    result = check("tanh_backward", tanh_backward)
    assert capsys.readouterr() == ("", "")
    assert "It printed:\n  dh has 3\n  xxx" in repr(result)
    assert repr(result).count("dh has") == 1
    assert len(repr(result).split("\n")) < 20 and max(map(len, repr(result).split("\n"))) < 150


# ---------------------------------------------------------------- nothing of the learner's is touched
def test_settings_of_the_learner_do_not_disturb_the_check():
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert check("softmax", softmax).verdict == CORRECT
        unstable = check("softmax", lambda z: np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True))
        assert unstable.mistake == "softmax/no_shift"


def test_a_function_that_remembers_is_found_out():
    seen = []

    def tanh_backward(dh, h):
        seen.append(h)
        return dh * (1 - h**2) + (len(seen) > 5)

    assert "Called again with the same arguments" in check("tanh_backward", tanh_backward).message


# ---------------------------------------------------------------- what a learner may damage
def spoil(*args):
    for array in args:
        for part in array if isinstance(array, tuple) else [array]:
            if isinstance(part, np.ndarray):
                part.fill(7)
    raise RuntimeError


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_function_that_spoils_its_arguments_cannot_change_later_checks(name):
    assert check(name, functools.wraps(EXERCISES[name].function)(spoil)).verdict == NOT_YET
    assert check(name, EXERCISES[name].function).verdict == CORRECT


def forget(name):
    """Make the checker forget the outcomes of an exercise's functions, as before the first check."""
    BANK.expected.cache_clear()
    BANK.mistakes.cache_clear()
    for mistake in EXERCISES[name].mistakes:
        vars(mistake).pop("function", None)


@pytest.mark.parametrize("name", NAMES)
def test_what_is_right_and_what_is_wrong_does_not_depend_on_the_page(name, monkeypatch):
    """A page may write over all functions of rnn_helpers."""
    want, known = BANK.expected(name), [(mistake, list(outcomes)) for mistake, outcomes in BANK.mistakes(name)]
    forget(name)
    for helper, value in list(vars(rnn_helpers).items()):
        if callable(value) and helper.islower():
            monkeypatch.setattr(rnn_helpers, helper, lambda *args, **keywords: args[0])
    written_over = dict(vars(rnn_helpers))
    assert all(map(alike, BANK.expected(name), want))
    for (mistake, outcomes), (_, before) in zip(BANK.mistakes(name), known, strict=True):
        assert all(map(alike, outcomes, before)), mistake.id
    assert vars(rnn_helpers) == written_over, "the page keeps what it wrote"


# ---------------------------------------------------------------- stubs
@pytest.mark.parametrize(
    "steps, is_stub",
    [
        ("RESUME LOAD_CONST RETURN_VALUE", True),
        ("RESUME LOAD_COMMON_CONSTANT RETURN_VALUE", True),
        ("RESUME_CHECK LOAD_SMALL_INT POP_TOP LOAD_CONST_IMMORTAL RETURN_VALUE", True),
        ("INSTRUMENTED_RESUME NOP LOAD_FAST_BORROW STORE_FAST INSTRUMENTED_RETURN_VALUE", True),
        ("RESUME LOAD_FAST_BORROW_LOAD_FAST_BORROW UNPACK_SEQUENCE STORE_FAST_STORE_FAST RETURN_CONST", True),
        ("RESUME LOAD_GLOBAL CALL RETURN_VALUE", False),
    ],
)
def test_what_a_stub_is_made_of_in_each_version_of_python(steps, is_stub, monkeypatch):
    instructions = [types.SimpleNamespace(opname=name) for name in steps.split()]
    monkeypatch.setattr(running.dis, "get_instructions", lambda code: iter(instructions))
    assert running.does_nothing(forever) == is_stub
