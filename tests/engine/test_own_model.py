"""Models of one's own: checked, trained, interrupted, resumed, saved, sampled; and wrong ones refused."""

import dataclasses
import math
import warnings
from typing import NamedTuple

import numpy as np
import pytest
from helpers import NAMES, TOY, assert_same_run, message_of, random_case, random_network, stop_after, train
from own_models import GRU, LEAKY, PLAIN, WRAPPED

import rnn_helpers as rnn
from course import engine
from course.models.judging import network_probabilities

MODELS = {"plain": PLAIN, "leaky": LEAKY, "GRU": GRU, "wrapped RNN": WRAPPED}
STREAMS = ["leaky", "GRU", "wrapped RNN"]  # what can read several texts side by side
every_model = pytest.mark.parametrize("name", MODELS)


def parameters_of(model, H, V, seed):
    """Random parameters, biases too."""
    rng = np.random.default_rng(seed)
    fresh = model.initialize(H, V, rng, 0.7)
    return type(fresh)(*[rng.normal(0, 0.7, value.shape) for value in fresh])


# ---------------------------------------------------------------- right models


@pytest.mark.parametrize(
    ("name", "shape"), [(name, (6,)) for name in MODELS] + [(name, (4, 3)) for name in STREAMS] + [("GRU", (1,))]
)
def test_the_gradients_of_a_model_pass_the_check(name, shape):
    model = MODELS[name]
    inputs, targets, h_prev, _ = random_case(3, 4, shape, 1)
    parameters = parameters_of(model, 3, 4, 0)
    verdict = engine.gradient_check(inputs, targets, h_prev, parameters, model=model)
    assert verdict.ok and verdict.right == parameters._fields, verdict
    assert verdict.parameter in parameters._fields


def test_a_wrong_gradient_of_a_model_is_named():
    def backward(*given):
        gradients = GRU.backward(*given)
        return gradients._replace(W_hz=gradients.W_hz.T)

    inputs, targets, h_prev, _ = random_case(3, 4, (5,), 1)
    parameters = parameters_of(GRU, 3, 4, 0)
    for verdict in (
        engine.gradient_check(inputs, targets, h_prev, parameters, model=GRU._replace(backward=backward)),
        engine.gradient_check(inputs, targets, h_prev, parameters, backward, model=GRU),
    ):
        assert verdict.wrong == ("W_hz",) and verdict.parameter == "W_hz"
        assert "Right: W_xr, W_hr, b_r, W_xz, b_z, W_xn, W_hn, b_n, W_hy, b_y." in repr(verdict)


def test_the_gradients_of_the_rnn_fail_for_a_leaky_cell():
    case = random_case(3, 4, (5,), 1)
    assert not engine.gradient_check(*case, model=engine.RNN._replace(forward=LEAKY.forward)).ok


@pytest.mark.parametrize("recipe", [{}, {"max_norm": 1.0, "init": "fan_in"}, {"optimizer": "adam", "decay": "linear"}])
def test_plain_functions_train_to_the_digits_of_the_rnn(recipe):
    ours, theirs = train(**recipe), train(**recipe, model=PLAIN)
    np.testing.assert_allclose(theirs.losses, ours.losses, rtol=1e-9)
    np.testing.assert_allclose(theirs.h, ours.h, rtol=1e-7)
    for name, one, other in zip(NAMES, ours.parameters, theirs.parameters):
        np.testing.assert_allclose(other, one, rtol=1e-7, atol=1e-10, err_msg=name)


@pytest.mark.slow
@every_model
@pytest.mark.parametrize("optimizer", ["adam", "muon"])
def test_a_model_learns(name, optimizer):
    model = MODELS[name]
    recipe = {"num_epochs": 35, "optimizer": optimizer, "learning_rate": 0.02, "init": "fan_in", "hidden_size": 16}
    run = train(**recipe, model=model)
    assert engine.evaluate(run.parameters, TOY.ids, model=model) < 0.3 * math.log(TOY.vocab_size)
    assert type(run.parameters) is type(model.initialize(2, 3, np.random.default_rng(0), 0.1))


@every_model
@pytest.mark.parametrize("recipe", [{}, {"optimizer": "adam", "decay": "linear", "dtype": "float32", "max_norm": 1}])
def test_a_model_is_interrupted_saved_and_resumed_to_the_digit(name, recipe, monkeypatch, tmp_path):
    model = MODELS[name]
    whole = train(**recipe, model=model)
    assert {value.dtype.name for value in whole.parameters} == {recipe.get("dtype", "float64")}
    part = stop_after(monkeypatch, 20, **recipe, model=model)
    engine.save_run(part, tmp_path / "part.npz")
    loaded = engine.load_run(tmp_path / "part.npz")
    assert_same_run(loaded, part)
    assert loaded.parameters._fields == model.initialize(2, 3, np.random.default_rng(0), 0.1)._fields
    for given in (part, loaded):
        assert_same_run(train(**recipe, model=model, resume=given), whole)


