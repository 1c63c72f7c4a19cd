"""Does conftest.py see what nbval alone would let pass? Small pages with one fault each, run by another pytest."""

import base64
import io
import os
import shutil
import signal
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output, new_raw_cell
from PIL import Image

from course.show.pictures import line_picture

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]


def code(source, *outputs, count=1, tags=(), reason=None):
    metadata = {"tags": list(tags)} if tags else {}
    if reason:
        metadata["nbval_reason"] = reason
    return new_code_cell(source, outputs=list(outputs), execution_count=count, metadata=metadata)


def printed(text, name="stdout"):
    return new_output("stream", name=name, text=text)


def result(text, count=1, **other):
    return new_output("execute_result", {"text/plain": text, **other}, execution_count=count)


def image(*pixels):
    """Return an image of a row of pixels, as a notebook stores it."""
    data, picture = io.BytesIO(), Image.new("L", (len(pixels), 1))
    picture.putdata(pixels)
    picture.save(data, "PNG")
    return base64.b64encode(data.getvalue()).decode()


INK, WHITE = image(255, 0, 255), image(255, 255, 255)


def png(text, data=INK):
    return new_output("display_data", {"text/plain": text, "image/png": data})


def error(name, value, *traceback):
    return new_output("error", ename=name, evalue=value, traceback=list(traceback))


# In place of a module that nbformat brings along, where it is installed: it reads the grammar of web addresses for a
# second whenever Python starts, and no page needs it.
NO_GRAMMAR = 'raise ImportError("web addresses are not checked")\n'


COPIED = ["conftest.py", "pyproject.toml", "course/__init__.py", "course/base/place.py", "course/base/threads.py"]
COPIED += ["course/show/pictures.py", "course/tools/stored.py"]
COPIED += ["course/lessons/__init__.py", "course/lessons/contents.py"]


def make_course(folder, pages):
    """Lay out a course with these pages (name -> list of cells, or a notebook)."""
    (folder / "notebooks").mkdir()
    (folder / "first_on_the_path").mkdir()
    (folder / "first_on_the_path" / "rfc3987_syntax.py").write_text(NO_GRAMMAR, encoding="utf-8")
    for name in COPIED:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    for name, page in pages.items():
        if isinstance(page, list):
            kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
            page = new_notebook(cells=page, metadata={"kernelspec": kernel})
        nbformat.write(page, folder / "notebooks" / f"{name}.ipynb")


