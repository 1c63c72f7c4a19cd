"""What does check say to answers that were written with the pages at hand, and without the known mistakes?

    python tests/answers/fresh.py             how many are accepted, named or located, and how long it takes
    python tests/answers/fresh.py --messages  every message too. Whether it is on the point, only a reader can tell
    python tests/answers/fresh.py --lesson 09 10 --half first  these lessons only, and this half

Each file of fresh_answers/ holds those of a lesson: a line "=== exercise, kind, half: what is special", then the code.
The kind is single or double (one or two mistakes) or right. The first half was at hand while the messages were
written, the second was opened when they stood.
"""

import argparse
import math
import os
import random
import re
import statistics
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np

TESTS = Path(__file__).resolve().parents[1]
if __name__ == "__main__":  # pytest sees to it itself
    sys.path[:0] = [str(TESTS.parent), str(TESTS)]
    own_file = tempfile.TemporaryDirectory()  # no test touches the learner's own file
    os.environ["MY_RNN"] = os.path.join(own_file.name, "my_rnn.py")

from cells import page  # noqa: E402

from course.checker.course import COURSE  # noqa: E402
from course.checker.say.words import CORRECT  # noqa: E402
from course.lessons import BANK, EXERCISES, page_of  # noqa: E402
from course.lessons.contents import PAGES  # noqa: E402

# What the pages import: the modules of the course, and what is in them.
FINISHED = {
    name: value
    for module in COURSE.modules.values()
    for name, value in vars(module).items()
    if callable(value) and not name.startswith("_")
}


class Answer(NamedTuple):
    """A fresh answer: the exercise, the kind, the half it belongs to, what is special, and the code of a cell."""

    name: str
    kind: str
    half: str
    what: str
    code: str


def answers():
    """Return the list of all Answers, in the order of the lessons."""
    found = []
    for file in sorted((TESTS / "answers" / "fresh_answers").glob("lesson_*.txt")):
        for text in re.split("^=== ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            head, code = text.split("\n", 1)
            about, what = head.split(": ", 1)
            name, kind, half = about.split(", ")
            found.append(Answer(name, kind, half.removesuffix(" half"), what, code))
    return found


def function_of(answer):
    """Run an answer as a cell of a page on which all finished functions but its own are imported."""
    modules = {name.rpartition(".")[2]: module for name, module in COURSE.modules.items()}
    names = {"__name__": "__main__", "np": np, "math": math, "random": random, **modules, **FINISHED}
    names.pop(answer.name, None)
    return page(answer.code, names)[answer.name]


def finding(answer):
    """Return what check finds of an answer, with verdict, message and the id of a known mistake."""
    return EXERCISES[answer.name].examine(function_of(answer), BANK)


def group_of(found):
    """Return in which way a message tells what is wrong."""
    if found.verdict == CORRECT:
        return "accepted"
    if re.search("look at `|Look at line|Two places", found.message):
        return "located, and a known mistake" if found.mistake else "located"
    if found.mistake:
        return "known mistake"
    return "what it depends on" if "not use " in found.message else "first difference"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", action="store_true")
    parser.add_argument("--lesson", nargs="*", default={page.number for page in PAGES})
    parser.add_argument("--half", nargs="*", default=["first", "second"])
    asked = parser.parse_args()
    counts, seconds = Counter(), {}
    chosen = [one for one in answers() if page_of(one.name).number in asked.lesson and one.half in asked.half]
    for answer in chosen:
        began = time.perf_counter()
        found = finding(answer)
        took = time.perf_counter() - began
        group = group_of(found)
        counts[answer.kind, answer.half, group] += 1
        seconds.setdefault(group, []).append(took)
        if asked.messages:
            about = f"{answer.name}, {answer.kind}, {answer.half} half: {answer.what}"
            print(f"{'=' * 100}\n{about}\n{answer.code}--- {group}\n{found.message}")
    for (kind, half, group), count in sorted(counts.items()):
        print(f"{kind:7} {half:7} {group:30} {count:4}")
    for group, took in seconds.items():
        print(f"{group:30} median {statistics.median(took):.3f} s, longest {max(took):.2f} s")


if __name__ == "__main__":
    main()
