"""The lab of one sitting: it runs from top to bottom, takes the minutes that it says, and leads nowhere else.

Also AGENTS.md, which makes a programming assistant a tutor, and the settings of an editor, in both handouts.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import nbformat
import pytest
from helpers import ROOT
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook
from own_road import AS_TAUGHT

import course
from course.marking.__main__ import main
from course.marking.handout import hand_out, of_the_lab
from course.tools import minutes

STEMS = ["02_forward_pass", "03_bptt", "from_a_word_to_a_text"]
NAMES = "rnn_step forward_pass tanh_backward hidden_gradients weight_gradients backward_pass".split()
WRONG = "def rnn_step(char_id, h_prev, parameters):\n    return np.tanh(parameters.W_hh @ h_prev + parameters.b_h)\n"


@pytest.fixture
def lab(tmp_path):
    assert main(["handout", "--lab", str(tmp_path / "lab")]) == 0
    return tmp_path / "lab"


@pytest.fixture
def surroundings(monkeypatch):
    """Let the learner's functions lie beside the pages, as they do for a learner."""
    monkeypatch.delenv("MY_RNN", raising=False)


def answered(notebook, answers):
    """Put functions, {name: code}, in the place of the stubs."""
    for cell in notebook.cells:
        for name in minutes.CHECK.findall(cell.source):
            if name in answers:
                cell.source = f'{answers[name].strip()}\n\n\ncheck("{name}", {name})'
    return notebook


def run(notebooks, folder):
    """Run notebooks in one kernel, each without the names of the one before. Return the texts that each shows.

    An error in a cell is an error here.
    """
    cells = [cell for one in notebooks for cell in (*one.cells, new_code_cell("%reset -f"))]
    for number, cell in enumerate(cells):
        cell.id = str(number)
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(new_notebook(cells=cells), kernel_name="python3", timeout=300, resources=resources).execute()
    outputs = [[output for cell in one.cells for output in cell.get("outputs", [])] for one in notebooks]
    return [
        "\n".join(output.get("text") or output.get("data", {}).get("text/plain", "") for output in of_one)
        for of_one in outputs
    ]


@pytest.mark.slow
@pytest.mark.parametrize("answers, verdict, whose", [(AS_TAUGHT, "correct", "yours +"), ({}, "not started", "")])
def test_it_runs_with_all_done_and_with_nothing_done(lab, surroundings, answers, verdict, whose):
    notebooks = [nbformat.read(lab / "notebooks" / f"{stem}.ipynb", as_version=4) for stem in STEMS]
    for notebook in notebooks:
        nbformat.validate(notebook)
        answered(notebook, answers)
    if not answers:  # the course's functions calculate the same, so a part of the text will do
        (cell,) = [cell for cell in notebooks[2].cells if cell.source.startswith("corpus = ")]
        cell.source = cell.source.replace("\n", "\ncorpus = type(corpus)('a part', corpus.text[:8000])\n", 1)
    *before, last = run(notebooks, lab / "notebooks")
    verdicts = re.findall(r"^(\w+): (correct|not yet|not started)$", "\n".join(before), re.MULTILINE)
    assert verdicts == [(name, verdict) for name in NAMES]
    assert [name for name in NAMES if re.search(rf"^{whose}{name} +[\d,]+$", last, re.MULTILINE)] == NAMES
    first, second = map(float, re.findall(r"smoothed loss (\d+\.\d+)", last))
    assert 177.77 > first > second
    calls = dict(re.findall(r"(\w+) +([\d,]+)$", last, re.MULTILINE))
    assert calls["forward_pass"] == calls["backward_pass"]
    if answers:
        assert second == 133.90, "the text of the last page says so"
        assert calls["forward_pass"] == "3,732", "it says this, too"
        assert (calls["tanh_backward"], calls["rnn_step"]) == ("186,600", f"{186600 + 96:,}")


def test_it_takes_the_minutes_that_each_page_and_its_readme_say(lab):
    folder, readme = lab / "notebooks", (lab / "README.md").read_text(encoding="utf-8")
    counted = [minutes.minutes(SimpleNamespace(stem=stem), folder) for stem in STEMS]
    first = [json.loads((folder / f"{stem}.ipynb").read_text(encoding="utf-8"))["cells"][0]["source"] for stem in STEMS]
    assert [int(re.search(r"\*\*Time\*\* (\d+)", "".join(source))[1]) for source in first] == counted
    assert re.findall(r"\(notebooks/(\w+)\.ipynb\) \| (\d+) \|", readme) == list(zip(STEMS, map(str, counted)))
    assert f"these are {sum(counted)} minutes" in readme and 150 <= sum(counted) <= 180


