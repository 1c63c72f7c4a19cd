"""Lesson 02, the forward pass: one step, its prediction, a whole sequence, and the size of the network."""

import numpy as np

import rnn_helpers
from course.checker.broken import mend
from course.checker.catching import Catch
from course.checker.exercise import Case, Exercise, mistakes_in
from course.lessons.cases import (
    SPREAD,
    large_outputs,
    network,
    pencil_network,
    probabilities_remark,
    random_ids,
    silenced,
    without,
)
from rnn_helpers import Parameters, count_parameters, cross_entropy, rnn_step, softmax

# ---------------------------------------------------------------- one step


def rnn_step_cases():
    def pencil():
        args = (3, np.array([0.3, -0.5, 0.2]), pencil_network())
        return Case("a small network", args, {"H": 3, "V": 4})

    def larger():
        args = (2, np.random.default_rng(5).normal(0, 0.5, 6), network(6, 5, 6))
        return Case("a larger network", args, {"H": 6, "V": 5})

    return [
        pencil(),
        Case("character 0", (0, np.array([-0.4, 0.1, 0.6]), pencil_network()), {"H": 3, "V": 4}),
        larger(),
        without("h_prev", Case("", (3, np.zeros(3), pencil_network()), {"H": 3, "V": 4})),
        *silenced(larger, "W_xh", "b_h"),
    ]


RNN_STEP = Exercise(
    rnn_step,
    rnn_step_cases,
    minutes=8,
    difficulty=1,
    mistakes=mistakes_in(
        rnn_step,
        """
        no_tanh: tanh is left out: these are the sums that go into it. Without it, the states can grow without bound.
        - np.tanh(W_hh @ h_prev + W_xh[:, char_id] + b_h)
        + W_hh @ h_prev + W_xh[:, char_id] + b_h

        no_bias: The bias b_h is left out.
        - W_xh[:, char_id] + b_h
        + W_xh[:, char_id]

        no_character: The character is left out: the new state must depend on char_id, through W_xh.
        - W_hh @ h_prev + W_xh[:, char_id]
        + W_hh @ h_prev

        no_old_state: The old state is left out: without h_prev and W_hh the cell has no memory.
        - W_hh @ h_prev + W_xh[:, char_id]
        + W_xh[:, char_id]

        w_hh_transposed: Rows and columns of W_hh have changed places: check on which side of the product h_prev stands.
        Row i of W_hh holds the weights into hidden unit i.
        - W_hh @ h_prev
        + h_prev @ W_hh

        row_of_w_xh: You take a row of W_xh. W_xh is (H, V): one column per character.
        - W_xh[:, char_id]
        + W_xh[char_id]

        bias_after_tanh: The bias is added after tanh. It belongs to the sum that goes into tanh.
        - W_xh[:, char_id] + b_h)
        + W_xh[:, char_id]) + b_h

        no_w_hh: The old state is added as it is, without W_hh. It has to go through the hidden-to-hidden weights.
        - W_hh @ h_prev
        + h_prev

        sigmoid_bias_after: Two things: your states are squeezed between 0 and 1, where this cell squeezes between -1
        and 1. And the bias is added after that, but it belongs to the sum that goes in.
        - np.tanh(W_hh @ h_prev + W_xh[:, char_id] + b_h)
        + 1 / (1 + np.exp(-(W_hh @ h_prev + W_xh[:, char_id]))) + b_h

        tanh_of_parts: tanh is taken of the two parts one by one. First add everything up, then take tanh once.
        - W_hh @ h_prev + W_xh[:, char_id] + b_h
        + W_hh @ h_prev) + np.tanh(W_xh[:, char_id] + b_h

        sigmoid: Your states lie between 0 and 1. This cell squeezes with another function, between -1 and 1.
        - np.tanh(W_hh @ h_prev + W_xh[:, char_id] + b_h)
        + 1 / (1 + np.exp(-(W_hh @ h_prev + W_xh[:, char_id] + b_h)))

        relu: Negative values are cut off to 0. This cell uses another function, with values between -1 and 1.
        - np.tanh(W_hh
        + np.maximum(0, W_hh

        bias_of_output: The bias of the output, b_y, is added here. The hidden units have their own bias.
        - W_xh[:, char_id] + b_h
        + W_xh[:, char_id] + b_y

        column_and_row: A column (H, 1) and a row (H,) were added, which NumPy spreads out to (H, H). Is your one-hot
        vector or your column of W_xh two-dimensional? Make it one-dimensional.
        - return np.tanh(W_hh @ h_prev + W_xh[:, char_id] + b_h)
        + x = np.zeros((len(b_y), 1))
        + x[char_id] = 1
        + return np.tanh(W_hh @ h_prev + W_xh @ x + b_h)

        entry_by_entry: `W_hh * h_prev` multiplies entry by entry and gives a table. A matrix product adds up over the
        old hidden units: which sign does it have in Python?
        - W_hh @ h_prev
        + W_hh * h_prev

        h_prev_overwritten: The new state is written into h_prev, so the caller loses the old one. Make a new array.
        - return np.tanh(W_hh @ h_prev + W_xh[:, char_id] + b_h)
        + h_prev[:] = np.tanh(W_hh @ h_prev + W_xh[:, char_id] + b_h)
        + return h_prev

        names_in_other_order: W_xh does not fit to what it meets: it is (H, V), and takes a vector of V numbers on its
        right. Or are the five names in another order? It is W_xh, W_hh, W_hy, b_h, b_y.
        - W_xh, W_hh, W_hy, b_h, b_y = parameters
        + W_hh, W_xh, W_hy, b_h, b_y = parameters

        two_results: You return two things, and the first of them is the state. This function returns the state alone:
        the probabilities are the next exercise.
        - return np.tanh(W_hh @ h_prev + W_xh[:, char_id] + b_h)
        + h = np.tanh(W_hh @ h_prev + W_xh[:, char_id] + b_h)
        + scores = W_hy @ h + b_y
        + return h, np.exp(scores) / np.exp(scores).sum()

        id_in_product: char_id is a single number, and `@` wants a vector there. Which vector stands for a character?
        And what does its product with W_xh pick?
        - W_xh[:, char_id]
        + W_xh @ char_id

        one_hot_of_hidden_size: The one-hot vector has H entries. It stands for a character, so it needs one for each
        character of the vocabulary: which shape of the parameters tells V?
        - return np.tanh(W_hh @ h_prev + W_xh[:, char_id] + b_h)
        + x = np.zeros(len(b_h))
        + x[char_id] = 1
        + return np.tanh(W_hh @ h_prev + W_xh @ x + b_h)

        table_added: A whole table of the shape of W_xh, (H, V), is added to a vector of H numbers. `*` multiplies entry
        by entry and adds nothing up. A character picks one column of W_xh: how does your code get it?
        - W_xh[:, char_id]
        + W_xh * (np.arange(len(b_y)) == char_id)

        table_added_first: A vector of H numbers is added to a whole table of the shape of W_xh, (H, V). `*` multiplies
        entry by entry and adds nothing up. A character picks one column of W_xh: how does your code get it?
        - W_hh @ h_prev + W_xh[:, char_id]
        + W_xh * (np.arange(len(b_y)) == char_id) + W_hh @ h_prev

        tan: That is tan, not tanh.
        - np.tanh(W_hh
        + np.tan(W_hh

        character_by_w_hy: The character goes in through W_hy. That matrix leads to the output; which one leads from
        the input?
        - W_xh[:, char_id]
        + W_hy[char_id]

        column_to_the_left: The column is one too far to the left: ids count from 0, as columns do.
        - W_xh[:, char_id]
        + W_xh[:, char_id - 1]

        id_as_number: The id is used as a number that multiplies. An id is a name: it says which column of W_xh to take.
        - return np.tanh(W_hh @ h_prev + W_xh[:, char_id] + b_h)
        + x = np.full(len(b_y), char_id)
        + return np.tanh(W_hh @ h_prev + W_xh @ x + b_h)
        """,
    ),
    hints=[
        "Three things go into the new state: the old state, the character, the bias. Which parameter belongs to each?",
        "W_hh (H, H) times h_prev (H,) gives (H,). For the character you need one column of W_xh (H, V).",
        "Column c of a matrix is W[:, c]. Add the three parts, each (H,).",
        "In words: tanh of (W_hh @ h_prev, plus the column of W_xh for char_id, plus b_h).",
    ],
    why="It is the formula h = tanh(W_hh h_prev + W_xh x + b_h), where x is one-hot: the product W_xh x picks column "
    "char_id, so no product is needed.",
    notice="The same character gives another state when h_prev differs: that is the memory of the network.",
)


