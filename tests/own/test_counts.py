"""Tests of counting(): which taught functions run, and how often."""

import sys

import numpy as np
import pytest
from answers import finished_page
from cells import SOFTMAX, keep, page
from helpers import random_case, random_network
from own_road import code_of

import rnn_helpers
from course import counting
from course.lessons import EXERCISES, OWN
from course.own.kept import own_functions

IDS = np.random.default_rng(4).integers(0, 5, 31)  # three sequences of 10


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    """The folder of a learner who has done nothing yet."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    return tmp_path / "my_rnn"


def keep_right(*names):
    for name in names:
        assert keep(name, code_of(name), finished_page(name)).startswith("Kept in"), name


def train(network):
    return network.train_epoch(IDS, random_network(4, 5, 2), 10, 0.1)


def test_with_nothing_kept_all_calls_are_those_of_the_course():
    network = own_functions().network
    with counting(network) as counts:
        network.forward_pass(*random_case(4, 5, (7,), 1))
        network.softmax(np.zeros((1, 2)))
    assert counts.yours == {} and counts.courses["forward_pass"] == 1 and counts.courses["softmax"] >= 1
    assert list(counts.courses) == [name for name in OWN if name in counts.courses], "in the order of the lessons"


def test_a_callee_that_is_called_by_theirs_is_theirs():
    keep_right("train_epoch", "forward_pass", "softmax", "output_probs")
    network = own_functions().network
    with counting(network) as counts:
        train(network)
    assert {name: counts.yours[name] for name in ("train_epoch", "forward_pass", "output_probs")} == {
        "train_epoch": 1,
        "forward_pass": 3,
        "output_probs": 30,
    }
    assert counts.courses["rnn_step"] == 30 and counts.courses["chunks"] == counts.courses["backward_pass"] - 2 == 1
    assert not {"train_epoch", "forward_pass", "output_probs"} & set(counts.courses)
    assert list(counts.yours) == [name for name in OWN if name in counts.yours]


def test_a_stand_in_of_the_course_that_calls_theirs_is_the_courses():
    keep_right("rnn_step", "smooth_loss", "tanh_backward")
    network = own_functions().network
    with counting(network) as counts:
        train(network)
    assert counts.yours == {"rnn_step": 30, "tanh_backward": 30, "smooth_loss": 3}
    assert counts.courses["train_epoch"] == 1 and counts.courses["forward_pass"] == 3
    assert counts.courses["hidden_gradients"] == 3 and counts.courses["output_probs"] == 30


def test_what_a_page_still_holds_of_the_course_is_the_courses():
    """A count tells whose function ran: theirs beside one of the same name of the course."""
    keep("softmax", SOFTMAX)
    network = own_functions().network
    with counting(network) as counts:
        for _ in range(3):
            network.softmax(np.zeros((1, 2)))
        rnn_helpers.softmax(np.zeros((1, 2)))
        EXERCISES["one_hot"].function([1], 2)
    assert counts.yours == {"softmax": 3} and counts.courses["softmax"] == 1 and counts.courses["one_hot"] == 1


def test_functions_that_are_not_taught_and_helpers_are_not_counted():
    keep("softmax", SOFTMAX)
    network = own_functions().network
    other = page("def softmax(z):\n    return z\n")["softmax"]
    with counting(network) as counts:
        network.softmax(np.zeros((1, 2)))
        other(3)
        sorted([3, 1])
    assert counts.yours == {"softmax": 1} and counts.courses == {}


def test_the_counts_are_filled_when_the_block_ends_and_show_a_table():
    keep_right("rnn_step")
    network = own_functions().network
    with counting(network) as counts:
        for k in range(1234):
            network.rnn_step(k % 5, np.zeros(4), random_network(4, 5, 2)) if k < 2 else network.smooth_loss(1.0, 2.0)
        assert counts.yours == counts.courses == {}
    first, *rows = repr(counts).split("\n")
    assert first.split() == ["whose", "function", "calls"]
    assert [row.split() for row in rows] == [["yours", "rnn_step", "2"], ["the", "course's", "smooth_loss", "1,232"]]
    assert len({len(row) for row in (first, *rows)}) == 1, "in columns"
    network.rnn_step(0, np.zeros(4), random_network(4, 5, 2))
    assert counts.yours == {"rnn_step": 2}


def test_a_block_inside_another():
    keep("softmax", SOFTMAX)
    network = own_functions().network
    with counting(network) as outer:
        network.softmax(np.zeros((1, 2)))
        with counting(network) as inner:
            network.softmax(np.zeros((1, 2)))
            network.softmax(np.zeros((1, 2)))
        network.softmax(np.zeros((1, 2)))
    assert inner.yours == {"softmax": 2} and outer.yours == {"softmax": 4}


@pytest.mark.parametrize("error", [None, ZeroDivisionError, KeyboardInterrupt])
def test_the_profiler_of_before_is_put_back(error):
    def of_before(*event):
        """What another tool has set."""

    network = own_functions().network
    for profiler in (None, of_before):
        sys.setprofile(profiler)
        try:
            with counting(network) as counts:
                network.softmax(np.zeros((1, 2)))
                if error:
                    raise error
        except (ZeroDivisionError, KeyboardInterrupt):
            pass
        finally:
            after = sys.getprofile()
            sys.setprofile(None)
        assert after is profiler and counts.courses["softmax"] == 1


def test_the_profiler_of_before_hears_of_the_calls_too():
    heard = []
    network = own_functions().network
    sys.setprofile(lambda frame, event, argument: heard.append(frame.f_code.co_name))
    try:
        with counting(network):
            network.softmax(np.zeros((1, 2)))
    finally:
        sys.setprofile(None)
    assert "softmax" in heard


def test_a_function_of_the_learner_that_a_decorator_stands_around():
    code = """
        import functools

        def told(function):
            @functools.wraps(function)
            def inner(*given):
                return function(*given)
            return inner

        @told
        def tanh_backward(dh, h):
            return dh * (1 - h**2)
        """
    keep("tanh_backward", code)
    network = own_functions().network
    with counting(network) as counts:
        network.tanh_backward(1.0, 0.5)
    assert counts.yours == {"tanh_backward": 1} and counts.courses == {}
