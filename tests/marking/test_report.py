"""What the report says about given marks, as a page and as a table; and its command."""

import argparse
import json
import os
import re
import sys
from pathlib import Path

import pytest
from helpers import ROOT

from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import EXERCISES
from course.marking import __main__ as class_report
from course.marking import report_page
from course.marking.handout import hand_out
from course.marking.marks import Mark, Marked
from course.marking.report_page import as_page
from course.marking.summary import Summary, message_of, teachers_words, write_csv

NAMES = ["one_hot", "softmax", "cross_entropy", "rnn_step", "choose_learning_rate"]  # of four pages, in order
LONG = "\n".join("abcde")


def summary_of(marks, names=NAMES, problems=(), missing=()):
    """Return the Summary of a class, as if these were all exercises. marks: {learner: {exercise: values}}"""
    marked = []
    for learner, known in marks.items():
        found = [Mark(learner, name, **{"verdict": NOT_STARTED, **known.get(name, {})}) for name in names]
        marked.append(Marked(learner, found, [text for who, text in problems if who == learner], list(missing)))
    summary = Summary(marked)
    pages = [(page, [name for name in page_names if name in names]) for page, page_names in summary.pages()]
    summary.exercises, summary.pages = names, lambda: [(page, some) for page, some in pages if some]
    return summary


def right(**values):
    return {"verdict": CORRECT, "points": 1.0, **values}


def wrong(**values):
    return {"verdict": NOT_YET, "message": "It is wrong.", **values}


SHIFT = {"mistake": "softmax/no_shift", "points": 0.5, "message": "Not told."}
CLASS = {
    "ann": {
        "one_hot": right(code=LONG),
        "softmax": wrong(**SHIFT),
        "cross_entropy": wrong(message="The first.\nTried with one."),
        "rnn_step": right(follows="softmax"),
    },
    "bo": {
        "one_hot": right(code=LONG),
        "softmax": wrong(**SHIFT, line="e = `np`", code=LONG),
        "cross_entropy": wrong(mistake="nobody/knows", message="The `second` <b>.\nin line 2: `x`"),
        "rnn_step": wrong(),
        "choose_learning_rate": wrong(),
    },
    "<cy>": {
        "one_hot": wrong(code="other\n" * 5),
        "softmax": wrong(code=LONG, message="x" * 300),
        "cross_entropy": wrong(code=LONG),
        "choose_learning_rate": right(code=LONG),
    },
    "dan": {"cross_entropy": wrong(code=LONG), "choose_learning_rate": right(code=LONG)},
    "eva": {"cross_entropy": wrong(code=LONG)},
}


@pytest.fixture
def summary():
    return summary_of(CLASS, problems=[("bo", "a.ipynb is empty.")], missing=["memory", "files"])


# ---------------------------------------------------------------- what the marks say
def test_a_learner_who_makes_one_mistake_twice_counts_once():
    twice = {name: wrong(mistake="softmax/no_shift", line=name) for name in ("softmax", "rnn_step")}
    (known,) = summary_of({"ann": twice}).mistakes()
    assert (known.learners, known.line, known.by) == (["ann"], "softmax", "ann")


def test_stuck_is_who_has_three_in_a_row_wrong_and_the_first_longest_row_is_named():
    rows = {"ann": "xx.xx", "bo": "xxx..", "cy": ".xxxx", "dan": "x#xxx", "eva": "xx#xx"}
    signs = {"x": wrong(), "#": right(), ".": {}}
    marks = {who: {name: signs[sign] for name, sign in zip(NAMES, row)} for who, row in rows.items()}
    assert summary_of(marks).stuck() == [("bo", NAMES[:3]), ("cy", NAMES[1:]), ("dan", NAMES[2:])]
    two = [*NAMES, "apply_temperature", "draw"]
    row = {name: right() if name == "rnn_step" else wrong() for name in two}
    assert summary_of({"ann": row}, two).stuck() == [("ann", NAMES[:3])], "of two rows of three"


def test_those_with_most_identical_answers_come_first_then_in_the_order_of_the_learners():
    code = {name: right(code=name + LONG) for name in NAMES[:4]}
    marks = {"cy": [0, 1], "dan": [0, 1], "ann": [2], "bo": [2, 3], "eva": [3]}
    class_of_five = {who: {NAMES[k]: code[NAMES[k]] for k in has} for who, has in marks.items()}
    assert summary_of(class_of_five).alike() == [
        (("cy", "dan"), ["one_hot", "softmax"]),
        (("ann", "bo"), ["cross_entropy"]),
        (("bo", "eva"), ["rnn_step"]),
    ]


def test_short_answers_are_alike_where_three_are_and_those_not_started_are_not_compared():
    given = {name: wrong(code=LONG[:-2]) for name in NAMES[:2]} | {"rnn_step": {"code": LONG}}
    assert summary_of({"ann": given, "bo": given}).alike() == []
    given["cross_entropy"] = right(code="a")
    others = {"cy": {"cross_entropy": right(code="a")}}
    assert summary_of({"ann": given, "bo": given} | others).alike() == [(("ann", "bo"), NAMES[:3])]


