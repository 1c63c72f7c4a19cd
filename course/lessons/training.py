"""Training: cut the text into sequences, take a step, train for one epoch, and clip gradients that are too long."""

import dataclasses
import math
import re

import numpy as np

from course.checker.choose import Choose
from course.checker.exercise import Case, Exercise
from course.checker.mend import mend
from course.checker.mistakes import mistakes_beside
from course.lessons.cases import many_ids, network, pencil_network, random_ids
from rnn_helpers import (
    Corpus,
    Parameters,
    backward_pass,
    chunks,
    clip_gradients,
    forward_pass,
    initialize_parameters,
    sgd_step,
    train_epoch,
)

known = mistakes_beside(__file__)

# ---------------------------------------------------------------- chunks


def chunks_cases():
    return [
        Case("16 ids, three sequences of 5", (np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3]), 5), {"T": 5}),
        Case("15 ids, where the last target of the third sequence is missing", (random_ids(15, 9, 32), 5), {"T": 5}),
        Case("ids with a few left over", (random_ids(24, 9, 33), 7), {"T": 7}),
        Case("one sequence", (random_ids(7, 9, 34), 6), {"T": 6}),
        Case("sequences of one character", (random_ids(6, 9, 35), 1), {"T": 1}),
        Case("fewer ids than one sequence needs: an empty list", (random_ids(4, 9, 36), 5), {"T": 5}),
        Case("one id, which has no target: an empty list", (np.array([2]), 1), {"T": 1}),
        Case("ids above 255", (many_ids()[0], 2), {"T": 2}),
    ]


def chunks_by_reshape(ids, seq_length):
    whole = (len(ids) - 1) // seq_length * seq_length
    inputs, targets = ids[:whole], ids[1 : whole + 1]
    return list(zip(inputs.reshape(-1, seq_length), targets.reshape(-1, seq_length)))


CHUNKS = Exercise(
    chunks,
    chunks_cases,
    difficulty=2,
    rare=2,
    returns=("inputs", "targets"),
    result="pairs",
    mistakes=known("chunks", chunks, chunks_by_reshape),
    hints=[
        "Sequences start at 0, seq_length, 2 * seq_length, and so on. A range with a step gives these places.",
        "The inputs are seq_length ids, beginning at start. The targets are the same number of ids, one place later.",
        "The last sequence still needs its last target, the id at start + seq_length. So how far can start go?",
        "In words: for start in range(0, len(ids) - seq_length, seq_length), append the pair of ids[start : start + "
        "seq_length] and the same slice one later; return the list.",
    ],
    why="A sequence needs seq_length + 1 ids, because the targets are shifted by one. So N ids make (N - 1) // T whole "
    "sequences. The last target of one sequence is also the first input of the next, so nothing is skipped.",
    notice="The sequences follow each other in the text, so the state after one is the h_prev of the next.",
)


# ---------------------------------------------------------------- sgd_step


def sgd_step_cases():
    return [
        Case("a small network", (network(3, 4, 36), network(3, 4, 37, 2.0), 0.1), {"H": 3, "V": 4}),
        Case("a large learning rate", (network(5, 2, 38), network(5, 2, 39), 1.5), {"H": 5, "V": 2}),
        Case("the 2019 learning rate", (pencil_network(), network(3, 4, 40, 5.0), 0.001), {"H": 3, "V": 4}),
        Case("slopes above 1,000", (network(2, 3, 41), network(2, 3, 42, 3000.0), 0.01), {"H": 2, "V": 3}),
        Case("slopes that are all 0", (network(2, 3, 41), network(2, 3, 42, 0.0), 0.1), {"H": 2, "V": 3}),
        Case("a learning rate of 0", (network(2, 3, 41), network(2, 3, 42), 0.0), {"H": 2, "V": 3}),
    ]


