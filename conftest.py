"""What `pytest --nbval notebooks tests` needs beyond nbval: changes on a page that nbval alone would let pass.

nbval runs every code cell of a page and compares what it prints with what is stored. It does not notice cells
without stored outputs, a cell that swallows its time limit, pixels, misspelt tags, and more. So here
    1. the kernel gets the surroundings that it has when a learner opens the page,
    2. a cell that runs out of time, or whose kernel dies, fails at once,
    3. a cell may be compared within a tolerance that its tag names,
    4. each page gets one more test, "stored-outputs", that looks for what makes nbval blind,
    5. a page whose optional package is missing is skipped, and the reason is shown; the longest file comes first,
    6. a display that its cell updates (watching.py) is compared in its last state: the one that a page stores.
"""

import importlib.util
import os
import re
import signal
import sys
import tempfile
import time
from queue import Empty

import nbformat
import nbval.kernel
import pytest
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell

# A page named here is skipped where its package is not installed.
NEEDS = {"12_scale_out.ipynb": ("jax", "pip install -r requirements-scale.txt")}

# ---------------------------------------------------------------- 1. the surroundings of a learner

os.environ.pop("MPLBACKEND", None)  # a backend without notebook support would drop every figure
# No test touches the file in which a learner's functions are kept: tests and every page have one of their own.
own_files = tempfile.TemporaryDirectory(prefix="my_rnn_")
os.environ["MY_RNN"] = os.path.join(own_files.name, "my_rnn.py")
# The environment before any test is imported: what tests do to it, such as importing rnn_helpers, which sets the number
# of threads, must not help a page that would go wrong without it.
surroundings = dict(os.environ)
start_new_kernel = nbval.kernel.start_new_kernel


def start_kernel_of_a_learner(*arguments, **options):
    place = tempfile.mkdtemp(dir=own_files.name)
    return start_new_kernel(*arguments, **options, env={**surroundings, "MY_RNN": os.path.join(place, "my_rnn.py")})


nbval.kernel.start_new_kernel = start_kernel_of_a_learner
# A shell that starts the tests in the background makes them, and all that they start, ignore interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_configure(config):
    for option in ("--nbval-lax", "--nbval-sanitize-with", "--sanitize-with"):
        if config.getoption(option, default=None):
            raise pytest.UsageError(
                f"{option} hides changed outputs, so this course does not use it: run pytest --nbval notebooks tests."
            )


# ---------------------------------------------------------------- 2. time limit and dead kernels

run_cell = IPyNbCell.runtest
wait_for_reply = RunningKernel.await_reply


def check_time_limit_before(cell):
    """Fail the cells after one that ran out of time: nbval would expect them to fail, and count that as passed."""
    if cell.parent.timed_out:
        pytest.fail("An earlier cell of this page ran out of time.", pytrace=False)


def check_time_limit_after(cell):
    """Run the cell. Fail it if it ran out of time, even if its code caught the interrupt and went on."""
    run_cell(cell)
    if cell.parent.timed_out:
        limit = cell.config.getoption("--nbval-cell-timeout")
        cell.raise_cell_error(f"The cell ran longer than the limit of {limit:g} seconds.")


def await_reply(kernel, message_id, timeout=None):
    """Wait for the end of a cell, but look every second whether the kernel still lives."""
    end = time.monotonic() + (timeout or 300)
    while True:
        try:
            return wait_for_reply(kernel, message_id, timeout=min(1, max(0.01, end - time.monotonic())))
        except Empty:
            if not kernel.is_alive():
                raise RuntimeError("The kernel died while it ran this cell.") from None
            if time.monotonic() > end:
                raise


IPyNbCell.setup = check_time_limit_before
IPyNbCell.runtest = check_time_limit_after
RunningKernel.await_reply = await_reply

# ---------------------------------------------------------------- 3. tolerance

DECIMAL = re.compile(r"[-+]?\d+\.\d+(?:e[-+]?\d+)?")
TOLERANCE_TAG = re.compile(r"approx-(\d+\.?\d*(?:e-?\d+)?)")


