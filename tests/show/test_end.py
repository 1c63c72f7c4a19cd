"""The pictures of page 06: are the arrows those of the small network, and the bars as long as their numbers?"""

import pytest
from matplotlib.patches import FancyArrowPatch, Rectangle
from overlaps import overlaps

import rnn_helpers
from course.lessons import NETWORK
from course.show.end import CALLS, PLACES, how_many, two_readers, who_calls_whom

BITS, ERRORS = (
    {"network": 2.6936, "table": 2.3313, "difference": 0.3623},
    dict.fromkeys(("network", "table", "difference"), 0.027),
)


def test_the_arrows_are_the_calls_of_the_small_network():
    called = {name: {*vars(rnn_helpers)[name].__code__.co_names} & {*PLACES} - {name} for name in PLACES}
    del called["softmax_gradient"]  # it calls two others, but nothing calls it
    assert {name: {*CALLS.get(name, ())} for name in called} == called


def test_all_functions_that_a_learner_writes_have_a_place():
    assert {*PLACES} == {*NETWORK}


def test_who_calls_whom_says_whose_each_function_is():
    picture = who_calls_whom(["rnn_step", "forward_pass"])
    lines = repr(picture).splitlines()
    assert "forward_pass (yours) calls cross_entropy, rnn_step, softmax" in lines and "rnn_step (yours)" in lines
    assert "hidden_gradients (the course's) calls tanh_backward" in lines and len(lines) == 1 + len(PLACES)
    arrows = picture.axes.findobj(FancyArrowPatch)
    assert len(arrows) == sum(map(len, CALLS.values()))
    assert overlaps(picture) == []


def test_how_many_are_yours_and_which_comes_next():
    count = len(PLACES)
    assert how_many([]).startswith(f"0 of {count} are yours. Your first exercise is one_hot, on page 01.")
    assert how_many(["one_hot", "softmax", "train_epoch", "clip_gradients"]) == (
        f"3 of {count} are yours. The next one to write is cross_entropy, on page 01."
    )
    assert how_many(PLACES) == f"{count} of {count} are yours."


def test_two_readers():
    picture = two_readers(BITS, ERRORS)
    assert repr(picture).splitlines()[1:] == [
        "network: 2.69 ± 0.03 bits",
        "table: 2.33 ± 0.03 bits",
        "difference: 0.36 ± 0.03 bits",
    ]
    widths = [bar.get_width() for bar in picture.axes.findobj(Rectangle) if bar.get_height() == 0.24]
    assert [width / widths[0] for width in widths] == pytest.approx([1, 2.3313 / 2.6936, 0.3623 / 2.6936])
    assert overlaps(picture) == []
    luck = two_readers(BITS, dict.fromkeys(ERRORS, 0.2))
    assert luck.text.startswith("Picture: How much new verse surprises the network and the table\n")
