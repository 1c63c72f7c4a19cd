"""The message on a wrong answer: the only place where what was found becomes words.

A message is a tuple of Sentences. Who wants to know what one of them says asks for its name, and parses nothing:

    outside, mixed up  it takes data of the page, or is the function of another exercise
    right              which parts of the results are right
    raised, line       the error, and the learner's line
    tried              the case that shows it
    result             what came, and what is expected
    cause              what explains it
    where right        in which cases it is right or wrong
    difference         where the numbers differ, and how
"""

import dataclasses

from course.checker.finding import Sentence
from course.checker.say.numbers import is_only_near, say_difference, where_right
from course.checker.say.shapes import say_changed, say_raised, say_wrong_shape, say_wrong_type
from course.checker.slips.place import say_one
from course.checker.trial import group_of, is_comparable, same, same_parts
from course.checker.words import lines, listed

TWO = "Here are two mistakes.\n1. {}\n2. {}"
REMAINS = "{}\nA mistake remains after that: {}"
ANOTHER = "{}\nAnother mistake remains after that."
_AGAIN = "Called again with the same arguments, it gives a different result."
_UNSTEADY = (
    "Does it use its own random numbers, np.empty (not filled with zeros), or a variable outside the function that "
    "keeps its value?"
)


_LITTLE_HELP = ("tried", "where right", "first difference")
_FRAME = (*_LITTLE_HELP, "raised", "line", "right", "outside")


def in_one_line(finding):
    """Return what is wrong in one line: not which input was tried."""
    return " ".join(_without(finding, _LITTLE_HELP).split("\n")[:2])[:300]


def without_frame(finding):
    """Return what a teacher says about an answer, without where it is."""
    return _without(finding, _FRAME)


def _without(finding, names):
    told = [sentence.text for sentence in finding.says if sentence.name not in names]
    return lines(*told) or finding.message


def sentences(look):
    """Return the Sentences on what was found: a Look, with the Cause if there is one."""
    return tuple(Sentence(*one) for one in _sentences(look) if one[1])


def _sentences(look):
    exercise, cause, (case, got, want) = look.exercise, look.cause, look.shown
    outside, told = say_outside(exercise.name, look.trial, look.bank), say_cause(cause, exercise) if cause else ""
    if outside and cause and cause.kind == "other sizes":
        return [*outside, ("cause", told)]
    misfit = () if is_comparable(exercise, got, want) else _say_misfit(exercise, case, got, want, told)
    if misfit:
        return [*outside, *misfit]
    if not look.steady:
        return [("difference", f"{_AGAIN} {exercise.unsteady or _UNSTEADY}")]
    found = [*outside, ("right", _say_right(exercise, look.outcomes, look.expected))]
    is_rare = all(look.right[: len(look.cases) - exercise.rare])
    is_near = any(is_only_near(*pair) for fine, pair in zip(look.right, look.pairs) if fine)
    if not is_near and (not told or (is_rare and not cause.id)):  # a place in the code alone names no rare case
        found.append(("where right", where_right(look.cases, look.right)))
    if told:
        return [*found, ("cause", told)]
    return [*found, *say_difference(exercise, case, look.index, look.outcomes, look.expected)]


def say_cause(cause, exercise):
    """Return a Cause in words."""
    says = [*map(say_one, cause.places), *(mistake.message for mistake in cause.mistakes)]
    if cause.text:
        return lines(cause.text, *says[:1] * bool(cause.places))
    if len(says) == 1 and cause.kind == "two known":  # of the second one nothing is sure
        return ANOTHER.format(*says)
    if len(says) == 1:
        is_named = cause.within in exercise.groups and cause.within in says[0]
        return says[0] if is_named or not cause.within else f"In {cause.within}: {says[0]}"
    return (REMAINS if cause.remains else TWO).format(*says)


def _say_right(exercise, outcomes, expected):
    """Return which parts of the results are right in all cases, as a sentence, or ""."""
    names = exercise.groups or [name for name in expected[0].parts if name and name not in expected[0].after]
    if exercise.result == "pairs" or not all(is_comparable(exercise, *pair) for pair in zip(outcomes, expected)):
        return ""

    def is_right(name):
        parts = [part for part in expected[0].parts if name in (part, group_of(part))]
        return all(same(got.parts[part], want.parts[part]) for got, want in zip(outcomes, expected) for part in parts)

    fine = list(filter(is_right, names))
    return f"{listed(fine)} came out right." if fine else ""


def _say_misfit(exercise, case, got, want, told):
    """Say why the numbers of a result cannot be compared: pairs for Sentences, none if they can."""
    finds = (say_raised, say_wrong_type, _say_wrong_first_pair, say_wrong_shape, say_changed)
    return next(filter(None, (find(exercise, case, got, want, told) for find in finds)), ())


def _say_wrong_first_pair(exercise, case, got, want, told):
    """Say what is wrong with the first pair of a list of pairs, which says more than the number of pairs."""
    if exercise.result != "pairs":
        return ()
    names = [name for name in got.parts if name in want.parts][: len(exercise.returns)]
    got, want = [dataclasses.replace(one, parts={name: one.parts[name] for name in names}) for one in (got, want)]
    if same_parts(got, want):
        return ()
    said = say_wrong_shape(exercise, case, got, want, told) or (("cause", told),) * bool(told)
    return said or say_difference(exercise, case, 0, [got], [want])


def say_outside(name, trial, bank):
    """Return Sentences that say that the answer is the function of another exercise, or takes data from the page."""
    other, found = trial.own_name, []
    if other in bank.exercises and other != name:
        found.append(Sentence("mixed up", f"You gave the function {other} to the exercise {name}."))
    for user, data in trial.outside.items():
        subject = "It" if user == other else f"Your function {user}"
        says = f"{subject} takes {', '.join(data)} from outside the function: use what comes in through the arguments."
        found.append(Sentence("outside", says))
    return found
