"""Which names a piece of Python takes from outside of its functions, and which it defines or imports."""

import ast
import functools
import re

from course.checker.page import first_line

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_SCOPES = (*_FUNCTIONS, ast.ClassDef)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@functools.lru_cache(maxsize=500)
def outer_names(source):
    """Return the names that are looked up outside of all functions: helpers, data, modules, builtins."""
    return tuple(dict.fromkeys(node.id for node in _outer_nodes(ast.parse(source))))


def changes_outside(source):
    """Return the names that a function declares global or nonlocal: it wants to change them."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, (ast.Global, ast.Nonlocal))]
    return [name for node in nodes for name in node.names]


@functools.lru_cache(maxsize=500)
def top_level(source):
    """Return {name: source} of what is defined outside of all functions, each with its whole lines."""
    lines, found = source.encode().splitlines(keepends=True), {}
    for node in ast.parse(source).body:
        names = [node.name] if hasattr(node, "name") else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else getattr(node, "targets", [])
        names += [target.id for target in targets if isinstance(target, ast.Name)]
        text = b"".join(lines[first_line(node) - 1 : node.end_lineno]).decode().strip("\n")
        found |= dict.fromkeys(names, text)
    return found


def imported(source):
    """Return {name: (module, name in it or "")} of the imports outside of all functions."""
    found = {}
    for node in ast.parse(source).body:
        for alias in node.names if isinstance(node, (ast.Import, ast.ImportFrom)) else []:
            whole = isinstance(node, ast.Import)
            found[alias.asname or alias.name] = (alias.name, "") if whole else (node.module or "", alias.name)
    return found


def defined_as(source, name):
    """Return the source of one function with another name after `def`."""
    head, old, rest = re.split(r"^(def\s+\w+)", source, maxsplit=1, flags=re.MULTILINE)
    return f"{head}def {name}{rest}" if old.split()[1] != name else source


def _outer_nodes(node, bound=frozenset()):
    """Yield the names in a tree that no function around them gives a value; bound: those that have one."""
    inside, inner = list(ast.iter_child_nodes(node)), bound
    if isinstance(node, ast.Name) and node.id not in bound:
        yield node
    elif isinstance(node, _COMPREHENSIONS):
        inner = bound | {part.id for loop in node.generators for part in _stored(loop.target)}
        first = node.generators[0].iter  # the only part that does not know the names of the loops
        yield from _outer_nodes(first, bound)
        inside = [part for loop in node.generators for part in (loop.target, loop.iter, *loop.ifs) if part is not first]
        inside += [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    elif isinstance(node, _SCOPES):
        body = node.body if isinstance(node.body, list) else [node.body]
        head, arguments = [part for part in inside if part not in body], []
        if isinstance(node, _FUNCTIONS):
            head.remove(node.args)
            head += ast.iter_child_nodes(node.args)
            arguments = [part for part in head if isinstance(part, ast.arg)]
        for part in head:  # decorators, default values and annotations are looked up around the function
            yield from _outer_nodes(part, bound)
        inside, inner = body, bound | {argument.arg for argument in arguments} | _bound_in(body)
    for part in inside:
        yield from _outer_nodes(part, inner)


def _bound_in(body):
    """Return the names that the statements of one function give a value, not those of the functions inside it."""
    names, outside, parts = set(), set(), list(body)
    while parts:
        part = parts.pop()
        if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load):
            names.add(part.id)
        elif isinstance(part, (ast.Import, ast.ImportFrom)):
            names |= {alias.asname or alias.name.partition(".")[0] for alias in part.names}
        elif isinstance(part, (ast.Global, ast.Nonlocal)):
            outside |= set(part.names)
        elif isinstance(part, _COMPREHENSIONS):
            names |= {node.target.id for node in ast.walk(part) if isinstance(node, ast.NamedExpr)}
        elif isinstance(part, _SCOPES):
            names |= {part.name} if hasattr(part, "name") else set()
        else:
            if isinstance(part, (ast.ExceptHandler, ast.MatchAs, ast.MatchStar)):
                names |= {part.name} - {None}
            elif isinstance(part, ast.MatchMapping):
                names |= {part.rest} - {None}
            parts += ast.iter_child_nodes(part)
    return names - outside


def _stored(target):
    return [part for part in ast.walk(target) if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]
