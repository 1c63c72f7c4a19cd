"""The pictures of arrays say of picked entries and of shapes what NumPy does."""

import ast

import numpy as np
import pytest
from overlaps import overlaps

from course.show.shapes import fits, kept_axis, lined_up, picked

PLACES = np.array([[0, 1, 2, 3], [10, 11, 12, 13], [20, 21, 22, 23]])
CHOICES = {"[2, 0], [3, 1]": ([2, 0], [3, 1]), "[2, 0]": [2, 0], ":, [3, 1]": (slice(None), [3, 1])}
PAIRS = [((2, 4), (4,)), ((2, 4), (2,)), ((2, 4), (2, 1)), ((3, 3), (3,)), ((3,), (3, 1))]


@pytest.mark.parametrize(
    "picture",
    [
        lambda: picked(PLACES, CHOICES),
        lambda: lined_up(PAIRS),
        lambda: kept_axis(np.array([[3, 1, 2], [10, 30, 20]])),
    ],
    ids=["picked", "lined_up", "kept_axis"],
)
def test_writing_has_its_place(picture):
    assert overlaps(picture()) == []


def test_what_is_picked_is_what_the_brackets_say():
    for line in picked(PLACES, CHOICES).lines[1:]:
        brackets, rest = line.split(" gives ")
        found = eval(f"places{brackets}", {"places": PLACES})
        assert rest == f"{found.tolist()}, shape {found.shape}"


@pytest.mark.parametrize("one, other", [*PAIRS, ((1,), (5, 7)), ((2, 1, 3), (4, 1)), ((2, 3), (3, 2)), ((), (2,))])
def test_shapes_fit_where_numpy_says_so(one, other):
    try:
        np.broadcast_shapes(one, other)
    except ValueError:
        assert not fits(one, other)
    else:
        assert fits(one, other)


def test_the_pair_that_does_not_fit_is_named():
    picture = lined_up(PAIRS)
    assert picture.lines[0] == "Picture: A 4 above a 2 does not fit, equal sizes and a 1 do"
    assert [line for line in picture.lines if "does not fit" in line][1:] == ["(2, 4) over (2,): does not fit"]
    for line in picture.lines[1:]:
        one, other, out = (part.strip() for part in line.replace(": ", " over ").split(" over "))
        if out != "does not fit":
            assert ast.literal_eval(out) == np.broadcast_shapes(ast.literal_eval(one), ast.literal_eval(other))


def test_a_table_in_which_both_ways_fit_is_no_example():
    with pytest.raises(ValueError, match="both ways fit"):
        kept_axis(np.array([[1, 2], [3, 4]]))
