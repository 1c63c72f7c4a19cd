"""The general claims of page 13, each on a text of your choice: what a state holds, and how far back it is used."""

import functools
import re

import numpy as np

from course.engine import RNN, read_out, train
from course.models.gates import GRU, GRUParameters, line_positions, states_of
from course.models.judging import split, standard_error
from experiments.gru_run import FILE
from rnn_helpers import initialize_parameters, load_corpus

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


def left_over(states, labels):
    """Return the part of the ups and downs of each unit that a label does not explain, (N, H)."""
    rest = states.copy()
    for label in np.unique(labels):
        rest[labels == label] -= states[labels == label].mean(axis=0)
    return rest**2 / states.var(axis=0)


def unlike_its_letter(text, parameters):
    """Return what the letter does not explain, for each character, mean of all units."""
    ids = split(text)[1].ids
    return left_over(states_of(RNN, parameters, ids)[0], ids[:-1]).mean(axis=1)


def letter_explains_more_once_trained(text, seed):
    untrained = initialize_parameters(75, text.vocab_size, np.random.default_rng(seed), "fan_in")
    return with_error(unlike_its_letter(text, untrained) - unlike_its_letter(text, network(text, seed)))


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


def counts_in_the_line(text, pattern):
    """Return how many pieces of this kind have ended in the line, after each character, (N,)."""
    ends, count, counts = {found.end() - 1 for found in re.finditer(pattern, text)}, 0, []
    for place, char in enumerate(text):
        count = 0 if char == "\n" else count + (place in ends)
        counts.append(count)
    return np.array(counts)


def what_the_unit_counts():
    """How much more of the unit that follows the line is explained by characters than by another count, in the three
    GRUs of page 13? From the tenth character of a line on; steps of five take as few values as a count of words."""
    seen, unseen, _ = split(load_corpus("sonnets"))
    stored, found = np.load(FILE), {}
    old, new = line_positions(seen.text[:10_000]), line_positions(unseen.text)[:-1]
    counts = {
        name: counts_in_the_line(unseen.text, by)[:-1]
        for name, by in (("words", "[a-z']+"), ("syllables", "[aeiouy]+"))
    }
    for seed in range(3):
        parameters = GRUParameters(*[stored[name][seed].astype(float) for name in GRUParameters._fields])
        states = states_of(GRU, parameters, seen.ids[:10_001])[0][old >= 10]
        unit = left_over(states, old[old >= 10]).mean(axis=0).argmin()
        values = states_of(GRU, parameters, unseen.ids)[0][new >= 10, unit][:, None]
        by_characters = left_over(values, new[new >= 10])[:, 0]
        for name, count in (counts | {"characters in steps of five": new // 5}).items():
            more = left_over(values, count[new >= 10])[:, 0] - by_characters
            found |= zip((f"more than {name}, start {seed}", f"its error, {name}, start {seed}"), with_error(more))
    return found


def letters_back(text, parameters, back):
    """Return in which share of the states on the ninth tenth a linear probe names the letter so many steps before the
    latest one. Its weights come from the first 10,000 states of the training text."""
    ids = [part.ids[:10_001] for part in split(text)[:2]]
    old, new = [states_of(RNN, parameters, of_part)[0][back:] for of_part in ids]
    old_letters, new_letters = [of_part[: len(of_part) - 1 - back] for of_part in ids]
    with_ones = [np.column_stack([states, np.ones(len(states))]) for states in (old, new)]
    weights = np.linalg.lstsq(with_ones[0], np.eye(text.vocab_size)[old_letters], rcond=None)[0]
    return (np.argmax(with_ones[1] @ weights, axis=1) == new_letters).mean()


def earlier_letters():
    """Which share of the ups and downs does the latest letter explain, and how well can earlier letters be read, in
    trained and in random states?"""
    text, found = load_corpus("sonnets"), {}
    for seed in range(3):
        random = initialize_parameters(75, text.vocab_size, np.random.default_rng(seed), "fan_in")
        loud = random._replace(W_xh=random.W_xh * np.sqrt(text.vocab_size))
        for name, parameters in (("trained", network(text, seed)), ("fan-in", random), ("W_xh of size 1", loud)):
            found[f"{name}, start {seed}: the letter explains"] = 1 - unlike_its_letter(text, parameters).mean()
            for back in (1, 2, 3):
                found[f"{name}, start {seed}: letter {back} back"] = letters_back(text, parameters, back)
    return found


def held(parameters, unit, value, ids):
    """Return the probabilities after each character if one unit of a GRU is held at a value, (N - 1, V).

    None as the value holds nothing.
    """
    h, all_probs = np.zeros((1, 75)), []
    for char_id in ids[:-1]:
        one = np.full((1, 1), char_id)
        forward = GRU.forward(one, one, h, parameters)
        h = forward.hidden[-1]
        if value is not None:
            h[0, unit] = value
        all_probs.append(read_out(h, parameters)[0])
    return np.array(all_probs)


def held_as_at_a_place():
    """What do the three GRUs of page 13 say after early and late commas if the unit that follows the line is held at
    its mean, or as it is on average at place 5 or 40? And what do line ends cost more, in bits?"""
    text = load_corpus("sonnets")
    seen, unseen, _ = split(text)
    ids, stored, found = unseen.ids[:4001], np.load(FILE), {}
    old, new = line_positions(seen.text[:10_000]), line_positions(unseen.text)[:4000]
    comma, end = text.chars.index(","), text.chars.index("\n")
    early, late = [(ids[:-1] == comma) & (new >= first) & (new <= first + 9) for first in (5, 35)]
    ends = np.flatnonzero(ids[1:] == end)
    for seed in range(3):
        parameters = GRUParameters(*[stored[name][seed].astype(float) for name in GRUParameters._fields])
        states = states_of(GRU, parameters, seen.ids[:10_001])[0]
        unit = left_over(states[old >= 10], old[old >= 10]).mean(axis=0).argmin()
        along = np.array([states[old == place, unit].mean() for place in range(46)])
        values = {"free": None, "at its mean": states[:, unit].mean(), "as at 5": along[5], "as at 40": along[40]}
        costs = {}
        nearest = np.abs(along[10:] - values["at its mean"]).argmin() + 10
        found[f"start {seed}: place that its mean tells"] = nearest
        for name, value in values.items():
            probs = held(parameters, unit, value, ids)
            costs[name] = -np.log2(probs[ends, end]).mean()
            found[f"start {seed}, {name}: after early commas"] = probs[early, end].mean()
            found[f"start {seed}, {name}: after late commas"] = probs[late, end].mean()
            found[f"start {seed}, {name}: bits more at line ends"] = costs[name] - costs["free"]
    return found


CLAIMS = {
    "4 true: a plain network pays, bits": four_are_too_few,
    "10 true: it pays less than 0.05, by": ten_are_enough,
    "10 true: a GRU pays more by, bits": a_gru_looks_further,
    "untrained states echo the letter less by": letter_explains_more_once_trained,
    "zeros cost more than the mean state by, bits": zeros_mislead,
}
ASIDES = {
    "what the unit of a GRU counts": what_the_unit_counts,
    "earlier letters in a state": earlier_letters,
    "the unit held as at a place": held_as_at_a_place,
}
