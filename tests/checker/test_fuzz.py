"""Random inputs of each kind that the pages allow: does what check calls correct agree with the finished function?

An exercise has few cases, so that a check is quick. Here are many more inputs, down to sizes of 1, with zeros, whole
numbers, the types that ids have, numbers far apart and close together, long texts, and the hard values of cases.py. On
all of them

    every right answer must give what the finished function gives, and so must
    every slip in a right answer that check calls correct: otherwise the cases have a hole. README's command tries those
    of a fifth of the exercises.

The stored wrong answers need no inputs: test_answers.py, test_mistakes.py and the evaluation refuse them.
"""

import ast
import copy
import functools
import random
import zlib

import answers
import numpy as np
import pytest
from cells import page
from helpers import random_network

import rnn_helpers
from course.checker import limit
from course.checker.course import as_imported, finished_function
from course.checker.exercise import Case
from course.checker.judge import judge
from course.checker.slips.edits import COURSE_SOFTMAX
from course.checker.slips.search import UNREADABLE, Variants
from course.checker.trial import outcome_of, run, same_parts
from course.checker.watch import watched
from course.checker.words import CORRECT
from course.lessons import BANK, EXERCISES, WRITTEN
from course.lessons.cases import HARD, Bumpy, many_ids, one_over, square, wave
from course.lessons.gates import rng_that_draws
from course.lessons.overfitting import dropout_mask_by_coins
from course.models.gates import GRUParameters, gru_step
from course.models.no_loop import attention
from rnn_helpers import Parameters, softmax

INPUTS, MUTANTS = 60, 30  # for each exercise: random inputs, and slips


# ---------------------------------------------------------------- parts of inputs
def hard(rng, kind, others):
    """Return a hard value of a kind, from the table, or more often what others() returns."""
    values = [*HARD[kind].values()]
    return copy.deepcopy(values[rng.integers(len(values))]) if rng.random() < 0.25 else others()


def size(rng, most=7):
    """Return a size, often 1."""
    return 1 if rng.random() < 0.2 else int(rng.integers(1, most + 1))


def numbers(rng, *shape, spread=1.0):
    """Return numbers of both signs, some of them 0."""
    return rng.normal(0, spread, shape) * (rng.random(shape) > 0.1)


def vocabulary(rng, most=7):
    """Return the size of a vocabulary, seldom one whose ids do not all fit into 8 bits."""
    return many_ids()[1] if rng.random() < 0.1 else size(rng, most)


def ids(rng, T, V):
    """Return T ids below V, of one of the types that ids may have."""
    kinds = [np.int64, np.int16, np.int32] + [np.uint8] * (V <= 256)
    return rng.integers(0, V, T).astype(kinds[rng.integers(len(kinds))])


def scores(rng, *shape):
    """Return scores for softmax: close together, far apart, far from 0, or whole numbers."""
    kind = rng.integers(5)
    if kind == 0:
        return rng.integers(-5, 6, shape)
    far = rng.normal(0, (1, 3, 400, 2)[kind - 1], shape)
    return far + (0, 0, 0, rng.choice([-2000, 1500]))[kind - 1]


def chances(rng, *shape):
    """Return rows of probabilities, each above 0, that add up to 1."""
    return softmax(rng.normal(0, 1.5, shape))


def some_zero(rng, probs, spared):
    """Set some probabilities to 0, but not those in the spared columns (one per row)."""
    kept = rng.random(probs.shape) > 0.3
    kept[np.arange(len(probs)), spared] = True
    return probs * kept / (probs * kept).sum(axis=1, keepdims=True)


def network(rng, H, V):
    """Return parameters of any size, sometimes with an array of zeros."""
    found = random_network(H, V, int(rng.integers(10**6)), float(rng.choice([0.1, 0.6, 1.5])))
    if rng.random() < 0.2:
        name = str(rng.choice(Parameters._fields))
        found = found._replace(**{name: np.zeros_like(getattr(found, name))})
    return found


def state(rng, H):
    kind = rng.random()
    at_the_ends = rng.choice(HARD["state"]["a state of exactly 1, -1 and 0"], H)
    return np.zeros(H) if kind < 0.2 else at_the_ends if kind < 0.3 else np.tanh(rng.normal(0, 1, H))


def slopes(rng, most=7):
    """Return slopes of several steps, (T, H)."""
    return hard(rng, "table", lambda: numbers(rng, size(rng, most), size(rng)))


