"""Code that runs for ever, interrupts, prints, or spoils what it can reach: check returns, and nothing is touched."""

import _thread
import builtins
import contextlib
import functools
import gc
import os
import random
import re
import subprocess
import sys
import threading
import types
import warnings

import numpy as np
import pytest
from answers import RIGHT
from helpers import ROOT

import rnn_helpers
from course import check
from course.checker import guard, limit
from course.checker import trial as running
from course.checker.exercise import Exercise
from course.checker.guard import Guard, where_it_runs
from course.checker.trial import alike
from course.checker.words import CORRECT, NOT_YET
from course.lessons import BANK, EXERCISES
from rnn_helpers import softmax


@pytest.fixture(autouse=True)
def a_short_search(monkeypatch):
    """What the search in the code finds is tested elsewhere (test_repair.py): here nobody waits for it."""
    monkeypatch.setattr(limit, "MOST_CALLS", 300)


NAMES = [name for name, exercise in EXERCISES.items() if isinstance(exercise, Exercise)]


# ---------------------------------------------------------------- time
def forever(logits):
    while True:
        pass


def catches_all(logits):
    while True:
        try:  # noqa: SIM105  as a learner writes it
            logits = np.add(logits, 1)
        except:  # noqa: E722
            pass


def catches_more(logits):
    count = 0
    while True:
        try:
            for _ in range(1000):
                count += 1
        except BaseException:
            continue


def grows(logits):
    found = []
    while len(found) >= 0:
        found.append(len(found))


def prints(logits):
    while True:
        print("again")


def still_working(allowed=0):
    """The checker's threads, as soon as there are no more than are allowed, or those that run on for a second.
    Thread.is_alive does not tell: see course.checker.guard.Worker."""
    for _ in range(100):
        workers = [thread for thread in threading.enumerate() if isinstance(thread, guard.Worker)]
        working = [thread for thread in workers if thread.ident in sys._current_frames() and not thread.parked]
        if len(working) <= allowed:
            break
        threading.Event().wait(0.01)
    return working


def test_of_several_loops_the_same_is_named_wherever_the_code_was():
    def walks(count):
        for number in range(count):
            while number >= 0:
                for _ in range(3):
                    yield sys._getframe()
                yield sys._getframe()

    named = {where_it_runs(next(frames)) for frames in [walks(2)] for _ in range(6)}
    assert len(named) == 1 and named.pop().endswith(": `while number >= 0:`")


@pytest.mark.parametrize("function", [forever, catches_all, catches_more, grows, prints])
def test_an_endless_loop_is_stopped(function, monkeypatch, capsys):
    monkeypatch.setattr(limit, "SECONDS", 0.2)
    result = check("softmax", function)
    assert (result.verdict, result.mistake) == (NOT_YET, "")
    lines = result.message.split("\n")
    assert lines[0] == "It did not come to an end, and was stopped."
    assert re.match(r"in line \d+: `while ", lines[1]), "wherever in the loop it was"
    assert "waits inside" not in result.message
    assert not still_working()
    assert "Traceback" not in repr(result)
    assert check("softmax", softmax).verdict == CORRECT
    assert capsys.readouterr() == ("", "")


def test_a_call_that_cannot_be_stopped_does_not_hold_up_the_check(monkeypatch):
    monkeypatch.setattr(limit, "WAITING", 0.2)
    monkeypatch.setattr(limit, "ENDING", 0.3)  # nothing ends it, however long one waits
    release = threading.Event()
    result = check("softmax", lambda z: release.wait())
    assert "It waits inside that one call, and stops when the call ends." in result.message
    assert len(still_working(allowed=1)) == 1
    release.set()
    while still_working():  # it ends as soon as the call does
        threading.Event().wait(0.01)


def test_code_that_computes_on_when_it_is_told_to_end_is_not_said_to_wait(monkeypatch):
    monkeypatch.setattr(limit, "SECONDS", 0.1)
    monkeypatch.setattr(guard, "_stop", lambda thread: False)  # as inside of one long call of NumPy
    release = threading.Event()

    def computes(logits):
        while not release.is_set():
            pass

    said = check("softmax", computes).message
    release.set()
    assert said.startswith("It did not come to an end, and was stopped.") and "It waits inside" not in said
    while still_working():  # now it ends by itself
        threading.Event().wait(0.01)


def test_a_check_in_another_thread():
    results = []
    thread = threading.Thread(target=lambda: results.append(check("softmax", softmax)))
    thread.start()
    thread.join()
    assert results[0].verdict == CORRECT


