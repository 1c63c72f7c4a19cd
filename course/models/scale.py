"""The network in JAX, trained on as many devices as there are: in one process, in several, or on a cluster.

It goes on with a run that save_run of course.engine wrote, to NUM_EPOCHS epochs in all, and saves into the same file:

    python -m course.models.scale RUN.npz NUM_EPOCHS              one process, on all devices of this computer
    python -m course.models.scale RUN.npz NUM_EPOCHS --cluster    on Slurm or a Cloud TPU: JAX finds the others
    python -m course.models.scale RUN.npz NUM_EPOCHS --coordinator HOST:PORT --processes N --process K
                                                                  by hand; K from 0

Several processes must all see the same RUN.npz, so it must lie in a folder that they share. Before the first step they
compare all that must be equal. The exit status is 0 when the run has all its epochs. It is 1 or 2 when something is
wrong, and then the last line says what. It is 75 when SIGTERM came, with which Slurm and Cloud TPUs announce that they
take a machine back. Then all processes have stopped after the same step, the run is saved, and the same command goes on
from there, to the same digits. The letters T, B, H and V mean what they mean in rnn_helpers.
"""

import argparse
import hashlib
import inspect
import json
import math
import os
import queue
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

try:
    import jax
except ImportError:
    raise ImportError("This needs JAX. Install it: python -m pip install -r requirements-scale.txt") from None
import jax.numpy as jnp
from jax.experimental import multihost_utils
from jax.sharding import Mesh, NamedSharding, PartitionSpec

from course.base import checks
from course.base.place import ROOT
from course.engine import RNN, load_run, make_streams, save_run
from course.engine.runs import check_text, ids_sha256
from rnn_helpers import Parameters, load_corpus

jax.config.update("jax_enable_x64", True)  # else JAX makes every float64 a float32

PREEMPTED = 75  # the exit status after SIGTERM: EX_TEMPFAIL of sysexits.h, "try again"

# Nobody waits for ever. These are the longest waits, in seconds.
WAIT = 60  # At the start, all processes must appear within this time.
SILENT = 100  # A process may be silent for so long. Then the C++ code of JAX aborts the others, and we cannot add a
#              sentence: the last lines are its stack, and the call that waited in vain stands above them. launch says
#              in words what has happened.
LEAVE = 60  # A process waits for the others at its end.

# ---------------------------------------------------------------- the network


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


loss_and_gradients = jax.value_and_grad(sequence_loss, has_aux=True)  # ((loss, state), gradients of the first argument)


def train_step(parameters, h, inputs, targets, learning_rate, axis=None):
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


def step_on(mesh):
    """Compile train_step for the devices of a mesh with one axis, "streams"."""
    shares = (WHOLE, ROWS, COLUMNS, COLUMNS, WHOLE)  # one for each argument
    step = partial(train_step, axis="streams")
    # check_vma would have JAX add up gradients too, once in each of the T turns of the loop: T times the talk,
    # and with the psum of train_step a wrong sum.
    step = jax.shard_map(step, mesh=mesh, in_specs=shares, out_specs=(WHOLE, ROWS, WHOLE), check_vma=False)
    return jax.jit(step)


def put(array, mesh, share):
    """Lay a NumPy array, which every process has whole, onto the devices of the mesh: WHOLE, ROWS or COLUMNS."""
    return jax.make_array_from_callback(array.shape, NamedSharding(mesh, share), lambda index: array[index])


