"""What page 07 says of the difference between its runs and those of 2019, of other pieces of the speeches, and of what
a network knows that tables of counts don't."""

import itertools
import math

import numpy as np

from course.base.place import ROOT
from course.engine import RNN, evaluate, load_run, train
from course.models.counting import kneser_ney, witten_bell
from course.models.judging import network_probabilities, standard_error
from rnn_helpers import Corpus, chunks, initialize_parameters, load_corpus, sgd_step, smooth_loss


def losses_of(corpus, epochs, as_in_2019):
    """Return the smoothed loss after each epoch, of the Sonnets as page 07 repeats them, or read as in 2019."""
    pieces = chunks(corpus.ids, 50)
    parameters = initialize_parameters(75, corpus.vocab_size, np.random.default_rng(0))
    state, smoothed, ends = np.zeros(75), 50 * math.log(corpus.vocab_size), []
    for epoch in range(epochs):
        twice = [pieces[0]] if as_in_2019 and epoch == 0 else []  # its loss came before the loop, which began with it
        if not as_in_2019:
            state = np.zeros(75)  # in 2019 it was carried from epoch to epoch
        for inputs, targets in [*twice, *pieces]:
            forward = RNN.forward(inputs, targets, state, parameters)
            sgd_step(parameters, RNN.backward(inputs, targets, parameters, forward), 0.001)
            state, smoothed = forward.hidden[-1], smooth_loss(smoothed, forward.loss)
        ends.append(smoothed)
    return ends


def read_as_in_2019():
    """Return how much lower the losses are when the state is carried over and the first sequence is read twice."""
    both = [losses_of(load_corpus("seed-sonnets"), 3, as_in_2019) for as_in_2019 in (False, True)]
    return {f"epochs read: {epoch}": ours - theirs for epoch, ours, theirs in zip((1, 2, 3), *both)}


def beginning(name):
    """Return as many characters of a text as eight tenths of the Sonnets have, as a Corpus."""
    return Corpus(f"{name}, the beginning", load_corpus(name).text[: len(load_corpus("sonnets").text) * 8 // 10])


def known(corpus, text):
    """Return the ids of those characters of a text that a corpus has."""
    return corpus.encode("".join(char for char in text if char in corpus.chars))


def tenth(name, which):
    """Return a tenth of a text: 8 is the ninth one."""
    text = load_corpus(name).text
    return text[len(text) * which // 10 : len(text) * (which + 1) // 10]


def text_or_state():
    """On how many of nine other pieces of the speeches does a larger state change the bits more than the text does?

    Section 4 compares them on the ninth tenth. Here the speeches between what is learned and this tenth are cut into
    nine pieces. The verse stays the same.
    """
    verse, prose = beginning("sonnets"), beginning("speeches")
    text = load_corpus("speeches").text
    between = text[len(prose.text) : len(text) * 8 // 10]
    edges = [len(between) * place // 9 for place in range(10)]
    pieces = [known(prose, between[start:end]) for start, end in itertools.pairwise(edges)]
    found = {}
    for seed in range(3):
        small_verse, small, large = [
            train(corpus, units, 50, 0.001, 2, seed=seed, progress=False)
            for corpus, units in ((verse, 75), (prose, 75), (prose, 150))
        ]
        of_verse = evaluate(small_verse, known(verse, tenth("sonnets", 8))) / math.log(2)
        of_small, of_large = [np.array([evaluate(run, ids) / math.log(2) for ids in pieces]) for run in (small, large)]
        found[f"pieces where the state matters more, start {seed}"] = (of_small - of_large > of_small - of_verse).sum()
        for name, bits in (("text", of_small - of_verse), ("state", of_small - of_large)):
            found[f"the {name}, least bits, start {seed}"] = bits.min()
            found[f"the {name}, most bits, start {seed}"] = bits.max()
    return found


def saved(reader, adviser, share):
    """Return how many bits a share of an adviser saves a reader at each character."""
    return np.log2((1 - share) * reader + share * adviser) - np.log2(reader)


def advisers():
    """How many bits does the reader of section 5 save by the network, and at most by one of 72 other tables, each with
    seven shares? The tables and shares are chosen by the text that scores them, and that flatters the tables."""
    verse = beginning("sonnets")
    abroad, V = known(verse, tenth("speeches", 8)), verse.vocab_size
    counts = verse.ids, abroad, V
    tables = [
        0.96 * witten_bell(*counts, order, s)[1:] + 0.04 / V for order in range(3, 9) for s in (1, 2, 4, 6, 8, 10, 14)
    ] + [kneser_ney(*counts, order, factor)[1:] for order in range(2, 8) for factor in (0.8, 1, 1.2, 1.3, 1.5)]
    shares = 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5
    reader = 0.7 * kneser_ney(*counts, 6, 1.2)[1:] + 0.3 * (0.96 * witten_bell(*counts, 5, 14)[1:] + 0.04 / V)
    by_table = max((saved(reader, table, share) for table in tables for share in shares), key=np.mean)
    found = {"the best table": by_table.mean(), "the best table, its error": standard_error(by_table)}
    first = load_run(ROOT / "data/eight_tenths_run.npz").parameters
    others = [train(verse, 75, 50, 0.001, 40, seed=seed, progress=False).parameters for seed in (1, 2)]
    for seed, parameters in enumerate((first, *others)):
        by_network = saved(reader, network_probabilities(parameters, abroad), 0.15)
        ahead = by_network - by_table
        found[f"the network, start {seed}"] = by_network.mean()
        found[f"ahead of this table, start {seed}"] = ahead.mean()
        found[f"ahead, its error, start {seed}"] = standard_error(ahead)
    return found


ASIDES = {
    "read as in 2019": read_as_in_2019,
    "text or state, nine other pieces": text_or_state,
    "what an adviser saves": advisers,
}
