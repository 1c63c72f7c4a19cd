"""Checks of arguments. Each returns the plain value of its argument, or raises a ValueError that says what to do."""

import math
import os
import sys

import numpy as np


# ---------------------------------------------------------------- numbers and words
def count(name, value, least=1):
    """Return a whole number of `least` or more."""
    is_whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not is_whole or value < least:
        raise ValueError(f"{name} is {value!r}: it must be a whole number, {least} or more.")
    return int(value)


def positive(name, value):
    """Return a finite number above 0."""
    if type(value) is float and 0 < value < math.inf:  # the usual case first: this is fast
        return value
    return _number(name, value, lambda number: 0 < number <= sys.float_info.max, "above 0, and finite")


def not_negative(name, value):
    """Return a finite number of 0 or more."""
    return _number(name, value, lambda number: 0 <= number <= sys.float_info.max, "of 0 or more, and finite")


def share(name, value, least=0):
    """Return a number from `least` to below 1."""
    return _number(name, value, lambda number: least <= number < 1, f"from {least} to below 1")


def _number(name, value, fits, wanted):
    plain = value.item() if isinstance(value, (np.integer, np.floating)) else value
    if not isinstance(plain, (int, float)) or isinstance(plain, bool) or not fits(plain):
        raise ValueError(f"{name} is {value!r}: it must be a number {wanted}.")
    return float(plain)


def by_name(name, value, numbers):
    """Return the dict of numbers above 0 by the names of parameters."""
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise ValueError(f"{name} is {value!r}: it must be a dict of names and numbers, for example {numbers}.")
    return {key: positive(f"{name}[{key!r}]", number) for key, number in value.items()}


def names(name, given, fields):
    """Check that these are names of parameters."""
    for wrong in [key for key in given if key not in fields]:
        raise ValueError(f"{name} has {wrong!r} in it: the parameters of this model are {', '.join(fields)}.")


def scale(value):
    """Return the scale of the initial weights: a number above 0, or "fan_in"."""
    if not isinstance(value, str):
        return positive("The initial scale", value)
    if value != "fan_in":
        raise ValueError(f"The initial scale is {value!r}: use a number or 'fan_in'.")
    return value


def choice(name, value, choices):
    """Return one of the words in choices, or None."""
    if not isinstance(value, (str, type(None))) or value not in choices:
        raise ValueError(f"{name} is {value!r}: it must be one of {', '.join(map(repr, choices))}.")
    return value


def room(name, value, numbers):
    """Check that an array of so many numbers fits into memory. It is asked for, but nothing is written there."""
    try:
        np.empty(numbers)
    except (MemoryError, ValueError, OverflowError):  # the others: more numbers than any array can have
        raise ValueError(
            f"{name} is {value:,}: this needs more than {8 * numbers // 10**9:,} GB of memory, and there is less here. "
            "Use a smaller number."
        ) from None


# ---------------------------------------------------------------- things
def kind(name, value, wanted, example):
    """Return a value that must be of a class of the course."""
    if not isinstance(value, wanted):
        raise ValueError(f"{name} is {str(value)[:80]!r}: give a {wanted.__name__}, for example {example}.")
    return value


def function(name, value):
    """Check that something is a function, or can be called like one."""
    if not callable(value):
        raise ValueError(f"{name} is {_short(value)}: it must be a function.")


def path(value):
    """Check the path of a file: it must be a text, or a Path."""
    if not isinstance(value, (str, os.PathLike)):
        raise ValueError(f"path is {_short(value)}: it must be a text or a Path, for example 'run.npz'.")


def text(name, value):
    """Return a text that is not empty."""
    if not isinstance(value, str):
        raise ValueError(f"{name} is {_short(value)}, of type {type(value).__name__}: it must be a text, a str.")
    if not value:
        raise ValueError(f"{name} is empty: give it some characters.")
    return value


def char(name, value, chars):
    """Return the id of one character of a vocabulary."""
    if not isinstance(value, str) or len(value) != 1 or value not in chars:
        raise ValueError(f"{name} is {_short(value)}: it must be one of the characters {chars[:100]!r}.")
    return chars.index(value)


def vocabulary(name, found, size, chars=None):
    """Check that a Vocabulary is the one that a network was trained with: the same size and the same characters."""
    if size == found.size and chars in (None, found.chars):
        return
    known = "" if chars is None else f" {chars[:100]!r}"
    raise ValueError(
        f"The network was trained with a vocabulary of {size} characters{known}, "
        f"but the text {name!r} has another one, {found.size} characters {found.chars[:100]!r}: "
        "use the text that it was trained on."
    )


