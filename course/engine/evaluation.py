"""How surprised a network is by a text."""

import numpy as np

from course.base import checks
from course.engine.model import RNN, Model
from course.engine.own_models import checked
from course.engine.runs import TrainingRun, check_chars, check_model, network_of, whole


def bits_per_character(loss, num_characters):
    """Return the mean surprise per character, in bits, from a summed loss in nats."""
    return loss / checks.count("num_characters", num_characters) / np.log(2)


def forward_passes(parameters, ids, model=RNN):
    """Read a text from a state of zeros; yield (targets, forward) of 1,000 characters at a time, and of the rest.
    ids (N,) or (N, B) int. So a long text needs little memory."""
    V, ids = len(checks.parameters(parameters).W_hy), checks.long_enough(ids)
    checks.ids("ids", ids, V)
    model = checked(whole(model))
    state = model.first_state(parameters, ids.shape[1:])
    for start in range(0, len(ids) - 1, 1000):
        inputs, targets = ids[start : start + 1001][:-1], ids[start + 1 : start + 1001]
        forward = model.forward(inputs, targets, state, parameters)
        yield targets, forward
        state = model.state_after(forward)


def evaluate(parameters, ids, *, model=RNN):
    """Return how surprised the network is by a text, in nats per character (divide by ln 2 for bits).

    parameters  of a network, or the TrainingRun that made it, which knows whether it is one of this model
    ids         (N,) or (N, B) int, N at least 2: N - 1 characters are predicted; the state starts from zeros
    """
    parameters = parameters_of(parameters, model)
    ids = checks.long_enough(ids)
    return sum(forward.loss for _, forward in forward_passes(parameters, ids, model)) / ids[1:].size


def parameters_of(given, model):
    """Return the parameters that are given, or those of the run that is given, which must be one of this model."""
    if not isinstance(given, TrainingRun):
        return checks.parameters(given)
    check_model(network_of(given.settings.model), network_of(checks.kind("model", model, Model, "RNN").title))
    check_chars(model, given.vocabulary)
    return given.parameters
