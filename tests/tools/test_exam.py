"""docs/exam.md: each bold number of the key comes out of the course again, and learners do not get the key."""

import re
from textwrap import dedent

import numpy as np
import pytest
from helpers import ROOT

import rnn_helpers as rnn
from course.marking.handout import hand_out
from course.models.gates import GRUParameters, gru_step, gru_step_backward, initialize_gru, leaky_backward
from course.models.no_loop import attention, linear_loop

EXAM = (ROOT / "docs" / "exam.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+) \| (\d\d) \| (.*) \| (\d+) \|$", re.MULTILINE)
BOLD = re.compile(r"\*\*(.+?)\*\*")
NUMBER = re.compile(r"-?\d+(?:,\d{3})*(?:\.\d+)?")
POINTS = re.compile(r"^\* .* \*\((\d) points?\)\*$", re.MULTILINE)


def section(number, of_key=False):
    """Return the text of a question, or of its key."""
    heading = rf"### Key to {number}\n" if of_key else rf"### {number}\. [^\n]*\n"
    return re.search(heading + r"(.*?)(?=\n##|\Z)", EXAM, re.DOTALL)[1]


def function_in(text):
    """Return the softmax of a question or of its key."""
    names = {"np": np}
    exec(dedent(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1]), names)
    return names["softmax"]


def agrees(bold, value):
    """Is this what the key has in bold: the name of a character, or all numbers, rounded as they are written?"""
    if isinstance(value, str):
        return bold == f"`{value}`"
    found = [number.replace(",", "") for number in NUMBER.findall(bold.replace("−", "-"))]
    values = np.ravel(value).astype(float)
    return len(found) == len(values) and all(map(rounds_to, values, found))


def rounds_to(computed, written):
    """Is this number what is written? A whole number must be exact, and others keep two digits or so."""
    if "." not in written:
        return abs(computed - float(written)) < 1e-6
    digits = len(written.partition(".")[2])
    return round(computed + 1e-12, digits) == float(written) and abs(computed - float(written)) <= 0.02 * abs(computed)


def unit(W_xh, W_hh):
    """Return the parameters of a network with one hidden unit and no biases."""
    W_xh = np.array([W_xh])
    V = W_xh.shape[1]
    return rnn.Parameters(W_xh, np.array([[W_hh]]), np.zeros((V, 1)), np.zeros(1), np.zeros(V))


# One function for each question. It yields what the key has in bold, in the same order.


def scores():
    z = np.log([1.0, 3.0, 4.0])
    yield from [rnn.softmax(z), rnn.softmax(z + 100), rnn.softmax(2 * z)]


def three_characters():
    came = np.array([1 / 2, 1 / 4, 1 / 32])
    loss = rnn.cross_entropy(np.column_stack([came, 1 - came]), [0, 0, 0])
    knows_nothing = rnn.cross_entropy(np.full((1, 16), 1 / 16), [0]) / np.log(2)
    bits = loss / np.log(2)
    yield from [bits, bits / 3, loss, knows_nothing - bits / 3]


def four_slopes():
    slopes = rnn.softmax_gradient(np.log([[0.2, 0.5, 0.2, 0.1]]), [2])[0]
    z = np.zeros(4)
    rnn.sgd_step([z], [slopes], 0.5)
    (rises,) = np.flatnonzero(z > 0)
    yield from [slopes, "abcd"[rises], z[rises]]


def one_sum_for_all():
    asked, mended = function_in(section(4)), function_in(section(4, of_key=True))
    z = np.zeros((5, 20))
    np.testing.assert_allclose(asked(z[:1]), rnn.softmax(z[:1]))
    for rows in (z, np.array([1.0, 2.0, 4.0]), np.array([[0.0, 1.0], [1000.0, 1001.0]])):
        np.testing.assert_allclose(mended(rows), rnn.softmax(rows))
    (wrong,), (right,) = np.unique(asked(z)), np.unique(rnn.softmax(z))
    yield from [wrong, right]
    yield rnn.cross_entropy(asked(z), [0] * 5) - rnn.cross_entropy(rnn.softmax(z), [0] * 5)


def order():
    for W_hh in (0.5, 0.0):
        for text in [(0, 1), (1, 0)]:
            h = np.zeros(1)
            for char_id in text:
                h = rnn.rnn_step(char_id, h, unit([0.8, -0.4], W_hh))
            yield h


def shapes():
    parameters = rnn.initialize_parameters(30, 40, np.random.default_rng(0))
    yield from [array.shape for array in parameters]
    yield sum(array.size for array in parameters)
    for T in (25, 50):
        ids = np.zeros(T, int)
        forward = rnn.forward_pass(ids, ids, np.zeros(30), parameters)
        yield from [forward.hidden.shape, forward.probs.shape]


