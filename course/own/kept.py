"""Keeps the learner's right functions in my_rnn.py, and reads them from there."""

import contextlib
import hashlib
import io
import sys
import types
import warnings

from course.base.files import write_whole
from course.base.place import own_path
from course.checker.course import COURSE
from course.checker.errors import describe_error
from course.checker.guard import within_limits
from course.checker.judge import judge
from course.checker.page import is_finished_function, plain_function
from course.checker.say.words import CORRECT, lines
from course.checker.trial import run
from course.lessons import BANK, OWN
from course.own.gather import Unkept, gather
from course.own.own_file import OwnFile
from course.own.progress import note, recall

_ENDLESS = "a loop does not end"
__all__ = ["OwnFunctions", "is_finished_function", "keep", "own_functions"]


def keep(exercise, function):
    """Write a right function, with all that it needs, to my_rnn.py. Return a short line to show, or "". Never raises.

    A version that was kept before is not written again: whatever the learner has made of it in the file stays.
    """
    path = own_path()
    try:
        with warnings.catch_warnings():  # on what stands in a text of the learner, the cell has warned already
            warnings.simplefilter("ignore")
            return "" if is_finished_function(exercise, function) else _keep(exercise.name, function, path)
    except Unkept as reason:
        return f"It is not kept in {path.name}: {reason}." if str(reason) else ""
    except OSError as error:
        return f"It is not kept: {path.name} cannot be written ({error.strerror or 'there is no such folder'})."
    except Exception as error:  # the answer is right, whatever happens to the copy
        return f"It is not kept in {path.name} ({describe_error(error)})."


def _keep(name, function, path):
    file, function = OwnFile.read(path), plain_function(function)
    if function is None:
        return ""
    if function.__code__.co_filename == str(path):
        return _count(path, file) if name in file.names() else ""
    if file.is_old and not file.damaged:  # so that it can be imported by itself again
        write_whole(path, lambda opened: opened.write(file.text.encode()))
    version, memory, names = _version(name, function, path), recall(), file.names()

    def kept_as(other, helper):
        known = [key for key in (other, helper.__code__.co_name) if key in names and key != name]
        return next((key for key in known if memory.get(key, {}).get("version") == _version(key, helper, path)), "")

    if name in names and memory.get(name, {}).get("version") == version and not file.damaged:
        is_as_written = memory[name].get("block") == _digest(file.block(name))
        if is_as_written or _passes(name, _load(file)[0].get(name)):
            return _count(path, file)
    new = file.with_function(name, gather(name, function, path, kept_as))
    functions, problems = _load(new)
    if _ENDLESS in problems.values():
        raise Unkept("a loop in that file does not end")
    if not _passes(name, functions.get(name)) or (problems and problems.keys() - _load(file)[1].keys()):
        raise Unkept("outside of the page it does not work")
    put_aside = _put_aside(path, file)
    if new.text != file.text or file.damaged:
        write_whole(path, lambda opened: opened.write(new.text.encode()))
    note(name, version=version, block=_digest(new.block(name)))
    users = new.users_of(name) if file.block(name) else []
    broken = [user for user in users if user in functions and not _passes(user, functions[user])]
    says = f"{', '.join(broken)} in it calls this one and is wrong now: run that cell again." if broken else ""
    return " ".join(filter(None, [put_aside, _count(path, new), says]))


def _count(path, file):
    number = len(file.names())
    return f"Kept in {path.name}: {number} of {len(OWN)} {'is' if number == 1 else 'are'} yours."


def _version(name, function, path):
    """Return a text that is the same for the same function with the same helpers, whatever stands in the file."""
    try:
        return _digest(gather(name, function, path).text)
    except Unkept:
        return ""


def _digest(text):
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _put_aside(path, file):
    """Copy a damaged file to another name, and return what to say of it."""
    if not file.damaged:
        return ""
    number, place = 1, path.with_name(f"{path.stem}_damaged.py")
    while place.exists():
        number += 1
        place = path.with_name(f"{path.stem}_damaged_{number}.py")
    raw = path.read_bytes()
    write_whole(place, lambda opened: opened.write(raw))
    return f"{path.name} had a fault in line {file.damaged[0][0]}: the old file is now {place.name}."


def _passes(name, function):
    if function is None or is_finished_function(OWN[name], function):
        return False
    return judge(OWN[name], run(OWN[name], function), BANK).verdict == CORRECT


def _load(file):
    """Run the head and blocks of an OwnFile, not its end. Return ({exercise: function}, {part: what went wrong})."""
    path = own_path()
    module = types.ModuleType(path.stem)
    module.__file__ = str(path)
    problems, line, parts = {}, 0, []
    for name, text in [("", file.head), *file.blocks]:
        parts.append((name, "\n" * line + text))  # so that errors name the right line
        line += text.count("\n")

    def work():
        for name, text in parts:
            try:
                exec(compile(text, str(path), "exec"), vars(module))
            except Exception as error:
                problems[name] = describe_error(error)

    before = list(sys.path)
    try:
        silence = contextlib.redirect_stdout(io.StringIO())
        with COURSE.as_imported(), silence:
            stopped = within_limits(work)
    finally:
        sys.path[:] = before
    if stopped:
        problems[""] = _ENDLESS
    return {name: vars(module)[name] for name in file.names() if callable(vars(module).get(name))}, problems


class OwnFunctions(dict):
    """{name of an exercise: the learner's function}. message: what is wrong in the file, one sentence each, or ""."""

    message = ""


def own_functions():
    """Return the OwnFunctions of my_rnn.py as it is now: those that are still right. Never raises."""
    path = own_path()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            file = OwnFile.read(path)
            functions, problems = _load(file)
            right = OwnFunctions({name: function for name, function in functions.items() if _passes(name, function)})
    except Exception as error:
        right = OwnFunctions()
        right.message = f"{path.name} cannot be read ({describe_error(error)})."
        return right
    says = [f"{path.name} has a fault in line {line}." for line, _ in file.damaged]
    says += [f"{path.name}, {name or 'above the first function'}: {error}." for name, error in problems.items()]
    wrong = [name for name in functions if name not in right and name not in problems]
    says += [f"{name} in {path.name} is no longer right: run its cell on the page again." for name in wrong]
    right.message = lines(*says)
    return right
