"""Tests of the exercise checker: every exercise, right and wrong answers of many kinds, and code that misbehaves."""

import _thread
import builtins
import inspect
import math
import random
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest

ROOT = Path(__file__).resolve().parent.parent
for folder in (ROOT, ROOT / "notebooks"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))

import exercise_bank  # noqa: E402
import exercises  # noqa: E402
from exercise_bank import EXERCISES  # noqa: E402
from exercises import CORRECT, NOT_STARTED, NOT_YET, check, hint, solution  # noqa: E402

import rnn_helpers  # noqa: E402
from rnn_helpers import Parameters, softmax  # noqa: E402

NAMES = list(EXERCISES)
RETURNING = [name for name in NAMES if not EXERCISES[name].in_place]  # the others change arrays, and return None


@pytest.mark.parametrize(
    "name, signature",
    [  # the names and arguments that the pages use
        ("one_hot", "(ids, vocab_size)"),
        ("softmax", "(logits)"),
        ("cross_entropy", "(probs, targets)"),
        ("softmax_gradient", "(logits, targets)"),
        ("rnn_step", "(char_id, h_prev, parameters)"),
        ("output_probs", "(h, parameters)"),
        ("forward_pass", "(inputs, targets, h_prev, parameters)"),
        ("count_parameters", "(hidden_size, vocab_size)"),
        ("tanh_backward", "(dh, h)"),
        ("hidden_gradients", "(dh_from_output, hidden, parameters)"),
        ("weight_gradients", "(inputs, hidden, da, vocab_size)"),
        ("numerical_gradient", "(f, x, epsilon=1e-05)"),
        ("clip_gradients", "(gradients, max_norm)"),
        ("chunks", "(ids, seq_length)"),
        ("sgd_step", "(parameters, gradients, learning_rate)"),
        ("smooth_loss", "(previous, loss)"),
        ("apply_temperature", "(logits, temperature)"),
        ("draw", "(probs, u)"),
        ("sample_ids", "(parameters, h, first_id, length, rng)"),
        ("bits_per_character", "(loss, num_characters)"),
        ("adam_step", "(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-08)"),
        ("linear_decay", "(learning_rate, done, total)"),
        ("make_streams", "(ids, streams)"),
    ],
)
def test_names_and_signatures(name, signature):
    assert str(inspect.signature(EXERCISES[name].function)) == signature


# ---------------------------------------------------------------- not started, and right


def stub(name, body="    ...            # your code"):
    scope = {}
    exec(f"def {name}{inspect.signature(EXERCISES[name].function)}:\n{body}\n", scope)
    return scope[name]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "body", ["    ...            # your code", "    pass", '    """Say what it does."""', "    return"]
)
def test_a_stub_is_not_started(name, body):
    result = check(name, stub(name, body))
    assert result.verdict == NOT_STARTED
    assert repr(result) == (
        f'{name}: not started\n  Put your code where the ... is, and run the cell again. For a nudge: hint("{name}").'
    )


def test_a_stub_that_names_the_parameters_is_not_started():
    def forward_pass(inputs, targets, h_prev, parameters):
        """Return the loss and the states."""
        W_xh, W_hh, W_hy, b_h, b_y = parameters
        ...

    assert check("forward_pass", forward_pass).verdict == NOT_STARTED


@pytest.mark.parametrize("name", NAMES)
def test_the_reference_is_correct(name):
    result = check(name, EXERCISES[name].function)
    assert result.verdict == CORRECT
    assert result.message == EXERCISES[name].notice


RIGHT = []


def right(name):
    def keep(function):
        RIGHT.append(pytest.param(name, function, id=f"{name}-{sum(entry.values[0] == name for entry in RIGHT)}"))
        return function

    return keep


@right("one_hot")
def _(ids, vocab_size):
    return np.eye(vocab_size)[ids]


@right("one_hot")
def _(ids, vocab_size):
    return [[int(column == id) for column in range(vocab_size)] for id in ids]


@right("one_hot")
def _(ids, vocab_size):
    return ids[:, None] == np.arange(vocab_size)


@right("softmax")
def _(logits):
    if logits.ndim == 2:
        return np.stack([np.exp(row - max(row)) / sum(np.exp(row - max(row))) for row in logits])
    exps = [math.exp(z - max(logits)) for z in logits]
    return [e / sum(exps) for e in exps]


@right("softmax")
def _(logits):
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    return np.exp(shifted - np.log(np.einsum("...v->...", np.exp(shifted)))[..., None])


@right("softmax")
def _(logits):
    z = logits.T - logits.T.max(axis=0)
    return (np.exp(z) / np.exp(z).sum(axis=0)).T


@right("cross_entropy")
def _(probs, targets):
    loss = 0
    for t in range(len(targets)):
        loss = loss - math.log(probs[t][targets[t]])
    return loss


@right("cross_entropy")
def _(probs, targets):
    return -(np.eye(probs.shape[1])[targets] * np.log(probs)).sum()


@right("cross_entropy")
def _(probs, targets):
    return np.array(-np.log(np.take_along_axis(probs, targets[:, None], axis=1) + 1e-12).sum())


@right("softmax_gradient")
def _(logits, targets):
    return softmax(logits) - np.eye(logits.shape[1])[targets]


@right("softmax_gradient")
def _(logits, targets):
    rows = []
    for z, target in zip(logits, targets):
        row = list(softmax(z))
        row[target] -= 1
        rows.append(row)
    return rows


@right("rnn_step")
def _(char_id, h_prev, parameters):
    x = np.zeros(parameters.W_xh.shape[1])
    x[char_id] = 1
    return np.tanh(parameters.W_hh.dot(h_prev) + parameters.W_xh.dot(x) + parameters.b_h)


@right("rnn_step")
def _(char_id, h_prev, parameters):
    W_xh, W_hh, _, b_h, _ = parameters
    new = []
    for i in range(len(b_h)):
        a = W_xh[i, char_id] + b_h[i]
        for j in range(len(h_prev)):
            a += W_hh[i, j] * h_prev[j]
        new.append(math.tanh(a))
    return new


@right("rnn_step")
def _(char_id, h_prev, parameters):
    a = np.einsum("ij,j->i", parameters[1], h_prev)
    a += parameters[0].T[char_id] + parameters[3]
    return 1 - 2 / (np.exp(2 * a) + 1)


@right("output_probs")
def _(h, parameters):
    scores = h @ parameters.W_hy.T + parameters.b_y
    scores -= scores.max()
    return np.exp(scores) / np.exp(scores).sum()


@right("output_probs")
def _(h, parameters):
    scores = [sum(w * x for w, x in zip(row, h)) + b for row, b in zip(parameters.W_hy, parameters.b_y)]
    exps = [math.exp(s - max(scores)) for s in scores]
    return [e / sum(exps) for e in exps]


