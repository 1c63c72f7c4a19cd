"""run_page.py on small pages: it saves what a learner would see, keeps the rest, and saves nothing that is wrong."""

import os
import subprocess
import sys

import nbformat
import pytest
from helpers import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course.tools.run_page import find_page, joined

pytestmark = pytest.mark.slow

KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
FOLDED = {"collapsed": True, "jupyter": {"outputs_hidden": True}}
STALE = new_output("stream", name="stdout", text="of another run\n")


def printed(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def write(folder, name, *cells):
    """Write a page of these cells: Markdown begins with #."""
    made = [cell if not isinstance(cell, str) else new_code_cell(cell, outputs=[STALE]) for cell in cells]
    path = folder / f"{name}.ipynb"
    nbformat.write(new_notebook(cells=made, metadata={**KERNEL, "language_info": {"name": "python"}}), path)
    return path


def run_pages(*paths):
    """Run pages with the command. Return its exit code and what it prints."""
    command = [sys.executable, "-m", "course.tools.run_page", *map(str, paths)]
    surroundings = {**os.environ, "MPLBACKEND": "Agg"}  # which would drop every figure
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=1200)
    return done.returncode, done.stdout + done.stderr


OWN = "import os\n\nprint(os.path.exists(os.environ['MY_RNN']), os.environ['MPLBACKEND'])"
LINES = "import time\n\nprint('1 of 2', end='\\r', flush=True)\ntime.sleep(0.1)\nprint('2 of 2')"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page that was run and saved, what the command said, and the text of its file."""
    path = write(
        tmp_path_factory.mktemp("pages"),
        "page",
        new_markdown_cell("# A page\n\nWords."),
        new_code_cell(OWN, outputs=[STALE], metadata=FOLDED),
        LINES,
        "1 + 1",
        new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]}),
        new_code_cell("an_hour()", outputs=[STALE], metadata={"tags": ["nbval-skip"], "nbval_reason": "an hour"}),
        new_code_cell("print(3)", metadata={"tags": ["nbval-ignore-output"], "nbval_reason": "a time"}),
    )
    first = run_pages(path)
    return nbformat.read(path, as_version=4), first, path.read_text(encoding="utf-8")


def test_outputs_are_new_and_the_rest_is_kept(page):
    notebook, (status, says), _ = page
    assert status == 0 and says.startswith("page saved, "), says
    words, own, lines, value, error, skipped, ignored = notebook.cells
    assert words.source == "# A page\n\nWords."
    assert own.outputs == [printed("False module://matplotlib_inline.backend_inline\n")] and own.metadata == FOLDED
    assert lines.outputs == [printed("2 of 2\n")]
    assert [output.data["text/plain"] for output in value.outputs] == ["2"]
    assert error.outputs[0].ename == "ZeroDivisionError"
    assert skipped.outputs == [STALE] and ignored.outputs == []
    assert [cell.execution_count for cell in notebook.cells[1:]] == [1, 2, 3, 4, 5, 6]
    assert value.outputs[0].execution_count == 3
    assert notebook.metadata == {**KERNEL, "language_info": {"name": "python"}}


def test_a_page_is_written_as_jupyter_writes_it(page):
    notebook, _, text = page
    assert text == nbformat.writes(notebook) + "\n"


FAULTS = {
    "error": ("undefined_name", "NameError: name 'undefined_name' is not defined"),
    "warning": (
        "import sys\n\nprint('careful', file=sys.stderr)",
        "Cell 0: it stores a warning or other text on stderr",
    ),
    "path": ("print('/home/ann/course')", "Cell 0: its output names a folder of one computer"),
}


def test_a_page_with_a_fault_is_named_and_not_saved_and_the_next_one_runs(tmp_path):
    paths = [write(tmp_path, name, code) for name, (code, _) in FAULTS.items()]
    right = write(tmp_path, "right", "print(1)")
    before = [path.read_bytes() for path in paths]
    status, says = run_pages(*paths, right)
    assert status == 1
    assert [path.read_bytes() for path in paths] == before
    for name, (_, message) in FAULTS.items():
        assert f"{name} NOT saved, " in says and message in says
    assert "right saved, " in says


def test_a_page_is_found_by_its_name_and_as_a_file():
    path = sorted((ROOT / "notebooks").glob("*.ipynb"))[0]
    assert find_page(path.stem) == find_page(path.name) == find_page(path) == path


def test_a_page_that_is_not_there_is_an_error_that_names_those_that_are():
    status, says = run_pages("01_softmaxx")
    assert status == 2
    assert "There is no page '01_softmaxx': the pages are 00_" in says


def test_texts_that_follow_each_other_are_one():
    outputs = [printed("a\n"), printed("b\r"), printed("c\n"), printed("d", "stderr"), printed("e")]
    assert [(one.name, one.text) for one in joined(outputs)] == [("stdout", "a\nc\n"), ("stderr", "d"), ("stdout", "e")]
