"""Runs the files of the folder my_rnn, and connects all functions by name.

Each file runs in its own namespace. Then each taught function of the course in it, under whatever name, is replaced by
the learner's if there is one. So it does not matter which was kept first.
"""

import ast
import builtins
import functools
import linecache
import re
import sys
from types import FunctionType, ModuleType

import rnn_helpers
from course.base.place import own_folder
from course.checker.course import as_imported, finished_function
from course.checker.errors import describe_error
from course.checker.guard import Guard, Printed
from course.checker.limit import Stopped
from course.checker.watched import Meter, watched_text
from course.lessons import OWN, SHOWN
from course.own import folder


@functools.cache
def codes_of_the_course():
    """Return {code object: taught name} of the finished functions, in the taught form and in the form that trains."""
    with as_imported():
        forms = {name: (finished_function(name), exercise.function) for name, exercise in OWN.items()}
    found = {function.__code__: name for name, both in forms.items() for function in both if function}
    return found | {function.__code__: name for name, function in SHOWN.items()}


def course_name(value):
    """Return the taught name of a function of the course, or ""."""
    return codes_of_the_course().get(value.__code__, "") if isinstance(value, FunctionType) else ""


def module_of(name):
    """Return the name of the module from which a page imports the function of a taught name."""
    return (finished_function(name) or OWN[name].function).__module__


def load(texts, place=None):
    """Run the texts of files, {taught name: text}, as if they were the whole folder.

    Return ({name: function} of all taught names, {name: what is wrong with its text, as the end of a sentence}). If
    there is no text, or a wrong one, the function is the course's, which also calls the learner's.
    """
    place = place or own_folder()
    helpers, package, spaces, problems = ModuleType("rnn_helpers"), ModuleType(place.name), {}, {}
    modules = {"rnn_helpers": helpers, place.name: package}

    def import_it(name, *others):
        return modules[name] if name in modules else __import__(name, *others)

    with as_imported():
        guard = Guard()
        functions = {name: exercise.function for name, exercise in OWN.items()}
        functions |= SHOWN
        vars(helpers).update(vars(rnn_helpers))
        vars(package).update(functions)
        for name, text in texts.items():
            space = {"__name__": f"{place.name}.{name}", "__file__": str(place / f"{name}.py"), **functions}
            if problem := _run(name, text, space, guard, import_it):
                problems[name] = problem
            else:
                spaces[name] = space
        for name, function in functions.items():
            if name in spaces:
                functions[name] = spaces[name][name]
            else:
                is_helper = function.__globals__ is vars(rnn_helpers)
                spaces[name] = vars(helpers) if is_helper else dict(function.__globals__)
                functions[name] = FunctionType(function.__code__, spaces[name], name, function.__defaults__)
    for space in [vars(helpers), vars(package), *spaces.values()]:
        space.update({key: functions[course_name(value)] for key, value in space.items() if course_name(value)})
    return functions, problems


def _run(name, text, space, guard, import_it):
    """Run the text of a file; return what is wrong with it, or "". import_it: what its imports call."""
    file, problem, buffer = space["__file__"], "", Printed()
    buffer.meter = meter = Meter()
    linecache.cache[file] = len(text), None, text.splitlines(keepends=True), file  # as it is now

    def work():
        nonlocal problem
        meter.outside = sys._getframe()
        # Made here, it has what the Guard has put in place of exit and input, also when the function is called later.
        space["__builtins__"] = {**vars(builtins), "__import__": import_it}
        try:
            if problem := reads_the_folder(text):
                return
            tried = dict(space)
            exec(watched_text(text, file, meter, tried), tried)
            if not meter.message:  # it comes to an end, also without being watched
                exec(compile(text, file, "exec"), space)
        except Stopped:
            raise
        except SystemExit:
            problem = "SystemExit would end Python itself: leave it out"
        except BaseException as error:
            problem = describe_error(error)

    if line := folder.fault_in(text):
        return f"a syntax error in line {line}"
    if says := guard.run(work, buffer):  # stopped, or what all other code uses was changed
        return says.split("\n")[0].rstrip(".")
    if not problem and (not callable(space.get(name)) or course_name(space[name])):
        return f"there is no function {name} in it"
    return problem


def reads_the_folder(text):
    """Return what to write instead if a text calls own_functions(), or ""."""
    parts = [vars(node) for node in ast.walk(ast.parse(text))]
    if not any("own_functions" in (part.get("id"), part.get("attr"), part.get("name")) for part in parts):
        return ""
    imports = imports_of_taken(text) or "`from rnn_helpers import softmax`, or whichever it needs,"
    return f"write {imports} in place of own_functions(), which would read its file again"


def imports_of_taken(text, one=""):
    """Return the imports of the taught functions that a text takes from an object, as mine.softmax does, or "".

    one  the name of the object; "": whichever it is
    """
    homes, start = {}, rf"\b{one}\b[\w.]*" if one else ""
    for name in (*OWN, *SHOWN):
        if re.search(rf"{start}(\.|\[['\"]){name}\b", text):
            homes.setdefault(module_of(name), []).append(name)
    return " and ".join(f"`from {home} import {', '.join(names)}`" for home, names in homes.items())


def load_folder(place):
    """Return {name: function} of all taught names, for an import of the folder. Print what is wrong with a file."""
    functions, problems = load({name: folder.read(place / f"{name}.py") for name in folder.yours(place)}, place)
    for name, problem in problems.items():
        print(f"{place.name}/{name}.py: {problem}. The course's function is used instead.", file=sys.stderr)
    return functions