class ApproximateText(str):
    """A text that equals another if the decimal numbers differ by at most `tolerance`, and nothing else differs."""

    tolerance = 0.0
    __hash__ = str.__hash__

    def __eq__(self, other):
        if DECIMAL.sub("#", self) != DECIMAL.sub("#", other):
            return False
        pairs = zip(DECIMAL.findall(self), DECIMAL.findall(other))
        return all(abs(float(a) - float(b)) <= self.tolerance + 1e-12 for a, b in pairs)

    def __ne__(self, other):
        return not self == other


def sanitize(cell, text):
    """Called by nbval on each output before it compares: here it brings in the tolerance of the cell's tag."""
    for tag in cell.cell.metadata.get("tags", []):
        match = TOLERANCE_TAG.fullmatch(tag)
        if match and isinstance(text, str):
            text = ApproximateText(text)
            text.tolerance = float(match[1])
    return text


IPyNbCell.sanitize = sanitize

# ---------------------------------------------------------------- 4. the stored outputs

UNCHECKED_TAGS = {"nbval-ignore-output", "nbval-skip"}
LARGEST_TOLERANCE = 0.1
KNOWN_TAGS = UNCHECKED_TAGS | {"raises-exception"}
BANNED = {
    r"\bclear_output\(": "nbval keeps what clear_output deletes",
    r"\bdisplay_id\b|\bupdate_display\(": "a display that another cell updates is not compared; use watching.py",
    r"\bos\.system\(": "what os.system prints is not captured under nbval; use subprocess.run",
    r"^\s*!": "a shell command that fails is not an error in a notebook; use subprocess.run",
    r"NBVAL_|PYTEST_VALIDATE": "nbval's comments work only in some places; use a tag",
}
LOCAL_PATH = re.compile(r"(?<![\w/.~])/(?:root|home|Users|tmp|var|private|work|content)/|\b[A-Z]:\\")


def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".ipynb" and parent.config.getoption("--nbval", default=False):
        return Page.from_parent(parent, path=file_path)


class Page(pytest.File):
    def collect(self):
        yield StoredOutputs.from_parent(self, name="stored-outputs")


class StoredOutputs(pytest.Item):
    """One test for each page: is the page stored in such a way that nbval checks all of it?"""

    def runtest(self):
        faults = find_faults(nbformat.read(self.path, as_version=4))
        if faults:
            pytest.fail("\n".join(faults), pytrace=False)

    def reportinfo(self):
        return self.path, 0, self.nodeid


def find_faults(notebook):
    """Return what makes nbval blind on a page, one sentence each. Code cells count from 0, as nbval counts them."""
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    faults = []
    if notebook.metadata.get("kernelspec", {}).get("name") != "python3":
        faults.append("The kernelspec of the page is not python3.")
    if not code_cells:
        faults.append("The page has no code cell, so nbval passes it over.")
    if any(cell.cell_type == "raw" for cell in notebook.cells):
        faults.append("The page has a raw cell: nobody runs or checks it.")
    for number, cell in enumerate(code_cells):
        if cell.execution_count != number + 1:
            faults.append(
                f"Cell {number}: its execution count is {cell.execution_count}, not {number + 1}: "
                "restart the kernel, run all cells, then save."
            )
        faults += [f"Cell {number}: {fault}" for fault in [*faults_of_source(cell), *faults_of_outputs(cell)]]
    return faults


def faults_of_source(cell):
    """Yield what is wrong with the code and the tags of a cell."""
    tags, reason = cell.metadata.get("tags", []), cell.metadata.get("nbval_reason")
    if not cell.source.strip():
        yield "it is empty."
    for pattern, why in BANNED.items():
        found = re.search(pattern, cell.source, re.MULTILINE)
        if found:
            yield f"{found[0].strip()!r} stands in it: {why}."
    tolerances = [tag for tag in tags if TOLERANCE_TAG.fullmatch(tag)]
    for tag in tags:
        if tag not in KNOWN_TAGS and tag not in tolerances:
            yield f"the tag {tag!r} is unknown: the tags are {', '.join(sorted(KNOWN_TAGS))} and approx-NUMBER."
    if any(float(TOLERANCE_TAG.fullmatch(tag)[1]) > LARGEST_TOLERANCE for tag in tolerances):
        yield f"its tolerance, {tolerances[0]}, lets almost anything pass: the largest is {LARGEST_TOLERANCE}."
    if len(tolerances) > 1:
        yield f"it has two tolerances, {' and '.join(tolerances)}: keep one."
    if (UNCHECKED_TAGS & set(tags) or tolerances) and not reason:
        yield "it is not checked in full, and metadata.nbval_reason does not say why."
    if UNCHECKED_TAGS & set(tags) and "raises-exception" in tags:
        yield "it may raise and is not checked: nobody would notice if it no longer raised."


