"""How many bits does the last tenth of the Sonnets cost each guesser of the course, and how long did it learn?

Tables, compressors, networks, and a mixture of the best. All choices are made on the second-last tenth (validation),
by guessers that know the first eight. Then each learns nine tenths with the settings that were chosen, and the last
tenth (test) is opened, once. Seconds are those that the processor worked for training; tables need less than one.
"""

import bz2
import json
import lzma
import time

import common
from common import np, rnn

common.sys.path.insert(1, str(common.ROOT / "notebooks"))

from course.base.files import write_whole  # noqa: E402
from course.models.counting import witten_bell  # noqa: E402
from course.models.gates import GRU  # noqa: E402
from course.models.judging import bits, compressed_bits, mix, network_chances, split, with_dropout  # noqa: E402

ORDERS = [2, 3, 4, 5, 6]
ADAM = {"optimizer": "adam", "init": "fan_in", "decay": "linear", "streams": 16, "dtype": "float32"}
MUON = ADAM | {"optimizer": "muon", "streams": 24, "max_norm": 20}
NETWORKS = {  # the model, the share dropped, H, T, learning rate, epochs, more settings
    "tanh 75, settings of 2019": (rnn.RNN, 0.0, 75, 50, 0.001, 40, {}),
    "tanh 75, Muon": (rnn.RNN, 0.0, 75, 50, 0.04, 16, MUON),
    "GRU 41": (GRU, 0.0, 41, 50, 0.014, 20, ADAM),
    "GRU 75": (GRU, 0.0, 75, 50, 0.01, 10, ADAM),
    "GRU 128": (GRU, 0.0, 128, 50, 0.016, 24, ADAM),  # the control: the same without dropout
    "GRU 128, dropout 0.2": (GRU, 0.2, 128, 50, 0.016, 24, ADAM),
}
BEST = "GRU 128, dropout 0.2"  # by validation
SHARES = [k / 20 for k in range(21)]  # of the table in the mixture, to choose from
SEEDS = 3


def learn(name, text, seed, quick):
    """Train a network of the list; return (its parameters, seconds of the processor)."""
    model, rate, H, T, learning_rate, epochs, settings = NETWORKS[name]
    trained = with_dropout(model, rate, np.random.default_rng(seed)) if rate else model
    H, epochs = (4, 1) if quick else (H, epochs)
    started = time.process_time()
    run = rnn.train(text, H, T, learning_rate, epochs, seed=seed, progress=False, model=trained, **settings)
    return run.parameters, time.process_time() - started


def judge(name, known, unseen, quick):
    """Return (chances of each seed, (SEEDS, N-1); how many numbers a network has; seconds of each seed)."""
    chances, seconds = [], []
    for seed in range(SEEDS):
        parameters, took = learn(name, known, seed, quick)
        chances.append(network_chances(parameters, unseen.ids, NETWORKS[name][0]))
        seconds.append(took)
    return np.array(chances), sum(value.size for value in parameters), seconds


def tables(known, unseen):
    """Return {order: chances of the table of that order, (N-1,)}: as by networks, the first is not guessed."""
    return {order: witten_bell(known.ids, unseen.ids, known.vocab_size, order)[1:] for order in ORDERS}


def kept(text, order):
    """Return how many counts a table of that order keeps: different sequences of up to so many characters."""
    return sum(len({text[k : k + n] for k in range(len(text) - n + 1)}) for n in range(1, order + 1))


def choose(networks, counted):
    """Return (order, share) of the table with which the networks have the fewest bits: both by validation."""
    mean = mix(networks, [1] * len(networks))
    return min(
        ((order, share) for order in counted for share in SHARES),
        key=lambda one: bits(mix([mean, counted[one[0]]], [1 - one[1], one[1]])),
    )


def each(chances):
    """Return the bits of each seed as text, lowest to highest."""
    low, *_, high = sorted(map(bits, chances))
    return f"{low:.3f}-{high:.3f}"


def league(corpus, quick):
    """Print the table; return all that is stored of it."""
    training, validation, test = split(corpus)
    nine_tenths, _ = split(corpus, (9, 1))

    # Choose, by validation.
    counted = tables(training, validation)
    judged = {name: judge(name, training, validation, quick) for name in NETWORKS}
    order, share = choose(judged[BEST][0], counted)

    # Open the test tenth.
    counted_test = tables(nine_tenths, test)
    tested = {name: judge(name, nine_tenths, test, quick) for name in NETWORKS}

    rows = []
    for n in ORDERS:
        scores = [f"{bits(chances[n]):.3f}" for chances in (counted, counted_test)]
        rows.append([f"{n}-gram", f"{kept(nine_tenths.text, n):,}", *scores, "-"])
    for name, compress in [("lzma", lzma.compress), ("bz2", bz2.compress)]:
        pairs = [(training, validation), (nine_tenths, test)]
        rows.append([name, "-", *[f"{compressed_bits(a.text, b.text, compress):.3f}" for a, b in pairs], "-"])
    for name, (chances, size, seconds) in judged.items():
        took = np.mean(seconds + tested[name][2])
        rows.append([name, f"{size:,}", each(chances), each(tested[name][0]), f"{took:.1f}"])
    size, seconds = judged[BEST][1], sum(tested[BEST][2])
    both = [mix(part[BEST][0], [1] * SEEDS) for part in (judged, tested)]
    scores = [f"{bits(one):.3f}" for one in both]
    rows.append([f"mean of {SEEDS} of these", f"{SEEDS * size:,}", *scores, f"{seconds:.1f}"])
    mixed = [mix([a, b[order]], [1 - share, share]) for a, b in zip(both, (counted, counted_test))]
    size = SEEDS * size + kept(nine_tenths.text, order)
    scores = [f"{bits(one):.3f}" for one in mixed]
    rows.append([f"and {share:.0%} of the {order}-gram", f"{size:,}", *scores, f"{seconds:.1f}"])
    title = f"Bits per character of {corpus.name}: chosen by validation, then the test opened; {SEEDS} seeds"
    common.print_table(title, ["", "numbers", "validation", "test", "seconds"], rows)
    chosen_by = sum(judged[BEST][2])
    print(f"\nSeconds of the last two rows: of the {SEEDS} networks. Those to choose by took {chosen_by:.1f} more.")

    stored = {"validation": judged[BEST][0].astype("float32"), "test": tested[BEST][0].astype("float32")}
    scores = {name: [[bits(one) for one in part[name][0]] for part in (judged, tested)] for name in NETWORKS}
    sizes = {name: judged[name][1] for name in NETWORKS}
    settings = {name: [*one[1:]] for name, one in NETWORKS.items()}
    told = {"best": BEST, "order": order, "share": share, "scores": scores, "sizes": sizes, "settings": settings}
    return stored | {"told": json.dumps(told)}


if __name__ == "__main__":
    save = {"--save": {"metavar": "FILE.npz", "help": "write what page 14 shows of the networks"}}
    choice = common.start(__doc__, save)
    if choice.quick:
        corpus = rnn.Corpus("made-up", "the quick brown fox jumps over the lazy dog\n" * 60)
    else:
        corpus = rnn.load_corpus("sonnets")
    stored = league(corpus, choice.quick)
    if choice.save:
        write_whole(choice.save, lambda file: np.savez_compressed(file, **stored))
