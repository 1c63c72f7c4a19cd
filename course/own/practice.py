"""practice(): a function that the learner has done, with one line wrong, from the bank of known mistakes."""

import functools
from collections import Counter

from course.boxes import Box
from course.checker.one_line import one_lines
from course.checker.words import describe, lines
from course.lessons import WRITTEN
from course.own import folder
from course.own.memory import note, recall

_shown = []  # the name of the function that waits for an answer, and its OneLine
_left_open = Counter()  # {name: how often another one was asked for instead}, as long as Python runs


def practice(line=None, instead=None):
    """Show a function that you have done, with one line wrong, or say whether you have found it. Return a Box.

    line     the number of the wrong line; None: show the next function
    instead  the line as it should be, as text: then it is found if the function is right with it, whichever line it is
    """
    if line is None or not _shown:
        return _next()
    (name, one), count = _shown, len(_shown[1].lines)
    if isinstance(line, bool) or not hasattr(line, "__index__") or not 1 <= line <= count:
        says = f"Give the number of a line, 1 to {count}, as in practice({count}), not {describe(line)}."
    elif instead is None and line != one.number:
        says = f"Line {line} isn't the one that was changed. If it alone can fix the function, show how"
        says += f': practice({line}, "the line as it should be").'
    elif not isinstance(instead, (str, type(None))):
        says = f'The line is text in quotes: practice({line}, "return h"), not {describe(instead)}.'
    else:
        is_right, shows = (True, "") if instead is None else one.tried(WRITTEN[name], line, instead)
        if is_right:
            _shown.clear()
            note(name, practiced=" ".join(sorted({*_found(name), one.mistake.id})))
            found = f"{len(_found(name))} of {len(_in_order(name))} found in {name}. practice() shows the next one."
            title, code = f"practice: {name}, found: line {one.number} as it was", _numbered([one.right], one.number)
            return Box(title, lines(one.mistake.message, found), code)
        says = f"With this line {line} it isn't right yet.\n{shows}"
    return Box(f"practice: {name}", says)


def to_find():
    """Return {name: its OneLines that are not found yet}, of the functions that are done and have some."""
    done = {name: _in_order(name) for name in WRITTEN if "solved" in recall(name) or name in folder.yours()}
    left = {name: [one for one in ones if one.mistake.id not in _found(name)] for name, ones in done.items()}
    return {name: ones for name, ones in left.items() if ones}


def _next():
    """Show one of the function of which the fewest were found; one that is left open comes again later."""
    _left_open.update(_shown[:1])
    _shown.clear()
    if not (left := to_find()):
        count = sum(len(_found(name)) for name in WRITTEN)
        says = f"You've found all {count} wrong lines of the functions you've done."
        begins = "It begins when you've done a function of several lines, like softmax."
        return Box("practice", says if count else begins)
    name = min(left, key=lambda name: len(_found(name)) + _left_open[name])
    _shown[:] = name, left[name][_left_open[name] % len(left[name])]
    _, shows = _shown[1].tried(WRITTEN[name])
    ask = 'Which line is wrong? practice(2) names line 2, and practice(2, "the line as it should be") fixes it.'
    return Box(f"practice: {name}, with one line wrong", lines(shows, ask), _numbered(_shown[1].lines))


@functools.cache
def _in_order(name):
    return one_lines(WRITTEN[name])


def _numbered(code, first=1):
    return "\n".join(f"{number:2}  {line}".rstrip() for number, line in enumerate(code, first))


def _found(name):
    return recall(name).get("practiced", "").split()
