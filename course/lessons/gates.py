"""A state with gates, and a task that asks for memory."""

import re

import numpy as np

from course.checker.catch import Catch
from course.checker.exercise import Case, Exercise
from course.checker.mistakes import mistakes_beside
from course.lessons.cases import BY_1000, hard, next_random_number
from course.models import gates
from course.models.gates import GRUParameters, gru_step, gru_step_backward
from rnn_helpers import numerical_gradient

known = mistakes_beside(__file__)

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


def rng_that_draws(u):
    """Return a Generator whose third number, the u of the second pair, is exactly u: half or more, below 1."""
    bits, first = np.random.PCG64(106), int(u * 2**53) << 11  # the first 53 of 64 bits make a number
    state = bits.state
    bits.state = state | {"state": state["state"] | {"state": first}}
    return np.random.Generator(bits.advance(-3))


def flip_flop_cases():
    borders = [Case(f"u = {u}, the border itself", (4, rng_that_draws(u)), {}) for u in (0.8, 0.9)]
    return [
        Case(label, (pairs, np.random.default_rng(seed)), {})
        for label, pairs, seed in [
            ("three pairs", 3, 0),
            ("twelve pairs", 12, 4),
            ("two pairs", 2, 5),
            ("forty pairs", 40, 7),
            ("eight pairs, where the last but one writes", 8, 28),
            ("a hundred pairs", 100, 29),
        ]
    ] + borders


def flip_flop_remark(case, parts):
    """Return which rule of the task a text breaks, or that it is another text than rng gives."""
    text, written, writes = "".join(map(chr, parts[""].tolist())), "", 0
    pairs = [text[k : k + 2] for k in range(0, len(text), 2)]
    if any(pair[0] not in "wir" or pair[1] not in "abcdefgh" for pair in pairs):
        return "Each pair is an instruction, w, i or r, and a letter from a to h."
    if pairs[0][0] != "w":
        return "The first pair must write, whatever the random numbers are."
    if pairs[-1][0] != "r":
        return "The last pair must read, whatever the random numbers are."
    for instruction, letter in pairs:
        written, writes = (letter, writes + 1) if instruction == "w" else (written, writes)
        if instruction == "r" and letter != written and writes == 1:
            return "Somewhere r is not followed by the letter of the first pair, the only one written: is it kept?"
        if instruction == "r" and letter != written:
            return "Somewhere r is followed by another letter than the one that w wrote last."
    return "It keeps the rules, but u and v give another text: what does each pair draw, and is 8 v cut off?"


FLIP_FLOP = Exercise(
    gates.flip_flop,
    flip_flop_cases,
    difficulty=2,
    rare=4,
    result="text",
    after=next_random_number,
    remark=flip_flop_remark,
    mistakes=known("flip_flop", flip_flop_pair_by_pair),
    hints=[
        "Go through the pairs one by one, and keep one variable between them: the letter that was written last.",
        "For each pair draw both numbers at the same time, even if you need only one of them: u, v = rng.random(2).",
        "The first number gives i, w or r. Then set it to w for the first pair and to r for the last one. The letter "
        'is number int(8 * v) of "abcdefgh".',
        "In words: after w, remember the letter; after r, replace the letter by the remembered one; then append the "
        "instruction and the letter to the text.",
    ],
    why="One variable is all the memory that the task needs. It's hard for a network, because it must keep this one "
    "letter while it reads any number of others.",
    notice="You can know only the letter after r. All the others are random, so no network can predict them.",
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
        *hard("state", lambda h: (1, h, gated(len(h), 4, 102)), lambda h: {"H": len(h), "V": 4}),
        Case("gates next to 0 or 1", (0, np.array([0.5, -0.7, 0.2]), gated(3, 2, 103, 9.0)), {"H": 3, "V": 2}),
    ]


def gates_error(error, where):
    """Return how to get at the parameters if an error shows that this has failed, else ""."""
    if unknown := re.search(r"name '(W_\w+|b_\w)' is not defined", error):
        return f"`{unknown[1]}` is one of the parameters: write parameters.{unknown[1]}."
    if re.search(r"values to unpack.*`.*= *parameters`", error + where):
        return "The parameters are eleven arrays. Take the ones you need by their names, as in parameters.W_hr."
    if "mismatch in its core dimension" in error and re.search(r"(?<![.\w])W_[xh][rzn]\b", where):
        return (
            "Two sizes do not fit together. If you took all parameters apart in one line, are your names in the order "
            "in which they are stored? It's safer to take each by its name, as in parameters.W_hr."
        )
    if re.search(r"broadcast.*\* *char_id\b", error + where):
        return "The id of a character isn't a vector. It tells you which column of the matrix you need."
    return ""


