"""The general claims of page 11, each on a text of your choice: bits per character on the ninth tenth."""

from itertools import product

import numpy as np

from course.engine import RNN, TrainingDiverged, adam_step, another_optimizer, train
from course.engine.optimizers import global_norm
from course.models.judging import network_probabilities, split, standard_error
from experiments.page_runs import WAYS, clipped_alone, left_out, stored, three_epochs
from rnn_helpers import load_corpus

FAST = {"init": {"W_xh": 1}, "rates": {"W_xh": 8, "W_hh": 0.7}, "optimizer": "adam_short"}
FAST |= {"max_norm": 20, "decay": "linear", "streams": 24, "progress": False}
MUON = FAST | {"optimizer": "muon", "rates": {"W_xh": 3.5, "W_hh": 0.52}}


def bits_of(parameters, part):
    return -np.log2(network_probabilities(parameters, part.ids))


def costs(text, seed, rate, epochs, **settings):
    """Return what each character of the ninth tenth costs a network that has read the eight before it."""
    training, unseen, _ = split(text)
    run = train(training, 75, 50, rate, epochs, seed=seed, **settings)
    return bits_of(run.parameters, unseen)


def ahead(text, seed, one, other):
    """Return by how many bits the second training is ahead of the first, and the standard error."""
    difference = costs(text, seed, **one) - costs(text, seed, **other)
    return difference.mean(), standard_error(difference)


def of(one, other):
    return lambda text, seed: ahead(text, seed, one, other)


def each_alone(text, seed):
    """The best of three rates for each of two directions, for steps of the same length."""
    training, unseen, _ = split(text)
    choose, judge = split(unseen, (1, 1))
    best = []
    for model in (clipped_alone(RNN), RNN):
        settings = {"max_norm": 5, "seed": seed, "model": model, "progress": False}
        runs = [train(training, 75, 50, rate, 2, **settings).parameters for rate in (0.02, 0.05, 0.1)]
        best.append(min(runs, key=lambda parameters: bits_of(parameters, choose).mean()))
    difference = bits_of(best[1], judge) - bits_of(best[0], judge)
    return difference.mean(), standard_error(difference)


FAST_4 = FAST | {"rate": 0.036, "epochs": 4}
PLAIN = {"rate": 0.001, "epochs": 3, "init": "fan_in", "progress": False}
CLAIMS = {
    "clipping each array alone": each_alone,
    "W_xh from size 1, with plain steps": of(PLAIN, PLAIN | {"init": {"W_xh": 1}}),
    "a rate for each matrix": of(FAST_4 | {"rates": None}, FAST_4),
    "decay": of(FAST_4 | {"decay": None, "rate": 0.015}, FAST_4),
    "four fast epochs, over forty of 2019": of({"rate": 0.001, "epochs": 40, "progress": False}, FAST_4),
    "Muon over Adam, both with rates": of(FAST_4, MUON | {"rate": 0.1, "epochs": 4}),
    "Muon over Adam, at equal time": of(FAST_4 | {"epochs": 5}, MUON | {"rate": 0.1, "epochs": 4}),
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
    for name in ("nothing", "W_hh: length alone", "W_hh: sign", "W_hh: every direction"):
        scores = [sum(left_out(name, seed, dtype="float32", **one) for seed in (100, 101)) for one in tries]
        best = tries[int(np.argmin(scores))]
        found[name] = np.mean([left_out(name, seed, dtype="float32", **best) for seed in (10, 11, 12)])
    return found


def moves_of_adam():
    """Return how far a weight moves on average in one step of section 3, as a share of the rate: in the first step, and
    after the hundredth, of each array and of all of them. And how far does the weight move that moves farthest in a
    step: the most, and the percentage of the steps in which it's more than two rates."""
    moves = []

    def adam(parameters, gradients, means, step, rate):
        before = [array.copy() for array in parameters]
        adam_step(parameters, gradients, *means, step, rate)
        moves.append([np.abs(new - old) / rate for new, old in zip(parameters, before)])

    settings = {"init": {"W_xh": 1}, "max_norm": 20, "progress": False}
    with another_optimizer("noted", 2, adam):
        run = train(load_corpus("sonnets"), 75, 50, 0.004, 1, optimizer="noted", **settings)
    later = [np.mean([step[k].mean() for step in moves[100:]]) for k in range(5)]
    sizes = [array.size for array in run.parameters]
    found = {"of W_hh, first step": moves[0][1].mean()}
    found |= {f"of {name}, later": share for name, share in zip(run.parameters._fields, later)}
    farthest = np.array([max(array.max() for array in step) for step in moves])
    found |= {"of all weights, later": np.average(later, weights=sizes), "the farthest": farthest.max()}
    return found | {"percent of the steps beyond two rates": 100 * np.mean(farthest > 2)}


def plain_steps_of_their_own():
    """Return the loss of the recipe of section 5 with plain steps and each array clipped alone: the best of twelve
    pairs of a rate and a factor for W_xh, which two other starts choose."""
    tries = [*product((0.14, 0.2, 0.28, 0.4), (4, 8, 16))]

    def end(seed, rate, factor):
        return left_out("Adam", seed, rate, rates={"W_xh": factor}, model=clipped_alone(RNN), dtype="float32")

    best = min(tries, key=lambda one: sum(end(seed, *one) for seed in (100, 101)))
    return dict(zip(("best rate", "best factor"), best)) | {f"start {seed}": end(seed, *best) for seed in range(3)}


def turned_by():
    """Return by how many degrees a step turns if each array is clipped alone: the mean, and where nine of ten are."""
    turns = []

    def backward(*args):
        whole, alone = RNN.backward(*args), clipped.backward(*args)
        one, other = [np.concatenate([array.ravel() for array in arrays]) for arrays in (whole, alone)]
        turns.append(np.degrees(np.arccos(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))))
        return alone

    clipped = clipped_alone(RNN)
    training, _, _ = split(load_corpus("sonnets"))
    train(training, 75, 50, 0.05, 1, max_norm=5, model=RNN._replace(backward=backward), progress=False)
    low, high = np.percentile(turns, [5, 95])
    return {"mean": np.mean(turns), "from": low, "to": high}


