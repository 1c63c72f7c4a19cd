"""Lesson 05: draws, a text written character by character, temperature, and the surprise of a text that is read."""

import numpy as np

import rnn_helpers
from course.base.place import DATA
from course.checker.broken import mend
from course.checker.catching import Catch
from course.checker.exercise import Case, Exercise, mistakes_in
from course.lessons.cases import (
    large_outputs,
    network,
    next_random_number,
    pencil_network,
    probabilities_remark,
    silenced,
)
from rnn_helpers import Parameters, bits_per_character, draw, load_corpus, load_run, softmax


def draw_by_loop(probs, u):
    total = 0
    for id, p in enumerate(probs):
        total += p
        if u < total:
            return id
    return len(probs) - 1


def draw_cases():
    probs = np.array([0.1, 0.4, 0.2, 0.3])
    gaps = np.array([0.0, 0.25, 0.0, 0.6, 0.15])
    cases = [Case(f"u = {u}", (probs.copy(), u), {"V": 4}) for u in (0.05, 0.3, 0.45, 0.62, 0.75, 0.999, 0.0, 0.12)]
    cases += [
        Case(f"probabilities of which some are 0, and u = {u}", (gaps.copy(), u), {"V": 5})
        for u in (0.01, 0.2, 0.4, 0.8, 0.9)
    ]
    cases.append(Case("a first probability of 0, and u = 0.0", (np.array([0.0, 0.5, 0.5]), 0.0), {"V": 3}))
    cases.append(
        Case("u = 0.5, where one piece ends and the next begins", (np.array([0.5, 0.25, 0.25]), 0.5), {"V": 3})
    )
    label = "u just below 1, where rounding has left the last running sum even lower"
    cases.append(Case(label, (np.full(27, 1 / 27), 1 - 2.0**-53), {"V": 27}))
    return cases


