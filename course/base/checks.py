"""Checks of arguments: each returns the plain value of what it was given, or a ValueError says what to do."""

import contextlib
import math
import os
import sys

import numpy as np

from course.base.arrays import shape_of


def count(name, value, least=1):
    """Return a whole number of `least` or more."""
    is_whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not is_whole or value < least:
        raise ValueError(f"{name} is {value!r}: it must be a whole number, {least} or more.")
    return int(value)


def positive(name, value):
    """Return a number above 0, and finite."""
    if type(value) is float and 0 < value < math.inf:  # first what it nearly always is: this is fast
        return value
    number = _number(value)
    if number is None or not 0 < number <= sys.float_info.max:
        raise ValueError(f"{name} is {value!r}: it must be a number above 0, and finite.")
    return float(number)


def not_negative(name, value):
    """Return a number of 0 or more, and finite."""
    number = _number(value)
    if number is None or not 0 <= number <= sys.float_info.max:
        raise ValueError(f"{name} is {value!r}: it must be a number, 0 or more, and finite.")
    return float(number)


def share(name, value):
    """Return a number from 0 to below 1."""
    number = _number(value)
    if number is None or not 0 <= number < 1:
        raise ValueError(f"{name} is {value!r}: it must be a number from 0 to below 1.")
    return float(number)


def number(name, value):
    """One number, as a loss is: nan and inf are numbers, too."""
    if np.shape(value) != () or np.asarray(value).dtype.kind not in "fiu":
        shape = f" of shape {np.shape(value)}" if np.ndim(value) else ""
        raise ValueError(f"{name} is {_short(value)}{shape}: it must be one number.")


def choice(name, value, choices):
    """Return one of some words, or None. "Adam" is as good as "adam", and np.float32 as "float32"."""
    word = getattr(value, "__name__", getattr(value, "name", value))
    if isinstance(word, str):
        word = word.lower()
    if not isinstance(word, (str, type(None))) or word not in choices:
        raise ValueError(f"{name} is {value!r}: it must be one of {', '.join(map(repr, choices))}.")
    return word


def kind(name, value, wanted, example):
    """Return a value of a class of the course."""
    if not isinstance(value, wanted):
        raise ValueError(f"{name} is {str(value)[:80]!r}: give a {wanted.__name__}, for example {example}.")
    return value


def text(name, value):
    """Return a text."""
    if not isinstance(value, str):
        raise ValueError(f"{name} is {_short(value)}, of type {type(value).__name__}: it must be a text, a str.")
    return value


def path(value, example):
    """Return a path. A number is none: the system would take it for a file that is open already."""
    if not isinstance(value, (str, os.PathLike)):
        raise ValueError(f"The path is {_short(value)}: give a text or a Path, for example {example!r}.")
    return value


def file_path(value, example):
    """Return a path that is no folder."""
    if os.path.isdir(path(value, example) or "."):  # "" is the folder that Python works in
        raise ValueError(f"{str(value)!r} is a folder: give the path of a file in it, for example {example!r}.")
    return value


def function(name, value):
    """Return what can be called."""
    if not callable(value):
        raise ValueError(f"{name} is {_short(value)}: it must be a function.")
    return value


def generator(name, value, method):
    """Return a generator of random numbers. method: what is asked of it, such as "random"."""
    if not callable(getattr(value, method, None)):
        raise ValueError(
            f"{name} is {_short(value)}: give a generator of random numbers, for example np.random.default_rng(0)."
        )
    return value


def model(value, wanted):
    """Return a Model. Its functions are looked at only so far that they can be called."""
    kind("model", value, wanted, "RNN")
    for name in ("initialize", "forward", "backward"):
        function(f"The model's {name}", getattr(value, name))
    if value.zero_state is not None:
        function("The model's zero_state", value.zero_state)
    return value


