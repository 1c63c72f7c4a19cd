"""Lesson 09: a state that leaks, a state with gates, a task that asks for memory, and a probe of what a state knows."""

import numpy as np

from course.checker.broken import mend
from course.checker.catching import Catch
from course.checker.exercise import Case, Exercise, mistakes_in
from course.lessons.cases import network, pencil_network
from course.models import gates
from course.models.gates import GRUParameters, gru_step, gru_step_backward, leaky_backward
from rnn_helpers import numerical_gradient

# ---------------------------------------------------------------- leaky_backward


def leaky_backward_by_rows(dh, n, parameters, keep):
    da = (1 - keep) * dh * (1 - n**2)
    kept = keep * dh
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
    ]


LEAKY_BACKWARD = Exercise(
    leaky_backward,
    leaky_backward_cases,
    minutes=12,
    difficulty=2,
    returns=("da", "dh_prev"),
    groups=("da", "dh_prev"),
    mistakes=mistakes_in(
        leaky_backward_by_rows,
        """
no_kept_way: da is right. The old state also went straight into the new one, past the tanh: what comes back on that way
is missing in dh_prev.
- return da, kept + through_tanh
+ return da, through_tanh

kept_way_only: da is right. The old state also went through W_hh into the tanh: what comes back on that way is missing
in dh_prev.
- return da, kept + through_tanh
+ return da, kept

all_of_dh_kept: da is right. In dh_prev, all of dh comes back past the tanh: how large is the share that went this way?
- kept = keep * dh
+ kept = dh

no_share_in_da: Only a part of the new state comes from the tanh: where is its share in da?
- (1 - keep) * dh
+ dh

no_share_in_da_all_kept: Both shares are missing: one goes through the tanh, into da, and one goes past it.
- (1 - keep) * dh
+ dh
- kept = keep * dh
+ kept = dh

shares_swapped: The two shares have changed places: which of them multiplied the old state, and which the tanh?
- (1 - keep) * dh
+ keep * dh
- kept = keep * dh
+ kept = (1 - keep) * dh

kept_share_in_da: In da stands the share of the old state. The tanh had the other share.
- (1 - keep) * dh
+ keep * dh

new_share_kept: da is right. The share in dh_prev is that of the tanh: which share of the old state was kept?
- kept = keep * dh
+ kept = (1 - keep) * dh

no_slope: The slope of tanh is missing in da.
- (1 - keep) * dh * (1 - n**2)
+ (1 - keep) * dh

n_not_squared: The slope is 1 - n here. In the slope of tanh, n is squared.
- (1 - n**2)
+ (1 - n)

sigmoid_slope: n times 1 - n is the slope of another function, the sigmoid. n comes from a tanh.
- (1 - n**2)
+ n * (1 - n)

tanh_again: tanh is taken of n again in the slope. n is tanh(a) already.
- (1 - n**2)
+ (1 - np.tanh(n) ** 2)

w_hh_not_transposed: da is right. On the way back it goes through W_hh as it is: forwards the step used W_hh @ h, so
going back turns the matrix around.
- parameters.W_hh.T @ da
+ parameters.W_hh @ da

dh_through_w_hh: da is right. What goes back through W_hh has not gone through the tanh yet: which of the two is it, dh
or da?
- parameters.W_hh.T @ da
+ parameters.W_hh.T @ dh

no_slope_through_w_hh: da is right. What you send back through W_hh has its share, but not the slope of tanh: coming
back, which of the two is met first, the tanh or W_hh?
- parameters.W_hh.T @ da
+ parameters.W_hh.T @ ((1 - keep) * dh)

no_w_hh: da is right. It comes back to dh_prev without W_hh, through which the old state went into the tanh.
- parameters.W_hh.T @ da
+ da

share_twice: da is right, and its share is in it. On the way to dh_prev you take that share once more.
- parameters.W_hh.T @ da
+ (1 - keep) * parameters.W_hh.T @ da

kept_of_both: da is right. In dh_prev, keep multiplies both ways. Only what went past the tanh was multiplied by it.
- kept + through_tanh
+ kept + keep * through_tanh

other_order: The two results come in the other order: first da, then dh_prev.
- return da, kept + through_tanh
+ return kept + through_tanh, da

da_alone: That is da alone. The slope for the state before, dh_prev, is asked for too.
- return da, kept + through_tanh
+ return da

plain_network: These are the slopes of the plain network: keep is not used.
- (1 - keep) * dh
+ dh
- kept + through_tanh
+ through_tanh
""",
    ),
    hints=[
        "The old state enters the new one in two ways: through W_hh and the tanh, and straight, multiplied by keep.",
        "da: how does h move with n, and n with a? Two factors stand before dh.",
        "dh_prev adds up both ways back: past the tanh, and through it. The second one needs da.",
        "In words: da is dh times (1 - keep) times the slope of tanh; dh_prev is keep times dh, plus W_hh transposed "
        "times da.",
    ],
    why="h depends on h_prev twice, so the chain rule adds two ways. Past the tanh there is no matrix and no slope: "
    "only the number keep.",
    notice="On the kept way a slope shrinks by keep alone at each step, whatever W_hh is.",
)


# ---------------------------------------------------------------- flip_flop


def flip_flop_pair_by_pair(pairs, rng):
    text, written = "", ""
    for k in range(pairs):
        u = rng.random()
        v = rng.random()
        instruction = "i" if u < 0.8 else "w" if u < 0.9 else "r"
        if k == 0:
            instruction = "w"
        if k == pairs - 1:
            instruction = "r"
        letter = "abcdefgh"[int(8 * v)]
        if instruction == "w":
            written = letter
        if instruction == "r":
            letter = written
        text += instruction + letter
    return text


