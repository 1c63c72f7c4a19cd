"""Lesson 03, the error sent back through time: functions, cases, mistakes and hints."""

import numpy as np

import rnn_helpers
from course.checker.broken import mend
from course.checker.catching import Catch
from course.checker.choosing import Choose
from course.checker.exercise import Case, Exercise, mistakes_in
from course.lessons.cases import Bumpy, network, pencil_network, random_ids, silenced, without
from rnn_helpers import Parameters, forward_pass, numerical_gradient, one_hot, tanh_backward

# ---------------------------------------------------------------- tanh_backward


def tanh_backward_cases():
    rng = np.random.default_rng(20)
    return [
        Case("one state", (np.array([0.4, -0.3, 0.2]), np.array([0.3, -0.5, 0.9])), {"H": 3}),
        Case("a larger state", (rng.normal(0, 1, 8), np.tanh(rng.normal(0, 1, 8))), {"H": 8}),
        Case("h near 1 and -1", (np.array([0.5, -2.0, 3.0]), np.array([0.99, 0.999, -0.999])), {"H": 3}),
        without("h", Case("", (np.array([0.5, -2.0, 3.0]), np.zeros(3)), {"H": 3})),
    ]


TANH_BACKWARD = Exercise(
    tanh_backward,
    tanh_backward_cases,
    minutes=5,
    difficulty=1,
    mistakes=mistakes_in(
        tanh_backward,
        """
h_not_squared: The slope is 1 - h here. Something in the slope of tanh is squared.
- dh * (1 - h**2)
+ dh * (1 - h)

sign_turned: The sign is turned: the slope of tanh is never negative.
- dh * (1 - h**2)
+ dh * (h**2 - 1)

tanh_again: tanh is taken of h again. h is tanh(a) already, so it goes into the slope as it is.
- dh * (1 - h**2)
+ dh * (1 - np.tanh(h) ** 2)

difference_squared: The whole difference is squared. Only h is squared.
- dh * (1 - h**2)
+ dh * (1 - h) ** 2

slope_alone: That is the slope of tanh alone. By the chain rule, what comes from behind, dh, is a factor.
- dh * (1 - h**2)
+ 1 - h**2

no_slope: dh comes back as it went in. Where is the slope of tanh?
- dh * (1 - h**2)
+ dh

sigmoid_slope: h (1 - h) is the slope of another function that squeezes, with values between 0 and 1. tanh has another
slope.
- dh * (1 - h**2)
+ dh * h * (1 - h)

added: dh and the slope are added. The chain rule multiplies.
- dh * (1 - h**2)
+ dh + (1 - h**2)

divided: You divide by the slope. The chain rule multiplies by it.
- dh * (1 - h**2)
+ dh / (1 - h**2)

plus: There is a plus in the slope where a minus belongs: at h near 1 tanh is flat.
- dh * (1 - h**2)
+ dh * (1 + h**2)

roles_swapped: The roles of dh and h are swapped: the slope is made from h.
- dh * (1 - h**2)
+ h * (1 - dh**2)

no_one: The slope is h squared here: where is the 1 from which it is taken away?
- dh * (1 - h**2)
+ dh * h**2

added_up: `@` between two vectors multiplies and adds up: one number is left. Each hidden unit has a slope of its own,
and the product is taken entry by entry.
- dh * (1 - h**2)
+ dh @ (1 - h**2)

slope_twice: The slope is applied twice.
- dh * (1 - h**2)
+ dh * (1 - h**2) * (1 - h**2)

tanh_itself: You multiply by tanh itself. The chain rule needs its slope.
- dh * (1 - h**2)
+ dh * np.tanh(h)

no_parentheses: Parentheses are missing: `dh * 1 - h ** 2` subtracts after the product.
- dh * (1 - h**2)
+ dh * 1 - h**2

no_parentheses_slope_first: Parentheses are missing: in `1 - h**2 * dh` the product comes first, then the subtraction.
What must dh multiply?
- dh * (1 - h**2)
+ 1 - h**2 * dh

square_of_dh: dh is in the slope. The slope of tanh depends on the state alone, and dh multiplies it once.
- dh * (1 - h**2)
+ dh * (1 - (dh * h) ** 2)
""",
    ),
    hints=[
        "Chain rule: how the loss moves with a is how it moves with h, times how h moves with a.",
        "The second factor is the slope of tanh. It can be written with tanh(a) alone, and that is h.",
        "At h = 0 the slope is 1, near h = 1 or -1 it is almost 0.",
        "In words: dh times (1 minus the square of h), entry by entry.",
    ],
    why="tanh'(a) = 1 - tanh(a)**2, and tanh(a) is the h that the forward pass stored. So no a has to be kept.",
    notice="The slope is at most 1, and near 0 for a saturated unit. Many such factors make a gradient vanish.",
)


# ---------------------------------------------------------------- hidden_gradients


def hidden_gradients(dh_from_output, hidden, parameters):
    """Return da, (T, H): d loss / d a_t, where a_t is what goes into tanh at step t.

    dh_from_output  (T, H), what each state owes to its own output
    hidden          (T+1, H), row t+1 is the state after character t
    """
    T, W_hh = len(dh_from_output), parameters.W_hh
    da = np.zeros_like(dh_from_output)
    from_after = np.zeros(len(W_hh))  # after the last step there is nothing
    for t in reversed(range(T)):
        dh = dh_from_output[t] + from_after  # what the state owes to its own output and to all later ones
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
    ]


