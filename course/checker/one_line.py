"""Right functions of which one line is wrong, by a known mistake, for those who practice to find it."""

import ast
import dataclasses
import inspect
import random
import re
import textwrap
from collections import Counter

from course.checker.errors import describe_error
from course.checker.judge import judge
from course.checker.trial import Bank, run
from course.checker.words import CORRECT


@dataclasses.dataclass(frozen=True)
class OneLine:
    """A known mistake that puts one line in place of one line of a right function.

    number        of that line; the def is line 1
    lines, right  the lines of the wrong function, and that line of the right one: without the comments behind the code,
                  because the changed line has lost its own
    """

    mistake: object
    number: int
    lines: tuple
    right: str

    def tried(self, exercise, number=1, instead=None):
        """Try the function, or what it is with a text in place of a line, however that is indented.

        Return (True if it is right, what check says if it knows no mistakes: what a run shows).
        """
        exercise = dataclasses.replace(exercise, mistakes=[])
        texts = [self.lines[number - 1]] if instead is None else _as_meant(instead, self.lines, number)
        first = None
        for text in texts:
            is_right, says, ends = self._judged(exercise, [*self.lines[: number - 1], text, *self.lines[number:]])
            first = first or (is_right, says)
            if is_right or not ends:
                return is_right, says
        return first

    def _judged(self, exercise, code):
        """Return (True if code is right, what check says, False if it had to be stopped)."""
        source = "\n".join(code)
        try:
            function = self.mistake.made_from(source)
        except SyntaxError as error:
            return False, f"This is not valid Python: {error.msg}. The lines above and below stay as they are.", True
        except Exception as error:  # the line of the def defines something else
            return False, f"There is no function {exercise.name} then. Python says {describe_error(error)}.", True
        trial = run(exercise, function, source)
        trial.idle = False  # a function that does nothing is wrong here, not a stub
        verdict = judge(exercise, trial, Bank({exercise.name: exercise}))
        return verdict.verdict == CORRECT, verdict.message, not trial.stopped


def _as_meant(text, lines, number):
    """Return a text as it may be meant, the likeliest first: with its own indentation, that of its line, or another.

    It may be pasted with the number of the line, and its later lines may stand as they do on the page.
    """
    text = re.sub(rf"^ *{number}  ", "", text.strip("\n").expandtabs(4))
    first, _, more = textwrap.dedent(text).partition("\n")
    forms = [text] * text[:1].isspace()
    for line in (lines[number - 1], *lines):
        indent = line[: len(line) - len(line.lstrip())]
        forms += [textwrap.indent(f"{first}\n{more}", indent).rstrip(), f"{indent}{first}\n{more}".rstrip()]
    valid = [form for form in dict.fromkeys(forms) if _is_python([*lines[: number - 1], form, *lines[number:]])]
    if text[:1].isspace() and text in valid:
        return [text]  # it was indented on purpose
    return valid or forms[:1]


def _is_python(lines):
    try:
        return bool(ast.parse("\n".join(lines)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False


def one_lines(exercise):
    """Return the list of OneLines of an exercise, in an order that is always the same and alternates the lines.

    A function whose body is a single line has none, because there is nothing to choose from.
    """
    found, turns = [], Counter()
    for mistake in exercise.mistakes:
        source = inspect.getsource(mistake.right)
        wrong, right = _lines(mistake.source), _lines(source)
        numbers = [number for number, pair in enumerate(zip(wrong, right), 1) if pair[0] != pair[1]]
        if len(wrong) == len(right) and len(numbers) == 1 and _has_a_choice(source):
            found.append(OneLine(mistake, numbers[0], tuple(wrong), right[numbers[0] - 1]))

    def turn(one):
        turns[one.number] += 1
        return turns[one.number]

    return sorted(random.Random(exercise.name).sample(found, len(found)), key=turn)


def _lines(source):
    return [line.partition("  # ")[0] for line in source.rstrip().split("\n")]


def _has_a_choice(source):
    (node,) = ast.parse(source).body
    body = node.body[ast.get_docstring(node) is not None :]
    return body[0].lineno < body[-1].end_lineno
