"""What docs/teaching.md plans by the clock adds up, and what it says about exercises, repairs and the form is true."""

import json
import re
from types import SimpleNamespace

import pytest
from helpers import ROOT

from course.lessons import EXERCISES
from course.lessons.contents import EXTRA_TAG
from course.marking.handout import hand_out
from course.tools import minutes

TEACHING = (ROOT / "docs" / "teaching.md").read_text(encoding="utf-8")
SURVEY = (ROOT / "docs" / "survey.md").read_text(encoding="utf-8")
SECTIONS = re.compile(r"(\d\d), sections? (\d+(?:(?:, | and | to )\d+\b)*)")
EXTRA = {name for page in minutes.PAGES for name in page.in_its_extra}
HALF = 45  # minutes of half a double lesson
FIRST_BOOK = {page.number: page for page in minutes.FIRST_BOOK}


def rows_below(heading):
    """Return the rows of the first table below a heading, each a list of cells, without the table's head."""
    rows = re.findall(r"^\| (.*) \|$", TEACHING.partition(f"\n### {heading}\n")[2].partition("\n##")[0], re.MULTILINE)
    return [row.split(" | ") for row in rows[2:]]


def cells_by_section(path):
    """Return the cells of a page by the number of their section, without its extra. What has no number
    belongs to the section before it, and the first words to section 1."""
    found, section = {}, 1
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        numbers = re.findall(r"^## (\d+)\. ", "".join(cell["source"]), re.MULTILINE)
        if EXTRA_TAG in cell["metadata"].get("tags", []):
            continue
        section = int(numbers[0]) if cell["cell_type"] == "markdown" and numbers else section
        found.setdefault(section, []).append(cell)
    return found


def sections_in(text):
    """Return the pairs (page, section) that a cell of a table names. A page that begins it alone means all of them."""
    if re.match(r"\d\d: ", text):
        return [(text[:2], section) for section in PAGES[text[:2]]]
    found = []
    for page, numbers in SECTIONS.findall(text):
        for first, _, last in (part.partition(" to ") for part in re.split(", | and ", numbers)):
            found += [(page, section) for section in range(int(first), int(last or first) + 1)]
    return found


def checked_in(cells):
    """Return the exercises in some cells of a page."""
    return [name for cell in cells for name in minutes.CHECK.findall("".join(cell["source"]))]


def names_in(text):
    """Return the exercises that a text names, without those of an extra."""
    return [name for name in re.findall(r"`(\w+)`", text) if name in {*EXERCISES} - EXTRA]


@pytest.fixture
def counted(tmp_path):
    """Return a function: the minutes of some cells by the rule, without some exercises."""

    def count(cells, without=()):
        (tmp_path / "part.ipynb").write_text(json.dumps({"cells": cells}), encoding="utf-8")
        parts, _ = minutes.count(SimpleNamespace(stem="part"), tmp_path)
        return sum(parts.values()) - sum(EXERCISES[name].minutes for name in checked_in(cells) if name in without)

    return count


# ---------------------------------------------------------------- six double lessons

LESSONS = rows_below("Six double lessons by the clock")
PAGES = {number: cells_by_section(ROOT / "notebooks" / f"{page.stem}.ipynb") for number, page in FIRST_BOOK.items()}
AT_HOME = [row[3] for row in LESSONS]


def test_each_section_and_each_exercise_of_the_first_book_comes_once_and_in_order():
    halves = [half for row in LESSONS for half in row[1:3]]
    assert len(halves) == 12 and f"$12\\cdot{HALF}={12 * HALF}$ minutes in class" in TEACHING
    everything = [(page, section) for page in PAGES for section in PAGES[page]]
    in_class = [pair for half in halves for pair in sections_in(half)]
    at_home = [pair for text in AT_HOME for pair in sections_in(text)]
    assert in_class == sorted(in_class) and at_home == sorted(at_home)
    assert sorted(in_class + at_home) == everything
    named = [name for row in LESSONS for name in names_in(" ".join(row[1:]))]
    assert sorted(named) == sorted({name for page in FIRST_BOOK.values() for name in page.exercises} - EXTRA)


def test_each_extra_is_homework_with_the_minutes_that_its_page_says():
    extras = [(number, minutes.minutes(page, extra=True)) for number, page in FIRST_BOOK.items() if page.in_its_extra]
    said = re.findall(r"(\d+)(?: minutes)? for the extra of (\d\d)", " ".join(AT_HOME))
    assert [(number, int(time)) for time, number in said] == extras


def test_each_page_is_handed_in_once_all_of_it_was_there():
    done, handed_in = [], []
    for _, *halves, home in LESSONS:
        done += [pair for text in (*halves, home) for pair in sections_in(text)]
        whole = [page for page in PAGES if {(page, section) for section in PAGES[page]} <= {*done}]
        handed_in += re.findall(r"\d\d", home.partition("Hand in ")[2])
        assert handed_in == whole
    lesson, page = re.search(r"\*Before the (\w+) lesson, hand in the notebook of page (\d\d)", TEACHING).groups()
    assert (
        AT_HOME["second third fourth fifth sixth".split().index(lesson)].endswith(f"Hand in {page}")
        and f"SUBMISSIONS --pages {page} " in TEACHING
    )


