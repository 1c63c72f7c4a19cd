"""The answers in a notebook or a file of Python: the arguments in calls of check, and what they need of the page."""

import ast
import json
import re
from dataclasses import dataclass
from pathlib import PurePath

from course.base.place import OWN
from course.checker.exercise import CHOOSE, REPAIR
from course.checker.page import first_line
from course.checker.spelling import nearest
from course.lessons import EXERCISES, page_of
from course.own.gather import bound_by, names_in, only_defines

MAGIC = re.compile(r"^\s*[%!].*$|^.*\?\s*$", re.MULTILINE)  # lines for Jupyter, not for Python


@dataclass
class HandedIn:
    """An answer that was handed in.

    name        of the exercise
    expression  the argument of check, such as "softmax"
    code        {place: source of the whole cell}
    parts       list of (place, first line, last line) of the code that must run before, in order
    beside      the same of the other functions there, and of the modules: what a message suggests may be among them
    own         the source of only the function, or of the value
    seed        the argument seed of check, which chooses a repair, or ""
    fault       why it cannot run, or "";  line: the line that shows it
    """

    name: str
    expression: str = ""
    code: dict = None
    parts: list = None
    beside: list = ()
    own: str = ""
    seed: str = ""
    fault: str = ""
    line: str = ""
    is_stub: bool = False
    file: str = ""

    @property
    def is_untouched(self):
        """True if it is as the page gives it, or a number: a stub, or the broken function of a repair."""
        exercise = EXERCISES[self.name]
        return self.is_stub or (exercise.kind == REPAIR and not self.fault and exercise.gives(self.own))


def answers_of(files):
    """Return ({exercise: HandedIn}, problems) of files, (shown, path). The first counts, but not an untouched one."""
    answers, problems = {}, []
    for shown, path in files:
        found, faults = read_answers(shown, path)
        problems += faults
        for answer in found:
            known = answers.get(answer.name)
            if known is None or known.is_untouched:
                answers[answer.name] = answer
            elif not answer.is_untouched and known.own.strip() != answer.own.strip() and path.parent.name != OWN:
                problems.append(f"{answer.name} is answered in {known.file} and in {shown}: the first counts.")
    return answers, problems


