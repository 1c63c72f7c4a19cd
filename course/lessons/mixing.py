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
    """Return what it means that weights and probs do not fit together, or ""."""
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
    if re.search(r"shapes (\((\d+),1\) \(\2,\d+,\d+\)|\((\d+),\d+,\d+\) \(\3,1\))", error):
        return (
            "A column of weights, (M, 1), fits a number for each character, (M, N). Here each model gives a whole "
            "table, so probs are (M, N, V). What works for one model after the other, whatever it gives?"
        )
    if re.search(r"broadcast together with shapes (\(\d+,\) \(\d+,\d+|\(\d+,\d+[^(]* \(\d+,\))", error):
        if "+" in where:
            return (
                "Your sum begins as a row of numbers, and here each model gives a whole table. Begin with 0, or with "
                "zeros of the shape of what one model gives."
            )
        return (
            "The product goes along the last axis, the characters. Each weight belongs to a model, and the "
            "models are the first axis."
        )
    return ""


def mix_remark(case, parts):
    """Return a remark if all that is missing is to make shares of the weights, else ""."""
    probs, weights = map(np.asarray, case.args)
    if not np.allclose(parts[""], np.tensordot(weights, probs, 1)):
        return ""
    return "You use the weights as they are. Only their ratios count: 1 and 2 must give the same as 10 and 20."


MIX = Exercise(
    mix,
    mix_cases,
    remark=mix_remark,
    on_error=mix_error,
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
    notice="A mixture never needs more bits than its models need on average, with the same weights.",
)


# ---------------------------------------------------------------- choose_share
YEAR = "rrccsssssccr"  # what the weather of each month would like to be
DAYS = 24  # that are shown, two of each month


def weather(days, rng):
    """Return a text of s (sun), c (clouds), r (rain): each day is as its month likes, as the day before, or any."""
    text = "r"
    for day in range(1, days):
        u, any_weather = rng.random(), "scr"[int(rng.random() * 3)]
        text += YEAR[day // 30 % 12] if u < 0.45 else text[-1] if u < 0.75 else any_weather
    return text


@functools.cache
def forecasts():
    """Return the probabilities that two models gave to what came: on the days shown, (2, 24), and on others."""
    rng = np.random.default_rng(5)
    known, shown, judging = [weather(days, rng) for days in (720, 360, 7200)]
    corpus = Corpus("weather", known)
    by_month = np.ones((12, 3))  # how often each weather came in each month, one more than counted
    np.add.at(by_month, (np.arange(720) // 30 % 12, corpus.ids), 1)
    by_month /= by_month.sum(axis=1, keepdims=True)
    found = []
    for text in (shown, judging):
        ids = corpus.encode(text)
        table = counting.witten_bell(corpus.ids, ids, 3, 2)[1:]
        found.append(np.array([table, by_month[np.arange(len(ids)) // 30 % 12, ids][1:]]))
    return found[0][:, 1::15].round(2), found[1]


def share_bits(share, which):
    """Return the bits per day of a mixture in which the model of months has a share. which: 0 days shown, 1 others"""
    return bits(mix(forecasts()[which], [1 - share, share]))


MOST_LOST = 0.002  # bits above the best share for the days shown that still do


def share_report():
    """Return what there is to see before one chooses: what each model gave to the weather of some days."""
    rows = ["Two models predict the weather: one knows today's weather, the other the month.", ""]
    rows.append(f"The probabilities that they gave, on {DAYS} days, to the weather that came:")
    for name, row in zip(("today", "month"), forecasts()[0]):
        first, second = [", ".join(map(str, half)) for half in row.reshape(2, -1).tolist()]
        rows += [f"{name} = [{first},", f"         {second}]"]
    return "\n".join(rows)


@functools.cache
def best_share(which):
    """Return (bits, share) of the best mixture of all shares in hundredths."""
    return min((share_bits(share, which), share) for share in np.linspace(0, 1, 101))


def try_share(share):
    """Return (True if the mixture is next to the best for the days shown, what happened)."""
    if not 0 <= share <= 1:
        return False, f"You gave {share:g}. A share is between 0 and 1."
    cost, (least, where) = share_bits(share, 0), best_share(0)
    says = f"With a share of {share:g} for the month, the {DAYS} days cost {cost:.3f} bits each"
    if cost > least + MOST_LOST:
        model = "month" if share > where else "model of today"
        alone = "that is one model alone" if share in (0, 1) else f"the {model} counts too much"
        return False, f"{says}: {alone}. Let your `mix` try other shares on the two rows of the report."
    judged, (lowest, late) = share_bits(share, 1), best_share(1)
    return True, (
        f"{says}, and no share needs fewer than {least:.3f}. Now open 7,200 other days, once: there it costs "
        f"{judged:.3f}. The best share there, {late:.2f}, would have cost {lowest:.3f}, but we know that too late."
    )


CHOOSE_SHARE = Choose(
    name="choose_share",
    asks="Which share should the month have in the mixture, so that the days of the report are guessed best?",
    try_it=try_share,
    good=0.75,
    example=0.1,
    look=share_report,
    difficulty=1,
    hints=[
        "Copy the two rows of the report into a cell. mix([today, month], [1 - share, share]) gives what both together "
        "gave to each day.",
        "What does a day cost? -log2 of that probability. Take the mean over the days, for shares of 0, 0.1, 0.2 and "
        "so on to 1.",
        "In words: for each share, print the mean of -np.log2(mix([today, month], [1 - share, share])), and take the "
        "share with the smallest one.",
    ],
    why="Drawn over the share, the bits of a mixture make a bowl, so a few tries find its bottom. Some days chose the "
    "share, and others judged it.",
    notice="A few days can choose only roughly. But near its bottom a bowl is flat, so a rough share loses little. "
    "With 0 or 1 you lose the mixture.",
)
