"""What the marks of a class show: the mistakes by name, who is stuck, which answers are alike."""

import csv
from dataclasses import dataclass

from course.checker.exercise import CHOOSE
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import EXERCISES
from course.lessons.contents import PAGES

COLUMNS = ("learner", "exercise", "verdict", "mistake", "points", "follows")  # of the CSV file: never change them
IN_A_ROW = 3  # a learner with this many exercises not yet right, one after the other, is stuck


@dataclass
class Known:
    """A known mistake that learners have made. id: stable;  line: the code of one of them, `by`"""

    id: str
    message: str
    learners: list
    line: str = ""
    by: str = ""


class Summary:
    """What the marks of a class show. marked: a list of Marked"""

    def __init__(self, marked):
        self.marked = marked
        self.exercises = list(EXERCISES)
        self.marks = {(one.learner, mark.exercise): mark for one in marked for mark in one.marks}
        self.learners = [one.learner for one in marked]
        self.problems = [(one.learner, problem) for one in marked for problem in one.problems]
        self.missing = sorted({what for one in marked for what in one.missing})

    def points(self, learner):
        return sum(self.marks[learner, name].points for name in self.exercises)

    def counts(self, name):
        """Return how many learners have an exercise right, not yet right, and not started."""
        verdicts = [self.marks[learner, name].verdict for learner in self.learners]
        return tuple(verdicts.count(verdict) for verdict in (CORRECT, NOT_YET, NOT_STARTED))

    def mistakes(self):
        """Return the known mistakes, the most frequent first."""
        found = {}
        for (learner, _), mark in self.marks.items():
            if mark.mistake:
                known = found.setdefault(mark.mistake, Known(mark.mistake, message_of(mark), []))
                if learner not in known.learners:
                    known.learners.append(learner)
                if mark.line and not known.line:
                    known.line, known.by = mark.line, learner
        return sorted(found.values(), key=lambda known: (-len(known.learners), known.id))

    def others(self):
        """Return [(exercise, marks)] of the answers that are not yet right for a reason without a name."""
        found = {}
        for mark in self.marks.values():
            if mark.verdict == NOT_YET and not mark.mistake:
                found.setdefault(mark.exercise, []).append(mark)
        return sorted(found.items(), key=lambda item: (-len(item[1]), self.exercises.index(item[0])))

    def following(self):
        """Return the marks of answers that are right with the course's functions instead of the learner's own."""
        return [mark for mark in self.marks.values() if mark.follows]

    def stuck(self):
        """Return [(learner, names of exercises)] of learners with several exercises in a row not yet right."""
        found = []
        for learner in self.learners:
            longest, row = [], []
            for name in self.exercises:
                row = [*row, name] if self.marks[learner, name].verdict == NOT_YET else []
                longest = max(longest, row, key=len)
            if len(longest) >= IN_A_ROW:
                found.append((learner, longest))
        return found

    def alike(self):
        """Return [(learners, names of exercises)] where the answers are identical apart from comments.

        Answers of fewer than five lines are often identical, so they count only where three of them are.
        """
        groups = []  # (exercise, learners with one answer to it, whether it is long)
        for name in self.exercises:
            by_code = {}
            for learner in self.learners:
                mark = self.marks[learner, name]
                if mark.code and mark.verdict != NOT_STARTED and EXERCISES[name].kind != CHOOSE:
                    by_code.setdefault(mark.code, []).append(learner)
            groups += [(name, tuple(who), code.count("\n") >= 4) for code, who in by_code.items() if len(who) > 1]
        found = {}
        for _, learners, _ in groups:
            shared = [(name, is_long) for name, others, is_long in groups if {*learners} <= {*others}]
            if len(shared) > 2 or any(is_long for _, is_long in shared):
                found[learners] = [name for name, _ in shared]
        return sorted(found.items(), key=lambda item: (-len(item[1]), item[0]))

    def pages(self):
        """Return [(Page, names of its exercises)] for the pages on which somebody has begun an exercise."""
        begun = {mark.exercise for mark in self.marks.values() if mark.verdict != NOT_STARTED}
        return [(page, page.exercises) for page in PAGES if begun & {*page.exercises}]

    def what_it_covers(self):
        """Return a sentence or two: how many learners and exercises, and which pages nobody has begun."""
        begun, asked = [page for page, _ in self.pages()], {*self.exercises}
        others = [page.number or page.title for page in PAGES if asked & {*page.exercises} and page not in begun]
        says = f"{len(self.learners)} learners, {len(self.exercises)} exercises."
        return says + f" Nobody has begun those of pages {', '.join(others)}: they are left out below." * bool(others)

    def at_a_glance(self):
        """Return a sentence on the exercise that holds up most learners, and one on those to talk to, or fewer."""
        says, asks = [], {learner: f"{len(names)} in a row not yet right" for learner, names in self.stuck()}
        name = max(self.exercises, key=lambda name: self.counts(name)[1])
        right, wrong, _ = self.counts(name)
        if wrong:
            one = next((known for known in self.mistakes() if known.id.startswith(f"{name}/")), None)
            why = f", {len(one.learners)} of them because of {one.id}" if one and len(one.learners) > 1 else ""
            says.append(f"Most are held up by {name}: not yet right for {wrong} of {right + wrong} who tried it{why}.")
        for learner in self.learners:
            if all(self.marks[learner, name].verdict == NOT_STARTED for name in self.exercises):
                asks[learner] = "nothing begun"
        if asks:
            says.append(f"Talk to {', '.join(f'{learner} ({why})' for learner, why in asks.items())}.")
        return says


def message_of(mark):
    """Return what a teacher says about the known mistake of a mark."""
    name, _, key = mark.mistake.partition("/")
    known = [one.message for one in getattr(EXERCISES.get(name), "mistakes", []) if one.id == key]
    return known[0] if known else teachers_words(mark)


def teachers_words(mark):
    """Return the sentences of a message that are about the mistake, not about where it is."""
    beside = ("Tried with", "in line", "in your `", "Here ")
    return " ".join(line for line in mark.message.split("\n") if not line.startswith(beside))


def write_csv(summary, path):
    """Write a row for each learner and exercise. Names that look like a formula to a spreadsheet get a quote."""
    with open(path, "w", newline="", encoding="utf-8-sig", errors="backslashreplace") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for learner in summary.learners:
            for name in summary.exercises:
                mark = summary.marks[learner, name]
                safe = "'" + learner if learner[:1] in "=+-@\t\r" else learner
                table.writerow([safe, name, mark.verdict, mark.mistake, f"{mark.points:g}", mark.follows])
