"""The verdict on all calls of a learner's function: the order of diagnosis, and the known mistakes."""

import copy
import dataclasses
import functools
from typing import NamedTuple

import numpy as np

from course.checker import limit
from course.checker.errors import is_about_sizes, telling_note
from course.checker.guard import Printed
from course.checker.page import only_computes
from course.checker.say.numbers import say_at_sight, say_difference, where_right
from course.checker.say.shapes import (
    say_changed,
    say_raised,
    say_surplus,
    say_wrong_form,
    say_wrong_shape,
    say_wrong_type,
)
from course.checker.slips.depends import say_dependence
from course.checker.slips.search import REMAINS, TWO, Diagnosis, diagnose
from course.checker.slips.seen import seen_in
from course.checker.trial import alike, group_of, in_group, is_comparable, same, same_group, same_parts
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET, lines, listed, where

_UNSTEADY = (
    "Does it use random numbers of its own, np.empty (which is not zeros), or a variable outside the function that "
    "keeps its value?"
)
_OTHER_SIZES = "The check tries small networks, of other sizes than the one on the page."


class Verdict(NamedTuple):
    """The verdict, the message for the learner, the case that shows it, and the id of the mistake if it is known."""

    verdict: str
    message: str
    index: int = 0
    mistake: str = ""


def judge(exercise, trial, bank, function=None):
    """Return the Verdict on a Trial.

    bank      a Bank, with what the right function and the known mistakes do in each case
    function  the learner's, if its code may be searched when no known mistake explains the results
    """
    if trial.stopped:
        return Verdict(NOT_YET, _mixed_up(exercise.name, trial, bank) + trial.stopped, len(trial.outcomes))
    if trial.refused:
        return Verdict(NOT_YET, trial.refused)
    cases, outcomes = exercise.cases(), trial.outcomes
    expected = bank.expected(exercise.name)[: len(cases)]
    right = [
        not (got.error or got.problem or got.changed) and same_parts(got, want) for got, want in zip(outcomes, expected)
    ]
    steady = all(alike(got, again) for got, again in zip(outcomes, trial.again))
    if all(right) and steady:
        surplus = say_surplus(outcomes) or say_wrong_form(exercise, outcomes, trial.again, expected)
        surplus = surplus or _say_rounds(exercise.few_rounds, outcomes[-1].rounds)
        slow = _say_rounds(exercise.slow, max(got.rounds for got in outcomes))
        return Verdict(NOT_YET if surplus else CORRECT, surplus or lines(exercise.notice, slow))
    usual = len(cases) - exercise.rare
    if exercise.rare and not all(right[:usual]):  # the rare cases wait until the others are right
        trial = copy.copy(trial)
        trial.outcomes, trial.again = outcomes[:usual], trial.again[:usual]
        return judge(exercise.usual, trial, bank, function)
    if trial.idle and all(got.nothing or not exercise.has_result for got in outcomes):
        says = f"Put your code where the ... is, and run the cell again. {exercise.effort}"
        return Verdict(NOT_STARTED, f'{says} For a nudge: hint("{exercise.name}").')

    index = right.index(False) if False in right else 0  # the first wrong case says most
    known, mistake = _known_mistake(exercise, outcomes, expected, bank)
    known = known or _say_at_once(exercise, trial, outcomes[index])
    if function is not None:
        known = seen_in(function, outcomes[index], expected[index], known)
    only_printed = outcomes[index].nothing and outcomes[index].printed.strip()
    if steady and not known and not only_printed:
        if not (function is None or trial.needs_page or any(got.endless for got in outcomes)):
            known, mistake = _explain(exercise, function, trial, expected, bank)
        known = _with_what_is_seen(say_at_sight(outcomes, expected), known)
    mixed_up = _mixed_up(exercise.name, trial, bank)
    if mixed_up and known == _OTHER_SIZES:
        return Verdict(NOT_YET, mixed_up + known, index)
    case, got, want = cases[index], outcomes[index], expected[index]
    message = "" if is_comparable(exercise, got, want) else _say_misfit(exercise, case, got, want, known)
    if not (message or steady):
        says = "Called again with the same arguments, it gives another result."
        return Verdict(NOT_YET, f"{says} {exercise.unsteady or _UNSTEADY}")
    if known and not mistake and not message and all(right[:usual]):  # a place in the code alone names no rare case
        known = lines(where_right(cases, right), known)
    if not message:
        says = known or lines(where_right(cases, right), say_difference(exercise, case, index, outcomes, expected))
        message = lines(_say_right(exercise, outcomes, expected), says)
    return Verdict(NOT_YET, mixed_up + message, index, mistake)


