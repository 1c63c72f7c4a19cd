"""What a learner sees of check and its like where there is no Jupyter: each text once, and none of what else is made.

tests/pages/test_verdicts.py has the same for Jupyter. The other tests import from course.calls, which prints nothing.
"""

import ast
import io
import os
import subprocess
import sys

import pytest
from helpers import ROOT, message_of

import course
from course import calls
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.own.practice import practice
from course.own.progress import progress

START = "from course import check, finished, hint, practice, progress, report, solution"
CALLS = (
    'check("softmax", 3)',
    'check("sofmax", 3)',
    'hint("softmax")',
    'solution("softmax")',
    'finished("softmax")',
    'report("mend_train_epoch")',
    "progress()",
    "practice()",
)
NOT_RIGHT = CALLS[0]


@pytest.fixture(autouse=True)
def own_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))


@pytest.fixture
def text_of(monkeypatch):
    """Return a function: the whole text of what a call returns."""

    def text_of(code):
        with monkeypatch.context() as patch:
            patch.setattr(calls, "_hints_shown", {})
            return repr(eval(code, {**vars(calls), **globals()}))

    return text_of


def run(code, mode="exec"):
    """Run lines of a learner in a file or, with the mode "single", one after the other after >>>."""
    page, body = {"__name__": "__main__"}, ast.parse(code).body
    exec(START, page)
    for tree in [ast.Module(body, [])] if mode == "exec" else [ast.Interactive([node]) for node in body]:
        exec(compile(tree, "<learner>", mode), page)


@pytest.mark.parametrize("call", CALLS)
def test_in_a_script_each_text_is_printed_once_at_its_call(call, capsys, text_of, monkeypatch):
    monkeypatch.setattr(calls, "_hints_shown", {})
    run(f"{call}\nprint('then')")
    assert capsys.readouterr() == (f"{text_of(call)}\nthen\n", "")


@pytest.mark.parametrize(
    ("code", "then"),
    [
        (f"result = {NOT_RIGHT}", ""),
        (f"print(bool({NOT_RIGHT}))", "False\n"),
        (f"print({NOT_RIGHT})", "softmax: not yet\n"),  # its first line: all of it is right above
        (f"if True:\n    result = {NOT_RIGHT}\nprint(result.verdict)", "not yet\n"),
        (f"[{NOT_RIGHT} for i in '1']", ""),
    ],
)
def test_so_it_is_where_the_result_is_used(code, then, capsys, text_of):
    run(code)
    assert capsys.readouterr() == (f"{text_of(NOT_RIGHT)}\n{then}", "")


@pytest.mark.parametrize(
    "code", [NOT_RIGHT, f"for i in '1':\n    {NOT_RIGHT}", f"def mine():\n    {NOT_RIGHT}\n\nmine()"]
)
def test_after_the_prompt_it_is_shown_once_too(code, capsys, monkeypatch, text_of):
    monkeypatch.setattr(sys, "ps1", ">>> ", raising=False)
    monkeypatch.setattr(sys, "displayhook", sys.__displayhook__)
    run(code, "single")
    assert capsys.readouterr() == (f"{text_of(NOT_RIGHT)}\n", "")


@pytest.mark.slow
def test_a_file_a_line_and_a_session(tmp_path, text_of):
    code = f"{START}\n{NOT_RIGHT}\n"
    (tmp_path / "mine.py").write_text(code, encoding="utf-8")
    begin = f"import sys; sys.path[:0] = [{str(ROOT)!r}]"
    (tmp_path / "sitecustomize.py").write_text(begin, encoding="utf-8")
    for arguments, typed in [(["mine.py"], ""), (["-c", code], ""), (["-i"], code), (["-i"], "import mine\n")]:
        given = {"input": typed, "cwd": tmp_path, "capture_output": True, "encoding": "utf-8"}
        done = subprocess.run([sys.executable, *arguments], **given, env={**os.environ, "PYTHONPATH": str(tmp_path)})
        assert [done.stdout.count(text_of(NOT_RIGHT)), done.stdout.count("not yet")] == [1, 1], arguments


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_what_a_console_cannot_show_is_shown_as_it_is_written(encoding, monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    run('def softmax(z):\n    print("\\ud800 \\u2192 \\xe9")\n\nassert not check("softmax", softmax)')
    sys.stdout.flush()
    arrow = "\\u2192" if encoding == "cp1252" else "→"
    assert f"\\ud800 {arrow} é" in sys.stdout.buffer.getvalue().decode(encoding)


def test_what_the_course_makes_for_itself_is_silent(capsys):
    for name in ("check", "hint", "solution", "finished", "report"):
        getattr(calls, name)("softmax")
    progress(), practice()
    assert capsys.readouterr() == ("", "")


# ---------------------------------------------------------------- right or not


def test_a_result_is_true_if_the_answer_is_right():
    def softmax(logits): ...

    right = calls.EXERCISES["softmax"].function
    for answer, verdict in ((lambda z: right(z), CORRECT), (lambda z: z, NOT_YET), (softmax, NOT_STARTED)):
        result = calls.check("softmax", answer)
        assert (result.verdict, bool(result)) == (verdict, verdict == CORRECT)
    assert not calls.check("sofmax", right) and not calls.check()


def test_an_assertion_that_fails_has_said_why(capsys):
    with pytest.raises(AssertionError):
        run(f"assert {NOT_RIGHT}")
    assert "not a function" in capsys.readouterr().out


# ---------------------------------------------------------------- wrong calls


@pytest.mark.parametrize(
    ("code", "form"),
    [
        ("own_functions(3)", "own_functions()"),
        ("one_page(3)", "one_page()"),
        ("check('softmax', sed=3)", "check(name=None, answer=None, *, seed=None)"),
        ("practice(1, 'x', 3)", "practice(line=None, instead=None)"),
        ("counting()", "counting(network)"),
    ],
)
def test_a_call_that_takes_something_else_says_how_it_is_written(code, form):
    message = message_of(TypeError, eval, code, {name: getattr(course, name) for name in course.__all__})
    assert message.startswith(f"{form.split('(')[0]} cannot be called like this (") and message.endswith(f"{form}.")


def test_what_helps_the_finished_functions_is_not_offered():
    hidden = [name for name in calls.taught() if name.startswith("_")]
    assert hidden
    for name in hidden:
        assert calls.finished(name).text.startswith(f"There is no finished function {name!r}")
        assert "finished(" not in calls.check(name, ...).message
    assert "'_" not in calls.finished("mend_backward_pass").text