def test_a_first_glance_tells_what_holds_up_most_and_whom_to_talk_to():
    learners = {"ann": {"softmax": wrong(**SHIFT)}, "bo": {"softmax": wrong(**SHIFT)}, "cy": {}}
    assert summary_of(learners).at_a_glance() == [
        "Most are held up by softmax: not yet right for 2 of 2 who tried it, 2 of them because of softmax/no_shift.",
        "Talk to cy (nothing begun).",
    ]
    assert summary_of({"ann": {"softmax": right()}}).at_a_glance() == []


def test_pages_that_nobody_has_begun_are_left_out_and_named():
    summary = summary_of({"ann": {}, "bo": {"softmax": wrong()}})
    assert (
        summary.what_it_covers()
        == "2 learners, 5 exercises. Nobody has begun those of pages 02, 10: they are left out below."
    )
    assert "rnn_step" not in as_page(summary) and "one_hot" in as_page(summary)


def test_the_words_of_a_teacher_are_not_about_where_it_was_seen():
    lines = ["It is wrong.", "Tried with x.", "in line 3: `x`", "in your `f`, line 3: `x`", "Here it is.", "Do it."]
    mark = Mark("ann", "softmax", NOT_YET, message="\n".join(lines))
    assert teachers_words(mark) == message_of(mark) == "It is wrong. Do it."
    mark.mistake = "softmax/nobody"
    assert message_of(mark) == "It is wrong. Do it."


# ---------------------------------------------------------------- as a table
def test_the_table_has_a_row_for_each_learner_and_exercise(tmp_path):
    signs = ("=", "+", "-", "@", "\t")
    summary = summary_of({f"{sign}ann": {"softmax": wrong(points=0.5)} for sign in (*signs, "b=")}, ["softmax"])
    write_csv(summary, tmp_path / "a.csv")
    lines = (tmp_path / "a.csv").read_bytes().decode("utf-8-sig").split("\r\n")
    row = "softmax,not yet,,0.5,"
    assert lines[0] == "learner,exercise,verdict,mistake,points,follows" and lines[-1] == ""
    assert lines[1:-1] == [*[f"'{sign}ann,{row}" for sign in signs], f"b=ann,{row}"]


# ---------------------------------------------------------------- as a page
def part_of(page, head):
    """Return the part of a page below a heading."""
    return re.search(rf"<h2>{re.escape(head)}</h2>(.*?)(?=<h2>|</body>)", page, re.DOTALL)[1].strip()


def rows_of(part):
    """Return the rows of a table, each a list of cells."""
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in re.findall(r"<tr>(.*?)</tr>", part)]
    return rows


def test_the_parts_of_the_page(summary):
    page, shifted = as_page(summary), report_page._words(message_of(summary.marks["ann", "softmax"]))
    assert page.startswith('<!DOCTYPE html>\n<html lang="en">') and page.endswith("</body></html>\n")
    assert "<title>What the class knows</title>" in page and "<h1>What the class knows</h1>" in page
    assert "<p>5 learners, 5 exercises. Not limited on this system: files, memory.</p>" in page
    assert rows_of(part_of(page, "The mistakes of the class"))[1:] == [
        ["2", f"<code>softmax/no_shift</code><br>{shifted}", "<code>e = `np`</code><br>bo", "ann, bo"],
        ["1", "<code>nobody/knows</code><br>The <code>second</code> &lt;b&gt;.", "", "bo"],
    ]
    others = rows_of(part_of(page, "Not yet right for another reason"))
    head = ["learners", "exercise", "what is wrong"]
    assert others[0] == head and others[3] == ["1", "<code>softmax</code>", f"<b>&lt;cy&gt;</b>: {'x' * 300}"]
    assert others[1][:2] == ["4", "<code>cross_entropy</code>"]
    assert others[1][2].startswith("<b>ann</b>: The first.<br><b>&lt;cy&gt;</b>: It is wrong.<br><b>dan</b>: ")
    following = rows_of(part_of(page, "Right, with the course's functions in place of their own"))
    assert following[0][2] == "with the course&#x27;s"
    assert following[1:] == [["ann", "<code>rnn_step</code>", "softmax"]]
    stuck = rows_of(part_of(page, "Who is stuck"))
    assert stuck[2] == ["&lt;cy&gt;", "one_hot, softmax, cross_entropy"]
    assert rows_of(part_of(page, "Identical answers"))[1] == ["&lt;cy&gt;, dan, eva", "cross_entropy"]
    assert rows_of(part_of(page, "What could not be used"))[1] == ["bo", "a.ipynb is empty."]
    exercises = rows_of(part_of(page, "Each exercise"))
    assert [row[:3] for row in exercises[1::4]] == [["01", "one_hot", "write"], ["10", NAMES[-1], "choose"]]
    assert exercises[1][3:] == [f"{EXERCISES['one_hot'].minutes} min", "2 (40%)", "1 (20%)", "2 (40%)"]


