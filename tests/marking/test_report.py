"""What the report says about given marks, as a page, as a table and to each learner; and its command."""

import argparse
import csv
import dataclasses
import json
import os
import re
import sys
from pathlib import Path

import pytest
from helpers import ROOT

from course.checker.exercise import Finding
from course.checker.finding import Sentence
from course.checker.say.message import without_frame
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import EXERCISES, bank
from course.lessons.contents import PAGES
from course.marking import __main__ as class_report
from course.marking.feedback import as_gradescope, give_feedback
from course.marking.handout import OF_MARKING, hand_out
from course.marking.marks import ABSENT, Mark, Marked
from course.marking.report_page import class_page, learners_page
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
    "dan": {name: {"verdict": ABSENT} for name in NAMES},
}
PROBLEMS = {"<cy>": ["a.ipynb is empty."], "dan": ["No notebook is in what was handed in."]}


# ---------------------------------------------------------------- the first glance
def test_what_did_not_come_is_not_what_was_not_begun():
    came = {name: {} for name in NAMES[:4]} | {name: {"verdict": ABSENT} for name in NAMES[4:]}
    class_of_three = {"ann": came | {"softmax": right()}, "bo": came, "cy": came | {"softmax": right()}}
    lost = {"cy": ["02.ipynb is empty."]}
    on_02 = {"dan": {"rnn_step": right()}}  # or the exercises of 02 would be on nobody's page
    assert summary_of(class_of_three | on_02, lost).whom() == [
        ("cy", "02.ipynb is empty"),
        ("ann and bo", "not handed in: page 02"),
        ("bo and dan", "nothing begun: page 01"),
    ]


def test_three_sentences_tell_what_came_who_is_stuck_where_and_why_and_whom_to_talk_to():
    shift = message_of(Mark("", "softmax", mistake="softmax/no_shift"))
    assert summary_of(CLASS, PROBLEMS).first_glance() == [
        "4 learners, 3 of them with answers that can be used, on page 01 and page 02.",
        "The hardest exercise is softmax (page 01): it is not yet right for 3 of the 3 who tried it, for 2 of these "
        f"because of this: {shift}",
        "Talk to bo (3 exercises in a row not yet right, from softmax on; the first: Not told.); "
        "<cy> (a.ipynb is empty); dan (No notebook is in what was handed in); bo and <cy> (nothing begun: page 02); "
        "ann and bo (identical one_hot: a hint, no verdict).",
    ]
    assert summary_of({"ann": {"softmax": right()}, "eva": {}}, pages=()).first_glance() == [
        "2 learners, 1 of them with answers that can be used, on page 01.",
        "Nothing that was begun is wrong.",
        "Talk to eva (nothing begun).",
    ], "whoever is not asked for pages may be on any of them"


@pytest.mark.parametrize(
    "marks, where",
    [
        ({"ann": {"softmax": right()}}, "Nothing that was begun is wrong."),
        ({"ann": {"softmax": wrong()}, "bo": {"one_hot": wrong()}}, "No exercise holds up more than one learner."),
        (
            {"ann": {"softmax": wrong("A.")}, "bo": {"softmax": wrong("B.")}, "cy": {"softmax": right()}},
            "The hardest exercise is softmax (page 01): it is not yet right for 2 of the 3 who tried it, each for "
            "another reason.",
        ),
        (
            {"ann": {"softmax": wrong("A. B.")}, "bo": {"softmax": wrong("A. B.")}},
            "The hardest exercise is softmax (page 01): it is not yet right for 2 of the 2 who tried it, for all of "
            "these because of this: A. B.",
        ),
    ],
)
def test_where_most_are_stuck(marks, where):
    assert summary_of(marks).first_glance()[1] == where


def test_stuck_is_who_has_three_in_a_row_wrong_or_nothing_right():
    rows = {"ann": "xx#xx", "bo": "xxx..", "cy": "#xxxx", "dan": "#xxx#xxx", "eva": "x.x..", "fay": "x....", "gus": ""}
    signs = {"x": wrong("A. B."), "#": right(), ".": {}}
    names = [*NAMES, "tanh_backward", "hidden_gradients"]
    marks = {who: {name: signs[sign] for name, sign in zip(names, row)} for who, row in rows.items()}
    in_a_row = "exercises in a row not yet right, from"
    assert summary_of(marks, pages=()).stuck() == {
        "bo": f"3 {in_a_row} one_hot on; the first: A. B.",
        "cy": f"4 {in_a_row} softmax on; the first: A. B.",
        "dan": f"3 {in_a_row} softmax on; the first: A. B.",
        "eva": "nothing right yet, of 2 begun",
        "fay": "nothing right yet, of 1 begun",
    }
    everybody = summary_of({"ann": {**marks["ann"], "rnn_step": right()}}).first_glance()
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


