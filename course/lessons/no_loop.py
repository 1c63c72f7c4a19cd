"""Lesson 11, no loop: the linear recurrence, its scan and its way back, its matrix, and attention."""

import numpy as np

from course.checker.broken import mend
from course.checker.catching import Catch
from course.checker.exercise import Case, Exercise, mistakes_in
from course.lessons.cases import without
from course.models.no_loop import attention
from rnn_helpers import numerical_gradient


def gates(rng, *shape):
    """Return numbers between 0.1 and 0.95, no two alike, as gates are."""
    return rng.uniform(0.1, 0.95, shape)


# ---------------------------------------------------------------- linear_loop


def linear_loop(f, b, h_prev):
    """Return the states h_t = f_t * h_{t-1} + b_t of all T steps, (T, H).

    f, b    (T, H), what is kept of the state before, and what comes in
    h_prev  (H,), the state before the first step
    """
    h = np.zeros_like(b)
    for t in range(len(b)):
        h_prev = f[t] * h_prev + b[t]
        h[t] = h_prev
    return h


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
    ]


LINEAR_LOOP = Exercise(
    linear_loop,
    recurrence_cases,
    minutes=5,
    difficulty=1,
    mistakes=mistakes_in(
        linear_loop,
        """
not_carried: Each step starts from the state before the first one. What step t makes is what step t + 1 starts from.
- h_prev = f[t] * h_prev + b[t]
-         h[t] = h_prev
+ h[t] = f[t] * h_prev + b[t]

gate_on_all: f multiplies what comes in, too. It says how much of the old state is kept, and no more.
- f[t] * h_prev + b[t]
+ f[t] * (h_prev + b[t])

roles_swapped: The roles of f and b are swapped: which of the two is added?
- f[t] * h_prev + b[t]
+ b[t] * h_prev + f[t]

no_input: Nothing comes in: b plays no part.
- f[t] * h_prev + b[t]
+ f[t] * h_prev

no_gate: The state is kept whole: f plays no part.
- f[t] * h_prev + b[t]
+ h_prev + b[t]

mixed: You mix old and new with weights that add up to 1. Here b comes in whole; what is in it is the caller's affair.
- f[t] * h_prev + b[t]
+ f[t] * h_prev + (1 - f[t]) * b[t]

gate_turned: You keep 1 - f of the state. At f = 1 all of it must stay.
- f[t] * h_prev
+ (1 - f[t]) * h_prev

state_before: Row t holds the state from before step t. It must be the one after it.
- h_prev = f[t] * h_prev + b[t]
-         h[t] = h_prev
+ h[t] = h_prev
+ h_prev = f[t] * h_prev + b[t]

from_zero: You start from zeros. The state before the first step is given: h_prev.
- h = np.zeros_like(b)
+ h = np.zeros_like(b)
+ h_prev = np.zeros_like(h_prev)

first_left_out: Step 0 is left out: its row is still zero. At which t does your loop start?
- range(len(b))
+ range(1, len(b))

last_left_out: The last step is left out: its row is still zero. At which t does your loop end?
- range(len(b))
+ range(len(b) - 1)

last_only: That is the last state alone. Give all T of them, a row each.
- return h
+ return h[-1]

backwards: The loop runs from the last step to the first. A state needs the one before it: which step comes first?
- range(len(b))
+ reversed(range(len(b)))

gate_of_step_before: The gate is that of the step before. Step t uses row t of f and row t of b.
- f[t]
+ f[t - 1]

minus: You take b away. It is added.
- + b[t]
+ - b[t]

h_prev_overwritten: You write into h_prev, and the caller still needs it: make a new array at each step.
- h_prev = f[t] * h_prev + b[t]
+ h_prev *= f[t]
+ h_prev += b[t]
""",
    )
    + mistakes_in(
        linear_loop_as_list,
        """
row_too_many: There is one row too many: the state before the first step is no result.
- states[1:]
+ states
""",
    ),
    hints=[
        "Like rnn_step in a loop, only easier: no matrix and no tanh.",
        "Keep the current state in a variable. Each step makes a new one from it and stores it as a row.",
        "In words: for each t, the new state is f[t] times the old one plus b[t]; put it into row t.",
    ],
    why="Each unit runs by itself: its gate multiplies its own old state, and no other. All else follows from that.",
    notice="No unit meets another one here, and nothing bends the state: that is what lets the loop go.",
)


