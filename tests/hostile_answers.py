"""Answers to the exercise softmax that do harm, each (what it does, function). None of them is a right answer.

Those that call `right` give the right numbers, and harm what all other code works with. They run in a process of their
own: see test_hostile.py. Two end that process, whatever the check does: they are named in DEADLY.
"""

import _thread
import asyncio
import atexit
import builtins
import contextlib
import ctypes
import decimal
import functools
import gc
import io
import linecache
import locale
import os
import random
import signal
import sys
import threading
import time
import types
import warnings
import weakref

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
    from exercises.bank import EXERCISES

    return EXERCISES["softmax"]


# ---------------------------------------------------------------- names of Python
@hostile
def deletes_len(logits):
    """takes len out of Python"""
    del builtins.len
    return right(logits)


@hostile
def deletes_every_builtin(logits):
    """takes every name out of Python"""
    builtins.__dict__.clear()


@hostile
def replaces_isinstance(logits):
    """isinstance says yes to everything"""
    builtins.isinstance = lambda *args: True
    return right(logits)


@hostile
def replaces_print(logits):
    """print raises"""
    builtins.print = None
    return right(logits)


@hostile
def replaces_all(logits):
    """all() and any() are always true"""
    builtins.all = builtins.any = lambda values: True
    return logits


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
def replaces_zip_and_map(logits):
    """zip and map give nothing, so that no comparison fails"""
    builtins.zip = builtins.map = lambda *args: iter(())
    return logits


@hostile
def replaces_getattr_and_type(logits):
    """getattr and type are gone"""
    del builtins.getattr, builtins.type
    return right(logits)


@hostile
def replaces_open(logits):
    """open gives empty files"""
    builtins.open = lambda *args, **keywords: io.StringIO()
    return right(logits)


@hostile
def replaces_input(logits):
    """input answers by itself"""
    builtins.input = lambda *prompt: "yes"
    return logits


@hostile
def adds_a_builtin(logits):
    """a new name that all code sees"""
    builtins.logits = logits
    return logits + 1


# ---------------------------------------------------------------- NumPy
@hostile
def replaces_exp(logits):
    """np.exp gives zeros"""
    np.exp = np.zeros_like
    return right(logits)


@hostile
def replaces_allclose(logits):
    """np.allclose says yes"""
    np.allclose = lambda *args, **keywords: True
    return right(logits)


@hostile
def replaces_abs(logits):
    """np.abs is 0, so that every difference is"""
    np.abs = np.absolute = lambda x: np.zeros(np.shape(x))
    return logits


@hostile
def replaces_array(logits):
    """np.array and np.asarray give the right answer"""
    np.array = np.asarray = lambda *args, **keywords: right(logits)
    return None


@hostile
def replaces_ndarray(logits):
    """np.ndarray is another class"""
    np.ndarray = list
    return right(logits)


@hostile
def replaces_errstate(logits):
    """np.errstate does not exist"""
    del np.errstate
    return right(logits)


@hostile
def raises_on_every_overflow(logits):
    """NumPy raises at each rounding to 0"""
    np.seterr(all="raise")
    return np.exp(-1000 * np.ones(3))


@hostile
def replaces_random_numbers(logits):
    """np.random.default_rng gives no generator"""
    np.random.default_rng = None
    return right(logits)


@hostile
def seeds_the_random_numbers(logits):
    """the global random numbers start anew"""
    np.random.seed(1)
    random.seed(1)
    return logits


@hostile
def replaces_norm(logits):
    """np.linalg.norm gives 0"""
    np.linalg.norm = lambda *args, **keywords: 0.0
    return right(logits)


@hostile
def prints_two_digits(logits):
    """all numbers are shown with two digits"""
    np.set_printoptions(precision=2, threshold=3)
    return logits


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
def replaces_the_engine(logits):
    """rnn_helpers.softmax is another function"""
    rnn_helpers.softmax = lambda logits: logits
    return right(logits)


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
def replaces_the_comparison(logits):
    """the checker finds that all is the same"""
    from exercises import outcomes

    outcomes.same = outcomes.alike = outcomes.same_parts = lambda *args: True
    outcomes.close = lambda *args: np.ones(1, bool)
    return logits


@hostile
def replaces_the_comparison_where_it_is_used(logits):
    """the verdict finds that all is the same"""
    from exercises import verdict

    verdict.same_parts = verdict.alike = lambda *args: True
    return logits


@hostile
def swaps_the_code_of_the_comparison(logits):
    """the comparison keeps its name, and says yes"""
    from exercises import outcomes

    outcomes.same_parts.__code__ = (lambda got, want: True).__code__
    return logits


