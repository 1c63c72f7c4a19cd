"""The report on a class: verdicts and mistakes as planted, answers that do harm, files that are none, what it says."""

import base64
import concurrent.futures
import csv
import hashlib
import json
import os
import re
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import cells as page_cells
import pytest
from helpers import ROOT
from planted import IMPORTS, cell, notebook, planted_class, right_answer, stub, wrong_answer

import rnn_helpers
from course.checker.trial import run
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import EXERCISES
from course.marking import __main__ as class_report
from course.marking import children
from course.marking import marks as marks_module
from course.marking.child import told
from course.marking.marks import Mark, Marked, mark
from course.marking.submissions import LARGEST, find_submissions
from course.marking.summary import COLUMNS, Summary, as_text, sign

pytestmark = pytest.mark.slow  # each answer runs in a process of its own

SIZE = int(os.environ.get("CLASS_OF", "8"))  # learners of the class that is planted; 60 take about a minute
SOFTMAX = "def softmax(logits):\n    {}\n    e = np.exp(logits - logits.max(axis=-1, keepdims=True))\n"
SOFTMAX += "    return e / e.sum(axis=-1, keepdims=True)"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    """No test reads or writes the marks of a real class."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


def hand_in(folder, learner, *cells, name="01_softmax.ipynb"):
    place = folder / learner / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(notebook([IMPORTS, *cells]), encoding="utf-8")
    return place


def marks_of(folder, seconds=60.0):
    """Return ({(learner, exercise): Mark}, {learner: problems}). Two learners at a time: much of it is waiting."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        marked = list(pool.map(lambda one: mark(one, seconds), find_submissions(folder)))
    marks = {(one.learner, each.exercise): each for one in marked for each in one.marks}
    return marks, {one.learner: one.problems for one in marked}


def refusal(capsys, *arguments):
    """Give the command what it must refuse, and return what it says."""
    with pytest.raises(SystemExit) as end:
        class_report.main([*map(str, arguments)])
    assert end.value.code == 2
    return capsys.readouterr().err


# ---------------------------------------------------------------- as planted
@pytest.fixture(scope="module")
def planted_report(tmp_path_factory):
    """Let the command, in a process of its own, report on a class. Return the folder of the report, what it has
    printed, and what was planted."""
    folder = tmp_path_factory.mktemp("planted")
    planted = planted_class(folder / "class", SIZE)
    command = [sys.executable, "-m", "course.marking", folder / "class", "--jobs", "2"]
    command += ["--csv", folder / "class.csv", "--html", folder / "class.html"]
    environment = os.environ | {"XDG_CACHE_HOME": str(folder / "cache")}
    done = subprocess.run(
        list(map(str, command)), env=environment, capture_output=True, text=True, encoding="utf-8", timeout=1200
    )
    assert done.returncode == 0, done.stderr
    return folder, done.stdout, planted


