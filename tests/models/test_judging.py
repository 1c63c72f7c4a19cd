"""Lesson 14's module: parts of a text, probs, stopping, dropout, weight decay, mixtures."""

import json
import math
import subprocess
import sys
from typing import NamedTuple

import numpy as np
import pytest
from helpers import ROOT

from course.engine import RNN, evaluate, gradient_check
from course.models.gates import GRU
from course.models.judging import (
    bits,
    network_probabilities,
    split,
    standard_error,
    with_dropout,
    with_weight_decay,
)
from rnn_helpers import Corpus

MODELS = pytest.mark.parametrize("model", [RNN, GRU], ids=["RNN", "GRU"])
TEXT = Corpus("rhyme", "row, row, row your boat gently down the stream\n" * 8 + "zebra")


class Always:
    """A generator that always draws the same numbers, so that a loss can be measured again."""

    def random(self, shape):
        return np.random.default_rng(5).random(shape)


def small(model, streams=None, V=5, H=4, T=6):
    rng = np.random.default_rng(0)
    shape = (T,) if streams is None else (T, streams)
    parameters = model.initialize(H, V, np.random.default_rng(1), "fan_in")
    parameters = type(parameters)(*[value + rng.normal(0, 0.3, value.shape) for value in parameters])
    inputs, targets = rng.integers(0, V, shape), rng.integers(0, V, shape)
    return inputs, targets, rng.normal(0, 0.5, (*shape[1:], H)), parameters


