"""An answer calls functions that its page does not have, as after a restart: check lends them while it tries it."""

import numpy as np
from cells import file_of, page
from own_road import AS_TAUGHT

import rnn_helpers
from course.calls import check
from course.checker.words import CORRECT, NOT_YET
from course.own import folder
from course.own.one_page import one_page

SLOPES = """
def softmax_gradient(logits, targets):
    return softmax(logits) - np.eye(logits.shape[1])[targets]
"""
MEAN = SLOPES.replace(
    "return softmax(logits) - np.eye(logits.shape[1])[targets]",
    "return (softmax(logits) - np.eye(logits.shape[1])[targets]) / len(targets)",
)


def checked(name, code="", **names):
    """Check a function on a page that has only NumPy and the given names, and return the result and the page."""
    here = {"__name__": "__main__", "np": np, "ForwardPass": rnn_helpers.ForwardPass, **names}
    before = {*here, "__builtins__", name}
    here = page(code or AS_TAUGHT[name], here)
    result = check(name, here[name])
    assert here.keys() == before, "what was lent is gone again"
    return result


def test_a_kept_function_is_used_and_the_answer_is_kept():
    checked("softmax")
    result = checked("softmax_gradient", SLOPES)
    assert result.verdict == CORRECT and result.kept.startswith("Kept in my_rnn/softmax_gradient.py: 2 of ")
    used = "It calls what is not on this page yet, so the check used your kept `softmax`."
    assert result.message.split("\n")[-1] == used
    assert "# softmax: yours where check has found them right" in file_of("softmax_gradient")
    assert "Your functions in it: 2 (softmax, softmax_gradient)" in one_page()


def test_a_mistake_is_named_all_the_same():
    checked("softmax")
    result = checked("softmax_gradient", MEAN)
    assert result.verdict == NOT_YET and result.mistake == "softmax_gradient/mean"
    assert "so the check used your kept `softmax`." in result.message


def test_without_a_kept_one_the_answer_is_judged_with_the_finished_one():
    result = checked("softmax_gradient", SLOPES)
    assert result.verdict == NOT_YET and result.kept == "" and folder.yours() == []
    assert result.message == (
        "It is right, but it calls `softmax`, which is not on this page yet. "
        "Run its cell first, or import it: from rnn_helpers import softmax."
    )
    result = checked("forward_pass")
    assert result.message == (
        "It is right, but it calls `softmax`, `cross_entropy` and `rnn_step`, which are not on this page yet. "
        "Run their cells first, or import them: from rnn_helpers import softmax, cross_entropy, rnn_step."
    )
    checked("rnn_step")
    result = checked("forward_pass")
    assert "`softmax` and `cross_entropy`" in result.message and "rnn_step" not in result.message
    wrong = checked("softmax_gradient", MEAN)
    assert wrong.mistake == "softmax_gradient/mean"
    assert "\nIt calls what is not on this page yet, so the check used the finished `softmax`." in wrong.message


def test_a_name_of_the_page_is_never_replaced():
    checked("softmax")
    result = checked("softmax_gradient", SLOPES, softmax=lambda logits: logits)
    assert result.verdict == NOT_YET and "kept" not in result.message


def test_the_function_that_is_asked_for_is_not_lent():
    checked("softmax")
    here = page("def mine(logits):\n    return softmax(logits)\n")
    assert check("softmax", here["mine"]).verdict == NOT_YET
