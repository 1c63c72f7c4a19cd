"""progress(): what is done, open and next, as text and as HTML, also after a restart."""

import dataclasses
import functools
import inspect
import re

import pytest
from cells import LOOP, ONE_HOT, SOFTMAX, keep, page

import course
from course.__main__ import CALL
from course.base.wording import in_files
from course.calls import check
from course.checker.exercise import Finding
from course.checker.finding import Sentence
from course.checker.say.message import in_one_line
from course.checker.trial import run
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import EXERCISES, NETWORK, OWN, bank, is_extra, page_of
from course.lessons.contents import PAGES, QUESTIONS, YOUR_NETWORK
from course.own import folder, kept
from course.own import progress as progress_room
from course.own.memory import note, recall, remember
from course.own.progress import page_done
from course.own.progress import progress as course_progress

progress = functools.partial(course_progress, everything=True)

NAMES = list(EXERCISES)
EXTRAS = [name for name in NAMES if is_extra(name)]
FIRST, SECOND, WARM_UP = (
    [name for name in NAMES if page_of(name).book == book and not is_extra(name)]
    for book in (YOUR_NETWORK, QUESTIONS, "Warm-up")
)
LATER = "The questions come after page 06, in any order: progress(everything=True) lists them."


def row_of(name):
    """Return the line of an exercise in the text of progress()."""
    (line,) = [line for line in repr(progress()).split("\n") if re.search(rf"^  [a-z ]+ {name} ", line)]
    return line


def summary():
    """Return the lines of the summary, without the minutes and practice()."""
    return [line for line in progress().summary.split("\n") if not line.startswith(("The page", "practice()"))]


def next_is(name):
    exercise, else_ = EXERCISES[name], ", or any other page" * (page_of(name).book == QUESTIONS)
    return f"Next: {name} ({page_of(name).label}, {exercise.how_hard}, {exercise.minutes} minutes){else_}."


def be_right(*names):
    """Note exercises as right, and put a file where check would keep a function."""
    folder.make()
    for name in names:
        remember(name, CORRECT)
        if name in OWN:
            folder.path_of(name).write_text("", encoding="utf-8")
            kept._right[name] = ""  # as if own_functions() had just found it right


def heads(pages=PAGES):
    """Return the names under which progress() lists the exercises of these pages: those of an extra come apart."""
    found = []
    for one in pages:
        found += [one.name] * (len(one.exercises) > len(one.in_its_extra))
        found += [f"{one.name}, an extra"] * bool(one.in_its_extra)
    return found


def everything(place):
    return sorted(str(path.relative_to(place)) for path in place.rglob("*"))


# ---------------------------------------------------------------- an extra


@pytest.fixture
def extra(monkeypatch):
    """Let a question's exercise be the extra of page 01, and return its name."""
    name, pages = "scan", []
    for one in PAGES:
        parts = [part.replace(f" {name} ", " ") for part in one.parts]
        extras = [*one.extras, f"no_loop: {name}"] if one.number == "01" else one.extras
        pages.append(dataclasses.replace(one, parts=parts, extras=extras))
    monkeypatch.setattr(bank, "_PAGE_OF", {other: one for one in pages for other in one.exercises})
    monkeypatch.setattr(progress_room, "PAGES", tuple(pages))
    return name


def test_an_extra_is_listed_apart_and_no_book_counts_it(extra):
    lines = repr(progress()).split("\n")
    at = lines.index("  01 Softmax, an extra")
    assert " softmax_gradient " in lines[at - 2], "the last one of the page itself"
    assert lines[at + 1].startswith(f"  not started  {extra} ") and lines[at + 2] == ""
    assert "<th" in progress()._repr_html_() and "01 Softmax, an extra" in progress()._repr_html_()
    assert f"Questions: 0 of {len(SECOND) - 1} exercises done." in summary()
    assert any(line.startswith("Extras: 0 of ") for line in summary())
    assert "Extras" not in course_progress().summary, "until something of them was tried"
    note(extra, verdict=NOT_YET, line="Look at it.")
    assert "Extras: 0 of " in course_progress().summary


