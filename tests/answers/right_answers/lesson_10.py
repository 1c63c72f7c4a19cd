"""Right answers to the exercises of lesson 10."""

from collections import Counter, defaultdict

import numpy as np

from right_answers import right


@right("witten_bell")
def _(seen, read, vocab_size, order):
    tables = []
    for length in range(order):
        table = defaultdict(lambda: np.zeros(vocab_size))
        for i in range(length, len(seen)):
            table[tuple(seen[i - length : i].tolist())][seen[i]] += 1
        tables.append(table)
    result = np.zeros(len(read))
    for i in range(len(read)):
        p = np.full(vocab_size, 1 / vocab_size)
        for length in range(order):
            if length > i:
                break
            key = tuple(read[i - length : i].tolist())
            if key in tables[length]:
                counts = tables[length][key]
                kinds = np.count_nonzero(counts)
                p = (counts + kinds * p) / (counts.sum() + kinds)
        result[i] = p[read[i]]
    return result


@right("witten_bell")
def _(seen, read, vocab_size, order):
    seen, read = list(map(int, seen)), list(map(int, read))

    def chance(context, char):
        after = [seen[i] for i in range(len(context), len(seen)) if seen[i - len(context) : i] == context]
        shorter = chance(context[1:], char) if context else 1 / vocab_size
        if not after:
            return shorter
        kinds = len(set(after))
        share = len(after) / (len(after) + kinds)
        return share * after.count(char) / len(after) + (1 - share) * shorter

    return [chance(read[max(0, i - order + 1) : i], char) for i, char in enumerate(read)]


@right("witten_bell")
def _(seen, read, vocab_size, order):
    pairs, contexts, kinds = Counter(), Counter(), Counter()
    for n in range(order):
        for i in range(n, len(seen)):
            context = tuple(seen[i - n : i])
            if (context, seen[i]) not in pairs:
                kinds[context] += 1
            pairs[context, seen[i]] += 1
            contexts[context] += 1
    p = np.ones(len(read)) / vocab_size
    for n in range(order):
        for i in range(n, len(read)):
            context = tuple(read[i - n : i])
            if contexts[context] > 0:
                p[i] = (pairs[context, read[i]] + kinds[context] * p[i]) / (contexts[context] + kinds[context])
    return p


@right("early_stop")
def _(scores, patience):
    best_score, best_epoch, waited = float("inf"), 0, 0
    for epoch, score in enumerate(scores):
        if score < best_score:
            best_score, best_epoch, waited = score, epoch, 0
        else:
            waited += 1
            if waited >= patience:
                break
    return best_epoch


@right("early_stop")
def _(scores, patience):
    for end in range(1, len(scores) + 1):
        best = int(np.argmin(scores[:end]))
        if end - 1 - best >= patience:
            return best
    return int(np.argmin(scores))


@right("dropout_mask")
def _(shape, rate, rng):
    mask = rng.random(shape)
    return np.where(mask < rate, 0, 1 / (1 - rate))


@right("dropout_mask")
def _(shape, rate, rng):
    kept = (rng.random(shape) >= rate).astype(float)
    kept *= 1 / (1 - rate)
    return kept


@right("mix")
def _(chances, weights):
    return np.average(chances, axis=0, weights=weights)


@right("mix")
def _(chances, weights):
    shares = weights / np.sum(weights)
    return sum(share * row for share, row in zip(shares, chances))


@right("mix")
def _(chances, weights):
    return np.einsum("m,m...->...", weights, chances) / weights.sum()
