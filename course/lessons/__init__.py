"""The lessons: right answers, inputs to try, known mistakes and hints, by topic, and the page that each is on.

    contents.py        the list of the pages, their topics and exercises
    softmax.py ...     a topic: functions, cases, hints;  softmax.mistakes: its known mistakes, as text
    cases.py           inputs for the cases of several topics
    added.py           exercises of a teacher's own, from the folder exercises
    bank.py            all of it together, and the bank for the checker

The names in bank.py can be imported from here. They are loaded on first use, so that a part of this folder
can be imported alone.
"""

__all__ = [
    "BANK",
    "EXERCISES",
    "NETWORK",
    "OWN",
    "SHOWN",
    "WRITTEN",
    "is_extra",
    "is_practice",
    "page_of",
    "pages_with_exercises",
    "place_of",
    "topic_of",
]


def __getattr__(name):
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from course.lessons import bank

    return getattr(bank, name)


def __dir__():
    return sorted([*globals(), *__all__])
