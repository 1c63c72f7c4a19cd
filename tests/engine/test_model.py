"""The model: softmax, loss, initial parameters, one step, and the forward pass against plain loops."""

import math

import numpy as np
import pytest
from helpers import message_of, random_case, random_network

import rnn_helpers as rnn
from course import engine

SHAPES = [(1, 2, 1), (3, 4, 5), (7, 5, 12), (10, 30, 4)]  # H, V, T
SEEDS = [0, 1, 2]


def random_sequence(vocab_size, shape, seed):
    rng = np.random.default_rng(seed + 1000)
    return rng.integers(0, vocab_size, shape), rng.integers(0, vocab_size, shape)


def plain_forward(inputs, targets, h, parameters):
    """The same model with nothing but loops and one-hot columns."""
    W_xh, W_hh, W_hy, b_h, b_y = [np.array(value, float) for value in parameters]
    loss, hidden, probs = 0.0, [np.array(h, float)], []
    for char_id, target in zip(inputs, targets):
        x = np.zeros(W_xh.shape[1])
        x[char_id] = 1
        a = [
            sum(W_xh[i, j] * x[j] for j in range(len(x)))
            + sum(W_hh[i, k] * hidden[-1][k] for k in range(len(b_h)))
            + b_h[i]
            for i in range(len(b_h))
        ]
        hidden.append(np.array([math.tanh(value) for value in a]))
        scores = W_hy @ hidden[-1] + b_y
        exps = [math.exp(score) for score in scores]
        probs.append(np.array(exps) / sum(exps))
        loss -= math.log(probs[-1][target])
    return loss, np.array(probs), np.array(hidden)


# ---------------------------------------------------------------- softmax and cross-entropy


@pytest.mark.parametrize("shape", [(1,), (5,), (3, 4), (2, 3, 6), (2, 1, 3, 5)])
@pytest.mark.parametrize("seed", SEEDS)
def test_softmax_is_exp_over_sum_along_the_last_axis(shape, seed):
    logits = np.random.default_rng(seed).normal(0, 3, shape)
    before = logits.copy()
    probs = rnn.softmax(logits)
    assert probs.shape == shape
    for row, scores in zip(probs.reshape(-1, shape[-1]), logits.reshape(-1, shape[-1])):
        exps = [math.exp(score) for score in scores]
        np.testing.assert_allclose(row, np.array(exps) / sum(exps), rtol=1e-13)
    np.testing.assert_allclose(probs.sum(axis=-1), 1, rtol=1e-14)
    for shift in [-1e4, -3.3, 700.0, 1e5]:
        np.testing.assert_allclose(rnn.softmax(logits + shift), probs, rtol=1e-9)
    assert np.array_equal(logits, before), "softmax must not change its argument"


def test_softmax_is_stable_and_takes_lists_and_integers():
    with np.errstate(over="raise", invalid="raise", divide="raise"):
        np.testing.assert_array_equal(rnn.softmax([1000, 1000, -1000]), [0.5, 0.5, 0])
        np.testing.assert_array_equal(rnn.softmax([[-1e6, -1e6]]), [[0.5, 0.5]])
        np.testing.assert_array_equal(rnn.softmax([[0, 0, 0, 0]]), np.full((1, 4), 0.25))
    assert rnn.softmax(np.zeros(3, np.float32)).dtype == np.float32


@pytest.mark.parametrize("shape", [(1,), (6,), (4, 3)])
@pytest.mark.parametrize("seed", SEEDS)
def test_cross_entropy_is_the_sum_of_minus_ln(shape, seed):
    rng = np.random.default_rng(seed)
    probs = rng.dirichlet(np.ones(5), shape)
    targets = rng.integers(0, 5, shape)
    loss = rnn.cross_entropy(probs, targets)
    assert type(loss) is float
    expected = -sum(math.log(probs[place][targets[place]]) for place in np.ndindex(shape))
    assert loss == pytest.approx(expected, rel=1e-13)
    assert rnn.cross_entropy(probs.tolist(), targets.tolist()) == loss


@pytest.mark.parametrize(
    ("probs", "targets", "word"),
    [
        (np.full((3, 4), 0.25), [0, 1, -1], "id -1:"),
        (np.full((3, 4), 0.25), [0, 1, 4], "id 4:"),
        (np.full((3, 4), 0.25), [0, 1, 2.0], "float64"),
        (np.full((3, 4), 0.25), [0, 1], "(2,)"),
        (np.full((3, 2, 4), 0.25), [0, 1, 2], "(3,)"),
    ],
)
def test_bad_targets_of_cross_entropy(probs, targets, word):
    assert word in message_of(ValueError, rnn.cross_entropy, probs, targets)


