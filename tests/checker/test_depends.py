"""What a result depends on: the search must not remove what the answer uses."""

import numpy as np

from course.checker.page import freshly
from course.checker.slips.depends import dependence, reach
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


def test_which_entries_change_with_the_first_and_with_the_last_entry_of_an_argument():
    exercise = EXERCISES["tanh_backward"]
    case = exercise.cases()[0]
    found = reach(exercise, lambda dh, h: np.cumsum(dh).reshape(dh.shape), case)
    assert set(found) == {("", name, index) for name in ("dh", "h") for index in (0, -1)}
    size = case.args[0].size
    assert found["", "dh", 0].all() and found["", "dh", -1].ravel().tolist() == [False] * (size - 1) + [True]
    assert not found["", "h", 0].any() and not found["", "h", -1].any()
    assert found["", "dh", 0].shape == case.args[0].shape
    for same in (lambda dh, h: dh * np.nan, lambda dh, h: dh * 0):
        assert not any(changed.any() for changed in reach(exercise, same, case).values())
    assert reach(exercise, lambda dh, h: np.zeros(int(dh.flat[0] * 1e6)), case).keys() < found.keys(), "another shape"


def test_each_array_of_a_named_tuple_is_moved_by_itself():
    exercise = EXERCISES["output_probs"]
    found = reach(exercise, lambda h, p: p.W_hy[:, 0] + h[-1], exercise.cases()[0])
    names = ("h", "parameters.W_xh", "parameters.W_hh", "parameters.W_hy", "parameters.b_h", "parameters.b_y")
    assert set(found) == {("", name, index) for name in names for index in (0, -1)}
    assert [name for name in names if found["", name, 0].any()] == ["parameters.W_hy"]
    assert [name for name in names if found["", name, -1].any()] == ["h"]


def test_a_result_of_tiny_numbers_depends_on_its_arguments_too():
    """A change is measured relative to the numbers themselves."""
    exercise = EXERCISES["tanh_backward"]
    found = dependence(exercise, lambda dh, h: 1e-14 * dh * (1 - h**2), exercise.cases()[0])
    assert found == {("", "dh"): True, ("", "h"): True}


def test_the_arguments_of_the_case_stay_as_they_are():
    exercise = EXERCISES["sgd_step"]
    case = exercise.cases()[0]
    before = [array.copy() for array in case.args[0]]
    dependence(exercise, exercise.function, case)
    assert all(np.array_equal(array, old) for array, old in zip(case.args[0], before))


def test_a_function_gets_the_same_surroundings_at_each_call():
    names = {"np": np, "kept": np.zeros(3), "rng": np.random.default_rng(5)}
    exec("def noisy():\n    kept[0] += 1\n    return kept[0], rng.random(), np.random.rand()", names)
    with freshly(names["noisy"]) as refresh:
        calls = []
        for _ in range(3):
            refresh()
            calls.append(names["noisy"]())
    assert len(set(calls)) == 1 and not names["kept"].any()
