"""Marks: what check says about the answers of a learner, which run in a separate process (children.py)."""

import ast
import difflib
import functools
import inspect
from dataclasses import dataclass

from course.checker.exercise import REPAIR
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import EXERCISES
from course.marking.answers import answers_of
from course.marking.children import try_all

ABSENT = "not handed in"  # a fourth verdict: the exercise is not in what could be read
TEXT = 5_000  # characters of a text that comes from a child


@dataclass
class Mark:
    """The result of one learner in one exercise.

    mistake  the stable id of the known mistake, or ""
    message  what check says;  says: the same without where it is;  line: the learner's own line of code, or ""
    code     the answer without comments, to compare the answers of two learners
    follows  names of other exercises, if it is right with their finished functions instead of the learner's own
    seed     of a repair that was chosen by a number, that number, or ""
    words    what the learner wrote into the docstring of the answer, or "", also if it is the one that was given
    """

    learner: str
    exercise: str
    verdict: str = NOT_STARTED
    mistake: str = ""
    message: str = ""
    line: str = ""
    code: str = ""
    follows: str = ""
    seed: str = ""
    words: str = ""
    says: str = ""


@dataclass
class Marked:
    """All marks of a learner, and what could not be used, a sentence each."""

    learner: str
    marks: list
    problems: list


def mark(submission, seconds=60.0):
    """Try all answers of one learner, and return Marked. Never raises, whatever was handed in.

    seconds  the limit for one answer before its process is ended; endless loops are stopped there much earlier
    """
    answers, problems = _answers_of(submission)
    started = [answers[name] for name in EXERCISES if name in answers and not answers[name].is_stub]
    own_files = [path for _, path in submission.files if path.suffix == ".py"]
    told = try_all([answer for answer in started if not answer.fault], own_files, seconds)
    marks = {name: Mark(submission.learner, name, NOT_STARTED if name in answers else ABSENT) for name in EXERCISES}
    for answer in started:
        found = told.get(answer.name, {"message": answer.fault, "line": answer.line})
        marks[answer.name] = _mark_of(submission.learner, answer, found)
    return Marked(submission.learner, list(marks.values()), problems)


def _answers_of(submission):
    """Return ({exercise: HandedIn}, problems). Pages count before my_rnn, and a stub never hides an answer."""
    # Of two pages of one name, the shorter counts: 01_softmax before 01_softmax-Copy1 and 01_softmax (1).
    files = sorted(submission.files, key=lambda file: (file[1].suffix != ".ipynb", len(file[0])))
    answers, problems = answers_of(files)
    return answers, [*submission.problems, *problems]


def _mark_of(learner, answer, told):
    """Return the Mark of an answer. told: what its process reports, which may be anything if the answer cheats"""
    mistake, message, follows, seed, line, says = [
        told.get(key, "")[:TEXT] for key in ("mistake", "message", "follows", "seed", "line", "says")
    ]
    verdict = told.get("verdict")
    if seed and verdict == NOT_STARTED:
        message, verdict = "The function is as it was given.", NOT_YET
    if verdict not in (CORRECT, NOT_STARTED):
        verdict = NOT_YET
    code, words = _taken_apart(answer.own)
    words = "" if words in _given_words(answer.name) else words
    if seed and words and verdict == CORRECT:
        message = f"The function is right. Your words: {words}"
    line = (line or _line_of(code, mistake)) if verdict == NOT_YET else ""
    return Mark(learner, answer.name, verdict, mistake, message, line, code, follows, seed, words, says or message)


@functools.cache
def _given_words(name):
    """Return the docstrings of the broken functions that a repair gives, on the page and with each number."""
    if EXERCISES[name].kind != REPAIR:
        return set()
    given = [EXERCISES[name], *map(EXERCISES[name].with_seed, range(len(EXERCISES[name].seeds)))]
    return {_taken_apart(one.given)[1] for one in given}


def _line_of(code, mistake):
    """Return the learner's line that is most like a known mistake.

    If a known mistake differs from the right function in several places, there is a line for each of them.
    """
    name, _, key = mistake.partition("/")
    shown, own = set(), dict.fromkeys(line.strip() for line in code.split("\n")[1:] if line.strip())
    for one in [one for one in getattr(EXERCISES.get(name), "mistakes", []) if one.id == key]:
        steps = difflib.ndiff(inspect.getsource(one.right).split("\n"), one.source.split("\n"))
        wrong = [line[2:].strip() for line in steps if line.startswith("+ ")]
        for _, new in one.edits:
            parts = [part.strip() for part in new.split("\n") if part.strip()]
            typical = [line for line in wrong if any(part in line for part in parts)] or wrong
            pairs = [(difflib.SequenceMatcher(None, line, other).ratio(), line) for line in own for other in typical]
            shown.add(max(pairs, default=(0, ""))[1])
    return "\n".join(line[:200] for line in own if line in shown)


def _taken_apart(source):
    """Return (code without comments and docstrings in a standard form, the docstrings)."""
    try:
        tree, words = ast.parse(source), []
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and (text := ast.get_docstring(node)) is not None:
                words.append(text)
                node.body = node.body[1:] or [ast.Pass()]
        return ast.unparse(tree), "\n".join(words)
    except (SyntaxError, ValueError, RecursionError):
        return source, ""
