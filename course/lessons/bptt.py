"""The error sent back through time: all gradients of a sequence, and how to measure them."""

import re

import numpy as np

import rnn_helpers
from course.checker.exercise import Case, Exercise
from course.checker.mend import Repair, mend
from course.checker.mistakes import mistakes_beside
from course.lessons.cases import (
    BY_1000,
    PENCIL,
    SPREAD,
    Bumpy,
    hard,
    large_outputs,
    many_ids,
    network,
    pencil_network,
    random_ids,
    ripples,
    silenced,
    without,
)
from rnn_helpers import (
    ForwardPass,
    Parameters,
    backward_pass,
    cross_entropy,
    hidden_gradients,
    numerical_gradient,
    one_hot,
    softmax,
    tanh_backward,
    weight_gradients,
)

known = mistakes_beside(__file__)

# ---------------------------------------------------------------- tanh_backward


def tanh_backward_cases():
    rng = np.random.default_rng(20)
    return [
        Case("one state", (np.array([0.4, -0.3, 0.2]), np.array([0.3, -0.5, 0.9])), {"H": 3}),
        Case("a larger state", (rng.normal(0, 1, 8), np.tanh(rng.normal(0, 1, 8))), {"H": 8}),
        Case("h near 1 and -1", (np.array([0.5, -2.0, 3.0]), np.array([0.99, 0.999, -0.999])), {"H": 3}),
        without("h", Case("", (np.array([0.5, -2.0, 3.0]), np.zeros(3)), {"H": 3})),
        Case("slopes above 1,000", (BY_1000[0].copy(), np.array([0.3, -0.5, 0.9])), {"H": 3}),
        *hard("state", lambda h: (h + 0.5, h), lambda h: {"H": len(h)}),
        Case("slopes that are whole numbers", (np.array([4, -3]), np.array([0.5, -0.2])), {"H": 2}),
    ]


TANH_BACKWARD = Exercise(
    tanh_backward,
    tanh_backward_cases,
    difficulty=1,
    rare=4,
    mistakes=known("tanh_backward", tanh_backward),
    hints=[
        "The chain rule multiplies two speeds: how fast the loss moves with h, and how fast h moves with a.",
        "The second speed is the slope of tanh. You can write it with tanh(a) alone, and that's h.",
        "At h = 0 the slope is 1. Near h = 1 or -1 it's almost 0.",
        "In words: dh times (1 minus the square of h), entry by entry.",
    ],
    why="tanh'(a) = 1 - tanh(a)**2, and tanh(a) is the h that the forward pass stored. So you don't have to keep a.",
    notice="The slope is at most 1, and for a unit near 1 or -1 it's near 0: tanh can only make a gradient smaller.",
)


# ---------------------------------------------------------------- hidden_gradients


def hidden_gradients_written_out(dh_from_output, hidden, parameters):
    T, W_hh = len(dh_from_output), parameters.W_hh
    da = np.zeros(np.shape(dh_from_output))
    from_after = np.zeros(len(W_hh))  # after the last step there is nothing
    for t in reversed(range(T)):
        dh = dh_from_output[t] + from_after  # what the state gets from its own prediction and from the future
        da[t] = dh * (1 - hidden[t + 1] ** 2)
        from_after = W_hh.T @ da[t]  # the state before entered step t through W_hh
    return da


def hidden_gradients_as_list(dh_from_output, hidden, parameters):
    rows, from_after = [], 0
    for t in reversed(range(len(dh_from_output))):
        da = (dh_from_output[t] + from_after) * (1 - hidden[t + 1] ** 2)
        rows.append(da)
        from_after = da @ parameters.W_hh
    return np.array(rows[::-1])