# ---------------------------------------------------------------- scan


def scan(f, b, h_prev):
    """Return the states h_t = f_t * h_{t-1} + b_t of all T steps, (T, H), by doubling.

    f, b    (T, H), what is kept of the state before, and what comes in
    h_prev  (H,), the state before the first step
    """
    F, S = f.copy(), b.copy()
    S[0] = f[0] * h_prev + b[0]
    reach = 1  # row t tells what happens from `reach` steps before: the state there times F[t], plus S[t]
    while reach < len(S):
        S[reach:] = F[reach:] * S[:-reach] + S[reach:]
        F[reach:] = F[reach:] * F[:-reach]
        reach = 2 * reach
    return S


def scan_with_new_tables(f, b, h_prev):
    F, S, reach = f, np.concatenate([f[:1] * h_prev + b[:1], b[1:]]), 1
    while reach < len(f):
        S = np.concatenate([S[:reach], F[reach:] * S[:-reach] + S[reach:]])
        F = np.concatenate([F[:reach], F[reach:] * F[:-reach]])
        reach *= 2
    return S


SCAN = Exercise(
    scan,
    recurrence_cases,
    minutes=20,
    difficulty=3,
    mistakes=mistakes_in(
        scan,
        """
one_pass: There is only one pass, so each row looks back two steps at most. Go on until the reach is the whole text.
- while reach
+ if reach

no_h_prev: The state before the first step is left out. Where does h_prev come in?
- S[0] = f[0] * h_prev + b[0]
+

h_prev_not_gated: h_prev goes in whole. The gate of step 0 decides how much of it stays.
- f[0] * h_prev + b[0]
+ h_prev + b[0]

h_prev_everywhere: h_prev goes into every step. It comes in at step 0, and the later ones get it from there.
- S[0] = f[0] * h_prev + b[0]
+ S = f * h_prev + b

gates_first: F is joined before S is. The pass of S needs the F that fits it, the one from before this pass.
- S[reach:] = F[reach:] * S[:-reach] + S[reach:]
-         F[reach:] = F[reach:] * F[:-reach]
+ F[reach:] = F[reach:] * F[:-reach]
+ S[reach:] = F[reach:] * S[:-reach] + S[reach:]

gates_not_joined: F stays as it was: from the second pass on it must be the product of the gates of the whole stretch.
- F[reach:] = F[reach:] * F[:-reach]
+

gates_added: The gates of two stretches are added. What passes two gates is multiplied twice.
- F[reach:] * F[:-reach]
+ F[reach:] + F[:-reach]

gates_squared: A gate is multiplied by itself. The stretch before has gates of its own.
- F[reach:] * F[:-reach]
+ F[reach:] ** 2

gate_of_stretch_before: The state goes through the gates of its own stretch once more. What must it pass to get to
the end of the next one?
- F[reach:] * S[:-reach]
+ F[:-reach] * S[:-reach]

sums_without_gates: The stretch before is added as it is. On its way through the next stretch, only F of it stays.
- F[reach:] * S[:-reach]
+ S[:-reach]

own_part_lost: What came in during the stretch itself is lost: it is added to what comes from before.
- F[reach:] * S[:-reach] + S[reach:]
+ F[reach:] * S[:-reach]

one_more_each_pass: The reach grows by 1, but after a pass each row looks back twice as far: some steps count twice.
- 2 * reach
+ reach + 1

first_pass_only_far: The first pass looks two steps back, and the step between is missed. Begin with neighbors.
- reach = 1
+ reach = 2

neighbors_always: Every pass looks one step back. After a pass, the row before has told all that it knows: look twice
as far back in the next.
- S[reach:] = F[reach:] * S[:-reach] + S[reach:]
+ S[1:] = F[1:] * S[:-1] + S[1:]
- F[reach:] = F[reach:] * F[:-reach]
+ F[1:] = F[1:] * F[:-1]

wraps_around: The first rows take in the last ones: a roll brings the end to the front. Nothing comes before row 0.
- S[reach:] = F[reach:] * S[:-reach] + S[reach:]
+ S = F * np.roll(S, reach, axis=0) + S
- F[reach:] = F[reach:] * F[:-reach]
+ F = F * np.roll(F, reach, axis=0)

h_prev_at_end: h_prev is added whole to every state. On its way to step t it passes all the gates up to there.
- S[0] = f[0] * h_prev + b[0]
+
- return S
+ return S + h_prev

reach_counts_passes: The reach is the number of the pass: 1, 2, 3. But after a pass each row looks back twice as far.
- while reach < len(S):
+ for reach in range(1, int(np.ceil(np.log2(len(S)))) + 1):
- reach = 2 * reach
+

rows_lost: The first rows are cut off in each pass. They are done already, and must stay where they are.
- S[reach:] = F[reach:] * S[:-reach] + S[reach:]
+ S = F[reach:] * S[:-reach] + S[reach:]
- F[reach:] = F[reach:] * F[:-reach]
+ F = F[reach:] * F[:-reach]

one_pass_too_few: The last pass is missing: some rows do not reach the first step yet.
- while reach < len(S)
+ while 2 * reach < len(S)

in_a_loop: The pass goes row by row, and reads rows that it has changed already. All must read what stood there before.
- S[reach:] = F[reach:] * S[:-reach] + S[reach:]
+ for t in range(reach, len(S)):
+     S[t] = F[t] * S[t - reach] + S[t]

divided: You divide by the product of the gates. A gate of 0 makes that 0 / 0: doubling needs no division.
- return S
+ F = np.cumprod(f, axis=0)
+ return F * (h_prev + np.cumsum(b / F, axis=0))

plain_sums: These are running sums: no gate takes anything away.
- return S
+ return h_prev + np.cumsum(b, axis=0)

last_only: That is the last state alone. Give all T of them, a row each.
- return S
+ return S[-1]

products_returned: You return F, the products of the gates. The states are the other table.
- return S
+ return F

f_overwritten: The result is written over f. The caller still needs it: work on a copy.
- f.copy()
+ f

b_overwritten: The result is written over b. The caller still needs it: work on a copy.
- b.copy()
+ b

both_overwritten: The results are written over f and b. The caller still needs them: work on copies.
- f.copy(), b.copy()
+ f, b
""",
    )
    + mistakes_in(
        scan_with_new_tables,
        """
looks_forward: A row is joined with a later one. A state depends on what came before it.
- np.concatenate([S[:reach], F[reach:] * S[:-reach] + S[reach:]])
+ np.concatenate([F[:-reach] * S[reach:] + S[:-reach], S[-reach:]])
""",
    ),
    hints=[
        "Do not run through the steps. Keep two tables of T rows: in row t stands what the last few steps together do "
        "to a state, times F[t], plus S[t]. At first these few steps are one: F is f and S is b.",
        "Put h_prev into row 0 first: S[0] is the first state then, and nothing comes before it.",
        "In a pass, row t takes in row t - reach, all rows at once: slices such as S[reach:] and S[:-reach]. First S, "
        "with the old F, then F.",
        "In words: S from row reach on becomes F there times S shifted by reach, plus S there; F becomes F times F "
        "shifted; reach doubles; go on while reach is below T.",
    ],
    why="A stretch of steps is again of the form F * h + S, whatever its length. Two neighbors make one of twice the "
    "length, so after about log2(T) passes every row reaches back to the first step.",
    notice="The check compares numbers: a loop would pass, too. Count your passes: for 13 steps there are four.",
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


def scan_by_matrix(f, b, h_prev):
    states = np.zeros_like(b)
    for k in range(len(f)):  # what came in at step k, at all later steps
        left = np.cumprod(np.concatenate([np.ones_like(f[:1]), f[k + 1 :]]), axis=0)
        states[k:] += left * (b[k] + (f[0] * h_prev if k == 0 else 0))
    return states


CATCH_SCAN = Catch(
    function=catch_scan,
    original=SCAN,
    rights={
        "the finished one": scan,
        "one that makes new tables in each pass": scan_with_new_tables,
        "one that does the first half, then the second": scan_by_halves,
        "one that adds up what is left of each input": scan_by_matrix,
    },
    minutes=10,
    difficulty=2,
    hints=[
        "You know a slow way to the same states, and nobody can get it wrong.",
        "With one or two steps most wrong ones are right. Which lengths need several passes, and a last one in part?",
        "Some fail only with a state of before that is not zero, one only with a gate that is 0, some spoil f or b.",
        "In words: for several T, run the recurrence step by step and compare all rows; see that f and b stay.",
    ],
    why="The loop is the definition, so it is the judge. The rest is the choice of inputs: lengths that are no powers "
    "of 2, a state from before, a closed gate, and a look at the arguments afterwards.",
    notice="A fast function beside a slow one that is surely right: that is how such code is tested everywhere.",
)


# ---------------------------------------------------------------- scan_backward


def scan_backward(dh_from_output, f, hidden):
    """Go back through h_t = f_t * h_{t-1} + b_t: return (df, db), each (T, H).

    dh_from_output  (T, H), what each state owes to its own output
    f               (T, H)
    hidden          (T+1, H), row 0 is the state before, row t+1 the one after step t
    """
    db = np.zeros_like(dh_from_output)
    from_after = np.zeros_like(hidden[0])  # after the last step there is nothing
    for t in reversed(range(len(f))):
        db[t] = dh_from_output[t] + from_after  # what the state owes to its own output and to all later ones
        from_after = f[t] * db[t]  # the state before entered step t through the gate
    df = db * hidden[:-1]  # the gate multiplied the state before
    return df, db


def scan_backward_with_gate_after(dh_from_output, f, hidden):
    g = dh_from_output.copy()
    for t in range(len(g) - 2, -1, -1):
        g[t] = dh_from_output[t] + f[t + 1] * g[t + 1]
    return hidden[:-1] * g, g


def scan_backward_cases():
    rng = np.random.default_rng(111)

    def case(label, T, H):
        args = rng.normal(0, 1, (T, H)), gates(rng, T, H), rng.normal(0, 1, (T + 1, H))
        return Case(label, args, {"T": T, "H": H})

    by_hand = [np.array(column)[:, None] for column in ([1.0, 2.0, 4.0], [0.3, 0.5, 0.5], [4.0, 5.0, 6.0, 7.0])]
    return [
        Case("the numbers of the page", tuple(by_hand), {"T": 3, "H": 1}),
        case("one step (T = 1)", 1, 3),
        case("five steps", 5, 3),
        case("nine steps", 9, 4),
        case("seven steps", 7, 2),
    ]


SCAN_BACKWARD = Exercise(
    scan_backward,
    scan_backward_cases,
    minutes=12,
    difficulty=2,
    returns=("df", "db"),
    groups=("db", "df"),
    backwards=True,
    mistakes=mistakes_in(
        scan_backward,
        """
not_carried: Nothing is carried: each state counts its own output only. It also acts on all later states.
- dh_from_output[t] + from_after
+ dh_from_output[t]

carried_whole: The slope goes back without a gate. On the way forward, only f of the state got through.
- f[t] * db[t]
+ db[t]

gate_of_own_step: What comes back to state t is multiplied by the gate of step t. Which gate did that state pass on its
way to the next one?
- dh_from_output[t] + from_after
+ dh_from_output[t] + f[t] * from_after
- from_after = f[t] * db[t]
+ from_after = db[t]

piles_up: What you carry is never replaced: each new share is added to all the old ones. What step t hands back takes
the place of what it got.
- from_after = f[t]
+ from_after += f[t]

one_step_back: What you carry holds only the own output of the next step. It must hold all that came from still later.
Does your loop begin at the last step?
- f[t] * db[t]
+ f[t] * dh_from_output[t]

forwards: The loop runs from step 0 on. The slope of a state needs the one of the state after it: which comes first?
- reversed(range(len(f)))
+ range(len(f))

last_left_out: The last step is left out: its row is still zero. At which t does your loop start?
- reversed(range(len(f)))
+ reversed(range(len(f) - 1))

first_left_out: Step 0 is left out: its row is still zero. At which t does your loop end?
- reversed(range(len(f)))
+ range(len(f) - 1, 0, -1)

starts_from_last: What you carry does not start from zero, but from the last row. After the last step there is nothing.
- np.zeros_like(hidden[0])
+ dh_from_output[-1]

starts_from_ones: What you carry starts from ones. After the last step there is nothing, so nothing flows in.
- np.zeros_like(hidden[0])
+ np.ones_like(hidden[0])

state_after: db is right. df uses the state after each step. Which state did the gate multiply?
- hidden[:-1]
+ hidden[1:]

df_not_carried: db is right. df counts the own output of each state only. A gate, too, acts on all that comes later.
- df = db * hidden[:-1]
+ df = dh_from_output * hidden[:-1]

df_without_state: db is right. df is the same here: the slope of a product for one factor is the other factor.
- df = db * hidden[:-1]
+ df = db

df_with_gate: db is right. df has the gate in it. In f times h, the slope for f is h alone.
- df = db * hidden[:-1]
+ df = db * f * hidden[:-1]

df_with_sigmoid: db is right. df goes back through a sigmoid as well. That is the caller's affair: here f is just a
number.
- df = db * hidden[:-1]
+ df = db * hidden[:-1] * f * (1 - f)

gate_on_own_share: db goes through the gate: b is added as it is, so its slope is the slope of the state.
- dh_from_output[t] + from_after
+ f[t] * (dh_from_output[t] + from_after)
- from_after = f[t] * db[t]
+ from_after = db[t]

mixed_input: db is taken times 1 - f. Here b comes in whole, so its slope is the slope of the state.
- return df, db
+ return df, db * (1 - f)

order_swapped: The two results are swapped: first df, then db.
- return df, db
+ return db, df

added_over_time: The slopes are added up over the steps. Each step has a gate and an input of its own.
- return df, db
+ return df.sum(axis=0), db.sum(axis=0)

dh_overwritten: The result is written over dh_from_output. The caller still needs it: work in a new array.
- np.zeros_like(dh_from_output)
+ dh_from_output
""",
    )
    + mistakes_in(
        scan_backward_with_gate_after,
        """
own_output_later: Of the next step you carry its own output only, and the gates of the steps between are missing.
- f[t + 1] * g[t + 1]
+ f[t + 1] * dh_from_output[t + 1:].sum(axis=0)
""",
    ),
    hints=[
        "As in hidden_gradients of page 03: begin with the last step, and carry back what the later steps owe.",
        "The state before step t got into step t through the gate f[t]. So what goes back is f[t] times the slope of "
        "state t.",
        "b is added, so its slope is that of the state. f multiplies the state before: row t of hidden.",
        "In words: for t from the last to 0: db[t] is dh_from_output[t] plus what is carried; carry f[t] times db[t]. "
        "At the end, df is db times hidden without its last row.",
    ],
    why="g_t = dh_t + f_{t+1} g_{t+1} is the same recurrence, read from the end, with the gates shifted by one step. "
    "So a scan does it, too: that is how the finished function has it.",
    notice="The gates alone carry the slope back. A gate near 1 hands it on nearly whole.",
)


def measured_slopes(dh_from_output, f, b, h_prev):
    """Return (df, db) by central differences, where the loss is the sum of all states times dh_from_output."""

    def loss(f, b):
        return float((dh_from_output * linear_loop(f, b, h_prev)).sum())

    return numerical_gradient(lambda f: loss(f, b), f), numerical_gradient(lambda b: loss(f, b), b)


def scan_report(scan_backward):
    """Return what a way back says of four steps of one unit, beside the measured slopes, as text."""
    dh, f, b = np.array([[1.0, 0.5, -1.0, 2.0], [0.9, 0.2, 0.7, 0.4], [1.0, -1.0, 0.5, 1.5]])[:, :, None]
    h_prev = np.array([2.0])
    hidden = np.concatenate([[h_prev], linear_loop(f, b, h_prev)])
    told, right = scan_backward(dh, f, hidden), measured_slopes(dh, f, b, h_prev)
    rows = ["One unit, four steps:", "", "step   dh_from_output   gate f     db says   measured     df says   measured"]
    for t in range(4):
        (df, db), (right_df, right_db) = [[one[t, 0] for one in pair] for pair in (told, right)]
        rows.append(
            f"{t:4}  {dh[t, 0]:15.1f}  {f[t, 0]:7.1f}  {db:10.3f} {right_db:10.3f}  {df:10.3f} {right_df:10.3f}"
        )
    return "\n".join(rows)


MEND_SCAN_BACKWARD = mend(
    SCAN_BACKWARD,
    "gate_of_own_step",
    look=scan_report,
    nudge="In the report, which step is still right? What has the step before it to do with the gates?",
    minutes=10,
    difficulty=2,
    hints=[
        'report("mend_scan_backward") shows db and df beside measured slopes. Begin at the last step, and go up.',
        "The last row is right, for nothing is carried to it. In row 2, take dh_from_output away from both numbers: "
        "what is left is a gate times 2.",
        "The measured one has used the gate of row 3, this one that of row 2. Which of them lies between the two "
        "states?",
        "In words: multiply by the gate when you hand the slope back from step t, not when step t - 1 gets it.",
    ],
    why="From state t to state t + 1 the way leads through the gate of step t + 1. Whoever multiplies on arrival uses "
    "the gate one step too early; the last step shows nothing, since nothing arrives there.",
    notice="With one step, or with gates that are all alike, this mistake cannot be seen.",
)


# ---------------------------------------------------------------- as_matrix


def as_matrix(f):
    """Return the table M, (T, T): what is left at step t (a row) of what came in at step k (a column).

    f  (T,), the gates of one unit
    """
    T = len(f)
    M = np.zeros((T, T))
    for t in range(T):
        for k in range(t + 1):
            M[t, k] = np.prod(f[k + 1 : t + 1])  # the gates between; of none, the product is 1
    return M


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
    ]


