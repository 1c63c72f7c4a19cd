"""What a child does with an answer, part by part: here without a process of its own."""

import base64
import importlib
import inspect
import json
import os
import sys
import traceback

import numpy as np
import pytest

from course.lessons import EXERCISES
from course.marking import child
from course.marking.child import LESSONS, MEGABYTE, Guard
from course.marking.looks import looks_inside
from course.marking.marks import _form_of


# ---------------------------------------------------------------- what an answer may do
def guard(whole=False):
    """Return a Guard that nothing calls but a test."""
    one = object.__new__(Guard)
    one.workplace, one.whole, one.seen, one.is_on = os.path.realpath("/tmp/answers"), whole, "", True
    return one


WRITES, LOOKS = "writes into a file", "looks for the right answers"
FILES = {
    "reads a file": ("/tmp/other", os.O_RDONLY, ""),
    "writes a file": ("/tmp/other", os.O_WRONLY, WRITES),
    "writes, named by bytes": (b"/tmp/other", os.O_WRONLY, WRITES),
    "reads and writes": ("/tmp/other", os.O_RDWR, WRITES),
    "makes": ("/tmp/other", os.O_CREAT, WRITES),
    "cuts": ("/tmp/other", os.O_TRUNC, WRITES),
    "writes into its own folder": ("/tmp/answers/a", os.O_WRONLY, ""),
    "gets out of its own folder": ("/tmp/answers/../other", os.O_WRONLY, WRITES),
    "writes nowhere": (os.devnull, os.O_WRONLY, ""),
    "does not say what for": ("/tmp/other", None, ""),
    "reads a lesson": (LESSONS + "softmax.py", os.O_RDONLY, LOOKS),
    "reads of a process": ("/proc/1/mem", os.O_RDONLY, LOOKS),
    "a file that is open already": (3, os.O_WRONLY, ""),
    "no name": ("", os.O_WRONLY, ""),
    "no name, of bytes": (b"", os.O_WRONLY, ""),
}


@pytest.mark.skipif(sys.platform == "win32", reason="its files have other names")
@pytest.mark.parametrize("what", FILES)
def test_which_files_may_be_opened(what):
    path, flags, says = FILES[what]
    assert guard()._of_file(path, "r", flags) == says
    assert guard(whole=True)._of_file(path, "r", flags) == ("" if what == "reads a lesson" else says)


def test_what_an_answer_has_no_business_doing_is_refused_and_the_first_is_remembered():
    one = guard()
    for event, arguments in {
        "open": (3, "r", 0),
        "ctypes.dlsym": (None, "PyThreadState_SetAsyncExc"),
        "import": ("course.lessonsx",),
        "os.listdir": ("/",),
    }.items():
        one.look(event, arguments)
    assert one.seen == ""
    refused = {"import": ("course.lessons.softmax",), "os.system": ("ls",), "ctypes.dlsym": (None, "fork")}
    for event, arguments in refused.items():
        with pytest.raises(PermissionError, match="An answer that "):
            one.look(event, arguments)
    assert one.seen == LOOKS
    one.is_on = False
    one.look("os.system", ("ls",))
    guard(whole=True).look("import", ("course.lessons.softmax",))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
@pytest.mark.parametrize("platform, missing", [("linux", []), ("darwin", ["memory"])])
@pytest.mark.parametrize("hard", ["none", "lower", "higher", "refused"])
def test_what_a_process_may_use_is_limited_once_for_all(platform, missing, hard, monkeypatch):
    """macOS takes the limit of memory and does not keep it."""
    import resource

    there = {"none": resource.RLIM_INFINITY, "lower": 7, "higher": 1 << 40, "refused": 7}[hard]
    limits = {}

    def set_limit(number, pair):
        if hard == "refused":
            raise ValueError("not allowed")
        limits[number] = pair

    monkeypatch.setattr(resource, "getrlimit", lambda number: (there, there))
    monkeypatch.setattr(resource, "setrlimit", set_limit)
    monkeypatch.setattr(sys, "platform", platform)
    if hard == "refused":
        assert child.limit(5, 60) == ["memory", "processor time", "the size of files", "core files"]
        return
    assert child.limit(5, 60) == missing
    wanted = {resource.RLIMIT_AS: 5 * MEGABYTE, resource.RLIMIT_CPU: 60}
    wanted |= {resource.RLIMIT_FSIZE: 8 * MEGABYTE, resource.RLIMIT_CORE: 0}
    top = 7 if hard == "lower" else 1 << 50
    assert limits == {number: (min(value, top), min(value, top)) for number, value in wanted.items()}


