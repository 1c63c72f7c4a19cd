"""Does check still say as much as before about wrong answers without a message of their own? A tenth of them."""

import evaluation
import pytest


@pytest.mark.slow
def test_a_tenth_of_the_answers_is_told_what_was_stored():
    stored = evaluation.TENTH.read_text(encoding="utf-8").splitlines()
    found = evaluation.tenth().splitlines()
    worse = [f"{now}, stored: {was.rpartition(' ')[2]}" for was, now in zip(stored, found, strict=True) if was != now]
    assert not worse, "If that is meant, run python tests/evaluation, and look at its score:\n" + "\n".join(worse)
    known = [answer.read == "accepted" for answer in evaluation.WRONG[::10]]
    assert [line.endswith("accepted") for line in found] == known


def test_the_score_is_that_of_these_answers():
    stored = evaluation.SCORE.read_text(encoding="utf-8")
    assert stored.partition("\nWhat the checker")[0] == evaluation.score({}).partition("\nWhat the checker")[0]
    assert int(stored.splitlines()[-1].split()[-1]) == len(evaluation.WRONG)
    assert not [answer for answer in evaluation.BANK if answer.read not in evaluation.READ]
