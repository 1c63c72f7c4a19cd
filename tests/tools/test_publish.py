"""publish.py on a copy of the course: it writes the address into every page, and changes nothing else."""

import difflib
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from course.lessons import contents

ROOT = Path(__file__).resolve().parents[2]
PAGES = [f"{page.stem}.ipynb" for page in contents.PAGES]
ADDRESS = "https://github.com/someone/rnn-course"
COLAB = "https://colab.research.google.com/github/someone/rnn-course/blob/main/notebooks/"
BADGE = "[![Open in Colab](https://colab.research.google.com/assets/colab-badge.svg)]"


@pytest.fixture
def course(tmp_path):
    folder = tmp_path / "course"
    for part in ("course", "notebooks"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    shutil.copy(ROOT / "README.md", folder)
    return folder


def publish(folder, *arguments):
    """Run publish.py of a course. Return its exit code and all that it prints."""
    command = [sys.executable, "-m", "course.tools.publish", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=1200)
    return done.returncode, done.stdout + done.stderr


def read(folder):
    """Return the texts that publish.py may write to, by name."""
    paths = [folder / "README.md", *(folder / "notebooks" / page for page in PAGES)]
    return {path.name: path.read_text(encoding="utf-8") for path in paths}


def changed_lines(old, new):
    """Return the lines that went and the lines that came."""
    lines = list(difflib.ndiff(old.splitlines(), new.splitlines()))
    return [line[2:] for line in lines if line[0] == "-"], [line[2:] for line in lines if line[0] == "+"]


def test_as_shipped_all_pages_agree():
    assert publish(ROOT, "--check")[0] == 0


def test_pages_get_address_and_badge_and_nothing_else_changes(course):
    before = read(course)
    assert publish(course, ADDRESS)[0] == 0
    after = read(course)
    for page in PAGES:
        went, came = changed_lines(before[page], after[page])
        assert all("COURSE = " in line or BADGE in line for line in went)
        badge, setup = sorted(came, key=lambda line: "COURSE = " in line)
        assert f'"COURSE = \\"{ADDRESS}\\"' in setup
        assert badge.strip() == f'"{BADGE}({COLAB}{page})\\n",'
        first_cell = nbformat.reads(after[page], as_version=4).cells[0].source
        assert first_cell.splitlines()[1] == f"{BADGE}({COLAB}{page})"


def test_readme_gets_a_link_for_each_page_of_its_table(course):
    publish(course, ADDRESS)
    went, came = changed_lines(read(ROOT)["README.md"], read(course)["README.md"])
    came = [line for line in came if line.startswith("|")]
    for page in PAGES:
        assert f"](notebooks/{page}) ([Colab]({COLAB}{page}))" in "\n".join(came)


def test_twice_is_as_good_as_once(course):
    publish(course, ADDRESS)
    once = read(course)
    status, output = publish(course, ADDRESS)
    assert status == 0
    assert "Changed: nothing." in output
    assert read(course) == once


def test_another_address_replaces_the_first(course, tmp_path):
    publish(course, ADDRESS)
    expected = read(course)
    publish(course, "https://github.com/some-one/other.course")
    assert "https://github.com/someone/" not in "".join(read(course).values())
    publish(course, ADDRESS)
    assert read(course) == expected


@pytest.mark.parametrize("ending", ["/", ".git", ".git/"])
def test_endings_of_the_address_do_not_matter(course, ending):
    publish(course, ADDRESS)
    expected = read(course)
    assert publish(course, ADDRESS + ending)[0] == 0
    assert read(course) == expected


@pytest.mark.parametrize("address", ["", "someone/rnn-course", "https://gitlab.com/a/b", ADDRESS + "/tree/main"])
def test_wrong_address_is_refused(course, address):
    before = read(course)
    status, output = publish(course, address)
    assert status == 2
    assert f"The address is {address!r}: it must look like https://github.com/OWNER/NAME." in output
    assert read(course) == before


def test_check_names_what_differs_and_writes_nothing(course):
    publish(course, ADDRESS)
    assert publish(course, "--check")[0] == 0
    for name, old, new in [(f"notebooks/{PAGES[-1]}", BADGE, ""), ("README.md", f"{COLAB}{PAGES[0]}", "elsewhere")]:
        path = course / name
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    before = read(course)
    status, output = publish(course, "--check")
    assert status == 1
    assert f"For the address {ADDRESS!r}, course.tools.publish would change notebooks/{PAGES[-1]}, README.md:" in output
    assert read(course) == before


def test_page_without_setup_cell_is_an_error_and_nothing_is_written(course):
    path = course / "notebooks" / PAGES[-1]
    path.write_text(path.read_text(encoding="utf-8").replace("COURSE = ", "COARSE = "), encoding="utf-8")
    before = read(course)
    status, output = publish(course, ADDRESS)
    assert status == 2
    assert f"notebooks/{PAGES[-1]} has no setup cell" in output
    assert read(course) == before
