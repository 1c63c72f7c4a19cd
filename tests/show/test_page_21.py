"""The pictures of page 21 leave out digits on which computers differ, but not how often something was trained."""

from overlaps import overlaps

from course.show.page_21 import last_losses_picture

LOSSES = [109.7, 109.2], [109.7, 109.7], [121.0, 128.0]
RUNS = "4 starts, or 1 with 8 nudges · 601 steps · all stored"


def test_the_last_losses_have_a_line_of_runs_and_no_digits():
    plain, told = last_losses_picture(*LOSSES), last_losses_picture(*LOSSES, runs=RUNS)
    assert repr(told) == f"{plain}\nruns: {RUNS}" and "109" not in repr(told)
    assert overlaps(told) == []
