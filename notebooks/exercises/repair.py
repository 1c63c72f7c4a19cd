"""Which small edits of the learner's own code make it right? Their places are where the mistakes are."""

import time
from typing import NamedTuple

import numpy as np

from exercises.outcomes import alike
from exercises.places import place_of, say_one, say_two
from exercises.trials import UNREADABLE, Trials

SECONDS = 3.0
DEBUG = 0
_MOST_SINGLE = 0.6  # share of the time that single edits may take if there are very many


class Diagnosis(NamedTuple):
    """Where the mistakes are: one or two Places, the known Mistake that is left if there is one, and the message."""

    places: tuple
    mistake: object
    message: str


def diagnose(exercise, function, outcomes, expected, bank, end):
    """Return a Diagnosis, or None if no small edit explains what is wrong.

    outcomes, expected  of the learner's and of the right function, one for each case
    bank                list of (mistake, its outcomes)
    end                 when to stop, in the time of time.monotonic()
    """
    try:
        trials = Trials(exercise, function, outcomes, expected, end)
    except UNREADABLE:
        return None
    if not trials.same_source:
        return None
    return _Search(trials, bank).run()


class _Search:
    def __init__(self, trials, bank):
        self.trials, self.bank, self.main = trials, bank, trials.page.main
        self.halves = []  # (Edit, outcome of the first case) of all that changes it
        self.used = None

    def run(self):
        fixes = self.fixes(range(4), self.halves)
        if fixes:
            place = place_of(fixes, self.main)
            return place and Diagnosis((place,), None, say_one(place))
        return self.to_known() or self.two()

    def fixes(self, levels, others=None):
        """Return the Edits of the first level that has any which make every case right."""
        trials, found = self.trials, []
        began = time.monotonic()
        for level in levels:
            end = trials.end if level < 3 else began + _MOST_SINGLE * (trials.end - began)
            for edit in trials.edits(level):
                if time.monotonic() > end:
                    break
                first = trials.try_first(edit)
                if first is None:
                    continue
                if trials.mends(edit, first):
                    found.append(edit)
                elif others is not None and not alike(first, trials.outcomes[trials.first]):
                    others.append((edit, first))
            if found:
                break
        return found

    def to_known(self):
        """One edit, after which the results are those of a known mistake."""
        trials, found = self.trials, []
        for edit, first in self.halves:
            if first.error or first.problem or edit.level > 2 or trials.is_over():
                continue
            wrongs = [(mistake, wrong) for mistake, wrong in self.bank if alike(first, wrong[trials.first])]
            if wrongs:
                outcomes = trials.try_all(edit)
                found += [(edit, mistake) for mistake, wrong in wrongs if all(map(alike, outcomes, wrong))]
        found = [(edit, mistake) for edit, mistake in found if self.keeps_what_is_used(edit)]
        if any(got.error for got in trials.outcomes):  # what it used is not known
            found = [(edit, mistake) for edit, mistake in found if edit.level < 2 and edit.kind != "too much"]
        if not found:
            return None
        _, mistake = min(found, key=lambda one: (one[0].level, len(one[1].edits)))
        edits = [edit for edit, other in found if other is mistake]
        level = min(edit.level for edit in edits)
        place = place_of([edit for edit in edits if edit.level == level], self.main)
        if not place:
            return None
        message = f"There are two mistakes. {say_one(place)}\nOnce that is right, this is left: {mistake.message}"
        if DEBUG: message += f"  [{[(x.level,x.kind,x.gain) for x in edits][:2]}]"
        return Diagnosis((place,), mistake, message)

    def keeps_what_is_used(self, edit):
        """True if the results depend on all that they depended on before, as far as they should.

        An edit that throws something away leads to a known mistake as well, and explains nothing.
        """
        trials = self.trials
        if self.used is None:
            # Where it is not known what the learner's function uses, it must use all that the right one needs.
            needed, used = trials.needed(), trials.uses()
            self.used = {key: _both(need, used.get(key)) for key, need in needed.items()} if used else needed
        with trials.page.edited(edit):
            now = trials.uses()
        if any(np.any(used) and np.any(used != _both(used, now.get(key))) for key, used in self.used.items()):
            return False
        after = trials.try_all(edit)
        now, before = trials.score(after), trials.score(trials.outcomes)
        edit.gain = now, before
        return now[0] >= before[0] and now[1] >= before[1] - 1e-9 and trials.keeps_shapes(after)

    def two(self):
        """Two edits: the second is tried after each first one that helps in part, then after the likely ones."""
        trials = self.trials
        base, firsts = trials.score(trials.outcomes), []
        half = time.monotonic() + (trials.end - time.monotonic()) / 2
        for number, (edit, _) in enumerate(self.halves):
            if edit.level < 3 and time.monotonic() < half:
                score = trials.score(trials.try_all(edit))
                better = score > base
                rank = (-score[0], -score[1]) if better else (edit.level, number)
                firsts.append((not better, *rank, number, edit))
        firsts.sort(key=lambda one: one[:-1])
        better = [edit for worse, *_, edit in firsts if not worse]
        likely = [edit for worse, *_, edit in firsts if worse]
        for edits, levels in ((better, range(3)), (better[:5], [3]), (likely, range(2))):
            for edit in edits:
                if trials.is_over():
                    return None
                with trials.page.edited(edit):
                    seconds = self.fixes(levels)
                if seconds:
                    return self.settle(edit, seconds)
        return None

    def settle(self, first, seconds):
        """Return the Diagnosis for two edits: each is looked for again with the other in place."""
        with self.trials.page.edited(seconds[0]):
            firsts = self.fixes(range(3)) or [first]
        places = place_of(firsts, self.main), place_of(seconds, self.main)
        if None in places:
            return None
        one, other = sorted(places, key=lambda place: (place.function, place.lines))
        if one.lines == other.lines and (one.code in other.code or other.code in one.code):
            whole = max(places, key=lambda place: len(place.code))._replace(kind="")
            return Diagnosis((whole,), None, say_one(whole))
        return Diagnosis((one, other), None, say_two(one, other))


def _both(one, other):
    """Return where both are true; False if one is not known or they do not fit together."""
    if one is None or other is None or np.shape(one) != np.shape(other):
        return np.zeros(np.shape(one), bool)
    return np.logical_and(one, other)
