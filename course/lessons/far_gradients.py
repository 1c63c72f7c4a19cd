"""Gradients over many steps: truncated, clipped, through a leaky state; and a check of any backward pass."""

import numpy as np

import rnn_helpers
from course.checker.catch import Catch
from course.checker.choose import Choose
from course.checker.exercise import Case, Exercise
from course.checker.mistakes import mistakes_beside
from course.lessons.bptt import BACKWARD_PASS, HIDDEN_GRADIENTS, backward_pass, backward_pass_by_loop
from course.lessons.cases import BY_1000, hard, network, pencil_network
from course.models.gates import leaky_backward
from rnn_helpers import Parameters, clip_gradients, forward_pass, numerical_gradient, one_hot

known = mistakes_beside(__file__)


# ---------------------------------------------------------------- choose_spoiled_gradients

SPOILED = {
    "W_hh, from 2 characters on": (("W_hh",), 2),
    "W_hy and b_y, from 2 characters on": (("W_hy", "b_y"), 2),
    "W_xh, W_hh and b_h, from 2 characters on": (("W_xh", "W_hh", "b_h"), 2),
    "W_xh, W_hh and b_h, from 3 characters on": (("W_xh", "W_hh", "b_h"), 3),
    "all five, from 1 character on": (Parameters._fields, 1),
}
(PILES_UP,) = [mistake for mistake in HIDDEN_GRADIENTS.mistakes if mistake.id == "carry_piles_up"]


def spoiled_gradients(T):
    """Return the names of the gradients that are wrong if the carried gradient piles up, for T characters."""
    inputs, targets = np.array([1, 0, 2, 2, 0, 1])[:T], np.array([0, 2, 2, 3, 1, 2])[:T]
    parameters = pencil_network()
    forward = forward_pass(inputs, targets, np.array([0.3, -0.5, 0.2]), parameters)
    right = rnn_helpers.backward_pass(inputs, targets, parameters, forward)
    dlogits = forward.probs - one_hot(targets, 4)
    da = PILES_UP.function(dlogits @ parameters.W_hy, forward.hidden, parameters)
    dW_xh, dW_hh, db_h = rnn_helpers.weight_gradients(inputs, forward.hidden, da, 4)
    got = Parameters(dW_xh, dW_hh, dlogits.T @ forward.hidden[1:], db_h, dlogits.sum(axis=0))
    return tuple(name for name in got._fields if not np.allclose(getattr(got, name), getattr(right, name)))


def try_spoiled(answer):
    """Return (True if these gradients go wrong from this length on, what a run with the fault shows)."""
    names, start = SPOILED[answer]
    wrong = spoiled_gradients(6)
    spared, missing = [name for name in names if name not in wrong], [name for name in wrong if name not in names]
    if spared:
        return (
            False,
            f"With 6 characters, the gradient of {spared[0]} comes out right. Is anything carried to it?",
        )
    if missing:
        return (
            False,
            f"With 6 characters, the gradient of {missing[0]} comes out wrong too. What is it made from?",
        )
    if not spoiled_gradients(start):
        says = "What has been carried when the loop uses it for the first time, and what was it before that?"
        return False, f"These three, yes. But with {start} characters all five come out right. {says}"
    return (
        True,
        "With 1 and 2 characters all gradients come out right. With 3 characters these three are wrong.",
    )


CHOOSE_SPOILED_GRADIENTS = Choose(
    name="choose_spoiled_gradients",
    asks="Where hidden_gradients carries a slope back, someone typed `from_after += ...` for `from_after = ...`. Which "
    "gradients of the backward pass come out wrong, and from how many characters on?",
    try_it=try_spoiled,
    good="W_xh, W_hh and b_h, from 3 characters on",
    answers=tuple(SPOILED),
    minutes=6,
    difficulty=2,
    hints=[
        "hidden_gradients makes da. Which of the five gradients are made from da, and which are not?",
        "Write down what from_after holds at each step, for one, two and three characters, with `=` and with `+=`.",
        "In words: it starts from zero, so the first `+=` gives what `=` gives. The second one does not, and what it "
        "gives is used at the step after that.",
    ],
    why="W_hy and b_y are made from dlogits, before anything is carried. from_after starts from zero: with two "
    "characters it is filled once before it is used, so `+=` gives the same. With three it is filled twice.",
    notice="A gradient check with one or two characters would have passed. Check with a sequence long enough to do "
    "everything at least twice.",
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
    minutes=12,
    difficulty=2,
    rare=4,
    remark=_norm_remark,
    returns=Parameters._fields,
    type=Parameters,
    mistakes=known("clip_gradients", clip_gradients),
    hints=[
        "Think of all five arrays as one long vector. How long is it?",
        "The length is the root of the sum of all squares, over all five arrays.",
        "If the length is at most max_norm, everything stays. If not, which one factor makes it exactly max_norm?",
        "In words: norm is the root of the sum of (g**2).sum() over the five; if norm is above max_norm, return "
        "Parameters of the five arrays, each times (max_norm / norm); otherwise return the gradients.",
    ],
    why="One factor for all keeps the direction of the step and shortens it. Clipping array by array, or entry by "
    "entry, would step in another direction. `np.vdot(g, g)` is the sum of squares of one array.",
    notice="After clipping the norm is max_norm or less, and never more than it was.",
)


# ---------------------------------------------------------------- leaky_backward


def leaky_backward_by_rows(dh, n, parameters, keep):
    da = (1 - keep) * dh * (1 - n**2)
    kept = keep * dh  # two paths lead from h_prev to h: straight, and through a
    through_tanh = parameters.W_hh.T @ da
    return da, kept + through_tanh


