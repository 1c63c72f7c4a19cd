"""Tests of my_rnn.py: what is written there, what stays, and what is read from there."""

import errno
import inspect
import linecache
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from answers import finished_page, of
from cells import COUNT, CROSS_ENTROPY, GRADIENT, ONE_HOT, SOFTMAX, START, TANH, blocks, copy_of_course, keep, python

import rnn_helpers
from course.base import texts
from course.base.hints import source_without_hints
from course.base.place import NOTEBOOKS, own_path
from course.checker import limit
from course.lessons import EXERCISES, OWN
from course.own import kept
from course.own.kept import own_functions
from course.own.progress import recall


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    """The folder of a learner who has done nothing yet."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    return tmp_path / "my_rnn"


# ---------------------------------------------------------------- what is written


def test_a_right_function_is_written_and_said_in_one_line(mine):
    assert keep("softmax", SOFTMAX) == f"Kept in my_rnn.py: 1 of {len(OWN)} is yours."
    assert keep("one_hot", ONE_HOT) == f"Kept in my_rnn.py: 2 of {len(OWN)} are yours."
    text = mine.read_text()
    assert text.startswith('"""Your own functions') and text.count("import numpy as np\n") == 1
    assert list(blocks(mine)) == ["one_hot", "softmax"], "in the order of the lessons"
    assert blocks(mine)["softmax"] == (
        "# ---------------- lesson 01: softmax\n"
        "def shifted(z):\n    return z - z.max(axis=-1, keepdims=True)\n\n\n"
        "def softmax(logits):\n    exps = np.exp(shifted(logits))  # as on the page\n"
        "    return exps / exps.sum(axis=-1, keepdims=True)\n\n\n"
    )


