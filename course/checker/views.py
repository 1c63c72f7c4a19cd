"""Ways to compare what two functions did, from all that is seen of it down to one part of it."""

from typing import NamedTuple

from course.checker.trial import alike, group_of, same, same_group


class View(NamedTuple):
    """A way to compare two outcomes.

    agree   (outcome, other) -> do they agree? None: nothing is seen of them there
    within  what is looked at, for a message, or "";  least: in how many cases the answer must be wrong there
    """

    name: str
    agree: object
    within: str = ""
    least: int = 1

    def shows_wrong(self, pairs):
        """True if an answer is wrong in this view. pairs: (its outcome, the right one) for each case"""
        seen = [self.agree(*pair) for pair in pairs if self.least == 1 or not pair[0].error]
        return seen.count(False) >= self.least

    def order(self, mistakes, expected):
        """Return known mistakes as they are tried: of a part, first those that spoil the fewest parts besides."""
        if self.name != "part":
            return mistakes
        names = dict.fromkeys(map(group_of, expected[0].parts))
        return sorted(mistakes, key=lambda one: sum(not same_group(one[1][0], expected[0], name) for name in names))


def views(exercise, pairs):
    """Return the Views in which an answer is wrong, from all that its results have to the first part that is wrong.

    pairs: (the learner's outcome, the right one) for each case
    """
    found = [View("whole", alike)]
    if exercise.result == "pairs":
        first = _part_alike(lambda name: name.endswith("sequence 0"), None)
        found.append(View("first pair", first, "the first sequence", least=2))
    parts = [
        View("part", _part_alike(lambda name, group=group: group_of(name) == group), group) for group in exercise.groups
    ]
    found, parts = [[view for view in some if view.shows_wrong(pairs)] for some in (found, parts)]
    return found + parts[:1]  # the other parts may be made from this one


def predicts(agree, wrong, outcomes):
    """True if the outcomes of a learner are those of a changed function: never against it, and in at least half of the
    cases for it, of which the first is one. agree: of a View"""
    if not agree(outcomes[0], wrong[0]):
        return False
    seen = [agree(got, other) for got, other in zip(outcomes, wrong)]
    return False not in seen and 2 * seen.count(None) <= len(seen)


def _part_alike(belongs, of_none=False):
    """Return how to compare the parts of results whose names belong together. of_none: if one has no such part"""

    def agree(got, other):
        if got.error or got.problem:
            return False
        mine, theirs = [{name: part for name, part in one.parts.items() if belongs(name)} for one in (got, other)]
        if not (mine and theirs):
            return of_none
        if not (mine.keys() == theirs.keys() and all(same(mine[name], theirs[name]) for name in mine)):
            return False
        return True if got.changed == other.changed else None  # of a change in place the part shows nothing

    return agree
