"""Letting a network of any model write."""

import math

import numpy as np

from course.base import checks
from course.engine.evaluation import parameters_of
from course.engine.model import MODELS
from course.engine.own_models import checked
from course.engine.runs import TrainingRun, whole
from rnn_helpers import Corpus, Vocabulary


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
    model = whole(model)
    read = model.reader(parameters) if model.reader else _forward_reader(model, parameters)

    prompt = prompt or ("\n" if "\n" in vocabulary.chars else text[0])
    *before, char_id = vocabulary.encode(checks.text("prompt", prompt)).tolist()
    state, ids, last = model.first_state(parameters), [], len(parameters.W_hy) - 1
    # A score of -inf stands for a probability of 0: ln 0, or all but the largest score at a tiny temperature.
    with np.errstate(over="ignore", divide="ignore"):
        for one in before:
            state, _ = read(one, state)
        for _ in range(length):
            state, scores = read(char_id, state)
            scores = scores.astype(np.float64, copy=False)
            exps = np.exp((scores - scores.max()) / temperature)
            ends = (exps / exps.sum()).cumsum()  # where the pieces of draw, in rnn_helpers, end
            if math.isnan(ends[-1]):
                raise ValueError("The probabilities are nan, so nothing can be drawn: the parameters hold nan or inf.")
            char_id = min(int(ends.searchsorted(rng.random(), "right")), last)
            ids.append(char_id)
    return vocabulary.decode(ids)


def _model_of(parameters):
    """Return the Model that parameters, or those of a run, are of, by their names. ValueError: none is known."""
    names = checks.parameters(parameters.parameters if isinstance(parameters, TrainingRun) else parameters)._fields
    if names not in MODELS:
        raise ValueError(f"The parameters are {', '.join(names)}: say which model has them, as model=.")
    return MODELS[names]


def _forward_reader(model, parameters):
    """Return the function that reads a character by the forward pass of any model: (id, state) -> (state, scores)."""
    model = checked(model)

    def read(char_id, state):
        ids = np.array([char_id])
        forward = model.forward(ids, ids, state, parameters)  # any target will do
        return model.state_after(forward), np.log(np.asarray(forward.probs[-1], np.float64))  # softmax gives p again

    return read
