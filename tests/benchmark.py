"""How fast is rnn_helpers? Every number is measured here and now, against others that take turns with it.

    python tests/benchmark.py                   against a plain loop in the style of 2019; memory; what costs how much
    python tests/benchmark.py --peers           also against PyTorch, JAX and C, where they are installed
    python tests/benchmark.py --time-to-loss    seconds until the Sonnets reach the last loss of the 2019 run
    python tests/benchmark.py --scaling         hidden sizes and streams (with --peers: PyTorch and JAX too)

Add --picture FILE.png for a picture. Times are in microseconds per character of training (forward, backward, step),
on one core. A computer's speed changes from second to second, so the contestants take turns in short rounds: trust
the ratios, which compare neighbors, more than the times. Before any timing each one must compute the same losses.
"""

import argparse
import math
import os
import sys
import time
import tracemalloc
from pathlib import Path

for name in ["OPENBLAS", "OMP", "MKL", "BLIS", "VECLIB_MAXIMUM"]:  # read once, when NumPy is imported
    os.environ[f"{name}_NUM_THREADS"] = "1"
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # one core, so that nobody gains from threads

import numpy as np  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import rnn_helpers as rnn  # noqa: E402

SIZES = [(75, 50, 35), (150, 100, 43)]  # H, T, V of the two experiments of 2019
RATE = 0.001  # their learning rate
WIDTHS = (50, 100, 200, 400, 800)  # H for --scaling

# The way from the 2019 settings to one second: each line adds to or replaces settings of the line before.
TARGET = 83.96  # the last smoothed loss of the 2019 run on the Sonnets, nats per sequence
RECIPES = {
    "2019 settings": {"learning_rate": 0.001, "num_epochs": 40},
    'init="fan_in"': {"init": "fan_in"},
    'optimizer="adam"': {"optimizer": "adam", "learning_rate": 0.002, "max_norm": 100, "num_epochs": 14},
    'decay="linear"': {"decay": "linear", "learning_rate": 0.006, "num_epochs": 8},
    "streams=16": {"streams": 16, "learning_rate": 0.022, "num_epochs": 8},
    'dtype="float32"': {"dtype": "float32"},
}

# ---------------------------------------------------------------- contestants

# A contestant is a function of (parameters, learning_rate). It returns a function of (inputs, targets), each
# (N, T) or (N, T, B), that trains on the N sequences in turn, goes on from where it was, and returns the N losses.


def with_rnn_helpers(parameters, learning_rate):
    """The functions of the course, called as train calls them."""
    parameters = rnn.Parameters(*[value.copy() for value in parameters])
    h = None

    def run(inputs, targets):
        nonlocal h
        if h is None:
            h = np.zeros((*inputs.shape[2:], len(parameters.W_hh)), parameters.W_hh.dtype)
        losses = []
        for x, y in zip(inputs, targets):
            forward = rnn.forward_pass(x, y, h, parameters)
            rnn.sgd_step(parameters, rnn.backward_pass(x, y, parameters, forward), learning_rate)
            h = forward.hidden[-1]
            losses.append(forward.loss)
        return losses

    return run


def with_2019_style(parameters, learning_rate):
    """A plain loop: a column vector per step in dicts, one-hot inputs, outer products, new parameters each time."""
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


# ---------------------------------------------------------------- measuring


def make_text(characters, vocab_size):
    """Return a made-up text as a Corpus: times do not depend on what the characters are."""
    letters = np.array([chr(ord("a") + k) for k in range(vocab_size)])
    ids = np.random.default_rng(0).integers(0, vocab_size, characters)
    ids[:vocab_size] = np.arange(vocab_size)  # every letter occurs
    return rnn.Corpus("made-up", "".join(letters[ids]))


