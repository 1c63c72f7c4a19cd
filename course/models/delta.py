"""A state that is a table of numbers and is corrected while it reads: the delta rule, alone and in a network.

Letters: T steps, B streams, V characters, and d numbers in a key, a query and a value. All that is `(T, ...)` here may
be (T,), (T, d) or (T, B, d): every stream has a state of its own.
"""

from collections import namedtuple
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from course.base import checks
from course.engine import Model, adam_step, loss_of, read_out, read_out_backward
from course.engine.model import one_hot_rows
from course.models.gates import sigmoid
from course.models.no_loop import rows


# ---------------------------------------------------------------- one step
def delta_step(S, k, v, beta):
    """Return the state after it was told that the key k means the value v: S + beta * (v - S k) k^T.

    S  (..., d, d);  k  (..., d), of length 1;  v  (..., d);  beta  (...), how much of the correction is made
    Source: Widrow and Hoff, 1960; as the state of a network: Schlag, Irie and Schmidhuber, 2021.
    """
    return S + outer(np.asarray(beta)[..., None] * (v - read(S, k)), k)


def delta_step_backward(dS_new, S, k, v, beta):
    """Return (dS, dk, dv, dbeta), the way back through delta_step. dS_new (..., d, d): the slopes of its result."""
    missing, du, beta = v - read(S, k), read(dS_new, k), np.asarray(beta)[..., None]
    dv = beta * du
    dk = read(transposed(dS_new), beta * missing) - read(transposed(S), dv)
    return dS_new - outer(dv, k), dk, dv, (du * missing).sum(axis=-1)


def sum_step(S, k, v, beta):
    """Return the state without a correction: S + beta * v k^T. Arguments as in delta_step."""
    return S + outer(np.asarray(beta)[..., None] * v, k)


def sum_step_backward(dS_new, S, k, v, beta):
    """Return (dS, dk, dv, dbeta), the way back through sum_step."""
    du, beta = read(dS_new, k), np.asarray(beta)[..., None]
    return dS_new, read(transposed(dS_new), beta * v), beta * du, (du * v).sum(axis=-1)


def read(S, k):
    """Return S k, what a state says of a key: (..., d) from (..., d, d) and (..., d)."""
    return S @ k if k.ndim == 1 else (S @ k[..., None])[..., 0]


def outer(a, b):
    """Return a b^T, (..., d, d)."""
    return a[..., :, None] * b[..., None, :]


def transposed(S):
    """Return S with rows and columns exchanged, in each stream."""
    return S.swapaxes(-1, -2)


# ---------------------------------------------------------------- a network
class DeltaPass(NamedTuple):
    """A ForwardPass, and what the way back needs."""

    loss: float
    probs: np.ndarray
    hidden: np.ndarray  # (T, ..., d), what each step reads: S_t q_t
    states: np.ndarray  # (T+1, ..., d, d), row 0 is the state before
    letters: np.ndarray  # (T+1, ..., V), one-hot: the letter before, then those that were read
    k: np.ndarray  # (T, ..., d), of length 1, and so q and v
    q: np.ndarray
    v: np.ndarray
    lengths: np.ndarray  # (T, ..., 1), of the keys before they were divided by it
    beta: np.ndarray  # (T, ...), between 0 and 1
    alpha: np.ndarray  # (T, ...), how much of the state is kept: 1 where nothing is forgotten

    @property
    def state(self):
        """What the next sequence begins with: the table, (..., d, d), and the last letter, (..., V)."""
        return self.states[-1], self.letters[-1]


