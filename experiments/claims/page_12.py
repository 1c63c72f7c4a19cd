"""The general claims of page 12, each on a text of your choice: what gates are worth, with three recipes."""

import functools

from course.models.judging import split, standard_error
from experiments import gates_table

BEST = {  # (rate, times), the best of those that gates_table tries, on the ninth tenth of the Sonnets
    "page 12": {"plain": (0.025, 1), "update gate": (0.014, 1), "reset gate": (0.045, 1), "GRU": (0.045, 1)},
    "page 11": {"plain": (0.036, 16), "GRU": (0.036, 4)},
    "Muon": {"plain": (0.085, 1), "GRU": (0.12, 1)},
}


@functools.cache
def bits(text, seed, recipe, cell):
    training, validation, _ = split(text)
    parameters = gates_table.sonnets_network(recipe, cell, *BEST[recipe][cell], seed, training)
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
