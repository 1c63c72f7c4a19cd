"""What check says to answers that nobody foresaw. python tests/answers/fresh.py looks at all of them, with their code."""

from collections import Counter

import pytest
from fresh import answers, finding, function_of, group_of

import rnn_helpers
from course.checker.judge import judge
from course.checker.run import run
from course.checker.say.words import CORRECT, NOT_YET
from course.lessons import BANK, EXERCISES, OWN, page_of

ANSWERS = answers()
NAMES = list(dict.fromkeys(answer.name for answer in ANSWERS))


def test_there_are_fresh_answers_to_every_function_of_the_network_and_of_pages_09_to_11():
    network = [*vars(rnn_helpers), "train_epoch"]
    written = [name for name in OWN if name in network or page_of(name).number in ("09", "10", "11")]
    count = Counter((answer.name, answer.kind == "right") for answer in ANSWERS)
    assert sorted(NAMES) == sorted(written) and all(count[name, False] >= 15 and count[name, True] for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_wrong_answer_is_refused_and_every_right_one_accepted(name):
    """By the results alone: the code is not looked at."""
    exercise = EXERCISES[name]
    wrong_verdicts = []
    for answer in ANSWERS:
        if answer.name == name:
            verdict = judge(exercise, run(exercise, function_of(answer)), BANK).verdict
            if verdict != (CORRECT if answer.kind == "right" else NOT_YET):
                wrong_verdicts.append((answer.kind, answer.what, verdict))
    assert wrong_verdicts == []


SAMPLE = [answer for answer in ANSWERS if answer.kind == "single"][::12]


def test_most_mistakes_are_named_or_located():
    silent = [answer for answer in SAMPLE if group_of(finding(answer)) == "first difference"]
    assert len(SAMPLE) > 30 and len(silent) <= 0.1 * len(SAMPLE), silent