def test_a_page_is_done_without_its_extra_and_the_questions_begin(extra):
    *others, last = [name for name in page_of("softmax").exercises if name != extra]
    be_right(*others)
    assert page_done(others[0]) == ""
    be_right(last)
    assert page_done(last).startswith("All exercises of page 01 are done. Your network can now tell")
    assert "It can tell what a letter costs, and after page 02" in summary()[0]
    be_right(extra)
    assert page_done(extra) == ""
    kept._right.pop(extra)
    folder.path_of(extra).unlink()
    remember(extra, NOT_YET)
    be_right(*FIRST)
    assert "everything" not in course_progress().summary and summary()[-1] == "Next: page 06."


def test_an_extra_is_proposed_after_everything_else_and_not_before_page_06_is_done(extra):
    last = SECOND[-1]
    be_right(*[name for name in NAMES if name not in (extra, last) and not is_extra(name)])
    page_06 = folder.path_of("draw").with_name("my_network.html")
    page_06.write_text("<title>This network writes. Ann wrote the network.</title>", encoding="utf-8")
    assert summary()[-1] == next_is(last)
    be_right(last)
    says = summary()[-1]
    assert re.fullmatch(r"Next, if you like: \w+ \(page \d\d, an extra, \w+, \d+ minutes\)\.", says)
    page_06.unlink()
    assert not any(line.startswith("Next") for line in summary())


def test_what_is_open_of_an_extra_takes_no_minutes(extra):
    on = page_of(extra)

    def minutes():
        return int(re.search(r"take about ([\d,]+) minutes", progress().summary)[1].replace(",", ""))

    before = minutes()
    be_right(extra)
    assert minutes() == before and on.number == "01"
    be_right(*[name for name in on.exercises if not is_extra(name)])
    assert minutes() == before - on.minutes


def test_a_function_of_an_extra_is_kept_and_counted_nowhere(extra):
    kept_1 = keep("linear_loop", LOOP)
    assert f": 1 of the {sum(name not in NETWORK and not is_extra(name) for name in OWN)} functions of the" in kept_1
    says = keep(extra, "import numpy as np\n\n" + inspect.getsource(EXERCISES[extra].function))
    assert says.endswith(f"{extra}.py. It belongs to an extra, so your network runs without it.")


# ---------------------------------------------------------------- the books


def test_the_questions_are_left_out_until_the_first_book_is_done_or_something_of_them_was_tried():
    def names():
        return re.findall(r"^  ((?:\d\d |NumPy )\S.*)$", repr(course_progress()), re.MULTILINE)

    def names_of(*books):
        return heads([page for page in PAGES if page.book in books])

    assert names() == names_of(YOUR_NETWORK, "Warm-up")
    says = course_progress().summary.split("\n")
    assert says[-1] == LATER and not any("Questions:" in line for line in says)
    note("leaky_backward", verdict=NOT_YET, line="Look at it.")
    assert [name for name in names() if name in names_of(QUESTIONS)] == [page_of("leaky_backward").name]
    assert f"Questions: 0 of {len(SECOND)} exercises done." in course_progress().summary
    be_right(*FIRST)
    assert names() == names_of(YOUR_NETWORK, QUESTIONS, "Warm-up")
    assert "everything" not in course_progress().summary


def test_with_nothing_done(mine):
    shown = repr(progress())
    lines = shown.split("\n")
    assert lines[0] == "your progress" and [line for line in summary() if not line.startswith("Extras:")] == [
        f"Your network: its {len(NETWORK)} functions wait for you. After page 01 it can tell what a letter costs.",
        f"Questions: 0 of {len(SECOND)} exercises done.",
        f"Warm-up: 0 of {len(WARM_UP)} exercises done.",
        next_is(FIRST[0]),
    ]
    assert f"Extras: 0 of {len(EXTRAS)} exercises done." in summary()
    assert re.findall(r"^  not started +(\w+) ", shown, re.MULTILINE) == NAMES, "each once, in their order"
    assert [line[2:] for line in lines if line[2:] in heads()] == heads()
    assert not re.search(r" $", shown, re.MULTILINE) and max(map(len, lines)) <= 120
    assert not list(mine.parent.iterdir()), "nothing is written"


