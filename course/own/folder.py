"""The folder my_rnn: a file for each taught name, which holds the learner's function, or lets the course's stand in.

A file of theirs says `from my_rnn.softmax import softmax` where it calls another taught function. So it never changes
when that one gets done: it calls the learner's function from then on. Files are written whole or not at all, and each
page writes only the files of its own exercises, so that two open pages need no lock.
"""

import ast
import contextlib
import inspect
import os
import re
import shutil
import sys
import warnings
from pathlib import Path

from course.base.files import delete_left_over, temporary_for, write_whole
from course.base.place import NOTEBOOKS, ROOT, own_folder
from course.checker.course import COURSE
from course.lessons import OWN, page_of
from course.own.names import imported
from course.own.stand_ins import names_in

_WIDTH = 88  # of a line that the course writes
_NOT_YOURS = "# Not yours yet: the course's function stands in"
_HEAD = '''"""Your own network, a file for each function: yours when check has found it right, the course's until then.

Use them wherever you like: from my_rnn import softmax, train_epoch
You may change each file, but not this one: the course writes it.
"""

import pathlib
import sys

{path}

'''


def path_of(name):
    """Return the path of the file of a taught name."""
    return own_folder() / f"{name}.py"


def shown(path):
    """Return a path in the folder as messages call it, such as my_rnn/softmax.py."""
    return f"{path.parent.name}/{path.name}"


def read(name):
    """Return the text of the file of a name, that of its stand-in if there is none; no Python if it cannot be read."""
    try:
        return path_of(name).read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except (FileNotFoundError, NotADirectoryError):
        return stand_in_text(name)
    except (OSError, UnicodeDecodeError):
        return "\0 no text"


def is_yours(text):
    """True if the text of a file is the learner's, and not that of a stand-in."""
    return not (text.startswith(_NOT_YOURS) and "def " not in text and "lambda" not in text)


def fault_in(text):
    """Return the number of the line in which a text is no Python, or 0."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "<file>", "exec")
        except SyntaxError as error:
            return error.lineno or 1
        except ValueError:  # a null character
            return 1
    return 0


def new_argument(name):
    """Return the last argument of a taught function, such as "temperature=1.0", if the learner's was written before
    there was one, or "". It may be left out in a call, and check calls the function with it.
    """
    *others, last = inspect.signature(OWN[name].function).parameters.values()
    text = read(name)
    if last.default is last.empty or fault_in(text):
        return ""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = ast.parse(text)
    for given in [node.args for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == name]:
        own = [*given.posonlyargs, *given.args, *given.kwonlyargs]
        if len(own) == len(others) and not (given.vararg or given.kwarg):
            return str(last) if any(len(case.args) > len(others) for case in OWN[name].cases()) else ""
    return ""


def yours():
    """Return the names whose file is the learner's, in the order of the lessons: right or not."""
    try:
        there = set(os.listdir(own_folder()))
    except OSError:
        return []
    return [name for name in OWN if f"{name}.py" in there and is_yours(read(name))]


def stand_in_text(name):
    """Return the text of the file of a name as long as no function of the learner is right."""
    package, home = own_folder().name, COURSE.home_of(name)
    called = [other for other in names_in(name) if other in OWN]
    lines = [f'{_NOT_YOURS}. check("{name}", {name}) puts yours here when it is right.']
    if called:
        lines += ["from course.own.stand_ins import stand_in"]
        lines += [f"from {package}.{other} import {other}" for other in called]
        arguments = [f'"{name}"', *[f"{other}={other}" for other in called]]
        call = f"{name} = stand_in({', '.join(arguments)})"
        if len(call) > _WIDTH:
            call = f"{name} = stand_in(\n" + "".join(f"    {one},\n" for one in arguments) + ")"
        lines += ["", call]
    else:
        lines += [f"from {home.__name__ if home else OWN[name].function.__module__} import {name}"]
    return "\n".join(lines) + "\n"


def kept_text(name, needs):
    """Return the text of the file for a function and what it needs."""
    where = page_of(name).label
    parts = [f'"""{name}, {where}: yours. check put it here when it was right; you may change it."""\n']
    for lines in (needs.import_lines(theirs=False), needs.import_lines(theirs=True)):
        parts += ["\n".join(lines) + "\n"] if lines else []
    return "\n".join(parts) + "\n\n" + "\n\n\n".join(needs.pieces.values()) + "\n"


def init_text():
    """Return the text of __init__.py: all functions, loaded at once, in the order of the lessons."""
    package = own_folder().name
    if own_folder().parent == NOTEBOOKS:
        path = "sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))  # the folder of rnn_helpers.py"
    else:
        path = f"sys.path.insert(0, {str(ROOT)!r})  # the folder of the course"
    return _HEAD.format(path=path) + "".join(f"from {package}.{name} import {name}\n" for name in OWN)