@every_model
def test_an_interrupt_inside_the_forward_pass(name):
    calls = iter(range(10**9))

    def forward(*given):
        if next(calls) == 30:
            raise KeyboardInterrupt
        return MODELS[name].forward(*given)

    part = train(model=MODELS[name]._replace(forward=forward))
    assert part.interrupted and len(part.losses) == 25, "the last one kept"
    assert_same_run(train(model=MODELS[name], resume=part), train(model=MODELS[name]))


@pytest.mark.parametrize("name", STREAMS)
def test_a_model_trains_on_streams(name, monkeypatch):
    whole = train(streams=3, model=MODELS[name])
    assert whole.h.shape == (3, 6) and whole.losses[-1] < whole.losses[0]
    part = stop_after(monkeypatch, 7, streams=3, model=MODELS[name])
    assert_same_run(train(streams=3, model=MODELS[name], resume=part), whole)


@every_model
def test_a_loaded_model_is_evaluated_and_sampled(name, tmp_path):
    model = MODELS[name]
    run = train(model=model, init=0.5)
    engine.save_run(run, tmp_path / "run.npz")
    loaded = engine.load_run(tmp_path / "run.npz")
    text = engine.sample(run.parameters, TOY, 50, prompt="the quick", temperature=0.7, seed=2, model=model)
    assert text == engine.sample(loaded.parameters, TOY, 50, prompt="the quick", temperature=0.7, seed=2, model=model)
    ids = np.tile(TOY.ids, 8)
    whole = model.forward(ids[:-1], ids[1:], np.zeros(6), run.parameters)
    assert engine.evaluate(loaded.parameters, ids, model=model) == pytest.approx(whole[0] / (len(ids) - 1), rel=1e-12)


@pytest.mark.parametrize("model", [WRAPPED, PLAIN], ids=["wrapped", "plain"])
@pytest.mark.parametrize("temperature", [0.3, 1.0, 1e-9])
def test_the_rnn_writes_the_same_whether_or_not_it_is_read_step_by_step(model, temperature):
    parameters = random_network(8, TOY.vocab_size, 3)
    settings = {"prompt": "over ", "temperature": temperature, "seed": 1}
    assert engine.sample(parameters, TOY, 300, **settings, model=model) == engine.sample(
        parameters, TOY, 300, **settings
    )


def test_a_model_of_float32_is_drawn_from_in_float64():
    """In float32 the running sums would be others, and so would some letters."""
    probs = np.random.default_rng(0).dirichlet(np.ones(28)).astype(np.float32)
    model = engine.RNN._replace(forward=lambda *given: (0.0, probs[None], np.zeros((2, 3), np.float32)))
    parameters = rnn.Parameters(*[value.astype(np.float32) for value in random_network(3, 28, 0)])
    exact, rough = [np.cumsum(rnn.softmax(np.log(probs.astype(dtype)))) for dtype in (np.float64, np.float32)]

    class Between:
        """Draws a number that lies between a running sum and what float32 makes of it."""

        def __init__(self, place):
            self.place = place

        def random(self):
            return (exact[self.place] + rough[self.place]) / 2

    places = [place for place in range(27) if abs(exact[place] - rough[place]) > 1e-12]
    assert len(places) > 20
    for place in places:
        expected = place if exact[place] > rough[place] else place + 1
        assert rnn.sample_ids(parameters, np.zeros(3, np.float32), 0, 1, Between(place), model=model) == [expected]


def test_a_character_that_a_model_rules_out_is_never_written():
    def forward(inputs, targets, h_prev, parameters):
        probs = np.zeros((len(inputs), TOY.vocab_size))
        probs[:, 5] = 1
        return 0.0, probs, np.zeros((len(inputs) + 1, len(h_prev)))

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        text = engine.sample(random_network(3, 28, 0), TOY, 20, model=engine.RNN._replace(forward=forward))
    assert text == TOY.chars[5] * 20


