"""Run pages from top to bottom, each in a fresh kernel, and save them as Jupyter does.

    python -m course.tools.run_page 01_softmax          one page, by its name, or more of them
    python -m course.tools.run_page notebooks/*.ipynb   all pages, as files

A page runs as it does for a new learner: in the folder of the pages, without functions of their own. Only its outputs
and the numbers beside its cells change: words, tags and folds stay. If the tests would refuse the outputs, because of
an error, a warning or a folder of this computer, the page is not saved, and the fault is printed.
"""

import argparse
import os
import re
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellControlSignal, DeadKernelError

from course.base.place import NOTEBOOKS
from course.tools.stored import UNCHECKED, find_faults

LONGEST = 600  # seconds for one cell: twice as long as the tests allow
COLORS = re.compile(r"\x1b\[[\d;]*m")
OVERWRITTEN = re.compile(r"[^\n]*\r(?!\n|$)")


def run(notebook, folder):
    """Run all cells of a notebook in a fresh kernel that starts in a folder. This replaces outputs and counts."""
    metadata = notebook.metadata.copy()
    with tempfile.TemporaryDirectory(prefix="my_rnn_") as own:
        surroundings = {**os.environ, "MY_RNN": str(Path(own) / "my_rnn")}
        surroundings.pop("MPLBACKEND", None)  # a backend without notebook support would drop every figure
        NotebookClient(
            notebook,
            kernel_name="python3",
            timeout=LONGEST,
            resources={"metadata": {"path": str(folder)}},
            store_widget_state=False,
            record_timing=False,
        ).execute(env=surroundings)
    notebook.metadata = metadata
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code_cells, 1):
        cell.execution_count = number
        cell.outputs = [] if UNCHECKED in cell.metadata.get("tags", []) else joined(cell.outputs)
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = number


def joined(outputs):
    """Return outputs as Jupyter stores them: consecutive texts are joined, without what was overwritten."""
    result = []
    for output in outputs:
        last = result[-1] if result else None
        if last and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
        else:
            result.append(output)
    for output in result:
        if output.output_type == "stream":
            output.text = OVERWRITTEN.sub("", output.text)
    return result


def run_page(path):
    """Run a page and save it. If anything is wrong, return a sentence for each fault, and do not save it."""
    notebook = nbformat.read(path, as_version=4)
    try:
        run(notebook, path.parent)
    except (CellControlSignal, DeadKernelError) as error:
        return [COLORS.sub("", str(error)).strip()]
    faults = find_faults(notebook)
    if not faults:
        path.write_text(nbformat.writes(notebook).rstrip("\n") + "\n", encoding="utf-8", newline="\n")
    return faults


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", metavar="PAGE", help="the name of a page, such as 01_softmax, or its file")
    refused = []
    for page in parser.parse_args().pages:
        path = Path(page) if page.endswith(".ipynb") else NOTEBOOKS / f"{page}.ipynb"
        faults = run_page(path)
        print(f"{path.stem} {'NOT saved' if faults else 'saved'}", *faults, sep="\n  ", flush=True)
        refused += faults
    sys.exit(bool(refused))
