"""Right functions of which one line is wrong, by a known mistake, for those who practice to find it."""

import ast
import dataclasses
import inspect
import random
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
        """Try the function, or what it is with a text in place of a line.

        The text takes the indentation of that line, unless it has its own.
        Return (True if it is right, what check says if it knows no mistakes: what a run shows).
        """
        lines, exercise = [*self.lines], dataclasses.replace(exercise, mistakes=[])
        if instead is not None:
            instead, old = instead.strip("\n"), lines[number - 1]
            indent = "" if instead[:1].isspace() else old[: len(old) - len(old.lstrip())]
            lines[number - 1] = textwrap.indent(instead, indent)
        try:
            function = self.mistake.made_from("\n".join(lines))
        except SyntaxError as error:
            return False, f"This is not valid Python: {error.msg}."
        except Exception as error:  # the line of the def defines something else
            return False, f"There is no function {exercise.name} then. Python says {describe_error(error)}."
        found = judge(exercise, run(exercise, function), Bank({exercise.name: exercise}))
        return found.verdict == CORRECT, found.message


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
