"""Code that runs forever, interrupts, prints, or damages what it can reach: check returns, and nothing is changed."""

import _thread
import functools
import sys
import threading
import types
import warnings

import answers
import numpy as np
import pytest

import rnn_helpers
from course.calls import check
from course.checker import limit
from course.checker import trial as running
from course.checker.exercise import Exercise
from course.checker.judge import judge
from course.checker.trial import Bank, alike, run
from course.checker.words import CORRECT, NOT_YET
from course.lessons import BANK, EXERCISES
from rnn_helpers import softmax


@pytest.fixture(autouse=True)
def a_short_search(monkeypatch):
    """Shorten the search in the code, which is tested elsewhere (test_repair.py), to save time."""
    monkeypatch.setattr(limit, "ALL_ROUNDS", 75_000)


NAMES = [name for name, exercise in EXERCISES.items() if isinstance(exercise, Exercise)]


# ---------------------------------------------------------------- what does not end: test_watched.py, and the button
PRESSED = []  # how long after its beginning an endless function is interrupted


def press_the_button():
    if PRESSED:
        threading.Timer(PRESSED.pop(), _thread.interrupt_main).start()


def forever(logits):
    press_the_button()
    while True:
        pass


def prints(logits):
    while True:
        print("again")


def test_what_is_printed_for_ever_is_kept_only_in_part(monkeypatch, capsys):
    monkeypatch.setattr(limit, "ROUNDS", 50_000)
    assert check("softmax", prints).printed == "again\n" * 8 + "..."
    assert capsys.readouterr() == ("", "")


def catches_the_button(logits):
    press_the_button()
    while True:
        try:
            while True:
                np.add(logits, 1)
        except BaseException:
            pass


@pytest.mark.parametrize("function", [forever, catches_the_button])
def test_the_button_to_stop_works(function, monkeypatch):
    monkeypatch.setattr(limit, "ROUNDS", 10**12)
    for moment in range(8):  # the interrupt hits another instruction each time
        PRESSED[:] = [0.0013 * moment]
        with pytest.raises(KeyboardInterrupt):
            check("softmax", function)
        assert check("softmax", softmax).verdict == CORRECT


def test_the_button_does_not_spoil_what_is_known_of_right_functions(monkeypatch):
    BANK.expected.cache_clear()
    monkeypatch.setattr(EXERCISES["softmax"].function, "__code__", interrupted.__code__)
    with pytest.raises(KeyboardInterrupt):
        check("softmax", answers.RIGHT["softmax"][0])
    monkeypatch.undo()
    assert check("softmax", answers.RIGHT["softmax"][0]).verdict == CORRECT


def interrupted(logits):
    raise KeyboardInterrupt


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
    exercise = EXERCISES[name]
    for function, verdict in ((functools.wraps(exercise.function)(spoil), NOT_YET), (exercise.function, CORRECT)):
        assert judge(exercise, run(exercise, function), BANK).verdict == verdict


@pytest.mark.parametrize("name", NAMES)
def test_what_is_right_and_what_is_wrong_does_not_depend_on_the_page(name, monkeypatch):
    """A page may write over all functions of rnn_helpers."""
    want, known = BANK.expected(name), [(mistake, list(outcomes)) for mistake, outcomes in BANK.mistakes(name)]
    for mistake, _ in known:
        vars(mistake).pop("function", None)
    for helper, value in list(vars(rnn_helpers).items()):
        if callable(value) and helper.islower():
            monkeypatch.setattr(rnn_helpers, helper, lambda *args, **keywords: args[0])
    written_over, first = dict(vars(rnn_helpers)), Bank(EXERCISES)  # which knows nothing yet, as before the first check
    assert all(map(alike, first.expected(name), want))
    for (mistake, outcomes), (_, before) in zip(first.mistakes(name), known, strict=True):
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