def test_what_takes_numbers_repeats_after_its_faults():
    page, first, again = re.search(r"on page (\d\d), numbers (\d+) and (\d+) give the same one", TEACHING).groups()
    (repair,) = [EXERCISES[name] for name in FIRST_BOOK[page].exercises if getattr(EXERCISES[name], "seeds", ())]
    assert repair.with_seed(int(first)).given == repair.with_seed(int(again)).given
    assert int(again) - int(first) == len(repair.seeds)


def test_each_half_has_room_for_what_is_counted(counted):
    home = names_in(" ".join(AT_HOME))
    sums = []
    for row in LESSONS:
        for half in row[1:3]:
            cells = [cell for page, section in sections_in(half) for cell in PAGES[page][section]]
            assert [name for name in checked_in(cells) if name not in home] == names_in(half), half
            sums.append(counted(cells, home))
    assert max(sums) <= HALF and f"takes {min(sums):.0f} to {max(sums):.0f} minutes" in TEACHING, sums


def test_homework_takes_the_minutes_that_it_says(counted):
    for text in AT_HOME:
        pairs, said = sections_in(text), re.match(r"(\d+) minutes: ", text)
        cells = [cell for page, section in pairs for cell in PAGES[page][section]]
        more = {*names_in(text)} - {*checked_in(cells)}
        count = counted(cells) + sum(EXERCISES[name].minutes for name in more)
        assert (abs(int(said[1]) - count) <= 2.5) if said else count == 0, f"{text}: counted: {count:.0f}"


# ---------------------------------------------------------------- the lab


def by_the_clock(time):
    """Return a time such as 9:05 in minutes."""
    hours, past = time.split(":")
    return 60 * int(hours) + int(past)


def test_the_lab_has_breaks_and_ends_when_it_says(counted, tmp_path):
    hand_out(tmp_path / "lab", lab=True)
    rows = rows_below("The lab by the clock")
    assert [row[0] for row in rows[1:]] == [row[1] for row in rows[:-1]], "each part begins where the last one ends"
    spans = [by_the_clock(end) - by_the_clock(start) for start, end, _ in rows]
    work = [span for span, row in zip(spans, rows) if row[2] != "a break"]
    assert f"The lab is {sum(work)} minutes of work" in TEACHING
    assert f"these are {sum(work)} minutes" in (ROOT / "docs" / "lab" / "README.md").read_text(encoding="utf-8")
    longest = max(len(part) for part in "".join("." if row[2] == "a break" else "w" for row in rows).split("."))
    assert spans.count(10) + spans.count(15) >= 2 and longest == 2 and max(work) <= 65, "an hour or so, then a break"
    stems = {"02": "02_forward_pass", "03": "03_bptt"}
    for span, (_, _, what) in zip(spans, rows):
        if what == "a break":
            continue
        page = re.match(r"page (\d\d)", what)
        cells = cells_by_section(
            tmp_path / "lab/notebooks" / f"{stems[page[1]] if page else 'from_a_word_to_a_text'}.ipynb"
        )
        pairs = sections_in(what)
        inside = [cell for number, part in cells.items() for cell in part if not pairs or (page[1], number) in pairs]
        assert checked_in(inside) == names_in(what) and abs(counted(inside) - span) <= 2.5, (
            f"{what}: {counted(inside):.0f}"
        )
    saved = re.search(r"Set `(\w+)` as homework, and you save (\d+) minutes", TEACHING)
    assert EXERCISES[saved[1]].minutes == int(saved[2])


# ---------------------------------------------------------------- repairs


def test_each_repair_by_number_is_named_with_its_page_and_its_faults():
    listed = re.findall(r"^\* on page (\d\d) `(\w+)`, with (\d+) faults$", TEACHING, re.MULTILINE)
    pages = {name: page.number for page in minutes.PAGES for name in page.exercises}
    by_number = {name: one for name, one in EXERCISES.items() if getattr(one, "seeds", ())}
    assert listed == sorted((pages[name], name, str(len(one.seeds))) for name, one in by_number.items())


# ---------------------------------------------------------------- the form


def test_the_form_and_the_survey_ask_the_same():
    form = (ROOT / ".github" / "ISSUE_TEMPLATE" / "taught.md").read_text(encoding="utf-8")
    asked = re.findall(r"^(\*\*.*):$", form, re.MULTILINE)
    assert asked == re.findall(r"^\d+\. (\*\*.*)$", SURVEY, re.MULTILINE)
    number = "one two three four five six seven eight nine ten eleven".split()[len(asked) - 1]
    assert f"asks {number} questions" in TEACHING and f"{number} questions" in SURVEY
