"""The pictures of pages 17 and 18: are their numbers right, and can all of their writing be read?"""

from types import SimpleNamespace

import numpy as np
import pytest
from overlaps import overlaps

from course.engine import make_streams
from course.show.devices import (
    cut_picture,
    killed_picture,
    step_picture,
    streams_picture,
    tape_picture,
    walk_picture,
)
from rnn_helpers import load_corpus, numerical_gradient

LETTERS = (1.0, -1.0, 2.0)
OFF = {"W_xh": 0.61, "W_hh": 0.68, "W_hy": 1e-17, "b_h": 1.0, "b_y": 0.0}


def tape(slope=7.0):
    x = SimpleNamespace(value=3.0, slope=slope, made_from=())
    a = SimpleNamespace(value=9.0, slope=1.0, made_from=((x, 3.0), (x, 3.0)))
    return [x, a, SimpleNamespace(value=12.0, slope=1.0, made_from=((a, 1.0), (x, 1.0)))]


def streams():
    corpus = load_corpus("sonnets")
    return streams_picture(make_streams(corpus.ids, 16), corpus.decode, 8)


PICTURES = {
    "tape": lambda: tape_picture(tape(), "xay"),
    "walk": lambda: walk_picture(0.8, 0.5, LETTERS),
    "cut": lambda: cut_picture(OFF),
    "streams": streams,
    "step": lambda: step_picture(8, 16, 10985),
    "killed": lambda: killed_picture(116, 348, 10, 171),
}


@pytest.mark.parametrize("make", PICTURES.values(), ids=PICTURES)
def test_all_that_is_written_can_be_read(make):
    assert overlaps(make()) == []


def test_the_title_claims_only_what_the_numbers_bear_out():
    assert "they add up to its slope" in tape_picture(tape(), "xay").text
    assert "add up" not in tape_picture(tape(slope=6.0), "xay").text
    assert "3 of 5 gradients are wrong" in cut_picture(OFF).text
    assert "wrong" not in cut_picture(dict.fromkeys(OFF, 0.0)).text


def test_the_walk_finds_the_slopes_that_are_measured():
    def last_state(parameters):
        h = 0.0
        for x in LETTERS:
            h = np.tanh(parameters[0] * h + parameters[1] * x)
        return h

    w, u = numerical_gradient(last_state, np.array([0.8, 0.5]))
    text = walk_picture(0.8, 0.5, LETTERS).text
    assert f"sum {w:.4f}" in text and f"sum {u:.4f}" in text


def test_a_killed_run_goes_on_from_its_last_checkpoint():
    assert "from the checkpoint at step 170, and go on to step 348" in PICTURES["killed"]().text
