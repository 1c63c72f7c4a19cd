"""The network of the home page as NumPy trains it: what the page shows where it cannot learn, and what tests compare.

The start is made of Lehmer's random numbers, which are the same in JavaScript. So are the losses, to the last digits.
"""

import html
import re
from dataclasses import dataclass

import numpy as np

from course.engine import RNN, train
from course.show.alive import FIRST_DICE, rounded
from rnn_helpers import Parameters, Vocabulary, forward_pass, load_corpus, sample_ids

UNITS, LENGTH, STREAMS, READINGS = 75, 50, 24, 4
RECIPE = {  # of page 11
    "learning_rate": 0.036,
    "max_norm": 20,
    "optimizer": "adam_short",
    "rates": {"W_xh": 8, "W_hh": 0.7},
    "decay": "linear",
}
START = 1  # of the network: the first of all; no other was tried for this page
LINE, DARING, LETTERS = "shall i compare thee to a summer's day?", 0.6, 320
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


class Numbers:
    """Stands in for a random generator: Lehmer's numbers, as dice of network.js gives them."""

    def __init__(self, seed):
        self.seed = seed

    def random(self):
        self.seed = self.seed * 48271 % 2147483647
        return self.seed / 2147483647


def start(H, V, seed):
    """Return the Parameters that learner.js begins with: nearly normal numbers, each a sum of twelve others."""
    random = Numbers(seed).random

    def numbers(rows, columns, size):
        sums = [sum((random() for _ in range(12)), -6.0) / size for _ in range(rows * columns)]
        return np.reshape(sums, (rows, columns)).T.copy()

    matrices = [numbers(V, H, 1), numbers(H, H, H**0.5), numbers(H, V, H**0.5)]
    return Parameters(*matrices, np.zeros(H), np.zeros(V))


@dataclass
class Learned:
    """A network that has learned: its text, what a letter cost it before each step and at last, and what it writes."""

    text: str
    vocabulary: Vocabulary
    parameters: Parameters
    bits: np.ndarray

    def verse(self, line=LINE, dice=FIRST_DICE):
        """Return how it continues a line, which has ended."""
        first, *others = self.vocabulary.encode(f"\n{line}\n")
        read = np.array([first, *others[:-1]])
        h = forward_pass(read, read, np.zeros(UNITS), self.parameters).hidden[-1]
        return self.vocabulary.decode(sample_ids(self.parameters, h, others[-1], LETTERS, Numbers(dice), DARING))


def learn(seed=START):
    """Return the Learned network that the course's own engine makes of the Sonnets, its numbers in two bytes each."""
    corpus = load_corpus("sonnets")
    model = RNN._replace(initialize=lambda H, V, rng, scale: start(H, V, seed))
    run = train(corpus, UNITS, LENGTH, num_epochs=READINGS, streams=STREAMS, model=model, progress=False, **RECIPE)
    bits = np.array([LENGTH * np.log(corpus.vocab_size), *run.losses]) / LENGTH / np.log(2)
    return Learned(corpus.text, corpus.vocabulary, rounded(run.parameters), bits)


def known_words(verse, text):
    """Return a verse as HTML, in which the words that stand in a text are in b."""
    known = set(WORD.findall(text))
    return WORD.sub(lambda word: f"<b>{word[0]}</b>" if word[0] in known else word[0], html.escape(verse, quote=False))
