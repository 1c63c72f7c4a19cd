"""How well does check say what is wrong? An evaluation set of wrong answers, and the result for each.

answers/*.txt have the format of tests/answers. They were written with the pages at hand, but without a look at the
known mistakes, with one mistake (single) or two (double). The second half was opened only when the messages were
finished. The group of an answer says what its message does:

    named     it names a known mistake
    located   it gives the line and the piece of code
    both      it gives them, and names a known mistake that remains
    silent    it gives only the first number that differs
    accepted  the answer is called correct: always a failure

score.txt counts the groups. tenth.txt has the group of every tenth answer, which a test compares.
"""

import re
from pathlib import Path

from answers import KINDS, finding, read_folder

from course.checker.words import CORRECT

FOLDER = Path(__file__).parent
SCORE, TENTH = FOLDER / "score.txt", FOLDER / "tenth.txt"
GROUPS = ("named", "located", "both", "silent", "accepted")
BANK = read_folder(FOLDER / "answers")


def group_of(found):
    """Return the group of a message."""
    if found.verdict == CORRECT:
        return "accepted"
    if re.search("look at `|Look at line|Two places", found.message):
        return "both" if found.mistake else "located"
    if found.mistake:
        return "named"
    return "silent"


def score(groups):
    """Return the table of score.txt. groups: dict, Answer -> its group"""
    rows = {}
    for answer in sorted(groups, key=lambda answer: (KINDS.index(answer.kind), answer.half)):
        rows.setdefault(f"{answer.kind} {answer.half}", []).append(groups[answer])
    rows["all"] = list(groups.values())
    lines = [f"{'':14}" + "".join(f"{group:>10}" for group in (*GROUPS, "all"))]
    for name, row in rows.items():
        numbers = [*map(row.count, GROUPS), len(row)]
        lines.append(f"{name:14}" + "".join(f"{number:10}" for number in numbers))
    return "\n".join(lines) + "\n"


def tenth(groups=None):
    """Return the text of tenth.txt: every tenth answer with its group, from groups or computed now."""
    chosen = BANK[::10]
    groups = groups or {answer: group_of(finding(answer)) for answer in chosen}
    return "".join(f"{answer.place} {answer.name}: {groups[answer]}\n" for answer in chosen)