# ---------------------------------------------------------------- the prediction


def output_probs(h, parameters):
    """Return the probabilities of the next character, (V,), from the hidden state h, (H,)."""
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    scores = W_hy @ h + b_y
    return softmax(scores)


def output_probs_cases():
    def larger():
        return Case(
            "a larger network",
            (np.random.default_rng(7).normal(0, 0.5, 6), network(6, 5, 8)),
            {"H": 6, "V": 5},
        )

    return [
        Case("a small network", (np.array([0.3, -0.5, 0.2]), pencil_network()), {"H": 3, "V": 4}),
        larger(),
        Case("large scores", (np.array([0.9, -0.8, 0.7]), large_outputs()), {"H": 3, "V": 6}),
        Case("scores far below 0", (np.array([0.9, -0.8, 0.7]), large_outputs(-1000)), {"H": 3, "V": 6}),
        Case("scores far apart", (np.array([0.9, -0.8, 0.7]), large_outputs(SPREAD)), {"H": 3, "V": 6}),
        *silenced(larger, "W_hy", "b_y"),
    ]


OUTPUT_PROBS = Exercise(
    output_probs,
    output_probs_cases,
    minutes=5,
    difficulty=1,
    remark=probabilities_remark,
    mistakes=mistakes_in(
        output_probs,
        """
        no_bias: The bias b_y is left out.
        - W_hy @ h + b_y
        + W_hy @ h

        no_softmax: These are the scores. Softmax is left out: probabilities are positive and add up to 1.
        - return softmax(scores)
        + return scores

        softmax_unshifted: Large scores overflow: exp of them is inf, and inf / inf is nan. Use the softmax of
        lesson 01, which shifts by the maximum.
        - return softmax(scores)
        + exps = np.exp(scores)
        + return exps / exps.sum()

        no_exp: The scores are divided by their sum, without exp. A score can be negative, a probability cannot: use the
        softmax of lesson 01.
        - return softmax(scores)
        + return scores / scores.sum()

        not_divided: exp makes the scores positive, but nothing divides them, so they do not add up to 1. Use the
        softmax of lesson 01.
        - return softmax(scores)
        + return np.exp(scores)

        tanh_of_h_no_bias: Two things: h goes through tanh once more, though it is the hidden state already. And the
        bias b_y is left out.
        - W_hy @ h + b_y
        + W_hy @ np.tanh(h)

        best_id: That is the id of the likeliest character. Keep the probabilities of all characters.
        - return softmax(scores)
        + return np.argmax(scores)

        sigmoid: Each score is squeezed by itself. The probabilities share one sum: use softmax.
        - return softmax(scores)
        + return 1 / (1 + np.exp(-scores))

        tanh_of_scores: The scores go through tanh before softmax. Only the hidden state has a tanh; the output has
        none.
        - W_hy @ h + b_y
        + np.tanh(W_hy @ h + b_y)

        tanh_of_h: h goes through tanh once more. h is the hidden state already.
        - W_hy @ h
        + W_hy @ np.tanh(h)

        w_hy_on_the_right: W_hy is (V, H): in the product `h @ W_hy` the sizes do not meet. Which one must stand on
        the left?
        - W_hy @ h
        + h @ W_hy

        entry_by_entry: `W_hy * h` multiplies entry by entry, and a table (V, H) is left. One score per character is a
        sum over the hidden units: which sign is the matrix product?
        - W_hy @ h
        + W_hy * h

        bias_of_hidden: The hidden bias b_h is added here. The outputs have their own bias, one per character.
        - W_hy @ h + b_y
        + W_hy @ h + b_h

        bias_after_softmax: The bias is added after softmax, so the result does not add up to 1. It belongs to the
        scores.
        - W_hy @ h + b_y
        + W_hy @ h
        - return softmax(scores)
        + return softmax(scores) + b_y

        softmax_of_h: Softmax is taken of the hidden state, before the scores. It comes last.
        - W_hy @ h
        + W_hy @ softmax(h)
        - return softmax(scores)
        + return scores

        softmax_twice: Softmax is taken twice. The second one flattens the probabilities.
        - return softmax(scores)
        + return softmax(softmax(scores))

        logarithms: Those are the logarithms of the probabilities. Leave out the last logarithm.
        - return softmax(scores)
        + return np.log(softmax(scores))

        log_softmax: Those are the logarithms of the probabilities. Take exp at the end, or use the softmax of
        lesson 01.
        - return softmax(scores)
        + shifted = scores - scores.max()
        + return shifted - np.log(np.exp(shifted).sum())

        one_for_the_best: That is a 1 for the best character and 0 for all others. Keep the probability of every
        character.
        - return softmax(scores)
        + probs = np.zeros(len(scores))
        + probs[np.argmax(scores)] = 1
        + return probs

        w_hh_for_w_hy: `W_hh` is used here. It leads from state to state; which matrix leads to the output?
        - W_hy @ h
        + W_hh @ h
        """,
    ),
    hints=[
        "Two steps: from the state to one score per character, then from scores to probabilities.",
        "W_hy (V, H) times h (H,) gives V scores. Something of shape (V,) is added.",
        "Lesson 01 made scores into probabilities, also large ones.",
        "In words: softmax of (W_hy @ h plus b_y). You can use softmax from rnn_helpers.",
    ],
    why="The scores are a linear reading of the hidden state; softmax turns them into probabilities. No tanh here: "
    "scores may be as large as they like.",
    notice="The output does not feed back into the state, so all T outputs of a sequence can wait for one product.",
)


