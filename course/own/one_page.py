"""The network on one page: the learner's functions as one file that runs."""

import ast
import builtins
import re
import sys
import textwrap

from course.base.place import own_folder
from course.checker.course import COURSE
from course.lessons import OWN, page_of
from course.lessons.contents import FIRST_ROUND
from course.own import folder
from course.own.names import imported, top_level

_RUN = '''

def train_and_write(epochs=40):
    """Train on the Sonnets as in 2019, and write after each epoch."""
    corpus = load_corpus("sonnets")
    parameters = initialize_parameters(75, corpus.vocab_size, np.random.default_rng(0))
    smoothed = None
    for epoch in range(1, epochs + 1):
        smoothed = train_epoch(corpus.ids, parameters, 50, 0.001, smoothed)[-1]
        ids = sample_ids(parameters, np.zeros(75), corpus.chars.index("\\n"), 60, np.random.default_rng(epoch))
        print(f"epoch {epoch}, smoothed loss {smoothed:.2f}: {corpus.decode(ids)!r}")


if __name__ == "__main__":
    train_and_write(*map(int, sys.argv[1:]))
'''


def one_page():
    """Return the network as one Python file: the functions of the first round, those of the learner as they stand in
    the folder, and for what is not done the course's. Saved into the course's folder, it trains and writes by itself.
    """
    page = _Page()
    for name in folder.callees_first(FIRST_ROUND):
        page.add(name)
    mine = [name for name in folder.yours() if name in FIRST_ROUND and not folder.fault_in(folder.read(name))]
    body = "".join(page.sections) + _RUN
    head = _import_lines(page.head)
    count = 1 + head.count("\n") + body.count("\n") + 1
    about = f'"""Your network on one page: {count} lines. {len(mine)} of {len(FIRST_ROUND)} functions are yours."""\n'
    return f"{about}\n{head}{body}"


def _import_lines(head):
    """Return the lines of the imports, {name: (module, name in it or "")}, those from one module in one."""
    lines = [f"import {module}" + f" as {name}" * (name != module) for name, (module, part) in head.items() if not part]
    for module in sorted({module for module, part in head.values() if part}):
        parts = [
            part + f" as {name}" * (name != part) for name, (home, part) in head.items() if part and home == module
        ]
        line = f"from {module} import {', '.join(sorted(parts))}"
        if len(line) > 88:
            line = f"from {module} import (\n" + "".join(f"    {part},\n" for part in sorted(parts)) + ")"
        lines.append(line)
    return "\n".join(sorted(lines, key=lambda line: (line.startswith("from"), line))) + "\n"


class _Page:
    """The file so far: the imports of its head, as (module, name in it or ""), and a section for each function."""

    def __init__(self):
        self.head = {
            "sys": ("sys", ""),
            "np": ("numpy", ""),
            "load_corpus": ("rnn_helpers", "load_corpus"),
            "initialize_parameters": ("rnn_helpers", "initialize_parameters"),
        }
        self.sections, self.taken = [], {"train_and_write": _RUN}

    def add(self, name):
        text = folder.read(name)
        if folder.fault_in(text):
            text = folder.stand_in_text(name)
        if not folder.reaches_yours(name):
            self.head[name] = (COURSE.home_of(name) or sys.modules[OWN[name].function.__module__]).__name__, name
            return
        imports, seconds = {}, {}
        for known, (module, attribute) in imported(text).items():
            if taught := folder.taught_name(module):
                if known != taught:
                    seconds[known] = f"{known} = {taught}"
            else:
                imports[known] = (module, attribute)
        rest = _without_imports(text)
        pieces = top_level(rest)
        title = f"\n\n# ---------------- {page_of(name).label}: {name}\n"
        if self._fits(name, imports, seconds, pieces):
            for source in [source for key, source in pieces.items() if self.taken.get(key) == source]:
                rest = rest.replace(source, "", 1)  # it stands further up already
            body = "\n".join([*seconds.values(), re.sub(r"\n{4,}", "\n\n\n", rest.strip("\n"))]) + "\n"
        else:
            inside = "\n".join([_import_lines(imports), *seconds.values(), "", rest.strip("\n"), "", f"return {name}"])
            body = f"def make_{name}():\n{textwrap.indent(inside, '    ')}\n\n\n{name} = make_{name}()\n"
            imports, pieces, seconds = {}, {name: body}, {}
        self.sections.append(title + body)
        self.head |= imports
        self.taken |= pieces | seconds

    def _fits(self, name, imports, seconds, pieces):
        """True if what a file binds means the same to all others. If not, it gets names of its own, in a function."""
        for key, source in {**imports, **seconds, **pieces}.items():
            if {**self.taken, **self.head}.get(key, source) != source:
                return False
            if hasattr(builtins, key) or (key in FIRST_ROUND and key != name):
                return False
        return True


def _without_imports(text):
    """Return a file without its docstring, its imports outside of all functions, and what runs in it as a program."""
    tree, lines = ast.parse(text), text.split("\n")
    gone = [node for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))]
    gone += [node for node in tree.body if isinstance(node, ast.If) and "__name__" in ast.unparse(node.test)]
    gone += tree.body[:1] if ast.get_docstring(tree) is not None else []
    for node in gone:
        lines[node.lineno - 1 : node.end_lineno] = [None] * (node.end_lineno - node.lineno + 1)
    kept = "\n".join(line for line in lines if line is not None and not line.startswith("# Not yours yet"))
    return kept.strip("\n") + "\n"


def save(path):
    """Write the network on one page to a file."""
    with open(path, "w", encoding="utf-8") as file:
        file.write(one_page())
    return f"Your network stands in {path}. It is made of what {own_folder().name} holds now."
