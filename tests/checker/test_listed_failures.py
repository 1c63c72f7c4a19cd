"""Natural code on which check once failed: it accepted a wrong answer, refused a right one, or gave no useful help."""

import re

import numpy as np
import pytest
from answers import finished_page
from cells import page

from course import check
from course.checker.exercise import Case
from course.checker.judge import judge
from course.checker.say.numbers import where_right
from course.checker.say.shapes import letters_of, say_wrong_shape
from course.checker.trial import Outcome, run
from course.checker.words import NOT_YET
from course.lessons import BANK, WRITTEN


def checked(name, code):
    """Run a cell that defines a function, and return what check says about it."""
    return check(name, page(code, finished_page(name))[name])


def judged_by_results(name, code):
    """Return the message on a function without a look at its source."""
    exercise = WRITTEN[name]
    function = page(code, {"np": np})[name]
    return judge(exercise, run(exercise, function), BANK).message


def test_a_call_of_the_finished_function_is_told_from_an_answer():
    result = checked("softmax", "def softmax(logits):\n    return rnn_helpers.softmax(logits)")
    assert "This is the finished softmax of rnn_helpers: write your own" in result.kept


# ---------------------------------------------------------------- rules
@pytest.mark.parametrize("number", ["float(loss)", "loss", "np.float64(loss)", "np.array(loss)", "np.float32(loss)"])
@pytest.mark.parametrize(
    "results, mistake",
    [
        ("hidden, probs, {}", "order_as_computed"),
        ("{}, hidden, probs", "order_of_results"),
        ("{}, hidden", "two_results"),
    ],
)
def test_the_type_of_the_loss_makes_no_difference_to_the_message(number, results, mistake):
    result = checked(
        "forward_pass",
        f"""
        def forward_pass(inputs, targets, h_prev, parameters):
            W_xh, W_hh, W_hy, b_h, b_y = parameters
            h, loss, probs, hidden = h_prev, 0.0, [], [h_prev]
            for t in range(len(inputs)):
                h = np.tanh(W_xh[:, inputs[t]] + W_hh @ h + b_h)
                hidden.append(h)
                probs.append(softmax(W_hy @ h + b_y))
                loss -= math.log(probs[t][targets[t]])
            probs, hidden = np.array(probs), np.array(hidden)
            return {results.format(number)}
        """,
    )
    assert (result.verdict, result.mistake) == (NOT_YET, f"forward_pass/{mistake}")


@pytest.mark.parametrize(
    "kind, words", [("complex", "holds complex numbers"), ("object", "holds objects of Python"), ("str", "holds text")]
)
def test_an_array_of_no_plain_numbers_is_named_for_what_it_holds(kind, words):
    result = checked(
        "softmax",
        f"""
        def softmax(logits):
            exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
            return (exps / exps.sum(axis=-1, keepdims=True)).astype({kind})
        """,
    )
    assert words in result.message
    assert "rows of different length" not in result.message


def test_the_earliest_case_that_fails_is_shown():
    message = judged_by_results(
        "softmax",
        """
        def softmax(logits):
            exps = np.exp(logits - logits.max(axis=-1, keepdims=True))
            return exps / exps.sum(axis=-1, keepdims=True) + 1e-3 * (logits.ndim == 2)
        """,
    )
    assert "Tried with several rows of scores (T = 5, V = 4)." in message


def test_a_size_that_could_be_two_letters_stays_a_number():
    case = Case("", (), {"T": 3, "H": 4, "V": 4})
    assert letters_of(case) == {3: "T"}  # 4 is H, V and T+1
    want, got = Outcome(parts={"": np.zeros((3, 4))}), Outcome(parts={"": np.zeros((4, 3))})
    message = say_wrong_shape(WRITTEN["softmax"], case, got, want, "")
    assert message.startswith("The result is an array of shape (4, T) = (4, 3), expected: an array of shape (T, 4)")


@pytest.mark.parametrize("name, silent", [("rnn_step", "b_h"), ("forward_pass", "b_y"), ("hidden_gradients", "W_hh")])
def test_nobody_is_sent_to_a_term_that_is_right(name, silent):
    """If one argument is all zeros, the result is right; the mistake may be in the use of its product."""
    cases = [Case("first", (), {}), Case("second", (), {}), Case(f"{silent} all zeros", (), {}, silent)]
    text = where_right(cases, [False, False, True])
    assert text == f"It is right when {silent} is all zeros, and wrong otherwise."


def test_a_wrong_w_hh_is_not_blamed_on_h_prev():
    """If h_prev is all zeros, W_hh has no effect, so it is not clear which of the two is wrong."""
    result = checked(
        "rnn_step",
        """
        def rnn_step(char_id, h_prev, parameters):
            W_xh, W_hh, W_hy, b_h, b_y = parameters
            return np.tanh(np.tril(W_hh) @ h_prev + W_xh[:, char_id] + b_h)
        """,
    )
    assert not re.search(r"look at (what you do with )?`?h_prev", result.message), result.message
