"""What may explain wrong results, from the sure to the less sure: CAUSES, at the end, is the order.

Each is a function (Look) -> Cause, or None if it does not explain them. To add one, write it and put it into the list.
"""

import dis
import functools
import re

import numpy as np

from course.checker.errors import is_about_sizes, telling_note
from course.checker.finding import Cause
from course.checker.guard import Printed
from course.checker.page import codes_in, only_computes, with_helpers
from course.checker.say.in_all import say_shape, say_single_row, say_turned
from course.checker.say.numbers import say_at_sight, say_other_order
from course.checker.slips.depends import say_dependence
from course.checker.slips.search import search_of
from course.checker.slips.seen import seen_at_last, seen_at_once, seen_perhaps, seen_to_end_loop
from course.checker.slips.unfinished import say_computed_for_nothing, say_no_return, say_unfilled, say_unread
from course.checker.trial import alike, group_of, in_group, named_arrays, same, same_group
from course.checker.words import lines, where

_SAY_LESS = ("new array", "too much", "copy", "name", "update")  # kinds of edits of which a known mistake says more
OTHER_SIZES = "The check tries small networks, of other sizes than the one on the page."


# ---------------------------------------------------------------- known mistakes
def known(look):
    """A known mistake: the first view decides in which the answer is wrong and agrees with one."""
    exercise, mistakes = look.exercise, look.bank.mistakes(look.exercise.name)
    for _, view, within, least in views(exercise):
        if [view(*pair) for pair in look.pairs if least == 1 or not pair[0].error].count(False) < least:
            continue
        found = [one for one in mistakes if agrees(view, look.outcomes, one[1]) and _is_wrong_alike(view, look, one[1])]
        if within in exercise.groups:  # best: one that spoils the fewest other parts
            found = [one for one in found if _spares_what_is_right(look, within, *one)]
            found = [one for one in found if _fits_whose_place(look, within, one[1])]
            spoiled = {mistake.id: _count_spoiled(look, wrong[0]) for mistake, wrong in found}
            found = [one for one in found if _fits_what_feeds(look, within, one[1], spoiled[one[0].id] == 1)]
            found.sort(key=lambda one: spoiled[one[0].id])
        for mistake, _ in found:
            by_edit = slip(look) if _shows_nothing(look) else None
            if by_edit and by_edit.places[0].kind not in _SAY_LESS:
                return by_edit
            if within and (ends := look.function and seen_to_end_loop(look.function)):
                return Cause("seen", ends)
            return Cause("known", mistakes=(mistake,), within=within, id=f"{exercise.name}/{mistake.id}")
    # A part that is called by its name is the finished one, so it is right, and only the call may be wrong.
    codes = [code for one in with_helpers(look.function) for code in codes_in(one.code)]
    called = {name for code in codes for name in code.co_names}
    called |= {part for part in look.bank.exercises if f"{part}(" in look.outcomes[0].line}
    for part, mistake, wrong in look.bank.mistakes_of_parts(exercise.name):
        if part not in called and agrees(alike, look.outcomes, wrong) and not _makes_zeros(wrong[0], look.expected[0]):
            if ends := look.function and seen_to_end_loop(look.function):
                return Cause("seen", ends)
            return Cause("known", mistakes=(mistake,), within=f"what `{part}` does", id=f"{part}/{mistake.id}")
    return None


def agrees(view, outcomes, wrong):
    """True if the outcomes of a learner are those of a known mistake in a view: never against it, and in at least half
    of the cases for it, of which the first is one."""
    if not view(outcomes[0], wrong[0]):
        return False
    seen = [view(got, other) for got, other in zip(outcomes, wrong)]
    return False not in seen and 2 * seen.count(None) <= len(seen)


def _is_wrong_alike(view, look, wrong):
    """True if a known mistake agrees with the outcomes in a case in which they are wrong: where they are right, and the
    mistake shows only in an error that does not count, agreeing proves nothing."""
    return any(view(got, other) and view(got, want) is False for (got, want), other in zip(look.pairs, wrong))


def views(exercise):
    """Yield (name, view, within, least): ways to compare two outcomes, from all that they have to one part of it.

    view    (outcome, other) -> do they agree? None: nothing is seen of them there
    within  what is looked at, for a message, or "";  least: in how many cases the answer must be wrong there
    """
    yield "whole", alike, "", 1
    yield "numbers", _numbers_alike, "", 2
    if exercise.result in ("ids", "text"):
        yield "beginning", _begin_alike, "", 2
        yield "second on", functools.partial(_begin_alike, start=1), "", 2
    elif exercise.result == "pairs":
        yield "first pair", _part_alike(lambda name: name.endswith("sequence 0"), None), "the first sequence", 2
    for group in exercise.groups:
        yield "part", _part_alike(lambda name, group=group: group_of(name) == group), group, 1


def _numbers_alike(got, other):
    """Errors on rare inputs do not count: where np.exp gives inf, math.exp raises an error, and so do many slices past
    the end."""
    if got.error and not other.error and all(np.isfinite(array).all() for array in other.parts.values()):
        return False
    return None if got.error or other.error else alike(got, other)


