"""The pictures of page 12: are their numbers those of the network and of the stored tables, and can they be read?"""

import numpy as np
import pytest
from helpers import message_of
from overlaps import overlaps

from course.models.gates import GRU, gru_step
from course.show.gates import ahead_of_plain, flip_flops, four_ways, lines_and_bits, story, two_cells

BY_HAND = {"h_prev": 0.8, "r": 0.25, "z": 0.75, "W_hr": -1, "W_hz": 2, "W_hn": 2}
TEXT = "wawbicidrb"
KEEPS = np.array([[0.9, 0.5, 0.5], [0, 0, 1], [1, 0, 1], [0, 0, 1], *[[1, 1, 0]] * 5])  # units 0 and 1 keep at i
STATES = np.outer([-0.5, 0.7, 0.7, -0.96, *[-0.96] * 5], [1, 1, 0])
MARKS = {"Shakespeare": 4.1, "bigram": 38.9}
FOUR = "plain", "update gate", "reset gate", "GRU"
PICTURES = {
    "cells": lambda: two_cells(h_prev=0.8, r=0.25, z=0.75, n=0.380, h=0.695),
    "ways": lambda: four_ways(gru_step, **BY_HAND),
    "story": lambda: story(TEXT, KEEPS, STATES, before=1 - KEEPS),
    "flip-flop": lambda: flip_flops("Flip-flop", ("plain", 500, "all"), ("plain", 500, "asked")),
    "leaks": lambda: lines_and_bits("Leaks", ("plain", "leaky 0.8", "leaky mixed"), MARKS, 2.33),
    "gates": lambda: lines_and_bits("Gates", FOUR, MARKS, 2.33),
    "recipes": lambda: ahead_of_plain("Recipes"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_all_that_is_written_can_be_read(name):
    assert overlaps(PICTURES[name]()) == []


def test_four_ways_are_drawn_only_if_they_add_up_to_what_is_measured():
    text = PICTURES["ways"]().text
    assert "straight: z = 0.75 -> 0.7500" in text and text.endswith("all four: 0.9503; measured: 0.9503")

    def keeps_all(char_id, h_prev, parameters):
        h, r, z, n = gru_step(char_id, h_prev, parameters)
        return h_prev + (1 - z) * n, r, z, n

    assert "The ways add up to 0.950301, but 0.900301 was measured." in message_of(
        ValueError, four_ways, keeps_all, **BY_HAND
    )


def test_the_cells_show_the_step_that_is_told():
    h = 0.75 * 0.8 + 0.25 * np.tanh(2 * 0.25 * 0.8)
    assert f"0.75 * 0.8 + 0.25 * 0.380 = {h:.3f}" in PICTURES["cells"]().text


def test_the_story_is_of_the_unit_that_chooses_best():
    assert PICTURES["story"]().text.split("\n")[1:4] == [
        "reads: w a w b i c i d r",
        "keeps, %: 90 0 100 0 100 100 100 100 100",
        "holds: -0.5 0.7 0.7 -1.0 -1.0 -1.0 -1.0 -1.0 -1.0",
    ]


def test_the_story_of_a_network_is_that_of_its_forward_pass():
    parameters = GRU.initialize(4, 11, np.random.default_rng(0))
    ids = np.array([10, 0, 10, 1, 8, 2, 8, 3, 9, 1])
    forward = GRU.forward(ids[:-1], ids[1:], np.zeros(4), parameters)
    keeps = forward.gates[:, 4:]
    unit = (keeps[5] + keeps[7] - keeps[1] - keeps[3]).argmax()
    text = story(TEXT, keeps, forward.hidden[1:], before=keeps).text
    assert "keeps, %: " + " ".join(f"{100 * share:.0f}" for share in keeps[:, unit]) in text


def test_the_titles_of_the_page_say_what_the_stored_tables_hold():
    flips = flip_flops("", ("leaky 0.8", 500, "all"), ("leaky 0.8", 1500, "all"), ("update gate", 500, "all")).text
    assert (
        "'leaky 0.8, 1,500 steps': 100, 100, 100" in flips and "'update gate alone, 500 steps': 99, 100, 100" in flips
    )
    dots = dict(line.split(": ") for line in PICTURES["gates"]().text.split("\n")[4:])
    bits, lines = {}, {}
    for name, told in dots.items():
        pairs = [one.removesuffix(",").split(" bits and ") for one in told.split(", ")]
        bits[name], lines[name] = [[float(pair[k]) for pair in pairs] for k in (0, 1)]
    assert max(lines["update gate alone"] + lines["GRU"]) < 12 < 25 < min(lines["plain"] + lines["reset gate alone"])
    assert max(bits["reset gate alone"]) < min(bits["plain"]) <= min(bits["update gate alone"])
