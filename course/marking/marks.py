"""Marks: each answer runs in a child process (children.py), and what it did is judged here."""

import ast
import base64
import difflib
import functools
import pickle
import re
import threading
from dataclasses import dataclass

import numpy as np

from course.base.hints import signature_without_hints
from course.checker import blame
from course.checker.blame import ANSWER, whose
from course.checker.course import COURSE
from course.checker.exercise import CATCH, CHOOSE, Finding, finished_others
from course.checker.trial import Outcome, Trial, same_parts
from course.checker.words import CORRECT, NOT_STARTED, NOT_YET
from course.lessons import BANK, EXERCISES, asked_for
from course.marking.answers import read_answers
from course.marking.children import Children

TEXT = 5_000  # letters of a text that comes from a child
NUMBERS = re.compile(r"[<>|=][biuf]\d+")
_one_at_a_time = threading.Lock()  # the checker judges for one learner after the other


@dataclass
class Mark:
    """How one learner stands with one exercise.

    mistake  the stable id of the known mistake, or "";  points: 1 for right, else the share of cases passed
    message  what a teacher would say;  line: the learner's own line of code that shows it, or ""
    code     the answer without comments: two learners' are compared by it
    follows  names of other exercises, if it is right with their finished functions in place of the learner's own
    """

    learner: str
    exercise: str
    verdict: str = NOT_STARTED
    mistake: str = ""
    points: float = 0.0
    message: str = ""
    line: str = ""
    code: str = ""
    follows: str = ""


@dataclass
class Marked:
    """All marks of a learner, what could not be used, and what this system cannot limit: texts, a sentence each."""

    learner: str
    marks: list
    problems: list
    missing: list


def mark(submission, seconds=60.0):
    """Try all answers of one learner, and return Marked. Never raises for what was handed in.

    seconds  that one answer may take before its process is ended: loops that never end are ended there much earlier
    """
    answers, problems = _answers_of(submission)
    marks = {name: Mark(submission.learner, name) for name in EXERCISES}
    own_files = [path for _, path in submission.files if path.suffix == ".py"]
    with Children(seconds, own_files) as children:
        for answer in sorted(answers.values(), key=lambda answer: EXERCISES[answer.exercise].kind == CATCH):
            if not answer.is_stub:
                tried = _try(answer, children)
                if tried.finding.verdict == NOT_YET:
                    tried = _tried_apart(answer, tried, children)
                marks[answer.exercise] = _mark_of(submission.learner, answer, tried)
    return Marked(submission.learner, list(marks.values()), problems, children.missing)


def _answers_of(submission):
    """Return ({exercise: Answer}, problems). Pages count before my_rnn, and a stub never hides an answer."""
    answers, problems = {}, list(submission.problems)
    for shown, path in sorted(submission.files, key=lambda file: file[1].suffix != ".ipynb"):
        found, faults = read_answers(shown, path)
        problems += faults
        for answer in found:
            known = answers.get(answer.exercise)
            if known is None or known.is_stub:
                answers[answer.exercise] = answer
            elif not answer.is_stub and known.own.strip() != answer.own.strip() and path.suffix == ".ipynb":
                problems.append(f"{answer.exercise} is answered in {known.file} and in {shown}: the first counts.")
    return answers, problems


def _given(answer, callee=ANSWER, finished=()):
    """Return what a child needs to run an answer.

    callee    the name of another exercise, if the function of that one is to be run which the answer calls
    finished  the names of those whose finished functions stand in place of the learner's
    """
    exercise = EXERCISES[callee] if callee else asked_for(answer.name)
    given = {"name": exercise.name, "kind": exercise.kind, "expression": answer.expression}
    given |= {"code": answer.code, "parts": answer.parts}
    if exercise.kind in (CATCH, CHOOSE):
        return given
    given |= {"others": _others(answer.name), "callee": callee, "finished": list(finished)}
    return given | _form_of(callee or answer.name)


@functools.cache
def _others(name):
    """Return the names of the other exercises whose finished functions a child has at hand."""
    with _one_at_a_time:
        return [other for other in finished_others(asked_for(name), BANK) if COURSE.finished_function(other)]


