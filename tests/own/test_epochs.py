"""The loop of page 06 around a learner's functions, with functions that only write down what they get."""

from types import SimpleNamespace

import numpy as np
import pytest

from course.own.epochs import Epochs
from rnn_helpers import Corpus


@pytest.mark.parametrize("text, first", [("a cab\n" * 3, "\n"), ("a cab" * 3, " ")])
def test_what_it_writes_begins_behind_a_line_end_or_the_first_character_that_there_is(text, first):
    read, corpus = [], Corpus("letters", text)
    network = SimpleNamespace(
        rnn_step=lambda char_id, h, parameters: read.append(char_id) or h,
        sample_ids=lambda parameters, h, last_id, *more: read.append(last_id) or np.array([], int),
    )
    assert Epochs(network, corpus, 3, 4).write("cab", 0) == "cab"
    assert corpus.decode(read) == f"{first}cab" and corpus.chars[0] == first != corpus.chars[-1]
