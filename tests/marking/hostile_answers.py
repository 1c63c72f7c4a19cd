"""Answers to the exercise softmax that do harm, each (what it does, function). None of them is a right answer.

Those that call `right` give the right numbers, and harm what all other code works with. They run in a process of their
own: see test_hostile.py. Two end that process, whatever the check does: they are named in DEADLY.
"""

import builtins
import contextlib
import decimal
import gc
import linecache
import locale
import os
import signal
import sys
import threading
import time
import types
import warnings

import numpy as np

import rnn_helpers

HOSTILE = {}  # name: (what it does, the function)
LOOPS = []  # those that never end: each takes all the time that there is
DEADLY = ("leaves_from_below", "reads_at_address_zero")


def hostile(function):
    """Note an answer. Its docstring, one line, says what it does."""
    says, function.__doc__ = function.__doc__, None
    HOSTILE[function.__name__] = says, function
    return function


def endless(function):
    """Note an answer that never ends."""
    LOOPS.append(function.__name__)
    return hostile(function)


def right(logits, exp=np.exp):
    """Return the right numbers, also when np.exp has been replaced."""
    powers = exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


def exercise():
    from course.lessons import EXERCISES

    return EXERCISES["softmax"]


# ---------------------------------------------------------------- names of Python


@hostile
def deletes_every_builtin(logits):
    """takes every name out of Python"""
    builtins.__dict__.clear()


@hostile
def replaces_base_exception(logits):
    """BaseException is a number"""
    builtins.BaseException = builtins.Exception = 1
    raise ValueError


@hostile
def replaces_import(logits):
    """nothing can be imported"""
    builtins.__import__ = None
    return right(logits)


@hostile
def replaces_build_class(logits):
    """no class can be made"""
    del builtins.__build_class__
    return logits


@hostile
def replaces_getattr_and_type(logits):
    """getattr and type are gone"""
    del builtins.getattr, builtins.type
    return right(logits)


@hostile
def adds_a_builtin(logits):
    """a new name that all code sees"""
    builtins.logits = logits
    return logits + 1


# ---------------------------------------------------------------- NumPy


@hostile
def replaces_errstate(logits):
    """np.errstate does not exist"""
    del np.errstate
    return right(logits)


@hostile
def changes_a_class_of_numpy(logits):
    """np.errstate cannot be entered"""
    np.errstate.__enter__ = None
    return right(logits)


@hostile
def empties_numpy(logits):
    """takes every name out of NumPy"""
    vars(np).clear()


@hostile
def calls_at_errors(logits):
    """a function of its own is called at each division by 0"""
    np.seterrcall(lambda *args: os.chdir("/"))
    np.seterr(all="call")
    return logits / 0


# ---------------------------------------------------------------- the course and its checker


@hostile
def empties_the_engine(logits):
    """rnn_helpers has no names any more"""
    vars(rnn_helpers).clear()
    return right(logits)


@hostile
def swaps_the_code_of_the_engine(logits):
    """rnn_helpers.softmax keeps its name, and does another thing"""
    rnn_helpers.softmax.__code__ = (lambda logits: logits).__code__
    return right(logits)


@hostile
def replaces_the_comparison_where_it_is_used(logits):
    """the verdict finds that all is the same"""
    from course.checker import judge

    judge.same_parts = judge.alike = lambda *args: True
    return logits


@hostile
def swaps_the_code_of_the_comparison(logits):
    """the comparison keeps its name, and says yes"""
    from course.checker import trial as outcome

    outcome.same_parts.__code__ = (lambda got, want: True).__code__
    return logits


@hostile
def replaces_the_judge(logits):
    """the judge says correct"""
    from course.checker import exercise, judge

    exercise.judge = judge.judge = lambda *args: judge.Verdict("correct", "fine")
    return logits


@hostile
def replaces_examine(logits):
    """check asks another function"""
    import course.lessons.bank as exercises
    from course.checker.exercise import Finding

    exercises.examine = lambda *args: Finding("correct", "fine")
    return logits


@hostile
def renames_the_verdicts(logits):
    """not yet is called correct"""
    from course.checker import exercise, judge
    from course.checker.say import words

    words.NOT_YET = exercise.NOT_YET = judge.NOT_YET = words.CORRECT
    return logits


@hostile
def forgets_all_exercises(logits):
    """there are no exercises any more"""
    from course.lessons import EXERCISES

    EXERCISES.clear()
    return right(logits)


@hostile
def exchanges_two_exercises(logits):
    """softmax is another exercise"""
    from course.lessons import EXERCISES

    EXERCISES["softmax"] = EXERCISES["one_hot"]
    return right(logits)


@hostile
def exchanges_the_right_answer(logits):
    """its own function is the right one"""
    object.__setattr__(exercise(), "function", exchanges_the_right_answer)
    return logits


@hostile
def exchanges_the_cases(logits):
    """there are no cases to try"""
    object.__setattr__(exercise(), "make", list)
    return logits


@hostile
def drops_the_mistakes(logits):
    """no mistake is known any more"""
    exercise().mistakes.clear()
    return right(logits)


@hostile
def writes_over_what_is_expected(logits):
    """what the right function gives is what this one gives"""
    from course.lessons import BANK

    for outcome in BANK.expected("softmax"):
        for array in outcome.parts.values():
            array[...] = 0
    return np.zeros(logits.shape)


