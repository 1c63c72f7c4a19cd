"""What is true for every model of the course: gradients, streams, sequences in pieces, float32, and training."""

import numpy as np
import pytest
from helpers import assert_same_run, each_part, random_state

from course.engine import RNN, evaluate, gradient_check, load_run, sample, save_run, train
from course.models.gates import GRU, judged_by, leaky
from course.models.no_loop import min_gru
from rnn_helpers import Corpus

V = 5
MODELS = {  # a model, and its hidden_size
    "RNN": (RNN, 4),
    "leaky mixed": (leaky(np.array([0, 0.5, 0.8, 0.96])), 4),
    "GRU": (GRU, 4),
    "minGRU": (min_gru(), 4),
    "minGRU, three layers and look-back": (min_gru(look_back=True, layers=3), 6),
}
SEA = Corpus("sea", "she sells sea shells by the sea shore\n" * 8)
every_model = pytest.mark.parametrize("name", MODELS)


def parts_of(name, shape, seed=0):
    """Return (model, parameters that do not hide mistakes, inputs, targets, state)."""
    model, H = MODELS[name]
    rng = np.random.default_rng(seed)
    start = model.initialize(H, V, rng, 0.6)
    parameters = type(start)(*[value + rng.normal(0, 0.3, value.shape) for value in start])
    inputs, targets = rng.integers(0, V, (2, *shape))
    return model, parameters, inputs, targets, random_state(model, parameters, shape[1:], rng)


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(1,), (6,), (4, 3)])
@every_model
def test_gradients_agree_with_measured_slopes(name, shape):
    model, parameters, inputs, targets, state = parts_of(name, shape)
    judged = judged_by(model, Corpus("letters", "abcde"), "abcde"[inputs.flat[0]])
    for one in (model, judged):
        result = gradient_check(inputs, targets, state, parameters, model=one)
        assert result.ok, result


@every_model
def test_streams_are_read_as_if_each_were_alone(name):
    model, parameters, inputs, targets, state = parts_of(name, (6, 3))
    together = model.forward(inputs, targets, state, parameters)
    gradients = model.backward(inputs, targets, parameters, together)
    states = [each_part(lambda part, b=b: part[b], state) for b in range(3)]
    alone = [model.forward(inputs[:, b], targets[:, b], states[b], parameters) for b in range(3)]
    assert np.isclose(together.loss, sum(one.loss for one in alone))
    for b, one in enumerate(alone):
        np.testing.assert_allclose(together.hidden[:, b], one.hidden, atol=1e-14)
        np.testing.assert_allclose(together.probs[:, b], one.probs, atol=1e-14)
    added = [model.backward(inputs[:, b], targets[:, b], parameters, one) for b, one in enumerate(alone)]
    for gradient, *parts in zip(gradients, *added):
        np.testing.assert_allclose(gradient, sum(parts), atol=1e-12)


@every_model
def test_a_sequence_may_be_read_in_two_pieces(name):
    model, parameters, inputs, targets, state = parts_of(name, (8,))
    whole = model.forward(inputs, targets, state, parameters)
    first = model.forward(inputs[:3], targets[:3], state, parameters)
    second = model.forward(inputs[3:], targets[3:], model.state_after(first), parameters)
    np.testing.assert_allclose(np.concatenate([first.probs, second.probs]), whole.probs, rtol=1e-11)
    assert np.isclose(whole.loss, first.loss + second.loss)


@every_model
def test_nothing_that_comes_in_is_changed_and_nothing_to_come_is_seen(name):
    model, parameters, inputs, targets, state = parts_of(name, (8,))
    parts = state if isinstance(state, tuple) else [state]
    before = [value.copy() for value in (*parameters, inputs, targets, *parts)]
    forward = model.forward(inputs, targets, state, parameters)
    model.backward(inputs, targets, parameters, forward)
    assert all(np.array_equal(a, b) for a, b in zip(before, (*parameters, inputs, targets, *parts)))
    changed = model.forward(np.append(inputs[:5], (inputs[5:] + 1) % V), targets, state, parameters)
    assert np.array_equal(forward.probs[:5], changed.probs[:5]) and not np.allclose(forward.probs[5], changed.probs[5])


@every_model
def test_float32_stays_float32(name):
    model, parameters, inputs, targets, state = parts_of(name, (5, 2))
    small = type(parameters)(*[value.astype(np.float32) for value in parameters])
    forward = model.forward(inputs, targets, each_part(np.float32, state), small)
    assert forward.hidden.dtype == forward.probs.dtype == np.float32
    assert {g.dtype for g in model.backward(inputs, targets, small, forward)} == {np.dtype(np.float32)}


@pytest.mark.slow
@pytest.mark.parametrize("streams", [1, 4])
@every_model
def test_the_engine_trains_it_saves_it_and_goes_on(name, streams, tmp_path):
    model, H = MODELS[name]
    settings = {"optimizer": "adam", "init": "fan_in", "streams": streams, "progress": False, "model": model}
    run = train(SEA, H, 10, 0.02, 6, **settings)
    assert run.losses[-1] < run.losses[0]
    assert evaluate(run, SEA.ids, model=model) < np.log(SEA.vocab_size)
    assert len(sample(run, SEA, 20, model=model)) == 20
    save_run(train(SEA, H, 10, 0.02, 3, **settings), tmp_path / "run.npz")
    assert_same_run(train(SEA, H, 10, 0.02, 6, **settings, resume=load_run(tmp_path / "run.npz")), run)
