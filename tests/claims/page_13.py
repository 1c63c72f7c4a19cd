"""The general claims of page 13, each on a text of your choice: what a state holds, and how far back it is used."""

import functools

import numpy as np

from course.engine import RNN, train
from course.models.gates import GRU
from course.models.judging import split, standard_error
from rnn_helpers import initialize_parameters

RECIPE = {"optimizer": "muon", "streams": 24, "init": "fan_in", "decay": "linear", "progress": False}
TRUE = 10  # characters that an exchange of the past leaves as they are


@functools.cache
def network(text, seed, model=RNN):
    """Return the parameters of a network of 75 units that has read eight tenths of a text."""
    return train(split(text)[0], 75, 50, 0.085, 8, seed=seed, model=model, **RECIPE).parameters


@functools.cache
def exchange(text, seed, model=RNN, true=TRUE):
    """Return what each fifth character costs more if all but the last `true` ones before it are from another place."""
    unseen, parameters = split(text)[1].ids, network(text, seed, model)
    places = np.arange(200, len(unseen) - 34, 5)
    elsewhere = (places + 4500) % 9000 + 100
    own, other = unseen[places + np.arange(-60, 0)[:, None]], unseen[elsewhere + np.arange(60)[:, None]]
    zeros = np.zeros((len(places), 75))
    all_true = model.forward(own, own, zeros, parameters).probs[-1]
    past = model.forward(other, other, zeros, parameters).hidden[60 - true]
    exchanged = model.forward(own[-true:], own[-true:], past, parameters).probs[-1]
    each = np.arange(len(places)), unseen[places]
    return np.log2(all_true[each] / exchanged[each])


def with_error(values, block=100):
    return values.mean(), standard_error(values, block)


def four_are_too_few(text, seed):
    return with_error(exchange(text, seed, true=4), 20)


def ten_are_enough(text, seed):
    return with_error(0.05 - exchange(text, seed), 20)


def a_gru_looks_further(text, seed):
    return with_error(exchange(text, seed, GRU) - exchange(text, seed), 20)


def left_over(text, parameters):
    """Return, for each character, the part of the ups and downs that its letter does not explain, mean of all units."""
    ids = split(text)[1].ids
    states, letters = RNN.forward(ids[:-1], ids[1:], np.zeros(75), parameters).hidden[1:], ids[:-1]
    rest = states.copy()
    for letter in np.unique(letters):
        rest[letters == letter] -= states[letters == letter].mean(axis=0)
    return (rest**2 / states.var(axis=0)).mean(axis=1)


def letter_explains_more_once_trained(text, seed):
    untrained = initialize_parameters(75, text.vocab_size, np.random.default_rng(seed), "fan_in")
    return with_error(left_over(text, untrained) - left_over(text, network(text, seed)))


def zeros_mislead(text, seed):
    """What a character costs after a state of zeros and one character, minus the same after the mean state."""
    seen, unseen, _ = split(text)
    parameters, zeros = network(text, seed), np.zeros(75)
    mean = RNN.forward(seen.ids[:10_000], seen.ids[1:10_001], zeros, parameters).hidden[1:].mean(axis=0)
    ids, bits = unseen.ids[None], []
    for state in (zeros, mean):
        many = np.tile(state, (len(unseen.ids) - 1, 1))
        probs = RNN.forward(ids[:, :-1], ids[:, 1:], many, parameters).probs[0]
        bits.append(-np.log2(probs[np.arange(len(probs)), unseen.ids[1:]]))
    return with_error(bits[0] - bits[1])


CLAIMS = {
    "plain: with 4 true characters it pays, bits": four_are_too_few,
    "plain: with 10 true, less than 0.05 by": ten_are_enough,
    "with 10 true, a GRU pays more by, bits": a_gru_looks_further,
    "untrained states echo the letter less by": letter_explains_more_once_trained,
    "zeros cost more than the mean state by, bits": zeros_mislead,
}
