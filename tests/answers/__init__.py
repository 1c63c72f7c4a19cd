"""Answers to the exercises as learners type them into a cell, and what must be true of each: one format, *.txt.

    === softmax | wrong | must say: each row needs its own sum; overflow
    | about: a field that would make the first line too long
    def softmax(logits):
        return np.exp(logits) / np.sum(np.exp(logits))

The head gives the exercise and the kind of the answer:

    right           check accepts it
    wrong           check says "not yet"
    single, double  wrong, with one mistake or two: written from the pages alone, without the known mistakes
    repair, catch   wrong in the same way, of these kinds of exercise
    edits           wrong: what report shows, with each line with - replaced by those with +
    hostile         a check that looks at other things than results, or does harm: "not yet", and no trace is left

Fields follow, in any order, if there is more to test:

    must say: a; b      each of these texts is in the message; {axis} stands for the words of that kind of place
    must not say: a; b  none of these is
    must match: a       this regular expression is found in the message
    mistake: a          the id of the known mistake that the message names
    search says: a      the whole message of the search in the code, which knows no mistakes
    slip: a             the kind of slip, for that search
    search: a           "without an end": some edits of this code run forever, or fill the memory
    seed: a             the number by which report chooses the broken function, and check judges it
    half: a             first, second or third: the part of the bank that it belongs to, see tests/evaluation
    read: a             what was found when its message was read by hand: see tests/evaluation
    about: a            what is special

The page has imported NumPy, math, random, Counter, and all finished functions except the one that is asked for. Answers
to one exercise are together, the right ones first. To add one, write it: test_answers.py checks what its head says.

Singles, doubles, repairs and catches are in tests/evaluation, and measure how good the messages are. To see the message
for each answer of a file in that folder or this one: python tests/evaluation --messages FILE
"""

import math
import random
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from cells import page

from course.checker.course import MODULES
from course.checker.slips.place import WORDS
from course.lessons import BANK, EXERCISES, WRITTEN

KINDS = ("right", "wrong", "single", "double", "repair", "catch", "edits", "hostile")
LISTS = ("must say", "must not say")
TEXTS = ("must match", "mistake", "search says", "slip", "search", "seed", "half", "read", "about")


@dataclass(frozen=True)
class Answer:
    """An answer to an exercise: its place, the exercise, the kind, the code, and what must be true of it."""

    place: str
    name: str
    kind: str
    code: str
    must_say: tuple = ()
    must_not_say: tuple = ()
    must_match: str = ""
    mistake: str = ""
    search_says: str = ""
    slip: str = ""
    search: str = ""
    seed: str = ""
    half: str = ""
    read: str = ""
    about: str = ""

    def __str__(self):
        return f"{self.place} {self.name}, {self.kind}" + (f": {self.about}" if self.about else "")

    @property
    def number(self):
        return int(self.seed) if self.seed else None

    @property
    def is_told_something(self):
        return bool(self.must_say or self.must_not_say or self.must_match or self.mistake)

    def check_message(self, message):
        """Fail unless the message says what it must."""
        for text in map(in_words, self.must_say):
            assert text in message, f"{text!r} is not in: {message}"
        for text in self.must_not_say:
            assert text not in message, f"{text!r} is in: {message}"
        assert re.search(self.must_match, message, re.DOTALL), f"{self.must_match!r} does not match: {message}"


def in_words(text):
    """Put the words for each kind of place in the code, such as {axis}, into a text."""
    return re.sub(r"\{([a-z ]+)\}", lambda found: WORDS[found[1]], text)


def read(text, file):
    """Return the list of Answers in a text. ValueError gives the place of a malformed head."""
    found = []
    for start in re.finditer(r"^=== ", text, re.MULTILINE):
        place = f"{file}:{text.count(chr(10), 0, start.start()) + 1}"
        block = re.split(r"^=== ", text[start.end() :], maxsplit=1, flags=re.MULTILINE)[0]
        head, code = re.fullmatch(r"(.*(?:\n\| .*)*)\n((?:.|\n)*)", block).groups()
        name, kind, *fields = re.split(r" \| |\n\| ", head)
        if kind not in KINDS:
            raise ValueError(f"{place}: the kind is {kind!r}; use one of {', '.join(KINDS)}.")
        values = {}
        for field in fields:
            key, _, value = field.partition(": ")
            if key not in LISTS + TEXTS:
                raise ValueError(f"{place}: a field is called {key!r}; use one of {', '.join(LISTS + TEXTS)}.")
            values[key.replace(" ", "_")] = tuple(value.split("; ")) if key in LISTS else value
        found.append(Answer(place, name, kind, code.rstrip("\n") + "\n", **values))
    return found


def read_file(path):
    """Return the list of Answers in a file."""
    return read(path.read_text(encoding="utf-8"), path.name)


def read_folder(folder):
    """Return the list of Answers in all files of a folder."""
    return [answer for path in sorted(folder.glob("*.txt")) for answer in read_file(path)]


ANSWERS = read_folder(Path(__file__).parent)


def finished_page(without=""):
    """Return the names of a page that has imported all finished functions except one."""
    names = {"__name__": "__main__", "np": np, "math": math, "random": random, "Counter": Counter}
    names |= {path.rpartition(".")[2]: module for path, module in MODULES.items() if "engine" not in path}
    for module in MODULES.values():
        names |= {key: value for key, value in vars(module).items() if callable(value) and not key.startswith("_")}
    names.pop(without, None)
    return names


def function_of(answer):
    """Run an answer as a cell of a page, and return its function."""
    return page(code_of(answer), finished_page(answer.name))[answer.name]


def code_of(answer):
    """Return the code of the cell; for edits, what report shows with these edits applied."""
    if answer.kind != "edits":
        return answer.code
    lines, place = exercise_of(answer).given.split("\n"), 0
    for edit in answer.code.splitlines():
        sign, line = edit[0], edit[2:]
        if sign == "-":
            assert lines.count(line) == 1, f"{answer}: {line!r} is there {lines.count(line)} times, not once"
            place = lines.index(line)
            del lines[place]
        else:
            lines.insert(place, line)
            place += 1
    return "\n".join(lines) + "\n"


def exercise_of(answer):
    """Return the exercise to which an answer belongs, with its number if it has one."""
    exercise = EXERCISES[answer.name]
    return exercise if answer.number is None else exercise.with_seed(answer.number)


def of(name, *kinds):
    """Return the Answers to an exercise, only of these kinds if any are given."""
    return [answer for answer in ANSWERS if answer.name == name and (not kinds or answer.kind in kinds)]


def finding(answer, function=None):
    """Return the Finding of check on an answer: verdict, message, the id of a known mistake."""
    return exercise_of(answer).examine(function or function_of(answer), BANK)


# The right functions for an exercise, in several styles.
RIGHT = {name: [function_of(answer) for answer in of(name, "right")] for name in WRITTEN}
