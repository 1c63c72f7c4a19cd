"""Tests of is_finished_function: a function of the course is not the learner's own work."""

from cells import GRADIENT, SOFTMAX, page
from helpers import every_case

import rnn_helpers
from course.checker.page import is_finished_function
from course.lessons import EXERCISES, WRITTEN

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

NOT_FINISHED = [
    ("softmax", SOFTMAX),
    ("softmax_gradient", GRADIENT),
    ("softmax", "import rnn_helpers\ndef softmax(z):\n    p = 1 * z\n    rnn_helpers.softmax(z)\n    return p"),
    ("softmax", "import rnn_helpers\ndef softmax(z):\n    assert rnn_helpers.softmax(z).any()\n    return z"),
    ("softmax", "import rnn_helpers\ndef softmax(z):\n    return rnn_helpers.one_hot(z, 3)"),
    ("softmax", "def softmax(softmax):\n    return softmax(softmax)"),
    ("softmax", "def softmax(z):\n    ..."),
    ("softmax", "softmax = 5"),
    ("draw", "import rnn_helpers\ndef draw(probs, u):\n    return rnn_helpers.np.searchsorted(probs, u)"),
    ("train_epoch", "from course import engine\ndef train_epoch(*given):\n    return engine.train(*given)"),
]


def test_the_finished_function_is_known_and_no_other_is_taken_for_it():
    with every_case() as case:
        for finished, codes in ((True, FINISHED), (False, NOT_FINISHED)):
            for name, code in codes:
                with case(code):
                    assert is_finished_function(EXERCISES[name], page(code)[name]) == finished
        for name, exercise in WRITTEN.items():
            with case(name):
                assert is_finished_function(exercise, exercise.function)


def test_the_finished_function_is_known_when_a_page_has_replaced_it(monkeypatch):
    finished, own = rnn_helpers.softmax, page(SOFTMAX)["softmax"]
    monkeypatch.setattr(rnn_helpers, "softmax", own)
    assert is_finished_function(EXERCISES["softmax"], finished)
    assert not is_finished_function(EXERCISES["softmax"], own)


def test_strange_objects_are_not_the_finished_function():
    class Strange:
        def __getattr__(self, name):
            raise ZeroDivisionError

    assert is_finished_function(EXERCISES["softmax"], Strange()) is False
