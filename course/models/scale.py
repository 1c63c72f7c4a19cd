"""One training on several devices, in one process or in several: each reads its own streams, and one sum goes around.

    train(corpus, 75, 50, 0.001, 3, streams=16, model=shared(GRU, jax.devices()))

This is train of course.engine, with every optimizer and model and all that it can do otherwise. As a program it goes on
with a run of RNN that save_run wrote, to NUM_EPOCHS epochs in all, and saves into the same file; `start` starts it:

    python -m course.models.scale RUN.npz NUM_EPOCHS HOST:PORT N K       this is process K of N, from 0

The text of the run is found by its name, with load_corpus. Process 0 listens at HOST:PORT. All must read the same
RUN.npz, of which only process 0 writes a new version. The exit status is 0 when the run has all its epochs; else the
last line says what is wrong, and the same command goes on from what was saved, to the same digits.
"""

import argparse
import inspect
import os
import socket
import subprocess
import sys
import threading
import traceback
from dataclasses import asdict, replace
from functools import partial
from typing import Any, NamedTuple

import numpy as np

try:
    import jax
except ImportError:
    raise ImportError("This needs JAX. Install it: python -m pip install -r requirements-scale.txt") from None
import jax.numpy as jnp
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from course.base import checks
from course.base.arrays import copied
from course.base.place import ROOT
from course.engine import RNN, load_run, save_run, train
from course.engine.own_models import checked
from course.engine.runs import whole
from rnn_helpers import load_corpus

jax.config.update("jax_enable_x64", True)  # else JAX makes every float64 a float32

WAIT = 60  # seconds in which all processes must appear


# ---------------------------------------------------------------- the network of the lessons in JAX
def sequence_loss(parameters, h, inputs, targets):
    """The forward pass in JAX. Return (loss, state after the sequence).

    inputs, targets  (T,) or (T, B) int;  h  (H,) or (B, H);  loss in nats, summed, as in rnn_helpers.forward_pass
    """
    W_xh, W_hh, W_hy, b_h, b_y = parameters

    def cell(h, from_input):
        h = jnp.tanh(from_input + h @ W_hh.T)
        return h, h  # what is carried on, and what is kept

    h, hidden = jax.lax.scan(cell, h, W_xh.T[inputs] + b_h)
    log_probs = jax.nn.log_softmax(hidden @ W_hy.T + b_y)
    came = jax.nn.one_hot(targets, len(b_y), dtype=b_y.dtype)  # 1 at the character that came, else 0
    return -(came * log_probs).sum(), h


# ---------------------------------------------------------------- several devices
ROWS, COLUMNS = PartitionSpec("streams"), PartitionSpec(None, "streams")  # each device has some: of (B, H), of (T, B)
WHOLE = PartitionSpec()  # each device has a copy


