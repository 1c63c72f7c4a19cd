"""The JAX network of lessons 17 and 18: is it equal to rnn_helpers on one device, on several, in several processes?

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

from course.engine import OPTIMIZERS, load_run, save_run, train
from rnn_helpers import Corpus

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
WORKER = ROOT / "course" / "models" / "scale.py"

if importlib.util.find_spec("jax") is None:
    pytest.skip("needs jax: pip install -r requirements-scale.txt", allow_module_level=True)

needs_gloo = pytest.mark.skipif(sys.platform == "win32", reason="JAX on Windows has no messenger between processes")

LINES = "the quick brown fox jumps over the lazy dog, and the dog sleeps on.\npack my box with five dozen jugs.\n"
TEXT = (LINES * 40)[:2720]  # eight streams of 340, which all begin at a different place in the lines
# Calm settings: with larger steps, runs on this text differ by more than rounding (lesson 11).
EPOCHS, RATE = 8, 0.0003  # an epoch has 33 steps
ENDLESS = 10**6  # so many epochs that a run ends only if it is stopped
HANGS = 300  # seconds after which a hanging test is ended; nothing depends on it


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Make a folder with a text, a run after 1 epoch (start.npz), and the same run after EPOCHS by NumPy."""
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
from course import engine

corpus = rnn.load_corpus("fox.txt")
start, by_numpy = engine.load_run("start.npz"), engine.load_run("by_numpy.npz")

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