GRU_STEP = Exercise(
    gru_step,
    gru_step_cases,
    on_error=gates_error,
    difficulty=2,
    rare=3,
    returns=("h", "r", "z", "n"),
    groups=("r", "z", "n", "h"),
    mistakes=known("gru_step", gru_step),
    hints=[
        "Four lines, in the order of the formulas: r, z, n, h. The first three each add up a column of a W_x, a "
        "product with a W_h, and a bias.",
        "parameters.W_xr[:, char_id] is a column of a matrix. sigmoid comes from gates, and tanh from NumPy.",
        "In n, the old state is multiplied by r, entry by entry, before W_hn comes. In h, z and 1 - z are the shares "
        "of old and new.",
        "In words: r and z are sigmoid(column + W_h @ h_prev + bias); n is tanh of (column + W_hn @ (r * h_prev) + "
        "bias); h is z times h_prev, plus (1 - z) times n.",
    ],
    why="A gate is a small network of one layer, and its result is a factor. Each unit has its own r and z at each "
    "step, so one unit can keep its number for a whole line while its neighbor changes with each letter.",
    notice="With z near 1 a unit keeps its number to many digits; with z near 0 and r near 1 the step is that of the "
    "plain network.",
)


# ---------------------------------------------------------------- gru_step_backward


def gru_step_backward_cases():
    rng, small, old = np.random.default_rng(98), gated(3, 4, 105), np.array([0.5, -0.7, 0.2])

    def case(label, H, V, seed):
        parameters, h_prev = gated(H, V, seed), rng.normal(0, 0.8, H)
        _, r, z, n = gru_step(1, h_prev, parameters)
        return Case(label, (rng.normal(0, 1, H), h_prev, r, z, n, parameters), {"H": H, "V": V})

    shut = np.array([0.0, 1.0, 0.5]), np.array([1.0, 0.0, 0.25]), np.array([-0.5, 1.0, -1.0])  # r, z, n
    return [
        case("a small network", 3, 5, 99),
        case("two units", 2, 4, 100),
        case("a larger network", 6, 8, 101),
        case("one unit (H = 1)", 1, 3, 104),
        Case("slopes above 1,000", (BY_1000[0].copy(), old, *gru_step(1, old, small)[1:], small), {"H": 3, "V": 4}),
        Case("gates of 0 and 1", (np.array([1.0, -2.0, 0.5]), old, *shut, small), {"H": 3, "V": 4}),
    ]


GRU_STEP_BACKWARD = Exercise(
    gru_step_backward,
    gru_step_backward_cases,
    on_error=gates_error,
    difficulty=3,
    rare=3,
    returns=("da_r", "da_z", "da_n", "dh_prev"),
    groups=("da_n", "da_z", "da_r", "dh_prev"),
    mistakes=known("gru_step_backward", gru_step_backward),
    hints=[
        "Begin at the end: h = z * h_prev + (1 - z) * n. How does h move with n, and how with z? Then go through the "
        "tanh of n and the sigmoid of z; the slope of sigmoid is g (1 - g).",
        "What n hands back is W_hn transposed times da_n. That's the slope for the product r * h_prev, so it goes to "
        "both factors: to r, times h_prev, and to h_prev, times r.",
        "The old state went four ways into h: straight, through n, through the gate r and through the gate z. dh_prev "
        "adds up four terms.",
        "In words: da_n = dh (1 - z) times the slope of tanh; da_z = dh (h_prev - n) times the slope of z; back from "
        "n: W_hn transposed times da_n; da_r = that times h_prev times the slope of r; dh_prev = dh z + that times r + "
        "W_hr transposed times da_r + W_hz transposed times da_z.",
    ],
    why="Each place in the formulas where h_prev occurs is one way back, and the ways add up. On the straight one, dh "
    "is only multiplied by z: it goes through no matrix and no slope.",
    notice="Where z is near 1, nearly all of dh comes back on the straight way of this step.",
)


# ---------------------------------------------------------------- catch_gru_step_backward


def catch_gru_step_backward(gru_step_backward):
    """Return True if the four slopes agree with measured ones."""
    rng = np.random.default_rng(0)
    parameters = gates.initialize_gru(3, 4, rng)
    h_prev, weights = rng.normal(0, 1, (2, 3))

    def loss(h_prev, **changed):  # some number that depends on h; its slope for h is weights
        return weights @ gru_step(1, h_prev, parameters._replace(**changed))[0]

    def measured_for(bias):  # it is added to what goes into its gate: the slope for one is the slope for the other
        return numerical_gradient(lambda b: loss(h_prev, **{bias: b}), getattr(parameters, bias))

    measured = [*map(measured_for, ("b_r", "b_z", "b_n")), numerical_gradient(loss, h_prev)]
    got = gru_step_backward(weights, h_prev, *gru_step(1, h_prev, parameters)[1:], parameters)
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
    beyond=("w_hn_skipped", "state_on_the_way"),  # two more slips in dh_prev: page 12 counts 47 wrong ones without them
    difficulty=2,
    hints=[
        "Make up a loss that depends only on h, such as a sum of its numbers, each times a weight that you choose. "
        "These weights are dh.",
        "gru_step gives h, so numerical_gradient can measure the slope of your loss for h_prev: it must be dh_prev.",
        "What goes into a gate is a sum, and its bias is one of the terms. So the slope for the bias b_z is da_z: "
        "parameters._replace(b_z=b) moves it.",
        "In words: random parameters, h_prev and dh; r, z and n from gru_step; four measured slopes, for b_r, b_z, b_n "
        "and h_prev, of dh @ h; compare all four results with np.allclose.",
    ],
    why="Slopes can be measured without knowing how they are computed. One random network with no zeros in it sees "
    "every way. The numbers in dh must differ, so that a matrix that was not transposed shows.",
    notice="The whole gradient_check can only say that a cell is wrong. Your check says which of the four results.",
)
