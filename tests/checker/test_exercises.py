"""The exercises themselves: check, hint and solution, right answers of any style, and what is shown."""

import html
import inspect
import re
import subprocess
import sys

import numpy as np
import pytest
from helpers import ROOT

import rnn_helpers
from course import calls
from course.calls import check, finished, hint, report, solution
from course.checker.course import finished_function
from course.checker.judge import judge
from course.checker.slips.depends import with_fresh
from course.checker.trial import close, named_arrays, outcome_of, run, same
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.engine import RNN
from course.lessons import BANK, EXERCISES, WRITTEN
from rnn_helpers import Parameters, softmax


@pytest.fixture
def no_search(monkeypatch):
    """The search in the code is tested elsewhere (test_repair.py), and no verdict depends on it."""
    monkeypatch.setattr("course.checker.limit.ALL_ROUNDS", 250)


NAMES = list(WRITTEN)  # functions to write; the other kinds are tested in test_kinds.py


# ---------------------------------------------------------------- not started
def stub(name, body):
    scope = {}
    exec(f"def {name}{inspect.signature(EXERCISES[name].function)}:\n{body}\n", scope)
    return scope[name]


@pytest.mark.slow
@pytest.mark.parametrize(
    "body", ["    ...            # your code", "    pass", '    """Say what it does."""', "    return"]
)
def test_a_stub_is_not_started(body, subtests):
    for name in NAMES:
        with subtests.test(name):
            result = check(name, stub(name, body))
            assert result.verdict == NOT_STARTED
            assert result.mistake == ""
            assert repr(result) == (
                f"{name}: not started\n  Put your code in place of the ... and run the cell again. "
                f'About {EXERCISES[name].minutes} minutes, {EXERCISES[name].how_hard}. Stuck? Try hint("{name}").'
            )


def test_a_stub_that_names_the_parameters_is_not_started():
    def forward_pass(inputs, targets, h_prev, parameters):
        """Return the loss, the predictions and the states."""
        W_xh, W_hh, W_hy, b_h, b_y = parameters
        ...

    assert check("forward_pass", forward_pass).verdict == NOT_STARTED


# ---------------------------------------------------------------- right
def test_lambdas_callable_objects_and_functions_of_numpy_pass_if_they_are_right():
    class Back:
        def __call__(self, dh, h):
            return dh * (1 - h**2)

    assert check("tanh_backward", Back()).verdict == CORRECT
    assert check("tanh_backward", lambda a, b: a * (1 - b**2)).verdict == CORRECT
    assert check("softmax", np.exp).mistake == "softmax/no_shift_not_divided"


def test_float32_inside_the_function_is_told():
    def forward_pass(inputs, targets, h_prev, parameters):
        small = Parameters(*[value.astype(np.float32) for value in parameters])
        loss, probs, hidden = RNN.forward(inputs, targets, h_prev.astype(np.float32), small)
        return np.float32(loss), probs, hidden

    outcome = outcome_of(EXERCISES["forward_pass"], forward_pass, EXERCISES["forward_pass"].cases()[0])
    assert {part.dtype for part in outcome.parts.values()} == {np.dtype(np.float32)}
    result = check("forward_pass", forward_pass)
    assert result.verdict == NOT_YET
    assert "All numbers are close enough, but loss comes as float32" in result.message
    wrong = check("softmax", lambda z: (1.001 * softmax(z)).astype(np.float32))
    assert wrong.verdict == NOT_YET and "1.001" in wrong.message


# ---------------------------------------------------------------- the cases
def test_cases_are_new_each_time_and_their_sizes_differ(subtests):
    for name in NAMES:
        with subtests.test(name):
            cases_are_new_and_sizes_differ(EXERCISES[name])


def cases_are_new_and_sizes_differ(exercise):
    labels = [case.label for case in exercise.cases()]
    assert len(set(labels)) == len(labels) >= 3
    for case, again in zip(exercise.cases(), exercise.cases()):
        arrays, others = named_arrays(exercise, case.args), named_arrays(exercise, again.args)
        assert arrays.keys() == others.keys()
        for key in arrays:
            assert arrays[key] is not others[key] and np.array_equal(arrays[key], others[key])
        if "H = V" in case.label:  # there the shapes must not distinguish the two
            continue
        sizes = list(case.sizes.values()) + ([case.sizes["T"] + 1] if "H" in case.sizes and "T" in case.sizes else [])
        assert len(set(sizes)) == len(sizes), case  # or a shape could not be written in letters