def test_an_interrupt_by_the_learner_comes_through(monkeypatch):
    monkeypatch.setattr(limit, "SECONDS", 60)
    timer = threading.Timer(0.3, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        check("softmax", forever)
    timer.join()
    assert not still_working()
    assert check("softmax", softmax).verdict == CORRECT


# ---------------------------------------------------------------- what a function prints
def test_what_a_right_function_prints_is_not_shown(capsys):
    def smooth_loss(previous, loss):
        print("working", file=sys.stderr)
        print("on", previous)
        return 0.999 * previous + 0.001 * loss

    result = check("smooth_loss", smooth_loss)
    assert result.verdict == CORRECT
    assert "working" not in repr(result)
    assert capsys.readouterr() == ("", "")


def test_what_a_wrong_function_prints_is_shown_for_one_call_and_cut(capsys):
    def smooth_loss(previous, loss):
        print("previous is", previous)
        for _ in range(20):
            print("x" * 200)
        return previous + loss * (previous > 90)

    result = check("smooth_loss", smooth_loss)
    assert capsys.readouterr() == ("", "")
    assert "It printed:\n  previous is 0.0\n  xxx" in repr(result)
    assert repr(result).count("previous is") == 1
    assert len(repr(result).split("\n")) < 20 and max(map(len, repr(result).split("\n"))) < 150


# ---------------------------------------------------------------- nothing of the learner's is touched
def test_random_numbers_and_settings_stay_as_they_are():
    def draw(probs, u):
        np.random.seed(1)
        random.seed(1)
        np.seterr(all="raise")
        warnings.simplefilter("error")
        return int(np.random.random() * len(probs))

    states = random.getstate(), np.random.get_state()[1].tolist()
    errors, filters, keyboard = np.geterr(), list(warnings.filters), builtins.input
    assert check("draw", draw).verdict == NOT_YET
    assert (random.getstate(), np.random.get_state()[1].tolist()) == states
    assert np.geterr() == errors and warnings.filters == filters
    assert builtins.input is keyboard


def test_settings_of_the_learner_do_not_disturb_the_check():
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert check("softmax", softmax).verdict == CORRECT
        unstable = check("softmax", lambda z: np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True))
        assert unstable.mistake == "softmax/no_shift"


def test_a_function_that_remembers_is_found_out():
    seen = []

    def smooth_loss(previous, loss):
        seen.append(loss)
        return 0.999 * previous + 0.001 * loss + (len(seen) > 5)

    assert "Called again with the same arguments" in check("smooth_loss", smooth_loss).message


# ---------------------------------------------------------------- what a learner may spoil
def spoil(*args):
    for array in args:
        for part in array if isinstance(array, tuple) else [array]:
            if isinstance(part, np.ndarray):
                part.fill(7)
    raise RuntimeError


def test_a_check_leaves_no_copy_of_all_names_behind():
    """Each copy holds thousands of names: where many wait for the garbage collector, every check takes longer."""
    gc.collect()
    gc.disable()
    try:
        for function in (softmax, lambda z: z, lambda z: z[:, 1, 2, 3]):
            check("softmax", function)
        assert [one for one in gc.get_objects() if type(one) is Guard] == []
    finally:
        gc.enable()


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_function_that_spoils_its_arguments_cannot_change_later_checks(name):
    assert check(name, functools.wraps(EXERCISES[name].function)(spoil)).verdict == NOT_YET
    assert check(name, EXERCISES[name].function).verdict == CORRECT


def forget(name):
    """Make the checker forget what the functions of an exercise give: as before the first check."""
    BANK.expected.cache_clear()
    BANK.mistakes.cache_clear()
    for mistake in EXERCISES[name].mistakes:
        vars(mistake).pop("function", None)


@contextlib.contextmanager
def overwritten():
    """A page that wrote its own, wrong, functions over all those of rnn_helpers."""
    functions = [name for name, value in vars(rnn_helpers).items() if callable(value) and name.islower()]
    assert {"softmax", "cross_entropy", "one_hot", "forward_pass"} <= set(functions)
    with pytest.MonkeyPatch.context() as patch:
        for name in functions:
            patch.setattr(rnn_helpers, name, lambda *args, **keywords: args[0])
        yield


@pytest.fixture(scope="module")
def outcomes_of_all():
    """{name: (what the right function gives, what each wrong one gives)}, where no page has written over anything."""
    return {
        name: (
            list(BANK.expected(name)),
            [(mistake, list(outcomes)) for mistake, outcomes in BANK.mistakes(name)],
        )
        for name in NAMES
    }


