"""Which cell learns the flip-flop task, and which is best on the Sonnets? Writes the two stored tables of page 12.

    python -m experiments.gates_table

data/gates.csv has every cell on the flip-flop task, with several learning rates and lengths. data/gates_sonnets.csv has
every cell on the first eight tenths of the Sonnets, scored on the ninth, with up to three recipes: of page 12, of
page 11, and Muon. Each has four rates, but that of page 11 three, with four factors for the input matrices; three seeds
each. It takes about ten minutes.
"""

import argparse
import csv
import itertools

import numpy as np

from course.base.place import ROOT
from course.engine import RNN, sample, train
from course.models.gates import (
    GRU,
    flip_flop,
    judged_by,
    leaky,
    nailed,
    share_right,
    states_of,
)
from course.models.judging import split, standard_error
from rnn_helpers import Corpus, load_corpus

SEEDS = range(3)
UPDATE, RESET = nailed(b_r=30), nailed(b_z=-30)  # one gate works, the other one stands still

# ---------------------------------------------------------------- flip-flop
FLIP_FLOP_FILE = ROOT / "data" / "gates.csv"
PAIRS, STREAMS = 40, 16
FLIP_FLOP = {  # cell: (model, hidden_size), with about the same number of parameters in use
    "plain": (RNN, 64),
    "leaky 0.8": (leaky(0.8), 64),
    "update gate": (UPDATE, 43),
    "reset gate": (RESET, 43),
    "GRU": (GRU, 34),
    "GRU, b_z 0": (nailed(b_z=0), 34),  # a bias that only starts at 0 and learns, where that of a GRU starts at 1
}
FLIP_FLOP_RUNS = [  # (judged, cell, rate, steps)
    *itertools.product(("all",), FLIP_FLOP, (0.01, 0.02, 0.04), (500,)),
    *itertools.product(("all",), ("plain", "leaky 0.8"), (0.01, 0.02, 0.04), (1500,)),
    *itertools.product(("asked",), ("plain", "leaky 0.8", "GRU"), (0.01, 0.02, 0.04), (500,)),
]


def flip_flop_texts(steps):
    """Return (corpus to train on, texts to judge by), the same at each call."""
    rng = np.random.default_rng(100)
    corpus = Corpus("flip-flop", "".join(flip_flop(PAIRS, rng) for _ in range(STREAMS * (steps + 1))))
    return corpus, [flip_flop(PAIRS, rng) for _ in range(200)]


def flip_flop_percent(judged, cell, rate, steps, seed):
    """Return (parameters, percent of the letters after r that are right) after one reading of a text of that length.
    judged  the letters that count in the loss: "all", or those that are "asked" for, after r
    """
    corpus, texts = flip_flop_texts(steps)
    model, hidden_size = FLIP_FLOP[cell]
    trained = model if judged == "all" else judged_by(model, corpus, "r")
    settings = {"max_norm": 1, "optimizer": "adam", "streams": STREAMS, "init": "fan_in", "decay": "linear"}
    settings["progress"] = False
    run = train(corpus, hidden_size, 2 * PAIRS, rate, 1, seed=seed, model=trained, **settings)
    return count(cell, run.parameters), 100 * share_right(model, run.parameters, corpus, texts, "r")


# ---------------------------------------------------------------- the Sonnets
SONNETS_FILE = ROOT / "data" / "gates_sonnets.csv"
MIXED = np.repeat([0, 0.8, 0.9, 0.96], [45, 10, 10, 10])  # how much each of 75 units keeps
SONNETS = {  # cell: (model, units), with about as many parameters in use as the plain network
    "plain": (RNN, 75),
    "leaky 0.8": (leaky(0.8), 75),
    "leaky mixed": (leaky(MIXED), 75),
    "update gate": (UPDATE, 52),
    "reset gate": (RESET, 52),
    "GRU": (GRU, 41),
}
RATES = {  # (rate, how many times as far the input matrices move)
    "page 12": [(rate, 1) for rate in (0.014, 0.025, 0.045, 0.08)],
    "page 11": [*itertools.product((0.018, 0.036, 0.07), (2, 4, 8, 16))],
    "Muon": [(rate, 1) for rate in (0.06, 0.085, 0.12, 0.17)],
}
SONNETS_RUNS = [  # (recipe, cell, (rate, times)); of each recipe the plain network comes first
    *itertools.product(("page 12",), SONNETS, RATES["page 12"]),
    *itertools.product(("page 11",), ("plain", "update gate", "reset gate", "GRU"), RATES["page 11"]),
    *itertools.product(("Muon",), ("plain", "GRU"), RATES["Muon"]),
]


