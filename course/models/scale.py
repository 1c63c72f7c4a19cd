"""The network in JAX, trained on as many devices as there are: in one process, in several, or on a cluster.

It goes on with a run that rnn_helpers.save_run wrote, to NUM_EPOCHS epochs in all, and saves into the same file:

    python -m course.models.scale RUN.npz NUM_EPOCHS              one process, on all devices of this computer
    python -m course.models.scale RUN.npz NUM_EPOCHS --cluster    on Slurm or a Cloud TPU: JAX finds the others
    python -m course.models.scale RUN.npz NUM_EPOCHS --coordinator HOST:PORT --processes N --process K
                                                                  by hand; K from 0

Several processes must all see the same RUN.npz (a shared folder). Letters as in rnn_helpers: T, B, H, V.
"""

import argparse
import math
import os
import queue
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

try:
    import jax
except ImportError:
    raise ImportError("This needs JAX. Install it: python -m pip install -r requirements-scale.txt") from None
import jax.numpy as jnp
from jax.experimental import multihost_utils
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from course.base.place import ROOT
from rnn_helpers import Corpus, Parameters, TrainingRun, load_corpus, load_run, make_streams, save_run, smooth_loss

jax.config.update("jax_enable_x64", True)  # else JAX makes every float64 a float32

# ---------------------------------------------------------------- the network


