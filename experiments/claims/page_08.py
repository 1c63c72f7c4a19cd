"""The general claims of page 08, each on a text of your choice."""

import functools

import numpy as np

from course.engine import train
from course.models.counting import kneser_ney, witten_bell
from course.models.judging import network_probabilities, split, standard_error
from rnn_helpers import forward_pass

ORDERS = range(4, 10)
TABLES = {witten_bell: (1, 2, 4, 6, 8, 10), kneser_ney: (0.8, 0.9, 1, 1.1, 1.2, 1.3)}  # and what each hands down


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
def network(text, seed):
    recipe = {"optimizer": "muon", "streams": 24, "init": "fan_in", "decay": "linear", "progress": False}
    return train(split(text)[0], 75, 50, 0.085, 8, **recipe, seed=seed).parameters


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


def too_sure(text, seed):
    ids = split(text)[1].ids
    probs = forward_pass(ids[:-1], ids[1:], np.zeros(75), network(text, seed)).probs
    return judged(probs.max(axis=1) - (probs.argmax(axis=1) == ids[1:]))


CLAIMS = {
    "tuned, the table beats Kneser-Ney by": table_and_kneser_ney,
    "after a first letter, the table is ahead by": inside_words,
    "at first letters, the table is ahead by": first_letters,
    "the network is too sure by (a share)": too_sure,
}
