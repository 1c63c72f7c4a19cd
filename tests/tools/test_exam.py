"""docs/exam.md: every number of the key comes from the functions of the course, and learners do not get the key."""

import re

import numpy as np
import pytest
from helpers import ROOT

import rnn_helpers as rnn
from course.marking.handout import hand_out
from course.models.gates import GRUParameters, gru_step
from course.models.no_loop import attention

EXAM = (ROOT / "docs" / "exam.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| (\d+) \| (\d\d) \| (.*) \| (\d+) \|$", re.MULTILINE)
NUMBER = re.compile(r"(?<![\w.])[-−]?\d+(?:\.\d+)?")


def section(number, of_key=False):
    """Return the text of a question, or of its key."""
    heading = rf"### Key to {number}\n" if of_key else rf"### {number}\. [^\n]*\n"
    return re.search(heading + r"(.*?)(?=\n##|\Z)", EXAM, re.DOTALL)[1]


def numbers(text):
    """Return the numbers of a text as they are written, without those of names such as W_1 and `x = 3`."""
    text = re.sub(r"`[^`]*`|\^\{?\d+\}?|_\{?[t0-9+-]+\}?|\\[a-z]+", " ", text)
    return {found.replace("−", "-").lstrip("-") for found in NUMBER.findall(text)}


def unit(W_xh, W_hh, b_h=0.0):
    """Return the parameters of a network with one hidden unit."""
    W_xh = np.array([W_xh])
    V = W_xh.shape[1]
    return rnn.Parameters(W_xh, np.array([[W_hh]]), np.zeros((V, 1)), np.array([b_h]), np.zeros(V))


def scores():
    z = np.log([1.0, 3.0, 4.0])
    np.testing.assert_allclose(rnn.softmax(z), rnn.softmax(z + 100))
    powers = np.exp(z)
    yield from [*powers, powers.sum(), *rnn.softmax(z), *powers**2, (powers**2).sum(), *rnn.softmax(2 * z), 100]


def three_characters():
    came = np.array([1 / 2, 1 / 4, 1 / 32])
    table = np.column_stack([came, 1 - came])
    loss = rnn.cross_entropy(table, [0, 0, 0])
    yield from [*-np.log2(came), loss / np.log(2), loss / np.log(2) / 3, loss, np.log2(16)]
    yield from [16, np.log2(16)]
    yield np.log2(16) - loss / np.log(2) / 3


def four_slopes():
    slopes = rnn.softmax_gradient(np.log([[0.2, 0.5, 0.2, 0.1]]), [2])[0]
    assert abs(slopes.sum()) < 1e-12 and np.flatnonzero(slopes < 0).tolist() == [2]
    yield from [*slopes, 1, 0.5, -0.5 * slopes[2], 0]


def one_sum_for_all():
    z = np.zeros((5, 20))
    wrong = np.exp(z - z.max()) / np.exp(z - z.max()).sum()
    right = rnn.softmax(z)
    too_much = rnn.cross_entropy(wrong, [0] * 5) - rnn.cross_entropy(right, [0] * 5)
    yield from [wrong.size, wrong[0, 0], right[0, 0], 1, 20, 5, too_much / 5, too_much]


def order():
    for W_hh, texts in [(0.5, [(0, 1), (1, 0)]), (0.0, [(0, 1), (1, 0)])]:
        parameters = unit([0.8, -0.4], W_hh)
        for text in texts:
            h = np.zeros(1)
            for char_id in text:
                yield from [0.5 * h[0] + parameters.W_xh[0, char_id], parameters.W_xh[0, char_id], W_hh, char_id]
                h = rnn.rnn_step(char_id, h, parameters)
                yield h[0]


def shapes():
    parameters = rnn.initialize_parameters(30, 40, np.random.default_rng(0))
    yield from [size for array in parameters for size in (*array.shape, array.size)]
    yield sum(array.size for array in parameters)
    for T in (25, 50):
        ids = np.zeros(T, int)
        forward = rnn.forward_pass(ids, ids, np.zeros(30), parameters)
        yield from [*forward.hidden.shape, *forward.probs.shape]


def first_loss():
    parameters = rnn.Parameters(*[0 * array for array in rnn.initialize_parameters(5, 64, np.random.default_rng(0))])
    loss = rnn.forward_pass(np.arange(20), np.arange(1, 21), np.zeros(5), parameters).loss
    yield from [20, 64, loss, loss / 20, loss / 20 / np.log(2), 2, 140]


def paths():
    def states(w):
        h = [2.0]
        for x in (1, -1, 4):
            h.append(w * h[-1] + x)
        return h

    slope = rnn.numerical_gradient(lambda w: states(w)[-1], np.array(0.5))
    h = states(0.5)
    through = [0.5**2 * h[0], 0.5 * h[1], h[2]]
    assert abs(sum(through) - slope) < 1e-8
    yield from [*h, *through, slope, 0.5, 0.25, 1, 2, 3, 4]


def one_step_back():
    after = 0.5 * -0.4
    for h in (0.6, 0.99):
        # The step after this one is as large as da says: a state of 0 lets all through.
        hidden, from_output = np.array([[-0.5], [h], [0.0]]), np.array([[0.5], [-0.4]])
        da = rnn.hidden_gradients(from_output, hidden, unit([0.0], 0.5))
        assert da[1, 0] == -0.4
        dW_hh = rnn.weight_gradients([0, 0], hidden, np.array([da[0], [0.0]]), 1)[1]
        yield from [1, h, 1 - h**2, 0.5, -0.4, 0.5 + after, da[0, 0], -0.5, dW_hh[0, 0]]


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
    for wrong in (forgets, through_rows, without_tanh):
        for length, of_network, agree in [(1, parameters, True), (8, parameters, False), (8, blank, True)]:
            right = slopes(of_network, length, rnn.hidden_gradients)
            found = slopes(of_network, length, wrong)
            assert [np.allclose(one, other) for one, other in zip(found, right)] == [agree] * 4
            np.testing.assert_allclose(found[-1][-1], right[-1][-1])  # the last step
    yield 0