def test_each_row_has_its_own_largest_score():
    np.testing.assert_allclose(rnn.softmax([[1000.0, 0.0], [0.0, 0.0]]), [[1.0, 0.0], [0.5, 0.5]])


def test_a_sure_hit_costs_zero_not_minus_zero():
    assert math.copysign(1, rnn.cross_entropy(np.array([[1.0, 0.0]]), np.array([0]))) == 1


def test_the_kinds_of_ids():
    probs = np.full((2, 4), 0.25)
    assert rnn.cross_entropy(probs, np.array([1, 3], np.uint8)) == pytest.approx(2 * math.log(4))
    assert "bool" in message_of(ValueError, rnn.cross_entropy, probs, np.array([True, False]))


# ---------------------------------------------------------------- initial parameters


@pytest.mark.parametrize(("hidden_size", "vocab_size"), [(1, 1), (3, 4), (40, 7)])
@pytest.mark.parametrize("scale", [0.01, 2, "fan_in", "orthogonal"])
def test_initial_shapes_zero_biases_and_same_numbers_for_same_seed(hidden_size, vocab_size, scale):
    first, second, other = [
        engine.initialize_parameters(hidden_size, vocab_size, np.random.default_rng(seed), scale) for seed in (5, 5, 6)
    ]
    H, V = hidden_size, vocab_size
    assert first._fields == ("W_xh", "W_hh", "W_hy", "b_h", "b_y")
    assert [value.shape for value in first] == [(H, V), (H, H), (V, H), (H,), (V,)]
    assert all(value.dtype == np.float64 for value in first)
    assert not first.b_h.any() and not first.b_y.any()
    assert all(np.array_equal(a, b) for a, b in zip(first, second))
    assert not np.array_equal(first.W_xh, other.W_xh)


def test_initial_weights_have_the_asked_spread():
    H, V = 200, 50
    rng = np.random.default_rng
    for scale in [0.01, 0.5]:
        for W in engine.initialize_parameters(H, V, rng(0), scale)[:3]:
            assert W.std() == pytest.approx(scale, rel=0.03) and abs(W.mean()) < 0.05 * scale
    assert np.array_equal(
        engine.initialize_parameters(H, V, rng(0)).W_hh, engine.initialize_parameters(H, V, rng(0), 0.01).W_hh
    )
    by_inputs = engine.initialize_parameters(H, V, rng(0), "fan_in")
    for W, number_of_inputs in zip(by_inputs, [V, H, H]):
        assert W.std() == pytest.approx(1 / math.sqrt(number_of_inputs), rel=0.03)
    rotation = engine.initialize_parameters(H, V, rng(0), "orthogonal")
    np.testing.assert_allclose(rotation.W_hh @ rotation.W_hh.T, np.eye(H), atol=1e-12)
    assert np.array_equal(rotation.W_xh, by_inputs.W_xh) and np.array_equal(rotation.W_hy, by_inputs.W_hy)


def test_random_rotations_turn_the_first_axis_to_both_sides():
    signs = [
        np.sign(engine.initialize_parameters(3, 2, np.random.default_rng(k), "orthogonal").W_hh[0, 0]) for k in range(60)
    ]
    assert 15 <= signs.count(1) <= 45  # without the sign correction qr gives nearly always -1


def test_first_initial_numbers_are_always_these():
    """The generator and the order of the draws (W_xh, W_hh, W_hy) are part of everyone's digits."""
    parameters = engine.initialize_parameters(3, 4, np.random.default_rng(0))
    np.testing.assert_allclose(
        parameters.W_xh[0, :3], [0.001257302210933933, -0.0013210486329130189, 0.006404226504432821], rtol=1e-12
    )
    assert parameters.W_hh[0, 0] == pytest.approx(-0.023250307746388345, rel=1e-12)
    assert parameters.W_hy[0, 0] == pytest.approx(0.013664634705496859, rel=1e-12)


@pytest.mark.parametrize("size", [0, -3, 2.5, 2.0, "3", None, float("nan")])
@pytest.mark.parametrize("name", ["hidden_size", "vocab_size"])
def test_bad_sizes(name, size):
    sizes = {"hidden_size": 3, "vocab_size": 4, name: size}
    message = message_of(ValueError, engine.initialize_parameters, **sizes, rng=np.random.default_rng(0))
    assert message.startswith(f"{name} is {size!r}:") and "1 or more" in message


@pytest.mark.parametrize("scale", [0, -0.1, math.nan, math.inf, None, "big"])
def test_bad_scales(scale):
    assert f"{scale!r}:" in message_of(ValueError, engine.initialize_parameters, 3, 4, np.random.default_rng(0), scale)


@pytest.mark.parametrize(("hidden_size", "vocab_size"), [(1, 1), (3, 4), (75, 35)])
def test_the_number_of_parameters(hidden_size, vocab_size):
    parameters = engine.initialize_parameters(hidden_size, vocab_size, np.random.default_rng(0))
    assert engine.count_parameters(hidden_size, vocab_size) == sum(value.size for value in parameters)