def _say_right(exercise, outcomes, expected):
    """Return which parts of the results are right in all cases, as a sentence, or ""."""
    names = exercise.groups or [name for name in expected[0].parts if name and name not in expected[0].after]
    if exercise.result == "pairs" or not all(is_comparable(exercise, *pair) for pair in zip(outcomes, expected)):
        return ""

    def is_right(name):
        parts = [part for part in expected[0].parts if name in (part, group_of(part))]
        return all(same(got.parts[part], want.parts[part]) for got, want in zip(outcomes, expected) for part in parts)

    fine = list(filter(is_right, names))
    return f"{listed(fine)} {'are' if len(fine) > 1 else 'is'} right." if fine else ""


def _say_rounds(allowed, rounds):
    """Say that an answer makes more rounds than the exercise allows, or ""."""
    most, says = allowed or (rounds, "")
    return says.format(rounds=f"{rounds:,}") if rounds > most else ""


def _say_misfit(exercise, case, got, want, known):
    """Say why the numbers of a result cannot be compared, or "" if they can."""
    finds = (say_raised, say_wrong_type, _say_wrong_first_pair, say_wrong_shape, say_changed)
    return next(filter(None, (find(exercise, case, got, want, known) for find in finds)), "")


def _explain(exercise, function, trial, expected, bank):
    """Return what explains the results if no single known mistake does: a place in the learner's code, or two mistakes.

    That is (message, id of the first known mistake that it names), or two empty texts. It runs in the Guard of the
    trial.
    """
    mistakes, found = bank.mistakes(exercise.name), []
    two_known = functools.partial(_two_known, exercise, trial.outcomes, bank)

    def work():
        compared = sum(len(got.parts) for got in trial.outcomes)
        spent = limit.ROUNDS - trial.meter.left + limit.A_PART * compared
        found.append(diagnose(exercise, function, trial.outcomes, expected, mistakes, two_known, spent))
        remark = exercise.remark and fine[0] and exercise.remark(exercise.cases()[0], trial.outcomes[0].parts)
        if not found[0] and fine[0] and not remark:
            found[0] = Diagnosis(None, None, say_dependence(exercise, trial.function, fine))

    fine = [is_comparable(exercise, *pair) for pair in zip(trial.outcomes, expected)]
    if only_computes(function):
        trial.guard.run(work, Printed())
    diagnosis = found[0] if found and found[0] else two_known()
    if not diagnosis:
        return "", ""
    return diagnosis.message, f"{exercise.name}/{diagnosis.mistake.id}" if diagnosis.mistake else ""


def _two_known(exercise, outcomes, bank):
    """Return the Diagnosis that names two known mistakes which together give the learner's results, or None."""
    for one, other, wrong in bank.pairs(exercise.name):
        if not outcomes[0].error and _explains_all(outcomes, wrong, None):  # errors alone prove too little
            return Diagnosis(None, one, TWO.format(one.message, other.message))
    return None


def _say_at_once(exercise, trial, got):
    """Say what is wrong if the error alone shows it. Then the slower search in the code is not needed."""
    if not got.error:
        return ""
    if trial.outside and is_about_sizes(got.error):
        return _OTHER_SIZES
    says = exercise.on_error(got.error, where(got)) if exercise.on_error else ""
    return says or telling_note(got.error, got.line, got.meant)


def _with_what_is_seen(seen, explained):
    """Join what the numbers alone show with the place in the code, if there is a single place."""
    if not (seen and explained):
        return seen or explained
    return seen if REMAINS in explained else lines(seen, explained)