def flip_flop_cases():
    return [
        Case(label, (pairs, np.random.default_rng(seed)), {})
        for label, pairs, seed in [
            ("three pairs", 3, 0),
            ("twelve pairs", 12, 4),
            ("two pairs", 2, 5),
            ("forty pairs", 40, 7),
        ]
    ]


def flip_flop_remark(case, parts):
    """Say which rule of the task a text breaks, or that it is another text than rng gives."""
    text, written = "".join(map(chr, parts[""].tolist())), ""
    pairs = [text[k : k + 2] for k in range(0, len(text), 2)]
    if any(pair[0] not in "wir" or pair[1] not in "abcdefgh" for pair in pairs):
        return "Each pair is an instruction, w, i or r, and a letter from a to h."
    if pairs[0][0] != "w":
        return "The first pair must write, whatever the random numbers are."
    if pairs[-1][0] != "r":
        return "The last pair must read, whatever the random numbers are."
    for instruction, letter in pairs:
        written = letter if instruction == "w" else written
        if instruction == "r" and letter != written:
            return "Somewhere r is followed by another letter than the one that w wrote last."
    return "It keeps the rules, and is another text than these random numbers give: what does each pair draw, and how?"


FLIP_FLOP = Exercise(
    gates.flip_flop,
    flip_flop_cases,
    minutes=15,
    difficulty=2,
    result="text",
    remark=flip_flop_remark,
    mistakes=mistakes_in(
        flip_flop_pair_by_pair,
        """
first_not_a_write: The first pair does not always write. Until something is written there is nothing to read: what must
its instruction be?
- if k == 0:
-             instruction = "w"
+

read_before_a_write: The first pair does not always write, so an r may come before any w, and gets a letter that nobody
wrote. What must the first instruction be?
- text, written = "", ""
+ text, written = "", "a"
- if k == 0:
-             instruction = "w"
+

last_not_a_read: The last pair does not always read: what must its instruction be, whatever u is?
- if k == pairs - 1:
-             instruction = "r"
+

no_fixed_ends: Neither the first nor the last instruction is fixed. The text begins with a write and ends with a read,
whatever u is.
- if k == 0:
-             instruction = "w"
+
- if k == pairs - 1:
-             instruction = "r"
+

ignored_is_written: After r comes the letter of the pair before, also where that was to be ignored: the letter after i
is stored too. What w wrote stays.
- if instruction == "w":
+ if instruction in "wi":

read_is_drawn: After r comes a letter drawn at random. It must be the last one written.
- if instruction == "r":
-             letter = written
+

first_is_read: After r always comes the first letter that was written. A later w replaces it.
- if instruction == "w":
+ if instruction == "w" and not written:

w_and_r_swapped: Where u is 0.8 or more, w and r have changed places: w lies from 0.8 to below 0.9.
- "i" if u < 0.8 else "w" if u < 0.9 else "r"
+ "i" if u < 0.8 else "r" if u < 0.9 else "w"

w_and_i_swapped: i and w have changed places: most pairs, those with u below 0.8, are to be ignored.
- "i" if u < 0.8 else "w" if u < 0.9 else "r"
+ "w" if u < 0.8 else "i" if u < 0.9 else "r"

equal_shares: The three instructions are equally frequent. i takes each u below 0.8, and the other two share
the rest.
- "i" if u < 0.8 else "w" if u < 0.9 else "r"
+ "iwr"[int(3 * u)]

never_a_read: Between the ends no r is ever drawn: there are three kinds of instruction, and the last tenth of u
belongs to r.
- "i" if u < 0.8 else "w" if u < 0.9 else "r"
+ "i" if u < 0.8 else "w"

u_for_the_letter: The letter comes from u, the number that gave the instruction. It has a number of its own, the second.
- int(8 * v)
+ int(8 * u)

numbers_swapped: The two random numbers have changed places: the first is for the instruction, the second for the
letter.
- u = rng.random()
-         v = rng.random()
+ v = rng.random()
+ u = rng.random()

all_instructions_first: All numbers for the instructions are drawn first, then all for the letters. Each pair draws its
own two, one after the other.
- text, written = "", ""
+ text, written = "", ""
+ first, second = rng.random(pairs), rng.random(pairs)
- u = rng.random()
-         v = rng.random()
+ u, v = first[k], second[k]

not_always_two: The random numbers get out of step: each pair draws two, also where it needs only one or none.
- v = rng.random()
-         instruction
+ instruction
- letter = "abcdefgh"[int(8 * v)]
+ letter = written if instruction == "r" else "abcdefgh"[int(8 * rng.random())]

not_two_at_the_ends: The random numbers get out of step: the first and the last pair draw two as well, though their
instruction is fixed.
- u = rng.random()
-         v = rng.random()
+ u = rng.random() if 0 < k < pairs - 1 else 0
+ v = rng.random()

whole_numbers_drawn: The letter is drawn with another function of rng, so all later numbers are other ones. Take
rng.random() for both.
- v = rng.random()
+ v = rng.integers(8) / 8

seven_letters: One of the eight letters can never come: u and v are below 1, and 8 letters share that line.
- int(8 * v)
+ int(7 * v)

rounded: The number of the letter is rounded, so the ends get half a share, or there is no such letter. Cut off what is
behind the point.
- int(8 * v)
+ round(7 * v)

letter_first: The letters stand before the instructions. First what is to be done, then the letter.
- text += instruction + letter
+ text += letter + instruction

with_spaces: There are other characters between the pairs. The text is made of instructions and letters alone.
- text += instruction + letter
+ text += instruction + letter + " "

list_of_pairs: That is a list. The exercise asks for one text: put its pieces together.
- text, written = "", ""
+ text, written = [], ""
- text += instruction + letter
+ text.append(instruction + letter)

list_of_characters: That is a list of single characters. The exercise asks for one text: put its pieces together.
- text, written = "", ""
+ text, written = [], ""
- text += instruction + letter
+ text += [instruction, letter]

instructions_alone: Only the instructions stand there. Each is followed by its letter.
- text += instruction + letter
+ text += instruction

one_pair_too_many: There is one pair too many, at the end.
- range(pairs)
+ range(pairs + 1)

last_pair_missing: The last pair is missing: at which k does your loop end?
- range(pairs)
+ range(pairs - 1)

returned_too_soon: It returns after the first pair: how far is the `return` indented?
- text += instruction + letter
+ text += instruction + letter
+ return text
""",
    ),
    hints=[
        "Go through the pairs one by one, and keep one variable between them: the letter that was written last.",
        "For each pair draw both numbers at once, whatever you need of them: u, v = rng.random(2).",
        "The first number gives i, w or r. Then set it to w for the first pair and to r for the last one. The letter "
        'is number int(8 * v) of "abcdefgh".',
        "In words: after w, remember the letter; after r, replace the letter by the remembered one; then append the "
        "instruction and the letter to the text.",
    ],
    why="One variable is all the memory that the task needs. What makes it hard for a network: it must keep that one "
    "through any number of letters that look just like it.",
    notice="Only the letter after r can be known. All others are drawn, and no network can guess them.",
)


