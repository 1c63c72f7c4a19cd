"""Instant answers for the exercises on the pages.

    check("softmax", softmax)   not started, not yet (and where the mistake is) or correct
    hint("softmax")             one more hint at each call
    solution("softmax")         the finished function, and why it is so
    progress()                  what is done, what is open, and what comes next
    own_functions()             your right functions, as my_rnn.py holds them

End a cell with one of these calls: the result shows itself. What the exercises are, and which mistakes are
known, stands in the files lesson_01.py and so on, one for each lesson.
"""

from exercises.bank import EXERCISES, expected_outcomes, find, unknown
from exercises.kept import is_finished_function, keep, own_functions
from exercises.notes import CORRECT, NOT_YET, CheckResult, Note
from exercises.overview import progress, remember
from exercises.running import run
from exercises.source import runnable_source
from exercises.verdict import judge

__all__ = ["check", "hint", "own_functions", "progress", "solution"]

_hints_shown = {}


def check(name, function=None):
    """Try the function on the inputs of an exercise and return a CheckResult. Never raises.

    name      of the exercise, such as "softmax"
    function  yours
    The result has .verdict ("not started", "not yet" or "correct") and .message. Your variables, the global random
    numbers and the screen stay as they are: the function gets fresh inputs, and what it prints is collected.
    """
    exercise = EXERCISES.get(name) if isinstance(name, str) else None
    if exercise is None:
        return CheckResult("check", NOT_YET, unknown(name))
    expected = expected_outcomes(name)  # before the learner's code runs
    trial = run(exercise, function)
    verdict, message, index, mistake = judge(exercise, trial, expected, function)
    remember(name, verdict, mistake, message)
    printed = kept = ""
    if verdict == NOT_YET:
        message += f'\nStuck? hint("{name}") helps.'
        printed = trial.printed(index)
    elif verdict == CORRECT and is_finished_function(exercise, function):
        kept = f"This is the finished {name} of rnn_helpers: write your own to make it yours."
    elif verdict == CORRECT:
        kept = keep(exercise, function)
    return CheckResult(name, verdict, message, printed, mistake, kept)


def hint(name):
    """Return the hints of an exercise that you have asked for so far, one more at each call."""
    exercise = find(name)
    count = len(exercise.hints)
    _hints_shown[name] = shown = min(_hints_shown.get(name, 0) + 1, count)
    lines = [f"{number} of {count}: {text}" for number, text in enumerate(exercise.hints[:shown], 1)]
    if shown == count:
        lines.append(f'That was the last one. solution("{name}") shows the finished function.')
    return Note(f"hints for {name}", "\n".join(lines))


def solution(name):
    """Return the source of the finished function of an exercise, and why it is so."""
    exercise = find(name)
    return Note(f"a solution for {name}", f"Why: {exercise.why}", runnable_source(exercise.function))
