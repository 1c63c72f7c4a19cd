"""Tests of the folder my_rnn: what is written there, what stays, and what is read from there."""

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
from answers import finished_page
from cells import COUNT, GRADIENT, ONE_HOT, SOFTMAX, START, TANH, copy_of_course, file_of, keep, page, python
from helpers import every_case, random_network
from own_road import STYLES, code_of

import rnn_helpers
from course import progress
from course.base import files
from course.base.hints import source_without_hints
from course.base.place import NOTEBOOKS, own_folder
from course.checker import limit
from course.lessons import EXERCISES, OWN, round_of
from course.lessons.contents import FIRST_ROUND
from course.own import folder, kept
from course.own.kept import own_functions
from course.own.progress import note, recall


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    """The folder of a learner who has done nothing yet."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    return tmp_path / "my_rnn"


def edit(name, old, new):
    """Change the file of a function, as a learner does in an editor."""
    text = file_of(name)
    assert old in text
    folder.path_of(name).write_text(text.replace(old, new), encoding="utf-8")


# ---------------------------------------------------------------- what is written


def test_a_right_function_is_written_and_said_in_one_line(mine):
    first = len(FIRST_ROUND)
    assert keep("softmax", SOFTMAX) == f"Kept in my_rnn/softmax.py: 1 of {first} of the first round is yours."
    assert keep("one_hot", ONE_HOT) == f"Kept in my_rnn/one_hot.py: 2 of {first} of the first round are yours."
    assert file_of("softmax") == (
        '"""softmax, lesson 01: yours. check put it here when it was right; you may change it."""\n\n'
        "import numpy as np\n\n\n"
        "def shifted(z):\n    return z - z.max(axis=-1, keepdims=True)\n\n\n"
        "def softmax(logits):\n    exps = np.exp(shifted(logits))  # as on the page\n"
        "    return exps / exps.sum(axis=-1, keepdims=True)\n"
    )
    second = len(OWN) - first
    says = keep("count_parameters", COUNT)
    assert says == f"Kept in my_rnn/count_parameters.py: 1 of {second} of the second round is yours."


def test_the_rounds_hold_each_function_of_the_network_once():
    rounds = {round_of(name)[0]: round_of(name)[1] for name in OWN}
    assert rounds.keys() == {"first round", "second round"} and set(rounds["first round"]) == set(FIRST_ROUND)
    assert sorted([*rounds["first round"], *rounds["second round"]]) == sorted(OWN)


def test_the_folder_has_a_file_for_each_taught_name_and_nothing_else(mine):
    keep("softmax", SOFTMAX)
    there = sorted(path.name for path in mine.iterdir())
    assert there == sorted(["__init__.py", "progress", *[f"{name}.py" for name in OWN]])
    assert folder.yours() == ["softmax"] and list(mine.parent.iterdir()) == [mine]
    assert mine.stat().st_mode & 0o777 == (mine / "progress").stat().st_mode & 0o777, "as any new folder"


def test_a_stand_in_says_whose_it_is_and_how_it_becomes_the_learners():
    keep("softmax", SOFTMAX)
    for name in OWN:
        if name != "softmax":
            about = file_of(name).split("\n")[0]
            assert about.startswith("# Not yours yet: ") and f'check("{name}", {name})' in about
            assert not folder.is_yours(file_of(name))
    assert "from rnn_helpers import one_hot\n" in file_of("one_hot"), "it calls no other taught one"
    assert "from my_rnn.softmax import softmax\n" in file_of("output_probs")


def test_a_file_that_the_learner_deletes_comes_again_as_a_stand_in(mine):
    keep("softmax", SOFTMAX)
    keep("softmax_gradient", GRADIENT)
    folder.path_of("softmax").unlink()
    (mine / "__init__.py").write_text("")
    functions = own_functions()
    assert list(functions) == ["softmax_gradient"] and functions.message == ""
    assert functions.network.softmax is rnn_helpers.softmax
    keep("one_hot", ONE_HOT)
    assert file_of("softmax") == folder.stand_in_text("softmax") and file_of("__init__") == folder.init_text()
    assert keep("softmax", SOFTMAX).startswith("Kept in my_rnn/softmax.py: 3 of")


def test_the_place_of_the_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    here = Path(os.path.realpath(tmp_path))
    for named in ("mine", "mine.py", "mine/"):  # in an earlier edition MY_RNN named a file
        monkeypatch.setenv("MY_RNN", os.path.join("~", named))
        assert own_folder() == here / "mine"
    for nothing in ("", None):
        monkeypatch.delenv("MY_RNN") if nothing is None else monkeypatch.setenv("MY_RNN", nothing)
        assert own_folder() == NOTEBOOKS / "my_rnn"


def test_a_folder_of_another_name_is_imported_under_that_name(mine, monkeypatch):
    monkeypatch.setenv("MY_RNN", str(mine.parent / "network_of_ann.py"))
    assert keep("softmax_gradient", GRADIENT).startswith("Kept in network_of_ann/softmax_gradient.py: 1 ")
    assert "from network_of_ann.softmax import softmax\n" in file_of("softmax_gradient")
    assert list(own_functions()) == ["softmax_gradient"]
    code = "import network_of_ann; print(network_of_ann.softmax_gradient([[0, 0]], [0]))"
    assert python(mine.parent, code, mine.parent) == "[[-0.5  0.5]]\n"


def test_a_name_that_python_cannot_import_from_gets_a_sentence(mine, monkeypatch):
    monkeypatch.setenv("MY_RNN", str(mine.parent / "my rnn"))
    says = keep("softmax", SOFTMAX)
    assert says.startswith("It is right, but not kept: my rnn cannot be written (") and "import" in says
    assert not list(mine.parent.iterdir())


def marks_of(path):
    return path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino


def test_the_same_version_again_is_not_written_again():
    first = keep("softmax", SOFTMAX)
    before = marks_of(folder.path_of("softmax"))
    assert keep("softmax", SOFTMAX) == first
    assert marks_of(folder.path_of("softmax")) == before


def test_a_new_version_takes_the_place_of_the_old_one_and_all_other_files_stay(mine):
    for name, code in [("count_parameters", COUNT), ("softmax", SOFTMAX), ("one_hot", ONE_HOT)]:
        keep(name, code)
    before = {path.name: marks_of(path) for path in mine.glob("*.py")}
    keep("softmax", SOFTMAX.replace("as on the page", "the second version"))
    changed = [path.name for path in mine.glob("*.py") if marks_of(path) != before[path.name]]
    assert changed == ["softmax.py"] and "the second version" in file_of("softmax")
    assert "as on the page" not in file_of("softmax")


# ---------------------------------------------------------------- what the learner writes in a file


def test_an_edited_file_stays_until_a_newer_version_is_right():
    keep("one_hot", ONE_HOT)
    keep("softmax", SOFTMAX)
    edit("softmax", "# as on the page", "# my own words")
    edited = file_of("softmax")
    assert keep("softmax", SOFTMAX).startswith("Kept in my_rnn/softmax.py: 2 ")
    keep("one_hot", ONE_HOT)
    assert file_of("softmax") == edited
    keep("softmax", SOFTMAX.replace("as on the page", "a newer one"))
    assert "a newer one" in file_of("softmax") and "my own words" not in file_of("softmax")


def test_an_edited_file_that_is_wrong_is_written_again():
    keep("softmax", SOFTMAX)
    right = file_of("softmax")
    edit("softmax", "exps / exps.sum", "exps * exps.sum")
    assert list(own_functions()) == []
    keep("softmax", SOFTMAX)
    assert file_of("softmax") == right


def test_what_the_learner_adds_to_a_file_is_run_and_stays():
    keep("softmax", SOFTMAX)
    with folder.path_of("softmax").open("a", encoding="utf-8") as file:
        file.write('\n\nif __name__ == "__main__":\n    raise SystemExit(softmax(np.zeros(2)))\n')
    after = file_of("softmax")
    keep("softmax", SOFTMAX)
    assert file_of("softmax") == after and list(own_functions()) == ["softmax"] and own_functions().message == ""


def test_windows_line_ends_and_a_mark_at_the_start():
    keep("softmax", SOFTMAX)
    path = folder.path_of("softmax")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert list(own_functions()) == ["softmax"]
    before = path.read_bytes()
    assert keep("softmax", SOFTMAX).startswith("Kept in my_rnn/softmax.py: 1") and path.read_bytes() == before


@pytest.mark.parametrize("memory", [None, "", "no json", "[1]", '{"softmax": 3}', '{"kept": 3}'])
def test_without_what_is_remembered_the_file_is_enough(mine, memory):
    keep("one_hot", ONE_HOT)
    keep("softmax", SOFTMAX)
    place = mine / "progress" / "softmax.json"
    place.unlink() if memory is None else place.write_text(memory)
    before = marks_of(folder.path_of("softmax"))
    assert keep("softmax", SOFTMAX).startswith("Kept in my_rnn/softmax.py: 2 ")
    assert recall("softmax")["kept"] and list(own_functions()) == ["one_hot", "softmax"]
    assert marks_of(folder.path_of("softmax")) == before, "not written again"


# ---------------------------------------------------------------- what goes wrong


def test_a_damaged_file_is_put_aside_when_its_function_is_kept_again(mine):
    keep("one_hot", ONE_HOT)
    keep("softmax", SOFTMAX)
    right = file_of("softmax")
    edit("softmax", "exps = np.exp(", "exps = np.exp((")
    damaged = file_of("softmax")
    line = damaged[: damaged.index("exps = ")].count("\n") + 1
    assert own_functions().message == f"my_rnn/softmax.py: a fault in line {line}."
    assert list(own_functions()) == ["one_hot"]
    assert keep("count_parameters", COUNT).startswith("Kept in my_rnn/count_parameters.py: 1"), "nothing to do with it"
    assert file_of("softmax") == damaged
    says = keep("softmax", SOFTMAX)
    assert says == (
        "The file had a fault: it is now my_rnn/softmax_damaged.py. "
        f"Kept in my_rnn/softmax.py: 2 of {len(FIRST_ROUND)} of the first round are yours."
    )
    assert (mine / "softmax_damaged.py").read_text() == damaged and file_of("softmax") == right
    assert list(own_functions()) == ["one_hot", "softmax", "count_parameters"] and own_functions().message == ""
    folder.path_of("softmax").write_text("x = = 3\n")
    assert "it is now my_rnn/softmax_damaged_2.py" in keep("softmax", SOFTMAX)
    assert (mine / "softmax_damaged.py").read_text() == damaged


@pytest.mark.parametrize("raw", [b"\xff\xfe broken", b"\0\0\0", b"return 5\n", b"'''"])
def test_a_file_that_is_no_python_at_all(mine, raw):
    keep("softmax", SOFTMAX)
    keep("softmax_gradient", GRADIENT)
    (mine / "softmax.py").write_bytes(raw)
    functions = own_functions()
    assert list(functions) == ["softmax_gradient"], "the course's softmax stands in"
    assert functions.message == "my_rnn/softmax.py: a fault in line 1."
    assert "The file had a fault" in keep("softmax", SOFTMAX)
    assert (mine / "softmax_damaged.py").read_bytes() == raw and list(own_functions()) == [
        "softmax",
        "softmax_gradient",
    ]


def test_an_empty_file_and_one_without_the_function(mine):
    keep("one_hot", ONE_HOT)
    keep("softmax", SOFTMAX)
    for text in ("", "def soft_max(logits):\n    return logits\n", "softmax = 5\n"):
        (mine / "softmax.py").write_text(text)
        assert list(own_functions()) == ["one_hot"]
        assert own_functions().message == "my_rnn/softmax.py: there is no function softmax in it."
    assert keep("softmax", SOFTMAX).startswith("Kept in my_rnn/softmax.py: 2 of")
    assert not list(mine.glob("*damaged*"))


def refuses(code):
    def write(*given):
        raise OSError(code, os.strerror(code))

    return write


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.ENOSPC])
def test_a_folder_that_cannot_be_written_gets_one_sentence(monkeypatch, code):
    keep("one_hot", ONE_HOT)
    before = file_of("softmax")
    monkeypatch.setattr(folder, "write_whole", refuses(code))
    says = f"It is right, but not kept: my_rnn cannot be written ({os.strerror(code)})."
    assert keep("softmax", SOFTMAX) == says and file_of("softmax") == before


def everything_in(place):
    return {path.relative_to(place): path.read_bytes() if path.is_file() else b"" for path in place.rglob("*")}


def test_a_disk_that_is_full_in_the_middle_leaves_the_old_file(mine, monkeypatch):
    keep("one_hot", ONE_HOT)
    before = everything_in(mine.parent)
    monkeypatch.setattr(files.os, "fsync", refuses(errno.ENOSPC))
    assert "No space left" in keep("softmax", SOFTMAX)
    assert everything_in(mine.parent) == before


def test_a_disk_that_is_full_from_the_start_leaves_nothing(mine, monkeypatch):
    monkeypatch.setattr(Path, "write_text", lambda self, text, **how: refuses(errno.ENOSPC)())
    assert "No space left" in keep("softmax", SOFTMAX)
    assert not list(mine.parent.iterdir()), "not half a folder either"


def test_no_folder_around_it_and_a_file_in_its_place(mine, monkeypatch):
    monkeypatch.setenv("MY_RNN", str(mine.parent / "nowhere" / "mine"))
    assert keep("softmax", SOFTMAX) == ("It is right, but not kept: mine cannot be written (there is no such folder).")
    assert own_functions() == {} and own_functions().message == ""
    monkeypatch.setenv("MY_RNN", str(mine))
    mine.write_text("a file")
    assert keep("softmax", SOFTMAX) == (
        "It is right, but not kept: my_rnn cannot be written (there is a file of that name)."
    )
    assert own_functions() == {} and mine.read_text() == "a file"


def test_a_folder_in_the_place_of_a_file(mine):
    keep("one_hot", ONE_HOT)
    (mine / "softmax.py").unlink()
    (mine / "softmax.py").mkdir()
    assert keep("softmax", SOFTMAX).startswith("It is right, but not kept: my_rnn cannot be written (")
    assert list(own_functions()) == ["one_hot"] and "my_rnn/softmax.py" in own_functions().message


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="this user may write everywhere")
@pytest.mark.parametrize("there", [False, True])
def test_a_read_only_folder(mine, there):
    if there:
        keep("one_hot", ONE_HOT)
    place = mine if there else mine.parent
    place.chmod(0o500)
    try:
        assert keep("softmax", SOFTMAX).startswith("It is right, but not kept: my_rnn cannot be written (")
        assert list(own_functions()) == ["one_hot"] * there
    finally:
        place.chmod(0o700)


def test_a_source_that_has_changed_since_is_not_kept(mine, tmp_path, monkeypatch):
    file = tmp_path / "learners_module.py"
    file.write_text(textwrap.dedent(COUNT))
    monkeypatch.syspath_prepend(tmp_path)
    import learners_module

    assert linecache.getlines(str(file))
    file.write_text(textwrap.dedent(COUNT).replace("2 *", "3 *"))
    os.utime(file, (1, 1))
    says = kept.keep(EXERCISES["count_parameters"], learners_module.count_parameters)
    assert says.startswith("It is right, but not kept in my_rnn: ") and not mine.exists()


# ---------------------------------------------------------------- reading it again


def test_own_functions_are_read_anew_and_only_right_ones(mine):
    assert own_functions() == {} and own_functions().message == "" and not mine.exists()
    keep("one_hot", ONE_HOT)
    keep("softmax", SOFTMAX)
    keep("softmax_gradient", GRADIENT)
    first = own_functions()["softmax"]
    assert np.allclose(first(np.log([1.0, 3.0])), [0.25, 0.75]) and own_functions()["softmax"] is not first
    edit("one_hot", "np.eye(vocab_size)", "2 * np.eye(vocab_size)")
    edit("softmax", "def shifted", "1 / 0\ndef shifted")
    functions = own_functions()
    assert list(functions) == ["softmax_gradient"]
    assert functions.message.split("\n") == [
        "my_rnn/softmax.py: ZeroDivisionError: division by zero.",
        "one_hot in my_rnn/one_hot.py is no longer right: run its cell on the page again.",
    ]


def test_who_calls_a_wrong_one_is_right_with_that_of_the_course(mine):
    """What is wrong is named alone: its callers are tried again with the course's in its place."""
    for name in ("softmax", "softmax_gradient", "output_probs", "forward_pass"):
        keep(name, code_of(name), finished_page(name))
    edit("softmax", "def softmax(logits):\n", "def softmax(logits):\n    logits = 2 * logits\n")
    functions = own_functions()
    assert list(functions) == ["softmax_gradient", "output_probs", "forward_pass"]
    assert functions.message == ("softmax in my_rnn/softmax.py is no longer right: run its cell on the page again.")
    assert functions.network.softmax is rnn_helpers.softmax
    assert functions["softmax_gradient"].__globals__["softmax"] is rnn_helpers.softmax


