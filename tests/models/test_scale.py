"""Is a training on several devices, in one process or in several, that of one device in NumPy?

JAX runs in separate processes here, so that its settings (float64, number of devices) affect no other test.
"""

import ast
import contextlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import nbformat
import numpy as np
import pytest
from helpers import every_case

from course.engine import load_run, save_run, train
from rnn_helpers import Corpus

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]

if importlib.util.find_spec("jax") is None:
    pytest.skip("needs jax: pip install -r requirements-scale.txt", allow_module_level=True)

LINES = "the quick brown fox jumps over the lazy dog, and the dog sleeps on.\npack my box with five dozen jugs.\n"
TEXT = (LINES * 40)[:2720]  # eight streams of 340, which all begin at a different place in the lines
# Calm settings: with larger steps, runs on this text differ by more than rounding (page 21).
CALM = {"streams": 8, "init": "fan_in", "progress": False}
ENDLESS = 10**6  # so many epochs that a run ends only if it is stopped; an epoch has 33 steps
HANGS = 300  # seconds after which a hanging test is ended; nothing depends on it


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Make a folder with a text, and a run of one epoch, start.npz."""
    folder = tmp_path_factory.mktemp("scale")
    (folder / "fox.txt").write_text(TEXT, encoding="utf-8")
    save_run(train(Corpus("fox.txt", TEXT), 12, 10, 0.0003, 1, **CALM), folder / "start.npz")
    return folder


PRELUDE = (
    f"""
import json, sys
import numpy as np
import jax
jax.config.update("jax_platforms", "cpu")
jax.config.update("jax_num_cpu_devices", 8)
from course.models import scale
from course.models.gates import GRU, leaky
from course.models.judging import with_dropout, with_weight_decay
from course.models.no_loop import min_gru
from course.models.scale import *
from rnn_helpers import Corpus, forward_pass, backward_pass
CALM = {CALM}
"""
    + r"""
corpus, devices, found = load_corpus("fox.txt"), jax.devices(), {}

def arrays_of(run):
    return jax.tree.leaves((tuple(run.parameters), run.h, run.losses, tuple(map(tuple, run.means))))

def difference(got, expected):
    return max(float(np.abs(a - b).max() / (np.abs(b).max() or 1)) for a, b in zip(got, expected, strict=True))

def error_of(call, *arguments, **options):
    try:
        call(*arguments, **options)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "no error"
"""
)


def in_jax(folder, program):
    """Run a program after PRELUDE in a separate process, and return the dict `found` that it fills."""
    done = subprocess.run(
        [sys.executable, "-c", f"{PRELUDE}\n{program}\nprint(json.dumps(found))"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "XLA_FLAGS": ""},
        capture_output=True,
        text=True,
        timeout=HANGS,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


# ---------------------------------------------------------------- one process
MODELS = {  # each as train takes it, and shared out by `share`
    "RNN": "share(RNN)",
    "RNN in JAX": "share(RNN, sequence_loss)",
    "minGRU": "share(min_gru(look_back=True))",
    "dropout": "with_dropout(share(GRU), 0.3, np.random.default_rng(0))",
    "weight decay": "with_weight_decay(share(GRU), 0.01)",
}
RECIPES = {
    "sgd": {"learning_rate": 0.0003},
    "adam, clipped": {"learning_rate": 0.001, "optimizer": "adam", "max_norm": 5},
    "adam, float32": {"learning_rate": 0.001, "optimizer": "adam", "dtype": "float32"},
}


@pytest.fixture(scope="module")
def one_process(folder):
    """The results of one process with 8 devices: the distance of its numbers from NumPy's, and its error messages."""
    return in_jax(
        folder,
        f"MODELS, RECIPES = {MODELS!r}, {RECIPES!r}"
        r"""
def trained(words, shared_out, devices=devices, epochs=2, **more):
    def share(model, loss=None):
        return shared(model, devices, loss) if shared_out else model
    return train(corpus, 12, 10, num_epochs=epochs, model=eval(words, globals() | {"share": share}), **CALM | more)

for name, words in MODELS.items():
    for how, recipe in RECIPES.items():
        numbers = [arrays_of(trained(words, shared_out, **recipe)) for shared_out in (True, False)]
        found[f"{name}, {how}"] = difference(*numbers)
numbers = [arrays_of(trained("share(GRU)", k, devices[:2], learning_rate=0.001)) for k in (True, False)]
found["on 2"] = difference(*numbers)

start = load_run("start.npz")
x, y, state = corpus.ids[:10], corpus.ids[1:11], start.h[0]
forward = forward_pass(x, y, state, start.parameters)
(loss, after), gradients = jax.value_and_grad(sequence_loss, has_aux=True)(start.parameters, state, x, y)
by_hand = backward_pass(x, y, start.parameters, forward)
found["in JAX"] = difference([loss, after, *gradients], [np.array(forward.loss), forward.hidden[-1], *by_hand])

for streams in (1, 4):
    found[f"streams {streams}"] = error_of(trained, "share(GRU)", True, learning_rate=0.001, streams=streams)
for name in ("with_dropout(GRU, 0.3, np.random.default_rng(0))", "with_weight_decay(GRU, 0.3)"):
    found[name] = error_of(trained, f"share({name})", True, learning_rate=0.001)
""",
    )