def sequence_loss(
    parameters: Parameters, h: jax.Array, inputs: jax.Array, targets: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """The forward pass in JAX. Return (loss, state after the sequence).

    inputs, targets  (T,) or (T, B) int;  h  (H,) or (B, H);  loss in nats, summed, as in rnn_helpers.forward_pass
    """
    W_xh, W_hh, W_hy, b_h, b_y = parameters

    def cell(h, from_input):
        h = jnp.tanh(from_input + h @ W_hh.T)
        return h, h  # what is carried on, and what is kept

    h, hidden = jax.lax.scan(cell, h, W_xh.T[inputs] + b_h)
    log_probs = jax.nn.log_softmax(hidden @ W_hy.T + b_y)
    return -jnp.take_along_axis(log_probs, targets[..., None], axis=-1).sum(), h


loss_and_gradients = jax.value_and_grad(sequence_loss, has_aux=True)  # ((loss, state), gradients of the first argument)


def train_step(
    parameters: Parameters,
    h: jax.Array,
    inputs: jax.Array,
    targets: jax.Array,
    learning_rate: float,
    axis: str | None = None,
) -> tuple[Parameters, jax.Array, jax.Array]:
    """One step of SGD. Return (new parameters, state after the sequence, loss before the step).

    axis  None, or the name of the mesh axis over which the streams are shared out: then each device finds the loss
          and the gradients of its own streams, and these are added up over all devices (an all-reduce).
    """
    (loss, h), gradients = loss_and_gradients(parameters, h, inputs, targets)
    if axis:
        loss, gradients = jax.lax.psum((loss, gradients), axis)
    parameters = jax.tree.map(lambda value, gradient: value - learning_rate * gradient, parameters, gradients)
    return parameters, h, loss


# ---------------------------------------------------------------- training on several devices

WHOLE = PartitionSpec()  # each device has a copy
ROWS = PartitionSpec("streams")  # (B, H): each device has some rows
COLUMNS = PartitionSpec(None, "streams")  # (T, B): each device has some columns


def step_on(mesh: Mesh) -> Callable[..., Any]:
    """Compile train_step for the devices of a mesh with one axis, "streams"."""
    shares = (WHOLE, ROWS, COLUMNS, COLUMNS, WHOLE)  # one for each argument
    step = partial(train_step, axis="streams")
    # check_vma would have JAX add up gradients too, once in each of the T turns of the loop: T times the talk,
    # and with the psum of train_step a wrong sum.
    step = jax.shard_map(step, mesh=mesh, in_specs=shares, out_specs=(WHOLE, ROWS, WHOLE), check_vma=False)
    return jax.jit(step)


def put(array: np.ndarray, mesh: Mesh, share: PartitionSpec) -> jax.Array:
    """Lay a NumPy array, which every process has whole, onto the devices of the mesh: WHOLE, ROWS or COLUMNS."""
    return jax.make_array_from_callback(array.shape, NamedSharding(mesh, share), lambda index: array[index])


def continue_run(
    run: TrainingRun,
    corpus: Corpus,
    num_epochs: int,
    devices: Sequence[Any],
    *,
    save_every: int = 100,
    save: Callable[[TrainingRun], Any] | None = None,
) -> TrainingRun:
    """Go on with a run of rnn_helpers.train, its streams shared out over devices. Return the new TrainingRun.

    run         a TrainingRun of the course's network made with plain SGD; its B streams must be a multiple of the
                number of devices
    num_epochs  how many epochs in all
    devices     a list of JAX devices, of this process or of all processes, such as jax.devices()
    save        called with the run so far after every `save_every` steps and at the end
    The given run is not changed. ValueError if the run does not fit; ArithmeticError if the loss becomes nan or inf.
    """
    T, B = run.settings.seq_length, run.settings.streams
    first, total = len(run.losses), num_epochs * run.sequences_per_epoch
    _check_run(run, corpus, first, total, len(devices))
    mesh = Mesh(np.array(devices), ("streams",))
    step_on_all = step_on(mesh)
    gather = jax.jit(lambda h: h, out_shardings=NamedSharding(mesh, WHOLE))

    ids = make_streams(corpus.ids, B)
    parameters = Parameters(*[put(value, mesh, WHOLE) for value in run.parameters])
    start = run.h.reshape(B, -1)
    h, losses = put(start, mesh, ROWS), run.losses.tolist()
    smoothed = losses[-1] if losses else T * math.log(corpus.vocab_size)
    for step in range(first, total):
        position = step % run.sequences_per_epoch * T
        if position == 0:
            h = put(np.zeros_like(start), mesh, ROWS)
        inputs = put(ids[position : position + T], mesh, COLUMNS)
        targets = put(ids[position + 1 : position + T + 1], mesh, COLUMNS)
        parameters, h, loss = step_on_all(parameters, h, inputs, targets, run.settings.learning_rate)
        loss = float(loss)  # waits until all devices are done
        if not math.isfinite(loss):
            raise ArithmeticError(
                f"The loss became {loss} at step {step:,}: the steps were too large. "
                "Start again with a smaller learning rate; what was saved before is whole."
            )
        smoothed = smooth_loss(smoothed, loss / B, sequences=B)
        losses.append(smoothed)
        if step + 1 == total or (save and (step + 1) % save_every == 0):
            state = np.array(gather(h)).reshape(run.h.shape)
            run = replace(
                run,
                parameters=Parameters(*[np.array(value) for value in parameters]),
                h=state,
                losses=np.array(losses),
                settings=replace(run.settings, num_epochs=num_epochs),
                interrupted=False,
            )
            if save:
                save(run)
    return run


def _check_run(run, corpus, first, total, number_of_devices):
    s = run.settings
    if s.optimizer != "sgd" or s.decay or s.max_norm is not None:
        raise ValueError(
            f"The run has optimizer={s.optimizer!r}, decay={s.decay!r}, max_norm={s.max_norm!r}: "
            "this program takes plain SGD steps only, so start one with optimizer='sgd', decay=None, max_norm=None."
        )
    if run.parameters._fields != Parameters._fields:
        raise ValueError(
            f"The run has the parameters {', '.join(run.parameters._fields)}: "
            f"this program trains the network of the course only, with {', '.join(Parameters._fields)}."
        )
    if run.chars != corpus.chars or s.characters != len(corpus.ids):
        raise ValueError(f"The run was trained on another text than {corpus.name!r}: give the text of {s.corpus!r}.")
    if s.streams % number_of_devices:
        raise ValueError(
            f"{s.streams} streams cannot be shared out evenly over {number_of_devices} devices: "
            f"train with a multiple of {number_of_devices} streams, or use fewer devices."
        )
    if first > total:
        raise ValueError(f"The run has {first:,} steps already, and you ask for {total:,}: give more epochs.")


# ---------------------------------------------------------------- one process of several


def main() -> None:
    """What each process does; see the top of the file."""
    parser = argparse.ArgumentParser(description="Go on with a saved run, on all devices there are.")
    parser.add_argument("run", help="a file of rnn_helpers.save_run; it is replaced at every checkpoint")
    parser.add_argument("num_epochs", type=int, help="epochs in all")
    parser.add_argument("--text", help="name or path of the text (default: the name in the run)")
    parser.add_argument("--save-every", type=int, default=100, metavar="STEPS")
    parser.add_argument("--cluster", action="store_true", help="let JAX find the other processes")
    parser.add_argument("--coordinator", metavar="HOST:PORT", help="where process 0 listens")
    parser.add_argument("--processes", type=int, metavar="N", help="how many there are")
    parser.add_argument("--process", type=int, metavar="K", help="which of them this one is, from 0")
    options = parser.parse_args()
    by_hand = [options.coordinator, options.processes, options.process]
    if any(value is not None for value in by_hand) and (options.cluster or None in by_hand):
        parser.error("give --coordinator, --processes and --process together, and without --cluster")
    if options.cluster:
        jax.distributed.initialize()
    elif options.coordinator:
        # By default a process waits five minutes for the others to appear; one is enough here.
        jax.distributed.initialize(options.coordinator, options.processes, options.process, initialization_timeout=60)

    run = load_run(options.run)
    corpus = load_corpus(options.text or run.settings.corpus)
    # Also a meeting point: nobody writes the file before everybody has read it.
    multihost_utils.assert_equal(
        np.array(len(run.losses)), f"The processes read different runs: {options.run} must be in a shared folder."
    )

    def save(run):
        if jax.process_index() == 0:  # all have the same numbers, so one writes them down
            save_run(run, options.run)
            print(f"saved after {len(run.losses)} steps", flush=True)

    continue_run(run, corpus, options.num_epochs, jax.devices(), save_every=options.save_every, save=save)


# ---------------------------------------------------------------- several processes on this computer


def launch(
    path: str | os.PathLike,
    num_epochs: int,
    processes: int,
    *,
    save_every: int = 100,
    watch: Callable[..., Any] | None = None,
    patience: float = 120,
) -> list[str]:
    """Start this program as several processes on this computer, wait for them, return the lines they print.

    path, num_epochs, save_every   for the program
    watch     called as watch(line, list of processes) for each line, as it comes
    patience  seconds without a line, or without an end, after which all are ended
    RuntimeError: one ended early or nothing was heard. In any case no process is left when this returns.
    """
    with socket.socket() as probe:  # ask the system for a port that is free
        probe.bind(("127.0.0.1", 0))
        coordinator = f"127.0.0.1:{probe.getsockname()[1]}"
    environment = {**os.environ, "JAX_PLATFORMS": "cpu", "XLA_FLAGS": "", "JAX_NUM_CPU_DEVICES": "1"}
    environment["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [sys.executable, "-m", "course.models.scale", path, num_epochs, "--save-every", save_every]
    command += ["--coordinator", coordinator, "--processes", processes, "--process"]
    news, lines, started = queue.Queue(), [], []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            for k in range(processes):
                with open(Path(folder) / f"{k}.txt", "w") as errors:
                    pipes = {"stdout": subprocess.PIPE, "stderr": errors, "env": environment, "text": True}
                    started.append(subprocess.Popen([str(part) for part in [*command, k]], **pipes))
                threading.Thread(target=_listen, args=(k, started[k], news), daemon=True).start()
            running = processes
            while running:
                k, line = news.get(timeout=patience)
                if line is not None:
                    lines.append(line)
                    if watch:
                        watch(line, started)
                elif started[k].returncode == 0:
                    running -= 1
                else:
                    raise RuntimeError(_what_ended(started, folder, path))
            return lines
        except queue.Empty:
            raise RuntimeError(
                f"Nothing was heard of the {processes} processes for {patience:g} seconds, so all were ended. "
                f"What was saved in {Path(path).name!r} is whole: start again to go on from there."
            ) from None
        finally:
            for process in started:
                process.kill()
                process.wait()


def _listen(k, process, news):
    for line in process.stdout:
        if not line.startswith("[Gloo]"):  # the library that carries the sums reports that it is connected
            news.put((k, line.rstrip()))
    process.wait()
    news.put((k, None))


def _what_ended(started, folder, path):
    time.sleep(0.2)  # the end of one process soon brings others down: look at all, and name the first cause
    ended = [(process.poll(), k) for k, process in enumerate(started) if process.poll()]
    # Killed from outside (a negative code) comes first, then an error (1), then JAX giving up on the others (abort).
    code, k = min(ended, key=lambda end: (end[0] == -signal.SIGABRT, end))
    if code < 0:
        why = f"was killed (signal {-code})"
    else:
        lines = (Path(folder) / f"{k}.txt").read_text(errors="replace").strip().splitlines()
        why = f"ended with exit code {code} ({lines[-1][:300] if lines else 'it left no message'})"
    return (
        f"Process {k} of {len(started)} {why}, so the others were ended too. "
        f"What was saved in {Path(path).name!r} is whole: start again to go on from there."
    )


if __name__ == "__main__":
    try:
        main()
    except Exception:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)  # at a normal exit JAX would first wait for the other processes, for minutes