OLD_SAMPLER = """
def sample_ids(parameters, h, first_id, length, rng):
    ids = []
    for _ in range(length):
        h = rnn_step(ids[-1] if ids else first_id, h, parameters)
        ids.append(draw(output_probs(h, parameters), rng.random()))
    return ids
"""


def test_a_function_from_before_an_argument_came_is_to_be_written_again(mine):
    """sample_ids takes a temperature now: the course's stands in, so that a page can hand one over."""
    keep("rnn_step", code_of("rnn_step"), finished_page("rnn_step"))
    imports = "".join(f"from my_rnn.{name} import {name}\n" for name in ("draw", "output_probs", "rnn_step"))
    folder.write("sample_ids", imports + OLD_SAMPLER)
    note("sample_ids", verdict="correct", kept="before", solved="yes")
    functions = own_functions()
    assert list(functions) == ["rnn_step"]
    assert functions.message == (
        "sample_ids in my_rnn/sample_ids.py is not done yet: it takes one more argument now, temperature=1.0, so write "
        "it again on its page."
    )
    given = random_network(3, 4, 0), np.zeros(3), 1, 9
    written = functions.network.sample_ids(*given, np.random.default_rng(0), 0.5)
    assert written == rnn_helpers.sample_ids(*given, np.random.default_rng(0), 0.5)
    row = next(row for row in progress().rows if row.name == "sample_ids")
    assert (row.status, row.line, row.is_open) == ("not yet", "it takes temperature=1.0 now", True)
    assert keep("sample_ids", code_of("sample_ids"), finished_page("sample_ids")).startswith("Kept in my_rnn/sample_id")
    assert list(own_functions()) == ["rnn_step", "sample_ids"] and own_functions().message == ""
    assert next(row for row in progress().rows if row.name == "sample_ids").status == "done"