def _begin_alike(got, other, start=0):
    """Lists of ids agree as far as the shorter one goes."""
    mine, theirs = [one.parts.get("") for one in (got, other)]
    if mine is None or theirs is None or mine.ndim != 1 or theirs.ndim != 1:
        return False
    if "f" in (mine.dtype.kind, theirs.dtype.kind):
        return False  # a list without an id, which begins like any other
    count = min(len(mine) - start, len(theirs))
    if count < 2 and len(mine) - start != len(theirs):
        return None  # too little to tell anything
    return bool(np.array_equal(mine[start : start + count], theirs[:count]))


def _part_alike(belongs, of_none=False):
    """Return the view of those parts of results whose names belong together. of_none: if one result has no such part"""

    def view(got, other):
        if got.error or got.problem or got.changed != other.changed:
            return False
        mine, theirs = [{name: part for name, part in one.parts.items() if belongs(name)} for one in (got, other)]
        if not (mine and theirs):
            return of_none
        return mine.keys() == theirs.keys() and all(same(mine[name], theirs[name]) for name in mine)

    return view


def _shows_nothing(look):
    """True if all results are zeros, or what came in: many mistakes lead to the same ones."""
    before = [named_arrays(look.exercise, case.args) for case in look.cases]
    return all(
        not part.any() or (name in came and same(part, came[name]))
        for got, came in zip(look.outcomes, before)
        for name, part in got.parts.items()
    ) and not any(got.error or got.problem for got in look.outcomes)


def _makes_zeros(wrong, expected):
    """True if a result is all zeros that should not be: so is one that is not computed at all."""
    return any(
        not wrong.parts[name].any() and part.any() for name, part in expected.parts.items() if name in wrong.parts
    )


def _spares_what_is_right(look, group, mistake, wrong):
    """True if the numbers of the part are wrong, and the mistake names no part that it spoils and that came out right.

    Without that, "r and z are bare sums" would be said of a bare r beside a right z.
    """
    right = [name for name in look.exercise.groups if all(same_group(*pair, name) for pair in look.pairs)]
    spoiled = [name for name in right if not same_group(wrong[0], look.expected[0], name)]
    return group not in right and not any(re.search(rf"\b{name}\b", mistake.message) for name in spoiled)


def _fits_whose_place(look, group, wrong):
    """True if the part is not another result, which came in its place, or if that one comes as the mistake says."""
    mine, exercise = look.outcomes[0], look.exercise
    taken = [name for name in exercise.returns if name != group and _is_result(mine, group, look.expected[0], name)]
    return all(same_group(mine, wrong[0], name) for name in taken)


def _is_result(got, group, want, name):
    mine, right = got.parts.get(group), want.parts.get(name)
    return mine is not None and right is not None and mine.any() and same(mine, right)


def _count_spoiled(look, wrong):
    return sum(not same_group(wrong, look.expected[0], name) for name in look.exercise.groups)


def _fits_what_feeds(look, group, wrong, is_alone):
    """True if no part is wrong in another way from which this one is made: that is one which nearly all known mistakes
    spoil with it."""
    mistakes, expected = look.bank.mistakes(look.exercise.name), look.expected

    def feeds(other):
        changed = [one[0] for _, one in mistakes if not same_group(one[0], expected[0], other)]
        return sum(not same_group(one, expected[0], group) for one in changed) > 0.75 * len(changed)

    def is_zero(other):
        return not same_in(other, expected) and not any(
            part.any() for part in in_group(look.outcomes[0], other).values()
        )

    def same_in(other, several):
        return all(same_group(got, one, other) for got, one in zip(look.outcomes, several))

    before = look.exercise.groups[: look.exercise.groups.index(group)]
    if any(is_zero(one) for one in before):
        return False  # what is made from zeros shows nothing
    return is_alone or all(same_in(one, expected) or same_in(one, wrong) or not feeds(one) for one in before)


def two_known(look):
    """Two known mistakes, which together give the learner's results."""
    if look.outcomes[0].error or _may_be_searched(look) is None:  # errors alone prove too little
        return None
    pairs = [pair for pair in look.bank.pairs(look.exercise.name) if agrees(alike, look.outcomes, pair[2])]
    strange = [len(_tools_of(wrong.function) - _tools_of(look.function)) for *_, wrong in pairs]
    found = [pair[:2] for pair, count in zip(pairs, strange) if count == min(strange)]
    sure = tuple(one for one in found[0] if all(one in pair for pair in found)) if found else ()
    return Cause("two known", mistakes=sure, id=f"{look.exercise.name}/{sure[0].id}") if sure else None


def _tools_of(function):
    """Return the names that a function looks up, and the operations with which it calculates."""
    codes = [code for one in with_helpers(function) for code in codes_in(one.code)]
    steps = [step for code in codes for step in dis.get_instructions(code)]
    does = {
        step.opname.replace("INPLACE", "BINARY") + step.argrepr.rstrip("=")
        for step in steps
        if step.opname.startswith(("BINARY", "INPLACE"))
    }
    return does.union(*[code.co_names for code in codes])