AS_MATRIX = Exercise(
    as_matrix,
    as_matrix_cases,
    minutes=12,
    difficulty=2,
    mistakes=mistakes_in(
        as_matrix,
        """
own_gate_too: One gate too many: what comes in at step k does not pass the gate of step k itself.
- f[k + 1 : t + 1]
+ f[k : t + 1]

last_gate_missing: The last gate is missing: to get into the state of step t, one must pass the gate of step t, too.
- f[k + 1 : t + 1]
+ f[k + 1 : t]

one_step_early: The gates are those from step k up to the one before t. They must be those after k, up to t.
- f[k + 1 : t + 1]
+ f[k:t]

turned: Rows and columns are swapped: row t tells what is left at step t.
- M[t, k]
+ M[k, t]

no_diagonal: The diagonal is zero. What comes in at step t is in the state of step t, whole.
- range(t + 1)
+ range(t)

future_too: Above the diagonal must be zeros: what comes in later is not in the state yet.
- range(t + 1)
+ range(T)

gates_added: The gates are added. What passes two gates is multiplied twice.
- np.prod
+ np.sum

gates_added_below: Below the diagonal, the gates are added. A half of a half is a quarter, not 1.
- np.prod(f[k + 1 : t + 1])
+ np.sum(f[k + 1 : t + 1]) if k < t else 1

one_gate: There is one gate in each entry. What came in long ago has passed all the gates between.
- np.prod(f[k + 1 : t + 1])
+ f[t] if k < t else 1

first_gate_of_way: Only the first gate on the way counts. All the gates between are multiplied.
- np.prod(f[k + 1 : t + 1])
+ f[k + 1] if k < t else 1

gates_of_both: Each entry is a product of two gates, that of its row and that of its column. It is the product of all
the gates between.
- return M
+ return np.tril(np.outer(f, f))

power: A power of one gate: the gates between are different ones.
- np.prod(f[k + 1 : t + 1])
+ f[t] ** (t - k)

from_start: The product starts at the first step in every column. What came in at step k has not met the gates before.
- f[k + 1 : t + 1]
+ f[1 : t + 1]

diagonal_is_gate: The gates stand on the diagonal. They act on what was there before: what has just come in is whole.
- return M
+ np.fill_diagonal(M, f)
+ return M

rows_turned: The rows stand in reverse order: row 0 belongs to step 0.
- return M
+ return M[::-1]

mixed: You take each column times 1 - f. Here b comes in whole; what is in it is the caller's affair.
- return M
+ return M * (1 - f)

running_product: That is a row, the running products of the gates. The table has a row for each step, a column for each
input.
- return M
+ return np.cumprod(f)

last_row_only: That is the last row. Every step has one.
- return M
+ return M[-1]

divided: You divide running products by each other (or subtract their logarithms). A gate of 0 makes that 0 / 0:
multiply the gates between instead.
- return M
+ F = np.cumprod(f)
+ return np.tril(F[:, None] / F)
""",
    )
    + mistakes_in(
        as_matrix_row_by_row,
        """
neighbors_only: Each row holds what came in at this step and the one before. What is older has not gone, it has passed
more gates.
- M[t] = f[t] * M[t - 1]
+ M[t, t - 1] = f[t]
""",
    ),
    hints=[
        "Write down h_2 for a state of zeros before: b_2 + f_2 b_1 + f_2 f_1 b_0. What stands before each b is row 2.",
        "Entry [t, k] is the product of the gates after k, up to t. Which slice of f is that? The product of nothing "
        "is 1.",
        "Or row by row: the row above, times the gate of this step, and a 1 on the diagonal.",
        "In words: a table of zeros; for t, and for k from 0 to t, entry [t, k] is np.prod of f from k + 1 to t.",
    ],
    why="What came in at step k is multiplied by every gate that follows. So the whole recurrence is one product of a "
    "table with b: the states are M @ b.",
    notice="A gate of 0 clears all columns on its left: nothing from before it gets through.",
)


