"""Only rounds of the learner's code are counted, in loops of all kinds and in the busiest call."""

import functools
import sys

import numpy as np
import pytest

from course.checker.rounds import most_rounds

N = 50


def for_loop(x):
    for one in x:
        one + 1


def while_loop(x):
    t = 0
    while t < len(x):
        t += 1


def generator(x):
    return sum(one + 1 for one in x)


def lambda_in_reduce(x):
    return functools.reduce(lambda h, one: h + one, x)


def function_of_its_own(x):
    def step(one):
        return one + 1

    for one in x:
        step(one)


LOOPS = [for_loop, while_loop, generator, lambda_in_reduce]


@pytest.mark.parametrize("loop", [*LOOPS, function_of_its_own])
def test_a_loop_makes_as_many_rounds_as_it_has_steps(loop):
    few, many = most_rounds(loop, (np.arange(N),)), most_rounds(loop, (np.arange(2 * N),))
    assert N - 2 <= many - few <= 2 * N and few >= N - 1


def halves(x):
    return x if len(x) < 2 else np.concatenate([halves(x[: len(x) // 2]), halves(x[len(x) // 2 :])])


@pytest.mark.parametrize("function", [halves, np.sort])
def test_few_rounds_stay_few_however_long_it_is(function):
    assert most_rounds(function, (np.arange(1000),)) <= 12


def test_tracing_is_as_before_after_an_error():
    before = sys.gettrace()
    with pytest.raises(ZeroDivisionError):
        most_rounds(lambda x: x / 0, (1,))
    assert sys.gettrace() is before
