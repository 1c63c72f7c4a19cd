"""In a notebook, an error that the course raises on purpose is told in a sentence, below the learner's own line.

Where the error came from inside the course would only bury the sentence. Every other error, such as one in the
learner's own function, is shown as IPython does it, and so is this one after %tb. If the stop button ends a cell while
a function of the course or of my_rnn is running, the cell says only that.
"""

import dis
import linecache
import sys
from pathlib import Path

from course.base.place import ROOT, own_folder
from course.base.ready import in_notebook

KINDS = (ArithmeticError, ImportError, OSError, RuntimeError, TypeError, ValueError)  # that the course raises
STOPPED = "Stopped. Run the cell again to continue."


def tell_in_a_sentence():
    """From now on, show the course's own errors in short."""
    if in_notebook():
        sys.modules["IPython"].get_ipython().set_custom_exc((*KINDS, KeyboardInterrupt), _show)


def _show(shell, kind, error, trace, tb_offset=None):
    """IPython calls this for each error of these kinds that ends a cell, but not for %tb."""
    if lines := _in_short(error, trace, shell.user_global_ns):
        error._render_traceback_ = lambda: lines  # IPython shows these in place of its own
    try:
        shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
    finally:
        vars(error).pop("_render_traceback_", None)


def _in_short(error, trace, page):
    """Return the learner's lines that led to an error, and its sentence, or [] if it is not one of the course's own.

    page  the global names of the notebook
    """
    steps = []
    while trace is not None:
        steps.append(trace)
        trace = trace.tb_next
    if isinstance(error, KeyboardInterrupt):
        return [STOPPED] if any(_is_ours(step.tb_frame.f_code, own_folder()) for step in steps) else []
    raised = steps[-1].tb_frame.f_code
    if not _is_ours(raised) or raised.co_code[steps[-1].tb_lasti] != dis.opmap["RAISE_VARARGS"]:
        return []
    lines = []
    for step in steps:
        frame = step.tb_frame
        if frame.f_globals is page or _is_in(frame.f_code, own_folder()):
            line = linecache.getline(frame.f_code.co_filename, step.tb_lineno).strip()
            name = frame.f_code.co_name
            lines += [f"{'' if name.startswith('<') else f'{name}, '}line {step.tb_lineno}: {line}"] * bool(line)
    lines = list(dict.fromkeys(lines))  # a comprehension is a step of its own, in the same line
    return lines and [*lines, f"{type(error).__name__}: {error}", "(To see everything that led to it, run %tb.)"]


def _is_ours(code, *more):
    """Is this code in the course, or in one of more places?"""
    return any(_is_in(code, place) for place in (ROOT / "course", ROOT / "rnn_helpers.py", *more))


def _is_in(code, place):
    return Path(code.co_filename).resolve().is_relative_to(place)
