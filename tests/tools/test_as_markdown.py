"""A page as Markdown for the book and the slides: nothing is lost, and nothing is told too early."""

import json
import re
import sys
from pathlib import Path

import pytest

from course.lessons.contents import PAGES

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "docs"))

import as_markdown  # noqa: E402


def cells(page):
    return json.loads((ROOT / "notebooks" / f"{page.stem}.ipynb").read_text(encoding="utf-8"))["cells"]


def as_parts(page, folder):
    """Return the parts of a page. Its pictures go into the folder."""
    return list(as_markdown.parts(page, folder))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_what_a_page_folds_is_closed_and_all_else_is_there_once(page, tmp_path):
    parts = as_parts(page, tmp_path)
    asked = [part.number for part in parts if part.kind == "predict"]
    assert asked == [part.number for part in parts if part.kind == "answer"] == list(range(1, len(asked) + 1))
    opened = "\n\n".join(part.text for part in parts if not part.closed)
    closed = "\n\n".join(part.text for part in parts if part.closed)
    for cell in cells(page):
        source = as_markdown.with_one_digit("".join(cell["source"]))
        if cell["cell_type"] == "code":
            for output in cell["outputs"]:
                said = "".join(output.get("text", "")).strip("\n").rstrip()
                folded = cell["metadata"].get("jupyter", {}).get("outputs_hidden")
                assert said in (closed if folded else opened), said
            continue
        for answer in re.findall(r"<summary>Answer</summary>\s*(.*?)\s*</details>", source, re.DOTALL):
            assert closed.count(answer) == 1 and answer not in opened
        words = re.sub(r"<details>.*?</details>|^\[!.*?$|^Stuck\? .*?$", "", source, flags=re.DOTALL | re.MULTILINE)
        for paragraph in re.split(r"\n\n+", words.strip()):
            said = re.sub(r"<small>(.*)</small>", r"[\1]{.small}", paragraph)
            assert opened.count(said) + closed.count(said) >= 1, paragraph


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_each_stored_picture_is_shown_with_its_words(page, tmp_path):
    text = "\n".join(part.text for part in as_parts(page, tmp_path))
    shown = re.findall(r"^!\[(.+)\]\((.+)\)$", text, re.MULTILINE)
    stored = [
        output for cell in cells(page) for output in cell.get("outputs", []) if "image/png" in output.get("data", {})
    ]
    written = [path.name for path in tmp_path.iterdir()]
    assert len(shown) == len(stored) == len(written) and {name for _, name in shown} == set(written)
    for (words, _), output in zip(shown, stored):
        assert output["metadata"]["image/png"]["alt"].split("\n")[0] == "Picture: " + re.sub(
            r"\\(.)", r"\1", words
        ).partition(". ")[0].removesuffix(".")


def test_a_formula_has_the_index_that_it_has_on_the_page(tmp_path):
    assert as_markdown.with_one_digit(r"35 and $\log_235=5.13$, $$e^400$$") == r"35 and $\log_{2}35=5.13$, $$e^{4}00$$"
    (page,) = (page for page in PAGES if page.number == "06")
    assert r"$\log_{2}35=5.13$" in "".join(part.text for part in as_parts(page, tmp_path))


def test_an_exercise_begins_with_its_code_and_never_with_what_only_a_notebook_can_do(tmp_path):
    for page in PAGES:
        folder = tmp_path / page.stem
        folder.mkdir()
        begun = {part.name: part.text for part in as_parts(page, folder) if part.kind == "start"}
        assert list(begun) == [name for name in begun if name in page.exercises]
        assert sorted(begun) == sorted(page.exercises)
        for name, text in begun.items():
            assert name in text and "check(" not in text and "run the cell" not in text
            assert re.search(r"\n\nAbout \d+ minutes, \w+\.$", text), name


def test_a_finished_function_is_closed_unless_the_page_opens_it(tmp_path):
    finished = {}
    for page in PAGES:
        folder = tmp_path / page.stem
        folder.mkdir()
        finished |= {part.name: part for part in as_parts(page, folder) if part.kind == "finished"}
    assert {name for name, part in finished.items() if not part.closed} == {"output_probs", "smooth_loss"}
    assert finished["softmax"].text.startswith("`softmax`, as it is in rnn_helpers.py. The characters are always")
    assert "`````{.python}\ndef softmax(logits):" in finished["softmax"].text
    assert "```python\ndef my_loss(" in finished["my_loss"].text  # an exercise that `check` does not know


def test_the_words_of_a_picture_stay_as_they_are():
    assert as_markdown.escaped("`W_hh` * [a], $3") == r"\`W\_hh\` \* \[a\]\, \$3"
    (picture,) = [
        "".join(output["data"]["text/plain"])
        for cell in cells(PAGES[2])
        for output in cell.get("outputs", [])
        if "Step t reads row t" in "".join(output.get("data", {}).get("text/plain", ""))
    ]
    assert as_markdown.heard(picture, 60).split("\n")[0] == "Step t reads row t and writes row t + 1"