def continue_run(run, corpus, num_epochs, devices, *, save_every=100, save=None, preempted=None):
    """Go on with a run of train of course.engine, its streams shared out over devices. Return the new TrainingRun.

    run         a TrainingRun of the course's network made with plain SGD; its B streams must be a multiple of the
                number of devices
    num_epochs  how many epochs in all
    devices     JAX devices, such as those of jax.devices(), which lists the devices of all processes
    save        called with the run so far after every `save_every` steps and at the end
    preempted   called after each step with the number of steps taken here, from 1. True ends the training: the run is
                saved, and returned with interrupted=True. All processes must get True after the same step.
    The given run is not changed. ValueError if the run does not fit; ArithmeticError if the loss becomes nan or inf.
    """
    save_every = checks.count("save_every", save_every)
    _check_run(run, corpus, num_epochs, len(devices))
    T, B = run.settings.seq_length, run.settings.streams
    first, total = len(run.losses), num_epochs * run.sequences_per_epoch
    mesh = Mesh(np.array(devices), ("streams",))
    step_on_all = step_on(mesh)
    gather = jax.jit(lambda h: h, out_shardings=NamedSharding(mesh, WHOLE))

    ids = make_streams(corpus.ids, B)
    parameters = Parameters(*[put(value, mesh, WHOLE) for value in run.parameters])
    start = run.h.reshape(B, -1)
    h, losses = put(start, mesh, ROWS), run.losses.tolist()
    keep = 0.999**B  # of the smoothed loss at each step
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
        smoothed = keep * smoothed + (1 - keep) * (loss / B)
        losses.append(smoothed)
        done = step + 1
        is_early = preempted is not None and preempted(done - first) and done < total
        if is_early or done == total or (save and done % save_every == 0):
            state = np.array(gather(h)).reshape(run.h.shape)
            run = replace(
                run,
                parameters=Parameters(*[np.array(value) for value in parameters]),
                h=state,
                losses=np.array(losses),
                settings=replace(run.settings, num_epochs=num_epochs),
                interrupted=is_early,
            )
            if save:
                save(run)
        if is_early:
            break
    return run


def _check_run(run, corpus, num_epochs, number_of_devices):
    """Raise ValueError if this program cannot go on with the run, on this text, for so many epochs and devices."""
    s = run.settings
    checks.count("num_epochs", num_epochs)
    if s.optimizer != "sgd" or s.decay or s.max_norm is not None:
        raise ValueError(
            f"The run has optimizer={s.optimizer!r}, decay={s.decay!r}, max_norm={s.max_norm!r}: "
            "this program takes plain SGD steps only, so start one with optimizer='sgd', decay=None, max_norm=None."
        )
    if s.model not in ("", RNN.title):  # "" in a file that is older than this setting
        raise ValueError(
            f"The run was trained with the model {s.model!r}: this program trains {RNN.title!r}, the network of the "
            "course, only."
        )
    if run.parameters._fields != Parameters._fields:
        raise ValueError(
            f"The run has the parameters {', '.join(run.parameters._fields)}: "
            f"this program trains the network of the course only, with {', '.join(Parameters._fields)}."
        )
    if run.chars != corpus.chars or s.characters != len(corpus.ids):
        raise ValueError(f"The run was trained on another text than {corpus.name!r}: give the text of {s.corpus!r}.")
    check_text(run, corpus.name, ids_sha256(corpus.ids))
    H, V, B = s.hidden_size, corpus.vocab_size, s.streams
    shapes = Parameters(W_xh=(H, V), W_hh=(H, H), W_hy=(V, H), b_h=(H,), b_y=(V,))._asdict()
    shapes["h"] = (H,) if B == 1 else (B, H)
    for name, value in {**run.parameters._asdict(), "h": run.h}.items():
        found = f"{value.shape} {value.dtype}" if isinstance(value, np.ndarray) else f"a {type(value).__name__}"
        wanted = f"{shapes[name]} {s.dtype}"
        if found != wanted:
            raise ValueError(
                f"{name} of the run is {found}, but with its settings it must be {wanted}: it was trained with another "
                "model, and this program trains the network of the course only."
            )
    if B % number_of_devices:
        raise ValueError(
            f"{B} streams cannot be shared out evenly over {number_of_devices} devices: "
            f"train with a multiple of {number_of_devices} streams, or use fewer devices."
        )
    done = len(run.losses) / run.sequences_per_epoch
    if done > num_epochs:
        raise ValueError(
            f"The run has {done:.4g} epochs already, and you ask for {num_epochs} in all: give more epochs."
        )


