"""How much faster is rnn_helpers than a plain loop in the style of 2019, and what do its time and memory depend on?

Times are in microseconds per character of training (forward, backward, step), on one core.
"""

import time
import tracemalloc
from itertools import pairwise

import common
from common import RATE, initial, make_sequences, make_text, print_table, rnn, spread, take_turns

V = 35
SIZES = {
    "hidden units (T = 50)": [(H, 50) for H in (25, 50, 100, 200, 400)],
    "characters in a sequence (H = 75)": [(75, T) for T in (5, 10, 25, 50, 100, 200, 400)],
}


def cost_of_sizes(quick):
    rounds, seconds = (3, 0.001) if quick else (15, 0.05)
    for title, sizes in SIZES.items():
        rows = []
        for H, T in sizes:
            inputs, targets = make_sequences(make_text(40 * T + 1, V).ids, T)
            run = common.with_rnn_helpers(initial(H, V), RATE)
            rows.append([f"H = {H}, T = {T}", spread(take_turns([run], inputs, targets, rounds, seconds))])
        print_table(f"Cost and {title}", ["", "us per character"], rows)


def cost_of_length(quick):
    rows = []
    for length in (1_000, 5_000) if quick else (10_000, 100_000, 1_000_000):
        text = make_text(length, V).text
        times = [time.perf_counter()]
        corpus = rnn.Corpus("made-up", rnn.preprocess(text))
        times.append(time.perf_counter())
        rnn.train(corpus, 75, 50, RATE, 1, progress=False)
        times.append(time.perf_counter())
        tracemalloc.start()
        rnn.train(corpus, 75, 50, RATE, 1, progress=False)  # once more: tracing costs time
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        read, trained = [(after - before) / length * 1e6 for before, after in pairwise(times)]
        rows.append([f"{length:,}", f"{read:.3f}", f"{trained:.2f}", f"{peak / 1e6:.2f}"])
    head = ["characters", "read, us each", "train, us each", "peak memory beyond the text, MB"]
    print_table("Cost and the length of the text (H = 75, T = 50, one epoch)", head, rows)


if __name__ == "__main__":
    choice = common.start(__doc__, common.PICTURE)
    contestants = {"2019 style": common.with_2019_style, "rnn_helpers": common.with_rnn_helpers}
    bars = common.compare(contestants, choice.quick)
    cost_of_sizes(choice.quick)
    cost_of_length(choice.quick)
    if choice.picture:
        common.draw_bars(bars, common.PER_CHARACTER, choice.picture)