# ---------------------------------------------------------------- gru_step


def gated(H, V, seed, scale=0.7):
    """Return GRUParameters that hide no mistake: no zeros, no symmetry, biases too."""
    rng = np.random.default_rng(seed)
    shapes = [*[(H, V)] * 3, *[(H, H)] * 3, *[(H,)] * 3, (V, H), (V,)]
    return GRUParameters(*[rng.normal(0, scale, shape) for shape in shapes])


def gru_step_cases():
    rng = np.random.default_rng(93)

    def case(label, H, V, char_id, seed, size=0.8):
        return Case(label, (char_id, rng.normal(0, size, H), gated(H, V, seed)), {"H": H, "V": V})

    return [
        case("a small network", 3, 5, 1, 94),
        case("the last character", 2, 4, 3, 95),
        case("a larger network", 6, 8, 0, 96),
        case("an old state of zeros", 4, 3, 2, 97, 0),
    ]


GRU_STEP = Exercise(
    gru_step,
    gru_step_cases,
    minutes=12,
    difficulty=2,
    returns=("h", "r", "z", "n"),
    groups=("r", "z", "n", "h"),
    mistakes=mistakes_in(
        gru_step,
        """
z_swapped: r, z and n are right. z and 1 - z have changed places in h: z is the share of the old state that is kept.
- return z * h_prev + (1 - z) * n
+ return (1 - z) * h_prev + z * n

new_state_only: r, z and n are right. h is the new state n alone: the old state has a share in it too.
- return z * h_prev + (1 - z) * n
+ return n

old_state_whole: r, z and n are right. In h, all of the old state is kept: z should choose its share.
- return z * h_prev + (1 - z) * n
+ return h_prev + (1 - z) * n

new_state_whole: r, z and n are right. In h, all of n is added, however much of the old state is kept.
- return z * h_prev + (1 - z) * n
+ return z * h_prev + n

tanh_of_h: r, z and n are right. tanh is taken of the mixture too: n has gone through it already.
- return z * h_prev + (1 - z) * n
+ return np.tanh(z * h_prev + (1 - z) * n)

r_for_z: r, z and n are right. r mixes old and new in h: that is the task of z.
- return z * h_prev + (1 - z) * n
+ return r * h_prev + (1 - r) * n

no_reset: r and z are right. n looks at the whole old state: where is r, which says how much of it n may see?
- p.W_hn @ (r * h_prev)
+ p.W_hn @ h_prev

reset_after_matrix: r and z are right. In n, r multiplies what the matrix returns. Here it multiplies the old state,
before the matrix mixes its numbers.
- p.W_hn @ (r * h_prev)
+ r * (p.W_hn @ h_prev)

z_for_r: r and z are right. z stands in n where r belongs: each gate has a task of its own.
- p.W_hn @ (r * h_prev)
+ p.W_hn @ (z * h_prev)

one_minus_r: r and z are right. In n stands 1 - r: r itself is the share that n may see.
- p.W_hn @ (r * h_prev)
+ p.W_hn @ ((1 - r) * h_prev)

r_added: r and z are right. In n, r is added to the old state. A gate multiplies.
- p.W_hn @ (r * h_prev)
+ p.W_hn @ (r + h_prev)

n_without_old_state: r and z are right. n is made from the input alone: the old state, as far as r lets it through, is
missing.
- p.W_hn @ (r * h_prev) +
+

n_through_sigmoid: r and z are right. n goes through sigmoid: a state lies between -1 and 1, so it needs tanh.
- np.tanh(
+ sigmoid(

n_not_squeezed: r and z are right. n is the bare sum: what keeps it between -1 and 1 is missing.
- np.tanh(p.W_xn[:, char_id] + p.W_hn @ (r * h_prev) + p.b_n)
+ p.W_xn[:, char_id] + p.W_hn @ (r * h_prev) + p.b_n

gates_through_tanh: r and z go through tanh: a gate lies between 0, shut, and 1, open.
- r = sigmoid(p.W_xr
+ r = np.tanh(p.W_xr
- z = sigmoid(p.W_xz
+ z = np.tanh(p.W_xz

z_through_tanh: r is right. z goes through tanh, so it can fall below 0: a gate is a share.
- z = sigmoid(p.W_xz
+ z = np.tanh(p.W_xz

gates_not_squeezed: r and z are bare sums. What makes a number between 0 and 1 of each?
- sigmoid(p.W_xr[:, char_id] + p.W_hr @ h_prev + p.b_r)
+ p.W_xr[:, char_id] + p.W_hr @ h_prev + p.b_r
- sigmoid(p.W_xz[:, char_id] + p.W_hz @ h_prev + p.b_z)
+ p.W_xz[:, char_id] + p.W_hz @ h_prev + p.b_z

sign_in_sigmoid: r and z are 1 minus what they should be: which sign has the number in the exponent of sigmoid?
- r = sigmoid(p.W_xr[:, char_id] + p.W_hr @ h_prev + p.b_r)
+ r = 1 - sigmoid(p.W_xr[:, char_id] + p.W_hr @ h_prev + p.b_r)
- z = sigmoid(p.W_xz[:, char_id] + p.W_hz @ h_prev + p.b_z)
+ z = 1 - sigmoid(p.W_xz[:, char_id] + p.W_hz @ h_prev + p.b_z)

gates_through_softmax: r and z go through softmax, so that all units share one opening. Each unit has gates of its own:
take sigmoid.
- r = sigmoid(p.W_xr[:, char_id] + p.W_hr @ h_prev + p.b_r)
+ r = np.exp(p.W_xr[:, char_id] + p.W_hr @ h_prev + p.b_r)
+ r = r / r.sum()
- z = sigmoid(p.W_xz[:, char_id] + p.W_hz @ h_prev + p.b_z)
+ z = np.exp(p.W_xz[:, char_id] + p.W_hz @ h_prev + p.b_z)
+ z = z / z.sum()

reset_for_good: r, z and n are right. The old state that h keeps was multiplied by r: that is for n alone.
- return z * h_prev + (1 - z) * n
+ return z * (r * h_prev) + (1 - z) * n

reset_before_z: r and n are right. z looks at the state that r has let through. Both gates look at the whole old state.
- p.W_hz @ h_prev
+ p.W_hz @ (r * h_prev)

reset_before_z_and_for_good: r and n are right. r has changed the old state for all that follows, also for z and h. It
is for n alone.
- p.W_hz @ h_prev
+ p.W_hz @ (r * h_prev)
- return z * h_prev + (1 - z) * n
+ return z * (r * h_prev) + (1 - z) * n

no_biases: The biases are left out.
- + p.b_r)
+ )
- + p.b_z)
+ )
- + p.b_n)
+ )

gates_without_state: The gates look at the input alone. They look at the old state too, so that they can choose by what
is in it.
- p.W_hr @ h_prev +
+
- p.W_hz @ h_prev +
+

gates_without_input: The gates look at the old state alone. They look at the input too: it says whether to keep or to
write.
- p.W_xr[:, char_id] +
+
- p.W_xz[:, char_id] +
+

rows_for_columns: The input picks a row of its matrix. W_x times a one-hot vector is a column.
- p.W_xr[:, char_id]
+ p.W_xr[char_id]
- p.W_xz[:, char_id]
+ p.W_xz[char_id]
- p.W_xn[:, char_id]
+ p.W_xn[char_id]

turned_around: The matrices of the old state are turned around, as they would be on the way back.
- p.W_hr @ h_prev
+ p.W_hr.T @ h_prev
- p.W_hz @ h_prev
+ p.W_hz.T @ h_prev
- p.W_hn @ (r * h_prev)
+ p.W_hn.T @ (r * h_prev)

one_gate_for_both: r is right, and z is the same: it has weights of its own.
- p.W_xz[:, char_id] + p.W_hz @ h_prev + p.b_z
+ p.W_xr[:, char_id] + p.W_hr @ h_prev + p.b_r

reset_in_place: r changes the old state itself, which z, h and the caller still need. Let only n see it multiplied.
- z = sigmoid(p.W_xz
+ h_prev *= r
+ z = sigmoid(p.W_xz
- p.W_hn @ (r * h_prev)
+ p.W_hn @ h_prev

added_up: `@` between two vectors multiplies and adds up: one number is left. Each unit has a share of its own, so h
multiplies entry by entry.
- return z * h_prev + (1 - z) * n
+ return z @ h_prev + (1 - z) @ n

gates_swapped: r and z come in the other order: the results are h, r, z, n.
- n, r, z, n
+ n, z, r, n

h_alone: That is h alone. The exercise asks for the two gates and the new state too: the way back needs them.
- return z * h_prev + (1 - z) * n, r, z, n
+ return z * h_prev + (1 - z) * n
""",
    ),
    hints=[
        "Four lines, in the order of the formulas: r, z, n, h. The first three each add up a column of a W_x, a "
        "product with a W_h, and a bias.",
        "A column of a matrix: parameters.W_xr[:, char_id]. sigmoid comes from gates, tanh from NumPy.",
        "In n, the old state is multiplied by r, entry by entry, before W_hn comes. In h, z and 1 - z are the shares "
        "of old and new.",
        "In words: r and z are sigmoid(column + W_h @ h_prev + bias); n is tanh of (column + W_hn @ (r * h_prev) + "
        "bias); h is z times h_prev, plus (1 - z) times n.",
    ],
    why="A gate is a small network of one layer, whose result multiplies. Each unit has its own r and z at each step, "
    "so one unit can keep its number for a whole line while its neighbor changes with each letter.",
    notice="With z near 1 a unit keeps its number to many digits; with z near 0 and r near 1 the step is that of the "
    "plain network.",
)


