"""The pictures of pages 15 and 16: are their numbers right, and can all of their writing be read?"""

import numpy as np
import pytest
from overlaps import overlaps

from course.models.no_loop import attention
from course.show.looking_back import one_look
from course.show.scan import scan_doubling, scan_tree, two_cells

PICTURES = {
    "cells": two_cells,
    "doubling": lambda: scan_doubling(range(1, 9)),
    "doubling, no power of 2": lambda: scan_doubling([9, 8, 7, 6, 5]),
    "tree": lambda: scan_tree(range(1, 9)),
    "a small tree": lambda: scan_tree([5, 1]),
    "look": lambda: one_look([1, 1, 0], [0, np.log(3), 5], [4, 8, 3], 1),
    "look at all": lambda: one_look([1, 1, -2], [0, -3, 5], [4, 8, 3], 2),
}


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_lies_on_anything_else(name):
    assert overlaps(PICTURES[name]()) == []


def test_both_scans_find_the_sums_and_the_tree_needs_fewer_joins():
    values = [3, 1, 4, 1, 5, 9, 2, 6]
    sums = np.cumsum(values).tolist()
    doubling, tree = (draw(values).text.split("\n") for draw in (scan_doubling, scan_tree))
    assert doubling[-2] == f"pass 3, reach 4: {' '.join(map(str, sums))}"
    assert (doubling[-1], tree[-1]) == ("17 joins", "11 joins")
    last = dict.fromkeys(range(8))
    for line in tree[2:-1]:
        for part in line.split(": ")[1].split(", "):
            value, step = part.split(" at ")
            last[int(step)] = int(value)
    assert [values[0], *(last[step] for step in range(1, 8))] == sums


def test_a_look_is_what_attention_does():
    q, k, v = np.random.default_rng(0).normal(size=(3, 4, 1))
    o, weights = attention(q, k, v)
    text = one_look(q[:, 0], k[:, 0], v[:, 0], 2).text
    assert text.endswith(f"= {o[2, 0]:.2f}")
    assert all(f"weight {weight:.2f}, value" in text for weight in weights[2, :3]) and "step 3: " in text
