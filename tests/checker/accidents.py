"""Answers to the exercise softmax with which something happens by accident. None of them is a right answer.

Those that call `right` give the right numbers, and change what all other code works with.
"""

import builtins
import functools
import io
import os
import random
import sys
import threading
import warnings
import weakref

import numpy as np

import rnn_helpers

ACCIDENTS = {}  # name: (what it does, the function)
LOOPS = []  # those that never end


def accident(function):
    """Note an answer. Its docstring, one line, says what it does."""
    says, function.__doc__ = function.__doc__, None
    ACCIDENTS[function.__name__] = says, function
    return function


def endless(function):
    """Note an answer that never ends."""
    LOOPS.append(function.__name__)
    return accident(function)


def right(logits, exp=np.exp):
    """Return the right numbers, also when np.exp has been replaced."""
    powers = exp(logits - logits.max(axis=-1, keepdims=True))
    return powers / powers.sum(axis=-1, keepdims=True)


@accident
def deletes_len(logits):
    """takes len out of Python"""
    del builtins.len
    return right(logits)


@accident
def replaces_isinstance(logits):
    """isinstance says yes to everything"""
    builtins.isinstance = lambda *args: True
    return right(logits)


@accident
def replaces_print(logits):
    """print raises"""
    builtins.print = None
    return right(logits)


@accident
def replaces_all(logits):
    """all() and any() are always true"""
    builtins.all = builtins.any = lambda values: True
    return logits


@accident
def replaces_zip_and_map(logits):
    """zip and map give nothing, so that no comparison fails"""
    builtins.zip = builtins.map = lambda *args: iter(())
    return logits


@accident
def replaces_open(logits):
    """open gives empty files"""
    builtins.open = lambda *args, **keywords: io.StringIO()
    return right(logits)


@accident
def replaces_input(logits):
    """input answers by itself"""
    builtins.input = lambda *prompt: "yes"
    return logits


@accident
def replaces_exp(logits):
    """np.exp gives zeros"""
    np.exp = np.zeros_like
    return right(logits)


@accident
def replaces_allclose(logits):
    """np.allclose says yes"""
    np.allclose = lambda *args, **keywords: True
    return right(logits)


@accident
def replaces_abs(logits):
    """np.abs is 0, so that every difference is"""
    np.abs = np.absolute = lambda x: np.zeros(np.shape(x))
    return logits


@accident
def replaces_array(logits):
    """np.array and np.asarray give the right answer"""
    np.array = np.asarray = lambda *args, **keywords: right(logits)
    return None


@accident
def replaces_ndarray(logits):
    """np.ndarray is another class"""
    np.ndarray = list
    return right(logits)


@accident
def raises_on_every_overflow(logits):
    """NumPy raises at each rounding to 0"""
    np.seterr(all="raise")
    return np.exp(-1000 * np.ones(3))


@accident
def replaces_random_numbers(logits):
    """np.random.default_rng gives no generator"""
    np.random.default_rng = None
    return right(logits)


@accident
def seeds_the_random_numbers(logits):
    """the global random numbers start anew"""
    np.random.seed(1)
    random.seed(1)
    return logits


@accident
def replaces_norm(logits):
    """np.linalg.norm gives 0"""
    np.linalg.norm = lambda *args, **keywords: 0.0
    return right(logits)


@accident
def prints_two_digits(logits):
    """all numbers are shown with two digits"""
    np.set_printoptions(precision=2, threshold=3)
    return logits


@accident
def replaces_the_engine(logits):
    """rnn_helpers.softmax is another function"""
    rnn_helpers.softmax = lambda logits: logits
    return right(logits)


@accident
def replaces_the_comparison(logits):
    """the checker finds that all is the same"""
    from course.checker import trial as outcomes

    outcomes.same = outcomes.alike = outcomes.same_parts = lambda *args: True
    outcomes.close = lambda *args: np.ones(1, bool)
    return logits


@accident
def changes_the_folder(logits):
    """the working folder is another one"""
    os.chdir("/")
    return logits


@accident
def allows_no_depth(logits):
    """hardly any call inside a call is allowed"""
    sys.setrecursionlimit(60)
    return logits


@accident
def allows_endless_depth(logits):
    """calls inside calls may go very deep"""
    sys.setrecursionlimit(10**6)
    return logits


@accident
def changes_the_environment(logits):
    """the environment is empty"""
    os.environ.clear()
    os.environ["HOSTILE"] = "1"
    return logits


@accident
def raises_at_warnings(logits):
    """each warning is an error"""
    warnings.simplefilter("error")
    warnings.showwarning = None
    warnings.warn("hostile", stacklevel=1)


@accident
def closes_the_output(logits):
    """sys.stdout is closed"""
    sys.stdout.close()
    sys.stderr.close()
    return logits


@accident
def exchanges_the_output(logits):
    """sys.stdout is nothing"""
    sys.stdout = sys.stderr = sys.stdin = None
    print("hostile")
    return logits