# ---------------------------------------------------------------- gru_step_backward


def gru_step_backward_cases():
    rng = np.random.default_rng(98)

    def case(label, H, V, seed):
        parameters, h_prev = gated(H, V, seed), rng.normal(0, 0.8, H)
        _, r, z, n = gru_step(1, h_prev, parameters)
        return Case(label, (rng.normal(0, 1, H), h_prev, r, z, n, parameters), {"H": H, "V": V})

    return [case("a small network", 3, 5, 99), case("two units", 2, 4, 100), case("a larger network", 6, 8, 101)]


GRU_STEP_BACKWARD = Exercise(
    gru_step_backward,
    gru_step_backward_cases,
    minutes=30,
    difficulty=3,
    returns=("da_r", "da_z", "da_n", "dh_prev"),
    groups=("da_n", "da_z", "da_r", "dh_prev"),
    mistakes=mistakes_in(
        gru_step_backward,
        """
no_kept_way: The three da are right. dh_prev lacks the way past everything: which share of the old state went straight
into h?
- dh * z + through_r
+ through_r

all_kept: The three da are right. In dh_prev, all of dh comes back on the straight way: only a share of the old state
went there.
- dh * z + through_r
+ dh + through_r

new_share_kept: The three da are right. On the straight way, dh_prev has the share of n. Which share did the old state
have?
- dh * z + through_r
+ dh * (1 - z) + through_r

no_way_through_n: The three da are right. dh_prev lacks the way through n: the old state, as far as r let it, went into
W_hn.
- + through_r * r +
+ +

r_not_on_the_way: The three da are right. On the way back through n, the old state was multiplied by r before it came to
W_hn: that factor is missing in dh_prev.
- + through_r * r +
+ + through_r +

no_ways_through_gates: The three da are right. dh_prev lacks two ways: both gates looked at the old state.
-  + parameters.W_hr.T @ da_r + parameters.W_hz.T @ da_z
+

no_way_through_r_gate: The three da are right. dh_prev lacks one way: the reset gate looked at the old state too.
-  + parameters.W_hr.T @ da_r
+

no_way_through_z_gate: The three da are right. dh_prev lacks one way: the update gate looked at the old state too.
-  + parameters.W_hz.T @ da_z
+

kept_way_only: The three da are right. dh_prev has the straight way alone: the old state also went into n and into both
gates.
- dh_prev = dh * z + through_r * r + parameters.W_hr.T @ da_r + parameters.W_hz.T @ da_z
+ dh_prev = dh * z

gates_not_turned: The three da are right. The way back through a gate turns its matrix around.
- parameters.W_hr.T @ da_r + parameters.W_hz.T @ da_z
+ parameters.W_hr @ da_r + parameters.W_hz @ da_z

r_before_w_hn: The three da are right. In dh_prev, r stands on the wrong side of W_hn: forwards it came before the
matrix, so on the way back it comes after it.
- through_r * r +
+ parameters.W_hn.T @ (r * da_n) +

dn_through_w_hn: da_n and da_z are right. What goes back through W_hn has not gone through the tanh of n yet.
- parameters.W_hn.T @ da_n
+ parameters.W_hn.T @ (dh * (1 - z))

w_hn_not_turned: da_n and da_z are right. The way back from n goes through W_hn as it is: it must be turned around.
- parameters.W_hn.T @ da_n
+ parameters.W_hn @ da_n

no_w_hn: da_n and da_z are right. Between n and r lies the matrix W_hn: the way back goes through it.
- parameters.W_hn.T @ da_n
+ da_n

through_w_hr: da_n and da_z are right. The way back from n goes through W_hr here. Which matrix stood in n?
- parameters.W_hn.T @ da_n
+ parameters.W_hr.T @ da_n

da_r_without_state: da_n and da_z are right. r was multiplied by the old state: that factor is missing in da_r.
- through_r * h_prev * r
+ through_r * r

da_r_without_slope: da_n and da_z are right. da_r stops at r: to get to what goes into sigmoid, its slope is missing.
- through_r * h_prev * r * (1 - r)
+ through_r * h_prev

da_r_from_dh: da_n and da_z are right. r did not act on h itself, only on n: start from what n hands back, not from dh.
- through_r * h_prev * r
+ dh * h_prev * r

da_r_from_n: da_n and da_z are right. Between n and r lie the tanh of n and the matrix W_hn: da_r has come through
neither.
- through_r * h_prev * r
+ dh * (1 - z) * h_prev * r

da_z_sign: da_n is right. da_z has the wrong sign: when z grows, does h move to the old state or to n?
- (h_prev - n)
+ (n - h_prev)

da_z_old_only: da_n is right. In da_z stands the old state alone. z also stands before n, as 1 - z.
- (h_prev - n)
+ h_prev

da_z_new_only: da_n is right. In da_z stands n alone. z also stands before the old state.
- (h_prev - n)
+ -n

da_z_no_parentheses: da_n is right. In da_z, dh multiplies the old state alone: the difference of old and new needs
parentheses.
- dh * (h_prev - n) * z * (1 - z)
+ (dh * h_prev - n) * z * (1 - z)

da_z_added: da_n is right. In da_z, old and new are added: one grows with z, the other shrinks.
- (h_prev - n)
+ (h_prev + n)

da_z_without_slope: da_n is right. da_z stops at z: to get to what goes into sigmoid, its slope is missing.
- (h_prev - n) * z * (1 - z)
+ (h_prev - n)

gates_with_slope_of_tanh: The gates have the slope of tanh. Theirs is that of sigmoid, which is 0 at both ends, at 0 and
at 1.
- (h_prev - n) * z * (1 - z)
+ (h_prev - n) * (1 - z**2)
- h_prev * r * (1 - r)
+ h_prev * (1 - r**2)

gates_without_slope: da_n is right. Both gates lack the slope of sigmoid.
- (h_prev - n) * z * (1 - z)
+ (h_prev - n)
- through_r * h_prev * r * (1 - r)
+ through_r * h_prev

sigmoid_again: da_n is right. sigmoid is taken of r and z again in their slopes. They have gone through it already.
- (h_prev - n) * z * (1 - z)
+ (h_prev - n) * sigmoid(z) * (1 - sigmoid(z))
- h_prev * r * (1 - r)
+ h_prev * sigmoid(r) * (1 - sigmoid(r))

da_n_without_share: n has only a share in h: that factor is missing in da_n.
- dh * (1 - z) * (1 - n**2)
+ dh * (1 - n**2)

da_n_old_share: In da_n stands the share of the old state. Which share of h is n?
- dh * (1 - z) * (1 - n**2)
+ dh * z * (1 - n**2)

da_n_without_slope: da_n stops at n: the slope of tanh is missing.
- dh * (1 - z) * (1 - n**2)
+ dh * (1 - z)

da_n_slope_of_sigmoid: n went through tanh. Its slope in da_n is that of sigmoid.
- (1 - n**2)
+ n * (1 - n)

n_not_squared: The slope in da_n is 1 - n. In the slope of tanh, n is squared.
- (1 - n**2)
+ (1 - n)

tanh_again: tanh is taken of n again in its slope. n has gone through it already.
- (1 - n**2)
+ (1 - np.tanh(n) ** 2)

other_order: da_r and da_n have changed places in what you return: first the two gates, then n.
- return da_r, da_z, da_n, dh_prev
+ return da_n, da_z, da_r, dh_prev

dh_prev_missing: There are three results. The fourth, the slope for the state before, is what carries the error on.
- return da_r, da_z, da_n, dh_prev
+ return da_r, da_z, da_n
""",
    ),
    hints=[
        "Begin at the end: h = z * h_prev + (1 - z) * n. How does h move with n, and how with z? Then go through the "
        "tanh of n and the sigmoid of z; the slope of sigmoid is g (1 - g).",
        "What n hands back: W_hn transposed times da_n. That is the slope for the product r * h_prev, so it goes on in "
        "two directions: to r, times h_prev, and to h_prev, times r.",
        "The old state went four ways into h: straight, through n, through the gate r and through the gate z. dh_prev "
        "adds up four terms.",
        "In words: da_n = dh (1 - z) times the slope of tanh; da_z = dh (h_prev - n) times the slope of z; back from "
        "n: W_hn transposed times da_n; da_r = that times h_prev times the slope of r; dh_prev = dh z + that times r + "
        "W_hr transposed times da_r + W_hz transposed times da_z.",
    ],
    why="Each place where h_prev stands in the formulas is one way back, and the ways add up. The straight one has the "
    "factor z alone: no matrix, no slope.",
    notice="Where z is near 1, dh comes back nearly whole. And z is chosen anew at each step, by what is read.",
)


