"""A page of before version 3 meets the course of today: what does its reader hear?

setup_cell_of_edition_2.txt is the first cell of those pages. It looks for notebooks/pictures.py.
"""

import sys
from pathlib import Path

import pytest
from helpers import ROOT
from test_notebooks import README, SMALL, copy_course, run_cell

sys.path.insert(0, str(ROOT / "docs"))
from build import MOVED, SIGNPOST, put_up_signposts

OLD_SETUP = (Path(__file__).parent / "setup_cell_of_edition_2.txt").read_text(encoding="utf-8")


def last_line(done):
    assert done.stdout.splitlines() in ([], ["The course is ready."])
    return done.stderr.splitlines()[-1]


@pytest.mark.parametrize("name", ["exercises", "pictures", "counting"])
def test_in_the_browser_it_hears_that_the_course_has_moved(tmp_path, name):
    course = copy_course(tmp_path / "served", *SMALL)
    put_up_signposts(course / "notebooks")
    done = run_cell(OLD_SETUP, course / "notebooks", then=f"from {name} import check")
    assert last_line(done) == f"ImportError: {SIGNPOST}"


def test_signposts_stand_for_all_modules_that_old_pages_import():
    assert set(MOVED) >= {"counting", "exercises", "gates", "judging", "no_loop", "pictures", "stepper", "watching"}
    assert not [name for name in MOVED if (ROOT / "notebooks" / f"{name}.py").exists()], "only where they are served"


def test_elsewhere_it_does_not_find_the_course_and_the_readme_says_why(tmp_path):
    """No file may lie beside the pages, so an old page cannot be told more than it says by itself."""
    course = copy_course(tmp_path / "course", *SMALL)
    message = last_line(run_cell(OLD_SETUP, course / "notebooks"))
    assert message.startswith(f"FileNotFoundError: No course in {course / 'notebooks'} or in the folder above it.")
    assert "*No course in ... or in the folder above it*, although the page lies in `notebooks`" in README