SGD_STEP = Exercise(
    sgd_step,
    sgd_step_cases,
    difficulty=2,
    rare=3,
    in_place=("parameters",),
    # The spaces before `parameter` are part of the edits: without them the docstring holds the same words.
    mistakes=known("sgd_step", sgd_step),
    hints=[
        "Downhill is against the gradient. How long is the step?",
        "parameters and gradients hold five arrays each, in the same order: zip walks through both together.",
        "The arrays themselves must change. `a -= b` writes into the array a, but `a = a - b` makes a new one.",
        "In words: for each parameter and its gradient, parameter -= learning_rate * gradient. Return nothing.",
    ],
    why="`-=` writes into an array, so the caller's parameters move. You don't have to return anything, and nobody "
    "makes a second copy of the network.",
    notice="You need no return: your function changes the caller's own arrays.",
)


# ---------------------------------------------------------------- train_epoch


def train_epoch_cases():
    # The number of sequences, and one more or less, is never H, V, T or T + 1: no message takes it for one of them.
    return [
        Case("41 ids, eight sequences", (random_ids(41, 4, 41), network(3, 4, 42), 5, 0.1), {"T": 5, "H": 3, "V": 4}),
        Case("ids with a few left over", (random_ids(40, 7, 43), network(6, 7, 44), 4, 0.05), {"T": 4, "H": 6, "V": 7}),
        Case("one sequence", (random_ids(7, 4, 45), network(3, 4, 46), 6, 0.1), {"T": 6, "H": 3, "V": 4}),
        Case("a larger learning rate", (random_ids(26, 5, 47), network(2, 5, 48), 3, 0.4), {"T": 3, "H": 2, "V": 5}),
        Case(
            "biases of 0, as when training begins",
            (random_ids(23, 4, 49), network(3, 4, 50)._replace(b_h=np.zeros(3), b_y=np.zeros(4)), 6, 0.1),
            {"T": 6, "H": 3, "V": 4},
        ),
        Case("slopes above 5", (random_ids(61, 3, 157), network(2, 3, 57, 1.5), 12, 0.1), {"T": 12, "H": 2, "V": 3}),
        # Whoever has a mistake in the loop hears of that first: these count when all others are right.
        Case("smoothed = 5.25", (random_ids(34, 5, 51), network(2, 5, 52), 3, 0.1, 5.25), {"T": 3, "H": 2, "V": 5}),
        Case("smoothed = 0.0", (random_ids(45, 6, 53), network(3, 6, 54), 4, 0.2, 0.0), {"T": 4, "H": 3, "V": 6}),
        Case("smoothed = 2500.0", (random_ids(29, 3, 55), network(2, 3, 56), 4, 0.1, 2500.0), {"T": 4, "H": 2, "V": 3}),
    ]


def train_epoch_error(error, where):
    """Return the message if ids are not cut, the smoothed loss or the state has no start, or all states are carried,
    else ""."""
    if "unpack non-iterable numpy" in error and re.search(r"\bin ids\b", where):
        return "ids holds single numbers. `chunks(ids, seq_length)` cuts them into pairs of inputs and targets."
    if "NoneType" in error and not re.search("attribute|unpack|iterable|subscript", error):
        if re.search(r"(forward_pass|rnn_step)\(", where) and "smooth" not in where:
            return "The state you hand over is None. Before the first sequence, it should be an array of zeros."
        id = "none_stays"
    elif re.search(r"from shape \((\d+),\d+\) into shape \(\1,\)", error) and "forward_pass" in where:
        id = "all_states_carried"
    else:
        return ""
    return next(mistake.message for mistake in TRAIN_EPOCH.mistakes if mistake.id == id)