@pytest.mark.parametrize("name", NAMES)
def test_what_is_right_and_what_is_wrong_does_not_depend_on_the_page(name, outcomes_of_all):
    want, known = outcomes_of_all[name]
    forget(name)
    with overwritten():
        written_over = dict(vars(rnn_helpers))
        assert all(map(alike, BANK.expected(name), want))
        for (mistake, outcomes), (_, before) in zip(BANK.mistakes(name), known, strict=True):
            assert all(map(alike, outcomes, before)), mistake.id
        assert vars(rnn_helpers) == written_over, "the page keeps what it wrote"


def wrong_softmax_gradient(logits, targets):
    return np.eye(logits.shape[1])[targets] - softmax(logits)


def wrong_backward_pass(inputs, targets, parameters, forward):
    gradients = by_hand["backward_pass"](inputs, targets, parameters, forward)
    return [-gradient for gradient in gradients]


def wrong_train_epoch(ids, parameters, seq_length, learning_rate, smoothed=None):
    losses = by_hand["train_epoch"](ids, parameters, seq_length, learning_rate, smoothed)
    return [loss - 0.999 ** (k + 1) * seq_length * np.log(len(parameters.b_y)) for k, loss in enumerate(losses)]


# Right answers that call nothing of rnn_helpers.
by_hand = {"softmax_gradient": RIGHT["softmax_gradient"][0], "output_probs": RIGHT["output_probs"][1]}
by_hand |= {"forward_pass": RIGHT["forward_pass"][1], "hidden_gradients": RIGHT["hidden_gradients"][0]}
by_hand |= {"backward_pass": RIGHT["backward_pass"][1], "train_epoch": RIGHT["train_epoch"][3]}


@pytest.mark.parametrize("name", by_hand)
def test_a_right_answer_passes_whatever_the_page_wrote_over_rnn_helpers(name):
    forget(name)
    with overwritten():
        assert check(name, by_hand[name]).verdict == CORRECT


@pytest.mark.parametrize(
    "name, function, mistake",
    [
        ("softmax_gradient", wrong_softmax_gradient, "sign_turned"),
        ("forward_pass", lambda *args: by_hand["forward_pass"](*args)[::2], "two_results"),
        ("backward_pass", wrong_backward_pass, "wrong_sign"),
        ("train_epoch", wrong_train_epoch, "from_zero"),
    ],
)
def test_a_mistake_is_named_whatever_the_page_wrote_over_rnn_helpers(name, function, mistake):
    forget(name)
    with overwritten():
        result = check(name, function)
    assert (result.verdict, result.mistake) == (NOT_YET, f"{name}/{mistake}")


# ---------------------------------------------------------------- stubs
@pytest.mark.parametrize(
    "steps, is_stub",
    [
        ("RESUME LOAD_CONST RETURN_VALUE", True),
        ("RESUME RETURN_CONST", True),
        ("RESUME LOAD_COMMON_CONSTANT RETURN_VALUE", True),
        ("RESUME_CHECK LOAD_SMALL_INT POP_TOP LOAD_CONST_IMMORTAL RETURN_VALUE", True),
        ("INSTRUMENTED_RESUME NOP LOAD_FAST_BORROW STORE_FAST INSTRUMENTED_RETURN_VALUE", True),
        ("RESUME LOAD_FAST_BORROW_LOAD_FAST_BORROW UNPACK_SEQUENCE STORE_FAST_STORE_FAST RETURN_CONST", True),
        ("RESUME LOAD_FAST_BORROW LOAD_SMALL_INT BINARY_OP RETURN_VALUE", False),
        ("RESUME LOAD_GLOBAL CALL RETURN_VALUE", False),
    ],
)
def test_what_a_stub_is_made_of_in_each_version_of_python(steps, is_stub, monkeypatch):
    instructions = [types.SimpleNamespace(opname=name) for name in steps.split()]
    monkeypatch.setattr(running.dis, "get_instructions", lambda code: iter(instructions))
    assert running.does_nothing(forever) == is_stub


@pytest.mark.parametrize("code", ["return previous", "while True:\n        pass"])
def test_a_profiler_or_debugger_goes_on_after_a_check(code, tmp_path):
    """In Python 3.11 it would wait for ever at the next call, if something was still to be raised in a thread."""
    program = f"""
import sys
from course import check
from course.checker import limit

limit.SECONDS = limit.WAITING = 0.2

def smooth_loss(previous, loss):
    {code}

check("smooth_loss", smooth_loss)
sys.setprofile(lambda *event: None)
print("goes on", len(sorted([3, 1, 2], key=lambda one: one)))
"""
    command = [sys.executable, "-c", program]
    surroundings = {**os.environ, "MY_RNN": str(tmp_path / "my_rnn")}
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=120)
    assert done.stdout == "goes on 3\n", done.stderr
