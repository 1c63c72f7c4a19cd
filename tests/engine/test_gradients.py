"""Backpropagation through time against slopes measured here, and gradient_check against broken functions."""

import math

import numpy as np
import pytest
from helpers import NAMES, every_case, message_of, random_case, random_network

import rnn_helpers as rnn
from course import engine
from course.engine import RNN

SHAPES = [(1, 2, (1,)), (5, 3, (12,)), (3, 4, (1, 1)), (4, 3, (3, 4))]


def gradients_of(inputs, targets, h_prev, parameters):
    """Return the gradients of the engine. The small network, if it can read the sequence, must give the same."""
    found = RNN.backward(inputs, targets, parameters, RNN.forward(inputs, targets, h_prev, parameters))
    if np.ndim(inputs) == 1:
        forward = rnn.forward_pass(inputs, targets, h_prev, parameters)
        for one, other in zip(rnn.backward_pass(inputs, targets, parameters, forward), found):
            np.testing.assert_allclose(one, other, rtol=1e-10, atol=1e-13)
    return found


def plain_loss(inputs, targets, h, parameters):
    """Return the loss of one or many streams, from the two formulas alone (without functions of rnn_helpers)."""
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    if inputs.ndim == 2:
        return sum(plain_loss(inputs[:, b], targets[:, b], h[b], parameters) for b in range(inputs.shape[1]))
    loss = 0.0
    for char_id, target in zip(inputs, targets):
        h = np.tanh(W_xh[:, char_id] + W_hh @ h + b_h)
        scores = W_hy @ h + b_y
        loss += np.log(np.exp(scores).sum()) - scores[target]
    return loss


def measured_slopes(inputs, targets, h_prev, parameters, epsilon=1e-5):
    slopes = []
    for index, value in enumerate(parameters):
        slope = np.zeros_like(value)
        for entry in np.ndindex(value.shape):
            losses = []
            for side in (+epsilon, -epsilon):
                moved = [array.copy() for array in parameters]
                moved[index][entry] += side
                losses.append(plain_loss(inputs, targets, h_prev, moved))
            slope[entry] = (losses[0] - losses[1]) / (2 * epsilon)
        slopes.append(slope)
    return slopes


@pytest.mark.parametrize(("H", "V", "shape"), SHAPES)
def test_every_gradient_agrees_with_central_differences(H, V, shape):
    inputs, targets, h_prev, parameters = random_case(H, V, shape, 0)
    gradients = gradients_of(inputs, targets, h_prev, parameters)
    assert isinstance(gradients, rnn.Parameters)
    for name, gradient, slope in zip(NAMES, gradients, measured_slopes(inputs, targets, h_prev, parameters)):
        assert gradient.shape == slope.shape, name
        error = np.abs(gradient - slope).max() / np.abs(slope).max()
        assert error < 1e-6, f"{name}: relative error {error:.1e}"


# ---------------------------------------------------------------- gradient_check


def backward_with(*, carry=1.0, before=0, scale=None, own=True):
    """A plain backward pass in loops, with switches for common mistakes."""

    def backward(inputs, targets, parameters, forward):
        W_xh, W_hh, W_hy, b_h, b_y = parameters
        d = rnn.Parameters(*[np.zeros_like(value) for value in parameters])
        h = forward.hidden
        from_after = np.zeros_like(h[0])
        for t in reversed(range(len(inputs))):
            dlogits = forward.probs[t].copy()
            dlogits[targets[t]] -= 1
            da = (W_hy.T @ dlogits + from_after) * (1 - h[t + 1] ** 2)
            d.W_hy[:] += np.outer(dlogits, h[t + 1])
            d.W_xh[:, inputs[t]] = da + (d.W_xh[:, inputs[t]] if own else 0)
            d.W_hh[:] += np.outer(da, h[t + before])
            d.b_h[:] += da
            d.b_y[:] += dlogits
            from_after = carry * W_hh.T @ da
        for name, factor in (scale or {}).items():
            getattr(d, name)[...] *= factor
        return d

    return backward