def gates(rng, *shape):
    """Return gates from 0 to 1: some closed, some open, some close to 0."""
    f = rng.random(shape)
    special = rng.random(shape)
    return np.select([special < 0.05, special < 0.1, special < 0.15], [0.0, 1.0, 1e-200], f)


def some_type(rng, array):
    """Return the array of floats as it is, or rounded to whole numbers."""
    return np.round(3 * array).astype(int) if rng.random() < 0.25 else array


# ---------------------------------------------------------------- inputs of each exercise: (rng) -> arguments
def of_what_comes_next(rng):
    return (hard(rng, "text", lambda: "".join(rng.choice(list("ab \n'é"), size(rng, 12)))),)


def predictions(rng, most=12):
    """Return (probabilities, targets)."""
    T, V = size(rng, most), vocabulary(rng)
    return hard(rng, "probabilities", lambda: (chances(rng, T, V), ids(rng, T, V)))


def of_pick_targets(rng):
    return predictions(rng)


def of_gather_columns(rng):
    H, V = size(rng), vocabulary(rng)
    return some_type(rng, numbers(rng, H, V)), ids(rng, size(rng, 12), V)


def of_row_shares(rng):
    counts = rng.integers(0, rng.choice([3, 1000]), (size(rng), size(rng)))
    counts[:, 0] += 1
    return (counts if rng.random() < 0.5 else counts * rng.choice([0.37, 0.001]),)


def of_outer_sum(rng):
    left = slopes(rng, 12)
    return some_type(rng, left), some_type(rng, numbers(rng, len(left), size(rng)))


def of_move_downhill(rng):
    shape = [size(rng) for _ in range(rng.integers(1, 4))]
    return numbers(rng, *shape), some_type(rng, numbers(rng, *shape)), float(rng.choice([0.0, 0.01, 1.0, 50.0]))


def of_slope_of(rng):
    x = float(rng.uniform(1, 3)) if rng.random() < 0.7 else int(rng.integers(1, 4))
    f = (square, wave, one_over, np.exp, abs)[rng.integers(5)]
    x = 0.0 if f is not one_over and rng.random() < 0.2 else x
    return f, x * int(rng.choice([-1, 1])), float(rng.choice([0.001, 0.1, 0.5]))


def of_one_hot(rng):
    V = size(rng, 300)
    return ids(rng, size(rng, 40), V), V


def of_softmax(rng):
    shape = (size(rng),) * rng.integers(1, 3) if rng.random() < 0.3 else (size(rng), size(rng))
    return (hard(rng, "scores", lambda: scores(rng, *shape)),)


def of_cross_entropy(rng):
    return predictions(rng, 600 if rng.random() < 0.1 else 9)


def of_softmax_gradient(rng):
    logits = hard(rng, "scores", lambda: scores(rng, size(rng), vocabulary(rng)))
    return logits, ids(rng, *logits.shape)


def of_rnn_step(rng):
    H, V = size(rng), size(rng)
    return int(rng.integers(V)), state(rng, H), network(rng, H, V)


def of_forward_pass(rng):
    T, H, V = size(rng, 80 if rng.random() < 0.2 else 9), size(rng), vocabulary(rng)
    p = network(rng, H, V)
    p = p._replace(b_y=p.b_y + rng.choice([0, 0, 1000, -1000]))
    return ids(rng, T, V), ids(rng, T, V), state(rng, H), p


def of_tanh_backward(rng):
    dh = slopes(rng)[0]
    return dh, state(rng, len(dh))


def of_hidden_gradients(rng):
    dh = slopes(rng, 12)
    T, H = dh.shape
    return dh, np.array([state(rng, H) for _ in range(T + 1)]), network(rng, H, size(rng))


def of_weight_gradients(rng):
    da, V = slopes(rng, 12), vocabulary(rng)
    T, H = da.shape
    return ids(rng, T, V), np.tanh(numbers(rng, T + 1, H)), da, V


def of_backward_pass(rng):
    inputs, targets, h_prev, p = of_forward_pass(rng)
    return inputs, targets, p, rnn_helpers.forward_pass(inputs, targets, h_prev, p)