TRAIN_EPOCH = Exercise(
    train_epoch,
    train_epoch_cases,
    difficulty=3,
    rare=5,
    returns=("losses",),
    result="list",
    in_place=("parameters",),
    groups=("losses", "parameters"),
    on_error=train_epoch_error,
    unsteady="The sequences must come in the order of the text, because each hands its state to the next: do you "
    "shuffle them? Or does something else change from call to call: random numbers, np.empty (not filled with zeros), "
    "a variable outside the function?",
    mistakes=known("train_epoch", train_epoch),
    hints=[
        "One round of the loop reads one sequence. Besides the parameters, which two values do you keep from round to "
        "round?",
        "Before the loop, the state is zeros, (H,). The smoothed loss is the number that came in as smoothed (0.0 is "
        "a number, too). If that is None, it's T ln V. W_hy is (V, H): its shape tells you both sizes.",
        "In the loop: forward_pass, backward_pass, sgd_step, in this order. Then the last row of forward.hidden is the "
        "state for the next sequence.",
        "In words: if smoothed is None, it becomes seq_length times the logarithm of V. Then for each pair of "
        "chunks(ids, seq_length), forward from h, backward, sgd_step; then h = forward.hidden[-1], smoothed = "
        "smooth_loss(smoothed, forward.loss), and append it. Return the list.",
    ],
    why="The gradients are for the parameters that made the loss, so the step comes after both passes. You carry the "
    "state only as numbers: backpropagation ends where the sequence begins. The smoothed loss forgets slowly, so the "
    "next epoch continues from the last one of this epoch: smoothed=losses[-1].",
    notice="Hand each epoch the last loss as smoothed. Then, from the same start, your loop gives the same losses as "
    "the course's `train`, digit for digit. The rest of `train` is extras, such as a stop button.",
)


# ---------------------------------------------------------------- clip_gradients


def clip_gradients_cases():
    quiet = network(3, 4, 26, 0.1)
    big_W = quiet._replace(W_hh=np.random.default_rng(27).normal(0, 3, (3, 3)))
    return [
        Case("a norm far above max_norm", (network(3, 4, 28, 4.0), 2.0), {"H": 3, "V": 4}),
        Case("a norm below max_norm", (network(3, 4, 29, 0.3), 5.0), {"H": 3, "V": 4}),
        Case("one large array and four small ones", (big_W, 3.0), {"H": 3, "V": 4}),
        Case("all arrays below max_norm, together above", (network(5, 6, 30, 0.35), 2.5), {"H": 5, "V": 6}),
        Case("a norm a little below max_norm", (network(3, 4, 31, 1.0), 7.0), {"H": 3, "V": 4}),
        Case("gradients that are all 0", (network(3, 4, 32, 0.0), 0.5), {"H": 3, "V": 4}),
        Case("a norm and a max_norm below 1", (network(3, 4, 33, 0.1), 0.25), {"H": 3, "V": 4}),
        Case("slopes above 1,000", (network(2, 3, 34, 5000.0), 5.0), {"H": 2, "V": 3}),
        Case("a max_norm above 1,000", (network(2, 3, 34, 5000.0), 2000.0), {"H": 2, "V": 3}),
    ]


def _norm(gradients):
    return np.sqrt(sum((g**2).sum() for g in gradients))


def _norm_remark(case, parts):
    gradients, max_norm = case.args
    norms = f"The norm was {_norm(gradients):.3g}, max_norm is {max_norm:.3g}"
    return f"{norms}, and the norm of your result is {_norm(list(parts.values())):.6g}."


CLIP_GRADIENTS = Exercise(
    clip_gradients,
    clip_gradients_cases,
    difficulty=2,
    rare=4,
    remark=_norm_remark,
    returns=Parameters._fields,
    type=Parameters,
    mistakes=known("clip_gradients", clip_gradients),
    hints=[
        "Put all the numbers of the five arrays into one long row. How long is it?",
        "The length is the root of the sum of all squares, over all five arrays.",
        "If the length is at most max_norm, everything stays. If not, which one factor makes it exactly max_norm?",
        "In words: norm is the root of the sum of (g**2).sum() over the five; if norm is above max_norm, return "
        "Parameters of the five arrays, each times (max_norm / norm); otherwise return the gradients.",
    ],
    why="One factor for all five arrays shortens the step and keeps its direction. If you clip array by array, or "
    "entry by entry, the step turns. `np.vdot(g, g)` is the sum of squares of one array.",
    notice="After clipping, the norm is at most max_norm, and never more than it was.",
)