def _say_wrong_first_pair(exercise, case, got, want, known):
    """Say what is wrong with the first pair of a list of pairs, which says more than the number of pairs."""
    if exercise.result != "pairs":
        return ""
    names = [name for name in got.parts if name in want.parts][: len(exercise.returns)]
    got, want = [dataclasses.replace(one, parts={name: one.parts[name] for name in names}) for one in (got, want)]
    if same_parts(got, want):
        return ""
    said = say_wrong_shape(exercise, case, got, want, known) or known
    return said or say_difference(exercise, case, 0, [got], [want])


def _mixed_up(name, trial, bank):
    """Say that the answer is the function of another exercise, or takes data from the page, one line each."""
    other, text = trial.own_name, ""
    if other in bank.exercises and other != name:
        text += f"You gave the function {other} to the exercise {name}.\n"
    for user, data in trial.outside.items():
        subject = "It" if user == other else f"Your function {user}"
        says = f"{subject} takes {', '.join(data)} from outside the function"
        text += f"{says}: use what comes in through the arguments.\n"
    return text


def _known_mistake(exercise, outcomes, expected, bank):
    """Return (message, id) of the mistake that gives the learner's results, or two empty texts.

    If no mistake explains the whole result, not even one of a function that the right answer calls, the wrong parts are
    compared one by one. Of two mistakes in two parts, the message names the first known one.
    """
    cases, mistakes = range(len(outcomes)), bank.mistakes(exercise.name)
    for explains in (_explains_all, _explains_numbers, _explains_ids):
        for mistake, wrong in mistakes:
            if explains(outcomes, wrong, expected):
                return mistake.message, f"{exercise.name}/{mistake.id}"
    first = outcomes[0]
    for part, mistake, wrong in bank.mistakes_of_parts(exercise.name):
        is_called = first.error and (f"{part}(" in first.line or first.within == part)  # then the call may be wrong
        if not is_called and _explains_all(outcomes, wrong, expected):
            return f"In what `{part}` does: {mistake.message}", f"{part}/{mistake.id}"

    def same_in(group, ones, others):
        return all(same_group(ones[k], others[k], group) for k in cases)

    def same_changes(wrong):
        return all(outcomes[k].changed == wrong[k].changed for k in cases)

    def is_zero(group):
        """True if a part is wrong and all 0."""
        is_right = same_in(group, outcomes, expected)
        return not (is_right or any(part.any() for part in in_group(outcomes[0], group).values()))

    def group_feeds(one, other):
        """True if the other part is made from this one: nearly all known mistakes in this one spoil that one, too."""
        changed = [wrong[0] for _, wrong in mistakes if not same_group(wrong[0], expected[0], one)]
        return sum(not same_group(wrong, expected[0], other) for wrong in changed) > 0.85 * len(changed)

    if any(outcome.error or outcome.problem for outcome in outcomes):
        return "", ""
    if exercise.result == "pairs":
        known = _known_in_first_pair(exercise, outcomes, expected, mistakes)
        return known or (_say_other_order(outcomes, expected), "")
    for group in exercise.groups:
        if same_in(group, outcomes, expected):
            continue
        matches = [known for known in mistakes if same_in(group, outcomes, known[1]) and same_changes(known[1])]
        if any(is_zero(other) for other in exercise.groups[: exercise.groups.index(group)]):
            continue  # what is made from zeros shows nothing
        for mistake, wrong in matches:  # best: a mistake that changes only this part
            if all(same_in(other, wrong, expected) for other in exercise.groups if other != group):
                return mistake.message, f"{exercise.name}/{mistake.id}"
        before = [other for other in exercise.groups[: exercise.groups.index(group)] if group_feeds(other, group)]
        for mistake, wrong in matches:
            if not all(same_in(other, outcomes, expected) or same_in(other, outcomes, wrong) for other in before):
                continue  # this part is made from one that is wrong in another way
            where = "" if group in mistake.message else f"In {group}: "
            return where + mistake.message, f"{exercise.name}/{mistake.id}"
    return "", ""


