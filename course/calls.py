"""Instant answers for the exercises on the pages.

    check("softmax", softmax)   not started, not yet (and where the mistake is) or correct
    hint("softmax")             one more hint at each call
    solution("softmax")         the finished function, or another right answer, and why it is right
    finished("softmax")         the finished function, as it is in rnn_helpers (or in a module of a later lesson)
    report("mend_train_epoch")  a broken function to mend and what a run of it shows, or a curve to explain
    report("mend_train_epoch", seed=7)  another function to mend, for homework; hand it to check with the same seed
    progress()                  what is done, what is open, and what comes next
    own_functions()             your right functions, as the folder my_rnn holds them
    counting(network)           which of them run, and how often: with counting(network) as counts
    one_page()                  your network as the text of one file that runs
    practice()                  a function that you have done, with one line wrong: which one is it?

There are four kinds of exercise: write a function; repair one; catch it, that is, write a check that tells right
functions from wrong ones; and choose, as in check("choose_learning_rate", 0.5).

The result shows itself: in Jupyter below the cell, wherever in it the call stands, and in a script at the call, once.
After >>> Python shows it. This is so for what is imported from course; the functions of this module only return it.
The exercises and their known mistakes are in course/lessons/, by topic.
"""

import difflib
import inspect

from course.base.wording import all_of_progress, either, hint_of, report_of
from course.boxes import COLORS, Box, Report
from course.checker.course import MODULES, finished_function, home_of
from course.checker.errors import describe_error
from course.checker.exercise import REPAIR, WRITE, Finding
from course.checker.page import is_finished_function
from course.checker.say.message import in_one_line
from course.checker.words import CORRECT, NOT_YET, describe, lines, listed
from course.lessons import BANK, EXERCISES, OWN, WRITTEN
from course.lessons.added import problems
from course.own.kept import counted, keep
from course.own.memory import recall, remember
from course.own.progress import page_done

_hints_shown = {}
_seed_shown = {}  # name of a repair: the seed of its last report, if that had one
_tried = []  # the answers that check tries now: one, unless it calls check itself


class CheckResult(Box):
    """What check found: .verdict, .message, what the function .printed (shown if it is not right), .mistake, .kept.

    .mistake is the id of the known mistake in the message, such as "softmax/not_divided", or "".
    .kept says of a right function whether it is now in the folder my_rnn; it is "" for the other kinds of answer.
    .done says what the network can do now, if this was the last open exercise of its page; otherwise it is "".
    It is true if the answer is right, as in assert check("softmax", softmax).
    """

    def __init__(self, name, verdict, message, printed="", mistake="", kept="", done=""):
        self.name = name
        self.verdict = verdict
        self.message = message
        self.printed = printed
        self.mistake = mistake
        self.kept = kept
        self.done = done
        self.color = COLORS[verdict]
        texts = message, printed and f"It printed:\n{printed}", kept, done
        super().__init__(f"{name}: {verdict}", "\n".join(filter(None, texts)))

    def __bool__(self):
        return self.verdict == CORRECT


