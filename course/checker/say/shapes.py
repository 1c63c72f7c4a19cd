"""Says what is wrong where numbers cannot be compared: an error, a wrong type or shape, a changed argument.

Sizes are given in letters: T, V, H and the others, with their values in a case.
"""

import numpy as np

from course.checker.course import PARAMETER_NAMES
from course.checker.errors import error_note
from course.checker.trial import TEXT, group_of
from course.checker.words import where

# ---------------------------------------------------------------- sizes and shapes in letters


def with_sizes(case):
    """Return the label of a case, and the sizes that it does not name itself."""
    sizes = ", ".join(f"{letter} = {size}" for letter, size in case.sizes.items() if f"{letter} = " not in case.label)
    return f"{case.label} ({sizes})" if sizes else case.label


def letters_of(case):
    """Return the letter of each size in this case, such as {5: "T", 6: "T+1"}.

    A size of 1 stays a number, and so does one that could be two letters.
    """
    sizes = dict(case.sizes)
    if "T" in sizes and "H" in sizes:  # only states have one row more than there are steps
        sizes["T+1"] = sizes["T"] + 1
    known = list(sizes.values())
    return {size: letter for letter, size in sizes.items() if size > 1 and known.count(size) == 1}


def shape_of(array, case, word="an array", whole=False):
    """Describe an array by its shape, in letters and in numbers."""
    if array.ndim == 0:
        return "one whole number" if whole else "one number"
    if word == "a text":
        return f"a text of {array.size} character{'s' * (array.size != 1)}"
    letters = letters_of(case)
    named = [letters.get(size, str(size)) for size in array.shape]
    comma = "," if array.ndim == 1 else ""
    numbers = "" if named == [str(size) for size in array.shape] else f" = {array.shape}"
    return f"{word} of shape ({', '.join(named)}{comma}){numbers}"


# ---------------------------------------------------------------- results without comparable numbers


def say_raised(exercise, case, got, want, told):
    """Say which error was raised, where, and what it means, as pairs for Sentences. None if there was none, like the
    others here."""
    if not got.error:
        return ()
    note = told or error_note(got.error, got.line)
    return ("raised", f"It raised {got.error}"), ("line", where(got)), _tried(case), ("cause", note)


def _tried(case):
    return "tried", f"Tried with {with_sizes(case)}."


def say_wrong_type(exercise, case, got, want, told):
    """Say that the result is not an answer at all."""
    if not got.problem:
        return ()
    if got.nothing and not told:
        told = "Does every way through the function end in a `return`?"
        if got.printed.strip():
            told = "It printed something, but printing isn't returning. End with `return`."
    says = f"{got.problem} Expected: {_expected(exercise, case, want)}."
    return ("result", says), _tried(case), ("cause", told)


def say_wrong_shape(exercise, case, got, want, told):
    """Say which part of the result has the wrong shape."""
    if exercise.result == "pairs" and len(got.parts) != len(want.parts):
        count, right = len(got.parts) // 2, len(want.parts) // 2
        count = f"It returned {count} sequence{'s' * (count != 1)}, expected: {right}."
        return ("result", count), _tried(case), ("cause", told)
    for name, right in want.parts.items():
        array = got.parts[name]
        if array.shape != right.shape:
            given = shape_of(array, case, got.word)
            wanted = shape_of(right, case, TEXT if exercise.result == "text" else "an array")
            if want.listed and right.ndim == 1:  # the task asks for a list, and so does the message
                given = _list_of(array) if got.listed and array.ndim == 1 else given
                wanted = _list_of(right)
            came = f"{name or 'The result'} is {given}, expected: {wanted}."
            return ("result", came), _tried(case), ("cause", told or _shape_note(array, right))
    return ()


def _list_of(array):
    return f"a list of {array.size} number{'s' * (array.size != 1)}"


def _shape_note(array, right):
    if array.shape == right.shape[::-1]:
        swapped = np.array_equal(array.T, right) or np.allclose(array.T, right, rtol=1e-6, atol=1e-9)
        return "Rows and columns are swapped." if swapped else "What goes down, and what goes across?"
    if array.ndim == 0 and right.size > 1:
        return f"You return only one number of {right.size}. Return all of them, not the last one or their sum."
    if array.size == right.size == 1 and array.ndim > right.ndim:
        return "Your number is inside a list or an array. Return the number itself."
    if array.size == right.size > 1:
        return "You have the right number of entries, but in another arrangement."
    return ""


