"""Comparing the gradients of a backward pass with measured slopes."""

import math
from collections import namedtuple

import numpy as np

from course.base import checks
from course.base.arrays import copied, shape_of
from course.engine.model import RNN
from course.engine.own_models import checked
from course.engine.runs import whole
from rnn_helpers import numerical_gradient

EPSILON = 1e-5  # how far each parameter is moved to both sides
TOLERANCE = 1e-6  # the largest relative error that passes


class Compared(namedtuple("Compared", "parameter entry relative_error got expected")):
    """The gradient of one parameter beside its measured slopes, at the entry where they differ most.

    relative_error  of this entry, beside the largest slope of the parameter
    got, expected   what backward says, and the slope that was measured
    """

    __slots__ = ()


class GradientCheck(namedtuple("GradientCheck", "ok wrong right worst time_step", defaults=(None,))):
    """The verdict of gradient_check.

    wrong, right  names of the parameters;  worst: a Compared;  time_step: the first that is wrong, or None
    """

    __slots__ = ()

    def __repr__(self):
        if self.ok:
            return "Gradient check passed: every gradient agrees with the measured slope."
        name, entry, error, got, expected = self.worst
        return (
            f"Gradient check FAILED, worst in {name}[{', '.join(map(str, entry))}]: backward says {got:.6f}, "
            f"measured {expected:.6f} (relative error {error:.1g}).\n"
            f"Wrong: {', '.join(self.wrong)}. Right: {', '.join(self.right) or 'none'}.\n"
            f"The gradients first go wrong at time step {self.time_step}."
        )


def gradient_check(inputs, targets, h_prev, parameters, backward=None, *, model=RNN):
    """Compare the gradients of backward with slopes measured by numerical_gradient; return a GradientCheck.
    inputs, targets, h_prev, parameters  as for forward_pass (float64; use small sizes, the check is slow)
    backward   a function with the arguments and the result of backward_pass; None: that of the model
    backward gets copies, so it cannot spoil what it is compared with.
    ValueError: an argument makes no sense, or the loss is nan or inf: nothing can be compared."""
    V = len(checks.parameters(parameters).W_hy)
    inputs, targets = checks.sequence(inputs, targets, V)
    checks.ids("targets", targets, V)
    for name, value in parameters._asdict().items():
        kind = getattr(value, "dtype", type(value).__name__)
        if kind != np.float64:
            raise ValueError(f"The parameters are {kind} ({name}): measuring slopes needs arrays of float64.")
    model = whole(model, "weight decay")
    if backward is not None:
        model = model._replace(backward=backward)
    model = checked(model)
    wanted = model.first_state(parameters, inputs.shape[1:])
    if shape_of(h_prev) != shape_of(wanted):
        raise ValueError(f"The state h has shape {shape_of(h_prev)}: here it must be {shape_of(wanted)}.")

    def compare(length):
        return compare_gradients(inputs[:length], targets[:length], h_prev, parameters, model)

    def wrong_in(compared):
        return tuple(one.parameter for one in compared if not one.relative_error <= TOLERANCE)  # nan is wrong, too

    compared = compare(len(inputs))
    wrong = wrong_in(compared)
    right = tuple(one.parameter for one in compared if one.parameter not in wrong)
    worst = max(compared, key=lambda one: one.relative_error)
    if not wrong:
        return GradientCheck(True, wrong, right, worst)
    # The shortest beginning of the sequence that is wrong tells at which step it goes wrong.
    beginnings = (length for length in range(1, len(inputs)) if wrong_in(compare(length)))
    return GradientCheck(False, wrong, right, worst, time_step=next(beginnings, len(inputs)) - 1)


def compare_gradients(inputs, targets, h_prev, parameters, model):
    """Measure the slopes of each parameter, and compare with them what the backward of a model says.
    ValueError: the loss is nan or inf."""
    copies = inputs.copy(), targets.copy(), copied(parameters)
    forward = model.forward(*copies[:2], h_prev, copies[2])
    if not math.isfinite(forward.loss):
        spoiled = [name for name, value in parameters._asdict().items() if not np.isfinite(value).all()]
        raise ValueError(
            f"The loss is {forward.loss}, so no slope can be measured: look for nan or inf in "
            f"{', '.join(spoiled) or 'h_prev, and for a logarithm of 0 or a division by 0 in forward'}."
        )
    gradients = model.backward(*copies, forward)

    slopes = {}
    for name, value in parameters._asdict().items():

        def loss(moved, name=name):
            return model.forward(inputs, targets, h_prev, parameters._replace(**{name: moved})).loss

        slopes[name] = numerical_gradient(loss, value, EPSILON)

    largest = max(np.abs(expected).max() for expected in slopes.values())
    compared = []
    for got, (name, expected) in zip(gradients, slopes.items(), strict=True):
        difference = np.where(np.isfinite(got), np.abs(got - expected), np.inf)
        entry = tuple(map(int, np.unravel_index(difference.argmax(), difference.shape)))
        # A gradient of almost zero is compared with the others: its own size would be rounding noise.
        size = max(np.abs(expected).max(), 1e-3 * largest, 1e-12)
        compared.append(
            Compared(name, entry, float(difference[entry] / size), float(got[entry]), float(expected[entry]))
        )
    return compared