def sonnets_network(recipe, cell, rate, times, seed, text):
    """Return the parameters after a training on a text, with one of three recipes."""
    model, units = SONNETS[cell]
    settings = {"optimizer": "adam", "init": "fan_in", "decay": "linear", "seed": seed, "model": model}
    settings["progress"] = False
    if recipe == "page 12":
        return train(text, units, 50, rate, 10, streams=8, **settings).parameters
    settings["max_norm"] = 20
    if recipe == "Muon":
        return train(text, units, 50, rate, 8, streams=24, **settings | {"optimizer": "muon"}).parameters
    inputs, states = (["W_xh"], ["W_hh"]) if model is RNN else (["W_xr", "W_xz", "W_xn"], ["W_hr", "W_hz", "W_hn"])
    rates = dict.fromkeys(inputs, times) | dict.fromkeys(states, 0.7)
    settings |= {"optimizer": "adam_short", "init": dict.fromkeys(inputs, 1), "rates": rates}
    return train(text, units, 50, rate, 8, streams=24, **settings).parameters


def surprises(parameters, cell, text):
    """Return what each character of a text costs, in bits."""
    _, probs = states_of(SONNETS[cell][0], parameters, text.ids)
    return -np.log2(probs[np.arange(len(probs)), text.ids[1:]])


def spread_of_lines(text):
    """Return the standard deviation of the length of a line, without empty lines and the first and last one."""
    return np.std([len(line) for line in text.split("\n")[1:-1] if line])


def sonnets_row(recipe, cell, rate, times, seed):
    """Return (row of the table but for the difference, surprises)."""
    training, validation, _ = split(load_corpus("sonnets"))
    parameters = sonnets_network(recipe, cell, rate, times, seed, training)
    bits = surprises(parameters, cell, validation)
    lines = spread_of_lines(sample(parameters, training, 10_000, model=SONNETS[cell][0]))
    row = [recipe, cell, SONNETS[cell][1], count(cell, parameters), rate, times, seed, f"{bits.mean():.4f}"]
    return [*row, f"{lines:.1f}"], bits


def count(cell, parameters):
    """Return how many parameters the network uses: those of a gate that stands still are idle."""
    idle = {"update gate": "W_xr W_hr b_r", "reset gate": "W_xz W_hz b_z"}.get(cell, "").split()
    return sum(value.size for name, value in parameters._asdict().items() if name not in idle)


def best_rate(rows, recipe, cell):
    """Return (rate, times) with which a cell needs the fewest bits in the mean of its seeds. rows: as in the table."""
    mean = {
        one: np.mean([float(row[7]) for row in rows if row[:2] == [recipe, cell] and tuple(row[4:6]) == one])
        for one in RATES[recipe]
    }
    return min(mean, key=mean.get)


def write(file, rows):
    with open(file, "w", newline="", encoding="utf-8") as opened:
        csv.writer(opened, lineterminator="\n").writerows(rows)


def main():
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    found = []
    for recipe, cell, (rate, times) in SONNETS_RUNS:
        for seed in SEEDS:
            found.append(sonnets_row(recipe, cell, rate, times, seed))
            print(*found[-1][0], flush=True)
    rows = [["recipe", "cell", "units", "parameters", "rate", "times", "seed", "bits", "lines"]]
    rows[0] += ["minus_plain", "plain_error"]  # from the plain network with the same recipe and seed, at its best rate
    best = {recipe: best_rate([row for row, _ in found], recipe, "plain") for recipe in RATES}
    plain = {(row[0], row[6]): bits for row, bits in found if row[1] == "plain" and tuple(row[4:6]) == best[row[0]]}
    for row, bits in found:
        difference = bits - plain[row[0], row[6]]
        rows.append([*row, f"{difference.mean():.4f}", f"{standard_error(difference):.4f}"])
    write(SONNETS_FILE, rows)

    rows = [["judged", "cell", "parameters", "rate", "steps", "seed", "percent"]]
    for judged, cell, rate, steps in FLIP_FLOP_RUNS:
        for seed in SEEDS:
            parameters, percent = flip_flop_percent(judged, cell, rate, steps, seed)
            rows.append([judged, cell, parameters, rate, steps, seed, f"{percent:.1f}"])
            print(*rows[-1], flush=True)
    write(FLIP_FLOP_FILE, rows)


if __name__ == "__main__":
    main()
