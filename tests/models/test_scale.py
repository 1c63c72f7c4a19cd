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
from course.models.gates import GRU
from rnn_helpers import Corpus

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]

if importlib.util.find_spec("jax") is None:
    pytest.skip("needs jax: pip install -r requirements-scale.txt", allow_module_level=True)

needs_gloo = pytest.mark.skipif(sys.platform == "win32", reason="JAX on Windows has no messenger between processes")

LINES = "the quick brown fox jumps over the lazy dog, and the dog sleeps on.\npack my box with five dozen jugs.\n"
TEXT = (LINES * 40)[:2720]  # eight streams of 340, which all begin at a different place in the lines
# Calm settings: with larger steps, runs on this text differ by more than rounding (page 20).
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
from course.models.gates import leaky
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

# one text alone is read as ever
run = trained("share(GRU)", True, learning_rate=0.001)
found["text alone"] = np.array_equal(*[
    model.forward(corpus.ids[:9], corpus.ids[1:10], np.zeros(12), run.parameters).probs
    for model in (shared(GRU, devices), GRU)
])

start = load_run("start.npz")
x, y, state = corpus.ids[:10], corpus.ids[1:11], start.h[0]
forward = forward_pass(x, y, state, start.parameters)
(loss, after), gradients = jax.value_and_grad(sequence_loss, has_aux=True)(start.parameters, state, x, y)
by_hand = backward_pass(x, y, start.parameters, forward)
found["in JAX"] = difference([loss, after, *gradients], [np.array(forward.loss), forward.hidden[-1], *by_hand])

found["streams"] = error_of(trained, "share(GRU)", True, learning_rate=0.001, streams=4)
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


def test_one_text_alone_is_read_as_ever(one_process):
    assert one_process["text alone"] is True


def test_the_gradients_of_jax_are_those_written_by_hand(one_process):
    assert one_process["in JAX"] < 1e-10


@pytest.mark.parametrize(
    "what, parts",
    [
        ("streams", ["ValueError", "4 streams", "8 devices", "multiple of 8"]),
        ("with_dropout(GRU, 0.3, np.random.default_rng(0))", ["for training alone", "without dropout"]),
        ("with_weight_decay(GRU, 0.3)", ["for training alone", "without weight decay"]),
    ],
)
def test_errors_say_what_is_wrong(one_process, what, parts):
    assert [part for part in parts if part not in one_process[what]] == []


def test_the_page_teaches_the_function_that_runs():
    page = nbformat.read(ROOT / "notebooks" / "17_automatic_gradients.ipynb", as_version=4)
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
    """The output of the program in one process: a sentence for each run."""
    return in_jax(
        folder,
        r"""
import dataclasses, pathlib

def main(*typed):
    sys.argv = ["scale.py", *typed]
    return scale.main()

start = load_run("start.npz")
def answer(name, run, *typed):
    save_run(run, "refused.npz")
    before = pathlib.Path("refused.npz").read_bytes()
    found[name] = [main("refused.npz", *(typed or ["8"])), pathlib.Path("refused.npz").read_bytes() == before]

answer("streams", train(corpus, 12, 10, 0.001, 1, streams=4, progress=False))
answer("leaky", train(corpus, 12, 10, 0.001, 1, streams=8, model=leaky(0.9), progress=False))
answer("done", train(corpus, 12, 10, 0.0003, 2, **CALM), "1")
found["nothing"] = [main("none.npz", "8"), True]
found["no epochs"] = [main("start.npz", "0"), True]
too_large = dataclasses.replace(start, settings=dataclasses.replace(start.settings, learning_rate=1e308))
answer("diverges", too_large)

def fails(*_):
    raise OSError("The run cannot be saved: No space left on device.")
scale.save_run, scale._end_alone = fails, sys.exit  # the real one would end this process at once
try:
    main("start.npz", "3")
except SystemExit as error:
    found["full disk"] = [str(error), True]
""",
    )


def test_runs_that_do_not_fit_are_refused_in_one_sentence(one_program):
    """The file of the run is not changed, unless steps were taken: then it holds those that were good."""
    expected = {
        "streams": "4 streams cannot be shared out evenly over 8 devices",
        "leaky": "The run is of the model 'leaky 0.9'",
        "done": "The run to resume has done 2 epochs already",
        "full disk": "No space left on device.",
        "no epochs": "NUM_EPOCHS is 0: it must be a whole number, 1 or more.",
        "nothing": "There is no file 'none.npz'",
        "diverges": "The loss became nan at step 34",
    }
    with every_case() as case:
        for name, part in expected.items():
            with case(name):
                sentence, unchanged = one_program[name]
                assert part in sentence
                assert sentence.endswith(".")
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
        together = ["--join", f"127.0.0.1:{probe.getsockname()[1]}", "2"]
    return [[*program, *options, *together, str(k)] for k in range(2)]


def numbers(run):
    states = run.h if isinstance(run.h, tuple) else [run.h]
    return [*run.parameters, *states, run.losses, *[value for mean in run.means for value in mean]]


