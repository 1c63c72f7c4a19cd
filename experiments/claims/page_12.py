"""The general claims of page 12, each on a text of your choice: what gates are worth, with two recipes. And what a
longer training gives the plain network, what one gate does on short flip-flop texts, and where a GRU that knows its
line saves bits."""

import functools

import numpy as np

from course.engine import RNN, train
from course.models.gates import flip_flop, judged_by, nailed, share_right
from course.models.judging import split, standard_error
from experiments import gates_table
from rnn_helpers import Corpus, load_corpus

BEST = {  # (rate, times), the best of those that gates_table tries, on the ninth tenth of the Sonnets
    "page 12": {"plain": (0.025, 1), "GRU": (0.045, 1)},
    "page 11": {"plain": (0.036, 16), "GRU": (0.036, 4)},
}


@functools.cache
def bits(text, seed, recipe, cell):
    training, validation, _ = split(text)
    parameters = gates_table.sonnets_network(recipe, cell, *BEST[recipe][cell], seed, training)
    return gates_table.surprises(parameters, cell, validation)


def ahead(cell, of, recipe):
    """Return the claim that a network needs fewer bits than another one, with a recipe."""

    def by_how_much(text, seed):
        difference = bits(text, seed, recipe, of) - bits(text, seed, recipe, cell)
        return difference.mean(), standard_error(difference)

    return by_how_much


def plain_for_as_long():
    """How many bits does the plain network need after 25 epochs, which take as long as ten of the GRU (data/README.md)?
    0.025 is the best of the same four rates: with 0.014 it needs 2.51 bits and more, with 0.045 and 0.08 2.6."""
    training, validation, _ = split(load_corpus("sonnets"))
    settings = {"optimizer": "adam", "init": "fan_in", "decay": "linear", "streams": 8, "progress": False}
    found = {}
    for seed in range(3):
        parameters = train(training, 75, 50, 0.025, 25, seed=seed, model=RNN, **settings).parameters
        found[f"start {seed}"] = gates_table.surprises(parameters, "plain", validation).mean()
    return found


def one_gate_or_none():
    """Which percentage of the letters after r do the reset gate alone and the plain network get right in short texts?
    The settings are those of section 6: the lowest and the highest of three starts at each of its rates."""
    rng = np.random.default_rng(1)
    texts = [flip_flop(10, rng) for _ in range(1201)]
    corpus = Corpus("short texts", "".join(texts[:1001]))
    settings = {"optimizer": "adam", "init": "fan_in", "decay": "linear", "max_norm": 1, "progress": False}
    found = {}
    for name, model, units in (("plain", RNN, 22), ("reset gate alone", nailed(b_z=-30), 15)):
        judged = judged_by(model, corpus, "r")
        for rate in (0.01, 0.015, 0.03):
            runs = [train(corpus, units, 20, rate, 1, seed=seed, model=judged, **settings) for seed in range(3)]
            shares = [share_right(model, run.parameters, corpus, texts[1001:], "r") for run in runs]
            found[f"{name}, rate {rate}, lowest"] = 100 * min(shares)
            found[f"{name}, rate {rate}, highest"] = 100 * max(shares)
    return found


def plain_with_muon():
    """Which percentage of the letters after r does the plain network get right in the texts of section 3 after 500
    steps, if Muon takes them? All letters count, and it has the same three rates as the others."""
    corpus, texts = gates_table.flip_flop_texts(500)
    settings = {"max_norm": 1, "streams": gates_table.STREAMS, "init": "fan_in", "decay": "linear", "progress": False}
    found = {}
    for rate in (0.01, 0.02, 0.04):
        for seed in range(3):
            run = train(corpus, 64, 2 * gates_table.PAIRS, rate, 1, seed=seed, model=RNN, optimizer="muon", **settings)
            found[f"rate {rate}, start {seed}"] = 100 * share_right(RNN, run.parameters, corpus, texts, "r")
    return found


def where_the_line_saves_bits():
    """Two GRUs trained with Muon differ in their start alone: the first one knows its line, the second one doesn't.
    How many bits a character does the first one save, and how many of them where the next character is a letter?"""
    training, validation, _ = split(load_corpus("sonnets"))
    knows, not_yet = [
        gates_table.surprises(gates_table.sonnets_network("Muon", "GRU", 0.085, 1, seed, training), "GRU", validation)
        for seed in range(2)
    ]
    at_letters = np.array([char.isalpha() for char in validation.text[1:]])
    saved = not_yet - knows
    within = np.where(at_letters, saved, 0)
    return {
        "saved": saved.mean(),
        "its error": standard_error(saved),
        "at letters": within.mean(),
        "error at letters": standard_error(within),
    }


CLAIMS = {
    "GRU ahead of plain, recipe of this page": ahead("GRU", "plain", "page 12"),
    "GRU ahead of plain, recipe of page 11": ahead("GRU", "plain", "page 11"),
}
ASIDES = {
    "the plain network, 25 epochs": plain_for_as_long,
    "short flip-flop texts, three starts": one_gate_or_none,
    "flip-flop, the plain network with Muon": plain_with_muon,
    "where a GRU that knows its line saves bits": where_the_line_saves_bits,
}
