"""The folder my_rnn: what check writes there and says about it, what stays, and what is read from there."""

import errno
import inspect
import os
import shutil
import textwrap
from pathlib import Path

import numpy as np
import pytest
from answers import RIGHT, finished_page
from cells import GRADIENT, LOOP, ONE_HOT, SOFTMAX, START, copy_of_course, file_of, keep, page, python
from own_road import code_of

import rnn_helpers
from course.base import files
from course.base.place import NOTEBOOKS, own_folder
from course.calls import check
from course.checker.exercise import CHOOSE
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import EXERCISES, NETWORK, OWN, is_practice, page_of
from course.lessons.contents import QUESTIONS
from course.own import folder
from course.own.kept import own_functions
from course.own.memory import recall
from course.own.progress import progress

WRONG = SOFTMAX.replace("return exps / exps.sum(axis=-1, keepdims=True)", "return exps")


def check_cell(name, code):
    return check(name, page(code)[name])


def edit(name, old, new):
    """Change the file of a function, as a learner might in an editor."""
    text = file_of(name)
    assert old in text
    folder.path_of(name).write_text(text.replace(old, new), encoding="utf-8")


# ---------------------------------------------------------------- what check keeps and says


def test_a_right_function_is_written_and_said_in_one_line(mine):
    result, first = check_cell("softmax", SOFTMAX), len(NETWORK)
    assert result.verdict == CORRECT and result.message == EXERCISES["softmax"].notice
    assert result.kept == f"Kept in my_rnn/softmax.py: 1 of the {first} functions of your network is yours."
    assert repr(result).endswith(f"\n  {result.kept}") and result.kept in result._repr_html_()
    assert (
        keep("one_hot", ONE_HOT) == f"Kept in my_rnn/one_hot.py: 2 of the {first} functions of your network are yours."
    )
    says = keep("linear_loop", LOOP)
    count = sum(page_of(name).book == QUESTIONS for name in OWN)
    assert says == f"Kept in my_rnn/linear_loop.py: 1 of the {count} functions of the questions is yours."
    assert file_of("softmax") == (
        '"""softmax, page 01: yours. check put it here when it was right; you may change it."""\n\n'
        "import numpy as np\n\n\n"
        "def shifted(z):\n    return z - z.max(axis=-1, keepdims=True)\n\n\n"
        "def softmax(logits):\n    exps = np.exp(shifted(logits))  # as on the page\n"
        "    return exps / exps.sum(axis=-1, keepdims=True)\n"
    )
    there = sorted(path.name for path in mine.iterdir())
    assert there == ["__init__.py", "linear_loop.py", "one_hot.py", "progress", "softmax.py"]
    assert list(own_functions()) == progress().mine == ["one_hot", "softmax", "linear_loop"]


def test_a_wrong_function_is_not_kept_but_remembered_until_it_is_right():
    result = check_cell("softmax", WRONG)
    assert (result.verdict, result.kept) == (NOT_YET, "") and folder.yours() == []
    assert recall("softmax")["mistake"] == result.mistake == "softmax/not_divided"
    check_cell("softmax", SOFTMAX)
    kept = file_of("softmax")
    assert "mistake" not in recall("softmax")
    assert check_cell("softmax", WRONG).verdict == NOT_YET, "a wrong version leaves the right one"
    assert file_of("softmax") == kept and list(own_functions()) == ["softmax"]


@pytest.mark.slow
def test_a_stub_and_the_warm_up_are_not_kept(mine):
    for name, exercise in EXERCISES.items():
        assert check(name, ... if exercise.kind == CHOOSE else lambda *given: ...).verdict == NOT_STARTED
    assert list(mine.parent.iterdir()) == [], "a stub leaves no trace"
    names = [name for name in EXERCISES if is_practice(name)]
    results = [check(name, RIGHT[name][0]) for name in names]
    assert len(names) >= 4 and {(result.verdict, result.kept) for result in results} == {(CORRECT, "")}
    assert folder.yours() == [] == progress().mine


@pytest.mark.parametrize("code", ["from rnn_helpers import softmax", "import rnn_helpers as r\nsoftmax = r.softmax"])
def test_the_finished_function_is_called_so_and_not_kept(code):
    result = check_cell("softmax", code)
    assert result.verdict == CORRECT and folder.yours() == []
    assert result.kept == "This is the finished softmax of rnn_helpers: write your own to make it yours."


def test_a_stand_in_that_calls_the_learners_functions_is_the_courses():
    keep("softmax", SOFTMAX)
    names = {"__name__": "__main__", "theirs": own_functions().network.softmax_gradient}
    page("def softmax_gradient(z, t):\n    return theirs(z, t)\n", names)
    for function in (names["theirs"], names["softmax_gradient"]):
        assert check("softmax_gradient", function).kept.startswith("This is the finished softmax_gradient of rnn_help")
    assert folder.yours() == ["softmax"]


