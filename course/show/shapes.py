"""The pictures of arrays: which entries are picked, and which shapes fit (the warm-up and page 01)."""

import numpy as np

from course.show.drawing import Sheet


def picked(table, choices):
    """What do lists in the brackets pick? The table once for each choice, and below it the array that comes out.

    table    two axes, and numbers that are all different; choices: {what stands in the brackets: the index itself}
    """
    pitch, tall = 0.42, 0.34
    results = {name: table[index] for name, index in choices.items()}
    below = 0.45 + tall * max(len(np.atleast_2d(found)) for found in results.values())
    sheet = Sheet("Two lists make pairs, but one picks rows or columns", below + 0.82 + tall * len(table))
    for place, (name, found) in enumerate(results.items()):
        left = 0.5 + 2.3 * place
        sheet.write(left - 0.2, below + 0.24 + tall * len(table), f"[{name}]", align="left", family="monospace")
        for (r, c), number in np.ndenumerate(table):
            ground, y = "weight" if number in found else "letter", below + 0.18 + tall * (len(table) - r - 1)
            sheet.cell(left + pitch * c, y, f"{number}", ground, pitch, tall)
        for (r, c), number in np.ndenumerate(np.atleast_2d(found)):
            sheet.cell(left + pitch * c, below - 0.35 - tall * r, f"{number}", "weight", pitch, tall)
        x = left + pitch * np.atleast_2d(found).shape[1] - 0.1
        sheet.write(x, below - 0.35, f"{found.shape}", "weight", "small", align="left")
        sheet.say(f"[{name}] gives {found.tolist()}, shape {found.shape}")
    return sheet


def lined_up(pairs):
    """Which shapes fit? Each pair lined up on the right, and the shape that comes out.

    One pair does not fit.
    """
    ((upper, lower),) = [pair for pair in pairs if not fits(*pair)]
    odd = next(k for k in range(2) if not fits((sizes_at(upper, k),), (sizes_at(lower, k),)))
    one, other = sizes_at(upper, odd), sizes_at(lower, odd)
    sheet = Sheet(f"A 1 fits any size, but {one} doesn't fit {other}", 2.0)
    for place, (upper, lower) in enumerate(pairs):
        right = 1.05 + 1.36 * place
        for y, shape in ((1.35, upper), (0.9, lower)):
            for k, size in enumerate(reversed(shape)):
                good = fits((sizes_at(upper, k),), (sizes_at(lower, k),))
                sheet.box(right - 0.42 * k, y, f"{size}", "weight" if good else "slope", 0.36, 0.36)
        good = fits(upper, lower)
        out = f"{np.broadcast_shapes(upper, lower)}" if good else "doesn't fit"
        sheet.write(right - 0.21, 0.35, out, "weight" if good else "slope")
        sheet.say(f"{upper} over {lower}: {out}")
    return sheet


def sizes_at(shape, place):
    """Return the size at a place counted from the right: 1 if the shape is shorter, for it is repeated there."""
    return shape[-1 - place] if place < len(shape) else 1


def fits(one, other):
    """Do two shapes fit?"""
    sizes = [(sizes_at(one, k), sizes_at(other, k)) for k in range(max(len(one), len(other)))]
    return all(a == b or 1 in (a, b) for a, b in sizes)


def kept_axis(table):
    """What does keepdims do? On the left each largest number meets its own row, on the right there is none for a place.

    table  two rows of three numbers
    """
    rows, columns = table.shape
    kept = table.max(axis=1, keepdims=True)
    lost = table.max(axis=1)
    sheet = Sheet("With keepdims, each row meets its own largest number", 2.75)
    pitch = 0.5
    for left, shape, name in ((0.65, kept.shape, "keepdims=True"), (4.45, lost.shape, "without it")):
        fits = len(shape) == 2
        sheet.write(left - 0.25, 2.25, name, "quiet", align="left", family="monospace" if fits else None)
        for r, c in np.ndindex(rows, columns):
            y, x = 1.85 - 0.36 * r, left + pitch * c
            sheet.cell(x, y, f"{table[r, c]}", "letter", pitch, 0.34)
        below = 0.98
        sheet.write(left + pitch * columns + 0.46, 2.25, "shape", "quiet", "small")
        for r in range(rows if fits else 1):
            for c in range(columns):
                x, y = left + pitch * c, below - 0.36 * r
                if fits:
                    look = "weight" if c == 0 else "page"
                    sheet.cell(x, y, f"{kept[r, 0]}", look, pitch, 0.34, "ink" if c == 0 else "weight")
                elif c < len(lost):
                    sheet.cell(x, y, f"{lost[c]}", "weight", pitch, 0.34)
                else:
                    sheet.cell(x, y, "?", "slope", pitch, 0.34)
        sheet.write(left - 0.4, 0.98 - (0.18 if fits else 0), "−", weight="bold")
        for y, sizes in ((1.67, table.shape), (0.8 if fits else 0.98, shape)):  # lined up on the right
            for place, size in enumerate(reversed(sizes)):
                x = left + pitch * columns + 0.62 - 0.32 * place
                sheet.box(x, y, f"{size}", "page" if place else "weight" if fits else "slope", 0.28, 0.34)
        verdict = f"the 1 meets the {columns}: repeated" if fits else f"the {rows} meets the {columns}: an error"
        sheet.write(left - 0.25, 0.24, verdict, "weight" if fits else "slope", align="left")
        sheet.say(f"{name}: {table.shape} over {shape}, {verdict}")
    sheet.say(f"the largest of each row: {', '.join(map(str, lost))}")
    return sheet
