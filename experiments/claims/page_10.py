"""The general claims of page 10, each on a text of your choice. A value is in bits per character."""

import functools
from itertools import product

import numpy as np

from course.engine import RNN, TrainingDiverged, train
from course.models.judging import early_stop, network_probabilities, split, standard_error
from experiments.page_runs import patient, tenths
from rnn_helpers import Corpus, Parameters, chunks, initialize_parameters, load_corpus, sgd_step

FREE, CLIPPED = (0.003, 0.005, 0.01), (0.02, 0.03, 0.04)  # three tries for each side


def bits_of(parameters, part):
    return -np.log2(network_probabilities(parameters, part.ids))


def ahead(one, other):
    """Return by how many bits one model is ahead of another, and the standard error of that."""
    return (other - one).mean(), standard_error(other - one)


@functools.cache
def trained(text, seed, *parts, max_norm=None):
    """Train on eight tenths. parts: pairs of a learning rate, and the number of epochs up to which it is used."""
    run = None
    for rate, epochs in parts:
        run = train(split(text)[0], 75, 50, rate, epochs, max_norm=max_norm, seed=seed, resume=run, progress=False)
    return run


def small_rate(text, seed):
    _, validation, _ = split(text)
    small, large = [bits_of(trained(text, seed, (rate, 5)).parameters, validation) for rate in (0.003, 0.01)]
    return ahead(small, large)


def long_steps_first(text, seed):
    """Both sides end with an epoch of a third of their rate."""
    _, validation, _ = split(text)
    long = trained(text, seed, (0.01, 5), (0.003, 6))
    short = trained(text, seed, (0.003, 5), (0.001, 6))
    return ahead(bits_of(long.parameters, validation), bits_of(short.parameters, validation))


def halves(text):
    """Return the halves of the validation text: one to choose by, one to judge by."""
    _, validation, _ = split(text)
    middle = len(validation.ids) // 2
    return [Corpus("half", part, text.vocabulary) for part in (validation.text[:middle], validation.text[middle:])]


def clipping(text, seed):
    """The best of three rates with clipping, and the best of three without, chosen on one half, judged on the other."""
    choose, judge = halves(text)
    best = []
    for rates, max_norm in ((CLIPPED, 5), (FREE, None)):
        runs = []
        for rate in rates:
            try:
                runs.append(trained(text, seed, (rate, 5), max_norm=max_norm).parameters)
            except TrainingDiverged:  # a rate that was tried, and lost
                continue
        best.append(min(runs, key=lambda parameters: bits_of(parameters, choose).mean()))
    return ahead(*[bits_of(parameters, judge) for parameters in best])


def stopping(text, seed):
    """A small text, read 70 times: the network that early_stop keeps, and the one at the end."""
    choose, judge = halves(text)
    few = Corpus("few", text.text[:3000], text.vocabulary)
    runs = [None]
    for epochs in range(10, 80, 10):
        runs.append(train(few, 75, 50, 0.02, epochs, max_norm=5, seed=seed, resume=runs[-1], progress=False))
    kept = early_stop([bits_of(run.parameters, choose).mean() for run in runs[1:]], patience=2)
    return ahead(*[bits_of(run.parameters, judge) for run in (runs[1:][kept], runs[-1])])


def lowest():
    """After how many sequences is the smoothed loss of D and E lowest? 1,493 is the end: it never climbs."""
    tries = {"D": {}, "E": {}, "E, 0.0003": {"rate": 0.0003}}
    found = {}
    for text in ("Sonnets", "speeches"):
        for name, more in tries.items():
            for start in range(3):
                _, smoothed, _ = patient(name[0], start, text=text, **more)
                found[f"{name}, {text}, start {start}"] = smoothed.argmin() + 1
    return found


def first_that_hurts():
    """Which step of D is the first that raises the loss of its own sequence? None of healthy does: 0."""
    patients = [(name, start) for name in ("healthy", "D") for start in range(3)]
    found = {}
    for name, start in patients:
        hurt = np.flatnonzero(~patient(name, start)[2])
        found[f"{name}, start {start}"] = hurt[0] + 1 if len(hurt) else 0
    return found