def progress(value):
    """Return True, False or a function that makes what follows the training."""
    if not isinstance(value, (bool, np.bool_)) and not callable(value):
        raise ValueError(f"progress is {_short(value)}: it must be True, False or a function such as watch().")
    return value


def line(value):
    """What a function given as progress= has made."""
    for name in ("show", "end"):
        if not callable(getattr(value, name, None)):
            raise ValueError(
                f"The function progress returned {_short(value)}: what it returns must have the functions "
                "show(done, loss) and end(text, run)."
            )


def array(name, values):
    """Return an array. Rows of different lengths make none."""
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


def streams(text, number):
    """Return the ids of one text, (N,), and a number of pieces, N or fewer, that it is to be cut into."""
    values, number = row("ids", text), count("streams", number)
    if number > len(values):
        raise ValueError(f"streams is {number}: the text has {len(values)} characters, so use {len(values)} or fewer.")
    return values, number


def long_enough(values):
    """Return the ids of a text of 2 characters or more: the first one is read, and the others are guessed."""
    values = array("ids", values)
    if values.ndim == 0 or len(values) < 2:
        raise ValueError(f"The ids have shape {values.shape}: evaluating needs those of 2 characters or more.")
    return values


def ids(name, values, vocab_size):
    """Whole numbers from 0 to V - 1."""
    if values.dtype.kind not in "iu" and values.size:
        raise ValueError(f"{name} are of type {values.dtype}: character ids must be whole numbers.")
    if values.size and (values.min() < 0 or values.max() >= vocab_size):
        wrong = values.min() if values.min() < 0 else values.max()
        raise ValueError(
            f"{name} hold the id {wrong}: with {vocab_size} characters, ids go from 0 to {vocab_size - 1}."
        )


def targets(name, rows, values):
    """The id of one character for each row of scores or probabilities, (..., V). name: of the rows."""
    if rows.shape[:-1] != values.shape or not rows.ndim:
        raise ValueError(f"{name} has shape {rows.shape} and targets {values.shape}: give one target for each row.")
    ids("targets", values, rows.shape[-1])


def pair(inputs, targets):
    """The ids of a sequence, and those of the characters that came after each."""
    if inputs.shape != targets.shape or inputs.ndim not in (1, 2) or not inputs.size:
        raise ValueError(
            f"inputs has shape {inputs.shape} and targets {targets.shape}: "
            "both must be (T,) or both (T, B), T at least 1."
        )


def sequence(inputs, targets, h_prev, given):
    """Return inputs, targets and h_prev as arrays that fit each other and the Parameters of the plain network."""
    try:
        W_xh, W_hh, W_hy, b_h, b_y = given.W_xh, given.W_hh, given.W_hy, given.b_h, given.b_y
        H, V = W_xh.shape
        found = W_hh.shape, W_hy.shape, b_h.shape, b_y.shape, W_hh.dtype.kind
        fits = found == ((H, H), (V, H), (H,), (V,), "f")
    except (AttributeError, ValueError):
        fits = False
    if not fits:
        raise ValueError(_what_does_not_fit(given))
    try:
        inputs, targets, h_prev = np.asarray(inputs), np.asarray(targets), np.asarray(h_prev)
    except ValueError:
        raise ValueError("inputs, targets or h_prev hold rows of different lengths: give arrays.") from None
    pair(inputs, targets)
    state_shape = (*inputs.shape[1:], H)
    if h_prev.shape != state_shape:
        raise ValueError(f"h_prev has shape {h_prev.shape}: here it must be {state_shape}.")
    ids("inputs", inputs, V)
    ids("targets", targets, V)
    return inputs, targets, h_prev


