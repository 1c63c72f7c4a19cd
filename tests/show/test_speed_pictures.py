"""The pictures of page 11 show what their numbers say, and can be read."""

from types import SimpleNamespace

import numpy as np
import pytest
from overlaps import overlaps

from course.show.speed import ladder, streams_of


def test_streams_are_the_columns_of_make_streams_and_the_rest_is_left_out():
    picture = streams_of("hellohellohell", 3)
    assert picture.text.split("\n")[1:] == ["column 0: hell", "column 1: ohel", "column 2: lohe", "left out: ll"]
    assert not overlaps(picture)


def run(loss, epochs):
    return SimpleNamespace(losses=np.array([99.0, loss]), settings=SimpleNamespace(num_epochs=epochs))


@pytest.mark.parametrize(("last", "title"), [(82.7, "In 4 epochs below the goal"), (90.0, "How far each change got")])
def test_a_ladder_claims_the_goal_only_if_it_is_reached(last, title):
    run_2019 = SimpleNamespace(epoch_losses=120 * np.arange(1, 42) ** -0.09)
    picture = ladder({"fan-in": run(100.0, 3), "all": run(last, 4)}, run_2019, 83.96)
    assert picture.text.startswith(f"Picture: {title}")
    assert picture.text.endswith(f"fan-in, 3 epochs: loss 100.00\nall, 4 epochs: loss {last:.2f}")
    assert not overlaps(picture)
