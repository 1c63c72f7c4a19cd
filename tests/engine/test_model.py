"""The network: softmax, loss, one step, and the forward pass against plain loops."""

import math

import numpy as np
import pytest
from helpers import every_case, message_of, random_case, random_network
from own_models import plain_forward

import rnn_helpers as rnn
from course import engine
from course.engine import RNN

# ---------------------------------------------------------------- softmax and cross-entropy


@pytest.mark.filterwarnings("error")
def test_scores_of_any_finite_size_give_probabilities():
    rng = np.random.default_rng(6)
    with every_case() as case:
        for size in (0.0, 1e-308, 1.0, 700.0, 1e5, 1e200, 1e307):
            with case(size):
                probs = rnn.softmax(size * rng.standard_normal((2, 3, 4)))
                assert np.isfinite(probs).all() and (probs >= 0).all()
                assert probs.sum(axis=-1) == pytest.approx(1, abs=1e-12)
    assert rnn.softmax(np.array([-np.inf, 0.0, -np.inf])).tolist() == [0, 1, 0], "what is ruled out stays so"
    rows = rnn.softmax(np.array([[1000.0, 0.0], [0.0, 0.0]]))
    np.testing.assert_allclose(rows, [[1, 0], [0.5, 0.5]], err_msg="each row has its own largest score")
    assert rnn.softmax(np.zeros(3, np.float32)).dtype == np.float32


@pytest.mark.parametrize("shape", [(6,), (4, 3)])
def test_the_loss_is_the_sum_of_minus_ln(shape):
    rng = np.random.default_rng(0)
    probs, targets = rng.dirichlet(np.ones(5), shape), rng.integers(0, 5, shape)
    expected = -sum(math.log(probs[place][targets[place]]) for place in np.ndindex(shape))
    loss = engine.loss_of(probs, targets)
    assert type(loss) is float and loss == pytest.approx(expected, rel=1e-13)
    assert engine.loss_of(probs.tolist(), targets.astype(np.uint8)) == loss
    if len(shape) == 1:
        assert rnn.cross_entropy(probs, targets) == pytest.approx(expected, rel=1e-13)
    assert math.copysign(1, engine.loss_of(np.array([[1.0, 0.0]]), np.array([0]))) == 1, "0.0, not -0.0"


# ---------------------------------------------------------------- forward pass


@pytest.mark.parametrize(("H", "V", "T"), [(1, 2, 1), (7, 5, 12), (10, 30, 4)])
def test_forward_pass_equals_plain_loops(H, V, T):
    inputs, targets, h_prev, parameters = random_case(H, V, (T,), 0)
    before = [np.array(value) for value in (inputs, targets, h_prev, *parameters)]
    forward = rnn.forward_pass(inputs, targets, h_prev, parameters)
    loss, probs, hidden = plain_forward(inputs, targets, h_prev, parameters)
    assert forward._fields == ("loss", "probs", "hidden")
    assert forward.probs.shape == (T, V) and forward.hidden.shape == (T + 1, H)
    assert forward.loss == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(forward.probs, probs, rtol=1e-11)
    np.testing.assert_allclose(forward.hidden, hidden, rtol=1e-11, atol=1e-14)
    assert np.array_equal(forward.hidden[0], h_prev), "row 0 is the state that came in"
    h = h_prev
    for char_id, one in zip(inputs, probs):
        h = rnn.rnn_step(char_id, h, parameters)
        np.testing.assert_allclose(rnn.output_probs(h, parameters), one, rtol=1e-11)
    forward.hidden[:] = 9  # the result shares no memory with the arguments
    assert all(np.array_equal(a, b) for a, b in zip(before, (inputs, targets, h_prev, *parameters)))


@pytest.mark.parametrize("forward", [rnn.forward_pass, RNN.forward])
def test_enormous_weights_do_not_overflow(forward):
    parameters = random_network(5, 6, 0, scale=1e150)
    parameters = parameters._replace(W_hy=random_network(5, 6, 0).W_hy, b_y=np.full(6, 1000.0))
    inputs, targets = np.array([0, 1, 2]), np.array([1, 2, 3])
    with np.errstate(over="raise", invalid="raise"):
        found = forward(inputs, targets, np.zeros(5), parameters)
        shifted = forward(inputs, targets, np.zeros(5), parameters._replace(b_y=np.zeros(6)))
    assert math.isfinite(found.loss) and np.abs(found.hidden).max() <= 1
    assert shifted.loss == pytest.approx(found.loss, rel=1e-11), "one number added to all scores changes nothing"


@pytest.mark.parametrize(
    ("inputs", "targets", "h_prev", "words"),
    [
        ([0, 4], [1, 2], np.zeros(3), ["inputs", "id 4:", "0 to 3"]),
        ([0, 1], [1, -1], np.zeros(3), ["targets", "id -1:", "0 to 3"]),
        ([0.0, 1.0], [1, 2], np.zeros(3), ["inputs", "float64", "whole numbers"]),
        ([0, 1], [True, False], np.zeros(3), ["targets", "bool", "whole numbers"]),
        ([0, 1, 2], [1, 2], np.zeros(3), ["(3,)", "(2,)"]),
        ([[0], [1, 2]], [1, 2], np.zeros(3), ["inputs", "different lengths"]),
        ([], [], np.zeros(3), ["(0,)", "at least 1"]),
        (np.zeros((2, 2, 2), int), np.zeros((2, 2, 2), int), np.zeros(3), ["(2, 2, 2)", "(T, B)"]),
        ([0, 1], [1, 2], np.zeros(4), ["The state h", "(4,)", "(3,)"]),
        (np.zeros((5, 2), int), np.zeros((5, 2), int), np.zeros(3), ["The state h", "(3,)", "(2, 3)"]),
        ([0, 1], [1, 2], [None] * 3, ["The state h", "object", "numbers"]),
    ],
)
def test_bad_sequences(inputs, targets, h_prev, words):
    message = message_of(ValueError, RNN.forward, inputs, targets, h_prev, random_network(3, 4, 0))
    assert all(word in message for word in words), message


def test_a_forward_pass_of_other_ids_is_refused():
    inputs, targets, h_prev, parameters = random_case(3, 4, (5,), 0)
    forward = RNN.forward(inputs, targets, h_prev, parameters)
    message = message_of(ValueError, RNN.backward, inputs[1:], targets[1:], parameters, forward)
    assert "probs (5, 4) and hidden (6, 3), for inputs (4,)" in message