@pytest.mark.parametrize(
    "code",
    [
        "def numerical_gradient(f, x):\n    return x\n",
        "def numerical_gradient(f, *others):\n    return others\n",
        "numerical_gradient = lambda f, x: x\n",
        "def numerical_gradient(f, x, size):\n    return x\n",
        "def numerical_gradient(f, x:\n",
    ],
)
def test_of_which_file_it_is_said_that_an_argument_is_new(code):
    folder.write("numerical_gradient", code)
    assert folder.new_argument("numerical_gradient") == ("epsilon=1e-05" if "(f, x):" in code else "")
    assert folder.new_argument("softmax") == folder.new_argument("sample_ids") == "", "they are the course's"


def test_the_network_has_all_functions_theirs_and_the_courses():
    keep("softmax", SOFTMAX)
    functions = own_functions()
    assert set(vars(functions.network)) == set(OWN) and functions.network.softmax is functions["softmax"]
    assert functions.network.one_hot is rnn_helpers.one_hot


@pytest.mark.parametrize("where", ["softmax", "one_hot"])
def test_a_loop_in_a_file_that_does_not_end_is_stopped(monkeypatch, where):
    keep("one_hot", ONE_HOT)
    keep("softmax", SOFTMAX)
    edit(where, "import numpy", "while True:\n    pass\nimport numpy")
    monkeypatch.setattr(limit, "JUMPS", 100_000)
    functions = own_functions()
    assert list(functions) == [name for name in ("one_hot", "softmax") if name != where]
    assert functions.message == f"my_rnn/{where}.py: a loop does not end."
    calls = textwrap.dedent(GRADIENT).replace("return", f"from my_rnn.{where} import {where}\n    return")
    keep("softmax_gradient", calls)
    assert keep(where, {"softmax": SOFTMAX, "one_hot": ONE_HOT}[where]).startswith(f"Kept in my_rnn/{where}.py")