def check(name=None, answer=None, *surplus, seed=None):
    """Try an answer to an exercise and return a CheckResult. Never raises, but where the answer itself calls it.

    name    of the exercise, such as "softmax"
    answer  yours: a function, or what the exercise asks for
    seed    of a repair, the number with which report gave you the broken function; None: it is the one of the page
    The result has .verdict ("not started", "not yet" or "correct") and .message. The function gets fresh inputs, what
    it prints is collected, and the global random numbers stay as they are.
    """
    if _tried:
        raise RuntimeError("check is called by the function that it tries. Move the call out of it, to the left margin")
    if problem := _no_exercise(name, surplus, "check", ", {0}" + _and_seed(name)):
        return CheckResult("check", NOT_YET, problem)
    exercise, problem = _seeded(EXERCISES[name], seed)
    if problem:
        return CheckResult("check", NOT_YET, problem)
    _tried.append(answer)
    try:
        finding = exercise.examine(answer, BANK)
    except Exception as error:  # from an object that raises when it is inspected
        finding = Finding(NOT_YET, f"This answer cannot be tried. Looking at it raised {describe_error(error)}")
    finally:
        _tried.pop()
    is_refused = any(sentence.name == "refused" for sentence in finding.says)  # it is no function that fits
    if finding.verdict == NOT_YET and not is_refused and _seed_shown.get(name, seed) != seed:
        finding = _other_seed(name)  # it was judged as if it were another one
    verdict, message, mistake, printed = finding[:4]
    if verdict == CORRECT and printed:
        message = lines(message, "It prints, though: take the print out, or it will print at every call.")
    if verdict != NOT_YET:
        printed = ""
    was_solved = "solved" in recall(name)
    remember(name, verdict, mistake, in_one_line(finding))
    if verdict == NOT_YET and seed is None and name not in _seed_shown:  # or a hint would not help
        message += f"\nStuck? {hint_of(name)} helps."
    kept = _kept(exercise, answer, finding.follows) if verdict == CORRECT else ""
    done = page_done(name) if verdict == CORRECT and not was_solved else ""
    return CheckResult(name, verdict, message, printed, mistake, kept, done)


def _other_seed(name):
    """Return the Finding on a repair that is handed in without the seed that its report had, or with another one."""
    last = _seed_shown[name]
    says = f'Is this the function from your last report? Then write check("{name}", {name}, seed={last}).'
    return Finding(NOT_YET, f"{says} If it is another one, call its report first.")


def _kept(exercise, answer, follows):
    """Keep a right answer if it is a function of the network, and return a message about it.

    follows  the names of its parts, if it is right only with the finished ones: then the network waits for these
    """
    if exercise.kind == WRITE and is_finished_function(exercise, answer):
        return f"This is the finished {exercise.name} of {_home(exercise.name)}: write your own to make it yours."
    if exercise.name not in OWN:
        return ""
    if waits := [name for name in follows.split(", ") if name in OWN and name not in counted()[0]]:
        parts, are = listed([f"`{name}`" for name in waits]), "is" if len(waits) == 1 else "are"
        return f"It joins your network once your {parts} {are} right. Then check this one again."
    return keep(exercise, answer)


def _home(name):
    home = home_of(name)
    return home.__name__ if home else "the course"


def hint(name=None, *surplus):
    """Return the hints of an exercise that you have asked for so far, with one more at each call."""
    if problem := _no_exercise(name, surplus, "hint"):
        return Box("hint", problem)
    exercise = EXERCISES[name]
    count = len(exercise.hints)
    _hints_shown[name] = shown = min(_hints_shown.get(name, 0) + 1, count)
    texts = [text.replace("{report}", report_of(name)) for text in exercise.hints[:shown]]
    texts = [f"{number} of {count}: {text}" for number, text in enumerate(texts, 1)]
    if name in _seed_shown:
        texts.insert(0, "Your last report had a number, and these hints are for the function on the page, without one.")
    if shown == count:
        answer = "the finished function" if exercise.kind == WRITE else "an answer"
        how = either("", ", in Python after `from course import solution`")
        texts.append(f'That was the last hint. solution("{name}") shows {answer}{how}.')
    return Box(f"hints for {name}", "\n".join(texts))


def solution(name=None, *surplus):
    """Return the source of the finished function of an exercise, or another good answer, and why it is right."""
    if problem := _no_exercise(name, surplus, "solution"):
        return Box("solution", problem)
    exercise = EXERCISES[name]
    why = f"Why: {exercise.why}" if exercise.why else ""
    return Box(f"a solution for {name}", why, exercise.solution, closed=True)


def finished(name=None, *surplus):
    """Return the source of a finished function."""
    if isinstance(name, str) and name in EXERCISES and name not in _shown() and not surplus:
        return Box("finished", f'{name} is not a function of the network. solution("{name}") shows an answer.')
    if problem := _wrong_name(name, surplus, _shown(), "finished function", "finished"):
        return Box("finished", problem)
    function = OWN[name].function if name in OWN else finished_function(name) or WRITTEN[name].function
    place = "as you would write it on this page"
    if not function.__module__.startswith("course.lessons"):
        place = f"as it is in {function.__module__.replace('.', '/')}.py"
    return Box(f"{name}, {place}", "", inspect.getsource(function).rstrip(), closed=name in EXERCISES)


