"""What the report says about given marks, as a page, as a table and to each learner; and its command."""

import argparse
import csv
import json
import os
import re
import sys
from pathlib import Path

import pytest
from helpers import ROOT

from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import EXERCISES
from course.lessons.contents import PAGES
from course.marking import __main__ as class_report
from course.marking.feedback import as_gradescope, give_feedback
from course.marking.handout import hand_out
from course.marking.marks import Mark, Marked
from course.marking.report_page import class_page, learners_page
from course.marking.submissions import AGAIN
from course.marking.summary import Summary, message_of, write_csv

ASKED = [page for page in PAGES if page.number in ("01", "02")]
NAMES = [
    name for page in ASKED for name in page.exercises
]  # one_hot softmax cross_entropy softmax_gradient rnn_step ...
LONG = "\n".join("abcde")


def summary_of(marks, problems=(), pages=ASKED):
    """Return the Summary of a class. marks: {learner: {exercise: values of its Mark}};  problems: {learner: [text]}"""
    marked = []
    for learner, known in marks.items():
        found = [Mark(learner, name, **{"verdict": NOT_STARTED, **known.get(name, {})}) for name in EXERCISES]
        marked.append(Marked(learner, found, list(dict(problems).get(learner, ()))))
    return Summary(marked, pages)


def right(**values):
    return {"verdict": CORRECT, "message": "Well done.", **values}


def wrong(message="It is wrong.", **values):
    return {"verdict": NOT_YET, "message": message, **values}


SHIFT = wrong("Not told.", mistake="softmax/no_shift")
CLASS = {
    "ann": {
        "one_hot": right(code=LONG),
        "softmax": SHIFT | {"line": "e = `np`"},
        "cross_entropy": wrong("Look <b>.\nTried with one.", line="a < b"),
        "rnn_step": right(follows="softmax", message="Right, once it calls the course's softmax."),
    },
    "bo": {"one_hot": right(code=LONG), "softmax": SHIFT, "cross_entropy": wrong(), "softmax_gradient": wrong()},
    "<cy>": {"one_hot": right(), "softmax": wrong("Cut.")},
    "dan": {},
}
PROBLEMS = {"<cy>": [f"a.ipynb is empty.{AGAIN}"], "bo": ["b.ipynb contains no exercise of this course."]}


# ---------------------------------------------------------------- the first glance
def test_three_sentences_tell_what_came_who_is_stuck_where_and_why_and_whom_to_talk_to():
    assert summary_of(CLASS, PROBLEMS).first_glance() == [
        "4 learners, 3 of them with answers that can be used, on pages 01, 02.",
        "Most are stuck at softmax (page 01): not yet right for 3 of the 3 who tried it, for 2 of these because of "
        "this: " + message_of(Mark("", "softmax", mistake="softmax/no_shift")).partition(". ")[0] + ".",
        "Talk to bo (3 exercises in a row not yet right, from softmax on); <cy> (a.ipynb is empty); "
        "dan (nothing begun); ann and bo (identical: one_hot).",
    ]


@pytest.mark.parametrize(
    "marks, where",
    [
        ({"ann": {"softmax": right()}}, "Nothing that was begun is wrong."),
        ({"ann": {"softmax": wrong()}, "bo": {"one_hot": wrong()}}, "No exercise holds up more than one learner."),
        (
            {"ann": {"softmax": wrong("A.")}, "bo": {"softmax": wrong("B.")}},
            "Most are stuck at softmax (page 01): not yet right for 2 of the 2 who tried it, each for another reason.",
        ),
        (
            {"ann": {"softmax": wrong("A. B.")}, "bo": {"softmax": wrong("A. B.\nTried with x.")}},
            "Most are stuck at softmax (page 01): not yet right for 2 of the 2 who tried it, for all of these because "
            "of this: A.",
        ),
    ],
)
def test_where_most_are_stuck(marks, where):
    assert summary_of(marks).first_glance()[1] == where