def hidden_gradients_cases():
    rng = np.random.default_rng(21)

    def case(label, T, parameters, spread=0.5):
        H = len(parameters.b_h)
        hidden = np.tanh(rng.normal(0, spread, (T + 1, H)))
        return Case(label, (rng.normal(0, 1, (T, H)), hidden, parameters), {"T": T, "H": H})

    return [
        case("a small network", 5, pencil_network()),
        case("one character (T = 1)", 1, pencil_network()),
        case("two characters (T = 2)", 2, network(4, 6, 22)),
        case("a larger network", 9, network(6, 7, 23)),
        without("hidden", case("", 4, network(3, 6, 24), spread=0)),
        *silenced(lambda: case("", 4, network(3, 6, 25)), "W_hh"),
        *hard(
            "table",
            lambda rows: (rows, np.tanh(rng.normal(0, 0.5, (len(rows) + 1, 3))), network(3, 5, 26)),
            lambda rows: {"T": len(rows), "H": 3},
        ),
        *hard(
            "state",
            lambda h: (rng.normal(0, 1, (4, len(h))), np.tile(h, (5, 1)), network(len(h), 4, 27)),
            lambda h: {"T": 4, "H": len(h)},
        ),
    ]


HIDDEN_GRADIENTS = Exercise(
    hidden_gradients,
    hidden_gradients_cases,
    difficulty=3,
    backwards=True,
    rare=4,
    mistakes=known("hidden_gradients", hidden_gradients_written_out, hidden_gradients_as_list),
    hints=[
        "Start with the last step. Nothing comes after it, so its state gets its slope only from its own prediction.",
        "Go backwards through t. Keep one vector of shape (H,) for what the later steps hand back. It starts as zero.",
        "At step t, add this vector to row t of dh_from_output. Then go back through tanh with the slope of the state "
        "that step t made, row t+1 of hidden.",
        "In words: for t from T - 1 down to 0: dh is dh_from_output[t] plus the carried vector; da[t] is dh times (1 - "
        "hidden[t+1] squared); the carried vector becomes W_hh transposed times da[t].",
    ],
    why="Each state acts on the loss in two ways: through its own prediction, and through the next state. You know "
    "the second one when the next step is done, so the loop runs backwards. da_t = (1 - h**2) * (dh_from_output_t + "
    "W_hh^T da_{t+1}).",
    notice="Each step back multiplies the gradient by W_hh^T and by a slope of at most 1. Over many steps this can "
    "make it very small or very large. A later page looks at this.",
)


# ---------------------------------------------------------------- weight_gradients


def weight_gradients_by_loop(inputs, hidden, da, vocab_size):
    T, H = da.shape
    dW_xh, dW_hh, db_h = np.zeros((H, vocab_size)), np.zeros((H, H)), np.zeros(H)
    for t in range(T):
        dW_xh[:, inputs[t]] += da[t]  # only one column of W_xh was used
        dW_hh += np.outer(da[t], hidden[t])  # hidden[t] is the state before character t
        db_h += da[t]
    return dW_xh, dW_hh, db_h


def weight_gradients_as_products(inputs, hidden, da, vocab_size):
    x = np.eye(vocab_size)[inputs]
    dW_xh = da.T @ x
    dW_hh = da.T @ hidden[:-1]
    db_h = da.sum(axis=0)
    return dW_xh, dW_hh, db_h


def weight_gradients_cases():
    rng, (ids, V) = np.random.default_rng(24), many_ids()

    def case(label, inputs, H, V):
        T = len(inputs)
        args = (np.array(inputs), np.tanh(rng.normal(0, 0.7, (T + 1, H))), rng.normal(0, 1, (T, H)), V)
        return Case(label, args, {"T": T, "H": H, "V": V})

    return [
        case("inputs that do not repeat", [1, 0, 3], 5, 6),
        case("a character that comes more than once", [1, 0, 2, 2, 1], 3, 4),
        case("one character (T = 1)", [2], 3, 4),
        case("a longer sequence", [5, 2, 2, 0, 5, 1, 6, 2, 0], 4, 8),
        case("the last character among the inputs", [3, 1, 3, 0, 3], 2, 4),
        *hard(
            "table",
            lambda rows: (np.arange(len(rows)), np.tanh(rng.normal(0, 0.7, (len(rows) + 1, 3))), rows, 6),
            lambda rows: {"T": len(rows), "H": 3, "V": 6},
        ),
        case("ids above 255", ids, 2, V),
        case("a state of one unit (H = 1)", [1, 0, 1], 1, 2),
    ]


