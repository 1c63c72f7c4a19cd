"""The general claims of page 12, each on a text of your choice: what gates are worth, with two recipes."""

import functools

import gates_table  # of tests/models

from course.models.judging import split, standard_error

RATES = {  # the best of three for each, on the ninth tenth of the Sonnets
    "page 12": {"plain": 0.025, "update gate": 0.014, "reset gate": 0.045, "GRU": 0.045},
    "page 11": {"plain": 0.03, "GRU": 0.03},
    "Muon": {"plain": 0.085, "GRU": 0.12},
}


@functools.cache
def bits(text, seed, recipe, cell):
    training, validation, _ = split(text)
    parameters = gates_table.sonnets_network(recipe, cell, RATES[recipe][cell], seed, training)
    return gates_table.surprises(parameters, cell, validation)


def ahead(cell, of, recipe):
    """Return the claim that a network needs fewer bits than another one, with a recipe."""

    def by_how_much(text, seed):
        difference = bits(text, seed, recipe, of) - bits(text, seed, recipe, cell)
        return difference.mean(), standard_error(difference)

    return by_how_much


CLAIMS = {
    "GRU ahead of plain, recipe of this page": ahead("GRU", "plain", "page 12"),
    "GRU ahead of plain, recipe of page 11": ahead("GRU", "plain", "page 11"),
    "GRU ahead of plain, Muon": ahead("GRU", "plain", "Muon"),
    "reset gate alone ahead of plain": ahead("reset gate", "plain", "page 12"),
    "reset gate alone ahead of update gate alone": ahead("reset gate", "update gate", "page 12"),
}
