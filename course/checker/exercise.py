"""What an exercise is: a right answer, inputs to try, and known mistakes."""

import ast
import functools
import inspect
import pickle
from dataclasses import dataclass, replace
from types import FunctionType
from typing import NamedTuple

from course.checker import limit
from course.checker.course import as_imported
from course.checker.errors import is_learners
from course.checker.finding import Sentence
from course.checker.judge import judge
from course.checker.page import plain_function, runnable_source
from course.checker.parts import Parts
from course.checker.spelling import nearest
from course.checker.trial import run
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET


class Case(NamedTuple):
    """One call to try: what is special about it, its arguments, and the sizes that the letters stand for.

    silenced  the name of an argument that is all zeros and so has no effect, or ""
    """

    label: str
    args: tuple
    sizes: dict
    silenced: str = ""


WRITE, REPAIR, CATCH, CHOOSE = "write", "repair", "catch it", "choose"  # the kinds of exercise


class Finding(NamedTuple):
    """What check finds about an answer: the verdict, the message, the known mistake, and what the answer printed.

    follows  names of functions that it calls, if it is right with the finished ones in their place, and not as it is
    says     the Sentences of the message, or () if it is one sentence by itself
    cause    the Cause that explains what is wrong, or None
    lines    the numbers of the learner's lines that it names: of an error, or of places in the code
    """

    verdict: str
    message: str
    mistake: str = ""
    printed: str = ""
    follows: str = ""
    says: tuple = ()
    cause: object = None
    lines: tuple = ()


@dataclass(frozen=True, kw_only=True)
class Task:
    """What exercises of all kinds have in common.

    Each kind is a class with a .kind, a .name and a .solution, the code of a right answer. Some have a .report(). Each
    has .examine(answer, bank), which returns the Finding on a learner's answer. bank: what is known about it, a Bank

    difficulty  1 (easy) to 3 (hard);  .minutes: an estimate for a beginner, counted by it and the length of the answer
    hints    from a nudge up to the code in words
    why      shown below the solution;  notice: shown after a right answer
    """

    kind = ""
    difficulty: int
    hints: list
    why: str
    notice: str

    @property
    def solution(self):
        """Return the source of the right function, or of the good check, with the imports that it needs."""
        return runnable_source(self.function)

    @property
    def how_hard(self):
        """Return the difficulty in a word."""
        return ("easy", "medium", "hard")[self.difficulty - 1]

    @functools.cached_property
    def minutes(self):
        """Thinking, half a minute for each line of the right answer, two wrong tries, and a look at the solution."""
        thinking, a_try = ((2, 2), (4, 2), (8, 3))[self.difficulty - 1]
        return round(thinking + self.lines_to_write / 2 + 2 * a_try + 1)

    @property
    def lines_to_write(self):
        """The number of lines of the right function or check, without its docstring and comments."""
        source = inspect.getsource(self.function)
        if text := ast.get_docstring(ast.parse(source).body[0], clean=False):
            source = source.replace(f'"""{text}"""', "")
        return sum(not line.strip().startswith("#") for line in source.splitlines() if line.strip())

    @property
    def effort(self):
        """Return how long it takes, as a sentence."""
        return f"About {self.minutes} minutes, {self.how_hard}."

    def finished_parts(self, answer, bank):
        """Return the Parts of an answer, for a with block in which the finished functions are in their place."""
        own = self.name, getattr(getattr(self, "original", None), "name", "")
        others = {name: one for name, one in bank.exercises.items() if one.kind == WRITE and name not in own}
        names = [*bank.exercises]
        last = min((names.index(name) for name in own if name in names), default=len(names))
        return Parts(answer, others, own, names[:last])