def leaky_backward_cases():
    rng = np.random.default_rng(90)

    def case(label, parameters, keep):
        H = len(parameters.b_h)
        return Case(label, (rng.normal(0, 1, H), np.tanh(rng.normal(0, 1, H)), parameters, keep), {"H": H})

    return [
        case("keep = 0.9", pencil_network(), 0.9),
        case("keep = 0.25, a larger state", network(6, 5, 91), 0.25),
        case("keep = 0, the plain network", network(4, 5, 92), 0.0),
        case("one hidden unit (H = 1)", network(1, 3, 93), 0.6),
        case("keep = 1, the state stays as it is", network(5, 4, 94), 1.0),
        Case("slopes above 1,000", (BY_1000[0].copy(), np.array([0.3, -0.5, 0.9]), network(3, 4, 95), 0.5), {"H": 3}),
        *hard("state", lambda n: (n + 0.5, n, network(len(n), 3, 96), 0.7), lambda n: {"H": len(n)}),
    ]


LEAKY_BACKWARD = Exercise(
    leaky_backward,
    leaky_backward_cases,
    minutes=17,
    difficulty=3,
    rare=3,
    returns=("da", "dh_prev"),
    groups=("da", "dh_prev"),
    mistakes=known("leaky_backward", leaky_backward_by_rows),
    hints=[
        "Draw it: from h_prev one arrow goes straight to h, with the factor keep. Another goes to a, then through "
        "tanh, with the factor 1 - keep, to h.",
        "Begin with da: walk from h back to a. Multiply dh by all that lies on this path, the share and the slope "
        "of tanh.",
        "Then dh_prev: one part for each arrow that leaves h_prev, and where paths meet, add.",
        "In words: da is (1 - keep) times dh times (1 minus n squared). dh_prev is keep times dh, plus W_hh "
        "transposed times da.",
    ],
    why="Multiply along a path, and add where paths meet: these two rules give the backward pass of any cell. On the "
    "straight path there is no matrix and no slope, only the number keep. With keep = 0 it is the plain cell.",
    notice="On the straight path a slope shrinks by keep at each step, whatever W_hh and tanh do: with 0.98, 40 steps "
    "leave almost a half. Cells with gates (LSTM, GRU) learn how much to keep.",
)

# ---------------------------------------------------------------- catch_backward_pass


def catch_backward_pass(backward_pass):
    """Return True if the gradients of a backward pass are the slopes that are measured, for a small network."""
    rng = np.random.default_rng(3)
    H, V = 3, 5
    shapes = [(H, V), (H, H), (V, H), (H,), (V,)]
    parameters = Parameters(*[rng.normal(0, 0.7, shape) for shape in shapes])
    inputs, targets = np.array([1, 0, 2, 2, 0, 1, 3]), np.array([0, 2, 2, 2, 1, 3, 4])  # character 4 is never read
    h_prev = rng.normal(0, 0.5, H)
    forward = forward_pass(inputs, targets, h_prev, parameters)
    gradients = backward_pass(inputs, targets, parameters, forward)

    for name, value, gradient in zip(Parameters._fields, parameters, gradients):

        def loss(moved, name=name):
            return forward_pass(inputs, targets, h_prev, parameters._replace(**{name: moved})).loss

        if gradient.shape != value.shape or not np.allclose(gradient, numerical_gradient(loss, value), atol=1e-6):
            return False
    return len(gradients) == 5


def backward_pass_in_one_loop(inputs, targets, parameters, forward):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    gradients = Parameters(*[np.zeros_like(value) for value in parameters])
    from_after = np.zeros_like(b_h)
    for t in reversed(range(len(inputs))):
        h, h_before = forward.hidden[t + 1], forward.hidden[t]
        dy = np.array(forward.probs[t])
        dy[targets[t]] -= 1
        da = (W_hy.T @ dy + from_after) * (1 - h * h)
        from_after = W_hh.T @ da
        gradients.W_xh[:, inputs[t]] += da
        gradients.W_hh[:] += np.outer(da, h_before)
        gradients.W_hy[:] += np.outer(dy, h)
        gradients.b_h[:] += da
        gradients.b_y[:] += dy
    return gradients


CATCH_BACKWARD_PASS = Catch(
    function=catch_backward_pass,
    original=BACKWARD_PASS,
    rights={
        "the finished one": rnn_helpers.backward_pass,
        "the one put together from hidden_gradients and weight_gradients": backward_pass,
        "one that makes W_hy and b_y in a loop": backward_pass_by_loop,
        "one that does all in a single loop, so that its last digits differ": backward_pass_in_one_loop,
    },
    # The gradients are right, and only forward.probs is spoilt; they are right as long as no entry is above 5.
    beyond=("probs_changed", "clipped"),
    minutes=23,
    difficulty=3,
    hints=[
        "Measure the slopes: move one number of the parameters a little up and a little down, and see how far the loss "
        "of forward_pass moves. numerical_gradient does it for one array.",
        "A function of one array for numerical_gradient: lambda W: forward_pass(inputs, targets, h_prev, "
        "parameters._replace(W_hh=W)).loss. Compare with np.allclose, as measured slopes are a little off.",
        "On which network does every mistake show? Its weights are not tiny, and its biases and h_prev are not zero. "
        "Its text has several characters, some of them twice, and the last one of the vocabulary is never read.",
        "In words: make parameters, inputs, targets and h_prev; forward with forward_pass; the five gradients of the "
        "function; for each compare its shape with that of the parameter, and its entries with the measured slopes.",
    ],
    why="A slope can be measured without knowing how the gradient is computed, so the check needs no right backward "
    "pass. What it sees depends on its network: with zeros or a single character much stays hidden.",
    notice="Such a check needs no finished function, so it serves for any network that you will ever write.",
)
