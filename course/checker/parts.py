"""An answer is right if it is right itself: it is tried with the finished functions in the place of its parts.

Its parts are the functions of other exercises that it calls, as the learner wrote them. If its page does not have one,
the finished function stands in for it, unless no page has asked for it so far.
"""

import builtins
from types import FunctionType

from course.base.wording import either
from course.checker import limit
from course.checker.course import finished_function, home_of, shown_on
from course.checker.errors import is_learners
from course.checker.finding import Sentence
from course.checker.page import plain_function, with_helpers
from course.checker.trial import not_callable, run
from course.checker.words import CORRECT, lines, listed


class Parts:
    """The parts of an answer. In a with block the finished functions are in their place on the page.

    answer    a function;  page: {name: value} of its page
    others    {name: exercise} of all other functions to write;  before: those that pages have asked for so far
    own       names that stay as they are: that of the answer, and of the function that it is about
    mine      {name: the learner's function};  missing: names that the page does not have
    finished  {name: the finished function} of both
    """

    def __init__(self, answer, others, own, before):
        functions = with_helpers(plain_function(answer) or answer)
        self.page = functions[0].page if functions else {}
        self.others, self.mine, self.finished = others, {}, {}
        names = dict.fromkeys(name for one in functions if one.page is self.page for name in one.looked_up)
        shown = shown_on(self.page)
        for name in [name for name in names if name not in own]:
            value, other = self.page.get(name), others.get(name)
            is_own = type(value) is FunctionType and is_learners(value.__code__.co_filename)
            if is_own and other and not not_callable(other, value):  # else it only has the same name
                self.mine[name] = value
            elif name in self.page or name in vars(builtins) or not (name in before or home_of(name) in shown):
                continue
            if finished := finished_function(name) or (other and other.function):
                self.finished[name] = finished
        self.missing = [name for name in self.finished if name not in self.mine]

    def __enter__(self):
        self.page.update(self.finished)
        return self

    def __exit__(self, *error):
        self.page.update(self.mine)
        for name in self.missing:
            self.page.pop(name, None)

    def finish(self, finding, bank, spent):
        """Return the Finding on an answer that was not right with its own parts. If it is right now, it says so.

        spent  the rounds of the check so far
        """
        if finding.verdict != CORRECT:
            return finding
        wrong, says = self._wrong_ones(bank, limit.ROUNDS - spent), ""
        if wrong:
            says = f"{_tried_with(wrong)}; yours {'is' if len(wrong) == 1 else 'are'}n't right yet."
        elif not self.missing:  # such as one that is right, but takes too long
            wrong = list(self.mine)
            says = f"{_tried_with(wrong)}: with yours it isn't right."
        says = lines(says, self._say_missing())
        told = finding.says and (*finding.says, Sentence("parts", says))
        follows = ", ".join([*wrong, *self.missing])
        return finding._replace(message=lines(finding.message, says), follows=follows, says=told)

    def _wrong_ones(self, bank, left):
        """Return the names of the learner's functions that are not right themselves. left: rounds, of which each may
        make half of the rest; for too few of them nothing is known."""
        wrong = []
        for name in self.mine:
            if left // 2 < limit.ROUNDS // 8:
                break
            self.page[name] = self.mine[name]  # it may call itself
            try:
                trial = run(self.others[name], self.mine[name], rounds=left // 2)
                if self.others[name].examine_trial(trial, bank).verdict != CORRECT:
                    wrong.append(name)
            finally:
                self.page[name] = self.finished[name]
            left -= trial.spent
        return wrong

    def _say_missing(self):
        if not self.missing:
            return ""
        homes, is_one = {home_of(name) for name in self.missing}, len(self.missing) == 1
        it, are = ("it", "isn't") if is_one else ("them", "aren't")
        ways = [either("run its cell" if is_one else "run their cells", "")] * (self.others.keys() >= {*self.missing})
        if len(homes) == 1 and (home := homes.pop()):
            ways.append(f"import {it}: from {home.__name__} import {', '.join(self.missing)}")
        advice = ", or ".join(filter(None, ways)) or either("", f"write {it} there")
        says = f"{_tried_with(self.missing)}, which {are} {either('on this page', 'in this file')} yet."
        return says + f" {advice[:1].upper()}{advice[1:]}." * bool(advice)


def _tried_with(names):
    return "Tried with the finished " + listed([f"`{name}`" for name in names])
