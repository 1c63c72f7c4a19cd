"""One training on several devices, in one process or in several: each reads its own streams, and one sum goes around.

    train(corpus, 75, 50, 0.001, 3, streams=16, model=shared(GRU, jax.devices()))

This is train of course.engine, with every optimizer and model and all that it can do otherwise. As a program it goes on
with a run that save_run wrote, to NUM_EPOCHS epochs in all, and saves into the same file:

    python -m course.models.scale RUN.npz NUM_EPOCHS                            on all devices of this process
    python -m course.models.scale RUN.npz NUM_EPOCHS --join HOST:PORT N K       this is process K of N, from 0

The run is of RNN or GRU, on a text that load_corpus finds by the name in the run. Process 0 listens at HOST:PORT.
All must read the same RUN.npz, of which only process 0 writes a new version. The exit status is 0 when the run has all
its epochs, and 1 or 2 when something is wrong; then the last line says what. It is 75 after SIGTERM or Ctrl-C to any of
the processes: all have stopped after the same step, and the run is saved. The same command then goes on from there, to
the same digits.
"""

import argparse
import hashlib
import inspect
import os
import signal
import socket
import subprocess
import sys
import threading
import traceback
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
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
from course.models.gates import GRU
from rnn_helpers import load_corpus

jax.config.update("jax_enable_x64", True)  # else JAX makes every float64 a float32

STOPPED = 75  # the exit status after SIGTERM or Ctrl-C: EX_TEMPFAIL of sysexits.h, "try again"
WAIT = 60  # seconds in which all processes must appear
asked_to_stop, agreed_to_stop = [], []  # one entry for each signal that came, and for each step that all know of it


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
    A run of it is one of the model, and the other way round. One text alone, such as sample reads, is not shared out.
    """
    team, plain, model = Team(devices), model, checked(whole(model, "weight decay"))

    def zero_state(parameters, streams=()):
        if streams and streams[0] % team.size:
            raise ValueError(
                f"{streams[0]} streams cannot be shared out evenly over {team.size} devices: "
                f"train with a multiple of {team.size} streams, or use fewer devices."
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
        if inputs.ndim == 1:
            found = model.forward(inputs, targets, state, parameters)
            gradients = model.backward(inputs, targets, parameters, found)
            return SharedPass(found.loss, found.probs, found.hidden, model.state_after(found), gradients)
        own, dtype = team.streams(inputs.shape[1]), parameters.W_hy.dtype
        rows, after = passes(parameters, jax.tree.map(lambda array: array[own], state), inputs[:, own], targets[:, own])
        total = team.add_up(np.insert(np.asarray(rows, dtype), 0, len(asked_to_stop), axis=1))
        agreed_to_stop.extend([True] * bool(total[0]))  # in all processes at the same step
        ends = 2 + np.cumsum([value.size for value in parameters])
        pieces = zip(np.split(total, [2, *ends])[1:], parameters)
        gradients = type(parameters)(*[piece.reshape(value.shape) for piece, value in pieces])
        state = copied(state)
        for array, its_rows in zip(jax.tree.leaves(state), jax.tree.leaves(after), strict=True):
            array[own] = its_rows
        probs = np.broadcast_to(np.zeros((), dtype), (*inputs.shape, len(parameters.W_hy)))
        return SharedPass(float(total[1]), probs, np.empty(0), state, gradients)

    def backward(inputs, targets, parameters, forward):
        return forward.gradients

    return plain._replace(forward=forward, backward=backward, zero_state=zero_state, name=plain.title)


def row_of(module, loss, gradients):
    """Return the loss and all gradients as one row, (N,). module: np or jnp."""
    return module.concatenate([module.ravel(part) for part in (loss, *gradients)])


# ---------------------------------------------------------------- a program
class Saving:
    """The progress of a training of which a file is written every so many steps, at the end, and when it is stopped."""

    def __init__(self, path, every, team, *training):
        self.path, self.every, self.team = path, every, team
        self.first, self.total, self.snapshot, _ = training

    def show(self, done, loss):
        """After a step."""
        stop = bool(agreed_to_stop) and done < self.total
        if stop or (done % self.every == 0 and done < self.total):
            self.save(replace(self.snapshot(done), interrupted=stop))
        if stop:
            print(f"Asked to stop: the run was saved after {done} steps.", file=sys.stderr, flush=True)
            raise SystemExit(STOPPED)

    def end(self, text, run):
        """After the last step, or after the last good one before the loss became nan."""
        self.save(run)

    def save(self, run):
        """Write the run down, with the states of all streams. All processes must call this, and process 0 writes."""
        if jax.process_count() > 1:
            run = replace(run, h=jax.tree.map(self.team.gathered, run.h))
        if jax.process_index() == 0:
            save_run(run, self.path)
            print(f"saved after {len(run.losses)} steps", flush=True)


def main():
    """Do what each process does, as the top of the file tells. Return its exit status, or a sentence on what is wrong.

    All processes return the same. A process that has an error of its own does not return, but calls _end_alone.
    """
    options = _options()
    try:
        checks.count("NUM_EPOCHS", options.num_epochs)
        checks.count("--save-every", options.save_every)
        run, content = load_run(options.run), Path(options.run).read_bytes()
        corpus = load_corpus(run.settings.corpus)
    except (ValueError, OSError) as error:
        return str(error)
    if options.join:
        _join(*options.join)
    for kind in (signal.SIGTERM, signal.SIGINT):
        signal.signal(kind, lambda *_: asked_to_stop.append(True))
    team = Team(jax.devices())
    try:
        _compare(team, {"RUN.npz": content, "texts": corpus.text, "options": options.equal})
        settings = {**asdict(run.settings), "corpus": corpus, "num_epochs": options.num_epochs, "resume": run}
        settings["model"] = _model(run.settings.model)
        settings["progress"] = partial(Saving, options.run, options.save_every, team)
        train(**{name: settings[name] for name in inspect.signature(train).parameters if name in settings})
    except (ValueError, ArithmeticError) as error:
        return str(error)
    except OSError as error:  # the file cannot be written, or there is nobody to talk to
        _end_alone(error)
    return 0


def _options():
    """Read the options. If one is not known, or is no number, SystemExit has status 2, and the last line says so."""
    about = "Go on with a saved run, on all devices there are."
    parser = argparse.ArgumentParser(prog="python -m course.models.scale", description=about)
    parser.add_argument("run", metavar="RUN", help="a file of save_run; it is replaced at every checkpoint")
    parser.add_argument("num_epochs", metavar="NUM_EPOCHS", type=int, help="epochs in all")
    parser.add_argument("--save-every", type=int, default=100, metavar="STEPS")
    parser.add_argument("--join", nargs=3, metavar=("HOST:PORT", "N", "K"), help="be process K of N, from 0")
    options = parser.parse_args()
    options.equal = f"{options.num_epochs} {options.save_every}"
    return options


def _model(name):
    """Return the Model of this name, shared out."""
    if name == RNN.title:
        return shared(RNN, jax.devices(), sequence_loss)
    if name == GRU.title:
        return shared(GRU, jax.devices())
    raise ValueError(f"The run is of the model {name!r}, and this program knows RNN and GRU: use train and shared.")


def _join(address, number, k):
    """Connect with the other processes by JAX's own start, within WAIT seconds."""
    late = f"After {WAIT} seconds not all processes have appeared: start all of them, with the same address and number."
    timer = threading.Timer(WAIT, _end_alone, [late])  # before JAX aborts with the stack of its C++ code
    timer.daemon = True
    timer.start()
    try:
        if int(k) == 0:
            socket.create_server(("", int(address.rpartition(":")[2]))).close()  # JAX may crash where a port is taken
        jax.distributed.initialize(address, int(number), int(k), initialization_timeout=WAIT + 60)
    except Exception as error:
        _end_alone(f"--join {address} {number} {k} does not work ({str(error).splitlines()[0]}).")
    timer.cancel()