DRAW = Exercise(
    draw,
    draw_cases,
    minutes=10,
    difficulty=2,
    result="ids",
    rare=1,
    mistakes=mistakes_in(
        draw,
        """
        no_guard: Right, but for a u just below 1. Rounding can leave the last running sum a little below 1, and a u
        above it gets an id that does not exist. The last character owns the line up to 1.
        - return min(picked, len(probs) - 1)
        + return picked

        no_guard_argmax: Right, but for a u just below 1. Rounding can leave the last running sum a little below 1; then
        no running sum is above u, and argmax gives 0. The last character owns the line up to 1.
        - int(np.searchsorted(running_sums, u, side="right"))
        + int(np.argmax(running_sums > u))
        - return min(picked, len(probs) - 1)
        + return picked

        among_probabilities: u is looked up among the probabilities themselves. The ends of the pieces are their running
        sums.
        - np.cumsum(probs)
        + probs
        - return min(picked, len(probs) - 1)
        + return picked

        among_probabilities_left: u is looked up among the probabilities themselves, and the ends of the pieces are
        another list of numbers. Add up the probabilities from the first to each.
        - running_sums = np.cumsum(probs)
        -     picked = int(np.searchsorted(running_sums, u, side="right"))
        + picked = int(np.searchsorted(probs, u))
        - return min(picked, len(probs) - 1)
        + return picked

        end_of_piece: Right, but for a u at the very end of a piece: it belongs to the next one, for u = 0 is possible
        and u = 1 is not. Take the first running sum above u, not equal to it (side="right" in searchsorted).
        - int(np.searchsorted(running_sums, u, side="right"))
        + int(np.searchsorted(running_sums, u))

        greedy: You take the most probable character, whatever u is. That is greedy: u must decide.
        - running_sums = np.cumsum(probs)
        -     picked = int(np.searchsorted(running_sums, u, side="right"))
        + picked = int(probs.argmax())

        equal_shares: All characters get the same share of [0, 1): the probabilities are not used.
        - running_sums = np.cumsum(probs)
        -     picked = int(np.searchsorted(running_sums, u, side="right"))
        + picked = int(u * len(probs))

        one_too_low: The id is one too low: you stop one character too early.
        - int(np.searchsorted(running_sums, u, side="right"))
        + int(np.searchsorted(running_sums, u, side="right")) - 1

        nearest_probability: You take the probability nearest to u. u says how far to walk along the running sum.
        - running_sums = np.cumsum(probs)
        -     picked = int(np.searchsorted(running_sums, u, side="right"))
        + picked = int(np.abs(probs - u).argmin())

        nearest_running_sum: You take the running sum nearest to u. The character is the first whose running sum is
        above u.
        - int(np.searchsorted(running_sums, u, side="right"))
        + int(np.abs(running_sums - u).argmin())

        always_first: You always get character 0. Is the comparison the wrong way round, or the `return` in the wrong
        place?
        - int(np.searchsorted(running_sums, u, side="right"))
        + int(np.argmax(running_sums < u))

        sorted_down: The probabilities are sorted first, so the result is a place in the sorted order. Ids must keep
        their places.
        - np.cumsum(probs)
        + np.cumsum(np.sort(probs)[::-1])

        sorted_up: The probabilities are sorted first, so the result is a place in the sorted order, smallest first. Ids
        must keep their places.
        - np.cumsum(probs)
        + np.cumsum(np.sort(probs))

        many_ids: You return a list or array of ids. One number u picks one id.
        - int(np.searchsorted(running_sums, u, side="right"))
        + np.flatnonzero(running_sums > u)
        - return min(picked, len(probs) - 1)
        + return picked
        """,
    )
    + mistakes_in(
        draw_by_loop,
        """
        no_guard_loop: Right, but for a u just below 1. Rounding can leave the last running sum a little below 1; then
        no `return` in the loop is reached. The last character owns the line up to 1.
        - return len(probs) - 1

        each_alone_or_nothing: u is compared with each probability by itself, and where none is above u nothing comes
        back. Put the probabilities end to end: it is their running sum that counts.
        - total += p
        -         if u < total:
        -             return id
        -     return len(probs) - 1
        + if u < p:
        +     return id

        each_alone: u is compared with each probability by itself. Put the probabilities end to end: it is their running
        sum that counts.
        - total += p
        -         if u < total:
        + if u < p:

        one_too_high: The id is one too high: id 0 belongs to u below the first running sum.
        - enumerate(probs)
        + enumerate(probs, start=1)

        from_the_end: You walk from the last character to the first. Start with character 0.
        - enumerate(probs)
        + reversed(list(enumerate(probs)))

        first_decides: Only the first character and the last one ever come back. Does a second `return` end the loop in
        its first round, or are the probabilities multiplied where they should be added up?
        - if u < total:
        -             return id
        -     return len(probs) - 1
        + if u < total:
        +     return id
        + return len(probs) - 1

        always_last: You always get the last character: does the loop go on after it has found the first running sum
        above u?
        - return id
        + picked = id
        - return len(probs) - 1
        + return picked

        above_probability: u is compared with each probability by itself, and the wrong way round. Put the probabilities
        end to end: it is their running sum that u must stay below.
        - total += p
        -         if u < total:
        + if u > p:

        above_probability_or_first: u is compared with each probability by itself, and the wrong way round. It is the
        running sum of the probabilities that u must stay below.
        - total += p
        -         if u < total:
        + if u > p:
        - return len(probs) - 1
        + return 0

        counted_further: The id is one too high, but for u = 0: the count goes up once more after the running sum has
        reached u.
        - total = 0
        -     for id, p in enumerate(probs):
        -         total += p
        -         if u < total:
        -             return id
        -     return len(probs) - 1
        + total = id = 0
        + while total < u:
        +     total += probs[id]
        +     id += 1
        + return id

        probability: You return a probability. The result is the id, the place of the character.
        - return id
        + return p

        running_sum: You return the running sum. The result is the id, the place of the character.
        - return id
        + return total
        """,
    ),
    hints=[
        "Lay the probabilities end to end: together they fill the line from 0 to 1. u is a place on that line.",
        "The ends of the pieces are the running sums of probs: np.cumsum.",
        "The id is that of the first running sum above u. A loop can add up and stop there.",
        "In words: total starts at 0; for each id and its p, add p to total; return the id once u is below total.",
    ],
    why="A character with probability 0.3 owns a piece of length 0.3, and u falls into it in 30 % of all cases. The "
    "function has no random numbers of its own, so the same u gives the same character on every computer.",
    notice="All the chance is in u, so the same seed writes the same text everywhere.",
)


