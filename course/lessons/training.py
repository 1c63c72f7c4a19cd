"""Lesson 04: cut the text into sequences, take a step, smooth the loss, and train for one epoch."""

import math

import numpy as np

import rnn_helpers
from course.checker.broken import mend
from course.checker.choosing import Choose
from course.checker.exercise import Case, Exercise, mistakes_in
from course.lessons.cases import network, pencil_network, random_ids
from rnn_helpers import Corpus, backward_pass, chunks, forward_pass, initialize_parameters, sgd_step

# ---------------------------------------------------------------- chunks


def chunks_cases():
    return [
        Case("16 ids, three sequences of 5", (np.array([3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3]), 5), {"T": 5}),
        Case("15 ids, where the last target of the third sequence is missing", (random_ids(15, 9, 32), 5), {"T": 5}),
        Case("ids that leave a rest", (random_ids(24, 9, 33), 7), {"T": 7}),
        Case("one sequence", (random_ids(7, 9, 34), 6), {"T": 6}),
        Case("sequences of one character", (random_ids(6, 9, 35), 1), {"T": 1}),
        Case("fewer ids than one sequence needs: an empty list", (random_ids(4, 9, 36), 5), {"T": 5}),
    ]


def chunks_by_reshape(ids, seq_length):
    whole = (len(ids) - 1) // seq_length * seq_length
    inputs, targets = ids[:whole], ids[1 : whole + 1]
    return list(zip(inputs.reshape(-1, seq_length), targets.reshape(-1, seq_length)))


