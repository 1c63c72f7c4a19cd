"""Checks the answers of one learner in a separate process: main(FOLDER), or main(FOLDER, "mine") for the learner.

FOLDER/answers.json holds the answers. FOLDER/replies gets a line for each as soon as it has been tried. children.py
starts this process, reads the lines, and ends it if an answer takes too long.

This is not a sandbox: what runs here can do whatever a program of yours can do. See docs/teaching.md.
"""

import ast
import contextlib
import functools
import json
import linecache
import os
from pathlib import Path, PurePath

from course.base.place import own_folder
from course.calls import check
from course.checker.errors import calls_of, describe_error, own_line
from course.checker.exercise import REPAIR, WRITE
from course.checker.guard import Printed, guarded
from course.checker.page import first_line, is_finished_function
from course.checker.say.message import without_frame
from course.checker.words import CORRECT, NOT_YET
from course.lessons import BANK, EXERCISES
from course.own.folder import make, path_of
from course.own.kept import own_functions

MEGABYTES = 2000  # of memory for a learner
FILE = 8  # megabytes of a file that is written here


def limit():
    """Limit what this process can use, as far as the system can do that: see docs/teaching.md."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, megabytes in (("RLIMIT_AS", MEGABYTES), ("RLIMIT_FSIZE", FILE)):
        with contextlib.suppress(ValueError, OSError):  # the limit is lower already
            resource.setrlimit(getattr(resource, name), (megabytes << 20, megabytes << 20))


# ---------------------------------------------------------------- the answer
own_of_my_rnn = functools.cache(own_functions)  # of the my_rnn that was handed in


def load(answer, is_mine=False):
    """Run what an answer needs of its page. Return (the answer, its seed, the names of the page, a fault or "").

    The kept functions take the place of those that the page does not define, but for the learner: a page does not
    do that, either.
    """
    page, given, faults = {"__name__": "__page__"}, [None, None], []
    is_file, folder = answer["file"].endswith(".py"), PurePath(answer["file"]).parent.name
    is_kept = is_file and (not is_mine or folder == own_folder().name)
    files = {place: str(path_of(answer["name"])) if is_mine and is_kept else f"<{place}>" for place in answer["code"]}
    for place, source in answer["code"].items():
        file = files[place]
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)

    def run(place, first, last):
        body = ast.parse(answer["code"][place]).body
        nodes = [node for node in body if first <= first_line(node) and node.end_lineno <= last]
        # Compiled beside the imports of its cell, as on the page: Python 3.10 to 3.12 makes other code without them.
        imports = [node for node in body if isinstance(node, (ast.Import, ast.ImportFrom))] or [ast.Pass()]
        tree = ast.Module([ast.If(ast.Constant(False), imports, []), *nodes], [])
        exec(compile(ast.fix_missing_locations(tree), files[place], "exec"), page)

    def work():
        try:
            if is_kept:  # names that it does not define come from my_rnn
                page.update(vars(own_of_my_rnn().network))
            for part in answer["beside"] * is_mine:
                with contextlib.suppress(Exception):  # a module that is not here
                    run(*part)
            for part in answer["parts"]:
                run(*part)
            given[:] = eval(f"[{answer['expression']}, {answer['seed'] or None}]", page)
        except BaseException as error:  # also SystemExit
            line = own_line(calls_of(error))
            says = f"What it needs from its {'file' if is_file else 'page'} raised {describe_error(error)}"
            faults.append(says + f" in {line}" * bool(line))

    own = {} if is_mine else own_of_my_rnn()
    fault = guarded(work, Printed()) or "".join(faults)
    page.update({key: function for key, function in own.items() if key not in (answer["name"], *page)})
    return *given, page, fault


# ---------------------------------------------------------------- what check finds
def tried(answer):
    """Return the result of an answer as plain data: the fields of a Mark."""
    given, seed, _, fault = load(answer)
    exercise = EXERCISES[answer["name"]]
    try:
        exercise = exercise.with_seed(seed) if exercise.kind == REPAIR and seed is not None else exercise
    except ValueError as error:
        fault = fault or str(error)
    if fault:
        return fields(NOT_YET, fault)
    finding = exercise.examine(given, BANK)
    if finding.verdict == CORRECT and exercise.kind == WRITE and is_finished_function(exercise, given):
        return fields(NOT_YET, "This is the finished function of the course.")
    place, *_ = answer["parts"][-1] if answer["parts"] else ("",)
    code = answer["code"].get(place, "").split("\n")
    found = fields(finding.verdict, finding.message, finding.mistake, finding.follows, getattr(exercise, "seed", None))
    shown = [code[number - 1].strip() for number in finding.lines if number <= len(code)]
    return found | {"line": "\n".join(shown), "says": without_frame(finding)}


def told(answer):
    """Return what check tells a learner about an answer; what is right is kept, as on a page."""
    given, seed, _, fault = load(answer, is_mine=True)
    if fault:
        return fields(NOT_YET, fault)
    result = check(answer["name"], given, seed=seed)
    return fields(result.verdict, result.text)


def fields(verdict, message, mistake="", follows="", seed=None):
    named = {"verdict": verdict, "message": message, "mistake": mistake, "says": message, "line": ""}
    return named | {"follows": follows, "seed": "" if seed is None else str(seed)}


def main(folder, whose=""):
    folder = Path(folder).resolve()
    if os.path.exists(os.environ["MY_RNN"]):
        make()  # so that a page can import from it
    answers = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    limit()
    for answer in answers:
        try:
            found = told(answer) if whose else tried(answer)
        except BaseException as error:  # from an answer that breaks what check relies on
            says = f"It cannot be tried ({type(error).__name__})."
            if isinstance(error, MemoryError):
                says = f"It takes more memory than an answer may have ({MEGABYTES} MB)."
            found = fields(NOT_YET, says)
        with open(folder / "replies", "a", encoding="utf-8") as file:
            file.write(json.dumps({"name": answer["name"], **found}) + "\n")