def first_loss():
    parameters = rnn.Parameters(*[0 * array for array in rnn.initialize_parameters(5, 64, np.random.default_rng(0))])
    loss = rnn.forward_pass(np.arange(20), np.arange(1, 21), np.zeros(5), parameters).loss
    assert round(loss / 20, 2) == 4.16  # what the program of the second part prints
    yield from [loss, loss / 20 / np.log(2)]


def paths():
    x, h_in = np.array([[1.0], [1.0], [4.0]]), np.array([2.0])
    w = np.full((3, 1), 0.5)  # a copy of the weight for each step
    of_steps = rnn.numerical_gradient(lambda copies: linear_loop(copies, x, h_in)[-1, 0], w)
    yield from [linear_loop(w, x, h_in), of_steps, of_steps.sum()]
    subsets = [[step for step in range(3) if number >> step & 1] for number in range(8)]
    (forgotten,) = [steps for steps in subsets if np.isclose(of_steps.sum() - of_steps[steps].sum(), 2)]
    yield from forgotten


def one_step_back():
    for h in (0.6, 0.99):
        # The step after this one is as large as da says: a state of 0 lets all through.
        hidden, from_output = np.array([[-0.5], [h], [0.0]]), np.array([[0.5], [-0.4]])
        da = rnn.hidden_gradients(from_output, hidden, unit([0.0], 0.5))
        assert da[1, 0] == -0.4
        yield da[0]
        if h == 0.6:
            yield rnn.weight_gradients([0], hidden[:2], da[:1], 1)[1]


def gradient_check():
    rng = np.random.default_rng(0)
    ids, targets, start = rng.integers(0, 3, 8), rng.integers(0, 3, 8), np.zeros(4)
    parameters = rnn.initialize_parameters(4, 3, rng, 0.5)

    def slopes(parameters, length, backwards):
        forward = rnn.forward_pass(ids[:length], targets[:length], start, parameters)
        dlogits = forward.probs - rnn.one_hot(targets[:length], 3)
        da = backwards(dlogits @ parameters.W_hy, forward.hidden, parameters)
        return [*rnn.weight_gradients(ids[:length], forward.hidden, da, 3), da]

    def forgets(dh, hidden, parameters):
        return rnn.tanh_backward(dh, hidden[1:])

    def through_rows(dh, hidden, parameters):
        return rnn.hidden_gradients(dh, hidden, parameters._replace(W_hh=parameters.W_hh.T))

    def without_tanh(dh, hidden, parameters):
        da, after = np.zeros(dh.shape), 0
        for t in reversed(range(len(dh))):
            da[t] = rnn.tanh_backward(dh[t] + after, hidden[t + 1])
            after = parameters.W_hh.T @ (dh[t] + after)
        return da

    blank = parameters._replace(W_hh=0 * parameters.W_hh)
    right_steps = set(range(8))
    for wrong in (forgets, through_rows, without_tanh):
        for length, of_network, agree in [(1, parameters, True), (8, parameters, False), (8, blank, True)]:
            right = slopes(of_network, length, rnn.hidden_gradients)
            found = slopes(of_network, length, wrong)
            assert [np.allclose(one, other) for one, other in zip(found, right)] == [agree] * 4
            if not agree:
                right_steps &= {t for t in range(8) if np.allclose(found[-1][t], right[-1][t])}
    yield from right_steps


def cut():
    pieces = rnn.chunks(list(range(1000)), 30)
    never = set(range(1000)) - {target for _, of_piece in pieces for target in of_piece}
    assert sorted(never) == [0, *range(991, 1000)]
    yield from [len(pieces), len(never)]


def too_long():
    def norm(arrays):
        return np.sqrt(sum((array**2).sum() for array in arrays))

    def clipped(*arrays):
        rest = [np.zeros(1)] * (5 - len(arrays))
        return rnn.clip_gradients(rnn.Parameters(*arrays, *rest), 13)[: len(arrays)]

    gradient, parameter = (np.array([6.0, 8.0]), np.array([24.0])), np.array([1.0])
    both = clipped(*gradient)
    rnn.sgd_step([parameter], [both[1]], 0.1)
    yield from [norm(gradient), *both, parameter]
    one_by_one = [clipped(array)[0] for array in gradient]
    yield from [*one_by_one, norm(one_by_one)]


def not_smooth():
    yield from [rnn.smooth_loss(100, 60), rnn.smooth_loss(60, 100)]


