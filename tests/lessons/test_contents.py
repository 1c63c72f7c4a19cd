"""Tests of the one list of pages, and of what reads it."""

import dataclasses
import importlib
import json
import subprocess
import sys
import textwrap
from types import SimpleNamespace

import numpy as np
import pytest
from cells import page
from helpers import ROOT

from course import check, hint, progress, solution
from course.checker.mistakes import KnownMistakes
from course.checker.say.words import CORRECT, NOT_YET
from course.lessons import EXERCISES, OWN, WRITTEN, asked_for, contents, find, is_practice, page_of, topic_of
from course.lessons.bank import collect
from course.lessons.contents import PAGES, Page
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


@pytest.mark.slow
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


@pytest.mark.slow
def test_what_was_done_under_an_old_name_is_not_lost(mine):
    memory = {"leaky_backward_step": {"verdict": CORRECT}}
    mine.with_name(".my_rnn_progress.json").write_text(json.dumps(memory), encoding="utf-8")
    (row,) = [row for row in progress().rows if row.name == "leaky_backward"]
    assert row.status == "right"
    result = check("leaky_backward", lambda dh, n, parameters, keep: (dh, np.zeros_like(dh)))
    (row,) = [row for row in progress().rows if row.name == "leaky_backward"]
    assert (result.verdict, row.status) == (NOT_YET, "right"), "what was right once stays so"


@pytest.mark.slow
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