@pytest.mark.parametrize("recipe", RECIPES)
@pytest.mark.parametrize("name", MODELS)
def test_every_model_and_optimizer_trains_as_in_numpy(one_process, name, recipe):
    assert one_process[f"{name}, {recipe}"] < (1e-3 if "float32" in recipe else 1e-10)


def test_any_number_of_devices_will_do(one_process):
    assert one_process["on 2"] < 1e-10


def test_the_gradients_of_jax_are_those_written_by_hand(one_process):
    assert one_process["in JAX"] < 1e-10


@pytest.mark.parametrize(
    "what, parts",
    [
        ("streams 1", ["ValueError", "streams=1", "8 devices", "multiple of 8"]),
        ("streams 4", ["ValueError", "streams=4", "8 devices", "multiple of 8"]),
        ("with_dropout(GRU, 0.3, np.random.default_rng(0))", ["for training alone", "without dropout"]),
        ("with_weight_decay(GRU, 0.3)", ["for training alone", "without weight decay"]),
    ],
)
def test_errors_say_what_is_wrong(one_process, what, parts):
    assert [part for part in parts if part not in one_process[what]] == []


def test_the_page_teaches_the_function_that_runs():
    page = nbformat.read(ROOT / "notebooks" / "19_automatic_gradients.ipynb", as_version=4)
    cells = "\n".join(cell.source for cell in page.cells if cell.cell_type == "code")
    program = (ROOT / "course" / "models" / "scale.py").read_text(encoding="utf-8")
    assert body_of("sequence_loss", cells) == body_of("sequence_loss", program)


def body_of(name, source):
    """Return the statements of a function, without docstring and comments."""
    (function,) = [node for node in ast.walk(ast.parse(source)) if getattr(node, "name", None) == name]
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return [ast.unparse(statement) for statement in body]


# ---------------------------------------------------------------- the program: what it refuses
@pytest.fixture(scope="module")
def one_program(folder):
    """What the program says in one process: a sentence for each run."""
    return in_jax(
        folder,
        r"""
import dataclasses, pathlib

scale._join = lambda *address: None

def answer(name, run, epochs="8"):
    save_run(run, "refused.npz")
    before = pathlib.Path("refused.npz").read_bytes()
    sys.argv = ["scale.py", "refused.npz", epochs, "address", "1", "0"]
    found[name] = [error_of(scale.main), pathlib.Path("refused.npz").read_bytes() == before]

start = load_run("start.npz")
answer("streams", train(corpus, 12, 10, 0.001, 1, streams=4, progress=False))
answer("leaky", train(corpus, 12, 10, 0.001, 1, streams=8, model=leaky(0.9), progress=False))
answer("done", train(corpus, 12, 10, 0.0003, 2, **CALM), "1")
answer("no epochs", start, "0")
too_large = dataclasses.replace(start, settings=dataclasses.replace(start.settings, learning_rate=1e308))
answer("diverges", too_large)
""",
    )


def test_runs_that_do_not_fit_are_refused_in_one_sentence(one_program):
    """The file of the run is not changed, unless steps were taken: then it holds those that were good."""
    expected = {
        "streams": "ValueError: streams=4 cannot be shared out evenly over 8 devices",
        "leaky": "ValueError: The run was trained with the model 'leaky 0.9'",
        "done": "ValueError: The run to resume has done 2 epochs already",
        "no epochs": "ValueError: num_epochs is 0: it must be a whole number, 1 or more.",
        "diverges": "TrainingDiverged: The loss became nan at step 34",
    }
    with every_case() as case:
        for name, beginning in expected.items():
            with case(name):
                sentence, unchanged = one_program[name]
                assert sentence.startswith(beginning) and sentence.endswith(".")
                assert unchanged or name == "diverges"


# ---------------------------------------------------------------- the program: several processes


class Ended(NamedTuple):
    """A process that has ended."""

    status: int  # negative: the signal that ended it
    lines: list[str]  # of stdout, without the first one
    errors: list[str]  # of stderr


