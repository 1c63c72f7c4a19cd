"""A state that corrects itself: the delta rule, forward and backward."""

import re

import numpy as np

from course.checker.catch import Catch
from course.checker.exercise import Case, Exercise
from course.checker.mistakes import mistakes_beside
from course.lessons.cases import hard, without

known = mistakes_beside(__file__)


def key(rng, m):
    """Return a key: m numbers, and its length is 1."""
    k = rng.normal(0, 1, m)
    return k / np.sqrt(k @ k)


# ---------------------------------------------------------------- delta_step


# The finished one takes many streams at once, because the network trains with them; this one is of one text.
def delta_step(S, k, v, beta):
    """Return the state after one correction, (n, m). Read with k, it says v if beta is 1.

    S     (n, m), the state before: read with a key, it says a value
    k     (m,), a key of length 1
    v     (n,), the value that S is to say of this key
    beta  a number, how much of the correction is made
    """
    says = S @ k
    missing = v - says
    S_new = S + beta * np.outer(missing, k)
    return S_new


def delta_step_by_entries(S, k, v, beta):
    n, m = S.shape
    S_new = np.zeros((n, m))
    S_new += S
    for i in range(n):
        for j in range(m):
            S_new[i, j] += beta * (v[i] - S[i] @ k) * k[j]
    return S_new


def delta_cases():
    """Return the Cases, whose arguments are S, k, v and beta."""
    rng = np.random.default_rng(210)

    def case(label, n, m, beta):
        return Case(label, (rng.normal(0, 1, (n, m)), key(rng, m), rng.normal(0, 1, n), beta), {"n": n, "m": m})

    def by_hand(label, beta):
        return Case(label, (np.array([[0.0, 0.0], [3.0, 0.0]]), np.array([0.6, 0.8]), np.array([1.0, 2.0]), beta), {})

    zeros = without("S", case("", 4, 3, 0.4))
    zeros.args[0][:] = 0
    return [
        by_hand("the numbers of the page", 1.0),
        by_hand("the numbers of the page, with beta = 0.5", 0.5),
        case("a value of three numbers", 3, 4, 0.7),
        case("a value of five numbers", 5, 2, 0.3),
        case("a key of six numbers", 2, 6, 0.9),
        zeros,
        # These are rare:
        case("beta = 0", 3, 2, 0.0),
        case("beta = 2", 2, 3, 2.0),
        case("a value of one number (n = 1)", 1, 4, 0.6),
        Case(
            "a key of one number (m = 1)",
            (rng.normal(0, 1, (3, 1)), np.ones(1), rng.normal(0, 1, 3), 0.8),
            {"n": 3, "m": 1},
        ),
        *hard(
            "table",
            lambda S: (S, key(rng, S.shape[1]), rng.normal(0, 1, len(S)), 0.5),
            lambda S: {"n": len(S), "m": S.shape[1]},
        ),
        Case("whole numbers", (np.array([[0, 0], [3, 0]]), np.array([0.6, 0.8]), np.array([1, 2]), 0.5), {}),
    ]


def delta_error(error, where):
    """Return where n and m come from, or that a key is no index, or ""."""
    if unknown := re.search("name '([nm])' is not defined", error):
        return f"`{unknown[1]}` has no value inside the function: the shape of S, (n, m), tells both sizes."
    if "arrays used as indices" in error:
        return "Square brackets take rows by their number, and a key is no such number. S is read with a product."
    return ""


DELTA_STEP = Exercise(
    delta_step,
    delta_cases,
    on_error=delta_error,
    difficulty=1,
    rare=7,
    mistakes=known("delta_step", delta_step, delta_step_by_entries),
    hints=[
        "It takes three lines: what S says of the key, what is missing, and the new state.",
        "S says S @ k of the key. That should be v, so what is missing is v minus that.",
        "np.outer(missing, k) is a table of the shape of S, and read with k it says just what is missing, because k "
        "has length 1. How much of this table do you add?",
        "In words: says is S times k; missing is v minus says; return S plus beta times np.outer of missing and k.",
    ],
    why="Read with k, the table np.outer(missing, k) says missing times (k @ k), and k @ k is 1. So with beta = 1 the "
    "new state says exactly v. Read with a key at right angles to k, the table says 0, and nothing has changed.",
    notice="No line erases anything. When you add what's missing, you also take away what was wrong.",
)


# ---------------------------------------------------------------- catch_delta_step


def catch_delta_step(step):
    """Return True if a step moves what S says of its key by the share beta, and changes nothing else."""
    rng = np.random.default_rng(0)
    S, v = rng.normal(size=(3, 4)), rng.normal(size=3)
    k = np.array([0.6, 0.0, 0.8, 0.0])  # its length is 1
    others = np.array([[0.8, 0.0, -0.6, 0.0], [0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 0.0, 1.0]])  # at right angles to it
    kept = S.copy(), k.copy(), v.copy()
    for beta in (0.0, 0.5, 1.0):
        S_new = step(S, k, v, beta)
        says_it = np.allclose(S_new @ k, S @ k + beta * (v - S @ k))  # beta of the way
        keeps_others = np.allclose(S_new @ others.T, S @ others.T)
        leaves_them = all(np.array_equal(now, old) for now, old in zip((S, k, v), kept))
        if not (says_it and keeps_others and leaves_them):
            return False
    return True


