"""Whose mistake is it? An answer that calls the learner's function of another exercise may be right where that is not.

Nothing here runs for a right answer. For one that is not right, each function of another exercise that it calls is
tried on the cases of its own exercise. Where one is not right, the answer is tried again with the finished function in
its place. The learner's page stays as it is: what runs then is a copy of the answer, with names of its own.

The class report does the same, with answers that run in another process: exercises_called, with_finished and whose are
for both.
"""

from types import CellType, FunctionType, MethodType

from course.checker.course import COURSE
from course.checker.errors import is_learners
from course.checker.page import PageFunction
from course.checker.trial import alike
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET, lines

# How the page has a function under the name of another exercise. OTHER: it is no function, or takes other arguments, so
# it may be on purpose something else.
OWN, MISSING, UNFINISHED, WRONG, OTHER = "own", "missing", "unfinished", "wrong", "other"
STATES = (OWN, MISSING, UNFINISHED, WRONG, OTHER)
ANSWER = ""  # stands for the answer among the names of functions
_WHICH = {
    MISSING: "which is not there",
    UNFINISHED: "which is not done yet",
    WRONG: "which is not right yet",
    OTHER: "which is not the one that the exercise asks for",
}


def blamed(exercise, function, bank, first, finished):
    """Return the Finding on an answer that calls a function which is not right, or None if that explains nothing.

    first     (Trial, Finding) of the answer as it is; a check to write has no Trial, but None
    finished  {name: finished function} of the other exercises
    """
    trial, finding = first
    if type(function) not in (FunctionType, MethodType) or (trial and trial.refused):
        return None
    if trial and any(got.meant and not got.within for got in trial.outcomes):  # a misspelled name: that is told
        return None
    calls, values = exercises_called(function, finished)

    def placed(name, names):
        return with_finished(function if name == ANSWER else values[name], {one: finished[one] for one in names})

    def try_out(name, names):
        return (exercise if name == ANSWER else bank.exercises[name]).tried(placed(name, names), bank)

    states, trial, finding = whose(calls, first, try_out)
    if not states:
        return None
    if finding.verdict != CORRECT and trial:  # now its own code is looked at
        finding = exercise.examine_trial(trial, bank, placed(ANSWER, states))
    return told(exercise.name, states, finding)


# ---------------------------------------------------------------- what an answer calls


def _is_own(value):
    return type(value) is FunctionType and is_learners(value.__code__.co_filename)


def exercises_called(function, names):
    """Return what a function calls of other exercises, and {name: the function that the page has}.

    The first is {caller: {name: how the page has it}}, where the caller is the answer or one of those functions. It
    counts, too, what a helper of the page calls. names: of the other exercises
    """
    calls, values = {}, {}

    def follow(caller, function):
        called, waiting = calls.setdefault(caller, {}), [function]
        for one in waiting:
            page_function = PageFunction(one)
            known = {**page_function.taken, **page_function.closure}
            for name in (*page_function.looked_up, *page_function.code.co_freevars):
                if name in names:
                    if state := _state(known, name):
                        called[name] = state
                    if state == OWN and name not in values:
                        values[name] = known[name]
                        if _is_own(known[name]):
                            follow(name, known[name])
                elif _is_own(known.get(name)) and not any(known[name] is other for other in waiting):
                    waiting.append(known[name])

    plain = getattr(function, "__func__", function)
    if _is_own(plain):
        follow(ANSWER, plain)
    return calls, values


def _state(known, name):
    """Return how the page has a function, or "" if it is none of the learner's."""
    if name not in known:
        return MISSING
    value = known[name]
    if value is None or value is Ellipsis:
        return UNFINISHED
    if isinstance(value, type) or not callable(value):
        return OTHER
    return "" if type(value) is FunctionType and not _is_own(value) else OWN


