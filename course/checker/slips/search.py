"""Finds the small edits that make the learner's own code right. Their places are where the mistakes are."""

import ast
import functools
import sys
from itertools import chain, zip_longest

import numpy as np

from course.checker import limit
from course.checker.course import FILES, as_imported, softmax_of_course
from course.checker.finding import Cause
from course.checker.slips.depends import dependence, with_fresh
from course.checker.slips.edits import COURSE_EXP, COURSE_SOFTMAX, Inserts, expression_edits, missing_edits
from course.checker.slips.lines import line_edits, missing_lines
from course.checker.slips.place import place_of
from course.checker.slips.rebuild import Rebuilt
from course.checker.trial import alike, close, group_of, outcome_of, same_parts

# Kinds of edits that cannot themselves make a known mistake complete.
_ONLY_REPLACES = ("sign", "transposed", "type", "size", "entries", "arguments", "loop end")
_MOST_PROOFS = 9  # edits that are tried with a second one
UNREADABLE = (OSError, SyntaxError, TypeError, ValueError, AttributeError, RecursionError)


def search_of(look):
    """Return the Search in the code of a learner's function, made once, or None if it cannot be edited."""
    if not hasattr(look, "search"):
        look.search = _search_of(look)
    return look.search


def _search_of(look):
    compared = sum(len(got.parts) for got in look.outcomes)
    spent = look.trial.spent + limit.A_PART * compared
    try:
        variants = Variants(look.exercise, look.function, look.outcomes, look.expected, spent)
    except Exception:  # no source, or a value that cannot be copied
        return None
    is_fit = variants.same_source and not variants.is_over()
    return Search(variants, look.bank.mistakes(look.exercise.name)) if is_fit else None


class Search:
    """The two steps of the search, to be asked in this order: slip, slip_and_known. Each gives a Cause or None.

    bank  list of (known mistake, its outcomes)
    """

    def __init__(self, variants, bank):
        self.variants, self.bank, self.main = variants, bank, variants.page.main
        self.halves = []  # (Edit, outcome of the first case) of all edits that change it
        self.used, self.proofs = None, 0

    @functools.cached_property
    def _place(self):
        fixes = self.fixes(others=self.halves)
        return place_of(fixes, self.main) if fixes else None

    def slip(self):
        """Look for small edits in one place that make all right."""
        return self._place and Cause("slip", places=(self._place,))

    def fixes(self, levels=range(3), others=None):
        """Return the Edits that make every case right, of the first level that has any."""
        variants, found = self.variants, []
        for edits in variants.edits(levels):
            for edit in edits:
                if variants.is_over():
                    break
                first = variants.try_first(edit)
                if first is None:
                    continue
                if variants.mends(edit, first):
                    found.append(edit)
                elif others is not None and not alike(first, variants.outcomes[variants.first]):
                    others.append((edit, first))
            if found:
                break
        return found

    def slip_and_known(self):
        """Look for one edit after which the results are those of a known mistake."""
        variants, found = self.variants, []
        for edit, first in self.halves:
            if first.error or first.problem or edit.loose or variants.is_over():
                continue
            wrongs = [(mistake, wrong) for mistake, wrong in self.bank if alike(first, wrong[variants.first])]
            if wrongs:
                outcomes = variants.try_all(edit)
                found += [(edit, mistake) for mistake, wrong in wrongs if all(map(alike, outcomes, wrong))]
        for level in range(3):
            kept = [one for one in found if one[0].level == level and self.keeps_what_is_used(one[0])]
            kept = [one for one in kept if self.is_proved(one[0])]
            if kept:
                return self.say_known(kept)
        return None

    def is_proved(self, edit):
        """True if the edit did not make the mistake that remains.

        One that removes, moves or inserts something may have, and so may another shape or sign that ends an error,
        unless a second edit makes all right after it.
        """
        ends_error = edit.kind in ("transposed", "sign") and self.variants.outcomes[self.variants.first].error
        if edit.kind in _ONLY_REPLACES and not isinstance(edit.node, ast.stmt) and not ends_error:
            return True
        self.proofs += 1
        if self.proofs > _MOST_PROOFS or self.variants.is_over():
            return False
        with self.variants.page.edited(edit):
            return any(self.fixes(range(2)))

    def say_known(self, found):
        """Return the Cause for pairs of an Edit and the known mistake that remains after it, or None."""
        _, mistake = min(found, key=lambda one: len(one[1].edits))
        place = place_of([edit for edit, other in found if other is mistake], self.main)
        if not place:
            return None
        id = f"{self.variants.exercise.name}/{mistake.id}"
        return Cause("slip and known", places=(place,), mistakes=(mistake,), id=id, remains=True)

    def keeps_what_is_used(self, edit):
        """True if the results still depend on everything that they depended on before, as far as they should.

        An edit that removes something can also lead to a known mistake, but explains nothing.
        """
        variants = self.variants
        if self.used is None:
            # If it is not known what the learner's function uses, it must use all that the right one needs.
            with as_imported():
                needed = variants.uses(variants.exercise.function)
            used = variants.uses()
            self.used = [key for key, need in needed.items() if need and (not used or used.get(key))]
        with variants.page.edited(edit):
            now = variants.uses()
        if not all(map(now.get, self.used)):
            return False
        after = variants.try_all(edit)
        now, before = variants.score(after), variants.score(variants.outcomes)
        return now[0] >= before[0] and now[1] >= before[1] - 1e-9 and variants.keeps_shapes(after)