def moved(parameters, direction, length):
    """Return parameters that have moved: direction is one long row of numbers."""
    ends = np.cumsum([array.size for array in parameters])[:-1]
    parts = np.split(length * direction, ends)
    return Parameters(*[array + part.reshape(array.shape) for array, part in zip(parameters, parts)])


def largest_curvature(inputs, targets, h, parameters, rounds=30):
    """Return the largest curvature of the loss of a sequence in any direction, by power iteration."""

    def gradient(length):
        there = moved(parameters, direction, length)
        return one_row(RNN.backward(inputs, targets, there, RNN.forward(inputs, targets, h, there)))

    direction = np.random.default_rng(0).standard_normal(sum(array.size for array in parameters))
    for _ in range(rounds):
        direction = direction / np.linalg.norm(direction)
        bent = (gradient(1e-5) - gradient(-1e-5)) / 2e-5
        curvature, direction = direction @ bent, bent
    return curvature


def one_row(arrays):
    return np.concatenate([array.ravel() for array in arrays])


def steps_beside_the_valley():
    """The rate times the largest curvature, at 15 places of an epoch: the largest, and how often it is above 2. Of
    these, how many come before the first step that raises the loss of its own sequence?"""
    found = {}
    for rate, start in product((0.01, 0.02), range(3)):
        parameters = initialize_parameters(75, load_corpus("sonnets").vocab_size, np.random.default_rng(start), 0.01)
        h, products, early, hurt = np.zeros(75), [], 0, False
        for step, (inputs, targets) in enumerate(chunks(tenths()[0].ids, 50)):
            if step % 100 == 50:
                products.append(rate * largest_curvature(inputs, targets, h, parameters))
                early += products[-1] > 2 and not hurt
            forward = RNN.forward(inputs, targets, h, parameters)
            sgd_step(parameters, RNN.backward(inputs, targets, parameters, forward), rate)
            hurt = hurt or RNN.forward(inputs, targets, h, parameters).loss > forward.loss
            h = forward.hidden[-1]
        found[f"{rate}, start {start}, largest"] = max(products)
        found[f"{rate}, start {start}, above 2 of {len(products)}"] = sum(one > 2 for one in products)
        found[f"{rate}, start {start}, of these before a step hurts"] = early
    return found


def flat(parameters):
    """Return how many percent of the states are beyond 0.99, where tanh is flat, on the first thousand characters."""
    ids = tenths()[0].ids
    hidden = RNN.forward(ids[:1000], ids[1:1001], np.zeros(75), parameters).hidden[1:]
    return 100 * np.mean(np.abs(hidden) > 0.99)


def flat_states():
    """After the epoch, in how many percent of the states is tanh flat?"""
    return {f"{name}, start {start}": flat(patient(name, start)[0]) for name in ("A", "healthy") for start in range(3)}


def with_large(*names):
    """Return a Model that begins with numbers of size 0.01, and of size 0.3 in these matrices."""

    def initialize(*args):
        small = RNN.initialize(*args)
        return small._replace(**{name: 30 * getattr(small, name) for name in names})

    return RNN._replace(initialize=initialize)


def first_sequence(parameters):
    """Return the ForwardPass and the gradient of the first 50 characters."""
    inputs, targets = tenths()[0].ids[:50], tenths()[0].ids[1:51]
    forward = RNN.forward(inputs, targets, np.zeros(75), parameters)
    return forward, RNN.backward(inputs, targets, parameters, forward)


def after_an_epoch(names, start, rate, max_norm=None):
    """Return what the ninth tenth costs after an epoch if these matrices begin with numbers of size 0.3."""
    training, validation, _ = tenths()
    settings = {"seed": start, "model": with_large(*names), "max_norm": max_norm, "progress": False}
    return bits_of(train(training, 75, 50, rate, 1, **settings).parameters, validation).mean()


