"""The forward pass: one step, and a whole sequence."""

import contextlib
import functools
import itertools

import numpy as np

import rnn_helpers
from course.checker.catch import Catch
from course.checker.exercise import Case, Exercise
from course.checker.mend import mend
from course.checker.mistakes import mistakes_beside
from course.checker.trial import same
from course.lessons.cases import (
    LAST,
    PENCIL,
    SPREAD,
    hard,
    large_outputs,
    many_ids,
    network,
    pencil_network,
    probabilities_remark,
    random_ids,
    silenced,
    without,
)
from rnn_helpers import (
    ForwardPass,
    Parameters,
    cross_entropy,
    forward_pass,
    rnn_step,
    softmax,
)

known = mistakes_beside(__file__)

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
        *hard("state", lambda h: (1, h, network(len(h), 4, 17)), lambda h: {"H": len(h), "V": 4}),
        Case("a state next to 1 or -1", (2, np.array([0.9, -0.8]), network(2, 5, 18, 9.0)), {"H": 2, "V": 5}),
        Case("a letter with an id above 255", (300, np.array([0.3, -0.6]), network(2, 301, 19)), {"H": 2, "V": 301}),
    ]


RNN_STEP = Exercise(
    rnn_step,
    rnn_step_cases,
    difficulty=1,
    rare=4,
    mistakes=known("rnn_step", rnn_step),
    hints=[
        "Three things go into the new state: the old state, the character, the bias. Which parameter goes with each?",
        "W_hh (H, H) times h_prev (H,) gives (H,). For the character you need one column of W_xh (H, V).",
        "Column c of a matrix is W[:, c]. Add the three parts, each (H,).",
        "In words: tanh of (W_hh @ h_prev, plus the column of W_xh for char_id, plus b_h).",
    ],
    why="It's the formula h = tanh(W_hh h_prev + W_xh x + b_h), where x is one-hot. The product W_xh x picks column "
    "char_id, so you can take the column, without a product.",
    notice="With another h_prev, the same character gives another state. That's the memory of the network.",
    slow=(
        5,
        "Your loops go round {rounds} times for one letter, while `@` does all units at once. That counts as right, "
        "but page 06 calls this function 3.7 million times.",
    ),
)


# ---------------------------------------------------------------- the sequence


def forward_pass_by_loop(inputs, targets, h_prev, parameters):
    """Return the ForwardPass of a sequence, all of it step by step, with lists that grow."""
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    h = h_prev
    loss, probs, hidden = 0.0, [], [h]
    for t in range(len(inputs)):
        h = np.tanh(W_hh @ h + W_xh[:, inputs[t]] + b_h)
        hidden.append(h)
        p = softmax(W_hy @ h + b_y)
        probs.append(p)
        loss -= np.log(p[targets[t]])
    return ForwardPass(loss, np.array(probs), np.array(hidden))


def forward_pass_written_out(inputs, targets, h_prev, parameters):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    hidden = np.zeros((len(inputs) + 1, len(h_prev)))
    hidden[0] = h_prev
    for t in range(len(inputs)):
        hidden[t + 1] = np.tanh(W_hh @ hidden[t] + W_xh[:, inputs[t]] + b_h)
    probs = softmax(hidden[1:] @ W_hy.T + b_y)  # all T rows at once
    loss = cross_entropy(probs, targets)
    return ForwardPass(loss, probs, hidden)


def forward_pass_cases():
    ids, V = many_ids()

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
        Case(
            "the last score far above the others",
            (random_ids(4, 6, 14), np.array([5, 5, 5, 5]), np.array([0.5, -0.5, 0.8]), large_outputs(LAST)),
            {"T": 4, "H": 3, "V": 6},
        ),
        Case(
            "targets of a probability below 1e-15",
            (random_ids(4, 6, 14), np.array([3, 1, 3, 2]), np.array([0.5, -0.5, 0.8]), large_outputs(SPREAD / 40)),
            {"T": 4, "H": 3, "V": 6},
        ),
        *hard(
            "state",
            lambda h: (np.array([1, 0, 1, 1]), np.array([0, 1, 1, 0]), h, network(len(h), 2, 22, 3.0)),
            lambda h: {"T": 4, "H": len(h), "V": 2},
        ),
        Case(
            "ids above 255",
            (ids, np.roll(ids, 1), np.array([0.5, -0.5]), network(2, V, 23)),
            {"T": len(ids), "H": 2, "V": V},
        ),
        Case(
            "a text of 800 characters",
            (random_ids(800, 4, 25), random_ids(800, 4, 26), np.array([0.5, -0.5]), network(2, 4, 27)),
            {"T": 800, "H": 2, "V": 4},
        ),
    ]


