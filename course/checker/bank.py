"""What the right and the wrong functions of the exercises give. The lessons make it and hand it to the checker."""

import functools

from course.checker.course import COURSE
from course.checker.trial import Outcomes, outcome_of


class Bank:
    """The exercises of a course, {name: exercise}, and what their functions do: found out once, when it is needed.

    expected(name)  list of Outcomes, what the right function of an exercise does in each case
    broken(name)    the same for the function that is to be mended
    mistakes(name)  list of (Mistake, what its function does in each case)
    """

    def __init__(self, exercises):
        self.exercises = exercises
        self.expected = functools.cache(lambda name: self._outcomes(name, exercises[name].function))
        self.broken = functools.cache(lambda name: self._outcomes(name, exercises[name].broken.function))
        self.mistakes = functools.cache(
            lambda name: [(mistake, Outcomes(exercises[name], mistake)) for mistake in exercises[name].mistakes]
        )

    def _outcomes(self, name, function):
        exercise = self.exercises[name]
        with COURSE.as_imported():
            return [outcome_of(exercise, function, case) for case in exercise.cases()]