# ---------------------------------------------------------------- one process of several


def main():
    """Do what each process does, as the top of the file tells. Return its exit status, or a sentence on what is wrong.

    All processes return the same. A process that has an error of its own does not return, but calls _end_alone.
    """
    options = _options()
    if options.cluster or options.coordinator:
        _join(options)
        preempted = multihost_utils.reached_preemption_sync_point  # JAX finds a step at which all can stop
    else:
        notices = []
        signal.signal(signal.SIGTERM, lambda *_: notices.append("SIGTERM"))
        preempted = lambda step: bool(notices)  # noqa: E731  beside the other one
    run, corpus, problem = None, None, ""
    try:
        run = load_run(options.run)
        corpus = load_corpus(options.text or run.settings.corpus)
    except (ValueError, OSError) as error:
        problem = " ".join(str(error).split())  # on one line

    def save(run):
        if jax.process_index() == 0:  # all have the same numbers, so one writes them down
            try:
                save_run(run, options.run)
            except OSError as error:
                _end_alone(f"{options.run!r} cannot be written: {error}. What was saved before is whole.")
            print(f"saved after {len(run.losses)} steps", flush=True)

    try:
        # Also a meeting point: nobody writes the file before everybody has read it.
        problem = _compare(problem, [] if problem else _digests(run, corpus, options))
        if problem:
            return problem
        try:
            _check_run(run, corpus, options.num_epochs, jax.device_count())
        except ValueError as error:
            return str(error)
        how = {"save_every": options.save_every, "save": save, "preempted": preempted}
        run = continue_run(run, corpus, options.num_epochs, jax.devices(), **how)
    except ArithmeticError as error:
        return str(error)
    except (jax.errors.JaxRuntimeError, ValueError) as error:
        says = _first_line(error)
        # Some failures of JAX's C++ code come as a ValueError. Like the others they begin with a code in capitals.
        if isinstance(error, ValueError) and not re.match("[A-Z_]+: ", says):
            raise
        _end_alone(
            f"JAX cannot go on ({says}). With several processes, most likely another one ended: see what it says. "
            f"What was saved in {options.run!r} is whole: start again to go on from there."
        )
    if len(run.losses) < options.num_epochs * run.sequences_per_epoch:
        print(f"SIGTERM came, so the run was saved after {len(run.losses)} steps.", file=sys.stderr, flush=True)
        return PREEMPTED
    return 0


def _options():
    """Read the options. If one makes no sense, SystemExit has status 2, and the last line says which it is."""
    parser = argparse.ArgumentParser(
        prog="python -m course.models.scale", description="Go on with a saved run, on all devices there are."
    )
    parser.add_argument("run", metavar="RUN", help="a file of save_run; it is replaced at every checkpoint")
    parser.add_argument("num_epochs", metavar="NUM_EPOCHS", type=int, help="epochs in all")
    parser.add_argument("--text", help="name or path of the text (default: the name in the run)")
    parser.add_argument("--save-every", type=int, default=100, metavar="STEPS")
    parser.add_argument("--cluster", action="store_true", help="let JAX find the other processes")
    parser.add_argument("--coordinator", metavar="HOST:PORT", help="where process 0 listens")
    parser.add_argument("--processes", type=int, metavar="N", help="how many there are")
    parser.add_argument("--process", type=int, metavar="K", help="which of them this one is, from 0")
    parser.add_argument(
        "--wait", type=int, default=WAIT, metavar="SECONDS", help=f"for the others to appear (default: {WAIT})"
    )
    options = parser.parse_args()
    by_hand = [options.coordinator, options.processes, options.process]
    if any(value is not None for value in by_hand) and (options.cluster or None in by_hand):
        parser.error("give --coordinator, --processes and --process together, and without --cluster")
    try:
        checks.count("NUM_EPOCHS", options.num_epochs)
        checks.count("--save-every", options.save_every)
        checks.count("--wait", options.wait)
        if options.coordinator is not None:
            _check_by_hand(*by_hand)
    except ValueError as error:
        parser.error(str(error))
    return options


