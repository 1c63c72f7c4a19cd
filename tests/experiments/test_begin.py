"""The commands behind the times in data/README.md still run."""

import re
import subprocess
import sys

import pytest
from helpers import ROOT

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("script", ["league", "peers", "small_to_engine", "time_to_loss"])
def test_a_quick_run_prints_a_table_full_of_numbers(script):
    if script == "peers":
        pytest.importorskip("jax")
    command = [sys.executable, "-m", f"experiments.benchmarks.{script}", "--quick"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1200)
    assert done.returncode == 0, done.stderr
    table = re.split(r"^-+(?:  -+)+\n", done.stdout, flags=re.MULTILINE)[1]
    assert re.search(r"\d\.\d\d", table) and not re.search(r"\b(nan|inf)\b", table), done.stdout
