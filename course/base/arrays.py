"""Arrays, and tuples of arrays: parameters, gradients, the state of a model."""

import numpy as np


def copied(value):
    """Return a copy of an array or of a tuple of arrays. A NamedTuple stays one."""
    if not isinstance(value, tuple):
        return np.array(value)
    copies = [np.array(array) for array in value]
    return type(value)(*copies) if hasattr(value, "_fields") else tuple(copies)


def exactly(number):
    """Return a number as text, with all the digits that distinguish it from others: 0.9 as "0.9", 0.0 as "0"."""
    return repr(float(number)).removesuffix(".0")


def shape_of(value):
    """Return the shape of an array, or the shapes of a tuple of arrays."""
    return tuple(map(np.shape, value)) if isinstance(value, tuple) else np.shape(value)