def make():
    """Make the folder with all that belongs into it. What is there already stays. OSError if that cannot be.

    A folder that does not exist yet appears whole: two pages that begin at the same time do not see half of it.
    """
    folder = own_folder()
    if not folder.name.isidentifier():
        raise OSError(0, f"{folder.name!r} is no name for a folder that Python can import from")
    if not folder.parent.is_dir():
        raise OSError(0, "there is no such folder")
    if folder.exists() and not folder.is_dir():
        raise OSError(0, "there is a file of that name")
    texts = {f"{name}.py": stand_in_text(name) for name in OWN} | {"__init__.py": init_text()}
    delete_left_over(folder)
    if not folder.exists() and sys.platform != "emscripten":  # in a browser no folder can be given another name
        _make_whole(folder, texts)
    (folder / "progress").mkdir(parents=True, exist_ok=True)
    there = set(os.listdir(folder))
    is_left = any(name.endswith(".part") for name in there)  # of a process that was killed, or that writes just now
    for name, text in texts.items():
        if is_left:
            delete_left_over(folder / name)
        if name not in there:
            _write_new(folder / name, text)
    if (folder / "__init__.py").read_bytes().decode("utf-8", "replace") != texts["__init__.py"]:
        write_whole(folder / "__init__.py", lambda file: file.write(texts["__init__.py"].encode()), wait_for_disk=False)


def _make_whole(folder, texts):
    """Make a new folder with these files at one go; nothing is done if another page was faster."""
    new = temporary_for(folder)
    try:
        (new / "progress").mkdir(parents=True)
        for name, text in texts.items():
            (new / name).write_text(text, encoding="utf-8")
        with contextlib.suppress(OSError):
            os.rename(new, folder)
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _write_new(path, text):
    """Write a file that is not there yet, whole or not at all. One that appears meanwhile stays."""
    new = temporary_for(path)
    try:
        new.write_text(text, encoding="utf-8")
        try:
            os.link(new, path)
        except FileExistsError:
            pass
        except (OSError, AttributeError, NotImplementedError):  # a file system without links, such as a browser's
            if not path.exists():
                os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)


def write(name, text):
    """Write the file of a name: the old one or the new one is there at any moment."""
    make()
    path = path_of(name)
    second = int(path.stat().st_mtime) + 1

    def write_it(file):
        file.write(text.encode("utf-8", "surrogatepass"))
        file.flush()
        # Python takes bytecode for that of a file if second and length are the same: so a new file has a new second.
        if os.stat(file.name).st_mtime < second:
            os.utime(file.name, (second, second))

    write_whole(path, write_it)


def put_aside(name):
    """Move a file that is no Python any more to another name, and return that name."""
    path, number = path_of(name), 1
    while (place := path.with_name(f"{name}_damaged{'' if number == 1 else f'_{number}'}.py")).exists():
        number += 1
    shutil.copyfile(path, place)
    return shown(place)


def taught_name(module):
    """Return the taught name whose module of the folder this is, such as softmax for my_rnn.softmax, or ""."""
    package, _, name = module.partition(".")
    return name if package == own_folder().name and name in OWN else ""


def stem_in_folder(file):
    """Return the stem of a file if it lies in the folder, such as softmax, or ""."""
    path = Path(os.path.realpath(file))
    return path.stem if path.parent == own_folder() and re.fullmatch(r"\w+", path.stem) else ""


def taught_in(text):
    """Return the taught names that the text of a file imports from the folder."""
    try:
        return [other for module, _ in imported(text).values() if (other := taught_name(module))]
    except (SyntaxError, ValueError):
        return []


def leads_back(name, text):
    """Return the taught name in a text from whose file imports lead back to that of `name`, or "".

    Python cannot load such a circle.
    """
    for first in taught_in(text):
        reached = [first]
        for one in reached:
            reached += [other for other in taught_in(read(one)) if other not in reached]
        if name in reached:
            return first
    return ""


def callees_first(names):
    """Return the names in such an order that a function comes after those that it calls, and as they are otherwise."""
    found = []

    def add(name, above):
        for other in taught_in(read(name)):
            if other in names and other not in (*above, name, *found):
                add(other, (*above, name))
        if name not in found:
            found.append(name)

    for name in names:
        add(name, ())
    return found


def reaches_yours(name):
    """True if a function is the learner's, or calls one that is, or one that calls one that is, and so on."""
    return is_yours(read(name)) or any(map(reaches_yours, set(taught_in(read(name))) - {name}))
