"""Do the tests notice it when the code is wrong? Small changes of the code, one at a time, and the tests of its room.

    python tests/mutants.py                               300 mutants, as many of each part
    python tests/mutants.py --only course/models --number 50 --seed 1

A mutant is the code with one small change inside a function: another operator, a number one larger, a condition turned
around, a statement or an argument left out. It is killed if a test fails, and alive if all tests of its room pass: then
a test is missing, or the change makes no difference. For those stands a reason in mutants_alive.txt.

Nothing is changed in this folder: each job has a copy of it. Endless loops are ended by a limit of processor time, so a
busy computer changes no result. It does not run on Windows. Ctrl-C ends it, and the table is of those that are done.
"""

import argparse
import ast
import contextlib
import functools
import importlib.util
import itertools
import multiprocessing
import os
import queue
import random
import shutil
import signal
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ALIVE = Path(__file__).with_name("mutants_alive.txt")

# Each part: its files, and the folder in tests/ that is its room.
PARTS = {
    "engine": (["rnn_helpers.py", "course/base"], "engine"),
    "models": (["course/models"], "models"),
    "checker": (["course/checker"], "checker"),
    "own": (["course/own"], "own"),
    "marking": (["course/marking"], "marking"),
}
NOT_DRAWN = {"course/models/scale.py"}  # runs in processes of its own, on JAX
NOT_RUN = {"tests/models/test_scale.py"}  # so this has nothing to say of the others

# The tests that tell most of a file, those that kill soonest first; then come the others of its room.
TELLING = {
    "rnn_helpers.py": "engine/runs engine/gradients engine/model engine/wrong_calls engine/optimizers engine/training",
    "course/base/arrays.py": "engine/runs engine/own_model engine/training",
    "course/base/checks.py": "engine/settings engine/wrong_calls engine/model engine/own_model engine/sampling",
    "course/base/fetch.py": "engine/texts",
    "course/base/files.py": "engine/saving engine/texts",
    "course/base/hints.py": "checker/exercises",
    "course/base/own_models.py": "engine/own_model",
    "course/base/place.py": "own/kept",
    "course/base/progress_line.py": "engine/training",
    "course/base/ready.py": "engine/ready",
    "course/base/runs.py": "engine/settings engine/identity engine/saving engine/runs engine/training",
    "course/base/texts.py": "engine/texts",
    "course/base/threads.py": "engine/threads",
    "course/models/counting.py": "models/counting models/judging engine/wrong_calls",
    "course/models/gates.py": "models/gates engine/wrong_calls",
    "course/models/judging.py": "models/judging engine/wrong_calls",
    "course/models/no_loop.py": "models/no_loop engine/wrong_calls",
    "course/checker/catch.py": "checker/kinds",
    "course/checker/choose.py": "checker/choices checker/kinds",
    "course/checker/errors.py": "checker/messages checker/listed_failures",
    "course/checker/exercise.py": "checker/exercises checker/messages",
    "course/checker/guard.py": "checker/guard checker/running",
    "course/checker/judge.py": "checker/listed_failures checker/messages checker/mistakes checker/answers",
    "course/checker/limit.py": "checker/running checker/guard",
    "course/checker/mend.py": "checker/kinds",
    "course/checker/mistakes.py": "checker/mistakes",
    "course/checker/page.py": "checker/exercises checker/running checker/repair",
    "course/checker/trial.py": "checker/messages checker/any_result checker/exercises",
    "course/checker/say": "checker/listed_failures checker/messages checker/listed_failures_training checker/answers",
    "course/checker/slips/depends.py": "checker/depends checker/listed_failures",
    "course/checker/slips": "checker/slips checker/repair checker/listed_failures checker/answers",
    "course/own/__main__.py": "own/one_page",
    "course/own/counts.py": "own/counts",
    "course/own/folder.py": "own/kept own/composition own/processes",
    "course/own/gather.py": "own/needs own/composition own/kept",
    "course/own/kept.py": "own/kept own/needs own/composition own/check_keeps",
    "course/own/loading.py": "own/kept own/composition",
    "course/own/names.py": "own/needs own/kept",
    "course/own/old_file.py": "own/old_file",
    "course/own/one_page.py": "own/one_page",
    "course/own/progress.py": "own/progress own/check_keeps",
    "course/own/stand_ins.py": "own/composition",
    "course/marking": "marking/reading marking/child marking/marks marking/report marking/children",
}