@pytest.mark.parametrize(
    "old, new",
    [
        ("import numpy", "while True:\n    pass\nimport numpy"),
        ("import numpy", "raise SystemExit\nimport numpy"),
        ("import numpy", "import nump"),
        ("import numpy", "import = numpy"),
        ("def softmax(", "def soft_max("),
        ("return exps /", "return exps *"),
    ],
)
def test_a_right_function_does_not_suffer_from_one_that_is_no_longer_right(monkeypatch, old, new):
    """It calls the learner's, whatever is wrong with that one now: it is named until it is right again."""
    keep("softmax", SOFTMAX)
    edit("softmax", old, new)
    monkeypatch.setattr(limit, "JUMPS", 100_000)
    assert keep("softmax_gradient", GRADIENT).startswith("Kept in my_rnn/softmax_gradient.py")
    assert "from my_rnn.softmax import softmax\n" in file_of("softmax_gradient")
    functions = own_functions()
    assert list(functions) == ["softmax_gradient"] and "my_rnn/softmax.py" in functions.message


@pytest.mark.parametrize("end", ["raise SystemExit", "raise KeyboardInterrupt", "import sys; sys.exit(3)"])
def test_a_file_that_ends_python_ends_nothing(end):
    for name, code in [("one_hot", ONE_HOT), ("softmax", SOFTMAX), ("count_parameters", COUNT)]:
        keep(name, code)
    edit("softmax", "import numpy", f"{end}\nimport numpy")
    functions = own_functions()
    assert list(functions) == ["one_hot", "count_parameters"] and "my_rnn/softmax.py" in functions.message


