"""Runs edited functions of a learner on the cases of an exercise."""

from itertools import chain

import numpy as np

from course.checker import limit
from course.checker.course import COURSE
from course.checker.outcome import alike, close, group_of, outcome_of, same_parts
from course.checker.rebuild import Page
from course.checker.slips.depends import dependence, reach, with_fresh
from course.checker.slips.edits import COURSE_SOFTMAX, expression_edits, missing_edits
from course.checker.slips.lines import line_edits, missing_lines
from course.checker.slips.words import Words

UNREADABLE = (OSError, SyntaxError, TypeError, ValueError, AttributeError, RecursionError)


class Trials:
    """The page of a learner, whose functions are edited and called.

    function            the learner's;  outcomes, expected: of it and of the right one, one for each case
    same_source  False  if the source is not that of the function
    One of UNREADABLE is raised if there is no source.
    """

    def __init__(self, exercise, function, outcomes, expected):
        self.exercise, self.outcomes, self.expected = exercise, outcomes, expected
        self.page = Page(function)
        self.page.scope[COURSE_SOFTMAX] = _softmax_of_rows
        self.cases = exercise.cases()
        self.words = [(code, Words(code, exercise, self.cases[0].args)) for code in self.page.codes]
        self.calls, self.allowed = 0, limit.OWN_ROUNDS  # how many so far, and rounds for one of them
        self.same_source = all(alike(got, self._call(k)) for k, got in enumerate(outcomes))
        self.allowed = limit.ROUNDS[0] + limit.ROUNDS[1] * self.page.watch.rounds
        wrong = [k for k, got in enumerate(outcomes) if not self.is_right(got, k)]
        self.first = wrong[0] if wrong else 0
        self.order = wrong + [k for k in range(len(outcomes)) if k not in wrong]

    @property
    def counts_only(self):
        """True if whole numbers go in and one comes out: pairs of edits that make it right are then found by luck."""
        return all(isinstance(value, int) for case in self.cases for value in case.args)

    def is_over(self, share=1.0):
        """True if this share of all calls, or of all rounds, is used up."""
        return self.used() >= share

    def used(self):
        """Return the share that is used up."""
        return max(self.calls / limit.MOST_CALLS, self.page.watch.rounds / limit.MOST_ROUNDS)

    def edits(self, levels):
        """Yield (level, list of its Edits) for some levels, one after the other, of the code as it is now."""
        small, put_in = [[] for _ in self.words], [[] for _ in self.words]  # of each code
        if min(levels) < 3:
            small = [expression_edits(code, words) + line_edits(code) for code, words in self.words]
        for level in levels:
            if level > 1 and not any(put_in):
                put_in = [missing_edits(code, words) + missing_lines(code, words) for code, words in self.words]
            found = chain.from_iterable(one + other for one, other in zip(small, put_in))
            yield level, [edit for edit in found if edit.level == level]

    def try_first(self, edit):
        """Return the outcome of an edited function on the first case that is wrong, or None if it is no Python."""
        try:
            with self.page.edited(edit):
                return self._call(self.first)
        except UNREADABLE:
            return None

    def try_all(self, edit):
        """Return the outcomes of an edited function."""
        with self.page.edited(edit):
            return [self._call(k) for k in range(len(self.cases))]

    def mends(self, edit, first):
        """True if an edit makes every case right. first: what try_first has returned."""
        if not self.is_right(first, self.first):
            return False
        with self.page.edited(edit):
            return all(self.is_right(self._call(k), k) for k in self.order)

    def is_right(self, got, k):
        """True if an outcome is right to the last digits: by luck, an edit can come close."""
        want = self.expected[k]
        if got.error or got.problem or got.changed or not same_parts(got, want):
            return False
        return all(_same_digits(got.parts[name], right) for name, right in want.parts.items())

    def score(self, outcomes):
        """Return how much is right: the number of right results, and a share of the numbers."""
        scores = [self.score_of(got, k) for k, got in enumerate(outcomes)]
        return sum(results for results, _ in scores), sum(share for _, share in scores)

    def score_of(self, got, k):
        """Return how much is right in case k: the number of right results, and a share of the numbers."""
        want = self.expected[k]
        if got.error:
            return 0, 0.0
        if got.problem or got.changed:
            return 0, 0.1
        share, wrong, groups = 0.2, set(), {self._group(name) for name in want.parts}
        for name, right in want.parts.items():
            mine = got.parts.get(name)
            near = close(mine, right) if mine is not None and mine.shape == right.shape else np.zeros(1)
            share += near.mean() / len(want.parts) if near.size else 0
            if not near.all():
                wrong.add(self._group(name))
        same = got.parts.keys() == want.parts.keys()
        return len(groups - wrong) if same else 0, share

    def _group(self, name):
        return "" if self.exercise.result == "pairs" else group_of(name)

    def keeps_shapes(self, outcomes):
        """True if no result has a wrong shape that it did not have before."""
        return all(
            got.parts[name].shape in (want.parts[name].shape, getattr(before.parts.get(name), "shape", None))
            for got, before, want in zip(outcomes, self.outcomes, self.expected)
            for name in got.parts.keys() & want.parts.keys()
        )

    def uses(self):
        """Return what the results depend on, of the code as it is now: {(result, argument): ...}, {} if not known.

        What depends on one entry of an argument is told for each entry of the result.
        """
        self.page.watch.left = 50 * self.allowed
        return self._uses(self.page.function())

    def needed(self):
        """Return what the results of the right function depend on, in the same way."""
        with COURSE.as_imported():
            return self._uses(self.exercise.function)

    def _uses(self, function):
        case = self.cases[self.first]
        found = dependence(self.exercise, function, case, changes=True) or {}
        return found and {**found, **reach(self.exercise, function, case)}

    def _call(self, k):
        self.calls += 1
        case = with_fresh(self.cases[k])
        self.page.watch.left = self.allowed
        return outcome_of(self.exercise, self.page.function(), case)


def _same_digits(mine, right):
    if mine.dtype == np.float32 or not right.size:  # that it is close has been seen
        return True
    mine, right = np.asarray(mine, float), np.asarray(right, float)
    largest = np.abs(right[np.isfinite(right)]).max(initial=0)
    return bool(((np.abs(mine - right) <= 1e-9 * largest) | (mine == right) | (np.isnan(mine) & np.isnan(right))).all())


def _softmax_of_rows(scores):
    if np.size(scores) < 2:
        raise ValueError("softmax of one number")
    return COURSE.softmax(scores)
