"""Arrays, and tuples of arrays: parameters, gradients, the state of a model."""

import numpy as np


def copied(value):
    """Return a copy of an array or of a tuple of arrays. A NamedTuple stays one."""
    if not isinstance(value, tuple):
        return np.array(value)
    copies = [np.array(array) for array in value]
    return type(value)(*copies) if hasattr(value, "_fields") else tuple(copies)


def shape_of(value):
    """Return the shape of an array, or those of a tuple of arrays."""
    return tuple(map(np.shape, value)) if isinstance(value, tuple) else np.shape(value)
