"""How does the small network of rnn_helpers become the engine, and what is each change worth?

The changes of page 11, one after the other, with a loop in the style of 2019 before them: a step is the forward pass,
the backward pass and sgd_step. Then what a step with several streams costs, beside one with a single text, and what the
recipe of page 11 costs, beside the one with Muon; and what the GRU of page 12 costs, beside its plain network. All take
turns, and what counts is processor time.
"""

from functools import partial

from course.models.gates import GRU
from experiments.benchmarks import common
from experiments.benchmarks.common import RATE, SIZES, Passes, engine, np, print_table, rnn, spread

H, T, V = SIZES[0]
SPEEDY = {"max_norm": 20, "decay": "linear", "streams": 24, "dtype": "float32", "progress": False}
MUON = SPEEDY | {"optimizer": "muon", "init": "fan_in", "learning_rate": 0.085}
ADAM = SPEEDY | {"optimizer": "adam_short", "init": {"W_xh": 1}, "learning_rate": 0.036}
ADAM |= {"rates": {"W_xh": 8, "W_hh": 0.7}}
PAGE_12 = {"optimizer": "adam", "init": "fan_in", "decay": "linear", "streams": 8, "progress": False}


def look_up(inputs, targets, h_prev, parameters):
    """Read a sequence as forward_pass does, with one look-up for all inputs."""
    W_xh, W_hh, W_hy, b_h, b_y = parameters
    hidden = np.zeros((len(inputs) + 1, len(h_prev)))
    hidden[0] = h_prev
    hidden[1:] = (W_xh.T + b_h)[inputs]
    for t in range(len(inputs)):
        hidden[t + 1] = np.tanh(W_hh @ hidden[t] + hidden[t + 1])
    probs = rnn.softmax(hidden[1:] @ W_hy.T + b_y)
    return rnn.ForwardPass(rnn.cross_entropy(probs, targets), probs, hidden)


def backward(inputs, targets, parameters, forward, slopes_at_once=True):
    """Go back as backward_pass does, with all sums as products and, if told, all slopes of tanh at once."""
    hidden = forward.hidden
    dlogits = forward.probs - rnn.one_hot(targets, len(parameters.b_y))
    dh = dlogits @ parameters.W_hy
    if slopes_at_once:
        da, from_after = 1 - hidden[1:] ** 2, 0
        for t in reversed(range(len(da))):
            da[t] *= dh[t] + from_after
            from_after = da[t] @ parameters.W_hh
    else:
        da = rnn.hidden_gradients(dh, hidden, parameters)
    dW_xh = da.T @ rnn.one_hot(inputs, len(parameters.b_y))
    return rnn.Parameters(dW_xh, da.T @ hidden[:-1], dlogits.T @ hidden[1:], da.sum(axis=0), dlogits.sum(axis=0))


def with_passes(forward_pass, backward_pass, parameters, learning_rate):
    """Return a contestant that trains with these two passes."""
    parameters, h = rnn.Parameters(*[value.copy() for value in parameters]), np.zeros(len(parameters.W_hh))

    def run(inputs, targets):
        nonlocal h
        losses = []
        for x, y in zip(inputs, targets):
            forward = forward_pass(x, y, h, parameters)
            rnn.sgd_step(parameters, backward_pass(x, y, parameters, forward), learning_rate)
            h = forward.hidden[-1].copy()
            losses.append(forward.loss)
        return losses

    return run


CHANGES = {
    "a loop in the style of 2019": common.with_2019_style,
    "rnn_helpers: outputs in one product": partial(with_passes, rnn.forward_pass, rnn.backward_pass),
    "all inputs in one look-up": partial(with_passes, look_up, rnn.backward_pass),
    "sums as products": partial(with_passes, look_up, partial(backward, slopes_at_once=False)),
    "all slopes of tanh at once": partial(with_passes, look_up, backward),
    "the engine: arrays that are kept": common.with_course,
}


def in_turn(jobs, rounds):
    """Return the processor seconds of each job in each round, (rounds, number of jobs)."""
    seconds = np.empty((rounds, len(jobs)))
    for turn in range(rounds):
        for k, job in enumerate(jobs):
            seconds[turn, k], _ = common.timed(job)
    return seconds


def one_step(streams, text):
    """Return a job: some steps with Adam, reading so many streams."""
    inputs, targets = common.make_sequences(text.ids, T, streams, count=20)
    parameters = common.initial(H, V)
    passes = Passes(parameters, inputs.shape[1:])
    m, v = [rnn.Parameters(*map(np.zeros_like, parameters)) for _ in range(2)]
    h = np.zeros((*inputs.shape[2:], H))

    def job():
        for step, (x, y) in enumerate(zip(inputs, targets), 1):
            forward = passes.forward(x, y, h, parameters)
            engine.adam_step(parameters, passes.backward(x, y, parameters, forward), m, v, step, RATE)

    return job


def train(corpus, settings, quick):
    return partial(engine.train, corpus, H, T, num_epochs=1 if quick else 4, **settings)


if __name__ == "__main__":
    quick = common.start(__doc__, {}).quick
    rounds = 2 if quick else 21
    text = common.make_text(24 * 21 * T, V)
    inputs, targets = common.make_sequences(text.ids, T, count=20 if quick else 100)
    common.prove_equal(CHANGES, inputs, targets, common.initial(H, V), RATE)
    runs = [make(common.initial(H, V), RATE) for make in CHANGES.values()]
    seconds = in_turn([partial(run, inputs, targets) for run in runs], rounds)
    rows = []
    for k, name in enumerate(CHANGES):
        before = spread(seconds[:, max(k - 1, 0)] / seconds[:, k])
        per_character = spread(seconds[:, k] / inputs.size * 1e6)
        rows.append([name, per_character, before, spread(seconds[:, 0] / seconds[:, k])])
    head = ["", "us per character", "x the one before", "x 2019"]
    print_table(f"One change after another, H = {H}, T = {T}; {rounds} rounds: median (25-75 %)", head, rows)

    several = [1, 8, 24]
    seconds = in_turn([one_step(streams, text) for streams in several], rounds)
    rows = [[str(streams), spread(seconds[:, k] / seconds[:, 0])] for k, streams in enumerate(several)]
    print_table("A step with Adam", ["streams", "times one with 1"], rows)

    corpus = text if quick else rnn.load_corpus("sonnets")
    seconds = in_turn([train(corpus, settings, quick) for settings in (MUON, ADAM)], rounds)
    rows = [
        ["Muon", spread(seconds[:, 0]), "1"],
        ["Adam", spread(seconds[:, 1]), spread(seconds[:, 1] / seconds[:, 0])],
    ]
    print_table("Four epochs of the Sonnets, 24 streams", ["", "seconds", "times Muon's"], rows)

    cells = [partial(engine.train, corpus, H, T, 0.025, 1, **PAGE_12)]
    cells.append(partial(engine.train, corpus, 41, T, 0.025, 1, model=GRU, **PAGE_12))
    seconds = in_turn(cells, rounds)
    rows = [["plain, 75 units", "1"], ["GRU, 41 units", spread(seconds[:, 1] / seconds[:, 0])]]
    print_table("An epoch of the Sonnets, 8 streams", ["", "times plain"], rows)
