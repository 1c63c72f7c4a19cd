"""The checker imports no lesson and nothing of the learner's, and finished functions in course.py alone."""

import ast

from helpers import ROOT

FOLDER = ROOT / "course" / "checker"
MAY_KNOW = ("course.checker", "course.base")
FINISHED = ("rnn_helpers", "course.engine", "course.models")


def imported_in(file):
    """Yield the names of the modules that a file imports anywhere."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file.name} imports by dots: write the whole name of the module."
            for alias in node.names:
                yield node.module if node.module != "course" else f"course.{alias.name}"


def test_the_checker_imports_finished_functions_in_one_file_and_no_lesson():
    found = {(file.name, module) for file in FOLDER.rglob("*.py") for module in imported_in(file)}
    of_the_course = {(file, module) for file, module in found if module.partition(".")[0] in ("course", "rnn_helpers")}
    for file, module in of_the_course:
        known = MAY_KNOW + FINISHED * (file == "course.py")
        assert f"{module}.".startswith(tuple(f"{one}." for one in known)), f"{file} imports {module}"
    assert ("course.py", "rnn_helpers") in of_the_course
