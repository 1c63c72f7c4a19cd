"""Answers to the exercises on training, sampling and speed that once got no help, or were accepted though wrong."""

import numpy as np
import pytest
from answers import finished_page
from cells import page

from course import check
from course.checker.words import NOT_YET
from course.engine import adam_step
from course.lessons import BANK, WRITTEN, page_of
from rnn_helpers import chunks, sgd_step, tanh_backward


@pytest.fixture(autouse=True)
def a_short_search(monkeypatch):
    """Shorten the search in the code, which is tested elsewhere (test_repair.py), to save time."""
    monkeypatch.setattr("course.checker.limit.MOST_WORK", 300)


def message(name, code):
    result = check(name, page(code, finished_page(name))[name])
    assert result.verdict == NOT_YET
    return result.message


# ---------------------------------------------------------------- wrong, but once accepted
@pytest.mark.parametrize("returned", ["parameters", "None, None", "0.0", "True"])
def test_a_step_that_returns_something(returned):
    def plain(*args):
        sgd_step(*args)
        return eval(returned, {"parameters": args[0]})

    def adam(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
        adam_step(parameters, gradients, m, v, step, learning_rate, beta1, beta2, epsilon)
        return eval(returned, {"parameters": parameters})

    for name, function in (("sgd_step", plain), ("adam_step", adam)):
        result = check(name, function)
        assert result.verdict == NOT_YET
        assert "But the function also returns" in result.message and "asks for None" in result.message


# ---------------------------------------------------------------- chunks
@pytest.mark.parametrize("count", [1, 2, 5])
def test_what_is_wrong_in_the_first_pair_comes_before_the_number_of_pairs(count):
    def targets_swapped(ids, seq_length):
        return [(targets, inputs) for inputs, targets in chunks(ids, seq_length)][:count] * 2

    result = check("chunks", targets_swapped)
    assert result.mistake == "chunks/swapped"
    assert result.message.startswith("In the first sequence: inputs and targets are swapped")


def test_an_unknown_mistake_in_the_first_pair_comes_before_the_number_of_pairs():
    said = check("chunks", lambda ids, n: [(a + 1, b) for a, b in chunks(ids, n)][:1]).message
    assert said and "It returned" not in said


def test_right_pairs_in_another_order():
    assert "another order than in the text" in check("chunks", lambda ids, n: chunks(ids, n)[::-1]).message


# ---------------------------------------------------------------- edge cases, and lost digits
@pytest.mark.parametrize(
    "name, function, mistake",
    [
        ("make_streams", lambda ids, B: ids.reshape(B, -1).T, "rest_not_cut_open"),
        ("make_streams", lambda ids, B: ids[: -(len(ids) % B)].reshape(B, -1).T, "no_rest_empty"),
        ("make_streams", lambda ids, B: ids[len(ids) % B :].reshape(B, -1).T, "cut_at_start"),
    ],
)
def test_the_ends_of_a_text(name, function, mistake):
    assert check(name, function).mistake.startswith(f"{name}/{mistake}")


def test_digits_that_are_lost():
    assert "rounded to 2 places" in check("tanh_backward", lambda dh, h: np.round(tanh_backward(dh, h), 2)).message


# ---------------------------------------------------------------- explanations of errors
@pytest.mark.parametrize(
    "line, note",
    [
        ("pairs.append(ids[0], ids[1])", "append takes one thing"),
        ("return lenght", "is it spelled right"),
        ("return sqrt(2)", "write np.sqrt"),
        ("return one_hots(ids)", "There is no `one_hots` here. Did you mean: `one_hot`?"),
        ("return ids[len(ids)]", "They count from 0"),
        ("return ids[0.5]", "kind of the indices"),
        ("return ids.reshape(7, 7, 7)", "as many as there are"),
        ("return np.zeros(7) + np.zeros(8)", "Two sizes do not fit together"),
        ("return math.exp(1000)", "too large"),
        ("return ids(0)", "square brackets take an entry"),
        ("return [1, 2][ids]", "an array where one whole number belongs"),
        ("ids[:] = (1, 2)", "Two sizes do not fit together"),
    ],
)
def test_an_error_is_quoted_with_its_line_and_explained(line, note):
    said = message("chunks", f"def chunks(ids, seq_length):\n    pairs = []\n    {line}\n")
    assert "It raised " in said and f"in line 3: `{line}`" in said
    assert note in said


# ---------------------------------------------------------------- known mistakes
@pytest.mark.parametrize("name", [name for name in WRITTEN if page_of(name).number in ("04", "05", "08")])
def test_a_known_mistake_is_worked_out_only_as_far_as_it_is_needed(name):
    BANK.mistakes.cache_clear()
    check(name, WRITTEN[name].mistakes[0].function)
    worked_out = [sum(found is not None for found in outcomes.found) for _, outcomes in BANK.mistakes(name)]
    assert sum(worked_out) <= len(worked_out) + len(WRITTEN[name].cases())
