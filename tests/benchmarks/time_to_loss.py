"""How many seconds does it take to the last loss of the 2019 run on the Sonnets, in 2019 and with each recipe?

The clock stops when the smoothed loss first touches it. A round is a seed: all recipes train in turn, by train, to
their end, and the time is divided evenly among the steps. The loop of 2019 is not run for its whole minute: just
before each recipe its time per character is measured, and multiplied by the characters that the course needs with the
same settings, since it sees the same losses (proved first).
"""

import math
import time

import common
from common import RATE, SIZES, engine, np, rnn, spread

TARGET = 83.96  # the last smoothed loss of the 2019 run on the Sonnets, nats per sequence
RECIPES = {  # each adds or replaces settings of the one before
    "2019 settings": {"learning_rate": RATE, "num_epochs": 40},
    'init="fan_in"': {"init": "fan_in"},
    'optimizer="adam"': {"optimizer": "adam", "learning_rate": 0.002, "max_norm": 100, "num_epochs": 14},
    'decay="linear"': {"decay": "linear", "learning_rate": 0.006, "num_epochs": 8},
    "streams=16": {"streams": 16, "learning_rate": 0.022},
    'dtype="float32"': {"dtype": "float32"},
    'optimizer="muon"': {"optimizer": "muon", "streams": 24, "learning_rate": 0.085, "num_epochs": 4},
}
H, T, _ = SIZES[0]


def settings_of(k):
    """Return all settings of recipe number k."""
    return {name: value for change in list(RECIPES.values())[: k + 1] for name, value in change.items()}


def race(corpus, target, seeds, turn):
    """Return (characters read, seconds, seconds of the 2019 style), each (seeds, recipes); nan if not reached."""
    start, (inputs, targets) = common.initial(H, corpus.vocab_size), common.make_sequences(corpus.ids, T)
    contestants = {"the course": common.with_course, "2019 style": common.with_2019_style}
    common.prove_equal(contestants, inputs, targets, start, RATE)
    plain = common.with_2019_style(start, RATE)
    characters, seconds, per_character = np.full((3, seeds, len(RECIPES)), math.nan)
    for seed in range(seeds):
        for k in range(len(RECIPES)):
            per_character[seed, k] = np.median(common.take_turns([plain], inputs, targets, rounds=5, seconds=turn))
            started = time.perf_counter()
            run = engine.train(corpus, H, T, seed=seed, progress=False, **settings_of(k))
            took = time.perf_counter() - started
            if (run.losses <= target).any():
                steps = np.argmax(run.losses <= target) + 1
                characters[seed, k] = steps * T * run.settings["streams"]
                seconds[seed, k] = took * steps / len(run.losses)
    return characters, seconds, per_character * 1e-6 * characters[:, :1]


def show(title, characters, seconds, plain):
    """Print the table. Recipes that fail with any seed have no numbers."""
    arrived, middle = np.isfinite(seconds).sum(axis=0), np.median(seconds, axis=0)
    adam = [k for k in range(len(RECIPES)) if settings_of(k).get("optimizer") == "adam" and arrived[k] == len(seconds)]
    best = min(adam, key=lambda k: middle[k], default=None)
    rows = [["2019 style", "-", f"{np.median(characters[:, 0]):,.0f}", spread(plain, 1), "1", "-"]]
    for k, recipe in enumerate(RECIPES):
        name = f"+ {recipe}" if k else f"the course, {recipe}"
        rows.append([name, f"{arrived[k]} of {len(seconds)}", *["-"] * 4])
        if arrived[k] == len(seconds):
            sooner = [spread(plain[:, k] / seconds[:, k], 1)]
            sooner += ["-" if best is None else spread(seconds[:, best] / seconds[:, k])]
            rows[-1][2:] = [f"{np.median(characters[:, k]):,.0f}", spread(seconds[:, k]), *sooner]
    head = ["", "arrived", "characters", "seconds", "x sooner than 2019", "x sooner than the best Adam"]
    common.print_table(title, head, rows)


if __name__ == "__main__":
    more = {"--seeds": {"type": int, "default": 5, "help": "how many seeds, a round each (5)"}}
    choice = common.start(__doc__, more)
    if choice.quick:
        corpus, seeds, turn = rnn.Corpus("made-up", "the quick brown fox jumps over the lazy dog\n" * 28), 2, 0.001
        target = 0.99 * T * math.log(corpus.vocab_size)  # soon reached
    else:
        corpus, seeds, turn, target = common.sonnets(), choice.seeds, 0.1, TARGET
        if corpus.name != "seed-sonnets":  # another edition: up to its own last loss
            target = engine.train(corpus, H, T, progress=False, **settings_of(0)).losses[-1]
    title = f"To smoothed loss {target:.2f} on {corpus.name}, H = {H}, T = {T}; {seeds} seeds: median (25-75 %)"
    show(title, *race(corpus, target, seeds, turn))
