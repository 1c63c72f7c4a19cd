"""How many seconds does it take to the last loss of the 2019 run on the Sonnets, in 2019 and with each recipe?

The clock stops when the smoothed loss first touches it. A round is a seed: all recipes train in turn, by train, to
their end, and their processor time is divided evenly among the steps. The loop of 2019 is not run for its minute: just
before each recipe its time per character is measured, and multiplied by the characters that the course needs with the
same settings, since it sees the same losses (proved first).
"""

import math

from experiments.benchmarks import common
from experiments.benchmarks.common import RATE, SIZES, engine, np, rnn, spread

TARGET = 83.96  # the last smoothed loss of the 2019 run on the Sonnets, nats per sequence
RECIPES = {  # each adds or replaces settings of the one before
    "2019 settings": {"learning_rate": RATE, "num_epochs": 40},
    'init={"W_xh": 1}': {"init": {"W_xh": 1}},
    'optimizer="adam"': {"optimizer": "adam", "learning_rate": 0.002, "max_norm": 20, "num_epochs": 12},
    'rates={"W_xh": 8, "W_hh": 0.7}': {"rates": {"W_xh": 8, "W_hh": 0.7}, "num_epochs": 8},
    'decay="linear"': {"decay": "linear", "learning_rate": 0.004, "num_epochs": 5},
    'optimizer="adam_short", streams=24': {
        **{"optimizer": "adam_short", "streams": 24, "learning_rate": 0.036, "num_epochs": 4},
    },
    'dtype="float32"': {"dtype": "float32"},
    'optimizer="muon", one rate, init="fan_in"': {
        **{"optimizer": "muon", "rates": None, "init": "fan_in", "learning_rate": 0.085},
    },
}
H, T, _ = SIZES[0]


def settings_of(k):
    """Return all settings of recipe number k."""
    return {name: value for change in list(RECIPES.values())[: k + 1] for name, value in change.items()}


def race(corpus, target, seeds, count):
    """Return (characters read, seconds, seconds of the 2019 style), each (seeds, recipes); nan if not reached."""
    start, (inputs, targets) = common.initial(H, corpus.vocab_size), common.make_sequences(corpus.ids, T)
    contestants = {"the course": common.with_course, "2019 style": common.with_2019_style}
    common.prove_equal(contestants, inputs, targets, start, RATE)
    plain = common.with_2019_style(start, RATE)
    characters, seconds, per_character = np.full((3, seeds, len(RECIPES)), math.nan)
    for seed in range(seeds):
        for k in range(len(RECIPES)):
            few = [common.timed(plain, inputs[:count], targets[:count])[0] for _ in range(5)]
            per_character[seed, k] = np.median(few) / (count * T)
            took, run = common.timed(engine.train, corpus, H, T, seed=seed, progress=False, **settings_of(k))
            if (run.losses <= target).any():
                steps = np.argmax(run.losses <= target) + 1
                characters[seed, k] = steps * T * run.settings.streams
                seconds[seed, k] = took * steps / len(run.losses)
    return characters, seconds, per_character * characters[:, :1]


def show(title, characters, seconds, plain):
    """Print the table. Recipes that fail with any seed have no numbers."""
    arrived = np.isfinite(seconds).sum(axis=0)
    rows = [["2019 style", "-", f"{np.median(characters[:, 0]):,.0f}", spread(plain, 1), "1", "-"]]
    for k, recipe in enumerate(RECIPES):
        name = f"+ {recipe}" if k else f"the course, {recipe}"
        rows.append([name, f"{arrived[k]} of {len(seconds)}", *["-"] * 4])
        if arrived[k] == len(seconds):
            sooner = [spread(plain[:, k] / seconds[:, k], 1), spread(seconds[:, k] / seconds[:, -1])]
            rows[-1][2:] = [f"{np.median(characters[:, k]):,.0f}", spread(seconds[:, k]), *sooner]
    head = ["", "arrived", "characters", "seconds", "x sooner than 2019", "times Muon's"]
    common.print_table(title, head, rows)


if __name__ == "__main__":
    more = {"--seeds": {"type": int, "default": 5, "help": "how many seeds, a round each (5)"}}
    choice = common.start(__doc__, more)
    if choice.quick:
        corpus, seeds, count = rnn.Corpus("made-up", "the quick brown fox jumps over the lazy dog\n" * 28), 2, 2
        target = 0.99 * T * math.log(corpus.vocab_size)  # soon reached
    else:
        corpus, seeds, count, target = common.sonnets(), choice.seeds, 40, TARGET
        if corpus.name != "seed-sonnets":  # another edition: up to its own last loss
            target = engine.train(corpus, H, T, progress=False, **settings_of(0)).losses[-1]
    title = f"To smoothed loss {target:.2f} on {corpus.name}, H = {H}, T = {T}; {seeds} seeds: median (25-75 %)"
    show(title, *race(corpus, target, seeds, count))