# ---------------------------------------------------------------- catch_gru_step_backward


def catch_gru_step_backward(gru_step_backward):
    """Return True if the four slopes agree with measured ones."""
    rng = np.random.default_rng(0)
    parameters = GRUParameters(*[rng.normal(0, 0.7, np.shape(one)) for one in gates.initialize_gru(3, 4, rng)])
    h_prev, weights = rng.normal(0, 1, (2, 3))

    def loss(h_prev, **changed):  # some number that depends on h; its slope for h is weights
        return weights @ gru_step(1, h_prev, parameters._replace(**changed))[0]

    _, r, z, n = gru_step(1, h_prev, parameters)
    # A bias is added to what goes into its gate: the slope for one is the slope for the other.
    measured = [
        numerical_gradient(lambda b: loss(h_prev, b_r=b), parameters.b_r),
        numerical_gradient(lambda b: loss(h_prev, b_z=b), parameters.b_z),
        numerical_gradient(lambda b: loss(h_prev, b_n=b), parameters.b_n),
        numerical_gradient(loss, h_prev),
    ]
    got = gru_step_backward(weights, h_prev, r, z, n, parameters)
    return len(got) == 4 and all(np.allclose(mine, slope, atol=1e-6) for mine, slope in zip(got, measured))


def gru_step_backward_from_shares(dh, h_prev, r, z, n, parameters):
    p = parameters
    dn, dz = dh * (1 - z), dh * h_prev - dh * n
    da_n, da_z = dn - dn * n * n, dz * (z - z * z)
    d_product = da_n @ p.W_hn
    dr = d_product * h_prev
    da_r = dr * (r - r * r)
    ways = [dh * z, d_product * r, da_r @ p.W_hr, da_z @ p.W_hz]
    return da_r, da_z, da_n, sum(ways)


