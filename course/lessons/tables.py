"""Prediction from tables of counts, by the method of Witten and Bell."""

import numpy as np

from course.checker.exercise import Case, Exercise
from course.checker.mend import mend
from course.checker.mistakes import mistakes_beside
from course.lessons.cases import many_ids
from course.models import counting
from course.models.judging import bits
from rnn_helpers import Corpus

known = mistakes_beside(__file__)


# ---------------------------------------------------------------- witten_bell
# The finished one takes all places of a length at once, because pages judge whole texts; this one counts by hand.
def witten_bell(seen, read, vocab_size, order):
    """Return the probability of each character of read, (N,), from counts in seen."""
    followers = {}  # context -> {character: how often it came after that}
    for length in range(order):
        for place in range(length, len(seen)):
            counts = followers.setdefault(tuple(seen[place - length : place]), {})
            counts[seen[place]] = counts.get(seen[place], 0) + 1

    probs = []
    for place in range(len(read)):
        prob = 1 / vocab_size
        for length in range(min(order - 1, place) + 1):
            counts = followers.get(tuple(read[place - length : place]), {})
            n, u = sum(counts.values()), len(counts)
            if n > 0:
                prob = (counts.get(read[place], 0) + u * prob) / (n + u)
        probs.append(prob)
    return np.array(probs)


def witten_bell_cases():
    rng, (ids, V) = np.random.default_rng(100), many_ids()
    cheese = np.array([1, 2, 3, 3, 4, 3, 0, 1, 2, 3, 5, 5, 0, 4, 3, 3, 0, 1, 2, 3, 5, 3, 3, 4, 0, 2, 3, 4, 4, 1])
    seen, read = rng.choice(4, 90, p=[0.5, 0.25, 0.15, 0.1]), rng.choice(4, 12, p=[0.5, 0.25, 0.15, 0.1])
    return [
        Case("order 1: how often each character came", (np.array([0, 1, 0, 1, 0]), np.array([0, 1, 0]), 3, 1), {}),
        Case("order 2, as by hand on the page", (np.array([0, 1, 0, 2, 0, 1]), np.array([0, 1, 0, 2, 2]), 3, 2), {}),
        Case("order 3", (cheese, np.array([1, 2, 3, 4, 3, 0, 1, 2, 5, 3]), 6, 3), {}),
        Case("order 4, a longer text", (seen, read, 4, 4), {}),
        Case("a character that was never seen", (np.array([0, 1, 2, 0, 1, 2]), np.array([0, 1, 3, 2, 0, 3]), 4, 3), {}),
        Case("order 5, longer than what is read", (cheese, np.array([3, 3, 4]), 6, 5), {}),
        Case("order 5, and ids of the type int16", _sixteen_bits(rng), {}),
        Case("order 6, of three kinds of characters", (rng.integers(0, 3, 200), rng.integers(0, 3, 30), 3, 6), {}),
        Case("order 4, longer than what was seen", (np.array([1, 0]), np.array([1, 0, 1, 0, 1]), 2, 4), {}),
        Case("contexts that look alike without a comma: 1, 11 and 11, 1", (*_without_a_comma(), 12, 4), {}),
        Case("order 2, and ids above 255", (np.tile(ids, 3), ids[:3], V, 2), {}),
    ]


def _without_a_comma():
    seen = np.array([1, 11, 5, 11, 1, 3, 1, 11, 5, 11, 1, 3, 11, 1, 3])
    return seen, np.array([1, 11, 5, 11, 1, 3, 11, 1])