CHUNKS = Exercise(
    chunks,
    chunks_cases,
    minutes=12,
    difficulty=2,
    returns=("inputs", "targets"),
    result="pairs",
    mistakes=mistakes_in(
        chunks,
        """
        targets_are_inputs: The targets are the same as the inputs. The target of a character is the one after it.
        - ids[start + 1 : start + seq_length + 1]
        + ids[start : start + seq_length]

        overlapping: The sequences overlap: each starts one character after the one before. They must follow each other,
        seq_length apart.
        - range(0, len(ids) - seq_length, seq_length)
        + range(len(ids) - seq_length)

        short_rest: The rest at the end comes as a short sequence. Keep whole sequences only.
        - len(ids) - seq_length,
        + len(ids) - 1,

        short_rest_cut: The rest at the end comes as a pair of its own, shorter than the others. Keep whole sequences
        only.
        - len(ids) - seq_length,
        + len(ids) - 1,
        - ids[start : start + seq_length]
        + ids[start : min(start + seq_length, len(ids) - 1)]

        start_at_every_place: The last pair is short: you start a sequence at every place up to the end of the text.
        Keep whole sequences only, whose last target exists.
        - len(ids) - seq_length,
        + len(ids),

        last_target_missing: The last sequence has one target too few: its last character has no character after it. A
        sequence needs seq_length + 1 ids.
        - len(ids) - seq_length,
        + len(ids) - seq_length + 1,

        exact_fit_left_out: A last sequence that fits exactly is left out. It needs seq_length + 1 ids, and there are as
        many: look at the end of your range.
        - len(ids) - seq_length,
        + len(ids) - seq_length - 1,

        last_left_out: The last sequence is always left out: it is one too few.
        - len(ids) - seq_length,
        + len(ids) - 2 * seq_length,

        return_in_loop: Only the first sequence comes back. Is your `return` inside the loop?
        -     pieces.append((inputs, targets))
        -     return pieces
        +     pieces.append((inputs, targets))
        +     return pieces

        swapped: inputs and targets are swapped, or the shift goes the wrong way: the target of a character is the one
        after it.
        - append((inputs, targets))
        + append((targets, inputs))

        one_target: Each sequence has one target, the character after the whole sequence. Every position has a target of
        its own.
        - ids[start + 1 : start + seq_length + 1]
        + ids[start + seq_length]

        steps_too_long: One character is lost between two sequences: the steps are seq_length + 1. The last target of a
        sequence is also the first input of the next.
        - - seq_length, seq_length)
        + - seq_length, seq_length + 1)

        targets_next_sequence: The targets are the whole next sequence. They are the same stretch of text, shifted by
        one character.
        - len(ids) - seq_length,
        + len(ids) - 2 * seq_length + 1,
        - ids[start + 1 : start + seq_length + 1]
        + ids[start + seq_length : start + 2 * seq_length]

        one_pair: You return one pair, inputs and targets. The others are lost: collect a pair for each sequence in a
        list.
        - return pieces
        + return inputs, targets

        one_pair_or_empty: Only one pair comes back, inputs and targets, and the others are lost. Collect a pair for
        each sequence in a list.
        - pieces = []
        + pieces, inputs, targets = [], [], []
        - return pieces
        + return inputs, targets

        no_round: The loop makes no round. With two numbers, range counts from the first up to the second; a step is the
        third.
        - range(0, len(ids) - seq_length, seq_length)
        + range(len(ids) - seq_length, seq_length)

        end_stays: Only the first sequence holds anything: every slice ends at the same place. Its end must move along
        with its start.
        - ids[start : start + seq_length]
        + ids[start:seq_length]
        - start + seq_length + 1
        + seq_length + 1

        characters: Each pair holds two single characters. inputs and targets are stretches of text, seq_length long.
        - range(0, len(ids) - seq_length, seq_length)
        + range(len(ids) - 1)
        - ids[start : start + seq_length]
        + ids[start]
        - ids[start + 1 : start + seq_length + 1]
        + ids[start + 1]

        two_lists: You return two lists, all inputs and all targets. Return one list of pairs.
        - pieces = []
        + all_inputs, all_targets = [], []
        - pieces.append((inputs, targets))
        + all_inputs.append(inputs)
        + all_targets.append(targets)
        - return pieces
        + return all_inputs, all_targets

        not_split: Each piece holds seq_length + 1 characters in one. Split it: inputs without the last one, targets
        without the first.
        - inputs = ids[start : start + seq_length]
        -         targets = ids[start + 1 : start + seq_length + 1]
        -         pieces.append((inputs, targets))
        + pieces.append(ids[start : start + seq_length + 1])

        cut_first: You cut pieces of seq_length characters and shift inside each. So every sequence is one short, and
        the pair that a cut falls on is lost, as in the first try on the page.
        - range(0, len(ids) - seq_length, seq_length)
        + range(0, len(ids), seq_length)
        - ids[start : start + seq_length]
        + ids[start : start + seq_length][:-1]
        - ids[start + 1 : start + seq_length + 1]
        + ids[start : start + seq_length][1:]

        cut_first_one_more: The pieces have the right length, but each starts after the last target of the one before:
        the pair at the cut is lost. And the rest at the end comes as a short piece.
        - range(0, len(ids) - seq_length, seq_length)
        + range(0, len(ids), seq_length + 1)
        - ids[start : start + seq_length]
        + ids[start : start + seq_length + 1][:-1]

        next_ids_counted: The targets are the ids plus 1, the next of the vocabulary. Wanted are the next ones of the
        text: move the place by one, not the ids.
        - ids[start + 1 : start + seq_length + 1]
        + np.asarray(ids[start : start + seq_length]) + 1

        targets_to_the_end: The targets start one place later and end where the inputs end, so they are one too few.
        Both ends of the slice move.
        - start + seq_length + 1
        + start + seq_length

        one_short: inputs and targets are one character short: you cut seq_length characters and lose one in the shift.
        Cut one more.
        - ids[start : start + seq_length]
        + ids[start : start + seq_length - 1]
        - ids[start + 1 : start + seq_length + 1]
        + ids[start + 1 : start + seq_length]
        """,
    )
    + mistakes_in(
        chunks_by_reshape,
        """
        rest_in_table: The characters do not fill whole rows: leave out the rest at the end first. All but the first
        character are targets, so N - 1 of them are shared out.
        - ids[:whole], ids[1 : whole + 1]
        + ids[:-1], ids[1:]
        """,
    ),
    hints=[
        "Sequences start at 0, seq_length, 2 * seq_length, ... A range with a step does that.",
        "inputs are seq_length ids from the start; targets are as many, one place later.",
        "The last sequence must still have its last target, the id at start + seq_length. So up to which start can you "
        "go?",
        "In words: for start in range(0, len(ids) - seq_length, seq_length), append the pair of ids[start : start + "
        "seq_length] and the same slice one later; return the list.",
    ],
    why="A sequence needs seq_length + 1 ids, because the targets are shifted by one. So there are (N - 1) // T whole "
    "sequences of N ids. The last target of one sequence is the first input of the next: nothing is skipped.",
    notice="The state after one sequence is the h_prev of the next, because they follow each other in the text.",
)


