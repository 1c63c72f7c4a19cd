"""The class report as its command makes it: answers run in processes, with known results, and unusable files."""

import csv
import os
import re
import subprocess
import sys

import pytest
from planted import IMPORTS, cell, notebook, planted_class, right_answer, stub

from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import EXERCISES
from course.marking import __main__ as class_report
from course.marking.marks import mark
from course.marking.submissions import LARGEST, find_submissions
from course.marking.summary import COLUMNS

pytestmark = pytest.mark.slow  # each learner has a process

SIZE = int(os.environ.get("CLASS_OF", "4"))  # learners in the planted class
SOFTMAX = "def softmax(logits):\n    e = np.exp(logits - logits.max(axis=-1, keepdims=True))\n"
SOFTMAX += "    return e / e.sum(axis=-1, keepdims=True)"


def hand_in(folder, learner, *cells, name="01_softmax.ipynb"):
    place = folder / learner / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(notebook([IMPORTS, *cells]), encoding="utf-8")
    return place


def marks_of(folder):
    """Return ({(learner, exercise): Mark}, {learner: problems})."""
    marked = [mark(one) for one in find_submissions(folder)]
    marks = {(one.learner, each.exercise): each for one in marked for each in one.marks}
    return marks, {one.learner: one.problems for one in marked}


# ---------------------------------------------------------------- as planted
@pytest.fixture(scope="module")
def planted_report(tmp_path_factory):
    """Run the command on a class in a separate process. Return the folder of the report, the output, and what was
    planted."""
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


def test_the_map_fits_on_paper_and_has_every_exercise_once(planted_report):
    page = (planted_report[0] / "class.html").read_text(encoding="utf-8")
    maps = re.findall(r'<table class="map">.*?</table>', page, re.DOTALL)
    named = [re.findall(r'class="name">(\w+)<', one) for one in maps]
    assert [name for names in named for name in names] == list(EXERCISES)
    assert len(maps) > 1 and max(map(len, named)) <= 26 and all("learner 00" in one for one in maps)


# ---------------------------------------------------------------- what counts
def test_the_helpers_and_names_of_the_page_come_along(tmp_path):
    cells = ["SHIFT = True\ndef largest(a):\n    return a.max(axis=-1, keepdims=True)", "%matplotlib inline\n!ls"]
    cells += ["def mine(z):\n    e = np.exp(z - SHIFT * largest(z))\n    return e / e.sum(axis=-1, keepdims=True)"]
    hand_in(tmp_path, "ann", *cells, "if True:\n    result = check('softmax', mine)")
    hand_in(tmp_path, "bob", cells[0], cell("softmax", "softmax = lambda z: helper(z)"))
    marks, _ = marks_of(tmp_path)
    assert marks["ann", "softmax"].verdict == CORRECT
    assert marks["bob", "softmax"].verdict == NOT_YET and "NameError" in marks["bob", "softmax"].message


def test_the_folder_my_rnn_counts_where_the_pages_have_no_answer_and_pages_may_import_from_it(tmp_path):
    files = {
        "softmax": SOFTMAX,
        "one_hot": "def one_hot(ids, size):\n    return ids",
        "helper": "def of(z):\n    return z",
    }
    from_it = cell("tanh_backward", "from my_rnn.helper import of\n\n\ndef tanh_backward(dh, h):\n    return of(dh)")
    hand_in(tmp_path, "ann", stub("softmax"), right_answer("one_hot"), from_it)
    for name, text in files.items():
        place = tmp_path / "ann" / "my_rnn" / f"{name}.py"
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"import numpy as np\n\n\n{text}\n", encoding="utf-8-sig")
    marks, problems = marks_of(tmp_path)
    assert {name for (_, name), mark in marks.items() if mark.verdict == CORRECT} == {"softmax", "one_hot"}
    assert marks["ann", "tanh_backward"].mistake == "tanh_backward/no_slope", marks["ann", "tanh_backward"]
    assert problems == {"ann": ["my_rnn/helper.py contains no exercise of this course."]}


def test_nobody_depends_on_who_was_run_before(tmp_path):
    """Nothing that is handed in runs in the process that writes the report, either."""
    hand_in(tmp_path / "alone", "zoe", right_answer("softmax"), right_answer("one_hot"))
    harm = "import os, sys\nimport rnn_helpers\nrnn_helpers.one_hot = len\nsys.modules['course.lessons'] = None\n"
    harm += "os.environ['MY_RNN'] = 'x'\nnp.exp = len"
    hand_in(
        tmp_path / "class",
        "ann",
        f"def harm():\n    {harm}".replace("\n", "\n    "),
        cell("softmax", "softmax = harm()"),
    )
    hand_in(tmp_path / "class", "zoe", right_answer("softmax"), right_answer("one_hot"))
    before, environment = {path: path.read_bytes() for path in tmp_path.rglob("*.ipynb")}, dict(os.environ)
    (alone,) = map(mark, find_submissions(tmp_path / "alone"))
    ann, zoe = map(mark, find_submissions(tmp_path / "class"))
    assert zoe == alone and [one.verdict for one in zoe.marks].count(CORRECT) == 2
    assert {one.verdict for one in ann.marks} == {NOT_YET, NOT_STARTED} and dict(os.environ) == environment
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


# ---------------------------------------------------------------- unusable files
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
    _, problems = marks_of(tmp_path)
    said = {learner: " ".join(texts) for learner, texts in problems.items()}
    for learner, piece in {
        "corrupt": "a.ipynb is not a complete notebook",
        "empty": "a.ipynb is empty.",
        "foreign": "a.ipynb contains no exercise of this course.",
        "huge": "a.ipynb has 30 MB, more than 30: left out.",
        "packed": "a.zip is a zip file: unpack it first.",
        "bytes": "a.ipynb cannot be read",
        "nothing": "The folder contains no notebook.",
        "list": "a.ipynb is not a complete notebook",
        "01_softmax": "has no learner's name in it",
        "twice": "softmax is answered in 01_softmax (1).ipynb and in 01_softmax.ipynb: the first counts.",
    }.items():
        assert piece in said[learner], (learner, said[learner])
    assert all(text == "" or re.fullmatch(r"[^\n]{1,200}\.", text) for text in said.values())


def test_a_text_that_cannot_be_written_keeps_nobody_from_the_report(tmp_path, capsys, monkeypatch):
    """A lone surrogate, as in an error that a learner raises, cannot be written to a file."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    hand_in(tmp_path / "class", "ann", cell("softmax", "def softmax(z):\n    raise ValueError('\\ud800')"))
    places = ["--html", str(tmp_path / "a.html"), "--csv", str(tmp_path / "a.csv")]
    assert class_report.main([str(tmp_path / "class"), *places]) == 0
    assert "ValueError: \\ud800" in (tmp_path / "a.html").read_text(encoding="utf-8")
    assert "ValueError: \\ud800" in capsys.readouterr().out
