"""The exercises of all topics, in the order of the pages. contents.py says which page each is on."""

import importlib

from course.checker.exercise import WRITE
from course.checker.trial import Bank
from course.lessons import added
from course.lessons.contents import PAGES, PRACTICE, YOUR_NETWORK
from rnn_helpers import output_probs, smooth_loss


def collect(pages, modules):
    """Return {name: exercise} in the order of the pages. modules: {topic: its module}, where it is NAME, in capitals.

    ValueError if an exercise is on two pages, or not in its topic; or if known mistakes belong to none.
    """
    found = {}
    for page in pages:
        for topic, name in page.listed:
            if name in found:
                raise ValueError(f"contents.py lists {name} twice, the second time on {page.stem}: keep one.")
            if not hasattr(modules[topic], name.upper()):
                raise ValueError(f"{page.stem} lists {name}, but course/lessons/{topic}.py has no {name.upper()}.")
            found[name] = getattr(modules[topic], name.upper())
    for module in modules.values():
        module.known.check_that_all_are_used()
    return found


_MODULES = {topic: importlib.import_module(f"course.lessons.{topic}") for page in PAGES for topic, _ in page.listed}
EXERCISES = collect(PAGES, _MODULES)
_PAGE_OF = {name: page for page in PAGES for name in page.exercises}
_TOPIC_OF = {name: topic for page in PAGES for topic, name in page.listed}

BANK = Bank(EXERCISES)
WRITTEN = {name: exercise for name, exercise in EXERCISES.items() if exercise.kind == WRITE}
# Functions of the network: the right ones are kept in the folder my_rnn.
OWN = {name: exercise for name, exercise in WRITTEN.items() if _TOPIC_OF[name] not in PRACTICE}
# Of the network, too, but a page shows them and does not ask for them.
SHOWN = {"output_probs": output_probs, "smooth_loss": smooth_loss}


def of_the_network(pages, own):
    """Return the names of the functions of the first book, in the order of the pages: those of extras are no part."""
    first = [page for page in pages if page.book == YOUR_NETWORK]
    return tuple(name for page in first for name in page.exercises if name in own and name not in page.in_its_extra)


# What the network at the end of the first book is made of.
NETWORK = of_the_network(PAGES, OWN)

# A teacher's own come last, and belong neither to the network nor to its pages.
for _page, _exercises in added.load(EXERCISES):
    for _one in _exercises:
        EXERCISES[_one.name] = WRITTEN[_one.name] = _one
        _PAGE_OF[_one.name], _TOPIC_OF[_one.name] = _page, _page.stem


def page_of(name):
    """Return the Page on which an exercise stands."""
    return _PAGE_OF[name]


def pages_with_exercises():
    """Return the Pages that ask for something, in order: those of the course, and then a teacher's own."""
    return list({page.stem: page for page in map(page_of, EXERCISES)}.values())


def is_extra(name):
    """True if an exercise belongs to the extra of its page, which nothing later needs."""
    return name in page_of(name).in_its_extra


def place_of(name):
    """Return where an exercise is, as lists of exercises say it: "page 03", or "page 03, an extra"."""
    return page_of(name).label + ", an extra" * is_extra(name)


def topic_of(name):
    """Return the topic of an exercise: the stem of its module."""
    return _TOPIC_OF[name]


def is_practice(name):
    """True if an exercise belongs to a warm-up, and not to the network."""
    return _TOPIC_OF[name] in PRACTICE
