"""Each experiment is listed in experiments/__init__.py, and begins; the benchmarks run to their end with --quick."""

import re
import subprocess
import sys

import pytest
from helpers import ROOT

import experiments

LISTED = re.findall(r"python -m (\S+)", experiments.__doc__)


def start(module, option):
    """Start an experiment as its user does, and return what it printed."""
    command = [sys.executable, "-m", module, option]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=1200)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_all_that_can_be_started_are_listed():
    files = [file for file in (ROOT / "experiments").rglob("*.py") if '"__main__"' in file.read_text(encoding="utf-8")]
    names = [".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__main__") for file in files]
    assert sorted(names) == sorted(LISTED)


@pytest.mark.slow
@pytest.mark.parametrize("module", [module for module in LISTED if "benchmarks" not in module])
def test_each_begins_and_says_what_it_makes(module):
    assert start(module, "--help").startswith("usage: ")


@pytest.mark.slow
@pytest.mark.parametrize("module", [module for module in LISTED if "benchmarks" in module])
def test_a_quick_run_prints_a_table_full_of_numbers(module):
    if module.endswith("peers"):
        pytest.importorskip("jax")
    printed = start(module, "--quick")
    table = re.split(r"^-+(?:  -+)+\n", printed, flags=re.MULTILINE)[1]
    assert re.search(r"\d\.\d\d", table) and not re.search(r"\b(nan|inf)\b", table), printed
