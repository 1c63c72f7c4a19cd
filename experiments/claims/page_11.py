"""The general claims of page 11, each on a text of your choice: bits per character on the ninth tenth."""

import numpy as np

from course.engine import RNN, train
from course.engine.optimizers import global_norm
from course.models.judging import network_probabilities, split, standard_error
from experiments.page_runs import left_out
from rnn_helpers import load_corpus

FAST = {"init": {"W_xh": 1}, "rates": {"W_xh": 8, "W_hh": 0.7}, "optimizer": "adam_short"}
FAST |= {"max_norm": 20, "decay": "linear", "streams": 24, "progress": False}
MUON = FAST | {"optimizer": "muon", "rates": {"W_xh": 3.5, "W_hh": 0.52}}


def costs(text, seed, rate, epochs, **settings):
    """Return what each character of the ninth tenth costs a network that has read the eight before it."""
    training, unseen, _ = split(text)
    run = train(training, 75, 50, rate, epochs, seed=seed, **settings)
    return -np.log2(network_probabilities(run.parameters, unseen.ids))


def ahead(text, seed, one, other):
    """Return by how many bits the second training is ahead of the first, and the standard error."""
    difference = costs(text, seed, **one) - costs(text, seed, **other)
    return difference.mean(), standard_error(difference)


def of(one, other):
    return lambda text, seed: ahead(text, seed, one, other)


FAST_4 = FAST | {"rate": 0.036, "epochs": 4}
PLAIN = {"rate": 0.001, "epochs": 3, "init": "fan_in", "progress": False}
CLAIMS = {
    "W_xh from size 1, with plain steps": of(PLAIN, PLAIN | {"init": {"W_xh": 1}}),
    "a rate for each matrix": of(FAST_4 | {"rates": None}, FAST_4),
    "decay": of(FAST_4 | {"decay": None, "rate": 0.015}, FAST_4),
    "four fast epochs, over forty of 2019": of({"rate": 0.001, "epochs": 40, "progress": False}, FAST_4),
    "Muon over Adam, both with rates": of(FAST_4, MUON | {"rate": 0.1, "epochs": 4}),
}


def share_clipped():
    """Return the percentage of the steps whose gradient is longer than 20, in section 3 and in section 5."""
    lengths = []

    def backward(*args):
        gradients = RNN.backward(*args)
        lengths.append(global_norm(gradients))
        return gradients

    found, corpus, model = {}, load_corpus("sonnets"), RNN._replace(backward=backward)
    steps = {"init": {"W_xh": 1}, "max_norm": 20, "progress": False}
    for name, rate, epochs, settings in [("plain", 0.016, 3, steps), ("section 5", 0.036, 4, FAST)]:
        lengths.clear()
        train(corpus, 75, 50, rate, epochs, model=model, **settings)
        found[name] = 100 * np.mean(np.array(lengths) > 20)
    return found


def twelve_tries():
    """Return the loss of each kind of step for W_hh, mean of three starts, after the same twelve tries for each: a rate
    and two factors drawn by lot, of which two other starts chose the best."""
    rng = np.random.default_rng(0)
    drawn = [np.array([0.036, 8, 0.7]) * 2 ** rng.uniform([-0.6, -1, -1], [0.6, 1, 1]) for _ in range(12)]
    tries = [{"rate": rate, "rates": {"W_xh": first, "W_hh": second}} for rate, first, second in drawn]
    found = {}
    for name in ("nothing", "length alone", "sign", "every direction"):
        scores = [sum(left_out(name, seed, dtype="float32", **one) for seed in (100, 101)) for one in tries]
        best = tries[int(np.argmin(scores))]
        found[name] = np.mean([left_out(name, seed, dtype="float32", **best) for seed in (10, 11, 12)])
    return found


ASIDES = {"twelve tries for each kind of step": twelve_tries, "percent of the steps that are clipped": share_clipped}