WEIGHT_GRADIENTS = Exercise(
    weight_gradients,
    weight_gradients_cases,
    difficulty=2,
    rare=5,
    returns=("dW_xh", "dW_hh", "db_h"),
    groups=("dW_xh", "dW_hh", "db_h"),
    mistakes=known("weight_gradients", weight_gradients_by_loop, weight_gradients_as_products),
    hints=[
        "The weights are the same at every time step, so their gradients are sums over the T steps. Start from zeros.",
        "At step t: a = W_hh h_before + W_xh x + b_h. da[t] says how the loss moves with a. What multiplies W_hh in a?",
        "The gradient of a matrix is the outer product of da and what the matrix multiplied. For W_xh that's a "
        "one-hot vector, so da goes into one column.",
        "In words: for each t, add da[t] to column inputs[t] of dW_xh; add the outer product of da[t] and hidden[t] to "
        "dW_hh; add da[t] to db_h.",
    ],
    why="hidden[t] is the state before character t, and that's what W_hh multiplied. All T outer products together "
    "are one matrix product, da.T @ hidden[:-1]. For W_xh it's da.T @ one_hot. The course's faster form does it like "
    "this.",
    notice="dW_xh[:, inputs] += da.T would count a repeated character only once, and raise no error.",
)


# ---------------------------------------------------------------- backward_pass


def backward_pass_by_loop(inputs, targets, parameters, forward):
    hidden, dlogits = forward.hidden, forward.probs.copy()
    dh, dW_hy, db_y = np.zeros_like(hidden[1:]), np.zeros_like(parameters.W_hy), np.zeros_like(parameters.b_y)
    for t in range(len(targets)):
        dlogits[t, targets[t]] -= 1
        dh[t] = parameters.W_hy.T @ dlogits[t]
        dW_hy += np.outer(dlogits[t], hidden[t + 1])
        db_y += dlogits[t]
    da = rnn_helpers.hidden_gradients(dh, hidden, parameters)
    dW_xh, dW_hh, db_h = rnn_helpers.weight_gradients(inputs, hidden, da, len(db_y))
    return Parameters(dW_xh, dW_hh, dW_hy, db_h, db_y)


def backward_pass_cases():
    def case(label, inputs, targets, parameters, h_scale=0.6):
        (H, V), T = parameters.W_xh.shape, len(inputs)
        inputs, targets = np.array(inputs), np.array(targets)
        h_prev = h_scale * np.cos(2.0 * np.arange(H) + 1)  # of both signs, no two alike
        with np.errstate(divide="ignore"):  # the loss may be infinite
            forward = rnn_helpers.forward_pass(inputs, targets, h_prev, parameters)
        return Case(label, (inputs, targets, parameters, forward), {"T": T, "H": H, "V": V})

    three, large, (ids, V) = network(3, 6, 33), network(5, 7, 35), many_ids()
    silent = large._replace(W_xh=np.zeros((5, 7)), b_h=np.zeros(5))
    unlinked = three._replace(W_hh=np.zeros((3, 3)))
    return [
        case("a small network", [1, 0, 2, 2, 0, 1], [0, 2, 2, 3, 1, 2], pencil_network()),
        case("one character (T = 1)", [2], [0], pencil_network()),
        case("two characters (T = 2)", [3, 0], [1, 4], network(4, 6, 32)),
        case("a larger network", random_ids(9, 7, 36), random_ids(9, 7, 37), large),
        # only here do products with a matrix turned around give numbers, and no error
        case(
            "as many hidden units as characters: H = V = 4", [1, 3, 0, 1, 2, 1], [3, 0, 1, 2, 1, 0], network(4, 4, 34)
        ),
        without("hidden", case("", random_ids(8, 7, 38), random_ids(8, 7, 39), silent, h_scale=0)),
        without("the state that comes in", case("", [4, 1, 5, 1], [1, 5, 1, 2], three, h_scale=0)),
        without("W_hh", case("", [4, 1, 0, 1], [1, 5, 1, 2], unlinked)),
        case("a state of one unit (H = 1)", [1, 0, 2], [0, 2, 1], network(1, 5, 40)),
        case("targets of probability 0", [1, 0, 2, 5], [3, 1, 3, 0], large_outputs(SPREAD)),
        case("ids above 255", ids, ids[::-1], network(2, V, 41)),
    ]