HIDDEN_GRADIENTS = Exercise(
    hidden_gradients,
    hidden_gradients_cases,
    minutes=20,
    difficulty=3,
    backwards=True,
    mistakes=mistakes_in(
        hidden_gradients,
        """
not_carried: The gradient from the future is not carried: each step counts its own output only. A state also acts on
all later outputs.
- dh_from_output[t] + from_after
+ dh_from_output[t]

one_step_back: The gradient reaches back one step and stops: what you carry holds only the own output of the next step.
It must hold everything that came from still later.
- W_hh.T @ da[t]
+ W_hh.T @ (dh_from_output[t] * (1 - hidden[t + 1] ** 2))

carry_piles_up: The carried gradient is never replaced: you add each new one to all the old ones. What step t hands
back takes the place of what it got.
- from_after = W_hh.T
+ from_after += W_hh.T

starts_from_last: The carried gradient does not start from zero: after the last step there is no future. The steps
before it inherit the error.
- np.zeros(len(W_hh))
+ dh_from_output[-1]

starts_from_ones: The carried gradient starts from ones. After the last step there is no future, so nothing flows in.
- np.zeros(len(W_hh))
+ np.ones(len(W_hh))

slope_of_step_before: The slope belongs to the wrong step: you use row t of hidden, the state before character t. Which
row did tanh of step t make?
- hidden[t + 1]
+ hidden[t]

h_not_squared: The slope is 1 - h here. In the slope of tanh, h is squared.
- (1 - hidden[t + 1] ** 2)
+ (1 - hidden[t + 1])

tanh_again: tanh is taken of the states again in the slope. hidden holds tanh(a) already.
- hidden[t + 1] ** 2
+ np.tanh(hidden[t + 1]) ** 2

forwards: The recurrence runs forwards, from step 0. The gradient of a step needs the one of the step after it, so
which step comes first?
- reversed(range(T))
+ range(T)

only_from_after: da is 0 everywhere. Nothing comes from after the last step, so the first slope to enter must be
that of its own output: is dh_from_output added?
- dh_from_output[t] + from_after
+ from_after

after_last_step: The first pass of the loop asks for row T, and the rows end at T - 1. After the last step comes
nothing: what should the last step get from there?
- dh = dh_from_output[t] + from_after
+ dh = dh_from_output[t] + W_hh.T @ da[t + 1]

w_hy_again: W_hy plays no part here: dh_from_output has gone back through W_hy already. Its row t holds a slope for
each hidden unit, (H,), from the output of step t.
- dh_from_output[t] + from_after
+ parameters.W_hy.T @ dh_from_output[t] + from_after

w_hy_again_at_once: W_hy plays no part here: dh_from_output has gone back through W_hy already. It holds a slope for
each hidden unit, (T, H).
- T, W_hh = len(dh_from_output), parameters.W_hh
+ T, W_hh = len(dh_from_output), parameters.W_hh
+ dh_from_output = dh_from_output @ parameters.W_hy

divided_by_slope: You divide by the slope of tanh. The chain rule multiplies along a path.
- dh * (1 - hidden[t + 1] ** 2)
+ dh / (1 - hidden[t + 1] ** 2)

w_hh_not_transposed: On the way back the gradient goes through W_hh as it is. Forwards the step used W_hh @ h; going
back turns the matrix around.
- W_hh.T @ da[t]
+ W_hh @ da[t]

slope_on_own_share: The slope of tanh multiplies the own output's share only. The share from the future goes through
the same tanh.
- dh_from_output[t] + from_after
+ dh_from_output[t]
- dh * (1 - hidden[t + 1] ** 2)
+ dh * (1 - hidden[t + 1] ** 2) + from_after

slope_on_future_share: The slope of tanh multiplies the share from the future only. The own output's share goes
through the same tanh.
- dh_from_output[t] + from_after
+ from_after
- dh * (1 - hidden[t + 1] ** 2)
+ dh_from_output[t] + dh * (1 - hidden[t + 1] ** 2)

no_slope: The slope of tanh is left out everywhere.
- dh * (1 - hidden[t + 1] ** 2)
+ dh

dh_carried: What you carry back has not gone through tanh: W_hh gets d loss / d h. The state before entered inside
tanh, so da is what goes through W_hh.
- W_hh.T @ da[t]
+ W_hh.T @ dh

no_w_hh: The gradient is carried back without W_hh. The state before entered the step through W_hh.
- W_hh.T @ da[t]
+ da[t]

dh_returned: You return d loss / d h. One factor is missing to get to da, the gradient of what goes into tanh.
- dh * (1 - hidden[t + 1] ** 2)
+ dh
- W_hh.T @ da[t]
+ W_hh.T @ (dh * (1 - hidden[t + 1] ** 2))

row_too_many_first: There is one row too many: row 0 of hidden was made before this sequence, so it has no da.
- np.zeros_like(dh_from_output)
+ np.zeros_like(hidden)
- da[t] = dh
+ da[t + 1] = dh
- W_hh.T @ da[t]
+ W_hh.T @ da[t + 1]

row_too_many_last: There is one row too many at the end: after the last step there is nothing to return.
- np.zeros_like(dh_from_output)
+ np.zeros_like(hidden)

last_step_left_out: The last step is left out: its row is still zero. At which t does your loop start?
- reversed(range(T))
+ reversed(range(T - 1))

step_0_left_out: Step 0 is left out: its row is still zero. At which t does your loop end?
- reversed(range(T))
+ range(T - 1, 0, -1)

dh_overwritten: The result is written over dh_from_output. The caller still needs it: work in a new array.
- np.zeros_like(dh_from_output)
+ dh_from_output

dh_added_to: The share from the future is added into dh_from_output itself. The caller still needs it: add into a new
array or a copy.
- dh = dh_from_output[t] + from_after
+ dh = dh_from_output[t]
+ dh += from_after

w_hh_on_own_share: The own output's share goes through W_hh too. It came through the output weights, and that is done:
only the share from the future goes through W_hh.
- dh_from_output[t] + from_after
+ W_hh.T @ (dh_from_output[t] + from_after)
- W_hh.T @ da[t]
+ da[t]

slope_twice: The slope is applied twice: da has it already, and you use it again on the way to the step before.
- W_hh.T @ da[t]
+ W_hh.T @ (da[t] * (1 - hidden[t + 1] ** 2))

slope_squared: The slope is applied twice in da itself, so it is squared. Each step goes back through tanh once.
- dh * (1 - hidden[t + 1] ** 2)
+ dh * (1 - hidden[t + 1] ** 2) ** 2
""",
    )
    + mistakes_in(
        hidden_gradients_as_list,
        """
dh_carried_rows_reversed: Two things: the rows come in reverse order, from the last step to the first. And what you
carry back has not gone through tanh yet: which of the two, dh or da, goes through W_hh?
- da = (dh_from_output[t] + from_after) * (1 - hidden[t + 1] ** 2)
+ dh = dh_from_output[t] + from_after
+ da = dh * (1 - hidden[t + 1] ** 2)
- da @ parameters.W_hh
+ dh @ parameters.W_hh
- rows[::-1]
+ rows

rows_reversed: The rows come in reverse order: you work from the last step to the first and collect in that order.
Row t of the result belongs to step t.
- rows[::-1]
+ rows
""",
    ),
    hints=[
        "Begin with the last step: nothing comes after it, so its state owes something to its own output only.",
        "Go backwards through t. Keep one vector of shape (H,), what the later steps hand back; before the last step "
        "it is zero.",
        "At step t: add that vector to row t of dh_from_output, then go back through tanh with the slope of the state "
        "that step t made, row t+1 of hidden.",
        "In words: for t from T - 1 down to 0: dh is dh_from_output[t] plus the carried vector; da[t] is dh times (1 - "
        "hidden[t+1] squared); the carried vector becomes W_hh transposed times da[t].",
    ],
    why="Each state acts on the loss in two ways: through its own output, and through the next state. The second way "
    "is known once the next step is done, so the loop runs backwards. da_t = (1 - h**2) * (dh_from_output_t + "
    "W_hh^T da_{t+1}).",
    notice="At each step back the gradient is multiplied by W_hh^T and by a slope of at most 1: that is where it "
    "vanishes or explodes.",
)


# ---------------------------------------------------------------- weight_gradients


def weight_gradients(inputs, hidden, da, vocab_size):
    """Return (dW_xh, dW_hh, db_h), of shapes (H, V), (H, H), (H,), summed over the time steps."""
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
    rng = np.random.default_rng(24)

    def case(label, inputs, H, V):
        T = len(inputs)
        args = (np.array(inputs), np.tanh(rng.normal(0, 0.7, (T + 1, H))), rng.normal(0, 1, (T, H)), V)
        return Case(label, args, {"T": T, "H": H, "V": V})

    return [
        case("inputs that do not repeat", [1, 0, 3], 5, 6),
        case("a character that comes more than once", [1, 0, 2, 2, 1], 3, 4),
        case("one character (T = 1)", [2], 3, 4),
        case("a longer sequence", [5, 2, 2, 0, 5, 1, 6, 2, 0], 4, 8),
    ]