def ignore_interrupts():
    """What a shell does to a process that it starts in the background."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def run_pytest(folder, *options):
    """Run pytest from outside the course. Return its exit code, its output, and {(page, test): message or ""}."""
    report = folder / "report.xml"
    command = [sys.executable, "-m", "pytest", "--color=no", f"--junitxml={report}"]
    command += ["-n", "0", *options, folder / "notebooks"]  # for a few cells, one process is sooner done than two
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    environment |= {"MPLBACKEND": "Agg", "OMP_NUM_THREADS": "3", "PYTEST_ADDOPTS": ""}
    path = [str(folder / "first_on_the_path"), environment.get("PYTHONPATH")]
    environment["PYTHONPATH"] = os.pathsep.join(filter(None, path))
    done = subprocess.run(
        command,
        cwd=folder.parent,
        env=environment,
        capture_output=True,
        text=True,
        timeout=1200,
        preexec_fn=None if os.name == "nt" else ignore_interrupts,
    )
    messages = {}
    if report.exists():
        for test in ElementTree.parse(report).iter("testcase"):
            page = test.get("classname").removesuffix(".ipynb").split(".")[-1]
            faults = [f"{fault.tag}: {fault.get('message')}\n{fault.text}" for fault in test]
            messages[page, test.get("name")] = "\n".join(faults)
    return done.returncode, done.stdout + done.stderr, messages


# ---------------------------------------------------------------- the test "stored-outputs"

OTHER_KERNEL = new_notebook(cells=[code("1;")], metadata={"kernelspec": {"name": "my-env", "display_name": "My"}})

# name of the page: its cells, and what the message must say ("" if the page is right)
STORED = {
    "right": (
        [
            new_markdown_cell("A page."),
            code("print(1)", printed("1\n")),
            code("2", result("2", count=2), count=2),
            code("show()", png("Picture: a curve"), count=3),
            code("1 / 0", error("ZeroDivisionError", "division by zero"), count=4, tags=["raises-exception"]),
            code("time()", count=5, tags=["nbval-ignore-output"], reason="a time"),
            code("0.1", result("0.1", count=6), count=6, tags=["approx-1e-3"], reason="the last digit varies"),
            code(
                "show()", png("Picture: 2.5 at 0.001, 2.7 at 0.002, 0.0 at 1"), count=7, tags=["approx-0.1"], reason="x"
            ),
            code("show()", printed("2.7  2.5\n2.3  2.1\n2.6\n"), count=8, tags=["approx-0.1"], reason="x"),
        ],
        "",
    ),
    "cleared": ([code("print(1)", count=None)], "Cell 0: its execution count is None, not 1"),
    "stale": (
        [code("1;", count=1), code("2;", count=7), code("3;", count=3)],
        "Cell 1: its execution count is 7, not 2",
    ),
    "other_run": ([code("1", result("1", count=5))], "its output is from another run: it counts 5"),
    "no_error": ([code("1;", tags=["raises-exception"])], "has the tag raises-exception, and stores no error"),
    "no_number": ([code("1", result("1"), tags=["approx-0.1"], reason="x")], "approx-0.1, is for decimal numbers, and"),
    "any_number": (
        [code("1", result("5.0 or -0.12"), tags=["approx-0.013"], reason="x")],
        "approx-0.013, is more than 10% of 0.12: choose calmer settings or a smaller",
    ),
    "order_in_a_line": (
        [code("show()", printed("2.64 to 2.70\n"), tags=["approx-0.031"], reason="x")],
        "within its tolerance, approx-0.031, 2.64 and 2.7 may change their order",
    ),
    "order_in_a_column": (
        [code("show()", printed("plain 2.6 and 9.1\nseed 5.0\nnew 2.5 and 7.1\n"), tags=["approx-0.1"], reason="x")],
        "within its tolerance, approx-0.1, 2.5 and 2.6 may change their order",
    ),
    "stderr": ([code("warn()", printed("careful\n", "stderr"))], "text on stderr: 'careful'"),
    "error": ([code("1 / 0", error("ZeroDivisionError", "x"))], "ZeroDivisionError, without the tag raises-exception"),
    "other_kernel": (OTHER_KERNEL, "kernelspec of the page is not python3"),
    "misspelt_tag": ([code("1;", tags=["nbval-ignore-outputs"])], "the tag 'nbval-ignore-outputs' is unknown"),
    "misspelt_tolerance": ([code("1;", tags=["approx-small"], reason="x")], "the tag 'approx-small' is unknown"),
    "two_tolerances": (
        [code("1;", tags=["approx-1", "approx-2"], reason="x")],
        "tolerances, approx-1 and approx-2",
    ),
    "marker": ([code("x = 1  # NBVAL_IGNORE_OUTPUT")], "'NBVAL_' stands in it"),
    "ignored": ([code("1;", tags=["nbval-ignore-output"])], "nbval_reason does not say why"),
    "stored_time": (
        [code("time()", result("3"), tags=["nbval-ignore-output"], reason="a time")],
        "may not store an output",
    ),
    "skipped": ([code("1;", tags=["nbval-skip"])], "nbval_reason does not say why"),
    "approximate": ([code("1.5", result("1.5"), tags=["approx-0.1"])], "nbval_reason does not say why"),
    "raises_or_not": ([code("1;", tags=["nbval-ignore-output", "raises-exception"], reason="x")], "no longer raised"),
    "clear_output": ([code("clear_output(wait=True)")], "'clear_output(' stands in it"),
    "updated": ([code("display(1, display_id=True).update(2)")], "'display_id' stands in it"),
    "os_system": ([code("os.system('ls')")], "'os.system(' stands in it"),
    "shell": ([code("x = 1\n!ls")], "'!' stands in it"),
    "raw": ([code("1;"), new_raw_cell("text")], "The page has a raw cell"),
    "no_code": ([new_markdown_cell("# Title")], "The page has no code cell"),
    "empty": ([code(" ")], "Cell 0: it is empty"),
    "figure": ([code("plot()", printed("done\n"), png("<Figure size 640x480 with 1 Axes>"))], "has no text that nbval"),
    "unnamed_figure": ([code("plot()", png(""))], "its picture has no text"),
    "white": (
        [code("plot()", png("Picture: a curve", WHITE))],
        "picture is of one color, so there is nothing to be seen",
    ),
    "broken_picture": ([code("plot()", png("Picture: a curve", "iVBORw0KGgo="))], "its picture cannot be read"),
    "path": ([code("where()", printed("it is in /home/ann/course\n"))], "one computer, '/home/ann/course'"),
    "windows_path": ([code("where()", result(r"'C:\\course'"))], "names a folder of one computer"),
    "traceback_path": (
        [code("1 / 0", error("ZeroDivisionError", "x", "File /tmp/ipykernel_7/1.py"), tags=["raises-exception"])],
        "one computer, '/tmp/ipykernel_7/1.py'",
    ),
}


@pytest.fixture(scope="module")
def stored(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stored")
    make_course(folder, {name: page for name, (page, _) in STORED.items()})
    return run_pytest(folder, "--nbval", "-k", "stored-outputs")[2]


@pytest.mark.parametrize("name", STORED)
def test_stored_outputs(stored, name):
    expected = STORED[name][1]
    message = stored[name, "stored-outputs"]
    assert (message == "") if expected == "" else (expected in message), message


def test_every_page_has_the_test_stored_outputs(stored):
    assert len(stored) == len(STORED)


# ---------------------------------------------------------------- running the cells

CURVE = "import sys\n\nsys.path.insert(0, '..')\n"
CURVE += 'from course.show.pictures import line_picture\nline_picture("Loss", "step", "nats", {"run": [5.0, 3.0, 2.0]})'
RIGHT_CURVE = repr(line_picture("Loss", "step", "nats", {"run": [5.0, 3.0, 2.0]}))
OLD_CURVE = repr(line_picture("Loss", "step", "nats", {"run": [5.0, 3.1, 2.0]}))
UPDATES = """
from IPython.display import display