def _shown():
    """Return the names that finished takes: all that are taught, without what helps them in their modules."""
    return [name for name in taught() if not name.startswith("_")]


def taught():
    """Return the names of all functions to write, in the order of the pages, and then of all finished functions."""
    finished = [name for module in MODULES.values() for name in vars(module) if home_of(name)]
    return list(dict.fromkeys([*WRITTEN, *finished]))


def report(name=None, *surplus, seed=None):
    """Return the report of an exercise: the broken function and a run of it, or a curve.

    name  of the exercise, such as "mend_train_epoch"
    seed  of a repair: a whole number of 0 or more, which chooses another broken function; None: that of the page
    """
    reports = [other.name for other in EXERCISES.values() if getattr(other, "look", None)]
    if problem := _wrong_name(name, surplus, reports, "report", "report", _and_seed(name)):
        return Box("report", problem)
    exercise, problem = _seeded(EXERCISES[name], seed)
    if problem:
        return Box("report", problem)
    if seed is None:
        _seed_shown.pop(name, None)
        return Report(f"what we know about {name}", exercise.report(), getattr(exercise, "given", ""))
    _seed_shown[name] = exercise.seed
    says = f'Repair it, and hand it in: check("{name}", {name}, seed={exercise.seed})'
    return Report(f"what we know about {name}, seed {exercise.seed}", f"{exercise.report()}\n\n{says}", exercise.given)


def _seeded(exercise, seed):
    """Return (the exercise as its seed makes it, what is wrong with the seed or "")."""
    if seed is None:
        return exercise, ""
    if exercise.kind != REPAIR:
        return exercise, f"{exercise.name} has nothing to repair, so it takes no seed: leave seed= out."
    try:
        return exercise.with_seed(seed), ""
    except ValueError as error:
        return exercise, str(error)


def _and_seed(name):
    """Return what a call takes besides the name of a repair, and "" for other exercises."""
    return ", seed=7" * (isinstance(name, str) and name in EXERCISES and EXERCISES[name].kind == REPAIR)


def _no_exercise(name, surplus, call, more=""):
    """Return what is wrong with the name of an exercise, or ""."""
    if isinstance(name, str) and name not in EXERCISES and name in _shown():
        return f'There is no exercise {name!r}: the course gives you this function, and finished("{name}") shows it.'
    return _wrong_name(name, surplus, EXERCISES, "exercise", call, more)


def _wrong_name(name, surplus, names, kind, call, more=""):
    """Return what is wrong with a name, or with what comes after it, or "".

    surplus      whatever the call got that it does not take
    names, kind  those that there are, and what has them
    call, more   the call that got it, and what comes in its parentheses behind the name, with {0} for the name
    """

    def form(name):
        return f'{call}("{name}"{more.format(name)})'

    if isinstance(name, str) and name in names:
        return f"It takes only this: {form(name)}." if surplus else ""
    given = name.__name__ if inspect.isroutine(name) else name
    example = form("softmax" if "softmax" in names else sorted(names)[0])
    if name is None:
        return f"Which {kind}? Write its name in quotes, as in {example}."
    if not isinstance(given, str):
        return f"The name is text in quotes, as in {example}, not {describe(name)}."
    if given in names:
        return f"The name belongs in quotes: {form(given)}."
    near = difflib.get_close_matches(given, names, 3)
    if inspect.isroutine(name):
        return f"The name is text in quotes, as in {form(near[0]) if near else example}."
    says = f"There is no {kind} {given[:40]!r}"
    if not near:
        return lines(*problems, f"{says}: {all_of_progress()} lists the exercises.")
    return f"{says}. Did you mean {' or '.join(map(repr, near))}?"
