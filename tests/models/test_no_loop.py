"""Recurrences without a loop, the minGRU, and attention."""

import numpy as np
import pytest

from course.models.no_loop import (
    as_matrix,
    attention,
    attention_backward,
    linear_loop,
    min_gru,
    scan,
    scan_backward,
)
from rnn_helpers import numerical_gradient

SHAPES = [(), (3,), (2, 3)]  # one unit, one stream, two streams
V = 5


@pytest.fixture
def rng():
    return np.random.default_rng(11)


def numbers(rng, T, *shape):
    return rng.uniform(0, 1, (T, *shape)), rng.normal(size=(T, *shape)), rng.normal(size=shape)


def some_parameters(model, S, rng):
    start = model.initialize(S, V, rng, "fan_in")
    return type(start)(*[value + 0.2 * rng.standard_normal(value.shape) for value in start])


# ---------------------------------------------------------------- the linear recurrence
@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("T", [1, 7, 8, 1024])
def test_scan_and_matrix_equal_the_loop(rng, T, shape):
    f, b, h_prev = numbers(rng, T, *shape)
    f[T // 2] = 0  # a closed gate
    given = f.copy(), b.copy(), np.array(h_prev)
    states = linear_loop(f, b, h_prev)
    np.testing.assert_allclose(scan(f, b, h_prev), states, rtol=1e-12, atol=1e-12)
    if T <= 100:
        first = b.copy()
        first[0] += f[0] * h_prev
        units = zip(f.reshape(T, -1).T, first.reshape(T, -1).T, states.reshape(T, -1).T)
        for of_f, of_b, of_states in units:
            np.testing.assert_allclose(as_matrix(of_f) @ of_b, of_states, rtol=1e-12, atol=1e-12)
    for value, before in zip((f, b, h_prev), given):
        assert np.array_equal(value, before), "an argument was changed"


@pytest.mark.parametrize("recurrence", [scan, linear_loop])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_way_back_agrees_with_measured_slopes(rng, shape, recurrence):
    f, b, h_prev = numbers(rng, 6, *shape)
    dh = rng.normal(size=b.shape)
    hidden = np.concatenate([h_prev[None], linear_loop(f, b, h_prev)])
    df, db = scan_backward(dh, f, hidden, recurrence)
    np.testing.assert_allclose(df, numerical_gradient(lambda f: (dh * linear_loop(f, b, h_prev)).sum(), f), atol=1e-8)
    np.testing.assert_allclose(db, numerical_gradient(lambda b: (dh * linear_loop(f, b, h_prev)).sum(), b), atol=1e-8)


# ---------------------------------------------------------------- attention
def test_attention_and_its_way_back(rng):
    q, k, v, do = rng.normal(size=(4, 5, 3))
    o, weights = attention(q, k, v)
    np.testing.assert_allclose(weights.sum(axis=-1), 1)
    assert not np.triu(weights, 1).any(), "nothing is read before it comes"
    np.testing.assert_allclose(o[0], v[0])  # the first step has only itself
    for place, value in enumerate(attention_backward(do, q, k, v, weights)):
        args = [q, k, v]

        def loss(x, args=args, place=place):
            return (do * attention(*args[:place], x, *args[place + 1 :])[0]).sum()

        np.testing.assert_allclose(value, numerical_gradient(loss, args[place]), atol=1e-8)


# ---------------------------------------------------------------- models
def test_only_look_back_and_layers_let_the_gate_see_the_letter_before(rng):
    models = {"minGRU": (min_gru(), 4), "look-back": (min_gru(look_back=True), 4), "layers": (min_gru(layers=2), 6)}
    for name, (model, S) in models.items():
        parameters = some_parameters(model, S, rng)
        gates = [
            model.forward(np.array([first, 2]), np.array([0, 0]), model.first_state(parameters), parameters).gates[-1][
                1
            ]
            for first in (1, 3)
        ]
        assert np.allclose(*gates) == (name == "minGRU"), name


def test_gates_begin_by_keeping_more_than_they_take(rng):
    parameters = min_gru(layers=2).initialize(60, V, rng)
    assert parameters.b_1.tolist() == parameters.b_2.tolist() == [1.0] * 30 + [0.0] * 30