BROKEN = {  # the function, the parameters that it gets wrong, and the first time step
    "carry left out": (backward_with(carry=0), {"W_xh", "W_hh", "b_h"}, 1),
    "h[t] for h[t-1]": (backward_with(before=1), {"W_hh"}, 0),
    "W_xh overwritten, not added to": (backward_with(own=False), {"W_xh"}, 2),
    "twice all": (backward_with(scale=dict.fromkeys(NAMES, 2)), set(NAMES), 0),
    "a part in 10,000 off": (backward_with(scale={"W_hh": 1.0001}), {"W_hh"}, 0),
    "nan": (backward_with(scale={"b_y": math.nan}), {"b_y"}, 0),
    "inf": (backward_with(scale={"W_hy": -math.inf}), {"W_hy"}, 0),
}


def fixed_case():
    """Character 1 occurs again at step 2, so that overwriting instead of adding shows there first."""
    inputs, targets = np.array([1, 0, 1, 2, 3]), np.array([0, 1, 2, 3, 1])
    return inputs, targets, np.array([0.4, -0.3, 0.6]), random_network(3, 4, 0)


@pytest.mark.parametrize("mistake", BROKEN)
def test_gradient_check_finds_the_mistake_and_its_place(mistake):
    backward, names, time_step = BROKEN[mistake]
    inputs, targets, h_prev, parameters = fixed_case()
    verdict = engine.gradient_check(inputs, targets, h_prev, parameters, backward)
    assert not verdict.ok
    assert set(verdict.wrong) == names and verdict.worst.parameter in names
    assert verdict.time_step == time_step
    # What it reports is true: got is backward's entry, expected is the slope measured here.
    forward = RNN.forward(inputs, targets, h_prev, parameters)
    index = NAMES.index(verdict.worst.parameter)
    got = backward(inputs, targets, parameters, forward)[index]
    slopes = measured_slopes(inputs, targets, h_prev, parameters)[index]
    np.testing.assert_equal(verdict.worst.got, got[verdict.worst.entry])
    assert verdict.worst.expected == pytest.approx(slopes[verdict.worst.entry], rel=1e-6, abs=1e-8)
    if mistake not in ("nan", "inf"):
        assert abs(got - slopes).max() == pytest.approx(abs(got - slopes)[verdict.worst.entry], rel=1e-4)
    entry = ", ".join(str(index) for index in verdict.worst.entry)
    assert "FAILED" in repr(verdict) and f"worst in {verdict.worst.parameter}[{entry}]:" in repr(verdict)
    assert f"Wrong: {', '.join(verdict.wrong)}. Right: " in repr(verdict)
    assert f"time step {time_step}." in repr(verdict)


def test_gradient_check_passes_what_is_right():
    for shape in [(5,), (4, 2)]:
        inputs, targets, h_prev, parameters = random_case(3, 4, shape, 1)
        verdict = engine.gradient_check(inputs, targets, h_prev, parameters)
        assert (verdict.ok, verdict.wrong, verdict.time_step) == (True, (), None)
        assert 0 < verdict.worst.relative_error < 1e-6
        assert verdict.worst.parameter in NAMES and repr(verdict).startswith("Gradient check passed")
    given = np.zeros(3, int), np.zeros(3, int), np.zeros(2), random_network(2, 1, 0)
    assert engine.gradient_check(*given).worst.relative_error == 0, "of one character every guess is right"
    assert engine.gradient_check(*fixed_case(), backward_with()).ok


def test_gradient_check_with_streams_finds_a_mistake():
    def first_stream_only(inputs, targets, parameters, forward):
        one = rnn.ForwardPass(forward.loss, forward.probs[:, 0], forward.hidden[:, 0])
        return rnn.backward_pass(inputs[:, 0], targets[:, 0], parameters, one)

    verdict = engine.gradient_check(*random_case(3, 4, (4, 2), 1), first_stream_only)
    assert not verdict.ok and verdict.time_step == 0


