"""The engine: what trains fast and in many ways. The functions that the lessons teach are in rnn_helpers.

model.py         Model, and RNN, the network of the lessons in few large operations, for one text or several streams
training.py      train: one loop for every model, optimizer and text
optimizers.py    Adam, Muon, the streams that they like, and what makes gradients smaller
runs.py          TrainingRun: settings, results, saving, loading and resuming
evaluation.py    evaluate: how surprised a network is by a text
sampling.py      sample: let a network write
gradients.py     gradient_check: compare a backward pass with measured slopes
own_models.py    checks what a model of your own returns, the first time

The letters are those of rnn_helpers, and B is the number of streams, texts that are read side by side. With streams,
every array gets an axis of length B: inputs and targets (T, B), hidden (T+1, B, H), probs (T, B, V), the state (B, H).
"""

from course.engine.evaluation import bits_per_character, evaluate, forward_passes
from course.engine.gradients import GradientCheck, gradient_check
from course.engine.model import (
    RNN,
    Model,
    initialize_rnn,
    loss_of,
    read_out,
    read_out_backward,
    weight_gradients_of,
)
from course.engine.optimizers import (
    OPTIMIZERS,
    adam_step,
    another_optimizer,
    make_streams,
    muon_step,
    orthogonalize,
)
from course.engine.runs import Settings, TrainingDiverged, TrainingRun, load_run, own_run, save_run
from course.engine.sampling import sample
from course.engine.training import train

__all__ = [
    "OPTIMIZERS",
    "RNN",
    "GradientCheck",
    "Model",
    "Settings",
    "TrainingDiverged",
    "TrainingRun",
    "adam_step",
    "another_optimizer",
    "bits_per_character",
    "evaluate",
    "forward_passes",
    "gradient_check",
    "initialize_rnn",
    "load_run",
    "loss_of",
    "make_streams",
    "muon_step",
    "orthogonalize",
    "own_run",
    "read_out",
    "read_out_backward",
    "sample",
    "save_run",
    "train",
    "weight_gradients_of",
]
