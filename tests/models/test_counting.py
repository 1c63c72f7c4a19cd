"""Tables compared with slow twins, and with each other; and the texts that they write."""

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest

from course.models.counting import counting_on, kneser_ney, ngram_text, numbers_kept, witten_bell
from rnn_helpers import load_corpus


def slow(seen, context, char, vocab_size, s=1):
    """Return the probability of one character after a context, straight from the definition."""
    if context is None:
        return 1 / vocab_size
    followers = Counter(seen[i] for i in range(len(context), len(seen)) if tuple(seen[i - len(context) : i]) == context)
    shorter = slow(seen, context[1:] if context else None, char, vocab_size, s)
    n, u = sum(followers.values()), s * len(followers)
    return (followers[char] + u * shorter) / (n + u) if n else shorter


@pytest.mark.parametrize("s", [0.3, 6])
@pytest.mark.parametrize("order", [1, 2, 5])
def test_same_as_the_slow_twin(order, s):
    rng = np.random.default_rng(order)
    seen, read = rng.integers(0, 4, 60), rng.integers(0, 5, 30)
    for i, chance in enumerate(witten_bell(seen, read, 5, order, s)):
        context = tuple(read[max(0, i - order + 1) : i])
        assert chance == pytest.approx(slow(list(seen), context, read[i], 5, s))


def counted(seen, order):
    """Return dict: context -> Counter of the characters that followed it, for contexts of all lengths below order."""
    followers = {}
    for length in range(order):
        for place in range(length, len(seen)):
            followers.setdefault(tuple(seen[place - length : place]), Counter())[seen[place]] += 1
    return followers


@pytest.mark.parametrize("least", [1, 3])
@pytest.mark.parametrize("order", [0, 1, 4])
def test_numbers_that_are_kept_are_counted_one_by_one(order, least):
    seen = np.random.default_rng(order).integers(0, 4, 90)
    followers = counted(seen.tolist(), order).values()
    assert numbers_kept(seen, 4, order, least) == sum(len(those) for those in followers if those.total() >= least)


@pytest.mark.parametrize("order, least", [(2, 20), (4, 3)])
def test_a_table_without_rare_contexts_hands_everything_down_there(order, least):
    seen, read = np.random.default_rng(1).integers(0, 4, (2, 60))
    followers = counted(seen.tolist(), order)
    found = witten_bell(seen, read, 4, order, 2, least)
    for place, char in enumerate(read):
        p = 1 / 4
        for length in range(min(order - 1, place) + 1):
            counts = followers.get(tuple(read[place - length : place].tolist()), Counter())
            n, new = counts.total(), 2 * len(counts)
            p = (counts[char] + new * p) / (n + new) if n >= least else p
        assert found[place] == pytest.approx(p)


# ---------------------------------------------------------------- a rival


def by_hand(seen, read, vocab_size, order, factor):
    """Return the probabilities of all characters at each place in read, (N, V), by modified Kneser-Ney.

    The discounts come from the counts. They are 1/2 in a table without a count of 1, such as the shortest one here.
    Source: Chen and Goodman, 1999, in its interpolated form.
    """
    counts = {order: Counter(tuple(seen[k : k + order]) for k in range(len(seen) - order + 1))}
    for length in range(1, order):  # the number of different characters before each piece
        longer = {tuple(seen[k : k + length + 1]) for k in range(len(seen) - length)}
        counts[length] = Counter(piece[1:] for piece in longer)
    discounts, after = {}, {}
    for length, pieces in counts.items():
        met = Counter(pieces.values())
        discounts[length] = [0, 0.5, 0.5, 0.5]
        if all(met[k] for k in (1, 2, 3, 4)):
            y = met[1] / (met[1] + 2 * met[2])
            discounts[length] = [0, *[k - (k + 1) * y * met[k + 1] / met[k] for k in (1, 2, 3)]]
        for piece, n in pieces.items():
            after.setdefault(piece[:-1], {})[piece[-1]] = n

    probs = np.full((len(read), vocab_size), 1 / vocab_size)
    for place in range(len(read)):
        for length in range(1, min(order, place + 1) + 1):
            row = after.get(tuple(read[place - length + 1 : place]), {})
            if row:
                kept = np.zeros(vocab_size)
                kept[list(row)] = [max(n - factor * discounts[length][min(n, 3)], 0) for n in row.values()]
                total = sum(row.values())
                probs[place] = (kept + (total - kept.sum()) * probs[place]) / total
    return probs


@pytest.mark.parametrize("order, factor", [(1, 1), (5, 1.2), (4, 9)])
def test_kneser_ney_is_what_loops_make_of_it_and_its_chances_add_up_to_1(order, factor):
    ids = load_corpus("sonnets").ids[:3300]
    probs = by_hand(ids[:3000].tolist(), ids[3000:].tolist(), 35, order, factor)
    np.testing.assert_allclose(probs.sum(axis=1), 1)
    found = kneser_ney(ids[:3000], ids[3000:], 35, order, factor)
    np.testing.assert_allclose(found, probs[np.arange(300), ids[3000:]])


# ---------------------------------------------------------------- tables that count on


@pytest.mark.parametrize("s", [0.3, 1, 6])
@pytest.mark.parametrize("order", [1, 2, 4])
def test_counting_on_is_a_table_of_all_that_came_before(order, s):
    ids = np.random.default_rng(order).integers(0, 3, 60)
    found = counting_on(ids[:40], ids[40:], 3, order, s)
    for place in range(40, 60):
        table = witten_bell(ids[:place], ids[place - order + 1 : place + 1], 3, order, s)
        assert found[place - 40] == pytest.approx(table[-1])


# ---------------------------------------------------------------- texts that tables write


def test_what_is_written_has_only_sequences_of_the_text():
    text = "row, row, row your boat, gently down the stream\n"
    for order in (1, 2, 3, 5):
        written = text[: order - 1] + ngram_text(text, order, 400)
        sequences = {(text + text)[start : start + order] for start in range(len(text))}
        assert {written[start : start + order] for start in range(400)} <= sequences
        assert len(written) == 400 + order - 1


def test_what_follows_is_drawn_as_often_as_it_follows_in_the_text():
    written = ngram_text("aab" * 100, 2, 3000, seed=1)
    after_a = [follower for char, follower in pairwise(written) if char == "a"]
    assert after_a.count("b") / len(after_a) == pytest.approx(0.5, abs=0.03)
    assert "bb" not in written and written.count("b") / 3000 == pytest.approx(1 / 3, abs=0.03)


def test_another_seed_writes_another_text():
    text = "she sells sea shells by the sea shore\n"
    assert ngram_text(text, 3, 60) == ngram_text(text, 3, 60) != ngram_text(text, 3, 60, seed=1)
