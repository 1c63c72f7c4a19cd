"""What lesson 05 shows of a network that writes: the bits of a text, the surprise after a change, the slider."""

import numpy as np
import pytest
from helpers import TOY, random_network

import rnn_helpers as rnn
from course.show import writing
from course.show.writing import bits_of, extra_bits, temperature_slider

PARAMETERS = random_network(6, TOY.vocab_size, 0)


def test_the_bits_of_a_text_are_those_of_its_characters_after_a_line_end():
    probs, h = [], np.zeros(6)
    for char_id in TOY.encode("\nbox"):
        h = rnn.rnn_step(char_id, h, PARAMETERS)
        probs.append(rnn.output_probs(h, PARAMETERS))
    wanted = [-np.log2(probs[k][TOY.chars.index(char)]) for k, char in enumerate("box")]
    np.testing.assert_allclose(bits_of(PARAMETERS, TOY, "box"), wanted)
    np.testing.assert_allclose(bits_of(PARAMETERS, TOY, "box", 2), wanted[2:])


def test_the_extra_bits_are_those_after_a_letter_that_is_replaced(monkeypatch):
    read = []
    monkeypatch.setattr(writing, "bits_of", lambda p, corpus, text, start: read.append((text, start)) or np.zeros(4))
    assert extra_bits(PARAMETERS, TOY, TOY.text, 30, later=4).shape == (30, 4)
    for (spoiled, start), (whole, _) in zip(read[::2], read[1::2], strict=True):
        assert len(spoiled) == len(whole) == 55 and start == 51 and whole in TOY.text
        assert spoiled[:50] == whole[:50] and spoiled[51:] == whole[51:] and spoiled[50].isalpha()
    assert len({spoiled[50] for spoiled, _ in read[::2]}) > 8, "letters of all kinds"


def test_the_places_are_drawn_by_the_seed():
    once, twice, others = [extra_bits(PARAMETERS, TOY, TOY.text, 5, seed=seed) for seed in (0, 0, 1)]
    assert np.array_equal(once, twice) and once.shape == (5, 12) and not np.array_equal(once, others)
    assert np.array_equal(once, extra_bits(PARAMETERS, TOY, TOY.text, 5))


def test_the_slider_writes_anew_at_its_temperature():
    pytest.importorskip("ipywidgets")
    slider, page = temperature_slider(PARAMETERS, TOY).children
    assert page.value == rnn.sample(PARAMETERS, TOY, 300, temperature=0.5)
    slider.value = 1.5
    assert page.value == rnn.sample(PARAMETERS, TOY, 300, temperature=1.5)