def backward_pass_error(error, where):
    """Return what it means that rows do not fit together in hidden_gradients, whoever wrote that, or ""."""
    # In the first case T, V and H are 6, 4 and 3: a size of 4 has come in with dlogits.
    inside = "your `hidden_gradients`" if "mismatch" in error else "hidden_gradients"  # or the call has a `@` in it
    if re.search(r"(broadcast|mismatch).*\b4\b", error) and inside in where:
        return (
            "hidden_gradients wants what each state gets from its own prediction, (T, H). If you hand it dlogits, "
            "(T, V), take that back through W_hy first."
        )
    if "out of bounds" in error and re.search(r"hidden_gradients\(.*hidden\[1:\]", where):
        return "hidden_gradients wants all T + 1 states, with the one that came in. How many does `hidden[1:]` have?"
    return ""


BACKWARD_PASS = Exercise(
    backward_pass,
    backward_pass_cases,
    difficulty=3,
    returns=Parameters._fields,
    type=Parameters,
    groups=("W_hy", "b_y", "W_xh", "W_hh", "b_h"),
    rare=3,
    on_error=backward_pass_error,
    mistakes=known("backward_pass", backward_pass, backward_pass_by_loop),
    hints=[
        "Go back the way the numbers came: from the loss to the logits, to the states, through tanh, to the weights. "
        "Your hidden_gradients and weight_gradients do most of the work.",
        "dlogits is probs minus one-hot, (T, V). Take it back through W_hy, and you have what each state gets from "
        "its own prediction, (T, H). Which of your functions makes da from that?",
        "weight_gradients gives three of the five. For W_hy the same rule holds: the slope of what comes out, dlogits, "
        "times what went in, the state after each character. What went into b_y is a 1.",
        "In words: dlogits is forward.probs minus the one-hot rows of targets; dh is dlogits @ W_hy; da is "
        "hidden_gradients of dh, hidden and parameters; weight_gradients of inputs, hidden, da and V gives dW_xh, "
        "dW_hh, db_h; dW_hy is dlogits transposed @ hidden[1:]; db_y is the sum of dlogits over time; return "
        "Parameters of the five.",
    ],
    why="A prediction comes from the state after its character, so dW_hy goes with hidden[1:]. W_hh multiplied the "
    "states before, hidden[:-1]. dlogits @ W_hy is W_hy^T dlogits_t for all steps at the same time. Only the "
    "recurrence has to go step by step.",
    notice="That's all of backpropagation through time. gradient_check(inputs, targets, h_prev, parameters, "
    "backward_pass) measures if a backward pass is right. Training needs nothing else from it.",
)


# ---------------------------------------------------------------- mend_backward_pass


def two_state_forward(inputs, targets, h_prev, parameters, nudges=None):
    """Return the ForwardPass of a network whose prediction is made from two states, the new one and the one before.

    nudges  (T, H), added to the states; None: nothing is added
    """
    hidden = np.zeros((len(inputs) + 1, len(h_prev)))
    hidden[0] = h_prev
    for t, char_id in enumerate(inputs):
        hidden[t + 1] = rnn_helpers.rnn_step(char_id, hidden[t], parameters) + (0 if nudges is None else nudges[t])
    probs = softmax((hidden[1:] + hidden[:-1]) @ parameters.W_hy.T + parameters.b_y)
    return ForwardPass(cross_entropy(probs, targets), probs, hidden)


def two_state_backward(inputs, targets, parameters, forward):
    hidden, V = forward.hidden, len(parameters.b_y)
    dlogits = forward.probs - one_hot(targets, V)
    # The prediction of each step looks at its own state, and at the one before.
    own = dlogits @ parameters.W_hy
    dh = own.copy()
    dh[:-1] += own[1:]
    da = rnn_helpers.hidden_gradients(dh, hidden, parameters)
    dW_xh, dW_hh, db_h = rnn_helpers.weight_gradients(inputs, hidden, da, V)
    dW_hy = dlogits.T @ (hidden[1:] + hidden[:-1])
    return Parameters(dW_xh, dW_hh, dW_hy, db_h, dlogits.sum(axis=0))


