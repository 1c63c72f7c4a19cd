"""What a wrong result depends on: which argument it does not use, or uses and should not."""

import numpy as np
import pytest
from answers import RIGHT
from helpers import every_case

import rnn_helpers as right
from course.checker.page import freshly
from course.checker.slips.depends import dependence, reach, say_dependence
from course.lessons import EXERCISES
from rnn_helpers import Parameters, softmax

WRONG = {
    "an argument": ("smooth_loss", lambda previous, loss: 0.999 * previous, "Your result does not use loss."),
    "a field": (
        "rnn_step",
        lambda char_id, h, p: np.tanh(p.W_xh[:, char_id] + 0.5 * (p.W_hh @ h)),
        "Your result does not use b_h.",
    ),
    "two fields": (
        "rnn_step",
        lambda char_id, h, p: np.tanh(p.W_xh[:, char_id] + h),
        "Your result does not use W_hh or b_h.",
    ),
    "a whole argument": (
        "output_probs",
        lambda h, p: softmax(h[0] * np.arange(len(p.b_y))),
        "Your result does not use W_hy or b_y.",
    ),
    "a list of numbers": (
        "early_stop",
        lambda scores, patience: patience % 2,
        "Your result does not use scores.",
    ),
    "too much": (
        "output_probs",
        lambda h, p: softmax(p.W_hy @ np.tanh(h + p.b_h) + p.b_y),
        "Your result depends on b_h, and should not.",
    ),
    "one result of three": (
        "weight_gradients",
        lambda inputs, hidden, da, V: (da.T @ np.eye(V)[inputs], da.T @ (0 * hidden[1:] + 1), da.sum(axis=0)),
        "dW_hh does not use hidden.",
    ),
    "ids": (
        "weight_gradients",
        lambda inputs, hidden, da, V: right.weight_gradients(0 * inputs, hidden, da, V),
        "dW_xh does not use inputs.",
    ),
    "a result with the name of a field": (
        "clip_gradients",
        lambda gradients, m: Parameters(*[g * m / np.linalg.norm(g) for g in gradients]),
        "The W_xh that you return does not use W_hh, W_hy or b_h.",
    ),
    "too much in one result of three": (
        "weight_gradients",
        lambda inputs, hidden, da, V: [
            x + (x.ndim < 2) * hidden.sum() for x in right.weight_gradients(inputs, hidden, da, V)
        ],
        "db_h depends on hidden, and should not.",
    ),
    "too much in several results": (
        "weight_gradients",
        lambda inputs, hidden, da, V: [x * hidden.sum() for x in right.weight_gradients(inputs, hidden, da, V)],
        "Your results depend on hidden, and should not.",
    ),
    "the same in several results": (
        "forward_pass",
        lambda inputs, targets, h, p: right.forward_pass(0 * inputs, targets, h, p),
        "Your results do not use inputs.",
    ),
    "one result that needs what others do not": (
        "forward_pass",
        lambda inputs, targets, h, p: right.forward_pass(inputs, 0 * targets, h, p),
        "loss does not use targets.",
    ),
    "all arguments": (
        "output_probs",
        lambda h, p: np.ones(len(p.b_y)),
        "Your result does not use h, W_hy or b_y.",
    ),
    "more arguments than are named": (
        "forward_pass",
        lambda inputs, targets, h, p: (1.0, np.ones((len(inputs), len(p.b_y))), np.ones((len(inputs) + 1, len(h)))),
        "Your results do not use inputs, h_prev or W_xh.",
    ),
    "all fields, and random numbers": (
        "sample_ids",
        lambda p, h, c, n, rng, temperature=1.0: [c] * n,
        "Your result does not use parameters, h or rng.",
    ),
    "whole numbers": ("count_parameters", lambda H, V: 3 * H, "Your result does not use vocab_size."),
    "a number": ("smooth_loss", lambda smoothed, loss: 0.999 * smoothed, "Your result does not use loss."),
    "a number that an id depends on": ("draw", lambda p, u: int(np.argmax(p)), "Your result does not use u."),
    "numbers that an id depends on": ("draw", lambda p, u: int(u * len(p)), "Your result does not use probs."),
    "the length of pairs": ("chunks", lambda ids, T: [(ids[:3], ids[1:4])], "Your result does not use seq_length."),
    "a change in place": (
        "sgd_step",
        lambda p, gradients, rate: [np.subtract(a, 0.01 * g, out=a) for a, g in zip(p, gradients)] and None,
        "The change of parameters does not use learning_rate.",
    ),
}


def said_of(name, function):
    exercise = EXERCISES[name]
    with np.errstate(all="ignore"):  # as judge asks: of the usual cases first
        return say_dependence(exercise.usual if exercise.rare else exercise, function)


@pytest.mark.parametrize("what", WRONG)
def test_what_is_not_used_or_used_too_much(what):
    name, function, said = WRONG[what]
    assert said_of(name, function) == said


@pytest.mark.slow
def test_of_right_functions_nothing_is_said():
    with every_case() as case:
        for name in RIGHT:
            for number, function in enumerate(RIGHT[name]):
                with case(f"{name}-{number}"):
                    assert said_of(name, function) == ""


@pytest.mark.parametrize(
    "name, function",
    [
        ("rnn_step", lambda char_id, h, p: np.tanh(p.W_xh[:, char_id] - 3 * (p.W_hh.T @ h) * p.b_h)),
        ("softmax", lambda logits: np.exp(logits) / 7),
        ("smooth_loss", lambda smoothed, loss: smoothed + 0.001 * abs(loss)),
        ("draw", lambda probs, u: int(np.argmax(probs > u))),
    ],
    ids=["rnn_step", "softmax", "smooth_loss", "draw"],
)
def test_of_what_is_used_in_a_wrong_way_nothing_is_said(name, function):
    assert said_of(name, function) == ""


def test_an_argument_that_plays_no_part_in_one_case_is_used():
    """In the first case of rnn_step a state of zeros hides W_hh: the other cases count too."""
    exercise = EXERCISES["rnn_step"]
    case = exercise.cases()[0]
    silent = case._replace(args=(case.args[0], np.zeros_like(case.args[1]), case.args[2]))
    found = dependence(exercise, exercise.function, silent)
    assert found["", "parameters.W_hh"] is False and found["", "h_prev"] is True
    assert said_of("rnn_step", right.rnn_step) == ""


def test_nothing_is_said_after_an_error():
    def fails(dh, h):
        raise ValueError

    assert said_of("tanh_backward", fails) == ""
    assert said_of("tanh_backward", lambda dh, h: dh / 0.0) == "", "infinite numbers tell nothing"


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
    """What counts as a change is a share of the numbers themselves."""
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