# ---------------------------------------------------------------- the mutants
@dataclass(frozen=True)
class Mutant:
    """One change of a file: the bytes from start to end become others."""

    file: str  # such as course/models/gates.py
    line: int
    start: int
    end: int
    new: bytes
    old_line: str  # the lines that are changed, on one line, and what becomes of them
    new_line: str

    @property
    def key(self):
        return self.file, self.old_line, self.new_line

    def of(self, source):
        """Return the file's bytes with the change."""
        return source[: self.start] + self.new + source[self.end :]

    def __str__(self):
        return f"{self.file}:{self.line}\n    {self.old_line}\n -> {self.new_line}"


OTHER = {
    **{ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "/"), ast.Div: ("/", "*")},
    **{ast.FloorDiv: ("//", "*"), ast.Mod: ("%", "//"), ast.Pow: ("**", "*")},
    **{ast.BitOr: ("|", "&"), ast.BitAnd: ("&", "|")},
    **{ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">")},
    **{ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is")},
    **{ast.In: ("in", "not in"), ast.NotIn: ("not in", "in"), ast.And: ("and", "or"), ast.Or: ("or", "and")},
}
ANY_ORDER = {"max", "min", "maximum", "minimum", "logaddexp"}  # functions to which the order of arguments is the same
TALK = {"print", "warn", "_write"}  # what these are called with is a message


