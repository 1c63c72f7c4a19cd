"""The benchmarks run: each says what it answers, and a quick run prints whole tables. No test looks at a time."""

import functools
import re
import subprocess
import sys

import pytest
from helpers import ROOT

pytestmark = pytest.mark.slow

FOLDER = ROOT / "tests" / "benchmarks"
SCRIPTS = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem != "common")


def python(*arguments, folder=FOLDER):
    return subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True, timeout=1200)


@pytest.fixture(scope="module")
def quick_run(tmp_path_factory):
    """A function that runs a script quickly, once, from another folder, and returns what it printed and drew."""
    folder = tmp_path_factory.mktemp("pictures")

    @functools.cache
    def run(benchmark):
        script, *options = benchmark.split()
        picture = folder / f"{benchmark}.png"
        options += ["--picture", str(picture)] * (script not in ("league", "no_loop", "threads"))
        done = python(str(FOLDER / f"{script}.py"), "--quick", *options, folder=folder)
        assert done.returncode == 0, done.stderr
        return done.stdout, picture

    return run


def tables_of(output):
    """A list of the tables in the output, each a dict: name of the row -> its other cells, as many as column titles."""
    tables = []
    for block in output.split("\n\n"):
        lines = block.rstrip().splitlines()
        dashes = [k for k, line in enumerate(lines) if re.fullmatch(r"-+(  -+)+", line)]
        if dashes:
            rows = [re.split(r" {2,}", line) for line in lines[dashes[0] + 1 :]]
            assert {len(row) for row in rows} == {len(lines[dashes[0]].split())}, block
            tables.append({name: cells for name, *cells in rows})
            assert len(tables[-1]) == len(rows), "two rows have one name"
    return tables


def numbers_of(cell):
    return [float(number.replace(",", "")) for number in re.findall(r"[\d,]+(?:\.\d+)?|nan|inf", cell)]


def test_there_are_benchmarks():
    assert SCRIPTS == ["in_browser", "league", "no_loop", "peers", "speed", "threads", "time_to_loss"]


@pytest.mark.parametrize("script", SCRIPTS)
def test_help_begins_with_the_question_that_the_script_answers(script):
    done = python(f"{script}.py", "--help")
    assert done.returncode == 0, done.stderr
    usage, question = done.stdout.split("\n\n")[:2]
    assert usage.startswith("usage:") and "--quick" in usage
    assert question.endswith("?")


@pytest.mark.parametrize(
    "benchmark, tables",
    [
        ("league", 1),
        ("speed", 4),
        ("peers", 1),
        ("peers --scaling", 2),
        ("time_to_loss", 1),
        ("threads --old-threads", 1),
        ("no_loop", 1),
    ],
)
def test_a_quick_run_prints_tables_full_of_numbers(quick_run, benchmark, tables):
    found = tables_of(quick_run(benchmark)[0])
    assert len(found) == tables
    for table in found:
        numbers = [number for cells in table.values() for cell in cells for number in numbers_of(cell)]
        assert all(0 <= number < float("inf") for number in numbers)  # a short time may be rounded to 0.00
        assert sum(number > 0 for number in numbers) > len(numbers) / 2


@pytest.mark.parametrize("script", ["speed", "peers"])
def test_each_contestant_is_compared_with_the_2019_style_and_with_rnn_helpers(quick_run, script):
    table = tables_of(quick_run(script)[0])[0]
    assert list(table)[:2] == ["2019 style", "rnn_helpers"]
    assert table["2019 style"][1] == table["rnn_helpers"][2] == "1.00 (1.00-1.00)"


@pytest.mark.parametrize("peer", ["PyTorch", "JAX", "JAX, 20 sequences a call", "C"])
def test_a_peer_runs_or_is_left_out_with_a_reason(quick_run, peer):
    output, _ = quick_run("peers")
    if missing := re.search(rf"^{re.escape(peer)} is left out: (.+)\.$", output, re.MULTILINE):
        pytest.skip(missing[1])
    assert peer in tables_of(output)[0]
    assert (f"{peer} / rnn_helpers" in quick_run("peers --scaling")[0]) == (peer in ("PyTorch", "JAX"))


def test_the_recipes_read_what_they_need_and_all_seeds_arrive(quick_run):
    (table,) = tables_of(quick_run("time_to_loss")[0])
    plain, ours, *recipes = table.values()
    assert len(recipes) == 6 and list(table)[-1] == '+ optimizer="muon"'
    assert plain[1] == ours[1]  # characters read: the same settings, the same losses
    assert {cells[0] for cells in [ours, *recipes]} == {"2 of 2"}
    assert "1.00 (1.00-1.00)" in [cells[4] for cells in recipes]  # the best recipe with Adam, beside itself


@pytest.mark.parametrize("benchmark", ["speed", "peers --scaling", "time_to_loss"])
def test_a_picture_is_written(quick_run, benchmark):
    _, picture = quick_run(benchmark)
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_recipe_that_does_not_arrive_with_every_seed_gets_no_numbers():
    program = """
import time_to_loss as t
characters = t.np.full((2, len(t.RECIPES)), 50.0)
seconds = characters / 10
seconds[1, -1] = t.math.nan
print([name for name, value in t.show("title", characters, seconds, 2 * seconds[:, :1] + 0 * characters)])
"""
    output = python("-c", program).stdout
    (table,) = tables_of("\n\n".join(output.rsplit("\n", 2)[:2]))
    assert table['+ optimizer="muon"'] == ["1 of 2", "-", "-", "-", "-"]
    assert table['+ dtype="float32"'] == ["2 of 2", "50", "5.00 (5.00-5.00)", "2.0 (2.0-2.0)", "1.00 (1.00-1.00)"]
    assert "muon" not in output.splitlines()[-1] and "float32" in output.splitlines()[-1]


def test_a_contestant_that_computes_something_else_is_not_timed():
    program = """
import common
def hasty(parameters, learning_rate):
    return common.with_rnn_helpers(parameters, 1.001 * learning_rate)
text = common.make_sequences(common.make_text(101, 8).ids, 5)
common.prove_equal({"first": common.with_rnn_helpers, "hasty": hasty}, *text, common.initial(8, 8), 0.01)
"""
    done = python("-c", program)
    assert done.returncode == 1
    assert done.stderr.startswith("hasty computes other losses (relative difference ")


def test_the_process_that_is_timed_chooses_its_threads_as_a_page_does():
    program = "import os, threads; print(threads.UNTOUCHED == {k: os.environ[k] for k in threads.UNTOUCHED}); "
    program += "print([name for name in os.environ if name not in threads.UNTOUCHED])"
    equal, left_out = python("-c", program).stdout.splitlines()
    assert equal == "True"
    assert {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"} <= set(re.findall(r"\w+", left_out))
    assert all(name.endswith("_THREADS") for name in re.findall(r"\w+", left_out))
    learner = (FOLDER / "threads.py").read_text(encoding="utf-8")
    assert 0 < learner.index("\nimport numpy as np\n") < learner.index("\nimport rnn_helpers as rnn\n")