def _compare(team, parts):
    """ValueError, the same in all processes, if one of them has another part than process 0: bytes or text."""
    contents = [part if isinstance(part, bytes) else part.encode("utf-8", "surrogatepass") for part in parts.values()]
    digests = np.array([[*hashlib.sha256(content).digest()] for content in contents], float)
    table = team.gathered(np.array([digests] * team.size))  # one for each device
    for part, name in enumerate(parts):
        if (table[:, part] != table[0, part]).any():
            raise ValueError(f"The processes have different {name}: give all of them the same file, text and options.")


def _end_alone(sentence):
    """End this process, whatever the others do: at a normal exit JAX would first wait for them."""
    print(sentence, file=sys.stderr, flush=True)
    os._exit(1)


def start(number, *arguments):
    """Start this program in several processes on this computer, with one device each, and return them.

    arguments  of the program. What process k says, and its errors, are lines of start(...)[k].stdout.
    """
    with socket.socket() as probe:  # ask the system for a port that is free
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    command = [sys.executable, "-m", "course.models.scale", *map(str, arguments), "--join", address, str(number)]
    more = {"JAX_PLATFORMS": "cpu", "XLA_FLAGS": "", "JAX_NUM_CPU_DEVICES": "1", "PYTHONPATH": str(ROOT)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True, "env": os.environ | more}
    return [subprocess.Popen([*command, str(k)], **pipes) for k in range(number)]


if __name__ == "__main__":
    try:
        status = main()
    except Exception:
        _end_alone(traceback.format_exc().rstrip())
    sys.exit(status)  # a sentence is printed, and the status is 1
