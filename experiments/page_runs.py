"""Train the networks with results that pages load instead of training them all, and store these results in data/.

    python -m experiments.page_runs                   all of them
    python -m experiments.page_runs dropout nudges    some, by the names of the files
    python -m experiments.page_runs --check           train all again, and compare with the stored results

It takes about half an hour, most of it for page 17. The settings are those in the cells, and some cells train a part
of their runs.
"""

import argparse
import contextlib
import csv
import functools
import sys
from collections import namedtuple
from itertools import product

import numpy as np

from course.base.place import ROOT
from course.engine import (
    RNN,
    Model,
    adam_step,
    another_optimizer,
    evaluate,
    load_run,
    loss_of,
    orthogonalize,
    read_out,
    read_out_backward,
    save_run,
    train,
)
from course.models.counting import counting_on, kneser_ney, witten_bell
from course.models.delta import (
    delta_net,
    phone_book,
    recall_by_notes,
    sum_step,
    sum_step_backward,
)
from course.models.gates import GRU, GRUParameters, each_alone, flip_flop, judged_by, nailed, share_right
from course.models.judging import (
    bits,
    mix,
    network_probabilities,
    split,
    standard_error,
    with_dropout,
    with_weight_decay,
)
from course.models.no_loop import attention, attention_backward, min_gru
from course.show.page_14 import costs_of, in_blocks
from experiments.claims.page_08 import BY_SIZE, by_size
from rnn_helpers import (
    Corpus,
    Parameters,
    backward_pass,
    chunks,
    clip_gradients,
    forward_pass,
    initialize_parameters,
    load_corpus,
    one_hot,
    sgd_step,
    smooth_loss,
)

