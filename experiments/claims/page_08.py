"""The general claims of page 08, each on a text of your choice."""

import functools
from itertools import product

import numpy as np

from course.engine import train
from course.models.counting import kneser_ney, numbers_kept, witten_bell
from course.models.judging import network_probabilities, split, standard_error
from rnn_helpers import load_corpus

ORDERS = range(4, 10)
TABLES = {witten_bell: (1, 2, 4, 6, 8, 10), kneser_ney: (0.8, 0.9, 1, 1.1, 1.2, 1.3)}  # and what each hands down
# Tables of all sizes, 240: how far they look, how often a context must have come, and s
SIZES = [*product(range(2, 7), (1, 2, 4, 8, 16, 32, 64, 128), (1, 2, 4, 6, 8, 10))]
RECIPE = {"optimizer": "muon", "streams": 24, "init": "fan_in", "decay": "linear", "progress": False}


def judged(bits):
    return bits.mean(), standard_error(bits)


@functools.cache
def scores(text, table):
    """Return the bits of each character of the ninth tenth, (36, N), one row for each setting of a kind of table."""
    training, validation, _ = split(text)
    ids = training.ids, validation.ids, text.vocab_size
    return np.array([-np.log2(table(*ids, order, s)[1:]) for order in ORDERS for s in TABLES[table]])


def table_and_kneser_ney(text, seed):
    """Each half of the ninth tenth is scored with the settings that the other half has chosen."""
    bits = {}
    for table in TABLES:
        halves = np.array_split(scores(text, table), 2, axis=1)
        bits[table] = np.concatenate([half[other.mean(axis=1).argmin()] for half, other in zip(halves, halves[::-1])])
    return judged(bits[kneser_ney] - bits[witten_bell])


@functools.cache
def network(text, seed, units=75):
    return train(split(text)[0], units, 50, 0.085, 8, **RECIPE, seed=seed).parameters


def bits_of_network(text, seed, units, part=1):
    """Return the bits of each character but the first: of the text that it learned from, 0, or the ninth tenth, 1."""
    return -np.log2(network_probabilities(network(text, seed, units), split(text)[part].ids))


@functools.cache
def sized_tables(text):
    """Return a list of (the numbers that a table keeps, the bits of each character of the ninth tenth but the first),
    for each of 240 tables."""
    training, validation, _ = split(text)
    seen, V = training.ids, text.vocab_size
    kept = {key: numbers_kept(seen, V, *key) for key in {(order, least) for order, least, _ in SIZES}}
    return [
        (kept[order, least], -np.log2(witten_bell(seen, validation.ids, V, order, s, least)[1:]))
        for order, least, s in SIZES
    ]


def best_table(text, most):
    """Return (numbers, bits) of the table that needs the fewest bits on the ninth tenth, of those with `most` numbers
    at most."""
    return min((table for table in sized_tables(text) if table[0] <= most), key=lambda table: table[1].mean())


def ahead_of_the_best_table(units, most):
    """Return the claim that a network with so many units is ahead of all tables with `most` numbers at most."""

    def ahead(text, seed):
        return judged(best_table(text, most)[1] - bits_of_network(text, seed, units))

    return ahead


def network_minus_table(text, seed):
    """Return the difference at each character of the ninth tenth but the first, with the settings of the page."""
    training, validation, _ = split(text)
    table = witten_bell(training.ids, validation.ids, text.vocab_size, 6, 6)[1:]
    return np.log2(table / network_probabilities(network(text, seed), validation.ids))


def letters(text):
    """Return for each character of the ninth tenth but the first and last: is it a letter, and is one before it?"""
    is_letter = np.array([char.isalpha() for char in split(text)[1].text])
    return is_letter[1:], is_letter[:-1]


def inside_words(text, seed):
    here, before = letters(text)
    return judged(network_minus_table(text, seed)[here & before])


def first_letters(text, seed):
    here, before = letters(text)
    return judged(network_minus_table(text, seed)[here & ~before])


CLAIMS = {
    "tuned, the table beats Kneser-Ney by": table_and_kneser_ney,
    "after a first letter, the table is ahead by": inside_words,
    "at first letters, the table is ahead by": first_letters,
    "up to 12,000 numbers, the network is ahead by": ahead_of_the_best_table(75, 12_000),
    "up to 35,000 numbers, the network is ahead by": ahead_of_the_best_table(150, 35_000),
}


# ---------------------------------------------------------------- what page 08 draws
BY_SIZE = [  # (model, its size: the units of a network, the most numbers of a table; start)
    *product(("network",), (10, 20, 40, 75, 150, 250), range(3)),
    *[("table", most, 0) for most in (1_000, 3_000, 6_000, 12_000, 20_000, 35_000, 50_000, 90_000)],
]


def by_size(model, size, start):
    """Return how many numbers a model of the Sonnets keeps, and the bits of a character of the ninth tenth."""
    text = load_corpus("sonnets")
    if model == "table":
        numbers, bits = best_table(text, size)
        return numbers, bits.mean()
    return sum(array.size for array in network(text, start, size)), bits_of_network(text, start, size).mean()


# ---------------------------------------------------------------- asides
OTHER_SETTINGS = (0.085, 4), (0.085, 5), (0.05, 5), (0.05, 8), (0.03, 8), (0.12, 5)  # learning rate, epochs


def by_heart():
    """Return what the models of page 08 need on the text that they have learned from: the tuned table, and networks of
    250 units."""
    text = load_corpus("sonnets")
    ids = split(text)[0].ids
    found = {"the tuned table": -np.log2(witten_bell(ids, ids, text.vocab_size, 6, 6)[1:]).mean()}
    for start in range(3):
        found[f"250 units, start {start}"] = bits_of_network(text, start, 250, part=0).mean()
    return found


def other_settings():
    """Return what networks of 250 units need on the ninth tenth with other rates and lengths of training."""
    text, found = load_corpus("sonnets"), {}
    for rate, epochs in OTHER_SETTINGS:
        parameters = train(split(text)[0], 250, 50, rate, epochs, **RECIPE).parameters
        bits = -np.log2(network_probabilities(parameters, split(text)[1].ids))
        found[f"rate {rate}, {epochs} epochs"] = bits.mean()
    return found


def lines_shuffled():
    """Return the standard error of the mean bits on the ninth tenth, in blocks of 1 and of 100 characters, with the
    lines as they are and in another order."""
    text = load_corpus("sonnets")
    training, validation, _ = split(text)
    table = -np.log2(witten_bell(training.ids, validation.ids, text.vocab_size, 6, 6)[1:])
    models = {"the tuned table": table} | {
        f"network, start {start}": bits_of_network(text, start, 75) for start in range(3)
    }
    line_ends = np.flatnonzero([char == "\n" for char in validation.text[1:]]) + 1
    found = {}
    for name, bits in models.items():
        lines = np.split(bits, line_ends)
        orders = [np.random.default_rng(seed).permutation(len(lines)) for seed in range(10)]
        mixed = [np.concatenate([lines[place] for place in order]) for order in orders]
        found[f"{name}, blocks of 1"] = standard_error(bits, 1)
        found[f"{name}, blocks of 100"] = standard_error(bits, 100)
        found[f"{name}, blocks of 100, lines shuffled"] = np.mean([standard_error(one, 100) for one in mixed])
    return found


ASIDES = {
    "bits on its own text": by_heart,
    "250 units, other settings": other_settings,
    "standard errors, lines shuffled": lines_shuffled,
}