# ---------------------------------------------------------------- running an answer
RAISED = "What it needs of its page raised"


def given(code, name="softmax", expression=None, **more):
    """Return what a child gets: the code is one cell, of which all runs."""
    form = _form_of(name) if EXERCISES[name].kind in ("write", "repair") else {}
    parts = [("cell 1", 1, len(code.split("\n")))]
    return {"name": name, "expression": expression or name, "code": {"cell 1": code}, "parts": parts} | form | more


RIGHT = "import numpy as np\ndef softmax(z):\n    e = np.exp(z - z.max(axis=-1, keepdims=True))\n"
RIGHT += "    return e / e.sum(axis=-1, keepdims=True)"


@pytest.mark.parametrize("name", ["softmax", "sgd_step", "forward_pass", "backward_pass", "draw", "mend_adam_step"])
def test_a_child_knows_of_an_exercise_what_running_it_needs(name):
    exercise, wanted = child.exercise_of(_form_of(name) | {"name": name}), EXERCISES[name]
    assert (exercise.name, exercise.arguments) == (name, wanted.arguments)
    for key in ("returns", "type", "in_place", "result", "after"):
        assert getattr(exercise, key) == getattr(wanted, key)
    assert [case.label for case in exercise.cases()] == [case.label for case in wanted.cases()]
    assert exercise.mistakes == exercise.hints == []


def test_what_a_child_tells_of_an_answer():
    found = child.run_function(given(RIGHT.replace("    e", "    print('seen')\n    e", 1)))
    count = len(EXERCISES["softmax"].cases())
    assert len(found["outcomes"]) == len(found["again"]) == count
    assert json.loads(json.dumps(found))["printed"] == "seen"
    assert (found["own_name"], found["refused"], found["stopped"]) == ("softmax", "", "")
    assert (found["idle"], found["finished"], found["calls"]) == (False, False, {"": {}})
    finished = child.run_function(given("import rnn_helpers", expression="rnn_helpers.softmax"))
    assert finished["finished"] is True


GRADIENT = RIGHT + "\ndef one_hot(ids, size):\n    return 1 / 0\ndef softmax_gradient(logits, targets):\n"
GRADIENT += "    return softmax(logits) - one_hot(targets, logits.shape[-1])"


def test_a_function_that_an_answer_calls_and_a_finished_one_in_its_place():
    others = {"others": ["one_hot", "softmax", "rnn_step"]}
    first = child.run_function(given(GRADIENT, "softmax_gradient", **others))
    assert first["calls"] == {"": {"softmax": "own", "one_hot": "own"}, "softmax": {}, "one_hot": {}}
    assert "ZeroDivisionError" in first["outcomes"][0]["error"]
    mended = child.run_function(given(GRADIENT, "softmax_gradient", **others, finished=["one_hot"]))
    assert mended["outcomes"][0]["error"] == ""
    called = given(GRADIENT, "softmax", expression="softmax_gradient", **others, callee="softmax")
    assert child.run_function(called)["own_name"] == "softmax"
    assert child.run_function(given(GRADIENT, "softmax_gradient"))["calls"] == {"": {}}, "no others are asked for"


def test_finished_functions_are_those_of_the_course_whatever_a_page_has_done(monkeypatch):
    import rnn_helpers

    right = rnn_helpers.softmax
    monkeypatch.setattr(rnn_helpers, "softmax", len)
    assert child.finished_functions(["softmax"]) == {"softmax": right} and rnn_helpers.softmax is len


@pytest.mark.parametrize(
    "code, says",
    [
        ("x = 1\nhelper = 1 / 0", f"{RAISED} ZeroDivisionError: division by zero in line 2: `helper = 1 / 0`"),
        ("import sys\nsys.exit(3)", f"{RAISED} SystemExit: 3 in line 2: `sys.exit(3)`"),
        ("import numpy as np\nnp.exp = 1\nsoftmax = 1", "Your code changes numpy.exp"),
    ],
)
def test_why_the_page_of_an_answer_cannot_be_loaded(code, says):
    value, fault = child.loaded(given(code))
    assert value is None and fault.startswith(says), fault
    assert child.run_function(given(code)) == child.run_value(given(code)) == {"fault": fault}


