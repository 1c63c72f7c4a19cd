"""Repairs that are chosen by a number: which mistakes are offered, what report shows, and what check says."""

import itertools
import re

import numpy as np
import pytest
from answers import ANSWERS, finished_page, function_of
from cells import page

from course import calls
from course.calls import check, hint, report
from course.checker.course import as_imported
from course.checker.exercise import REPAIR
from course.checker.trial import alike
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import BANK, EXERCISES
from course.own.memory import recall

REPAIRS = {name: exercise for name, exercise in EXERCISES.items() if exercise.kind == REPAIR}
SEEDED = [
    pytest.param(name, seed, id=f"{name}-{id}")
    for name, exercise in REPAIRS.items()
    for seed, id in enumerate(exercise.seeds)
]
# These a report would show, too.
# mend_witten_bell: these came later than its numbers
CAME_LATER = """
    counted_while_read end_left_out longest_alone n_is_all_of_seen start_left_out u_counts_contexts u_counts_rare_ones
""".split()
NOT_OFFERED = {
    "mend_train_epoch": {
        "clipped": "no slip: people train with it on purpose",
        "sequences_short": "it came later, and the numbers that teachers gave out stay as they are",
        "no_logarithm": "it came later, too",
        "gradients_from_zeros": "it came later, too",
    },
    "mend_witten_bell": {
        "last_context_counted": "its code is too strange for a slip",
        "plain_frequency": "three lines are wrong at once: it is another model",
        "plain_table": "three lines are wrong at once: it is another model",
        **dict.fromkeys(CAME_LATER, "it came later, and the numbers that teachers gave out stay as they are"),
    },
}


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    """The folder of a learner who has done nothing yet, and has seen no report."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    monkeypatch.setattr(calls, "_seed_shown", {})


def differ_clearly(one, other):
    """True if two reports hold another number of numbers, or if one of these differs by ten of its last digits."""
    pairs = list(itertools.zip_longest(*[re.findall(r"-?(?:\d+(?:\.\d+)?|inf)", text) for text in (one, other)]))
    return any(
        None in pair or abs(float(pair[0]) - float(pair[1])) >= 9.99 * 10.0 ** -len(pair[1].partition(".")[2])
        for pair in pairs
        if pair[0] != pair[1]
    )


def is_shown(exercise, mistake, outcomes, right):
    """True if a function with this mistake runs in all cases, is wrong, and looks so beside the right report."""
    if any(got.error or got.problem for got in outcomes) or all(map(alike, outcomes, BANK.expected(exercise.name))):
        return False
    with as_imported(), np.errstate(all="ignore"):
        try:
            seen = exercise.closer(mistake.function)
        except Exception:  # there is nothing to show
            return False
        return differ_clearly(seen, right)


@pytest.mark.slow
@pytest.mark.sampled(share=0.5)
@pytest.mark.parametrize("name", REPAIRS)
def test_all_mistakes_that_the_report_shows_are_offered_and_no_others(name):
    exercise = REPAIRS[name]
    assert len(exercise.seeds) == len(set(exercise.seeds)) >= 12, "neighbours get different ones"
    right = exercise.closer(exercise.broken.right)
    shown = {one.id for one, outcomes in BANK.mistakes(name) if is_shown(exercise, one, outcomes, right)}
    assert shown == {*exercise.seeds, *NOT_OFFERED.get(name, ()), exercise.broken.id}


def assert_no_hint_of_the_page(name, result):
    exercise = REPAIRS[name]
    of_the_page = ["hint(", exercise.nudge, exercise.notice, exercise.broken.message]
    assert not any(text in str(result) for text in of_the_page), result


def with_a_name_changed(exercise):
    """Return the broken function of a repair, in which one of its own names is another one."""
    code = page(exercise.given)[exercise.name].__code__
    (first, *_) = [name for name in code.co_varnames + code.co_cellvars if name not in exercise.arguments]
    return re.sub(rf"(?<!\.)\b{first}\b", "renamed", exercise.given)


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.parametrize("name, seed", SEEDED)
def test_each_repair_by_number_is_judged(name, seed):
    exercise, names = REPAIRS[name].with_seed(seed), finished_page(name)
    result = check(name, page(exercise.given, names)[name], seed=seed)
    assert result.verdict == NOT_STARTED and f'report("{name}", seed={seed}) shows the broken' in result.message
    assert_no_hint_of_the_page(name, result)

    renamed = with_a_name_changed(exercise)
    result = check(name, page(renamed)[name], seed=seed)
    assert result.verdict == NOT_YET and result.mistake == f"{exercise.original.name}/{exercise.broken.id}"
    assert "What you changed makes no difference" in result.message and exercise.nudge in result.message
    assert exercise.broken.message not in result.message
    assert_no_hint_of_the_page(name, result)

    other = REPAIRS[name].with_seed(seed + 1)
    for code in (other.given, with_a_name_changed(other)):
        result = check(name, page(code, names)[name], seed=seed)
        assert result.verdict == NOT_YET and result.mistake == "" and other.broken.message not in result.message
        assert_no_hint_of_the_page(name, result)
    assert "solved" not in recall(name)

    another_form = next(answer for answer in ANSWERS if answer.name == name and answer.kind == "right")
    for right in (page(exercise.solution)[name], function_of(another_form)):
        result = check(name, right, seed=seed)
        assert result.verdict == CORRECT and exercise.broken.message not in result.message, result
        assert_no_hint_of_the_page(name, result)
    assert "solved" in recall(name)


@pytest.mark.parametrize("name", REPAIRS)
def test_a_report_by_number_says_how_to_hand_it_in(name):
    shown, exercise = report(name, seed=np.int64(7)), REPAIRS[name]
    with as_imported(), np.errstate(all="ignore"):
        assert shown.text.startswith(exercise.closer(exercise.with_seed(7).broken.function))
    assert shown.text.endswith(f'Repair it, and hand it in: check("{name}", {name}, seed=7)')
    assert shown.code != exercise.given
    for seed in (7, 7 + 10**9 * len(exercise.seeds)):
        assert exercise.with_seed(seed).given == shown.code


@pytest.mark.parametrize("name", REPAIRS)
def test_after_a_report_by_number_the_hints_say_whose_they_are(name, monkeypatch):
    monkeypatch.setattr(calls, "_hints_shown", {})
    assert "had a number" not in hint(name).text
    report(name, seed=3)
    assert hint(name).text.startswith("Your last report had a number")
    report(name)
    assert "had a number" not in hint(name).text


def test_the_page_keeps_its_own():
    """What was asked about a number leaves nothing behind."""
    name, seeded = "mend_train_epoch", REPAIRS["mend_train_epoch"].with_seed(3)
    before = repr(report(name))
    check(name, page(seeded.given)[name], seed=3)
    assert repr(report(name)) == before
    assert check(name, page(REPAIRS[name].given)[name]).verdict == NOT_STARTED


NUDGED = {  # from the number of the fault: a small change that leaves it there
    ("mend_backward_pass", "mean_state"): ("own = dlogits", "own = 1.5 * dlogits"),
    ("mend_backward_pass", "mean_of_both"): (" / 2", " / 3"),
    ("mend_backward_pass", "with_the_share"): ("hidden[2:]", "hidden[1:-1]"),
}


@pytest.mark.parametrize("name, fault", NUDGED)
def test_a_small_change_does_not_tell_what_is_to_be_found_or_where(name, fault):
    exercise = REPAIRS[name].with_seed(REPAIRS[name].seeds.index(fault))
    code = exercise.given.replace(*NUDGED[name, fault])
    assert code != exercise.given
    result = check(name, page(code)[name], seed=exercise.seed)
    assert result.verdict == NOT_YET and result.mistake == "" and result.message.endswith(exercise.nudge)
    assert not re.search(r"line \d|The fault you were given is gone", result.message, re.IGNORECASE), result
    assert exercise.broken.message not in result.message


def test_half_a_repair_that_is_the_function_of_another_number_hears_what_is_still_wrong():
    name = "mend_forward_pass"
    exercise = REPAIRS[name].with_seed(REPAIRS[name].seeds.index("loss_is_mean_in_bits"))
    code = exercise.given.replace("np.log2(", "np.log(")  # what is left is loss_is_mean
    result = check(name, page(code, finished_page(name))[name], seed=exercise.seed)
    assert result.verdict == NOT_YET and result.mistake == ""
    first, *rest = result.message.split("\n")
    assert first == "hidden and probs came out right."
    assert any(row.startswith("loss is ") for row in rest) and rest[-1] == exercise.nudge


def test_whoever_forgets_the_seed_is_reminded_and_told_nothing_of_another_function():
    name = "mend_backward_pass"
    code = report(name, seed=1).code
    for seed in (None, 2):
        result = check(name, page(code.replace("own = dlogits", "own = 2 * dlogits"))[name], seed=seed)
        assert result.verdict == NOT_YET and result.message == (
            f'Is this the function from your last report? Then write check("{name}", {name}, seed=1). If it is '
            "another one, call its report first."
        )
    assert check(name, page(code)[name], seed=1).verdict == NOT_STARTED
    assert check(name, page(code)[name]).message.startswith("Is this the function from your last report?")
    assert check(name).message.startswith("There is no function to check.")
    assert check(name, "da[t]").message.startswith("You gave a value of type str, not a function.")


@pytest.mark.parametrize("name", REPAIRS)
def test_no_comment_that_some_numbers_lack_shows_where_the_others_are_right(name):
    for seed in range(len(REPAIRS[name].seeds)):
        given = REPAIRS[name].with_seed(seed).given
        assert "  # " not in given and "Source: " not in given, given


def test_what_is_wrong_with_a_seed_is_said_in_one_sentence():
    name, function = "mend_train_epoch", print
    for seed in (-1, True, 1.5, "7", np.float64(7)):
        says = f"seed is {seed!r}: it must be a whole number, 0 or more."
        assert report(name, seed=seed).text == check(name, function, seed=seed).message == says
    for other in ("choose_diagnosis", "softmax"):
        says = f"{other} has nothing to repair, so it takes no seed: leave seed= out."
        assert check(other, function, seed=7).message == says
    assert report("choose_diagnosis", seed=7).text.startswith("choose_diagnosis has nothing to repair")
    assert report(name, 7).text == f'It takes only this: report("{name}", seed=7).'
    assert check(name, function, 7).message == f'It takes only this: check("{name}", {name}, seed=7).'
