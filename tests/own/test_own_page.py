"""Page 06 trains the learner's own functions: all of them, half or none, and the digits are those of the course."""

import re

import pytest
from answers import RIGHT
from helpers import ROOT
from notebook_pages import Page, texts

from course import check, own_functions
from course.checker.say.words import CORRECT
from rnn_helpers import Corpus, load_run

pytestmark = pytest.mark.slow

PAGE = Page("06_sonnets")
SECTION = "Your own network"
# The right answer that is taken of each exercise, if not the first: some loop over single numbers, and need minutes.
ANSWERS = {"rnn_step": 2, "forward_pass": 2, "weight_gradients": 1, "backward_pass": 2}


def cells_of(section):
    """The code cells of a section of the page."""
    found, inside = [], False
    for cell in PAGE.notebook.cells:
        if cell.cell_type == "markdown" and (heading := re.search(r"^## \d+\. (.*)$", cell.source, re.MULTILINE)):
            inside = heading[1] == section
        elif cell.cell_type == "code" and inside:
            found.append(cell)
    return found


def source_of(start):
    """The source of the page's first code cell that begins so."""
    return next(cell.source for cell in PAGE.code_cells if cell.source.startswith(start))


@pytest.fixture(scope="module")
def before():
    """What stands in the names of the page when the section begins: its imports, its text and its settings."""
    names = {}
    for start in ("import csv", "corpus = ", "hidden_size, "):
        exec(source_of(start), names)
    return names | {"run": load_run(ROOT / "data" / "sonnets_run.npz")}  # that of the page, as test_reproduction holds


@pytest.fixture
def printed(before, capsys):
    """Run the section with the functions in my_rnn.py, on the text of the page if no other is given, and return what
    each cell prints."""

    def run(**others):
        names, outputs = before | others, []
        capsys.readouterr()
        for cell in cells_of(SECTION):
            *lines, last = cell.source.splitlines()
            if last.startswith("rnn_helpers.gradient_check"):  # a result, which shows itself
                last = f"print({last})"
            exec("\n".join([*lines, last]), names)
            outputs.append(capsys.readouterr().out)
        return outputs

    return run


@pytest.fixture(autouse=True)
def mine(tmp_path, monkeypatch):
    """The folder of a learner who has done nothing yet."""
    monkeypatch.setenv("MY_RNN", str(tmp_path / "my_rnn"))
    return tmp_path / "my_rnn"


def exercises_of_the_page():
    parts = {}
    exec(re.search(r"^PARTS = \{.*?^\}$", source_of("PARTS = "), re.MULTILINE | re.DOTALL)[0], parts)
    return " ".join(parts["PARTS"].values()).split()


def do(names):
    for name in names:
        result = check(name, RIGHT[name][ANSWERS.get(name, 0)])
        assert result.verdict == CORRECT and result.kept.startswith("Kept in my_rnn.py"), (name, result)
    assert list(own_functions()) == [name for name in own_functions() if name in names]


def stored():
    return ["\n".join(texts(cell)) for cell in cells_of(SECTION)]


def assert_same_digits(outputs, wanted):
    """The section prints what is wanted, but for whose functions it names and the line of progress."""
    assert len(outputs) == len(wanted) >= 5
    for output, expected in list(zip(outputs, wanted))[1:]:
        assert lines_of(output) == lines_of(expected)


def lines_of(text):
    """Lines without the states that the progress line had before its last one."""
    return [line.split("\r")[-1].rstrip() for line in text.replace("\r\n", "\n").strip().split("\n")]


def test_the_page_names_the_functions_of_the_lessons_before_it():
    names = exercises_of_the_page()
    assert len(names) == len(set(names)) >= 22
    assert {"forward_pass", "backward_pass", "train_epoch", "sample_ids"} <= set(names) <= set(RIGHT)


def test_with_every_exercise_done_all_is_yours_and_the_digits_are_those_of_the_page(printed):
    names = exercises_of_the_page()
    do(names)
    outputs = printed()
    assert f"{len(names)} of {len(names)} are yours: 100%" in outputs[0]
    assert "stands in" not in outputs[0]
    assert_same_digits(outputs, stored())


def test_with_half_of_them_done_the_course_stands_in_for_the_others(before, printed):
    """On the first sonnets alone: to the digits that the course's functions give there, with nothing done."""
    corpus = before["corpus"]
    short = Corpus("the first sonnets", corpus.text[:8_000] + corpus.chars)  # every character occurs, as in all of them
    of_the_course = printed(corpus=short)
    names = exercises_of_the_page()
    half = names[::2]
    assert "forward_pass" not in half and {"backward_pass", "train_epoch"} <= set(half)
    do(half)
    outputs = printed(corpus=short)
    assert f"{len(half)} of {len(names)} are yours: {len(half) / len(names):.0%}" in outputs[0]
    for name in names:
        assert re.search(rf" {name} +{'yours' if name in half else 'the course stands in'}$", outputs[0], re.MULTILINE)
    assert_same_digits(outputs, of_the_course)
    for cell in (1, 4):  # the slopes and the letters that are drawn do not depend on the length of the text
        assert lines_of(outputs[cell]) == lines_of(stored()[cell])


def test_your_functions_are_those_that_train(before):
    do(["forward_pass", "backward_pass"])
    names = dict(before)
    for start in ("PARTS = ", "def mine_or_course"):
        exec(source_of(start), names)
    for function in (names["yours"].forward, names["yours"].backward):
        assert function.__code__.co_filename.endswith("my_rnn.py")


def test_with_nothing_done_the_page_says_so():
    assert f"0 of {len(exercises_of_the_page())} are yours: 0%" in stored()[0]
    assert "yours\n" not in stored()[0].partition("\n\n")[0]
