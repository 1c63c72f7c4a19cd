"""Instant answers for the exercises on the pages.

    check("softmax", softmax)   not started, not yet (and where the mistake is) or correct
    hint("softmax")             one more hint at each call
    solution("softmax")         the finished function, or another right answer, and why it is right
    finished("softmax")         the finished function, as it is in rnn_helpers (or in a module of a later lesson)
    report("mend_train_epoch")  a broken function to mend and what a run of it shows, or a curve to explain
    progress()                  what is done, what is open, and what comes next
    own_functions()             your right functions, as the folder my_rnn holds them
    counting(network)           which of them run, and how often: with counting(network) as counts
    one_page()                  your network as the text of one file that runs

There are four kinds of exercise: write a function; repair one; catch it, that is, write a check that tells right
functions from wrong ones; and choose, as in check("choose_learning_rate", 0.5).

End a cell with one of these calls: the result shows itself. The exercises and their known mistakes are in
course/lessons/, by topic.
"""

import inspect

from course.checker.course import COURSE
from course.checker.errors import describe_error
from course.checker.exercise import REPAIR, WRITE, Finding
from course.checker.page import is_finished_function
from course.checker.words import CORRECT, NOT_YET
from course.lessons import BANK, EXERCISES, OWN, find, unknown
from course.notes import COLORS, Note, Report
from course.own.counts import counting
from course.own.kept import keep, own_functions
from course.own.memory import recall, remember
from course.own.one_page import one_page
from course.own.progress import progress

__all__ = [
    "check",
    "counting",
    "finished",
    "hint",
    "one_page",
    "own_functions",
    "progress",
    "report",
    "solution",
]

_hints_shown = {}


class CheckResult(Note):
    """What check found: .verdict, .message, what the function .printed (shown if it is not right), .mistake, .kept.

    .mistake is the id of the known mistake in the message, such as "softmax/not_divided", or "".
    .kept says of a right function whether it is now in the folder my_rnn; it is "" for the other kinds of answer.
    """

    def __init__(self, name, verdict, message, printed="", mistake="", kept=""):
        self.name = name
        self.verdict = verdict
        self.message = message
        self.printed = printed
        self.mistake = mistake
        self.kept = kept
        self.color = COLORS[verdict]
        texts = message, printed and f"It printed:\n{printed}", kept
        super().__init__(f"{name}: {verdict}", "\n".join(filter(None, texts)))


def check(name, answer=None):
    """Try an answer to an exercise and return a CheckResult. Never raises.

    name    of the exercise, such as "softmax"
    answer  yours: a function, or what the exercise asks for
    The result has .verdict ("not started", "not yet" or "correct") and .message. Your variables, the global random
    numbers and the screen stay as they are, because the function gets fresh inputs and its output is collected.
    """
    if not isinstance(name, str) or name not in EXERCISES:
        return CheckResult("check", NOT_YET, unknown(name))
    exercise = find(name)
    try:
        finding = exercise.examine(answer, BANK, lambda other: recall(other).get("verdict"))
    except Exception as error:  # from an object that raises when it is inspected
        finding = Finding(NOT_YET, f"This answer cannot be tried. Looking at it raised {describe_error(error)}")
    verdict, message, mistake, printed, follows = finding
    remember(name, verdict, mistake, message)
    if verdict == NOT_YET and not follows:  # otherwise a hint for this exercise does not help
        message += f'\nStuck? hint("{name}") helps.'
    kept = _kept(exercise, answer) if verdict == CORRECT else ""
    return CheckResult(name, verdict, message, printed, mistake, kept)


def _kept(exercise, answer):
    """Keep a right answer if it is a function of the network, and return a message about it."""
    if exercise.kind == WRITE and is_finished_function(exercise, answer):
        return f"This is the finished {exercise.name} of {_home(exercise.name)}: write your own to make it yours."
    if exercise.kind == REPAIR and is_finished_function(exercise.original, answer):
        name = exercise.original.name
        return f"This is the finished {name} of {_home(name)}. What was wrong in the one that was given?"
    return keep(exercise, answer) if exercise.name in OWN else ""


def _home(name):
    home = COURSE.home_of(name)
    return home.__name__ if home else "the course"


def hint(name):
    """Return the hints of an exercise that you have asked for so far, with one more at each call."""
    exercise = find(name)
    count = len(exercise.hints)
    _hints_shown[name] = shown = min(_hints_shown.get(name, 0) + 1, count)
    lines = [f"{number} of {count}: {text}" for number, text in enumerate(exercise.hints[:shown], 1)]
    if shown == count:
        answer = "the finished function" if exercise.kind == WRITE else "an answer"
        lines.append(f'That was the last one. solution("{name}") shows {answer}.')
    return Note(f"hints for {name}", "\n".join(lines))


def solution(name):
    """Return the source of the finished function of an exercise, or another good answer, and why it is right."""
    exercise = find(name)
    return Note(f"a solution for {name}", f"Why: {exercise.why}", exercise.solution)


def finished(name):
    """Return the source of a finished function. ValueError if there is none with this name."""
    function = COURSE.finished_function(name) if isinstance(name, str) else None
    if name in OWN:
        function = OWN[name].function
    if function is None:
        raise ValueError(f"There is no function {name!r} in {' or '.join(COURSE.modules)}.")
    place = "as one writes it on this page"
    if not function.__module__.startswith("course.lessons"):
        place = f"as it is in {function.__module__.replace('.', '/')}.py"
    return Note(f"{name}, {place}", "", inspect.getsource(function).rstrip())


def report(name):
    """Return the report of an exercise: the broken function and a run of it, or a curve.

    ValueError if it has none.
    """
    exercise = find(name)
    if not _has_report(exercise):
        names = ", ".join(other.name for other in EXERCISES.values() if _has_report(other))
        raise ValueError(f"There is no report for {name}, only for {names}.")
    return Report(f"what is known of {name}", exercise.report(), getattr(exercise, "given", ""))


def _has_report(exercise):
    return getattr(exercise, "look", None) is not None