# ---------------------------------------------------------------- the sequence


def forward_pass(inputs, targets, h_prev, parameters):
    """Return (loss, probs, hidden): the summed cross-entropy in nats, the predictions, (T, V), the states, (T+1, H).

    Row 0 of hidden is the state that comes in, row t+1 the state after character t.
    """
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    hidden = np.zeros((len(inputs) + 1, len(h_prev)))
    hidden[0] = h_prev
    for t in range(len(inputs)):
        hidden[t + 1] = np.tanh(W_hh @ hidden[t] + W_xh[:, inputs[t]] + b_h)
    probs = softmax(hidden[1:] @ W_hy.T + b_y)  # all T predictions at once: they do not feed back
    loss = cross_entropy(probs, targets)
    return loss, probs, hidden


def forward_pass_by_loop(inputs, targets, h_prev, parameters):
    """Do the same, all of it step by step, with lists that grow."""
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    h = h_prev
    loss, probs, hidden = 0.0, [], [h]
    for t in range(len(inputs)):
        h = np.tanh(W_hh @ h + W_xh[:, inputs[t]] + b_h)
        hidden.append(h)
        p = softmax(W_hy @ h + b_y)
        probs.append(p)
        loss -= np.log(p[targets[t]])
    return loss, np.array(probs), np.array(hidden)


