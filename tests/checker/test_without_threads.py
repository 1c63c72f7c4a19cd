"""Where no second thread can be started, as in a browser, check gives the same verdicts in the main thread."""

import _thread
import re
import sys
import threading
import time

import numpy as np
import pytest
from accidents import ACCIDENTS
from answers import RIGHT
from test_guard import no_threads, softmax
from test_running import catches_all, catches_more, forever, grows, prints

from course import check
from course.checker import limit
from course.checker.guard import Deadline
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET


def both_ways(name, function, monkeypatch):
    """Return the results of check in a thread of its own and in the main thread."""
    with_threads = check(name, function)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", no_threads)
        return with_threads, check(name, function)


def same(one, other):
    return (one.verdict, one.message, one.mistake, one.printed) == (
        other.verdict,
        other.message,
        other.mistake,
        other.printed,
    )


def no_shift(logits):
    print("no shift")
    return np.exp(logits) / np.exp(logits).sum(axis=-1, keepdims=True)


def stub(logits):
    """Give each row its probabilities."""
    ...


def misspelt(logits):
    return softmaxx(logits)  # noqa: F821


def wrong_sign(logits):
    powers = np.exp(logits.max(axis=-1, keepdims=True) - logits)
    return powers / powers.sum(axis=-1, keepdims=True)


@pytest.mark.parametrize(
    "function, verdict",
    [
        (softmax, CORRECT),
        (no_shift, NOT_YET),
        (stub, NOT_STARTED),
        (misspelt, NOT_YET),
        (wrong_sign, NOT_YET),
        (np.square, NOT_YET),
        (None, NOT_YET),
    ],
)
def test_the_verdict_and_the_message_are_the_same(function, verdict, monkeypatch, capsys):
    one, other = both_ways("softmax", function, monkeypatch)
    assert one.verdict == verdict and same(one, other)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("name", ["cross_entropy", "rnn_step", "backward_pass", "sgd_step", "draw", "adam_step"])
def test_right_answers_pass(name, monkeypatch):
    one, other = both_ways(name, RIGHT[name][-1], monkeypatch)
    assert one.verdict == CORRECT and same(one, other)


@pytest.mark.parametrize("function", [forever, catches_all, catches_more, grows, prints])
def test_an_endless_loop_is_stopped(function, monkeypatch, capsys):
    """As test_running.py holds it for a thread of its own."""
    monkeypatch.setattr(limit, "JUMPS", 50_000)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", no_threads)
        result = check("softmax", function)
    assert result.verdict == NOT_YET
    lines = result.message.split("\n")
    assert lines[0] == "It did not come to an end, and was stopped."
    assert re.match(r"in line \d+: `while ", lines[1])
    assert check("softmax", softmax).verdict == CORRECT
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("function", [forever, catches_all])
def test_the_button_to_stop_works(function, monkeypatch):
    monkeypatch.setattr(limit, "WAITING", 600)
    monkeypatch.setattr(limit, "JUMPS", 10**12)
    for moment in range(8):  # the interrupt meets another instruction each time
        timer = threading.Timer(0.05 + 0.0013 * moment, _thread.interrupt_main)
        timer.start()
        with monkeypatch.context() as patch:
            patch.setattr(threading.Thread, "start", no_threads)
            with pytest.raises(KeyboardInterrupt):
                check("softmax", function)
            timer.join()
            assert check("softmax", softmax).verdict == CORRECT


def test_the_button_ends_code_that_catches_everything_at_once(monkeypatch):
    """No `with` stands here: in one, the check itself would stand where an error is caught."""
    start, ended = threading.Thread.start, []
    monkeypatch.setattr(threading.Thread, "start", no_threads)
    monkeypatch.setattr(limit, "WAITING", 600)
    monkeypatch.setattr(limit, "JUMPS", 10**12)

    def catches_all_for_long(logits):
        for _ in range(500_000 * (not ended)):
            try:
                powers = np.exp(logits)
                shifted = np.subtract(powers, 1)
                halved = np.divide(shifted, 2)
                logits = np.tanh(halved)
            except:  # noqa: E722
                pass
        ended.append(True)

    for moment in range(8):
        timer = threading.Timer(0.05 + 0.0013 * moment, _thread.interrupt_main)
        start(timer)
        pytest.raises(KeyboardInterrupt, check, "softmax", catches_all_for_long)  # noqa: RUF061
        timer.join()
        assert not ended


def test_code_that_only_waits_is_stopped_too(monkeypatch):
    monkeypatch.setattr(limit, "WAITING", 0.2)
    monkeypatch.setattr(threading.Thread, "start", no_threads)

    def waits(logits):
        while True:
            time.sleep(0.01)

    assert check("softmax", waits).message.startswith("It did not come to an end, and was stopped.\nin line ")


def test_nothing_is_left_of_the_deadline(monkeypatch):
    trace, monitoring = sys.gettrace(), getattr(sys, "monitoring", None)
    both_ways("softmax", softmax, monkeypatch)
    both_ways("softmax", ACCIDENTS["exits"][1], monkeypatch)
    assert sys.gettrace() is trace
    assert not monitoring or not any(monitoring.get_tool(tool) == "course" for tool in range(6))


def test_nothing_is_raised_on_the_way_out(monkeypatch):
    """The jumps of the block that waits, and those of leaving it, come after the limit, too."""

    def endless():
        while True:
            pass

    monkeypatch.setattr(limit, "JUMPS", 1000)
    with Deadline(limit.Meter()) as deadline:
        try:  # noqa: SIM105  as a learner writes it
            endless()
        except:  # noqa: E722
            pass
        for _ in range(3):
            pass
    assert deadline.is_over
    assert [number for number in range(5) if number % 2] == [1, 3]