@pytest.mark.parametrize("model", [engine.RNN, WRAPPED], ids=["RNN", "wrapped"])
def test_scores_are_divided_by_the_temperature_in_float64(model, monkeypatch):
    """The same characters come on every computer only if the rounding of float32 is not repeated in each step."""
    seen, apply_temperature = [], rnn.apply_temperature

    def watch(logits, temperature):
        seen.append(logits.dtype.name)
        return apply_temperature(logits, temperature)

    monkeypatch.setattr(rnn, "apply_temperature", watch)
    small = rnn.Parameters(*map(np.float32, random_network(8, TOY.vocab_size, 3)))
    engine.sample(small, TOY, 3, model=model)
    assert seen == ["float64"] * 3


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_model_gets_states_of_the_type_of_its_parameters(dtype):
    seen = []

    def forward(inputs, targets, h_prev, parameters):
        seen.append(h_prev.dtype.name)
        return rnn.forward_pass(inputs, targets, h_prev, parameters)

    model = engine.RNN._replace(forward=forward)
    parameters = train(dtype=dtype, model=model).parameters
    engine.evaluate(parameters, TOY.ids, model=model)
    engine.sample(parameters, TOY, 5, prompt="the ", model=model)
    assert set(seen) == {dtype} and len(seen) == 48 + 1 + 8


def test_a_model_may_return_lists():
    def forward(*given):
        loss, probs, hidden = PLAIN.forward(*given)
        return loss, list(probs), hidden.tolist()

    def backward(*given):
        return [gradient.tolist() for gradient in PLAIN.backward(*given)]

    def initialize(*given):
        return rnn.Parameters(*[value.tolist() for value in engine.initialize_parameters(*given)])

    assert_same_run(train(model=engine.Model(initialize, forward, backward)), train(model=PLAIN))


def test_a_forward_pass_that_writes_into_the_state_it_gets_spoils_nothing():
    def forward(inputs, targets, h_prev, parameters):
        result = PLAIN.forward(inputs, targets, h_prev, parameters)
        h_prev[:] = 9
        return result

    careless, (inputs, targets, h_prev, parameters) = PLAIN._replace(forward=forward), random_case(3, 28, (5,), 1)
    before = h_prev.copy()
    assert engine.gradient_check(inputs, targets, h_prev, parameters, model=careless).ok
    rnn.sample_ids(parameters, h_prev, 0, 5, np.random.default_rng(0), model=careless)
    assert np.array_equal(h_prev, before)
    assert_same_run(train(model=careless), train(model=PLAIN))


# ---------------------------------------------------------------- another model's run


@pytest.mark.parametrize(("first", "second"), [("GRU", "plain"), ("plain", "GRU")])
def test_the_run_of_another_model_is_not_resumed(first, second):
    run = train(num_epochs=1, model=MODELS[first])
    message = message_of(ValueError, train, resume=run, model=MODELS[second])
    for word in (str(run.parameters._fields), "W_hy", "same settings", "leave out resume"):
        assert word in message


def test_a_name_that_the_file_needs_is_refused(tmp_path):
    for name in ("h", "losses", "settings", "chars", "file", "allow_pickle"):
        kind = NamedTuple("Odd", [(name, object), ("W_hy", object)])
        run = train(num_epochs=1)
        run.parameters = kind(np.zeros(3), np.zeros((28, 6)))
        assert repr(name) in message_of(ValueError, engine.save_run, run, tmp_path / "run.npz")
        assert not list(tmp_path.iterdir())


# ---------------------------------------------------------------- wrong models


class NoOutput(NamedTuple):
    W: object
    b: object


class Unnamed(NamedTuple):
    W_hy: object


def returning(result):
    return lambda *given: result


FRESH = engine.initialize_parameters(6, 28, np.random.default_rng(0))
MUST_BE = "NamedTuple of arrays"


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (FRESH._asdict(), ["dict", MUST_BE, "W_hy (V, H)"]),
        (tuple(FRESH), ["tuple", MUST_BE, "W_hy (V, H)"]),
        (list(FRESH), ["list", MUST_BE, "W_hy (V, H)"]),
        (None, ["NoneType", MUST_BE, "W_hy (V, H)"]),
        (FRESH.W_hh, ["ndarray", MUST_BE, "W_hy (V, H)"]),
        (NoOutput(FRESH.W_hh, FRESH.b_h), ["W, b", MUST_BE, "W_hy (V, H)"]),
        (Unnamed(FRESH.b_h), ["W_hy", MUST_BE, "W_hy (V, H)"]),
    ],
)
def test_initialize_must_return_a_named_tuple_with_W_hy(result, words):
    message = message_of(ValueError, train, model=engine.RNN._replace(initialize=returning(result)))
    assert all(word in message for word in words), message


GOOD = rnn.forward_pass(TOY.ids[:10], TOY.ids[1:11], np.zeros(6), FRESH)
LOSS, PROBS, HIDDEN = GOOD