def delta_step_erase_then_write(S, k, v, beta):
    erased = S @ (np.eye(len(k)) - beta * np.outer(k, k))
    return erased + beta * np.outer(v, k)


def delta_step_with_care(S, k, v, beta):
    length = np.sqrt(np.sum(np.square(k)))
    if abs(length - 1) > 1e-6:
        raise ValueError(f"k has length {length:.4g}, and a key must have length 1")
    return S - beta * ((S @ k - v)[:, None] * k)


CATCH_DELTA_STEP = Catch(
    function=catch_delta_step,
    original=DELTA_STEP,
    rights={
        "the finished one": delta_step,
        "one that goes entry by entry": delta_step_by_entries,
        "one that erases first and then writes, so that its last digits differ": delta_step_erase_then_write,
        "one that refuses a key whose length is not 1": delta_step_with_care,
    },
    beyond=("cut_to_whole_numbers",),  # it shows only where S holds whole numbers
    difficulty=2,
    hints=[
        "You don't need to know how it's computed. What must S_new @ k be after a step with beta = 1, and what after "
        "one with beta = 0.5?",
        "Some wrong ones read the key rightly and spoil the rest of S. Read S before and after with a key at right "
        "angles to k, such as (0.8, -0.6) for (0.6, 0.8).",
        "A key such as (1, 0) hides some mistakes, and so does a state with as many rows as columns. And a wrong one "
        "may give the right result, while the caller's arrays are no longer what they were.",
        "In words: take an S of 3 by 4 numbers, a key of length 1 and one at right angles. For beta 0.5 and 1, "
        "S_new @ k is S @ k plus beta times what is missing, the other key reads what it read, and S, k and v are "
        "equal to copies made before.",
    ],
    why="Two facts say all about a step: what its own key reads, and that all keys at right angles read what they "
    "read before. Together such keys reach every number of S. The rest is to see that the arguments stay.",
    notice="The four right ones compute the step in four ways. Your check accepts them all, because it looks at the "
    "results alone.",
)


# ---------------------------------------------------------------- delta_step_backward


# The finished one takes many streams at once, as delta_step does.
def delta_step_backward(dS_new, S, k, v, beta):
    """Return (dS, dk, dv, dbeta), the way back through S_new = S + beta * np.outer(v - S @ k, k).

    dS_new  (n, m), the slopes of the new state
    S       (n, m), the state before; k  (m,), the key; v  (n,), the value; beta  a number
    """
    missing = v - S @ k
    du = dS_new @ k  # the slopes of u = beta * missing, the column in np.outer(u, k)
    dv = beta * du
    dbeta = du @ missing
    dk = beta * missing @ dS_new - dv @ S  # k says where to write, and it has read S
    dS = dS_new - np.outer(dv, k)  # S is kept, and it was read
    return dS, dk, dv, dbeta


def delta_backward_cases():
    rng, dS_new = np.random.default_rng(211), np.array([[1.0, 0.0], [2.0, 1.0]])
    full, half, *others, whole = delta_cases()
    return [
        half._replace(label="the numbers of the page", args=(dS_new, *half.args)),
        full._replace(label="the numbers of the page, with beta = 1", args=(dS_new.copy(), *full.args)),
        *[case._replace(args=(rng.normal(0, 1, case.args[0].shape), *case.args)) for case in others],
        whole._replace(args=(dS_new.astype(int), *whole.args)),
    ]


DELTA_STEP_BACKWARD = Exercise(
    delta_step_backward,
    delta_backward_cases,
    on_error=delta_error,
    difficulty=2,
    rare=7,
    returns=("dS", "dk", "dv", "dbeta"),
    groups=("dv", "dbeta", "dk", "dS"),
    mistakes=known("delta_step_backward", delta_step_backward),
    hints=[
        "Go from the end to the front: S_new = S + np.outer(u, k), then u = beta * missing, then missing = v - S @ k. "
        "In each product, the slope for one factor holds the other one.",
        "Row i of the table is u[i] times k. So the slope of u[i] adds up row i of dS_new, each entry times that "
        "of k in its column: du is dS_new @ k. From u it goes on to beta and to missing, from there to v and to S @ k.",
        "S and k each occur twice. S is kept in S_new, and it was read. k says where to write, and it has read S. "
        "The reading comes with a minus.",
        "In words: du is dS_new times k; dv is beta times du; dbeta is du times missing, added up; dk is beta times "
        "missing times dS_new, minus dv times S; dS is dS_new minus np.outer of dv and k.",
    ],
    why="Each place where a letter occurs in the formula is one way back, and the ways add up. v - S @ k goes back to "
    "v with a plus and to S @ k with a minus, so both hold the same dv.",
    notice="With beta = 1, dS @ k is 0: what S said of this key before has no part in the new state.",
)
