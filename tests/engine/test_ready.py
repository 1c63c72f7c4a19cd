"""Is this computer ready? A sentence for each missing thing says what to do. If nothing is missing, there is none."""

import errno
import io
import re
import sys
from importlib.metadata import PackageNotFoundError

import IPython.display
import numpy as np
import pytest
from helpers import ROOT
from matplotlib.colors import to_rgb

import course
from course.base import ready, texts
from course.base.ready import RNN_HELPERS, Missing, is_changed, sha256_of_rnn_helpers, what_is_missing
from course.show.drawing import color


def no_package(name):
    raise PackageNotFoundError(name)


def test_a_computer_on_which_the_tests_run_is_ready():
    assert what_is_missing() == []


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("PYTHON", (99, 0), r"Python is 3\.\d+\.\d+\S*, and the course needs 3\.10 or newer: install .*"),
        ("PACKAGES", {"numpy": (99, 1)}, r"numpy is [\d.]+, and the course needs 99\.1 or newer: run python -m pip .*"),
        ("version", no_package, r"numpy is not installed: run python -m pip install -r requirements\.txt .*"),
        ("_cannot_write", lambda folder: "full", r"The course can't write in .* \(full\): let MY_RNN name a folder .*"),
    ],
)
def test_what_is_missing_is_said_with_what_to_do_by_ready_too(monkeypatch, capsys, tmp_path, name, value, says):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ready, name, value)
    found = what_is_missing()
    assert found and re.fullmatch(says, found[0])
    assert all(sentence.endswith(".") and "\n" not in sentence for sentence in found)
    course.ready()
    *told, last = capsys.readouterr().out.splitlines()
    assert told == found
    assert last.startswith("The course is not ready yet: ") and told[0].endswith(last.split(": ", 1)[1])


def test_half_a_course_is_told(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(ready, "DATA", tmp_path)
    monkeypatch.setattr(texts, "DATA", tmp_path)
    (sentence,) = what_is_missing()
    assert sentence.endswith("is not the whole course: get the folder again, with everything in it.")
    course.ready()
    last = "The course is not ready yet: get the folder again, with everything in it."
    assert capsys.readouterr().out.splitlines() == [sentence, last]


def test_a_folder_where_nothing_can_be_written(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MY_RNN", str(tmp_path / "nowhere" / "my_rnn"))
    (sentence,) = what_is_missing()
    assert sentence.startswith(f"The course can't write in {tmp_path / 'nowhere'} (No such file or directory): ")
    course.ready()
    assert capsys.readouterr().out.splitlines()[:-1] == [sentence], "and nobody is asked for a Drive"
    monkeypatch.delenv("MY_RNN")
    monkeypatch.setattr(ready, "_cannot_write", lambda folder: "Permission denied")
    (sentence,) = what_is_missing()
    assert sentence.endswith("(Permission denied): move the course to where you can write.")


def test_a_full_disk_is_a_folder_where_nothing_can_be_written(tmp_path, monkeypatch):
    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(errno.ENOSPC, "No space left on device")

    assert ready._cannot_write(tmp_path) == "" and list(tmp_path.iterdir()) == []
    monkeypatch.setattr("tempfile.NamedTemporaryFile", lambda **options: Full())
    assert ready._cannot_write(tmp_path) == "No space left on device"


def test_in_the_browser_there_is_one_thing_to_do(monkeypatch, tmp_path):
    """There is no pip, no other folder, and no network but that of the page."""
    monkeypatch.setattr(sys, "platform", "emscripten")
    monkeypatch.setattr(ready, "PACKAGES", {"numpy": (99, 1), "no-such-package": (1, 0)})
    monkeypatch.setattr(ready, "_cannot_write", lambda folder: "Permission denied")
    monkeypatch.setattr(ready, "DATA", tmp_path)
    found = [*what_is_missing(), *texts._fetch("tiny", {"sha256": "0", "sources": [{"urls": []}]})]
    assert len(found) == 5
    assert all(re.fullmatch(r"[^:]+: reload the page, and run this cell again\.", sentence) for sentence in found)


def test_a_text_that_the_course_does_not_have_is_told(monkeypatch, tmp_path, capsys):
    monkeypatch.chdir(tmp_path)
    course.ready("nonsense", ["sonnets"])
    first, second, last = capsys.readouterr().out.splitlines()
    known = "ask for one of sonnets, speeches, seed-sonnets, seed-speeches."
    assert first == f"The course has no text 'nonsense': {known}"
    assert second == f"The course has no text ['sonnets']: {known}"
    assert last == f"The course is not ready yet: {known}"


def test_the_checksum_is_that_of_rnn_helpers():
    now = sha256_of_rnn_helpers()
    assert now == RNN_HELPERS, "rnn_helpers.py has been changed: run python -m course.tools.publish"
    assert is_changed() == []


def test_a_notebook_gets_the_rule_for_pictures_at_night(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    shown = []
    monkeypatch.setattr(IPython.display, "display", lambda what, raw: shown.append((what, raw)))
    course.ready()
    assert shown == [], "this is no notebook"
    monkeypatch.setattr(ready, "in_notebook", lambda: True)
    course.ready()
    assert shown == [({"text/plain": "", "text/html": ready.AT_NIGHT}, True)]


def test_at_night_white_and_black_change_places_and_gold_stays_gold():
    name, values = re.search(r'<filter id="(\w+)".*values="([^"]+)"', ready.FILTER, re.DOTALL).groups()
    turn = np.array(values.split(), float).reshape(4, 5)  # of SVG: from red, green, blue, opacity and 1
    for now, at_night in {
        "#ffffff": (-0.01, -0.01, -0.01),
        "#000000": (0.99, 0.99, 0.99),
        color("chance", "bar"): (0.75, 0.55, 0.01),  # gold
        color("state", "bar"): (0.16, 0.46, 0.67),  # blue
    }.items():
        np.testing.assert_allclose(turn @ [*to_rgb(now), 1, 1], [*at_night, 1], atol=0.01, err_msg=now)
    assert f"filter: url(#{name})" in (ROOT / "docs/static/course.css").read_text(encoding="utf-8")
    in_the_rule = f"filter: url('data:image/svg+xml,{ready.FILTER}#{name}')"
    assert in_the_rule in ready.AT_NIGHT and not {*"'#\n"} & {*ready.FILTER}, "it would end there"


def test_ready_says_in_a_line_what_is_not_as_it_should_be(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(tmp_path)
    course.ready()
    assert capsys.readouterr().out == "The course is ready.\n"
    monkeypatch.setattr(ready, "RNN_HELPERS", "0" * 64)
    monkeypatch.setattr(texts, "_fetch", lambda name, entry: [Missing(f"No {name}", f"fetch {name}")])
    monkeypatch.setattr(texts, "_folders", lambda: (tmp_path, tmp_path / "nowhere"))
    course.ready("seed-sonnets")
    changed, *missing, last = capsys.readouterr().out.splitlines()
    assert changed == "rnn_helpers.py has been changed: check and finished() use its functions as they are now."
    assert missing == [f"No {name}: fetch {name}." for name in ("sonnets", "speeches", "seed-sonnets")]
    assert last == "The course is not ready yet: fetch sonnets."