def test_the_finished_function_written_into_the_file_is_not_the_learners():
    keep("softmax", SOFTMAX)
    edit("softmax", "def softmax(", "import rnn_helpers\nsoftmax = rnn_helpers.softmax\ndef other(")
    assert own_functions() == {} and "softmax in my_rnn/softmax.py is no longer right" in own_functions().message


def test_reading_leaves_python_as_it_was(capsys):
    keep("softmax_gradient", GRADIENT)
    edit("softmax_gradient", "def softmax_gradient", "print('hello')\ndef softmax_gradient")
    before = list(sys.path), set(sys.modules), list(sys.meta_path), Path.cwd()
    assert list(own_functions()) == ["softmax_gradient"]
    assert (list(sys.path), set(sys.modules), list(sys.meta_path), Path.cwd()) == before
    assert capsys.readouterr().out == ""


def test_another_module_that_has_the_name_of_the_folder_stays(tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "my_rnn.py").write_text("softmax = 3\n")
    monkeypatch.syspath_prepend(tmp_path / "elsewhere")
    import my_rnn

    try:
        keep("softmax", SOFTMAX)
        assert list(own_functions()) == ["softmax"] and sys.modules["my_rnn"] is my_rnn and my_rnn.softmax == 3
    finally:
        del sys.modules["my_rnn"]


