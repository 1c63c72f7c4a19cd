"""Does check still say as much as before about wrong answers without a message of their own? A tenth of evaluation/."""

import pytest

import evaluation


@pytest.mark.slow
def test_a_tenth_of_the_answers_is_told_what_was_stored():
    stored = evaluation.TENTH.read_text(encoding="utf-8").splitlines()
    found = evaluation.tenth().splitlines()
    worse = [f"{now}, stored: {was.rpartition(' ')[2]}" for was, now in zip(stored, found, strict=True) if was != now]
    assert not worse, "If that is meant, run python evaluation, and look at its score:\n" + "\n".join(worse)
    assert not [line for line in found if line.endswith("accepted")]


def test_the_score_is_that_of_these_answers():
    last = evaluation.SCORE.read_text(encoding="utf-8").splitlines()[-1]
    assert int(last.split()[-1]) == len(evaluation.BANK)
    assert not {answer.kind for answer in evaluation.BANK} - {"single", "double"}
