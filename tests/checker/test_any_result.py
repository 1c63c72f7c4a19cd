"""Whatever a function returns, check gives a sentence and never raises.

Hypothesis makes up the results: nested, ragged, empty, huge or without numbers. Separate tests for each kind of
nonsense would never be complete.
"""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays_of

from course.checker.judge import judge
from course.checker.trial import run
from course.checker.words import CORRECT, NOT_YET
from course.lessons import BANK, EXERCISES

# The same examples in each run, and no time limit, so that nothing depends on how busy the computer is.
few = settings(max_examples=60, deadline=None, derandomize=True, database=None)

NUMBERS = st.integers() | st.floats() | st.booleans() | st.complex_numbers()
OTHERS = st.none() | st.text(max_size=5) | st.binary(max_size=5) | st.just(...) | st.just(np) | st.just(print)
DTYPES = st.sampled_from("bool int8 int64 uint64 float16 float32 float64 complex128 U3 S2 object M8[D]".split())
SHAPES = arrays_of.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5)
ARRAYS = DTYPES.flatmap(lambda dtype: st.builds(np.zeros, SHAPES, st.just(dtype))) | arrays_of.arrays(float, SHAPES)
RESULTS = st.recursive(
    NUMBERS | OTHERS | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.lists(inner, max_size=5).map(tuple)
        | st.dictionaries(st.text(max_size=2), inner, max_size=2)
        | st.sets(st.integers(), max_size=3)
    ),
    max_leaves=8,
)


# One exercise for each kind of result: an array, a number, ids, pairs of arrays, three results, Parameters, a text, and
# nothing, because the arguments change.
KINDS = ("softmax", "cross_entropy", "sample_ids", "chunks", "forward_pass", "backward_pass", "flip_flop", "sgd_step")


@pytest.mark.slow
@pytest.mark.parametrize("name", KINDS)
def test_any_result_gets_a_sentence(name):
    exercise = EXERCISES[name]

    @few
    @given(RESULTS)
    def any_result(result):
        said = judge(exercise, run(exercise, lambda *given: result), BANK)
        assert said.verdict in (NOT_YET, CORRECT) and 0 < len(said.message) < 1500

    any_result()
