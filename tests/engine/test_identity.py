"""A run knows its model and its text, and cannot be used with others."""

import hashlib

import numpy as np
import pytest
from helpers import NAMES, ROOT, SMALL, TOY, every_case, message_of

import rnn_helpers as rnn
from course import engine
from course.engine.runs import ids_sha256
from course.models.gates import GRU, leaky
from course.models.judging import with_dropout, with_weight_decay
from course.models.no_loop import min_gru

DATA = ROOT / "data"
SETTINGS = {**SMALL, "num_epochs": 1}
MODELS = {
    "RNN": engine.RNN,
    "leaky 0.5": leaky(0.5),
    "leaky 0.9": leaky(0.9),
    "RNN with dropout 0.5": with_dropout(engine.RNN, 0.5, np.random.default_rng(0)),
    "RNN with weight decay 0.01": with_weight_decay(engine.RNN, 0.01),
    "RNN with dropout 0.5 with weight decay 0.01": with_weight_decay(
        with_dropout(engine.RNN, 0.5, np.random.default_rng(0)), 0.01
    ),
    "GRU": GRU,
    "minGRU of 1": min_gru(),
    "minGRU of 2, looking back": min_gru(look_back=True, layers=2),
}
PLAIN_FIELDS = [name for name, model in MODELS.items() if model.initialize is engine.initialize_rnn]


def train(model=engine.RNN, corpus=TOY, **settings):
    return engine.train(corpus, **{**SETTINGS, **settings}, model=model)


RUNS = {name: train(model) for name, model in MODELS.items()}


def test_a_run_writes_down_what_its_model_is_called_and_the_hash_of_its_ids():
    assert {name: run.settings.model for name, run in RUNS.items()} == {name: name for name in MODELS}
    expected = hashlib.sha256(b"".join(int(id).to_bytes(4, "little") for id in TOY.ids)).hexdigest()
    assert {run.settings.ids_sha256 for run in RUNS.values()} == {expected} == {ids_sha256(TOY.ids.astype(np.uint8))}


def test_a_model_without_a_name_is_called_by_its_forward():
    class Network:
        def __call__(self, *given):
            return rnn.forward_pass(*given)

    def my_forward(*given):
        return rnn.forward_pass(*given)

    titles = [engine.Model(engine.initialize_rnn, f, rnn.backward_pass).title for f in (my_forward, Network())]
    assert titles == ["my_forward", "Network"]
    assert train(engine.Model(engine.initialize_rnn, my_forward, rnn.backward_pass)).settings.model == "my_forward"


@pytest.mark.parametrize("name", PLAIN_FIELDS)
def test_a_run_is_used_with_its_own_model_alone(name):
    """Parameters with the same names and shapes do not make it the same model. Dropout and weight decay are only for
    training: evaluate and sample take the network without them."""
    run = RUNS[name]
    with every_case() as case:
        for other in PLAIN_FIELDS:
            model = MODELS[other]
            calls = [lambda model=model: train(model, num_epochs=2, resume=run).losses]
            if name.split(" with ")[0] != other.split(" with ")[0]:
                calls.append(lambda model=model: engine.evaluate(run, TOY.ids, model=model))
                calls.append(lambda model=model: engine.sample(run, TOY, 5, model=model))
            with case(other):
                if other == name:
                    assert len(calls[0]()) == 32
                    continue
                for call in calls:
                    says = message_of(ValueError, call)
                    assert says.startswith("The run was trained with the model ")
                    assert says.endswith("give the model that it was trained with, as model=.")
    plain = engine.RNN if name.startswith("RNN") else MODELS[name]
    assert engine.evaluate(run, TOY.ids, model=plain) == engine.evaluate(run.parameters, TOY.ids, model=plain)
    assert engine.sample(run, TOY, 20, model=plain) == engine.sample(run.parameters, TOY, 20, model=plain)


def test_a_text_of_the_same_length_and_characters_is_another_text():
    other = rnn.Corpus("turned", TOY.text[::-1])
    assert (len(other.ids), other.chars) == (len(TOY.ids), TOY.chars)
    says = message_of(ValueError, train, corpus=other, num_epochs=2, resume=RUNS["RNN"])
    assert says == (
        "The run was trained on another text than 'turned', of the same length and with the same characters: "
        "give the text that it was trained on, 'toy'."
    )


def test_what_the_course_brings_knows_its_model():
    for file in ("sonnets_run.npz", "eight_tenths_run.npz"):
        run = engine.load_run(DATA / file)
        assert run.settings.model == "RNN" and run.parameters._fields == NAMES
        sonnets = rnn.load_corpus("sonnets").ids
        assert run.settings.ids_sha256 == ids_sha256(sonnets[: run.settings.characters])
