"""What is true for all networks, texts and settings, tried on many random ones from a seed."""

import numpy as np
import own_models
import pytest
from helpers import RECIPES, SMALL, TOY, assert_same_run, every_case, stop_after

import rnn_helpers as rnn
from course import engine
from course.models.gates import GRU, leaky
from course.models.no_loop import min_gru

MODELS = {
    "RNN": engine.RNN,
    "GRU": GRU,
    "leaky 0.9": leaky(0.9),
    "minGRU": min_gru(),
    "minGRU, look back": min_gru(look_back=True),
    "minGRU, two layers": min_gru(layers=2),
    "minGRU, both": min_gru(look_back=True, layers=2),
}


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
