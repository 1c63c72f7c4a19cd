"""Answers to the exercises on training, sampling and speed that once got no help, or were taken for right."""

import numpy as np
import pytest
from answers import finished_page
from cells import page

from course import check
from course.checker import verdict
from course.checker.notes import NOT_YET
from course.lessons import BANK, LESSONS, WRITTEN
from rnn_helpers import adam_step, chunks, draw, linear_decay, sgd_step


@pytest.fixture(autouse=True)
def a_short_search(monkeypatch):
    """What the search in the code finds is tested elsewhere (test_repair.py): here nobody waits for it."""
    monkeypatch.setattr(verdict, "SECONDS", 0.5)


def message(name, code):
    result = check(name, page(code, finished_page(name))[name])
    assert result.verdict == NOT_YET
    return result.message


# ---------------------------------------------------------------- taken for right
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


# ---------------------------------------------------------------- draw and sample_ids
@pytest.mark.parametrize("side", ["", ", side='right'"])
def test_u_among_the_probabilities(side):
    said = message("draw", f"def draw(probs, u):\n    return int(np.searchsorted(probs, u{side}))\n")
    assert "among the probabilities themselves" in said
    assert "times as large" not in said


PAGE = """
W_xh, W_hh, W_hy, b_h, b_y = initialize_parameters(75, 35, np.random.default_rng(0))


def read(h, char_id):
    return np.tanh(W_hh @ h + W_xh[:, char_id] + b_h)


def logits_of(h):
    return W_hy @ h + b_y


def sample_ids(parameters, h, first_id, length, rng):
    ids, char_id = [], first_id
    for _ in range(length):
        h = read(h, char_id)
        char_id = draw(softmax(logits_of(h)), rng.random())
        ids.append(char_id)
    return ids
"""


def test_functions_of_the_page_that_use_its_own_network():
    said = message("sample_ids", PAGE)
    assert "Your function read takes W_hh, W_xh, b_h from outside the function" in said
    assert "Your function logits_of takes W_hy, b_y from outside the function" in said
    assert "of other sizes than the one on the page" in said
    assert "75" not in said


def test_functions_of_the_page_that_use_a_network_of_fitting_size():
    fitting = PAGE.replace("initialize_parameters(75, 35,", "initialize_parameters(3, 4,")
    assert "Your function read takes W_hh, W_xh, b_h from outside the function" in message("sample_ids", fitting)


def test_a_draw_before_the_first_character_is_read():
    code = """
def sample_ids(parameters, h, first_id, length, rng):
    ids = []
    for _ in range(length):
        char_id = draw(output_probs(h, parameters), rng.random())
        ids.append(char_id)
        h = rnn_step(char_id, h, parameters)
    return ids
"""
    result = answer_to("sample_ids", code)
    assert result.mistake == "sample_ids/first_id_not_read"
    assert "position" not in result.message


@pytest.mark.parametrize("start, length", [("[]", "length - 1"), ("[first_id]", "length"), ("[]", "length + 2")])
def test_a_wrong_number_of_ids_does_not_hide_another_mistake(start, length, monkeypatch):
    monkeypatch.setattr(verdict, "SECONDS", 3.0)
    code = f"""
def sample_ids(parameters, h, first_id, length, rng):
    ids = {start}
    for _ in range({length}):
        h = rnn_step(first_id, h, parameters)
        ids.append(draw(output_probs(h, parameters), rng.random()))
    return ids
"""
    result = answer_to("sample_ids", code)
    assert result.mistake == "sample_ids/always_reads_first_id"
    assert "expected: an array of shape (length,)" in result.message


def test_an_id_in_a_matrix_product():
    code = """
def sample_ids(parameters, h, first_id, length, rng):
    ids, char_id = [], first_id
    for _ in range(length):
        h = np.tanh(parameters.W_xh @ char_id + parameters.W_hh @ h + parameters.b_h)
        char_id = draw(output_probs(h, parameters), rng.random())
        ids.append(char_id)
    return ids
"""
    assert "An id is no array: it says which row or column to take." in message("sample_ids", code)


# ---------------------------------------------------------------- the two steps
LOOP = "def sgd_step(parameters, gradients, learning_rate):\n    for i in range(5):\n        {}\n"
ADAM = """
def adam_step(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    for i in range(5):
        m_new = beta1 * m[i] + (1 - beta1) * gradients[i]
        v_new = beta2 * v[i] + (1 - beta2) * gradients[i] ** 2
        {}
        mf, vf = m_new / (1 - beta1**step), v_new / (1 - beta2**step)
        parameters[i][:] -= learning_rate * mf / (np.sqrt(vf) + epsilon)
"""


