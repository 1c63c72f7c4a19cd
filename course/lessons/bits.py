"""The surprise of each character of a text."""

import math  # noqa: F401  a known mistake calls it

import numpy as np

from course.checker.exercise import Case, Exercise
from course.checker.mistakes import mistakes_beside
from course.lessons.cases import hard, impossible_remark
from rnn_helpers import softmax

known = mistakes_beside(__file__)


def surprise(probs, targets):
    """Return how many bits each target cost, (T,): -log2 of the probability that it got, from probs (T, V)."""
    return -np.log2(probs[np.arange(len(targets)), targets])


def surprise_cases():
    def case(label, T, V, seed, spread=1.5):
        rng = np.random.default_rng(seed)
        return Case(label, (softmax(rng.normal(0, spread, (T, V))), rng.integers(0, V, T)), {"T": T, "V": V})

    certain = np.array([[0.25, 0.0, 0.75, 0.0], [0.0, 1.0, 0.0, 0.0], [0.5, 0.5, 0.0, 0.0]])
    rows = softmax(np.random.default_rng(58).normal(0, 1, (4, 5)))
    return [
        case("a short text", 3, 4, 51),
        case("a longer text, some characters more than once", 9, 5, 52),
        case("one character (T = 1)", 1, 6, 53),
        Case("the last character of the vocabulary", (rows, np.array([2, 0, 4, 4])), {"T": 4, "V": 5}),
        Case("a network that is certain, and right", (certain, np.array([0, 1, 1])), {"T": 3, "V": 4}),
        case("some probabilities next to 0", 5, 7, 54, 60.0),
        *hard("probabilities", lambda given: given, lambda given: {"T": 2, "V": 3}),
    ]


SURPRISE = Exercise(
    surprise,
    surprise_cases,
    minutes=10,
    difficulty=2,
    rare=2,
    remark=impossible_remark,
    mistakes=known("surprise", surprise),
    hints=[
        "Row t holds the probabilities of what comes at step t. Which of them counts?",
        "One number from each row: probs[rows, targets] with rows = 0, 1, 2, ... as in your cross_entropy.",
        "In words: minus np.log2 of probs[np.arange(T), targets]. Neither a sum nor a mean is taken.",
    ],
    why="The loss adds up these numbers. Before they are added up, they show at which characters a text is hard to "
    "guess.",
    notice="A probability of 1/2 costs 1 bit, 1/4 costs 2 bits, and 1/1024 costs 10: each halving adds one.",
)