one, other = [display(f"{name}, first", display_id=True) for name in ("one", "other")]
for state in ("second", "last"):
    print(state)
    one.update(f"one, {state}")
"""
DISPLAYS = [new_output("display_data", {"text/plain": repr(text)}) for text in ("one, last", "other, first")]
KILL = "import os\nimport signal\n\nos.kill(os.getpid(), getattr(signal, 'SIGKILL', signal.SIGTERM))"
SURROUNDINGS = """
import os

print(os.environ.get("MPLBACKEND") == "Agg", os.environ["OMP_NUM_THREADS"], os.environ.get("BLIS_NUM_THREADS"))
"""
TESTS = """
import os
import signal

os.environ |= {"OMP_NUM_THREADS": "1", "BLIS_NUM_THREADS": "1"}

def test_interrupts_come_through():
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
"""
CLOSE = {"tags": ["approx-0.02"], "reason": "the second decimal varies"}

RUN = {
    "right": [
        code(SURROUNDINGS, printed("False 3 None\n")),
        code(CURVE, result(RIGHT_CURVE, count=2, **{"image/png": INK}), count=2),
        code("print('loss 1.23, 7 steps')", printed("loss 1.24, 7 steps\n"), count=3, **CLOSE),
        code("print(1.23)", result("nothing like it", count=4), count=4, tags=["nbval-skip"], reason="takes an hour"),
    ],
    "changed": [  # all in one page, for the sake of its one kernel: the number, the curve,
        code("print(2)", printed("1\n")),
        code(CURVE, result(OLD_CURVE, count=2, **{"image/png": INK}), count=2),
        # what is outside the tolerance,
        code("print('loss 1.23, 7 steps')", printed("loss 1.26, 7 steps\n"), count=3, **CLOSE),
        code("print('loss 1.23, 7 steps')", printed("loss 1.23, 8 steps\n"), count=4, **CLOSE),
        code("print('loss 1.23')", printed("loss 1.23, and 0.5\n"), count=5, **CLOSE),
        # and displays that are updated: as they end, not as they end, and a cell after them
        code(UPDATES, *DISPLAYS, printed("second\nlast\n"), count=6),
        code(UPDATES, DISPLAYS[1], DISPLAYS[1], printed("second\nlast\n"), count=7),
        code("print(2)", printed("1\n"), count=8),
    ],
    "killed": [code(KILL), code("1;", count=2)],
    "18_scale_out": [code("import a_package_that_is_not_there")],
}


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ran")
    make_course(folder, RUN)
    (folder / "notebooks" / "test_interrupts.py").write_text(TESTS, encoding="utf-8")
    contents = folder / "course" / "lessons" / "contents.py"
    text = contents.read_text(encoding="utf-8")
    contents.write_text(text.replace('package="jax"', 'package="a_package_that_is_not_there"'), encoding="utf-8")
    return run_pytest(folder, "--nbval")


def test_kernel_has_the_environment_of_a_learner(ran):
    """The number of threads that the user has set, not the one that tests set; and pictures are shown."""
    assert ran[2]["right", "Cell 0"] == ""


def test_right_page_passes(ran):
    assert ran[2]["right", "stored-outputs"] == ""
    for number in range(1, 3):  # a picture, a number within its tolerance
        assert ran[2]["right", f"Cell {number}"] == ""


def test_interrupts_come_through(ran):
    assert ran[2]["test_interrupts", "test_interrupts_come_through"] == ""


def test_cell_that_is_skipped_shows_its_reason(ran):
    assert "cell not run: takes an hour" in ran[2]["right", "Cell 3"]


def test_changed_number_fails(ran):
    assert "Cell outputs differ" in ran[2]["changed", "Cell 0"]


def test_changed_curve_fails(ran):
    message = ran[2]["changed", "Cell 1"]
    assert "mismatch 'text/plain'" in message
    assert "3.1 at 1" in message


@pytest.mark.parametrize("fault", ["number outside", "whole number", "number missing"])
def test_tolerance_is_for_decimals_only(ran, fault):
    cell = 2 + ["number outside", "whole number", "number missing"].index(fault)
    assert "Cell outputs differ" in ran[2]["changed", f"Cell {cell}"]


def test_a_display_that_is_updated_is_compared_in_its_last_state(ran):
    first, second, third = [ran[2]["changed", f"Cell {number}"] for number in (5, 6, 7)]
    assert first == ""
    assert "one, last" in second and "one, first" not in second
    assert "Cell outputs differ" in third and "one" not in third, "the messages of one cell end with it"


def test_dead_kernel_fails_long_before_the_time_limit(ran):
    assert "The kernel died while it ran this cell." in ran[2]["killed", "Cell 0"]
    assert ran[2]["killed", "Cell 1"] != ""


def test_missing_package_is_a_skip_with_its_remedy(ran):
    _, output, messages = ran
    reason = "18_scale_out.ipynb needs a_package_that_is_not_there: pip install -r requirements-scale.txt"
    assert reason in messages["18_scale_out", "Cell 0"]
    assert reason in output  # -ra shows it on the terminal


def test_faults_give_a_failing_exit_code(ran):
    assert ran[0] == 1


SWALLOW = "import time\n\ntry:\n    time.sleep(60)\nexcept KeyboardInterrupt:\n    pass"


def test_swallowed_time_limit_fails_and_so_do_the_cells_after_it(tmp_path):
    pages = {
        "slow": [code(SWALLOW), code("print(2)", printed("1\n"), count=2), code("1;", count=3)],
        "slow_error": [code(SWALLOW, tags=["raises-exception"])],
    }
    make_course(tmp_path, pages)
    status, _, messages = run_pytest(tmp_path, "--nbval", "--nbval-cell-timeout=1")
    assert status == 1
    for page in pages:
        assert "The cell ran longer than the limit of 1 seconds." in messages[page, "Cell 0"]
    for cell in ("Cell 1", "Cell 2"):
        assert "An earlier cell of this page ran out of time." in messages["slow", cell]


@pytest.mark.parametrize("option", ["--nbval-lax", "--nbval-sanitize-with=all.cfg"])
def test_options_that_hide_changes_are_refused(tmp_path, option):
    make_course(tmp_path, {"page": [code("1;")]})
    status, output, messages = run_pytest(tmp_path, "--nbval", option)
    assert status == pytest.ExitCode.USAGE_ERROR
    assert f"{option.split('=')[0]} hides changed outputs" in output
    assert not messages


def test_a_test_that_hangs_is_ended_and_shown(tmp_path):
    make_course(tmp_path, {})
    text = "import threading\n\n\ndef test_hangs():\n    threading.Event().wait()\n"
    (tmp_path / "notebooks" / "test_hangs.py").write_text(text, encoding="utf-8")
    status, output, _ = run_pytest(tmp_path, "-o", "faulthandler_timeout=1")
    assert status == 1
    assert "in test_hangs" in output
