"""The class report as its command makes it: answers run in processes, with known results, and unusable files."""

import csv
import json
import os
import re
import subprocess
import sys

import pytest
from helpers import ROOT
from planted import IMPORTS, LEARNERS, WRONG, cell, notebook, planted_class, right_answer, stub

from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import EXERCISES, is_extra
from course.marking import __main__ as class_report
from course.marking.marks import ABSENT, mark
from course.marking.submissions import find_submissions
from course.marking.summary import COLUMNS

pytestmark = pytest.mark.slow  # each learner has a process

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
    planted = planted_class(folder / "class")
    command = [sys.executable, "-m", "course.marking", folder / "class", "--feedback", folder / "back"]
    command += ["--csv", folder / "class.csv", "--html", folder / "class.html"]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, encoding="utf-8", timeout=1200)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout, planted


def test_every_verdict_and_every_mistake_is_as_planted(planted_report):
    folder, printed, planted = planted_report
    with open(folder / "class.csv", encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert tuple(rows[0]) == COLUMNS and len(rows) == 3 * len(EXERCISES) == len(planted)
    found = {(row["learner"], row["exercise"]): (row["verdict"], row["mistake"]) for row in rows}
    assert {key: (found[key], want) for key, want in planted.items() if found[key] != want} == {}
    learners = [row["learner"] for row in rows]
    assert learners == sorted(learners)
    assert printed.startswith("3 learners, 2 of them") and "\nTalk to " in printed
    assert printed.endswith(f"\nFor the learners: {folder / 'back'}\n")
    for learner in LEARNERS:
        results = json.loads((folder / "back" / f"{learner}.json").read_text(encoding="utf-8"))
        scores = [test["score"] for test in results["tests"]]
        verdicts = {name: planted[learner, name][0] for name in EXERCISES}
        listed = [name for name in EXERCISES if not is_extra(name) or verdicts[name] != NOT_STARTED]
        assert scores == [verdicts[name] == CORRECT and not is_extra(name) for name in listed]  # no points for an extra
    page = (folder / "back" / "bob.html").read_text(encoding="utf-8")
    assert re.findall(r"<article><h3><code>(\w+)</code>", page) == [
        name for name in EXERCISES if name in (*WRONG, "catch_softmax")
    ]


# ---------------------------------------------------------------- what counts
def test_the_folder_my_rnn_counts_where_the_pages_have_no_answer_and_pages_may_import_from_it(tmp_path):
    files = {
        "softmax": SOFTMAX,
        "one_hot": "def one_hot(ids, size):\n    return ids",
        "helper": "def of(z):\n    return z",
    }
    added = "def softmax_gradient(z, targets):\n    return mine(z) + one_hot(targets, z.shape[-1])"
    from_it = cell("softmax_gradient", f"from my_rnn import softmax as mine\n\n\n{added}")
    hand_in(tmp_path, "ann", stub("softmax"), right_answer("one_hot"), from_it)
    for name, text in files.items():
        place = tmp_path / "ann" / "my_rnn" / f"{name}.py"
        place.parent.mkdir(exist_ok=True)
        place.write_text(f"import numpy as np\n\n\n{text}\n", encoding="utf-8-sig")
    marks, problems = marks_of(tmp_path)
    assert {name for (_, name), mark in marks.items() if mark.verdict == CORRECT} == {"softmax", "one_hot"}
    assert marks["ann", "softmax_gradient"].mistake == "softmax_gradient/one_hot_added"
    assert problems == {"ann": []}


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
    assert {one.verdict for one in ann.marks} == {NOT_YET, ABSENT} and dict(os.environ) == environment
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_text_that_cannot_be_written_keeps_nobody_from_the_report(tmp_path):
    """A lone surrogate, as in an error that a learner raises, cannot be written to a file."""
    hand_in(tmp_path / "class", "ann", cell("softmax", "def softmax(z):\n    raise ValueError('\\ud800')"))
    places = ["--html", str(tmp_path / "a.html"), "--csv", str(tmp_path / "a.csv")]
    assert class_report.main([str(tmp_path / "class"), *places]) == 0
    assert "ValueError: \\ud800" in (tmp_path / "a.html").read_text(encoding="utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="Gradescope runs a script of Linux")
def test_the_script_for_gradescope_puts_the_results_where_they_are_read(tmp_path):
    """Its folders are imitated: /autograder is another folder here, and source is the course itself."""
    teaching = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
    (script,) = [text for text in re.findall(r"```bash\n(.*?)```", teaching, re.DOTALL) if "# run_autograder" in text]
    hand_in(
        tmp_path, "submission", cell("rnn_step", "def rnn_step(i, h, p):\n    return h"), name="02_forward_pass.ipynb"
    )
    (tmp_path / "results").mkdir()
    (tmp_path / "source").symlink_to(ROOT)
    script = script.replace("/autograder/env/bin/python", sys.executable).replace("/autograder", str(tmp_path))
    for _ in range(2):  # another submission may come to the same container
        done = subprocess.run(["bash", "-e", "-c", script], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    results = json.loads((tmp_path / "results" / "results.json").read_text(encoding="utf-8"))
    scores = {test["name"]: test["score"] for test in results["tests"]}
    assert len(scores) == 6 and scores["rnn_step, page 02"] == 0 and "submission" not in str(results)
