"""Letting a network of any model write."""

import math

import numpy as np

from course.base import checks
from course.engine.evaluation import parameters_of
from course.engine.model import MODELS, RNN
from course.engine.own_models import checked
from course.engine.runs import TrainingRun, whole
from rnn_helpers import Corpus, Vocabulary, draw, rnn_step, softmax


def sample(parameters, corpus, length, *, prompt="", temperature=1.0, seed=0, model=None):
    """Let the network write: return `length` characters, each drawn from its own prediction.

    parameters   of a network, or the TrainingRun that made it, which knows whether it is one of this model
    corpus       the text that it was trained on, or its vocabulary
    prompt       text that the network reads first; it is not part of the result. Without one it reads a line end (or
                 the first character of the text, if that has no line end)
    temperature  divides the scores: below 1 safer, above 1 wilder. ValueError: a prompt outside the vocabulary
    model        None: the one that has parameters of these names (MODELS); ValueError if there is none
    """
    chars = parameters.chars if isinstance(parameters, TrainingRun) else None
    model = _model_of(parameters) if model is None else model
    parameters = parameters_of(parameters, model)
    if isinstance(corpus, Vocabulary):
        vocabulary, text = corpus, corpus.chars
    else:
        checks.kind("corpus", corpus, Corpus, "load_corpus('sonnets')")
        vocabulary, text = corpus.vocabulary, corpus.text
    checks.vocabulary(corpus.name, vocabulary, len(parameters.W_hy), chars)
    length = checks.count("length", length)
    temperature = checks.positive("temperature", temperature)
    rng = np.random.default_rng(checks.count("seed", seed, least=0))
    model = checked(whole(model))
    if model is RNN:
        checks.plain(parameters)

    prompt = prompt or ("\n" if "\n" in vocabulary.chars else text[0])
    *before, char_id = vocabulary.encode(checks.text("prompt", prompt)).tolist()
    h, ids = model.first_state(parameters), []
    for one in before:
        h, _ = _read(one, h, parameters, model)
    for _ in range(length):
        h, logits = _read(char_id, h, parameters, model)
        with np.errstate(over="ignore"):  # at a tiny temperature all but the largest score become -inf: probability 0
            probs = softmax((logits - logits.max()) / temperature)
        if math.isnan(probs[-1]):  # then all are, and draw would take the last character
            raise ValueError("The probabilities are nan, so nothing can be drawn: the parameters hold nan or inf.")
        char_id = draw(probs, rng.random())
        ids.append(char_id)
    return vocabulary.decode(ids)


def _model_of(parameters):
    """Return the Model that parameters, or those of a run, are of, by their names. ValueError: none is known."""
    names = checks.parameters(parameters.parameters if isinstance(parameters, TrainingRun) else parameters)._fields
    if names not in MODELS:
        raise ValueError(f"The parameters are {', '.join(names)}: say which model has them, as model=.")
    return MODELS[names]


def _read(char_id, h, parameters, model):
    """Return the state after one more character, and a score for each character that may follow it."""
    if model is RNN:
        h = rnn_step(char_id, h, parameters)
        return h, (parameters.W_hy @ h + parameters.b_y).astype(np.float64, copy=False)
    ids = np.array([char_id])
    forward = model.forward(ids, ids, h, parameters)  # any target will do
    with np.errstate(divide="ignore"):  # ln p is as good as the score: softmax gives p again
        return model.state_after(forward), np.log(np.asarray(forward.probs[-1], np.float64))
