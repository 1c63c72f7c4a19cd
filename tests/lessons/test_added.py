"""Tests of exercises of a teacher's own, on the example in docs/contributing.md."""

import json
import os
import re
import subprocess
import sys

import pytest
from helpers import ROOT

DOCS = (ROOT / "docs" / "contributing.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r'```python\n("""Even rows.*?)```', DOCS, re.DOTALL)[1]
BY_VARIANCE = """
import numpy as np

def layer_norm(x, gain, bias):
    mean = x.mean(axis=1)[:, None]
    var = ((x - mean) ** 2).mean(axis=1)[:, None]
    return gain * (x - mean) / (var + 1e-5) + bias
"""
RIGHT = BY_VARIANCE.replace("(var + 1e-5)", "(var + 1e-5) ** 0.5")
TWICE = "from course.lessons.added import exercise\n\n\ndef twice(x):\n    return 2 * x\n\n\n"
TWICE += 'exercise(twice, inputs="x (T,)", mistakes="@ 2 * x\\nhalf: x / 2\\n    Not half of it.")\n'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "exercises").mkdir()
    (tmp_path / "exercises" / "even_rows.py").write_text(EXAMPLE, encoding="utf-8")
    return tmp_path


def said(folder, *arguments):
    """Return what Python prints in a process of its own, because the exercises are read once."""
    named = {"MY_RNN": str(folder / "my_rnn"), "RNN_EXERCISES": str(folder / "exercises"), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=os.environ | named, capture_output=True, text=True, timeout=200
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout + done.stderr


def checked(folder, answer):
    (folder / "answer.py").write_text(answer, encoding="utf-8")
    return said(folder, "-m", "course", "check", "answer.py")


def test_the_example_names_its_known_mistakes_and_a_slip_and_accepts_what_is_right(folder):
    assert "layer_norm: not yet\n  You divide by the variance." in checked(folder, BY_VARIANCE)
    one_mean = RIGHT.replace("x.mean(axis=1)[:, None]", "x.mean()", 1).replace("((x - mean) ** 2).mean", "x.var")
    assert "You take one mean for all rows." in checked(folder, one_mean)
    assert "look at `- bias`: the sign." in checked(folder, RIGHT.replace("+ bias", "- bias"))
    assert "layer_norm: correct" in checked(folder, RIGHT)
    assert "layer_norm: not started" in checked(folder, "def layer_norm(x, gain, bias):\n    ...\n")


def test_a_page_has_its_hints_its_solution_and_practice_and_no_word_of_it_in_the_network(folder):
    page = (
        RIGHT
        + "\nfrom course import check, hint, practice, progress, solution\nfrom course.lessons import NETWORK, OWN"
    )
    page += '\ncheck("layer_norm", layer_norm), hint("layer_norm"), solution("layer_norm"), practice()\n'
    page += 'assert "layer_norm" not in (*NETWORK, *OWN)\nprint(progress(everything=True))\n'
    (folder / "page.py").write_text(page, encoding="utf-8")
    found = said(folder, "page.py")
    for part in (
        "layer_norm: correct",
        "1 of 2: Each row has",
        "var = x.var(axis=-1, keepdims=True)",
        "one line wrong",
    ):
        assert part in found
    assert not re.search("layer_norm +(done|write)", found) and "0 of 17" not in found


def test_the_class_report_counts_its_mistakes(folder):
    cells = [{"cell_type": "code", "source": [f'{BY_VARIANCE}\ncheck("layer_norm", layer_norm)']}]
    (folder / "in").mkdir()
    for who in ("ann", "ben"):
        page = folder / "in" / f"{who}_even_rows.ipynb"
        page.write_text(json.dumps({"cells": cells}), encoding="utf-8")
    report = said(folder, "-m", "course.marking", "in", "--pages", "even_rows", "--csv", "marks.csv")
    assert "2 of the 2" in report
    assert "ann,layer_norm,not yet,layer_norm/by_variance" in (folder / "marks.csv").read_text(encoding="utf-8")


def test_the_handout_takes_it_along(folder):
    said(folder, "-m", "course.marking", "handout", "out")
    assert (folder / "out" / "exercises" / "even_rows.py").read_text(encoding="utf-8") == EXAMPLE


WITH_EPS = EXAMPLE.replace("1e-5)", "EPS)").replace("import numpy", "EPS = 1e-5\nimport numpy")
WITH_TWO = EXAMPLE.replace("+ bias\n", "+ bias, mean\n")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (EXAMPLE.replace("@ np.sqrt(var + 1e-5)", "@ np.sqrt(variance)"), "must occur once in layer_norm, not 0 times"),
        (EXAMPLE.replace("one_mean: x.mean()", "one_mean: x.mean("), "one_mean is no Python"),
        (EXAMPLE.replace(": (var + 1e-5)", ": np.sqrt(1e-5 + var)"), "no input of layer_norm shows by_variance"),
        (EXAMPLE.replace("x (T, H), gain", "rows (T, H), gain"), "write its arguments, as in x (T, H), b (H,)"),
        (EXAMPLE.replace("bias (H,)", "bias (T,)"), "layer_norm raises ValueError: operands could not be broadcast"),
        (WITH_TWO, "layer_norm gives back 2 results: name them"),
        (WITH_EPS, "takes EPS from its file"),
        (TWICE.replace("2 * x", "once(x)").replace("def", "def once(x): return x\n\n\ndef", 1), "takes once from its"),
        (TWICE.replace(", mistakes=", ', hints="one text", mistakes='), "hints= takes a list of texts"),
        (TWICE.replace(", mistakes=", ", difficulty=4, mistakes="), "difficulty= is 1 (easy), 2 or 3 (hard)"),
        (TWICE.replace(", mistakes=", ', hint=["one"], mistakes='), "an exercise takes no hint="),
        (TWICE.replace('"x (T,)"', '{"3": (3, 4)}'), "the input '3' is no tuple of its arguments (x)"),
        (TWICE.replace('"x (T,)"', "{}"), "twice has no inputs"),
        (TWICE.replace("return 2 * x", "x *= 2").replace("@ 2 * x", "@ 2"), "twice gives nothing back"),
        (TWICE.replace("twice", "softmax"), "there is an exercise softmax already"),
        ("def oops(:", "a_fault.py, line 1: "),
    ],
)
def test_a_file_with_a_fault_is_told_in_one_sentence_and_harms_no_other(folder, text, says):
    (folder / "exercises" / "a_fault.py").write_text(text, encoding="utf-8")
    found = checked(folder, RIGHT)
    assert "layer_norm: correct" in found and says in found and found.count("exercises/a_fault.py") == 1
    asked = said(folder, "-c", 'from course.calls import check; print(check("third_order", abs))')
    assert "There is no exercise 'third_order'" in asked and says in asked


def test_two_results_what_is_changed_texts_and_ids_are_compared_as_such(folder):
    (folder / "exercises" / "several.py").write_text(
        "import numpy as np\nfrom course.lessons.added import exercise\n"
        "def halves(x, n):\n    return x[:n], x[n:]\n"
        "def double(x):\n    x *= 2\n"
        "def first(text, n):\n    return text[:n]\n"
        "def largest(x):\n    return int(x.argmax())\n"
        'exercise(halves, {"two": (np.arange(6.0), 2)}, returns=("left", "right"))\n'
        'exercise(double, "x (T,)", in_place=("x",))\n'
        'exercise(first, {"two": ("banana", 2)})\n'
        'exercise(largest, {"in the middle": (np.array([3.0, 5.0, 4.0]),)})\n',
        encoding="utf-8",
    )
    wrong = "def halves(x, n):\n    return x[:n], x[n + 1 :]\ndef double(x):\n    return 2 * x\n"
    wrong += "def first(text, n):\n    return text[1:n]\ndef largest(x):\n    return x.max()\n"
    found = checked(folder, wrong)
    assert "right is an array of shape (3,), expected: an array of shape (4,)." in found and "double: not yet" in found
    assert "first: not yet" in found and "largest: not yet" in found
    assert "Traceback" not in found
    right = "def halves(x, n):\n    return x[:n], x[n:]\ndef double(x):\n    x[:] = x + x\n"
    right += "def first(text, n):\n    return text[0:n]\ndef largest(x):\n    return x.argmax()\n"
    assert checked(folder, right).count("correct") == 4