@hostile
def replaces_the_judge(logits):
    """the judge says correct"""
    from exercises import kinds, verdict

    kinds.judge = verdict.judge = lambda *args: verdict.Verdict("correct", "fine")
    return logits


@hostile
def replaces_examine(logits):
    """check asks another function"""
    import exercises
    from exercises.exercise import Finding

    exercises.examine = lambda *args: Finding("correct", "fine")
    return logits


@hostile
def renames_the_verdicts(logits):
    """not yet is called correct"""
    from exercises import kinds, notes, verdict

    notes.NOT_YET = kinds.NOT_YET = verdict.NOT_YET = notes.CORRECT
    return logits


@hostile
def forgets_all_exercises(logits):
    """there are no exercises any more"""
    from exercises.bank import EXERCISES

    EXERCISES.clear()
    return right(logits)


@hostile
def exchanges_two_exercises(logits):
    """softmax is another exercise"""
    from exercises.bank import EXERCISES

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
    from exercises.bank import expected_outcomes

    for outcome in expected_outcomes("softmax"):
        for array in outcome.parts.values():
            array[...] = 0
    return np.zeros(logits.shape)


@hostile
def exchanges_what_is_expected(logits):
    """what is expected has other parts"""
    from exercises.bank import expected_outcomes

    for outcome in expected_outcomes("softmax"):
        outcome.parts.clear()
        outcome.error = "ValueError: no"
    raise ValueError("no")


@hostile
def fills_the_cache_anew(logits):
    """lets the checker compute what is expected while the engine is replaced"""
    from exercises import bank

    bank._expected.cache_clear()
    object.__setattr__(exercise(), "function", np.zeros_like)
    bank.expected_outcomes("softmax")
    return np.zeros_like(logits)


@hostile
def writes_into_the_record(logits):
    """looks for the record of its own calls, and writes what is expected into it"""
    from exercises.bank import expected_outcomes

    frame = sys._getframe()
    while frame is not None:
        record = frame.f_locals.get("trial")
        if record is not None:
            record.outcomes += expected_outcomes("softmax")
            record.again += expected_outcomes("softmax")
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
    for name in [name for name in sys.modules if name.startswith("exercises")]:
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
    from exercises import timed

    timed.SECONDS = float("inf")
    timed._raise_in = lambda *args: True
    return right(logits)


@hostile
def replaces_put_back(logits):
    """what puts all back does nothing"""
    from exercises import restore

    restore.Snapshot.restore = lambda self: None
    np.exp = np.sinh
    return logits


@hostile
def spoils_put_back(logits):
    """what puts all back has lost its helpers"""
    from exercises import restore

    for name in list(vars(restore)):
        if not name.startswith("__"):
            delattr(restore, name)
    np.exp = np.sinh
    return right(logits)


@hostile
def clears_the_hints(logits):
    """the numbers of hints are other ones"""
    import exercises

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
def changes_the_folder(logits):
    """the working folder is another one"""
    os.chdir("/")
    return logits


@hostile
def allows_no_depth(logits):
    """hardly any call inside a call is allowed"""
    sys.setrecursionlimit(60)
    return logits


@hostile
def allows_endless_depth(logits):
    """calls inside calls may go very deep"""
    sys.setrecursionlimit(10**6)
    return logits


@hostile
def changes_the_environment(logits):
    """the environment is empty"""
    os.environ.clear()
    os.environ["HOSTILE"] = "1"
    return logits


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
def raises_at_warnings(logits):
    """each warning is an error"""
    warnings.simplefilter("error")
    warnings.showwarning = None
    warnings.warn("hostile", stacklevel=1)


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
def closes_the_output(logits):
    """sys.stdout is closed"""
    sys.stdout.close()
    sys.stderr.close()
    return logits


@hostile
def exchanges_the_output(logits):
    """sys.stdout is nothing"""
    sys.stdout = sys.stderr = sys.stdin = None
    print("hostile")
    return logits


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


@hostile
def prints_megabytes(logits):
    """prints two million letters"""
    print("hostile " * 250_000)
    return logits


@hostile
def prints_strange_letters(logits):
    """prints letters that no encoding has"""
    print("\ud800\x00\x1b[2J")
    raise ValueError("\ud800\x00 {} %s")


# ---------------------------------------------------------------- errors
@hostile
def exits(logits):
    """sys.exit"""
    sys.exit(3)


@hostile
def interrupts(logits):
    """raises KeyboardInterrupt"""
    raise KeyboardInterrupt


@hostile
def raises_a_base_exception(logits):
    """raises an error of its own that is no Exception"""
    raise type("Hidden", (BaseException,), {})


