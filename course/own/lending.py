"""Lends a page the taught functions that an answer calls and the page does not have yet, as after a restart."""

import builtins
import contextlib

from course.checker.course import COURSE
from course.checker.page import plain_function, with_helpers
from course.checker.words import listed
from course.lessons import WRITTEN
from course.own.kept import own_functions


class Lent:
    """What a page got for a while. kept, finished: names of the learner's kept functions, and of finished ones."""

    def __init__(self):
        self.kept, self.finished = [], []

    def says_what_was_used(self):
        """Say which functions were used, or ""."""
        pairs = (("your kept", self.kept), ("the finished", self.finished))
        used = " and ".join(f"{whose} {_listed(names)}" for whose, names in pairs if names)
        return f"It calls what is not on this page yet, so the check used {used}." if used else ""

    def says_what_to_run(self):
        """Say what must be on the page for an answer that is right with the finished functions."""
        homes, is_one = {COURSE.home_of(name) for name in self.finished}, len(self.finished) == 1
        it, its_cell, are = ("it", "its cell", "is") if is_one else ("them", "their cells", "are")
        ways = [f"run {its_cell} first"] if WRITTEN.keys() >= set(self.finished) else []
        if len(homes) == 1 and (home := homes.pop()):
            ways.append(f"import {it}: from {home.__name__} import {', '.join(self.finished)}")
        says = f"It is right, but it calls {_listed(self.finished)}, which {are} not on this page yet"
        advice = ", or ".join(ways)
        return f"{says}. {advice[:1].upper()}{advice[1:]}." if ways else f"{says}."


def _listed(names):
    return listed([f"`{name}`" for name in names])


@contextlib.contextmanager
def lent_to(exercise, answer):
    """Put into the page of an answer, for a with block, the taught functions that it calls and the page does not have.

    The learner's kept functions come first, then the finished ones. A name that the page has stays as it is.
    """
    lent, own = Lent(), (exercise.name, getattr(getattr(exercise, "original", None), "name", ""))
    functions = with_helpers(plain_function(answer))
    page = functions[0].page if functions else {}
    names = {name for one in functions for name in one.looked_up if one.page is page}
    missing = [name for name in taught() if name in names and name not in (*own, *page, *vars(builtins))]
    kept = own_functions() if missing else {}
    functions = {name: kept.get(name) or COURSE.finished_function(name) or WRITTEN[name].function for name in missing}
    for name in missing:
        (lent.kept if name in kept else lent.finished).append(name)
    page.update(functions)
    try:
        yield lent
    finally:
        for name, function in functions.items():
            if page.get(name) is function:
                del page[name]


def taught():
    """Return the names of all functions to write, in the order of the pages, and then of all finished functions."""
    finished = [name for module in COURSE.modules.values() for name in vars(module) if COURSE.home_of(name)]
    return list(dict.fromkeys([*WRITTEN, *finished]))
