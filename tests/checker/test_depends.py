"""What a result depends on: the search must not remove what the answer uses."""

import numpy as np

from course.checker.page import freshly
from course.checker.slips.depends import dependence
from course.lessons import EXERCISES


def test_a_state_of_zeros_hides_what_it_is_multiplied_by():
    exercise = EXERCISES["rnn_step"]
    case = exercise.cases()[0]
    silent = case._replace(args=(case.args[0], np.zeros_like(case.args[1]), case.args[2]))
    found = dependence(exercise, exercise.function, silent)
    assert found["", "parameters.W_hh"] is False and found["", "h_prev"] is True


def test_after_infinite_numbers_and_changed_arguments_nothing_is_known():
    def spoils(dh, h):
        dh *= 1 - h**2
        return dh

    exercise = EXERCISES["tanh_backward"]
    case = exercise.cases()[0]
    with np.errstate(all="ignore"):
        assert dependence(exercise, lambda dh, h: dh / 0.0, case) is None
    assert dependence(exercise, spoils, case) is None
    assert dependence(exercise, spoils, case, changes=True) == {("", "dh"): True, ("", "h"): True}, "where it may"


def test_a_function_gets_the_same_surroundings_at_each_call():
    names = {"np": np, "kept": np.zeros(3), "rng": np.random.default_rng(5)}
    exec("def noisy():\n    kept[0] += 1\n    return kept[0], rng.random(), np.random.rand()", names)
    with freshly(names["noisy"]) as refresh:
        calls = []
        for _ in range(3):
            refresh()
            calls.append(names["noisy"]())
    assert len(set(calls)) == 1 and not names["kept"].any()
