"""Tests of progress(): what is done, open and next, as text and as HTML, also after a restart."""

import dataclasses
import html.parser
import os
import re
import textwrap

import pytest
from cells import COUNT, ONE_HOT, SOFTMAX, START, copy_of_course, keep, python

from course import progress
from course.checker.say.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import EXERCISES, OWN, is_practice
from course.lessons.contents import PAGES
from course.own.progress import recall, remember

NAMES = list(EXERCISES)


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    """The folder of a learner who has done nothing yet."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    return tmp_path / "my_rnn"


def row_of(name):
    """Return the line of an exercise in the text of progress()."""
    (line,) = [line for line in repr(progress()).split("\n") if re.search(rf" {name} ", line)]
    return line


def test_with_nothing_done(mine):
    shown = repr(progress())
    lines = shown.split("\n")
    assert lines[0] == "your progress" and lines[1].startswith(
        f"  0 of {len(OWN)} are yours. What is open takes about "
    )
    assert lines[2].startswith("  Next: pick_targets (lesson 00, ")
    assert re.findall(r"^  not started +(\w+) ", shown, re.MULTILINE) == NAMES, "each once, in their order"
    assert re.findall(r"lesson (\d\d)$", shown, re.MULTILINE) == [page.number for page in PAGES if page.exercises]
    assert not re.search(r" $", shown, re.MULTILINE) and max(map(len, lines)) <= 120
    assert not list(mine.parent.iterdir()), "nothing is written"


def test_minutes_and_difficulty(monkeypatch):
    monkeypatch.setitem(EXERCISES, "softmax", dataclasses.replace(EXERCISES["softmax"], minutes=7, difficulty=3))
    assert row_of("softmax").split()[-4:] == ["write", "7", "min", "hard"]
    total = re.search(r"about (\d+) minutes", repr(progress()))[1]
    assert int(total) == sum(exercise.minutes for exercise in EXERCISES.values())
    remember("catch_softmax", CORRECT)
    left = re.search(r"about (\d+) minutes", repr(progress()))[1]
    assert int(left) == int(total) - EXERCISES["catch_softmax"].minutes, "what is done takes no more"


def test_what_could_not_be_written_is_remembered_until_something_can(monkeypatch):
    def refuse(*given, **options):
        raise OSError("no room")

    with monkeypatch.context() as patch:
        patch.setattr("course.own.progress.write_whole", refuse)
        remember("softmax", NOT_YET, "", "Not yet.")
        assert recall()["softmax"] == {"verdict": NOT_YET, "line": "Not yet."}
    remember("softmax", CORRECT)
    assert recall()["softmax"] == {"verdict": CORRECT}


def test_exercises_of_all_kinds_stand_under_their_lesson_and_only_functions_to_write_are_counted():
    kinds = {row.name: (row.page, row.kind) for row in progress().rows}
    assert kinds["softmax"] == ("lesson 01", "write") and kinds["catch_softmax"] == ("lesson 01", "catch it")
    assert kinds["mend_backward_pass"] == ("lesson 03", "repair")
    assert kinds["choose_learning_rate"] == ("lesson 04", "choose")
    assert re.search(r" catch_softmax +catch it +\d+ min  \w+$", row_of("catch_softmax"))
    for name in ("catch_softmax", "mend_backward_pass", "choose_learning_rate"):
        remember(name, NOT_YET, "", "5 of 21 wrong ones caught, no right one refused.")
        assert row_of(name).startswith("  not yet ") and row_of(name).endswith(" refused.")
        remember(name, CORRECT)
        assert row_of(name).startswith("  done ")
    assert progress().mine == [] and f"0 of {len(OWN)} are yours." in repr(progress())


def test_after_half_of_all_and_after_all(mine):
    half = list(OWN)[: len(OWN) // 2]
    not_next = half + [name for name in NAMES if is_practice(name)]
    blocks = "".join(f"# ---------------- lesson 01: {name}\ndef {name}():\n    pass\n\n\n" for name in OWN)
    mine.write_text(blocks.partition(f": {list(OWN)[len(half)]}\n")[0].rpartition("# -")[0])
    shown = progress()
    assert shown.mine == half and f"Next: {next(name for name in NAMES if name not in not_next)} (" in repr(shown)
    mine.write_text(blocks)
    for name in NAMES:
        remember(name, CORRECT)
    shown = progress()
    assert repr(shown).split("\n")[1:3] == [f"  {len(OWN)} of {len(OWN)} are yours.", ""]
    assert {row.status for row in shown.rows} == {"done"} and "Next" not in shown._repr_html_()
    mine.write_text(blocks.replace(f"def {half[1]}():", f"def {half[1]}(:"))
    shown = progress()
    assert "my_rnn.py has a fault in line " in shown._repr_html_() and half[1] not in shown.mine
    assert len(shown.mine) == len(OWN) - 1
    first, second = repr(shown).split("\n")[1:3]
    assert (first, second[:31]) == (f"  {len(OWN) - 1} of {len(OWN)} are yours.", "  my_rnn.py has a fault in line")


def test_what_is_kept_is_done_and_the_first_other_one_is_next(mine):
    keep("one_hot", ONE_HOT)
    keep("count_parameters", COUNT)
    shown = progress()
    assert shown.mine == ["one_hot", "count_parameters"]
    assert f"2 of {len(OWN)} are yours." in repr(shown) and "Next: softmax (" in repr(shown)
    assert row_of("one_hot").split()[:2] == ["done", "one_hot"]
    mine.unlink()
    assert progress().mine == []


def test_functions_of_the_warm_up_are_done_when_they_are_right_and_not_counted(mine):
    warm_up = [name for name in NAMES if is_practice(name)]
    assert len(warm_up) >= 4 and not {*warm_up} & {*OWN}
    remember(warm_up[0], CORRECT)
    shown = repr(progress())
    assert row_of(warm_up[0]).startswith("  done ") and f"  0 of {len(OWN)} are yours." in shown
    assert f"Next: {warm_up[1]} (" in shown, "it comes first for who has done nothing of the network"
    keep("one_hot", ONE_HOT)
    assert "Next: softmax (" in repr(progress()), "and not for the others"


def test_an_open_mistake_is_shown_until_the_function_is_right():
    remember("softmax", NOT_YET, "softmax/no_shift", "Right for small scores, but exp(1000) is too large.")
    assert row_of("softmax").startswith("  not yet ")
    assert row_of("softmax").endswith("  Right for small scores, but exp(1000) is too large.")
    assert recall()["softmax"] == {
        "verdict": NOT_YET,
        "mistake": "softmax/no_shift",
        "line": "Right for small scores, but exp(1000) is too large.",
    }
    remember("softmax", NOT_YET, "", "The result is an array of shape (V,).\nTried with one row.")
    assert (
        row_of("softmax").endswith("  The result is an array of shape (V,).") and "mistake" not in recall()["softmax"]
    )
    remember("softmax", NOT_STARTED, "", "Put your code where the ... is.")
    assert row_of("softmax").endswith("  The result is an array of shape (V,).")
    keep("softmax", SOFTMAX)
    remember("softmax", CORRECT, "", "Very good.")
    assert row_of("softmax").startswith("  done ") and row_of("softmax").split()[-1] in ("easy", "medium", "hard")


def test_what_is_kept_stays_done_when_the_page_goes_wrong_again():
    keep("softmax", SOFTMAX)
    remember("softmax", NOT_YET, "", "It raised ValueError.")
    assert row_of("softmax").startswith("  done ") and "ValueError" not in row_of("softmax")


def test_right_but_not_kept():
    remember("draw", CORRECT)
    assert row_of("draw").startswith("  right ") and row_of("draw").endswith("  not in my_rnn.py")
    assert progress().mine == []
    for name in NAMES:
        remember(name, CORRECT)
    assert repr(progress()).split("\n")[1:3] == [f"  0 of {len(OWN)} are yours.", ""], "and nothing is next"
    assert {row.name: row.status for row in progress().rows} == {
        name: "right" if name in OWN else "done" for name in NAMES
    }, "of a check or a choice nothing is kept"


def test_a_stub_leaves_no_trace(mine):
    for name in NAMES:
        remember(name, NOT_STARTED, "", "Put your code where the ... is.")
    assert not list(mine.parent.iterdir())


def test_the_same_again_is_not_written_again(mine):
    remember("softmax", NOT_YET, "softmax/no_shift", "Once.")
    (place,) = mine.parent.iterdir()
    before = place.stat().st_ino, place.stat().st_mtime_ns
    remember("softmax", NOT_YET, "softmax/no_shift", "Once.")
    assert (place.stat().st_ino, place.stat().st_mtime_ns) == before
    remember("softmax", NOT_YET, "softmax/no_shift", "Twice.")
    assert [path.name for path in mine.parent.iterdir()] == [".my_rnn_progress.json"]


def test_a_long_line_is_cut_in_the_text_and_whole_in_the_table():
    line = "word " * 40 + "end."
    remember("softmax", NOT_YET, "", line)
    assert row_of("softmax").endswith(" ...") and len(row_of("softmax")) <= 120
    assert line in progress()._repr_html_()


@pytest.mark.parametrize(
    "memory_text",
    [
        "",
        "no json",
        "[]",
        '{"softmax": []}',
        '{"softmax": {"verdict": 7}}',
        '{"softmax": {"verdict": ["x"], "line": 3}}',
        "[" * 99999,
    ],
)
def test_a_damaged_memory_is_no_memory(mine, memory_text):
    mine.with_name(".my_rnn_progress.json").write_text(memory_text)
    assert row_of("softmax").startswith("  not started ")
    remember("softmax", NOT_YET, "", "Wrong.")
    assert row_of("softmax").endswith("  Wrong.")


def test_a_fault_in_the_file_is_said(mine):
    keep("one_hot", ONE_HOT)
    keep("softmax", SOFTMAX)
    mine.write_text(mine.read_text().replace("def shifted(z):", "def shifted(z:"))
    shown = repr(progress())
    assert re.search(r"\n  my_rnn.py has a fault in line \d+\.\n", shown) and progress().mine == ["one_hot"]
    mine.unlink()
    mine.mkdir()
    assert "my_rnn.py cannot be read (" in repr(progress()) and progress().mine == []


def test_where_nothing_can_be_written_it_is_remembered_until_the_end(mine, monkeypatch):
    def refuse(*given):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    remember("softmax", NOT_YET, "", "Wrong sign.")
    remember("draw", NOT_YET, "", "Too far.")
    assert row_of("softmax").endswith("  Wrong sign.") and row_of("draw").endswith("  Too far.")
    assert not list(mine.parent.iterdir())
    monkeypatch.undo()
    monkeypatch.setenv("MY_RNN", str(mine))
    remember("draw", CORRECT)
    assert set(recall()) == {"softmax", "draw"} and [path.name for path in mine.parent.iterdir()] == [
        ".my_rnn_progress.json"
    ]


# ---------------------------------------------------------------- HTML


class Reader(html.parser.HTMLParser):
    """Collects the rows of the table; an element that is not closed, or closed twice, is an error."""

    def __init__(self, text):
        super().__init__()
        self.open, self.rows, self.styles = [], [], []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attributes):
        self.styles.append(dict(attributes).get("style", ""))
        if tag != "br":
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "tr" in self.open:
            self.rows[-1][-1] += data


def test_the_table_says_what_the_text_says():
    keep("softmax", SOFTMAX)
    remember("draw", NOT_YET, "", "Look at `probs < u` & <b>.")
    shown = progress()
    reader = Reader(shown._repr_html_())
    assert [row[1] for row in reader.rows if len(row) == 6] == NAMES
    by_name = {row[1]: row for row in reader.rows if len(row) == 6}
    assert by_name["softmax"][0].split() == ["\u25cf", "done"]
    assert by_name["draw"][0].split() == ["\u25cf", "not", "yet"] and by_name["draw"][5] == "Look at probs < u & <b>."
    assert "<code>probs &lt; u</code>" in shown._repr_html_()
    assert [row[0] for row in reader.rows if len(row) == 1] == [page.label for page in PAGES if page.exercises]


def test_the_table_fits_light_and_dark_pages():
    """Only the bar and the dots have a color of their own, never the letters or what is behind them."""
    remember("draw", NOT_YET, "", "Wrong.")
    text = progress()._repr_html_()
    assert "background" not in text
    assert re.findall(r"[^-]color: #\w+", text) == re.findall(
        r"[^-]color: #\w+", "".join(re.findall(r"<span.*?</span>", text))
    )
    assert set(re.findall(r"<span[^>]*>(.*?)</span>", text)) == {"&#9679;"}


# ---------------------------------------------------------------- after a restart


@pytest.mark.slow
def test_it_survives_a_restart_and_a_move(tmp_path_factory):
    course = copy_of_course(tmp_path_factory.mktemp("home") / "my course")
    first = START + (
        "\n    from course.own.progress import progress, remember"
        '\n    remember("draw", "not yet", "draw/x", "One too far.")'
        '\n    remember("softmax", "not started")'
        "\n    import page"
        '\n    keep(EXERCISES["count_parameters"], page.count_parameters)'
    )
    second = "import sys; sys.path[:0] = ['..', '.']; from course.own.progress import progress; print(progress())"
    (course / "notebooks" / "page.py").write_text(textwrap.dedent(COUNT))
    fresh = python(course, second, course / "notebooks")
    assert f"0 of {len(OWN)} are yours" in fresh and not list((course / "notebooks").glob("*my_rnn*"))
    assert python(course, first, course / "notebooks") == ""
    shown = python(course, second, course / "notebooks")
    assert f"1 of {len(OWN)} is yours" in shown
    assert re.search(r"not yet +draw .* One too far\.\n", shown) and re.search(r"done +count_parameters ", shown)
    moved = course.with_name("moved")
    os.rename(course, moved)
    assert python(moved, second, moved / "notebooks") == shown