def of_numerical_gradient(rng):
    shape = tuple(size(rng, 4) for _ in range(rng.integers(1, 4)))
    x = rng.uniform(-1.2, 1.2, shape)
    x = np.round(2 * x).astype(int) if rng.random() < 0.3 else x * (rng.random(shape) > 0.2)
    return (Bumpy(shape), x, *[(), (0.1,), (0.001,)][rng.integers(3)])


def of_clip_gradients(rng):
    g = random_network(size(rng), size(rng), int(rng.integers(10**6)), float(rng.choice([0.0, 1e-3, 1.0, 1e6])))
    return g, float(rng.choice([0.01, 1.0, 5.0, 100.0, 10_000.0]))


def of_leaky_backward(rng):
    dh = slopes(rng)[0]
    H = len(dh)
    return dh, state(rng, H), network(rng, H, size(rng)), float(rng.choice([0, 1, rng.random()]))


def of_chunks(rng):
    return ids(rng, size(rng, 60), vocabulary(rng, 9)), size(rng, 12)


def of_sgd_step(rng):
    H, V = size(rng), size(rng)
    return network(rng, H, V), network(rng, H, V), float(rng.choice([0.0, 0.001, 0.1, 5.0]))


def of_train_epoch(rng):
    H, V = size(rng), size(rng)
    rate = float(rng.choice([0.0, 0.01, 0.1]))
    smoothed = [(), (None,), (0.0,), (float(rng.uniform(0, 50)),), (1777.7,)][rng.integers(5)]
    return ids(rng, size(rng, 40), V), network(rng, H, V), size(rng, 9), rate, *smoothed


def of_draw(rng):
    V = size(rng, 70)
    probs = some_zero(rng, chances(rng, 1, V), [rng.integers(V)])[0]
    probs = hard(rng, "probabilities", lambda: (probs[None],))[0][0]
    return probs, float(rng.choice([0.0, rng.random(), rng.random()]))


def of_sample_ids(rng):
    H, V = size(rng), size(rng)
    first, length, seed = rng.integers(0, V), size(rng, 40), rng.integers(10**6)
    temperature = [(), (0.2,), (1.0,), (3.0,), (0.05,)][rng.integers(5)]
    return network(rng, H, V), state(rng, H), int(first), length, np.random.default_rng(seed), *temperature


def of_apply_temperature(rng):
    given = scores(rng, size(rng)), float(rng.choice([0.01, 0.5, 1.0, 2.0, 1000.0]))
    return hard(rng, "temperature", lambda: given)


def of_adam_step(rng):
    H, V = size(rng), size(rng)
    v = Parameters(*[array**2 for array in network(rng, H, V)])
    gradients = Parameters(*[rng.choice([0.0, 1.0, 1.0, 3000.0]) * array for array in network(rng, H, V)])
    given = network(rng, H, V), gradients, network(rng, H, V), v, size(rng, 2000), 0.01
    return given + ((0.8, 0.95, 0.1) if rng.random() < 0.3 else ())


def of_make_streams(rng):
    streams = size(rng, 9)
    return ids(rng, streams * size(rng, 9) + int(rng.integers(streams)), int(rng.choice([2, 9, 256, 400]))), streams


def of_flip_flop(rng):
    drawn = np.random.default_rng(rng.integers(10**6))
    at_border = rng.random() < 0.2
    return int(rng.integers(2, 60)), rng_that_draws(float(rng.choice([0.8, 0.9]))) if at_border else drawn


def gru_network(rng, H, V):
    shapes = [*[(H, V)] * 3, *[(H, H)] * 3, *[(H,)] * 3, (V, H), (V,)]
    return GRUParameters(*[rng.normal(0, rng.choice([0.1, 0.7, 3]), shape) for shape in shapes])


def of_gru_step(rng):
    H, V = size(rng), size(rng)
    return int(rng.integers(V)), state(rng, H), gru_network(rng, H, V)


def of_gru_step_backward(rng):
    char_id, h_prev, p = of_gru_step(rng)
    return rng.choice([1, 1000]) * numbers(rng, len(h_prev)), h_prev, *gru_step(char_id, h_prev, p)[1:], p


def of_position_probe(rng):
    H, N, M = size(rng), int(rng.integers(15, 60)), int(rng.integers(5, 60))
    states, new_states = rng.normal(0.3, 1, (N, H)), rng.normal(0.1, 1.2, (M, H))
    if rng.random() < 0.3:  # a unit that never changes
        states[:, 0] = new_states[:, 0] = rng.choice([0.0, 0.5])
    return states, rng.integers(0, 45, N), new_states, rng.integers(0, 45, M)


