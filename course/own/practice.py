"""practice(): a function that the learner has done, with one line wrong, from the bank of known mistakes."""

import functools
import random
from collections import Counter

from course.checker.one_line import one_lines
from course.checker.words import describe
from course.lessons import WRITTEN
from course.notes import Note
from course.own import folder
from course.own.memory import note, recall

_shown = []  # the name of the function that waits for an answer, and its OneLine
_left_open = Counter()  # {name: how often one was left for the next one}, as long as Python runs


def practice(line=None, instead=None):
    """Show a function that you have done, with one line wrong, or say whether you have found it. Return a Note.

    line     the number of the wrong line; None: show the next one
    instead  the line as it should be, as text: then it is found if the function is right with it, whichever line it is
    """
    if line is None or not _shown:
        return _next()
    name, one = _shown
    if type(line) is not int or not 1 <= line <= len(one.lines):
        count = len(one.lines)
        return _note(name, f"Give the number of a line, 1 to {count}, as in practice({count}), not {describe(line)}.")
    if instead is None and line != one.number:
        says = f"Line {line} is not the one that was changed. If a change of it alone mends the function, show it"
        return _note(name, f'{says}: practice({line}, "the line as it should be").')
    if not isinstance(instead, (str, type(None))):
        return _note(name, f'The line is text in quotes: practice({line}, "return h"), not {describe(instead)}.')
    says = [f"Line {line} it is."]
    if instead is not None:
        is_right, run_shows = one.tried(WRITTEN[name], line, instead)
        if not is_right:
            return _note(name, f"With this line {line} it is not right yet.\n{run_shows}")
        says = [f"With this line {line} it is right.", f"It was line {one.number} that was changed."]
    _shown.clear()
    note(name, practiced=" ".join([*_found(name), one.mistake.id]))
    found = f"Found in {name}: {len(_found(name))} of {len(_in_order(name))}. practice() shows the next one."
    return _note(name, "\n".join([" ".join(says), one.mistake.message, f"The line as it was: `{one.right}`", found]))


def to_find():
    """Return {name: its OneLines that are not found yet}, of the functions that are done and have some."""
    kept = folder.yours()
    done = {name: _in_order(name) for name in WRITTEN if name in kept or "solved" in recall(name)}
    left = {name: [one for one in ones if one.mistake.id not in _found(name)] for name, ones in done.items()}
    return {name: ones for name, ones in left.items() if ones}


def _next():
    """Show one of the function of which the fewest were found; one that is left open comes again later."""
    if _shown:
        _left_open[_shown[0]] += 1
    left = to_find()
    if not left:
        _shown.clear()
        count = sum(len(_found(name)) for name in WRITTEN)
        begins = "It begins when a function of several lines is done, such as softmax: it shows it with one line wrong."
        says = f"You have found all {count} wrong lines in the functions that are done."
        return Note("practice", says if count else begins)
    name = min(left, key=lambda name: len(_found(name)) + _left_open[name])
    one = left[name][_left_open[name] % len(left[name])]
    _shown[:] = name, one
    numbered = "\n".join(f"{number:2}  {line}".rstrip() for number, line in enumerate(one.lines, 1))
    _, run_shows = one.tried(WRITTEN[name])
    ask = 'Which line is wrong? practice(2) names line 2, and practice(2, "the line as it should be") mends it.'
    return Note(f"practice: {name}, with one line wrong", f"{run_shows}\n{ask}", numbered)


@functools.cache
def _in_order(name):
    """Return the OneLines of an exercise, mixed, and the same in every session."""
    ones = one_lines(WRITTEN[name])
    return random.Random(name).sample(ones, len(ones))


def _found(name):
    return recall(name).get("practiced", "").split()


def _note(name, text):
    return Note(f"practice: {name}", text)
