"""What the learner's own code tells where no known mistake gives the same results."""

import io
import time

from course.checker.bank import mistake_outcomes
from course.checker.depends import say_dependence
from course.checker.outside import only_computes
from course.checker.repair import SECONDS, diagnose
from course.checker.running import guarded

_FOR_DEPENDENCE = 0.4  # seconds


def explain(exercise, function, outcomes, expected):
    """Return (message, id of the known mistake that is named in it), or two empty texts.

    outcomes, expected: what the learner's and the right function do in each case
    """
    found = [("", "")]
    if not only_computes(function):
        return found[0]

    def work():
        end = time.monotonic() + SECONDS
        bank = mistake_outcomes(exercise.name)
        diagnosis = diagnose(exercise, function, outcomes, expected, bank, end - _FOR_DEPENDENCE)
        if diagnosis:
            mistake = diagnosis.mistake
            found.append((diagnosis.message, f"{exercise.name}/{mistake.id}" if mistake else ""))
        else:
            found.append((say_dependence(exercise, function, end), ""))

    guarded(work, io.StringIO())
    return found[-1]
