"""The stop button while a learner's code runs, and the words for code that was ended."""

import ast
import contextlib
import linecache
import signal

from course.checker.errors import is_learners, own_line
from course.checker.limit import Stopped
from course.checker.words import lines


def stoppable(work, meter=None):
    """Run work(), which only the learner's stop button ends from outside. What it raises is not raised here, except
    that KeyboardInterrupt.

    meter  the Meter that counts in it: after the button it ends the code at the next count, whatever the code catches
    """
    is_on, interrupted = True, False

    def stop(number, frame):
        nonlocal interrupted
        interrupted = True
        if meter:
            meter.left = -1
        if is_on:
            raise Stopped

    handler = None
    with contextlib.suppress(ValueError):  # only the main thread can be interrupted
        handler = signal.signal(signal.SIGINT, stop)
    try:
        with contextlib.suppress(BaseException):
            work()
        is_on = False
    finally:
        if handler is not None:
            signal.signal(signal.SIGINT, handler)
    if interrupted:
        raise KeyboardInterrupt


# ---------------------------------------------------------------- what the message says
def say_stopped(where, too_large):
    says = "It didn't end, so we stopped it."
    asks = "Is there a loop that never ends, or one with very many rounds?"
    if "`while " in where:
        asks = "Is there a loop that never ends? What must change in each round so that it ends?"
    if too_large:
        says = "It takes more memory than any answer needs, so we stopped it."
        asks = "Which array or list is so large? Or which one grows in each round?"
    return lines(says, f"in {where}" if where else "", asks)


def where_it_runs(frame, outside=None):
    """Return as text the first line of the loop in which a frame runs, or the learner's line, or "".

    The loop is the outermost `while`, because few `for` loops are endless; without a `while`, the outermost `for`.
    outside: the frame from which the learner's code was called, in the same thread
    """
    frames, one = [], frame
    while one is not None and one is not outside:
        frames.append(one)
        one = one.f_back
    loops = [loop for one in reversed(frames) for loop in _loops_around(one)]
    first = [loop for loop in loops if isinstance(loop[1], ast.While)] or loops
    return own_line([(file, node.lineno) for file, node in first[:1]] or _lines(frames))


def _nodes(text):
    """Return the syntax nodes of a text, or [] for a cell with a magic or without a source."""
    with contextlib.suppress(SyntaxError, ValueError, RecursionError):
        return list(ast.walk(ast.parse(text)))
    return []


def _lines(frames):
    return [(frame.f_code.co_filename, frame.f_lineno) for frame in frames]


def _loops_around(frame):
    """Return (file, node) of the loops of a function around the current line, the outermost first."""
    file, line, begins = frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_firstlineno
    if not is_learners(file) or line is None:
        return []
    nodes = _nodes("".join(linecache.getlines(file)))
    loops = [node for node in nodes if isinstance(node, (ast.While, ast.For))]
    around = [node for node in loops if begins <= node.lineno <= line <= node.end_lineno]
    return [(file, node) for node in sorted(around, key=lambda node: node.lineno)]
