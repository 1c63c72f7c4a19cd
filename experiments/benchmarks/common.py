"""What the benchmarks share: the loop of 2019, contestants that take turns, tables, pictures.

A computer's speed changes from second to second, so contestants take turns in short rounds: trust the ratios, which
compare neighbors, more than the times. Before any timing, all contestants must compute the same losses.

A contestant is a function of (parameters, learning_rate). It returns a function of (inputs, targets), each (N, T) or
(N, T, B), that trains on the N sequences in turn, goes on from where it was, and returns the N losses.
"""

import argparse
import os
import sys
import time

THREADS = ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"]
os.environ |= dict.fromkeys(THREADS, "1")  # for all contestants, and read once, when NumPy is imported

import numpy as np  # noqa: E402

import rnn_helpers as rnn  # noqa: E402
from course import engine  # noqa: E402
from course.engine.model import Passes  # noqa: E402

SIZES = [(75, 50, 35), (150, 100, 43)]  # H, T, V of the two experiments of 2019
RATE = 0.001  # their learning rate


def start(doc, options):
    """Read the command line, including --help and --quick, switch to one core, and return the choices."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    options = options | {
        "--quick": {"action": "store_true", "help": "a few seconds, to see that it runs; the times are noise"}
    }
    for name, option in options.items():
        parser.add_argument(name, **option)
    choice = parser.parse_args()
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # so that no contestant gains from threads
    print(f"Python {sys.version.split()[0]}, NumPy {np.__version__}, one core, one thread", flush=True)
    return choice


# ---------------------------------------------------------------- contestants


def with_course(parameters, learning_rate):
    """Train with the engine of the course, called as train calls it."""
    parameters, h, passes = rnn.Parameters(*[value.copy() for value in parameters]), None, None

    def run(inputs, targets):
        nonlocal h, passes
        if h is None:
            h = np.zeros((*inputs.shape[2:], len(parameters.W_hh)), parameters.W_hh.dtype)
            passes = Passes(parameters, inputs.shape[1:])
        losses = []
        for x, y in zip(inputs, targets):
            forward = passes.forward(x, y, h, parameters)
            rnn.sgd_step(parameters, passes.backward(x, y, parameters, forward), learning_rate)
            h = forward.hidden[-1].copy()
            losses.append(forward.loss)
        return losses

    return run


def with_2019_style(parameters, learning_rate):
    """Train in a plain loop: dicts of column vectors, one-hot inputs, outer products, new parameters each time."""
    H, V = parameters.W_xh.shape
    weights = (*parameters[:3], parameters.b_h.reshape(H, 1), parameters.b_y.reshape(V, 1))
    h_last = np.zeros((H, 1))

    def forward(inputs, targets, h_prev, weights):
        W_xh, W_hh, W_hy, b_h, b_y = weights
        x, h, p, loss = {}, {-1: h_prev}, {}, 0.0
        for t in range(len(inputs)):
            x[t] = np.zeros((V, 1))
            x[t][inputs[t]] = 1
            h[t] = np.tanh(np.dot(W_xh, x[t]) + np.dot(W_hh, h[t - 1]) + b_h)
            scores = np.dot(W_hy, h[t]) + b_y
            exps = np.exp(scores - np.max(scores))
            p[t] = exps / np.sum(exps)
            loss -= np.log(p[t][targets[t], 0])
        return loss, x, h, p

    def backward(targets, weights, x, h, p):
        W_xh, W_hh, W_hy, b_h, b_y = weights
        dW_xh, dW_hh, dW_hy, db_h, db_y = [np.zeros_like(value) for value in weights]
        dh_next = np.zeros((H, 1))
        for t in reversed(range(len(targets))):
            dscores = p[t].copy()
            dscores[targets[t]] -= 1
            dW_hy += np.dot(dscores, h[t].T)
            db_y += dscores
            dh = np.dot(W_hy.T, dscores) + dh_next
            da = (1 - h[t] * h[t]) * dh
            db_h += da
            dW_hh += np.dot(da, h[t - 1].T)
            dW_xh += np.dot(da, x[t].T)
            dh_next = np.dot(W_hh.T, da)
        return dW_xh, dW_hh, dW_hy, db_h, db_y

    def run(inputs, targets):
        nonlocal weights, h_last
        losses = []
        for ids, next_ids in zip(inputs.tolist(), targets.tolist()):
            loss, x, h, p = forward(ids, next_ids, h_last, weights)
            gradients = backward(next_ids, weights, x, h, p)
            weights = tuple(value - learning_rate * gradient for value, gradient in zip(weights, gradients))
            h_last = h[len(ids) - 1]
            losses.append(loss)
        return losses

    return run


def initial(H, V, dtype="float64"):
    """Return the Parameters that all contestants start from."""
    start = rnn.initialize_parameters(H, V, np.random.default_rng(0))
    return rnn.Parameters(*[value.astype(dtype) for value in start])


# ---------------------------------------------------------------- texts


def sonnets():
    """Return the Sonnets as a Corpus: the file of 2019, or another edition if that is not available."""
    try:
        return rnn.load_corpus("seed-sonnets")
    except FileNotFoundError:
        print("seed-sonnets, the file of 2019, is not here: this is another edition of the Sonnets.")
        return rnn.load_corpus("sonnets")


def make_text(characters, vocab_size):
    """Return a made-up text as a Corpus: times do not depend on what the characters are."""
    letters = np.array([chr(ord("a") + k) for k in range(vocab_size)])
    ids = np.random.default_rng(0).integers(0, vocab_size, characters)
    ids[:vocab_size] = np.arange(vocab_size)  # every character occurs
    return rnn.Corpus("made-up", "".join(letters[ids]))


def make_sequences(ids, T, B=1, count=400):
    """Return inputs and targets of the first sequences of a text, (count, T) or (count, T, B)."""
    pieces = rnn.chunks(ids if B == 1 else engine.make_streams(ids, B), T)[:count]
    return tuple(map(np.stack, zip(*pieces)))


# ---------------------------------------------------------------- measuring


def prove_equal(contestants, inputs, targets, parameters, learning_rate):
    """Check that all contestants compute the losses of the first one, to 1e-10 (1e-4 in float32)."""
    tolerance = 1e-10 if parameters.W_hh.dtype == np.float64 else 1e-4
    expected = None
    for name, make in contestants.items():
        losses = np.array(make(parameters, learning_rate)(inputs[:20], targets[:20]), float)
        expected = losses if expected is None else expected
        error = float(np.max(np.abs(losses / expected - 1)))
        if not error < tolerance:
            raise SystemExit(f"{name} computes other losses (relative difference {error:.1e}): no timing makes sense.")


def timed(job, *given, **settings):
    """Return (processor seconds that a call took, what it returned). Other programs do not count."""
    started = time.process_time()
    result = job(*given, **settings)
    return time.process_time() - started, result


def take_turns(runs, inputs, targets, rounds, seconds):
    """Let the runs take turns, and return microseconds per character, (rounds, number of runs).
    A turn takes about `seconds`."""
    counts = []
    for run in runs:
        run(inputs[:1], targets[:1])  # the first call is slower
        started = time.perf_counter()
        run(inputs[:1], targets[:1])
        one = time.perf_counter() - started
        counts.append(max(1, min(len(inputs), round(seconds / one))))
    times = np.empty((rounds, len(runs)))
    for turn in range(rounds):
        for k, (run, count) in enumerate(zip(runs, counts)):
            started = time.perf_counter()
            run(inputs[:count], targets[:count])
            times[turn, k] = (time.perf_counter() - started) / inputs[:count].size * 1e6
    return times


# ---------------------------------------------------------------- tables


def spread(values, digits=2):
    """Return "median (from-to)", where half of the values lie between from and to."""
    low, middle, high = np.percentile(values, [25, 50, 75])
    return f"{middle:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


def print_table(title, head, rows):
    """Print rows of text, the first column aligned left, the others right."""
    widths = [max(len(row[k]) for row in [head, *rows]) for k in range(len(head))]
    print(f"\n{title}")
    for row in [head, ["-" * width for width in widths], *rows]:
        print("  ".join(f"{text:{'<' if k == 0 else '>'}{widths[k]}}" for k, text in enumerate(row)), flush=True)
