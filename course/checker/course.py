"""What the checker is told of the course whose answers it judges: course/lessons/hand_over.py hands it over.

The checker itself imports no part of the course, so it is told here which modules hold the finished functions, what
these return, and what the letters of their shapes stand for.
"""

import contextlib
import os

from course.checker.limit import not_charged

_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "")  # with a slash at the end


class Course:
    """One course. It is filled once, before the first answer is judged.

    modules    {name: module} of those with finished functions, in the order in which a function is looked for
    results    the named tuples that functions return; the first is that of the parameters: .parameter_names
    softmax    softmax of the rows of a table: where it is missing in an answer, it is put in to see if that helps
    axes       {letter: what one place along an axis of that size is called}
    of_a_type  {type: what to say of such a value where True or False belongs}
    """

    def __init__(self):
        self.modules, self.results, self.axes, self.of_a_type = {}, (), {}, {}
        self.softmax, self.parameter_names = None, ()
        self.files = (_FOLDER,)  # how the names of the course's own files begin
        self._as_imported = {}

    def fill(self, *, modules, results, softmax, axes, of_a_type):
        """Take over what the course is. The modules must be as they are when they have just been imported."""
        self.modules, self.results, self.softmax = modules, results, softmax
        self.axes, self.of_a_type, self.parameter_names = axes, of_a_type, results[0]._fields
        self.files = (_FOLDER, *[module.__file__ for module in modules.values()])
        self._as_imported = {name: dict(vars(module)) for name, module in modules.items()}

    def short_names(self):
        """Return {name on a page: module}, such as "gates" for course.models.gates."""
        return {name.rpartition(".")[2]: module for name, module in self.modules.items()}

    def home_of(self, name):
        """Return the module that has a finished function of this name, or None."""
        for module in self.modules.values():
            function = vars(module).get(name)
            if getattr(function, "__module__", "") == module.__name__ and hasattr(function, "__code__"):
                return module
        return None

    def finished_function(self, name):
        """Return the finished function of a name, or None if there is none."""
        home = self.home_of(name)
        return home and vars(home)[name]

    @contextlib.contextmanager
    def as_imported(self):
        """Put the finished functions back for a while: what is right must not depend on a page.

        What is computed then is code of the course, and not charged to the learner.
        """
        now = {name: dict(vars(module)) for name, module in self.modules.items()}
        self._put(self._as_imported)
        try:
            with not_charged():
                yield
        finally:
            self._put(now)

    def _put(self, values):
        for name, module in self.modules.items():
            vars(module).update(values[name])


COURSE = Course()
