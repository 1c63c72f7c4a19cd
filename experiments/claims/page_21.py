"""The general claims of page 21: a table that is corrected does not spell well. And other learning rates."""

import functools
from itertools import pairwise, product

import numpy as np

from course.engine import RNN, train
from course.models.delta import delta_net, learn_parity, sum_step, sum_step_backward
from course.models.gates import GRU
from course.models.judging import network_probabilities, split, standard_error
from course.models.no_loop import min_gru
from experiments.page_runs import phone_books, recalled

NETWORKS = {  # network: (model, hidden_size, learning rate), the best of 0.02, 0.04, 0.08 on the Sonnets
    "plain": (RNN, 30, 0.04),
    "corrected": (delta_net(), 16, 0.04),
    "corrected, with a gate": (delta_net(forget=True), 16, 0.08),
    "sum with a gate": (delta_net(True, sum_step, sum_step_backward), 16, 0.08),
}


@functools.cache
def bits(text, seed, name):
    training, validation, _ = split(text)
    model, hidden_size, rate = NETWORKS[name]
    settings = {"optimizer": "adam", "init": "fan_in", "decay": "linear", "streams": 8, "max_norm": 5}
    run = train(training, hidden_size, 50, rate, 6, model=model, seed=seed, progress=False, **settings)
    return -np.log2(network_probabilities(run.parameters, validation.ids, model))


def plain_ahead_of(name):
    """Return the claim that the plain network needs fewer bits than a table."""

    def by_how_much(text, seed):
        difference = bits(text, seed, name) - bits(text, seed, "plain")
        return difference.mean(), standard_error(difference)

    return by_how_much


CLAIMS = {
    "plain ahead of a corrected table": plain_ahead_of("corrected"),
    "plain ahead of one with a gate": plain_ahead_of("corrected, with a gate"),
    "plain ahead of a sum with a gate": plain_ahead_of("sum with a gate"),
}


def parity(lowest, rate, seed):
    """Return the percentage right after 20 and after 500 bits of a minGRU with gates from `lowest` to 1."""
    return learn_parity(min_gru(lowest=lowest), rate, seed, (20, 500))[1]


def other_rates():
    """Return the best or the worst percentage, after so many bits, of three starts at each of three smaller rates."""
    found = {low: np.array([parity(low, r, seed) for r in (0.05, 0.1, 0.2) for seed in range(3)]) for low in (0, -1)}
    return {
        "gates from 0 to 1, 20 bits, best": found[0][:, 0].max(),
        "gates from -1 to 1, 20 bits, worst": found[-1][:, 0].min(),
        "gates from -1 to 1, 500 bits, worst": found[-1][:, 1].min(),
        "gates from -1 to 1, 500 bits, rate 0.4, worst of ten": min(parity(-1, 0.4, seed)[1] for seed in range(10)),
        "GRU, 500 bits, worst": min(learn_parity(GRU, 0.02, seed, (500,))[1][0] for seed in range(3)),
    }


def recall_of(*run, size=None):
    """Return what a network recalls, mean of three starts. run: as in PHONE_BOOK, without the start"""
    return np.mean([recalled(*run, seed, size)[0] for seed in range(3)])


def outside_the_window():
    """Return what the correction and attention recall at learning rates outside those that page 21 shows."""
    tries = product(("correction", "attention"), (0.005, 0.01, 0.4, 0.8))
    return {f"{name}, {rate}": recall_of(name, 8, 18, 6.4, rate) for name, rate in tries}


def more_room():
    """Return what tables of 16 by 16 numbers recall, and how many of 24 letters are noted when a question comes."""
    text = phone_books(24, 36, 3.2)[0].text[: 144 * 300]
    books = [text[start : start + 144] for start in range(0, len(text), 144)]
    noted = [
        len({a for a, b in pairwise(book[:place]) if a.isalpha() and b.isdigit()})
        for book in books
        for place, char in enumerate(book)
        if char == "="
    ]
    return {
        "sum that forgets, 8 letters": recall_of("sum that forgets", 8, 18, 6.4, 0.1, size=16),
        "sum, 8 letters": recall_of("sum", 8, 18, 6.4, 0.1, size=16),
        "correction, 16 letters": recall_of("correction", 16, 36, 3.2, 0.1, size=16),
        "noted of 24 letters": np.mean(noted),
    }


ASIDES = {"parity": other_rates, "recall at other rates": outside_the_window, "more room": more_room}