# ---------------------------------------------------------------- parts of a text
def test_the_parts_are_the_text_in_order_and_share_its_vocabulary():
    parts = split(TEXT)
    assert "".join(part.text for part in parts) == TEXT.text
    assert np.concatenate([part.ids for part in parts]).tolist() == TEXT.ids.tolist()
    assert [part.chars for part in parts] == [TEXT.chars] * 3 and "z" not in parts[0].text
    assert parts[2].text == TEXT.text[len(TEXT.text) * 9 // 10 :]  # the same last tenth as on page 11
    assert [len(part.ids) for part in parts] == [304, 38, 39]
    assert split(TEXT, (9, 1))[1].text == parts[2].text


# ---------------------------------------------------------------- probs and bits
@MODELS
def test_the_chances_of_a_network_have_the_bits_that_evaluate_tells(model):
    parameters = model.initialize(6, 7, np.random.default_rng(0), 0.5)
    ids = np.random.default_rng(1).integers(0, 7, 2345)
    probs = network_probabilities(parameters, ids, model)
    assert probs.shape == (2344,)
    assert bits(probs) == pytest.approx(evaluate(parameters, ids, model=model) / math.log(2))


@MODELS
def test_texts_side_by_side_get_the_chances_of_each_alone(model):
    parameters = model.initialize(6, 7, np.random.default_rng(0), 0.5)
    ids = np.random.default_rng(1).integers(0, 7, (1234, 2))
    both = network_probabilities(parameters, ids, model)
    assert both.shape == (1233, 2)
    np.testing.assert_allclose(both, np.transpose([network_probabilities(parameters, one, model) for one in ids.T]))


def test_the_standard_error_by_hand():
    # Blocks of two have the means 1, 3 and 5, with standard deviation 2; the last number is a rest.
    assert standard_error([0, 2, 3, 3, 4, 6, 99], 2) == pytest.approx(2 / math.sqrt(3))
    assert standard_error([1.0, 3.0, 5.0], 1) == pytest.approx(2 / math.sqrt(3))
    assert standard_error(np.full(300, 0.7)) == pytest.approx(0, abs=1e-15)


# ---------------------------------------------------------------- dropout
@MODELS
@pytest.mark.parametrize("streams", [None, 3])
def test_gradients_with_dropout_agree_with_measured_slopes(model, streams):
    masked = with_dropout(model, 0.4, Always())._replace(name="masked")  # with dropout in its title it would be refused
    assert gradient_check(*small(model, streams), model=masked).ok


@MODELS
def test_dropout_drops_whole_units_of_each_matrix_that_reads_the_state(model):
    inputs, targets, h, parameters = small(model, H=30)
    kept, seen = [value.copy() for value in parameters], []
    spy = model._replace(forward=lambda i, t, h, p: seen.append(p) or model.forward(i, t, h, p))
    dropped = with_dropout(spy, 0.5, np.random.default_rng(3))
    forward = dropped.forward(inputs, targets, h, parameters)
    gradients = dropped.backward(inputs, targets, parameters, forward)
    for name, before, used, gradient in zip(parameters._fields, kept, seen[0], gradients):
        np.testing.assert_array_equal(getattr(parameters, name), before)  # the network itself is not changed
        if not name.startswith("W_h"):
            np.testing.assert_array_equal(used, before)
            continue
        factors = used / before
        assert {*np.unique(factors.round(9))} == {0, 2}
        assert (factors == factors[0]).all(), "a unit is away for all that read it"
        assert (gradient[:, factors[0] == 0] == 0).all()


def test_another_function_may_draw_the_masks():
    kept = with_dropout(RNN, 0.3, None, lambda units, rate, rng: [1 - rate] * units)
    inputs, targets, h, parameters = small(RNN)
    smaller = parameters._replace(W_hh=0.7 * parameters.W_hh, W_hy=0.7 * parameters.W_hy)
    assert kept.forward(inputs, targets, h, parameters).loss == RNN.forward(inputs, targets, h, smaller).loss


def test_each_sequence_and_each_matrix_has_a_mask_of_its_own():
    inputs, targets, h, parameters = small(RNN, H=40)
    used = []
    spy = RNN._replace(forward=lambda i, t, h, p: used.append(p) or RNN.forward(i, t, h, p))
    dropped = with_dropout(spy, 0.5, np.random.default_rng(3))
    for _ in range(2):
        dropped.forward(inputs, targets, h, parameters)
    gone = [(W == 0).all(axis=0).tolist() for p in used for W in (p.W_hh, p.W_hy)]
    assert len({*map(tuple, gone)}) == 4


# ---------------------------------------------------------------- weight decay
@MODELS
@pytest.mark.parametrize("streams", [None, 3])
def test_weight_decay_is_the_slope_of_half_the_squares_of_the_matrices(model, streams):
    class Result(NamedTuple):
        loss: float
        probs: np.ndarray
        hidden: np.ndarray
        inner: object

    decayed = with_weight_decay(model, 0.7)

    def forward(inputs, targets, h, p):
        inner = model.forward(inputs, targets, h, p)
        squares = sum(float((value**2).sum()) for value in p if value.ndim == 2)
        return Result(inner.loss + 0.35 * squares, inner.probs, inner.hidden, inner)

    def backward(inputs, targets, p, result):
        return decayed.backward(inputs, targets, p, result.inner)

    measured = decayed._replace(name="decayed", forward=forward, backward=backward)
    assert gradient_check(*small(model, streams), model=measured).ok


def test_weight_decay_leaves_the_loss_alone():
    inputs, targets, h, parameters = small(RNN)
    plain, decayed = [model.forward(inputs, targets, h, parameters).loss for model in (RNN, with_weight_decay(RNN, 9))]
    assert decayed == plain


# ---------------------------------------------------------------- the stored run of the league
@pytest.fixture(scope="module")
def stored():
    with np.load(ROOT / "data" / "league.npz", allow_pickle=False) as file:
        return {**file, "told": json.loads(str(file["told"]))}


def test_the_stored_chances_have_the_scores_that_are_told(stored):
    told = stored["told"]
    for which, part in enumerate(["validation", "test"]):
        assert [bits(row) for row in stored[part]] == pytest.approx(told["scores"][told["best"]][which], abs=1e-4)


def test_the_stored_blocks_are_means_of_the_stored_bits(stored):
    told = stored["told"]
    index = list(told["scores"]).index(told["best"])
    for which, part in enumerate(["validation", "test"]):
        costs = -np.log2(stored[part].astype(float))
        means = costs[:, :9300].reshape(3, 93, 100).mean(axis=2)
        np.testing.assert_allclose(stored["blocks"][index, which], means, rtol=1e-3)
    means = [[stored["blocks"][k, which].mean() for which in (0, 1)] for k in range(len(told["scores"]))]
    np.testing.assert_allclose(means, [np.mean(scores, axis=1) for scores in told["scores"].values()], atol=0.01)
    np.testing.assert_allclose(stored["ppmd"].mean(axis=1), told["ppmd"], atol=0.005)


@pytest.mark.slow
def test_the_stored_run_has_the_settings_of_the_benchmark(stored):
    program = "import json; from experiments.benchmarks.league import NETWORKS"
    program += "; print(json.dumps({name: one[1:] for name, one in NETWORKS.items()}))"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert json.loads(done.stdout) == stored["told"]["settings"]