@pytest.fixture(scope="module")
def hard_life(folder, tmp_path_factory):
    """A run of two processes that is killed, goes on, is stopped, goes on and ends; and an undisturbed run."""
    if sys.platform == "win32":
        pytest.skip("JAX on Windows has no messenger between processes")
    place = tmp_path_factory.mktemp("hard_life")
    shutil.copy(folder / "fox.txt", place)
    how = {**CALM, "optimizer": "muon", "model": GRU}
    start = train(Corpus("fox.txt", TEXT), 12, 10, 0.0003, 1, **how)
    for name in ("run", "whole"):
        save_run(start, place / f"{name}.npz")
    found = {"steps": [len(start.losses)]}

    def kill_one(processes):
        processes[1].kill()

    def stop_one(processes):
        processes[-1].send_signal(signal.SIGTERM)

    for name, event in [("killed", kill_one), ("stopped", stop_one)]:
        commands = workers("run.npz", ENDLESS, "--save-every", 1)
        found[name] = start_all(place, commands, at_first_line=event)
        saved = load_run(place / "run.npz")
        found["steps"].append(len(saved.losses))
        found[f"interrupted when {name}"] = saved.interrupted
    epochs = found["steps"][-1] // saved.sequences_per_epoch + 1
    for name in ("run", "whole"):
        found[f"end of {name}"] = start_all(place, workers(f"{name}.npz", epochs))
        found[name] = load_run(place / f"{name}.npz")
    found["numpy"] = train(Corpus("fox.txt", TEXT), 12, 10, 0.0003, epochs, **how, resume=start)
    return found


ANOTHER_ENDED = "start all of them again to go on from there."


def test_a_killed_process_brings_the_others_to_an_end(hard_life):
    first, killed = hard_life["killed"]
    assert (first.status, killed.status) == (1, -signal.SIGKILL)
    assert first.errors[-1].endswith(ANOTHER_ENDED)


def test_sigterm_to_one_process_saves_the_run_and_ends_all_after_the_same_step(hard_life):
    steps = hard_life["steps"][-1]
    for ended in hard_life["stopped"]:
        assert ended.status == 75, ended.errors
        assert ended.errors[-1] == f"Asked to stop: the run was saved after {steps} steps."
    assert hard_life["stopped"][0].lines[-1] == f"saved after {steps} steps"
    assert hard_life["interrupted when stopped"]


def test_killed_and_stopped_runs_go_on_to_the_same_digits(hard_life):
    start, killed, stopped = hard_life["steps"]
    assert start < killed < stopped < len(hard_life["run"].losses)
    for name in ("run", "whole"):
        assert [ended.status for ended in hard_life[f"end of {name}"]] == [0] * len(hard_life["killed"])
    assert not hard_life["run"].interrupted
    assert all(map(np.array_equal, numbers(hard_life["run"]), numbers(hard_life["whole"])))


def test_the_numbers_are_those_of_numpy(hard_life):
    for got, expected in zip(numbers(hard_life["run"]), numbers(hard_life["numpy"]), strict=True):
        assert np.abs(got - expected).max() <= 1e-10 * np.abs(expected).max()


@needs_gloo
def test_processes_that_differ_end_at_once_and_write_nothing(folder):
    """With different numbers of epochs, one would wait for the other forever."""
    shutil.copy(folder / "start.npz", folder / "run.npz")
    save_run(train(Corpus("fox.txt", TEXT), 12, 10, 0.0003, 1, **CALM, seed=1), folder / "other.npz")
    before = (folder / "run.npz").read_bytes()
    different = {
        "options": ["run.npz", "9"],
        "RUN.npz": ["other.npz", "8"],
    }
    with every_case() as case:
        for name, arguments in different.items():
            with case(name):
                first, second = workers("run.npz", 8)
                second[2:4] = arguments
                for ended in start_all(folder, [first, second]):
                    assert ended.status == 1
                    assert ended.errors[-1].startswith(f"The processes have different {name}: ")
                    assert not [line for line in ended.errors if "Traceback" in line]
                assert (folder / "run.npz").read_bytes() == before


def test_processes_that_find_nobody_say_so(folder):
    """A process is alone if no other appears, or if its port is taken."""
    impatient = "import sys\nfrom course.models import scale\nscale.WAIT = 3\nsys.exit(scale.main())"
    with socket.socket() as silent, socket.socket() as other_program:  # both keep their ports occupied
        silent.bind(("127.0.0.1", 0))
        other_program.bind(("0.0.0.0", 0))
        other_program.listen()
        address, nobody = [f"127.0.0.1:{place.getsockname()[1]}" for place in (other_program, silent)]
        first, _ = workers("-c", impatient, "start.npz", 8)
        second, taken = [*first[:-3], nobody, "2", "1"], [*first[:-3], address, "2", "0"]
        nonsense = [*first[:-3], nobody, "2", "2"]
        ended = start_all(folder, [first, second, taken, nonsense])
    assert [process.status for process in ended] == [1] * 4
    last = [process.errors[-1] for process in ended]
    for sentence in last[:2]:
        assert sentence.startswith("After 3 seconds not all processes have appeared: start all of them")
    for sentence in last[2:]:
        assert sentence.startswith("--join ")
        assert " does not work (" in sentence