def gru_step_backward_at_once(dh, h_prev, r, z, n, parameters):
    da_n = (1 - z) * dh * (1 + n) * (1 - n)
    da_z = z * (1 - z) * dh * (h_prev - n)
    from_n = parameters.W_hn.T.dot(da_n)
    da_r = r * (1 - r) * from_n * h_prev
    both = np.concatenate([parameters.W_hr, parameters.W_hz])
    return da_r, da_z, da_n, both.T @ np.concatenate([da_r, da_z]) + dh * z + from_n * r


def gru_step_backward_by_entries(dh, h_prev, r, z, n, parameters):
    p, H = parameters, len(dh)
    da_r, da_z, da_n, dh_prev = np.zeros((4, H))
    for j in range(H):
        da_n[j] = dh[j] * (1 - z[j]) * (1 - n[j] ** 2)
        da_z[j] = dh[j] * (h_prev[j] - n[j]) * z[j] * (1 - z[j])
    through = [sum(p.W_hn[j, k] * da_n[j] for j in range(H)) for k in range(H)]
    for k in range(H):
        da_r[k] = through[k] * h_prev[k] * r[k] * (1 - r[k])
    for k in range(H):
        dh_prev[k] = dh[k] * z[k] + through[k] * r[k]
        dh_prev[k] += sum(p.W_hr[j, k] * da_r[j] + p.W_hz[j, k] * da_z[j] for j in range(H))
    return da_r, da_z, da_n, dh_prev


