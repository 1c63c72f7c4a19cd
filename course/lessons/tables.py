"""Lesson 10: tables and networks, judged honestly: Witten-Bell, early stopping, dropout, mixtures."""

import functools

import numpy as np

from course.checker.broken import mend
from course.checker.catching import Catch
from course.checker.choosing import Choose
from course.checker.exercise import Case, Exercise, mistakes_in
from course.lessons.cases import next_random_number
from course.models import counting
from course.models.judging import bits, dropout_mask, early_stop, mix
from rnn_helpers import Corpus


# ---------------------------------------------------------------- witten_bell
def witten_bell(seen, read, vocab_size, order):
    """Return the chance of each character that is read, from tables of what was seen. Witten and Bell, 1991."""
    followers = {}  # context -> {character: how often it came after that}
    for length in range(order):
        for place in range(length, len(seen)):
            counts = followers.setdefault(tuple(seen[place - length : place]), {})
            counts[seen[place]] = counts.get(seen[place], 0) + 1

    chances = []
    for place in range(len(read)):
        chance = 1 / vocab_size
        for length in range(min(order - 1, place) + 1):
            counts = followers.get(tuple(read[place - length : place]), {})
            n, u = sum(counts.values()), len(counts)
            if n > 0:
                chance = (counts.get(read[place], 0) + u * chance) / (n + u)
        chances.append(chance)
    return np.array(chances)


def witten_bell_cases():
    rng = np.random.default_rng(100)
    cheese = np.array([1, 2, 3, 3, 4, 3, 0, 1, 2, 3, 5, 5, 0, 4, 3, 3, 0, 1, 2, 3, 5, 3, 3, 4, 0, 2, 3, 4, 4, 1])
    seen, read = rng.choice(4, 90, p=[0.5, 0.25, 0.15, 0.1]), rng.choice(4, 12, p=[0.5, 0.25, 0.15, 0.1])
    return [
        Case("order 1: how often each character came", (np.array([0, 1, 0, 1, 0]), np.array([0, 1, 0]), 3, 1), {}),
        Case("order 2, as by hand on the page", (np.array([0, 1, 0, 2, 0, 1]), np.array([0, 1, 0, 2, 2]), 3, 2), {}),
        Case("order 3", (cheese, np.array([1, 2, 3, 4, 3, 0, 1, 2, 5, 3]), 6, 3), {}),
        Case("order 4, a longer text", (seen, read, 4, 4), {}),
        Case("a character that was never seen", (np.array([0, 1, 2, 0, 1, 2]), np.array([0, 1, 3, 2, 0, 3]), 4, 3), {}),
        Case("order 5, longer than what is read", (cheese, np.array([3, 3, 4]), 6, 5), {}),
    ]


def no_chance(case, parts):
    """Say what is wrong with chances that are none."""
    got = parts.get("")
    if got is None or not np.isfinite(got).all() or (got < 0).any():
        return "Each of them is a chance: a number between 0 and 1."
    if (got == 0).any():
        return "A chance of 0 says that it cannot come, and costs endless bits when it does. Who hands it a share?"
    if (got > 1).any():
        return "A chance is never above 1. What must the shares of a mixture add up to?"
    return None


