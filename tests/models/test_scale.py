"""The JAX network of lesson 12: does it equal rnn_helpers, on one device, on several, and in several processes?

JAX runs in processes of their own here, so that its settings (float64, number of devices) touch no other test.
"""

import ast
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from rnn_helpers import OPTIMIZERS, Corpus, save_run, train

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
WORKER = ROOT / "course" / "models" / "scale.py"

if importlib.util.find_spec("jax") is None:
    pytest.skip("needs jax: pip install -r requirements-scale.txt", allow_module_level=True)

needs_gloo = pytest.mark.skipif(sys.platform == "win32", reason="JAX on Windows has no messenger between processes")

TEXT = "the quick brown fox jumps over the lazy dog, and the dog sleeps on.\n" * 40
# Calm settings: with larger steps, runs on this text part by more than rounding (lesson 08).
EPOCHS, RATE = 8, 0.0003  # an epoch has 33 steps


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a text, a run after 1 epoch (start.npz), and the same run after EPOCHS by NumPy."""
    folder = tmp_path_factory.mktemp("scale")
    (folder / "fox.txt").write_text(TEXT, encoding="utf-8")
    corpus = Corpus("fox.txt", TEXT)
    start = train(corpus, 12, 10, RATE, 1, streams=8, init="fan_in", progress=False)
    save_run(start, folder / "start.npz")
    by_numpy = train(corpus, 12, 10, RATE, EPOCHS, streams=8, init="fan_in", progress=False, resume=start)
    save_run(by_numpy, folder / "by_numpy.npz")
    return folder


PRELUDE = """
import json, sys
import numpy as np
import jax
jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_num_cpu_devices", 8)
from course.models import scale
import rnn_helpers as rnn

corpus = rnn.load_corpus("fox.txt")
start, by_numpy = rnn.load_run("start.npz"), rnn.load_run("by_numpy.npz")

def difference(got, expected):
    return max(float(np.abs(a - b).max() / np.abs(b).max()) for a, b in zip(got, expected))

def run_difference(got, expected=by_numpy):
    return difference([*got.parameters, got.h, got.losses], [*expected.parameters, expected.h, expected.losses])

def error_of(call, *arguments, **options):
    try:
        call(*arguments, **options)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "no error"

found, EPOCHS = {}, by_numpy.settings["num_epochs"]
"""


def in_jax(folder, program, *, timeout=120):
    """Run a program after PRELUDE in a process of its own; return the dict `found` that it fills."""
    done = subprocess.run(
        [sys.executable, "-c", f"{PRELUDE}\n{program}\nprint(json.dumps(found))"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "XLA_FLAGS": ""},
        capture_output=True,
        text=True,
        timeout=timeout,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


# ---------------------------------------------------------------- one process


@pytest.fixture(scope="module")
def one_process(folder):
    """What one process with 8 devices finds: differences, and the messages of errors."""
    return in_jax(
        folder,
        r"""
# loss, state and gradients of one stream and of several
trained = start.parameters
ids = rnn.make_streams(corpus.ids, 8)
for name, x, y, h in [("one", ids[:10, 0], ids[1:11, 0], start.h[0]), ("several", ids[:10], ids[1:11], start.h)]:
    forward = rnn.forward_pass(x, y, h, trained)
    by_hand = rnn.backward_pass(x, y, trained, forward)
    (loss, state), by_machine = scale.loss_and_gradients(trained, h, x, y)
    found["loss " + name] = abs(float(loss) / forward.loss - 1)
    found["state " + name] = difference([state], [forward.hidden[-1]])
    found["gradients " + name] = difference(by_machine, by_hand)

# whole runs
devices = jax.devices()
before = [value.copy() for value in start.parameters]
for n in (1, 8):
    found[f"run on {n}"] = run_difference(scale.continue_run(start, corpus, EPOCHS, devices[:n]))
found["start unchanged"] = all(map(np.array_equal, before, start.parameters))

# one stream is trained like several
single = rnn.train(corpus, 12, 10, 0.001, 1, progress=False)
longer = rnn.train(corpus, 12, 10, 0.001, 2, progress=False, resume=single)
found["one stream"] = run_difference(scale.continue_run(single, corpus, 2, devices[:1]), longer)