def sample_ids(parameters, h, first_id, length, rng):
    """Read first_id, then draw `length` ids, each read in turn; return them as a list."""
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    ids, char_id = [], first_id
    for _ in range(length):
        h = np.tanh(W_hh @ h + W_xh[:, char_id] + b_h)
        probs = softmax(W_hy @ h + b_y)
        char_id = draw(probs, rng.random())
        ids.append(char_id)
    return ids


def sample_ids_in_parts(parameters, h, first_id, length, rng):
    ids, char_id = [], first_id
    for _ in range(length):
        h = rnn_helpers.rnn_step(char_id, h, parameters)  # (H,)
        probs = rnn_helpers.output_probs(h, parameters)  # (V,)
        char_id = rnn_helpers.draw(probs, rng.random())
        ids.append(char_id)
    return ids


def sample_ids_cases():
    def case(label, parameters, first_id, length, seed):
        H, V = parameters.W_xh.shape
        h = np.random.default_rng(seed + 100).normal(0, 0.5, H)
        args = (parameters, h, first_id, length, np.random.default_rng(seed))
        return Case(label, args, {"H": H, "V": V, "length": length})

    times_three = Parameters(*[3 * value for value in pencil_network()])
    return [
        case("a small network with larger weights", times_three, 1, 12, 1),
        case("a larger network", network(6, 8, 43, 1.0), 5, 40, 2),
        case("length = 1", network(6, 8, 44, 1.0), 0, 1, 3),
        case("another seed", network(5, 9, 45, 1.2), 2, 30, 4),
        *silenced(lambda: case("", network(5, 9, 46, 1.2), 2, 30, 5), "W_xh", "W_hh", "b_h", "b_y"),
        case("scores near 1000", large_outputs(), 2, 20, 6),
    ]


