"""First tries at the exercises of lesson 10, and words that the answer of check must hold."""

# Each is (name of the exercise, what a beginner types, the words).
TRIES = [
    (
        "witten_bell",
        """
def witten_bell(seen, read, vocab_size, order):
    counts = {}
    for i in range(order - 1, len(seen)):
        context = tuple(seen[i - order + 1 : i])
        counts.setdefault(context, {})
        counts[context][seen[i]] = counts[context].get(seen[i], 0) + 1
    chances = []
    for i in range(len(read)):
        context = tuple(read[max(0, i - order + 1) : i])
        found = counts.get(context, {})
        n = sum(found.values())
        chances.append(found.get(read[i], 0) / n if n else 0)
    return np.array(chances)
""",
        ("plain table",),
    ),
    (
        "witten_bell",
        """
def witten_bell(seen, read, vocab_size, order):
    tables = [{} for k in range(order)]
    for k in range(order):
        for i in range(k, len(seen)):
            c = tuple(seen[i - k : i])
            tables[k].setdefault(c, []).append(seen[i])
    out = []
    for i in range(len(read)):
        p = 1 / vocab_size
        for k in range(order):
            after = tables[k].get(tuple(read[i - k : i]), [])
            n, u = len(after), len(set(after))
            if n > 0:
                p = (after.count(read[i]) + u * p) / n + u
        out.append(p)
    return np.array(out)
""",
        ("what is done first?",),
    ),
    (
        "witten_bell",
        """
def witten_bell(seen, read, vocab_size, order):
    out = []
    for i in range(len(read)):
        p = 1 / vocab_size
        for k in range(order):
            if k > i:
                continue
            context = list(read[i - k : i])
            after = [seen[j] for j in range(k, len(seen)) if list(seen[j - k : j]) == context]
            n, u = len(after), vocab_size
            if n > 0:
                p = (after.count(read[i]) + u * p) / (n + u)
        out.append(p)
    return np.array(out)
""",
        ("weight V",),
    ),
    (
        "witten_bell",
        """
def witten_bell(seen, read, vocab_size, order):
    out = []
    for i in range(order - 1, len(read)):
        p = 1 / vocab_size
        for k in range(order):
            context = list(read[i - k : i])
            after = [seen[j] for j in range(k, len(seen)) if list(seen[j - k : j]) == context]
            n, u = len(after), len(set(after))
            if n > 0:
                p = (after.count(read[i]) + u * p) / (n + u)
        out.append(p)
    return np.array(out)
""",
        ("first characters are left out",),
    ),
    (
        "witten_bell",
        """
def witten_bell(seen, read, vocab_size, order):
    out = []
    for i in range(len(read)):
        p = 1 / vocab_size
        for k in range(1, order + 1):
            if k > i:
                continue
            context = list(read[i - k : i])
            after = [seen[j] for j in range(k, len(seen)) if list(seen[j - k : j]) == context]
            n, u = len(after), len(set(after))
            if n > 0:
                p = (after.count(read[i]) + u * p) / (n + u)
        out.append(p)
    return np.array(out)
""",
        ("They have 0 to order - 1",),
    ),
    (
        "witten_bell",
        """
def witten_bell(seen, read, vocab_size, order):
    tables = {}
    for k in range(order):
        for i in range(len(seen) - k):
            c = tuple(seen[i : i + k])
            tables.setdefault(c, {})
            tables[c][seen[i + k]] = tables[c].get(seen[i + k], 0) + 1
    out = []
    for i in range(len(read)):
        p = 1 / vocab_size
        for k in range(min(i + 1, order)):
            c = tuple(read[i - k : i])
            if c in tables:
                n = sum(tables[c].values())
                u = len(tables[c])
                p = u / (n + u) * p + tables[c].get(read[i], 0) / n
        out.append(p)
    return np.array(out)
""",
        ("c / n has the weight n / (n + u)",),
    ),
    (
        "witten_bell",
        """
def witten_bell(seen, read, vocab_size, order):
    text = list(seen) + list(read)
    out = []
    for i in range(len(seen), len(text)):
        p = 1 / vocab_size
        for k in range(order):
            c = text[i - k : i]
            after = [seen[j] for j in range(k, len(seen)) if list(seen[j - k : j]) == c]
            if after:
                n, u = len(after), len(set(after))
                p = (after.count(text[i]) + u * p) / (n + u)
        out.append(p)
    return np.array(out)
""",
        ("from the end of `seen`",),
    ),
    (
        "early_stop",
        """
def early_stop(scores, patience):
    return np.argmin(scores)
""",
        ("best score of the whole list",),
    ),
    (
        "early_stop",
        """
def early_stop(scores, patience):
    best = scores[0]
    waited = 0
    for epoch in range(1, len(scores)):
        if scores[epoch] < best:
            best = scores[epoch]
            waited = 0
        else:
            waited += 1
        if waited == patience:
            return epoch
    return len(scores) - 1
""",
        ("best epoch",),
    ),
    (
        "early_stop",
        """
def early_stop(scores, patience):
    best, kept, waited = scores[0], 0, 0
    for epoch in range(len(scores)):
        if scores[epoch] < best:
            best, kept, waited = scores[epoch], epoch, 0
        else:
            waited += 1
            if waited == patience:
                break
    return kept
""",
        ("nothing has failed yet",),
    ),
    (
        "early_stop",
        """
def early_stop(scores, patience):
    best, waited = 0, 0
    for epoch in range(1, len(scores)):
        if scores[epoch] < scores[epoch - 1]:
            best = epoch
            waited = 0
        else:
            waited += 1
            if waited >= patience:
                break
    return best
""",
        ("the one before",),
    ),
    (
        "early_stop",
        """
def early_stop(scores, patience):
    best, waited = 0, 0
    for epoch in range(1, len(scores)):
        if scores[epoch] < scores[best]:
            best = epoch
        else:
            waited += 1
            if waited >= patience:
                break
    return best
""",
        ("in a row",),
    ),
    (
        "early_stop",
        """
def early_stop(scores, patience):
    best, waited = 0, 0
    for epoch in range(1, len(scores)):
        if scores[epoch] < scores[best]:
            best = epoch
            waited = 0
        else:
            waited += 1
            if waited > patience:
                break
    return best
""",
        ("one epoch too many",),
    ),
    (
        "early_stop",
        """
def early_stop(scores, patience):
    bad = 0
    best = 0
    for i in range(1, len(scores)):
        if scores[i] < best:
            best = scores[i]
        else:
            bad += 1
        if bad == patience:
            return i - patience
    return len(scores) - 1
""",
        ("not with the number of an epoch",),
    ),
    (
        "dropout_mask",
        """
def dropout_mask(shape, rate, rng):
    return rng.random(shape) > rate
""",
        ("make up for it",),
    ),
    (
        "dropout_mask",
        """
def dropout_mask(shape, rate, rng):
    mask = np.ones(shape)
    mask[rng.random(shape) < rate] = 0
    return mask
""",
        ("make up for it",),
    ),
    (
        "dropout_mask",
        """
def dropout_mask(shape, rate, rng):
    return (rng.random(shape) < 1 - rate) / (1 - rate)
""",
        ("below `rate` means dropped",),
    ),
    (
        "dropout_mask",
        """
def dropout_mask(shape, rate, rng):
    return np.where(rng.random(shape) > rate, 2, 0)
""",
        ("count double",),
    ),
    (
        "dropout_mask",
        """
def dropout_mask(shape, rate, rng):
    mask = np.ones(shape)
    for i in range(shape):
        if rng.random() < rate:
            mask[i] = 0
    return mask / (1 - rate)
""",
        ("shape", "tuple"),
    ),
    (
        "dropout_mask",
        """
def dropout_mask(shape, rate, rng):
    mask = rng.random(shape)
    mask[mask < rate] = 0
    return mask / (1 - rate)
""",
        ("random numbers themselves",),
    ),
    (
        "dropout_mask",
        """
def dropout_mask(shape, rate, rng):
    return rng.random(shape) >= rate / (1 - rate)
""",
        ("Put brackets",),
    ),
    (
        "mix",
        """
def mix(chances, weights):
    return np.mean(chances, axis=0)
""",
        ("plain mean",),
    ),
    (
        "mix",
        """
def mix(chances, weights):
    return weights @ chances
""",
        ("ratios count",),
    ),
    (
        "mix",
        """
def mix(chances, weights):
    total = 0
    for k in range(len(weights)):
        total += weights[k] * chances[:, k]
    return total / weights.sum()
""",
        ("the index",),
    ),
    (
        "mix",
        """
def mix(chances, weights):
    return np.exp(np.average(np.log(chances), axis=0, weights=weights))
""",
        ("logarithms are mixed",),
    ),
    (
        "mix",
        """
def mix(chances, weights):
    return (chances * weights[:, None]).sum(axis=0) / weights.sum()
""",
        ("tables",),
    ),
]
