"""The general claims of page 18, each on a text of your choice: what a wrong letter costs, and what a writer knows."""

import functools
import re

import numpy as np

from course.engine import RNN, sample, train
from course.models.counting import ngram_text, witten_bell
from course.models.gates import GRUParameters
from course.models.judging import network_probabilities, split, standard_error
from experiments.gru_run import FILE
from rnn_helpers import draw, load_corpus, output_probs, rnn_step

RECIPE = {"optimizer": "muon", "streams": 24, "init": "fan_in", "decay": "linear", "progress": False}
WRITTEN = 9000  # characters
PLACES = 2500  # letters of the unseen tenth that are made wrong
BLOCK = 27  # of these places lie within about 100 characters
BLOCKS = 9  # of them, whose differences give an error


@functools.cache
def network(text, seed, units=75):
    """Return the parameters of a plain network that has read eight tenths of a text."""
    return train(split(text)[0], units, 50, 0.085, 8, seed=seed, **RECIPE).parameters


def with_error(values, block=100):
    return values.mean(), standard_error(values, block)


# ---------------------------------------------------------------- one wrong letter
@functools.cache
def after_a_wrong_letter(text, seed):
    """Return what twelve characters cost more after a wrong letter: network, 4-gram, tuned table; (places, 12) each."""
    seen, unseen, _ = split(text)
    rng, parameters = np.random.default_rng(0), network(text, seed)  # the same letters for each start, as on the page
    is_letter = np.array([char.isalpha() for char in text.chars])
    inside = np.arange(50, len(unseen.ids) - 13)
    places = np.sort(rng.choice(inside[is_letter[unseen.ids[inside]]], PLACES, replace=False))
    right = unseen.ids[places[:, None] + np.arange(-50, 13)]
    wrong = right.copy()
    for window in wrong:
        others = is_letter & (np.arange(text.vocab_size) != window[50])
        window[50] = draw(others / others.sum(), rng.random())

    def costs(windows, order=0, handed_down=1):
        if not order:
            return -np.log2(network_probabilities(parameters, windows.T)[50:].T)
        in_a_row = windows.ravel()  # at the end of a window, a table sees nothing of the one before
        return -np.log2(witten_bell(seen.ids, in_a_row, text.vocab_size, order, handed_down)).reshape(-1, 63)[:, 51:]

    return [costs(wrong, *table) - costs(right, *table) for table in ((), (4, 1), (6, 6))]


def network_pays_less_than_4_gram(text, seed):
    of_network, of_table, _ = after_a_wrong_letter(text, seed)
    return with_error((of_table - of_network).sum(axis=1), BLOCK)


def tuned_table_pays_less(text, seed):
    of_network, _, of_table = after_a_wrong_letter(text, seed)
    return with_error((of_network - of_table).sum(axis=1), BLOCK)


def forgotten_after_eight(text, seed):
    return with_error(0.1 - after_a_wrong_letter(text, seed)[0][:, 7], BLOCK)


# ---------------------------------------------------------------- what it writes
def drawn_surprises_as_verse(text, seed):
    """By how much the cost of a drawn text is nearer than 0.2 bits to that of unseen text. Two texts, so no pairs."""
    parameters, unseen = network(text, seed), split(text)[1].ids
    written = text.encode(sample(parameters, text, WRITTEN, seed=seed))
    drawn, verse = [-np.log2(network_probabilities(parameters, ids)) for ids in (written, unseen)]
    error = np.hypot(standard_error(drawn), standard_error(verse))
    return 0.2 - abs(drawn.mean() - verse.mean()), error


def words_of(text):
    return re.findall("[a-z']+", text)


def known_in_blocks(text, written):
    """Return the percentage of known words in each ninth of a text."""
    known = set(words_of(split(text)[0].text))
    size = len(written) // BLOCKS
    blocks = [words_of(written[k * size : (k + 1) * size]) for k in range(BLOCKS)]
    return np.array([100 * np.mean([word in known for word in words]) for words in blocks])


def three_characters_know_as_many_words(text, seed):
    seen = split(text)[0].text
    by_network = sample(network(text, seed), text, WRITTEN, seed=seed)
    return with_error(known_in_blocks(text, ngram_text(seen, 4, WRITTEN, seed)) - known_in_blocks(text, by_network), 1)


def different_with_error(written):
    """Return the percentage of different words of a text and its error: it is taken again without each of its ninths
    (the jackknife), because a shorter text has more of them, so the ninths alone would not do."""
    size = len(written) // BLOCKS
    rests = [words_of(written[: k * size] + written[(k + 1) * size :]) for k in range(BLOCKS)]
    without = np.array([100 * len(set(words)) / len(words) for words in rests])
    words = words_of(written)
    return 100 * len(set(words)) / len(words), without.std() * np.sqrt(BLOCKS - 1)


def top_p(probs, share):
    """Return probabilities of which only the largest are left, as few as hold the share together."""
    order = np.argsort(-probs)
    kept = order[: 1 + np.searchsorted(np.cumsum(probs[order]), share)]
    return np.where(np.isin(np.arange(len(probs)), kept), probs, 0)


