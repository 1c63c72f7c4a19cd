"""How many bits does the last tenth of the Sonnets cost each model of the course, and how long did it learn?

The models are tables, packers, networks, and mixtures of the best. All choices are made on the ninth tenth
(validation), by models that know the first eight. Then each learns nine tenths with the chosen settings, and the last
tenth (test) is opened, once. Seconds are processor time for training; tables need less than one.

PPMd is measured if pyppmd is installed (`pip install pyppmd`). Without it, the results cannot be saved.
"""

import bz2
import json
import lzma
import time

from course.base.files import write_whole
from course.models.counting import counting_on, witten_bell
from course.models.gates import GRU
from course.models.judging import bits, mix, network_probabilities, split, with_dropout
from course.show.page_14 import in_blocks
from experiments.benchmarks import common
from experiments.benchmarks.common import engine, np, rnn

try:
    import pyppmd
except ImportError:
    pyppmd = None

ORDER, TUNED = 6, 6  # order, and s = handed_down, of the best single table (page 08)
HANDED_DOWN = [1, 2, 4, 6]  # s of its partners in a mixture, to choose from
SHARES = [k / 20 for k in range(21)]  # of the table in the mixture, to choose from
ADAM = {"optimizer": "adam", "init": "fan_in", "decay": "linear", "streams": 16, "dtype": "float32"}
MUON = ADAM | {"optimizer": "muon", "streams": 24, "max_norm": 20}
NETWORKS = {  # the model, the share dropped, H, T, learning rate, epochs, more settings
    "tanh 75, settings of 2019": (engine.RNN, 0.0, 75, 50, 0.001, 40, {}),
    "tanh 75, Muon": (engine.RNN, 0.0, 75, 50, 0.04, 16, MUON),
    "GRU 41": (GRU, 0.0, 41, 50, 0.014, 20, ADAM),
    "GRU 75": (GRU, 0.0, 75, 50, 0.01, 10, ADAM),
    "GRU 128": (GRU, 0.0, 128, 50, 0.016, 24, ADAM),  # the control: the same network without dropout
    "GRU 128, dropout 0.2": (GRU, 0.2, 128, 50, 0.016, 24, ADAM),
    # The control of the mixture: one network that is larger and learns longer. Two settings were tried
    "GRU 208, dropout 0.3": (GRU, 0.3, 208, 50, 0.016, 36, ADAM),
}
BEST = "GRU 128, dropout 0.2"  # by validation
SEEDS = 3
BLOCK = 100  # characters, as in standard_error


def packed_behind(seen, read, compress):
    """Return what a compressor needs for a text behind another one, in bits per character: the extra bytes."""
    return 8 * (len(compress((seen + read).encode())) - len(compress(seen.encode()))) / len(read)


def learn(name, text, seed, quick):
    """Train a network of the list, and return (its parameters, seconds of processor time)."""
    model, rate, H, T, learning_rate, epochs, settings = NETWORKS[name]
    trained = with_dropout(model, rate, np.random.default_rng(seed)) if rate else model
    H, epochs = (4, 1) if quick else (H, epochs)
    started = time.process_time()
    run = engine.train(text, H, T, learning_rate, epochs, seed=seed, progress=False, model=trained, **settings)
    return run.parameters, time.process_time() - started


def judge(name, known, unseen, quick):
    """Return (probs of each seed, (SEEDS, N-1); the number of parameters of a network; seconds of each seed)."""
    probs, seconds = [], []
    for seed in range(SEEDS):
        parameters, took = learn(name, known, seed, quick)
        probs.append(network_probabilities(parameters, unseen.ids, NETWORKS[name][0]))
        seconds.append(took)
    return np.array(probs), sum(value.size for value in parameters), seconds


def tables(known, unseen, count):
    """Return {s: probabilities of a table, (N-1,)}. As with networks, the first character is not predicted."""
    V = known.vocab_size
    return {s: count(known.ids, unseen.ids, V, ORDER, s)[1:] for s in HANDED_DOWN}


def kept(text, order):
    """Return how many counts a table of that order keeps: distinct sequences of up to that many characters."""
    return sum(len({text[k : k + n] for k in range(len(text) - n + 1)}) for n in range(1, order + 1))


def choose(mean, counted):
    """Return (s, share) of the table that gives the fewest bits with the mean of the networks, by validation."""
    return min(
        ((s, share) for s in counted for share in SHARES),
        key=lambda one: bits(mix([mean, counted[one[0]]], [1 - one[1], one[1]])),
    )


def ppmd_blocks(known, unseen):
    """Return (bits per character of PPMd, its bits per character in each block), from sizes of longer and longer texts.
    The blocks begin after the first character, like those of the networks."""

    def size(text):
        packer = pyppmd.Ppmd7Encoder(5, 1 << 24)  # order 5, as in 7-Zip
        return len(packer.encode(text.encode()) + packer.flush(endmark=False))

    ends = range(1, len(unseen.text) + 1, BLOCK)
    sizes = np.array([size(known.text + unseen.text[:end]) for end in ends])
    whole = size(known.text + unseen.text) - size(known.text)
    return 8 * whole / len(unseen.text), 8 * np.diff(sizes) / BLOCK


