"""Checks the answers of one learner in a separate process: python -m course.marking.child FOLDER

FOLDER/answers.json holds the answers. FOLDER/replies gets a line for each as soon as it has been tried. children.py
starts this process, reads the lines, and ends it if an answer takes too long.

This is not a sandbox: what runs here can do whatever a program of yours can do. See docs/teaching.md.
"""

import functools
import json
import linecache
import os
import re
import sys
import types
from pathlib import Path

from course import calls
from course.checker.errors import calls_of, describe_error, own_line
from course.checker.exercise import CATCH, CHOOSE, WRITE
from course.checker.guard import Printed, guarded
from course.checker.page import is_finished_function
from course.checker.trial import not_callable, run, same_parts
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import BANK, EXERCISES
from course.own.kept import own_functions

MEGABYTES = 2000  # of memory for a learner
FILE = 8  # megabytes of a file that is written here


def limit():
    """Limit what this process can use. Return what this system cannot limit."""
    try:
        import resource
    except ImportError:
        return ["memory", "the size of files"]
    missing = []
    limits = {"memory": ("RLIMIT_AS", MEGABYTES), "the size of files": ("RLIMIT_FSIZE", FILE)}
    for what, (name, megabytes) in limits.items():
        try:
            hard = resource.getrlimit(getattr(resource, name))[1]
            value = megabytes << 20 if hard == resource.RLIM_INFINITY else min(megabytes << 20, hard)
            resource.setrlimit(getattr(resource, name), (value, hard))
        except (AttributeError, ValueError, OSError):
            missing.append(what)
    if sys.platform == "darwin" and "memory" not in missing:
        missing.append("memory")  # macOS accepts the limit but does not enforce it
    return missing


# ---------------------------------------------------------------- the answer
own_of_my_rnn = functools.cache(own_functions)  # of the my_rnn that was handed in


def provide_my_rnn(folder):
    """Make `from my_rnn import softmax` work on a page, even if another file there is wrong or not valid Python."""
    network, package = vars(own_of_my_rnn().network), types.ModuleType(folder.name)
    package.__path__ = [str(folder)]  # for the files of helpers
    sys.modules[package.__name__] = package
    for name, function in network.items():
        module = types.ModuleType(f"{package.__name__}.{name}")
        vars(package)[name] = vars(module)[name] = function
        sys.modules[module.__name__] = module


def load(answer, finished=()):
    """Run what an answer needs of its page. Return (the argument of check, the names of the page, a fault or "").

    finished  names of other exercises: their right functions replace the learner's
    As check does, it uses the kept functions in place of those that the page does not define.
    """
    page, given, faults, name = {"__name__": "__page__"}, {}, [], answer["name"]
    for place, source in answer["code"].items():
        file = f"<{place}>"
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)

    def check(name=None, answer=None):
        given[str(name)] = answer
        return calls.CheckResult(str(name), CORRECT, "")

    def work():
        try:
            if answer["file"].endswith(".py"):  # names that it does not define come from my_rnn
                page.update(vars(own_of_my_rnn().network))
            for place, first, last in answer["parts"]:
                lines = answer["code"][place].split("\n")[first - 1 : last]
                exec(compile("\n" * (first - 1) + "\n".join(lines), f"<{place}>", "exec"), page)
            page.update({key: EXERCISES[key].function for key in finished})
            if answer["expression"]:
                given[name] = eval(answer["expression"], page)
        except BaseException as error:  # also SystemExit
            line = own_line(calls_of(error))
            says = f"What it needs from its page raised {describe_error(error)}"
            faults.append(says + f" in {line}" * bool(line))

    own, before = own_of_my_rnn(), calls.check
    calls.check = check  # for a cell that imports it
    try:
        fault = guarded(work, Printed()) or "".join(faults)
    finally:
        calls.check = before
    page.update({key: function for key, function in own.items() if key not in (name, *page)})
    is_asked = not answer["expression"] and name in given  # what the cell does after that is of no interest
    return given.get(name), page, "" if is_asked else fault