def test_it_says_what_the_network_can_do_and_what_comes_next():
    can = {
        "00": ("", "After page 01 it can tell what a letter costs."),
        "01": ("tell what a letter costs", "It can tell what a letter costs, and after page 02 it can read."),
        "05": ("write", "It can write, and page 06 lets it read the Sonnets."),
    }
    for number, (now, says) in can.items():
        *others, last = [name for name in FIRST if page_of(name).number <= number]
        be_right(*others)
        assert page_done(last) == ""
        be_right(last)
        done = f"All exercises of page {number} are done. Your network can now {now}."
        done = done if now else "The exercise of page 00 is done. Your network begins"
        assert page_done(last).startswith(done)
        count = sum(page_of(name).number <= number for name in NETWORK)
        how_many = f"{count} of {len(NETWORK)}" if number < "05" else f"all {count}"
        yours = f"{how_many} functions are yours" if count else f"its {len(NETWORK)} functions wait for you"
        assert summary()[0] == f"Your network: {yours}. {says}"
    assert page_done("draw").endswith(" Page 06 lets it read the Sonnets.") and summary()[-1] == "Next: page 06."
    with in_files(CALL):
        in_a_terminal = f"{page_done('draw')}\n{progress().summary}"
    assert in_a_terminal.count(f"`{CALL} --network` lets it read a text.") == 2
    assert f"Next: page 06 (`{CALL} --tasks 06`)." in in_a_terminal
    page_06 = folder.path_of("draw").with_name("my_network.html")
    page_06.write_text("<title>This network writes. Ann wrote 12 of its 17 functions</title>", encoding="utf-8")
    assert summary()[-1] == "Next: page 06.", "that was before the last five"
    page_06.write_text("<title>This network writes. Ann wrote the network.</title>", encoding="utf-8")
    says = f"is finished, and my_network.html shows it to others: all {len(NETWORK)} functions are yours."
    assert summary()[0] == f"Your network {says}" and summary()[-1] == next_is(SECOND[0])


def test_the_check_that_gets_the_last_exercise_of_a_page_right_says_so_once():
    *others, last = page_of("softmax").exercises
    be_right(*[name for name in others if name != "softmax"], last)
    wrong, right, again = [
        check("softmax", page(code)["softmax"]) for code in (SOFTMAX + "softmax = abs", SOFTMAX, SOFTMAX)
    ]
    assert wrong.done == "" and again.done == "" and again.kept
    assert right.done == "All exercises of page 01 are done. Your network can now tell what a letter costs."
    assert repr(right).endswith(f"{right.kept}\n  {right.done}") and right.done in right._repr_html_()
    be_right(*[name for name in FIRST if page_of(name).number == "04" and name != "choose_diagnosis"])
    remember("choose_diagnosis", CORRECT)
    yours = len([name for name in NETWORK if page_of(name).number in ("01", "04")])
    assert page_done("choose_diagnosis") == (
        f"All exercises of page 04 are done. Your network can now learn: {yours} of {len(NETWORK)} functions are yours."
    ), "no line above it tells how many"
    be_right(*page_of("mix").exercises, *WARM_UP)
    questions = f"Questions: {len(page_of('mix').exercises)} of {len(SECOND)} exercises done."
    assert page_done("mix") == f"All exercises of page 14 are done. {questions}"
    assert page_done(WARM_UP[0]) == "The NumPy warm-up is done.", "the network has begun already"


def test_how_long_the_open_pages_of_the_book_take():
    def minutes():
        says = r"^The pages? that (?:is|are) left takes? about ([\d,]+) minutes\.$"
        return int(re.search(says, progress().summary, re.MULTILINE)[1].replace(",", ""))

    def all_of(book):
        return sum(page.minutes for page in PAGES if page.book == book)

    wanted = all_of(YOUR_NETWORK)
    assert minutes() == wanted
    remember("one_hot", CORRECT)
    wanted -= EXERCISES["one_hot"].minutes
    assert minutes() == wanted, "what is done takes no more"
    for name in page_of("softmax").exercises:
        remember(name, CORRECT)
    assert minutes() == all_of(YOUR_NETWORK) - page_of("softmax").minutes, (
        "a page with all exercises done takes no more"
    )
    for name in (*FIRST, "catch_softmax"):
        remember(name, CORRECT)
    assert minutes() == all_of(QUESTIONS) - EXERCISES["catch_softmax"].minutes
    for name in SECOND:
        remember(name, CORRECT)
    assert "The page that is left takes" in progress().summary and minutes() == all_of("Warm-up")


