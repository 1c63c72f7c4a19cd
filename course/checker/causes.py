"""What may explain wrong results. One idea: a change of code predicts what the learner's function did.

    known           a change of the right function: a known mistake, whose results are the learner's
    slip            a change of the learner's function, after which it is right
    two_known       two changes of the right one
    slip_and_known  one of each: a change of the learner's, after which a known mistake remains

The first that predicts the results speaks, in the order of CAUSES, at the end. Beside these four an error may say by
itself what is wrong, before anything slow is tried; and at last comes what the results do not depend on.

Each is a function (Look) -> Cause, or None. To add one, write it, put it into the list, and see what it decides:
python tests/evaluation --without cause:NAME
"""

import functools

from course.checker.errors import is_about_sizes, telling_note
from course.checker.finding import Cause
from course.checker.guard import Printed
from course.checker.page import only_computes
from course.checker.slips.depends import say_dependence
from course.checker.slips.search import search_of
from course.checker.trial import alike
from course.checker.views import predicts, views
from course.checker.words import where

OTHER_SIZES = "The check tries small networks, of other sizes than the one on the page."


def known(look):
    """A known mistake: in the first view in which the answer is wrong, and a mistake predicts all that is seen."""
    name, mistakes = look.exercise.name, look.bank.mistakes(look.exercise.name)
    for view in views(look.exercise, look.pairs):
        for mistake, wrong in view.order(mistakes, look.expected):
            if predicts(view.agree, wrong, look.outcomes):
                return Cause("known", mistakes=(mistake,), within=view.within, id=f"{name}/{mistake.id}")
    return None


def error(look):
    """An error that says by itself what is wrong."""
    got, exercise = look.shown[1], look.exercise
    if not got.error:
        return None
    if look.trial.outside and is_about_sizes(got.error):
        return Cause("other sizes", OTHER_SIZES)
    says = exercise.on_error(got.error, where(got)) if exercise.on_error else ""
    says = says or telling_note(got.error, got.line, got.meant)
    return Cause("error", says) if says else None


def _searched(cause):
    """Return a cause that runs the learner's code again, for functions that bear it, inside the Guard of the trial."""

    @functools.wraps(cause)
    def guarded(look):
        found = []
        if look.may_be_searched and only_computes(look.function):
            look.trial.guard.run(lambda: found.append(cause(look)), Printed())
        return found[0] if found else None

    return guarded


@_searched
def slip(look):
    """Small edits of the learner's code, all in one place, after which all is right."""
    search = search_of(look)
    return search and search.slip()


@_searched
def two_known(look):
    """Two known mistakes, which together predict the results."""
    if look.outcomes[0].error:  # errors alone prove too little
        return None
    pairs = [pair[:2] for pair in look.bank.pairs(look.exercise.name) if predicts(alike, pair[2], look.outcomes)]
    sure = tuple(one for one in pairs[0] if all(one in pair for pair in pairs)) if pairs else ()
    return Cause("two known", mistakes=sure, id=f"{look.exercise.name}/{sure[0].id}") if sure else None


@_searched
def slip_and_known(look):
    """A small edit of the learner's code, after which a known mistake remains."""
    search = search_of(look)
    return search and search.slip_and_known()


@_searched
def unused(look):
    """An argument on which the results should depend, and do not, or the other way round."""
    remark = look.exercise.remark
    if not look.fits[0] or (remark and remark(look.cases[0], look.outcomes[0].parts)):
        return None
    says = say_dependence(look.exercise, look.trial.function, look.fits)
    return Cause("unused", says) if says else None


CAUSES = [known, error, slip, two_known, slip_and_known, unused]