# ---------------------------------------------------------------- sgd_step


def sgd_step_cases():
    return [
        Case("a small network", (network(3, 4, 36), network(3, 4, 37, 2.0), 0.1), {"H": 3, "V": 4}),
        Case("a large learning rate", (network(5, 2, 38), network(5, 2, 39), 1.5), {"H": 5, "V": 2}),
        Case("the learning rate of 2019", (pencil_network(), network(3, 4, 40, 5.0), 0.001), {"H": 3, "V": 4}),
    ]


SGD_STEP = Exercise(
    sgd_step,
    sgd_step_cases,
    minutes=8,
    difficulty=2,
    in_place=("parameters",),
    # The spaces before `parameter` are part of the edits: without them the docstring holds the same words.
    mistakes=mistakes_in(
        sgd_step,
        """
        uphill: The step goes uphill: the gradient points to where the loss grows. Step the other way.
        -     parameter -= learning_rate * gradient
        +     parameter += learning_rate * gradient

        new_arrays: The parameters have not changed. `parameter - ...` makes a new array and leaves the old one as it
        was, also if you return it. You need an operation that writes into the array itself.
        -     parameter -= learning_rate * gradient
        +     parameter = parameter - learning_rate * gradient

        no_learning_rate: The learning rate is left out: the step is the whole gradient.
        -     parameter -= learning_rate * gradient
        +     parameter -= gradient

        divided: The gradient is divided by the learning rate. A small learning rate means a small step.
        -     parameter -= learning_rate * gradient
        +     parameter -= gradient / learning_rate

        old_value_lost: The old value is lost: each parameter becomes the step itself. The step is taken from where you
        are.
        -     parameter -= learning_rate * gradient
        +     parameter[:] = -learning_rate * gradient

        no_biases: The biases are not updated. All five parameters learn.
        - for parameter, gradient in zip(parameters, gradients):
        -         parameter -= learning_rate * gradient
        + W_xh, W_hh, W_hy, b_h, b_y = parameters
        + W_xh -= learning_rate * gradients.W_xh
        + W_hh -= learning_rate * gradients.W_hh
        + W_hy -= learning_rate * gradients.W_hy

        first_only: Only W_xh is updated. Does your loop reach all five parameters?
        -     parameter -= learning_rate * gradient
        +     parameter -= learning_rate * gradient
        +     return None

        gradients_changed: The gradients are changed: an operation in place, such as `gradient *= ...`, writes into
        them. Make a new array.
        -     parameter -= learning_rate * gradient
        +     gradient *= learning_rate
        +     parameter -= gradient

        sign_only: Only the sign of the gradient is used. The size of the step depends on its size too.
        -     parameter -= learning_rate * gradient
        +     parameter -= learning_rate * np.sign(gradient)

        times_parameter: The step is multiplied by the parameter itself.
        -     parameter -= learning_rate * gradient
        +     parameter -= learning_rate * gradient * parameter

        no_gradient: The learning rate is subtracted, whatever the gradient says. Multiply it by the gradient.
        -     parameter -= learning_rate * gradient
        +     parameter -= learning_rate

        shrinks: The parameters shrink by themselves: you multiplied the parameter by the learning rate, not the
        gradient.
        -     parameter -= learning_rate * gradient
        +     parameter -= learning_rate * parameter

        twice: The step is taken twice. Is there a second loop, or a second subtraction?
        -     parameter -= learning_rate * gradient
        +     parameter -= learning_rate * gradient
        +     parameter -= learning_rate * gradient
        """,
    ),
    hints=[
        "Downhill is against the gradient. How long is the step?",
        "parameters and gradients hold five arrays each, in the same order: zip walks through both together.",
        "The arrays must change themselves. `a -= b` writes into the array a; `a = a - b` makes a new one.",
        "In words: for each parameter and its gradient, parameter -= learning_rate * gradient. Return nothing.",
    ],
    why="`-=` on an array writes into it, so the caller's parameters move. Nothing has to be returned, and no second "
    "copy of the network is made.",
    notice="Nothing is returned: the arrays that the caller holds have moved.",
)


