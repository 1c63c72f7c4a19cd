"""The text of a file in my_rnn: what the function needs of the definitions in its cell, as they were typed.

What it needs from other cells of the page is added: imports, functions, numbers and texts.
"""

import ast
import inspect
import math
import sys
from collections import Counter
from pathlib import Path

from course.base.place import own_folder
from course.base.wording import either
from course.checker.course import MODULES
from course.checker.page import PageFunction, first_line, looked_up, plain_function
from course.lessons import OWN, page_of
from course.own.loading import course_name, imports_of_taken, module_of, reads_the_folder

_DEFINITIONS = (ast.FunctionDef, ast.ClassDef)


class Unkept(Exception):
    """Raised with the reason why a function cannot be written to a file, as the end of a sentence."""


def gather(name, answer, namesakes=False):
    """Return the text of the file for a right answer to an exercise. Unkept if it cannot be written.

    namesakes  False: what has the name of another exercise is left out, because the learner's function of that name,
               or the course's, is used. True: it is added as a helper, if it is something else on the page
    """
    function = _as_written(answer)
    page, cell = function.__globals__, list(statements(PageFunction(function).text, _running_line(function)))
    defs = {number for number, (source, _) in enumerate(cell) if only_defines(ast.parse(source).body[0])}
    start, last, wanted = _start(name, function, cell)
    imports, helpers, chosen, seen = set(), [], set(), set()
    others = set()  # the taught functions that it looks up by name
    wanted = [(one, False) for one in wanted]  # and whether a statement needs it when it is run, not when it is called
    while wanted:
        one, at_once = wanted.pop()
        if (one, at_once) in seen:
            continue
        seen.add((one, at_once))
        is_itself, value = one in (name, start), page.get(one)
        taught = "" if is_itself else taught_name(value)
        here = {number for number, (_, names) in enumerate(cell) if one in names}
        if not at_once:  # a definition takes the place of what had its name before
            here = {number for number in here if number >= max(here & defs, default=0)}
        if taught and taught != one:
            imports.add(f"from {module_of(taught)} import {taught} as {one}")
        elif taught or (one in OWN and not is_itself and not namesakes):
            others.add(one)
        elif here:
            chosen |= here
            wanted += [(name, number not in defs) for number in here for name in names_in(cell[number][0])]
        elif inspect.ismodule(value):
            imports.add(f"import {value.__name__}" + f" as {one}" * (one != value.__name__))
        elif one in page and not one.startswith("__"):
            line, text = _from_another_cell(one, value, page, function)
            imports |= {line} - {""}
            helpers[:0] = [text] * (text not in ("", *helpers))  # before the helpers that need it
            wanted += [(name, False) for name in names_in(text)]
    text = f'"""{name}, {page_of(name).label}: yours. check put it here when it was right; you may change it."""\n'
    if imports:
        text += "\n" + "\n".join(sorted(imports, key=lambda line: (line.startswith("from"), line))) + "\n"
    if others:
        names = ", ".join(other for other in OWN if other in others)
        text += f"\n# {names}: yours where check has found them right, the course's until then.\n"
    text += _joined([*helpers, *[cell[number][0] for number in sorted(chosen)], *last])
    if says := reads_the_folder(text):
        raise Unkept(says)
    return text


def _running_line(function):
    """Return the line that its cell or script is in now, or infinity if that has run to its end."""
    frame, file = sys._getframe(), function.__code__.co_filename
    while frame and not (frame.f_code.co_filename == file and frame.f_locals is frame.f_globals):
        frame = frame.f_back
    return frame.f_lineno if frame else math.inf


def only_defines(node):
    """True for a function that needs nothing of the page before it is called."""
    if not isinstance(node, ast.FunctionDef):
        return False
    return not any([*node.decorator_list, *node.args.defaults, *node.args.kw_defaults])


def _as_written(answer):
    """Return the function as it was written. Unkept if it cannot be in a file."""
    function = plain_function(answer)
    if function is None:
        kind = type(answer).__name__
        raise Unkept(f"it is an object of the type {kind}, which has no source of its own. Write it as a function: def")
    return function