SAMPLE_IDS = Exercise(
    sample_ids,
    sample_ids_cases,
    minutes=15,
    difficulty=2,
    result="ids",
    rare=1,
    after=next_random_number,
    mistakes=mistakes_in(
        sample_ids,
        """
        first_id_first: The result begins with first_id. It is read, not drawn: return only what comes after it.
        - char_id = draw(probs, rng.random())
        -         ids.append(char_id)
        + char_id = draw(probs, rng.random())
        - for _ in range(length):
        + for _ in range(length):
        +     ids.append(char_id)

        first_id_too: There is one id too many: first_id is read, not drawn, so it is not part of the result.
        - [], first_id
        + [first_id], first_id

        one_too_many: One id too many is drawn.
        - range(length)
        + range(length + 1)

        one_too_few: One id too few is drawn.
        - range(length)
        + range(length - 1)

        from_zeros: The text starts from a state of zeros. The h that is handed in has read what came before: start
        there.
        - ids, char_id = [], first_id
        + ids, char_id, h = [], first_id, np.zeros_like(h)

        first_id_read_twice: first_id is read twice: once before the loop, and again in its first round.
        - ids, char_id = [], first_id
        + ids, char_id = [], first_id
        + h = np.tanh(W_hh @ h + W_xh[:, char_id] + b_h)

        always_reads_first_id: The network always reads first_id. It must read the character that it has drawn.
        - W_xh[:, char_id]
        + W_xh[:, first_id]

        no_w_xh: The state does not depend on what is read: W_xh is left out of the cell.
        - W_hh @ h + W_xh[:, char_id] + b_h
        + W_hh @ h + b_h

        greedy: You take the most probable character at each step (greedy). Draw instead, with one rng.random() each.
        - draw(probs, rng.random())
        + int(probs.argmax())

        one_random_number: One random number is used for all characters. Each draw needs its own.
        - ids, char_id = [], first_id
        + ids, char_id = [], first_id
        + u = rng.random()
        - draw(probs, rng.random())
        + draw(probs, u)

        two_random_numbers: Two random numbers are taken per character. One is enough, and the results of the course
        count on it.
        - char_id = draw(
        + u = rng.random()
        + char_id = draw(

        equal_shares: All characters are drawn alike: the probabilities are not used.
        - draw(probs, rng.random())
        + int(rng.random() * len(probs))

        own_rng: The random numbers are not those of rng. Use the rng that you are given, so that the seed decides.
        - ids, char_id = [], first_id
        + rng = np.random.default_rng(0)
        + ids, char_id = [], first_id

        output_first: The prediction is made before the character is read. First the new state, then the probabilities
        from it.
        - h = np.tanh(W_hh @ h + W_xh[:, char_id] + b_h)
        -         probs = softmax(W_hy @ h + b_y)
        + probs = softmax(W_hy @ h + b_y)
        + h = np.tanh(W_hh @ h + W_xh[:, char_id] + b_h)

        first_id_not_read: The first id is drawn before first_id is read, so first_id never enters the network. In each
        step, read first and draw then.
        - h = np.tanh(W_hh @ h + W_xh[:, char_id] + b_h)
        -         probs = softmax(W_hy @ h + b_y)
        + probs = softmax(W_hy @ h + b_y)
        - ids.append(char_id)
        + ids.append(char_id)
        + h = np.tanh(W_hh @ h + W_xh[:, char_id] + b_h)

        overflow: Right, but for large scores: there exp overflows, and the probabilities are nan. Shift the scores by
        their maximum, as in the softmax of lesson 01.
        - probs = softmax(W_hy @ h + b_y)
        + exps = np.exp(W_hy @ h + b_y)
        + probs = exps / exps.sum()

        no_output: The probabilities are made from the state itself: W_hy and b_y are left out. Each character needs a
        score first.
        - softmax(W_hy @ h + b_y)
        + softmax(h)

        no_b_h: The bias b_h is left out of the cell.
        - W_xh[:, char_id] + b_h
        + W_xh[:, char_id]

        no_b_y: The bias b_y is left out of the scores.
        - W_hy @ h + b_y
        + W_hy @ h

        no_tanh: tanh is left out of the cell.
        - np.tanh(W_hh @ h + W_xh[:, char_id] + b_h)
        + W_hh @ h + W_xh[:, char_id] + b_h

        no_w_hh: The old state is left out of the cell: W_hh is not used.
        - W_hh @ h + W_xh[:, char_id]
        + W_xh[:, char_id]

        w_hh_transposed: W_hh is transposed: check on which side of the product the state stands.
        - W_hh @ h
        + h @ W_hh
        """,
    )
    + mistakes_in(
        sample_ids_in_parts,
        """
        state_not_carried: The state is not carried: each step starts again from the h that was given.
        - h = rnn_helpers.rnn_step(
        + state = rnn_helpers.rnn_step(
        - output_probs(h, parameters)
        + output_probs(state, parameters)
        """,
    ),
    hints=[
        "It is a loop over `length` steps. What does a step read, and what does it leave for the next?",
        "Each step: new state from the character and the old state (as rnn_step), probabilities from the new state (as "
        "output_probs), one draw (as draw).",
        "The drawn id goes into the list, and it is the character that the next step reads. The first step reads "
        "first_id.",
        "In words: char_id is first_id at first; repeat length times: h is tanh(W_hh @ h + column char_id of W_xh + "
        "b_h); probs is the softmax of W_hy @ h + b_y; char_id is draw(probs, rng.random()); append it.",
    ],
    why="The network writes by reading what it has written. h is replaced by a new array at each step, so the "
    "caller's h stays as it is. One random number per character keeps the text the same on every computer.",
    notice="The drawn character is the only link from an output to the next step: change one, and the rest differs.",
)


def apply_temperature(logits, temperature):
    """Return the probabilities of the next character, (V,): low temperature safer, high temperature wilder."""
    return softmax(logits / temperature)


def apply_temperature_by_steps(logits, temperature):
    exps = np.exp((logits - logits.max()) / temperature)
    return exps / exps.sum()


def apply_temperature_cases():
    logits = np.array([2.0, 1.0, 0.1, -1.0])
    rng = np.random.default_rng(41)
    return [
        Case("temperature 0.5", (logits.copy(), 0.5), {"V": 4}),
        Case("temperature 2", (logits.copy(), 2.0), {"V": 4}),
        Case("temperature 1", (rng.normal(0, 2, 6), 1.0), {"V": 6}),
        Case("temperature 0.002, where scores get large", (logits.copy(), 0.002), {"V": 4}),
        Case("scores far below 0", (logits - 900, 0.5), {"V": 4}),
        Case("scores far apart on both sides of 0", (np.array([-800.0, 800.0, -300.0, 1.0, 799.0]), 1.5), {"V": 5}),
        Case("scores that are whole numbers", (np.array([3, 1, 0, -2]), 1.5), {"V": 4}),
    ]