def make_sequences(ids, T, B=1, count=400):
    """Return inputs and targets of the first sequences of a text, (count, T) or (count, T, B)."""
    streams = ids if B == 1 else rnn.make_streams(ids, B)
    starts = np.arange(min(count, (len(streams) - 1) // T)) * T
    rows = starts[:, None] + np.arange(T)
    return streams[rows], streams[rows + 1]


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


def take_turns(runs, inputs, targets, rounds, seconds, block=1):
    """Let the runs take turns; return microseconds per character, (rounds, number of runs).

    Each turn lasts about `seconds`. It is a whole number of blocks of sequences, so that JAX compiles only once.
    """
    counts = []
    for run in runs:
        run(inputs[:block], targets[:block])  # the first call is slower
        started = time.perf_counter()
        run(inputs[:block], targets[:block])
        one = time.perf_counter() - started
        counts.append(block * max(1, min(len(inputs) // block, round(seconds / one))))
    times = np.empty((rounds, len(runs)))
    for turn in range(rounds):
        for k, (run, count) in enumerate(zip(runs, counts)):
            started = time.perf_counter()
            run(inputs[:count], targets[:count])
            times[turn, k] = (time.perf_counter() - started) / inputs[:count].size * 1e6
    return times


def spread(values, digits=2):
    """Return "median (from-to)", where half of the values lie between from and to."""
    low, middle, high = np.nanpercentile(values, [25, 50, 75])
    return f"{middle:.{digits}f} ({low:.{digits}f}-{high:.{digits}f})"


def print_table(title, head, rows):
    """Print rows of text, first column to the left, the others to the right."""
    widths = [max(len(row[k]) for row in [head, *rows]) for k in range(len(head))]
    print(f"\n{title}")
    for row in [head, ["-" * width for width in widths], *rows]:
        print("  ".join(f"{text:{'<' if k == 0 else '>'}{widths[k]}}" for k, text in enumerate(row)))


# ---------------------------------------------------------------- what is asked


def initial(H, V, dtype="float64"):
    """Return the initial Parameters that all contestants start from."""
    start = rnn.initialize_parameters(H, V, np.random.default_rng(0))
    return rnn.Parameters(*[value.astype(dtype) for value in start])


def find_peers(names):
    """Return the peers that work here; say in one line which one does not, and why."""
    import benchmark_peers as peers

    known = {
        "PyTorch": peers.with_torch,
        "JAX": peers.with_jax,
        "JAX, 20 sequences a call": peers.with_jax_20,
        "C": peers.with_c,
    }
    found = {}
    for name in names:
        try:
            known[name](initial(8, 8), RATE)(*make_sequences(make_text(101, 8).ids, 5))
        except peers.Missing as reason:
            print(f"{name} is left out: {reason}.")
        else:
            found[name] = known[name]
    return found


def compare(with_peers):
    """rnn_helpers against the 2019 style, and the peers if asked, at the two sizes of 2019. Returns bars."""
    contestants = {"2019 style": with_2019_style, "rnn_helpers": with_rnn_helpers}
    if with_peers:
        contestants |= find_peers(["PyTorch", "JAX", "JAX, 20 sequences a call", "C"])
    bars = []
    for H, T, V in SIZES:
        parameters = initial(H, V)
        inputs, targets = make_sequences(make_text(400 * T + 1, V).ids, T)
        prove_equal(contestants, inputs, targets, parameters, RATE)
        runs = [make(parameters, RATE) for make in contestants.values()]
        times = take_turns(runs, inputs, targets, rounds=40, seconds=0.05, block=20)
        rows = []
        for k, name in enumerate(contestants):
            faster, ours = times[:, 0] / times[:, k], times[:, k] / times[:, 1]
            rows.append([name, spread(times[:, k]), spread(faster), spread(ours)])
            bars.append((f"{name}, H = {H}", float(np.median(times[:, k]))))
        head = ["", "us per character", "x the speed of 2019", "time / rnn_helpers"]
        print_table(f"H = {H}, T = {T}, V = {V}, float64; the same losses; 40 rounds: median (25-75 %)", head, rows)
    return bars


def costs():
    """What the cost per character of rnn_helpers depends on: H, T, the length of the text. And the memory."""
    V = 35
    for title, sizes in [
        ("hidden units (T = 50)", [(H, 50) for H in (25, 50, 100, 200, 400)]),
        ("characters in a sequence (H = 75)", [(75, T) for T in (5, 10, 25, 50, 100, 200, 400)]),
    ]:
        rows = []
        for H, T in sizes:
            inputs, targets = make_sequences(make_text(40 * T + 1, V).ids, T)
            times = take_turns([with_rnn_helpers(initial(H, V), RATE)], inputs, targets, rounds=15, seconds=0.05)
            rows.append([f"H = {H}, T = {T}", spread(times[:, 0])])
        print_table(f"Cost and {title}", ["", "us per character"], rows)

    rows = []
    for length in (10_000, 100_000, 1_000_000):
        text = make_text(length, V).text
        started = time.perf_counter()
        corpus = rnn.Corpus("made-up", rnn.preprocess(text))
        read = time.perf_counter() - started
        started = time.perf_counter()
        rnn.train(corpus, 75, 50, RATE, 1, progress=False)
        trained = time.perf_counter() - started
        tracemalloc.start()
        rnn.train(corpus, 75, 50, RATE, 1, progress=False)  # once more: tracing costs time
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        micro = 1e6 / length
        rows.append([f"{length:,}", f"{read * micro:.3f}", f"{trained * micro:.2f}", f"{peak / 1e6:.2f}"])
    head = ["characters", "read, us each", "train, us each", "peak memory beyond the text, MB"]
    print_table("Cost and the length of the text (H = 75, T = 50, one epoch)", head, rows)


def scaling(with_peers):
    """Hidden sizes and streams. Returns lines: name -> list of (H, us per character), for the picture."""
    T, V, lines = 100, 43, {}
    contestants = {"rnn_helpers": with_rnn_helpers}
    if with_peers:
        contestants |= find_peers(["PyTorch", "JAX"])
    for dtype in ("float64", "float32"):
        rows = []
        for B in (1, 8, 32):
            for H in WIDTHS:
                parameters = initial(H, V, dtype)
                inputs, targets = make_sequences(make_text(B * (20 * T + 1), V).ids, T, B)
                prove_equal(contestants, inputs[:3], targets[:3], parameters, RATE / B)
                runs = [make(parameters, RATE / B) for make in contestants.values()]
                times = take_turns(runs, inputs, targets, rounds=9, seconds=0.05)
                middle = np.median(times, axis=0)
                ratios = np.median(times / times[:, :1], axis=0)
                rows.append([f"H = {H}, B = {B}", *[f"{value:.2f}" for value in middle]])
                rows[-1] += [f"{ratio:.2f}" for ratio in ratios[1:]]
                for name, value in zip(contestants, middle):
                    lines.setdefault((dtype, B, name), []).append((H, float(value)))
        head = [dtype, *contestants, *[f"{name} / rnn_helpers" for name in list(contestants)[1:]]]
        print_table(f"us per character, T = {T}, V = {V}, {dtype}; 9 rounds, median", head, rows)
    return lines


def time_to_loss(rounds=5):
    """Seconds until training on the Sonnets reaches the last loss of 2019. Returns bars.

    train runs a recipe to its end; its time is shared out evenly over its steps. The 2019 style is not run for its
    whole minute: its time per character, measured just before each recipe, times the characters that rnn_helpers
    needed with the same settings. It would see the same losses, as prove_equal says. Recipes of one stream run in
    the first round only.
    """
    try:
        corpus, target = rnn.load_corpus("seed-sonnets"), TARGET
    except FileNotFoundError:
        corpus, target = rnn.load_corpus("sonnets"), None
        print("seed-sonnets, the file of 2019, is not here: another edition of the Sonnets, up to its own last loss.")
    H, T, V = SIZES[0]
    inputs, targets = make_sequences(corpus.ids, T)
    prove_equal({"rnn_helpers": with_rnn_helpers, "2019": with_2019_style}, inputs, targets, initial(H, V), RATE)
    plain = with_2019_style(initial(H, V), RATE)

    per_char, seconds = np.full((2, rounds, len(RECIPES)), math.nan)
    characters, last_loss = np.empty(len(RECIPES)), np.empty(len(RECIPES))
    for turn in range(rounds):
        settings = {}
        for k, change in enumerate(RECIPES.values()):
            settings |= change
            if turn and "streams" not in settings:
                continue
            per_char[turn, k] = np.median(take_turns([plain], inputs, targets, rounds=5, seconds=0.1))
            started = time.perf_counter()
            run = rnn.train(corpus, H, T, progress=False, **settings)
            seconds[turn, k] = time.perf_counter() - started
            target = target or run.losses[-1]
            steps = np.flatnonzero(run.losses <= target)
            reached = steps[0] + 1 if len(steps) else math.nan
            seconds[turn, k] *= reached / len(run.losses)
            characters[k], last_loss[k] = reached * T * run.settings["streams"], run.losses[-1]
    plain_seconds = per_char * 1e-6 * characters[0]

    rows = [["2019 style", f"{characters[0]:,.0f}", "", spread(plain_seconds, 1), "1"]]
    bars = [("2019 style", float(np.nanmedian(plain_seconds)))]
    for k, name in enumerate(RECIPES):
        name = f"+ {name}" if k else f"rnn_helpers, {name}"
        faster = spread(plain_seconds[:, k] / seconds[:, k], 1)
        rows.append([name, f"{characters[k]:,.0f}", f"{last_loss[k]:.2f}", spread(seconds[:, k]), faster])
        bars.append((name, float(np.nanmedian(seconds[:, k]))))
    title = f"To smoothed loss {target:.2f} on {corpus.name}, H = {H}, T = {T}; {rounds} rounds: median (25-75 %)"
    print_table(title, ["", "characters", "last loss", "seconds", "x sooner than 2019"], rows)
    print("The 2019 style: its measured time per character, times the characters that the same settings need.")
    return bars


# ---------------------------------------------------------------- pictures, and the command line


def draw_bars(bars, label, path):
    """Write horizontal bars, name and value, on a log axis."""
    from matplotlib.figure import Figure

    names, values = zip(*bars)
    figure = Figure(figsize=(8, 0.6 + 0.38 * len(bars)), dpi=150, layout="constrained")
    axes = figure.subplots()
    colors = ["tab:blue" if name.startswith(("rnn_helpers", "+")) else "tab:gray" for name in names]
    shapes = axes.barh(names, values, color=colors)
    axes.bar_label(shapes, [f"{value:.3g}" for value in values], padding=4)
    axes.invert_yaxis()
    axes.set_xscale("log")
    axes.set_xlim(min(values) / 2, max(values) * 2)
    axes.set_xlabel(label)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(path)


def draw_scaling(lines, path):
    """Write one panel for each number of streams: cost per character against H, on log axes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 4), dpi=150, layout="constrained")
    panels = dict(zip((1, 8, 32), figure.subplots(1, 3, sharey=True)))
    for (dtype, B, name), points in lines.items():
        style = "-" if dtype == "float64" else "--"
        color = {"rnn_helpers": "tab:blue", "JAX": "tab:orange"}.get(name, "tab:green")
        panels[B].loglog(*zip(*points), style, color=color, marker="o", label=f"{name}, {dtype}")
    for B, axes in panels.items():
        axes.set_title(f"{B} stream{'s' if B > 1 else ''}")
        axes.set_xlabel("hidden units H")
        axes.set_xticks(WIDTHS, WIDTHS)
        axes.minorticks_off()
        axes.grid(alpha=0.3)
    panels[1].set_ylabel("microseconds per character")
    panels[1].legend(fontsize="small")
    figure.savefig(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--time-to-loss", action="store_true", help="seconds until the last loss of 2019")
    mode.add_argument("--scaling", action="store_true", help="hidden sizes and streams")
    parser.add_argument("--peers", action="store_true", help="PyTorch, JAX and C too, where installed")
    parser.add_argument("--picture", metavar="FILE.png", help="write a picture of the result")
    choice = parser.parse_args()
    print(f"Python {sys.version.split()[0]}, NumPy {np.__version__}, one core, one thread")
    if choice.time_to_loss:
        bars = time_to_loss()
        label = "seconds until the Sonnets reach the last loss of 2019, one core, log axis"
    elif choice.scaling:
        lines = scaling(choice.peers)
    else:
        bars = compare(choice.peers)
        label = "microseconds per character of training, float64, one core, log axis"
        costs()
    if choice.picture and choice.scaling:
        draw_scaling(lines, choice.picture)
    elif choice.picture:
        draw_bars(bars, label, choice.picture)


if __name__ == "__main__":
    main()