def _what_does_not_fit(given):
    """Say what is wrong with parameters that are not those of the plain network."""
    names = ("W_xh", "W_hh", "W_hy", "b_h", "b_y")
    if parameters(given)._fields != names:
        return f"The parameters are {', '.join(given._fields)}: this function reads {', '.join(names)}."
    arrays = [np.asarray(value) for value in given]
    shapes = ", ".join(f"{name} {value.shape}" for name, value in zip(names, arrays, strict=True))
    if any(value.dtype.kind != "f" for value in arrays):
        types = ", ".join(f"{name} {value.dtype}" for name, value in zip(names, arrays, strict=True))
        return f"The parameters are {types}: they must be arrays of floats, such as float64."
    if not all(isinstance(value, np.ndarray) for value in given):
        kinds = ", ".join(f"{name} {type(value).__name__}" for name, value in zip(names, given, strict=True))
        return f"The parameters are {kinds}: they must be arrays."
    return f"The parameters have the shapes {shapes}: they must be (H, V), (H, H), (V, H), (H,) and (V,)."


def forward(given, inputs, targets, parameters_given):
    """Return inputs and targets as arrays that fit a ForwardPass and these parameters."""
    inputs, targets = np.asarray(inputs), np.asarray(targets)
    shape = inputs.shape
    with contextlib.suppress(AttributeError, IndexError, ValueError):
        V, H = parameters_given.W_hy.shape
        fits = given.probs.shape == (*shape, V) and given.hidden.shape == (shape[0] + 1, *shape[1:], H)
        if fits and targets.shape == shape:
            ids("inputs", inputs, V)
            ids("targets", targets, V)
            return inputs, targets
    if hasattr(parameters_given, "probs") and hasattr(given, "W_hy"):
        raise ValueError("parameters and forward are swapped: the order of the arguments ends in parameters, forward.")
    W_hy = np.shape(parameters(parameters_given).W_hy)
    found = f"a {type(given).__name__}"
    if hasattr(given, "probs") and hasattr(given, "hidden"):
        found = f"of probs {np.shape(given.probs)} and hidden {np.shape(given.hidden)}"
    raise ValueError(
        f"forward is {found}, for inputs {shape}, targets {np.shape(targets)} and W_hy {W_hy}: "
        "hand over the whole tuple that forward_pass returned for the same inputs, targets and parameters."
    )


def alike(parameters, **others):
    """For each parameter an array of its shape in each of the others, such as gradients=."""
    try:
        shapes = [value.shape for value in parameters]
        for arrays in others.values():
            if [value.shape for value in arrays] != shapes:
                break
        else:
            return
    except (AttributeError, TypeError):
        pass
    for name, arrays in {"parameters": parameters, **others}.items():
        if not isinstance(arrays, (tuple, list)) or not all(isinstance(value, np.ndarray) for value in arrays):
            raise ValueError(f"The {name} are {_short(arrays)}: they must be a tuple or a list of arrays.")
        found = [value.shape for value in arrays]
        if found != shapes:
            raise ValueError(
                f"The {name} have the shapes {found} and the parameters {shapes}: "
                "give one array for each parameter, of its shape."
            )


def parameters(given):
    """Return parameters: a NamedTuple of arrays, W_hy (V, H) among them."""
    if hasattr(given, "parameters"):
        raise ValueError("This is a whole TrainingRun: give its parameters, run.parameters.")
    if not hasattr(given, "_fields") or np.ndim(getattr(given, "W_hy", 0)) != 2:
        found = ", ".join(getattr(given, "_fields", [type(given).__name__]))
        raise ValueError(f"The parameters are {found}: they must be a NamedTuple of arrays, W_hy (V, H) among them.")
    return given


def vocabulary(name, found, size, chars=None):
    """The Vocabulary of a text must be the one that a network was trained with: of its size, and of its characters."""
    if size == found.size and chars in (None, found.chars):
        return
    known = "" if chars is None else f" {chars[:100]!r}"
    raise ValueError(
        f"The network was trained with a vocabulary of {size} characters{known}, "
        f"but the text {name!r} has another one, {found.size} characters {found.chars[:100]!r}: "
        "use the text that it was trained on."
    )