def test_once_the_first_book_is_done_a_question_that_was_begun_comes_first():
    be_right(*FIRST[:-1])
    assert summary()[-1] == next_is(FIRST[-1])
    be_right(FIRST[-1])
    begun = page_of("mix").exercises
    remember(begun[0], CORRECT)
    assert [line.split(":")[0] for line in summary()] == ["Your network", "Questions", "Warm-up", "Extras", "Next"]
    assert summary()[-1] == next_is(begun[1]), "as the learner is there"
    for name in SECOND:
        remember(name, CORRECT)
    assert summary()[-1] == next_is(WARM_UP[0]), "what is left is the warm-up"
    for name in (*WARM_UP, *EXTRAS):
        remember(name, CORRECT)
    assert len(summary()) == 4 and "Next" not in progress()._repr_html_() and "minutes" not in progress().summary


def test_what_is_kept_is_done_and_the_first_other_one_of_the_book_is_next():
    keep("one_hot", ONE_HOT)
    keep("linear_loop", LOOP)
    shown = progress()
    assert shown.mine == ["one_hot", "linear_loop"]
    assert summary() == [
        f"Your network: 1 of {len(NETWORK)} functions is yours. After page 01 it can tell what a letter costs.",
        f"Questions: 1 of {len(SECOND)} exercises done.",
        f"Warm-up: 0 of {len(WARM_UP)} exercises done.",
        f"Extras: 0 of {len(EXTRAS)} exercises done.",
        next_is("softmax"),  # page 00, which was left out, waits until the pages after it are done
    ]
    assert row_of("one_hot").split()[:2] == ["done", "one_hot"]
    folder.path_of("one_hot").unlink()
    assert progress().mine == ["linear_loop"]


# ---------------------------------------------------------------- what is stored about one exercise


def test_an_open_mistake_is_shown_until_the_function_is_right():
    remember("softmax", NOT_YET, "softmax/no_shift", "Right for small scores, but exp(1000) is too large.")
    assert row_of("softmax").startswith("  not yet ")
    assert row_of("softmax").endswith("  Right for small scores, but exp(1000) is too large.")
    assert recall("softmax") == {
        "verdict": NOT_YET,
        "mistake": "softmax/no_shift",
        "line": "Right for small scores, but exp(1000) is too large.",
    }
    remember("softmax", NOT_YET, "", "The result is an array of shape (V,).")
    assert row_of("softmax").endswith("  The result is an array of shape (V,).")
    assert "mistake" not in recall("softmax")
    remember("softmax", NOT_STARTED, "", "Put your code in place of the ...")
    assert row_of("softmax").endswith("  The result is an array of shape (V,).")
    keep("softmax", SOFTMAX)
    remember("softmax", CORRECT, "", "Very good.")
    assert row_of("softmax").startswith("  done ") and row_of("softmax").split()[-1] in ("easy", "medium", "hard")


def test_the_line_that_helps_is_shown_and_not_what_was_tried():
    names = "right", "where right", "raised", "line", "tried", "cause", "first difference"
    says = [Sentence(name, f"It says {name}.") for name in names]

    def line(*numbers):
        return in_one_line(Finding(NOT_YET, "", says=tuple(says[number] for number in numbers)))

    assert line(2, 3, 4, 5) == "It says raised. It says line."
    assert line(1, 4, 5, 6) == "It says cause."
    assert line(0, 4, 5, 6) == "It says right. It says cause."
    assert (
        in_one_line(Finding(NOT_YET, "It never calls the draw.\nTry it.\nNow.")) == "It never calls the draw. Try it."
    )


