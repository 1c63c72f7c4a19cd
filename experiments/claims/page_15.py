"""The general claims of page 15: which of two cells is ahead depends on the recipe."""

import numpy as np

from course.models.judging import split, standard_error
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