# broken on purpose: each mistake must show up in the comparison that is to find it
original = scale.sequence_loss

def forgets_the_future(parameters, h, inputs, targets):
    total = 0.0
    for x, y in zip(inputs, targets):
        loss, h = original(parameters, jax.lax.stop_gradient(h), x[None], y[None])
        total += loss
    return total, h

x, y = ids[:4, 0], ids[1:5, 0]
right = rnn.forward_pass(x, y, start.h[0], trained)
(loss, state), wrong = jax.value_and_grad(forgets_the_future, has_aux=True)(trained, start.h[0], x, y)
found["wrong gradient: loss"] = abs(float(loss) / right.loss - 1)
found["wrong gradient: gradients"] = difference(wrong, rnn.backward_pass(x, y, trained, right))

right_sum, jax.lax.psum = jax.lax.psum, lambda value, axis: value  # every device follows its own streams only
found["no sum"] = run_difference(scale.continue_run(start, corpus, EPOCHS, devices[:2]))
jax.lax.psum = right_sum

# errors
import dataclasses
def with_settings(**settings):
    return dataclasses.replace(start, settings=dataclasses.replace(start.settings, **settings))
go = scale.continue_run
found["error devices"] = error_of(go, start, corpus, EPOCHS, devices[:3])
for name in rnn.OPTIMIZERS.keys() - {"sgd"}:
    found["error " + name] = error_of(go, with_settings(optimizer=name), corpus, EPOCHS, devices)
found["error clip"] = error_of(go, with_settings(max_norm=5.0), corpus, EPOCHS, devices)
found["error text"] = error_of(go, start, rnn.Corpus("other", "abc" * 999), 6, devices)
found["error epochs"] = error_of(go, by_numpy, corpus, 1, devices)
broken = start.parameters._replace(b_h=start.parameters.b_h * np.nan)
import collections
gates = collections.namedtuple("Gates", ["W_xz", "W_hy"])(np.zeros((12, 28)), np.zeros((28, 12)))
found["error model"] = error_of(go, dataclasses.replace(start, parameters=gates), corpus, EPOCHS, devices)
found["error nan"] = error_of(go, dataclasses.replace(start, parameters=broken), corpus, EPOCHS, devices)
""",
    )


@pytest.mark.parametrize("streams", ["one", "several"])
def test_loss_and_gradients_equal_the_hand_written_ones(one_process, streams):
    assert one_process[f"loss {streams}"] < 1e-12
    assert one_process[f"state {streams}"] < 1e-12
    assert one_process[f"gradients {streams}"] < 1e-10


@pytest.mark.parametrize("what", ["run on 1", "run on 8", "one stream"])
def test_runs_equal_those_of_numpy(one_process, what):
    assert one_process[what] < 1e-10


def test_the_run_that_is_given_stays_as_it_is(one_process):
    assert one_process["start unchanged"]


def test_a_wrong_gradient_would_be_caught(one_process):
    assert one_process["wrong gradient: loss"] < 1e-12, "the loss alone does not show it"
    assert one_process["wrong gradient: gradients"] > 1e-3


def test_a_forgotten_sum_over_devices_would_be_caught(one_process):
    assert one_process["no sum"] > 1e-3


@pytest.mark.parametrize(
    "what, parts",
    [
        *[(name, ["ValueError", f"optimizer='{name}'", "plain SGD"]) for name in OPTIMIZERS if name != "sgd"],
        ("model", ["ValueError", "W_xz, W_hy", "W_xh, W_hh, W_hy, b_h, b_y"]),
        ("devices", ["ValueError", "8 streams", "3 devices", "multiple of 3"]),
        ("clip", ["ValueError", "max_norm=5.0", "plain SGD"]),
        ("text", ["ValueError", "'other'", "'fox.txt'"]),
        ("epochs", ["ValueError", "more epochs"]),
        ("nan", ["ArithmeticError", "smaller learning rate"]),
    ],
)
def test_errors_say_what_is_wrong(one_process, what, parts):
    message = one_process[f"error {what}"]
    assert [part for part in parts if part not in message] == []
    assert message.endswith(".") and "\n" not in message


def test_the_page_teaches_the_function_that_runs():
    page = nbformat.read(ROOT / "notebooks" / "12_scale_out.ipynb", as_version=4)
    cells = "\n".join(cell.source for cell in page.cells if cell.cell_type == "code")
    on_page, in_file = [body_of("sequence_loss", source) for source in (cells, WORKER.read_text(encoding="utf-8"))]
    assert on_page == in_file


def body_of(name, source):
    """Return the statements of a function, without docstring and comments."""
    (function,) = [node for node in ast.walk(ast.parse(source)) if getattr(node, "name", None) == name]
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return [ast.unparse(statement) for statement in body]


@pytest.mark.parametrize("options", [["--processes", "2"], ["--coordinator", "h:1", "--process", "0"], "all"])
def test_half_a_set_of_options_is_refused(tmp_path, options):
    """Otherwise each process would train alone, and all would write into one file."""
    if options == "all":
        options = ["--cluster", "--coordinator", "h:1", "--processes", "2", "--process", "0"]
    command = [sys.executable, "-m", "course.models.scale", "run.npz", "2", *options]
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=surroundings, capture_output=True, text=True, timeout=1200)
    assert done.returncode == 2
    assert "give --coordinator, --processes and --process together, and without --cluster" in done.stderr


# ---------------------------------------------------------------- two processes


@pytest.fixture(scope="module")
def two_processes(folder):
    """What launches of two processes give: to the end, killed after the first checkpoint, resumed, without a run."""
    return in_jax(
        folder,
        r"""