def forward_pass_cases():
    def pencil():
        inputs, targets = np.array([1, 0, 2, 2, 3, 1]), np.array([0, 2, 2, 3, 1, 0])
        return Case(
            "a small network",
            (inputs, targets, np.array([0.3, -0.5, 0.2]), pencil_network()),
            {"T": 6, "H": 3, "V": 4},
        )

    return [
        pencil(),
        Case(
            "one character (T = 1)",
            (np.array([2]), np.array([0]), np.array([-0.2, 0.4, 0.6]), pencil_network()),
            {"T": 1, "H": 3, "V": 4},
        ),
        Case(
            "a larger network",
            (
                random_ids(9, 7, 11),
                random_ids(9, 7, 12),
                np.random.default_rng(10).normal(0, 0.5, 6),
                network(6, 7, 13),
            ),
            {"T": 9, "H": 6, "V": 7},
        ),
        Case(
            "large scores",
            (random_ids(4, 6, 14), random_ids(4, 6, 15), np.array([0.5, -0.5, 0.8]), large_outputs()),
            {"T": 4, "H": 3, "V": 6},
        ),
        Case(
            "scores far below 0",
            (random_ids(4, 6, 14), random_ids(4, 6, 15), np.array([0.5, -0.5, 0.8]), large_outputs(-1000)),
            {"T": 4, "H": 3, "V": 6},
        ),
        Case(
            "scores far apart",
            (random_ids(4, 6, 14), np.array([0, 0, 0, 0]), np.array([0.5, -0.5, 0.8]), large_outputs(SPREAD)),
            {"T": 4, "H": 3, "V": 6},
        ),
        *silenced(pencil, "W_xh", "W_hh", "b_h", "b_y"),
    ]


