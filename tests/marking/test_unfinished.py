"""A report that was ended goes on where it stopped, and says in the end what it would have said at once."""

import csv
import os
import subprocess
import sys

import pytest
from helpers import ROOT
from planted import IMPORTS, cell, notebook, right_answer

from course.checker.words import CORRECT
from course.lessons import EXERCISES
from course.marking import __main__ as class_report
from course.marking import unfinished
from course.marking.marks import ABSENT, Mark, Marked
from course.marking.submissions import find_submissions
from course.marking.unfinished import TWICE, Unfinished

CLASS = ("ann", "bo", "cy")


def hand_in(folder, learner, *cells):
    place = folder / "class" / learner / "01_softmax.ipynb"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(notebook([IMPORTS, *cells]), encoding="utf-8")


@pytest.fixture
def tried(tmp_path, monkeypatch):
    """Hand in the answers of a class. Return the list of the learners whose answers are tried; all are right."""
    names = []

    def mark(submission):
        names.append(submission.learner)
        found = [Mark(submission.learner, name, CORRECT, message="A \ud800.") for name in EXERCISES]
        return Marked(submission.learner, found, ["A problem."])

    monkeypatch.setattr(unfinished, "mark", mark)
    for learner in CLASS:
        hand_in(tmp_path, learner, right_answer("softmax"))
    return names


def run(folder):
    """Run the command, and return the report."""
    assert class_report.main([str(folder / "class"), "--html", str(folder / "a.html")]) == 0
    return (folder / "a.html").read_text(encoding="utf-8")


def stopped(folder, done, begun=()):
    """Leave what a report leaves that was stopped after some learners were done, and others had begun."""
    known = Unfinished(folder / "a.html.unfinished")
    for one in find_submissions(folder / "class"):
        if one.learner in done:
            known.mark(one)
        for _ in range(begun.count(one.learner)):
            known._write(unfinished._key_of(one), None)
    with open(known.path, "a") as file:
        file.write('\n["cut sho')


def test_what_is_known_is_not_tried_again_and_the_report_is_the_same(tmp_path, tried, capsys):
    whole = run(tmp_path)
    assert sorted(tried) == [*CLASS]
    stopped(tmp_path, ["ann", "cy"])
    tried.clear()
    assert run(tmp_path) == whole and tried == ["bo"] and capsys.readouterr().err == ""
    tried.clear()
    assert run(tmp_path) == whole and sorted(tried) == [*CLASS], "it was written, so the next one begins anew"
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["a.html"]


def test_what_was_handed_in_anew_and_what_another_course_has_judged_is_tried_again(tmp_path, tried, monkeypatch):
    stopped(tmp_path, CLASS)
    hand_in(tmp_path, "bo", right_answer("one_hot"))
    tried.clear()
    run(tmp_path)
    assert tried == ["bo"]
    stopped(tmp_path, CLASS)
    monkeypatch.setattr(unfinished, "_course", lambda: b"another")
    tried.clear()
    run(tmp_path)
    assert sorted(tried) == [*CLASS]


def test_whose_answers_ran_when_the_report_ended_is_tried_last_and_after_the_second_time_not_at_all(
    tmp_path, tried, capsys
):
    stopped(tmp_path, [], ["ann", "bo"])
    run(tmp_path)
    assert tried == ["cy", "ann", "bo"]
    assert "while the answers of ann and bo ran: they run last, one by one." in capsys.readouterr().err
    stopped(tmp_path, [], ["ann"])
    stopped(tmp_path, [], ["ann", "bo"])
    tried.clear()
    run(tmp_path)
    said = capsys.readouterr()
    assert tried == ["cy", "bo"] and f"ann ({TWICE[:-1]})" in said.out and "answers of bo ran" in said.err


KILLS = """import os, subprocess
programs = subprocess.check_output(["ps", "-ww", "-eo", "pid,args"], text=True).splitlines()
softmax = [os.kill(int(program.split()[0]), 9) for program in programs if "course.marking class --csv PLACE" in program]
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no ps")
def test_whoever_looks_for_the_report_and_ends_it_keeps_nobody_else_from_theirs(tmp_path):
    place = str(tmp_path / "a.csv")
    for learner in CLASS:
        kills = cell("softmax", KILLS.replace("PLACE", place))
        hand_in(tmp_path, learner, kills if learner == "bo" else right_answer("softmax"))
    command = [sys.executable, "-m", "course.marking", "class", "--csv", place]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    ended = [subprocess.run(command, cwd=tmp_path, env=environment).returncode for _ in range(3)]
    assert ended == [-9, -9, 0]
    with open(place, encoding="utf-8-sig", newline="") as file:
        marks = {row["learner"]: row["verdict"] for row in csv.DictReader(file) if row["exercise"] == "softmax"}
    assert marks == {"ann": CORRECT, "bo": ABSENT, "cy": CORRECT}
