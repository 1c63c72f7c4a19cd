"""Once silent failures are reported: models that were trained differently, ids that wrap around, whole numbers."""

import numpy as np
import pytest
from helpers import TOY, every_case, message_of, train

from course import engine
from course.engine import RNN
from course.models.gates import GRU, judged_by, leaky
from course.models.judging import network_probabilities, with_dropout, with_weight_decay
from course.models.no_loop import linear_loop, min_gru, scan

RUN = train(num_epochs=1)
GATED = {"GRU": GRU, "leaky": leaky(0.5), "minGRU": min_gru(look_back=True, layers=2)}


# ---------------------------------------------------------------- models that are only for training


def test_a_model_with_dropout_judges_and_writes_nothing():
    """Its units would be dropped at random there, too."""
    dropped = with_dropout(RNN, 0.5, np.random.default_rng(1))
    case = (TOY.ids[:5], TOY.ids[1:6], np.zeros(6), RUN.parameters)
    calls = {
        "evaluate": lambda model: engine.evaluate(RUN, TOY.ids, model=model),
        "sample": lambda model: engine.sample(RUN, TOY, 5, model=model),
        "probabilities": lambda model: network_probabilities(RUN.parameters, TOY.ids, model),
        "gradient_check": lambda model: engine.gradient_check(*case, model=model),
    }
    with every_case() as each:
        for name, call in calls.items():
            for model in (dropped, with_weight_decay(dropped, 0.1)):
                with each((name, model.title)):
                    message = message_of(ValueError, call, model)
                    assert message.endswith("is for training alone: give the model itself, without dropout.")
    message = message_of(ValueError, calls["gradient_check"], with_weight_decay(RNN, 0.1))
    assert message.endswith("without weight decay."), "right gradients would fail"
    assert calls["evaluate"](with_weight_decay(RNN, 0.1)) == engine.evaluate(RUN, TOY.ids)


@pytest.mark.parametrize(
    ("model", "other"),
    [
        (judged_by(RNN, TOY, "o"), RNN),
        (judged_by(RNN, TOY, "o"), judged_by(RNN, TOY, "e")),
        (leaky(np.array([0.1, 0.9, 0.9])), leaky(np.array([0.1, 0.1, 0.9]))),
        (leaky(0.1234567), leaky(0.12345674)),
    ],
)
def test_two_models_have_two_titles(model, other):
    """A run knows its model by the title."""
    run = engine.train(TOY, 3, 10, 0.05, 1, progress=False, model=model)
    for call in (
        lambda: engine.evaluate(run, TOY.ids, model=other),
        lambda: engine.train(TOY, 3, 10, 0.05, 2, progress=False, model=other, resume=run),
    ):
        says = f"The run was trained with the model {model.title!r}, and you use it with {other.title!r}"
        assert message_of(ValueError, call).startswith(says)


# ---------------------------------------------------------------- ids, shapes, words


@pytest.mark.parametrize("name", GATED)
def test_ids_and_shapes_of_every_model(name):
    model = GATED[name]
    parameters = model.initialize(4, 5, np.random.default_rng(0), "fan_in")
    ids, state = np.array([0, 1, 4]), model.first_state(parameters)
    forward = model.forward(ids, ids, state, parameters)
    model.backward(ids, ids, parameters, forward)
    wrong = np.array([0, -1, 4])
    for call, words in [
        (lambda: model.forward(wrong, ids, state, parameters), "inputs hold the id -1"),
        (lambda: model.forward(ids, wrong, state, parameters), "targets hold the id -1"),
        (lambda: model.forward(ids[:2], ids, state, parameters), "inputs has shape (2,)"),
        (lambda: model.backward(wrong, ids, parameters, forward), "ids hold the id -1"),
        (lambda: model.backward(ids, wrong, parameters, forward), "ids hold the id -1"),
    ]:
        assert message_of(ValueError, call).startswith(words)
    cut = (*state[:-1], state[-1][:1]) if isinstance(state, tuple) else state[:1]
    assert message_of(ValueError, model.forward, ids, ids, cut, parameters).startswith("The state h has shape (1,)")


@pytest.mark.parametrize("model", [GRU, min_gru()])
def test_the_words_of_init(model):
    with every_case() as case:
        for init in ("bananas", -1, np.nan):
            with case(init):
                assert f"is {init!r}: " in message_of(ValueError, train, model=model, init=init)
    assert message_of(ValueError, model.initialize, 0, 5, None, 0.1).startswith("hidden_size is 0")


def test_whole_numbers_count_as_numbers_with_a_fraction():
    ones = np.ones(4, int)
    assert scan(ones, ones, 0.5).tolist() == [1.5, 2.5, 3.5, 4.5]
    assert linear_loop(np.full(4, 0.5), ones, 0).tolist() == [1, 1.5, 1.75, 1.875]
    small = np.ones(4, np.float32)
    assert scan(small, small, np.float32(0.5)).dtype == np.float32
