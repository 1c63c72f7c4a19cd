"""The other kinds of exercise: repair, catch it, choose. What check says about right and wrong answers."""

import dataclasses
import functools
import html
import inspect
import itertools
import re

import numpy as np
import pytest
from answers import ANSWERS, finished_page, function_of
from cells import page

import rnn_helpers
from course.calls import check, report, solution
from course.checker import limit
from course.checker.course import finished_function, home_of
from course.checker.exercise import CATCH, CHOOSE, REPAIR
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import BANK, EXERCISES, WRITTEN, training
from course.own.folder import yours
from course.own.memory import recall
from course.own.progress import progress

OTHERS = {name: exercise for name, exercise in EXERCISES.items() if name not in WRITTEN}
CATCHES = [name for name in OTHERS if OTHERS[name].kind == CATCH]
REPAIRS = [name for name in OTHERS if OTHERS[name].kind == REPAIR]
CHOICES = [name for name in OTHERS if OTHERS[name].kind == CHOOSE]
REPORTS = [name for name in OTHERS if getattr(OTHERS[name], "look", None)]


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    """The folder of a learner who has done nothing yet."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    return tmp_path / "my_rnn"


def status_of(name):
    return next(row for row in progress().rows if row.name == name)


def checked(name, code):
    """Run a cell that defines the answer to an exercise, and check it."""
    return check(name, page(code)[name])


def is_plain(message):
    """True if a message is at most a few sentences of readable length."""
    sentences = re.split(r"(?<=[.?:])\s+", message.replace("\n", " "))
    return len(message) <= 600 and max(len(sentence.split()) for sentence in sentences) <= 36


@functools.cache
def shown_of(name):
    """Return the report of an exercise, computed once. That it is always the same is tested below."""
    return report(name)


def each(names, *kinds):
    """Make one test for each answer to these exercises."""
    found = [answer for answer in ANSWERS if answer.name in names and answer.kind in kinds]
    return pytest.mark.parametrize("answer", found, ids=[f"{answer.name}-{answer.place}" for answer in found])


# ---------------------------------------------------------------- all of them
@pytest.mark.parametrize("name", OTHERS)
def test_a_stub_is_not_started_and_says_what_to_do(mine, name):
    exercise = EXERCISES[name]
    stubs = (
        [..., None]
        if exercise.kind == CHOOSE
        else [page(f"def {name}{inspect.signature(exercise.function)}:\n    ...")]
    )
    stubs = [one[name] if isinstance(one, dict) else one for one in stubs]
    for stub in stubs:
        result = check(name, stub)
        assert result.verdict == NOT_STARTED and result.mistake == ""
        assert f"About {exercise.minutes} minutes, {exercise.how_hard}." in result.message
        assert result.message.endswith(f'Stuck? Try hint("{name}").')
    assert not mine.exists() and recall(name) == {} and status_of(name).status == NOT_STARTED


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_the_solution_is_right_when_it_is_pasted(name):
    shown = solution(name)
    assert EXERCISES[name].why in repr(shown) and not re.search(r"(?<!\.)\b_[a-z]", shown.code)
    assert "course.checker" not in shown.code
    result = checked(name, shown.code)
    assert result.verdict == CORRECT and result.message.endswith(EXERCISES[name].notice)
    assert result.kept == "" and yours() == [], "it belongs to no network"
    row = status_of(name)
    assert row.status == "done" and row.line == ""
    assert progress().mine == []


@pytest.mark.slow
@pytest.mark.parametrize("name", OTHERS)
def test_nonsense_gets_a_sentence(name, subtests):
    class Strange:
        def __getattribute__(self, name):
            raise RuntimeError("hands off")

        def __call__(self, *given):
            raise SystemExit

    for number, nonsense in enumerate([7, "x" * 500, np.eye(2), print, int, object(), lambda: 1, Strange()]):
        with subtests.test(number):
            result = check(name, nonsense)
            assert result.verdict == NOT_YET or (name == "choose_learning_rate" and number == 0)
            assert "object at 0x" not in result.message and len(result.message) < 500


@pytest.mark.parametrize("name", REPORTS)
def test_a_report_as_text_and_on_a_page(name):
    shown = shown_of(name)
    assert repr(shown).startswith(f"what we know about {name}\n")
    assert all(line in repr(shown) for line in shown.text.split("\n"))
    found = re.findall(r"<pre[^>]*>(.*?)</pre>", shown._repr_html_(), re.DOTALL)  # in a monospaced font
    assert [html.unescape(re.sub("<[^>]*>", "", text)) for text in found] == [
        text for text in (shown.code, shown.text) if text
    ]
    assert max(map(len, shown.text.split("\n"))) <= 110


@pytest.mark.slow
@pytest.mark.parametrize("name", REPORTS)
def test_a_report_is_the_same_on_every_computer(monkeypatch, name):
    first, again = shown_of(name), report(name)
    assert repr(first) == repr(again) and "nan" not in first.text and "inf" not in first.text
    whole = np.vdot  # sums in another order: the last digits differ between processors

    def tanh(values, out=None):
        result = np.sinh(values) / np.cosh(values)
        return result if out is None else np.copyto(out, result)

    monkeypatch.setattr(rnn_helpers.np, "vdot", lambda a, b: whole(np.ravel(a)[::-1], np.ravel(b)[::-1]))
    monkeypatch.setattr(rnn_helpers.np, "tanh", tanh)
    assert report(name).text == first.text


# ---------------------------------------------------------------- catch it
@pytest.mark.slow
@each(CATCHES, "right")
def test_right_checks_of_any_style_catch_all(answer):
    result = check(answer.name, function_of(answer))
    count = len(EXERCISES[answer.name].wrong_ones)
    assert result.verdict == CORRECT, result
    assert result.message.startswith(f"{count} of {count} wrong ones caught, no correct one rejected.\n")
    assert status_of(answer.name).status == "done"


@pytest.mark.slow
@each(CATCHES, "wrong")
def test_wrong_checks_hear_what_is_missing(answer):
    result = check(answer.name, function_of(answer))
    assert result.verdict == NOT_YET, result
    answer.check_message(result.message)
    assert is_plain(result.message), result
    for mistake in EXERCISES[answer.name].original.mistakes:
        assert mistake.message[:40] not in result.message
    row = status_of(answer.name)
    assert row.status == NOT_YET and row.line and row.line in result.message.replace("\n", " ")


@pytest.mark.slow
@each(CATCHES, "hostile")
def test_a_check_that_does_not_judge_by_results_does_not_pass(answer):
    result = check(answer.name, function_of(answer))
    assert result.verdict == NOT_YET, result
    right = checked(answer.name, solution(answer.name).code)
    assert right.verdict == CORRECT, "whatever came before"


def test_each_function_meets_a_check_whose_arrays_are_as_on_the_page():
    code = """
        import numpy as np

        calls = np.zeros(1)

        def catch_softmax(softmax):
            calls[0] += 1
            return bool(calls[0] == 1 and good(softmax))
        """
    result = check("catch_softmax", page(code, {"good": EXERCISES["catch_softmax"].function})["catch_softmax"])
    assert result.verdict == CORRECT, result


@pytest.mark.slow
@pytest.mark.parametrize("name", CATCHES)
def test_always_yes_and_always_no(name):
    argument, count = EXERCISES[name].arguments[0], len(EXERCISES[name].wrong_ones)
    yes = checked(name, f"def {name}({argument}):\n    return True")
    assert yes.verdict == NOT_YET and f"It never calls the {EXERCISES[name].original.name} that it gets" in yes.message
    call = "try:\n        f()\n    except Exception:\n        pass"
    yes = checked(name, f"def {name}(f):\n    {call}\n    return True")
    assert yes.message.startswith(
        f"0 of {count} wrong ones caught, no correct one rejected.\nIt says yes to every function we tried."
    )
    no = checked(name, f"def {name}(f):\n    {call}\n    return False")
    assert no.message.startswith("It rejects all 4 correct ones, so what it asks isn't true of a correct ")
    assert f"{count} of {count} wrong ones caught, but 4 of 4 correct ones rejected." in no.message
    assert "\nIt says no to every function we tried.\n" in no.message
    no = checked(name, f"def {name}(f):\n    {call}\n    assert 2 > 1\n    assert 1 > 2")
    assert "\nIn line 7: `1 > 2` is False.\n" in no.message


@pytest.mark.slow
def test_a_check_that_never_ends_is_stopped(monkeypatch):
    monkeypatch.setattr(limit, "ROUNDS_OF_A_CHECK", 50_000)
    endless = checked("catch_softmax", "def catch_softmax(softmax):\n    while True:\n        pass")
    assert endless.verdict == NOT_YET
    assert endless.message.startswith("It didn't end, so we stopped it.\nin line 2: `while True:`\n")


@pytest.mark.slow
def test_what_the_functions_compute_that_a_check_tries_is_not_charged_to_it(monkeypatch):
    """Each call of a function makes a tenth of the allowed rounds, and the check calls it eleven times."""
    exercise = EXERCISES["catch_softmax"]

    def slow(logits):
        for _ in range(1000):
            pass
        return rnn_helpers.softmax(logits)

    slow_one = dataclasses.replace(exercise, rights={"slow": slow})
    check_of_ten = page(
        "import numpy as np\n\ndef catch_softmax(softmax):\n"
        "    return all(softmax(np.ones(3)).shape == (3,) for _ in range(10)) and softmax(np.ones(3)).sum() < 2"
    )["catch_softmax"]
    exercise.examine(check_of_ten, BANK)  # what the course makes only once is made here, without the limit
    monkeypatch.setattr(limit, "ROUNDS_OF_A_CHECK", 10_000)
    assert "wrong ones caught, no correct one rejected" in slow_one.examine(check_of_ten, BANK).message


# ---------------------------------------------------------------- repair
def with_modules(code):
    """Return code that imports modules instead of functions and names the module in each call, as pages do."""
    for home, names in re.findall(r"^from (\w+) import (.+)\n", code, re.M):
        code = code.replace(f"from {home} import {names}\n", f"import {home}\n")
        for name in names.split(", "):
            code = re.sub(rf"(?<![\w.]){name}\b(?=\()", f"{home}.{name}", code)
    return code


@pytest.mark.parametrize("name", REPAIRS)
def test_the_broken_one_as_it_was_given_is_not_started(name):
    shown, names = shown_of(name), finished_page(name)
    assert f"def {name}(" in shown.code and shown.text and "course.checker" not in shown.code
    for code in (
        shown.code,
        shown.code.replace("    return ", "\n    # here it comes back\n    return "),
        re.sub(r'""".*?"""', "", shown.code, flags=re.DOTALL),
        shown.code[shown.code.index("def ") :],  # the page has already imported everything
        with_modules(shown.code),
    ):
        result = check(name, page(code, names)[name])
        assert result.verdict == NOT_STARTED and f'report("{name}") shows the broken function' in result.message


@pytest.mark.parametrize("name", REPAIRS)
def test_a_change_that_makes_no_difference_is_told(name):
    code = shown_of(name).code
    code = (
        code.replace("    return ", "    nothing = 0\n    return ") if "return" in code else f"{code}\n    nothing = 0"
    )
    result = checked(name, code)
    assert (
        result.verdict == NOT_YET and result.mistake == f"{EXERCISES[name].original.name}/{EXERCISES[name].broken.id}"
    )
    assert result.message.startswith("What you changed makes no difference: the results are the same as before. ")
    assert EXERCISES[name].nudge in result.message and EXERCISES[name].broken.message not in result.message
    assert status_of(name).status == NOT_YET


@pytest.mark.parametrize("name", REPAIRS)
def test_without_a_source_nothing_is_said_of_a_change(name):
    """As after >>>, where nobody knows whether the code is another one."""
    names = {}
    exec(shown_of(name).code, names)
    assert check(name, names[name]).message.startswith("It still does what the given one does. ")


@pytest.mark.parametrize("name", REPAIRS)
def test_the_finished_function_is_right_and_told(name):
    original = EXERCISES[name].original.name
    home, finished = home_of(original), finished_function(original)
    home = home.__name__ if home else "the course"
    result = check(name, finished or EXERCISES[name].original.function)
    assert result.verdict == CORRECT and yours() == [] and result.kept == ""
    assert result.message == f"This is the finished {original} of {home}. What was wrong in the one that was given?"


@each(REPAIRS, "right")
def test_right_repairs_of_any_style_are_correct(answer):
    result = check(answer.name, function_of(answer))
    assert result.verdict == CORRECT and result.kept == "", result
    assert status_of(answer.name).status == "done"


@pytest.mark.slow
@pytest.mark.sampled(share=0.4)
@each(REPAIRS, "edits")
def test_wrong_repairs_hear_where_they_are(answer):
    result = check(answer.name, function_of(answer), seed=answer.number)
    assert result.verdict == NOT_YET, result
    answer.check_message(result.message)
    assert is_plain(result.message) and not result.mistake.startswith("mend_")
    assert status_of(answer.name).status == NOT_YET


def test_a_right_function_does_what_the_report_says_of_it():
    for rate in (0.05, 0.035):
        losses = training.hello_curve(EXERCISES["train_epoch"].function, rate, 18)[::2]
        assert all(after < before for before, after in itertools.pairwise(losses))