def test_what_was_right_once_stays_solved():
    for name in ("draw", "catch_softmax", WARM_UP[0]):
        remember(name, CORRECT)
        before = row_of(name)
        remember(name, NOT_YET, "x/y", "It raised ValueError.")
        assert row_of(name) == before and recall(name)["solved"] == "yes" and recall(name)["verdict"] == NOT_YET
    assert not any(row.is_open for row in progress().rows if row.name in ("draw", "catch_softmax", WARM_UP[0]))


def test_right_but_not_kept():
    remember("draw", CORRECT)
    assert row_of("draw").startswith("  right ") and row_of("draw").endswith("  not in my_rnn")
    assert progress().mine == []


def test_a_long_line_is_cut_in_the_text_and_whole_in_the_table():
    line = "word " * 40 + "end."
    remember("softmax", NOT_YET, "", line)
    assert row_of("softmax").endswith(" ...") and len(row_of("softmax")) <= 120
    assert line in progress()._repr_html_()


DAMAGED = ["no json", "[]", '{"verdict": ["x"], "line": 3}', "[" * 99999, b"\xff\xfe"]


@pytest.mark.parametrize("text", DAMAGED)
def test_a_damaged_memory_costs_its_last_line_and_no_more(mine, text):
    remember("catch_softmax", CORRECT)
    remember("draw", NOT_YET, "", "Too far.")
    remember("one_hot", NOT_YET, "", "One too many.")
    for name in ("catch_softmax", "draw"):
        place = mine / "progress" / f"{name}.json"
        place.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert row_of("catch_softmax").startswith("  done "), "that it was right once is remembered apart"
    assert row_of("draw").startswith("  not started ") and row_of("one_hot").endswith("  One too many.")
    remember("draw", NOT_YET, "", "Wrong.")
    assert row_of("draw").endswith("  Wrong.")


# ---------------------------------------------------------------- what cannot be read or written


NOT_MINE = {
    "": "my_rnn/softmax.py: there is no function softmax in it.",
    "softmax = 5": "my_rnn/softmax.py: there is no function softmax in it.",
    "def softmax(z):\n    return z": "softmax in my_rnn/softmax.py is no longer right: run its cell on the page again.",
    "1 / 0": "my_rnn/softmax.py: ZeroDivisionError: division by zero.",
    "import no_torch": "my_rnn/softmax.py: ModuleNotFoundError: No module named 'no_torch'.",
    "from course import one_page\none_page()":
        "my_rnn/softmax.py: RuntimeError: own_functions() reads this file. "
        "Import what it needs: from rnn_helpers import softmax.",
}  # fmt: skip


@pytest.mark.parametrize("text", NOT_MINE)
def test_what_own_functions_does_not_count_is_not_counted_here(text):
    folder.make()
    folder.path_of("softmax").write_text(text)
    one = f"1 of the {len(NETWORK)} functions of your network is yours."
    assert keep("one_hot", ONE_HOT) == f"Kept in my_rnn/one_hot.py: {one}"
    assert progress().mine == list(course.own_functions()) == ["one_hot"]
    assert summary()[0].startswith(f"Your network: 1 of {len(NETWORK)} functions is yours.")
    assert summary()[-1] == NOT_MINE[text] == course.own_functions().message
    assert row_of("softmax").startswith("  not started ")
    remember("softmax", CORRECT)
    assert row_of("softmax").startswith("  right ") and row_of("softmax").endswith("  not right in my_rnn")
    keep("softmax", SOFTMAX)
    assert progress().mine == ["one_hot", "softmax"]


@pytest.mark.parametrize("call", ["progress()", "check('softmax', softmax)"])
def test_a_file_may_call_what_counts_the_files(call, monkeypatch):
    tried = []
    monkeypatch.setattr(kept, "run", lambda exercise, *given: tried.append(exercise.name) or run(exercise, *given))
    keep("softmax", SOFTMAX)
    with folder.path_of("softmax").open("a") as file:
        file.write(f"from course import check, progress\n{call}\n")
    assert progress().mine == list(course.own_functions()) == ["softmax"] and len(tried) == 3


