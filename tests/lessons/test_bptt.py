"""The repair of page 03 has a network of its own: are its slopes those that are measured?"""

import numpy as np

from course.lessons import EXERCISES
from course.lessons.bptt import PENCIL, slopes_of_states, two_state_backward, two_state_forward
from rnn_helpers import numerical_gradient


def test_the_repaired_backward_pass_finds_the_measured_slopes():
    inputs, targets, h_prev = np.array([1, 0, 2, 2]), np.array([0, 2, 2, 3]), np.array([0.3, -0.5, 0.2])
    gradients = two_state_backward(inputs, targets, PENCIL, two_state_forward(inputs, targets, h_prev, PENCIL))
    for name, gradient in gradients._asdict().items():

        def loss(array, name=name):
            return two_state_forward(inputs, targets, h_prev, PENCIL._replace(**{name: array})).loss

        measured = numerical_gradient(loss, getattr(PENCIL, name))
        np.testing.assert_allclose(gradient, measured, atol=1e-8, err_msg=name)
    np.testing.assert_allclose(*slopes_of_states(two_state_backward), atol=1e-8)


def test_the_report_says_the_slopes_that_the_page_names():
    rows = EXERCISES["mend_backward_pass"].report().splitlines()
    assert [row.split() for row in rows[-2:]] == [["h_2", "0.0984", "0.6312"], ["h_3", "0.5328", "0.5328"]]
