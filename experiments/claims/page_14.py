"""The general claims of page 14, on any text: settings are chosen on the ninth tenth, and claims judged on the last.

The networks are smaller than those of the page and trained for half as long, so that all this takes a minute or two.
"""

import functools
from itertools import product

import numpy as np

from course.base.place import ROOT
from course.engine import forward_passes, load_run, train
from course.models.counting import counting_on, witten_bell
from course.models.gates import GRU
from course.models.judging import mix, network_probabilities, split, standard_error, with_dropout
from experiments.page_runs import ppmd_bits, winning_run
from rnn_helpers import backward_pass, forward_pass, load_corpus, sgd_step

SHARES = np.linspace(0, 1, 21)
ORDERS, HANDED_DOWN, BOLDER = range(3, 9), (1, 2, 4, 6, 8, 12), (1, 2, 4)
SETTINGS = {"optimizer": "adam", "init": "fan_in", "dtype": "float32", "progress": False}


def costs(probs):
    return -np.log2(np.asarray(probs, float))


def gain(before, after):
    """Return (bits saved, its standard error), from the costs of each character."""
    return (before - after).mean(), standard_error(before - after)


@functools.cache
def learned(text, start):
    """Return the parameters of a network that has learned the first eight tenths."""
    model = with_dropout(GRU, 0.2, np.random.default_rng(start))
    settings = SETTINGS | {"streams": 16, "decay": "linear"}
    return train(split(text)[0], 75, 50, 0.02, 12, seed=start, model=model, **settings).parameters


@functools.cache
def networks(text, seed):
    """Return what three networks give to the ninth tenth and to the last one, two arrays (3, N-1)."""
    _, *parts = split(text)
    three = [learned(text, start) for start in range(3 * seed, 3 * seed + 3)]
    return [np.array([network_probabilities(one, part.ids, GRU) for one in three]) for part in parts]


@functools.cache
def table(text, count, order, handed_down):
    """Return what a table of the first eight tenths gives to the ninth tenth and to the last one."""
    training, *parts = split(text)
    return [count(training.ids, part.ids, text.vocab_size, order, handed_down)[1:] for part in parts]


@functools.cache
def tuned(text):
    """Return (order, handed_down) of the best of 36 tables on the ninth tenth."""
    settings = product(ORDERS, HANDED_DOWN)
    return min(settings, key=lambda one: costs(table(text, witten_bell, *one)[0]).mean())


def mixture(text, seed, count, order, several):
    """Return the costs on the last tenth of three networks and a table; of `several` ways to hand down, the best on the
    ninth tenth is taken, with its best share."""
    three = [mix(part, [1, 1, 1]) for part in networks(text, seed)]

    def mixed(which, handed_down, share):
        return costs(mix([three[which], table(text, count, order, handed_down)[which]], [1 - share, share]))

    best = min(product(several, SHARES), key=lambda one: mixed(0, *one).mean())
    return mixed(1, *best)


# ---------------------------------------------------------------- the claims
def dropout(text, seed):
    quarter, _ = split(split(text)[0], (1, 3))
    _, ninth, last = split(text)
    lowest = []
    for model in (GRU, with_dropout(GRU, 0.2, np.random.default_rng(seed))):
        run, networks = None, []
        for epochs in (2, 4, 6, 8, 10):
            run = train(quarter, 75, 50, 0.01, epochs, seed=seed, resume=run, model=model, streams=8, **SETTINGS)
            networks.append(run.parameters)
        best = min(networks, key=lambda network: costs(network_probabilities(network, ninth.ids, GRU)).mean())
        lowest.append(costs(network_probabilities(best, last.ids, GRU)))
    return gain(*lowest)


def too_sure(text, seed):
    """Return the mean of the network's largest probability, less the share of the places where that character came."""
    ids = split(text)[2].ids
    probs = np.concatenate([forward.probs for _, forward in forward_passes(learned(text, 3 * seed), ids, GRU)])
    surer = probs.max(axis=1) - (probs.argmax(axis=1) == ids[1:])
    return surer.mean(), standard_error(surer)


