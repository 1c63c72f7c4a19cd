"""Models other than the network of the course: what their functions return first is checked, then they are trusted."""

import contextlib

import numpy as np

from course.base import checks
from course.base.arrays import copied, shape_of
from course.engine.model import RNN, Model
from rnn_helpers import ForwardPass


class CheckedModel:
    """A Model whose forward and backward are checked at their first call. It has the same functions.

    model  a Model; its forward gets a copy of the state, so that writing into it spoils nothing
    """

    def __init__(self, model):
        self.model = model
        self.first_state, self.state_after = model.first_state, model.state_after
        self.forward_is_known = self.backward_is_known = False

    def forward(self, inputs, targets, state, parameters):
        """Read a sequence. ValueError: what came back is no result of a forward pass."""
        given = self.model.forward(inputs, targets, copied(state), parameters)
        result = as_forward_pass(given)
        if self.forward_is_known:
            return result
        probs_shape = (*inputs.shape, len(parameters.W_hy))
        if self.model.zero_state is None:
            check_forward_pass(given, result, probs_shape, (len(inputs) + 1, *np.shape(state)))
        else:
            check_forward_pass(given, result, probs_shape)
            check_state(result, state)
        self.forward_is_known = True
        return result

    def backward(self, inputs, targets, parameters, forward):
        """Return the gradients, in the class of the parameters. ValueError: what came back is something else."""
        gradients = self.model.backward(inputs, targets, parameters, forward)
        if not self.backward_is_known:
            check_gradients(gradients, parameters)
            self.backward_is_known = True
        return type(parameters)(*map(np.asarray, gradients))


def checked(model):
    """Return RNN as it is; another Model so that what its functions return first is checked."""
    if model is RNN or isinstance(model, CheckedModel):
        return model
    return CheckedModel(checks.model(model, Model))


def as_forward_pass(given):
    """Return what a forward pass returned; a plain tuple of three becomes a ForwardPass."""
    if type(given) is tuple and len(given) == 3:
        loss, probs, hidden = given
        with contextlib.suppress(ValueError):  # rows of different lengths make no array: the check says so
            return ForwardPass(loss, np.asarray(probs), np.asarray(hidden))
    return given


def check_forward_pass(given, result, probs_shape, hidden_shape=None):
    """ValueError if a result has no loss, probs and hidden of these shapes. given: as it was returned."""
    loss, probs, hidden = [np.asarray(getattr(result, name, None)) for name in ("loss", "probs", "hidden")]
    are_numbers = all(part.dtype.kind in "fiu" for part in (loss, probs, hidden))
    fits = loss.shape == () and probs.shape == probs_shape and hidden_shape in (None, hidden.shape)
    if not are_numbers or not fits:
        wanted = "hidden" if hidden_shape is None else f"hidden {hidden_shape}"
        raise ValueError(f"forward returned {told(given)}: it must return (loss, probs {probs_shape}, {wanted}).")


def check_state(result, state):
    """ValueError if the state after a sequence is not like the one before."""
    found, wanted = shape_of(getattr(result, "state", None)), shape_of(state)
    if not hasattr(result, "state") or found != wanted:
        raise ValueError(
            f"forward returned a state of shape {found}: this model has a zero_state of its own, "
            f"so forward must return a NamedTuple with a state like the one it was given, of shape {wanted}."
        )


def check_gradients(gradients, parameters):
    """ValueError if these are not the gradients of all parameters."""
    names = parameters._fields
    if not isinstance(gradients, (tuple, list)) or len(gradients) != len(names):
        raise ValueError(f"backward returned {told(gradients)}: it must return the gradients of {', '.join(names)}.")
    for name, gradient, value in zip(names, gradients, parameters, strict=True):
        if np.shape(gradient) != value.shape:
            raise ValueError(f"The gradient of {name} has shape {np.shape(gradient)}: it must be {value.shape}.")
        if np.asarray(gradient).dtype.kind not in "fiu":
            kind = np.asarray(gradient).dtype
            raise ValueError(f"The gradient of {name} is of type {kind}: it must be numbers, such as float64.")


def told(result):
    """Say in words what a function returned: its class, and the shapes of its parts."""
    if result is None:
        return "nothing"
    parts = result if isinstance(result, (tuple, list)) else []
    shapes = ", ".join(str(getattr(part, "shape", type(part).__name__)) for part in parts)
    size = f" of {len(parts)} ({shapes})" if parts else ""
    return f"a {type(result).__name__}{size}"
