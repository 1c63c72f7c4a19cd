"""No loop: the linear recurrence, its scan, and its backward pass."""

import numpy as np

from course.checker.catch import Catch
from course.checker.exercise import Case, Exercise
from course.checker.mistakes import mistakes_beside
from course.lessons.cases import hard, without
from course.models.no_loop import linear_loop, scan

known = mistakes_beside(__file__)


def gates(rng, *shape):
    """Return numbers between 0.1 and 0.95, no two alike, as gates are."""
    return rng.uniform(0.1, 0.95, shape)


# ---------------------------------------------------------------- linear_loop
def linear_loop_as_list(f, b, h_prev):
    states = [h_prev]
    for gate, new in zip(f, b):
        states.append(gate * states[-1] + new)
    return np.array(states[1:])


def recurrence_cases():
    rng = np.random.default_rng(110)

    def case(label, T, H):
        return Case(label, (gates(rng, T, H), rng.normal(0, 1, (T, H)), rng.normal(0, 1, H)), {"T": T, "H": H})

    by_hand = np.array([[0.5], [0.0], [2.0]]), np.array([[1.0], [3.0], [1.0]]), np.array([4.0])
    closed = case("a gate that is 0", 6, 4)
    closed.args[0][2:4, 1] = 0
    zeros = without("h_prev", case("", 4, 3))
    zeros.args[2][:] = 0
    return [
        Case("the numbers of the page", by_hand, {"T": 3, "H": 1}),
        case("one step (T = 1)", 1, 4),
        case("two steps (T = 2)", 2, 5),
        case("five steps", 5, 3),
        case("eight steps", 8, 2),
        case("thirteen steps", 13, 4),
        zeros,
        closed,
        # These are rare: scan has one more behind them.
        *hard(
            "table",
            lambda rows: (gates(rng, *rows.shape), rows, rng.normal(0, 1, 3)),
            lambda rows: {"T": len(rows), "H": 3},
        ),
        *hard(
            "gates",
            lambda f: (f[:, None], rng.normal(0, 1, (len(f), 1)), rng.normal(0, 1, 1)),
            lambda f: {"T": len(f), "H": 1},
        ),
        Case("whole numbers", (np.full((3, 1), 0.5), np.array([[1], [2], [3]]), np.array([3])), {"T": 3, "H": 1}),
    ]


LINEAR_LOOP = Exercise(
    linear_loop,
    recurrence_cases,
    difficulty=1,
    rare=5,
    mistakes=known("linear_loop", linear_loop, linear_loop_as_list),
    hints=[
        "It's like rnn_step in a loop, but easier: there's no matrix and no tanh.",
        "Keep the current state in a variable. Each step makes a new one from it and stores it as a row.",
        "In words: for each t, the new state is f[t] times the old one plus b[t]; put it into row t.",
    ],
    why="Each unit is alone, because its gate multiplies its own old state and no other one.",
    notice="No unit meets another one here, and nothing bends the state. That's why the loop can go.",
)


# ---------------------------------------------------------------- scan
def scan_with_new_tables(f, b, h_prev):
    F, S, reach = f, np.concatenate([f[:1] * h_prev + b[:1], b[1:]]), 1
    while reach < len(f):
        S = np.concatenate([S[:reach], F[reach:] * S[:-reach] + S[reach:]])
        F = np.concatenate([F[:reach], F[reach:] * F[:-reach]])
        reach *= 2
    return S


def scan_cases():
    rng = np.random.default_rng(114)
    long = gates(rng, 1200, 2), rng.normal(0, 1, (1200, 2)), rng.normal(0, 1, 2)
    label = "1,200 steps, over which the product of the gates is too small for a float"
    return [*recurrence_cases(), Case(label, long, {"T": 1200, "H": 2})]


