"""What page 06 says of a better start and better steps: it trains from one start, and here are three."""

import math

import numpy as np

from rnn_helpers import Corpus, forward_pass, initialize_parameters, load_corpus, train_epoch

H, T, STARTS = 75, 50, (0, 1, 2)
RATES = [0.01, 0.008, 0.006, 0.004, 0.002, 0.001]  # of six readings
EVENLY = [0.01 * (1 - k / 24) for k in range(24)]
AS_IN_2019 = [0.001] * 6


def start_of(corpus, seed, better=True):
    """Return the first Parameters: those of section 6, or those of 2019."""
    if not better:
        return initialize_parameters(H, corpus.vocab_size, np.random.default_rng(seed))
    parameters = initialize_parameters(H, corpus.vocab_size, np.random.default_rng(seed), "fan_in")
    parameters.W_xh[:] *= math.sqrt(corpus.vocab_size)
    return parameters


def trained(corpus, rates, seed, better=True):
    """Return (parameters, the smoothed loss at the end), after a reading at each of the rates."""
    parameters, smoothed = start_of(corpus, seed, better), None
    for rate in rates:
        smoothed = train_epoch(corpus.ids, parameters, T, rate, smoothed)[-1]
    return parameters, smoothed


def six_readings():
    """Return the smoothed loss after six readings: with both changes, and with one of them alone."""
    ways = {
        "both": ("sonnets", RATES, True),
        "the rates alone": ("sonnets", RATES, False),
        "the start alone": ("sonnets", AS_IN_2019, True),
        "both, speeches": ("speeches", RATES, True),
    }
    return {
        f"{name}, start {seed}": trained(load_corpus(text), rates, seed, better)[1]
        for name, (text, rates, better) in ways.items()
        for seed in STARTS
    }


def new_verse():
    """Return what a character of the ninth tenth costs, in bits, after so many readings of the first eight."""
    corpus = load_corpus("sonnets")
    N = len(corpus.ids)
    seen = Corpus("eight tenths", corpus.text[: N * 8 // 10], corpus.vocabulary)
    unseen, found = corpus.ids[N * 8 // 10 : N * 9 // 10], {}
    for rates in (RATES, EVENLY):
        for seed in STARTS:
            parameters, _ = trained(seen, rates, seed)
            loss = forward_pass(unseen[:-1], unseen[1:], np.zeros(H), parameters).loss
            found[f"{len(rates)} readings, start {seed}"] = loss / (len(unseen) - 1) / math.log(2)
    return found


def first_states():
    """Return the mean size of a number of the state over the first fifty characters, before any training."""
    corpus, found = load_corpus("sonnets"), {}
    for name, better in (("2019", False), ("section 6", True)):
        forward = forward_pass(corpus.ids[:T], corpus.ids[1 : T + 1], np.zeros(H), start_of(corpus, 0, better))
        found[name] = np.abs(forward.hidden[1:]).mean()
    return found


def counts_kept():
    """Return how many counts the table of section 9 keeps: of a character after none, one, ... five before it."""
    text = load_corpus("sonnets").text
    seen = text[: len(text) * 8 // 10]
    kept = sum(len({seen[k : k + n] for k in range(len(seen) - n + 1)}) for n in range(1, 7))
    return {"of one to six characters in a row": kept}


ASIDES = {
    "smoothed loss after six readings": six_readings,
    "bits for new verse": new_verse,
    "mean size of the first states": first_states,
    "counts of the table": counts_kept,
}
