"""The known mistakes: each is an edit of a right function, has its own results, and gets its own message."""

import importlib
import inspect
import os
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest
from helpers import ROOT

import rnn_helpers
from course.calls import check
from course.checker.mend import mend
from course.checker.mistakes import KnownMistakes, Mistake
from course.checker.trial import alike
from course.checker.words import NOT_YET
from course.lessons import BANK, topic_of
from course.lessons import WRITTEN as EXERCISES
from rnn_helpers import Parameters, softmax

NAMES = list(EXERCISES)
TOPICS = sorted({f"course.lessons.{topic_of(name)}" for name in NAMES})


@pytest.fixture
def mine(tmp_path, monkeypatch):
    """The empty folder of a new learner: the more it holds, the longer each check takes."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))


# ---------------------------------------------------------------- every mistake of the bank
@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_known_mistake_is_told_by_its_message_and_its_id(name, mine, subtests):
    for mistake in EXERCISES[name].mistakes:
        with subtests.test(mistake.id):
            result = check(name, mistake.function)
            assert (result.verdict, result.mistake) == (NOT_YET, f"{name}/{mistake.id}")
            assert mistake.message in result.message
            others = [other.message for other in EXERCISES[name].mistakes if other is not mistake]
            assert not [text for text in others if text in result.message and text not in mistake.message]
            assert str(ROOT) not in repr(result) + result._repr_html_(), "a path"
            assert "0x7" not in repr(result), "an address"


@pytest.mark.parametrize("name", NAMES)
def test_no_two_mistakes_look_alike_and_none_looks_right(name, subtests):
    bank, want = BANK.mistakes(name), BANK.expected(name)
    assert len({mistake.message for mistake, _ in bank}) == len(bank)
    for k, (mistake, outcomes) in enumerate(bank):
        with subtests.test(mistake.id):
            assert not all(map(alike, outcomes, want)), "looks right"
            same = [other.id for other, other_outcomes in bank[:k] if all(map(alike, outcomes, other_outcomes))]
            assert not same, "looks like another one"


def test_each_edit_fits_its_right_function():
    unfit = [f"{one.place}: {one.id}" for topic in TOPICS for one in importlib.import_module(topic).known.unfit]
    assert not unfit, "no learner hears of these: " + "; ".join(unfit)


def test_one_that_no_longer_fits_costs_a_learner_nothing(tmp_path):
    shutil.copytree(ROOT / "course", tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    code = (ROOT / "rnn_helpers.py").read_text(encoding="utf-8")
    assert len(re.findall(r"\bexps\b", code)) == 3
    (tmp_path / "rnn_helpers.py").write_text(re.sub(r"\bexps\b", "powers", code), encoding="utf-8")
    asked = "import numpy as np\n\n\ndef softmax(logits):\n    return np.exp(logits) / np.exp(logits).sum()\n"
    (tmp_path / "answer.py").write_text(asked, encoding="utf-8")
    call = [sys.executable, "-m", "course", "check", "answer.py"]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, env=os.environ | {"MY_RNN": "mine"})
    assert "softmax: not yet" in done.stdout and "Row 0 adds up to" in done.stdout, done
    assert "cannot be tried" not in done.stdout and not done.stderr


def test_a_repair_of_a_mistake_that_is_not_there_says_so():
    with pytest.raises(ValueError, match="softmax has no known mistake 'made_up' that fits its right function"):
        mend(EXERCISES["softmax"], "made_up")


# ---------------------------------------------------------------- edits
def double_sum(numbers):
    """Return twice the sum.

    numbers  a list
    """
    total = 0  # nothing yet
    for number in numbers:
        total += number  # one more
        total += number

    return total


def mistake(*edits):
    return Mistake("some_id", "Look again.", double_sum, edits)


@pytest.mark.parametrize("old, count", [("total = 1", 0), ("total += number", 2)])
def test_an_edit_must_fit_exactly_once(old, count):
    with pytest.raises(ValueError, match=re.escape(f"some_id: {old!r} must occur once in double_sum, not {count} tim")):
        _ = mistake((old, "total = 2")).source
    with pytest.raises(ValueError, match="must occur once"):
        _ = mistake(("total = 0", "total = 5"), ("total = 0", "total = 6")).function


def test_an_edit_takes_along_the_comment_of_its_line_and_leaves_no_gap():
    """A report shows the broken function: what the comment says of the right one would give the answer away."""
    right, second = inspect.getsource(double_sum), "        total += number  # one more\n"
    assert mistake(("= 0", "= 1")).source == right.replace("= 0  # nothing yet", "= 1")
    assert mistake((f"{second.strip()}\ntotal += number", "total += number")).source == right.replace(second, "")
    assert mistake((second.strip(), "")).source == right.replace(second, "")
    assert mistake(("total = 0", "")).source == right.replace("    total = 0  # nothing yet\n", "")


# ---------------------------------------------------------------- the text
def double_sum_at_once(numbers):
    return 2 * sum(numbers)


def read(text, *rights):
    return KnownMistakes(text, "some.mistakes")("double_sum", *(rights or (double_sum,)))


HEAD = "== double_sum\n@ total = 0\n"


@pytest.mark.parametrize(
    "text, line, says",
    [
        ("@ total = 0\n", 1, "Name the exercise first"),
        ("== double_sum\nfrom_one: total = 1\n", 2, "Say first what these mistakes change"),
        ("== double sum\n", 1, "should read == exercise"),
        (HEAD + "from_one: total = 1\n", 3, "from_one has no message"),
        (HEAD + "From one: total = 1\n    It is.\n", 3, "'From one: total = 1' is neither"),
        (HEAD + "a: total = 1\n    It is.\n+ total = 2\n", 5, "a is an edit of the part behind @ already"),
        (HEAD + "a:\n    It is.\n- return total\n", 5, "put it below an @ alone"),
        (HEAD + "+ total = 2\n", 3, "below the id and the message"),
        (HEAD + "a:\n+ total = 2\n    It is.\n", 5, "above the changes"),
        ("== double_sum\n@\na:\n    It is.\n", 3, "a changes nothing"),
        ("== double_sum\n@\na:\n    It is.\n+ total = 2\n", 5, "a begins with +"),
        ("== double_sum as triple\n@ total = 0\na:\n    It is.\n", 1, "no right function triple in its module"),
        (HEAD + "a:\n    It is.\na: total = 1\n    So.\n", 5, "double_sum has a mistake a in some.mistakes, line 3"),
    ],
)
def test_a_text_that_is_not_in_form_names_the_line(text, line, says):
    with pytest.raises(ValueError, match=rf"^some\.mistakes, line {line}: .*{re.escape(says)}"):
        read(text)


def test_a_section_that_nobody_asks_for_and_one_that_is_missing_are_named():
    known = KnownMistakes(HEAD + "a:\n    It is.\n", "some.mistakes")
    with pytest.raises(ValueError, match=r"some\.mistakes, line 1: no exercise double_sum of this topic"):
        known.check_that_all_are_used()
    with pytest.raises(ValueError, match=r"some\.mistakes has no mistakes of double_sum as double_sum_at_once"):
        read(HEAD + "a:\n    It is.\n", double_sum, double_sum_at_once)


def test_an_edit_that_does_not_fit_is_left_out_and_names_its_line():
    known = KnownMistakes(HEAD + "fits: total = 1\n    It is.\n@ total = 2\na:\n    It is.\n", "some.mistakes")
    assert [one.id for one in known("double_sum", double_sum)] == ["fits"]
    (unfit,) = known.unfit
    with pytest.raises(ValueError, match=r"^some\.mistakes, line 6: a: 'total = 2' must occur once in double_sum"):
        _ = unfit.source


# ---------------------------------------------------------------- natural code and the bank
def test_of_two_mistakes_in_two_parts_the_first_is_told():
    def weight_gradients(inputs, hidden, da, vocab_size):
        T, H = da.shape
        dW_xh, dW_hh, db_h = np.zeros((H, vocab_size)), np.zeros((H, H)), np.zeros(H)
        for t in range(T):
            dW_xh[:, inputs[t]] += da[t]
            dW_hh += np.outer(da[t], hidden[t + 1])  # the state after
            db_h = da[t]  # overwritten
        return dW_xh, dW_hh, db_h

    assert check("weight_gradients", weight_gradients).mistake == "weight_gradients/state_after"


@pytest.mark.slow
def test_a_mistake_of_all_parts_that_is_in_one_part_only_says_where():
    def backward_pass(inputs, targets, parameters, forward):
        gradients = rnn_helpers.backward_pass(inputs, targets, parameters, forward)
        return gradients._replace(W_hy=gradients.W_hy / len(inputs), b_y=gradients.b_y * 2)

    result = check("backward_pass", backward_pass)
    assert result.mistake == "backward_pass/divided_by_t"
    assert re.match("W_xh, W_hh and b_h .*\nIn W_hy: ", result.message)


def test_a_mistake_of_one_part_is_told_before_one_of_all_parts():
    def weight_gradients(inputs, hidden, da, vocab_size):
        dW_xh, dW_hh, db_h = rnn_helpers.weight_gradients(inputs, hidden, da, vocab_size)
        return dW_xh, np.outer(da[-1], hidden[-2]), 2 * db_h  # dW_hh as with the last step only

    assert check("weight_gradients", weight_gradients).mistake == "weight_gradients/dw_hh_overwritten"


@pytest.mark.slow
def test_a_mistake_that_spoils_an_argument_is_not_told_to_who_spoils_none():
    def forward_pass(inputs, targets, h_prev, parameters):
        loss, probs, hidden = rnn_helpers.forward_pass(inputs, targets, h_prev, parameters)
        hidden[:] = hidden[-1]
        return 3 * loss, probs, hidden

    assert check("forward_pass", forward_pass).mistake == "forward_pass/one_array_for_all"


@pytest.mark.slow
def test_an_error_in_one_case_is_told_before_a_mistake_in_the_first_sequences():
    def chunks(ids, seq_length):
        pieces = [(targets, inputs) for inputs, targets in rnn_helpers.chunks(ids, seq_length)]
        if len(pieces) != len(rnn_helpers.chunks(cases[0].args[0], cases[0].args[1])):
            return [pieces[0], *[(a + 1, b) for a, b in pieces[1:]]]
        raise ValueError("no such text")

    cases = EXERCISES["chunks"].cases()
    result = check("chunks", chunks)
    assert result.message.startswith("It raised ValueError: no such text") and result.mistake == "", result


@pytest.mark.slow
def test_no_mistake_is_named_where_none_is_known():
    assert check("softmax", lambda z: softmax(z) + 0.1).mistake == ""
    always_smaller = check("clip_gradients", lambda g, m: Parameters(*[x * 0.9 for x in g]))
    assert always_smaller.mistake == ""
    assert "the norm of your result is 21.6755" in always_smaller.message
