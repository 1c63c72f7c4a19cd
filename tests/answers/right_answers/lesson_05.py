"""Right answers to the exercises of lesson 05."""

import math

import numpy as np

from right_answers import right
from rnn_helpers import cross_entropy, output_probs, rnn_step


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
    ends = np.cumsum(probs)
    return np.argmax(ends / ends[-1] > u)


@right("draw")
def _(probs, u):
    return (np.cumsum(probs)[:-1] <= u).sum()


@right("sample_ids")
def _(parameters, h, first_id, length, rng):
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    us, ids, char_id = rng.random(length), [], first_id
    for u in us:
        h = np.tanh(W_xh[:, char_id] + W_hh @ h + b_h)
        scores = W_hy @ h + b_y
        p = np.exp(scores - scores.max()) / np.exp(scores - scores.max()).sum()
        char_id = int(np.argmax(np.cumsum(p) > u))
        ids.append(char_id)
    return np.array(ids)


@right("sample_ids")
def _(parameters, h, first_id, length, rng):
    h = h.copy()
    ids = [first_id]
    for _ in range(length):
        h[:] = rnn_step(ids[-1], h, parameters)
        ids.append(rng.choice(len(parameters.b_y), p=output_probs(h, parameters)))
    return ids[1:]


@right("bits_per_character")
def _(loss, num_characters):
    return loss * math.log2(math.e) / num_characters


@right("bits_per_character")
def _(loss, num_characters):
    return np.float64(loss) / (num_characters * np.log(2))


@right("surprise")
def _(probs, targets):
    return np.array([-math.log2(row[target]) for row, target in zip(probs, targets)])


@right("surprise")
def _(probs, targets):
    came = np.eye(probs.shape[1])[targets]
    return np.log(1 / (probs * came).sum(axis=1)) / np.log(2)


@right("surprise")
def _(probs, targets):
    return [cross_entropy(probs[t : t + 1], targets[t : t + 1]) / math.log(2) for t in range(len(targets))]