@functools.cache
def _form_of(name):
    """Return the inputs of an exercise, and the form of its arguments and results: no right answer."""
    exercise = asked_for(name)
    with _one_at_a_time:
        cases = pickle.dumps(exercise.cases())
    return {
        "signature": str(signature_without_hints(exercise.function)),
        "returns": exercise.returns,
        "type": base64.b64encode(pickle.dumps(exercise.type)).decode(),
        "in_place": exercise.in_place,
        "result": exercise.result,
        "cases": base64.b64encode(cases).decode(),
        "few_rounds": exercise.few_rounds,
        "after": base64.b64encode(pickle.dumps(exercise.after)).decode(),
    }


@dataclass
class _Tried:
    """What came back from a child, and what is found of it. trial: what it tells, or an empty one that was stopped"""

    told: dict
    finding: Finding
    points: float = 0.0
    trial: Trial = None

    def __post_init__(self):
        if self.trial is None:
            self.trial = Trial()
            self.trial.stopped = self.finding.message


def _try(answer, children, callee=ANSWER, finished=()):
    """Let a child run an answer, or a function that it calls, and return what is found: _Tried."""
    told = {"fault": answer.fault} if answer.fault else children.ask(_given(answer, callee, finished))
    with _one_at_a_time:
        return _judged(EXERCISES[callee] if callee else asked_for(answer.name), answer, told)


def _judged(exercise, answer, told):
    """Judge what came back from a child."""
    if told.get("seen"):
        says = f"It {told['seen']}. An answer has no business doing that: it was refused."
        return _Tried(told, Finding(NOT_YET, says))
    if told.get("fault"):
        return _Tried(told, Finding(NOT_YET, str(told["fault"])[:TEXT]))
    try:
        return _Tried(told, *_judge(exercise, answer, told))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        says = f"What came back from it makes no sense ({type(error).__name__}): it was left out."
        return _Tried(told, Finding(NOT_YET, says))


def _tried_apart(answer, tried, children):
    """Return what is found of an answer with the finished functions in place of those that it calls and that are not
    right: what follows from another exercise is no mistake of its own."""
    latest = {}  # names of the finished ones -> _Tried

    def try_out(callee, finished):
        now = _try(answer, children, callee, finished)
        if callee == ANSWER:
            latest[tuple(finished)] = now
        return now.trial, now.finding

    states, _, _ = whose(_calls(answer, tried.told), (tried.trial, tried.finding), try_out)
    if not states:
        return tried
    now = latest[tuple(states)]
    now.finding = blame.told(EXERCISES[answer.exercise].name, states, now.finding)
    return now


def _calls(answer, told):
    """Return what a child has told of the functions of other exercises that an answer calls."""
    calls, others = told.get("calls"), [ANSWER, *_others(answer.name)]
    if not isinstance(calls, dict):
        return {}
    return {
        caller: {name: state for name, state in called.items() if name in others and state in blame.STATES}
        for caller, called in calls.items()
        if caller in others and isinstance(called, dict)
    }


def _mark_of(learner, answer, tried):
    """Return the Mark of an answer."""
    finding, points, name = tried.finding, tried.points, EXERCISES[answer.exercise].name
    verdict, message, follows = finding.verdict, finding.message, ", ".join(finding.follows)
    if follows:
        verdict, message = CORRECT, f"Right, with the course's {follows} in place of their own."
    points = 1.0 if verdict == CORRECT else points if verdict == NOT_YET else 0.0
    if verdict == CORRECT and tried.told.get("finished"):
        points, message = 0.0, "This is the finished function of the course."
    line = _line_of(answer, finding) if verdict == NOT_YET else ""
    return Mark(learner, name, verdict, finding.mistake, points, message, line, _plain(answer.own), follows)


