"""The general claims of page 17: a table that is corrected does not spell well, nor does a plain network without tanh.
And other learning rates."""

import functools
from itertools import pairwise, product

import numpy as np

from course.engine import RNN, Model, initialize_rnn, loss_of, read_out, read_out_backward, train, weight_gradients_of
from course.models.delta import delta_net, sum_step, sum_step_backward
from course.models.judging import network_probabilities, split, standard_error
from experiments.page_runs import phone_books, recalled
from rnn_helpers import ForwardPass, Parameters


def initialize_linear(hidden_size, vocab_size, rng, scale):
    """Return Parameters as initialize_rnn does, with a W_hh half as large: without tanh, a state would grow at once."""
    p = initialize_rnn(hidden_size, vocab_size, rng, scale)
    return p._replace(W_hh=p.W_hh / 2)


def linear_forward(inputs, targets, h_prev, p):
    """Return the ForwardPass of the plain network without its tanh. Arguments as in forward_pass, or with streams."""
    hidden = np.empty((len(inputs) + 1, *h_prev.shape), p.W_hh.dtype)
    hidden[0] = h_prev
    hidden[1:] = p.W_xh.T[inputs] + p.b_h
    for before, now in pairwise(hidden):  # rows are views
        now += before @ p.W_hh.T
    probs = read_out(hidden[1:], p)
    return ForwardPass(loss_of(probs, targets), probs, hidden)


def linear_backward(inputs, targets, p, forward):
    """Return the gradients of the plain network without its tanh, as Parameters."""
    hidden = forward.hidden
    dlogits, da, dW_hy = read_out_backward(targets, forward.probs, hidden[1:], p.W_hy)
    for now, after in pairwise(da[::-1]):
        after += now @ p.W_hh
    dW_xh, dW_hh, db_h = weight_gradients_of(inputs, hidden, da, len(p.W_hy))
    return Parameters(dW_xh, dW_hh, dW_hy, db_h, dlogits.sum(axis=0))


NETWORKS = {  # network: (model, hidden_size, learning rate), the best of 0.02, 0.04, 0.08 on the Sonnets
    "plain": (RNN, 30, 0.04),
    "plain without tanh": (Model(initialize_linear, linear_forward, linear_backward, None, "no tanh"), 30, 0.08),
    "corrected": (delta_net(), 16, 0.04),
    "corrected, with a gate": (delta_net(forget=True), 16, 0.08),
    "sum with a gate": (delta_net(True, sum_step, sum_step_backward), 16, 0.08),
}


@functools.cache
def bits(text, seed, name):
    training, validation, _ = split(text)
    model, hidden_size, rate = NETWORKS[name]
    settings = {"optimizer": "adam", "init": "fan_in", "decay": "linear", "streams": 8, "max_norm": 5}
    if name == "plain without tanh":
        settings["rates"] = {"W_hh": 0.3}  # at the full rate, its states grow until the training diverges
    run = train(training, hidden_size, 50, rate, 6, model=model, seed=seed, progress=False, **settings)
    return -np.log2(network_probabilities(run.parameters, validation.ids, model))


def plain_ahead_of(name):
    """Return the claim that the plain network needs fewer bits than a table."""

    def by_how_much(text, seed):
        difference = bits(text, seed, name) - bits(text, seed, "plain")
        return difference.mean(), standard_error(difference)

    return by_how_much


CLAIMS = {
    "plain ahead of a corrected table": plain_ahead_of("corrected"),
    "plain ahead of one with a gate": plain_ahead_of("corrected, with a gate"),
    "plain ahead of a sum with a gate": plain_ahead_of("sum with a gate"),
    "plain ahead of itself without tanh": plain_ahead_of("plain without tanh"),
}


def recall_of(*run, size=None):
    """Return what a network recalls, mean of three starts. run: as in PHONE_BOOK, without the start"""
    return np.mean([recalled(*run, seed, size)[0] for seed in range(3)])


def outside_the_window():
    """Return what the correction and attention recall at learning rates outside those that page 17 shows."""
    tries = product(("correction", "attention"), (0.005, 0.01, 0.4, 0.8))
    return {f"{name}, {rate}": recall_of(name, 8, 18, 6.4, rate) for name, rate in tries}


def more_room():
    """Return what tables of 16 by 16 numbers recall, and how many of 24 letters are noted when a question comes."""
    text = phone_books(24, 36, 3.2)[0].text[: 144 * 300]
    books = [text[start : start + 144] for start in range(0, len(text), 144)]
    noted = [
        len({a for a, b in pairwise(book[:place]) if a.isalpha() and b.isdigit()})
        for book in books
        for place, char in enumerate(book)
        if char == "="
    ]
    return {
        "sum that forgets, 8 letters": recall_of("sum that forgets", 8, 18, 6.4, 0.1, size=16),
        "sum, 8 letters": recall_of("sum", 8, 18, 6.4, 0.1, size=16),
        "correction, 16 letters": recall_of("correction", 16, 36, 3.2, 0.1, size=16),
        "noted of 24 letters": np.mean(noted),
    }


ASIDES = {"recall at other rates": outside_the_window, "more room": more_room}