WEIGHT_GRADIENTS = Exercise(
    weight_gradients,
    weight_gradients_cases,
    minutes=15,
    difficulty=3,
    returns=("dW_xh", "dW_hh", "db_h"),
    groups=("dW_xh", "dW_hh", "db_h"),
    mistakes=mistakes_in(
        weight_gradients,
        """
id_as_row: dW_hh and db_h are right. An id is one number: times da[t] it fills every column of dW_xh. Only one
column of W_xh was used at step t, the one that inputs[t] names: its one-hot row has a 1 there.
- dW_xh[:, inputs[t]] += da[t]
+ dW_xh += np.outer(da[t], inputs[t])

state_after: dW_hh uses the state after each step. W_hh multiplied the state before: which row of hidden is that?
- np.outer(da[t], hidden[t])
+ np.outer(da[t], hidden[t + 1])

state_two_before: dW_hh uses row t - 1 of hidden. The formula's state before step t is h_(t-1), but row 0 of hidden is
the state that came in: in which row does the state before step t stand?
- np.outer(da[t], hidden[t])
+ np.outer(da[t], hidden[t - 1])

state_two_before_from_1: dW_hh leaves out step 0, and pairs step t with row t - 1 of hidden. Row 0 of hidden is the
state that came in, the one before step 0: which row is before step t?
- dW_hh += np.outer(da[t], hidden[t])
+ if t > 0:
+     dW_hh += np.outer(da[t], hidden[t - 1])

state_wraps: dW_hh is wrong at step 0 alone. There the index t - 1 is -1, and Python takes the last row, the state after
the last character. Which state did step 0 start from?
- np.outer(da[t], hidden[t])
+ np.outer(da[t], hidden[1:][t - 1])

entry_by_entry_in_rows: All rows of dW_hh are the same: `da[t] * hidden[t]` has one number per unit. Every pair of units
has a weight: which product makes a number for each pair?
- np.outer(da[t], hidden[t])
+ da[t] * hidden[t]

inner_product: All entries of dW_hh are the same: `da[t] @ hidden[t]` is one number. Every pair of units has a weight:
which product makes a number for each pair?
- np.outer(da[t], hidden[t])
+ da[t] @ hidden[t]

first_time_wins: dW_xh counts a character that comes twice only once: the first time wins. All its steps add up.
- range(T)
+ reversed(range(T))
- dW_xh[:, inputs[t]] += da[t]
+ dW_xh[:, inputs[t]] = da[t]

row_of_dw_xh: You add to a row of dW_xh. It has the shape of W_xh, (H, V): which place in it belongs to a character, and
how do you take a column?
- dW_xh[:, inputs[t]]
+ dW_xh[inputs[t]]

last_step_only: Only the last step is left: the gradients are overwritten at each step, or `return` stands inside a
loop that runs backwards. The same weights act at every step: their gradients add up.
- range(T)
+ reversed(range(T))
- db_h += da[t]
-     return dW_xh, dW_hh, db_h
+ db_h += da[t]
+ return dW_xh, dW_hh, db_h

dw_hh_overwritten: dW_hh is overwritten at each step, so only the last step is left. Add up all steps.
- dW_hh += np.outer
+ dW_hh = np.outer

dw_hh_step_0_left: dW_hh is overwritten at each step: your loop runs backwards, so only step 0 is left. Add up all
steps.
- range(T)
+ reversed(range(T))
- dW_hh += np.outer
+ dW_hh = np.outer

dw_xh_step_0_left: dW_xh is overwritten at each step: your loop runs backwards, so only step 0 is left. Add up all
steps.
- range(T)
+ reversed(range(T))
- dW_xh[:, inputs[t]] += da[t]
+ x = np.eye(vocab_size)[inputs[t]]
+ dW_xh = np.outer(da[t], x)

db_h_step_0_left: db_h is overwritten at each step: your loop runs backwards, so only step 0 is left. Add up all steps.
- range(T)
+ reversed(range(T))
- db_h += da[t]
+ db_h = da[t]

step_0_only: Only step 0 is left. Is each gradient overwritten in a loop that runs backwards, or does `return` stand
inside the loop? The same weights act at every step: their gradients add up.
- db_h += da[t]
-     return dW_xh, dW_hh, db_h
+ db_h += da[t]
+ return dW_xh, dW_hh, db_h

dw_xh_overwritten: dW_xh holds the last step only. Add up all steps.
- dW_xh[:, inputs[t]] += da[t]
+ x = np.eye(vocab_size)[inputs[t]]
+ dW_xh = np.outer(da[t], x)

db_h_overwritten: db_h holds the last step only. The bias acts at every step: add them up.
- db_h += da[t]
+ db_h = da[t]

dw_hh_transposed: Rows and columns of dW_hh have changed places: rows belong to the unit that receives (da), columns to
the unit that sends.
- np.outer(da[t], hidden[t])
+ np.outer(hidden[t], da[t])

too_few_columns: dW_xh has too few columns: the sequence may leave out the last characters. Which argument says how
many there are?
- np.zeros((H, vocab_size))
+ np.zeros((H, max(inputs) + 1))

divided_by_t: The sum is divided by T. The loss is a sum over time, so a gradient is a sum too.
- return dW_xh, dW_hh, db_h
+ return dW_xh / T, dW_hh / T, db_h / T

slope_again: The slope of tanh is applied once more. da has gone through tanh already.
- T, H = da.shape
+ T, H = da.shape
+ da = da * (1 - hidden[1:] ** 2)

wrong_sign: The sign is wrong. This is the gradient itself; the minus comes with the step downhill.
- return dW_xh, dW_hh, db_h
+ return -dW_xh, -dW_hh, -db_h

dw_hh_without_step_0: Step 0 is left out of dW_hh. It has a state before it too: row 0 of hidden.
- dW_hh += np.outer(da[t], hidden[t])
+ if t > 0:
+     dW_hh += np.outer(da[t], hidden[t])

step_0_left_out: Step 0 is left out. It has a state before it too: row 0 of hidden.
- range(T)
+ range(1, T)

last_step_left_out: The last step is left out: your loop ends one step too soon.
- range(T)
+ range(T - 1)

states_reversed: dW_hh pairs each step with states in reverse order. Step t goes with row t of hidden.
- np.outer(da[t], hidden[t])
+ np.outer(da[t], hidden[T - 1 - t])

results_swapped: The first two results are swapped: dW_xh, then dW_hh, then db_h.
- return dW_xh, dW_hh, db_h
+ return dW_hh, dW_xh, db_h
""",
    )
    + mistakes_in(
        weight_gradients_as_products,
        """
last_time_wins: dW_xh counts a character that comes twice only once: the last time wins. With repeated indices, `+=` on
`dW_xh[:, inputs]` does not add up in NumPy (nor does `=`). Go step by step, or use one-hot rows.
- x = np.eye(vocab_size)[inputs]
+ dW_xh = np.zeros((da.shape[1], vocab_size))
- dW_xh = da.T @ x
+ dW_xh[:, inputs] += da.T

all_states: hidden has one row more than da: T + 1 states, and T steps. W_hh multiplied the state before each step:
which T rows of hidden are those?
- hidden[:-1]
+ hidden

db_h_wrong_axis: db_h is summed over the wrong axis: you have one number per time step, but each hidden unit has a bias.
- da.sum(axis=0)
+ da.sum(axis=1)

db_h_one_number: db_h is summed over everything: each hidden unit has a bias of its own. Sum over time only.
- da.sum(axis=0)
+ da.sum()

db_h_not_summed: db_h is not summed over time: you return da itself.
- da.sum(axis=0)
+ da

db_h_mean: db_h is the mean over time. The loss is a sum over time, so the gradient is too.
- da.sum(axis=0)
+ da.mean(axis=0)

dw_xh_transposed: Rows and columns of dW_xh have changed places: it has the shape of W_xh, (H, V).
- da.T @ x
+ x.T @ da

entry_by_entry: dW_hh multiplies entry by entry and gives one number per unit. Every pair of units has a weight: which
product makes a number for each pair?
- da.T @ hidden[:-1]
+ (da * hidden[:-1]).sum(axis=0)
""",
    ),
    hints=[
        "The weights are the same at every time step, so their gradients are sums over the T steps. Start from zeros.",
        "At step t: a = W_hh h_before + W_xh x + b_h. da[t] says how the loss moves with a. What multiplies W_hh in a?",
        "The gradient of a matrix in a product is the outer product of da and what the matrix multiplied. For W_xh "
        "that is a one-hot vector, so da goes into one column.",
        "In words: for each t, add da[t] to column inputs[t] of dW_xh; add the outer product of da[t] and hidden[t] to "
        "dW_hh; add da[t] to db_h.",
    ],
    why="hidden[t] is the state before character t, the one that W_hh multiplied. All T outer products together are "
    "one matrix product, da.T @ hidden[:-1], and for W_xh it is da.T @ one_hot: the finished backward_pass does it so.",
    notice="dW_xh[:, inputs] += da.T would count a repeated character once only: a quiet mistake that many make.",
)


# ---------------------------------------------------------------- backward_pass