@pytest.mark.parametrize(
    "name, code, what",
    [
        ("sgd_step", LOOP.format("parameters[i] -= learning_rate * gradients[i]"), "`parameters[i] -=`"),
        ("sgd_step", LOOP.format("parameters.W_hh = parameters.W_hh - learning_rate"), "`parameters.W_hh =`"),
        ("sgd_step", LOOP.format("parameters.b_y -= learning_rate * gradients.b_y"), "`parameters.b_y -=`"),
        ("adam_step", ADAM.format("m[i] = m_new"), "`m[i] =`"),
        ("adam_step", ADAM.format("v[i] = v_new"), "`v[i] =`"),
    ],
)
def test_a_new_array_for_a_tuple(name, code, what):
    said = message(name, code)
    assert f"{what} tries to give a tuple a new array" in said
    assert "An array can change itself" in said
    assert "one number, or a function" not in said


def test_math_sqrt_of_an_array():
    code = ADAM.format("m[i][:], v[i][:] = m_new, v_new").replace("np.sqrt", "math.sqrt")
    assert "The functions of math take one number, and here is a whole array." in message("adam_step", code)


def test_the_right_adam_of_these_tests_is_right():
    assert answer_to("adam_step", ADAM.format("m[i][:], v[i][:] = m_new, v_new")).verdict == CORRECT


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


# ---------------------------------------------------------------- edge cases, and digits that are lost
@pytest.mark.parametrize(
    "name, function, mistake",
    [
        ("linear_decay", lambda rate, done, total: rate * (1 - min(done, total - 1) / (total - 1)), "zero_too_soon"),
        ("linear_decay", lambda rate, done, total: rate * (1 - done / (total - 1)), "zero_too_soon"),
        ("linear_decay", lambda rate, done, total: rate * (1 - (done + 1) / total), "one_step_low"),
        ("linear_decay", lambda rate, done, total: rate * (1 - done // total), "whole_division"),
        ("make_streams", lambda ids, B: ids.reshape(B, -1).T, "rest_not_cut_open"),
        ("make_streams", lambda ids, B: ids[: -(len(ids) % B)].reshape(B, -1).T, "no_rest_empty"),
        ("make_streams", lambda ids, B: ids[len(ids) % B :].reshape(B, -1).T, "cut_at_start"),
    ],
)
def test_the_ends_of_a_line_and_of_a_text(name, function, mistake):
    assert check(name, function).mistake.startswith(f"{name}/{mistake}")


@pytest.mark.parametrize(
    "name, function, says",
    [
        ("linear_decay", lambda *args: round(linear_decay(*args), 3), "rounded to 3 places"),
        ("smooth_loss", lambda previous, loss: (999 * previous + loss) // 1000, "cut off to whole numbers"),
        ("bits_per_character", lambda loss, n: int(loss / n / np.log(2)), "cut off to whole numbers"),
        ("bits_per_character", lambda loss, n: round(loss / n / np.log(2), 2), "rounded to 2 places"),
    ],
)
def test_digits_that_are_lost(name, function, says):
    assert says in check(name, function).message


# ---------------------------------------------------------------- words for errors
@pytest.mark.parametrize(
    "line, note",
    [
        ("pairs.append(ids[0], ids[1])", "append takes one thing"),
        ("return lenght", "is it spelled right"),
        ("return sqrt(2)", "write np.sqrt"),
        ("return one_hots(ids)", "is it spelled right"),
        ("return ids[len(ids)]", "They count from 0"),
        ("return ids[0.5]", "kind of the indices"),
        ("return ids.reshape(7, 7, 7)", "as many as there are"),
        ("return ids @ seq_length", "one side is a single number"),
        ("return np.zeros(3) + np.zeros(4)", "Two sizes do not fit together"),
        ("return np.zeros((2, 3)) @ np.zeros((2, 3))", "the last size on its left must be the first on its right"),
        ("return math.exp(ids)", "The functions of math take one number"),
        ("return math.exp(1000)", "too large"),
        ("return np.zeros(75) + np.zeros(3)", "of other sizes than the one on the page"),
        ("for a, b in ids, ids: pass", "zip walks through both together"),
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
@pytest.mark.parametrize("name", [name for name in WRITTEN if LESSONS[name] in ("04", "05", "08")])
def test_a_known_mistake_is_worked_out_only_as_far_as_it_is_needed(name):
    BANK.mistakes.cache_clear()
    check(name, WRITTEN[name].mistakes[0].function)
    worked_out = [sum(found is not None for found in outcomes.found) for _, outcomes in BANK.mistakes(name)]
    assert sum(worked_out) <= len(worked_out) + len(WRITTEN[name].cases())


def test_draw_has_a_guard():
    assert draw(np.full(27, 1 / 27), 1 - 2.0**-53) == 26
