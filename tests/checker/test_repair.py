"""If no known mistake fits, small edits of the learner's own code show where the mistake is, but never the fix."""

import ast
import linecache
import math
from collections import Counter
from types import SimpleNamespace

import numpy as np
import pytest
from answers import ANSWERS, function_of, in_words
from cells import page

import rnn_helpers
from course.calls import check
from course.checker import limit
from course.checker.finding import Look
from course.checker.guard import Printed
from course.checker.say.message import REMAINS, say_cause
from course.checker.slips import search
from course.checker.slips.place import say_one
from course.checker.trial import Outcome, outcome_of, run
from course.checker.watch import TooMuch, Watch, place_watch
from course.lessons import BANK, EXERCISES


def scope_for(name):
    names = {key: value for key, value in vars(rnn_helpers).items() if not key.startswith("_") and key != name}
    return names | {"np": np, "math": math}


def in_cell(name, code):
    """Run code as a cell of a page, and return its function."""
    return page(code.strip("\n"), {**scope_for(name), "__name__": "__main__"})[name]


def cause_of(looking):
    """Return the Cause that a Search finds, or None, asked in the order in which check asks."""
    return looking and (looking.slip() or looking.slip_and_known())


def found_in(name, function, mistakes=()):
    """Return the Cause that the code of a wrong function shows, or None, with only these known mistakes."""
    exercise, found = EXERCISES[name], []
    trial, bank = run(exercise, function), SimpleNamespace(expected=BANK.expected, mistakes=lambda name: mistakes)
    look = Look(exercise, trial, bank, function)
    assert trial.guard.run(lambda: found.append(cause_of(search.search_of(look))), Printed()) == ""
    return found[0]


def message_for(name, code):
    """Return what the code alone shows about a wrong answer in a cell, or ""."""
    cause = found_in(name, in_cell(name, code))
    return say_cause(cause, EXERCISES[name]) if cause else ""


# ---------------------------------------------------------------- each kind of edit


SLIPS = [answer for answer in ANSWERS if answer.slip]


@pytest.mark.slow
@pytest.mark.parametrize("answer", SLIPS, ids=[answer.slip for answer in SLIPS])
def test_a_slip_is_found_in_its_place(answer):
    cause = found_in(answer.name, function_of(answer))
    assert say_cause(cause, EXERCISES[answer.name]) == in_words(answer.search_says)


def test_a_slip_beside_a_known_mistake():
    code = """
        def softmax_gradient(logits, targets):
            y = np.eye(logits.shape[1])[targets]
            return (y - softmax(logits)) / len(targets)
        """
    function = in_cell("softmax_gradient", code)
    cause = found_in("softmax_gradient", function, BANK.mistakes("softmax_gradient"))
    (place,), (mistake,) = cause.places, cause.mistakes
    assert (place.lines, mistake.id, cause.remains) == ((3,), "sign_turned", True)
    said = say_cause(cause, EXERCISES["softmax_gradient"])
    assert said == REMAINS.format(say_one(place), mistake.message)


def test_check_tells_a_slip_and_that_a_known_mistake_remains():
    code = "def tanh_backward(dh, h):\n    slope = 1 + h**2\n    return dh * slope + h\n"
    result = check("tanh_backward", in_cell("tanh_backward", code))
    said = REMAINS.format(in_words("Line 3: look at `+ h`: {too much}"), "")
    assert result.message.startswith(said) and result.mistake == "tanh_backward/plus"


# ---------------------------------------------------------------- other forms of a function
def test_a_mistake_in_a_function_of_the_page_is_placed_there():
    code = """
        def shifted(scores):
            return scores + scores.max(axis=-1, keepdims=True)

        def softmax(logits):
            e = np.exp(shifted(logits))
            return e / e.sum(axis=-1, keepdims=True)
        """
    said = "In shifted, line 2: look at `+ scores.max(axis=-1, keepdims=True)`: the sign."
    assert message_for("softmax", code) == said


