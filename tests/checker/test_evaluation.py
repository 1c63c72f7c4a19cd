"""Does check still say as much as before about wrong answers without a message of their own? A tenth of them.

README's command tries a fifth of these.
"""

import evaluation
import pytest
from answers import finding, read
from evaluation import without

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


# ---------------------------------------------------------------- who decides
(SIGN,) = read(
    "=== softmax_gradient | wrong\ndef softmax_gradient(logits, targets):\n"
    "    dlogits = softmax(logits)\n    dlogits[np.arange(len(targets)), targets] += 1\n    return dlogits\n",
    "made up",
)


def test_what_a_part_decides_is_seen_by_switching_it_off():
    before, traced = without.told(SIGN)
    assert "cause:known" in traced and before.mistake
    after, _ = without.told(SIGN, {"cause:known"})
    assert after.cause.by == "slip" and "the sign" in after.message and not after.mistake
    silent, _ = without.told(SIGN, {"cause:known", "edit:sign", "edit:update", "edit:operation"})
    assert silent.verdict == before.verdict and "the sign" not in silent.message
    assert "right" not in [one.name for one in without.told(SIGN, {"sentence:right"})[0].says]
    assert without.told(SIGN)[0] == before, "it is as it was"


def test_the_table_counts_the_messages_that_change():
    found = without.changes(SIGN)
    assert ("cause:known", without.said(without.told(SIGN)[0])) in [(name, before) for name, before, _ in found]
    text = without.table({"made up": [(SIGN, found)]})
    assert "made up: 1" in text and f"\n{'cause:known':60}{1:16}\n" in text and f"\n{'cause:slip':60}{0:16}\n" in text


def test_all_that_can_be_switched_off_is_there_and_the_stored_table_has_it():
    assert not [place for place in without.STEPS if not without._owner(place)]
    names = {(name if len(name) < 60 else f"{name[:56]}...") for name in without.parts() if "sentence:" not in name}
    stored = evaluation.DECIDES.read_text(encoding="utf-8").splitlines()[1:]
    assert {line[:60].rstrip() for line in stored} == names, "run python tests/evaluation --table"