SCAN = Exercise(
    scan,
    scan_cases,
    difficulty=3,
    rare=6,
    mistakes=known("scan", scan, scan_with_new_tables),
    hints=[
        "Do not run through the steps. Keep two tables of T rows: row t says what the last few steps together do to a "
        "state, which is times F[t], plus S[t]. At first these few steps are one: F is f and S is b.",
        "Put h_prev into row 0 first. Then S[0] is the first state, and nothing comes before it.",
        "In a pass, row t takes in row t - reach, for all rows at once. Slices such as S[reach:] and S[:-reach] do "
        "that. Change S first, with the old F, and then F.",
        "In words: S from row reach on becomes F there times S shifted by reach, plus S there; F becomes F times F "
        "shifted; reach doubles; go on while reach is below T.",
    ],
    why="A stretch of steps is again of the form F * h + S, whatever its length. Two neighbors make one of twice the "
    "length, so after about log2(T) passes every row reaches back to the first step.",
    few_rounds=(
        200,
        "All states are right, but for 1,200 steps your code goes round {rounds} times: that is still a loop over "
        "time. A scan goes round once for each pass, and a pass works on all rows at once.",
    ),
    notice="Each row is right, and no row has waited for the previous one. Count your passes: for 13 steps there are "
    "four, and for 1,200 there are eleven.",
)


# ---------------------------------------------------------------- catch_scan