@pytest.mark.parametrize("head", ["import numpy as np", "import numpy as np, math\nfrom rnn_helpers import softmax"])
def test_a_cell_that_imports_what_it_needs(head):
    code = f"{head}\n\ndef tanh_backward(dh, h):\n    return np.multiply(dh, 1 - np.square(h)) + h\n"
    assert message_for("tanh_backward", code) == f"Line {head.count(chr(10)) + 4}: look at `+ h`: is it needed?"


def test_without_a_source_nothing_is_said():
    names = scope_for("tanh_backward")
    exec("def tanh_backward(dh, h):\n    return dh * (1 + h**2)", names)
    assert found_in("tanh_backward", names["tanh_backward"]) is None


def test_a_source_that_has_changed_since_is_not_believed():
    code = "def tanh_backward(dh, h):\n    return dh * (1 + h**2)\n"
    function = in_cell("tanh_backward", code)
    file = function.__code__.co_filename
    text = code.replace("1 + h", "2 + h")
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    assert found_in("tanh_backward", function) is None


def test_a_copy_that_does_not_do_what_the_function_did_is_not_searched(monkeypatch):
    code = """
        def tanh_backward(dh, h):
            for _ in range(1000):
                pass
            return dh * (1 + h**2)
        """
    assert message_for("tanh_backward", code) == "Line 4: look at `+ h**2`: the sign."
    monkeypatch.setattr(limit, "OWN_ROUNDS", 500)  # the copy is stopped before it returns
    assert message_for("tanh_backward", code) == ""


@pytest.mark.parametrize("line", ["open", "itertools", "sys.path"])
def test_code_that_reaches_out_is_not_run_with_edits(line):
    code = f"""
        import itertools, os, sys
        def tanh_backward(dh, h):
            {line}
            return dh * (1 + h**2)
        """
    assert found_in("tanh_backward", in_cell("tanh_backward", code)) is None


# ---------------------------------------------------------------- what is believed
def trials_of(name, code):
    """Return the Variants of a function in a cell."""
    function, exercise = in_cell(name, code), EXERCISES[name]
    return search.Variants(exercise, function, run(exercise, function).outcomes, BANK.expected(name))


@pytest.mark.parametrize(
    "mine, is_right",
    [
        (lambda x: x, True),
        (lambda x: x * (1 + 1e-8), False),  # close enough for an answer, but an edit may be close by luck
        (lambda x: x.astype(np.float32), True),
        (lambda x: x + 1, False),
    ],
)
def test_what_an_edit_gives_must_be_right_to_the_last_digits(mine, is_right):
    tried = trials_of("softmax", "def softmax(logits):\n    return logits")
    right = tried.expected[0].parts[""]
    assert tried.is_right(Outcome(parts={"": mine(right)}), 0) == is_right
    for wrong in ({"error": "x"}, {"problem": "x"}, {"changed": ["logits"]}):
        assert not tried.is_right(Outcome(parts={"": right}, **wrong), 0)


def test_an_edit_that_throws_away_what_is_needed_is_not_believed():
    tried = trials_of("tanh_backward", "def tanh_backward(dh, h):\n    return dh * (1 - h)")
    looking = search.Search(tried, [])
    edits = [edit for edits in tried.edits([0, 1]) for edit in edits]
    kept = {edit.kind: looking.keeps_what_is_used(edit) for edit in edits if edit.node.col_offset == 11}
    assert kept["too much"] is False, "`* (1 - h)` uses h"


# ---------------------------------------------------------------- endless edits


@pytest.mark.slow
@pytest.mark.parametrize("answer", [answer for answer in ANSWERS if answer.search == "without an end"], ids=str)
def test_edits_that_would_not_end_are_stopped_by_a_count_of_their_rounds(answer):
    found_in(answer.name, function_of(answer))


def rounds_of(code, left=1000):
    """Return how many rounds a piece of code makes under the Watch, or None if it is stopped."""
    tree, watch = ast.parse(code), Watch()
    place_watch(tree)
    watch.left = left
    try:
        exec(compile(ast.fix_missing_locations(tree), "<watched>", "exec"), {"np": np, **watch.names()})
    except TooMuch:
        return None
    return watch.rounds


