"""Edits of an index or a slice."""

import ast

from course.checker.edits import filled


def of_index(node, words):
    index, value = node.slice, node.value
    parts = index.elts if isinstance(index, ast.Tuple) else [index]

    def indexed(parts):
        return ast.Subscript(value, parts[0] if len(parts) == 1 else ast.Tuple(parts, ast.Load()), node.ctx)

    for number, part in enumerate(parts):
        for new in _moved(part):
            yield 0, "index", indexed(parts[:number] + [new] + parts[number + 1 :]), ""
        for new in words.parts if not isinstance(part, ast.Slice) else ():
            if not isinstance(new, ast.Name):
                yield 2, "index", indexed(parts[:number] + [new] + parts[number + 1 :]), ""
    if len(parts) == 1:
        yield 1, "index", indexed([ast.Slice(), index]), ""
    if len(parts) == 2:
        yield 0, "index", indexed(parts[::-1]), ""
        for number in (0, 1):
            if isinstance(parts[number], ast.Slice) and not isinstance(parts[1 - number], ast.Slice):
                rows = filled("np.arange(len(A))", A=parts[1 - number])
                yield 0, "index", indexed(parts[:number] + [rows] + parts[number + 1 :]), ""
                yield 0, "index", indexed([parts[1 - number]]), ""
    if isinstance(node.ctx, ast.Load):
        yield 1, "index", value, ""


def _moved(part):
    """Yield an index or a slice, one further and one back."""
    if not isinstance(part, ast.Slice):
        for text in ("A + 1", "A - 1"):
            yield filled(text, A=part)
        return
    low, high, step = part.lower, part.upper, part.step
    for text in ("A + 1", "A - 1"):
        if low is not None:
            yield ast.Slice(filled(text, A=low), high, step)
        if high is not None:
            yield ast.Slice(low, filled(text, A=high), step)
        if low is not None and high is not None:
            yield ast.Slice(filled(text, A=low), filled(text, A=high), step)
    if step is None:
        yield from (ast.Slice(*ends, None) for ends in ((None, high), (low, None), (None, None)) if ends != (low, high))
        one, last = ast.Constant(1), ast.UnaryOp(ast.USub(), ast.Constant(1))
        yield from (ast.Slice(one, None, None), ast.Slice(None, last, None))
    else:
        yield ast.Slice(low, high, None)
