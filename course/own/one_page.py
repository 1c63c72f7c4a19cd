"""The network on one page: rnn_helpers.py with the course's functions replaced by the learner's, as one file."""

import ast
import builtins
import inspect
import shutil
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import rnn_helpers
from course.base.place import own_folder
from course.checker.page import first_line
from course.lessons import OWN, page_of
from course.own.gather import statements
from course.own.kept import own_functions

_TAKEN = {*vars(rnn_helpers), *vars(builtins), *OWN}  # names that already mean something in the file
_THIS_FILE = '''class ThisFile:
    """Takes the place of the module rnn_helpers where a function of yours names it."""

    def __getattr__(self, name):
        return globals()[name]


'''


def one_page():
    """Return the network as the text of one Python file, which needs only NumPy: python my_network.py my.txt

    Where the learner has a right function in the folder, it is used, with the helpers, imports and constants of its
    file. If one of these has a name that means something else in the file, a function encloses them all.
    """
    return "\n".join(pieces())


def pieces():
    """Return one_page() as a list: the lines of the course, and each function of the learner, in one piece, titled."""
    text = inspect.getsource(rnn_helpers).replace("rnn_helpers.py", "my_network.py")
    lines, body = text.split("\n"), ast.parse(text).body
    imports = {ast.unparse(node) for node in body if isinstance(node, (ast.Import, ast.ImportFrom))}
    files, yours, sources = own_functions().texts, {}, {}
    for node in body:
        if getattr(node, "name", "") in files:
            parts = [part for part in statements(_on_this_page(files[node.name])) if _is_needed(part[0], imports)]
            yours[node] = parts
            for source, names in parts:
                for key in names:
                    sources.setdefault(key, set()).add(source)
    page, above = [], 0
    for node, parts in yours.items():
        others = {key for _, names in parts for key in names} - {node.name}
        clashes = any(key in _TAKEN or len(sources[key]) > 1 for key in others)
        section = _section(node.name, [source for source, _ in parts], clashes, "\n".join(page))
        page += [*lines[above : first_line(node) - 1], section]
        above = node.end_lineno
    page += lines[above:]
    names = ", ".join(node.name for node in yours)
    whose = f"Your functions in it: {len(yours)} ({names})." if yours else "The course lends all of its functions."
    page[:1] = ['"""Your network on one page: a character RNN in NumPy alone.', "", *textwrap.wrap(whose, 118)]
    return page


def _section(name, sources, clashes, above):
    """Return the text of a learner's function. clashes: its helpers' names are taken; above: the page so far"""
    title = f"# yours, from {page_of(name).label}\n"
    if clashes:
        inside = "\n\n".join([*sources, f"return {name}"])
        text = f"def make_{name}():\n{textwrap.indent(inside, '    ')}\n\n\n{name} = make_{name}()"
    else:  # what another of the learner's functions also needs is already there
        text = "\n\n\n".join(source for source in sources if f"\n{source}\n" not in above)
    return (_THIS_FILE if "ThisFile()" in text and _THIS_FILE not in above else "") + title + text


def _is_needed(source, imports):
    """True for a new statement that is not a docstring and not code that runs only when its file is run by itself."""
    (node,) = ast.parse(source).body
    is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    is_program = isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)
    return not (is_text or is_program or ast.unparse(node) in {*imports, "pass"})


def _on_this_page(text):
    """Return the text of a file without imports from rnn_helpers or the folder, because it is all here."""
    nodes = [node for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.Import, ast.ImportFrom))]
    lines, homes = [line.encode() for line in text.split("\n")], ("rnn_helpers", own_folder().name)
    for node in sorted(nodes, key=lambda node: (node.lineno, node.col_offset), reverse=True):
        new = []
        for alias in node.names:
            known = alias.asname or alias.name
            if isinstance(node, ast.Import):
                new.append(f"{known} = ThisFile()" if alias.name in homes else ast.unparse(ast.Import([alias])))
            elif known != alias.name:
                call = f"lambda *given, **named: {alias.name}(*given, **named)"  # it may be defined further down
                new.append(f"{known} = {call if alias.name in OWN else alias.name}")
        if isinstance(node, ast.Import) or node.module in homes:
            first, last = lines[node.lineno - 1][: node.col_offset], lines[node.end_lineno - 1][node.end_col_offset :]
            lines[node.lineno - 1 : node.end_lineno] = [first + ("; ".join(new) or "pass").encode() + last]
    return b"\n".join(lines).decode()


def run_alone(path, text):
    """Let the file train for two epochs, with nothing beside it but a text. Return what it prints."""
    if sys.platform == "emscripten":
        return "In the browser a page cannot start a second Python."
    with tempfile.TemporaryDirectory() as empty:
        file = shutil.copy(path, empty)
        (Path(empty) / "my.txt").write_text(text, encoding="utf-8")
        command = [sys.executable, "-X", "utf8", "-I", Path(file).name, "my.txt", "2"]
        done = subprocess.run(command, cwd=empty, capture_output=True, encoding="utf-8", check=False)
        return (done.stdout + done.stderr).rstrip()