def with_finished(function, finished):
    """Return a copy of a function that finds the finished functions under their names: {name: function}.

    The functions of the page that it calls are copied, too, and those that they call.
    """
    copies, pages = {}, {}

    def copy_of(value):
        if not _is_own(value):
            return value
        if id(value) not in copies:
            page = value.__globals__
            scope = pages.setdefault(id(page), {**page, **finished})
            cells = [CellType() for _ in value.__closure__ or ()]
            for place, (name, cell) in enumerate(zip(value.__code__.co_freevars, value.__closure__ or ())):
                if name in finished:
                    cells[place].cell_contents = finished[name]
                elif not _holds_own(cell):
                    cells[place] = cell
            made = FunctionType(value.__code__, scope, value.__name__, value.__defaults__, tuple(cells) or None)
            made.__kwdefaults__ = value.__kwdefaults__
            made.__dict__.update(value.__dict__)
            copies[id(value)] = made
            for name, cell, new in zip(value.__code__.co_freevars, value.__closure__ or (), cells):
                if new is not cell and name not in finished:
                    new.cell_contents = copy_of(cell.cell_contents)
            for name in PageFunction(value).looked_up:
                if name in page and name not in finished:
                    scope[name] = copy_of(page[name])
        return copies[id(value)]

    if not finished:
        return function
    if type(function) is MethodType:
        return MethodType(copy_of(function.__func__), function.__self__)
    return copy_of(function)


def _holds_own(cell):
    try:
        return _is_own(cell.cell_contents)
    except ValueError:  # it has no value yet
        return False


# ---------------------------------------------------------------- who is to blame


def whose(calls, first, try_out):
    """Return ({name: how it is wrong} of the functions that an answer needs right, Trial, Finding).

    With the finished functions in their places, the answer gives that Trial and that Finding. If there are no such
    functions, these are `first`, those of the answer as it is.

    calls    what exercises_called returns
    try_out  (name, names of others) -> (Trial, Finding) of the answer, or of the function of that name, with the
             finished functions of the others in their places
    """
    states = {}

    def settle(caller):  # those first that call nothing else
        for name, state in calls.get(caller, {}).items():
            if name not in seen:
                seen.add(name)
                settle(name)
                sure = [one for one in states if states[one] != OTHER]
                if state == OWN:
                    state = _how_wrong(*try_out(name, sure))
                if state:
                    states[name] = state

    seen = {ANSWER}
    settle(ANSWER)
    names, sure = list(states), [name for name in states if states[name] != OTHER]
    found = try_out(ANSWER, names) if names else first
    if names != sure and found[1].verdict != CORRECT:
        names, found = sure, try_out(ANSWER, sure) if sure else first
    for name in [name for name in names if states[name] in (WRONG, OTHER)]:
        fewer = [one for one in names if one != name]
        without = try_out(ANSWER, fewer) if fewer else first
        if _is_same(without, found):  # it makes no difference: the function of this name has nothing to do with it
            names, found = fewer, without
    return {name: states[name] for name in names}, *found


def _how_wrong(trial, finding):
    """Return how a function of another exercise is wrong, or "" if it is right."""
    if finding.verdict == CORRECT:
        return ""
    if trial.refused:
        return OTHER
    gave = trial.outcomes
    is_empty = bool(gave) and all(got.nothing or got.error.startswith("NotImplementedError") for got in gave)
    return UNFINISHED if is_empty or finding.verdict == NOT_STARTED else WRONG


def _is_same(one, other):
    """True if an answer did the same in two trials: (Trial, Finding)."""
    (trial, finding), (other_trial, other_finding) = one, other
    if trial is None:  # of a check
        return (finding.verdict, finding.message) == (other_finding.verdict, other_finding.message)
    if CORRECT in (finding.verdict, other_finding.verdict):
        return finding.verdict == other_finding.verdict
    same_end = (trial.stopped, trial.refused) == (other_trial.stopped, other_trial.refused)
    pairs = list(zip(trial.outcomes, other_trial.outcomes))
    return same_end and len(trial.outcomes) == len(other_trial.outcomes) and all(alike(*pair) for pair in pairs)


# ---------------------------------------------------------------- what to say


def told(name, states, finding):
    """Return the Finding that tells of the functions of other exercises, from that with the finished ones."""
    others = ", and ".join(f"your `{other}`, {_WHICH[state]}" for other, state in states.items())
    if finding.verdict == CORRECT:
        says = [f"`{name}` may be right: it calls {others}.", *map(_advice, states, states.values())]
        says = " ".join(filter(None, says))
        return finding._replace(verdict=NOT_YET, message=says, mistake="", printed="", follows=tuple(states))
    place = "the finished one in its place" if len(states) == 1 else "the finished ones in their places"
    also = f"It also calls {others}. With {place}, this is left:"
    return finding._replace(message=lines(also, finding.message))


def _advice(name, state):
    if state == MISSING:
        home = COURSE.home_of(name)
        return f"Run the cell of `{name}` first." + (f" The finished one is {home.__name__}.{name}." if home else "")
    return "" if state == UNFINISHED else f'check("{name}", {name}) tells what is wrong in it.'
