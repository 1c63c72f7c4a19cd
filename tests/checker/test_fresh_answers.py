"""What check says to answers that nobody foresaw. python tests/answers/fresh.py looks at all of them, with their code."""

import time
from collections import Counter
from types import SimpleNamespace

import pytest
from fresh import answers, finding, function_of, group_of

import rnn_helpers
from course.checker import timed
from course.checker.notes import CORRECT, NOT_YET
from course.checker.running import run
from course.checker.slips import depends, trials, watch
from course.checker.verdict import judge
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


def test_most_mistakes_are_named_or_located(monkeypatch):
    # What is found must not depend on what else the computer does: measure the time of the search itself.
    monkeypatch.setattr(timed, "SECONDS", 60.0)
    for module in (depends, trials, watch):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=time.thread_time))
    silent = [answer for answer in SAMPLE if group_of(finding(answer)) == "first difference"]
    assert len(SAMPLE) > 30 and len(silent) <= 0.1 * len(SAMPLE), silent
