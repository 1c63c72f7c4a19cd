"""How well does check say what is wrong? Answers as learners write them, and how their messages were judged.

answers/*.txt have the format of tests/answers, one file for each page. They were written from the pages alone, without
a look at the known mistakes or the checker. The first half was read while the messages were
written, the second one when they were finished, and the third part is a new bank that was written after that. Where a
message was changed since, it was read again. The field `read` says what was found:

    point       it names the mistake, or its place and kind; of two mistakes, at least one
    broad       it is true, but the learner still has to search
    misleading  something in it is false, or it sends the learner to code that is right
    accepted    the answer is wrong, and is called correct
    refused     the answer is right, and is called wrong

score.txt counts what was read, and below it, for wrong functions, what the checker itself found now: a known mistake
(named), a line and a piece of code (located), both, or neither (silent). tenth.txt has the latter for every tenth wrong
function, which a test compares. --table writes decides.txt: what each part of the checker decides, see without.py.
"""

from pathlib import Path

from answers import read_folder

from course.checker.words import CORRECT

FOLDER = Path(__file__).parent
SCORE, TENTH, DECIDES = FOLDER / "score.txt", FOLDER / "tenth.txt", FOLDER / "decides.txt"
KINDS = ("single", "double", "repair", "catch", "right")
READ = ("point", "broad", "misleading", "accepted", "refused")
GROUPS = ("named", "located", "both", "silent", "accepted")
BANK = read_folder(FOLDER / "answers")
WRONG = [answer for answer in BANK if answer.kind in ("single", "double")]


def group_of(found):
    """Return the group of a message to a wrong function."""
    if found.verdict == CORRECT:
        return "accepted"
    if found.lines or (found.cause and found.cause.places):
        return "both" if found.mistake else "located"
    return "named" if found.mistake else "silent"


def score(groups):
    """Return the text of score.txt. groups: dict, Answer -> its group, for wrong functions"""
    read = {answer: answer.read for answer in BANK}
    return f"What was read:\n{_table(read, READ)}\nWhat the checker found:\n{_table(groups, GROUPS)}"


def _table(found, columns):
    rows = {}
    for answer in sorted(found, key=lambda answer: (KINDS.index(answer.kind), answer.half)):
        rows.setdefault(f"{answer.kind} {answer.half}", []).append(found[answer])
    rows["all"] = list(found.values())
    lines = [f"{'':14}" + "".join(f"{column:>11}" for column in (*columns, "all"))]
    for name, row in rows.items():
        numbers = [*map(row.count, columns), len(row)]
        lines.append(f"{name:14}" + "".join(f"{number:11}" for number in numbers))
    return "\n".join(lines) + "\n"


def tenth(groups):
    """Return the text of tenth.txt: every tenth wrong function with its group."""
    return "".join(f"{answer.place} {answer.name}: {groups[answer]}\n" for answer in WRONG[::10])
