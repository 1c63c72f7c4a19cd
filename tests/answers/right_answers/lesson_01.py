"""Right answers to the exercises of lesson 01."""

import math

import numpy as np

from right_answers import right
from rnn_helpers import softmax


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
