"""What the numbers of all cases tell together: lost digits, a size or a logarithm too much, another formula."""

import numpy as np

from course.checker.outcomes import close


def say_at_sight(cases, outcomes, expected):
    """Say in which simple way a result is wrong in all cases, if its numbers alone tell it for sure, or ""."""
    names = [name for name, array in expected[0].parts.items() if array.dtype.kind == "f"]
    found = [say_cut_off(name, outcomes, expected) for name in names]
    if len(names) == 1 and all("" in outcome.parts for outcome in outcomes):
        mine, right = [[np.ravel(outcome.parts[""]) for outcome in several] for several in (outcomes, expected)]
        if all(len(array) == 1 for array in mine + right):
            together = sizes_and_logarithms(cases, *(np.concatenate(arrays) for arrays in (mine, right)))
            found.append(together and f"The result is {together}, each time.")
    found.append(_say_count(cases, outcomes))
    return next(filter(None, found), "")


def _say_count(cases, outcomes):
    """Say which formula of H and V, the arguments, gives the numbers in all cases, or ""."""
    counts = [outcome.parts.get("", np.zeros(2)) for outcome in outcomes]
    sizes = [case.args for case in cases if all(type(size) is int for size in case.args) and len(case.args) == 2]
    if len(sizes) < len(cases) or any(count.ndim for count in counts):
        return ""
    H, V = np.array(sizes, float).T
    terms = {"H * V": H * V, "H * H": H * H, "V * V": V * V, "H": H, "V": V, "1": H**0}
    table, counts = np.column_stack(list(terms.values())), np.array(counts, float)
    if len(cases) <= len(terms) or not np.isfinite(counts).all() or not counts.any():
        return ""
    factors = np.round(np.linalg.lstsq(table / counts.max(), counts / counts.max(), rcond=None)[0]).astype(int)
    if not np.array_equal(table @ factors, counts) or not factors.any() or np.abs(factors).max() > 9:
        return ""
    words = {"1": str(abs(factors[-1]))}
    text = ""
    for term, factor in zip(terms, factors):
        word = words.get(term) or (f"{abs(factor)} * " if abs(factor) > 1 else "") + term
        text += f" {'-' if factor < 0 else '+'} {word}" if factor else ""
    text = text.removeprefix(" + ").lstrip()
    return f"Your number is {text}, whatever H and V are. Hold it against the shapes of the five arrays, one by one."


def say_cut_off(name, outcomes, expected):
    """Say that the numbers are right but for digits that are lost, in all cases, or ""."""
    pairs = [(got.parts.get(name), want.parts.get(name)) for got, want in zip(outcomes, expected)]
    pairs = [pair for pair in pairs if pair[0] is not None and pair[1] is not None and pair[0].shape == pair[1].shape]
    if len(pairs) < len(outcomes):
        return ""
    mine, right = [np.concatenate([np.ravel(pair[k]).astype(float) for pair in pairs]) for k in (0, 1)]
    if not (np.isfinite(mine).all() and np.isfinite(right).all()) or close(mine, right).all():
        return ""
    subject = name or "The result"
    if (mine == np.trunc(right)).all() and mine.any():
        return f"{subject} is cut off to whole numbers: what stands after the decimal point is lost."
    for digits in range(7):
        if mine.any() and np.allclose(mine, np.round(right, digits), rtol=1e-12, atol=1e-12):
            places = f"{digits} places after the decimal point" if digits else "whole numbers"
            return f"{subject} is rounded to {places}: return every digit."
    return ""


def sizes_and_logarithms(cases, mine, right):
    """Return by which sizes and logarithms numbers are off together, in all cases, or "".

    A mean instead of a sum, in bits instead of nats, is off by 1/T and by 1 / ln 2.
    """
    if len(cases) < 2 or not right.all() or not mine.all():
        return ""
    signs = {"": 1.0, "of the wrong sign": -1.0}
    units = {"": 1.0, "divided by ln 2, as for bits": 1 / np.log(2), "multiplied by ln 2": np.log(2)}
    sizes = {"": np.ones(len(cases))}
    if all("T" in case.sizes for case in cases):
        T = np.array([case.sizes["T"] for case in cases], float)
        sizes |= {"divided by T": 1 / T, "multiplied by T": T}
        if all("V" in case.sizes for case in cases):
            V = np.array([case.sizes["V"] for case in cases], float)
            sizes |= {"divided by T and by V": 1 / (T * V)}
    for size, one in sizes.items():
        for unit, other in units.items():
            for sign, third in signs.items():
                words = [word for word in (size, unit, sign) if word]
                if len(words) > (sign != "") and np.allclose(mine, right * one * other * third, rtol=1e-6):
                    return " and ".join(words)
    return ""
