"""The delta rule of page 17: as a plain loop does it, by measured slopes and by automatic gradients; and its task."""

import numpy as np
import pytest

from course.engine import gradient_check
from course.engine.model import Model
from course.lessons.delta import delta_step, delta_step_backward
from course.models.delta import delta_net, phone_book, recall_by_notes, sum_step, sum_step_backward
from course.models.gates import each_alone
from rnn_helpers import Corpus

NETWORKS = {
    "correction": delta_net(),
    "correction that forgets": delta_net(forget=True),
    "sum": delta_net(False, sum_step, sum_step_backward),
    "sum that forgets": delta_net(True, sum_step, sum_step_backward),
}
every_network = pytest.mark.parametrize("name", NETWORKS)


def random_parts(name, seed, streams=True):
    """Return parameters, inputs, targets and a state, of random shapes."""
    rng = np.random.default_rng(seed)
    d, V, T, B = rng.integers([1, 2, 1, 1], [6, 7, 8, 4])
    start = NETWORKS[name].initialize(d, V, rng, "fan_in")
    parameters = type(start)(*[value + rng.normal(0, 0.5, value.shape) for value in start])
    shape = (T, B) if streams else (T,)
    inputs, targets = rng.integers(0, V, (2, *shape))
    state = rng.normal(size=(*shape[1:], d, d)), np.eye(V)[rng.integers(0, V, shape[1:])]
    return parameters, inputs, targets, state


@every_network
@pytest.mark.parametrize("seed", range(6))
def test_the_gradients_are_the_measured_slopes(name, seed):
    parameters, inputs, targets, state = random_parts(name, seed)
    result = gradient_check(inputs, targets, state, parameters, model=NETWORKS[name])
    assert result.worst.relative_error < 1e-7, result.worst


def in_a_plain_loop(name, p, inputs, targets, state, np=np, eye=np.eye):
    """Return the loss of one text, one step after the other. np: NumPy, or what does the same."""
    S, before = state
    loss = 0.0
    for char, target in zip(inputs, targets):
        x = eye(len(p.W_hy))[char]
        raw, v = p.W_k @ before, p.W_v @ x
        k = raw / np.sqrt(raw @ raw + 1e-6)
        if "forgets" in name:
            S = S / (1 + np.exp(-p.w_alpha @ x))
        says = S @ k if "correction" in name else 0.0
        S = S + np.outer(v - says, k) / (1 + np.exp(-p.w_beta @ x))
        scores = p.W_hy @ np.concatenate([S @ (p.W_q @ before), x]) + p.b_y
        loss = loss - scores[target] + np.log(np.exp(scores).sum())
        before = x
    return loss


@every_network
@pytest.mark.parametrize("seed", range(3))
def test_each_stream_is_a_plain_loop(name, seed):
    parameters, inputs, targets, (S, before) = random_parts(name, seed)
    together = NETWORKS[name].forward(inputs, targets, (S, before), parameters)
    streams = range(inputs.shape[1])
    alone = [in_a_plain_loop(name, parameters, inputs[:, b], targets[:, b], (S[b], before[b])) for b in streams]
    assert np.isclose(together.loss, sum(alone), rtol=1e-12)


@every_network
def test_a_table_may_hold_a_single_number(name):
    parameters = NETWORKS[name].initialize(1, 3, np.random.default_rng(0), "fan_in")
    inputs, targets, state = np.array([0, 2, 1, 1]), np.array([2, 1, 1, 0]), (np.ones((1, 1)), np.eye(3)[2])
    loss = NETWORKS[name].forward(inputs, targets, state, parameters).loss
    assert np.isclose(loss, in_a_plain_loop(name, parameters, inputs, targets, state), rtol=1e-12)


@every_network
def test_the_gradients_are_those_of_jax(name):
    jax = pytest.importorskip("jax", reason="needs jax: pip install -r requirements-scale.txt")
    parameters, inputs, targets, state = random_parts(name, 2, streams=False)
    forward = NETWORKS[name].forward(inputs, targets, state, parameters)
    by_hand = NETWORKS[name].backward(inputs, targets, parameters, forward)
    with jax.enable_x64(True):
        automatic = jax.grad(lambda p: in_a_plain_loop(name, p, inputs, targets, state, jax.numpy, jax.numpy.eye))(
            parameters
        )
    for ours, theirs in zip(by_hand, automatic, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-11)


def test_functions_of_one_text_train_it_too():
    parameters, inputs, targets, state = random_parts("correction", 5, streams=False)
    for_one = delta_net(step=delta_step, step_backward=delta_step_backward)
    found = []
    for model in (NETWORKS["correction"], for_one):
        forward = model.forward(inputs, targets, state, parameters)
        found.append([forward.probs, *model.backward(inputs, targets, parameters, forward)])
    for course, own in zip(*found):
        np.testing.assert_allclose(course, own, atol=1e-13)


def test_each_text_alone_begins_with_zeros():
    parameters, inputs, targets, state = random_parts("correction", 1)
    alone = each_alone(NETWORKS["correction"]).forward(inputs, targets, state, parameters)
    zeros = tuple(map(np.zeros_like, state))
    assert alone.loss == NETWORKS["correction"].forward(inputs, targets, zeros, parameters).loss


def test_a_phone_book_has_its_answers_in_it():
    rng = np.random.default_rng(0)
    for _ in range(20):
        text, book, questions = phone_book(3, 6, rng), {}, 0
        assert len(text) == 24 and set(text) <= set("abc=0123456789")
        for letter, char, after in zip(text, text[1:], text[2:] + " "):
            if char == "=":
                questions += 1
                assert book[letter] == after
            elif letter.isalpha():
                book[letter] = char
        assert questions == 4


def first_note(inputs, targets, state, parameters):
    """A forward pass that answers with the first note of a letter."""
    probs, chars = np.zeros((len(inputs), len(CHARS))), [CHARS[i] for i in inputs]
    for place, char in enumerate(chars):
        if char == "=":
            probs[place, CHARS.index(chars[chars.index(chars[place - 1]) + 1])] = 1
    return type("Forward", (), {"probs": probs})


CHARS = "0123456789=ab"


def test_recall_is_counted_by_the_notes_before():
    model = Model(None, first_note, None, lambda parameters, streams: ())
    texts = ["a1a=1a2b3a=2b=3", "a4a4a4a=4b6b6b6b7b=7"]
    corpus = Corpus("books", CHARS + "".join(texts))
    every, once, twice, thrice, more = recall_by_notes(model, None, corpus, texts)
    assert (every, once, twice, thrice, more) == (60, 100, 0, 100, 0)
