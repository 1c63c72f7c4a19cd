"""The small network: a character RNN in NumPy alone, every function as the pages teach it.

Read it from top to bottom, in the order of the pages. It needs no other file of the course:

    python rnn_helpers.py my.txt       train on a text of your own for 40 epochs, and print a sample after each
    python rnn_helpers.py my.txt 3     for 3 epochs

Letters used in every docstring, where a shape, such as (T, V), comes after its array:
    V  characters in the vocabulary      T  characters in one sequence      H  hidden units      N  any number
Ids are whole numbers from 0 to V-1. Logits are scores before softmax. Losses are in nats, summed over the characters of
a sequence. A gradient is made of slopes: dh is short for d loss / d h. The recipe (2019) is that of the notebook from
which the course has grown.
"""

import math
import os
import re
import sys
from collections import namedtuple
from difflib import get_close_matches
from pathlib import Path

import numpy as np

# ---------------------------------------------------------------- text
REMOVED = "][&=%()-@\ufeff;_é$"


def preprocess(text):
    """Return the text in lower case, without digits (also ² and ①) and without ] [ & = % ( ) - @ U+FEFF ; _ é $.

    A smaller vocabulary is easier to learn. The list is the one of the 2019 notebook.
    """
    return "".join([char for char in text.lower() if not (char.isdigit() or char in REMOVED)])


class Vocabulary:
    """The characters of a text. Each has a number, its id: its place among them."""

    def __init__(self, text, name):
        """text: its different characters become the vocabulary; name: what error messages call the text."""
        self.chars = "".join(sorted(set(text)))  # sorted, so that the ids are the same everywhere
        self.size = len(self.chars)  # V
        self.name = name

    def encode(self, text):
        """Return the ids of a text, (len(text),). ValueError names a character that is not in the vocabulary."""
        id_of = {char: char_id for char_id, char in enumerate(self.chars)}
        unknown = next((char for char in text if char not in id_of), "")
        if unknown:
            small = " preprocess(text) makes small letters." if unknown.lower() in id_of else ""
            raise ValueError(
                f"The character {unknown!r} is not in the vocabulary of {self.name!r}: use only these characters, "
                f"{self.chars[:100]!r}.{small}"
            )
        return np.array([id_of[char] for char in text], int)

    def decode(self, ids):
        """Return the text of some ids, (N,)."""
        return "".join([self.chars[char_id] for char_id in ids])

    def __repr__(self):
        return f"Vocabulary({self.chars!r}, {self.name!r})"


class Corpus:
    """A text as the network sees it: every character is a number, its id."""

    def __init__(self, name, text, vocabulary=None):
        """vocabulary: that of the whole text, if this is a piece of it; None: it is made from this text."""
        if not text:
            raise ValueError(f"The text {name!r} is empty: give it some characters.")
        self.name, self.text = name, text
        self.vocabulary = vocabulary or Vocabulary(text, name)
        self.chars, self.vocab_size = self.vocabulary.chars, self.vocabulary.size  # the characters, sorted, and V
        self.ids = self.encode(text)  # (number of characters,)

    def encode(self, text):
        """Return the ids of a text, (len(text),)."""
        return self.vocabulary.encode(text)

    def decode(self, ids):
        """Return the text of some ids, (N,)."""
        return self.vocabulary.decode(ids)

    def __repr__(self):
        return f"Corpus({self.name!r}: {len(self.ids):,} characters, vocabulary of {self.vocab_size})"