@right("forward_pass")
def _(inputs, targets, h_prev, parameters):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    h, states, loss = h_prev, [h_prev], 0
    for char_id, target in zip(inputs, targets):
        h = np.tanh(W_hh @ h + W_xh[:, char_id] + b_h)
        states.append(h)
        loss -= np.log(softmax(W_hy @ h + b_y)[target])
    return loss, states


@right("forward_pass")
def _(inputs, targets, h_prev, parameters):
    H, V = parameters.W_xh.shape
    h = h_prev.reshape(H, 1).copy()
    hidden = np.zeros((len(inputs) + 1, H))
    hidden[0] = h[:, 0]
    loss = 0.0
    for t in range(len(inputs)):
        x = np.zeros((V, 1))
        x[inputs[t]] = 1
        h = np.tanh(parameters.W_xh @ x + parameters.W_hh @ h + parameters.b_h[:, None])
        hidden[t + 1] = h.ravel()
        y = parameters.W_hy @ h + parameters.b_y[:, None]
        p = np.exp(y - y.max()) / np.sum(np.exp(y - y.max()))
        loss += float(-np.log(p[targets[t], 0]))
    return [loss, hidden]


@right("forward_pass")
def _(inputs, targets, h_prev, parameters):
    result = rnn_helpers.forward_pass(inputs, targets, h_prev, parameters)
    return result.loss, result.hidden


@right("count_parameters")
def _(hidden_size, vocab_size):
    shapes = [(hidden_size, vocab_size), (hidden_size, hidden_size), (vocab_size, hidden_size)]
    return sum(np.zeros(shape).size for shape in shapes) + hidden_size + vocab_size


@right("count_parameters")
def _(hidden_size, vocab_size):
    return np.int64(hidden_size * (2 * vocab_size + hidden_size + 1) + vocab_size)


@right("tanh_backward")
def _(dh, h):
    return np.multiply(dh, 1 - np.square(h))


@right("tanh_backward")
def _(dh, h):
    return (1 + h) * (1 - h) * dh


@right("tanh_backward")
def _(dh, h):
    return (np.array(dh) - dh * h * h).tolist()


@right("hidden_gradients")
def _(dh_from_output, hidden, parameters):
    da = [None] * len(dh_from_output)
    later = 0
    for t in range(len(dh_from_output) - 1, -1, -1):
        da[t] = (dh_from_output[t] + later) * (1 - hidden[t + 1] ** 2)
        later = da[t] @ parameters.W_hh
    return da


@right("hidden_gradients")
def _(dh_from_output, hidden, parameters):
    rows, after = [], np.zeros((len(parameters.b_h), 1))
    for dh, h in zip(dh_from_output[::-1], hidden[:0:-1]):
        column = (1 - h[:, None] ** 2) * (dh[:, None] + after)
        rows.insert(0, column.ravel())
        after = parameters[1].T @ column
    return np.stack(rows)


@right("hidden_gradients")
def _(dh_from_output, hidden, parameters):
    dh = dh_from_output.copy()
    da = np.empty_like(dh)
    for t in reversed(range(len(dh))):
        da[t] = dh[t] - dh[t] * hidden[t + 1] ** 2
        if t > 0:
            dh[t - 1] += np.einsum("ij,i->j", parameters.W_hh, da[t])
    return da


@right("weight_gradients")
def _(inputs, hidden, da, vocab_size):
    return da.T @ np.eye(vocab_size)[inputs], da.T @ hidden[:-1], da.sum(axis=0)


@right("weight_gradients")
def _(inputs, hidden, da, vocab_size):
    dW_xh = np.zeros((da.shape[1], vocab_size))
    np.add.at(dW_xh.T, inputs, da)
    return [dW_xh, np.einsum("ti,tj->ij", da, hidden[: len(da)]), np.ones(len(da)) @ da]


@right("weight_gradients")
def _(inputs, hidden, da, vocab_size):
    H = da.shape[1]
    W, U, b = np.zeros((H, vocab_size)), np.zeros((H, H)), np.zeros(H)
    for t in range(len(da) - 1, -1, -1):
        for i in range(H):
            W[i, inputs[t]] += da[t, i]
            b[i] += da[t, i]
            for j in range(H):
                U[i, j] += da[t, i] * hidden[t, j]
    return W, U, b


@right("numerical_gradient")
def _(f, x, epsilon=1e-5):
    slopes = np.zeros_like(x)
    for i in np.ndindex(*x.shape):  # in place, and put back by sums that round
        x[i] += epsilon
        above = f(x)
        x[i] -= 2 * epsilon
        below = f(x)
        x[i] += epsilon
        slopes[i] = (above - below) / (2 * epsilon)
    return slopes


@right("numerical_gradient")
def _(f, x, epsilon=1e-5):
    slopes = []
    for k in range(x.size):
        step = np.zeros(x.size)
        step[k] = epsilon
        step = step.reshape(x.shape)
        slopes.append((f(x + step) - f(x - step)) / 2 / epsilon)
    return np.array(slopes).reshape(x.shape)


@right("clip_gradients")
def _(gradients, max_norm):
    norm = np.linalg.norm(np.concatenate([g.ravel() for g in gradients]))
    scale = min(1, max_norm / norm)
    return [g * scale for g in gradients]


@right("clip_gradients")
def _(gradients, max_norm):
    total = 0
    for g in gradients:
        for x in g.ravel():
            total += x * x
    if total**0.5 <= max_norm:
        return gradients
    return tuple(g / (total**0.5 / max_norm) for g in gradients)


@right("clip_gradients")
def _(gradients, max_norm):
    norm = sum(np.linalg.norm(g) ** 2 for g in gradients) ** 0.5
    clipped = {name: g * max_norm / max(norm, max_norm) for name, g in gradients._asdict().items()}
    return Parameters(**clipped)


