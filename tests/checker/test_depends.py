"""What a wrong result depends on: which argument it does not use, or uses and should not."""

import numpy as np
import pytest
from answers import RIGHT
from helpers import every_case

import rnn_helpers as right
from course.checker.page import freshly
from course.checker.slips.depends import dependence, say_dependence
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
        ("linear_decay", lambda rate, done, total: rate * max(0.0, 1 - done / (total + 3))),
        ("draw", lambda probs, u: int(np.argmax(probs > u))),
    ],
    ids=["rnn_step", "softmax", "linear_decay", "draw"],
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
