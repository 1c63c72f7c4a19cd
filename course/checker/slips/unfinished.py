"""What a function has not finished, as its code proves: a part that no line fills, a value that no line uses."""

import ast

from course.checker.course import as_imported
from course.checker.page import PageFunction
from course.checker.slips.depends import dependence
from course.checker.slips.rules import function_name
from course.checker.trial import group_of
from course.checker.words import listed

_BEGINNINGS = {"zeros", "zeros_like"}
_ASKS_FOR_NAMES = {"locals", "vars", "eval", "exec", "globals"}


def _tree_of(function):
    """Return (the definition as a tree, the number of the line before its first), or (None, 0)."""
    one = PageFunction(function)
    body = ast.parse(one.source or "pass").body[0]
    if not isinstance(body, ast.FunctionDef):
        return None, 0
    used = {node.id for node in ast.walk(body) if isinstance(node, ast.Name)}
    return (None, 0) if used & _ASKS_FOR_NAMES else (body, one.code.co_firstlineno - 1)


def _named(tree, kind):
    """Return the Names of a tree that are loaded or stored."""
    return [node for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, kind)]


# ---------------------------------------------------------------- a part that no line fills
def say_unfilled(exercise, function, got, want):
    """Say which returned parts of a wrong result still hold the zeros with which they began, or ""."""
    tree, before = _tree_of(function)
    ends = [node for node in ast.walk(tree) if isinstance(node, ast.Return)] if tree else []
    if len(ends) != 1 or got.error:
        return ""
    zero = {group_of(name) for name, part in got.parts.items() if name in want.parts and not part.any()}
    zero -= {group_of(name) for name, part in want.parts.items() if not part.any()}
    found = []
    for part, name in _returned(ends[0].value, exercise.returns):
        stored = [node for node in ast.walk(tree) if isinstance(node, ast.Assign) and _stores(node, name)]
        if part in zero and len(stored) == 1 and _is_beginning(stored[0].value) and _is_only_returned(tree, name, ends):
            found.append((name, stored[0]))
    if not found:
        return ""
    names, lines = [f"`{name}`" for name, _ in found], sorted({line.lineno + before for _, line in found})
    at = f"line{'s' * (len(lines) > 1)} {listed(list(map(str, lines)))}"
    if len(found) == 1:
        return f"{at.capitalize()}: `{ast.unparse(found[0][1])}` is all that {names[0]} ever gets. No line changes it."
    return f"{at.capitalize()}: {listed(names)} begin with zeros there, and no line changes them."


def _returned(value, returns):
    """Return [(part of the result, name of the variable)] of a returned expression."""
    if len(returns) < 2:
        return [(returns[0] if returns else "", value.id)] if isinstance(value, ast.Name) else []
    given = value.args if isinstance(value, ast.Call) and not value.keywords else getattr(value, "elts", [])
    given = [node.value if isinstance(node, ast.Attribute) and node.attr == "T" else node for node in given]
    pairs = zip(returns, given) if len(given) == len(returns) else ()
    return [(part, node.id) for part, node in pairs if isinstance(node, ast.Name)]


def _stores(line, name):
    return any(node.id == name for target in line.targets for node in _named(target, ast.Store))


def _is_beginning(value):
    if isinstance(value, ast.Constant):
        return value.value == 0
    return isinstance(value, ast.Call) and function_name(value) in _BEGINNINGS


def _is_only_returned(tree, name, ends):
    """True if a name is stored once, and then only returned: nothing can have changed what it holds."""
    (end,) = ends
    used = [node for node in _named(tree, (ast.Load, ast.Store, ast.Del)) if node.id == name]
    inside = [node for node in _named(end, ast.Load) if node.id == name]
    others = [node for node in ast.walk(tree) if isinstance(node, (ast.Global, ast.Nonlocal))]
    return len(used) == 1 + len(inside) and not others


# ---------------------------------------------------------------- a value that no line uses
def _used(tree):
    """Return the names whose values a function uses. `x += y` may change what another name holds, too."""
    changed = [node.target for node in ast.walk(tree) if isinstance(node, ast.AugAssign)]
    return {node.id for node in _named(tree, ast.Load)} | {getattr(target, "id", "") for target in changed}


def say_unread(exercise, function, case):
    """Say which arguments no line uses, if the right result depends on them, or ""."""
    tree, _ = _tree_of(function)
    unread = [one.arg for one in tree.args.args if one.arg not in _used(tree)] if tree else []
    if not unread:
        return ""
    with as_imported():
        needed = dependence(exercise, exercise.function, case) or {}
    needed = {argument.partition(".")[0] for (_, argument), depends in needed.items() if depends}
    found = [f"`{name}`" for name in unread if name in needed]
    them = "it" if len(found) == 1 else "them"
    return f"No line uses {' or '.join(found)}, but the right result depends on {them}." if found else ""


def say_computed_for_nothing(function):
    """Say which line computes what no line uses, or ""."""
    tree, before = _tree_of(function)
    for node in ast.walk(tree) if tree else ():
        if not isinstance(node, ast.Assign) or len(node.targets) > 1:
            continue
        name, text = getattr(node.targets[0], "id", "_"), ast.unparse(node.value)
        is_work = any(isinstance(part, (ast.BinOp, ast.Call)) for part in ast.walk(node.value))
        is_size = ".shape" in text or text.startswith("len(")
        if is_work and not is_size and not name.startswith("_") and name not in _used(tree):
            return f"Line {node.lineno + before} computes `{name}`, but no line uses it."
    return ""


# ---------------------------------------------------------------- nothing is handed back
def say_no_return(function):
    """Say that a function has no `return` at all, or ""."""
    tree, _ = _tree_of(function)
    if tree is None or any(isinstance(node, ast.Return) for node in ast.walk(tree)):
        return ""
    return "There's no `return` in your function. Which value should it hand back?"
