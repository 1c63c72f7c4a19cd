"""Tests of the one list of pages, and of what reads it: pages can be renamed, split and numbered anew."""

import dataclasses
import importlib
import json
import os
import subprocess
import sys
import textwrap
from types import SimpleNamespace

import numpy as np
import pytest
from cells import copy_of_course, page
from helpers import ROOT

from course import check, hint, progress, solution
from course.checker.mistakes import KnownMistakes
from course.checker.words import CORRECT, NOT_YET
from course.lessons import EXERCISES, OWN, WRITTEN, asked_for, contents, find, is_practice, page_of, topic_of
from course.lessons.bank import collect
from course.lessons.contents import PAGES, Page
from course.marking.handout import FILES
from course.own import folder

MODULES = {topic: importlib.import_module(f"course.lessons.{topic}") for one in PAGES for topic, _ in one.listed}


# ---------------------------------------------------------------- the list
def test_the_exercises_come_in_the_order_of_the_pages_and_know_where_they_are():
    assert list(EXERCISES) == [name for page in PAGES for name in page.exercises]
    assert page_of("softmax").stem == "01_softmax" and page_of("softmax").number == "01"
    assert topic_of("surprise") == "bits" and page_of("surprise") is page_of("witten_bell")
    assert [name for name in EXERCISES if is_practice(name)] == PAGES[0].exercises + PAGES[-1].exercises
    assert list(OWN) == [name for name in WRITTEN if not is_practice(name)]


def test_a_page_without_a_number_has_a_label_too():
    assert Page("03_bptt").label == "lesson 03"
    assert (Page("numpy_warm_up").number, Page("numpy_warm_up").label) == ("", "page numpy_warm_up")


def test_each_text_of_mistakes_belongs_to_a_topic_and_each_module_is_on_a_page():
    lessons = ROOT / "course" / "lessons"
    assert {path.stem for path in lessons.glob("*.mistakes")} == MODULES.keys()
    others = {"__init__", "bank", "cases", "contents", "hand_over"}
    assert {path.stem for path in lessons.glob("*.py")} == others | MODULES.keys()


def changed(old, new):
    """Return the pages with one of their parts in another form."""
    found = [dataclasses.replace(page, parts=[part.replace(old, new) for part in page.parts]) for page in PAGES]
    assert found != list(PAGES)
    return found


def test_an_exercise_on_no_page_or_on_two_is_named():
    with pytest.raises(ValueError, match=r"No page lists clip_gradients of course/lessons/far_gradients\.py"):
        collect(changed(" clip_gradients", ""), MODULES)
    with pytest.raises(ValueError, match=r"lists surprise twice, the second time on 19_what_it_writes"):
        collect(changed("catch_draw", "surprise catch_draw"), MODULES)
    with pytest.raises(ValueError, match=r"01_softmax lists soft_max, but course/lessons/softmax\.py has no exercise"):
        collect(changed("one_hot softmax", "one_hot soft_max"), MODULES)


def test_two_exercises_of_one_name_and_mistakes_of_none_are_named():
    twin = SimpleNamespace(twin=dataclasses.replace(EXERCISES["surprise"], minutes=1))
    with pytest.raises(ValueError, match=r"course/lessons/twin\.py has another exercise surprise"):
        collect(PAGES, {**MODULES, "twin": twin})
    spare = SimpleNamespace(known=KnownMistakes("== nobody\n@ a\nb_for_a: b\n    It is a.\n", "spare.mistakes"))
    with pytest.raises(ValueError, match=r"spare\.mistakes, line 1: no exercise nobody"):
        collect(PAGES, {**MODULES, "spare": spare})


def test_the_list_and_the_inputs_are_had_without_the_lessons():
    """The class report runs answers where no lesson is loaded, and so no right answer."""
    code = """
        import sys
        import course.lessons.contents
        print([name for name in sys.modules if name in ("rnn_helpers", "numpy") or ".lessons." in name])
        import course.lessons.cases
        print(sorted(name for name in sys.modules if name.startswith("course.lessons.")))
        from course.lessons import page_of
        print(page_of("softmax").stem, "course.lessons.softmax" in sys.modules)
    """
    command = [sys.executable, "-c", textwrap.dedent(code)]
    found = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    assert found[:3] == [
        "['course.lessons.contents']",
        "['course.lessons.cases', 'course.lessons.contents', 'course.lessons.hand_over']",
        "01_softmax True",
    ]