def test_stuck_is_who_has_three_in_a_row_wrong_or_nothing_right():
    rows = {"ann": "xx#xx", "bo": "xxx..", "cy": "#xxxx", "dan": "#xxx#xxx", "eva": "x.x..", "fay": "x....", "gus": ""}
    signs = {"x": wrong(), "#": right(), ".": {}}
    names = [*NAMES, "tanh_backward", "hidden_gradients"]
    marks = {who: {name: signs[sign] for name, sign in zip(names, row)} for who, row in rows.items()}
    in_a_row = "exercises in a row not yet right, from"
    stuck = summary_of(marks, pages=()).stuck()
    assert stuck == {
        "bo": f"3 {in_a_row} one_hot on",
        "cy": f"4 {in_a_row} softmax on",
        "dan": f"3 {in_a_row} softmax on",
        "eva": "none of 2 exercises right yet",
    }
    everybody = summary_of({"ann": marks["ann"]}).first_glance()
    assert everybody[2] == "Nobody is stuck, and everybody has begun."


def test_a_learner_who_makes_one_mistake_twice_counts_once():
    (known,) = summary_of({"ann": {"softmax": SHIFT, "rnn_step": SHIFT}}).mistakes()
    assert known.learners == ["ann"] and len(known.marks) == 2


# ---------------------------------------------------------------- identical answers
def test_long_answers_are_alike_where_two_are_and_those_with_most_come_first():
    marks = {"cy": [0, 1], "dan": [0, 1], "ann": [2], "bo": [2, 3], "eva": [3]}
    given = {who: {NAMES[k]: right(code=NAMES[k] + LONG) for k in has} for who, has in marks.items()}
    assert summary_of(given).alike() == (
        [(("cy", "dan"), NAMES[:2]), (("ann", "bo"), NAMES[2:3]), (("bo", "eva"), NAMES[3:4])],
        0,
    )


def test_short_answers_are_alike_where_three_are_or_two_of_which_one_is_wrong_and_the_others_are_counted():
    one, two, three = [{name: right(code=name) for name in NAMES[:count]} for count in (1, 2, 3)]
    assert summary_of({"ann": two, "bo": two}).alike() == ([], 2)
    assert summary_of({"ann": three, "bo": three}).alike() == ([(("ann", "bo"), NAMES[:3])], 0)
    wrong_one = {"softmax": wrong(code="x")}
    assert summary_of({"ann": wrong_one, "bo": wrong_one}).alike() == ([], 1)
    assert summary_of({"ann": one | wrong_one, "bo": one | wrong_one}).alike()[0] == [(("ann", "bo"), NAMES[:2])]
    choice = {"choose_diagnosis": right(code=LONG), "one_hot": {"code": LONG}}
    assert summary_of({"ann": choice, "bo": choice}, pages=()).alike() == ([], 0), "a letter, and a stub"