def backward_pass(inputs, targets, parameters, forward):
    """Return Parameters that hold the gradient of the loss for each of the five, summed over the time steps.

    inputs, targets  (T,)
    forward          what forward_pass returned for them: loss, probs, (T, V), and hidden, (T+1, H)
    """
    hidden, V = forward.hidden, len(parameters.b_y)
    dlogits = forward.probs - one_hot(targets, V)  # (T, V)
    dh = dlogits @ parameters.W_hy  # (T, H): what each state owes to its own output
    da = rnn_helpers.hidden_gradients(dh, hidden, parameters)  # (T, H): the future added, back through tanh
    dW_xh, dW_hh, db_h = rnn_helpers.weight_gradients(inputs, hidden, da, V)
    dW_hy = dlogits.T @ hidden[1:]  # (V, H): a prediction is made from the state after its character
    db_y = dlogits.sum(axis=0)
    return Parameters(dW_xh, dW_hh, dW_hy, db_h, db_y)


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
        forward = rnn_helpers.forward_pass(inputs, targets, h_prev, parameters)
        return Case(label, (inputs, targets, parameters, forward), {"T": T, "H": H, "V": V})

    three, large = network(3, 6, 33), network(5, 7, 35)
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
    ]


BACKWARD_PASS = Exercise(
    backward_pass,
    backward_pass_cases,
    minutes=25,
    difficulty=3,
    returns=Parameters._fields,
    groups=("W_hy", "b_y", "W_xh", "W_hh", "b_h"),
    mistakes=mistakes_in(
        backward_pass,
        """
no_targets: dlogits is probs alone: the targets are not subtracted, so nothing says which character was right.
- forward.probs - one_hot(targets, V)
+ forward.probs

plus_one_hot: One-hot is added to probs. A higher score for the target makes the loss smaller: subtract it.
- forward.probs - one_hot
+ forward.probs + one_hot

wrong_sign: The sign is wrong: dlogits is probs minus one-hot, not one-hot minus probs. The minus of
training comes with the step downhill.
- forward.probs - one_hot(targets, V)
+ one_hot(targets, V) - forward.probs

softmax_twice: Softmax is taken twice: softmax_gradient wants logits, and forward.probs has gone through softmax
already. From probs, only one-hot is to be subtracted.
- forward.probs - one_hot(targets, V)
+ rnn_helpers.softmax_gradient(forward.probs, targets)

all_rows_all_targets: `dlogits[:, targets]` means these columns in every row, so each step subtracts the targets of all
steps. Row t has one target, targets[t]: index pairs of row and column.
- dlogits = forward.probs - one_hot(targets, V)
+ dlogits = forward.probs.copy()
+ dlogits[:, targets] -= 1

one_from_every_entry: 1 is taken away from every entry of probs. In row t only the entry of targets[t] is lowered.
- one_hot(targets, V)
+ 1

slope_for_probability: dlogits is -1 / p at the target: that is the slope with respect to the probabilities. One more
step of the chain rule leads to the logits; lesson 01 has both steps in one.
- forward.probs - one_hot(targets, V)
+ -one_hot(targets, V) / forward.probs

inputs_for_targets: One-hot is made from inputs, the characters that were read. The loss compares probs with targets.
- one_hot(targets, V)
+ one_hot(inputs, V)

targets_for_inputs: weight_gradients gets targets. W_xh met the characters that were read: the inputs.
- weight_gradients(inputs,
+ weight_gradients(targets,

inputs_and_targets_swapped: inputs and targets have changed places. One-hot in dlogits is made from targets, and
weight_gradients gets the inputs.
- one_hot(targets, V)
+ one_hot(inputs, V)
- weight_gradients(inputs,
+ weight_gradients(targets,

divided_by_t: The gradients are divided by T. The loss is a sum over time, so a gradient is a sum too.
- forward.probs - one_hot(targets, V)
+ (forward.probs - one_hot(targets, V)) / len(targets)

last_target_only: One-hot is subtracted at the last step only. Each row of dlogits has a target of its own.
- dlogits = forward.probs - one_hot(targets, V)
+ dlogits = forward.probs.copy()
+ dlogits[-1, targets[-1]] -= 1

last_loss_only: Only the last prediction counts: the other rows of dlogits are zero. The loss is a sum over all steps,
so each of them has a row.
- dlogits = forward.probs - one_hot(targets, V)
+ dlogits = np.zeros_like(forward.probs)
+ dlogits[-1] = forward.probs[-1] - one_hot(targets, V)[-1]

no_w_hy: hidden_gradients gets dlogits, (T, V). It wants what each state owes to its own output, (T, H): go back through
W_hy first.
- rnn_helpers.hidden_gradients(dh,
+ rnn_helpers.hidden_gradients(dlogits,

w_hy_turned: W_hy is turned the wrong way in dh. For one step, dh is W_hy.T @ dlogits[t]; with the steps in rows the
product changes sides, and W_hy stays as it is.
- dlogits @ parameters.W_hy
+ dlogits @ parameters.W_hy.T

dh_for_da: weight_gradients gets dh, what each state owes to its own output. It wants da, and hidden_gradients makes
that: back through tanh, with what comes from the future.
- hidden, da, V)
+ hidden, dh, V)

not_carried: Nothing is carried back from the future: da has gone through tanh only. A state also acts on all later
outputs, and hidden_gradients adds that.
- rnn_helpers.hidden_gradients(dh, hidden, parameters)
+ tanh_backward(dh, hidden[1:])

only_from_after: W_xh, W_hh and b_h are 0 everywhere: the slopes dh from each step's own output are never added. Nothing
comes from after the last step, so they are where the recurrence begins.
- hidden_gradients(dh, hidden
+ hidden_gradients(0 * dh, hidden

divided_by_slope: You divide by the slope of tanh on the way back. The chain rule multiplies along a path.
- da = rnn_helpers.hidden_gradients(dh, hidden, parameters)
+ da = dh / (1 - hidden[1:] ** 2)
+ for t in reversed(range(len(da) - 1)):
+     da[t] += (parameters.W_hh.T @ da[t + 1]) / (1 - hidden[t + 1] ** 2)

no_w_hh: The gradient is carried back without W_hh. The state before entered the step through W_hh.
- da = rnn_helpers.hidden_gradients(dh, hidden, parameters)
+ da = dh * (1 - hidden[1:] ** 2)
+ for t in reversed(range(len(da) - 1)):
+     da[t] += (1 - hidden[t + 1] ** 2) * da[t + 1]

no_slope: The slope of tanh is left out of da. The gradient is carried back, but each step goes through tanh too.
- da = rnn_helpers.hidden_gradients(dh, hidden, parameters)
+ da = dh.copy()
+ for t in reversed(range(len(da) - 1)):
+     da[t] += parameters.W_hh.T @ da[t + 1]

w_hh_not_transposed: On the way back the gradient goes through W_hh as it is. Forwards the step used W_hh @ h; going
back turns the matrix around.
- da = rnn_helpers.hidden_gradients(dh, hidden, parameters)
+ da = dh * (1 - hidden[1:] ** 2)
+ for t in reversed(range(len(da) - 1)):
+     da[t] += (1 - hidden[t + 1] ** 2) * (parameters.W_hh @ da[t + 1])

forwards: The recurrence runs forwards, from step 0. The gradient of a step needs the one of the step after it, so
which step comes first?
- da = rnn_helpers.hidden_gradients(dh, hidden, parameters)
+ da = dh * (1 - hidden[1:] ** 2)
+ for t in range(1, len(da)):
+     da[t] += (1 - hidden[t + 1] ** 2) * (parameters.W_hh.T @ da[t - 1])

dw_hh_state_after: dW_hh uses the state after each step. W_hh multiplied the state before: which row of hidden is that?
- rnn_helpers.weight_gradients(inputs, hidden, da, V)
+ da.T @ one_hot(inputs, V), da.T @ hidden[1:], da.sum(axis=0)

dw_hh_state_two_before: dW_hh uses row t - 1 of hidden. The formula's state before step t is h_(t-1), but row 0 of
hidden is the state that came in: in which row does the state before step t stand?
- rnn_helpers.weight_gradients(inputs, hidden, da, V)
+ da.T @ one_hot(inputs, V), da.T @ np.roll(hidden, 1, axis=0)[:-1], da.sum(axis=0)

dw_hh_state_wraps: dW_hh is wrong at step 0 alone. There the index t - 1 is -1, and Python takes the last row, the state
after the last character. Which state did step 0 start from?
- rnn_helpers.weight_gradients(inputs, hidden, da, V)
+ da.T @ one_hot(inputs, V), da.T @ np.roll(hidden[1:], 1, axis=0), da.sum(axis=0)

dw_hh_step_0_left: dW_hh is overwritten at each step: your loop runs backwards, so only step 0 is left. Add up all
steps.
- dW_xh, dW_hh, db_h = rnn
+ dW_xh, _, db_h = rnn
- db_y = dlogits.sum(axis=0)
+ db_y, dW_hh = dlogits.sum(axis=0), np.outer(da[0], hidden[0])

dw_hy_step_0_left: dW_hy is overwritten at each step: your loop runs backwards, so only step 0 is left. Add up all
steps.
- dlogits.T @ hidden[1:]
+ np.outer(dlogits[0], hidden[1])

db_h_step_0_left: db_h is overwritten at each step: your loop runs backwards, so only step 0 is left. Add up all steps.
- dW_xh, dW_hh, db_h = rnn
+ dW_xh, dW_hh, _ = rnn
- db_y = dlogits.sum(axis=0)
+ db_h, db_y = da[0], dlogits.sum(axis=0)

db_y_step_0_left: db_y is overwritten at each step: your loop runs backwards, so only step 0 is left. Add up all steps.
- dlogits.sum(axis=0)
+ dlogits[0]

dw_xh_first_time_wins: dW_xh counts a character that comes twice only once: is its column overwritten, with `=`, in a
loop that runs backwards? All steps of a character add up.
- dW_xh, dW_hh, db_h = rnn
+ _, dW_hh, db_h = rnn
- db_y = dlogits.sum(axis=0)
+ dW_xh, db_y = np.zeros_like(parameters.W_xh), dlogits.sum(axis=0)
+ for t in reversed(range(len(da))):
+     dW_xh[:, inputs[t]] = da[t]

dw_xh_last_time_wins: dW_xh counts a character that comes twice only once: the last time wins. With repeated indices,
`+=` on `dW_xh[:, inputs]` does not add up in NumPy, nor does `=` in a loop.
- dW_xh, dW_hh, db_h = rnn
+ _, dW_hh, db_h = rnn
- db_y = dlogits.sum(axis=0)
+ dW_xh, db_y = np.zeros_like(parameters.W_xh), dlogits.sum(axis=0)
+ for t in range(len(da)):
+     dW_xh[:, inputs[t]] = da[t]

slope_before: tanh is gone through twice: dh meets its slope before hidden_gradients, which applies it too. Hand over
dh as it is.
- dlogits @ parameters.W_hy
+ tanh_backward(dlogits @ parameters.W_hy, hidden[1:])

slope_after: tanh is gone through twice: what hidden_gradients returns is da already, before tanh.
- rnn_helpers.hidden_gradients(dh, hidden, parameters)
+ tanh_backward(rnn_helpers.hidden_gradients(dh, hidden, parameters), hidden[1:])

too_few_columns: dW_xh has too few columns: the sequence may leave out the last characters. The parameters say how many
there are.
- hidden, da, V)
+ hidden, da, max(inputs) + 1)

state_before: dW_hy uses the state before each character. A prediction is made from the state after it: which rows of
hidden are those?
- hidden[1:]
+ hidden[:-1]

all_states: hidden has one row more than dlogits, the state that came in, and no prediction was made from that one.
Which T rows go with dlogits in dW_hy?
- dlogits.T @ hidden[1:]
+ dlogits.T @ hidden

dw_hy_transposed: Rows and columns of dW_hy have changed places: it has the shape of W_hy, (V, H).
- dlogits.T @ hidden[1:]
+ hidden[1:].T @ dlogits

dw_hy_from_da: dW_hy is made from da, which belongs to what goes into tanh. What comes out of W_hy is the logits.
- dlogits.T @ hidden[1:]
+ da.T @ hidden[1:]

dw_hy_from_probs: dW_hy is made from probs. The rule is the slope of what comes out times what went in: dlogits.
- dlogits.T @ hidden[1:]
+ forward.probs.T @ hidden[1:]

db_y_from_da: db_y is the sum of da. It acts on the logits, so take the sum of their slopes; the sum of da is db_h.
- dlogits.sum(axis=0)
+ da.sum(axis=0)

db_y_mean: db_y is the mean over time. The loss is a sum over time, so the gradient is too.
- dlogits.sum(axis=0)
+ dlogits.mean(axis=0)

db_y_wrong_axis: db_y is summed over the wrong axis: you have one number per time step. Each of them is 0, because rows
of probs and of one-hot both add up to 1. Each character has a bias.
- dlogits.sum(axis=0)
+ dlogits.sum(axis=1)

db_y_one_number: db_y is summed over everything: each character has a bias of its own. Sum over time only.
- dlogits.sum(axis=0)
+ dlogits.sum()

db_y_not_summed: db_y is not summed over time: you return dlogits itself.
- dlogits.sum(axis=0)
+ dlogits

db_h_not_summed: db_h is not summed over time: you return da itself. The third result of weight_gradients is the sum.
- dW_xh, dW_hh, db_h = rnn
+ dW_xh, dW_hh, _ = rnn
- db_y = dlogits.sum(axis=0)
+ db_h, db_y = da, dlogits.sum(axis=0)

biases_swapped: The two biases are swapped: W_xh, W_hh, W_hy, then b_h, then b_y.
- Parameters(dW_xh, dW_hh, dW_hy, db_h, db_y)
+ Parameters(dW_xh, dW_hh, dW_hy, db_y, db_h)

order_of_computing: The five come in the order in which you computed them. Parameters wants W_xh, W_hh, W_hy, b_h, b_y;
with names, as in Parameters(W_hy=dW_hy, ...), the order does not matter.
- Parameters(dW_xh, dW_hh, dW_hy, db_h, db_y)
+ Parameters(dW_hy, db_y, dW_xh, dW_hh, db_h)

weights_before_biases: The order of the three matrices is wrong: W_xh, W_hh, W_hy, then b_h and b_y.
- Parameters(dW_xh, dW_hh, dW_hy, db_h, db_y)
+ Parameters(dW_hy, dW_xh, dW_hh, db_h, db_y)

clipped: Every entry is cut off at -5 and 5. A gradient is what it is: clipping is a step of its own, after this
function.
- Parameters(dW_xh, dW_hh, dW_hy, db_h, db_y)
+ Parameters(*[np.clip(gradient, -5, 5) for gradient in (dW_xh, dW_hh, dW_hy, db_h, db_y)])

three_results: There are three gradients, those that weight_gradients makes: W_hy and b_y are trained too.
- return Parameters(dW_xh, dW_hh, dW_hy, db_h, db_y)
+ return dW_xh, dW_hh, db_h

no_db_y: There are four gradients: that of b_y is missing. b_y is trained too.
- return Parameters(dW_xh, dW_hh, dW_hy, db_h, db_y)
+ return dW_xh, dW_hh, dW_hy, db_h
""",
    )
    + mistakes_in(
        backward_pass_by_loop,
        """
probs_changed: forward.probs is made into dlogits in place: `dlogits = forward.probs` only gives it a second name. Take
a copy first.
- forward.probs.copy()
+ forward.probs

dw_hy_overwritten: dW_hy is overwritten at each step, so only the last step is left. Add up all steps.
- dW_hy += np.outer
+ dW_hy = np.outer

db_y_overwritten: db_y holds the last step only. The bias acts at every step: add them up.
- db_y += dlogits[t]
+ db_y = dlogits[t]
""",
    ),
    hints=[
        "Go back the way the numbers came: from the loss to the logits, to the states, through tanh, to the weights. "
        "Your hidden_gradients and weight_gradients do most of it.",
        "dlogits is probs minus one-hot, (T, V). Take it back through W_hy, and you have what each state owes to its "
        "own output, (T, H). Which function of yours makes da from that?",
        "weight_gradients gives three of the five. For W_hy the same rule holds: the slope of what comes out, dlogits, "
        "times what went in, the state after each character. For b_y a 1 went in.",
        "In words: dlogits is forward.probs minus the one-hot rows of targets; dh is dlogits @ W_hy; da is "
        "hidden_gradients of dh, hidden and parameters; weight_gradients of inputs, hidden, da and V gives dW_xh, "
        "dW_hh, db_h; dW_hy is dlogits transposed @ hidden[1:]; db_y is the sum of dlogits over time; return "
        "Parameters of the five.",
    ],
    why="A prediction is made from the state after its character, so dW_hy goes with hidden[1:], while W_hh multiplied "
    "the states before, hidden[:-1]. dlogits @ W_hy is W_hy^T dlogits_t for all steps at once: only the recurrence "
    "has to go step by step.",
    notice="This is all of backpropagation through time. gradient_check(inputs, targets, h_prev, parameters, "
    "backward_pass) measures whether a backward pass is right, and training needs nothing else from it.",
)