def test_every_verdict_and_every_mistake_is_as_planted(planted_report):
    folder, printed, planted = planted_report
    with open(folder / "class.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS and len(rows) == SIZE * len(EXERCISES) == len(planted)
    found = {(row["learner"], row["exercise"]): (row["verdict"], row["mistake"]) for row in rows}
    assert {key: (found[key], want) for key, want in planted.items() if found[key] != want} == {}
    assert all((float(row["points"]) == 1) == (row["verdict"] == CORRECT) for row in rows)
    for count, mistake in re.findall(r"^ {2,4}(\d+)  (\w+/\w+): ", printed, re.MULTILINE):
        assert int(count) == len({learner for (learner, _), (_, id) in planted.items() if id == mistake})


def test_partial_points_are_the_share_of_cases_passed(tmp_path):
    (mistake,) = [one for one in EXERCISES["softmax"].mistakes if one.id == "no_shift"]
    hand_in(tmp_path, "ann", wrong_answer("softmax", mistake))
    marks, _ = marks_of(tmp_path)
    known = marks["ann", "softmax"]
    assert (known.verdict, known.mistake) == (NOT_YET, "softmax/no_shift")
    assert 0.3 < known.points < 0.95 and "np.exp(logits)" in known.line


def test_the_helpers_and_names_of_the_page_come_along(tmp_path):
    cells = ["SHIFT = True\ndef largest(a):\n    return a.max(axis=-1, keepdims=True)", "%matplotlib inline\n!ls"]
    cells += ["def mine(z):\n    e = np.exp(z - SHIFT * largest(z))\n    return e / e.sum(axis=-1, keepdims=True)"]
    hand_in(tmp_path, "ann", *cells, "if True:\n    result = check('softmax', mine)")
    hand_in(tmp_path, "bob", cells[0], cell("softmax", "softmax = lambda z: helper(z)"))
    marks, _ = marks_of(tmp_path)
    assert marks["ann", "softmax"].verdict == CORRECT
    assert marks["bob", "softmax"].verdict == NOT_YET and "NameError" in marks["bob", "softmax"].message


def test_an_answer_in_my_rnn_counts_where_the_page_has_none(tmp_path):
    hand_in(tmp_path, "ann", stub("softmax"), right_answer("one_hot"))
    (tmp_path / "ann" / "my_rnn.py").write_text("import numpy as np\n\n\n" + SOFTMAX.format("pass"))
    marks, problems = marks_of(tmp_path)
    assert marks["ann", "softmax"].verdict == marks["ann", "one_hot"].verdict == CORRECT and problems == {"ann": []}


def test_a_page_counts_before_my_rnn_and_either_may_begin_with_a_byte_order_mark(tmp_path):
    wrong, right = "def softmax(logits):\n    return logits", "import numpy as np\n\n\n" + SOFTMAX.format("pass")
    for learner, files in {
        "ann": {"01_softmax.ipynb": notebook([IMPORTS, cell("softmax", wrong)]), "my_rnn.py": right},
        "bob": {"01_softmax.ipynb": notebook([IMPORTS, cell("softmax", SOFTMAX.format("pass"))])},
        "cy": {"my_rnn.py": right},
    }.items():
        (tmp_path / learner).mkdir()
        for name, text in files.items():
            (tmp_path / learner / name).write_text(text, encoding="utf-8-sig")
    marks, problems = marks_of(tmp_path)
    verdicts = {learner: marks[learner, "softmax"].verdict for learner in ("ann", "bob", "cy")}
    assert verdicts == {"ann": NOT_YET, "bob": CORRECT, "cy": CORRECT} and not any(problems.values()), problems


def test_a_page_may_take_helpers_from_the_my_rnn_that_was_handed_in(tmp_path):
    hand_in(tmp_path, "ann", "from my_rnn import powers", cell("softmax", "softmax = lambda z: powers(z)"))
    code = "import numpy as np\n\n\n" + SOFTMAX.format("pass").replace("softmax", "powers") + "\n\n\n"
    (tmp_path / "ann" / "my_rnn.py").write_text(code + right_answer("one_hot").partition("\n\n\ncheck")[0])
    marks, _ = marks_of(tmp_path)
    assert marks["ann", "softmax"].verdict == marks["ann", "one_hot"].verdict == CORRECT, marks["ann", "softmax"]


def test_the_folder_my_rnn_counts_where_the_pages_have_no_answer(tmp_path, monkeypatch):
    """As check fills it: with stand-ins, with a function that calls another one, and with a lambda."""
    (tmp_path / "class" / "ann").mkdir(parents=True)
    monkeypatch.setenv("MY_RNN", str(tmp_path / "class" / "ann" / "my_rnn"))
    page_cells.keep("softmax_gradient", page_cells.GRADIENT)
    page_cells.keep("softmax", page_cells.SOFTMAX)
    page_cells.keep("one_hot", "import numpy as np\none_hot = lambda ids, vocab_size: np.eye(vocab_size)[ids]")
    hand_in(
        tmp_path / "class", "ann", stub("softmax"), cell("tanh_backward", "def tanh_backward(dh, h):\n    return dh")
    )
    marks, problems = marks_of(tmp_path / "class")
    right = {name for (_, name), mark in marks.items() if mark.verdict == CORRECT}
    assert right == {"softmax", "softmax_gradient", "one_hot"} and problems == {"ann": []}
    assert marks["ann", "tanh_backward"].verdict == NOT_YET
    assert marks["ann", "cross_entropy"].verdict == NOT_STARTED, "a stand-in is no answer"


def test_whoever_passes_all_cases_and_is_not_right_gets_less_than_a_point(tmp_path):
    """It is right at its first call with an input, and wrong when it is asked again."""
    count = len(EXERCISES["softmax"].cases())
    again = f"calls.append(1)\n    if len(calls) > {count}: return logits * 0"
    hand_in(tmp_path, "ann", "calls = []\n" + cell("softmax", SOFTMAX.format(again)))
    marks, _ = marks_of(tmp_path)
    assert (marks["ann", "softmax"].verdict, marks["ann", "softmax"].points) == (NOT_YET, 0.95), marks["ann", "softmax"]


def test_the_finished_function_is_told_and_gets_no_points(tmp_path):
    hand_in(tmp_path, "ann", 'check("softmax", rnn_helpers.softmax)')
    marks, _ = marks_of(tmp_path)
    assert marks["ann", "softmax"].points == 0 and "the finished function" in marks["ann", "softmax"].message


# ---------------------------------------------------------------- answers that do harm
WRITES = "import os\n    [os.write(k, b'{{}}') for k in range(1, 30) if os.path.exists(f'/dev/fd/{{k}}')]"
HARM = {
    "ends Python": ("import os; os._exit(3)", "end Python itself"),
    "a fork bomb": ("import os\n    while True: os.fork()", "."),
    "a process": ("import subprocess; subprocess.run(['sleep', '60'])", "It starts another program"),
    "no end": ("while True: pass", "It did not come to an end"),
    "no end, caught": ("\n    while True:\n        try: pass\n        except: pass", "It did not come to an end"),
    "a flood": ("print('x' * (3 * 10**9))", "."),
    "a flood past Python": ("import os\n    while True: os.write(1, b'x' * 65536)", "."),
    "all memory": ("keep = []\n    while True: keep.append(np.empty(10**7))", "."),  # asked for, not written to
    "deletes": ("import shutil; shutil.rmtree({folder!r})", "It deletes a folder"),
    "deletes a file": ("import os; os.remove({file!r})", "It deletes a file"),
    "writes": ("open({file!r}, 'w').write('')", "It writes into a file"),
    "the parent's memory": ("import os; open(f'/proc/{{os.getppid()}}/mem', 'rb')", "looks for the right answers"),
    "the right answers": ("import course.lessons.softmax", "looks for the right answers"),
    "the bank": ("from course.lessons import BANK", "looks for the right answers"),
    "the lesson's file": ("open({lesson!r}).read()", "looks for the right answers"),
    "kills the parent": ("import os; os.kill(os.getppid(), 9)", "."),
    "the network": ("import socket; socket.create_connection(('127.0.0.1', 9))", "It uses the network"),
    "an address": ("import socket; socket.socket().connect(('127.0.0.1', 9))", "It uses the network"),
    "closes all": ("import os; os.closerange(0, 50)", "."),
    "crashes": ("import ctypes; ctypes.string_at(0)", "."),
    "writes results": (WRITES, ""),
}


HASTY = """
import sys
sys.path.insert(0, {folder!r})
import child

limit = child.limit

def limit_time_too(*given):
    from course.checker import limit as limits
    limits.SECONDS = 1.0
    sys.pycache_prefix = {empty!r}
    return limit(*given)

child.limit = limit_time_too
child.main()
"""


@pytest.fixture
def hasty(tmp_path, monkeypatch):
    """Stop answers that have no end after one second: nobody waits for the four that the course gives them. And let no
    module that they import be compiled already."""
    script = tmp_path / "marking" / "child.py"
    script.parent.mkdir()
    places = {"folder": str(children.CHILD.parent), "empty": str(tmp_path / "empty")}
    script.write_text(HASTY.format(**places), encoding="utf-8")
    monkeypatch.setattr(children, "CHILD", script)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not limit memory, and has no fork")
def test_harm_is_named_in_its_own_row_and_the_rest_is_whole(tmp_path, hasty):
    folder = tmp_path / "class"
    names = {"folder": str(folder), "file": str(folder / "zoe" / "01_softmax.ipynb")}
    names["lesson"] = str(ROOT / "course" / "lessons" / "softmax.mistakes")
    for learner, (code, _) in HARM.items():
        hand_in(folder, learner, cell("softmax", SOFTMAX.format(code.format(**names))), right_answer("one_hot"))
    hand_in(folder, "zoe", right_answer("softmax"), right_answer("one_hot"))
    before = contents(folder)
    marks, problems = marks_of(folder, seconds=30)
    assert contents(folder) == before and not any(problems.values())
    assert marks["zoe", "softmax"].verdict == CORRECT
    for learner, (_, says) in HARM.items():
        found = marks[learner, "softmax"]
        if says:
            assert found.verdict == NOT_YET and says in found.message, (learner, found)
        assert marks[learner, "one_hot"].verdict == CORRECT, (learner, marks[learner, "one_hot"])
    assert left_over() == []


def contents(folder):
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def left_over():
    """The processes of this test's answers that still run after some seconds: one that was killed takes a moment."""
    for _ in range(100):
        listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout
        found = [line for line in listed.splitlines() if str(children.CHILD) in line]
        if not found:
            break
        time.sleep(0.05)
    return found


def test_harm_on_the_page_around_an_answer_is_named_too(tmp_path, hasty):
    hand_in(tmp_path / "class", "ann", "import os\nhelper = os._exit(3)", cell("softmax", SOFTMAX.format("helper")))
    hand_in(tmp_path / "class", "bob", "while True:\n    helper = 1", cell("softmax", SOFTMAX.format("helper")))
    marks, _ = marks_of(tmp_path / "class")
    assert "end Python itself" in marks["ann", "softmax"].message
    assert "It did not come to an end" in marks["bob", "softmax"].message


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux keeps a limit of memory")
def test_a_child_has_its_limits_and_nothing_of_the_teachers_python(tmp_path, monkeypatch):
    for name in ("PYTHONOPTIMIZE", "PYTHONPATH", "PYTHONSTARTUP", "MY_RNN_OF_THE_TEACHER"):
        monkeypatch.setenv(name, "1")
    told = "import os, resource\n    raise ValueError((sorted(name for name in os.environ if name.startswith("
    told += "('PYTHON', 'MY_RNN'))), resource.getrlimit(resource.RLIMIT_AS)[1] >> 20))"
    hand_in(tmp_path, "ann", cell("softmax", SOFTMAX.format(told)))
    marks, _ = marks_of(tmp_path)
    assert f"(['MY_RNN', 'PYTHONUTF8'], {children.MEGABYTES})" in marks["ann", "softmax"].message


ANSWERS = {
    "a plain tuple": lambda inputs, targets, h_prev, p: tuple(rnn_helpers.forward_pass(inputs, targets, h_prev, p)),
    "a list of two": lambda inputs, targets, h_prev, p: [1.5, (h_prev, "text")],
    "nothing": lambda inputs, targets, h_prev, p: print("printed"),
    "an error": lambda inputs, targets, h_prev, p: 1 / 0,
    "a change": lambda inputs, targets, h_prev, p: h_prev.fill(3.0),
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_what_a_child_tells_of_a_call_comes_back_the_same(answer):
    for outcome in run(EXERCISES["forward_pass"], ANSWERS[answer]).outcomes:
        back = marks_module._outcome(json.loads(json.dumps(told(outcome))))
        before, after = [
            {**vars(one), "parts": {k: v.tolist() for k, v in one.parts.items()}} for one in (outcome, back)
        ]
        assert before == after


@pytest.mark.parametrize(
    "code, says", [(-9, "signal SIGKILL"), (-200, "signal 200"), (3, "exit code 3"), (0, "exit code 0")]
)
def test_how_a_child_has_ended_is_told(code, says):
    child = object.__new__(children.Child)  # none that runs
    child.written, child.seconds, child.process = 0, 60, subprocess.Popen([sys.executable, "-c", ""])
    child.process.wait()
    child.process.returncode = code
    assert child._why() == f"It ended Python itself ({says})."


def test_a_reply_about_another_exercise_is_refused(monkeypatch):
    child = object.__new__(children.Child)  # none that runs
    child.seconds, child._send = 1, lambda **given: None
    child._next = lambda seconds: {"exercise": "one_hot"}
    assert child.ask({"name": "one_hot"}) == {"exercise": "one_hot"}
    with pytest.raises(children.Ended, match="results of its own making"):
        child.ask({"name": "softmax"})


@pytest.mark.parametrize("dtype", ["<U1", "|O", "<M8[D]", "<c8", "not one"])
def test_a_reply_that_holds_no_numbers_is_refused(dtype):
    right = {"dtype": "<f8", "shape": [1], "data": base64.b64encode(bytes(8)).decode()}
    assert marks_module._array(right).tolist() == [0.0]
    with pytest.raises(ValueError, match="not an array of numbers"):
        marks_module._array({**right, "dtype": dtype})


def test_a_reply_with_a_verdict_that_there_is_not_is_refused():
    said = "9 of 12 wrong ones caught, no right one refused."
    finding, points = marks_module._judge_check({"finding": [NOT_YET, said, "", ""]})
    assert (finding.verdict, finding.message, points) == (NOT_YET, said, 0.75)
    with pytest.raises(ValueError):  # noqa: PT011  it has no words: what the teacher reads is said elsewhere
        marks_module._judge_check({"finding": ["perfect", said, "", ""]})


# ---------------------------------------------------------------- files that are none
def test_what_cannot_be_used_is_told_in_a_sentence(tmp_path):
    for learner in ("corrupt", "empty", "foreign", "huge", "packed", "bytes", "nothing", "list"):
        (tmp_path / learner).mkdir()
    (tmp_path / "corrupt" / "a.ipynb").write_text('{"cells": [')
    (tmp_path / "empty" / "a.ipynb").write_text("")
    (tmp_path / "foreign" / "a.ipynb").write_text(notebook(["print('hello')"]))
    with open(tmp_path / "huge" / "a.ipynb", "wb") as file:
        file.truncate(LARGEST + 1)
    (tmp_path / "packed" / "a.zip").write_bytes(b"PK")
    (tmp_path / "bytes" / "a.ipynb").write_bytes(b"\xff\xfe\x00\xd8")
    (tmp_path / "list" / "a.ipynb").write_text("[1, 2]")
    (tmp_path / "01_softmax.ipynb").write_text(notebook([right_answer("softmax")]))
    hand_in(tmp_path, "twice", right_answer("softmax"))
    hand_in(tmp_path, "twice", cell("softmax", "def softmax(z):\n    return z"), name="01_softmax (1).ipynb")
    hand_in(tmp_path, "Ann", right_answer("softmax"))
    hand_in(tmp_path, "ann", right_answer("one_hot"))
    _, problems = marks_of(tmp_path)
    said = {learner: " ".join(texts) for learner, texts in problems.items()}
    for learner, piece in {
        "corrupt": "a.ipynb is no whole notebook",
        "empty": "a.ipynb is empty.",
        "foreign": "a.ipynb holds no exercise of this course.",
        "huge": "a.ipynb has 30 MB, more than 30: left out.",
        "packed": "a.zip is a zip file: unpack it first.",
        "bytes": "a.ipynb cannot be read",
        "nothing": "The folder holds no notebook.",
        "list": "a.ipynb is no whole notebook",
        "01_softmax": "bears no learner's name",
        "twice": "softmax is answered in 01_softmax (1).ipynb and in 01_softmax.ipynb: the first counts.",
    }.items():
        assert piece in said[learner], (learner, said[learner])
    both = said.get("Ann", "") + said.get("ann", "")
    assert "bear one name" in both
    assert all(text == "" or re.fullmatch(r"[^\n]{1,200}\.", text) for text in said.values())


def test_a_cell_that_is_no_python_is_its_exercise_alone(tmp_path):
    hand_in(tmp_path, "ann", 'def softmax(z:\n    return z\n\ncheck("softmax", softmax)', right_answer("one_hot"))
    marks, _ = marks_of(tmp_path)
    assert marks["ann", "softmax"].verdict == NOT_YET
    assert marks["ann", "softmax"].message.startswith("The cell cannot run: line 1 is no Python")
    assert marks["ann", "one_hot"].verdict == CORRECT


@pytest.mark.parametrize(
    "name, learner",
    [
        ("Jane Doe_123456_assignsubmission_file_", "Jane Doe"),  # Moodle
        ("doejane_12345_67890_01_softmax", "doejane"),  # Canvas
        ("doejane_LATE_12345_67890_01_softmax-1", "doejane"),
        ("assignment-1-janedoe", "assignment-1-janedoe"),  # GitHub Classroom
        ("ann_01_softmax", "ann"),
        ("01_softmax_ann", "ann"),
        ("learner 07", "learner 07"),
        ("my_rnn_ann", "ann"),
        ("ann_10_beat_the_table", "ann"),  # as the page was called in an earlier edition
    ],
)
def test_learners_names(tmp_path, name, learner):
    (tmp_path / f"{name}.ipynb").write_text(notebook([right_answer("softmax")]))
    assert [one.learner for one in find_submissions(tmp_path)] == [learner]


@pytest.mark.parametrize("what", ["missing", "empty", "a file"])
def test_no_folder_of_submissions_is_one_sentence(tmp_path, capsys, what):
    place = tmp_path / "class"
    if what == "empty":
        place.mkdir()
    elif what == "a file":
        place.write_text("")
    says = refusal(capsys, place)
    assert says.rstrip().endswith(".") and "give the folder with" in says


def test_the_report_may_not_lie_in_what_was_handed_in(tmp_path, capsys):
    hand_in(tmp_path, "ann", right_answer("softmax"))
    assert "give another place" in refusal(capsys, tmp_path, "--html", tmp_path / "ann" / "report.html")


# ---------------------------------------------------------------- what the report says
@pytest.fixture(scope="module")
def summary(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class")
    mistakes = {one.id: one for one in EXERCISES["softmax"].mistakes}
    hand_in(folder, "<b>Ann", *[wrong_answer("softmax", mistakes["no_shift"]), right_answer("one_hot")])
    hand_in(folder, "Bob", wrong_answer("softmax", mistakes["no_shift"]), right_answer("catch_draw"))
    wrong = [f"def {name}(*given):\n    return 'no'" for name in ("one_hot", "softmax", "cross_entropy")]
    hand_in(folder, "=Cy", *[cell(text.split("(")[0][4:], text) for text in wrong], right_answer("catch_draw"))
    return Summary([mark(one) for one in find_submissions(folder)])


def test_mistakes_come_worst_first_with_message_line_and_count(summary):
    first = summary.mistakes()[0]
    assert first.id == "softmax/no_shift" and sorted(first.learners) == ["<b>Ann", "Bob"]
    assert "exp(1000) is too large" in first.message and "np.exp" in first.line


def test_who_is_stuck_and_which_answers_are_alike(summary):
    assert summary.stuck() == [("=Cy", ["one_hot", "softmax", "cross_entropy"])]
    assert (("=Cy", "Bob"), ["catch_draw"]) in summary.alike()
    assert summary.counts("softmax") == (0, 3, 0)


def test_short_answers_stubs_and_choices_are_not_compared():
    long, short = "\n".join("abcde"), "\n".join("abcd")
    given = [("softmax", CORRECT, long), ("one_hot", CORRECT, short), ("cross_entropy", NOT_STARTED, long)]
    given += [("choose_learning_rate", CORRECT, long)]
    class_of_two = [
        Marked(learner, [Mark(learner, name) for name in EXERCISES if name not in {one for one, *_ in given}], [], [])
        for learner in ("ann", "bob")
    ]
    for one in class_of_two:
        one.marks += [Mark(one.learner, name, verdict, code=code) for name, verdict, code in given]
    assert Summary(class_of_two).alike() == [(("ann", "bob"), ["softmax"])]


def test_page_and_text_say_the_same_and_the_page_is_whole(summary):
    page, text = class_report.as_page(summary), as_text(summary)
    assert "<b>Ann" not in page and "&lt;b&gt;Ann" in page
    assert not re.search(r"""(?:src|href)=|https?:|@import|<script""", page), "it needs a network"
    assert "prefers-color-scheme: dark" in page and "@media print" in page
    words = Words()
    words.feed(page)
    assert words.open == []
    for piece in ("softmax/no_shift", "one_hot, softmax, cross_entropy", "catch_draw", "3 learners"):
        assert piece in words.text and piece in text
    assert page.count('class="right"') == 3 and "✓" in page and "✗" in page  # not by color alone


def test_what_has_no_name_and_each_exercise_have_their_rows(summary):
    others = {name: [mark.learner for mark in marks] for name, marks in summary.others()}
    assert others == {name: ["=Cy"] for name in ("one_hot", "softmax", "cross_entropy")}
    table = class_report.as_page(summary).partition("<h2>Each exercise</h2>")[2].partition("</table>")[0]
    assert re.findall(r'<th scope="col">(.*?)</th>', table)[-3:] == ["right", "not yet", "not started"]
    rows = [re.findall(r"<td>(.*?)</td>", row) for row in re.findall(r"<tr>(?!<th)(.*?)</tr>", table)]
    assert [name for _, name, *_ in rows] == list(EXERCISES)
    shares = {name: cells for _, name, _, _, *cells in rows}
    assert shares["softmax"] == ["0 (0%)", "3 (100%)", "0 (0%)"] and shares["one_hot"][0] == "1 (33%)"


def test_what_could_not_be_used_and_what_is_not_limited_is_told():
    started = [Mark("ann", name) for name in EXERCISES]
    some, none = [Summary([Marked("ann", started, *what)]) for what in [(["a.ipynb is empty."], ["memory"]), ([], [])]]
    for piece in ("a.ipynb is empty.", "Not limited on this system: memory."):
        assert piece in as_text(some) and piece in class_report.as_page(some)
        assert piece not in as_text(none) and piece not in class_report.as_page(none)
    for head, words in [("Stuck", "nobody"), ("Identical", "none"), ("What could not", "nothing")]:
        assert re.search(rf"^{head}.*\n{words}$", as_text(none), re.MULTILINE)


def test_of_two_mistakes_the_one_that_more_have_made_comes_first():
    known = {"ann": "softmax/b", "bob": "softmax/b", "cy": "softmax/a", "dan": "softmax/c"}
    marked = [Marked(who, [Mark(who, "softmax", NOT_YET, mistake)], [], []) for who, mistake in known.items()]
    assert [one.id for one in Summary(marked).mistakes()] == ["softmax/b", "softmax/a", "softmax/c"]


def test_the_sign_of_a_mark_is_its_tenths():
    points = {0.0: "x", 0.09: "x", 0.1: "1", 0.55: "5", 0.95: "9"}
    assert {some: sign(Mark("ann", "softmax", NOT_YET, points=some)) for some in points} == points
    assert [sign(Mark("ann", "softmax", verdict)) for verdict in (CORRECT, NOT_STARTED)] == ["#", "."]


class Words(HTMLParser):
    """The text of a page, and the elements that were not closed."""

    def __init__(self):
        super().__init__()
        self.text, self.open = "", []

    def handle_starttag(self, tag, attributes):
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def test_a_name_that_is_a_formula_is_none_in_the_table(summary, tmp_path):
    class_report.write_csv(summary, tmp_path / "class.csv")
    assert "'=Cy,softmax,not yet" in (tmp_path / "class.csv").read_text(encoding="utf-8-sig")


def test_a_second_run_takes_the_marks_of_the_first(tmp_path, cache, monkeypatch):
    place = hand_in(tmp_path / "class", "ann", right_answer("softmax"))
    (submission,) = find_submissions(tmp_path / "class")
    first = class_report.mark_once(submission, 15, class_report.cache_folder())
    assert str(class_report.cache_folder()).startswith(str(cache))
    monkeypatch.setattr(class_report, "mark", lambda *given: pytest.fail("it was tried again"))
    assert class_report.mark_once(submission, 15, class_report.cache_folder()) == first
    place.write_text(notebook([IMPORTS, stub("softmax")]))
    with pytest.raises(pytest.fail.Exception):
        class_report.mark_once(submission, 15, class_report.cache_folder())


def test_what_the_command_writes_and_where(tmp_path, monkeypatch, capsys):
    hand_in(tmp_path / "class", "ann", right_answer("softmax"))
    given = []

    def nothing_tried(submission, seconds):
        given.append(seconds)
        return Marked(submission.learner, [Mark(submission.learner, name) for name in EXERCISES], [], [])

    monkeypatch.setattr(class_report, "mark", nothing_tried)
    monkeypatch.chdir(tmp_path)
    assert class_report.main(["class"]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "class", "class_report.html"]
    assert capsys.readouterr().out.endswith("\nThe same as a page: class_report.html\n")
    assert class_report.main(["class", "--html", "a.html", "--csv", "a.csv", "--seconds", "7"]) == 0
    assert (tmp_path / "a.csv").read_text(encoding="utf-8-sig").startswith(",".join(COLUMNS))
    assert (tmp_path / "a.html").read_text(encoding="utf-8").startswith("<!")
    class_report.main(["class", "--seconds", "7"])
    class_report.main(["class", "--seconds", "7", "--no-cache"])
    assert given == [60.0, 7.0, 7.0], "what was tried in the same way is not tried again"
    for wrong in (("--jobs", "0"), ("--seconds", "0")):
        assert "give numbers above 0" in refusal(capsys, "class", *wrong)


def test_where_the_marks_are_kept(monkeypatch, tmp_path):
    """As the system has it: what Linux calls it, what Windows calls it, or the folder that Linux takes without."""
    names = ("XDG_CACHE_HOME", "LOCALAPPDATA")
    for given in [{names[0]: "x", names[1]: "w"}, {names[1]: "w"}, {}]:
        for name in names:
            monkeypatch.delenv(name, raising=False)
        for name, place in given.items():
            monkeypatch.setenv(name, str(tmp_path / place))
        base = tmp_path / next(iter(given.values())) if given else Path.home() / ".cache"
        assert class_report.cache_folder() == base / "rnn_course_marks"


def test_a_result_must_have_the_type_that_the_exercise_names(tmp_path):
    code = "def forward_pass(*given):\n    return {}(rnn_helpers.forward_pass(*given))"
    hand_in(tmp_path, "ann", cell("forward_pass", f"import rnn_helpers\n{code.format('tuple')}"))
    marks, _ = marks_of(tmp_path)
    mark = marks["ann", "forward_pass"]
    assert mark.verdict == NOT_YET
    assert mark.message.startswith("All numbers are right, but forward_pass returned a tuple of 3: return ForwardPass(")


# ---------------------------------------------------------------- what comes into a child
@pytest.mark.parametrize("name", [name for name, one in EXERCISES.items() if one.kind in ("write", "repair")])
def test_no_right_answer_comes_into_a_child(name):
    import base64

    from course.marking.marks import _form_of

    form = _form_of(name)
    assert {*form} == set("signature returns type in_place result cases after few_rounds".split())
    for key in ("type", "cases", "after"):
        named = re.findall(rb"course\.lessons\.(\w+)", base64.b64decode(form[key]))
        assert {*named} <= {b"cases"}


def test_a_child_has_no_lesson_loaded(tmp_path):
    """But for the module of the cases, which holds what the inputs are made of, and what the checker is told."""
    code = "import sys\n    raise ValueError(sorted(n for n in sys.modules if 'lesson' in n or 'bank' in n))"
    hand_in(tmp_path, "ann", cell("softmax", SOFTMAX.format(code)))
    marks, _ = marks_of(tmp_path)
    loaded = "['course.lessons', 'course.lessons.cases', 'course.lessons.hand_over']"
    assert f"ValueError: {loaded}" in marks["ann", "softmax"].message


OLD_PAGE = """import counting
import gates as g
from exercises import check, finished
from gates import GRUParameters, sigmoid
from no_loop import attention
from rnn_helpers import one_hot"""
OLD_ANSWER = """def softmax(logits):
    assert counting.np is np and g.sigmoid is sigmoid and GRUParameters._fields and callable(attention)
    assert callable(check) and finished("softmax") is None
    e = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)"""


def test_pages_of_the_earlier_edition_run_in_a_child(tmp_path):
    """Their modules lay beside the pages, and check came from a package called exercises."""
    hand_in(tmp_path, "ann", OLD_PAGE, cell("softmax", OLD_ANSWER))
    own = "import numpy as np\nfrom gates import sigmoid\n\n\n# ---------------- lesson 01: one_hot\n"
    own += "def one_hot(ids, vocab_size):\n    assert sigmoid(0.0) == 0.5\n    return np.eye(vocab_size)[ids]\n"
    (tmp_path / "ann" / "my_rnn.py").write_text(own)
    marks, _ = marks_of(tmp_path)
    assert (marks["ann", "softmax"].verdict, marks["ann", "softmax"].message) == (CORRECT, EXERCISES["softmax"].notice)
    assert marks["ann", "one_hot"].verdict == CORRECT, marks["ann", "one_hot"].message


def test_a_stub_is_not_started(tmp_path):
    choice = "choose_learning_rate = ...\ncheck('choose_learning_rate', choose_learning_rate)"
    hand_in(tmp_path, "ann", stub("softmax"), choice)
    marks, _ = marks_of(tmp_path)
    assert {one.verdict for one in marks.values()} == {NOT_STARTED}


# ---------------------------------------------------------------- the handout
def test_the_handout_goes_into_a_new_folder_only(tmp_path, capsys):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    assert "give the name of a new folder" in refusal(capsys, "handout", tmp_path / "full")
    assert [path.name for path in (tmp_path / "full").iterdir()] == ["mine.txt"]


def test_the_handout_has_nothing_for_those_who_teach(tmp_path):
    assert class_report.hand_out(tmp_path / "new") == len(list((ROOT / "notebooks").glob("*.ipynb")))
    names = {path.relative_to(tmp_path / "new").as_posix() for path in (tmp_path / "new").rglob("*")}
    assert {"rnn_helpers.py", "data/corpora.json", "course/checker/mistakes.py", "course/show/pictures.py"} <= names
    assert not [name for name in names if re.search(r"class_report|marking|tests|my_rnn|__pycache__|publish", name)]
    cells = json.loads((tmp_path / "new" / "notebooks" / "01_softmax.ipynb").read_text(encoding="utf-8"))["cells"]
    outputs = {"code": ([], None), "markdown": ("none", "none")}
    for one in cells:
        assert (one.get("outputs", "none"), one.get("execution_count", "none")) == outputs[one["cell_type"]]


def test_the_map_fits_on_paper_and_has_every_exercise_once(planted_report):
    page = (planted_report[0] / "class.html").read_text(encoding="utf-8")
    maps = re.findall(r'<table class="map">.*?</table>', page, re.DOTALL)
    named = [re.findall(r'class="name">(\w+)<', one) for one in maps]
    assert [name for names in named for name in names] == list(EXERCISES)
    assert len(maps) > 1 and max(map(len, named)) <= 26 and all("learner 00" in one for one in maps)