class Mutations(ast.NodeVisitor):
    """Finds all mutants of a file: in .found, as (line, start, end, new bytes)."""

    def __init__(self, source):
        self.source, self.found, self.inside = source, [], False
        self.line_starts = [0]
        for line in source.splitlines(keepends=True):
            self.line_starts.append(self.line_starts[-1] + len(line))
        self.visit(ast.parse(source))

    def start(self, node):
        return self.line_starts[node.lineno - 1] + node.col_offset

    def end(self, node):
        return self.line_starts[node.end_lineno - 1] + node.end_col_offset

    def text(self, node):
        return self.source[self.start(node) : self.end(node)]

    def put(self, node, start, end, new):
        if self.inside:
            self.found.append((node.lineno, start, end, new))

    def between(self, node, left, right, operator):
        """Put another operator between two parts of an expression."""
        old, new = OTHER.get(type(operator), ("", ""))
        gap = self.source[self.end(left) : self.start(right)]
        if old and b"#" not in gap and old.encode() in gap:
            place = self.end(left) + gap.index(old.encode())
            self.put(node, place, place + len(old), new.encode())

    def visit_FunctionDef(self, node):
        was, self.inside = self.inside, True
        for default in [*node.args.defaults, *filter(None, node.args.kw_defaults)]:
            self.visit(default)
        for statement in node.body:
            self.visit(statement)
        self.inside = was

    def visit_If(self, node):
        if ast.unparse(node.test) == "__name__ == '__main__'":
            return
        self.turned_around(node)

    def turned_around(self, node):
        start, end = self.start(node.test), self.end(node.test)
        self.put(node, start, end, b"not (" + self.source[start:end] + b")")
        self.generic_visit(node)

    visit_IfExp = visit_While = turned_around

    def visit_Raise(self, node):
        self.put(node, self.start(node), self.end(node), b"pass")  # what it says is a message

    def visit_JoinedStr(self, node):
        """Texts are messages."""

    def visit_AnnAssign(self, node):
        if node.value is not None:
            self.visit(node.value)

    def visit_Expr(self, node):
        if not isinstance(node.value, (ast.Constant, ast.Yield, ast.YieldFrom)):
            self.put(node, self.start(node), self.end(node), b"pass")
        self.generic_visit(node)

    def visit_Assign(self, node):
        if not any(
            isinstance(part, ast.Name) for target in node.targets for part in [target, *getattr(target, "elts", [])]
        ):
            self.put(node, self.start(node), self.end(node), b"pass")
        self.generic_visit(node)

    def visit_AugAssign(self, node):
        self.put(node, self.start(node), self.end(node), b"pass")
        self.between(node, node.target, node.value, node.op)
        self.generic_visit(node)

    def visit_Break(self, node):
        self.put(node, self.start(node), self.end(node), b"pass")

    visit_Continue = visit_Break

    def visit_BinOp(self, node):
        is_text = [
            isinstance(part, (ast.JoinedStr, ast.Constant)) and not self.is_number(part)
            for part in (node.left, node.right)
        ]
        if not any(is_text):
            self.between(node, node.left, node.right, node.op)
        self.generic_visit(node)

    def is_number(self, node):
        return isinstance(node, ast.Constant) and isinstance(node.value, (int, float))

    def visit_Compare(self, node):
        for left, right, operator in zip([node.left, *node.comparators], node.comparators, node.ops):
            self.between(node, left, right, operator)
        self.generic_visit(node)

    def visit_BoolOp(self, node):
        for left, right in zip(node.values, node.values[1:]):
            self.between(node, left, right, node.op)
        self.generic_visit(node)

    def visit_UnaryOp(self, node):
        if isinstance(node.op, (ast.Not, ast.USub, ast.Invert)):
            self.put(node, self.start(node), self.start(node.operand), b"")
        self.generic_visit(node)

    def visit_Constant(self, node):
        if isinstance(node.value, bool):
            self.put(node, self.start(node), self.end(node), str(not node.value).encode())
        elif isinstance(node.value, (int, float)):
            self.put(node, self.start(node), self.end(node), repr(node.value + 1).encode())

    def visit_Call(self, node):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if name in TALK or name.endswith(("Error", "Exception")):
            return
        arguments = sorted([*node.args, *node.keywords], key=self.start)
        for before, argument in zip([None, *arguments], arguments):
            if isinstance(argument, ast.keyword):
                start = self.start(argument) if before is None else self.end(before)
                self.put(argument, start, self.end(argument), b"")
        if (
            len(node.args) >= 2
            and name not in ANY_ORDER
            and not any(isinstance(one, ast.Starred) for one in node.args[:2])
        ):
            one, other = node.args[:2]
            gap = self.source[self.end(one) : self.start(other)]
            self.put(node, self.start(one), self.end(other), self.text(other) + gap + self.text(one))
        self.generic_visit(node)


def mutants_of(file, source):
    """Return all mutants of a file, and some that are no Python. source: its bytes."""
    found = []
    for line, start, end, new in Mutations(source).found:
        first = source.rfind(b"\n", 0, start) + 1
        last = len(source) if source.find(b"\n", end) < 0 else source.find(b"\n", end)
        lines = source[first:last], source[first:start] + new + source[end:last]
        old_line, new_line = [" ".join(text.decode().split()) for text in lines]
        found.append(Mutant(file, line, start, end, new, old_line, new_line))
    return found


def is_python(mutant):
    """Return whether a mutant can be compiled, and is other code than before."""
    source = (ROOT / mutant.file).read_bytes()
    with contextlib.suppress(SyntaxError):
        return ast.dump(ast.parse(mutant.of(source))) != ast.dump(ast.parse(source))
    return False


def files_in(place):
    """Return the names of all Python files in a folder of the course, or the name of the file itself."""
    paths = [ROOT / place] if place.endswith(".py") else (ROOT / place).rglob("*.py")
    return sorted(path.relative_to(ROOT).as_posix() for path in paths)


