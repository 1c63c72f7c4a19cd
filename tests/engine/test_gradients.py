"""Backpropagation through time against slopes measured here, clipping, and gradient_check against broken functions."""

import math

import numpy as np
import pytest
from helpers import NAMES, every_case, message_of, random_case, random_network

import rnn_helpers as rnn
from course import engine
from course.engine import RNN

SHAPES = [(1, 2, (1,)), (3, 4, (6,)), (5, 3, (12,)), (2, 7, (5,)), (3, 4, (1, 1)), (3, 4, (5, 2)), (4, 3, (3, 4))]


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


# ---------------------------------------------------------------- backward pass


@pytest.mark.parametrize(("H", "V", "shape"), SHAPES)
def test_every_gradient_agrees_with_central_differences(H, V, shape):
    inputs, targets, h_prev, parameters = random_case(H, V, shape, 0)
    gradients = gradients_of(inputs, targets, h_prev, parameters)
    assert isinstance(gradients, rnn.Parameters)
    for name, gradient, slope in zip(NAMES, gradients, measured_slopes(inputs, targets, h_prev, parameters)):
        assert gradient.shape == slope.shape, name
        error = np.abs(gradient - slope).max() / np.abs(slope).max()
        assert error < 1e-6, f"{name}: relative error {error:.1e}"


def test_gradients_of_a_long_sequence_without_the_last_ones_weight():
    """The first character's share reaches W_xh through all later steps, and is still exact 40 steps back."""
    inputs, targets = np.array([0] + [1] * 40), np.array([2] * 41)
    h_prev, parameters = np.array([0.3, -0.2, 0.1]), random_network(3, 4, 0)
    parameters = parameters._replace(W_hh=np.linalg.qr(parameters.W_hh)[0] * 1.1, W_xh=parameters.W_xh * 0.1)
    gradients = gradients_of(inputs, targets, h_prev, parameters)
    slope = measured_slopes(inputs, targets, h_prev, parameters)[0]
    assert np.abs(slope[:, 0]).max() > 1e-3
    np.testing.assert_allclose(gradients.W_xh[:, 0], slope[:, 0], rtol=1e-5, atol=1e-8)
    assert not gradients.W_xh[:, 3].any(), "a character that never came has no gradient"


@pytest.mark.parametrize("B", [1, 3])
def test_gradients_of_streams_are_the_sum_of_separate_ones(B):
    inputs, targets, h_prev, parameters = random_case(4, 5, (7, B), B)
    together = gradients_of(inputs, targets, h_prev, parameters)
    alone = [gradients_of(inputs[:, b], targets[:, b], h_prev[b], parameters) for b in range(B)]
    for name, whole, parts in zip(NAMES, together, zip(*alone)):
        np.testing.assert_allclose(whole, sum(parts), rtol=1e-11, atol=1e-13, err_msg=name)


@pytest.mark.parametrize("shape", [(6,), (5, 2)])
def test_the_way_back_changes_nothing_and_repeats(shape):
    inputs, targets, h_prev, parameters = random_case(3, 4, shape, 4)
    forward = RNN.forward(inputs, targets, h_prev, parameters)
    given = [inputs, targets, *parameters, forward.probs, forward.hidden]
    before = [array.copy() for array in given]
    first = RNN.backward(inputs, targets, parameters, forward)
    second = RNN.backward(inputs.tolist(), targets.tolist(), parameters, forward)
    if len(shape) == 1:
        rnn.backward_pass(inputs, targets, parameters, forward)
    assert all(np.array_equal(a, b) for a, b in zip(given, before))
    assert all(np.array_equal(a, b) for a, b in zip(first, second))


def test_float32_gradients():
    inputs, targets, h_prev, parameters = random_case(4, 5, (8, 2), 6)
    small = rnn.Parameters(*[value.astype(np.float32) for value in parameters])
    a, b = [gradients_of(inputs, targets, h_prev, one) for one in (parameters, small)]
    for name, wide, narrow in zip(NAMES, a, b):
        assert narrow.dtype == np.float32, name
        np.testing.assert_allclose(narrow, wide, rtol=1e-3, atol=1e-4, err_msg=name)