def test_a_page_of_it_has_no_extra():
    marks = ({}, {"lab": "left out"}, {"tags": ["extra"]}, {"tags": ["other"]})
    page = {"cells": [{"cell_type": "markdown", "metadata": mark, "source": [f"{k}"]} for k, mark in enumerate(marks)]}
    assert [cell["source"] for cell in of_the_lab(page, ["first"])] == [["first"], ["3"]]


def test_it_has_only_what_it_needs_and_starts_as_the_course_does(lab):
    needed = ".gitignore .vscode AGENTS.md LICENSE LICENSE-TEXT.md README.md course data notebooks requirements.txt "
    needed += "rnn_helpers.py"
    assert sorted(path.name for path in lab.iterdir()) == needed.split()
    assert sorted(path.stem for path in (lab / "notebooks").iterdir()) == STEMS
    whole, readme = ((folder / "README.md").read_text(encoding="utf-8") for folder in (ROOT, lab))
    starts = [re.search(r"\n## Start\n.*?\n## ", text, re.DOTALL)[0] for text in (whole, readme)]
    first, second = (re.findall(r"^(?:python3|py|\.venv).*$", text, re.MULTILINE) for text in starts)
    assert second == [line.replace("00_meet_the_network", STEMS[0]) for line in first]
    links = re.findall(r"\]\((?!https:)([^)]+)\)", readme)
    assert len(links) == 6 and [link for link in links if not (lab / link).exists()] == []


@pytest.mark.parametrize("stem", STEMS)
def test_its_pages_lead_to_what_is_there(lab, stem):
    page = json.loads((lab / "notebooks" / f"{stem}.ipynb").read_text(encoding="utf-8"))
    cells = page["cells"]
    assert page["metadata"]["colab"] == {"generative_ai_disabled": True}
    assert not [cell for cell in cells if cell.get("outputs") or "lab" in cell["metadata"]]
    prose = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    linked = re.findall(r"\]\((\w+)\.ipynb\)", prose)
    assert {*linked} <= {*STEMS} and linked[-1:] == {STEMS[0]: STEMS[1:2], STEMS[1]: STEMS[2:]}.get(stem, linked[-1:])
    sections = {int(number) for number in re.findall(r"^## (\d+)\. ", prose, re.MULTILINE)}
    named = {int(number) for number in re.findall(r"\b[Ss]ection (\d+)(?! of the warm-up)", prose)}
    assert named <= sections, "left out"


@pytest.mark.slow
def test_the_command_for_an_assistant_says_what_check_says_and_no_more(lab, surroundings):
    if sys.platform == "win32" or not shutil.which("bash"):
        pytest.skip("needs bash")
    text = (lab / "AGENTS.md").read_text(encoding="utf-8")
    (command,) = re.findall(r"```bash\n(.*?)```", text, re.DOTALL)
    page = lab / "notebooks" / f"{STEMS[0]}.ipynb"
    for answer, says in ((WRONG, "not yet"), (AS_TAUGHT["rnn_step"], "correct")):
        answers = {"rnn_step": answer, "forward_pass": AS_TAUGHT["forward_pass"]}
        nbformat.write(answered(nbformat.read(page, as_version=4), answers), page)
        line = command.replace(".venv/bin/python", sys.executable)
        done = subprocess.run(["bash", "-uc", line], cwd=lab, capture_output=True, text=True)
        verdicts = dict(re.findall(r"^(\w+): (.*)$", done.stdout, re.MULTILINE))
        assert verdicts["forward_pass"] == "correct" and verdicts["rnn_step"] == says, done.stdout
        assert done.returncode == (says != "correct")
        assert "def " not in done.stdout, "no command shows an answer"
    called = {*re.findall(r"`(\w+)\(", text)}
    assert called > {"check", "hint", "practice"} and called <= {*course.__all__} and len(text.split()) <= 400


def test_only_the_handouts_have_the_files_for_assistants_and_editors(tmp_path, lab):
    hand_out(tmp_path / "whole")
    for name in ("AGENTS.md", ".vscode/settings.json"):
        texts = [(folder / name).read_bytes() for folder in (lab, tmp_path / "whole", ROOT / "docs" / "handout")]
        assert texts[0] == texts[1] == texts[2] and not os.path.exists(ROOT / name)
