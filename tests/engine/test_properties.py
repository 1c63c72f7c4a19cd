"""What holds for all networks, texts and settings, tried on many that are drawn at random from a seed."""

import math

import numpy as np
import own_models
import pytest
from helpers import RECIPES, SMALL, TOY, assert_same_run, every_case, stop_after

import rnn_helpers as rnn
from course import engine
from course.models.gates import GRU, LSTM, leaky
from course.models.judging import with_weight_decay
from course.models.no_loop import attention_model, min_gru

MODELS = {
    "RNN": engine.RNN,
    "GRU": GRU,
    "LSTM": LSTM,
    "leaky 0": leaky(0),
    "leaky 0.9": leaky(0.9),
    "minGRU": min_gru(),
    "minGRU, look back": min_gru(look_back=True),
    "minGRU, two layers": min_gru(layers=2),
    "minGRU, both": min_gru(look_back=True, layers=2),
    "attention": attention_model(),
    "attention, both": attention_model(look_back=True, slope=0.5),
}


# ---------------------------------------------------------------- gradients
def slope(loss, array, entry, epsilon=1e-5):
    """Return the slope of loss() for one entry of an array that it reads. (Not the engine's: that is to be tested.)"""
    kept = array[entry]
    array[entry] = kept + epsilon
    above = loss()
    array[entry] = kept - epsilon
    below = loss()
    array[entry] = kept
    return (above - below) / (2 * epsilon)


@pytest.mark.slow
@pytest.mark.parametrize("name", MODELS)
def test_gradients_of_networks_of_every_size(name):
    model, rng = MODELS[name], np.random.default_rng(list(MODELS).index(name))
    with every_case() as case:
        for T, streams, V, H in [(1, (), 2, 2), (1, (1,), 1, 2), (2, (2,), 3, 4), (5, (), 4, 2), (7, (3,), 6, 8)]:
            with case((T, streams, V, H)):
                parameters = model.initialize(H, V, rng, 0.4)
                parameters = type(parameters)(*[value + rng.normal(0, 0.3, value.shape) for value in parameters])
                inputs, targets = rng.integers(0, V, (2, T, *streams))
                state = model.first_state(parameters, streams)
                if isinstance(state, np.ndarray):
                    state = rng.normal(0, 0.5, state.shape)

                def loss():
                    return model.forward(inputs, targets, state, parameters).loss  # noqa: B023  used in this round only

                forward = model.forward(inputs, targets, state, parameters)
                gradients = model.backward(inputs, targets, parameters, forward)
                size = max(np.abs(gradient).max() for gradient in gradients)
                for field, value, gradient in zip(parameters._fields, parameters, gradients, strict=True):
                    for entry in rng.permutation(list(np.ndindex(value.shape)))[:12]:
                        measured = slope(loss, value, tuple(entry))
                        assert gradient[tuple(entry)] == pytest.approx(measured, rel=1e-5, abs=1e-7 + 1e-6 * size), (
                            f"{field}{entry.tolist()}"
                        )


@pytest.mark.slow
def test_gradients_with_weight_decay_are_those_of_the_loss_and_half_the_squares():
    rng, strength = np.random.default_rng(5), 0.3
    model = with_weight_decay(engine.RNN, strength)
    parameters = engine.initialize_parameters(4, 5, rng, 0.5)
    inputs, targets, h = rng.integers(0, 5, 6), rng.integers(0, 5, 6), rng.normal(size=4)

    def loss():
        squares = sum((value**2).sum() for value in parameters if value.ndim == 2)
        return rnn.forward_pass(inputs, targets, h, parameters).loss + strength / 2 * squares

    gradients = model.backward(inputs, targets, parameters, model.forward(inputs, targets, h, parameters))
    for value, gradient in zip(parameters, gradients, strict=True):
        for entry in np.ndindex(value.shape):
            assert gradient[entry] == pytest.approx(slope(loss, value, entry), rel=1e-5, abs=1e-7)


# ---------------------------------------------------------------- probabilities and draws
@pytest.mark.filterwarnings("error")
def test_scores_of_any_finite_size_give_probabilities():
    rng = np.random.default_rng(6)
    with every_case() as case:
        for size in (0.0, 1e-308, 1.0, 700.0, 1e5, 1e200, 1e307):
            for shape in [(1,), (3,), (2, 5), (2, 3, 4)]:
                with case((size, shape)):
                    probs = rnn.softmax(size * rng.standard_normal(shape))
                    assert np.isfinite(probs).all() and (probs >= 0).all()
                    assert probs.sum(axis=-1) == pytest.approx(1, abs=1e-12)
    assert rnn.softmax([-np.inf, 0.0, -np.inf]).tolist() == [0, 1, 0], "what is ruled out stays so"