# ---------------------------------------------------------------- smooth_loss


def smooth_loss(previous, loss):
    """Return the next value of the smoothed loss: 0.999 of the old value and 0.001 of the new loss."""
    return 0.999 * previous + 0.001 * loss


def smooth_loss_cases():
    return [
        Case("a smoothed loss of 0, a new loss of 12", (0.0, 12.0), {}),
        Case("a smoothed loss of 50, a new loss of 0", (50.0, 0.0), {}),
        Case("a first loss near T ln V", (177.77, 170.0), {}),
        Case("a loss above the old value", (100.0, 130.5), {}),
        Case("numbers of many digits", (1 / 7, 2 / 3), {}),
    ]


SMOOTH_LOSS = Exercise(
    smooth_loss,
    smooth_loss_cases,
    minutes=4,
    difficulty=1,
    mistakes=mistakes_in(
        smooth_loss,
        """
        weights_swapped: The weights are swapped: the old value has the large weight, so that the curve is calm.
        - 0.999 * previous + 0.001 * loss
        + 0.001 * previous + 0.999 * loss

        keeps_99_percent: Your two numbers are 0.99 and 0.01. The curve of this course is calmer: one part in a thousand
        is new.
        - 0.999 * previous + 0.001 * loss
        + 0.99 * previous + 0.01 * loss

        plain_mean: That is the plain mean of the two.
        - 0.999 * previous + 0.001 * loss
        + (previous + loss) / 2

        new_full_weight: The new loss has its full weight. The two weights must add up to 1.
        - 0.001 * loss
        + loss

        old_full_weight: The old value has its full weight. The two weights must add up to 1, or the curve climbs for
        ever.
        - 0.999 * previous
        + previous

        new_only: That is the new loss, not smoothed at all.
        - 0.999 * previous + 0.001 * loss
        + loss

        old_only: That is the old value: the new loss does not enter.
        - 0.999 * previous + 0.001 * loss
        + previous

        new_left_out: The new loss does not enter: only the old value, a little smaller.
        - 0.999 * previous + 0.001 * loss
        + 0.999 * previous

        minus: There is a minus between the two parts: both are added.
        - 0.999 * previous + 0.001 * loss
        + 0.999 * previous - 0.001 * loss

        old_full_weight_hundredth: The old value has its full weight, and the new loss a hundredth. The two weights must
        add up to 1, and one part in a thousand is new.
        - 0.999 * previous + 0.001 * loss
        + previous + 0.01 * loss

        weights_above_one: The two weights do not add up to 1: one part in a thousand is new, so how much is old?
        - 0.001 * loss
        + 0.01 * loss

        keeps_90_percent: Your two numbers are 0.9 and 0.1. The curve of this course is calmer: one part in a thousand
        is new.
        - 0.999 * previous + 0.001 * loss
        + 0.9 * previous + 0.1 * loss

        away_from_loss: The correction has the wrong sign: the curve moves away from the new loss.
        - 0.999 * previous + 0.001 * loss
        + previous - 0.001 * (loss - previous)
        """,
    ),
    hints=[
        "The smoothed loss keeps almost all of its old value and takes in a little of the new loss.",
        "Two weights that add up to 1. One part in a thousand is new.",
        "In words: 0.999 times previous, plus 0.001 times loss.",
    ],
    why="A running mean that forgets slowly: a loss of 1,000 sequences ago still counts with a weight of about 0.37 of "
    "a new one. The 2019 notebook plots this curve.",
    notice="If the loss stays the same, the smoothed loss moves towards it and never past it.",
)