@pytest.mark.slow
def test_the_place_of_the_folder(mine, monkeypatch):
    monkeypatch.setenv("HOME", str(mine.parent))
    monkeypatch.setenv("USERPROFILE", str(mine.parent))
    monkeypatch.setenv("MY_RNN", os.path.join("~", "network_of_ann"))
    assert own_folder() == Path(os.path.realpath(mine.parent)) / "network_of_ann"
    assert keep("softmax_gradient", GRADIENT).startswith("Kept in network_of_ann/softmax_gradient.py: 1 ")
    code = "import network_of_ann as n, numpy as np; print(n.softmax_gradient(np.zeros((1, 2)), [0]))"
    assert python(mine.parent, code, mine.parent) == "[[-0.5  0.5]]\n"
    monkeypatch.setenv("MY_RNN", "")
    assert own_folder() == NOTEBOOKS / "my_rnn"


# ---------------------------------------------------------------- what the learner writes in a file


def test_an_edited_file_stays_until_a_newer_version_is_right():
    says = keep("softmax", SOFTMAX)
    edit("softmax", "# as on the page", "# my own words")
    with folder.path_of("softmax").open("a", encoding="utf-8") as file:
        file.write('\n\nif __name__ == "__main__":\n    raise SystemExit(softmax(np.zeros(2)))\n')
    edited = file_of("softmax")
    assert keep("softmax", SOFTMAX) == says and file_of("softmax") == edited
    assert list(own_functions()) == ["softmax"] and own_functions().message == ""
    keep("softmax", SOFTMAX.replace("as on the page", "a newer one"))
    assert "a newer one" in file_of("softmax") and "my own words" not in file_of("softmax")


@pytest.mark.slow
def test_an_edited_file_that_is_wrong_is_said_and_written_again():
    """Only the wrong one is named: those that call it are right with the course's function instead."""
    for name in ("softmax", "softmax_gradient", "apply_temperature"):
        keep(name, code_of(name), finished_page(name))
    right = file_of("softmax")
    edit("softmax", "def softmax(logits):\n", "def softmax(logits):\n    logits = 2 * logits\n")
    functions = own_functions()
    assert list(functions) == ["softmax_gradient", "apply_temperature"]
    assert functions.message == "softmax in my_rnn/softmax.py is no longer right: run its cell on the page again."
    assert functions["softmax_gradient"].__globals__["softmax"] is functions.network.softmax
    assert functions.network.softmax.__code__ is rnn_helpers.softmax.__code__
    assert keep("one_hot", ONE_HOT).startswith("Kept in"), "it has nothing to do with it"
    keep("softmax", code_of("softmax"), finished_page("softmax"))
    assert file_of("softmax") == right


@pytest.mark.parametrize("memory", [None, "no json", '{"kept": 3}'])
def test_without_what_is_remembered_the_file_is_enough(mine, memory):
    keep("softmax", SOFTMAX)
    place, path = mine / "progress" / "softmax.json", folder.path_of("softmax")
    place.unlink() if memory is None else place.write_text(memory)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))  # as an editor on Windows may save it
    before = path.read_bytes(), path.stat().st_mtime_ns
    assert keep("softmax", SOFTMAX).startswith("Kept in my_rnn/softmax.py: 1 ")
    assert recall("softmax")["kept"] and list(own_functions()) == ["softmax"]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before, "not written again"


@pytest.mark.parametrize("raw", [b"\xff\xfe broken", b"\0\0\0", b"return 5\n", b"def softmax(logits:\n"])
def test_a_damaged_file_is_said_and_put_aside_when_its_function_is_kept_again(mine, raw):
    keep("softmax", SOFTMAX)
    keep("softmax_gradient", GRADIENT)
    right = file_of("softmax")
    (mine / "softmax.py").write_bytes(raw)
    functions = own_functions()
    assert list(functions) == ["softmax_gradient"], "the course's softmax stands in"
    assert functions.message == "my_rnn/softmax.py: a syntax error in line 1."
    assert keep("softmax", SOFTMAX) == (
        "The old file was not valid Python: it is now my_rnn/softmax_damaged.py. "
        f"Kept in my_rnn/softmax.py: 2 of the {len(NETWORK)} functions of your network are yours."
    )
    assert (mine / "softmax_damaged.py").read_bytes() == raw and file_of("softmax") == right
    assert list(own_functions()) == ["softmax", "softmax_gradient"] and own_functions().message == ""


@pytest.mark.parametrize(
    "text, says",
    [
        ("", "there is no function softmax in it"),
        ("from rnn_helpers import softmax\n", "there is no function softmax in it"),
        ("1 / 0\n", "ZeroDivisionError: division by zero"),
        ("raise SystemExit\n", "SystemExit would end Python itself: leave it out"),
        pytest.param("while True:\n    pass\n", "It didn't end, so we stopped it", marks=pytest.mark.slow),
    ],
)
def test_a_file_that_does_not_work_hurts_no_other(text, says):
    keep("softmax", SOFTMAX)
    folder.path_of("softmax").write_text(text)
    assert keep("softmax_gradient", GRADIENT).startswith("Kept in my_rnn/softmax_gradient.py")
    functions = own_functions()
    assert list(functions) == ["softmax_gradient"] and functions.message == f"my_rnn/softmax.py: {says}."