def from_a_list(text):
    """Return a function (probabilities, word so far) -> probabilities without those that leave the words of a text."""
    known = set(words_of(split(text)[0].text))
    beginnings = {word[:end] for word in known for end in range(1, len(word) + 1)}
    letters = np.array([bool(words_of(char)) for char in text.chars])

    def cut(probs, word):
        longer = [word + char in beginnings for char in text.chars]
        return np.where(np.where(letters, longer, word == "" or word in known), probs, 0)

    return cut


def written_with(text, seed, cut):
    """Return what a network writes when the probabilities are cut before each draw. cut: (probs, word so far)."""
    parameters, rng = network(text, seed), np.random.default_rng(seed)
    h, char_id, word, ids = np.zeros(75), text.chars.index("\n"), "", []
    for _ in range(WRITTEN):
        h = rnn_step(char_id, h, parameters)
        probs = cut(output_probs(h, parameters), word)
        char_id = draw(probs / probs.sum(), rng.random())
        ids.append(char_id)
        word = word + text.chars[char_id] if words_of(text.chars[char_id]) else ""
    return text.decode(ids)


def a_list_of_words_keeps_variety(text, seed):
    listed, listed_error = different_with_error(written_with(text, seed, from_a_list(text)))
    cut_off, cut_off_error = different_with_error(written_with(text, seed, lambda probs, _: top_p(probs, 0.8)))
    return listed - cut_off, np.hypot(listed_error, cut_off_error)


# ---------------------------------------------------------------- in passing
def shares(text, written):
    """Return the percentages of known words and of different words of a text."""
    words, known = words_of(written), set(words_of(split(text)[0].text))
    return 100 * np.mean([word in known for word in words]), 100 * len(set(words)) / len(words)


def words_of_grus():
    """What the three stored GRUs of page 13 write at a temperature of 0.7."""
    sonnets, stored, found = load_corpus("sonnets"), np.load(FILE), {}
    for seed in range(3):
        parameters = GRUParameters(*[stored[name][seed].astype(float) for name in GRUParameters._fields])
        written = sample(parameters, sonnets, WRITTEN, temperature=0.7, seed=seed)
        found |= zip((f"known, start {seed}", f"different, start {seed}"), shares(sonnets, written))
    return found


def words_of_wide_networks():
    """What a plain network with as many parameters as a GRU writes."""
    sonnets, found = load_corpus("sonnets"), {}
    for seed in range(3):
        written = sample(network(sonnets, seed, 134), sonnets, 20_000, seed=seed)
        found[f"known, start {seed}"] = shares(sonnets, written)[0]
    return found


def after_its_own_slip():
    """Let a network go on from a wrong letter of its own, and from the right one: what does the best table pay more for
    each character that it then writes?"""
    sonnets = load_corpus("sonnets")
    seen, unseen, _ = split(sonnets)
    parameters, rng = network(sonnets, 0), np.random.default_rng(0)
    is_letter = np.array([char.isalpha() for char in sonnets.chars])
    inside = np.arange(50, len(unseen.ids) - 13)
    places = np.sort(rng.choice(inside[is_letter[unseen.ids[inside]]], 2500, replace=False))
    before = unseen.ids[places[:, None] + np.arange(-50, 0)]
    read = RNN.forward(before.T, before.T, np.zeros((2500, 75)), parameters)
    own = np.where(is_letter, read.probs[-1], 0)
    own[np.arange(2500), unseen.ids[places]] = 0
    slips = np.array([draw(row / row.sum(), rng.random()) for row in own])
    costs = []
    for letters in (slips, unseen.ids[places]):
        h, ids = read.hidden[-1], [letters]
        for _ in range(12):
            forward = RNN.forward(ids[-1][None], ids[-1][None], h, parameters)
            h = forward.hidden[-1]
            ids.append(np.array([draw(row, rng.random()) for row in forward.probs[-1]]))
        in_a_row = np.column_stack([before, *ids])
        table = -np.log2(witten_bell(seen.ids, in_a_row.ravel(), sonnets.vocab_size, 6, 6))
        costs.append(table.reshape(2500, 63)[:, 51:])
    more = costs[0] - costs[1]
    rows = {f"character {k + 1}": more[:, k] for k in range(3)} | {"all twelve": more.sum(axis=1)}
    found = {name: with_error(values, 27) for name, values in rows.items()}
    return {name + word: one for name, pair in found.items() for word, one in zip(("", ", error"), pair)}


CLAIMS = {
    "wrong letter: 4-gram pays more by, bits": network_pays_less_than_4_gram,
    "wrong letter: tuned table pays less by, bits": tuned_table_pays_less,
    "the eighth after it: less than 0.1 bits by": forgotten_after_eight,
    "drawn costs as unseen text, within 0.2 by": drawn_surprises_as_verse,
    "known words: 4-gram ahead by, percent": three_characters_know_as_many_words,
    "different words: list ahead of top-p by, percent": a_list_of_words_keeps_variety,
}
ASIDES = {
    "words of GRUs at temperature 0.7": words_of_grus,
    "words of plain networks of 134 units": words_of_wide_networks,
    "writing on from a slip of its own": after_its_own_slip,
}
