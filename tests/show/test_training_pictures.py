"""The pictures of training: do their numbers come from the course's functions, and can all of their writing be read?"""

import numpy as np
import pytest
from overlaps import overlaps

from course.lessons.bptt import PENCIL
from course.show.training import (
    line_learned,
    loss_along_weight,
    lost_targets,
    sequences,
    smoothing,
    step_sizes,
    two_names,
)
from rnn_helpers import Parameters, backward_pass, chunks, forward_pass, numerical_gradient, sgd_step, smooth_loss

HELL, ELLO = np.array([1, 0, 2, 2]), np.array([0, 2, 2, 3])
LOSSES = [150 - 20 * np.sin(k) for k in range(900)]


def smoothed(losses=LOSSES):
    values = [177.77]
    for loss in losses:
        values.append(smooth_loss(values[-1], loss))
    return values


PICTURES = {
    "lost_targets": lambda: lost_targets("hellohell", 4),
    "sequences": lambda: sequences("hellohell", 4),
    "loss_along_weight": lambda: loss_along_weight(PENCIL, HELL, ELLO, (2, 0), [-0.1, -1.5]),
    "step_sizes": lambda: step_sizes(PENCIL, HELL, ELLO, [0.1, 0.6, 1.6]),
    "two_names": lambda: two_names(-0.3, 0.0071),
    "line_learned": lambda: line_learned(
        {k: 100 / (1 + k) for k in range(1001)}, {0: "s$\n", 10: "shall", 1000: "shall"}
    ),
    "smoothing": lambda: smoothing(smoothed(), LOSSES),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PICTURES)
def test_nothing_lies_on_anything_else(name):
    picture = PICTURES[name]()
    assert overlaps(picture) == []
    assert len(picture.text.splitlines()[0]) <= len("Picture: ") + 62, "the title has room"


@pytest.mark.slow
def test_cuts_are_those_of_chunks():
    text = PICTURES["sequences"]().text
    pairs = chunks(np.array(list("hellohell")), 4)
    for number, (inputs, targets) in enumerate(pairs):
        assert f"sequence {number}: inputs {''.join(inputs)}, targets {''.join(targets)}" in text
    assert text.count("sequence ") == len(pairs) == 2 and "cut after 4 letters" in text


def test_a_letter_is_lost_at_each_cut_of_the_first_idea():
    text = PICTURES["lost_targets"]().text
    assert "piece ohel: inputs ohe, targets hel" in text and text.endswith("never a target: o, l")


def test_steps_are_those_of_sgd_step():
    text = PICTURES["step_sizes"]().text
    gradients = backward_pass(HELL, ELLO, PENCIL, forward_pass(HELL, ELLO, np.zeros(3), PENCIL))
    for rate in (0.1, 0.6, 1.6):
        parameters = Parameters(*[array.copy() for array in PENCIL])
        sgd_step(parameters, gradients, rate)
        assert f"rate {rate}: loss {forward_pass(HELL, ELLO, np.zeros(3), parameters).loss:.4f}, " in text


def test_the_slope_along_a_weight_is_the_measured_one():
    def loss(W_hh):
        return forward_pass(HELL, ELLO, np.zeros(3), PENCIL._replace(W_hh=W_hh)).loss

    slope = numerical_gradient(loss, PENCIL.W_hh)[2, 0]
    assert f"now: weight -0.3, loss 6.0521, slope {slope:.4f}" in PICTURES["loss_along_weight"]().text


@pytest.mark.parametrize("rates", [[0.1, 0.6, 1.0], [0.7, 0.6, 1.6]])
def test_a_title_claims_nothing_that_other_rates_do_not_show(rates):
    assert step_sizes(PENCIL, HELL, ELLO, rates).text.startswith("Picture: The loss after one step")


def test_other_numbers_get_a_plain_title():
    slope = loss_along_weight(PENCIL, HELL, ELLO, entry=(2, 0), moves=[-0.1, -0.2])
    assert slope.text.startswith("Picture: The loss along one weight, and its slope")
    line = line_learned({0: 100.0, 10: 50.0}, {0: "shall", 10: "shall"})
    assert line.text.startswith("Picture: The loss of the line, and what the network writes")
    rising = smoothing(smoothed([300.0] * 900))
    assert rising.text.startswith("Picture: The losses, and the smoothed loss")


def test_what_is_written_of_losses():
    text = PICTURES["smoothing"]().text
    assert f"{smoothed()[600]:.2f} at 600" in text and f"900 sequences: mean {np.mean(LOSSES):.1f}" in text
    assert "10 readings: loss 9.09, probability of the line 0.00, writes: shall" in PICTURES["line_learned"]().text


def test_the_title_says_whether_the_losses_fall():
    fall = [loss - k / 10 for k, loss in enumerate(LOSSES)]
    assert PICTURES["smoothing"]().text.startswith("Picture: The smoothed loss falls, and the network does not learn")
    assert smoothing(smoothed(fall)).text.startswith("Picture: The smoothed loss shows where the losses go")