# ---------------------------------------------------------------- what the code, or an error, shows by itself
def sure_in_code(look):
    """A slip that the code shows for sure, such as `x == 3` as a line."""
    says, mistake = look.function and seen_at_once(look.function, *look.first[1:]), known(look)
    return Cause("seen", says, id=mistake.id if mistake else "") if says else None


def perhaps_in_code(look):
    says = look.function and seen_perhaps(look.function, *look.first[1:])
    return Cause("seen", says) if says else None


def at_last_in_code(look):
    says = look.function and seen_at_last(look.function, *look.first[1:])
    return Cause("seen", says) if says else None


def unfilled(look):
    """A part of the result that still holds the zeros with which it began."""
    says = look.function and say_unfilled(look.exercise, look.function, *look.first[1:])
    return Cause("seen", says) if says else None


def error(look):
    """An error that says by itself what is wrong. Then the slower search in the code is not needed."""
    got, exercise = look.first[1], look.exercise
    if not got.error:
        return None
    if look.trial.outside and is_about_sizes(got.error):
        return Cause("other sizes", OTHER_SIZES)
    says = exercise.on_error(got.error, where(got)) if exercise.on_error else ""
    says = says or telling_note(got.error, got.line, got.meant)
    return Cause("error", says) if says else None


def order(look):
    says = say_other_order(look.outcomes, look.expected) if look.exercise.result == "pairs" else ""
    return Cause("order", says) if says else None


# ---------------------------------------------------------------- the search in the learner's code
def _may_be_searched(look):
    """True if the code may be searched; None if nothing slow is worth a try."""
    got = look.first[1]
    if look.function is None or not look.steady or (got.nothing and got.printed.strip()):
        return None
    if look.trial.needs_page or any(one.endless for one in look.outcomes):
        return None
    return only_computes(look.function)


def _searched(step):
    """Return the cause that one step of the search in the learner's code finds."""

    @functools.wraps(step)
    def cause(look):
        found = []
        if _may_be_searched(look):
            look.trial.guard.run(lambda: found.append(step(look)), Printed())
        return found[0] if found else None

    return cause


def _search(look):
    if not hasattr(look, "search"):
        look.search = search_of(look)
    return look.search


@_searched
def slip(look):
    """Small edits, all in one place, after which all is right."""
    return _search(look) and _search(look).slip()


@_searched
def slip_and_known(look):
    """A small edit after which a known mistake remains."""
    return _search(look) and _search(look).slip_and_known()


@_searched
def two_slips(look):
    return _search(look) and _search(look).two_slips()


def in_all(look):
    """What all cases together show: zeros in the wrong places, a shape that never changes."""
    says = say_turned(look.outcomes, look.expected) or say_shape(look.cases, look.outcomes, look.expected)
    return Cause("in all", says) if says else None


@_searched
def single_row(look):
    """A function for tables that takes each number of a single row for a row."""
    if look.first[1].error:
        return None
    says, remark = say_single_row(look.exercise, look.function, look.trial.function, look.cases, look.right), ""
    if says and look.exercise.remark:
        remark = look.exercise.remark(look.cases[look.index], look.outcomes[look.index].parts)
    return Cause("seen", lines(remark, says)) if says else None


@_searched
def further(look):
    """One of many edits that are less likely."""
    return _search(look) and _search(look).further()


@_searched
def unused(look):
    """An argument on which the results should depend, and do not, or the other way round."""
    exercise, got = look.exercise, look.first[1]
    if not got.error and (unread := say_unread(exercise, look.function, look.cases[0])):
        says = look.fits[0] and say_dependence(exercise, look.trial.function, look.fits)
        return Cause("seen", lines(says, unread))
    in_code = say_computed_for_nothing(look.function)
    if got.nothing and in_code:
        return Cause("seen", f"{in_code} Is that what it should return?")
    if not look.fits[0] or (exercise.remark and exercise.remark(look.cases[0], look.outcomes[0].parts)):
        return None
    says = say_dependence(exercise, look.trial.function, look.fits)
    return Cause("seen" if in_code else "unused", lines(in_code, says)) if in_code or says else None


def cut_off(look):
    """Digits that are lost in all results, and the place in the code if one edit keeps them."""
    says = say_at_sight(look.outcomes, look.expected) if look.steady and not _only_printed(look) else ""
    place = says and slip(look)
    return Cause("cut off", says, places=place.places if place else ()) if says else None


def _only_printed(look):
    return look.first[1].nothing and look.first[1].printed.strip()


def no_return(look):
    """A function without a `return` anywhere."""
    if not look.first[1].nothing or look.first[1].printed.strip():
        return None
    says = look.function and say_no_return(look.function)
    return Cause("no return", says) if says else None


# The first that explains the results is told.
CAUSES = [
    sure_in_code,
    known,
    order,
    error,
    perhaps_in_code,
    unfilled,
    single_row,
    cut_off,
    slip,
    two_known,
    slip_and_known,
    further,
    two_slips,
    at_last_in_code,
    unused,
    in_all,
    no_return,
]