# ---------------------------------------------------------------- mend_clip_gradients


# The norm is 12: 64 + 16 + 36 + 4 + 4 + 4 + 16 = 144.
BY_HAND = Parameters(
    W_xh=np.array([[8.0, 0.0, 0.0], [0.0, -4.0, 0.0]]),
    W_hh=np.array([[0.0, 0.0], [6.0, 0.0]]),
    W_hy=np.array([[0.0, 2.0], [0.0, 0.0], [2.0, 0.0]]),
    b_h=np.array([0.0, 2.0]),
    b_y=np.array([0.0, 4.0, 0.0]),
)


def clip_report(broken):
    """Return what a clip_gradients makes of gradients for pencil and paper, beside a right one, as text."""
    rows = ["Seven entries of these gradients are not 0. Their norm is 12:", "64 + 16 + 36 + 4 + 4 + 4 + 16 = 144."]
    for max_norm in (3.0, 24.0):
        given = Parameters(*[array.copy() for array in BY_HAND])
        columns = BY_HAND, Parameters(*broken(given, max_norm)), clip_gradients(BY_HAND, max_norm)
        rows += ["", f"max_norm = {max_norm:g}", f"{'entry':10}{'given':>8}{'it says':>9}{'right':>8}"]
        for name, array in BY_HAND._asdict().items():
            for place in zip(*np.nonzero(array)):
                numbers = [getattr(column, name)[place] for column in columns]
                rows.append(_row(f"{name}{[*map(int, place)]}", *numbers))
        rows.append(_row("the norm", *map(_norm, columns)))
        rows.append(f"given, afterwards: norm {_norm(given):.2f}")
    zeros = Parameters(*[np.zeros_like(array) for array in BY_HAND])
    rows += ["", f"If all entries are 0, they come back as {broken(zeros, 3.0)[0][0, 0]:g}."]
    return "\n".join(rows)


def _row(name, given, says, right):
    return f"{name:10}{given:8.2f}{says:9.2f}{right:8.2f}"


def clip_gradients_by_loop(gradients, max_norm):
    norm = np.sqrt(sum((g**2).sum() for g in gradients))
    clipped = []
    for g in gradients:
        if norm > max_norm:
            g = g * (max_norm / norm)
        clipped.append(g)
    return Parameters(*clipped)


(ONE_BY_ONE,) = [mistake for mistake in CLIP_GRADIENTS.mistakes if mistake.id == "tested_one_by_one"]

MEND_CLIP_GRADIENTS = mend(
    CLIP_GRADIENTS,
    # The same mistake in the plain form that the page shows.
    dataclasses.replace(ONE_BY_ONE, right=clip_gradients_by_loop, edits=(("if norm", "if np.linalg.norm(g)"),)),
    look=clip_report,
    closer=clip_report,
    seeds=(
        "norm_without_biases",
        "upside_down",
        "each_by_its_own",
        "no_root",
        "biases_not_scaled",
        "always_5",
        "scaled_up",
        "largest_entry",
        "in_place",
        "entries_cut",
        "norms_added",
        "comparison_turned",
        "divided_by_max_norm",
        "norm_of_first",
        "cut_by_difference",
        "absolute_values",
        "to_length_1",
        "largest_norm",
        "each_to_max_norm",
        "sums_squared",
        "zero_norm",
        "times_max_norm",
        "norm_of_last",
        "each_by_largest",
        "scaling_lost",
        "norm_of_w_hh",
        "singular_values",
        "each_by_5",
        "first_norm_above",
        "each_in_place",
    ),
    nudge="In the report two arrays keep their length, and three become shorter. What do those two have in common?",
    difficulty=1,
    hints=[
        '{report} shows seven entries, with max_norm = 3 and with 24. Where does "it says" differ '
        'from "right"? If nowhere, look below: the given norm should still be 12 afterwards, and zeros should stay 0.',
        "Divide what it says by what was given, entry by entry. A right clip multiplies all of them by one factor: "
        "3/12 if max_norm is 3, and 1 if it is 24. Which line decides that here?",
        "On the page, so without a number: the factor is right, but W_hy and b_h don't get it. How long are these two "
        "arrays, each by itself? Which length does the `if` look at?",
        "In words: on the page, the `if` in the loop should ask about norm, the length of all five together, and not "
        "about the length of g alone.",
    ],
    why="The norm of all five together decides, once. If you ask each array by itself, the short ones keep their "
    "length. So the step turns, and its norm stays above max_norm.",
    notice="Two things are true of a right clip: its norm is at most max_norm, and all entries get the same factor. "
    "You can test both without a right function beside you.",
)