def norm(value):
    """The norm of gradients that are to be scaled."""
    if not math.isfinite(value):
        raise ValueError(
            f"The global norm of the gradients is {value}, so they cannot be scaled: they hold nan, inf or numbers so "
            "large that their squares overflow. Use a smaller learning rate, and look for what made them so large."
        )


def distribution(probs, u):
    """Probabilities to draw from, (V,), and the number that draws.

    It is asked for each letter that is written, so a look at the last one must do: where one comes out of softmax as
    nan, all do.
    """
    is_row = type(probs) is np.ndarray and probs.ndim == 1 and len(probs) > 0
    if is_row and 0 <= probs.item(-1) <= 1 and type(u) is float and 0 <= u < 1:
        return
    probs = np.asarray(probs)
    if probs.ndim != 1 or not probs.size or probs.dtype.kind not in "fiu":
        raise ValueError(f"probs is {_short(probs)}, of shape {probs.shape}: give one probability for each character.")
    total = probs.sum()
    if not np.isfinite(total):
        raise ValueError(
            f"The probabilities add up to {total}, so nothing can be drawn: "
            "look for nan or inf in the parameters of the network, or in its state."
        )
    if abs(total - 1) > 1e-3:
        raise ValueError(f"The probabilities add up to {total:.6g}: they must add up to 1, as those of softmax do.")
    plain = _number(u)
    if plain is None or not 0 <= plain < 1:
        raise ValueError(f"u is {_short(u)}: it must be a number from 0 to below 1, as rng.random() gives.")


def state(found, wanted):
    """The state of a network, of the shape of another one."""
    if shape_of(found) != shape_of(wanted):
        raise ValueError(f"The state h has shape {shape_of(found)}: here it must be {shape_of(wanted)}.")


def writing(given, h, first_id, length, rng, model):
    """All that a network needs to write: its parameters, the state it starts from, a first character and the rest."""
    ids("first_id", np.asarray(first_id), len(parameters(given).W_hy))
    state(h, model.first_state(given))
    count("length", length, least=0)
    generator("rng", rng, "random")


def weights(values, rows):
    """One weight for each of some rows, none below 0, and not all 0."""
    values, rows = array("weights", values), array("probs", rows)
    fits = rows.ndim and values.shape == rows.shape[:1] and values.dtype.kind in "fiu"
    if not fits or not np.isfinite(values).all() or values.min() < 0 or values.sum() == 0:
        raise ValueError(
            f"The weights are {_short(values)} for probs of shape {rows.shape}: "
            "give one for each row, finite numbers of 0 or more, not all of them 0."
        )


def order(value, vocab_size):
    """Return how many characters count together in a table, so few that there is a 64-bit number for each such text."""
    value, vocab_size = count("order", value, least=0), count("vocab_size", vocab_size)
    if vocab_size**value > 2**63:
        raise ValueError(
            f"order is {value}: with {vocab_size} characters there are more texts of that length than numbers of "
            "64 bits. Use a smaller order."
        )
    return value


def char(name, value, chars):
    """Return the id of one character of a vocabulary."""
    if not isinstance(value, str) or len(value) != 1 or value not in chars:
        raise ValueError(f"{name} is {_short(value)}: it must be one of the characters {chars[:100]!r}.")
    return chars.index(value)


@contextlib.contextmanager
def memory_for(what):
    """For the lines that ask NumPy for large arrays. MemoryError in words, for sizes that no computer has, too."""
    try:
        yield
    except (MemoryError, ValueError, OverflowError):  # of a size that cannot even be written down: ValueError
        raise MemoryError(f"This computer has not enough memory for {what}: use smaller numbers.") from None


def _number(value):
    """Return a plain number of Python, or None for what is no number."""
    if isinstance(value, (np.integer, np.floating)):
        return value.item()
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _short(value):
    """Return a value as it is written, not longer than a line."""
    return " ".join(repr(value).split())[:80]
