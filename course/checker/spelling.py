"""Finds the name that was meant where Python does not know the one in the code: "Did you mean: `softmax`?"

Python itself asks this when it prints an error, but each version in its own way. Here it is always the same.
"""

import numpy as np

from course.checker.course import COURSE
from course.checker.errors import is_learners

_MOVE, _CASE = 2, 1  # the cost to insert, delete or change a letter, and to change only its case, as in Python
_SWAP = 1  # of two neighbouring letters: all letters are there
_SHORT = 2  # letters: names this short are similar to too many others, so only the case may differ
_BUILTINS = "abs all any enumerate float int len list map max min print range reversed round sorted sum tuple zip"
_BUILTINS = [name for name in _BUILTINS.split() if len(name) > _SHORT]


def meant(error):
    """Return as text the name that was probably meant in the learner's line that raised an error, or "".

    If several are equally similar, such as `W_hh` and `W_hy`, it is "`W_hh` or `W_hy`".
    """
    frames, step = [], error.__traceback__
    while step is not None:
        frames.append(step.tb_frame)
        step = step.tb_next
    while frames and frames[-1].f_code.co_name == "__getattr__":  # NumPy has one, which is called for np.zeroes
        frames.pop()
    name = getattr(error, "name", None)
    if not frames or type(name) is not str or not is_learners(frames[-1].f_code.co_filename):
        return ""
    if isinstance(error, UnboundLocalError):  # the name is right but has no value yet
        return ""
    if isinstance(error, NameError):
        return _as_text(nearest(name, _in_scope(frames)))
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
            if other.startswith("_") and not name.startswith("_"):  # Jupyter's own, such as _dh
                continue
            most = (len(name) + len(other) + 3) * _MOVE // 6
            if min(len(name), len(other)) <= _SHORT:
                most = _CASE * len(name) if name.lower() == other.lower() else -1
            if abs(len(name) - len(other)) * _MOVE <= most and (cost := _cost(name, other)) <= most:
                near.append((cost, number, other))
    return sorted(other for *at, other in near if at == list(min(near)[:2]))


def _in_scope(frames):
    """Return the names that the last frame can use: its own, and those of its page, of the course and of Python."""
    own, code = [], None
    for frame in reversed(frames):  # outwards, from a comprehension to the function around it
        if code is None or code in frame.f_code.co_consts:
            own += frame.f_locals
            code = frame.f_code
    course = [
        name
        for module in COURSE.modules.values()
        for name, value in vars(module).items()
        if getattr(value, "__module__", "") == module.__name__
    ]
    return [own, list(frames[-1].f_globals), course, _BUILTINS]


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
