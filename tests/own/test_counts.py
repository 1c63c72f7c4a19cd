"""Tests of counting(): which taught functions run, and how often."""

import numpy as np
import pytest
from answers import finished_page
from cells import keep
from helpers import random_case, random_network
from own_road import code_of

import rnn_helpers
from course import counting, own_functions
from course.lessons import OWN

IDS = np.random.default_rng(4).integers(0, 5, 31)  # three sequences of 10


def network_with(*names):
    for name in names:
        assert keep(name, code_of(name), finished_page(name)).startswith("Kept in"), name
    return own_functions().network


def count(network):
    """Return the Counts of an epoch."""
    with counting(network) as counts:
        network.train_epoch(IDS, random_network(4, 5, 2), 10, 0.1)
    return counts


def test_with_nothing_kept_all_calls_are_those_of_the_course():
    network = network_with()
    with counting(network) as counts:
        network.forward_pass(*random_case(4, 5, (7,), 1))
        rnn_helpers.softmax(np.zeros((1, 2)))  # a course function that the page still has
    assert counts.yours == {} and counts.courses == {"softmax": 2, "cross_entropy": 1, "rnn_step": 7, "forward_pass": 1}
    assert list(counts.courses) == [name for name in OWN if name in counts.courses], "in the order of the lessons"
    first, *rows, last = repr(counts).split("\n")
    assert first.split() == ["function", "calls"] and len({len(row) for row in (first, *rows)}) == 1
    assert [row.split() for row in rows] == [[name, str(calls)] for name, calls in counts.courses.items()]
    assert last == "The course lends all of these. The table will say which ones are yours."


@pytest.mark.slow
def test_theirs_are_theirs_whoever_calls_them_and_all_others_are_the_courses():
    counts = count(network_with("train_epoch", "forward_pass", "softmax"))
    assert counts.yours == {"softmax": 3, "forward_pass": 3, "train_epoch": 1}
    assert counts.courses["rnn_step"] == 30 and counts.courses["chunks"] == 1 and counts.courses["backward_pass"] == 3
    assert not set(counts.yours) & set(counts.courses)
    counts = count(network_with("rnn_step", "tanh_backward"))
    assert counts.yours["rnn_step"] == counts.yours["tanh_backward"] == 30 and counts.courses["hidden_gradients"] == 3


def test_the_counts_are_filled_when_the_block_ends_and_show_a_table():
    network = network_with("rnn_step")
    with counting(network) as counts:
        for _ in range(1232):
            network.tanh_backward(1.0, 0.5)
        network.rnn_step(0, np.zeros(4), random_network(4, 5, 2))
        assert counts.yours == counts.courses == {}
    first, *rows = repr(counts).split("\n")
    assert first.split() == ["whose", "function", "calls"]
    assert [row.split() for row in rows] == [["yours", "rnn_step", "1"], ["the", "course's", "tanh_backward", "1,232"]]
    assert len({len(row) for row in (first, *rows)}) == 1, "in columns"
