"""Half-done answers: what the code proves is said, and nothing is said where something else may fill or use a value."""

import answers
import pytest
from cells import page

from course import check
from course.checker import limit
from course.checker.slips.seen import seen_at_once
from course.checker.slips.unfinished import say_computed_for_nothing, say_no_return, say_unfilled, say_unread
from course.checker.trial import Outcome, outcome_of
from course.checker.watched import Meter
from course.checker.words import NOT_STARTED, NOT_YET
from course.lessons import BANK, EXERCISES


def answer_in(code, name):
    return page(code, answers.finished_page(name))[name]


def unfilled(body):
    code = f"def cross_entropy(probs, targets):\n    loss = 0\n{body}    return loss\n"
    exercise, function = EXERCISES["cross_entropy"], answer_in(code, "cross_entropy")
    got = outcome_of(exercise, function, exercise.cases()[0])
    return say_unfilled(exercise, function, got, BANK.expected("cross_entropy")[0])


def test_a_result_that_no_line_changes_is_named_with_its_line():
    assert unfilled("    np.log(probs)\n") == "Line 2: `loss = 0` is all that `loss` ever gets. No line changes it."


@pytest.mark.parametrize(
    "body",
    [
        "    loss += 0\n",
        "    def more():\n        nonlocal loss\n        loss += 0\n    more()\n",
        "    np.add(loss, 0)\n",
        "    other = loss\n",
        "    for loss in [0]:\n        pass\n",
        "    locals()\n",
    ],
)
def test_nothing_is_said_of_a_result_that_another_line_may_change(body):
    assert unfilled(body) == ""


def test_an_argument_that_no_line_uses_is_named_only_if_a_right_result_depends_on_it():
    exercise = EXERCISES["cross_entropy"]

    def unread(body):
        function = answer_in(f"def cross_entropy(probs, targets, scale=1):\n    {body}\n", "cross_entropy")
        return say_unread(exercise, function, exercise.cases()[0])

    assert unread("return -np.log(probs[0, 0])") == "No line uses `targets`, but the right result depends on it."
    assert unread("targets += 0; return probs") == unread("return probs[len(locals())]") == ""
    assert unread("return [lambda: targets, probs]") == ""


def test_a_value_is_computed_for_nothing_only_if_nothing_reads_or_changes_it():
    def nothing(line):
        return say_computed_for_nothing(answer_in(f"def softmax(z):\n    {line}\n    return z\n", "softmax"))

    assert nothing("e = np.exp(z)") == "Line 2 computes `e`, but no line uses it."
    for line in (
        "e = np.exp(z); z = e",
        "row = z.ravel(); row += 1",
        "T, V = z.shape",
        "V = z.shape[-1]",
        "_ = len(z)",
    ):
        assert nothing(line) == "", line


def test_a_return_is_missing_only_if_there_is_none_at_all():
    def missing(body):
        return say_no_return(answer_in(f"def softmax(z):\n    {body}\n", "softmax"))

    assert missing("p = z / z.sum()") == "There's no `return` in your function. Which value should it hand back?"
    assert missing("if z.any(): return z") == missing("def inner(): return z") == ""


OUTSIDE = "IndexError: index 5 is out of bounds for axis 0 with size 5"


@pytest.mark.parametrize(
    "body, error, says",
    [
        ("for t in range(len(hidden), 0): pass", "", "`range(len(hidden), 0)` is empty"),
        ("for t in range(T - 1, -1): pass", "", "`range(T - 1, -1)` is empty"),
        ("for t in range(-3, 0): pass", "", ""),
        ("for t in range(T, 0, -1): pass", "", ""),
        ("T = len(hidden)\n    for t in range(T): pass", OUTSIDE, "So your `T` is one too large"),
        ("T, H = hidden.shape\n    for t in range(T - 1, -1, -1): pass", OUTSIDE, "So your `T` is one too large"),
        ("T, H = hidden.shape\n    for t in range(T - 1): pass", OUTSIDE, ""),
        ("T, H = hidden.shape\n    T -= 1\n    for t in range(T): pass", OUTSIDE, ""),
        ("T, H = hidden.shape\n    for t in range(T): pass", OUTSIDE.replace("index 5", "index 7"), ""),
        ("parameters._replace(b_y=0)", "", "`parameters._replace(...)` makes a new tuple"),
        ("parameters = parameters._replace(b_y=0)", "", ""),
    ],
)
def test_a_loop_or_a_line_that_does_nothing_is_named_only_if_that_is_sure(body, error, says):
    function = answer_in(f"def hidden_gradients(T, hidden, parameters):\n    {body}\n", "hidden_gradients")
    said = seen_at_once(function, Outcome(error=error), Outcome())
    assert says in said and bool(says) == bool(said)


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