CATCH_GRU_STEP_BACKWARD = Catch(
    function=catch_gru_step_backward,
    original=GRU_STEP_BACKWARD,
    rights={
        "the finished one": gru_step_backward,
        "one that multiplies rows with the matrices": gru_step_backward_from_shares,
        "one that goes back through both gates with one matrix": gru_step_backward_at_once,
        "one that takes each unit by itself, so that its last digits differ": gru_step_backward_by_entries,
    },
    minutes=20,
    difficulty=3,
    hints=[
        "Make up a loss that depends on h alone, such as a sum of its numbers, each times a weight of your choice. "
        "Those weights are dh.",
        "gru_step gives h, so numerical_gradient can measure the slope of your loss for h_prev: it must be dh_prev.",
        "What goes into a gate is a sum, and its bias is one of the terms. So the slope for the bias b_z is da_z: "
        "parameters._replace(b_z=b) moves it.",
        "In words: random parameters, h_prev and dh; r, z and n from gru_step; four measured slopes, for b_r, b_z, b_n "
        "and h_prev, of dh @ h; compare all four results with np.allclose.",
    ],
    why="Slopes can be measured without knowing how they are computed. One random network with no zeros in it sees "
    "every way; dh must have different numbers, so that no matrix can hide that it was not turned around.",
    notice="The whole gradient_check can only say that a cell is wrong. This one says at which of the four results.",
)


# ---------------------------------------------------------------- position_probe


def position_probe_with_ones(states, positions, new_states, new_positions):
    A = np.concatenate([states, np.ones((len(states), 1))], axis=1)
    B = np.concatenate([new_states, np.ones((len(new_states), 1))], axis=1)
    weights = np.linalg.lstsq(A, positions, rcond=None)[0]
    guesses = B @ weights
    error = ((guesses - new_positions) ** 2).mean()
    spread = np.var(new_positions)
    return float(1 - error / spread)


def position_probe_cases():
    def case(label, H, N, M, seed, noise):
        rng = np.random.default_rng(seed)
        states, new_states = rng.normal(0.3, 1, (N, H)), rng.normal(0.1, 1.2, (M, H))
        weights = rng.normal(0, 3, H)
        positions, new_positions = [
            np.round(20 + rows @ weights + noise * rng.normal(0, 1, len(rows))).astype(int)
            for rows in (states, new_states)
        ]
        return Case(label, (states, positions, new_states, new_positions + 2), {"H": H, "N": N, "M": M})

    return [
        case("three units that tell much", 3, 40, 30, 102, 1.0),
        case("units that tell little", 4, 60, 25, 103, 12.0),
        case("many units, few characters: the line fits them by heart", 12, 18, 20, 104, 8.0),
    ]


