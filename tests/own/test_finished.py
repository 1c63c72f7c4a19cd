"""Tests of is_finished_function: the functions of rnn_helpers are no work of the learner."""

import shutil

import pytest
from cells import GRADIENT, SOFTMAX, keep, page
from helpers import every_case

import rnn_helpers
from course.lessons import EXERCISES, WRITTEN
from course.own import kept
from course.own.kept import is_finished_function, own_functions


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    """The folder of a learner who has done nothing yet."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    return tmp_path / "my_rnn"


FINISHED = [
    ("softmax", "from rnn_helpers import softmax"),
    ("softmax", "import rnn_helpers\nsoftmax = rnn_helpers.softmax"),
    ("softmax", "import rnn_helpers\nsoftmax = lambda logits: rnn_helpers.softmax(logits)"),
    ("softmax", "import rnn_helpers\ndef softmax(logits):\n    '''Mine.'''\n    return rnn_helpers.softmax(logits)"),
    ("softmax", "def softmax(logits):\n    from rnn_helpers import softmax as s\n    return s(logits)"),
    ("softmax", "def softmax(z):\n    import rnn_helpers\n    f = rnn_helpers.softmax\n    p = f(z)\n    return p"),
    ("softmax", "from rnn_helpers import softmax as s\ndef f(z):\n    return s(z)\ndef softmax(z):\n    return f(z)"),
    ("softmax", "import functools, rnn_helpers\nsoftmax = functools.partial(rnn_helpers.softmax)"),
    ("softmax", "import rnn_helpers as r, numpy as np\ndef softmax(z):\n    return np.asarray(r.softmax(z))"),
    ("softmax", "from course.lessons.softmax import softmax as s\ndef softmax(z):\n    return s(z)"),
    ("softmax", "from course.lessons import EXERCISES as e\ndef softmax(z):\n    return e['softmax'].function(z)"),
    ("softmax", "import course.lessons\ndef softmax(z):\n    e = course.lessons.EXERCISES\n"
                "    return e['softmax'].function(z)"),
    ("softmax", "def softmax(z):\n    from course.checker.course import COURSE\n    return COURSE.softmax(z)"),
    ("forward_pass", "import rnn_helpers\ndef forward_pass(*given):\n    f = rnn_helpers.forward_pass(*given)\n"
                     "    return f.loss, f.probs, f[2]"),
    ("sgd_step", "import rnn_helpers as r\ndef sgd_step(p, g, rate):\n    r.sgd_step(p, g, learning_rate=rate)"),
    ("cross_entropy", "from rnn_helpers import *\nc = cross_entropy\ndef cross_entropy(*a):\n    return float(c(*a))"),
]  # fmt: skip


@pytest.mark.parametrize("name, code", FINISHED)
def test_the_finished_function_is_known_and_not_kept(mine, name, code):
    function = page(code)[name]
    assert is_finished_function(EXERCISES[name], function)
    assert kept.keep(EXERCISES[name], function) == "" and not mine.exists()


@pytest.mark.parametrize(
    "name, code",
    [
        ("softmax", SOFTMAX),
        ("softmax_gradient", GRADIENT),
        ("softmax", "import rnn_helpers\ndef softmax(z):\n    p = 1 * z\n    rnn_helpers.softmax(z)\n    return p"),
        ("softmax", "import rnn_helpers\ndef softmax(z):\n    assert rnn_helpers.softmax(z).any()\n    return z"),
        ("softmax", "import rnn_helpers\ndef softmax(z):\n    return rnn_helpers.one_hot(z, 3)"),
        ("softmax", "def softmax(softmax):\n    return softmax(softmax)"),
        ("softmax", "def softmax(z):\n    ..."),
        ("softmax", "softmax = 5"),
        ("draw", "import rnn_helpers\ndef draw(probs, u):\n    return rnn_helpers.np.searchsorted(probs, u)"),
        ("train_epoch", "import rnn_helpers\ndef train_epoch(*given):\n    return rnn_helpers.train(*given)"),
    ],
)
def test_what_is_not_the_finished_function(name, code):
    assert not is_finished_function(EXERCISES[name], page(code)[name])


def test_the_finished_function_is_known_when_a_page_has_replaced_it(monkeypatch):
    finished_one = rnn_helpers.softmax
    own = page(SOFTMAX)["softmax"]
    monkeypatch.setattr(rnn_helpers, "softmax", own)
    assert is_finished_function(EXERCISES["softmax"], finished_one)
    assert not is_finished_function(EXERCISES["softmax"], own)


def test_the_solution_itself_is_no_work_of_the_learner(mine):
    with every_case() as case:
        for name in WRITTEN:
            with case(name):
                shutil.rmtree(mine, ignore_errors=True)  # what one before has left there wrongly is none of this one
                assert is_finished_function(EXERCISES[name], EXERCISES[name].function)
                assert kept.keep(EXERCISES[name], EXERCISES[name].function) == "" and not mine.exists()


def test_strange_objects_are_not_the_finished_function():
    class Strange:
        def __getattr__(self, name):
            raise ZeroDivisionError

    assert is_finished_function(EXERCISES["softmax"], Strange()) is False


def test_a_stand_in_that_calls_the_learners_functions_is_the_courses():
    keep("softmax", SOFTMAX)
    network = own_functions().network
    assert is_finished_function(EXERCISES["output_probs"], network.output_probs)
    assert not is_finished_function(EXERCISES["softmax"], network.softmax)
    names = {"__name__": "__main__", "network_softmax_gradient": network.softmax_gradient, "softmax": network.softmax}
    page("def softmax_gradient(z, t):\n    return network_softmax_gradient(z, t)\n", names)
    assert is_finished_function(EXERCISES["softmax_gradient"], names["softmax_gradient"])
    page("def softmax_gradient(z, t):\n    return softmax(z) - 1\n", names)
    assert not is_finished_function(EXERCISES["softmax_gradient"], names["softmax_gradient"])
