"""What moves on a page, without a browser: its text, its still, and what is stored of it."""

import html
import json
import re

import pytest
from helpers import ROOT
from moving import MADE

from course.show.live import Live

SCRIPTS = sorted((ROOT / "course" / "show").glob("*.js"))
STORED = [
    path for path in sorted((ROOT / "notebooks").glob("*.ipynb")) if 'id=\\"live-' in path.read_text(encoding="utf-8")
]


def still_of(live):
    """Return what stands in the place where it moves, until a script runs."""
    return re.search(r'<div id="live-\w+">(.*?)</div><script>', live._repr_html_(), re.DOTALL)[1]


def name_of(live):
    return re.search(r'<div id="(live-\w+)">', live._repr_html_())[1]


def test_it_shows_its_text_where_no_script_runs_or_the_still_that_it_is_given():
    live = Live("scores", {}, "a <b> & c")
    assert repr(live) == "a <b> & c"
    assert still_of(live) == "<pre>a &lt;b&gt; &amp; c</pre>"
    assert still_of(Live("scores", {}, "a", still="<table></table>")) == "<table></table>"


def test_no_data_can_end_the_script_and_all_of_it_arrives():
    data = {"names": ["</script><script>alert(1)</script>", "<!--", "é", "\n"], "numbers": [0.5, -1]}
    shown = Live("scores", data, "text")._repr_html_()
    assert shown.count("<script") == shown.count("</script>") == 1 and "<!--" not in shown
    assert json.loads(re.search(r"show\(root, (.*)\);\n", shown)[1]) == data


@pytest.mark.parametrize("name", MADE)
def test_two_runs_store_the_same_and_other_numbers_have_another_name(name):
    live = MADE[name]
    assert live._repr_html_() == Live(name, live.data, live.text)._repr_html_() == live._repr_html_()
    assert name_of(live) != name_of(Live(name, {**live.data, "other": 1}, live.text))


def test_all_that_moves_has_a_script_that_is_tried():
    assert {path.stem for path in SCRIPTS} == {*MADE, "live", "network"}, (
        "network.js is of the file that page 06 writes"
    )


@pytest.mark.parametrize("name", MADE)
def test_it_is_small_asks_for_nothing_and_gives_the_same_each_time(name):
    shown = MADE[name]._repr_html_()
    assert len(shown.encode()) < 15_000
    outside = shown.replace("http://www.w3.org/2000/svg", "")  # a name, which no one asks for anything
    assert not re.search(r"https?:|src=|url\(|import\(|fetch|XMLHttp|Math\.random|Date\b", outside)
    assert "innerHTML" not in shown, "what a page gives is only text"
    assert not re.search(r"#live[ {]|TINTS", shown)


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_its_lines_can_be_read(path):
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > 110 and path.stem != "network"] == []


@pytest.mark.parametrize("path", STORED, ids=lambda path: path.stem)
def test_a_page_stores_it_once_with_the_text_that_it_shows(path):
    outputs = [
        output["data"]
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]
        for output in cell.get("outputs", [])
        if '<div id="live-' in "".join(output.get("data", {}).get("text/html", ""))
    ]
    (data,) = outputs  # so there is no second style on the page
    assert f"<pre>{html.escape(''.join(data['text/plain']))}</pre>" in "".join(data["text/html"])
