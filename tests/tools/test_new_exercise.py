"""new_exercise.py: all files get their part, the course still loads, and wrong arguments are refused."""

import ast
import re
import shutil
import subprocess
import sys

import nbformat
import pytest
from helpers import ROOT

from course.lessons.contents import PAGES
from course.tools.new_exercise import parts

PAGE = next(page for page in PAGES if page.exercises)
NAME, FIRST = "perplexity_of", PAGE.exercises[0]
TOPIC, LAST_TOPIC = PAGE.listed[0][0], PAGE.listed[-1][0]


def wished(after):
    """Return dict: file, as a path in the course -> its text with the new exercise in it."""
    found = parts(NAME, "probs, targets", PAGE.stem, after)
    return {path.relative_to(ROOT).as_posix(): text for path, text in found.items()}


@pytest.mark.parametrize("after, topic", [("", LAST_TOPIC), (FIRST, TOPIC)])
def test_each_file_gets_its_part(after, topic):
    texts = wished(after)
    lesson, answers = f"course/lessons/{topic}.py", f"tests/answers/{topic}.txt"
    marked = {lesson, f"course/lessons/{topic}.mistakes", answers, f"notebooks/{PAGE.stem}.ipynb"}
    assert set(texts) == marked | {"course/lessons/contents.py"}
    assert {name for name, text in texts.items() if "TODO" in text} == marked
    assert f"{NAME.upper()} = Exercise(\n    {NAME},\n" in texts[lesson]
    assert texts[answers].count(f"=== {NAME} | right\n") == 2
    for name, text in texts.items():
        before = (ROOT / name).read_text(encoding="utf-8") if (ROOT / name).exists() else ""
        assert len(text.splitlines()) >= len(before.splitlines()), name
    assert max(map(len, texts["course/lessons/contents.py"].splitlines())) <= 120


def test_the_page_has_the_learners_cell_where_it_was_wished():
    page = nbformat.reads(wished(FIRST)[f"notebooks/{PAGE.stem}.ipynb"], as_version=4)
    nbformat.validate(page)
    checked = [name for cell in page.cells for name in re.findall(r'^check\("(\w+)", \1\)$', cell.source, re.M)]
    assert checked[checked.index(FIRST) + 1] == NAME
    (cell,) = [cell for cell in page.cells if f"def {NAME}(" in cell.source]
    ast.parse(cell.source)
    assert cell.source.startswith(f"def {NAME}(probs, targets):\n    ...  # your code\n")


@pytest.mark.slow
@pytest.mark.parametrize("after", ["", FIRST])
def test_the_course_loads_with_it_in_the_order_that_was_wished(tmp_path, after):
    ignore = shutil.ignore_patterns("__pycache__", "*.npz", "*.txt", "my_rnn*", ".*")
    for part in ("course", "data"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=ignore)
    for file in ("rnn_helpers.py", f"notebooks/{PAGE.stem}.ipynb"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / file, tmp_path / file)
    (tmp_path / "tests" / "answers").mkdir(parents=True)

    def python(*arguments):
        done = subprocess.run([sys.executable, *arguments], cwd=tmp_path, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout

    command = ["-m", "course.tools.new_exercise", NAME, "probs, targets", "--page", PAGE.stem]
    says = python(*command, *(["--after", after] if after else []))
    assert "  course/lessons/contents.py\n" in says and f"run_page {PAGE.stem}\n" in says
    place = PAGE.exercises.index(after) + 1 if after else len(PAGE.exercises)
    expected = [*PAGE.exercises[:place], NAME, *PAGE.exercises[place:]]
    code = f"from course.lessons import EXERCISES; print(*[name for name in EXERCISES if name in {expected}])"
    assert python("-c", code).split() == expected


@pytest.mark.parametrize(
    "wish, says",
    [
        (("Perplexity", "probs", PAGE.stem, ""), "The name is 'Perplexity': it must be that of a function"),
        (("new", "probs targets", PAGE.stem, ""), "The arguments are 'probs targets': write them as in a def"),
        (("new", "probs", "01", ""), "There is no page '01': the pages are "),
        ((FIRST, "probs", PAGE.stem, ""), f"There is an exercise {FIRST!r} already: choose another name."),
        (("new", "probs", PAGE.stem, "none"), f"{PAGE.stem} has no exercise 'none' in course/lessons/contents.py"),
    ],
)
def test_a_wish_that_cannot_be_is_an_error_that_says_why(wish, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        parts(*wish)