sonnets = functools.cache(lambda: load_corpus("sonnets"))
third = functools.cache(
    lambda: Corpus("the first third", sonnets().text[: len(sonnets().text) // 3], sonnets().vocabulary)
)
tenths = functools.cache(lambda: split(sonnets()))  # the first eight, the ninth and the last
QUIET_ADAM = {"optimizer": "adam", "init": "fan_in", "progress": False}


def blocks_of(parameters, model=RNN, ids=None):
    """Return what the ninth tenth, or another text, costs a network: the mean bits of each 100 consecutive characters,
    and of the rest. That is enough for a mean and its standard error, also of a difference."""
    bits = -np.log2(network_probabilities(parameters, tenths()[1].ids if ids is None else ids, model))
    return np.array([block.mean() for block in np.split(bits, range(100, len(bits), 100))])


# ---------------------------------------------------------------- page 07: one change at a time
ONE_CHANGE = [  # (text, H, T, seed)
    (*setting, seed)
    for setting in [("verse", 75, 50), *product(["speeches"], (75, 150), (50, 100))]
    for seed in range(3)
]


def one_change(name, H, T, seed):
    """Return the bits per character on unseen text of the same kind, after two epochs of the recipe of 2019."""
    text = load_corpus("sonnets" if name == "verse" else name).text
    seen = Corpus(f"{name}, the beginning", text[: len(sonnets().text) * 8 // 10])
    ninth_tenth = text[len(text) * 8 // 10 : len(text) * 9 // 10]
    unseen = seen.encode("".join(char for char in ninth_tenth if char in seen.chars))
    return evaluate(train(seen, H, T, 0.001, 2, seed=seed, progress=False), unseen) / np.log(2)


@functools.cache
def speeches_run():
    """Return eleven of the twelve epochs of page 07, rounded, so that the file needs a third of the space."""
    run = train(load_corpus("speeches"), 150, 100, 0.001, 11, progress=False)
    run.parameters = Parameters(*[array.astype("float32").astype(float) for array in run.parameters])
    run.h = run.h.astype("float32").astype(float)
    run.losses = np.round(run.losses * 1024) / 1024
    return run


def of_speeches_run(name):
    run = speeches_run()
    return getattr(run if name in ("losses", "h") else run.parameters, name)


# ---------------------------------------------------------------- page 08: nine tenths, each of them unseen once
def each_tenth(name, tenth):
    """Return what a tenth of a text costs the network and the tuned table of page 08 that have read the other eight of
    the first nine tenths: bits and their standard error, of the network, of the table, of the difference, of the
    difference that another start of the network makes, and of what a table with s = 1 needs more."""
    text = sonnets() if name == "Sonnets" else load_corpus("speeches")
    whole = Corpus(name, text.text[: len(sonnets().text)], text.vocabulary)
    *parts, _ = split(whole, (1,) * 10)
    unseen = parts.pop(tenth - 1)
    seen = Corpus("eight tenths", "".join(part.text for part in parts), text.vocabulary)
    settings = {"optimizer": "muon", "streams": 24, "init": "fan_in", "decay": "linear", "progress": False}
    runs = [train(seen, 75, 50, 0.085, 8, **settings, seed=seed) for seed in (0, 1)]
    network, again = [-np.log2(network_probabilities(run.parameters, unseen.ids)) for run in runs]
    table, bold = [-np.log2(witten_bell(seen.ids, unseen.ids, seen.vocab_size, 6, s)[1:]) for s in (6, 1)]
    return [
        number
        for bits in (network, table, network - table, again - network, bold - table)
        for number in (bits.mean(), standard_error(bits))
    ]


# ---------------------------------------------------------------- page 11: two ways to shorten a gradient
CLIP_EACH = [*product(("all together", "each alone"), (0.02, 0.05, 0.1), range(3))]  # (way, rate, seed)


def clip_each(way, rate, seed):
    """Return what the ninth tenth costs after two epochs of steps that are as long in both ways, but not as direct."""
    model = RNN if way == "all together" else clipped_alone(RNN)
    return blocks_of(train(tenths()[0], 75, 50, rate, 2, max_norm=5, seed=seed, model=model, progress=False).parameters)


def clipped_alone(model):
    """Return a Model whose gradients have no array that is longer than 5."""

    def backward(inputs, targets, parameters, forward):
        gradients = model.backward(inputs, targets, parameters, forward)
        return type(gradients)(*[min(1, 5 / np.linalg.norm(array)) * array for array in gradients])

    return model._replace(backward=backward, name="a network with each array clipped alone")


# ---------------------------------------------------------------- page 10: long and short steps, clipped and not
SCHEDULES = {  # name: (max_norm, pairs of a rate, and the number of epochs up to which it is used)
    **{f"{rate}": (None, [(rate, 5)]) for rate in (0.003, 0.005, 0.01)},
    **{f"{rate}, clipped": (5, [(rate, 5)]) for rate in (0.02, 0.03, 0.04)},
    **{f"{rate}, one epoch": (None, [(rate, 1)]) for rate in (0.003, 0.01)},
    **{
        f"{rate}, then {last}": (None, [(rate, 5), (last, 6)])
        for rate, last in [(0.01, 0.003), (0.003, 0.003), (0.003, 0.001)]
    },
}
FIVE_EPOCHS = [*product(SCHEDULES, range(4))]  # (name, seed)


def five_epochs(name, seed):
    max_norm, parts = SCHEDULES[name]
    run = None
    for rate, epochs in parts:
        run = train(tenths()[0], 75, 50, rate, epochs, max_norm=max_norm, seed=seed, resume=run, progress=False)
    return blocks_of(run.parameters)


# ---------------------------------------------------------------- page 10: the patients of the clinic
CLINIC_RATES = {"A": 0.01, "B": 0.01, "C": 0, "D": 0.02, "E": 0.0005, "F": 0.02, "healthy": 0.01}
CLINIC_POINTS = {name: [1, *range(25, 1493, 25), 1493] for name in "ABCDE"} | {"F": [1, *range(70, 4131, 70)]}
READ_AGAIN = [("healthy", 0), *product("DE", range(3))]  # (patient, start)
CLINIC = [  # (patient, start, what, at which sequence or in which quarter)
    *[(name, 0, "smoothed", at) for name, points in CLINIC_POINTS.items() for at in points],
    *[(name, start, "helped", quarter) for name, start in READ_AGAIN for quarter in (1, 2, 3, 4)],
]


def probs_over_steps(forward, targets, parameters):
    """Return a ForwardPass whose softmax adds up each column, over the steps, and not each row."""
    scores = forward.hidden[1:] @ parameters.W_hy.T + parameters.b_y
    powers = np.exp(scores - scores.max(axis=0))
    probs = powers / powers.sum(axis=0)
    return forward._replace(loss=loss_of(probs, targets), probs=probs)


@functools.cache
def patient(name, start=0, rate=None, text="Sonnets"):
    """Train a patient of page 10. Return (Parameters, smoothed loss after each sequence, whether each step of healthy,
    D or E has lowered the loss of the sequence that it was made from).

    rate  in place of the one in CLINIC_RATES; text: "Sonnets" or "speeches", of which each patient reads eight tenths
    """
    corpus = sonnets() if text == "Sonnets" else load_corpus("speeches")
    training = split(Corpus(text, corpus.text[: len(sonnets().text)], corpus.vocabulary))[0]
    rate, V = CLINIC_RATES[name] if rate is None else rate, corpus.vocab_size
    pairs = chunks(training.ids[:3000] if name == "F" else training.ids, 50)
    scale = 0.3 if name == "A" else 0.01
    parameters = initialize_parameters(75, V, np.random.default_rng(start), scale)
    if name == "C":
        parameters = load_run(ROOT / "data/eight_tenths_run.npz").parameters
    smoothed, helped, first = [50 * np.log(V)], [], None
    for _ in range(70 if name == "F" else 1):
        h = np.zeros(75)
        for inputs, targets in pairs:
            with np.errstate(divide="ignore"):
                forward = RNN.forward(inputs, targets, h, parameters)
            if name == "B":  # whose loss this is not
                forward = probs_over_steps(forward, targets, parameters)
            gradients = RNN.backward(inputs, targets, parameters, forward)
            if name == "E":
                first = gradients = first or gradients
            if name == "F":
                gradients = clip_gradients(gradients, 5)
            smoothed.append(smooth_loss(smoothed[-1], forward.loss))
            sgd_step(parameters, gradients, rate)
            if name in ("healthy", "D", "E"):
                helped.append(RNN.forward(inputs, targets, h, parameters).loss < forward.loss)
            h = forward.hidden[-1]
    return parameters, np.array(smoothed[1:]), np.array(helped)


def clinic(name, start, what, at):
    """Return the smoothed loss after a sequence, or of the steps in a quarter, how many percent have helped."""
    _, smoothed, helped = patient(name, start)
    return smoothed[at - 1] if what == "smoothed" else round(100 * np.array_split(helped, 4)[at - 1].mean())


# ---------------------------------------------------------------- page 10: little text, and a price on large weights
LITTLE_TEXT = [*product(("3,000 characters", "first half", "second half"), range(3))]  # (part, seed)


@functools.cache
def read_again_and_again(model, seed):
    """Return the parameters after every ten of 70 epochs on a small text."""
    training, _, _ = tenths()
    few = Corpus("3,000 characters", training.text[:3000], training.vocabulary)
    runs = [None]
    for epochs in range(10, 80, 10):
        settings = {"max_norm": 5, "seed": seed, "model": model, "resume": runs[-1], "progress": False}
        runs.append(train(few, 75, 50, 0.02, epochs, **settings))
    return [run.parameters for run in runs[1:]]


def little_text(part, seed):
    """Return what a part costs after every ten epochs: the trained text, or a half of the ninth tenth; (7, blocks)."""
    training, validation, _ = tenths()
    middle = len(validation.ids) // 2
    parts = [training.ids[:3000], validation.ids[:middle], validation.ids[middle:]]
    ids = dict(zip(("3,000 characters", "first half", "second half"), parts))[part]
    return np.array([blocks_of(parameters, ids=ids) for parameters in read_again_and_again(RNN, seed)])


def weight_decay(seed):
    """Return the bits per character on the first half of the ninth tenth after every ten epochs."""
    _, validation, _ = tenths()
    first_half = validation.ids[: len(validation.ids) // 2]
    networks = read_again_and_again(with_weight_decay(RNN, 0.1), seed)
    return [-np.log2(network_probabilities(parameters, first_half)).mean() for parameters in networks]


# ---------------------------------------------------------------- page 11: one change more, one left out, and Muon
OWN_START, OWN_RATES = {"W_xh": 1}, {"W_xh": 8, "W_hh": 0.7}
WITH_ADAM = {"init": OWN_START, "rates": OWN_RATES, "max_norm": 20, "optimizer": "adam"}
WAYS = {  # how the rate changes in time: the learning rate, and more settings
    "fixed rate of 0.002": (0.002, {}),
    "rate that rises to 0.004": (0.004, {"optimizer": "rising"}),
    "rate that falls from 0.004": (0.004, {"decay": "linear"}),
}
FIRST_SIZES = {  # of the matrices, on page 11; the others begin with fan-in
    "all with 0.01": 0.01,
    "all with fan-in": "fan_in",
    "W_hh alone with 0.01": {"W_hh": 0.01},
    "W_hh alone with fan-in": {"W_xh": 0.01, "W_hy": 0.01},
}
THREE_EPOCHS = {  # the learning rate, and what changes
    **{f"W_xh of size {size}": (0.001, {"init": {"W_xh": size}}) for size in (0.5, 1, 2, 4)},
    **{
        f"{way}, start {start}": (rate, WITH_ADAM | more | {"seed": start})
        for way, (rate, more) in WAYS.items()
        for start in range(3)
    },
    **{
        f"{matrices}, start {start}": (0.001, {"init": sizes, "seed": start})
        for matrices, sizes in FIRST_SIZES.items()
        for start in range(3)
    },
}


def three_epochs(name, rate=None):
    """Return the smoothed loss after three epochs of the Sonnets. rate: in place of the one above"""
    usual, change = THREE_EPOCHS[name]
    total = 3 * len(chunks(sonnets().ids, 50))

    def rising(parameters, gradients, means, step, rate):  # the steps of decay="linear", in the reverse order
        adam_step(parameters, gradients, *means, step, rate * step / total)

    with another_optimizer("rising", 2, rising):
        return train(sonnets(), 75, 50, rate or usual, 3, progress=False, **change).losses[-1]


FAST = {"optimizer": "adam_short", "init": OWN_START, "rates": OWN_RATES, "max_norm": 20, "decay": "linear"}
FAST |= {"streams": 24, "progress": False}
FAST_BITS = {**{f"4 epochs, start {seed}": (4, seed) for seed in range(3)}, "8 epochs": (8, 0)}


def fast_bits(name):
    """Return what the ninth tenth costs the recipe of page 11."""
    epochs, seed = FAST_BITS[name]
    return blocks_of(train(tenths()[0], 75, 50, 0.036, epochs, seed=seed, **FAST).parameters)


LEFT_OUT = {  # the learning rate, and what changes; each rate is the best of twelve, with starts 100 and 101
    "nothing": (0.036, {}),
    "start of W_xh": (0.034, {"init": "fan_in"}),
    "rate for each matrix": (0.037, {"rates": None}),
    "clipping": (0.045, {"max_norm": None}),
    "decay": (0.015, {"decay": None}),
    "Adam": (0.14, {"optimizer": "sgd"}),
    "24 streams": (0.008, {"streams": 1}),
    "both short averages": (0.036, {"optimizer": "adam"}),
    "the short average of squares": (0.039, {"optimizer": "momentum"}),
    # the best of twelve, too, with the rate and both factors drawn
    "W_hh: length alone": (0.0346, {"optimizer": "length alone", "rates": {"W_xh": 6.35, "W_hh": 0.9}}),
    "W_hh: sign": (0.0346, {"optimizer": "sign", "rates": {"W_xh": 6.35, "W_hh": 0.9}}),
    "W_hh: every direction": (0.0346, {"optimizer": "every direction", "rates": {"W_xh": 6.35, "W_hh": 0.9}}),
    "Adam, five epochs": (0.036, {"num_epochs": 5}),
    "Muon, all matrices": (0.1, {"optimizer": "muon", "rates": {"W_xh": 3.5, "W_hh": 0.52}}),
    "Adam, one rate, fan-in": (0.0356, {"rates": None, "init": "fan_in"}),
    "Muon, one rate, fan-in": (0.085, {"optimizer": "muon", "rates": None, "init": "fan_in"}),
}
DIRECTIONS = {  # of the momentum of W_hh
    "length alone": lambda matrix: matrix / np.linalg.norm(matrix) * matrix.shape[0] ** 0.5,
    "sign": lambda matrix: np.sign(matrix) / matrix.shape[0] ** 0.5,
    "every direction": lambda matrix: orthogonalize(matrix, 3),
}


def one_matrix(direction):
    """Return an optimizer: W_hh steps along the direction of its momentum, and all else is Adam's."""

    def take_step(parameters, gradients, means, step, rate):
        for name, weights, gradient, m, v in zip(parameters._fields, parameters, gradients, *means):
            if name == "W_hh":
                m *= 0.9
                m += 0.1 * gradient
                weights -= rate * 0.2 * 75**0.5 * direction(0.9 * m + 0.1 * gradient)
            else:
                adam_step([weights], [gradient], [m], [v], step, rate, 0.7, 0.99)

    return take_step


STEPS = {name: one_matrix(direction) for name, direction in DIRECTIONS.items()}
STEPS["momentum"] = lambda p, g, means, step, rate: adam_step(p, g, *means, step, rate, 0.7, 0.999)


def left_out(name, seed, rate=None, **other):
    """Return the smoothed loss after four epochs of the Sonnets. rate, other: settings in place of those above"""
    best, change = LEFT_OUT[name]
    settings = {"num_epochs": 4, "seed": seed} | FAST | change | other
    optimizer = settings["optimizer"]
    own = another_optimizer(optimizer, 2, STEPS[optimizer]) if optimizer in STEPS else contextlib.nullcontext()
    with own:
        return train(sonnets(), 75, 50, rate or best, **settings).losses[-1]


# ---------------------------------------------------------------- page 12: the first start, flip-flop in short texts
FIRST_START = {"plain": (RNN, 75, Parameters), "GRU": (GRU, 41, GRUParameters)}  # network: (model, units, parameters)


@functools.cache
def first_start_run(network):
    model, units, _ = FIRST_START[network]
    settings = {"decay": "linear", "streams": 8, "model": model}
    return train(tenths()[0], units, 50, 0.025, 10, **settings, **QUIET_ADAM).parameters


def first_start(network, name):
    """Return an array of a network of page 12 that has read eight tenths of the Sonnets."""
    return getattr(first_start_run(network), name)


ONE_GATE = {  # network: (model, units)
    "plain": (RNN, 22),
    "update gate alone": (nailed(b_r=30), 15),
    "reset gate alone": (nailed(b_z=-30), 15),
}


def one_gate(network, rate):
    """Return the percentage of the letters after r that are right. Page 12 asks for less than 45 %, and above 95 %."""
    model, units = ONE_GATE[network]
    rng = np.random.default_rng(1)
    corpus = Corpus("short texts", "".join(flip_flop(10, rng) for _ in range(1001)))
    tests = [flip_flop(10, rng) for _ in range(200)]
    run = train(
        corpus, units, 20, rate, 1, model=judged_by(model, corpus, "r"), max_norm=1, decay="linear", **QUIET_ADAM
    )
    return 100 * share_right(model, run.parameters, corpus, tests, "r")


# ---------------------------------------------------------------- page 13: as many parameters as a GRU
@functools.cache
def wide_run():
    settings = {"optimizer": "muon", "streams": 24, "init": "fan_in", "decay": "linear", "progress": False}
    return train(tenths()[0], 134, 50, 0.085, 8, **settings).parameters


def wide(name):
    """Return an array of the plain network of 134 units."""
    return getattr(wide_run(), name)


# ---------------------------------------------------------------- page 14: dropout
DROPOUT = [*product((0.0, 0.2), range(3))]  # (share dropped, seed)
EPOCHS = (2, 4, 6, 8, 10)


def dropout(rate, seed):
    """Return the bits per character on trained and on unseen text after each number of epochs, in one row."""
    training, validation, _ = tenths()
    quarter, _ = split(training, (1, 3))
    both_texts = np.array([quarter.ids[: len(validation.ids)], validation.ids]).T
    model = with_dropout(GRU, rate, np.random.default_rng(seed)) if rate else GRU
    settings = QUIET_ADAM | {"dtype": "float32", "streams": 8, "seed": seed, "model": model}
    run, scores = None, []
    for epoch in EPOCHS:
        run = train(quarter, 75, 50, 0.01, epoch, resume=run, **settings)
        scores.extend(-np.log2(network_probabilities(run.parameters, both_texts, GRU)).mean(axis=0))
    return scores


def winner(name):
    """Return an array of the first of the three networks that answer together, after its training."""
    return getattr(winning_run(tenths()[0], 0), name)


@functools.cache
def winning_run(text, seed):
    model = with_dropout(GRU, 0.2, np.random.default_rng(seed))
    settings = QUIET_ADAM | {"decay": "linear", "streams": 16, "dtype": "float32", "seed": seed}
    return train(text, 128, 50, 0.016, 24, model=model, **settings).parameters


# ---------------------------------------------------------------- page 14: the contest on the speeches
CONTEST = [
    "PPMd",
    "tuned table",
    "tuned table, counting on",
    "Kneser-Ney table",
    *(f"network {seed}" for seed in range(3)),
]
CONTEST += [
    "three networks",
    "with the tuned table",
    "with a bolder table",
    "with one that counts on",
    "scores",
    "chosen",
]
TABLES_TRIED = [*product(range(3, 9), (1, 2, 4, 6, 8, 12))]  # (order, s), as on page 08
SHARES = [k / 20 for k in range(21)]


@functools.cache
def contest():
    """Return {name: what the last tenth of the speeches costs, in blocks of 100 characters}, as on page 14; "scores"
    are the means of all characters.

    All is chosen on the ninth tenth: both tables and PPMd among 36 settings each, s of a partner among 1, 2, 4 and 6,
    and its share. "chosen" are the order of PPMd; order and s of the table; s and share of the partner in each of the
    three mixtures. The networks keep the settings of the Sonnets.
    """
    text = Corpus("speeches", load_corpus("speeches").text[: len(sonnets().text)])
    eight, ninth, last = split(text)
    parts = [(eight, ninth), (split(text, (9, 1))[0], last)]
    networks = []
    for known, unseen in parts:
        runs = [winning_run(known, seed) for seed in range(3)]
        networks.append([network_probabilities(parameters, unseen.ids, GRU) for parameters in runs])
    three = [mix(part, [1, 1, 1]) for part in networks]

    @functools.cache
    def table(count, which, order, s):
        known, unseen = parts[which]
        return count(known.ids, unseen.ids, text.vocab_size, order, s)[1:]

    def mixed(which, count, s, share):
        return mix([three[which], table(count, which, order, s)], [1 - share, share])

    order, s = min(TABLES_TRIED, key=lambda one: bits(table(witten_bell, 0, *one)))
    depth = min(range(2, 38), key=lambda depth: ppmd_bits(*parts[0], depth))
    scores, found, chosen = [ppmd_bits(*parts[1], depth)], [ppmd_bits(*parts[1], depth, True)], [depth, order, s]

    def enter(probs):
        found.append(in_blocks(costs_of(probs)))
        scores.append(bits(probs))

    for count in (witten_bell, counting_on):
        enter(table(count, 1, order, s))
    rivals = product(range(3, 9), (0.8, 0.9, 1, 1.1, 1.2, 1.3))
    enter(table(kneser_ney, 1, *min(rivals, key=lambda one: bits(table(kneser_ney, 0, *one)))))
    for probs in (*networks[1], three[1]):
        enter(probs)
    for count, several in ((witten_bell, [s]), (witten_bell, [1, 2, 4, 6]), (counting_on, [1, 2, 4, 6])):
        best = min(product([count], several, SHARES), key=lambda one: bits(mixed(0, *one)))
        enter(mixed(1, *best))
        chosen += best[1:]
    return dict(zip(CONTEST, [*found, np.array(scores), np.array(chosen)]))


def ppmd_bits(known, unseen, depth, in_blocks=False):
    """Return what a text costs PPMd of this order behind another one, in bits per character; or its blocks of 100."""
    import pyppmd  # `pip install pyppmd`

    def size(end):
        packer = pyppmd.Ppmd7Encoder(depth, 1 << 24)
        return len(packer.encode((known.text + unseen.text[:end]).encode()) + packer.flush(endmark=False))

    if in_blocks:
        return 8 * np.diff([size(end) for end in range(1, len(unseen.text) + 1, 100)]) / 100
    return 8 * (size(len(unseen.text)) - size(0)) / len(unseen.text)


# ---------------------------------------------------------------- page 15: flip-flop
FLIP_FLOP = {  # network: (model, H, learning rate, epochs, starts, more settings)
    "minGRU, 32 units": (min_gru(), 32, 0.02, 1, 3, {"dtype": "float32"}),
    "minGRU, 64 units": (min_gru(), 64, 0.02, 1, 3, {"dtype": "float32"}),
    "a plain network, 32 units": (RNN, 32, 0.01, 1, 3, {"max_norm": 1}),
    "minGRU, 32 units, twelve epochs": (min_gru(), 32, 0.02, 12, 1, {"dtype": "float32"}),
    "minGRU, 16 units and look-back": (min_gru(look_back=True), 16, 0.02, 1, 3, {"dtype": "float32"}),
    "minGRU, two layers of 16 units": (min_gru(layers=2), 32, 0.02, 1, 3, {"dtype": "float32"}),
}
PAIRS = 40


@functools.cache
def flip_flops():
    """Return (corpus to train on, texts to judge by)."""
    rng = np.random.default_rng(0)
    text = "".join(flip_flop(PAIRS, rng) for _ in range(6400))
    return Corpus("flip-flop", text), [flip_flop(PAIRS, rng) for _ in range(300)]


def percent_right(network, seed):
    """Return the percentage of the letters after r that are right."""
    model, hidden_size, rate, epochs, _, more = FLIP_FLOP[network]
    corpus, tests = flip_flops()
    settings = QUIET_ADAM | {"decay": "linear", "streams": 16, "seed": seed, "model": judged_by(model, corpus, "r")}
    run = train(corpus, hidden_size, 2 * PAIRS, rate, epochs, **settings | more)
    return 100 * share_right(model, run.parameters, corpus, tests, "r")


# ---------------------------------------------------------------- page 16: recall
RECALL = [  # (units of the GRU, notes of a text, thousands of texts, texts at a step, learning rate, seed)
    *product((64,), (2, 4), (6,), (16,), (0.01, 0.02, 0.04, 0.08), range(3)),
    *product((34, 64), (8,), (6,), (16,), (0.01, 0.02, 0.04, 0.08), range(3)),
    *product((64,), (8,), (24,), (16,), (0.005, 0.01, 0.02, 0.04), range(3)),
    *product((64,), (8,), (6,), (1,), (0.0025, 0.005, 0.01, 0.02), range(3)),
]


@functools.cache
def recalls(notes, thousands):
    """Return (corpus to train on, 300 texts to judge by): notes such as m2, and then a question m= about each."""
    rng = np.random.default_rng(0)

    def text():
        letters, digits = rng.permutation(list("abcdefghijklmn"))[:notes], rng.integers(10, size=notes)
        noted = "".join(f"{letter}{digit}" for letter, digit in zip(letters, digits))
        return noted + "".join(f"{letters[k]}={digits[k]}" for k in rng.permutation(notes))

    return Corpus("recall", "".join(text() for _ in range(1000 * thousands))), [text() for _ in range(300)]


def percent_recalled(units, notes, thousands, streams, rate, seed):
    """Return the percentage of the questions that a GRU answers right."""
    corpus, tests = recalls(notes, thousands)
    settings = QUIET_ADAM | {"decay": "linear", "streams": streams, "dtype": "float32", "max_norm": 1}
    settings["seed"] = seed
    run = train(corpus, units, 5 * notes, rate, 1, model=judged_by(GRU, corpus, "="), **settings)
    return 100 * share_right(GRU, run.parameters, corpus, tests, "=")


# ---------------------------------------------------------------- page 17: a phone book
Attending = namedtuple("Attending", "W W_hy b_y")
Attended = namedtuple("Attended", "loss probs hidden x q k v weights state")


def looks_back():
    """Return the Model of page 16's network with look-back and a recency bias of 0.1, for streams."""

    def start(H, V, rng, scale):
        return Attending(0.5 * rng.normal(size=(3 * H, 2 * V)), rng.normal(size=(V, H)) / H**0.5, np.zeros(V))

    def forward(inputs, targets, state, p):
        (V, H), streams = p.W_hy.shape, inputs.reshape(len(inputs), -1).T
        letters = np.array([one_hot(ids, V) for ids in streams], p.W.dtype)  # (B, T, V)
        x = np.concatenate([letters, np.pad(letters, ((0, 0), (1, 0), (0, 0)))[:, :-1]], axis=-1)
        q, k, v = np.split(x @ p.W.T, 3, axis=-1)
        step = np.broadcast_to(0.1 * (H + 1) ** 0.5 * np.arange(len(inputs))[:, None], (*k.shape[:2], 1))
        one = np.ones_like(step)
        q, k, v = np.concatenate([q, one], -1), np.concatenate([k, step], -1), np.concatenate([v, 0 * one], -1)
        o, weights = map(np.array, zip(*map(attention, q, k, v)))
        hidden = o[..., :H].swapaxes(0, 1).reshape(*inputs.shape, H)
        probs = read_out(hidden, p)
        return Attended(loss_of(probs, targets), probs, hidden, x, q, k, v, weights, ())

    def backward(inputs, targets, p, forward):
        H = p.W_hy.shape[1]
        dlogits, dhidden, dW_hy = read_out_backward(targets, forward.probs, forward.hidden, p.W_hy)
        do = dhidden.reshape(len(inputs), -1, H).swapaxes(0, 1)
        do = np.concatenate([do, np.zeros_like(do[..., :1])], -1)
        slopes = map(np.array, zip(*map(attention_backward, do, forward.q, forward.k, forward.v, forward.weights)))
        dqkv = np.concatenate([d[..., :H] for d in slopes], -1)
        return Attending(np.tensordot(dqkv, forward.x, ((0, 1), (0, 1))), dW_hy, dlogits.sum(axis=0))

    return Model(start, forward, backward, lambda p, streams=(): (), "attention with look-back and recency")


READERS = {  # network: (model, hidden_size, tries)
    "plain": (RNN, 64, (0.002, 0.005, 0.01, 0.02)),
    "GRU": (GRU, 64, (0.005, 0.01, 0.02, 0.04)),
    "minGRU": (min_gru(look_back=True, layers=2), 64, (0.005, 0.01, 0.02, 0.04)),
    "sum": (delta_net(False, sum_step, sum_step_backward), 8, (0.02, 0.05, 0.1, 0.2)),
    "sum that forgets": (delta_net(True, sum_step, sum_step_backward), 8, (0.02, 0.05, 0.1, 0.2)),
    "correction": (delta_net(), 8, (0.02, 0.05, 0.1, 0.2)),
    "attention": (looks_back(), 16, (0.02, 0.05, 0.1, 0.2)),
}
ENDURING = {"plain": (0.002, 0.005, 0.01, 0.02), "GRU": (0.02, 0.04, 0.08, 0.16), "minGRU": (0.02, 0.04, 0.08, 0.16)}
FOURFOLD = {"plain": (0.002, 0.005), "GRU": (0.01, 0.02), "minGRU": (0.02, 0.04)}  # 64 thousand texts four times
GROWING = ("sum", "sum that forgets", "correction", "attention")
LONG_TRIES = [*product((0.05, 0.1, 0.2), range(3))]
PHONE_BOOK = [  # (network, letters, notes of a text, thousands of texts, learning rate, seed)
    *[(name, 8, 18, 6.4, rate, seed) for name, (*_, tries) in READERS.items() for rate in tries for seed in range(3)],
    *[(name, 8, 18, 64, rate, seed) for name, tries in ENDURING.items() for rate in tries for seed in range(3)],
    *[(name, 8, 18, 256, *a_try) for name, rates in FOURFOLD.items() for a_try in product(rates, range(3))],
    *[(name, letters, 36, 3.2, *a_try) for name in GROWING for letters in (4, 8, 12, 16, 24) for a_try in LONG_TRIES],
]


@functools.cache
def phone_books(letters, notes, thousands):
    """Return (corpus to train on, 300 texts to judge by)."""
    rng = np.random.default_rng(0)
    corpus = Corpus("phone book", "".join(phone_book(letters, notes, rng) for _ in range(round(1000 * thousands))))
    return corpus, [phone_book(letters, notes, rng) for _ in range(300)]


def recalled(network, letters, notes, thousands, rate, seed, size=None):
    """Return what recall_by_notes does, of a network of page 17. size: in place of that of READERS"""
    model, hidden_size, _ = READERS[network]
    epochs = max(1, thousands // 64)
    corpus, tests = phone_books(letters, notes, thousands / epochs)
    settings = QUIET_ADAM | {"decay": "linear", "streams": 32, "dtype": "float32", "max_norm": 5, "seed": seed}
    judged = judged_by(each_alone(model), corpus, "=")
    run = train(corpus, size or hidden_size, 4 * notes, rate, epochs, model=judged, **settings)
    return recall_by_notes(model, run.parameters, corpus, tests)


# ---------------------------------------------------------------- page 15: the Sonnets
CELLS = {  # network: (model, H, the matrices that letters look up, the one that reads states)
    "plain": (RNN, 75, ("W_xh",), "W_hh"),
    "minGRU": (min_gru(look_back=True, layers=2), 68, ("W_1", "W_back"), "W_2"),
}
RECIPES = {  # recipe: {network: tries (rate, how many times the rate of the matrices that letters look up)}
    "short": {
        "plain": [(rate, 1) for rate in (0.01, 0.02, 0.03, 0.04)],
        "minGRU": [(rate, 1) for rate in (0.02, 0.04, 0.06, 0.08)],
    },
    "page 11": {network: [*product((0.009, 0.018, 0.036, 0.07), (4, 8, 16, 32, 64))] for network in CELLS},
    "Muon": {network: [(rate, 1) for rate in (0.05, 0.085, 0.13, 0.2)] for network in CELLS},
}
BEST = {  # of the first start, on the ninth tenth; of tries that are level to two decimals, the first
    "short": {"plain": (0.02, 1), "minGRU": (0.04, 1)},
    "page 11": {"plain": (0.036, 16), "minGRU": (0.018, 32)},
    "Muon": {"plain": (0.085, 1), "minGRU": (0.13, 1)},
}
LOOP_FREE = [  # (network, recipe, rate, times, seed); five seeds for the best
    (network, recipe, *a_try, seed)
    for recipe, tries in RECIPES.items()
    for network in CELLS
    for a_try in tries[network]
    for seed in range(5 if a_try == BEST[recipe][network] else 1)
]


def loop_free(network, recipe, rate, times, seed, parts=None):
    """Return what each character of unseen text costs a network of page 15, in blocks. parts: as tenths returns them"""
    model, state, looked_up, of_states = CELLS[network]
    training, unseen, _ = parts or tenths()
    settings = QUIET_ADAM | {"decay": "linear", "streams": 24, "max_norm": 20, "seed": seed, "model": model}
    if recipe == "short":
        settings["streams"] = 8
    elif recipe == "Muon":
        settings["optimizer"] = "muon"
    else:
        settings["optimizer"], settings["init"] = "adam_short", dict.fromkeys(looked_up, 1)
        settings["rates"] = {**dict.fromkeys(looked_up, times), of_states: 0.7}
    run = train(training, state, 50, rate, 6 if recipe == "short" else 8, **settings)
    return blocks_of(run.parameters, model, unseen.ids)


# ---------------------------------------------------------------- page 18: two more starts
@functools.cache
def quick_run(seed):
    settings = {"optimizer": "muon", "streams": 24, "init": "fan_in", "decay": "linear", "progress": False}
    return train(tenths()[0], 75, 50, 0.085, 8, seed=seed, **settings).parameters


def other_starts(name, seed):
    """Return an array of the network of page 18 from another start."""
    return getattr(quick_run(seed), name)


# ---------------------------------------------------------------- page 21: twins
TWINS = [  # (second network, learning rate, seed)
    *product(("twin",), (0.004, 0.02), range(5)),
    ("seed 1", 0.02, 0),
    *product(("renumbered",), (0.004, 0.02), (0,)),
    *product(("twin with Muon",), (0.085,), range(5)),
]


def adam_steps(network, rate, text, steps=601):
    """Train with Adam; return the loss of each step, and all parameters before each step, a row each."""
    m, v = [Parameters(*map(np.zeros_like, network)) for _ in range(2)]
    h, losses, weights = np.zeros(75), [], []
    for step, (inputs, targets) in enumerate(chunks(text.ids, 50)[:steps], 1):
        forward = forward_pass(inputs, targets, h, network)
        losses.append(forward.loss)
        weights.append(np.concatenate([array.ravel() for array in network]))
        adam_step(network, backward_pass(inputs, targets, network, forward), m, v, step, rate)
        h = forward.hidden[-1]
    return np.array(losses), np.array(weights)


def fan_in_start(seed):
    return initialize_parameters(75, sonnets().vocab_size, np.random.default_rng(seed), "fan_in")


def nudged_start(*arguments):
    start = initialize_parameters(*arguments)
    start.W_hh[0, 0] += 1e-9
    return start


def twins(second, rate, seed):
    """Return the distance of the parameters and the gap of the losses at each of 601 steps, (2, 601), as page 21 does.
    With Muon: by which factor a distance of a billionth has grown at the end."""
    if second == "twin with Muon":
        settings = {"init": "fan_in", "max_norm": 20, "decay": "linear", "streams": 24, "optimizer": "muon"}
        models = RNN, RNN._replace(initialize=nudged_start)
        one, two = [
            train(sonnets(), 75, 50, rate, 4, seed=seed, model=model, progress=False, **settings).parameters
            for model in models
        ]
        return np.linalg.norm(np.concatenate([(a - b).ravel() for a, b in zip(one, two)])) / 1e-9
    if second == "twin":
        other = nudged_start(75, sonnets().vocab_size, np.random.default_rng(seed), "fan_in")
    elif second == "seed 1":
        other = fan_in_start(1)
    else:
        W_xh, W_hh, W_hy, b_h, b_y = fan_in_start(seed)
        other = Parameters(*[array.copy() for array in (W_xh[::-1], W_hh[::-1, ::-1], W_hy[:, ::-1], b_h[::-1], b_y)])
    losses, weights = zip(*[adam_steps(network, rate, third()) for network in (fan_in_start(seed), other)])
    return np.array([np.linalg.norm(np.subtract(*weights), axis=1), np.abs(np.subtract(*losses))])


# ---------------------------------------------------------------- page 21: nudges
# (learning rate, seed, billionths that are added to a weight)
NUDGES = [(rate, seed, 0) for rate in (0.002, 0.004, 0.006) for seed in range(4)]
NUDGES += [(0.004, 0, nudge) for nudge in range(1, 8)] + [(0.02, 0, nudge) for nudge in range(8)]


def last_loss(rate, seed, nudge):
    """Return the mean loss of the last 100 of 601 steps with Adam on the Sonnets."""
    network = fan_in_start(seed)
    network.W_hh[0, 0] += nudge * 1e-9
    losses, _ = adam_steps(network, rate, sonnets())
    return np.mean(losses[-100:])


# ---------------------------------------------------------------- what is stored
TABLES = {  # name: (heads of the columns, runs, function of a run that gives the last columns, their digits)
    "one_change": ("text hidden_size seq_length seed bits", ONE_CHANGE, one_change, 7),
    "each_tenth": (
        "text tenth network its_error table its_error difference its_error another_start its_error bold its_error",
        [*product(("Sonnets", "speeches"), range(1, 10))],
        each_tenth,
        7,
    ),
    "clinic": ("patient start what at value", CLINIC, clinic, 5),
    "by_size": ("model size start numbers bits", BY_SIZE, by_size, 7),
    "weight_decay": ("seed " + " ".join(f"after_{n}" for n in range(10, 80, 10)), [(0,), (1,), (2,)], weight_decay, 7),
    "three_epochs": ("change loss", [(name,) for name in THREE_EPOCHS], three_epochs, 12),
    "left_out": (
        "left_out seed loss",
        [*product(LEFT_OUT, range(3)), *product(("nothing",), range(200, 208))],
        left_out,
        7,
    ),
    "one_gate": ("network rate percent", [*product(ONE_GATE, (0.01, 0.015, 0.03))], one_gate, 7),
    "dropout": (" ".join(["rate seed", *(f"trained_{n} unseen_{n}" for n in EPOCHS)]), DROPOUT, dropout, 7),
    "flip_flop": (
        "network seed percent",
        [(network, seed) for network, run in FLIP_FLOP.items() for seed in range(run[4])],
        percent_right,
        7,
    ),
    "recall": ("units notes thousands streams rate seed percent", RECALL, percent_recalled, 7),
    "phone_book": ("network letters notes thousands rate seed percent once twice thrice more", PHONE_BOOK, recalled, 4),
    "nudges": ("rate seed nudge loss", NUDGES, last_loss, 12),
}
ARRAYS = {  # name: (name of an array, runs, function of a run that gives the array, type)
    "clip_each": ("{}, rate {}, seed {}", CLIP_EACH, clip_each, "float64"),
    "five_epochs": ("{}, seed {}", FIVE_EPOCHS, five_epochs, "float64"),
    "little_text": ("{}, seed {}", LITTLE_TEXT, little_text, "float64"),
    "fast_bits": ("{}", [(name,) for name in FAST_BITS], fast_bits, "float64"),
    "first_start": (
        "{} {}",
        [(network, name) for network, (_, _, fields) in FIRST_START.items() for name in fields._fields],
        first_start,
        "float64",
    ),
    "loop_free": ("{}, {}, rate {}, times {}, seed {}", LOOP_FREE, loop_free, "float32"),
    "speeches_run": ("{}", [(name,) for name in ("losses", "h", *Parameters._fields)], of_speeches_run, "float64"),
    "wide": ("{}", [(name,) for name in Parameters._fields], wide, "float32"),
    "winner": ("{}", [(name,) for name in GRUParameters._fields], winner, "float16"),
    "other_starts": ("{}, seed {}", [*product(Parameters._fields, (1, 2))], other_starts, "float64"),
    "twins": ("{}, rate {}, seed {}", TWINS, twins, "float64"),
    "contest_speeches": ("{}", [(name,) for name in CONTEST], lambda name: contest()[name], "float32"),
}


NAMES = [*TABLES, *ARRAYS]


def file_of(name):
    return ROOT / "data" / f"{name}.{'csv' if name in TABLES else 'npz'}"


def stored(name):
    """Return the content of a file, dict: name of an array, or run as texts -> its numbers."""
    if name in ARRAYS:
        with np.load(file_of(name)) as file:
            return {key: array for key, array in file.items() if array.dtype.kind == "f"}
    with open(file_of(name), encoding="utf-8") as file:
        columns = len(TABLES[name][1][0])  # that identify the run
        return {tuple(row[:columns]): np.array(row[columns:], float) for row in [*csv.reader(file)][1:]}


def runs_of(name):
    """Return dict: name of an array, or run as texts -> a function that trains it and returns its numbers."""
    if name in ARRAYS:
        title, runs, measure, _ = ARRAYS[name]
        return {title.format(*run): functools.partial(measure, *run) for run in runs}
    _, runs, measure, _ = TABLES[name]
    return {tuple(map(str, run)): functools.partial(measure, *run) for run in runs}


def store(name):
    """Train everything that is in a file, and write it."""
    numbers = {key: np.atleast_1d(run()) for key, run in runs_of(name).items()}
    if name in TABLES:
        heads, _, _, digits = TABLES[name]
        rows = [heads.split(), *([*key, *(f"{value:.{digits}g}" for value in row)] for key, row in numbers.items())]
        with open(file_of(name), "w", newline="", encoding="utf-8") as file:
            csv.writer(file, lineterminator="\n").writerows(rows)
    else:
        arrays = {key: array.astype(ARRAYS[name][-1]) for key, array in numbers.items()}
        if name == "speeches_run":  # what else load_run needs
            save_run(speeches_run(), file_of(name))
            with np.load(file_of(name)) as file:
                arrays = dict(file)
        np.savez_compressed(file_of(name), **arrays)


# ---------------------------------------------------------------- compare with the stored results
TOLERANCES = {
    "one_change": 0.005,
    "each_tenth": 0.02,
    "clinic": 0.5,
    "by_size": 0.05,
    "weight_decay": 0.02,
    "three_epochs": 0.1,
    "left_out": 0.1,
    "one_gate": 3,
    "dropout": 0.05,
    "flip_flop": 3,
    "recall": 8,
    "phone_book": 20,
    "nudges": 0.01,
}
# Beginnings of the keys of runs that end differently on another computer
CHAOTIC = {"a plain network, 32 units": 25, "0.02": 25, "D": 25}


def is_near(name, key, again, before):
    """Are these the stored numbers, apart from differences between computers?"""
    if name in (
        "wide",
        "winner",
        "speeches_run",
        "other_starts",
    ):  # single digits may differ, but the network is the same
        return np.corrcoef(np.ravel(again), np.ravel(before))[0, 1] > 0.9
    if name == "twins":  # how many digits agree, on average; not which ones are left
        return abs(np.mean(np.log10((again + 1e-12) / (before + 1e-12)))) < 0.5
    if name in ARRAYS:
        return abs(np.mean(again) - np.mean(before, dtype=float)) < 0.02
    return np.abs(np.subtract(again, before)).max() < CHAOTIC.get(key[0], TOLERANCES[name])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(NAMES)}; none: all of them")
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    choice = parser.parse_args()
    unknown = set(choice.names) - set(NAMES)
    if unknown:
        parser.error(f"unknown: {', '.join(unknown)}")
    others = 0
    for name in choice.names or NAMES:
        if not choice.check:
            store(name)
            continue
        before = stored(name)
        for key, run in runs_of(name).items():
            near = key in before and is_near(name, key, run(), before[key])
            print(name, key, "as stored" if near else "ANOTHER RESULT", flush=True)
            others += not near
    return 1 if others else 0


if __name__ == "__main__":
    sys.exit(main())
