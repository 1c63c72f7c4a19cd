"""The reference: each public function of the course's modules with its docstring and its code, read from the source."""

import ast
import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
# In the order in which the lessons need them: the small network, the engine, and modules of only one or two pages.
MODULES = (
    "rnn_helpers.py",
    "course/engine/training.py",
    "course/engine/runs.py",
    "course/engine/evaluation.py",
    "course/engine/sampling.py",
    "course/engine/gradients.py",
    "course/engine/model.py",
    "course/engine/optimizers.py",
    "course/models/counting.py",
    "course/models/gates.py",
    "course/models/judging.py",
    "course/models/no_loop.py",
)
SECTION = re.compile(r"^# -{10,} (.+)$", re.MULTILINE)


class Entry(NamedTuple):
    """A public function or class: its name, its line in the module, the line that defines it, docstring and code."""

    name: str
    line: int
    signature: str
    docstring: str
    code: str


def entries(source):
    """Return the public functions and classes of a module's text that have a docstring, in order."""
    found = []
    for node in ast.parse(source).body:
        public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        docstring = ast.get_docstring(node) if public else None
        if docstring:
            code = ast.get_source_segment(source, node)
            head = re.match(r"(?s)(def|class) .*?:(?= *\n)", code)[0].removesuffix(":")
            found.append(Entry(node.name, node.lineno, head, docstring, code))
    return found


def labels():
    """Return dict: name of each entry -> its place in the reference. A name belongs to the first module that has it."""
    found = {}
    for module in MODULES:
        for entry in entries((ROOT / module).read_text(encoding="utf-8")):
            found.setdefault(entry.name, f"{Path(module).stem}-{entry.name.lower()}")
    return found


def fenced(text, language):
    """Return text as a Markdown block that shows it verbatim."""
    fence = "`" * (3 + max(map(len, re.findall("`{3,}", text)), default=0))
    return f"{fence}{language}\n{text}\n{fence}\n"


def write_module(module):
    """Return the reference of one module as Markdown."""
    source = (ROOT / module).read_text(encoding="utf-8")
    name = Path(module).stem
    about = ast.get_docstring(ast.parse(source))
    parts = [f"# {name}\n", fenced(about, "text")]
    sections = [(source.count("\n", 0, match.start()) + 1, match[1]) for match in SECTION.finditer(source)]
    for entry in entries(source):
        passed = [title for line, title in sections if line < entry.line]
        if passed:
            parts.append(f"## {passed[-1][0].upper()}{passed[-1][1:]}\n")
            sections = sections[len(passed) :]
        level = "###" if any(part.startswith("## ") for part in parts) else "##"
        parts.append(f"({name}-{entry.name.lower()})=\n{level} {entry.name}\n")
        parts.append(fenced(entry.signature, "python") + "\n" + fenced(entry.docstring, "text"))
        parts.append(folded(entry))
    return "\n".join(parts)


def folded(entry):
    """Return an entry's code, folded, because the lessons ask their readers to write it."""
    return f"<details><summary>The code of {entry.name}</summary>\n\n{fenced(entry.code, 'python')}\n</details>\n"
