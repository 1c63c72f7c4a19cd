"""What the pages call. Each call is loaded on first use, so importing a part of the course loads only that part.
Every import of it sets NumPy to one thread (base/threads.py).

    from course import check, hint, solution, finished, report, progress, own_functions, counting, one_page, practice

course/calls.py says what each of them does, and has those for exercises. The setup cell of a page ends with ready().
In a terminal, python -m course check takes the place of the pages: course/__main__.py.
"""

import importlib
import os

from course.base import threads  # noqa: F401  before NumPy, wherever that is possible
from course.base.place import NOTEBOOKS

__version__ = "1.0.0"
_MODULES = {  # of each name that a page imports from here
    "check": "course.calls",
    "counting": "course.own.counts",
    "finished": "course.calls",
    "hint": "course.calls",
    "one_page": "course.own.one_page",
    "own_functions": "course.own.kept",
    "practice": "course.own.practice",
    "progress": "course.own.progress",
    "report": "course.calls",
    "solution": "course.calls",
}
__all__ = [*_MODULES]


def ready(*texts):
    """Go to the folder of the pages, fetch missing texts, and say that all is ready, or what is missing.

    Each thing that is missing is told with what to do about it. The last line repeats what to do first.
    In Colab the learner's functions go to Google Drive, or it says until when they are kept.

    texts  names of texts of data/corpora.json that are wanted in addition to those of the pages, such as "seed-sonnets"
    """
    from course.base.drive import keep_on_drive
    from course.base.ready import is_changed, turn_pictures_at_night, what_is_missing
    from course.base.short_errors import tell_in_a_sentence
    from course.base.texts import OF_THE_PAGES, fetch_texts

    os.chdir(NOTEBOOKS)
    said = [*keep_on_drive(), *is_changed()]
    missing = [*what_is_missing(), *fetch_texts((*OF_THE_PAGES, *texts))]
    for sentence in [*said, *missing]:
        print(sentence)
    turn_pictures_at_night()
    tell_in_a_sentence()
    print(f"The course is not ready yet: {missing[0].to_do}." if missing else "The course is ready.")


def __getattr__(name):
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from course.boxes import shows

    globals()[name] = call = shows(getattr(importlib.import_module(_MODULES[name]), name))
    return call


def __dir__():
    return sorted([*globals(), *__all__])