APPLY_TEMPERATURE = Exercise(
    apply_temperature,
    apply_temperature_cases,
    minutes=5,
    difficulty=1,
    rare=1,
    remark=probabilities_remark,
    mistakes=mistakes_in(
        apply_temperature,
        """
        multiplied: A low temperature makes your text wilder: the effect is the wrong way round. Is the temperature on
        the right side of the division?
        - logits / temperature
        + logits * temperature

        after_softmax: The temperature divides the probabilities, after softmax, so they do not add up to 1. It works on
        the scores.
        - softmax(logits / temperature)
        + softmax(logits) / temperature

        no_effect: The temperature has no effect: either it is not used, or it cancels when the probabilities are made
        to add up to 1 again. It works on the scores, before softmax.
        - softmax(logits / temperature)
        + softmax(logits)

        no_softmax: These are scores. Softmax is left out.
        - softmax(logits / temperature)
        + logits / temperature

        subtracted: The temperature is subtracted. Softmax does not notice a shift: divide.
        - softmax(logits / temperature)
        + logits - temperature

        only_exponentials: The exponentials are there, but nothing makes them add up to 1.
        - softmax(logits / temperature)
        + np.exp(logits / temperature)

        softmax_twice: Softmax is taken twice, the first time without the temperature.
        - logits / temperature
        + softmax(logits) / temperature

        power: The probabilities are raised to the power of the temperature and not brought back to a sum of 1.
        - softmax(logits / temperature)
        + softmax(logits) ** temperature

        inverse_power: The probabilities are raised to the power 1 / temperature: a good idea, but then they no longer
        add up to 1.
        - softmax(logits / temperature)
        + softmax(logits) ** (1 / temperature)

        greedy: The best character gets 1, all others 0. That is temperature 0; here you keep all of them.
        - return softmax(logits / temperature)
        + probs = np.zeros(len(logits))
        + probs[logits.argmax()] = 1
        + return probs
        """,
    )
    + mistakes_in(
        apply_temperature_by_steps,
        """
        overflow: At a low temperature the scores get large, exp overflows, and the result is nan. Shift by the maximum,
        as in the softmax of lesson 01.
        - (logits - logits.max()) / temperature
        + logits / temperature

        cut_off: Right, but for scores that are whole numbers: then np.zeros_like and np.empty_like make an array of
        whole numbers, and all behind the decimal point is cut off.
        - return exps / exps.sum()
        + scaled = np.zeros_like(logits)
        + scaled[:] = logits / temperature
        + exps = np.exp(scaled - scaled.max())
        + return exps / exps.sum()

        only_on_top_unshifted: The scores below the fraction line are not divided by the temperature, so the result does
        not add up to 1. Both sums of exponentials belong to the same scores.
        - exps = np.exp((logits - logits.max()) / temperature)
        + exps = np.exp(logits / temperature)
        - exps.sum()
        + np.exp(logits).sum()

        only_on_top: The temperature is left inside the top of the fraction only: the sum below needs it too.
        - exps.sum()
        + np.exp(logits - logits.max()).sum()
        """,
    ),
    hints=[
        "The temperature changes how far the scores lie apart, before they become probabilities.",
        "A low temperature must push the scores further apart, so that the best one wins more often.",
        "In words: the softmax of (logits divided by temperature).",
    ],
    why="Dividing the scores by 0.5 doubles their distances, so the best one gains; dividing by 2 halves them. With "
    "softmax last, the result is always a row of probabilities.",
    notice="At temperature 1 nothing changes, near 0 only the best character is left, and far above 1 all get alike.",
)


def bits_per_character_cases():
    return [
        Case("177.77 nats for 50 characters", (177.77, 50), {}),
        Case("84 nats for 50 characters", (84.0, 50), {}),
        Case("one character", (2.5, 1), {}),
        Case("a whole text", (180000.0, 93344), {}),
    ]


