"""The same surroundings at each call: what a learner's function takes from the page, and random numbers."""

import contextlib
import copy
import dis
import random
from types import CodeType, FunctionType

import numpy as np


def parts_of(function):
    """Return (code, {name: value}) of a function and of the page's functions that it uses: their names from outside."""
    waiting, found = [function] if isinstance(function, FunctionType) else [], []
    for one in waiting:
        page = function.__globals__
        codes, values = [one.__code__], {}
        for code in codes:
            codes += [constant for constant in code.co_consts if isinstance(constant, CodeType)]
            used = [step.argval for step in dis.get_instructions(code) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")]
            values |= {name: page[name] for name in used if name in page}
        for name, cell in zip(one.__code__.co_freevars, one.__closure__ or ()):
            with contextlib.suppress(ValueError):  # a name that has no value yet
                values[name] = cell.cell_contents
        found += [(code, values) for code in codes]
        helpers = [value for value in values.values() if isinstance(value, FunctionType) and value.__globals__ is page]
        waiting += [helper for helper in helpers if not any(helper is known for known in waiting)]
    return found


@contextlib.contextmanager
def freshly(function):
    """Give a function that makes all as it was: the random numbers, and the arrays that a function takes from the page.

    Without a seed np.random.default_rng starts from the same numbers each time too.
    """
    values = [value for _, names in parts_of(function) for value in names.values()]
    arrays = [(array, array.copy()) for array in _arrays(values) if array.flags.writeable]
    rngs = [(rng, copy.deepcopy(rng.bit_generator.state)) for rng in values if isinstance(rng, np.random.Generator)]
    default_rng = np.random.default_rng

    def refresh():
        for array, before in arrays:
            array[...] = before
        for rng, state in rngs:
            rng.bit_generator.state = state
        np.random.seed(0)
        random.seed(0)

    np.random.default_rng = lambda seed=0: default_rng(0 if seed is None else seed)
    try:
        yield refresh
    finally:
        np.random.default_rng = default_rng
        refresh()


def _arrays(values, depth=3):
    """Return the arrays among values, also those in tuples, lists and dicts, such as the five of Parameters."""
    found = []
    for value in values if depth else ():
        if isinstance(value, np.ndarray):
            found.append(value)
        elif isinstance(value, (tuple, list)) and len(value) < 100:
            found += _arrays(value, depth - 1)
        elif isinstance(value, dict) and len(value) < 100:
            found += _arrays(value.values(), depth - 1)
    return found
