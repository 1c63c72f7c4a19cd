"""Which cell learns the flip-flop task, and which is best on the Sonnets? Writes the two stored tables of page 12.

    python tests/models/gates_table.py

data/gates.csv has every cell on the flip-flop task, with several learning rates and lengths. data/gates_sonnets.csv has
every cell on the first eight tenths of the Sonnets, scored on the ninth. Three seeds each. It takes about fifteen
minutes, and page 12 trains a part of it itself.
"""

import csv
import itertools
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from course.engine import RNN, sample, train  # noqa: E402
from course.models.counting import witten_bell  # noqa: E402
from course.models.gates import (  # noqa: E402
    GRU,
    LSTM,
    flip_flop,
    judged_by,
    leaky,
    line_positions,
    share_right,
    states_of,
)
from course.models.judging import split, standard_error  # noqa: E402
from rnn_helpers import Corpus, load_corpus  # noqa: E402

SEEDS = range(3)

# ---------------------------------------------------------------- flip-flop
FLIP_FLOP_FILE = ROOT / "data" / "gates.csv"
PAIRS, STREAMS = 40, 16
FLIP_FLOP = {  # cell: (model, hidden_size), with about the same number of parameters
    "plain": (RNN, 64),
    "leaky 0.8": (leaky(0.8), 64),
    "GRU": (GRU, 34),
    "LSTM": (LSTM, 29),
}
FLIP_FLOP_RUNS = [  # (judged, cell, rate, steps)
    *itertools.product(("all", "asked"), FLIP_FLOP, (0.005, 0.01, 0.02, 0.04), (500,)),
    *itertools.product(("all",), ("plain", "leaky 0.8", "LSTM"), (0.01, 0.02, 0.04), (1500,)),
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
    return count(run.parameters), 100 * share_right(model, run.parameters, corpus, texts, "r")


# ---------------------------------------------------------------- the Sonnets
SONNETS_FILE = ROOT / "data" / "gates_sonnets.csv"
MIXED = np.repeat([0, 0.8, 0.9, 0.96], [45, 10, 10, 10])  # how much each of 75 units keeps
SONNETS = {  # cell: model
    "plain": RNN,
    "leaky 0.8": leaky(0.8),
    "leaky mixed": leaky(MIXED),
    "GRU": GRU,
    "LSTM": LSTM,
}
SONNETS_RUNS = [  # (cell, units, rate, epochs); for each rate and length the plain network of 75 units comes first
    ("plain", 75, 0.014, 10),
    ("leaky 0.8", 75, 0.014, 10),
    ("leaky mixed", 75, 0.014, 10),
    ("GRU", 41, 0.014, 10),
    ("plain", 75, 0.025, 10),
    ("leaky 0.8", 75, 0.025, 10),
    ("leaky mixed", 75, 0.025, 10),
    ("GRU", 41, 0.025, 10),
    ("plain", 75, 0.025, 20),
    ("leaky mixed", 75, 0.025, 20),
    ("GRU", 41, 0.025, 20),
    ("LSTM", 34, 0.025, 20),
    ("plain", 41, 0.025, 20),
    ("LSTM", 41, 0.025, 20),
    ("GRU", 75, 0.025, 20),
]


def sonnets_network(cell, units, rate, epochs, seed):
    """Return the parameters after a training on the first eight tenths."""
    training, _, _ = split(load_corpus("sonnets"))
    settings = {"optimizer": "adam", "init": "fan_in", "decay": "linear", "streams": 8, "progress": False}
    return train(training, units, 50, rate, epochs, seed=seed, model=SONNETS[cell], **settings).parameters


def surprises(parameters, cell):
    """Return what each character of the ninth tenth costs, in bits, and (early, late): the mean probability of a line
    end after a comma that is 5 to 14, or 35 to 44, characters from the last line end."""
    _, validation, _ = split(load_corpus("sonnets"))
    _, probs = states_of(SONNETS[cell], parameters, validation.ids)
    bits = -np.log2(probs[np.arange(len(probs)), validation.ids[1:]])
    comma, line_end = validation.encode(",\n")
    places, is_comma = line_positions(validation.text)[:-1], validation.ids[:-1] == comma
    after = [probs[is_comma & (places >= low) & (places < low + 10), line_end].mean() for low in (5, 35)]
    return bits, after


def spread_of_lines(text):
    """Return the standard deviation of the length of a line, without empty lines and the first and last one."""
    return np.std([len(line) for line in text.split("\n")[1:-1] if line])


def table_surprises():
    """Return what the same characters cost with the tuned table, in bits."""
    training, validation, _ = split(load_corpus("sonnets"))
    return -np.log2(witten_bell(training.ids, validation.ids, training.vocab_size, order=6, handed_down=6)[1:])


def sonnets_row(cell, units, rate, epochs, seed, plain):
    """Return (row of the table, surprises).
    plain  the surprises of the plain network of 75 units with the same rate, length and seed; None: it is this one
    """
    parameters = sonnets_network(cell, units, rate, epochs, seed)
    bits, (early, late) = surprises(parameters, cell)
    lines = spread_of_lines(sample(parameters, load_corpus("sonnets"), 10_000, model=SONNETS[cell]))
    row = [cell, units, count(parameters), rate, epochs, seed, f"{bits.mean():.4f}", f"{standard_error(bits):.4f}"]
    for other in (table_surprises(), bits if plain is None else plain):
        row += [f"{(bits - other).mean():.4f}", f"{standard_error(bits - other):.4f}"]
    return [*row, f"{lines:.1f}", f"{early:.3f}", f"{late:.3f}"], bits


def count(parameters):
    """Return how many parameters the network has."""
    return sum(value.size for value in parameters)


def write(file, rows):
    with open(file, "w", newline="", encoding="utf-8") as opened:
        csv.writer(opened, lineterminator="\n").writerows(rows)


def main():
    rows = [["cell", "units", "parameters", "rate", "epochs", "seed", "bits", "error", "minus_table", "table_error"]]
    rows[0] += ["minus_plain", "plain_error", "lines", "early", "late"]
    plain = {}
    for run in SONNETS_RUNS:
        for seed in SEEDS:
            like = (*run[2:], seed)  # rate, epochs and seed
            row, bits = sonnets_row(*run, seed, plain.get(like))
            plain.setdefault(like, bits)
            rows.append(row)
            print(*row, flush=True)
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
