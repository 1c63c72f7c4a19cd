"""When to stop, and dropout."""

import numpy as np

from course.checker.catch import Catch
from course.checker.exercise import Case, Exercise
from course.checker.mistakes import mistakes_beside
from course.lessons.cases import hard, next_random_number
from course.models.judging import dropout_mask, early_stop

known = mistakes_beside(__file__)


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
        *hard("losses", lambda losses: (losses, 2)),
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
    difficulty=2,
    rare=5,
    result="ids",
    mistakes=known("early_stop", early_stop_by_counting),
    hints=[
        "Go through the scores and remember two things: the number of the best epoch so far, and how many scores in a "
        "row have failed to beat it.",
        "If a score is lower than the best one, remember its number and set the failures back to 0. If not, that's one "
        "more failure.",
        "In words: when the failures in a row have reached patience, leave the loop. Return the number of the best "
        "epoch.",
    ],
    why="That's what you do while a network trains, because nobody knows the later scores yet. The finished function "
    "needs no counter: the failures in a row are the epochs since the best one.",
    notice="A curve that wobbles needs more patience. With too little, the training stops at the first bump.",
)


# ---------------------------------------------------------------- dropout_mask
def dropout_mask_cases():
    def case(label, shape, rate, seed):
        return Case(label, (shape, rate, np.random.default_rng(seed)), {})

    return [
        case("10 units at rate 0.2", 10, 0.2, 111),
        case("8 units at rate 0.5", 8, 0.5, 110),
        case("the shape (4, 6) at rate 0.3", (4, 6), 0.3, 112),
        case("12 units at rate 0.75", 12, 0.75, 113),
        case("5 units at rate 0", 5, 0.0, 114),
        case("the shape (2, 3, 4) at rate 0.4", (2, 3, 4), 0.4, 115),
        case("a random number equal to the rate: its unit stays", 6, np.random.default_rng(116).random(6)[4], 116),
        case("30 units at rate 0.95", 30, 0.95, 119),
    ]


def dropout_mask_error(error, where):
    """Return a remark on the shape, a number or a tuple, if an answer takes only one of them, else ""."""
    if "cannot be interpreted as an integer" in error and "range" in where:
        return "Here shape is a tuple, and `range` takes one number. `rng.random(shape)` takes both."
    if "argument after * must be an iterable" in error:
        return "Here shape is one number, which has no parts for the star to take out."
    return ""


def dropout_mask_remark(case, parts):
    """Return a remark if a mask has the right values at other places than the draws give, else ""."""
    kept = parts[""][parts[""] != 0]
    if not len(kept) or not np.allclose(kept, 1 / (1 - case.args[1])):
        return ""
    return (
        "The values are right, but they're at other places. Each entry needs its own number from rng.random(shape), "
        "and is 0 where that number is below the rate, so the number of zeros varies."
    )


DROPOUT_MASK = Exercise(
    dropout_mask,
    dropout_mask_cases,
    on_error=dropout_mask_error,
    remark=dropout_mask_remark,
    difficulty=1,
    rare=2,
    after=next_random_number,
    mistakes=known("dropout_mask", dropout_mask),
    hints=[
        "Draw one number between 0 and 1 for each entry, all at once: rng.random(shape). Which share of them is below "
        "rate?",
        "Where the number is below rate, the mask is 0. Everywhere else it is one and the same number. Which one makes "
        "the mean 1?",
        "In words: ask whether rng.random(shape) is at least rate, take the answers as 0 and 1, and divide them by "
        "(1 - rate).",
    ],
    why="A share of 1 - rate stays, and each unit in it has the value 1 / (1 - rate), so on average the mask is 1. The "
    "sums that the next layer sees have the same mean as without a mask, and nothing has to change when all units are "
    "back.",
    notice="With rate 0 the mask is all ones, so nothing is dropped.",
)


# ---------------------------------------------------------------- catch_dropout_mask
def catch_dropout_mask(dropout_mask):
    """Return True if masks have the right shape, values and share of zeros, and if every entry and mask is drawn."""
    for shape, rate in [((5000,), 0.5), ((50, 100), 0.2), ((10, 20, 30), 0.75)]:
        rng = np.random.default_rng(1)
        mask, another = [np.asarray(dropout_mask(shape, rate, rng)) for _ in range(2)]
        if mask.shape != shape:
            return False
        dropped = mask == 0
        if not np.allclose(mask[~dropped], 1 / (1 - rate)):
            return False
        if abs(dropped.mean() - rate) > 0.05:  # a right function misses this share by some hundredths at most
            return False
        if np.array_equal(mask, another) or (mask.ndim > 1 and np.array_equal(mask[0], mask[1])):
            return False
    return np.allclose(dropout_mask(7, 0.0, np.random.default_rng(1)), 1)


def dropout_mask_by_coins(shape, rate, rng):
    return rng.binomial(1, 1 - rate, shape) / (1 - rate)


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
        "one that draws with rng.binomial, and so drops other units": dropout_mask_by_coins,
        "one that writes into the array of draws": dropout_mask_in_place,
        "one that draws entry by entry in a loop": dropout_mask_by_loop,
    },
    # They differ only in which of the random numbers they use, or in a share that hardly differs in a large mask.
    beyond=("keeps_low", "drawn_twice", "exact_count", "by_the_draw"),
    difficulty=2,
    hints=[
        "Ask for a large mask with np.random.default_rng(seed). What do you know of its shape, its values, its mean?",
        "Which two values can occur in it? About which share of it must be 0? Which entries are 0 is not fixed: a "
        "right function may use its rng in another way than yours.",
        "Two masks in a row from one rng must differ, and so must the rows of a table. And with rate 0 all are 1.",
        "In words: for (40, 60) and rate 0.2, all values are 0 or 1.25, between 15 and 25 % are 0, not all rows are "
        "alike, and two calls with one rng give two masks.",
    ],
    why="A random result still has laws: its shape, the values that can occur, and the share of zeros within a few "
    "percent. A check that repeats the draws with the same seed asks for more, and rejects right functions that draw "
    "in another way.",
    notice="At rate 0.5, a mask that mixes up dropped and kept looks right. Another rate gives it away.",
)
