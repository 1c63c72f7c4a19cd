"""What is true for all networks, texts and settings, tried on many random ones from a seed."""

import math

import numpy as np
import own_models
import pytest
from helpers import RECIPES, SMALL, TOY, assert_same_run, every_case, random_case, stop_after

import rnn_helpers as rnn
from course import engine
from course.models.gates import GRU, LSTM, leaky
from course.models.no_loop import min_gru

MODELS = {
    "RNN": engine.RNN,
    "GRU": GRU,
    "LSTM": LSTM,
    "leaky 0.9": leaky(0.9),
    "minGRU": min_gru(),
    "minGRU, look back": min_gru(look_back=True),
    "minGRU, two layers": min_gru(layers=2),
    "minGRU, both": min_gru(look_back=True, layers=2),
}


# ---------------------------------------------------------------- draws
def chi_square(counts, probs):
    """Return how far counts are from the expected ones, in standard deviations of that sum. Source: Pearson, 1900."""
    expected = counts.sum() * probs
    degrees = len(probs) - 1
    return (((counts - expected) ** 2 / expected).sum() - degrees) / math.sqrt(2 * degrees)


@pytest.mark.slow
@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_letters_are_drawn_as_often_as_their_probabilities_say(temperature):
    """So is the letter after the next one: its exact probability is a sum over all letters in between."""
    rng, V, H, h, number = np.random.default_rng(7), 4, 3, np.array([0.3, -0.5, 0.8]), 20_000
    parameters = engine.initialize_rnn(H, V, rng, 1.0)

    def exact(h, char_id):
        state = rnn.rnn_step(char_id, h, parameters)
        return state, rnn.softmax((parameters.W_hy @ state + parameters.b_y) / temperature)

    state, first = exact(h, 2)
    second = sum(first[id] * exact(state, id)[1] for id in range(V))
    drawn = np.array([rnn.sample_ids(parameters, h, 2, 2, rng, temperature) for _ in range(number)])
    for place, probs in enumerate((first, second)):
        counts = np.bincount(drawn[:, place], minlength=V)
        assert chi_square(counts, probs) < 5, (place, counts / number, probs)
    assert chi_square(np.bincount(drawn[:, 0], minlength=V), second) > 20, "the test tells one place from the other"


# ---------------------------------------------------------------- texts
ODD = {
    "emoji": "a🙂b🙃🙂a",
    "NUL at the end of the alphabet's order": "\0\x01\x02",
    "lone surrogate": "a\ud800b",
    "line ends": "\r\n\u2028\x85\n",
    "one character": "x" * 30,
    "many": "".join(map(chr, range(0x4E00, 0x4E00 + 400))),
}


@pytest.mark.parametrize("name", ODD)
def test_a_run_on_an_odd_text_survives_its_file(tmp_path, name):
    corpus = rnn.Corpus(name, ODD[name] * (1 + 60 // len(ODD[name])))
    assert corpus.decode(corpus.encode(corpus.text)) == corpus.text
    whole = engine.train(corpus, 3, 5, 0.01, 2, progress=False)
    engine.save_run(engine.train(corpus, 3, 5, 0.01, 1, progress=False), tmp_path / "run.npz")
    loaded = engine.load_run(tmp_path / "run.npz")
    assert loaded.chars == corpus.chars
    assert_same_run(engine.train(corpus, 3, 5, 0.01, 2, progress=False, resume=loaded), whole)
    assert len(engine.sample(loaded, loaded.vocabulary, 9)) == 9


# ---------------------------------------------------------------- runs
@pytest.mark.slow
def test_runs_that_are_interrupted_twice_and_kept_in_a_file_are_those_without_a_break(tmp_path, monkeypatch):
    """For random models, recipes, streams and places."""
    rng = np.random.default_rng(9)
    models = {"plain functions": own_models.PLAIN, **MODELS}
    names = list(models)
    with every_case() as case:
        for number in range(40):
            name, recipe = names[number % len(names)], list(RECIPES)[rng.integers(len(RECIPES))]
            settings = {**SMALL, "hidden_size": 8, "num_epochs": 2, "model": models[name], **RECIPES[recipe]}
            if name == "plain functions":
                settings["streams"] = 1
            whole = engine.train(TOY, **settings)
            first, second = sorted(rng.choice(np.arange(1, len(whole.losses)), 2, replace=False))
            with case((name, recipe, int(first), int(second))):
                part = stop_after(monkeypatch, first, **settings)
                before = part.copy()
                engine.save_run(part, tmp_path / "run.npz")
                part = stop_after(monkeypatch, second, **settings, resume=engine.load_run(tmp_path / "run.npz"))
                engine.save_run(part, tmp_path / "run.npz")
                assert_same_run(engine.train(TOY, **settings, resume=engine.load_run(tmp_path / "run.npz")), whole)
                assert before.interrupted and len(before.losses) == first


# ---------------------------------------------------------------- arrays of any kind
def test_arrays_in_any_order_of_memory_and_ids_of_any_type_give_the_same():
    case = random_case(4, 5, (6, 3), 10)

    def results(inputs, targets, h, parameters):
        forward = engine.RNN.forward(inputs, targets, h, parameters)
        return [forward.loss, *forward[1:], *engine.RNN.backward(inputs, targets, parameters, forward)]

    def strided(array):
        wide = np.zeros((*array.shape, 2), array.dtype)
        wide[..., 0] = array
        return wide[..., 0]

    def read_only(array):
        array = array.copy()
        array.flags.writeable = False
        return array

    inputs, targets, h, parameters = case
    expected = results(*case)
    with every_case() as each:
        for turn in (np.asfortranarray, strided, read_only):
            with each(turn.__name__):
                given = results(turn(inputs), turn(targets), turn(h), rnn.Parameters(*map(turn, parameters)))
                for one, other in zip(given, expected, strict=True):
                    assert np.allclose(one, other, rtol=1e-12, atol=1e-14)
        for kind in ("u1", "u8", ">i4", ">i8"):
            with each(kind):
                given = results(inputs.astype(kind), targets.astype(kind), h, parameters)
                for one, other in zip(given, expected, strict=True):
                    assert np.array_equal(one, other)
