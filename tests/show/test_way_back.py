"""The pictures of the way back: are their numbers those of the network, and can all of their writing be read?"""

import numpy as np
import pytest
from helpers import message_of
from overlaps import overlaps

from course.lessons.bptt import PENCIL
from course.show.way_back import row_or_column, slopes_of_copies, three_paths, two_states_graph, way_back_map
from rnn_helpers import backward_pass, forward_pass, hidden_gradients, numerical_gradient, one_hot

INPUTS, TARGETS, H_IN = np.array([1, 0, 2, 2]), np.array([0, 2, 2, 3]), np.zeros(3)
FORWARD = forward_pass(INPUTS, TARGETS, H_IN, PENCIL)
OWN = (FORWARD.probs - one_hot(TARGETS, 4)) @ PENCIL.W_hy
DA = hidden_gradients(OWN, FORWARD.hidden, PENCIL)
AFTER = PENCIL.W_hh.T @ DA[3]
PICTURES = {
    "map": lambda: way_back_map(PENCIL, INPUTS, TARGETS, H_IN, "ehlo"),
    "row or column": lambda: row_or_column(PENCIL.W_hh, DA[3], OWN[2, 0], (OWN[2] + AFTER)[0]),
    "another unit": lambda: row_or_column(PENCIL.W_hh, DA[3], OWN[2, 2], (OWN[2] + AFTER)[2], unit=2),
    "copies": lambda: slopes_of_copies("hell", DA[:, 2], FORWARD.hidden[:-1, 0]),
    "two states": lambda: two_states_graph("hell", "ello"),
    "three paths": three_paths,
}


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_lies_on_anything_else(name):
    assert overlaps(PICTURES[name]()) == []


def said(values):
    return " ".join(f"{round(value, 4) + 0.0:.4f}" for value in values)


def test_the_map_has_the_slopes_of_the_walk():
    lines = PICTURES["map"]().text.split("\n")
    for t, read, comes in [(3, "l", "o"), (2, "l", "l"), (1, "e", "l"), (0, "h", "e")]:
        place = lines.index(
            f"step {t}, read {read}, next comes {comes}: dlogits {said((FORWARD.probs - one_hot(TARGETS, 4))[t])}"
        )
        after = np.zeros(3) if t == 3 else PENCIL.W_hh.T @ DA[t + 1]
        handed = "nothing" if t == 3 else said(after)
        assert lines[place + 1] == f"  from its prediction {said(OWN[t])}; from the step after {handed}"
        assert lines[place + 2].startswith(f"  dh {said(OWN[t] + after)}; ")
        assert lines[place + 2].endswith(f"; da {said(DA[t])}")


def test_the_column_is_claimed_only_if_it_was_measured():
    text = PICTURES["row or column"]().text
    assert f"= {AFTER[0]:.4f}, as measured" in text and f"= {PENCIL.W_hh[0] @ DA[3]:.4f}, wrong" in text
    assert "wrong sign" in text and "wrong sign" not in PICTURES["another unit"]().text
    assert "0.5" in message_of(ValueError, row_or_column, PENCIL.W_hh, DA[3], OWN[2, 0], 0.5)


def test_the_copies_add_up_to_the_gradient():
    gradient = backward_pass(INPUTS, TARGETS, PENCIL, FORWARD).W_hh[2, 0]
    assert PICTURES["copies"]().text.endswith(f"\nthe sum: {gradient:.4f}")


def test_the_third_path_changes_the_sign_only_where_it_does():
    def loss(w):
        h, total = 0.5, 0.0
        for u, target in [(0.2, 1), (-0.3, 0)]:
            h = np.tanh(w[0] * h + u)
            total += np.log(1 + np.exp(2 * h if target else -2 * h))
        return total

    picture = three_paths()
    assert f"all three, added: {numerical_gradient(loss, np.array([0.8]))[0]:.4f}" in picture.text
    assert "changes the sign" in picture.text and "changes" not in three_paths(w=0.1).text


def test_the_arrows_that_leave_a_state_end_where_predictions_look_at_it():
    text = two_states_graph("hell", "ello").text
    assert "step 3: l and h_2 -> h_3; h_3 and h_2 -> p_3" in text and text.endswith("from h_2: to p_2, to h_3, to p_3")
