"""The settings of a run: each is named once and checked once, and only the checked values are used."""

import dataclasses
import inspect
import json
import math
import sys
import warnings

import numpy as np
import pytest
from helpers import TOY, assert_same_run, every_case, message_of, train

import rnn_helpers as rnn
from course import engine
from course.base import checks

COUNTS = ["hidden_size", "seq_length", "num_epochs", "streams"]
RATES = ["learning_rate", "max_norm", "init"]
PLAIN = {
    **{"hidden_size": 6, "seq_length": 10, "learning_rate": 1.0, "num_epochs": 2, "seed": 3, "max_norm": 2.0},
    **{"optimizer": "adam", "streams": 2, "init": 1.0, "decay": "linear", "dtype": "float32"},
    "rates": {"W_xh": 8.0},
}
OF_TEXT_AND_MODEL = {"corpus", "characters", "model", "ids_sha256"}  # what a run stores of these two arguments


def test_the_settings_are_the_arguments_of_train():
    arguments = set(inspect.signature(engine.train).parameters) - {"corpus", "progress", "resume", "model"}
    assert arguments == set(engine.Settings.__dataclass_fields__) - OF_TEXT_AND_MODEL == set(PLAIN)


def test_all_that_is_given_to_train_is_checked_at_one_door():
    """Each check is called by what _begin calls: none by train itself, and none after it."""
    callers, run = set(), train(**PLAIN)

    def look(frame, event, argument):
        if event == "call" and frame.f_code.co_filename == checks.__file__:
            names = []
            while frame.f_back is not None and "train" not in names:
                frame = frame.f_back
                names.append(frame.f_code.co_name)
            callers.add(names[-2] if len(names) > 1 else "train")

    before = sys.getprofile()
    sys.setprofile(look)
    try:
        engine.train(TOY, **PLAIN, progress=False, resume=run)
    finally:
        sys.setprofile(before)
    assert callers == {"_begin"}


def test_every_setting_counts():
    """A change of any single one gives another run, so none is ignored."""
    other = {
        **{"hidden_size": 7, "seq_length": 11, "learning_rate": 0.5, "num_epochs": 3, "seed": 4, "max_norm": 0.5},
        **{"optimizer": "muon", "streams": 3, "init": 0.5, "decay": None, "dtype": "float64"},
        "rates": {"W_hh": 8.0},
    }
    assert set(other) == set(PLAIN)
    plain = train(**PLAIN)
    for name, value in other.items():
        run = train(**{**PLAIN, name: value})
        assert run.settings == dataclasses.replace(plain.settings, **{name: value})
        same = [np.array_equal(a, b) for a, b in zip((*run.parameters, run.losses), (*plain.parameters, plain.losses))]
        assert not all(same), name


def test_settings_cannot_be_changed_but_replaced():
    settings = train(num_epochs=1).settings
    with pytest.raises(dataclasses.FrozenInstanceError):
        settings.seed = 3
    assert dataclasses.replace(settings, seed=3).seed == 3 and settings.seed == 0
    with pytest.raises(ValueError, match=r"^seed is -1:"):
        dataclasses.replace(settings, seed=-1)


@pytest.mark.parametrize("kind", [np.int64, np.float32, int])
def test_numbers_of_numpy_count_like_plain_ones(kind):
    names = RATES if kind is int or issubclass(kind, np.floating) else [*COUNTS, "seed", *RATES]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run = train(**{**PLAIN, **{name: kind(PLAIN[name]) for name in names}})
    plain = train(**PLAIN)
    assert_same_run(run, plain)
    assert run.settings == plain.settings
    settings = dataclasses.asdict(run.settings)
    assert json.loads(json.dumps(settings)) == settings, "they are written to files as JSON"
    for name, value in settings.items():
        assert type(value) is type(getattr(plain.settings, name)) in (str, int, float, dict), name


# ---------------------------------------------------------------- bad input


@pytest.mark.parametrize("name", COUNTS)
def test_counts_must_be_whole_and_at_least_1(name):
    with every_case() as case:
        for value in [0, 2.5, "3", None, True, np.array([2])]:
            with case(repr(value)):
                message = message_of(ValueError, train, **{name: value})
                assert message.startswith(f"{name} is {value!r}:")
                assert "whole number" in message and "1 or more" in message


@pytest.mark.parametrize("name", RATES)
def test_rates_must_be_positive_and_finite(name):
    with every_case() as case:
        for value in [0, -0.5, math.nan, math.inf, 10**400, True, [1], 1j]:
            words = rf"^{name} is .*: it must be a number above 0, and finite\.$"
            with case(repr(value)[:20]), pytest.raises(ValueError, match=words):
                train(**{name: value})


@pytest.mark.parametrize("name", ["optimizer", "decay", "dtype"])
def test_choices_must_be_one_of_a_few(name):
    choices = {
        "optimizer": ["sgd", "adam", "adam_short", "muon"],
        "decay": [None, "linear"],
        "dtype": ["float64", "float32"],
    }[name]
    with every_case() as case:
        for value in [[1], True, "real", *[None] * (name != "decay")]:
            with case(repr(value)):
                message = message_of(ValueError, train, **{name: value})
                assert message == f"{name} is {value!r}: it must be one of {', '.join(map(repr, choices))}."


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"init": None}, ["init is None:"]),
        ({"init": "big"}, ["'big'", "fan_in"]),
        ({"init": {"W_hx": 1}}, ["init has 'W_hx' in it", "W_xh, W_hh, W_hy, b_h, b_y"]),
        ({"init": {"W_xh": 0}}, ["init['W_xh'] is 0:"]),
        ({"rates": 8}, ["rates is 8:", "{'W_xh': 8}"]),
        ({"rates": {0: 8}}, ["rates is {0: 8}:", "{'W_xh': 8}"]),
        ({"rates": {"W_hx": 8}}, ["rates has 'W_hx' in it", "W_xh, W_hh, W_hy, b_h, b_y"]),
        ({"seed": -1}, ["seed is -1:", "0 or more"]),
        ({"seed": 1.5}, ["seed is 1.5:"]),
        ({"seq_length": 165}, ["'toy'", "165 characters", "seq_length=165", "166"]),
        ({"streams": 16}, ["'toy'", "streams=16", "176", "smaller"]),
        ({"corpus": rnn.Corpus("note", "hi")}, ["'note'", "2 characters", "11", "longer text"]),
        ({"corpus": "sonnets"}, ["'sonnets'", "load_corpus"]),
    ],
)
def test_other_bad_arguments(change, words):
    message = message_of(ValueError, train, **change)
    assert all(word in message for word in words), message


def test_the_longest_sequence_that_fits():
    assert len(train(seq_length=164, num_epochs=1).losses) == 1
    assert len(train(streams=15, num_epochs=1).losses) == 1
    assert len(train(rnn.Corpus("short", TOY.text[:11]), num_epochs=1).losses) == 1
