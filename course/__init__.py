"""What the pages call. Each call is loaded on first use, so that importing a part of the course loads no more than it.

    from course import check, hint, solution, finished, report, progress, own_functions, counting, one_page

course/calls.py says what each of them does. ready() is what the setup cell of a page ends with.
"""

import os

from course.base.place import NOTEBOOKS, ROOT

# The first number is the edition: it changes when pages and modules of before no longer fit those of today.
__version__ = "3.0.0"
__all__ = [
    "check",
    "counting",
    "finished",
    "hint",
    "one_page",
    "own_functions",
    "progress",
    "report",
    "solution",
]


def ready(edition):
    """Go to the folder of the pages, and say that all is ready. ImportError if the page is of another edition.

    edition  the one that the page was written for: a whole number
    """
    ours = int(__version__.split(".")[0])
    if edition != ours:
        raise ImportError(
            f"This page is of edition {edition} of the course, and the course in {ROOT} is of edition {ours}: "
            f"open the page of that folder, or get the newest course (README.md, A newer version)."
        )
    os.chdir(NOTEBOOKS)
    print("The course is ready.")


def __getattr__(name):
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from course import calls

    return getattr(calls, name)


def __dir__():
    return sorted([*globals(), *__all__])