def cut():
    pieces = rnn.chunks(list(range(1000)), 30)
    targets = {target for _, of_piece in pieces for target in of_piece}
    assert sorted(set(range(1000)) - targets) == [0, *range(991, 1000)]
    yield from [len(pieces), 999, 30, len(targets)]


def too_long():
    def clipped(*arrays):
        return rnn.clip_gradients(rnn.Parameters(*arrays, *[np.zeros(1)] * (5 - len(arrays))), 13)

    first, second = np.array([6.0, 8.0]), np.array([24.0])
    both = clipped(first, second)
    parameter = np.array([1.0])
    rnn.sgd_step([parameter], [both[1]], 0.1)
    yield from [36, 64, 576, np.sqrt(36 + 64 + 576), *both[0], *both[1], *parameter, 1, 0.1]
    yield from [*clipped(first)[0], np.linalg.norm(clipped(first)[0]), *clipped(second)[0], 24]


def not_smooth():
    yield from [rnn.smooth_loss(100, 60), 0.001 * 100 + 0.999 * 60, 0.999, 0.001, 100, 60]


def drawn():
    probs = np.array([0.4, 0.1, 0.3, 0.2])
    assert "".join("abcd"[rnn.draw(probs, u)] for u in (0.45, 0.05, 0.95)) == "bad"
    assert {int(np.argmax(probs > u)) for u in np.linspace(0, 0.999, 1000)} == {0}
    yield from [*np.cumsum(probs), 0.45, 0.05, 0.95, 0.35]


def daring():
    z = np.log([0.2, 0.8])
    for tau in (0.5, 2):
        yield from [tau, *rnn.apply_temperature(z, tau), *np.array([0.2, 0.8]) ** (1 / tau)]
    yield from [*rnn.apply_temperature(z, 1e9), *rnn.apply_temperature(z, 1e-3)]


def better():
    yield from [0.02, 0.02 / 0.015]


def steps_back():
    for h in (0.0, 0.6):
        share = rnn.tanh_backward(1.0, h)
        yield from [h, 1 - share, share, 1.2, 1.2 * share, (1.2 * share) ** 20]
    yield from [1, 0.9, 0.9**20]


def which_change():
    yield from [1 + 4, (1 + 4) * 3]


def gate():
    nothing = {name: np.zeros(1 if name.startswith("b_") else (1, 1)) for name in GRUParameters._fields}

    def step(h, z, n):
        told = {"b_z": np.array([np.log(z / (1 - z))]), "b_n": np.array([n])}
        return gru_step(0, np.array([h]), GRUParameters(**nothing | told))[0][0]

    states = [0.5]
    for _ in range(8):
        states.append(step(states[-1], 0.8, 0.0))
    assert states[7] > 0.1 > states[8]
    yield from [step(0.5, 0.8, -20.0), 0.8, 0.5, 1 - 0.8, -1, 8, states[7], states[8], 1, 0]


def look_back():
    v = np.array([[6.0], [3.0], [8.0]])
    o, weights = attention(np.ones((3, 1)), np.log([[1.0], [2.0], [5.0]]), v)
    yield from [*weights[1], *weights[2], *o[1], *o[2], *(weights[2] * v[:, 0]), 1, 2, 5, 6, 3]
    yield from [2 * 1000 * 64, 1000, 64]


KEYS = [scores, three_characters, four_slopes, one_sum_for_all, order, shapes, first_loss, paths, one_step_back]
KEYS += [gradient_check, cut, too_long, not_smooth, drawn, daring, better, steps_back, which_change, gate, look_back]


@pytest.mark.parametrize(("number", "key"), list(enumerate(KEYS, 1)), ids=[key.__name__ for key in KEYS])
def test_each_number_of_the_key_comes_out_of_the_course(number, key):
    computed = np.abs([float(value) for value in key()])
    for found in numbers(section(number, of_key=True)):
        digits = len(found.partition(".")[2])
        assert any(round(value + 1e-12, digits) == float(found) for value in computed), f"{found} in {number}"


def test_the_table_has_each_question_with_a_goal_of_its_page():
    rows = ROW.findall(EXAM)
    assert [int(number) for number, *_ in rows] == list(range(1, len(KEYS) + 1)) and 16 <= len(rows) <= 20
    goals = (ROOT / "docs" / "goals.md").read_text(encoding="utf-8")
    for number, page, goal, minutes in rows:
        assert re.search(rf"^\| \[{page}\]\([^)]*\) \| {re.escape(goal)} \|", goals, re.MULTILINE), number
        assert 2 <= int(minutes) <= 8 and section(number).strip() and section(number, of_key=True).strip()


def test_learners_do_not_get_it(tmp_path):
    hand_out(tmp_path / "handout")
    assert not list((tmp_path / "handout").rglob("exam*"))
    for path in ("build.py", "book.py"):
        assert "exam" not in (ROOT / "docs" / path).read_text(encoding="utf-8")
    assert "A public key is no secret" in EXAM