@hostile
def raises_an_error_without_text(logits):
    """the text of its error raises"""

    class Silent(Exception):
        def __str__(self):
            raise SystemExit

        __repr__ = __str__

    raise Silent


@hostile
def raises_an_error_with_a_long_name(logits):
    """the kind of its error has a very long name"""
    raise type("E" * 100_000, (Exception,), {})("x" * 1_000_000)


@hostile
def raises_the_error_of_the_deadline(logits):
    """raises what stops an endless loop"""
    from exercises.timed import Stopped

    raise Stopped


@hostile
def raises_a_group(logits):
    """errors inside errors, and one that is its own cause"""
    error = ValueError("a")
    error.__context__ = error.__cause__ = KeyError("b")
    error.__cause__.__context__ = error
    raise error


@hostile
def raises_without_memory(logits):
    """raises MemoryError"""
    np.zeros((10**7, 10**7, 10**3))


@hostile
def calls_itself(logits):
    """calls itself without end"""
    return calls_itself(logits)


# ---------------------------------------------------------------- results
class Yes:
    """Equal to all, and everything at once."""

    shape, ndim, size, dtype = (2, 3), 2, 6, np.dtype(float)

    def __eq__(self, other):
        return True

    def __getattr__(self, name):
        return lambda *args, **keywords: self

    def __bool__(self):
        return True

    __hash__ = None


@hostile
def returns_what_equals_all(logits):
    """its result says that it is equal to everything"""
    return Yes()


@hostile
def returns_an_array_that_equals_all(logits):
    """its result is a kind of array that says so"""

    class Array(np.ndarray):
        def __eq__(self, other):
            return np.ones(self.shape, bool)

        def __sub__(self, other):
            return np.zeros(self.shape)

        __rsub__ = __sub__

        def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
            return np.zeros(self.shape)

    return logits.view(Array)


@hostile
def returns_what_raises_when_made_an_array(logits):
    """__array__ raises"""

    class Raises:
        def __array__(self, *args, **keywords):
            raise SystemExit

    return Raises()


@hostile
def returns_what_changes_python_when_made_an_array(logits):
    """__array__ replaces the comparison of numbers"""

    class Changes:
        def __array__(self, *args, **keywords):
            np.isfinite = np.ones_like
            builtins.abs = lambda x: 0
            return np.zeros(logits.shape)

    return Changes()


@hostile
def returns_what_lies_about_its_class(logits):
    """__class__ says that it is an array"""

    class Lies:
        __class__ = np.ndarray

        def __repr__(self):
            raise KeyboardInterrupt

    return Lies()


@hostile
def returns_what_has_no_class(logits):
    """asking for __class__ raises"""

    class Raises:
        @property
        def __class__(self):
            raise SystemExit

    return Raises()


@hostile
def returns_a_class_with_a_strange_name(logits):
    """its class has a name that cannot be read"""

    class Meta(type):
        @property
        def __name__(cls):
            raise KeyboardInterrupt

    return Meta("Odd", (), {})()


@hostile
def returns_a_list_in_itself(logits):
    """a list that holds itself"""
    held = []
    held.append(held)
    return held


@hostile
def returns_a_generator(logits):
    """a generator that raises SystemExit"""
    return (sys.exit() for _ in range(3))


@hostile
def returns_a_strange_length(logits):
    """a list whose length raises"""

    class Long(list):
        def __len__(self):
            raise KeyboardInterrupt

        def __iter__(self):
            raise SystemExit

    return Long([1.0])


@hostile
def returns_itself(logits):
    """the function itself"""
    return returns_itself


@hostile
def returns_objects(logits):
    """an array of objects whose comparison raises"""
    return np.array([[Yes()] * logits.shape[-1]] * len(logits), dtype=object)


@hostile
def returns_numbers_from_freed_memory(logits):
    """an array whose memory changes later on"""
    shared = np.zeros(logits.shape)
    shared[...] = right(logits)
    threading.Timer(0.0, shared.fill, [7]).start()
    time.sleep(0.02)
    return shared


@hostile
def returns_a_hog(logits):
    """a result of 100 megabytes"""
    return np.zeros((100, 125_000))


@hostile
def returns_a_weak_reference(logits):
    """a weak reference to what is gone"""
    return weakref.proxy(Yes())


@hostile
def reshapes_its_argument(logits):
    """changes the shape and the kind of its argument"""
    logits.shape = (-1,)
    logits.dtype = np.int8
    return logits


@hostile
def locks_its_argument(logits):
    """its argument may not be written any more, and is filled with nan before"""
    logits.fill(np.nan)
    logits.setflags(write=False)
    return logits