# ---------------------------------------------------------------- choose_learning_rate


HELLO = Corpus("hello", "hello world " * 10)
H_HELLO, T_HELLO = 12, 12  # hidden units; the characters of a sequence


def hello_curve(train_epoch, learning_rate, epochs):
    """Return the mean loss of a sequence of HELLO, before training and after each epoch: a list of epochs + 1."""
    parameters = initialize_parameters(H_HELLO, HELLO.vocab_size, np.random.default_rng(0))
    pairs, losses = chunks(HELLO.ids, T_HELLO), []
    for epoch in range(epochs + 1):
        if epoch:
            train_epoch(HELLO.ids, parameters, T_HELLO, learning_rate)
        loss, h = 0.0, np.zeros(H_HELLO)
        for inputs, targets in pairs:
            forward = forward_pass(inputs, targets, h, parameters)
            loss, h = loss + forward.loss / len(pairs), forward.hidden[-1]
        losses.append(loss)
    return losses


def try_learning_rate(rate):
    """Return (True if the network learns the text at this rate, what happened)."""
    epochs, goal = 12, 5.0  # as the task says
    if rate <= 0:
        way = "you take no step at all" if rate == 0 else "each step goes uphill, to where the loss grows"
        return False, f"With a learning rate of {rate:g}, {way}. It must be above 0."
    losses = hello_curve(train_epoch, rate, epochs)
    if not max(losses) <= losses[0]:
        says = f"With {rate:g} the loss jumps far above its start, {losses[0]:.1f}"
        return (
            False,
            f"{says}: the steps are too long. They land where the slope is different, and the next one is even longer.",
        )
    says = f"With {rate:g} the loss of a sequence goes from {losses[0]:.1f} to {losses[-1]:.1f} in {epochs} epochs"
    if losses[-1] > goal:
        return False, f"{says}. It falls, but too slowly: you need {goal:g} or less."
    return True, f"{says}: the network knows the text."


CHOOSE_LEARNING_RATE = Choose(
    name="choose_learning_rate",
    asks=f'A network with {H_HELLO} hidden units reads "hello world " ten times, in sequences of {T_HELLO}, for 12 '
    "epochs. With which learning rate does the mean loss of its sequences (not the smoothed one) fall to 5 or less, "
    "without ever rising above its start?",
    try_it=try_learning_rate,
    good=0.1,
    difficulty=1,
    hints=[
        "Nobody can know beforehand. Try one, such as 1, and read what happens.",
        "If the loss jumps up, the rate is too large. If it falls too slowly, it is too small.",
        "In words: go by factors of ten until one rate is too large and one too small, then try between the two.",
    ],
    why="The best rates are a little below the ones that make the loss jump. People look for them by factors of ten, "
    "then of two or three: at first only the rough size matters.",
    notice="Ten times as much, and the loss jumps. A tenth of it, and the loss falls too slowly. In between, several "
    "rates are good.",
)


# ---------------------------------------------------------------- choose_diagnosis