def test_only_the_parts_that_an_answer_needs_run_and_each_knows_its_line():
    code = {"a": "1 / 0\nx = 2\ny = 3\n1 / 0", "b": "def f():\n    return x + y + z"}
    parts = {"code": code, "parts": [("a", 2, 3), ("b", 1, 2)], "expression": "f"}
    value, fault = child.loaded(parts)
    assert fault == "" and (value.__code__.co_filename, value.__code__.co_firstlineno) == ("<b>", 1)
    assert (value.__globals__["x"], value.__globals__["y"], value.__globals__["__name__"]) == (2, 3, "__page__")
    assert inspect.getsource(value) == code["b"], "the checker reads it"
    assert child.loaded(parts | {"parts": [("a", 2, 2), ("a", 4, 4)]})[1].endswith("in line 4: `1 / 0`")


VALUES = {
    "0.1": {"value": 0.1},
    "'b'": {"value": "b"},
    "None": {"value": None},
    "True": {"value": True},
    "np.float64(0.1)": {"value": 0.1},
    "np.array([3])": {"value": 3},
    "np.array([3, 4])": {"fault": "It is a ndarray, not a number or a name."},
    "[3]": {"fault": "It is a list, not a number or a name."},
    "nobody": {"fault": f"{RAISED} NameError: name 'nobody' is not defined in line 1"},
}


@pytest.mark.parametrize("chosen", VALUES)
def test_what_is_chosen_comes_back_as_a_plain_number_or_name(chosen):
    found = child.run_value(given("import numpy as np", "choose_learning_rate", expression=chosen))
    assert found == VALUES[chosen] and type(found.get("value")) in (float, str, type(None), bool, int)


def test_a_check_is_examined_unless_it_looks_inside():
    right = given(EXERCISES["catch_softmax"].solution, "catch_softmax")
    assert child.run_check(right)["finding"][0] == "correct"
    looks = given("def catch_softmax(softmax):\n    return softmax.__code__", "catch_softmax")
    says = "Your check uses `__code__`. Judge a function by what it returns, not by what is written in it."
    assert child.run_check(looks) == {"fault": says}
    assert child.run_check(given("1 / 0", "catch_softmax"))["fault"].startswith(RAISED)


def reads_its_code(function):
    return function.__code__


LOOKS_INSIDE = {
    "a name": (lambda function: function.__code__, "__code__"),
    "a name as text": (lambda function: getattr(function, "x__code__"[1:]) and "the __code__", "__code__"),
    "a module": (lambda function: importlib.import_module(traceback.__name__), "traceback"),
    "a helper": (lambda function: reads_its_code(function), "__code__"),
    "a word of English": (lambda function: "lessons", ""),
    "another name": (lambda function: function.lessons_learned, ""),
    "what it returns": (lambda function: function(1) == 1, ""),
}


@pytest.mark.parametrize("what", LOOKS_INSIDE)
def test_by_which_word_a_check_looks_inside(what):
    check, word = LOOKS_INSIDE[what]
    assert looks_inside(check) == word


def test_an_array_comes_back_whole_up_to_four_megabytes():
    told = child.array_told(np.zeros(4 * MEGABYTE, np.int8))
    assert (told["dtype"], told["shape"]) == ("|i1", (4 * MEGABYTE,))
    assert base64.b64decode(child.array_told(np.array([1, 2], "<i2"))["data"]) == b"\1\0\2\0"
    with pytest.raises(ValueError, match="larger than four megabytes"):
        child.array_told(np.zeros(4 * MEGABYTE + 1, np.int8))


def test_the_known_answer_gives_the_same_each_time_and_sees_what_is_changed(monkeypatch):
    import rnn_helpers

    monkeypatch.setattr(child, "goes_on", lambda: False)
    sound = child.known_results()
    assert child.known_results() == sound and not child.is_spoiled(sound)
    assert [one["error"] for one in sound["outcomes"]] == ["", ""], "it has been called in earnest"
    monkeypatch.setattr(rnn_helpers, "softmax", lambda z: z)
    assert child.is_spoiled(sound)
    monkeypatch.setattr(child, "run_function", lambda given: 1 / 0)
    assert child.known_results() == "ZeroDivisionError('division by zero')", "what went wrong is told, and not raised"
    assert not child.is_spoiled(child.known_results())
    for broken in (lambda: True, lambda: 1 / 0):
        monkeypatch.setattr(child, "goes_on", broken)
        assert child.is_spoiled(child.known_results())
