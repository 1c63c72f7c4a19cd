"""Runs what a learner types into the cells of a page, also in another Python."""

import linecache
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

from course.base.place import own_folder
from course.lessons import EXERCISES
from course.own import kept

ROOT = Path(__file__).resolve().parent.parent
numbers = iter(range(10**9))


def page(code, names=None):
    """Run a cell of a page, and return the names of the page."""
    names = {"__name__": "__main__"} if names is None else names
    code, file = textwrap.dedent(code), f"<cell {next(numbers)}>"
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
    exec(compile(code, file, "exec"), names)
    return names


def keep(name, code, names=None):
    """Run a cell, and keep the function that it defines for this exercise."""
    names = page(code, names)
    return kept.keep(EXERCISES[name], names[name])


def file_of(name):
    """Return the text of the file of one of the learner's functions."""
    return (own_folder() / f"{name}.py").read_text(encoding="utf-8")


def copy_of_course(folder):
    """Make a copy of the course in a folder."""
    ignored = shutil.ignore_patterns("__pycache__", "my_rnn*", "*.txt", "*.npz")
    for part in ("course", "data"):
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    (folder / "notebooks").mkdir()
    shutil.copy(ROOT / "rnn_helpers.py", folder)
    return folder


def python(course, code, cwd):
    """Run code in a new Python, without MY_RNN, and return its output."""
    surroundings = {key: value for key, value in os.environ.items() if key not in ("MY_RNN", "PYTHONPATH")}
    surroundings |= {"HOME": str(course.parent), "USERPROFILE": str(course.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    run = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], cwd=cwd, env=surroundings, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stderr
    return run.stdout


ONE_HOT = """
    import numpy as np

    def one_hot(ids, vocab_size):
        return np.eye(vocab_size)[ids]
    """
SOFTMAX = """
    import numpy as np

    def shifted(z):
        return z - z.max(axis=-1, keepdims=True)

    def softmax(logits):
        exps = np.exp(shifted(logits))  # as on the page
        return exps / exps.sum(axis=-1, keepdims=True)
    """
GRADIENT = """
    from rnn_helpers import softmax

    def softmax_gradient(logits, targets):
        slopes = softmax(logits)
        for t, target in enumerate(targets):
            slopes[t, target] -= 1
        return slopes
    """
LOOP = """
    def linear_loop(f, b, h_prev):
        h = 0.0 * b
        for t in range(len(b)):
            h_prev = h[t] = f[t] * h_prev + b[t]
        return h
    """
CROSS_ENTROPY = """
    import math

    def cross_entropy(probs, targets):
        return -sum(math.log(row[target]) for row, target in zip(probs, targets))
    """
TANH = "def tanh_backward(dh, h):\n    return dh * (1 - h**2)\n"
HIDDEN = """
    import numpy as np

    def hidden_gradients(dh_from_output, hidden, parameters):
        da, later = np.zeros_like(dh_from_output), 0
        for t in reversed(range(len(da))):
            da[t] = tanh_backward(dh_from_output[t] + later, hidden[t + 1])
            later = parameters.W_hh.T @ da[t]
        return da
    """
START = """
    import sys
    sys.path[:0] = [".."]
    from course.lessons import EXERCISES
    from course.own.kept import keep, own_functions
    """
