"""What the check finds out about a wrong answer, as data. say/message.py makes words of it, once and at the end."""

import functools
from dataclasses import dataclass, field
from typing import NamedTuple

from course.checker.trial import alike, is_comparable, same_parts


class Sentence(NamedTuple):
    """One of the sentences of a message, with a name by which others know what it says: see say/message.py."""

    name: str
    text: str


@dataclass(frozen=True)
class Cause:
    """What explains wrong results: places in the learner's code, known Mistakes, or a text if there is neither.

    kind     what it is made of
    by       the name of that one of the CAUSES which found it
    places   Places in the code;  mistakes: known ones
    within   the part of the results in which a known mistake is seen, or ""
    id       of the known mistake, such as "softmax/no_exp", or ""
    remains  True if the mistake remains once the place is mended
    """

    kind: str
    text: str = ""
    places: tuple = ()
    mistakes: tuple = ()
    within: str = ""
    id: str = ""
    remains: bool = False
    by: str = ""


@dataclass
class Look:
    """A Trial beside what is right: all that a cause may look at, and all that a message is made of.

    function  the learner's, if its code may be searched;  spent: the rounds that it took to run it
    right     for each case, whether the result is;  index: of the first case that is wrong
    """

    exercise: object
    trial: object
    bank: object
    function: object = None
    cause: Cause | None = None
    right: list = field(init=False)

    def __post_init__(self):
        self.cases, self.outcomes = self.exercise.cases(), self.trial.outcomes
        self.expected = self.bank.expected(self.exercise.name)[: len(self.cases)]
        self.right = [
            not (got.error or got.problem or got.changed) and same_parts(got, want) for got, want in self.pairs
        ]
        self.steady = all(map(alike, self.outcomes, self.trial.again))
        self.index = self.right.index(False) if False in self.right else 0

    @property
    def pairs(self):
        return list(zip(self.outcomes, self.expected))

    @property
    def shown(self):
        """Return the case that says most, its outcome, and the right one."""
        return self.cases[self.index], self.outcomes[self.index], self.expected[self.index]

    @property
    def may_be_searched(self):
        """True if the code of the function may run again, with edits: it is there, and harmless, and it ends."""
        got = self.shown[1]
        if self.function is None or not self.steady or (got.nothing and got.printed.strip()):
            return False
        return not self.trial.needs_page and not any(one.endless for one in self.outcomes)

    @functools.cached_property
    def fits(self):
        """For each case: can its numbers be compared with the right ones?"""
        return [is_comparable(self.exercise, *pair) for pair in self.pairs]