# ---------------------------------------------------------------- numerical_gradient


def numerical_gradient_by_copies(f, x, epsilon=1e-5):
    slopes = np.zeros_like(x)
    for entry in np.ndindex(x.shape):
        above, below = x.copy(), x.copy()
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
    ]


NUMERICAL_GRADIENT = Exercise(
    numerical_gradient,
    numerical_gradient_cases,
    minutes=15,
    difficulty=2,
    mistakes=mistakes_in(
        numerical_gradient,
        """
one_sided: The difference is one-sided: f(x + epsilon) - f(x). Move to both sides, and divide by the whole distance.
- x[entry] = original - epsilon
+ x[entry] = original
- / (2 * epsilon)
+ / epsilon

one_sided_left: The difference is one-sided, to the left: f(x) - f(x - epsilon). Move to both sides.
- x[entry] = original + epsilon
+ x[entry] = original
- / (2 * epsilon)
+ / epsilon

half_the_distance: Twice too large: the two points are not epsilon apart. How far is it from x - epsilon to x + epsilon?
- / (2 * epsilon)
+ / epsilon

moved_half_back: You divide by the whole distance between two points, but only one of them is moved: below is f(x)
itself. Was the entry moved back only half of the way?
- x[entry] = original - epsilon
+ x[entry] -= epsilon

not_divided: The difference is not divided by anything. A slope is a difference per distance.
- (above - below) / (2 * epsilon)
+ above - below

no_parentheses: Parentheses are missing in the division: `/ 2 * epsilon` divides by 2 and then multiplies by epsilon.
- / (2 * epsilon)
+ / 2 * epsilon

no_parentheses_at_all: Parentheses are missing, twice: only the second f is divided, and not by all of `2 * epsilon`.
The whole difference belongs above, the whole distance below.
- (above - below) / (2 * epsilon)
+ above - below / 2 * epsilon

no_parentheses_above: Parentheses are missing: only the second f is divided. The whole difference is divided by the
distance.
- (above - below) / (2 * epsilon)
+ above - below / (2 * epsilon)

sign_turned: The sign is turned: above minus below, not below minus above.
- above - below
+ below - above

epsilon_not_used: The argument epsilon is not used: your distance is always the same.
- slopes = np.zeros_like(x)
+ slopes = np.zeros_like(x)
+ epsilon = 1e-5

relative_distance: The distance depends on the size of the entry. Move every entry by epsilon itself.
- original = x[entry]
+ original = x[entry]
+ step = epsilon * max(1, abs(original))
- original + epsilon
+ original + step
- original - epsilon
+ original - step
- / (2 * epsilon)
+ / (2 * step)

entry_times_epsilon: The entry is moved by a share of itself, entry times epsilon, but you divide by 2 epsilon. Move
every entry by epsilon itself, whatever its size.
- original + epsilon
+ original * (1 + epsilon)
- original - epsilon
+ original * (1 - epsilon)

x_not_restored: x is changed and not restored: after each entry it stays at x - epsilon, so the next slopes are
measured from another point.
- x = np.array(x, dtype=float)
+ x = np.asarray(x, dtype=float)
- x[entry] = original
-         slopes[entry]
+ slopes[entry]

x_stays_above: x is changed and not restored: each entry stays moved by epsilon. And the difference goes to one side
only.
- x = np.array(x, dtype=float)
+ x = np.asarray(x, dtype=float)
- original = x[entry]
-         x[entry] = original + epsilon
+ below = f(x)
+ x[entry] += epsilon
- x[entry] = original - epsilon
-         below = f(x)
-         x[entry] = original
-         slopes[entry] = (above - below) / (2 * epsilon)
+ slopes[entry] = (above - below) / epsilon

copy_not_restored: Your copy is not restored between entries: the entries moved before stay moved while the next one is
measured.
- x[entry] = original
-         slopes[entry]
+ slopes[entry]

flat: The slopes come as one flat row. Return them in the shape of x.
- return slopes
+ return slopes.ravel()
""",
    )
    + mistakes_in(
        numerical_gradient_by_copies,
        """
one_number: All entries are moved at once, which gives one number. You need a slope for each entry: move one, keep the
others.
- slopes = np.zeros_like(x)
-     for entry in np.ndindex(x.shape):
-         above, below = x.copy(), x.copy()
-         above[entry] += epsilon
-         below[entry] -= epsilon
-         slopes[entry] = (f(above) - f(below)) / (2 * epsilon)
-     return slopes
+ return (f(x + epsilon) - f(x - epsilon)) / (2 * epsilon)

entry_replaced: epsilon stands in the place of the entry. Move the entry by epsilon: what stands there counts too.
- above[entry] += epsilon
+ above[entry] = epsilon
- below[entry] -= epsilon
+ below[entry] = -epsilon

slopes_added_up: The slopes of all entries are added up into one number. Each entry has a slope of its own, in its own
place.
- return slopes
+ return slopes.sum()

all_at_once: All entries are moved at once, so every slope is the same. Move one entry, keep the others.
- above[entry] +=
+ above +=
- below[entry] -=
+ below -=

row_by_row: In a matrix you move a whole row at once. Each entry has its own slope: np.ndindex(x.shape) visits them all.
- np.ndindex(x.shape)
+ range(len(x))

no_copy: All slopes are 0: are they stored in their places, and is f measured at two different points?
`x_plus = x` gives x a second name, it does not make a copy.
- x.copy(), x.copy()
+ x, x
""",
    ),
    hints=[
        "The slope at one entry: move this entry a little up and a little down, and see how far f moves.",
        "Between the two points lies a distance of two epsilon.",
        "Go through all entries, also of a matrix: for entry in np.ndindex(x.shape) gives an index that works as "
        "x[entry]. Put the entry back before you go on.",
        "In words: for each entry, keep its value; f with value + epsilon; f with value - epsilon; put the value back; "
        "the slope is the first minus the second, divided by (2 * epsilon).",
    ],
    why="The two-sided difference is wrong by about epsilon squared, the one-sided by about epsilon: with 1e-5 that is "
    "five digits more. Working on a copy keeps the caller's array safe even if f fails half way.",
    notice="It calls f twice per entry, so it is slow: good for checking a gradient, not for training.",
)