WITTEN_BELL = Exercise(
    witten_bell,
    witten_bell_cases,
    minutes=35,
    difficulty=3,
    remark=no_chance,
    mistakes=mistakes_in(
        witten_bell,
        """
        one_too_long: Your longest context is one character too long: order counts the guessed character too. Of order
        2, one character before is looked at.
        - for length in range(order)
        + for length in range(order + 1)
        - min(order - 1, place)
        + min(order, place)

        one_too_short: Your longest context is one character too short: order 2 looks at one character before, order 1
        at none.
        - min(order - 1, place) + 1
        + min(order - 1, place + 1)

        not_mixed: You take what the longest known context counted, and nothing of the shorter ones. Whatever has not
        come there yet gets 0.
        - chance = (counts.get(read[place], 0) + u * chance) / (n + u)
        + chance = counts.get(read[place], 0) / n

        plain_table: That is the plain table: only the longest context, and 0 for whatever has not come after it. Mix
        each length with the one below it, from 1 / V on.
        - for length in range(order):
        + for length in [order - 1]:
        - chance = 1 / vocab_size
        + chance = 0.0
        - chance = (counts.get(read[place], 0) + u * chance) / (n + u)
        + chance = counts.get(read[place], 0) / n

        lengths_from_1: Your contexts have 1 character to `order` characters. They have 0 to order - 1: order counts the
        guessed character as well.
        - for length in range(order)
        + for length in range(1, order + 1)
        - in range(min(order - 1, place) + 1)
        + in range(1, min(order, place) + 1)

        counted_full: What was counted has its full weight, c / n, and the share of the shorter guess comes on top. With
        both, the chances add up to more than 1: c / n has the weight n / (n + u).
        - (counts.get(read[place], 0) + u * chance) / (n + u)
        + counts.get(read[place], 0) / n + u * chance / (n + u)

        below_zero: At the first places, place - length is below 0, and such a slice counts from the end of the text or
        is empty. Leave out the lengths for which there is not enough before the place.
        - range(min(order - 1, place) + 1)
        + range(order)

        context_in_seen: The first characters of `read` are guessed from the end of `seen`. `read` need not go on from
        there: their contexts lie within `read`.
        - chances = []
        + text, chances = [*seen, *read], []
        - range(min(order - 1, place) + 1)
        + range(order)
        - tuple(read[place - length : place])
        + tuple(text[len(seen) + place - length : len(seen) + place])

        counts_alone: What the context counted is divided by n + u, but nothing of the shorter guess is added: the share
        of u is lost.
        - (counts.get(read[place], 0) + u * chance) / (n + u)
        + counts.get(read[place], 0) / (n + u)

        more_than_all: The shares add up to more than 1: what was counted is divided by n alone, and the part handed
        down comes on top.
        - / (n + u)
        + / n

        not_weighted: The shorter guess is added with a weight of 1. It must get the weight u: the more different
        characters came, the less the context is worth.
        - u * chance) / (n + u)
        + chance) / (n + 1)

        whole_vocabulary: The shorter guess gets the weight V. u is how many different characters came after this
        context, not how many there are.
        - (counts.get(read[place], 0) + u * chance) / (n + u)
        + (counts.get(read[place], 0) + vocab_size * chance) / (n + vocab_size)

        add_one: That is a count with 1 added to each character. It hands the same to all, where the shorter context
        would know better.
        - (counts.get(read[place], 0) + u * chance) / (n + u)
        + (counts.get(read[place], 0) + 1) / (n + vocab_size)

        shares_swapped: The two shares are swapped: u / (n + u) goes to the shorter guess, and n / (n + u) to what was
        counted.
        - (counts.get(read[place], 0) + u * chance) / (n + u)
        + (u * counts.get(read[place], 0) / n + n * chance) / (n + u)

        half_and_half: Both guesses get a half, or your u is the same as n. u is how many different characters came
        after the context: the more of them, the less it is worth.
        - (counts.get(read[place], 0) + u * chance) / (n + u)
        + (counts.get(read[place], 0) / n + chance) / 2

        even_below: Below the longest context you put the even guess 1 / V. There comes the guess of the next shorter
        one, which has one below it in turn.
        - chance = (counts.get(read[place], 0) + u * chance) / (n + u)
        + chance = (counts.get(read[place], 0) + u / vocab_size) / (n + u)

        from_long_to_short: You go from the longest context to the shortest, so the shortest has the last word. Begin
        with the even guess and no context, and let the longest come last.
        - in range(min(order - 1, place) + 1)
        + in reversed(range(min(order - 1, place) + 1))

        no_order_1: The context of no characters is left out: it tells how often each character comes anywhere.
        - for length in range(min(order - 1, place) + 1)
        + for length in range(1, min(order - 1, place) + 1)

        from_zero: The guess below the shortest context is 0. With nothing counted, each of the V characters has the
        same chance.
        - chance = 1 / vocab_size
        + chance = 0.0

        start_even: The first characters get the even guess 1 / V. They have short contexts at least, and these have
        been counted.
        - range(min(order - 1, place) + 1)
        + range(order if place >= order - 1 else 0)

        never_seen_is_zero: A context that was never seen makes the chance 0. It knows nothing, so it hands down all:
        the shorter guess stays.
        - if n > 0:
        -                 chance = (counts.get(read[place], 0) + u * chance) / (n + u)
        + chance = (counts.get(read[place], 0) + u * chance) / (n + u) if n else 0.0

        never_seen_is_even: A context that was never seen brings back the even guess 1 / V. It knows nothing, so the
        shorter guess stays.
        - if n > 0:
        -                 chance = (counts.get(read[place], 0) + u * chance) / (n + u)
        + chance = (counts.get(read[place], 0) + u * chance) / (n + u) if n else 1 / vocab_size

        n_is_u: n and u are the same number in your code: n counts how often the context came, u how many different
        characters came after it.
        - n, u = sum(counts.values()), len(counts)
        + n, u = len(counts), len(counts)

        last_context_counted: n counts the context at the very end of `seen`, too. Nothing came after it, so it does not
        count.
        - n, u = sum(counts.values()), len(counts)
        + n, u = sum(counts.values()), len(counts)
        + n += bool(counts) and 0 < length and tuple(seen[-length:]) == tuple(read[place - length : place])

        only_longest: Your tables hold contexts of one length only, the longest. Each length from 0 on has a table of
        its own.
        - for length in range(order):
        + for length in [order - 1]:

        counts_both: What is read is counted too. A table knows `seen` alone: what it guesses must not be in it.
        - followers = {}
        + seen, followers = [*seen, *read], {}

        counts_read: The table is made from `read`, the text to be guessed. It must be made from `seen`.
        - followers = {}
        + seen, followers = read, {}

        scores_seen: You return chances for the characters of `seen`. Those of `read` are wanted.
        - chances = []
        + read, chances = seen, []

        before_is_after: The context holds the guessed character itself. It ends just before.
        - tuple(read[place - length : place])
        + tuple(read[place - length + 1 : place + 1])

        backwards: Your contexts are read backwards in one text and forwards in the other.
        - tuple(read[place - length : place])
        + tuple(read[place - length : place][::-1])

        rows_short: The first characters are left out. Each character that is read gets a chance, also those with less
        before them.
        - return np.array(chances)
        + return np.array(chances[order - 1 :])

        surprises: These are surprises in bits. The chances themselves are wanted.
        - return np.array(chances)
        + return -np.log2(np.array(chances))

        one_number: That is the mean surprise, one number. Each character that is read gets a chance of its own.
        - return np.array(chances)
        + return -np.log2(np.array(chances)).mean()
        """,
    ),
    hints=[
        "First the tables: for each length 0, 1, ... order - 1 and each place of `seen`, note which character came "
        "after which context. A dictionary from tuple(context) to counts will do.",
        "Then, for each place of `read`, start with the chance 1 / V and let the contexts speak in turn, the shortest "
        "first. Each one replaces the chance by its mixture.",
        "With c = how often this character came after the context, n = how often the context came, u = how many "
        "different characters came after it: the new chance has (c + u * old chance) above the line.",
        "In words: below the line is n + u. If n is 0, the chance stays. The character at place 0 has only the context "
        "of length 0, the one at place 1 those of length 0 and 1, and so on.",
    ],
    why="Each length mixes what it counted, with the weight n, and the guess of the length below, with the weight u. "
    "So a context that was followed by many different characters trusts itself less. The finished code does all places "
    "of one length at once: it numbers the contexts and looks them up in a sorted table.",
    notice="No chance is ever 0, and over all characters they add up to 1, at every length.",
)