def test_two_arrays_are_the_same_if_every_number_is_close():
    """A look at only the last number, which saves time, must never change the result."""
    numbers = [0, 1, -1, 1e-9, 1e-3, 1 + 1e-7, 1 + 5e-5, 1 + 1e-3, 1e6, 1e6 + 1, np.inf, -np.inf, np.nan]
    arrays = [np.array([0.5, number], kind) for number in numbers for kind in (float, np.float32)]
    arrays += [np.array([0.5, 1e300]), np.array(1.0), np.array(2), np.array([True, False]), np.array([3, 2**62])]
    arrays.append(np.array([]))
    for one in arrays:
        for other in arrays:
            assert same(one, other) == (one.shape == other.shape and bool(close(one, other).all())), (one, other)


TWO_FORMS = ["adam_step", "scan_backward", "witten_bell", "delta_step", "delta_step_backward"]  # their lessons say why


def test_what_is_taught_is_what_runs():
    others = [name for name in NAMES if finished_function(name) not in (None, EXERCISES[name].function)]
    assert sorted(others) == sorted(TWO_FORMS)


@pytest.mark.parametrize("name", TWO_FORMS)
def test_the_finished_function_gives_what_the_plain_one_of_the_exercise_gives(name):
    exercise = EXERCISES[name]
    for case in exercise.cases():
        want, got = [
            outcome_of(exercise, one, with_fresh(case)) for one in (exercise.function, finished_function(name))
        ]
        assert want.parts.keys() == got.parts.keys() and not (want.error or got.error)
        for part in want.parts:
            np.testing.assert_allclose(got.parts[part], want.parts[part], rtol=1e-12, atol=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_a_tiny_error_in_one_number_never_passes(name):
    exercise = EXERCISES[name]
    calls = len(exercise.cases())

    def nudge(value):
        if isinstance(value, np.ndarray) and value.ndim:
            value = value.copy()
            value.flat[-1] += 1 if value.dtype.kind in "iu" else 1e-4
            return value
        if isinstance(value, (tuple, list)) and value:
            return [*value[:-1], nudge(value[-1])]
        return value + (1 if isinstance(value, (int, np.integer)) else 1e-4 * max(1, abs(value)))

    def almost_right(*args, state={"calls": 0}):  # noqa: B006 (it counts the calls)
        state["calls"] += 1
        result = exercise.function(*args)
        if (state["calls"] - 1) % calls != calls - 1:
            return result
        if exercise.in_place and not exercise.returns:
            getattr(args[0], "b_y", args[0]).flat[-1] += 1e-4
            return None
        return nudge(result)

    almost_right.__signature__ = inspect.signature(exercise.function)
    result = judge(exercise, run(exercise, almost_right), BANK)
    assert result.verdict == NOT_YET, result.message


@pytest.mark.slow
def test_parameters_that_end_a_tiny_bit_elsewhere_never_pass():
    def train_epoch(ids, parameters, seq_length, learning_rate, smoothed=None):
        losses = EXERCISES["train_epoch"].function(ids, parameters, seq_length, learning_rate, smoothed)
        parameters.b_y[-1] += 1e-5
        return losses

    assert check("train_epoch", train_epoch).verdict == NOT_YET


def shifted(logits, shift):
    exps = np.exp(logits - shift)
    return exps / exps.sum(axis=-1, keepdims=True)


def rounded(name):
    return lambda *args: np.round(EXERCISES[name].function(*args), 5)


@pytest.mark.slow
@pytest.mark.parametrize(
    "name, function",
    [
        ("softmax", lambda z: softmax(z) if z.ndim == 1 else shifted(z, z.min(axis=-1, keepdims=True))),
        ("softmax", lambda z: shifted(z, np.abs(z).max()) if z.ndim == 1 else softmax(z)),
        ("chunks", lambda ids, T: rnn_helpers.chunks(ids, T) or [(ids[:T], ids[1 : T + 1])]),
        ("apply_temperature", lambda z, tau: shifted(z / tau, (z / tau).mean())),
        ("softmax_gradient", lambda z, t: shifted(z, z.min(axis=1, keepdims=True)) - np.eye(len(z[0]))[t]),
        ("apply_temperature", lambda z, tau: shifted(z / tau, np.abs(z / tau).max())),
        ("tanh_backward", rounded("tanh_backward")),
        ("draw", lambda probs, u: int(np.argmax(np.cumsum(probs) >= u))),
    ],
)
def test_right_for_ordinary_arguments_only(name, function, no_search):
    assert check(name, function).verdict == NOT_YET


# ---------------------------------------------------------------- what is shown
@pytest.mark.slow
def test_a_result_in_a_terminal_and_in_a_notebook():
    result = check("softmax", lambda z: z < 0)
    assert repr(result).startswith("softmax: not yet\n  ")
    assert 'hint("softmax")' in repr(result)
    page = result._repr_html_()
    assert page.startswith('softmax: not yet\n<div style="border-left: 4px solid #d97706;')
    assert page.endswith("</div>")
    assert "color:" not in page.replace("border-left", "") and "background" not in page  # legible on any page
    assert result._repr_html_() == check("softmax", lambda z: z < 0)._repr_html_()


def test_html_is_escaped():
    def softmax(logits):
        return logits <b  # noqa: F821 # fmt: skip

    page = check("softmax", softmax)._repr_html_()
    assert "<code>return logits &lt;b" in page and "<b " not in page


def test_hints_come_one_by_one(monkeypatch):
    monkeypatch.setattr(calls, "_hints_shown", {})
    hints = EXERCISES["softmax"].hints
    first, second = hint("softmax"), hint("softmax")
    assert repr(first) == f"hints for softmax\n  1 of 4: {hints[0]}"
    assert repr(second) == f"hints for softmax\n  1 of 4: {hints[0]}\n  2 of 4: {hints[1]}"
    assert "1 of 4" in repr(hint("one_hot")) and "2 of" not in repr(hint("one_hot"))[:30]
    for _ in range(4):
        last = hint("softmax")
    assert repr(last).count(" of 4: ") == 4
    assert 'solution("softmax")' in repr(last)
    assert "2 of 4" in last._repr_html_()


def test_an_answer_is_closed_and_what_the_page_wants_read_is_open():
    answers, texts = [finished("softmax"), solution("softmax")], [finished("smooth_loss"), report("mend_train_epoch")]
    assert all(note._repr_html_().startswith("<details><summary>") for note in answers)
    assert all(note._repr_html_().startswith("<details open><summary>") for note in texts)
    assert "<details" not in hint("softmax")._repr_html_() + check("softmax", None)._repr_html_()


def test_every_exercise_has_hints(subtests):
    for name in EXERCISES:
        with subtests.test(name):
            hints = EXERCISES[name].hints
            assert 3 <= len(hints) <= 4 and len(set(hints)) == len(hints)
            assert hints[-1].startswith("In words: ")


def test_every_exercise_has_a_solution(subtests):
    for name in NAMES:
        with subtests.test(name):
            exercise, shown = EXERCISES[name], solution(name)
            assert f"def {name}(" in repr(shown) and exercise.why in repr(shown)
            page = shown._repr_html_()
            assert page.startswith(f"<details><summary>a solution for {name}</summary>") and '"""' in page
            assert shown.code in html.unescape(re.sub("<[^>]*>", "", page)), "with colors, but not a letter less"
            assert not re.search(r"\b_[a-z]", shown.code), "a private name"
            assert "course.checker" not in shown.code


@pytest.mark.slow
def test_every_solution_runs_alone_on_a_new_page():
    """As for a learner who pastes it: there is nothing but the folders of the course."""
    code = (
        f"import sys; sys.path[:0] = {[str(ROOT)]}\n"  # as the setup cell does
        "for name, source in SOLUTIONS.items():\n"
        "    scope = {}\n"
        "    exec(source, scope)\n"
        "    pasted[name] = scope[name]\n"
        "assert 'course.checker' not in sys.modules\n"
        "from course.calls import check\n"
        "print(*[f'{name} {check(name, one).verdict}' for name, one in pasted.items()], sep='\\n')\n"
    )
    begin = f"SOLUTIONS, pasted = { ({name: solution(name).code for name in NAMES})!r}, {{}}\n"
    done = subprocess.run([sys.executable, "-c", begin + code], capture_output=True, text=True, timeout=1200)
    assert done.stderr == ""
    assert done.stdout.splitlines() == [f"{name} correct" for name in NAMES]


@pytest.mark.slow
def test_a_verdict_can_be_read_where_styles_are_taken_away():
    """As on GitHub: tags without styles, so white space is one space, and there are no colors."""
    for note in [check("softmax", lambda z: z), check("softmax", lambda z: 1 / 0), hint("softmax")]:
        page = note._repr_html_()
        bare = re.sub(r"\s+", " ", re.sub(r'style="[^"]*"', "", page))
        shown = html.unescape(re.sub("<[^>]*>", "", re.sub("<br>|</?(?:div|pre) *>", "\n", bare)))
        lines = [line.strip() for line in shown.split("\n") if line.strip()]
        assert lines == [line.strip().replace("`", "") for line in repr(note).split("\n") if line.strip()]
        assert len(lines) > 1
