"""Says what is wrong with the numbers of a result: in all cases together, in which cases, where, and by how much."""

import numpy as np

from course.checker.course import AXES
from course.checker.say.shapes import letters_of, with_sizes
from course.checker.trial import close, in_group, same

_DRAWS = "The result is right, but you take too many random numbers from rng, or too few. What does the page ask for?"


# ---------------------------------------------------------------- where, and by how much


def where_right(cases, right):
    """Return for which inputs the results are right, if there are any."""
    good = [case for case, fine in zip(cases, right) if fine]
    bad = [case for case, fine in zip(cases, right) if not fine]
    if not good or not bad:
        return ""
    if all(case.silenced for case in bad):
        return f"Of the inputs tried, it's wrong only with: {'; '.join(case.label for case in bad)}."
    # In some cases one argument is all zeros: then it does not matter whether it is used rightly or wrongly.
    silent = [case.silenced for case in good if case.silenced]
    if silent and (len(silent) == len(good) or any(case.silenced for case in bad)):
        otherwise = ", and wrong otherwise" * (len(silent) == len(good))
        return f"It is right when {' or '.join(silent)} is all zeros{otherwise}."
    good = [case.label for case in good if not case.silenced]
    bad = [case.label for case in bad if not case.silenced]
    if not good:
        return ""
    word, labels = ("right", good) if len(good) <= len(bad) else ("wrong", bad)
    more = f"; and {len(labels) - 4} more" if len(labels) > 4 else ""
    return f"Of the inputs tried, it's {word} only with: {'; '.join(labels[:4])}{more}."


def is_only_near(got, want):
    """True if a right result is a little off: then the mistake is in this case, too, and only too small to count."""
    pairs = [(got.parts[name], right) for name, right in want.parts.items() if right.dtype.kind == "f"]
    return not all(close(mine, right, 5e-8, 1e-9).all() for mine, right in pairs if mine.dtype != np.float32)


def say_difference(exercise, case, index, outcomes, expected):
    """Say where a result first differs, and what is expected there: pairs for Sentences."""
    got, want = outcomes[index], expected[index]
    groups = [group for group in exercise.groups if in_group(want, group)]
    order = list(dict.fromkeys([name for group in groups for name in in_group(want, group)] + list(want.parts)))
    wrong = [name for name in order if not same(got.parts[name], want.parts[name])]
    name = wrong[0]
    if name in want.after:
        return (("difference", _DRAWS),)
    tried = "tried", f"Tried with {with_sizes(case)}."
    mine, right = got.parts[name], want.parts[name]
    remark = exercise.remark(case, got.parts) if exercise.remark else ""
    if exercise.result == "text":
        texts = ["".join(map(chr, array)) for array in (mine, right)]
        came = "It returned {!r}, expected: {!r}.".format(*(text[:40] for text in texts))
        return tried, ("difference", came), ("cause", remark)
    return tried, *_pattern(name, mine, right, case, exercise.backwards), ("cause", remark)


def _single_factor(mine, right):
    """Return the factor between two arrays if there is one for all entries, else None."""
    large = np.abs(right) > 1e-6
    if not np.isfinite(mine).all() or not large.any():
        return None
    factor = float(mine[large][0] / right[large][0])
    is_one_factor = np.allclose(mine, factor * right, rtol=1e-6, atol=1e-9)
    return factor if is_one_factor and f"{factor:.6g}" != "1" else None


def _pattern(name, mine, right, case, backwards):
    """Describe how an array differs from the right one: a pattern if there is one, then the first entry. Pairs for
    Sentences."""
    subject = name or "The result"
    if mine.ndim == 0:
        return (("difference", f"{subject} {_beside(mine[()], right[()])}."),)
    wrong = ~close(mine, right)
    if mine.size > 1:
        whole = _whole_pattern(mine, right)
        if whole:
            return (("difference", f"{subject}: {whole}"),)
    if backwards:  # the loop that computes it begins at the last row
        row = int(np.flatnonzero(wrong.any(axis=1))[-1])
        first = (row, int(np.argmax(wrong[row])))
        begin = "The walk starts at the last step, and your result is wrong there already."
        if row < len(mine) - 1:
            begin = f"It's right from the last step down to time step {row + 1}, and it goes wrong at {row}."
    else:
        first = tuple(int(index[0]) for index in np.nonzero(wrong))
        begin = _which(subject, wrong, case)
    entry = _entry(subject, first, right, case)
    differs = f"The first difference: {entry} {_beside(mine[first], right[first])}."
    return ("difference", begin), ("first difference", differs)


def _beside(value, right):
    """Return a wrong number beside the right one."""
    shown = [_number(one) for one in (value, right)]
    if shown[0] == shown[1]:
        shown = [f"{one:.12g}" for one in (value, right)]
    text = f"is {shown[0]}, expected: {shown[1]}"
    return text + ("" if np.isfinite(value) else " (an overflow, a division by 0, or the logarithm of 0)")


def _number(x):
    return f"{int(x)}" if float(x).is_integer() and abs(x) < 1e6 else f"{x:.3g}"


def _entry(subject, index, right, case):
    letters = letters_of(case)
    names = [AXES.get(letters.get(size, ""), "") for size in right.shape]
    words = ", ".join(f"{word} {number}" for word, number in zip(names, index) if word)
    place = ", ".join(map(str, index))
    label = f"entry [{place}]" if subject == "The result" else f"{subject}[{place}]"
    return f"{label} ({words})" if words else label


def _whole_pattern(mine, right):
    """Return what has happened to the whole array, if one thing explains it."""
    if not np.isfinite(mine).all():
        return ""
    if len(mine) > 2 and same(mine[::-1], right):
        return "the rows are in reverse order." if mine.ndim > 1 else "the entries are in reverse order."
    if not mine.any():
        return "all entries are 0."
    factor = _single_factor(mine, right)
    if factor is not None:
        if abs(factor + 1) < 1e-6:
            return "every entry has the wrong sign."
        return f"every entry is {factor:.6g} times as large as it should be."
    if np.allclose(np.sort(mine.ravel()), np.sort(right.ravel()), rtol=1e-6, atol=1e-9):
        return "the numbers are right, but they're in other places."
    return ""


def _which(subject, wrong, case):
    """Say which rows or columns are wrong, if not all are."""
    letters = letters_of(case)
    for axis in range(wrong.ndim):
        bad = wrong.any(axis=tuple(other for other in range(wrong.ndim) if other != axis))
        if bad.all() or wrong.shape[axis] == 1:
            continue
        word = AXES.get(letters.get(wrong.shape[axis], ""), "")
        word = word or ("entry" if wrong.ndim == 1 else ("row", "column")[axis % 2])
        numbers = np.flatnonzero(bad).tolist()
        count = len(bad)
        if len(numbers) > 1 and numbers == list(range(numbers[0], count)):
            return f"{subject} is right up to {word} {numbers[0] - 1} and wrong from {word} {numbers[0]} on."
        if len(numbers) > 1 and numbers == list(range(numbers[-1] + 1)):
            return f"{subject} is wrong up to {word} {numbers[-1]} and right from {word} {numbers[-1] + 1} on."
        plural = "s" if len(numbers) > 1 else ""
        word = "entrie" if plural and word == "entry" else word
        if len(numbers) > 12:
            return f"{subject} is wrong in {len(numbers)} of {count} {word}s."
        return f"{subject} is right except for {word}{plural} {', '.join(map(str, numbers))}."
    return ""
