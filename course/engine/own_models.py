"""Models other than the course's network: the first results of their functions are checked, then they are trusted."""

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
        given = result = self.model.forward(inputs, targets, copied(state), parameters)
        if type(given) is tuple and len(given) == 3:
            result = ForwardPass(given[0], checks.array("probs", given[1]), checks.array("hidden", given[2]))
        if not self.forward_is_known:
            self._check_forward(given, result, (*inputs.shape, len(parameters.W_hy)), len(inputs) + 1, state)
            self.forward_is_known = True
        return result

    def _check_forward(self, given, result, probs_shape, rows, state):
        found = [np.asarray(getattr(result, name, None)) for name in ("loss", "probs", "hidden")]
        shapes = [(), probs_shape, found[2].shape if self.model.zero_state else (rows, *np.shape(state))]
        if [part.shape for part in found] != shapes or any(part.dtype.kind not in "fiu" for part in found):
            wanted = "hidden" if self.model.zero_state else f"hidden {shapes[2]}"
            raise ValueError(
                f"forward returned {in_words(given)}: it must return (loss, probs {probs_shape}, {wanted})."
            )
        after = getattr(result, "state", None) if self.model.zero_state else state
        if shape_of(after) != shape_of(state):
            raise ValueError(
                f"forward returned a state of shape {shape_of(after)}: this model has a zero_state of its own, so "
                f"forward must return a NamedTuple with a state like the one it was given, of shape {shape_of(state)}."
            )

    def backward(self, inputs, targets, parameters, forward):
        """Return the gradients, in the class of the parameters. ValueError: what came back is something else."""
        gradients = self.model.backward(inputs, targets, parameters, forward)
        if not self.backward_is_known:
            self._check_backward(gradients, parameters)
            self.backward_is_known = True
        return type(parameters)(*map(np.asarray, gradients))

    def _check_backward(self, gradients, parameters):
        names = parameters._fields
        if not isinstance(gradients, (tuple, list)) or len(gradients) != len(names):
            raise ValueError(
                f"backward returned {in_words(gradients)}: it must return the gradients of {', '.join(names)}."
            )
        for name, gradient, value in zip(names, gradients, parameters, strict=True):
            if np.shape(gradient) != value.shape or np.asarray(gradient).dtype.kind not in "fiu":
                raise ValueError(
                    f"The gradient of {name} has shape {np.shape(gradient)} and type {np.asarray(gradient).dtype}: "
                    f"it must have shape {value.shape} and hold numbers, such as float64."
                )


def checked(model):
    """Return RNN as it is; another Model so that what its functions return first is checked."""
    if model is RNN or isinstance(model, CheckedModel):
        return model
    return CheckedModel(checks.kind("model", model, Model, "RNN"))


def in_words(result):
    """Return in words what a function returned: its class, and the shapes of its parts."""
    if result is None:
        return "nothing"
    parts = result if isinstance(result, (tuple, list)) else []
    shapes = ", ".join(str(getattr(part, "shape", type(part).__name__)) for part in parts)
    size = f" of {len(parts)} ({shapes})" if parts else ""
    return f"a {type(result).__name__}{size}"
