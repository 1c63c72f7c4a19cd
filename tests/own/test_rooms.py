"""The rooms of the course are its folders and modules. None is imported by what it imports itself, however far down."""

import ast
import graphlib

from helpers import ROOT

COURSE = ROOT / "course"


def imported_by(file):
    """Yield the rooms that a file imports from anywhere in its code."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        names = [f"{node.module}.{alias.name}" for alias in node.names] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        yield from (name.split(".")[1] for name in names if name.startswith("course."))


def test_no_room_is_imported_by_what_it_imports():
    below = {}
    for file in COURSE.rglob("*.py"):
        room = file.relative_to(COURSE).with_suffix("").parts[0]
        below.setdefault(room, set()).update({*imported_by(file)} - {room})
    assert below["show"] >= {"base", "own"}  # it looks at folders as a whole
    try:
        graphlib.TopologicalSorter(below).prepare()
    except graphlib.CycleError as error:
        raise AssertionError("These rooms import each other in a circle: " + " -> ".join(error.args[1])) from None