# ---------------------------------------------------------------- train_epoch


def train_epoch(ids, parameters, seq_length, learning_rate):
    """Read the text once, with a step after each sequence; return the smoothed losses, one per sequence.

    The parameters are changed in place.
    """
    V, H = parameters.W_hy.shape
    smoothed, losses = seq_length * math.log(V), []
    h = np.zeros(H)
    for inputs, targets in chunks(ids, seq_length):
        forward = forward_pass(inputs, targets, h, parameters)
        gradients = backward_pass(inputs, targets, parameters, forward)
        sgd_step(parameters, gradients, learning_rate)
        h = forward.hidden[-1]  # the next sequence goes on from here
        smoothed = rnn_helpers.smooth_loss(smoothed, forward.loss)
        losses.append(smoothed)
    return losses


def train_epoch_cases():
    # The number of sequences, and one more or less, is never H, V, T or T + 1: no message takes it for one of them.
    return [
        Case("41 ids, eight sequences", (random_ids(41, 4, 41), network(3, 4, 42), 5, 0.1), {"T": 5, "H": 3, "V": 4}),
        Case("ids that leave a rest", (random_ids(40, 7, 43), network(6, 7, 44), 4, 0.05), {"T": 4, "H": 6, "V": 7}),
        Case("one sequence", (random_ids(7, 4, 45), network(3, 4, 46), 6, 0.1), {"T": 6, "H": 3, "V": 4}),
        Case("a larger learning rate", (random_ids(26, 5, 47), network(2, 5, 48), 3, 0.4), {"T": 3, "H": 2, "V": 5}),
    ]