# ---------------------------------------------------------------- what check finds
def tried(answer):
    """Return the result of an answer as plain data: the fields of a Mark."""
    given, page, fault = load(answer)
    if fault:
        return told(NOT_YET, fault)
    if given is None and not answer["expression"]:  # the cell calls check only for others
        return told(NOT_STARTED, "")
    finding, follows = examined(answer["name"], given), []
    if finding.verdict == NOT_YET:
        follows, finding = followed(answer, page, finding)
    points, message = points_of(answer, follows, finding), finding.message
    if finding.verdict == CORRECT and follows:
        message = f"Right, with the course's {', '.join(follows)} in place of their own."
    elif finding.verdict == CORRECT and is_the_courses(answer["name"], given):
        message, points = "This is the finished function of the course.", 0.0
    elif follows:
        calls = ", and ".join(f"your `{name}`, which is not right yet" for name in follows)
        place = "the finished one in its place" if len(follows) == 1 else "the finished ones in their places"
        message, follows = f"It also calls {calls}. With {place}, this is still wrong:\n{message}", []
    return told(finding.verdict, message, finding.mistake, points, follows)


def told(verdict, message, mistake="", points=0.0, follows=()):
    named = {"verdict": verdict, "message": message, "mistake": mistake}
    return named | {"points": points, "follows": ", ".join(follows)}


def examined(name, given):
    """Return the Finding of check, which does not look at other exercises here: that is done in followed."""
    return EXERCISES[name].examine(given, BANK)


def is_the_courses(name, given):
    return EXERCISES[name].kind == WRITE and is_finished_function(EXERCISES[name], given)


def followed(answer, page, first):
    """Return (names, Finding) when the wrong functions that the answer calls are replaced by right ones.

    What follows from another exercise is not a mistake of its own. There are no names if it makes no difference.
    page, first  the names of the page, and the Finding on the answer as it is
    """

    def is_wrong(name):
        value = page.get(name)
        if value is not None and value is not Ellipsis and not_callable(EXERCISES[name], value):
            return False  # something else with that name
        return examined(name, value).verdict != CORRECT

    def with_finished(names):
        return examined(answer["name"], load(answer, names)[0]) if names else first

    names = [name for name in answer["calls"] if is_wrong(name)]
    finding = with_finished(names)
    for name in reversed(names):
        fewer = [other for other in names if other != name]
        if (without := with_finished(fewer)) == finding:
            names, finding = fewer, without
    return names, finding


def points_of(answer, finished, finding):
    """Return 1.0 for a right answer, 0.0 for one that was not started, else the share of the cases that are right."""
    exercise = EXERCISES[answer["name"]]
    if finding.verdict != NOT_YET:
        return float(finding.verdict == CORRECT)
    if exercise.kind == CHOOSE:
        return 0.0
    if exercise.kind == CATCH:
        score = re.search(r"^(\d+) of (\d+) wrong ones caught, no correct one rejected", finding.message, re.MULTILINE)
        passed, count = map(int, score.groups()) if score else (0, 1)
    else:
        outcomes, expected = run(exercise, load(answer, finished)[0]).outcomes, BANK.expected(exercise.name)
        passed, count = sum(map(is_right, outcomes, expected)), len(expected)
    return min(round(passed / count, 2), 0.95)


def is_right(got, want):
    return not (got.error or got.problem or got.changed) and same_parts(got, want)


def main(folder):
    folder = Path(folder).resolve()

    def tell(**found):
        with open(folder / "replies", "a", encoding="utf-8") as file:
            file.write(json.dumps(found) + "\n")

    if (own := Path(os.environ["MY_RNN"])).exists():
        provide_my_rnn(own)
    answers = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    tell(missing=limit())
    for answer in answers:
        try:
            found = tried(answer)
        except BaseException as error:  # from an answer that breaks what check relies on
            says = f"It cannot be tried ({type(error).__name__})."
            if isinstance(error, MemoryError):
                says = f"It takes more memory than an answer may have ({MEGABYTES} MB)."
            found = told(NOT_YET, says)
        tell(name=answer["name"], **found)


if __name__ == "__main__":
    main(sys.argv[1])
