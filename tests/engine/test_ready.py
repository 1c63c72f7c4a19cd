"""Is this computer ready? A sentence for each missing thing says what to do. If nothing is missing, there is none."""

import re
from importlib.metadata import PackageNotFoundError

import IPython.display
import pytest

import course
from course.base import ready, texts
from course.base.ready import RNN_HELPERS, is_changed, sha256_of_rnn_helpers, what_is_missing


def no_package(name):
    raise PackageNotFoundError(name)


def test_a_computer_on_which_the_tests_run_is_ready():
    assert what_is_missing() == []


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PYTHON", (99, 0), r"Python is 3\.\d+\.\d+\S*: the course needs 3\.10 or newer\."),
        ("PACKAGES", {"numpy": (99, 1)}, r"numpy is [\d.]+, and the course needs 99\.1 or newer: python -m pip .*"),
        ("version", no_package, r"numpy is not installed: python -m pip install -r requirements\.txt .*"),
        ("_can_write", lambda folder: False, r"Nothing can be written in .*: move the course to where you may write\."),
    ],
)
def test_what_is_missing_is_said_with_what_to_do(monkeypatch, name, value, says):
    monkeypatch.setattr(ready, name, value)
    found = what_is_missing()
    assert found and re.fullmatch(says, found[0])
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in found)


def test_half_a_course_is_told(monkeypatch, tmp_path):
    monkeypatch.setattr(ready, "DATA", tmp_path)
    (sentence,) = what_is_missing()
    assert sentence.endswith("is not the whole course: get the folder again, with all that is in it.")


def test_a_folder_where_nothing_can_be_written(tmp_path, monkeypatch):
    monkeypatch.setenv("MY_RNN", str(tmp_path / "nowhere" / "my_rnn"))
    (sentence,) = what_is_missing()
    assert sentence.startswith("Nothing can be written in ")


def test_the_checksum_is_that_of_rnn_helpers():
    now = sha256_of_rnn_helpers()
    assert now == RNN_HELPERS, f"rnn_helpers.py has been changed: write RNN_HELPERS = {now!r} into course/base/ready.py"
    assert is_changed() == []


def test_a_notebook_gets_the_rule_for_pictures_at_night_and_the_site_has_the_same(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    shown = []
    monkeypatch.setattr(IPython.display, "display", lambda what, raw: shown.append((what, raw)))
    course.ready()
    assert shown == [], "this is no notebook"
    monkeypatch.setattr(ready, "in_notebook", lambda: True)
    course.ready()
    assert shown == [({"text/plain": "", "text/html": f"<style>{ready.AT_NIGHT}</style>"}, True)]
    on_the_site = (ready.ROOT / "docs" / "static" / "course.css").read_text(encoding="utf-8")
    assert re.search(r"filter: ([^;}]+)", ready.AT_NIGHT)[1] in on_the_site


def test_ready_says_in_a_line_what_is_not_as_it_should_be(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    course.ready()
    assert capsys.readouterr().out == "The course is ready.\n"
    monkeypatch.setattr(ready, "RNN_HELPERS", "0" * 64)
    monkeypatch.setattr(texts, "_fetch", lambda name, entry: [f"{name} could not be fetched."])
    monkeypatch.setattr(texts, "_folders", lambda: (tmp_path, tmp_path / "nowhere"))
    course.ready("seed-sonnets")
    changed, *missing, last = capsys.readouterr().out.splitlines()
    assert changed == "rnn_helpers.py has been changed: check and finished() take its functions as they are now."
    assert missing == [f"{name} could not be fetched." for name in ("sonnets", "speeches", "seed-sonnets")]
    assert last == "The course is ready."