def catch_scan(scan):
    """Return True if the function gives the states of the recurrence, and leaves its arguments alone."""
    rng = np.random.default_rng(0)
    for T in (1, 2, 3, 5, 8, 13):
        f, b, h_prev = rng.uniform(0, 1, (T, 2)), rng.normal(size=(T, 2)), rng.normal(size=2)
        f[T // 2, 0] = 0  # a closed gate
        before = f.copy(), b.copy()
        states = np.asarray(scan(f, b, h_prev))
        if not (np.array_equal(f, before[0]) and np.array_equal(b, before[1])):
            return False
        h = h_prev
        if states.shape != b.shape:
            return False
        for t in range(T):  # the definition, step by step
            h = f[t] * h + b[t]
            if not np.allclose(states[t], h):
                return False
    return True


def scan_by_halves(f, b, h_prev):
    if len(f) == 1:
        return f * h_prev + b
    half = len(f) // 2
    first = scan_by_halves(f[:half], b[:half], h_prev)
    return np.concatenate([first, scan_by_halves(f[half:], b[half:], first[-1])])


def scan_by_pairs(f, b, h_prev):
    if len(f) == 1:
        return f * h_prev + b
    even = len(f) // 2 * 2
    states = np.empty(b.shape)
    F = f[1:even:2] * f[0:even:2]  # two neighbors make one step, so half as many steps are left
    S = f[1:even:2] * b[0:even:2] + b[1:even:2]
    states[1:even:2] = scan_by_pairs(F, S, h_prev)
    states[0] = f[0] * h_prev + b[0]
    states[2::2] = f[2::2] * states[1:-1:2] + b[2::2]  # the steps between
    return states


CATCH_SCAN = Catch(
    function=catch_scan,
    original=SCAN,
    rights={
        "the finished one": scan,
        "one that makes new tables in each pass": scan_with_new_tables,
        "one that does the first half, then the second": scan_by_halves,
        "one that makes one step of two, and does half as many": scan_by_pairs,
    },
    beyond=("cut_to_whole_numbers",),  # it shows only where b holds whole numbers
    difficulty=2,
    hints=[
        "You know a slow way to the same states, and it's hard to get wrong.",
        "With one or two steps most wrong ones are right. Which lengths need several passes, and a last one in part?",
        "Some fail only if the state before is not zero, one fails only with a gate that is 0, and some spoil f or b.",
        "In words: for several T, run the recurrence step by step and compare all rows; see that f and b stay.",
    ],
    why="The loop is the definition, so it is the judge. The rest is the choice of inputs: lengths that are no powers "
    "of 2, a state from before, a closed gate, and a look at the arguments afterwards.",
    notice="Compare a fast function with a slow one that is surely right: people test fast code like this everywhere.",
)


# ---------------------------------------------------------------- scan_backward


# The finished one takes a scan or a loop, because page 15 trains with the scan; this loop is what the page teaches.
def scan_backward(dh_from_output, f, hidden):
    """Go back through h_t = f_t * h_{t-1} + b_t: return (df, db), each (T, H).

    dh_from_output  (T, H), what each state gets from its own prediction
    f               (T, H)
    hidden          (T+1, H), row 0 is the state before, row t+1 the one after step t
    """
    db = np.zeros(f.shape)
    from_after = np.zeros_like(hidden[0])  # after the last step there is nothing
    for t in reversed(range(len(f))):
        db[t] = dh_from_output[t] + from_after  # what the state gets from its own prediction and from the future
        from_after = f[t] * db[t]  # the state before entered step t through the gate
    df = db * hidden[:-1]  # the gate multiplied the state before
    return df, db


def scan_backward_with_gate_after(dh_from_output, f, hidden):
    g = dh_from_output.astype(float)
    for t in range(len(g) - 2, -1, -1):
        g[t] = dh_from_output[t] + f[t + 1] * g[t + 1]
    return hidden[:-1] * g, g


def scan_backward_cases():
    rng = np.random.default_rng(111)

    def case(label, T, H):
        args = rng.normal(0, 1, (T, H)), gates(rng, T, H), rng.normal(0, 1, (T + 1, H))
        return Case(label, args, {"T": T, "H": H})

    by_hand = [np.array(column)[:, None] for column in ([1.0, 2.0, 4.0], [0.3, 0.5, 0.5], [4.0, 5.0, 6.0, 7.0])]
    cases = [
        Case("the numbers of the page", tuple(by_hand), {"T": 3, "H": 1}),
        case("one step (T = 1)", 1, 3),
        case("five steps", 5, 3),
        case("nine steps", 9, 4),
        case("seven steps", 7, 2),
        case("a state of zeros before the first step", 4, 3),
    ]
    cases[-1].args[2][0] = 0
    cases += hard(
        "table",
        lambda rows: (rows, gates(rng, *rows.shape), rng.normal(0, 1, (len(rows) + 1, 3))),
        lambda rows: {"T": len(rows), "H": 3},
    )
    cases += hard(
        "gates",
        lambda f: (rng.normal(0, 1, (len(f), 1)), f[:, None], rng.normal(0, 1, (len(f) + 1, 1))),
        lambda f: {"T": len(f), "H": 1},
    )
    whole = [np.array(column)[:, None] for column in ([1, 2, 5], [0.3, 0.5, 0.5], [4, 5, 6, 7])]
    return [*cases, Case("whole numbers", tuple(whole), {"T": 3, "H": 1})]


SCAN_BACKWARD = Exercise(
    scan_backward,
    scan_backward_cases,
    difficulty=2,
    rare=6,
    returns=("df", "db"),
    groups=("db", "df"),
    backwards=True,
    mistakes=known("scan_backward", scan_backward, scan_backward_with_gate_after),
    hints=[
        "It's like hidden_gradients on page 03. Begin with the last step, and carry back what comes from the future.",
        "The state before step t got into step t through the gate f[t]. So what goes back is f[t] times the slope of "
        "state t.",
        "We add b, so its slope is the slope of the state. f multiplies the state before: row t of hidden.",
        "In words: for t from the last to 0: db[t] is dh_from_output[t] plus what is carried; carry f[t] times db[t]. "
        "At the end, df is db times hidden without its last row.",
    ],
    why="g_t = dh_t + f_{t+1} g_{t+1} is the same recurrence, read from the end, with the gates shifted by one step. "
    "So a scan can do it too, and in the finished function it does.",
    notice="Only the gates carry the slope back, and a gate near 1 hands it on nearly whole.",
)
