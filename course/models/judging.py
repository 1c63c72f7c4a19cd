"""Judging networks: parts of a text for training, choosing and testing; ways against overfitting; mixtures.

Letters as in rnn_helpers: V characters, H hidden units, T characters of a sequence, B streams, N characters of a text.
To judge a model, you only need the probabilities that it gave to the characters that came, (N,).
"""

from itertools import pairwise

import numpy as np

from course.base import checks
from course.base.arrays import exactly
from course.engine import RNN, forward_passes
from rnn_helpers import Corpus


# ---------------------------------------------------------------- what to judge by
def split(corpus, parts=(8, 1, 1)):
    """Cut a text into consecutive pieces; return a Corpus for each, all with the vocabulary of the whole text.

    parts  the shares, of any sum: (8, 1, 1) gives eight tenths to train with, one to choose by (validation) and one to
           judge by (test)

    A Corpus of its own for each piece could lack characters, and its ids would then mean others.
    ValueError: a piece would be empty, or a share is no whole number.
    """
    checks.kind("corpus", corpus, Corpus, "load_corpus('sonnets')")
    whole = isinstance(parts, (tuple, list)) and all(isinstance(part, (int, np.integer)) and part > 0 for part in parts)
    if not whole or not 0 < sum(parts) <= len(corpus.ids):
        raise ValueError(f"The parts are {parts!r}: they must be whole numbers above 0 that the text can be cut into.")
    # Each end is rounded down from the start of the text, so that ten tenths and nine end at the same characters.
    ends = [len(corpus.ids) * sum(parts[:k]) // sum(parts) for k in range(len(parts) + 1)]
    pieces = []
    for start, end in pairwise(ends):
        name = f"{corpus.name}, {start:,} to {end:,}"
        pieces.append(Corpus(name, corpus.text[start:end], corpus.vocabulary))
    return tuple(pieces)


def network_probabilities(parameters, ids, model=RNN):
    """Return the probability that a network gives to each character of a text but the first, (N-1,) float64.
    ids (N,), or (N, B) for B texts side by side, which give (N-1, B); the network starts from a state of zeros and
    reads the first character without guessing it."""
    probs = [
        np.take_along_axis(forward.probs, targets[..., None], axis=-1)[..., 0]
        for targets, forward in forward_passes(parameters, ids, model)
    ]
    return np.concatenate(probs).astype(float)


def bits(probs):
    """Return the mean surprise, in bits per character, of a model with these probabilities. Source: Shannon, 1948."""
    probs = np.asarray(probs)
    if not ((probs >= 0) & (probs < 1 + 1e-6)).all():  # a mixture may be a hair above 1
        raise ValueError("probs hold a number that is no probability: they must be from 0 to 1.")
    return float(-np.log2(probs).mean())


def standard_error(values, block=100):
    """Return the standard error of a mean: how far it would typically be off because the text is no longer than it is.

    values  (N,), one number for each character, in the order of the text. To compare two models, the differences of
            their surprises: what is hard for both cancels. For one model, its surprises: the error is then the least
            that another part of the text would change, and page 08 finds about twice as much
    block   how many characters in a row make one sample. Neighbours are alike, so a single character says less than a
            sample of its own would; the means of blocks depend on each other far less. A rest too short is left out

    A difference of two models that is less than two standard errors is called a tie: this text cannot tell.
    Source: the method of batch means, as in simulation (Conway, 1963).
    """
    values, block = checks.array("values", values), checks.count("block", block)
    blocks = len(values) // block if values.ndim == 1 else 0
    if blocks < 2:
        raise ValueError(
            f"values have shape {values.shape}: they must be (N,), with two blocks of {block} or more. "
            "Use a longer text, or smaller blocks."
        )
    means = values[: blocks * block].reshape(blocks, block).mean(axis=1)
    return float(means.std(ddof=1) / np.sqrt(blocks))


# ---------------------------------------------------------------- what keeps a network from learning by heart
def early_stop(scores, patience):
    """Return the number of the epoch, counted from 0, whose network is kept: training stops for want of progress.

    scores    the score after each epoch, lower is better; patience: how many epochs in a row may fail to beat the best
    Source: Morgan and Bourlard, 1990; Prechelt, 1998, compares rules like this one.
    """
    best = 0
    for epoch in range(1, len(scores)):
        if scores[epoch] < scores[best]:
            best = epoch
        elif epoch - best >= patience:
            break
    return best


def dropout_mask(shape, rate, rng):
    """Return an array that is 0 with the probability `rate`, and 1 / (1 - rate) elsewhere, so that its mean stays 1.
    shape a number or a tuple; rate at least 0 and below 1; rng.random(shape) is drawn once: below `rate` is dropped.
    Source: Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, 2014."""
    kept = rng.random(shape) >= rate
    return kept / (1 - rate)


def with_dropout(model, rate, rng, mask=dropout_mask):
    """Return a Model that trains with dropout: each matrix whose name begins with W_h misses some units of the state.

    rng   np.random.default_rng(seed), for the masks: a new one for each sequence and each matrix
    mask  a function of (number of units, rate, rng) that draws a mask, in place of dropout_mask

    A mask holds for all steps (and streams) of a sequence. A matrix times a masked state is the matrix with masked
    columns times the state, so only parameters change, and any model will do. Judge and sample with the model itself.
    A run remembers no masks: one that is resumed, or trained again with the same rng, gets others.
    Source: Gal and Ghahramani, 2016.
    """
    checks.share("rate", rate)
    masks, thinned = {}, [None]  # those of the last forward pass

    def forward(inputs, targets, h_prev, parameters):
        for name, value in parameters._asdict().items():
            if name.startswith("W_h"):
                masks[name] = np.asarray(mask(value.shape[1], rate, rng), value.dtype)
        thinned[0] = parameters._replace(**{name: getattr(parameters, name) * mask for name, mask in masks.items()})
        return model.forward(inputs, targets, h_prev, thinned[0])

    def backward(inputs, targets, parameters, forward):
        gradients = model.backward(inputs, targets, thinned[0], forward)
        return gradients._replace(**{name: getattr(gradients, name) * mask for name, mask in masks.items()})

    return model._replace(forward=forward, backward=backward, name=f"{model.title} with dropout {exactly(rate)}")


def with_weight_decay(model, strength):
    """Return a Model whose gradients also pull each matrix towards 0, as if the loss had strength / 2 * W**2 in it.
    The loss that forward returns stays the surprise alone; biases are left free. Source: Krogh and Hertz, 1992."""
    checks.not_negative("strength", strength)

    def backward(inputs, targets, parameters, forward):
        gradients = model.backward(inputs, targets, parameters, forward)
        pulls = [strength * value if value.ndim == 2 else 0 * value for value in parameters]
        return type(parameters)(*[gradient + pull for gradient, pull in zip(gradients, pulls)])

    return model._replace(backward=backward, name=f"{model.title} with weight decay {exactly(strength)}")


# ---------------------------------------------------------------- several models together
def mix(probs, weights):
    """Return the probabilities of a mixture of M models: the mean of theirs, some counting more than others.
    probs (M, ...), a row for each model: of what came, (M, N), or whole tables, (M, N, V); weights (M,), 0 or more
    Source: Jelinek and Mercer, 1980 (linear interpolation); of several networks: Hansen and Salamon, 1990.
    """
    shares = np.array(weights) / np.sum(weights)
    return np.tensordot(shares, np.array(probs, float), 1)