# ---------------------------------------------------------------- pages that are renamed
NEW_LIST = """
import dataclasses

def _moved(page):
    if page.stem == "numpy_warm_up":
        return [dataclasses.replace(page, stem="basics_of_numpy")]
    if page.stem == "14_mix_and_pack":
        first, second = page.parts
        mixing = dataclasses.replace(page, stem="31_mixing", parts=[second])
        return [dataclasses.replace(page, parts=[first]), mixing]
    if page.stem == "18_scale_out":
        return [dataclasses.replace(page, stem="32_scale_out")]
    return [page]

PAGES = tuple(new for page in PAGES for new in _moved(page))
"""
REPORT = """
import json, sys
sys.path[:0] = [".", "docs"]
import build
from course import progress
from course.lessons import EXERCISES, OWN, page_of
from course.marking.handout import hand_out
from course.marking.marks import Mark, Marked
from course.marking.report_page import as_page
from course.marking.submissions import _learner
from course.marking.summary import Summary, as_text
from course.own.folder import kept_text
from course.own.gather import Needs

kept = [kept_text(name, Needs({name: f"def {name}():\\n    pass"})) for name in ("softmax", "mix")]
summary = Summary([Marked("ann", [Mark("ann", name) for name in EXERCISES], [], [])])
count = hand_out(sys.argv[1])
print(json.dumps({
    "exercises": list(EXERCISES), "own": len(OWN),
    "progress": repr(progress(True)), "html": progress(True)._repr_html_(),
    "text": as_text(summary), "page": as_page(summary), "handed out": count,
    "site": [path.name for path in build.pages()], "browser": sorted(build.IN_BROWSER), "kept": kept,
    "learners": [_learner("ann_basics_of_numpy"), _learner("31_mixing_bob")],
}))
"""


@pytest.fixture(scope="module")
def moved(tmp_path_factory):
    """What a course says of itself whose pages were renamed, split and numbered anew."""
    place = tmp_path_factory.mktemp("moved")
    root = copy_of_course(place)
    (root / "docs").mkdir()
    for path in [*(ROOT / "docs").glob("*.py"), *[ROOT / file for file in (*FILES, "README.md")]]:
        (root / path.relative_to(ROOT)).write_bytes(path.read_bytes())
    notebooks = root / "notebooks"
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        (notebooks / path.name).write_bytes(path.read_bytes())
    (notebooks / "31_mixing.ipynb").write_bytes((notebooks / "14_mix_and_pack.ipynb").read_bytes())
    for old, new in (("18_scale_out", "32_scale_out"), ("numpy_warm_up", "basics_of_numpy")):
        (notebooks / f"{old}.ipynb").rename(notebooks / f"{new}.ipynb")
    listed = root / "course" / "lessons" / "contents.py"
    listed.write_text(listed.read_text(encoding="utf-8") + NEW_LIST, encoding="utf-8")
    command = [sys.executable, "-c", REPORT, str(place / "handout")]
    surroundings = {**os.environ, "MY_RNN": str(place / "my_rnn")}  # of a learner who has done nothing yet
    done = subprocess.run(command, cwd=root, env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) | {"folder": place / "handout"}


def test_renamed_pages_keep_every_exercise(moved):
    assert moved["exercises"] == list(EXERCISES)
    assert moved["own"] == len(OWN)
    for name in EXERCISES:
        for where in ("progress", "html", "text", "page"):
            assert name in moved[where], (name, where)


