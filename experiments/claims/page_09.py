"""The general claims of page 09, each on a text of your choice; the networks have read it ten times."""

import functools

import numpy as np

from course.engine import train
from course.models.judging import split, standard_error
from rnn_helpers import backward_pass, forward_pass, initialize_parameters, load_corpus, one_hot

STEPS = 40


@functools.cache
def trained(text, seed):
    return train(split(text)[0], 75, 50, 0.003, 10, seed=seed, progress=False).parameters


def untrained(text, seed):
    return initialize_parameters(75, text.vocab_size, np.random.default_rng(seed), "fan_in")


def powers_left(network, text, with_tanh=True):
    """Return the power of ten of what is left of a slope after 40 steps back, from each of 360 characters."""
    ids = text.ids[1000:1401]
    forward = forward_pass(ids[:-1], ids[1:], np.zeros(75), network)
    own = ((forward.probs - one_hot(ids[1:], text.vocab_size)) @ network.W_hy)[STEPS:]  # (360, H)
    dh = own
    for back in range(STEPS):
        hidden = forward.hidden[1 + STEPS - back : len(ids) - back]
        dh = (dh * (1 - hidden**2 if with_tanh else 1.0)) @ network.W_hh
    return np.log10(np.linalg.norm(dh, axis=1) / np.linalg.norm(own, axis=1))


def shrinks(text, seed):
    powers = -powers_left(trained(text, seed), text)
    return powers.mean(), standard_error(powers, STEPS)


def grows_without_tanh(text, seed):
    powers = powers_left(trained(text, seed), text, with_tanh=False)
    return powers.mean(), standard_error(powers, STEPS)


def less_than_untrained(text, seed):
    powers = powers_left(untrained(text, seed), text) - powers_left(trained(text, seed), text)
    return powers.mean(), standard_error(powers, STEPS)


def gradient(network, ids, length):
    """Return the gradient of a text that is read in pieces, as one long vector."""
    return np.concatenate([array.ravel() for array in gradients_in_pieces(network, ids, length)])


def gradients_in_pieces(network, ids, length):
    """Return the gradient of a text that is read in pieces, a list of five arrays."""
    h, total = np.zeros(75), [0.0] * 5
    for start in range(0, len(ids) - 1, length):
        inputs, targets = ids[start : start + length + 1][:-1], ids[start : start + length + 1][1:]
        forward = forward_pass(inputs, targets, h, network)
        gradients = backward_pass(inputs, targets, network, forward)
        total = [before + array for before, array in zip(total, gradients)]
        h = forward.hidden[-1]
    return total


def pieces_of_50(text, seed):
    """How many percent less than a quarter of the gradient is lost with pieces of 50, at eight places of the text?"""
    lost = []
    for start in range(1000, 41000, 5000):
        ids = text.ids[start : start + 401]
        whole = gradient(trained(text, seed), ids, 400)
        difference = gradient(trained(text, seed), ids, 50) - whole
        lost.append(100 * np.linalg.norm(difference) / np.linalg.norm(whole))
    return 25 - np.mean(lost), standard_error(np.array(lost), 1)


def small_matrix():
    """Of a new network with weights of 0.01: what does b_y have of the squared length of the gradient of 400
    characters, and what does each array lose in pieces of a single character, in percent?"""
    text = load_corpus("sonnets")
    network, ids = initialize_parameters(75, text.vocab_size, np.random.default_rng(0), 0.01), text.ids[1000:1401]
    whole, cut = [gradients_in_pieces(network, ids, length) for length in (400, 1)]
    squares = [np.sum(array**2) for array in whole]
    lost = {
        f"lost of {name}": 100 * np.linalg.norm(one - other) / np.linalg.norm(one)
        for name, one, other in zip(network._fields, whole, cut)
    }
    return {"of the squared length, b_y": 100 * squares[4] / sum(squares)} | lost


CLAIMS = {
    "lost in 40 steps, powers of ten": shrinks,
    "gained without tanh, powers of ten": grows_without_tanh,
    "untrained keeps more, powers of ten": less_than_untrained,
    "pieces of 50 lose less than 25 %, by": pieces_of_50,
}
ASIDES = {"weights of 0.01, percent of the gradient": small_matrix}
