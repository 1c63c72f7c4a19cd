"""The exercises, by lesson: right answers, inputs to try, known mistakes and hints.

The names below are loaded on first use: the process in which a class report tries answers loads no right answer.
"""

from course.lessons import hand_over  # noqa: F401  the checker is told of the course before any exercise is made

__all__ = ["BANK", "EXERCISES", "LESSONS", "OWN", "WARM_UP", "WRITTEN", "find", "unknown"]


def __getattr__(name):
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from course.lessons import bank

    return getattr(bank, name)
