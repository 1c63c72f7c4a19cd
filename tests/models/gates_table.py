"""Which cell learns the flip-flop task, and what does an LSTM reach on the Sonnets? Writes data/gates.csv, for page 12.

    python tests/models/gates_table.py

Takes some minutes: every cell, several learning rates, three seeds. The page trains a part of this itself.
"""

import csv
import math
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from course.models.gates import GRU, LSTM, flip_flop, judged_by, leaky, share_right  # noqa: E402
from rnn_helpers import RNN, Corpus, evaluate, load_corpus, train  # noqa: E402

FILE = ROOT / "data" / "gates.csv"
PAIRS, STREAMS, STEPS = 40, 16, 500
FLIP_FLOP = {  # cell: (model, hidden_size, init), at about as many parameters
    "tanh": (RNN, 64, "fan_in"),
    "orthogonal": (RNN, 64, "orthogonal"),
    "leaky 0.8": (leaky(0.8), 64, "fan_in"),
    "GRU": (GRU, 34, "fan_in"),
    "LSTM": (LSTM, 29, "fan_in"),
}
RATES = (0.005, 0.01, 0.02, 0.04)
SONNETS = {"tanh": (RNN, 75), "GRU": (GRU, 41), "LSTM": (LSTM, 34)}
SONNET_RUNS = [("tanh", 0.014, 10), ("tanh", 0.014, 20), ("GRU", 0.014, 10), ("GRU", 0.014, 20)]
SONNET_RUNS += [("LSTM", rate, epochs) for rate in (0.014, 0.028) for epochs in (10, 20)]


def flip_flop_texts():
    """Return (corpus to train on, texts to be judged by), the same at each call."""
    rng = np.random.default_rng(100)
    corpus = Corpus("flip-flop", "".join(flip_flop(PAIRS, rng) for _ in range(STREAMS * (STEPS + 1))))
    return corpus, [flip_flop(PAIRS, rng) for _ in range(200)]


def flip_flop_percent(corpus, texts, cell, judged, rate, seed):
    """Return (parameters, percent of the letters after r that are right).
    judged  the letters that the loss counts: "all", or those that are "asked" for, after r
    """
    model, hidden_size, init = FLIP_FLOP[cell]
    trained = model if judged == "all" else judged_by(model, corpus, "r")
    settings = {"max_norm": 1, "optimizer": "adam", "streams": STREAMS, "init": init, "decay": "linear"}
    settings["progress"] = False
    run = train(corpus, hidden_size, 2 * PAIRS, rate, 1, seed=seed, model=trained, **settings)
    return count(run.parameters), 100 * share_right(model, run.parameters, corpus, texts, "r")


def sonnet_bits(cell, rate, epochs, seed):
    """Return (parameters, held-out bits per character) after a training on nine tenths of the Sonnets."""
    corpus, (model, hidden_size) = load_corpus("sonnets"), SONNETS[cell]
    cut = len(corpus.text) * 9 // 10
    settings = {"optimizer": "adam", "init": "fan_in", "decay": "linear", "streams": 8, "progress": False}
    settings["model"] = model
    run = train(Corpus("nine tenths", corpus.text[:cut]), hidden_size, 50, rate, epochs, seed=seed, **settings)
    return count(run.parameters), evaluate(run.parameters, corpus.ids[cut:], model=model) / math.log(2)


def count(parameters):
    """Return how many numbers the network learns."""
    return sum(value.size for value in parameters)


def main():
    rows = [["task", "cell", "parameters", "judged", "rate", "epochs", "seed", "result"]]
    corpus, texts = flip_flop_texts()
    for judged in ("all", "asked"):
        for cell in FLIP_FLOP:
            for rate in RATES:
                for seed in range(3):
                    parameters, percent = flip_flop_percent(corpus, texts, cell, judged, rate, seed)
                    rows.append(["flip-flop", cell, parameters, judged, rate, 1, seed, f"{percent:.1f}"])
                    print(*rows[-1], flush=True)
    for cell, rate, epochs in SONNET_RUNS:
        for seed in range(3):
            parameters, bits = sonnet_bits(cell, rate, epochs, seed)
            rows.append(["sonnets", cell, parameters, "all", rate, epochs, seed, f"{bits:.3f}"])
            print(*rows[-1], flush=True)
    with open(FILE, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


if __name__ == "__main__":
    main()
