"""Sizes and shapes in letters: what T, V, H and the others stand for in a case."""


def with_sizes(case):
    """Return the label of a case, and the sizes that it does not name itself."""
    sizes = ", ".join(f"{letter} = {size}" for letter, size in case.sizes.items() if f"{letter} = " not in case.label)
    return f"{case.label} ({sizes})" if sizes else case.label


def letters_of(case):
    """Return what each size stands for in this case, such as {5: "T", 6: "T+1"}.

    A size of 1 stays a number, and so does one that could be two letters.
    """
    sizes = dict(case.sizes)
    if "T" in sizes and "H" in sizes:  # only states have a row more than there are steps
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
