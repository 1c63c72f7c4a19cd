"""Does conftest.py notice what nbval alone would miss? Wrong pages for its additions, run by another pytest."""

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import nbformat
import pytest
from helpers import ROOT
from nbformat.v4 import new_code_cell, new_notebook, new_output

pytestmark = pytest.mark.slow


def printed(text):
    return new_output("stream", name="stdout", text=text)


def page(*cells):
    """Return a page of cells, each given as its source and outputs, or its source, outputs and tags."""
    made = []
    for number, (source, outputs, *tags) in enumerate(cells, 1):
        metadata = {"tags": tags, "nbval_reason": "a test"}
        made.append(new_code_cell(source, outputs=outputs, execution_count=number, metadata=metadata))
    return new_notebook(cells=made, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})


def run_pytest(folder, pages, *options):
    """Run pytest on pages, name -> notebook. Return its exit code, its output, and {(page, test): message or ""}."""
    (folder / "notebooks").mkdir()
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, folder)
    test_that_sets_threads = 'import os\n\nos.environ["OMP_NUM_THREADS"] = "1"\n'  # like a test that imports the course
    (folder / "notebooks" / "test_threads.py").write_text(test_that_sets_threads, encoding="utf-8")
    for name, notebook in pages.items():
        nbformat.write(notebook, folder / "notebooks" / f"{name}.ipynb")
    command = [sys.executable, "-m", "pytest", "-n", "0", "--nbval", "--junitxml=report.xml", *options, "notebooks"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg", "OMP_NUM_THREADS": "3"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=1200)
    messages = {}
    if (folder / "report.xml").exists():
        for test in ElementTree.parse(folder / "report.xml").iter("testcase"):
            name = test.get("classname").removesuffix(".ipynb").split(".")[-1]
            messages[name, test.get("name")] = "".join(f"{fault.get('message')}\n{fault.text}" for fault in test)
    return done.returncode, done.stdout + done.stderr, messages


SURROUNDINGS = 'import os\n\nprint(os.environ.get("MPLBACKEND") == "Agg", os.environ["OMP_NUM_THREADS"])'
LOSS = "print('loss 1.23, 7 steps')"
UPDATES = """
from IPython.display import display

one, other = [display(f"{name}, first", display_id=True) for name in ("one", "other")]
for state in ("second", "last"):
    print(state)
    one.update(f"one, {state}")
"""
DISPLAYS = [new_output("display_data", {"text/plain": repr(text)}) for text in ("one, last", "other, first")]
STATES = printed("second\nlast\n")
CELLS = [  # source, stored outputs, tag, whether it passes
    ((SURROUNDINGS, [printed("False 3\n")]), True),
    ((LOSS, [printed("loss 1.24, 7 steps\n")], "approx-0.02"), True),
    ((LOSS, [printed("loss 1.26, 7 steps\n")], "approx-0.02"), False),
    ((LOSS, [printed("loss 1.23, 8 steps\n")], "approx-0.02"), False),
    ((LOSS, [printed("loss 1.23, 7 steps, and 0.5\n")], "approx-0.02"), False),
    ((UPDATES, [*DISPLAYS, STATES]), True),
    ((UPDATES, [DISPLAYS[1], DISPLAYS[1], STATES]), False),
    (("print(2)", [printed("1\n")]), False),
]


@pytest.fixture(scope="module")
def messages(tmp_path_factory):
    pages = {"page": page(*[cell for cell, _ in CELLS]), "cleared": page(("print(1)", []))}
    pages["cleared"].cells[0].execution_count = None
    status, _, found = run_pytest(tmp_path_factory.mktemp("course"), pages)
    assert status == 1
    return found


@pytest.mark.parametrize("number", range(len(CELLS)))
def test_surroundings_of_a_learner_tolerance_and_displays_that_are_updated(messages, number):
    message = messages["page", f"Cell {number}"]
    assert (message == "") if CELLS[number][1] else ("Cell outputs differ" in message), message


def test_each_page_is_looked_at_for_what_makes_nbval_blind(messages):
    """test_stored.py tests all faults that are found."""
    assert "execution count" not in messages["page", "stored-outputs"]
    assert "its execution count is None, not 1" in messages["cleared", "stored-outputs"]


def test_swallowed_time_limit_fails_and_so_do_the_cells_after_it(tmp_path):
    swallow = "import time\n\ntry:\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    pass"
    pages = {"slow": page((swallow, []), ("print(2)", [printed("1\n")]))}
    status, _, messages = run_pytest(tmp_path, pages, "--nbval-cell-timeout=1")
    assert status == 1
    assert "The cell ran longer than the limit of 1 seconds." in messages["slow", "Cell 0"]
    assert "An earlier cell of this page ran out of time." in messages["slow", "Cell 1"]


def test_options_that_hide_changes_are_refused(tmp_path):
    status, output, messages = run_pytest(tmp_path, {"page": page(("1;", []))}, "--nbval-lax")
    assert status == pytest.ExitCode.USAGE_ERROR and not messages
    assert "--nbval-lax hides changed outputs" in output
