"""The pictures of page 06: which of your functions calls which, and how surprised two readers are by new verse."""

import textwrap

import numpy as np

from course.lessons import NETWORK, OWN, page_of
from course.models.counting import witten_bell
from course.models.judging import standard_error
from course.show.colored import ColoredText
from course.show.drawing import Sheet, claim, signed

CALLS = {  # in the small network: what each taught function that calls others calls, from left to right
    "train_epoch": ("chunks", "forward_pass", "backward_pass", "sgd_step"),
    "forward_pass": ("cross_entropy", "rnn_step", "softmax"),
    "backward_pass": ("one_hot", "hidden_gradients", "weight_gradients"),
    "hidden_gradients": ("tanh_backward",),
    "sample_ids": ("draw", "rnn_step", "apply_temperature"),
    "apply_temperature": ("softmax",),
}
PLACES = {
    "train_epoch": (3.5, 3.6),
    "chunks": (0.6, 2.8),
    "forward_pass": (1.8, 2.8),
    "backward_pass": (4.5, 2.8),
    "sgd_step": (5.85, 2.8),
    "cross_entropy": (0.7, 2.0),
    "rnn_step": (1.8, 2.0),
    "softmax": (2.62, 2.0),
    "one_hot": (3.42, 2.0),
    "hidden_gradients": (4.5, 2.0),
    "weight_gradients": (5.9, 1.6),
    "tanh_backward": (4.5, 1.2),
    "draw": (0.7, 1.2),
    "apply_temperature": (2.62, 1.2),
    "sample_ids": (1.8, 0.4),
    "clip_gradients": (4.35, 0.4),
    "softmax_gradient": (5.9, 0.4),
}
NO_ARROW = {"softmax_gradient", "clip_gradients"}  # one only explains, the other is for steps that are too long
HEIGHT = 0.34


def who_calls_whom(yours):
    """Which function calls which? Below it: how many are the learner's.

    yours  the OwnFunctions, or the names of the learner's functions. What is wrong in the folder is printed
    """
    if message := getattr(yours, "message", ""):
        print(message)
    shown = {name: (x, y + 0.5) for name, (x, y) in PLACES.items() if name in NETWORK}
    sheet = Sheet("Everything that runs begins at train_epoch or sample_ids", 4.85)
    reached = ["train_epoch", "sample_ids"]
    for name in reached:  # it grows while it is walked
        reached += [other for other in CALLS.get(name, ()) if other not in reached]
    assert {*shown} - {*reached} <= NO_ARROW, "the title"
    for name, (x, y) in shown.items():
        whose = "yours" if name in yours else "the course's"
        sheet.box(x, y, name, "state" if name in yours else "letter", _width(name), HEIGHT, "small")
        called = CALLS.get(name, ())
        for other in called:
            to_x, to_y = shown[other]
            side = HEIGHT / 2 if to_y > y else -HEIGHT / 2
            near = min(max(to_x, x - _width(name) / 3), x + _width(name) / 3)  # where it leaves this box
            sheet.arrow((near, y + side), (to_x, to_y - side), kind="quiet", width=1.1)
        sheet.say(f"{name} ({whose})" + f" calls {', '.join(called)}" * bool(called))
    alone = [shown[name][0] for name in shown if name in NO_ARROW]
    sheet.write(sum(alone) / len(alone), 1.23, "no arrow leads here", "quiet", "small")
    sheet.write(4.15, 4.1, "trains", "quiet", "small", align="left")
    sheet.write(2.5, 0.9, "writes", "quiet", "small", align="left")
    sheet.write(0.15, 4.22, "blue: yours", "state", "small", align="left")
    sheet.write(0.15, 4.0, "gray: the course's", "letter", "small", align="left")
    says = how_many(yours)
    sheet.write(0.15, 0.27, textwrap.fill(says, 100), size="small", align="left")
    sheet.say(says)
    return sheet


def how_many(yours):
    """Return a sentence or more: how many of the functions are the learner's, and which is the next one to write."""
    order = [name for name in OWN if name in NETWORK]  # that of the lessons
    count = sum(name in yours for name in order)
    if not count:
        return (
            "Everything here runs, on functions that the course lends you. Each one that you write on pages 01 to 05 "
            "takes its place, and turns blue in the picture."
        )
    if count == len(order):
        return f"All {count} functions are yours."
    first = next(name for name in order if name not in yours)
    are = "is yours, and it's" if count == 1 else "are yours, and they're"
    says = f"{count} of the {len(order)} functions {are} blue in the picture. The course lends the others."
    return f"{says} Next: {first}, on page {page_of(first).number}."


def _width(name):
    """Return the width of a function's box."""
    return 0.18 + 0.073 * len(name)


def surprise_of(probs, targets):
    """Return the surprise at each target, in bits, (N,). probs: the probabilities before it, (N, V)."""
    return -np.log2(probs[np.arange(len(targets)), targets])


def table_bits(seen, unseen, vocab_size):
    """Return the surprise of a table of counts at each character of `unseen` after the first, in bits, (N-1,).

    seen  the ids that it has counted: which character came after each five
    """
    return -np.log2(witten_bell(seen, unseen, vocab_size, order=6, handed_down=6)[1:])


def two_readers(bits):
    """Who is surprised less by new verse, and is it luck?

    bits  {"network": surprises, "table": surprises}, each (N,), a number for each character
    """
    columns = {**bits, "difference": bits["network"] - bits["table"]}
    means = {name: column.mean() for name, column in columns.items()}
    errors = {name: standard_error(column) for name, column in columns.items()}
    holds = means["difference"] > 2 * errors["difference"]
    title = "The table is surprised less, and that is no accident"
    sheet = Sheet(claim(holds, title, "How much new verse surprises the network and the table"), 1.75)
    for row, (name, kind) in enumerate({"network": "state", "table": "second", "difference": "ink"}.items()):
        y, end = 1.2 - 0.4 * row, 1.1 + 1.6 * means[name]
        says = f"{signed(means[name], 2)} ± {signed(errors[name], 2)} bits"
        sheet.write(0.95, y, name, kind, align="right")
        sheet.bar((1.1, y), (end, y), kind)
        half = 1.6 * errors[name]
        sheet.line((end - half, y), (end + half, y), kind="page", width=4.5, zorder=4)
        sheet.line((end - half, y), (end + half, y), kind="ink", width=2.5, zorder=5)
        sheet.write(end + 0.15, y, says, kind, align="left")
        sheet.say(f"{name}: {says}")
    return sheet


def verse_twice(bits, text, first, last):
    """Return a passage of a text twice, as a ColoredText: who is surprised where?

    bits         {"network": surprises, "table": surprises}, a number for each character of the text
    first, last  how the passage begins and ends
    """
    start = text.index(first)
    end = text.index(last, start) + len(last)
    passage = {name: column[start:end] for name, column in bits.items()}
    title = "The same verse twice: the network above, the table below"
    return ColoredText(title, text[start:end], passage, "bits", full=8)