class WithoutHidden(NamedTuple):
    loss: object
    probs: object


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (None, ["returned nothing"]),
        (LOSS, ["returned a float"]),
        (PROBS, ["returned a ndarray"]),
        ({"loss": LOSS, "probs": PROBS, "hidden": HIDDEN}, ["returned a dict"]),
        ((LOSS, PROBS), ["a tuple of 2 (float, (10, 28))"]),
        ((LOSS, PROBS, HIDDEN, HIDDEN), ["a tuple of 4 (float, (10, 28), (11, 6), (11, 6))"]),
        ((), ["a tuple"]),
        (WithoutHidden(LOSS, PROBS), ["WithoutHidden of 2"]),
        ((np.array([LOSS]), PROBS, HIDDEN), ["a tuple of 3 ((1,), (10, 28), (11, 6))"]),
        ((None, PROBS, HIDDEN), ["a tuple of 3 (NoneType, (10, 28), (11, 6))"]),
        (GOOD._replace(loss=np.zeros(10)), ["a ForwardPass of 3 ((10,), (10, 28), (11, 6))"]),
        (GOOD._replace(loss="low"), ["a ForwardPass of 3 (str, (10, 28), (11, 6))"]),
        ((LOSS, PROBS, HIDDEN[1:]), ["a tuple of 3 (float, (10, 28), (10, 6))"]),
        ((LOSS, PROBS, HIDDEN[-1]), ["(6,)"]),
        ((LOSS, PROBS, HIDDEN.T), ["(6, 11)"]),
        ((LOSS, PROBS, HIDDEN[:, :, None]), ["(11, 6, 1)"]),
        ((LOSS, PROBS, dict(enumerate(HIDDEN))), ["a tuple of 3 (float, (10, 28), dict)"]),
        ((LOSS, PROBS, [HIDDEN[0], *HIDDEN[1:, :, None]]), ["a tuple of 3 (float, (10, 28), list)"]),
        ((LOSS, PROBS.T, HIDDEN), ["a tuple of 3 (float, (28, 10), (11, 6))"]),
        ((LOSS, PROBS[:, :, None], HIDDEN), ["(10, 28, 1)"]),
        ((LOSS, PROBS[-1], HIDDEN), ["(28,)"]),
        ((HIDDEN, PROBS, LOSS), ["a tuple of 3 ((11, 6), (10, 28), float)"]),
        ([LOSS, PROBS, HIDDEN], ["a list of 3"]),
    ],
)
def test_forward_must_return_loss_probs_and_hidden(result, words):
    model = engine.RNN._replace(forward=returning(result))
    message = message_of(ValueError, train, model=model)
    assert message.startswith("forward returned ")
    assert all(word in message for word in words), message
    assert message.endswith("it must return (loss, probs (10, 28), hidden (11, 6)).")
    assert "forward returned" in message_of(ValueError, engine.evaluate, FRESH, TOY.ids[:11], model=model)
    assert "forward returned" in message_of(ValueError, engine.sample, FRESH, TOY, 5, model=model)
    case = (TOY.ids[:10], TOY.ids[1:11], np.zeros(6), FRESH)
    assert "forward returned" in message_of(ValueError, engine.gradient_check, *case, model=model)


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (None, ["backward returned nothing", "gradients of W_xh, W_hh, W_hy, b_h, b_y"]),
        (FRESH.W_xh, ["backward returned a ndarray", "gradients of W_xh, W_hh, W_hy, b_h, b_y"]),
        (FRESH._asdict(), ["backward returned a dict", "gradients of W_xh, W_hh, W_hy, b_h, b_y"]),
        ((), ["backward returned a tuple", "gradients of W_xh, W_hh, W_hy, b_h, b_y"]),
        (FRESH[:4], ["a tuple of 4 ((6, 28), (6, 6), (28, 6), (6,))", "gradients of W_xh, W_hh, W_hy, b_h, b_y"]),
        ((*FRESH, FRESH.b_h), ["a tuple of 6"]),
        (FRESH._replace(b_h=FRESH.b_h[:, None]), ["gradient of b_h has shape (6, 1)", "must be (6,)"]),
        (FRESH._replace(W_hy=FRESH.W_hy.T), ["gradient of W_hy has shape (6, 28)", "must be (28, 6)"]),
        (FRESH._replace(W_hh=None), ["gradient of W_hh has shape ()", "must be (6, 6)"]),
        (FRESH[::-1], ["gradient of W_xh has shape (28,)", "must be (6, 28)"]),
        ([FRESH[k] for k in (1, 0, 2, 3, 4)], ["gradient of W_xh has shape (6, 6)", "must be (6, 28)"]),
    ],
)
def test_backward_must_return_one_gradient_for_each_parameter(result, words):
    model = engine.RNN._replace(backward=returning(result))
    case = (TOY.ids[:10], TOY.ids[1:11], np.zeros(6), FRESH)
    for message in (
        message_of(ValueError, train, model=model),
        message_of(ValueError, engine.gradient_check, *case, model=model),
        message_of(ValueError, engine.gradient_check, *case, model.backward),
    ):
        assert all(word in message for word in words), message