FORWARD_PASS = Exercise(
    forward_pass,
    forward_pass_cases,
    minutes=20,
    difficulty=3,
    returns=("loss", "probs", "hidden"),
    groups=("hidden", "probs", "loss"),
    remark=probabilities_remark,
    mistakes=mistakes_in(
        forward_pass,
        """
        no_tanh: tanh is left out of the cell: the states are the bare sums.
        - np.tanh(W_hh @ hidden[t] + W_xh[:, inputs[t]] + b_h)
        + W_hh @ hidden[t] + W_xh[:, inputs[t]] + b_h

        no_b_h: The bias b_h is left out of the cell.
        - W_xh[:, inputs[t]] + b_h
        + W_xh[:, inputs[t]]

        no_b_y: The states are right. The bias b_y is left out of the scores.
        - hidden[1:] @ W_hy.T + b_y
        + hidden[1:] @ W_hy.T

        no_biases: Both biases are left out: b_h in the cell, b_y in the scores.
        - W_xh[:, inputs[t]] + b_h
        + W_xh[:, inputs[t]]
        - hidden[1:] @ W_hy.T + b_y
        + hidden[1:] @ W_hy.T

        state_not_carried: The state is not carried: every step starts again from h_prev. Step t needs the state that
        step t - 1 left.
        - W_hh @ hidden[t]
        + W_hh @ h_prev

        starts_from_zeros: The pass starts from zeros, and h_prev is not used. Where does the state before the first
        character come from?
        - hidden[0] = h_prev
        + hidden[0] = 0

        loop_from_zeros: Row 0 holds h_prev, but the loop starts from a state of zeros. The first step needs h_prev too.
        - hidden[0] = h_prev
        + hidden[0] = h_prev
        + h = np.zeros(len(h_prev))
        - hidden[t + 1] = np.tanh(W_hh @ hidden[t] + W_xh[:, inputs[t]] + b_h)
        + h = np.tanh(W_hh @ h + W_xh[:, inputs[t]] + b_h)
        + hidden[t + 1] = h

        row_0_not_stored: Row 0 of hidden is still zero. The states after it are right, so you use h_prev: now also
        store it.
        - hidden[0] = h_prev
        + h = h_prev
        - hidden[t + 1] = np.tanh(W_hh @ hidden[t] + W_xh[:, inputs[t]] + b_h)
        + h = np.tanh(W_hh @ h + W_xh[:, inputs[t]] + b_h)
        + hidden[t + 1] = h

        h_prev_overwritten: h_prev is overwritten: at the end it holds the last state, and the caller loses the old
        one. Work on a copy or on rows of hidden.
        - hidden[t + 1] = np.tanh(W_hh @ hidden[t] + W_xh[:, inputs[t]] + b_h)
        + h_prev[:] = np.tanh(W_hh @ h_prev + W_xh[:, inputs[t]] + b_h)
        + hidden[t + 1] = h_prev

        loop_backwards: The loop runs backwards over the characters. State t + 1 needs state t: go from the first to
        the last.
        - range(len(inputs))
        + reversed(range(len(inputs)))

        w_hh_transposed: Rows and columns of W_hh have changed places: check on which side of the product the state
        stands.
        - W_hh @ hidden[t]
        + hidden[t] @ W_hh

        row_0_overwritten: Row 0 of hidden is overwritten. At t = 0, `hidden[t - 1]` is hidden[-1], the last row of the
        table: Python counts from the end. Which row does the step that reads character t start from, and which does it
        fill?
        - hidden[t + 1] = np.tanh(W_hh @ hidden[t]
        + hidden[t] = np.tanh(W_hh @ hidden[t - 1]

        two_states_before: The step that reads character t starts from row t - 1 of hidden. In this table row t + 1 is
        the state after character t, so which row is the state before it?
        - W_hh @ hidden[t]
        + W_hh @ hidden[t - 1]

        h_prev_in_last_row: h_prev stands in the last row of hidden, and every state one row too early. Row 0 is the
        state that comes in: which row does step t fill?
        - hidden[0] = h_prev
        + hidden[-1] = h_prev
        - hidden[t + 1] = np.tanh(W_hh @ hidden[t]
        + hidden[t] = np.tanh(W_hh @ hidden[t - 1]
        - hidden[1:] @
        + hidden[:-1] @

        no_row_and_no_h_prev: hidden has T rows, so there is none for the state that comes in, and h_prev is not used.
        At t = 0, `hidden[t - 1]` is hidden[-1], the last row: Python counts from the end.
        - np.zeros((len(inputs) + 1, len(h_prev)))
        + np.zeros((len(inputs), len(h_prev)))
        - hidden[0] = h_prev
        +
        - hidden[t + 1] = np.tanh(W_hh @ hidden[t]
        + hidden[t] = np.tanh(W_hh @ hidden[t - 1]
        - hidden[1:] @
        + hidden @

        h_prev_overwritten_in_row_0: hidden has T rows, so step 0 writes its state over h_prev, and starts from the last
        row: at t = 0, `hidden[t - 1]` is hidden[-1]. How many rows do T steps and the state before them need?
        - np.zeros((len(inputs) + 1, len(h_prev)))
        + np.zeros((len(inputs), len(h_prev)))
        - hidden[t + 1] = np.tanh(W_hh @ hidden[t]
        + hidden[t] = np.tanh(W_hh @ hidden[t - 1]
        - hidden[1:] @
        + hidden @

        no_old_state: The old state is left out of the cell: W_hh is not used, or it meets the row that is still empty,
        hidden[t + 1].
        - W_hh @ hidden[t]
        + W_hh @ hidden[t + 1]

        no_w_hh: The old state is added without W_hh. It has to go through the hidden-to-hidden weights.
        - W_hh @ hidden[t]
        + hidden[t]

        no_characters: The characters are left out of the cell: W_xh is not used.
        - W_hh @ hidden[t] + W_xh[:, inputs[t]]
        + W_hh @ hidden[t]

        bias_after_tanh: The bias b_h is added after tanh. It belongs inside.
        - W_xh[:, inputs[t]] + b_h)
        + W_xh[:, inputs[t]]) + b_h

        tanh_of_parts: tanh is taken of the parts one by one. Add them all up, then take tanh once.
        - W_hh @ hidden[t] + W_xh[:, inputs[t]] + b_h
        + W_hh @ hidden[t]) + np.tanh(W_xh[:, inputs[t]] + b_h

        sigmoid: The states lie between 0 and 1. This cell squeezes with tanh, between -1 and 1.
        - np.tanh(W_hh @ hidden[t] + W_xh[:, inputs[t]] + b_h)
        + 1 / (1 + np.exp(-(W_hh @ hidden[t] + W_xh[:, inputs[t]] + b_h)))

        reads_targets: The cell reads the targets. The targets are what it should predict; it reads the inputs.
        - W_xh[:, inputs[t]]
        + W_xh[:, targets[t]]

        reads_from_the_back: The characters are read from back to front. Character 0 comes first.
        - W_xh[:, inputs[t]]
        + W_xh[:, inputs[-1 - t]]

        loss_per_character: The states are right. The loss is one number per character: add them up.
        - cross_entropy(probs, targets)
        + -np.log(probs[np.arange(len(targets)), targets])

        loss_without_last: The states are right. The loss leaves out the last character: its prediction counts too.
        - cross_entropy(probs, targets)
        + cross_entropy(probs[:-1], targets[:-1])

        predicts_from_state_before: The states are right. The prediction after character t is made from the state
        before it. Row t of hidden is the state before character t, so which row is the one after?
        - hidden[1:] @ W_hy.T
        + hidden[:-1] @ W_hy.T

        softmax_over_time: The states are right. Softmax runs over the wrong axis: the probabilities of one time step
        must add up to 1.
        - probs = softmax(hidden[1:] @ W_hy.T + b_y)
        + scores = hidden[1:] @ W_hy.T + b_y
        + exps = np.exp(scores - scores.max(axis=0))
        + probs = exps / exps.sum(axis=0)

        softmax_of_table: The states are right. All the probabilities together add up to 1: each time step is a
        prediction of its own, and its row needs its own sum.
        - probs = softmax(hidden[1:] @ W_hy.T + b_y)
        + scores = hidden[1:] @ W_hy.T + b_y
        + exps = np.exp(scores - scores.max())
        + probs = exps / exps.sum()

        softmax_unshifted: Large scores overflow: exp of them is inf. Use the softmax of lesson 01, which shifts by the
        maximum.
        - probs = softmax(hidden[1:] @ W_hy.T + b_y)
        + exps = np.exp(hidden[1:] @ W_hy.T + b_y)
        + probs = exps / exps.sum(axis=1, keepdims=True)

        no_softmax: The states are right. The logarithm is taken of the scores: softmax is left out.
        - softmax(hidden[1:] @ W_hy.T + b_y)
        + hidden[1:] @ W_hy.T + b_y

        tanh_of_scores: The states are right. The scores go through tanh before softmax: the output has no tanh.
        - softmax(hidden[1:] @ W_hy.T + b_y)
        + softmax(np.tanh(hidden[1:] @ W_hy.T + b_y))

        last_character_unread: The last character is never read: the last row of hidden is still zero. Your loop ends
        one step too soon.
        - range(len(inputs))
        + range(len(inputs) - 1)

        scores_as_probs: The states are right. probs holds the scores: return what softmax makes of them.
        - probs = softmax(hidden[1:] @ W_hy.T + b_y)
        + scores = hidden[1:] @ W_hy.T + b_y
        - cross_entropy(probs, targets)
        + cross_entropy(softmax(scores), targets)
        - return loss, probs, hidden
        + return loss, scores, hidden

        row_too_many_in_probs: probs has a row too many: it begins with a prediction from h_prev, before any character
        is read. T rows, from the states in hidden[1:].
        - hidden[1:] @ W_hy.T
        + hidden @ W_hy.T
        - cross_entropy(probs, targets)
        + cross_entropy(probs[1:], targets)

        prediction_of_h_prev: hidden has a row more than there are targets: no prediction is made from row 0, the state
        that came in. Which T rows make the predictions?
        - hidden[1:] @ W_hy.T
        + hidden @ W_hy.T

        no_hidden: You return two things, loss and probs. The backward pass needs the states too, and the last of them
        is where the next sequence begins: give back hidden as the third result.
        - return loss, probs, hidden
        + return loss, probs

        two_results: You return two things, loss and hidden. The backward pass needs the probabilities too: give back
        three results, loss first, then probs, then hidden.
        - return loss, probs, hidden
        + return loss, hidden

        order_of_results: You return loss, hidden, probs. The last two are in the other order.
        - return loss, probs, hidden
        + return loss, hidden, probs

        order_as_computed: The three results come in the order in which they are computed. Return the loss first, then
        probs, then hidden.
        - return loss, probs, hidden
        + return hidden, probs, loss
        """,
    )
    + mistakes_in(
        forward_pass_by_loop,
        """
        h_prev_stored_again_and_again: One array is changed in place and stored again and again, so all rows of hidden
        show the last state, and h_prev is overwritten. Make a new array at each step.
        - h = np.tanh(
        + h[:] = np.tanh(

        one_array_for_all: All rows of hidden are the same, the last state: you store one array again and again and
        change it in place. Make a new array at each step, or store a copy.
        - h = h_prev
        + h = h_prev.copy()
        - h = np.tanh(
        + h[:] = np.tanh(

        target_before: The states are right. The loss takes the probability of the wrong character or row: prediction
        t, from row t + 1 of hidden, belongs to targets[t].
        - p[targets[t]]
        + p[targets[t - 1]]

        no_row_for_h_prev: hidden has no row for the state that comes in. Row 0 is h_prev, row t+1 the state after
        character t: T + 1 rows.
        - [], [h]
        + [], []

        last_state_not_stored: hidden lacks the state after the last character: T + 1 rows, from h_prev to the state
        after character T - 1.
        - [], [h]
        + [], []
        - hidden.append(h)
        +
        - for t in range(len(inputs)):
        + for t in range(len(inputs)):
        +     hidden.append(h)

        hidden_transposed: Rows and columns of hidden have changed places: one row per state, one column per hidden
        unit.
        - np.array(hidden)
        + np.stack(hidden, axis=1)

        last_state_only: Only the last state is returned as hidden. The backward pass needs all of them.
        - np.array(hidden)
        + h

        last_prediction_only: Only the last prediction is returned as probs. The backward pass needs all T of them.
        - np.array(probs)
        + p

        probs_of_targets: probs holds one number per time step, the probability of the target. The backward pass needs
        whole rows: a probability for every character.
        - probs.append(p)
        + probs.append(p[targets[t]])

        loss_is_mean_in_bits: The states are right. Two things in the loss: it is the mean, and it is in bits. This loss
        is a sum over the sequence, in nats.
        - np.log(
        + np.log2(
        - return loss,
        + return loss / len(inputs),

        loss_as_whole_number: The states are right. The loss is cut off to a whole number: what comes after the decimal
        point is lost.
        - return loss,
        + return int(loss),

        loss_is_log_of_sum: The states are right. The logarithm is taken once, of the sum of the probabilities. Each
        character has its own logarithm; then they are added up.
        - loss -= np.log(p[targets[t]])
        + loss -= p[targets[t]]
        - return loss,
        + return -np.log(-loss),

        loss_is_mean: The states are right. The loss is the mean; in this course it is the sum over the sequence.
        - return loss,
        + return loss / len(inputs),

        loss_negative: The states are right. The loss is negative: the minus in front of the logarithm is missing.
        - loss -= np.log(
        + loss += np.log(

        loss_in_bits: The states are right. The loss is in bits: the logarithm has base 2. Use nats.
        - np.log(
        + np.log2(

        loss_of_inputs: The states are right. The loss looks up the probability of the inputs, the characters that it
        has read. Look up the ones that came next.
        - p[targets[t]]
        + p[inputs[t]]

        loss_of_last: The states are right. The loss is that of the last character only: is it overwritten in the loop
        instead of added to?
        - loss -= np.log(
        + loss = -np.log(
        """,
    ),
    hints=[
        "Make the table hidden first: T + 1 rows of H zeros. Which state goes into row 0?",
        "Loop over the characters: row t+1 comes from row t and inputs[t], as in rnn_step.",
        "Then the outputs: the prediction after character t comes from row t+1, as in output_probs. The loss adds up "
        "-ln of the probability of targets[t].",
        "In words: hidden[0] is h_prev; for each t, hidden[t+1] is tanh(W_hh @ hidden[t] + column inputs[t] of W_xh + "
        "b_h); probs is the softmax of hidden[1:] @ W_hy.T + b_y; return the cross-entropy of probs and targets, "
        "probs and hidden.",
    ],
    why="Only the recurrence has to be a loop: state t+1 needs state t. The outputs do not feed back, so all T rows of "
    "scores are one product, hidden[1:] @ W_hy.T. probs and hidden are returned beside the loss because the backward "
    "pass needs them. The finished function in rnn_helpers also looks up all columns of W_xh at once.",
    notice="The last row of hidden is the h_prev of the next sequence: so a long text can be read piece by piece.",
)


