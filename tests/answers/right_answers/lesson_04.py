"""Right answers to the exercises of lesson 04."""

import numpy as np

from right_answers import right
from rnn_helpers import backward_pass, chunks, forward_pass, sgd_step, smooth_loss


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


@right("smooth_loss")
def _(previous, loss):
    return previous + 0.001 * (loss - previous)


@right("smooth_loss")
def _(previous, loss):
    return np.dot([0.999, 0.001], [previous, loss])


@right("train_epoch")
def _(ids, parameters, seq_length, learning_rate):
    """An array of the losses, filled one by one."""
    pieces = chunks(ids, seq_length)
    losses = np.empty(len(pieces))
    h, smoothed = np.zeros(len(parameters.b_h)), seq_length * np.log(len(parameters.b_y))
    for step, (inputs, targets) in enumerate(pieces):
        result = forward_pass(inputs, targets, h, parameters)
        sgd_step(parameters, backward_pass(inputs, targets, parameters, result), learning_rate)
        losses[step] = smoothed = smooth_loss(smoothed, result.loss)
        h = result.hidden[-1]
    return losses


@right("train_epoch")
def _(ids, parameters, seq_length, learning_rate):
    """A while loop through the text, and a step of its own."""
    start, losses = 0, [-seq_length * np.log(1 / parameters.W_xh.shape[1])]
    h = np.zeros_like(parameters.b_h)
    while start + seq_length < len(ids):
        inputs = ids[start : start + seq_length]
        targets = ids[start + 1 : start + 1 + seq_length]
        forward = forward_pass(inputs, targets, h, parameters)
        for value, slope in zip(parameters, backward_pass(inputs, targets, parameters, forward)):
            value[...] = value - learning_rate * slope
        losses.append(0.999 * losses[-1] + 0.001 * forward.loss)
        h = forward.hidden[seq_length]
        start += seq_length
    return losses[1:]


@right("train_epoch")
def _(ids, parameters, seq_length, learning_rate):
    """The losses first, smoothed after the training."""
    H, V = parameters.W_xh.shape
    raw, h = [], np.zeros(H)
    for k in range((len(ids) - 1) // seq_length):
        inputs, targets = ids[:-1][k * seq_length :][:seq_length], ids[1:][k * seq_length :][:seq_length]
        loss, probs, hidden = forward = forward_pass(inputs, targets, h, parameters)
        gradients = backward_pass(inputs, targets, parameters, forward)
        for name in parameters._fields:
            parameter = getattr(parameters, name)
            parameter -= learning_rate * getattr(gradients, name)
        raw.append(loss)
        h = hidden[-1].copy()
    smoothed, value = [], seq_length * np.log(V)
    for loss in raw:
        value += (loss - value) / 1000
        smoothed.append(float(value))
    return tuple(smoothed)


@right("train_epoch")
def _(ids, parameters, seq_length, learning_rate):
    """All of it by hand, with nothing from rnn_helpers."""
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    h, smoothed, losses = 0 * b_h, seq_length * np.log(len(b_y)), []
    for start in range(0, len(ids) - seq_length, seq_length):
        inputs, targets = ids[start : start + seq_length], ids[start + 1 : start + seq_length + 1]
        hs, ps, loss = [h], [], 0
        for x, target in zip(inputs, targets):
            hs.append(np.tanh(W_xh[:, x] + W_hh @ hs[-1] + b_h))
            scores = np.exp(W_hy @ hs[-1] + b_y)
            ps.append(scores / scores.sum())
            loss -= np.log(ps[-1][target])
        d_xh, d_hh, d_hy, d_h, d_y = [0 * value for value in parameters]
        after = 0 * b_h
        for t in range(seq_length - 1, -1, -1):
            dy = ps[t] - (np.arange(len(b_y)) == targets[t])
            da = (W_hy.T @ dy + after) * (1 - hs[t + 1] ** 2)
            d_hy += np.outer(dy, hs[t + 1])
            d_hh += np.outer(da, hs[t])
            d_xh[:, inputs[t]] += da
            d_h += da
            d_y += dy
            after = W_hh.T @ da
        for value, slope in zip(parameters, (d_xh, d_hh, d_hy, d_h, d_y)):
            value -= learning_rate * slope
        h = hs[-1]
        smoothed = 0.999 * smoothed + 0.001 * loss
        losses.append(smoothed)
    return losses
