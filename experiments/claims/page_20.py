"""The general claims of page 20, each on a text of your choice: how fast twins part, and what one run is worth."""

import functools
import math

import numpy as np

from experiments.page_runs import adam_steps
from rnn_helpers import initialize_parameters, load_corpus

NUDGED = (0, 1, 2)  # the weights W_hh[0, k] that are larger by a billionth, in one twin each
RATES = (0.006, 0.004)


@functools.cache
def losses_and_weights(text, seed, nudged, rate, steps=601):
    """Train with Adam; return the loss of each step, and all parameters before each step, a row each."""
    network = initialize_parameters(75, text.vocab_size, np.random.default_rng(seed), "fan_in")
    if nudged is not None:
        network.W_hh[0, nudged] += 1e-9
    return adam_steps(network, rate, text, steps)


def exponents(text, seed, rate, steps):
    """Return the exponent of three pairs of twins."""
    one, found = losses_and_weights(text, seed, None, rate)[1][steps], []
    for nudged in NUDGED:
        two = losses_and_weights(text, seed, nudged, rate)[1][steps]
        found.append(math.log(np.linalg.norm(one - two) / 1e-9) / steps)
    return np.array(found)


def with_error(values):
    return np.mean(values), np.std(values, ddof=1) / np.sqrt(len(values))


def long_steps_part_faster(text, seed):
    return with_error(exponents(text, seed, 0.02, 50) - exponents(text, seed, 0.004, 50))


def short_steps_are_calm(text, seed):
    return with_error(0.01 - exponents(text, seed, 0.004, 600))


def become_two_networks(text, seed):
    """How far the twins are apart after 600 long steps, beside a distance of 1."""
    one = losses_and_weights(text, seed, None, 0.02)[1][600]
    distances = [np.linalg.norm(one - losses_and_weights(text, seed, nudged, 0.02)[1][600]) for nudged in NUDGED]
    return with_error(np.array(distances) - 1)


def leads(text, starts):
    """Return by how much the rate 0.004 is ahead of 0.006 at the end, from each start."""
    last = [[losses_and_weights(text, start, None, rate)[0][-100:].mean() for start in starts] for rate in RATES]
    return np.subtract(*last)


def smaller_rate_is_ahead(text, seed):
    """Four starts of their own for each seed, paired."""
    return with_error(leads(text, range(4 * seed, 4 * seed + 4)))


def twelve_seeds():
    return dict(zip(("lead of 0.004", "its standard error"), with_error(leads(load_corpus("sonnets"), range(12)))))


CLAIMS = {
    "rate 0.02: the exponent is larger by": long_steps_part_faster,
    "rate 0.004: the exponent is below 0.01 by": short_steps_are_calm,
    "rate 0.02, after 600 steps: above 1 by": become_two_networks,
    "rate 0.004 is ahead of 0.006 by, nats": smaller_rate_is_ahead,
}
ASIDES = {"the rates 0.004 and 0.006, twelve seeds": twelve_seeds}