def of_witten_bell(rng):
    V = int(rng.choice([1, 3, 6, 64, 301]))
    if rng.random() < 0.2:  # contexts that look alike if their ids are joined as text
        return rng.choice([1, 11, 111], 60), rng.choice([1, 11, 111], 20), 112, size(rng, 4)
    return ids(rng, size(rng, 150), V), ids(rng, size(rng, 40), V), V, size(rng, 6)


def of_early_stop(rng):
    found = np.round(rng.normal(2.5, 0.4, size(rng, 15)), 1)  # with some equal numbers
    found = np.array(hard(rng, "losses", lambda: found * rng.choice([1, 1, 1000])))
    return found.tolist(), size(rng, 4)


def of_dropout_mask(rng):
    shape = tuple(size(rng) for _ in range(rng.integers(1, 4)))
    rate, seed = float(rng.choice([0.0, 0.2, 0.5, 0.95])), rng.integers(10**6)
    rate = np.random.default_rng(seed).random(shape).flat[-1] if rng.random() < 0.2 else rate  # one of those drawn
    return shape[0] if rng.random() < 0.2 else shape, rate, np.random.default_rng(seed)


def of_mix(rng):
    M, shape = size(rng), [size(rng) for _ in range(rng.integers(1, 3))]
    weights = rng.integers(0, 5, M) * rng.choice([1, 0.25])
    weights[0] += 1
    tables = chances(rng, M, *shape)
    tables = tables if rng.random() < 0.6 else list(tables) if rng.random() < 0.5 else tables.tolist()
    return tables, weights if rng.random() < 0.6 else weights.tolist()


def of_recurrence(rng):
    T, H = size(rng, 1500 if rng.random() < 0.1 else 20), size(rng)
    f = gates(rng, T, H) if T > 20 or rng.random() < 0.7 else rng.uniform(-1, 2, (T, H))
    b = hard(rng, "table", lambda: numbers(rng, T, H))
    h_prev = some_type(rng, numbers(rng, b.shape[1]))
    return (f if b.shape == (T, H) else gates(rng, *b.shape)), some_type(rng, b), h_prev


def of_scan_backward(rng):
    dh = some_type(rng, slopes(rng, 12))
    T, H = dh.shape
    return dh, gates(rng, T, H), some_type(rng, numbers(rng, T + 1, H))


def of_as_matrix(rng):
    return (hard(rng, "gates", lambda: gates(rng, size(rng, 12))),)


def of_attention(rng):
    T, H = size(rng), size(rng)
    return tuple(some_type(rng, numbers(rng, T, H, spread=rng.choice([1.0, 30.0, 1000.0]))) for _ in range(3))


def of_attention_backward(rng):
    do = some_type(rng, slopes(rng))
    q, k, v = [some_type(rng, numbers(rng, *do.shape)) for _ in range(3)]
    return do, q, k, v, attention(q, k, v)[1]


def of_delta_step(rng):
    S = hard(rng, "table", lambda: numbers(rng, size(rng), size(rng)))
    k = rng.normal(0, 1, S.shape[1])
    v = some_type(rng, numbers(rng, len(S)))
    return some_type(rng, S), k / np.sqrt(k @ k), v, float(rng.choice([0.0, 1.0, 2.0, rng.random()]))


def of_delta_step_backward(rng):
    S, *others = of_delta_step(rng)
    return some_type(rng, numbers(rng, *S.shape)), S, *others


of_linear_loop = of_scan = of_recurrence


# ---------------------------------------------------------------- the comparison
def test_each_exercise_has_random_inputs():
    missing = [name for name in WRITTEN if f"of_{name}" not in globals()]
    assert not missing, f"Write of_{missing[0]}(rng), which returns random arguments of each kind that the page allows."


def arguments(name, number):
    """Return the arguments of a random input, new ones at each call."""
    return globals()[f"of_{name}"](np.random.default_rng([zlib.crc32(name.encode()), number]))


def expected(name, number):
    exercise = WRITTEN[name]
    with as_imported():
        want = outcome_of(exercise, exercise.function, Case("", arguments(name, number), {}))
    assert not (want.error or want.problem or want.changed), f"no input for {name}: {want}"
    return want