def test_short_answers_are_alike_where_two_are_wrong_and_the_others_are_counted():
    def alike(right_ones, wrong_ones):
        given = {name: right(code=name) for name in NAMES[:right_ones]}
        given |= {name: wrong(code=name) for name in NAMES[right_ones : right_ones + wrong_ones]}
        return summary_of({"ann": given, "bo": given, "cy": {}}).alike()

    both = ("ann", "bo")
    assert alike(1, 1) == alike(4, 0) == ([], 1)
    assert alike(2, 1) == ([], 1) and alike(2, 2) == ([(both, NAMES[:4])], 0)
    choice = {"choose_diagnosis": right(code=LONG), "one_hot": {"code": LONG}}
    assert summary_of({"ann": choice, "bo": choice}, pages=()).alike() == ([], 0), "a letter, and a stub"


def test_of_repairs_the_words_are_compared_because_there_is_one_right_function():
    name = "mend_train_epoch"
    marks = {"ann": right(code=LONG, words="a"), "bo": right(code=LONG, words="b"), "cy": right(code="c", words="b")}
    summary = summary_of({who: {name: mark} for who, mark in marks.items()}, pages=())
    assert summary.alike() == ([(("bo", "cy"), [f"words on {name}"])], 0)


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
        *[[name, "not started", "", "", ""] for name in NAMES[5:]],
    ]


def test_an_exercise_that_nobody_has_as_in_the_lab_is_in_no_table(tmp_path):
    absent, pages = {"verdict": ABSENT}, [page for page in PAGES if page.number == "03"]
    left_out = ("backward_pass", "mend_backward_pass", "numerical_gradient")  # the last one is the extra
    given = {"tanh_backward": right()} | dict.fromkeys(left_out, absent)
    summary = summary_of({"ann": given, "bo": given | {"backward_pass": wrong()}}, pages=pages)
    assert summary.exercises == ["tanh_backward", "hidden_gradients", "weight_gradients", "backward_pass"]
    assert ">–</td>" in class_page(summary) and len(as_gradescope(summary, summary.marked[0])["tests"]) == 4
    write_csv(summary, tmp_path / "a.csv")
    assert ",not handed in," in (tmp_path / "a.csv").read_text(encoding="utf-8")
    page = learners_page(summary, summary.marked[0])
    assert "<code>backward_pass</code>, page 03" in parts_of(page)["Not handed in, or not readable"]


@pytest.fixture
def extra(monkeypatch):
    """A page 01 with cross_entropy as its extra."""
    name, (page,) = "cross_entropy", [page for page in PAGES if page.number == "01"]
    one = dataclasses.replace(page, parts=["softmax: one_hot softmax softmax_gradient"], extras=[f"softmax: {name}"])
    monkeypatch.setattr(bank, "_PAGE_OF", {**bank._PAGE_OF, **dict.fromkeys(one.exercises, one)})
    return one


def test_an_extra_is_told_apart_and_nobody_is_asked_for_it(extra):
    done = {name: right() for name in extra.exercises if name != "cross_entropy"}
    only, out = {"cross_entropy": right()}, {name: {"verdict": ABSENT} for name in extra.exercises}
    marks = {"ann": done, "bo": {**done, "cross_entropy": wrong("A. B.")}, "cy": only, "dan": {}, "eva": out | only}
    summary = summary_of(marks, pages=[extra])
    assert [who for who in summary.whom() if "page 01" in who[1]] == [("dan", "nothing begun: page 01")]
    tables = class_page(summary).split("<table>")
    assert re.findall(r'<th scope="col">(page[^<]*)', "".join(tables)) == ["page 01", "page 01, an extra"]
    assert re.findall(r'class="name">(\w+)', tables[2]) == ["cross_entropy"]
    assert "<code>cross_entropy</code>, page 01, an extra" in class_page(summary)
    assert "All that you handed in is right." in learners_page(summary, summary.marked[0])
    assert "<code>cross_entropy</code>, page 01, an extra: about" in learners_page(summary, summary.marked[1])
    ann, bo, cy, *_ = (as_gradescope(summary, one)["tests"] for one in summary.marked)
    assert len(ann) == 3 and [sum(test["max_score"] for test in tests) for tests in (ann, bo, cy)] == [3, 3, 3]
    assert [test["name"] for test in bo if not test["max_score"]] == ["cross_entropy, page 01, an extra"]
    assert [(test["score"], test["status"]) for test in (bo[-1], cy[-1])] == [(0, "failed"), (0, "passed")]


