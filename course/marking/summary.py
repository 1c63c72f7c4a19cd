"""What the marks of a class show: who is stuck where and why, the mistakes, which answers are alike."""

import csv
from dataclasses import dataclass, field

from course.checker.exercise import CHOOSE, REPAIR
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET, listed
from course.lessons import EXERCISES, is_extra, pages_with_exercises, place_of
from course.marking.marks import ABSENT

COLUMNS = ("learner", "exercise", "verdict", "mistake", "follows", "seed")  # of the CSV file
IN_A_ROW = 3  # a learner with this many exercises not yet right, one after the other, is stuck
LINES = 5  # a right answer of fewer lines may be the same by chance


@dataclass
class Shared:
    """What is wrong for one reason. message: what a teacher says;  marks: of those who have it wrong"""

    exercise: str
    message: str
    marks: list = field(default_factory=list)

    @property
    def learners(self):
        return list(dict.fromkeys(mark.learner for mark in self.marks))


class Summary:
    """What the marks of a class show. marked: a list of Marked;  pages: those that count, or none for all"""

    def __init__(self, marked, pages=()):
        self.marked = marked
        self.marks = {(one.learner, mark.exercise): mark for one in marked for mark in one.marks}
        begun = {mark.exercise for mark in self.marks.values() if mark.verdict in (CORRECT, NOT_YET)}
        self.there = {name for (_, name), mark in self.marks.items() if mark.verdict != ABSENT}
        self.asked, self.pages = pages, pages or [page for page in pages_with_exercises() if begun & {*page.exercises}]
        self.exercises = [name for page in self.pages for name in self.on(page)]
        self.learners = [one.learner for one in marked]

    def on(self, page):
        """Return the names of the exercises of a page. Those that are on nobody's, as in the lab, are left out."""
        return [name for name in page.exercises if name in self.there] or page.exercises

    def of(self, learner, *verdicts):
        """Return the marks of a learner, in the order of the course: with these verdicts, or all that are begun."""
        marks = [self.marks[learner, name] for name in self.exercises]
        return [mark for mark in marks if mark.verdict in (verdicts or (CORRECT, NOT_YET))]

    def count(self, name, *verdicts):
        """Return how many learners have one of these verdicts in an exercise."""
        return sum(self.marks[learner, name].verdict in verdicts for learner in self.learners if name)

    def mistakes(self):
        """Return all Shared, those of most learners first. Answers that are wrong for the same reason are one."""
        found = {}
        for name in self.exercises:
            for learner in self.learners:
                mark = self.marks[learner, name]
                if mark.verdict == NOT_YET:
                    message = message_of(mark)
                    key = mark.mistake or (name, message)
                    found.setdefault(key, Shared(name, message)).marks.append(mark)
        return sorted(found.values(), key=lambda one: -len(one.learners))

    def stuck(self):
        """Return {learner: why} of those with several exercises in a row not yet right, or nothing right at all.

        An extra neither makes a row longer nor ends it.
        """
        found = {}
        for learner in self.learners:
            longest, row = [], []
            for name in [name for name in self.exercises if not is_extra(name)]:
                row = [*row, name] if self.marks[learner, name].verdict == NOT_YET else []
                longest = max(longest, row, key=len)
            begun = self.of(learner)
            if len(longest) >= IN_A_ROW:
                says = f"{len(longest)} exercises in a row not yet right, from {longest[0]} on; the first: "
                found[learner] = says + first_line(self.marks[learner, longest[0]].message)
            elif begun and not self.of(learner, CORRECT):
                found[learner] = f"nothing right yet, of {len(begun)} begun"
        return found

    def alike(self):
        """Return [(learners, names of exercises)] of identical answers, and how many groups are left out.

        Of a repair the words are compared, because there is one right function for all. A long answer counts by itself,
        and so do two wrong ones that the same learners share.
        """
        groups = []  # (exercise, learners with one answer to it, whether it is long, whether it is wrong)
        for name in self.exercises:
            by_text, kind = {}, EXERCISES[name].kind
            for mark in [self.marks[learner, name] for learner in self.learners]:
                text = mark.words if kind == REPAIR else mark.code
                if text and mark.verdict in (CORRECT, NOT_YET) and kind != CHOOSE:
                    by_text.setdefault(text, []).append(mark)
            for text, marks in by_text.items():
                if len(marks) > 1:
                    is_long = kind == REPAIR or text.count("\n") + 1 >= LINES
                    who = tuple(mark.learner for mark in marks)
                    groups.append((name, who, is_long, marks[0].verdict == NOT_YET))
        found, left_out = {}, set()
        for _, learners, *_ in groups:
            shared = [one for one in groups if {*learners} <= {*one[1]}]
            counts = sum(is_wrong for *_, is_wrong in shared) > 1 or any(is_long for _, _, is_long, _ in shared)
            names = [f"words on {name}" if EXERCISES[name].kind == REPAIR else name for name, *_ in shared]
            if counts:
                found[learners] = names
            else:
                left_out.add(learners)
        return sorted(found.items(), key=lambda item: (-len(item[1]), item[0])), len(left_out)

    def first_glance(self):
        """Return three sentences: what was handed in, who is stuck where and why, and whom to talk to."""
        usable = sum(bool(self.of(learner)) for learner in self.learners)
        says = f"{len(self.learners)} learners, {usable} of them with answers that can be used"
        says += f", on {listed(page.label for page in self.pages)}" if self.pages else ""
        talk = "; ".join(f"{who} ({why})" for who, why in self.whom())
        return [f"{says}.", self._where(), f"Talk to {talk}." if talk else "Nobody is stuck, and everybody has begun."]

    def _where(self):
        name = max(self.exercises, key=lambda name: self.count(name, NOT_YET), default="")
        wrong, tried = self.count(name, NOT_YET), self.count(name, NOT_YET, CORRECT)
        if wrong < 2:
            return "No exercise holds up more than one learner." if wrong else "Nothing that was begun is wrong."
        why = next(one for one in self.mistakes() if one.exercise == name)
        says = f"The hardest exercise is {name} ({place_of(name)}): "
        says += f"it is not yet right for {wrong} of the {tried} who tried it"
        if len(why.learners) == 1:
            return f"{says}, each for another reason."
        share = "all" if len(why.learners) == wrong else len(why.learners)
        return f"{says}, for {share} of these because of this: {first_line(why.message)}"

    def whom(self):
        """Return [(learner or learners, why one should talk to them)], those who are stuck first."""
        found, alone = list(self.stuck().items()), {}
        for one in self.marked:
            found += [(one.learner, problem.rstrip(".")) for problem in one.problems]
            for page in self.asked:
                marks = [self.marks[one.learner, name] for name in self.on(page)]
                # Nobody is asked for an extra, but whoever has begun one has begun the page.
                marks = [mark for mark in marks if not is_extra(mark.exercise) or mark.verdict in (CORRECT, NOT_YET)]
                verdicts = {mark.verdict for mark in marks}
                if verdicts <= {NOT_STARTED, ABSENT} and not (verdicts == {ABSENT} and one.problems):
                    what = "not handed in" if verdicts == {ABSENT} else "nothing begun"
                    alone.setdefault(f"{what}: {page.label}", []).append(one.learner)
            if not (self.asked or one.problems or self.of(one.learner)):
                alone.setdefault("nothing begun", []).append(one.learner)
            for mark in self.of(one.learner):
                if mark.seed and not mark.words:
                    alone.setdefault(f"no words on {mark.exercise}", []).append(one.learner)
        found += [(listed(who), why) for why, who in alone.items()]
        for who, names in self.alike()[0]:
            found.append((listed(who), f"identical {listed(names)}: a hint, no verdict"))
        return found


def first_line(text):
    return text.partition("\n")[0]


def message_of(mark):
    """Return what a teacher says about the mistake of a mark, without where it is."""
    name, _, key = mark.mistake.partition("/")
    known = [one.message for one in getattr(EXERCISES.get(name), "mistakes", []) if one.id == key]
    return known[0] if known else mark.says or mark.message


def write_csv(summary, path):
    """Write a row for each learner and exercise. Names that look like a formula to a spreadsheet get a quote."""
    with open(path, "w", newline="", encoding="utf-8-sig", errors="backslashreplace") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for learner in summary.learners:
            for name in summary.exercises:
                mark = summary.marks[learner, name]
                safe = "'" + learner if learner[:1] in "=+-@\t\r" else learner
                table.writerow([safe, name, mark.verdict, mark.mistake, mark.follows, mark.seed])