def faults_of_outputs(cell):
    """Yield what is wrong with the stored outputs of a cell."""
    raises = any(output.output_type == "error" for output in cell.outputs)
    if "raises-exception" in cell.metadata.get("tags", []) and not raises:
        yield "it has the tag raises-exception, and stores no error: nobody would notice a real one."
    if "nbval-ignore-output" in cell.metadata.get("tags", []) and cell.outputs:
        yield "it is not compared, so it may not store an output either, such as the time that another computer took."
    for output in cell.outputs:
        data = output.get("data", {})
        text = str(data.get("text/plain", ""))
        if output.output_type == "execute_result" and output.execution_count != cell.execution_count:
            yield f"its output is from another run: it counts {output.execution_count}."
        if output.output_type == "error" and "raises-exception" not in cell.metadata.get("tags", []):
            yield f"it stores an error, {output.ename}, without the tag raises-exception."
        if output.output_type == "stream" and output.name == "stderr":
            yield f"it stores a warning or other text on stderr: {output.text.strip()[:80]!r}."
        if {"image/png", "image/jpeg"} & set(data) and (not text or text.startswith("<")):
            yield f"its picture has no text that nbval could compare, only {text!r}: show it as pictures.Picture."
        path = LOCAL_PATH.search("\n".join(texts_of_output(output)))
        if path:
            yield f"its output names a folder of one computer, {path.string[path.start() :].split()[0][:80]!r}."


def texts_of_output(output):
    """Return all that an output says, pictures aside."""
    data = [str(value) for kind, value in output.get("data", {}).items() if not kind.startswith("image/")]
    return [output.get("text", ""), output.get("evalue", ""), *output.get("traceback", []), *data]


# ---------------------------------------------------------------- 5. the order, and what is skipped

LONGEST = "test_reproduction.py"  # minutes, where the texts of 2019 are: first, so that nobody waits for it at the end


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: item.path.name != LONGEST)
    for item in items:
        if not isinstance(item, IPyNbCell):
            continue
        package, remedy = NEEDS.get(item.path.name, (None, None))
        if package == "jax" and sys.platform == "win32":
            item.add_marker(pytest.mark.skip(reason=f"{item.path.name}: processes cannot share work in JAX on Windows"))
        elif package and importlib.util.find_spec(package) is None:
            item.add_marker(pytest.mark.skip(reason=f"{item.path.name} needs {package}: {remedy}"))
        elif item.options["skip"]:
            item.add_marker(pytest.mark.skip(reason=f"cell not run: {item.cell.metadata.get('nbval_reason')}"))


# ---------------------------------------------------------------- 6. displays that are updated

next_message = RunningKernel.get_message


def get_message(kernel, stream, timeout=None):
    """Give on what a kernel sends, but each display in its last state. nbval would compare the first one."""
    if stream != "iopub":
        return next_message(kernel, stream, timeout)
    waiting = kernel.__dict__.setdefault("waiting", [])
    message = waiting.pop(0) if waiting else next_message(kernel, stream, timeout)
    name = display_id(message)
    if message["msg_type"] != "display_data" or name is None:
        return message
    while not waiting or not ends(waiting[-1], message):  # read on to the end of the cell
        waiting.append(next_message(kernel, stream, timeout))
    updates = [later for later in waiting if later["msg_type"] == "update_display_data" and display_id(later) == name]
    kernel.waiting = [later for later in waiting if later not in updates]
    for update in updates[-1:]:
        message["content"] |= {part: update["content"][part] for part in ("data", "metadata")}
    return message


def display_id(message):
    return message["content"].get("transient", {}).get("display_id")


def ends(message, of):
    """Does this message say that the cell is done from which the other one came?"""
    same = message["parent_header"].get("msg_id") == of["parent_header"].get("msg_id")
    return same and message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"


RunningKernel.get_message = get_message
