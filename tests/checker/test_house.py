"""The checker imports no lesson, no finished function and nothing of the learner's. It is given what it needs."""

import ast
import subprocess
import sys

import pytest
from helpers import ROOT

FOLDER = ROOT / "course" / "checker"
FILES = sorted(FOLDER.rglob("*.py"))
MAY_KNOW = ("course.checker", "course.base")


def of_the_course(module):
    return module == "rnn_helpers" or module.partition(".")[0] == "course"


def may_be_known(module):
    return any(f"{module}.".startswith(f"{known}.") for known in MAY_KNOW)


def imported_in(file):
    """Yield the names of the modules that a file imports anywhere."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file.name} imports by dots: write the whole name of the module."
            for alias in node.names:
                yield node.module if node.module != "course" else f"course.{alias.name}"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.relative_to(FOLDER).as_posix())
def test_a_file_of_the_checker_imports_no_part_of_the_course_but_the_checker(file):
    wrong = [module for module in imported_in(file) if of_the_course(module) and not may_be_known(module)]
    assert not wrong, f"The checker is handed what it needs (Course, Bank): {wrong}"


@pytest.mark.slow
def test_a_fresh_python_that_loads_all_of_the_checker_loads_no_lesson_and_no_finished_function():
    modules = [".".join(file.relative_to(ROOT).with_suffix("").parts) for file in FILES]
    modules = [module.removesuffix(".__init__") for module in modules]
    code = f"import importlib, sys\nfor name in {modules}: importlib.import_module(name)\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = [module for module in done.stdout.split() if of_the_course(module)]
    wrong = [module for module in loaded if module != "course" and not may_be_known(module)]
    assert len(loaded) >= len(modules) and not wrong