@hostile
def exchanges_what_is_expected(logits):
    """what is expected has other parts"""
    from course.lessons import BANK

    for outcome in BANK.expected("softmax"):
        outcome.parts.clear()
        outcome.error = "ValueError: no"
    raise ValueError("no")


@hostile
def fills_the_cache_anew(logits):
    """lets the checker compute what is expected while the engine is replaced"""
    from course.lessons import BANK

    BANK.expected.cache_clear()
    object.__setattr__(exercise(), "function", np.zeros_like)
    BANK.expected("softmax")
    return np.zeros_like(logits)


@hostile
def writes_into_the_record(logits):
    """looks for the record of its own calls, and writes what is expected into it"""
    from course.lessons import BANK

    frame = sys._getframe()
    while frame is not None:
        record = frame.f_locals.get("trial")
        if record is not None:
            record.outcomes += BANK.expected("softmax")
            record.again += BANK.expected("softmax")
        frame = frame.f_back
    return logits


@hostile
def refills_the_record(logits):
    """exchanges the lists of the record"""
    for thing in gc.get_objects():
        if type(thing).__name__ == "Trial" and hasattr(thing, "outcomes"):
            thing.outcomes = thing.again = []
    return logits


@hostile
def unloads_the_checker(logits):
    """the modules of the checker are loaded no more"""
    for name in [name for name in sys.modules if name.startswith("course.checker")]:
        del sys.modules[name]
    return logits


@hostile
def passes_for_numpy(logits):
    """another module is called numpy"""
    sys.modules["numpy"] = types.ModuleType("numpy")
    return right(logits)


@hostile
def empties_all_modules(logits):
    """no module is loaded any more"""
    sys.modules.clear()
    return logits


@hostile
def replaces_the_time_limit(logits):
    """there is no more limit of time"""
    from course.checker import guard, limit

    limit.SECONDS = limit.WAITING = float("inf")
    guard._raise_in = lambda *args: True
    return right(logits)


@hostile
def replaces_put_back(logits):
    """what puts all back does nothing"""
    from course.checker import guard

    guard.Guard._put_back = lambda self, *given: []
    np.exp = np.sinh
    return logits


@hostile
def spoils_put_back(logits):
    """what puts all back has lost its helpers"""
    from course.checker import guard

    for name in list(vars(guard)):
        if not name.startswith("__"):
            delattr(guard, name)
    np.exp = np.sinh
    return right(logits)


@hostile
def clears_the_hints(logits):
    """the numbers of hints are other ones"""
    import course.lessons.bank as exercises

    exercises._hints_shown["softmax"] = -5
    return right(logits)


@hostile
def spoils_the_lines(logits):
    """the lines of all files are gone"""
    linecache.getline = None
    linecache.cache.clear()
    raise KeyError("line")


# ---------------------------------------------------------------- settings of the process


@hostile
def empties_the_path(logits):
    """Python looks for modules nowhere"""
    sys.path.clear()
    sys.meta_path.clear()
    return logits


@hostile
def exchanges_the_path(logits):
    """sys.path is another list"""
    sys.path = ["/tmp"]
    sys.argv = []
    return logits


@hostile
def hooks_every_error(logits):
    """errors are shown in another way"""
    sys.excepthook = sys.unraisablehook = threading.excepthook = lambda *args: None
    sys.displayhook = lambda value: None
    return logits


@hostile
def traces_this_thread(logits):
    """each line is followed"""
    sys.settrace(lambda *args: None)
    sys.setprofile(lambda *args: None)
    return logits


@hostile
def traces_all_threads(logits):
    """each line of every new thread is followed"""
    threading.settrace(lambda *args: None)
    threading.setprofile(lambda *args: 1 / 0)
    return logits


@hostile
def stops_collecting(logits):
    """Python collects nothing any more"""
    gc.disable()
    gc.set_threshold(1, 1, 1)
    gc.callbacks.append(lambda *args: None)
    return logits


@hostile
def switches_seldom(logits):
    """another thread comes seldom to its turn"""
    sys.setswitchinterval(100)
    return logits


@hostile
def exchanges_the_filters(logits):
    """the filters of warnings are no list"""
    warnings.filters = None
    return logits


@hostile
def changes_the_signals(logits):
    """the button to stop does nothing"""
    with contextlib.suppress(ValueError):
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal = None
    return logits


@hostile
def counts_in_another_way(logits):
    """decimal numbers have two digits"""
    decimal.getcontext().prec = 2
    decimal.DefaultContext.prec = 2
    locale.setlocale(locale.LC_ALL, "C")
    return logits


@hostile
def changes_new_files(logits):
    """nobody may read new files"""
    os.umask(0o777)
    return logits


@hostile
def stops_the_clock(logits):
    """the time stands still"""
    time.monotonic = time.perf_counter = time.time = lambda: 0.0
    return logits


@hostile
def sleeps_no_more(logits):
    """time.sleep raises, and locks are none"""
    time.sleep = None
    threading.Lock = threading.Event = threading.current_thread = None
    return logits


# ---------------------------------------------------------------- output


@hostile
def closes_the_numbered_output(logits):
    """the outputs of the process are closed"""
    os.close(1)
    os.close(2)
    return logits


@hostile
def turns_the_numbered_output(logits):
    """what goes to the screen goes nowhere"""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    return logits
