"""Finds the name that was meant where Python does not know the one in the code: "Did you mean: `softmax`?"

Python itself asks this when it prints an error, but each version in its own way. Here it is always the same.
"""

import dis
import linecache
import re
from types import ModuleType

import numpy as np

from course.checker.course import PARAMETER_NAMES, home_of, shown_on
from course.checker.errors import describe_error, is_learners, name_of_others
from course.checker.page import codes_in

_MOVE, _CASE = 2, 1  # the cost to insert, delete or change a letter, and to change only its case, as in Python
_SWAP = 1  # of two neighbouring letters: all letters are there
_SHORT = 2  # letters: names this short are similar to too many others, so only the case may differ
_BUILTINS = "abs all any enumerate float int len list map max min print range reversed round sorted sum tuple zip"
_BUILTINS = [name for name in _BUILTINS.split() if len(name) > _SHORT]
_OF_JUPYTER = ("In", "Out", "exit", "quit", "get_ipython")


def meant(error):
    """Return as text the name that was probably meant in the learner's line that raised an error, or "".

    If several are equally similar, such as `W_hh` and `W_hy`, it is "`W_hh` or `W_hy`".
    """
    frames, step, line = [], error.__traceback__, ""
    while step is not None:
        frames.append(step.tb_frame)
        if step.tb_frame.f_code.co_name != "__getattr__":  # NumPy has one, which is called for np.zeroes
            line = linecache.getline(step.tb_frame.f_code.co_filename, step.tb_lineno)
        step = step.tb_next
    while frames and frames[-1].f_code.co_name == "__getattr__":
        frames.pop()
    name = getattr(error, "name", None)
    if not frames or type(name) is not str or not is_learners(frames[-1].f_code.co_filename):
        return ""
    if isinstance(error, UnboundLocalError):  # the name is right but has no value yet
        return ""
    if isinstance(error, NameError):
        own = _own_names(frames)
        if found := _meant_of_own(name, line, own, frames[-1].f_code):
            return _as_text(found)
        if name_of_others(describe_error(error), line):  # the note says where it belongs
            return ""
        return _as_text(nearest(name, [own, *_on_the_page(name, line, frames[-1].f_globals)]))
    if isinstance(error, AttributeError) and not hasattr(np, name):  # else a NumPy function is meant, as in x.sqrt()
        return _as_text(nearest(name, [dir(error.obj)]))
    return ""


def _as_text(names):
    return " or ".join(f"`{name}`" for name in names[:3])


def nearest(name, groups):
    """Return the names most similar to this one, in alphabetical order; [] if it is among them itself.

    groups: lists of names. Of equally similar names, those in the earliest list count.
    """
    near = []
    for number, names in enumerate(groups):
        for other in set(names):
            if other == name:
                return []
            if other.startswith("_") != name.startswith("_"):  # Jupyter's own, such as _dh
                continue
            most = (len(name) + len(other) + 3) * _MOVE // 6
            if min(len(name), len(other)) <= _SHORT:
                most = _CASE * len(name) if name.lower() == other.lower() else -1
            most = min(most, (min(len(name), len(other)) + 1) // 2)  # three letters of four are the same
            if abs(len(name) - len(other)) * _MOVE <= most and (cost := _cost(name, other)) <= most:
                near.append((cost, number, other))
    return sorted(other for *at, other in near if at == list(min(near)[:2]))


def _own_names(frames):
    """Return {name: value} of the function in the last frame, and of those around it."""
    own, code = {}, None
    for frame in reversed(frames):  # outwards, from a comprehension to the function around it
        if code is None or code in frame.f_code.co_consts:
            own = {**frame.f_locals, **own}
            code = frame.f_code
    return own


def _meant_of_own(name, line, own, code):
    """Return what is meant of a function's own names: a field of one, those that are similar, or the only one that its
    code never uses."""
    if name in PARAMETER_NAMES:  # then the note says how to get it
        return []
    is_like = {other for other, value in own.items() if callable(value) == _is_called(name, line)}
    fields = [other for other in own if name in getattr(own[other], "_fields", ())]
    if fields and not _is_called(name, line):
        return [f"{other}.{name}" for other in fields]
    if (found := nearest(name, [is_like])) or name.isupper():  # T, V and H are sizes, which were to be set
        return found
    used = [step.argval for one in codes_in(code) for step in dis.get_instructions(one) if "LOAD" in step.opname]
    used = {part for one in used for part in (one if isinstance(one, tuple) else (one,))}  # Python 3.13 loads two
    wanted = re.findall(rf"(?<![\w.]){name}(?:\.(\w+)|(\[))", line)  # what the line does with it
    wanted = {attribute or "__getitem__" for attribute, _ in wanted}
    wanted |= {"__len__"} if re.search(rf"\blen\({name}\)", line) else set()
    unused = [other for other in is_like - used if len(other) > 1 and not other.startswith("_")]
    unused = [other for other in unused if all(hasattr(own[other], one) for one in wanted)]
    return unused if len(unused) == 1 else []


def _is_called(name, line):
    return re.search(rf"(?<![\w.]){name}\s*\(", line) is not None


def _on_the_page(name, line, page):
    """Return lists of names of the page, of the course and of Python that can stand where a name stands in a line."""
    is_called = _is_called(name, line)

    def fits(value):
        if isinstance(value, ModuleType):  # the page imports the course, but no function uses that
            return value.__name__ in ("math", "numpy", "random") and re.search(rf"\b{name}\.", line)
        return callable(value) == is_called

    own = [other for other, value in page.items() if other not in _OF_JUPYTER and fits(value)]
    if not is_called:
        return [own]
    shown = shown_on(page)
    return [own, [other for module in shown for other in vars(module) if home_of(other) is module], _BUILTINS]


def _cost(one, other):
    """Return the edit distance of two names: the least total cost of single changes."""
    row, before = [_MOVE * count for count in range(len(other) + 1)], []
    for count, letter in enumerate(one, 1):
        earlier, before, row = before, row, [_MOVE * count]
        for place, wanted in enumerate(other):
            change = 0 if letter == wanted else _CASE if letter.lower() == wanted.lower() else _MOVE
            is_swap = count > 1 < place + 1 and one[count - 2 : count] == other[place] + other[place - 1]
            swap = earlier[place - 1] + _SWAP if is_swap else np.inf
            row.append(min(before[place] + change, before[place + 1] + _MOVE, row[place] + _MOVE, swap))
    return row[-1]
