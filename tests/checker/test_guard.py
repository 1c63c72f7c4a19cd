"""What an answer changes or does by accident: it is refused, all is put back, and what other code uses is reported."""

import builtins
import contextlib
import os
import random
import sys
import warnings
from types import SimpleNamespace

import numpy as np
import pytest

import rnn_helpers
from course.calls import check
from course.checker import limit
from course.checker.guard import Guard, Printed
from course.checker.words import CORRECT, NOT_YET

ACCIDENTS = {}  # name: (an answer to the exercise softmax, what the message says)


def accident(says):
    """Register an answer. None is right; those that call `right` give the right numbers."""

    def register(function):
        ACCIDENTS[function.__name__] = function, says
        return function

    return register


def right(logits, exp=np.exp):
    """Return the right numbers, also when np.exp has been replaced."""
    powers = exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@accident("Your code changes builtins.len, which all other code uses, too. The course has put it back: leave it alone.")
def deletes_len(logits):
    del builtins.len
    return right(logits)


@accident("")
def replaces_zip_and_map(logits):
    """They give nothing, so that no comparison fails."""
    builtins.zip = builtins.map = lambda *args: iter(())
    return logits


@accident("Your code changes numpy.exp, ")
def replaces_exp(logits):
    np.exp = np.zeros_like
    return right(logits)


@accident("Your code changes rnn_helpers.softmax, ")
def replaces_the_engine(logits):
    rnn_helpers.softmax = lambda logits: logits
    return right(logits)


@accident("")
def changes_settings_and_seeds(logits):
    np.seterr(all="raise")
    np.set_printoptions(precision=2, threshold=3)
    np.random.seed(1)
    random.seed(1)
    os.chdir(os.sep)
    return np.exp(-1000 * np.ones(3))


@accident("")
def raises_at_warnings(logits):
    warnings.simplefilter("error")
    warnings.showwarning = None
    warnings.warn("hostile", stacklevel=1)


@accident("")
def closes_the_output(logits):
    sys.stdout.close()
    sys.stderr.close()
    return logits


@accident("It raised ValueError")
def prints_strange_letters(logits):
    print("\ud800\x00\x1b[2J" + "hostile " * 250_000)
    raise ValueError("\ud800\x00 {} %s")


@accident("This would end Python itself, with everything on the page. Leave it out")
def quits(logits):
    quit()


@accident("It takes more memory than any answer needs, so we stopped it.")
def raises_without_memory(logits):
    np.zeros((10**7, 10**7, 10**3))


@accident("The result is an array of shape (100, 125000). Expected: an array of shape (V,) = (4,).")
def returns_a_hog(logits):
    return np.zeros((100, 125_000))


@accident("")
def spoils_its_argument(logits):
    logits.fill(np.nan)
    logits.shape = (-1,)
    logits.dtype = np.int8
    logits.setflags(write=False)
    return logits


@pytest.fixture(autouse=True)
def a_short_search(monkeypatch):
    """Shorten the search in the code, which is tested in test_repair.py."""
    monkeypatch.setattr(limit, "ALL_ROUNDS", 50_000)


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
    found["warnings"] = list(map(str, warnings.filters)), id(warnings.filters)
    found["output"] = id(sys.stdout), id(sys.stderr), id(sys.stdin)
    found["random"] = random.getstate(), np.random.get_state()[1].tolist()
    found["working directory"] = os.getcwd()
    found["numbers"] = np.geterr(), str(np.get_printoptions())
    return found


def quit_of_a_notebook():
    raise AssertionError("the notebook ends")


@pytest.mark.parametrize("name", ACCIDENTS)
def test_an_accident_is_refused_and_leaves_no_trace(name, monkeypatch):
    monkeypatch.setitem(vars(sys.modules["__main__"]), "quit", quit_of_a_notebook)
    function, says = ACCIDENTS[name]
    before = as_it_is()
    result = check("softmax", function)
    after = as_it_is()
    assert [key for key in before if before[key] != after[key]] == []
    assert result.verdict == NOT_YET and says in result.message and len(repr(result)) < 4000
    assert check("softmax", rnn_helpers.softmax).verdict == CORRECT


def test_an_answer_is_tried_where_somebody_has_deleted_the_working_directory(tmp_path, monkeypatch):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    with contextlib.suppress(PermissionError):  # Windows does not allow it
        (tmp_path / "gone").rmdir()
    assert check("softmax", rnn_helpers.softmax).verdict == CORRECT
    assert check("softmax", changes_settings_and_seeds).verdict == NOT_YET


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

    assert Guard().run(work, Printed()) == ""
    assert told == [*["SVD did not converge in Linear Least Squares"] * 2, [1, 1]]
    assert capfd.readouterr() == ("", "")
    assert np.linalg.lstsq is before