def test_functions_of_rnn_helpers_that_a_page_has_replaced_play_no_part(monkeypatch):
    keep("softmax_gradient", GRADIENT)
    monkeypatch.setattr(rnn_helpers, "softmax", lambda logits: 1 / 0)
    assert list(own_functions()) == ["softmax_gradient"]


def test_the_source_of_a_function_that_was_read_is_to_be_had():
    keep("one_hot", ONE_HOT)
    keep("softmax", SOFTMAX)
    assert inspect.getsource(own_functions()["softmax"]).startswith("def softmax(logits):\n    exps = np.exp(shifted")


def test_after_a_keep_the_next_import_on_the_page_has_the_new_function(mine, monkeypatch):
    keep("softmax_gradient", GRADIENT)
    monkeypatch.syspath_prepend(mine.parent)
    names = page("from my_rnn import softmax, softmax_gradient")
    assert names["softmax"] is rnn_helpers.softmax
    keep("softmax", SOFTMAX)
    page("from my_rnn import softmax, softmax_gradient", names)
    assert names["softmax"].__code__.co_filename == str(folder.path_of("softmax"))
    assert names["softmax_gradient"].__globals__["softmax"] is names["softmax"]
    keep("one_hot", ONE_HOT)
    assert not [name for name in sys.modules if name.partition(".")[0] == "my_rnn"]


@pytest.mark.slow
@pytest.mark.parametrize("style", STYLES)
def test_right_answers_of_every_style_stand_in_their_files_by_themselves(style):
    with every_case() as case:
        for name in OWN:
            with case(name):
                says = keep(name, code_of(name, style), finished_page(name))
                assert says.startswith(f"Kept in my_rnn/{name}.py: "), says
                assert "wrong now" not in says, says
    assert list(own_functions()) == list(OWN) and own_functions().message == ""


