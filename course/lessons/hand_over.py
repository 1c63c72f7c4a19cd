"""Gives the checker what it must know about this course. Importing this module is enough and loads no lesson."""

import rnn_helpers
from course import engine
from course.checker.course import COURSE
from course.engine import gradients, model, optimizers
from course.models import counting, delta, gates, judging, no_loop

COURSE.fill(
    # Where the finished functions stand: what trains, and what the later lessons add to it.
    modules={
        module.__name__: module
        for module in (rnn_helpers, optimizers, model, gradients, counting, gates, judging, no_loop, delta)
    },
    results=(rnn_helpers.Parameters, rnn_helpers.ForwardPass),
    softmax=rnn_helpers.softmax,
    axes={
        "T": "time step",
        "T+1": "row",
        "V": "character id",
        "H": "hidden unit",
        "B": "stream",
        "length": "position",
    },
    of_a_type={engine.GradientCheck: "Its `.ok` tells."},
)
