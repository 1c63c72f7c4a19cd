"""Your own models: checked, trained, resumed, saved, sampled; and wrong ones refused."""

import dataclasses
import warnings
from typing import NamedTuple

import numpy as np
import pytest
from helpers import NAMES, TOY, assert_same_run, message_of, random_case, random_network, train
from own_models import GRU, PLAIN

import rnn_helpers as rnn
from course import engine

# ---------------------------------------------------------------- right models


def test_plain_functions_train_to_the_digits_of_the_rnn():
    recipe = {"optimizer": "adam", "decay": "linear", "init": "fan_in", "max_norm": 1.0}
    ours, theirs = train(**recipe), train(**recipe, model=PLAIN)
    np.testing.assert_allclose(theirs.losses, ours.losses, rtol=1e-9)
    np.testing.assert_allclose(theirs.h, ours.h, rtol=1e-7)
    for name, one, other in zip(NAMES, ours.parameters, theirs.parameters):
        np.testing.assert_allclose(other, one, rtol=1e-7, atol=1e-10, err_msg=name)


def test_the_rnn_writes_and_is_judged_the_same_whether_or_not_it_is_read_step_by_step():
    parameters = random_network(8, TOY.vocab_size, 3)
    for temperature in (0.3, 1e-9):
        settings = {"prompt": "over ", "temperature": temperature, "seed": 1}
        text = engine.sample(parameters, TOY, 100, **settings)
        assert text == engine.sample(parameters, TOY, 100, **settings, model=PLAIN)
    ids = np.tile(TOY.ids, 8)
    bits = engine.evaluate(parameters, ids)
    assert engine.evaluate(parameters, ids, model=PLAIN) == pytest.approx(bits, rel=1e-12)


def test_a_character_that_a_model_rules_out_is_never_written():
    def forward(inputs, targets, h_prev, parameters):
        probs = np.zeros((len(inputs), TOY.vocab_size))
        probs[:, 5] = 1
        return 0.0, probs, np.zeros((len(inputs) + 1, len(h_prev)))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        text = engine.sample(random_network(3, 28, 0), TOY, 20, model=engine.RNN._replace(forward=forward))
    assert text == TOY.chars[5] * 20


def test_a_model_may_return_lists():
    def forward(*given):
        loss, probs, hidden = PLAIN.forward(*given)
        return loss, list(probs), hidden.tolist()

    def backward(*given):
        return [gradient.tolist() for gradient in PLAIN.backward(*given)]

    def initialize(*given):
        return rnn.Parameters(*[value.tolist() for value in engine.initialize_rnn(*given)])

    assert_same_run(train(model=engine.Model(initialize, forward, backward)), train(model=PLAIN))


def test_a_forward_pass_that_writes_into_the_state_it_gets_spoils_nothing():
    def forward(inputs, targets, h_prev, parameters):
        result = PLAIN.forward(inputs, targets, h_prev, parameters)
        h_prev[:] = 9
        return result

    careless, (inputs, targets, h_prev, parameters) = PLAIN._replace(forward=forward), random_case(3, 28, (5,), 1)
    before = h_prev.copy()
    assert engine.gradient_check(inputs, targets, h_prev, parameters, model=careless).ok
    assert np.array_equal(h_prev, before)
    assert_same_run(train(model=careless), train(model=PLAIN))


# ---------------------------------------------------------------- another model's run


def test_the_run_of_another_model_is_not_resumed():
    run = train(num_epochs=1, model=GRU)
    message = message_of(ValueError, train, resume=run, model=PLAIN)
    for word in (str(run.parameters._fields), "W_hy", "same settings", "leave out resume"):
        assert word in message


def test_a_name_that_the_file_needs_is_refused(tmp_path):
    for name in ("h", "losses", "allow_pickle"):
        kind = NamedTuple("Odd", [(name, object), ("W_hy", object)])
        run = train(num_epochs=1)
        run.parameters = kind(np.zeros(3), np.zeros((28, 6)))
        assert repr(name) in message_of(ValueError, engine.save_run, run, tmp_path / "run.npz")
        assert not list(tmp_path.iterdir())


# ---------------------------------------------------------------- wrong models


class WithoutHidden(NamedTuple):
    loss: object
    probs: object


def returning(result):
    return lambda *given: result


FRESH = engine.initialize_rnn(6, 28, np.random.default_rng(0))
CASE = (TOY.ids[:10], TOY.ids[1:11], np.zeros(6), FRESH)
LOSS, PROBS, HIDDEN = GOOD = engine.RNN.forward(*CASE)


