"""The pictures of the state: do their titles hold, do their numbers agree with the course, and does all stand clear?"""

import numpy as np
import pytest
from overlaps import overlaps
from test_unrolled import ELLO, HELL, PENCIL

from course.show.drawing import signed
from course.show.states import bounds_picture, rows_picture, states_picture, tanh_picture
from rnn_helpers import forward_pass

FORWARD = forward_pass(HELL, ELLO, np.zeros(3), PENCIL)


def one_unit(bend, letters=10, weight=1.5):
    states = [0.0]
    for _ in range(letters):
        states.append(bend(weight * states[-1] + 0.1))
    return states


def free(weight=1.5):
    return one_unit(lambda a: a, weight=weight)


PICTURES = {
    "bounds": lambda: bounds_picture(free(), one_unit(np.tanh)),
    "tanh": tanh_picture,
    "states": lambda: states_picture("hell", FORWARD.hidden[1:], FORWARD.probs[:, 3], "o"),
    "rows": lambda: rows_picture("hell", FORWARD.hidden),
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


def test_a_title_that_would_not_be_true_is_refused():
    with pytest.raises(AssertionError):
        bounds_picture(free(weight=0.5), one_unit(np.tanh))  # this one settles by itself
    with pytest.raises(AssertionError):
        states_picture("helo", FORWARD.hidden[1:], FORWARD.probs[:, 3], "o")
    with pytest.raises(AssertionError):
        tanh_picture(starts=(0, 0.5))