def test_the_place_of_the_file(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv("MY_RNN", os.path.join("~", "mine.py"))
    assert own_path() == Path(os.path.realpath(tmp_path)) / "mine.py"
    monkeypatch.setenv("MY_RNN", "")
    assert own_path() == NOTEBOOKS / "my_rnn.py"
    monkeypatch.delenv("MY_RNN")
    assert own_path() == NOTEBOOKS / "my_rnn.py"


def test_the_same_version_again_is_not_written_again(mine):
    first = keep("softmax", SOFTMAX)
    before = mine.stat().st_mtime_ns, mine.stat().st_ino
    assert keep("softmax", SOFTMAX) == first
    assert (mine.stat().st_mtime_ns, mine.stat().st_ino) == before


def test_a_new_version_takes_the_place_of_the_old_one_and_the_others_stay(mine):
    for name, code in [("count_parameters", COUNT), ("softmax", SOFTMAX), ("one_hot", ONE_HOT)]:
        keep(name, code)
    before = blocks(mine)
    keep("softmax", SOFTMAX.replace("as on the page", "the second version"))
    after = blocks(mine)
    assert "the second version" in after["softmax"] and "as on the page" not in mine.read_text()
    assert list(after) == list(before) == ["one_hot", "softmax", "count_parameters"]
    assert all(after[name] == before[name] for name in ("one_hot", "count_parameters"))


# ---------------------------------------------------------------- what the learner writes in the file


def test_an_edited_block_stays_until_a_newer_version_is_right(mine):
    keep("one_hot", ONE_HOT)
    keep("softmax", SOFTMAX)
    edited = mine.read_text().replace("# as on the page", "# my own words")
    mine.write_text(edited)
    keep("softmax", SOFTMAX)
    keep("one_hot", ONE_HOT)
    assert mine.read_text() == edited
    keep("softmax", SOFTMAX.replace("as on the page", "a newer one"))
    assert "a newer one" in mine.read_text() and "my own words" not in mine.read_text()


def test_an_edited_block_that_is_wrong_is_written_again(mine):
    keep("softmax", SOFTMAX)
    right = mine.read_text()
    mine.write_text(right.replace("exps / exps.sum", "exps * exps.sum"))
    assert list(own_functions()) == []
    keep("softmax", SOFTMAX)
    assert mine.read_text() == right


def test_the_head_and_the_end_stay_and_the_end_is_not_run(mine):
    keep("softmax", SOFTMAX)
    text = mine.read_text().replace(
        "import numpy as np\n", "import numpy as np\nimport random  # mine\n# and a remark\n"
    )
    mine.write_text(text + "\nraise SystemExit(softmax(np.zeros(2)))\nshifted = 5\n")
    keep("one_hot", ONE_HOT)
    keep("softmax", SOFTMAX.replace("shifted", "moved"))
    after = mine.read_text()
    assert after.endswith("\nraise SystemExit(softmax(np.zeros(2)))\nshifted = 5\n")
    assert "import random  # mine\n# and a remark\n" in after
    assert list(own_functions()) == ["one_hot", "softmax"] and own_functions().message == ""


def test_a_second_line_that_begins_the_end_is_a_part_of_it(mine):
    keep("one_hot", ONE_HOT)
    mine.write_text(mine.read_text() + "a = 1\n# ---- yours too\nb = 2\n")
    keep("softmax", SOFTMAX)
    assert mine.read_text().endswith("\na = 1\n# ---- yours too\nb = 2\n")


def test_an_import_that_the_learner_wrote_into_the_head_does_not_mislead(mine):
    keep("one_hot", ONE_HOT)
    head = "import numpy as np\n"
    mine.write_text(mine.read_text().replace(head, head + "from rnn_helpers import softmax\n"))
    keep("softmax_gradient", GRADIENT)
    keep("softmax", SOFTMAX)
    assert own_functions()["softmax_gradient"].__globals__["finished_softmax"] is rnn_helpers.softmax


def test_the_folder_of_the_course_is_named_once_and_stays(mine):
    keep("softmax_gradient", GRADIENT)
    keep("count_parameters", "import sys\n" + textwrap.dedent(COUNT).replace("2 *", "2 * bool(sys.path) *"))
    keep("tanh_backward", "import rnn_helpers as r\ndef tanh_backward(dh, h):\n    return dh * (1 - r.np.square(h))\n")
    assert keep("count_parameters", COUNT).startswith("Kept in my_rnn.py: 3 ")
    keep("cross_entropy", CROSS_ENTROPY)
    text = mine.read_text()
    assert text.count("sys.path.insert(0, ") == text.count("import pathlib, sys\n") == 1
    assert text.index("import pathlib") < text.index("import math") < text.index("from rnn_helpers import softmax")
    assert list(own_functions()) == ["cross_entropy", "softmax_gradient", "count_parameters", "tanh_backward"]


OLD_FILE = """import pathlib, sys
sys.path[:0] = ['/course', '/course/notebooks']  # the folders of the course

import counting
import gates as g
from gates import sigmoid as finished_sigmoid
from rnn_helpers import one_hot


# ---------------- lesson 01: softmax
def softmax(logits):
    from no_loop import attention
    assert callable(attention) and g.sigmoid is finished_sigmoid and counting.np.exp(0) == 1
    exps = counting.np.exp(logits - logits.max(axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)


# ---------------- yours: what stands below this line is never changed
"""


def test_a_file_of_the_earlier_edition_goes_on_working(mine):
    """There gates.py and the like lay beside the pages."""
    mine.write_text(OLD_FILE)
    functions = own_functions()
    assert list(functions) == ["softmax"] and functions.message == "" and mine.read_text() == OLD_FILE
    assert keep("one_hot", ONE_HOT) == f"Kept in my_rnn.py: 2 of {len(OWN)} are yours."
    text = mine.read_text()
    for line in (
        "import course.models.counting as counting",
        "import course.models.gates as g",
        "from course.models.gates import sigmoid as finished_sigmoid",
        "    from course.models.no_loop import attention",
    ):
        assert f"\n{line}\n" in text
    assert list(own_functions()) == ["one_hot", "softmax"] and not own_functions().message


def test_a_deleted_heading_costs_nothing(mine):
    keep("one_hot", ONE_HOT)
    keep("softmax", SOFTMAX)
    mine.write_text(mine.read_text().replace("# ---------------- lesson 01: softmax\n", ""))
    assert list(own_functions()) == ["one_hot", "softmax"] and list(blocks(mine)) == ["one_hot"]
    keep("one_hot", ONE_HOT.replace("[ids]", "[ids, :]"))
    assert list(own_functions()) == list(blocks(mine)) == ["one_hot", "softmax"]
    assert blocks(mine)["softmax"].count("def shifted") == 1 and "[ids, :]" in blocks(mine)["one_hot"]


def test_a_name_that_the_end_uses_is_not_taken(mine):
    keep("one_hot", ONE_HOT)
    mine.write_text(mine.read_text() + "shifted = 5\n")
    keep("softmax", SOFTMAX)
    assert "def shifted_for_softmax" in mine.read_text()


def test_windows_line_ends_and_a_mark_at_the_start(mine):
    keep("softmax", SOFTMAX)
    mine.write_bytes(b"\xef\xbb\xbf" + mine.read_bytes().replace(b"\n", b"\r\n"))
    assert list(own_functions()) == ["softmax"]
    assert keep("one_hot", ONE_HOT).startswith("Kept in my_rnn.py: 2")


@pytest.mark.parametrize("memory", [None, "", "no json", "[1]", '{"softmax": 3}', '{"softmax": {"version": 3}}'])
def test_without_what_is_remembered_the_file_is_enough(mine, memory):
    keep("one_hot", ONE_HOT)
    keep("softmax", SOFTMAX)
    (place,) = mine.parent.glob(".my_rnn*")
    place.unlink() if memory is None else place.write_text(memory)
    before = mine.stat().st_ino
    assert keep("softmax", SOFTMAX).startswith("Kept in my_rnn.py: 2 ")
    assert recall()["softmax"]["version"] and list(own_functions()) == ["one_hot", "softmax"]
    assert mine.stat().st_ino == before, "not written again"


# ---------------------------------------------------------------- what goes wrong


def test_a_damaged_file_is_put_aside_and_what_is_whole_comes_along(mine):
    keep("one_hot", ONE_HOT)
    keep("softmax", SOFTMAX)
    damaged = mine.read_text().replace("exps = np.exp(", "exps = np.exp((")
    mine.write_text(damaged)
    line = damaged[: damaged.index("exps = ")].count("\n") + 1
    assert own_functions().message == f"my_rnn.py has a fault in line {line}." and list(own_functions()) == ["one_hot"]
    says = keep("count_parameters", COUNT)
    assert says == (
        f"my_rnn.py had a fault in line {line}: the old file is now my_rnn_damaged.py. "
        f"Kept in my_rnn.py: 2 of {len(OWN)} are yours."
    )
    assert mine.with_name("my_rnn_damaged.py").read_text() == damaged
    assert list(own_functions()) == ["one_hot", "count_parameters"] and own_functions().message == ""
    mine.write_text("x = = 3\n" + mine.read_text())
    assert "the old file is now my_rnn_damaged_2.py" in keep("tanh_backward", TANH)
    assert list(own_functions()) == ["one_hot", "count_parameters", "tanh_backward"]


@pytest.mark.parametrize("raw", [b"\xff\xfe broken", b"\0\0\0", b"return 5\n", b"'''"])
def test_a_file_that_is_no_python_at_all(mine, raw):
    mine.write_bytes(raw)
    assert "had a fault in line 1" in keep("softmax", SOFTMAX)
    assert mine.with_name("my_rnn_damaged.py").read_bytes() == raw and list(own_functions()) == ["softmax"]


def refuses(code):
    def write(*given):
        raise OSError(code, os.strerror(code))

    return write


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_a_folder_that_cannot_be_written_gets_one_sentence(mine, monkeypatch, code):
    keep("one_hot", ONE_HOT)
    before = mine.read_bytes()
    monkeypatch.setattr(kept, "write_whole", refuses(code))
    assert keep("softmax", SOFTMAX) == f"It is not kept: my_rnn.py cannot be written ({os.strerror(code)})."
    assert mine.read_bytes() == before


def test_a_disk_that_is_full_in_the_middle_leaves_the_old_file(mine, monkeypatch):
    keep("one_hot", ONE_HOT)
    before = mine.read_bytes(), sorted(mine.parent.iterdir())
    monkeypatch.setattr(texts.os, "fsync", refuses(errno.ENOSPC))
    assert "No space left" in keep("softmax", SOFTMAX)
    assert (mine.read_bytes(), sorted(mine.parent.iterdir())) == before


def test_no_folder_and_a_folder_in_place_of_the_file(mine, monkeypatch):
    monkeypatch.setenv("MY_RNN", str(mine.parent / "nowhere" / "mine.py"))
    assert keep("softmax", SOFTMAX) == "It is not kept: mine.py cannot be written (there is no such folder)."
    assert own_functions() == {}
    mine.mkdir()
    monkeypatch.setenv("MY_RNN", str(mine))
    assert keep("softmax", SOFTMAX).startswith("It is not kept: my_rnn.py cannot be written (")
    assert own_functions() == {} and own_functions().message.startswith("my_rnn.py cannot be read (")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may write everywhere")
def test_a_read_only_folder(mine):
    mine.parent.chmod(0o500)
    try:
        assert keep("softmax", SOFTMAX).startswith("It is not kept: my_rnn.py cannot be written (")
    finally:
        mine.parent.chmod(0o700)


def test_a_source_that_has_changed_since_is_not_kept(mine, tmp_path, monkeypatch):
    file = tmp_path / "learners_module.py"
    file.write_text(textwrap.dedent(COUNT))
    monkeypatch.syspath_prepend(tmp_path)
    import learners_module

    assert linecache.getlines(str(file))
    file.write_text(textwrap.dedent(COUNT).replace("2 *", "3 *"))
    os.utime(file, (1, 1))
    assert kept.keep(EXERCISES["count_parameters"], learners_module.count_parameters).startswith("It is not kept in")
    assert not mine.exists()


# ---------------------------------------------------------------- reading it again


def test_own_functions_are_read_anew_and_only_right_ones(mine):
    assert own_functions() == {} and own_functions().message == "" and not mine.exists()
    keep("one_hot", ONE_HOT)
    keep("softmax", SOFTMAX)
    keep("softmax_gradient", GRADIENT)
    first = own_functions()["softmax"]
    assert np.allclose(first(np.log([1.0, 3.0])), [0.25, 0.75]) and own_functions()["softmax"] is not first
    text = mine.read_text()
    mine.write_text(
        text.replace("np.eye(vocab_size)", "2 * np.eye(vocab_size)").replace("def shifted", "1 / 0\ndef shifted")
    )
    functions = own_functions()
    assert list(functions) == ["softmax_gradient"]
    assert functions.message.split("\n") == [
        "my_rnn.py, softmax: ZeroDivisionError: division by zero.",
        "one_hot in my_rnn.py is no longer right: run its cell on the page again.",
    ]


def test_a_loop_in_the_file_that_does_not_end_is_stopped(mine, monkeypatch):
    keep("one_hot", ONE_HOT)
    mine.write_text(mine.read_text().replace("def one_hot", "while True:\n    pass\ndef one_hot"))
    monkeypatch.setattr(limit, "SECONDS", 0.3)
    assert own_functions() == {} and "a loop does not end" in own_functions().message
    assert keep("softmax", SOFTMAX) == "It is not kept in my_rnn.py: a loop in that file does not end."


def test_the_finished_function_written_into_the_file_is_not_the_learners(mine):
    keep("softmax", SOFTMAX)
    text = mine.read_text()
    mine.write_text(text.replace("def softmax(", "import rnn_helpers\nsoftmax = rnn_helpers.softmax\ndef other("))
    assert own_functions() == {} and "softmax in my_rnn.py is no longer right" in own_functions().message


def test_reading_leaves_python_as_it_was(mine, capsys):
    keep("softmax_gradient", GRADIENT)
    mine.write_text(mine.read_text().replace("def softmax_gradient", "print('hello')\ndef softmax_gradient"))
    before = list(sys.path), set(sys.modules), Path.cwd()
    assert list(own_functions()) == ["softmax_gradient"]
    assert (list(sys.path), set(sys.modules), Path.cwd()) == before
    assert capsys.readouterr().out == ""


def test_functions_of_rnn_helpers_that_a_page_has_replaced_play_no_part(mine, monkeypatch):
    keep("softmax_gradient", GRADIENT)
    monkeypatch.setattr(rnn_helpers, "softmax", lambda logits: 1 / 0)
    assert list(own_functions()) == ["softmax_gradient"]


def test_the_source_of_a_function_that_was_read_is_to_be_had(mine):
    keep("one_hot", ONE_HOT)
    keep("softmax", SOFTMAX)
    assert inspect.getsource(own_functions()["softmax"]).startswith("def softmax(logits):\n    exps = np.exp(shifted")


@pytest.mark.slow
@pytest.mark.parametrize("style", range(3))
def test_right_answers_of_every_style_stand_in_the_file_by_themselves(mine, style):
    chosen = {name: of(name, "right")[style] for name in OWN if len(of(name, "right")) > style}
    for name, answer in chosen.items():
        assert keep(name, answer.code, finished_page(name)).startswith("Kept in my_rnn.py"), answer
    assert list(own_functions()) == list(chosen) and own_functions().message == ""


@pytest.mark.slow
def test_the_solutions_typed_by_a_learner_stand_in_the_file_by_themselves(mine):
    for name, exercise in OWN.items():
        names = {key: value for key, value in vars(inspect.getmodule(exercise.function)).items() if key != name}
        source = source_without_hints(exercise.function)  # as solution() shows it
        assert keep(name, source, {**names, "__name__": "__main__"}).startswith("Kept in"), name
    assert list(own_functions()) == list(OWN) and own_functions().message == ""
    mine.write_text(mine.read_text() + "print(len(dir()))\n")
    run = subprocess.run([sys.executable, mine], capture_output=True, text=True, cwd=mine.parent)
    assert run.stderr == "" and int(run.stdout) > len(OWN)


# ---------------------------------------------------------------- after a restart


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course, with a home of its own, in a folder with a space in its name."""
    return copy_of_course(tmp_path_factory.mktemp("home") / "my course")


@pytest.mark.slow
def test_after_a_restart_it_is_there_from_every_folder(course, tmp_path):
    (course / "notebooks" / "page.py").write_text(
        textwrap.dedent(SOFTMAX) + textwrap.dedent(GRADIENT).replace("softmax(", "softmax(")
    )
    written = python(
        course,
        START
        + """
    import page
    print(keep(EXERCISES["softmax_gradient"], page.softmax_gradient))
    """,
        course / "notebooks",
    )
    assert written == f"Kept in my_rnn.py: 1 of {len(OWN)} is yours.\n"
    assert sorted(path.name for path in (course / "notebooks").glob("*my_rnn*")) == [
        ".my_rnn_progress.json",
        "my_rnn.py",
    ]
    assert str(course) not in (course / "notebooks" / "my_rnn.py").read_text(), "the folder may be moved"
    moved = course.parent / "moved"
    shutil.copytree(course, moved)
    test = "print(my_rnn.softmax_gradient([[0, 0]], [0]))"
    assert python(moved, f"import my_rnn; {test}", moved / "notebooks") == "[[-0.5  0.5]]\n"
    elsewhere = f"import sys; sys.path.append({str(moved / 'notebooks')!r}); import my_rnn; {test}"
    assert python(moved, elsewhere, tmp_path) == "[[-0.5  0.5]]\n"
    again = START + "print(list(own_functions()), own_functions().message)"
    assert python(moved, again, moved / "notebooks") == "['softmax_gradient'] \n"


@pytest.mark.slow
def test_in_a_notebook(course, mine):
    """A kernel keeps the sources of its cells in another way than files do."""
    manager = pytest.importorskip("jupyter_client.manager")
    surroundings = {**os.environ, "HOME": str(course.parent), "MY_RNN": str(mine)}
    kernel, client = manager.start_new_kernel(kernel_name="python3", cwd=str(course / "notebooks"), env=surroundings)
    try:
        last = 'print(keep(EXERCISES["softmax"], softmax))'
        for code in [textwrap.dedent(START), textwrap.dedent(SOFTMAX) + last, "softmax = lambda z: 1\n" + last]:
            reply = client.execute_interactive(code, timeout=1200, output_hook=lambda message: None)
            assert reply["content"]["status"] == "ok", reply["content"]
    finally:
        client.stop_channels()
        kernel.shutdown_kernel(now=True)
    assert "# as on the page" in mine.read_text() and "def shifted(z)" in mine.read_text()
    assert list(own_functions()) == ["softmax"]