class Team:
    """Devices that work together, and those of them that belong to this process."""

    def __init__(self, devices):
        self.size = len(devices)
        self.mine = [k for k, device in enumerate(devices) if device.process_index == jax.process_index()]
        self.mesh, self.devices = Mesh(np.array(devices), ("streams",)), [devices[k] for k in self.mine]
        self.sum = jax.jit(self.on_each(partial(jax.lax.psum, axis_name="streams"), self.mesh, ROWS, WHOLE))

    def on_each(self, function, mesh, in_specs, out_specs):
        """Return the function that runs this one on each device of a mesh, with its share of the arguments."""
        # check_vma would have JAX add up gradients by itself, once in each turn of a loop
        return jax.shard_map(function, mesh=mesh, in_specs=in_specs, out_specs=out_specs, check_vma=False)

    def streams(self, B, k=None):
        """Return which of B streams belong to device k, or to all devices of this process: a slice."""
        first, last = (self.mine[0], self.mine[-1]) if k is None else (k, k)
        return slice(first * B // self.size, (last + 1) * B // self.size)

    def add_up(self, rows):
        """Return the sum of the rows of all devices, (N,). rows (n, N): one for each of the n devices of this process.

        ConnectionError: another process has ended. All must call this equally often, with rows of the same length.
        """
        try:
            placed = [jax.device_put(row[None], device) for row, device in zip(rows, self.devices, strict=True)]
            shape, share = (self.size, rows.shape[1]), NamedSharding(self.mesh, ROWS)
            of_all = jax.make_array_from_single_device_arrays(shape, share, placed)
            return np.array(self.sum(of_all)[0])  # what every device has got: an all-reduce
        except (jax.errors.JaxRuntimeError, ValueError) as error:  # JAX may raise either when a connection breaks
            print(f"JAX says: {str(error).strip().splitlines()[0][:200]}", file=sys.stderr)
            raise ConnectionError(
                "Nothing can be added up any more: most likely another process has ended, so see what it says. "
                "What was saved is whole: start all of them again to go on from there."
            ) from error

    def gathered(self, array):
        """Return an array (B, ...), of which each process knows the rows of its own streams, whole."""
        rows = np.zeros((len(self.mine), *array.shape), array.dtype)
        for row, k in zip(rows, self.mine):
            own = self.streams(len(array), k)
            row[own] = array[own]
        return self.add_up(rows.reshape(len(rows), -1)).reshape(array.shape)


class SharedPass(NamedTuple):
    """What train wants of a forward pass, and the gradients, which are found with it."""

    loss: float
    probs: np.ndarray  # of several streams: zeros, since nobody looks at them
    hidden: np.ndarray
    state: Any  # right are the rows of the streams of this process
    gradients: tuple


def shared(model, devices, loss=None):
    """Return a Model that does the same, with its streams shared out over devices: for train(..., streams=B).

    model    of the course, or your own; the first axis of its state is that of the streams. with_dropout and
             with_weight_decay go around it: with_weight_decay(shared(GRU, devices), 0.001)
    devices  JAX devices, such as jax.devices(), which lists those of all processes; their number divides B
    loss     a forward pass such as sequence_loss: JAX makes the gradients of it, and each device works by itself. None:
             each process takes the passes of the model for its devices, one after the other
    A run of it is one of the model, and the other way round: write and judge with the model itself.
    """
    team, plain, model = Team(devices), model, checked(whole(model, "weight decay"))

    def zero_state(parameters, streams=()):
        B = streams[0] if streams else 1
        if B % team.size or not streams:
            raise ValueError(
                f"streams={B} cannot be shared out evenly over {team.size} devices: train with a multiple of "
                f"{team.size} streams, or use fewer devices."
            )
        return model.first_state(parameters, streams)

    def by_hand(parameters, state, inputs, targets):
        """Return the loss and the gradients of each device of this process, a row each, and the states after."""
        rows, states = [], []
        for k in range(len(team.mine)):
            own = slice(k * inputs.shape[1] // len(team.mine), (k + 1) * inputs.shape[1] // len(team.mine))
            part = inputs[:, own], targets[:, own]
            found = model.forward(*part, jax.tree.map(lambda array: array[own], state), parameters)  # noqa: B023
            rows.append(row_of(np, found.loss, model.backward(*part, parameters, found)))
            states.append(model.state_after(found))
        return np.array(rows), jax.tree.map(lambda *arrays: np.concatenate(arrays), *states)

    def in_jax(parameters, state, inputs, targets):
        (found, state), gradients = jax.value_and_grad(loss, has_aux=True)(parameters, state, inputs, targets)
        return row_of(jnp, found, gradients)[None], state

    shares = (WHOLE, ROWS, COLUMNS, COLUMNS), (ROWS, ROWS)  # of the arguments, and of the results
    passes = jax.jit(team.on_each(in_jax, Mesh(np.array(team.devices), ("streams",)), *shares)) if loss else by_hand

    def forward(inputs, targets, state, parameters):
        own, dtype = team.streams(inputs.shape[1]), parameters.W_hy.dtype
        rows, after = passes(parameters, jax.tree.map(lambda array: array[own], state), inputs[:, own], targets[:, own])
        total = team.add_up(np.asarray(rows, dtype))
        ends = 1 + np.cumsum([value.size for value in parameters])
        pieces = zip(np.split(total, [1, *ends])[1:], parameters)
        gradients = type(parameters)(*[piece.reshape(value.shape) for piece, value in pieces])
        state = copied(state)
        for array, its_rows in zip(jax.tree.leaves(state), jax.tree.leaves(after), strict=True):
            array[own] = its_rows
        probs = np.broadcast_to(np.zeros((), dtype), (*inputs.shape, len(parameters.W_hy)))
        return SharedPass(float(total[0]), probs, np.empty(0), state, gradients)

    def backward(inputs, targets, parameters, forward):
        return forward.gradients

    return plain._replace(forward=forward, backward=backward, zero_state=zero_state, name=plain.title)


def row_of(module, loss, gradients):
    """Return the loss and all gradients as one row, (N,). module: np or jnp."""
    return module.concatenate([module.ravel(part) for part in (loss, *gradients)])


# ---------------------------------------------------------------- a program
class Saving:
    """The progress of a training of which a file is written every so many steps, and at the end."""

    def __init__(self, path, every, team, first, total, snapshot, model):
        self.path, self.every, self.team = path, every, team
        self.total, self.snapshot = total, snapshot

    def show(self, done, loss):
        """After a step."""
        if done % self.every == 0 and done < self.total:
            self.save(self.snapshot(done))

    def end(self, text, run):
        """After the last step, or after the last good one before the loss became nan."""
        self.save(run)

    def save(self, run):
        """Write the run down, with the states of all streams. All processes must call this, and process 0 writes."""
        run = replace(run, h=jax.tree.map(self.team.gathered, run.h))
        if jax.process_index() == 0:
            save_run(run, self.path)
            print(f"saved after {len(run.losses)} steps", flush=True)


def main():
    """Do what each process does, as the top of the file tells."""
    parser = argparse.ArgumentParser(prog="python -m course.models.scale", description="Be one of several processes.")
    parser.add_argument("run", metavar="RUN", help="a file of save_run; it is replaced at every checkpoint")
    parser.add_argument("num_epochs", metavar="NUM_EPOCHS", type=int, help="epochs in all")
    parser.add_argument("join", nargs=3, metavar=("HOST:PORT", "N", "K"), help="be process K of N, from 0")
    parser.add_argument("--save-every", type=int, default=100, metavar="STEPS")
    options = parser.parse_args()
    checks.count("--save-every", options.save_every)
    run = load_run(options.run)
    corpus = load_corpus(run.settings.corpus)
    _join(*options.join)
    settings = {**asdict(run.settings), "corpus": corpus, "num_epochs": options.num_epochs, "resume": run}
    settings["model"] = shared(RNN, jax.devices(), sequence_loss)
    settings["progress"] = partial(Saving, options.run, options.save_every, Team(jax.devices()))
    train(**{name: settings[name] for name in inspect.signature(train).parameters})


def _join(address, number, k):
    """Connect with the other processes by JAX's own start, within WAIT seconds."""
    late = f"After {WAIT} seconds not all processes have appeared: start all of them, with the same address and number."
    timer = threading.Timer(WAIT, _end_alone, [late])  # before JAX aborts with the stack of its C++ code
    timer.daemon = True
    timer.start()
    jax.distributed.initialize(address, int(number), int(k), initialization_timeout=WAIT + 60)
    timer.cancel()


def _end_alone(sentence):
    """End this process, whatever the others do: at a normal exit JAX would first wait for them."""
    print(sentence, file=sys.stderr, flush=True)
    os._exit(1)


def start(number, *arguments):
    """Start this program in several processes on this computer, with one device each, and return them.

    arguments  of the program: RUN, NUM_EPOCHS, and maybe "--save-every", STEPS. What process k says, and its errors,
               are lines of start(...)[k].stdout.
    """
    with socket.socket() as probe:  # ask the system for a port that is free
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    run, num_epochs, *more = map(str, arguments)
    command = [sys.executable, "-m", "course.models.scale", *more, run, num_epochs, address, str(number)]
    surroundings = {"JAX_PLATFORMS": "cpu", "XLA_FLAGS": "", "JAX_NUM_CPU_DEVICES": "1", "PYTHONPATH": str(ROOT)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "env": os.environ | surroundings}
    return [subprocess.Popen([*command, str(k)], **pipes) for k in range(number)]


if __name__ == "__main__":
    try:
        main()
    except (ValueError, ArithmeticError, OSError) as error:
        _end_alone(error)
    except Exception:
        _end_alone(traceback.format_exc().rstrip())