# ---------------------------------------------------------------- what cannot be written


def test_a_folder_that_cannot_be_written_gets_one_sentence(mine, monkeypatch):
    def refuse(*given):
        raise OSError(errno.ENOSPC, "No space left on device")

    keep("one_hot", ONE_HOT)
    monkeypatch.setattr(files.os, "fsync", refuse)
    assert keep("softmax", SOFTMAX) == "It is right, but not kept: my_rnn cannot be written (No space left on device)."
    assert list(own_functions()) == ["one_hot"] and not list(mine.glob(".*")), "nothing is left of it"


@pytest.mark.parametrize(
    "place, says",
    [
        ("nowhere/mine", "mine cannot be written (there is no such folder)"),
        ("a_file", "a_file cannot be written ("),
    ],
)
def test_a_place_where_no_folder_can_be(mine, monkeypatch, place, says):
    (mine.parent / "a_file").write_text("a file")
    monkeypatch.setenv("MY_RNN", str(mine.parent / place))
    result = check_cell("linear_loop", LOOP)
    assert result.verdict == CORRECT and result.kept.startswith(f"It is right, but not kept: {says}")
    assert own_functions() == {} and own_functions().message == ""
    assert [path.name for path in mine.parent.iterdir()] == ["a_file"]
    assert progress().rows[list(EXERCISES).index("linear_loop")].status == "right"


# ---------------------------------------------------------------- reading it again


def test_reading_leaves_python_as_it_was_and_prints_nothing(mine, capsys, recwarn):
    assert own_functions() == {} and own_functions().message == "" and not mine.exists()
    keep("softmax", SOFTMAX)
    edit("softmax", "def softmax", "print('hello')\n'\\d' is np\ndef softmax")
    functions = own_functions()
    assert np.allclose(functions["softmax"](np.log([1.0, 3.0])), [0.25, 0.75])
    assert own_functions()["softmax"] is not functions["softmax"], "it is read anew"
    assert capsys.readouterr().out == "" and not [one for one in recwarn if one.category is SyntaxWarning]
    assert inspect.getsource(functions["softmax"]).startswith("def softmax(logits):\n    exps = np.exp(shifted")


def test_functions_of_rnn_helpers_that_a_page_has_replaced_play_no_part(monkeypatch):
    monkeypatch.setattr(rnn_helpers, "softmax", lambda logits: 1 / 0)
    keep("softmax_gradient", GRADIENT)
    assert list(own_functions()) == ["softmax_gradient"]


@pytest.mark.slow
def test_after_a_restart_it_is_there_from_every_folder(tmp_path_factory, tmp_path):
    course = copy_of_course(tmp_path_factory.mktemp("home") / "my course")  # a name with a space in it
    (course / "notebooks" / "page.py").write_text(textwrap.dedent(SOFTMAX) + textwrap.dedent(GRADIENT))
    keeps = 'import page\nprint(keep(EXERCISES["softmax_gradient"], page.softmax_gradient))'
    written = python(course, textwrap.dedent(START) + keeps, course / "notebooks")
    says = f"1 of the {len(NETWORK)} functions of your network is yours."
    assert written == f"Kept in my_rnn/softmax_gradient.py: {says}\n"
    (place,) = (course / "notebooks").glob("*my_rnn*")
    assert place.name == "my_rnn" and all(str(course) not in file.read_text() for file in place.glob("*.py"))
    moved = course.parent / "moved"
    shutil.copytree(course, moved)
    test = "print(my_rnn.softmax_gradient(my_rnn.one_hot([0], 2), [0]).shape, type(my_rnn.train_epoch).__name__)"
    assert python(moved, f"import my_rnn; {test}", moved / "notebooks") == "(1, 2) function\n"
    elsewhere = f"import sys; sys.path.append({str(moved / 'notebooks')!r}); import my_rnn; {test}"
    assert python(moved, elsewhere, tmp_path) == "(1, 2) function\n"
    again = textwrap.dedent(START) + "print(list(own_functions()), own_functions().message)"
    assert python(moved, again, moved / "notebooks") == "['softmax_gradient'] \n"


def test_what_a_page_writes_goes_to_the_folder_or_where_it_can_be_written(mine, monkeypatch, capsys):
    assert folder.for_files() == own_folder() and own_folder().is_dir() and capsys.readouterr().out == ""
    monkeypatch.setattr(os, "access", lambda *given: False)
    for why in ("it cannot be written", "there is no such folder"):
        place = folder.for_files()
        (place / "file").write_text("it can be written")
        assert place != own_folder() and capsys.readouterr().out == f"The files go to {place}, not to my_rnn: {why}.\n"
        shutil.rmtree(place)
        monkeypatch.setenv("MY_RNN", str(mine / "nowhere" / "my_rnn"))
