"""What a learner's function takes from the page, besides what comes in through its arguments."""

import dis
from types import CodeType, FunctionType, ModuleType

from course.checker.course import COURSE

_OF_NUMBERS = {"numpy", "math", "cmath", "random", "itertools", "functools", "operator"}
_UNSAFE = ("LOAD_BUILD_CLASS",)


def data_from_outside(function):
    """Return {name of a function: names of the data that it takes from the page}, of it and of those that it calls.

    Data are arrays, numbers, texts and the like: no functions, classes and modules. The function itself comes first.
    """
    page = getattr(function, "__globals__", {})
    found, waiting = {}, [function] if hasattr(function, "__code__") else []
    for one in waiting:
        values = {name: page[name] for name in _globals_of(one.__code__) if name in page}
        data = [name for name, value in values.items() if not (callable(value) or type(value) is ModuleType)]
        found |= {one.__name__: data} if data else {}
        waiting += [value for value in values.values() if _is_of_page(value, page) and value not in waiting]
    return found


def only_computes(function):
    """True if neither the function nor one of the page that it calls makes a class or uses another module than those
    for numbers. Only then is it safe to try changed versions of it."""
    function = getattr(function, "__func__", function)  # of a method
    page = getattr(function, "__globals__", {})
    waiting = [function] if type(function) is FunctionType else []
    for one in waiting:
        values = [page[name] for name in _globals_of(one.__code__) if name in page]
        modules = [value.__name__ for value in values if type(value) is ModuleType]
        others = {name.partition(".")[0] for name in modules if name not in COURSE.modules}
        if not _OF_NUMBERS.issuperset(others) or _has(one.__code__, _UNSAFE):
            return False
        waiting += [value for value in values if _is_of_page(value, page) and value not in waiting]
    return bool(waiting)


def say_outside(found, own_name):
    """Say what data_from_outside has found, one line each."""
    text = ""
    for name, data in found.items():
        subject, names = "It" if name == own_name else f"Your function {name}", ", ".join(data)
        text += f"{subject} takes {names} from outside the function: use what comes in through the arguments.\n"
    return text


def _is_of_page(value, page):
    return type(value) is FunctionType and value.__globals__ is page


def _has(code, instructions):
    inner = [constant for constant in code.co_consts if isinstance(constant, CodeType)]
    return any(step.opname in instructions for step in dis.get_instructions(code)) or any(
        _has(one, instructions) for one in inner
    )


def _globals_of(code):
    """Return the names that code takes from the page, also in the functions that are written inside it."""
    names = [step.argval for step in dis.get_instructions(code) if step.opname == "LOAD_GLOBAL"]
    for constant in code.co_consts:
        names += _globals_of(constant) if isinstance(constant, CodeType) else []
    return list(dict.fromkeys(names))
