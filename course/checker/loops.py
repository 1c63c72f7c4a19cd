"""Which loop of a learner is it that does not end? The same is said wherever in the loop the code was stopped."""

import ast
import linecache

from course.checker.errors import is_learners, own_line


def where_it_runs(frame, outside=None):
    """Return the first line of the loop in which a frame of Python runs, as text, or the learner's line, or "".

    It is the outermost `while`, since few `for` loops are without an end; without a `while`, the outermost `for`.
    outside: the frame from which the learner's code was called, in the same thread
    """
    frames, one = [], frame
    while one is not None and one is not outside:
        frames.append(one)
        one = one.f_back
    loops = [loop for one in reversed(frames) for loop in _loops_around(one)]
    first = [loop for loop in loops if isinstance(loop[1], ast.While)] or loops
    return own_line([(file, node.lineno) for file, node in first[:1]] or _lines(frames))


def _lines(frames):
    return [(frame.f_code.co_filename, frame.f_lineno) for frame in frames]


def _loops_around(frame):
    """Return (file, node) of the loops of a function around the line that runs, the outermost first."""
    file, line, begins = frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_firstlineno
    if not is_learners(file) or line is None:
        return []
    try:
        nodes = ast.walk(ast.parse("".join(linecache.getlines(file))))
    except (SyntaxError, ValueError, RecursionError):  # a cell with a magic, or without a source
        return []
    loops = [node for node in nodes if isinstance(node, (ast.While, ast.For))]
    around = [node for node in loops if begins <= node.lineno <= line <= node.end_lineno]
    return [(file, node) for node in sorted(around, key=lambda node: node.lineno)]