def test_renamed_pages_are_named_in_progress_and_in_the_class_report(moved):
    heads = ["lesson 03", "lesson 14", "lesson 31", "page basics_of_numpy"]
    places = [moved["progress"].index(f"  {head}\n") for head in heads]
    assert places == sorted(places) and "Next: one_hot (lesson 01," in moved["progress"]
    rows = [line.strip() for line in moved["text"].split("\n") if line.startswith(("     lesson", "     page"))]
    assert "lesson 31: mix, choose_share" in rows
    assert rows[-1] == "page basics_of_numpy: " + ", ".join(PAGES[-1].exercises)
    assert ">basics_of_numpy</th>" in moved["page"]
    assert moved["learners"] == ["ann", "bob"]


def test_renamed_pages_are_on_the_site_and_in_the_handout(moved):
    places = [
        moved["site"].index(f"{stem}.ipynb") for stem in ("14_mix_and_pack", "31_mixing", "15_no_loop", "32_scale_out")
    ]
    assert places == sorted(places)
    assert moved["site"][-1] == "basics_of_numpy.ipynb" and "basics_of_numpy.ipynb" in moved["browser"]
    assert moved["handed out"] == len(PAGES) + 1
    assert sorted(moved["site"]) == sorted(path.name for path in (moved["folder"] / "notebooks").glob("*.ipynb"))


def test_own_functions_are_said_to_be_of_the_new_pages(moved):
    heads = [text.split(":")[0] for text in moved["kept"]]
    assert heads == ['"""softmax, lesson 01', '"""mix, lesson 31']


# ---------------------------------------------------------------- names of earlier editions
STEP = """def leaky_backward_step(dh, squashed, W_hh, keep):
    da = (1 - keep) * dh * (1 - squashed**2)
    return da, keep * dh + W_hh.T @ {}
"""


def step(what):
    return page(STEP.format(what))["leaky_backward_step"]


@pytest.fixture
def mine(tmp_path, monkeypatch):
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    return tmp_path / "my_rnn"


def test_old_names_lead_to_exercises_of_today():
    for old, new in contents.RENAMED.items():
        assert find(old) is EXERCISES[new] and old not in EXERCISES and asked_for(old).name == new


def test_an_answer_on_an_old_page_is_checked_with_the_arguments_that_it_takes(mine):
    result = check("leaky_backward_step", step("da"))
    assert (result.name, result.verdict) == ("leaky_backward", CORRECT)
    assert result.kept.startswith("This exercise is leaky_backward(dh, n, parameters, keep) now.")
    assert folder.yours() == []
    wrong = check("leaky_backward_step", step("dh"))
    assert (wrong.verdict, wrong.mistake) == (NOT_YET, "leaky_backward/dh_through_w_hh")
    assert "1 of 4" in repr(hint("leaky_backward_step")) and "leaky_backward" in repr(solution("leaky_backward_step"))


def test_what_was_done_under_an_old_name_is_not_lost(mine):
    memory = {"leaky_backward_step": {"verdict": CORRECT}}
    mine.with_name(".my_rnn_progress.json").write_text(json.dumps(memory), encoding="utf-8")
    (row,) = [row for row in progress().rows if row.name == "leaky_backward"]
    assert row.status == "right"
    result = check("leaky_backward", lambda dh, n, parameters, keep: (dh, np.zeros_like(dh)))
    (row,) = [row for row in progress().rows if row.name == "leaky_backward"]
    assert (result.verdict, row.status) == (NOT_YET, "right"), "what was right once stays so"


def test_the_class_report_marks_what_was_handed_in_under_an_old_name(tmp_path):
    from course.marking.marks import mark
    from course.marking.submissions import find_submissions

    for learner, what in (("ann", "da"), ("bob", "dh")):
        cells = ["import numpy as np", f'{STEP.format(what)}\n\ncheck("leaky_backward_step", leaky_backward_step)']
        cells = [{"cell_type": "code", "source": source, "outputs": [], "metadata": {}} for source in cells]
        (tmp_path / learner).mkdir()
        (tmp_path / learner / "03_bptt.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
    marks = {
        one.learner: {mark.exercise: mark for mark in one.marks}["leaky_backward"]
        for one in map(mark, find_submissions(tmp_path))
    }
    assert marks["ann"].verdict == CORRECT
    assert (marks["bob"].verdict, marks["bob"].mistake) == (NOT_YET, "leaky_backward/dh_through_w_hh")
