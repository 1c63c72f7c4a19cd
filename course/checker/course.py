"""What the checker knows about the course. This is the checker of this course, and here it says where it is.

The modules with the finished functions, what they return, and what the letters of their shapes stand for.
"""

import contextlib
import os

import rnn_helpers
from course.engine import GradientCheck, gradients, model, optimizers
from course.models import counting, delta, gates, judging, no_loop

# Those with finished functions, in the order in which they are searched: what trains, and what later lessons add to it.
MODULES = {
    module.__name__: module
    for module in (rnn_helpers, optimizers, model, gradients, counting, gates, judging, no_loop, delta)
}
_AS_IMPORTED = {name: dict(vars(module)) for name, module in MODULES.items()}

# Prefixes of the course's own files.
FILES = (
    os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), ""),  # with a slash at the end
    *[module.__file__ for module in MODULES.values()],
)

# The names of all parameters.
PARAMETER_NAMES = rnn_helpers.Parameters._fields

softmax_of_course = rnn_helpers.softmax  # put into an answer to see whether it is what is missing

# What one place along an axis of a size is called, by the letter of the size.
AXES = {
    "T": "time step",
    "T+1": "row",
    "V": "character id",
    "H": "hidden unit",
    "B": "stream",
    "length": "position",
}

# What to say about a value of a type where True or False belongs.
OF_A_TYPE = {GradientCheck: "Its `.ok` tells."}


def home_of(name):
    """Return the module with a finished function of this name, or None."""
    for module in MODULES.values():
        function = vars(module).get(name)
        if getattr(function, "__module__", "") == module.__name__ and hasattr(function, "__code__"):
            return module
    return None


def finished_function(name):
    """Return the finished function of a name, or None if there is none."""
    home = home_of(name)
    return home and vars(home)[name]


def shown_on(page):
    """Return the modules that a page shows, {name: value}: rnn_helpers, and those of which it has imported a part."""
    first, *others = MODULES.values()
    homes = [getattr(value, "__module__", "") for value in page.values()]
    held = {id(value) for value in page.values()}  # not compared: a page may hold arrays
    return [first, *(module for module in others if module.__name__ in homes or id(module) in held)]


@contextlib.contextmanager
def as_imported():
    """Put the finished functions back for a while, because what is right must not depend on a page."""
    now = {name: dict(vars(module)) for name, module in MODULES.items()}
    _put(_AS_IMPORTED)
    try:
        yield
    finally:
        _put(now)


def _put(values):
    for name, module in MODULES.items():
        vars(module).update(values[name])