# ---------------------------------------------------------------- the size


def count_parameters_cases():
    return [
        Case("H = 3, V = 4", (3, 4), {}),
        Case("H = 75, V = 35", (75, 35), {}),
        Case("H = 1, V = 2", (1, 2), {}),
        Case("H = 150, V = 41", (150, 41), {}),
        Case("H = 4, V = 9", (4, 9), {}),
        Case("H = 7, V = 3", (7, 3), {}),
        Case("H = 20, V = 60", (20, 60), {}),
    ]


COUNT_PARAMETERS = Exercise(
    count_parameters,
    count_parameters_cases,
    minutes=4,
    difficulty=1,
    result="ids",
    mistakes=mistakes_in(
        count_parameters,
        """
        no_biases: The biases are left out: they are learned too.
        - V * H + H + V
        + V * H

        caret: In Python `^` is not a power, it compares bits. Write `**`, or multiply.
        - return H * V + H * H + V * H + H + V
        + hidden_to_hidden = H ^ 2
        + return H * V + hidden_to_hidden + V * H + H + V

        no_w_hh: The hidden-to-hidden matrix is left out. What does the state of a step go through on its way to the
        next?
        - H * V + H * H + V * H
        + H * V + V * H

        one_matrix_for_two: Only one of the two matrices between characters and hidden units is counted: there is one
        for the input and one for the output.
        - H * H + V * H
        + H * H

        no_b_y: The bias of the outputs, b_y, is left out.
        - V * H + H + V
        + V * H + H

        no_b_h: The bias of the hidden units, b_h, is left out.
        - V * H + H + V
        + V * H + V

        both_biases_h: Both biases are counted as H. The outputs have a bias per character.
        - V * H + H + V
        + V * H + H + H

        bias_as_one_number: Each bias is counted as one number. Every hidden unit and every character has its own.
        - V * H + H + V
        + V * H + 1 + 1

        h_and_v_swapped: H and V are swapped, or V times V is counted for the hidden-to-hidden matrix. That matrix is
        the square one: it leads from hidden units to hidden units.
        - H, V = hidden_size, vocab_size
        + V, H = hidden_size, vocab_size

        two_h: A matrix of H rows and H columns has H times H entries: the hidden-to-hidden one is counted as 2 H.
        - H * H
        + 2 * H

        sides_added: You added the two sides of each matrix. The number of entries is rows times columns.
        - H * V + H * H + V * H
        + (H + V) + (H + H) + (V + H)

        biases_multiplied: The biases are counted as one table of H times V. They are two rows of numbers, one for the
        hidden units and one for the characters.
        - V * H + H + V
        + V * H + H * V

        state_counted: One H too many: is the hidden state counted too? It is computed anew at every step, and not
        learned.
        - V * H + H + V
        + V * H + H + V + H

        w_hh_twice: There is one hidden-to-hidden matrix, used at every step. You counted it twice.
        - H * H
        + 2 * H * H

        caret_in_sum: In Python `^` is not a power, it compares bits, and `+` is done before it. Write `**`, or
        multiply.
        - H * V + H * H + V * H
        + H * V + H ^ 2 + V * H

        caret_in_short_sum: In Python `^` is not a power, it compares bits, and `*` and `+` are done before it. Write
        `**`, or multiply.
        - H * V + H * H + V * H
        + 2 * H * V + H ^ 2
        """,
    ),
    hints=[
        "List the five parameters: three matrices, two biases. What is the shape of each?",
        "A matrix of shape (rows, columns) holds rows times columns numbers; a bias of shape (n,) holds n.",
        "W_xh is (H, V), W_hh is (H, H), W_hy is (V, H), b_h is (H,), b_y is (V,).",
        "In words: H times V, plus H times H, plus V times H, plus H, plus V.",
    ],
    why="Five arrays, each counted by its shape. Nothing depends on T: the same weights are used at every time step.",
    notice="The length of the sequence is not in the formula: a longer sequence needs no new weights.",
)


