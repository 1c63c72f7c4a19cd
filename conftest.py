"""What `pytest --nbval notebooks tests` needs beyond nbval: checks for changes on a page that nbval would miss.

nbval runs every code cell of a page and compares what it prints with what is stored. It does not notice cells
without stored outputs, a cell that swallows its time limit, pixels, misspelt tags, and more. So here:
    1. the kernel gets the surroundings that it has when a learner opens the page,
    2. a cell fails at once if it runs out of time or its kernel dies,
    3. each page gets one more test, "stored-outputs", which looks for whatever makes nbval blind,
    4. a page is skipped, with the reason, if its optional package is missing; the longest file comes first,
    5. a display that its cell updates (course/show/watching.py) is compared in its last state, as a page stores it.

Of the tests with the marker sampled, a share of the cases runs, a fifth if it names none, and always the same ones;
with --all, all of them run.

With -n 0 --cpu it lists the tests that should have the marker slow.
"""

import importlib.util
import itertools
import os
import random
import signal
import sys
import tempfile
import time
import warnings
from queue import Empty

import nbformat
import nbval.kernel
import pytest
from nbval.kernel import RunningKernel
from nbval.plugin import IPyNbCell

# ---------------------------------------------------------------- 1. the surroundings of a learner

os.environ.pop("MPLBACKEND", None)  # a backend without notebook support would drop every figure
# No test touches the folder where a learner's functions are kept: the tests and every page have a folder of their own.
own_files = tempfile.TemporaryDirectory(prefix="my_rnn_")
os.environ["MY_RNN"] = os.path.join(own_files.name, "my_rnn")
# Copied before the course is imported: the number of threads that it sets must not help a page that sets none.
surroundings = dict(os.environ)
from course.base.texts import fetch_texts  # noqa: E402
from course.lessons.contents import PAGES  # noqa: E402
from course.tools.stored import find_faults  # noqa: E402

start_new_kernel = nbval.kernel.start_new_kernel


def start_kernel_of_a_learner(*arguments, **options):
    place = tempfile.mkdtemp(dir=own_files.name)
    return start_new_kernel(*arguments, **options, env={**surroundings, "MY_RNN": os.path.join(place, "my_rnn")})


nbval.kernel.start_new_kernel = start_kernel_of_a_learner
# If a shell starts the tests in the background, they and all that they start ignore interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_addoption(parser):
    """Accept pytest-xdist's options from pyproject.toml, and ignore them, where it is not installed."""
    parser.addoption("--all", action="store_true", help="run all cases of the tests with the marker sampled")
    parser.addoption("--cpu", action="store_true", help="with -n 0: name the tests that should have the marker slow")
    if importlib.util.find_spec("xdist") is None:
        for option in ("--numprocesses", "--dist", "--max-worker-restart"):
            parser.addoption(option)
        parser.addoption("--no-loadscope-reorder", action="store_true")


@pytest.hookimpl(optionalhook=True)  # a hook of pytest-xdist
def pytest_xdist_auto_num_workers(config):
    """Use two processes for folders, and none for a test or a file: starting one would take longer than it saves."""
    return 2 if any(os.path.isdir(place) for place in config.args) else 0


def pytest_configure(config):
    for option in ("--nbval-lax", "--nbval-sanitize-with", "--sanitize-with"):
        if config.getoption(option, default=None):
            raise pytest.UsageError(
                f"{option} hides changed outputs, so this course does not use it: run pytest --nbval notebooks tests."
            )
    if not hasattr(config, "workerinput"):  # once, and not in each process of pytest-xdist
        for sentence in fetch_texts():
            warnings.warn(sentence, stacklevel=1)


# ---------------------------------------------------------------- 2. time limit and dead kernels

run_cell = IPyNbCell.runtest
wait_for_reply = RunningKernel.await_reply


def check_time_limit_before(cell):
    """Fail the cells after one that ran out of time: nbval would expect them to fail and count that as passed."""
    if cell.parent.timed_out:
        pytest.fail("An earlier cell of this page ran out of time.", pytrace=False)


