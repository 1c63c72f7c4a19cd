"""What the checker must know about the course that it works for. course/lessons/hand_over.py hands it over.

The checker itself imports no part of the course. It learns here which modules hold the finished functions, what they
return, and what the letters of their shapes stand for.
"""

import contextlib
import os

_FOLDER = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "")  # with a slash at the end


class Course:
    """One course. It is filled once, before the first answer is judged.

    modules    {name: module} of those with finished functions, in the order in which they are searched
    results    the named tuples that functions return; the first is the parameters' own, and gives .parameter_names
    softmax    softmax of the rows of a table: it is put into an answer to see whether it is what is missing
    axes       {letter: what one place along an axis of that size is called}
    of_a_type  {type: what to say about such a value where True or False belongs}
    """

    def __init__(self):
        self.modules, self.results, self.axes, self.of_a_type = {}, (), {}, {}
        self.softmax, self.parameter_names = None, ()
        self.files = (_FOLDER,)  # prefixes of the course's own files
        self._as_imported = {}

    def fill(self, *, modules, results, softmax, axes, of_a_type):
        """Store what the course is. The modules must be as they were when they were imported."""
        self.modules, self.results, self.softmax = modules, results, softmax
        self.axes, self.of_a_type, self.parameter_names = axes, of_a_type, results[0]._fields
        self.files = (_FOLDER, *[module.__file__ for module in modules.values()])
        self._as_imported = {name: dict(vars(module)) for name, module in modules.items()}

    def home_of(self, name):
        """Return the module with a finished function of this name, or None."""
        for module in self.modules.values():
            function = vars(module).get(name)
            if getattr(function, "__module__", "") == module.__name__ and hasattr(function, "__code__"):
                return module
        return None

    def finished_function(self, name):
        """Return the finished function of a name, or None if there is none."""
        home = self.home_of(name)
        return home and vars(home)[name]

    def shown_on(self, page):
        """Return the modules that a page shows, {name: value}: the first, and those of which it has imported a part."""
        first, *others = self.modules.values()
        homes = [getattr(value, "__module__", "") for value in page.values()]
        held = {id(value) for value in page.values()}  # not compared: a page may hold arrays
        return [first, *(module for module in others if module.__name__ in homes or id(module) in held)]

    @contextlib.contextmanager
    def as_imported(self):
        """Put the finished functions back for a while, because what is right must not depend on a page."""
        now = {name: dict(vars(module)) for name, module in self.modules.items()}
        self._put(self._as_imported)
        try:
            yield
        finally:
            self._put(now)

    def _put(self, values):
        for name, module in self.modules.items():
            vars(module).update(values[name])


COURSE = Course()