def chi_square(counts, probs):
    """Return how far counts are from what is expected, in standard deviations of that sum. Source: Pearson, 1900."""
    expected = counts.sum() * probs
    degrees = len(probs) - 1
    return (((counts - expected) ** 2 / expected).sum() - degrees) / math.sqrt(2 * degrees)


@pytest.mark.slow
@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.0])
def test_letters_are_drawn_as_often_as_their_probabilities_say(temperature):
    """The letter after the next one, too: its exact probability sums over all letters in between."""
    rng, V, H, h, number = np.random.default_rng(7), 4, 3, np.array([0.3, -0.5, 0.8]), 20_000
    parameters = engine.initialize_parameters(H, V, rng, 1.0)

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
    "joined by zero-width joiners": "👩‍👩‍👧 x 👩‍🚀",
    "right to left": "שלום עולם",
    "combining": "e\u0301 a\u0308 e",
    "NUL inside": "a\0b\0\0c",
    "NUL at the end of the alphabet's order": "\0\x01\x02",
    "NUL alone": "\0" * 30,
    "lone surrogate": "a\ud800b",
    "the last of Unicode": "\U0010ffff\U0010fffe",
    "line ends": "\r\n\u2028\x85\n",
    "quotes": "'\"\\`{}",
    "blanks": " \t\u00a0\u3000",
    "one character": "x" * 30,
    "many": "".join(map(chr, range(0x4E00, 0x4E00 + 400))),
}


@pytest.mark.parametrize("name", ODD)
def test_a_run_on_an_odd_text_survives_its_file(tmp_path, name):
    corpus = rnn.Corpus(name, ODD[name] * 12)
    assert corpus.decode(corpus.encode(corpus.text)) == corpus.text
    whole = engine.train(corpus, 3, 5, 0.01, 2, progress=False)
    engine.save_run(engine.train(corpus, 3, 5, 0.01, 1, progress=False), tmp_path / "run.npz")
    loaded = engine.load_run(tmp_path / "run.npz")
    assert loaded.chars == corpus.chars
    assert_same_run(engine.train(corpus, 3, 5, 0.01, 2, progress=False, resume=loaded), whole)
    assert len(engine.sample(loaded, loaded.vocabulary, 9)) == 9


def test_preprocess_is_what_its_docstring_says_for_texts_of_any_letters():
    rng = np.random.default_rng(8)
    letters = "aZÄß éÉ0٣9&[](=)%-@_;;,.'\n\r\t\ufeff$İſ\u2028\x0b\0𝟘"

    removed = set("]&[=%()-@\ufeff;_é$")
    for _ in range(500):
        text = "".join(rng.choice(list(letters), rng.integers(0, 40)))
        lines = [line.lower() for line in text.split("\n")]
        expected = "\n".join("".join(c for c in line if c not in removed and not c.isdecimal()) for line in lines)
        assert rnn.preprocess(text) == expected, repr(text)


# ---------------------------------------------------------------- runs
@pytest.mark.slow
def test_runs_that_are_interrupted_twice_and_kept_in_a_file_are_those_without_a_break(tmp_path, monkeypatch):
    """For random models, recipes, streams and places."""
    rng = np.random.default_rng(9)
    models = {"plain functions": own_models.PLAIN, **MODELS}
    names = list(models)
    with every_case() as case:
        for number in range(60):
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
    rng, V, H, T, B = np.random.default_rng(10), 5, 4, 6, 3
    parameters = engine.initialize_parameters(H, V, rng, 0.5)
    inputs, targets = rng.integers(0, V, (2, T, B))
    h = rng.normal(size=(B, H))

    def results(inputs, targets, h, parameters):
        forward = rnn.forward_pass(inputs, targets, h, parameters)
        return [forward.loss, *forward[1:], *rnn.backward_pass(inputs, targets, parameters, forward)]

    def strided(array):
        wide = np.zeros((*array.shape, 2), array.dtype)
        wide[..., 0] = array
        return wide[..., 0]

    def read_only(array):
        array = array.copy()
        array.flags.writeable = False
        return array

    expected = results(inputs, targets, h, parameters)
    with every_case() as case:
        for turn in (np.asfortranarray, strided, read_only):
            with case(turn.__name__):
                given = results(turn(inputs), turn(targets), turn(h), rnn.Parameters(*map(turn, parameters)))
                for one, other in zip(given, expected, strict=True):
                    assert np.allclose(one, other, rtol=1e-12, atol=1e-14)
        for kind in ("i1", "u1", "i2", "u2", "i4", "u4", "i8", "u8", ">i4"):
            with case(kind):
                given = results(inputs.astype(kind), targets.astype(kind), h, parameters)
                for one, other in zip(given, expected, strict=True):
                    assert np.array_equal(one, other)