def draw(number, seed, only):
    """Return {part: mutants}, in an order that the seed decides: the first few are the same for a larger number."""
    drawn = {}
    for part, (places, _) in PARTS.items():
        names = [name for place in places for name in files_in(place) if name not in NOT_DRAWN]
        names = [name for name in names if only == part or name.startswith(only)]
        mutants = [mutant for name in names for mutant in mutants_of(name, (ROOT / name).read_bytes())]
        if mutants:
            random.Random(f"{seed} {part}").shuffle(mutants)
            drawn[part] = mutants
    each = -(-number // len(drawn)) if drawn else 0
    return {part: list(itertools.islice(filter(is_python, mutants), each)) for part, mutants in drawn.items()}


# ---------------------------------------------------------------- those that are let live
def read_alive(text):
    """Return {(file, old line, new line): reason}."""
    reasons = {}
    for block in text.split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if lines:
            file, old, new, *reason = lines
            assert old.startswith("- ") and new.startswith("+ ") and reason, block
            reasons[file, old[2:], new[2:]] = " ".join(reason)
    return reasons


def no_longer_there(reasons):
    """Return the entries whose line stands no more in its file."""
    gone = []
    for file, old, _ in reasons:
        source = (ROOT / file).read_text(encoding="utf-8") if (ROOT / file).exists() else ""
        if old not in " ".join(source.split()):
            gone.append(f"{file}\n    {old}")
    return gone


# ---------------------------------------------------------------- the tests
def tests_of(file):
    """Return two lists of test files: those that tell most of a file, and the others of its room."""
    place = max((place for place in TELLING if file.startswith(place)), key=len, default="")
    names = [name.split("/") for name in TELLING.get(place, "").split()]
    telling = [f"tests/{folder}/test_{name}.py" for folder, name in names]
    (room,) = [room for places, room in PARTS.values() if file.startswith(tuple(places))]
    paths = sorted((ROOT / "tests" / room).glob("test_*.py"))
    others = [path.relative_to(ROOT).as_posix() for path in paths]
    return telling, [name for name in others if name not in telling and name not in NOT_RUN]


@functools.cache
def runs_of(file):
    """Return the runs of pytest that judge a mutant of a file, each as (test files, marker)."""
    telling, others = tests_of(file)
    runs = [(telling, "not slow"), (others, "not slow"), (telling, "slow"), (others, "slow")]
    return [(files, marker) for files, marker in runs if files]


def run_pytest(tree, files, marker, seconds, output, taken):
    """Run tests in a process of its own, which this is. seconds: of the processor, the limit."""
    import resource  # which Windows does not have

    os.setsid()  # what the tests start is ended with them
    with open(output, "wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, hard))
    os.chdir(tree)
    sys.path[:] = [place for place in sys.path if not Path(place or ".").resolve().is_relative_to(ROOT)]
    # One test that waits for ever is ended, too: after ten minutes by the clock, many times what the longest takes.
    options = ["-x", "-q", "-n", "0", "-p", "no:cacheprovider", "-o", "faulthandler_timeout=600", "-m", marker]
    code = pytest.main([*options, *files])
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    taken.value = sum(one.ru_utime + one.ru_stime for one in used)
    sys.exit(int(code))


class Tree:
    """A copy of the course, in which one file at a time is changed."""

    def __init__(self, folder, context):
        self.root, self.output, self.context = folder / "course", folder / "output", context
        leave_out = shutil.ignore_patterns(".git", "__pycache__", ".*_cache", "_site", ".venv")
        shutil.copytree(ROOT, self.root, ignore=leave_out, symlinks=True)

    def run(self, files, marker, seconds):
        """Return (pytest's exit code, seconds of the processor). A negative code is a signal."""
        taken = self.context.Value("d", 0.0)
        arguments = (self.root, files, marker, seconds, self.output, taken)
        process = self.context.Process(target=run_pytest, args=arguments)
        process.start()
        process.join(3600)
        with contextlib.suppress(ProcessLookupError):  # the usual case: nothing runs on
            os.killpg(process.pid, signal.SIGKILL)
        process.join()
        return process.exitcode, taken.value

    def write(self, file, source):
        path = self.root / file
        path.write_bytes(source)
        Path(importlib.util.cache_from_source(path)).unlink(missing_ok=True)  # it may look as new as the file

    def is_killed(self, mutant, taken):
        """Run all tests of a mutant's room until one fails. taken: as times_of returns it"""
        whole = (self.root / mutant.file).read_bytes()
        self.write(mutant.file, mutant.of(whole))
        try:
            for files, marker in runs_of(mutant.file):
                files = [file for file in files if (file, marker) in taken]
                limit = int(3 * sum(taken[file, marker] for file in files) + 20)
                if files and self.run(files, marker, limit)[0] != pytest.ExitCode.OK:
                    return True
            return False
        finally:
            self.write(mutant.file, whole)


def times_of(tree, files, markers):
    """Run the tests of some files of the course as it is. Return {(test file, marker): seconds of the processor} of all
    that have any. markers: of the runs that are wanted, such as ["not slow"]"""
    times = {}
    runs = [(tests, marker) for file in files for tests, marker in runs_of(file) if marker in markers]
    for test, marker in sorted({(test, marker) for tests, marker in runs for test in tests}):
        code, seconds = tree.run([test], marker, 3600)
        if code == pytest.ExitCode.OK:
            times[test, marker] = seconds
        elif code != pytest.ExitCode.NO_TESTS_COLLECTED:
            print(tree.output.read_text(errors="replace")[-3000:])
            raise SystemExit(f"{test} fails without any mutant: mend that first.")
    return times


# ---------------------------------------------------------------- the command
def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--number", type=int, default=300, help="how many mutants in all; as many of each part")
    parser.add_argument("--seed", type=int, default=0, help="decides which are drawn")
    parser.add_argument(
        "--only", default="", metavar="PLACE", help="engine, or a folder or file, such as course/models"
    )
    parser.add_argument("--skip", type=int, default=0, help="leave out the first so many of each part: to go on")
    parser.add_argument("--quick", action="store_true", help="leave out the tests that are marked slow")
    parser.add_argument("--jobs", type=int, default=1, help="how many at the same time")
    options = parser.parse_args()
    drawn = draw(options.number, options.seed, options.only)
    if not drawn:
        parser.error(
            f"There is nothing to change in {options.only!r}: give engine, or a folder or file such as course/models."
        )
    reasons = read_alive(ALIVE.read_text(encoding="utf-8"))
    for entry in no_longer_there(reasons):
        print(f"{ALIVE.name} has an entry that no longer applies: {entry}")

    # One of each part in turn, so that whoever stops it has some of each.
    longest = max(map(len, drawn.values()))
    order = [(part, drawn[part][k]) for k in range(options.skip, longest) for part in drawn if k < len(drawn[part])]
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pytest", "nbval.plugin", "nbformat", "hypothesis", "xdist"])  # takes long
    counts = {part: {"killed": 0, "alive": 0, "with a reason": 0} for part in drawn}
    with tempfile.TemporaryDirectory(prefix="mutants_") as folder:
        trees = queue.SimpleQueue()
        for job in range(options.jobs):
            trees.put(Tree(Path(folder) / str(job), context))
        tree = trees.get()
        files = sorted({mutant.file for _, mutant in order if mutant.key not in reasons})
        print(f"The tests without a mutant, then {len(order)} mutants (k: killed, w: with a reason):", flush=True)
        taken = times_of(tree, files, ["not slow"] if options.quick else ["not slow", "slow"])
        trees.put(tree)

        def judge(part, mutant):
            if mutant.key in reasons:
                return part, mutant, "with a reason"
            tree = trees.get()
            try:
                return part, mutant, "killed" if tree.is_killed(mutant, taken) else "alive"
            finally:
                trees.put(tree)

        pool = ThreadPoolExecutor(options.jobs)
        try:
            for part, mutant, verdict in pool.map(judge, *zip(*order)):
                counts[part][verdict] += 1
                print(f"\nalive: {mutant}" if verdict == "alive" else verdict[0], end="", flush=True)
        except KeyboardInterrupt:
            print("interrupted")
        finally:
            pool.shutdown(cancel_futures=True)
    print(f"\n\n{'part':10}{'killed':>10}{'alive':>10}{'alive with a reason':>22}")
    for part, row in counts.items():
        print(f"{part:10}{row['killed']:10}{row['alive']:10}{row['with a reason']:22}")


if __name__ == "__main__":
    main()