def _check_by_hand(coordinator, processes, process):
    """Raise ValueError if --coordinator, --processes and --process make no sense."""
    host, _, port = coordinator.rpartition(":")
    if not host or not (port.isascii() and port.isdigit()) or not 1 <= int(port) <= 65535:
        raise ValueError(
            f"--coordinator is {coordinator!r}: it must be HOST:PORT, with a port from 1 to 65535, "
            "for example localhost:12345."
        )
    checks.count("--processes", processes)
    if not 0 <= process < processes:
        raise ValueError(
            f"--process is {process}: with --processes {processes} it must be a whole number from 0 to {processes - 1}."
        )


def _join(options):
    """Connect with the other processes, within options.wait seconds."""
    if options.process == 0:
        port = int(options.coordinator.rpartition(":")[2])
        try:
            socket.create_server(("", port)).close()  # on a port that is taken, the C++ code of JAX may crash
        except OSError as error:
            _end_alone(f"Process 0 cannot listen on port {port} ({error}): give another port to all processes.")
    limits = {"heartbeat_timeout_seconds": SILENT, "shutdown_timeout_seconds": LEAVE}
    # At its own limit JAX aborts with the stack of its C++ code. Ours comes first, and says what it was.
    limits["initialization_timeout"] = options.wait + 60
    # JAX 0.6, the last one for Python 3.10, cannot be told the first two. It has limits of its own for them.
    can_be_told = inspect.signature(jax.distributed.initialize).parameters
    limits = {name: seconds for name, seconds in limits.items() if name in can_be_told}
    late = f"After {options.wait} seconds not all processes have appeared: start all of them, each with the same "
    late += "coordinator and number of processes, and look whether the network lets them through."
    timer = threading.Timer(options.wait, _end_alone, [late])
    timer.daemon = True
    timer.start()
    try:
        if options.cluster:
            jax.distributed.initialize(**limits)
        else:
            jax.distributed.initialize(options.coordinator, options.processes, options.process, **limits)
    except Exception as error:  # each kind of cluster can fail in its own way
        says = _first_line(error)
        if options.cluster:
            _end_alone(
                f"--cluster finds no cluster that JAX knows, or cannot reach it ({says}): "
                "elsewhere give --coordinator, --processes and --process."
            )
        _end_alone(f"The processes cannot be connected at {options.coordinator!r} ({says}).")
    timer.cancel()


def _first_line(error):
    """Return the first line of an error of JAX, which can have many."""
    return next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]


def _end_alone(sentence):
    """End this process, whatever the others do: at a normal exit JAX would first wait for them."""
    print(sentence, file=sys.stderr, flush=True)
    os._exit(1)


_SAME_FILE = "let all read the same RUN.npz, in a folder that they share"
_SAME_OPTIONS = "start all with the same options"
_MUST_BE_EQUAL = {  # what must be equal in all processes, and what to do if it is not
    "settings": _SAME_FILE,
    "parameters": _SAME_FILE,
    "states": _SAME_FILE,
    "losses": _SAME_FILE,
    "texts": "give all of them the same text",
    "NUM_EPOCHS": _SAME_OPTIONS,
    "--save-every": _SAME_OPTIONS,
}


def _digests(run, corpus, options):
    """Return the SHA-256 of each part of _MUST_BE_EQUAL, in its order."""
    return [
        _sha256(json.dumps({**run.settings}, sort_keys=True), run.chars),
        _sha256(*run.parameters._fields, *run.parameters),
        _sha256(*(run.h if isinstance(run.h, tuple) else [run.h])),
        _sha256(run.losses),
        _sha256(corpus.chars, corpus.ids),
        _sha256(str(options.num_epochs)),
        _sha256(str(options.save_every)),
    ]