def read_answers(shown, path):
    """Return (list of HandedIn, list of problems) of a file. Never raises."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        return [], [f"{shown} cannot be read ({type(error).__name__})."]
    if path.suffix.lower() == ".py":
        return _in_module(shown, text, path.parent.name == OWN)
    try:
        cells = json.loads(text)["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (ValueError, TypeError, KeyError, RecursionError):
        return [], [f"{shown} is not a complete notebook: it was cut short, or is something else."]
    return _in_cells(shown, sources), []


def _in_cells(shown, sources):
    code, trees, broken = {}, {}, {}
    for number, source in enumerate(sources, 1):
        place = f"{shown}, cell {number}"
        code[place] = MAGIC.sub(lambda line: re.match(r"\s*", line[0])[0] + "pass", source)
        try:
            tree = ast.parse(code[place])
            names_in(tree)
            ast.unparse(tree)  # what is nested too deeply raises here
            trees[place] = tree
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            line = getattr(error, "lineno", None) or 1
            says = f"The cell cannot run, because it is not valid Python: {getattr(error, 'msg', error)}."
            shown_line = "".join(source.splitlines()[line - 1 : line]).strip()
            broken[place] = f"{says}\nin line {line}: `{shown_line}`", shown_line
    found = _in_calls(shown, code, trees)
    here = {other for name in found for other in page_of(name).exercises}
    for name in [node.name for tree in trees.values() for node in tree.body if isinstance(node, ast.FunctionDef)]:
        if name in here and (name not in found or found[name].is_untouched):  # without a check, or below it
            seed = ast.parse(found[name].seed, mode="eval").body if name in found and found[name].seed else None
            found[name] = _answer(name, ast.Name(name), [*trees][-1], code, trees, shown, seed)
    for place, (fault, line) in broken.items():  # a cell that is not valid Python: its calls of check can still be read
        for name in re.findall(r"""check\(\s*["'](\w+)["']""", code[place]):
            if name in EXERCISES and name not in found:
                found[name] = HandedIn(name, fault=fault, line=line, own=code[place], file=shown)
    return list(found.values())


def _in_calls(shown, code, trees):
    """Return {name of an exercise: the HandedIn in the last call of check with it, but an untouched one hides none}."""
    found = {}
    for place, tree in trees.items():
        for node in tree.body:
            for call in _checks(node):
                for name, given in _answers_in(call, node, tree, trees):
                    answer = _answer(name, given, place, code, trees, shown, call.get("seed"))
                    if name not in found or found[name].is_untouched or not answer.is_untouched:
                        found[name] = answer
    return found


def _checks(tree):
    """Yield the calls of check, each as {argument: its node}."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "check":
            yield dict(zip(("name", "answer"), node.args)) | {one.arg: one.value for one in node.keywords}


def _answers_in(call, statement, cell, trees):
    """Return [(name of an exercise, node of the answer)] of a call of check in a statement of a cell.

    In a loop the name or the answer may be known only when the cell runs. Then the answer is what the page defines by
    the name of the exercise, and the names are all those that the cell names.
    """
    if not call.keys() >= {"name", "answer"}:
        return []
    name, answer, parts = getattr(call["name"], "value", None), call["answer"], list(ast.walk(statement))
    if not isinstance(call["name"], ast.Constant):
        named = {getattr(part, "value", getattr(part, "id", None)) for part in ast.walk(cell)}
        named &= set().union(*[bound_by(node) for tree in trees.values() for node in tree.body])
        return [(one, ast.Name(one)) for one in EXERCISES if one in named]
    inside = {part.arg for part in parts if isinstance(part, ast.arg)}
    inside = inside.union(*[bound_by(part) for part in parts if isinstance(part, (ast.stmt, ast.comprehension))])
    is_known = inside.isdisjoint(names_in(ast.unparse(answer), "eval"))
    return [(name, answer if is_known else ast.Name(name))] * (name in EXERCISES)


def _in_module(shown, text, is_kept):
    """Return the answers in a file: what has the name of an exercise, a def, a lambda or a choice, or is in a call.

    In a file of my_rnn it is the function of the same name alone, and others are helpers.
    """
    try:
        tree = ast.parse(text)
        names_in(tree)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        number = getattr(error, "lineno", None) or 0
        line = "".join(text.splitlines()[number - 1 : number]).strip() if number else ""
        return [], [f"{shown}: line {number or 1} is not valid Python" + f": `{line}`" * bool(line) + "."]
    code, trees = {shown: text}, {shown: tree}
    functions = [node for node in tree.body if isinstance(getattr(node, "value", node), (ast.FunctionDef, ast.Lambda))]
    named = set().union(*map(bound_by, functions))
    if is_kept:
        named, found, problems = named & {PurePath(shown).stem}, {}, []
    else:
        chosen = set().union(*[bound_by(node) for node in tree.body if isinstance(node, ast.Assign)])
        named |= {name for name in chosen if name in EXERCISES and EXERCISES[name].kind == CHOOSE}
        found, problems = _in_calls(shown, code, trees), _misspelled(shown, named)
    for name in EXERCISES:
        if name in named and name not in found:
            found[name] = _answer(name, ast.Name(name), shown, code, trees, shown)
    return list(found.values()), problems


def _misspelled(shown, named):
    """Return a sentence for each name that is nearly that of an exercise which the file does not have."""
    near = {name: nearest(name, [EXERCISES])[:1] for name in sorted(named)}
    meant = {name: other for name, others in near.items() for other in others if other not in named}
    return [f"{shown}: there is no exercise `{name}`. Did you mean `{other}`?" for name, other in meant.items()]


def _answer(name, given, place, code, trees, shown, seed=None):
    """Return the HandedIn in a call of check. given, seed: the nodes of these arguments"""
    expression, exercise, seed = ast.unparse(given), EXERCISES[name], ast.unparse(seed) if seed else ""
    parts, own, is_stub = [], expression, exercise.kind == CHOOSE and expression in ("None", "...", "Ellipsis")
    wanted, seen = ["*", *names_in(f"{expression}, {seed}", "eval")], set()
    before = list(trees)[: list(trees).index(place) + 1]
    while wanted:
        key = wanted.pop()
        if key in seen:
            continue
        seen.add(key)
        for where in before:
            for node in trees[where].body:
                if key not in bound_by(node) or any(True for _ in _checks(node)):
                    continue
                lines = (where, first_line(node), node.end_lineno)
                if lines not in parts:
                    parts.append(lines)
                    wanted += names_in(ast.Module([node], []))
                if key == expression:
                    own = _lines(code[where], *lines[1:])
                    is_stub = _does_nothing(node)
    order = {where: number for number, where in enumerate(before)}
    parts.sort(key=lambda part: (order[part[0]], part[1]))
    others = [(where, node) for where in before for node in trees[where].body]
    others = [(where, node) for where, node in others if isinstance(node, ast.Import) or only_defines(node)]
    beside = [(where, first_line(node), node.end_lineno) for where, node in others]
    used = {where: code[where] for where, *_ in parts + beside}
    return HandedIn(name, expression, used, parts, beside, own, seed, is_stub=is_stub, file=shown)


def _does_nothing(node):
    """True if a function or value is as the page gives it: only ..., pass or a docstring."""
    if isinstance(node, ast.Assign):
        return isinstance(node.value, ast.Constant) and node.value.value in (None, ...)
    body = getattr(node, "body", [node])
    return all(
        isinstance(part, ast.Pass) or (isinstance(part, ast.Expr) and isinstance(part.value, ast.Constant))
        for part in (body if isinstance(body, list) else [body])
    )


def _lines(source, first, last):
    return "\n".join(source.split("\n")[first - 1 : last])
