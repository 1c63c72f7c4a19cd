"""The slider of page 05: the network writes a new text when it is moved."""

import pytest
from helpers import TOY, random_network

from course import engine
from course.show.writing import temperature_slider

PARAMETERS = random_network(6, TOY.vocab_size, 0)


def test_the_slider_writes_anew_at_its_temperature():
    pytest.importorskip("ipywidgets")
    slider, page = temperature_slider(PARAMETERS, TOY).children
    assert page.value == engine.sample(PARAMETERS, TOY, 300, temperature=0.5)
    slider.value = 1.5
    assert page.value == engine.sample(PARAMETERS, TOY, 300, temperature=1.5)
