"""The verdict on all calls of a learner's function: the order of diagnosis, and the known mistakes."""

import copy
import dataclasses
from typing import NamedTuple

from exercises.bank import EXERCISES, mistake_outcomes
from exercises.differences import say_difference, where_right
from exercises.explanation import explain
from exercises.failures import say_changed, say_raised, say_surplus, say_wrong_shape, say_wrong_type
from exercises.notes import CORRECT, NOT_STARTED, NOT_YET, lines
from exercises.outcomes import alike, same_group, same_parts
from exercises.outside import say_outside


class Verdict(NamedTuple):
    """The verdict, what to tell the learner, the case that shows it, and the id of the mistake if it is known."""

    verdict: str
    message: str
    index: int = 0
    mistake: str = ""


def judge(exercise, trial, expected, function=None):
    """Return the Verdict on a Trial.

    expected  what the right function does in each case
    function  the learner's, if its own code is to be looked at where no known mistake explains the results
    """
    if trial.stopped:
        return Verdict(NOT_YET, trial.stopped, len(trial.outcomes))
    if trial.refused:
        return Verdict(NOT_YET, trial.refused)
    outcomes, cases, name = trial.outcomes, exercise.cases(), exercise.name
    right = [
        not (got.error or got.problem or got.changed) and same_parts(got, want) for got, want in zip(outcomes, expected)
    ]
    steady = all(alike(got, again) for got, again in zip(outcomes, trial.again))
    if all(right) and steady:
        surplus = say_surplus(outcomes)
        return Verdict(NOT_YET if surplus else CORRECT, surplus or exercise.notice)
    usual = len(expected) - exercise.rare
    if exercise.rare and not all(right[:usual]):
        return _judge_usual(exercise, trial, expected, function, usual)
    if trial.idle and all(got.nothing or not exercise.has_result for got in outcomes):
        effort = f"About {exercise.minutes} minutes, {exercise.how_hard}."
        message = f'Put your code where the ... is, and run the cell again. {effort} For a nudge: hint("{name}").'
        return Verdict(NOT_STARTED, message)

    known, mistake = _known_mistake(exercise, outcomes, expected)
    if function is not None and steady and not known:
        known, mistake = explain(exercise, function, outcomes, expected)
    mixed_up = _mixed_up(name, trial)
    index = right.index(False) if False in right else 0  # the earliest case that is wrong: it tells most
    for find in (say_raised, say_wrong_type, _say_wrong_first_pair, say_wrong_shape, say_changed):
        message = find(exercise, cases[index], outcomes[index], expected[index], known)
        if message:
            return Verdict(NOT_YET, mixed_up + message, index, mistake)
    if not steady:
        return Verdict(
            NOT_YET,
            "Called again with the same arguments, it gives another result. Does it use random numbers of its own, "
            "np.empty (which is not zeros), or a variable outside the function that keeps its value?",
        )
    message = known or lines(
        where_right(cases, right), say_difference(exercise, cases[index], index, outcomes, expected)
    )
    return Verdict(NOT_YET, mixed_up + message, index, mistake)


def _judge_usual(exercise, trial, expected, function, usual):
    """Return the Verdict on the first cases alone: the rare ones wait until these are right."""
    make, trial = exercise.make, copy.copy(trial)
    trial.outcomes, trial.again = trial.outcomes[:usual], trial.again[:usual]
    exercise = dataclasses.replace(exercise, make=lambda: make()[:usual], rare=0)
    return judge(exercise, trial, expected[:usual], function)


def _say_wrong_first_pair(exercise, case, got, want, known):
    """Say what is wrong with the first pair of a list of pairs: it tells more than how many there are."""
    if exercise.result != "pairs" or known:
        return ""
    names = [name for name in got.parts if name in want.parts][: len(exercise.returns)]
    got, want = [dataclasses.replace(one, parts={name: one.parts[name] for name in names}) for one in (got, want)]
    if same_parts(got, want):
        return ""
    return say_wrong_shape(exercise, case, got, want, "") or say_difference(exercise, case, 0, [got], [want])


def _mixed_up(name, trial):
    """Say that it is the function of another exercise, or takes data from the page, one line each."""
    other, text = trial.own_name, ""
    if other in EXERCISES and other != name:
        text += f"You gave the function {other} to the exercise {name}.\n"
    return text + say_outside(trial.outside, other)


def _known_mistake(exercise, outcomes, expected):
    """Return (message, id) of the mistake that gives the learner's results, or two empty texts.

    If no mistake explains all of it, the parts that are wrong are compared one by one: of two mistakes in two parts,
    the learner hears of the first that is known.
    """
    cases, bank = range(len(outcomes)), mistake_outcomes(exercise.name)
    for mistake, wrong in bank:
        if all(alike(outcomes[k], wrong[k]) for k in cases):
            return mistake.message, f"{exercise.name}/{mistake.id}"

    def same_in(group, ones, others):
        return all(same_group(ones[k], others[k], group) for k in cases)

    def same_changes(wrong):
        return all(outcomes[k].changed == wrong[k].changed for k in cases)

    if any(outcome.error or outcome.problem for outcome in outcomes):
        return "", ""
    for group in exercise.groups:
        if same_in(group, outcomes, expected):
            continue
        matches = [known for known in bank if same_in(group, outcomes, known[1]) and same_changes(known[1])]
        for mistake, wrong in matches:  # best: a mistake that is in this part alone
            if all(same_in(other, wrong, expected) for other in exercise.groups if other != group):
                return mistake.message, f"{exercise.name}/{mistake.id}"
        for mistake, _ in matches:
            return f"In {group}: {mistake.message}", f"{exercise.name}/{mistake.id}"
    return "", ""
