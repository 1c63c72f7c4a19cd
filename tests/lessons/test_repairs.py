"""The reports of pages 02 and 04 put a broken function beside a right one: are the right one's numbers right?"""

import re

import numpy as np

from course.lessons import EXERCISES
from course.lessons.cases import PENCIL
from course.lessons.training import BY_HAND

NUMBER = r"-?\d+\.\d+"


def rows_with_numbers(name, function):
    """Return the numbers of each row in the report about a function, as texts."""
    rows = [re.findall(NUMBER, row) for row in EXERCISES[name].closer(function).splitlines()]
    return [row for row in rows if row]


def test_a_mended_forward_pass_stands_beside_its_equal_and_has_the_states_of_the_page():
    rows = rows_with_numbers("mend_forward_pass", EXERCISES["mend_forward_pass"].broken.right)
    halves = [(row[: len(row) // 2], row[len(row) // 2 :]) for row in rows]
    assert len(rows) == 4 + 1 + 3 + 1 + 1 and all(mine == right for mine, right in halves)
    # as page 02 prints them, after h, e, l and l
    states = ["-0.1974 0.2913 0.2913", "0.5153 -0.2557 0.5694", "0.5328 -0.1631 -0.3353", "0.3877 0.0550 -0.4020"]
    assert [" ".join(right) for _, right in halves[:4]] == states
    h_prev = np.array(halves[0][1], float)
    sums = PENCIL.W_hh @ h_prev + PENCIL.W_xh[:, 0] + PENCIL.b_h
    assert np.allclose(np.array(halves[4][1], float), sums, atol=1e-4)


def test_a_missing_bias_can_be_read_off_the_sums():
    exercise = EXERCISES["mend_forward_pass"]
    broken = exercise.with_seed(exercise.seeds.index("no_b_h")).broken.function
    row = np.array(rows_with_numbers("mend_forward_pass", broken)[4], float)
    assert np.allclose(row[3:] - row[:3], PENCIL.b_h, atol=2e-4)


def test_a_mended_clip_stands_beside_its_equal_and_is_what_a_pencil_gives():
    rows = rows_with_numbers("mend_clip_gradients", EXERCISES["mend_clip_gradients"].broken.right)
    assert rows.pop(8) == rows.pop() == ["12.00"], "what was given stays"
    assert len(rows) == 8 + 8
    for k, row in enumerate(rows):
        given, *clipped = map(float, row)
        assert clipped == 2 * [given / 4 if k < 8 else given]
    squares = sum((array**2).sum() for array in BY_HAND)
    assert np.sqrt(squares) == 12 and f"= {squares:.0f}." in EXERCISES["mend_clip_gradients"].report()


def test_the_first_hint_finds_its_place_in_the_report_of_each_number():
    for name in ("mend_forward_pass", "mend_clip_gradients"):
        exercise = EXERCISES[name]
        right = exercise.closer(exercise.broken.right)
        for seed in range(len(exercise.seeds)):
            assert exercise.with_seed(seed).report() != right, f"{name}, number {seed}: nothing differs"
        named = [one for one in exercise.hints[:2] if re.search(r"rows? \d|W_hy and b_h", one)]
        assert named == [], "a place that is wrong for one number alone"
        assert "without a number" in exercise.hints[2] and "on the page" in exercise.hints[3]