# ---------------------------------------------------------------- other threads and processes
@hostile
def starts_a_busy_thread(logits):
    """starts a thread that works on for ever"""

    def work():
        while True:
            np.add(1, 1)

    threading.Thread(target=work, daemon=True).start()
    return logits


@hostile
def starts_a_thread_that_waits(logits):
    """starts a thread that changes np.exp a little later"""

    def later():
        for _ in range(5):
            time.sleep(0.01)
            np.exp = None

    threading.Thread(target=later, daemon=True).start()
    time.sleep(0.03)
    return right(logits)


@hostile
def interrupts_the_main_thread(logits):
    """presses the button to stop"""
    _thread.interrupt_main()
    return logits


@hostile
def refuses_new_threads(logits):
    """no thread can be started any more"""
    threading.Thread.start = threading.Thread.run = None
    _thread.start_new_thread = None
    return logits


@hostile
def forks(logits):
    """a second process goes on with the check"""
    if os.fork() == 0:
        os._exit(0)
    os.wait()
    return logits


@hostile
def ends_its_own_thread(logits):
    """ends its thread"""
    _thread.exit()


@hostile
def raises_an_alarm(logits):
    """lets an alarm come"""
    signal.setitimer(signal.ITIMER_REAL, 1.0)
    return logits


@hostile
def starts_an_event_loop(logits):
    """runs a coroutine that exits"""

    async def work():
        sys.exit()

    asyncio.run(work())


@hostile
def waits_at_the_end(logits):
    """leaves a function that runs when Python ends"""
    atexit.register(lambda: None)
    return logits


# ---------------------------------------------------------------- what never ends
@endless
def loops_past_every_error(logits):
    """a loop that catches every error"""
    while True:
        try:
            while True:
                np.add(logits, 1)
        except BaseException:  # noqa: S110
            pass


@endless
def loops_in_finally(logits):
    """leaves a loop only to begin it again"""
    try:
        while True:
            pass
    finally:
        loops_in_finally(logits)


@endless
def loops_with_a_replaced_clock(logits):
    """the clock is gone, and it never ends"""
    time.monotonic = None
    while True:
        builtins.len = None


@endless
def loops_in_a_repr(logits):
    """the text of its error never comes to an end"""

    class Endless(Exception):
        def __str__(self):
            while True:
                pass

    raise Endless


@endless
def waits_for_a_lock(logits):
    """waits for a lock that is never opened"""
    lock = threading.Lock()
    lock.acquire()
    while not lock.acquire(timeout=0.02):
        pass


@endless
def deletes_python_and_loops(logits):
    """takes every name out of Python and goes on"""
    builtins.__dict__.clear()
    while True:
        pass


# ---------------------------------------------------------------- strange functions
class Strange:
    """A callable that is hostile when it is looked at."""

    def __getattr__(self, name):
        raise SystemExit

    def __call__(self, logits):
        return logits


class Impostor:
    """A callable with the name, the code and the signature of a right one."""

    __name__, __code__, __wrapped__ = "softmax", rnn_helpers.softmax.__code__, rnn_helpers.softmax
    __globals__ = None

    def __call__(self, logits):
        return np.zeros(logits.shape)


class Unreadable:
    """A callable whose signature never ends: it wraps itself."""

    def __init__(self):
        self.__wrapped__ = self

    def __call__(self, logits):
        return logits


HOSTILE["strange_callable"] = "each question about it ends the program", Strange()
HOSTILE["impostor"] = "it has the code of the right function, and does another thing", Impostor()
HOSTILE["wraps_itself"] = "it says that it wraps itself", Unreadable()
HOSTILE["partial_exit"] = "a partial of sys.exit", functools.partial(sys.exit)
HOSTILE["a_hostile_class"] = "a class", Yes
HOSTILE["eval"] = "runs its argument as a program", eval


# ---------------------------------------------------------------- what ends Python
@hostile
def leaves_the_process(logits):
    """ends the process at once"""
    os._exit(3)


@hostile
def kills_the_process(logits):
    """kills the process"""
    os.kill(os.getpid(), signal.SIGTERM)


@hostile
def aborts(logits):
    """ends the process with a fault"""
    os.abort()


@hostile
def presses_the_button(logits):
    """presses the button to stop"""
    _thread.interrupt_main()
    signal.raise_signal(signal.SIGINT)


@hostile
def leaves_from_below(logits):
    """ends the process through the library of C"""
    ctypes.CDLL(None)._exit(3)


@hostile
def reads_at_address_zero(logits):
    """reads memory that it does not have"""
    ctypes.string_at(0)
