"""The pictures of the state: do their titles hold, do their numbers agree with the course, and does all stand clear?"""

import numpy as np
import pytest
from overlaps import overlaps
from test_unrolled import ELLO, HELL, PENCIL

from course.show.drawing import signed
from course.show.states import (
    bounds_picture,
    comma_picture,
    exchange_picture,
    rows_picture,
    states_picture,
    tanh_picture,
)
from rnn_helpers import forward_pass

FORWARD = forward_pass(HELL, ELLO, np.zeros(3), PENCIL)


def one_unit(bend, letters=10, weight=1.5):
    states = [0.0]
    for _ in range(letters):
        states.append(bend(weight * states[-1] + 0.1))
    return states


def free(weight=1.5):
    return one_unit(lambda a: a, weight=weight)


PLAIN = [(2, 1.667, 0.07, 0.77), (8, 0.003, 0.006, 0.05), (40, 0.0, 0.0, 0.0)]  # true characters, cost, error, moved
GRU = [(2, 1.842, 0.079, 0.88), (8, 0.213, 0.03, 0.37), (40, 0.004, 0.005, 0.03)]


def commas(early_of_table):
    early = {"the text": [0.0], "GRU": [0.0, 0.01], "plain": [0.42], "best table": [early_of_table]}
    return early, {"the text": [0.92], "GRU": [0.91, 0.93], "plain": [0.54], "best table": [0.57]}


PICTURES = {
    "bounds": lambda: bounds_picture(free(), one_unit(np.tanh)),
    "tanh": tanh_picture,
    "states": lambda: states_picture("hell", FORWARD.hidden[1:], FORWARD.probs[:, 3], "o"),
    "rows": lambda: rows_picture("hell", FORWARD.hidden),
    "one network": lambda: exchange_picture({"plain network": PLAIN}),
    "two networks": lambda: exchange_picture({"plain network": PLAIN, "GRU": GRU}),
    "commas": lambda: comma_picture(*commas(0.4)),
}


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_lies_on_anything_and_the_title_is_short(name):
    picture = PICTURES[name]()
    assert overlaps(picture) == []
    assert len(picture.lines[0].removeprefix("Picture: ")) <= 62


def test_the_states_and_rows_are_those_of_the_forward_pass():
    states, rows = PICTURES["states"](), PICTURES["rows"]()
    for t, state in enumerate(FORWARD.hidden[1:]):
        numbers = [signed(value).replace("−", "-") for value in state]
        assert all(f"unit {unit} {number}" in states.lines[t + 1] for unit, number in enumerate(numbers))
        assert f"row {t + 1} of hidden: {' '.join(numbers)}, the state after {'hell'[t]}" in rows.text
        assert states.lines[t + 1].endswith(f"{FORWARD.probs[t, 3]:.4f}")


def test_a_title_claims_only_what_the_numbers_show():
    for picture, title in [
        (bounds_picture(free(weight=0.5), one_unit(np.tanh)), "The state after each letter"),  # it settles by itself
        (states_picture("helo", FORWARD.hidden[1:], FORWARD.probs[:, 3], "o"), "The state after each letter"),
        (tanh_picture(starts=(0, 0.5)), "How far +1 moves a state"),
        (exchange_picture({"GRU": GRU, "plain network": PLAIN}), "What the exchange of the past costs"),
        (exchange_picture({"GRU": GRU[1:2]}), "What the exchange of the past costs"),
        (comma_picture(*commas(0.1)), "Who knows where in the line a comma stands"),
    ]:
        assert picture.text.startswith(f"Picture: {title}\n"), picture.text


def test_what_is_drawn_small_or_not_at_all_is_said():
    said = PICTURES["two networks"]().text
    assert "plain network, 8 true: 0.003 ± 0.006 bits, 5 % of the predictions move" in said
    assert "GRU, 40 true: 0.004 ± 0.005 bits, 3 % of the predictions move" in said
    assert "GRU: after an early comma 0.00, 0.01; after a late one 0.91, 0.93" in PICTURES["commas"]().text
