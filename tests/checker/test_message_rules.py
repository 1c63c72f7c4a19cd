"""Rules for every message: short, no word that the pages have not introduced, no unexplained number, no fix."""

import ast
import functools
import inspect
import json
import re
import textwrap

import numpy as np
import pytest
from helpers import ROOT

from course.checker.judge import judge
from course.checker.trial import run
from course.lessons import BANK, WRITTEN, page_of
from course.lessons.contents import PAGES

MOST_SENTENCES, MOST_WORDS = 3, 32
# Technical terms: each may be in a message from the lesson on that introduces it.
TERMS = (
    "adagrad|adam|autoregressive|backpropagation|bias|bits|bptt|broadcast|chain rule|cross-entropy|diverge|entropy|"
    "epoch|euclidean|explode|gradient|greedy|hidden unit|identity matrix|inf|jacobian|learning rate|log-likelihood|"
    "logits|"
    "momentum|nan|nats|norm|one-hot|outer product|overflow|perplexity|recurrence|recurrent|regularization|relu|rms|"
    "saturated|sgd|sigmoid|softmax|spectral|stochastic|stream|surprise|temperature|tensor|transpose|underflow|vanish|"
    "vectorize|vocabulary"
).split("|")
# The names of the Sentences around those that say what is wrong: where, with which input, what is taken from the page.
FRAME = ("raised", "line", "tried", "where right", "outside", "mixed up")
# In a sentence with a number other than 0, 1 and 2, one of these says what it is.
MEANINGS = (
    "adds? up|approx|base|beta|between|by|character|column|count|cut|decay|entr|epsilon|exp|factor|float|from|gives|"
    "holds|hidden|id|inf|large|learning rate|line|list|loss|max_norm|norm|number|one|page|parameter|pass|places|"
    "position|probabilit|result|row|seq|shape|slope|square|start|step|temperature|times|together|tuple|type|u\\b|unit|"
    "value|weight|whole|zero|=|\\+"
)


def told(says):
    """Return the lines of the Sentences that say what is wrong, without those that say where and with which input."""
    return [line for one in says if one.name not in FRAME for line in one.text.split("\n")]


def sentences(text):
    """Return the sentences of a text. Code in backticks counts as one word and does not end a sentence."""
    text = re.sub(r"`[^`]*`|\([^()]*\)|\[[^\]]*\]", "CODE", text)
    text = re.sub(r"(?<=\d)\.(?=\d)|\b(np|rnn_helpers|math|parameters|forward|rng|hidden|v|m)\.\w", "N", text)
    return [part for part in re.split(r"(?<=[.?!])\s+|\n", text) if part.strip()]


@functools.cache
def words_up_to(last):
    """Return the text of the pages up to this one, without code."""
    text, stems = "", [page.stem for page in PAGES]
    for stem in stems[: stems.index(last) + 1]:
        cells = json.loads((ROOT / "notebooks" / f"{stem}.ipynb").read_text(encoding="utf-8"))["cells"]
        text += "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
    return text.lower()


def problems_of(name, lines):
    """Return what breaks a rule in the lines that say what is wrong with an answer to an exercise."""
    parts = [part for line in lines for part in sentences(line)]
    found = [f"{len(parts)} sentences"] if len(parts) > MOST_SENTENCES else []
    found += [f"{len(part.split())} words: {part}" for part in parts if len(part.split()) > MOST_WORDS]
    page, text = words_up_to(page_of(name).stem), " ".join(parts).lower()
    found += [f"{term!r} is not on the pages" for term in TERMS if has_word(term, text) and not has_word(term, page)]
    bare = [
        part for part in parts if re.search(r"(?<!\w)(?!-?[012]\b)\d", part) and not re.search(MEANINGS, part, re.I)
    ]
    return found + [f"a bare number: {part}" for part in bare]


def has_word(term, text):
    return re.search(rf"\b{re.escape(term)}", text) is not None if len(term) > 3 else f" {term} " in f" {text} "


def plain(code):
    return re.sub(r"\s+", "", code)


def parts_of(code):
    """Return each expression and each statement in a piece of code, without white space."""
    nodes = ast.walk(ast.parse(textwrap.dedent(code)))
    return {plain(ast.unparse(node)) for node in nodes if isinstance(node, (ast.expr, ast.stmt))}


# ---------------------------------------------------------------- known mistakes
@pytest.mark.parametrize("name", WRITTEN)
def test_the_message_of_a_known_mistake(name):
    problems = {mistake.id: problems_of(name, mistake.message.split("\n")) for mistake in WRITTEN[name].mistakes}
    assert not any(problems.values()), {id: found for id, found in problems.items() if found}


@pytest.mark.slow
@pytest.mark.parametrize("name", WRITTEN)
def test_no_message_shows_the_fix(name, subtests):
    """Code in a message may be the learner's own, or too little to be an answer."""
    mistakes, solution = WRITTEN[name].mistakes, parts_of(WRITTEN[name].solution)
    edited = {right: parts_of(inspect.getsource(right)) for right in {mistake.right for mistake in mistakes}}
    for mistake in mistakes:
        with subtests.test(mistake.id):
            right, wrong = solution | edited[mistake.right], plain(mistake.source)
            shown = [plain(code) for code in re.findall(r"`([^`]*)`", mistake.message)]
            assert not [code for code in shown if len(code) > 10 and code in right and code not in wrong]


# ---------------------------------------------------------------- all others
ODD = {
    "twice as large": lambda x: 2 * x,
    "a little more": lambda x: x + 0.1,
    "rounded": lambda x: np.round(x, 1),
    "in reverse order": lambda x: np.flip(x),
    "with an axis more": lambda x: np.asarray(x)[..., None],
    "not a number": lambda x: x * np.nan,
    "None": lambda x: None,
    "text": str,
    "complex": lambda x: x + 0j,
    "an error": lambda x: x[1, 2, 3, 4],
    "another error": lambda x: x + np.zeros(97),
}


def changed(result, change):
    """Return a changed result: the array, or each of several arrays."""
    if isinstance(result, list) and result and isinstance(result[0], tuple):
        return [tuple(map(change, pair)) for pair in result]
    return tuple(map(change, result)) if isinstance(result, tuple) else change(result)


def odd_answer(exercise, odd):
    """Return the right function of an exercise, but with an odd result."""

    @functools.wraps(exercise.function)
    def answer(*args):
        return changed(exercise.function(*args), ODD[odd])

    return answer


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in WRITTEN if WRITTEN[name].has_result])
def test_a_message_on_a_result_that_is_odd(name, subtests):
    exercise = WRITTEN[name]
    for odd in ODD:
        with subtests.test(odd):
            trial = run(exercise, odd_answer(exercise, odd))
            found = judge(exercise, trial, BANK)
            assert not problems_of(name, told(found.says)), found.message