def test_the_page_needs_no_network(summary):
    page = as_page(summary)
    assert "<cy>" not in page
    assert not re.search(r"""(?:src|href)=|https?:|@import|<script""", page)
    assert "prefers-color-scheme: dark" in page and "@media print" in page


def test_a_page_of_a_class_that_has_begun_nothing_says_so():
    page = as_page(summary_of({"ann": {}}))
    says = {"The mistakes of the class": "No known mistake.", "Not yet right for another reason": "None."}
    says |= {"Who is stuck": "Nobody.", "Identical answers": "None.", "What could not be used": "Nothing."}
    for head, words in says.items():
        assert part_of(page, head).endswith(f"<p>{words}</p>") and "<table" not in part_of(page, head)
    assert "in place of their own</h2>" not in page and "Not limited" not in page


@pytest.mark.parametrize("count", [5, 6, 8])
def test_of_many_learners_with_one_exercise_wrong_five_are_shown(count):
    page = as_page(summary_of({f"learner {k}": {"softmax": wrong()} for k in range(count)}, ["softmax"]))
    (row,) = rows_of(part_of(page, "Not yet right for another reason"))[1:]
    assert row[2].count("It is wrong.") == 5
    assert row[2].endswith(f"<br>and {count - 5} more" if count > 5 else "It is wrong.")


CELLS = {
    '<td title="softmax: not started"></td>': {},
    '<td class="right" title="ann, softmax: correct. Well done.">✓</td>': right(message="Well done."),
    '<td class="right" title="ann, softmax: correct. So.">(✓)</td>': right(message="So.", follows="one_hot"),
    '<td class="no" title="ann, softmax: not yet. It is wrong.">✗</td>': wrong(),
    '<td class="part" title="ann, softmax: not yet. It is wrong.">1</td>': wrong(points=0.01),
    f'<td class="part" title="ann, softmax: not yet. {"x" * 300}">95</td>': wrong(points=0.95, message="x" * 301),
}


@pytest.mark.parametrize("cell", CELLS)
def test_a_cell_of_the_map(cell):
    assert report_page._cell(Mark("ann", "softmax", **CELLS[cell])) == cell


def test_the_map_names_pages_learners_and_points(summary):
    (table,) = re.findall(r'<table class="map">.*?</table>', as_page(summary), re.DOTALL)
    heads = re.findall(r'<th scope="colgroup" colspan="(\d+)">(\w+)</th>', table)
    assert heads == [("3", "01"), ("1", "02"), ("1", "10")]
    assert re.findall(r'class="name">(\w+)<', table) == NAMES
    rows = re.findall(r'<th scope="row">(.*?)</th><td class="number">(.*?)</td>(.*?)</tr>', table)
    assert [row[:2] for row in rows][:3] == [("ann", "2.50"), ("bo", "1.50"), ("&lt;cy&gt;", "1.00")]
    assert [sign for _, sign in re.findall(r"<td(.*?)>([^<]*)</td>", rows[0][2])] == ["✓", "50", "✗", "(✓)", ""]


# ---------------------------------------------------------------- the command


def test_the_bar_tells_the_share_and_the_time_left(monkeypatch, capsys):
    monkeypatch.setattr(class_report.time, "monotonic", iter([0.0, 10.0, 40.0]).__next__)
    bar = class_report.Bar(4)
    for is_shown in (True, False):
        monkeypatch.setattr(sys.stderr, "isatty", lambda is_shown=is_shown: is_shown, raising=False)
        bar.show(1)
    assert capsys.readouterr().err == f"\r{'[#####...............] 1 of 4, about 30 s left':<70}"


def test_what_the_command_does_when_nothing_else_is_asked(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(class_report, "report", lambda options: asked.append(options) or "At a glance.\n")
    assert class_report.main(["class"]) == 0
    given = {"submissions": "class", "html": Path("class_report.html"), "csv": None, "seconds": 60.0}
    assert asked == [argparse.Namespace(**given, jobs=os.cpu_count() or 1)]
    assert capsys.readouterr().out == "At a glance.\nThe report: class_report.html\n"
    monkeypatch.setattr(sys, "argv", ["marking", "class", "--csv", "a.csv", "--jobs", "1"])
    assert class_report.main() == 0
    assert (asked[1].csv, asked[1].jobs) == (Path("a.csv"), 1)
    assert capsys.readouterr().out.endswith("\nThe report: class_report.html, as a table: a.csv\n")


def test_what_the_command_refuses_and_what_the_handout_tells(tmp_path, monkeypatch, capsys):
    def refused(*arguments):
        with pytest.raises(SystemExit) as end:
            class_report.main(list(map(str, arguments)))
        return end.value.code == 2 and capsys.readouterr().err.rstrip().rpartition("error: ")[2]

    assert refused("class", "--jobs", "-1", "--seconds", "2") == "--jobs is -1 and --seconds 2: give numbers above 0."
    assert "--seconds nan" in refused("class", "--seconds", "nan")
    inside = tmp_path / "ann" / "a.csv"
    assert refused(tmp_path, "--csv", inside) == (
        f"{str(inside)!r} lies in what was handed in: give another place for the report."
    )
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