def _sha256(*values):
    """Return the SHA-256 of strings and arrays. The type and the shape of an array count as well."""
    found = hashlib.sha256()
    for value in values:
        if isinstance(value, str):
            kind, content = "text", value.encode("utf-8", "surrogatepass")
        else:
            little = value.astype(value.dtype.newbyteorder("<"))
            kind, content = f"{little.dtype.str} {little.shape}", little.tobytes()
        found.update(f"{kind} {len(content)} ".encode() + content)
    return found.digest()


def _compare(problem, digests):
    """Let all processes compare their digests. Return a sentence, the same in all, or "" if nothing is wrong.

    problem  what kept this process from reading its files, or ""; then there are no digests
    What is sent has the same shape in any case, so the comparison itself cannot go wrong.
    """
    if jax.process_count() == 1:
        return problem
    devices = list(Counter(device.process_index for device in jax.devices()).values())
    if len(set(devices)) > 1:
        return f"The processes have different numbers of devices, {devices}: give each of them the same number."
    sentence = np.zeros(1000, np.uint8)
    words = np.frombuffer(problem.encode("utf-8", "replace")[: len(sentence)], np.uint8)
    sentence[: len(words)] = words
    mine = np.zeros((len(_MUST_BE_EQUAL), hashlib.sha256().digest_size), np.uint8)
    for row, digest in zip(mine, digests, strict=not problem):
        row[:] = np.frombuffer(digest, np.uint8)
    sentences, everybody = multihost_utils.process_allgather((sentence, mine))  # an axis of processes comes first
    for k, sentence in enumerate(sentences):
        problem = sentence.tobytes().rstrip(b"\0").decode("utf-8", "replace")
        if problem:
            return f"Process {k} of {len(sentences)} cannot begin: {problem}"
    for part, (name, remedy) in enumerate(_MUST_BE_EQUAL.items()):
        for k, digests in enumerate(everybody):
            if not np.array_equal(digests[part], everybody[0][part]):
                return f"The processes have different {name} (process {k} differs from process 0): {remedy}."
    return ""


# ---------------------------------------------------------------- several processes on this computer


def launch(path, num_epochs, processes, *, save_every=100, watch=None, patience=120):
    """Start this program as several processes on this computer, wait for them, and return the lines that they print.

    path, num_epochs, save_every   for the program
    watch     called as watch(line, list of processes) for each line, as it comes
    patience  seconds without a line, or without an end, after which all are ended
    RuntimeError if one of them ended early, or if nothing was heard. No process is left when this returns or raises.
    """
    for name, value in {"num_epochs": num_epochs, "processes": processes, "save_every": save_every}.items():
        checks.count(name, value)
    checks.positive("patience", patience)
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
    """Put each line that process k prints into the queue news, as (k, line), and (k, None) when it has ended."""
    for line in process.stdout:
        if not line.startswith("[Gloo]"):  # the library that carries the sums reports that it is connected
            news.put((k, line.rstrip()))
    process.wait()
    news.put((k, None))


def _what_ended(started, folder, path):
    """Return a sentence on the process that ended first, and why. The others end soon after it, so look at all."""
    time.sleep(0.2)
    ended = [(process.poll(), k) for k, process in enumerate(started) if process.poll()]
    # Killed from outside (a negative code) comes first, then an error (1), then JAX giving up on the others (abort).
    code, k = min(ended, key=lambda end: (end[0] == -signal.SIGABRT, end))
    if code == -signal.SIGABRT:
        why = "was ended by JAX, which heard nothing of another process any more"
    elif code < 0:
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
        status = main()
    except Exception:
        _end_alone(traceback.format_exc().rstrip())
    sys.exit(status)  # a sentence is printed, and the status is 1