@pytest.mark.parametrize("result", [tuple(FRESH), WithoutHidden(LOSS, PROBS)])
def test_initialize_must_return_a_named_tuple_with_W_hy(result):
    message = message_of(ValueError, train, model=engine.RNN._replace(initialize=returning(result)))
    assert message.endswith("they must be a NamedTuple of arrays, W_hy (V, H) among them.")


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (None, "nothing"),
        ((LOSS, PROBS), "a tuple of 2 (float, (10, 28))"),
        (GOOD._replace(loss="low"), "a ForwardPass of 3 (str, (10, 28), (11, 6))"),
        ((LOSS, PROBS, HIDDEN[1:]), "a tuple of 3 (float, (10, 28), (10, 6))"),
        ((HIDDEN, PROBS, LOSS), "a tuple of 3 ((11, 6), (10, 28), float)"),
    ],
)
def test_forward_must_return_loss_probs_and_hidden(result, words):
    model = engine.RNN._replace(forward=returning(result))
    message = f"forward returned {words}: it must return (loss, probs (10, 28), hidden (11, 6))."
    assert message_of(ValueError, train, model=model) == message
    assert message_of(ValueError, engine.evaluate, FRESH, TOY.ids[:11], model=model) == message
    assert message_of(ValueError, engine.gradient_check, *CASE, model=model) == message
    assert message_of(ValueError, engine.sample, FRESH, TOY, 5, model=model).startswith("forward returned ")


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (None, ["backward returned nothing", "gradients of W_xh, W_hh, W_hy, b_h, b_y"]),
        (FRESH[:4], ["a tuple of 4 ((6, 28), (6, 6), (28, 6), (6,))", "gradients of W_xh, W_hh, W_hy, b_h, b_y"]),
        (FRESH._replace(b_h=FRESH.b_h[:, None]), ["gradient of b_h has shape (6, 1)", "must have shape (6,)"]),
        (FRESH._replace(b_h=1j * FRESH.b_h), ["gradient of b_h has shape (6,) and type complex128", "numbers"]),
    ],
)
def test_backward_must_return_one_gradient_for_each_parameter(result, words):
    model = engine.RNN._replace(backward=returning(result))
    message = message_of(ValueError, train, model=model)
    assert all(word in message for word in words), message
    assert message_of(ValueError, engine.gradient_check, *CASE, model=model) == message


# ---------------------------------------------------------------- a state of another shape


class CountingForward(NamedTuple):
    loss: float
    probs: np.ndarray
    hidden: np.ndarray
    state: object


def counting(wrong_state=None):
    """Return the RNN with a tuple as its state: h, and the number of characters read before."""

    def zero_state(parameters, streams):
        return np.zeros((*streams, parameters.W_hy.shape[1])), np.zeros(streams, int)

    def forward(inputs, targets, state, parameters):
        h, read = state
        result = engine.RNN.forward(inputs, targets, h, parameters)
        after = (result.hidden[-1], read + len(inputs))
        return CountingForward(*result, after if wrong_state is None else wrong_state)

    return engine.Model(engine.initialize_rnn, forward, engine.RNN.backward, zero_state)


@pytest.mark.parametrize("state", [np.zeros(6), (np.zeros(5), np.array(0))])
def test_the_next_state_must_be_like_the_one_before(state):
    message = message_of(ValueError, train, model=counting(state))
    assert "zero_state of its own" in message and "of shape ((6,), ())" in message


def test_a_model_with_a_zero_state_must_say_what_comes_after():
    model = counting()._replace(forward=lambda i, t, state, p: rnn.forward_pass(i, t, state[0], p))
    assert "must return a NamedTuple with a state" in message_of(ValueError, train, model=model)


def test_what_a_model_with_a_zero_state_predicts_is_checked_too():
    model = counting()
    cut = model._replace(forward=lambda *given: (found := model.forward(*given))._replace(probs=found.probs[1:]))
    assert message_of(ValueError, train, model=cut).startswith("forward returned a CountingForward of 4 ")


def test_a_run_of_an_older_shape_is_not_resumed():
    run = train(num_epochs=1)
    wide = run.parameters._replace(W_hy=np.zeros((28, 12)))
    message = message_of(ValueError, train, resume=dataclasses.replace(run, parameters=wide))
    assert "W_hy of shape (28, 12), not (28, 6)" in message and "older version" in message