BITS_PER_CHARACTER = Exercise(
    bits_per_character,
    bits_per_character_cases,
    minutes=4,
    difficulty=1,
    mistakes=mistakes_in(
        bits_per_character,
        """
        nats: That is in nats per character. One more factor turns nats into bits.
        - loss / num_characters / np.log(2)
        + loss / num_characters

        times_ln_2: You multiply by ln 2. A nat is more than a bit, so the number of bits must be the larger one.
        - loss / num_characters / np.log(2)
        + loss / num_characters * np.log(2)

        not_per_character: That is in bits, but for all characters together.
        - loss / num_characters / np.log(2)
        + loss / np.log(2)

        log_of_loss: You take the logarithm of the loss. The loss is made of logarithms already; only their base
        changes.
        - loss / num_characters / np.log(2)
        + np.log2(loss / num_characters)

        log_of_loss_first: You take the logarithm of the loss, then divide. The loss is made of logarithms already; only
        their base changes.
        - loss / num_characters / np.log(2)
        + np.log2(loss) / num_characters

        perplexity: That is the perplexity: among how many characters the network is undecided. Bits are its logarithm.
        - loss / num_characters / np.log(2)
        + np.exp(loss / num_characters)

        power_of_2: That is 2 to the power of the loss per character. Bits are not a power.
        - loss / num_characters / np.log(2)
        + 2 ** (loss / num_characters)

        divided_by_2: You divide by 2. It is the natural logarithm of 2 that turns nats into bits.
        - loss / num_characters / np.log(2)
        + loss / num_characters / 2

        upside_down: The fraction is upside down.
        - loss / num_characters / np.log(2)
        + num_characters / loss / np.log(2)

        ln_10: You divide by ln 10. Bits have base 2.
        - loss / num_characters / np.log(2)
        + loss / num_characters / np.log(10)

        log10_of_2: The base is 10 in your logarithm of 2. The loss is in nats, so use the natural logarithm.
        - loss / num_characters / np.log(2)
        + loss / num_characters / np.log10(2)

        one_character_less: The loss is shared out among one character too few. Every character that was predicted
        counts.
        - loss / num_characters / np.log(2)
        + loss / max(num_characters - 1, 1) / np.log(2)

        times_characters: You multiply by the number of characters. Per character means that the loss is shared out
        among them.
        - loss / num_characters / np.log(2)
        + loss * num_characters / np.log(2)
        """,
    ),
    hints=[
        "Per character: share the loss out among the characters.",
        "A nat is 1 / ln 2 bits, about 1.44.",
        "In words: loss divided by num_characters, divided by the natural logarithm of 2.",
    ],
    why="log2(p) = ln(p) / ln(2), so a sum of nats becomes bits when divided by ln 2. Per character, texts of "
    "different lengths can be compared.",
    notice="A network that knows nothing needs log2(V) bits per character: 5.13 for V = 35.",
)


# ---------------------------------------------------------------- surprise


def surprise(probs, targets):
    """Return how many bits each target cost, (T,): -log2 of the probability that it got, from probs (T, V)."""
    return -np.log2(probs[np.arange(len(targets)), targets])


def surprise_cases():
    def case(label, T, V, seed, spread=1.5):
        rng = np.random.default_rng(seed)
        return Case(label, (softmax(rng.normal(0, spread, (T, V))), rng.integers(0, V, T)), {"T": T, "V": V})

    certain = np.array([[0.25, 0.0, 0.75, 0.0], [0.0, 1.0, 0.0, 0.0], [0.5, 0.5, 0.0, 0.0]])
    rows = softmax(np.random.default_rng(58).normal(0, 1, (4, 5)))
    return [
        case("a short text", 3, 4, 51),
        case("a longer text, some characters more than once", 9, 5, 52),
        case("one character (T = 1)", 1, 6, 53),
        Case("the last character of the vocabulary", (rows, np.array([2, 0, 4, 4])), {"T": 4, "V": 5}),
        Case("a network that is certain, and right", (certain, np.array([0, 1, 1])), {"T": 3, "V": 4}),
        case("some chances next to 0", 5, 7, 54, 60.0),
    ]