# ---------------------------------------------------------------- mend_witten_bell
def sums_report(broken):
    """Return what the chances of all characters add up to after some contexts, and the bits of a text, as text."""
    corpus = Corpus("proverbs", "a stitch in time saves nine\na bird in the hand is worth two in the bush\n" * 2)
    V, start = corpus.vocab_size, "the hand is worth a stitch in the bush\n"
    read = corpus.encode(start)
    rows = ["Two proverbs were counted, up to order 3. After a context, the chances of all characters together:", ""]
    rows.append(f"{'context':12}{'the function says':>20}{'must be':>12}")
    for context in ["t", "th", " i", "n ", "bz"]:
        context = context.replace("z", "v")
        ids = corpus.encode(context)
        total = sum(float(broken(corpus.ids, np.append(ids, char), V, 3)[-1]) for char in range(V))
        rows.append(f"{context!r:12}{total:20.4f}{1.0:12.4f}")
    rows += ["", f"Bits per character of {start.strip()!r}: {bits(broken(corpus.ids, read, V, 3)):.2f}"]
    rows.append(f"The finished function has {bits(counting.witten_bell(corpus.ids, read, V, 3)):.2f}.")
    return "\n".join(rows)


MEND_WITTEN_BELL = mend(
    WITTEN_BELL,
    "more_than_all",
    look=sums_report,
    nudge="In the report the chances add up to more than 1. Which shares are mixed, and what do they add up to?",
    minutes=8,
    difficulty=2,
    hints=[
        'report("mend_witten_bell") shows sums of chances. What must the chances of all characters add up to?',
        "The score is better than the right one: whoever promises more than 1 in all looks good in bits.",
        "A context counted n characters, and hands down the share of u more. How many parts are there in all?",
        "In words: of n + u parts, n go to what was counted and u to the shorter guess. Divide by all of them.",
    ],
    why="n parts for what was counted and u for the rest are n + u parts. Divided by n, they promise more than there "
    "is: the bits are too good to be true.",
    notice="Bits compare only guessers whose chances add up to 1. Be wary of a score that is too good.",
)


