"""Answers that are tried in several ways: beside a stub, with a finished part, and a check that may not end."""

import answers
import pytest
from cells import page

from course import check
from course.checker import limit
from course.checker.watched import Meter
from course.checker.words import NOT_STARTED, NOT_YET


def answer_in(code, name):
    return page(code, answers.finished_page(name))[name]


def test_a_right_function_beside_a_stub_is_found_by_its_name():
    right = "def soft_max(z):\n    e = np.exp(z - z.max(axis=-1, keepdims=True))\n{}"
    stub = "def softmax(logits):\n    ...\n"
    done = right.format("    return e / e.sum(axis=-1, keepdims=True)\n\n")
    result = check("softmax", answer_in(done + stub, "softmax"))
    assert result.verdict == NOT_STARTED and "your `soft_max` is right: give it the name `softmax`" in result.message
    result = check("softmax", answer_in(right.format("    return e\n\n") + stub, "softmax"))
    assert result.verdict == NOT_STARTED and "soft_max" not in result.message


def test_all_tries_of_a_check_share_its_rounds(monkeypatch):
    """The answer and its part never end, so each of its two tries uses up what it may."""
    spent, spend = [], Meter.spend
    monkeypatch.setattr(limit, "ROUNDS", 100_000)
    monkeypatch.setattr(Meter, "spend", lambda meter, rounds: (spent.append(int(rounds)), spend(meter, rounds)))
    part = "def softmax(logits):\n    while True:\n        pass\n\n"
    code = "def softmax_gradient(logits, targets):\n    while softmax is not None:\n        pass\n"
    assert check("softmax_gradient", answer_in(part + code, "softmax_gradient")).verdict == NOT_YET
    assert 0.9 * limit.ROUNDS < sum(spent) < 1.1 * limit.ROUNDS


@pytest.mark.slow
def test_a_check_that_ends_for_known_functions_is_not_stopped_because_it_does_not_for_zeros(monkeypatch):
    monkeypatch.setattr(limit, "ROUNDS", 20_000)
    code = """def catch_softmax(softmax):
    x = np.array([[1.0, 2.0, 3.0], [0.5, -1.0, 2.0]])
    while not softmax(x).any():
        pass
    return bool(np.isfinite(softmax(x)).all())
"""
    lines = check("catch_softmax", answer_in(code, "catch_softmax")).message.split("\n")
    assert lines[0].endswith("wrong ones caught, no correct one rejected.") and lines[1].startswith("A riddle: ")