def one_large_matrix():
    """What does the ninth tenth cost after an epoch if one matrix alone begins with numbers of size 0.3, as all of A's
    do, what did the first sequence cost, in nats, and how long was its gradient? W_hh has six starts, as its starts
    differ most."""
    training, _, _ = tenths()
    found = {}
    for names, starts in (((), 3), (("W_xh",), 3), (("W_hh",), 6), (("W_hy",), 3)):
        for start in range(starts):
            first = with_large(*names).initialize(75, training.vocab_size, np.random.default_rng(start), 0.01)
            forward, gradients = first_sequence(first)
            label = f"{', '.join(names) or None}, start {start}"
            found[f"{label}, bits"] = after_an_epoch(names, start, 0.01)
            found[f"{label}, first loss"] = forward.loss
            found[f"{label}, first gradient"] = np.linalg.norm(one_row(gradients))
    return found


def large_matrices_otherwise():
    """What does the ninth tenth cost with other steps: W_hh alone begins with 0.3, and the rate is 0.001; all begin
    with it, and the gradients are clipped to 5?"""
    found = {}
    for start in range(3):
        found[f"W_hh, rate 0.001, start {start}"] = after_an_epoch(("W_hh",), start, 0.001)
        found[f"all, clipped to 5, start {start}"] = after_an_epoch(("W_xh", "W_hh", "W_hy"), start, 0.01, 5)
    return found


def first_step_of_a():
    """How long is A's first gradient, how many percent of the states are flat before its first step and after it, and
    how long is the gradient of W_hh after it, on the same sequence?"""
    found = {}
    for rate, start in product((0.01, 0.001), range(3)):
        parameters = initialize_parameters(75, tenths()[0].vocab_size, np.random.default_rng(start), 0.3)
        forward, gradients = first_sequence(parameters)
        label = f"rate {rate}, start {start}"
        found[f"{label}, gradient"] = np.linalg.norm(one_row(gradients))
        found[f"{label}, flat before"] = 100 * np.mean(np.abs(forward.hidden[1:]) > 0.99)
        sgd_step(parameters, gradients, rate)
        forward, gradients = first_sequence(parameters)
        found[f"{label}, flat after"] = 100 * np.mean(np.abs(forward.hidden[1:]) > 0.99)
        found[f"{label}, gradient of W_hh after"] = np.linalg.norm(gradients.W_hh)
    return found


def clipped_d():
    """D with its gradients clipped to 5: does it survive the epoch, and which share of them is longer than 5?"""
    lengths = []

    def noted(*arguments):
        gradients = RNN.backward(*arguments)
        lengths.append(np.linalg.norm(one_row(gradients)))
        return gradients

    run = train(tenths()[0], 75, 50, 0.02, 1, max_norm=5, model=RNN._replace(backward=noted), progress=False)
    found = {"smoothed loss at the end": run.losses[-1], "the lowest": run.losses.min()}
    return found | {"percent longer than 5": 100 * np.mean(np.array(lengths) > 5), "shortest": min(lengths)}


def steps_of_e_that_help():
    """In the second half of an epoch on the speeches, how many percent of E's steps help their own sequence?"""
    halves = [np.array_split(patient("E", start, text="speeches")[2], 2)[1] for start in range(3)]
    return {f"start {start}": 100 * half.mean() for start, half in enumerate(halves)}


def unseen_bits():
    """What does the ninth tenth of the Sonnets cost after the epoch?"""
    return {name: bits_of(patient(name)[0], tenths()[1]).mean() for name in ("A", "D", "E", "F", "healthy")}


CLAIMS = {
    "five epochs: 0.003 ahead of 0.01, bits": small_rate,
    "long steps, then short ones, bits": long_steps_first,
    "clipped, each at its best rate, bits": clipping,
    "stopped early, bits": stopping,
}
ASIDES = {
    "the patients, lowest after": lowest,
    "the first step that raises the loss of its own sequence": first_that_hurts,
    "the rate times the largest curvature": steps_beside_the_valley,
    "percent of the states that are flat after the epoch": flat_states,
    "one matrix begins with 0.3": one_large_matrix,
    "large matrices, other steps": large_matrices_otherwise,
    "the first step of A": first_step_of_a,
    "D, clipped to 5": clipped_d,
    "speeches, percent of E's steps that help in the second half": steps_of_e_that_help,
    "the patients, bits of new text": unseen_bits,
}
