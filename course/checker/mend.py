"""Exercises of the kind repair: a broken function to mend, and what is known about it."""

import ast
import contextlib
import dataclasses
import difflib
import functools
import re
import types
from dataclasses import dataclass

import numpy as np

from course.base.checks import count
from course.base.wording import either, hint_of, report_of
from course.checker.course import MODULES, as_imported, home_of
from course.checker.exercise import REPAIR, Exercise, Finding
from course.checker.finding import Sentence
from course.checker.mistakes import Mistake
from course.checker.page import PageFunction, is_finished_function, only_computes, runnable_source
from course.checker.say.riddle import are
from course.checker.trial import Bank, alike, group_of, run, same_group
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET, lines

_SINCE = "wrong since your change"
_NUDGE = "Where does the report first go wrong, and which line of the code causes that?"

# Not what was wrong: that is what the learner says in homework, and a teacher reads beside the message of the mistake.
_NOTICE = "What was wrong, and where did the report show it? Say it in two sentences, in your function's docstring."


@dataclass(frozen=True, kw_only=True)
class Repair(Exercise):
    """A broken function to mend. It is judged like the function of another exercise, the original.

    original  that exercise: its cases and known mistakes are used here too. This one is called mend_ and its name
    broken    the known Mistake that the broken function has
    nudge     the message if the code was changed, but not what it does
    look      (function) -> text, what a run of the function shows: a gradient check, a loss curve
    seeds     the ids of the known mistakes from which with_seed chooses. Any change of this list changes what numbers
              give that a teacher may have given out
    closer    (function) -> text, what the report shows instead if with_seed chose the mistake, and so any line may be
              wrong: everything with the right numbers beside it
    seed      the number that chose the mistake; None: it is the one of the page
    derived   (case, parts of a result) -> the names of those that are right for the parts from which they are made,
              and so are not wrong by themselves; or None
    """

    kind = REPAIR
    original: Exercise
    broken: Mistake
    nudge: str
    look: object
    seeds: tuple = ()
    closer: object = None
    seed: object = None
    derived: object = None

    @property
    def name(self):
        return f"mend_{self.original.name}"

    @property
    def given(self):
        """Return the source of the broken function, with the imports that it needs, ready to paste into a page."""
        return self._shown(self.broken)

    @property
    def solution(self):
        """Return the source of the mended function, with the imports that it needs."""
        return self._shown(dataclasses.replace(self.broken, edits=()))

    def report(self):
        """Run the broken function, and return what is known about it, as text."""
        with as_imported(), np.errstate(all="ignore"):
            return self.look(self.broken.function)

    def with_seed(self, seed):
        """Return this Repair with another broken function, the same on every computer. The hints do not fit it.

        ValueError if the seed is no whole number of 0 or more.
        """
        seed = count("seed", seed, least=0)
        broken = _known(self.original, self.seeds[seed % len(self.seeds)])
        return dataclasses.replace(self, broken=broken, nudge=_NUDGE, look=self.closer, seed=seed, notice=_NOTICE)

    def examine(self, answer, bank):
        """Return the Finding on a learner's function. It is called here unless it is one that was given."""
        if self.seed is not None:  # in homework no fault is named, and no line: only what differs, or is an error
            others = [one for one in bank.mistakes(self.name) if one[0].id not in self.seeds]
            raising = [one for one, outcomes in others if outcomes[0].error]
            bank = Bank({**bank.exercises, self.name: dataclasses.replace(self, mistakes=raising)})
        bank.broken(self.name, self.broken)  # computed before the learner's code runs
        code = _bare(PageFunction(answer).source) if type(answer) is types.FunctionType else ""
        if code and code == _bare(self.given):
            return self._not_started()
        finding = super().examine(answer, bank)
        if finding.verdict == CORRECT and is_finished_function(self.original, answer):
            home = getattr(home_of(self.original.name), "__name__", "the course")
            says = f"This is the finished {self.original.name} of {home}. What was wrong in the one that was given?"
            return finding._replace(message=says, says=())
        return finding

    def gives(self, source):
        """True if the code of a function is the one that the page gives, or a number, whatever its docstring says."""
        with contextlib.suppress(SyntaxError, ValueError, RecursionError):
            return _bare(source) in {_bare(self.given), *self._given_by_seeds}
        return False

    @functools.cached_property
    def _given_by_seeds(self):
        """The functions that all numbers give, in one form."""
        return {_bare(self._shown(_known(self.original, id))) for id in self.seeds}

    def examine_trial(self, trial, bank, function=None):
        """Return the Finding on a Trial. function: the learner's, or None if it ran in another process."""
        given = bank.broken(self.name, self.broken)
        if not (trial.stopped or trial.refused) and all(map(alike, trial.outcomes, given)):
            is_read = type(function) is types.FunctionType and PageFunction(function).source
            says = "What you changed makes no difference: the results are the same as before."
            says = says if is_read else "It still does what the given one does."
            return Finding(NOT_YET, f"{says} {self.nudge}", self._full(self.broken.id), trial.printed(0))
        finding = super().examine_trial(trial, bank, function if self.seed is None else None)
        if finding.verdict == NOT_STARTED:
            return self._not_started()
        finding = finding._replace(mistake=finding.mistake.replace(self.name, self.original.name, 1))
        if self.seed is not None and finding.verdict == NOT_YET and not (trial.stopped or trial.refused):
            before = self._against_given(trial, bank, finding)
            says = Sentence("given", before), *finding.says, Sentence("nudge", self.nudge)
            return finding._replace(message=lines(before, finding.message, self.nudge), says=says)
        if finding.verdict == CORRECT or trial.stopped or trial.refused:
            return finding
        is_other = finding.mistake and finding.mistake != self._full(self.broken.id)
        is_plain = is_other and not finding.cause.remains
        is_searched = not is_plain and type(function) is types.FunctionType
        left, is_named = self._besides(trial, bank, function) if is_searched else ("", False)
        if is_named or (left and is_other and not _fails(trial)):
            return finding._replace(message=left, says=())
        before = left or self._against_given(trial, bank, finding)
        says = Sentence("given", before), *finding.says
        return finding._replace(message=lines(before, finding.message), says=says)

    def _besides(self, trial, bank, function):
        """Return (that the fault that was given is still in the code, and what else is wrong; True if that is named).
        ("", False) if it is not sure.
        """
        code, given, right = map(_bare, (PageFunction(function).source, self.given, self.solution))
        pieces, names = _changed_lines(given, right), {**self.broken.right.__globals__, **function.__globals__}
        there = [(old, new) for old, new in pieces if f"\n{code}\n".count(f"\n{old}\n") == 1]
        if not (there and only_computes(function)):
            return "", False
        for old, new in there:
            code = f"\n{code}\n".replace(f"\n{old}\n", f"\n{new}\n").strip("\n")
        with contextlib.suppress(Exception):
            exec(compile(code, "<mended>", "exec"), names)
        mended = run(self, names.get(function.__name__))
        finding, worse = super().examine_trial(mended, bank), self._wrong(mended.outcomes, bank)
        worse -= self._wrong(trial.outcomes, bank)
        if _fails(mended) or worse or all(map(alike, mended.outcomes, trial.outcomes)):
            return "", False
        if finding.mistake:
            says = "The fault you were given is still there. Once you fix it, this is left:"
            return f"{says} {finding.message}", True
        part, is_all = "The" if len(there) == len(pieces) else "A part of the", finding.verdict == CORRECT
        also = ". Once you fix it, everything is right." if is_all else ", and what you changed is wrong, too."
        return f"{part} fault you were given is still there{also}", False

    def _wrong(self, outcomes, bank):
        """Return what is wrong in some outcomes by itself: a set of (part of the result, number of the case). "" in
        place of the part says that arguments were changed."""
        found, expected = set(), bank.expected(self.name)
        for k, (case, got, want) in enumerate(zip(self.cases(), outcomes, expected)):
            with as_imported(), np.errstate(all="ignore"):
                fine = self.derived(case, got.parts) if self.derived else ()
            wrong = {name for name in map(group_of, want.parts) if not same_group(got, want, name)}
            found |= {(name, k) for name in wrong.difference(fine) | ({""} if got.changed else set())}
        return found

    def _against_given(self, trial, bank, finding):
        """Say which parts of the result are right now that were not in the broken function, and the other way round."""
        given = bank.broken(self.name, self.broken)
        before, now = [self._wrong(outcomes, bank) for outcomes in (given, trial.outcomes)]
        if _fails(trial) or (finding.mistake and before & now):  # if it is known, its message says the rest
            return ""
        names = [{name for name, _ in pairs} - {""} for pairs in (before, now, now & before, now - before)]
        was_wrong, is_wrong, still, since = names
        # What is wrong in some cases as before, and in others since the change, is in neither list.
        mended = was_wrong - is_wrong if all(one.name != "right" for one in finding.says) else ()
        changes = (mended, "right now"), (still - since, "still wrong"), (since - still, _SINCE)
        if not before & now:
            return f"The fault you were given is gone.{are(sorted(is_wrong), _SINCE)}"
        return "".join(are(sorted(names), how) for names, how in changes).strip() * (was_wrong != is_wrong)

    def _not_started(self):
        report, nudge = report_of(self.name), f" Stuck? Try {hint_of(self.name)}."
        if self.seed is not None:
            report, nudge = f'report("{self.name}", seed={self.seed})', ""
        says = "shows the broken function, and what we know about it. Repair it"
        says += either(" here, and run the cell.", ", and check it.")
        return Finding(NOT_STARTED, f"{report} {says} {self.effort}{nudge}")

    def _full(self, id):
        """Return the id of a known mistake as it stands in a Finding."""
        return f"{self.original.name}/{id}"

    def _shown(self, mistake):
        right = mistake.right
        source = mistake.source
        if self.seed is not None:  # a comment that some numbers lack would show where their fault is
            source = re.sub(r"  # .*", "", source)
            source = re.sub(r'\n\n[^"]*Source: [^"]*"""', '"""', source)
        return runnable_source(right, source).replace(f"def {right.__name__}(", f"def {self.name}(")


