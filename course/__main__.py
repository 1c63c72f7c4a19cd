"""Is it right? The check of the pages, for any editor and any terminal.

    python -m course check 01.py           a file with functions of yours, or a page as it was saved
    python -m course check --tasks 01      a page as text, with what its exercises ask for
    python -m course check --answers 01.3  the answer to its third Predict; 01: all of them
    python -m course check --hint NAME     one more hint at each call
    python -m course check --report NAME   a broken function to repair, or a curve to explain
    python -m course check --progress      what is done, what is open, and what comes next
    python -m course check --network       your network as one program, which reads a text and writes

In the folder notebooks, write python ../course in place of python -m course. What is right is kept in my_rnn, as from a
page. An answer runs in a separate process, with the limits of those that a class hands in. The command ends with 0 if
all that was begun is right, with 1 if not, and with 2 if it was called in a wrong way.
"""

import sys
from pathlib import Path

if not __package__:  # python ../course
    sys.path[0] = str(Path(__file__).resolve().parents[1])

import argparse
import difflib
import math
import os
import re

from course import calls
from course.base.place import NOTEBOOKS
from course.base.wording import in_files
from course.boxes import Box
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET, lines, listed
from course.lessons import EXERCISES, NETWORK, added, is_extra
from course.lessons.contents import YOUR_NETWORK
from course.marking.answers import answers_of
from course.marking.children import try_all
from course.own.folder import for_files
from course.own.kept import own_functions
from course.own.memory import note, recall
from course.own.one_page import one_page
from course.own.progress import progress
from course.tasks import answers, page_named, tasks

CALL = f"{sys.orig_argv[0]} {'-m course' if __package__ else sys.argv[0]} check"  # as it was typed


def check(paths, everything=False):
    """Print what check says about the answers in files. Return True if all that was begun is right.

    ValueError, in a sentence, if there is nothing to check. everything: what was not begun counts, too
    """
    answers, problems = answers_of([(str(path), path) for path in map(_there, paths)])
    print(*added.problems, sep="\n", end="\n" * bool(added.problems))
    if not (answers or problems):
        name = "give a function the name that it has on its page, such as softmax"
        raise ValueError(f"There is no answer to an exercise in {listed(paths)}: {name}.")
    for problem in problems:
        print(problem)
    told = try_all([answer for answer in answers.values() if not answer.fault], seconds=math.inf, is_mine=True)
    is_right = not problems
    for name in [name for name in EXERCISES if name in answers]:
        found = told.get(name, {"message": answers[name].fault})
        verdict = found.get("verdict", NOT_YET)
        print(Box(f"{name}: {verdict}", found["message"]))
        is_right &= verdict == CORRECT or (verdict == NOT_STARTED and (is_extra(name) or not everything))
    return is_right


def _there(path):
    """Return the Path of a file of Python or of a page. ValueError if there is none."""
    path = Path(path)
    if path.suffix.lower() not in (".py", ".ipynb"):
        raise ValueError(f"{str(path)!r} is no file of Python, such as 01.py, and no page, such as 01_softmax.ipynb.")
    if path.is_file():
        return path
    near = {other.name: os.path.relpath(other) for place in (NOTEBOOKS, path.parent) for other in place.glob("*.*")}
    meant = difflib.get_close_matches(path.name, near, 1)
    raise ValueError(f"There is no file {str(path)!r}" + (f". Did you mean {near[meant[0]]!r}?" if meant else "."))


def hint(name):
    """Print the hints so far and one more, also if the earlier ones were shown by another call of the command."""
    calls._hints_shown[name] = int(recall(name).get("hints", 0))
    box = calls.hint(name)
    if name not in EXERCISES:
        raise ValueError(box.text)
    note(name, hints=str(calls._hints_shown[name]))
    print(repr(box))


