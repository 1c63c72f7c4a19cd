"""Exercises of the kind repair: a broken function to mend, and what is known about it."""

import ast
import dataclasses
import dis
import functools
import inspect
import types
from dataclasses import dataclass

from course.checker.course import COURSE
from course.checker.exercise import REPAIR, Exercise, Finding
from course.checker.mistakes import Mistake
from course.checker.page import runnable_source
from course.checker.trial import alike
from course.checker.words import NOT_STARTED, NOT_YET


@dataclass(frozen=True, kw_only=True)
class Repair(Exercise):
    """A broken function to mend. It is judged like the function of another exercise, the original.

    original  that exercise: its cases and known mistakes are used here too. This one is called mend_ and its name
    broken    the known Mistake that the broken function has
    nudge     the message if the code was changed, but not what it does
    look      (function) -> text, what a run of the function shows: a gradient check, a loss curve
    """

    kind = REPAIR
    original: Exercise
    broken: Mistake
    nudge: str
    look: object

    @property
    def name(self):
        return f"mend_{self.original.name}"

    @property
    def given(self):
        """Return the source of the broken function, with the imports that it needs, ready to paste into a page."""
        return self._shown(self.broken.source)

    @property
    def solution(self):
        """Return the source of the mended function, with the imports that it needs."""
        return self._shown(inspect.getsource(self.broken.right))

    def report(self):
        """Run the broken function, and return what is known about it, as text."""
        with COURSE.as_imported():
            return self.look(self.broken.function)

    def examine(self, answer, bank, last_verdict=None):
        """Return the Finding on a learner's function. It is called here unless it is the one that was given."""
        bank.broken(self.name)  # computed before the learner's code runs
        if type(answer) is types.FunctionType and self._is_as_given(answer.__code__):
            return self._not_started()
        return super().examine(answer, bank, last_verdict)

    def examine_trial(self, trial, bank, function=None):
        """Return the Finding on a Trial. function: the learner's, or None if it ran in another process."""
        if not (trial.stopped or trial.refused) and all(map(alike, trial.outcomes, bank.broken(self.name))):
            mistake = f"{self.original.name}/{self.broken.id}"
            says = f"What you changed makes no difference: the results are those of the broken one. {self.nudge}"
            return Finding(NOT_YET, says, mistake, trial.printed(0))
        finding = super().examine_trial(trial, bank, function)
        if finding.verdict == NOT_STARTED:
            return self._not_started()
        return finding._replace(mistake=finding.mistake.replace(self.name, self.original.name, 1))

    def _is_as_given(self, code):
        return _steps(code) in _steps_given(self.name, self.given)

    def _not_started(self):
        name = self.name
        says = f'report("{name}") shows a broken function, and what is known of it. Copy it, mend it, and run the cell.'
        return Finding(NOT_STARTED, f'{says} {self.effort} For a nudge: hint("{name}").')

    def _shown(self, source):
        right = self.broken.right
        return runnable_source(right, source).replace(f"def {right.__name__}(", f"def {self.name}(")


def mend(original, broken, **fields):
    """Return the Repair of the function that has a known mistake of an exercise.

    broken  the id of the mistake, or a Mistake of the same id in another form of the function
    """
    if not isinstance(broken, Mistake):
        (broken,) = [mistake for mistake in original.mistakes if mistake.id == broken]
    shared = {field.name: getattr(original, field.name) for field in dataclasses.fields(Exercise)}
    return Repair(**shared | fields, original=original, broken=broken)


@functools.cache
def _steps_given(name, source):
    """Return the steps of the given code, compiled with and without its imports: Python 3.11 compiles them differently.

    A page may also name the module of what it calls, so that nothing replaces the learner's functions.
    """
    found, in_full = [], ast.unparse(_InFull().visit(ast.parse(source)))
    for text in (source, source[source.index("def ") :], in_full, in_full[in_full.index("def ") :]):
        scope = {}
        exec(compile(text, "<given>", "exec"), scope)
        found.append(_steps(scope[name].__code__))
    return found


class _InFull(ast.NodeTransformer):
    """Replaces names imported from rnn_helpers: chunks becomes rnn_helpers.chunks, and the module is imported."""

    def __init__(self):
        self.homes = {}

    def visit_ImportFrom(self, node):
        self.homes |= {alias.asname or alias.name: node.module for alias in node.names}
        return ast.Import([ast.alias(node.module)])

    def visit_Name(self, node):
        is_name = node.id in self.homes and isinstance(node.ctx, ast.Load)
        return ast.parse(f"{self.homes[node.id]}.{node.id}", mode="eval").body if is_name else node


def _steps(code):
    """Return what code does, step by step, without its docstring, its line numbers and the names inside."""

    def used(step):
        if isinstance(step.argval, types.CodeType):
            return _steps(step.argval)
        return step.arg if "FAST" in step.opname else repr(step.argval)

    return [(step.opname, used(step)) for step in dis.get_instructions(code)]
