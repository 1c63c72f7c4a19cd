"""The general claims of page 15: which of two cells is ahead depends on the recipe. And parity at other rates."""

import numpy as np

from course.models.delta import learn_parity
from course.models.gates import GRU
from course.models.judging import split, standard_error
from course.models.no_loop import min_gru
from experiments.page_runs import BEST, loop_free


def lead(recipe, ahead, behind):
    """Return a claim: how much less one network needs for unseen text than the other one, at the rates of the page."""

    def claim(text, seed):
        parts = split(text)
        ours, other = (loop_free(name, recipe, *BEST[recipe][name], seed, parts) for name in (ahead, behind))
        differences = np.repeat(other - ours, 100)[: len(parts[1].ids) - 1]
        return differences.mean(), standard_error(differences)

    return claim


CLAIMS = {
    "short training: the minGRU is ahead by": lead("short", "minGRU", "plain"),
    "recipe of page 11: plain is ahead by": lead("page 11", "plain", "minGRU"),
    "Muon: plain is ahead by": lead("Muon", "plain", "minGRU"),
}


def parity(lowest, rate, seed):
    """Return the percentage right after 20 and after 500 bits of a minGRU with gates from `lowest` to 1."""
    return learn_parity(min_gru(lowest=lowest), rate, seed, (20, 500))[1]


def other_rates():
    """Return the best or the worst percentage, after so many bits, of three starts at each of three smaller rates."""
    found = {low: np.array([parity(low, r, seed) for r in (0.05, 0.1, 0.2) for seed in range(3)]) for low in (0, -1)}
    return {
        "gates from 0 to 1, 20 bits, best": found[0][:, 0].max(),
        "gates from -1 to 1, 20 bits, worst": found[-1][:, 0].min(),
        "gates from -1 to 1, 500 bits, worst": found[-1][:, 1].min(),
        "gates from -1 to 1, 500 bits, rate 0.4, worst of ten": min(parity(-1, 0.4, seed)[1] for seed in range(10)),
        "GRU, 500 bits, worst": min(learn_parity(GRU, 0.02, seed, (500,))[1][0] for seed in range(3)),
    }


ASIDES = {"parity": other_rates}