@right("chunks")
def _(ids, seq_length):
    return [
        (ids[i * seq_length : (i + 1) * seq_length], ids[i * seq_length + 1 : (i + 1) * seq_length + 1])
        for i in range((len(ids) - 1) // seq_length)
    ]


@right("chunks")
def _(ids, seq_length):
    result, i, ids = [], 0, list(ids)
    while i + seq_length + 1 <= len(ids):
        result.append([ids[i : i + seq_length], ids[i + 1 : i + 1 + seq_length]])
        i += seq_length
    return tuple(result)


@right("chunks")
def _(ids, seq_length):
    n = (len(ids) - 1) // seq_length * seq_length
    return np.stack([ids[:n].reshape(-1, seq_length), ids[1 : n + 1].reshape(-1, seq_length)], axis=1)


@right("sgd_step")
def _(parameters, gradients, learning_rate):
    for i in range(5):
        parameters[i][...] = parameters[i] - gradients[i] * learning_rate


@right("sgd_step")
def _(parameters, gradients, learning_rate):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    W_xh -= learning_rate * gradients.W_xh
    W_hh -= learning_rate * gradients.W_hh
    W_hy -= learning_rate * gradients.W_hy
    b_h -= learning_rate * gradients.b_h
    b_y -= learning_rate * gradients.b_y


@right("sgd_step")
def _(parameters, gradients, learning_rate):
    for name in parameters._fields:
        np.subtract(getattr(parameters, name), learning_rate * getattr(gradients, name), out=getattr(parameters, name))
    return parameters


@right("smooth_loss")
def _(previous, loss):
    return previous + 0.001 * (loss - previous)


@right("smooth_loss")
def _(previous, loss):
    return np.dot([0.999, 0.001], [previous, loss])


@right("apply_temperature")
def _(logits, temperature):
    logits = logits - logits.max()
    weights = np.exp(logits) ** (1 / temperature)
    return weights / weights.sum()


@right("apply_temperature")
def _(logits, temperature):
    exps = [math.exp((z - max(logits)) / temperature) for z in logits]
    return [e / sum(exps) for e in exps]


@right("draw")
def _(probs, u):
    total = 0
    for id, p in enumerate(probs):
        total += p
        if u < total:
            return id
    return len(probs) - 1


@right("draw")
def _(probs, u):
    return np.argmax(np.cumsum(probs) > u)


@right("draw")
def _(probs, u):
    return (np.cumsum(probs) <= u).sum()


@right("sample_ids")
def _(parameters, h, first_id, length, rng):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    us, ids, char_id = rng.random(length), [], first_id
    for u in us:
        h = np.tanh(W_xh[:, char_id] + W_hh @ h + b_h)
        scores = W_hy @ h + b_y
        p = np.exp(scores) / np.exp(scores).sum()
        char_id = int(np.argmax(np.cumsum(p) > u))
        ids.append(char_id)
    return np.array(ids)


@right("sample_ids")
def _(parameters, h, first_id, length, rng):
    h = h.copy()
    ids = [first_id]
    for _ in range(length):
        h[:] = exercise_bank.rnn_step(ids[-1], h, parameters)
        ids.append(rng.choice(len(parameters.b_y), p=exercise_bank.output_probs(h, parameters)))
    return ids[1:]


@right("bits_per_character")
def _(loss, num_characters):
    return loss * math.log2(math.e) / num_characters


@right("bits_per_character")
def _(loss, num_characters):
    return np.float64(loss) / (num_characters * np.log(2))


@right("adam_step")
def _(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    for i in range(len(parameters)):
        m[i][:] = beta1 * m[i] + (1 - beta1) * gradients[i]
        v[i][:] = beta2 * v[i] + (1 - beta2) * gradients[i] * gradients[i]
        m_hat = m[i] / (1 - beta1**step)
        v_hat = v[i] / (1 - beta2**step)
        parameters[i][:] -= learning_rate * m_hat / (v_hat**0.5 + epsilon)


@right("adam_step")
def _(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    for name in Parameters._fields:
        p, g, first, second = (getattr(group, name) for group in (parameters, gradients, m, v))
        first += (1 - beta1) * (g - first)
        second += (1 - beta2) * (g**2 - second)
        p -= learning_rate / (1 - beta1**step) * first / (np.sqrt(second / (1 - beta2**step)) + epsilon)


@right("linear_decay")
def _(learning_rate, done, total):
    return learning_rate * (total - done) / total


@right("linear_decay")
def _(learning_rate, done, total):
    return float(np.interp(done, [0, total], [learning_rate, 0]))


@right("make_streams")
def _(ids, streams):
    length = len(ids) // streams
    return np.column_stack([ids[b * length : (b + 1) * length] for b in range(streams)])


@right("make_streams")
def _(ids, streams):
    length = len(ids) // streams
    return [[int(ids[b * length + t]) for b in range(streams)] for t in range(length)]


@right("make_streams")
def _(ids, streams):
    length = len(ids) // streams
    return ids[: length * streams].reshape((length, streams), order="F")


@pytest.mark.parametrize("name, function", RIGHT)
def test_right_answers_of_any_style_are_correct(name, function):
    result = check(name, function)
    assert result.verdict == CORRECT, result


def test_every_exercise_has_two_other_right_styles():
    for name in NAMES:
        assert sum(entry.values[0] == name for entry in RIGHT) >= 2, name


def test_lambdas_callable_objects_and_functions_of_numpy_pass_if_they_are_right():
    class Smooth:
        def __call__(self, previous, loss):
            return 0.999 * previous + 0.001 * loss

    assert check("smooth_loss", Smooth()).verdict == CORRECT
    assert check("smooth_loss", lambda a, b: 0.999 * a + 0.001 * b).verdict == CORRECT
    assert "two numbers" not in check("softmax", np.exp).message
    assert "nothing divides them" in check("softmax", np.exp).message


def test_float32_inside_the_function_is_precise_enough():
    def forward_pass(inputs, targets, h_prev, parameters):
        small = Parameters(*[value.astype(np.float32) for value in parameters])
        loss, hidden = exercise_bank.forward_pass(inputs, targets, h_prev, parameters)
        return np.float32(loss), hidden.astype(small.W_hh.dtype)

    assert check("forward_pass", forward_pass).verdict == CORRECT
    wrong = check("softmax", lambda z: (1.001 * softmax(z)).astype(np.float32))
    assert wrong.verdict == NOT_YET and "1.001 times" in wrong.message


# ---------------------------------------------------------------- the bug bank

BUGS = [
    pytest.param(name, message, wrong, id=f"{name}-{number}")
    for name in NAMES
    for number, (message, wrong) in enumerate(EXERCISES[name].bugs)
]


@pytest.mark.parametrize("name, message, wrong", BUGS)
def test_every_known_mistake_gets_its_own_message(name, message, wrong):
    result = check(name, wrong)
    assert result.verdict == NOT_YET
    others = [text for text, _ in EXERCISES[name].bugs if text != message]
    assert message in result.message
    assert not [text for text in others if text in result.message and text not in message]


@pytest.mark.parametrize("name", NAMES)
def test_no_two_mistakes_look_alike_and_none_looks_right(name):
    bank = exercises._bank(name)
    want = exercises._expected_outcomes(name)
    assert len({message for message, _ in bank}) == len(bank)
    for k, (message, outcomes) in enumerate(bank):
        assert not all(exercises._alike(one, other) for one, other in zip(outcomes, want)), message
        for other_message, other_outcomes in bank[:k]:
            alike = all(exercises._alike(one, other) for one, other in zip(outcomes, other_outcomes))
            assert not alike, (message, other_message)


def test_the_bank_is_large_enough():
    sizes = {name: len(EXERCISES[name].bugs) for name in NAMES}
    assert min(sizes.values()) >= 10, sizes
    assert sizes["hidden_gradients"] + sizes["weight_gradients"] >= 40
    assert sizes["forward_pass"] >= 30


@pytest.mark.parametrize("name", NAMES)
def test_cases_are_new_each_time_and_their_sizes_differ(name):
    exercise = EXERCISES[name]
    labels = [case.label for case in exercise.cases()]
    assert len(set(labels)) == len(labels) >= 3
    for case, again in zip(exercise.cases(), exercise.cases()):
        assert (
            exercises._named_arrays(exercise, case.args).keys() == exercises._named_arrays(exercise, again.args).keys()
        )
        for key, array in exercises._named_arrays(exercise, case.args).items():
            other = exercises._named_arrays(exercise, again.args)[key]
            assert array is not other and np.array_equal(array, other)
        sizes = list(case.sizes.values()) + ([case.sizes["T"] + 1] if "H" in case.sizes and "T" in case.sizes else [])
        assert len(set(sizes)) == len(sizes), case  # or a shape could not be told in letters


@pytest.mark.parametrize("name", NAMES)
def test_messages_do_not_hold_the_solution(name):
    source = inspect.getsource(EXERCISES[name].function)
    lines = [line.split("#")[0].strip() for line in source.split('"""')[-1].split("\n")]
    lines = [line for line in lines if len(line) > 18 and not line.startswith(("for ", "W_xh, W_hh", "if "))]
    for message, _ in EXERCISES[name].bugs:
        assert not [line for line in lines if line.removeprefix("return ") in message]


# ---------------------------------------------------------------- wrong in ways that the bank does not know


def lines_of(result):
    return result.message.split("\n")


def wrong_forward_pass(inputs, targets, h_prev, parameters):
    """Nothing is wrong but the state after the third character."""
    loss, hidden = exercise_bank.forward_pass(inputs, targets, h_prev, parameters)
    if len(hidden) > 3:
        hidden[3, 1] += 0.25
    return loss, hidden


def wrong_hidden_gradients(dh_from_output, hidden, parameters):
    da, later = np.zeros_like(dh_from_output), 0
    for t in reversed(range(len(da))):
        da[t] = (dh_from_output[t] + later) * (1 - hidden[t + 1] ** 2)
        later = 0.5 * parameters.W_hh.T @ da[t]
    return da


def wrong_weight_gradients(inputs, hidden, da, vocab_size):
    dW_xh, dW_hh, db_h = exercise_bank.weight_gradients(inputs, hidden, da, vocab_size)
    dW_xh[:, inputs[0]] *= 3
    return dW_xh, dW_hh, db_h


def wrong_sgd_step(parameters, gradients, learning_rate):
    exercise_bank.sgd_step(parameters, gradients, learning_rate)
    parameters.b_h[1] += 1


def wrong_adam_step(parameters, gradients, m, v, step, learning_rate, beta1=0.9, beta2=0.999, epsilon=1e-8):
    exercise_bank.adam_step(parameters, gradients, m, v, step, learning_rate, beta1, beta2, epsilon)
    v.W_hh[2, 1] += 0.5


def two_mistakes(inputs, hidden, da, vocab_size):
    T, H = da.shape
    dW_xh, dW_hh, db_h = np.zeros((H, vocab_size)), np.zeros((H, H)), np.zeros(H)
    for t in range(T):
        dW_xh[:, inputs[t]] += da[t]
        dW_hh += np.outer(da[t], hidden[t + 1])  # the state after
        db_h = da[t]  # overwritten
    return dW_xh, dW_hh, db_h


OUTSIDE = [
    ("one_hot", lambda ids, V: np.eye(V)[np.sort(ids)], ["Right only with: one id (T = 1)", "in other places"]),
    ("one_hot", lambda ids, V: 0.5 * np.eye(V)[ids], ["every entry is 0.5 times"]),
    ("softmax", lambda z: softmax(z).round(3), ["entry [0] (character id 0)", "Right only with: scores far apart"]),
    ("softmax", lambda z: softmax(np.clip(z, -100, 100)), ["Wrong only with: large scores; rows of very different"]),
    ("softmax", lambda z: z, ["is the same as the argument logits"]),
    ("softmax", lambda z: softmax(z) + 0.1, ["by the same amount, 0.1", "It adds up to 1.4"]),
    ("cross_entropy", lambda p, t: 3 * rnn_helpers.cross_entropy(p, t), ["3 times as large", "each time"]),
    ("cross_entropy", lambda p, t: 1 + rnn_helpers.cross_entropy(p, t), ["too large by 1, each time"]),
    ("softmax_gradient", lambda z, t: exercise_bank.softmax_gradient(z, t)[::-1], ["rows are in reverse order"]),
    ("softmax_gradient", lambda z, t: softmax(z) - 0.1, ["Each row of this gradient must add up to 0"]),
    (
        "rnn_step",
        lambda c, h, p: np.tanh(p.W_hh @ h + p.W_xh[:, c] - p.b_h),
        ["right when b_h is all zeros", "look at what you do with b_h"],
    ),
    ("rnn_step", lambda c, h, p: np.tanh(p.W_hh @ h * 2 + p.W_xh[:, c] + p.b_h), ["right when h_prev is all zeros"]),
    ("output_probs", lambda h, p: softmax(p.W_hy @ h + 2 * p.b_y), ["right when b_y is all zeros"]),
    ("output_probs", lambda h, p: softmax(p.W_hy @ h + p.b_y)[::-1], ["entries are in reverse order"]),
    (
        "forward_pass",
        wrong_forward_pass,
        ["Right only with: one character", "hidden is right but for row 3", "by 0.25"],
    ),
    (
        "forward_pass",
        lambda i, t, h, p: (2 * exercise_bank.forward_pass(i, t, h, p)[0], exercise_bank.forward_pass(i, t, h, p)[1]),
        ["hidden is right.", "loss is 2 times as large"],
    ),
    ("count_parameters", lambda H, V: exercise_bank.count_parameters(H, V) + 1, ["too large by 1, each time"]),
    ("tanh_backward", lambda dh, h: dh * (1 - h**3), ["right when h is all zeros"]),
    (
        "hidden_gradients",
        wrong_hidden_gradients,
        ["W_hh is all zeros", "right down to time step 4, and goes wrong at 3"],
    ),
    ("hidden_gradients", lambda dh, h, p: dh, ["is the same as the argument dh_from_output"]),
    ("weight_gradients", wrong_weight_gradients, ["dW_hh, db_h are right", "dW_xh is right but for character id 1."]),
    ("weight_gradients", two_mistakes, ["dW_hh uses the state after each step"]),
    ("numerical_gradient", lambda f, x, epsilon=1e-5: x * 1.0, ["is the same as the argument x"]),
    (
        "numerical_gradient",
        lambda f, x, epsilon=1e-5: exercise_bank.numerical_gradient(lambda z: f(z.ravel()), x, epsilon),
        ["f was called with shape (6,)", "a function of a matrix"],
    ),
    (
        "clip_gradients",
        lambda g, m: [x * 0.9 for x in rnn_helpers.clip_gradients(g, m)],
        ["W_xh, W_hh, W_hy, b_h, b_y: every entry is 0.9 times", "the norm of your result is 1.8"],
    ),
    ("chunks", lambda ids, T: exercise_bank.chunks(ids, T)[::-1], ["inputs of sequence 0", "Right only with: one seq"]),
    ("chunks", lambda ids, T: [], ["It returned 0 sequences, expected: 3"]),
    (
        "sgd_step",
        wrong_sgd_step,
        ["parameters.W_xh, parameters.W_hh, parameters.W_hy, parameters.b_y are right", "b_h[1]"],
    ),
    (
        "sgd_step",
        lambda p, g, rate: rnn_helpers.sgd_step(p, g, rate / 4),
        ["The change of parameters: every entry is 0.25 (that is 1/V here) times"],
    ),
    ("smooth_loss", lambda a, b: 0.999 * a + 0.0001 * b, ["Right only with: a smoothed loss of 50", "0.1 times"]),
    ("apply_temperature", lambda z, t: softmax(z / t**2), ["Right only with: temperature 1"]),
    ("draw", lambda p, u: 2, ["Right only with"]),
    ("draw", lambda p, u: np.random.choice(len(p), p=p), ["Called again", "random numbers of its own"]),
    (
        "sample_ids",
        lambda p, h, c, n, rng: exercise_bank.sample_ids(p._replace(b_h=2 * p.b_h), h, c, n, rng),
        ["right when b_h is all zeros"],
    ),
    ("bits_per_character", lambda loss, n: -loss / n / np.log(2), ["the wrong sign, each time"]),
    ("adam_step", wrong_adam_step, ["m, parameters are right.", "v.W_hh[2, 1]"]),
    ("linear_decay", lambda rate, done, total: max(rate * (1 - done / total), 1e-4), ["Wrong only with: the end"]),
    ("make_streams", lambda ids, B: rnn_helpers.make_streams(ids + 1, B), ["too large by the same amount, 1"]),
    ("make_streams", lambda ids, B: np.array_split(ids, B), ["rows of different length"]),
]


@pytest.mark.parametrize("name, function, pieces", OUTSIDE, ids=[f"{o[0]}-{k}" for k, o in enumerate(OUTSIDE)])
def test_an_unknown_mistake_is_pointed_at(name, function, pieces):
    result = check(name, function)
    assert result.verdict == NOT_YET
    for piece in pieces:
        assert piece in result.message, result


@pytest.mark.parametrize("name", NAMES)
def test_a_tiny_error_in_one_number_never_passes(name):
    exercise = EXERCISES[name]
    calls = len(exercise.cases())

    def nudge(value):
        if isinstance(value, np.ndarray) and value.ndim:
            value = value.copy()
            value.flat[-1] += 1 if value.dtype.kind in "iu" else 1e-4
            return value
        if isinstance(value, (tuple, list)) and value:
            return [*value[:-1], nudge(value[-1])]
        return value + (1 if isinstance(value, (int, np.integer)) else 1e-4 * max(1, abs(value)))

    def almost_right(*args, state={"calls": 0}):  # noqa: B006 (it counts the calls)
        state["calls"] += 1
        result = exercise.function(*args)
        if (state["calls"] - 1) % calls != calls - 1:
            return result
        if exercise.in_place:
            args[0].b_y[-1] += 1e-4
            return None
        return nudge(result)

    almost_right.__signature__ = inspect.signature(exercise.function)
    result = check(name, almost_right)
    assert result.verdict == NOT_YET, result


# ---------------------------------------------------------------- each kind of trouble


def test_an_error_is_shown_with_its_line_and_the_sizes():
    def cross_entropy(probs, targets):
        picked = probs[targets, np.arange(len(targets)) + 4]
        return -np.log(picked).sum()

    lines = lines_of(check("cross_entropy", cross_entropy))
    assert lines[0].startswith("It raised IndexError: index ")
    number = inspect.getsourcelines(cross_entropy)[1] + 1
    assert lines[1] == f"in line {number}: `picked = probs[targets, np.arange(len(targets)) + 4]`"
    assert lines[2] in ("Here 3 is T.", "Here 4 is V.")
    assert lines[3] == "Tried with three predictions (T = 3, V = 4)."
    assert "outside the array" in lines[4]


@pytest.mark.parametrize(
    "function, pieces",
    [
        (lambda z: undefined, ["NameError", "spelled right"]),  # noqa: F821
        (lambda z: z ^ 2, ["TypeError", "`**`"]),
        (lambda z: z / z.sum(axis=1), ["AxisError", "fewer axes", "axis=-1"]),
        (lambda z: np.exp(z) / np.exp(z).sum(axis=-1), ["ValueError", "keepdims=True", "Here 5 is T, 4 is V."]),
        (lambda z: z(0), ["TypeError", "square brackets"]),
        (lambda z: sys.exit("bye"), ["SystemExit: bye", "ends with `return`"]),
        (lambda z: 1 / 0, ["ZeroDivisionError", "divided by 0"]),
        (lambda z: input("size?"), ["RuntimeError", "input() waits for the keyboard"]),
        (lambda z: [].x, ["AttributeError", "one row of four scores (V = 4)"]),
    ],
)
def test_errors_come_with_a_word_of_explanation(function, pieces):
    result = check("softmax", function)
    assert result.verdict == NOT_YET
    for piece in pieces:
        assert piece in result.message, result


def test_an_error_whose_own_text_fails_does_no_harm():
    class Odd(Exception):
        def __str__(self):
            raise RuntimeError("no text")

    def softmax(logits):
        raise Odd

    assert "It raised Odd" in check("softmax", softmax).message


def test_endless_recursion():
    def softmax(logits):
        return softmax(logits)

    assert "RecursionError" in check("softmax", softmax).message


@pytest.mark.parametrize("name", RETURNING)
def test_returning_nothing_after_work(name):
    exercise = EXERCISES[name]

    def forgetful(*args):
        result = exercise.function(*args)
        print(result)

    forgetful.__signature__ = inspect.signature(exercise.function)
    result = check(name, forgetful)
    assert result.verdict == NOT_YET
    assert lines_of(result)[0].startswith("It returned nothing (None). Expected: ")
    assert "to print is not to return" in result.message


def test_a_return_that_is_missing_in_one_branch():
    def draw(probs, u):
        for id, running in enumerate(np.cumsum(probs)):
            if running > u + 0.2:
                return id

    result = check("draw", draw)
    assert "It returned nothing (None). Expected: one whole number." in result.message
    assert "every way through the function" in result.message


@pytest.mark.parametrize("name", RETURNING)
def test_a_wrong_shape_is_told_in_letters(name):
    exercise = EXERCISES[name]
    if exercise.kind == "pairs":
        expected = (
            "targets of sequence 0 is an array of shape (T, 1) = (5, 1), expected: an array of shape (T,) = (5,)."
        )
    else:
        expected = "expected: "

    def reshaped(*args):
        result = exercise.function(*args)
        if exercise.kind == "pairs":
            return [(inputs, targets[:, None]) for inputs, targets in result]
        if exercise.returns:
            return [np.asarray(value)[..., None] for value in result]
        return np.asarray(result)[..., None]

    reshaped.__signature__ = inspect.signature(exercise.function)
    result = check(name, reshaped)
    assert result.verdict == NOT_YET
    assert expected in lines_of(result)[0]


@pytest.mark.parametrize(
    "name, function, line",
    [
        (
            "one_hot",
            lambda ids, V: np.eye(V)[:, ids],
            "The result is an array of shape (V, T) = (4, 5), expected: an array of shape (T, V) = (5, 4).",
        ),
        (
            "forward_pass",
            lambda i, t, h, p: (0.0, np.zeros((len(h), len(i)))),
            "hidden is an array of shape (H, T) = (3, 6), expected: an array of shape (T+1, H) = (7, 3).",
        ),
        (
            "weight_gradients",
            lambda i, h, da, V: (da.T @ exercise_bank.one_hot(i, V), da.T @ h[1:], [da.sum()]),
            "db_h is an array of shape (1,), expected: an array of shape (H,) = (5,).",
        ),
        (
            "smooth_loss",
            lambda a, b: (0.999 * a + 0.001 * b,),
            "The result is a tuple of shape (1,), expected: one number.",
        ),
    ],
)
def test_shapes_in_messages(name, function, line):
    assert lines_of(check(name, function))[0] == line


@pytest.mark.parametrize(
    "name, function, piece",
    [
        ("softmax", lambda z: {"probs": z}, "a value of type dict"),
        ("softmax", lambda z: "0.5", "a value of type str"),
        ("softmax", lambda z: (x for x in z), "a generator"),
        ("softmax", lambda z: [[1, 2], [3]], "rows of different length"),
        ("softmax", lambda z: z + 1j, "an array of shape (4,)"),
        ("softmax", lambda z: [z, ...][1], "It returned nothing"),
        (
            "forward_pass",
            lambda i, t, h, p: 3.0,
            "It returned 3.0 (type float). Expected: 2 results, loss (one number)",
        ),
        ("forward_pass", lambda i, t, h, p: (None, h), "loss is None"),
        ("forward_pass", lambda i, t, h, p: {"loss": 1}, "a value of type dict"),
        ("weight_gradients", lambda i, h, da, V: (da, da), "a tuple of 2 (shape (3, 5), shape (3, 5))"),
        ("chunks", lambda ids, T: [ids], "a list of pairs (inputs, targets)"),
        ("chunks", lambda ids, T: 5, "It returned 5 (type int)"),
        ("draw", lambda p, u: 1.0, "1.0, a number with a decimal point"),
        ("draw", lambda p, u: True, "True or False"),
        ("count_parameters", lambda H, V: f"{H}", "a value of type str. Expected: one whole number."),
        ("sample_ids", lambda p, h, c, n, rng: [0.5] * n, "holds 0.5, a number with a decimal point"),
    ],
)
def test_a_result_of_another_kind(name, function, piece):
    result = check(name, function)
    assert result.verdict == NOT_YET
    assert piece in result.message, result


def spoilers():
    """For each exercise and each array it is given: the right function that then changes this array."""
    for name in NAMES:
        exercise = EXERCISES[name]
        first = exercises._named_arrays(exercise, exercise.cases()[0].args)
        for key in first:
            if key.split(".")[0] not in exercise.in_place:
                yield pytest.param(name, key, id=f"{name}-{key}")


@pytest.mark.parametrize("name, key", list(spoilers()))
def test_an_argument_changed_in_place_is_named(name, key):
    exercise = EXERCISES[name]

    def spoils(*args):
        result = exercise.function(*args)
        if name == "clip_gradients":
            result = [value.copy() for value in result]
        if name == "chunks":
            result = [(inputs.copy(), targets.copy()) for inputs, targets in result]
        if name == "make_streams":
            result = result.copy()
        array = exercises._named_arrays(exercise, args)[key]
        array.flat[0] += 1
        return result

    spoils.__signature__ = inspect.signature(exercise.function)
    result = check(name, spoils)
    assert result.verdict == NOT_YET
    assert lines_of(result)[0].startswith(f"It changes its argument {key} in place.")


def test_what_a_right_function_prints_is_not_shown(capsys):
    def smooth_loss(previous, loss):
        print("working", file=sys.stderr)
        print("on", previous)
        return 0.999 * previous + 0.001 * loss

    result = check("smooth_loss", smooth_loss)
    assert result.verdict == CORRECT
    assert "working" not in repr(result)
    assert capsys.readouterr() == ("", "")


def test_what_a_wrong_function_prints_is_shown_for_one_call_and_cut(capsys):
    def smooth_loss(previous, loss):
        print("previous is", previous)
        for line in range(20):
            print("x" * 200)
        return previous + loss * (previous > 90)

    result = check("smooth_loss", smooth_loss)
    assert capsys.readouterr() == ("", "")
    assert "It printed:\n  previous is 0.0\n  xxx" in repr(result)
    assert repr(result).count("previous is") == 1
    assert len(repr(result).split("\n")) < 20 and max(map(len, repr(result).split("\n"))) < 150


@pytest.mark.parametrize(
    "function, piece",
    [
        (None, 'There is no function to check. Write check("softmax", softmax).'),
        (np.zeros(3), "You gave an array of shape (3,), not a function."),
        ("softmax", "You gave a value of type str, not a function."),
        (math, "You gave a value of type module, not a function."),
        (Parameters, "Parameters is a class. This exercise wants a function: def softmax(logits)."),
        (lambda: 1, "It must work as softmax(logits), but your function takes ()."),
        (lambda z, axis: 1, "It must work as softmax(logits), but your function takes (z, axis)."),
    ],
)
def test_something_that_is_no_such_function(function, piece):
    result = check("softmax", function)
    assert result.verdict == NOT_YET
    assert piece in result.message


def test_an_object_that_breaks_whatever_looks_at_it():
    class Broken:
        def __getattr__(self, name):
            raise RuntimeError(name)

        def __call__(self, logits):
            return self

        def __repr__(self):
            raise RuntimeError("repr")

    assert check("softmax", Broken()).verdict == NOT_YET
    assert check("softmax", lambda z: Broken()).verdict == NOT_YET
    assert check("forward_pass", lambda i, t, h, p: (Broken(), Broken())).verdict == NOT_YET
    assert check(Broken(), softmax).verdict == NOT_YET


def test_generator_functions_and_coroutines():
    def chunks(ids, seq_length):
        yield ids[:seq_length], ids[1 : seq_length + 1]

    async def softmax(logits):
        return logits

    assert "`yield`" in check("chunks", chunks).message
    assert "`async`" in check("softmax", softmax).message


def test_a_default_that_is_missing_and_arguments_in_another_order():
    result = check("numerical_gradient", lambda f, x, epsilon: x)
    assert "It must work as numerical_gradient(f, x, epsilon=1e-05)" in result.message

    def cross_entropy(targets, probs):
        return 0.0

    assert "another order" in check("cross_entropy", cross_entropy).message


def test_a_function_of_another_exercise():
    result = check("softmax", exercise_bank.tanh_backward)
    assert result.verdict == NOT_YET and "must work as softmax(logits)" in result.message

    def one_hot(logits):
        return np.zeros_like(logits)

    assert lines_of(check("softmax", one_hot))[0] == "You gave the function one_hot to the exercise softmax."


def test_unknown_names():
    result = check("sofmax", softmax)
    assert result.verdict == NOT_YET
    assert "There is no exercise 'sofmax'. Did you mean 'softmax'?" in result.message
    for name in NAMES:
        assert name in result.message
    assert "First the name, then the function" in check(softmax).message
    assert "is text, such as 'softmax', not a list of 1 (str)" in check(["softmax"], softmax).message
    assert check(None).verdict == NOT_YET
    for show in (hint, solution):
        with pytest.raises(ValueError, match="There is no exercise 'sofmax'. Did you mean 'softmax'?"):
            show("sofmax")
        with pytest.raises(ValueError, match="The name of an exercise is text"):
            show(3)


def shifted(logits, shift):
    exps = np.exp(logits - shift)
    return exps / exps.sum(axis=-1, keepdims=True)


def stable_for_one_row_only(shift):
    return lambda logits: softmax(logits) if logits.ndim == 1 else shifted(logits, shift(logits))


def rounded(name):
    return lambda *args: np.round(EXERCISES[name].function(*args), 5)


def at_least_one_chunk(ids, seq_length):
    return exercise_bank.chunks(ids, seq_length) or [(ids[:seq_length], ids[1 : seq_length + 1])]


@pytest.mark.parametrize(
    "name, function",
    [
        ("softmax", stable_for_one_row_only(lambda z: z.min(axis=-1, keepdims=True))),
        ("softmax", stable_for_one_row_only(lambda z: z.mean(axis=-1, keepdims=True))),
        ("softmax", lambda z: shifted(z, np.abs(z).max()) if z.ndim == 1 else softmax(z)),
        (
            "softmax_gradient",
            lambda z, t: shifted(z, z.min(axis=1, keepdims=True)) - exercise_bank.one_hot(t, len(z[0])),
        ),
        (
            "softmax_gradient",
            lambda z, t: shifted(z, z.mean(axis=1, keepdims=True)) - exercise_bank.one_hot(t, len(z[0])),
        ),
        ("output_probs", lambda h, p: shifted(y := p.W_hy @ h + p.b_y, y.min())),
        ("output_probs", lambda h, p: shifted(y := p.W_hy @ h + p.b_y, np.abs(y).max())),
        ("apply_temperature", lambda z, tau: shifted(z / tau, (z / tau).sum())),
        ("apply_temperature", lambda z, tau: shifted(z / tau, np.abs(z / tau).max())),
        ("apply_temperature", lambda z, tau: shifted(z / tau, (z / tau).mean())),
        ("forward_pass", exercise_bank._forward_with(to_probs=lambda y: shifted(y, y.min(axis=1, keepdims=True)))),
        ("forward_pass", exercise_bank._forward_with(to_probs=lambda y: shifted(y, np.abs(y).max(axis=1)[:, None]))),
        ("chunks", at_least_one_chunk),
        ("linear_decay", rounded("linear_decay")),
        ("smooth_loss", rounded("smooth_loss")),
        ("draw", lambda probs, u: int(np.argmax(np.cumsum(probs) >= u))),
    ],
)
def test_right_for_ordinary_arguments_only(name, function):
    assert check(name, function).verdict == NOT_YET


@pytest.mark.parametrize("name", ["one_hot", "sample_ids", "chunks", "weight_gradients"])
def test_a_list_that_holds_itself(name):
    """NumPy would copy it without end, and nothing could interrupt that."""
    endless = []
    endless += [endless] * len(EXERCISES[name].returns or "abc")
    result = check(name, lambda *args, **options: endless)
    assert result.verdict == NOT_YET
    assert "is a list appended to itself?" in result.message


W_hh, H = np.eye(9), 9


def test_data_from_outside_the_function_is_named():
    def rnn_step(char_id, h_prev, parameters):
        return np.tanh(W_hh @ h_prev + parameters.W_xh[:, char_id] + np.zeros(H))

    line = "It takes W_hh, H from outside the function: use what comes in through the arguments."
    assert lines_of(check("rnn_step", rnn_step))[0] == line
    assert "outside" not in check("softmax", lambda z: softmax(-z)).message, "functions and modules are no data"


@pytest.mark.parametrize(
    "name, function, note",
    [
        ("one_hot", lambda ids, V: np.zeros(len(ids), V), "np.zeros((rows, columns))"),
        ("one_hot", lambda ids, V: np.eye(V)[np.zeros(len(ids))], "must hold whole numbers"),
        ("output_probs", lambda h, p: softmax(p.W_hy * h + p.b_y), "Two sizes do not fit together."),
        ("softmax_gradient", lambda logits, targets: softmax(logits) - targets, "targets are ids"),
        ("softmax", lambda z: np.exp(z) / np.exp(z).sum(axis=-1), "With keepdims=True it keeps it"),
    ],
)
def test_notes_to_errors_of_numpy(name, function, note):
    result = check(name, function)
    assert note in result.message
    assert ("keepdims" in result.message) == ("keepdims" in note)


# ---------------------------------------------------------------- time


def forever(logits):
    while True:
        pass


def catches_all(logits):
    while True:
        try:
            logits = np.add(logits, 1)
        except:  # noqa: E722
            pass


def catches_more(logits):
    count = 0
    while True:
        try:
            for _ in range(1000):
                count += 1
        except BaseException:
            continue


def grows(logits):
    found = []
    while len(found) >= 0:
        found.append(len(found))


def prints(logits):
    while True:
        print("again")


def still_working():
    """The checker's threads that run on for a second. Thread.is_alive does not tell: see exercises._Worker."""
    for _ in range(100):
        workers = [thread for thread in threading.enumerate() if isinstance(thread, exercises._Worker)]
        working = [thread for thread in workers if thread.ident in sys._current_frames() and not thread.parked]
        if not working:
            break
        threading.Event().wait(0.01)
    return working


@pytest.mark.parametrize("function", [forever, catches_all, catches_more, grows, prints])
def test_an_endless_loop_is_stopped(function, monkeypatch, capsys):
    monkeypatch.setattr(exercises, "SECONDS", 0.2)
    result = check("softmax", function)
    assert result.verdict == NOT_YET
    lines = lines_of(result)
    assert lines[0] == "It was still running after 0.2 seconds and was stopped."
    assert lines[1].startswith("in line ")
    assert "waits inside" not in result.message
    assert not still_working()
    assert "Traceback" not in repr(result)
    assert capsys.readouterr() == ("", "")


def test_a_call_that_cannot_be_stopped_does_not_hold_up_the_check(monkeypatch):
    monkeypatch.setattr(exercises, "SECONDS", 0.2)
    release = threading.Event()
    result = check("softmax", lambda z: release.wait())
    assert "It waits inside that one call, and stops when the call ends." in result.message
    assert len(still_working()) == 1
    release.set()
    while still_working():  # it ends as soon as the call does
        threading.Event().wait(0.01)


def test_a_check_in_another_thread():
    results = []
    thread = threading.Thread(target=lambda: results.append(check("softmax", softmax)))
    thread.start()
    thread.join()
    assert results[0].verdict == CORRECT


def test_an_interrupt_by_the_learner_comes_through(monkeypatch):
    monkeypatch.setattr(exercises, "SECONDS", 60)
    timer = threading.Timer(0.3, _thread.interrupt_main)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        check("softmax", forever)
    timer.join()
    assert not still_working()
    assert check("softmax", softmax).verdict == CORRECT


# ---------------------------------------------------------------- nothing of the learner's is touched


def test_random_numbers_and_settings_stay_as_they_are():
    def draw(probs, u):
        np.random.seed(1)
        random.seed(1)
        np.seterr(all="raise")
        warnings.simplefilter("error")
        return int(np.random.random() * len(probs))

    states = random.getstate(), np.random.get_state()[1].tolist()
    errors, filters, keyboard = np.geterr(), list(warnings.filters), builtins.input
    assert check("draw", draw).verdict == NOT_YET
    assert (random.getstate(), np.random.get_state()[1].tolist()) == states
    assert np.geterr() == errors and warnings.filters == filters
    assert builtins.input is keyboard


def test_settings_of_the_learner_do_not_disturb_the_check():
    with np.errstate(all="raise"), warnings.catch_warnings():
        warnings.simplefilter("error")
        assert check("softmax", softmax).verdict == CORRECT
        unstable = check("softmax", lambda z: np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True))
        assert "overflows" in unstable.message


def test_a_learner_who_spoils_everything_cannot_change_later_checks(monkeypatch):
    def spoil(*args):
        for array in args:
            for part in array if isinstance(array, tuple) else [array]:
                if isinstance(part, np.ndarray):
                    part.fill(7)
        raise RuntimeError

    for name in NAMES:
        spoil.__signature__ = inspect.signature(EXERCISES[name].function)
        assert check(name, spoil).verdict == NOT_YET
    monkeypatch.setattr(rnn_helpers, "softmax", lambda logits: logits * 0)
    monkeypatch.setattr(rnn_helpers, "cross_entropy", lambda probs, targets: 0.0)
    exercises._bank.cache_clear()
    exercises._expected_outcomes.cache_clear()
    for name in NAMES:
        assert check(name, EXERCISES[name].function).verdict == CORRECT, name
    assert check("forward_pass", lambda i, t, h, p: rnn_helpers.forward_pass(i, t, h, p)[::2]).verdict == NOT_YET


def test_a_function_that_remembers_is_found_out():
    seen = []

    def smooth_loss(previous, loss):
        seen.append(loss)
        return 0.999 * previous + 0.001 * loss + (len(seen) > 5)

    assert "Called again with the same arguments" in check("smooth_loss", smooth_loss).message


# ---------------------------------------------------------------- what is shown


def test_a_result_in_a_terminal_and_in_a_notebook():
    result = check("softmax", lambda z: z < 0)
    assert repr(result).startswith("softmax: not yet\n  ")
    assert 'hint("softmax")' in repr(result)
    page = result._repr_html_()
    assert page.startswith('<div style="border-left: 4px solid #d97706;')
    assert "<b>softmax: not yet</b>" in page and page.endswith("</div>")
    assert "color:" not in page.replace("border-left", "") and "background" not in page  # legible on any page
    assert result._repr_html_() == check("softmax", lambda z: z < 0)._repr_html_()


def test_html_is_escaped():
    def softmax(logits):
        return logits <b  # noqa: E225, F821 # fmt: skip

    page = check("softmax", softmax)._repr_html_()
    assert "<code>return logits &lt;b" in page and "<b " not in page


def test_no_message_holds_a_path_or_an_address():
    shown = [check(name, wrong) for name, _, wrong in (bug.values for bug in BUGS[::7])]
    shown += [check("softmax", lambda z: object()), check("softmax", lambda z: z[forever])]
    for note in shown:
        assert str(ROOT) not in repr(note) + note._repr_html_()
        assert "0x7" not in repr(note)


def test_hints_come_one_by_one(monkeypatch):
    monkeypatch.setattr(exercises, "_hints_shown", {})
    hints = EXERCISES["softmax"].hints
    first, second = hint("softmax"), hint("softmax")
    assert repr(first) == f"hints for softmax\n  1 of 4: {hints[0]}"
    assert repr(second) == f"hints for softmax\n  1 of 4: {hints[0]}\n  2 of 4: {hints[1]}"
    assert "1 of 4" in repr(hint("one_hot")) and "2 of" not in repr(hint("one_hot"))[:30]
    for _ in range(4):
        last = hint("softmax")
    assert repr(last).count(" of 4: ") == 4
    assert 'solution("softmax")' in repr(last)
    assert "2 of 4" in last._repr_html_()


@pytest.mark.parametrize("name", NAMES)
def test_every_exercise_has_hints_and_a_solution(name):
    exercise = EXERCISES[name]
    assert 3 <= len(exercise.hints) <= 4
    assert exercise.hints[-1].startswith("In words: ")
    shown = solution(name)
    assert f"def {name}(" in repr(shown) and exercise.why in repr(shown)
    assert '"""' in shown._repr_html_() and f"def {name}(" in shown._repr_html_()
    scope = {}
    exec(shown.code, scope)  # the solution as shown runs anywhere and is correct
    assert check(name, scope[name]).verdict == CORRECT


def test_as_a_learner_uses_it_in_a_file():
    code = (
        f"import sys; sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / 'notebooks')!r}]\n"
        "from exercises import *\n"
        "def softmax(logits):\n    ...\n"
        "print(check('softmax', softmax))\n"
        "print(sorted(name for name in dir() if name in ('check', 'hint', 'solution', 'np')))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stderr == ""
    assert done.stdout.startswith("softmax: not started\n") and "['check', 'hint', 'solution']" in done.stdout
