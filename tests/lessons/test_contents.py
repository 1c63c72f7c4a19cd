"""Tests of the list of pages, and of what reads it."""

import dataclasses
import importlib
import json
import re
from types import SimpleNamespace

import pytest
from helpers import ROOT
from notebook_pages import page_named

import course
from course.checker.mistakes import KnownMistakes
from course.lessons import EXERCISES, NETWORK, OWN, WRITTEN, is_practice, page_of, topic_of
from course.lessons.bank import collect, of_the_network
from course.lessons.contents import COURSE, PAGES, SUBJECT, Page

MODULES = {topic: importlib.import_module(f"course.lessons.{topic}") for one in PAGES for topic, _ in one.listed}


# ---------------------------------------------------------------- the list
def test_the_exercises_come_in_the_order_of_the_pages_and_know_where_they_are():
    assert list(EXERCISES) == [name for page in PAGES for name in page.exercises]
    assert page_of("softmax").stem == "01_softmax" and page_of("softmax").number == "01"
    assert topic_of("numerical_gradient") == "bptt" and page_of("numerical_gradient") is page_of("tanh_backward")
    assert [name for name in EXERCISES if is_practice(name)] == PAGES[0].exercises + PAGES[-1].exercises
    assert list(OWN) == [name for name in WRITTEN if not is_practice(name)]


def test_each_page_is_in_a_book_and_has_its_minutes():
    books = {book: [page.number for page in PAGES if page.book == book] for book in ("Your network", "Questions")}
    assert books["Your network"] == ["00", "01", "02", "03", "04", "05", "06"] and books["Questions"][0] == "07"
    assert [page.stem for page in PAGES if page.book not in books] == ["numpy_warm_up"]
    assert all(page.minutes for page in PAGES)
    assert (NETWORK[0], NETWORK[-1]) == ("one_hot", "sample_ids") and len(NETWORK) == 17
    assert "clip_gradients" in NETWORK and "numerical_gradient" not in NETWORK


def test_the_exercises_of_an_extra_come_last_on_their_page_and_are_no_part_of_the_network():
    plain = Page("02_made_up", "Made up", ["forward_pass: rnn_step"])
    page = dataclasses.replace(plain, extras=["gates: flip_flop gru_step", "tables: witten_bell"])
    assert page.exercises == ["rnn_step", "flip_flop", "gru_step", "witten_bell"] and plain.exercises == ["rnn_step"]
    assert page.in_its_extra == ["flip_flop", "gru_step", "witten_bell"] and plain.in_its_extra == []
    assert list(collect([page], MODULES)) == page.exercises
    assert of_the_network([page, dataclasses.replace(page, stem="12_made_up")], OWN) == ("rnn_step",)


def test_a_page_without_a_number_has_a_label_too():
    assert Page("03_bptt", "Any name").label == "page 03"
    assert (PAGES[-1].number, PAGES[-1].label) == ("", "page numpy_warm_up")


def test_each_text_of_mistakes_belongs_to_a_topic_and_each_module_is_on_a_page():
    lessons = ROOT / "course" / "lessons"
    assert {path.stem for path in lessons.glob("*.mistakes")} == MODULES.keys()
    others = {"__init__", "added", "bank", "cases", "contents"}
    assert {path.stem for path in lessons.glob("*.py")} == others | MODULES.keys()


def test_the_course_its_books_and_its_pages_have_one_name_everywhere():
    texts = {
        name: (ROOT / name).read_text(encoding="utf-8")
        for name in ("README.md", "CHANGELOG.md", "docs/teaching.md", "docs/contributing.md", "LICENSE-TEXT.md")
    }
    whole = f"{COURSE}: {SUBJECT}"
    assert f"*{whole}*, by the authors of this course" in texts["LICENSE-TEXT.md"]
    assert texts["README.md"].startswith(f"# {whole}\n") and f"*{whole}*" in texts["CHANGELOG.md"]
    (lite,) = [path for path in ROOT.glob("docs/**/jupyter-lite.json") if "_pyodide" not in path.parts]
    assert json.loads(lite.read_text(encoding="utf-8"))["jupyter-config-data"]["appName"] == COURSE
    texts |= {page.stem: page_named(page.stem).prose for page in PAGES}
    other = re.compile(r"\b(?:first|second) round\b|\b[Ll]essons? \[?\d")
    assert [(name, other.findall(text)) for name, text in texts.items() if other.search(text)] == []


def test_whoever_cites_the_course_finds_its_name_and_version():
    citation = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    said = dict(re.findall(r'^([\w-]+): "?([^"\n]+)"?$', citation, re.MULTILINE))
    assert (said["cff-version"], said["type"], said["license"]) == ("1.2.0", "software", "BSD-3-Clause")
    assert (said["title"], said["version"]) == (f"{COURSE}: {SUBJECT}", course.__version__)
    names = re.findall(r"^  - name: (.*)|^  - given-names: (.*)\n    family-names: (.*)", citation, re.MULTILINE)
    authors = ", ".join(" ".join(part for part in name if part) for name in names)
    assert authors and f"Copyright (c) 2026, {authors}\n" in (ROOT / "LICENSE").read_text(encoding="utf-8")


def changed(old, new):
    """Return the pages with one change."""
    found = [dataclasses.replace(page, parts=[part.replace(old, new) for part in page.parts]) for page in PAGES]
    assert found != list(PAGES)
    return found


def test_an_exercise_on_two_pages_or_in_no_topic_is_named():
    with pytest.raises(ValueError, match=r"lists witten_bell twice, the second time on 15_no_loop"):
        collect(changed("catch_scan", "witten_bell catch_scan"), MODULES)
    with pytest.raises(ValueError, match=r"01_softmax lists soft_max, but course/lessons/softmax\.py has no SOFT_MAX"):
        collect(changed("one_hot softmax", "one_hot soft_max"), MODULES)


def test_known_mistakes_of_no_exercise_are_named():
    spare = SimpleNamespace(known=KnownMistakes("== nobody\n@ a\nb_for_a: b\n    It is a.\n", "spare.mistakes"))
    with pytest.raises(ValueError, match=r"spare\.mistakes, line 1: no exercise nobody"):
        collect(PAGES, {**MODULES, "spare": spare})


def test_an_exercise_is_the_one_of_its_name():
    assert {name: exercise.name for name, exercise in EXERCISES.items()} == {name: name for name in EXERCISES}
