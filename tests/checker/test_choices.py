"""Exercises of the kind choose: a learning rate, and what is wrong with a training run."""

import re

import numpy as np
import pytest
from test_kinds import is_plain, status_of

from course.calls import check
from course.checker.words import CORRECT, NOT_YET
from course.lessons import EXERCISES, mixing, training
from course.models.judging import bits, mix


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    """The folder of a learner who has done nothing yet."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))


@pytest.mark.parametrize("rate", [0.05, np.float32(0.1), np.array(0.15), 0.2])
def test_learning_rates_that_learn(rate):
    result = check("choose_learning_rate", rate)
    assert result.verdict == CORRECT and "from 25.0 to " in result.message
    assert status_of("choose_learning_rate").status == "done"
    assert "Ten times as much, and the loss jumps. A tenth of it, and the loss falls too slowly." in result.message
    too_long, too_slow = [check("choose_learning_rate", float(rate) * factor).message for factor in (10, 0.1)]
    assert "the loss jumps far above its start" in too_long and "It falls, but too slowly" in too_slow


@pytest.mark.parametrize(
    "rate, says",
    [
        (
            0.001,
            r"^With 0\.001 the loss of a sequence goes from 25\.0 to 24\.6 in 12 epochs\. It falls, but too slowly",
        ),
        (0.3, r"^With 0\.3 the loss jumps far above its start, 25\.0: the steps are too long"),
        (0, "you take no step at all"),
        (-0.1, "each step goes uphill"),
        ("0.1", "You gave the text '0.1'.* Leave out the quotes"),
        ("0,05", "You gave the text '0,05'.* Write a point for the comma, and leave out the quotes"),
        (True, "You gave True"),
        (10**400, "You gave inf"),
        (lambda: 0.1, "^You gave a"),
    ],
)
def test_learning_rates_that_do_not_learn(rate, says):
    result = check("choose_learning_rate", rate)
    assert result.verdict == NOT_YET and re.search(says, result.message), result
    assert is_plain(result.message) and status_of("choose_learning_rate").status == NOT_YET


@pytest.mark.parametrize("rate", [0.045, 0.1, 0.23, 1.0])
def test_the_verdict_on_a_learning_rate_does_not_depend_on_the_last_digits(monkeypatch, rate):
    first, start = training.try_learning_rate(rate), training.initialize_parameters

    def nearly(*sizes):
        parameters = start(*sizes)
        parameters.W_hh[0] += 1e-13
        return parameters

    monkeypatch.setattr(training, "initialize_parameters", nearly)
    assert training.try_learning_rate(rate) == first


@pytest.mark.slow
def test_diagnoses_are_tried_by_running_them():
    exercise = EXERCISES["choose_diagnosis"]
    assert exercise.good in exercise.answers and len(exercise.answers) >= 4
    said = {}
    for one in exercise.answers:
        result = check("choose_diagnosis", f" {one} ")
        assert (result.verdict == CORRECT) == (one == exercise.good)
        said[one] = result.message
        assert is_plain(result.message.partition("Stuck?")[0])
    assert "A run with this fault gives the very same curve." in said["targets are the inputs"]
    assert "the loss climbs far above 13.9" in said["steps go uphill"]
    assert "the loss climbs far above 13.9" in said["learning rate too large"]
    assert "the loss stays near 13.9" in said["learning rate too small"]
    assert "the loss stays near 13.9" in said["state not carried"]


def test_a_diagnosis_may_be_written_as_a_sentence():
    assert check("choose_diagnosis", "Targets are the inputs.").verdict == CORRECT


@pytest.mark.parametrize("given", ["targets", True, ["steps go uphill"], lambda: 1])
def test_what_is_no_diagnosis_gets_the_list_of_them(given):
    result = check("choose_diagnosis", given)
    assert result.verdict == NOT_YET and result.message.startswith("You gave ")
    for one in EXERCISES["choose_diagnosis"].answers:
        assert repr(one) in result.message


@pytest.mark.parametrize("share", [0.75, np.float32(0.7)])
def test_shares_next_to_the_best(share):
    result = check("choose_share", share)
    assert result.verdict == CORRECT and "Now open 7,200 other days, once" in result.message


@pytest.mark.parametrize(
    "share, says",
    [
        (0.5, "the model of today counts too much"),
        (1, "that is one model alone"),
        (65, "A share is between 0 and 1"),
        ("a half", 'one number, as in check("choose_share", 0.1)'),
    ],
)
def test_shares_that_are_not_the_best(share, says):
    result = check("choose_share", share)
    assert result.verdict == NOT_YET and says in result.message
    assert is_plain(result.message) and "7,200" not in result.message, "only the right share sees the other days"


def test_the_rows_of_the_report_choose_a_share_that_is_good_for_other_days():
    found = {}
    exec(mixing.share_report().partition("came:\n")[2], found)
    costs = {share: bits(mix([found["today"], found["month"]], [1 - share, share])) for share in np.linspace(0, 1, 11)}
    chosen = min(costs, key=costs.get)
    assert check("choose_share", chosen).verdict == CORRECT
    best, _ = mixing.best_share(1)
    assert best <= mixing.share_bits(chosen, 1) < best + 0.02 < min(mixing.share_bits(end, 1) for end in (0, 1)) - 0.03
