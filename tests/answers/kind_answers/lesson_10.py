"""Answers of learners to the exercises of lesson 10 that are of the kinds catch it and repair."""

from kind_answers import START

CATCH = START + "def catch_dropout_mask(dropout_mask):\n"
SCORE = r"^{} of \d+ wrong ones caught, no right one refused\.\nA riddle: one that passed "
RIGHT_CHECKS = {
    "catch_dropout_mask": [
        (
            CATCH + "    for rate in (0.2, 0.5, 0.9, 0.0):\n"
            "        rng = np.random.default_rng(7)\n"
            "        a, b = dropout_mask((40, 60), rate, rng), dropout_mask((40, 60), rate, rng)\n"
            "        for mask in (a, b):\n"
            "            assert mask.shape == (40, 60) and mask.dtype == float\n"
            "            assert abs((mask == 0).mean() - rate) < 0.05\n"
            "            assert np.allclose(mask[mask != 0], 1 / (1 - rate))\n"
            "            if rate:\n"
            "                assert not (mask == mask[0]).all()\n"
            "        if rate:\n"
            "            assert not np.array_equal(a, b)\n",
        ),
        (
            CATCH + "    for seed in range(3):\n"
            "        mask = np.array(dropout_mask((30, 50), 0.3, np.random.default_rng(seed)))\n"
            "        want = np.random.default_rng(seed).random((30, 50)) >= 0.3\n"
            "        if mask.dtype == bool or not np.allclose(mask, want / 0.7):\n"
            "            return False\n"
            "    return True\n",
        ),
    ]
}
WRONG_CHECKS = {
    "catch_dropout_mask": [
        (
            CATCH + "    mask = dropout_mask(1000, 0.5, np.random.default_rng(0))\n"
            "    return 0.4 < (mask == 0).mean() < 0.6\n",
            SCORE.format(r"\d+"),
        ),
        (
            CATCH + "    return dropout_mask(10000, 0.5, np.random.default_rng(0)).mean() == 1\n",
            r"^It refuses all 4 right ones",
        ),
        (
            CATCH + "    return abs(dropout_mask(10000, 0.2, np.random.default_rng(0)).mean() - 1) < 0.05\n",
            SCORE.format(r"\d+"),
        ),
        (
            CATCH + "    return dropout_mask(8, 0.5).shape == (8,)\n",
            r"a right dropout_mask raises TypeError",
        ),
        (
            CATCH + "    mask = dropout_mask((4, 5), 0.5, np.random.default_rng(0))\n    return mask == 2\n",
            r"^It returned an array of shape \(4, 5\)",
        ),
    ]
}
COUNTS = """
def mend_witten_bell(seen, read, vocab_size, order):
    seen, read, chances = list(map(int, seen)), list(map(int, read)), []
    for place, char in enumerate(read):
        chance = 1 / vocab_size
        for length in range(min(order - 1, place) + 1):
            context = read[place - length : place]
            after = [seen[i] for i in range(length, len(seen)) if seen[i - length : i] == context]
            n, u = len(after), len(set(after))
"""
RIGHT_REPAIRS = {
    "mend_witten_bell": [
        (
            f"{START}{COUNTS}            if n:\n"
            "                chance = (after.count(char) + u * chance) / (n + u)\n"
            "        chances.append(chance)\n"
            "    return np.array(chances)\n",
        ),
        (
            f"{START}{COUNTS}            if n + u > 0:\n"
            "                chance = n / (n + u) * after.count(char) / n + u / (n + u) * chance\n"
            "        chances.append(chance)\n"
            "    return chances\n",
        ),
    ]
}
WRONG_REPAIRS = {
    "mend_witten_bell": [
        ([("(counts.get(read[place], 0) + u * chance) / n", "counts.get(read[place], 0) / n")], r"gets 0"),
        ([("+ u * chance) / n", "+ chance) / (n + 1)")], r"with a weight of 1"),
        ([("+ u * chance) / n", "+ u * chance) / (n + vocab_size)")], r"."),
    ]
}
