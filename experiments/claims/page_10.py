"""The general claims of page 10, each on a text of your choice. A value is in bits per character."""

import functools

import numpy as np

from course.engine import TrainingDiverged, train
from course.models.judging import early_stop, network_probabilities, split, standard_error
from rnn_helpers import Corpus

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


CLAIMS = {
    "five epochs: 0.003 ahead of 0.01, bits": small_rate,
    "long steps, then short ones, bits": long_steps_first,
    "clipped, each at its best rate, bits": clipping,
    "stopped early, bits": stopping,
}
