"""Sizes and shapes in letters: what T, V, H and the others stand for in a case."""


def with_sizes(case):
    """Return the label of a case, and the sizes that it does not name itself."""
    sizes = ", ".join(f"{letter} = {size}" for letter, size in case.sizes.items() if f"{letter} = " not in case.label)
    return f"{case.label} ({sizes})" if sizes else case.label


def letters_of(case):
    """Return what each size stands for in this case, such as {5: "T", 6: "T+1"}; a size of 1 stays a number."""
    letters = {size: letter for letter, size in case.sizes.items() if size > 1}
    if "T" in case.sizes:
        letters.setdefault(case.sizes["T"] + 1, "T+1")
    return letters


def shape_of(array, case, word="an array", whole=False):
    """Describe an array by its shape, in letters and in numbers."""
    if array.ndim == 0:
        return "one whole number" if whole else "one number"
    letters = letters_of(case)
    named = [letters.get(size, str(size)) for size in array.shape]
    comma = "," if array.ndim == 1 else ""
    numbers = "" if named == [str(size) for size in array.shape] else f" = {array.shape}"
    return f"{word} of shape ({', '.join(named)}{comma}){numbers}"
