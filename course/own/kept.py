"""Keeps the learner's right functions in the folder my_rnn, and reads them from there."""

import contextlib
import hashlib
import warnings
from types import SimpleNamespace

from course.base.place import TO_KEEP, lasting, own_folder
from course.base.wording import either
from course.checker.errors import describe_error
from course.checker.judge import judge
from course.checker.page import is_finished_function, plain_function
from course.checker.trial import run
from course.checker.words import CORRECT, lines
from course.lessons import BANK, NETWORK, OWN, is_extra
from course.own import folder
from course.own.gather import Unkept, gather
from course.own.loading import load
from course.own.memory import note, recall


def keep(exercise, answer):
    """Write a right function, with everything that it needs, to its file. Return a short line to show. Never raises.

    A version that was kept before is not written again, so the learner's edits in the file stay.
    """
    place = own_folder().name
    try:
        with warnings.catch_warnings():  # the cell has already shown its warnings
            warnings.simplefilter("ignore")
            return _keep(exercise.name, answer)
    except Unkept as reason:
        return f"It is right, but not kept in {place}: {reason}{'' if str(reason).endswith('?') else '.'}"
    except OSError as error:
        return f"It is right, but not kept: {place} cannot be written ({error.strerror})."
    except Exception as error:  # the answer stays right, whatever happens to the copy
        return f"It is right, but not kept in {place} ({describe_error(error)})."


def _keep(name, answer):
    path, says, function = folder.path_of(name), "", plain_function(answer)
    if not (function and function.__code__.co_filename == str(path)):  # else it comes from that file
        text, before = _text_that_works(name, answer), folder.read(path)
        version = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
        was_changed = recall(name).get("kept") == version and not _problem(name, before)
        if text != before and not was_changed:
            says = folder.write(name, text)
        note(name, kept=version)
    questions = [other for other in OWN if other not in NETWORK and not is_extra(other)]
    whose, names = ("your network", NETWORK) if name in NETWORK else ("the questions", questions)
    mine = [other for other in counted()[0] if other in names]
    are = "is" if len(mine) == 1 else "are"
    until, how = ("", "") if lasting() else (" until this Colab session ends", TO_KEEP)
    count = f": {len(mine)} of the {len(names)} functions of {whose} {are} yours."
    count = ". It belongs to an extra, so your network runs without it." if is_extra(name) else count
    kept = f"Kept in {folder.shown(path)}{until}{count}"
    return " ".join(filter(None, [says, kept, how]))


def _text_that_works(name, answer):
    """Return the text of the file for an answer, which must be right there as well."""
    reason = ""
    for namesakes in (False, True):
        text = gather(name, answer, namesakes)
        problem = _problem(name, text)
        if not problem:
            return text
        reason = reason or problem
    alone = either("outside of the page", "by itself")
    raise Unkept(f"{alone} it does not work" + f" ({reason})" * (reason != _wrong()))


def _wrong():
    return f"is no longer right: {either('run its cell on the page', 'check it')} again"


_reading = []  # not empty while files are read and tried
_right = {}  # {name: the text with which it was right last}


@contextlib.contextmanager
def _alone():
    """In this block, which reads files, own_functions() raises: a file that calls it would be read without end."""
    _reading.append(None)
    try:
        yield
    finally:
        _reading.pop()


@_alone()
def _problem(name, text):
    """Return what is wrong with the text of a file, or "". It calls the course's functions, as others may be wrong."""
    _right.pop(name, None)
    functions, problems = load({name: text})
    if name in problems:
        return problems[name]
    exercise, function = OWN[name], functions[name]
    is_theirs = not is_finished_function(exercise, function)
    if is_theirs and judge(exercise, run(exercise, function), BANK).verdict == CORRECT:
        _right[name] = text
        return ""
    return _wrong()


class OwnFunctions(dict):
    """{taught name: the learner's function}, only the right ones, in the order of the pages.

    network  a namespace with all taught functions: the learner's, or the course's where there is none yet
    texts    {name: text of the file} of the learner's functions
    message  what is wrong in the folder, one sentence each, or ""
    """

    def __init__(self, texts, network, message):
        super().__init__({name: network[name] for name in texts})
        self.texts, self.network, self.message = texts, SimpleNamespace(**network), message


def own_functions():
    """Return the OwnFunctions from the current files in my_rnn. Never raises, but where one of these files calls it.

    A function that is no longer right is left out. The course's function replaces it, also where others call it.
    """
    if _reading:
        raise RuntimeError("own_functions() reads this file. Import what it needs: from rnn_helpers import softmax")
    texts, message = counted(anew=True)
    with _alone():
        return OwnFunctions(texts, load(texts)[0], message)


def counted(anew=False):
    """Return ({name: text} of the right files in my_rnn, what is wrong with the others, one sentence each, or "").

    anew  False: a text that was right before need not be tried again
    """
    if _reading:  # a file calls progress() or check()
        return {}, ""
    try:
        with _alone():
            texts = {name: folder.read(folder.path_of(name)) for name in folder.yours()}
            unsure = {name: text for name, text in texts.items() if anew or _right.get(name) != text}
            problems = {name: problem for name, text in unsure.items() if (problem := _problem(name, text))}
    except Exception as error:
        return {}, f"{own_folder().name} cannot be read ({describe_error(error)})."
    texts = {name: text for name, text in texts.items() if name not in problems}
    return texts, lines(*map(_say, problems, problems.values()))


def _say(name, problem):
    file = folder.shown(folder.path_of(name))
    return f"{name} in {file} {problem}." if problem == _wrong() else f"{file}: {problem}."
