"""What page 07 says of the difference between its runs and those of 2019."""

import math

import numpy as np

from course.engine import RNN
from rnn_helpers import chunks, initialize_parameters, load_corpus, sgd_step, smooth_loss


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


ASIDES = {"read as in 2019": read_as_in_2019}
