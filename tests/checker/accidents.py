"""Answers to the exercise softmax that do something by accident. None of them is a right answer.

Those that call `right` give the right numbers but change what all other code works with.
"""

import builtins
import functools
import io
import os
import random
import sys
import threading
import warnings

import numpy as np

import rnn_helpers

ACCIDENTS = {}  # name: the function


def accident(function):
    """Register an answer. Its docstring says what it does."""
    ACCIDENTS[function.__name__] = function
    return function


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
def replaces_exp(logits):
    """np.exp gives zeros"""
    np.exp = np.zeros_like
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


@accident
def waits_for_a_lock(logits):
    """waits for a lock that is never opened"""
    lock = threading.Lock()
    lock.acquire()
    while not lock.acquire(timeout=0.02):
        pass


ACCIDENTS["a_partial_of_exit"] = functools.partial(sys.exit)
ACCIDENTS["a_class"] = Yes


@accident
def leaves_the_process(logits):
    """ends the process at once"""
    os._exit(3)


@accident
def quits(logits):
    """quit(), which a notebook has on its page"""
    quit()
