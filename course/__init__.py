"""What the pages call. Each call is loaded on first use, so that importing a part of the course loads no more than it.

    from course import check, hint, solution, finished, report, progress, own_functions

course/calls.py says what each of them does.
"""

__all__ = ["check", "finished", "hint", "own_functions", "progress", "report", "solution"]


def __getattr__(name):
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from course import calls

    return getattr(calls, name)


def __dir__():
    return sorted([*globals(), *__all__])
