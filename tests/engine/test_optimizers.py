"""Steps of the optimizers compared with their papers, streams."""

import math

import numpy as np
import pytest
from helpers import random_network, train

import rnn_helpers as rnn
from course import engine

# ---------------------------------------------------------------- plain steps and Adam


def random_arrays(seed):
    return random_network(3, 4, seed, scale=1)


def zeros_like(arrays):
    return rnn.Parameters(*map(np.zeros_like, arrays))


@pytest.mark.parametrize(("name", "beta1", "beta2"), [("adam", 0.9, 0.999), ("adam_short", 0.7, 0.99)])
def test_adam_keeps_running_means_through_many_steps(name, beta1, beta2):
    """The textbook form, with m_hat and v_hat, one entry at a time."""
    parameters, rng = random_arrays(0), np.random.default_rng(2)
    m, v = zeros_like(parameters), zeros_like(parameters)
    place, value = (1, 2), float(parameters.W_xh[1, 2])
    mean = mean_of_squares = 0.0
    for step in range(1, 30):
        gradients = rnn.Parameters(*[rng.normal(0, 1, array.shape) for array in parameters])
        g = gradients.W_xh[place]
        mean, mean_of_squares = beta1 * mean + (1 - beta1) * g, beta2 * mean_of_squares + (1 - beta2) * g**2
        value -= 0.01 * (mean / (1 - beta1**step)) / (math.sqrt(mean_of_squares / (1 - beta2**step)) + 1e-8)
        engine.OPTIMIZERS[name][1](parameters, gradients, (m, v), step, 0.01)
        assert parameters.W_xh[place] == pytest.approx(value, rel=1e-12)


# ---------------------------------------------------------------- Muon


def newton_schulz(s):
    """Return what three rounds make of one singular value of a matrix of norm 1."""
    for _ in range(3):
        s = 3.4445 * s - 4.7750 * s**3 + 2.0315 * s**5
    return s


def with_singular_values(shape, low, high, rng):
    left, right = [np.linalg.qr(rng.normal(0, 1, (n, n)))[0] for n in shape]
    k = min(shape)
    return left[:, :k] @ np.diag(np.linspace(high, low, k)) @ right[:k]


@pytest.mark.parametrize("shape", [(1, 1), (4, 3), (6, 30)])
def test_a_matrix_moves_equally_far_in_every_direction(shape):
    """The singular vectors of a step are those of the running mean looking ahead; its singular values become alike."""
    rng = np.random.default_rng(sum(shape))
    W, m, v = rng.normal(0, 1, shape), np.zeros(shape), np.zeros(shape)
    mean = np.zeros(shape)
    for step in range(1, 5):
        gradient = with_singular_values(shape, 0.5, 3.0, rng)
        mean = 0.9 * mean + 0.1 * gradient
        ahead = 0.9 * mean + 0.1 * gradient
        before, given = W.copy(), gradient.copy()
        assert engine.muon_step([W], [gradient], [m], [v], step, 0.02) is None
        np.testing.assert_allclose(m, mean, rtol=1e-12, atol=1e-15)
        assert np.array_equal(gradient, given) and not v.any()
        left, values, right = np.linalg.svd(ahead, full_matrices=False)
        moved = left.T @ (before - W) @ right.T / (0.02 * 0.2 * math.sqrt(max(shape)))  # downhill is positive
        expected = newton_schulz(values / math.sqrt((values**2).sum()))
        np.testing.assert_allclose(moved, np.diag(expected), atol=1e-4)
        assert np.ptp(np.diag(moved)) < np.ptp(values) / values.max() or len(values) == 1


# ---------------------------------------------------------------- rates


def test_a_parameter_with_a_rate_of_its_own_takes_a_step_of_its_own(monkeypatch):
    """So no parameter has to be copied before a step, to move it further afterwards."""
    steps = []

    def record(parameters, gradients, means, step, rate):
        assert gradients._fields == means[0]._fields == means[1]._fields == parameters._fields
        steps.append((parameters._fields, rate))

    monkeypatch.setitem(engine.OPTIMIZERS, "recorded", (2, record))
    train(optimizer="recorded", learning_rate=0.25, num_epochs=1, rates={"W_xh": 8, "b_y": 0.5, "b_h": 8})
    assert steps == [(("W_xh", "b_h"), 2.0), (("W_hh", "W_hy"), 0.25), (("b_y",), 0.125)] * 16


# ---------------------------------------------------------------- a step of your own


def test_a_step_of_your_own_trains_under_its_name_and_then_the_name_is_free_again():
    def as_adam(parameters, gradients, means, step, rate):
        engine.adam_step(parameters, gradients, *means, step, rate)

    known = dict(engine.OPTIMIZERS)
    with engine.another_optimizer("mine", 2, as_adam):
        run = train(optimizer="mine")
    np.testing.assert_array_equal(run.losses, train(optimizer="adam").losses)
    with pytest.raises(ZeroDivisionError), engine.another_optimizer("mine", 2, as_adam):
        1 / 0  # noqa: B018
    assert known == engine.OPTIMIZERS
    taken = engine.another_optimizer("adam", 2, as_adam)
    with pytest.raises(ValueError, match="'adam' is the name of an optimizer of the course"), taken:
        pass


# ---------------------------------------------------------------- streams


@pytest.mark.parametrize(("length", "streams"), [(12, 1), (14, 3)])
def test_make_streams_cuts_consecutive_pieces(length, streams):
    ids = np.arange(100, 100 + length)
    table = engine.make_streams(ids, streams)
    piece = length // streams
    assert table.shape == (piece, streams)
    for b in range(streams):
        assert table[:, b].tolist() == ids[b * piece : (b + 1) * piece].tolist()
