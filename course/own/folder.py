"""The folder my_rnn: a file for each of the learner's functions that check has found right.

Files are written whole or not at all, and each page writes only the files of its own exercises, so that two open pages
need no lock.
"""

import os
import sys
import tempfile
import warnings
from pathlib import Path

from course.base.files import write_whole
from course.base.place import NOTEBOOKS, ROOT, TO_KEEP, in_colab, lasting, own_folder
from course.lessons import OWN

_INIT = '''"""Your own network: your functions where check has found them right, and the course's until then.

Use them wherever you like: from {package} import softmax, train_epoch
You may change each file, but not this one: the course writes it.
"""

import pathlib
import sys

{path}
from course.own import loading

__path__ = []  # no file is imported by itself: load_folder runs them, and they find each other by name
globals().update(loading.load_folder(pathlib.Path(__file__).resolve().parent))
'''


def path_of(name):
    """Return the path of the file of a taught name."""
    return own_folder() / f"{name}.py"


def shown(path):
    """Return a path in the folder as messages write it, such as my_rnn/softmax.py."""
    return f"{path.parent.name}/{path.name}"


def read(path):
    """Return the text of a file, "" if there is none, or a text that is not valid Python if it cannot be read."""
    try:
        return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, UnicodeDecodeError):
        return "\0 no text"


def fault_in(text):
    """Return the number of the line with a syntax error, or 0."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, "<file>", "exec")
        except SyntaxError as error:
            return error.lineno or 1
        except ValueError:  # a null character
            return 1
    return 0


def yours(place=None):
    """Return the names that have a file in the folder, right or not, in the order of the pages."""
    try:
        there = set(os.listdir(place or own_folder()))
    except OSError:
        return []
    return [name for name in OWN if f"{name}.py" in there]


def make():
    """Make the folder with what belongs in it besides the functions. OSError if that is not possible."""
    folder = own_folder()
    if not folder.parent.is_dir():
        raise OSError(0, "there is no such folder")
    (folder / "progress").mkdir(parents=True, exist_ok=True)
    path = f"sys.path.insert(0, {str(ROOT)!r})  # the folder of the course"
    if folder.parent == NOTEBOOKS:  # then both can be moved together
        path = "sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))  # the folder of the course"
    text = _INIT.format(package=folder.name, path=path)
    if read(folder / "__init__.py") != text:
        write_whole(folder / "__init__.py", lambda file: file.write(text.encode()), wait_for_disk=False)


def for_files():
    """Return the folder for what a page writes: this one or, where it cannot be written, a new one, with a word."""
    try:
        make()
        if os.access(own_folder(), os.W_OK):
            if in_colab():
                until = "" if lasting() else f", and are kept there until this Colab session ends. {TO_KEEP}"
                print(f"The files go to {own_folder()}{until or '.'}")
            return own_folder()
        why = "it cannot be written"
    except OSError as error:
        why = error.strerror
    place = Path(tempfile.mkdtemp(prefix="my_network_"))
    print(f"The files go to {place}, not to {own_folder().name}: {why}.")
    return place


def write(name, text):
    """Write the file of a name. At any moment the old file or the new one is there. Return a message, or "".

    An old file that is no longer valid Python is renamed, because the learner may want to recover something from it.
    """
    make()
    path, says = path_of(name), ""
    if path.is_file() and fault_in(read(path)):
        damaged = path.with_name(f"{name}_damaged.py")
        os.replace(path, damaged)
        says = f"The old file was not valid Python: it is now {shown(damaged)}."
    write_whole(path, lambda file: file.write(text.encode("utf-8", "surrogatepass")))
    forget()
    return says


def forget():
    """Make Python forget the folder, so that the next import on a page reads the files again."""
    module = sys.modules.get(own_folder().name)
    if module and os.path.dirname(os.path.realpath(getattr(module, "__file__", None) or "")) == str(own_folder()):
        del sys.modules[own_folder().name]