def _explains_all(outcomes, wrong, expected):
    return all(alike(got, wrong[k]) for k, got in enumerate(outcomes))


def _explains_numbers(outcomes, wrong, expected):
    """True if the results agree wherever there are any, and two of them are wrong. Errors on rare inputs do not count.

    Where np.exp gives inf, math.exp raises an error, and so do many slices past the end.
    """
    if outcomes[0].error or outcomes[0].problem or not alike(outcomes[0], wrong[0]):
        return False
    numbers = [k for k, got in enumerate(outcomes) if not (got.error or wrong[k].error)]
    wrong_ones = [k for k in numbers if not alike(outcomes[k], expected[k])]
    lost = [k for k, got in enumerate(outcomes) if got.error and not wrong[k].error and _is_ordinary(wrong[k])]
    return (
        len(wrong_ones) > 1
        and len(numbers) >= len(outcomes) / 2
        and not lost
        and all(alike(outcomes[k], wrong[k]) for k in numbers)
    )


def _is_ordinary(outcome):
    """True if all numbers of a result are finite."""
    return all(np.isfinite(array).all() for array in outcome.parts.values())


def _explains_ids(outcomes, wrong, expected):
    """True if wrong lists of ids begin alike and differ only in the number of ids or in one at the front."""
    cases = range(len(outcomes))
    mine, theirs, right = [[several[k].parts.get("") for k in cases] for several in (outcomes, wrong, expected)]
    lists = [*mine, *theirs, *right]
    if any(ids is None or ids.ndim != 1 or ids.dtype.kind != "i" for ids in lists):
        return False
    if all(len(ids) == len(want) for ids, want in zip(mine, right)):
        return False

    def begin_alike(*several):
        count = min(map(len, several))
        return all(np.array_equal(ids[:count], several[0][:count]) for ids in several)

    for start in (0, 1):
        found = []
        for k, ids in enumerate(mine):
            ids = ids if begin_alike(ids, right[k]) else ids[start:]
            count = min(len(ids), len(theirs[k]), len(right[k]))
            found.append([np.array_equal(ids[:count], other[k][:count]) for other in (theirs, right)])
        if all(known for known, _ in found) and sum(not fine for _, fine in found) > 1:
            return True
    return False


def _known_in_first_pair(exercise, outcomes, expected, mistakes):
    """Return (message, id) of the mistake that gives the learner's first pairs, or None.

    It must explain a wrong pair in at least two cases, because one may be chance.
    """

    def first_pairs(several):
        return [list(one.parts.values())[: len(exercise.returns)] for one in several]

    def agree(one, other):
        return len(one) == len(other) and all(map(same, one, other))

    mine, right = first_pairs(outcomes), first_pairs(expected)
    wrong = [k for k, pair in enumerate(mine) if pair and not agree(pair, right[k])]
    matches = []
    for mistake, theirs in mistakes if len(wrong) > 1 else ():
        theirs = first_pairs(theirs)
        same_here = [agree(one, pair) for one, pair in zip(mine, theirs) if pair and one]
        if all(same_here) and sum(agree(mine[k], theirs[k]) for k in wrong) > 1:
            matches.append(mistake)
    if not matches:
        return None
    mistake = min(matches, key=lambda known: len(known.edits))
    return f"In the first sequence: {mistake.message}", f"{exercise.name}/{mistake.id}"


def _say_other_order(outcomes, expected):
    """Say that the right sequences come in another order, or with inputs and targets exchanged, if they do."""
    for got, want in zip(outcomes, expected):
        mine, right = [[str(array.tolist()) for array in one.parts.values()] for one in (got, want)]
        pairs, right_pairs = [sorted(zip(one[::2], one[1::2])) for one in (mine, right)]
        if pairs == right_pairs and not same_parts(got, want):
            return "These are the right sequences, but in another order than in the text."
        if sorted((second, first) for first, second in pairs) == right_pairs != pairs:
            return "The two of each pair have changed places."
    return ""