def two_state_backward_cases():
    def case(label, inputs, targets, parameters):
        (H, V), T = parameters.W_xh.shape, len(inputs)
        inputs, targets = np.array(inputs), np.array(targets)
        forward = two_state_forward(inputs, targets, 0.6 * np.cos(2.0 * np.arange(H) + 1), parameters)
        return Case(label, (inputs, targets, parameters, forward), {"T": T, "H": H, "V": V})

    three = network(3, 6, 42)
    return [
        case("a small network", [1, 0, 2, 2, 0, 1], [0, 2, 2, 3, 1, 2], pencil_network()),
        case("one character (T = 1)", [2], [0], pencil_network()),
        case("two characters (T = 2)", [3, 0], [1, 4], network(4, 6, 43)),
        case("a larger network", random_ids(9, 7, 44), random_ids(9, 7, 45), network(5, 7, 46)),
        without("W_hh", case("", [4, 1, 0, 1], [1, 5, 1, 2], three._replace(W_hh=np.zeros((3, 3))))),
        case("a state of one unit (H = 1)", [1, 0, 2], [0, 2, 1], network(1, 5, 47)),
    ]


def two_state_backward_error(error, where):
    """Return what it means that the table for hidden_gradients has a row too few, or ""."""
    if "mismatch in its core dimension" in error and "weight_gradients" in where:
        return "Every state needs a row, even the last one, with no prediction after it. How many rows does dh have?"
    return ""


def slopes_of_states(backward):
    """Return the slopes for the states of "hell", (T, H), two times: as a backward pass has them, and as measured."""
    inputs, targets, h_prev = np.array([1, 0, 2, 2]), np.array([0, 2, 2, 3]), np.zeros(3)
    forward = two_state_forward(inputs, targets, h_prev, PENCIL)
    # If the letters were all different, each column of dW_xh would hold the da of one step.
    da = backward(np.arange(4), targets, PENCIL, forward).W_xh.T
    measured = numerical_gradient(
        lambda nudges: two_state_forward(inputs, targets, h_prev, PENCIL, nudges).loss, np.zeros((4, 3))
    )
    return da / (1 - forward.hidden[1:] ** 2), measured


def slopes_report(backward):
    """Return what a backward pass says of unit 0 of each state of "hell", beside the measured slopes, as text."""
    rows = ["Slopes for unit 0 of each state, in the network that reads hell:", "", "state   it says   measured"]
    for t, (says, measured) in enumerate(zip(*slopes_of_states(backward))):
        rows.append(f"h_{t}   {says[0]:9.4f}  {measured[0]:9.4f}")
    return "\n".join(rows)


def all_slopes_report(backward):
    """Return the report of slopes, and of each gradient the largest distance from the measured one, as text."""
    inputs, targets, h_prev = np.array([1, 0, 2, 2]), np.array([0, 2, 2, 3]), np.array([0.3, -0.5, 0.2])
    gradients = backward(inputs, targets, PENCIL, two_state_forward(inputs, targets, h_prev, PENCIL))
    rows = [slopes_report(backward), "", "How far each gradient is from the measured one, at most, in any entry:", ""]
    for name, gradient in gradients._asdict().items():

        def loss(array, name=name):
            return two_state_forward(inputs, targets, h_prev, PENCIL._replace(**{name: array})).loss

        rows.append(f"{name:5}{abs(gradient - numerical_gradient(loss, getattr(PENCIL, name))).max():10.4f}")
    return "\n".join(rows)


class TwoStates(Repair):
    """The repair of page 03. Its function is not that of another exercise, so its name does not come from there."""

    name = "mend_backward_pass"

    def _besides(self, trial, bank, function):
        """Return no sentence: what is missing can be added anywhere, so the lines do not tell if it still is."""
        return "", False


