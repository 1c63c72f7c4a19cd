"""Sampling: draws, temperature, prompts. The digits of some texts are in runs.json."""

import math
import warnings

import numpy as np
import pytest
from helpers import TOY, message_of, random_network, train

import rnn_helpers as rnn
from course import engine
from course.models.gates import GRU, leaky
from course.models.no_loop import min_gru

NO_LINE_END = rnn.Corpus("plain", "cabbage")


def fixed_network(probs):
    """Return a network that always predicts the same probabilities."""
    parameters = random_network(2, len(probs), 0)
    zeros = rnn.Parameters(*[np.zeros_like(value) for value in parameters])
    with np.errstate(divide="ignore"):
        return zeros._replace(b_y=np.log(np.array(probs)))


# ---------------------------------------------------------------- sampling


@pytest.mark.parametrize("corpus, first", [(TOY, "\n"), (NO_LINE_END, "c")])
def test_without_a_prompt_a_line_end_is_read_or_the_first_character(corpus, first):
    parameters = random_network(6, corpus.vocab_size, 0)
    assert engine.sample(parameters, corpus, 60) == engine.sample(parameters, corpus, 60, prompt=first)


def test_the_prompt_warms_up_the_state():
    parameters = random_network(6, TOY.vocab_size, 1)
    ids = TOY.encode("quick")
    h = rnn.forward_pass(ids[:-1], ids[:-1], np.zeros(6), parameters).hidden[-1]
    before = [value.copy() for value in (*parameters, h)]
    warm = engine.sample(parameters, TOY, 40, prompt="quick")
    drawn = rnn.sample_ids(parameters, h, int(ids[-1]), 40, np.random.default_rng(0))
    assert warm == TOY.decode(drawn) != engine.sample(parameters, TOY, 40, prompt="k")
    assert len(warm) == 40, "the prompt is not part of the result"
    assert warm == engine.sample(parameters, TOY, 40, prompt="quick", temperature=1, seed=0), "the defaults"
    assert all(np.array_equal(a, b) for a, b in zip(before, (*parameters, h))), "nothing that came in is changed"


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("temperature", [1e-6, 5e-324])
def test_a_tiny_temperature_is_greedy(dtype, temperature):
    parameters = rnn.Parameters(*[value.astype(dtype) for value in random_network(6, TOY.vocab_size, 2)])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        text = engine.sample(parameters, TOY, 30, prompt="t", temperature=temperature, seed=3)
    h, char_id, greedy = np.zeros(6, dtype), TOY.chars.index("t"), ""
    for _ in range(30):
        h = np.tanh(parameters.W_xh[:, char_id] + parameters.W_hh @ h + parameters.b_h)
        char_id = int((parameters.W_hy @ h + parameters.b_y).argmax())
        greedy += TOY.chars[char_id]
    assert text == greedy


DRAWS = [
    ([0.25, 0.25, 0.5], [0.0, 0.2499, 0.25, 0.4999, 0.5, 0.9999], "aabbcc"),
    ([0.0, 0.5, 0.5], [0.0, 0.49], "bb"),  # a character of probability 0 is never drawn, not even for u = 0
    ([0.5, 0.5, 0.0], [1 - 2**-53], "b"),
    ([0.1] * 10, [1 - 2**-53, 0.0], "ja"),  # ten times 0.1 adds up to slightly less than 1
]


@pytest.mark.parametrize(("probs", "draws", "expected"), DRAWS)
def test_each_draw_is_the_first_id_whose_running_sum_passes_it(monkeypatch, probs, draws, expected):
    class Generator:
        random = staticmethod(iter(draws).__next__)

    parameters, corpus = fixed_network(probs), rnn.Corpus("letters", "abcdefghij"[: len(probs)])
    monkeypatch.setattr(np.random, "default_rng", lambda seed: Generator)
    assert engine.sample(parameters, corpus, len(draws)) == expected
    picked = [rnn.draw(np.array(probs), u) for u in draws]
    assert corpus.decode(picked) == expected and {type(id) for id in picked} == {int}


RUN = train(hidden_size=5, num_epochs=2)


def test_a_gru_writes_without_the_name_of_its_model(tmp_path):
    """Its parameters tell it, also those of a run, and of one from a file."""
    run = train(num_epochs=1, model=GRU)
    engine.save_run(run, tmp_path / "run.npz")
    text = engine.sample(run.parameters, TOY, 40, model=GRU)
    for given in (run.parameters, run, engine.load_run(tmp_path / "run.npz")):
        assert engine.sample(given, TOY, 40) == text


@pytest.mark.parametrize("model", [engine.RNN, GRU])
def test_a_reader_writes_what_the_forward_pass_writes_and_does_without_it(model):
    """A forward pass prepares for a whole sequence: for each single character it would do so again."""
    calls = []

    def forward(*given):
        calls.append(given)
        return model.forward(*given)

    slow = model._replace(forward=forward)  # another forward, so it has no reader
    given = {"parameters": model.initialize(6, TOY.vocab_size, np.random.default_rng(2), 1.0), "corpus": TOY}
    text = engine.sample(**given, length=200, prompt="fox", model=slow)
    assert len(calls) == 202
    forward.reader = model.reader
    assert engine.sample(**given, length=200, prompt="fox", model=slow) == text and len(calls) == 202


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"length": 0}, ["length is 0:", "1 or more"]),
        ({"temperature": 0}, ["temperature is 0:", "above 0"]),
        ({"prompt": "The"}, ["'T'", "'toy'"]),
        ({"seed": -1}, ["seed is -1:"]),
        ({"prompt": 5}, ["prompt is 5, of type int"]),
        ({"parameters": RUN.parameters._replace(W_hh=np.full((5, 5), math.nan))}, ["probabilities are nan"]),
        ({"parameters": min_gru().initialize(5, 28, np.random.default_rng(0))}, ["W_1, b_1", "which model", "model="]),
        ({"parameters": train(model=leaky(0.5))}, ["trained with the model 'leaky 0.5'", "as model="]),
        ({"model": "RNN"}, ["model is 'RNN'", "for example RNN"]),
        ({"corpus": NO_LINE_END}, ["28 characters", "'plain'", "5 characters", "'abceg'"]),
        ({"corpus": "toy"}, ["'toy'", "load_corpus"]),
    ],
)
def test_bad_arguments_of_sample(change, words):
    arguments = {"parameters": RUN.parameters, "corpus": TOY, "length": 5, **change}
    message = message_of(ValueError, engine.sample, **arguments)
    assert all(word in message for word in words), message