def test_a_row_of_what_is_not_yet_right_goes_past_an_extra(extra):
    names = ["one_hot", "softmax", "softmax_gradient"]
    in_a_row = summary_of({"ann": {name: wrong("A. B.") for name in names}}, pages=[extra]).stuck()
    assert in_a_row["ann"].startswith("3 exercises in a row")
    two = {"one_hot": right(), "softmax": wrong(), "cross_entropy": wrong(), "softmax_gradient": wrong()}
    assert summary_of({"ann": two}, pages=[extra]).stuck() == {}


# ---------------------------------------------------------------- as a page
def parts_of(page):
    """Return {heading: what is below it} of a page."""
    return dict(re.findall(r"<h2>(.*?)</h2>\n(.*?)(?=<h2>|<details>|</body>)", page, re.DOTALL))


def test_the_page_begins_with_the_glance_then_mistakes_with_lines_then_what_something_came_of():
    page = class_page(summary_of(CLASS, PROBLEMS))
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">') and page.endswith("</body></html>\n")
    first = page[page.index("</h1>") : page.index("<h2>")]
    assert re.findall(r"<p>(.*?)</p>", first)[0].startswith("4 learners, 3 of them")
    assert "<li><b>&lt;cy&gt;</b>: a.ipynb is empty</li>" in first
    assert "<li><b>ann and bo</b>: identical one_hot: a hint, no verdict</li>" in first
    parts = parts_of(page)
    assert list(parts) == ["What is not yet right, in the words that the learners read", "Who has what"]
    articles = re.findall(r"<article><h3>(.*?)</h3><p>(.*?)</p></article>", next(iter(parts.values())))
    assert articles[0][0] == "<code>softmax</code>, page 01: 2 learners, ann and bo"
    assert articles[0][1].endswith("<br>ann: <code>e = `np`</code>"), "only the line of who has one"
    assert articles[2] == (
        "<code>cross_entropy</code>, page 01",
        "<b>ann</b>: Look &lt;b&gt;.<br>Tried with one.<br><code>a &lt; b</code></p><p><b>bo</b>: It is wrong.",
    )
    assert "<cy>" not in page


def test_a_page_of_a_class_that_has_begun_nothing_has_no_empty_parts():
    page = class_page(summary_of({"ann": {}}, pages=()))
    assert parts_of(page) == {} and page.count("<details>") == 1


def test_what_is_left_out_is_said_in_one_folded_line():
    two = {name: right(code=name) for name in NAMES[:2]}
    page = class_page(summary_of({"ann": two, "bo": two}))
    (rest,) = re.findall(r"<details><summary>(.*?)</summary>(.*?)</details>", page)
    assert rest[0] == "Which answers count as identical" and "left out by this rule: 1." in rest[1]


def test_the_page_needs_no_network_and_fits_dark_screens_phones_and_paper():
    page = class_page(summary_of(CLASS))
    assert not re.search(r"""(?:src|href)=|https?:|@import|<script""", page)
    assert "prefers-color-scheme: dark" in page and "@media print" in page and "width=device-width" in page


def test_the_lines_of_three_learners_are_shown():
    made = {f"learner {k}": {"softmax": SHIFT | {"line": f"line {k}"}} for k in range(5)}
    page = class_page(summary_of(made))
    assert [k for k in range(5) if f"<code>line {k}</code>" in page] == [0, 1, 2]
    assert "5 learners, learner 0, learner 1, learner 2, learner 3 and learner 4<" in page


def test_each_page_has_a_map_that_counts_what_is_right():
    tables = re.findall(r"<table>.*?</table>", class_page(summary_of(CLASS)), re.DOTALL)
    heads = re.findall(r'<th scope="col">(.*?)</th>', "".join(tables))
    assert heads == ["page 01", "page 02", "page 02, an extra"]
    assert re.findall(r'class="name">(\w+)<', "".join(tables)) == NAMES
    first, second, _ = tables
    rows = re.findall(r'<th scope="row">(.*?)</th>(.*?)</tr>', first)
    assert [row[0] for row in rows] == ["ann", "bo", "&lt;cy&gt;", "dan", "right, of 4"]
    signs = [re.findall(r">([^<]*)</td>", row[1]) for row in rows]
    assert signs[0] == ["✓", "✗", "✗", ""] and signs[-1] == ["3", "0", "0", "0"] and ">(✓)</td>" in second


def test_the_words_of_a_teacher_are_not_about_where_it_was_seen():
    names = "right", "raised", "line", "tried", "cause"
    finding = Finding(NOT_YET, "", says=tuple(Sentence(name, f"It says {name}.") for name in names))
    assert without_frame(finding) == "It says cause."
    for mistake in "", "softmax/nobody":
        assert message_of(Mark("ann", "softmax", NOT_YET, mistake, "All of it.", says="It is wrong.")) == "It is wrong."