@pytest.mark.parametrize(
    "model", ["RNN", None, tuple(engine.RNN), rnn.forward_pass, engine.Model, {"forward": rnn.forward_pass}]
)
def test_what_is_no_model_is_refused(model):
    case = (TOY.ids[:10], TOY.ids[1:11], np.zeros(6), FRESH)
    for message in (
        message_of(ValueError, train, model=model),
        message_of(ValueError, engine.evaluate, FRESH, TOY.ids, model=model),
        message_of(ValueError, engine.sample, FRESH, TOY, 5, model=model),
        message_of(ValueError, engine.gradient_check, *case, model=model),
    ):
        assert message.startswith("model is ") and "give a Model, for example RNN" in message


# ---------------------------------------------------------------- looked at once


def test_results_are_checked_at_the_first_step_and_then_trusted():
    """A later mistake is the model's own affair; the checks of 75,000 steps would only cost time."""
    calls = []

    def forward(*given):
        calls.append(1)
        result = PLAIN.forward(*given)
        return result if len(calls) < 5 else (result[0], result[1][:-1], result[2])  # a row of probs is missing

    with pytest.raises(IndexError):
        train(model=PLAIN._replace(forward=forward))
    assert len(calls) == 5


@pytest.mark.parametrize("model", MODELS.values(), ids=MODELS)
def test_the_chances_of_a_model_are_those_of_its_evaluation(model):
    run = train(num_epochs=1, model=model)
    probs = network_probabilities(run.parameters, TOY.ids, model)
    assert -np.log(probs).mean() == pytest.approx(engine.evaluate(run.parameters, TOY.ids, model=model))


# ---------------------------------------------------------------- a state of its own shape


class CountingForward(NamedTuple):
    loss: float
    probs: np.ndarray
    hidden: np.ndarray
    state: object


def counting(wrong_state=None):
    """The RNN, whose state is a tuple: h, and how many characters were read before."""

    def zero_state(parameters, streams):
        return np.zeros((*streams, parameters.W_hy.shape[1])), np.zeros(streams, int)

    def forward(inputs, targets, state, parameters):
        h, read = state
        result = rnn.forward_pass(inputs, targets, h, parameters)
        after = (result.hidden[-1], read + len(inputs))
        return CountingForward(*result, after if wrong_state is None else wrong_state)

    return engine.Model(engine.initialize_parameters, forward, rnn.backward_pass, zero_state)


@pytest.mark.parametrize("recipe", [{}, {"streams": 3, "optimizer": "adam"}])
def test_a_state_of_its_own_shape_is_carried_saved_and_resumed(recipe, monkeypatch, tmp_path):
    whole, plain = train(**recipe, model=counting()), train(**recipe)
    assert np.array_equal(whole.losses, plain.losses) and np.array_equal(whole.h[0], plain.h)
    assert (whole.h[1] == len(whole.losses) // 3 * 10).all(), "it starts from zeros at each epoch"
    part = stop_after(monkeypatch, 4, **recipe, model=counting())
    engine.save_run(part, tmp_path / "part.npz")
    assert_same_run(engine.load_run(tmp_path / "part.npz"), part)
    assert_same_run(train(**recipe, model=counting(), resume=engine.load_run(tmp_path / "part.npz")), whole)


def test_a_state_of_its_own_shape_is_evaluated_sampled_and_checked():
    run = train(num_epochs=1)
    assert engine.evaluate(run.parameters, TOY.ids, model=counting()) == engine.evaluate(run.parameters, TOY.ids)
    assert engine.sample(run.parameters, TOY, 30, model=counting()) == engine.sample(run.parameters, TOY, 30)
    inputs, targets, h_prev, parameters = random_case(3, 4, (5,), 1)
    assert engine.gradient_check(inputs, targets, (h_prev, np.array(2)), parameters, model=counting()).ok


@pytest.mark.parametrize("state", [np.zeros(6), (np.zeros(6),), (np.zeros(5), np.array(0)), ()])
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