def ensemble(text, seed):
    ninth, last = networks(text, seed)
    best = costs(ninth).mean(axis=1).argmin()
    return gain(costs(last[best]), costs(mix(last, [1, 1, 1])))


def partners(text, seed):
    order, handed_down = tuned(text)
    together = mixture(text, seed, witten_bell, order, [handed_down])
    alone = mix(networks(text, seed)[1], [1, 1, 1]), table(text, witten_bell, order, handed_down)[1]
    return min(gain(costs(one), together) for one in alone)


def bolder(text, seed):
    order, handed_down = tuned(text)
    return gain(mixture(text, seed, witten_bell, order, [handed_down]), mixture(text, seed, witten_bell, order, BOLDER))


def counts_on(text, seed):
    order, _ = tuned(text)
    return gain(*[mixture(text, seed, count, order, BOLDER) for count in (witten_bell, counting_on)])


CLAIMS = {
    "dropout lowers the lowest score by, bits": dropout,
    "a network is surer than it is right by, a share": too_sure,
    "three networks are ahead of the best one by, bits": ensemble,
    "with a table, ahead of the better of the two by, bits": partners,
    "a bolder table is the better partner by, bits": bolder,
    "a mixture that counts on gains, bits": counts_on,
}


# ---------------------------------------------------------------- asides
def steps_while_reading():
    """Return what small steps gain the network of page 06 on the ninth tenth: of the ninth tenth itself, after the
    guess, and of other texts before it. First the training text is read once more, so that its steps are no news."""
    text = load_corpus("sonnets")
    training, validation, last = split(text)

    def read(parameters, ids, rate):
        parameters = type(parameters)(*[value.astype(float) for value in parameters])
        h, found = np.zeros(75), []
        for start in range(0, len(ids) - 1, 50):
            targets = ids[start + 1 : start + 51]
            inputs = ids[start : start + len(targets)]
            forward = forward_pass(inputs, targets, h, parameters)
            found.append(costs(forward.probs[np.arange(len(targets)), targets]))
            if rate:
                sgd_step(parameters, backward_pass(inputs, targets, parameters, forward), rate)
            h = forward.hidden[-1]
        return np.concatenate(found), parameters

    _, calm = read(load_run(ROOT / "data/eight_tenths_run.npz").parameters, training.ids, 0.0003)
    fixed, _ = read(calm, validation.ids, 0)
    ways = {"its own steps": read(calm, validation.ids, 0.0003)[0]}
    for name, ids in {"an old tenth": training.ids[: len(validation.ids)], "another new tenth": last.ids}.items():
        ways[name] = read(read(calm, ids, 0.0003)[1], validation.ids, 0)[0]
    found = {}
    for name, after in ways.items():
        found[f"{name} gain"], found[f"{name} error"] = gain(fixed, after)
    return found


def stopped_early():
    """Return what the large network without dropout needs on the ninth tenth after a training of six epochs."""
    training, validation, _ = split(load_corpus("sonnets"))
    found = {}
    for seed in range(3):
        run = train(training, 128, 50, 0.016, 6, seed=seed, model=GRU, streams=16, decay="linear", **SETTINGS)
        found[f"start {seed}"] = costs(network_probabilities(run.parameters, validation.ids, GRU)).mean()
    return found


def slower_without_dropout():
    """Return for smaller rates what a network without dropout, from each start, needs at best on the ninth tenth after
    a quarter of the training text. With dropout it needs 2.75 or less after ten epochs (data/dropout.csv)."""
    training, validation, _ = split(load_corpus("sonnets"))
    quarter, _ = split(training, (1, 3))
    found = {}
    for rate, epochs in {0.005: range(2, 17, 2), 0.0025: range(4, 25, 4)}.items():
        for seed in range(3):
            run, lowest = None, np.inf
            for epoch in epochs:
                run = train(quarter, 75, 50, rate, epoch, seed=seed, resume=run, model=GRU, streams=8, **SETTINGS)
                lowest = min(lowest, costs(network_probabilities(run.parameters, validation.ids, GRU)).mean())
            found[f"rate {rate}, start {seed}"] = lowest
    return found


