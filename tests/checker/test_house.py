"""The checker imports no lesson, no finished function and nothing of the learner's. It is given what it needs."""

import ast

from helpers import ROOT

FOLDER = ROOT / "course" / "checker"
MAY_KNOW = ("course.checker", "course.base")


def imported_in(file):
    """Yield the names of the modules that a file imports anywhere."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{file.name} imports by dots: write the whole name of the module."
            for alias in node.names:
                yield node.module if node.module != "course" else f"course.{alias.name}"


def test_no_file_of_the_checker_imports_a_part_of_the_course_but_the_checker():
    found = {(file.name, module) for file in FOLDER.rglob("*.py") for module in imported_in(file)}
    of_the_course = {(file, module) for file, module in found if module.partition(".")[0] in ("course", "rnn_helpers")}
    wrong = [one for one in of_the_course if not f"{one[1]}.".startswith(tuple(f"{known}." for known in MAY_KNOW))]
    assert of_the_course and not wrong, f"The checker is handed what it needs (Course, Bank): {wrong}"