@accident
def prints_megabytes(logits):
    """prints two million letters"""
    print("hostile " * 250_000)
    return logits


@accident
def prints_strange_letters(logits):
    """prints letters that no encoding has"""
    print("\ud800\x00\x1b[2J")
    raise ValueError("\ud800\x00 {} %s")


@accident
def exits(logits):
    """sys.exit"""
    sys.exit(3)


@accident
def interrupts(logits):
    """raises KeyboardInterrupt"""
    raise KeyboardInterrupt


@accident
def raises_a_base_exception(logits):
    """raises an error of its own that is no Exception"""
    raise type("Hidden", (BaseException,), {})


@accident
def raises_an_error_without_text(logits):
    """the text of its error raises"""

    class Silent(Exception):
        def __str__(self):
            raise SystemExit

        __repr__ = __str__

    raise Silent


@accident
def raises_an_error_with_a_long_name(logits):
    """the kind of its error has a very long name"""
    raise type("E" * 100_000, (Exception,), {})("x" * 1_000_000)


@accident
def raises_a_group(logits):
    """errors inside errors, and one that is its own cause"""
    error = ValueError("a")
    error.__context__ = error.__cause__ = KeyError("b")
    error.__cause__.__context__ = error
    raise error


@accident
def raises_without_memory(logits):
    """raises MemoryError"""
    np.zeros((10**7, 10**7, 10**3))


@accident
def calls_itself(logits):
    """calls itself without end"""
    return calls_itself(logits)


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


@accident
def returns_what_equals_all(logits):
    """its result says that it is equal to everything"""
    return Yes()


@accident
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


@accident
def returns_what_raises_when_made_an_array(logits):
    """__array__ raises"""

    class Raises:
        def __array__(self, *args, **keywords):
            raise SystemExit

    return Raises()


@accident
def returns_what_lies_about_its_class(logits):
    """__class__ says that it is an array"""

    class Lies:
        __class__ = np.ndarray

        def __repr__(self):
            raise KeyboardInterrupt

    return Lies()


@accident
def returns_what_has_no_class(logits):
    """asking for __class__ raises"""

    class Raises:
        @property
        def __class__(self):
            raise SystemExit

    return Raises()


@accident
def returns_a_class_with_a_strange_name(logits):
    """its class has a name that cannot be read"""

    class Meta(type):
        @property
        def __name__(cls):
            raise KeyboardInterrupt

    return Meta("Odd", (), {})()


@accident
def returns_a_list_in_itself(logits):
    """a list that holds itself"""
    held = []
    held.append(held)
    return held


@accident
def returns_a_generator(logits):
    """a generator that raises SystemExit"""
    return (sys.exit() for _ in range(3))


@accident
def returns_a_strange_length(logits):
    """a list whose length raises"""

    class Long(list):
        def __len__(self):
            raise KeyboardInterrupt

        def __iter__(self):
            raise SystemExit

    return Long([1.0])


@accident
def returns_itself(logits):
    """the function itself"""
    return returns_itself


@accident
def returns_objects(logits):
    """an array of objects whose comparison raises"""
    return np.array([[Yes()] * logits.shape[-1]] * len(logits), dtype=object)


@accident
def returns_a_hog(logits):
    """a result of 100 megabytes"""
    return np.zeros((100, 125_000))


@accident
def returns_a_weak_reference(logits):
    """a weak reference to what is gone"""
    return weakref.proxy(Yes())


@accident
def reshapes_its_argument(logits):
    """changes the shape and the kind of its argument"""
    logits.shape = (-1,)
    logits.dtype = np.int8
    return logits


@accident
def locks_its_argument(logits):
    """its argument may not be written any more, and is filled with nan before"""
    logits.fill(np.nan)
    logits.setflags(write=False)
    return logits


@endless
def loops_past_every_error(logits):
    """a loop that catches every error"""
    while True:
        try:
            while True:
                np.add(logits, 1)
        except BaseException:
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
def waits_for_a_lock(logits):
    """waits for a lock that is never opened"""
    lock = threading.Lock()
    lock.acquire()
    while not lock.acquire(timeout=0.02):
        pass


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


ACCIDENTS["strange_callable"] = "each question about it ends the program", Strange()
ACCIDENTS["impostor"] = "it has the code of the right function, and does another thing", Impostor()
ACCIDENTS["wraps_itself"] = "it says that it wraps itself", Unreadable()
ACCIDENTS["partial_exit"] = "a partial of sys.exit", functools.partial(sys.exit)
ACCIDENTS["a_hostile_class"] = "a class", Yes
ACCIDENTS["eval"] = "runs its argument as a program", eval


@accident
def leaves_the_process(logits):
    """ends the process at once"""
    os._exit(3)


@accident
def aborts(logits):
    """ends the process with a fault"""
    os.abort()


@accident
def quits(logits):
    """quit(), which a notebook has on its page"""
    quit()


@accident
def makes_an_array_of_two_gigabytes(logits):
    """np.zeros of two gigabytes"""
    return np.zeros(250_000_000)
