"""The matrix of a linear recurrence, and attention, forward and backward."""

import re

import numpy as np

from course.checker.exercise import Case, Exercise
from course.checker.mistakes import mistakes_beside
from course.lessons.cases import hard
from course.lessons.no_loop import gates
from course.models.no_loop import as_matrix, attention, attention_backward

known = mistakes_beside(__file__)


# ---------------------------------------------------------------- as_matrix


def as_matrix_row_by_row(f):
    M = np.zeros((len(f), len(f)))
    for t in range(len(f)):
        if t > 0:
            M[t] = f[t] * M[t - 1]
        M[t, t] = 1
    return M


def as_matrix_cases():
    rng = np.random.default_rng(112)
    closed = gates(rng, 6)
    closed[3] = 0
    return [
        Case("the numbers of the page", (np.array([0.9, 0.5, 0.2]),), {"T": 3}),
        Case("one step (T = 1)", (gates(rng, 1),), {"T": 1}),
        Case("two steps (T = 2)", (gates(rng, 2),), {"T": 2}),
        Case("seven steps", (gates(rng, 7),), {"T": 7}),
        Case("a gate that is 0", (closed,), {"T": 6}),
        Case("gates so small that their product is 0", (np.array([0.5, 1e-200, 1e-200, 0.9, 0.8]),), {"T": 5}),
        *hard("gates", lambda f: (f,), lambda f: {"T": len(f)}),
        Case("a first gate that is 0", (np.array([0.0, 0.5, 0.75]),), {"T": 3}),
    ]


AS_MATRIX = Exercise(
    as_matrix,
    as_matrix_cases,
    difficulty=2,
    rare=4,
    mistakes=known("as_matrix", as_matrix, as_matrix_row_by_row),
    hints=[
        "Write down h_2 for a state of zeros before: b_2 + f_2 b_1 + f_2 f_1 b_0. The factor of each b is in row 2.",
        "Entry [t, k] is the product of the gates after k, up to t. Which slice of f is that? The product of nothing "
        "is 1.",
        "You can also go row by row: take the row above times the gate of this step, and put a 1 on the diagonal.",
        "In words: a table of zeros; for t, and for k from 0 to t, entry [t, k] is np.prod of f from k + 1 to t.",
    ],
    why="What came in at step k is multiplied by every gate that follows. So the whole recurrence is one product of a "
    "table with b: the states are M @ b.",
    notice="A gate of 0 clears all columns on its left: nothing from before it gets through.",
)


# ---------------------------------------------------------------- attention


def attention_step_by_step(q, k, v):
    T, H = q.shape
    o, weights = np.zeros((T, H)), np.zeros((T, T))
    for t in range(T):
        scores = k[: t + 1] @ q[t] / H**0.5
        e = np.exp(scores - scores.max())
        weights[t, : t + 1] = e / e.sum()
        o[t] = weights[t] @ v
    return o, weights


def attention_cases():
    rng = np.random.default_rng(115)

    def case(label, T, H, spread=1.0):
        q, k, v = rng.normal(0, 1, (3, T, H))
        return Case(label, (spread * q, spread * k, v), {"T": T, "H": H})

    def below(size):  # the score of step 1 is 0 for both, and that of step 0 is -size
        return np.full((2, 1), size), np.array([[-1.0], [0.0]]), np.array([[4.0], [8.0]])

    by_hand = [np.array(column)[:, None] for column in ([1.0, 1.0, 0.0], [0.0, np.log(3), 5.0], [4.0, 8.0, 3.0])]
    return [
        Case("the numbers of the page", tuple(by_hand), {"T": 3, "H": 1}),
        case("one step (T = 1)", 1, 3),
        case("four steps", 4, 3),
        case("six steps", 6, 2),
        case("three steps, five units", 3, 5),
        case("scores in the thousands", 5, 4, 50.0),
        Case("a score of -200, and a higher one for what is still to come", below(200.0), {"T": 2, "H": 1}),
        Case("a score of -100,000, and a higher one for what is still to come", below(100_000.0), {"T": 2, "H": 1}),
        Case("queries and keys that are all 0", (*np.zeros((2, 3, 2)), rng.normal(0, 1, (3, 2))), {"T": 3, "H": 2}),
        Case("whole numbers", tuple(np.random.default_rng(117).integers(-3, 4, (3, 3, 2))), {"T": 3, "H": 2}),
    ]


def attention_error(error, where):
    """Return where H and T come from, or what np.triu takes, or ""."""
    if unknown := re.search("name '([HT])' is not defined", error):
        return f"`{unknown[1]}` has no value inside the function: the shape of q, (T, H), tells both sizes."
    if "arrays used as indices" in error:
        return (
            "To pick entries of a table you need True and False, and np.triu gives numbers. What can you ask of them?"
        )
    if "tri() missing" in error:
        return "np.triu takes a whole table, and you gave it one number."
    return ""