def each(probs):
    """Return the bits of each seed as text, lowest to highest."""
    low, *_, high = sorted(map(bits, probs))
    return f"{low:.3f}-{high:.3f}"


def league(corpus, quick):
    """Print the table; return all that is stored of it."""
    training, validation, test = split(corpus)
    nine_tenths, _ = split(corpus, (9, 1))

    parts = [(training, validation), (nine_tenths, test)]

    # Choose by validation, then open the test tenth.
    counted, on = [[tables(*part, count) for part in parts] for count in (witten_bell, counting_on)]
    judged, tested = [{name: judge(name, *part, quick) for name in NETWORKS} for part in parts]
    means = [mix(part[BEST][0], [1] * SEEDS) for part in (judged, tested)]
    chosen = {
        "tuned": choose(means[0], {TUNED: counted[0][TUNED]}),
        "bold": choose(means[0], counted[0]),
        "counts on": choose(means[0], on[0]),
    }

    rows = []
    size = kept(nine_tenths.text, ORDER)
    for name, pair in {"table": counted, "table that counts on": on}.items():
        rows.append([name, f"{size:,}", *[f"{bits(one[TUNED]):.3f}" for one in pair], "-"])
    for name, compress in [("lzma", lzma.compress), ("bz2", bz2.compress)]:
        scores = [f"{packed_behind(a.text, b.text, compress):.3f}" for a, b in parts]
        rows.append([name, "-", *scores, "-"])
    ppmd = [ppmd_blocks(*part) for part in parts] if pyppmd else []
    if ppmd:
        rows.append(["PPMd, order 5", "-", *[f"{score:.3f}" for score, _ in ppmd], "-"])
    for name, (probs, size, seconds) in judged.items():
        took = np.mean(seconds + tested[name][2])
        rows.append([name, f"{size:,}", each(probs), each(tested[name][0]), f"{took:.1f}"])
    size, seconds = SEEDS * judged[BEST][1], sum(tested[BEST][2])
    scores = [f"{bits(one):.3f}" for one in means]
    rows.append([f"mean of {SEEDS} of these", f"{size:,}", *scores, f"{seconds:.1f}"])
    size += kept(nine_tenths.text, ORDER)
    for name, (s, share) in chosen.items():
        pair = on if name == "counts on" else counted
        mixed = [mix([mean, one[s]], [1 - share, share]) for mean, one in zip(means, pair)]
        scores = [f"{bits(one):.3f}" for one in mixed]
        rows.append([f"and {share:.0%} of the table, {name}, s = {s}", f"{size:,}", *scores, f"{seconds:.1f}"])
    title = f"Bits per character of {corpus.name}: chosen by validation, then the test opened; {SEEDS} seeds"
    common.print_table(title, ["", "numbers", "validation", "test", "seconds"], rows)
    chosen_by = sum(judged[BEST][2])
    print(f"\nSeconds of the last rows: of the {SEEDS} networks. Those to choose by took {chosen_by:.1f} more.")

    stored = {"validation": judged[BEST][0].astype("float32"), "test": tested[BEST][0].astype("float32")}
    blocks = [[[in_blocks(-np.log2(one)) for one in part[name][0]] for part in (judged, tested)] for name in NETWORKS]
    stored["blocks"] = np.array(blocks, "float32")  # (networks, 2, SEEDS, blocks)
    if ppmd:
        stored["ppmd"] = np.array([one for _, one in ppmd], "float32")  # (2, blocks)
    scores = {name: [[bits(one) for one in part[name][0]] for part in (judged, tested)] for name in NETWORKS}
    sizes = {name: judged[name][1] for name in NETWORKS}
    settings = {name: [*one[1:]] for name, one in NETWORKS.items()}
    told = {"best": BEST, "chosen": chosen, "scores": scores, "sizes": sizes, "settings": settings}
    told["ppmd"] = [score for score, _ in ppmd]
    return stored | {"told": json.dumps(told)}


if __name__ == "__main__":
    save = {"--save": {"metavar": "FILE.npz", "help": "write what page 14 shows of the networks"}}
    choice = common.start(__doc__, save)
    if choice.quick:
        corpus = rnn.Corpus("made-up", "the quick brown fox jumps over the lazy dog\n" * 60)
    else:
        corpus = rnn.load_corpus("sonnets")
    if choice.save and not pyppmd:
        raise SystemExit("The results to be saved need PPMd: pip install pyppmd")
    stored = league(corpus, choice.quick)
    if choice.save:
        write_whole(choice.save, lambda file: np.savez_compressed(file, **stored))
