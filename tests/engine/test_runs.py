"""The digits of some runs are always the same, whatever the computer: runs.json holds them.

Only a change that is meant to change digits may change that file. In the folder of the course, write it anew with
    PYTHONPATH=. python tests/engine/test_runs.py
"""

import json
import tempfile
from pathlib import Path

import numpy as np
import pytest

import rnn_helpers as rnn
from course import engine

FILE = Path(__file__).with_name("runs.json")
WORDS = "the sun and moon go down beyond a hill, where no bird sings; then all is still.".split()
PLAIN = {"hidden_size": 20, "seq_length": 25, "learning_rate": 0.01, "num_epochs": 2, "progress": False}
ADAM = {**PLAIN, "learning_rate": 0.004, "optimizer": "adam"}
STREAMS = {**PLAIN, "hidden_size": 30, "seq_length": 20, "streams": 8}


def made_up_text(length):
    """Return words in an order that looks random but needs no random numbers, five per line."""
    number, text = 1, ""
    while len(text) < length:
        number = number * 16807 % (2**31 - 1)
        text += WORDS[number % len(WORDS)] + ("\n" if number % 5 == 0 else " ")
    return text[:length]


CORPUS = rnn.Corpus("made up", made_up_text(4000))


def interrupted(at, **settings):
    """Return a run that is stopped when it reads sequence number `at`."""
    calls = iter(range(10**9))

    def forward(*given):
        if next(calls) == at:
            raise KeyboardInterrupt
        return rnn.forward_pass(*given)

    return engine.train(CORPUS, **settings, model=engine.RNN._replace(forward=forward))


def saved_and_loaded(run):
    with tempfile.TemporaryDirectory() as folder:
        engine.save_run(run, Path(folder) / "run.npz")
        return engine.load_run(Path(folder) / "run.npz")


def resumed(run, **settings):
    return engine.train(CORPUS, **settings, resume=run)


def plain_run(**settings):
    return engine.train(CORPUS, **settings)


RUNS = {
    "plain": lambda: plain_run(**PLAIN),
    "clipped": lambda: plain_run(**{**PLAIN, "learning_rate": 0.05}, max_norm=1.5, seed=3),
    "large initial weights": lambda: plain_run(**{**PLAIN, "learning_rate": 0.001}, init=0.3, seed=9),
    "sequences of one character": lambda: plain_run(**{**PLAIN, "hidden_size": 5, "seq_length": 1, "num_epochs": 1}),
    "adam": lambda: plain_run(**ADAM, max_norm=5, init="fan_in"),
    "muon": lambda: plain_run(**{**ADAM, "optimizer": "muon", "learning_rate": 0.02}, init="fan_in", decay="linear"),
    "streams": lambda: plain_run(**STREAMS),
    "streams, adam, float32": lambda: plain_run(
        **{**STREAMS, "optimizer": "adam"}, dtype="float32", init="fan_in", decay="linear", max_norm=5
    ),
    "float32": lambda: plain_run(**PLAIN, dtype="float32"),
    "resumed": lambda: resumed(plain_run(**{**PLAIN, "num_epochs": 1}), **{**PLAIN, "num_epochs": 3}),
    "interrupted": lambda: interrupted(60, **PLAIN),
    "interrupted and resumed": lambda: resumed(interrupted(60, **PLAIN), **PLAIN),
    "rates": lambda: plain_run(**ADAM, rates={"W_hy": 3, "b_y": 0.5}),
    "saved and resumed": lambda: resumed(saved_and_loaded(plain_run(**{**ADAM, "num_epochs": 1})), **ADAM),
}


def digits_of(run):
    """Return what is stored of a run: enough that no part of it can change unnoticed."""
    arrays = {**run.parameters._asdict(), "h": run.h}
    arrays |= {f"mean {k} {name}": value for k, mean in enumerate(run.means) for name, value in mean._asdict().items()}
    losses = {f"loss {step}": run.losses[step] for step in (0, 1, 24, 59, 159, -1) if step < len(run.losses)}
    sums = {f"sum |{name}|": np.abs(value.astype(float)).sum() for name, value in arrays.items()}
    nats = {"nats per character": engine.evaluate(run.parameters, CORPUS.ids[:2500])}
    return {
        "steps": len(run.losses),
        "numbers": {name: float(f"{number:.13g}") for name, number in {**losses, **nats, **sums}.items()},
        "text": engine.sample(run.parameters, CORPUS, 60, prompt="the ", temperature=0.8, seed=3),
    }


LONG = "sequences of one character"


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] * (name == LONG)) for name in RUNS])
def test_a_run_gives_the_stored_digits(name):
    run, stored = RUNS[name](), json.loads(FILE.read_text(encoding="utf-8"))[name]
    digits, narrow = digits_of(run), run.settings.dtype == "float32"
    assert digits["steps"] == stored["steps"]
    # BLAS libraries and processors add in different orders, so the last digits differ.
    assert digits["numbers"] == pytest.approx(stored["numbers"], rel=1e-5 if narrow else 1e-9)
    assert narrow or digits["text"] == stored["text"]


def test_every_stored_run_is_compared():
    assert list(json.loads(FILE.read_text(encoding="utf-8"))) == list(RUNS)


def write_file():
    lines = []
    for name, run in RUNS.items():
        parts = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in digits_of(run()).items())
        lines.append(f" {json.dumps(name)}: {{\n{parts}\n }}")
    FILE.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    write_file()