# ---------------------------------------------------------------- its pieces


@pytest.mark.parametrize("x", [[[0.5, -2.0, 3.0], [1.0, 0.0, -1.0]], [2, -1], 1.5, []])
def test_numerical_gradient_of_a_cube_is_three_squares(x):
    x = np.array(x)
    before = x.copy()

    def cubes(value):
        assert type(value) is np.ndarray and value.dtype == float
        assert np.array_equal(x, before), "the array given stays as it is, also on the way"
        return float((value**3).sum())

    slopes = rnn.numerical_gradient(cubes, x)
    assert slopes.shape == x.shape and slopes.dtype == np.float64
    np.testing.assert_allclose(slopes, 3.0 * x**2, rtol=1e-8, atol=1e-9)
    # The error is the square of the step: (x + e)**3 - (x - e)**3 = 2e (3 x**2 + e**2).
    coarse = rnn.numerical_gradient(cubes, x, epsilon=0.1)
    np.testing.assert_allclose(coarse, 3.0 * x**2 + 0.01, rtol=1e-10)


def test_the_slope_of_the_loss_for_each_score():
    """softmax_gradient, central differences and backward_pass agree."""
    inputs, targets, h_prev, parameters = random_case(3, 5, (6,), 0)
    forward = rnn.forward_pass(inputs, targets, h_prev, parameters)
    scores = forward.hidden[1:] @ parameters.W_hy.T + parameters.b_y
    before = scores.copy()
    slopes = rnn.softmax_gradient(scores, targets)
    assert slopes.shape == (6, 5) and np.array_equal(scores, before)
    measured = rnn.numerical_gradient(lambda z: rnn.cross_entropy(rnn.softmax(z), targets), scores)
    np.testing.assert_allclose(slopes, measured, atol=1e-9)
    expected = forward.probs.copy()
    for t, target in enumerate(targets):
        expected[t, target] -= 1
    np.testing.assert_allclose(slopes, expected, rtol=1e-12, atol=1e-15)
    gradients = rnn.backward_pass(inputs, targets, parameters, forward)
    np.testing.assert_allclose(gradients.b_y, slopes.sum(axis=0), rtol=1e-11, atol=1e-14)
    np.testing.assert_allclose(gradients.W_hy, slopes.T @ forward.hidden[1:], rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("shape", [(3,), (4, 3)])
def test_tanh_backward_is_the_slope_of_tanh(shape):
    a, dh = np.random.default_rng(0).normal(0, 1, (2, *shape))
    measured = rnn.numerical_gradient(lambda value: float((dh * np.tanh(value)).sum()), a)
    np.testing.assert_allclose(rnn.tanh_backward(dh, np.tanh(a)), measured, rtol=1e-7, atol=1e-10)


@pytest.mark.parametrize("shape", [(1,), (6,), (5, 2)])
def test_hidden_and_weight_gradients_equal_plain_loops(shape):
    inputs, targets, h_prev, parameters = random_case(3, 4, shape, 2)
    hidden = RNN.forward(inputs, targets, h_prev, parameters).hidden
    dh = np.random.default_rng(3).normal(0, 1, hidden[1:].shape)
    expected, sums = np.empty_like(dh), [np.zeros((3, 4)), np.zeros((3, 3)), np.zeros(3)]
    for place in np.ndindex(shape[1:]):
        later = np.zeros(3)
        for t in reversed(range(shape[0])):
            one = (dh[t][place] + later) * (1 - hidden[t + 1][place] ** 2)
            later = parameters.W_hh.T @ one
            expected[t][place] = one
            sums[0][:, inputs[t][place]] += one
            sums[1] += np.outer(one, hidden[t][place])
            sums[2] += one
    found = [engine.weight_gradients_of(inputs, hidden, expected, 4)]
    if len(shape) == 1:
        np.testing.assert_allclose(rnn.hidden_gradients(dh, hidden, parameters), expected, rtol=1e-12)
        found.append(rnn.weight_gradients(inputs, hidden, expected, 4))
    for gradients in found:
        for got, wanted in zip(gradients, sums, strict=True):
            np.testing.assert_allclose(got, wanted, rtol=1e-11, atol=1e-14)


# ---------------------------------------------------------------- clipping


@pytest.mark.parametrize("factor", [0.001, 0.5, 0.999])
def test_clipping_keeps_the_direction_and_sets_the_global_length(factor):
    gradients = random_network(4, 5, 0, scale=3)
    before = [value.copy() for value in gradients]
    flat = np.concatenate([value.ravel() for value in gradients])
    norm = math.sqrt((flat**2).sum())
    clipped = rnn.clip_gradients(gradients, factor * norm)
    assert isinstance(clipped, rnn.Parameters)
    for value, old in zip(clipped, before):
        np.testing.assert_allclose(value, factor * old, rtol=1e-12)
    assert all(np.array_equal(a, b) for a, b in zip(gradients, before)), "the gradients given stay as they were"


@pytest.mark.parametrize("factor", [1, 1.001, 1e6])
def test_clipping_leaves_small_gradients_alone(factor):
    gradients = random_network(4, 5, 0)
    norm = math.sqrt(sum((value**2).sum() for value in gradients)) * (1 + 1e-12)
    for value, old in zip(rnn.clip_gradients(gradients, factor * norm), gradients):
        assert np.array_equal(value, old)
    zeros = rnn.Parameters(*[np.zeros_like(value) for value in gradients])
    assert not any(value.any() for value in rnn.clip_gradients(zeros, 1.0))


# ---------------------------------------------------------------- gradient_check


def backward_with(
    *, carry=1.0, before=0, transpose=False, slope=True, scale=None, shift=0, wrong_target=False, last=False, own=True
):
    """A plain backward pass in loops, with switches for common mistakes."""

    def backward(inputs, targets, parameters, forward):
        W_xh, W_hh, W_hy, b_h, b_y = parameters
        d = rnn.Parameters(*[np.zeros_like(value) for value in parameters])
        h = forward.hidden
        from_after = np.zeros_like(h[0])
        for t in reversed(range(len(inputs))):
            dlogits = forward.probs[t].copy()
            dlogits[inputs[t] if wrong_target else targets[t]] -= 1
            dh = W_hy.T @ dlogits + from_after
            da = dh * (1 - h[t + 1 + shift] ** 2) if slope else dh
            d.W_hy[:] += np.outer(dlogits, h[t + 1])
            d.W_xh[:, inputs[t]] = da + (d.W_xh[:, inputs[t]] if own else 0)
            d.W_hh[:] += np.outer(da, h[t + before])
            d.b_h[:] += da
            d.b_y[:] += dlogits
            from_after = carry * ((W_hh if transpose else W_hh.T) @ da)
            if last:
                break
        for name, factor in (scale or {}).items():
            getattr(d, name)[...] *= factor
        return d

    return backward


HIDDEN_SIDE = {"W_xh", "W_hh", "b_h"}  # what depends on the recurrence
BROKEN = {
    "carry left out": (backward_with(carry=0), HIDDEN_SIDE, 1),
    "carry with the wrong sign": (backward_with(carry=-1), HIDDEN_SIDE, 1),
    "h[t] for h[t-1]": (backward_with(before=1), {"W_hh"}, 0),
    "W_hh transposed": (backward_with(transpose=True), HIDDEN_SIDE, 1),
    "no slope of tanh": (backward_with(slope=False), HIDDEN_SIDE, 0),
    "slope of the step before": (backward_with(shift=-1), HIDDEN_SIDE, 0),
    # b_y depends only on how often each character occurs, which is the same in inputs and targets here.
    "probs minus one-hot of the inputs": (backward_with(wrong_target=True), set(NAMES) - {"b_y"}, 0),
    "only the last step counted": (backward_with(last=True), set(NAMES), 1),
    "W_xh overwritten, not added to": (backward_with(own=False), {"W_xh"}, 2),
    "twice W_hy": (backward_with(scale={"W_hy": 2}), {"W_hy"}, 0),
    "twice all": (backward_with(scale=dict.fromkeys(NAMES, 2)), set(NAMES), 0),
    "b_y left out": (backward_with(scale={"b_y": 0}), {"b_y"}, 0),
    "a part in 10,000 off": (backward_with(scale={"W_hh": 1.0001}), {"W_hh"}, 0),
    "nan": (backward_with(scale={"b_y": math.nan}), {"b_y"}, 0),
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
    if mistake != "nan":
        assert abs(got - slopes).max() == pytest.approx(abs(got - slopes)[verdict.worst.entry], rel=1e-4)
    entry = ", ".join(str(index) for index in verdict.worst.entry)
    assert "FAILED" in repr(verdict) and f"worst in {verdict.worst.parameter}[{entry}]:" in repr(verdict)
    assert f"Wrong: {', '.join(verdict.wrong)}. Right: " in repr(verdict)
    assert f"time step {time_step}." in repr(verdict)


def test_gradient_check_passes_what_is_right():
    for H, V, shape in [(3, 4, (5,)), (3, 4, (4, 2))]:
        inputs, targets, h_prev, parameters = random_case(H, V, shape, 1)
        verdict = engine.gradient_check(inputs, targets, h_prev, parameters)
        assert (verdict.ok, verdict.wrong, verdict.time_step) == (True, (), None)
        assert 0 < verdict.worst.relative_error < 1e-6
        assert verdict.worst.parameter in NAMES and repr(verdict).startswith("Gradient check passed")
    given = np.zeros(3, int), np.zeros(3, int), np.zeros(2), random_network(2, 1, 0)
    assert engine.gradient_check(*given).worst.relative_error == 0, "of one character every guess is right"
    assert engine.gradient_check(*fixed_case(), backward_with()).ok
    assert not engine.gradient_check(*fixed_case(), backward_with(), tolerance=1e-14).ok


def test_gradient_check_with_streams_finds_a_mistake():
    def first_stream_only(inputs, targets, parameters, forward):
        one = rnn.ForwardPass(forward.loss, forward.probs[:, 0], forward.hidden[:, 0])
        return rnn.backward_pass(inputs[:, 0], targets[:, 0], parameters, one)

    verdict = engine.gradient_check(*random_case(3, 4, (4, 2), 1), first_stream_only)
    assert not verdict.ok and verdict.time_step == 0


SPOIL = {
    "probs": lambda inputs, targets, parameters, forward: forward.probs.__imul__(0.9),
    "weights": lambda inputs, targets, parameters, forward: parameters.W_hh.__imul__(-1),
    "hidden": lambda inputs, targets, parameters, forward: forward.hidden.__imul__(0.9),
    "ids": lambda inputs, targets, parameters, forward: inputs.fill(0),
    "nothing": lambda *given: None,
}


@pytest.mark.parametrize("what", SPOIL)
def test_a_backward_that_changes_its_arguments_is_caught_and_spoils_nothing(what):
    def backward(*given):
        SPOIL[what](*given)
        return rnn.backward_pass(*given)

    inputs, targets, h_prev, parameters = fixed_case()
    given = [inputs, targets, h_prev, *parameters]
    before = [array.copy() for array in given]
    verdict = engine.gradient_check(inputs, targets, h_prev, parameters, backward)
    assert all(np.array_equal(a, b) for a, b in zip(given, before))
    assert verdict.ok == (what == "nothing")
    slopes = measured_slopes(inputs, targets, h_prev, parameters)[NAMES.index(verdict.worst.parameter)]
    assert verdict.worst.expected == pytest.approx(slopes[verdict.worst.entry], rel=1e-6, abs=1e-8), "it was poisoned"


def off_by(name, entry, amount):
    """Return a backward_pass with one entry of one gradient wrong by an amount."""

    def backward(*given):
        gradients = rnn.backward_pass(*given)
        getattr(gradients, name)[entry] += amount
        return gradients

    return backward


def test_an_error_is_relative_to_the_largest_entry():
    """If the output weights are small, so are the gradients of everything before them."""
    inputs, targets, h_prev, parameters = fixed_case()
    parameters = parameters._replace(W_hy=0.01 * parameters.W_hy)
    slopes = dict(zip(NAMES, measured_slopes(inputs, targets, h_prev, parameters)))
    size = np.abs(slopes["W_xh"]).max()
    assert 1e-3 * np.abs(slopes["b_y"]).max() < size < 0.03
    verdict = engine.gradient_check(inputs, targets, h_prev, parameters, off_by("W_xh", (2, 1), 1e-5))
    assert verdict.worst.entry == (2, 1) and (verdict.wrong, verdict.right) == (NAMES[:1], NAMES[1:])
    assert verdict.worst.relative_error == pytest.approx(1e-5 / size, rel=1e-3)
    assert f"(relative error {1e-5 / size:.0e})" in repr(verdict)


def test_gradient_check_tolerance_and_step():
    def off(inputs, targets, parameters, forward):
        gradients = rnn.backward_pass(inputs, targets, parameters, forward)
        return gradients._replace(W_hh=gradients.W_hh * (1 + 1.2e-6))

    assert not engine.gradient_check(*fixed_case(), off).ok
    assert engine.gradient_check(*fixed_case(), off, tolerance=1.4e-6).ok
    # The error of central differences grows with the square of the step.
    coarse, fine = [
        engine.gradient_check(*fixed_case(), epsilon=step, tolerance=1).worst.relative_error for step in (1e-2, 1e-3)
    ]
    assert 80 < coarse / fine < 120


# ---------------------------------------------------------------- only finite numbers are right


def test_gradient_check_refuses_what_is_not_finite():
    inputs, targets, h_prev, parameters = fixed_case()

    def says(h_prev=h_prev, parameters=parameters, change=lambda loss, parameters: loss):
        def forward(*given):
            result = rnn.forward_pass(*given)
            return result._replace(loss=change(result.loss, given[-1]))

        model = RNN._replace(forward=forward)
        return message_of(ValueError, engine.gradient_check, inputs, targets, h_prev, parameters, model=model)

    with every_case() as case:
        with case("nan in h_prev"):
            message = says(h_prev=np.array([0.1, math.nan, 0.2]))
            assert message.startswith("The loss is nan") and "h_prev" in message
        for name in NAMES:
            with case(f"nan in {name}"):
                value = getattr(parameters, name).copy()
                value[(..., inputs[0]) if name == "W_xh" else (0,) * value.ndim] = math.nan
                message = says(parameters=parameters._replace(**{name: value}))
                assert message.startswith("The loss is nan") and message.endswith(f"nan or inf in {name}.")
        for bad in (math.nan, math.inf):
            with case(f"forward returns {bad}"):
                message = says(change=lambda loss, parameters: bad)  # noqa: B023  used in this round only
                assert message.startswith(f"The loss is {bad}") and "forward" in message
            with case(f"forward returns {bad} when one entry is moved"):
                message = says(change=lambda loss, p: loss if p.W_hh[1, 2] <= parameters.W_hh[1, 2] else bad)  # noqa: B023
                assert message.startswith("The measured slope of W_hh[1, 2] is not finite") and "1e-05" in message


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_a_gradient_that_is_not_finite_is_wrong(bad):
    for name in NAMES:
        verdict = engine.gradient_check(*fixed_case(), off_by(name, -1, bad))
        assert not verdict.ok and verdict.wrong == (name,) and verdict.worst.relative_error == math.inf
        assert "FAILED" in repr(verdict)