def test_what_was_right_is_not_tried_again_until_it_changes(monkeypatch):
    tried = []
    monkeypatch.setattr(kept, "run", lambda exercise, *given: tried.append(exercise.name) or run(exercise, *given))
    keep("softmax", SOFTMAX)
    keep("one_hot", ONE_HOT)
    assert tried == ["softmax", "one_hot"]
    progress()
    assert tried == ["softmax", "one_hot"]
    path = folder.path_of("softmax")
    path.write_text(path.read_text() + "# changed\n")
    progress()
    progress()
    assert tried == ["softmax", "one_hot", "softmax"]
    course.own_functions()
    assert tried[3:] == ["one_hot", "softmax"], "which tries all"


def test_what_own_functions_has_just_found_wrong_does_not_count_either(monkeypatch):
    monkeypatch.setenv("NEEDED", "yes")
    keep("softmax", SOFTMAX)
    with folder.path_of("softmax").open("a") as file:
        file.write("import os\nos.environ['NEEDED']\n")
    assert progress().mine == list(course.own_functions()) == ["softmax"]
    monkeypatch.delenv("NEEDED")
    assert list(course.own_functions()) == [] == progress().mine


def test_a_fault_in_a_file_is_said():
    keep("one_hot", ONE_HOT)
    keep("softmax", SOFTMAX)
    path = folder.path_of("softmax")
    path.write_text(path.read_text().replace("def shifted(z):", "def shifted(z:"))
    assert summary()[-1] == "my_rnn/softmax.py: a syntax error in line 6." and progress().mine == ["one_hot"]
    assert "my_rnn/softmax.py: a syntax error in line 6." in progress()._repr_html_()


def test_where_nothing_can_be_written_it_is_remembered_until_the_end(mine, monkeypatch):
    def refuse(*given, **options):
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr("course.own.memory.write_whole", refuse)
        remember("softmax", NOT_YET, "", "Wrong sign.")
        remember("draw", NOT_YET, "", "Too far.")
        assert row_of("softmax").endswith("  Wrong sign.") and row_of("draw").endswith("  Too far.")
        assert everything(mine / "progress") == []
        remember("softmax", CORRECT)
        assert row_of("softmax").startswith("  right ")
    remember("draw", CORRECT)
    assert recall("draw") == {"verdict": CORRECT, "solved": "yes"}
    assert everything(mine / "progress") == ["draw.json", "draw.solved"]
    assert recall("softmax") == {"verdict": CORRECT, "solved": "yes"}, "until Python ends"
    remember("softmax", CORRECT)
    assert "softmax.solved" in everything(mine / "progress"), "or something can be written"


# ---------------------------------------------------------------- HTML


def test_the_table_says_what_the_text_says_on_light_and_on_dark_pages():
    """Only the bar and the dots have their own color, never the text or its background."""
    keep("softmax", SOFTMAX)
    remember("draw", NOT_YET, "", "Look at `probs < u` & <b>.")
    source = progress()._repr_html_()
    rows = re.findall(r"<tr>(<td.*?)</tr>", source)
    assert [re.search(r"<code>(\w+)</code>", row)[1] for row in rows] == NAMES
    cells = {name: re.sub("<[^>]*>", "|", row) for name, row in zip(NAMES, rows)}
    assert "&#9679;| done|" in cells["softmax"]
    assert "&#9679;| not yet|" in cells["draw"] and "|probs &lt; u| &amp; &lt;b&gt;.|" in cells["draw"]
    assert re.findall(r"<th[^>]*>(.*?)</th>", source) == heads()
    assert source.count("<tr>") == source.count("</tr>") == len(NAMES) + len(heads())
    assert source.count("<td") == source.count("</td>") == 6 * len(NAMES)
    dots = re.findall(r"<span[^>]*>&#9679;</span>", source)
    assert len(dots) == source.count("<span") and "background" not in source
    assert len(re.findall(r"[^-]color: #", source)) == len(dots)


def test_a_name_is_answered_in_a_sentence():
    note = course_progress("softmax")
    assert note.text.startswith("It takes no name") and "\n" not in note.text