TOSSES = Corpus("tosses", "".join("ht"[toss] for toss in np.random.default_rng(5).integers(0, 2, 201)))
T_TOSSES, EPOCHS_TOSSES = 20, 6
KNOWS_NOTHING = T_TOSSES * math.log(2)  # the loss of a network that knows nothing about the next toss


def toss_curve(learning_rate=0.05, carried=True, answers_shown=False):
    """Return the mean loss that a training loop measures in each epoch: a list."""
    parameters = initialize_parameters(8, 2, np.random.default_rng(1))
    losses = []
    for _ in range(EPOCHS_TOSSES):
        h, in_epoch = np.zeros(8), []
        for inputs, targets in chunks(TOSSES.ids, T_TOSSES):
            targets = inputs if answers_shown else targets
            forward = forward_pass(inputs, targets, h, parameters)
            sgd_step(parameters, backward_pass(inputs, targets, parameters, forward), learning_rate)
            h = forward.hidden[-1] if carried else h
            in_epoch.append(forward.loss)
        losses.append(sum(in_epoch) / len(in_epoch))
    return losses


DIAGNOSES = {
    "learning rate too large": {"learning_rate": 2.0},
    "learning rate too small": {"learning_rate": 0.00001},
    "steps go uphill": {"learning_rate": -0.02},
    "state not carried": {"carried": False},
    "targets are the inputs": {"answers_shown": True},
}


def diagnosis_report():
    """Return the curve that is to be explained, as text."""
    rows = [
        f"A network reads {len(TOSSES.ids)} tosses of a coin, {TOSSES.text[:12]} ..., in sequences of {T_TOSSES}.",
        f"Someone who knows nothing about the next toss has a loss of {T_TOSSES} ln 2 = {KNOWS_NOTHING:.1f}.",
        f"With a correct loop, this network has {toss_curve()[-1]:.1f} in epoch {EPOCHS_TOSSES}. In this training:",
        "",
    ]
    for epoch, loss in enumerate(toss_curve(**DIAGNOSES["targets are the inputs"]), 1):
        rows.append(f"epoch {epoch:2}  {loss:5.1f}  {'#' * round(2 * loss)}".rstrip())
    return "\n".join(rows)


def try_diagnosis(answer):
    """Return (True if a run with this fault gives the curve of the report, what such a run does)."""
    seen, losses = toss_curve(**DIAGNOSES["targets are the inputs"]), toss_curve(**DIAGNOSES[answer])
    if losses == seen:
        return True, "A run with this fault gives the very same curve."
    happens = "stays near" if abs(losses[-1] - KNOWS_NOTHING) < 1 else "climbs far above"
    says = f"In a run with this fault the loss {happens} {KNOWS_NOTHING:.1f}, where it begins."
    return False, f"{says} In the report it falls to {seen[-1]:.1f}: what would make a loss so small?"


CHOOSE_DIAGNOSIS = Choose(
    name="choose_diagnosis",
    asks="A training run shows a loss that is too good: what is wrong with it?",
    try_it=try_diagnosis,
    good="targets are the inputs",
    answers=tuple(DIAGNOSES),
    look=diagnosis_report,
    difficulty=1,
    hints=[
        "{report} shows the curve. What can a network know about the next toss of a coin?",
        "Nothing: the loss should stay near 20 ln 2. A fault in the steps makes a loss worse. Which one helps it?",
        "In words: the network must have seen the answers. Where in a training loop could they get in?",
    ],
    why="Nobody can predict a coin, so a loss far below T ln 2 means the answer is in the question. Here each target "
    "is the character that the network has just read, so it only learns to copy.",
    notice="A loss that's too good is a mistake until you know why. You could tell, because you knew beforehand how "
    "good a loss can be.",
)


# ---------------------------------------------------------------- mend_train_epoch


