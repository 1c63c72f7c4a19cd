"""Checks of arguments: each returns the plain value of what it was given, or a ValueError says what to do."""

import sys
from collections.abc import Iterable
from typing import Any

import numpy as np


def count(name: str, value: Any, least: int = 1) -> int:
    """Return a whole number of `least` or more."""
    is_whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not is_whole or value < least:
        raise ValueError(f"{name} is {value!r}: it must be a whole number, {least} or more.")
    return int(value)


def positive(name: str, value: Any) -> float:
    """Return a number above 0, and finite."""
    is_number = isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)
    number = value.item() if isinstance(value, np.generic) else value
    if not is_number or not 0 < number <= sys.float_info.max:
        raise ValueError(f"{name} is {value!r}: it must be a number above 0, and finite.")
    return float(number)


def choice(name: str, value: Any, choices: Iterable[str | None]) -> str | None:
    """Return one of some words, or None. "Adam" is as good as "adam", and np.float32 as "float32"."""
    word = getattr(value, "__name__", getattr(value, "name", value))
    if isinstance(word, str):
        word = word.lower()
    if not isinstance(word, (str, type(None))) or word not in choices:
        raise ValueError(f"{name} is {value!r}: it must be one of {', '.join(map(repr, choices))}.")
    return word


def kind(name: str, value: Any, wanted: type, example: str) -> Any:
    """Return a value of a class of the course."""
    if not isinstance(value, wanted):
        raise ValueError(f"{name} is {str(value)[:80]!r}: give a {wanted.__name__}, for example {example}.")
    return value


def ids(name: str, values: np.ndarray, vocab_size: int) -> None:
    """Whole numbers from 0 to V - 1."""
    if values.dtype.kind not in "iu" and values.size:
        raise ValueError(f"{name} are of type {values.dtype}: character ids must be whole numbers.")
    if values.size and (values.min() < 0 or values.max() >= vocab_size):
        wrong = values.min() if values.min() < 0 else values.max()
        raise ValueError(
            f"{name} hold the id {wrong}: with {vocab_size} characters, ids go from 0 to {vocab_size - 1}."
        )


def sequence(inputs: Any, targets: Any, h_prev: Any, hidden_size: int, vocab_size: int) -> tuple[np.ndarray, ...]:
    """Return inputs, targets and h_prev as arrays that fit each other and a network of H hidden units."""
    inputs, targets, h_prev = np.asarray(inputs), np.asarray(targets), np.asarray(h_prev)
    if inputs.shape != targets.shape or inputs.ndim not in (1, 2) or not inputs.size:
        raise ValueError(
            f"inputs has shape {inputs.shape} and targets {targets.shape}: "
            "both must be (T,) or both (T, B), T at least 1."
        )
    state_shape = (*inputs.shape[1:], hidden_size)
    if h_prev.shape != state_shape:
        raise ValueError(f"h_prev has shape {h_prev.shape}: here it must be {state_shape}.")
    ids("inputs", inputs, vocab_size)
    return inputs, targets, h_prev


def parameters(given: Any) -> Any:
    """Return parameters: a NamedTuple of arrays, W_hy (V, H) among them."""
    if hasattr(given, "parameters"):
        raise ValueError("This is a whole TrainingRun: give its parameters, run.parameters.")
    if not hasattr(given, "_fields") or np.ndim(getattr(given, "W_hy", 0)) != 2:
        found = ", ".join(getattr(given, "_fields", [type(given).__name__]))
        raise ValueError(f"The parameters are {found}: they must be a NamedTuple of arrays, W_hy (V, H) among them.")
    return given


def vocabulary(name: str, found: Any, size: int, chars: str | None = None) -> None:
    """The Vocabulary of a text must be the one that a network was trained with: of its size, and of its characters."""
    if size == found.size and chars in (None, found.chars):
        return
    known = "" if chars is None else f" {chars[:100]!r}"
    raise ValueError(
        f"The network was trained with a vocabulary of {size} characters{known}, "
        f"but the text {name!r} has another one, {found.size} characters {found.chars[:100]!r}: "
        "use the text that it was trained on."
    )