# ---------------------------------------------------------------- attention_backward


def attention_backward(do, q, k, v, weights):
    """Return (dq, dk, dv), each (T, H), the way back through one layer of attention.

    do       (T, H), the slopes of its result o = weights @ v
    q, k, v  (T, H)
    weights  (T, T), softmax of q @ k.T / sqrt(H) along each row, 0 for what is still to come
    """
    T, H = q.shape
    dv = weights.T @ do
    dweights = do @ v.T
    mean = (weights * dweights).sum(axis=1, keepdims=True)
    dscores = weights * (dweights - mean)
    dscores = dscores / np.sqrt(H)
    dq = dscores @ k
    dk = dscores.T @ q
    return dq, dk, dv


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

    by_hand = np.array([[0.0], [8.0]]), np.ones((2, 1)), np.ones((2, 1)), np.array([[1.0], [3.0]])
    return [
        Case("the numbers of the page", (*by_hand, np.array([[1.0, 0.0], [0.5, 0.5]])), {"T": 2, "H": 1}),
        case("one step (T = 1)", 1, 3),
        case("four steps", 4, 3),
        case("six steps", 6, 2),
        case("three steps, five units", 3, 5),
    ]


ATTENTION_BACKWARD = Exercise(
    attention_backward,
    attention_backward_cases,
    minutes=25,
    difficulty=3,
    returns=("dq", "dk", "dv"),
    groups=("dv", "dq", "dk"),
    mistakes=mistakes_in(
        attention_backward,
        """
no_mean: dv is right. In dq and dk the mean is missing: the weights of a row add up to 1, so one can only grow at the
cost of the others.
- weights * (dweights - mean)
+ weights * dweights

mean_added: dv is right. For dq and dk, the mean is added where it must be taken away.
- dweights - mean
+ dweights + mean

plain_mean: dv is right. For dq and dk, the mean must be one with weights: each entry counts as much as its weight.
- (weights * dweights).sum(axis=1, keepdims=True)
+ dweights.mean(axis=1, keepdims=True)

sum_for_mean: dv is right. For dq and dk you take away the whole row's sum: each entry counts as much as its weight.
- (weights * dweights).sum(axis=1, keepdims=True)
+ dweights.sum(axis=1, keepdims=True)

mean_of_all: dv is right. For dq and dk, there is one mean for the whole table: each row has a softmax and a mean of its
own.
- (weights * dweights).sum(axis=1, keepdims=True)
+ (weights * dweights).sum() / len(weights)

no_mean_no_root: dv is right. dq and dk lack two things: the mean that softmax takes away, and the division by the root
of H.
- weights * (dweights - mean)
+ weights * dweights
- dscores = dscores / np.sqrt(H)
+

plain_mean_no_root: dv is right. dq and dk lack two things: the mean must count each entry as much as its weight, and
the scores were divided by the root of H.
- (weights * dweights).sum(axis=1, keepdims=True)
+ dweights.mean(axis=1, keepdims=True)
- dscores = dscores / np.sqrt(H)
+

mean_of_columns: dv is right. For dq and dk, the mean runs down the columns: softmax was taken along each row.
- axis=1
+ axis=0

own_slope_only: dv is right. For dq and dk, each weight counts only its own score. It also sinks when another score
of its row rises.
- weights * (dweights - mean)
+ weights * (1 - weights) * dweights

no_weights: dv is right. For dq and dk, the slope of softmax lacks its factor: a weight of 0 cannot move.
- weights * (dweights - mean)
+ dweights - mean

no_softmax: dv is right. For dq and dk, the way back leaves out softmax: dweights is not the slope of the scores yet.
- dscores = weights * (dweights - mean)
+ dscores = dweights

no_root: dv is right. dq and dk lack the division by the root of H: the scores were divided by it.
- dscores = dscores / np.sqrt(H)
+

divided_by_h: dv is right. dq and dk are divided by H itself. The scores were divided by its root.
- np.sqrt(H)
+ H

root_of_t: dv is right. dq and dk are divided by the root of T. The scores were divided by the root of H.
- np.sqrt(H)
+ np.sqrt(T)

times_root: dv is right. dq and dk are multiplied by the root. A factor stays the same on the way back.
- dscores / np.sqrt(H)
+ dscores * np.sqrt(H)

root_for_q_only: dv and dq are right. dk lacks the division by the root of H.
- dscores = dscores / np.sqrt(H)
-     dq = dscores @ k
+ dq = dscores @ k / np.sqrt(H)

root_for_k_only: dv and dk are right. dq lacks the division by the root of H.
- dscores = dscores / np.sqrt(H)
-     dq = dscores @ k
-     dk = dscores.T @ q
+ dq = dscores @ k
+ dk = dscores.T @ q / np.sqrt(H)

dk_not_turned: dk is wrong: a key is asked by all later steps, so its slope is summed down a column, not along a
row.
- dscores.T @ q
+ dscores @ q

dq_turned: dq is wrong: a query asks all earlier keys, so its slope is summed along a row, not down a column.
- dscores @ k
+ dscores.T @ k

both_turned: dq and dk are summed along the wrong side: row t of the scores belongs to query t, column s to key s.
- dscores @ k
+ dscores.T @ k
- dscores.T @ q
+ dscores @ q

dq_from_q: dq is wrong: in a product, the slope for one factor holds the other factor.
- dscores @ k
+ dscores @ q

dk_from_k: dk is wrong: in a product, the slope for one factor holds the other factor.
- dscores.T @ q
+ dscores.T @ k

each_from_itself: dq and dk hold the wrong factor: in a product, the slope for one factor holds the other one.
- dscores @ k
+ dscores @ q
- dscores.T @ q
+ dscores.T @ k

dv_not_turned: dv is wrong: a value is read by all later steps, so its slope is summed down a column of weights.
- weights.T @ do
+ weights @ do

dv_is_do: dv is wrong: it is what came in. Each value gets as much of it as the weight with which it was
read.
- weights.T @ do
+ do

do_and_v_swapped: dv is right. dweights is turned: row t tells what the weights of step t owe to the result of step t.
- do @ v.T
+ v @ do.T

order_q_k: dq and dk are swapped: first dq, then dk, then dv.
- return dq, dk, dv
+ return dk, dq, dv

order_v_first: The results come in another order: first dq, then dk, then dv.
- return dq, dk, dv
+ return dv, dq, dk
""",
    )
    + mistakes_in(
        attention_backward_by_rows,
        """
dk_last_step_only: dk is wrong: each step overwrites what the steps before have put there. Many steps ask one key.
- dk += np.outer
+ dk = np.outer

dv_last_step_only: dv is wrong: each step overwrites what the steps before have put there. Many steps read one
value.
- dv += np.outer
+ dv = np.outer
""",
    ),
    hints=[
        "Four stations, from the end: the values and weights, softmax, the division, the queries and keys. Begin with "
        "o = weights @ v: which is the other factor for each of the two?",
        "dv gathers what each step read of a value: down the columns of weights. dweights[t, s] is do[t] times v[s].",
        "Softmax of a row: slope of score s is weight s times (dweights s minus the mean of dweights with these "
        "weights). A mask needs nothing more, since its weights are 0.",
        "In words: dscores is weights times (dweights minus the row's weighted mean), divided by the root of H; dq is "
        "dscores times k; dk is dscores transposed times q; dv is weights transposed times do.",
    ],
    why="o = weights @ v and scores = q @ k.T / sqrt(H) are products: each factor's slope holds the other one. Between "
    "them, softmax hands back w * (dw - sum of w * dw) for each row.",
    notice="No slope had to be carried from step to step: the way back is made of whole products, too.",
)
