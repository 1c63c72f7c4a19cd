"""Keeps the learner's right functions in the folder my_rnn, and reads them from there."""

import hashlib
import warnings
from types import MethodType, SimpleNamespace

from course.base.place import own_folder
from course.checker import page
from course.checker.errors import describe_error
from course.checker.judge import judge
from course.checker.page import plain_function
from course.checker.trial import run
from course.checker.words import CORRECT, lines
from course.lessons import BANK, OWN, round_of
from course.own import folder, old_file
from course.own.gather import COURSES, HELPERS, THEIRS, Unkept, gather
from course.own.loading import ENDLESS, forget, load
from course.own.progress import note, recall
from course.own.stand_ins import plain_form

__all__ = ["OwnFunctions", "is_finished_function", "keep", "own_functions"]


def is_finished_function(exercise, function):
    """True if a function is the course's: the finished one, or the stand-in that calls the learner's functions."""
    return page.is_finished_function(exercise, function, plain_form(exercise.name))


def keep(exercise, function):
    """Write a right function, with all that it needs, to its file. Return a short line to show, or "". Never raises.

    A version that was kept before is not written again: whatever the learner has made of it in the file stays.
    """
    place = own_folder().name
    try:
        with warnings.catch_warnings():  # on what stands in a text of the learner, the cell has warned already
            warnings.simplefilter("ignore")
            return "" if is_finished_function(exercise, function) else _keep(exercise.name, function)
    except Unkept as reason:
        return f"It is right, but not kept in {place}: {reason}{'' if str(reason).endswith('?') else '.'}"
    except OSError as error:
        return f"It is right, but not kept: {place} cannot be written ({error.strerror})."
    except Exception as error:  # the answer is right, whatever happens to the copy
        return f"It is right, but not kept in {place} ({describe_error(error)})."


def take_over():
    """Take over what an earlier edition of the course kept. Return what to say of it, or "". Never raises."""
    try:
        return old_file.take_over(keep_in_file)
    except Exception as error:
        return f"What an earlier edition of the course kept stays where it is ({describe_error(error)})."


def _keep(name, function):
    taken_over = take_over()
    says = keep_in_file(name, function)
    return lines(taken_over, says)


def keep_in_file(name, function):
    """Write a right function to its file, and return what to say of it. Unkept or OSError if that cannot be."""
    plain = _function_with_source(function)
    if folder.stem_in_folder(plain.__code__.co_filename) == name:
        return _count(name)
    text, before = _text_that_works(name, plain), folder.read(name)
    version, says = _digest(text), ""
    if text == before:
        note(name, kept=version)
        return _count(name)
    if folder.is_yours(before):
        if recall(name).get("kept") == version and _passes(name, load([name])[0].get(name)):
            return _count(name)  # the learner has changed the file, and it is still right
        if "a fault in line" in load([name])[1].get(name, ""):
            says = f"The file had a fault: it is now {folder.put_aside(name)}."
    users = [user for user in folder.yours() if user != name and name in folder.taught_in(folder.read(user))]
    right = {user: function for user, function in load(users)[0].items() if _passes(user, function)} if users else {}
    folder.write(name, text)
    forget()
    note(name, kept=version)
    functions = load(list(right))[0] if right else {}
    broken = [user for user in right if not _passes(user, functions.get(user))]
    no_more = f"{', '.join(broken)} calls this one and is wrong now: run that cell again." if broken else ""
    return " ".join(filter(None, [says, _count(name), no_more]))


def _function_with_source(answer):
    """Return the function as it was written. Unkept if there is none that could stand in a file."""
    if isinstance(answer, MethodType):
        raise Unkept("it is a method of an object. Write it as a function: def, at the left margin")
    function = plain_function(answer)
    if function is None:
        kind = type(answer).__name__
        raise Unkept(f"it is an object of the type {kind}, which has no source of its own. Write it as a function: def")
    return function


def _text_that_works(name, function):
    """Return the text of the file for a function: run by itself, it must be right too.

    It calls the learner's other functions, or those of the course where these are not done. If it needs what the page
    has under their names, that comes along as its own helper. If it is right with the course's functions alone, it
    calls those: theirs may be less exact, or call this one.
    """
    reason, instead = None, {}
    for number, taught in enumerate((THEIRS, THEIRS, HELPERS, COURSES)):
        if number == 1:  # it must not suffer from a file that is no longer right: the course's stands in for that one
            right = _read_right_ones()[0]
            instead = {other: folder.stand_in_text(other) for other in folder.yours() if other not in right}
        text = folder.kept_text(name, gather(name, function, taught))
        if other := folder.leads_back(name, text):
            reason = reason or f"it calls {other}, which calls {name} itself"
            continue
        functions, problems = load([name], {**instead, name: text})
        if name not in problems and _passes(name, functions.get(name)):
            return text
        reason = reason or problems.get(name)
    raise Unkept(f"outside of the page it does not work{f' ({reason})' if reason else ''}")


def _count(name):
    label, names = round_of(name)
    mine = [other for other in folder.yours() if other in names]
    says = f"{len(mine)} of {len(names)} of the {label} {'is' if len(mine) == 1 else 'are'} yours."
    return f"Kept in {folder.shown(folder.path_of(name))}: {says}"


def _digest(text):
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _passes(name, function):
    if function is None or is_finished_function(OWN[name], function):
        return False
    return judge(OWN[name], run(OWN[name], function), BANK).verdict == CORRECT


class OwnFunctions(dict):
    """{name of an exercise: the learner's function}, the right ones alone, in the order of the lessons.

    network  a namespace with all taught functions: theirs, and the course's where there is none yet
    message  what is wrong in the folder, one sentence each, or ""
    """

    def __init__(self, functions=(), network=None, message=""):
        super().__init__(functions)
        self.network, self.message = network or SimpleNamespace(), message


def own_functions():
    """Return the OwnFunctions as the files in the folder my_rnn are now. Never raises.

    A function that is no longer right is left out: the course's stands in for it, also where others call it.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _own_functions()
    except Exception as error:
        return OwnFunctions(message=f"{own_folder().name} cannot be read ({describe_error(error)}).")


def _own_functions():
    taken_over = take_over()
    right, functions, problems = _read_right_ones()
    return OwnFunctions(right, SimpleNamespace(**functions), lines(taken_over, *problems))


def _read_right_ones():
    """Return {name: the learner's right function}, {name: function} of all taught names, and texts on what is wrong."""
    left_out = {}
    while True:
        functions, problems = load(list(OWN), {name: folder.stand_in_text(name) for name in left_out})
        for name, problem in problems.items():
            left_out[name] = f"{folder.shown(folder.path_of(name))}: {problem}."
        mine = [name for name in folder.yours() if name not in left_out]
        if "" in problems:  # nobody knows where
            return {}, {}, [left_out[""]]
        if ENDLESS in problems.values():  # the files after that one have not been run
            continue
        wrong = next((name for name in folder.callees_first(mine) if not _passes(name, functions.get(name))), "")
        if not wrong:
            return {name: functions[name] for name in mine}, functions, list(left_out.values())
        # The course's stands in for this one, and those that call it are tried again.
        left_out[wrong] = f"{wrong} in {folder.shown(folder.path_of(wrong))} {_what_is_wrong_with(wrong)}."


def _what_is_wrong_with(name):
    """Say what is wrong with a kept function that was right once, as the end of a sentence."""
    if argument := folder.new_argument(name):
        return f"is not done yet: it takes one more argument now, {argument}, so write it again on its page"
    return "is no longer right: run its cell on the page again"
