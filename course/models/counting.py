"""Predictions without a network: tables that count which character followed the last few, as in an n-gram model.

They are the control for every network of the course, which must learn more than counting gives.
"""

import numpy as np

from course.base import checks


def witten_bell(seen, read, vocab_size, order, handed_down=1.0, least=1):
    """Return the probability that a table of counts gives to each character of a text, (N,).

    seen, read   the ids that are counted, and those that are guessed: arrays of whole numbers
    order        how many characters count together: 2 looks at one character before (bigram), 4 at three
    handed_down  s, above 0: how many parts each new character counts for. 1 is the rule of Witten and Bell
    least        how often a context must have come to be kept. A larger number makes the table smaller

    Each length mixes what it counted with the guess of the length below (interpolation). A context that was followed by
    u different characters, n times in all, hands s u / (n + s u) of its say down; one that was never seen, all of it.
    Source: Moffat (1990). Method C of Witten and Bell (1991), IEEE Transactions on Information Theory 37(4).
    """
    seen, read, order, handed_down = _checked(seen, read, vocab_size, order, handed_down)
    least = checks.count("least", least)
    probs = np.full(len(read), 1 / vocab_size)  # of length 0: every character alike
    for length in range(order):
        context, seen_context = _codes(read, length, vocab_size), _codes(seen, length, vocab_size)
        after, seen_after = context * vocab_size + read[length:], seen_context * vocab_size + seen[length:]
        pairs, times = np.unique(seen_after, return_counts=True)
        n = _look_up(context, *np.unique(seen_context, return_counts=True))
        u = _look_up(context, *np.unique(pairs // vocab_size, return_counts=True))
        counted = _look_up(after, pairs, times)
        guess, new = probs[length:], handed_down * u
        probs[length:] = np.where(n >= least, (counted + new * guess) / np.maximum(n + new, 1), guess)
    return probs


def numbers_kept(seen, vocab_size, order, least=1):
    """Return how many counts a table keeps: one for each character that followed a context which came `least` times.
    The arguments are those of witten_bell."""
    seen, _, order, _ = _checked(seen, seen, vocab_size, order, 1)
    least, kept = checks.count("least", least), 0
    for length in range(order):
        pieces, times = np.unique(_codes(seen, length, vocab_size) * vocab_size + seen[length:], return_counts=True)
        _, context = np.unique(pieces // vocab_size, return_inverse=True)
        came = np.bincount(context, times)  # how often each context came
        kept += int((came[context] >= least).sum())
    return kept


def counting_on(seen, read, vocab_size, order, handed_down=1.0):
    """Return the probability that a table gives to each character of a text, (N,), if it also counts what it reads.

    As in witten_bell. But as soon as a character has been guessed, it is counted, with its contexts of all lengths, and
    the first contexts are the last characters of `seen`. Source: Cleary and Witten (1984), whose packer counts so.
    """
    seen, read, order, handed_down = _checked(seen, read, vocab_size, order, handed_down)
    ids = [*np.asarray(seen).tolist(), *np.asarray(read).tolist()]
    followers, probs = {}, []  # context -> {character: how often it came after that}
    for place, char in enumerate(ids):
        p = 1 / vocab_size
        for length in range(min(order - 1, place) + 1):  # from short to long
            counts = followers.setdefault(tuple(ids[place - length : place]), {})
            n, new = sum(counts.values()), handed_down * len(counts)
            if n > 0:
                p = (counts.get(char, 0) + new * p) / (n + new)
            counts[char] = counts.get(char, 0) + 1
        probs.append(p)
    return np.array(probs[len(seen) :])


def kneser_ney(seen, read, vocab_size, order, discount=1.0):
    """Return the probability that a modified Kneser-Ney table gives to each character of a text, (N,).

    As in witten_bell. But a context hands down what it takes off each of its counts, and only the longest ones count
    how often a piece came: the others count after how many different characters. discount: multiplies what is taken
    off, which comes from the counts themselves. Source: Kneser and Ney (1995). Chen and Goodman (1999), interpolated.
    """
    seen, read, order, _ = _checked(seen, read, vocab_size, order, 1)
    discount = checks.positive("discount", discount)
    probs = np.full(len(read), 1 / vocab_size)
    for length in range(order):
        more = length + (length + 1 < order)
        pieces = _codes(seen, more, vocab_size) * vocab_size + seen[more:]
        if more > length:  # each piece once with each character before it
            pieces = np.unique(pieces) % vocab_size**more
        pieces, counts = np.unique(pieces, return_counts=True)
        met = np.bincount(counts, minlength=5)[1:5]
        off = np.array([0, 0.5, 0.5, 0.5])
        if met.all():
            off[1:] = [k - (k + 1) * met[0] / (met[0] + 2 * met[1]) * met[k] / met[k - 1] for k in (1, 2, 3)]
        kept = np.maximum(counts - discount * off[np.minimum(counts, 3)], 0)
        contexts, rows = np.unique(pieces // vocab_size, return_inverse=True)
        total, left = np.bincount(rows, counts), np.bincount(rows, kept)
        context = _codes(read, length, vocab_size)
        n, guess = _look_up(context, contexts, total), probs[length:]
        down = (n - _look_up(context, contexts, left)) * guess
        counted = _look_up(context * vocab_size + read[length:], pieces, kept)
        probs[length:] = np.where(n > 0, (counted + down) / np.maximum(n, 1), guess)
    return probs


def ngram_text(text, order, length, seed=0):
    """Write `length` characters with nothing but a text at hand: a guess from an n-gram model, drawn again and again.

    The last order - 1 characters stand in the text in some places. One of them is drawn, and what follows there is
    copied. Behind the end of the text comes its beginning again, so that something always follows.
    Source: Shannon (1948), who opened a book at random in place of counting.
    """
    before = checks.count("order", order) - 1
    if before >= len(checks.text("The text", text)):
        raise ValueError(f"order is {order}: the text has {len(text)} characters, so use {len(text)} or fewer.")
    length = checks.count("length", length, least=0)
    circle, followers = text + text[:before], {}
    for start in range(len(text)):
        followers.setdefault(circle[start : start + before], []).append(circle[start + before])
    written = text[:before]
    for u in np.random.default_rng(seed).random(length):
        choices = followers[written[len(written) - before :]]
        written += choices[int(u * len(choices))]
    return written[before:]


def _checked(seen, read, vocab_size, order, handed_down):
    """Return the arguments of a table as arrays and numbers that make sense."""
    seen, read, order = checks.row("seen", seen), checks.row("read", read), checks.count("order", order, least=0)
    checks.ids("seen", seen, vocab_size)
    checks.ids("read", read, vocab_size)
    if vocab_size**order > 2**63:
        raise ValueError(
            f"order is {order}: with {vocab_size} characters there are more texts of that length than numbers of "
            "64 bits. Use a smaller order."
        )
    return seen, read, order, checks.positive("handed_down", handed_down)


def _codes(ids, length, vocab_size):
    """Return one whole number for the `length` characters before each place that has so many before it."""
    ids = np.asarray(ids, np.int64)
    codes = np.zeros(max(len(ids) - length, 0), np.int64)
    for before in range(length):
        codes = codes * vocab_size + ids[before : before + len(codes)]
    return codes


def _look_up(keys, table, numbers):
    """Return the number that stands beside each key in a sorted table, 0 for a key that is not in it."""
    if not len(table):  # a text shorter than the context has none
        return np.zeros(len(keys), int)
    places = np.minimum(np.searchsorted(table, keys), len(table) - 1)
    return np.where(table[places] == keys, numbers[places], 0)