# ---------------------------------------------------------------- early_stop
def early_stop_cases():
    return [
        Case("a curve that turns", ([3.0, 2.6, 2.5, 2.55, 2.7, 2.9], 2), {}),
        Case("a dip behind the end of patience", ([3.0, 2.0, 2.5, 2.6, 1.0], 2), {}),
        Case("the same dip, with more patience", ([3.0, 2.0, 2.5, 2.6, 1.0], 3), {}),
        Case("scores that fall to the end", ([2.9, 2.7, 2.6, 2.4], 1), {}),
        Case("dips, one lower than the other", ([3.0, 2.0, 2.1, 2.2, 1.9, 2.5, 2.6, 2.7, 1.0], 2), {}),
        Case("a slow way down that beats nothing", ([2.5, 2.0, 2.4, 2.3, 2.2, 2.25, 2.3, 2.35, 1.0], 3), {}),
        Case("a wobble on the way", ([3.0, 2.8, 2.85, 2.7, 2.75, 2.6, 2.65, 2.7, 2.9, 2.0], 3), {}),
        Case("better than the one before, but not than the best", ([2.5, 2.0, 2.4, 2.3, 2.2, 1.9], 3), {}),
        Case("an equal score", ([2.5, 2.2, 2.2, 2.2, 2.1], 2), {}),
        Case("patience 1", ([2.5, 2.4, 2.45, 2.0], 1), {}),
        Case("one epoch", ([2.5], 3), {}),
        Case("the first is the best", ([2.0, 2.1, 2.2, 2.3, 1.5], 3), {}),
        Case("failures that are not in a row", ([3.0, 3.1, 2.9, 3.0, 2.8, 2.9, 2.7, 2.8], 2), {}),
    ]


def early_stop_by_counting(scores, patience):
    best, failures = 0, 0
    for epoch, score in enumerate(scores):
        if score < scores[best] or epoch == 0:
            best, failures = epoch, 0
        else:
            failures += 1
        if failures == patience:
            return best
    return best


EARLY_STOP = Exercise(
    early_stop,
    early_stop_cases,
    minutes=10,
    difficulty=2,
    result="ids",
    mistakes=mistakes_in(
        early_stop_by_counting,
        """
        sees_the_future: That is the best score of the whole list. Training has stopped before some of them: what comes
        after patience has run out is never seen.
        - if failures == patience:
        -             return best
        +

        where_it_stops: That is the epoch at which training stops. What is kept is the network of the best epoch before.
        - if failures == patience:
        -             return best
        + if failures == patience:
        +     return epoch

        where_it_ends: That is the epoch with which training ends: where patience runs out, or the last one of all. What
        is kept is the network of the best epoch so far.
        - if failures == patience:
        -             return best
        + if failures == patience:
        +     return epoch
        - return best
        + return len(scores) - 1

        the_score: That is the best score itself. Return the number of its epoch, counted from 0.
        - if failures == patience:
        -             return best
        + if failures == patience:
        +     return scores[best]
        - return best
        + return scores[best]

        from_one: The epochs are counted from 1. Count from 0, as in scores[0].
        - if failures == patience:
        -             return best
        + if failures == patience:
        +     break
        - return best
        + return best + 1

        higher_is_better: You keep the highest score. A lower score is better: these are bits.
        - score < scores[best]
        + score > scores[best]

        equal_is_better: A score that equals the best counts as progress in your code. Only a lower one beats it.
        - score < scores[best]
        + score <= scores[best]

        too_patient: Training goes on for one epoch too many: it stops when `patience` scores in a row have failed.
        - failures == patience
        + failures > patience

        too_hasty: Training stops one epoch too soon: `patience` scores in a row must have failed.
        - failures == patience
        + failures >= max(patience - 1, 1)

        first_rise: Training stops at the first score that is no progress, whatever patience says.
        - failures == patience
        + failures == 1

        first_counts: The first score counts as a failure in your code. It is the best one so far: nothing has failed
        yet.
        - score < scores[best] or epoch == 0
        + score < scores[best]

        always_first: You always keep epoch 0. Is a score compared with the best score, and not with the number of an
        epoch?
        - score < scores[best] or epoch == 0
        + epoch == 0

        not_in_a_row: All failures are added up. A new best score starts the count anew: they must come in a row.
        - best, failures = epoch, 0
        + best = epoch

        score_before: Each score is compared with the one before it. It must beat the best one so far.
        - if score < scores[best] or epoch == 0:
        -             best, failures = epoch, 0
        + if epoch == 0 or score < scores[epoch - 1]:
        +     failures = 0
        +     best = epoch if score < scores[best] else best

        last_progress: You return the last epoch that was better than the one before it. It must be better than all
        before.
        - if score < scores[best] or epoch == 0:
        + if epoch == 0 or score < scores[epoch - 1]:

        always_last: That is the last epoch of the list. What is kept is the best one before patience runs out.
        - if failures == patience:
        -             return best
        +
        - return best
        + return len(scores) - 1

        last_if_it_lasts: Where patience lasts to the end of the list, you return its last epoch. Kept is the best one,
        there too.
        - if failures == patience:
        -             return best
        + if failures == patience:
        +     return int(best)
        - return best
        + return len(scores) - 1

        patience_is_an_epoch: patience is taken for the number of an epoch. It counts how many scores in a row may fail.
        - failures == patience
        + epoch == patience
        """,
    ),
    hints=[
        "Walk through the scores and remember two things: the number of the best epoch so far, and how many scores in "
        "a row have failed to beat it.",
        "A score that is lower than the best: remember its number, and the failures start again at 0. Any other: one "
        "failure more.",
        "In words: when the failures in a row have reached patience, leave the loop. Return the number of the best.",
    ],
    why="It is what one does while training: nobody knows the later scores. The finished function needs no counter: "
    "the failures in a row are the epochs since the best one.",
    notice="A curve that wobbles needs more patience: with too little, training stops at the first bump.",
)


