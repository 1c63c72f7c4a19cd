"""The stored GRUs of page 13 are what their command gives, except for digits that differ between computers."""

import numpy as np
import pytest

from course.models.gates import GRU, GRUParameters
from course.models.judging import bits, network_probabilities, split
from experiments.gru_run import FILE, SEEDS, train_gru
from rnn_helpers import load_corpus


@pytest.fixture(scope="module")
def stored():
    """The parameters of the three networks."""
    with np.load(FILE) as file:
        assert sorted(file.files) == sorted(GRUParameters._fields)
        return [GRUParameters(*[file[name][seed] for name in GRUParameters._fields]) for seed in SEEDS]


def bits_on_the_ninth_tenth(parameters):
    _, validation, _ = split(load_corpus("sonnets"))
    return bits(network_probabilities(parameters, validation.ids, GRU))


@pytest.mark.slow
def test_each_has_its_shapes_and_its_score(stored):
    assert {(one.W_xr.shape, one.W_hn.shape, one.W_hy.shape) for one in stored} == {((75, 35), (75, 75), (35, 75))}
    assert sum(array.size for array in stored[0]) == 27_635
    found = [bits_on_the_ninth_tenth(one) for one in stored]
    np.testing.assert_allclose(found, [2.380, 2.407, 2.398], atol=0.001)


@pytest.mark.slow
@pytest.mark.sampled
def test_the_first_comes_out_again(stored):
    again = train_gru(0)
    assert abs(bits_on_the_ninth_tenth(again) - bits_on_the_ninth_tenth(stored[0])) < 0.02
    for one, other in zip(again, stored[0]):  # single digits differ, but the network is the same
        assert np.corrcoef(one.ravel(), other.ravel())[0, 1] > 0.9