def load_corpus(name_or_path):
    """Return the Corpus of a UTF-8 text file, after preprocess.

    name_or_path  a path, or the name of a text: "sonnets" is sonnets.txt in the folder data beside this file, or in the
                  folder that the environment variable RNN_CORPORA names
    FileNotFoundError: there is no such file. ValueError: it is not UTF-8, or holds no text.
    """
    folders = [Path(__file__).resolve().parent / "data"]
    if "RNN_CORPORA" in os.environ:
        folders.append(Path(os.environ["RNN_CORPORA"]))
    places = [Path(name_or_path), *[folder / f"{name_or_path}.txt" for folder in folders]]
    path = next(filter(os.path.isfile, places), None)  # unlike Path.is_file, it takes a name of any length
    if path is None and os.path.isdir(name_or_path):
        raise FileNotFoundError(f"{str(name_or_path)!r} is a folder: give a text file.")
    if path is None:
        asked, texts = str(name_or_path)[:80], [file.stem for folder in folders for file in folder.glob("*.txt")]
        meant = "".join(f" Did you mean {name!r}?" for name in get_close_matches(asked, texts, 1))
        meant += " The setup cell, the first of a page, gets it: run it again." * (asked in ("sonnets", "speeches"))
        raise FileNotFoundError(
            f"There is no text file {asked!r} (seen from {Path.cwd()}), and no text of that name in "
            f"{' or '.join(map(str, folders))}.{meant}"
        )
    name = path.name if path == places[0] else str(name_or_path)
    try:
        text = preprocess(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{name!r} is not UTF-8 text (byte {error.object[error.start]:#04x} at position {error.start}): save it as "
            "UTF-8 in an editor, then load it again."
        ) from None
    if not text.strip():
        raise ValueError(f"The text {name!r} is empty after preprocess, which drops digits: give it letters.")
    return Corpus(name, text)


# ------------------------------------------------------------------ page 01: softmax
def one_hot(ids, vocab_size):
    """Return one row per id: a 1 in the column of the id, zeros elsewhere, (T, V)."""
    rows = np.zeros((len(ids), vocab_size))
    rows[np.arange(len(ids)), ids] = 1  # the pairs (0, ids[0]), (1, ids[1]), ...
    return rows


def softmax(logits):
    """Turn scores into probabilities along the last axis, (V,) or (T, V). Source: Bridle, 1990."""
    exps = np.exp(logits - logits.max(axis=-1, keepdims=True))  # at most exp(0): none overflows
    return exps / exps.sum(axis=-1, keepdims=True)


def cross_entropy(probs, targets):
    """Return the surprise at the characters that came, in nats: row t of probs, (T, V), is the guess at targets[t].

    Source: after Shannon, 1948.
    """
    return -np.log(probs[np.arange(len(targets)), targets]).sum()


def softmax_gradient(logits, targets):
    """Return the slope of the summed loss for each score, (T, V): the probabilities minus the one-hot rows."""
    return softmax(logits) - one_hot(targets, logits.shape[-1])


# ------------------------------------------------------------------ page 02: forward pass
class Parameters(namedtuple("Parameters", "W_xh W_hh W_hy b_h b_y")):
    """All that the network learns. The gradients of the loss come in the same form.

    W_xh (H, V)  input to hidden     W_hh (H, H)  hidden to hidden     W_hy (V, H)  hidden to output
    b_h (H,)     biases of the hidden units                            b_y (V,)     biases of the outputs
    """


class ForwardPass(namedtuple("ForwardPass", "loss probs hidden")):
    """What the forward pass found, and what the backward pass needs.

    loss             a number in nats, summed over the sequence
    probs (T, V)     row t: the guess at the character after character t
    hidden (T+1, H)  row 0: the state that came in; row t+1: the state after character t
    """


def initialize_parameters(hidden_size, vocab_size, rng, scale=0.01):
    """Return random Parameters: normally distributed weights and zero biases; rng is np.random.default_rng(seed).

    scale  the standard deviation of the weights (2019: 0.01); or "fan_in": 1 / sqrt(number of inputs) of each matrix
           (LeCun and others, 1998)
    """
    H, V = hidden_size, vocab_size

    def matrix(rows, columns):
        normal = rng.standard_normal((rows, columns))
        return normal / math.sqrt(columns) if scale == "fan_in" else normal * scale

    return Parameters(matrix(H, V), matrix(H, H), matrix(V, H), np.zeros(H), np.zeros(V))


def rnn_step(char_id, h_prev, parameters):
    """Return the hidden state after one more character, (H,), from its id and the state before, (H,).

    Source: Elman, 1990.
    """
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    return np.tanh(W_hh @ h_prev + W_xh[:, char_id] + b_h)  # W_xh times a one-hot vector is a column of W_xh


def output_probs(h, parameters):
    """Return the probabilities of the next character, (V,), from the hidden state h, (H,)."""
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    scores = W_hy @ h + b_y
    return softmax(scores)


def forward_pass(inputs, targets, h_prev, parameters):
    """Read a sequence and guess each next character; return a ForwardPass.

    inputs, targets  (T,), ids: target t is the character that comes after input t
    h_prev           (H,), the state before the first character
    """
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    hidden = np.zeros((len(inputs) + 1, len(h_prev)))
    hidden[0] = h_prev
    for t in range(len(inputs)):
        hidden[t + 1] = rnn_step(inputs[t], hidden[t], parameters)
    probs = softmax(hidden[1:] @ W_hy.T + b_y)  # all T predictions at once: they do not feed back
    loss = cross_entropy(probs, targets)
    return ForwardPass(loss, probs, hidden)


# ------------------------------------------------------------------ page 03: backpropagation through time
def tanh_backward(dh, h):
    """Return the slopes da from the slopes dh, where h = tanh(a): all of the shape (H,)."""
    return dh * (1 - h**2)


def hidden_gradients(dh_from_output, hidden, parameters):
    """Return da, (T, H): d loss / d a_t, where a_t is what goes into tanh at step t.

    dh_from_output  (T, H), what each state gets from its own prediction
    hidden          (T+1, H), row t+1 is the state after character t
    Source: Werbos, 1990; going back no further than the first step: Williams and Peng, 1990.
    """
    T, W_hh = len(dh_from_output), parameters.W_hh
    da = np.zeros(np.shape(dh_from_output))
    from_after = np.zeros(len(W_hh))  # after the last step there is nothing
    for t in reversed(range(T)):
        dh = dh_from_output[t] + from_after  # what the state gets from its own prediction and from the future
        da[t] = tanh_backward(dh, hidden[t + 1])
        from_after = W_hh.T @ da[t]  # hidden[t], the state before, went into step t through W_hh
    return da


def weight_gradients(inputs, hidden, da, vocab_size):
    """Return (dW_xh, dW_hh, db_h), of shapes (H, V), (H, H), (H,), summed over the time steps."""
    T, H = da.shape
    dW_xh = np.zeros((H, vocab_size))
    for t in range(T):
        dW_xh[:, inputs[t]] += da[t]  # only one column of W_xh was used
    dW_hh = da.T @ hidden[:-1]  # the outer products of da[t] and the state before it, hidden[t], added up
    db_h = da.sum(axis=0)
    return dW_xh, dW_hh, db_h


def backward_pass(inputs, targets, parameters, forward):
    """Return the gradients of the loss as Parameters, summed over the time steps.

    inputs, targets  (T,)
    forward          what forward_pass returned for them: loss, probs, (T, V), and hidden, (T+1, H)
    """
    hidden, V = forward.hidden, len(parameters.b_y)
    dlogits = forward.probs - one_hot(targets, V)  # (T, V): softmax_gradient; the softmax is there already
    dh = dlogits @ parameters.W_hy  # (T, H): what each state gets from its own prediction
    da = hidden_gradients(dh, hidden, parameters)  # (T, H): the future added, back through tanh
    dW_xh, dW_hh, db_h = weight_gradients(inputs, hidden, da, V)
    dW_hy = dlogits.T @ hidden[1:]  # (V, H): a prediction is made from the state after its character
    db_y = dlogits.sum(axis=0)
    return Parameters(dW_xh, dW_hh, dW_hy, db_h, db_y)


# ------------------------------------------------------------------ page 03: every slope, measured (an extra)
def numerical_gradient(f, x, epsilon=1e-5):
    """Return the slope of f for each entry of x, in the shape of x. f takes an array like x and returns a number."""
    x = np.array(x, dtype=float)  # a copy: the caller's array stays as it is, and whole numbers become floats
    slopes = np.zeros_like(x)
    for entry in np.ndindex(x.shape):
        original = x[entry]
        x[entry] = original + epsilon
        above = f(x)
        x[entry] = original - epsilon
        below = f(x)
        x[entry] = original
        slopes[entry] = (above - below) / (2 * epsilon)
    return slopes


# ------------------------------------------------------------------ page 04: training
def chunks(ids, seq_length):
    """Cut the ids of a text into whole sequences; return a list of (inputs, targets), each (T,). A rest is left out."""
    pieces = []
    for start in range(0, len(ids) - seq_length, seq_length):  # the last target is ids[start + seq_length]
        inputs = ids[start : start + seq_length]
        targets = ids[start + 1 : start + seq_length + 1]
        pieces.append((inputs, targets))
    return pieces


def sgd_step(parameters, gradients, learning_rate):
    """Move every parameter downhill, in place; return None. Source: Robbins and Monro, 1951."""
    for parameter, gradient in zip(parameters, gradients):
        parameter -= learning_rate * gradient


def smooth_loss(previous, loss):
    """Return the next value of the smoothed loss: 0.999 of the old value and 0.001 of the new loss.

    Source: Karpathy, 2015 (min-char-rnn).
    """
    return 0.999 * previous + 0.001 * loss


def train_epoch(ids, parameters, seq_length, learning_rate, smoothed=None):
    """Read the text once, with a step after each sequence; return the smoothed losses, one per sequence.

    The parameters are changed in place. The smoothed loss goes on from smoothed; if that is None, it starts from
    T ln V, the loss of one who takes all V characters for equally likely.
    """
    V, H = parameters.W_hy.shape
    if smoothed is None:
        smoothed = seq_length * math.log(V)
    losses = []
    h = np.zeros(H)
    for inputs, targets in chunks(ids, seq_length):
        forward = forward_pass(inputs, targets, h, parameters)
        gradients = backward_pass(inputs, targets, parameters, forward)
        sgd_step(parameters, gradients, learning_rate)
        h = forward.hidden[-1]  # the next sequence goes on from here
        smoothed = smooth_loss(smoothed, forward.loss)
        losses.append(smoothed)
    return losses


def clip_gradients(gradients, max_norm):
    """Return the gradients; if their norm is above max_norm, all five are made smaller by one factor, to that norm.

    The recipe of 2019 does not clip. Source: Pascanu, Mikolov and Bengio, 2013.
    """
    norm = np.sqrt(sum((g**2).sum() for g in gradients))  # as if all five were one long vector
    if norm <= max_norm:
        return gradients
    return Parameters(*[g * (max_norm / norm) for g in gradients])


# ------------------------------------------------------------------ page 05: sampling
def draw(probs, u):
    """Return the id whose piece of the line from 0 to 1 holds u, a random number from there.

    The pieces are as long as the probabilities, (V,). Source: inverse transform sampling (Devroye, 1986).
    """
    total = 0
    for char_id, p in enumerate(probs):
        total += p
        if u < total:
            return char_id
    return len(probs) - 1  # rounding can leave the last sum slightly below 1


def apply_temperature(logits, temperature):
    """Return the probabilities of the next character, (V,): a low temperature makes it safer, a high one wilder.

    Source: Ackley and others, 1985.
    """
    return softmax(logits / temperature)


def sample_ids(parameters, h, first_id, length, rng, temperature=1.0):
    """Read first_id in the state h, (H,), then draw `length` ids, each read in turn; return them as a list.

    Source: Sutskever, Martens and Hinton, 2011.
    """
    ids, char_id = [], first_id
    for _ in range(length):
        h = rnn_step(char_id, h, parameters)
        scores = parameters.W_hy @ h + parameters.b_y
        probs = apply_temperature(scores, temperature)
        char_id = draw(probs, rng.random())
        ids.append(char_id)
    return ids


# ---------------------------------------------------------------- all of it
def main(path, epochs=40):
    """Train on a text file as in 2019, and write a line after each epoch."""
    corpus = load_corpus(path)
    H, T = 75, 50
    if len(corpus.ids) <= T:
        raise ValueError(
            f"{corpus.name!r} has {len(corpus.ids)} characters after preprocess: training needs {T + 1} or more."
        )
    print(f"{len(corpus.ids):,} characters: {len(chunks(corpus.ids, T)):,} steps an epoch, then a line.", flush=True)
    # A sample begins as after the end of a line, if the text has lines.
    first_id = corpus.encode("\n" if "\n" in corpus.chars else corpus.text[0])[0]
    parameters = initialize_parameters(H, corpus.vocab_size, np.random.default_rng(0))
    smoothed = None
    for epoch in range(1, epochs + 1):
        smoothed = train_epoch(corpus.ids, parameters, T, 0.001, smoothed)[-1]
        written = corpus.decode(sample_ids(parameters, np.zeros(H), first_id, 60, np.random.default_rng(epoch)))
        print(f"epoch {epoch}, smoothed loss {smoothed:.2f}: {written!r}", flush=True)


if __name__ == "__main__":
    path, epochs = sys.argv[1:2], sys.argv[2:]
    numbers = len(epochs) < 2 and all(re.fullmatch(r"[1-9]\d{0,5}", number) for number in epochs)
    if not path or path[0].startswith("-") or not numbers:
        sys.exit("Give a text file, and how many epochs if not 40: python rnn_helpers.py my.txt 3")
    try:
        main(*path, *map(int, epochs))
    except (OSError, ValueError) as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("Stopped.")