# ---------------------------------------------------------------- dropout_mask
def dropout_mask_cases():
    def case(label, shape, rate, seed):
        return Case(label, (shape, rate, np.random.default_rng(seed)), {})

    return [
        case("half of 8 units", 8, 0.5, 110),
        case("a fifth of 15 units", 15, 0.2, 111),
        case("a table", (4, 6), 0.3, 112),
        case("most of them", 12, 0.75, 113),
        case("nothing dropped", 5, 0.0, 114),
        case("three axes", (2, 3, 4), 0.4, 115),
    ]


DROPOUT_MASK = Exercise(
    dropout_mask,
    dropout_mask_cases,
    minutes=8,
    difficulty=1,
    after=next_random_number,
    mistakes=mistakes_in(
        dropout_mask,
        """
        not_scaled: These are 0 and 1, or True and False. With fewer units at work, every sum becomes smaller: those
        that stay must make up for it.
        - return kept / (1 - rate)
        + return kept * 1.0

        keeps_rate: The wrong ones stay: `rate` is the share that is dropped, so a number below it drops its unit.
        - rng.random(shape) >= rate
        + rng.random(shape) < rate

        keeps_low: The units with the small random numbers stay. As many are dropped as should be, but others: a number
        below `rate` means dropped.
        - rng.random(shape) >= rate
        + rng.random(shape) < 1 - rate

        keeps_rate_scaled: `rate` is taken as the share that stays. It is the share that is dropped.
        - kept = rng.random(shape) >= rate
        -     return kept / (1 - rate)
        + kept = rng.random(shape) < rate
        + return kept / max(rate, 1e-9)

        divided_by_rate: Those that stay are divided by the share that is dropped. Divide by the share that stays, and
        the mean is 1.
        - kept / (1 - rate)
        + kept / max(rate, 1e-9)

        multiplied: Those that stay are multiplied by the share that stays: that makes the sums smaller still. They must
        grow. (Or do brackets lack in 1 / 1 - rate?)
        - kept / (1 - rate)
        + kept * (1 - rate)

        always_double: Those that stay count double, whatever the rate is. That is right only if a half is dropped.
        - kept / (1 - rate)
        + kept * 2.0

        plus_rate: Those that stay are 1 + rate. That comes close for small rates only: what times the share that stays
        gives 1?
        - kept / (1 - rate)
        + kept * (1 + rate)

        bound_divided: Here the bound is divided, not the mask: of `>=` and `/`, the division comes first. Put brackets
        around the comparison.
        - kept = rng.random(shape) >= rate
        -     return kept / (1 - rate)
        + return rng.random(shape) >= rate / (1 - rate)

        root: Those that stay are divided by a root. It is the mean that must stay 1, not the square.
        - kept / (1 - rate)
        + kept / np.sqrt(1 - rate)

        by_the_draw: You divide by the share that happened to stay this time. Divide by the share that stays on average,
        which you know beforehand.
        - kept / (1 - rate)
        + kept / max(kept.mean(), 1e-9)

        own_rng: The random numbers do not come from rng, so every mask is the same one. Draw from the rng that you were
        given.
        - kept = rng.random(shape)
        + kept = np.random.default_rng(0).random(shape)

        one_row: One row of the mask is drawn and used for all. Each entry has a draw of its own.
        - kept = rng.random(shape) >= rate
        + shape = (shape,) if isinstance(shape, int) else shape
        + kept = np.broadcast_to(rng.random(shape[-1]) >= rate, shape)

        one_draw: One number is drawn for the whole mask, so all stay or all go. Each entry has a draw of its own.
        - rng.random(shape) >= rate
        + np.full(shape, rng.random()) >= rate

        normal: These are draws from a normal distribution, which can be below 0. rng.random(shape) draws evenly from 0
        to 1.
        - kept = rng.random(shape)
        + kept = rng.standard_normal(shape)

        drawn_twice: Two draws are made for each entry. Draw once, and use that.
        - rng.random(shape) >= rate
        + (rng.random(shape) >= rate) | (rng.random(shape) < 0)

        the_draws: The random numbers themselves come back where a unit stays. There it must be the same number each
        time.
        - kept = rng.random(shape) >= rate
        + draws = rng.random(shape)
        + kept = draws * (draws >= rate)

        exact_count: You drop an exact number of units. Each one is dropped or not by a draw of its own, so the number
        varies.
        - kept = rng.random(shape) >= rate
        + draws = rng.random(shape)
        + kept = draws.ravel().argsort().argsort().reshape(shape) >= round(rate * draws.size)
        """,
    ),
    hints=[
        "Draw one number between 0 and 1 for each entry, all at once: rng.random(shape). Which share of them lies "
        "below rate?",
        "Where the number is below rate, the mask is 0. Elsewhere it is the same number for all: which, if the mean is "
        "to be 1?",
        "In words: (rng.random(shape) at least rate), as 0 and 1, divided by (1 - rate).",
    ],
    why="A share of 1 - rate stays, each with the value 1 / (1 - rate): on average that is 1. So the sums that the "
    "next layer sees have the same mean as without a mask, and nothing has to change when all units are back.",
    notice="With rate 0 it is all ones: no dropout at all.",
)