def sure_together():
    """Return by how much the networks of the page say more than comes, on the ninth tenth: each alone, and all three
    together. The probabilities in league.npz are those of the characters that came, so all three are trained again."""
    training, validation, _ = split(load_corpus("sonnets"))
    each = []
    for seed in range(3):
        passes = forward_passes(winning_run(training, seed), validation.ids, GRU)
        each.append(np.concatenate([forward.probs for _, forward in passes]).astype(float))
    found = {}
    for name, probs in {
        **{f"network {seed}": one for seed, one in enumerate(each)},
        "all three": mix(each, [1] * 3),
    }.items():
        surer = probs.max(axis=1) - (probs.argmax(axis=1) == validation.ids[1:])
        found[f"{name}, surer by"], found[f"{name}, error"] = surer.mean(), standard_error(surer)
    return found


def orders_of_ppmd():
    """Return the best of 36 orders of PPMd on the ninth tenth, and its bits; it needs `pip install pyppmd`."""
    training, validation, _ = split(load_corpus("sonnets"))
    scores = {order: ppmd_bits(training, validation, order) for order in range(2, 38)}
    best = min(scores, key=scores.get)
    return {"tried": len(scores), "best": best, "bits": scores[best]}


def many_epochs():
    """Return what three networks with dropout need after forty epochs of a quarter of the training text, on text that
    they have learned and on the ninth tenth; data/dropout.csv has the first ten of these epochs."""
    training, validation, _ = split(load_corpus("sonnets"))
    quarter, _ = split(training, (1, 3))
    both_texts = np.array([quarter.ids[: len(validation.ids)], validation.ids]).T
    found = {}
    for seed in range(3):
        model, run = with_dropout(GRU, 0.2, np.random.default_rng(seed)), None
        for epoch in (10, 20, 40):
            run = train(quarter, 75, 50, 0.01, epoch, seed=seed, resume=run, model=model, streams=8, **SETTINGS)
            bits = costs(network_probabilities(run.parameters, both_texts, GRU)).mean(axis=0)
            for name, mean in zip(("trained", "unseen"), bits):
                found[f"start {seed}, {epoch} epochs, {name}"] = mean
    return found


def table_by_length(seen, read, vocab_size, ways):
    """Return what witten_bell does, (N,), but with a way to hand down for each length: ways[k] for contexts of k."""
    probs = np.full(len(read), 1 / vocab_size)
    for length, handed_down in enumerate(ways):
        followers = {}
        for place in range(length, len(seen)):
            after = followers.setdefault(tuple(seen[place - length : place]), {})
            after[seen[place]] = after.get(seen[place], 0) + 1
        for place in range(length, len(read)):
            after = followers.get(tuple(read[place - length : place]))
            if after:
                new = handed_down * len(after)
                counted = after.get(read[place], 0)
                probs[place] = (counted + new * probs[place]) / (sum(after.values()) + new)
    return probs


def bold_by_length():
    """Return the bits that the three networks save with a table that is bold, s = 1, only for contexts of some lengths
    against the tuned table as their partner, s = 6 for all; each with its best of 21 shares, on the ninth tenth."""
    training, validation, _ = split(load_corpus("sonnets"))
    with np.load(ROOT / "data/league.npz") as file:
        three = mix(file["validation"], [1, 1, 1])

    def best(bold):
        ways = [1 if length in bold else 6 for length in range(6)]
        table = table_by_length(training.ids.tolist(), validation.ids.tolist(), training.vocab_size, ways)[1:]
        return min((costs(mix([three, table], [1 - share, share])) for share in SHARES), key=np.mean)

    tuned_partner, found = best(()), {}
    for low, high in ((0, 5), (0, 2), (0, 3), (0, 4), (3, 5), (5, 5)):
        saved, error = gain(tuned_partner, best(range(low, high + 1)))
        found[f"bold from {low} to {high}, saved"], found[f"bold from {low} to {high}, error"] = saved, error
    return found


ASIDES = {
    "steps while reading": steps_while_reading,
    "without dropout, six epochs": stopped_early,
    "without dropout, smaller rates": slower_without_dropout,
    "surer than right": sure_together,
    "orders of PPMd": orders_of_ppmd,
    "forty epochs with dropout": many_epochs,
    "where a table is bold": bold_by_length,
}
