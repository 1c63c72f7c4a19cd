"""The cells of lesson 12, the task, and places in a line. What exercises own is tested by their answers."""

import numpy as np
import pytest
from helpers import random_case

from course.engine import RNN, gradient_check, initialize_rnn
from course.models.gates import (
    GRU,
    GRUParameters,
    flip_flop,
    gru_forward,
    gru_step,
    judged_by,
    leaky,
    line_positions,
    share_right,
    sigmoid,
)
from rnn_helpers import (
    Corpus,
    Parameters,
    backward_pass,
    cross_entropy,
    forward_pass,
)


# ---------------------------------------------------------------- leaky
def test_a_leaky_step_by_hand():
    zeros = Parameters(np.zeros((1, 2)), np.zeros((1, 1)), np.zeros((2, 1)), np.zeros(1), np.zeros(2))
    forward = leaky(0.9).forward(np.array([0, 1]), np.array([1, 0]), np.array([1.0]), zeros)
    np.testing.assert_allclose(forward.hidden[:, 0], [1, 0.9, 0.81])


def test_each_unit_may_keep_a_share_of_its_own():
    zeros = Parameters(np.zeros((3, 2)), np.zeros((3, 3)), np.zeros((2, 3)), np.zeros(3), np.zeros(2))
    mixed = leaky(np.array([0, 0.5, 0.9]))
    forward = mixed.forward(np.array([0, 1]), np.array([1, 0]), np.ones(3), zeros)
    np.testing.assert_allclose(forward.hidden, [[1, 1, 1], [0, 0.5, 0.9], [0, 0.25, 0.81]])
    assert mixed.title == "leaky 1 x 0, 1 x 0.5, 1 x 0.9"


def test_mixed_shares_that_make_no_sense_are_refused():
    with pytest.raises(ValueError, match=r"^keep\[1\] is .*: it must be a number from 0 to below 1"):
        leaky(np.array([0.5, 1]))
    with pytest.raises(ValueError, match=r"^keep has 2 shares and hidden_size is 3: each unit needs one"):
        leaky(np.array([0.5, 0.9])).initialize(3, 5, np.random.default_rng(0))


# ---------------------------------------------------------------- GRU
def test_the_sequence_is_the_step_again_and_again():
    rng, (inputs, targets, h, _) = np.random.default_rng(0), random_case(4, 5, (6,), 0)
    parameters = GRUParameters(*[rng.normal(0, 0.6, value.shape) for value in GRU.initialize(4, 5, rng)])
    forward = gru_forward(inputs, targets, h, parameters)
    for t, char_id in enumerate(inputs):
        h, r, z, n = gru_step(char_id, h, parameters)
        np.testing.assert_allclose(forward.hidden[t + 1], h, atol=1e-14)
        np.testing.assert_allclose(forward.gates[t], np.concatenate([r, z]), atol=1e-14)
        np.testing.assert_allclose(forward.new[t], n, atol=1e-14)
    assert np.isclose(forward.loss, cross_entropy(forward.probs, targets))


def test_sigmoid_lies_between_0_and_1_and_never_overflows():
    with np.errstate(all="raise"):
        values = sigmoid(np.array([-1e4, -np.log(3), 0, np.log(3), 1e4]))
    np.testing.assert_allclose(values, [0, 0.25, 0.5, 0.75, 1], atol=1e-15)


def test_at_first_the_gates_that_keep_are_open():
    """Otherwise a slope would shrink by half at each step before anything is learned."""
    gru = GRU.initialize(100, 50, np.random.default_rng(0), "fan_in")
    assert (gru.b_z == 1).all() and not gru.b_r.any() and not gru.b_n.any()
    assert np.isclose(gru.W_hn.std(), 0.1, rtol=0.05) and np.isclose(gru.W_xn.std(), 50**-0.5, rtol=0.05)


# ---------------------------------------------------------------- flip-flop
def test_only_what_comes_after_a_read_is_judged():
    rng = np.random.default_rng(0)
    corpus = Corpus("flips", "".join(flip_flop(6, rng) for _ in range(4)))
    parameters = initialize_rnn(4, corpus.vocab_size, rng, 0.5)
    inputs, targets, h_prev = corpus.ids[:30], corpus.ids[1:31], np.zeros(4)
    model = judged_by(RNN, corpus, "r")
    asked = np.array([char == "r" for char in corpus.text[:30]])
    plain = forward_pass(inputs, targets, h_prev, parameters)
    forward = model.forward(inputs, targets, h_prev, parameters)
    assert np.isclose(forward.loss, cross_entropy(plain.probs[asked], targets[asked])) and 0 < asked.sum() < 15
    assert gradient_check(inputs, targets, h_prev, parameters, model=model).ok
    assert not np.allclose(
        model.backward(inputs, targets, parameters, forward).W_hh,
        backward_pass(inputs, targets, parameters, plain).W_hh,
    )


def test_the_share_of_right_guesses():
    """A network of zeros with a bias always guesses the same letter."""
    rng = np.random.default_rng(2)
    texts = [flip_flop(10, rng) for _ in range(50)]
    corpus = Corpus("flips", "".join(texts))
    always_b = initialize_rnn(2, corpus.vocab_size, rng, 1e-9)
    always_b.b_y[corpus.chars.index("b")] = 5
    read = [letter for text in texts for instruction, letter in zip(text[::2], text[1::2]) if instruction == "r"]
    assert np.isclose(share_right(RNN, always_b, corpus, texts, "r"), read.count("b") / len(read))


# ---------------------------------------------------------------- looking into a state
def test_positions_in_the_line():
    assert line_positions("ab\n\ncde").tolist() == [1, 2, 0, 0, 1, 2, 3]