def loss_report(train_epoch):
    """Return a table of the loss, at two learning rates, as text."""
    rates = 0.05, 0.035
    curves = [hello_curve(train_epoch, rate, 18) for rate in rates]
    rows = [
        f'The text is "hello world " ten times, cut into sequences of {T_HELLO}. The loss of a sequence, on average:',
        "",
        "epoch   " + "   ".join(f"learning rate {rate:<5g}" for rate in rates),
    ]
    for epoch in range(0, 19, 2):
        rows.append(f"{epoch:5}" + "".join(f"{curve[epoch]:17.1f}     " for curve in curves).rstrip())
    return "\n".join([*rows, "", "With a right train_epoch the loss falls from row to row, at both rates."])


def loss_beside_the_right_one(broken):
    """Return the losses and the list that a train_epoch returns, beside those of the right one, as text."""
    two = broken, train_epoch
    rows = [
        f'The text is "hello world " ten times, cut into sequences of {T_HELLO}. The loss of a sequence, on average,',
        "at a learning rate of 0.05:",
        "",
        "epoch   this function   a right one",
    ]
    curves = [hello_curve(one, 0.05, 18) for one in two]
    rows += [f"{epoch:5}{curves[0][epoch]:16.1f}{curves[1][epoch]:14.1f}" for epoch in range(0, 19, 2)]
    rows += ["", "Another network bets on one character at first. The losses that come back from its first epoch:", ""]
    for name, one in zip(("this function", "a right one"), two):
        parameters = initialize_parameters(H_HELLO, HELLO.vocab_size, np.random.default_rng(0))
        parameters.b_y[0] = 40
        smoothed = np.ravel(one(HELLO.ids, parameters, T_HELLO, 0.5))
        rows.append(f"{name:13} of length {len(smoothed):3}: " + "".join(f"{loss:8.2f}" for loss in smoothed[:9]))
    return "\n".join(rows)


MEND_TRAIN_EPOCH = mend(
    TRAIN_EPOCH,
    "first_gradients",
    # The fault is in the loop, so the argument smoothed is not tried.
    make=lambda: [case for case in train_epoch_cases() if len(case.args) == 4],
    rare=2,
    look=loss_report,
    closer=loss_beside_the_right_one,
    seeds=(
        "state_not_carried",
        "from_zero",
        "uphill",
        "weights_swapped",
        "overlapping",
        "from_hidden_size",
        "gradients_added_up",
        "raw_losses",
        "no_step",
        "from_bits",
        "step_after_loop",
        "new_full_weight",
        "targets_are_inputs",
        "from_one_character",
        "loss_after_step",
        "plain_mean",
        "state_before_last",
        "t_and_v_swapped",
        "appended_too_early",
        "old_only",
        "no_learning_rate",
        "from_page_vocabulary",
        "gradients_one_late",
        "keeps_90_percent",
        "start_included",
        "from_all_ids",
        "mean_loss",
        "smoothed_restarts",
        "new_parameters",
        "from_page_numbers",
        "last_loss_only",
        "weights_above_one",
        "from_first_loss",
        "keeps_99_percent",
        "per_character",
        "from_page_length",
        "old_full_weight",
    ),
    nudge="In the report the loss falls at first, and then it climbs, at both rates. Which gradient does each step "
    "follow, and which line made it?",
    difficulty=2,
    hints=[
        "{report} shows the loss at two learning rates. If a rate is too large, a smaller one is "
        "the cure. What does the smaller one do here?",
        "It only delays the turn. The first steps are fine, and the later ones aren't. What changes from step to step "
        "in training, and what changes in this loop?",
        "A gradient is true for one sequence, and for the parameters as they are now. Which line makes it, and how "
        "often does that line run?",
        "In words: the line with backward_pass belongs inside the loop, after forward_pass, and takes the inputs, the "
        "targets and the forward of this round.",
    ],
    why="After a step the parameters are different, and so is the slope. If you keep to the first slope, you go down "
    "as long as the valley does, and then up its other side.",
    notice="If a rate is too large, a smaller one is the cure, even if it takes a thousand steps to go wrong. Here the "
    "smaller one only delayed the turn. That's how you could tell the two apart.",
)