FORWARD_PASS = Exercise(
    forward_pass,
    forward_pass_cases,
    difficulty=3,
    rare=6,
    returns=ForwardPass._fields,
    type=ForwardPass,
    groups=("hidden", "probs", "loss"),
    remark=probabilities_remark,
    mistakes=known("forward_pass", forward_pass_written_out, forward_pass_by_loop),
    hints=[
        "Make the table hidden first: T + 1 rows of H zeros. Which state goes into row 0?",
        "Loop over the characters: row t+1 comes from row t and inputs[t], as in rnn_step.",
        "Then the outputs: the prediction after character t comes from row t+1, as in output_probs. The loss adds up "
        "-ln of the probability of targets[t].",
        "In words: hidden[0] is h_prev; for each t, hidden[t+1] is tanh(W_hh @ hidden[t] + column inputs[t] of W_xh + "
        "b_h); probs is the softmax of hidden[1:] @ W_hy.T + b_y, where .T swaps rows and columns, or row t is "
        "output_probs(hidden[t + 1], parameters); loss is the cross-entropy of probs and targets; return "
        "ForwardPass(loss, probs, hidden).",
    ],
    why="Only the recurrence needs a loop, because state t+1 needs state t. The outputs don't feed back, so all T rows "
    "of scores are one product, hidden[1:] @ W_hy.T. The function also returns probs and hidden, because the backward "
    "pass needs them. It reads them by name: forward.probs.",
    notice="The last row of hidden is the h_prev of the next sequence, so you can read a long text piece by piece.",
)


# ---------------------------------------------------------------- catch_forward_pass


def catch_forward_pass(forward_pass):
    """Return True if each row of a forward pass follows from the one before it, and the loss from the predictions."""
    rng = np.random.default_rng(2)
    V = 5
    for H, added in ((3, 0), (4, 1000)):  # the second is larger, with scores so large that exp of them overflows
        shapes = [(H, V), (H, H), (V, H), (H,), (V,)]
        weights = [rng.normal(0, 0.8, shape) for shape in shapes]
        parameters = Parameters(*weights[:4], weights[4] + added)  # the same for all scores changes no probability
        inputs, targets = np.array([1, 0, 2, 2, 4, 3]), np.array([0, 2, 2, 4, 3, 1])
        h_prev = rng.normal(0, 0.5, H)
        states, probs_by_hand = [h_prev.copy()], []
        for char_id in inputs:
            states.append(rnn_helpers.rnn_step(char_id, states[-1], parameters))
            probs_by_hand.append(rnn_helpers.output_probs(states[-1], parameters))

        before = h_prev.copy()
        loss, probs, hidden = forward_pass(inputs, targets, h_prev, parameters)
        expected = -np.log([probs_by_hand[t][targets[t]] for t in range(len(targets))]).sum()
        if np.shape(hidden) != (7, H) or np.shape(probs) != (6, V) or np.shape(loss) != ():
            return False
        if not (np.allclose(hidden, states) and np.allclose(probs, probs_by_hand) and np.isclose(loss, expected)):
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
    return ForwardPass(loss, np.array(probs), np.array([states[t][:, 0] for t in range(-1, len(inputs))]))


CATCH_FORWARD_PASS = Catch(
    function=catch_forward_pass,
    original=FORWARD_PASS,
    rights={
        "the finished one": rnn_helpers.forward_pass,
        "one that makes all predictions at once": forward_pass,
        "one with lists that grow": forward_pass_by_loop,
        "one whose last digits differ, and whose loss stays finite where a probability rounds to 0": (
            forward_pass_of_columns
        ),
    },
    beyond=("hidden_for_one_network", "probs_for_one_network", "tables_for_one_network"),  # right for one network
    difficulty=2,
    hints=[
        "What must be true of the three results? Row 0 of hidden is h_prev. How does row t + 1 come from row t, and "
        "which row does row t of probs come from? And the loss?",
        "rnn_step and output_probs of rnn_helpers make one step. Walk along the text with them, and compare with "
        "np.allclose, because the last digits can differ. Compare shapes first.",
        "Which network hides no mistake? It has biases and an h_prev that aren't zero, a W_hh that isn't symmetric, "
        "and several letters. Then try another size and large scores: add 1000 to each entry of b_y.",
        "In words: make parameters, inputs, targets and h_prev; keep a copy of h_prev; call the function; compare "
        "hidden, probs, the loss, their shapes, and h_prev with its copy. Again with more units and b_y + 1000.",
    ],
    why="Each row must follow from the previous one, so one right step is enough to judge a whole pass. What a check "
    "sees depends on its network: with zeros, one letter or small weights, much stays hidden.",
    notice="You built a check from smaller parts that were checked before. Whole programs are tested like this.",
)


# ---------------------------------------------------------------- mend_forward_pass