# ---------------------------------------------------------------- mend_backward_pass


def gradient_report(backward_pass):
    """Return what gradient_check says of a backward pass, for sequences of one and of six characters."""
    inputs, targets = np.array([1, 0, 2, 2, 0, 1]), np.array([0, 2, 2, 3, 1, 2])
    h_prev = np.array([0.3, -0.5, 0.2])
    texts = []
    for T in (1, 6):
        result = rnn_helpers.gradient_check(inputs[:T], targets[:T], h_prev, pencil_network(), backward_pass)
        texts.append(f"gradient_check, {T} character{'s' * (T > 1)}:\n{result}")
    return "\n\n".join(texts)


MEND_BACKWARD_PASS = mend(
    BACKWARD_PASS,
    "w_hh_not_transposed",
    look=gradient_report,
    nudge="Which gradients does the report call wrong, and which line do they all come through?",
    minutes=12,
    difficulty=2,
    hints=[
        'report("mend_backward_pass") shows its gradient check. Which gradients are wrong, which are right? The fault '
        "lies before the wrong ones, and after or beside the right ones.",
        "With one character all is right. What happens in the function only if there are two or more?",
        "The loop hands the gradient back from step t + 1 to step t. Forwards, the number h[k] acts on a[j] of the "
        "next step with the weight W_hh[j, k]. So on the way back, what does k collect from all j?",
        "In words: going back, the matrix is turned around. The shapes do not tell, since W_hh is square.",
    ],
    why="Forwards a = W_hh @ h, so backwards each h collects W_hh.T @ da. W_hh is square, so the wrong product has the "
    "right shape, and only a gradient check with two or more characters notices. hidden_gradients does this loop.",
    notice="W_hy and b_y were right, since nothing is carried back to them; one character was right, since nothing is "
    "carried at all.",
)


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
            f"It was run with 6 characters: the gradient of {spared[0]} comes out right. Is anything carried to it?",
        )
    if missing:
        return (
            False,
            f"It was run with 6 characters: the gradient of {missing[0]} comes out wrong too. What is it made from?",
        )
    if not spoiled_gradients(start):
        says = "What has been carried when the loop uses it for the first time, and what was it before that?"
        return False, f"These three, yes. But with {start} characters all five come out right. {says}"
    return (
        True,
        "It was run with 1, 2 and 3 characters: the first wrong gradients come with 3, and they are these three.",
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


def clip_gradients(gradients, max_norm):
    """Return the gradients, all five times one factor if their norm is above max_norm."""
    norm = np.sqrt(sum((g**2).sum() for g in gradients))  # as if all five were one long vector
    if norm <= max_norm:
        return gradients
    return Parameters(*[g * (max_norm / norm) for g in gradients])


def clip_gradients_cases():
    quiet = network(3, 4, 26, 0.1)
    big_W = quiet._replace(W_hh=np.random.default_rng(27).normal(0, 3, (3, 3)))
    return [
        Case("a norm far above max_norm", (network(3, 4, 28, 4.0), 2.0), {"H": 3, "V": 4}),
        Case("a norm below max_norm", (network(3, 4, 29, 0.3), 5.0), {"H": 3, "V": 4}),
        Case("one large array and four small ones", (big_W, 3.0), {"H": 3, "V": 4}),
        Case("all arrays below max_norm, together above", (network(5, 6, 30, 0.35), 2.5), {"H": 5, "V": 6}),
        Case("a norm a little below max_norm", (network(3, 4, 31, 1.0), 7.0), {"H": 3, "V": 4}),
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
    remark=_norm_remark,
    returns=Parameters._fields,
    mistakes=mistakes_in(
        clip_gradients,
        """
each_by_its_own: Each array is clipped by its own norm. That bends the direction of the step: all five share one norm
and one factor.
- if norm <= max_norm:
-         return gradients
-     return Parameters(*[g * (max_norm / norm) for g in gradients])
+ return Parameters(*[g * min(1, max_norm / np.linalg.norm(g)) for g in gradients])

each_to_max_norm: Each array is scaled to length max_norm by its own norm, also where it is short. All five share one
norm and one factor, and short ones stay.
- if norm <= max_norm:
-         return gradients
-     return Parameters(*[g * (max_norm / norm) for g in gradients])
+ return Parameters(*[g * (max_norm / np.linalg.norm(g)) for g in gradients])

cut_by_difference: The factor is (norm - max_norm) / norm: that is the share which is too much. Which share of the
length may stay?
- (max_norm / norm)
+ ((norm - max_norm) / norm)

scaled_up: Small gradients are scaled up to max_norm. Clipping only makes large ones smaller.
- if norm <= max_norm:
-         return gradients
-     return Parameters
+ return Parameters

entries_cut: Each entry is cut at max_norm. Clipping by norm keeps the direction: all entries get the same factor.
- g * (max_norm / norm)
+ np.clip(g, -max_norm, max_norm)

no_root: The root is missing: you compare the sum of the squares with max_norm.
- np.sqrt(sum((g**2).sum() for g in gradients))
+ sum((g**2).sum() for g in gradients)

norm_of_all_at_once: gradients holds five arrays of different shapes, so a function of NumPy cannot take them as one.
Their norm is the length of all entries together: what can you add up, array by array?
- np.sqrt(sum((g**2).sum() for g in gradients))
+ np.linalg.norm(gradients)

squares_of_all_at_once: gradients holds five arrays of different shapes, and `gradients ** 2` cannot square them all at
once. Go through the arrays one by one.
- sum((g**2).sum() for g in gradients)
+ np.sum(gradients**2)

all_scaled_at_once: gradients holds five arrays of different shapes, and one product cannot scale them all. Go through
the arrays one by one, and put them together again.
- Parameters(*[g * (max_norm / norm) for g in gradients])
+ gradients * (max_norm / norm)

norms_added: You add the norms of the five arrays. Add all squares first, then take one root.
- np.sqrt(sum((g**2).sum() for g in gradients))
+ sum(np.linalg.norm(g) for g in gradients)

upside_down: The factor is upside down: it makes large gradients still larger.
- (max_norm / norm)
+ (norm / max_norm)

largest_entry: You use the largest entry as the norm. The norm is the length of all entries together: the root of the
sum of squares.
- np.sqrt(sum((g**2).sum() for g in gradients))
+ max(np.abs(g).max() for g in gradients)

to_length_1: Scaled to length 1: the factor forgets max_norm.
- g * (max_norm / norm)
+ g / norm

divided_by_max_norm: You divide by max_norm. The result still has a length that depends on the input; it must be
max_norm.
- g * (max_norm / norm)
+ g / max_norm

times_max_norm: You multiply by max_norm, but do not divide by the norm.
- g * (max_norm / norm)
+ g * max_norm

comparison_turned: The comparison is the wrong way round: small gradients are scaled, large ones stay.
- norm <= max_norm
+ norm >= max_norm

norm_without_biases: The biases are left out of the norm. All five arrays count.
- (g**2).sum() for g in gradients
+ (g**2).sum() for g in gradients[:3]

biases_not_scaled: The biases are not scaled. All five arrays get the same factor.
- return Parameters(*[g * (max_norm / norm) for g in gradients])
+ W_xh, W_hh, W_hy = [g * (max_norm / norm) for g in gradients[:3]]
+ return Parameters(W_xh, W_hh, W_hy, gradients.b_h, gradients.b_y)

each_in_place: Two things: the gradients that you got are changed in place. And each array is clipped by its own norm,
but all five share one norm and one factor.
- if norm <= max_norm:
-         return gradients
-     return Parameters(*[g * (max_norm / norm) for g in gradients])
+ for g in gradients:
+     g *= min(1, max_norm / np.linalg.norm(g))
+ return gradients

in_place: The gradients that you got are changed in place. Return new arrays, and leave the old ones as they are.
- return Parameters(*[g * (max_norm / norm) for g in gradients])
+ for g in gradients:
+     g *= max_norm / norm
+ return gradients

no_return: When the norm is below max_norm the function ends without a `return`. Then the gradients come back as they
are.
- if norm <= max_norm:
-         return gradients
-     return Parameters
+ if norm > max_norm:
+     return Parameters

mean_of_squares: You take the mean of the squares. The norm is the root of their sum.
- norm = np.sqrt(sum((g**2).sum() for g in gradients))
+ together = np.concatenate([g.ravel() for g in gradients])
+ norm = np.sqrt(np.mean(together**2))

scaling_lost: The gradients come back as they are, however large. Is the result of the scaling lost? `g = g * factor` in
a loop gives a new array a name, and the old one stays in the tuple.
- return Parameters(*[g * (max_norm / norm) for g in gradients])
+ for g in gradients:
+     g = g * (max_norm / norm)
+ return gradients

norm_of_w_hh: The norm is that of W_hh alone. All five arrays count.
- np.sqrt(sum((g**2).sum() for g in gradients))
+ np.linalg.norm(gradients.W_hh)

absolute_values: You sum the absolute values. The norm is the root of the sum of squares.
- np.sqrt(sum((g**2).sum() for g in gradients))
+ sum(np.abs(g).sum() for g in gradients)
""",
    ),
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


# ---------------------------------------------------------------- leaky_backward_step


def leaky_backward_step(dh, squashed, W_hh, keep):
    """Go back through one step of a leaky cell, h = keep * h_before + (1 - keep) * squashed.

    dh        (H,), the slope of the loss for h
    squashed  (H,), what tanh gave: tanh(a), where a = W_hh @ h_before + W_xh @ x + b_h
    keep      a number, the share of the state before that stays
    Return (da, dh_before), both (H,): the slopes of the loss for a and for h_before, as far as they come through h.
    """
    da = (1 - keep) * dh * (1 - squashed**2)
    dh_before = keep * dh + W_hh.T @ da  # two paths lead from h_before to h: straight, and through a
    return da, dh_before


def leaky_backward_step_by_jacobian(dh, squashed, W_hh, keep):
    slopes = np.diag((1 - keep) * (1 - squashed**2))  # (H, H), of h for a
    jacobian = keep * np.eye(len(dh)) + slopes @ W_hh  # (H, H), of h for h_before
    return dh @ slopes, dh @ jacobian


def leaky_backward_step_cases():
    rng = np.random.default_rng(26)

    def case(label, H, keep, spread=0.8):
        args = rng.normal(0, 1, H), np.tanh(rng.normal(0, spread, H)), rng.normal(0, 0.6, (H, H)), keep
        return Case(label, args, {"H": H})

    return [
        case("a small cell", 3, 0.7),
        case("one hidden unit (H = 1)", 1, 0.25),
        case("a larger cell", 6, 0.9),
        case("keep = 0, the cell of this page", 4, 0.0),
        case("keep = 1, the state stays as it is", 5, 1.0),
    ]


LEAKY_BACKWARD_STEP = Exercise(
    leaky_backward_step,
    leaky_backward_step_cases,
    minutes=15,
    difficulty=3,
    returns=("da", "dh_before"),
    groups=("da", "dh_before"),
    mistakes=mistakes_in(
        leaky_backward_step,
        """
straight_path_forgotten: dh_before has the path through a only. There is a second one: a share of the state before goes
straight into h.
- keep * dh + W_hh.T @ da
+ W_hh.T @ da

path_through_a_forgotten: dh_before has the straight path only. The state before also acts on a, with W_hh.
- keep * dh + W_hh.T @ da
+ keep * dh

shares_swapped: The two shares have changed places: how much of tanh's result goes into h, and how much of the state
before?
- (1 - keep) * dh
+ keep * dh
- keep * dh + W_hh.T
+ (1 - keep) * dh + W_hh.T

keep_in_da: da is multiplied by keep. That is the share of the state before; what is the share of tanh's result?
- (1 - keep) * dh
+ keep * dh

keep_left_out_of_da: keep is left out of da: only a share of what tanh gives goes into h.
- (1 - keep) * dh
+ dh

straight_path_whole: On the straight path dh comes back whole. How fast does h move when the state before moves, if a
stays?
- keep * dh + W_hh.T
+ dh + W_hh.T

straight_path_other_share: On the straight path dh is multiplied by 1 - keep. That is the share of tanh's result.
- keep * dh + W_hh.T
+ (1 - keep) * dh + W_hh.T

keep_left_out: keep is left out everywhere. Both paths into h have a share, and the two shares add up to 1.
- (1 - keep) * dh
+ dh
- keep * dh + W_hh.T
+ dh + W_hh.T

as_without_leak: Those are the slopes of the cell without a leak. Here h is a mixture of two, with shares keep and
1 - keep.
- (1 - keep) * dh
+ dh
- keep * dh + W_hh.T @ da
+ W_hh.T @ da

w_hh_not_transposed: dh goes back through W_hh as it is. Forwards a = W_hh @ h_before; going back
turns the matrix around.
- W_hh.T @ da
+ W_hh @ da

no_w_hh: On the path through a, W_hh is missing: the state before enters a through it.
- W_hh.T @ da
+ da

dh_through_w_hh: W_hh gets dh. The state before acts inside tanh, so what goes back through W_hh is da.
- W_hh.T @ da
+ W_hh.T @ dh

share_twice: The share 1 - keep is applied twice on the path through a: da has it already.
- W_hh.T @ da
+ (1 - keep) * W_hh.T @ da

all_through_w_hh: The straight path goes through W_hh too. Straight means that only keep lies on it.
- keep * dh + W_hh.T @ da
+ W_hh.T @ (keep * dh + da)

da_on_straight_path: The straight path starts from da. It passes neither tanh nor a, so it starts from dh.
- keep * dh + W_hh.T
+ keep * da + W_hh.T

no_slope: The slope of tanh is left out.
- dh * (1 - squashed**2)
+ dh

h_not_squared: The slope is 1 - squashed here. Something in the slope of tanh is squared.
- (1 - squashed**2)
+ (1 - squashed)

tanh_again: tanh is taken of squashed again in the slope. squashed is tanh(a) already.
- squashed**2
+ np.tanh(squashed) ** 2

paths_multiplied: The two paths are multiplied. Along a path you multiply; where paths meet you do something else.
- keep * dh + W_hh.T @ da
+ keep * dh * (W_hh.T @ da)

paths_subtracted: One path is taken away from the other. Where paths meet, what do you do?
- keep * dh + W_hh.T @ da
+ keep * dh - W_hh.T @ da

results_swapped: The two results come in the wrong order: first da, then dh_before.
- return da, dh_before
+ return dh_before, da

dh_changed: dh is changed in place, and the caller still needs it. Make a new array.
- dh_before = keep * dh + W_hh.T @ da
+ dh *= keep
+ dh_before = dh + W_hh.T @ da
""",
    ),
    hints=[
        "Draw it: from h_before one arrow goes straight to h, with the factor keep. Another goes to a, then through "
        "tanh, with the factor 1 - keep, to h.",
        "Begin with da: walk from h back to a. Multiply dh by all that lies on this way, the share and the slope "
        "of tanh.",
        "Then dh_before: one part for each arrow that leaves h_before, and where paths meet, add.",
        "In words: da is (1 - keep) times dh times (1 minus squashed squared). dh_before is keep times dh, plus W_hh "
        "transposed times da.",
    ],
    why="Along a path multiply, where paths meet add: these two rules give the backward pass of any cell. With keep = "
    "0 it is that of this page.",
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
    minutes=30,
    difficulty=3,
    hints=[
        "Measure the slopes: move one number of the parameters a little up and a little down, and see how far the loss "
        "of forward_pass moves. numerical_gradient does it for one array.",
        "A function of one array for numerical_gradient: lambda W: forward_pass(inputs, targets, h_prev, "
        "parameters._replace(W_hh=W)).loss. Compare with np.allclose, as measured slopes are a little off.",
        "Which network hides no mistake? Weights that are not tiny, biases and h_prev that are not zero, several "
        "characters, some of them more than once, and a vocabulary whose last character is not among the inputs.",
        "In words: make parameters, inputs, targets and h_prev; forward with forward_pass; the five gradients of the "
        "function; for each compare its shape with that of the parameter, and its entries with the measured slopes.",
    ],
    why="A slope can be measured without knowing how the gradient is computed, so the check needs no right backward "
    "pass. What it sees depends on its network: with zeros or a single character much stays hidden.",
    notice="Such a check needs no finished function, so it serves for any network that you will ever write.",
)
