"""Does check still say as much as before about wrong answers without a message of their own? A tenth of them.

README's command tries a fifth of these.
"""

import evaluation
import pytest
from answers import finding

TENTH = evaluation.WRONG[::10]
STORED = evaluation.TENTH.read_text(encoding="utf-8").splitlines()


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize("number", range(len(TENTH)))
def test_an_answer_of_the_tenth_is_told_what_was_stored(number):
    answer, stored = TENTH[number], STORED[number].rpartition(" ")[2]
    group = evaluation.group_of(finding(answer))
    assert group == stored, f"{answer}. If that is meant, run python tests/evaluation, and look at its score."


def test_the_tenth_is_of_these_answers_and_accepts_what_was_read_as_accepted():
    groups = {answer: line.rpartition(" ")[2] for answer, line in zip(TENTH, STORED, strict=True)}
    assert evaluation.tenth(groups).splitlines() == STORED
    assert [group == "accepted" for group in groups.values()] == [answer.read == "accepted" for answer in TENTH]


def test_the_score_is_that_of_these_answers():
    stored = evaluation.SCORE.read_text(encoding="utf-8")
    assert stored.partition("\nWhat the checker")[0] == evaluation.score({}).partition("\nWhat the checker")[0]
    assert int(stored.splitlines()[-1].split()[-1]) == len(evaluation.WRONG)
    assert not [answer for answer in evaluation.BANK if answer.read not in evaluation.READ]