@pytest.mark.parametrize("what", ["probs", "parameters", "hidden", "ids"])
def test_a_backward_that_changes_its_arguments_is_caught_and_spoils_nothing(what):
    def backward(inputs, targets, parameters, forward):
        spoiled = {"probs": forward.probs, "parameters": parameters.W_hh, "hidden": forward.hidden, "ids": inputs}[what]
        spoiled[...] = 0
        return rnn.backward_pass(inputs, targets, parameters, forward)

    inputs, targets, h_prev, parameters = fixed_case()
    given = [inputs, targets, h_prev, *parameters]
    before = [array.copy() for array in given]
    verdict = engine.gradient_check(inputs, targets, h_prev, parameters, backward)
    assert all(np.array_equal(a, b) for a, b in zip(given, before)) and not verdict.ok
    slopes = measured_slopes(inputs, targets, h_prev, parameters)[NAMES.index(verdict.worst.parameter)]
    assert verdict.worst.expected == pytest.approx(slopes[verdict.worst.entry], rel=1e-6, abs=1e-8), "it was poisoned"


def test_an_error_is_relative_to_the_largest_entry():
    """If the output weights are small, so are the gradients of everything before them."""
    inputs, targets, h_prev, parameters = fixed_case()
    parameters = parameters._replace(W_hy=0.01 * parameters.W_hy)
    slopes = dict(zip(NAMES, measured_slopes(inputs, targets, h_prev, parameters)))
    size = np.abs(slopes["W_xh"]).max()
    assert 1e-3 * np.abs(slopes["b_y"]).max() < size < 0.03

    def off(*given):
        gradients = rnn.backward_pass(*given)
        gradients.W_xh[2, 1] += 1e-5
        return gradients

    verdict = engine.gradient_check(inputs, targets, h_prev, parameters, off)
    assert verdict.worst.entry == (2, 1) and (verdict.wrong, verdict.right) == (NAMES[:1], NAMES[1:])
    assert verdict.worst.relative_error == pytest.approx(1e-5 / size, rel=1e-3)
    assert f"(relative error {1e-5 / size:.1g})" in repr(verdict)


def test_gradient_check_refuses_what_is_not_finite():
    inputs, targets, h_prev, parameters = fixed_case()

    def says(h_prev=h_prev, parameters=parameters, change=lambda loss: loss):
        def forward(*given):
            result = rnn.forward_pass(*given)
            return result._replace(loss=change(result.loss))

        model = RNN._replace(forward=forward)
        return message_of(ValueError, engine.gradient_check, inputs, targets, h_prev, parameters, model=model)

    with every_case() as case:
        with case("nan in h_prev"):
            message = says(h_prev=np.array([0.1, math.nan, 0.2]))
            assert message.startswith("The loss is nan") and "h_prev" in message
        with case("nan in W_hh"):
            message = says(parameters=parameters._replace(W_hh=math.nan * parameters.W_hh))
            assert message.startswith("The loss is nan") and message.endswith("nan or inf in W_hh.")
        for bad in (math.nan, math.inf):
            with case(f"forward returns {bad}"):
                message = says(change=lambda loss: bad)  # noqa: B023  used in this round only
                assert message.startswith(f"The loss is {bad}") and "forward" in message


def test_slopes_that_are_whole_numbers_are_not_cut_off():
    """As whoever tries the function by hand types them."""
    parameters = rnn.Parameters(*[np.eye(2)] * 3, *[np.zeros(2)] * 2)
    da = rnn.hidden_gradients(np.array([[1, 2], [3, 4]]), np.full((3, 2), 0.5), parameters)
    assert da.tolist() == [[2.4375, 3.75], [2.25, 3.0]]