def mend(original, broken, kind=Repair, **fields):
    """Return the Repair of the function that has a known mistake of an exercise.

    broken  the id of the mistake, or a Mistake of the same id in another form of the function
    kind    Repair, or a class of its kind
    """
    if not isinstance(broken, Mistake):
        broken = _known(original, broken)
    shared = {field.name: getattr(original, field.name) for field in dataclasses.fields(Exercise)}
    return kind(**shared | fields, original=original, broken=broken)


def _known(exercise, id):
    """Return a known mistake. ValueError if there is none of that id, or its edit no longer fits."""
    for mistake in exercise.mistakes:
        if mistake.id == id:
            return mistake
    raise ValueError(
        f"{exercise.name} has no known mistake {id!r} that fits its right function: mend the edit, or the id."
    )


def _fails(trial):
    return bool(trial.stopped) or any(got.error or got.problem for got in trial.outcomes)


def _bare(source):
    """Return the function in some code in one form: without docstring, comments, and the modules in front of names."""
    for tree in ast.parse(source).body:
        if isinstance(tree, ast.FunctionDef):
            tree.body = tree.body[ast.get_docstring(tree) is not None :]
            return re.sub(rf"\b({'|'.join(map(re.escape, MODULES))})\.", "", ast.unparse(tree))
    return ""


def _changed_lines(given, right):
    """Return the lines in which two texts differ, as a list of (these in one, those in the other)."""
    found, given, right = [], given.split("\n"), right.split("\n")
    for tag, i, end, k, stop in difflib.SequenceMatcher(None, given, right, False).get_opcodes():
        before = int(i == end)  # lines that are only put in are found by the one before them
        if tag == "replace" and end - i == stop - k:
            found += zip(given[i:end], right[k:stop])
        elif tag != "equal":
            found.append(("\n".join(given[i - before : end]), "\n".join(right[k - before : stop])))
    return found
