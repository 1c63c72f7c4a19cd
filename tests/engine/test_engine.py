"""The engine is what the lessons teach: composed of their functions, in their order, and short enough to read."""

import ast
import inspect
import subprocess
import sys
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from helpers import ROOT, TOY, random_case, random_network, train

import rnn_helpers as rnn
from course import engine

SOURCE = Path(rnn.__file__).read_text(encoding="utf-8")
LESSONS = {  # in the order of the engine
    "01": "one_hot softmax cross_entropy softmax_gradient",
    "02": "rnn_step output_probs forward_pass count_parameters",
    "03": "output_backward tanh_backward hidden_gradients weight_gradients backward_pass numerical_gradient "
    "gradient_check clip_gradients",
    "04 and 11": "chunks sgd_step smooth_loss adam_step orthogonalize muon_step linear_decay make_streams train "
    "bits_per_character",
    "05": "apply_temperature draw sample_ids sample",
}
TAUGHT = " ".join(LESSONS.values()).split()

CASE = random_case(3, 4, (5,), 0)
FORWARD = rnn.forward_pass(*CASE)
USES = {  # an engine function at work, and how often it calls a function of the lessons
    "forward_pass": (partial(rnn.forward_pass, *CASE), {"output_probs": 1, "softmax": 1, "cross_entropy": 1}),
    "softmax_gradient": (partial(rnn.softmax_gradient, np.zeros((2, 3)), [0, 1]), {"softmax": 1, "one_hot": 1}),
    "backward_pass": (
        partial(rnn.backward_pass, CASE[0], CASE[1], CASE[3], FORWARD),
        {"output_backward": 1, "hidden_gradients": 1, "weight_gradients": 1, "tanh_backward": 1, "one_hot": 2},
    ),
    "gradient_check": (partial(engine.gradient_check, *CASE), {"numerical_gradient": 5}),
    "train": (partial(train, max_norm=5), {"chunks": 1, "clip_gradients": 48, "sgd_step": 48, "smooth_loss": 48}),
    "train with adam": (partial(train, optimizer="adam", decay="linear"), {"adam_step": 48, "linear_decay": 48}),
    "train with muon": (
        partial(train, optimizer="muon"),
        {"muon_step": 48, "orthogonalize": 144, "adam_step": 48, "linear_decay": 0},
    ),
    "train on streams": (partial(train, streams=3, num_epochs=1), {"make_streams": 1, "smooth_loss": 5}),
    "sample": (
        partial(engine.sample, random_network(3, 28, 0), TOY, 20, prompt="the "),
        {"sample_ids": 1, "rnn_step": 23, "apply_temperature": 20, "softmax": 20, "draw": 20},
    ),
}


@pytest.mark.parametrize(("user", "used"), [(user, used) for user, (_, calls) in USES.items() for used in calls])
def test_the_engine_uses_the_functions_of_the_lessons(monkeypatch, user, used):
    work, calls = USES[user]
    original, seen = getattr(rnn, used), []

    def recorded(*given, **named):
        seen.append(used)
        return original(*given, **named)

    monkeypatch.setattr(rnn, used, recorded)
    work()
    assert len(seen) == calls[used]


def test_every_function_of_the_lessons_is_used_or_uses_others():
    used = {name for _, calls in USES.values() for name in calls}
    assert used <= set(TAUGHT)
    assert set(TAUGHT) - used == {  # the engine functions themselves, and two that only give numbers to read
        *{"softmax_gradient", "forward_pass", "backward_pass", "gradient_check", "train", "sample"},
        *{"count_parameters", "bits_per_character"},
    }


def test_the_model_is_made_of_the_functions_of_the_lessons():
    assert (engine.initialize_parameters, rnn.forward_pass, rnn.backward_pass, None, "RNN") == engine.RNN


def test_the_functions_stand_in_the_order_of_the_lessons():
    lines = {name: inspect.getsourcelines(getattr(rnn, name))[1] for name in TAUGHT}
    assert list(lines) == sorted(lines, key=lines.get)


def test_every_public_function_and_class_says_what_it_does():
    def public(nodes):
        kinds = (ast.FunctionDef, ast.ClassDef)
        return [node for node in nodes if isinstance(node, kinds) and not node.name.startswith("_")]

    found = public(ast.parse(SOURCE).body)
    found += public([part for node in found if isinstance(node, ast.ClassDef) for part in node.body])
    assert len(found) > 40
    assert [node.name for node in found if len(ast.get_docstring(node) or "") < 40] == []


def test_what_is_no_part_of_the_story_stands_elsewhere():
    """Two doors to the rest: what checks arguments and models, and what keeps runs."""
    mentioned = {node.id for node in ast.walk(ast.parse(SOURCE)) if isinstance(node, ast.Name)}
    assert not mentioned & {"print", "open", "json", "time", "environ", "threadpool_limits"}
    assert "fmt: skip" not in SOURCE and max(map(len, SOURCE.splitlines())) <= 120


def test_a_function_holds_one_idea():
    """Without signature and docstring; the longest takes a step of the training after another."""
    for node in ast.walk(ast.parse(SOURCE)):
        if isinstance(node, ast.FunctionDef):
            body = node.body[1:] if ast.get_docstring(node) else node.body
            assert node.end_lineno - body[0].lineno < 40, node.name


def test_whatever_is_public_has_type_hints():
    for node in ast.parse(SOURCE).body:
        for function in [node, *(node.body if isinstance(node, ast.ClassDef) else [])]:
            if isinstance(function, ast.FunctionDef) and not function.name.startswith("_"):
                arguments = [*function.args.args, *function.args.kwonlyargs]
                bare = [one.arg for one in arguments if one.annotation is None and one.arg != "self"]
                assert not bare, function.name
                assert function.returns is not None, function.name


def test_the_engine_loads_neither_the_checker_nor_matplotlib():
    code = "import sys, rnn_helpers; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not {"matplotlib", "course.checker", "course.calls", "course.lessons", "course.own"} & loaded
    assert {name for name in loaded if name.startswith("course.")} == {
        "course.base",
        *[f"course.base.{name}" for name in ("arrays", "checks", "files", "own_models", "place", "progress_line")],
        *[f"course.base.{name}" for name in ("runs", "texts", "threads")],
    }


def test_nothing_that_the_engine_stands_on_imports_it():
    for path in (ROOT / "course" / "base").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            assert "rnn_helpers" not in names, path.name


def test_the_engine_imports_nothing_that_is_not_needed_for_the_rnn():
    imported = set()
    for node in ast.walk(ast.parse(SOURCE)):
        if isinstance(node, ast.Import):
            imported |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module)
    assert not imported & {"urllib", "http", "subprocess", "zipfile", "tempfile", "hashlib", "pickle"}
    assert {"numpy", "course.base", "course.base.texts"} <= imported