# ---------------------------------------------------------------- as a table
def test_the_table_has_a_row_for_each_learner_and_exercise_and_no_formula(tmp_path):
    signs = ("=", "+", "-", "@", "\t")
    marks = {"softmax": wrong(mistake="a/b", seed=7), "rnn_step": right(follows="softmax")}
    write_csv(summary_of({f"{sign}ann": marks for sign in (*signs, "b=")}), tmp_path / "a.csv")
    with open(tmp_path / "a.csv", encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == ["learner", "exercise", "verdict", "mistake", "follows", "seed"]
    assert [row[0] for row in rows[:: len(NAMES)]] == [*[f"'{sign}ann" for sign in signs], "b=ann"]
    assert [row[1:] for row in rows if row[0] == "b=ann"] == [
        ["one_hot", "not started", "", "", ""],
        ["softmax", "not yet", "a/b", "", "7"],
        *[[name, "not started", "", "", ""] for name in NAMES[2:4]],
        ["rnn_step", "correct", "", "softmax", ""],
        ["forward_pass", "not started", "", "", ""],
    ]


# ---------------------------------------------------------------- as a page
def parts_of(page):
    """Return {heading: what is below it} of a page."""
    return dict(re.findall(r"<h2>(.*?)</h2>\n(.*?)(?=<h2>|<details>|</body>)", page, re.DOTALL))


def test_the_page_begins_with_the_glance_then_mistakes_with_lines_then_what_something_came_of():
    page = class_page(summary_of(CLASS, PROBLEMS))
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">') and page.endswith("</body></html>\n")
    first = page[page.index("</h1>") : page.index("<h2>")]
    assert re.findall(r"<p>(.*?)</p>", first)[0].startswith("4 learners, 3 of them")
    assert (
        "<li><b>&lt;cy&gt;</b>: a.ipynb is empty</li>" in first and "<li><b>ann and bo</b>: identical: one_hot" in first
    )
    parts = parts_of(page)
    assert list(parts) == ["What is not yet right", "Who has what", "What could not be used"]
    articles = re.findall(r"<article><h3>(.*?)</h3><p>(.*?)</p></article>", parts["What is not yet right"])
    assert articles[0][0] == "<code>softmax</code>, page 01: 2 learners, ann and bo"
    assert articles[0][1].endswith("<br>ann: <code>e = `np`</code>"), "only the line of who has one"
    assert articles[2] == (
        "<code>cross_entropy</code>, page 01",
        "<b>ann</b>: Look &lt;b&gt;.<br>Tried with one.<br><code>a &lt; b</code></p><p><b>bo</b>: It is wrong.",
    )
    assert "<cy>" not in page and "&lt;cy&gt;: a.ipynb is empty." in parts["What could not be used"]


def test_a_page_of_a_class_that_has_begun_nothing_has_no_empty_parts():
    page = class_page(summary_of({"ann": {}}, pages=()))
    assert parts_of(page) == {} and page.count("<details>") == 1
    assert "Nobody was asked for, or has begun, the exercises of pages 00, 01, 02," in page


def test_what_is_left_out_is_said_in_one_folded_line():
    two = {name: right(code=name) for name in NAMES[:2]}
    page = class_page(summary_of({"ann": two, "bo": two}))
    (rest,) = re.findall(r"<details><summary>(.*?)</summary>(.*?)</details>", page)
    assert rest[0] == "How to read this, and what is left out" and "by chance: 2 are left out." in rest[1]
    assert "exercises of pages 00, 03, 04" in rest[1]


def test_the_page_needs_no_network_and_fits_dark_screens_phones_and_paper():
    page = class_page(summary_of(CLASS))
    assert not re.search(r"""(?:src|href)=|https?:|@import|<script""", page)
    assert "prefers-color-scheme: dark" in page and "@media print" in page and "width=device-width" in page


def test_the_lines_of_three_learners_are_shown():
    made = {f"learner {k}": {"softmax": SHIFT | {"line": f"line {k}"}} for k in range(5)}
    page = class_page(summary_of(made))
    assert [k for k in range(5) if f"<code>line {k}</code>" in page] == [0, 1, 2]
    assert "5 learners, learner 0, learner 1, learner 2, learner 3 and learner 4<" in page


def test_the_map_names_pages_and_exercises_and_counts_what_is_right():
    (table,) = re.findall(r'<table class="map">.*?</table>', class_page(summary_of(CLASS)), re.DOTALL)
    assert re.findall(r'<th colspan="(\d+)">(\w+)</th>', table) == [("4", "01"), ("2", "02")]
    assert re.findall(r'class="name">(\w+)<', table) == NAMES
    rows = re.findall(r'<th scope="row">(.*?)</th><td>(.*?)</td>(.*?)</tr>', table)
    assert [row[:2] for row in rows] == [
        ("ann", "2"),
        ("bo", "1"),
        ("&lt;cy&gt;", "1"),
        ("dan", "0"),
        ("how many have it right", ""),
    ]
    assert re.findall(r">([^<]*)</td>", rows[0][2]) == ["✓", "✗", "✗", "", "(✓)", ""]
    assert re.findall(r">([^<]*)</td>", rows[-1][2]) == ["3", "0", "0", "0", "1", "0"]


def test_the_words_of_a_teacher_are_not_about_where_it_was_seen():
    lines = ["It is wrong.", "Tried with x.", "in line 3: `x`", "in your `f`, line 3: `x`", "Here it is.", "Do it."]
    mark = Mark("ann", "softmax", NOT_YET, message="\n".join(lines))
    assert message_of(mark) == "It is wrong.\nDo it."
    mark.mistake = "softmax/nobody"
    assert message_of(mark) == "It is wrong.\nDo it."


def test_a_repair_by_number_is_shown_with_what_was_wrong_and_the_learners_words():
    name, pages = "mend_train_epoch", [page for page in PAGES if page.number == "10"]
    given = {name: right(seed=3, words="It <forgets>.")}
    part = parts_of(class_page(summary_of({"ann": given, "bo": {name: wrong(seed=4)}}, pages=pages)))[
        "Repairs by number"
    ]
    assert f"ann: <code>{name}</code>, page 10, number 3, correct</h3><p>" in part
    assert "In their words: It &lt;forgets&gt;.</p>" in part and "In their words: none.</p>" in part
    for seed in (3, 4):
        said = EXERCISES[name].with_seed(seed).broken.message.split("`")[0]
        assert said[:30] in part


# ---------------------------------------------------------------- to each learner
def test_a_learner_gets_what_is_right_what_is_not_with_the_sentence_and_what_comes_next():
    summary = summary_of(CLASS, PROBLEMS)
    ann, bo, cy, dan = summary.marked
    parts = parts_of(learners_page(summary, ann))
    says = "<code>rnn_step</code>, page 02: Right, once it calls the course&#x27;s softmax."
    assert list(parts) == ["Right", "Not yet", "Next"] and says in parts["Right"]
    assert "Look &lt;b&gt;.<br>Tried with one.<br><code>a &lt; b</code>" in parts["Not yet"]
    assert "<code>softmax</code>, page 01: about" in parts["Next"] and "hint(" in parts["Next"]
    assert "a.ipynb is empty. Hand it in again." in parts_of(learners_page(summary, cy))["What could not be used"]
    assert list(parts_of(learners_page(summary, dan))) == ["Next"]
    for other in ("ann", "identical", "dan"):
        assert other not in learners_page(summary, bo)


def test_what_comes_next_is_on_the_pages_asked_for_and_then_on_the_others():
    all_of_it = {name: right() for name in EXERCISES}
    done = summary_of({"ann": {name: right() for name in NAMES}, "bo": all_of_it})
    assert "<code>what_comes_next</code>, page 00" in parts_of(learners_page(done, done.marked[0]))["Next"]
    assert "Everything is right. Nothing is left." in learners_page(done, done.marked[1])


def test_feedback_goes_to_a_file_for_each_learner_whatever_their_name(tmp_path):
    names = ["Ann B", "../ann", "ann b", "Zoë", "CON", "x" * 300]
    summary = summary_of({name: {"softmax": wrong("\ud800")} for name in names})
    give_feedback(summary, tmp_path / "new" / "folder")
    found = sorted(path.name for path in (tmp_path / "new" / "folder").iterdir())
    stems = ["Ann_B", "_ann", "ann_b_", "Zoë", "CON", "x" * 80]
    assert found == sorted(stem + ending for stem in stems for ending in (".html", ".json"))
    assert "<h1>ann b</h1>" in (tmp_path / "new" / "folder" / "ann_b_.html").read_text(encoding="utf-8")


def test_gradescope_gets_a_test_for_each_exercise_asked_for():
    summary = summary_of(CLASS, PROBLEMS)
    ann, _, cy, _ = [as_gradescope(summary, one) for one in summary.marked]
    assert [test["score"] for test in ann["tests"]] == [1, 0, 0, 0, 1, 0] and ann["output"] == ""
    assert ann["tests"][2] == {
        "name": "cross_entropy, page 01",
        "score": 0.0,
        "max_score": 1.0,
        "status": "failed",
        "output": "Look <b>.\nTried with one.",
    }
    assert [test["status"] for test in ann["tests"]].count("passed") == 2
    assert ann["tests"][3]["output"] == "not started." and cy["output"] == "a.ipynb is empty. Hand it in again."


# ---------------------------------------------------------------- the command
def test_what_the_command_does_when_nothing_else_is_asked(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(class_report, "report", lambda options: asked.append(options) or summary_of(CLASS))
    assert class_report.main(["class"]) == 0
    given = {"submissions": "class", "html": Path("class_report.html"), "csv": None, "seconds": 60.0}
    assert asked == [argparse.Namespace(**given, feedback=None, pages=())]
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == summary_of(CLASS).first_glance() and lines[3:] == ["", "The report: class_report.html"]
    more = ["--csv", "a.csv", "--pages", "02, numpy_warm_up", "--feedback", "b"]
    monkeypatch.setattr(sys, "argv", ["marking", "class", *more])
    assert class_report.main() == 0
    assert [page.stem for page in asked[1].pages] == ["02_forward_pass", "numpy_warm_up"]
    assert capsys.readouterr().out.endswith("\nThe table: a.csv\nFor the learners: b\n")


def test_what_the_command_refuses_and_what_the_handout_tells(tmp_path, monkeypatch, capsys):
    def refused(*arguments):
        with pytest.raises(SystemExit) as end:
            class_report.main(list(map(str, arguments)))
        return end.value.code == 2 and capsys.readouterr().err.rstrip().rpartition("error: ")[2]

    assert refused("class", "--seconds", "nan") == "--seconds is nan: give a number above 0."
    assert "no page '06' has exercises. Those that have: 00, 01, " in refused("class", "--pages", "01,06")
    for option, place in (("--csv", tmp_path / "ann" / "a.csv"), ("--feedback", tmp_path), ("--html", tmp_path / "a")):
        says = f"{str(place)!r} lies in what was handed in: give another place for it."
        assert refused(tmp_path, option, place) == says
    monkeypatch.setattr(class_report, "report", lambda options: os.listdir(tmp_path / "nobody"))
    assert "No such file" in refused("class")
    assert "give the name of a new folder" in refused("handout", tmp_path / "..")
    monkeypatch.setattr(class_report, "hand_out", lambda folder, lab: 13)
    assert class_report.main(["handout", "new"]) == 0
    assert capsys.readouterr().out == "13 pages without outputs, and what they need, are in new.\n"


# ---------------------------------------------------------------- the handout
def test_a_page_of_the_handout_is_that_of_the_course_but_for_its_outputs(tmp_path):
    (tmp_path / "empty").mkdir()
    count = hand_out(tmp_path / "empty")
    pages = sorted((tmp_path / "empty" / "notebooks").iterdir())
    assert len(pages) == count == len(list((ROOT / "notebooks").glob("*.ipynb")))
    before = json.loads((ROOT / "notebooks" / pages[1].name).read_text(encoding="utf-8"))
    after = json.loads(pages[1].read_text(encoding="utf-8"))
    for one in before["cells"]:
        if one["cell_type"] == "code":
            one["outputs"], one["execution_count"] = [], None
    assert after == before
    lines = (ROOT / "notebooks" / pages[1].name).read_text(encoding="utf-8").splitlines()
    known = {'   "outputs": []', '   "execution_count": null', *[line.rstrip(",") for line in lines]}
    assert {line.rstrip(",") for line in pages[1].read_text(encoding="utf-8").splitlines()} <= known
    assert pages[1].read_bytes().endswith(b"}\n") and b"\r" not in pages[1].read_bytes()
    readme = (tmp_path / "empty" / "README.md").read_text(encoding="utf-8")
    whole = (ROOT / "README.md").read_text(encoding="utf-8")
    assert whole.startswith(readme) and whole[len(readme) :].startswith("\n## For teachers and maintainers\n")
    names = {path.relative_to(tmp_path / "empty").as_posix() for path in (tmp_path / "empty").rglob("*")}
    assert {"LICENSE", "LICENSE-TEXT.md", "CHANGELOG.md", "requirements.txt", "rnn_helpers.py"} <= names
    assert {"course/__init__.py", "data/corpora.json", "course/checker/mistakes.py", "course/show/pictures.py"} <= names
    for_others = r"/\.|__pycache__|\.part$|marking|tests|my_rnn|publish"
    assert not [name for name in names if re.search(for_others, name)]


def test_no_handout_goes_where_something_is(tmp_path):
    (tmp_path / "file").write_text("mine")
    for place in (tmp_path, tmp_path / "file"):
        with pytest.raises(ValueError, match="is there already, and not empty: give the name of a new folder"):
            hand_out(place)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