@pytest.fixture(scope="module")
def one_process(folder):
    """The results of one process with 8 devices: the distance of its numbers from NumPy's, and its error messages."""
    return in_jax(
        folder,
        r"""
# loss, state and gradients of one stream and of several
trained = start.parameters
ids = engine.make_streams(corpus.ids, 8)
for name, x, y, h in [("one", ids[:10, 0], ids[1:11, 0], start.h[0]), ("several", ids[:10], ids[1:11], start.h)]:
    forward = engine.RNN.forward(x, y, h, trained)
    by_hand = engine.RNN.backward(x, y, trained, forward)
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

# ended early, and resumed
asked, saved = [], []
early = scale.continue_run(
    start, corpus, EPOCHS, devices, save=saved.append, preempted=lambda step: asked.append(step) or step == 7
)
found["early"] = [asked, len(early.losses) - len(start.losses), early.interrupted, saved == [early]]
resumed, whole = [scale.continue_run(run, corpus, EPOCHS, devices) for run in (early, start)]
found["early, resumed"] = [*map(np.array_equal, [*resumed.parameters, resumed.h], [*whole.parameters, whole.h])]
found["early, resumed"] += [np.array_equal(resumed.losses, whole.losses), not resumed.interrupted]
at_the_end = scale.continue_run(start, corpus, 2, devices, preempted=lambda step: step == 33)
found["preempted at the end"] = at_the_end.interrupted

# one stream is trained like several
single = engine.train(corpus, 12, 10, 0.001, 1, progress=False)
longer = engine.train(corpus, 12, 10, 0.001, 2, progress=False, resume=single)
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
right = engine.RNN.forward(x, y, start.h[0], trained)
(loss, state), wrong = jax.value_and_grad(forgets_the_future, has_aux=True)(trained, start.h[0], x, y)
found["wrong gradient: loss"] = abs(float(loss) / right.loss - 1)
found["wrong gradient: gradients"] = difference(wrong, engine.RNN.backward(x, y, trained, right))

right_sum, jax.lax.psum = jax.lax.psum, lambda value, axis: value  # every device follows its own streams only
found["no sum"] = run_difference(scale.continue_run(start, corpus, EPOCHS, devices[:2]))
jax.lax.psum = right_sum

# errors
import dataclasses
def with_settings(**settings):
    return dataclasses.replace(start, settings=dataclasses.replace(start.settings, **settings))
go = scale.continue_run
found["error devices"] = error_of(go, start, corpus, EPOCHS, devices[:3])
for name in engine.OPTIMIZERS.keys() - {"sgd"}:
    found["error " + name] = error_of(go, with_settings(optimizer=name), corpus, EPOCHS, devices)
found["error clip"] = error_of(go, with_settings(max_norm=5.0), corpus, EPOCHS, devices)
found["error leaky"] = error_of(go, with_settings(model="Leaky(0.9)"), corpus, EPOCHS, devices)
found["error dropout"] = error_of(go, with_settings(model="RNN with dropout 0.5"), corpus, EPOCHS, devices)
moved = rnn.Corpus("fox.txt", corpus.text[1:] + corpus.text[:1])  # of the same length, and of the same characters
found["error moved text"] = error_of(go, start, moved, EPOCHS, devices)
found["error text"] = error_of(go, start, rnn.Corpus("other", "abc" * 999), 6, devices)
found["error epochs"] = error_of(go, by_numpy, corpus, 1, devices)
found["error num_epochs"] = error_of(go, start, corpus, 0, devices)
found["error save_every"] = error_of(go, start, corpus, EPOCHS, devices, save_every=0)
other_shape = start.parameters._replace(W_hh=np.zeros((5, 5)))
found["error shape"] = error_of(go, dataclasses.replace(start, parameters=other_shape), corpus, EPOCHS, devices)
found["error dtype"] = error_of(go, with_settings(dtype="float32"), corpus, EPOCHS, devices)
found["error state"] = error_of(go, dataclasses.replace(start, h=(start.h, start.h)), corpus, EPOCHS, devices)
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


def test_a_run_that_is_ended_early_is_saved_and_goes_on_to_the_same_digits(one_process):
    assert one_process["early"] == [[1, 2, 3, 4, 5, 6, 7], 7, True, True]
    assert one_process["early, resumed"] == [True] * 8


def test_after_the_last_step_nothing_is_left_to_interrupt(one_process):
    assert one_process["preempted at the end"] is False


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
        ("leaky", ["ValueError", "the model 'Leaky(0.9)'", "trains 'RNN'"]),
        ("dropout", ["ValueError", "the model 'RNN with dropout 0.5'", "trains 'RNN'"]),
        ("text", ["ValueError", "'other'", "'fox.txt'"]),
        ("moved text", ["ValueError", "another text than 'fox.txt'"]),
        ("epochs", ["ValueError", "has 8 epochs already", "ask for 1 in all"]),
        ("num_epochs", ["ValueError", "num_epochs is 0"]),
        ("save_every", ["ValueError", "save_every is 0"]),
        ("shape", ["ValueError", "W_hh of the run is (5, 5) float64", "must be (12, 12) float64", "another model"]),
        ("dtype", ["ValueError", "W_xh of the run is", "float64", "must be", "float32"]),
        ("state", ["ValueError", "h of the run is a tuple", "must be (8, 12) float64", "another model"]),
        ("nan", ["ArithmeticError", "smaller learning rate"]),
    ],
)
def test_errors_say_what_is_wrong(one_process, what, parts):
    message = one_process[f"error {what}"]
    assert [part for part in parts if part not in message] == []
    assert message.endswith(".") and "\n" not in message


def test_the_page_teaches_the_function_that_runs():
    page = nbformat.read(ROOT / "notebooks" / "17_automatic_gradients.ipynb", as_version=4)
    cells = "\n".join(cell.source for cell in page.cells if cell.cell_type == "code")
    on_page, in_file = [body_of("sequence_loss", source) for source in (cells, WORKER.read_text(encoding="utf-8"))]
    assert on_page == in_file


def body_of(name, source):
    """Return the statements of a function, without docstring and comments."""
    (function,) = [node for node in ast.walk(ast.parse(source)) if getattr(node, "name", None) == name]
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return [ast.unparse(statement) for statement in body]


# ---------------------------------------------------------------- the program: what it refuses

BY_HAND = ["--coordinator", "localhost:12345", "--processes", "2", "--process", "0"]


def by_hand(option, value):
    """Return BY_HAND with another value of one option."""
    options = list(BY_HAND)
    options[options.index(option) + 1] = value
    return options


REFUSED_OPTIONS = [  # the arguments after the name of the file, and the text of the last line
    (["0"], "NUM_EPOCHS is 0: it must be a whole number, 1 or more."),
    (["-3"], "NUM_EPOCHS is -3: it must be a whole number, 1 or more."),
    (["2.5"], "invalid int value: '2.5'"),
    (["8", "--save-every", "0"], "--save-every is 0: it must be a whole number, 1 or more."),
    (["8", "--save-every", "-5"], "--save-every is -5: it must be a whole number, 1 or more."),
    (["8", *BY_HAND, "--wait", "0"], "--wait is 0: it must be a whole number, 1 or more."),
    (["8", *by_hand("--processes", "0")], "--processes is 0: it must be a whole number, 1 or more."),
    (["8", *by_hand("--process", "2")], "--process is 2: with --processes 2 it must be a whole number from 0 to 1."),
    (["8", *by_hand("--process", "-1")], "--process is -1: with --processes 2 it must be a whole number from 0 to 1."),
    *[
        (["8", *by_hand("--coordinator", value)], f"--coordinator is '{value}': it must be HOST:PORT, with a port")
        for value in (
            "localhost",
            "localhost:",
            ":12345",
            "localhost:0",
            "localhost:65536",
            "localhost:-1",
            "h:1234567",
        )
    ],
    *[  # an incomplete set: each process would train alone, and all would write to one file
        (["8", *half], "give --coordinator, --processes and --process together, and without --cluster")
        for half in (BY_HAND[2:4], [*BY_HAND[:2], *BY_HAND[4:]], ["--cluster", *BY_HAND])
    ],
]


@pytest.fixture(scope="module")
def one_program(folder):
    """The output of the program in one process: a last line for each wrong option, and a sentence for each run."""
    return in_jax(
        folder,
        f"options = {[options for options, _ in REFUSED_OPTIONS]!r}\nnames = {[*OPTIMIZERS]!r}\n"
        r"""
import contextlib, dataclasses, io, pathlib

def main(*typed):
    sys.argv = ["scale.py", *typed]
    return scale.main()

found["options"] = []
for typed in options:
    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            main("none.npz", *typed)
    except SystemExit as error:
        found["options"].append([error.code, said.getvalue().splitlines()[-1]])

def answer(name, run, *typed):
    engine.save_run(run, "refused.npz")
    before = pathlib.Path("refused.npz").read_bytes()
    found[name] = [main("refused.npz", str(EPOCHS), *typed), pathlib.Path("refused.npz").read_bytes() == before]

for name in names:
    if name != "sgd":
        answer(name, engine.train(corpus, 12, 10, 0.001, 1, streams=8, optimizer=name, progress=False))
answer("streams", engine.train(corpus, 12, 10, 0.001, 1, streams=4, progress=False))
pathlib.Path("other.txt").write_text(corpus.text[:-5], encoding="utf-8")
answer("text", start, "--text", "other.txt")
from course.models.gates import leaky
answer("leaky", engine.train(corpus, 12, 10, 0.001, 1, streams=8, model=leaky(0.9), progress=False))
answer("no text", start, "--text", "nowhere.txt")
pathlib.Path("damaged.npz").write_bytes(b"nothing")
found["damaged"] = [main("damaged.npz", "8"), True]
too_large = dataclasses.replace(start, settings=dataclasses.replace(start.settings, learning_rate=1e308))
answer("diverges", too_large)

def fails(*_):
    raise OSError("No space left on device")
engine.save_run(start, "full.npz")
scale.save_run, scale._end_alone = fails, sys.exit  # the real one would end this process at once
try:
    main("full.npz", str(EPOCHS))
except SystemExit as error:
    found["full disk"] = [str(error), True]
""",
    )


def test_options_that_make_no_sense_are_refused_in_one_line(one_program):
    """The status is 2, the line repeats what was typed, and no file has been read."""
    with every_case() as case:
        for (typed, expected), (status, last) in zip(REFUSED_OPTIONS, one_program["options"], strict=True):
            with case(" ".join(typed)):
                assert status == 2
                assert expected in last


def test_runs_that_do_not_fit_are_refused_in_one_sentence(one_program):
    """The file of the run is not changed."""
    expected = {name: "plain SGD steps only" for name in OPTIMIZERS if name != "sgd"}
    expected |= {
        "streams": "4 streams cannot be shared out evenly over 8 devices",
        "text": "The run was trained on another text than 'other.txt'",
        "leaky": "The run was trained with the model",
        "no text": "nowhere.txt",
        "full disk": "'full.npz' cannot be written: No space left on device. What was saved before is whole.",
        "damaged": "'damaged.npz' cannot be read as a file of save_run",
        "diverges": "The loss became nan at step 34: the steps were too large.",
    }
    with every_case() as case:
        for name, part in expected.items():
            with case(name):
                sentence, unchanged = one_program[name]
                assert part in sentence
                assert sentence.endswith(".")
                assert "\n" not in sentence
                assert unchanged


# ---------------------------------------------------------------- the program: several processes


class Ended(NamedTuple):
    """A process that has ended."""

    status: int  # negative: the signal that ended it
    lines: list[str]  # of stdout, without the first one
    errors: list[str]  # of stderr


def start_all(folder, commands, *, devices=1, at_first_line=None):
    """Run Python with each of these lists of arguments, all at the same time, and return an Ended for each.

    at_first_line  called with the list of processes as soon as process 0 has printed a line
    """
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "JAX_PLATFORMS": "cpu"}
    surroundings["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={devices}"
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


def workers(number, *options):
    """Return the arguments of Python for this number of workers that find each other.

    options  of the worker; or "-c", a program that replaces the worker, and its options
    """
    options = [str(option) for option in options]
    program = ["-m", "course.models.scale"] if options[0] != "-c" else [options.pop(0), options.pop(0)]
    if number == 1:
        return [[*program, *options]]
    with socket.socket() as probe:  # ask the system for a free port
        probe.bind(("127.0.0.1", 0))
        together = ["--coordinator", f"127.0.0.1:{probe.getsockname()[1]}", "--processes", str(number), "--process"]
    return [[*program, *options, *together, str(k)] for k in range(number)]


def numbers(run):
    return [*run.parameters, run.h, run.losses]


# The number of processes, the devices of each, and the process that is killed. Process 0 also writes the file.
SHAPES = {"8 devices": (1, 8, 0), "2 processes": (2, 1, 1), "4 processes": (4, 1, 0)}


@pytest.fixture(scope="module", params=SHAPES)
def hard_life(request, folder, tmp_path_factory):
    """A run that is killed, goes on, is preempted, goes on and ends; and an undisturbed run for comparison."""
    if request.param != "8 devices" and sys.platform == "win32":
        pytest.skip("JAX on Windows has no messenger between processes")
    number, devices, victim = SHAPES[request.param]
    place = tmp_path_factory.mktemp("hard_life")
    for name in ("fox.txt", "start.npz"):
        shutil.copy(folder / name, place)
    shutil.copy(place / "start.npz", place / "run.npz")
    found = {"steps": [len(load_run(place / "start.npz").losses)], "victim": victim}

    def kill_one(processes):
        processes[victim].kill()

    def preempt_one(processes):  # one of them: JAX informs the others
        processes[-1].send_signal(signal.SIGTERM)

    for name, event in [("killed", kill_one), ("preempted", preempt_one)]:
        commands = workers(number, "run.npz", ENDLESS, "--save-every", 1)
        found[name] = start_all(place, commands, devices=devices, at_first_line=event)
        saved = load_run(place / "run.npz")
        found["steps"].append(len(saved.losses))
        found[f"interrupted when {name}"] = saved.interrupted
    epochs = found["steps"][-1] // saved.sequences_per_epoch + 1
    shutil.copy(place / "start.npz", place / "whole.npz")
    for name in ("run", "whole"):
        found[f"end of {name}"] = start_all(place, workers(number, f"{name}.npz", epochs), devices=devices)
        found[name] = load_run(place / f"{name}.npz")
    corpus, start = Corpus("fox.txt", TEXT), load_run(place / "start.npz")
    settings = {"streams": 8, "init": "fan_in", "progress": False, "resume": start}
    found["numpy"] = train(corpus, 12, 10, RATE, epochs, **settings)
    return found


def test_a_killed_process_brings_the_others_to_an_end(hard_life):
    others = list(hard_life["killed"])
    assert others.pop(hard_life["victim"]).status == -signal.SIGKILL
    assert 0 not in [ended.status for ended in others]
    if hard_life["victim"]:  # process 0 is alive. Without it, JAX's C++ code may end the others with its own message.
        assert others[0].status == 1
        assert "JAX cannot go on (" in others[0].errors[-1]
        assert others[0].errors[-1].endswith("start again to go on from there.")


FAILING = r"""
import sys
from course.models import scale
def fail(*arguments, **options):
    raise KINDS
scale.continue_run = fail
try:
    sys.exit(scale.main())
except ValueError as error:
    sys.exit(f"raised: {error}")
"""


def test_a_lost_connection_is_told_in_whatever_form_jax_raises_it(folder):
    """Which one comes depends on where JAX was when the other process ended."""
    lost = "Gloo AllGather failed: Connection reset by peer"
    shutil.copy(folder / "start.npz", folder / "run.npz")
    kinds = [f"scale.jax.errors.JaxRuntimeError('INTERNAL: {lost}')", f"ValueError('UNKNOWN: {lost}')"]
    programs = [FAILING.replace("KINDS", kind) for kind in [*kinds, "ValueError('h has 3 rows: give it 4.')"]]
    *told, ours = start_all(folder, [["-c", program, "run.npz", str(ENDLESS)] for program in programs])
    for ended in told:
        assert ended.status == 1
        assert ended.errors[-1].startswith("JAX cannot go on (")
        assert ended.errors[-1].endswith("start again to go on from there.")
        assert not [line for line in ended.errors if "Traceback" in line]
    assert ours.errors[-1] == "raised: h has 3 rows: give it 4."


def test_sigterm_to_one_process_saves_the_run_and_ends_all_with_their_own_status(hard_life):
    steps = hard_life["steps"][-1]
    for ended in hard_life["preempted"]:
        assert ended.status == 75, ended.errors
        assert ended.errors[-1] == f"SIGTERM came, so the run was saved after {steps} steps."
    assert hard_life["preempted"][0].lines[-1] == f"saved after {steps} steps"
    assert hard_life["interrupted when preempted"]


def test_killed_and_preempted_runs_go_on_to_the_same_digits(hard_life):
    start, killed, preempted = hard_life["steps"]
    assert start < killed < preempted < len(hard_life["run"].losses)
    for name in ("run", "whole"):
        assert [ended.status for ended in hard_life[f"end of {name}"]] == [0] * len(hard_life["killed"])
    assert not hard_life["run"].interrupted
    same = list(map(np.array_equal, numbers(hard_life["run"]), numbers(hard_life["whole"])))
    assert same == [True] * 7


def test_the_numbers_are_those_of_numpy(hard_life):
    for got, expected in zip(numbers(hard_life["run"]), numbers(hard_life["numpy"]), strict=True):
        assert np.abs(got - expected).max() < 1e-10 * np.abs(expected).max()


DIFFERENT = r"""
import dataclasses
options = scale._options()
scale._join(options)
corpora, runs, asked, k = {}, {}, {}, jax.process_index()
p, text = start.parameters, corpus.text
one_bit = p.b_y.copy()
one_bit[3] = np.nextafter(one_bit[3], 1)
runs["settings"] = dataclasses.replace(start, settings=dataclasses.replace(start.settings, learning_rate=0.1))
runs["parameters"] = dataclasses.replace(start, parameters=p._replace(b_y=one_bit))
runs["parameters of another shape"] = dataclasses.replace(start, parameters=p._replace(W_hh=np.zeros((99, 99))))
runs["states"] = dataclasses.replace(start, h=start.h[::-1].copy())
runs["losses"] = dataclasses.replace(start, losses=start.losses[:-1])
corpora["texts"] = rnn.Corpus("fox.txt", text[1:] + text[:1])  # of the same length, and of the same characters
asked["NUM_EPOCHS"] = {"num_epochs": 9}
asked["--save-every"] = {"save_every": 7}
for name in ["nothing", *runs, *corpora, *asked]:
    mine = [start, corpus, options]
    if k == 1:
        changed = type(options)(**{**vars(options), **asked.get(name, {})})
        mine = [runs.get(name, start), corpora.get(name, corpus), changed]
    found[name] = scale._compare("", scale._digests(*mine))
digests = [] if k else scale._digests(start, corpus, options)
found["unread"] = scale._compare("There is no file 'é'." if k else "", digests)
found["long"] = scale._compare("x" * 5000 if k else "", digests)
print(json.dumps(found))
"""


@needs_gloo
def test_the_first_thing_that_differs_between_processes_is_named(folder):
    ended = start_all(folder, workers(2, "-c", PRELUDE + DIFFERENT, "start.npz", EPOCHS))
    assert [process.status for process in ended] == [0, 0], ended
    found, of_the_other = [json.loads(process.lines[-1]) for process in ended]
    assert found == of_the_other, "each process must come to the same end"
    assert found.pop("nothing") == ""
    assert found.pop("unread") == "Process 1 of 2 cannot begin: There is no file 'é'."
    assert len(found.pop("long")) < 1100
    with every_case() as case:
        for name, sentence in found.items():
            with case(name):
                what = name.removesuffix(" of another shape")
                assert sentence.startswith(f"The processes have different {what} (process 1 differs from process 0): ")
                assert sentence.endswith(".")


@needs_gloo
def test_processes_that_differ_end_at_once_and_write_nothing(folder):
    """With different numbers of epochs, one would wait for the other forever."""
    shutil.copy(folder / "start.npz", folder / "run.npz")
    before = (folder / "run.npz").read_bytes()
    first, second = workers(2, "run.npz", EPOCHS)
    second[second.index(str(EPOCHS))] = str(EPOCHS + 1)
    for ended in start_all(folder, [first, second]):
        assert ended.status == 1
        expected = "The processes have different NUM_EPOCHS (process 1 differs from process 0): "
        assert ended.errors[-1] == expected + "start all with the same options."
        assert not [line for line in ended.errors if "Traceback" in line]
    assert (folder / "run.npz").read_bytes() == before


@needs_gloo
def test_processes_with_different_numbers_of_devices_are_refused(folder):
    program = r"""
import os, sys
os.environ["XLA_FLAGS"] = f"--xla_force_host_platform_device_count={1 + int(sys.argv[-1])}"
from course.models import scale
sys.exit(scale.main())
"""
    for ended in start_all(folder, workers(2, "-c", program, "start.npz", EPOCHS)):
        assert ended.status == 1
        expected = "The processes have different numbers of devices, [1, 2]: give each of them the same number."
        assert ended.errors[-1] == expected


@needs_gloo
def test_sigterm_before_the_first_step_is_not_forgotten(folder):
    """The run has 33 steps by then. JAX has seen none of them, and waits for a step that is still to come."""
    before_the_first_step = r"""
import os, signal, time
from course.models import scale
go_on = scale.continue_run
def continue_run(*arguments, **options):
    if scale.jax.process_index() == 1:
        os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(3)  # JAX mostly has agreed on the step by then; if not, the test proves less, and does not fail
    return go_on(*arguments, **options)
scale.continue_run = continue_run
sys.exit(scale.main())
"""
    shutil.copy(folder / "start.npz", folder / "run.npz")
    program = "import sys\n" + before_the_first_step
    ended = start_all(folder, workers(2, "-c", program, "run.npz", ENDLESS))
    assert [process.status for process in ended] == [75, 75], ended
    saved = load_run(folder / "run.npz")
    assert saved.interrupted
    assert len(saved.losses) > 33


def test_processes_that_find_nobody_say_so(folder):
    """A process is alone if no other appears, if its port is taken, or if there is no cluster."""
    with socket.socket() as silent, socket.socket() as other_program:  # both keep their ports occupied
        silent.bind(("127.0.0.1", 0))
        other_program.bind(("0.0.0.0", 0))
        other_program.listen()
        address, nobody = [f"127.0.0.1:{place.getsockname()[1]}" for place in (other_program, silent)]
        first, _ = workers(2, "start.npz", EPOCHS, "--wait", 3)
        second = [*first[:-5], nobody, "--processes", "2", "--process", "1"]
        taken = [*first[:-5], address, "--processes", "2", "--process", "0"]
        ended = start_all(folder, [first, second, taken, workers(1, "start.npz", EPOCHS, "--cluster")[0]])
    assert [process.status for process in ended] == [1, 1, 1, 1]
    last = [process.errors[-1] for process in ended]
    for sentence in last[:2]:
        assert sentence.startswith("After 3 seconds not all processes have appeared: start all of them")
    assert last[2].startswith(f"Process 0 cannot listen on port {address.rpartition(':')[2]} (")
    assert last[3].startswith("--cluster finds no cluster that JAX knows")
    assert all(sentence.endswith(".") for sentence in last)


# ---------------------------------------------------------------- launch


@pytest.fixture(scope="module")
def launched(folder):
    """The results of launch with two processes that reach the end, are killed or preempted, or have no run."""
    return in_jax(
        folder,
        r"""
import shutil, signal

started = []
def watch(line, processes):
    started[:] = processes
def kill(line, processes):
    watch(line, processes)
    processes[1].kill()
def preempt(line, processes):
    watch(line, processes)
    processes[1].send_signal(signal.SIGTERM)
def left_running():
    return sum(process.poll() is None for process in started)

shutil.copy("start.npz", "run.npz")
found["lines"] = scale.launch("run.npz", EPOCHS, 2, save_every=100, watch=watch)
found["whole"] = run_difference(engine.load_run("run.npz"))
found["left running"] = [left_running()]
for name, event in [("killed", kill), ("preempted", preempt)]:
    shutil.copy("start.npz", "run.npz")
    found[name] = error_of(scale.launch, "run.npz", 10**6, 2, save_every=5, watch=event)
    found["left running"].append(left_running())
found["no run"] = error_of(scale.launch, "none.npz", EPOCHS, 2)
found["silent"] = error_of(scale.launch, "run.npz", EPOCHS, 2, patience=0.01)
for name, value in [("num_epochs", 0), ("processes", 0), ("save_every", 0), ("patience", 0)]:
    asked = {"num_epochs": EPOCHS, "processes": 2, name: value}
    found[f"no {name}"] = error_of(scale.launch, "run.npz", **asked)
""",
    )


@needs_gloo
def test_launched_processes_equal_numpy(launched):
    assert launched["whole"] < 1e-10
    assert launched["lines"] == [f"saved after {steps} steps" for steps in (100, 200, 264)]


@needs_gloo
def test_launch_names_the_process_that_was_killed_and_ends_the_other_one(launched):
    assert launched["killed"].startswith("RuntimeError: Process 1 of 2 was killed (signal 9)")
    assert "start again" in launched["killed"]
    assert launched["left running"] == [0, 0, 0]


@needs_gloo
def test_launch_says_that_the_processes_were_preempted(launched):
    assert "ended with exit code 75 (SIGTERM came, so the run was saved after" in launched["preempted"]
    assert "start again" in launched["preempted"]


@needs_gloo
def test_errors_of_the_processes_are_passed_on(launched):
    assert "ended with exit code 1 (Process 0 of 2 cannot begin: There is no file 'none.npz'" in launched["no run"]
    assert "Nothing was heard of the 2 processes for 0.01 seconds" in launched["silent"]


@pytest.mark.parametrize("name", ["num_epochs", "processes", "save_every", "patience"])
def test_launch_checks_what_it_is_given(launched, name):
    assert launched[f"no {name}"].startswith(f"ValueError: {name} is 0: it must be a")
