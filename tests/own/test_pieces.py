"""The text of one_page(), piece by piece: what a learner's function replaces, and what stays around it."""

import re

import numpy as np
from cells import ONE_HOT, keep, page
from helpers import ROOT

from course import one_page

USES_THE_MODULE = """
    def softmax_gradient(logits, targets):
        import rnn_helpers as rh
        slopes = rh.softmax(logits)
        slopes[range(len(slopes)), targets] -= 1
        return slopes
    """
SO_DOES_THIS = """
    def hidden_gradients(dh_from_output, hidden, parameters):
        import rnn_helpers
        da, later = 0.0 * dh_from_output, 0
        for t in reversed(range(len(da))):
            da[t] = rnn_helpers.tanh_backward(dh_from_output[t] + later, hidden[t + 1])
            later = parameters.W_hh.T @ da[t]
        return da
    """


def test_what_stands_for_the_module_is_there_once_before_the_first_function_that_names_it():
    keep("softmax_gradient", USES_THE_MODULE)
    keep("hidden_gradients", SO_DOES_THIS)
    text = one_page()
    assert text.count("class ThisFile:") == 1 and text.count("ThisFile()") == 2
    slopes = page(text, {"__name__": "my_network"})["softmax_gradient"](np.zeros((1, 4)), np.array([1]))
    assert slopes.tolist() == [[0.25, -0.75, 0.25, 0.25]]


def test_the_heading_right_above_a_function_stays():
    keep("one_hot", ONE_HOT)
    original = (ROOT / "rnn_helpers.py").read_text(encoding="utf-8")
    (heading,) = re.findall(r"\n(# -+ .*)\ndef one_hot\(", original)
    assert f"\n{heading}\n# yours, from page 01\ndef one_hot(ids, vocab_size):\n" in one_page()
