"""Is it the learner's own function, or the finished one of the course?"""

import ast
import builtins
import functools
import sys
import warnings

import numpy as np

from course.checker.course import COURSE
from course.checker.needs import closure_of, plain_function, source_of

# What may be done with the result of the finished function without making it one's own.
_STATEMENTS = (ast.Expr, ast.Assign, ast.Return, ast.Import, ast.ImportFrom, ast.Pass)
_EXPRESSIONS = (ast.Name, ast.Attribute, ast.Tuple, ast.List, ast.Starred, ast.Call, ast.Constant, ast.Subscript)
_WRAPPERS = (tuple, list, float, int, np.array, np.asarray, np.float64)
_METHODS = ("copy", "tolist", "item")


def is_finished_function(exercise, function):
    """True if the function is, or does nothing but call, the finished one of the same name. False if unsure."""
    try:
        with COURSE.as_imported(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            finished = [COURSE.finished_function(exercise.name), exercise.function]
            return _is_finished(function, [one.__code__ for one in finished if one is not None])
    except Exception:  # whatever a strange function does when it is looked at, it is the learner's
        return False


def _is_finished(function, finished, depth=0):
    while isinstance(function, functools.partial):
        function = function.func
    function = plain_function(function)
    if function is None or depth > 5:
        return False
    if function.__code__ in finished:
        return True
    node = ast.parse(source_of(function) or "pass").body[0]
    node = node.value if isinstance(node, ast.Expr) else node
    if isinstance(node, ast.Lambda):
        body = [ast.Return(node.body)]
    elif isinstance(node, ast.FunctionDef) and not node.decorator_list:
        body = node.body
    else:
        return False
    around = {**vars(builtins), **function.__globals__, **closure_of(function)}
    for part in ast.walk(node.args):
        around |= {part.arg: None} if isinstance(part, ast.arg) else {}
    calls_it, wrappers = False, (*_WRAPPERS, *COURSE.results)
    for statement in body:
        parts = list(ast.walk(statement))
        if not isinstance(statement, _STATEMENTS) or not all(map(_is_harmless, parts)):
            return False
        for call in (part for part in parts if isinstance(part, ast.Call)):
            called = _value_of(call.func, around)
            is_helper = getattr(called, "__globals__", None) is function.__globals__
            if getattr(called, "__code__", None) in finished or is_helper and _is_finished(called, finished, depth + 1):
                calls_it = True
            elif not any(called is wrapper for wrapper in wrappers) and not _is_method(call.func, around):
                return False
        _note_names(statement, around)
    return calls_it


def _is_harmless(part):
    if isinstance(part, ast.Subscript) and not isinstance(part.slice, ast.Constant):
        return False
    return isinstance(part, _EXPRESSIONS) or not isinstance(part, ast.expr)


def _value_of(node, around):
    """Return what a name, or a name in a module, stands for, or None."""
    if isinstance(node, ast.Name):
        return around.get(node.id)
    if isinstance(node, ast.Attribute):
        module = _value_of(node.value, around)
        return getattr(module, node.attr, None) if type(module) is type(np) else None
    return None


def _is_method(node, around):
    return isinstance(node, ast.Attribute) and node.attr in _METHODS and _value_of(node.value, around) is None


def _note_names(statement, around):
    """Note what the names that a statement sets stand for from now on: a function or module, or a result (None)."""
    if isinstance(statement, ast.Assign):
        names = [part.id for target in statement.targets for part in ast.walk(target) if isinstance(part, ast.Name)]
        around |= dict.fromkeys(names, _value_of(statement.value, around))
    elif isinstance(statement, ast.Import):
        around |= {alias.asname or alias.name: sys.modules.get(alias.name) for alias in statement.names}
    elif isinstance(statement, ast.ImportFrom):
        module = sys.modules.get(statement.module or "")
        around |= {alias.asname or alias.name: getattr(module, alias.name, None) for alias in statement.names}
