"""Where is the mistake? An answer that calls the learner's function of another exercise is right only if that one is.

Nothing here runs for a right answer.
"""

from types import FunctionType

from course.checker.errors import is_learners
from course.checker.page import with_helpers
from course.checker.trial import does_nothing, not_callable
from course.checker.words import CORRECT, NOT_YET


def blamed(function, others, verdict_of):
    """Return (name, state) of the first other exercise whose function an answer calls and that is not known to be
    right, or None. The state says what it is not yet: "done", "right" or "checked".

    others        {name: exercise}, in the order of the pages
    verdict_of    (name, function) -> the verdict on it, or None
    """
    called, found = {}, []
    for one in with_helpers(function):
        called |= {**one.taken, **one.closure}
    for name, exercise in others.items():
        value = called.get(name)
        is_own = type(value) is FunctionType and is_learners(value.__code__.co_filename)
        if not is_own or not_callable(exercise, value):  # the course's, or it only has the same name
            continue
        state = (
            "done" if does_nothing(value) else {NOT_YET: "right", CORRECT: ""}.get(verdict_of(name, value), "checked")
        )
        found += [(name, state)] * bool(state)
    return min(found, key=lambda one: one[1] == "checked", default=None)  # one that is known to be wrong comes first