def differs_on(name, function, wanted):
    """Return the number of the first input on which a function differs from the finished one, or None."""
    for number, want in enumerate(wanted):
        got = outcome_of(WRITTEN[name], function, Case("", arguments(name, number), {}))
        if got.error or got.problem or got.changed or not same_parts(got, want):
            return number
    return None


def shown(name, number):
    """Return an input as text."""
    pairs = zip(WRITTEN[name].arguments, arguments(name, number))
    return f"{name}({', '.join(f'{key}={value!r}' for key, value in pairs)})"[:1500]


def rights(name):
    """Return {what it is: a right function} for all right answers, without the one that draws otherwise."""
    exercise = WRITTEN[name]
    found = {mistake.right.__name__: mistake.right for mistake in exercise.mistakes}
    for other in EXERCISES.values():
        if getattr(other, "original", None) is exercise:
            found |= {
                label: one for label, one in getattr(other, "rights", {}).items() if one is not dropout_mask_by_coins
            }
    found |= {"the course's": finished_function(name)} if finished_function(name) else {}
    return found | {str(answer): answers.function_of(answer) for answer in answers.of(name, "right")}


@pytest.fixture(scope="module", params=WRITTEN)
def exercise(request):
    """(name, the Outcomes of the finished function on all inputs), computed once for both tests."""
    return request.param, [expected(request.param, number) for number in range(INPUTS)]


@pytest.mark.slow
def test_right_answers_are_right_on_all_inputs_that_are_allowed(exercise, subtests):
    name, wanted = exercise
    for label, function in rights(name).items():
        with subtests.test(label):
            number = differs_on(name, function, wanted)
            assert number is None, f"a right answer is wrong on {shown(name, number)}"


# ---------------------------------------------------------------- slips that pass
class _Bare(ast.NodeTransformer):
    """Removes the calls of the Watch, which the search for edits inserts."""

    def visit(self, node):
        place = watched(node)
        return self.visit(place[0][place[1]]) if place else self.generic_visit(node)


def edited(answer):
    """Return functions that return a text: the answer with one of the edits that the checker itself tries.

    An edit that mends a wrong answer, made in a right one, is a slip.
    """
    want = BANK.expected(answer.name)
    try:
        variants = Variants(WRITTEN[answer.name], answers.function_of(answer), want, want)
    except UNREADABLE:
        return []

    def text_with(edit):
        edit.swap()
        try:
            tree = _Bare().visit(copy.deepcopy(edit.code.tree))
        finally:
            edit.swap()
        return f"{answer.code}\n{ast.unparse(ast.fix_missing_locations(tree))}\n"

    edits = [edit for several in variants.edits(range(3)) for edit in several]
    plain = [edit for edit in edits if edit.code is variants.page.main and COURSE_SOFTMAX not in _names_in(edit)]
    return [functools.partial(text_with, edit) for edit in plain]


def _names_in(edit):
    new = [part for _, _, part in edit.changes if isinstance(part, ast.AST)]
    return {node.id for part in new for node in ast.walk(part) if isinstance(node, ast.Name)}


def mutants(name, rng, count):
    """Return texts of right answers with one slip. rng: random.Random"""
    edits = [edit for answer in answers.of(name, "right") for edit in edited(answer)]
    return [edit() for edit in rng.sample(edits, min(count, len(edits)))]


def passes(name, function):
    """True if check calls a function correct."""
    exercise = WRITTEN[name]
    return judge(exercise, run(exercise, function), BANK).verdict == CORRECT


def hole(name, wanted, text):
    """Return the number of an input on which a text is wrong although check calls it correct, or None."""
    try:
        function = page(text, answers.finished_page(name))[name]
    except (SyntaxError, ValueError, TypeError, NameError):  # an edit may not compile, or fail when it is defined
        return None
    return differs_on(name, function, wanted) if passes(name, function) else None


@pytest.mark.slow
@pytest.mark.sampled
@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::RuntimeWarning")
def test_no_slip_passes_that_is_wrong_on_an_input_that_is_allowed(exercise, subtests, monkeypatch):
    monkeypatch.setattr(limit, "ROUNDS", 300_000)  # many slips make an endless loop: stop it sooner
    name, wanted = exercise
    for text in mutants(name, random.Random(name), MUTANTS):
        with subtests.test(name):
            number = hole(name, wanted, text)
            assert number is None, (
                f"check calls it correct, and it is wrong on {shown(name, number)}\n{text}\nAdd a case."
            )