def _start(name, function, cell):
    """Return (the function's name in the cell, the last lines of the file, which rename it, names it needs first)."""
    bound = [one for _, names in cell for one in names]
    page, source = function.__globals__, PageFunction(function).source
    for one in (name, *bound):
        if one in bound and plain_function(page.get(one)) is function:
            return one, [f"{name} = {one}"] * (one != name), [one]
    if function.__name__ == "<lambda>" and source:  # it is in the call of check
        return name, [f"{name} = ({source})"], looked_up(function.__code__)
    if source:
        raise Unkept(f"write it with def at the left margin{either(' of its cell', '')}")
    like = either("Does its cell begin with `%%time` or the like?", "Write it as a function: def")
    raise Unkept(f"the source of `{name}` is not found. {like}")


def taught_name(value):
    """Return the exercise name of a function of the course, or of a kept one of the learner's, or ""."""
    function = plain_function(value)
    if not function:
        return ""
    path = Path(function.__code__.co_filename)
    if path.parent == own_folder() and path.stem in OWN:
        return path.stem
    name = course_name(function)
    return name if name in OWN else ""  # what a page only shows is imported


def statements(text, last=math.inf):
    """Yield (text, names that it binds) of each statement of a cell, with the comment right above it.

    last  the line with which it ends
    """
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError):
        return
    lines, taken = text.split("\n"), Counter(row for node in body for row in {first_line(node), node.end_lineno})
    for node in body:
        first = first_line(node)
        if first > last:
            return
        is_alone = taken[first] == taken[node.end_lineno] == 1  # no other statement shares its lines
        while is_alone and first > 1 and lines[first - 2].startswith("#"):
            first -= 1
        source = "\n".join(lines[first - 1 : node.end_lineno]) if is_alone else ast.unparse(node)
        yield source, bound_by(node)


def bound_by(node):
    """Return the names that a top-level statement binds."""
    if isinstance(node, _DEFINITIONS):
        return {node.name}
    parts = list(ast.walk(node))
    names = {part.id for part in parts if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load)}
    aliases = [alias for part in parts if isinstance(part, (ast.Import, ast.ImportFrom)) for alias in part.names]
    names |= {alias.asname or alias.name.partition(".")[0] for alias in aliases}
    return names | {part.name for part in parts if isinstance(part, _DEFINITIONS)}


def names_in(code, mode="exec"):
    """Return the global names that code, a text or a tree, looks up. SyntaxError if it is not valid Python."""
    return looked_up(compile(code, "<cell>", mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT))


def _from_another_cell(name, value, page, function):
    """Return (line that imports a value of the page, text that defines it). One of them is "". Unkept if both are.

    function  the one that needs it
    """
    helper, own_name = plain_function(value), getattr(value, "__name__", "")
    if helper and helper.__globals__ is page and (source := PageFunction(helper).source):
        defined = helper.__code__.co_name
        if defined == "<lambda>":
            return "", f"{name} = ({source})"
        if defined != name and plain_function(page.get(defined)) is helper:
            return "", f"{name} = {defined}"
        return "", source if defined == name else f"{source}\n\n\n{name} = {defined}"
    for home in (*MODULES, getattr(value, "__module__", ""), "numpy"):
        module = sys.modules.get(home) if isinstance(home, str) and home != "__main__" else None
        if own_name and module and vars(module) is not page and vars(module).get(own_name) is value:
            return f"from {home} import {own_name}" + f" as {name}" * (name != own_name), ""
    if value is None or type(value) in (bool, int, float, str):
        return "", f"{name} = {value!r}"
    sources = "\n".join(one.source for one in PageFunction(function).with_helpers())
    if imports := imports_of_taken(sources, name):
        raise Unkept(f"write {imports}, and leave out `{name}`, which stays {either('on the page', 'in the file')}")
    raise Unkept(f"put what it uses, `{name}`, {either('into its own cell', 'into its own file')}")


def _joined(parts):
    """Join the parts of a file: short ones without empty lines, definitions with two empty lines around them."""
    text = ""
    for before, part in zip(["", *parts], parts):
        text += ("\n\n" if "\n" in before + part else "\n" * (not before)) + part + "\n"
    return text