# ---------------------------------------------------------------- mend_forward_pass


def reach_report(forward_pass):
    """Return which states and predictions change when one letter of the text is another one, as text."""
    parameters, h_prev = pencil_network(), np.array([0.3, -0.5, 0.2])
    inputs, targets = np.array([1, 0, 2, 2, 3]), np.array([0, 2, 2, 3, 1])
    _, probs, hidden = forward_pass(inputs, targets, h_prev, parameters)
    lines = ["letter changed | states that change | predictions that change"]
    for t in range(len(inputs)):
        other = inputs.copy()
        other[t] = (inputs[t] + 1) % 4
        _, other_probs, other_hidden = forward_pass(other, targets, h_prev, parameters)
        found = []
        for before, after in ((hidden[1:], other_hidden[1:]), (probs, other_probs)):
            moved = np.abs(after - before).max(axis=1) > 1e-6
            found.append(" ".join(f"{k}" if moved[k] else "-" for k in range(len(moved))))
        lines.append(f"{t:<14} | {found[0]:<18} | {found[1]}")
    return "\n".join(lines)


MEND_FORWARD_PASS = mend(
    FORWARD_PASS,
    "predicts_from_state_before",
    look=reach_report,
    nudge="Look at the first line of the report: there, the first letter is changed. Which prediction should feel it?",
    minutes=8,
    difficulty=2,
    hints=[
        'report("mend_forward_pass") shows what one letter reaches. On which side of the table is a number missing?',
        "The states are as they should be: letter t reaches state t and all after it. The predictions come out of the "
        "states. Which prediction should be made from state t?",
        "A letter that was read must count in the guess of the next. Here it counts one guess too late. Row 0 of "
        "hidden is the state that came in.",
        "In words: the prediction after letter t is made from the state after letter t, which is row t + 1 of hidden. "
        "So the product needs all rows but the first.",
    ],
    why="hidden has a row more than there are predictions, so two slices have the right shape, and only one is right. "
    "The loss is a plausible number in both. What a letter reaches tells them apart.",
    notice="To change one input and see what moves needs no right answer to compare with. It finds a network that "
    "looks ahead as well: there, a prediction moves before its letter is read.",
)


