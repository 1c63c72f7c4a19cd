"""The commands behind the times in data/README.md still run, and time only contestants with the same losses."""

import re
import subprocess
import sys

import pytest
from helpers import ROOT

pytestmark = pytest.mark.slow


def python(*arguments):
    folder = ROOT / "tests" / "benchmarks"
    return subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, timeout=1200)


@pytest.mark.parametrize("script", ["league", "peers", "small_to_engine", "time_to_loss"])
def test_a_quick_run_prints_a_table_full_of_numbers(script):
    if script == "peers":
        pytest.importorskip("jax")
    done = python(f"{script}.py", "--quick")
    assert done.returncode == 0, done.stderr
    table = re.split(r"^-+(?:  -+)+\n", done.stdout, flags=re.MULTILINE)[1]
    assert re.search(r"\d\.\d\d", table) and not re.search(r"\b(nan|inf)\b", table), done.stdout


def test_a_contestant_that_computes_something_else_is_not_timed():
    program = """
import common
def hasty(parameters, learning_rate):
    return common.with_course(parameters, 1.001 * learning_rate)
text = common.make_sequences(common.make_text(101, 8).ids, 5)
common.prove_equal({"first": common.with_course, "hasty": hasty}, *text, common.initial(8, 8), 0.01)
"""
    done = python("-c", program)
    assert done.returncode == 1
    assert done.stderr.startswith("hasty computes other losses (relative difference ")