# ---------------------------------------------------------------- arrays
def array(name, values):
    """Return an array. Rows of different lengths are refused."""
    try:
        return np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} hold rows of different lengths: all rows of an array have one length.") from None


def row(name, values):
    """Return the ids of one text, an array of (N,)."""
    values = array(name, values)
    if values.ndim != 1:
        raise ValueError(f"{name} is {_short(values)}, of shape {values.shape}: it must be (N,), the ids of one text.")
    return values


def long_enough(values):
    """Return the ids of a text of 2 characters or more: the first is read, and the others are predicted."""
    values = array("ids", values)
    if values.ndim == 0 or len(values) < 2:
        raise ValueError(f"The ids have shape {values.shape}: evaluating needs those of 2 characters or more.")
    return values


def ids(name, values, vocab_size):
    """Check that these are whole numbers from 0 to V - 1."""
    if values.dtype == np.int64 and values.size and values.view(np.uint64).max() < vocab_size:
        return  # the usual case, in one comparison: as an unsigned number, one below 0 is very large
    if values.dtype.kind not in "iu" and values.size:
        raise ValueError(f"{name} are of type {values.dtype}: character ids must be whole numbers.")
    if values.size and (values.min() < 0 or values.max() >= vocab_size):
        wrong = values.min() if values.min() < 0 else values.max()
        raise ValueError(
            f"{name} hold the id {wrong}: with {vocab_size} characters, ids go from 0 to {vocab_size - 1}."
        )


def sequence(inputs, targets, vocab_size, *states):
    """Return inputs and targets, ids of (T,) or (T, B), as arrays. The targets' ids are left to loss_of.

    states  each part of the state that comes in, and its size: (h, H) for an h of (H,) or (B, H)
    """
    inputs, targets = array("inputs", inputs), array("targets", targets)
    if inputs.shape != targets.shape or inputs.ndim not in (1, 2) or not inputs.size:
        raise ValueError(
            f"inputs has shape {inputs.shape} and targets {targets.shape}: "
            "both must be (T,) or both (T, B), T at least 1."
        )
    ids("inputs", inputs, vocab_size)
    for found, size in states:
        state(found, (*inputs.shape[1:], size))
    return inputs, targets


def state(found, wanted):
    """Check the state of a network, or a part of it: it must be an array of numbers of the shape `wanted`."""
    if np.shape(found) != wanted:
        raise ValueError(f"The state h has shape {np.shape(found)}: here it must be {wanted}.")
    if np.asarray(found).dtype.kind not in "fiu":
        raise ValueError(f"The state h is of type {np.asarray(found).dtype}: it must hold numbers, such as float64.")


def parameters(given):
    """Return parameters, which must be a NamedTuple of arrays that includes W_hy (V, H)."""
    if hasattr(given, "parameters"):
        raise ValueError("This is a whole TrainingRun: give its parameters, run.parameters.")
    if not hasattr(given, "_fields") or np.ndim(getattr(given, "W_hy", 0)) != 2:
        found = ", ".join(getattr(given, "_fields", [type(given).__name__]))
        raise ValueError(f"The parameters are {found}: they must be a NamedTuple of arrays, W_hy (V, H) among them.")
    return given


def fields(given, names):
    """Return parameters, which must have these names."""
    if parameters(given)._fields != names:
        raise ValueError(f"The parameters are {', '.join(given._fields)}: this function reads {', '.join(names)}.")
    return given


def plain(given):
    """Return (V, H) of the Parameters of the plain network, which must fit each other."""
    names = ("W_xh", "W_hh", "W_hy", "b_h", "b_y")
    V, H = fields(given, names).W_hy.shape
    if [np.shape(value) for value in given] != [(H, V), (H, H), (V, H), (H,), (V,)]:
        shapes = ", ".join(f"{name} {np.shape(value)}" for name, value in zip(names, given, strict=True))
        raise ValueError(
            f"The parameters have the shapes {shapes}: they must be (H, V), (H, H), (V, H), (H,) and (V,)."
        )
    kinds = [getattr(value, "dtype", np.dtype(object)) for value in given]
    if any(kind.kind != "f" for kind in kinds) or len(set(kinds)) > 1:
        types = ", ".join(f"{name} {kind}" for name, kind in zip(names, kinds, strict=True))
        raise ValueError(f"The parameters are {types}: they must be arrays of floats of one type, such as float64.")
    return V, H


def _short(value):
    """Return the repr of a value, cut to one line."""
    return " ".join(repr(value).split())[:80]