# ---------------------------------------------------------------- one step


@pytest.mark.parametrize("seed", SEEDS)
def test_steps_and_output_probs_one_by_one_are_the_forward_pass(seed):
    inputs, targets, h, parameters = random_case(5, 4, (7,), seed)
    forward = rnn.forward_pass(inputs, targets, h, parameters)
    given = [h.copy(), *[value.copy() for value in parameters]]
    for char_id, probs, h_next in zip(inputs, forward.probs, forward.hidden[1:]):
        before = h.copy()
        after = rnn.rnn_step(char_id, h, parameters)
        assert np.array_equal(h, before), "the state given stays as it is"
        h = after
        np.testing.assert_allclose(h, h_next, rtol=1e-11)
        np.testing.assert_allclose(rnn.output_probs(h, parameters), probs, rtol=1e-11)
    assert all(np.array_equal(a, b) for a, b in zip(given[1:], parameters))


@pytest.mark.parametrize("shape", [(), (1,), (6,), (5, 3), (2, 1, 3)])
def test_output_probs_of_any_number_of_states(shape):
    parameters = random_network(3, 4, 0)
    states = np.random.default_rng(1).uniform(-1, 1, (*shape, 3))
    probs = rnn.output_probs(states, parameters)
    assert probs.shape == (*shape, 4)
    for place in np.ndindex(shape):
        exps = [math.exp(parameters.W_hy[v] @ states[place] + parameters.b_y[v]) for v in range(4)]
        np.testing.assert_allclose(probs[place], np.array(exps) / sum(exps), rtol=1e-13)


# ---------------------------------------------------------------- forward pass


@pytest.mark.parametrize(("H", "V", "T"), SHAPES)
@pytest.mark.parametrize("seed", SEEDS)
def test_forward_pass_equals_plain_loops(H, V, T, seed):
    parameters = random_network(H, V, seed)
    inputs, targets = random_sequence(V, T, seed)
    h_prev = np.random.default_rng(seed).uniform(-1, 1, H)
    before = [np.array(value) for value in (inputs, targets, h_prev, *parameters)]
    forward = rnn.forward_pass(inputs, targets, h_prev, parameters)

    loss, probs, hidden = plain_forward(inputs, targets, h_prev, parameters)
    assert forward._fields == ("loss", "probs", "hidden")
    assert type(forward.loss) is float
    assert forward.probs.shape == (T, V) and forward.hidden.shape == (T + 1, H)
    assert forward.loss == pytest.approx(loss, rel=1e-12)
    np.testing.assert_allclose(forward.probs, probs, rtol=1e-11)
    np.testing.assert_allclose(forward.hidden, hidden, rtol=1e-11, atol=1e-14)
    assert np.array_equal(forward.hidden[0], h_prev), "row 0 is the state that came in"
    forward.hidden[:] = 9  # the result shares no memory with what was given
    assert all(np.array_equal(a, b) for a, b in zip(before, (inputs, targets, h_prev, *parameters)))


