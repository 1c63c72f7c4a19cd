"""Run pages from top to bottom, each in a fresh kernel, and save them as Jupyter does.

    python -m course.tools.run_page 01_softmax          one page, by its name, or more of them
    python -m course.tools.run_page notebooks/*.ipynb   all pages, as files

A page runs as a learner has it who has just come: in the folder of the pages, without functions of his own. Nothing of
it changes but its outputs and the numbers beside its cells: words, tags and folds stay. A page whose outputs the tests
would refuse, for an error, a warning or a folder of this computer, is not saved; what was wrong is printed.
"""

import argparse
import os
import re
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from course.base.place import NOTEBOOKS
from course.tools.stored import find_faults

LONGEST = 600  # seconds for one cell: twice as long as the tests allow
COLORS = re.compile(r"\x1b\[[\d;]*m")
OVERWRITTEN = re.compile(r"[^\n]*\r(?!\n|$)")


def find_page(name):
    """Return the path of a page, given as a file or by its name in the folder of the pages. Else FileNotFoundError."""
    for path in (Path(name), NOTEBOOKS / name, NOTEBOOKS / f"{name}.ipynb"):
        if path.suffix == ".ipynb" and path.is_file():
            return path
    names = ", ".join(path.stem for path in sorted(NOTEBOOKS.glob("*.ipynb")))
    raise FileNotFoundError(f"There is no page {str(name)!r}: the pages are {names}.")


def run(notebook, folder):
    """Run all cells of a notebook in a fresh kernel that starts in a folder. Outputs and counts are replaced."""
    language = dict(notebook.metadata.get("language_info", {}))
    with tempfile.TemporaryDirectory(prefix="my_rnn_") as own:
        surroundings = {**os.environ, "MY_RNN": str(Path(own) / "my_rnn")}
        surroundings.pop("MPLBACKEND", None)  # a backend without notebook support would drop every figure
        client = NotebookClient(
            notebook,
            kernel_name="python3",
            timeout=LONGEST,
            resources={"metadata": {"path": str(folder)}},
            skip_cells_with_tag="nbval-skip",  # it takes too long: it keeps what is stored
            store_widget_state=False,
            record_timing=False,
        )
        client.execute(env=surroundings)
    if language:
        notebook.metadata["language_info"] = language
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for number, cell in enumerate(code_cells, 1):
        cell.execution_count = number
        cell.outputs = [] if "nbval-ignore-output" in cell.metadata.get("tags", []) else joined(cell.outputs)
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = number


def joined(outputs):
    """Return outputs as Jupyter stores them: texts that follow each other are one, without what was written over."""
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
    """Run a page and save it. Return what is wrong with it, one sentence each: then it is left as it was."""
    notebook = nbformat.read(path, as_version=4)
    try:
        run(notebook, path.parent)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        return [COLORS.sub("", str(error)).strip()]
    faults = find_faults(notebook)
    if not faults:
        text = nbformat.writes(notebook).rstrip("\n") + "\n"
        path.write_text(text, encoding="utf-8", newline="\n")
    return faults


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pages", nargs="+", metavar="PAGE", help="the name of a page, such as 01_softmax, or its file")
    options = parser.parse_args(arguments)
    try:
        paths = [find_page(name) for name in options.pages]
    except FileNotFoundError as error:
        parser.error(str(error))
    refused = 0
    for path in paths:
        print(f"{path.stem} ", end="", flush=True)
        started, before = time.monotonic(), path.read_bytes()
        faults = run_page(path)
        says = "NOT saved" if faults else "as it was" if path.read_bytes() == before else "saved"
        print(f"{says}, {time.monotonic() - started:.0f} s", *faults, sep="\n  ")
        refused += bool(faults)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