def start_all(folder, commands, at_first_line=None):
    """Run Python with each of these lists of arguments, all at the same time, and return an Ended for each.

    at_first_line  called with the list of processes as soon as process 0 has printed a line
    """
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "JAX_PLATFORMS": "cpu"}
    surroundings["XLA_FLAGS"] = "--xla_force_host_platform_device_count=1"
    pipes = {"stdout": subprocess.PIPE, "cwd": folder, "env": surroundings, "text": True}
    with contextlib.ExitStack() as stack:
        started, errors = [], []
        for k, command in enumerate(commands):
            errors.append(stack.enter_context(open(folder / f"errors_{k}.txt", "w+")))
            started.append(subprocess.Popen([sys.executable, *command], stderr=errors[k], **pipes))
            stack.callback(started[k].wait)
            stack.callback(started[k].kill)
        if at_first_line:
            line = started[0].stdout.readline()
            while line.startswith("[Gloo]"):
                line = started[0].stdout.readline()
            assert line.startswith("saved after"), (folder / "errors_0.txt").read_text()
            at_first_line(started)
        lines = [process.communicate(timeout=HANGS)[0].splitlines() for process in started]
        for file in errors:
            file.seek(0)
        return [
            Ended(process.returncode, out, file.read().strip().splitlines())
            for process, out, file in zip(started, lines, errors, strict=True)
        ]


def workers(*options):
    """Return the arguments of Python for two workers that find each other.

    options  of the worker; or "-c", a program that replaces the worker, and its options
    """
    options = [str(option) for option in options]
    program = ["-m", "course.models.scale"] if options[0] != "-c" else [options.pop(0), options.pop(0)]
    with socket.socket() as probe:  # ask the system for a free port
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    return [[*program, *options, address, "2", str(k)] for k in range(2)]


def numbers(run):
    states = run.h if isinstance(run.h, tuple) else [run.h]
    return [*run.parameters, *states, run.losses, *[value for mean in run.means for value in mean]]


@pytest.fixture(scope="module")
def hard_life(folder, tmp_path_factory):
    """A run of two processes of which one is killed, and that goes on and ends; and an undisturbed run."""
    if sys.platform == "win32":
        pytest.skip("JAX on Windows has no messenger between processes")
    place = tmp_path_factory.mktemp("hard_life")
    shutil.copy(folder / "fox.txt", place)
    how = {**CALM, "optimizer": "muon"}
    start = train(Corpus("fox.txt", TEXT), 12, 10, 0.0003, 1, **how)
    for name in ("run", "whole"):
        save_run(start, place / f"{name}.npz")
    found = {"steps": [len(start.losses)]}
    commands = workers("--save-every", 1, "run.npz", ENDLESS)
    found["killed"] = start_all(place, commands, at_first_line=lambda processes: processes[1].kill())
    saved = load_run(place / "run.npz")
    found["steps"].append(len(saved.losses))
    epochs = len(saved.losses) // saved.sequences_per_epoch + 1
    for name in ("run", "whole"):
        found[f"end of {name}"] = start_all(place, workers(f"{name}.npz", epochs))
        found[name] = load_run(place / f"{name}.npz")
    found["numpy"] = train(Corpus("fox.txt", TEXT), 12, 10, 0.0003, epochs, **how, resume=start)
    return found


def test_a_killed_process_brings_the_others_to_an_end(hard_life):
    first, killed = hard_life["killed"]
    assert (first.status, killed.status) == (1, -signal.SIGKILL)
    assert first.errors[-1].endswith("start all of them again to go on from there.")


def test_a_killed_run_goes_on_to_the_same_digits(hard_life):
    start, killed = hard_life["steps"]
    assert start < killed < len(hard_life["run"].losses)
    for name in ("run", "whole"):
        assert [ended.status for ended in hard_life[f"end of {name}"]] == [0, 0]
    assert all(map(np.array_equal, numbers(hard_life["run"]), numbers(hard_life["whole"])))


def test_the_numbers_are_those_of_numpy(hard_life):
    for got, expected in zip(numbers(hard_life["run"]), numbers(hard_life["numpy"]), strict=True):
        assert np.abs(got - expected).max() <= 1e-10 * np.abs(expected).max()


def test_processes_that_find_nobody_say_so(folder):
    impatient = "from course.models import scale\nscale.WAIT = 3\nscale.main()"
    for k in range(2):
        (ended,) = start_all(folder, [workers("-c", impatient, "start.npz", 8)[k]])
        assert ended.status == 1
        assert ended.errors[-1].startswith("After 3 seconds not all processes have appeared: start all of them")