SURPRISE = Exercise(
    surprise,
    surprise_cases,
    minutes=10,
    difficulty=2,
    mistakes=mistakes_in(
        surprise,
        """
        nats: These are nats: the natural logarithm. Bits have base 2.
        - np.log2(
        + np.log(

        log10: The base is 10. Bits have base 2.
        - np.log2(
        + np.log10(

        times_ln_2: You go from nats to bits the wrong way round: a nat is more than a bit, so there are more bits.
        - np.log2(probs[np.arange(len(targets)), targets])
        + np.log(probs[np.arange(len(targets)), targets]) * np.log(2)

        no_minus: The minus sign is missing: a surprise is never below 0.
        - return -np
        + return np

        chances: These are the probabilities of the targets. The surprise is minus their logarithm.
        - -np.log2(probs[np.arange(len(targets)), targets])
        + probs[np.arange(len(targets)), targets]

        one_in: That is 1 / p: among how many equally likely ones it was. Bits are its logarithm.
        - -np.log2(probs[np.arange(len(targets)), targets])
        + 1 / probs[np.arange(len(targets)), targets]

        one_minus_p: You take 1 - p. That is small for an unlikely character only by a little; take the logarithm.
        - -np.log2(probs[np.arange(len(targets)), targets])
        + 1 - probs[np.arange(len(targets)), targets]

        mean: You return the mean. Here each character keeps a number of its own, (T,).
        - -np.log2(probs[np.arange(len(targets)), targets])
        + -np.log2(probs[np.arange(len(targets)), targets]).mean()

        total: You return the sum. Here each character keeps a number of its own, (T,).
        - -np.log2(probs[np.arange(len(targets)), targets])
        + -np.log2(probs[np.arange(len(targets)), targets]).sum()

        whole_columns: `probs[:, targets]` takes whole columns, and makes a table. Each row has one target: give the
        rows too.
        - probs[np.arange(len(targets)), targets]
        + probs[:, targets]

        whole_rows: `probs[targets]` takes whole rows. A target is a column; each time step is a row.
        - probs[np.arange(len(targets)), targets]
        + probs[targets]

        all_characters: That is the surprise at every character of the vocabulary, (T, V). One of them came: the target.
        - probs[np.arange(len(targets)), targets]
        + probs

        likeliest: You take the largest probability of each row. What counts is what came, the target.
        - probs[np.arange(len(targets)), targets]
        + probs.max(axis=1)

        expected: That is the surprise to be expected before one knows what comes (entropy). The targets play no part in
        it.
        - -np.log2(probs[np.arange(len(targets)), targets])
        + -(probs * np.log2(np.maximum(probs, 1e-300))).sum(axis=1)

        first_row: All targets are looked up in the first row. Each time step has a row of its own.
        - np.arange(len(targets))
        + 0

        backwards: The rows are taken from the last to the first. Row t belongs to target t.
        - probs[np.arange(len(targets)), targets]
        + probs[::-1][np.arange(len(targets)), targets]

        small_number_added: A small number is added inside the logarithm, and changes what is unlikely. A softmax is
        above 0: nothing is needed.
        - np.log2(probs[np.arange(len(targets)), targets])
        + np.log2(probs[np.arange(len(targets)), targets] + 1e-9)
        """,
    ),
    hints=[
        "Row t holds the chances of what comes at step t. Which of them counts?",
        "One number from each row: probs[rows, targets] with rows = 0, 1, 2, ... as in cross_entropy of lesson 01.",
        "In words: minus np.log2 of probs[np.arange(T), targets]. Neither a sum nor a mean is taken.",
    ],
    why="The loss adds up these numbers. One by one they show where a text is hard to guess: the same reading, before "
    "it is summed.",
    notice="A chance of a half costs 1 bit, a quarter 2 bits, 1 in 1024 costs 10: each halving adds one.",
)


# ---------------------------------------------------------------- mend_sample_ids


def share_known(text, known, length):
    """Return how many percent of the pieces of `length` characters in a text occur in another one."""
    pieces = [text[k : k + length] for k in range(len(text) - length + 1)]
    return 100 * sum(piece in known for piece in pieces) / len(pieces)


