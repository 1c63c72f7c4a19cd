"""What an answer changes by accident is restored and reported."""

import os
import random
import sys
import warnings
from types import SimpleNamespace

import numpy as np
import pytest
from accidents import ACCIDENTS

from course import check
from course.checker import limit, trial
from course.checker.guard import Guard, Printed
from course.checker.words import CORRECT, NOT_YET

TOLD = {
    "deletes_len": "Your code changes builtins.len, which all other code uses too. It was put back: leave it as it is.",
    "replaces_isinstance": "Your code changes builtins.isinstance, ",
    "replaces_exp": "Your code changes numpy.exp, ",
    "replaces_abs": "numpy.abs",
    "replaces_random_numbers": "Your code changes numpy.random.default_rng, ",
    "replaces_the_engine": "Your code changes rnn_helpers.softmax, ",
    "exits": "It raised SystemExit: 3",
    "quits": "This would end Python itself, with all that is on the page. Leave it out",
    "leaves_the_process": "This would end Python itself, with all that is on the page. Leave it out",
    "calls_itself": "It raised RecursionError: maximum recursion depth exceeded\nin line",
    "raises_without_memory": "No answer needs so much memory: 1 GB is more than enough.",
    "returns_a_hog": "The result is an array of shape (100, 125000). Expected: an array of shape (V,) = (4,).",
    "waits_for_a_lock": "It did not come to an end, and was stopped.\nin line",
}


@pytest.fixture(autouse=True)
def a_short_search(monkeypatch):
    """Shorten the search in the code, which is tested in test_repair.py."""
    monkeypatch.setattr(limit, "MOST_WORK", 200)


def as_it_is():
    """Return {what: its state} of all that an accident may change. Objects are compared by their id."""
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


def quit_of_a_notebook():
    raise AssertionError("the notebook ends")


@pytest.mark.parametrize("name", ACCIDENTS)
def test_an_accident_is_refused_and_leaves_no_trace(name, monkeypatch):
    monkeypatch.setitem(vars(sys.modules["__main__"]), "quit", quit_of_a_notebook)
    monkeypatch.setattr(limit, "WAITING", 0.5 if name == "waits_for_a_lock" else 600)
    before = as_it_is()
    result = check("softmax", ACCIDENTS[name])
    after = as_it_is()
    assert [key for key in before if before[key] != after[key]] == []
    assert result.verdict == NOT_YET and len(repr(result)) < 4000
    assert TOLD.get(name, "") in result.message
    assert check("softmax", softmax).verdict == CORRECT


def test_a_large_result_is_not_copied(monkeypatch):
    """Its shape is wrong anyway."""
    copied = []
    array = np.array
    monkeypatch.setattr(np, "array", lambda value, *more, **named: copied.append(value) or array(value, *more, **named))
    large = np.zeros((1000, 1000))
    assert check("softmax", lambda logits: large).message.startswith("The result is an array of shape (1000, 1000). ")
    assert not any(value is large for value in copied)


def test_several_things_run_in_one_guard_and_each_is_put_back():
    guard, exp, place = Guard(), np.exp, os.getcwd()
    for _ in range(2):

        def work():
            np.exp = None
            os.chdir(os.sep)

        assert guard.run(work, sys.stdout).startswith("Your code changes numpy.exp, ")
        assert np.exp is exp and os.getcwd() == place
    assert guard.run(lambda: None, sys.stdout) == ""


def test_what_is_displayed_is_collected_with_what_is_printed(monkeypatch):
    shown, printed = [], Printed()
    shell = SimpleNamespace(display_pub=SimpleNamespace(publish=shown.append))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))

    def work():
        print("one")
        shell.display_pub.publish({"text/plain": "two"})

    assert Guard().run(work, printed) == "" and printed.getvalue() == "one\ntwo\n" and shown == []
    shell.display_pub.publish("three")
    assert shown == ["three"], "it is put back"


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