def check_time_limit_after(cell):
    """Run the cell. Fail it if it ran out of time, even if its code caught the interrupt and went on."""
    run_cell(cell)
    if cell.parent.timed_out:
        limit = cell.config.getoption("--nbval-cell-timeout")
        cell.raise_cell_error(f"The cell ran longer than the limit of {limit:g} seconds.")


def await_reply(kernel, message_id, timeout=None):
    """Wait for the end of a cell, but check every second that the kernel is still alive."""
    end = time.monotonic() + (timeout or 3000)
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

# ---------------------------------------------------------------- 3. the stored outputs


def pytest_collect_file(file_path, parent):
    if file_path.suffix == ".ipynb" and parent.config.getoption("--nbval", default=False):
        return Page.from_parent(parent, path=file_path)


class Page(pytest.File):
    def collect(self):
        yield StoredOutputs.from_parent(self, name="stored-outputs")


class StoredOutputs(pytest.Item):
    """One test per page: is the page stored so that nbval checks all of it?"""

    def runtest(self):
        faults = find_faults(nbformat.read(self.path, as_version=4))
        if faults:
            pytest.fail("\n".join(faults), pytrace=False)

    def reportinfo(self):
        return self.path, 0, self.nodeid


# ---------------------------------------------------------------- 4. the order, and what is left out or skipped

NEEDS = {f"{page.stem}.ipynb": (page.package, f"pip install -r {page.requirements}") for page in PAGES if page.package}
# First, so that nobody waits for them at the end; that of 2019 takes minutes, where its texts are.
LONGEST = ("test_reproduction.py", "06_your_network.ipynb", "test_plain_code.py")


SEED = 318  # with it the sample has cases of each kind


def is_left_out(item):
    """True if a test is sampled and this case of it is not in the sample, which depends on nothing but its name."""
    mark = item.get_closest_marker("sampled")
    return bool(mark) and random.Random(f"{SEED} {item.name}").random() > mark.kwargs.get("share", 0.2)


def pytest_report_header(config):
    return [] if config.getoption("all") else "a part of the cases that are sampled; --all runs all of them"


def pytest_collection_modifyitems(config, items):
    if not config.getoption("all") and not any("::" in place for place in config.args):
        config.hook.pytest_deselected(items=list(filter(is_left_out, items)))
        items[:] = itertools.filterfalse(is_left_out, items)
    items.sort(key=lambda item: item.path.name not in LONGEST)
    for item in items:
        if not isinstance(item, IPyNbCell):
            continue
        package, remedy = NEEDS.get(item.path.name, (None, None))
        if package == "jax" and sys.platform == "win32":
            item.add_marker(pytest.mark.skip(reason=f"{item.path.name}: processes cannot share work in JAX on Windows"))
        elif package and importlib.util.find_spec(package) is None:
            item.add_marker(pytest.mark.skip(reason=f"{item.path.name} needs {package}: {remedy}"))


# ---------------------------------------------------------------- 5. displays that are updated

next_message = RunningKernel.get_message


def get_message(kernel, stream, timeout=None):
    """Pass on what a kernel sends, but each display only in its last state: nbval would compare the first one."""
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
    """Does this message say that the cell that sent the other one is done?"""
    same = message["parent_header"].get("msg_id") == of["parent_header"].get("msg_id")
    return same and message["msg_type"] == "status" and message["content"]["execution_state"] == "idle"


RunningKernel.get_message = get_message

# ---------------------------------------------------------------- the marker slow

worked = {}  # test function -> the most seconds of processor time that one of its items took


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    before = sum(os.times()[:4])
    result = yield
    name, took = item.nodeid.partition("[")[0], sum(os.times()[:4]) - before
    if item.path.suffix == ".py" and not item.get_closest_marker("slow"):
        worked[name] = max(took, worked.get(name, 0))
    return result


def pytest_terminal_summary(terminalreporter, config):
    for name, took in worked.items() if config.getoption("--cpu") else []:
        if took > 0.1:
            terminalreporter.write_line(f"{name} takes {took:.2f} s of processor time: mark it slow")