def test_a_repair_by_number_is_shown_with_what_was_wrong_and_the_learners_words():
    name, pages = "mend_train_epoch", [page for page in PAGES if page.number == "10"]
    given = {name: right(seed="3", words="It <forgets>.")}
    page = class_page(
        summary_of({"ann": given, "bo": {name: wrong(seed="4")}, "cy": {name: right()}, "dan": {}}, pages=pages)
    )
    part = parts_of(page)["Repairs by number"]
    assert f"ann: <code>{name}</code>, page 10, number 3, correct</h3><p>" in part
    assert "In their words: It &lt;forgets&gt;.</p>" in part and "In their words: nothing yet.</p>" in part
    for seed in (3, 4):
        said = EXERCISES[name].with_seed(seed).broken.message.split("`")[0]
        assert f"What was wrong: {said[:30]}" in part
    assert "cy: <code>mend_train_epoch</code>, page 10, number missing, correct" in part and "dan" not in part
    whom = summary_of({"ann": given, "bo": {name: wrong(seed="4")}, "cy": {name: right()}}, pages=pages).whom()
    assert [who for who in whom if "no words" in who[1]] == [("bo", f"no words on {name}")]
    assert "Repairs by number" not in class_page(summary_of({"cy": {name: right()}}, pages=pages))


# ---------------------------------------------------------------- to each learner
def test_a_learner_gets_what_is_right_what_is_not_with_the_sentence_and_what_comes_next():
    summary = summary_of(CLASS, PROBLEMS)
    ann, bo, cy, dan = summary.marked
    parts = parts_of(learners_page(summary, ann))
    says = "<code>rnn_step</code>, page 02: Right, once it calls the course&#x27;s softmax."
    assert list(parts) == ["Right", "Not yet", "Not begun", "Next"] and says in parts["Right"]
    assert "<code>forward_pass</code>, page 02" in parts["Not begun"]
    assert "Look &lt;b&gt;.<br>Tried with one.<br><code>a &lt; b</code>" in parts["Not yet"]
    assert "<code>softmax</code>, page 01: about" in parts["Next"] and "hint(" in parts["Next"]
    assert "a.ipynb is empty." in parts_of(learners_page(summary, cy))["What could not be used: hand it in again"]
    assert "Nothing could be used. Open each notebook" in parts_of(learners_page(summary, dan))["Next"]
    for other in ("ann", "identical", "dan"):
        assert other not in learners_page(summary, bo)
    done = summary_of({"ann": {name: right() for name in NAMES}})
    assert "All that you handed in is right." in parts_of(learners_page(done, done.marked[0]))["Next"]


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
    assert ann["tests"][3]["output"] == "not started." and cy["output"] == "a.ipynb is empty."


# ---------------------------------------------------------------- the command
def test_what_the_command_does_when_nothing_else_is_asked(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(class_report, "report", lambda options: asked.append(options) or summary_of(CLASS))
    assert class_report.main(["class"]) == 0
    given = {"submissions": "class", "html": Path("class_report.html"), "csv": None}
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

    assert (
        refused("class", "--html", tmp_path / "new" / "a")
        == f"There is no folder {str(tmp_path / 'new')!r}: make it first."
    )
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
    parts = re.split("<!-- whole -->.*?<!-- handout:.*?-->", whole, flags=re.DOTALL)
    assert len(parts) == 8 and all(part in readme for part in parts) and "<!--" not in readme
    assert not re.search("GitHub|web site|Download|pytest|docs/", readme), "they have the folder, and no more"
    assert readme.strip().split("\n")[-3] == "## With a programming assistant" and "](AGENTS.md)" in readme
    settings = json.loads((tmp_path / "empty" / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    assert settings == {"editor.inlineSuggest.enabled": False, "github.copilot.enable": {"*": False}}
    names = {path.relative_to(tmp_path / "empty").as_posix() for path in (tmp_path / "empty").rglob("*")}
    assert {"LICENSE", "LICENSE-TEXT.md", ".gitignore", "requirements.txt", "rnn_helpers.py"} <= names
    assert {"course/__init__.py", "data/corpora.json", "course/checker/mistakes.py", "course/show/pictures.py"} <= names
    for_others = r"/\.|__pycache__|\.part$|marking/(?!__init__|answers|child)|tests|my_rnn|publish|CHANGELOG"
    assert not [name for name in names if re.search(for_others, name)]
    assert {f"course/marking/{name}" for name in OF_MARKING} <= names


def test_no_handout_goes_where_something_is(tmp_path):
    (tmp_path / "file").write_text("mine")
    for place in (tmp_path, tmp_path / "file"):
        with pytest.raises(ValueError, match="is there already, and not empty: give the name of a new folder"):
            hand_out(place)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
