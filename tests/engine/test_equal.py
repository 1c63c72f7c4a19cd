"""The small network equals the engine: the same losses and gradients. It runs alone, and finished shows it."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from helpers import LINE, ROOT, TOY, random_case, train

import rnn_helpers as rnn
from course.calls import finished
from course.engine import RNN
from course.engine.model import Passes

FILE = Path(rnn.__file__)
FUNCTIONS = {name: value for name, value in vars(rnn).items() if getattr(value, "__module__", "") == "rnn_helpers"}
TAUGHT = [name for name in FUNCTIONS if name.islower() and name not in ("load_corpus", "main")]


def assert_close(ours, theirs, tolerance=1e-10):
    for one, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=1e-13)


# ---------------------------------------------------------------- the same numbers


@pytest.mark.parametrize("seed", range(2))
def test_two_epochs_have_the_same_losses_and_gradients(seed):
    H, T = np.random.default_rng(seed).integers(1, 30, 2)
    run = train(hidden_size=H, seq_length=T, num_epochs=2, seed=seed)
    parameters = rnn.initialize_parameters(H, TOY.vocab_size, np.random.default_rng(seed))
    passes, smoothed, losses = Passes(parameters, (T,)), None, []
    for _ in range(2):
        h = np.zeros(H)
        start = rnn.Parameters(*[value.copy() for value in parameters])
        for inputs, targets in rnn.chunks(TOY.ids, T):
            forward = rnn.forward_pass(inputs, targets, h, start)
            gradients = rnn.backward_pass(inputs, targets, start, forward)
            fast = passes.forward(inputs, targets, h, start)  # in the arrays that a training reuses
            assert_close(gradients, passes.backward(inputs, targets, start, fast))
            rnn.sgd_step(start, gradients, 0.05)
            h = forward.hidden[-1]
        losses += (smoothed := rnn.train_epoch(TOY.ids, parameters, T, 0.05, smoothed and smoothed[-1]))
        assert_close(parameters, start)
    np.testing.assert_allclose(run.losses, losses, rtol=1e-10)
    assert_close(run.parameters, parameters, 1e-8)


@pytest.mark.parametrize("seed", range(6))
def test_both_passes_are_the_same_for_any_shape(seed):
    H, V, T = np.random.default_rng(seed).integers(1, 20, 3)
    inputs, targets, h_prev, parameters = random_case(H, V, (T,), seed)
    ours, theirs = [f(inputs, targets, h_prev, parameters) for f in (RNN.forward, rnn.forward_pass)]
    assert_close(ours, theirs)
    assert_close(
        RNN.backward(inputs, targets, parameters, theirs), rnn.backward_pass(*(inputs, targets), parameters, ours)
    )


def test_what_the_engine_returns_is_the_callers_own():
    """A training reuses arrays that its steps overwrite, but RNN returns none of them."""
    cases = [random_case(5, 4, (6,), seed) for seed in range(3)]
    held = [RNN.forward(*case) for case in cases[:2]]
    held += [RNN.backward(*case[:2], case[3], forward) for case, forward in zip(cases, held)]
    arrays = [np.asarray(part) for result in held for part in result]
    before = [array.copy() for array in arrays]
    third = RNN.forward(*cases[2])
    RNN.backward(*cases[2][:2], cases[2][3], third)
    train(hidden_size=5, seq_length=6, num_epochs=1)
    assert all(np.array_equal(one, other) for one, other in zip(arrays, before))


# ---------------------------------------------------------------- one file alone


@pytest.fixture
def alone(tmp_path):
    """Make a folder with only rnn_helpers.py and a text, and return a function that runs Python there."""
    shutil.copy(FILE, tmp_path)
    (tmp_path / "my.txt").write_text(LINE * 8, encoding="utf-8")

    def run(*arguments):
        command = [sys.executable, "-E", "-s", *arguments]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", timeout=300)

    run.folder = tmp_path
    return run


@pytest.mark.slow
def test_it_trains_and_writes(alone):
    done = alone("rnn_helpers.py", "my.txt", "1")
    assert (done.returncode, done.stderr) == (0, "")
    at_once, epoch = done.stdout.splitlines()
    characters = len(rnn.preprocess(LINE * 8))
    assert at_once == f"{characters} characters: {(characters - 1) // 50} steps an epoch, then a line."
    assert 0 < float(epoch.removeprefix("epoch 1, smoothed loss ").split(":")[0]) < 170


@pytest.mark.slow
def test_it_can_be_imported_and_loads_nothing_of_the_course(alone):
    code = "import sys; from rnn_helpers import forward_pass; print([m for m in sys.modules if m.startswith('course')])"
    done = alone("-c", code)
    assert (done.stdout, done.stderr) == ("[]\n", "")
    imports = [node for node in ast.walk(ast.parse(FILE.read_text("utf-8"))) if isinstance(node, ast.Import)]
    froms = [node.module for node in ast.walk(ast.parse(FILE.read_text("utf-8"))) if isinstance(node, ast.ImportFrom)]
    assert {alias.name for node in imports for alias in node.names} | {*froms} <= {"numpy", *sys.stdlib_module_names}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["folder"], "'folder' is a folder: give a text file."),
        (["--help"], "Give a text file"),
        (["short.txt"], "'short.txt' has 9 characters after preprocess: training needs 51"),
        ([], "Give a text file"),
        (["my.txt", "0"], "Give a text file, and how many epochs if not 40"),
    ],
)
def test_a_wrong_call_gets_one_sentence(alone, arguments, words):
    (alone.folder / "short.txt").write_text("too short")
    (alone.folder / "folder").mkdir()
    done = alone("rnn_helpers.py", *arguments)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith(words) and len(done.stderr.splitlines()) == 1, done.stderr


# ---------------------------------------------------------------- what finished shows


@pytest.mark.parametrize("name", TAUGHT)
def test_finished_shows_a_piece_of_the_file_letter_by_letter(name):
    shown = repr(finished(name)).split("\n", 2)[2].rstrip()
    assert shown.startswith(f"def {name}(") and f"\n{shown}\n\n\n" in FILE.read_text("utf-8")


def test_every_function_and_class_of_the_file_says_what_it_does():
    assert len(TAUGHT) == 22
    assert [name for name, value in FUNCTIONS.items() if len(value.__doc__ or "") < 40] == []


def test_base_imports_nothing_above_it():
    """Parts of the course build only on those before them: base, then the engine, then the models."""
    for folder, above in [("base", ["engine", "models"]), ("engine", ["models"])]:
        for path in (ROOT / "course" / folder).glob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert not [name for name in above if f"course.{name}" in text], path.name