MEND_BACKWARD_PASS = mend(
    Exercise(
        function=two_state_backward,
        make=two_state_backward_cases,
        difficulty=2,
        returns=Parameters._fields,
        type=Parameters,
        groups=("W_hy", "b_y", "W_xh", "W_hh", "b_h"),
        on_error=two_state_backward_error,
        mistakes=known("mend_backward_pass", two_state_backward),
        hints=[],
        why="",
        notice="",
    ),
    "own_prediction_only",
    TwoStates,
    look=slopes_report,
    closer=all_slopes_report,
    seeds=(
        "twice_its_own",
        "new_state_only",
        "after_the_walk",
        "wrong_sign",
        "all_later_ones",
        "dh_for_da",
        "past_for_future",
        "old_state_only",
        "mean_of_both",
        "inputs_for_targets",
        "through_w_hh",
        "db_y_mean",
        "wraps_around",
        "two_states_before",
        "next_prediction_only",
        "mean_state",
        "both_ways",
        "not_carried",
        "with_the_share",
        "targets_for_inputs",
        "twice_but_the_last",
        "after_the_walk_through_tanh",
    ),
    nudge="In the report the slope for h_3 is right, but the slope for h_2 isn't. Which arrow leaves h_2, but not h_3?",
    difficulty=2,
    hints=[
        "{report} shows the slopes for unit 0 of each state. Start where one is right, at h_3, and go one state back.",
        "Draw the arrows that leave h_2. In the old network there are two. In this one a third leads to a prediction. "
        "The folded picture below the exercise shows them.",
        "The prediction of step 3 looks at h_3 and at h_2, with the same weights. So row 3 of dlogits @ W_hy goes to "
        "h_3, and also to h_2. Both must be there before hidden_gradients walks back.",
        "In words: give dlogits @ W_hy its own name, take a copy of it as dh, and add its rows from 1 on to all rows "
        "of dh except the last one.",
    ],
    why="Each state has three ways to the loss: its own prediction, the next prediction, and the next state. "
    "hidden_gradients takes care of the third one. Both of the others must be in what you give it. dh is a copy, so "
    "own stays what it was.",
    notice="You found a path that this page hadn't drawn. That's all you need for other networks, too.",
)


# ---------------------------------------------------------------- numerical_gradient


def numerical_gradient_by_copies(f, x, epsilon=1e-5):
    slopes = np.zeros(x.shape)
    for entry in np.ndindex(x.shape):
        above, below = x.astype(float), x.astype(float)
        above[entry] += epsilon
        below[entry] -= epsilon
        slopes[entry] = (f(above) - f(below)) / (2 * epsilon)
    return slopes


def numerical_gradient_cases():
    rng = np.random.default_rng(25)
    return [
        Case("a function of three numbers", (Bumpy((3,)), np.array([0.5, -1.2, 0.8])), {}),
        Case("a function of a matrix", (Bumpy((2, 3)), rng.normal(0, 1, (2, 3))), {}),
        Case("epsilon = 0.1", (Bumpy((4,)), rng.normal(0, 1, 4), 0.1), {}),
        Case("a matrix and epsilon = 0.5", (Bumpy((3, 2)), rng.normal(0, 1, (3, 2)), 0.5), {}),
        Case("an array of whole numbers", (Bumpy((3,)), np.array([2, -1, 1])), {}),
        Case("a function full of ripples, with the default epsilon", (ripples, np.array([0.2, -0.7])), {}),
        Case("an array of one number", (Bumpy((1,)), np.array([0.7])), {}),
        Case("an array of zeros", (Bumpy((2, 2)), np.zeros((2, 2))), {}),
        Case("an array that holds a 0", (ripples, np.array([0.0, 3.0])), {}),
        Case("an array of three dimensions", (Bumpy((2, 1, 2)), rng.normal(0, 0.7, (2, 1, 2))), {}),
    ]


NUMERICAL_GRADIENT = Exercise(
    numerical_gradient,
    numerical_gradient_cases,
    difficulty=2,
    rare=6,
    mistakes=known("numerical_gradient", numerical_gradient, numerical_gradient_by_copies),
    hints=[
        "The slope at one entry: move this entry a little up and a little down, and see how far f moves.",
        "The distance between the two points is two epsilon.",
        "Go through all entries, even in a matrix: for entry in np.ndindex(x.shape) gives an index that works as "
        "x[entry]. Put the entry back before you move the next one.",
        "In words: for each entry, keep its value. Take f with value + epsilon there, then with value - epsilon, and "
        "put the value back. The slope is the first minus the second, divided by (2 * epsilon).",
    ],
    why="The two-sided difference is wrong by about epsilon squared, the one-sided by about epsilon: with 1e-5 that's "
    "five more digits. Working on a copy keeps the caller's array safe even if f fails half way.",
    notice="It calls f twice per entry, so it's slow: good for checking a gradient, but not for training.",
)