# ---------------------------------------------------------------- catch_dropout_mask
def catch_dropout_mask(dropout_mask):
    """Return True if masks have the right shape, values, share, mean, and follow the draws of their rng."""
    for shape, rate in [(2000, 0.5), ((40, 60), 0.2), ((3, 4), 0.75), (7, 0.0)]:
        mask = np.asarray(dropout_mask(shape, rate, np.random.default_rng(1)))
        draws = np.random.default_rng(1).random(shape)
        if mask.shape != draws.shape or mask.dtype == bool:
            return False
        if (mask[draws < rate] != 0).any():
            return False
        if not np.allclose(mask[draws >= rate], 1 / (1 - rate)):
            return False
    rng = np.random.default_rng(2)
    dropout_mask((5, 5), 0.3, rng)
    other = np.random.default_rng(2)
    other.random((5, 5))
    return rng.random() == other.random()  # it took one number for each entry


def dropout_mask_by_where(shape, rate, rng):
    return np.where(rng.random(shape) < rate, 0.0, 1 / (1 - rate))


def dropout_mask_in_place(shape, rate, rng):
    mask = rng.random(shape)
    dropped = mask < rate
    mask[...] = 1 / (1 - rate)
    mask[dropped] = 0
    return mask


def dropout_mask_by_loop(shape, rate, rng):
    mask = np.zeros(shape)
    for entry in np.ndindex(mask.shape):
        mask[entry] = 0 if rng.random() < rate else 1 / (1 - rate)
    return mask


CATCH_DROPOUT_MASK = Catch(
    function=catch_dropout_mask,
    original=DROPOUT_MASK,
    rights={
        "the finished one": dropout_mask,
        "one that uses np.where": dropout_mask_by_where,
        "one that writes into the array of draws": dropout_mask_in_place,
        "one that draws entry by entry in a loop": dropout_mask_by_loop,
    },
    # They differ only in which of the random numbers they use, or in a share that hardly differs in a large mask.
    beyond=("keeps_low", "drawn_twice", "exact_count", "by_the_draw"),
    minutes=12,
    difficulty=2,
    hints=[
        "Ask for a large mask with np.random.default_rng(seed). What do you know of its shape, its values, its mean?",
        "Which two values may stand in it? Which share of it must be 0, give or take a little?",
        "Two masks in a row from one rng must differ, so must the rows of a table. And with rate 0 all are 1.",
        "In words: for (40, 60) and rate 0.2, all values are 0 or 1.25, between 15 and 25 % are 0, not all rows are "
        "alike, and two calls with one rng give two masks.",
    ],
    why="What is random still has laws: its shape, the values that may occur, the share of zeros within a few percent. "
    "A check can also repeat the draws, with a second generator of the same seed.",
    notice="With rate 0.5, dropped and kept are easy to mix up and look right: another rate tells.",
)