def _judge(exercise, answer, found):
    """Return (Finding, points, Trial or None) of an answer of any kind."""
    if exercise.kind == CATCH:
        return *_judge_check(found), None
    if exercise.kind == CHOOSE:
        return _chosen(exercise.name, type(found["value"]), found["value"]), 0.0, None
    trial, expected = _trial(found), BANK.expected(exercise.name)
    passed = [
        not (got.error or got.problem or got.changed) and same_parts(got, want)
        for got, want in zip(trial.outcomes, expected)
    ]
    points = min(round(sum(passed) / len(expected), 2), 0.95)
    if exercise.is_source_as_given(answer.own):
        return Finding(NOT_STARTED, ""), points, trial
    return exercise.examine_trial(trial, BANK), points, trial


def _judge_check(found):
    *texts, follows = found["finding"]
    finding = Finding(*[str(text)[:TEXT] for text in texts], tuple(name for name in EXERCISES if name in follows))
    if finding.verdict not in (CORRECT, NOT_YET, NOT_STARTED):
        raise ValueError
    score = re.search(r"^(\d+) of (\d+) wrong ones caught, no right one refused", finding.message, re.MULTILINE)
    return finding, min(round(int(score[1]) / int(score[2]), 2), 0.95) if score else 0.0


@functools.cache
def _chosen(name, kind, value):
    """Return the Finding on a choice: what it gives may take seconds, and many learners choose alike."""
    if value is None:
        return Finding(NOT_STARTED, "")
    return EXERCISES[name].examine_value(value)


def _trial(found):
    """Return the Trial that a child has told of. ValueError or the like if what it told is none."""
    trial = Trial()
    for name in ("refused", "own_name", "stopped"):
        setattr(trial, name, str(found[name])[:TEXT])
    trial.idle, trial.rounds = found["idle"] is True, int(found["rounds"])
    trial.outside = {str(name)[:100]: [str(one)[:100] for one in data] for name, data in found["outside"].items()}
    trial.outcomes, trial.again = [[_outcome(told) for told in found[key]] for key in ("outcomes", "again")]
    return trial


def _outcome(told):
    outcome = Outcome()
    for name, value in vars(Outcome()).items():
        if isinstance(value, str):
            setattr(outcome, name, str(told[name])[:TEXT])
        elif isinstance(value, bool):
            setattr(outcome, name, told[name] is True)
    outcome.form = _as_tuple(told["form"])
    outcome.changed, outcome.after = [[str(one) for one in told[key]] for key in ("changed", "after")]
    outcome.parts = {str(name): _array(one) for name, one in told["parts"].items()}
    return outcome


def _array(told):
    if not NUMBERS.fullmatch(told["dtype"]):
        raise ValueError("not an array of numbers")
    data = base64.b64decode(told["data"])
    return np.frombuffer(data, told["dtype"]).reshape(told["shape"]).copy()


def _as_tuple(value):
    return tuple(map(_as_tuple, value)) if isinstance(value, list) else value


def _line_of(answer, finding):
    """Return the learner's line that shows a mistake: the one that the message names, or that looks most like it."""
    named = re.search(r"^in (?:your `\w+`, )?line \d+: `(.+)`$", finding.message, re.MULTILINE)
    if named:
        return named[1]
    name, _, key = finding.mistake.partition("/")
    mistakes = [one for one in getattr(EXERCISES.get(name), "mistakes", []) if one.id == key]
    typical = [line.strip() for one in mistakes for _, new in one.edits for line in new.split("\n") if line.strip()]
    own = [line for line in _code_lines(answer.own) if line]
    if not own or not typical:
        return ""
    likeness = {line: max(difflib.SequenceMatcher(None, line, other).ratio() for other in typical) for line in own}
    return max(likeness, key=likeness.get)[:200]


def _code_lines(source):
    """Return the lines below the first, without blanks around them, comments and docstrings."""
    lines = [line.strip() for line in source.split("\n")]
    try:
        nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    except (SyntaxError, ValueError, RecursionError):
        nodes = []
    for node in nodes:
        if ast.get_docstring(node) is not None:
            text = node.body[0]
            lines[text.lineno - 1 : text.end_lineno] = [""] * (text.end_lineno - text.lineno + 1)
    return ["" if line.startswith("#") else line for line in lines[1:]]


def _plain(source):
    """Return code without comments and docstrings, in one form."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError):
        return source
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)
