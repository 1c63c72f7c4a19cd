"""A loss in bits per character, and the surprise of a text that is read."""

import numpy as np

from course.checker.exercise import Case, Exercise
from course.checker.mistakes import mistakes_beside
from rnn_helpers import bits_per_character, softmax

known = mistakes_beside(__file__)


def bits_per_character_cases():
    return [
        Case("177.77 nats for 50 characters", (177.77, 50), {}),
        Case("84 nats for 50 characters", (84.0, 50), {}),
        Case("one character", (2.5, 1), {}),
        Case("a whole text", (180000.0, 93344), {}),
    ]


BITS_PER_CHARACTER = Exercise(
    bits_per_character,
    bits_per_character_cases,
    minutes=4,
    difficulty=1,
    mistakes=known("bits_per_character", bits_per_character),
    hints=[
        "Per character: share the loss out among the characters.",
        "A nat is 1 / ln 2 bits, about 1.44.",
        "In words: loss divided by num_characters, divided by the natural logarithm of 2.",
    ],
    why="log2(p) = ln(p) / ln(2), so a sum of nats becomes bits when divided by ln 2. Per character, texts of "
    "different lengths can be compared.",
    notice="A network that knows nothing needs log2(V) bits per character: 5.13 for V = 35.",
)


# ---------------------------------------------------------------- surprise


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
    ]


SURPRISE = Exercise(
    surprise,
    surprise_cases,
    minutes=10,
    difficulty=2,
    mistakes=known("surprise", surprise),
    hints=[
        "Row t holds the probabilities of what comes at step t. Which of them counts?",
        "One number from each row: probs[rows, targets] with rows = 0, 1, 2, ... as in your cross_entropy.",
        "In words: minus np.log2 of probs[np.arange(T), targets]. Neither a sum nor a mean is taken.",
    ],
    why="The loss adds up these numbers. One by one they show where a text is hard to guess: the same reading, before "
    "it is summed.",
    notice="A probability of 1/2 costs 1 bit, 1/4 costs 2 bits, and 1/1024 costs 10: each halving adds one.",
)