def network():
    """Write the learner's network as one program, where page 06 puts it, and print whose it is and how to run it."""
    path, mine = for_files() / "my_network.py", own_functions()
    path.write_text(one_page(), encoding="utf-8")
    path = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
    count = sum(name in mine for name in NETWORK)
    lent = " The course lends the others." * (count < len(NETWORK))
    says = f"{path} is your network. Functions of yours in it: {count} of {len(NETWORK)}.{lent}"
    print(lines(mine.message, says))
    print("It can read any text in UTF-8, such as my.txt. After each of three readings it writes a line:")
    print(f"{sys.orig_argv[0]} {path} my.txt 3")


def words(page):
    """Print a page as text, and before it what one does with it in a terminal."""
    text, file = tasks(page), f"{page.number or page.stem}.py"
    print(f"Page {page.name}. What it calls a cell is a piece of code here. Where it says hint, report or progress,")
    print(f"write `{CALL} --hint NAME`, --report NAME or --progress. Its solution works in Python,")
    print("after `from course import solution`.")
    if page.exercises:
        print(f"Write what its exercises ask for into {file}, in the folder of the course. Begin the file with")
        print("`import numpy as np`, and with what else your functions need of the imports below.")
        print(f"Then check it: `{CALL} {file}`.")
    elif page.book == YOUR_NETWORK:
        print(f"It has no exercises. `{CALL} --network` puts your network in one program, which trains and writes.")
    print(f"\n{text}")


class Parser(argparse.ArgumentParser):
    """It says what is wrong with a call in a sentence, and no more."""

    def error(self, message):
        message = re.sub(r"^argument \S+: ", "", message)
        self.exit(2, f"{message[:1].upper()}{message[1:]}\n")


def main(arguments=None):
    arguments = sys.argv[1:] if arguments is None else arguments
    parser = Parser(prog=CALL, description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", metavar="FILE_OR_PAGE", help="such as 01.py or notebooks/01_softmax.ipynb")
    parser.add_argument("--hint", metavar="NAME", help="the next hint for an exercise")
    parser.add_argument("--report", metavar="NAME", help="a broken function to repair, or a curve to explain")
    parser.add_argument("--tasks", metavar="01", help="a page and its tasks, as text")
    parser.add_argument("--answers", metavar="01.3", help="an answer to a Predict, or, with 01, those of a page")
    parser.add_argument("--progress", action="store_true", help="how far you are")
    parser.add_argument("--network", action="store_true", help="put your network in one file")
    parser.add_argument("--all", action="store_true", help="what is not begun counts, too; with --progress: all pages")
    if arguments[:1] not in (["check"], ["-h"], ["--help"]):
        parser.error(f"Write check and what to check, as in {CALL} 01.py. (With --help, it says what else it takes.)")
    options = parser.parse_args(arguments[arguments[0] == "check" :])
    sys.stdout.reconfigure(errors="backslashreplace")  # a Windows console lacks letters
    asked = "hint", "report", "tasks", "answers", "progress", "network", "files"
    if sum(bool(getattr(options, one)) for one in asked) != 1:
        others = f"{', '.join(f'--{one}' for one in asked[:-2])} and --{asked[-2]}"
        parser.error(f"Name files or pages, as in {CALL} 01.py, or one of {others}.")
    try:
        with in_files(CALL):
            code = _do(options)
        sys.stdout.flush()
        return code
    except ValueError as error:
        parser.error(str(error))
    except KeyboardInterrupt:
        parser.exit(1, "Stopped.\n")
    except BrokenPipeError:  # of a program that shows it page by page, and was ended before the end
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _do(options):
    """Do what was asked for, and return the exit code."""
    if options.files:
        return int(not check(options.files, options.all))
    if options.hint:
        hint(options.hint)
    elif options.report:
        print(repr(calls.report(options.report)))
    elif options.progress:
        print(repr(progress(options.all)))
    elif options.tasks:
        words(page_named(options.tasks))
    elif options.answers:
        print(answers(options.answers))
    elif options.network:
        network()
    return 0


if __name__ == "__main__":
    sys.exit(main())