def say_changed(exercise, case, got, want, told):
    """Say which arguments were changed that should have been left alone."""
    if not got.changed:
        return ()
    names = got.changed if len(got.changed) < 3 else list(dict.fromkeys(map(group_of, got.changed)))
    message = (
        f"It changes its argument {' and '.join(names)} in place. The caller still needs the old values: work on "
        "a copy, or make a new array."
    )
    return ("result", message), ("cause", told)


def say_surplus(outcomes):
    """Say what an otherwise right function returns where it should return nothing."""
    returned = next((got.surplus for got in outcomes if got.surplus), "")
    return returned and (
        f"All that must change in place does. But your function also returns {returned}, and the exercise asks for "
        "None: the caller has the arrays already."
    )


DIGITS_LOST = "so half of the digits are lost. Stay with float64, NumPy's usual kind."


def say_wrong_form(exercise, outcomes, again, expected):
    """Say what else is wrong when all numbers are right, or "": a list for an array, True for 1, lost digits, a result
    that the next call overwrites, a plain tuple for a named one."""
    listed = next((got.listed for got, want in zip(outcomes, expected) if got.listed and not want.listed), "")
    if listed:
        return f"All numbers are right, but {listed}. Return an array: np.array(...) makes one."
    if exercise.result == "list" and any(got.word == "an array" for got in outcomes):
        return (
            "All numbers are right, but they come as an array. Return a list, as the page asks: `+=` makes a list "
            "longer, but it adds an array to the numbers. `.tolist()` makes a list."
        )
    for name in {name: "" for want in expected for name, array in want.parts.items() if array.dtype == float}:
        mine, right = [[one.parts[name] for one in several if name in one.parts] for several in (outcomes, expected)]
        subject = name or "the result"
        if any(array.dtype == bool for array in mine):
            return (
                f"Every entry is right, but {subject} holds True and False. Return numbers, 1 and 0: "
                "`.astype(float)` turns them into numbers."
            )
        if not all(map(has_seven_digits, right)):  # the right numbers have digits to lose
            short = [array.dtype for array in mine if array.dtype.kind == "f" and array.dtype.itemsize < 8]
            if short or all(map(has_seven_digits, mine)):
                how = f"comes as {short[0]}" if short else "was computed in float32"
                return f"All numbers are close enough, but {subject} {how}, {DIGITS_LOST}"
    if any(got.shared for got in again):
        return (
            "All numbers are right, but two calls return the same array, so the next call writes over what the caller "
            "still has. Make a new one in each call."
        )
    loose = next((got.loose for got in outcomes if got.loose), "")
    if loose:
        wanted = f"{exercise.type.__name__}({', '.join(exercise.returns)})"
        return f"All numbers are right, but {exercise.name} returned {loose}. Its parts need names: return {wanted}."
    return ""


def has_seven_digits(array):
    """True if each number is exact in float32. Hardly any number that was computed in float64 is."""
    with np.errstate(over="ignore"):
        return array.dtype.kind == "f" and np.array_equal(array, array.astype(np.float32), equal_nan=True)


def _expected(exercise, case, want):
    if exercise.result == "pairs":
        return "a list of pairs (inputs, targets)"
    if exercise.result == "text":
        return shape_of(want.parts[""], case, TEXT)
    whole = exercise.result == "ids"
    shapes = {
        name: _list_of(array) if want.listed and array.ndim == 1 else shape_of(array, case, whole=whole)
        for name, array in want.parts.items()
        if name in ("", *exercise.returns)
    }
    if "" in shapes:
        return shapes[""]
    if len(shapes) == 1:
        return ", ".join(*shapes.items())
    count = f"{len(shapes)} results" + (f" as {exercise.type.__name__}:" if exercise.type else ",")
    if exercise.returns == PARAMETER_NAMES:
        return f"{count} {', '.join(shapes)}, each an array of the shape of its parameter"
    if len(shapes) > 2 and len(set(shapes.values())) == 1:
        return f"{count} {', '.join(shapes)}, each {shapes.popitem()[1]}"
    return f"{count} " + ", ".join(f"{name} ({shape})" for name, shape in shapes.items())