import pathlib, shutil

started = []
def watch(line, processes):
    started[:] = processes
def kill(line, processes):
    watch(line, processes)
    processes[1].kill()
def left_running():
    return sum(process.poll() is None for process in started)

shutil.copy("start.npz", "run.npz")
found["lines"] = scale.launch("run.npz", EPOCHS, 2, save_every=100, watch=watch)
whole = rnn.load_run("run.npz")
found["whole"] = run_difference(whole)
found["left running"] = [left_running()]

shutil.copy("start.npz", "run.npz")
found["killed"] = error_of(scale.launch, "run.npz", EPOCHS, 2, save_every=5, watch=kill)
found["left running"].append(left_running())
found["steps"] = [len(run.losses) for run in (start, rnn.load_run("run.npz"), by_numpy)]
found["leftovers"] = [path.name for path in pathlib.Path(".").glob(".*.part")]

scale.launch("run.npz", EPOCHS, 2)
resumed = rnn.load_run("run.npz")
found["resumed"] = [
    bool(np.array_equal(a, b))
    for a, b in zip([*resumed.parameters, resumed.h, resumed.losses], [*whole.parameters, whole.h, whole.losses])
]
found["no run"] = error_of(scale.launch, "none.npz", EPOCHS, 2)
found["silent"] = error_of(scale.launch, "run.npz", EPOCHS, 2, patience=0.01)
""",
    )


@needs_gloo
def test_two_processes_equal_numpy(two_processes):
    assert two_processes["whole"] < 1e-10
    assert two_processes["lines"] == [f"saved after {steps} steps" for steps in (100, 200, 264)]


@needs_gloo
def test_a_killed_process_is_named_and_the_other_one_ended(two_processes):
    assert two_processes["killed"].startswith("RuntimeError: Process 1 of 2 was killed (signal 9)")
    assert "start again" in two_processes["killed"]
    assert two_processes["left running"] == [0, 0]


@needs_gloo
def test_the_checkpoint_is_whole_and_the_run_goes_on_to_the_same_digits(two_processes):
    before, saved, end = two_processes["steps"]
    assert before < saved < end
    assert two_processes["leftovers"] == []
    assert two_processes["resumed"] == [True] * 7


@needs_gloo
def test_errors_of_the_processes_are_passed_on(two_processes):
    assert "ended with exit code 1 (FileNotFoundError: There is no file 'none.npz'" in two_processes["no run"]
    assert "Nothing was heard of the 2 processes for 0.01 seconds" in two_processes["silent"]