POSITION_PROBE = Exercise(
    gates.position_probe,
    position_probe_cases,
    minutes=15,
    difficulty=2,
    mistakes=mistakes_in(
        position_probe_with_ones,
        """
not_held_out: It is judged on the text from which its weights were found. What does it say about new states?
- guesses = B @ weights
-     error = ((guesses - new_positions) ** 2).mean()
-     spread = np.var(new_positions)
+ guesses = A @ weights
+ error = ((guesses - positions) ** 2).mean()
+ spread = np.var(positions)

fitted_to_new: The weights are found from the new text. They must come from the old one; the new one is only for
judging.
- np.linalg.lstsq(A, positions, rcond=None)
+ np.linalg.lstsq(B, new_positions, rcond=None)

no_constant: The line goes through 0: there is no constant. A state of zeros would have to mean position 0.
- A = np.concatenate([states, np.ones((len(states), 1))], axis=1)
-     B = np.concatenate([new_states, np.ones((len(new_states), 1))], axis=1)
+ A, B = states, new_states

constant_only_when_fitting: The old states have a column of ones and the new ones have not, so the weights do not fit.
- np.concatenate([new_states, np.ones((len(new_states), 1))], axis=1)
+ new_states

constant_not_in_guess: The weight of the constant is found, and left out when you guess. The new positions need it, too.
- guesses = B @ weights
+ guesses = new_states @ weights[:-1]

ones_of_old: The column of ones for the new states is as long as the old text. How many new characters are there?
- np.ones((len(new_states), 1))
+ np.ones((len(states), 1))

flat_ones: The ones are one long row of numbers, and the states are a table. A column of a table has the shape (N, 1).
- np.ones((len(states), 1))
+ np.ones(len(states))

whole_answer: lstsq returns four things: the weights are the first of them.
- np.linalg.lstsq(A, positions, rcond=None)[0]
+ np.linalg.lstsq(A, positions, rcond=None)

solved: There are more characters than weights, so no weights meet all positions at once. Look for those that come
nearest: least squares.
- np.linalg.lstsq(A, positions, rcond=None)[0]
+ np.linalg.solve(A, positions)

error_alone: That is the mean squared error. How large is it beside the spread of the new positions?
- float(1 - error / spread)
+ float(error)

ratio_alone: That is the share of the spread that is left unexplained. R2 is the share that is explained.
- float(1 - error / spread)
+ float(error / spread)

turned_around: The sign is turned: a good probe has an R2 near 1.
- float(1 - error / spread)
+ float(error / spread - 1)

root_of_error: The root of the error is compared with the variance, which is a square. Compare squares with squares.
- ((guesses - new_positions) ** 2).mean()
+ np.sqrt(((guesses - new_positions) ** 2).mean())

standard_deviation: The error is a mean of squares, and you divide by the standard deviation, which is none.
- np.var(new_positions)
+ np.std(new_positions)

both_roots: You compare the root of the error with the standard deviation. R2 compares their squares.
- float(1 - error / spread)
+ float(1 - np.sqrt(error / spread))

absolute_error: The errors are not squared.
- ((guesses - new_positions) ** 2).mean()
+ np.abs(guesses - new_positions).mean()

sum_of_squares: The squared errors are added up, and the variance is a mean: compare the mean with it.
- ((guesses - new_positions) ** 2).mean()
+ ((guesses - new_positions) ** 2).sum()

variance_of_old: The error on the new text is divided by the variance of the old positions. Which text is judged?
- np.var(new_positions)
+ np.var(positions)

mean_of_old: The spread of the new positions is measured from the mean of the old ones. A variance is measured from a
mean of its own.
- np.var(new_positions)
+ ((new_positions - positions.mean()) ** 2).mean()

variance_of_errors: A guess that is always too high by the same amount costs nothing here. Do you take the variance of
the errors, or the mean of the new text to guess with?
- ((guesses - new_positions) ** 2).mean()
+ np.var(guesses - new_positions)

spread_of_guesses: You divide by the variance of the guesses. How much the true positions vary is the measure.
- np.var(new_positions)
+ np.var(guesses)

correlation: That is the correlation of guess and truth. It forgives a guess that is too high, or too strong,
everywhere.
- float(1 - error / spread)
+ float(np.corrcoef(guesses, new_positions)[0, 1])

correlation_squared: That is the squared correlation of guess and truth. It forgives a guess that is too high, or too
strong, everywhere.
- float(1 - error / spread)
+ float(np.corrcoef(guesses, new_positions)[0, 1] ** 2)

divided_by_n_minus_one: The variance is divided by one less than the number of characters, and the error by their
number. Divide both by the same.
- np.var(new_positions)
+ np.var(new_positions, ddof=1)

rounded: The guesses are rounded to whole positions first. The line itself is to be judged.
- guesses = B @ weights
+ guesses = np.round(B @ weights)

guesses_returned: Those are the guesses, one for each new character. Return one number that says how good they are.
- float(1 - error / spread)
+ guesses

weights_returned: Those are the weights. Return one number that says how well they do on the new text.
- float(1 - error / spread)
+ weights
""",
    ),
    hints=[
        "np.linalg.lstsq(A, y, rcond=None)[0] are the weights for which A @ weights comes nearest to y. Here A holds "
        "the states, one row for each character, and a column of ones.",
        "np.column_stack([states, np.ones(len(states))]) adds the column. Do the same with new_states, and guess: that "
        "matrix times the weights.",
        "R2 compares two means of squares on the new text: the errors of the guesses, and the distances of the new "
        "positions from their own mean, which np.var gives.",
        "In words: weights from the old states and positions; guesses for the new states; 1 minus (mean squared error "
        "divided by the variance of the new positions).",
    ],
    why="Whoever knows nothing guesses the mean, and the mean squared error of that is the variance: R2 is 0. The new "
    "text makes it honest, since a line with many weights fits any few numbers.",
    notice="A probe tells what can be read off a state with a ruler. Whether the network itself reads it, it does not "
    "tell.",
)


# ---------------------------------------------------------------- mend_position_probe


def probe_report(broken_probe):
    """Return what the broken probe says of states that know nothing, and of some that know the position, as text."""
    rng = np.random.default_rng(0)
    positions, new_positions = rng.integers(0, 45, (2, 80))
    rows = [
        "80 characters of one text, 80 of another, their positions drawn at random from 0 to 44.",
        "The states know nothing: they are random numbers too, and as many as there are units.",
        "",
        "units   the probe says R2",
    ]
    for units in (1, 20, 40, 60, 79):
        states, new_states = rng.normal(0, 1, (2, 80, units))
        rows.append(f"{units:5}   {broken_probe(states, positions, new_states, new_positions):17.2f}")
    states, new_states = [np.array([place / 44]).T for place in (positions, new_positions)]
    told = broken_probe(states, positions, new_states, new_positions)
    rows += ["", f"One unit that holds the position, divided by 44: R2 {told:.2f}"]
    return "\n".join(rows)


MEND_POSITION_PROBE = mend(
    POSITION_PROBE,
    "not_held_out",
    look=probe_report,
    nudge="In the report, random numbers seem to know the position, and more of them know it better. On which text is "
    "the guess judged?",
    minutes=6,
    difficulty=1,
    hints=[
        'report("mend_position_probe") shows states of random numbers. How much can they know about a new text?',
        "With 79 units and a constant there are 80 weights for 80 positions: they can be met exactly, whatever they "
        "are.",
        "The function gets a second text, and uses it nowhere. What is it for?",
        "In words: find the weights from the first text as it stands; take guesses, errors and variance from the new "
        "states and the new positions.",
    ],
    why="A line with as many weights as there are positions meets them all. Only a text that the weights have not seen "
    "tells whether the states know anything.",
    notice="On new text, random states score below 0: worse than the mean. So a score near 0 can be less than chance.",
)
