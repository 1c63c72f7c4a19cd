"""How long does a network take to write a character, beside a plain loop of NumPy that does the same?

The plain loop calls rnn_step or gru_step, and draws with cumsum and searchsorted. The two take turns, and what counts
is processor time. Before any timing, both must write the same text.
"""

from functools import partial

from course.models.gates import GRU, gru_step
from experiments.benchmarks import common
from experiments.benchmarks.common import engine, np, print_table, rnn, spread

V = 35
TEXT = common.make_text(V, V)
NETWORKS = {  # a model, its step, H, characters in a turn
    "RNN": (engine.RNN, rnn.rnn_step, 75, 2000),
    "RNN, wide": (engine.RNN, rnn.rnn_step, 300, 500),
    "GRU": (GRU, lambda *given: gru_step(*given)[0], 75, 1000),
    "GRU, wide": (GRU, lambda *given: gru_step(*given)[0], 512, 100),
}


def plain_loop(step, parameters, char_id, length, rng):
    """Return the ids that a network writes after this one."""
    h, ids = np.zeros(parameters.W_hy.shape[1]), []
    for _ in range(length):
        h = step(char_id, h, parameters)
        scores = parameters.W_hy @ h + parameters.b_y
        exps = np.exp(scores - scores.max())
        char_id = int(np.searchsorted((exps / exps.sum()).cumsum(), rng.random(), side="right"))
        ids.append(char_id)
    return ids


if __name__ == "__main__":
    quick = common.start(__doc__, {}).quick
    rows = []
    for name, (model, step, H, length) in NETWORKS.items():
        length = 20 if quick else length
        parameters = model.initialize(H, V, np.random.default_rng(0), "fan_in")
        ours = partial(engine.sample, parameters, TEXT, length, prompt=TEXT.chars[0])
        if TEXT.encode(ours()).tolist() != plain_loop(step, parameters, 0, length, np.random.default_rng(0)):
            raise SystemExit(f"{name}: the two write other texts, so no timing makes sense.")
        times = np.empty((3 if quick else 31, 2))
        for turn in times:
            turn[:] = [
                common.timed(ours)[0],
                common.timed(plain_loop, step, parameters, 0, length, np.random.default_rng(0))[0],
            ]
        per_character = [spread(times[:, k] / length * 1e6, 1) for k in range(2)]
        rows.append([f"{name}, H = {H}", *per_character, spread(times[:, 0] / times[:, 1])])
    head = ["", "sample, us per character", "plain loop", "sample / plain loop"]
    print_table(f"Writing, V = {V}, float64; {len(times)} rounds in turn: median (25-75 %)", head, rows)