def written_report(sample_ids):
    """Return what a trained network writes by way of a function, and what of it occurs in the Sonnets, as text."""
    corpus = load_corpus("sonnets")
    parameters = load_run(DATA / "sonnets_run.npz").parameters
    start = np.zeros(len(parameters.b_h)), corpus.chars.index("\n")
    text, right = [
        corpus.decode(write(parameters, *start, 1500, np.random.default_rng(0)))
        for write in (sample_ids, rnn_helpers.sample_ids)
    ]
    rows = ["The trained network of lesson 05 writes. How it begins:", "", *text[:160].split("\n"), ""]
    rows.append("How many of the pieces in 1,500 characters occur in the Sonnets, here and with a right sample_ids:")
    for length in 2, 3, 4, 5:
        here, there = [share_known(one, corpus.text, length) for one in (text, right)]
        rows.append(f"{length} characters: {here:3.0f} %, right {there:3.0f} %")
    return "\n".join(rows)


MEND_SAMPLE_IDS = mend(
    SAMPLE_IDS,
    "state_not_carried",
    look=written_report,
    nudge="In the report pairs of letters are fine, and longer pieces are not. How far back does what it writes "
    "depend on what came before?",
    minutes=8,
    difficulty=2,
    hints=[
        'report("mend_sample_ids") shows the text. Each letter fits the one before it. Does it fit the two before it?',
        "It writes as if it knew the last letter only, like a table of pairs. What should carry the letters before?",
        "Follow h through two rounds of the loop: which h does the second round start from?",
        "In words: give the result of rnn_step the name h, and make the probabilities from it.",
    ],
    why="Without a carried state the network is a table of pairs (a bigram): it sees one letter. The text alone tells.",
    notice="From what a program writes you can tell what it remembers: count how long the pieces are that fit.",
)


# ---------------------------------------------------------------- catch_draw


def catch_draw(draw):
    """Return True if draw gives the id whose piece of the line holds u, at points in all pieces and at their ends."""
    by_hand = [
        ([0.25, 0.5, 0.25], {0.0: 0, 0.1: 0, 0.25: 1, 0.5: 1, 0.7: 1, 0.75: 2, 0.99: 2}),
        ([0.0, 0.125, 0.0, 0.625, 0.25], {0.0: 1, 0.1: 1, 0.125: 3, 0.4: 3, 0.7: 3, 0.75: 4, 0.9: 4}),
    ]
    for probs, answers in by_hand:
        for u, id in answers.items():
            picked = draw(np.array(probs), u)
            if np.ndim(picked) != 0 or picked != id:
                return False
    return True


def draw_by_count(probs, u):
    return sum(end <= u for end in np.cumsum(probs)[:-1])


def draw_by_argmax(probs, u):
    ends = np.cumsum(probs)
    ends[-1] = 1.0
    return np.argmax(ends > u)


CATCH_DRAW = Catch(
    function=catch_draw,
    original=DRAW,
    rights={
        "the finished one": rnn_helpers.draw,
        "one that walks along the line in a loop": draw_by_loop,
        "one that counts the ends that u has passed": draw_by_count,
        "one that takes the first end above u, and gives a whole number of NumPy": draw_by_argmax,
    },
    # They are wrong only where the running sum ends a hair below 1, and u lies in between.
    beyond=("no_guard", "no_guard_argmax", "no_guard_loop"),
    minutes=15,
    difficulty=2,
    hints=[
        "You know the right id without any draw: lay the pieces on the line yourself, and choose u.",
        "Use several probabilities in no order of size, and several u for each: in every piece, and where one ends.",
        "What about u = 0? And a character of probability 0 that comes first: it may never be drawn.",
        "In words: for [0.25, 0.5, 0.25] the ids at u = 0, 0.1, 0.25, 0.7, 0.75 are 0, 0, 1, 1, 2. Do the same for "
        "[0, 0.125, 0, 0.625, 0.25], and return False at the first that is another.",
    ],
    why="All the chance is in u, so a draw can be checked without any: each u has one right answer. Eighths and "
    "quarters add up without rounding, so the ends of the pieces can be hit.",
    notice="Ten thousand random draws would hardly ever hit the end of a piece: a few points chosen well see more.",
)