TRAIN_EPOCH = Exercise(
    train_epoch,
    train_epoch_cases,
    minutes=25,
    difficulty=3,
    returns=("losses",),
    in_place=("parameters",),
    groups=("losses", "parameters"),
    mistakes=mistakes_in(
        train_epoch,
        """
        state_not_carried: The state is not carried: every sequence starts from zeros. Row 0 of hidden is the state that
        came in; which row is the state after the last character?
        - h = forward.hidden[-1]  # the next sequence goes on from here

        state_before_last: The state that is carried is one character too old: it is the one before the last character,
        hidden[-2].
        - hidden[-1]
        + hidden[-2]

        all_states_carried: You carry all of hidden, (T+1, H). The next sequence needs one state, (H,): the one after
        the last character.
        - forward.hidden[-1]
        + forward.hidden

        step_returns_none: `parameters = sgd_step(...)` makes parameters None: sgd_step returns nothing, it writes into
        the arrays. Call it, and keep the name as it is.
        - sgd_step(
        + parameters = sgd_step(

        new_parameters: The losses are right, and the caller's parameters have not moved: you train new arrays, or a
        copy. Write into the arrays that came in, as sgd_step does.
        - sgd_step(parameters, gradients, learning_rate)
        + parameters = rnn_helpers.Parameters(*[p - learning_rate * g for p, g in zip(parameters, gradients)])

        no_step: All losses are those of the network at the start: between the sequences no step is taken.
        `parameter = parameter - ...` only puts the name on a new array, and sgd_step wants the parameters first.
        - sgd_step(parameters, gradients, learning_rate)
        + for parameter, gradient in zip(parameters, gradients):
        +     parameter = parameter - learning_rate * gradient

        uphill: The steps go uphill: the gradient points to where the loss grows. Step the other way.
        - sgd_step(parameters, gradients, learning_rate)
        + for parameter, gradient in zip(parameters, gradients):
        +     parameter += learning_rate * gradient

        no_learning_rate: The learning rate is left out: each step is the whole gradient.
        - sgd_step(parameters, gradients, learning_rate)
        + for parameter, gradient in zip(parameters, gradients):
        +     parameter -= gradient

        step_after_loop: Only one step is taken, with the gradients of the last sequence. It belongs in the loop: one
        step for each sequence.
        - sgd_step(parameters, gradients, learning_rate)
        +
        - return losses
        + sgd_step(parameters, gradients, learning_rate)
        + return losses

        first_gradients: Every step uses the gradients of the first sequence. Each sequence has its own, taken at the
        parameters as they are by then.
        - for inputs, targets in chunks(ids, seq_length):
        + inputs, targets = chunks(ids, seq_length)[0]
        + gradients = backward_pass(inputs, targets, parameters, forward_pass(inputs, targets, h, parameters))
        + for inputs, targets in chunks(ids, seq_length):
        - gradients = backward_pass(inputs, targets, parameters, forward)

        gradients_added_up: The gradients are added up from sequence to sequence, so each step repeats all those before.
        A step uses the gradients of its own sequence only.
        - h = np.zeros(H)
        + h = np.zeros(H)
        + summed = [np.zeros_like(parameter) for parameter in parameters]
        - sgd_step(parameters, gradients, learning_rate)
        + summed = [old + new for old, new in zip(summed, gradients)]
        + sgd_step(parameters, summed, learning_rate)

        last_left_out: The last sequence is left out. chunks gives all that fit.
        - for inputs, targets in chunks(ids, seq_length):
        + for start in range(0, len(ids) - 2 * seq_length, seq_length):
        +     inputs = ids[start : start + seq_length]
        +     targets = ids[start + 1 : start + seq_length + 1]

        exact_fit_left_out: A last sequence that fits exactly is left out: look at the end of your range, or use chunks.
        - for inputs, targets in chunks(ids, seq_length):
        + for start in range(0, len(ids) - seq_length - 1, seq_length):
        +     inputs = ids[start : start + seq_length]
        +     targets = ids[start + 1 : start + seq_length + 1]

        short_rest: The rest at the end comes as a short sequence, whose last character has no target. Keep whole
        sequences only, as chunks does.
        - for inputs, targets in chunks(ids, seq_length):
        + for start in range(0, len(ids) - 1, seq_length):
        +     inputs = ids[start : start + seq_length]
        +     targets = ids[start + 1 : start + seq_length + 1]

        overlapping: The sequences overlap: each starts one character after the one before. They must follow each other,
        seq_length apart, as those of chunks do.
        - for inputs, targets in chunks(ids, seq_length):
        + for start in range(len(ids) - seq_length):
        +     inputs = ids[start : start + seq_length]
        +     targets = ids[start + 1 : start + seq_length + 1]

        targets_are_inputs: The targets are the same as the inputs, so the network learns to repeat what it reads. The
        target of a character is the one after it.
        - for inputs, targets in chunks(ids, seq_length):
        + for start in range(0, len(ids) - seq_length, seq_length):
        +     inputs = ids[start : start + seq_length]
        +     targets = ids[start : start + seq_length]

        return_in_loop: Only the first sequence is trained on. Is your `return` inside the loop?
        -     losses.append(smoothed)
        -     return losses
        +     losses.append(smoothed)
        +     return losses

        raw_losses: These are the losses themselves. Return the smoothed ones.
        - losses.append(smoothed)
        + losses.append(forward.loss)

        last_loss_only: Only the last smoothed loss comes back. Return all of them, one per sequence.
        - return losses
        + return smoothed

        start_included: The list begins with the start value, T ln V, and so it is one too long: one number for each
        sequence.
        - losses.append(smoothed)
        + losses.append(smoothed)
        - h = np.zeros(H)
        + losses.append(smoothed)
        + h = np.zeros(H)

        appended_too_early: Each loss is written down before it is smoothed, so the list begins with T ln V and lacks
        the last one. First smooth, then append.
        - smoothed = rnn_helpers.smooth_loss(smoothed, forward.loss)
        -         losses.append(smoothed)
        + losses.append(smoothed)
        + smoothed = rnn_helpers.smooth_loss(smoothed, forward.loss)

        parameters_returned: You return the parameters too. The caller holds them already: return the losses alone.
        - return losses
        + return parameters, losses

        parameters_for_losses: You return the parameters. Those that came in change in place, and the caller holds them:
        return the smoothed losses.
        - return losses
        + return parameters

        from_zero: The smoothed loss starts at 0, so it would rise while the network learns. Start at T ln V, the loss
        of a network that knows nothing.
        - seq_length * math.log(V)
        + 0

        from_first_loss: The smoothed loss starts at the first loss. Start at T ln V, the loss of a network that knows
        nothing.
        - seq_length * math.log(V)
        + None
        - smoothed = rnn_helpers.smooth_loss(smoothed, forward.loss)
        + smoothed = forward.loss if smoothed is None else rnn_helpers.smooth_loss(smoothed, forward.loss)

        from_one_character: The smoothed loss starts at ln V, the loss of one character. The loss of a sequence is the
        sum over its T characters.
        - seq_length * math.log(V)
        + math.log(V)

        from_bits: The smoothed loss starts at T log2 V, in bits. The losses are in nats: take the natural logarithm.
        - math.log(V)
        + math.log2(V)

        from_hidden_size: The smoothed loss starts at T ln H. A network that knows nothing guesses among the V
        characters; the hidden units play no part.
        - math.log(V)
        + math.log(H)

        from_ids_seen: V is counted from the ids that occur. A text may leave out some characters that the network
        knows: the shape of W_hy tells V.
        - math.log(V)
        + math.log(len(set(ids)))

        smoothed_restarts: Each loss is smoothed with T ln V, the start. From the second sequence on, the old value is
        the smoothed loss of the sequence before.
        - smoothed = rnn_helpers.smooth_loss(smoothed, forward.loss)
        + smoothed = rnn_helpers.smooth_loss(seq_length * math.log(V), forward.loss)

        weights_swapped: The weights of the smoothing are swapped: smooth_loss takes the old value first, then the new
        loss.
        - (smoothed, forward.loss)
        + (forward.loss, smoothed)

        mean_loss: The new loss is divided by T, and T ln V is not. Smooth the loss of the whole sequence, as
        forward_pass gives it.
        - forward.loss)
        + forward.loss / seq_length)

        per_character: These are losses per character, T times too small. In this course the loss of a sequence is the
        sum over its characters.
        - seq_length * math.log(V)
        + math.log(V)
        - forward.loss)
        + forward.loss / seq_length)

        loss_after_step: The loss is measured after the step, on what has just been learned: take that of the forward
        pass before it.
        - sgd_step(parameters, gradients, learning_rate)
        + sgd_step(parameters, gradients, learning_rate)
        + loss = forward_pass(inputs, targets, h, parameters).loss
        - forward.loss)
        + loss)
        """,
    ),
    hints=[
        "One round of the loop is one sequence. Two values live on from round to round, besides the parameters: which?",
        "Before the loop, the state is zeros, (H,), and the smoothed loss is T ln V. W_hy is (V, H): its shape tells "
        "both sizes.",
        "In the loop: forward_pass, backward_pass, sgd_step, in this order. Then the last row of forward.hidden is the "
        "state for the next sequence.",
        "In words: for each pair of chunks(ids, seq_length), forward from h, backward, sgd_step; then h = "
        "forward.hidden[-1], smoothed = smooth_loss(smoothed, forward.loss), and append it. Return the list.",
    ],
    why="The gradients belong to the parameters that made the loss, so the step comes after both passes. The state is "
    "carried as numbers only: backpropagation ends where the sequence begins.",
    notice="An epoch of `train` from the same start gives the same digits: the rest of it is progress, clipping, stop "
    "and resume.",
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


def try_learning_rate(rate, epochs=12, goal=5.0):
    """Return (True if the network learns the text at this rate, what happened)."""
    if rate <= 0:
        way = "no step is taken at all" if rate == 0 else "each step goes uphill, to where the loss grows"
        return False, f"With a learning rate of {rate:g}, {way}. It must be above 0."
    losses = hello_curve(train_epoch, rate, epochs)
    if not max(losses) <= losses[0]:
        says = f"With {rate:g} the loss jumps far above its start, {losses[0]:.1f}"
        return (
            False,
            f"{says}: the steps are too long. They land where the slope is another, and the next one is longer.",
        )
    says = f"With {rate:g} the loss of a sequence goes from {losses[0]:.1f} to {losses[-1]:.1f} in {epochs} epochs"
    if losses[-1] > goal:
        return False, f"{says}. It falls, but too slowly: {goal:g} or less is wanted."
    return True, f"{says}: the network knows the text."


CHOOSE_LEARNING_RATE = Choose(
    name="choose_learning_rate",
    asks=f'A network with {H_HELLO} hidden units reads "hello world " ten times, in sequences of {T_HELLO}, for 12 '
    "epochs. With which learning rate does the mean loss of its sequences (not the smoothed one) fall to 5 or less, "
    "without ever rising above its start?",
    try_it=try_learning_rate,
    good=0.1,
    minutes=8,
    difficulty=1,
    hints=[
        "Nobody can tell beforehand: try one, such as 1, and read what happens.",
        "If the loss jumps up, the rate is too large. If it falls too slowly, it is too small.",
        "In words: go by factors of ten until one rate is too large and one too small, then try between the two.",
    ],
    why="The best rates lie a little below those at which the loss jumps. People look for them by factors of ten, then "
    "of two or three: at first only the order of size matters.",
    notice="Twice or half of a good rate is most often good too. A few times more, and the loss jumps.",
)


# ---------------------------------------------------------------- choose_diagnosis


TOSSES = Corpus("tosses", "".join("ht"[toss] for toss in np.random.default_rng(5).integers(0, 2, 201)))
T_TOSSES, EPOCHS_TOSSES = 20, 6
KNOWS_NOTHING = T_TOSSES * math.log(2)  # the loss of a network that knows nothing of the next toss


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
        f"Whoever knows nothing of the next toss has the loss {T_TOSSES} ln 2 = {KNOWS_NOTHING:.1f}. The loss here:",
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
    minutes=5,
    difficulty=1,
    hints=[
        'report("choose_diagnosis") shows the curve. What can a network know of the next toss of a coin?',
        "Nothing: the loss should stay near 20 ln 2. A fault in the steps makes a loss worse. Which one helps it?",
        "In words: the network must have seen the answers. Where in a training loop do they get in?",
    ],
    why="A coin cannot be foreseen, so a loss far below T ln 2 means that the answer is in the question. Here each "
    "target is the character just read: one step of copying, and no foresight.",
    notice="A loss that is too good is a mistake until you know why. The best loss that is possible, known beforehand, "
    "is what shows it.",
)