@pytest.mark.parametrize(("H", "V", "T"), SHAPES)
@pytest.mark.parametrize("B", [1, 2, 5])
def test_streams_equal_separate_runs(H, V, T, B):
    parameters = random_network(H, V, B)
    inputs, targets = random_sequence(V, (T, B), 7)
    h_prev = np.random.default_rng(8).uniform(-1, 1, (B, H))
    together = rnn.forward_pass(inputs, targets, h_prev, parameters)
    assert together.probs.shape == (T, B, V) and together.hidden.shape == (T + 1, B, H)
    alone = [rnn.forward_pass(inputs[:, b], targets[:, b], h_prev[b], parameters) for b in range(B)]
    assert together.loss == pytest.approx(sum(one.loss for one in alone), rel=1e-12)
    for b, one in enumerate(alone):
        np.testing.assert_allclose(together.probs[:, b], one.probs, rtol=1e-11)
        np.testing.assert_allclose(together.hidden[:, b], one.hidden, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("shape", [(9,), (9, 3)])
@pytest.mark.parametrize("cut", [1, 4, 8])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_sequence_cut_in_two_gives_the_same(shape, cut, seed):
    parameters = random_network(4, 6, seed)
    inputs, targets = random_sequence(6, shape, seed)
    h_prev = np.random.default_rng(seed).uniform(-1, 1, (*shape[1:], 4))
    whole = rnn.forward_pass(inputs, targets, h_prev, parameters)
    left = rnn.forward_pass(inputs[:cut], targets[:cut], h_prev, parameters)
    right = rnn.forward_pass(inputs[cut:], targets[cut:], left.hidden[-1], parameters)
    assert left.loss + right.loss == pytest.approx(whole.loss, rel=1e-12)
    np.testing.assert_allclose(np.concatenate([left.probs, right.probs]), whole.probs, rtol=1e-11)
    np.testing.assert_allclose(np.concatenate([left.hidden, right.hidden[1:]]), whole.hidden, rtol=1e-11, atol=1e-14)


@pytest.mark.parametrize("V", [1, 2, 35, 100])
@pytest.mark.parametrize("T", [1, 50])
def test_a_uniform_model_loses_T_ln_V(V, T):
    zeros = rnn.Parameters(*[np.zeros_like(value) for value in random_network(3, V, 0)])
    inputs, targets = random_sequence(V, T, 0)
    loss = rnn.forward_pass(inputs, targets, np.zeros(3), zeros).loss
    assert loss == pytest.approx(T * math.log(V), rel=1e-13, abs=1e-13)
    if (T, V) == (50, 35):
        assert f"{loss:.2f}" == "177.77"
        fresh = engine.initialize_parameters(75, V, np.random.default_rng(0))
        assert rnn.forward_pass(inputs, targets, np.zeros(75), fresh).loss == pytest.approx(177.77, abs=0.1)


@pytest.mark.parametrize("seed", SEEDS)
def test_adding_one_number_to_all_scores_changes_nothing(seed):
    parameters = random_network(5, 6, seed)
    inputs, targets = random_sequence(6, 8, seed)
    shifted = parameters._replace(b_y=parameters.b_y + 123.0)
    a = rnn.forward_pass(inputs, targets, np.zeros(5), parameters)
    b = rnn.forward_pass(inputs, targets, np.zeros(5), shifted)
    assert b.loss == pytest.approx(a.loss, rel=1e-11)
    np.testing.assert_allclose(b.probs, a.probs, rtol=1e-10)


def test_the_state_carries_history():
    parameters = random_network(5, 6, 0)
    first = rnn.forward_pass([1, 3], [0, 0], np.zeros(5), parameters)
    second = rnn.forward_pass([2, 3], [0, 0], np.zeros(5), parameters)
    assert np.abs(first.probs[1] - second.probs[1]).max() > 0.01  # same letter, other history


def test_enormous_weights_do_not_overflow():
    parameters = random_network(5, 6, 0, scale=1e150)
    parameters = parameters._replace(W_hy=random_network(5, 6, 0).W_hy, b_y=np.zeros(6))
    with np.errstate(over="raise", invalid="raise"):
        forward = rnn.forward_pass([0, 1, 2], [1, 2, 3], np.zeros(5), parameters)
    assert math.isfinite(forward.loss) and np.abs(forward.hidden).max() <= 1


def test_float32_parameters_give_float32_results_close_to_float64():
    parameters = random_network(6, 5, 0)
    small = rnn.Parameters(*[value.astype(np.float32) for value in parameters])
    inputs, targets = random_sequence(5, 20, 0)
    a = rnn.forward_pass(inputs, targets, np.zeros(6), parameters)
    b = rnn.forward_pass(inputs, targets, np.zeros(6), small)
    assert b.hidden.dtype == b.probs.dtype == np.float32
    assert b.loss == pytest.approx(a.loss, rel=1e-5)


@pytest.mark.parametrize(
    ("inputs", "targets", "h_prev", "words"),
    [
        ([0, 4], [1, 2], np.zeros(3), ["inputs", "id 4:", "0 to 3"]),
        ([0, 1], [1, -1], np.zeros(3), ["targets", "id -1:", "0 to 3"]),
        ([0.0, 1.0], [1, 2], np.zeros(3), ["inputs", "float64", "whole numbers"]),
        ([0, 1], ["a", "b"], np.zeros(3), ["targets", "whole numbers"]),
        ([0, 1, 2], [1, 2], np.zeros(3), ["(3,)", "(2,)"]),
        (np.zeros((2, 2), int), np.zeros((2, 3), int), np.zeros((2, 3)), ["(2, 2)", "(2, 3)"]),
        ([], [], np.zeros(3), ["(0,)", "at least 1"]),
        (np.zeros((2, 2, 2), int), np.zeros((2, 2, 2), int), np.zeros(3), ["(2, 2, 2)", "(T, B)"]),
        ([0, 1], [1, 2], np.zeros(4), ["h_prev", "(4,)", "(3,)"]),
        (np.zeros((5, 2), int), np.zeros((5, 2), int), np.zeros(3), ["h_prev", "(3,)", "(2, 3)"]),
    ],
)
def test_bad_sequences(inputs, targets, h_prev, words):
    message = message_of(ValueError, rnn.forward_pass, inputs, targets, h_prev, random_network(3, 4, 0))
    assert all(word in message for word in words), message