# ---------------------------------------------------------------- edited functions, called


class Variants:
    """The page of a learner. Its functions are edited and called.

    function            the learner's;  outcomes, expected: of it and of the right one, for each case
    same_source  False if the source does not belong to the function
    One of UNREADABLE is raised if there is no source.
    """

    def __init__(self, exercise, function, outcomes, expected, spent=0):
        self.exercise, self.outcomes, self.expected = exercise, outcomes, expected
        self.page = Rebuilt(function)
        self.page.scope |= {COURSE_SOFTMAX: _softmax_of_rows, COURSE_EXP: _exp_of_numbers}
        self.cases = exercise.cases()
        self.inserts = [(code, Inserts(code, exercise, self.cases[0].args)) for code in self.page.codes]
        self.sizes = {code: sum(1 for _ in ast.walk(code.tree)) for code in self.page.codes}
        self.work, self.spent = 0.0, spent  # calls done so far, and rounds that were done before
        self.allowed = limit.OWN_ROUNDS  # the rounds that one call may make
        self.weights = [1.0] * len(self.cases)  # the work of a call in each case
        counted = [self._counted_call(k) for k in range(len(outcomes))]
        self.same_source = all(map(alike, outcomes, (got for got, _ in counted)))
        self.weights = [1 + calls / limit.CALLS_OF_COURSE for _, calls in counted]
        self.allowed = limit.ROUNDS_OF_AN_EDIT[0] + limit.ROUNDS_OF_AN_EDIT[1] * self.page.watch.rounds
        wrong = [k for k, got in enumerate(outcomes) if not self.is_right(got, k)]
        self.first = wrong[0] if wrong else 0
        self.order = wrong + [k for k in range(len(outcomes)) if k not in wrong]

    def is_over(self):
        """True if all rounds that running and searching may take are done."""
        return self.spent + limit.A_CALL * self.work + self.page.watch.rounds >= limit.ALL_ROUNDS

    def edits(self, levels):
        """Yield the Edits of the current code of each of these levels in order."""
        small, put_in = [], []
        for level in levels:
            small = small or [expression_edits(code, inserts) + line_edits(code) for code, inserts in self.inserts]
            if level > 1:
                put_in = [missing_edits(code, inserts) + missing_lines(code) for code, inserts in self.inserts]
            found = chain.from_iterable(one + other for one, other in zip_longest(small, put_in, fillvalue=[]))
            yield [edit for edit in found if edit.level == level]

    def try_first(self, edit):
        """Return the outcome of an edited function on the first wrong case, or None if it does not compile."""
        self.work += self.sizes[edit.code] / limit.NODES
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
        """True if an edit makes every case right. first: what try_first returned."""
        if not self.is_right(first, self.first):
            return False
        with self.page.edited(edit):
            return all(self.is_right(self._call(k), k) for k in self.order)

    def is_right(self, got, k):
        """True if an outcome is right to the last digits, because an edit can come close by luck."""
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
        """True if no result has a new wrong shape."""
        return all(
            got.parts[name].shape in (want.parts[name].shape, getattr(before.parts.get(name), "shape", None))
            for got, before, want in zip(outcomes, self.outcomes, self.expected)
            for name in got.parts.keys() & want.parts.keys()
        )

    def uses(self, function=None):
        """Return {(result, argument): do the results of the current code, or of a function, depend on it?}."""
        self.page.watch.left = 50 * self.allowed
        case = self.cases[self.first]
        return dependence(self.exercise, function or self.page.function(), case, changes=True) or {}

    def _call(self, k):
        self.work += self.weights[k]
        case = with_fresh(self.cases[k])
        self.page.watch.left = self.allowed
        return outcome_of(self.exercise, self.page.function(), case)

    def _counted_call(self, k):
        """Return the outcome in case k, and how many calls of functions of the course it took."""
        calls, before = [], sys.getprofile()

        def note(frame, event, argument):
            code = frame.f_code  # what a comprehension is called depends on the version of Python
            if event == "call" and code.co_filename.startswith(FILES[1:]) and code.co_name[0] != "<":
                calls.append(code)

        sys.setprofile(note)
        try:
            return self._call(k), len(calls)
        finally:
            sys.setprofile(before)


def _same_digits(mine, right):
    if mine.dtype == np.float32 or not right.size:  # it is already known to be close
        return True
    mine, right = np.asarray(mine, float), np.asarray(right, float)
    largest = np.abs(right[np.isfinite(right)]).max(initial=0)
    return bool(((np.abs(mine - right) <= 1e-9 * largest) | (mine == right) | (np.isnan(mine) & np.isnan(right))).all())


def _softmax_of_rows(scores):
    if np.size(scores) < 2:
        raise ValueError("softmax of one number")
    return softmax_of_course(scores)


def _exp_of_numbers(value):
    if isinstance(value, (int, np.integer)):  # a size or an id: NumPy might make millions of pieces of it
        raise ValueError("exp of a whole number")
    return np.exp(value)
