"""The finished functions of the course as they were imported, whatever a page has written over them since."""

import contextlib
import importlib

# Where they stand: what trains, and what the later lessons add to it.
NAMES = ("rnn_helpers", *[f"course.models.{name}" for name in ("counting", "gates", "judging", "no_loop")])
MODULES = {name: importlib.import_module(name) for name in NAMES}
_IMPORTED = {name: dict(vars(module)) for name, module in MODULES.items()}


def home_of(name):
    """Return the module that has a finished function of this name, or None."""
    for module in MODULES.values():
        function = vars(module).get(name)
        if getattr(function, "__module__", "") == module.__name__ and hasattr(function, "__code__"):
            return module
    return None


def finished_function(name):
    """Return the finished function of a name, or None if there is none."""
    home = home_of(name)
    return home and vars(home)[name]


@contextlib.contextmanager
def engine_as_imported():
    """Put the finished functions back for a while: what is right must not depend on a page."""
    now = {name: dict(vars(module)) for name, module in MODULES.items()}
    _put(_IMPORTED)
    try:
        yield
    finally:
        _put(now)


def _put(values):
    for name, module in MODULES.items():
        vars(module).update(values[name])