# ---------------------------------------------------------------- mend_train_epoch


def loss_report(train_epoch):
    """Return a table of the loss, at two learning rates, as text."""
    rates = 0.05, 0.025
    curves = [hello_curve(train_epoch, rate, 18) for rate in rates]
    rows = [
        f'The text is "hello world " ten times, cut into sequences of {T_HELLO}. The loss of a sequence, on average:',
        "",
        "epoch   " + "   ".join(f"learning rate {rate:<5g}" for rate in rates),
    ]
    for epoch in range(0, 19, 2):
        rows.append(f"{epoch:5}" + "".join(f"{curve[epoch]:17.1f}     " for curve in curves).rstrip())
    return "\n".join(rows + ["", "With a right train_epoch the loss falls from row to row, at both rates."])


MEND_TRAIN_EPOCH = mend(
    TRAIN_EPOCH,
    "first_gradients",
    look=loss_report,
    nudge="In the report the loss falls at first, and then it climbs. Which way does each step go, and where was that "
    "way found?",
    minutes=15,
    difficulty=2,
    hints=[
        'report("mend_train_epoch") shows the loss at two learning rates. If the rate were too large, how would half '
        "of it look?",
        "Half the rate only takes twice as long to the same turn. The first steps are fine, and the later ones are "
        "not: what changes from step to step in training, and what changes in this loop?",
        "A gradient is true for one sequence, and for the parameters as they are now. Which line makes it, and how "
        "often does that line run?",
        "In words: the line with backward_pass belongs into the loop, after forward_pass, and takes the inputs, the "
        "targets and the forward of this round.",
    ],
    why="After a step the parameters are others, and so is the slope. Whoever walks on by the first slope goes down as "
    "long as the valley goes down there, and then up its other side.",
    notice="A rate that is too large goes wrong in the first steps, and half of it helps. Here half of it only delayed "
    "the turn: that told the two apart.",
)