# ---------------------------------------------------------------- mix
def mix_by_loop(chances, weights):
    total = sum(weights)
    mixed = np.zeros(np.shape(chances)[1:])
    for row, weight in zip(chances, weights):
        mixed = mixed + weight / total * row
    return mixed


def mix_cases():
    def rows(M, shape, seed):
        tables = np.random.default_rng(seed).dirichlet(np.ones(shape[-1]) * 0.7, (M, *shape[:-1]))
        return np.maximum(tables, 1e-6)

    return [
        Case("two guessers, half and half", (rows(2, (5,), 120), np.array([0.5, 0.5])), {"M": 2, "N": 5}),
        Case("two guessers, 3 to 1", (rows(2, (4,), 121), np.array([0.75, 0.25])), {"M": 2, "N": 4}),
        Case("weights that add up to 4", (rows(3, (6,), 122), np.array([1.0, 2.0, 1.0])), {"M": 3, "N": 6}),
        Case("whole tables", (rows(3, (2, 4), 123), np.array([1.0, 3.0, 2.0])), {"M": 3, "N": 2, "V": 4}),
        Case("a guesser of weight 0", (rows(3, (5,), 124), np.array([2.0, 0.0, 3.0])), {"M": 3, "N": 5}),
        Case(
            "chances of what came in a text",
            (rows(3, (5, 3), 126)[:, :, 0], np.array([1.0, 2.0, 5.0])),
            {"M": 3, "N": 5},
        ),
        Case("as many guessers as characters", (rows(4, (4,), 125), np.array([0.1, 0.2, 0.3, 0.4])), {"M": 4}),
    ]


MIX = Exercise(
    mix,
    mix_cases,
    minutes=8,
    difficulty=1,
    mistakes=mistakes_in(
        mix_by_loop,
        """
        all_alike: All guessers count alike: that is the plain mean. The weights are not used.
        - weight / total * row
        + 1 / len(weights) * row

        not_divided: The weights are used as they stand. Only their ratios count: 1 and 2 must give the same as 10 and
        20, and the chances must still add up to 1.
        - weight / total * row
        + weight * row

        divided_by_number: You divide by the number of guessers. Divide by the sum of the weights.
        - total = sum(weights)
        + total = len(weights)

        plain_sum: The chances are added up, without weights. A mean of chances is wanted.
        - weight / total * row
        + row

        weights_squared: The weights go in twice.
        - weight / total * row
        + (weight / total) ** 2 * row

        largest_weight: You divide by the largest weight. Divide by the sum of them all.
        - total = sum(weights)
        + total = max(weights)

        logs_mixed: The logarithms are mixed: that is the product of powers. Mix the chances themselves, and what they
        add up to stays 1.
        - weight / total * row
        + weight / total * np.log(row)
        - return mixed
        + return np.exp(mixed)

        plain_mean_of_logs: The logarithms are averaged, and all guessers count alike. Mix the chances themselves, each
        with its weight.
        - weight / total * row
        + np.log(row) / len(weights)
        - return mixed
        + return np.exp(mixed)

        multiplied: The chances are multiplied. Two guessers who each give a half would then give a quarter.
        - mixed = np.zeros(np.shape(chances)[1:])
        + mixed = np.ones(np.shape(chances)[1:])
        - mixed + weight / total * row
        + mixed * row

        bits_mixed: These are bits: the surprises are mixed, not the chances.
        - weight / total * row
        + weight / total * -np.log2(row)

        best_of_each: For each character you take the largest of the chances. Nobody knows beforehand who will be right:
        over all characters these add up to more than 1.
        - mixed + weight / total * row
        + np.maximum(mixed, row)

        one_guesser: You take the guesser with the largest weight, and the others have no say.
        - mixed = mixed + weight / total * row
        + if weight == max(weights):
        +     mixed = row

        soft_weights: The weights go through a softmax. They are shares already: divide by their sum.
        - total = sum(weights)
        + weights = np.exp(weights)
        + total = sum(weights)

        first_only: Only the first guesser comes back: is the `return` inside the loop?
        - mixed = mixed + weight / total * row
        -     return mixed
        + return weight / total * row

        last_only: Only the last guesser comes back: each one overwrites the one before. Add them up.
        - mixed + weight / total * row
        + weight / total * row

        reversed_weights: The weights go to the guessers in reverse order: weight 0 belongs to row 0.
        - zip(chances, weights)
        + zip(chances[::-1], weights)

        harmonic: That is the mean of the inverse chances, turned over. Mix the chances themselves.
        - weight / total * row
        + weight / total / row
        - return mixed
        + return 1 / mixed

        made_to_add_up: You make the last axis add up to 1. The chances of what came in a text add up to anything: only
        those of one table's characters add up to 1.
        - return mixed
        + return mixed / mixed.sum(axis=-1, keepdims=True)

        mean_of_all: That is one number, the mean over the characters too. Each character keeps a chance of its own.
        - return mixed
        + return mixed.mean()
        """,
    ),
    hints=[
        "Row 0 is what the first guesser says, row 1 the second. Each row is an array: it can be multiplied by a "
        "number and added to another.",
        "Make shares of the weights first: divide them by their sum.",
        "In words: the sum over the guessers of (weight divided by the sum of the weights) times row.",
    ],
    why="A mean of probabilities with shares that add up to 1 is again a probability, for each character, and what the "
    "characters add up to stays 1. The finished function lets one product do the sum, for rows of any shape.",
    notice="The bits of a mixture are never above the mean of the guessers' bits, weighted alike: a logarithm is bent.",
)