@pytest.mark.parametrize(
    "code, rounds",
    [
        ("for _ in range(1001): pass", None),
        ("[0 for one in range(3) for other in range(4)]", 15),
        ("k = 3\nwhile k: k -= 1", 4),
        ("while True: pass", None),
        ("a = 'x' * 1_000_001", None),
        ("a = np.arange(1001)[:, None] + np.arange(1000)", None),
        ("a = 2**10_000", None),
        ("a = [1]\nfor _ in range(30): a += a", None),
        ("a = np.zeros((1000, 1001), int)", None),
        ("np.ones(np.array([1000, 1001]))", None),
        ("a = []\na.append((1, [a]))", None),
        ("a, b = [], []\na.append(b)\nb.append(1)", 0),
        ("a = [0]\na += [a]", None),
        ("a = [[[[[1]]]]]", 0),
        ("a = [[[[[[1]]]]]]", None),
    ],
)
def test_what_would_run_or_grow_for_ever_is_ended(code, rounds):
    assert rounds_of(code) == rounds


def test_a_function_that_calls_itself_is_counted():
    watch = Watch()
    watch.left = 10
    calls_itself = watch.call_of(lambda depth: depth and calls_itself(depth - 1))
    assert calls_itself(9) == 0 and watch.rounds == 10
    with pytest.raises(TooMuch):
        calls_itself(0)
    with pytest.raises(TooMuch):
        Watch().call_of(len)("x" * 1_000_001)


@pytest.mark.slow
def test_a_slow_function_ends_the_search_by_its_rounds(monkeypatch):
    code = """
        def tanh_backward(dh, h):
            for _ in range(1000):
                dh = 0.9 * dh
            return dh + 0.4 * h * dh
        """
    function, exercise = in_cell("tanh_backward", code), EXERCISES["tanh_backward"]
    outcomes, expected = run(exercise, function).outcomes, BANK.expected("tanh_backward")
    monkeypatch.setattr(limit, "ALL_ROUNDS", 100_000)
    tried = search.Variants(exercise, function, outcomes, expected)
    assert cause_of(search.Search(tried, [])) is None
    assert tried.page.watch.rounds < 1.5 * limit.ALL_ROUNDS
    monkeypatch.setattr(limit, "OWN_ROUNDS", 500)
    assert not search.Variants(exercise, function, outcomes, expected).same_source


def test_the_learners_values_stay_as_they_are():
    code = """
        seen, state = [], {"calls": 0}
        def tanh_backward(dh, h):
            seen.append(h)
            state["calls"] += 1
            return dh * (1 + h**2)
        """
    function = in_cell("tanh_backward", code)
    names = function.__globals__
    trial = run(EXERCISES["tanh_backward"], function)
    calls = names["state"]["calls"]
    look = Look(EXERCISES["tanh_backward"], trial, BANK, function)
    assert search.search_of(look).slip().places[0].lines == (5,)
    assert names["state"]["calls"] == len(names["seen"]) == calls and names["tanh_backward"] is function


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::SyntaxWarning")  # about code that an edit makes
def test_a_search_without_an_end_stops_after_so_much_work(monkeypatch):
    """So its result is the same on a slow computer and on a fast one. A longer function is tried with fewer edits."""
    monkeypatch.setattr(limit, "ALL_ROUNDS", 125_000)
    code = """
        def softmax(logits):
            total, largest = 0.0, logits.max()
            for row in np.atleast_2d(logits):
                total = total * 0.3 + np.cos(row * largest).sum() - np.sin(row - total) @ row
            return np.full(logits.shape, total / largest)
        """
    function, exercise, expected = in_cell("softmax", code), EXERCISES["softmax"], BANK.expected("softmax")
    tried = search.Variants(exercise, function, run(exercise, function).outcomes, expected)
    assert cause_of(search.Search(tried, [])) is None
    assert 500 <= tried.work < 550
    code = code.replace("            for row", "            logits = logits * 1.0\n" * 200 + "            for row")
    calls = Counter()
    monkeypatch.setattr(search, "outcome_of", lambda *args: calls.update(["one"]) or outcome_of(*args))
    tried = search.Variants(exercise, in_cell("softmax", code), run(exercise, function).outcomes, expected)
    assert cause_of(search.Search(tried, [])) is None
    assert 500 <= tried.work < 550 and calls["one"] < 100