def delta_net(forget=False, step=delta_step, step_backward=delta_step_backward):
    """Return the Model of a network with one table for a state. The hidden_size of train is d.

        k_t, q_t = W_k x_{t-1}, W_q x_{t-1}    v_t = W_v x_t    beta_t = sigmoid(w_beta x_t)    k_t is made 1 long
        S_t = step(alpha_t S_{t-1}, k_t, v_t, beta_t)           logits = W_hy (S_t q_t, x_t) + b_y

    The letter before says where in the table, and the letter itself what to write there.
    forget  alpha_t = sigmoid(w_alpha x_t), a gate for the whole table (Yang, Kautz and Hatamizadeh, 2025); else 1
    step, step_backward  delta_step or sum_step; of one stream they get (d, d), (d,), (d,) and a number
    """
    Delta = namedtuple("Delta", ["W_k", "W_q", "W_v", "w_beta", *["w_alpha"] * forget, "W_hy", "b_y"])

    def initialize(hidden_size, vocab_size, rng, scale=0.01):
        """scale: a number, or "fan_in". With a gate, nearly all of the state is kept at first."""
        d, V = checks.count("hidden_size", hidden_size), vocab_size
        checks.room("hidden_size", d, d * (d + 4 * V))  # the state, which is a table, and the parameters
        sizes = (0.7, (d + V) ** -0.5) if checks.scale(scale) == "fan_in" else (scale, scale)
        tables = [rng.standard_normal((d, V)) * sizes[0] for _ in range(3)]
        gates = [np.zeros(V), np.full(V, 3.0)][: 1 + forget]
        return Delta(*tables, *gates, rng.standard_normal((V, d + V)) * sizes[1], np.zeros(V))

    def zero_state(parameters, streams=()):
        (d, V), dtype = checks.fields(parameters, Delta._fields).W_k.shape, parameters.W_hy.dtype
        return np.zeros((*streams, d, d), dtype), np.zeros((*streams, V), dtype)

    def forward(inputs, targets, state, parameters):
        p, dtype, (d, V) = parameters, parameters.W_hy.dtype, parameters.W_k.shape
        S, letter = state
        inputs, targets = checks.sequence(inputs, targets, V, (S[..., 0], d), (letter, V))
        x = one_hot_rows(inputs, V, dtype).reshape(*inputs.shape, V)
        letters = np.concatenate([letter[None], x]).astype(dtype, copy=False)
        before = letters[:-1]
        k, q, v = before @ p.W_k.T, before @ p.W_q.T, p.W_v.T[inputs]
        lengths = np.sqrt((k**2).sum(axis=-1, keepdims=True) + 1e-6)
        k /= lengths
        beta = sigmoid(p.w_beta[inputs])
        alpha = sigmoid(p.w_alpha[inputs]) if forget else np.ones_like(beta)
        states = np.empty((len(inputs) + 1, *S.shape), dtype)
        states[0] = S
        for t in range(len(inputs)):
            states[t + 1] = step(kept(alpha[t], states[t]), k[t], v[t], beta[t])
        hidden = read(states[1:], q)
        probs = read_out(np.concatenate([hidden, x], axis=-1), p)
        return DeltaPass(loss_of(probs, targets), probs, hidden, states, letters, k, q, v, lengths, beta, alpha)

    def kept(alpha, S):
        return alpha[..., None, None] * S if forget else S

    def backward(inputs, targets, parameters, forward):
        p, f, d = parameters, forward, len(parameters.W_k)
        before, x = f.letters[:-1], f.letters[1:]
        seen = np.concatenate([f.hidden, x], axis=-1)
        dlogits, dseen, dW_hy = read_out_backward(targets, f.probs, seen, p.W_hy)
        do = dseen[..., :d]
        dq = read(transposed(f.states[1:]), do)
        dk, dv, dbeta, dalpha = np.empty_like(f.k), np.empty_like(f.v), np.empty_like(f.beta), np.empty_like(f.beta)
        dS = np.zeros_like(f.states[0])  # nothing after the last step
        for t in reversed(range(len(do))):
            dS = dS + outer(do[t], f.q[t])  # what was read at this step
            dS, dk[t], dv[t], dbeta[t] = step_backward(dS, kept(f.alpha[t], f.states[t]), f.k[t], f.v[t], f.beta[t])
            if forget:
                dalpha[t] = (dS * f.states[t]).sum(axis=(-1, -2))
                dS = kept(f.alpha[t], dS)
        dk = (dk - f.k * (f.k * dk).sum(axis=-1, keepdims=True)) / f.lengths  # a longer key says nothing new
        gates = [dbeta * f.beta * (1 - f.beta), dalpha * f.alpha * (1 - f.alpha)][: 1 + forget]
        before, x = rows(before), rows(x)
        tables = [rows(dk).T @ before, rows(dq).T @ before, rows(dv).T @ x]
        return Delta(*tables, *[gate.ravel() @ x for gate in gates], dW_hy, dlogits.sum(axis=0))

    return Model(initialize, forward, backward, zero_state, f"{step.__name__} with a table" + ", forgetting" * forget)


# ---------------------------------------------------------------- two tasks
def phone_book(letters, notes, rng):
    """Return a text of notes, such as g6, and of two thirds as many questions, such as g=6, in random order.

    letters  how many letters may be noted: from a on;  notes  how many notes: the last one of a letter counts
    """
    if checks.count("letters", letters) > 26:
        raise ValueError(f"letters is {letters}: the alphabet has 26, so use 26 or fewer.")
    notes = checks.count("notes", notes)
    kinds, book, text = rng.permutation(["note"] * (notes - 1) + ["question"] * (notes * 2 // 3)), {}, ""
    for kind in ["note", *kinds]:
        letter = rng.choice([*"abcdefghijklmnopqrstuvwxyz"[:letters]] if kind == "note" else [*book])
        if kind == "note":
            book[letter] = str(rng.integers(10))
        text += letter + "=" * (kind == "question") + book[letter]
    return text


def recall_by_notes(model, parameters, corpus, texts):
    """Return the percentages of questions that are answered right, (5,): of all, and of those about a letter that was
    noted once, twice, three times, and four times or more. texts: phone books, each read from a state of zeros"""
    found = []
    for text in texts:
        ids, noted = corpus.encode(text), dict.fromkeys(text, 0)
        probs = model.forward(ids[:-1], ids[1:], model.first_state(parameters), parameters).probs
        for place, (char, after) in enumerate(pairwise(text)):
            if char == "=":
                found.append((noted[text[place - 1]], probs[place].argmax() == ids[place + 1]))
            noted[char] += after.isdigit()
    times, right = np.array(found).T
    times = np.minimum(times, 4)
    return 100 * np.array([right.mean(), *(right[times == n].mean() for n in (1, 2, 3, 4))])


def learn_parity(model, rate, seed, lengths):
    """Train 16 units to say after each bit whether the number of ones so far is odd: 1,500 steps of Adam with 32 texts
    of 20 bits. Return the parameters, and the percentages right after the last bit of 300 texts of each length."""

    def bits(steps, texts, rng):
        drawn = rng.integers(0, 2, (steps, texts))
        return drawn, drawn.cumsum(axis=0) % 2

    rng = np.random.default_rng(seed)
    p = model.initialize(16, 2, rng, "fan_in")
    m, v = [type(p)(*map(np.zeros_like, p)) for _ in range(2)]
    for step in range(1, 1501):
        drawn, odd = bits(20, 32, rng)
        forward = model.forward(drawn, odd, model.first_state(p, (32,)), p)
        adam_step(p, model.backward(drawn, odd, p, forward), m, v, step, rate * (1 - (step - 1) / 1500))
    drawn, odd = bits(max(lengths), 300, np.random.default_rng(99))
    right = model.forward(drawn, odd, model.first_state(p, (300,)), p).probs.argmax(axis=-1) == odd
    return p, [100 * right[length - 1].mean() for length in lengths]