def derived(case, parts):
    """Return the names of the parts that are what a right pass makes of the parts before them: the loss of wrong probs
    need not be wrong by itself."""
    (_, targets, _, parameters), found = case.args, []
    with contextlib.suppress(Exception):  # their shapes are others
        if same(parts["probs"], softmax(parts["hidden"][1:] @ parameters.W_hy.T + parameters.b_y)):
            found.append("probs")
    with contextlib.suppress(Exception):
        if same(parts["loss"], np.array(cross_entropy(parts["probs"], targets))):
            found.append("loss")
    return found


def pass_report(broken, with_sums=False):
    """Return what a forward pass makes of three letters, beside what a right one makes of them, as text.

    with_sums: True to show the first sums that go into tanh, too, as the states tell them
    """
    h_prev = rnn_helpers.rnn_step(1, np.zeros(3), PENCIL)  # the state that the letter h leaves
    both = []
    for one in (broken, rnn_helpers.forward_pass):
        given = h_prev.copy()
        loss, probs, hidden = one(np.array([0, 2, 2]), np.array([2, 2, 3]), given, PENCIL)
        with np.errstate(all="ignore"):  # no sum makes a state above 1
            sums = {"sums": np.arctanh(np.atleast_2d(hidden)[1:2])} if with_sums else {}
        both.append({"hidden": hidden, **sums, "probs": probs, "loss": loss, "h_prev": given})

    rows = ['The pencil network has read "h", and that left the state h_prev. Now it reads "ell",']
    rows.append('to predict "llo". (The last row is h_prev, as it is afterwards.)')
    rows += ["The sums are those that tanh turns into row 1 of hidden."] * with_sums
    for part in both[0]:
        rows += ["", f"{part:9}{'this function':36}a right one"]
        tables = [np.atleast_2d(one[part]) for one in both]
        for t, (mine, right) in enumerate(itertools.zip_longest(*tables, fillvalue=())):
            name = f"row {t}" if len(tables[1]) > 1 else ""
            rows.append(f"{name:6}{_numbers(mine):36}{_numbers(right)}".rstrip())
    return "\n".join(rows)


def _numbers(row):
    return "".join(f"{number:9.4f}" for number in row)


MEND_FORWARD_PASS = mend(
    FORWARD_PASS,
    "state_not_carried",
    look=pass_report,
    closer=functools.partial(pass_report, with_sums=True),
    derived=derived,
    seeds=(
        "predicts_from_state_before",
        "no_b_h",
        "loss_is_mean",
        "w_hh_transposed",
        "starts_from_zeros",
        "softmax_over_time",
        "reads_targets",
        "h_prev_stored_again_and_again",
        "target_before",
        "bias_after_tanh",
        "two_states_before",
        "loss_of_inputs",
        "no_b_y",
        "last_character_unread",
        "hidden_transposed",
        "no_tanh",
        "probs_of_targets",
        "loss_of_last",
        "no_w_hh",
        "h_prev_overwritten",
        "softmax_of_table",
        "reads_from_the_back",
        "loss_in_bits",
        "row_0_overwritten",
        "order_of_results",
        "no_characters",
        "tanh_of_scores",
        "one_array_for_all",
        "loss_without_last",
        "sigmoid",
        "no_row_for_h_prev",
        "loss_negative",
        "tanh_of_parts",
        "last_prediction_only",
        "no_old_state",
        "loss_is_log_of_sum",
        "softmax_for_tanh",
        "loop_from_zeros",
        "scores_as_probs",
        "loss_per_character",
        "loop_backwards",
        "last_state_only",
        "no_biases",
        "h_prev_in_last_row",
        "row_too_many_in_probs",
        "loss_is_mean_in_bits",
        "row_0_not_stored",
        "no_softmax",
        "prediction_of_h_prev",
        "last_state_not_stored",
        "order_as_computed",
        "no_row_and_no_h_prev",
        "h_prev_overwritten_in_row_0",
    ),
    nudge="In the report both `l` leave the same state. What should the second `l` start from, and what does it start "
    "from here?",
    difficulty=1,
    hints=[
        "{report} shows hidden, probs, loss and h_prev, with the right ones beside them. Read from "
        "the top: which row is the first that differs?",
        "Which line makes that row? A state needs the letter, the state before it and b_h. A row of probs needs one "
        "state, W_hy and b_y, and the loss needs one number from each row of probs.",
        "On the page, so without a number: rows 2 and 3 of hidden are the same, because the letter is the same. In a "
        "right pass they differ. Look at the line in the loop: what is the same in both rounds, and shouldn't be?",
        "In words: on the page, W_hh should multiply the state before letter t. That's row t of hidden, and it's "
        "h_prev only for t = 0.",
    ],
    why="For t = 0 the state before is h_prev, so the first state was right. For every later t it's hidden[t], the row "
    "that the previous round has filled.",
    notice="A check says that something is wrong. You found out where: from the first wrong number, back to the line "
    "that made it.",
)