@dataclass(frozen=True)
class Exercise(Task):
    """A function to write. The name of the exercise is that of the function.

    function  the right answer, also shown by solution(): the finished function, or a plain form of it
    make      () -> list of Case
    mistakes  list of Mistakes; no two give the same results on all cases
    returns   names of the results, if there are several
    type      the named tuple that must hold these results, such as ForwardPass; None: any tuple will do
    in_place  names of the arguments that the function must change
    result    "numbers", "list" (numbers, in a list and no array), "ids" (whole numbers), "text" or "pairs" (a list of
              pairs named by returns)
    groups    parts of the result (names in returns or in_place) that can go wrong one by one, in the order in
              which they are computed
    remark    (case, parts of the result) -> what else to look at if it is wrong in an unknown way; or None
    on_error  (error, where it occurred) -> what this error means in this exercise, or ""
    after     (arguments) -> {name: number}, what a call leaves behind, which is compared too; or None
    unsteady  the message if a second call with the same arguments gives another result; "": the usual one
    few_rounds  (how many rounds an answer may make in the last case, the message if its results are right but it makes
              more, with {rounds} in it), or None: watched.py says what a round is
    slow      the same for all cases, if an answer that makes more is right nevertheless; or None
    backwards True if the function works from the last row to the first
    rare      how many of the last cases test a rare detail: they count only when all others are right
    .arguments  the names of the function's arguments, in order
    """

    kind = WRITE
    function: object
    make: object
    mistakes: list
    returns: tuple = ()
    type: object = None
    in_place: tuple = ()
    result: str = "numbers"
    groups: tuple = ()
    remark: object = None
    on_error: object = None
    after: object = None
    unsteady: str = ""
    few_rounds: object = None
    slow: object = None
    backwards: bool = False
    rare: int = 0

    def __post_init__(self):
        # Needed at each call of a function, so it is computed once.
        object.__setattr__(self, "arguments", list(inspect.signature(self.function).parameters))

    @property
    def name(self):
        return self.function.__name__

    def examine(self, answer, bank):
        """Return the Finding on a learner's function, which is called here: as it is, and if that is not right, with
        finished parts. All tries share the rounds of one check."""
        bank.expected(self.name)  # computed before the learner's code runs
        parts = self.finished_parts(answer, bank)
        trial = run(self, answer, rounds=limit.ROUNDS // 2 if parts.finished else None)
        finding = self.examine_trial(trial, bank, None if parts.finished else answer)
        if finding.verdict == NOT_STARTED and (name := self._right_beside(answer, bank)):
            says = f"`{self.name}` is still empty, but your `{name}` is right: give it the name `{self.name}`."
            return finding._replace(message=says, says=(Sentence("not started", says),))
        if finding.verdict != NOT_YET or trial.refused or not parts.finished:
            return finding
        with parts:
            trial = run(self, answer, spent=trial.spent)
            return parts.finish(self.examine_trial(trial, bank, answer), bank, trial.spent)

    def _right_beside(self, stub, bank):
        """Return the name of a right function on the page of a stub that is nearly called like it, or ""."""
        page = getattr(plain_function(stub), "__globals__", {})
        own = {name: value for name, value in page.items() if type(value) is FunctionType and name != self.name}
        for name in nearest(self.name, [[name for name in own if is_learners(own[name].__code__.co_filename)]])[:1]:
            tried = run(self, own[name], rounds=limit.ROUNDS // 2)
            return name if self.examine_trial(tried, bank).verdict == CORRECT else ""
        return ""

    def examine_trial(self, trial, bank, function=None):
        """Return the Finding on a Trial. function: the learner's, or None if it ran in another process."""
        found = judge(self, trial, bank, function)
        named = [place.lines[0] for place in found.cause.places] if found.cause else []
        if not named and found.index < len(trial.outcomes):
            named = [trial.outcomes[found.index].number]
        return Finding(
            found.verdict,
            found.message,
            found.mistake,
            trial.printed(found.index),
            says=found.says,
            cause=found.cause,
            lines=tuple(filter(None, named)),
        )

    def cases(self):
        """Return the list of Cases, freshly copied at each call so that nobody can change them."""
        return pickle.loads(self._cases)

    @functools.cached_property
    def usual(self):
        """Return this exercise without its last cases, which test rare details."""
        return replace(self, make=lambda: self.make()[: -self.rare], rare=0)

    @functools.cached_property
    def _cases(self):
        with as_imported():
            return pickle.dumps(self.make())

    @property
    def has_result(self):
        """True if the function must return something."""
        return bool(self.returns) or not self.in_place
