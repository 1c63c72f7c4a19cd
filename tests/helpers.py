"""Shared by several test files: a small text, random networks, tests of many cases, ways to train and compare."""

import contextlib
from pathlib import Path

import numpy as np
import pytest

import rnn_helpers as rnn
from course import engine
from course.engine import training

ROOT = Path(__file__).resolve().parent.parent  # the folder of the course
NAMES = rnn.Parameters._fields
LINE = "the quick brown fox jumps over the lazy dog\n"
TOY = rnn.Corpus("toy", LINE * 3 + "pack my box with five dozen jugs\n")  # 165 characters, V = 28
SMALL = {"hidden_size": 6, "seq_length": 10, "learning_rate": 0.05, "num_epochs": 3, "progress": False}
WILD = {"hidden_size": 16, "learning_rate": 10}  # diverges
RECIPES = {
    "2019": {},
    "clipped": {"max_norm": 1.0},
    "adam": {"optimizer": "adam", "learning_rate": 0.01},
    "muon": {"optimizer": "muon", "learning_rate": 0.01},
    "streams": {"streams": 3},
    "decay": {"decay": "linear", "init": "fan_in"},
    "rates": {"optimizer": "adam", "rates": {"W_hy": 3, "b_y": 0.5}},
    "float32": {"dtype": "float32"},
    "all": {
        "optimizer": "adam",
        "streams": 2,
        "decay": "linear",
        "init": "fan_in",
        "dtype": "float32",
        "max_norm": 2,
    },
}


def message_of(error_type, function, *arguments, **keywords):
    """Return the message of the error, which must consist of clear sentences on one line."""
    with pytest.raises(error_type) as caught:
        function(*arguments, **keywords)
    message = str(caught.value)
    assert "\n" not in message.strip() and message.endswith(".") and len(message) < 400, message
    return message


@contextlib.contextmanager
def every_case():
    """Let one test go through many cases, and report all that fail, each with its reason.

        with every_case() as case:
            for number in numbers:
                with case(number):
                    assert number > 0

    The cases after a failure still run. The traceback of the first failure is also shown.
    """
    __tracebackhide__ = True  # pytest shows where a case failed, not this function
    names, failed = [], []

    @contextlib.contextmanager
    def case(name):
        __tracebackhide__ = True
        names.append(name)
        try:
            yield
        except (Exception, pytest.fail.Exception) as error:  # pytest.raises fails with the latter
            failed.append((name, error))

    yield case
    assert names, "This test has no case."
    if failed:
        which = "; ".join(str(name) for name, _ in failed)
        reasons = [f"\n\n{name}:\n  {type(error).__name__}: {error}" for name, error in failed]
        message = f"{len(failed)} of {len(names)} cases failed: {which}" + "".join(reasons)
        raise AssertionError(message) from failed[0][1]


class Clock:
    """Replaces time.monotonic: each call takes `seconds`."""

    def __init__(self, seconds):
        self.now, self.seconds = 0.0, seconds

    def __call__(self):
        self.now += self.seconds
        return self.now


def random_network(hidden_size, vocab_size, seed, scale=0.7):
    """Return parameters with every entry, including the biases, well away from zero."""
    rng = np.random.default_rng(seed)
    shapes = [(hidden_size, vocab_size), (hidden_size, hidden_size), (vocab_size, hidden_size)]
    shapes += [(hidden_size,), (vocab_size,)]
    return rnn.Parameters(*[rng.normal(0, scale, shape) for shape in shapes])


def random_case(H, V, shape, seed):
    """Return inputs, targets, h_prev and parameters, with no zero anywhere."""
    rng = np.random.default_rng(seed + 500)
    inputs, targets = rng.integers(0, V, shape), rng.integers(0, V, shape)
    return inputs, targets, rng.uniform(-0.9, 0.9, (*shape[1:], H)), random_network(H, V, seed)


def random_state(model, parameters, streams, rng):
    """Return a state of any model, an array or a tuple of arrays, with normally distributed numbers."""
    zero = model.first_state(parameters, streams)
    if isinstance(zero, tuple):
        return tuple(rng.normal(0, 0.5, part.shape) for part in zero)
    return rng.normal(0, 0.5, zero.shape)


def each_part(work, state):
    """Return work(array) of a state, or of each of its parts."""
    return tuple(map(work, state)) if isinstance(state, tuple) else work(state)


def train(corpus=TOY, **settings):
    """Return a training run, of 48 steps unless the settings say otherwise."""
    return engine.train(corpus, **{**SMALL, **settings})


def stop_after(monkeypatch, steps, **settings):
    """Train, and press Ctrl-C in the middle of step `steps` (counted from 0), so that exactly `steps` are complete."""
    model = settings.pop("model", engine.RNN)
    calls = iter(range(len(settings["resume"].losses) if settings.get("resume") else 0, 10**9))

    def backward(*given):
        if next(calls) == steps:
            raise KeyboardInterrupt
        return model.backward(*given)

    with monkeypatch.context() as patch:
        patch.setattr(training, "SNAPSHOT_EVERY", 1)
        run = train(**settings, model=model._replace(backward=backward))
    assert run.interrupted and len(run.losses) == steps
    return run


def assert_same_run(a, b):
    """Fail unless every digit of two runs is the same, and everything else that they hold."""
    assert type(a) is type(b) is engine.TrainingRun
    assert (a.chars, a.interrupted, len(a.means)) == (b.chars, b.interrupted, len(b.means))
    assert isinstance(a.h, tuple) == isinstance(b.h, tuple)
    pairs = [(a.losses, b.losses), (a.epoch_losses, b.epoch_losses)]
    pairs += zip(a.h, b.h, strict=True) if isinstance(a.h, tuple) else [(a.h, b.h)]
    for one, other in zip((a.parameters, *a.means), (b.parameters, *b.means)):
        assert one._fields == other._fields
        pairs += zip(one, other)
    for left, right in pairs:
        assert left.dtype == right.dtype and left.shape == right.shape and np.array_equal(left, right)