FIVE_RATES = {"clipped": (0.07, 0.1, 0.14, 0.2, 0.28), "not clipped": (0.006, 0.008, 0.011, 0.016, 0.022)}


def clipping_with_a_falling_rate():
    """Return by how many bits clipping is ahead after five epochs of plain steps whose rate falls: five rates for each
    side, of which two other starts choose the best."""
    training, unseen, _ = split(load_corpus("sonnets"))

    def score(way, rate, seed):
        max_norm = 5 if way == "clipped" else None
        settings = {"max_norm": max_norm, "decay": "linear", "seed": seed, "progress": False}
        try:
            return bits_of(train(training, 75, 50, rate, 5, **settings).parameters, unseen)
        except TrainingDiverged:
            return np.array([np.inf])

    best = {}
    for way, rates in FIVE_RATES.items():
        best[way] = min(rates, key=lambda rate, way=way: sum(score(way, rate, seed).mean() for seed in (100, 101)))
    found = {f"best rate, {way}": rate for way, rate in best.items()}
    leads = []
    for seed in range(4):
        clipped, free = [score(way, best[way], seed) for way in FIVE_RATES]
        leads.append((free - clipped).mean())
        found |= {f"bits, clipped, start {seed}": clipped.mean(), f"bits, not clipped, start {seed}": free.mean()}
    return found | {"lead": np.mean(leads), "its error": np.std(leads, ddof=1) / 2}


def order_of_the_rates():
    """Return the loss after three epochs of each way to change the rate, at the rate of the page, twice and half."""
    found = {}
    for way, (usual, _) in WAYS.items():
        for rate, start in product((usual / 2, usual, 2 * usual), range(3)):
            found[f"{way.rpartition(' ')[0]} {rate}, start {start}"] = round(
                three_epochs(f"{way}, start {start}", rate), 2
            )
    return found


def clipping_at_a_fixed_rate():
    """Return by how many bits the best rate with clipping, 0.04, is ahead of the best one without, 0.003 to 0.01."""
    bits = stored("five_epochs")
    mean = {key: np.repeat(blocks, 100)[:9333].mean() for key, blocks in bits.items()}
    free = min((0.003, 0.005, 0.01), key=lambda rate: sum(mean[f"{rate}, seed {seed}"] for seed in range(4)))
    leads = [mean[f"{free}, seed {seed}"] - mean[f"0.04, clipped, seed {seed}"] for seed in range(4)]
    error = np.std(leads, ddof=1) / 2
    return {"best rate, not clipped": free, "lead": np.mean(leads), "its error": error}


def orthogonal_start():
    """Return the loss of the recipe of section 5, if W_hh starts as a matrix that only turns, at the best of twelve
    rates, which two other starts choose."""

    def initialize(*args):
        start = RNN.initialize(*args)
        return start._replace(W_hh=np.linalg.qr(start.W_hh)[0])

    model = RNN._replace(initialize=initialize)
    rates = [0.018, 0.021, 0.024, 0.027, 0.030, 0.033, 0.036, 0.039, 0.042, 0.046, 0.050, 0.055]
    best = min(rates, key=lambda rate: sum(left_out("nothing", seed, rate, model=model) for seed in (100, 101)))
    found = {f"start {seed}": left_out("nothing", seed, best, model=model) for seed in range(3)}
    return {"best rate": best} | found


ASIDES = {
    "twelve tries for each kind of step": twelve_tries,
    "percent of the steps that are clipped": share_clipped,
    "share of the rate that a weight moves": moves_of_adam,
    "plain steps, each array clipped alone": plain_steps_of_their_own,
    "degrees by which clipping each array alone turns": turned_by,
    "the order of the rates": order_of_the_rates,
    "clipping at a fixed rate": clipping_at_a_fixed_rate,
    "clipping with a falling rate": clipping_with_a_falling_rate,
    "W_hh only turns at its start": orthogonal_start,
}