def _sixteen_bits(rng):
    """Return arguments in which contexts of 4 differ in their first ids alone: in 16 bits, 64**4 has no room."""
    ends = rng.integers(0, 64, (4, 4))
    pieces = [[*rng.integers(0, 64, 2), *ends[k % 4][2:], ends[(k + k // 7) % 4][0]] for k in range(40)]
    seen = np.array(pieces, np.int16).ravel()
    return seen, seen[30:46].copy(), 64, 5


NEVER_SEEN = (
    "You divide by 0. A context that never came has n = 0 and u = 0: it has counted nothing, so what happens to the "
    "probability with the shorter context?"
)


def no_probability(case, parts):
    """Return what is wrong with numbers that are not probabilities, or None."""
    got = parts.get("")
    if got is not None and np.isnan(got).any():
        return NEVER_SEEN
    if got is None or not np.isfinite(got).all() or (got < 0).any():
        return "Each of them is a probability: a number between 0 and 1."
    if (got == 0).any():
        return (
            "A probability of 0 means that a character can't come, so its surprise is infinite. What gives it a share?"
        )
    if (got > 1).any():
        return "A probability is never above 1. Is it a logarithm, or do the shares of a mixture add up to more than 1?"
    return None


def witten_bell_error(error, where):
    """Return what an error means in this exercise, or ""."""
    if "unhashable type: 'numpy.ndarray'" in error:
        return "An array can't be a key of a dictionary, but a tuple can: tuple(...) makes one from the context."
    return NEVER_SEEN if "ZeroDivisionError" in error else ""


WITTEN_BELL = Exercise(
    witten_bell,
    witten_bell_cases,
    difficulty=3,
    rare=5,
    remark=no_probability,
    on_error=witten_bell_error,
    mistakes=known("witten_bell", witten_bell),
    hints=[
        "First the tables: for each length 0, 1, ... order - 1 and each place of `seen`, note which character came "
        "after which context. A dictionary from tuple(context) to counts works.",
        "Then, for each place of `read`, start with the probability 1 / V and take the contexts in turn, the shortest "
        "first. Each one replaces the probability by its mixture.",
        "Let c be how often this character came after the context, n how often the context came, and u how many "
        "different characters came after it. The new probability has (c + u * old probability) above the line.",
        "In words: below the line is n + u. If n is 0, the probability stays. The character at place 0 has only the "
        "context of length 0, the one at place 1 has the contexts of length 0 and 1, and so on.",
    ],
    why="Each length mixes what it counted, with the weight n, and the probability from the length below, with the "
    "weight u. So a context that was followed by many different characters trusts itself less. The fast form takes all "
    "places of one length at once: it numbers the contexts and looks them up in a sorted table.",
    notice="No probability is ever 0, and over all characters they add up to 1, at every length.",
)


# ---------------------------------------------------------------- mend_witten_bell
def sums_report(broken):
    """Return what the probabilities of all characters add up to in some contexts, and the bits of a text, as text."""
    corpus = Corpus("proverbs", "a stitch in time saves nine\na bird in the hand is worth two in the bush\n" * 2)
    V, start = corpus.vocab_size, "the hand is worth a stitch in the bush\n"
    read = corpus.encode(start)
    rows = [
        "Two proverbs were counted, up to order 3. After a context, the probabilities of all characters add up to:",
        "",
    ]
    rows.append(f"{'context':12}{'the function says':>20}{'must be':>12}")
    for context in ["t", "th", " i", "n ", "bz"]:
        context = context.replace("z", "v")
        ids = corpus.encode(context)
        total = sum(float(broken(corpus.ids, np.append(ids, char), V, 3)[-1]) for char in range(V))
        rows.append(f"{context!r:12}{total:20.4f}{1.0:12.4f}")
    rows += ["", f"Bits per character of {start.strip()!r}: {-np.log2(broken(corpus.ids, read, V, 3)).mean():.2f}"]
    rows.append(f"The finished function has {bits(counting.witten_bell(corpus.ids, read, V, 3)):.2f}.")
    return "\n".join(rows)


def sums_and_letters_report(broken):
    """Return the report of sums, and the probabilities of a text short enough for paper and pencil, as text."""
    seen, read = Corpus("", "abacabd").encode("abacab"), Corpus("", "abacabd").encode("abacdb")
    rows = [sums_report(broken), "", "Then abacab was counted, up to order 3, of four letters. These are read:", ""]
    rows.append(f"{'letter':12}{'the function says':>20}{'must be':>12}")
    for letter, says, must in zip("abacdb", broken(seen, read, 4, 3), witten_bell(seen, read, 4, 3)):
        rows.append(f"{letter:12}{says:20.4f}{must:12.4f}")
    return "\n".join(rows)


MEND_WITTEN_BELL = mend(
    WITTEN_BELL,
    "more_than_all",
    look=sums_report,
    closer=sums_and_letters_report,
    seeds=(
        "n_is_u",
        "start_even",
        "counted_full",
        "one_too_short",
        "from_zero",
        "half_and_half",
        "backwards",
        "counts_alone",
        "context_in_seen",
        "never_seen_is_even",
        "weighted_by_n",
        "counts_read",
        "backed_off",
        "one_too_long",
        "not_mixed",
        "below_zero",
        "n_twice_below",
        "only_longest",
        "shares_swapped",
        "surprises",
        "even_below",
        "no_empty_context",
        "one_part_on_top",
        "from_long_to_short",
        "whole_vocabulary",
        "never_seen_is_zero",
        "count_for_share",
        "only_shortest",
        "not_weighted",
        "counts_both",
        "longest_or_even",
        "handed_down_full",
        "lengths_from_1",
        "add_one",
    ),
    nudge="In the report the probabilities add up to more than 1. Which shares are mixed, and what do they add up to?",
    difficulty=2,
    hints=[
        "{report} shows sums of probabilities. What must they add up to, over all characters?",
        "The score is better than the right one. A model that gives away more than 1 in all looks good in bits.",
        "A context counted n characters, and hands down u parts more. How many parts are there in all?",
        "In words: of n + u parts, n go to what was counted and u to the shorter context. Divide by all of them.",
    ],
    why="n parts for what was counted and u for the rest are n + u parts. If they are divided by n, the probabilities "
    "add up to more than 1, and the bits are too good to be true.",
    notice="Bits can compare two models only if the probabilities of both add up to 1. Don't trust a score that is "
    "too good.",
)
