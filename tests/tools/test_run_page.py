"""run_page.py on small pages: it saves what a learner would see, keeps the rest, and saves no page with a fault."""

import os
import subprocess
import sys

import nbformat
import pytest
from helpers import ROOT
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from course.tools.run_page import joined, run_page

pytestmark = pytest.mark.slow

METADATA = {
    "colab": {"generative_ai_disabled": True},
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
    "language_info": {"name": "python"},
}
FOLDED = {"collapsed": True, "jupyter": {"outputs_hidden": True}}
STALE = new_output("stream", name="stdout", text="of another run\n")


def printed(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def write(folder, name, *cells):
    """Write a page of these cells. Markdown cells begin with #."""
    made = [cell if not isinstance(cell, str) else new_code_cell(cell, outputs=[STALE]) for cell in cells]
    path = folder / f"{name}.ipynb"
    nbformat.write(new_notebook(cells=made, metadata=METADATA), path)
    return path


OWN = "import os\n\nprint(os.path.exists(os.environ['MY_RNN']), os.environ['MPLBACKEND'])"
LINES = "import time\n\nprint('1 of 2', end='\\r', flush=True)\ntime.sleep(0.1)\nprint('2 of 2')"


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page that was run and saved, and the text of its file."""
    path = write(
        tmp_path_factory.mktemp("pages"),
        "page",
        new_markdown_cell("# A page\n\nWords."),
        new_code_cell(OWN, outputs=[STALE], metadata=FOLDED),
        LINES,
        "1 + 1",
        new_code_cell("print(3)", metadata={"tags": ["nbval-ignore-output"], "nbval_reason": "a time"}),
    )
    surroundings = {**os.environ, "MPLBACKEND": "Agg"}  # this would drop every figure
    command = [sys.executable, "-m", "course.tools.run_page", str(path)]
    done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True, timeout=1200)
    assert done.returncode == 0 and done.stdout == "page saved\n", done.stdout + done.stderr
    return nbformat.read(path, as_version=4), path.read_text(encoding="utf-8")


def test_outputs_are_new_and_the_rest_is_kept(page):
    notebook, _ = page
    words, own, lines, value, ignored = notebook.cells
    assert words.source == "# A page\n\nWords."
    assert own.outputs == [printed("False module://matplotlib_inline.backend_inline\n")] and own.metadata == FOLDED
    assert lines.outputs == [printed("2 of 2\n")]
    assert [output.data["text/plain"] for output in value.outputs] == ["2"]
    assert ignored.outputs == []
    assert [cell.execution_count for cell in notebook.cells[1:]] == [1, 2, 3, 4]
    assert value.outputs[0].execution_count == 3
    assert notebook.metadata == METADATA


def test_a_page_is_written_as_jupyter_writes_it(page):
    notebook, text = page
    assert text == nbformat.writes(notebook) + "\n"


@pytest.mark.parametrize(
    "code, says",
    [
        ("undefined_name", "NameError: name 'undefined_name' is not defined"),
        ("import sys\n\nprint('careful', file=sys.stderr)", "Cell 0: it stores a warning or other text on stderr"),
    ],
)
def test_a_page_with_a_fault_is_not_saved(tmp_path, code, says):
    path = write(tmp_path, "wrong", code)
    before = path.read_bytes()
    assert says in "\n".join(run_page(path)) and path.read_bytes() == before


def test_texts_that_follow_each_other_are_one():
    outputs = [printed("a\n"), printed("b\r"), printed("c\n"), printed("d", "stderr"), printed("e")]
    assert [(one.name, one.text) for one in joined(outputs)] == [("stdout", "a\nc\n"), ("stderr", "d"), ("stdout", "e")]