# ---------------------------------------------------------------- catch_forward_pass


def catch_forward_pass(forward_pass):
    """Return True if each row of a forward pass follows from the one before it, and the loss from the predictions."""
    rng = np.random.default_rng(2)
    H, V = 3, 5
    shapes = [(H, V), (H, H), (V, H), (H,), (V,)]
    for scale in (1, 8000):  # the second network has scores so large that exp of them overflows
        weights = [rng.normal(0, 0.8, shape) for shape in shapes]
        parameters = Parameters(weights[0], weights[1], scale * weights[2], weights[3], weights[4])
        inputs = np.array([1, 0, 2, 2, 4, 3])
        h_prev = rng.normal(0, 0.5, H)
        states, chances = [h_prev.copy()], []
        for char_id in inputs:
            states.append(rnn_step(char_id, states[-1], parameters))
            chances.append(rnn_helpers.output_probs(states[-1], parameters))
        likely = np.argmax(chances, axis=1)  # these targets never have a probability of 0
        targets = likely if scale > 1 else np.array([0, 2, 2, 4, 3, 1])

        before = h_prev.copy()
        loss, probs, hidden = forward_pass(inputs, targets, h_prev, parameters)
        expected = -np.log([chances[t][targets[t]] for t in range(len(targets))]).sum()
        if np.shape(hidden) != (7, H) or np.shape(probs) != (6, V) or np.shape(loss) != ():
            return False
        if not (np.allclose(hidden, states) and np.allclose(probs, chances) and np.isclose(loss, expected)):
            return False
        if not np.array_equal(h_prev, before):
            return False
    return True


def forward_pass_of_columns(inputs, targets, h_prev, parameters):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    states, probs, loss = {-1: h_prev[:, None]}, [], 0.0
    for t, char_id in enumerate(inputs):
        x = np.zeros((len(b_y), 1))
        x[char_id] = 1
        states[t] = np.tanh(W_xh @ x + W_hh @ states[t - 1] + b_h[:, None])
        scores = (W_hy @ states[t])[:, 0] + b_y
        shifted = scores - scores.max()
        probs.append(np.exp(shifted) / np.exp(shifted).sum())
        loss += np.log(np.exp(shifted).sum()) - shifted[targets[t]]
    return loss, np.array(probs), np.array([states[t][:, 0] for t in range(-1, len(inputs))])


CATCH_FORWARD_PASS = Catch(
    function=catch_forward_pass,
    original=FORWARD_PASS,
    rights={
        "the finished one": rnn_helpers.forward_pass,
        "one that makes all predictions at once": forward_pass,
        "one with lists that grow": forward_pass_by_loop,
        "one with columns and dicts, so that its last digits differ": forward_pass_of_columns,
    },
    minutes=20,
    difficulty=2,
    hints=[
        "What must be true of the three results? Row 0 of hidden is h_prev. What makes row t + 1 out of row t, and row "
        "t of probs out of which row? And the loss?",
        "rnn_step and output_probs of rnn_helpers make one step. Walk along the text with them, and compare with "
        "np.allclose, since the last digits may differ. Compare shapes first.",
        "Which network hides no mistake? Biases and h_prev that are not zero, a square W_hh that is not symmetric, "
        "several letters, and, once more, weights W_hy so large that exp of the scores overflows.",
        "In words: make parameters, inputs, targets and h_prev; keep a copy of h_prev; call the function; compare "
        "hidden, probs, the loss, their shapes, and h_prev with its copy. Do it all again with W_hy times 1000.",
    ],
    why="Each row must follow from the one before it, so one right step is enough to judge a whole pass. What a check "
    "sees depends on its network: with zeros, one letter or small weights, much stays hidden.",
    notice="To build a check from smaller parts that were checked before is how whole programs are tested.",
)