def drawn():
    probs = np.array([0.4, 0.1, 0.3, 0.2])
    yield from ["abcd"[rnn.draw(probs, u)] for u in (0.45, 0.05, 0.95)]
    yield from ["abcd"[np.argmax(probs > u)] for u in (0.05, 0.35, 0.45)]
    assert {int(np.argmax(probs > u)) for u in np.linspace(0, 0.999, 1000)} == {0}  # counted, it is always a


def daring():
    for temperature in (0.5, 2, 1e-9, 1e9):
        yield rnn.apply_temperature(np.log([0.2, 0.8]), temperature)


def better():
    yield 0.02 / 0.015


def steps_back():
    for h in (0.0, 0.6):
        slope = 1.0
        for _ in range(20):
            slope = rnn.tanh_backward(slope, h) * 1.2
        yield slope
    straight = np.ones(1)
    for _ in range(20):
        straight = leaky_backward(straight, np.zeros(1), unit([0.0], 0.0), 0.9)[1]
    yield straight


def which_change():
    changes = ["first weights", "optimizer", "clipping", "falling rate"]
    recipes = [changes, *[[kept for kept in changes if kept != change] for change in changes]]
    yield 3 * len(recipes)


def gate():
    nothing = {name: np.zeros(1 if name.startswith("b_") else (1, 1)) for name in GRUParameters._fields}

    def step(h, z, n):
        told = {"b_z": np.array([np.log(z / (1 - z))]), "b_n": np.array([n])}
        return gru_step(0, np.array([h]), GRUParameters(**nothing | told))[0][0]

    def back(n):
        arrays = [np.array([number]) for number in (2, 0.5, 0.5, 0.8, n)]  # dh, the old state, r, z and n
        return gru_step_backward(*arrays, GRUParameters(**nothing))

    yield step(0.5, 0.8, -20.0)  # tanh makes -1 of -20
    _, da_z, _, straight = back(-1.0)
    yield from [straight, back(0.0)[2], da_z / (0.8 * 0.2)]  # at 0 tanh has the slope 1, and sigmoid has z (1 - z)
    states = [0.5]
    while states[-1] >= 0.1:
        states.append(step(states[-1], 0.8, 0.0))
    yield len(states) - 1
    yield (step(0.5, 0.8, -20.0) - 0.5) / (-1 - 0.5)


def look_back():
    q, k, v = np.ones((3, 1)), np.log([[1.0], [2.0], [5.0]]), np.array([[6.0], [3.0], [8.0]])
    o, weights = attention(q, k, v)
    yield from [weights[1, :2], o[1], weights[2], o[2]]
    yield rnn.softmax(q @ k.T)[1] @ v
    keys = values = np.zeros((500, 32))
    yield from [keys.size + values.size, len(initialize_gru(32, 5, np.random.default_rng(0)).b_z)]


KEYS = [scores, three_characters, four_slopes, one_sum_for_all, order, shapes, first_loss, paths, one_step_back]
KEYS += [gradient_check, cut, too_long, not_smooth, drawn, daring, better, steps_back, which_change, gate, look_back]


@pytest.mark.parametrize(("number", "key"), list(enumerate(KEYS, 1)), ids=[key.__name__ for key in KEYS])
def test_what_is_bold_in_the_key_comes_out_again(number, key):
    bold, computed = BOLD.findall(section(number, of_key=True)), list(key())
    assert len(bold) == len(computed), f"{number}: {bold} in the key, and computed {computed}"
    for written, value in zip(bold, computed):
        assert agrees(written, value), f"{number}: {written} in the key, and computed {value}"


def test_the_table_has_each_question_with_a_goal_of_its_page_and_its_points():
    rows = ROW.findall(EXAM)
    assert [int(number) for number, *_ in rows] == list(range(1, len(KEYS) + 1)) and 16 <= len(rows) <= 20
    goals = (ROOT / "docs" / "goals.md").read_text(encoding="utf-8")
    for number, page, goal, minutes in rows:
        assert re.search(rf"^\| \[{page}\]\([^)]*\) \| {re.escape(goal)} \|", goals, re.MULTILINE), number
        points = [int(found) for found in POINTS.findall(section(number))]
        assert 2 <= int(minutes) <= 8 and sum(points) == int(minutes), number
        for text in (section(number), section(number, of_key=True)):
            assert len(re.findall(r"^\* ", text, re.MULTILINE)) == len(points), (
                f"{number}: each part has points and a key"
            )


def test_learners_do_not_get_it(tmp_path):
    hand_out(tmp_path / "handout")
    assert not list((tmp_path / "handout").rglob("exam*"))
    for path in ("build.py", "book.py"):
        assert "exam" not in (ROOT / "docs" / path).read_text(encoding="utf-8")
    assert "A public key is no secret" in EXAM