@pytest.mark.slow
def test_the_solutions_typed_by_a_learner_stand_in_their_files_by_themselves(mine):
    with every_case() as case:
        for name, exercise in OWN.items():
            names = {key: value for key, value in vars(inspect.getmodule(exercise.function)).items() if key != name}
            source = source_without_hints(exercise.function)  # as solution() shows it
            with case(name):
                assert keep(name, source, {**names, "__name__": "__main__"}).startswith("Kept in")
    assert list(own_functions()) == list(OWN) and own_functions().message == ""
    code = "import my_rnn; print(len([name for name in dir(my_rnn) if callable(getattr(my_rnn, name))]))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=mine.parent)
    assert run.stderr == "" and int(run.stdout) == len(OWN)


# ---------------------------------------------------------------- after a restart


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A copy of the course, with a home of its own, in a folder with a space in its name."""
    return copy_of_course(tmp_path_factory.mktemp("home") / "my course")


@pytest.mark.slow
def test_after_a_restart_it_is_there_from_every_folder(course, tmp_path):
    (course / "notebooks" / "page.py").write_text(textwrap.dedent(SOFTMAX) + textwrap.dedent(GRADIENT))
    keeps = 'import page\nprint(keep(EXERCISES["softmax_gradient"], page.softmax_gradient))'
    written = python(course, textwrap.dedent(START) + keeps, course / "notebooks")
    says = f"1 of {len(FIRST_ROUND)} of the first round is yours."
    assert written == f"Kept in my_rnn/softmax_gradient.py: {says}\n"
    (place,) = (course / "notebooks").glob("*my_rnn*")
    assert place.name == "my_rnn" and all(str(course) not in file.read_text() for file in place.glob("*.py"))
    moved = course.parent / "moved"
    shutil.copytree(course, moved)
    test = "print(my_rnn.softmax_gradient([[0, 0]], [0]))"
    assert python(moved, f"import my_rnn; {test}", moved / "notebooks") == "[[-0.5  0.5]]\n"
    elsewhere = f"import sys; sys.path.append({str(moved / 'notebooks')!r}); import my_rnn; {test}"
    assert python(moved, elsewhere, tmp_path) == "[[-0.5  0.5]]\n"
    again = textwrap.dedent(START) + "print(list(own_functions()), own_functions().message)"
    assert python(moved, again, moved / "notebooks") == "['softmax_gradient'] \n"


@pytest.mark.slow
def test_in_a_notebook(course, mine):
    """A kernel keeps the sources of its cells in another way than files do."""
    manager = pytest.importorskip("jupyter_client.manager")
    surroundings = {**os.environ, "HOME": str(course.parent), "MY_RNN": str(mine)}
    kernel, client = manager.start_new_kernel(kernel_name="python3", cwd=str(course / "notebooks"), env=surroundings)
    printed = []

    def listen(message):
        if message["msg_type"] == "stream":
            printed.append(message["content"]["text"])

    try:
        last = 'print(keep(EXERCISES["softmax"], softmax))'
        timed = "%%time\ndef tanh_backward(dh, h):\n    return dh * (1 - h**2)\n"
        cells = [textwrap.dedent(START), textwrap.dedent(SOFTMAX) + last, "softmax = lambda z: 1\n" + last]
        cells += [timed, 'print(keep(EXERCISES["tanh_backward"], tanh_backward))']
        for code in cells:
            reply = client.execute_interactive(code, timeout=1200, output_hook=listen)
            assert reply["content"]["status"] == "ok", reply["content"]
    finally:
        client.stop_channels()
        kernel.shutdown_kernel(now=True)
    assert "# as on the page" in file_of("softmax") and "def shifted(z)" in file_of("softmax")
    assert list(own_functions()) == ["softmax"]
    assert printed[-1] == (
        "It is right, but not kept in my_rnn: the source of `tanh_backward` is not found. "
        "Does its cell begin with `%%time` or the like?\n"
    )


def test_tanh_is_kept_as_it_is():
    assert keep("tanh_backward", TANH).startswith("Kept in") and file_of("tanh_backward").endswith(TANH)