def attention_remark(case, parts):
    """Return a remark if a step which is still to come has a weight, else ""."""
    weights = np.nan_to_num(parts["weights"])
    if not np.triu(weights, 1).any():
        return ""
    t, s = np.argwhere(np.triu(weights, 1))[0]
    return (
        f"Step {s} has the weight {weights[t, s]:.2g} in row {t}, though it is still to come. Whatever the scores are, "
        "that weight must be exactly 0."
    )


ATTENTION = Exercise(
    attention,
    attention_cases,
    on_error=attention_error,
    remark=attention_remark,
    difficulty=2,
    rare=5,
    returns=("o", "weights"),
    groups=("weights", "o"),
    mistakes=known("attention", attention, attention_step_by_step),
    hints=[
        "There are three stations: all scores at once as one product of two matrices, softmax of each row, and a "
        "product with v. What shape does the table of the scores have?",
        "scores[t, s] is q[t] times k[s], divided by the root of H. The rows of q meet the rows of k, so one of the "
        "two is transposed.",
        "What is still to come is above the diagonal, at s > t. Its weight must be 0 after softmax, and the others "
        "must still add up to 1. Which score does softmax turn into 0?",
        "In words: scores is q times k transposed over the root of H; where s > t it becomes minus infinity; weights "
        "is softmax of scores; o is weights times v.",
    ],
    why="A row of weights is one step's view of the past. e to the power of minus infinity is 0, so softmax shares out "
    "the whole among the steps so far.",
    notice="No step has waited for another one: both products take all steps at once.",
)


# ---------------------------------------------------------------- attention_backward


def attention_backward_by_rows(do, q, k, v, weights):
    T, H = q.shape
    dq, dk, dv = np.zeros((3, T, H))
    for t in range(T):
        w = weights[t]
        dv += np.outer(w, do[t])
        jacobian = np.diag(w) - np.outer(w, w)
        dscores = jacobian @ (v @ do[t]) / H**0.5
        dq[t] = dscores @ k
        dk += np.outer(dscores, q[t])
    return dq, dk, dv


def attention_backward_cases():
    rng = np.random.default_rng(113)

    def case(label, T, H):
        do, q, k, v = rng.normal(0, 1, (4, T, H))
        return Case(label, (do, q, k, v, attention(q, k, v)[1]), {"T": T, "H": H})

    whole = np.random.default_rng(116).integers(-3, 4, (4, 3, 2))
    by_hand = np.array([[0.0], [8.0]]), np.ones((2, 1)), np.ones((2, 1)), np.array([[1.0], [3.0]])
    return [
        Case("the numbers of the page", (*by_hand, np.array([[1.0, 0.0], [0.5, 0.5]])), {"T": 2, "H": 1}),
        case("one step (T = 1)", 1, 3),
        case("four steps", 4, 3),
        case("six steps", 6, 2),
        case("three steps, five units", 3, 5),
        *hard(
            "table",
            lambda rows: (rows, *(qkv := rng.normal(0, 1, (3, *rows.shape))), attention(*qkv)[1]),
            lambda rows: {"T": len(rows), "H": 3},
        ),
        Case("weights of 0 and 1", (*rng.normal(0, 1, (4, 3, 2)), np.eye(3)), {"T": 3, "H": 2}),
        Case("whole numbers", (*whole, attention(*whole[1:])[1]), {"T": 3, "H": 2}),
    ]


ATTENTION_BACKWARD = Exercise(
    attention_backward,
    attention_backward_cases,
    on_error=attention_error,
    difficulty=3,
    rare=4,
    returns=("dq", "dk", "dv"),
    groups=("dv", "dq", "dk"),
    mistakes=known("attention_backward", attention_backward, attention_backward_by_rows),
    hints=[
        "There are four stations. From the end they are the values and weights, softmax, the division, and the queries "
        "and keys. Begin with o = weights @ v: which is the other factor for each of the two?",
        "dv gathers what each step read of a value: down the columns of weights. dweights[t, s] is do[t] times v[s].",
        "For softmax, the slope of score s is weight s times (dweights s minus the mean of dweights with these "
        "weights). The mask needs nothing more, since its weights are 0.",
        "In words: dscores is weights times (dweights minus the row's weighted mean), divided by the root of H; dq is "
        "dscores times k; dk is dscores transposed times q; dv is weights transposed times do.",
    ],
    why="o = weights @ v and scores = q @ k.T / sqrt(H) are products: each factor's slope holds the other one. Between "
    "them, softmax hands back w * (dw - sum of w * dw) for each row.",
    notice="No slope had to be carried from step to step: the way back is made of whole products, too.",
)
