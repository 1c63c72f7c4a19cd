"""Exercises of the kind repair: a broken function, and what is known of it, to be mended."""

import dataclasses
import dis
import functools
import inspect
import types
from dataclasses import dataclass

from course.checker.engine import engine_as_imported
from course.checker.exercise import REPAIR, Exercise, Mistake
from course.checker.source import runnable_source


@dataclass(frozen=True, kw_only=True)
class Repair(Exercise):
    """A broken function to mend. It is judged like the function of another exercise, to be written.

    original  that exercise: its cases and known mistakes are used here too. The name of this one is mend_ and its name
    broken    the known Mistake that the broken function has
    nudge     told to who has changed the code, but not what it does
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
        """The source of the broken function, with the imports that it needs, to be pasted into a page."""
        return self._shown(self.broken.source)

    @property
    def solution(self):
        """The source of the mended function, with the imports that it needs."""
        return self._shown(inspect.getsource(self.broken.right))

    def report(self):
        """Return what is known of the broken function, as text: it is run for this."""
        with engine_as_imported():
            return self.look(self.broken.function)

    def is_as_given(self, function):
        """True if the code is that of the broken function: comments, blank lines and names inside do not count."""
        return type(function) is types.FunctionType and self.is_code_as_given(function.__code__)

    def is_code_as_given(self, code):
        """is_as_given for the code object of a function."""
        return _steps(code) in _steps_given(self.name, self.given)

    def _shown(self, source):
        right = self.broken.right
        return runnable_source(right, source).replace(f"def {right.__name__}(", f"def {self.name}(")


def mend(original, broken, **fields):
    """Return the Repair of the function that has a known mistake of an exercise. broken: the id of the mistake."""
    (mistake,) = [mistake for mistake in original.mistakes if mistake.id == broken]
    shared = {field.name: getattr(original, field.name) for field in dataclasses.fields(Exercise)}
    return Repair(**shared | fields, original=original, broken=mistake)


@functools.cache
def _steps_given(name, source):
    """Return the steps of the given code, compiled with its imports and without: Python 3.11 makes other steps then."""
    found = []
    for text in (source, source[source.index("def ") :]):
        scope = {}
        exec(compile(text, "<given>", "exec"), scope)
        found.append(_steps(scope[name].__code__))
    return found


def _steps(code):
    """Return what code does, step by step, without its docstring, the numbers of its lines and the names inside."""

    def used(step):
        if isinstance(step.argval, types.CodeType):
            return _steps(step.argval)
        return step.arg if "FAST" in step.opname else repr(step.argval)

    return [(step.opname, used(step)) for step in dis.get_instructions(code)]
