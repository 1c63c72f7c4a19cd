"""The pictures of page 14: their numbers and titles are those of the costs, and no writing lies on another."""

import re

import numpy as np
import pytest
from overlaps import overlaps

from course.show import contest as show

EASY = np.random.default_rng(0).gamma(1, 2, 2050)
NOISE = np.random.default_rng(1).normal(0, 0.1, 2050)


def board(ahead):
    """Return the scoreboard of a packer, a model that is behind it, and a mixture that is ahead by so much."""
    costs = {"packer": EASY, "a model with a long name": EASY + 0.5 + NOISE, "a mixture": EASY - ahead + NOISE}
    kinds = {"a mixture": "first"}
    return show.scoreboard(
        {name: (one.mean(), one, kinds.get(name, "state")) for name, one in costs.items()}, "packer", 800
    )


PICTURES = {
    "dropout": lambda: show.dropped_network([0.7, 0.2, 0.9, 0.4, 0.1, 0.6], 0.5),
    "no unit away": lambda: show.dropped_network([0.5] * 3, 0),
    "chord": lambda: show.cheaper_together(0.5, 0.1),
    "board": lambda: board(0.3),
    "behind": lambda: board(-0.6),
}


@pytest.mark.parametrize("name", PICTURES)
def test_writing_has_its_place(name):
    picture = PICTURES[name]()
    assert overlaps(picture) == []
    assert len(picture.text.splitlines()[0]) <= len("Picture: ") + 62


def test_units_below_the_rate_are_away():
    lines = PICTURES["dropout"]().lines
    assert [line.endswith("away") for line in lines[1:7]] == [False, True, False, True, True, False]
    assert lines[1] == "unit 0, drawn 0.7: * 2"


def test_together_they_pay_less_than_on_average():
    numbers = [float(re.findall(r"[\d.]+", line)[-1]) for line in PICTURES["chord"]().lines[1:]]
    assert numbers == pytest.approx([-np.log2(0.1), 1, (1 - np.log2(0.1)) / 2, -np.log2(0.3)], abs=0.0051)


@pytest.mark.parametrize(
    ("ahead", "title"),
    [(0.3, "Only mixtures with a table beat packer"), (0, "Nothing is ahead of packer here")],
)
def test_the_board_says_who_wins_and_by_how_much(ahead, title):
    lines = board(ahead).lines
    assert lines[0] == f"Picture: {title}"
    assert lines[1].endswith(f"{EASY.mean() * 100:.0f} bytes")
    told = float(re.search(r"ahead by (-?[\d.]+)", lines[3])[1])
    assert told == pytest.approx(ahead - NOISE[:2000].mean(), abs=0.00051)


def test_costs_and_blocks_are_compared_alike():
    costs, blocks = show.lead(EASY, EASY + 0.5 + NOISE), show.lead(show.in_blocks(EASY), EASY + 0.5 + NOISE)
    assert costs[0] == pytest.approx(0.5 + NOISE.mean()) and blocks[0] == pytest.approx(0.5 + NOISE[:2000].mean())
    assert costs[1] == pytest.approx(blocks[1])
