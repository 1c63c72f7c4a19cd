"""Tests of what an earlier edition of the course kept: the one file my_rnn.py, and what was remembered beside it."""

import json
import sys
import textwrap

import pytest
from cells import COUNT, ONE_HOT, START, TANH, copy_of_course, file_of, keep, python

import rnn_helpers
from course import progress
from course.checker import limit
from course.checker.words import CORRECT, NOT_YET
from course.lessons import OWN
from course.own import folder
from course.own.kept import own_functions
from course.own.progress import recall, remember

pytestmark = pytest.mark.slow  # each test fills a folder, and many run all that is in it


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    """The folder of a learner who has done nothing in this edition."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    return tmp_path / "my_rnn"


@pytest.fixture
def old(mine):
    """The place of the old file."""
    return mine.with_suffix(".py")


def in_folder():
    """The names of the learner's functions in the folder, in the order of the lessons."""
    return folder.yours()


# As the first edition wrote it: modules stood beside the pages then.
FIRST = """import pathlib, sys
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
# As the edition before this one wrote it: helpers and finished functions have names of their own in the file.
SECOND = '''"""Your own functions: check() puts each one here when it is right, in the order of the lessons."""

import pathlib, sys
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))  # the folder of rnn_helpers.py

import numpy as np
from rnn_helpers import output_probs as finished_output_probs
from rnn_helpers import softmax as finished_softmax


# ---------------- lesson 01: one_hot
def one_hot(ids, vocab_size):
    return np.eye(vocab_size)[ids]


# ---------------- lesson 01: softmax
def shifted(z):
    return z - z.max(axis=-1, keepdims=True)


def softmax(logits):
    exps = np.exp(shifted(logits))  # as on the page
    return exps / exps.sum(axis=-1, keepdims=True)


# ---------------- lesson 01: softmax_gradient
def softmax_gradient(logits, targets):
    slopes = finished_softmax(logits)
    for t, target in enumerate(targets):
        slopes[t, target] -= 1
    return slopes


# ---------------- lesson 02: output_probs
def output_probs(h, parameters):
    return finished_softmax(parameters.W_hy @ h + parameters.b_y)


# ---------------- lesson 02: forward_pass
def forward_pass(inputs, targets, h, parameters):
    hidden, probs = [h], []
    for id in inputs:
        h = np.tanh(parameters.W_hh @ h + parameters.W_xh[:, id] + parameters.b_h)
        hidden.append(h)
        probs.append(finished_output_probs(h, parameters))
    return np.array(probs), np.array(hidden)


# ---------------- lesson 02: count_parameters
def shifted_for_count_parameters(z):
    return z


def counted(hidden_size, vocab_size):
    H, V = hidden_size, vocab_size
    return shifted_for_count_parameters(2) * H * V + H * H + H + V


count_parameters = counted


# ---------------- lesson 03: tanh_backward
def tanh_backward(dh, h):
    return dh * (1 - h**2)


# ---------------- lesson 03: hidden_gradients
def hidden_gradients(dh_from_output, hidden, parameters):
    da, later = np.zeros_like(dh_from_output), 0
    for t in reversed(range(len(da))):
        da[t] = tanh_backward(dh_from_output[t] + later, hidden[t + 1])
        later = parameters.W_hh.T @ da[t]
    return da


# ---------------- yours: what stands below this line is never changed
raise SystemExit("what the learner wrote here was never run")
'''
TAKEN = ["one_hot", "softmax", "softmax_gradient", "output_probs", "tanh_backward", "hidden_gradients"]
TAKEN += ["count_parameters"]
SAYS = (
    "Your functions of my_rnn.py stand in the folder my_rnn now, a file for each. The file is my_rnn_old.py. "
    "Not right any more, and left in it: forward_pass."
)


# ---------------------------------------------------------------- the file


def test_the_next_keep_takes_the_old_file_over_and_says_so(mine, old):
    old.write_text(SECOND)
    says = keep("one_hot", ONE_HOT.replace("[ids]", "[ids, :]"))
    assert says.split("\n")[0] == SAYS and says.split("\n")[1].startswith("Kept in my_rnn/one_hot.py: 6 of ")
    assert in_folder() == TAKEN and "[ids, :]" in file_of("one_hot")
    assert not old.exists() and old.with_name("my_rnn_old.py").read_text() == SECOND
    assert list(own_functions()) == TAKEN and own_functions().message == ""
    assert keep("one_hot", ONE_HOT).startswith("Kept in my_rnn/one_hot.py"), "it is said once"


def test_own_functions_takes_the_old_file_over_and_says_so(old):
    old.write_text(SECOND)
    functions = own_functions()
    assert list(functions) == TAKEN and functions.message == SAYS
    assert list(own_functions()) == TAKEN and own_functions().message == ""


def test_progress_takes_the_old_file_over_and_says_so(old):
    old.write_text(SECOND)
    shown = progress()
    assert shown.mine == TAKEN and SAYS in repr(shown) and SAYS in shown._repr_html_().replace("<br>", "\n")
    assert "Your functions of" not in repr(progress())


def test_the_functions_call_each_other_in_the_folder(old):
    """finished_X stood for the function of rnn_helpers; a helper or a taught function stood there once for all."""
    old.write_text(SECOND)
    functions = own_functions()
    assert "from my_rnn.softmax import softmax as finished_softmax\n" in file_of("softmax_gradient")
    assert functions["output_probs"].__globals__["finished_softmax"] is functions["softmax"]
    assert functions["hidden_gradients"].__globals__["tanh_backward"] is functions["tanh_backward"]
    assert "def shifted(z)" in file_of("softmax") and "def shifted_for_count_parameters(z)" in file_of(
        "count_parameters"
    )
    assert file_of("count_parameters").endswith("\n\n\ncount_parameters = counted\n")
    assert all("finished_" not in file_of(name) or "my_rnn" in file_of(name) for name in TAKEN)
    assert functions.network.forward_pass.__module__ == "course.own.stand_ins", "the one that is left stands in"


def test_a_file_of_the_first_edition_is_taken_over(old):
    before = list(sys.path)
    old.write_text(FIRST)
    functions = own_functions()
    assert list(functions) == ["softmax"] and "Not right any more" not in functions.message
    for line in (
        "import course.models.counting as counting",
        "import course.models.gates as g",
        "from course.models.gates import sigmoid as finished_sigmoid",
        "    from course.models.no_loop import attention",
    ):
        assert f"\n{line}\n" in file_of("softmax")
    assert sys.path == before


def test_my_rnn_may_still_name_the_old_file(mine, old, monkeypatch):
    monkeypatch.setenv("MY_RNN", str(old))
    old.write_text(SECOND)
    assert list(own_functions()) == TAKEN and (mine / "softmax.py").exists()


def test_what_stands_in_the_folder_already_stays(old):
    keep("softmax", "import numpy as np\ndef softmax(z):\n    e = np.exp(z - z.max(-1, keepdims=True))\n"
         "    return e / e.sum(-1, keepdims=True)\n")  # fmt: skip
    before = file_of("softmax")
    old.write_text(SECOND)
    assert list(own_functions()) == TAKEN and file_of("softmax") == before


def test_an_old_file_beside_another_one(mine, old):
    for number, name in enumerate(("my_rnn_old.py", "my_rnn_old_2.py", "my_rnn_old_3.py")):
        old.write_text(f"# {number}\n{TANH}")
        functions = own_functions()
        assert f"The file is {name}." in functions.message and list(functions) == ["tanh_backward"]
        assert old.with_name(name).read_text() == f"# {number}\n{TANH}"
    assert len(list(mine.parent.glob("*.py"))) == 3


@pytest.mark.parametrize(
    "text", ["", "x = = 3\n", "'''", "\0", "1 / 0\n", "raise SystemExit\n", "from nowhere import x\n"]
)
def test_an_old_file_that_holds_nothing_is_moved_too(mine, old, text):
    old.write_text(text)
    assert keep("tanh_backward", TANH).endswith("1 of 19 of the first round is yours.")
    assert old.with_name("my_rnn_old.py").read_text() == text and not old.exists()


def test_damaged_parts_stay_behind_and_the_others_come_along(old):
    text = SECOND.replace("exps = np.exp(", "exps = np.exp((").replace(
        "# ---------------- lesson 02: output", "1 / 0\n# ---- lesson 02: output"
    )
    old.write_text(text)
    functions = own_functions()
    assert list(functions) == [name for name in TAKEN if name != "softmax"]
    assert functions.network.softmax is rnn_helpers.softmax
    assert old.with_name("my_rnn_old.py").read_text() == text


def test_a_fault_in_the_head_costs_no_more_than_its_line(old):
    old.write_text(SECOND.replace("import numpy as np\n", "import = math\nimport numpy as np\n"))
    assert list(own_functions()) == TAKEN


def test_a_part_that_does_not_end_stops_what_comes_after_it(old, monkeypatch):
    old.write_text(
        SECOND.replace("def count_parameters", "while True:\n    pass\n\n\ndef count_parameters").replace(
            "def counted", "while True:\n    pass\n\n\ndef counted"
        )
    )
    monkeypatch.setattr(limit, "JUMPS", 100_000)
    assert list(own_functions()) == TAKEN[:4]


def test_what_cannot_stand_in_a_file_is_named(old):
    text = SECOND.replace(
        "    return dh * (1 - h**2)", "    return dh * (1 - h**2) + (__name__ == 'my_rnn.tanh_backward')"
    )
    old.write_text(text)
    assert own_functions().message.endswith("Not right any more, and left in it: forward_pass, tanh_backward.")
    assert "from my_rnn.tanh_backward import tanh_backward\n" in file_of("hidden_gradients")
    assert own_functions().network.tanh_backward is rnn_helpers.tanh_backward


def test_windows_line_ends_and_a_mark_at_the_start(old):
    old.write_bytes(b"\xef\xbb\xbf" + SECOND.replace("\n", "\r\n").encode())
    assert list(own_functions()) == TAKEN


def test_where_nothing_can_be_written_the_old_file_stays(old, monkeypatch):
    def refuse(*given, **options):
        raise PermissionError(13, "Permission denied")

    old.write_text(SECOND)
    with monkeypatch.context() as patch:
        patch.setattr(folder, "make", refuse)
        says = keep("one_hot", ONE_HOT)
        assert says.endswith("my_rnn cannot be written (Permission denied).")
        assert own_functions() == {} and "Permission denied" in own_functions().message
        assert "Permission denied" in repr(progress())
    assert old.read_text() == SECOND
    assert list(own_functions()) == TAKEN


@pytest.mark.slow
def test_beside_the_pages_it_is_taken_over_after_a_new_course_was_put_around_it(tmp_path):
    course = copy_of_course(tmp_path / "my course")
    (course / "notebooks" / "my_rnn.py").write_text(SECOND)
    code = textwrap.dedent(START) + "print(*own_functions())"
    assert python(course, code, course / "notebooks").split() == TAKEN
    code = "import my_rnn; print(my_rnn.__file__, my_rnn.softmax.__module__)"
    assert python(course, code, course / "notebooks").split("/")[-1] == "__init__.py my_rnn.softmax\n"


# ---------------------------------------------------------------- what was remembered

MEMORY = {
    "softmax": {"verdict": "correct", "version": "66c533b1b610df9e", "block": "98d815039bd6cb41"},
    "draw": {"verdict": "not yet", "mistake": "draw/always_first", "line": "You always get character 0."},
    "choose_learning_rate": {"verdict": "correct"},
    "leaky_backward_step": {"verdict": "correct"},
    "an_exercise_of_before": {"verdict": "correct"},
}


def row_of(name):
    (row,) = [row for row in progress().rows if row.name == name]
    return row


def test_what_was_remembered_is_taken_over(mine, old):
    place = mine.with_name(".my_rnn_progress.json")
    place.write_text(json.dumps(MEMORY))
    old.write_text(SECOND)
    shown = {row.name: row.status for row in progress().rows}
    assert shown["softmax"] == shown["choose_learning_rate"] == "done" and shown["leaky_backward"] == "right"
    assert row_of("draw").status == NOT_YET and row_of("draw").line == "You always get character 0."
    assert recall("draw")["mistake"] == "draw/always_first"
    assert not place.exists() and not recall("an_exercise_of_before")


@pytest.mark.parametrize("look", [progress, own_functions, lambda: keep("count_parameters", COUNT)])
def test_without_an_old_file_too(mine, look):
    """Who has chosen and mended alone has no function in it."""
    mine.with_name(".my_rnn_progress.json").write_text(json.dumps(MEMORY))
    look()
    assert row_of("choose_learning_rate").status == "done" and row_of("draw").status == NOT_YET


def test_what_is_newer_stays(mine):
    remember("draw", CORRECT)
    remember("softmax", NOT_YET, "softmax/x", "It is new.")
    mine.with_name(".my_rnn_progress.json").write_text(json.dumps(MEMORY))
    progress()
    assert recall("draw") == {"verdict": CORRECT, "solved": "yes"} and recall("softmax")["line"] == "It is new."


@pytest.mark.parametrize("text", ["", "no json", "[]", '{"softmax": []}', '{"softmax": {"verdict": 7}}', "[" * 99999])
def test_a_damaged_memory_is_no_memory(mine, text):
    mine.with_name(".my_rnn_progress.json").write_text(text)
    assert row_of("softmax").status == "not started"
    remember("softmax", NOT_YET, "", "Wrong.")
    assert row_of("softmax").line == "Wrong."


def test_pages_that_take_over_nothing_leave_no_trace(mine):
    progress(), own_functions()
    assert not list(mine.parent.iterdir()) and set(TAKEN) < set(OWN)