# ---------------------------------------------------------------- choose_share
WEEK = "srccsrs"  # what the weather of each day of the week would like to be


def weather(days, rng):
    """Return a text of s (sun), c (clouds), r (rain): each day is like its day of the week, the day before, or any."""
    text = "s"
    for day in range(1, days):
        u, any_weather = rng.random(), "scr"[int(rng.random() * 3)]
        text += WEEK[day % 7] if u < 0.45 else text[-1] if u < 0.75 else any_weather
    return text


@functools.cache
def forecasts():
    """Return the chances that two guessers give to what came, (2, days), for choosing and for judging."""
    rng = np.random.default_rng(3)
    known, choosing, judging = [weather(days, rng) for days in (400, 700, 7000)]
    corpus = Corpus("weather", known)
    by_day = np.ones((7, 3))  # how often each weather came on each day of the week, one more than counted
    np.add.at(by_day, (np.arange(400) % 7, corpus.ids), 1)
    by_day /= by_day.sum(axis=1, keepdims=True)
    found = []
    for text in (choosing, judging):
        ids = corpus.encode(text)
        table = counting.witten_bell(corpus.ids, ids, 3, 2)[1:]
        calendar = by_day[np.arange(len(ids)) % 7, ids][1:]
        found.append(np.array([table, calendar]))
    return found


def share_bits(share, which):
    """Return the bits per day of a mixture in which the calendar has a share. which: 0 to choose by, 1 to judge by."""
    return bits(mix(forecasts()[which], [1 - share, share]))


MOST_LOST = 0.004  # bits above the best share that still do


def share_report():
    """Return what there is to see before one chooses: bits at four shares, on the text to choose by."""
    rows = [
        "Two guess tomorrow's weather: a table that knows today, and a calendar that knows the day of the week.",
        "",
    ]
    rows.append("share of the calendar    bits per day, on 700 days to choose by")
    for share in (0.0, 0.2, 0.9, 1.0):
        rows.append(f"{share:21.1f}    {share_bits(share, 0):.3f}")
    rows += ["", "Your answer is judged by 7,000 other days."]
    return "\n".join(rows)


@functools.cache
def best_share():
    """Return (bits, share) of the best mixture of all shares in hundredths, on the text to judge by."""
    return min((share_bits(share, 1), share) for share in np.linspace(0, 1, 101))


def try_share(share):
    """Return (True if the mixture is next to the best, what happened)."""
    if not 0 <= share <= 1:
        return False, f"You gave {share:g}. A share lies between 0 and 1."
    chosen, judged = share_bits(share, 0), share_bits(share, 1)
    best, where = best_share()
    says = f"With a share of {share:g}: {chosen:.3f} bits on the 700 days to choose by, {judged:.3f} on 7,000 others"
    if judged <= best + MOST_LOST:
        return True, f"{says}. No share does better there than {best:.3f}."
    if share in (0, 1):
        return False, f"{says}. That is one guesser alone: a mixture can have {best:.3f}."
    return False, f"{says}. The {'calendar' if share > where else 'table'} says too much: {best:.3f} can be had."


CHOOSE_SHARE = Choose(
    name="choose_share",
    asks="Which share should the calendar of the report have in the mixture, so that new days are guessed well?",
    try_it=try_share,
    good=0.6,
    look=share_report,
    minutes=5,
    difficulty=1,
    hints=[
        'report("choose_share") shows four shares, and their bits on the text to choose by. Where must the best be?',
        "Both ends are worse than something between. The curve is a bowl: no dips but one.",
        "In words: try a number between, look at the bits on the 700 days that the answer tells, and go on where they "
        "fall.",
    ],
    why="The bits of a mixture are a bowl over the share, so few tries find its bottom. Chosen on one text and judged "
    "by another, the share is nearly as good as the best: one number is hardly ever overfitted.",
    notice="700 days were enough to choose a single number. A choice among hundreds would need more, and a third text.",
)
