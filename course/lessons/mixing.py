"""Mixtures of several predictions."""

import functools
import re

import numpy as np

from course.checker.choose import Choose
from course.checker.exercise import Case, Exercise
from course.checker.mistakes import mistakes_beside
from course.lessons.cases import hard
from course.models import counting
from course.models.judging import bits, mix
from rnn_helpers import Corpus

known = mistakes_beside(__file__)


# ---------------------------------------------------------------- mix
def mix_by_loop(probs, weights):
    total = sum(weights)
    mixed = np.zeros(np.shape(probs)[1:])
    for row, weight in zip(np.asarray(probs), weights):
        mixed = mixed + weight / total * row
    return mixed


def mix_cases():
    def rows(M, shape, seed):
        tables = np.random.default_rng(seed).dirichlet(np.ones(shape[-1]) * 0.7, (M, *shape[:-1]))
        return np.maximum(tables, 1e-6)

    return [
        Case("two models, half and half", (rows(2, (5,), 120), np.array([0.5, 0.5])), {"M": 2, "N": 5}),
        Case("two models, 3 to 1", (rows(2, (4,), 121), np.array([0.75, 0.25])), {"M": 2, "N": 4}),
        Case("weights that add up to 4", (rows(3, (6,), 122), np.array([1.0, 2.0, 1.0])), {"M": 3, "N": 6}),
        Case("whole tables", (rows(3, (2, 4), 123), np.array([1.0, 3.0, 2.0])), {"M": 3, "N": 2, "V": 4}),
        Case("a model of weight 0", (rows(3, (5,), 124), np.array([2.0, 0.0, 3.0])), {"M": 3, "N": 5}),
        Case(
            "probabilities of what came in a text",
            (rows(3, (5, 3), 126)[:, :, 0], np.array([1.0, 2.0, 5.0])),
            {"M": 3, "N": 5},
        ),
        Case("as many models as characters", (rows(4, (4,), 125), np.array([0.1, 0.2, 0.3, 0.4])), {"M": 4}),
        Case("weights that add up to 1.7", (rows(3, (4,), 127), np.array([0.3, 0.5, 0.9])), {"M": 3, "N": 4}),
        Case("a list of rows", (list(rows(2, (5,), 128)), np.array([1.0, 2.0])), {"M": 2, "N": 5}),
        *hard("rows", lambda given: (given, np.array([0.25, 1.0])), lambda given: {"M": 2, "N": 3}),
        Case("one model (M = 1)", (rows(1, (4,), 129), np.array([0.4])), {"M": 1, "N": 4}),
        Case("an array of rows, and weights in a list", (rows(2, (5,), 130), [3, 1]), {"M": 2, "N": 5}),
        Case("rows and weights in lists, as by hand on the page", ([[0.5, 0.2], [0.1, 0.6]], [3, 1]), {}),
    ]


def mix_error(error, where):
    """Say what it means if weights and probs do not fit together."""
    if re.search("mismatch in its core dimension|not aligned", error):
        return (
            "`@` and np.dot add up along the last axis but one of what is on the right. That is the axis of the models "
            "if probs are (M, N). It is another one if each model gives a whole table, (M, N, V)."
        )
    if "setting an array element with a sequence" in error:
        return (
            "Here each model gives a whole table, so an entry of its row is a row itself. Add up whole rows, "
            "and not number by number."
        )
    if re.search(r"broadcast together with shapes \((\d+),1\) \(\1,\d+,\d+\)", error):
        return (
            "A column of weights, (M, 1), fits a number for each character, (M, N). Here each model gives a whole "
            "table, so probs are (M, N, V). What works for one model after the other, whatever it gives?"
        )
    if re.search(r"broadcast together with shapes \(\d+,\) \(\d+,\d+", error):
        return (
            "The product goes along the last axis, that of the characters. Each weight belongs to a model, and the "
            "models are the first axis."
        )
    return ""


def mix_remark(case, parts):
    """Say that the weights have not been made into shares, if that alone is missing."""
    probs, weights = map(np.asarray, case.args)
    if not np.allclose(parts[""], np.tensordot(weights, probs, 1)):
        return ""
    return "You use the weights as they are. Only their ratios count, so that 1 and 2 give the same as 10 and 20."


MIX = Exercise(
    mix,
    mix_cases,
    remark=mix_remark,
    on_error=mix_error,
    minutes=8,
    difficulty=1,
    rare=6,
    mistakes=known("mix", mix_by_loop),
    hints=[
        "Row 0 is what the first model says, row 1 what the second says. Each row is an array, so it can be multiplied "
        "by a number and added to another row.",
        "Make shares of the weights first: divide them by their sum.",
        "In words: add up, over all models, (the weight divided by the sum of the weights) times the row.",
    ],
    why="If the shares add up to 1, a mean of probabilities is a probability again, and over all characters the means "
    "still add up to 1. The finished function lets one product do the sum, for rows of any shape.",
    notice="The bits of a mixture are never above the mean of its models' bits, taken with the same weights.",
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
    """Return the probabilities that two models give to what came, (2, days), for choosing and for judging."""
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
        "Two models predict tomorrow's weather: a table that knows today, and a calendar that knows the weekday.",
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
        return False, f"{says}. That is one model alone: a mixture can have {best:.3f}."
    return False, f"{says}. The {'calendar' if share > where else 'table'} counts too much: the best is {best:.3f}."


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
        "Both ends are worse than something between. The curve is a bowl, so it has only one dip.",
        "In words: try a number between, look at the bits on the 700 days that check tells you, and go on to where "
        "they fall.",
    ],
    why="Over the share, the bits of a mixture are a bowl, so a few tries find its bottom. The share was chosen by one "
    "text and judged by another, and it is nearly as good as the best one: a single number is hardly ever overfitted.",
    notice="700 days were enough to choose a single number. A choice among hundreds would need more days, and a third "
    "text.",
)
